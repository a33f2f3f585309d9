//! Whisper on this machine: whisper.cpp through `whisper-rs`, with the models of [ggerganov/whisper.cpp].
//!
//! Its encoder works through half a minute of sound at once and cannot be stopped in it. So it has a thread of its own:
//! whoever cancels has their answer at once, and the next sound waits until the encoder is through.
//!
//! [ggerganov/whisper.cpp]: https://huggingface.co/ggerganov/whisper.cpp

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, bounded};
use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperState,
};

use super::{Cancel, Recogniser, Transcript, TranscriptError, ggml, language, padded, seconds};
use crate::models::Folders;

/// The models that are looked for, the best first.
const MODELS: [&str; 3] = ["speech/ggml-base.en.bin", "speech/ggml-tiny.en.bin", "speech/ggml-tiny.bin"];

/// The whisper model to be used; none where no folder has one.
#[must_use]
pub fn whisper_model(models: &Folders) -> Option<PathBuf> {
    MODELS.iter().find_map(|file| models.find(file))
}

/// How often it is looked whether somebody has cancelled.
const LOOK: Duration = Duration::from_millis(10);
/// No machine is taken to be slower than this.
const SLOWEST: Duration = Duration::from_secs(10);
/// More threads than this make it no quicker, and the room is drawn beside it.
const MOST_THREADS: usize = 4;
/// Where it was not sure of its words it tries again with more chance in them: at 0, at this, and at twice this.
const BOLDER: f32 = 0.4;
/// It writes no more tokens than anybody can speak, in a second and at all, so that a loop ends.
const MOST_TOKENS: (f32, f32) = (30.0, 16.0);
/// The encoder's positions: so many to a second, so many for half a minute, and the fewest that it is asked for.
/// Below those it tends to repeat itself.
const POSITIONS: (f32, i32, i32) = (50.0, 1_500, 512);

/// Makes words with a whisper model that is on this machine.
#[derive(Debug)]
pub struct Whisper {
    name: String,
    takes: Duration,
    runs: Sender<Run>,
}

/// One sound for the engine.
struct Run {
    sound: Vec<f32>,
    lang: Option<String>,
    hasty: bool,
    cancel: Cancel,
    answer: Sender<Result<Transcript, TranscriptError>>,
}

impl Whisper {
    /// Reads a model, into as much memory as its file is long, and tries it on silence: the encoder takes as long for a word
    /// as for half a minute, and how long that is depends on the machine.
    ///
    /// # Errors
    /// [`TranscriptError::Model`] when the file is missing, cut off, or no whisper model; [`TranscriptError::Thread`];
    /// [`TranscriptError::Whisper`] when it fails on silence.
    pub fn load(path: &Path) -> Result<Self, TranscriptError> {
        let fails = |error: WhisperError| TranscriptError::Model {
            path: path.to_owned(),
            why: format!("whisper does not take it ({error:?})"),
        };
        let tensors = ggml::check(path)?;
        // What it has to say would go to the terminal, past whoever holds that. With this nobody hears it.
        whisper_rs::install_logging_hooks();
        let context =
            WhisperContext::new_with_params(path, WhisperContextParameters::default()).map_err(fails)?;
        let state = context.create_state().map_err(fails)?;
        let current = Arc::default();
        let engine = Engine { context, state, forms: BTreeMap::new(), current, threads: threads() };
        let (runs, waiting) = bounded(1);
        crate::thread::spawn("whisper", move || engine.serve(&waiting))
            .map_err(|error| TranscriptError::Thread(error.to_string()))?;
        let whisper = Self { name: named(path, tensors), takes: Duration::ZERO, runs };
        let begun = Instant::now();
        whisper.run(&[], "en", false, &Cancel::default())?;
        Ok(Self { takes: begun.elapsed().min(SLOWEST), ..whisper })
    }

