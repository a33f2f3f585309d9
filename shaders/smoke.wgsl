// All of the Devil's smoke in one mesh: soft discs that turn to the viewer, climb, thin and begin again below, each a piece
// cut out of one moving cloud and lit a little from the side of the lamp.
#import bevy_pbr::mesh_view_bindings::view
#import inner_room::moment::moment
#import inner_room::noise::flat_clouds

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

struct Puff {
    // Where it is at strength 1 and at strength 1/2.
    @location(0) strong: vec3<f32>,
    @location(1) middle: vec3<f32>,
    // Which corner of it, -1 to 1.
    @location(2) corner: vec2<f32>,
    // How large it is at strength 1; its number, 0 to 1.
    @location(3) size: vec2<f32>,
    // Where it is at strength 0, and a number of its own.
    @location(4) weak: vec4<f32>,
}

struct Drawn {
    @builtin(position) clip: vec4<f32>,
    @location(0) p: vec2<f32>,
    // Its own number, how dense it is.
    @location(1) own: vec2<f32>,
}

fn by(strong: vec3<f32>, middle: vec3<f32>, weak: vec3<f32>) -> vec3<f32> {
    let s = moment.smoke.back.w;
    return select(mix(weak, middle, s * 2.0), mix(middle, strong, s * 2.0 - 1.0), s >= 0.5);
}

@vertex
fn vertex(puff: Puff) -> Drawn {
    let seed = puff.weak.w;
    let t = moment.smoke.form.x;
    let s = moment.smoke.back.w;
    let life = fract(t * moment.smoke.form.y * 1.2 + seed);
    let sway = vec3(sin(t * 0.31 + seed), 0.0, cos(t * 0.23 + seed * 2.0)) * 0.05 * smoothstep(0.0, 0.4, s);
    let middle = by(puff.strong, puff.middle, puff.weak.xyz) + moment.smoke.back.xyz + sway + vec3(0.0, (life - 0.5) * mix(0.22, 0.38, s), 0.0);
    let large = by(vec3(puff.size.x), vec3(puff.size.x * 0.62), vec3(0.035)).x * (0.75 + 0.5 * life);
    let right = normalize(vec3(view.world_from_view[0].x, 0.0, view.world_from_view[0].z));
    let ahead = normalize(middle - view.world_position);
    let up = normalize(cross(right, ahead));
    let turn = seed * 6.28 + t * 0.03 * (seed - 0.5);
    let corner = mat2x2(cos(turn), sin(turn), -sin(turn), cos(turn)) * puff.corner;
    var out: Drawn;
    let there = step(puff.size.y, moment.smoke.form.w);
    out.clip = view.clip_from_world * vec4(middle + (right * corner.x + up * corner.y) * large * there, 1.0);
    out.p = puff.corner;
    out.own = vec2(seed, sin(life * 3.14159));
    return out;
}

@fragment
fn fragment(in: Drawn) -> @location(0) vec4<f32> {
    let p = in.p;
    let far = length(p);
    let t = moment.smoke.form.x;
    let drift = vec2(in.own.x * 3.7, in.own.x - t * moment.smoke.form.y * 0.9);
    let warp = flat_clouds(noise_map, noise_at, p * 0.9 + drift * 0.6 + vec2(t * 0.05, 0.0)) - 0.5;
    let cloud = flat_clouds(noise_map, noise_at, p * 1.5 + drift + vec2(warp * 2.2, warp * 1.2));
    let body = smoothstep(0.32, 0.78, cloud + (1.0 - far) * 0.42 - 0.12 * moment.smoke.form.z);
    let density = body * smoothstep(1.0, 0.30, far);
    let lit = 0.50 + 0.50 * smoothstep(-0.9, 0.9, p.x * 0.5 + p.y * 0.3 + (cloud - 0.5) * 1.8);
    let colour = moment.smoke.colour.rgb * lit + moment.smoke.ember.rgb * moment.smoke.ember.w * (1.0 - density) * body;
    return vec4(colour, density * moment.smoke.colour.w * in.own.y);
}
