//! What everything is painted with. The shaders are built in, so that the room is found from any folder.
//!
//! All light is worked out in our own shaders from one [`Rig`]: a few lamps known beforehand, and soft shadows of balls
//! (Quilez). That is quick enough for a machine without a graphics card, and the same in every tier.

use bevy::asset::uuid_handle;
use bevy::ecs::system::SystemParamItem;
use bevy::ecs::system::lifetimeless::SRes;
use bevy::mesh::{MeshVertexAttribute, MeshVertexBufferLayoutRef};
use bevy::pbr::{MaterialPipeline, MaterialPipelineKey};
use bevy::prelude::*;
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_resource::binding_types::{sampler, texture_2d, uniform_buffer};
use bevy::render::render_resource::{
    AsBindGroup, AsBindGroupError, BindGroupLayout, BindGroupLayoutEntries, BindGroupLayoutEntry,
    BindingResources, Buffer, BufferInitDescriptor, BufferUsages, Face, OwnedBindingResource,
    RenderPipelineDescriptor, SamplerBindingType, ShaderStages, SpecializedMeshPipelineError,
    TextureSampleType, TextureViewDimension, UnpreparedBindGroup,
};
use bevy::render::renderer::RenderDevice;
use bevy::render::texture::GpuImage;
use bevy::shader::{Shader, ShaderDefVal, ShaderRef};

use super::moment::Moment;
use super::noise::{self, NOISE_MAP};

const NOISE: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a01");
const MOMENT: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a08");
const RIG: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a07");
const MATTER: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a02");
const EMBER: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a03");
const SMOKE: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a04");
const FLOOR: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a05");
const WINDOW: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a06");
const WORLDS: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a09");
const WORLDS_FAR: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a0a");

const WORN: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a0b");

const EMBER_FACE: Handle<Shader> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a0c");

/// Every shader of the room, with the name of its file.
pub const SHADERS: [(Handle<Shader>, &str, &str); 12] = [
    (NOISE, "noise.wgsl", include_str!("../../shaders/noise.wgsl")),
    (MOMENT, "moment.wgsl", include_str!("../../shaders/moment.wgsl")),
    (RIG, "rig.wgsl", include_str!("../../shaders/rig.wgsl")),
    (MATTER, "matter.wgsl", include_str!("../../shaders/matter.wgsl")),
    (EMBER_FACE, "ember_face.wgsl", include_str!("../../shaders/ember_face.wgsl")),
    (EMBER, "ember.wgsl", include_str!("../../shaders/ember.wgsl")),
    (SMOKE, "smoke.wgsl", include_str!("../../shaders/smoke.wgsl")),
    (FLOOR, "floor.wgsl", include_str!("../../shaders/floor.wgsl")),
    (WORLDS, "worlds.wgsl", include_str!("../../shaders/worlds.wgsl")),
    (WORLDS_FAR, "worlds_far.wgsl", include_str!("../../shaders/worlds_far.wgsl")),
    (WORN, "worn.wgsl", include_str!("../../shaders/worn.wgsl")),
    (WINDOW, "window.wgsl", include_str!("../../shaders/window.wgsl")),
];

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((
        MaterialPlugin::<Matter>::default(),
        MaterialPlugin::<Ember>::default(),
        MaterialPlugin::<Smoke>::default(),
        MaterialPlugin::<Ground>::default(),
        MaterialPlugin::<Outside>::default(),
        MaterialPlugin::<Worn>::default(),
    ));
    let mut images = app.world_mut().resource_mut::<Assets<Image>>();
    if let Err(error) = images.insert(NOISE_MAP.id(), noise::bake()) {
        error!("the noise cannot be taken in: {error}");
    }
    let mut shaders = app.world_mut().resource_mut::<Assets<Shader>>();
    for (handle, name, source) in SHADERS {
        if let Err(error) = shaders.insert(handle.id(), Shader::from_wgsl(source, format!("shaders/{name}")))
        {
            error!("the shader {name} cannot be taken in: {error}");
        }
    }
}

