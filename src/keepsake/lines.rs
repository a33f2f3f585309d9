//! Words set in lines of about the same length, so that none stands alone at the end.

/// What stays together on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    /// Whether a space stands before it, unless it begins a line.
    spaced: bool,
}

/// Marks that begin no line, and marks that end none.
const ENDS: &str = ",.;:!?)]}\u{2019}\u{201d}\u{bb}\u{2026}\u{2014}%、。，．：；！？）】』」》〉…—～";
const BEGINS: &str = "([{\u{2018}\u{201c}\u{ab}（【『「《〈";

/// Whether a line may end beside this letter in the middle of a word: Chinese has no spaces.
pub(super) fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF)
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for word in text.split_whitespace() {
        let mut spaced = true;
        let mut last: Option<char> = None;
        for c in word.chars() {
            let stays = last.is_some_and(|last| {
                ENDS.contains(c) || BEGINS.contains(last) || !(is_wide(c) || is_wide(last))
            });
            match all.last_mut().filter(|_| stays) {
                Some(piece) => piece.text.push(c),
                None => all.push(Piece { text: c.to_string(), spaced: std::mem::take(&mut spaced) }),
            }
            last = Some(c);
        }
    }
    all
}

/// The words in as few lines of this width as there can be, as alike in length as they can be. `measure` tells how wide a
/// text is; none where a single word is wider.
pub(super) fn set(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Option<Vec<String>> {
    let pieces = pieces(text);
    let space = measure(" ");
    let widths: Vec<f32> = pieces.iter().map(|piece| measure(&piece.text)).collect();
    // The best way to set the first so many pieces: lines, raggedness, and where its last line begins.
    let mut best: Vec<Option<(usize, f32, usize)>> = vec![None; pieces.len() + 1];
    best[0] = Some((0, 0.0, 0));
    for end in 1..=pieces.len() {
        let mut wide = 0.0;
        for begin in (0..end).rev() {
            let after = pieces.get(begin + 1).filter(|_| begin + 1 < end);
            wide += widths[begin] + after.map_or(0.0, |next| if next.spaced { space } else { 0.0 });
            if wide > width {
                break;
            }
            let Some((lines, ragged, _)) = best[begin] else { continue };
            let found = (lines + 1, ragged + (width - wide).powi(2), begin);
            if best[end].is_none_or(|it| (found.0, found.1) < (it.0, it.1)) {
                best[end] = Some(found);
            }
        }
    }
    let mut lines = Vec::new();
    let mut end = pieces.len();
    while end > 0 {
        let (_, _, begin) = best[end]?;
        lines.push(joined(&pieces[begin..end]));
        end = begin;
    }
    lines.reverse();
    Some(lines)
}

/// The same with words cut in two where they are wider than a line: an address, a cry.
pub(super) fn set_anyhow(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<String> {
    let mut cut = String::new();
    for word in text.split_whitespace() {
        let mut wide = 0.0;
        for c in word.chars() {
            let more = measure(c.encode_utf8(&mut [0; 4]));
            if wide > 0.0 && wide + more > width {
                cut.push(' ');
                wide = 0.0;
            }
            wide += more;
            cut.push(c);
        }
        cut.push(' ');
    }
    // A letter that is wider than a line stands on one by itself.
    set(&cut, width, &measure).unwrap_or_else(|| cut.split_whitespace().map(str::to_owned).collect())
}

fn joined(pieces: &[Piece]) -> String {
    let mut line = String::new();
    for piece in pieces {
        if piece.spaced && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&piece.text);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As wide as it has letters; a Chinese one counts twice.
    fn wide(text: &str) -> f32 {
        text.chars().map(|c| if is_wide(c) { 2.0 } else { 1.0 }).sum()
    }

    #[test]
    fn lines_are_about_the_same_length_and_no_word_stands_alone_at_the_end() {
        let lines = set("You stayed when it was hard and nobody asked you to stay", 22.0, wide);
        let lines = lines.expect("no word is wider");
        assert_eq!(lines, ["You stayed when it", "was hard and nobody", "asked you to stay"]);
    }

    #[test]
    fn chinese_breaks_between_letters_and_no_line_begins_with_a_mark() {
        let text = "你已经尽力了，没有人会怪你。“我也这样过”，你说。";
        for width in 6..30 {
            let lines = set(text, width as f32, wide).unwrap_or_default();
            assert_eq!(lines.concat(), if lines.is_empty() { "" } else { text }, "{width}");
            for line in &lines {
                assert!(wide(line) <= width as f32, "{line}");
                assert!(!line.starts_with(|c| ENDS.contains(c)) && !line.ends_with(|c| BEGINS.contains(c)));
            }
        }
    }

    #[test]
    fn a_word_that_is_wider_than_a_line_is_cut_and_no_letter_is_lost() {
        let text = "a https://example.org/very/long/address b";
        assert_eq!(set(text, 10.0, wide), None);
        let lines = set_anyhow(text, 10.0, wide);
        assert!(lines.iter().all(|line| wide(line) <= 10.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert_eq!(set_anyhow("我们", 1.0, wide), ["我", "们"]);
        assert_eq!(set("", 10.0, wide), Some(Vec::new()));
    }
}
