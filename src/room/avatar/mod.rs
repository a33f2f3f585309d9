//! A figure of one's own, out of a file: VRM 0.x, VRM 1.0 or plain glTF 2.0, in its binary form (`.vrm`, `.glb`).
//!
//! [`load()`] reads and checks. What comes out is plain numbers that whoever draws can trust: every index lies inside its
//! list, every number is finite, parents come before their children. Whatever a file claims is held against a limit
//! before memory is spent on it, and no file makes the reader fall: it is read, or refused with an [`AvatarError`] that
//! says what is wrong with it.
//!
//! Lengths are metres, turns are quaternions, the axes are those of glTF: +Y up, right-handed.

mod container;
mod data;
mod error;
mod faces;
mod fit;
mod geometry;
mod humanoid;
mod load;
mod measure;
mod parts;
mod pose;
mod surface;
mod tree;
mod wear;

use std::collections::BTreeMap;

use bevy::prelude::{Mat4, Quat, Vec2, Vec3};

pub use self::error::AvatarError;
pub use self::humanoid::{Bone, Bones};
pub use self::load::{from_bytes, load};
pub(super) use self::wear::plugin;
pub use self::wear::{Wardrobe, can_be_worn};
use super::morph::Morph;

/// How large a file may be, in bytes.
pub const MOST_BYTES: u64 = 128 << 20;
/// How large the description (JSON) inside it may be, in bytes. Common ones have one or two million; once read, one that is
/// made to fill the memory takes eighty times its size.
pub const MOST_JSON: u64 = 8 << 20;
/// How many corners (vertices) all parts may have together.
pub const MOST_CORNERS: u64 = 300_000;
/// How many triangles all parts may have together.
pub const MOST_TRIANGLES: u64 = 500_000;
/// How many nodes there may be.
pub const MOST_NODES: u64 = 2_000;
/// How many parts there may be: each is drawn by a call of its own.
pub const MOST_PARTS: u64 = 2_000;
/// How many entries any other list of the file may have.
pub const MOST_ENTRIES: u64 = 20_000;
/// How many joints a skin may have: what the engine's shader takes.
pub const MOST_JOINTS: u64 = 256;
/// How many shapes a mesh may have.
pub const MOST_SHAPES: u64 = 256;
/// How many corners and normals shapes may move, all shapes together.
pub const MOST_MOVES: u64 = 40_000_000;
/// How many steps a node may lie below its root.
pub const MOST_DEPTH: usize = 200;
/// How long a side of a picture may be, in pixels.
pub const MOST_SIDE: u32 = 8_192;
/// A picture with a longer side is made smaller, to this.
pub const KEPT_SIDE: u32 = 2_048;
/// How large all pictures may be together once they are read and made smaller, in bytes.
pub const MOST_PICTURE_BYTES: u64 = 256 << 20;
/// How small and how large a figure may be, in metres, along its longest side.
pub const SIZES: (f32, f32) = (0.01, 1_000.0);

/// A figure as its file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Avatar {
    /// Everything that has a place; parents before their children.
    pub nodes: Vec<Node>,
    /// What is drawn: at least one.
    pub parts: Vec<Part>,
    /// How parts hang on nodes: those that a part uses.
    pub skins: Vec<Skin>,
    /// What parts look like: those that a part uses.
    pub surfaces: Vec<Surface>,
    /// The pictures on surfaces: those that a surface uses.
    pub pictures: Vec<Picture>,
    /// Which node is which bone; as many as the file names, or as can be told from the names of its nodes.
    pub bones: Bones,
    /// Which shapes of which parts make a face.
    pub faces: Faces,
    /// What can be done with it.
    pub kind: Kind,
    /// The turn after which it looks along +Z.
    pub faces_forward: Quat,
    /// Its lowest and highest corner at rest, in metres, after every node's transform and before `faces_forward`.
    pub bounds: (Vec3, Vec3),
    /// What the file says of itself.
    pub about: About,
}

