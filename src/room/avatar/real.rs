//! Files as people have them, where there are some: in the folder `avatar` of `INNER_ROOM_MODELS`.

use bevy::prelude::{Quat, Vec3};

use super::broken::spoil;
use super::{Avatar, Bone, Kind, Morph, from_bytes};

/// The bytes of a file; none, and a word, where the folder is not there.
fn file(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("INNER_ROOM_MODELS").map(std::path::PathBuf::from);
    let bytes = folder.and_then(|folder| std::fs::read(folder.join("avatar").join(name)).ok());
    if bytes.is_none() {
        let required =
            std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == "models"));
        assert!(
            !required,
            "there is no avatar/{name} in INNER_ROOM_MODELS, and INNER_ROOM_REQUIRE asks for models"
        );
        eprintln!("skipped: {name} (INNER_ROOM_MODELS names no folder with avatar/{name})");
    }
    bytes
}

/// A figure that a person could have; none, and a word, where the folder is not there.
pub(super) fn real_file(name: &str) -> Option<Avatar> {
    file(name).map(|bytes| from_bytes(&bytes).expect("it is read"))
}

/// What is promised of every figure.
fn assert_sound(avatar: &Avatar) {
    for (at, node) in avatar.nodes.iter().enumerate() {
        assert!(node.parent.is_none_or(|parent| parent < at && avatar.nodes[parent].children.contains(&at)));
        assert!(node.place.1.is_normalized());
    }
    for part in &avatar.parts {
        let corners = part.positions.len();
        assert!(part.normals.len() == corners && part.uvs.len() == corners);
        assert!(part.colours.is_empty() || part.colours.len() == corners);
        assert!(part.indices.len() % 3 == 0 && part.indices.iter().all(|index| (*index as usize) < corners));
        assert!(part.node < avatar.nodes.len() && part.surface < avatar.surfaces.len());
        let joints = part.skin.map_or(0, |skin| avatar.skins[skin].joints.len());
        let hung = if part.skin.is_some() { corners } else { 0 };
        assert!(part.joints.len() == hung && part.weights.len() == hung);
        assert!(part.joints.iter().flatten().all(|joint| usize::from(*joint) < joints));
        assert!(part.weights.iter().all(|weights| (weights.iter().sum::<f32>() - 1.0).abs() < 1e-3));
        assert!(part.shapes.iter().all(|shape| shape.positions.len() == corners));
    }
    for bind in avatar.faces.values().flatten() {
        assert!(bind.shape < avatar.parts[bind.part].shapes.len() && bind.weight > 0.0 && bind.weight <= 1.0);
    }
    assert!(avatar.bones.values().all(|node| *node < avatar.nodes.len()));
}

#[test]
fn a_figure_of_vrm_is_read() {
    let Some(bytes) = file("cryptovoxels.vrm") else { return };
    let avatar = from_bytes(&bytes).expect("it is read");
    assert_sound(&avatar);
    assert_eq!((avatar.kind, avatar.nodes.len(), avatar.parts.len()), (Kind::Humanoid, 74, 1));
    assert_eq!((avatar.skins[0].joints.len(), avatar.parts[0].shapes.len(), avatar.faces.len()), (57, 0, 0));
    assert_eq!(avatar.nodes[avatar.bones[&Bone::LeftLowerLeg]].name, "Left knee");
    let size = avatar.bounds.1 - avatar.bounds.0;
    assert!(size.y > 1.2 && size.y < 1.8 && size.x > 1.0, "{size}");
    // It looks along -Z, and its left is at -X; turned, it looks along +Z with its left at +X.
    assert!((avatar.faces_forward * Vec3::NEG_Z).distance(Vec3::Z) < 1e-6);
    assert_eq!(avatar.about.author.as_deref(), Some("jin"));
}

#[test]
fn a_head_of_arkit_is_read() {
    let Some(bytes) = file("ict_head_arkit.glb") else { return };
    let avatar = from_bytes(&bytes).expect("it is read");
    assert_sound(&avatar);
    assert_eq!((avatar.kind, avatar.faces_forward, avatar.bones.len()), (Kind::Head, Quat::IDENTITY, 0));
    let part = &avatar.parts[0];
    assert_eq!((part.positions.len(), part.indices.len() / 3, part.shapes.len()), (23_353, 45_644, 51));
    assert_eq!(avatar.faces.len(), Morph::ALL.len(), "every shape of a face");
    assert_eq!(avatar.faces[&Morph::Surprised].len(), 6, "one inner brow, two outer ones, two eyes, a jaw");
    let jaw = avatar.faces[&Morph::Aa][0];
    let lowest = part.shapes[jaw.shape].positions.iter().map(|it| it.y).fold(0.0, f32::min);
    assert!(lowest < -0.005, "the jaw goes down by {lowest}");
    assert!(!part.colours.is_empty() && avatar.about.licence.is_some());
}

#[test]
fn real_files_that_are_spoilt_by_chance_are_read_or_refused() {
    if let Some(bytes) = file("cryptovoxels.vrm") {
        spoil(&bytes, 2_000);
    }
    if let Some(bytes) = file("ict_head_arkit.glb") {
        spoil(&bytes, 40);
    }
}
