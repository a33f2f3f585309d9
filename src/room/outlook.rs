//! What stands in the window: one of eight worlds, at an hour and in a weather. It never switches: one view fades into the
//! next, and the light that comes in goes with it.

use bevy::prelude::*;

use super::palette::{Triple, linear};
use crate::dialogue::theme::{Hour, Theme, Weather, Window};

/// A view from the window, as the Trigger's words chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Which world.
    pub theme: Theme,
    /// Its hour, its weather, whether people are there.
    pub window: Window,
}

/// Before anything was said: somebody still works, in the rain.
impl Default for Outlook {
    fn default() -> Self {
        let window = Window { hour: Hour::Dusk, weather: Weather::Rain, peopled: true };
        Self { theme: Theme::Work, window }
    }
}

impl Outlook {
    /// Which world it is, as the shaders count them.
    #[must_use]
    pub fn world(self) -> u32 {
        Theme::ALL.iter().position(|theme| *theme == self.theme).unwrap_or(0) as u32
    }

    /// As the shader takes it: how light and how warm its hour is, whether people are there.
    #[must_use]
    pub fn shown(self) -> Vec4 {
        let (light, warm) = hour(self.window.hour);
        Vec4::new(light, warm, f32::from(u8::from(self.window.peopled)), 0.0)
    }

    /// How much rain, snow, fog and wind there is. No weather gets into the swimming hall.
    #[must_use]
    pub fn sky(self) -> Vec4 {
        match self.window.weather {
            _ if self.theme == Theme::Body => Vec4::ZERO,
            Weather::Clear => Vec4::ZERO,
            Weather::Cloud => Vec4::new(0.0, 0.0, 0.35, 0.2),
            Weather::Rain => Vec4::new(1.0, 0.0, 0.12, 0.1),
            Weather::Snow => Vec4::new(0.0, 1.0, 0.18, 0.1),
            Weather::Fog => Vec4::new(0.0, 0.0, 1.0, 0.0),
            Weather::Wind => Vec4::new(0.0, 0.0, 0.0, 1.0),
        }
    }

    /// The colour of the light that comes in, at a strength: a little of the world's own in the blue of dusk.
    #[must_use]
    pub fn light(self, strength: f32) -> Vec3 {
        let dusk = Triple(0x7E86D8, 0x86A4E8, 0x9CBDF2).at(strength).to_vec3();
        let own = linear(match self.theme {
            Theme::Work => 0x8C9CE8,
            Theme::Study => 0xA8BCD8,
            Theme::Family => 0xE0A870,
            Theme::Love => 0xD0A0B8,
            Theme::Friends => 0x70B0D0,
            Theme::Money => 0xC8B070,
            Theme::Body => 0x90D8D8,
            Theme::Ideal => 0xD8B4C8,
        });
        dusk.lerp(own, 0.55) * hour(self.window.hour).0
    }
}

/// How light an hour is, for dusk, and how warm, 0 to 1. The room is always at dusk, so that noon is only a brighter one.
fn hour(hour: Hour) -> (f32, f32) {
    match hour {
        Hour::Dawn => (0.95, 0.75),
        Hour::Morning => (1.15, 0.45),
        Hour::Noon => (1.28, 0.40),
        Hour::Afternoon => (1.15, 0.70),
        Hour::Dusk => (1.0, 0.55),
        Hour::Evening => (0.86, 0.35),
        Hour::Night => (0.70, 0.12),
    }
}

/// How long one view takes to become another, in seconds, and how long it is there unseen before that: until then the
/// machine has made what it is drawn by.
const FADES: f32 = 4.0;
const AHEAD: f32 = 0.8;

/// Two views, the later one coming out of the earlier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outside {
    /// What it was.
    pub before: Outlook,
    /// What it becomes.
    pub now: Outlook,
    /// How far it has become that, up to 1; below 0 nothing is seen of it yet.
    pub come: f32,
}

impl Outside {
    /// A view that has been there for a while.
    #[must_use]
    pub fn at(outlook: Outlook) -> Self {
        Self { before: outlook, now: outlook, come: 1.0 }
    }

    /// Goes on for `dt` seconds towards a view. One that is asked for while another comes waits until that is there: half
    /// of a view never jumps.
    pub fn towards(&mut self, goal: Outlook, dt: f32) {
        if self.come >= 1.0 && goal != self.now {
            (self.before, self.now, self.come) = (self.now, goal, -AHEAD / FADES);
        }
        self.come = (self.come + dt / FADES).min(1.0);
    }

    /// How far the later one is seen: slow at both ends.
    #[must_use]
    pub fn seen(&self) -> f32 {
        let come = self.come.max(0.0);
        come * come * (3.0 - 2.0 * come)
    }

    /// The views that are drawn: one, and another one over it while that comes.
    #[must_use]
    pub fn panes(&self) -> (Outlook, Option<Outlook>) {
        if self.come < 1.0 { (self.before, Some(self.now)) } else { (self.now, None) }
    }

    /// The colour of the light that comes in.
    #[must_use]
    pub fn light(&self, strength: f32) -> Vec3 {
        self.before.light(strength).lerp(self.now.light(strength), self.seen())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(theme: Theme) -> Outlook {
        Outlook { theme, ..Outlook::default() }
    }

    #[test]
    fn a_view_that_is_asked_for_while_another_comes_waits_for_it() {
        let mut outside = Outside::at(of(Theme::Work));
        outside.towards(of(Theme::Love), 1.0);
        outside.towards(of(Theme::Money), 1.0);
        assert_eq!((outside.before.theme, outside.now.theme), (Theme::Work, Theme::Love));
        for _ in 0..5 {
            outside.towards(of(Theme::Money), 1.0);
        }
        assert_eq!((outside.before.theme, outside.now.theme), (Theme::Love, Theme::Money));
    }

    #[test]
    fn the_light_that_comes_in_never_jumps() {
        let mut outside = Outside::at(of(Theme::Work));
        let mut last = outside.light(0.5);
        for step in 0..600 {
            let theme = Theme::ALL[step / 75];
            outside.towards(of(theme), 1.0 / 15.0);
            let light = outside.light(0.5);
            assert!(light.distance(last) < 0.05, "step {step}: {last} to {light}");
            last = light;
        }
    }

    #[test]
    fn a_view_that_comes_is_there_before_anything_is_seen_of_it() {
        let mut outside = Outside::at(of(Theme::Work));
        assert_eq!(outside.panes(), (of(Theme::Work), None));
        outside.towards(of(Theme::Love), 0.1);
        assert_eq!(outside.panes(), (of(Theme::Work), Some(of(Theme::Love))));
        assert_eq!(outside.seen(), 0.0);
        outside.towards(of(Theme::Love), AHEAD + FADES);
        assert_eq!(outside.panes(), (of(Theme::Love), None));
    }

    #[test]
    fn it_neither_rains_nor_snows_into_a_hall() {
        let window = Window { weather: Weather::Snow, ..Window::default() };
        assert_eq!(Outlook { theme: Theme::Body, window }.sky(), Vec4::ZERO);
    }
}