/// Something that has a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name, or nothing.
    pub name: String,
    /// Below which it stands, an index into [`Avatar::nodes`] less than its own; none for a root.
    pub parent: Option<usize>,
    /// Where it is in its parent, in metres; its turn, of length 1; its scale.
    pub place: (Vec3, Quat, Vec3),
    /// What stands below it: indices into [`Avatar::nodes`], each greater than its own.
    pub children: Vec<usize>,
}

/// Triangles with one surface. Every list of corners is as long as `positions`, or empty where the file has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it is: an index into [`Avatar::nodes`]. With a skin its place does not count, only the joints do.
    pub node: usize,
    /// How it hangs on other nodes: an index into [`Avatar::skins`].
    pub skin: Option<usize>,
    /// The corners, in metres.
    pub positions: Vec<Vec3>,
    /// Where the surface looks, of length 1; worked out where the file has none, never empty.
    pub normals: Vec<Vec3>,
    /// Where in the picture, 0 to 1 and beyond; zeros where the file has none, never empty.
    pub uvs: Vec<Vec2>,
    /// Colours to multiply the surface's with, linear, 0 to 1; empty where the file has none.
    pub colours: Vec<[f32; 4]>,
    /// On which joints of the skin each corner hangs: indices into [`Skin::joints`]; empty without a skin.
    pub joints: Vec<[u16; 4]>,
    /// How much on each: none below 0, and together 1; empty without a skin.
    pub weights: Vec<[f32; 4]>,
    /// The triangles, three corners each, counter-clockwise from the front.
    pub indices: Vec<u32>,
    /// How it can be moved.
    pub shapes: Vec<Shape>,
    /// What it looks like: an index into [`Avatar::surfaces`].
    pub surface: usize,
}

/// A way in which a part can be moved (a morph target).
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its name, or nothing.
    pub name: String,
    /// How far each corner goes at a weight of 1, in metres; as long as [`Part::positions`].
    pub positions: Vec<Vec3>,
    /// How its normal changes; as long as that, or empty where the file has none.
    pub normals: Vec<Vec3>,
}

/// How a part hangs on nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Skin {
    /// Indices into [`Avatar::nodes`], 1 to [`MOST_JOINTS`].
    pub joints: Vec<usize>,
    /// From the part into each joint, as it was when it was bound; as many as joints.
    pub inverse_bind: Vec<Mat4>,
}

/// What a part looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Its colour and how opaque it is, linear, 0 to 1 each.
    pub colour: [f32; 4],
    /// What its colour is multiplied with: an index into [`Avatar::pictures`].
    pub picture: Option<usize>,
    /// What is less opaque than this is left out; 0 to 1.
    pub cutout: Option<f32>,
    /// What lies behind shines through.
    pub blend: bool,
    /// It is drawn from behind, too.
    pub both_sides: bool,
}

/// A picture, from its upper left corner row by row.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// In pixels, 1 to [`KEPT_SIDE`].
    pub width: u32,
    /// In pixels, 1 to [`KEPT_SIDE`].
    pub height: u32,
    /// Four bytes a pixel, in sRGB; not multiplied with its opacity.
    pub rgba: Vec<u8>,
}

/// Without the millions of its pixels.
impl std::fmt::Debug for Picture {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Picture({} x {})", self.width, self.height)
    }
}

/// What can be done with a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has hips, a head, upper arms and upper legs: it can sit, breathe and look.
    Humanoid,
    /// It has a face and not much below: it can speak and look.
    Head,
    /// It can be put there.
    Statue,
}

/// What the shapes of a face are made of.
pub type Faces = BTreeMap<Morph, Vec<Bind>>;

/// A part's shape that belongs to a shape of the face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bind {
    /// An index into [`Avatar::parts`].
    pub part: usize,
    /// An index into [`Part::shapes`].
    pub shape: usize,
    /// How much of it there is when there is all of the face's shape, above 0 and up to 1.
    pub weight: f32,
}

/// What a file says of itself: each one line of at most 200 letters, none where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What it is called.
    pub name: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// Under which terms: a name, an address, or a copyright.
    pub licence: Option<String>,
}

/// Text from a file as one line, cut to so many letters.
fn one_line(text: &str, most: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod broken;
#[cfg(test)]
mod real;
#[cfg(test)]
mod samples;
