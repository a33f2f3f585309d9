//! Whether the person is there, and the way out: a headset that is taken off holds the evening; one that is lost ends this
//! stage, and the host goes on elsewhere. And the dark for their comfort, and the smaller picture before that.

use std::time::{Duration, Instant};

use bevy::prelude::*;
use bevy::window::WindowCloseRequested;

use super::comfort::{Comfort, FRAMES, Fit, Frame, Times};
use super::hands::{Buttons, Held, Press, Pulls, SOS};
use super::runtime::{Display, EyeScale, GoHome, Session, Tracked, Work};
use super::seat::{self, SitsAnew};
use super::states::Gone;
use crate::app::{Dark, Eased, Flow, Leave, Lit, Say, StageLink, StageSystems, Worn};
use crate::dialogue::Input;
use crate::dialogue::input::{Attention, Control};
use crate::host::{FromStage, Headset};

/// How long the runtime may take to let the person go.
const GOES: Duration = Duration::from_secs(2);
/// How long a session that is not running is left alone between two looks at it.
const RESTS: Duration = Duration::from_millis(8);

/// Since when the person leaves.
#[derive(Resource, Clone, Copy, Debug, Default)]
struct Leaving(Option<Instant>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Leaving>().init_resource::<Buttons>().add_systems(PreUpdate, rest).add_systems(
        Update,
        (attend, ask_for_help, keep_comfortable.after(seat::sit), fit).in_set(StageSystems::React),
    );
    app.add_systems(Last, (close, leave).chain());
}

/// Whoever is not there is waited for.
fn attend(
    session: Res<Session>,
    flow: Res<State<Flow>>,
    mut told: Local<Option<(bool, Flow)>>,
    mut worn: ResMut<Worn>,
    mut say: MessageWriter<Say>,
) {
    let now = (session.0.is_present(), *flow.get());
    worn.set_if_neq(Worn(now.0));
    if *told == Some(now) {
        return;
    }
    let was = told.replace(now).map(|(present, _)| present);
    // Of a session that begins while they are there, and of one that goes on, the same is to be known.
    if was != Some(now.0) || !now.0 {
        let attention = if now.0 { Attention::Present } else { Attention::Away };
        say.write(Say(FromStage::Input(Input::Attention(attention))));
    }
}

/// Both triggers for a second, or both bare hands pinched, wherever they point.
fn ask_for_help(
    time: Res<Time<Real>>,
    pulls: Res<Pulls>,
    mut held: Local<Held>,
    mut say: MessageWriter<Say>,
) {
    if held.go_on(pulls.0 == [true, true], time.delta_secs(), SOS) == Some(Press::Long) {
        say.write(Say(FromStage::Input(Input::Control(Control::Sos))));
    }
}

fn keep_comfortable(
    time: Res<Time<Real>>,
    (tracked, display, session): (Res<Tracked>, Res<Display>, Res<Session>),
    (lit, anew): (Res<Lit>, Res<SitsAnew>),
    mut comfort: Local<Option<Comfort>>,
    mut dark: ResMut<Dark>,
) {
    let comfort = comfort.get_or_insert_with(Comfort::in_the_dark);
    // What nobody sees is not to be made comfortable; what is not whole yet, or seen from no seat, is not to be seen.
    let tracked = lit.0 && !anew.0 && (tracked.is_followed || !session.0.is_present());
    let display = display.0.filter(|_| session.0.is_present());
    comfort.go_on(Frame { dt: time.delta_secs(), display, tracked });
    dark.set_if_neq(Dark(comfort.dark()));
}

/// Draws smaller, and then less, before frames are late. Frames that nobody sees say nothing.
fn fit(
    time: Res<Time<Real>>,
    (display, session, work): (Res<Display>, Res<Session>, Res<Work>),
    (mut scale, mut eased): (ResMut<EyeScale>, ResMut<Eased>),
    (mut fit, mut apart, mut works): (Local<Fit>, Local<Vec<f32>>, Local<Vec<f32>>),
) {
    let took = work.took();
    let Some(rate) = display.0.filter(|_| session.0.is_present()) else {
        apart.clear();
        works.clear();
        return;
    };
    apart.push(time.delta_secs());
    works.extend(took.map(|took| took.as_secs_f32()));
    if apart.len() < FRAMES {
        return;
    }
    if let Some(times) = Times::of(&mut apart, &mut works) {
        fit.look(times, rate);
    }
    apart.clear();
    works.clear();
    eased.set_if_neq(Eased(fit.eased()));
    if (fit.scale() - scale.0).abs() > 0.01 {
        scale.0 = fit.scale();
    }
}

/// While the runtime gives no frame to wait for, nothing sets the pace.
fn rest(session: Res<Session>) {
    if !session.0.runs() {
        std::thread::sleep(RESTS);
    }
}

/// Whoever closes the window wants to go.
fn close(mut closed: MessageReader<WindowCloseRequested>, mut leaves: MessageWriter<Leave>) {
    if closed.read().last().is_some() {
        leaves.write(Leave);
    }
}

