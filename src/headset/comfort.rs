//! When the room is to grow dark before the eyes: where the head is not followed, or pictures come too late, what is seen
//! moves in another way than the body, and that makes people sick. Pure.

/// How long tracking may be gone before the room darkens, in seconds: a glance away of the cameras is not to blink.
const LOST: f32 = 0.25;
/// Slower than this, in frames a second, for so long, in seconds (`safety.md` G14: under 45 for 5 s), and fast enough again.
const SLOW: f32 = 45.0;
const SLOW_FOR: f32 = 5.0;
const QUICK_FOR: f32 = 1.5;
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
        if frame.display.is_none() || dt <= 0.0 {
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

/// So many frames in a row are looked at before the size of the picture changes.
pub const FRAMES: usize = 45;
/// Shares of the time for which the display shows a frame. A frame that took longer than this came late; and where most come
/// this early, none is.
const LATE: f32 = 1.15;
const EARLY: f32 = 1.02;
/// The same of what frames keep this machine: more than this, and the next thing that happens makes them late; less than this,
/// and there is room for more.
const BUSY: f32 = 0.85;
const SPARE: f32 = 0.72;
const SMALLEST: f32 = 0.6;
/// After so many looks at what is too much and cannot be drawn smaller, less is drawn: what goes with a step takes a second or
/// two to be gone. And so many steps there are.
const HEAVY: u32 = 4;
const STEPS: u8 = 2;
/// After so many looks without a late one the picture grows; and after so many, at first and at most, what was once too large
/// is tried again: a minute and four, on a display of 90 frames a second.
const CALM: u32 = 10;
const LONG_CALM: u32 = 120;
const LONGEST_CALM: u32 = 480;

/// What is known of so many frames, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// How far apart half of them were, at most.
    pub median: f32,
    /// How far apart nine tenths of them were, at most.
    pub most: f32,
    /// How long nine tenths of them kept this machine, at most; none where that is not known.
    pub work: Option<f32>,
}

impl Times {
    /// Of how far they were apart, and of how long each kept this machine; none where there are none.
    pub fn of(apart: &mut [f32], work: &mut [f32]) -> Option<Self> {
        let (median, most) = (up_to(apart, 0.5)?, up_to(apart, 0.9)?);
        Some(Self { median, most, work: up_to(work, 0.9) })
    }
}

/// What this share of them stays under.
fn up_to(all: &mut [f32], share: f32) -> Option<f32> {
    all.sort_unstable_by(f32::total_cmp);
    all.get((all.len() as f32 * share) as usize).copied()
}

/// How large the eyes' pictures are drawn, as a share of what the runtime recommends: smaller before frames are dropped, slowly
/// larger again, and not to and fro: what a graphics card does beside this machine's own work is known only where frames come
/// late, so that what is too large is known by trying, and is remembered. Where the smallest picture is too much, less of the
/// room is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    scale: f32,
    most: f32,
    calm: u32,
    patience: u32,
    heavy: u32,
    eased: u8,
}

impl Default for Fit {
    fn default() -> Self {
        Self { scale: 1.0, most: 1.0, calm: 0, patience: LONG_CALM, heavy: 0, eased: 0 }
    }
}

impl Fit {
    /// Looks at the last frames, on a display of so many a second.
    pub fn look(&mut self, times: Times, display: f32) {
        let wanted = 1.0 / display.max(1.0);
        let works = |share: f32| times.work.is_some_and(|work| work > wanted * share);
        if times.most > wanted * LATE || works(BUSY) {
            self.lighten();
            self.most = (self.scale * 0.97).max(SMALLEST);
            self.scale = (self.scale * 0.88).max(SMALLEST);
            (self.calm, self.patience) = (0, (self.patience * 2).min(LONGEST_CALM));
            return;
        }
        self.heavy = 0;
        if times.median < wanted * EARLY && !works(SPARE) {
            self.calm += 1;
            if self.calm.is_multiple_of(self.patience) {
                self.most = (self.most * 1.1).min(1.0);
            }
            if self.calm >= CALM {
                self.scale = (self.scale * 1.04).min(self.most).max(self.scale);
            }
        }
    }

    /// What cannot be drawn smaller is drawn simpler. It stays so: what was too much once in a headset is not tried again.
    fn lighten(&mut self) {
        self.heavy = if self.scale > SMALLEST { 0 } else { self.heavy + 1 };
        if self.heavy >= HEAVY {
            (self.heavy, self.eased) = (0, (self.eased + 1).min(STEPS));
        }
    }

