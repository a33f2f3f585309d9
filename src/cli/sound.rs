//! What the figures are heard with, and what hears the person: put together from what is set and what this machine has.

use std::sync::Arc;
use std::time::Duration;

use super::{CliError, complain};
use crate::cast::story::RawWords;
use crate::config::exhibit::Exhibit;
use crate::config::{CastPart, Echo, Engine, Hear, Settings};
use crate::dialogue::face::Venue;
use crate::host::{CanHear, Senses};
use crate::models::{Folders, SILERO};
use crate::net::endpoint::Endpoint;
use crate::senses::ear::Mode;
use crate::senses::hall::Hall;
use crate::senses::hearing::{self, Hearing, Wishes};
use crate::senses::scribe::Scribe;
use crate::senses::transcript::{Factory, Limits, Recogniser, Server, Transcriber, Whisper, whisper_model};
use crate::sound::device::{Direction, is_there};
#[cfg(feature = "exhibit")]
use crate::voice::aloud::Reader;
use crate::voice::espeak::Espeak;
use crate::voice::level::Levels;
use crate::voice::player::Player;
use crate::voice::server::{SpeechServer, Voices};
use crate::voice::speech::Synthesizer;
use crate::voice::studio::Studio;
use crate::voice::{Outlet, SilentVoice, Spoken, Voice};

/// What an evening is heard with.
pub(super) struct Sound {
    /// What lets the figures be heard.
    pub(super) voice: Box<dyn Voice>,
    /// What hears the person, if anything can.
    pub(super) senses: Option<Box<dyn Senses>>,
}

/// What a speech server is asked for where nothing is set: names that OpenAI's has, and that others take for their own.
const USUAL_MODEL: &str = "tts-1";
/// The Patient's voice there, the Devil's and the Guide's.
const USUAL_VOICES: [&str; 3] = ["nova", "onyx", "fable"];

/// How long a server of words is waited for at least.
const SERVER: Duration = Duration::from_secs(26);

/// As it is set, for lines in this language. What cannot be had is said, and the evening is held without it.
pub(super) fn of(settings: &Settings, lang: &str) -> Result<Sound, CliError> {
    let mut spoken = spoken(settings, lang)?;
    let (reference, ducking) =
        spoken.as_mut().map_or((None, None), |spoken| (spoken.reference(), Some(spoken.ducking())));
    let models = Folders::new(None);
    let senses = match factory(settings, &models)? {
        Some(factory) => {
            let transcriber =
                Transcriber::start(factory, limits(settings)).map_err(|e| CliError::Call(e.to_string()))?;
            let raw = RawWords::new()?;
            let parts = hearing::Parts {
                reference,
                ducking,
                is_raw: Box::new(move |words| raw.are_in(words)),
                hall: exhibition(settings).map(|exhibit| Hall::new(exhibit.loudest_db)),
                ..hearing::Parts::of(Scribe::new(transcriber), models)
            };
            Some(Box::new(Hearing::start(parts, wishes(settings, lang))?) as Box<dyn Senses>)
        }
        None => None,
    };
    let voice =
        spoken.map_or_else(|| Box::<SilentVoice>::default() as Box<dyn Voice>, |spoken| Box::new(spoken));
    Ok(Sound { voice, senses })
}

/// How the person could be heard, if they wanted to.
pub(super) fn can_hear(settings: &Settings) -> Result<CanHear, CliError> {
    let models = Folders::new(None);
    Ok(match factory(settings, &models)? {
        Some(_) if !is_there(Direction::In) => CanHear::No,
        Some(_) if models.find(SILERO).is_some() => CanHear::Openly,
        Some(_) => CanHear::ByKey,
        None => CanHear::No,
    })
}

fn spoken(settings: &Settings, lang: &str) -> Result<Option<Spoken>, CliError> {
    let Some(synthesizer) = synthesizer(settings)? else { return Ok(None) };
    let outlet = match settings.voices {
        Some(Engine::None) => Outlet::Off,
        _ => Outlet::named(settings.loudspeaker.as_deref()),
    };
    let player = Player::start(outlet.clone(), settings.seed.unwrap_or(1))?;
    let studio = Studio::open(synthesizer, Levels::default(), player.ducking())?;
    Ok(Some(Spoken::new(studio, player, (outlet, lang))))
}

