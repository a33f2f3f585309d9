//! Helpline records: dated data, never made up by a program (`safety.md` C-7 of the design's reference).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;

use super::default_file;
use crate::dialogue::safety::{Freshness, Help, HelpLine};

static BUILT_IN: &str = include_str!("../../assets/safety/helplines.toml");

/// After how many days a verified record has to be looked at again.
pub const AGEING_AFTER: i32 = 90;
/// After how many days a verified record is expired: no exhibition opens on it.
pub const EXPIRED_AFTER: i32 = 180;

/// Why records cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HelplineError {
    /// The file cannot be read.
    #[error("{path}: {message}. Correct the file, or move it away: the built-in records then stand")]
    Form {
        /// Which file.
        path: String,
        /// What is wrong.
        message: String,
    },
}

/// One service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Name by which it can be replaced.
    pub id: String,
    /// ISO 3166-1 code of two letters.
    pub country: String,
    /// Part of the country, if it does not serve all of it.
    #[serde(default)]
    pub region: String,
    /// BCP 47 language.
    pub language: String,
    /// The service's own name.
    pub name: String,
    /// Number to ring.
    #[serde(default)]
    pub phone: String,
    /// Number to text, or what to text where.
    #[serde(default)]
    pub text: String,
    /// Address of a chat.
    #[serde(default)]
    pub chat: String,
    /// The service says that one cannot write to it.
    #[serde(default)]
    pub no_writing: bool,
    /// When it answers.
    pub hours: String,
    /// What it costs.
    pub cost: String,
    /// `crisis` or `danger`.
    pub audience: Audience,
    /// Where the record can be checked.
    pub source: String,
    /// The day on which a person verified it.
    #[serde(default)]
    pub last_verified: Option<String>,
    /// Who did.
    #[serde(default)]
    pub verified_by: Option<String>,
}

/// For whom a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anybody in a crisis.
    Crisis,
    /// Whoever suffers or fears violence.
    Danger,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    directory: Option<String>,
    #[serde(default)]
    emergency: BTreeMap<String, String>,
    #[serde(default)]
    line: Vec<Record>,
}

/// `helplines.toml`, records of one's own: beside the settings that were named, where there is one, else in the platform's
/// folder.
#[must_use]
pub fn own_file(named: Option<&Path>) -> Option<PathBuf> {
    let beside = |settings: &Path| settings.with_file_name("helplines.toml");
    let named = named.map(beside).filter(|path| path.is_file());
    named.or_else(|| default_file().as_deref().map(beside))
}

/// All records, and the day on which they are looked at.
#[derive(Clone, Debug)]
pub struct Helplines {
    directory: String,
    emergency: BTreeMap<String, String>,
    records: Vec<Record>,
    today: Date,
}

