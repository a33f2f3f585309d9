//! Every prompt as it goes out, in `tests/model/prompts/`: what a change of a file does can be read before it is tried.
//!
//! `UPDATE_PROMPTS=1 cargo test --lib snapshots` writes them anew. A file whose prompt changed needs a new version first.

use std::fmt::Write as _;
use std::path::Path;

use super::prompts::Prompts;
use super::sample;
use crate::dialogue::face::FaceCue;
use crate::dialogue::request::{DevilBeat, Farewell, PatientBeat, Task, Verdict};
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::strength::Ending;
use crate::dialogue::technique::{Aim, CbtTechnique};

fn tasks() -> Vec<(&'static str, Task)> {
    let farewell = Farewell { ending: Ending::Sits, stopped: false };
    let feedback = Task::Feedback {
        verdict: Verdict::default(),
        rolling: Some(RollingMove::DoubleSidedReflection),
        face: Some(FaceCue::DoubtfulFine),
        aloud: true,
    };
    let hint = Task::Hint {
        aim: Aim::Cbt(CbtTechnique::AlternativePerspective),
        after_miss: true,
        face: Some(FaceCue::BrightWordsHeavy),
    };
    vec![
        ("trigger_scene", Task::Trigger { closing: None }),
        ("trigger_closing", Task::Trigger { closing: Some(farewell) }),
        ("devil_thought", Task::Devil(DevilBeat::Thought { face: Some(FaceCue::Softening) })),
        ("devil_reply", Task::Devil(DevilBeat::Reply)),
        ("devil_closing", Task::Devil(DevilBeat::Closing(farewell))),
        ("patient_need", Task::Patient(PatientBeat::Need)),
        ("patient_answer", Task::Patient(PatientBeat::Answer { short: false, face: None })),
        ("patient_go_on", Task::Patient(PatientBeat::GoOn)),
        ("patient_closing", Task::Patient(PatientBeat::Closing(farewell))),
        ("guide_hint", hint),
        ("guide_hint_first", Task::Hint { aim: Aim::Presence, after_miss: false, face: None }),
        ("guide_feedback", feedback),
        ("guide_farewell", Task::Farewell(farewell)),
        ("strategist_verdict", Task::Verdict),
        ("memory", Task::Memory),
    ]
}

fn rendered(prompts: &Prompts, task: Task) -> String {
    let (file, version) = prompts.version(&task);
    let asked = prompts.request(&sample::request(task), None, false).expect("it can be filled");
    let mut text = format!("{file}.md, version {version}\n");
    writeln!(text, "at most {} tokens, temperature {}", asked.max_tokens, asked.temperature).expect("text");
    for message in &asked.messages {
        writeln!(text, "\n===== {:?}\n\n{}", message.role, message.text).expect("text");
    }
    if let Some(schema) = &asked.schema {
        let form = serde_json::to_string_pretty(&schema.schema).expect("a schema is JSON");
        writeln!(text, "\n===== form: {}\n\n{form}", schema.name).expect("text");
    }
    text
}

#[test]
fn every_prompt_is_as_it_was_last_read() {
    let prompts = Prompts::new(1).expect("the prompts are in their form");
    let update = std::env::var_os("UPDATE_PROMPTS").is_some();
    let mut changed = Vec::new();
    for (name, task) in tasks() {
        let path = Path::new("tests/model/prompts").join(format!("{name}.txt"));
        let now = rendered(&prompts, task);
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        if now == before {
            continue;
        }
        let version = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        assert_ne!(version(&now), version(&before), "{name} changed: raise the version of its file");
        if update {
            std::fs::create_dir_all("tests/model/prompts").expect("a folder");
            std::fs::write(&path, now).expect("written");
        } else {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "{changed:?}: read them, then UPDATE_PROMPTS=1 cargo test --lib snapshots");
}

#[test]
fn reasons_come_before_what_follows_from_them() {
    let prompts = Prompts::new(1).expect("the prompts are in their form");
    for (name, task) in tasks() {
        let Some(schema) =
            prompts.request(&sample::request(task), None, false).expect("it can be filled").schema
        else {
            continue;
        };
        let body = schema.schema.to_string();
        let Some(reasoning) = body.find("\"reasoning\"") else { continue };
        for later in ["addressee", "describe", "remark", "hint", "plan", "technique"] {
            let at = body.find(&format!("\"{later}\":"));
            assert!(at.is_none_or(|at| at > reasoning), "{later} comes before the reasoning in {name}");
        }
    }
}
