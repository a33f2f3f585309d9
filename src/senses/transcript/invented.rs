//! Words that nobody said (fault A8). Recognisers write sentences over silence, noise and music: the credits of the films
//! that they learnt from, thanks to an audience, one phrase over and over. None of that may be taken for the person's.
//!
//! The other mistake is the worse one. "I want to die" may be quiet, quick and only four words long, and it must come through.
//! So nothing is dropped for being short: a text goes only where there was no sound or no voice to carry it, where it has
//! more words than that voice could speak, or where it is one of the few phrases that are known to be invented and the voice
//! does not stand for it.

use super::Transcript;
use crate::dialogue::text::clean_utterance;
use crate::sound::samples;

/// Why a transcript is not taken for somebody's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// There are no words in it.
    #[error("there are no words in it")]
    Empty,
    /// Nothing was loud enough to be a voice.
    #[error("it was too quiet for words")]
    Quiet,
    /// Nobody's voice was in it.
    #[error("there was no voice in it")]
    NoVoice,
    /// The recogniser itself takes it for no speech.
    #[error("it was no speech")]
    NoSpeech,
    /// It is known to be written where nobody speaks.
    #[error("these are words that are written where nobody speaks")]
    Known,
    /// Nobody speaks so fast.
    #[error("nobody speaks so many words in so short a time")]
    TooFast,
}

/// Below this a sound is silence, in decibels below the loudest there is: the limit of the gate that hears voices.
const SILENCE_DB: f32 = -60.0;
/// Over so long loudness is taken, in milliseconds: less than the shortest word.
const WINDOW_MS: u32 = 100;
/// Less voice than this is a click, in milliseconds.
const LEAST_VOICE_MS: u32 = 60;
/// So many words a second are spoken by the fastest; one more is let through, because a voice is found later than it begins
/// and lost sooner than it ends.
const WORDS_A_SECOND: f32 = 6.0;
/// A character of Chinese or Japanese counts for so much of a word.
const CHARACTER: f32 = 0.5;
/// From here on the recogniser takes a sound for no speech. This is whisper's own limit.
const NO_SPEECH: f32 = 0.6;
/// From here on it doubts it.
const DOUBTS_SPEECH: f32 = 0.3;
/// Below this it is unsure of its words, and from there on it is as sure as it ever is.
const UNSURE: f32 = 0.5;
const SURE: f32 = 0.8;
/// A sentence with something in it has so many words.
const SENTENCE: f32 = 3.0;
/// A phrase is cut to one when it comes so often in a row, and is at most so many words long.
const LOOP: (usize, usize) = (3, 24);

/// What is written where nobody speaks, and what nobody says aloud in a room: the credits of films. By how it begins.
const CREDITS: [&str; 15] = [
    "amara org",
    "blank audio",
    "captions by",
    "sous titres r\u{e9}alis\u{e9}s",
    "sous titrage",
    "subtitles by",
    "transcribed by",
    "transcription by",
    "untertitel der amara",
    "untertitel im auftrag",
    "untertitelung",
    "ご視聴ありがとうございました",
    "字幕由",
    "字幕志愿者",
    "请不吝点赞",
];

/// What is often written where nobody speaks, and is said by people, too. It goes only where the voice does not stand for it.
const PHRASES: [&str; 31] = [
    "and",
    "applause",
    "bye",
    "bye bye",
    "don't forget to subscribe",
    "hmm",
    "i'll see you in the next video",
    "i'll see you next time",
    "like and subscribe",
    "mm",
    "music",
    "music playing",
    "oh",
    "please subscribe",
    "please subscribe to my channel",
    "see you in the next video",
    "see you next time",
    "silence",
    "so",
    "subscribe",
    "thank you",
    "thank you for listening",
    "thank you for watching",
    "thank you so much",
    "thank you so much for watching",
    "thank you very much",
    "thanks",
    "thanks for listening",
    "thanks for watching",
    "the",
    "you",
];

