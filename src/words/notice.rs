//! What becomes of the parts of the program in the middle of an evening, in one line, and only where that is news.

use super::Words;
use crate::dialogue::event::Kind;
use crate::dialogue::input::Health;

/// Remembers what was told, so that nothing is told twice: a language model strays every now and then, and comes back.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// The language model is out for the moment, and that was told.
    silent: bool,
    /// That it strays was told once.
    strayed: bool,
    /// The microphone is gone, and that was told.
    deaf: bool,
    /// How often in a row nothing could be made out of what they said.
    unheard: u32,
}

/// So often in a row something else than saying it again is advised.
const AGAIN: u32 = 2;

impl Notices {
    /// For somebody who comes in when the evening has begun and cannot know what was told: that the language model plays
    /// is news to them.
    #[must_use]
    pub fn in_mid_evening() -> Self {
        Self { silent: true, ..Self::default() }
    }

    /// The line about an event, if there is one to be told.
    pub fn of(&mut self, words: &Words, kind: &Kind) -> Option<String> {
        match kind {
            Kind::Fault { part, .. } if part == "text" => Some(words.get("fault-text-cut")),
            Kind::Fault { part, .. } if part == "cast" => Some(words.get("fault-cast")),
            Kind::Health { part, state } if part == "cast" => self.cast_is(words, state),
            Kind::Health { part, state: Health::Degraded(_) } if part == "transcript" => {
                self.unheard += 1;
                let again = self.unheard >= AGAIN;
                Some(words.get(if again { "fault-no-words-again" } else { "fault-no-words" }))
            }
            Kind::Said { .. } => {
                self.unheard = 0;
                None
            }
            Kind::Health { part, state: Health::Well } if part == "voice" => Some(words.get("voice-well")),
            Kind::Health { part, state: Health::Well } if part == "microphone" => {
                self.deaf.then(|| words.get("microphone-well")).inspect(|_| self.deaf = false)
            }
            Kind::Health { part, state: Health::Well } if part == "camera" => Some(words.get("camera-well")),
            Kind::Health { part, state: Health::Gone(why) } => {
                self.deaf |= part == "microphone";
                let name = match part.as_str() {
                    "camera" => "fault-camera",
                    "events" => "fault-events",
                    "journal" => "fault-journal",
                    "latch" => "fault-latch",
                    "microphone" => "fault-microphone",
                    "portrait" => "fault-portrait",
                    "transcript" => "fault-transcript",
                    "voice" => "fault-voice",
                    _ => return None,
                };
                Some(words.with(name, &[("why", why)]))
            }
            _ => None,
        }
    }

    fn cast_is(&mut self, words: &Words, state: &Health) -> Option<String> {
        let was_silent = self.silent;
        self.silent = match state {
            Health::Waking | Health::Gone(_) => true,
            Health::Well => false,
            Health::Degraded(_) => was_silent,
        };
        match state {
            Health::Well => was_silent.then(|| words.get("cast-well")),
            Health::Waking => Some(words.get("cast-waking")),
            Health::Degraded(_) => {
                let told = std::mem::replace(&mut self.strayed, true);
                (!told).then(|| words.get("cast-degraded"))
            }
            Health::Gone(why) => Some(words.with("cast-gone", &[("why", why)])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::event::SaidPart;
    use crate::dialogue::ids::UtteranceId;
    use crate::dialogue::input::Via;

    fn told(notices: &mut Notices, state: Health) -> Option<String> {
        let words = Words::load("en").expect("the words are there");
        notices.of(&words, &Kind::Health { part: "cast".to_owned(), state })
    }

    #[test]
    fn a_model_that_drops_out_and_comes_back_is_told_each_time() {
        let mut notices = Notices::default();
        assert_eq!(told(&mut notices, Health::Well), None, "nobody knew that it could be away");
        for _ in 0..2 {
            let gone = told(&mut notices, Health::Gone("no answer within 4 seconds".to_owned()));
            assert!(gone.is_some_and(|line| line.contains("no answer within 4 seconds")));
            assert!(told(&mut notices, Health::Well).is_some());
            assert_eq!(told(&mut notices, Health::Well), None);
        }
    }

    #[test]
    fn a_model_that_strays_is_told_once() {
        let mut notices = Notices::default();
        assert!(told(&mut notices, Health::Degraded("no line".to_owned())).is_some());
        assert_eq!(told(&mut notices, Health::Degraded("no line".to_owned())), None);
    }

    /// A6: somebody speaks and nothing can be made out, over and over.
    #[test]
    fn who_cannot_be_made_out_twice_in_a_row_is_advised_to_write() {
        let words = Words::load("en").expect("the words are there");
        let unheard = Kind::Health {
            part: "transcript".to_owned(),
            state: Health::Degraded("it was too quiet".to_owned()),
        };
        let said = Kind::Said {
            utterance: UtteranceId(1),
            text: "I am here.".to_owned(),
            via: Via::Voice,
            part: SaidPart::Comfort,
        };
        let mut notices = Notices::default();
        let mut told = |kind: &Kind| notices.of(&words, kind);
        let first = told(&unheard);
        assert!(first.as_ref().is_some_and(|line| line.contains("once more")), "{first:?}");
        let second = told(&unheard);
        assert!(second != first && second.is_some_and(|line| line.contains("write")));
        assert_eq!(told(&said), None);
        assert_eq!(told(&unheard), first);
    }

    #[test]
    fn who_comes_in_later_hears_that_the_model_plays() {
        assert!(told(&mut Notices::in_mid_evening(), Health::Well).is_some());
    }

    #[test]
    fn every_part_that_can_fail_has_its_line() {
        let words = Words::load("en").expect("the words are there");
        for part in ["events", "journal", "latch", "microphone", "portrait", "transcript", "voice"] {
            let state = Health::Gone("the disk is full".to_owned());
            let line = Notices::default().of(&words, &Kind::Health { part: part.to_owned(), state });
            assert!(line.is_some_and(|line| line.contains("the disk is full")), "{part}");
        }
    }
}
