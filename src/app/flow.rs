//! What the host says becomes state and messages, in one system; what the person does goes back, in another.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bevy::prelude::*;

use super::{InHeadset, Lit, StageSystems};
use crate::dialogue::agent::Agent;
use crate::dialogue::face::{Mien, Seen};
use crate::dialogue::mouth::{MouthAt, Viseme};
use crate::dialogue::{Event, Input, Phase, View};
use crate::host::{Care, Devices, FromStage, HeadsetNews, Link, Past, Preferences, ToStage, Trial, Welcome};

/// Where the person is.
#[derive(States, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Flow {
    /// The host has said nothing yet.
    #[default]
    Waiting,
    /// Before the evening: there are things to decide.
    Door,
    /// In the evening, from the first question to the last word.
    Evening,
    /// After it.
    Over,
}

/// The session's phase, mirrored. Only the session decides it.
#[derive(States, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SessionPhase(pub Phase);

/// Everything there is to show, as the host told it last; none before an evening.
#[derive(Resource, Clone, Debug, Default)]
pub struct Shown(pub Option<View>);

impl Shown {
    /// The view, as far as there is one.
    #[must_use]
    pub fn view(&self) -> Option<&View> {
        self.0.as_ref()
    }
}

/// What there is to decide before the evening.
#[derive(Resource, Clone, Debug, Default)]
pub struct AtDoor(pub Welcome);

/// What the person wants, as it holds now.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted(pub Preferences);

/// A figure of one's own could not be used.
#[derive(Message, Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In whose place it was to be.
    pub whose: Agent,
    /// The file.
    pub file: String,
    /// Why not, in a sentence.
    pub why: String,
}

/// How the last trial of a language model went.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried(pub Option<Trial>);

/// The microphones and loudspeakers that there are, as far as they were asked for.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct AtHand(pub Devices);

/// Where the card lies that the person took away, or why it lies nowhere; none while they have taken none.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenAway(pub Option<Result<String, String>>);

/// What was answered to measures over time, as far as it was asked for.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct OfPast(pub Option<Past>);

/// How the mouth of whoever speaks moves, where that is known; else nobody is heard.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct Mouth {
    shapes: Vec<MouthAt>,
    since: Option<Instant>,
}

impl Mouth {
    /// Its shape just now, and how far it is taken, 0 to 1; none where nobody is heard.
    #[must_use]
    pub fn now(&self) -> Option<(Viseme, f32)> {
        let at = u32::try_from(self.since?.elapsed().as_millis()).unwrap_or(u32::MAX);
        let last = self.shapes.iter().take_while(|shape| shape.at_ms <= at).last();
        (!self.shapes.is_empty())
            .then(|| last.map_or((Viseme::Closed, 0.0), |shape| (shape.viseme, shape.opening)))
    }
}

/// How loud the person is, 0 to 1; none while nobody hears them.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Level(pub Option<f32>);

/// Whether it is too loud around the person for free speech.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loud(pub bool);

/// So many faces are before the camera of an exhibition that counts them; none before that was told.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faces(pub Option<u8>);

/// What was to be read aloud, by its number, has been read, or cannot be.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOut(pub u32);

/// How the person's face moves; none while it may not be seen.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Moves(pub Option<Mien>);

/// What is seen of the person, while they look at it.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct InSight(pub Option<Seen>);

/// How the exhibition stands, beside the visit.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct OfCare(pub Care);

/// Something happened in the session.
#[derive(Message, Clone, Debug)]
pub struct Happened(pub Event);

/// There is something to know of the headset.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfHeadset(pub HeadsetNews);

/// The person goes. A window closes with it; a headset is asked to let them go first.
#[derive(Message, Clone, Copy, Debug, Default)]
pub struct Leave;

/// Something to tell the host.
#[derive(Message, Clone, Debug)]
pub struct Say(pub FromStage);

/// The link to the host. Messages go by [`Say`]; what is said as a stage ends goes at once.
#[derive(Resource)]
pub struct StageLink(Link);

impl StageLink {
    /// Says something without waiting for the end of the frame: there may be none.
    pub fn say_now(&self, what: FromStage) {
        // Of a host that is gone nothing is wanted any more.
        if self.0.say(what).is_err() {}
    }
}

/// How often the host hears that the stage is alive, in seconds.
const BEAT: f32 = 1.0;

