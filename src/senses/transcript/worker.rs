//! What hands utterances to a recogniser and takes its words: nothing of it waits, every job gets exactly one answer, and a
//! recogniser that hangs or breaks off is left behind for a new one (fault A9).

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::thread::{About, Factory, Task, Thread, Work};
use super::{Cancel, Transcript, TranscriptError, seconds};
use crate::dialogue::ids::UtteranceId;

/// Whether an utterance is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It goes on: these are its words so far.
    Partial,
    /// It is over: these are its words.
    Final,
}

/// A sound whose words are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which utterance it is.
    pub utterance: UtteranceId,
    /// One channel, 16,000 samples a second, from -1 to 1; from the beginning of the utterance on.
    pub sound: Arc<[f32]>,
    /// Whether it is all of it.
    pub kind: Kind,
    /// BCP 47 language that is expected.
    pub lang: String,
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// Of which utterance.
    pub utterance: UtteranceId,
    /// Whether it was all of it.
    pub kind: Kind,
    /// The words, as the recogniser gave them.
    pub result: Result<Transcript, TranscriptError>,
    /// How long it was worked on, in milliseconds; nothing for what was never begun.
    pub took_ms: u64,
}

/// How long a recogniser may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// For any sound at all.
    pub at_least: Duration,
    /// For each second of it, so many seconds more.
    pub per_second: f32,
    /// Until it is there: a model has to be read.
    pub making: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_least: Duration::from_secs(2), per_second: 2.0, making: Duration::from_secs(30) }
    }
}

impl Limits {
    fn for_sound(&self, seconds: f32) -> Duration {
        self.at_least + Duration::from_secs_f32((seconds * self.per_second).clamp(0.0, 3_600.0))
    }
}

/// How it stands with what makes the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It works, or waits for work.
    Well,
    /// It hung or broke off just now, and another one has been begun.
    Restarted,
    /// It failed too often in a row: nothing makes words any more.
    Gone,
}

/// How often in a row it is begun anew.
const MOST_RESTARTS: u32 = 3;
/// How many threads that hang may be left behind at a time, each with a model in memory.
const MOST_LEFT: usize = 3;
/// How many jobs may be without an answer that was fetched.
const MOST_OPEN: usize = 16;

/// A job without an answer.
struct Open {
    number: u64,
    utterance: UtteranceId,
    kind: Kind,
    seconds: f32,
    cancel: Cancel,
}

/// Makes words of utterances on a thread of its own. Dropping it ends the thread.
pub struct Transcriber {
    make: Factory,
    limits: Limits,
    /// None once it is gone.
    thread: Option<Thread>,
    open: Vec<Open>,
    answers: VecDeque<Heard>,
    next: u64,
    /// How often in a row it was begun anew, and why the last time.
    failures: u32,
    why: Option<TranscriptError>,
    /// Threads that were given up and have not come to their end.
    left: Vec<JoinHandle<()>>,
}

impl Transcriber {
    /// Begins the thread, which makes a recogniser with `make`.
    ///
    /// # Errors
    /// [`TranscriptError::Thread`].
    pub fn start(make: Factory, limits: Limits) -> Result<Self, TranscriptError> {
        let thread = Some(Thread::begin(&make, MOST_OPEN)?);
        let (open, answers, left) = (Vec::new(), VecDeque::new(), Vec::new());
        Ok(Self { make, limits, thread, open, answers, next: 0, failures: 0, why: None, left })
    }

    /// Asks for words. What is said so far takes the place of what was said so far before, if that still waits; all of it
    /// takes the place of any of it, also where that is being worked on.
    ///
    /// # Errors
    /// [`TranscriptError::Busy`] when too much waits, [`TranscriptError::Gone`]. There is no answer to it then.
    pub fn hear(&mut self, job: Job) -> Result<(), TranscriptError> {
        if self.thread.is_none() {
            return Err(TranscriptError::Gone);
        }
        self.drop_waiting(|waiting| waiting.kind == Kind::Partial);
        if job.kind == Kind::Final {
            self.flag(|open| open.kind == Kind::Partial);
        }
        if self.open.len() + self.answers.len() >= MOST_OPEN {
            return Err(TranscriptError::Busy);
        }
        let number = self.next;
        self.next += 1;
        let cancel = Cancel::default();
        self.open.push(Open {
            number,
            utterance: job.utterance,
            kind: job.kind,
            seconds: seconds(&job.sound),
            cancel: cancel.clone(),
        });
        self.order(Task { number, job, cancel });
        Ok(())
    }

