//! The program's own words, from Fluent files in `assets/locales`. The figures' lines are not among them.

pub mod card;
pub mod notice;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use include_dir::{Dir, include_dir};

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/locales");

/// The files of a language.
const FILES: [&str; 3] = ["talk.ftl", "sessions.ftl", "desk.ftl"];

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
        Ok(Self { bundle })
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
                Ok(number) => args.set(*key, number),
                Err(_text) => args.set(*key, *value),
            }
        }
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
    }
}
