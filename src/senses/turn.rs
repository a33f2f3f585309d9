//! When somebody begins to speak, whether they meant to, and when they have finished: a state machine on frames, with no
//! clock of its own.
//!
//! A voice is an onset at once, so that whoever speaks in the room can lower theirs. It is an interruption once it has lasted;
//! a hum of assent, a cough or a door is over before that, and what was said goes on. The end of an utterance is waited for
//! longer where a thought is still open than where a sentence is finished.

use super::patience::Patience;
use crate::sound::samples;

/// How long things take, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// A voice is an onset once it has lasted so long.
    pub onset_ms: u32,
    /// While a figure speaks it interrupts once it has lasted so long: hums of assent are shorter.
    pub interrupts_ms: u32,
    /// So much of the sound before the onset belongs to the utterance, so that no first syllable is lost.
    pub before_ms: u32,
    /// After so long an utterance is taken as finished, whatever is still said.
    pub longest_ms: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { onset_ms: 64, interrupts_ms: 500, before_ms: 600, longest_ms: 60_000 }
    }
}

/// What happened with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A voice: whoever speaks lowers theirs. In samples since the beginning, with what came before the onset.
    Onset {
        /// From where on it belongs to the utterance.
        from: u64,
    },
    /// It is meant: whoever speaks stops after their word. Without anybody speaking this comes with the onset.
    Meant,
    /// It was no interruption: what was said goes on.
    FalseOnset,
    /// The utterance is over.
    Over {
        /// Its first sample.
        from: u64,
        /// The first sample after the last voice in it.
        to: u64,
    },
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Quiet,
    /// A voice since here, which is no onset yet.
    Stirring {
        since: u64,
    },
    /// Somebody speaks since here, and was heard last before there.
    Speaking {
        since: u64,
        heard: u64,
        meant: bool,
    },
}

/// Takes turns with the person.
#[derive(Clone, Debug)]
pub struct TurnTaking {
    pace: Pace,
    /// From this likelihood on a frame has a voice in it, and below that one it has none.
    limits: (f32, f32),
    frame: u64,
    at: u64,
    patience: Patience,
    standing: Standing,
    /// The last utterance ended here: nothing before it is given out again.
    given: u64,
    /// For how many samples on end there is a voice by now, and the most of that since it began: what is shorter than a
    /// syllable, a plucked string or a creak, is no utterance.
    run: (u64, u64),
    /// The key to talk is held down: no silence ends the utterance.
    held: bool,
}

impl TurnTaking {
    /// For frames of so many samples, in which a voice is likely from `on` on and unlikely below `off`.
    #[must_use]
    pub fn new(pace: Pace, frame: usize, (on, off): (f32, f32)) -> Self {
        Self {
            pace,
            limits: (on, off),
            frame: frame as u64,
            at: 0,
            patience: Patience::UNKNOWN,
            standing: Standing::Quiet,
            given: 0,
            run: (0, 0),
            held: false,
        }
    }

    /// From which sample on somebody speaks; none where nobody does.
    #[must_use]
    pub fn speaks_since(&self) -> Option<u64> {
        let Standing::Speaking { since, .. } = self.standing else { return None };
        Some(self.from(since))
    }

