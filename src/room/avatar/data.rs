//! Tables in the binary piece (accessors), each checked against its bytes before a row of it is read, sparse ones, too.
//! Rows are read one by one, so that reading costs what is used and not what a file claims.

use std::cell::Cell;

use gltf::json::accessor::{Accessor, ComponentType, Type};
use gltf::json::buffer::View;
use gltf::json::validation::Checked;
use gltf::json::{Index, Root};

use super::{AvatarError, MOST_CORNERS, MOST_MOVES};

/// How long a row may be at most, in bytes, so that a length never overflows.
const MOST_STRIDE: usize = 1 << 16;

/// A file's description and its binary piece.
pub(super) struct Data<'a> {
    /// The description.
    pub(super) root: &'a Root,
    /// The binary piece.
    binary: &'a [u8],
    /// How many rows of sparse tables were looked at: many tables may share the same rows.
    sparse_rows: Cell<u64>,
}

/// What a table is made of.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Numbers with a fraction, so many a row; normalised whole numbers, too.
    Floats(usize),
    /// Whole numbers from 0, so many a row.
    Wholes(usize),
    /// Four columns of four.
    Matrices,
}

/// Rows of bytes.
#[derive(Clone, Copy)]
struct Rows<'a> {
    bytes: &'a [u8],
    stride: usize,
    size: usize,
}

impl<'a> Rows<'a> {
    fn get(self, row: usize) -> Option<&'a [u8]> {
        let start = row.checked_mul(self.stride)?;
        self.bytes.get(start..start.checked_add(self.size)?)
    }
}

/// A checked table.
pub(super) struct Table<'a> {
    /// How many rows it has.
    pub(super) count: usize,
    /// None where all rows are zeros, but for the sparse ones.
    rows: Option<Rows<'a>>,
    /// Which rows are others, in rising order, and what they are.
    others: Option<(Vec<u32>, Rows<'a>)>,
    kind: ComponentType,
    normalized: bool,
}

impl<'a> Data<'a> {
    /// A description with its binary piece.
    pub(super) fn new(root: &'a Root, binary: &'a [u8]) -> Self {
        Self { root, binary, sparse_rows: Cell::new(0) }
    }

    /// The bytes of a view, and how far apart its rows are if it says so.
    ///
    /// # Errors
    /// Where it is not there, or reaches beyond its buffer.
    pub(super) fn view(&self, index: Index<View>) -> Result<(&'a [u8], Option<usize>), AvatarError> {
        let index = index.value();
        let missing = |what, index| AvatarError::Missing { what, index };
        let view = self.root.buffer_views.get(index).ok_or(missing("buffer view", index))?;
        // Only the first buffer can be the binary piece, and none lies elsewhere.
        let buffer = view.buffer.value();
        let buffer =
            self.root.buffers.get(buffer).filter(|_| buffer == 0).ok_or(missing("buffer", buffer))?;
        let reach = || {
            let start = view.byte_offset.map_or(0, |offset| offset.0);
            let end = start.checked_add(view.byte_length.0).filter(|end| *end <= buffer.byte_length.0)?;
            self.binary.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
        };
        let bytes = reach().ok_or(AvatarError::Beyond { what: "buffer view", index })?;
        Ok((bytes, view.byte_stride.map(|stride| stride.0).filter(|stride| *stride > 0)))
    }

    /// How many rows a table claims; nothing of it is read.
    pub(super) fn count(&self, index: Index<Accessor>) -> Result<u64, AvatarError> {
        Ok(self.accessor(index)?.count.0)
    }

