//! Sound as everything here takes it: one channel, 16,000 samples a second, from -1 to 1.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavIntoSamples, WavReader, WavSpec};

use super::resample::{ResampleError, Resampler};

/// Samples a second.
pub const RATE: u32 = 16_000;

/// How many samples there are in so many milliseconds.
#[must_use]
pub fn samples(ms: u32) -> u64 {
    u64::from(ms) * u64::from(RATE) / 1_000
}

/// How many pieces a second of a recording comes in.
const PIECES_A_SECOND: u32 = 4;

/// How many channels a recording may have.
const MOST_CHANNELS: u16 = 8;

/// Why a recording cannot be heard.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}. Name another file")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is no WAV file, or one of a kind that is not known here.
    #[error(
        "{path} cannot be heard: {why}. Make a plain WAV file of it, for instance: ffmpeg -i {path} -ac 1 -ar 16000 heard.wav"
    )]
    Form {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It breaks off.
    #[error("{path} breaks off after {seconds:.1} seconds; what came before was heard")]
    Cut {
        /// Which file.
        path: PathBuf,
        /// After how long.
        seconds: f64,
    },
    /// Its rate is none that sound can have.
    #[error("{path} cannot be heard: {error}")]
    Rate {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: ResampleError,
    },
}

/// A recording, heard piece by piece: a WAV file of any rate, of one to eight channels, in any form.
pub struct Recording {
    path: PathBuf,
    samples: Samples,
    channels: usize,
    rate: u32,
    resampler: Resampler,
    read: u64,
    end: End,
}

/// How far a recording has been heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    NotYet,
    Reached,
    /// It broke off, and that is still to be told.
    BrokenOff,
}

/// The samples of a file, as numbers from -1 to 1.
enum Samples {
    Float(WavIntoSamples<BufReader<File>, f32>),
    Whole(WavIntoSamples<BufReader<File>, i32>, f32),
}

impl Samples {
    fn of(reader: WavReader<BufReader<File>>, spec: WavSpec) -> Self {
        match spec.sample_format {
            SampleFormat::Float => Self::Float(reader.into_samples()),
            SampleFormat::Int => {
                let most = 2_f32.powi(i32::from(spec.bits_per_sample) - 1);
                Self::Whole(reader.into_samples(), most)
            }
        }
    }
}

impl Iterator for Samples {
    type Item = Result<f32, hound::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Float(samples) => samples.next(),
            Self::Whole(samples, most) => {
                let most = *most;
                samples.next().map(|sample| sample.map(|sample| sample as f32 / most))
            }
        }
    }
}

impl Recording {
    /// Opens a WAV file.
    ///
    /// # Errors
    /// [`SoundError`] when there is no such file, or it is none that can be heard.
    pub fn open(path: &Path) -> Result<Self, SoundError> {
        let file = File::open(path).map_err(|error| SoundError::Read { path: path.to_owned(), error })?;
        let reader = WavReader::new(BufReader::new(file)).map_err(|error| match error {
            // A folder can be opened, and not be read.
            hound::Error::IoError(error) if error.raw_os_error().is_some() => {
                SoundError::Read { path: path.to_owned(), error }
            }
            hound::Error::IoError(_) => no_wav(path, "it is too short to be a WAV file".to_owned()),
            error => no_wav(path, error.to_string()),
        })?;
        let spec = reader.spec();
        if !(1..=MOST_CHANNELS).contains(&spec.channels) {
            return Err(no_wav(path, format!("it has {} channels", spec.channels)));
        }
        let rate = |error| SoundError::Rate { path: path.to_owned(), error };
        Ok(Self {
            path: path.to_owned(),
            samples: Samples::of(reader, spec),
            channels: usize::from(spec.channels),
            rate: spec.sample_rate,
            resampler: Resampler::new(spec.sample_rate).map_err(rate)?,
            read: 0,
            end: End::NotYet,
        })
    }

    /// The next piece of it; none when it is over. Samples that are no numbers are silence.
    ///
    /// # Errors
    /// [`SoundError::Cut`] where the file breaks off; the piece before that was given out.
    pub fn next_piece(&mut self) -> Result<Option<Vec<f32>>, SoundError> {
        match self.end {
            End::NotYet => {}
            End::Reached => return Ok(None),
            End::BrokenOff => {
                self.end = End::Reached;
                let seconds = self.read as f64 / f64::from(self.rate);
                return Err(SoundError::Cut { path: self.path.clone(), seconds });
            }
        }
        let most = (self.rate / PIECES_A_SECOND) as usize;
        let mut frames = Vec::with_capacity(most);
        while frames.len() < most && self.end == End::NotYet {
            frames.extend(self.frame());
        }
        self.read += frames.len() as u64;
        let mut out = Vec::with_capacity((RATE / PIECES_A_SECOND) as usize * 2);
        self.resampler.push(&frames, &mut out);
        if self.end != End::NotYet {
            self.resampler.finish(&mut out);
        }
        Ok(Some(out))
    }

