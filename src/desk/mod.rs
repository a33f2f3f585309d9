//! The desk: flat panels over the room, for somebody in front of a screen.

mod apart;
mod asking;
#[cfg(test)]
mod away_tests;
mod beginnings;
#[cfg(test)]
mod beginnings_tests;
mod calling;
mod captions;
mod cards;
mod change;
mod consent;
#[cfg(test)]
mod consent_tests;
mod cover;
mod door;
mod ear;
#[cfg(test)]
mod fits;
mod goodbye;
mod guest;
#[cfg(test)]
mod guest_tests;
mod keys;
mod line;
mod notice;
mod passer;
mod past;
mod picture;
#[cfg(test)]
mod reach;
mod settings;
mod shelter;
mod shut;
mod sight;
mod sign;
mod sound;
mod staff;
#[cfg(test)]
mod staff_tests;
pub mod theme;
mod visitor;
#[cfg(test)]
mod visitor_tests;

use bevy::input::InputSystems;
use bevy::prelude::*;
use bevy_egui::{
    EguiContexts, EguiGlobalSettings, EguiPlugin, EguiPrimaryContextPass, PrimaryEguiContext, egui,
};

pub use guest::{Manner, canary, send as send_guest};
pub use line::Draft;

use self::theme::Dressed;
use crate::app::{
    AtDoor, AtHand, Flow, InSight, Leave, Level, OfCare, OfPast, OnBoards, PanelCamera, Say, Shown,
    StageSystems, TakenAway, Tried, Wanted, Worn,
};
use crate::dialogue::face::{Level as FaceLevel, Seen};
use crate::dialogue::input::{Attention, Control};
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, View};
use crate::host::{Care, Devices, FromStage, Headset, Past, Preferences, Welcome};
use crate::words::Words;

/// Whether somebody sits at it: without a person there are captions, and nothing to type into.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// Somebody does.
    Attended,
    /// Pictures are taken of it.
    Unattended,
}

/// The words that stand on it.
#[derive(Resource)]
struct DeskWords(Words);

/// What was said at the desk in this frame, until it goes to the host.
#[derive(Default)]
struct Wishes(Vec<FromStage>);

impl Wishes {
    fn control(&mut self, control: Control) {
        self.0.push(FromStage::Input(Input::Control(control)));
    }
}

/// Puts a desk in front of the room, with the words of this language.
pub fn plugin(app: &mut App, words: Words, desk: Desk) {
    app.add_plugins(EguiPlugin::default())
        .insert_resource(EguiGlobalSettings { auto_create_primary_context: false, ..default() })
        .insert_resource(DeskWords(words))
        .insert_resource(desk)
        .init_resource::<Draft>()
        .init_resource::<Dressed>()
        .init_resource::<door::Deciding>()
        .init_resource::<captions::Reading>()
        .init_resource::<cards::Cards>()
        .init_resource::<notice::Standing>()
        .init_resource::<settings::Open>()
        .init_resource::<asking::Questions>()
        .init_resource::<past::OverTime>()
        .init_resource::<sight::Looking>()
        .init_resource::<visitor::Visitor>()
        .init_resource::<staff::Staff>()
        .add_plugins((picture::plugin, apart::plugin))
        .add_systems(Startup, stand)
        .add_systems(PreUpdate, keys::hold.before(InputSystems))
        .add_systems(
            Update,
            (
                (notice::listen, cards::listen, captions::listen),
                (beginnings::listen, consent::listen),
                (
                    speak,
                    visitor::calm,
                    visitor::meet,
                    visitor::greet.run_if(resource_exists_and_changed::<Worn>),
                ),
            )
                .in_set(StageSystems::React),
        )
        .add_systems(
            EguiPrimaryContextPass,
            (
                picture::lay.run_if(not(resource_exists::<OnBoards>)),
                theme::apply,
                (enlarge, theme::warm, show, notice::draw, cover::draw)
                    .chain()
                    .run_if(resource_equals(Dressed::There)),
            )
                .chain(),
        );
}