pub(super) fn plugin(app: &mut App, link: Link) {
    app.init_state::<Flow>()
        .init_state::<SessionPhase>()
        .init_resource::<Shown>()
        .init_resource::<AtDoor>()
        .init_resource::<Wanted>()
        .init_resource::<Tried>()
        .init_resource::<AtHand>()
        .init_resource::<TakenAway>()
        .init_resource::<OfPast>()
        .init_resource::<Mouth>()
        .init_resource::<Level>()
        .init_resource::<Loud>()
        .init_resource::<Faces>()
        .init_resource::<Moves>()
        .init_resource::<InSight>()
        .init_resource::<OfCare>()
        .insert_resource(StageLink(link))
        .add_message::<Happened>()
        .add_message::<Refused>()
        .add_message::<OfHeadset>()
        .add_message::<ReadOut>()
        .add_message::<Say>()
        .add_message::<Leave>()
        .add_systems(PreUpdate, drain.in_set(StageSystems::Drain))
        .add_systems(Last, (beat, speak).chain())
        .add_systems(Last, leave.run_if(not(resource_exists::<InHeadset>)));
}

fn leave(mut wished: MessageReader<Leave>, mut exit: MessageWriter<AppExit>) {
    if wished.read().last().is_some() {
        exit.write(AppExit::Success);
    }
}

/// What the host tells beside the evening.
type Told<'a> = (
    ResMut<'a, AtDoor>,
    ResMut<'a, Wanted>,
    ResMut<'a, Tried>,
    ResMut<'a, AtHand>,
    ResMut<'a, TakenAway>,
    ResMut<'a, OfPast>,
    ResMut<'a, OfCare>,
);

/// What it tells of voices, and of what is taken in of the person.
type Sensed<'a> = (
    ResMut<'a, Mouth>,
    ResMut<'a, Level>,
    ResMut<'a, Loud>,
    ResMut<'a, Faces>,
    ResMut<'a, Moves>,
    ResMut<'a, InSight>,
);

/// What of it happens, and does not last.
type Writers<'a> = (MessageWriter<'a, Happened>, MessageWriter<'a, OfHeadset>, MessageWriter<'a, ReadOut>);

/// Reads everything that the host has said since the last frame.
fn drain(
    link: Res<StageLink>,
    mut shown: ResMut<Shown>,
    (mut door, mut wanted, mut tried, mut at_hand, mut taken, mut past, mut care): Told<'_>,
    (mut mouth, mut level, mut loud, mut faces, mut moves, mut in_sight): Sensed<'_>,
    (mut happened, mut headset, mut read_out): Writers<'_>,
    (mut flow, mut phase): (ResMut<NextState<Flow>>, ResMut<NextState<SessionPhase>>),
    mut leaves: MessageWriter<Leave>,
) {
    loop {
        match link.0.receive(Duration::ZERO) {
            Ok(Some(ToStage::Event(event))) => {
                happened.write(Happened(event));
            }
            Ok(Some(ToStage::View(view))) => {
                let over = view.phase == Phase::Ended;
                NextState::set_if_neq(&mut flow, if over { Flow::Over } else { Flow::Evening });
                NextState::set_if_neq(&mut phase, SessionPhase(view.phase));
                shown.0 = Some(*view);
            }
            Ok(Some(ToStage::Welcome(welcome))) => {
                wanted.0.clone_from(&welcome.preferences);
                door.0 = *welcome;
                NextState::set_if_neq(&mut flow, Flow::Door);
            }
            Ok(Some(ToStage::Tried(trial))) => tried.0 = Some(trial),
            Ok(Some(ToStage::Devices(devices))) => at_hand.0 = devices,
            Ok(Some(ToStage::TakenAway(line))) => taken.0 = Some(line),
            Ok(Some(ToStage::Past(answers))) => past.0 = Some(answers),
            Ok(Some(ToStage::Care(now))) => care.0 = *now,
            Ok(Some(ToStage::Mouth(shapes))) => *mouth = Mouth { shapes, since: Some(Instant::now()) },
            Ok(Some(ToStage::Level(now))) => level.0 = now,
            Ok(Some(ToStage::Loud(now))) => loud.0 = now,
            Ok(Some(ToStage::Faces(now))) => faces.0 = Some(now),
            Ok(Some(ToStage::ReadOut(number))) => {
                read_out.write(ReadOut(number));
            }
            Ok(Some(ToStage::Mien(now))) => moves.0 = now,
            Ok(Some(ToStage::Seen(now))) => in_sight.0 = Some(*now),
            Ok(Some(ToStage::Headset(news))) => {
                headset.write(OfHeadset(news));
            }
            Ok(None) => return,
            // Whoever started the stage is gone, and nobody listens to the person any more. What was said last may be read
            // for as long as they like, but not by the next visitor.
            Err(_closed) => {
                let ended = shown.0.as_ref().is_some_and(|view| view.phase == Phase::Ended);
                if !ended || door.0.exhibition.is_some() {
                    leaves.write(Leave);
                }
                return;
            }
        }
    }
}

fn beat(time: Res<Time<Real>>, lit: Res<Lit>, mut last: Local<f32>, mut say: MessageWriter<Say>) {
    let now = time.elapsed_secs();
    if now - *last >= BEAT || (lit.is_changed() && lit.0) {
        *last = now;
        say.write(Say(FromStage::Beat { lit: lit.0 }));
    }
}

