//! How loud a place is by itself, as its microphone hears it.
//!
//! It is the level that is exceeded for nine tenths of the time: the L90 of percentage exceedance levels (ISO 1996-1), which
//! BS 4142 takes for the background sound level. A door that slams, a child that calls and a person who speaks into the
//! microphone do not move it, for they leave pauses; a hall that hums and talks without a pause does. It is also what
//! [`crate::senses::gate`] weighs a voice against, so that what is measured at opening and in a visit is what hearing meets.
//! It has no A-weighting: the gate has none, and how sensitive a microphone is, is not known anyway. What is above 8 kHz is
//! not heard, and a constant offset of the device is left out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use zeroize::{Zeroize as _, Zeroizing};

use super::device::{DeviceError, Direction};
use super::opener::{Open, Opener};
use super::{Lost, Microphone, RATE, Source};

/// Over so many samples each level is taken: an eighth of a second, the time weighting F of sound level meters (IEC 61672-1).
const FRAME: usize = RATE as usize / 8;
/// So many of them are a second.
const FRAMES_A_SECOND: usize = RATE as usize / FRAME;
/// The background is how loud the quietest tenth was.
const QUIETEST: f32 = 0.1;
/// What is quieter than this is no place, in dBFS: a microphone that is muted, or a device that gives zeros.
const NOTHING: f32 = -100.0;
/// From here on a sample is taken for one that was cut off, and so large a share of them for a microphone that is overdriven.
const CUT_OFF: f32 = 0.999;
const OVERDRIVEN: f32 = 0.01;
/// What a device gives first is often no sound of the place yet, in samples.
const SETTLES: usize = RATE as usize / 2;
/// How often what has come is looked at.
const LOOKS: Duration = Duration::from_millis(10);
/// How much longer than it listens a microphone may take to be opened and to give its sound.
const GRACE: Duration = Duration::from_secs(4);

/// The background of what is heard, over the last while. It keeps levels, and no sound.
#[derive(Debug)]
pub struct Background {
    /// In dBFS, the last is the latest.
    levels: VecDeque<f32>,
    most: usize,
    frame: Frame,
    /// How many samples were heard, and how many of them were cut off.
    heard: u64,
    cut_off: u64,
}

/// What has come of the frame that is being heard.
#[derive(Debug, Default)]
struct Frame {
    samples: usize,
    sum: f64,
    squares: f64,
}

impl Background {
    /// Of the last so many seconds.
    #[must_use]
    pub fn over(seconds: u32) -> Self {
        let most = (seconds as usize * FRAMES_A_SECOND).max(1);
        Self { levels: VecDeque::new(), most, frame: Frame::default(), heard: 0, cut_off: 0 }
    }

    /// Hears samples from -1 to 1, [`RATE`] of them a second. What is no number is silence.
    pub fn hear(&mut self, samples: &[f32]) {
        for &sample in samples {
            let sample = if sample.is_finite() { sample } else { 0.0 };
            self.heard += 1;
            self.cut_off += u64::from(sample.abs() >= CUT_OFF);
            self.frame.samples += 1;
            self.frame.sum += f64::from(sample);
            self.frame.squares += f64::from(sample) * f64::from(sample);
            if self.frame.samples == FRAME {
                let level = std::mem::take(&mut self.frame).level();
                if self.levels.len() == self.most {
                    self.levels.pop_front();
                }
                self.levels.push_back(level);
            }
        }
    }

    /// For how long it is known, in seconds: as long as it was made for at the most.
    #[must_use]
    pub fn known_s(&self) -> f32 {
        self.levels.len() as f32 / FRAMES_A_SECOND as f32
    }

    /// How loud it is, in dBFS (0 is a square wave at full scale); none while nothing is known.
    #[must_use]
    pub fn level(&self) -> Option<f32> {
        let mut sorted: Vec<f32> = self.levels.iter().copied().collect();
        let at = ((sorted.len() as f32 * QUIETEST) as usize).min(sorted.len().checked_sub(1)?);
        Some(*sorted.select_nth_unstable_by(at, f32::total_cmp).1)
    }

    /// Whether so much of it was cut off that it is louder than the microphone can say.
    #[must_use]
    pub fn is_overdriven(&self) -> bool {
        self.cut_off as f32 > OVERDRIVEN * self.heard as f32
    }
}

