//! Reasoning inside the text: what stands between `<think>` tags is nobody's line.

/// Takes reasoning out of a stream of text, also where a tag is cut across deltas.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    held: String,
    inside: bool,
    begun: bool,
    /// What was taken as reasoning only because this model is known to begin inside of it.
    assumed: Option<String>,
}

/// What of a piece is to be heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Everything so far was reasoning whose opening tag stood in the prompt (DeepSeek-R1, Qwen3).
    pub all_before_was_reasoning: bool,
    /// Words of the answer.
    pub text: String,
}

const OPEN: [&str; 4] = ["<think>", "<thinking>", "<reasoning>", "[THINK]"];
const CLOSE: [&str; 4] = ["</think>", "</thinking>", "</reasoning>", "[/THINK]"];

impl Splitter {
    /// For a model whose answers are known to begin inside of its reasoning.
    #[must_use]
    pub fn inside() -> Self {
        Self { inside: true, assumed: Some(String::new()), ..Self::default() }
    }

    /// Takes text and gives what is not reasoning. White space before the first word is dropped.
    pub fn push(&mut self, text: &str) -> Heard {
        self.held.push_str(text);
        let mut heard = Heard::default();
        let tags = || OPEN.iter().map(|tag| (tag, false)).chain(CLOSE.iter().map(|tag| (tag, true)));
        loop {
            let found =
                tags().filter_map(|(tag, closes)| Some((self.held.find(tag)?, tag.len(), closes))).min();
            let (until, drop) = match found {
                Some((at, length, _)) => (at, at + length),
                None => {
                    let keep = self.held.len() - longest_beginning(&self.held);
                    (keep, keep)
                }
            };
            if !self.inside {
                heard.text.push_str(&self.held[..until]);
            } else if let Some(assumed) = &mut self.assumed {
                assumed.push_str(&self.held[..until]);
            }
            self.held.drain(..drop);
            let Some((_, _, closes)) = found else { break };
            self.assumed = None;
            if closes && !self.inside {
                heard = Heard { all_before_was_reasoning: true, text: String::new() };
                self.begun = false;
            }
            self.inside = !closes;
        }
        heard.text = self.without_blank_start(heard.text);
        heard
    }

    /// What was held back in case it became a tag.
    ///
    /// A model that was taken to begin inside of its reasoning, and never came out of it, did not reason this time.
    pub fn finish(mut self) -> String {
        let held = std::mem::take(&mut self.held);
        let rest = match self.assumed.take() {
            Some(assumed) => assumed + &held,
            None if self.inside => String::new(),
            None => held,
        };
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
fn longest_beginning(text: &str) -> usize {
    let could = |length: &usize| {
        let at = text.len() - length;
        text.is_char_boundary(at) && OPEN.iter().chain(&CLOSE).any(|tag| tag.starts_with(&text[at..]))
    };
    (1..text.len().min(12) + 1).rev().find(could).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heard(mut splitter: Splitter, pieces: &[&str]) -> String {
        let mut out = String::new();
        for piece in pieces {
            let heard = splitter.push(piece);
            if heard.all_before_was_reasoning {
                out.clear();
            }
            out.push_str(&heard.text);
        }
        out.push_str(&splitter.finish());
        out
    }

    fn whole(pieces: &[&str]) -> String {
        heard(Splitter::default(), pieces)
    }

    #[test]
    fn reasoning_is_taken_out_also_across_deltas() {
        assert_eq!(
            whole(&["\n<th", "ink>I must", " be kind.</thi", "nk>\n\nHello", " there."]),
            "Hello there."
        );
        assert_eq!(whole(&["a < b", " and <tea>"]), "a < b and <tea>");
        assert_eq!(whole(&["<think>never closed"]), "");
        assert_eq!(whole(&["[THINK]I must[/THINK]Hello"]), "Hello");
    }

    #[test]
    fn reasoning_whose_opening_tag_stood_in_the_prompt_is_taken_back() {
        assert_eq!(whole(&["Okay, they said ", "it. </thi", "nk>\n\nHello."]), "Hello.");
        let known = || Splitter::inside();
        assert_eq!(heard(known(), &["Okay, they said it. ", "</think>", "Hello."]), "Hello.");
        assert_eq!(heard(known(), &["<think>Okay</think>", "Hello."]), "Hello.");
        assert_eq!(heard(known(), &["Hello ", "again."]), "Hello again.", "this time it did not reason");
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_text(text in "(<think>|</think>|<th|[a-zé <>/]{0,4}){0,12}", at in 0usize..80) {
            let cut = (0..=at.min(text.len())).rev().find(|cut| text.is_char_boundary(*cut)).unwrap_or(0);
            prop_assert_eq!(whole(&[&text[..cut], &text[cut..]]), whole(&[&text]));
        }
    }
}
