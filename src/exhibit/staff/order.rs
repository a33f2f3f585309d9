//! What the staff want.

use serde::Deserialize;

/// One order of the staff, in the bounds that it may have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What is to be done.
    pub order: Option<What>,
    /// How loud the figures are to be, in percent: 0 to 100.
    pub volume: Option<u8>,
    /// In which language the first screen is to be; one of those that are offered.
    pub lang: Option<String>,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Stop for a while.
    Pause,
    /// Go on.
    Resume,
    /// End the visit, kindly.
    Skip,
    /// Start anew, from the first screen.
    Restart,
    /// Close for today.
    Close,
    /// Open, whatever the hours say.
    Open,
    /// See whether the staff call works.
    TestCall,
    /// Call another person.
    Call,
}

impl Order {
    /// Reads one from JSON; none where it is no order, or a language is asked for that is not offered.
    pub(super) fn read(body: &[u8], languages: &[String]) -> Option<Self> {
        let order: Self = serde_json::from_slice(body).ok()?;
        let wants = order.order.is_some() || order.volume.is_some() || order.lang.is_some();
        let loud = order.volume.is_none_or(|volume| volume <= 100);
        let offered = order.lang.as_ref().is_none_or(|lang| languages.contains(lang));
        (wants && loud && offered).then_some(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Order> {
        Order::read(body.as_bytes(), &["en".to_owned(), "zh".to_owned()])
    }

    fn only(what: What) -> Order {
        Order { order: Some(what), volume: None, lang: None }
    }

    #[test]
    fn every_order_is_read() {
        for (name, what) in [
            ("pause", What::Pause),
            ("resume", What::Resume),
            ("skip", What::Skip),
            ("restart", What::Restart),
            ("close", What::Close),
            ("open", What::Open),
            ("test_call", What::TestCall),
            ("call", What::Call),
        ] {
            assert_eq!(read(&format!("{{\"order\":\"{name}\"}}")), Some(only(what)));
        }
        let all = Order { order: Some(What::Resume), volume: Some(100), lang: Some("zh".to_owned()) };
        assert_eq!(read(r#"{"order":"resume","volume":100,"lang":"zh"}"#), Some(all));
        assert_eq!(read(r#"{"volume":0}"#).and_then(|order| order.volume), Some(0));
    }

    #[test]
    fn what_is_no_order_is_none() {
        for body in [
            "",
            "{}",
            "null",
            "[]",
            "\"pause\"",
            r#"{"order":"format"}"#,
            r#"{"order":"Pause"}"#,
            r#"{"order":null}"#,
            r#"{"volume":101}"#,
            r#"{"volume":-1}"#,
            r#"{"volume":1e300}"#,
            r#"{"volume":"50"}"#,
            r#"{"lang":"fr"}"#,
            r#"{"order":"pause","order":"close"}"#,
            r#"{"order":"pause","say":"hello"}"#,
            r#"{"order":"pause"} x"#,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
        assert_eq!(Order::read(&[0xff, 0xfe, b'{'], &[]), None);
        assert_eq!(read(&"[".repeat(4096)), None);
    }
}
