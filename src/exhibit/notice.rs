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
mod tests {
    use super::*;
    use crate::dialogue::safety::Freshness;

    /// A place that hears by itself, with everything on the sheet.
    fn notice() -> Notice {
        let crisis = HelpLine {
            name: "Lifeline".to_owned(),
            phone: "13 11 14".to_owned(),
            write: "0477 13 11 14".to_owned(),
            hours: "day and night".to_owned(),
            freshness: Freshness::Verified,
        };
        let help = Help {
            staff: Some("Maria at the desk".to_owned()),
            crisis: Some(crisis),
            emergency: "000".to_owned(),
            directory: "findahelpline.com".to_owned(),
            ..Help::default()
        };
        let time = |text: &str| Time::strptime("%H:%M", text).expect("a time");
        Notice {
            station: "foyer-1".to_owned(),
            minutes: 8,
            age: Some(16),
            country: Some("AU".to_owned()),
            help,
            player: Player::Story,
            voice: Voice::Here,
            speaks_at: None,
            camera: false,
            counts: false,
            hours: Some((time("10:00"), time("18:30"))),
            closed_on: vec![Weekday::Monday, Weekday::Sunday],
            family: Some(Hours { from: time("10:00"), until: time("12:00") }),
        }
    }

    fn sheet(lang: &str, change: impl FnOnce(&mut Notice)) -> String {
        let mut notice = notice();
        change(&mut notice);
        notice.fill(&Words::load(lang).expect("the words are there")).expect("nothing is missing")
    }

    fn missing(change: impl FnOnce(&mut Notice)) -> Vec<Missing> {
        let mut notice = notice();
        change(&mut notice);
        notice.fill(&Words::load("en").expect("the words are there")).expect_err("something is missing")
    }

    fn server(name: &str) -> Player {
        Player::Server { server: name.to_owned(), model: Some("room".to_owned()) }
    }

    #[test]
    fn every_place_of_either_sheet_is_known_and_none_is_left() {
        for (lang, raw) in SHEETS {
            let words = Words::load(lang).expect("the words are there");
            let (mut rest, mut places) = (raw, 0);
            while let Some((_, place, after)) = next_place(rest) {
                assert!(notice().says(place, &words).is_some(), "{lang}: {place}");
                (rest, places) = (after, places + 1);
            }
            assert!(places >= 15, "{lang}: {places}");
            for change in [|_: &mut Notice| {}, |it: &mut Notice| it.player = server("https://a.example")] {
                let filled = sheet(lang, change);
                assert!(!filled.contains("{{") && !filled.contains("}}"), "{lang}");
                assert!(!filled.contains("exhibit-"), "a word is missing: {lang}");
            }
        }
    }

    #[test]
    fn what_is_set_is_text_and_neither_markup_nor_a_place() {
        let hostile = "<script>alert(1)</script>\" onload='x' & {{station}} \u{1b}[2J";
        for lang in ["en", "zh"] {
            let filled = sheet(lang, |it| {
                it.station = hostile.to_owned();
                it.help.staff = Some(hostile.to_owned());
                it.help.emergency = hostile.to_owned();
                it.help.directory = hostile.to_owned();
                it.help.crisis.as_mut().expect("a line").name = hostile.to_owned();
                it.player = Player::Server { server: hostile.to_owned(), model: Some(hostile.to_owned()) };
                it.voice = Voice::Server(hostile.to_owned());
                it.speaks_at = Some(hostile.to_owned());
            });
            assert!(!filled.contains("<script") && !filled.contains("onload='"), "{lang}");
            assert!(!filled.contains('\u{1b}'), "{lang}");
            assert_eq!(
                filled
                    .matches(
                        "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp; {{station}}"
                    )
                    .count(),
                9,
                "{lang}"
            );
        }
    }

    #[test]
    fn it_says_who_is_here_and_what_to_ring_as_it_is_written() {
        for lang in ["en", "zh"] {
            let filled = sheet(lang, |_| {});
            for text in ["Maria at the desk", "Lifeline", "13 11 14", "0477 13 11 14", "findahelpline.com"] {
                assert!(filled.contains(text), "{lang}: {text}");
            }
            assert!(
                filled.contains("10:00") && filled.contains("18:30") && filled.contains("12:00"),
                "{lang}"
            );
        }
        assert!(sheet("en", |_| {}).contains("In danger now: ring 000."));
        let nowhere = sheet("en", |it| it.help.emergency.clear());
        assert!(nowhere.contains("ring your local emergency number"));
        let written = sheet("en", |it| it.help.crisis.as_mut().expect("a line").phone.clear());
        assert!(written.contains("Lifeline: 0477 13 11 14</p>"));
    }

