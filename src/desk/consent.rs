//! What a visitor of an exhibition reads before they sit down, and what they allow. It can be read aloud to them: what is read
//! is what stands there, for both are made of the same list.

use bevy::prelude::*;
use bevy_egui::egui;

use super::visitor::Visitor;
use super::{Panel, theme};
use crate::app::ReadOut;
use crate::dialogue::agent::Intensity;
use crate::dialogue::face::Level;
use crate::host::{Aloud, CanHear, CanSee, Exhibition, FromStage, Look, Shown, Welcome};

/// How much larger words become for those who want that.
const LARGER: f32 = 1.5;
/// So much of what is seen of the page goes up at once, so that a row that was read last is still there.
const TURNS: f32 = 0.8;

/// What a paragraph stands there as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Title,
    Plain,
    /// The same, a little apart from what is above it.
    Apart,
    Faint,
    /// One of several, below what is said of them.
    Item,
    Section,
    /// The switch for the microphone, and the one for the camera.
    Hears,
    Sees,
    /// One of the choices of how much of the Devil there is.
    Devil(Intensity),
    Begin,
    No,
    /// Below the buttons.
    About,
}

/// What a visitor decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    Begins,
    Leaves,
}

/// What they have chosen so far, and how the page is read.
#[derive(Debug, Default)]
pub(super) struct Consent {
    pub(super) intensity: Option<Intensity>,
    pub(super) hears: bool,
    pub(super) sees: bool,
    /// By which number what is being read aloud is known, and the last number that there was.
    reads: Option<u32>,
    number: u32,
    /// Whether there is more of the page below, and whether they want to see it.
    below: bool,
    turns: bool,
    /// How large words were before they wanted larger ones, in percent.
    size: Option<u16>,
}

/// The host says that it has read everything.
pub(super) fn listen(mut told: MessageReader<ReadOut>, mut visitor: ResMut<Visitor>) {
    for ReadOut(number) in told.read() {
        visitor.consent.is_read_out(*number);
    }
}

