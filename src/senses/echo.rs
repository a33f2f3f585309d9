//! Hearing past our own voice: the echo of what is played is taken out of what the microphone hears, and the hum of the room
//! with it. By `sonora`, WebRTC's AEC3 in Rust.

use sonora::config::{EchoCanceller, HighPassFilter, NoiseSuppression, NoiseSuppressionLevel};
use sonora::{AudioProcessing, Config, StreamConfig};

use crate::sound::RATE;

/// Samples that are worked on at once: ten milliseconds.
pub const FRAME: usize = RATE as usize / 100;

/// Takes the echo out.
pub struct Canceller {
    processing: AudioProcessing,
    /// What was played and what was heard, until there is a frame of each.
    played: Vec<f32>,
    heard: Vec<f32>,
}

/// So much of what was played may wait for what was heard at the same time, in samples; more than that is a clock that runs
/// faster, and is left out.
const MOST_WAITING: usize = RATE as usize / 4;

impl Canceller {
    /// One that knows nothing of the room yet: it learns within three seconds of sound.
    #[must_use]
    pub fn new() -> Self {
        let config = Config {
            echo_canceller: Some(EchoCanceller::default()),
            noise_suppression: Some(NoiseSuppression {
                level: NoiseSuppressionLevel::Low,
                ..NoiseSuppression::default()
            }),
            high_pass_filter: Some(HighPassFilter::default()),
            ..Config::default()
        };
        let format = StreamConfig::new(RATE, 1);
        let processing =
            AudioProcessing::builder().config(config).capture_config(format).render_config(format).build();
        Self { processing, played: Vec::new(), heard: Vec::new() }
    }

    /// What was played, as it was given to the loudspeaker.
    pub fn played(&mut self, samples: &[f32]) {
        self.played.extend_from_slice(samples);
        let over = self.played.len().saturating_sub(MOST_WAITING);
        self.played.drain(..over);
    }

    /// Takes what was heard, and adds to `out` what is left of it without the echo: as many samples, but for a frame that may
    /// still wait.
    pub fn heard(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.heard.extend_from_slice(samples);
        let whole = self.heard.len() / FRAME;
        let mut clean = [0.0; FRAME];
        for frame in self.heard.chunks_exact(FRAME) {
            let mut played = [0.0; FRAME];
            let there = self.played.len().min(FRAME);
            played[..there].copy_from_slice(&self.played[..there]);
            self.played.drain(..there);
            let mut unused = [0.0; FRAME];
            let told = self.processing.process_render_f32(&[&played], &mut [&mut unused]);
            let made = self.processing.process_capture_f32(&[frame], &mut [&mut clean]);
            // The formats are fixed; a frame that it would not take is heard as it is.
            out.extend_from_slice(if told.and(made).is_ok() { &clean } else { frame });
        }
        self.heard.drain(..whole * FRAME);
    }
}

impl Default for Canceller {
    fn default() -> Self {
        Self::new()
    }
}