/// What everything is painted with: the moment, which of its parts, and the noise it is made of. None of these changes, so
/// that no material is ever made anew. A kind that comes in variants has a pipeline for each, made when it is first seen.
macro_rules! paint {
    ($(#[$doc:meta])* $name:ident) => {
        paint!($(#[$doc])* $name, |_which| 0);
    };
    ($(#[$doc:meta])* $name:ident, $variant:expr) => {
        $(#[$doc])*
        #[derive(Asset, Clone, Debug, TypePath)]
        pub struct $name {
            /// See [`super::moment`].
            moment: Buffer,
            /// Which part of it, or what kind of thing this is.
            which: u32,
            /// Its colour, where it has one of its own, as four bytes.
            colour: u32,
            /// The noise it is made of, or the picture on it.
            picture: Handle<Image>,
        }

        impl $name {
            /// Something of this kind.
            #[must_use]
            pub fn new(moment: &Buffer, which: u32) -> Self {
                Self::with(moment, which, 0, NOISE_MAP)
            }

            /// Something of this kind, with a colour and a picture of its own.
            #[must_use]
            pub fn with(moment: &Buffer, which: u32, colour: u32, picture: Handle<Image>) -> Self {
                Self { moment: moment.clone(), which, colour, picture }
            }
        }

        // The moment is one buffer for all of them, which the derive offers only as a storage buffer; a machine without a
        // graphics card reads a uniform about twice as fast.
        impl AsBindGroup for $name {
            type Data = u32;
            type Param = SRes<RenderAssets<GpuImage>>;

            fn label() -> &'static str {
                stringify!($name)
            }

            fn bind_group_data(&self) -> u32 {
                let of: fn(u32) -> u32 = $variant;
                of(self.which)
            }

            fn unprepared_bind_group(
                &self,
                _layout: &BindGroupLayout,
                device: &RenderDevice,
                images: &mut SystemParamItem<'_, '_, Self::Param>,
                _force_no_bindless: bool,
            ) -> Result<UnpreparedBindGroup, AsBindGroupError> {
                let picture = images.get(&self.picture).ok_or(AsBindGroupError::RetryNextUpdate)?;
                let which = [self.which, self.colour, 0, 0].map(u32::to_ne_bytes).concat();
                let which = device.create_buffer_with_data(&BufferInitDescriptor {
                    label: Some("which"),
                    contents: &which,
                    usage: BufferUsages::UNIFORM,
                });
                let view = OwnedBindingResource::TextureView(TextureViewDimension::D2, picture.texture_view.clone());
                let sampler = OwnedBindingResource::Sampler(SamplerBindingType::Filtering, picture.sampler.clone());
                Ok(UnpreparedBindGroup {
                    bindings: BindingResources(vec![
                        (0, OwnedBindingResource::Buffer(self.moment.clone())),
                        (1, OwnedBindingResource::Buffer(which)),
                        (2, view),
                        (3, sampler),
                    ]),
                })
            }

            fn bind_group_layout_entries(
                _device: &RenderDevice,
                _force_no_bindless: bool,
            ) -> Vec<BindGroupLayoutEntry> {
                let float = TextureSampleType::Float { filterable: true };
                BindGroupLayoutEntries::sequential(
                    ShaderStages::VERTEX_FRAGMENT,
                    (
                        uniform_buffer::<Moment>(false),
                        uniform_buffer::<UVec4>(false),
                        texture_2d(float),
                        sampler(SamplerBindingType::Filtering),
                    ),
                )
                .to_vec()
            }
        }
    };
}

paint!(
    /// Paper that a light shines through, cloth, wood and brass; on the Patient's head with a face. `which`: its place in
    /// [`super::moment::Moment::sheets`]. `shaders/matter.wgsl`.
    Matter
);
paint!(
    /// The Devil's body. `which`: [`DISSOLVES`] and [`FACE`]. `shaders/ember.wgsl`.
    Ember
);
paint!(
    /// All of the Devil's smoke. `shaders/smoke.wgsl`.
    Smoke
);
paint!(
    /// The floor with its rug. `shaders/floor.wgsl`.
    Ground
);
paint!(
    /// What stands in the window. `which`: see [`pane`]. Each world is a shader of its own: all eight in one would be
    /// compiled at each start, which a machine without a graphics card feels. `shaders/window.wgsl`.
    Outside,
    |which| which / PANES
);

/// How many views the window shows at most: one, and one that comes.
pub const PANES: u32 = 2;

/// This pane of the window, showing this world.
#[must_use]
pub fn pane(pane: u32, world: u32) -> u32 {
    world * PANES + pane
}

paint!(
    /// A figure of one's own. `which`: [`DEVILS`], [`CUT_OUT`], [`SEEN_THROUGH`], [`FACELESS`]. `shaders/worn.wgsl`.
    Worn
);

/// It stands in the Devil's place.
pub const DEVILS: u32 = 1;
/// Where its picture is less than half there, nothing is.
pub const CUT_OUT: u32 = 2;
/// One sees through it as far as its picture says.
pub const SEEN_THROUGH: u32 = 4;
/// It has no face of its own that moves.
pub const FACELESS: u32 = 8;

/// It dissolves into smoke below.
pub const DISSOLVES: u32 = 1;
/// It has a face.
pub const FACE: u32 = 2;

/// How a kind of paint is drawn.
struct Drawn {
    /// What places its corners, where that is not the engine's own.
    vertex: ShaderRef,
    fragment: Handle<Shader>,
    /// Thin sheets are seen from both sides; what is closed is not seen from within.
    cull: Option<Face>,
    /// What a corner brings along, where that is not what the engine expects.
    corner: &'static [(MeshVertexAttribute, u32)],
    /// What the shader calls the variant, where there is more than one.
    variant: Option<&'static str>,
}

impl Drawn {
    const fn by(fragment: Handle<Shader>, cull: Option<Face>) -> Self {
        Self { vertex: ShaderRef::Default, fragment, cull, corner: &[], variant: None }
    }

    fn specialize(
        &self,
        descriptor: &mut RenderPipelineDescriptor,
        layout: &MeshVertexBufferLayoutRef,
        variant: u32,
    ) -> Result<(), SpecializedMeshPipelineError> {
        descriptor.primitive.cull_mode = self.cull;
        if let (Some(name), Some(fragment)) = (self.variant, &mut descriptor.fragment) {
            fragment.shader_defs.push(ShaderDefVal::UInt(name.into(), variant));
        }
        if !self.corner.is_empty() {
            let corner: Vec<_> = self.corner.iter().map(|(part, at)| part.at_shader_location(*at)).collect();
            descriptor.vertex.buffers = vec![layout.0.get_layout(&corner)?];
        }
        Ok(())
    }
}

/// Nothing here casts a shadow that a map would have to hold.
macro_rules! drawn {
    ($material:ty, $drawn:expr, $alpha:expr) => {
        impl Material for $material {
            fn vertex_shader() -> ShaderRef {
                $drawn.vertex
            }

            fn fragment_shader() -> ShaderRef {
                ShaderRef::Handle($drawn.fragment)
            }

            fn alpha_mode(&self) -> AlphaMode {
                let of: fn(&Self) -> AlphaMode = $alpha;
                of(self)
            }

            fn enable_prepass() -> bool {
                false
            }

            fn enable_shadows() -> bool {
                false
            }

            fn specialize(
                _pipeline: &MaterialPipeline,
                descriptor: &mut RenderPipelineDescriptor,
                layout: &MeshVertexBufferLayoutRef,
                key: MaterialPipelineKey<Self>,
            ) -> Result<(), SpecializedMeshPipelineError> {
                $drawn.specialize(descriptor, layout, key.bind_group_data)
            }
        }
    };
}

/// A corner of a puff: where it is and whither it drifts, and how it turns to the eye.
const PUFF: &[(MeshVertexAttribute, u32)] = &[
    (Mesh::ATTRIBUTE_POSITION, 0),
    (Mesh::ATTRIBUTE_NORMAL, 1),
    (Mesh::ATTRIBUTE_UV_0, 2),
    (Mesh::ATTRIBUTE_UV_1, 3),
    (Mesh::ATTRIBUTE_COLOR, 4),
];

drawn!(Matter, Drawn::by(MATTER, None), |_| AlphaMode::Opaque);
drawn!(Ember, Drawn::by(EMBER, Some(Face::Back)), |it| if it.which & DISSOLVES != 0 {
    AlphaMode::Blend
} else {
    AlphaMode::Opaque
});
drawn!(Worn, Drawn::by(WORN, None), |it| if it.which & SEEN_THROUGH != 0 {
    AlphaMode::Blend
} else {
    AlphaMode::Opaque
});
drawn!(Ground, Drawn::by(FLOOR, None), |_| AlphaMode::Opaque);
drawn!(Outside, Drawn { variant: Some("WORLD"), ..Drawn::by(WINDOW, None) }, |_| AlphaMode::Blend);
drawn!(Smoke, Drawn { vertex: ShaderRef::Handle(SMOKE), corner: PUFF, ..Drawn::by(SMOKE, None) }, |_| {
    AlphaMode::Blend
});
