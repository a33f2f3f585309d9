//! The words of a sentence, as a synthesiser may be given them: no markup, no pictures, and no more than a minute of it.

use super::speech::WordEnd;

/// About how many letters are spoken in a minute at the slowest.
const MOST_LETTERS: usize = 620;
/// No word is longer.
const LONGEST_WORD: usize = 40;

/// A sentence made ready to be spoken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// What is given to the synthesiser.
    pub(super) said: String,
    /// Its words, in order.
    pub(super) words: Vec<Word>,
}

/// A word of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// As it is written.
    pub(super) text: String,
    /// How many characters of the sentence are spoken when this word was: what follows it without a space is part of it.
    pub(super) ends: usize,
    /// Whether a pause follows.
    pub(super) pause: bool,
}

impl Text {
    /// Takes a sentence apart.
    pub(super) fn of(sentence: &str) -> Self {
        let characters: Vec<char> = sentence.chars().collect();
        let mut text = Self::default();
        let (mut at, mut letters) = (0, 0);
        while at < characters.len() && letters < MOST_LETTERS {
            let length = word_at(&characters[at..]);
            if length == 0 {
                text.between(characters[at], at + 1);
                letters += 1;
                at += 1;
                continue;
            }
            let word: String = characters[at..at + length].iter().map(|&c| plain_apostrophe(c)).collect();
            letters += word.chars().map(weight).sum::<usize>();
            at += length;
            text.said.push_str(&word);
            text.words.push(Word { text: word, ends: at, pause: false });
        }
        if at == characters.len()
            && let Some(last) = text.words.last_mut()
        {
            last.ends = at;
        }
        text
    }

    /// Takes what stands between words.
    fn between(&mut self, c: char, ends: usize) {
        let said = match c {
            // A dash is a pause; one between letters only joins them.
            '—' | '–' => ',',
            '-' | '.' | ',' | ';' | ':' | '!' | '?' | '…' | '%' | '。' | '，' | '！' | '？' | '；' | '：'
            | '、' => c,
            _ => ' ',
        };
        // A full stop that stands alone might be read out as a word.
        if self.said.ends_with(' ') {
            self.said.pop();
        }
        self.said.push(said);
        let follows_at_once = |last: &Word| last.ends + 1 == ends;
        if let Some(last) = self.words.last_mut() {
            last.pause |= !matches!(said, ' ' | '-' | '%');
            if !c.is_whitespace() && follows_at_once(last) {
                last.ends = ends;
            }
        }
    }

    /// What is given to the synthesiser so that the voice does not fall at the end: the sentence is not over.
    pub(super) fn said_without_an_end(&self) -> String {
        let said = self.said.trim_end_matches(|c: char| !c.is_alphanumeric());
        format!("{said},")
    }

    /// How many sounds the end of a spoken word may be off and still be that of a written one: of Chinese the letters say
    /// nothing of the sounds, and nearly every character is spoken as a word.
    pub(super) fn nearly(&self) -> usize {
        if self.words.iter().any(|word| word.text.chars().all(is_ideograph)) { 3 } else { 1 }
    }

    /// The ends of its words at these moments, in milliseconds; never one before another.
    pub(super) fn word_ends(&self, at_ms: impl IntoIterator<Item = u32>) -> Vec<WordEnd> {
        let mut latest = 0;
        self.words
            .iter()
            .zip(at_ms)
            .map(|(word, at_ms)| {
                latest = at_ms.max(latest);
                WordEnd { at_ms: latest, chars: word.ends }
            })
            .collect()
    }
}

/// How many of these characters are one word. Of Chinese each character is one.
fn word_at(characters: &[char]) -> usize {
    let Some(&first) = characters.first() else { return 0 };
    if is_ideograph(first) {
        return 1;
    }
    let mut length = 0;
    while let Some(&c) = characters.get(length).filter(|_| length < LONGEST_WORD) {
        let joins = matches!(c, '\'' | '’')
            && length > 0
            && characters.get(length + 1).is_some_and(|next| next.is_alphanumeric());
        if (!c.is_alphanumeric() && !joins) || is_ideograph(c) {
            break;
        }
        length += 1;
    }
    length
}

fn plain_apostrophe(c: char) -> char {
    if c == '’' { '\'' } else { c }
}

/// About how many letters it takes as long as.
pub(super) fn weight(c: char) -> usize {
    if is_ideograph(c) {
        4
    } else if c.is_numeric() {
        8
    } else {
        1
    }
}

/// Whether it is a Chinese character.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sentence: &str) -> Vec<(String, usize, bool)> {
        Text::of(sentence).words.into_iter().map(|word| (word.text, word.ends, word.pause)).collect()
    }

    fn word(text: &str, ends: usize, pause: bool) -> (String, usize, bool) {
        (text.to_owned(), ends, pause)
    }

    #[test]
    fn words_end_with_what_follows_them_at_once() {
        assert_eq!(
            words("I’m here, “still”. "),
            [word("I'm", 3, false), word("here", 9, true), word("still", 19, true)]
        );
        assert_eq!(words("我累了。"), [word("我", 1, false), word("累", 2, false), word("了", 4, true)]);
        assert_eq!(words("I—"), [word("I", 2, true)]);
    }

    #[test]
    fn nothing_but_words_and_pauses_is_spoken() {
        for (sentence, said) in [
            ("-w /tmp/x", "-w tmp x"),
            ("<speak>Hi</speak> & <break time=\"9s\"/>", " speak Hi speak break time 9s "),
            ("“No”. “Yes” — “I do”", " No. Yes, I do "),
            ("[[h@loU]] 🙂👍 there", " h loU there"),
            ("\u{0}\u{1b}[31mred", " 31mred"),
            ("", ""),
            ("🙂", " "),
        ] {
            assert_eq!(Text::of(sentence).said, said);
        }
        assert!(Text::of("… — !").words.is_empty());
    }

    #[test]
    fn ten_minutes_of_text_are_cut_at_a_word() {
        for long in ["All of it again. ".repeat(800), "1984 ".repeat(1_000), "我累了。".repeat(900)] {
            let text = Text::of(&long);
            assert!(text.said.chars().count() <= MOST_LETTERS + 8, "{}", text.said);
            assert!(text.words.last().expect("a word").ends < 700);
        }
        assert_eq!(Text::of(&"a".repeat(900_000)).words.len(), 16);
    }

    #[test]
    fn what_is_broken_off_has_no_end() {
        assert_eq!(Text::of("That was once. I—").said_without_an_end(), "That was once. I,");
    }
}
