//! The staff's panel on the screen: a PIN, and what can be done with the room. It opens where no visitor presses by chance: the
//! upper left corner, held for three seconds, or Ctrl, Shift and S. Whether a PIN is right is not decided here.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Panel, theme, visitor};
use crate::host::{CallTrial, Duty, FromStage, Panel as Door, StaffWish};
use crate::words;

/// The corner that is held, and for how long, in logical pixels and seconds.
const CORNER: f32 = 72.0;
const HELD: f32 = 3.0;
/// How long it stands while nobody touches it, in seconds: closed, and open.
const STANDS: f32 = 20.0;
const OPEN: f32 = 60.0;
/// How often it is said that somebody still reads in it, in seconds.
const SAYS: f32 = 10.0;
/// The longest PIN.
const DIGITS: usize = 12;

/// What is asked once more before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sure {
    Skip,
    Restart,
    Close,
}

/// The panel, as far as it stands.
#[derive(Resource, Debug, Default)]
pub(super) struct Staff {
    stands: bool,
    /// Since when the corner is held, in seconds.
    held: Option<f32>,
    /// When somebody touched it last, and when that was said last.
    touched: f32,
    said: f32,
    digits: String,
    sure: Option<Sure>,
    /// Whether it was left, and it is not known yet elsewhere.
    left: bool,
    /// Whether somebody is asked how they are, or reads where help is.
    helped: bool,
}

impl Staff {
    /// One that stands.
    #[cfg(test)]
    pub(super) fn standing() -> Self {
        Self { stands: true, ..Self::default() }
    }

    /// Whether something is asked once more.
    #[cfg(test)]
    pub(super) fn asks(&self) -> bool {
        self.sure.is_some()
    }

    /// Whether it stands. Nothing else takes keys then.
    pub(super) fn stands(&self) -> bool {
        self.stands
    }

    /// Looks whether somebody wants it, and draws it, if so.
    pub(super) fn draw(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, now: f32) {
        if panel.door.exhibition.is_none() {
            return;
        }
        let open = matches!(panel.care.panel, Door::Open(_));
        self.left &= open;
        let open = open && !self.left;
        if self.is_wanted(ctx, now) || (open && !self.stands) {
            (self.stands, self.touched, self.sure) = (true, now, None);
        }
        if !self.stands {
            return;
        }
        if visitor::stirs(ctx) {
            self.touched = now;
        }
        let patience = if open { OPEN } else { STANDS };
        let left = ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        if left || now - self.touched > patience {
            return self.leave(panel);
        }
        let middle = egui::Area::new("staff".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
        middle.order(egui::Order::Foreground).show(ctx, |ui| match panel.care.panel.clone() {
            Door::Open(duty) => self.open(ui, panel, &duty, now),
            door => self.ask(ui, panel, &door),
        });
    }

    /// Whether somebody has held the corner, or pressed the keys.
    fn is_wanted(&mut self, ctx: &egui::Context, now: f32) -> bool {
        let keys = egui::Modifiers::CTRL | egui::Modifiers::SHIFT;
        if ctx.input_mut(|input| input.consume_key(keys, egui::Key::S)) {
            return true;
        }
        let corner = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::Vec2::splat(CORNER));
        let holds = ctx.input(|input| {
            let at = input.pointer.interact_pos().filter(|_| input.pointer.primary_down());
            at.is_some_and(|at| corner.contains(at))
                && input.pointer.press_origin().is_some_and(|at| corner.contains(at))
        });
        if !holds {
            self.held = None;
            return false;
        }
        ctx.request_repaint();
        let since = *self.held.get_or_insert(now);
        now - since >= HELD
    }

    fn leave(&mut self, panel: &mut Panel<'_>) {
        wish(panel, StaffWish::Leave);
        *self = Self { left: true, helped: self.helped, ..Self::default() };
    }

