//! A loudspeaker: what is mixed goes into it as it has room for it.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait as _, StreamTrait as _};
use cpal::{
    BufferSize, ErrorKind, FromSample, SampleFormat, SizedSample, StreamConfig, SupportedBufferSize,
    SupportedStreamConfig,
};
use ringbuf::traits::{Consumer as _, Observer as _, Producer as _, Split as _};
use ringbuf::{HeapCons, HeapProd, HeapRb};

use super::device::{DeviceError, Direction, find};
use super::resample::Resampler;
use super::stream::{self, Stream};

/// Left and right, from -1 to 1.
pub type Stereo = [f32; 2];

/// Where sound goes.
pub trait Sink: Send {
    /// How many frames it takes now without keeping them waiting.
    ///
    /// # Errors
    /// [`Lost`], when it takes none any more.
    fn room(&mut self) -> Result<usize, Lost>;

    /// Takes frames, at the rate that it was opened for.
    fn write(&mut self, frames: &[Stereo]);

    /// How long what was written last takes until it is heard, in milliseconds, as far as is known.
    fn delay_ms(&self) -> u32;

    /// Lowers what was written and has not been heard yet to this share of itself, at once. False where it cannot be
    /// reached any more.
    fn lower(&mut self, _share: f32) -> bool {
        false
    }
}

/// A device that was there is not there any more, and why, as far as it has said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Lost(pub String);

/// What a device has said of its end.
pub(super) type LastWord = Arc<OnceLock<String>>;

/// So much lies ready for the device, in milliseconds: enough for a machine that draws a room meanwhile, and little enough
/// that a voice falls silent within a word.
pub(crate) const AHEAD_MS: u32 = 50;
/// A device that has asked for nothing for so long is gone, whatever it says.
const SILENT: Duration = Duration::from_secs(2);
/// So often the device asks, in milliseconds, where it lets itself be asked that.
pub(crate) const PERIOD_MS: u32 = 20;
/// What a device says beyond this of how late it is, in milliseconds, is not believed.
const MOST_LATE_MS: u128 = 1_000;
/// A device with more channels than this is no loudspeaker.
const MOST_CHANNELS: u16 = 32;

/// A loudspeaker of this machine. It plays for as long as it is held.
pub struct Loudspeaker {
    /// Closed when this is dropped.
    _stream: Stream,
    ready: HeapProd<f32>,
    /// How many frames were ever put there.
    written: u64,
    state: Arc<State>,
    resamplers: [Resampler; 2],
    /// Left and right at the device's rate.
    made: [Vec<f32>; 2],
    rate: u32,
    from: u32,
    beat: (u64, Instant),
}

#[derive(Default)]
struct State {
    lost: LastWord,
    /// How often the device has asked.
    beats: AtomicU64,
    /// How long it takes from there until it is heard, as the device says, in milliseconds.
    device_ms: AtomicU32,
    /// Up to which frame what lies ready is lowered, and to which share, as a number's bits.
    lowered_until: AtomicU64,
    lowered_to: AtomicU32,
}

impl Loudspeaker {
    /// Opens the one that was chosen, or the system's own, for sound at so many samples a second.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn open(chosen: Option<&str>, rate: u32) -> Result<Self, DeviceError> {
        let unusable = |why: String| DeviceError::Unusable { direction: Direction::Out, why };
        let device = find(Direction::Out, chosen)?;
        let fits = device.default_output_config().map_err(|error| match chosen {
            Some(_) => unusable(error.to_string()),
            // The system's own choice is always named, whether it is there or not.
            None => DeviceError::None(Direction::Out),
        })?;
        let (format, mut config) = (fits.sample_format(), StreamConfig::from(fits));
        config.buffer_size = quick(&fits);
        if config.channels == 0 || config.channels > MOST_CHANNELS {
            return Err(unusable(format!("it has {} channels", config.channels)));
        }
        let resampler =
            || Resampler::between(rate, config.sample_rate).map_err(|error| unusable(error.to_string()));
        let resamplers = [resampler()?, resampler()?];
        let most = config.sample_rate as usize / 2 * 2;
        let (ready, waiting) = HeapRb::new(most).split();
        let state = Arc::new(State::default());
        let stream = build(&device, config, format, (waiting, Arc::clone(&state)))
            .map_err(|error| unusable(error.to_string()))?;
        stream.play().map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            _stream: Stream::new(stream),
            ready,
            written: 0,
            state,
            resamplers,
            made: [Vec::new(), Vec::new()],
            rate: config.sample_rate,
            from: rate,
            beat: (0, Instant::now()),
        })
    }
}