    /// What is known of the words by now changes how long a silence is waited for.
    pub fn wait(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// The words are known to be a hum of assent: they interrupt nobody.
    pub fn assents(&mut self) -> Option<Turn> {
        let Standing::Speaking { meant: false, .. } = self.standing else { return None };
        self.standing = Standing::Quiet;
        Some(Turn::FalseOnset)
    }

    /// The person has pushed the key to talk: they speak, whatever is heard, and they mean it.
    pub fn push_to_talk(&mut self) -> [Option<Turn>; 2] {
        self.held = true;
        match self.standing {
            Standing::Speaking { meant: true, .. } => [None, None],
            Standing::Speaking { since, heard, meant: false } => {
                self.standing = Standing::Speaking { since, heard, meant: true };
                [Some(Turn::Meant), None]
            }
            Standing::Quiet | Standing::Stirring { .. } => {
                [Some(self.onset(self.at, true)), Some(Turn::Meant)]
            }
        }
    }

    /// They have let go of it: that was all.
    pub fn let_go(&mut self) -> Option<Turn> {
        self.held = false;
        let Standing::Speaking { since, .. } = self.standing else { return None };
        Some(self.over(since, self.at))
    }

    /// Takes the next frame: how likely there is a voice in it, and whether a figure speaks meanwhile. At most two things
    /// happen with one frame.
    pub fn push(&mut self, speech: f32, figure_speaks: bool) -> [Option<Turn>; 2] {
        let here = self.at;
        self.at += self.frame;
        let (on, off) = self.limits;
        let most = if self.standing == Standing::Quiet { 0 } else { self.run.1 };
        let run = if speech >= on { self.run.0 + self.frame } else { 0 };
        self.run = (run, run.max(most));
        match self.standing {
            // What was too long for one utterance goes on in the next.
            Standing::Quiet if self.held => [Some(self.onset(here, true)), Some(Turn::Meant)],
            Standing::Quiet if speech >= on => {
                self.standing = Standing::Stirring { since: here };
                self.stir(here, speech, figure_speaks)
            }
            Standing::Quiet => [None, None],
            Standing::Stirring { since } if speech >= off => self.stir(since, speech, figure_speaks),
            Standing::Stirring { .. } => {
                self.standing = Standing::Quiet;
                [None, None]
            }
            Standing::Speaking { since, heard, meant } => {
                let heard = if speech >= off { self.at } else { heard };
                self.speak(since, heard, meant, figure_speaks)
            }
        }
    }

    fn stir(&mut self, since: u64, speech: f32, figure_speaks: bool) -> [Option<Turn>; 2] {
        // Whoever speaks into a figure's line is to hear it lowered at once.
        let certain = figure_speaks && speech >= CERTAIN;
        if !certain && self.at - since < samples(self.pace.onset_ms) {
            return [None, None];
        }
        let meant = self.is_voice() && !figure_speaks;
        [Some(self.onset(since, meant)), meant.then_some(Turn::Meant)]
    }

    fn onset(&mut self, since: u64, meant: bool) -> Turn {
        self.patience = Patience::UNKNOWN;
        self.standing = Standing::Speaking { since, heard: self.at, meant };
        Turn::Onset { from: self.from(since) }
    }

    fn speak(&mut self, since: u64, heard: u64, meant: bool, figure_speaks: bool) -> [Option<Turn>; 2] {
        let lasts = heard - since;
        let lasted = !figure_speaks || lasts >= samples(self.pace.interrupts_ms);
        let now_meant = meant || (self.is_voice() && lasted);
        self.standing = Standing::Speaking { since, heard, meant: now_meant };
        let silence = self.at - heard;
        if !now_meant && silence >= samples(GONE_MS) {
            self.standing = Standing::Quiet;
            return [Some(Turn::FalseOnset), None];
        }
        let becomes = (now_meant && !meant).then_some(Turn::Meant);
        let ends = (silence + samples(LINGERS_MS) >= samples(self.patience.0) && !self.held)
            || self.at - since >= samples(self.pace.longest_ms);
        [becomes, (now_meant && ends).then(|| self.over(since, heard))]
    }

    fn over(&mut self, since: u64, heard: u64) -> Turn {
        let from = self.from(since);
        self.standing = Standing::Quiet;
        self.given = heard;
        Turn::Over { from, to: heard }
    }

    fn is_voice(&self) -> bool {
        self.run.1 >= samples(SYLLABLE_MS)
    }

    fn from(&self, since: u64) -> u64 {
        since.saturating_sub(samples(self.pace.before_ms)).max(self.given)
    }
}

/// From this likelihood on a voice is taken for one with its first frame.
pub const CERTAIN: f32 = 0.8;

/// A detector hears a voice for so long after it has ended, the rest of its last frame and the next two, in milliseconds. A
/// silence is waited for from where the voice ended; `inner-room bench speech` measures it.
const LINGERS_MS: u32 = 96;

/// So long a voice lasts on end that says something, in milliseconds.
const SYLLABLE_MS: u32 = 220;

/// A voice that has not become an interruption is gone after so long a silence, in milliseconds.
const GONE_MS: u32 = 250;

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of 32 ms.
    const FRAME: usize = 512;

    struct Room {
        turns: TurnTaking,
        figure_speaks: bool,
        /// When things happened, in milliseconds, and what.
        told: Vec<(u64, Turn)>,
    }

    impl Room {
        fn new() -> Self {
            let turns = TurnTaking::new(Pace::default(), FRAME, (0.5, 0.35));
            Self { turns, figure_speaks: false, told: Vec::new() }
        }

        fn hears(&mut self, speech: f32, ms: u64) -> &mut Self {
            for _ in 0..ms / 32 {
                let happened = self.turns.push(speech, self.figure_speaks);
                let now = self.turns.at / 16;
                self.told.extend(happened.into_iter().flatten().map(|turn| (now, turn)));
            }
            self
        }

        fn kinds(&self) -> Vec<Turn> {
            self.told.iter().map(|(_, turn)| *turn).collect()
        }
    }

    #[test]
    fn an_utterance_begins_before_its_first_sound_and_ends_with_its_last() {
        let mut room = Room::new();
        room.hears(0.0, 3_200).hears(0.9, 1_600).hears(0.0, 3_200);
        let [(at, Turn::Onset { from }), (_, Turn::Meant), (over, Turn::Over { from: again, to })] =
            room.told[..]
        else {
            panic!("{:?}", room.told)
        };
        assert_eq!((from, again, to), (2_600 * 16, 2_600 * 16, 4_800 * 16));
        let waited = over - 4_800 + u64::from(LINGERS_MS);
        assert!(at - 3_200 <= 64 && (1_200..=1_232).contains(&waited), "{at}, {over}");
    }

    #[test]
    fn a_click_is_nothing() {
        let mut room = Room::new();
        room.hears(0.0, 640).hears(0.99, 32).hears(0.0, 2_000);
        assert_eq!(room.kinds(), []);
    }

