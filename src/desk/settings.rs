//! The settings: what a person needs in order to read the room and to bear it, and what they decide about their evenings.
//! What is shown changes at once, and everything is remembered. The evening is held while they stand.

use bevy::prelude::*;
use bevy_egui::egui;

use super::theme::{self, faint, section};
use super::{sight, sound};
use crate::config::{CastChoice, Tier};
use crate::dialogue::agent::Intensity;
use crate::host::{
    CanHear, CanSee, Devices, Figures, Headset, Look, Play, Preferences, Shown, Trial, VisionServer, Welcome,
};
use crate::words::{LANGUAGES, Words};

/// Whether the panel stands, and what is typed into it.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) stands: bool,
    /// Whether a server is to play, and the address that is being typed. It is taken over once it is one.
    at_address: bool,
    address: String,
    /// Files that are being named. They are taken over once the panel goes.
    pub(super) figures: Figures,
    /// Whether a trial is under way, and how the last one went.
    pub(super) trying: bool,
    pub(super) trial: Option<Trial>,
    /// What the figures speak with when they speak.
    spoken_by: String,
    /// Whether the evening was held for it, and goes on afterwards.
    pub(super) holds: bool,
    /// Whether help stood already when it was opened.
    pub(super) beside_help: bool,
}

/// Where it stands, and so what can be decided.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place<'a> {
    /// How much of the Devil there is, in an evening; none before one.
    pub(super) intensity: Option<Intensity>,
    /// Whether evenings can be kept.
    pub(super) can_keep: bool,
    /// How the person can be heard.
    pub(super) hearing: CanHear,
    /// How they can be seen.
    pub(super) seeing: CanSee,
    /// Who may see a picture of them.
    pub(super) vision: Option<&'a VisionServer>,
    /// Whether the room can be shown in a headset, and where it is shown now.
    pub(super) wears: (bool, Shown),
    /// Whether measures can be answered, and whether there are answers of evenings before.
    pub(super) measures: (bool, bool),
}

impl<'a> Place<'a> {
    /// As the door was; with how much of the Devil there is, in an evening.
    pub(super) fn of(door: &'a Welcome, intensity: Option<Intensity>) -> Self {
        let measures = (door.is_own, door.measured);
        Self {
            intensity,
            can_keep: door.can_keep,
            hearing: door.hearing,
            seeing: door.seeing,
            vision: door.vision.as_ref(),
            wears: (door.can_wear, door.shown),
            measures,
        }
    }
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// The panel is to go.
    pub(super) close: bool,
    /// Who plays is to be tried out.
    pub(super) try_out: bool,
    /// What was answered to measures over time is to be seen.
    pub(super) past: bool,
    /// So much of the Devil from now on.
    pub(super) intensity: Option<Intensity>,
    /// The headset is to be put on, or taken off.
    pub(super) headset: Option<Headset>,
}

/// What an address looks like.
const EXAMPLE: &str = "http://127.0.0.1:11434/v1";

/// Who plays the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Auto,
    Story,
    Server,
}

impl Who {
    fn of(cast: &str) -> Self {
        match cast.parse() {
            Ok(CastChoice::Server(_)) => Self::Server,
            Ok(CastChoice::Story) => Self::Story,
            Ok(CastChoice::Auto) | Err(_) => Self::Auto,
        }
    }
}

/// The sizes that words come in, in percent.
const SIZES: [u16; 5] = [100, 125, 150, 175, Look::LARGEST];

/// How large words are, as a factor.
pub(super) fn zoom(look: &Look) -> f32 {
    f32::from(look.text_size.clamp(SIZES[0], Look::LARGEST)) / 100.0
}

impl Open {
    /// Opens it on what is set.
    pub(super) fn open(&mut self, wanted: &Preferences) {
        self.stands = true;
        self.figures.clone_from(&wanted.figures);
        self.at_address = Who::of(&wanted.play.cast) == Who::Server;
        if self.at_address {
            self.address.clone_from(&wanted.play.cast);
        }
        if wanted.sound.voices != "none" {
            self.spoken_by.clone_from(&wanted.sound.voices);
        }
    }

