//! The notice at the entrance: a sheet of `assets/notice`, with what the settings say in its places.
//!
//! A printed sheet hangs for months and nobody corrects it, so nothing is written that cannot be stood for: without somebody
//! on duty, without a helpline that was verified, or without the name of the model that words are sent to, there is none.

use jiff::civil::{Time, Weekday};

use super::check::{self, Refusal, Severity};
use crate::config::exhibit::Hours;
use crate::dialogue::safety::{Help, HelpLine};
use crate::dialogue::text::clean;
use crate::words::Words;

/// The sheets, by language.
const SHEETS: [(&str, &str); 2] = [
    ("en", include_str!("../../assets/notice/notice.en.html")),
    ("zh", include_str!("../../assets/notice/notice.zh.html")),
];
/// The days as the words call them, from Monday.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a notice says. Nothing in it was made safe for HTML yet.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What the station is called.
    pub station: String,
    /// How long a visit takes, in minutes.
    pub minutes: u32,
    /// From which age it is for, in years; none where nobody has said so.
    pub age: Option<u8>,
    /// The country of the helplines, as it is set.
    pub country: Option<String>,
    /// Who can help there, and who is on duty.
    pub help: Help,
    /// Who answers the words.
    pub player: Player,
    /// What becomes of a voice.
    pub voice: Voice,
    /// The server elsewhere that gives the figures their voices, as it is shown; none where this machine does.
    pub speaks_at: Option<String>,
    /// Whether visitors may switch the camera on.
    pub camera: bool,
    /// Whether the camera looks whether somebody stands there.
    pub counts: bool,
    /// When it opens and closes; none around the clock.
    pub hours: Option<(Time, Time)>,
    /// Days on which it stays closed.
    pub closed_on: Vec<Weekday>,
    /// Hours for families.
    pub family: Option<Hours>,
}

/// Who answers the words of a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Player {
    /// Written lines, on this machine.
    Story,
    /// A language model behind a server on this machine. What that server does with the words is its own affair.
    Here {
        /// Its name, where it is set.
        model: Option<String>,
    },
    /// A language model elsewhere.
    Server {
        /// The address, as it is shown.
        server: String,
        /// Its name, where it is set.
        model: Option<String>,
    },
}

/// What makes words of a visitor's voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Nothing: nobody is heard.
    Unheard,
    /// This program.
    Here,
    /// A server on this machine.
    Program,
    /// A server elsewhere, as it is shown.
    Server(String),
}

/// What a notice cannot say. Each is one line that says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Missing {
    /// What keeps an exhibition closed, too.
    #[error("{0}")]
    Refused(Refusal),
    /// Words are sent to a language model that has no name.
    #[error(
        "the notice has to name the language model that answers. Set model in config.toml to the one that the server plays with"
    )]
    NoModel,
    /// There is no sheet.
    #[error("there is no notice in the language {0}. There are en and zh")]
    NoSheet(String),
}

impl Notice {
    /// What only needs to be known: a helpline that is to be rung again soon.
    #[must_use]
    pub fn note(&self) -> Option<Refusal> {
        self.helpline().filter(|refusal| refusal.severity() == Severity::Warns)
    }

    /// The sheet in the language of the words, whole.
    ///
    /// # Errors
    /// Everything that is [`Missing`], at once.
    pub fn fill(&self, words: &Words) -> Result<String, Vec<Missing>> {
        let sheet = SHEETS.iter().find(|(lang, _)| *lang == words.lang());
        let missing = self.missing();
        match sheet {
            None => Err(vec![Missing::NoSheet(words.lang().to_owned())]),
            Some(_) if !missing.is_empty() => Err(missing),
            Some((_, sheet)) => Ok(fill(sheet, |place| self.says(place, words).unwrap_or_default())),
        }
    }

    fn missing(&self) -> Vec<Missing> {
        let helpline = self.helpline().filter(|refusal| refusal.severity() == Severity::Refuses);
        let duty = check::duty(self.help.staff.as_deref());
        let model = match &self.player {
            Player::Story => None,
            Player::Here { model } | Player::Server { model, .. } => {
                model.is_none().then_some(Missing::NoModel)
            }
        };
        helpline.into_iter().chain(duty).map(Missing::Refused).chain(model).collect()
    }

    fn helpline(&self) -> Option<Refusal> {
        let line = self.help.crisis.as_ref().map(|line| line.freshness);
        check::helpline(self.country.as_deref(), line)
    }

