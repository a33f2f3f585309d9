//! `[exhibit]` of the settings: the room by itself, all day, with strangers.
//!
//! Each value is held to its bounds as it is read, so that a wrong one is named with file, line and key before a door
//! is opened.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use jiff::civil::{Time, Weekday};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::dialogue::safety;

/// The port of the staff's page.
const PORT: u16 = 8414;
/// The longest label of a station, in letters.
const LONGEST_LABEL: usize = 32;

/// How an exhibition is run. Every key is optional.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exhibit {
    /// What this station is called on the staff's page and in what a monitor reads; `1` by itself.
    pub station: Station,
    /// The number that opens the staff's panel in the room; nobody can open it without one.
    pub pin: Option<Pin>,
    /// The operator's own command, run when a visitor or the staff calls for a person: the program, then its arguments.
    #[serde(deserialize_with = "command")]
    pub call: Vec<String>,
    /// Where the staff's page listens; by itself only on this machine, 127.0.0.1:8414.
    pub listen: SocketAddr,
    /// A file with the token of the staff's page, at least 16 letters, which only its owner may read.
    pub token_file: Option<PathBuf>,
    /// When it opens, by the clock on the wall; without it at midnight.
    #[serde(deserialize_with = "clock")]
    pub opens: Option<Time>,
    /// When it closes; without it at midnight. A time before that of opening is one of the next day.
    #[serde(deserialize_with = "clock")]
    pub closes: Option<Time>,
    /// Days on which it stays closed: `mon` to `sun`.
    #[serde(deserialize_with = "days")]
    pub closed_on: Vec<Weekday>,
    /// Hours of every day without the Devil and without the camera.
    pub family: Option<Hours>,
    /// The languages that are offered on the first screen, in their order.
    #[serde(deserialize_with = "languages")]
    pub languages: Vec<String>,
    /// Whether visitors may be offered the camera. The sign at the door must say so then.
    pub camera: bool,
    /// Whether faces before the camera are counted, and never stored, to see that somebody is there.
    pub count_faces: bool,
    /// How long a visit lasts, in seconds: 180 to 1800.
    #[serde(deserialize_with = "within::<_, 180, 1800>")]
    pub visit_s: u32,
    /// How long nothing may happen in a visitor's turn before they are asked whether they are still there, in seconds:
    /// 20 to 120.
    #[serde(deserialize_with = "within::<_, 20, 120>")]
    pub idle_s: u32,
    /// How long that question stands before the visit ends, in seconds: 10 to 60.
    #[serde(deserialize_with = "within::<_, 10, 60>")]
    pub leaves_s: u32,
    /// The loudest that the hall may be for free speech, in dBFS of the microphone: -90 to 0. Where it is louder,
    /// beginnings of sentences stand beside it.
    #[serde(deserialize_with = "level")]
    pub loudest_db: f32,
    /// From which age a visit is for, in years: 1 to 99. Without it nobody is asked.
    #[serde(deserialize_with = "age")]
    pub age: Option<u8>,
    /// Whether it opens only where the language model answers.
    pub model_needed: bool,
}

impl Default for Exhibit {
    fn default() -> Self {
        Self {
            station: Station::default(),
            pin: None,
            call: Vec::new(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)),
            token_file: None,
            opens: None,
            closes: None,
            closed_on: Vec::new(),
            family: None,
            languages: vec!["en".to_owned(), "zh".to_owned()],
            camera: false,
            count_faces: false,
            visit_s: 480,
            idle_s: 40,
            leaves_s: 20,
            loudest_db: -35.0,
            age: None,
            model_needed: false,
        }
    }
}

/// The label of a station.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Station(String);

impl Station {
    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Default for Station {
    fn default() -> Self {
        Self("1".to_owned())
    }
}

impl TryFrom<String> for Station {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let plain = |c: char| c.is_alphanumeric() || " .-_".contains(c);
        if text.trim().is_empty() || text.chars().count() > LONGEST_LABEL || !text.chars().all(plain) {
            return Err(format!(
                "a station is 1 to {LONGEST_LABEL} letters, digits, blanks, dots, hyphens and underscores"
            ));
        }
        Ok(Self(text.trim().to_owned()))
    }
}