/// The person's words in a transcript of `sound` (one channel at 16,000 samples a second), in which a voice was found for
/// `voiced_ms` milliseconds: plain text, without notes and loops. Where a key was held to talk, a voice is there whatever was
/// found: the length of the whole sound is to be given then.
///
/// # Errors
/// [`Why`] nobody is taken to have said it.
pub fn credible(transcript: &Transcript, sound: &[f32], voiced_ms: u32) -> Result<String, Why> {
    let text = once(&without_notes(&clean_utterance(&transcript.text).0));
    let words = words(&text);
    if words == 0.0 {
        return Err(Why::Empty);
    }
    if loudest_db(sound) < SILENCE_DB {
        return Err(Why::Quiet);
    }
    if voiced_ms < LEAST_VOICE_MS {
        return Err(Why::NoVoice);
    }
    let voiced = voiced_ms as f32 / 1_000.0;
    // A phrase that is said takes its time: three tenths of a second for two words.
    let carried = voiced >= 0.1 + 0.1 * words;
    let doubtful =
        transcript.no_speech >= DOUBTS_SPEECH || transcript.confidence.is_some_and(|it| it < UNSURE);
    let plain = plain(&text);
    if CREDITS.iter().any(|credit| plain.starts_with(credit)) || (is_phrases(&text) && (!carried || doubtful))
    {
        return Err(Why::Known);
    }
    // The recogniser may be wrong about the sound while it is right about the words. A whole sentence that it is sure of, and
    // that a voice of that length carries, is heard all the same.
    let stands = carried && words >= SENTENCE && transcript.confidence.is_some_and(|it| it >= SURE);
    if transcript.no_speech >= NO_SPEECH && !stands {
        return Err(Why::NoSpeech);
    }
    if words > voiced.mul_add(WORDS_A_SECOND, 1.0) { Err(Why::TooFast) } else { Ok(text) }
}

/// How loud the loudest tenth of a second is, in decibels.
fn loudest_db(sound: &[f32]) -> f32 {
    let window = samples(WINDOW_MS) as usize;
    let power = |piece: &[f32]| {
        let heard = piece.iter().filter(|it| it.is_finite());
        heard.map(|it| it * it).sum::<f32>() / piece.len().max(1) as f32
    };
    let loudest = sound.chunks(window).map(power).fold(0.0, f32::max);
    10.0 * loudest.max(1e-10).log10()
}

/// How many words there are, by the time that they take.
fn words(text: &str) -> f32 {
    pieces(text)
        .into_iter()
        .filter(|piece| piece.contains(char::is_alphanumeric))
        .map(|piece| if piece.chars().any(is_character) { CHARACTER } else { 1.0 })
        .sum()
}

