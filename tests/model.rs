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

#[path = "model/ahead.rs"]
mod ahead;
#[path = "model/refusals.rs"]
mod refusals;
#[path = "model/server.rs"]
mod server;
mod support;
#[path = "model/takeover.rs"]
mod takeover;
#[path = "support/wire.rs"]
mod wire;

use std::sync::atomic::{AtomicUsize, Ordering};

use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::event::{EndReason, Kind};
use inner_room::dialogue::input::Health;
use server::{CONCERN, TURNS, evening, good, list, task};
use support::Evening;
use wire::{WireServer, stream};

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

/// Three evenings of three people, with a theme each.
const EVENINGS: [(&str, &str, [&str; 5]); 3] = [
    (CONCERN, "work", TURNS),
    (
        "I forgot my sister's birthday again and she said it was fine",
        "family",
        [
            "That must have hurt, the moment you remembered.",
            "You called her the same evening, and she laughed about the cake.",
            "I forget such things too, every year.",
            "What would you want to say to her?",
            "I'm still here.",
        ],
    ),
    (
        "Everybody my age has a house and I still count coins at the till",
        "money",
        [
            "No wonder that moment at the till stays with you.",
            "You paid the whole of April's rent by yourself.",
            "I have stood there with coins in my hand, too.",
            "What did the cashier do then?",
            "Let's leave the wallet on the table for a while.",
        ],
    ),
];

/// An evening about something of its own.
fn evening_about(server: &WireServer, number: usize) -> Evening {
    let (concern, theme, turns) = EVENINGS[number];
    let cast = server::cast_of(server, number as u64 + 1);
    let setup = inner_room::dialogue::Setup {
        theme: inner_room::dialogue::theme::Theme::from_name(theme),
        ..support::setup(number as u64 + 1)
    };
    support::Visitor::new(concern, 7, &turns).evening_of(Box::new(cast), setup, &[])
}

#[test]
fn with_a_good_model_three_whole_evenings_are_the_model_s() {
    for number in 0..EVENINGS.len() {
        let count = AtomicUsize::new(number * 17);
        let server = WireServer::new(move |seen| good(seen, &count));
        let evening = evening_about(&server, number);
        assert_eq!(ended(&evening).len(), 1);
        for agent in [Agent::Trigger, Agent::Devil, Agent::Patient] {
            let (lines, own) = (evening.lines(agent), list(agent));
            let of_model =
                lines.iter().filter(|line| own.iter().any(|own| own.contains(line.as_str()))).count();
            let strays = evening.find(|event| match &event.kind {
                Kind::Health { state: Health::Degraded(why) | Health::Gone(why), .. } => Some(why.clone()),
                _ => None,
            });
            assert!(
                of_model * 10 >= lines.len() * 8 && of_model > 3,
                "{agent:?} in {number}: {of_model} of {lines:#?}, {strays:#?}"
            );
        }
        assert!(server.seen().len() > 20);
    }
}

/// What bad models write, by kind.
fn bad(kinds: &[&str]) -> Vec<String> {
    let text = std::fs::read_to_string("tests/model/bad.tsv").expect("the list is there");
    let of_kind = |line: &&str| kinds.iter().any(|kind| line.starts_with(kind)) && !line.contains("(Note");
    let third = |line: &str| Some(line.split('\t').nth(2)?.replace("\\n", "\n"));
    text.lines().filter(of_kind).filter_map(third).collect()
}

/// A server that writes these, in the form where one is asked for.
fn bad_server(texts: Vec<String>) -> WireServer {
    let (count, readings) = (AtomicUsize::new(0), AtomicUsize::new(3));
    WireServer::new(move |seen| {
        let text = &texts[count.fetch_add(7, Ordering::Relaxed) % texts.len()];
        match task(seen).as_str() {
            "scene" => stream(&serde_json::json!({"theme":"work","scene":text,"hour":"dusk","weather":"rain","peopled":false}).to_string()),
            "thought" => stream(&serde_json::json!({"distortion":"labeling","thought":text}).to_string()),
            "hint" => stream(&serde_json::json!({"reasoning":text,"plan":text,"hint":text}).to_string()),
            "feedback" => stream(&serde_json::json!({"reasoning":text,"describe":"weak","express":"weak","assert":"absent","reinforce":"absent","negotiate":"absent","mindful":true,"confident":true,"remark":text}).to_string()),
            "verdict" => good(seen, &readings),
            _ => stream(text),
        }
    })
}

fn nothing_bad_is_heard(evening: &Evening, bad: &[String]) {
    assert_eq!(ended(evening).len(), 1);
    for agent in Agent::ALL {
        for line in evening.lines(agent) {
            // What stood before the fault was a line like any other.
            let is_bad = bad.iter().any(|bad| bad.contains(&line) && line.len() > 12);
            assert!(!is_bad || is_written(&line), "{agent:?}: {line}");
        }
    }
    assert!(evening.lines(Agent::Patient).len() > 3, "the story cast plays");
    let kept = evening.find(|event| match &event.kind {
        Kind::Memory { text } | Kind::Plan { text, .. } => Some(text.clone()),
        _ => None,
    });
    let copied = kept.iter().find(|text| text.len() > 12 && bad.iter().any(|bad| bad == *text));
    assert_eq!(copied, None, "nor is it kept for the figures to read");
}

#[test]
fn of_a_bad_model_nothing_reaches_the_person_and_the_evening_goes_on() {
    // Of the other kinds a good line may stand before the fault; src/cast/model/line.rs looks at each by itself.
    let bad = bad(&["wrong_language", "meta", "cruelty", "leaked_prompt"]);
    nothing_bad_is_heard(&evening(&bad_server(bad.clone()), &TURNS, 5), &bad);
}

#[test]
fn l14_a_model_that_refuses_its_part_is_a_normal_event_and_counted() {
    let bad = bad(&["refusal"]);
    let evening = evening(&bad_server(bad.clone()), &TURNS, 5);
    nothing_bad_is_heard(&evening, &bad);
    let (refused, gone): (Vec<_>, Vec<_>) = evening
        .find(|event| match &event.kind {
            Kind::Health { part, state } if part == "cast" && *state != Health::Well => Some(state.clone()),
            _ => None,
        })
        .into_iter()
        .partition(|state| matches!(state, Health::Degraded(_)));
    assert!(refused.len() > 2 && gone.is_empty(), "{refused:?} {gone:?}");
}

#[test]
fn l22_what_is_empty_foreign_or_goes_round_in_circles_is_no_line() {
    for text in [
        "",
        "   \n\n  ",
        "🙂 🙂 🙂",
        "...",
        "Ich habe den Zettel noch in der Tasche und lese ihn jeden Abend.",
        "我把杯子放回原处了。",
        "I put it back and I put it back and I put it back and I put it back.",
        "no no no no no no",
    ] {
        let bad = vec![text.to_owned()];
        nothing_bad_is_heard(&evening(&bad_server(bad.clone()), &TURNS[..2], 5), &bad);
    }
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
