//! What a server refuses, and how often it is asked again: through the whole cast, counted at the socket.

use std::sync::atomic::{AtomicUsize, Ordering};

use inner_room::cast::Cast as _;
use inner_room::cast::model::{Probe, probe};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::ids::AskId;
use inner_room::dialogue::input::Health;
use inner_room::dialogue::request::{AgentRequest, Task};
use inner_room::net::client::Client;
use inner_room::net::discover;
use inner_room::net::endpoint::Endpoint;

use crate::server::{cast_of, first_request, good, list, task};
use crate::takeover::{answers, health, texts};
use crate::wire::{Step, WireServer, status, stream};

fn ask(number: u64) -> AgentRequest {
    AgentRequest { ask: AskId(number), ..first_request(2) }
}

fn is_the_model_s(text: &str) -> bool {
    list(Agent::Trigger).iter().any(|line| line == text)
}

#[test]
fn l9_a_connection_that_broke_before_a_word_is_tried_once_more() {
    let (count, asked) = (AtomicUsize::new(3), AtomicUsize::new(0));
    let server = WireServer::new(move |seen| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => vec![Step::Reset],
        _ => good(seen, &count),
    });
    let mut cast = cast_of(&server, 2);
    cast.start(ask(1));
    assert!(is_the_model_s(&texts(&answers(&mut cast, 1).0)[0]));
    let server = WireServer::new(|_| vec![Step::Reset]);
    let mut cast = cast_of(&server, 2);
    cast.start(ask(1));
    assert_eq!(texts(&answers(&mut cast, 1).0).len(), 1, "the story answers");
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn l15_a_refused_key_is_not_tried_again_and_the_story_plays() {
    let server = WireServer::new(|_| status("401 Unauthorized", "", "{\"error\":{\"message\":\"no\"}}"));
    let mut cast = cast_of(&server, 2);
    let mut told = Vec::new();
    for number in 1..=3 {
        cast.start(ask(number));
        let (inputs, _) = answers(&mut cast, 1);
        assert_eq!(texts(&inputs).len(), 1);
        told.extend(health(&inputs));
    }
    assert_eq!(server.seen().len(), 1);
    assert_eq!(told, [Health::Gone("the server refuses the key".to_owned())]);
}

#[test]
fn l16_a_server_that_wants_to_be_left_alone_is_and_meanwhile_the_story_plays() {
    let answer = || status("429 Too Many Requests", "Retry-After: 86400\r\n", "{\"error\":\"slow\"}");
    let server = WireServer::new(move |_| answer());
    let mut cast = cast_of(&server, 2);
    for number in 1..=4 {
        cast.start(ask(number));
        assert_eq!(texts(&answers(&mut cast, 1).0).len(), 1);
    }
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn l19_what_is_too_long_is_trimmed_and_asked_once_more_and_the_next_time_at_once() {
    // A memory of many rounds is what grows.
    let long = |number: u64| {
        let mut request = AgentRequest { turn: 1, task: Task::Memory, ..ask(number) };
        let context = std::sync::Arc::make_mut(&mut request.context);
        for round in 0..20 {
            let text = format!("Line {round} of a long evening, and there was a cup on every table in it.");
            let agent = Agent::Patient;
            context.lines.push(inner_room::dialogue::request::SpokenLine {
                agent,
                text,
                round,
                callback: false,
            });
        }
        request
    };
    let refusal = "{\"error\":{\"code\":400,\"message\":\"request (2403 tokens) exceeds the available context size (512 tokens)\"}}";
    let memory = "They came with a meeting that went badly. The tone is quieter now.";
    let server = WireServer::new(move |seen| {
        if seen.body.matches("of a long evening").count() > 5 {
            status("400 Bad Request", "", refusal)
        } else {
            stream(memory)
        }
    });
    let mut cast = cast_of(&server, 2);
    for (number, requests) in [(1, 2), (2, 3)] {
        cast.start(long(number));
        assert_eq!(texts(&answers(&mut cast, 1).0), [memory]);
        assert_eq!(server.seen().len(), requests);
    }
    assert!(server.seen()[1].body.len() < server.seen()[0].body.len());
}

#[test]
fn a_line_that_is_blocked_is_asked_for_once_more_with_the_reason_and_then_the_story_s() {
    let refusal = "I'm sorry, but I can't continue with this.";
    let form = format!(
        "{{\"theme\":\"work\",\"scene\":\"{refusal}\",\"hour\":\"dusk\",\"weather\":\"rain\",\"peopled\":false}}"
    );
    let server = WireServer::new(move |_| stream(&form));
    let mut cast = cast_of(&server, 2);
    cast.start(ask(1));
    let text = texts(&answers(&mut cast, 1).0).remove(0);
    assert!(!text.contains("sorry") && !text.is_empty(), "{text}");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(!seen[0].body.contains("could not be used") && seen[1].body.contains("could not be used"));
}

/// How a model that answers like this does on its trial.
fn tried(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Probe {
    let (count, whole) = (AtomicUsize::new(3), answer);
    let server = WireServer::new(move |seen| match whole(&task(seen)) {
        text if text.is_empty() => good(seen, &count),
        text => stream(&text),
    });
    let client = Client::new(Endpoint::new(&server.address, None).expect("an address")).expect("a client");
    let probe = discover::wait_for(probe(&client, "test")).expect("a network");
    probe.expect("the server answers")
}

#[test]
fn a_trial_tells_form_language_and_part_apart() {
    let good = tried(|_| String::new());
    assert_eq!((good.asked, good.usable()), (4, 4), "{good:?}");
    let free = tried(|task| if task == "verdict" { "It was kind.".to_owned() } else { String::new() });
    assert_eq!((free.usable(), free.form.len()), (3, 1), "{free:?}");
    let german = "Ich habe den Zettel noch in der Tasche und lese ihn jeden Abend.";
    let foreign = tried(|task| if task == "Patient" { german.to_owned() } else { String::new() });
    assert_eq!((foreign.usable(), foreign.language), (3, 1), "{foreign:?}");
    let refusal = r#"{"distortion":"labeling","thought":"I'm sorry, but I can't play an inner critic."}"#;
    let refuses = tried(|task| if task == "thought" { refusal.to_owned() } else { String::new() });
    assert_eq!((refuses.usable(), refuses.part.len()), (3, 1), "{refuses:?}");
}
