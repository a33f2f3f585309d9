//! Writes down what is said: hands utterances to a recogniser, and lets through only what a person may be taken to have said.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::transcript::{Heard, Job, Kind, Life, Transcriber, TranscriptError, credible};
use crate::dialogue::ids::UtteranceId;

/// What was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The words of an utterance so far.
    Partial(UtteranceId, String),
    /// Its words, or why there are none.
    Final(UtteranceId, Result<String, String>),
    /// Nothing is written down any more, and why.
    Gone(String),
}

/// A sound whose words are awaited.
struct Awaited {
    utterance: UtteranceId,
    kind: Kind,
    sound: Arc<[f32]>,
    voiced_ms: u32,
}

/// Writes down.
pub struct Scribe {
    transcriber: Transcriber,
    awaited: Vec<Awaited>,
    looked: Instant,
    gone: bool,
}

/// How often it is seen whether the recogniser is alive.
const LOOKS: Duration = Duration::from_millis(250);

impl Scribe {
    /// With what makes words of sound.
    #[must_use]
    pub fn new(transcriber: Transcriber) -> Self {
        Self { transcriber, awaited: Vec::new(), looked: Instant::now(), gone: false }
    }

    /// Whether words before the end of an utterance are to be had.
    #[must_use]
    pub fn gives_partials(&self) -> bool {
        self.transcriber.about().is_some_and(|about| about.gives_partials)
    }

    /// Has an utterance written down, in which a voice was heard for so many milliseconds; false when it cannot be.
    #[must_use]
    pub fn write(
        &mut self,
        utterance: UtteranceId,
        (sound, voiced_ms): (Vec<f32>, u32),
        lang: &str,
        kind: Kind,
    ) -> bool {
        let sound: Arc<[f32]> = sound.into();
        let job = Job { utterance, sound: Arc::clone(&sound), kind, lang: lang.to_owned() };
        let taken = self.transcriber.hear(job).is_ok();
        if taken {
            self.awaited.push(Awaited { utterance, kind, sound, voiced_ms });
        }
        taken
    }

    /// The utterance whose words are awaited, all of them; the last one where there are several.
    #[must_use]
    pub fn awaits(&self) -> Option<UtteranceId> {
        self.awaited.iter().rfind(|awaited| awaited.kind == Kind::Final).map(|awaited| awaited.utterance)
    }

    /// Nothing of this utterance is wanted any more.
    pub fn cancel(&mut self, utterance: UtteranceId) {
        self.transcriber.cancel(utterance);
    }

    /// What has been written down since; none where nothing has.
    pub fn read(&mut self) -> Option<Report> {
        if self.looked.elapsed() >= LOOKS {
            self.looked = Instant::now();
            let life = self.transcriber.overdue(self.looked);
            if life == Life::Gone && !std::mem::replace(&mut self.gone, true) {
                let why = self
                    .transcriber
                    .why()
                    .map_or_else(|| TranscriptError::Gone.to_string(), ToString::to_string);
                return Some(Report::Gone(why));
            }
        }
        loop {
            let heard = self.transcriber.poll()?;
            if let Some(report) = self.report(heard) {
                return Some(report);
            }
        }
    }

    fn report(&mut self, heard: Heard) -> Option<Report> {
        let Heard { utterance, kind, result, .. } = heard;
        let at = self.awaited.iter().position(|it| it.utterance == utterance && it.kind == kind)?;
        let awaited = self.awaited.remove(at);
        // That nobody wanted it any more is no news.
        let words = match result {
            Ok(transcript) => {
                credible(&transcript, &awaited.sound, awaited.voiced_ms).map_err(|why| why.to_string())
            }
            Err(TranscriptError::Cancelled) => return None,
            Err(failed) => Err(failed.to_string()),
        };
        match kind {
            Kind::Final => Some(Report::Final(utterance, words)),
            Kind::Partial => words.ok().map(|words| Report::Partial(utterance, words)),
        }
    }
}