/// The exhibition that this is.
fn exhibition(settings: &Settings) -> Option<&Exhibit> {
    settings.exhibit.as_ref().filter(|_| settings.venue == Some(Venue::Exhibition))
}

/// What reads aloud what stands on the screen, and in which of these languages it can; none where nothing is to be heard. What
/// a server's voices speak is not known, so they read English alone.
#[cfg(feature = "exhibit")]
pub(super) fn reader(
    settings: &Settings,
    languages: &[String],
) -> Result<Option<(Reader, Vec<String>)>, CliError> {
    let silent = settings.voices == Some(Engine::None) || !is_there(Direction::Out);
    let own = matches!(settings.voices.clone().unwrap_or_default(), Engine::Auto);
    let Some(synthesizer) = (if silent { None } else { synthesizer(settings)? }) else { return Ok(None) };
    let espeak = if own { Espeak::find() } else { None };
    let speaks = |lang: &&String| {
        espeak.as_ref().map_or(lang.split('-').next() == Some("en"), |espeak| espeak.speaks(lang))
    };
    let languages: Vec<String> = languages.iter().filter(speaks).cloned().collect();
    Ok(Some((Reader::start(synthesizer)?, languages)))
}

fn synthesizer(settings: &Settings) -> Result<Option<Box<dyn Synthesizer>>, CliError> {
    Ok(match settings.voices.clone().unwrap_or_default() {
        // Whoever does not want to hear them can change their mind in mid-evening.
        Engine::None | Engine::Auto => Espeak::find().map(|espeak| Box::new(espeak) as Box<dyn Synthesizer>),
        Engine::Server(address) => {
            let named = settings.voice_for.clone().unwrap_or_default();
            let voice = |part, usual: &str| named.get(&part).cloned().unwrap_or_else(|| usual.to_owned());
            let [patient, devil, guide] = USUAL_VOICES;
            let voices = Voices {
                patient: voice(CastPart::Patient, patient),
                devil: voice(CastPart::Devil, devil),
                guide: voice(CastPart::Guide, guide),
            };
            let endpoint = endpoint(settings, &address)?;
            let model = settings.voice_model.clone().unwrap_or_else(|| USUAL_MODEL.to_owned());
            let server = SpeechServer::new(endpoint, model, voices)
                .map_err(|error| CliError::Call(error.to_string()))?;
            Some(Box::new(server))
        }
    })
}

/// What makes words of sound; none where nothing can.
fn factory(settings: &Settings, models: &Folders) -> Result<Option<Factory>, CliError> {
    Ok(match settings.transcript.clone().unwrap_or_default() {
        Engine::None => None,
        Engine::Auto => whisper_model(models).map(|path| {
            let make: Factory = Arc::new(move || {
                Whisper::load(&path).map(|whisper| Box::new(whisper) as Box<dyn Recogniser>)
            });
            make
        }),
        Engine::Server(address) => {
            let endpoint = endpoint(settings, &address)?;
            let model = settings.transcript_model.clone();
            let make: Factory = Arc::new(move || {
                Server::new(endpoint.clone(), model.as_deref())
                    .map(|server| Box::new(server) as Box<dyn Recogniser>)
            });
            Some(make)
        }
    })
}

/// A server gives up by itself, later than whisper is given up.
fn limits(settings: &Settings) -> Limits {
    match settings.transcript {
        Some(Engine::Server(_)) => Limits { at_least: SERVER, ..Limits::default() },
        _ => Limits::default(),
    }
}

/// A server for sound. The key is the one of the language model, if it is the same server.
fn endpoint(settings: &Settings, address: &str) -> Result<Endpoint, CliError> {
    let same = |cast: &crate::config::CastChoice| cast.to_string() == address;
    let key = if settings.cast.as_ref().is_some_and(same) { super::cast::key(settings)? } else { None };
    let endpoint = Endpoint::new(address, key).map_err(|error| CliError::Call(error.to_string()))?;
    if !endpoint.is_here() {
        complain(&format!("what is said or spoken is sent to {}", endpoint.shown()));
    }
    Ok(endpoint)
}

fn wishes(settings: &Settings, lang: &str) -> Wishes {
    let mode = if settings.hear == Some(Hear::Open) { Mode::Open } else { Mode::PushToTalk };
    let echo = settings.echo.unwrap_or(Echo::Loudspeaker);
    Wishes { device: settings.microphone.clone(), mode, echo, lang: lang.to_owned() }
}
