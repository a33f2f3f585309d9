//! Parts: corners, triangles, skins and shapes, counted before they are kept.

use std::collections::BTreeMap;

use bevy::prelude::{Mat4, Vec2, Vec3};
use gltf::json::mesh::{Mesh, Mode, Primitive, Semantic};
use gltf::json::validation::Checked;
use gltf::json::{Index, accessor};
use serde::Deserialize;

use super::data::{Data, Form};
use super::faces::Origin;
use super::surface::Surfaces;
use super::tree::Tree;
use super::{
    AvatarError, MOST_CORNERS, MOST_JOINTS, MOST_MOVES, MOST_PARTS, MOST_SHAPES, MOST_TRIANGLES, Part, Shape,
    Skin, geometry, one_line,
};

const SIMPLIFY: &str = "Use a file with fewer, or simplify it in Blender (Decimate)";
const FEWER_SHAPES: &str = "Use a file with fewer face shapes, or simplify the face in Blender";

type AccessorIndex = Index<accessor::Accessor>;

/// What has been read so far, and how much of everything.
pub(super) struct Reader<'a> {
    data: &'a Data<'a>,
    tree: &'a Tree,
    /// What there is to draw.
    pub(super) parts: Vec<Part>,
    /// Where each part comes from.
    pub(super) origins: Vec<Origin>,
    /// How parts hang on nodes: those that a part uses.
    pub(super) skins: Vec<Skin>,
    known_skins: BTreeMap<usize, usize>,
    known_names: BTreeMap<usize, Vec<String>>,
    /// What parts look like: those that a part uses.
    pub(super) surfaces: Surfaces,
    pieces: u64,
    corners: u64,
    triangles: u64,
    moves: u64,
}

impl<'a> Reader<'a> {
    /// Nothing yet.
    pub(super) fn new(data: &'a Data<'a>, tree: &'a Tree) -> Self {
        Self {
            data,
            tree,
            parts: Vec::new(),
            origins: Vec::new(),
            skins: Vec::new(),
            known_skins: BTreeMap::new(),
            known_names: BTreeMap::new(),
            surfaces: Surfaces::default(),
            pieces: 0,
            corners: 0,
            triangles: 0,
            moves: 0,
        }
    }

    /// Reads what the scene shows.
    ///
    /// # Errors
    /// Where anything of it is broken, or too much.
    pub(super) fn read_parts(&mut self) -> Result<(), AvatarError> {
        let (root, tree) = (self.data.root, self.tree);
        for (node, (source, shown)) in tree.sources.iter().zip(&tree.shown).enumerate() {
            let of_file = root.nodes.get(*source).filter(|_| *shown);
            let Some(mesh) = of_file.and_then(|of_file| of_file.mesh).map(|mesh| mesh.value()) else {
                continue;
            };
            let mesh_of_file =
                root.meshes.get(mesh).ok_or(AvatarError::Missing { what: "mesh", index: mesh })?;
            let skin = of_file.and_then(|of_file| of_file.skin).map(|skin| skin.value());
            for primitive in &mesh_of_file.primitives {
                self.pieces += 1;
                AvatarError::limit("pieces of mesh", self.pieces, MOST_PARTS, "Join its meshes in Blender")?;
                if let Some(part) = self.read_part(node, skin, mesh, primitive)? {
                    self.parts.push(part);
                    self.origins.push(Origin { mesh, node: *source });
                }
            }
        }
        Ok(())
    }

    /// One part; none where there are no triangles in it.
    fn read_part(
        &mut self,
        node: usize,
        skin: Option<usize>,
        mesh: usize,
        primitive: &Primitive,
    ) -> Result<Option<Part>, AvatarError> {
        let attribute = |semantic| primitive.attributes.get(&Checked::Valid(semantic)).copied();
        let triangles = matches!(primitive.mode, Checked::Valid(Mode::Triangles));
        let Some(positions) = attribute(Semantic::Positions).filter(|_| triangles) else { return Ok(None) };
        let Some((rows, indices)) = self.read_triangles(positions, primitive.indices)? else {
            return Ok(None);
        };
        let place = format!("a corner of mesh {mesh}");
        let positions = self.vectors(positions, &rows, &place)?;
        let normals = match attribute(Semantic::Normals) {
            Some(normals) => {
                let normals = self.vectors(normals, &rows, &place)?;
                normals.into_iter().map(geometry::of_length_1).collect()
            }
            None => geometry::normals(&positions, &indices),
        };
        let colours = match attribute(Semantic::Colors(0)) {
            Some(colours) => self.colours(colours, &rows)?,
            None => Vec::new(),
        };
        let hung = (skin, attribute(Semantic::Joints(0)), attribute(Semantic::Weights(0)));
        let (skin, joints, weights) = match hung {
            (Some(skin), Some(joints), Some(weights)) => {
                let skin = self.skin(skin)?;
                let (joints, weights) = self.hung(skin, joints, weights, &rows)?;
                (Some(skin), joints, weights)
            }
            _ => (None, Vec::new(), Vec::new()),
        };
        let shapes = self.shapes(mesh, primitive, &rows)?;
        let (surface, set) = self.surfaces.of(self.data, primitive.material.map(|it| it.value()))?;
        let uvs = match attribute(Semantic::TexCoords(set)) {
            Some(uvs) => self.uvs(uvs, &rows)?,
            None => vec![Vec2::ZERO; rows.len()],
        };
        Ok(Some(Part {
            node,
            skin,
            positions,
            normals,
            uvs,
            colours,
            joints,
            weights,
            indices,
            shapes,
            surface,
        }))
    }

