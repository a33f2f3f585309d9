//! What the person hears: where somebody is, seen from them, and how loud.

use serde::{Deserialize, Serialize};

/// A direction and a distance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// In radians, 0 straight ahead, to the right above 0.
    pub azimuth: f32,
    /// In metres.
    pub distance: f32,
}

impl Default for Place {
    fn default() -> Self {
        Self { azimuth: 0.0, distance: 1.5 }
    }
}

/// How loud everything is, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volume {
    /// Of whoever speaks.
    pub voices: f32,
    /// Of the scene in the window.
    pub ambience: f32,
}

impl Default for Volume {
    fn default() -> Self {
        Self { voices: 1.0, ambience: 1.0 }
    }
}

/// Where the figures are heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Outlet {
    /// Nowhere: they are read, and no loudspeaker is open.
    Off,
    /// The system's own loudspeaker.
    #[default]
    System,
    /// The loudspeaker with this id, or with this in its name.
    Named(String),
}

impl Outlet {
    /// The loudspeaker that was named; the system's own where none was.
    #[must_use]
    pub fn named(loudspeaker: Option<&str>) -> Self {
        let name = loudspeaker.map(str::trim).filter(|name| !name.is_empty());
        name.map_or(Self::System, |name| Self::Named(name.to_owned()))
    }
}
