//! A visitor of the program's own, for whoever rehearses an exhibition. It has what a visitor has: eyes for what stands on the
//! screen, and a keyboard. It walks through the panels with Tab, presses, types, waits in between as a person does, and may
//! walk away in the middle.

use std::time::Instant;

use bevy::prelude::*;
use bevy_egui::egui::{self, Key};
use bevy_egui::{EguiInput, EguiOutput, EguiPreUpdateSet, PrimaryEguiContext};
use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use super::DeskWords;
use crate::app::{Flow, Lit, Shown};
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::Question;
use crate::dialogue::view::Shelter;
use crate::dialogue::{Phase, View};
use crate::words::{self, Words};

mod manner;
mod says;

use manner::rng;
pub use manner::{Manner, canary};

/// Sends the visitor with this number to the stage.
pub fn send(app: &mut App, seed: u64) {
    app.insert_resource(Guest::new(seed)).add_systems(PreUpdate, visit.after(EguiPreUpdateSet::ProcessInput));
}

/// So many frames pass between two keys: what a key does is seen before the next one.
const FRAMES: u32 = 3;
/// Whoever has not found the way in after so many keys turns away.
const MOST_KEYS: u32 = 90;
/// How long whoever presses everything does so, in seconds.
const MEDDLES: f32 = 90.0;
/// How often a silent visitor gives a sign of life, in seconds.
const STIRS: f32 = 25.0;

/// What the visitor sees.
pub(super) struct Sight<'a> {
    /// What time it is on the stage, in seconds.
    pub(super) now: f32,
    pub(super) words: &'a Words,
    /// The session, once they are in it; before, the door.
    pub(super) view: Option<&'a View>,
}

/// What a turn is told from another by.
type Turn = (Option<Question>, u32, u32, Option<ChangeStep>, bool);

/// The visitor.
#[derive(Resource)]
pub(super) struct Guest {
    seed: u64,
    manner: Manner,
    name: String,
    rng: Pcg64Mcg,
    lang: &'static str,
    devil: Option<&'static str>,
    /// What the keyboard has come to.
    focused: Option<String>,
    frames: u32,
    keys: u32,
    /// Nothing is done before, in seconds.
    waits: f32,
    arrives: bool,
    turn: Option<Turn>,
    typed: bool,
    said: usize,
    /// What they do after so many sentences, if it is not saying another.
    enough: usize,
    since: Option<f32>,
    /// Whether the sentence that stands in the line says that they need help, and since when help is on its way.
    in_need: bool,
    asked: Option<Instant>,
    helped: bool,
    gone: bool,
}