    /// As somebody is asked how they are, or as the help card comes up, a field for a PIN goes out of the way. The panel of
    /// whoever has entered it stays.
    pub(super) fn make_way(&mut self, panel: &mut Panel<'_>, helped: bool) {
        let comes = helped && !self.helped;
        self.helped = helped;
        if comes && self.stands && !matches!(panel.care.panel, Door::Open(_)) {
            self.leave(panel);
        }
    }

    /// The PIN.
    fn ask(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, door: &Door) {
        self.type_in(ui);
        theme::sheet(ui, PAD, |ui| {
            ui.heading(panel.word("exhibit-staff-title"));
            ui.label(match door {
                Door::NoPin => panel.word("exhibit-staff-pin-none"),
                Door::Wrong => panel.word("exhibit-staff-pin-wrong"),
                Door::Waits(seconds) => {
                    panel.words.with("exhibit-staff-pin-wait", &[("seconds", &seconds.to_string())])
                }
                Door::Shut | Door::Open(_) => panel.word("exhibit-staff-pin-ask"),
            });
            ui.add_space(theme::NEAR);
            let shown = "• ".repeat(self.digits.len());
            ui.label(egui::RichText::new(if shown.is_empty() { "–" } else { shown.trim_end() }).size(24.0));
            ui.add_space(theme::NEAR);
            for row in ["123", "456", "789"] {
                ui.horizontal(|ui| self.keys(ui, row));
            }
            let enters = ui
                .horizontal(|ui| {
                    if key(ui, panel.word("exhibit-staff-delete")).clicked() {
                        self.digits.pop();
                    }
                    self.keys(ui, "0");
                    key(ui, panel.word("exhibit-staff-enter")).clicked()
                })
                .inner;
            let enters = enters || ui.input(|input| input.key_pressed(egui::Key::Enter));
            if enters && !self.digits.is_empty() {
                wish(panel, StaffWish::Enter(crate::host::Digits(std::mem::take(&mut self.digits))));
            }
            ui.add_space(theme::NEAR);
            if ui.add(theme::quiet_button(panel.word("exhibit-staff-leave"))).clicked() {
                self.leave(panel);
            }
        });
    }

    fn keys(&mut self, ui: &mut egui::Ui, row: &str) {
        for digit in row.chars() {
            if key(ui, digit.to_string()).clicked() {
                self.push(digit);
            }
        }
    }

    fn push(&mut self, digit: char) {
        if digit.is_ascii_digit() && self.digits.len() < DIGITS {
            self.digits.push(digit);
        }
    }

    /// Digits can be typed, too.
    fn type_in(&mut self, ui: &egui::Ui) {
        let events = ui.input(|input| input.events.clone());
        for event in events {
            match event {
                egui::Event::Text(text) => text.chars().for_each(|digit| self.push(digit)),
                egui::Event::Key { key: egui::Key::Backspace, pressed: true, .. } => {
                    self.digits.pop();
                }
                _ => {}
            }
        }
    }

    /// What can be done.
    fn open(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, duty: &Duty, now: f32) {
        self.digits.clear();
        if self.touched > self.said && now - self.said > SAYS {
            self.said = now;
            wish(panel, StaffWish::Stay);
        }
        theme::page(ui, theme::COLUMN, |ui, part| match part {
            theme::Part::Head => {
                ui.heading(panel.word("exhibit-staff-title"));
                how_it_stands(ui, panel, duty);
            }
            theme::Part::Body => {
                somebody_called(ui, panel, duty);
                self.visit(ui, panel, duty);
                settings(ui, panel, duty);
                calls(ui, panel, duty);
                self.whole(ui, panel, duty);
                faults(ui, panel, duty);
            }
            theme::Part::Foot => {
                ui.horizontal_wrapped(|ui| {
                    if theme::lamp_button(ui, panel.word("exhibit-staff-leave")).clicked() {
                        self.leave(panel);
                    }
                    theme::faint(ui, panel.word("exhibit-staff-leaves"));
                });
            }
        });
    }

