//! Which shapes of which parts make a face: as a VRM file says; and for what it leaves open by name, as `ARKit`, Oculus
//! (Ready Player Me, `VRChat`), `VRoid` and MMD name them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::humanoid::{Side, side, words};
use super::{Bind, Faces, Morph, Part};

/// How many groups, and how many shapes in a group, are read.
const MOST_BINDS: usize = 512;

/// Where a part comes from: which mesh and which node of the file.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    /// Which mesh.
    pub(super) mesh: usize,
    /// Which node.
    pub(super) node: usize,
}

/// How much of which shape of which part.
type Mix = BTreeMap<(usize, usize), f32>;

/// The shapes of the face: as the extension `VRM` or `VRMC_vrm` says, and for the rest by name.
pub(super) fn faces(vrm: Option<&Value>, parts: &[Part], origins: &[Origin]) -> Faces {
    let mut mixes = BTreeMap::new();
    if let Some(vrm) = vrm {
        old(vrm, parts, origins, &mut mixes);
        new(vrm, parts, origins, &mut mixes);
    }
    let heard = hear(parts);
    for morph in Morph::ALL {
        mixes.entry(morph).or_insert_with(|| by_name(morph, &heard));
    }
    mixes.retain(|_, mix: &mut Mix| !mix.is_empty());
    let binds =
        |mix: Mix| mix.into_iter().map(|((part, shape), weight)| Bind { part, shape, weight }).collect();
    mixes.into_iter().map(|(morph, mix)| (morph, binds(mix))).collect()
}

/// How a file binds shapes: by its number of a part's mesh, or of its node; and the weight that is all of a shape.
struct Way {
    key: &'static str,
    of: fn(&Origin) -> usize,
    all: f64,
}

impl Way {
    /// Takes over what a file binds.
    fn take(&self, mix: &mut Mix, list: Option<&Value>, parts: &[Part], origins: &[Origin]) {
        let number = |bind: &Value, key: &str| {
            bind.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
        };
        for bind in list.and_then(Value::as_array).into_iter().flatten().take(MOST_BINDS) {
            let weight = bind.get("weight").and_then(Value::as_f64).map_or(1.0, |weight| weight / self.all);
            let (Some(from), Some(shape), true) =
                (number(bind, self.key), number(bind, "index"), weight > 0.0)
            else {
                continue;
            };
            for (at, (part, origin)) in parts.iter().zip(origins).enumerate() {
                if (self.of)(origin) == from && shape < part.shapes.len() {
                    mix.insert((at, shape), weight.min(1.0) as f32);
                }
            }
        }
    }
}

/// VRM 0.x: groups with a preset's name, weights up to 100.
fn old(vrm: &Value, parts: &[Part], origins: &[Origin], mixes: &mut BTreeMap<Morph, Mix>) {
    let way = Way { key: "mesh", of: |origin| origin.mesh, all: 100.0 };
    let groups = vrm.get("blendShapeMaster").and_then(|master| master.get("blendShapeGroups"));
    let mut halves = Mix::new();
    for group in groups.and_then(Value::as_array).into_iter().flatten().take(MOST_BINDS) {
        let text = |key| group.get(key).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let preset = text("presetName");
        let name = if matches!(preset.as_str(), "" | "unknown") { text("name") } else { preset };
        let half = matches!(name.as_str(), "blink_l" | "blink_r");
        let morph = Morph::from_old_name(&name).filter(|morph| !mixes.contains_key(morph));
        let mut mix = Mix::new();
        if half || morph.is_some() {
            way.take(&mut mix, group.get("binds"), parts, origins);
        }
        if half {
            halves.append(&mut mix);
        } else if let (Some(morph), false) = (morph, mix.is_empty()) {
            mixes.insert(morph, mix);
        }
    }
    if !halves.is_empty() {
        mixes.entry(Morph::Blink).or_insert(halves);
    }
}

/// VRM 1.0: expressions by name, weights up to 1.
fn new(vrm: &Value, parts: &[Part], origins: &[Origin], mixes: &mut BTreeMap<Morph, Mix>) {
    let way = Way { key: "node", of: |origin| origin.node, all: 1.0 };
    let preset = vrm.get("expressions").and_then(|expressions| expressions.get("preset"));
    let read = |names: &[&str]| {
        let mut mix = Mix::new();
        for name in names {
            let list = preset.and_then(|preset| preset.get(name)).and_then(|it| it.get("morphTargetBinds"));
            way.take(&mut mix, list, parts, origins);
        }
        Some(mix).filter(|mix| !mix.is_empty())
    };
    for morph in Morph::ALL {
        let mix = read(&[morph.name()])
            .or_else(|| if morph == Morph::Blink { read(&["blinkLeft", "blinkRight"]) } else { None });
        mixes.extend(mix.map(|mix| (morph, mix)));
    }
}

