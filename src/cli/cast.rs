//! Who plays the figures: a language model where one is set or was said yes to, else written material.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use super::{CliError, complain, says_yes};
use crate::cast::Cast;
use crate::cast::model::{ModelCast, ModelSetup, Models};
use crate::cast::story::StoryCast;
use crate::config::{CastChoice, LocalServer, Settings, remember};
use crate::dialogue::face::Venue;
use crate::net::client::Client;
use crate::net::discover::{self, Found, State};
use crate::net::endpoint::{Endpoint, Secret, key_from_file};
use crate::words::Words;

/// The variable that holds a server's key.
const KEY: &str = "INNER_ROOM_API_KEY";
/// How long the start waits for the name of a server's model. Where it takes longer the evening begins all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// The cast of an evening.
pub(super) struct Played {
    /// It.
    pub(super) cast: Box<dyn Cast>,
    /// The model that plays, as it is shown; none where none does.
    pub(super) by: Option<String>,
    /// The same for the log, with the versions of its prompts.
    pub(super) logged: Option<String>,
}

/// The cast that is set. `live`: somebody is there who can be asked.
pub(super) fn of(
    settings: &Settings,
    file: Option<&Path>,
    words: &Words,
    seed: u64,
    live: bool,
) -> Result<Played, CliError> {
    let server = match server(settings)? {
        Some(server) => Some(server),
        None if live => ask(settings, file, words)?,
        None => None,
    };
    match server {
        Some(client) => play(settings, client, words, seed),
        None => Ok(Played { cast: Box::new(StoryCast::new()?), by: None, logged: None }),
    }
}

/// The server that is set, or that the person has said yes to.
pub(super) fn server(settings: &Settings) -> Result<Option<Client>, CliError> {
    match (settings.cast.clone().unwrap_or_default(), &settings.local_server) {
        (CastChoice::Server(address), _) => client(&address, key(settings)?).map(Some),
        (CastChoice::Auto, Some(LocalServer::At(address))) => {
            let client = client(address, None)?;
            if !client.endpoint().is_here() {
                return Err(CliError::Call(format!(
                    "local_server = {address} is not on this machine; write cast = \"{address}\" if you want it to play"
                )));
            }
            Ok(Some(client))
        }
        (CastChoice::Story, _) | (CastChoice::Auto, Some(LocalServer::No) | None) => Ok(None),
    }
}

/// Whether a server on this machine may be looked for: nobody has decided, and the room is nobody's who walks in.
pub(super) fn may_look(settings: &Settings) -> bool {
    let auto = matches!(settings.cast, None | Some(CastChoice::Auto));
    auto && settings.local_server.is_none() && settings.venue != Some(Venue::Exhibition)
}

/// A client of the server at an address. A key goes to the server that was named for it, never to one that was found.
pub(super) fn client(address: &str, key: Option<Secret>) -> Result<Client, CliError> {
    let wrong = |error: &dyn std::fmt::Display| CliError::Call(error.to_string());
    let endpoint = Endpoint::new(address, key).map_err(|error| wrong(&error))?;
    Client::new(endpoint).map_err(|error| wrong(&error))
}

/// The model that a server would play with: the one that is set, else its first.
pub(super) fn model(settings: &Settings, client: &Client) -> Result<String, CliError> {
    if let Some(model) = &settings.model {
        return Ok(model.clone());
    }
    first_model(client)
}

/// The first model of a server.
pub(super) fn first_model(client: &Client) -> Result<String, CliError> {
    let first =
        discover::wait_for(async { tokio::time::timeout(PATIENCE, discover::first_model(client)).await })?;
    let late = || CliError::Call("it does not answer in time".to_owned());
    first.map_err(|_late| late())?.map_err(|error| CliError::Call(error.to_string()))
}