impl Sink for Loudspeaker {
    fn room(&mut self) -> Result<usize, Lost> {
        let beats = self.state.beats.load(Ordering::Relaxed);
        if beats != self.beat.0 {
            self.beat = (beats, Instant::now());
        }
        if let Some(why) = self.state.lost.get() {
            return Err(Lost(why.clone()));
        }
        if self.beat.1.elapsed() > SILENT {
            return Err(Lost("it asks for no sound any more".to_owned()));
        }
        let ahead = (self.rate * AHEAD_MS / 1_000) as usize;
        let room = ahead.saturating_sub(self.ready.occupied_len() / 2) as u64;
        Ok((room * u64::from(self.from) / u64::from(self.rate)) as usize)
    }

    fn write(&mut self, frames: &[Stereo]) {
        for (side, resampler) in self.resamplers.iter_mut().enumerate() {
            let one: Vec<f32> = frames.iter().map(|frame| frame[side]).collect();
            resampler.push(&one, &mut self.made[side]);
        }
        let [left, right] = &mut self.made;
        let whole = left.len().min(right.len()).min(self.ready.vacant_len() / 2);
        self.ready
            .push_iter(left.iter().zip(right.iter()).take(whole).flat_map(|(&left, &right)| [left, right]));
        self.written += whole as u64;
        left.drain(..whole);
        right.drain(..whole);
    }

    fn delay_ms(&self) -> u32 {
        let waits = self.ready.occupied_len() as u64 / 2 * 1_000 / u64::from(self.rate);
        waits as u32 + self.state.device_ms.load(Ordering::Relaxed)
    }

    fn lower(&mut self, share: f32) -> bool {
        // Between two rates some of it is still on its way there.
        if self.rate != self.from {
            return false;
        }
        self.state.lowered_to.store(share.to_bits(), Ordering::Relaxed);
        self.state.lowered_until.store(self.written, Ordering::Release);
        true
    }
}

/// A short buffer, where the device has one: what is said can be broken off, and mouths move in time.
fn quick(fits: &SupportedStreamConfig) -> BufferSize {
    let period = fits.sample_rate() * PERIOD_MS / 1_000;
    match fits.buffer_size() {
        SupportedBufferSize::Range { min, max } if (*min..=*max).contains(&period) => {
            BufferSize::Fixed(period)
        }
        _ => BufferSize::Default,
    }
}

type Waiting = (HeapCons<f32>, Arc<State>);

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    waiting: Waiting,
) -> Result<cpal::Stream, cpal::Error> {
    match format {
        SampleFormat::F32 => build_as::<f32>(device, config, waiting),
        SampleFormat::F64 => build_as::<f64>(device, config, waiting),
        SampleFormat::I8 => build_as::<i8>(device, config, waiting),
        SampleFormat::I16 => build_as::<i16>(device, config, waiting),
        SampleFormat::I24 => build_as::<cpal::I24>(device, config, waiting),
        SampleFormat::I32 => build_as::<i32>(device, config, waiting),
        SampleFormat::U8 => build_as::<u8>(device, config, waiting),
        SampleFormat::U16 => build_as::<u16>(device, config, waiting),
        SampleFormat::U32 => build_as::<u32>(device, config, waiting),
        _ => Err(ErrorKind::UnsupportedConfig.into()),
    }
}

/// What lies ready is lowered within so long, in seconds: no click, and no word more.
const LOWERS: f32 = 0.015;