impl Frame {
    /// In dBFS, without what is constant in it.
    fn level(self) -> f32 {
        let count = self.samples.max(1) as f64;
        let power = self.squares / count - (self.sum / count).powi(2);
        10.0 * (power.max(1e-12) as f32).log10()
    }
}

/// How loud a place was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Its background, in dBFS of the microphone.
    pub level_db: f32,
    /// Whether the microphone was overdriven: then it is louder than it says.
    pub overdriven: bool,
}

/// Why it is not known how loud a place is. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackgroundError {
    /// There is no microphone, or it cannot be opened.
    #[error("{0}. Plug one in, or name it with microphone in config.toml")]
    Device(#[from] DeviceError),
    /// It was there, and then it was not.
    #[error("the microphone was lost while it listened: {0}. Look at its cable")]
    Lost(#[from] Lost),
    /// It gives zeros.
    #[error(
        "the microphone gives nothing but silence. Unmute it, or choose another with microphone in config.toml"
    )]
    Muted,
    /// It gives too little.
    #[error(
        "the microphone gave no sound in time. Look at its cable, or choose another with microphone in config.toml"
    )]
    Late,
    /// The system gives no thread.
    #[error("nobody could listen to the microphone: {0}")]
    Thread(#[from] std::io::Error),
}

/// Listens to a microphone for so many seconds, the one with this name or the system's own. Nothing of what is heard is
/// kept. It takes [`GRACE`] longer at the most, whatever the sound system does.
///
/// # Errors
/// [`BackgroundError`].
pub fn measure(chosen: Option<&str>, seconds: u32) -> Result<Loudness, BackgroundError> {
    let open: Open<Box<dyn Source>> =
        Box::new(|chosen| Microphone::open(chosen).map(|microphone| Box::new(microphone) as Box<dyn Source>));
    measure_with(open, chosen, (seconds, GRACE))
}

fn silent() -> DeviceError {
    DeviceError::Silent(Direction::In)
}

