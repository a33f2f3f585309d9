//! Whether a file is in ONNX's format, whole, and of a time that is known: looked at before anything reads it, so that a file
//! that is none is said in the same words whatever would have run it, and no reader is given one in which it goes astray (that
//! of `rten` 0.27 reads a number without an end for ever).
//!
//! The format is a message of protocol buffers, `ModelProto` of <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3>.
//! All messages are walked over here, and what numbers and names they hold is left to the reader.

/// The newest set of operators that is known (ONNX 1.19).
pub(super) const NEWEST_OPSET: u64 = 24;

/// How deep messages may lie in each other; a graph in a graph lies three deeper.
const DEEPEST: usize = 48;

/// Numbers of fields in `OperatorSetIdProto`.
const DOMAIN: u64 = 1;
const VERSION: u64 = 2;

/// The messages of the format in which there are others, and what else is walked over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Model,
    Opset,
    Graph,
    Node,
    Attribute,
    Tensor,
    Value,
    Type,
    TensorType,
    SequenceType,
    Shape,
    /// A message in which there is no other.
    Plain,
    /// Numbers behind each other.
    Numbers,
}

impl Kind {
    /// What a field of it is, by its number; none where it holds text, or bytes as they are.
    fn field(self, number: u64) -> Option<Self> {
        Some(match (self, number) {
            (Self::Model, 7) | (Self::Attribute, 6) => Self::Graph,
            (Self::Model, 8) => Self::Opset,
            (Self::Graph, 1) => Self::Node,
            (Self::Graph, 5) | (Self::Attribute, 5) => Self::Tensor,
            (Self::Graph, 11..=13) => Self::Value,
            (Self::Node, 5) => Self::Attribute,
            (Self::Attribute, 8) | (Self::Tensor, 1 | 5 | 7 | 11) => Self::Numbers,
            (Self::Value, 2) | (Self::SequenceType, 1) => Self::Type,
            (Self::Type, 1) => Self::TensorType,
            (Self::Type, 4) => Self::SequenceType,
            (Self::TensorType, 2) => Self::Shape,
            (Self::Model, 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Self::Plain,
            _ => return None,
        })
    }
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormError {
    /// It is something else.
    #[error("it is no network in ONNX's format")]
    Other,
    /// It ends before what it says that it holds.
    #[error("it breaks off before its end")]
    Cut,
    /// What it holds is not in the form.
    #[error("it is damaged")]
    Damaged,
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

/// Walks over all of it.
pub(super) fn check(bytes: &[u8]) -> Result<(), FormError> {
    let (mut rest, mut graph, mut within) = (bytes, false, Vec::new());
    while !rest.is_empty() {
        if let (number, Field::Bytes(of)) = field(&mut rest)?
            && let Some(kind) = Kind::Model.field(number)
        {
            graph |= kind == Kind::Graph;
            within.push((kind, of, 1));
        }
    }
    if !graph {
        return Err(FormError::Other);
    }
    while let Some((kind, of, depth)) = within.pop() {
        let inner = message(kind, of).map_err(|error| match error {
            FormError::Cut | FormError::Other => FormError::Damaged,
            error => error,
        })?;
        if depth == DEEPEST && !inner.is_empty() {
            return Err(FormError::Damaged);
        }
        within.extend(inner.into_iter().map(|(kind, of)| (kind, of, depth + 1)));
    }
    Ok(())
}

/// The messages that lie in one.
fn message(kind: Kind, mut of: &[u8]) -> Result<Vec<(Kind, &[u8])>, FormError> {
    let mut inner = Vec::new();
    match kind {
        Kind::Opset => opset(of)?,
        Kind::Numbers => {
            while !of.is_empty() {
                number(&mut of)?;
            }
        }
        _ => {
            while !of.is_empty() {
                if let (number, Field::Bytes(bytes)) = field(&mut of)?
                    && let Some(kind) = kind.field(number)
                {
                    inner.push((kind, bytes));
                }
            }
        }
    }
    Ok(inner)
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

    /// A field with bytes in it.
    fn holding(number: u8, of: &[u8]) -> Vec<u8> {
        let mut length = Vec::new();
        let mut left = of.len();
        while left > 0x7F {
            length.push((left & 0x7F) as u8 | 0x80);
            left >>= 7;
        }
        [&[number << 3 | 2][..], &length, &[left as u8], of].concat()
    }

    /// A network of this graph, with these operators.
    fn network(domain: &str, version: u8, graph: &[u8]) -> Vec<u8> {
        let opset = [holding(1, domain.as_bytes()), vec![0x10, version]].concat();
        [vec![0x08, 0x08], holding(8, &opset), holding(7, graph)].concat()
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
            assert_eq!(check(&network(domain, version, &[])), wanted, "{domain} {version}");
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_told_apart() {
        let whole = network("", 17, &holding(2, b"a name"));
        assert_eq!(check(&whole), Ok(()));
        assert_eq!(check(&whole[..whole.len() - 1]), Err(FormError::Cut));
        for other in [&b""[..], b"<html>a page</html>", &[0xFF; 40]] {
            assert!(check(other).is_err(), "{other:?}");
        }
        assert_eq!(check(&whole[..2]), Err(FormError::Other), "it has no graph");
    }

    #[test]
    fn a_number_without_an_end_is_found_wherever_it_lies() {
        let endless = [0xFF; 12];
        let tensor = |number| holding(5, &holding(number, &endless));
        let attribute = |number| holding(1, &holding(5, &holding(number, &endless)));
        let value = holding(11, &holding(2, &holding(1, &holding(2, &holding(1, &endless)))));
        for graph in [endless.to_vec(), tensor(1), tensor(7), attribute(8), attribute(6), value] {
            assert_eq!(check(&network("", 17, &graph)), Err(FormError::Damaged), "{graph:?}");
        }
        assert_eq!(check(&network("", 17, &tensor(9))), Ok(()), "bytes as they are");
    }

    #[test]
    fn graphs_lie_in_graphs_only_so_deep() {
        let nested = |times: usize| {
            let graph = (0..times).fold(Vec::new(), |graph, _| holding(1, &holding(5, &holding(6, &graph))));
            check(&network("", 17, &graph))
        };
        assert_eq!((nested(12), nested(40)), (Ok(()), Err(FormError::Damaged)));
    }
}
