//! Reasoning inside the text: what stands between `<think>` tags is nobody's line.

/// Takes reasoning out of a stream of text, also where a tag is cut across deltas.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    held: String,
    inside: bool,
    begun: bool,
}

const OPEN: [&str; 3] = ["<think>", "<thinking>", "<reasoning>"];
const CLOSE: [&str; 3] = ["</think>", "</thinking>", "</reasoning>"];

impl Splitter {
    /// Takes text and gives what is not reasoning. White space before the first word is dropped.
    pub fn push(&mut self, text: &str) -> String {
        self.held.push_str(text);
        let mut out = String::new();
        loop {
            let tags = if self.inside { CLOSE } else { OPEN };
            let found = tags.iter().filter_map(|tag| Some((self.held.find(tag)?, tag.len()))).min();
            match found {
                Some((at, length)) => {
                    if !self.inside {
                        out.push_str(&self.held[..at]);
                    }
                    self.held.drain(..at + length);
                    self.inside = !self.inside;
                }
                None => {
                    let keep = self.held.len() - longest_beginning(&self.held, &tags);
                    if !self.inside {
                        out.push_str(&self.held[..keep]);
                    }
                    self.held.drain(..keep);
                    break;
                }
            }
        }
        self.without_blank_start(out)
    }

    /// What was held back in case it became a tag.
    pub fn finish(mut self) -> String {
        let rest = if self.inside { String::new() } else { std::mem::take(&mut self.held) };
        self.without_blank_start(rest)
    }

    fn without_blank_start(&mut self, out: String) -> String {
        if self.begun {
            return out;
        }
        let out = out.trim_start().to_owned();
        self.begun = !out.is_empty();
        out
    }
}

/// How many bytes at the end of a text could be the beginning of one of the tags.
fn longest_beginning(text: &str, tags: &[&str]) -> usize {
    let could = |length: &usize| {
        let at = text.len() - length;
        text.is_char_boundary(at) && tags.iter().any(|tag| tag.starts_with(&text[at..]))
    };
    (1..text.len().min(12) + 1).rev().find(could).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(pieces: &[&str]) -> String {
        let mut splitter = Splitter::default();
        let mut out: String = pieces.iter().map(|piece| splitter.push(piece)).collect();
        out.push_str(&splitter.finish());
        out
    }

    #[test]
    fn reasoning_is_taken_out_also_across_deltas() {
        assert_eq!(
            whole(&["\n<th", "ink>I must", " be kind.</thi", "nk>\n\nHello", " there."]),
            "Hello there."
        );
        assert_eq!(whole(&["a < b", " and <tea>"]), "a < b and <tea>");
        assert_eq!(whole(&["<think>never closed"]), "");
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_text(text in "(<think>|</think>|<th|[a-zé <>/]{0,4}){0,12}", at in 0usize..80) {
            let cut = (0..=at.min(text.len())).rev().find(|cut| text.is_char_boundary(*cut)).unwrap_or(0);
            prop_assert_eq!(whole(&[&text[..cut], &text[cut..]]), whole(&[&text]));
        }
    }
}
