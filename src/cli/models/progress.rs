//! How far a download is: a bar where somebody looks on, a line now and then where nobody does.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};

use crate::models::Progress;
use crate::models::catalogue::Entry;

/// The bar where the size is known, and where it is not.
const WITH_SIZE: &str = "  {bar:30} {decimal_bytes} of {decimal_total_bytes}, {eta} to go";
const WITHOUT: &str = "  {decimal_bytes}";
/// After how many bytes a line is due where the size is not known.
const STEP: u64 = 10_000_000;

/// How large a model is, in words.
pub(super) fn size(entry: &Entry) -> String {
    match (entry.size, entry.roughly) {
        (Some(bytes), _) => DecimalBytes(bytes).to_string(),
        (None, Some(megabytes)) => format!("about {megabytes} MB"),
        (None, None) => "of a size that its server will say".to_owned(),
    }
}

/// What is shown of a download.
pub(super) struct Shown {
    name: String,
    bar: Option<ProgressBar>,
    /// The step that was said last; none before the download has begun.
    said: Option<u64>,
}

impl Shown {
    pub(super) fn new(name: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(ProgressBar::no_length);
        Self { name: name.to_owned(), bar, said: None }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        let begins = self.said.is_none();
        if begins && progress.bytes > 0 {
            self.print(&format!("goes on after {}", DecimalBytes(progress.bytes)));
        }
        match &self.bar {
            Some(bar) => {
                if begins {
                    set_up(bar, progress);
                }
                bar.set_position(progress.bytes);
                self.said = Some(0);
            }
            None => self.line(progress),
        }
    }

    /// A line at each tenth, or at each step.
    fn line(&mut self, Progress { bytes, total }: Progress) {
        let step = total.map_or(bytes / STEP, |total| (bytes * 10).checked_div(total).unwrap_or(10));
        if self.said.is_some_and(|said| step > said) {
            self.print(&match total {
                Some(total) => format!("{} of {}", DecimalBytes(bytes), DecimalBytes(total)),
                None => DecimalBytes(bytes).to_string(),
            });
        }
        self.said = Some(step);
    }

    /// Where nothing can be written the download goes on all the same.
    fn print(&self, what: &str) {
        if writeln!(std::io::stdout(), "  {}: {what}", self.name).is_err() {}
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn set_up(bar: &ProgressBar, progress: Progress) {
    let form = if progress.total.is_some() { WITH_SIZE } else { WITHOUT };
    // Both forms are tried in a test.
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_position(progress.bytes);
    if let Some(total) = progress.total {
        bar.set_length(total);
    }
    // What was here before says nothing about how fast it comes.
    bar.reset_eta();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::catalogue::Catalogue;

    #[test]
    fn both_forms_of_the_bar_are_forms() {
        for form in [WITH_SIZE, WITHOUT] {
            assert!(ProgressStyle::with_template(form).is_ok(), "{form}");
        }
    }

    #[test]
    fn a_size_is_said_exactly_where_it_is_known() {
        let all = Catalogue::built_in().expect("the list is in its form");
        let said = |name| all.find(name).map(size);
        assert_eq!(said("silero").as_deref(), Some("2.33 MB"));
        assert_eq!(said("whisper-base.en").as_deref(), Some("about 149 MB"));
    }
}
