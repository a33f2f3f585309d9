//! Where the things of the room are put together.

use bevy::ecs::system::{EntityCommands, SystemParam};
use bevy::prelude::*;

use super::moment::{Canvas, Sheet};
use super::mood::Mood;
use super::paint::Matter;
use super::palette::Triple;

/// What a thing is made with.
#[derive(SystemParam)]
pub struct Workshop<'w, 's> {
    /// To spawn it.
    pub commands: Commands<'w, 's>,
    /// Its shape.
    pub meshes: ResMut<'w, Assets<Mesh>>,
    /// What it is painted with.
    pub canvas: ResMut<'w, Canvas>,
    matters: ResMut<'w, Assets<Matter>>,
}

/// A matter: how it is painted, and its place in the moment.
#[derive(Clone, Debug)]
pub struct Made {
    /// How it is painted.
    pub paint: Handle<Matter>,
    /// Its place.
    pub sheet: u32,
}

/// A matter whose colour follows the strength.
#[derive(Component, Clone, Copy, Debug)]
pub struct Tint {
    sheet: u32,
    colour: Triple<u32>,
}

/// What a thing is made of: its place in the moment.
#[derive(Component, Clone, Copy, Debug)]
pub struct MadeOf(pub u32);

impl Workshop<'_, '_> {
    /// A matter of this colour at strength 1, ½ and 0.
    pub fn matter(&mut self, sheet: Sheet, colour: Triple<u32>) -> Made {
        let sheet = self.canvas.take(sheet);
        let paint = self.matters.add(Matter::new(self.canvas.buffer(), sheet));
        self.commands.spawn(Tint { sheet, colour });
        Made { paint, sheet }
    }

    /// A matter of one colour.
    pub fn plain(&mut self, sheet: Sheet, colour: u32) -> Made {
        self.matter(sheet, Triple(colour, colour, colour))
    }

    /// Puts a thing where it belongs.
    pub fn put(&mut self, mesh: impl Into<Mesh>, made: &Made, place: Transform) -> EntityCommands<'_> {
        let mesh = self.meshes.add(mesh);
        self.commands.spawn((Mesh3d(mesh), MeshMaterial3d(made.paint.clone()), MadeOf(made.sheet), place))
    }
}

/// Everything has the colour of the moment.
pub(super) fn tint(mood: Res<Mood>, tints: Query<&Tint>, mut canvas: ResMut<Canvas>) {
    for tint in &tints {
        let sheet = canvas.sheet(tint.sheet);
        sheet.colour = tint.colour.at(mood.strength).to_vec3().extend(sheet.colour.w);
    }
}
