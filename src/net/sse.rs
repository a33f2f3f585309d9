//! Server-sent events, as far as chat servers use them (WHATWG HTML, 9.2.6): any cut of the bytes gives the same events.

/// The longest line, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;
/// The most bytes of a whole stream.
pub const LONGEST_STREAM: usize = 1024 * 1024;

/// A stream that is larger than anything a chat server has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SseError {
    /// A line, or the data of one event, is too long.
    #[error("a line of the stream is longer than 64 KiB")]
    LongLine,
    /// The stream as a whole is.
    #[error("the stream is longer than 1 MiB")]
    LongStream,
}

/// Cuts bytes into the data of events.
///
/// ```
/// use inner_room::net::sse::Decoder;
///
/// let mut decoder = Decoder::default();
/// assert_eq!(decoder.push(b": wait\n\ndata: {\"a\":"), Ok(Vec::new()));
/// assert_eq!(decoder.push(b"1}\r\n\r\n"), Ok(vec!["{\"a\":1}".to_owned()]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// The last byte was a carriage return: a line feed now belongs to it.
    after_return: bool,
    begun: bool,
    total: usize,
}

impl Decoder {
    /// Takes bytes and gives the data of every event that is now whole. Bytes that are no UTF-8 become U+FFFD.
    ///
    /// # Errors
    /// [`SseError`], when a line or the stream is too long; nothing more is to be pushed then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, SseError> {
        self.total += bytes.len();
        if self.total > LONGEST_STREAM {
            return Err(SseError::LongStream);
        }
        let mut events = Vec::new();
        for &byte in bytes {
            let pair = std::mem::replace(&mut self.after_return, byte == b'\r') && byte == b'\n';
            match byte {
                _ if pair => {}
                b'\r' | b'\n' => self.end_line(&mut events)?,
                _ if self.line.len() >= LONGEST_LINE => return Err(SseError::LongLine),
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    /// What was begun when the stream ended. Servers that leave out the last blank line mean it.
    ///
    /// # Errors
    /// [`SseError::LongLine`].
    pub fn finish(mut self) -> Result<Option<String>, SseError> {
        let mut events = Vec::new();
        self.end_line(&mut events)?;
        self.end_line(&mut events)?;
        Ok(events.pop())
    }

    fn end_line(&mut self, events: &mut Vec<String>) -> Result<(), SseError> {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            if std::mem::take(&mut self.has_data) {
                events.push(String::from_utf8_lossy(&std::mem::take(&mut self.data)).into_owned());
            }
        } else if let Some(data) = line.strip_prefix(b"data:") {
            if self.has_data {
                self.data.push(b'\n');
            }
            self.has_data = true;
            self.data.extend(data.strip_prefix(b" ").unwrap_or(data));
            if self.data.len() > LONGEST_LINE {
                return Err(SseError::LongLine);
            }
        }
        // Everything else is a comment or a field that chat servers do not use.
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(bytes: &[u8]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut events = decoder.push(bytes).expect("short enough");
        events.extend(decoder.finish().expect("short enough"));
        events
    }

    #[test]
    fn real_streams_are_read() {
        let stream = b"\xef\xbb\xbfdata:{\"a\":1}\r\n\r\nid: 3\nevent: x\ndata: two\ndata: lines\n\n: ping\n\n\n\ndata: [DONE]";
        assert_eq!(whole(stream), ["{\"a\":1}", "two\nlines", "[DONE]"]);
    }

    #[test]
    fn what_is_too_long_is_refused_and_memory_stays_flat() {
        let mut decoder = Decoder::default();
        let endless = std::iter::repeat_n([b'x'; 4096], 100).find_map(|piece| decoder.push(&piece).err());
        assert_eq!(endless, Some(SseError::LongLine));
        let mut decoder = Decoder::default();
        let endless = std::iter::repeat_n(b"data: x\n\n".repeat(400), 400);
        assert_eq!(
            endless.map(|piece| decoder.push(&piece)).find_map(Result::err),
            Some(SseError::LongStream)
        );
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_events(
            pieces in prop::collection::vec("data: ?|[a-z{}\" é🙂]{0,6}|\r|\n|\r\n|: ?", 0..40),
            cuts in prop::collection::vec(0usize..200, 0..6),
        ) {
            let stream = pieces.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (stream.len() + 1)).collect();
            cuts.sort_unstable();
            let mut decoder = Decoder::default();
            let mut events = Vec::new();
            let mut from = 0;
            for cut in cuts.into_iter().chain([stream.len()]) {
                events.extend(decoder.push(&stream[from..cut]).expect("short enough"));
                from = cut;
            }
            events.extend(decoder.finish().expect("short enough"));
            prop_assert_eq!(events, whole(&stream));
        }
    }
}
