//! Sound out of bytes, as programs and servers send it while it is still being made: the lengths in their headers are then
//! not known yet, and are wrong.

use super::speech::RATE;
use crate::sound::Resampler;

/// The most that is taken of one speech, in seconds.
pub(super) const LONGEST_S: usize = 60;
/// How many channels a sound may have.
const MOST_CHANNELS: usize = 8;
/// A length that says that it is not known. `espeak-ng` and some servers put others there, all longer than what comes.
const UNKNOWN: [usize; 2] = [0, u32::MAX as usize];
/// The formats of `mmreg.h`.
const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;

/// One channel of sound, from -1 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sound {
    pub(super) samples: Vec<f32>,
    /// Samples a second.
    pub(super) rate: u32,
}

/// How the samples of a WAV file are written.
#[derive(Clone, Copy, Debug)]
struct Form {
    kind: u16,
    channels: usize,
    rate: u32,
    /// Bytes of one sample of one channel.
    width: usize,
}

/// Reads a WAV file of 8, 16, 24 or 32 bits, or of floats, with one to eight channels, which become one. A length that cannot
/// be is taken as "until the end", and what is no number as silence.
///
/// # Errors
/// What is wrong, in plain words.
pub(super) fn read(bytes: &[u8]) -> Result<Sound, String> {
    if bytes.get(8..12) != Some(b"WAVE") || !matches!(bytes.get(..4), Some(b"RIFF" | b"RF64")) {
        return Err("it does not begin as a WAV file does".to_owned());
    }
    let mut form = None;
    let mut rest = &bytes[12..];
    while let Some((head, body)) = rest.split_at_checked(8) {
        let length = four(head, 4) as usize;
        match &head[..4] {
            b"fmt " => form = Some(read_form(body)?),
            b"data" => {
                let form = form.ok_or("its samples come before their form")?;
                let unknown = UNKNOWN.contains(&length) || length > body.len();
                return Ok(form.read(if unknown { body } else { &body[..length] }));
            }
            _ => {}
        }
        // What has an odd length is followed by a byte that fills it up.
        rest = body.get(length.saturating_add(length % 2)..).unwrap_or_default();
    }
    Err("it has no samples".to_owned())
}

/// Reads samples without any header: 16 bits, one channel.
pub(super) fn read_bare(bytes: &[u8], rate: u32) -> Sound {
    Form { kind: PCM, channels: 1, rate, width: 2 }.read(bytes)
}

fn read_form(body: &[u8]) -> Result<Form, String> {
    if body.len() < 16 {
        return Err("its header breaks off".to_owned());
    }
    let (mut kind, bits) = (two(body, 0), two(body, 14));
    if kind == EXTENSIBLE && body.len() >= 26 {
        kind = two(body, 24);
    }
    let form = Form {
        kind,
        channels: usize::from(two(body, 2)),
        rate: four(body, 4),
        width: usize::from(bits.div_ceil(8)),
    };
    if !(1..=MOST_CHANNELS).contains(&form.channels) {
        return Err(format!("it has {} channels", form.channels));
    }
    match (kind, bits) {
        (PCM, 8 | 16 | 24 | 32) | (FLOAT, 32 | 64) => Ok(form),
        _ => Err(format!("its samples are of kind {kind} with {bits} bits, which is not read here")),
    }
}

impl Form {
    fn read(self, bytes: &[u8]) -> Sound {
        let most = LONGEST_S.saturating_mul(self.rate as usize);
        let samples = bytes
            .chunks_exact(self.width * self.channels)
            .take(most)
            .map(|frame| {
                let sum: f32 = frame.chunks_exact(self.width).map(|sample| self.sample(sample)).sum();
                sum / self.channels as f32
            })
            .collect();
        Sound { samples, rate: self.rate }
    }