    /// By how many steps less of the room is to be drawn.
    #[must_use]
    pub fn eased(&self) -> u8 {
        self.eased
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
    fn where_nobody_knows_how_fast_the_display_is_nothing_is_called_slow() {
        let mut comfort = Comfort::default();
        for _ in 0..400 {
            comfort.go_on(Frame { dt: 0.05, display: None, tracked: true });
        }
        assert_eq!((comfort.dark(), comfort.is_slow()), (0.0, false));
    }

    #[test]
    fn whoever_sees_nothing_yet_sees_nothing_until_the_room_is_whole() {
        let mut comfort = Comfort::in_the_dark();
        assert_eq!(after(&mut comfort, 1.0, 90.0, false), 1.0);
        assert_eq!(after(&mut comfort, 0.5, 90.0, true), 0.0);
    }

    /// Frames that are all as far apart as this.
    fn steady(apart: f32) -> Times {
        Times { median: apart, most: apart, work: None }
    }

    #[test]
    fn pictures_get_smaller_while_frames_are_late_and_whole_again_after() {
        let mut fit = Fit::default();
        (0..6).for_each(|_| fit.look(steady(0.020), 90.0));
        assert_eq!((fit.scale(), fit.eased()), (SMALLEST, 0));
        let so_far = Fit { heavy: 0, ..fit };
        (0..5).for_each(|_| fit.look(steady(0.0119), 90.0));
        assert_eq!(fit, so_far, "between the two it stays");
        (0..4_000).for_each(|_| fit.look(steady(0.0111), 90.0));
        assert_eq!(fit.scale(), 1.0);
    }

    #[test]
    fn a_tenth_of_the_frames_that_are_late_makes_pictures_smaller() {
        let times = |late: usize| {
            let mut apart = [0.0111; FRAMES];
            apart[..late].fill(0.0222);
            Times::of(&mut apart, &mut []).expect("there are some")
        };
        let mut fit = Fit::default();
        fit.look(times(FRAMES / 10), 90.0);
        assert_eq!(fit.scale(), 1.0, "a hitch is none");
        fit.look(times(FRAMES / 10 + 1), 90.0);
        assert!(fit.scale() < 0.9, "{}", fit.scale());
    }

    #[test]
    fn pictures_get_smaller_before_any_frame_is_late() {
        let times = |work: f32| {
            let mut works = [0.3 * work; FRAMES];
            works[..FRAMES / 5].fill(work);
            Times::of(&mut [1.0 / 90.0; FRAMES], &mut works).expect("there are some")
        };
        let mut fit = Fit::default();
        fit.look(times(0.84 / 90.0), 90.0);
        assert_eq!(fit.scale(), 1.0);
        fit.look(times(0.86 / 90.0), 90.0);
        let smaller = fit.scale();
        assert!(smaller < 0.9, "{smaller}");
        (0..500).for_each(|_| fit.look(times(0.8 / 90.0), 90.0));
        assert_eq!(fit.scale(), smaller, "nor larger where that would only begin anew");
        (0..4_000).for_each(|_| fit.look(times(0.5 / 90.0), 90.0));
        assert_eq!((fit.scale(), fit.eased()), (1.0, 0));
    }

    #[test]
    fn less_of_the_room_is_drawn_step_by_step_where_the_smallest_picture_is_too_much() {
        let (mut fit, mut steps) = (Fit::default(), Vec::new());
        for _ in 0..40 {
            fit.look(steady(0.020), 90.0);
            assert!(fit.eased() == 0 || fit.scale() <= SMALLEST);
            steps.push(fit.eased());
        }
        steps.dedup();
        assert_eq!(steps, [0, 1, 2]);
        // Late now and then is another thing.
        let mut fit = Fit::default();
        for look in 0..200 {
            fit.look(steady(if look % 3 == 0 { 0.0119 } else { 0.020 }), 90.0);
        }
        assert_eq!(fit.eased(), 0);
    }

    #[test]
    fn a_machine_that_can_hold_nine_tenths_settles_there_and_is_seldom_late() {
        let (mut fit, mut late, mut last) = (Fit::default(), 0, 0);
        for look in 0..1_200 {
            let is_late = fit.scale() > 0.93;
            late += u32::from(is_late);
            last = if is_late { look } else { last };
            fit.look(steady(if is_late { 0.022 } else { 0.0111 }), 90.0);
        }
        // Ten minutes, half a second a look.
        assert!(late <= 8, "{late} late looks, the last at {last}");
        assert!((0.8..=0.93).contains(&fit.scale()), "{}", fit.scale());
    }
}
