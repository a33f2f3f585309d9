// A figure of one's own: its own pictures in the light of this room. In the Devil's place it darkens and burns at its rim
// as the built-in one does, and comes apart into smoke below.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::noise::hash
#import inner_room::moment::moment
#import inner_room::rig::{shine, developed}
#import inner_room::ember_face::{eyes, mouth}

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var picture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var picture_at: sampler;

const DEVILS: u32 = 1u;
const CUT_OUT: u32 = 2u;
const SEEN_THROUGH: u32 = 4u;
const FACELESS: u32 = 8u;

// A cloud of three sizes, without a picture of it.
fn smoky(place: vec3<f32>) -> f32 {
    var sum = 0.0;
    var share = 0.5;
    var at = place;
    for (var size = 0; size < 3; size++) {
        let cell = floor(at);
        let t = fract(at);
        let s = t * t * (3.0 - 2.0 * t);
        let low = mix(mix(hash(cell), hash(cell + vec3(1.0, 0.0, 0.0)), s.x), mix(hash(cell + vec3(0.0, 1.0, 0.0)), hash(cell + vec3(1.0, 1.0, 0.0)), s.x), s.y);
        let high = mix(mix(hash(cell + vec3(0.0, 0.0, 1.0)), hash(cell + vec3(1.0, 0.0, 1.0)), s.x), mix(hash(cell + vec3(0.0, 1.0, 1.0)), hash(cell + vec3(1.0, 1.0, 1.0)), s.x), s.y);
        sum += share * mix(low, high, s.z);
        share *= 0.5;
        at = at * 2.03 + vec3(7.1, 3.7, 5.3);
    }
    return sum;
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let place = in.world_position.xyz;
    let eye = normalize(view.world_position - place);
    var normal = normalize(in.world_normal);
    if dot(normal, eye) < 0.0 { normal = -normal; }
    var texel = textureSample(picture, picture_at, in.uv) * unpack4x8unorm(which.y);
#ifdef VERTEX_COLORS
    texel *= in.color;
#endif
    if (which.x & CUT_OUT) != 0u && texel.a < 0.5 { discard; }
    let whole = select(1.0, texel.a, (which.x & SEEN_THROUGH) != 0u);
    let facing = clamp(dot(normal, eye), 0.0, 1.0);
    if (which.x & DEVILS) == 0u {
        let shade = shine(place, normal, eye, 0.25, 14.0);
        // A little of the light in its chest, from where the built-in figure has it.
        let matter = moment.matters[0];
        let way = distance(place, matter.chest.xyz) / max(matter.chest.w, 0.001);
        let through = exp(-way * way) * (0.4 + 0.6 * facing) * matter.glow.w * 0.35;
        return vec4(developed(texel.rgb * (shade.diffuse + matter.glow.rgb * through) + shade.gloss * 0.03), whole);
    }
    let s = moment.window.form.x;
    let cloud = smoky(place * 5.0 - vec3(0.0, moment.devil.form.w * 0.5, 0.0));
    // It comes apart into grains as it goes, and below as long as it is smoke there.
    let smoke = smoothstep(moment.devil.form.x, moment.devil.form.y, place.y + (cloud - 0.5) * 0.9);
    if hash(floor(place * 260.0)) > min(moment.devil.there.x * 1.02, smoke + 0.02) { discard; }
    let edge = pow(1.0 - facing, moment.devil.form.z);
    var light = moment.devil.rim.rgb * edge * clamp(cloud * 1.5 - 0.2, 0.0, 1.4) * moment.devil.rim.w;
    light += moment.devil.rim.rgb * smoothstep(0.55, 0.75, cloud) * 0.05 * moment.devil.rim.w;
    let local = (moment.devil.to_head * vec4(place, 1.0)).xyz;
    let soft = max(length(fwidth(local.xy)), 0.01);
    // Its own eyes are seen again as it gives way; a figure without a face keeps the built-in one's.
    let faceless = (which.x & FACELESS) != 0u;
    let burns = select(smoothstep(0.25, 0.6, s), 1.0, faceless);
    light += eyes(local, soft) * burns;
    if faceless { light += mouth(local, soft); }
    // What it looks like by itself is seen the more, the less there is of its strength.
    let dark = mix(texel.rgb * 0.75, mix(moment.devil.core.rgb, texel.rgb * moment.devil.core.rgb * 3.0, 0.6), clamp(s * 1.15, 0.0, 1.0));
    let shade = shine(place, normal, eye, 0.15, 8.0);
    return vec4(dark * shade.diffuse + light, whole);
}
