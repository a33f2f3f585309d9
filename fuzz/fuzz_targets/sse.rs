//! Bytes of a server: whatever they are and wherever they are cut, the same events come out, or the same fault.
#![no_main]

use inner_room::net::sse::Decoder;
use libfuzzer_sys::fuzz_target;

/// The events up to the first fault, and whether there was one.
fn events<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<String>, bool) {
    let mut decoder = Decoder::default();
    let mut all = Vec::new();
    for piece in pieces {
        match decoder.push(piece) {
            Ok(events) => all.extend(events),
            Err(_) => return (all, true),
        }
    }
    match decoder.finish() {
        Ok(last) => {
            all.extend(last);
            (all, false)
        }
        Err(_) => (all, true),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&step, bytes)) = input.split_first() else { return };
    let whole = events(std::iter::once(bytes));
    let cut = events(bytes.chunks(usize::from(step).max(1)));
    let single = events(bytes.chunks(1));
    // A fault may be noticed a piece earlier or later, and never instead of a whole answer.
    assert_eq!(whole.1, cut.1);
    assert_eq!(cut.1, single.1);
    if !whole.1 {
        assert_eq!(whole.0, cut.0);
        assert_eq!(cut.0, single.0);
    }
});
