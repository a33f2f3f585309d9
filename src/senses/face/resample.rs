//! A level square of a picture in another size. What is between the pixels along one axis is independent of the other axis: so
//! columns are brought to their new length first, and then rows, instead of looking at every point by itself.

use super::picture::Outside;

/// Which pixels along an axis are in one of the square, and how much of each.
pub(super) struct Share {
    /// The first of them.
    from: usize,
    /// How much of it and of those that follow.
    of: Vec<f32>,
}

/// The shares along an axis on which the picture is `length` pixels long, for a square from `from` on and `side` long, in so
/// many pixels, each the mean of so many points, each between two pixels of the picture.
pub(super) fn shares(
    from: f32,
    side: f32,
    (pixels, points): (usize, usize),
    length: usize,
    outside: Outside,
) -> Vec<Share> {
    let step = side / (pixels * points) as f32;
    let last = length - 1;
    let one = 1.0 / points as f32;
    let share = |pixel: usize| {
        let mut share = Share { from: 0, of: Vec::new() };
        for point in pixel * points..(pixel + 1) * points {
            let at = from + (point as f32 + 0.5) * step;
            if outside == Outside::Black && !(0.0..=length as f32).contains(&at) {
                continue;
            }
            let at = (at - 0.5).clamp(0.0, last as f32);
            let (left, beyond) = (at as usize, at.fract());
            if share.of.is_empty() {
                share.from = left;
            }
            // Points follow each other, so that none lies before the first.
            let place = left.saturating_sub(share.from);
            share.of.resize(share.of.len().max(place + 2), 0.0);
            share.of[place] += (1.0 - beyond) * one;
            share.of[place + 1] += beyond * one;
        }
        // Behind the last pixel there is only the last pixel.
        let there = share.of.len().min(length - share.from);
        share.of.truncate(there);
        share
    };
    (0..pixels).map(share).collect()
}

/// The square, row by row, each pixel red, green and blue, 0 to 255.
pub(super) fn level(rgb: &[u8], width: usize, columns: &[Share], rows: &[Share]) -> Vec<[f32; 3]> {
    let seen = || columns.iter().filter(|column| !column.of.is_empty());
    let first = seen().map(|column| column.from).min().unwrap_or_default();
    let end = seen().map(|column| column.from + column.of.len()).max().unwrap_or_default();
    // A row of the square in the columns of the picture.
    let mut line = vec![0.0; (end - first) * 3];
    let mut square = Vec::with_capacity(rows.len() * columns.len());
    for row in rows {
        line.fill(0.0);
        for (at, share) in (row.from..).zip(&row.of) {
            let from = &rgb[(at * width + first) * 3..(at * width + end) * 3];
            line.iter_mut().zip(from).for_each(|(sum, it)| *sum += f32::from(*it) * share);
        }
        let pixels = line.as_chunks::<3>().0;
        square.extend(columns.iter().map(|column| {
            let mut sum = [0.0; 3];
            let from = column.from.saturating_sub(first).min(pixels.len());
            for (pixel, share) in pixels[from..].iter().zip(&column.of) {
                (0..3).for_each(|it| sum[it] += pixel[it] * share);
            }
            sum
        }));
    }
    square
}
