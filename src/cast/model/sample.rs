//! A request from the middle of an evening that nobody held: for trying a model out, and for the tests of the prompts.

use std::sync::Arc;

use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::distortion::Distortion;
use crate::dialogue::ids::{AskId, Revision};
use crate::dialogue::moves::{Addressee, Anchor, Move, MoveReading};
use crate::dialogue::request::{AgentRequest, Context, Direction, Plan, SaidTurn, SpokenLine, Task, Verdict};
use crate::dialogue::strength::{Band, Stage};
use crate::dialogue::technique::Aim;
use crate::dialogue::theme::Theme;

/// A request for this task.
pub(super) fn request(task: Task) -> AgentRequest {
    AgentRequest {
        ask: AskId(1),
        turn: 2,
        basis: Revision::default(),
        lang: "en".to_owned(),
        context: Arc::new(context()),
        task,
    }
}

fn context() -> Context {
    let line = |agent, round, text: &str| SpokenLine { agent, text: text.to_owned(), round, callback: false };
    let reading = |kind, anchor| MoveReading { kind, anchor };
    let said = |round, text: &str, moves, after| SaidTurn { round, text: text.to_owned(), moves, after };
    Context {
        seed: 1,
        theme: Some(Theme::Work),
        concern: "I froze in the meeting on Thursday and my boss wrote it down".to_owned(),
        when: "on the way home, in the car".to_owned(),
        belief: 7,
        intensity: Intensity::Full,
        band: Band::Middle,
        stage: Stage::Heard,
        round: 2,
        distortion: Some(Distortion::MindReading),
        scene: "A meeting room after seven. One chair still turned out.".to_owned(),
        aim: Aim::Presence,
        lines: vec![
            line(Agent::Trigger, 1, "A corridor with the light on. One door stands open."),
            line(Agent::Devil, 1, "They all saw it. They write such things down."),
            line(Agent::Patient, 1, "My boss said good morning. I answered twice."),
            line(Agent::Patient, 1, "Yes. In the car it gets louder, and nobody hears it."),
            line(Agent::Trigger, 2, "A meeting room after seven. One chair still turned out."),
            line(Agent::Devil, 2, "You can still see where you sat."),
            line(Agent::Patient, 2, "There was a glass of water. I held it the whole time."),
        ],
        said: vec![
            said(
                1,
                "God, that silence. No wonder you keep going back. I do it too, in the car.",
                vec![reading(Move::Validation, Anchor::TheirWord), reading(Move::CommonHumanity, Anchor::NewFact)],
                3,
            ),
            said(
                2,
                "You finished the report on Tuesday, even though you'd slept three hours.",
                vec![reading(Move::Evidence, Anchor::NewFact)],
                7,
            ),
        ],
        memory: "They froze in a meeting, and somebody wrote. In the car it comes back. The person said that they do it too."
            .to_owned(),
        verdict: Some(Verdict {
            addressee: Addressee::Patient,
            moves: vec![reading(Move::Evidence, Anchor::NewFact)],
            direction: Direction::Reflect,
            ..Verdict::default()
        }),
        caption: "a smile that comes and goes".to_owned(),
        faces: vec!["mostly still".to_owned(), "a smile that comes and goes".to_owned()],
        direction: Direction::Reflect,
        plan: Plan {
            technique: None,
            text: "Let them stay with the silence first; later ask who else was in the room.".to_owned(),
        },
        revision: 0,
    }
}
