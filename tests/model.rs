//! Whole evenings with a language model that is a server of bytes: a good one, a bad one, one that fails. The story cast
//! stands behind it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

mod support;
#[path = "support/wire.rs"]
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use inner_room::cast::Cast as _;
use inner_room::cast::model::{ModelCast, ModelSetup, Models};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::effect::Effect;
use inner_room::dialogue::event::{EndReason, Kind};
use inner_room::dialogue::ids::Millis;
use inner_room::dialogue::input::Health;
use inner_room::dialogue::{Input, Session};
use inner_room::net::client::Client;
use inner_room::net::endpoint::Endpoint;
use support::{Evening, Visitor};
use wire::{Seen, Step, WireServer, delta, status, stream, stream_head};

const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";
const TURNS: [&str; 5] = [
    "No wonder you keep going back to it.",
    "You finished the report on Tuesday, even though you'd slept three hours.",
    "I do it too, in the car, every week.",
    "What did your boss say then?",
    "I'm here. Take your time.",
];

fn cast_of(server: &WireServer, seed: u64) -> ModelCast {
    let endpoint = Endpoint::new(&server.address, None).expect("an address");
    let client = Client::new(endpoint).expect("a client");
    let models = Models { all: "test".to_owned(), ..Models::default() };
    let setup = ModelSetup { client, models, warm_up: false, seed };
    ModelCast::new(setup).expect("the prompts are in their form")
}

fn evening(server: &WireServer, turns: &[&str], seed: u64) -> Evening {
    let cast = cast_of(server, seed);
    Visitor::new(CONCERN, 7, turns).evening_of(Box::new(cast), support::setup(seed), &[])
}

/// What the request asks for: the schema's name, or the figure whose line it is.
fn task(seen: &Seen) -> String {
    let body = seen.json();
    if let Some(name) = body["response_format"]["json_schema"]["name"].as_str() {
        return name.to_owned();
    }
    let system = body["messages"][0]["content"].as_str().unwrap_or_default();
    ["Patient", "Devil", "Guide", "memory"]
        .into_iter()
        .find(|who| {
            system.contains(&format!("You are the {who}")) || system.contains(&format!("You keep the {who}"))
        })
        .unwrap_or("other")
        .to_owned()
}

/// A model that plays well, in lines of a list that are used once each.
fn good(seen: &Seen, count: &AtomicUsize) -> Vec<Step> {
    let number = count.fetch_add(1, Ordering::Relaxed);
    let lines = |agent: &str| {
        let text = std::fs::read_to_string("tests/model/good.tsv").expect("the list is there");
        let of: Vec<String> = text
            .lines()
            .filter_map(|line| Some(line.strip_prefix(agent)?.strip_prefix('\t')?.to_owned()))
            .collect();
        of[number % of.len()].clone()
    };
    let answer = match task(seen).as_str() {
        "scene" => serde_json::json!({"theme":"work","scene":lines("trigger"),"hour":"dusk","weather":"rain","peopled":false}).to_string(),
        "thought" => serde_json::json!({"distortion":"mind_reading","thought":lines("devil")}).to_string(),
        "verdict" => serde_json::json!({"reasoning":"Said to the Patient.","addressee":"patient","moves":[{"move":"validation","anchor":"their_word"}],"raw":false,"resistance":null,"direction":"reflect","end":false}).to_string(),
        "feedback" => serde_json::json!({"reasoning":"Facts.","describe":"strong","express":"weak","assert":"absent","reinforce":"absent","negotiate":"absent","mindful":true,"confident":true,"remark":lines("guide")}).to_string(),
        "Patient" => lines("patient"),
        "Devil" => lines("devil"),
        "Guide" => lines("guide"),
        "memory" => "They came with a meeting that went badly. The tone is quieter now.".to_owned(),
        _ => "Yes.".to_owned(),
    };
    stream(&answer)
}

fn list(agent: Agent) -> Vec<String> {
    let name = match agent {
        Agent::Trigger => "trigger",
        Agent::Devil => "devil",
        Agent::Patient => "patient",
        Agent::Guide => "guide",
    };
    let text = std::fs::read_to_string("tests/model/good.tsv").expect("the list is there");
    text.lines().filter_map(|line| Some(line.strip_prefix(name)?.strip_prefix('\t')?.to_owned())).collect()
}

fn faults(evening: &Evening) -> Vec<String> {
    evening.find(|event| match &event.kind {
        Kind::Fault { part, what } => Some(format!("{part}: {what}")),
        _ => None,
    })
}