/// Panels are laid over the camera that is there for them.
fn stand(mut commands: Commands, cameras: Query<Entity, With<PanelCamera>>) {
    for camera in &cameras {
        commands.entity(camera).insert(PrimaryEguiContext);
    }
}

/// The desk speaks the language that the person wants.
fn speak(wanted: Res<Wanted>, mut words: ResMut<DeskWords>) -> Result {
    if words.0.lang() != wanted.0.look.lang {
        words.0 = Words::load(&wanted.0.look.lang)?;
    }
    Ok(())
}

/// The largest that words become on a panel in the room, as a factor: it is made for no larger ones.
const LARGEST_IN_HEADSET: f32 = 1.5;

/// Words are as large as the person wants them.
fn enlarge(mut contexts: EguiContexts, wanted: Res<Wanted>, boards: Option<Res<OnBoards>>) -> Result {
    let most = if boards.is_some() { LARGEST_IN_HEADSET } else { f32::INFINITY };
    let zoom = settings::zoom(&wanted.0.look).min(most);
    let ctx = contexts.ctx_mut()?;
    if (ctx.zoom_factor() - zoom).abs() > 1e-3 {
        ctx.set_zoom_factor(zoom);
    }
    if boards.is_some_and(|boards| boards.is_added()) {
        theme::solid(ctx);
        // A hand in the air trembles, and takes its time.
        ctx.options_mut(|options| {
            options.input_options.max_click_dist = 26.0;
            options.input_options.max_click_duration = 8.0;
        });
    }
    Ok(())
}

/// What a panel is made from.
struct Panel<'a> {
    words: &'a Words,
    devil: &'a str,
    wishes: &'a mut Wishes,
    settings: &'a mut settings::Open,
    wanted: &'a mut Preferences,
    /// How loud the person is, 0 to 1; none while nobody hears them.
    level: Option<f32>,
    devices: &'a Devices,
    /// What the host told before the evening.
    door: &'a Welcome,
    /// Where the card lies that was taken away, or why it lies nowhere.
    taken: Option<Result<&'a str, &'a str>>,
    /// Measures: what is being asked, and what was answered over time, as far as that was told.
    questions: &'a mut asking::Questions,
    over_time: &'a mut past::OverTime,
    past: Option<&'a Past>,
    /// What is seen of the person: whether they look at it, and what it is.
    looking: &'a mut sight::Looking,
    in_sight: Option<&'a Seen>,
    /// How an exhibition stands, beside the visit.
    care: &'a Care,
}

impl Panel<'_> {
    fn word(&self, name: &str) -> String {
        self.words.get(name)
    }

    /// Opens what was answered to measures over time.
    fn look_back(&mut self) {
        self.over_time.stands = true;
        self.wishes.0.push(FromStage::Past);
    }

    fn close_settings(&mut self) {
        self.settings.stands = false;
        self.wanted.figures.clone_from(&self.settings.figures);
        if std::mem::take(&mut self.settings.holds) {
            self.wishes.control(Control::Resume);
        }
    }

    /// Into the headset, or out of it. What the settings held waits meanwhile, and goes on where the person is then.
    fn move_to(&mut self, headset: Headset) {
        let held = self.settings.holds;
        self.close_settings();
        self.wishes.0.extend(held.then_some(FromStage::Input(Input::Attention(Attention::Away))));
        self.wishes.0.push(FromStage::Headset(headset));
    }

    /// What is seen of the person, if they look at it. `above`: how far up from the foot of the window the line reaches.
    fn sight(&mut self, ctx: &egui::Context, view: &View, above: f32) {
        let on = view.face != FaceLevel::Off && !self.settings.stands;
        let looks = self.looking.draw(ctx, self.words, (self.in_sight, on), above);
        self.wishes.0.extend(looks);
    }

    /// The settings, if they stand, or what is reached from them. They go with a key, too.
    fn settings(&mut self, ctx: &egui::Context, place: settings::Place<'_>) {
        if self.over_time.stands {
            self.over_time.draw(ctx, self.words, self.past);
            return;
        }
        if !self.settings.stands {
            return;
        }
        let asked = self.settings.draw(ctx, (self.words, self.devices), self.wanted, place);
        if asked.try_out {
            self.wishes.0.push(FromStage::Try(self.wanted.play.clone()));
        }
        if asked.past {
            self.look_back();
        }
        if let Some(headset) = asked.headset {
            self.move_to(headset);
        }
        if let Some(intensity) = asked.intensity {
            self.wishes.control(Control::Devil(intensity));
        }
        let choosing = egui::Popup::is_any_open(ctx);
        let keys: &[_] = if choosing { &[] } else { &[egui::Key::F3, egui::Key::Escape] };
        let left =
            ctx.input_mut(|input| keys.iter().any(|key| input.consume_key(egui::Modifiers::NONE, *key)));
        if asked.close || left {
            self.close_settings();
        }
    }
}