    /// The panel. What is changed stands in `wanted`.
    pub(super) fn draw(
        &mut self,
        ctx: &egui::Context,
        (words, devices): (&Words, &Devices),
        wanted: &mut Preferences,
        place: Place<'_>,
    ) -> Asked {
        let middle = egui::Area::new("settings".into()).order(egui::Order::Foreground);
        let shown = middle.anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(ctx, |ui| {
            let mut asked = Asked::default();
            theme::page(ui, theme::COLUMN, |ui, part| match part {
                theme::Part::Head => asked.close = title(ui, words),
                theme::Part::Body => {
                    asked.headset = headset(ui, words, place.wears);
                    look(ui, words, &mut wanted.look);
                    asked.intensity = evening(ui, words, wanted, place);
                    asked.past = questions(ui, words, wanted, place);
                    self.who_plays(ui, words, &mut wanted.play);
                    asked.try_out = wanted.play.cast != "story" && self.trial(ui, words);
                    figures(ui, words, &mut self.figures);
                    sound::voices(ui, words, &mut wanted.sound, (&devices.loudspeakers, &mut self.spoken_by));
                    sound::senses(ui, words, &mut wanted.sound, (place.hearing, &devices.microphones));
                    let here = (place.seeing, place.vision);
                    sight::allows(ui, words, &mut wanted.sight, (here, &devices.cameras));
                }
                theme::Part::Foot => {}
            });
            asked
        });
        shown.inner
    }

    fn who_plays(&mut self, ui: &mut egui::Ui, words: &Words, play: &mut Play) {
        section(ui, words.get("settings-play"));
        let before = play.clone();
        let mut who = if self.at_address { Who::Server } else { Who::of(&play.cast) };
        for (each, name) in [
            (Who::Auto, "settings-play-auto"),
            (Who::Story, "settings-play-story"),
            (Who::Server, "settings-play-server"),
        ] {
            ui.radio_value(&mut who, each, words.get(name));
        }
        self.at_address = who == Who::Server;
        match who {
            Who::Auto => "auto".clone_into(&mut play.cast),
            Who::Story => "story".clone_into(&mut play.cast),
            Who::Server => self.address(ui, words, play),
        }
        if who != Who::Story {
            ui.label(words.get("settings-model"));
            field(ui, words, "settings-model", &mut play.model, "");
        }
        if *play != before {
            self.trial = None;
        }
    }

    fn address(&mut self, ui: &mut egui::Ui, words: &Words, play: &mut Play) {
        field(ui, words, "settings-address", &mut self.address, EXAMPLE);
        if Who::of(self.address.trim()) == Who::Server {
            self.address.trim().clone_into(&mut play.cast);
        } else if !self.address.trim().is_empty() {
            faint(ui, words.with("settings-address-wrong", &[("example", EXAMPLE)]));
        }
    }

    /// The button that tries a model out, and how that went. True when it is to be tried.
    fn trial(&mut self, ui: &mut egui::Ui, words: &Words) -> bool {
        let button = theme::quiet_button(words.get("settings-try"));
        let pressed = ui.add_enabled(!self.trying, button).clicked();
        if pressed {
            (self.trying, self.trial) = (true, None);
        }
        match &self.trial {
            _ if self.trying => faint(ui, words.get("settings-trying")),
            None => faint(ui, words.get("settings-play-note")),
            Some(Trial::Failed(why)) => faint(ui, words.with("settings-tried-not", &[("why", why)])),
            Some(Trial::Answered { model, usable, asked, first_word_ms }) => {
                let seconds = format!("{:.1}", *first_word_ms as f32 / 1_000.0);
                let (usable, asked) = (usable.to_string(), asked.to_string());
                let about =
                    [("model", &model[..]), ("usable", &usable), ("asked", &asked), ("seconds", &seconds)];
                faint(ui, words.with("settings-tried", &about))
            }
        };
        pressed
    }
}

/// What this is, and the way out of it, always in sight. True when it is to go.
fn title(ui: &mut egui::Ui, words: &Words) -> bool {
    let from_right = egui::Layout::right_to_left(egui::Align::Center);
    let row = egui::vec2(ui.available_width(), theme::ROW);
    let shown = ui.allocate_ui_with_layout(row, from_right, |ui| {
        let done = theme::lamp_button(ui, words.get("settings-close")).clicked();
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.label(egui::RichText::new(words.get("settings-title")).heading().size(theme::CAPTION));
        });
        done
    });
    shown.inner
}

/// Figures of one's own.
fn figures(ui: &mut egui::Ui, words: &Words, figures: &mut Figures) {
    section(ui, words.get("settings-figures"));
    for (name, file) in
        [("settings-figure-patient", &mut figures.patient), ("settings-figure-devil", &mut figures.devil)]
    {
        ui.label(words.get(name));
        field(ui, words, name, file, "");
    }
    faint(ui, words.get("settings-figures-note"));
}

