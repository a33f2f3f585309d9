//! A microphone: its sound comes as one channel of [`super::RATE`] samples a second, whatever the device gives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait as _, StreamTrait as _};
use cpal::{ErrorKind, FromSample, SampleFormat, SizedSample, StreamConfig};
use ringbuf::traits::{Consumer as _, Observer as _, Producer as _, Split as _};
use ringbuf::{HeapCons, HeapProd, HeapRb};
use zeroize::Zeroize as _;

use super::device::{DeviceError, Direction, find};
use super::loudspeaker::{LastWord, Lost, is_the_end};
use super::resample::Resampler;
use super::stream::{self, Stream};

/// Where sound comes from.
pub trait Source: Send {
    /// Adds what has come since the last time, one channel of [`super::RATE`] samples a second.
    ///
    /// # Errors
    /// [`Lost`], when nothing comes any more.
    fn take(&mut self, out: &mut Vec<f32>) -> Result<(), Lost>;

    /// How many samples a second it gives itself.
    fn own_rate(&self) -> u32 {
        super::RATE
    }

    /// The same as [`Source::take`]; and beside it, in `own`, one channel of what it gave itself, with nothing done to it.
    ///
    /// # Errors
    /// [`Lost`], when nothing comes any more.
    fn take_both(&mut self, out: &mut Vec<f32>, own: &mut Vec<f32>) -> Result<(), Lost> {
        let from = out.len();
        self.take(out)?;
        own.extend(&out[from..]);
        Ok(())
    }
}

/// A device that has given nothing for so long is gone: a lost one often says nothing.
const SILENT: Duration = Duration::from_millis(1_500);
/// So much is kept for whoever hears it, in seconds.
const KEPT: u32 = 2;
/// How many channels a microphone may have.
const MOST_CHANNELS: u16 = 8;

/// A microphone of this machine. It is open for as long as it is held.
pub struct Microphone {
    /// Closed when this is dropped.
    _stream: Stream,
    came: HeapCons<f32>,
    lost: LastWord,
    resampler: Resampler,
    rate: u32,
    channels: usize,
    frames: Vec<f32>,
    last: Instant,
}

impl Microphone {
    /// Opens the one that was chosen, or the system's own.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn open(chosen: Option<&str>) -> Result<Self, DeviceError> {
        let unusable = |why: String| DeviceError::Unusable { direction: Direction::In, why };
        let device = find(Direction::In, chosen)?;
        let fits = device.default_input_config().map_err(|error| match chosen {
            Some(_) => unusable(error.to_string()),
            // The system's own choice is always named, whether it is there or not.
            None => DeviceError::None(Direction::In),
        })?;
        let (format, config) = (fits.sample_format(), StreamConfig::from(fits));
        if config.channels == 0 || config.channels > MOST_CHANNELS {
            return Err(unusable(format!("it has {} channels; one to eight can be heard", config.channels)));
        }
        let resampler = Resampler::new(config.sample_rate).map_err(|error| unusable(error.to_string()))?;
        let channels = usize::from(config.channels);
        let (comes, came) = HeapRb::new((config.sample_rate * KEPT) as usize * channels).split();
        let lost = LastWord::default();
        let stream = build(&device, config, format, (comes, Arc::clone(&lost)))
            .map_err(|e| unusable(e.to_string()))?;
        stream.play().map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            _stream: Stream::new(stream),
            came,
            lost,
            resampler,
            rate: config.sample_rate,
            channels,
            frames: Vec::new(),
            last: Instant::now(),
        })
    }
}

impl Source for Microphone {
    fn take(&mut self, out: &mut Vec<f32>) -> Result<(), Lost> {
        self.take_both(out, &mut Vec::new())
    }

    fn own_rate(&self) -> u32 {
        self.rate
    }

    fn take_both(&mut self, out: &mut Vec<f32>, own: &mut Vec<f32>) -> Result<(), Lost> {
        let whole = self.came.occupied_len() / self.channels;
        if whole > 0 {
            self.last = Instant::now();
        } else if let Some(why) = self.lost.get() {
            return Err(Lost(why.clone()));
        } else if self.last.elapsed() > SILENT {
            return Err(Lost("it gives no sound any more".to_owned()));
        }
        self.frames.extend(self.came.pop_iter().take(whole * self.channels));
        let from = own.len();
        own.extend(self.frames.chunks_exact(self.channels).map(mean));
        self.resampler.push(&own[from..], out);
        // What comes next may be shorter, and would leave the end of this behind it.
        self.frames.zeroize();
        Ok(())
    }
}

/// What is no number is silence before it can spoil the others.
fn mean(frame: &[f32]) -> f32 {
    frame.iter().filter(|it| it.is_finite()).sum::<f32>() / frame.len().max(1) as f32
}

type Comes = (HeapProd<f32>, LastWord);

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    comes: Comes,
) -> Result<cpal::Stream, cpal::Error> {
    match format {
        SampleFormat::F32 => build_as::<f32>(device, config, comes),
        SampleFormat::F64 => build_as::<f64>(device, config, comes),
        SampleFormat::I8 => build_as::<i8>(device, config, comes),
        SampleFormat::I16 => build_as::<i16>(device, config, comes),
        SampleFormat::I24 => build_as::<cpal::I24>(device, config, comes),
        SampleFormat::I32 => build_as::<i32>(device, config, comes),
        SampleFormat::U8 => build_as::<u8>(device, config, comes),
        SampleFormat::U16 => build_as::<u16>(device, config, comes),
        SampleFormat::U32 => build_as::<u32>(device, config, comes),
        _ => Err(ErrorKind::UnsupportedConfig.into()),
    }
}

/// The callback only puts aside what came; what there is no room for is lost.
fn build_as<T: SizedSample>(
    device: &cpal::Device,
    config: StreamConfig,
    (mut comes, lost): Comes,
) -> Result<cpal::Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels);
    device.build_input_stream(
        config,
        move |sound: &[T], _| {
            let fits = sound.len().min(comes.vacant_len() / channels * channels);
            comes.push_iter(sound.iter().take(fits).map(|&sample| f32::from_sample_(sample)));
        },
        move |error| {
            if is_the_end(error.kind()) {
                // The first word is the reason; what follows comes of it.
                if lost.set(error.to_string()).is_err() {}
            }
        },
        stream::LOOKS,
    )
}
