//! Which node is which bone: as a VRM file says, or as the names of common rigs tell (Mixamo, Ready Player Me, `VRoid`,
//! `VRChat`, Rigify, Unreal, 3ds Max, Character Creator, Daz).

use std::collections::BTreeMap;

use serde_json::Value;

use super::tree::Tree;

/// A bone of a body, by the names of VRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the standard say what they are")]
pub enum Bone {
    Hips,
    Spine,
    Chest,
    UpperChest,
    Neck,
    Head,
    LeftEye,
    RightEye,
    Jaw,
    LeftShoulder,
    RightShoulder,
    LeftUpperArm,
    RightUpperArm,
    LeftLowerArm,
    RightLowerArm,
    LeftHand,
    RightHand,
    LeftUpperLeg,
    RightUpperLeg,
    LeftLowerLeg,
    RightLowerLeg,
    LeftFoot,
    RightFoot,
}

/// Which node is which bone: an index into [`super::Avatar::nodes`].
pub type Bones = BTreeMap<Bone, usize>;

/// Bones with their names in VRM.
const NAMES: [(Bone, &str); 23] = [
    (Bone::Hips, "hips"),
    (Bone::Spine, "spine"),
    (Bone::Chest, "chest"),
    (Bone::UpperChest, "upperChest"),
    (Bone::Neck, "neck"),
    (Bone::Head, "head"),
    (Bone::LeftEye, "leftEye"),
    (Bone::RightEye, "rightEye"),
    (Bone::Jaw, "jaw"),
    (Bone::LeftShoulder, "leftShoulder"),
    (Bone::RightShoulder, "rightShoulder"),
    (Bone::LeftUpperArm, "leftUpperArm"),
    (Bone::RightUpperArm, "rightUpperArm"),
    (Bone::LeftLowerArm, "leftLowerArm"),
    (Bone::RightLowerArm, "rightLowerArm"),
    (Bone::LeftHand, "leftHand"),
    (Bone::RightHand, "rightHand"),
    (Bone::LeftUpperLeg, "leftUpperLeg"),
    (Bone::RightUpperLeg, "rightUpperLeg"),
    (Bone::LeftLowerLeg, "leftLowerLeg"),
    (Bone::RightLowerLeg, "rightLowerLeg"),
    (Bone::LeftFoot, "leftFoot"),
    (Bone::RightFoot, "rightFoot"),
];

impl Bone {
    /// Its name in VRM.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(bone, _)| *bone == self).map_or("", |(_, name)| name)
    }

    /// The bone of that name, or none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, it)| *it == name).map(|(bone, _)| *bone)
    }
}

/// The bones without which a figure has no body.
const NEEDED: [Bone; 6] = [
    Bone::Hips,
    Bone::Head,
    Bone::LeftUpperLeg,
    Bone::RightUpperLeg,
    Bone::LeftUpperArm,
    Bone::RightUpperArm,
];

/// Whether there are enough bones for a body.
pub(super) fn is_body(bones: &Bones) -> bool {
    NEEDED.iter().all(|bone| bones.contains_key(bone))
}

/// The bones that a VRM file names: the value of its extension, `VRM` or `VRMC_vrm`. What names no node is left out.
pub(super) fn named(vrm: &Value, tree: &Tree) -> Bones {
    let mut bones = Bones::new();
    let mut take = |name: Option<&str>, node: Option<&Value>| {
        let node = node.and_then(Value::as_u64).and_then(|node| usize::try_from(node).ok());
        if let (Some(bone), Some(at)) =
            (name.and_then(Bone::from_name), node.and_then(|node| tree.ours(node)))
        {
            bones.entry(bone).or_insert(at);
        }
    };
    match vrm.get("humanoid").and_then(|humanoid| humanoid.get("humanBones")) {
        Some(Value::Array(list)) => {
            list.iter().for_each(|it| take(it.get("bone").and_then(Value::as_str), it.get("node")));
        }
        Some(Value::Object(map)) => map.iter().for_each(|(name, it)| take(Some(name), it.get("node"))),
        _ => {}
    }
    bones
}

/// A side of the body, its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Its own left.
    Left,
    /// Its own right.
    Right,
}

/// The words of a name in small letters: cut at what is no letter and no digit, and where a capital begins a word.
pub(super) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|it| !it.is_uppercase() || after.is_some_and(|next| next.is_lowercase()));
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The side that a word names.
pub(super) fn side(word: &str) -> Option<Side> {
    match word {
        "l" | "left" => Some(Side::Left),
        "r" | "right" => Some(Side::Right),
        _ => None,
    }
}

/// Words that name a rig and no bone.
const RIGS: [&str; 15] = [
    "j",
    "bip",
    "bip01",
    "bip001",
    "c",
    "adj",
    "def",
    "cc",
    "base",
    "rig",
    "bone",
    "jnt",
    "joint",
    "armature",
    "valvebiped",
];

