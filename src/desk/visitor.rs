//! A visitor of an exhibition: a quiet sign while nobody is there, what is to be known before somebody sits down, whether they
//! are still there, and the farewell. Whoever walks away needs to press nothing: the visit ends by itself.

use bevy::prelude::*;
use bevy_egui::egui;

use super::consent::{Consent, Decided};
use super::passer::Passer;
use super::{Panel, line, shelter, shut, sign, theme};
use crate::app::{AtDoor, Faces, Flow, Pace, Worn};
use crate::config::Hear;
use crate::dialogue::agent::Intensity;
use crate::dialogue::face::Level;
use crate::dialogue::input::Control;
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, View};
use crate::host::{CanHear, Choices, Exhibition, FromStage, Shown, Welcome};
use crate::words;

/// How long somebody may read before they sit down, without a sign of life, in seconds.
const READS: f32 = 90.0;
/// The same once nobody faces what they did not ask for.
const TURNS_AWAY: f32 = 20.0;
/// How long the help card stands without a sign of life, in seconds: longer than anybody needs to write a number down.
const HELPS: f32 = 240.0;
/// How long the farewell stands, in seconds.
const FAREWELL: f32 = 30.0;
/// After so long without anybody the hall is empty, in seconds.
const EMPTY: f32 = 120.0;
/// After so long without anybody nobody is before a sign that says it is closed, in seconds.
const GONE: f32 = 10.0;
/// How loud a sound is that is taken for somebody, 0 to 1.
const HEARD: f32 = 0.25;

/// How far a visitor has come before they sit down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    /// Nobody is there.
    #[default]
    Sign,
    /// They choose a language.
    Language,
    /// They read what this is.
    Consent,
    /// They sit down.
    Begun,
}

/// What stands before a visitor.
#[derive(Resource, Debug, Default)]
pub(super) struct Visitor {
    step: Step,
    /// When there was a sign of life last, in seconds.
    stirred: f32,
    /// Since when nobody is there, in seconds.
    alone: f32,
    /// Whether somebody has put the headset on, or has taken it off.
    arrives: bool,
    departs: bool,
    /// Whoever stands before the sign, where faces are counted; and whether they read what they did not ask for.
    passer: Passer,
    unasked: bool,
    /// How long they have given none in their own turns, and when that was looked at last, in seconds.
    idle: f32,
    last: f32,
    /// Since when the help card stands, and since when the visit is over.
    helps: Option<f32>,
    over: Option<f32>,
    /// Whether they have gone.
    gone: bool,
    /// Whether they asked at the end where help is.
    helped: bool,
    /// Whether they are asked just now if they are still there.
    asked: bool,
    pub(super) consent: Consent,
}

impl Visitor {
    /// Somebody who has come this far.
    #[cfg(test)]
    pub(super) fn at_step(step: usize) -> Self {
        let step = [Step::Sign, Step::Language, Step::Consent, Step::Begun][step];
        Self { step, ..Self::default() }
    }

    /// Whoever reads before they sit down has taken the headset off.
    #[cfg(test)]
    pub(super) fn take_off(&mut self) {
        self.departs = true;
    }

    /// So many faces are before the sign. Whoever only passes keeps it awake.
    pub(super) fn see(&mut self, faces: u8, now: f32) {
        self.passer.see(faces, now);
        if self.passer.is_new() {
            self.alone = now;
        }
    }