/// What the host told that stands on panels.
type Told<'a> = (Res<'a, Level>, Res<'a, AtHand>, Res<'a, TakenAway>, Res<'a, OfPast>, Res<'a, OfCare>);

/// Whoever comes to the desk: a person before their evening, a visitor of an exhibition, those who look after it.
type Comers<'a> = (ResMut<'a, door::Deciding>, ResMut<'a, visitor::Visitor>, ResMut<'a, staff::Staff>);

#[expect(clippy::too_many_arguments, reason = "each is one resource that the desk reads or writes")]
fn show(
    mut contexts: EguiContexts,
    words: Res<DeskWords>,
    desk: Res<Desk>,
    (flow, shown, door): (Res<State<Flow>>, Res<Shown>, Res<AtDoor>),
    (level, at_hand, taken, past, care): Told<'_>,
    (mut questions, mut over_time): (ResMut<asking::Questions>, ResMut<past::OverTime>),
    (mut looking, in_sight): (ResMut<sight::Looking>, Res<InSight>),
    mut draft: ResMut<Draft>,
    (mut deciding, mut visitor, mut staff): Comers<'_>,
    (mut reading, mut cards): (ResMut<captions::Reading>, ResMut<cards::Cards>),
    (mut settings, mut wanted, mut tried): (ResMut<settings::Open>, ResMut<Wanted>, ResMut<Tried>),
    (time, mut boards): (Res<Time>, Option<ResMut<OnBoards>>),
    (mut say, mut leave): (MessageWriter<Say>, MessageWriter<Leave>),
    mut told: Local<Option<Preferences>>,
) -> Result {
    let ctx = contexts.ctx_mut()?;
    let (mut wishes, mut want) = (Wishes::default(), wanted.0.clone());
    if tried.0.is_some() {
        (settings.trying, settings.trial) = (false, tried.0.take());
    }
    let devil = if want.devil.trim().is_empty() { words.0.get("speaker-devil") } else { want.devil.clone() };
    let panel = &mut Panel {
        words: &words.0,
        devil: &devil,
        wishes: &mut wishes,
        settings: &mut settings,
        wanted: &mut want,
        level: level.0,
        devices: &at_hand.0,
        door: &door.0,
        taken: taken.0.as_ref().map(|taken| taken.as_deref().map_err(String::as_str)),
        questions: &mut questions,
        over_time: &mut over_time,
        past: past.0.as_ref(),
        looking: &mut looking,
        in_sight: in_sight.0.as_ref(),
        care: &care.0,
    };
    let mut leaves = false;
    let stood = panel.settings.stands;
    let now = time.elapsed_secs();
    if *desk == Desk::Attended {
        staff.make_way(panel, shown.view().is_some_and(is_asked_or_helped));
        staff.draw(ctx, panel, now);
    }
    match (flow.get(), shown.view()) {
        (Flow::Waiting, _) => {}
        // What is pressed is meant for the staff's panel alone.
        (_, view) if staff.stands() => visitor.wait(ctx, panel, view, now),
        (Flow::Door, _) if *desk == Desk::Unattended => {}
        _ if visitor.has_gone() => sign::made_ready(ctx, panel),
        (Flow::Door, _) => at_door(ctx, panel, &door.0, (&mut deciding, &mut visitor, now)),
        (_, Some(view)) => {
            let reaches = (*desk == Desk::Attended).then(|| draft.reaches());
            if boards.is_none() {
                read_out(ctx, panel, view, (now, reaches), (&mut reading, &cards));
                cards.draw(ctx, panel.words, now);
            }
            if *desk == Desk::Attended {
                leaves = sit(ctx, panel, view, (&mut draft, &mut visitor, now));
            } else if let Shelter::Card { card } = &view.shelter {
                shelter::card(ctx, panel, card);
            }
        }
        (_, None) => {}
    }
    if let Some(boards) = &mut boards {
        let opened = questions.stand() || settings.stands || over_time.stands || looking.stands;
        stand_on(boards, shown.view(), (*desk, flow.get(), opened || visitor.reads()));
    }
    copy_nothing(ctx, door.0.exhibition.is_some());
    wishes.0.extend((settings.stands && !stood).then_some(FromStage::Devices));
    // A word that is still being typed is nothing to remember.
    let typing = (flow.get() == &Flow::Door || settings.stands) && ctx.egui_wants_keyboard_input();
    hand_over(wishes, (want, typing), &mut wanted, &mut told, &mut say);
    leave.write_batch((leaves && door.0.exhibition.is_none()).then_some(Leave));
    Ok(())
}