    fn accessor(&self, index: Index<Accessor>) -> Result<&'a Accessor, AvatarError> {
        let index = index.value();
        self.root.accessors.get(index).ok_or(AvatarError::Missing { what: "accessor", index })
    }

    /// A table of that form, if all of it lies inside its bytes.
    ///
    /// # Errors
    /// Where it is not there, holds something else, or reaches beyond its bytes.
    pub(super) fn table(&self, index: Index<Accessor>, form: Form) -> Result<Table<'a>, AvatarError> {
        let accessor = self.accessor(index)?;
        let index = index.value();
        let wrong = AvatarError::Form(index);
        let (Checked::Valid(kind), Checked::Valid(width)) = (accessor.component_type, accessor.type_) else {
            return Err(wrong);
        };
        let kind = kind.0;
        if !fits(form, kind, width) {
            return Err(wrong);
        }
        let beyond = || AvatarError::Beyond { what: "accessor", index };
        let count = usize::try_from(accessor.count.0).map_err(|_too_large| beyond())?;
        let size = kind.size() * width.multiplicity();
        let rows = match accessor.buffer_view {
            None => None,
            Some(view) => {
                let offset = accessor.byte_offset.map_or(0, |offset| offset.0);
                let (bytes, stride) = self.view(view)?;
                Some(span(bytes, offset, stride.unwrap_or(size), size, count).ok_or_else(beyond)?)
            }
        };
        let others = self.others(accessor, index, count, size)?;
        Ok(Table { count, rows, others, kind, normalized: accessor.normalized })
    }

    /// The rows that are given one by one.
    fn others(
        &self,
        accessor: &Accessor,
        index: usize,
        count: usize,
        size: usize,
    ) -> Result<Option<(Vec<u32>, Rows<'a>)>, AvatarError> {
        let Some(sparse) = &accessor.sparse else { return Ok(None) };
        let beyond = || AvatarError::Beyond { what: "sparse accessor", index };
        let Checked::Valid(kind) = sparse.indices.component_type else {
            return Err(AvatarError::Form(index));
        };
        let kind = kind.0;
        let most = (count as u64).min(MOST_CORNERS);
        let given =
            usize::try_from(sparse.count.0).ok().filter(|it| *it as u64 <= most).ok_or_else(beyond)?;
        let looked_at = self.sparse_rows.get().saturating_add(given as u64);
        self.sparse_rows.set(looked_at);
        AvatarError::limit("sparse rows", looked_at, 2 * MOST_MOVES, "Use a file with fewer face shapes")?;
        let (bytes, _) = self.view(sparse.indices.buffer_view)?;
        let at =
            span(bytes, sparse.indices.byte_offset.0, kind.size(), kind.size(), given).ok_or_else(beyond)?;
        let (bytes, _) = self.view(sparse.values.buffer_view)?;
        let values = span(bytes, sparse.values.byte_offset.0, size, size, given).ok_or_else(beyond)?;
        let at: Vec<u32> = (0..given).map(|row| at.get(row).map_or(0, |cell| whole(cell, kind))).collect();
        // Rows are looked up by halves, and the standard wants them in order.
        let rising = at.windows(2).all(|pair| pair.first() < pair.last());
        let inside = at.last().is_none_or(|last| (*last as usize) < count);
        if rising && inside { Ok(Some((at, values))) } else { Err(beyond()) }
    }
}

fn fits(form: Form, kind: ComponentType, width: Type) -> bool {
    let vector = !matches!(width, Type::Mat2 | Type::Mat3 | Type::Mat4);
    match form {
        Form::Floats(wide) => vector && width.multiplicity() == wide && !matches!(kind, ComponentType::U32),
        Form::Wholes(wide) => {
            let from_zero = matches!(kind, ComponentType::U8 | ComponentType::U16 | ComponentType::U32);
            vector && width.multiplicity() == wide && from_zero
        }
        Form::Matrices => matches!((kind, width), (ComponentType::F32, Type::Mat4)),
    }
}

/// So many rows from an offset, if they all lie inside.
fn span(bytes: &[u8], offset: u64, stride: usize, size: usize, count: usize) -> Option<Rows<'_>> {
    let rows = |bytes| Rows { bytes, stride, size };
    let Some(last) = count.checked_sub(1) else { return Some(rows(&[])) };
    if stride < size || stride > MOST_STRIDE {
        return None;
    }
    let start = usize::try_from(offset).ok()?;
    let end = last.checked_mul(stride)?.checked_add(size)?.checked_add(start)?;
    bytes.get(start..end).map(rows)
}