impl Guest {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = rng(seed, 3);
        let lang = words::LANGUAGES[usize::from(rng.random_ratio(1, 5))].1;
        let devils = [
            None,
            Some("exhibit-consent-devil-full"),
            Some("exhibit-consent-devil-gentle"),
            Some("exhibit-consent-devil-off"),
        ];
        let devil = devils[rng.random_range(0..devils.len())];
        let enough = rng.random_range(0..3);
        Self {
            seed,
            manner: Manner::of(seed),
            name: canary(seed),
            rng,
            lang,
            devil,
            focused: None,
            frames: 0,
            keys: 0,
            waits: 0.0,
            arrives: false,
            turn: None,
            typed: false,
            said: 0,
            enough,
            since: None,
            in_need: false,
            asked: None,
            helped: false,
            gone: false,
        }
    }

    /// One of a manner.
    #[cfg(test)]
    pub(super) fn of(manner: Manner, seed: u64) -> Self {
        Self { manner, ..Self::new(seed) }
    }

    /// Reads from the screen what the keyboard has come to.
    pub(super) fn notice(&mut self, events: &[egui::output::OutputEvent]) {
        for event in events {
            if let egui::output::OutputEvent::FocusGained(info) = event {
                self.focused.clone_from(&info.label);
            }
        }
    }

    /// What they do in this frame.
    pub(super) fn act(&mut self, sees: &Sight<'_>) -> Vec<egui::Event> {
        self.frames += 1;
        if let Some(view) = sees.view {
            self.notice_help(view);
        }
        if self.gone || self.frames < FRAMES || sees.now < self.waits {
            return Vec::new();
        }
        let events = match sees.view {
            None => self.come_in(sees),
            Some(view) => self.take_part(sees, view),
        };
        if !events.is_empty() {
            self.frames = 0;
            self.waits = self.waits.max(sees.now + 0.2);
        }
        events
    }

    /// How long help took to come, for whoever reads along.
    fn notice_help(&mut self, view: &View) {
        if matches!(view.shelter, Shelter::Card { .. })
            && let Some(asked) = self.asked.take()
        {
            warn!("guest {}: the help card stood after {} ms", self.seed, asked.elapsed().as_millis());
        }
    }

    fn pause(&mut self, now: f32, seconds: std::ops::Range<f32>) {
        self.waits = now + self.rng.random_range(seconds);
    }

    /// On to the next thing, or pressing what the keyboard has come to, if it is called so.
    fn press(&mut self, words: &Words, name: &str) -> Vec<egui::Event> {
        self.press_named(&words.get(name))
    }

    fn press_named(&mut self, name: &str) -> Vec<egui::Event> {
        if self.focused.as_deref() == Some(name) {
            self.focused = None;
            return key(Key::Enter);
        }
        self.keys += 1;
        key(Key::Tab)
    }

    fn is_at(&self, words: &Words, name: &str) -> bool {
        self.focused.as_ref().is_some_and(|focused| *focused == words.get(name))
    }

    /// At the door: any key, a language, how much of the Devil, and in.
    fn come_in(&mut self, sees: &Sight<'_>) -> Vec<egui::Event> {
        if !std::mem::replace(&mut self.arrives, true) {
            self.pause(sees.now, 3.0..25.0);
            return Vec::new();
        }
        if self.keys > MOST_KEYS {
            warn!("guest {}: the way in was not found", self.seed);
            self.gone = true;
            return Vec::new();
        }
        if self.devil.is_some_and(|devil| self.is_at(sees.words, devil)) {
            self.devil = None;
            return key(Key::Space);
        }
        let begins = ["exhibit-consent-begin", "exhibit-family-begin"];
        if let Some(begin) = begins.into_iter().find(|begin| self.is_at(sees.words, begin)) {
            self.pause(sees.now, 2.0..6.0);
            return self.press(sees.words, begin);
        }
        self.press_named(self.lang)
    }

    fn take_part(&mut self, sees: &Sight<'_>, view: &View) -> Vec<egui::Event> {
        let since = *self.since.get_or_insert(sees.now);
        if view.phase == Phase::Ended && !matches!(view.shelter, Shelter::Card { .. }) {
            return self.say_goodbye(sees);
        }
        match &view.shelter {
            Shelter::Card { .. } => return self.take_help(sees),
            Shelter::Asked { .. } => {
                let yes = self.manner == Manner::Crisis;
                return self.press(sees.words, if yes { "check-in-yes" } else { "check-in-no" });
            }
            Shelter::Open | Shelter::WithoutDevil => {}
        }
        if self.manner == Manner::Meddles {
            self.gone = sees.now - since > MEDDLES;
            return self.meddle();
        }
        if view.paused {
            // Whoever looks after the room has their reasons.
            return Vec::new();
        }
        if self.typed {
            self.typed = false;
            self.said += 1;
            self.pause(sees.now, 1.0..2.0);
            if std::mem::take(&mut self.in_need) {
                self.ask_for_help(sees.now);
            }
            return key(Key::Enter);
        }
        self.take_turn(sees, view)
    }

    /// In a turn of theirs, once they have thought for a while.
    fn take_turn(&mut self, sees: &Sight<'_>, view: &View) -> Vec<egui::Event> {
        let step = view.change.as_ref().map(|change| change.step).filter(|step| step.asks());
        let open = view.phase == Phase::Open;
        if view.question.is_none() && step.is_none() && !open {
            return Vec::new();
        }
        if self.manner == Manner::Silent {
            self.waits = sees.now + STIRS;
            return key(Key::ArrowLeft);
        }
        let turn = (view.question, view.round, view.turn, step, open);
        if self.turn.replace(turn) != Some(turn) {
            self.pause(sees.now, 3.0..9.0);
            return Vec::new();
        }
        if open && self.said > self.enough {
            match self.manner {
                Manner::WalksAway => {
                    self.gone = true;
                    return Vec::new();
                }
                Manner::Sos => {
                    self.ask_for_help(sees.now);
                    return key(Key::F12);
                }
                Manner::StopsEarly => return self.press(sees.words, "desk-stop"),
                _ => {}
            }
        }
        // Another sentence of the same turn, if there is time for one, takes as long again.
        self.turn = None;
        let text = says::sentence(self.manner, (view.question, step), (&self.name, self.said));
        self.in_need = text == says::IN_NEED;
        self.typed = true;
        vec![egui::Event::Text(text)]
    }

    fn ask_for_help(&mut self, now: f32) {
        warn!("guest {}: asks for help", self.seed);
        self.asked = Some(Instant::now());
        self.turn = None;
        self.waits = now + 1.0;
    }

    /// They read it for a while, and leave by it, or without a word.
    fn take_help(&mut self, sees: &Sight<'_>) -> Vec<egui::Event> {
        if !std::mem::replace(&mut self.helped, true) {
            self.gone = self.rng.random_ratio(1, 4);
            self.pause(sees.now, 6.0..20.0);
            return Vec::new();
        }
        self.press(sees.words, "card-close")
    }

    fn say_goodbye(&mut self, sees: &Sight<'_>) -> Vec<egui::Event> {
        if !std::mem::replace(&mut self.helped, true) {
            // Some go without pressing anything.
            self.gone = self.rng.random_ratio(1, 2);
            self.pause(sees.now, 4.0..15.0);
            return Vec::new();
        }
        self.press(sees.words, "exhibit-farewell-done")
    }

    fn meddle(&mut self) -> Vec<egui::Event> {
        const KEYS: [Key; 16] = [
            Key::Tab,
            Key::Tab,
            Key::Tab,
            Key::Enter,
            Key::Enter,
            Key::Space,
            Key::Escape,
            Key::F1,
            Key::F2,
            Key::F3,
            Key::F4,
            Key::F5,
            Key::Backspace,
            Key::ArrowUp,
            Key::PageDown,
            Key::Delete,
        ];
        if self.rng.random_ratio(1, 8) {
            return vec![egui::Event::Text(format!("{} ", self.name))];
        }
        key(KEYS[self.rng.random_range(0..KEYS.len())])
    }
}

/// A key that is pressed and let go.
fn key(key: Key) -> Vec<egui::Event> {
    let event = |pressed| egui::Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    vec![event(true), event(false)]
}

fn visit(
    mut guest: ResMut<Guest>,
    time: Res<Time>,
    words: Res<DeskWords>,
    (flow, shown, lit): (Res<State<Flow>>, Res<Shown>, Res<Lit>),
    mut contexts: Query<(&mut EguiInput, &EguiOutput), With<PrimaryEguiContext>>,
) {
    let view = match flow.get() {
        Flow::Waiting => return,
        Flow::Door => None,
        Flow::Evening | Flow::Over => shown.view(),
    };
    // A window that nobody has given the keyboard to is as good as one that somebody sits before.
    for (mut input, output) in contexts.iter_mut().filter(|_| lit.0) {
        guest.notice(&output.platform_output.events);
        let sees = Sight { now: time.elapsed_secs(), words: &words.0, view };
        let events = guest.act(&sees);
        input.focused = true;
        input.events.extend(events);
    }
}
