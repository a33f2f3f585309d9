//! Data of an event: whatever it holds, it is read or refused, and reasoning is told from words wherever they are cut.
#![no_main]

use inner_room::net::chat::read_delta;
use inner_room::net::think::Splitter;
use libfuzzer_sys::fuzz_target;

fn heard<'a>(pieces: impl Iterator<Item = &'a str>) -> String {
    let mut splitter = Splitter::default();
    let mut text = String::new();
    for piece in pieces {
        let heard = splitter.push(piece);
        if heard.all_before_was_reasoning {
            text.clear();
        }
        text.push_str(&heard.text);
    }
    text.push_str(&splitter.finish());
    text
}

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(Some(delta)) = read_delta(text) {
        assert!(delta.text.len() <= text.len() * 3, "more came out than went in");
    }
    let whole = heard(std::iter::once(text));
    let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(1);
    let mut from = 0;
    let letters = std::iter::from_fn(|| {
        let to = ends.next()?;
        let letter = &text[from..to];
        from = to;
        Some(letter)
    });
    assert_eq!(heard(letters), whole);
});