    #[test]
    fn it_says_what_becomes_of_words_and_of_a_voice() {
        let nowhere = "goes nowhere else";
        let here = sheet("en", |_| {});
        assert!(here.contains(nowhere) && here.contains("The microphone is off until you switch it on"));
        let words = sheet("en", |it| it.player = server("http://192.168.30.10:8000/v1"));
        assert!(words.contains("http://192.168.30.10:8000/v1, where the language model room answers"));
        assert!(words.contains("turned into words on the machine beside you") && !words.contains(nowhere));
        let voice = sheet("en", |it| it.voice = Voice::Server("https://ears.example".to_owned()));
        assert!(
            voice.contains("sound of your voice is sent to https://ears.example") && !voice.contains(nowhere)
        );
        let spoken = sheet("en", |it| it.speaks_at = Some("https://mouth.example".to_owned()));
        assert!(spoken.contains("Some of your words can be in it") && !spoken.contains(nowhere));
        let program = sheet("en", |it| it.player = Player::Here { model: Some("room".to_owned()) });
        assert!(program.contains("a program on the machine beside you") && !program.contains(nowhere));
        let unheard = sheet("en", |it| it.voice = Voice::Unheard);
        assert!(unheard.contains("There is no microphone") && !unheard.contains("microphone is off until"));
        assert!(!unheard.contains("your voice"), "nobody has to read of a voice that is not heard");
    }

    #[test]
    fn it_says_of_the_camera_what_is_set() {
        let says = |camera, counts| {
            let filled = sheet("en", |it| (it.camera, it.counts) = (camera, counts));
            ["no camera in use", "emotion recognition", "whether a face is in front"]
                .map(|text| filled.contains(text))
        };
        assert_eq!(says(false, false), [true, false, false]);
        assert_eq!(says(true, false), [false, true, false]);
        assert_eq!(says(false, true), [false, false, true]);
        assert_eq!(says(true, true), [false, true, true]);
    }

    #[test]
    fn what_is_not_set_is_left_out_whole() {
        let filled = sheet("en", |it| {
            (it.age, it.hours, it.family) = (None, None, None);
            it.closed_on.clear();
            it.help.directory.clear();
        });
        for text in ["meant for people", "Open from", "Closed:", "families", "Lines for every country"] {
            assert!(!filled.contains(text), "{text}");
        }
        let all = sheet("en", |_| {});
        assert!(all.contains("meant for people of 16 and over."));
        assert!(all.contains("Open from 10:00 to 18:30. Closed: Monday, Sunday. Station foyer-1."));
        assert!(
            sheet("zh", |_| {}).contains("开放时间：10:00 到 18:30。不开放：星期一、星期日。展位：foyer-1。")
        );
    }

    #[test]
    fn everything_that_cannot_be_stood_for_is_said_at_once_and_nothing_is_written() {
        let found = missing(|it| {
            it.country = None;
            it.help.staff = Some(" ".to_owned());
            it.player = Player::Server { server: "https://a.example".to_owned(), model: None };
        });
        let refused = [Refusal::NoCountry, Refusal::NobodyOnDuty].map(Missing::Refused);
        assert_eq!(found, [refused.to_vec(), vec![Missing::NoModel]].concat());
        for (freshness, kept) in
            [(Freshness::Unverified, true), (Freshness::Expired, true), (Freshness::Ageing, false)]
        {
            let mut notice = notice();
            notice.help.crisis.as_mut().expect("a line").freshness = freshness;
            let words = Words::load("en").expect("the words are there");
            assert_eq!(notice.fill(&words).is_err(), kept, "{freshness:?}");
            assert_eq!(notice.note().is_some(), !kept, "{freshness:?}");
        }
        assert!(
            missing(|it| it.help.crisis = None)
                .iter()
                .any(|it| it.to_string().contains("no helpline is known"))
        );
    }
}
