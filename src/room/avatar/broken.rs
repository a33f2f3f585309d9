//! Files that are refused, each with a word, and files that are spoilt by chance: none makes the reader fall.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::samples::{Sample, floats, glb, png};
use super::{AvatarError, Kind, Mat4, Vec3, from_bytes};

/// Where the accessors of the sample begin in its binary piece.
const POSITIONS: usize = 0;
const INDICES: usize = 36;
const JOINTS: usize = 44;

/// Refused, and the message is one line that ends in what to do and has this word in it.
fn refused(name: &str, bytes: &[u8], word: &str) {
    let error = from_bytes(bytes).expect_err(name);
    let text = error.to_string();
    assert!(text.contains(word) && text.contains(". ") && !text.contains('\n'), "{name}: {text}");
    assert!(text.len() < 300, "{name}: {text}");
}

fn changed(place: &str, value: Value) -> Vec<u8> {
    Sample::new().with(place, value).file()
}

#[test]
fn the_sample_itself_is_read() {
    let avatar = from_bytes(&Sample::new().file()).expect("it is valid");
    let part = &avatar.parts[0];
    assert_eq!(
        (avatar.kind, avatar.parts.len(), part.indices.as_slice()),
        (Kind::Head, 1, [0, 1, 2].as_slice())
    );
    assert_eq!(part.normals, [Vec3::Z; 3]);
    assert_eq!((part.joints[0], part.weights[0]), ([0, 1, 0, 0], [0.5, 0.5, 0.0, 0.0]));
    assert_eq!((part.joints[1], part.weights[1]), ([1, 0, 0, 0], [1.0, 0.0, 0.0, 0.0]));
    assert_eq!((part.joints[2], part.weights[2]), ([0; 4], [1.0, 0.0, 0.0, 0.0]), "on the first joint");
    assert_eq!(part.shapes[0].positions, [Vec3::ZERO, Vec3::new(0.0, -0.1, 0.0), Vec3::ZERO]);
    assert_eq!((part.shapes[0].name.as_str(), avatar.faces.len()), ("jawOpen", 6));
    assert_eq!(avatar.surfaces[part.surface].cutout, Some(0.5));
    assert_eq!(avatar.pictures[0].rgba[..4], [10, 200, 30, 255]);
    // Both joints stand a metre up, and what hangs on them with them.
    assert_eq!(avatar.bounds, (Vec3::Y, Vec3::new(1.0, 2.5, 0.0)));
    assert_eq!(avatar.skins[0].inverse_bind, [Mat4::IDENTITY; 2]);
    assert_eq!(avatar.about.licence.as_deref(), Some("Nobody 2026"));
}

#[test]
fn what_is_no_file_of_this_kind_is_refused() {
    let file = Sample::new().file();
    let mut longer = file.clone();
    longer[8..12].copy_from_slice(&(file.len() as u32 + 4).to_le_bytes());
    let mut shorter = file.clone();
    shorter[8..12].copy_from_slice(&4_u32.to_le_bytes());
    let mut first = file.clone();
    first[4] = 1;
    refused("empty", b"", "no binary glTF");
    refused("wrong magic", &[b"glTG", &file[4..]].concat(), "no binary glTF");
    refused("text", b"{\"asset\":{\"version\":\"2.0\"}}", "no binary glTF");
    refused("version 1", &first, "version 1");
    refused("truncated header", &file[..9], "too early");
    refused("truncated JSON", &file[..200], "too early");
    refused("truncated binary", &file[..file.len() - 40], "too early");
    refused("length too long", &longer, "too early");
    refused("length too short", &shorter, "too early");
    refused(
        "no pieces",
        &[b"glTF".as_slice(), &2_u32.to_le_bytes(), &12_u32.to_le_bytes()].concat(),
        "too early",
    );
    refused("no JSON", &glb(b"{\"asset\":", b""), "cannot be understood");
    refused("another JSON", &glb(b"[1, 2]  ", b""), "cannot be understood");
    refused("binary piece cut", &glb(Sample::new().json.to_string().as_bytes(), &[0; 8]), "too early");
}

