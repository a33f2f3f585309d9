//! How much of the room this machine can draw. It is chosen before the room is lit, by what draws it, and afterwards by
//! how long a frame takes: then only the size of the picture changes, which nobody sees as a flash.

use std::time::Duration;

use bevy::anti_alias::fxaa::Fxaa;
use bevy::prelude::*;
use bevy::render::renderer::RenderAdapterInfo;

use crate::app::{Lit, RenderScale};

/// How much is drawn.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Without a graphics card: smaller, edges smoothed afterwards, less smoke.
    Low,
    /// A graphics card that shares the machine's memory.
    Middle,
    /// Everything.
    #[default]
    High,
}

/// The tier that was asked for; none where the machine decides.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedTier(pub Option<Tier>);

impl Tier {
    /// The tier of that name, or none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "low" => Some(Self::Low),
            "middle" => Some(Self::Middle),
            "high" => Some(Self::High),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Middle => "middle",
            Self::High => "high",
        }
    }

    /// What share of the smoke there is.
    #[must_use]
    pub fn smoke(self) -> f32 {
        match self {
            Self::Low => 0.5,
            Self::Middle => 0.75,
            Self::High => 1.0,
        }
    }

    /// How large the room is drawn for its window, at first and at most.
    fn scale(self) -> f32 {
        if self == Self::Low { 0.5 } else { 1.0 }
    }

    /// How edges are smoothed.
    pub(super) fn smooth(self, camera: &mut EntityCommands<'_>) {
        match self {
            Self::Low => camera.insert((Msaa::Off, Fxaa::default())),
            Self::Middle => camera.insert(Msaa::Sample2),
            Self::High => camera.insert(Msaa::Sample4),
        };
    }
}

/// A frame that is slower than this is too slow, one that is quicker has time to spare.
const SLOW: Duration = Duration::from_millis(45);
const QUICK: Duration = Duration::from_millis(14);
/// The smallest that the room is drawn, and how small it is under its cover.
const SMALLEST: f32 = 0.4;
const UNSEEN: f32 = 0.25;
/// How many frames are looked at together.
const FRAMES: usize = 24;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<WantedTier>().init_resource::<Tier>().add_systems(PreStartup, choose).add_systems(
        Update,
        (show.run_if(resource_exists_and_equals(Lit(true)).and_then(run_once)), adapt)
            .chain()
            .run_if(resource_exists::<RenderScale>),
    );
}

/// Chooses by what draws.
fn choose(
    adapter: Res<RenderAdapterInfo>,
    wanted: Res<WantedTier>,
    mut tier: ResMut<Tier>,
    scale: Option<ResMut<RenderScale>>,
) {
    *tier = wanted.0.unwrap_or(match adapter.device_type {
        wgpu::DeviceType::Cpu => Tier::Low,
        wgpu::DeviceType::IntegratedGpu | wgpu::DeviceType::VirtualGpu => Tier::Middle,
        wgpu::DeviceType::DiscreteGpu | wgpu::DeviceType::Other => Tier::High,
    });
    if let Some(mut scale) = scale {
        scale.0 = UNSEEN;
    }
}

/// What was drawn small as long as nobody saw it gets its size.
fn show(tier: Res<Tier>, mut scale: ResMut<RenderScale>) {
    scale.0 = tier.scale();
}

/// Draws smaller while frames take too long, and larger again while there is time.
fn adapt(
    time: Res<Time<Real>>,
    lit: Res<Lit>,
    tier: Res<Tier>,
    wanted: Res<WantedTier>,
    mut scale: ResMut<RenderScale>,
    mut times: Local<Vec<Duration>>,
) {
    // Whoever asked for a tier gets it.
    if !lit.0 || wanted.0.is_some() {
        return;
    }
    times.push(time.delta());
    if times.len() < FRAMES {
        return;
    }
    times.sort_unstable();
    let median = times[FRAMES / 2];
    times.clear();
    let next = rescaled(scale.0, median, tier.scale());
    if (next - scale.0).abs() > 0.01 {
        scale.0 = next;
    }
}

fn rescaled(scale: f32, median: Duration, most: f32) -> f32 {
    if median > SLOW {
        (scale * 0.85).max(SMALLEST)
    } else if median < QUICK {
        (scale * 1.1).min(most)
    } else {
        scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_machine_draws_smaller_and_a_quick_one_as_large_as_its_tier_allows() {
        let (slow, quick) = (Duration::from_millis(200), Duration::from_millis(5));
        let settled = |from: f32, median| (0..20).fold(from, |scale, _| rescaled(scale, median, 1.0));
        assert!((settled(1.0, slow) - SMALLEST).abs() < 1e-6);
        assert!((settled(SMALLEST, quick) - 1.0).abs() < 1e-6);
        assert!((rescaled(0.7, Duration::from_millis(25), 1.0) - 0.7).abs() < 1e-6);
    }
}
