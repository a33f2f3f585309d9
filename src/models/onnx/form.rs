//! Whether a file is in ONNX's format, and of a time that is known: looked at before anything reads it, so that a file that
//! is none is said in the same words whatever would have run it.
//!
//! The format is a message of protocol buffers, `ModelProto` of <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3>.
//! Only its outermost fields are walked over here.

/// The newest set of operators that is known (ONNX 1.19).
pub(super) const NEWEST_OPSET: u64 = 24;

/// Numbers of fields in `ModelProto`, and in the `OperatorSetIdProto` of which it has some.
const GRAPH: u64 = 7;
const OPSET_IMPORT: u64 = 8;
const DOMAIN: u64 = 1;
const VERSION: u64 = 2;

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormError {
    /// It is something else.
    #[error("it is no network in ONNX's format")]
    Other,
    /// It ends before what it says that it holds.
    #[error("it breaks off before its end")]
    Cut,
    /// It is newer than what runs it.
    #[error(
        "it is written with operators of a later time (opset {0}); {NEWEST_OPSET} is the newest that is known"
    )]
    Newer(u64),
}

/// A field of a message.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

/// Walks over the outermost fields.
pub(super) fn check(bytes: &[u8]) -> Result<(), FormError> {
    let (mut rest, mut graph) = (bytes, false);
    while !rest.is_empty() {
        match field(&mut rest)? {
            (GRAPH, Field::Bytes(_)) => graph = true,
            (OPSET_IMPORT, Field::Bytes(of)) => opset(of)?,
            _ => {}
        }
    }
    if graph { Ok(()) } else { Err(FormError::Other) }
}

/// Of sets of operators only ONNX's own is looked at; it has no name, or this one.
fn opset(mut of: &[u8]) -> Result<(), FormError> {
    let (mut own, mut version) = (true, 0);
    while !of.is_empty() {
        match field(&mut of)? {
            (DOMAIN, Field::Bytes(name)) => own = name.is_empty() || name == b"ai.onnx",
            (VERSION, Field::Number(number)) => version = number,
            _ => {}
        }
    }
    if own && version > NEWEST_OPSET { Err(FormError::Newer(version)) } else { Ok(()) }
}

fn field<'a>(rest: &mut &'a [u8]) -> Result<(u64, Field<'a>), FormError> {
    let key = number(rest)?;
    let field = match key & 7 {
        0 => Field::Number(number(rest)?),
        1 => take(rest, 8).map(|_| Field::Other)?,
        2 => {
            let length = number(rest)?;
            Field::Bytes(take(rest, usize::try_from(length).unwrap_or(usize::MAX))?)
        }
        5 => take(rest, 4).map(|_| Field::Other)?,
        _ => return Err(FormError::Other),
    };
    if key >> 3 == 0 { Err(FormError::Other) } else { Ok((key >> 3, field)) }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], FormError> {
    let (taken, left) = rest.split_at_checked(count).ok_or(FormError::Cut)?;
    *rest = left;
    Ok(taken)
}

/// Seven bits a byte, the lowest first.
fn number(rest: &mut &[u8]) -> Result<u64, FormError> {
    let mut number = 0_u64;
    for at in 0..10 {
        let byte = take(rest, 1)?[0];
        number |= u64::from(byte & 0x7F).checked_shl(7 * at).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(FormError::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network without anything in it, with these operators.
    fn network(domain: &str, version: u8) -> Vec<u8> {
        let opset = [&[0x0A, domain.len() as u8], domain.as_bytes(), &[0x10, version]].concat();
        [&[0x08, 0x08, 0x42, opset.len() as u8][..], &opset, &[0x3A, 0x02, 0x0A, 0x00]].concat()
    }

    #[test]
    fn a_network_of_a_later_time_is_known_by_its_operators() {
        for (domain, version, wanted) in [
            ("", 17, Ok(())),
            ("ai.onnx", 24, Ok(())),
            ("", 99, Err(FormError::Newer(99))),
            ("ai.onnx", 25, Err(FormError::Newer(25))),
            ("com.example", 99, Ok(())),
        ] {
            assert_eq!(check(&network(domain, version)), wanted, "{domain} {version}");
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_told_apart() {
        let whole = network("", 17);
        assert_eq!(check(&whole[..whole.len() - 1]), Err(FormError::Cut));
        for other in [&b""[..], &whole[..2], b"<html>a page</html>", &[0xFF; 40]] {
            assert!(check(other).is_err(), "{other:?}");
        }
        assert_eq!(check(&whole[..2]), Err(FormError::Other), "it has no graph");
    }
}