    fn run(
        &self,
        sound: &[f32],
        lang: &str,
        hasty: bool,
        cancel: &Cancel,
    ) -> Result<Transcript, TranscriptError> {
        let (answer, answered) = bounded(1);
        let (lang, cancel) = (language(lang), cancel.clone());
        let mut run = Run { sound: padded(sound), lang, hasty, cancel: cancel.clone(), answer };
        // One that was cancelled may still be in the encoder.
        loop {
            if cancel.is_cancelled() {
                return Err(TranscriptError::Cancelled);
            }
            run = match self.runs.send_timeout(run, LOOK) {
                Ok(()) => break,
                Err(SendTimeoutError::Timeout(run)) => run,
                Err(SendTimeoutError::Disconnected(_)) => return Err(TranscriptError::Broke),
            };
        }
        loop {
            match answered.recv_timeout(LOOK) {
                Ok(result) => return result,
                Err(RecvTimeoutError::Timeout) if cancel.is_cancelled() => {
                    return Err(TranscriptError::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(TranscriptError::Broke),
            }
        }
    }
}

impl Recogniser for Whisper {
    fn transcribe(
        &mut self,
        sound: &[f32],
        lang: &str,
        cancel: &Cancel,
    ) -> Result<Transcript, TranscriptError> {
        self.run(sound, lang, false, cancel)
    }

    fn partial(&mut self, sound: &[f32], lang: &str, cancel: &Cancel) -> Result<Transcript, TranscriptError> {
        self.run(sound, lang, true, cancel)
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn gives_partials(&self) -> bool {
        true
    }

    fn takes(&self) -> Duration {
        self.takes
    }
}

/// "whisper base.en" for ggml-base.en.bin.
fn named(path: &Path, tensors: u32) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let model = stem.strip_prefix("ggml-").unwrap_or(&stem);
    let without = if tensors == 0 { ", which knows nothing" } else { "" };
    format!("whisper {model}{without}")
}

/// Whisper itself, on its thread.
struct Engine {
    context: WhisperContext,
    /// One state for all sounds: nothing is carried on from one to the next.
    state: WhisperState,
    /// How it is asked, by language. Making one leaves a little memory behind for ever, so each is made once.
    forms: BTreeMap<Option<&'static str>, FullParams<'static, 'static>>,
    /// The flag of the sound that is being worked on.
    current: Arc<Mutex<Cancel>>,
    threads: i32,
}

impl Engine {
    fn serve(mut self, runs: &Receiver<Run>) {
        for run in runs {
            if run.cancel.is_cancelled() {
                continue;
            }
            let result = self.transcribe(&run);
            // Whoever cancelled has gone.
            run.answer.try_send(result).ok();
        }
    }

    fn transcribe(&mut self, run: &Run) -> Result<Transcript, TranscriptError> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&run.cancel);
        let lasts = seconds(&run.sound);
        let mut form = self.form(run.lang.as_deref()).clone();
        form.set_max_tokens(MOST_TOKENS.0.mul_add(lasts, MOST_TOKENS.1) as i32);
        if run.hasty {
            form.set_temperature_inc(0.0);
            form.set_audio_ctx(positions(lasts));
        }
        let done = self.state.full(form, &run.sound);
        if run.cancel.is_cancelled() {
            return Err(TranscriptError::Cancelled);
        }
        done.map_err(|error| TranscriptError::Whisper(format!("{error:?}")))?;
        Ok(self.transcript())
    }

    /// How a sound in this language is asked about; where the language is none of whisper's it finds out itself.
    fn form(&mut self, lang: Option<&str>) -> &FullParams<'static, 'static> {
        let lang = if self.context.is_multilingual() {
            // A model has only the first of whisper's languages; the number of its words tells how many.
            let languages = self.context.n_vocab() - 51_766;
            let number = lang.and_then(whisper_rs::get_lang_id).filter(|number| *number < languages);
            number.and_then(whisper_rs::get_lang_str)
        } else {
            Some("en")
        };
        let (threads, current) = (self.threads, &self.current);
        self.forms.entry(lang).or_insert_with(|| form(lang, threads, Arc::clone(current)))
    }

