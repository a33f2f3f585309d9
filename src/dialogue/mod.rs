//! The pure core: an evening as a state machine.
//!
//! [`Session::handle`] takes an [`Input`] and the time and returns [`Effect`]s; [`Session::next_deadline`] says when it
//! wants to be called again; [`Session::view`] is what a stage shows. There is no clock in here, no thread, no file,
//! no network and no chance but a seed, so the same session runs in a terminal, in a room, in a headset and in ten
//! thousand simulated evenings.
//!
//! Deliberately absent: any model, any sound, any picture.

pub mod agent;
pub mod change;
mod course;
pub mod distortion;
pub mod effect;
pub mod event;
pub mod face;
pub mod ids;
pub mod input;
pub mod measures;
pub mod mouth;
pub mod moves;
pub mod phrase;
pub mod request;
pub mod resistance;
pub mod safety;
mod session;
pub mod skills;
pub mod strength;
pub mod technique;
pub mod text;
pub mod theme;
pub mod timing;
pub mod view;
pub mod visit;

pub use effect::{Effect, Line};
pub use event::{Event, Kind, Phase};
pub use ids::Millis;
pub use input::{Control, Input, Setup};
pub use session::{BELIEF_WORDS, Session, read_belief};
pub use view::View;
