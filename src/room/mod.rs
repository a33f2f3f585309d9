//! The room and its two figures, made by code: a Devil who gives ground, a Patient who comes up, and the evening outside.
//!
//! [`Scene`] is what the session wants to be seen, [`Mood`] what is seen just now; between them everything glides.

pub mod avatar;
pub mod devil;
mod direct;
pub mod face;
pub mod figures;
mod furniture;
mod gesture;
mod hands;
pub mod head;
pub mod life;
pub mod loft;
mod mirror;
pub mod moment;
pub mod mood;
pub mod morph;
pub mod mouth;
mod noise;
pub mod outlook;
pub mod paint;
pub mod palette;
pub mod patient;
pub mod person;
mod place;
mod presence;
mod regard;
pub mod rig;
pub mod seats;
mod smoke;
pub mod tier;
mod view;
mod window;
pub mod workshop;

use bevy::prelude::*;

pub use self::face::Expression;
pub use self::mood::{Mood, Scene, Speaker};
pub use self::seats::Seat;
use crate::app::StageSystems;

/// Puts the room there, and keeps it as [`Mood`] says.
pub fn plugin(app: &mut App) {
    app.add_plugins((paint::plugin, tier::plugin, view::plugin, avatar::plugin, gesture::plugin))
        .init_resource::<Scene>()
        .init_resource::<Mood>()
        .insert_resource(ClearColor(Color::BLACK))
        .add_systems(PreStartup, moment::prepare)
        .add_systems(
            Startup,
            (
                place::spawn,
                window::spawn,
                furniture::spawn,
                (figures::spawn_patient, person::spawn).chain(),
                hands::spawn,
                figures::spawn_devil,
                smoke::spawn,
            ),
        )
        .add_systems(Update, (direct::take_up, gesture::follow).in_set(StageSystems::React))
        .add_systems(Update, (presence::tell, presence::say_where).in_set(StageSystems::Paint))
        .add_systems(Update, follow.in_set(StageSystems::Animate))
        .add_systems(
            Update,
            (
                (
                    figures::take_posture,
                    figures::breathe,
                    figures::hold_heads,
                    figures::place_devil,
                    (furniture::swing, furniture::show_eye),
                    seats::change,
                    ((person::live, person::gesture).chain(), hands::follow),
                ),
                // One canvas, one hand at a time.
                (
                    workshop::tint,
                    furniture::glow,
                    (figures::paint_patient, person::paint).chain(),
                    figures::paint_devil,
                    rig::shine,
                    smoke::drift,
                    window::show,
                    moment::write,
                )
                    .chain(),
            )
                .in_set(StageSystems::Paint),
        );
}

fn follow(scene: Res<Scene>, time: Res<Time>, mut mood: ResMut<Mood>) {
    mood.follow(&scene, time.delta_secs());
}