/// Small letters, digits and single spaces: what a text is compared by.
fn plain(text: &str) -> String {
    let straight = text.replace('\u{2019}', "'").to_lowercase();
    let letters: String =
        straight.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether there is nothing in a text but phrases that are known to be invented.
fn is_phrases(text: &str) -> bool {
    let parts = text.split(['.', ',', '!', '?', '\u{2026}', ';']).map(plain);
    parts.filter(|part| !part.is_empty()).all(|part| PHRASES.contains(&part.as_str()))
}

/// The text without notes on what is no speech: `[BLANK_AUDIO]`, `(music)`, `*sighs*`, notes of music, marks of a speaker.
fn without_notes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(|c| closes(c).is_some()) {
        kept.push_str(&rest[..open]);
        let mut chars = rest[open..].chars();
        let close = chars.next().and_then(closes);
        rest = chars.as_str();
        // A bracket that is never closed is left out by itself.
        let Some((note, after)) = close.and_then(|close| rest.split_once(close)) else { continue };
        // A note tells what is heard. Where there is an I or a you in it, somebody's words were put into brackets.
        kept.push(' ');
        if speaks(note) {
            kept.push_str(note);
            kept.push(' ');
        }
        rest = after;
    }
    kept.push_str(rest);
    let kept = kept.replace(['\u{266a}', '\u{266b}', '\u{266c}', '>'], " ");
    let kept = kept.trim_matches(|c: char| c.is_whitespace() || ['-', '\u{2013}', '\u{2014}'].contains(&c));
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What closes a note that is opened with this.
fn closes(open: char) -> Option<char> {
    Some(match open {
        '[' => ']',
        '(' => ')',
        '{' => '}',
        '*' => '*',
        '<' => '>',
        '\u{ff08}' => '\u{ff09}',
        '\u{3010}' => '\u{3011}',
        _ => return None,
    })
}

/// Whether somebody speaks of themselves or to somebody.
fn speaks(note: &str) -> bool {
    let plain = plain(note);
    let mut words = plain.split(' ');
    words.any(|word| {
        ["i", "im", "me", "my", "myself", "you", "your"].contains(&word)
            || word.starts_with("i'")
            || word.starts_with("you'")
            || word.contains(['\u{6211}', '\u{4f60}'])
    })
}

/// The text with every phrase once that comes three or more times in a row.
fn once(text: &str) -> String {
    let pieces = pieces(text);
    let keys: Vec<String> = pieces.iter().map(|piece| plain(piece)).collect();
    let (often, longest) = LOOP;
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while at < pieces.len() {
        let rest = &keys[at..];
        let turns = |length: &usize| {
            let first = &rest[..*length];
            rest.chunks_exact(*length).take_while(|next| *next == first).count()
        };
        let lengths = 1..=longest.min(rest.len() / often);
        let found = lengths.map(|length| (length, turns(&length))).find(|(_, turns)| *turns >= often);
        let (length, turns) =
            found.filter(|(length, _)| *length > 1 || !is_number(&rest[0])).unwrap_or((1, 1));
        // The last of them is kept: the sentence goes on from there.
        let from = at + (turns - 1) * length;
        kept.extend(pieces[from..from + length].iter().copied());
        at = from + length;
    }
    kept.trim().to_owned()
}

/// A digit that is said over and over is a number: nine nine nine is who is called.
fn is_number(word: &str) -> bool {
    const DIGITS: [&str; 10] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    DIGITS.contains(&word) || word.chars().all(char::is_numeric)
}

/// Words with what follows them, and characters of scripts that do without spaces.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut from, mut before) = (Vec::new(), 0, ' ');
    for (at, c) in text.char_indices() {
        let begins = is_character(c) || (is_character(before) && c.is_alphanumeric()) || before == ' ';
        if begins && at > from {
            pieces.push(&text[from..at]);
            from = at;
        }
        before = c;
    }
    if from < text.len() {
        pieces.push(&text[from..]);
    }
    pieces
}