/// What the name of a node says: its words in one, without the rig and the side; and the side.
fn said(name: &str) -> (String, Option<Side>) {
    let mut words = words(name);
    words.retain(|word| !word.starts_with("mixamorig") && !RIGS.contains(&word.as_str()));
    let found = words.iter().position(|word| side(word).is_some());
    let named = found.map(|at| words.remove(at)).and_then(|word| side(&word));
    let joined = words.concat();
    if named.is_some() {
        return (joined, named);
    }
    for (start, named) in [("left", Side::Left), ("right", Side::Right)] {
        if let Some(rest) = joined.strip_prefix(start) {
            return (rest.to_owned(), Some(named));
        }
    }
    (joined, None)
}

/// What bones in the middle are called, the surest name first.
const MIDDLE: [(Bone, &[&str]); 3] = [
    (Bone::Hips, &["hips", "hip", "pelvis"]),
    (Bone::Head, &["head", "spine006"]),
    (Bone::Jaw, &["jaw", "jawroot", "lowerjaw", "jawmaster"]),
];

/// What bones of the sides are called: the left one, the right one, the surest name first.
const SIDED: [(Bone, Bone, &[&str]); 8] = [
    (Bone::LeftEye, Bone::RightEye, &["eye", "faceeye", "eyeball"]),
    (Bone::LeftShoulder, Bone::RightShoulder, &["shoulder", "clavicle", "collar"]),
    (Bone::LeftUpperArm, Bone::RightUpperArm, &["upperarm", "uparm", "arm", "shldrbend", "shldr"]),
    (Bone::LeftLowerArm, Bone::RightLowerArm, &["lowerarm", "forearm", "lowarm", "forearmbend", "elbow"]),
    (Bone::LeftHand, Bone::RightHand, &["hand", "wrist"]),
    // In some rigs the leg is the upper one, and a knee follows; in others it is the lower one, after a thigh.
    (Bone::LeftUpperLeg, Bone::RightUpperLeg, &["upperleg", "upleg", "thigh", "thighbend", "hip", "leg"]),
    (Bone::LeftLowerLeg, Bone::RightLowerLeg, &["lowerleg", "lowleg", "calf", "shin", "knee", "leg"]),
    (Bone::LeftFoot, Bone::RightFoot, &["foot", "ankle"]),
];

/// The bones that the names of nodes tell. `likely` says how likely each node is to be a bone, the likeliest least.
pub(super) fn guessed(tree: &Tree, likely: &[u8]) -> Bones {
    let heard: Vec<_> = tree.nodes.iter().map(|node| said(&node.name)).collect();
    let find = |names: &[&str], side: Option<Side>| {
        let ranked = heard.iter().enumerate().filter(|(_, it)| it.1 == side).filter_map(|(at, it)| {
            let name = names.iter().position(|name| *name == it.0)?;
            Some((likely.get(at).copied().unwrap_or(u8::MAX), name, at))
        });
        ranked.min().map(|(_, _, at)| at)
    };
    let mut bones = Bones::new();
    for (bone, names) in MIDDLE {
        bones.extend(find(names, None).map(|at| (bone, at)));
    }
    for (left, right, names) in SIDED {
        bones.extend(find(names, Some(Side::Left)).map(|at| (left, at)));
        bones.extend(find(names, Some(Side::Right)).map(|at| (right, at)));
    }
    for (upper, lower) in
        [(Bone::LeftUpperLeg, Bone::LeftLowerLeg), (Bone::RightUpperLeg, Bone::RightLowerLeg)]
    {
        if bones.get(&upper) == bones.get(&lower) {
            bones.remove(&lower);
        }
    }
    if let (None, Some(left), Some(right)) = (
        bones.get(&Bone::Hips),
        bones.get(&Bone::LeftUpperLeg).copied(),
        bones.get(&Bone::RightUpperLeg).copied(),
    ) {
        let above: Vec<usize> = up(tree, left).collect();
        bones.extend(up(tree, right).find(|at| above.contains(at)).map(|at| (Bone::Hips, at)));
    }
    back(tree, &heard, &mut bones);
    bones
}

/// The nodes above one, the nearest first.
fn up(tree: &Tree, from: usize) -> impl Iterator<Item = usize> + '_ {
    let above = |at: &usize| tree.nodes.get(*at).and_then(|node| node.parent);
    std::iter::successors(Some(from), above).skip(1)
}

