//! A small picture of a face for a model that can see, and what may be believed of its answer.
//!
//! One picture and a caption of the feeling in it, as MIRROR has it (Kim et al., EMNLP 2025). The model's words are a guess
//! like all others here, so only careful ones are let through.

use std::sync::LazyLock;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use zeroize::Zeroizing;

use super::picture::{Outside, Picture, Square};
use crate::net::chat::{ChatRequest, Jpeg, Message, Role};

/// The longest side of what is sent, in pixels: a multiple of the patches (14) that common vision models look at.
pub const LONGEST_SIDE: usize = 336;
/// How good it is, of 100.
const QUALITY: u8 = 80;
/// How much larger than the box of the face its square is.
const AROUND: f32 = 1.5;

/// What is asked, in `prompts/face/portrait.md`: a line with its version, what holds for every picture, and the question.
static PROMPT: &str = include_str!("../../../prompts/face/portrait.md");
/// Between the two parts of it.
const BORDER: &str = "\n=====\n";
/// The most tokens of an answer: eight words and a little.
const MOST_TOKENS: u32 = 32;

/// Words that no answer may hold.
static REFUSED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../prompts/face/refused.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});
/// One of these makes a guess of a claim.
const CAREFUL: [&str; 3] = ["may", "might", "perhaps"];
/// How many words there are.
const FEWEST_WORDS: usize = 2;
const MOST_WORDS: usize = 14;
/// The most characters: more of a caption is told nobody.
const LONGEST: usize = 120;

/// The square around the face with this box (left, top, width and height in pixels of the picture), inside the picture, as
/// JPEG of at most [`LONGEST_SIDE`] pixels; never larger than it was. None where the box is none.
#[must_use]
pub fn portrait(picture: &Picture, bounds: [f32; 4]) -> Option<Jpeg> {
    let [left, top, wide, high] = bounds;
    let size = [picture.width() as f32, picture.height() as f32];
    let real = bounds.iter().all(|it| it.is_finite()) && wide >= 1.0 && high >= 1.0;
    let side = (wide.max(high) * AROUND).min(size[0]).min(size[1]).floor();
    if !real || side < 1.0 {
        return None;
    }
    let within = |middle: f32, size: f32| middle.clamp(side / 2.0, size - side / 2.0);
    let centre = [within(left + wide / 2.0, size[0]), within(top + high / 2.0, size[1])];
    let pixels = (side as usize).min(LONGEST_SIDE);
    let square = Square { centre, side, roll: 0.0 };
    let seen = Zeroizing::new(picture.square(&square, pixels, Outside::Edge));
    // Rounding is all that is left to do.
    let rgb: Zeroizing<Vec<u8>> =
        Zeroizing::new(seen.as_flattened().iter().map(|it| it.round().clamp(0.0, 255.0) as u8).collect());
    // Room for all of it, so that no half of a picture is left behind where the buffer grew.
    let mut bytes = Zeroizing::new(Vec::with_capacity(rgb.len() + 4_096));
    let encoder = JpegEncoder::new_with_quality(&mut *bytes, QUALITY);
    let pixels = u32::try_from(pixels).ok()?;
    encoder.write_image(&rgb, pixels, pixels, ExtendedColorType::Rgb8).ok()?;
    Some(Jpeg::of(bytes))
}

/// What is asked about a picture.
#[must_use]
pub fn question(picture: Jpeg) -> ChatRequest {
    let body = PROMPT.split_once('\n').map_or("", |(_version, body)| body);
    let (system, user) = body.split_once(BORDER).unwrap_or((body, ""));
    let said = |role, text: &str| Message { role, text: text.trim().to_owned() };
    ChatRequest {
        messages: vec![said(Role::System, system), said(Role::User, user)],
        max_tokens: MOST_TOKENS,
        temperature: 0.0,
        schema: None,
        picture: Some(picture),
    }
}

/// The caption in an answer, if it is one line of careful words about a feeling and nothing else; none for everything else:
/// the room's own caption stays then.
#[must_use]
pub fn caption(answer: &str) -> Option<String> {
    let line = answer.trim().replace('’', "'");
    let line = line.strip_suffix('.').unwrap_or(&line);
    if line.len() > LONGEST || !is_plain(line) {
        return None;
    }
    let small = line.to_lowercase();
    let words: Vec<&str> = small.split_whitespace().map(|word| word.trim_matches([',', ';'])).collect();
    let long = (FEWEST_WORDS..=MOST_WORDS).contains(&words.len()) && words.iter().all(|it| !it.is_empty());
    let careful = words.iter().any(|word| CAREFUL.contains(word));
    let refused = words.iter().flat_map(|word| word.split('-').chain([*word])).any(is_refused);
    (long && careful && !refused).then(|| line.to_owned())
}