#[test]
fn what_claims_more_than_it_has_is_refused() {
    refused("10 million corners", &changed("/accessors/0/count", json!(10_000_000)), "10,000,000 corners");
    refused("triangles", &changed("/accessors/1/count", json!(9_000_000_000_u64)), "3,000,000,000 triangles");
    refused("beyond its view", &changed("/accessors/0/count", json!(4)), "accessor 0 reaches");
    refused("offset", &changed("/accessors/4/byteOffset", json!(u64::MAX)), "accessor 4 reaches");
    refused(
        "view beyond its buffer",
        &changed("/bufferViews/0/byteLength", json!(100_000)),
        "view 0 reaches",
    );
    refused("view overflows", &changed("/bufferViews/0/byteOffset", json!(u64::MAX)), "view 0 reaches");
    refused("stride", &changed("/bufferViews/0/byteStride", json!(4)), "accessor 0 reaches");
    refused("another buffer", &changed("/bufferViews/0/buffer", json!(1)), "buffer 1");
    refused("sparse", &changed("/accessors/5/sparse/count", json!(3)), "sparse accessor 5");
    refused("index", &Sample::new().with_bytes(INDICES + 4, &[3, 0]).file(), "corner 3 of 3");
    refused("no accessor", &changed("/meshes/0/primitives/0/attributes/POSITION", json!(77)), "accessor 77");
    refused("no mesh", &changed("/nodes/2/mesh", json!(5)), "mesh 5");
    refused("form", &changed("/accessors/0/type", json!("VEC2")), "accessor 0 does not hold");
    refused("nodes", &changed("/nodes", json!(vec![json!({}); 2_001])), "2,001 nodes");
    refused("shapes", &changed("/meshes/0/primitives/0/targets", json!(vec![json!({}); 257])), "257 shapes");
    let moves =
        Sample::new().with("/accessors/0/count", json!(300_000)).with("/accessors/1/count", json!(200_000));
    let moves = moves.with("/meshes/0/primitives/0/targets", json!(vec![json!({}); 256])).json;
    let zeros = glb(moves.to_string().as_bytes(), &vec![0; Sample::new().binary.len()]);
    refused("corners and shapes", &zeros, "reaches beyond");
}

#[test]
fn what_hangs_together_wrongly_is_refused() {
    refused("no mesh", &changed("/nodes", json!([{}, {}, {}])), "no triangles");
    refused("only points", &changed("/meshes/0/primitives/0/mode", json!(0)), "no triangles");
    let cyclic = json!([{ "children": [1] }, { "children": [0] }, { "mesh": 0 }]);
    refused("cyclic nodes", &changed("/nodes", cyclic), "circle");
    let twice = json!([{ "children": [1] }, {}, { "mesh": 0, "children": [1] }]);
    refused("two parents", &changed("/nodes", twice), "node 1 has two parents");
    refused("no child", &changed("/nodes/0/children", json!([9])), "node 9");
    refused(
        "joint beyond the skin",
        &Sample::new().with_bytes(JOINTS + 1, &[7]).file(),
        "joint 7 of a skin with 2",
    );
    refused("1,000 joints", &changed("/skins/0/joints", json!(vec![0; 1_000])), "1,000 joints");
    refused("no joints", &changed("/skins/0/joints", json!([])), "a skin with 0");
    refused("joint that is no node", &changed("/skins/0/joints", json!([0, 8])), "node 8");
    refused("matrices", &changed("/skins/0/inverseBindMatrices", json!(0)), "accessor 0 does not hold");
}

#[test]
fn what_is_no_number_is_refused() {
    let nan = floats(&[f32::NAN]);
    refused("position", &Sample::new().with_bytes(POSITIONS + 4, &nan).file(), "a corner of mesh 0");
    let mut matrix = vec![json!(0.0); 16];
    matrix[0] = json!(1e39);
    refused("matrix", &changed("/nodes/1/matrix", json!(matrix)), "number");
    refused("place", &changed("/nodes/0/translation", json!([0.0, 1e39, 0.0])), "number");
    let grown = json!([{ "scale": [1e30, 1, 1], "children": [1] }, { "scale": [1e30, 1, 1] }, { "mesh": 0 }]);
    refused("grown", &changed("/nodes", grown), "the place of node 1");
    let mut sample = Sample::new();
    let far = sample.table(&floats(&[3e38; 9]), 5126, "VEC3", 3);
    let far = sample.with("/meshes/0/primitives/0/attributes/POSITION", json!(far));
    refused(
        "far",
        &far.with("/nodes/0/translation", json!([0.0, 3e38, 0.0])).file(),
        "the place of a corner",
    );
    let mut sample = Sample::new();
    let weights = sample.table(&floats(&[f32::INFINITY; 12]), 5126, "VEC4", 3);
    refused(
        "weights",
        &sample.with("/meshes/0/primitives/0/attributes/WEIGHTS_0", json!(weights)).file(),
        "a weight",
    );
    let mut sample = Sample::new();
    let matrices = sample.table(&floats(&[f32::NAN; 32]), 5126, "MAT4", 2);
    refused(
        "binding",
        &sample.with("/skins/0/inverseBindMatrices", json!(matrices)).file(),
        "a matrix of skin 0",
    );
    let mountain = json!([{ "scale": [2_000, 1_400, 1], "mesh": 0 }, {}, {}]);
    refused("mountain", &changed("/nodes", mountain), "2100 m large");
    refused("ant", &changed("/nodes", json!([{ "scale": [0.001, 0.001, 1], "mesh": 0 }, {}, {}])), "m large");
}