    /// The visit that goes on.
    fn visit(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, duty: &Duty) {
        ui.add_space(theme::NEAR);
        if panel.care.paused {
            act(ui, panel, ("exhibit-staff-go-on", None), StaffWish::Resume);
        } else {
            act(ui, panel, ("exhibit-staff-pause", Some("exhibit-staff-pause-about")), StaffWish::Pause);
        }
        if matches!(duty.state.as_str(), "visit" | "paused" | "farewell") {
            let skip = ("exhibit-staff-skip", "exhibit-staff-skip-about", "exhibit-staff-skip-sure");
            self.once_more(ui, panel, (Sure::Skip, skip), StaffWish::Skip);
        }
    }

    /// What is done with the whole room.
    fn whole(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, duty: &Duty) {
        ui.add_space(theme::NEAR);
        let restart = ("exhibit-staff-restart", "exhibit-staff-restart-about", "exhibit-staff-restart-sure");
        self.once_more(ui, panel, (Sure::Restart, restart), StaffWish::Restart);
        if duty.state == "closed" {
            act(ui, panel, ("exhibit-staff-open", None), StaffWish::Open);
        } else {
            let close = ("exhibit-staff-close", "exhibit-staff-close-about", "exhibit-staff-close-sure");
            self.once_more(ui, panel, (Sure::Close, close), StaffWish::Close);
        }
    }

    /// Something that cannot be taken back is asked once more.
    fn once_more(
        &mut self,
        ui: &mut egui::Ui,
        panel: &mut Panel<'_>,
        (which, (name, about, sure)): (Sure, (&str, &str, &str)),
        then: StaffWish,
    ) {
        if self.sure != Some(which) {
            ui.horizontal_wrapped(|ui| {
                if ui.add(theme::quiet_button(panel.word(name))).clicked() {
                    self.sure = Some(which);
                }
                theme::faint(ui, panel.word(about));
            });
            return;
        }
        ui.horizontal_wrapped(|ui| {
            ui.label(panel.word(sure));
            if theme::lamp_button(ui, panel.word("exhibit-staff-yes")).clicked() {
                self.sure = None;
                wish(panel, then);
            }
            if ui.add(theme::quiet_button(panel.word("exhibit-staff-no"))).clicked() {
                self.sure = None;
            }
        });
    }
}

/// How wide the sheet with the digits is, and how large one is.
const PAD: f32 = 340.0;
const KEY: egui::Vec2 = egui::vec2(96.0, 56.0);

fn key(ui: &mut egui::Ui, text: String) -> egui::Response {
    ui.add(theme::quiet_button(text).min_size(KEY))
}

fn wish(panel: &mut Panel<'_>, wish: StaffWish) {
    panel.wishes.0.push(FromStage::Staff(wish));
}

/// A button, what it does, and that it was pressed.
fn act(ui: &mut egui::Ui, panel: &mut Panel<'_>, (name, about): (&str, Option<&str>), then: StaffWish) {
    ui.horizontal_wrapped(|ui| {
        if ui.add(theme::quiet_button(panel.word(name))).clicked() {
            wish(panel, then);
        }
        if let Some(about) = about {
            theme::faint(ui, panel.word(about));
        }
    });
}

fn how_it_stands(ui: &mut egui::Ui, panel: &Panel<'_>, duty: &Duty) {
    let state = panel.word(&format!("exhibit-staff-state-{}", duty.state));
    ui.label(panel.words.with("exhibit-staff-station", &[("station", &duty.station)]));
    ui.label(panel.words.with("exhibit-staff-state", &[("state", &state)]));
    theme::faint(ui, panel.words.with("exhibit-staff-visits", &[("visits", &duty.visits.to_string())]));
}

