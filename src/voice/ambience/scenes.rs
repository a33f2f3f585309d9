//! The eight scenes, after what the window shows in each.

use super::super::dsp::{Biquad, Noise};
use super::super::tail::Tail;
use super::parts::{Air, Clock, Cricket, Drift, Drops, Hum, Murmur, Rare, at_side, swell};
use crate::dialogue::theme::Theme;

/// A scene that is heard, and goes on for ever.
pub(super) trait Scene: Send {
    /// The next sample, left and right.
    fn next(&mut self) -> [f32; 2];
}

/// The scene of a theme.
pub(super) fn of(theme: Theme, seed: u64) -> Box<dyn Scene> {
    let noise = Noise::new(seed ^ (0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(theme as u64 + 1)));
    match theme {
        Theme::Work => Box::new(Work::new(noise)),
        Theme::Study => Box::new(Study::new(noise)),
        Theme::Family => Box::new(Family::new(noise)),
        Theme::Love => Box::new(Love::new(noise)),
        Theme::Friends => Box::new(Friends::new(noise)),
        Theme::Money => Box::new(Money::new(noise)),
        Theme::Body => Box::new(Body::new(noise)),
        Theme::Ideal => Box::new(Ideal::new(noise)),
    }
}

/// Adds several things, each so loud.
fn mix<const N: usize>(parts: [([f32; 2], f32); N]) -> [f32; 2] {
    let mut out = [0.0; 2];
    for ([left, right], loud) in parts {
        out[0] += left * loud;
        out[1] += right * loud;
    }
    out
}

/// Something that stays about as it is.
fn steady() -> Drift {
    Drift::new((0.75, 1.0), (4.0, 11.0))
}

/// An office tower: rain on its panes, and air that is let in.
struct Work {
    noise: Noise,
    rain: Air,
    drops: [Drops; 2],
    vents: Air,
}

impl Work {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            rain: Air::new((900.0, 4_600.0), Drift::new((0.55, 1.0), (3.0, 9.0))),
            drops: [Drops::new(24.0, 2_300.0, 2.5), Drops::new(2.5, 640.0, 4.0)],
            vents: Air::new((55.0, 240.0), steady()),
        }
    }
}

impl Scene for Work {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        let [small, large] = &mut self.drops;
        mix([
            (self.rain.next(noise), 0.009),
            (small.next(noise), 0.12),
            (large.next(noise), 0.16),
            (self.vents.next(noise), 0.03),
        ])
    }
}

/// A library under snow: a large room, the hush outside, and somebody who turns a page.
struct Study {
    noise: Noise,
    room: Air,
    snow: Air,
    page: Rare,
    paper: [Biquad; 2],
}

impl Study {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            room: Air::new((45.0, 190.0), steady()),
            snow: Air::new((220.0, 950.0), Drift::new((0.3, 1.0), (5.0, 14.0))),
            page: Rare::new((14.0, 48.0), (0.5, 0.9)),
            paper: [Biquad::band_pass(1_700.0, 0.9), Biquad::band_pass(2_900.0, 0.9)],
        }
    }
}

impl Scene for Study {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        let turned = self.page.next(noise).map_or(0.0, |far| {
            // It is lifted, and laid down.
            swell((far * 1.6).min(1.0)) * 0.5 + swell(((far - 0.55) / 0.45).max(0.0))
        });
        let rustle = noise.next() * turned;
        let [low, high] = &mut self.paper;
        let page = low.next(rustle) + 0.6 * high.next(rustle);
        mix([
            (self.room.next(noise), 0.045),
            (self.snow.next(noise), 0.008),
            (at_side(page, 0.7 * self.page.side), 0.012),
        ])
    }
}

/// A kitchen: its clock, and the fridge.
struct Family {
    noise: Noise,
    clock: Clock,
    fridge: Hum,
    room: Air,
    steam: Air,
}

