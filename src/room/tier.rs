//! How much of the room this machine can draw. It is chosen before the room is lit, by what draws it, and afterwards by
//! how long a frame takes: then only the size of the picture changes, which nobody sees as a flash.

use std::time::Duration;

use bevy::anti_alias::fxaa::Fxaa;
use bevy::prelude::*;
use bevy::render::renderer::RenderAdapterInfo;

use crate::app::{Eased, Lit, RenderScale, Wanted};
use crate::config::Tier;

/// How much is drawn.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn(pub Tier);

/// The tier that was asked for as the program was started; none where the settings or the machine decide.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedTier(pub Option<Tier>);

impl Drawn {
    /// What share of the smoke there is.
    #[must_use]
    pub fn smoke(self) -> f32 {
        match self.0 {
            Tier::Low => 0.5,
            Tier::Middle => 0.75,
            Tier::High => 1.0,
        }
    }

    /// How large the room is drawn for its window, at first and at most.
    fn scale(self) -> f32 {
        if self.0 == Tier::Low { 0.5 } else { 1.0 }
    }

    /// How edges are smoothed. One sample and four are all that every graphics device has (WebGPU 26.1); two would end
    /// the room on some.
    pub(super) fn smooth(self, camera: &mut EntityCommands<'_>) {
        match self.0 {
            Tier::Low | Tier::Middle => camera.insert((Msaa::Off, Fxaa::default())),
            Tier::High => camera.insert(Msaa::Sample4),
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
    let lit = resource_exists_and_equals(Lit(true));
    app.init_resource::<WantedTier>()
        .init_resource::<Drawn>()
        .add_systems(PreStartup, choose)
        .add_systems(Update, (change.run_if(resource_exists::<Wanted>), show.run_if(lit)).chain())
        .add_systems(Update, adapt.after(show).run_if(resource_exists::<RenderScale>));
}

/// What a machine is given that says nothing else, by what draws.
#[must_use]
pub fn fitting(device: wgpu::DeviceType) -> Tier {
    match device {
        wgpu::DeviceType::Cpu => Tier::Low,
        wgpu::DeviceType::IntegratedGpu | wgpu::DeviceType::VirtualGpu => Tier::Middle,
        wgpu::DeviceType::DiscreteGpu | wgpu::DeviceType::Other => Tier::High,
    }
}

fn choose(
    adapter: Res<RenderAdapterInfo>,
    wanted: Res<WantedTier>,
    mut drawn: ResMut<Drawn>,
    scale: Option<ResMut<RenderScale>>,
) {
    drawn.0 = wanted.0.unwrap_or_else(|| fitting(adapter.device_type));
    if let Some(mut scale) = scale {
        scale.0 = UNSEEN;
    }
}

/// So many steps less, if there are so many.
fn eased(tier: Tier, steps: u8) -> Tier {
    (0..steps).fold(tier, |tier, _| match tier {
        Tier::High => Tier::Middle,
        Tier::Middle | Tier::Low => Tier::Low,
    })
}

/// The person wants another one, or it is too much in a headset; whoever asked for one gets it. How edges are smoothed follows when the room is opened the next time: the renderer would
/// have to make everything anew for it, and the room would go dark meanwhile.
fn change(
    adapter: Res<RenderAdapterInfo>,
    wanted: Res<Wanted>,
    (asked, steps): (Res<WantedTier>, Option<Res<Eased>>),
    mut drawn: ResMut<Drawn>,
) {
    let is_eased = steps.as_ref().is_some_and(|steps| steps.is_changed());
    if !wanted.is_changed() && !is_eased {
        return;
    }
    let fits = || eased(fitting(adapter.device_type), steps.map_or(0, |steps| steps.0));
    let tier = wanted.0.look.tier.or(asked.0).unwrap_or_else(fits);
    drawn.set_if_neq(Drawn(tier));
}

/// What was drawn small as long as nobody saw it gets its size.
fn show(drawn: Res<Drawn>, scale: Option<ResMut<RenderScale>>, mut shown: Local<Option<Drawn>>) {
    if let Some(mut scale) = scale
        && *shown != Some(*drawn)
    {
        scale.0 = drawn.scale();
        *shown = Some(*drawn);
    }
}

/// Draws smaller while frames take too long, and larger again while there is time.
fn adapt(
    time: Res<Time<Real>>,
    lit: Res<Lit>,
    drawn: Res<Drawn>,
    (asked, wanted): (Res<WantedTier>, Option<Res<Wanted>>),
    mut scale: ResMut<RenderScale>,
    mut times: Local<Vec<Duration>>,
) {
    // Whoever asked for a tier gets it.
    let asked = asked.0.is_some() || wanted.is_some_and(|wanted| wanted.0.look.tier.is_some());
    if !lit.0 || asked {
        return;
    }
    times.push(time.delta());
    if times.len() < FRAMES {
        return;
    }
    times.sort_unstable();
    let median = times[FRAMES / 2];
    times.clear();
    let next = rescaled(scale.0, median, drawn.scale());
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
    fn less_is_drawn_step_by_step_and_never_less_than_the_least() {
        let steps = [0, 1, 2, 3].map(|steps| eased(Tier::High, steps));
        assert_eq!(steps, [Tier::High, Tier::Middle, Tier::Low, Tier::Low]);
    }

    #[test]
    fn a_slow_machine_draws_smaller_and_a_quick_one_as_large_as_its_tier_allows() {
        let (slow, quick) = (Duration::from_millis(200), Duration::from_millis(5));
        let settled = |from: f32, median| (0..20).fold(from, |scale, _| rescaled(scale, median, 1.0));
        assert!((settled(1.0, slow) - SMALLEST).abs() < 1e-6);
        assert!((settled(SMALLEST, quick) - 1.0).abs() < 1e-6);
        assert!((rescaled(0.7, Duration::from_millis(25), 1.0) - 0.7).abs() < 1e-6);
    }
}
