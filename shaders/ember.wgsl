// The Devil: the same outline, of smoke and ember. A dark core, a rim that burns where one looks along it, and below a
// height it dissolves into its own smoke.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::noise::{clouds, hash, bent}
#import inner_room::moment::moment
#import inner_room::rig::shine
#import inner_room::ember_face::{eyes, mouth}

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let place = in.world_position.xyz;
    let eye = normalize(view.world_position - place);
    let drift = vec3(0.0, -moment.devil.form.w * 0.12, 0.0);
    let cloud = clouds(noise_map, noise_at, place * 5.0 + drift);
    let normal = bent(normalize(in.world_normal), place, cloud * 0.02, 1.0);
    // When it goes it does not fade: it comes apart into grains, as smoke does.
    if hash(floor(place * 260.0)) > moment.devil.there.x * 1.02 - (cloud - 0.5) * 0.2 * (1.0 - moment.devil.there.x) { discard; }
    let facing = clamp(dot(normal, eye), 0.0, 1.0);
    let edge = pow(1.0 - facing, moment.devil.form.z);
    var light = moment.devil.rim.rgb * edge * clamp(cloud * 1.5 - 0.2, 0.0, 1.4) * moment.devil.rim.w;
    light += moment.devil.rim.rgb * smoothstep(0.60, 0.80, cloud) * 0.05 * moment.devil.rim.w;
    if (which.x & 2u) != 0u {
        let local = (moment.devil.to_head * vec4(place, 1.0)).xyz;
        let soft = max(length(fwidth(local.xy)), 0.01);
        light += eyes(local, soft) + mouth(local, soft);
    }
    var whole = 1.0;
    if (which.x & 1u) != 0u { whole = smoothstep(moment.devil.form.x, moment.devil.form.y, place.y + (cloud - 0.5) * 0.9); }
    let shade = shine(place, normal, eye, 0.15, 8.0);
    return vec4(moment.devil.core.rgb * shade.diffuse + light, whole);
}