impl Family {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            clock: Clock::new(),
            fridge: Hum::new(50.0, [0.5, 1.0, 0.22, 0.12], Drift::new((0.1, 1.0), (9.0, 30.0))),
            room: Air::new((70.0, 380.0), steady()),
            steam: Air::new((1_400.0, 3_800.0), Drift::new((0.0, 1.0), (3.0, 8.0))),
        }
    }
}

impl Scene for Family {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        mix([
            (at_side(self.clock.next(noise), 0.45), 0.22),
            (at_side(self.fridge.next(noise), -0.5), 0.009),
            (self.room.next(noise), 0.02),
            (self.steam.next(noise), 0.003),
        ])
    }
}

/// A platform at night: wind, and now and then a train that goes by far off.
struct Love {
    noise: Noise,
    wind: Air,
    train: Rare,
    rumble: Air,
    rails: Air,
    lamps: Hum,
}

impl Love {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            wind: Air::new((130.0, 620.0), Drift::new((0.2, 1.0), (2.5, 8.0))),
            train: Rare::new((18.0, 50.0), (9.0, 15.0)),
            rumble: Air::new((42.0, 210.0), Drift::new((0.6, 1.0), (0.3, 0.8))),
            rails: Air::new((1_500.0, 3_400.0), Drift::new((0.3, 1.0), (0.3, 0.9))),
            lamps: Hum::new(100.0, [1.0, 0.4, 0.1, 0.05], steady()),
        }
    }
}

impl Scene for Love {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        let mut train = [0.0; 2];
        if let Some(far) = self.train.next(noise) {
            let loud = swell(far);
            // From one side to the other.
            let side = (2.0 * far - 1.0) * self.train.side.signum();
            let [left, right] = at_side(std::f32::consts::SQRT_2, 0.8 * side);
            let heard = mix([(self.rumble.next(noise), 0.1), (self.rails.next(noise), 0.004)]);
            train = [heard[0] * left * loud, heard[1] * right * loud];
        }
        mix([(self.wind.next(noise), 0.03), (train, 1.0), (at_side(self.lamps.next(noise), -0.3), 0.001_5)])
    }
}

/// A party on a roof, heard from the street: voices without words, and a glass.
struct Friends {
    noise: Noise,
    voices: [Murmur; 5],
    glass: Rare,
    ring: [Biquad; 2],
    night: Air,
}

impl Friends {
    fn new(noise: Noise) -> Self {
        let voices = [(330.0, -0.7), (410.0, 0.5), (520.0, -0.2), (370.0, 0.8), (600.0, 0.1)];
        Self {
            noise,
            voices: voices.map(|(hz, side)| Murmur::new(hz, side)),
            glass: Rare::new((7.0, 26.0), (0.3, 0.4)),
            ring: [Biquad::band_pass(2_750.0, 40.0), Biquad::band_pass(3_480.0, 40.0)],
            night: Air::new((60.0, 420.0), steady()),
        }
    }
}

impl Scene for Friends {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        // It is struck where it begins, and rings by itself.
        let struck = self.glass.next(noise).map_or(0.0, |far| noise.next() * (1.0 - far).powi(8));
        let [low, high] = &mut self.ring;
        let glass = low.next(struck) + 0.5 * high.next(struck);
        let mut voices = [0.0; 2];
        for voice in &mut self.voices {
            let [left, right] = voice.next(noise);
            voices[0] += left;
            voices[1] += right;
        }
        mix([(voices, 0.05), (at_side(glass, self.glass.side), 0.008), (self.night.next(noise), 0.022)])
    }
}

/// A market street that closes: wind in paper, a lamp, a shutter far off.
struct Money {
    noise: Noise,
    wind: Air,
    gust: Drift,
    paper: Air,
    lamp: Hum,
    shutter: Rare,
    metal: [Biquad; 2],
}