impl Helplines {
    /// The built-in records with those of `own` before them, as they stand on the day `today`. A clock that is behind
    /// the newest record is taken to stand on that record's day.
    ///
    /// # Errors
    /// [`HelplineError`], when a file is not in its form.
    pub fn load(own: Option<&Path>, today: Date) -> Result<Self, HelplineError> {
        let mut file = read("the built-in helplines", BUILT_IN)?;
        if let Some(path) = own.filter(|path| path.is_file()) {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| HelplineError::Form { path: shown.clone(), message: error.to_string() })?;
            let own = read(&shown, &text)?;
            file.line.retain(|record| own.line.iter().all(|other| other.id != record.id));
            file.line.splice(0..0, own.line);
            file.emergency.extend(own.emergency);
            file.directory = own.directory.or(file.directory);
        }
        let newest = file.line.iter().filter_map(Record::verified_on).max();
        let today = newest.map_or(today, |newest| today.max(newest));
        Ok(Self {
            directory: file.directory.unwrap_or_default(),
            emergency: file.emergency,
            records: file.line,
            today,
        })
    }

    /// Every record.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The countries for which there is a line, in alphabetical order.
    #[must_use]
    pub fn countries(&self) -> Vec<&str> {
        let mut countries: Vec<&str> = self.records.iter().map(|record| record.country.as_str()).collect();
        countries.sort_unstable();
        countries.dedup();
        countries
    }

    /// How far a record can be relied on today.
    #[must_use]
    pub fn freshness(&self, record: &Record) -> Freshness {
        let Some(verified) = record.verified_on() else {
            return Freshness::Unverified;
        };
        match (self.today - verified).get_days() {
            days if days > EXPIRED_AFTER => Freshness::Expired,
            days if days > AGEING_AFTER => Freshness::Ageing,
            _ => Freshness::Verified,
        }
    }

    /// Whom one can reach in a country, in a language if there is a line in it. The operator or the person names the
    /// country; it is never guessed.
    #[must_use]
    pub fn help(&self, country: Option<&str>, lang: &str) -> Help {
        let country = country.unwrap_or_default().to_uppercase();
        let best = |audience| self.best(&country, audience, lang).map(|record| self.line(record));
        Help {
            staff: None,
            crisis: best(Audience::Crisis),
            danger: best(Audience::Danger),
            emergency: self.emergency.get(&country).cloned().unwrap_or_default(),
            directory: self.directory.clone(),
        }
    }

    fn best(&self, country: &str, audience: Audience, lang: &str) -> Option<&Record> {
        let fits = |record: &&Record| record.country == country && record.audience == audience;
        let lines = self.records.iter().filter(fits);
        lines.max_by_key(|record| (record.language == lang, self.rank(record)))
    }

    /// The last day on which the line for a crisis is not expired; none where it was never verified.
    #[must_use]
    pub fn good_until(&self, country: &str, lang: &str) -> Option<Date> {
        let verified = self.best(&country.to_uppercase(), Audience::Crisis, lang)?.verified_on()?;
        verified.checked_add(jiff::Span::new().days(EXPIRED_AFTER)).ok()
    }

    /// Verified ones go first; among equals the first of the file.
    fn rank(&self, record: &Record) -> (u8, std::cmp::Reverse<usize>) {
        let rank = match self.freshness(record) {
            Freshness::Verified => 3,
            Freshness::Ageing => 2,
            Freshness::Unverified => 1,
            Freshness::Expired => 0,
        };
        let at = self.records.iter().position(|other| other.id == record.id).unwrap_or(usize::MAX);
        (rank, std::cmp::Reverse(at))
    }

    fn line(&self, record: &Record) -> HelpLine {
        let write: Vec<&str> =
            [record.text.as_str(), record.chat.as_str()].into_iter().filter(|way| !way.is_empty()).collect();
        HelpLine {
            name: record.name.clone(),
            phone: record.phone.clone(),
            write: write.join(", "),
            hours: record.hours.clone(),
            freshness: self.freshness(record),
        }
    }
}

impl Record {
    /// The day on which it was verified, if that is a day, and somebody stands for it.
    #[must_use]
    pub fn verified_on(&self) -> Option<Date> {
        self.verified_by.as_ref().filter(|by| !by.trim().is_empty())?;
        self.last_verified.as_deref()?.parse().ok()
    }
}

fn read(path: &str, text: &str) -> Result<File, HelplineError> {
    let wrong = |message: String| HelplineError::Form { path: path.to_owned(), message };
    let file: File = toml::from_str(text).map_err(|error| wrong(error.message().replace('\n', " ")))?;
    for record in &file.line {
        if let Some(fault) = fault_of(record) {
            return Err(wrong(format!("the record {}: {fault}", record.id)));
        }
    }
    Ok(file)
}