    fn sample(self, bytes: &[u8]) -> f32 {
        let value = match (self.kind, bytes) {
            (FLOAT, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (FLOAT, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32,
            (_, &[a]) => (f32::from(a) - 128.0) / 128.0,
            (_, &[a, b]) => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            (_, &[a, b, c]) => i32::from_le_bytes([0, a, b, c]) as f32 / 2_147_483_648.0,
            (_, &[a, b, c, d]) => i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0,
            _ => 0.0,
        };
        if value.is_finite() { value.clamp(-1.0, 1.0) } else { 0.0 }
    }
}

impl Sound {
    /// The sound at [`RATE`]. With a `size` above 1 it is played faster by so much, and higher: as from a smaller body.
    ///
    /// # Errors
    /// Why its rate is none.
    pub(super) fn at_rate(&self, size: f32) -> Result<Vec<f32>, String> {
        // As if it had been made at another rate.
        let rate = (f64::from(self.rate) * f64::from(size)).round() as u32;
        let mut resampler = Resampler::between(rate, RATE).map_err(|error| error.to_string())?;
        let mut out = Vec::with_capacity(self.samples.len() * RATE as usize / rate.max(1) as usize + 1);
        resampler.push(&self.samples, &mut out);
        resampler.finish(&mut out);
        out.truncate(LONGEST_S * RATE as usize);
        Ok(out)
    }
}

fn two(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn four(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: u16, channels: u16, rate: u32, bits: u16, length: u32) -> Vec<u8> {
        let mut head = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0".to_vec();
        head.extend(kind.to_le_bytes());
        head.extend(channels.to_le_bytes());
        head.extend(rate.to_le_bytes());
        head.extend([0; 6]);
        head.extend(bits.to_le_bytes());
        head.extend(b"data");
        head.extend(length.to_le_bytes());
        head
    }

    fn whole(samples: &[i16]) -> Vec<u8> {
        samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
    }

    #[test]
    fn a_length_that_is_not_known_yet_is_read_to_the_end() {
        for length in [0, 4, 0x7fff_f000, u32::MAX] {
            let bytes = [header(PCM, 1, 24_000, 16, length), whole(&[16_384, -16_384])].concat();
            let sound = read(&bytes).expect("a sound");
            assert_eq!((sound.rate, sound.samples), (24_000, vec![0.5, -0.5]), "{length:x}");
        }
    }

    #[test]
    fn what_stands_behind_the_samples_is_none_of_them() {
        let mut bytes = [header(PCM, 1, 24_000, 16, 4), whole(&[16_384, -16_384])].concat();
        bytes.extend(b"LIST\x04\0\0\0abcd");
        assert_eq!(read(&bytes).expect("a sound").samples, [0.5, -0.5]);
    }

    #[test]
    fn every_form_gives_the_same_sound() {
        let forms: [(u16, u16, Vec<u8>); 6] = [
            (PCM, 8, vec![192]),
            (PCM, 16, 16_384_i16.to_le_bytes().to_vec()),
            (PCM, 24, vec![0, 0, 64]),
            (PCM, 32, 1_073_741_824_i32.to_le_bytes().to_vec()),
            (FLOAT, 32, 0.5_f32.to_le_bytes().to_vec()),
            (FLOAT, 64, 0.5_f64.to_le_bytes().to_vec()),
        ];
        for (kind, bits, sample) in forms {
            for channels in [1, 2, 8] {
                let bytes =
                    [header(kind, channels, 8_000, bits, u32::MAX), sample.repeat(3 * usize::from(channels))]
                        .concat();
                assert_eq!(read(&bytes).expect("a sound").samples, [0.5; 3], "{kind} {bits} {channels}");
            }
        }
    }

    #[test]
    fn numbers_that_are_none_are_silence_and_none_is_out_of_bounds() {
        let samples = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 7.0, -7.0];
        let samples: Vec<u8> = samples.iter().flat_map(|it| it.to_le_bytes()).collect();
        let sound = read(&[header(FLOAT, 1, 8_000, 32, 20), samples].concat()).expect("a sound");
        assert_eq!(sound.samples, [0.0, 0.0, 0.0, 1.0, -1.0]);
    }

    #[test]
    fn what_is_no_wav_file_is_refused_in_words() {
        let no_channels = header(PCM, 0, 8_000, 16, 0);
        let mu_law = header(7, 1, 8_000, 8, 0);
        let bare = &header(PCM, 1, 8_000, 16, 0)[..36];
        for bytes in [&b""[..], b"RIFF", b"{\"error\":1}", &no_channels, &mu_law, bare, &bare[..20]] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_sound_is_no_longer_than_a_minute() {
        let bytes = [header(PCM, 1, 4_000, 16, u32::MAX), vec![1; 4_000 * 2 * 70]].concat();
        let sound = read(&bytes).expect("a sound");
        assert_eq!(sound.samples.len(), 4_000 * LONGEST_S);
        assert_eq!(sound.at_rate(1.0).expect("a rate").len(), LONGEST_S * RATE as usize);
        assert!(Sound { samples: vec![0.0], rate: 0 }.at_rate(1.0).is_err());
    }
}
