//! A child in the room. Nobody's age is guessed; whoever says it is taken at their word.

use super::Session;
use crate::dialogue::agent::Intensity;
use crate::dialogue::event::Question;
use crate::dialogue::safety;

impl Session {
    /// Whoever says that they are a child is spared the Devil for the rest of the evening, whatever is chosen after that.
    pub(super) fn mind_age(&mut self, words: &str) {
        let rated = self.question() == Some(Question::Belief);
        if self.has_child() || !safety::is_childs(words, rated) {
            return;
        }
        self.set_intensity(Intensity::Off);
        (self.shelter.child, self.shelter.child_waits) = (true, true);
    }

    /// Says so, once what they said has had its effect.
    pub(super) fn answer_child(&mut self) {
        if std::mem::take(&mut self.shelter.child_waits) {
            self.say_fixed(vec![self.fixed().safety.child.clone()]);
        }
    }

    /// Whether a child is there.
    pub(super) fn has_child(&self) -> bool {
        self.shelter.child
    }
}
