//! The client against servers that do what real ones do, and what they should not: each fault of `safety.md` L that
//! shows on the wire, over a real socket.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

#[path = "support/tls.rs"]
mod tls;
#[path = "support/wire.rs"]
mod wire;

use std::time::Duration;

use inner_room::dialogue::text::Sentences;
use inner_room::net::chat::{ChatRequest, Finish, Message, Role, Schema, read_delta};
use inner_room::net::client::{Client, Limits, Piece};
use inner_room::net::discover;
use inner_room::net::endpoint::{Endpoint, Secret};
use inner_room::net::sse::Decoder;
use inner_room::net::think::Splitter;
use inner_room::net::{NetError, Severity, Stage};
use proptest::prelude::*;
use wire::{Step, WireServer, delta, finished, status, stream, stream_head};

/// The limits of a turn, shorter, so that nobody waits long, and long enough for a machine that is busy.
const SHORT: Limits = Limits {
    connect: Duration::from_millis(1_000),
    first_token: Duration::from_millis(1_500),
    idle: Duration::from_millis(1_500),
    turn: Duration::from_millis(5_000),
};

fn question() -> ChatRequest {
    ChatRequest {
        messages: vec![Message { role: Role::User, text: "Say something".to_owned() }],
        max_tokens: 20,
        temperature: 0.0,
        schema: None,
        picture: None,
    }
}

fn client(address: &str) -> Client {
    Client::new(Endpoint::new(address, None).expect("an address")).expect("a client")
}

/// What was heard, and how it ended.
fn ask(address: &str) -> (String, Result<Finish, NetError>) {
    ask_with(&client(address), &question(), SHORT)
}

fn ask_with(client: &Client, request: &ChatRequest, limits: Limits) -> (String, Result<Finish, NetError>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut heard = String::new();
    let ended = runtime.block_on(client.chat(request, "model", limits, |piece| {
        piece.add_to(&mut heard);
        true
    }));
    (heard, ended)
}

/// What is heard from a server that always answers like this.
fn heard_from(steps: Vec<Step>) -> (String, Result<Finish, NetError>) {
    let server = WireServer::new(move |_| steps.clone());
    ask(&server.address)
}

fn with_head(steps: impl IntoIterator<Item = Step>) -> Vec<Step> {
    std::iter::once(stream_head()).chain(steps).collect()
}

fn raw(bytes: impl Into<Vec<u8>>) -> Step {
    Step::Send(bytes.into())
}

#[test]
fn a_good_stream_is_heard_as_it_was_sent() {
    let (heard, ended) = heard_from(stream("One drawer. All right."));
    assert_eq!((heard.as_str(), ended), ("One drawer. All right.", Ok(Finish::Stop)));
}

#[test]
fn l1_nobody_listening_is_transient_and_known_at_once() {
    let (_, ended) = ask("http://127.0.0.1:9/v1");
    let error = ended.expect_err("nobody is there");
    assert!(matches!(error, NetError::Unreachable(_)) && error.severity() == Severity::Transient, "{error}");
}

#[test]
fn l3_a_host_that_there_is_not_is_permanent_and_the_message_holds_no_key() {
    let key = Some(Secret::new("sk-canary"));
    let endpoint = Endpoint::new("https://no-such-host.invalid/v1", key).expect("an address");
    let (_, ended) = ask_with(&Client::new(endpoint).expect("a client"), &question(), SHORT);
    let error = ended.expect_err("there is none");
    assert!(!error.to_string().contains("canary"));
    match error {
        NetError::NoHost(_) => assert_eq!(error.severity(), Severity::Permanent),
        // A machine without a resolver cannot know.
        NetError::TimedOut(_) | NetError::Unreachable(_) => {}
        _ => panic!("{error:?}"),
    }
}

#[test]
fn l4_a_server_that_accepts_and_never_answers_is_given_up() {
    for steps in [vec![Step::Hold], with_head([Step::Hold])] {
        let server = WireServer::new(move |_| steps.clone());
        let (_, ended) = ask(&server.address);
        assert_eq!(ended, Err(NetError::TimedOut(Stage::FirstToken)));
        assert!(server.closed().is_some(), "the connection is closed, so that its slot frees");
    }
}

#[test]
fn l5_a_slow_stream_passes_the_idle_limit_and_ends_at_the_turn_s() {
    let slow = (0..40).flat_map(|_| [delta("word. "), Step::Wait(300)]);
    let (heard, ended) = heard_from(with_head(slow));
    assert_eq!(ended, Err(NetError::TimedOut(Stage::Turn)));
    assert!(heard.starts_with("word. word. word."), "{heard}");
}

