//! What the hands do: which button is down, and what it means where. Pure, so that the meaning can be tested by itself.

use bevy::prelude::*;

/// Left or right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// Its number: left 0, right 1.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// What is pressed on the controllers, left and right.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buttons {
    /// The trigger, or what chooses.
    pub select: [bool; 2],
    /// The menu.
    pub menu: [bool; 2],
}

/// Which hands pull: a trigger, or thumb and forefinger of a bare hand. Nobody pulls who is not there.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulls(pub [bool; 2]);

/// How long both triggers are held to ask for help, in seconds (`safety.md` C-6).
pub const SOS: f32 = 1.0;
/// How long the menu is held to sit anew, in seconds.
pub const HOLD: f32 = 1.0;

/// Something that means more when it is held for a while: it is told once, and a shorter press at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    since: Option<f32>,
    told: bool,
}

/// What came of a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// It was held for long enough.
    Long,
    /// It was let go before that.
    Short,
}

impl Held {
    /// Goes on for `dt` seconds with it down or up; `long`: how long is long.
    pub fn go_on(&mut self, down: bool, dt: f32, long: f32) -> Option<Press> {
        match (down, self.since) {
            (true, None) => {
                *self = Self { since: Some(0.0), told: false };
                None
            }
            (true, Some(since)) => {
                let now = since + dt;
                self.since = Some(now);
                let tells = now >= long && !self.told;
                self.told |= tells;
                tells.then_some(Press::Long)
            }
            (false, Some(_)) => {
                let was = std::mem::take(self);
                (!was.told).then_some(Press::Short)
            }
            (false, None) => None,
        }
    }
}

/// What a trigger means that is pressed: it chooses where it points at a panel, and talks elsewhere. What it began as it stays
/// until it is let go, wherever it points then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trigger {
    /// It is up.
    #[default]
    Up,
    /// It chooses.
    Chooses,
    /// It is held to talk.
    Talks,
}

impl Trigger {
    /// What it means now.
    #[must_use]
    pub fn next(self, down: bool, on_panel: bool) -> Self {
        match (down, self) {
            (false, _) => Self::Up,
            (true, Self::Up) if on_panel => Self::Chooses,
            (true, Self::Up) => Self::Talks,
            (true, before) => before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presses(downs: &[bool]) -> Vec<Press> {
        let mut held = Held::default();
        downs.iter().filter_map(|down| held.go_on(*down, 0.1, SOS)).collect()
    }

    #[test]
    fn both_triggers_for_a_second_ask_once_and_a_shorter_press_does_not() {
        let long = [vec![true; 40], vec![false; 3]].concat();
        assert_eq!(presses(&long), [Press::Long]);
        let short = [vec![true; 9], vec![false; 3]].concat();
        assert_eq!(presses(&short), [Press::Short]);
        let broken: Vec<bool> = (0..60).map(|step| step % 9 != 0).collect();
        assert!(!presses(&broken).contains(&Press::Long), "it was never held for a second");
    }

    #[test]
    fn a_trigger_stays_what_it_began_as() {
        let mut trigger = Trigger::default();
        for (down, on_panel, wanted) in [
            (true, false, Trigger::Talks),
            (true, true, Trigger::Talks),
            (false, true, Trigger::Up),
            (true, true, Trigger::Chooses),
            (true, false, Trigger::Chooses),
            (false, false, Trigger::Up),
        ] {
            trigger = trigger.next(down, on_panel);
            assert_eq!(trigger, wanted, "{down} {on_panel}");
        }
    }
}
