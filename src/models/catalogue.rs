//! Which models there are: the list in `assets/models.toml`. An entry says what a file is for, under which terms, where it
//! can be got, and how it is known.

use serde::Deserialize;

use super::checksum::{Checksum, Sums};
use super::recipe::Recipe;

static BUILT_IN: &str = include_str!("../../assets/models.toml");

/// The most that is taken of a file about whose size nothing is known, in bytes.
const MOST: u64 = 4_000_000_000;
const MEGABYTE: u64 = 1_000_000;

/// A list that is not in its form.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CatalogueError(#[from] toml::de::Error);

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Hearing when somebody speaks.
    VoiceActivity,
    /// Writing down what is said.
    Transcript,
    /// Finding faces in a picture.
    FaceDetector,
    /// What a face may show.
    FaceExpression,
    /// Where the points of a face are.
    FaceLandmarks,
    /// How far each part of a face has moved, from its points.
    FaceBlendshapes,
}

impl Role {
    /// Its name, as it stands in the list.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VoiceActivity => "voice_activity",
            Self::Transcript => "transcript",
            Self::FaceDetector => "face_detector",
            Self::FaceExpression => "face_expression",
            Self::FaceLandmarks => "face_landmarks",
            Self::FaceBlendshapes => "face_blendshapes",
        }
    }
}

/// A model that is known.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What a person types.
    pub name: String,
    /// Where it lies in a folder of models.
    pub file: String,
    /// What it is for.
    pub role: Role,
    /// Languages in which it can be used, as codes such as `en`; empty for any.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What it is good for, in a sentence.
    pub about: String,
    /// The licence of the file.
    pub licence: String,
    /// What has to be known of what it was trained on, in a sentence.
    pub training: Option<String>,
    /// Where it can be got; none where no public address of it is known, so that it is only taken in.
    pub address: Option<String>,
    /// Its size in bytes, where it is known exactly.
    pub size: Option<u64>,
    /// Its size in megabytes, roughly, where it is not.
    pub roughly: Option<u64>,
    /// How it is known.
    pub checksum: Checksum,
    /// What goes into its network and what comes out, where that is not part of the program.
    pub recipe: Option<Recipe>,
}

impl Entry {
    /// Whether it can be used in a language, such as `en` or `zh-Hans`.
    #[must_use]
    pub fn speaks(&self, lang: &str) -> bool {
        let main = |code: &str| code.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        self.languages.is_empty() || self.languages.iter().any(|own| main(own) == main(lang))
    }

    /// The most bytes that a file of this name may have.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.size.or_else(|| Some(self.roughly? * 2 * MEGABYTE)).unwrap_or(MOST)
    }

    /// Whether somebody means it who names its name, or its file with or without the folder.
    fn is_called(&self, name: &str) -> bool {
        let bare = self.file.rsplit('/').next().unwrap_or_default();
        [self.name.as_str(), &self.file, bare].iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// Every model that is known, of each role the best first.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    #[serde(rename = "model")]
    entries: Vec<Entry>,
}

impl Catalogue {
    /// The list that is part of the program.
    ///
    /// # Errors
    /// [`CatalogueError`], when the program was built with a list that is not in its form.
    pub fn built_in() -> Result<Self, CatalogueError> {
        Self::read(BUILT_IN)
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn read(text: &str) -> Result<Self, CatalogueError> {
        Ok(toml::from_str(text)?)
    }

    /// Every entry.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of this name, or of this file.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.is_called(name))
    }

    /// The entry whose file this is, whatever it is called.
    #[must_use]
    pub fn recognise(&self, sums: &Sums) -> Option<&Entry> {
        self.entries.iter().find(|entry| sums.fit(&entry.checksum))
    }

    /// The entries of a role that can be used in a language, the best first.
    pub fn of_role(&self, role: Role, lang: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.role == role && entry.speaks(lang))
    }

    /// Every name, to be shown in a sentence.
    #[must_use]
    pub fn names(&self) -> String {
        self.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Component, Path};

    use super::*;

    fn built_in() -> Catalogue {
        Catalogue::built_in().expect("the list is in its form")
    }

    #[test]
    fn every_name_and_file_is_there_once_inside_the_folder_and_got_over_https() {
        let all = built_in();
        let mut seen = BTreeSet::new();
        for entry in all.entries() {
            assert!(seen.insert(&entry.name) && seen.insert(&entry.file), "{} is there twice", entry.name);
            assert!(
                entry.address.as_ref().is_none_or(|it| it.starts_with("https://")),
                "{:?}",
                entry.address
            );
            let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
            assert!(Path::new(&entry.file).components().all(inside), "{}", entry.file);
            assert!(entry.about.ends_with('.') && !entry.licence.is_empty(), "{}", entry.name);
            assert!(entry.size.is_some() || entry.roughly.is_some(), "{} says how large it is", entry.name);
        }
        assert!(all.find("silero").is_some_and(|entry| entry.file == crate::models::SILERO));
    }

    #[test]
    fn an_entry_is_found_by_its_name_and_by_its_file() {
        let all = built_in();
        let name = |typed: &str| all.find(typed).map(|entry| entry.name.clone());
        for typed in ["whisper-tiny", "Whisper-Tiny", "speech/ggml-tiny.bin", "ggml-tiny.bin"] {
            assert_eq!(name(typed).as_deref(), Some("whisper-tiny"), "{typed}");
        }
        assert_eq!(name("whisper"), None);
    }

    #[test]
    fn the_best_that_knows_the_language_comes_first() {
        let all = built_in();
        let names = |lang| -> Vec<_> {
            all.of_role(Role::Transcript, lang).map(|entry| entry.name.as_str()).collect()
        };
        let english = ["whisper-base.en", "whisper-tiny.en", "whisper-tiny"];
        assert_eq!((names("en"), names("en-GB")), (english.to_vec(), english.to_vec()));
        assert_eq!((names("zh"), names("zh_Hans")), (vec!["whisper-tiny"], vec!["whisper-tiny"]));
        assert_eq!(all.of_role(Role::VoiceActivity, "zh").count(), 1);
    }

    #[test]
    fn a_note_on_training_is_carried_and_a_key_or_role_that_there_is_not_is_refused() {
        let entry = |more: &str| {
            let text = format!(
                "[[model]]\nname = \"a\"\nfile = \"b/a\"\nabout = \"A.\"\nlicence = \"MIT\"\naddress = \"https://a\"\n\
                 checksum = \"git-blob-sha1:7ce9d6dd5b82b260bc19bfe7822a6ffa1abb6011\"\n{more}\n"
            );
            Catalogue::read(&text).map(|all| all.entries()[0].clone())
        };
        let read =
            entry("role = \"transcript\"\ntraining = \"On data for research alone.\"").expect("an entry");
        assert_eq!(read.training.as_deref(), Some("On data for research alone."));
        assert_eq!((read.size, read.most()), (None, MOST));
        assert_eq!(entry("role = \"transcript\"\nroughly = 3").expect("an entry").most(), 6 * MEGABYTE);
        assert!(entry("role = \"dancing\"").is_err() && entry("role = \"transcript\"\ncolour = 1").is_err());
    }
}