/// What needs a person at once stands above everything else.
fn somebody_called(ui: &mut egui::Ui, panel: &mut Panel<'_>, duty: &Duty) {
    if duty.sos {
        ui.label(egui::RichText::new(panel.word("exhibit-staff-sos")).strong());
    }
    if let Some(time) = &duty.called {
        let called = panel.words.with("exhibit-staff-called", &[("time", time)]);
        ui.label(egui::RichText::new(called).strong());
    }
    if (duty.sos || duty.called.is_some())
        && theme::lamp_button(ui, panel.word("exhibit-staff-seen")).clicked()
    {
        wish(panel, StaffWish::Seen);
    }
}

/// How loud it is, and in which language it begins.
fn settings(ui: &mut egui::Ui, panel: &mut Panel<'_>, duty: &Duty) {
    theme::section(ui, panel.word("exhibit-staff-volume"));
    ui.horizontal_wrapped(|ui| {
        for (sign, by) in [("−", -10), ("+", 10)] {
            let volume = (i16::from(duty.volume) + by).clamp(0, 100);
            let volume = u8::try_from(volume).unwrap_or(duty.volume);
            let there = volume != duty.volume;
            if ui.add_enabled(there, theme::quiet_button(sign.to_owned())).clicked() {
                wish(panel, StaffWish::Volume(volume));
            }
        }
        ui.label(panel.words.with("exhibit-staff-percent", &[("number", &duty.volume.to_string())]));
    });
    if duty.languages.len() < 2 {
        return;
    }
    theme::section(ui, panel.word("exhibit-staff-language"));
    ui.horizontal_wrapped(|ui| {
        for (lang, name) in words::LANGUAGES {
            if !duty.languages.iter().any(|offered| offered == lang) {
                continue;
            }
            let button = theme::quiet_button(name.to_owned()).selected(duty.lang == lang);
            if ui.add(button).clicked() && duty.lang != lang {
                wish(panel, StaffWish::Lang(lang.to_owned()));
            }
        }
        theme::faint(ui, panel.word("exhibit-staff-language-about"));
    });
}

/// The call for a person.
fn calls(ui: &mut egui::Ui, panel: &mut Panel<'_>, duty: &Duty) {
    ui.add_space(theme::APART);
    if duty.trial == CallTrial::NoCommand {
        theme::faint(ui, panel.word("exhibit-staff-no-call"));
        return;
    }
    act(ui, panel, ("exhibit-staff-test", Some("exhibit-staff-test-about")), StaffWish::TestCall);
    match &duty.trial {
        CallTrial::NoCommand => {}
        CallTrial::Untried => {
            theme::faint(ui, panel.word("exhibit-staff-untested"));
        }
        CallTrial::Runs => {
            ui.label(panel.word("exhibit-staff-testing"));
        }
        CallTrial::Worked(time) => {
            ui.label(panel.words.with("exhibit-staff-tested", &[("time", time)]));
        }
        CallTrial::Failed(why) => {
            ui.label(panel.words.with("exhibit-staff-tested-not", &[("why", why)]));
            ui.label(panel.word("exhibit-staff-tested-next"));
        }
    }
    let colleague = ("exhibit-staff-colleague", Some("exhibit-staff-colleague-about"));
    act(ui, panel, colleague, StaffWish::CallColleague);
}

/// What needs a look.
fn faults(ui: &mut egui::Ui, panel: &Panel<'_>, duty: &Duty) {
    theme::section(ui, panel.word("exhibit-staff-faults"));
    let known = ["microphone", "loudspeaker", "camera", "model", "disk", "call", "helplines"];
    let unwell = known.iter().filter(|part| duty.unwell.iter().any(|unwell| unwell == *part));
    let mut well = true;
    for part in unwell {
        well = false;
        ui.label(panel.word(&format!("exhibit-staff-fault-{part}")));
    }
    // Once they have expired that stands there already.
    let expired = duty.unwell.iter().any(|unwell| unwell == "helplines");
    if let Some(days) = duty.helplines.filter(|_| !expired) {
        well = false;
        ui.label(panel.words.with("exhibit-staff-helplines", &[("days", &days.max(1).to_string())]));
    }
    if well {
        ui.label(panel.word("exhibit-staff-well"));
    }
}
