//! The room's picture lies under the panels. (It is drawn on its own, and on a slow machine smaller than its window.)

use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiTextureHandle, EguiUserTextures, egui};

use crate::app::{RenderScale, Target};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, hand_over.run_if(resource_exists::<RenderScale>));
}

fn hand_over(target: Res<Target>, mut textures: ResMut<EguiUserTextures>) {
    textures.add_image(EguiTextureHandle::Strong(target.0.clone()));
}

/// Lays it over the whole window.
pub(super) fn lay(mut contexts: EguiContexts, target: Res<Target>) -> Result {
    let Some(picture) = contexts.image_id(&target.0) else { return Ok(()) };
    let ctx = contexts.ctx_mut()?;
    let whole = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
    ctx.layer_painter(egui::LayerId::background()).image(
        picture,
        ctx.content_rect(),
        whole,
        egui::Color32::WHITE,
    );
    Ok(())
}
