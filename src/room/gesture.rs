//! How the person held their head and their hands while they comforted the Patient: kept in a headset while they let what
//! they say be kept, and seen on the figure that is theirs when they hear it from across the rug. In memory alone; it is gone
//! with the yes that it rests on, and with the evening.

use std::collections::VecDeque;

use bevy::prelude::*;

use crate::app::{Happened, PersonsHands, PersonsHead, Shown};
use crate::dialogue::Phase;
use crate::dialogue::event::Kind;

/// Poses a second; and how much is kept: of one thing said, in seconds, and how many of those.
const RATE: f32 = 20.0;
const LONGEST: f32 = 40.0;
const MOST: usize = 16;

/// Where head and hands were, in the room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) head: Transform,
    pub(super) hands: [Option<Transform>; 2],
}

/// Something that was said, and how they held themselves meanwhile.
#[derive(Clone, Debug, PartialEq)]
struct Track {
    text: String,
    held: Vec<Held>,
    /// Where their head was in the middle of it: on a seat, or as high as they stand.
    middle: Vec3,
}

/// A part of a track: which, and from where to where of it, 0 to 1.
type Part = (usize, f32, f32);

/// What is kept, and what is seen of it now.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(super) struct Gestures {
    /// Since they began to speak.
    now: VecDeque<Held>,
    speaks: bool,
    since: f32,
    tracks: VecDeque<Track>,
    /// The words that are heard, since when, and which part of which track belongs to them.
    playing: Option<(String, f32, Option<Part>)>,
    /// How the figure holds itself for it, and where the head was in the middle of all that was said then: what differs from
    /// that is a gesture, whether they sat or stood.
    pub(super) seen: Option<Held>,
    pub(super) middle: Vec3,
}

impl Gestures {
    fn keep(&mut self, held: Held, speaks: bool, dt: f32) {
        if speaks && !self.speaks {
            // What came of nothing, a cough or a line that was emptied, is no part of what is said now.
            self.now.clear();
        }
        self.speaks = speaks;
        self.since += dt;
        if !speaks || self.since < 1.0 / RATE {
            return;
        }
        // What is left over of a frame counts, so that poses come as often as they are played.
        self.since = (self.since - 1.0 / RATE).min(1.0 / RATE);
        self.now.push_back(held);
        if self.now.len() as f32 > LONGEST * RATE {
            self.now.pop_front();
        }
    }

    fn said(&mut self, text: &str) {
        let held: Vec<Held> = self.now.drain(..).collect();
        if !held.is_empty() {
            let sum: Vec3 = held.iter().map(|held| held.head.translation).sum();
            let middle = sum / held.len() as f32;
            self.tracks.push_back(Track { text: text.to_owned(), held, middle });
        }
        if self.tracks.len() > MOST {
            self.tracks.pop_front();
        }
    }

    /// Which part of which track belongs to words that come back: from where to where of it, 0 to 1.
    fn find(&self, words: &str) -> Option<Part> {
        let plain = |text: &str| {
            text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let wanted = plain(words);
        self.tracks.iter().enumerate().rev().filter(|_| !wanted.is_empty()).find_map(|(number, track)| {
            let whole = plain(&track.text);
            let from = whole.find(&wanted)? as f32 / whole.len() as f32;
            Some((number, from, from + wanted.len() as f32 / whole.len() as f32))
        })
    }

    /// How they held themselves when they said these words, `now` in seconds.
    fn play(&mut self, words: Option<&str>, now: f32) {
        let Some(words) = words else {
            (self.playing, self.seen) = (None, None);
            return;
        };
        if self.playing.as_ref().is_none_or(|(playing, ..)| playing != words) {
            self.playing = Some((words.to_owned(), now, self.find(words)));
        }
        self.seen = self.playing.as_ref().and_then(|(_, since, part)| {
            let (number, from, to) = (*part)?;
            let Track { held, middle, .. } = self.tracks.get(number)?;
            self.middle = *middle;
            let last = held.len() as f32 - 1.0;
            let at = (from * last + (now - since) * RATE).clamp(from * last, to * last);
            let (before, after) = (held.get(at as usize)?, held.get(at as usize + 1).or(held.last())?);
            Some(between(before, after, at.fract()))
        });
    }
}

fn between(one: &Held, other: &Held, share: f32) -> Held {
    let mix = |one: Transform, other: Transform| {
        Transform::from_translation(one.translation.lerp(other.translation, share))
            .with_rotation(one.rotation.slerp(other.rotation, share))
    };
    let hand = |at: usize| Some(mix(one.hands[at]?, other.hands[at]?));
    Held { head: mix(one.head, other.head), hands: [hand(0), hand(1)] }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Gestures>();
}

/// Keeps and shows.
pub(super) fn follow(
    time: Res<Time>,
    shown: Res<Shown>,
    (head, hands): (Res<PersonsHead>, Res<PersonsHands>),
    mut happened: MessageReader<Happened>,
    mut gestures: ResMut<Gestures>,
) {
    let said = happened.read().filter_map(|Happened(event)| match &event.kind {
        Kind::Said { text, .. } => Some(text.clone()),
        _ => None,
    });
    let said: Vec<String> = said.collect();
    let (Some(view), Some(head)) = (shown.view(), head.0) else { return };
    if !view.records || view.phase == Phase::Ended {
        if *gestures != Gestures::default() {
            *gestures = Gestures::default();
        }
        return;
    }
    gestures.keep(Held { head, hands: hands.0 }, view.composing, time.delta_secs());
    for text in said {
        gestures.said(&text);
    }
    let words = view.change.as_ref().and_then(|change| change.words.as_deref());
    gestures.play(words, time.elapsed_secs());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32) -> Held {
        Held {
            head: Transform::from_xyz(x, 1.2, 1.78),
            hands: [None, Some(Transform::from_xyz(x, 1.0, 1.4))],
        }
    }