    /// Before the evening: the sign, or what somebody reads who has just come.
    pub(super) fn at_door(
        &mut self,
        ctx: &egui::Context,
        panel: &mut Panel<'_>,
        at: (&Welcome, &Exhibition),
        now: f32,
    ) {
        let exhibition = at.1;
        // How long they read here is not how long they are silent there.
        self.last = now;
        if stirs(ctx) {
            // Whoever does something has asked for what they read.
            (self.alone, self.unasked) = (now, false);
        }
        if let Some(shut) = &exhibition.shut {
            return shut::draw(ctx, panel, (exhibition, shut), sign::sway(now));
        }
        if panel.care.paused {
            self.leave(panel, now);
            return sign::held(ctx, panel, exhibition);
        }
        if std::mem::take(&mut self.departs) && matches!(self.step, Step::Language | Step::Consent) {
            self.leave(panel, now);
        }
        // Whoever is being read to only listens.
        if stirs(ctx) || self.consent.is_being_read() {
            self.stirred = now;
        } else if self.step != Step::Begun && now - self.stirred > self.patience(now) {
            self.leave(panel, now);
        }
        match self.step {
            Step::Sign => {
                sign::draw(ctx, panel, exhibition, now);
                let asks = std::mem::take(&mut self.arrives) || comes(ctx);
                self.unasked = !asks && self.passer.comes(now);
                if asks || self.unasked {
                    self.stirred = now;
                    let many = exhibition.languages.len() > 1;
                    self.step = if many { Step::Language } else { Step::Consent };
                }
            }
            Step::Language => self.choose_language(ctx, panel, exhibition),
            Step::Consent => self.ask(ctx, panel, at),
            Step::Begun => {}
        }
    }

    /// How long they may read here without a sign of life, in seconds: not as long where they were met and turned away.
    fn patience(&self, now: f32) -> f32 {
        if self.unasked && self.passer.has_gone(now) { TURNS_AWAY } else { READS }
    }