    /// All channels of one moment, as one; none at the end.
    fn frame(&mut self) -> Option<f32> {
        let mut sum = 0.0;
        for _ in 0..self.channels {
            match self.samples.next() {
                Some(Ok(sample)) => sum += sample,
                Some(Err(_)) => self.end = End::BrokenOff,
                None => self.end = End::Reached,
            }
            if self.end != End::NotYet {
                return None;
            }
        }
        Some(sum / self.channels as f32)
    }
}

fn no_wav(path: &Path, why: String) -> SoundError {
    SoundError::Form { path: path.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a second of this, in this form, and hears it.
    fn heard(spec: WavSpec, sample: impl Fn(u32) -> f32) -> Vec<f32> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("heard.wav");
        let mut writer = hound::WavWriter::create(&path, spec).expect("a file");
        let most = 2_f32.powi(i32::from(spec.bits_per_sample) - 1) - 1.0;
        for at in 0..spec.sample_rate {
            for _ in 0..spec.channels {
                match spec.sample_format {
                    SampleFormat::Float => writer.write_sample(sample(at)),
                    SampleFormat::Int => writer.write_sample((sample(at) * most) as i32),
                }
                .expect("a sample");
            }
        }
        writer.finalize().expect("the file");
        all(&path).expect("it can be heard")
    }

    fn all(path: &Path) -> Result<Vec<f32>, SoundError> {
        let (mut recording, mut out) = (Recording::open(path)?, Vec::new());
        while let Some(piece) = recording.next_piece()? {
            out.extend(piece);
        }
        Ok(out)
    }

    /// A5: every rate and form, and one to eight channels.
    #[test]
    fn a_recording_of_any_rate_form_and_number_of_channels_is_heard_the_same() {
        let forms = [
            (SampleFormat::Int, 8),
            (SampleFormat::Int, 16),
            (SampleFormat::Int, 24),
            (SampleFormat::Float, 32),
        ];
        for (sample_format, bits_per_sample) in forms {
            for (channels, sample_rate) in [(1, 16_000), (1, 8_000), (2, 44_100), (8, 48_000)] {
                let spec = WavSpec { channels, sample_rate, bits_per_sample, sample_format };
                let sound = heard(spec, |at| {
                    0.5 * (at as f32 * std::f32::consts::TAU * 300.0 / sample_rate as f32).sin()
                });
                assert_eq!(sound.len(), RATE as usize, "{spec:?}");
                let power = sound.iter().map(|it| it * it).sum::<f32>() / sound.len() as f32;
                assert!((power.sqrt() - 0.3536).abs() < 0.01, "{spec:?}: {}", power.sqrt());
            }
        }
    }

    #[test]
    fn a_recording_that_breaks_off_is_heard_as_far_as_it_goes_and_that_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cut.wav");
        let spec = WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).expect("a file");
        for _ in 0..16_000 {
            writer.write_sample(1_000_i16).expect("a sample");
        }
        writer.finalize().expect("the file");
        let whole = std::fs::read(&path).expect("the file");
        std::fs::write(&path, &whole[..16_044]).expect("half of it");
        let mut recording = Recording::open(&path).expect("it can be opened");
        let (mut samples, mut said) = (0, None);
        for _ in 0..20 {
            match recording.next_piece() {
                Ok(Some(piece)) => samples += piece.len(),
                Ok(None) => break,
                Err(error) => said = Some(error.to_string()),
            }
        }
        assert_eq!(samples, 8_000);
        assert!(said.is_some_and(|said| said.contains("breaks off after 0.5 seconds")));
    }

    #[test]
    fn what_is_no_recording_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in
            [("empty.wav", &b""[..]), ("text.wav", b"hello, this is no sound at all"), ("riff.wav", b"RIFF")]
        {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("the file");
            let error = all(&path).expect_err("it is none").to_string();
            assert!(error.contains("ffmpeg"), "{error}");
        }
        for path in [folder.path().join("none.wav"), folder.path().to_owned()] {
            let error = all(&path).expect_err("it is no file").to_string();
            assert!(error.contains("cannot be read"), "{error}");
        }
    }
}
