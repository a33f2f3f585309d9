//! Who would play the figures, and how well a language model does on a short trial.

use super::Finding;
use crate::cast::model::{Probe, probe};
use crate::cli::{CliError, cast, complain};
use crate::config::{CastChoice, Settings};
use crate::net::client::Client;
use crate::net::discover::{self, Found, State};

/// A model that takes longer for its first word lets the written lines take over too often: half of a turn's limit.
const SLOW: u128 = 2_000;

/// Looks at the server that is set, or else at this machine.
pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    match cast::server(settings) {
        Err(error) => {
            let todo = "No evening begins until then.";
            vec![Finding::fault("cast", error.to_string(), todo)]
        }
        Ok(Some(client)) => vec![tried(settings, &client)],
        Ok(None) if cast::may_look(settings) => on_this_machine(),
        Ok(None) => {
            let what = match settings.cast {
                Some(CastChoice::Story) => "the figures speak written lines, as it is set",
                _ => "the figures speak written lines; no language model is asked",
            };
            vec![Finding::well("cast", what.to_owned())]
        }
    }
}

/// What is there. Nothing is sent to it: nobody has said yes.
fn on_this_machine() -> Vec<Finding> {
    let found = match discover::wait_for(discover::on_this_machine()) {
        Ok(found) => found,
        Err(error) => {
            let what = format!("the network cannot be used: {error}");
            return vec![Finding::look("cast", what, "The figures speak written lines.")];
        }
    };
    if found.is_empty() {
        let what = "the figures speak written lines; no language model was found on this machine";
        return vec![Finding::well("cast", what.to_owned())];
    }
    found.iter().map(one).collect()
}

fn one(found: &Found) -> Finding {
    let Found { address, name, .. } = found;
    let models = match found.models.len() {
        0..4 => found.models.iter().map(discover::Model::shown).collect::<Vec<_>>().join(", "),
        many => format!("{} and {} more", found.models[0].shown(), many - 1),
    };
    let (what, todo) = match found.state {
        State::NeedsKey => (
            format!("{name} at {address} wants a key"),
            format!("Put the key into INNER_ROOM_API_KEY, and write cast = \"{address}\" if it is to play."),
        ),
        State::Loading => {
            (format!("{name} at {address} is still loading its model"), "Look again in a minute.".to_owned())
        }
        State::Ready if found.models.is_empty() => (
            format!("{name} at {address} has no model that writes"),
            "Give it one first (with Ollama: ollama pull llama3.1:8b).".to_owned(),
        ),
        State::Ready => (
            format!("{name} at {address} has {models}; nobody has said that it may play"),
            format!("Say so when an evening begins, or try it out: inner-room doctor --cast {address}"),
        ),
    };
    Finding::look("cast", what, todo)
}

fn tried(settings: &Settings, client: &Client) -> Finding {
    let server = cast::shown(client);
    let failed = |why: String| {
        let todo = "The figures speak written lines until it is there. Start it, or correct cast and model.";
        Finding::look("cast", format!("{server} cannot play: {why}"), todo)
    };
    let model = match cast::model(settings, client) {
        Ok(model) => model,
        Err(error) => return failed(error.to_string()),
    };
    let shown = discover::shown(&model).to_owned();
    complain(&format!("trying out {shown} at {server}, which can take a minute"));
    let probe = discover::wait_for(probe(client, &model)).map_err(CliError::from);
    match probe.map(|probe| probe.map_err(|error| error.to_string())) {
        Ok(Ok(probe)) => judged(&format!("{shown} at {server}"), &probe),
        Ok(Err(why)) => failed(why),
        Err(error) => failed(error.to_string()),
    }
}

/// What the trial says in a line, and in figures.
fn judged(who: &str, probe: &Probe) -> Finding {
    let first_word = probe.first_word.as_millis();
    let mut what = vec![format!(
        "{who}: {} of {} answers could be used; first word after {first_word} ms, then {:.0} words a second",
        probe.usable(),
        probe.asked,
        probe.words_a_second
    )];
    what.extend(probe.form.first().map(|why| format!("it does not keep to the form ({why})")));
    if probe.language > 0 {
        what.push("it leaves the language of the evening".to_owned());
    }
    what.extend(probe.part.first().map(|why| format!("it does not stay in its part ({why})")));
    what.extend(probe.strays.first().map(|why| format!("a line strayed ({why})")));
    let todo = if probe.usable() == probe.asked && first_word < SLOW {
        String::new()
    } else if probe.usable() * 2 < probe.asked {
        "Written lines would take the place of most of its own. Choose another model.".to_owned()
    } else if first_word >= SLOW {
        "A first word is waited for 4 s at most, then written lines take its place. Choose a smaller model, or a faster machine."
            .to_owned()
    } else {
        "Written lines take the place of what cannot be used. A larger model strays less.".to_owned()
    };
    let figures = serde_json::json!({
        "asked": probe.asked,
        "usable": probe.usable(),
        "keeps_form": probe.form.is_empty(),
        "keeps_language": probe.language == 0,
        "keeps_part": probe.part.is_empty(),
        "first_word_ms": first_word,
        "words_a_second": probe.words_a_second.round(),
    });
    let finding = if todo.is_empty() {
        Finding::well("cast", what.join("; "))
    } else {
        Finding::look("cast", what.join("; "), todo)
    };
    Finding { figures: Some(figures), ..finding }
}