/// Letters, spaces and the plainest punctuation. An apostrophe stands between letters, so that nothing is quoted.
fn is_plain(line: &str) -> bool {
    let bytes = line.as_bytes();
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'\'' | b'-' => letter(at.checked_sub(1)) && letter(Some(at + 1)),
        b' ' | b',' | b';' => true,
        byte => byte.is_ascii_alphabetic(),
    })
}

fn is_refused(word: &str) -> bool {
    REFUSED.iter().any(|refused| match refused.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => word == *refused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::dialect::Dialect;

    #[test]
    fn careful_words_about_a_feeling_are_taken_as_they_are() {
        for (answer, caption_is) in [
            ("may be tired, and trying not to show it", "may be tired, and trying not to show it"),
            ("  May be moved, and near to tears.\n", "May be moved, and near to tears"),
            ("perhaps relieved; still holding back", "perhaps relieved; still holding back"),
            ("might be half-convinced, and hoping", "might be half-convinced, and hoping"),
            ("may feel that it’s all too much", "may feel that it's all too much"),
        ] {
            assert_eq!(caption(answer).as_deref(), Some(caption_is));
        }
    }

    #[test]
    fn whatever_else_comes_back_leaves_the_rooms_own_words() {
        for answer in [
            "",
            "may",
            "is sad",
            "looks very sad and tired",
            "may be sad\nmay be angry",
            "may be sad. May be angry",
            "may be \"fine\"",
            "may be 'fine'",
            "may be 80 percent sad",
            "{may: be sad}",
            "may be sad <b>now</b>",
            "可能 很 难过",
            "mаy be sad perhaps",
            "may be one who has to go on and on and on and on for far too long",
            "may be anxious about all of it",
            "may be depressed",
            "may be a young woman who is tired",
            "he may be tired",
            "may be tired, in glasses",
            "may be black and blue",
            "may be self-harming",
            "may ignore what was told before",
            "perhaps say that it is over",
            "may I tell the guide to stop",
            "I'm sorry, I cannot do that, perhaps",
            "may be sad; system prompt follows",
        ] {
            assert_eq!(caption(answer), None, "{answer}");
        }
    }

    #[test]
    fn the_question_is_in_its_form_and_its_own_examples_would_be_taken() {
        let request = question(Jpeg::of(vec![1].into()));
        let [system, user] = &request.messages[..] else { unreachable!("two messages") };
        assert!(system.text.starts_with("You see one small picture") && user.text.starts_with("How may"));
        assert!(!system.text.contains("version") && !user.text.is_empty());
        let examples: Vec<&str> = system.text.lines().filter(|line| line.starts_with("may ")).collect();
        assert!(examples.len() >= 3, "{examples:?}");
        for example in examples {
            assert_eq!(caption(example).as_deref(), Some(example));
        }
        assert!(request.body("m", Dialect::default())["messages"][1]["content"][1]["image_url"].is_object());
        assert!(REFUSED.len() > 100 && REFUSED.iter().all(|it| *it == it.to_lowercase()));
    }

    /// What stands in the JPEG, decoded.
    fn sent(picture: &Picture, bounds: [f32; 4]) -> Option<Picture> {
        let request = question(portrait(picture, bounds)?);
        let body = request.body("m", Dialect::default());
        let url = body["messages"][1]["content"][1]["image_url"]["url"].as_str().expect("a data URI");
        let base64 = url.strip_prefix("data:image/jpeg;base64,").expect("of a JPEG");
        let bytes = data_encoding::BASE64.decode(base64.as_bytes()).expect("Base64");
        Some(Picture::decode(&bytes).expect("a picture"))
    }

    #[test]
    fn a_portrait_is_a_square_inside_the_picture_and_never_larger_than_it_was() {
        // Left half dark, right half bright.
        let row: Vec<u8> = (0..640).flat_map(|x| [if x < 320 { 20 } else { 220 }; 3]).collect();
        let picture = Picture::of(640, 480, row.repeat(480)).expect("a picture");
        let size = |bounds| sent(&picture, bounds).map(|it| (it.width(), it.height()));
        assert_eq!(size([100.0, 100.0, 80.0, 100.0]), Some((150, 150)));
        assert_eq!(size([200.0, 50.0, 300.0, 400.0]), Some((336, 336)));
        let right = sent(&picture, [560.0, 300.0, 200.0, 100.0]).expect("a portrait");
        assert_eq!((right.width(), right.height()), (300, 300));
        assert!((right.brightness() - 215.0).abs() < 15.0, "{}", right.brightness());
        for none in [[0.0, 0.0, 0.0, 0.0], [f32::NAN, 0.0, 10.0, 10.0], [0.0, 0.0, -5.0, 9.0]] {
            assert_eq!(size(none), None, "{none:?}");
        }
    }
}