/// The number that opens the staff's panel. No message and no debug output shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// A number of 4 to 12 digits; none where it is something else.
    #[must_use]
    pub fn new(digits: &str) -> Option<Self> {
        let fits = (4..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(digits.to_owned()))
    }

    /// Its digits, for whoever compares them.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // What else stands there is not repeated in a message: it may be the number all the same.
        let text = String::deserialize(from).ok();
        text.and_then(|text| Self::new(&text))
            .ok_or_else(|| D::Error::custom("a PIN is 4 to 12 digits between quotation marks, like \"0417\""))
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Hours of a day, from one time until another. Where the second is earlier, it is one of the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hours {
    /// When they begin.
    pub from: Time,
    /// When they are over.
    pub until: Time,
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = || {
            let (from, until) = text.split_once(['-', '–'])?;
            let (from, until) = (time(from)?, time(until)?);
            (from != until).then_some(Self { from, until })
        };
        read().ok_or_else(|| "hours are two times with a hyphen, like \"10:00-12:00\"".to_owned())
    }
}

/// A time as it stands on a clock.
fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    (text.len() == 5).then(|| Time::strptime("%H:%M", text).ok()).flatten()
}

fn clock<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
    let text = String::deserialize(from)?;
    time(&text).map(Some).ok_or_else(|| D::Error::custom("a time is written like \"10:00\", up to \"23:59\""))
}

fn days<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Weekday>, D::Error> {
    let day = |text: &String| {
        let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let at = all.into_iter().zip(1_i8..).find(|(name, _)| name == text);
        at.and_then(|(_, number)| Weekday::from_monday_one_offset(number).ok())
    };
    let read: Option<Vec<Weekday>> = Vec::<String>::deserialize(from)?.iter().map(day).collect();
    read.ok_or_else(|| D::Error::custom("days are mon, tue, wed, thu, fri, sat and sun"))
}

fn command<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    match words.first() {
        Some(program) if program.trim().is_empty() => Err(D::Error::custom(
            "the command begins with a program, like [\"/usr/local/bin/ring\", \"desk\"]",
        )),
        _ => Ok(words),
    }
}

/// What an evening cannot be kept safe in is not offered to strangers.
fn languages<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let named = Vec::<String>::deserialize(from)?;
    let twice = named.iter().enumerate().any(|(at, lang)| named[..at].contains(lang));
    let known = |lang: &String| ["en", "zh"].contains(&lang.as_str()) && safety::covers(lang);
    if named.is_empty() || twice || !named.iter().all(known) {
        return Err(D::Error::custom("languages are en and zh, each once, and at least one of them"));
    }
    Ok(named)
}

fn within<'de, D: Deserializer<'de>, const LOW: u32, const HIGH: u32>(from: D) -> Result<u32, D::Error> {
    let seconds = i64::deserialize(from)?;
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| (LOW..=HIGH).contains(seconds))
        .ok_or_else(|| D::Error::custom(format!("it is {LOW} to {HIGH} seconds, not {seconds}")))
}

fn level<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let level = f32::deserialize(from)?;
    let fits = (-90.0..=0.0).contains(&level);
    fits.then_some(level).ok_or_else(|| D::Error::custom(format!("it is -90 to 0 dBFS, not {level}")))
}