impl Table<'_> {
    fn cell(&self, row: usize) -> Option<&[u8]> {
        if let Some((at, values)) = &self.others
            && let Some(found) = u32::try_from(row).ok().and_then(|row| at.binary_search(&row).ok())
        {
            return values.get(found);
        }
        self.rows?.get(row)
    }

    /// The numbers of a row; zeros where it has none.
    pub(super) fn floats<const N: usize>(&self, row: usize) -> [f32; N] {
        self.row(row, 0.0, |cell| float(cell, self.kind, self.normalized))
    }

    /// The whole numbers of a row; zeros where it has none.
    pub(super) fn wholes<const N: usize>(&self, row: usize) -> [u32; N] {
        self.row(row, 0, |cell| whole(cell, self.kind))
    }

    fn row<T: Copy, const N: usize>(&self, row: usize, none: T, of: impl Fn(&[u8]) -> T) -> [T; N] {
        let mut out = [none; N];
        if let Some(cell) = self.cell(row) {
            for (slot, bytes) in out.iter_mut().zip(cell.chunks_exact(self.kind.size())) {
                *slot = of(bytes);
            }
        }
        out
    }
}

fn float(bytes: &[u8], kind: ComponentType, normalized: bool) -> f32 {
    let (value, most) = match (kind, bytes) {
        (ComponentType::I8, &[a]) => (f32::from(i8::from_le_bytes([a])), 127.0),
        (ComponentType::U8, &[a]) => (f32::from(a), 255.0),
        (ComponentType::I16, &[a, b]) => (f32::from(i16::from_le_bytes([a, b])), 32_767.0),
        (ComponentType::U16, &[a, b]) => (f32::from(u16::from_le_bytes([a, b])), 65_535.0),
        (ComponentType::F32, &[a, b, c, d]) => return f32::from_le_bytes([a, b, c, d]),
        _ => (0.0, 1.0),
    };
    if normalized { (value / most).max(-1.0) } else { value }
}

fn whole(bytes: &[u8], kind: ComponentType) -> u32 {
    match (kind, bytes) {
        (ComponentType::U8, &[a]) => u32::from(a),
        (ComponentType::U16, &[a, b]) => u32::from(u16::from_le_bytes([a, b])),
        (ComponentType::U32, &[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(accessor: &str, binary: &[u8], form: Form) -> Result<Vec<[f32; 2]>, AvatarError> {
        let json = format!(
            r#"{{"asset":{{"version":"2.0"}},"buffers":[{{"byteLength":{0}}}],
                "bufferViews":[{{"buffer":0,"byteLength":{0}}}],"accessors":[{accessor}]}}"#,
            binary.len()
        );
        let root: Root = serde_json::from_str(&json).expect("a description");
        let table = Data::new(&root, binary).table(Index::new(0), form)?;
        Ok((0..table.count).map(|row| table.floats(row)).collect())
    }

    #[test]
    fn whole_numbers_are_made_into_fractions_where_the_file_says_so() {
        let text = r#"{"bufferView":0,"componentType":5121,"type":"VEC2","count":2,"normalized":true}"#;
        let rows = table(text, &[0, 255, 51, 255], Form::Floats(2)).expect("a table");
        assert_eq!(rows, [[0.0, 1.0], [0.2, 1.0]]);
        assert!(table(text, &[0, 255, 51, 255], Form::Floats(3)).is_err());
        assert!(table(text, &[0, 255, 51], Form::Floats(2)).is_err());
    }

    #[test]
    fn sparse_rows_go_over_zeros_and_must_rise() {
        let text = |at: &str| {
            format!(
                r#"{{"componentType":5120,"type":"VEC2","count":4,"sparse":{{"count":2,
                    "indices":{{"bufferView":0,"componentType":5121{at}}},
                    "values":{{"bufferView":0,"byteOffset":2}}}}}}"#
            )
        };
        let bytes = [1, 3, 5, 6, 7, 8];
        let rows = table(&text(""), &bytes, Form::Floats(2)).expect("a table");
        assert_eq!(rows, [[0.0, 0.0], [5.0, 6.0], [0.0, 0.0], [7.0, 8.0]]);
        assert!(table(&text(""), &[3, 1, 5, 6, 7, 8], Form::Floats(2)).is_err(), "they fall");
        assert!(table(&text(""), &[1, 4, 5, 6, 7, 8], Form::Floats(2)).is_err(), "one lies beyond");
        assert!(table(&text(r#","byteOffset":5"#), &bytes, Form::Floats(2)).is_err(), "cut");
    }
}
