//! What the figures are heard with here, and what would hear the person.

use super::Finding;
use crate::config::{Engine, Settings};
use crate::models::{Folders, SILERO};
use crate::senses::transcript::whisper_model;
use crate::sound::device::{Direction, Named, is_there, list};
use crate::voice::espeak::Espeak;
use crate::voice::speech::Synthesizer as _;

/// Looks at all of it. Nothing is recorded, and nothing is sent.
pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    vec![
        voices(settings),
        device(Direction::Out, settings.loudspeaker.as_deref()),
        device(Direction::In, settings.microphone.as_deref()),
        detector(),
        transcript(settings),
    ]
}

fn voices(settings: &Settings) -> Finding {
    match settings.voices.clone().unwrap_or_default() {
        Engine::None => Finding::well("voices", "the figures do not speak, as it is set".to_owned()),
        Engine::Server(address) => {
            Finding::well("voices", format!("the speech server {address}, as it is set"))
        }
        Engine::Auto => match Espeak::find() {
            Some(espeak) => Finding::well("voices", espeak.name()),
            None => Finding::look(
                "voices",
                "nothing speaks here, so that the figures are read".to_owned(),
                "Install espeak-ng, or name a speech server with voices in config.toml.",
            ),
        },
    }
}

fn device(direction: Direction, chosen: Option<&str>) -> Finding {
    let (part, without) = match direction {
        Direction::In => ("microphone", "One can write instead."),
        Direction::Out => ("loudspeaker", "What the figures say can be read below them."),
    };
    let there = list(direction);
    let named: Vec<String> = there.iter().map(|Named { id, title, .. }| format!("{title} ({id})")).collect();
    let figures = serde_json::json!(there.iter().map(|it| [&it.id, &it.title]).collect::<Vec<_>>());
    let missing = |chosen: &&str| {
        let wanted = chosen.to_lowercase();
        !there.iter().any(|it| it.id == *chosen || it.title.to_lowercase().contains(&wanted))
    };
    let finding = if there.is_empty() || (chosen.is_none() && !is_there(direction)) {
        Finding::look(part, "there is none".to_owned(), without)
    } else if let Some(chosen) = chosen.filter(missing) {
        let todo = format!("It is taken once it is there. There are: {}.", named.join(", "));
        Finding::look(part, format!("{chosen}, as it is set, is not there"), todo)
    } else {
        Finding::well(part, named.join(", "))
    };
    Finding { figures: Some(figures), ..finding }
}

fn detector() -> Finding {
    match Folders::new(None).find(SILERO) {
        Some(path) => Finding::well("voice activity", format!("Silero, {}", path.display())),
        None => Finding::look(
            "voice activity",
            "the detector that is built in hears, which takes music for speech; so one is heard only while the key to talk is held"
                .to_owned(),
            "Get the better one: inner-room models pull silero.",
        ),
    }
}

fn transcript(settings: &Settings) -> Finding {
    match settings.transcript.clone().unwrap_or_default() {
        Engine::None => {
            Finding::well("transcript", "nothing that is said is written down, as it is set".to_owned())
        }
        Engine::Server(address) => Finding::well("transcript", format!("the server {address}, as it is set")),
        Engine::Auto => match whisper_model(&Folders::new(None)) {
            Some(path) => Finding::well("transcript", format!("whisper, {}", path.display())),
            None => Finding::look(
                "transcript",
                "nothing writes down what is said, so that one writes it oneself".to_owned(),
                "Get a model (inner-room models pull whisper-base.en), or name a server with transcript in config.toml.",
            ),
        },
    }
}
