//! The stage: the only place where Bevy meets the [`Link`]. It shows what the host tells, and hands back what the person
//! does; it decides nothing about the evening.
//!
//! [`build`] makes the app for a window, for pictures without one, or for a headset; rooms, figures and panels are plugins
//! that the caller adds. They read [`Shown`], [`Happened`] and the states of [`flow`], and write [`Say`].

mod body;
mod faults;
pub mod flow;
pub mod offscreen;
mod pace;
mod surface;
pub mod timing;

use std::time::Duration;

use bevy::prelude::*;

pub use body::{
    Board, Dark, EyePictures, Heads, InHeadset, Mirror, OnBoards, PersonsHands, PersonsHead, SeatEyes, Speaks,
};
pub use flow::{
    AtDoor, AtHand, Faces, Flow, Happened, InSight, Leave, Level, Loud, Mouth, Moves, OfCare, OfHeadset,
    OfPast, ReadOut, Refused, Say, SessionPhase, Shown, StageLink, TakenAway, Tried, Wanted,
};
pub use pace::Pace;
pub use surface::{PanelCamera, RenderScale, StageCamera, Surface, Target, adapters, can_show, for_headset};

use crate::host::Link;

/// The order of a frame. Whoever adds a system to the stage names one of these; nobody orders systems of another module.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageSystems {
    /// What the host said is read.
    Drain,
    /// It is taken up: what the figures are to become, which panel stands.
    React,
    /// Everything goes on its way there.
    Animate,
    /// Transforms, lights and materials take what was reached.
    Paint,
}

/// Whether everything that the room is made of can be drawn. The desk keeps its cover down until then.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lit(pub bool);

/// Whether somebody wears the headset that the stage is shown in.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worn(pub bool);

/// By how many steps less of the room is to be drawn than this machine was thought to bear, where frames come late all the same.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Eased(pub u8);

/// An app that shows the session at the other end of the link on this surface.
pub fn build(surface: Surface, link: Link) -> App {
    let mut app = App::new();
    surface::plugin(&mut app, surface);
    connect(&mut app, link);
    app
}

/// The longest frame that counts as it is where time passes faster, in real time.
const LONGEST_FRAME: Duration = Duration::from_secs(2);

/// Lets the stage's time pass so many times as fast as the machine's: where an exhibition is rehearsed.
pub fn hurry(app: &mut App, speed: u32) {
    if speed > 1 {
        let mut time = app.world_mut().resource_mut::<Time<Virtual>>();
        time.set_relative_speed(speed as f32);
        // On a slow machine a frame is long, and the figures of a visit are not to be late for their visitor.
        time.set_max_delta(LONGEST_FRAME);
    }
}

/// Makes a stage of an app that has its surface already, as one for a headset brings its own.
pub fn connect(app: &mut App, link: Link) {
    app.set_error_handler(faults::report)
        .init_resource::<Lit>()
        .init_resource::<Pace>()
        .init_resource::<Worn>()
        .init_resource::<Eased>()
        .init_resource::<PersonsHead>()
        .init_resource::<PersonsHands>()
        .init_resource::<SeatEyes>()
        .init_resource::<Heads>()
        .init_resource::<Dark>()
        .configure_sets(Update, (StageSystems::React, StageSystems::Animate, StageSystems::Paint).chain())
        .configure_sets(PreUpdate, StageSystems::Drain);
    flow::plugin(app, link);
    faults::plugin(app);
}
