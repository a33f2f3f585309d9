//! One small picture an utterance, for a model on the person's own server: when it may be taken, who asks, and whether anybody
//! still waits for the answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::runtime::Builder;

use crate::dialogue::Input;
use crate::dialogue::input::Health;
use crate::net::chat::Jpeg;
use crate::net::client::{Client, Limits, Piece};
use crate::net::{NetError, Severity, Stage, discover};
use crate::senses::face::portrait::{caption, question};

/// An utterance has lasted so long before a picture of it is taken.
pub(super) const LASTED: Duration = Duration::from_millis(1_200);
/// An answer takes no longer than this.
const LONGEST: Duration = Duration::from_secs(4);
const LIMITS: Limits =
    Limits { connect: Limits::TURN.connect, first_token: LONGEST, idle: LONGEST, turn: LONGEST };
/// How often it is looked whether the answer is still wanted.
const LOOK: Duration = Duration::from_millis(20);
/// The most bytes of an answer that are read: a caption has a hundred and twenty.
const MOST_ANSWER: usize = 600;

/// A server of the person's own whose model can see.
#[derive(Clone, Debug)]
pub struct Vision {
    /// It.
    pub client: Client,
    /// Its model; none for its first.
    pub model: Option<String>,
}

/// What there is to know of the utterance that is being made.
#[derive(Default)]
struct Sitting {
    /// Whether the person allows it now, and everything that it needs.
    allowed: bool,
    /// The number of the utterance, and when it began; none where none is being made that could be seen.
    utterance: Option<(u64, Duration)>,
    /// Whether a picture was taken since they last said something.
    taken: bool,
    /// What came back about it.
    caption: Option<String>,
    /// How many utterances were begun.
    begun: u64,
}

/// The same for everybody who has to do with it.
#[derive(Clone, Default)]
pub(super) struct Sitter(Arc<Mutex<Sitting>>);

impl Sitter {
    fn lock(&self) -> MutexGuard<'_, Sitting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is allowed from now on. What was asked before a no is not waited for.
    pub(super) fn allow(&self, allowed: bool) {
        let mut sitting = self.lock();
        sitting.allowed = allowed;
        if !allowed {
            (sitting.utterance, sitting.caption) = (None, None);
        }
    }

    /// An utterance begins.
    pub(super) fn begin(&self, at: Duration) {
        let mut sitting = self.lock();
        sitting.begun += 1;
        sitting.caption = None;
        sitting.utterance = sitting.allowed.then_some((sitting.begun, at));
    }

    /// It was taken back. A picture that was taken of it stays the only one until something is said.
    pub(super) fn forget(&self) {
        let mut sitting = self.lock();
        (sitting.utterance, sitting.caption) = (None, None);
    }

    /// It is over: what came back in time.
    pub(super) fn finish(&self) -> Option<String> {
        let mut sitting = self.lock();
        (sitting.utterance, sitting.taken) = (None, false);
        sitting.caption.take()
    }

    /// The number of the utterance of which a picture may be taken now.
    fn due(&self, now: Duration) -> Option<u64> {
        let sitting = self.lock();
        let (number, begun) = sitting.utterance.filter(|_| sitting.allowed && !sitting.taken)?;
        (now.saturating_sub(begun) >= LASTED).then_some(number)
    }

    /// A picture of this utterance was taken.
    fn takes(&self, number: u64) {
        let mut sitting = self.lock();
        sitting.taken |= sitting.utterance.is_some_and(|(now, _)| now == number);
    }

    /// Whether an answer about this utterance is still of use.
    fn waits(&self, number: u64) -> bool {
        let sitting = self.lock();
        sitting.allowed && sitting.utterance.is_some_and(|(now, _)| now == number)
    }

    /// What came back about it, where it is still of use.
    fn answered(&self, number: u64, caption: String) {
        let mut sitting = self.lock();
        if sitting.allowed && sitting.utterance.is_some_and(|(now, _)| now == number) {
            sitting.caption = Some(caption);
        }
    }
}

/// A picture, and the number of its utterance.
type Taken = (u64, Jpeg);

/// Where pictures go. Who asks is gone with it.
pub(super) struct Studio {
    sitter: Sitter,
    pictures: Sender<Taken>,
}

