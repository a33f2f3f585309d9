//! Everything that changes from moment to moment, in one buffer that is written once a frame. Materials only say which part
//! of it is theirs, and are never made anew: that is what makes a frame cheap.

use bevy::prelude::*;
use bevy::render::render_resource::encase::UniformBuffer;
use bevy::render::render_resource::{Buffer, BufferDescriptor, BufferUsages, ShaderType};
use bevy::render::renderer::{RenderDevice, RenderQueue};

use super::paint::PANES;
use super::rig::Rig;

/// How many matters there are, as in `shaders/moment.wgsl`.
pub const SHEETS: usize = 32;

/// As in `shaders/moment.wgsl`.
#[derive(Clone, Copy, Debug, Default, ShaderType)]
pub struct Moment {
    /// The light of the room.
    pub rig: Rig,
    /// The Patient's face.
    pub face: FaceDrawing,
    /// The Devil's body.
    pub devil: EmberForm,
    /// Its smoke.
    pub smoke: SmokeForm,
    /// The evening outside.
    pub window: OutsideView,
    /// What things are made of.
    pub sheets: [Sheet; SHEETS],
}

/// What a thing is made of. As in `shaders/moment.wgsl`.
#[derive(Clone, Copy, Debug, Default, PartialEq, ShaderType)]
pub struct Sheet {
    /// Its colour, and how far light goes round it.
    pub colour: Vec4,
    /// Gloss, how sharp it is, how strong the fibres are, light of its own.
    pub look: Vec4,
    /// Where the light behind it is, and how far it reaches.
    pub chest: Vec4,
    /// Its colour, and how strong it is.
    pub glow: Vec4,
    /// Metres between ribs, gores around, pleats of a wall around, whether there is a face.
    pub form: Vec4,
}

impl Sheet {
    /// Paper.
    pub const PAPER: Self = Self {
        colour: Vec4::new(1.0, 1.0, 1.0, 0.35),
        look: Vec4::new(0.0, 8.0, 1.0, 0.0),
        chest: Vec4::new(0.0, 0.0, 0.0, 1.0),
        glow: Vec4::ZERO,
        form: Vec4::ZERO,
    };
    /// Cloth: light goes round it, and nothing shines.
    pub const CLOTH: Self =
        Self { colour: Vec4::new(1.0, 1.0, 1.0, 0.2), look: Vec4::new(0.0, 8.0, 0.8, 0.0), ..Self::PAPER };
    /// Wood.
    pub const WOOD: Self =
        Self { colour: Vec4::new(1.0, 1.0, 1.0, 0.05), look: Vec4::new(0.05, 22.0, 0.7, 0.0), ..Self::PAPER };
    /// Brass.
    pub const BRASS: Self =
        Self { colour: Vec4::new(1.0, 1.0, 1.0, 0.0), look: Vec4::new(0.25, 40.0, 0.2, 0.0), ..Self::PAPER };
}

/// As in `shaders/moment.wgsl`; lengths in half widths of the head.
#[derive(Clone, Copy, Debug, Default, ShaderType)]
pub struct FaceDrawing {
    /// From the room into the head.
    pub to_head: Mat4,
    /// Open above, open below, shut to an arc, size.
    pub eyes: Vec4,
    /// Where they look, how wet, blush.
    pub look: Vec4,
    /// Inner, middle and outer height, thickness.
    pub brows: Vec4,
    /// Width, curve, opening.
    pub mouth: Vec4,
}

/// As in `shaders/moment.wgsl`.
#[derive(Clone, Copy, Debug, Default, ShaderType)]
pub struct EmberForm {
    /// The colour of its core.
    pub core: Vec4,
    /// From the room into the head.
    pub to_head: Mat4,
    /// Colour of the rim, strength.
    pub rim: Vec4,
    /// Colour of the eyes, brightness.
    pub eyes: Vec4,
    /// Half width, half height, slant, shut.
    pub gaze: Vec4,
    /// Half width, curve, opening.
    pub mouth: Vec4,
    /// From where to where it dissolves, sharpness of the rim, seconds.
    pub form: Vec4,
    /// How much of it there is.
    pub there: Vec4,
}

/// As in `shaders/moment.wgsl`.
#[derive(Clone, Copy, Debug, Default, ShaderType)]
pub struct SmokeForm {
    /// Colour, density.
    pub colour: Vec4,
    /// The colour of the ember in it, and how strong.
    pub ember: Vec4,
    /// Seconds, how fast it climbs, how ragged, what share of the puffs there is.
    pub form: Vec4,
    /// How far it has gone back with the Devil; the strength.
    pub back: Vec4,
}

/// As in `shaders/moment.wgsl`.
#[derive(Clone, Copy, Debug, Default, ShaderType)]
pub struct OutsideView {
    /// Into the frame of the window.
    pub to_frame: Mat4,
    /// Strength, seconds, brightness, how far the later view has come.
    pub form: Vec4,
    /// The view of each pane: how light, how warm, whether people are there.
    pub shown: [Vec4; PANES as usize],
    /// Its rain, snow, fog, wind.
    pub sky: [Vec4; PANES as usize],
}

/// The moment that is being painted, and the buffer it goes into.
#[derive(Resource)]
pub struct Canvas {
    /// The moment. Whoever paints writes into it.
    pub moment: Moment,
    buffer: Buffer,
    sheets: u32,
}

impl FromWorld for Canvas {
    fn from_world(world: &mut World) -> Self {
        let buffer = world.resource::<RenderDevice>().create_buffer(&BufferDescriptor {
            label: Some("moment"),
            size: Moment::min_size().get(),
            usage: BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { moment: Moment::default(), buffer, sheets: 0 }
    }
}

impl Canvas {
    /// The buffer, for a material.
    #[must_use]
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// A place for another matter; the last one again when there is none left.
    pub fn take(&mut self, sheet: Sheet) -> u32 {
        let at = self.sheets.min(SHEETS as u32 - 1);
        self.sheets += 1;
        self.moment.sheets[at as usize] = sheet;
        at
    }

    /// A matter, to paint.
    pub fn sheet(&mut self, at: u32) -> &mut Sheet {
        &mut self.moment.sheets[at as usize]
    }
}

/// The buffer can be made only once there is something to draw with.
pub(super) fn prepare(world: &mut World) {
    world.init_resource::<Canvas>();
}

/// Writes the moment for the renderer.
pub(super) fn write(canvas: Res<Canvas>, queue: Res<RenderQueue>) -> Result {
    let mut bytes = UniformBuffer::new(Vec::new());
    bytes.write(&canvas.moment)?;
    queue.write_buffer(&canvas.buffer, 0, bytes.as_ref());
    Ok(())
}
