//! The timings of a round, in milliseconds (`voice.md` 1 of the design's reference).

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::ids::Millis;

/// How long the thought of a round waits for its scene to be written, while both are prepared.
pub const SCENE_ALONE: Millis = Millis(100);
/// From the scene to the Devil's thought.
pub const SCENE: Millis = Millis(6_000);
/// After a scene has been read, before anybody speaks.
pub const AFTER_SCENE: Millis = Millis(800);
/// After the Devil's thought: nothing, and the Patient curls.
pub const AFTER_THOUGHT: Millis = Millis(2_000);
/// After what the Patient needs, before the turn is the person's: it looks at them.
pub const LOOK: Millis = Millis(700);
/// Silence before the hint, when the person speaks.
pub const HINT_SPEAKING: Millis = Millis(8_000);
/// Silence before the hint, when they type.
pub const HINT_TYPING: Millis = Millis(15_000);
/// How much later the hint comes when they have turned away: at 14 seconds for 8.
pub const HINT_TURNED_AWAY: Millis = Millis(6_000);
/// Before the hint that follows words which went past the Patient.
pub const HINT_AFTER_MISS: Millis = Millis(1_500);
/// Silence before "You can also just stay."
pub const STAY: Millis = Millis(25_000);
/// Silence before the Patient goes on by itself.
pub const GO_ON: Millis = Millis(45_000);
/// Silence that counts as a turn.
pub const SILENT_TURN: Millis = Millis(90_000);
/// How long a person counts as composing after the last key or sound.
pub const COMPOSING: Millis = Millis(20_000);
/// How long words that were heard stand before they count. It is the first part of the breath.
pub const HEARD_STANDS: Millis = Millis(900);
/// How long after a line the microphone may still hear it.
pub const ECHOES: Millis = Millis(3_000);
/// Shortest breath before the Patient answers. Never none: instant solace is a vending machine.
pub const BREATH_SHORTEST: u64 = 900;
/// Longest breath.
pub const BREATH_LONGEST: u64 = 1_800;
/// The breath after raw words.
pub const BREATH_RAW: Millis = Millis(2_500);
/// From the end of the answer to what it does in the room.
pub const BEFORE_CHANGE: Millis = Millis(1_500);
/// From there to the Guide.
pub const BEFORE_FEEDBACK: Millis = Millis(1_000);
/// In the Patient's place, before anything happens. In a headset, where there is a body to get used to, it is longer.
pub const SETTLES: Millis = Millis(8_000);
/// Between two clauses that one hears of oneself.
pub const BETWEEN_CLAUSES: Millis = Millis(1_500);
/// No utterance is longer, with what comes before it and behind it.
pub const LONGEST_SAID: Millis = Millis(62_000);
/// After the last of them.
pub const STAYS_STILL: Millis = Millis(8_000);
/// How long a question in the change of places stands.
pub const ANSWERS: Millis = Millis(20_000);
/// Silence after which somebody whose time is over is not about to speak.
pub const LAST_MOMENT: Millis = Millis(8_000);
/// How long a visit is held by whoever is in it. Then it closes: they have gone, and somebody else waits.
pub const PAUSED: Millis = Millis(180_000);
/// The same where whoever looks after the room holds it.
pub const HELD: Millis = Millis(600_000);
/// Quiet at the end of a round.
pub const QUIET: Millis = Millis(3_000);
/// How long the session waits for an answer: longer than a cast may take to try, and to have it taken over.
pub const ASK: Millis = Millis(24_000);
/// How long a transcript that would stop the room may stand before it is taken as said.
pub const SUSPECT_SPOKEN: Millis = Millis(2_000);
/// The same for words that are typed and not sent.
pub const SUSPECT_TYPED: Millis = Millis(10_000);
/// How long the plain question has to be there before a no can be an answer to it.
pub const TAKEN_IN: Millis = Millis(1_500);
/// Silence after the plain question that is taken as no clear no: long enough to read it twice, and to think. The Devil is silent
/// from the first second of it.
pub const CHECK_IN: Millis = Millis(20_000);
/// How long the card waits before the evening is over behind it. The card itself stays.
pub const CARD: Millis = Millis(600_000);
/// How late a face acts.
pub const FACE_DELAY: Millis = Millis(1_000);
/// How long a hushed line may take to tell its end.
pub const HUSHED: Millis = Millis(2_000);
/// Between two lines of one speaker.
pub const BETWEEN_LINES: Millis = Millis(350);

/// The breath before the Patient answers a turn that was not raw, [`BREATH_SHORTEST`] to [`BREATH_LONGEST`]: the same in every
/// evening with this seed.
#[must_use]
pub fn breath(seed: u64, turn: u32) -> Millis {
    let mut rng = Pcg64Mcg::seed_from_u64(seed ^ (u64::from(turn) << 32));
    Millis(rng.random_range(BREATH_SHORTEST..=BREATH_LONGEST))
}

/// How long a line takes to be spoken or read in peace: 60 ms a character and a moment to begin.
#[must_use]
pub fn reading_time(text: &str) -> Millis {
    Millis(600 + 60 * text.chars().count() as u64)
}

/// How many characters of a line are heard after `elapsed`, up to the end of a word.
#[must_use]
pub fn heard_after(text: &str, elapsed: Millis) -> usize {
    let spoken = (elapsed.0.saturating_sub(600) / 60) as usize;
    let total = text.chars().count();
    if spoken >= total {
        return total;
    }
    if spoken == 0 {
        return 0;
    }
    let rest = text.chars().skip(spoken).take_while(|c| !c.is_whitespace()).count();
    (spoken + rest).min(total)
}
