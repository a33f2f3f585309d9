//! Where the person is in the room, where that is known: their head and their hands. A headset knows it; in front of a window
//! they sit where their seat is.

use bevy::prelude::*;

use crate::dialogue::agent::Agent;

/// What the person sees from, in metres of the room: looking along -Z. None where nothing follows their head.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct PersonsHead(pub Option<Transform>);

/// Their hands, left and right: the palm down, fingers along -Z. None for one that is not seen.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct PersonsHands(pub [Option<Transform>; 2]);

/// Where their eyes are on the seat that they sit on, and which way it faces. The room says it.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct SeatEyes(pub Transform);

impl Default for SeatEyes {
    fn default() -> Self {
        Self(Transform::from_translation(super::surface::EYES))
    }
}

/// The heads of the figures that can be seen: whose, the middle of it, and how far it reaches around that, in metres.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct Heads(pub Vec<(Agent, Vec3, f32)>);

/// The room is shown in a headset: the eyes are the person's own.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub struct InHeadset;

/// How dark it is before the person's eyes for their comfort, 0 to 1.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Dark(pub f32);

/// What is drawn on a panel that stands in the room, by a camera of its own. Without any, everything is laid over the
/// camera that is there for panels.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Board {
    /// The desk: what is typed, chosen and decided.
    Desk,
    /// What is said.
    Caption,
    /// What the Guide says by the way.
    Card,
}

/// Whose words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// A figure's.
    Agent(Agent),
    /// The person's own.
    Person,
}

/// What stands on boards just now. Whoever draws the desk says it.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct OnBoards {
    /// Whose words are on the caption's.
    pub caption: Option<Speaks>,
    /// How much of it they take, in points.
    pub caption_size: Vec2,
    /// Whether there is something on the card's.
    pub card: bool,
    /// Whether anything is on the desk.
    pub desk: bool,
    /// Whether there is something on it that one reads while nothing else happens.
    pub raised: bool,
}

/// The camera of the window beside a headset: what it shows of the person's eye, and in which shape that
/// sees.
#[derive(Component, Clone, Debug)]
pub struct Mirror(pub Handle<Image>, pub Vec2);

/// What the left and the right eye see, in a headset.
#[derive(Resource, Clone, Debug)]
pub struct EyePictures(pub [Handle<Image>; 2]);