    /// What stands in a place. Nothing where there is nothing to say, and none where the place is not known.
    fn says(&self, place: &str, words: &Words) -> Option<String> {
        Some(match place {
            "station" => self.station.clone(),
            "minutes" => self.minutes.to_string(),
            "age" => self.age.map_or_else(String::new, |age| {
                words.with("exhibit-consent-age", &[("age", &age.to_string())])
            }),
            "microphone" if self.voice == Voice::Unheard => words.get("exhibit-consent-microphone-none"),
            "microphone" => words.get("exhibit-notice-microphone"),
            "words" => self.words(words),
            "voice" => self.voice(words),
            "spoken" => self.speaks_at.as_deref().map_or_else(String::new, |server| {
                words.with("exhibit-notice-spoken-server", &[("server", server)])
            }),
            "camera" if self.camera => words.get("exhibit-notice-camera-on"),
            "camera" if self.counts => String::new(),
            "camera" => words.get("exhibit-notice-camera-off"),
            "counts" if self.counts => words.get("exhibit-notice-camera-counts"),
            "counts" => String::new(),
            "family" => self.family(words),
            "hours" => self.hours(words),
            "staff" => {
                words.with("exhibit-notice-duty", &[("staff", self.help.staff.as_deref().unwrap_or(""))])
            }
            "country_line" => {
                self.help.crisis.as_ref().map_or_else(String::new, |line| helpline(line, words))
            }
            "emergency" if self.help.emergency.is_empty() => words.get("exhibit-notice-local-emergency"),
            "emergency" => words.with("exhibit-notice-emergency", &[("emergency", &self.help.emergency)]),
            "directory" if self.help.directory.is_empty() => String::new(),
            "directory" => {
                words.with("exhibit-notice-help-directory", &[("directory", &self.help.directory)])
            }
            _ => return None,
        })
    }

    /// Whether nothing that is said leaves this program. Only then does a notice say so.
    fn stays_here(&self) -> bool {
        self.player == Player::Story && self.voice == Voice::Here && self.speaks_at.is_none()
    }

    fn words(&self, words: &Words) -> String {
        let named = |model: &Option<String>| model.clone().unwrap_or_default();
        match &self.player {
            Player::Story if self.stays_here() => words.get("exhibit-notice-words-here"),
            Player::Story => words.get("exhibit-notice-words-read"),
            Player::Here { model } => words.with("exhibit-notice-words-program", &[("model", &named(model))]),
            Player::Server { server, model } => {
                words.with("exhibit-notice-words-server", &[("server", server), ("model", &named(model))])
            }
        }
    }

    fn voice(&self, words: &Words) -> String {
        match &self.voice {
            Voice::Server(server) => words.with("exhibit-notice-voice-server", &[("server", server)]),
            // It is said of the words already.
            Voice::Here if self.stays_here() => String::new(),
            Voice::Here | Voice::Program => words.get("exhibit-notice-voice-here"),
            Voice::Unheard => String::new(),
        }
    }

    fn family(&self, words: &Words) -> String {
        let Some(hours) = self.family else { return String::new() };
        let (from, until) = (clock(hours.from), clock(hours.until));
        let line = words.with("exhibit-notice-family", &[("from", &from), ("until", &until)]);
        sentences(&[line, words.get("exhibit-family-age")], words)
    }

    fn hours(&self, words: &Words) -> String {
        let open = self.hours.map(|(opens, closes)| {
            words.with("exhibit-notice-hours", &[("opens", &clock(opens)), ("closes", &clock(closes))])
        });
        let named = |day: &Weekday| {
            let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
            words.get(&format!("exhibit-notice-{}", DAYS.get(at).unwrap_or(&"sun")))
        };
        let days: Vec<String> = self.closed_on.iter().map(named).collect();
        let days = days.join(if words.lang() == "zh" { "、" } else { ", " });
        let closed = (!days.is_empty()).then(|| words.with("exhibit-notice-closed", &[("days", &days)]));
        let said: Vec<String> = open.into_iter().chain(closed).collect();
        sentences(&said, words)
    }
}

/// Sentences behind each other, as the language sets them.
fn sentences(said: &[String], words: &Words) -> String {
    said.join(if words.lang() == "zh" { "" } else { " " })
}

fn helpline(line: &HelpLine, words: &Words) -> String {
    let by_voice = !line.phone.is_empty();
    let way = if by_voice { &line.phone } else { &line.write };
    let about = [("name", line.name.as_str()), ("phone", way), ("write", &line.write)];
    let both = by_voice && !line.write.is_empty();
    words.with(if both { "exhibit-notice-help-write" } else { "exhibit-notice-help" }, &about)
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// A sheet with each `{{place}}` in it filled. What is filled in is text: it can be no markup, and no place.
fn fill(sheet: &str, says: impl Fn(&str) -> String) -> String {
    let (mut filled, mut rest) = (String::with_capacity(sheet.len() * 2), sheet);
    while let Some((before, place, after)) = next_place(rest) {
        filled.push_str(before);
        filled.push_str(&escape(&clean(&says(place))));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What stands before the next place, its name, and what comes after it.
fn next_place(sheet: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = sheet.split_once("{{")?;
    let (place, after) = rest.split_once("}}")?;
    Some((before, place, after))
}

/// Text that is text in HTML, in an attribute, too (OWASP, cross-site scripting prevention, rule 1).
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