/// A host that is busy is no reason to hold a frame: what it has no room for waits here.
fn speak(link: Res<StageLink>, mut said: MessageReader<Say>, mut waiting: Local<VecDeque<FromStage>>) {
    for Say(what) in said.read() {
        match (what, waiting.back_mut()) {
            // Of signs of life, and of a line that is being typed, only the last one is news.
            (FromStage::Beat { .. }, Some(_)) => {}
            (
                FromStage::Input(Input::Draft { utterance, .. }),
                Some(FromStage::Input(Input::Draft { utterance: before, text })),
            ) if utterance == before => {
                if let FromStage::Input(Input::Draft { text: new, .. }) = what {
                    text.clone_from(new);
                }
            }
            _ => waiting.push_back(what.clone()),
        }
    }
    while let Some(what) = waiting.pop_front() {
        match link.0.try_say(what) {
            Ok(None) => {}
            Ok(Some(what)) => {
                waiting.push_front(what);
                return;
            }
            // A host that has ended takes nothing; what it said last is still to be read.
            Err(_closed) => waiting.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use bevy::state::app::StatesPlugin;

    use super::*;
    use crate::dialogue::Session;
    use crate::dialogue::ids::UtteranceId;
    use crate::dialogue::input::{Control, Via};
    use crate::host::{Choices, Exhibition, HostLink, link};

    fn stage() -> (App, HostLink) {
        let (stage, host) = link();
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, StatesPlugin)).init_resource::<Lit>();
        plugin(&mut app, stage);
        (app, host)
    }

    fn flow(app: &App) -> Flow {
        *app.world().resource::<State<Flow>>().get()
    }

    #[test]
    fn the_flow_follows_what_the_host_shows() {
        let (mut app, mut host) = stage();
        app.update();
        assert_eq!(flow(&app), Flow::Waiting);
        for (phase, wanted) in [(Phase::Open, Flow::Evening), (Phase::Ended, Flow::Over)] {
            host.show(Vec::new(), || View { phase, ..Session::default().view() })
                .expect("the stage is there");
            app.update();
            app.update();
            assert_eq!(flow(&app), wanted);
            assert_eq!(app.world().resource::<State<SessionPhase>>().get().0, phase);
        }
    }

    #[test]
    fn what_the_person_does_reaches_the_host() {
        let (mut app, host) = stage();
        app.world_mut().write_message(Say(FromStage::Input(Input::Control(Control::Hint))));
        app.world_mut().write_message(Say(FromStage::Begin(Choices::default())));
        app.update();
        assert!(matches!(host.heard(), Some(FromStage::Input(Input::Control(Control::Hint)))));
        assert!(matches!(host.heard(), Some(FromStage::Begin(_))));
    }

    #[test]
    fn a_host_that_does_not_listen_holds_no_frame_and_loses_no_word() {
        let (mut app, host) = stage();
        let said = 1_000;
        for number in 0..said {
            let text = format!("word {number}");
            let (utterance, via) = (UtteranceId(number), Via::Keys);
            let draft = Input::Draft { utterance, text: text.clone() };
            app.world_mut().write_message(Say(FromStage::Input(draft)));
            app.world_mut().write_message(Say(FromStage::Input(Input::Said {
                utterance,
                text,
                via,
                face: None,
            })));
            app.update();
        }
        let mut heard = 0;
        while let Some(what) = host.heard() {
            if let FromStage::Input(Input::Said { utterance, .. }) = what {
                assert_eq!(utterance, UtteranceId(heard));
                heard += 1;
            }
            app.update();
        }
        assert_eq!(heard, said);
    }

    #[test]
    fn a_stage_whose_host_is_gone_in_mid_evening_ends() {
        let (mut app, host) = stage();
        app.update();
        drop(host);
        app.update();
        assert_eq!(app.should_exit(), Some(AppExit::Success));
    }
    #[test]
    fn after_an_evening_the_stage_stays_and_among_strangers_it_goes_with_its_host() {
        let exhibition = Exhibition { minutes: 8, idle_s: 40, leaves_s: 20, ..Exhibition::default() };
        for (exhibition, exit) in [(None, None), (Some(exhibition), Some(AppExit::Success))] {
            let (mut app, mut host) = stage();
            let welcome = Welcome { exhibition, ..Welcome::default() };
            host.mention(ToStage::Welcome(Box::new(welcome))).expect("the stage is there");
            host.show(Vec::new(), || View { phase: Phase::Ended, ..Session::default().view() })
                .expect("the stage is there");
            app.update();
            drop(host);
            app.update();
            assert_eq!(app.should_exit(), exit);
        }
    }
}
