//! Bodies of paper: rings of points swept along a line, as one would wind a lantern.
//!
//! Every sweep samples its line evenly, so that the same body in another posture has the same number of points in the
//! same order: postures are morph targets of each other.

use bevy::asset::RenderAssetUsages;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;

/// A point of the design's sketches (X right, Y ahead, Z up) in the room (X right, Y up, −Z ahead).
#[must_use]
pub fn at(x: f32, ahead: f32, up: f32) -> Vec3 {
    Vec3::new(x, up, -ahead)
}

/// Points, where on the body they are, and the triangles between them.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Where they are, in metres.
    pub positions: Vec<Vec3>,
    /// Around the body (0 to 1), and along it in metres.
    pub uvs: Vec<Vec2>,
    /// Triangles, counter-clockwise from outside.
    pub indices: Vec<u32>,
}

/// A line through all points, `segments + 1` of it (Catmull and Rom, 1974, uniform).
#[must_use]
pub fn through(points: &[Vec3], segments: usize) -> Vec<Vec3> {
    let spans = points.len().saturating_sub(1);
    if spans == 0 {
        return vec![points.first().copied().unwrap_or_default(); segments + 1];
    }
    let point = |at: isize| -> Vec3 {
        let last = spans as isize;
        match at {
            -1 => points[0] * 2.0 - points[1],
            at if at > last => points[spans] * 2.0 - points[spans - 1],
            at => points[at as usize],
        }
    };
    let along = |step: usize| {
        let t = step as f32 / segments as f32 * spans as f32;
        let span = (t as usize).min(spans - 1);
        let (u, k) = (t - span as f32, span as isize);
        let (a, b, c, d) = (point(k - 1), point(k), point(k + 1), point(k + 2));
        0.5 * (2.0 * b
            + (c - a) * u
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * u * u
            + (3.0 * b - a - 3.0 * c + d) * u * u * u)
    };
    (0..=segments).map(along).collect()
}

/// The same for widths.
#[must_use]
pub fn widths(of: &[f32], segments: usize) -> Vec<f32> {
    let points: Vec<Vec3> = of.iter().map(|width| Vec3::X * *width).collect();
    through(&points, segments).into_iter().map(|point| point.x).collect()
}

/// How a sweep is made.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// Points around.
    pub around: usize,
    /// How deep a ring is for its width.
    pub depth: f32,
    /// Where the depth points at the beginning.
    pub front: Vec3,
    /// Pleats around, and how far they stand out for the width.
    pub pleats: Option<(usize, f32)>,
    /// Whether both ends are closed.
    pub closed: bool,
}

impl Default for Sweep {
    fn default() -> Self {
        Self { around: 28, depth: 1.0, front: Vec3::Z, pleats: None, closed: true }
    }
}

/// The frames along a line: a direction ahead, one to the front and one to the side, turned as little as can be.
fn frames(line: &[Vec3], front: Vec3) -> Vec<(Vec3, Vec3)> {
    let last = line.len() - 1;
    let mut normal: Option<Vec3> = None;
    let mut frames = Vec::with_capacity(line.len());
    for at in 0..=last {
        let ahead = (line[(at + 1).min(last)] - line[at.saturating_sub(1)]).normalize_or(Vec3::Y);
        let wish = normal.unwrap_or(front);
        let straight = wish - ahead * wish.dot(ahead);
        let straight = if straight.length() < 1e-3 { ahead.any_orthonormal_vector() } else { straight };
        let straight = straight.normalize();
        normal = Some(straight);
        frames.push((straight, ahead.cross(straight).normalize_or(Vec3::X)));
    }
    frames
}

impl Shape {
    /// Rings of these widths along a line.
    #[must_use]
    pub fn swept(line: &[Vec3], widths: &[f32], sweep: Sweep) -> Self {
        let mut shape = Self::default();
        let mut length = 0.0;
        let last = line.len() - 1;
        for (at, (front, side)) in frames(line, sweep.front).into_iter().enumerate() {
            if at > 0 {
                length += line[at].distance(line[at - 1]);
            }
            for step in 0..=sweep.around {
                let turn = step as f32 / sweep.around as f32;
                let angle = turn * std::f32::consts::TAU;
                let mut width = widths[at].max(1e-4);
                if let Some((pleats, amount)) = sweep.pleats {
                    let open = (at as f32 / last as f32 * 1.6).min(1.0);
                    let fold = (angle * pleats as f32 / 2.0).cos().abs() - 0.6;
                    width *= 1.0 + amount * fold * open * 2.0;
                }
                let out = front * angle.cos() * sweep.depth + side * angle.sin();
                shape.positions.push(line[at] + out * width);
                shape.uvs.push(Vec2::new(turn, length));
            }
        }
        shape.bridge(line.len(), sweep.around + 1);
        if sweep.closed {
            shape.close(0, line[0], sweep.around, true);
            shape.close(last * (sweep.around + 1), line[last], sweep.around, false);
        }
        shape
    }