impl Money {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            wind: Air::new((90.0, 480.0), Drift::new((0.3, 1.0), (3.0, 9.0))),
            gust: Drift::new((-0.8, 1.0), (1.2, 4.0)),
            paper: Air::new((2_100.0, 5_200.0), Drift::new((0.0, 1.0), (0.05, 0.2))),
            lamp: Hum::new(100.0, [0.7, 0.6, 0.35, 0.3], steady()),
            shutter: Rare::new((28.0, 75.0), (1.4, 2.4)),
            metal: [Biquad::band_pass(360.0, 3.0), Biquad::band_pass(780.0, 4.0)],
        }
    }
}

impl Scene for Money {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        let gust = self.gust.next(noise).max(0.0).powi(2);
        let rattle = self.shutter.next(noise).map_or(0.0, |far| {
            // Slat after slat, slower and slower.
            swell((far * 34.0 * (1.0 - 0.4 * far)).fract()) * swell(far.sqrt())
        });
        let rattle = noise.next() * rattle;
        let [low, high] = &mut self.metal;
        let shutter = low.next(rattle) + 0.4 * high.next(rattle);
        mix([
            (self.wind.next(noise), 0.03),
            (self.paper.next(noise), 0.012 * gust),
            (at_side(self.lamp.next(noise), 0.4), 0.001_5),
            (at_side(shutter, 0.8 * self.shutter.side), 0.012),
        ])
    }
}

/// A swimming hall: water against tiles, drops, and the hall that rings.
struct Body {
    noise: Noise,
    water: [Air; 2],
    drops: Drops,
    hall: Tail,
    pumps: Hum,
    room: Air,
}

impl Body {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            water: [
                Air::new((240.0, 820.0), Drift::new((0.0, 1.0), (0.5, 1.8))),
                Air::new((900.0, 2_100.0), Drift::new((0.0, 1.0), (0.3, 1.1))),
            ],
            drops: Drops::new(0.9, 1_250.0, 14.0),
            hall: Tail::new([1_423, 1_867, 2_251, 2_903], 1.9, 2_600.0),
            pumps: Hum::new(49.0, [1.0, 0.5, 0.1, 0.05], steady()),
            room: Air::new((60.0, 300.0), steady()),
        }
    }
}

impl Scene for Body {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        let [low, high] = &mut self.water;
        let (water, splash) = (low.next(noise), high.next(noise));
        let drops = self.drops.next(noise);
        let into = 0.03 * (water[0] + water[1]) + 0.02 * splash[0] + 0.5 * (drops[0] + drops[1]);
        mix([
            (water, 0.02),
            (splash, 0.005),
            (drops, 0.08),
            (self.hall.next(into), 0.18),
            (at_side(self.pumps.next(noise), -0.2), 0.002),
            (self.room.next(noise), 0.016),
        ])
    }
}

/// A hill before the day: crickets, and a light wind.
struct Ideal {
    noise: Noise,
    crickets: [Cricket; 4],
    breeze: Air,
    grass: Air,
}

impl Ideal {
    fn new(noise: Noise) -> Self {
        Self {
            noise,
            crickets: [
                Cricket::new(4_180.0, 3, -0.75, 1.0),
                Cricket::new(4_420.0, 4, 0.6, 0.8),
                Cricket::new(3_960.0, 3, 0.15, 0.45),
                Cricket::new(4_610.0, 4, -0.3, 0.35),
            ],
            breeze: Air::new((120.0, 560.0), Drift::new((0.2, 1.0), (3.0, 10.0))),
            grass: Air::new((1_600.0, 4_200.0), Drift::new((0.0, 1.0), (2.0, 6.0))),
        }
    }
}

impl Scene for Ideal {
    fn next(&mut self) -> [f32; 2] {
        let noise = &mut self.noise;
        let mut crickets = [0.0; 2];
        for cricket in &mut self.crickets {
            let [left, right] = at_side(cricket.next(noise), cricket.side);
            crickets[0] += left;
            crickets[1] += right;
        }
        mix([(crickets, 0.004), (self.breeze.next(noise), 0.028), (self.grass.next(noise), 0.004)])
    }
}