fn look(ui: &mut egui::Ui, words: &Words, look: &mut Look) {
    section(ui, words.get("settings-show"));
    ui.label(words.get("settings-language"));
    ui.horizontal_wrapped(|ui| {
        for (lang, name) in LANGUAGES {
            let button = theme::choice(ui, &mut look.lang, lang.to_owned(), name.to_owned());
            // Whoever comes with the keyboard begins above.
            if ui.memory(|memory| memory.focused().is_none()) {
                button.request_focus();
            }
        }
    });
    faint(ui, words.get("settings-language-note"));
    ui.label(words.get("settings-text-size"));
    ui.horizontal_wrapped(|ui| {
        for size in SIZES {
            let text = words.with("settings-percent", &[("size", &size.to_string())]);
            theme::choice(ui, &mut look.text_size, size, text);
        }
    });
    for (switch, name, note) in [
        (&mut look.contrast, "settings-contrast", "settings-contrast-note"),
        (&mut look.captions, "settings-captions", "settings-captions-note"),
        (&mut look.reduced_motion, "settings-motion", "settings-motion-note"),
    ] {
        ui.checkbox(switch, words.get(name));
        faint(ui, words.get(note));
    }
    ui.label(words.get("settings-tier"));
    ui.horizontal_wrapped(|ui| {
        theme::choice(ui, &mut look.tier, None, words.get("settings-tier-auto"));
        for tier in Tier::ALL {
            let name = match tier {
                Tier::Low => "settings-tier-low",
                Tier::Middle => "settings-tier-middle",
                Tier::High => "settings-tier-high",
            };
            theme::choice(ui, &mut look.tier, Some(tier), words.get(name));
        }
    });
    faint(ui, words.get("settings-tier-note"));
}

/// The way into a headset, or out of it.
fn headset(ui: &mut egui::Ui, words: &Words, (can_wear, shown): (bool, Shown)) -> Option<Headset> {
    if !can_wear {
        return None;
    }
    let (name, wish) = match shown {
        Shown::Screen => ("desk-headset-on", Headset::Enter),
        Shown::Headset => ("desk-headset-off", Headset::Leave),
    };
    let pressed = ui.add(theme::quiet_button(words.get(name))).clicked();
    faint(ui, words.get("desk-headset-note"));
    pressed.then_some(wish)
}

/// What is decided about the evening; how loud the Devil may be, if that was changed.
fn evening(
    ui: &mut egui::Ui,
    words: &Words,
    wanted: &mut Preferences,
    place: Place<'_>,
) -> Option<Intensity> {
    section(ui, words.get("settings-evening"));
    ui.label(words.get("settings-devil"));
    let own = words.get("speaker-devil");
    field(ui, words, "settings-devil", &mut wanted.devil, &own);
    let mut intensity = place.intensity;
    if let Some(chosen) = &mut intensity {
        ui.horizontal_wrapped(|ui| loudness(ui, words, chosen));
    }
    if place.can_keep {
        let mut keep = wanted.keep.unwrap_or_default();
        if ui.checkbox(&mut keep, words.get("settings-keep")).changed() {
            wanted.keep = Some(keep);
        }
        faint(ui, words.get("settings-keep-note"));
    }
    intensity.filter(|_| intensity != place.intensity)
}

/// What is decided about measures. True when what was answered over time is to be seen.
fn questions(ui: &mut egui::Ui, words: &Words, wanted: &mut Preferences, place: Place<'_>) -> bool {
    let (asks, answered) = place.measures;
    if asks {
        ui.checkbox(&mut wanted.questions, words.get("settings-questions"));
        faint(ui, words.get("settings-questions-note"));
    }
    answered && ui.add(theme::quiet_button(words.get("past-title"))).clicked()
}

/// How loud the Devil may be.
pub(super) fn loudness(ui: &mut egui::Ui, words: &Words, chosen: &mut Intensity) {
    ui.label(words.get("door-devil"));
    for (intensity, name) in [
        (Intensity::Full, "door-devil-full"),
        (Intensity::Gentle, "door-devil-gentle"),
        (Intensity::Off, "door-devil-off"),
    ] {
        ui.radio_value(chosen, intensity, words.get(name));
    }
}

/// The longest name, address or path, in characters.
const LONGEST: usize = 1_000;

/// One line to type into, as wide as there is room, which a screen reader calls by the name that stands above it.
pub(super) fn field(ui: &mut egui::Ui, words: &Words, name: &str, text: &mut String, hint: &str) {
    field_of(ui, words, (name, f32::INFINITY), text, hint);
}

/// The same of a width.
pub(super) fn field_of(
    ui: &mut egui::Ui,
    words: &Words,
    (name, width): (&str, f32),
    text: &mut String,
    hint: &str,
) {
    let edit = egui::TextEdit::singleline(text)
        .hint_text(hint)
        .char_limit(LONGEST)
        .margin(egui::Margin::symmetric(10, 6))
        .desired_width(width);
    let field = ui.add(edit);
    name_it(ui.ctx(), &field, words.get(name));
}

/// What a screen reader calls a field.
pub(super) fn name_it(ctx: &egui::Context, field: &egui::Response, name: String) {
    // None: nobody reads the screen aloud.
    let _named: Option<()> = ctx.accesskit_node_builder(field.id, |node| node.set_label(name));
}