impl Consent {
    /// Draws the page. What they decided, once they have.
    pub(super) fn draw(
        &mut self,
        ctx: &egui::Context,
        panel: &mut Panel<'_>,
        at: (&Welcome, &Exhibition),
    ) -> Option<Decided> {
        let all = paragraphs(panel, at);
        self.intensity.get_or_insert(at.0.intensity);
        let mut decided = None;
        let middle = egui::Area::new("consent".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
        middle.show(ctx, |ui| {
            theme::page(ui, theme::COLUMN, |ui, part| match part {
                theme::Part::Head => self.head(ui, panel, (&all, at.1)),
                theme::Part::Body => self.body(ui, &all),
                theme::Part::Foot => decided = decided.or(self.foot(ui, panel, &all)),
            });
        });
        decided
    }

    /// Whether it is being read aloud.
    pub(super) fn is_being_read(&self) -> bool {
        self.reads.is_some()
    }

    /// What was read aloud by this number is over.
    pub(super) fn is_read_out(&mut self, number: u32) {
        if self.reads == Some(number) {
            self.reads = None;
        }
    }

    /// Nothing is read aloud any more.
    pub(super) fn fall_silent(&mut self, panel: &mut Panel<'_>) {
        if self.reads.take().is_some() {
            panel.wishes.0.push(FromStage::Read(None));
        }
    }

    /// They have gone without sitting down: whoever comes next finds nothing of theirs.
    pub(super) fn forget(&mut self, panel: &mut Panel<'_>) {
        self.fall_silent(panel);
        if let Some(size) = self.size {
            panel.wanted.look.text_size = size;
        }
        *self = Self { number: self.number, ..Self::default() };
    }

    fn head(
        &mut self,
        ui: &mut egui::Ui,
        panel: &mut Panel<'_>,
        (all, exhibition): (&[Paragraph], &Exhibition),
    ) {
        ui.horizontal_wrapped(|ui| {
            for (_, text) in all.iter().filter(|(stands, _)| *stands == Stands::Title) {
                ui.heading(text);
            }
            if exhibition.reads.iter().any(|lang| lang == panel.words.lang()) {
                self.listen(ui, panel, all);
            }
            self.enlarge(ui, panel);
        });
    }

    fn listen(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, all: &[Paragraph]) {
        let is_read = self.is_being_read();
        let name = if is_read { "exhibit-consent-listen-stop" } else { "exhibit-consent-listen" };
        if !ui.add(theme::quiet_button(panel.word(name))).clicked() {
            return;
        }
        if is_read {
            return self.fall_silent(panel);
        }
        self.number += 1;
        self.reads = Some(self.number);
        panel.wishes.0.push(FromStage::Read(Some(Aloud {
            number: self.number,
            lang: panel.words.lang().to_owned(),
            paragraphs: all.iter().map(|(_, text)| text.clone()).collect(),
        })));
    }

    /// Larger words, and back.
    fn enlarge(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>) {
        let size = panel.wanted.look.text_size;
        if self.size.is_none() && size >= Look::LARGEST {
            return;
        }
        let button = theme::quiet_button(panel.word("exhibit-consent-large")).selected(self.size.is_some());
        if ui.add(button).clicked() {
            let larger = ((f32::from(size) * LARGER) as u16).min(Look::LARGEST);
            let before = self.size.take();
            if before.is_none() {
                self.size = Some(size);
            }
            panel.wanted.look.text_size = before.unwrap_or(larger);
        }
    }

    fn body(&mut self, ui: &mut egui::Ui, all: &[Paragraph]) {
        for (stands, text) in all {
            match stands {
                Stands::Plain => {
                    ui.label(text);
                }
                Stands::Apart => {
                    ui.add_space(theme::NEAR);
                    ui.label(text);
                }
                Stands::Item => {
                    ui.label(format!("•  {text}"));
                }
                Stands::Faint => {
                    theme::faint(ui, text);
                }
                Stands::Section => theme::section(ui, text.clone()),
                Stands::Hears => {
                    ui.add_space(theme::NEAR);
                    ui.checkbox(&mut self.hears, text);
                }
                Stands::Sees => {
                    ui.checkbox(&mut self.sees, text);
                }
                Stands::Devil(Intensity::Full) => self.choose(ui, all),
                Stands::Devil(_) | Stands::Title | Stands::Begin | Stands::No | Stands::About => {}
            }
        }
        let seen = ui.clip_rect();
        self.below = ui.min_rect().max.y > seen.max.y + theme::NEAR;
        if std::mem::take(&mut self.turns) {
            ui.scroll_with_delta(egui::vec2(0.0, -TURNS * seen.height()));
        }
    }

    /// How much of the Devil there is, in one row.
    fn choose(&mut self, ui: &mut egui::Ui, all: &[Paragraph]) {
        ui.horizontal_wrapped(|ui| {
            for (stands, text) in all {
                if let (Stands::Devil(intensity), Some(chosen)) = (stands, &mut self.intensity) {
                    theme::choice(ui, chosen, *intensity, text.clone());
                }
            }
        });
    }

    fn foot(&mut self, ui: &mut egui::Ui, panel: &Panel<'_>, all: &[Paragraph]) -> Option<Decided> {
        let mut decided = None;
        ui.horizontal_wrapped(|ui| {
            for (stands, text) in all {
                match stands {
                    Stands::Begin if theme::lamp_button(ui, text.clone()).clicked() => {
                        decided = Some(Decided::Begins);
                    }
                    Stands::No if ui.add(theme::quiet_button(text.clone())).clicked() => {
                        decided = Some(Decided::Leaves);
                    }
                    _ => {}
                }
            }
            if self.below {
                self.turns |= ui.add(theme::quiet_button(panel.word("exhibit-consent-more"))).clicked();
            }
        });
        for (_, text) in all.iter().filter(|(stands, _)| *stands == Stands::About) {
            theme::faint(ui, text);
        }
        decided
    }
}

/// How it stands there, and its words.
type Paragraph = (Stands, String);

/// Everything that stands on the page, in its order.
pub(super) fn paragraphs(
    panel: &Panel<'_>,
    (welcome, exhibition): (&Welcome, &Exhibition),
) -> Vec<Paragraph> {
    let mut all = what_it_is(panel, welcome, exhibition);
    all.extend(switches(panel, welcome, exhibition));
    all.extend(how_to_stop(panel, exhibition));
    all
}

fn what_it_is(panel: &Panel<'_>, welcome: &Welcome, exhibition: &Exhibition) -> Vec<Paragraph> {
    use Stands::{Faint, Item, Plain, Section, Title};
    let word = |stands, name: &str| (stands, panel.word(name));
    let minutes = exhibition.minutes.to_string();
    let what = if exhibition.family { "exhibit-family-what" } else { "exhibit-consent-what" };
    let played_by = match &welcome.played_by {
        Some(model) => panel.words.with("exhibit-consent-model", &[("model", model)]),
        None => panel.word("exhibit-consent-story"),
    };
    let spoken_at = exhibition.spoken_at.as_ref();
    let mut all = vec![
        word(Title, "exhibit-consent-title"),
        word(Plain, what),
        word(Plain, "exhibit-consent-ai"),
        (Plain, played_by),
        (Faint, panel.words.with("exhibit-consent-long", &[("minutes", &minutes)])),
    ];
    all.extend(
        spoken_at
            .map(|server| (Plain, panel.words.with("exhibit-notice-spoken-server", &[("server", server)]))),
    );
    all.extend([
        word(Section, "exhibit-consent-leave-title"),
        word(Item, "exhibit-consent-leave-crisis"),
        word(Item, "exhibit-consent-leave-voices"),
        word(Item, "exhibit-consent-leave-loss"),
        word(Item, "exhibit-consent-leave-light"),
    ]);
    if exhibition.family {
        all.push(word(Plain, "exhibit-family-age"));
    } else {
        all.push(word(Plain, "exhibit-consent-leave-harsh"));
        let age = exhibition.age.map(|age| age.to_string());
        all.extend(age.map(|age| (Plain, panel.words.with("exhibit-consent-age", &[("age", &age)]))));
    }
    all.extend(welcome.notes.iter().map(|note| (Faint, note.clone())));
    all
}

/// The two switches, and how much of the Devil there is.
fn switches(panel: &Panel<'_>, welcome: &Welcome, exhibition: &Exhibition) -> Vec<Paragraph> {
    use Stands::{Apart, Devil, Faint, Hears, Sees};
    let word = |stands, name: &str| (stands, panel.word(name));
    let mut all = Vec::new();
    if welcome.hearing == CanHear::No {
        all.push(word(Faint, "exhibit-consent-microphone-none"));
    } else {
        let about = match &exhibition.heard_at {
            Some(server) => panel.words.with("exhibit-consent-microphone-server", &[("server", server)]),
            None => panel.word("exhibit-consent-microphone-about"),
        };
        all.extend([word(Hears, "exhibit-consent-microphone"), (Faint, about)]);
    }
    if matches!(welcome.seeing, CanSee::UpTo(level) if level > Level::Off) && exhibition.camera {
        all.extend([word(Sees, "exhibit-consent-camera"), word(Faint, "exhibit-consent-camera-about")]);
    }
    if exhibition.counts {
        all.push(word(Faint, "exhibit-consent-counts"));
    }
    if exhibition.family {
        all.push(word(Apart, "exhibit-family-devil"));
    } else if welcome.intensity == Intensity::Off {
        all.push(word(Apart, "exhibit-consent-devil-off-here"));
    } else {
        all.push(word(Apart, "exhibit-consent-devil"));
        // No more than the place has set.
        let full = welcome.intensity == Intensity::Full;
        all.extend(full.then(|| word(Devil(Intensity::Full), "exhibit-consent-devil-full")));
        all.extend([
            word(Devil(Intensity::Gentle), "exhibit-consent-devil-gentle"),
            word(Devil(Intensity::Off), "exhibit-consent-devil-off"),
        ]);
    }
    all
}

fn how_to_stop(panel: &Panel<'_>, exhibition: &Exhibition) -> Vec<Paragraph> {
    use Stands::{About, Begin, No, Plain, Section};
    let word = |stands, name: &str| (stands, panel.word(name));
    let mut all = vec![word(Section, "exhibit-consent-stop-title"), word(Plain, "exhibit-consent-stop-sos")];
    if panel.door.shown == Shown::Headset {
        all.push(word(Plain, "exhibit-consent-stop-headset"));
    }
    all.extend([word(Plain, "exhibit-consent-stop-close"), word(Plain, "exhibit-consent-kept")]);
    let staff = exhibition.staff.as_ref();
    all.extend(staff.map(|staff| (Plain, panel.words.with("exhibit-consent-duty", &[("staff", staff)]))));
    let begin = if exhibition.family { "exhibit-family-begin" } else { "exhibit-consent-begin" };
    all.extend([
        word(Begin, begin),
        word(No, "exhibit-consent-no"),
        word(About, "exhibit-consent-begin-about"),
    ]);
    all
}
