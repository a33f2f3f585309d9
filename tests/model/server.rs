//! Servers that play, and evenings with them.

use std::sync::atomic::{AtomicUsize, Ordering};

use inner_room::cast::model::{ModelCast, ModelSetup, Models};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::effect::Effect;
use inner_room::dialogue::ids::Millis;
use inner_room::dialogue::request::AgentRequest;
use inner_room::dialogue::{Input, Session};
use inner_room::net::client::Client;
use inner_room::net::endpoint::Endpoint;

use crate::support::{self, Evening, Visitor};
use crate::wire::{Seen, Step, WireServer, stream};

pub(crate) const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";
pub(crate) const TURNS: [&str; 5] = [
    "No wonder you keep going back to it.",
    "You finished the report on Tuesday, even though you'd slept three hours.",
    "I do it too, in the car, every week.",
    "What did your boss say then?",
    "I'm here. Take your time.",
];

pub(crate) fn cast_of(server: &WireServer, seed: u64) -> ModelCast {
    let endpoint = Endpoint::new(&server.address, None).expect("an address");
    let client = Client::new(endpoint).expect("a client");
    let models = Models { all: Some("test".to_owned()), ..Models::default() };
    let setup = ModelSetup { client, models, warm_up: false, seed };
    ModelCast::new(setup).expect("the prompts are in their form")
}

pub(crate) fn evening(server: &WireServer, turns: &[&str], seed: u64) -> Evening {
    evening_of(cast_of(server, seed), turns, seed)
}

/// An evening with this cast.
pub(crate) fn evening_of(cast: ModelCast, turns: &[&str], seed: u64) -> Evening {
    Visitor::new(CONCERN, 7, turns).evening_of(Box::new(cast), support::setup(seed), &[])
}

/// What the request asks for: the schema's name, or the figure whose line it is.
pub(crate) fn task(seen: &Seen) -> String {
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
pub(crate) fn good(seen: &Seen, count: &AtomicUsize) -> Vec<Step> {
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
        "hint" => serde_json::json!({"reasoning":"They were heard.","technique":"pie_chart","plan":format!("Stay with part {number} first, then what was there."),"hint":lines("guide")}).to_string(),
        "feedback" => serde_json::json!({"reasoning":"Facts.","describe":"strong","express":"weak","assert":"absent","reinforce":"absent","negotiate":"absent","mindful":true,"confident":true,"remark":lines("guide")}).to_string(),
        "Patient" => lines("patient"),
        "Devil" => lines("devil"),
        "Guide" => lines("guide"),
        "memory" => "They came with a meeting that went badly. The tone is quieter now.".to_owned(),
        _ => "Yes.".to_owned(),
    };
    stream(&answer)
}

pub(crate) fn list(agent: Agent) -> Vec<String> {
    let name = match agent {
        Agent::Trigger => "trigger",
        Agent::Devil => "devil",
        Agent::Patient => "patient",
        Agent::Guide => "guide",
    };
    let text = std::fs::read_to_string("tests/model/good.tsv").expect("the list is there");
    text.lines().filter_map(|line| Some(line.strip_prefix(name)?.strip_prefix('\t')?.to_owned())).collect()
}

/// The first thing that an evening asks for: its scene.
pub(crate) fn first_request(seed: u64) -> AgentRequest {
    let mut session = Session::default();
    let mut effects = session.handle(Input::Begin(Box::new(support::setup(seed))), Millis(0));
    for answer in [CONCERN, "half"] {
        effects.extend(session.handle(Input::Intake(answer.to_owned()), Millis(0)));
    }
    let request = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask { request, .. } => Some(request),
        _ => None,
    });
    request.expect("something is asked")
}
