//! How long a frame keeps this machine: from the moment in which the runtime lets it begin to the one in which both pictures are
//! handed over. What a runtime makes it wait for meanwhile is no part of that.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bevy::prelude::*;
use bevy::render::extract_resource::{ExtractResource, ExtractResourcePlugin};
use bevy::render::{Render, RenderApp};
use bevy_mod_openxr::init::should_run_frame_loop;
use bevy_mod_openxr::render::{OxrWaitFrameSystem, begin_frame, end_frame, release_image, wait_image};
use bevy_mod_xr::session::{XrFirst, XrHandleEvents, XrRenderSystems};

/// How long the last frame kept it. One half of a frame is in the world that draws, which shares this.
#[derive(Resource, Clone, Debug, ExtractResource)]
pub struct Work {
    epoch: Instant,
    /// Since when it works, in nanoseconds. 0: it waits.
    since: Arc<AtomicU64>,
    /// How long it has worked for this frame, and did for the last one, in nanoseconds. 0: not known.
    spent: Arc<AtomicU64>,
    took: Arc<AtomicU64>,
}

impl Default for Work {
    fn default() -> Self {
        let epoch = Instant::now();
        Self { epoch, since: Arc::default(), spent: Arc::default(), took: Arc::default() }
    }
}

impl Work {
    fn now(&self) -> u64 {
        // Never 0: that says that it waits.
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
    }

    fn begin(&self) {
        self.spent.store(0, Ordering::Relaxed);
        self.go_on();
    }

    fn go_on(&self) {
        self.since.store(self.now(), Ordering::Relaxed);
    }

    fn pause(&self) {
        let since = self.since.swap(0, Ordering::Relaxed);
        if since > 0 {
            // Less than a moment is one, too.
            let spent = self.now().saturating_sub(since).max(1);
            self.spent.fetch_add(spent, Ordering::Relaxed);
        }
    }

    fn end(&self) {
        self.pause();
        let spent = self.spent.swap(0, Ordering::Relaxed);
        if spent > 0 {
            self.took.store(spent, Ordering::Relaxed);
        }
    }

    /// How long the last frame took, once.
    #[must_use]
    pub fn took(&self) -> Option<Duration> {
        let took = self.took.swap(0, Ordering::Relaxed);
        (took > 0).then(|| Duration::from_nanos(took))
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Work>().add_plugins(ExtractResourcePlugin::<Work>::default()).add_systems(
        XrFirst,
        begin.run_if(should_run_frame_loop).after(OxrWaitFrameSystem).in_set(XrHandleEvents::FrameLoop),
    );
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        // Runtimes wait where they like: while a frame is begun or ended, or for a picture that is still shown.
        let early = (pause.before(begin_frame), go_on.after(wait_image)).in_set(XrRenderSystems::PreRender);
        let late = end.after(release_image).before(end_frame).in_set(XrRenderSystems::PostRender);
        render
            .add_systems(Render, (early, late).run_if(should_run_frame_loop).run_if(resource_exists::<Work>));
    }
}

fn begin(work: Res<Work>) {
    work.begin();
}

fn pause(work: Res<Work>) {
    work.pause();
}

fn go_on(work: Res<Work>) {
    work.go_on();
}

fn end(work: Res<Work>) {
    work.end();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_measured_once_and_only_where_it_was_begun() {
        let work = Work::default();
        work.end();
        assert_eq!(work.took(), None);
        work.begin();
        // The other half of it is in the world that draws.
        work.clone().end();
        assert!(work.took().is_some());
        assert_eq!(work.took(), None);
    }

    #[test]
    fn what_a_runtime_makes_it_wait_for_is_no_part_of_a_frame() {
        let waits = Duration::from_millis(30);
        let work = Work::default();
        let begun = Instant::now();
        work.begin();
        work.pause();
        std::thread::sleep(waits);
        work.go_on();
        work.end();
        let whole = begun.elapsed();
        let took = work.took().expect("it was begun");
        assert!(took + waits <= whole, "{took:?} of {whole:?}");
    }
}