/// The way out: the runtime is asked, and once it has let them go, or does not, the stage ends.
fn leave(
    (mut wished, mut said): (MessageReader<Leave>, MessageReader<Say>),
    mut leaving: ResMut<Leaving>,
    session: Res<Session>,
    mut told: Local<bool>,
    mut home: MessageWriter<GoHome>,
    (link, mut exit): (Res<StageLink>, MessageWriter<AppExit>),
) {
    let to_screen = |say: &Say| matches!(say.0, FromStage::Headset(Headset::Leave));
    let wished = wished.read().count() + said.read().filter(|say| to_screen(say)).count() > 0;
    if let (Some(gone), None, false) = (session.0.gone(), leaving.0, *told) {
        *told = true;
        leaving.0 = Some(Instant::now());
        link.say_now(FromStage::Headset(match gone {
            Gone::Left => Headset::Left,
            Gone::Lost => Headset::Lost,
        }));
        return;
    }
    if wished && leaving.0.is_none() {
        leaving.0 = Some(Instant::now());
        home.write_default();
    }
    let Some(since) = leaving.0 else { return };
    if session.0.gone().is_some() || !session.0.runs() || since.elapsed() > GOES {
        exit.write(AppExit::Success);
    }
}

#[cfg(test)]
mod tests {
    use bevy::state::app::StatesPlugin;
    use bevy::time::TimeUpdateStrategy;

    use super::*;
    use crate::headset::pointing::pull;
    use crate::headset::runtime::Fingers;
    use crate::headset::states::{Graph, RuntimeEvent, SessionState};

    /// An app in which a runtime says these, and what is told to the host after each.
    fn told(events: &[RuntimeEvent]) -> Vec<Vec<Attention>> {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, StatesPlugin))
            .init_state::<Flow>()
            .init_resource::<Session>()
            .init_resource::<Worn>()
            .add_message::<Say>()
            .add_systems(Update, attend);
        let mut graph = Graph::default();
        let heard = |app: &mut App| {
            app.update();
            let mut said = app.world_mut().resource_mut::<Messages<Say>>();
            let attention = |Say(what): Say| match what {
                FromStage::Input(Input::Attention(attention)) => Some(attention),
                _ => None,
            };
            said.drain().filter_map(attention).collect::<Vec<_>>()
        };
        let mut all = vec![heard(&mut app)];
        for event in events {
            graph.take(*event);
            app.insert_resource(Session(graph));
            all.push(heard(&mut app));
        }
        all
    }

    const PUT_ON: [RuntimeEvent; 5] = [
        RuntimeEvent::State(SessionState::Idle),
        RuntimeEvent::State(SessionState::Ready),
        RuntimeEvent::State(SessionState::Synchronized),
        RuntimeEvent::State(SessionState::Visible),
        RuntimeEvent::State(SessionState::Focused),
    ];

    #[test]
    fn the_host_is_told_in_the_same_frame_that_a_headset_was_put_on_taken_off_or_its_menu_opened() {
        let events = [
            &PUT_ON[..],
            &[
                RuntimeEvent::Worn(false),
                RuntimeEvent::Worn(true),
                RuntimeEvent::State(SessionState::Visible),
            ],
        ]
        .concat();
        let told = told(&events);
        let (away, present) = (vec![Attention::Away], vec![Attention::Present]);
        assert_eq!(told[0], away, "nobody wears it at first");
        assert!(told[1..5].iter().all(Vec::is_empty), "and nothing has changed: {told:?}");
        assert_eq!(told[5..], [present.clone(), away.clone(), present, away]);
    }

    /// How often help is asked for in so many tenths of a second, with the hands like this.
    fn asked(app: &mut App, tracked: Tracked, tenths: u32) -> usize {
        app.insert_resource(tracked);
        let is_sos = |Say(what): &Say| matches!(what, FromStage::Input(Input::Control(Control::Sos)));
        let tenth = |_| {
            app.update();
            app.world_mut().resource_mut::<Messages<Say>>().drain().filter(is_sos).count()
        };
        (0..tenths).map(tenth).sum()
    }

    #[test]
    fn two_bare_hands_that_pinch_for_a_second_ask_for_help_and_one_does_not() {
        let mut app = App::new();
        let mut graph = Graph::default();
        for event in PUT_ON {
            graph.take(event);
        }
        app.add_plugins(MinimalPlugins)
            .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(100)))
            .insert_resource(Session(graph))
            .init_resource::<Buttons>()
            .init_resource::<Pulls>()
            .add_message::<Say>()
            .add_systems(Update, (pull, ask_for_help).chain());
        let pinched = Some(Fingers { index: Vec3::X * 0.01, ..Fingers::default() });
        let both = Tracked { fingers: [pinched, pinched], ..Tracked::default() };
        assert_eq!(asked(&mut app, Tracked { fingers: [None, pinched], ..both }, 20), 0);
        assert_eq!(asked(&mut app, both, 8), 0, "not for so long");
        assert_eq!(asked(&mut app, both, 30), 1, "and once");
        assert_eq!(asked(&mut app, Tracked::default(), 5), 0);
        // Of a headset that was taken off the last is not known to be over.
        app.world_mut().resource_mut::<Session>().0.take(RuntimeEvent::Worn(false));
        assert_eq!(asked(&mut app, both, 30), 0);
    }

    #[test]
    fn a_headset_that_is_lost_is_away() {
        let told = told(&[&PUT_ON[..], &[RuntimeEvent::InstanceLoss]].concat());
        assert_eq!(told.last(), Some(&vec![Attention::Away]));
    }
}
