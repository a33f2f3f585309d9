//! What becomes of errors: a system's error is logged and the frame goes on; a renderer's ends the stage, and the host
//! starts another one. Drawing on in spite of it could flash.

use bevy::ecs::error::{BevyError, ErrorContext};
use bevy::prelude::*;
use bevy::render::error_handler::{RenderErrorHandler, RenderErrorPolicy};

/// What the app does with the error of a system, an observer or a command.
pub(super) fn report(error: BevyError, context: ErrorContext) {
    warn!("{} {}: {error}", context.kind(), context.name());
}

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(RenderErrorHandler(|error, main_world, _render_world| {
        error!("the picture cannot be drawn any more ({:?}): {}", error.ty, error.description);
        main_world.write_message(AppExit::error());
        RenderErrorPolicy::StopRendering
    }));
}