#[test]
fn a_stream_that_stops_in_the_middle_ends_at_the_idle_limit() {
    let (heard, ended) = heard_from(with_head([delta("Half a"), Step::Hold]));
    assert_eq!((heard.as_str(), ended), ("Half a", Err(NetError::TimedOut(Stage::Idle))));
}

#[test]
fn l6_an_end_without_done_is_an_end() {
    let end = raw("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
    let (heard, ended) = heard_from(with_head([delta("Whole."), end]));
    assert_eq!((heard.as_str(), ended), ("Whole.", Ok(Finish::Stop)));
    let unterminated =
        raw("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");
    assert_eq!(heard_from(with_head([unterminated])).1, Ok(Finish::Stop));
}

#[test]
fn l7_a_stream_that_is_cut_is_told_from_one_that_ended() {
    let (heard, ended) = heard_from(with_head([delta("Yes. That pa")]));
    assert_eq!((heard.as_str(), ended), ("Yes. That pa", Err(NetError::CutOff)));
}

#[test]
fn l8_a_connection_that_is_left_open_after_the_end_is_closed() {
    let mut steps = with_head([delta("Whole.")]);
    steps.extend([raw("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"), Step::Hold]);
    let server = WireServer::new(move |_| steps.clone());
    let (heard, ended) = ask(&server.address);
    assert_eq!((heard.as_str(), ended), ("Whole.", Ok(Finish::Stop)));
    assert!(server.closed().is_some());
}

#[test]
fn l9_a_reset_is_a_cut_and_a_half_closed_socket_is_an_end() {
    let mut steps = stream("Whole.");
    steps.extend([Step::HalfClose, Step::Hold]);
    assert_eq!(heard_from(steps), ("Whole.".to_owned(), Ok(Finish::Stop)));
    let (heard, ended) = heard_from(with_head([delta("Half"), Step::Wait(50), Step::Reset]));
    assert_eq!(heard, "Half");
    assert!(matches!(ended, Err(NetError::CutOff)), "{ended:?}");
    let (_, ended) = heard_from(vec![Step::Reset]);
    assert!(ended.is_err_and(|error| error.may_be_repeated()));
}

#[test]
fn l10_any_cut_of_the_bytes_gives_the_same_text() {
    let whole = "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße, 你好 🙂.\"}}]}\r\n\r\ndata:{\"choices\":[{\"delta\":{\"content\":\" Two in one.\"},\"finish_reason\":\"stop\"}]}\n\n: ping\n\ndata: [DONE]\n\n".as_bytes();
    for cut in (1..whole.len()).step_by(7) {
        let steps = with_head([raw(&whole[..cut]), Step::Wait(2), raw(&whole[cut..])]);
        let (heard, ended) = heard_from(steps);
        assert_eq!(
            (heard.as_str(), ended),
            ("Grüße, 你好 🙂. Two in one.", Ok(Finish::Stop)),
            "cut at {cut}"
        );
    }
}

#[test]
fn l11_and_l12_what_is_malformed_or_an_error_is_never_success() {
    let (heard, ended) = heard_from(with_head([delta("Yes."), raw("data: {\"choices\":[{\n\n")]));
    assert!(heard == "Yes." && matches!(ended, Err(NetError::Malformed(_))), "{ended:?}");
    let (_, ended) = heard_from(with_head([raw("data: {\"error\":{\"message\":\"out of memory\"}}\n\n")]));
    assert_eq!(ended, Err(NetError::InStream("out of memory".to_owned())));
    let (_, ended) = heard_from(status("200 OK", "", "{\"error\":\"no model\"}"));
    assert_eq!(ended, Err(NetError::InStream("no model".to_owned())));
    let (_, ended) = heard_from(with_head([]));
    assert_eq!(ended, Err(NetError::CutOff), "an empty stream is no answer");
}

#[test]
fn l13_reasoning_is_never_heard_and_unknown_fields_are_nothing() {
    let reasoning = raw(
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"I must be kind\"}}],\"x\":{}}\n\n",
    );
    let mut steps = with_head([reasoning, delta("<thi"), delta("nk>hm</think>\n\nHello"), delta(" there.")]);
    steps.extend(finished());
    assert_eq!(heard_from(steps).0, "Hello there.");
    let whole = status(
        "200 OK",
        "",
        "\n\n{\"choices\":[{\"message\":{\"content\":\"Whole.\"},\"finish_reason\":\"stop\"}]}",
    );
    assert_eq!(heard_from(whole).0, "Whole.", "a server that does not stream is understood, too");
}

#[test]
fn l15_a_refused_key_is_permanent() {
    for code in ["401 Unauthorized", "403 Forbidden"] {
        let (_, ended) = heard_from(status(code, "", "{\"error\":{\"message\":\"Invalid API Key\"}}"));
        let error = ended.expect_err("refused");
        assert!(error.severity() == Severity::Permanent && error.to_string().contains("Invalid API Key"));
    }
}

#[test]
fn l16_a_server_that_wants_to_be_left_alone_says_for_how_long() {
    for (header, seconds) in [("Retry-After: 7\r\n", Some(7)), ("Retry-After: soon\r\n", None), ("", None)] {
        let (_, ended) =
            heard_from(status("429 Too Many Requests", header, "{\"error\":{\"message\":\"slow\"}}"));
        let Err(NetError::Status { status: 429, retry_after, .. }) = ended else { panic!("{ended:?}") };
        assert_eq!(retry_after, seconds.map(Duration::from_secs), "{header}");
    }
    let past = "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    let (_, ended) = heard_from(status("503 Busy", past, "{}"));
    assert!(matches!(ended, Err(NetError::Status { retry_after: Some(Duration::ZERO), .. })), "{ended:?}");
}

#[test]
fn l17_errors_of_the_server_s_are_transient_and_a_loading_model_is_told_apart() {
    for code in ["500 Error", "502 Bad Gateway", "503 Unavailable"] {
        let (_, ended) = heard_from(status(code, "", "<html>nginx</html>"));
        assert_eq!(ended.expect_err("an error").severity(), Severity::Transient);
    }
    let loading = "{\"error\":{\"message\":\"Loading model\",\"type\":\"unavailable_error\",\"code\":503}}";
    assert_eq!(heard_from(status("503 Unavailable", "", loading)).1, Err(NetError::Loading));
}

#[test]
fn l18_an_endless_stream_or_line_is_cut() {
    let endless = vec![
        stream_head(),
        Step::Forever(b"data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n".to_vec()),
    ];
    let (_, ended) = heard_from(endless);
    assert!(matches!(ended, Err(NetError::TooMuch(_))), "{ended:?}");
    let (_, ended) = heard_from(vec![stream_head(), Step::Forever(vec![b'x'; 4096])]);
    assert!(matches!(ended, Err(NetError::TooMuch(_))), "{ended:?}");
}

#[test]
fn l19_a_request_that_is_too_long_is_told_from_a_wrong_one() {
    let body = "{\"error\":{\"code\":400,\"message\":\"request (2403 tokens) exceeds the available context size (512 tokens)\",\"type\":\"exceed_context_size_error\"}}";
    assert_eq!(heard_from(status("400 Bad Request", "", body)).1, Err(NetError::TooLong));
    let (_, ended) = heard_from(status("400 Bad Request", "", "{\"error\":\"no messages\"}"));
    assert_eq!(
        ended.expect_err("wrong").severity(),
        Severity::Degraded,
        "the next one may be another matter"
    );
}

#[test]
fn l20_a_wrong_model_and_a_portal_are_permanent() {
    let (_, ended) = heard_from(status("404 Not Found", "", "{\"error\":{\"message\":\"model not found\"}}"));
    assert_eq!(ended.expect_err("no model").severity(), Severity::Permanent);
    let (_, ended) = heard_from(status("200 OK", "", "<html>Please sign in</html>"));
    assert!(matches!(ended, Err(NetError::NoChatServer(_))), "{ended:?}");
    let other = WireServer::new(|_| stream("Yes."));
    let location = format!("Location: {}/chat/completions\r\n", other.address);
    let server = WireServer::new(move |_| status("307 Temporary Redirect", &location, "{}"));
    let endpoint = Endpoint::new(&server.address, Some(Secret::new("sk-canary"))).expect("on this machine");
    let (_, ended) = ask_with(&Client::new(endpoint).expect("a client"), &question(), SHORT);
    assert!(matches!(ended, Err(NetError::NoChatServer(_))), "no redirect is followed: {ended:?}");
    assert!(other.seen().is_empty(), "and no key goes there");
}

#[test]
fn l21_a_server_without_a_good_certificate_is_refused() {
    let (_, ended) = ask(&tls::self_signed());
    let error = ended.expect_err("nobody has signed it");
    assert!(matches!(error, NetError::Certificate(_)), "{error:?}");
    assert!(error.severity() == Severity::Permanent && error.to_string().contains("clock"), "{error}");
    let server = WireServer::new(|_| vec![Step::Hold]);
    let (_, ended) = ask(&server.address.replace("http://", "https://"));
    assert!(ended.is_err(), "no TLS, no answer");
}

#[test]
fn what_a_server_does_not_take_is_left_out_and_remembered_for_its_model() {
    let server = WireServer::new(|seen| {
        let body = seen.json();
        let refuse = |message: &str| {
            status("400 Bad Request", "", &serde_json::json!({ "error": { "message": message } }).to_string())
        };
        if body.get("max_tokens").is_some() {
            refuse(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            )
        } else if body.get("temperature").is_some() {
            refuse(
                "Unsupported value: 'temperature' does not support 0.0 with this model. Only the default (1) value is supported.",
            )
        } else if seen.body.contains("maxLength") {
            refuse("Invalid schema for response_format 'line': In context=(), 'maxLength' is not permitted.")
        } else {
            stream("{}")
        }
    });
    let client = client(&server.address);
    let schema =
        serde_json::json!({ "type": "object", "properties": { "a": { "type": "string", "maxLength": 9 } } });
    let request = ChatRequest { schema: Some(Schema { name: "line", schema }), ..question() };
    for _ in 0..2 {
        assert_eq!(ask_with(&client, &request, SHORT).1, Ok(Finish::Stop));
    }
    let seen = server.seen();
    assert_eq!(seen.len(), 5, "four attempts the first time, one the second");
    let last = seen[4].json();
    assert_eq!(last["max_completion_tokens"], 20);
    assert_eq!(last["response_format"]["type"], "json_schema");
}

#[test]
fn reasoning_whose_opening_tag_nobody_saw_is_taken_back_and_never_heard_again() {
    let server = WireServer::new(|_| stream("Okay, they said it. I will answer.</think> Yes. In the car."));
    let client = client(&server.address);
    assert_eq!(ask_with(&client, &question(), SHORT).0, "Yes. In the car.");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let request = question();
    let ended = runtime.block_on(client.chat(&request, "model", SHORT, |piece| {
        assert!(!matches!(piece, Piece::Words(words) if words.contains("they said")), "{piece:?}");
        assert_ne!(piece, Piece::TakeBack);
        true
    }));
    assert_eq!(ended, Ok(Finish::Stop));
}

#[test]
fn a_model_that_only_reasons_is_told_and_given_room_the_next_time() {
    let server = WireServer::new(|seen| {
        if seen.json()["max_tokens"].as_u64() > Some(1_000) {
            return stream("Yes.");
        }
        let thinks = "data: {\"choices\":[{\"delta\":{\"content\":\"\",\"reasoning\":\"I must\"},\"finish_reason\":\"length\"}]}\n\n";
        with_head([raw(thinks), raw("data: [DONE]\n\n")])
    });
    let client = client(&server.address);
    assert_eq!(ask_with(&client, &question(), SHORT).1, Err(NetError::OnlyReasoned));
    assert_eq!(ask_with(&client, &question(), SHORT).0, "Yes.");
    assert_eq!(server.seen()[1].json()["chat_template_kwargs"]["enable_thinking"], false);
}

#[test]
fn a_key_that_the_server_sends_back_is_shown_nowhere() {
    let said = "{\"error\":{\"message\":\"Invalid token: sk-canary\"}}";
    for steps in [status("401 Unauthorized", "", said), with_head([raw(format!("data: {said}\n\n"))])] {
        let server = WireServer::new(move |_| steps.clone());
        let endpoint =
            Endpoint::new(&server.address, Some(Secret::new("sk-canary"))).expect("on this machine");
        let client = Client::new(endpoint).expect("a client");
        let error = ask_with(&client, &question(), SHORT).1.expect_err("refused");
        assert!(!format!("{error} {error:?} {}", error.told()).contains("canary"), "{error:?}");
    }
}

#[test]
fn a_form_that_a_server_does_not_know_is_asked_for_in_another_way_and_remembered() {
    let server = WireServer::new(|seen| {
        let kind = seen.json()["response_format"]["type"].as_str().unwrap_or("none").to_owned();
        if kind == "none" {
            stream("{}")
        } else {
            status("400 Bad Request", "", "{\"error\":\"'response_format.type' is not supported\"}")
        }
    });
    let client = client(&server.address);
    let schema = Some(Schema { name: "line", schema: serde_json::json!({ "type": "object" }) });
    let request = ChatRequest { schema, ..question() };
    for _ in 0..2 {
        assert_eq!(ask_with(&client, &request, SHORT).1, Ok(Finish::Stop));
    }
    assert_eq!(server.seen().len(), 4, "three ways the first time, one the second");
}

#[test]
fn a_request_that_is_dropped_closes_its_connection_at_once() {
    let server = WireServer::new(|_| vec![stream_head(), delta("One"), Step::Hold]);
    let client = client(&server.address);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let request = question();
        let asked = client.chat(&request, "model", Limits::TURN, |_| true);
        tokio::time::timeout(Duration::from_millis(300), asked).await.expect_err("it is still going on");
        // The connection is closed by a task of the runtime's, long before any limit passes.
        tokio::time::sleep(Duration::from_millis(300)).await;
    });
    assert!(server.closed().is_some(), "it is closed");
}