/// What the name of a shape says.
struct Heard {
    part: usize,
    shape: usize,
    /// Its words in one, without a side and a number at the end.
    word: String,
    side: Option<Side>,
}

fn hear(parts: &[Part]) -> Vec<Heard> {
    let mut heard = Vec::new();
    for (part, it) in parts.iter().enumerate() {
        for (shape, it) in it.shapes.iter().enumerate() {
            let mut words = words(&it.name);
            if words.len() > 1 && words.last().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit())) {
                words.pop();
            }
            let named = words.last().and_then(|word| side(word));
            if named.is_some() {
                words.pop();
            }
            let word = words.concat();
            // All in small letters, there is no capital at which a word begins.
            let low = [("left", Side::Left), ("right", Side::Right)].into_iter();
            let low =
                low.filter_map(|(end, side)| Some((word.strip_suffix(end)?.to_owned(), Some(side)))).next();
            let (word, side) = if named.is_some() { (word, named) } else { low.unwrap_or((word, None)) };
            heard.push(Heard { part, shape, word, side });
        }
    }
    heard
}

/// What a shape is called that is all of it, the surest name first.
fn whole(morph: Morph) -> &'static [&'static str] {
    match morph {
        Morph::Aa => &["visemeaa", "vrcvaa", "vaa", "fclmtha", "mtha", "aa", "a", "あ"],
        Morph::Ih => &["visemei", "visemeih", "vrcvih", "vih", "fclmthi", "mthi", "ih", "i", "い"],
        Morph::Ou => &["visemeu", "visemeou", "vrcvou", "vou", "fclmthu", "mthu", "ou", "u", "う"],
        Morph::Ee => &["visemee", "vrcve", "ve", "fclmthe", "mthe", "ee", "e", "え"],
        Morph::Oh => &["visemeo", "visemeoh", "vrcvoh", "voh", "fclmtho", "mtho", "oh", "o", "お"],
        Morph::Happy => &["fclalljoy", "happy", "joy"],
        Morph::Angry => &["fclallangry", "angry"],
        Morph::Sad => &["fclallsorrow", "sad", "sorrow"],
        Morph::Relaxed => &["fclallfun", "relaxed", "fun"],
        Morph::Surprised => &["fclallsurprised", "surprised"],
        Morph::Blink => &["fcleyeclose", "eyesclosed", "vrcblink", "blink", "まばたき"],
        Morph::LookUp => &["eyeslookup", "vrclookingup"],
        Morph::LookDown => &["eyeslookdown", "vrclookingdown"],
        Morph::LookLeft | Morph::LookRight => &[],
    }
}

/// Of which of `ARKit`'s shapes it is made, on which side if only on one, and how much.
fn arkit(morph: Morph) -> &'static [(&'static str, Option<Side>, f32)] {
    const LEFT: Option<Side> = Some(Side::Left);
    const RIGHT: Option<Side> = Some(Side::Right);
    match morph {
        Morph::Happy => &[("mouthsmile", None, 0.8), ("cheeksquint", None, 0.4)],
        Morph::Angry => &[("browdown", None, 0.9), ("mouthpress", None, 0.4)],
        Morph::Sad => &[("mouthfrown", None, 0.7), ("browinnerup", None, 0.8)],
        Morph::Relaxed => &[("mouthsmile", None, 0.25), ("eyesquint", None, 0.15)],
        Morph::Surprised => &[
            ("browinnerup", None, 0.9),
            ("browouterup", None, 0.8),
            ("eyewide", None, 0.7),
            ("jawopen", None, 0.3),
        ],
        Morph::Aa => &[("jawopen", None, 0.7)],
        Morph::Ih => &[("jawopen", None, 0.25), ("mouthstretch", None, 0.3)],
        Morph::Ou => &[("mouthpucker", None, 0.8), ("jawopen", None, 0.15)],
        Morph::Ee => &[("mouthsmile", None, 0.4), ("jawopen", None, 0.15), ("mouthstretch", None, 0.3)],
        Morph::Oh => &[("mouthfunnel", None, 0.7), ("jawopen", None, 0.3)],
        Morph::Blink => &[("eyeblink", None, 1.0)],
        Morph::LookUp => &[("eyelookup", None, 1.0)],
        Morph::LookDown => &[("eyelookdown", None, 1.0)],
        Morph::LookLeft => &[("eyelookout", LEFT, 1.0), ("eyelookin", RIGHT, 1.0)],
        Morph::LookRight => &[("eyelookin", LEFT, 1.0), ("eyelookout", RIGHT, 1.0)],
    }
}