#[test]
fn what_cannot_be_unpacked_or_lies_elsewhere_is_refused() {
    let with_picture = |bytes: &[u8]| {
        let mut sample = Sample::new();
        let view = sample.view(bytes);
        sample.with("/images/0/bufferView", json!(view)).file()
    };
    // The header of a PNG says how large it is; its sum is left as it was, or made right.
    let mut large = png(2, 2);
    large[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    refused("30,000 pixels, broken", &with_picture(&large), "picture");
    let sum = crc(&large[12..29]).to_be_bytes();
    large[29..33].copy_from_slice(&sum);
    refused("30,000 pixels", &with_picture(&large), "30,000 pixels");
    refused("no picture", &with_picture(b"this is no picture at all"), "picture 0 cannot be read");
    refused("a GIF", &with_picture(b"GIF89a\x01\0\x01\0\0\0\0"), "picture 0 cannot be read");
    refused("half a picture", &with_picture(&png(200, 200)[..90]), "picture 0 cannot be read");
    refused("no view", &changed("/images/0", json!({})), "picture 0");
    refused("Draco", &changed("/extensionsRequired", json!(["KHR_draco_mesh_compression"])), "KHR_draco");
    refused("meshopt", &changed("/extensionsRequired", json!(["EXT_meshopt_compression"])), "EXT_meshopt");
    refused("uri", &changed("/buffers/0/uri", json!("../../etc/passwd\n")), "outside (../../etc/passwd)");
    refused("picture elsewhere", &changed("/images/0", json!({ "uri": "skin.png" })), "outside (skin.png)");
}

#[test]
fn what_is_not_needed_does_not_spoil_a_file() {
    let required = json!(["KHR_texture_transform", "KHR_materials_unlit", "VRM"]);
    from_bytes(&changed("/extensionsRequired", required)).expect("nothing that is in the way");
    let mut longer = Sample::new().file();
    longer.extend(b"what comes after the end");
    from_bytes(&longer).expect("what comes after the end is not its own");
    from_bytes(&changed("/scenes", json!([]))).expect("without a scene everything is shown");
    from_bytes(&changed("/nodes/2/mesh", json!(0))).expect("as it is");
    let hidden = from_bytes(&changed("/scenes", json!([{ "nodes": [0] }]))).expect_err("nothing is shown");
    assert!(matches!(hidden, AvatarError::NoMesh));
}

/// The sum at the end of a PNG's piece.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

/// Files like this one with bytes and digits changed, and cut: each is read or refused, soon.
pub(super) fn spoil(file: &[u8], times: usize) {
    let mut chance = Chance(0x005E_ED0F_D00B);
    let json = 20 + u32::from_le_bytes([file[12], file[13], file[14], file[15]]) as usize;
    let digits: Vec<usize> = (20..json).filter(|at| file[*at].is_ascii_digit()).collect();
    let mut read = 0;
    for time in 0..times {
        let mut spoilt = file.to_vec();
        for _ in 0..=chance.below(3) {
            match time % 4 {
                0 => spoilt[chance.below(file.len())] ^= 1 << chance.below(8),
                1 => spoilt[json + chance.below(file.len() - json)] = chance.below(256) as u8,
                2 => spoilt[digits[chance.below(digits.len())]] = b'0' + chance.below(10) as u8,
                _ => spoilt.truncate(chance.below(file.len())),
            }
            if time % 4 == 3 {
                break;
            }
        }
        let began = Instant::now();
        read += usize::from(from_bytes(&spoilt).is_ok());
        assert!(began.elapsed() < Duration::from_secs(5), "time {time} took {:?}", began.elapsed());
    }
    assert!(read > 0 && read < times, "{read} of {times} were read");
}

#[test]
fn a_file_that_is_spoilt_by_chance_is_read_or_refused() {
    spoil(&Sample::new().file(), 2_000);
}
