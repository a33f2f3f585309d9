//! The outside of a file: its header, its pieces, and its description. Nothing here is trusted, and everything is counted
//! before it is kept.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use gltf::json::Root;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{AvatarError, MOST_BYTES, MOST_ENTRIES, MOST_JSON, MOST_NODES, one_line};

const MAGIC: &[u8] = b"glTF";
const HEADER: usize = 12;
const PIECE_HEADER: usize = 8;
const SMALLER: &str = "Use a smaller file, or simplify it in Blender";

/// Extensions without which a file cannot be understood, and which are not understood here.
const UNREADABLE: [&str; 9] = [
    "KHR_draco_mesh_compression",
    "EXT_meshopt_compression",
    "KHR_meshopt_compression",
    "KHR_texture_basisu",
    "EXT_texture_webp",
    "EXT_texture_avif",
    "MSFT_texture_dds",
    "EXT_mesh_gpu_instancing",
    "KHR_gaussian_splatting",
];

/// The bytes of a file, if it is one, and not too large.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, AvatarError> {
    // Asked before it is opened: a pipe without a writer would not open until there is one.
    if !std::fs::metadata(path)?.is_file() {
        return Err(AvatarError::NoFile);
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    AvatarError::limit("bytes", size, MOST_BYTES, SMALLER)?;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The description and the binary piece.
pub(super) fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), AvatarError> {
    AvatarError::limit("bytes", bytes.len() as u64, MOST_BYTES, SMALLER)?;
    if !bytes.starts_with(MAGIC) {
        return Err(AvatarError::Magic);
    }
    let cut = |what, says: u64, has: usize| AvatarError::Cut { what, says, has: has as u64 };
    let header = cut("its header", HEADER as u64, bytes.len());
    let Some((header, rest)) = bytes.split_at_checked(HEADER) else { return Err(header) };
    let version = number(header, 4);
    if version != 2 {
        return Err(AvatarError::Version(version));
    }
    let says = number(header, 8);
    // What comes after the end that it says is not its own.
    let rest = (says as usize).checked_sub(HEADER).and_then(|length| rest.get(..length));
    let Some(mut rest) = rest else { return Err(cut("it", u64::from(says), bytes.len())) };
    let (mut json, mut binary) = (None, None);
    while let Some((header, after)) = rest.split_at_checked(PIECE_HEADER) {
        let length = number(header, 0);
        let Some((piece, after)) = after.split_at_checked(length as usize) else {
            return Err(cut("a piece of it", u64::from(length), after.len()));
        };
        rest = after;
        match header.get(4..) {
            Some(b"JSON") if json.is_none() => json = Some(piece),
            Some(b"BIN\0") if binary.is_none() => binary = Some(piece),
            // The standard has pieces of other kinds passed over.
            _ => {}
        }
    }
    let json = json.ok_or_else(|| cut("its description", 1, 0))?;
    Ok((json, binary.unwrap_or_default()))
}

/// The number at a place, little-endian; 0 beyond the end.
fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk()).copied();
    bytes.map_or(0, u32::from_le_bytes)
}

/// The lists of a description, counted without being kept: a vector of nothings takes no memory.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Lists {
    nodes: Vec<IgnoredAny>,
    accessors: Vec<IgnoredAny>,
    animations: Vec<IgnoredAny>,
    buffers: Vec<IgnoredAny>,
    buffer_views: Vec<IgnoredAny>,
    cameras: Vec<IgnoredAny>,
    images: Vec<IgnoredAny>,
    materials: Vec<IgnoredAny>,
    meshes: Vec<IgnoredAny>,
    samplers: Vec<IgnoredAny>,
    scenes: Vec<IgnoredAny>,
    skins: Vec<IgnoredAny>,
    textures: Vec<IgnoredAny>,
}

impl Lists {
    fn check(&self) -> Result<(), AvatarError> {
        AvatarError::limit("nodes", self.nodes.len() as u64, MOST_NODES, SMALLER)?;
        let others = [
            (&self.accessors, "accessors"),
            (&self.animations, "animations"),
            (&self.buffers, "buffers"),
            (&self.buffer_views, "views of its data"),
            (&self.cameras, "cameras"),
            (&self.images, "pictures"),
            (&self.materials, "materials"),
            (&self.meshes, "meshes"),
            (&self.samplers, "samplers"),
            (&self.scenes, "scenes"),
            (&self.skins, "skins"),
            (&self.textures, "textures"),
        ];
        others
            .iter()
            .try_for_each(|(list, what)| AvatarError::limit(what, list.len() as u64, MOST_ENTRIES, SMALLER))
    }
}

/// The description, if it is one of a file that can be read here and that has everything inside.
pub(super) fn describe(json: &[u8], binary: &[u8]) -> Result<Root, AvatarError> {
    AvatarError::limit("bytes of description", json.len() as u64, MOST_JSON, SMALLER)?;
    let no_json = |error: serde_json::Error| AvatarError::Json(one_line(&error.to_string(), 120));
    serde_json::from_slice::<Lists>(json).map_err(no_json)?.check()?;
    let root: Root = serde_json::from_slice(json).map_err(no_json)?;
    if let Some(name) = root.extensions_required.iter().find(|name| UNREADABLE.contains(&name.as_str())) {
        return Err(AvatarError::Extension(name.clone()));
    }
    let outside = root.buffers.iter().map(|it| &it.uri).chain(root.images.iter().map(|it| &it.uri));
    if let Some(uri) = outside.flatten().next() {
        return Err(AvatarError::External(one_line(uri, 60)));
    }
    if let Some(first) = root.buffers.first()
        && first.byte_length.0 > binary.len() as u64
    {
        let (says, has) = (first.byte_length.0, binary.len() as u64);
        return Err(AvatarError::Cut { what: "its data", says, has });
    }
    Ok(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_counted_without_being_kept() {
        let json = format!("{{\"nodes\":[{}{{}}]}}", "{},".repeat(5_000_000));
        let lists: Lists = serde_json::from_str(&json).expect("it is JSON");
        assert!(matches!(lists.check(), Err(AvatarError::TooMuch { what: "nodes", found: 5_000_001, .. })));
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        assert!(matches!(read(&std::env::temp_dir()), Err(AvatarError::NoFile)));
        assert!(matches!(read(Path::new("no/such.vrm")), Err(AvatarError::Read(_))));
        #[cfg(unix)]
        assert!(matches!(read(Path::new("/dev/zero")), Err(AvatarError::NoFile)));
    }
}