fn age<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u8>, D::Error> {
    let years = i64::deserialize(from)?;
    u8::try_from(years)
        .ok()
        .filter(|years| (1..=99).contains(years))
        .map(Some)
        .ok_or_else(|| D::Error::custom(format!("it is 1 to 99 years, not {years}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Settings};

    fn load(lines: &str) -> Result<Exhibit, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, format!("rounds = 3\n[exhibit]\n{lines}\n")).expect("written");
        let (settings, _) = Settings::load(Some(&path), &[])?;
        Ok(settings.exhibit.expect("the part is there"))
    }

    #[test]
    fn without_a_key_everything_has_its_own_value() {
        let exhibit = load("").expect("it loads");
        assert_eq!(exhibit, Exhibit::default());
        assert_eq!(exhibit.station.name(), "1");
        assert_eq!(exhibit.listen.to_string(), "127.0.0.1:8414");
        assert_eq!((exhibit.visit_s, exhibit.idle_s, exhibit.leaves_s), (480, 40, 20));
        assert_eq!(exhibit.languages, ["en", "zh"]);
        assert!(!exhibit.camera && !exhibit.count_faces && !exhibit.model_needed);
    }

    #[test]
    fn every_key_is_read() {
        let exhibit = load(
            "station = \"hall 2\"\npin = \"0417\"\ncall = [\"/bin/ring\", \"desk\"]\nlisten = \"[::1]:9000\"\n\
             token_file = \"/etc/token\"\nopens = \"10:00\"\ncloses = \"18:30\"\nclosed_on = [\"mon\", \"sun\"]\n\
             family = \"10:00-12:00\"\nlanguages = [\"zh\"]\ncamera = true\ncount_faces = true\nvisit_s = 300\n\
             idle_s = 30\nleaves_s = 15\nloudest_db = -30\nage = 16\nmodel_needed = true",
        )
        .expect("it loads");
        assert_eq!((exhibit.station.name(), exhibit.call.len()), ("hall 2", 2));
        assert_eq!(exhibit.pin.as_ref().map(Pin::digits), Some("0417"));
        assert_eq!((exhibit.opens, exhibit.closes), (time("10:00"), time("18:30")));
        assert_eq!(exhibit.closed_on, [Weekday::Monday, Weekday::Sunday]);
        let family = exhibit.family.expect("there are family hours");
        assert_eq!((Some(family.from), Some(family.until)), (time("10:00"), time("12:00")));
        assert_eq!((exhibit.visit_s, exhibit.idle_s, exhibit.leaves_s), (300, 30, 15));
        assert_eq!((exhibit.loudest_db, exhibit.age, exhibit.listen.port()), (-30.0, Some(16), 9000));
        assert!(exhibit.camera && exhibit.count_faces && exhibit.model_needed);
    }

    #[test]
    fn a_wrong_value_is_one_line_with_file_line_and_key() {
        for (line, says) in [
            ("station = \"\"", "1 to 32 letters"),
            ("station = \"a\\\"b\"", "1 to 32 letters"),
            ("pin = \"123\"", "4 to 12 digits"),
            ("pin = \"12a4\"", "4 to 12 digits"),
            ("pin = 1234", "between quotation marks"),
            ("call = [\" \"]", "begins with a program"),
            ("call = \"ring\"", "sequence"),
            ("listen = \"8414\"", "socket address"),
            ("opens = \"24:00\"", "like \"10:00\""),
            ("closes = \"6pm\"", "like \"10:00\""),
            ("closed_on = [\"monday\"]", "mon, tue"),
            ("family = \"10:00\"", "10:00-12:00"),
            ("family = \"10:00-10:00\"", "10:00-12:00"),
            ("languages = []", "at least one"),
            ("languages = [\"en\", \"fr\"]", "en and zh"),
            ("languages = [\"en\", \"en\"]", "each once"),
            ("camera = \"yes\"", "boolean"),
            ("visit_s = 179", "180 to 1800 seconds, not 179"),
            ("visit_s = 1801", "180 to 1800 seconds"),
            ("idle_s = 121", "20 to 120 seconds"),
            ("leaves_s = -1", "10 to 60 seconds, not -1"),
            ("loudest_db = 1.5", "-90 to 0 dBFS"),
            ("loudest_db = nan", "-90 to 0 dBFS"),
            ("age = 0", "1 to 99 years"),
            ("colour = \"red\"", "colour"),
        ] {
            let error = load(line).expect_err(line).to_string();
            let key = line.split(' ').next().expect("a key");
            assert!(error.contains("config.toml, line 3:") && error.contains(key), "{line}: {error}");
            assert!(error.contains(says) && !error.contains('\n'), "{line}: {error}");
        }
    }

    #[test]
    fn a_pin_is_shown_nowhere() {
        let exhibit = load("pin = \"490813\"").expect("it loads");
        assert!(!format!("{exhibit:?}").contains("490813"));
        for line in ["pin = \"490813x\"", "pin = 490813"] {
            let error = load(line).expect_err("no PIN").to_string();
            assert!(!error.contains("490813"), "{error}");
        }
    }

    #[test]
    fn what_is_set_later_is_taken_as_a_whole() {
        let mut settings = Settings {
            exhibit: Some(Exhibit { visit_s: 300, camera: true, ..Exhibit::default() }),
            ..Settings::default()
        };
        settings.take(Settings::default());
        assert_eq!(settings.exhibit.as_ref().map(|it| it.visit_s), Some(300));
        settings.take(Settings {
            exhibit: Some(Exhibit { idle_s: 60, ..Exhibit::default() }),
            ..Settings::default()
        });
        let exhibit = settings.exhibit.expect("it is there");
        assert_eq!((exhibit.visit_s, exhibit.idle_s, exhibit.camera), (480, 60, false));
    }
}
