//! Files made in code, for tests: a small valid one, and ways to break it.

use std::io::Cursor;

use serde_json::{Value, json};

use super::{Part, Shape, Vec2, Vec3};

/// A file: its description and its binary piece.
#[derive(Clone)]
pub(super) struct Sample {
    /// The description.
    pub(super) json: Value,
    /// The binary piece.
    pub(super) binary: Vec<u8>,
}

/// Bytes of numbers, little-endian.
pub(super) fn floats(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// A picture of one colour, as PNG.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([10, 200, 30]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("it is written");
    bytes.into_inner()
}

/// A part with one corner and shapes of these names.
pub(super) fn part_with_shapes(names: &[&str]) -> Part {
    let shape =
        |name: &&str| Shape { name: (*name).to_owned(), positions: vec![Vec3::ZERO], normals: vec![] };
    Part {
        node: 0,
        skin: None,
        positions: vec![Vec3::ZERO],
        normals: vec![Vec3::Y],
        uvs: vec![Vec2::ZERO],
        colours: vec![],
        joints: vec![],
        weights: vec![],
        indices: vec![],
        shapes: names.iter().map(shape).collect(),
        surface: 0,
    }
}

impl Sample {
    /// A triangle of a metre and a bit, on two joints, with a sparse shape `jawOpen` and a picture. The accessors: 0
    /// positions, 1 indices, 2 joints, 3 weights, 4 places in the picture, 5 the shape, 6 the matrices.
    pub(super) fn new() -> Self {
        let mut sample = Self { json: frame(), binary: Vec::new() };
        let identity: [f32; 16] = std::array::from_fn(|at| if at % 5 == 0 { 1.0 } else { 0.0 });
        sample.table(&floats(&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.5, 0.0]), 5126, "VEC3", 3);
        sample.table(&[0, 0, 1, 0, 2, 0], 5123, "SCALAR", 3);
        sample.table(&[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], 5121, "VEC4", 3);
        let weights = [0.5, 0.5, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        sample.table(&floats(&weights), 5126, "VEC4", 3);
        sample.table(&floats(&[0.0, 0.0, 1.0, 0.0, 0.0, 1.0]), 5126, "VEC2", 3);
        let (at, values) = (sample.view(&[1, 0]), sample.view(&floats(&[0.0, -0.1, 0.0])));
        sample.push(
            "accessors",
            json!({ "componentType": 5126, "type": "VEC3", "count": 3, "sparse": { "count": 1,
                "indices": { "bufferView": at, "componentType": 5123 }, "values": { "bufferView": values } } }),
        );
        sample.table(&floats(&[identity, identity].concat()), 5126, "MAT4", 2);
        let picture = sample.view(&png(2, 2));
        sample.push("images", json!({ "bufferView": picture, "mimeType": "image/png" }));
        sample
    }

    /// Adds to a list of the description; returns where it stands.
    pub(super) fn push(&mut self, list: &str, value: Value) -> usize {
        let list = self.json[list].as_array_mut().expect("a list");
        list.push(value);
        list.len() - 1
    }

    /// Adds bytes and a view of them; returns where it stands.
    pub(super) fn view(&mut self, bytes: &[u8]) -> usize {
        let offset = self.binary.len();
        self.binary.extend(bytes);
        while !self.binary.len().is_multiple_of(4) {
            self.binary.push(0);
        }
        self.json["buffers"][0]["byteLength"] = json!(self.binary.len());
        self.push("bufferViews", json!({ "buffer": 0, "byteOffset": offset, "byteLength": bytes.len() }))
    }

    /// Adds bytes and a table of them; returns where it stands.
    pub(super) fn table(&mut self, bytes: &[u8], component: u32, kind: &str, count: usize) -> usize {
        let view = self.view(bytes);
        let table = json!({ "bufferView": view, "componentType": component, "type": kind, "count": count });
        self.push("accessors", table)
    }

    /// The same with something else at a place of the description.
    pub(super) fn with(mut self, place: &str, value: Value) -> Self {
        let (parent, key) = place.rsplit_once('/').expect("a place in something");
        match self.json.pointer_mut(parent).expect("the place is there") {
            Value::Array(list) => list[key.parse::<usize>().expect("a number")] = value,
            parent => parent[key] = value,
        }
        self
    }

    /// The same with numbers at a place of the binary piece.
    pub(super) fn with_bytes(mut self, at: usize, bytes: &[u8]) -> Self {
        self.binary[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// As a file.
    pub(super) fn file(&self) -> Vec<u8> {
        let mut json = self.json.to_string().into_bytes();
        json.resize(json.len().next_multiple_of(4), b' ');
        glb(&json, &self.binary)
    }
}

fn frame() -> Value {
    json!({
        "asset": { "version": "2.0", "copyright": "Nobody\n2026" },
        "scene": 0,
        "scenes": [{ "nodes": [0, 2] }],
        "nodes": [
            { "name": "Hips", "children": [1], "translation": [0, 1, 0] },
            { "name": "Head", "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
            { "name": "Body", "mesh": 0, "skin": 0 },
        ],
        "skins": [{ "joints": [0, 1], "inverseBindMatrices": 6 }],
        "meshes": [{
            "extras": { "targetNames": ["jawOpen"] },
            "primitives": [{
                "attributes": { "POSITION": 0, "JOINTS_0": 2, "WEIGHTS_0": 3, "TEXCOORD_0": 4 },
                "indices": 1,
                "material": 0,
                "targets": [{ "POSITION": 5 }],
            }],
        }],
        "materials": [{ "alphaMode": "MASK", "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } } }],
        "textures": [{ "source": 0 }],
        "images": [],
        "accessors": [],
        "bufferViews": [],
        "buffers": [{ "byteLength": 0 }],
        "extensionsUsed": [],
        "extensionsRequired": [],
    })
}

/// A file of a description and a binary piece.
pub(super) fn glb(json: &[u8], binary: &[u8]) -> Vec<u8> {
    let piece = |kind: &[u8; 4], bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).expect("it is short").to_le_bytes();
        [length.as_slice(), kind, bytes].concat()
    };
    let pieces = [piece(b"JSON", json), piece(b"BIN\0", binary)].concat();
    let length = u32::try_from(pieces.len() + 12).expect("it is short").to_le_bytes();
    [b"glTF".as_slice(), &2_u32.to_le_bytes(), &length, &pieces].concat()
}