    /// A limb: a line with widths and round ends.
    #[must_use]
    pub fn limb(points: &[Vec3], width: &[f32], segments: usize, sweep: Sweep) -> Self {
        const CAP: usize = 6;
        let mut line = through(points, segments);
        let mut wide = widths(width, segments);
        let round = |centre: Vec3, out: Vec3, width: f32| {
            (1..=CAP).map(move |step| {
                let angle = std::f32::consts::FRAC_PI_2 * step as f32 / CAP as f32;
                (centre + out * width * angle.sin(), width * angle.cos())
            })
        };
        let (first, last) = (line[0], line[segments]);
        let back = (first - line[1]).normalize_or(Vec3::Y);
        let ahead = (last - line[segments - 1]).normalize_or(Vec3::Y);
        let mut begin: Vec<(Vec3, f32)> = round(first, back, wide[0]).collect();
        begin.reverse();
        let end: Vec<(Vec3, f32)> = round(last, ahead, wide[segments]).collect();
        line = begin.iter().map(|it| it.0).chain(line).chain(end.iter().map(|it| it.0)).collect();
        wide = begin.iter().map(|it| it.1).chain(wide).chain(end.iter().map(|it| it.1)).collect();
        Self::swept(&line, &wide, Sweep { closed: false, ..sweep })
    }

    /// A body turned on a lathe: widths at heights, from below.
    #[must_use]
    pub fn turned(profile: &[(f32, f32)], around: usize, scale: Vec2) -> Self {
        let mut shape = Self::default();
        let mut length = 0.0;
        for (at, (width, height)) in profile.iter().enumerate() {
            if at > 0 {
                length += Vec2::from(profile[at]).distance(Vec2::from(profile[at - 1]));
            }
            for step in 0..=around {
                let turn = step as f32 / around as f32;
                let angle = turn * std::f32::consts::TAU;
                let out = Vec3::new(angle.cos() * scale.x, 0.0, -angle.sin() * scale.y);
                shape.positions.push(out * *width + Vec3::Y * *height);
                shape.uvs.push(Vec2::new(turn, length));
            }
        }
        shape.bridge(profile.len(), around + 1);
        shape
    }

    /// Triangles between rings that follow each other.
    fn bridge(&mut self, rings: usize, around: usize) {
        for ring in 0..rings.saturating_sub(1) {
            for step in 0..around - 1 {
                let a = (ring * around + step) as u32;
                let (b, c) = (a + 1, a + around as u32);
                self.indices.extend([a, b, c, b, c + 1, c]);
            }
        }
    }

    fn close(&mut self, from: usize, centre: Vec3, around: usize, below: bool) {
        let middle = self.positions.len() as u32;
        self.positions.push(centre);
        self.uvs.push(self.uvs[from]);
        for step in 0..around {
            let (a, b) = ((from + step) as u32, (from + step + 1) as u32);
            self.indices.extend(if below { [middle, b, a] } else { [middle, a, b] });
        }
    }

    /// Moves every point.
    #[must_use]
    pub fn moved(mut self, mut by: impl FnMut(Vec3) -> Vec3) -> Self {
        self.positions.iter_mut().for_each(|point| *point = by(*point));
        self
    }

    /// Takes another shape in.
    pub fn add(&mut self, other: Self) {
        let from = self.positions.len() as u32;
        self.positions.extend(other.positions);
        self.uvs.extend(other.uvs);
        self.indices.extend(other.indices.into_iter().map(|index| index + from));
    }

    /// Directions out of the surface, smoothed over points that lie in the same place.
    #[must_use]
    pub fn normals(&self) -> Vec<Vec3> {
        let mut sums = std::collections::HashMap::<[i32; 3], Vec3>::new();
        let place = |point: Vec3| (point * 20_000.0).round().as_ivec3().to_array();
        for triangle in self.indices.chunks_exact(3) {
            let [a, b, c] = [0, 1, 2].map(|corner| self.positions[triangle[corner] as usize]);
            let out = (b - a).cross(c - a);
            [a, b, c].into_iter().for_each(|point| *sums.entry(place(point)).or_default() += out);
        }
        let of = |point: &Vec3| sums.get(&place(*point)).copied().unwrap_or(Vec3::Y).normalize_or(Vec3::Y);
        self.positions.iter().map(of).collect()
    }

    /// The mesh of this shape.
    #[must_use]
    pub fn mesh(&self) -> Mesh {
        Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
            .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, self.positions.clone())
            .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, self.normals())
            .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, self.uvs.clone())
            .with_inserted_indices(Indices::U32(self.indices.clone()))
    }
}
