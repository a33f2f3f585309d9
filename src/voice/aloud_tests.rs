//! Something is read aloud by a hum, into a horn that keeps its own time.

use std::sync::Mutex;

use super::super::speech::{Sentence, VoiceError};
use super::*;
use crate::sound::device::{DeviceError, Direction};
use crate::sound::{Lost, Sink, Stereo};

const WAITS: Duration = Duration::from_secs(20);

/// Speaks a tone, as long as there are letters, and writes down what it spoke.
#[derive(Clone, Default)]
struct Hums(Arc<Mutex<Vec<(String, String)>>>, bool);

impl Synthesizer for Hums {
    fn speak(&mut self, sentence: &Sentence<'_>) -> Result<Speech, VoiceError> {
        if self.1 {
            return Err(VoiceError::Late("it".to_owned()));
        }
        let said = (sentence.text.to_owned(), sentence.lang.to_owned());
        self.0.lock().expect("nobody broke off").push(said);
        let samples: Vec<f32> =
            (0..RATE as usize / 50 * sentence.text.len()).map(|at| (at as f32 * 0.05).sin() * 0.3).collect();
        Ok(Speech { samples: samples.into(), ..Speech::default() })
    }

    fn name(&self) -> String {
        "a hum".to_owned()
    }
}

/// Takes what is played in its own time; how loud the latest of it was, and whether it is open.
#[derive(Clone, Default)]
struct Horn(Arc<Mutex<(f32, u32)>>);

struct Held(Horn, Instant, u64);

impl Sink for Held {
    fn room(&mut self) -> Result<usize, Lost> {
        let due = self.1.elapsed().as_millis() as u64 * u64::from(RATE) / 1_000;
        Ok(due.saturating_sub(self.2) as usize)
    }

    fn write(&mut self, frames: &[Stereo]) {
        self.2 += frames.len() as u64;
        self.0.0.lock().expect("nobody broke off").0 =
            frames.iter().fold(0.0_f32, |most, [left, _]| most.max(left.abs()));
    }

    fn delay_ms(&self) -> u32 {
        0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut horn = self.0.0.lock().expect("nobody broke off");
        *horn = (0.0, horn.1 - 1);
    }
}

impl Horn {
    fn open(&self) -> Open {
        let horn = self.clone();
        Box::new(move |_| {
            horn.0.lock().expect("nobody broke off").1 += 1;
            Ok(Box::new(Held(horn.clone(), Instant::now(), 0)) as Box<dyn Sink>)
        })
    }

    fn loud(&self) -> f32 {
        self.0.lock().expect("nobody broke off").0
    }

    fn is_open(&self) -> bool {
        self.0.lock().expect("nobody broke off").1 > 0
    }
}

fn until(what: &str, is: impl Fn() -> bool) {
    let since = Instant::now();
    while !is() {
        assert!(since.elapsed() < WAITS, "{what} did not come");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn script(number: u32, paragraphs: &[&str]) -> Script {
    Script {
        number,
        lang: "zh".to_owned(),
        paragraphs: paragraphs.iter().map(|&it| it.to_owned()).collect(),
        volume: Volume::default(),
        outlet: Outlet::System,
    }
}

#[test]
fn everything_is_read_in_order_and_its_end_is_told_and_the_loudspeaker_closed() {
    let (hums, horn) = (Hums::default(), Horn::default());
    let reader = Reader::start_with(Box::new(hums.clone()), horn.open()).expect("a thread");
    reader.read(script(7, &["Before", "It is a room. Somebody sits in it.", "End"]));
    assert_eq!(reader.over().recv_timeout(WAITS), Ok(7));
    let read: String =
        hums.0.lock().expect("nobody broke off").iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(read, "BeforeIt is a room. Somebody sits in it.End");
    until("closed", || !horn.is_open());
}

#[test]
fn what_is_stopped_is_silent_closes_the_loudspeaker_and_is_not_told() {
    let (hums, horn) = (Hums::default(), Horn::default());
    let reader = Reader::start_with(Box::new(hums), horn.open()).expect("a thread");
    reader.read(script(1, &["A long sentence that goes on and on.", "And another one that goes on."]));
    until("sound", || horn.loud() > 0.05);
    reader.stop();
    until("silence", || !horn.is_open() && horn.loud() < 1e-3);
    reader.read(script(2, &["Yes"]));
    assert_eq!(reader.over().recv_timeout(WAITS), Ok(2), "the first one is not told");
}

#[test]
fn another_one_takes_its_place() {
    let (hums, horn) = (Hums::default(), Horn::default());
    let reader = Reader::start_with(Box::new(hums.clone()), horn.open()).expect("a thread");
    reader.read(script(1, &[&"On and on. ".repeat(80)]));
    until("sound", || horn.loud() > 0.05);
    reader.read(script(2, &["Yes"]));
    assert_eq!(reader.over().recv_timeout(WAITS), Ok(2));
    let read = hums.0.lock().expect("nobody broke off").len();
    assert!(read < 30, "{read} pieces were made of what nobody hears");
}

#[test]
fn where_nobody_can_read_or_be_heard_its_end_is_told() {
    let dumb = Hums(Arc::default(), true);
    let reader = Reader::start_with(Box::new(dumb), Horn::default().open()).expect("a thread");
    reader.read(script(3, &["Before"]));
    assert_eq!(reader.over().recv_timeout(WAITS), Ok(3));
    let none: Open = Box::new(|_| Err(DeviceError::None(Direction::Out)));
    let reader = Reader::start_with(Box::new(Hums::default()), none).expect("a thread");
    reader.read(script(4, &["Before"]));
    assert_eq!(reader.over().recv_timeout(WAITS), Ok(4));
    reader.read(script(5, &[]));
    assert_eq!(reader.over().recv_timeout(WAITS), Ok(5));
}