    /// The rows of the corners that triangles use, in rising order, and the triangles by these. Parts often share one large
    /// table of corners, of which each keeps its own.
    #[expect(clippy::type_complexity, reason = "two lists, named above")]
    fn read_triangles(
        &mut self,
        positions: AccessorIndex,
        indices: Option<AccessorIndex>,
    ) -> Result<Option<(Vec<u32>, Vec<u32>)>, AvatarError> {
        let corners = self.data.count(positions)?;
        AvatarError::limit("corners in a mesh", corners, MOST_CORNERS, SIMPLIFY)?;
        let count = indices.map_or(Ok(corners), |indices| self.data.count(indices))?;
        self.triangles = self.triangles.saturating_add(count / 3);
        AvatarError::limit("triangles", self.triangles, MOST_TRIANGLES, SIMPLIFY)?;
        let (corners, count) = (corners as usize, (count - count % 3) as usize);
        let mut named: Vec<u32> = match indices {
            Some(indices) => {
                let table = self.data.table(indices, Form::Wholes(1))?;
                (0..count).map(|row| table.wholes::<1>(row)).map(|[corner]| corner).collect()
            }
            None => (0..count as u32).collect(),
        };
        if let Some(corner) = named.iter().copied().find(|corner| *corner as usize >= corners) {
            return Err(AvatarError::Corner { corner, corners });
        }
        let mut rows = named.clone();
        rows.sort_unstable();
        rows.dedup();
        self.corners += rows.len() as u64;
        AvatarError::limit("corners", self.corners, MOST_CORNERS, SIMPLIFY)?;
        if rows.len() < corners {
            for corner in &mut named {
                // Every corner is in the rows, which came from them.
                *corner = rows.binary_search(corner).unwrap_or_default() as u32;
            }
        }
        Ok(Some((rows, named)).filter(|(rows, _)| !rows.is_empty()))
    }

    fn rows<const N: usize>(
        &self,
        index: AccessorIndex,
        rows: &[u32],
    ) -> Result<impl Iterator<Item = [f32; N]>, AvatarError> {
        let table = self.data.table(index, Form::Floats(N))?;
        if rows.last().is_some_and(|last| *last as usize >= table.count) {
            return Err(AvatarError::Form(index.value()));
        }
        Ok(rows.iter().map(move |row| table.floats(*row as usize)))
    }

    fn vectors(&self, index: AccessorIndex, rows: &[u32], what: &str) -> Result<Vec<Vec3>, AvatarError> {
        let vectors: Vec<Vec3> = self.rows(index, rows)?.map(Vec3::from_array).collect();
        let finite = vectors.iter().all(|vector| vector.is_finite());
        if finite { Ok(vectors) } else { Err(AvatarError::Number(what.to_owned())) }
    }

    fn uvs(&self, index: AccessorIndex, rows: &[u32]) -> Result<Vec<Vec2>, AvatarError> {
        // A corner without a place in the picture spoils a triangle, not the figure.
        let uvs = self.rows(index, rows)?.map(Vec2::from_array);
        Ok(uvs.map(|uv| if uv.is_finite() { uv } else { Vec2::ZERO }).collect())
    }

    fn colours(&self, index: AccessorIndex, rows: &[u32]) -> Result<Vec<[f32; 4]>, AvatarError> {
        let clean = |part: f32| if part.is_finite() { part.clamp(0.0, 1.0) } else { 1.0 };
        // With their opacity, or without.
        if let Ok(colours) = self.rows::<4>(index, rows) {
            return Ok(colours.map(|colour| colour.map(clean)).collect());
        }
        let colours = self.rows::<3>(index, rows)?.map(|colour| colour.map(clean));
        Ok(colours.map(|[red, green, blue]| [red, green, blue, 1.0]).collect())
    }