    fn choose_language(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, exhibition: &Exhibition) {
        let middle = egui::Area::new("door".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
        middle.show(ctx, |ui| {
            theme::sheet(ui, theme::COLUMN, |ui| {
                ui.heading(panel.word("exhibit-language-title"));
                ui.add_space(theme::APART);
                for (lang, name) in words::LANGUAGES {
                    if exhibition.languages.iter().any(|offered| offered == lang)
                        && theme::lamp_button(ui, name.to_owned()).clicked()
                    {
                        panel.wanted.look.lang = lang.to_owned();
                        self.step = Step::Consent;
                    }
                }
                ui.add_space(theme::NEAR);
                theme::faint(ui, panel.word("exhibit-language-figures"));
                sign::counts(ui, panel, exhibition);
            });
        });
    }

    fn ask(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, at: (&Welcome, &Exhibition)) {
        match self.consent.draw(ctx, panel, at) {
            None => {}
            Some(Decided::Leaves) => self.leave(panel, self.stirred),
            Some(Decided::Begins) => {
                self.step = Step::Begun;
                self.consent.fall_silent(panel);
                self.begin(panel, at.0, at.1);
            }
        }
    }

    /// They go without sitting down, and the sign stands again.
    fn leave(&mut self, panel: &mut Panel<'_>, now: f32) {
        self.consent.forget(panel);
        if self.step != Step::Sign {
            self.passer.decides();
        }
        // Whoever comes next is asked in the language of the house.
        panel.wanted.look.lang.clone_from(&panel.door.preferences.look.lang);
        let consent = std::mem::take(&mut self.consent);
        *self = Self { stirred: now, alone: self.alone, consent, passer: self.passer, ..Self::default() };
    }

    pub(super) fn begin(&self, panel: &mut Panel<'_>, welcome: &Welcome, exhibition: &Exhibition) {
        let by_key = welcome.hearing == CanHear::ByKey || welcome.preferences.sound.hear == Hear::Key;
        let openly = if by_key { Hear::Key } else { Hear::Open };
        panel.wanted.sound.hear = if self.consent.hears { openly } else { Hear::Off };
        panel.wanted.sight.level = if self.consent.sees { Level::Aware } else { Level::Off };
        panel.wishes.0.push(FromStage::Prefer(Box::new(panel.wanted.clone())));
        let intensity = if exhibition.family { Some(Intensity::Off) } else { self.consent.intensity };
        panel.wishes.0.push(FromStage::Begin(Choices { intensity, ..Choices::default() }));
    }

    /// The staff have their panel before them: nobody is taken to have gone meanwhile, and help can be called, and seen.
    pub(super) fn wait(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, view: Option<&View>, now: f32) {
        (self.stirred, self.last, self.alone) = (now, now, now);
        if let Some((exhibition, shut)) = panel
            .door
            .exhibition
            .as_ref()
            .and_then(|exhibition| Some((exhibition, exhibition.shut.as_ref()?)))
        {
            shut::draw(ctx, panel, (exhibition, shut), sign::sway(now));
        }
        let Some(view) = view else { return };
        if let Shelter::Card { card } = &view.shelter {
            shelter::card(ctx, panel, card);
        }
        if view.phase != Phase::Ended {
            super::calls_for_help(ctx, panel);
            line::buttons(ctx, panel, view);
        }
    }

    /// Whether they have gone, and the room is to be made ready for somebody else.
    pub(super) fn has_gone(&self) -> bool {
        self.gone
    }

    /// Whether there is more for them to read than fits where they speak.
    pub(super) fn reads(&self) -> bool {
        !self.gone && (self.asked || self.helped)
    }

    /// They go. What the host is told, once: everything is silent, and whoever looks after the room makes it ready.
    fn go(&mut self) -> Vec<FromStage> {
        if std::mem::replace(&mut self.gone, true) {
            return Vec::new();
        }
        vec![FromStage::Input(Input::Control(Control::Pause)), FromStage::Done]
    }

    /// In the evening and after it: true once they have gone, of which the host is told. `leaves`: whether they say so
    /// themselves. Where this is no exhibition, that alone counts.
    pub(super) fn look_after(
        &mut self,
        ctx: &egui::Context,
        panel: &mut Panel<'_>,
        view: &View,
        (leaves, now): (bool, f32),
    ) -> bool {
        let Some(exhibition) = &panel.door.exhibition else { return leaves };
        let card = matches!(view.shelter, Shelter::Card { .. });
        self.asked = false;
        self.helps = card.then(|| self.helps.unwrap_or(now));
        let goes = if let Some(since) = self.helps {
            if stirs(ctx) {
                self.stirred = now;
            }
            now - self.stirred.max(since) > HELPS
        } else if view.phase == Phase::Ended {
            self.farewell(ctx, panel, exhibition, now)
        } else {
            self.is_gone(ctx, panel, (view, exhibition), now)
        };
        if goes || leaves {
            panel.wishes.0.extend(self.go());
        }
        goes || leaves
    }

    /// Whether somebody is still there, asked once nothing has happened for a while in their own turn. True once nobody was.
    fn is_gone(
        &mut self,
        ctx: &egui::Context,
        panel: &Panel<'_>,
        (view, exhibition): (&View, &Exhibition),
        now: f32,
    ) -> bool {
        let passed = (now - std::mem::replace(&mut self.last, now)).max(0.0);
        if stirs(ctx) || view.composing || panel.level.is_some_and(|level| level > HEARD) {
            self.idle = 0.0;
        } else if awaits(view) {
            self.idle += passed;
        }
        let (idle, leaves) = (f32::from(exhibition.idle_s), f32::from(exhibition.leaves_s));
        let left = idle + leaves - self.idle;
        self.asked = left <= leaves;
        if !self.asked {
            return false;
        }
        let seconds = format!("{:.0}", left.max(0.0).ceil());
        let middle = egui::Area::new("there".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
        middle.order(egui::Order::Foreground).show(ctx, |ui| {
            theme::sheet(ui, theme::NARROW, |ui| {
                ui.heading(panel.word("exhibit-there-title"));
                ui.label(panel.words.with("exhibit-there-else", &[("seconds", &seconds)]));
                if panel.door.shown == Shown::Headset {
                    ui.label(panel.word("exhibit-there-headset"));
                }
                theme::faint(ui, panel.word("exhibit-there-kept"));
                ui.add_space(theme::APART);
                // Any touch is as good as this one.
                theme::lamp_button(ui, panel.word("exhibit-there-yes"));
            });
        });
        left <= 0.0
    }

    /// The farewell. True once it has stood for long enough, or they have gone.
    fn farewell(
        &mut self,
        ctx: &egui::Context,
        panel: &Panel<'_>,
        exhibition: &Exhibition,
        now: f32,
    ) -> bool {
        let since = *self.over.get_or_insert(now);
        if stirs(ctx) {
            self.stirred = now;
        }
        let mut goes =
            if self.helped { now - self.stirred.max(since) > HELPS } else { now - since > FAREWELL };
        sign::at_foot(ctx, "goodbye", theme::frame, |ui| {
            ui.set_max_width(theme::width(ctx, theme::LINE, 48.0));
            ui.heading(panel.word("exhibit-farewell-title"));
            ui.label(panel.word("exhibit-farewell-kept"));
            ui.label(match &exhibition.staff {
                Some(staff) => panel.words.with("exhibit-farewell-staff", &[("staff", staff)]),
                None => panel.word("exhibit-farewell-desk"),
            });
            // On the lap there is room for one of them.
            match panel.door.shown {
                Shown::Headset => ui.label(panel.word("exhibit-farewell-headset")),
                Shown::Screen => theme::faint(ui, panel.word("exhibit-farewell-slow")),
            };
            match &exhibition.card {
                Some(card) if self.helped => shut::help(ui, panel, card),
                _ => {}
            }
            ui.horizontal_wrapped(|ui| {
                goes |= ui.add(theme::quiet_button(panel.word("exhibit-farewell-done"))).clicked();
                let help = theme::quiet_button(panel.word("exhibit-farewell-help"));
                self.helped |= !self.helped && exhibition.card.is_some() && ui.add(help).clicked();
            });
        });
        goes
    }
}

/// Whoever puts the headset on has come, and whoever takes it off before the evening has gone.
pub(super) fn greet(worn: Res<Worn>, mut visitor: ResMut<Visitor>, time: Res<Time>) {
    (visitor.arrives, visitor.departs) = (worn.0, !worn.0);
    if worn.0 {
        visitor.alone = time.elapsed_secs();
    }
}

/// Where faces are counted, the sign sees who stands before it.
pub(super) fn meet(faces: Res<Faces>, mut visitor: ResMut<Visitor>, time: Res<Time>) {
    if let Some(faces) = faces.0 {
        visitor.see(faces, time.elapsed_secs());
    }
}

/// In an empty hall fewer pictures are drawn, and fewer still of a sign that nothing moves on.
pub(super) fn calm(
    (visitor, door, flow): (Res<Visitor>, Res<AtDoor>, Res<State<Flow>>),
    time: Res<Time>,
    mut pace: ResMut<Pace>,
) {
    let shut = door.0.exhibition.as_ref().map(|exhibition| exhibition.shut.is_some());
    let alone = time.elapsed_secs() - visitor.alone;
    let wanted = match (shut, flow.get()) {
        (Some(true), _) if alone > GONE => Pace::Still,
        (Some(false), Flow::Door) if visitor.step == Step::Sign && alone > EMPTY => Pace::Calm,
        _ => Pace::Full,
    };
    pace.set_if_neq(wanted);
}

/// Whether it is for them to do something. While they listen, to themselves above all, they need give no sign; the figures that
/// speak into somebody's silence do not stand for them. What the staff hold waits for the staff.
fn awaits(view: &View) -> bool {
    let asked = view.question.is_some() || view.change.as_ref().is_some_and(|change| change.step.asks());
    (view.paused || asked || view.phase == Phase::Open) && !view.held
}

/// A key, a touch, a pointer that moves. What the window itself tells in every frame is nobody.
pub(super) fn stirs(ctx: &egui::Context) -> bool {
    use egui::Event::{
        Copy, Cut, Ime, Key, MouseMoved, MouseWheel, Paste, PointerButton, PointerMoved, Text, Touch, Zoom,
    };
    let somebody = |event: &egui::Event| {
        matches!(
            event,
            Copy | Cut
                | Ime(_)
                | Key { .. }
                | MouseMoved(_)
                | MouseWheel { .. }
                | Paste(_)
                | PointerButton { .. }
                | PointerMoved(_)
                | Text(_)
                | Touch { .. }
                | Zoom(_)
        )
    };
    ctx.input(|input| input.events.iter().any(somebody) || input.pointer.is_moving())
}

/// A key that was pressed or a touch: somebody wants to.
fn comes(ctx: &egui::Context) -> bool {
    ctx.input(|input| {
        let pressed = |event: &egui::Event| matches!(event, egui::Event::Key { pressed: true, .. });
        input.pointer.any_click() || input.events.iter().any(pressed)
    })
}