fn by_name(morph: Morph, heard: &[Heard]) -> Mix {
    let found = whole(morph).iter().find_map(|name| {
        let named = heard.iter().filter(|it| it.word == *name && it.side.is_none());
        let mix: Mix = named.map(|it| ((it.part, it.shape), 1.0)).collect();
        Some(mix).filter(|mix| !mix.is_empty())
    });
    let made = || {
        arkit(morph)
            .iter()
            .flat_map(|(name, side, weight)| {
                // Whatever comes before the name is the mesh's or the exporter's.
                let named = heard.iter().filter(move |it| it.word.ends_with(name));
                let named = named.filter(move |it| side.is_none() || it.side == *side);
                named.map(|it| ((it.part, it.shape), *weight))
            })
            .collect()
    };
    found.unwrap_or_else(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::avatar::samples::part_with_shapes;

    fn mix(faces: &Faces, morph: Morph) -> Vec<(usize, f32)> {
        faces.get(&morph).into_iter().flatten().map(|bind| (bind.shape, bind.weight)).collect()
    }

    #[test]
    fn arkits_names_are_understood_however_they_are_written() {
        for names in [
            ["jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookInLeft", "eyeLookOutRight"],
            ["blendShape1.jawOpen", "EyeBlink_L", "EyeBlink_R", "eyeLookIn_L", "eyeLookOut_R"],
            ["Jaw_Open", "eyeblinkleft", "eyeblinkright", "eyelookinleft", "eyelookoutright"],
        ] {
            let faces = faces(None, &[part_with_shapes(&names)], &[]);
            assert_eq!(mix(&faces, Morph::Aa), [(0, 0.7)]);
            assert_eq!(mix(&faces, Morph::Blink), [(1, 1.0), (2, 1.0)]);
            assert_eq!(mix(&faces, Morph::LookRight), [(3, 1.0), (4, 1.0)]);
            assert_eq!(mix(&faces, Morph::LookLeft), []);
            assert_eq!(mix(&faces, Morph::Sad), []);
        }
    }

    #[test]
    fn a_viseme_of_its_own_goes_before_one_that_is_put_together() {
        let names = ["jawOpen", "viseme_aa", "viseme_U", "vrc.v_ih", "Fcl_MTH_E"];
        let faces = faces(None, &[part_with_shapes(&names)], &[]);
        assert_eq!((mix(&faces, Morph::Aa), mix(&faces, Morph::Ou)), (vec![(1, 1.0)], vec![(2, 1.0)]));
        assert_eq!((mix(&faces, Morph::Ih), mix(&faces, Morph::Ee)), (vec![(3, 1.0)], vec![(4, 1.0)]));
        assert_eq!(mix(&faces, Morph::Oh), [(0, 0.3)]);
    }

    #[test]
    fn a_file_of_either_version_says_itself_what_its_shapes_are() {
        let part = part_with_shapes(&["1", "2", "3"]);
        let origins = [Origin { mesh: 4, node: 7 }];
        let old = serde_json::json!({ "blendShapeMaster": { "blendShapeGroups": [
            { "presetName": "joy", "binds": [{ "mesh": 4, "index": 1, "weight": 50 }] },
            { "presetName": "unknown", "name": "Surprised", "binds": [{ "mesh": 4, "index": 0, "weight": 100 }] },
            { "presetName": "blink_l", "binds": [{ "mesh": 4, "index": 2, "weight": 100 }] },
            { "presetName": "angry", "binds": [{ "mesh": 3, "index": 0, "weight": 100 }] },
            { "presetName": "sorrow", "binds": [{ "mesh": 4, "index": 3, "weight": 100 }] },
        ] } });
        let read = faces(Some(&old), std::slice::from_ref(&part), &origins);
        assert_eq!(
            (mix(&read, Morph::Happy), mix(&read, Morph::Surprised)),
            (vec![(1, 0.5)], vec![(0, 1.0)])
        );
        assert_eq!((mix(&read, Morph::Blink), read.len()), (vec![(2, 1.0)], 3), "another mesh, no shape 3");
        let new = serde_json::json!({ "expressions": { "preset": {
            "aa": { "morphTargetBinds": [{ "node": 7, "index": 2, "weight": 0.25 }] },
            "oh": { "morphTargetBinds": [{ "node": 6, "index": 2, "weight": 1.0 }] },
        } } });
        let read = faces(Some(&new), &[part], &origins);
        assert_eq!((mix(&read, Morph::Aa), read.len()), (vec![(2, 0.25)], 1));
    }
}