    /// Nothing of this utterance is wanted any more. Its jobs are answered with [`TranscriptError::Cancelled`].
    pub fn cancel(&mut self, utterance: UtteranceId) {
        self.drop_waiting(|waiting| waiting.utterance == utterance);
        self.flag(|open| open.utterance == utterance);
    }

    /// The next answer, in the order in which they came to be.
    pub fn poll(&mut self) -> Option<Heard> {
        self.collect();
        self.answers.pop_front()
    }

    /// Notices a recogniser that hangs or broke off, and begins another one. What it was at is answered as failed, and what
    /// waited waits for the new one. To be called about four times a second; `now` is the present moment.
    pub fn overdue(&mut self, now: Instant) -> Life {
        self.collect();
        let Some(thread) = &self.thread else { return Life::Gone };
        let why = thread.ended();
        let why = why.or_else(|| self.is_late(thread.work(), now).then_some(TranscriptError::Late));
        match why {
            Some(why) => self.begin_anew(why),
            None => Life::Well,
        }
    }

    /// Why it was begun anew the last time, or is gone; none where it never was.
    #[must_use]
    pub fn why(&self) -> Option<&TranscriptError> {
        self.why.as_ref()
    }

    /// When the thread last showed that it is there: every tenth of a second while it waits, and else before and after each
    /// job. None once it is gone.
    #[must_use]
    pub fn beat(&self) -> Option<Instant> {
        self.thread.as_ref().map(Thread::beat)
    }

    /// What makes the words; none before that is there.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        self.thread.as_ref().and_then(Thread::about)
    }

    /// Whether no job is without an answer.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.is_empty() && self.answers.is_empty()
    }

    /// Fetches what the thread has answered.
    fn collect(&mut self) {
        while let Some((number, heard)) = self.thread.as_ref().and_then(Thread::answer) {
            if heard.result != Err(TranscriptError::Cancelled) {
                self.failures = 0;
            }
            self.open.retain(|open| open.number != number);
            self.answers.push_back(heard);
        }
    }

    fn is_late(&self, work: Work, now: Instant) -> bool {
        let (since, limit) = match work {
            Work::Nothing => return false,
            Work::Making(since) => (since, self.limits.making),
            Work::On(number, since) => {
                // One that is not open any more was answered meanwhile.
                let Some(open) = self.open.iter().find(|open| open.number == number) else { return false };
                // Twice as slow as it was on a short sound is a machine that does something else meanwhile.
                let takes = self.about().map_or(Duration::ZERO, |about| about.takes);
                (since, self.limits.for_sound(open.seconds) + 2 * takes)
            }
        };
        now.saturating_duration_since(since) > limit
    }

    /// Leaves the thread behind, and begins another one.
    fn begin_anew(&mut self, why: TranscriptError) -> Life {
        // Answers may have come just now.
        self.collect();
        let Some(thread) = self.thread.take() else { return Life::Gone };
        let waiting = thread.take_back();
        // Its channels are closed with this, and its flag is set below: it ends as soon as it notices.
        let handle = thread.leave();
        let waits = |open: &Open| waiting.iter().any(|task| task.number == open.number);
        let failed: Vec<u64> = self.open.iter().filter(|open| !waits(open)).map(|open| open.number).collect();
        for number in failed {
            self.settle(number, why.clone());
        }
        self.left.push(handle);
        self.left.retain(|left| !left.is_finished());
        (self.failures, self.why) = (self.failures + 1, Some(why));
        let again = self.failures <= MOST_RESTARTS && self.left.len() <= MOST_LEFT;
        self.thread = again.then(|| Thread::begin(&self.make, MOST_OPEN).ok()).flatten();
        for task in waiting {
            self.order(task);
        }
        if self.thread.is_some() { Life::Restarted } else { Life::Gone }
    }

    /// Takes back what waits, and answers what of it is not wanted any more.
    fn drop_waiting(&mut self, unwanted: impl Fn(&Job) -> bool) {
        let waiting = self.thread.as_ref().map(Thread::take_back).unwrap_or_default();
        for task in waiting {
            if unwanted(&task.job) {
                self.settle(task.number, TranscriptError::Cancelled);
            } else {
                self.order(task);
            }
        }
    }

    fn flag(&self, unwanted: impl Fn(&Open) -> bool) {
        self.open.iter().filter(|open| unwanted(open)).for_each(|open| open.cancel.cancel());
    }

    fn order(&mut self, task: Task) {
        let refused = match &self.thread {
            Some(thread) => thread.order(task).err().map(|task| (task, TranscriptError::Busy)),
            None => Some((task, self.why.clone().unwrap_or(TranscriptError::Gone))),
        };
        if let Some((task, why)) = refused {
            self.settle(task.number, why);
        }
    }

    /// Answers an open job as failed.
    fn settle(&mut self, number: u64, why: TranscriptError) {
        let Some(at) = self.open.iter().position(|open| open.number == number) else { return };
        let Open { utterance, kind, cancel, .. } = self.open.remove(at);
        cancel.cancel();
        self.answers.push_back(Heard { utterance, kind, result: Err(why), took_ms: 0 });
    }
}