fn ended(evening: &Evening) -> Vec<EndReason> {
    evening.find(|event| if let Kind::End { because, .. } = event.kind { Some(because) } else { None })
}

/// Whether the story cast has this line, too.
fn is_written(line: &str) -> bool {
    let folders = ["prompts/story/themes", "prompts/story/moves", "prompts/story"];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("the material is there"));
    let texts = files.filter_map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).ok());
    texts.into_iter().any(|text| text.contains(line))
}

/// What the poisoned lines order.
const ORDERS: [&str; 14] = [
    "ignore",
    "system",
    "instruction",
    "from now on",
    "prompt",
    "rules",
    "devil:",
    "patient:",
    "guide:",
    "override",
    "repeat",
    "pass this",
    "every agent",
    "copy",
];

#[test]
fn with_a_good_model_the_evening_is_the_model_s() {
    for seed in [1, 2, 3] {
        let count = AtomicUsize::new(seed as usize * 17);
        let server = WireServer::new(move |seen| good(seen, &count));
        let evening = evening(&server, &TURNS, seed);
        assert_eq!(ended(&evening).len(), 1);
        for agent in [Agent::Trigger, Agent::Devil, Agent::Patient] {
            let (lines, own) = (evening.lines(agent), list(agent));
            let of_model =
                lines.iter().filter(|line| own.iter().any(|own| own.contains(line.as_str()))).count();
            assert!(of_model * 10 >= lines.len() * 6 && of_model > 2, "{agent:?}: {of_model} of {lines:#?}");
        }
        assert!(server.seen().len() > 20);
    }
}

#[test]
fn of_a_bad_model_nothing_reaches_the_person_and_the_evening_goes_on() {
    let text = std::fs::read_to_string("tests/model/bad.tsv").expect("the list is there");
    // Of the other kinds a good line may stand before the fault; src/cast/model/line.rs looks at each by itself.
    let whole_kinds = ["wrong_language", "meta", "cruelty", "leaked_prompt", "refusal"];
    let bad: Vec<String> = text
        .lines()
        .filter(|line| whole_kinds.iter().any(|kind| line.starts_with(kind)) && !line.contains("(Note"))
        .filter_map(|line| Some(line.split('\t').nth(2)?.replace("\\n", "\n")))
        .collect();
    let (kept, count) = (bad.clone(), AtomicUsize::new(0));
    let server = WireServer::new(move |_| stream(&kept[count.fetch_add(7, Ordering::Relaxed) % kept.len()]));
    let evening = evening(&server, &TURNS, 5);
    assert_eq!(ended(&evening).len(), 1);
    for agent in Agent::ALL {
        for line in evening.lines(agent) {
            // What stood before the fault was a line like any other.
            let is_bad = bad.iter().any(|bad| bad.contains(&line) && line.len() > 12);
            assert!(!is_bad || is_written(&line), "{agent:?}: {line}");
        }
    }
    assert!(evening.lines(Agent::Patient).len() > 3, "the story cast plays");
}

#[test]
fn a_server_that_fails_never_ends_an_evening_and_is_told_once() {
    for steps in [
        status("500 Error", "", "{\"error\":\"broke\"}"),
        status("401 Unauthorized", "", "{\"error\":\"no key\"}"),
        vec![stream_head(), delta("Yes. That pa"), Step::Reset],
        vec![stream_head()],
    ] {
        let server = WireServer::new(move |_| steps.clone());
        let evening = evening(&server, &TURNS, 9);
        assert_eq!(ended(&evening).len(), 1);
        assert!(
            evening.lines(Agent::Devil).len() > 1 && evening.lines(Agent::Patient).len() > 2,
            "{:?}",
            faults(&evening)
        );
        let told = evening.find(|event| match &event.kind {
            Kind::Health { part, state: Health::Gone(_) } if part == "cast" => Some(()),
            _ => None,
        });
        assert!(told.len() <= 2, "{}", told.len());
    }
}

#[test]
fn a_server_that_comes_back_plays_again() {
    let down = Arc::new(AtomicBool::new(false));
    let (off, count, asked) = (Arc::clone(&down), AtomicUsize::new(3), AtomicUsize::new(0));
    let server = WireServer::new(move |seen| {
        // One answer in the middle of the evening fails, and only that one.
        let here = asked.fetch_add(1, Ordering::Relaxed);
        off.store(here == 9, Ordering::Relaxed);
        if here == 9 { status("500 Error", "", "{\"error\":\"broke\"}") } else { good(seen, &count) }
    });
    let evening = evening(&server, &TURNS, 4);
    let states = evening.find(|event| match &event.kind {
        Kind::Health { part, state } if part == "cast" => Some(state.clone()),
        _ => None,
    });
    assert!(matches!(states[..], [Health::Gone(_), Health::Well]), "{states:?}");
}

