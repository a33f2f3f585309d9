//! Reads a file and puts a figure together from what was checked.

use std::path::Path;

use bevy::prelude::Quat;
use gltf::json::Root;
use serde_json::Value;

use super::data::Data;
use super::parts::Reader;
use super::surface::Surfaces;
use super::tree::Tree;
use super::{About, Avatar, AvatarError, Bones, Kind, SIZES, container, faces, geometry, humanoid, one_line};

/// A head that is taller than this for its width has a body below it.
const HEAD: f32 = 2.2;

/// Reads a figure from a file. What kind of file it is its content says, not the ending of its name. Pictures are read,
/// too, so that this may take seconds: not on a thread that draws.
///
/// # Errors
/// [`AvatarError`]: the file is not there, is broken, is too large, or cannot be shown.
pub fn load(path: &Path) -> Result<Avatar, AvatarError> {
    from_bytes(&container::read(path)?)
}

/// Reads a figure from the bytes of a file, as [`load`] does.
///
/// # Errors
/// [`AvatarError`]: the bytes are no binary glTF, are broken, too many, or cannot be shown.
pub fn from_bytes(bytes: &[u8]) -> Result<Avatar, AvatarError> {
    let (json, binary) = container::split(bytes)?;
    let root = container::describe(json, binary)?;
    let data = Data::new(&root, binary);
    let tree = Tree::new(&root)?;
    let mut reader = Reader::new(&data, &tree);
    reader.read_parts()?;
    if reader.parts.is_empty() {
        return Err(AvatarError::NoMesh);
    }
    let bounds = geometry::bounds(&tree, &reader.parts, &reader.skins);
    if !(bounds.0.is_finite() && bounds.1.is_finite()) {
        return Err(AvatarError::Number("the place of a corner".to_owned()));
    }
    let size = bounds.1 - bounds.0;
    let metres = size.max_element();
    if metres < SIZES.0 || metres > SIZES.1 {
        return Err(AvatarError::Size { metres });
    }
    let (version_1, version_0) = (extension(&root, "VRMC_vrm"), extension(&root, "VRM"));
    let vrm = version_1.or(version_0);
    let bones = bones(vrm, &tree, &reader);
    let faces = faces::faces(vrm, &reader.parts, &reader.origins);
    let kind = if humanoid::is_body(&bones) {
        Kind::Humanoid
    } else if !faces.is_empty() && size.y < HEAD * size.x {
        Kind::Head
    } else {
        Kind::Statue
    };
    // The first version of VRM looked the other way.
    let backwards = version_1.is_none() && version_0.is_some();
    let faces_forward = if backwards { Quat::from_xyzw(0.0, 1.0, 0.0, 0.0) } else { Quat::IDENTITY };
    let about = about(&root, vrm);
    let Reader { parts, skins, surfaces: Surfaces { surfaces, pictures, .. }, .. } = reader;
    let nodes = tree.nodes;
    Ok(Avatar { nodes, parts, skins, surfaces, pictures, bones, faces, kind, faces_forward, bounds, about })
}

fn extension<'a>(root: &'a Root, name: &str) -> Option<&'a Value> {
    root.extensions.as_ref().and_then(|extensions| extensions.others.get(name))
}

/// As the file says, else as the names of its nodes tell: joints rather than nodes that only group, those rather than meshes.
fn bones(vrm: Option<&Value>, tree: &Tree, reader: &Reader<'_>) -> Bones {
    let named = vrm.map(|vrm| humanoid::named(vrm, tree)).unwrap_or_default();
    if !named.is_empty() {
        return named;
    }
    let mut likely = vec![1; tree.nodes.len()];
    let meshes = reader.parts.iter().map(|part| (part.node, 2));
    let joints = reader.skins.iter().flat_map(|skin| &skin.joints).map(|joint| (*joint, 0));
    for (node, how) in meshes.chain(joints) {
        if let Some(slot) = likely.get_mut(node) {
            *slot = how;
        }
    }
    humanoid::guessed(tree, &likely)
}

fn about(root: &Root, vrm: Option<&Value>) -> About {
    let clean = |text: &str| Some(one_line(text, 200)).filter(|text| !text.is_empty());
    let meta = vrm.and_then(|vrm| vrm.get("meta"));
    let say = |keys: &[&str]| {
        let texts = keys.iter().filter_map(|key| meta?.get(key)?.as_str());
        texts.filter_map(clean).next()
    };
    let authors = meta.and_then(|meta| meta.get("authors")).and_then(Value::as_array);
    let authors =
        authors.map(|all| all.iter().filter_map(Value::as_str).take(20).collect::<Vec<_>>().join(", "));
    let copyright = root.asset.copyright.as_deref().and_then(clean);
    About {
        name: say(&["name", "title"]),
        author: authors.as_deref().and_then(clean).or_else(|| say(&["author"])),
        licence: say(&["licenseUrl", "licenseName"]).or(copyright),
    }
}
