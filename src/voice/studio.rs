//! Where sentences become sound: a thread that speaks one after another, ahead of what is heard.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::OwnVoice;
use super::character;
use super::level::{self, Levels};
use super::player::Ducking;
use super::replay;
use super::speech::{Sentence, Speech, Synthesizer, VoiceError};
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::ids::LineId;
use crate::dialogue::strength::Strength;

/// A piece of a line that is to be spoken.
#[derive(Clone, Debug)]
pub struct Order {
    /// Of which line.
    pub line: LineId,
    /// Which of its pieces.
    pub number: usize,
    /// The words.
    pub text: String,
    /// Who speaks.
    pub agent: Agent,
    /// How.
    pub manner: Manner,
    /// BCP 47 language.
    pub lang: String,
    /// How strong the Devil is.
    pub strength: Strength,
    /// The person's own voice in these words: then nobody else speaks them.
    pub own: Option<OwnVoice>,
}

/// What has become of an order.
pub struct Made {
    /// Of which line.
    pub line: LineId,
    /// Which of its pieces.
    pub number: usize,
    /// The sound.
    pub speech: Result<Arc<Speech>, VoiceError>,
}

/// So many pieces may be ordered at once: more than any line has.
pub(super) const MOST_ORDERS: usize = 32;

/// Speaks what is ordered.
pub struct Studio {
    orders: Sender<Order>,
    made: Receiver<Made>,
    /// The line that is wanted; what was ordered for another is left out.
    wanted: Arc<AtomicU64>,
    name: String,
}

impl Studio {
    /// With this synthesiser. `person` knows how loud the person is: the Devil is no louder.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(synthesizer: Box<dyn Synthesizer>, levels: Levels, person: Ducking) -> std::io::Result<Self> {
        let (orders, to_do) = bounded(MOST_ORDERS);
        let (tell, made) = bounded(MOST_ORDERS);
        let (wanted, name) = (Arc::new(AtomicU64::new(0)), synthesizer.name());
        let line = Arc::clone(&wanted);
        let work = move || work(synthesizer, (levels, &person), &to_do, &tell, &line);
        crate::thread::spawn("voice", work)?;
        Ok(Self { orders, made, wanted, name })
    }

    /// What speaks, in plain words.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Only this line is wanted from now on.
    pub fn want(&self, line: LineId) {
        self.wanted.store(line.0, Ordering::Relaxed);
    }

    /// Orders a piece; false when too much was ordered already, or the studio is gone.
    #[must_use]
    pub fn order(&self, order: Order) -> bool {
        match self.orders.try_send(order) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        }
    }

    /// What has been made since; none where nothing has.
    #[must_use]
    pub fn made(&self) -> Option<Made> {
        self.made.try_recv().ok()
    }
}

fn work(
    mut synthesizer: Box<dyn Synthesizer>,
    (levels, person): (Levels, &Ducking),
    orders: &Receiver<Order>,
    made: &Sender<Made>,
    wanted: &AtomicU64,
) {
    for order in orders {
        if wanted.load(Ordering::Relaxed) != order.line.0 {
            continue;
        }
        if let Some(own) = &order.own {
            let speech = replay::speech(own, &order.text).map(Arc::new);
            if made.send(Made { line: order.line, number: order.number, speech }).is_err() {
                return;
            }
            continue;
        }
        let sentence = Sentence {
            text: &order.text,
            agent: order.agent,
            manner: order.manner,
            lang: &order.lang,
            strength: order.strength,
        };
        let speech = synthesizer.speak(&sentence).map(|mut speech| {
            character::dress(&mut speech, &sentence, synthesizer.is_natural());
            level::level(&mut speech, levels.below_person(person.person()).of(&sentence));
            Arc::new(speech)
        });
        if made.send(Made { line: order.line, number: order.number, speech }).is_err() {
            return;
        }
    }
}
