//! `/v1/chat/completions`: the request as every server takes it, and what comes back, read with tolerance.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::dialect::Dialect;
use super::error::NetError;

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The program.
    System,
    /// Everything that comes from outside: facts, and what others said.
    User,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who.
    pub role: Role,
    /// What.
    pub text: String,
}

/// A JPEG picture in memory. No debug output shows it, and it is overwritten with zeros when it is let go.
#[derive(Clone, PartialEq, Eq)]
pub struct Jpeg(Zeroizing<Vec<u8>>);

impl Jpeg {
    /// Of the bytes of a JPEG file.
    #[must_use]
    pub fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// As a part of a message: a data URI (RFC 2397) of Base64 (RFC 4648).
    fn part(&self) -> Value {
        let url = format!("data:image/jpeg;base64,{}", data_encoding::BASE64.encode(&self.0));
        json!({ "type": "image_url", "image_url": { "url": url } })
    }
}

impl std::fmt::Debug for Jpeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jpeg(…)")
    }
}

/// A form of answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// A short name.
    pub name: &'static str,
    /// JSON Schema.
    pub schema: Value,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatRequest {
    /// The messages, the system's first.
    pub messages: Vec<Message>,
    /// The most tokens of the answer.
    pub max_tokens: u32,
    /// 0 for the likeliest words.
    pub temperature: f32,
    /// The form, if the answer is to be JSON.
    pub schema: Option<Schema>,
    /// A picture that stands beside the last message, for a model that can see.
    pub picture: Option<Jpeg>,
}

/// How much of a form a server takes, the most first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormatSupport {
    /// `json_schema`.
    #[default]
    Schema,
    /// `json_object`, with the schema in the prompt.
    Object,
    /// Nothing: the schema stands in the prompt.
    Prompt,
}

impl FormatSupport {
    /// What to try when this was refused; none when there is nothing less.
    #[must_use]
    pub fn less(self) -> Option<Self> {
        match self {
            Self::Schema => Some(Self::Object),
            Self::Object => Some(Self::Prompt),
            Self::Prompt => None,
        }
    }
}

impl ChatRequest {
    /// The body, with core fields alone: some servers refuse what they do not know. A form that cannot be asked for
    /// otherwise stands in the last message: many templates take no second one by the same speaker (Mistral, Gemma).
    #[must_use]
    pub fn body(&self, model: &str, dialect: Dialect) -> Value {
        let mut messages: Vec<Value> = self
            .messages
            .iter()
            .map(|message| {
                let role = if message.role == Role::System { "system" } else { "user" };
                json!({ "role": role, "content": message.text })
            })
            .collect();
        let mut body = json!({ "model": model, "stream": true });
        dialect.put_limits(&mut body, self.max_tokens, self.temperature);
        if let Some(schema) = &self.schema {
            let form = dialect.schema(&schema.schema);
            match dialect.format {
                FormatSupport::Schema => {
                    let strict = json!({ "name": schema.name, "strict": true, "schema": form });
                    body["response_format"] = json!({ "type": "json_schema", "json_schema": strict });
                }
                FormatSupport::Object | FormatSupport::Prompt => {
                    let form = format!("Answer with one JSON object alone, of this JSON schema: {form}");
                    if let Some(Value::String(last)) = messages.last_mut().map(|last| &mut last["content"]) {
                        last.push_str("\n\n");
                        last.push_str(&form);
                    }
                    if dialect.format == FormatSupport::Object {
                        body["response_format"] = json!({ "type": "json_object" });
                    }
                }
            }
        }
        if let (Some(picture), Some(last)) = (&self.picture, messages.last_mut()) {
            last["content"] = json!([{ "type": "text", "text": last["content"] }, picture.part()]);
        }
        body["messages"] = Value::Array(messages);
        body
    }
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It was complete.
    Stop,
    /// It ran into the limit of tokens, or of the context.
    Length,
    /// The server's own filter cut it.
    Filtered,
}

/// One delta of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Words of the answer.
    pub text: String,
    /// Whether there was reasoning in it: a sign of life, and nothing to be spoken.
    pub reasons: bool,
    /// Why it ended, if it did.
    pub finish: Option<Finish>,
    /// Which model answers, where it is said.
    pub model: Option<String>,
}

/// Reads the data of one event, whatever is missing or null in it; none at `[DONE]`.
///
/// # Errors
/// [`NetError::Malformed`] for what is no JSON object, and the server's own error where one stands in the stream.
pub fn read_delta(data: &str) -> Result<Option<Delta>, NetError> {
    let data = data.trim();
    if data == "[DONE]" {
        return Ok(None);
    }
    let value: Value = serde_json::from_str(data).map_err(|_form| NetError::Malformed(shortened(data)))?;
    if let Some(message) = error_message(&value) {
        return Err(NetError::InStream(message));
    }
    if !value.is_object() {
        return Err(NetError::Malformed(shortened(data)));
    }
    let mut delta = Delta { model: value["model"].as_str().map(str::to_owned), ..Delta::default() };
    let Some(choice) = value["choices"].as_array().and_then(|choices| choices.first()) else {
        return Ok(Some(delta));
    };
    let part = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
    delta.text = text_of(&part["content"]);
    delta.reasons = ["reasoning_content", "reasoning"].iter().any(|key| !text_of(&part[*key]).is_empty());
    // Some servers send an empty reason with every piece (LocalAI).
    let reason = choice["finish_reason"].as_str().filter(|reason| !["", "null"].contains(reason));
    delta.finish = reason.map(|reason| match reason {
        "length" => Finish::Length,
        "content_filter" => Finish::Filtered,
        _ => Finish::Stop,
    });
    Ok(Some(delta))
}