fn play(settings: &Settings, client: Client, words: &Words, seed: u64) -> Result<Played, CliError> {
    let models = Models { all: settings.model.clone(), of: settings.model_for.clone().unwrap_or_default() };
    // A server that is down at the start keeps nobody from their evening; it plays as soon as it is there.
    let by = match model(settings, &client) {
        Ok(model) => format!("{} ({})", discover::shown(&model), shown(&client)),
        Err(error) => {
            complain(
                &words.with("cast-not-there", &[("server", &shown(&client)), ("why", &error.to_string())]),
            );
            shown(&client)
        }
    };
    let cast = ModelCast::new(ModelSetup { client, models, warm_up: true, seed });
    let cast = cast.map_err(|error| CliError::Call(error.to_string()))?;
    let logged = format!("{by}, with the prompts {}", cast.prompts());
    Ok(Played { cast: Box::new(cast), by: Some(by), logged: Some(logged) })
}

/// A server on this machine that could play, where nobody has decided about one. Nothing is sent to it but the question
/// which models it has.
pub(super) fn found(settings: &Settings) -> Result<Option<Found>, CliError> {
    if !may_look(settings) {
        return Ok(None);
    }
    Ok(discover::wait_for(discover::on_this_machine())?.into_iter().find(can_play))
}

/// The model that a server would play with, as it may be shown.
pub(super) fn model_of(settings: &Settings, found: &Found, words: &Words) -> String {
    match (settings.model.as_deref(), found.models.first()) {
        (Some(model), _) => discover::shown(model).to_owned(),
        (None, Some(model)) => model.shown().to_owned(),
        (None, None) => words.get("cast-some-model"),
    }
}

/// Asks once whether what was found may play. Nothing is sent before the yes.
fn ask(settings: &Settings, file: Option<&Path>, words: &Words) -> Result<Option<Client>, CliError> {
    let Some(found) = found(settings)? else { return Ok(None) };
    let mut out = std::io::stdout();
    let model = model_of(settings, &found, words);
    let about = [("server", found.name.as_str()), ("model", &model), ("address", &found.address)];
    writeln!(out, "{}", words.with("cast-question", &about))?;
    let Some(yes) = says_yes(&words.get("cast-prompt"))? else { return Ok(None) };
    writeln!(out, "{}\n", remember_answer(file, &found, words, yes))?;
    yes.then(|| client(&found.address, None)).transpose()
}

/// Remembers what was answered, and says so in a sentence.
pub(super) fn remember_answer(file: Option<&Path>, found: &Found, words: &Words, yes: bool) -> String {
    let answer = if yes { found.address.as_str() } else { "no" };
    match remember(file, "local_server", answer) {
        Ok(file) => {
            let file = file.display().to_string();
            let name = if yes { "cast-yes" } else { "cast-no" };
            words.with(name, &[("file", &file), ("address", &found.address)])
        }
        Err(error) => words.with("keep-not-remembered", &[("why", &error.to_string())]),
    }
}

/// The server that is set, as it may be shown before anybody has asked it anything.
#[cfg(feature = "room")]
pub(super) fn set_server(settings: &Settings) -> Result<Option<String>, CliError> {
    let Some(client) = server(settings)? else { return Ok(None) };
    let at = shown(&client);
    Ok(Some(match settings.model.as_deref() {
        Some(model) => format!("{} ({at})", discover::shown(model)),
        None => at,
    }))
}

/// Whether a server that was found can be asked for lines.
fn can_play(found: &Found) -> bool {
    match found.state {
        State::Ready => !found.models.is_empty(),
        State::Loading => true,
        State::NeedsKey => false,
    }
}

/// The address as it may be shown.
pub(super) fn shown(client: &Client) -> String {
    client.endpoint().shown()
}

/// The key: from the environment, else from the file that is named.
pub(super) fn key(settings: &Settings) -> Result<Option<Secret>, CliError> {
    if let Some(key) = std::env::var(KEY).ok().filter(|key| !key.trim().is_empty()) {
        return Ok(Some(Secret::new(&key)));
    }
    let file = settings.key_file.as_deref();
    file.map(|file| key_from_file(file).map_err(|error| CliError::Call(error.to_string()))).transpose()
}
