//! What becomes of a request when the server fails, waits, reasons, or is not there yet.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use inner_room::cast::Cast as _;
use inner_room::cast::model::{ModelCast, ModelSetup, Models};
use inner_room::config::CastPart;
use inner_room::dialogue::Input;
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::event::Kind;
use inner_room::dialogue::ids::AskId;
use inner_room::dialogue::input::{Health, Part};
use inner_room::dialogue::request::{AgentAnswer, AgentRequest, Task};
use inner_room::net::client::Client;
use inner_room::net::endpoint::Endpoint;

use crate::server::{TURNS, cast_of, evening, first_request, good, list};
use crate::support::Evening;
use crate::wire::{Seen, Step, WireServer, delta, status, stream, stream_head};
use crate::{ended, faults};

const LOADING: &str =
    "{\"error\":{\"message\":\"Loading model\",\"type\":\"unavailable_error\",\"code\":503}}";

/// What comes until so many answers are there, and how long that took.
pub(crate) fn answers(cast: &mut ModelCast, wanted: usize) -> (Vec<Input>, Duration) {
    let begun = Instant::now();
    let mut inputs = Vec::new();
    let is_answer = |input: &&Input| matches!(input, Input::Answer { part: Part::Whole(_) | Part::End, .. });
    while inputs.iter().filter(is_answer).count() < wanted && begun.elapsed() < Duration::from_secs(40) {
        cast.poll(&mut inputs);
        std::thread::sleep(Duration::from_millis(2));
    }
    (inputs, begun.elapsed())
}

pub(crate) fn health(inputs: &[Input]) -> Vec<Health> {
    let of = |input: &Input| match input {
        Input::Health { state, .. } => Some(state.clone()),
        _ => None,
    };
    inputs.iter().filter_map(of).collect()
}