    #[test]
    fn what_is_shorter_than_a_syllable_is_no_utterance_however_often_it_comes() {
        let mut room = Room::new();
        for _ in 0..6 {
            room.hears(0.95, 160).hears(0.1, 640);
        }
        let kinds = room.kinds();
        assert!(
            !kinds.is_empty() && kinds.iter().all(|it| matches!(it, Turn::Onset { .. } | Turn::FalseOnset)),
            "{kinds:?}"
        );
    }

    #[test]
    fn a_pause_inside_a_thought_does_not_end_it() {
        let mut room = Room::new();
        room.hears(0.9, 960).hears(0.1, 800).hears(0.9, 960);
        room.turns.wait(Patience::after("I only wanted to tell them because", false));
        room.hears(0.1, 1_400).hears(0.9, 640);
        assert_eq!(room.kinds().len(), 2, "{:?}", room.told);
        room.turns.wait(Patience::after("because nobody asked.", false));
        room.hears(0.1, 640);
        assert!(matches!(room.kinds()[..], [_, _, Turn::Over { .. }]), "{:?}", room.told);
    }

    #[test]
    fn while_a_figure_speaks_a_hum_lowers_its_voice_and_nothing_more() {
        let mut room = Room { figure_speaks: true, ..Room::new() };
        room.hears(0.0, 640).hears(0.9, 320).hears(0.0, 960);
        assert!(matches!(room.kinds()[..], [Turn::Onset { .. }, Turn::FalseOnset]), "{:?}", room.told);
        let lowered = room.told[0].0 - 640;
        assert!(lowered <= 64, "after {lowered} ms");
    }

    #[test]
    fn a_voice_that_is_certain_lowers_a_figure_with_its_first_frame() {
        for (speech, lowered) in [(0.9, 672), (0.6, 704)] {
            let mut room = Room { figure_speaks: true, ..Room::new() };
            room.hears(0.0, 640).hears(speech, 320);
            assert!(matches!(room.told[..], [(at, Turn::Onset { .. })] if at == lowered), "{:?}", room.told);
        }
    }

    #[test]
    fn whoever_speaks_on_interrupts_and_is_heard_whole() {
        let mut room = Room { figure_speaks: true, ..Room::new() };
        room.hears(0.0, 1_600).hears(0.9, 640);
        assert!(matches!(room.kinds()[..], [Turn::Onset { .. }, Turn::Meant]), "{:?}", room.told);
        room.figure_speaks = false;
        room.hears(0.9, 960).hears(0.0, 1_600);
        let Some((_, Turn::Over { from, to })) = room.told.last() else { panic!("{:?}", room.told) };
        assert_eq!((*from, *to), (1_000 * 16, 3_200 * 16));
    }

    #[test]
    fn words_that_are_known_to_be_assent_interrupt_nobody() {
        let mut room = Room { figure_speaks: true, ..Room::new() };
        room.hears(0.9, 320);
        assert_eq!(room.turns.assents(), Some(Turn::FalseOnset));
        assert_eq!(room.turns.assents(), None);
    }

    #[test]
    fn the_same_sound_is_never_given_out_twice() {
        let mut room = Room::new();
        room.hears(0.9, 960).hears(0.0, 1_216).hears(0.9, 960).hears(0.0, 2_000);
        let overs: Vec<(u64, u64)> = room
            .told
            .iter()
            .filter_map(|(_, turn)| match turn {
                Turn::Over { from, to } => Some((*from, *to)),
                _ => None,
            })
            .collect();
        let [(_, to), (from, _)] = overs[..] else { panic!("{:?}", room.told) };
        assert!(to <= from, "{to} and {from}");
    }

    #[test]
    fn nobody_speaks_for_ever() {
        let mut room = Room::new();
        room.hears(0.9, 130_000);
        let overs = room.kinds().into_iter().filter(|turn| matches!(turn, Turn::Over { .. })).count();
        assert_eq!(overs, 2);
    }

    #[test]
    fn a_key_to_talk_begins_and_ends_an_utterance_whatever_is_heard() {
        let mut room = Room::new();
        room.hears(0.0, 960);
        assert!(matches!(room.turns.push_to_talk(), [Some(Turn::Onset { .. }), Some(Turn::Meant)]));
        assert_eq!(room.turns.push_to_talk(), [None, None]);
        room.hears(0.1, 6_400);
        assert!(matches!(room.turns.let_go(), Some(Turn::Over { .. })));
        assert_eq!(room.turns.let_go(), None);
    }

    #[test]
    fn a_key_to_talk_makes_a_hum_meant_and_holds_through_silence() {
        let mut room = Room { figure_speaks: true, ..Room::new() };
        room.hears(0.9, 320);
        assert_eq!(room.turns.push_to_talk(), [Some(Turn::Meant), None]);
        room.hears(0.0, 3_200);
        assert!(matches!(room.kinds()[..], [Turn::Onset { .. }]), "{:?}", room.told);
        room.hears(0.0, 60_000);
        assert!(
            matches!(room.kinds()[1..], [Turn::Over { .. }, Turn::Onset { .. }, Turn::Meant]),
            "{:?}",
            room.told
        );
    }
}