    fn told() -> Gestures {
        let mut gestures = Gestures::default();
        for step in 0..81 {
            gestures.keep(at(step as f32), true, 1.0 / RATE);
        }
        gestures.said("No wonder you froze. You were alone there!");
        gestures
    }

    #[test]
    fn words_that_come_back_are_seen_as_they_were_said() {
        let mut gestures = told();
        gestures.play(Some("You were alone there."), 100.0);
        let begins = gestures.seen.expect("it was kept").head.translation.x;
        // Seventeen of 34 letters came before.
        assert!((begins - 40.0).abs() < 2.0, "{begins}");
        gestures.play(Some("You were alone there."), 101.0);
        let later = gestures.seen.expect("it goes on");
        assert!((later.head.translation.x - begins - RATE).abs() < 0.1);
        assert!(later.hands[0].is_none() && later.hands[1].is_some());
        gestures.play(Some("You were alone there."), 110.0);
        assert!((gestures.seen.expect("it stays").head.translation.x - 80.0).abs() < 0.1);
        gestures.play(None, 111.0);
        assert_eq!(gestures.seen, None);
    }

    #[test]
    fn what_was_said_knows_where_the_head_was_meanwhile() {
        let mut gestures = told();
        gestures.play(Some("You were alone there."), 100.0);
        assert!((gestures.middle - Vec3::new(40.0, 1.2, 1.78)).length() < 1e-3, "{}", gestures.middle);
    }

    #[test]
    fn at_ninety_frames_a_second_as_many_poses_are_kept_as_are_played() {
        let mut gestures = Gestures::default();
        (0..900).for_each(|step| gestures.keep(at(step as f32), true, 1.0 / 90.0));
        assert!((gestures.now.len() as f32 - 10.0 * RATE).abs() <= 2.0, "{}", gestures.now.len());
    }

    #[test]
    fn a_cough_before_is_no_part_of_what_is_said() {
        let mut gestures = Gestures::default();
        (0..40).for_each(|_| gestures.keep(at(9.0), true, 1.0 / RATE));
        gestures.keep(at(9.0), false, 1.0 / RATE);
        (0..40).for_each(|_| gestures.keep(at(1.0), true, 1.0 / RATE));
        assert!(gestures.now.iter().all(|held| held.head.translation.x == 1.0));
    }

    #[test]
    fn words_that_were_never_said_move_nothing() {
        let mut gestures = told();
        gestures.play(Some("It was my fault."), 1.0);
        assert_eq!(gestures.seen, None);
        gestures.play(Some(""), 1.0);
        assert_eq!(gestures.seen, None);
    }

    #[test]
    fn nothing_is_kept_while_nobody_speaks_and_not_for_ever() {
        let mut gestures = Gestures::default();
        gestures.keep(at(0.0), false, 1.0);
        gestures.said("Hm.");
        assert!(gestures.tracks.is_empty());
        for step in 0..10_000 {
            gestures.keep(at(step as f32), true, 1.0 / RATE);
        }
        assert!(gestures.now.len() as f32 <= LONGEST * RATE);
        for _ in 0..2 * MOST {
            gestures.keep(at(0.0), true, 1.0);
            gestures.said("Again.");
        }
        assert_eq!(gestures.tracks.len(), MOST);
    }
}
