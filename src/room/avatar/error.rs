//! Why a figure cannot be used.

use super::{KEPT_SIDE, MOST_DEPTH, SIZES};

/// Why a file cannot be used as a figure. Each message is one line that reads on after the file's name and a colon: what
/// is wrong with it, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum AvatarError {
    /// It is not there, or must not be read.
    #[error("it cannot be read: {0}. Name a file that is there and that you may read")]
    Read(#[from] std::io::Error),
    /// It is a folder or a device.
    #[error("it is no file. Name a .vrm or .glb file")]
    NoFile,
    /// It begins like something else.
    #[error("it is no binary glTF file. Name a .vrm or .glb file; Blender saves one as glTF Binary (.glb)")]
    Magic,
    /// Version 1 of glTF, or one to come.
    #[error("it is glTF of version {0}, and only version 2 can be read. Save it again as glTF 2.0 (.glb)")]
    Version(u32),
    /// It is shorter than it says, or one of its pieces is.
    #[error("it ends too early: {what} should have {says} bytes and has {has}. Copy or download it again")]
    Cut {
        /// What ends too early.
        what: &'static str,
        /// How long it should be, in bytes.
        says: u64,
        /// How long it is.
        has: u64,
    },
    /// Its description is no JSON, or not that of a glTF file.
    #[error("its description cannot be understood ({0}). Save it again with the program that made it")]
    Json(String),
    /// There is more of something than can be used.
    #[error("it has {} {what}, and at most {} can be used. {advice}", grouped(*.found), grouped(*.most))]
    TooMuch {
        /// Of what, in the plural.
        what: &'static str,
        /// How much there is, or at least there is.
        found: u64,
        /// How much there may be.
        most: u64,
        /// What to do.
        advice: &'static str,
    },
    /// A part of it lies in another file.
    #[error("a part of it lies outside ({0}). Save it as one file: in Blender, glTF Binary (.glb)")]
    External(String),
    /// It is packed in a way that cannot be unpacked here.
    #[error(
        "it needs {0}, which cannot be read here. Save it again without compression, pictures as PNG or JPEG"
    )]
    Extension(String),
    /// There are no triangles in it.
    #[error("there are no triangles in it. Use a file with a mesh; lines and points alone cannot be shown")]
    NoMesh,
    /// It refers to something that it does not have.
    #[error("it refers to {what} {index}, which is not in it. Save it again with the program that made it")]
    Missing {
        /// To what.
        what: &'static str,
        /// To which, from 0.
        index: usize,
    },
    /// A table reaches beyond its bytes.
    #[error("{what} {index} reaches beyond its data. Copy or download the file again, or save it anew")]
    Beyond {
        /// What reaches too far.
        what: &'static str,
        /// Which, from 0.
        index: usize,
    },
    /// A table holds something else than what it is used for.
    #[error(
        "accessor {0} does not hold what it is used for. Save the file again with the program that made it"
    )]
    Form(usize),
    /// A triangle names a corner that there is not.
    #[error(
        "a triangle names corner {corner} of {corners}. Save the file again with the program that made it"
    )]
    Corner {
        /// Which, from 0.
        corner: u32,
        /// How many there are.
        corners: usize,
    },
    /// A corner hangs on a joint that its skin does not have.
    #[error(
        "a corner hangs on joint {joint} of a skin with {joints}. Bind the mesh to its armature again and save it"
    )]
    Joint {
        /// Which, from 0.
        joint: u32,
        /// How many there are.
        joints: usize,
    },
    /// What should be a number is none, or is infinite.
    #[error("{0} is not a finite number. Apply all transforms in Blender and save the file again")]
    Number(String),
    /// A node stands below itself.
    #[error("its nodes go round in a circle. Save it again with the program that made it")]
    Cycle,
    /// A node stands below two others.
    #[error("node {0} has two parents. Save the file again with the program that made it")]
    TwoParents(usize),
    /// Nodes stand too far below each other.
    #[error("its nodes stand more than {MOST_DEPTH} deep. Take out empty parents and save it again")]
    TooDeep,
    /// A picture is no picture, or of a kind that cannot be read.
    #[error(
        "its picture {index} cannot be read: {why}. Save it as PNG or JPEG with sides of {KEPT_SIDE} pixels"
    )]
    Picture {
        /// Which, from 0.
        index: usize,
        /// Why.
        why: String,
    },
    /// It is as small as an ant or as large as a mountain.
    #[error(
        "it is {metres} m large, and between {} m and {} m can be used. Scale it to its size in metres",
        SIZES.0,
        SIZES.1
    )]
    Size {
        /// Its longest side, in metres.
        metres: f32,
    },
}

impl AvatarError {
    /// Whether there is more of something than can be used, before memory is spent on it.
    pub(super) fn limit(what: &'static str, found: u64, most: u64, advice: &'static str) -> Result<(), Self> {
        if found > most { Err(Self::TooMuch { what, found, most, advice }) } else { Ok(()) }
    }
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_is_wrong_and_what_to_do_in_one_line() {
        let error = AvatarError::limit("corners", 1_234_567, 300_000, "Simplify it in Blender")
            .expect_err("too many");
        assert_eq!(
            error.to_string(),
            "it has 1,234,567 corners, and at most 300,000 can be used. Simplify it in Blender"
        );
        assert_eq!((grouped(7), grouped(256), grouped(1_000)), ("7".into(), "256".into(), "1,000".into()));
    }
}
