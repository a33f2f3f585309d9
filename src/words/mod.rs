//! The program's own words, from Fluent files in `assets/locales`. The figures' lines are not among them.

pub mod card;
pub mod measures;
pub mod notice;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use include_dir::{Dir, include_dir};

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/locales");

/// The languages that there are words for, each by the name that its speakers give it.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("zh", "简体中文")];

/// Whether there are words for a language.
#[must_use]
pub fn is_there(lang: &str) -> bool {
    LANGUAGES.iter().any(|(there, _)| *there == lang)
}

/// Every letter of all of them, as often as it comes.
pub fn letters() -> impl Iterator<Item = char> {
    let files = LANGUAGES.into_iter().flat_map(|(lang, _)| FILES.map(|name| format!("{lang}/{name}")));
    files.filter_map(|path| LOCALES.get_file(path)?.contents_utf8()).flat_map(str::chars)
}

/// The files of a language.
const FILES: [&str; 4] = ["talk.ftl", "sessions.ftl", "desk.ftl", "exhibit.ftl"];

/// Why the words cannot be read. They are built in, so a test finds this before a person does.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// There are none.
    #[error("there are no words for the language {0}")]
    Missing(String),
    /// A file is broken.
    #[error("the files in assets/locales/{0} are not in their form")]
    Form(String),
}

/// Words of one language.
pub struct Words {
    lang: String,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language.
    ///
    /// # Errors
    /// [`WordsError`], when there are none, or a file is broken.
    pub fn load(lang: &str) -> Result<Self, WordsError> {
        let missing = || WordsError::Missing(lang.to_owned());
        let form = || WordsError::Form(lang.to_owned());
        let id = lang.parse().map_err(|_unknown| missing())?;
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // A terminal shows the isolation marks as boxes.
        bundle.set_use_isolating(false);
        for name in FILES {
            let file = LOCALES.get_file(format!("{lang}/{name}")).ok_or_else(missing)?;
            let text = file.contents_utf8().ok_or_else(form)?;
            let resource = FluentResource::try_new(text.to_owned()).map_err(|_parsed| form())?;
            bundle.add_resource(resource).map_err(|_twice| form())?;
        }
        Ok(Self { lang: lang.to_owned(), bundle })
    }

    /// Which language it is.
    #[must_use]
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The text of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> String {
        self.with(name, &[])
    }

    /// The text of that name with these words in it. A name that is not there is shown as it is.
    #[must_use]
    pub fn with(&self, name: &str, words: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(name).and_then(|message| message.value()) else {
            return name.to_owned();
        };
        let mut args = FluentArgs::new();
        for (key, value) in words {
            match value.parse::<u32>() {
                // "000" and "+1" are what somebody rings, and stay as they are written.
                Ok(number) if number.to_string() == *value => args.set(*key, number),
                _ => args.set(*key, *value),
            }
        }
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every message of a language with what stands in its braces.
    fn messages(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for name in FILES {
            let file = LOCALES.get_file(format!("{lang}/{name}")).expect("it is built in");
            let text = file.contents_utf8().expect("it is text");
            let mut key = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
                    name.clone_into(&mut key);
                }
                if key.is_empty() {
                    continue;
                }
                let used: &mut BTreeSet<String> = found.entry(key.clone()).or_default();
                used.extend(
                    line.split('$').skip(1).filter_map(|rest| {
                        rest.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
                    }),
                );
            }
        }
        found
    }

    #[test]
    fn a_number_to_ring_is_said_as_it_is_written_and_a_count_is_counted() {
        let words = Words::load("en").expect("the words are there");
        for number in ["000", "112", "0800111", "+1", "116 123"] {
            let line = words.with("exhibit-notice-emergency", &[("emergency", number)]);
            assert!(line.contains(&format!("ring {number}.")), "{line}");
        }
        assert!(words.with("exhibit-there-else", &[("seconds", "1")]).contains("one second"));
    }

    #[test]
    fn every_language_says_the_same_things_with_the_same_words_in_them() {
        let english = messages("en");
        assert!(english.len() > 100, "{}", english.len());
        for (lang, _) in LANGUAGES {
            assert_eq!(messages(lang), english, "{lang}");
            Words::load(lang).expect("every file is in its form");
        }
    }
}