pub(crate) fn texts(inputs: &[Input]) -> Vec<String> {
    let of = |input: &Input| match input {
        Input::Answer { part: Part::Whole(answer), .. } => match &**answer {
            AgentAnswer::Scene { text, .. } | AgentAnswer::Memory { text } => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    inputs.iter().filter_map(of).collect()
}

fn told_gone(evening: &Evening) -> usize {
    let told = evening.find(|event| match &event.kind {
        Kind::Health { part, state: Health::Gone(_) } if part == "cast" => Some(()),
        _ => None,
    });
    told.len()
}

#[test]
fn a_server_that_fails_never_ends_an_evening_and_is_told_once() {
    for steps in [
        status("500 Error", "", "{\"error\":\"broke\"}"),
        status("401 Unauthorized", "", "{\"error\":\"no key\"}"),
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
        assert_eq!(told_gone(&evening), 1);
    }
}

#[test]
fn l2_a_server_that_dies_in_the_middle_leaves_the_story_to_finish() {
    for last in [vec![Step::Reset], vec![stream_head(), delta("Yes. That pa"), Step::Reset]] {
        let (asked, count) = (AtomicUsize::new(0), AtomicUsize::new(5));
        let server = WireServer::new(move |seen| {
            if asked.fetch_add(1, Ordering::Relaxed) < 10 { good(seen, &count) } else { last.clone() }
        });
        let evening = evening(&server, &TURNS, 3);
        assert_eq!(ended(&evening).len(), 1);
        assert!(evening.lines(Agent::Patient).len() > 4, "it went on");
        assert_eq!(told_gone(&evening), 1);
        assert!(!evening.lines(Agent::Patient).iter().any(|line| line.contains("That pa")), "a fragment");
    }
}

#[test]
fn a_server_that_fails_twice_is_left_in_peace_and_plays_again_when_it_is_back() {
    let (count, asked) = (AtomicUsize::new(3), AtomicUsize::new(0));
    let server = WireServer::new(move |seen| match asked.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => status("500 Error", "", "{\"error\":\"broke\"}"),
        _ => good(seen, &count),
    });
    let mut cast = cast_of(&server, 2);
    let mut inputs = Vec::new();
    for ask in 1..=3 {
        cast.start(AgentRequest { ask: AskId(ask), ..first_request(2) });
        inputs.extend(answers(&mut cast, 1).0);
    }
    assert_eq!(server.seen().len(), 2, "the third is not even sent");
    assert!(matches!(health(&inputs)[..], [Health::Degraded(_), Health::Gone(_)]), "{inputs:?}");
    let begun = Instant::now();
    while server.seen().len() == 2 && begun.elapsed() < Duration::from_secs(10) {
        cast.start(AgentRequest { ask: AskId(9), ..first_request(2) });
        inputs = answers(&mut cast, 1).0;
    }
    assert!(list(Agent::Trigger).contains(&texts(&inputs)[0]), "{inputs:?}");
    while health(&inputs).is_empty() && begun.elapsed() < Duration::from_secs(10) {
        cast.poll(&mut inputs);
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(health(&inputs), [Health::Well]);
}

#[test]
fn l4_without_a_first_word_the_story_answers_and_the_server_is_woken_again() {
    let server = WireServer::new(|_| vec![Step::Hold]);
    let mut cast = cast_of(&server, 2);
    cast.start(first_request(2));
    let (inputs, took) = answers(&mut cast, 1);
    assert!(took >= Duration::from_secs(4) && took < Duration::from_secs(8), "{took:?}");
    assert_eq!(texts(&inputs).len(), 1, "{inputs:?}");
    assert!(matches!(health(&inputs)[..], [Health::Degraded(_)]));
    assert!(!cast.is_ready(), "it is asked for a word, and nothing else, until one comes");
    // Nobody waits for it a second time.
    cast.start(AgentRequest { ask: AskId(99), ..first_request(3) });
    assert!(answers(&mut cast, 1).1 < Duration::from_secs(3));
}

#[test]
fn l5_what_trickles_is_taken_over_before_the_session_gives_up() {
    let slow = || (0..20).flat_map(|_| [delta("{ "), Step::Wait(3_000)]);
    let server = WireServer::new(move |_| std::iter::once(stream_head()).chain(slow()).collect());
    let mut cast = cast_of(&server, 2);
    cast.start(first_request(2));
    let (inputs, took) = answers(&mut cast, 1);
    assert!(took >= Duration::from_secs(19) && took < Duration::from_secs(24), "{took:?}");
    assert_eq!(texts(&inputs).len(), 1, "{inputs:?}");
}

#[test]
fn a_model_that_is_still_being_loaded_is_said_and_joins_in() {
    let (asked, count) = (AtomicUsize::new(0), AtomicUsize::new(3));
    let server = WireServer::new(move |seen| match asked.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => status("503 Service Unavailable", "", LOADING),
        _ => good(seen, &count),
    });
    let client = Client::new(Endpoint::new(&server.address, None).expect("an address")).expect("a client");
    let models = Models { all: Some("test".to_owned()), ..Models::default() };
    let mut cast = ModelCast::new(ModelSetup { client, models, warm_up: true, seed: 1 }).expect("a cast");
    assert!(!cast.is_ready());
    cast.start(first_request(2));
    let (mut inputs, took) = answers(&mut cast, 1);
    assert!(took < Duration::from_secs(6), "meanwhile the story answers");
    let begun = Instant::now();
    while !cast.is_ready() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    cast.start(AgentRequest { ask: AskId(99), ..first_request(3) });
    inputs.extend(answers(&mut cast, 1).0);
    assert!(list(Agent::Trigger).contains(&texts(&inputs)[1]), "{inputs:?}");
    assert_eq!(health(&inputs), [Health::Waking, Health::Well]);
}

#[test]
fn a_server_with_one_slot_is_given_time_for_what_nobody_waits_for() {
    let slot = Mutex::new(());
    let server = WireServer::new(move |_| {
        let _slot = slot.lock().expect("no thread broke off");
        std::thread::sleep(Duration::from_millis(1_600));
        stream("They came with a meeting that went badly. The tone is quieter now.")
    });
    let mut cast = cast_of(&server, 2);
    for ask in 1..=4 {
        cast.start(AgentRequest { ask: AskId(ask), turn: 1, task: Task::Memory, ..first_request(2) });
    }
    let (inputs, took) = answers(&mut cast, 4);
    assert!(took > Duration::from_secs(6), "{took:?}");
    assert!(texts(&inputs).iter().all(|text| text.contains("quieter now")), "{inputs:?}");
    assert!(health(&inputs).is_empty());
}

#[test]
fn a_model_that_reasons_is_given_room_and_plays() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| {
        if seen.json()["max_tokens"].as_u64() > Some(1_200) {
            return good(seen, &count);
        }
        let thinks =
            "data: {\"choices\":[{\"delta\":{\"reasoning\":\"I must\"},\"finish_reason\":\"length\"}]}\n\n";
        vec![stream_head(), Step::Send(thinks.into()), Step::Send(b"data: [DONE]\n\n".to_vec())]
    });
    let mut cast = cast_of(&server, 2);
    cast.start(first_request(2));
    let (inputs, _) = answers(&mut cast, 1);
    assert!(list(Agent::Trigger).contains(&texts(&inputs)[0]), "{inputs:?}");
    assert!(health(&inputs).is_empty());
}

