//! `inner-room models`: which models there are, getting them, looking whether they are whole, and taking in what was
//! brought along.

mod progress;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use self::progress::{Shown, size};
use super::CliError;
use super::args::{ModelsArgs, ModelsCommand};
use crate::models::Folders;
use crate::models::catalogue::{Catalogue, Entry};
use crate::models::checksum::Sums;
use crate::models::store::Store;

/// Runs one of the commands.
pub(super) fn run(args: &ModelsArgs) -> Result<(), CliError> {
    let models = Models { all: Catalogue::built_in()?, named: args.models.clone() };
    match &args.what {
        ModelsCommand::List { json: true } => models.list_json(),
        ModelsCommand::List { json: false } => models.list(),
        ModelsCommand::Pull { names } => models.pull(names),
        ModelsCommand::Verify { names } => models.verify(names),
        ModelsCommand::Import { files } => models.import(files),
    }
}

/// Says a line, without anything that could move the screen; the name of a folder may hold such things.
fn say(line: &str) -> Result<(), CliError> {
    let plain: String = line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    Ok(writeln!(std::io::stdout(), "{plain}")?)
}

struct Models {
    all: Catalogue,
    /// The folder that was named in the call.
    named: Option<PathBuf>,
}

impl Models {
    /// Where models are looked for.
    fn folders(&self) -> Result<Folders, CliError> {
        match &self.named {
            Some(named) if !named.is_dir() => Err(CliError::Call(format!(
                "there is no folder {}; name another one with --models, or leave the flag out",
                named.display()
            ))),
            named => Ok(Folders::new(named.clone())),
        }
    }

    /// Where models are put: a folder that was named, and no other.
    fn store(&self) -> Folders {
        match &self.named {
            Some(named) => Folders::of(vec![named.clone()]),
            None => Folders::new(None),
        }
    }

    /// The entries of these names, each of which must be known.
    fn chosen(&self, names: &[String]) -> Result<Vec<&Entry>, CliError> {
        let unknown = |name: &String| {
            let known = self.all.names();
            CliError::Call(format!("there is no model {name}; there are {known}. See inner-room models list"))
        };
        names.iter().map(|name| self.all.find(name).ok_or_else(|| unknown(name))).collect()
    }

    fn list(&self) -> Result<(), CliError> {
        let folders = self.folders()?;
        let name = self.all.entries().iter().map(|entry| entry.name.len()).max().unwrap_or_default();
        for entry in self.all.entries() {
            let here = match folders.find(&entry.file) {
                Some(path) => format!("here, {}", path.display()),
                None => "not here".to_owned(),
            };
            say(&format!("{:name$}  {:>12}  {:8}  {here}", entry.name, size(entry), entry.licence))?;
            say(&format!("    {}", entry.about))?;
        }
        say("")?;
        say("The room needs none of them. Get one with: inner-room models pull NAME")
    }

    fn list_json(&self) -> Result<(), CliError> {
        let folders = self.folders()?;
        let row = |entry: &Entry| {
            serde_json::json!({
                "name": entry.name,
                "file": entry.file,
                "role": entry.role.name(),
                "languages": entry.languages,
                "about": entry.about,
                "licence": entry.licence,
                "training": entry.training,
                "address": entry.address,
                "size": entry.size,
                "roughly_mb": entry.roughly,
                "checksum": entry.checksum.to_string(),
                "here": folders.find(&entry.file).map(|path| path.display().to_string()),
            })
        };
        let rows: Vec<_> = self.all.entries().iter().map(row).collect();
        let text = serde_json::to_string_pretty(&rows).map_err(std::io::Error::other)?;
        Ok(writeln!(std::io::stdout(), "{text}")?)
    }

    fn pull(&self, names: &[String]) -> Result<(), CliError> {
        let store = Store::new(self.store());
        for entry in self.chosen(names)? {
            if let Some(path) = store.whole(entry) {
                say(&format!("{} is here already, and whole: {}", entry.name, path.display()))?;
                continue;
            }
            let Some(address) = &entry.address else { return Err(only_brought(entry)) };
            tell(entry, address)?;
            let mut shown = Shown::new(&entry.name);
            let pulled = store.pull(entry, address, &mut |progress| shown.show(progress));
            shown.finish();
            self.say_where(entry, &pulled?)?;
        }
        Ok(())
    }

