//! What a server takes for one of its models, learnt from what it refuses.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::chat::FormatSupport;

/// Tokens that a model gets for reasoning that nobody hears.
const ALLOWANCE: u32 = 1_200;

/// What a request may hold. Everything is tried until it is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// How a form is asked for.
    pub format: FormatSupport,
    /// Whether the schema's bounds on lengths are left out: `OpenAI`'s strict schemas do not take them.
    pub without_bounds: bool,
    /// Whether the limit is called `max_completion_tokens`, as `OpenAI`'s reasoning models have it.
    pub completion_tokens: bool,
    /// Whether it takes no temperature but its own.
    pub own_temperature: bool,
    /// Whether it spends its tokens on reasoning, if it is let.
    pub reasons: bool,
    /// Whether it does not take the wish that it should not.
    pub without_wishes: bool,
    /// Whether its answers begin inside of its reasoning: the opening tag stood in the prompt.
    pub begins_inside: bool,
}

/// What a server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// The form of the answer.
    Format,
    /// Bounds in the form.
    Bounds,
    /// `max_tokens`.
    MaxTokens,
    /// A temperature.
    Temperature,
    /// The wish that a model should not reason.
    Wishes,
}

impl Dialect {
    /// Leaves out what was refused; false when there is nothing to leave out.
    pub fn leave_out(&mut self, refused: Unsupported) -> bool {
        let flag = match refused {
            Unsupported::Format => {
                let less = self.format.less();
                self.format = less.unwrap_or(self.format);
                return less.is_some();
            }
            Unsupported::Bounds => &mut self.without_bounds,
            Unsupported::MaxTokens => &mut self.completion_tokens,
            Unsupported::Temperature => &mut self.own_temperature,
            Unsupported::Wishes => &mut self.without_wishes,
        };
        !std::mem::replace(flag, true)
    }

    /// Puts the limits of an answer into a body.
    pub(super) fn put_limits(&self, body: &mut Value, max_tokens: u32, temperature: f32) {
        let most = max_tokens + if self.reasons { ALLOWANCE } else { 0 };
        body[if self.completion_tokens { "max_completion_tokens" } else { "max_tokens" }] = json!(most);
        if !self.own_temperature {
            body["temperature"] = json!(temperature);
        }
        if self.reasons && !self.without_wishes {
            body["reasoning_effort"] = json!("low");
            body["chat_template_kwargs"] = json!({ "enable_thinking": false });
        }
    }

    /// A schema as this server takes it.
    pub(super) fn schema(&self, schema: &Value) -> Value {
        if self.without_bounds { unbounded(schema) } else { schema.clone() }
    }
}

fn unbounded(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !["maxLength", "maxItems"].contains(&name.as_str()));
            kept.map(|(name, value)| (name.clone(), unbounded(value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(unbounded).collect(),
        value => value.clone(),
    }
}

/// The dialects of a server's models.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialects(Arc<Mutex<BTreeMap<String, Dialect>>>);

impl Dialects {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Dialect>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn of(&self, model: &str) -> Dialect {
        self.lock().get(model).copied().unwrap_or_default()
    }

    /// Changes what is known of a model; returns what `change` does.
    pub(super) fn learn<T>(&self, model: &str, change: impl FnOnce(&mut Dialect) -> T) -> T {
        change(self.lock().entry(model.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_left_out_once_and_then_there_is_nothing_more_to_leave_out() {
        let mut dialect = Dialect::default();
        for refused in [Unsupported::MaxTokens, Unsupported::Temperature, Unsupported::Wishes] {
            assert!(dialect.leave_out(refused) && !dialect.leave_out(refused), "{refused:?}");
        }
        assert!(dialect.leave_out(Unsupported::Format) && dialect.leave_out(Unsupported::Format));
        assert!(!dialect.leave_out(Unsupported::Format));
        let mut body = json!({});
        dialect.put_limits(&mut body, 100, 0.5);
        assert_eq!(body, json!({ "max_completion_tokens": 100 }));
    }

    #[test]
    fn a_model_that_reasons_gets_room_for_it_and_is_asked_not_to() {
        let mut body = json!({});
        Dialect { reasons: true, ..Dialect::default() }.put_limits(&mut body, 100, 0.5);
        assert_eq!(body["max_tokens"], 100 + ALLOWANCE);
        assert_eq!(body["chat_template_kwargs"]["enable_thinking"], false);
    }

    #[test]
    fn bounds_are_taken_out_wherever_they_stand() {
        let schema = json!({ "properties": { "a": { "maxLength": 4, "type": "string" } }, "anyOf": [{ "maxItems": 3 }] });
        let dialect = Dialect { without_bounds: true, ..Dialect::default() };
        let expected = json!({ "properties": { "a": { "type": "string" } }, "anyOf": [{}] });
        assert_eq!(dialect.schema(&schema), expected);
    }
}