    fn transcript(&self) -> Transcript {
        let end_of_text = self.context.token_eot();
        let (mut text, mut no_speech) = (String::new(), 0.0_f32);
        let (mut sure, mut tokens) = (0.0_f32, 0.0_f32);
        let mut length = 0.0_f32;
        for segment in self.state.as_iter() {
            let words = segment.to_str_lossy().unwrap_or_default();
            let weight = words.trim().len() as f32;
            no_speech += weight * share(segment.no_speech_probability());
            length += weight;
            text.push_str(&words);
            let spoken = (0..segment.n_tokens()).filter_map(|at| segment.get_token(at));
            for token in spoken.filter(|token| token.token_id() < end_of_text) {
                sure += share(token.token_probability());
                tokens += 1.0;
            }
        }
        Transcript {
            text,
            // Where it wrote nothing it heard no speech.
            no_speech: if length > 0.0 { no_speech / length } else { 1.0 },
            confidence: (tokens > 0.0).then(|| sure / tokens),
            lang: whisper_rs::get_lang_str(self.state.full_lang_id_from_state()).map(str::to_owned),
        }
    }
}

fn share(value: f32) -> f32 {
    if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 }
}

fn form(
    lang: Option<&'static str>,
    threads: i32,
    current: Arc<Mutex<Cancel>>,
) -> FullParams<'static, 'static> {
    let mut form = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    form.set_n_threads(threads);
    form.set_language(lang);
    form.set_translate(false);
    form.set_no_context(true);
    form.set_no_timestamps(true);
    form.set_single_segment(false);
    form.set_suppress_blank(true);
    form.set_suppress_nst(true);
    form.set_temperature_inc(BOLDER);
    form.set_print_special(false);
    form.set_print_progress(false);
    form.set_print_realtime(false);
    form.set_print_timestamps(false);
    let abort = move || current.lock().unwrap_or_else(PoisonError::into_inner).is_cancelled();
    // Boxed in just this type: whisper-rs 0.16 calls whatever it is given as if it were such a box.
    form.set_abort_callback_safe::<_, Box<dyn FnMut() -> bool>>(Box::new(abort) as Box<dyn FnMut() -> bool>);
    form
}

/// How many positions of the encoder a sound of so many seconds needs, with some to spare.
fn positions(seconds: f32) -> i32 {
    let (a_second, most, fewest) = POSITIONS;
    let needed = (seconds * a_second).ceil() as i32 + 64;
    (needed.saturating_add(63) / 64 * 64).clamp(fewest, most)
}

/// How many threads it works on: one for each core, and not one for each half of a core that shares its parts.
fn threads() -> i32 {
    let allowed = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores().unwrap_or(allowed).min(allowed).clamp(1, MOST_THREADS) as i32
}

/// How many cores there are, where the system says it.
fn cores() -> Option<usize> {
    let parts = std::fs::read_dir("/sys/devices/system/cpu").ok()?.flatten();
    let shares = |part: std::fs::DirEntry| {
        std::fs::read_to_string(part.path().join("topology/thread_siblings_list")).ok()
    };
    let cores: BTreeSet<String> = parts.filter_map(shares).collect();
    (!cores.is_empty()).then_some(cores.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoder_is_asked_for_as_much_as_the_sound_needs() {
        for (seconds, expected) in
            [(0.5, 512), (8.9, 512), (9.0, 576), (20.0, 1_088), (29.0, 1_500), (60.0, 1_500)]
        {
            assert_eq!(positions(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn it_works_on_one_to_four_threads() {
        assert!((1..=4).contains(&threads()));
    }

    #[test]
    fn a_model_is_called_by_the_name_of_its_file() {
        assert_eq!(named(Path::new("/a/ggml-base.en.bin"), 245), "whisper base.en");
        assert_eq!(named(Path::new("/a/for-tests.bin"), 0), "whisper for-tests, which knows nothing");
    }

    #[test]
    fn the_best_model_that_is_there_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let models = Folders::of(vec![folder.path().to_owned()]);
        assert_eq!(whisper_model(&models), None);
        std::fs::create_dir(folder.path().join("speech")).expect("a folder in it");
        for file in MODELS.iter().rev() {
            std::fs::write(folder.path().join(file), "").expect("the file");
            assert_eq!(whisper_model(&models), Some(folder.path().join(file)));
        }
    }
}