impl Studio {
    /// Starts the thread that asks.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn open(vision: Vision, sitter: Sitter, tell: Sender<Input>) -> std::io::Result<Self> {
        let (pictures, taken) = bounded(1);
        let asks = Asks { vision, sitter: sitter.clone(), tell, told: false, given_up: false };
        crate::thread::spawn("portrait", move || asks.run(&taken))?;
        Ok(Self { sitter, pictures })
    }

    /// Takes a picture, where one is due.
    pub(super) fn take(&self, now: Duration, picture: impl FnOnce() -> Option<Jpeg>) {
        // Nobody else puts anything there, so that there is room when the picture is made.
        let Some(number) = self.sitter.due(now).filter(|_| !self.pictures.is_full()) else { return };
        let Some(picture) = picture() else { return };
        self.sitter.takes(number);
        // Where nobody asks any more, that was said.
        if self.pictures.try_send((number, picture)).is_err() {}
    }
}

/// Who asks the server.
struct Asks {
    vision: Vision,
    sitter: Sitter,
    tell: Sender<Input>,
    /// Whether it was told that it fails.
    told: bool,
    /// Whether it fails for good, so that it is sent no more pictures.
    given_up: bool,
}

impl Asks {
    /// Until nobody takes pictures any more.
    fn run(mut self, taken: &Receiver<Taken>) {
        for (number, picture) in taken {
            if self.given_up || !self.sitter.waits(number) {
                continue;
            }
            match self.ask(number, picture) {
                Ok(None) => {}
                Err(error) => {
                    self.given_up = error.severity() == Severity::Permanent;
                    self.tell_of(&reason(&error));
                }
                Ok(Some(answer)) => match caption(&answer) {
                    Some(caption) => self.sitter.answered(number, caption),
                    None => self.tell_of("its answer was not the careful line that was asked for"),
                },
            }
        }
    }

    /// The answer about a picture; none where nobody waits for it any more. Each picture has a runtime of its own, with which
    /// its connection ends.
    fn ask(&mut self, number: u64, picture: Jpeg) -> Result<Option<String>, NetError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| NetError::Unreachable(error.to_string()))?;
        let asked = runtime.block_on(async {
            tokio::select! {
                answer = ask(&mut self.vision, picture) => answer.map(Some),
                () = unwanted(&self.sitter, number) => Ok(None),
            }
        });
        runtime.shutdown_background();
        asked
    }

    /// Once an evening.
    fn tell_of(&mut self, why: &str) {
        let news = !std::mem::replace(&mut self.told, true);
        let state = Health::Gone(why.to_owned());
        if news && self.tell.try_send(Input::Health { part: "portrait".to_owned(), state }).is_err() {}
    }
}

/// Comes back once nobody waits for this answer any more.
async fn unwanted(sitter: &Sitter, number: u64) {
    while sitter.waits(number) {
        tokio::time::sleep(LOOK).await;
    }
}

async fn ask(vision: &mut Vision, picture: Jpeg) -> Result<String, NetError> {
    let late = |_late| NetError::TimedOut(Stage::Turn);
    tokio::time::timeout(LONGEST, answer(vision, picture)).await.map_err(late)?
}

async fn answer(vision: &mut Vision, picture: Jpeg) -> Result<String, NetError> {
    let model = match &vision.model {
        Some(model) => model.clone(),
        None => vision.model.insert(discover::first_model(&vision.client).await?).clone(),
    };
    let mut answer = String::new();
    let heard = |piece: Piece<'_>| {
        piece.add_to(&mut answer);
        answer.len() <= MOST_ANSWER
    };
    vision.client.chat(&question(picture), &model, LIMITS, heard).await?;
    Ok(answer)
}

/// Why it failed, without a word of the server's: it may send back what it was sent, and that is a picture.
fn reason(error: &NetError) -> String {
    match error {
        NetError::Status { status, .. } => format!("the server answered {status}"),
        NetError::InStream(_) | NetError::Malformed(_) | NetError::TooMuch(_) | NetError::NoChatServer(_) => {
            "its answer could not be read".to_owned()
        }
        error => error.to_string(),
    }
}