/// Text that may be null, missing, or in parts.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

/// The message of an error body: an object, a string, an array of objects, or flat.
#[must_use]
pub fn error_message(value: &Value) -> Option<String> {
    let value = match value {
        Value::Array(items) => items.first()?,
        value => value,
    };
    let error = &value["error"];
    let message = error.as_str().or_else(|| error["message"].as_str());
    let flat = || (value["object"] == "error").then(|| value["message"].as_str()).flatten();
    let message = message.or_else(flat);
    match message {
        Some(message) => Some(shortened(message)),
        None if error.is_object() => Some(shortened(&error.to_string())),
        None => None,
    }
}

/// A hundred and sixty characters in one line, for a message.
#[must_use]
pub fn shortened(text: &str) -> String {
    let text = crate::dialogue::text::clean(text);
    let short = crate::dialogue::text::first_chars(&text, 160);
    if short.len() < text.len() { format!("{short}…") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: &str) -> Delta {
        read_delta(data).expect("it can be read").expect("it is not the end")
    }

    #[test]
    fn deltas_of_real_servers_are_read() {
        assert_eq!(
            read(
                r#"{"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}]}"#
            ),
            Delta::default()
        );
        assert_eq!(read(r#"{"choices":[{"delta":{"content":"O"}}],"unknown":[1]}"#).text, "O");
        assert_eq!(
            read(r#"{"choices":[{"finish_reason":"length","delta":{}}]}"#).finish,
            Some(Finish::Length)
        );
        assert_eq!(read(r#"{"choices":[],"usage":{"total_tokens":11}}"#), Delta::default());
        assert_eq!(read(r#"{"choices":null}"#), Delta::default());
        assert_eq!(read(r#"{"choices":[{"delta":{"content":"O"},"finish_reason":""}]}"#).finish, None);
        let reasoning =
            read(r#"{"choices":[{"delta":{"role":"assistant","content":"","reasoning":"I must"}}]}"#);
        assert!(reasoning.reasons && reasoning.text.is_empty());
        assert_eq!(
            read(r#"{"choices":[{"message":{"content":[{"type":"text","text":"whole"}]}}]}"#).text,
            "whole"
        );
        assert_eq!(read_delta(" [DONE] "), Ok(None));
    }

    #[test]
    fn errors_in_every_shape_are_seen() {
        for data in [
            r#"{"error":{"code":500,"message":"broke","type":"server_error"}}"#,
            r#"{"error":"broke"}"#,
            r#"[{"error":{"code":400,"message":"broke","status":"INVALID"}}]"#,
            r#"{"object":"error","message":"broke"}"#,
        ] {
            assert_eq!(read_delta(data), Err(NetError::InStream("broke".to_owned())), "{data}");
        }
        for data in ["{\"choices\":[{", "12", "<html>", "null"] {
            assert!(matches!(read_delta(data), Err(NetError::Malformed(_))), "{data}");
        }
    }

    #[test]
    fn a_form_is_asked_for_in_three_ways() {
        let schema = Schema { name: "line", schema: json!({ "type": "object" }) };
        let messages = vec![Message { role: Role::User, text: "Hello".to_owned() }];
        let request =
            ChatRequest { messages, max_tokens: 8, temperature: 0.5, schema: Some(schema), picture: None };
        let body = |format| request.body("m", Dialect { format, ..Dialect::default() });
        assert_eq!(body(FormatSupport::Schema)["response_format"]["type"], "json_schema");
        let object = body(FormatSupport::Object);
        assert_eq!(object["response_format"]["type"], "json_object");
        assert_eq!(object["messages"].as_array().map(Vec::len), Some(1), "nobody speaks twice in a row");
        assert!(object["messages"][0]["content"].as_str().is_some_and(|text| text.contains("JSON")));
        assert!(body(FormatSupport::Prompt).get("response_format").is_none());
    }

    #[test]
    fn a_picture_stands_beside_the_last_message_and_in_no_debug_output() {
        let said = |role, text: &str| Message { role, text: text.to_owned() };
        let request = ChatRequest {
            messages: vec![said(Role::System, "Be careful."), said(Role::User, "How are they?")],
            max_tokens: 8,
            temperature: 0.0,
            schema: None,
            picture: Some(Jpeg::of(vec![0xFF, 0xD8, 0xFF].into())),
        };
        let body = request.body("m", Dialect::default());
        assert_eq!(body["messages"][0]["content"], "Be careful.");
        let content = &body["messages"][1]["content"];
        assert_eq!(content[0], json!({ "type": "text", "text": "How are they?" }));
        assert_eq!(content[1]["image_url"]["url"], "data:image/jpeg;base64,/9j/");
        assert!(!format!("{request:?}").contains("255"));
    }
}