impl Drop for Transcriber {
    fn drop(&mut self) {
        self.flag(|_| true);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use crossbeam_channel::{Receiver, Sender, bounded};

    use super::*;
    use crate::senses::transcript::Recogniser;

    /// What a recogniser of these tests does with its next sound.
    enum Does {
        Say(&'static str),
        Fail,
        Panic,
        /// Nothing, until it is cancelled.
        WaitForCancel,
        /// Nothing, whatever happens, until the test lets it go.
        Hang(Receiver<()>),
    }

    /// Does what it is told, one sound at a time, and tells when it begins.
    struct Told {
        orders: Receiver<Does>,
        begins: Sender<Vec<f32>>,
        takes: Duration,
        /// Closed when it is dropped.
        _alive: Sender<()>,
    }

    impl Recogniser for Told {
        fn transcribe(
            &mut self,
            sound: &[f32],
            lang: &str,
            cancel: &Cancel,
        ) -> Result<Transcript, TranscriptError> {
            self.begins.send(sound.to_vec()).ok();
            match self.orders.recv().expect("it is told what to do") {
                Does::Say(text) => Ok(Transcript {
                    text: text.to_owned(),
                    lang: Some(lang.to_owned()),
                    ..Transcript::default()
                }),
                Does::Fail => Err(TranscriptError::Whisper("it could not".to_owned())),
                Does::Panic => panic!("it breaks off, as this test wants it"),
                Does::WaitForCancel => {
                    while !cancel.is_cancelled() {
                        std::thread::yield_now();
                    }
                    Err(TranscriptError::Cancelled)
                }
                Does::Hang(until) => {
                    until.recv().ok();
                    Ok(Transcript { text: "late".to_owned(), ..Transcript::default() })
                }
            }
        }

        fn name(&self) -> String {
            "told".to_owned()
        }

        fn gives_partials(&self) -> bool {
            true
        }

        fn takes(&self) -> Duration {
            self.takes
        }
    }

    struct Room {
        transcriber: Transcriber,
        orders: Sender<Does>,
        begins: Receiver<Vec<f32>>,
        /// Says when every recogniser has been dropped.
        alive: Receiver<()>,
        made: Arc<AtomicU32>,
    }

    impl Room {
        fn new() -> Self {
            Self::slow(Duration::ZERO)
        }

        /// One that takes so long for even a short sound.
        fn slow(takes: Duration) -> Self {
            let (orders, told) = bounded(64);
            let (tell, begins) = bounded(64);
            let (breathe, alive) = bounded(1);
            let made = Arc::new(AtomicU32::new(0));
            let count = Arc::clone(&made);
            let make: Factory = Arc::new(move || {
                count.fetch_add(1, Ordering::SeqCst);
                let (orders, begins, alive) = (told.clone(), tell.clone(), breathe.clone());
                Ok(Box::new(Told { orders, begins, takes, _alive: alive }))
            });
            let transcriber = Transcriber::start(make, Limits::default()).expect("a thread");
            Self { transcriber, orders, begins, alive, made }
        }

        fn does(&self, what: Does) {
            self.orders.send(what).expect("there is room");
        }

        fn hears(&mut self, utterance: u64, kind: Kind, samples: usize) -> Result<(), TranscriptError> {
            let sound = vec![0.0; samples].into();
            self.transcriber.hear(Job {
                utterance: UtteranceId(utterance),
                sound,
                kind,
                lang: "en".to_owned(),
            })
        }

        /// Waits until it begins with a sound; how many samples it has.
        fn begins(&self) -> usize {
            self.begins.recv_timeout(Duration::from_secs(10)).expect("it begins").len()
        }

        /// The next answer: of which utterance and kind, and its words or what is said instead.
        fn answer(&mut self) -> (u64, Kind, Result<String, TranscriptError>) {
            let until = Instant::now() + Duration::from_secs(10);
            loop {
                if let Some(Heard { utterance, kind, result, .. }) = self.transcriber.poll() {
                    return (utterance.0, kind, result.map(|it| it.text));
                }
                assert!(Instant::now() < until, "no answer");
                std::thread::yield_now();
            }
        }

        /// Waits until something other than this is so of its life, at a moment so far from now.
        fn life(&mut self, later: Duration) -> Life {
            self.transcriber.overdue(Instant::now() + later)
        }

        /// Waits until its thread has ended by itself, and that is noticed.
        fn notices(&mut self) -> Life {
            let until = Instant::now() + Duration::from_secs(10);
            loop {
                match self.life(Duration::ZERO) {
                    Life::Well => assert!(Instant::now() < until, "nothing is noticed"),
                    life => return life,
                }
                std::thread::yield_now();
            }
        }
    }

    #[test]
    fn every_utterance_is_answered_in_its_order() {
        let mut room = Room::new();
        for utterance in 0..3 {
            room.does(Does::Say("I am here."));
            room.hears(utterance, Kind::Final, 16).expect("taken");
        }
        room.does(Does::Fail);
        room.hears(3, Kind::Final, 16).expect("taken");
        for utterance in 0..3 {
            assert_eq!(room.answer(), (utterance, Kind::Final, Ok("I am here.".to_owned())));
        }
        assert!(matches!(room.answer(), (3, Kind::Final, Err(TranscriptError::Whisper(_)))));
        assert!(room.transcriber.is_idle());
        let about = room.transcriber.about().expect("it is there");
        assert_eq!((about.name.as_str(), about.gives_partials), ("told", true));
    }

    #[test]
    fn a_newer_partial_takes_the_place_of_one_that_waits() {
        let mut room = Room::new();
        room.hears(1, Kind::Partial, 10).expect("taken");
        assert_eq!(room.begins(), 10);
        room.hears(1, Kind::Partial, 20).expect("taken");
        room.hears(1, Kind::Partial, 30).expect("taken");
        assert_eq!(room.answer(), (1, Kind::Partial, Err(TranscriptError::Cancelled)));
        room.does(Does::Say("I"));
        room.does(Does::Say("I am"));
        assert_eq!(room.answer(), (1, Kind::Partial, Ok("I".to_owned())));
        assert_eq!(room.begins(), 30);
        assert_eq!(room.answer(), (1, Kind::Partial, Ok("I am".to_owned())));
    }

    #[test]
    fn all_of_an_utterance_cancels_the_words_so_far() {
        let mut room = Room::new();
        room.does(Does::WaitForCancel);
        room.does(Does::Say("I am here."));
        room.hears(1, Kind::Partial, 10).expect("taken");
        room.begins();
        room.hears(1, Kind::Partial, 20).expect("taken");
        room.hears(1, Kind::Final, 30).expect("taken");
        assert_eq!(room.answer(), (1, Kind::Partial, Err(TranscriptError::Cancelled)));
        assert_eq!(room.answer(), (1, Kind::Partial, Err(TranscriptError::Cancelled)));
        assert_eq!(room.begins(), 30);
        assert_eq!(room.answer(), (1, Kind::Final, Ok("I am here.".to_owned())));
    }

    #[test]
    fn an_utterance_that_is_cancelled_is_answered_as_that_and_the_next_is_not_held_up() {
        let mut room = Room::new();
        room.does(Does::WaitForCancel);
        room.does(Does::Say("next"));
        room.hears(1, Kind::Final, 10).expect("taken");
        room.begins();
        room.hears(1, Kind::Final, 10).expect("taken");
        room.hears(2, Kind::Final, 10).expect("taken");
        room.transcriber.cancel(UtteranceId(1));
        let answers = [room.answer(), room.answer(), room.answer()];
        let cancelled = (1, Kind::Final, Err(TranscriptError::Cancelled));
        assert_eq!(answers, [cancelled.clone(), cancelled, (2, Kind::Final, Ok("next".to_owned()))]);
    }

    /// A9: what makes the words hangs.
    #[test]
    fn one_that_hangs_is_left_behind_and_its_late_answer_is_nobody_s() {
        let mut room = Room::new();
        let (let_go, hang) = bounded(1);
        room.does(Does::Hang(hang));
        room.hears(1, Kind::Final, 16_000).expect("taken");
        room.begins();
        room.hears(2, Kind::Final, 16).expect("taken");
        // Two seconds, and two more for a second of sound.
        assert_eq!(room.life(Duration::from_millis(3_800)), Life::Well);
        assert_eq!(room.life(Duration::from_millis(4_100)), Life::Restarted);
        assert_eq!(room.answer(), (1, Kind::Final, Err(TranscriptError::Late)));
        assert_eq!(room.begins(), 16);
        room.does(Does::Say("next"));
        assert_eq!(room.answer(), (2, Kind::Final, Ok("next".to_owned())));
        let_go.send(()).expect("it hangs");
        room.does(Does::Say("and on"));
        room.hears(3, Kind::Final, 16).expect("taken");
        assert_eq!(room.answer(), (3, Kind::Final, Ok("and on".to_owned())));
        assert_eq!((room.transcriber.poll(), room.made.load(Ordering::SeqCst)), (None, 2));
    }

    #[test]
    fn one_that_is_slow_by_itself_is_not_taken_to_hang() {
        let mut room = Room::slow(Duration::from_secs(3));
        room.hears(1, Kind::Final, 16_000).expect("taken");
        room.begins();
        assert_eq!(room.life(Duration::from_millis(9_800)), Life::Well);
        assert_eq!(room.life(Duration::from_millis(10_100)), Life::Restarted);
        room.does(Does::Say("late"));
    }

    #[test]
    fn an_answer_that_comes_late_and_before_that_is_noticed_is_an_answer() {
        let mut room = Room::new();
        room.does(Does::Say("late"));
        room.hears(1, Kind::Final, 16).expect("taken");
        room.begins();
        let until = Instant::now() + Duration::from_secs(10);
        while !matches!(room.transcriber.thread.as_ref().map(Thread::work), Some(Work::Nothing)) {
            assert!(Instant::now() < until, "it does not come to an end");
            std::thread::yield_now();
        }
        assert_eq!(room.life(Duration::from_secs(3_600)), Life::Well);
        assert_eq!(room.answer(), (1, Kind::Final, Ok("late".to_owned())));
    }

    /// A9: what makes the words breaks off.
    #[test]
    fn one_that_breaks_off_is_begun_anew_and_what_waited_is_heard() {
        let mut room = Room::new();
        room.does(Does::Panic);
        room.hears(1, Kind::Final, 10).expect("taken");
        room.hears(2, Kind::Final, 20).expect("taken");
        room.begins();
        assert_eq!(room.notices(), Life::Restarted);
        room.does(Does::Say("next"));
        assert_eq!(room.answer(), (1, Kind::Final, Err(TranscriptError::Broke)));
        assert_eq!(room.answer(), (2, Kind::Final, Ok("next".to_owned())));
    }

    #[test]
    fn after_three_restarts_in_a_row_it_is_gone_and_nothing_is_left_without_an_answer() {
        let mut room = Room::new();
        for restart in 0..3 {
            room.does(Does::Panic);
            room.hears(restart, Kind::Final, 10).expect("taken");
            assert_eq!(room.notices(), Life::Restarted);
            assert_eq!(room.answer(), (restart, Kind::Final, Err(TranscriptError::Broke)));
        }
        room.does(Does::Panic);
        room.hears(3, Kind::Final, 10).expect("taken");
        room.hears(4, Kind::Final, 10).expect("taken");
        assert_eq!(room.notices(), Life::Gone);
        for utterance in [3, 4] {
            assert_eq!(room.answer(), (utterance, Kind::Final, Err(TranscriptError::Broke)));
        }
        assert_eq!(room.hears(9, Kind::Final, 10), Err(TranscriptError::Gone));
        assert_eq!(room.life(Duration::ZERO), Life::Gone);
        assert_eq!((room.transcriber.why(), room.transcriber.beat()), (Some(&TranscriptError::Broke), None));
    }

    #[test]
    fn an_answer_in_between_makes_it_three_more() {
        let mut room = Room::new();
        for utterance in 0..5 {
            room.does(Does::Panic);
            room.hears(utterance, Kind::Final, 10).expect("taken");
            assert_eq!(room.notices(), Life::Restarted);
            assert_eq!(room.answer().2, Err(TranscriptError::Broke));
            room.does(Does::Say("there"));
            room.hears(utterance, Kind::Final, 10).expect("taken");
            assert_eq!(room.answer().2, Ok("there".to_owned()));
        }
    }

    #[test]
    fn no_more_than_three_threads_hang_at_a_time() {
        let mut room = Room::new();
        let mut hanging = Vec::new();
        for utterance in 0..4 {
            let (let_go, hang) = bounded::<()>(0);
            room.does(Does::Hang(hang));
            room.hears(utterance, Kind::Final, 10).expect("taken");
            room.begins();
            let life = room.life(Duration::from_secs(60));
            assert_eq!(room.answer().2, Err(TranscriptError::Late));
            hanging.push(let_go);
            if utterance == 3 {
                assert_eq!(life, Life::Gone);
            } else {
                assert_eq!(life, Life::Restarted);
                room.does(Does::Say("there"));
                room.hears(utterance, Kind::Final, 10).expect("taken");
                room.begins();
                assert_eq!(room.answer().2, Ok("there".to_owned()));
            }
        }
    }

    #[test]
    fn one_that_cannot_be_made_is_tried_again_and_then_said() {
        let gone = TranscriptError::Model { path: "none.bin".into(), why: "it is not there".to_owned() };
        let why = gone.clone();
        let make: Factory = Arc::new(move || Err(why.clone()));
        let mut transcriber = Transcriber::start(make, Limits::default()).expect("a thread");
        let job =
            Job { utterance: UtteranceId(1), sound: Arc::new([0.0]), kind: Kind::Final, lang: String::new() };
        transcriber.hear(job).expect("taken");
        let until = Instant::now() + Duration::from_secs(10);
        while transcriber.overdue(Instant::now()) != Life::Gone {
            assert!(Instant::now() < until, "it is never gone");
            std::thread::yield_now();
        }
        assert_eq!(transcriber.poll().map(|heard| heard.result), Some(Err(gone.clone())));
        assert_eq!(transcriber.why(), Some(&gone));
    }

    #[test]
    fn too_much_is_refused_until_answers_are_fetched() {
        let mut room = Room::new();
        room.hears(0, Kind::Final, 10).expect("taken");
        room.begins();
        for utterance in 1..16 {
            room.hears(utterance, Kind::Final, 10).expect("taken");
        }
        assert_eq!(room.hears(16, Kind::Final, 10), Err(TranscriptError::Busy));
        (0..16).for_each(|_| room.does(Does::Say("there")));
        for _ in 1..16 {
            room.begins();
        }
        assert_eq!(room.hears(16, Kind::Final, 10), Err(TranscriptError::Busy));
        assert_eq!(room.answer().0, 0);
        assert_eq!(room.hears(16, Kind::Final, 10), Ok(()));
    }

    #[test]
    fn it_beats_while_it_waits() {
        let room = Room::new();
        let first = room.transcriber.beat();
        let until = Instant::now() + Duration::from_secs(10);
        while room.transcriber.beat() <= first {
            assert!(Instant::now() < until, "it does not beat");
            std::thread::yield_now();
        }
    }

    #[test]
    fn dropping_it_ends_its_thread_within_a_fifth_of_a_second() {
        for at_work in [false, true] {
            let mut room = Room::new();
            if at_work {
                room.does(Does::WaitForCancel);
                room.hears(1, Kind::Final, 10).expect("taken");
                room.begins();
                room.hears(2, Kind::Final, 10).expect("taken");
            }
            let Room { transcriber, alive, .. } = room;
            let dropped = Instant::now();
            drop(transcriber);
            let ended = alive.recv_timeout(Duration::from_secs(10));
            assert_eq!(ended, Err(crossbeam_channel::RecvTimeoutError::Disconnected));
            assert!(dropped.elapsed() < Duration::from_millis(200), "{:?}", dropped.elapsed());
        }
    }
}
