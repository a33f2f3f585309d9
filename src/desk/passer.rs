//! Somebody who stands before the sign, where a camera counts faces.

/// How long somebody stands there before they are met, in seconds: who only walks past is not.
const STANDS: f32 = 3.0;
/// How long nobody may be there before whoever was met has gone, in seconds.
const GOES: f32 = 12.0;

/// Whether somebody stands before the sign.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passer {
    /// Whether anybody is there; none before that was told.
    there: Option<bool>,
    /// Since when that is so, in seconds.
    since: f32,
    /// Whether they were met. Another one is met once nobody was there.
    met: bool,
}

impl Passer {
    /// So many faces are before the camera. Whoever was there before the room was ready may be the one who has just left, or a
    /// portrait on the wall, and is not met.
    pub(super) fn see(&mut self, faces: u8, now: f32) {
        let there = faces > 0;
        if self.there != Some(there) {
            self.met |= self.there.is_none() && there;
            (self.there, self.since) = (Some(there), now);
        }
    }

    /// Whether anybody is there who was not met yet.
    pub(super) fn is_new(&self) -> bool {
        self.there == Some(true) && !self.met
    }

    /// Whether somebody has stood there for long enough, once for each who comes.
    pub(super) fn comes(&mut self, now: f32) -> bool {
        let long = now - self.since;
        match self.there {
            Some(true) => long >= STANDS && !std::mem::replace(&mut self.met, true),
            Some(false) if long >= GOES => {
                self.met = false;
                false
            }
            Some(false) | None => false,
        }
    }

    /// Whoever is there has decided, and is not met once more.
    pub(super) fn decides(&mut self) {
        self.met |= self.there == Some(true);
    }

    /// Whether whoever was met has turned away.
    pub(super) fn has_gone(&self, now: f32) -> bool {
        self.met && self.there == Some(false) && now - self.since >= GOES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When somebody is met, in seconds, with a look each second.
    fn met(faces: &[u8]) -> Vec<usize> {
        let mut passer = Passer::default();
        let mut at = Vec::new();
        for (now, faces) in faces.iter().enumerate() {
            passer.see(*faces, now as f32);
            if passer.comes(now as f32) {
                at.push(now);
            }
        }
        at
    }

    #[test]
    fn who_stands_there_is_met_once_and_who_walks_past_is_not() {
        assert_eq!(met(&[0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 2, 1, 1, 1]), [10]);
    }

    #[test]
    fn whoever_came_by_themselves_and_said_no_is_not_met_after_it() {
        let mut passer = Passer::default();
        passer.see(0, 0.0);
        passer.see(1, 1.0);
        passer.decides();
        assert!((2..60).all(|now| !passer.comes(now as f32)));
        passer.see(0, 60.0);
        assert!(!passer.comes(73.0));
        passer.see(1, 74.0);
        assert!(passer.comes(78.0), "another one is");
    }

    #[test]
    fn another_one_is_met_once_nobody_was_there_for_a_while() {
        let faces = [vec![0], vec![1; 9], vec![0; 5], vec![1; 9], vec![0; 14], vec![1; 5]].concat();
        assert_eq!(met(&faces), [4, 41]);
    }

    #[test]
    fn who_was_there_before_the_room_was_ready_is_not_met_until_they_have_gone() {
        assert_eq!(met(&[1; 60]), [] as [usize; 0]);
        assert_eq!(met(&[vec![1; 20], vec![0; 14], vec![1; 5]].concat()), [37]);
    }

    #[test]
    fn whoever_was_met_and_turned_away_has_gone_after_a_while() {
        let mut passer = Passer::default();
        passer.see(0, 0.0);
        assert!(!passer.has_gone(30.0), "nobody was met");
        passer.see(1, 30.0);
        assert!(passer.comes(33.0));
        passer.see(0, 40.0);
        assert!(!passer.has_gone(45.0), "they look down at the keys");
        passer.see(1, 46.0);
        passer.see(0, 50.0);
        assert!(!passer.has_gone(55.0) && passer.has_gone(62.0));
    }
}