/// What is wrong with a record.
fn fault_of(record: &Record) -> Option<&'static str> {
    let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || " -+()".contains(c));
    if record.country.len() != 2 || !record.country.chars().all(|c| c.is_ascii_uppercase()) {
        Some("country is a code of two capital letters, like GB")
    } else if record.phone.is_empty() && record.text.is_empty() && record.chat.is_empty() {
        Some("it says no way to reach it")
    } else if !number(&record.phone) {
        Some("phone is a number")
    } else if record.text.is_empty() && record.chat.is_empty() && !record.no_writing {
        Some("it needs a text or chat, or no_writing = true where the service has none")
    } else if record.last_verified.as_ref().is_some_and(|day| day.parse::<Date>().is_err()) {
        Some("last_verified is a day like 2026-05-31")
    } else if record.last_verified.is_some() != record.verified_by.is_some() {
        Some("last_verified and verified_by stand together")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn own(text: &str) -> Result<Helplines, HelplineError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("helplines.toml");
        std::fs::write(&path, text).expect("written");
        Helplines::load(Some(&path), day("2026-06-01"))
    }

    fn record(id: &str, more: &str) -> String {
        format!(
            "[[line]]\nid = \"{id}\"\ncountry = \"GB\"\nlanguage = \"en\"\nname = \"Ours\"\nphone = \"1234\"\n\
             text = \"1234\"\nhours = \"always\"\ncost = \"free\"\naudience = \"crisis\"\nsource = \"us\"\n{more}\n"
        )
    }

    #[test]
    fn every_shipped_record_is_in_its_form_and_every_country_has_an_emergency_number() {
        let lines = Helplines::load(None, day("2026-06-01")).expect("they read");
        assert!(lines.countries().len() >= 20);
        for country in lines.countries() {
            let help = lines.help(Some(country), "en");
            assert!(help.crisis.is_some() && !help.emergency.is_empty(), "{country}");
        }
    }

    #[test]
    fn nothing_shipped_claims_to_be_verified() {
        let lines = Helplines::load(None, day("2026-06-01")).expect("they read");
        assert!(lines.records().iter().all(|record| lines.freshness(record) == Freshness::Unverified));
    }

    #[test]
    fn an_own_verified_record_goes_first_and_ages() {
        let verified = |on: &str| record("ours", &format!("last_verified = \"{on}\"\nverified_by = \"Ana\""));
        for (on, expected) in [
            ("2026-05-20", Freshness::Verified),
            ("2026-02-01", Freshness::Ageing),
            ("2025-11-01", Freshness::Expired),
        ] {
            let lines = own(&verified(on)).expect("it reads");
            let ours = lines.records().iter().find(|record| record.id == "ours").expect("it is there");
            assert_eq!(lines.freshness(ours), expected, "{on}");
        }
        let lines = own(&verified("2026-05-20")).expect("it reads");
        assert_eq!(lines.help(Some("gb"), "en").crisis.expect("a line").name, "Ours");
    }

    #[test]
    fn a_clock_that_was_reset_makes_no_record_fresh_again() {
        let lines =
            own(&record("ours", "last_verified = \"2026-05-20\"\nverified_by = \"Ana\"")).expect("it reads");
        assert_eq!(lines.today, day("2026-06-01"));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("helplines.toml");
        std::fs::write(&path, record("ours", "last_verified = \"2026-05-20\"\nverified_by = \"Ana\""))
            .expect("written");
        let lines = Helplines::load(Some(&path), day("1970-01-01")).expect("it reads");
        assert_eq!(lines.today, day("2026-05-20"));
    }

    #[test]
    fn without_a_country_there_is_the_directory_and_no_number_is_guessed() {
        let help = Helplines::load(None, day("2026-06-01")).expect("they read").help(None, "en");
        assert!(help.crisis.is_none() && help.emergency.is_empty() && !help.directory.is_empty());
    }

    #[test]
    fn records_beside_the_settings_that_were_named_go_before_those_in_the_usual_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = folder.path().join("hall.toml");
        assert_eq!(own_file(Some(&settings)), own_file(None), "there are none beside it");
        let records = folder.path().join("helplines.toml");
        std::fs::write(&records, "").expect("written");
        assert_eq!(own_file(Some(&settings)), Some(records));
        assert_ne!(own_file(Some(&settings)), own_file(None));
    }

    #[test]
    fn a_record_that_cannot_be_used_is_named() {
        for (more, says) in [
            ("last_verified = \"soon\"\nverified_by = \"Ana\"", "a day like"),
            ("last_verified = \"2026-01-01\"", "stand together"),
            ("colour = \"red\"", "colour"),
        ] {
            let error = own(&record("ours", more)).expect_err("it cannot be used").to_string();
            assert!(error.contains(says) && error.contains("helplines.toml"), "{error}");
        }
    }
}
