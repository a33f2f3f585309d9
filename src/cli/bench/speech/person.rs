//! What the person says: sentences by espeak-ng, a recording of one's own, or, where neither is, something like speech.

use std::sync::Arc;
use std::time::Duration;

use super::super::turn::COMFORTS;
use crate::cli::CliError;
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::strength::Strength;
use crate::sound::{RATE, Recording, Resampler};
use crate::voice::espeak::Espeak;
use crate::voice::speech::{RATE as SPOKEN, Sentence, Synthesizer as _};

/// Something that is said.
pub(super) struct Utterance {
    pub(super) sound: Arc<[f32]>,
    pub(super) words: String,
    /// When its first and its last sound are, from its beginning on.
    pub(super) onset: Duration,
    pub(super) end: Duration,
}

/// What is said, and by whom.
pub(super) struct Person {
    pub(super) utterances: Vec<Utterance>,
    pub(super) who: String,
    /// Whether it is speech, that a detector of speech can be expected to hear.
    pub(super) is_speech: bool,
}

/// How loud a person is: the loudest sample.
const LOUDEST: f32 = 0.4;
/// What is quieter than the loudest moment by so much is none of the voice, as a factor.
const VOICE: f32 = 0.02;
/// Over so many samples loudness is taken: five milliseconds.
const MOMENT: usize = RATE as usize / 200;

impl Person {
    pub(super) fn of(file: Option<&std::path::Path>) -> Result<Self, CliError> {
        if let Some(file) = file {
            let mut recording = Recording::open(file)?;
            let mut sound = Vec::new();
            while let Some(piece) = recording.next_piece()? {
                sound.extend(piece);
            }
            let utterances = vec![Utterance::new(sound, COMFORTS[2])?];
            return Ok(Self { utterances, who: file.display().to_string(), is_speech: true });
        }
        match Espeak::find() {
            Some(mut espeak) => {
                let who = format!("espeak-ng {}", espeak.version());
                let utterances: Result<_, _> =
                    COMFORTS.iter().map(|words| Utterance::new(spoken(&mut espeak, words)?, words)).collect();
                Ok(Self { utterances: utterances?, who, is_speech: true })
            }
            None => Ok(Self {
                utterances: vec![Utterance::new(babble(), COMFORTS[2])?],
                who: "something like speech, because there is no espeak-ng".to_owned(),
                is_speech: false,
            }),
        }
    }
}

impl Utterance {
    fn new(mut sound: Vec<f32>, words: &str) -> Result<Self, CliError> {
        let loudest = sound.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
        for sample in &mut sound {
            *sample *= LOUDEST / loudest.max(1e-6);
        }
        let power = |piece: &[f32]| (piece.iter().map(|it| it * it).sum::<f32>() / piece.len() as f32).sqrt();
        let moments: Vec<f32> = sound.chunks(MOMENT).map(power).collect();
        let most = moments.iter().fold(0.0_f32, |most, &it| most.max(it));
        let is_voice = |it: &f32| *it > VOICE * most;
        let (Some(first), Some(last)) =
            (moments.iter().position(is_voice), moments.iter().rposition(is_voice))
        else {
            return Err(CliError::Call(
                "nothing is said in it. Name a recording of speech with --file".to_owned(),
            ));
        };
        let moment = |number: usize| Duration::from_millis(5) * u32::try_from(number).unwrap_or(u32::MAX);
        let (onset, end) = (moment(first), moment(last + 1));
        Ok(Self { sound: sound.into(), words: words.to_owned(), onset, end })
    }
}

fn spoken(espeak: &mut Espeak, words: &str) -> Result<Vec<f32>, CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::Call(error.to_string());
    let sentence = Sentence {
        text: words,
        agent: Agent::Guide,
        manner: Manner::Plain,
        lang: "en",
        strength: Strength::from_belief(5),
    };
    let speech = espeak.speak(&sentence).map_err(|error| failed(&error))?;
    let mut resampler = Resampler::between(SPOKEN, RATE).map_err(|error| failed(&error))?;
    let mut sound = Vec::new();
    resampler.push(&speech.samples, &mut sound);
    resampler.finish(&mut sound);
    Ok(sound)
}

/// Two seconds of syllables without a word.
fn babble() -> Vec<f32> {
    let beat = |at: u32, hz: f32| (std::f32::consts::TAU * hz * at as f32 / RATE as f32).sin();
    let voice = |at: u32| (1..20).map(|over| beat(at, 120.0 * over as f32) / over as f32).sum::<f32>();
    (0..2 * RATE).map(|at| voice(at) * beat(at, 2.0).abs()).collect()
}