#[test]
fn a_key_travels_in_one_header_and_nowhere_else() {
    let server = WireServer::new(|_| stream("Yes."));
    let endpoint = Endpoint::new(&server.address, Some(Secret::new("sk-canary"))).expect("on this machine");
    ask_with(&Client::new(endpoint).expect("a client"), &question(), SHORT).1.expect("an answer");
    let seen = server.seen();
    assert_eq!(seen[0].head.matches("sk-canary").count(), 1);
    assert!(seen[0].head.to_lowercase().contains("authorization: bearer sk-canary"));
    assert!(
        !seen[0].body.contains("canary")
            && !seen[0].head.lines().next().unwrap_or_default().contains("canary")
    );
}

#[test]
fn a_server_is_known_by_its_list_of_models() {
    let list = "{\"object\":\"list\",\"data\":[{\"id\":\"stories\",\"owned_by\":\"llamacpp\",\"meta\":{\"n_ctx\":512}}]}";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let look = |steps: Vec<Step>| {
        let server = WireServer::new(move |_| steps.clone());
        runtime.block_on(discover::look(&server.address, "Ollama"))
    };
    let found = look(status("200 OK", "", list)).expect("a server");
    assert_eq!(
        (found.name.as_str(), found.models[0].id.as_str(), found.models[0].context),
        ("llama.cpp", "stories", Some(512))
    );
    assert_eq!(
        look(status("401 Unauthorized", "", "{}")).map(|found| found.state),
        Some(discover::State::NeedsKey)
    );
    assert_eq!(look(status("200 OK", "", "{\"error\":\"Unexpected endpoint\"}")), None);
    assert_eq!(look(status("200 OK", "", "<html>a web page</html>")), None);
}