/// A character of Chinese or Japanese.
fn is_character(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone() -> Vec<f32> {
        (0..16_000).map(|at| 0.1 * (at as f32 * 0.1).sin()).collect()
    }

    fn said(text: &str) -> Transcript {
        Transcript { text: text.to_owned(), ..Transcript::default() }
    }

    fn heard(text: &str, voiced_ms: u32) -> Result<String, Why> {
        credible(&said(text), &tone(), voiced_ms)
    }

    fn unsure(text: &str, no_speech: f32, confidence: Option<f32>, voiced_ms: u32) -> Result<String, Why> {
        let transcript = Transcript { no_speech, confidence, ..said(text) };
        credible(&transcript, &tone(), voiced_ms)
    }

    #[test]
    fn what_a_voice_carries_comes_through_however_short_it_is() {
        for (text, voiced_ms) in [
            ("No.", 180),
            ("Stop.", 250),
            ("Me too.", 220),
            ("Help me.", 250),
            ("I want to die.", 600),
            ("I don't want to be here anymore.", 1_050),
            ("Half.", 60),
            ("我不想活了", 500),
        ] {
            assert_eq!(heard(text, voiced_ms).as_deref(), Ok(text), "{text}");
        }
    }

    /// A8: words over silence.
    #[test]
    fn nothing_is_said_in_silence_and_without_a_voice() {
        assert_eq!(credible(&said("I want to go home."), &[0.0; 16_000], 1_000), Err(Why::Quiet));
        assert_eq!(credible(&said("I want to go home."), &[0.0005; 16_000], 1_000), Err(Why::Quiet));
        assert_eq!(credible(&said("I want to go home."), &[], 1_000), Err(Why::Quiet));
        assert_eq!(heard("I want to go home.", 0), Err(Why::NoVoice));
        assert_eq!(heard("I want to go home.", 32), Err(Why::NoVoice));
        for nothing in ["", " \n", "...", "[BLANK_AUDIO]", "(music)", "\u{266a}", "*sighs*", "\u{feff}"] {
            assert_eq!(heard(nothing, 1_000), Err(Why::Empty), "{nothing:?}");
        }
    }

    /// A8: what recognisers write over nothing.
    #[test]
    fn thanks_to_an_audience_need_a_voice_that_carries_them() {
        for text in ["Thank you for watching!", "Thanks for watching.", "Please subscribe.", "You"] {
            assert_eq!(heard(text, 150), Err(Why::Known), "{text}");
            assert_eq!(unsure(text, 0.4, None, 2_000), Err(Why::Known), "{text}");
            assert_eq!(unsure(text, 0.0, Some(0.3), 2_000), Err(Why::Known), "{text}");
            assert!(heard(text, 2_000).is_ok(), "{text}");
        }
        assert_eq!(heard("Thank you. Bye.", 300), Err(Why::Known));
        assert!(heard("Thank you.", 450).is_ok());
        assert!(heard("Thank you for staying.", 600).is_ok());
    }

    /// A8: what they learnt from subtitles.
    #[test]
    fn the_credits_of_a_film_are_never_somebody_s_words() {
        for text in [
            "Subtitles by the Amara.org community",
            "字幕由 Amara.org 社区提供",
            "字幕志愿者 李宗盛",
            "请不吝点赞 订阅 转发",
            "Untertitel im Auftrag des ZDF für funk, 2017",
        ] {
            assert_eq!(heard(text, 20_000), Err(Why::Known), "{text}");
        }
    }

    #[test]
    fn what_the_recogniser_takes_for_no_speech_needs_sure_words_and_a_voice() {
        assert_eq!(unsure("I want to die.", 0.6, None, 2_000), Err(Why::NoSpeech));
        assert_eq!(unsure("I want to die.", 0.9, Some(0.5), 2_000), Err(Why::NoSpeech));
        assert_eq!(unsure("I want to die.", 0.9, Some(0.95), 300), Err(Why::NoSpeech));
        assert!(unsure("I want to die.", 0.9, Some(0.95), 900).is_ok());
        assert!(unsure("I want to die.", 0.59, None, 600).is_ok());
        assert_eq!(unsure("Oh.", 0.9, Some(0.95), 900), Err(Why::Known));
    }

    /// A8: whole sentences over a click.
    #[test]
    fn nobody_speaks_more_words_than_fit_into_their_voice() {
        let ten = "one day we went to the lake and swam far";
        assert_eq!(heard(ten, 1_000), Err(Why::TooFast));
        assert!(heard(ten, 1_600).is_ok());
        assert_eq!(heard("我今天真的不知道应该怎么办才好了", 700), Err(Why::TooFast));
        assert!(heard("我今天真的不知道应该怎么办才好了", 1_600).is_ok());
    }

    #[test]
    fn a_phrase_that_comes_three_times_in_a_row_is_said_once() {
        for (text, expected) in [
            ("I can't, I can't, I can't do it.", "I can't do it."),
            ("No, no. No!", "No!"),
            ("I want to die. I want to die. I want to die. I want to die.", "I want to die."),
            ("That was that, that was that.", "That was that, that was that."),
            ("我不知道我不知道我不知道。", "我不知道。"),
            ("Then I called nine nine nine.", "Then I called nine nine nine."),
            ("Then I called 9 9 9.", "Then I called 9 9 9."),
        ] {
            assert_eq!(heard(text, 4_000).as_deref(), Ok(expected), "{text}");
        }
        let endless = "I am sorry ".repeat(100);
        assert_eq!(heard(&endless, 1_000).as_deref(), Ok("I am sorry"));
    }

    #[test]
    fn notes_on_sounds_go_and_words_in_brackets_stay() {
        for (text, expected) in [
            (" [Music] You were tired. (sighs)", "You were tired."),
            ("\u{266a} You were tired \u{266a}", "You were tired"),
            ("- You were [inaudible] tired.", "You were tired."),
            (">> You were tired.", "You were tired."),
            ("(I want to die)", "I want to die"),
            ("You [were tired", "You were tired"),
            ("You were <|0.00|> tired", "You were tired"),
            ("Cafe\u{301} \u{200b}\u{202e} and  tea", "Caf\u{e9} and tea"),
            ("（笑声）你很累", "你很累"),
            ("*", ""),
        ] {
            let found = heard(text, 4_000).unwrap_or_default();
            assert_eq!(found, expected, "{text}");
        }
    }
}