/// What lies between hips and head, whatever it is called: a spine first, then up to two chests, and a neck last.
fn back(tree: &Tree, heard: &[(String, Option<Side>)], bones: &mut Bones) {
    let (Some(hips), Some(head)) = (bones.get(&Bone::Hips).copied(), bones.get(&Bone::Head).copied()) else {
        return;
    };
    if !up(tree, head).any(|at| at == hips) {
        return;
    }
    let mut between: Vec<usize> = up(tree, head).take_while(|at| *at != hips).collect();
    between.reverse();
    let is_neck = |at: &usize| heard.get(*at).is_some_and(|(word, _)| word.starts_with("neck"));
    let neck = between.iter().position(is_neck).or(between.len().checked_sub(1).filter(|last| *last > 2));
    if let Some(neck) = neck {
        bones.extend(between.drain(neck..).next().map(|at| (Bone::Neck, at)));
    }
    bones.extend([Bone::Spine, Bone::Chest, Bone::UpperChest].into_iter().zip(between));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rig whose nodes are named with their parents: `name<parent`.
    fn bones(rig: &str) -> BTreeMap<&'static str, String> {
        let names: Vec<(&str, &str)> =
            rig.split(", ").map(|it| it.split_once('<').unwrap_or((it, ""))).collect();
        let nodes: Vec<Value> = names
            .iter()
            .map(|(name, _)| {
                let children: Vec<usize> =
                    (0..names.len()).filter(|child| names[*child].1 == *name).collect();
                serde_json::json!({ "name": name, "children": children })
            })
            .collect();
        let json = serde_json::json!({ "asset": { "version": "2.0" }, "nodes": nodes });
        let tree = Tree::new(&serde_json::from_value(json).expect("a description")).expect("a tree");
        let name = |at: usize| tree.nodes[at].name.clone();
        guessed(&tree, &[]).into_iter().map(|(bone, at)| (bone.name(), name(at))).collect()
    }

    #[test]
    fn every_bone_is_found_by_its_name() {
        for (bone, name) in NAMES {
            assert_eq!((Bone::from_name(name), bone.name()), (Some(bone), name));
        }
        assert_eq!(Bone::from_name("leftToes"), None);
    }

    #[test]
    fn words_are_cut_at_capitals_and_signs() {
        assert_eq!(words("mixamorig:LeftUpLeg"), ["mixamorig", "left", "up", "leg"]);
        assert_eq!(words("LThigh_01.L"), ["l", "thigh", "01", "l"]);
        assert_eq!(words("..."), Vec::<String>::new());
    }

    #[test]
    fn common_rigs_are_understood() {
        let mixamo = bones(
            "mixamorig:Hips, mixamorig:Spine<mixamorig:Hips, mixamorig:Spine1<mixamorig:Spine, \
             mixamorig:Spine2<mixamorig:Spine1, mixamorig:Neck<mixamorig:Spine2, mixamorig:Head<mixamorig:Neck, \
             mixamorig:HeadTop_End<mixamorig:Head, mixamorig:LeftUpLeg<mixamorig:Hips, \
             mixamorig:LeftLeg<mixamorig:LeftUpLeg, mixamorig:LeftArm<mixamorig:Spine2, \
             mixamorig:LeftForeArm<mixamorig:LeftArm",
        );
        assert_eq!(mixamo["spine"], "mixamorig:Spine");
        assert_eq!(
            (mixamo["upperChest"].as_str(), mixamo["neck"].as_str()),
            ("mixamorig:Spine2", "mixamorig:Neck")
        );
        assert_eq!(mixamo["leftUpperLeg"], "mixamorig:LeftUpLeg");
        assert_eq!(mixamo["leftLowerLeg"], "mixamorig:LeftLeg");
        assert_eq!(mixamo["leftLowerArm"], "mixamorig:LeftForeArm");
        let vrchat = bones("Hips, Left leg<Hips, Left knee<Left leg, Left ankle<Left knee, Left elbow<Hips");
        assert_eq!(
            (vrchat["leftUpperLeg"].as_str(), vrchat["leftLowerLeg"].as_str()),
            ("Left leg", "Left knee")
        );
        assert_eq!(
            (vrchat["leftFoot"].as_str(), vrchat["leftLowerArm"].as_str()),
            ("Left ankle", "Left elbow")
        );
        let rigify = bones(
            "spine, spine.001<spine, spine.002<spine.001, spine.003<spine.002, spine.004<spine.003, \
             spine.006<spine.004, thigh.L<spine, thigh.R<spine, shin.L<thigh.L, upper_arm.R<spine.003",
        );
        assert_eq!((rigify["hips"].as_str(), rigify["neck"].as_str()), ("spine", "spine.004"));
        assert_eq!(
            (rigify["leftLowerLeg"].as_str(), rigify["rightUpperArm"].as_str()),
            ("shin.L", "upper_arm.R")
        );
        let vroid = bones("J_Bip_C_Hips, J_Bip_L_UpperLeg<J_Bip_C_Hips, J_Adj_L_FaceEye<J_Bip_C_Hips");
        assert_eq!((vroid["hips"].as_str(), vroid["leftEye"].as_str()), ("J_Bip_C_Hips", "J_Adj_L_FaceEye"));
        let unreal =
            bones("pelvis, thigh_l<pelvis, calf_l<thigh_l, clavicle_r<pelvis, upperarm_r<clavicle_r");
        assert_eq!((unreal["hips"].as_str(), unreal["rightShoulder"].as_str()), ("pelvis", "clavicle_r"));
        let max = bones("Bip01 Pelvis, Bip01 L Thigh<Bip01 Pelvis, Bip01 R Forearm<Bip01 Pelvis");
        assert_eq!(max["rightLowerArm"], "Bip01 R Forearm");
    }
}
