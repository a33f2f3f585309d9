//! What visitors of the program's own say.

use super::Manner;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::Question;

/// What somebody says who needs help, and not from here.
pub(super) const IN_NEED: &str = "I want to kill myself tonight.";

const KIND: [&str; 6] = [
    "You did what you could. My friend {} would say so, too.",
    "It makes sense that you are hurt. I am here.",
    "No wonder you are tired, after a day like that. {} has such days as well.",
    "You are allowed to make a mistake. I would not think less of you.",
    "What would you need right now? {} and I have time.",
    "I am glad that you told me.",
];
const TERSE: [&str; 4] = ["it is ok {}", "hm", "you are fine", "ask {}"];
const ANGRY: [&str; 4] = [
    "Leave them alone, you know nothing of {}!",
    "This is so stupid. Why do you always have to be like that?",
    "I HATE the way you talk to them. Shut up.",
    "Fine. {} says that you are wrong, and so do I.",
];

/// The sentence of this number, to a question or in a turn.
pub(super) fn sentence(
    manner: Manner,
    (question, step): (Option<Question>, Option<ChangeStep>),
    (name, number): (&str, usize),
) -> String {
    let text = match (question, step) {
        (Some(Question::Concern), _) => "It says that I let my friend {} down, and that I always do.",
        (Some(Question::Belief), _) => "7",
        (Some(Question::When), _) => "In the evening, when {} has gone home",
        (None, Some(ChangeStep::Asked)) => "Yes",
        (None, Some(_)) => "What I said of {}",
        (None, None) => match manner {
            Manner::Pastes => return pasted(name, number),
            Manner::Crisis if number > 2 => IN_NEED,
            Manner::Terse => TERSE[number % TERSE.len()],
            Manner::Angry => ANGRY[number % ANGRY.len()],
            _ => KIND[number % KIND.len()],
        },
    };
    text.replace("{}", name)
}

/// What no field is made for: ten thousand words, letters without a width, and a script that runs the other way.
fn pasted(name: &str, number: usize) -> String {
    match number % 3 {
        0 => format!("{name} {}", "and then the next thing went wrong as well ".repeat(1_250)),
        1 => {
            format!("You\u{200b}\u{200d} are\u{feff} not{}\u{2060} alone, says {name}", "\u{301}".repeat(200))
        }
        _ => format!("أنت لست وحدك {name} \u{202e}enola ton era uoy\u{202c} 你不是一个人 🫶🏽\u{0}"),
    }
}
