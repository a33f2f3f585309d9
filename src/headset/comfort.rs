//! When the room is to grow dark before the eyes: where the head is not followed, or pictures come too late, what is seen
//! moves in another way than the body, and that makes people sick. Pure.

/// How long tracking may be gone before the room darkens, in seconds: a glance away of the cameras is not to blink.
const LOST: f32 = 0.25;
/// Slower than this, in frames a second, for so long, in seconds (`safety.md` G14: under 45 for 5 s), and fast enough again.
const SLOW: f32 = 45.0;
const SLOW_FOR: f32 = 5.0;
const QUICK_FOR: f32 = 1.5;
/// Below this rate of the display itself nothing can be told: no headset is so slow, but a runtime for tests is.
const SLOWEST_DISPLAY: f32 = 60.0;
/// How long the dark takes to come, and to go.
const FADES: f32 = 0.35;
/// How dark it gets where frames are late: the room is still there, and dim.
const DIM: f32 = 0.82;

/// What is known of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// How long it took, in seconds.
    pub dt: f32,
    /// How many frames a second the display shows; none where it does not say.
    pub display: Option<f32>,
    /// Whether the head is followed.
    pub tracked: bool,
}

/// How dark the room is for the person's comfort, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comfort {
    dark: f32,
    lost_for: f32,
    slow_for: f32,
    quick_for: f32,
    slow: bool,
    average: f32,
}

impl Comfort {
    /// Somebody who sees nothing yet: the room comes out of the dark.
    #[must_use]
    pub fn in_the_dark() -> Self {
        Self { dark: 1.0, lost_for: LOST + 1.0, ..Self::default() }
    }

    /// Goes on by a frame.
    pub fn go_on(&mut self, frame: Frame) {
        // A frame of seconds is a hitch, and says nothing of those after it.
        let dt = frame.dt.clamp(0.0, 0.5);
        self.lost_for = if frame.tracked { 0.0 } else { self.lost_for + dt };
        self.watch_rate(frame, dt);
        let goal = if self.lost_for > LOST {
            1.0
        } else if self.slow {
            DIM
        } else {
            0.0
        };
        let step = dt / FADES;
        self.dark += (goal - self.dark).clamp(-step, step);
    }

    fn watch_rate(&mut self, frame: Frame, dt: f32) {
        if frame.display.is_none_or(|rate| rate < SLOWEST_DISPLAY) || dt <= 0.0 {
            (self.slow, self.slow_for, self.quick_for) = (false, 0.0, 0.0);
            return;
        }
        // Over about a third of a second: one late frame is none.
        let share = (dt / 0.33).min(1.0);
        self.average = if self.average == 0.0 { dt } else { self.average + share * (dt - self.average) };
        if 1.0 / self.average < SLOW {
            (self.slow_for, self.quick_for) = (self.slow_for + dt, 0.0);
        } else {
            (self.quick_for, self.slow_for) = (self.quick_for + dt, 0.0);
        }
        if self.slow_for >= SLOW_FOR {
            self.slow = true;
        } else if self.quick_for >= QUICK_FOR {
            self.slow = false;
        }
    }

    /// How dark it is, 0 to 1.
    #[must_use]
    pub fn dark(&self) -> f32 {
        self.dark
    }

    /// Whether frames have come too late for a while: less is to be drawn.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow
    }
}

/// So many frames in a row are looked at before the size of the picture changes, and what share of a frame's time makes it
/// smaller or larger.
pub const FRAMES: usize = 45;
const LATE: f32 = 1.15;
const EARLY: f32 = 1.02;
const SMALLEST: f32 = 0.6;
/// After so many looks without a late one the picture grows; and after so many, at first and at most, what was once too large
/// is tried again: a minute and four, on a display of 90 frames a second.
const CALM: u32 = 10;
const LONG_CALM: u32 = 120;
const LONGEST_CALM: u32 = 480;

/// How large the eyes' pictures are drawn, as a share of what the runtime recommends: smaller before frames are dropped for
/// long, slowly larger again, and not to and fro: a compositor makes a frame that is in time last exactly its time, so that
/// what is too large is known only by trying, and is remembered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    scale: f32,
    most: f32,
    calm: u32,
    patience: u32,
}

impl Default for Fit {
    fn default() -> Self {
        Self { scale: 1.0, most: 1.0, calm: 0, patience: LONG_CALM }
    }
}