/// How loud what is taken is to be, where it was lowered after it was put there.
pub(crate) struct Lowering {
    /// How many frames were ever taken.
    taken: u64,
    /// Up to which it is lowered.
    until: u64,
    gain: f32,
    /// How far it goes down with each frame.
    step: f32,
    /// Over how many frames it goes down.
    frames: u64,
}

impl Lowering {
    pub(crate) fn at(rate: u32) -> Self {
        Self { taken: 0, until: 0, gain: 1.0, step: 0.0, frames: (LOWERS * rate as f32) as u64 }
    }

    /// The next frame's, up to this one to be lowered to this share. What comes after was lowered by whoever mixed it, so
    /// that the share is reached by then, however little lies ready.
    pub(crate) fn next(&mut self, until: u64, share: f32) -> f32 {
        if until != self.until {
            let left = until.saturating_sub(self.taken).min(self.frames).max(1);
            (self.until, self.step) = (until, (1.0 - share) / left as f32);
        }
        self.gain = if self.taken < until { (self.gain - self.step).max(share) } else { 1.0 };
        self.taken += 1;
        self.gain
    }
}

/// The callback only takes what lies ready, and silence where nothing does.
fn build_as<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    (mut waiting, state): Waiting,
) -> Result<cpal::Stream, cpal::Error> {
    let channels = usize::from(config.channels);
    let fails = Arc::clone(&state);
    let mut lowering = Lowering::at(config.sample_rate);
    device.build_output_stream(
        config,
        move |out: &mut [T], info| {
            state.beats.fetch_add(1, Ordering::Relaxed);
            let times = info.timestamp();
            let late = times.playback.duration_since(times.callback).as_millis().min(MOST_LATE_MS);
            state.device_ms.store(late as u32, Ordering::Relaxed);
            let until = state.lowered_until.load(Ordering::Acquire);
            let share = f32::from_bits(state.lowered_to.load(Ordering::Relaxed));
            for frame in out.chunks_mut(channels) {
                let stereo = match (waiting.try_pop(), waiting.try_pop()) {
                    (Some(left), Some(right)) => {
                        let gain = lowering.next(until, share);
                        [left * gain, right * gain]
                    }
                    _ => [0.0; 2],
                };
                let mono = [(stereo[0] + stereo[1]) / 2.0];
                let sound: &[f32] = if channels == 1 { &mono } else { &stereo };
                for (at, sample) in frame.iter_mut().enumerate() {
                    *sample = T::from_sample(sound.get(at).copied().unwrap_or(0.0));
                }
            }
        },
        move |error| {
            if is_the_end(error.kind()) {
                // The first word is the reason; what follows comes of it.
                if fails.lost.set(error.to_string()).is_err() {}
            }
        },
        stream::LOOKS,
    )
}

/// Whether a stream goes on after this.
pub(super) fn is_the_end(error: ErrorKind) -> bool {
    !matches!(error, ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied | ErrorKind::Xrun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_ready_goes_down_without_a_click_and_what_is_mixed_after_it_is_left_alone() {
        let mut lowering = Lowering::at(48_000);
        let gains: Vec<f32> =
            (0..48_000).map(|frame| lowering.next(if frame < 100 { 0 } else { 2_500 }, 0.2)).collect();
        assert!(gains[..100].iter().all(|gain| *gain == 1.0), "nothing was lowered yet");
        let steepest = gains[..2_500].windows(2).map(|pair| pair[0] - pair[1]).fold(0.0, f32::max);
        assert!(steepest < 0.002, "{steepest}");
        assert_eq!((gains[900], gains[2_499], gains[2_500]), (0.2, 0.2, 1.0));
        let mut little = Lowering::at(48_000);
        let gains: Vec<f32> = (0..50).map(|_| little.next(20, 0.2)).collect();
        assert!((gains[19] - 0.2).abs() < 1e-4 && gains[20] == 1.0, "it is there by then: {gains:?}");
    }
}