/// In an exhibition what one visitor wrote is not for the next one to paste.
fn copy_nothing(ctx: &egui::Context, exhibits: bool) {
    let stays = |it: &egui::OutputCommand| !exhibits || !matches!(it, egui::OutputCommand::CopyText(_));
    ctx.output_mut(|output| output.commands.retain(stays));
}

/// What was wished for goes to the host, and what the person wants now with it, unless they are still typing it.
fn hand_over(
    mut wishes: Wishes,
    (want, typing): (Preferences, bool),
    wanted: &mut ResMut<Wanted>,
    told: &mut Option<Preferences>,
    say: &mut MessageWriter<Say>,
) {
    let told = told.get_or_insert_with(|| wanted.0.clone());
    if want != wanted.0 {
        wanted.0 = want;
    }
    if !typing {
        wishes.0.extend(news(told, &wanted.0));
    }
    for wish in wishes.0 {
        say.write(Say(wish));
    }
}

/// Says what stands on the boards of a headset. `reads`: whether something is read while nothing else happens.
fn stand_on(boards: &mut ResMut<OnBoards>, view: Option<&View>, (desk, flow, reads): (Desk, &Flow, bool)) {
    let asks = |view: &View| is_asked_or_helped(view) || change::keeps(view);
    let raised = reads || flow == &Flow::Door || view.is_some_and(asks);
    let card = view.is_some_and(|view| matches!(view.shelter, Shelter::Card { .. }));
    let stands = desk == Desk::Attended || card;
    if (boards.desk, boards.raised) != (stands, raised && stands) {
        (boards.desk, boards.raised) = (stands, raised && stands);
    }
}

/// Before the evening: the door, or what is opened from it. One thing to read at a time.
fn at_door(
    ctx: &egui::Context,
    panel: &mut Panel<'_>,
    door: &Welcome,
    (deciding, visitor, now): (&mut door::Deciding, &mut visitor::Visitor, f32),
) {
    if let Some(exhibition) = &door.exhibition {
        return visitor.at_door(ctx, panel, (door, exhibition), now);
    }
    if panel.settings.stands || panel.over_time.stands {
        panel.settings(ctx, settings::Place::of(door, None));
        return;
    }
    if ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::F3)) {
        panel.settings.open(panel.wanted);
    }
    deciding.show(ctx, panel, door);
}

/// What the person wants now, where the host was told of something else.
fn news(told: &mut Preferences, wanted: &Preferences) -> Option<FromStage> {
    (told != wanted).then(|| {
        told.clone_from(wanted);
        FromStage::Prefer(Box::new(wanted.clone()))
    })
}