    /// Says where a model is now, and where an older file is in its way.
    fn say_where(&self, entry: &Entry, path: &Path) -> Result<(), CliError> {
        say(&format!("{} is here now: {}", entry.name, path.display()))?;
        match self.store().find(&entry.file).filter(|used| used != path) {
            Some(used) => say(&format!(
                "{} is damaged, and is looked at before it. Take that file away",
                used.display()
            )),
            None => Ok(()),
        }
    }

    fn verify(&self, names: &[String]) -> Result<(), CliError> {
        let folders = self.folders()?;
        let mut chosen = self.chosen(names)?;
        if names.is_empty() {
            chosen = self.all.entries().iter().filter(|it| folders.find(&it.file).is_some()).collect();
        }
        if chosen.is_empty() {
            return say("None of the models that are known is here. See: inner-room models list");
        }
        let mut bad = Vec::new();
        for entry in chosen {
            let (whole, state) = look(entry, folders.find(&entry.file));
            say(&state)?;
            if !whole {
                bad.push(entry.name.as_str());
            }
        }
        if bad.is_empty() { Ok(()) } else { Err(CliError::Damaged(bad.join(" "))) }
    }

    /// Takes files in. All of them are looked at before the first is copied.
    fn import(&self, files: &[PathBuf]) -> Result<(), CliError> {
        let store = Store::new(self.store());
        let known = files.iter().map(|file| Ok((file, self.recognise(file)?)));
        for (file, entry) in known.collect::<Result<Vec<_>, CliError>>()? {
            if let Some(path) = store.whole(entry) {
                say(&format!(
                    "{} is {}, which is here already: {}",
                    file.display(),
                    entry.name,
                    path.display()
                ))?;
                continue;
            }
            say(&format!("{} is {}. Licence: {}.", file.display(), entry.name, entry.licence))?;
            tell_training(entry)?;
            self.say_where(entry, &store.import(entry, file)?)?;
        }
        Ok(())
    }

    /// Which model a file is, whatever it is called.
    fn recognise(&self, file: &Path) -> Result<&Entry, CliError> {
        let shown = file.display();
        let unread = |why: &dyn std::fmt::Display| {
            CliError::Call(format!("{shown} cannot be read: {why}. Name the file of a model"))
        };
        let about = std::fs::metadata(file).map_err(|error| unread(&error))?;
        if !about.is_file() {
            return Err(unread(&"it is no file"));
        }
        let sums = Sums::of(file).map_err(|error| unread(&error))?;
        self.all.recognise(&sums).ok_or_else(|| {
            let known = self.all.names();
            CliError::Call(format!(
                "{shown} is none of the models that are known, or it is damaged. Known are {known}"
            ))
        })
    }
}

/// Whether a model is whole, and a line that says so.
fn look(entry: &Entry, path: Option<PathBuf>) -> (bool, String) {
    let Some(path) = path else { return (false, format!("missing  {}", entry.name)) };
    let (whole, state) = match Sums::of(&path) {
        Ok(sums) if sums.fit(&entry.checksum) => (true, String::new()),
        Ok(_) => (false, ": it is another file, by its checksum".to_owned()),
        Err(error) => (false, format!(": it cannot be read: {error}")),
    };
    let mark = if whole { "whole  " } else { "damaged" };
    (whole, format!("{mark}  {}  {}{state}", entry.name, path.display()))
}

fn only_brought(entry: &Entry) -> CliError {
    let name = &entry.name;
    CliError::Call(format!(
        "no public address of {name} is known; bring the file along, and use: inner-room models import FILE"
    ))
}

/// What a person has to know before a file is got.
fn tell(entry: &Entry, address: &str) -> Result<(), CliError> {
    say(&format!("{}: {}", entry.name, entry.about))?;
    say(&format!("  {}, licence {}, from {}", size(entry), entry.licence, address))?;
    tell_training(entry)
}

fn tell_training(entry: &Entry) -> Result<(), CliError> {
    match &entry.training {
        Some(training) => say(&format!("  Before you use it: {training}")),
        None => Ok(()),
    }
}