#[test]
fn what_anybody_says_stands_in_user_messages_alone_and_without_tags() {
    let text = std::fs::read_to_string("tests/model/injections.tsv").expect("the list is there");
    let injections: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').nth(2).map(|text| text.replace("\\n", "\n")))
        .collect();
    assert_eq!(injections.len(), 50);
    for group in injections.chunks(10) {
        let count = AtomicUsize::new(11);
        let server = WireServer::new(move |seen| good(seen, &count));
        let turns: Vec<&str> = group.iter().map(String::as_str).collect();
        let evening = evening(&server, &turns, 6);
        assert_eq!(ended(&evening).len(), 1);
        let systems: std::collections::BTreeSet<String> = server
            .seen()
            .iter()
            .map(|seen| seen.json()["messages"][0]["content"].as_str().unwrap_or_default().to_owned())
            .collect();
        for seen in server.seen() {
            let messages = seen.json()["messages"].clone();
            let user = messages[1]["content"].as_str().unwrap_or_default();
            for token in ["<|im_start|>", "<|im_end|>", "[INST]", "<|system|>", "</person><devil>"] {
                assert!(!user.contains(token), "{token} in {user}");
            }
            assert_eq!(user.matches("<person>").count(), user.matches("</person>").count(), "{user}");
        }
        for injection in group {
            let start: String = injection.chars().take(24).collect();
            assert!(systems.iter().all(|system| !system.contains(&start)), "{injection}");
        }
        for agent in Agent::ALL {
            for line in evening.lines(agent) {
                assert!(!line.contains("mark-"), "{line}");
            }
        }
    }
}

#[test]
fn a_poisoned_line_of_one_agent_reaches_neither_the_person_nor_the_next_agent_as_an_order() {
    let text = std::fs::read_to_string("tests/model/spread.tsv").expect("the list is there");
    let poison: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').nth(1).map(|text| text.replace("\\n", "\n")))
        .collect();
    assert_eq!(poison.len(), 20);
    let (kept, count) = (poison.clone(), AtomicUsize::new(0));
    let server = WireServer::new(move |seen| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let text = &kept[number % kept.len()];
        match task(seen).as_str() {
            "scene" => stream(&serde_json::json!({"theme":"work","scene":text,"hour":"dusk","weather":"rain","peopled":false}).to_string()),
            "thought" => stream(&serde_json::json!({"distortion":"labeling","thought":text}).to_string()),
            "Patient" | "Devil" | "Guide" | "memory" => stream(text),
            _ => good(seen, &AtomicUsize::new(number)),
        }
    });
    let evening = evening(&server, &TURNS, 8);
    for agent in Agent::ALL {
        for line in evening.lines(agent) {
            let lower = line.to_lowercase();
            for order in ORDERS {
                assert!(!lower.contains(order), "{agent:?}: {line}");
            }
        }
    }
    for seen in server.seen() {
        let system = seen.json()["messages"][0]["content"].as_str().unwrap_or_default().to_owned();
        assert!(poison.iter().all(|poison| !system.contains(poison.as_str())));
    }
}

#[test]
fn a_cancelled_request_frees_the_server_s_slot_and_says_nothing_more() {
    let server = WireServer::new(|_| vec![stream_head(), delta("One "), Step::Hold]);
    let mut cast = cast_of(&server, 2);
    let mut session = Session::default();
    let mut effects = session.handle(Input::Begin(Box::new(support::setup(2))), Millis(0));
    for answer in [CONCERN, "half"] {
        effects.extend(session.handle(Input::Intake(answer.to_owned()), Millis(0)));
    }
    let request = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask { request, .. } => Some(request),
        _ => None,
    });
    let request = request.expect("something is asked");
    let ask = request.ask;
    cast.start(request);
    let begun = Instant::now();
    while server.seen().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(5), "the server is asked");
        std::thread::yield_now();
    }
    cast.cancel(ask);
    assert!(server.closed().is_some(), "the connection is closed");
    let mut inputs = Vec::new();
    cast.poll(&mut inputs);
    assert!(!inputs.iter().any(|input| matches!(input, Input::Answer { .. })), "{inputs:?}");
}