    #[expect(clippy::type_complexity, reason = "the two lists of a part")]
    fn hung(
        &self,
        skin: usize,
        joints: AccessorIndex,
        weights: AccessorIndex,
        rows: &[u32],
    ) -> Result<(Vec<[u16; 4]>, Vec<[f32; 4]>), AvatarError> {
        let most = self.skins.get(skin).map_or(0, |skin| skin.joints.len());
        let table = self.data.table(joints, Form::Wholes(4))?;
        if rows.last().is_some_and(|last| *last as usize >= table.count) {
            return Err(AvatarError::Form(joints.value()));
        }
        let (mut all_joints, mut all_weights) = (Vec::new(), Vec::new());
        for (row, weights) in rows.iter().zip(self.rows::<4>(weights, rows)?) {
            if !weights.iter().all(|weight| weight.is_finite()) {
                return Err(AvatarError::Number("a weight".to_owned()));
            }
            let of_file: [u32; 4] = table.wholes(*row as usize);
            let mut joints = [0; 4];
            for ((joint, weight), slot) in of_file.into_iter().zip(weights).zip(&mut joints) {
                // Exporters leave anything where the weight is nothing.
                if weight > 0.0 {
                    let beyond = AvatarError::Joint { joint, joints: most };
                    *slot = u16::try_from(joint).ok().filter(|it| usize::from(*it) < most).ok_or(beyond)?;
                }
            }
            // A corner that hangs on nothing hangs on the first joint, which is what is left in its slots.
            all_joints.push(joints);
            all_weights.push(geometry::shares(weights));
        }
        Ok((all_joints, all_weights))
    }

    fn skin(&mut self, index: usize) -> Result<usize, AvatarError> {
        if let Some(known) = self.known_skins.get(&index) {
            return Ok(*known);
        }
        let missing = |what, index| AvatarError::Missing { what, index };
        let skin = self.data.root.skins.get(index).ok_or(missing("skin", index))?;
        let count = skin.joints.len();
        AvatarError::limit(
            "joints in a skin",
            count as u64,
            MOST_JOINTS,
            "Use a file with a simpler armature",
        )?;
        if count == 0 {
            return Err(AvatarError::Joint { joint: 0, joints: 0 });
        }
        let joints = skin.joints.iter().map(|joint| joint.value());
        let joints = joints.map(|joint| self.tree.ours(joint).ok_or(missing("node", joint)));
        let joints: Vec<usize> = joints.collect::<Result<_, _>>()?;
        let inverse_bind: Vec<Mat4> = match skin.inverse_bind_matrices {
            None => vec![Mat4::IDENTITY; count],
            Some(matrices) => {
                let table = self.data.table(matrices, Form::Matrices)?;
                if table.count < count {
                    return Err(AvatarError::Form(matrices.value()));
                }
                (0..count).map(|row| of_places(table.floats(row))).collect()
            }
        };
        if !inverse_bind.iter().all(|matrix| matrix.is_finite()) {
            return Err(AvatarError::Number(format!("a matrix of skin {index}")));
        }
        self.known_skins.insert(index, self.skins.len());
        self.skins.push(Skin { joints, inverse_bind });
        Ok(self.skins.len() - 1)
    }

    fn shapes(
        &mut self,
        mesh: usize,
        primitive: &Primitive,
        rows: &[u32],
    ) -> Result<Vec<Shape>, AvatarError> {
        let targets = primitive.targets.as_deref().unwrap_or_default();
        AvatarError::limit("shapes in a mesh", targets.len() as u64, MOST_SHAPES, FEWER_SHAPES)?;
        let tables = targets.iter().map(|target| 1 + u64::from(target.normals.is_some())).sum::<u64>();
        self.moves += tables * rows.len() as u64;
        AvatarError::limit("corners moved by shapes", self.moves, MOST_MOVES, FEWER_SHAPES)?;
        let of_file = self.data.root.meshes.get(mesh);
        self.known_names.entry(mesh).or_insert_with(|| of_file.map(names).unwrap_or_default());
        let names = self.known_names.get(&mesh).map(Vec::as_slice).unwrap_or_default();
        let mut shapes = Vec::with_capacity(targets.len());
        for (at, target) in targets.iter().enumerate() {
            let what = format!("a corner of shape {at} of mesh {mesh}");
            let positions = match target.positions {
                Some(positions) => self.vectors(positions, rows, &what)?,
                None => vec![Vec3::ZERO; rows.len()],
            };
            let normals = match target.normals {
                Some(normals) => self.vectors(normals, rows, &what)?,
                None => Vec::new(),
            };
            shapes.push(Shape { name: names.get(at).cloned().unwrap_or_default(), positions, normals });
        }
        Ok(shapes)
    }
}

/// A matrix as a skin has it: its last row says nothing, and exporters round it.
fn of_places(mut matrix: [f32; 16]) -> Mat4 {
    for (row, number) in matrix.iter_mut().skip(3).step_by(4).enumerate() {
        *number = if row == 3 { 1.0 } else { 0.0 };
    }
    Mat4::from_cols_array(&matrix)
}

/// What the standard leaves to custom, and everybody does.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Extras {
    target_names: Vec<String>,
}

/// The names of a mesh's shapes: on the mesh, or, in older files, on its first piece.
fn names(mesh: &Mesh) -> Vec<String> {
    let places = [Some(&mesh.extras), mesh.primitives.first().map(|primitive| &primitive.extras)];
    let read = places.into_iter().flatten().flatten().filter_map(|extras| {
        let names = serde_json::from_str::<Extras>(extras.get()).ok()?.target_names;
        Some(names).filter(|names| !names.is_empty())
    });
    let names = read.into_iter().next().unwrap_or_default();
    names.iter().take(MOST_SHAPES as usize).map(|name| one_line(name, 64)).collect()
}
