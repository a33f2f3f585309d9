//! The forms of the answers that are JSON, as JSON Schema that every server understands: objects, enums, strings.

use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

use crate::dialogue::distortion::Distortion;
use crate::dialogue::moves::{Addressee, Anchor, Move};
use crate::dialogue::request::{DevilBeat, Direction, Task};
use crate::dialogue::resistance::{ResistanceKind, ResistanceSignal};
use crate::dialogue::skills::Rating;
use crate::dialogue::technique::{Aim, CbtTechnique};
use crate::dialogue::theme::{Hour, Theme, Weather};
use crate::net::chat::Schema;

/// The form of the answer to a task; none where it is a line.
pub(super) fn of(task: &Task) -> Option<Schema> {
    let (name, schema) = match task {
        Task::Trigger { .. } => (
            "scene",
            object(&[
                ("theme", names::<Theme>()),
                ("scene", text(160)),
                ("hour", names::<Hour>()),
                ("weather", names::<Weather>()),
                ("peopled", yes_no()),
            ]),
        ),
        Task::Devil(DevilBeat::Thought { .. }) => {
            ("thought", object(&[("distortion", names::<Distortion>()), ("thought", text(200))]))
        }
        Task::Verdict => ("verdict", verdict()),
        Task::Feedback { .. } => {
            let rating = names::<Rating>;
            (
                "feedback",
                object(&[
                    ("reasoning", text(900)),
                    ("describe", rating()),
                    ("express", rating()),
                    ("assert", rating()),
                    ("reinforce", rating()),
                    ("negotiate", rating()),
                    ("mindful", yes_no()),
                    ("confident", yes_no()),
                    ("remark", text(200)),
                ]),
            )
        }
        Task::Hint { aim, .. } => ("hint", hint(matches!(aim, Aim::Cbt(_)))),
        Task::Devil(_) | Task::Patient(_) | Task::Memory | Task::Farewell(_) => {
            return None;
        }
    };
    Some(Schema { name, schema })
}

/// A technique is chosen where the round has one.
fn hint(with_technique: bool) -> Value {
    let mut fields = vec![("reasoning", text(400))];
    if with_technique {
        fields.push(("technique", names::<CbtTechnique>()));
    }
    fields.extend([("plan", text(200)), ("hint", text(200))]);
    object(&fields)
}

fn verdict() -> Value {
    let reading = object(&[("move", names::<Move>()), ("anchor", names::<Anchor>())]);
    let resistance = object(&[("kind", names::<ResistanceKind>()), ("signal", names::<ResistanceSignal>())]);
    object(&[
        ("reasoning", text(600)),
        ("addressee", names::<Addressee>()),
        ("moves", json!({ "type": "array", "items": reading, "maxItems": 3 })),
        ("raw", yes_no()),
        ("resistance", json!({ "anyOf": [resistance, { "type": "null" }] })),
        ("direction", names::<Direction>()),
        ("end", yes_no()),
    ])
}

fn object(fields: &[(&str, Value)]) -> Value {
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn text(longest: u32) -> Value {
    json!({ "type": "string", "maxLength": longest })
}

fn yes_no() -> Value {
    json!({ "type": "boolean" })
}

/// The names of an enum, as they stand in the event log.
fn names<T: JsonSchema>() -> Value {
    let schema = schema_for!(T).to_value();
    let mut names: Vec<Value> = schema["enum"].as_array().cloned().unwrap_or_default();
    let described = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    for one in described {
        names.extend(one["enum"].as_array().cloned().unwrap_or_default());
        names.extend(one.get("const").cloned());
    }
    json!({ "type": "string", "enum": names })
}