/// What is said, to be read. `reaches`: how far up the line reaches, where somebody sits before it.
fn read_out(
    ctx: &egui::Context,
    panel: &Panel<'_>,
    view: &View,
    (now, reaches): (f32, Option<f32>),
    (reading, cards): (&mut captions::Reading, &cards::Cards),
) {
    // Who sits at the desk knows what they said.
    if reaches.is_none() && reading.show_said(ctx, panel, now) {
        return;
    }
    let card = matches!(view.shelter, Shelter::Card { .. });
    // The plain question stands above its answers, in the person's own language.
    let asked = matches!(view.shelter, Shelter::Asked { .. }) && shelter::asks_itself(panel.words);
    if asked || ((card || panel.looking.stands) && theme::is_small(ctx)) {
        return;
    }
    // With the card there is no line to type into.
    let above = if card { None } else { Some(reaches.unwrap_or_default()) };
    reading.show(ctx, panel, view, (now, above), |line| cards.hold(ctx, line));
}

/// Everything before somebody who is there. True when they leave.
fn sit(
    ctx: &egui::Context,
    panel: &mut Panel<'_>,
    view: &View,
    (draft, visitor, now): (&mut Draft, &mut visitor::Visitor, f32),
) -> bool {
    let leaves = attend(ctx, panel, view, draft);
    let leaves = visitor.look_after(ctx, panel, view, (leaves, now));
    panel.sight(ctx, view, draft.reaches());
    panel.settings(ctx, settings::Place::of(panel.door, Some(view.intensity)));
    leaves
}

/// The panels of somebody who is there. True when they leave.
fn attend(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View, draft: &mut Draft) -> bool {
    let over = view.phase == Phase::Ended;
    if !over {
        keys(ctx, panel, view);
        line::buttons(ctx, panel, view);
    }
    match &view.shelter {
        Shelter::Card { card } => {
            if shelter::card(ctx, panel, card) {
                return true;
            }
        }
        Shelter::Asked { .. } | Shelter::Open | Shelter::WithoutDevil => {}
    }
    if is_asked_or_helped(view) && !panel.settings.beside_help {
        // Help, and the question that leads there, never come up under something else.
        (panel.settings.stands, panel.settings.holds) = (false, false);
        panel.over_time.stands = false;
    }
    if panel.settings.stands {
        // One thing to read at a time.
        return false;
    }
    if view.paused {
        draft.rest(ctx, panel, view);
    } else if over {
        // A visitor is seen off in words of their own.
        return panel.door.exhibition.is_none() && draft.leave(ctx, panel, view);
    } else if !matches!(view.shelter, Shelter::Card { .. }) {
        draft.show(ctx, panel, view);
    }
    false
}

/// Help is one key away, whatever stands.
fn calls_for_help(ctx: &egui::Context, panel: &mut Panel<'_>) {
    if ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::F12)) {
        panel.wishes.control(Control::Sos);
    }
}

/// What can be done with one key at any time.
fn keys(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
    use egui::Key;
    calls_for_help(ctx, panel);
    if panel.settings.stands {
        return;
    }
    let wish = ctx.input_mut(|input| {
        let mut pressed = |key| input.consume_key(egui::Modifiers::NONE, key);
        if panel.door.exhibition.is_none() && pressed(Key::F3) {
            open_settings(panel, view);
            None
        } else if view.face != FaceLevel::Off && pressed(Key::F5) {
            panel.looking.stands = !panel.looking.stands;
            None
        } else if pressed(Key::F1) {
            Some(Control::Hint)
        } else if pressed(Key::F2) {
            Some(Control::Skip)
        } else if !view.held && pressed(Key::Escape) {
            Some(if view.paused { Control::Resume } else { Control::Pause })
        } else {
            None
        }
    });
    if let Some(wish) = wish {
        panel.wishes.control(wish);
    }
}

/// Opens the settings, and holds the evening for as long as they are read.
fn open_settings(panel: &mut Panel<'_>, view: &View) {
    panel.settings.open(panel.wanted);
    panel.settings.beside_help = is_asked_or_helped(view);
    if !view.paused && view.shelter == Shelter::Open {
        panel.settings.holds = true;
        panel.wishes.control(Control::Pause);
    }
}

fn is_asked_or_helped(view: &View) -> bool {
    matches!(view.shelter, Shelter::Asked { .. } | Shelter::Card { .. })
}