#[test]
fn a_model_that_is_not_there_is_left_alone_and_the_others_play() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| {
        if seen.json()["model"] == "absent" {
            status("404 Not Found", "", "{\"error\":{\"message\":\"model 'absent' not found\"}}")
        } else {
            good(seen, &count)
        }
    });
    let client = Client::new(Endpoint::new(&server.address, None).expect("an address")).expect("a client");
    let of = [(CastPart::Devil, "absent".to_owned())].into();
    let models = Models { all: Some("test".to_owned()), of };
    let cast = ModelCast::new(ModelSetup { client, models, warm_up: false, seed: 1 }).expect("a cast");
    let evening = crate::server::evening_of(cast, &TURNS, 1);
    let own = list(Agent::Patient);
    let patient = evening.lines(Agent::Patient);
    assert!(patient.iter().any(|line| own.iter().any(|own| own.contains(line.as_str()))), "{patient:#?}");
    let for_absent = server.seen().iter().filter(|seen| seen.json()["model"] == "absent").count();
    assert!(for_absent <= 2, "asked for {for_absent} times");
}

#[test]
fn one_refused_request_is_no_reason_to_do_without_the_model() {
    let (count, asked) = (AtomicUsize::new(3), AtomicUsize::new(0));
    let server = WireServer::new(move |seen| match asked.fetch_add(1, Ordering::Relaxed) {
        8 => status(
            "400 Bad Request",
            "",
            "{\"error\":{\"code\":\"content_filter\",\"message\":\"filtered\"}}",
        ),
        _ => good(seen, &count),
    });
    let evening = evening(&server, &TURNS, 4);
    assert_eq!(told_gone(&evening), 0);
    assert!(server.seen().len() > 20, "{}", server.seen().len());
}

#[test]
fn l23_a_cancelled_request_frees_the_slot_and_what_comes_late_belongs_to_nobody() {
    let count = AtomicUsize::new(0);
    let server = WireServer::new(move |seen: &Seen| match count.fetch_add(1, Ordering::Relaxed) {
        0 => vec![stream_head(), delta("{ "), Step::Hold],
        number => good(seen, &AtomicUsize::new(number)),
    });
    let mut cast = cast_of(&server, 2);
    cast.start(first_request(2));
    let begun = Instant::now();
    while server.seen().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(5), "the server is asked");
        std::thread::sleep(Duration::from_millis(2));
    }
    cast.cancel(first_request(2).ask);
    assert!(server.closed().is_some(), "the connection is closed");
    cast.start(AgentRequest { ask: AskId(99), ..first_request(3) });
    let (inputs, _) = answers(&mut cast, 1);
    let asks: Vec<AskId> = inputs
        .iter()
        .filter_map(|input| if let Input::Answer { ask, .. } = input { Some(*ask) } else { None })
        .collect();
    assert_eq!(asks, [AskId(99)]);
}

#[test]
fn a_server_that_is_never_right_is_asked_twice_for_everything_and_no_more() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let server = WireServer::new(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        stream("I'm sorry, but I can't continue with this.")
    });
    let evening = evening(&server, &TURNS, 4);
    assert_eq!(ended(&evening).len(), 1);
    assert!(asked.load(Ordering::Relaxed) < 200, "{asked:?}");
}