impl Fit {
    /// Looks at the last frames: their `median`, in seconds, on a display of so many frames a second.
    pub fn look(&mut self, median: f32, display: f32) {
        let wanted = 1.0 / display.max(1.0);
        if display < SLOWEST_DISPLAY {
            return;
        }
        if median > wanted * LATE {
            self.most = (self.scale * 0.97).max(SMALLEST);
            self.scale = (self.scale * 0.88).max(SMALLEST);
            (self.calm, self.patience) = (0, (self.patience * 2).min(LONGEST_CALM));
        } else if median < wanted * EARLY {
            self.calm += 1;
            if self.calm.is_multiple_of(self.patience) {
                self.most = (self.most * 1.1).min(1.0);
            }
            if self.calm >= CALM {
                self.scale = (self.scale * 1.04).min(self.most).max(self.scale);
            }
        }
    }

    /// The share, 0.6 to 1.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(comfort: &mut Comfort, seconds: f32, fps: f32, tracked: bool) -> f32 {
        for _ in 0..(seconds * fps) as u32 {
            comfort.go_on(Frame { dt: 1.0 / fps, display: Some(90.0), tracked });
        }
        comfort.dark()
    }

    #[test]
    fn a_head_that_is_not_followed_sees_the_dark_and_one_that_is_again_the_room() {
        let mut comfort = Comfort::default();
        assert_eq!(after(&mut comfort, 1.0, 90.0, true), 0.0);
        assert_eq!(after(&mut comfort, 0.2, 90.0, false), 0.0, "a glance away");
        assert_eq!(after(&mut comfort, 0.6, 90.0, false), 1.0);
        assert_eq!(after(&mut comfort, 0.5, 90.0, true), 0.0);
    }

    #[test]
    fn five_seconds_under_45_frames_dim_the_room_and_a_hitch_does_not() {
        let mut comfort = Comfort::default();
        assert_eq!(after(&mut comfort, 3.0, 30.0, true), 0.0);
        assert!((after(&mut comfort, 4.0, 30.0, true) - 0.82).abs() < 1e-3);
        assert!(comfort.is_slow());
        assert_eq!(after(&mut comfort, 4.0, 90.0, true), 0.0);
        comfort.go_on(Frame { dt: 2.0, display: Some(90.0), tracked: true });
        assert_eq!(after(&mut comfort, 2.0, 72.0, true), 0.0);
    }

    #[test]
    fn the_dark_comes_without_a_flash() {
        let mut comfort = Comfort::default();
        let mut last = 0.0;
        for frame in 0..400 {
            comfort.go_on(Frame { dt: 1.0 / 90.0, display: Some(90.0), tracked: frame % 80 < 40 });
            assert!((comfort.dark() - last).abs() <= 1.0 / 90.0 / FADES + 1e-5);
            last = comfort.dark();
        }
    }

    #[test]
    fn a_display_for_tests_that_shows_twenty_frames_is_not_called_slow() {
        let mut comfort = Comfort::default();
        for _ in 0..400 {
            comfort.go_on(Frame { dt: 0.05, display: Some(20.0), tracked: true });
        }
        assert_eq!((comfort.dark(), comfort.is_slow()), (0.0, false));
        let mut fit = Fit::default();
        fit.look(0.5, 20.0);
        assert_eq!(fit, Fit::default());
    }

    #[test]
    fn whoever_sees_nothing_yet_sees_nothing_until_the_room_is_whole() {
        let mut comfort = Comfort::in_the_dark();
        assert_eq!(after(&mut comfort, 1.0, 90.0, false), 1.0);
        assert_eq!(after(&mut comfort, 0.5, 90.0, true), 0.0);
    }

    #[test]
    fn pictures_get_smaller_while_frames_are_late_and_whole_again_after() {
        let mut fit = Fit::default();
        (0..20).for_each(|_| fit.look(0.020, 90.0));
        assert_eq!(fit.scale(), SMALLEST);
        let so_far = fit;
        (0..5).for_each(|_| fit.look(0.0119, 90.0));
        assert_eq!(fit, so_far, "between the two it stays");
        (0..4_000).for_each(|_| fit.look(0.0111, 90.0));
        assert_eq!(fit.scale(), 1.0);
    }

    #[test]
    fn a_machine_that_can_hold_nine_tenths_settles_there_and_is_seldom_late() {
        let (mut fit, mut late, mut last) = (Fit::default(), 0, 0);
        for look in 0..1_200 {
            let is_late = fit.scale() > 0.93;
            late += u32::from(is_late);
            last = if is_late { look } else { last };
            fit.look(if is_late { 0.022 } else { 0.0111 }, 90.0);
        }
        // Ten minutes, half a second a look.
        assert!(late <= 8, "{late} late looks, the last at {last}");
        assert!((0.8..=0.93).contains(&fit.scale()), "{}", fit.scale());
    }
}