fn measure_with(
    open: Open<Box<dyn Source>>,
    chosen: Option<&str>,
    (seconds, grace): (u32, Duration),
) -> Result<Loudness, BackgroundError> {
    let until = Instant::now() + Duration::from_secs(seconds.into()) + grace;
    let mut opener = Opener::start(Direction::In, open)?;
    let (mut background, mut settles) = (Background::over(seconds), SETTLES);
    let mut heard = Zeroizing::new(Vec::new());
    let (mut source, mut lost): (Option<Box<dyn Source>>, Option<Lost>) = (None, None);
    while background.known_s() < seconds as f32 {
        if Instant::now() > until {
            return Err(lost.map_or_else(
                || if source.is_some() { BackgroundError::Late } else { silent().into() },
                BackgroundError::Lost,
            ));
        }
        match &mut source {
            None => source = opener.look(chosen).transpose()?,
            Some(open) => match open.take(&mut heard) {
                Ok(()) => {}
                // Sound systems stumble as they begin: it is opened anew for as long as there is time.
                Err(why) => {
                    (source, lost) = (None, Some(why));
                    opener.soon();
                }
            },
        }
        let first = settles.min(heard.len());
        settles -= first;
        background.hear(&heard[first..]);
        heard.zeroize();
        std::thread::sleep(LOOKS);
    }
    match background.level() {
        Some(level_db) if level_db > NOTHING => {
            Ok(Loudness { level_db, overdriven: background.is_overdriven() })
        }
        _ => Err(BackgroundError::Muted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of this level in dBFS, for so many seconds.
    fn noise(level: f32, seconds: f32) -> Vec<f32> {
        let mut state = 1_u32;
        // Even noise between -a and a has a power of a²/3.
        let most = 10_f32.powf(level / 20.0) * 3.0_f32.sqrt();
        (0..(seconds * RATE as f32) as usize)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state as f32 / u32::MAX as f32 * 2.0 - 1.0) * most
            })
            .collect()
    }

    fn level(parts: &[Vec<f32>]) -> f32 {
        let mut background = Background::over(10);
        parts.iter().for_each(|part| background.hear(part));
        background.level().expect("it heard something")
    }

    fn assert_near(found: f32, wanted: f32) {
        assert!((found - wanted).abs() < 0.7, "{found} instead of {wanted}");
    }

    #[test]
    fn the_level_of_even_noise_is_its_power() {
        for wanted in [-70.0, -35.0, -12.0] {
            assert_near(level(&[noise(wanted, 5.0)]), wanted);
        }
        assert_eq!(Background::over(10).level(), None);
    }

    #[test]
    fn whoever_speaks_or_slams_a_door_does_not_make_the_hall_louder() {
        let speaks = [noise(-50.0, 1.5), noise(-20.0, 4.0), noise(-50.0, 0.5), noise(-10.0, 2.0)];
        assert_near(level(&speaks), -50.0);
    }

    #[test]
    fn only_the_last_while_counts_and_a_constant_offset_does_not() {
        assert_near(level(&[noise(-60.0, 30.0), noise(-30.0, 10.5)]), -30.0);
        let offset: Vec<f32> = noise(-50.0, 4.0).iter().map(|it| it + 0.3).collect();
        assert_near(level(&[offset]), -50.0);
    }

    #[test]
    fn what_is_no_number_is_silence() {
        let mut background = Background::over(10);
        background.hear(&vec![f32::NAN; FRAME]);
        assert!(background.level().expect("a frame") < NOTHING);
    }

    /// Gives the same again and again, as fast as it is asked.
    struct Given(Vec<f32>);

    impl Source for Given {
        fn take(&mut self, out: &mut Vec<f32>) -> Result<(), Lost> {
            out.extend(&self.0);
            Ok(())
        }
    }

    fn measured(given: Vec<f32>) -> Result<Loudness, BackgroundError> {
        let mut given = Some(given);
        let open: Open<Box<dyn Source>> =
            Box::new(move |_| Ok(Box::new(Given(given.take().unwrap_or_default())) as Box<dyn Source>));
        measure_with(open, None, (2, Duration::from_millis(300)))
    }

    #[test]
    fn a_microphone_is_listened_to_until_enough_is_known() {
        let loudness = measured(noise(-40.0, 1.0)).expect("it gives sound");
        assert_near(loudness.level_db, -40.0);
        assert!(!loudness.overdriven);
    }

    #[test]
    fn a_microphone_that_is_overdriven_says_so() {
        let square: Vec<f32> = (0..RATE).map(|at| if at % 100 < 50 { 1.0 } else { -1.0 }).collect();
        let loudness = measured(square).expect("it gives sound");
        assert!(loudness.overdriven && loudness.level_db > -1.0, "{loudness:?}");
    }

    #[test]
    fn silence_nothing_at_all_and_no_microphone_are_each_told_apart() {
        assert!(matches!(measured(vec![0.0; 16_000]), Err(BackgroundError::Muted)));
        assert!(matches!(measured(Vec::new()), Err(BackgroundError::Late)));
        let open: Open<Box<dyn Source>> = Box::new(|_| Err(DeviceError::None(Direction::In)));
        let none = measure_with(open, None, (1, GRACE)).expect_err("there is none");
        assert!(none.to_string().starts_with("there is no microphone. Plug"), "{none}");
    }

    /// Is lost at once.
    struct Stumbles;

    impl Source for Stumbles {
        fn take(&mut self, _out: &mut Vec<f32>) -> Result<(), Lost> {
            Err(Lost("it stumbled".to_owned()))
        }
    }

    #[test]
    fn a_microphone_that_stumbles_is_opened_anew_and_one_that_does_nothing_else_is_lost() {
        let mut opened = 0;
        let open: Open<Box<dyn Source>> = Box::new(move |_| {
            opened += 1;
            let given = noise(-40.0, 1.0);
            Ok(if opened == 1 { Box::new(Stumbles) as Box<dyn Source> } else { Box::new(Given(given)) })
        });
        let loudness = measure_with(open, None, (1, GRACE)).expect("it is there again");
        assert_near(loudness.level_db, -40.0);
        let open: Open<Box<dyn Source>> = Box::new(|_| Ok(Box::new(Stumbles) as Box<dyn Source>));
        let lost = measure_with(open, None, (1, Duration::ZERO));
        assert!(matches!(lost, Err(BackgroundError::Lost(_))), "{lost:?}");
    }

    #[test]
    fn a_sound_system_that_hangs_is_given_up() {
        let open: Open<Box<dyn Source>> = Box::new(|_| {
            std::thread::sleep(Duration::from_secs(3_600));
            Err(DeviceError::None(Direction::In))
        });
        let hangs = measure_with(open, None, (1, Duration::ZERO)).expect_err("it hangs");
        assert!(matches!(hangs, BackgroundError::Device(DeviceError::Silent(_))), "{hangs}");
    }
}