/// Everything between the socket and a figure's mouth: events, deltas, reasoning, sentences.
fn sentences<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let (mut decoder, mut splitter, mut sentences) =
        (Decoder::default(), Splitter::default(), Sentences::default());
    let mut heard = Vec::new();
    for piece in pieces {
        for data in decoder.push(piece).expect("short enough") {
            let Some(delta) = read_delta(&data).expect("a delta") else { continue };
            heard.extend(sentences.push(&splitter.push(&delta.text).text));
        }
    }
    heard.extend(sentences.push(&splitter.finish()));
    heard.extend(sentences.finish());
    heard
}

proptest! {
    #[test]
    fn any_cut_of_the_byte_stream_gives_the_same_sentences(
        words in prop::collection::vec("[A-Za-zé你]{1,7}[.?…,]{0,1} ?|<think>hm</think>", 1..40),
        cuts in prop::collection::vec(1usize..40, 1..60),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n\r\n" } else { "\n\n" };
        let event = |word: &String| {
            format!("data: {}{end}", serde_json::json!({ "choices": [{ "delta": { "content": word } }] }))
        };
        let mut bytes: String = words.iter().map(event).collect();
        bytes.push_str(&format!("data: [DONE]{end}"));
        let bytes = bytes.as_bytes();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts.iter().cycle() {
            if from >= bytes.len() { break; }
            let to = (from + cut).min(bytes.len());
            pieces.push(&bytes[from..to]);
            from = to;
        }
        prop_assert_eq!(sentences(pieces.into_iter()), sentences(std::iter::once(bytes)));
    }
}
