// What stands in the window: one of the eight worlds, its weather and its hour, and the drops on the glass. While one world
// turns into another a second pane comes over the first. `WORLD` says which one a pane shows.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::moment::moment
#import inner_room::noise::hash
#import inner_room::worlds::Glance

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

#if WORLD == 0
#import inner_room::worlds_far::work
fn world(g: Glance) -> vec3<f32> { return work(g); }
#endif
#if WORLD == 1
#import inner_room::worlds::study
fn world(g: Glance) -> vec3<f32> { return study(g); }
#endif
#if WORLD == 2
#import inner_room::worlds::family
fn world(g: Glance) -> vec3<f32> { return family(g); }
#endif
#if WORLD == 3
#import inner_room::worlds::love
fn world(g: Glance) -> vec3<f32> { return love(g); }
#endif
#if WORLD == 4
#import inner_room::worlds::friends
fn world(g: Glance) -> vec3<f32> { return friends(g); }
#endif
#if WORLD == 5
#import inner_room::worlds_far::money
fn world(g: Glance) -> vec3<f32> { return money(g); }
#endif
#if WORLD == 6
#import inner_room::worlds_far::body
fn world(g: Glance) -> vec3<f32> { return body(g); }
#endif
#if WORLD == 7
#import inner_room::worlds_far::ideal
fn world(g: Glance) -> vec3<f32> { return ideal(g); }
#endif

// Where the view through a point of the glass meets a layer behind it.
fn behind(g: Glance, depth: f32) -> vec2<f32> {
    let ahead = g.glass - g.eye;
    return g.glass.xy + ahead.xy * (depth / max(-ahead.z, 0.05));
}

// Rain in three depths, slanting with the wind.
fn rain(g: Glance, wind: f32) -> f32 {
    var wet = 0.0;
    for (var layer = 0; layer < 3; layer++) {
        let at = behind(g, 0.35 + 0.55 * f32(layer));
        let slant = vec2(at.x + at.y * (0.18 + 0.25 * wind), at.y);
        let lane = floor(slant.x / 0.045);
        let speed = 2.6 + hash(vec3(lane, f32(layer), 2.0));
        let along = slant.y / 0.55 + g.t * speed + hash(vec3(lane, f32(layer), 9.0)) * 5.0;
        let drop = step(0.82, hash(vec3(lane, floor(along), f32(layer))));
        let aside = abs(fract(slant.x / 0.045) - 0.5);
        wet += drop * smoothstep(0.12, 0.02, aside) * smoothstep(0.0, 0.1, fract(along)) * smoothstep(0.45, 0.2, fract(along));
    }
    return wet;
}

// Snow in four depths; it wanders as it falls.
fn snow(g: Glance, wind: f32) -> f32 {
    var white = 0.0;
    for (var layer = 0; layer < 4; layer++) {
        let n = f32(layer);
        let at = behind(g, 0.25 + 0.6 * n);
        let size = 0.11 + 0.03 * n;
        let fall = vec2(at.x + g.t * (0.03 + 0.12 * wind) + 0.03 * sin(at.y * 5.0 + g.t * 0.6 + n), at.y + g.t * (0.16 - 0.02 * n));
        let cell = floor(fall / size);
        let spot = (fract(fall / size) - 0.5) - (vec2(hash(vec3(cell, n)), hash(vec3(cell, n + 5.0))) - 0.5) * 0.7;
        let flake = 0.05 + 0.06 * hash(vec3(cell, n + 9.0));
        white += (1.0 - smoothstep(flake * 0.5, flake, length(spot))) * step(0.45, hash(vec3(cell, n + 2.0)));
    }
    return white;
}

// `shown`: how light the hour makes it, how warm, whether people are there. `sky`: rain, snow, fog, wind.
fn seen(glass: vec3<f32>, eye: vec3<f32>, shown: vec4<f32>, sky: vec4<f32>) -> vec3<f32> {
    let g = Glance(glass, eye, moment.window.form.x, moment.window.form.y, shown.z);
    // The hour: more light, and warmer or cooler; never so much that the room were dark beside it.
    var colour = world(g) * mix(vec3(0.86, 0.95, 1.16), vec3(1.10, 0.98, 0.86), shown.y) * shown.x;
    let mist = textureSample(noise_map, noise_at, vec2(glass.x * 0.22 - g.t * 0.004, glass.y * 0.16)).r;
    let bright = dot(colour, vec3(0.3, 0.5, 0.2));
    let low = smoothstep(2.2, 0.7, glass.y);
    colour = mix(colour, vec3(bright * 0.5 + 0.11) * vec3(0.92, 0.96, 1.08) * shown.x, sky.z * clamp(0.20 + 0.75 * low + 0.35 * (mist - 0.5), 0.0, 0.85));
    // What falls is strongest where the Devil is; rain stops as it goes.
    if sky.x > 0.0 { colour += vec3(0.55, 0.64, 0.86) * rain(g, sky.w) * sky.x * smoothstep(0.1, 0.7, g.s) * 0.45 * shown.x; }
    if sky.y > 0.0 { colour = mix(colour, vec3(0.84, 0.89, 0.98) * shown.x, min(snow(g, sky.w) * sky.y, 1.0) * mix(0.55, 0.9, g.s)); }
    // Leaves in the wind.
    if sky.w > 0.5 { colour = mix(colour, vec3(0.30, 0.17, 0.08) * shown.x, min(snow(g, 3.0), 1.0) * 0.7); }
    return colour;
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let glass = (moment.window.to_frame * vec4(in.world_position.xyz, 1.0)).xyz;
    let eye = (moment.window.to_frame * vec4(view.world_position, 1.0)).xyz;
    let pane = which.x & 1u;
    let sky = moment.window.sky[pane];
    var colour = seen(glass, eye, moment.window.shown[pane], sky);
    // Drops on the glass, as long as it rains.
    let cell = floor(glass.xy / 0.055);
    let dot_at = (fract(glass.xy / 0.055) - 0.5) * 0.055 - (vec2(hash(vec3(cell, 1.0)), hash(vec3(cell, 2.0))) - 0.5) * 0.03;
    let size = 0.002 + 0.006 * hash(vec3(cell, 3.0)) * step(0.6, hash(vec3(cell, 4.0)));
    let bead = 1.0 - smoothstep(size * 0.6, size, length(dot_at * vec2(1.0, 0.8)));
    colour += vec3(0.35, 0.42, 0.60) * bead * sky.x * mix(0.15, 0.5, moment.window.form.x);
    return vec4(colour * moment.window.form.z, select(1.0, moment.window.form.w, pane == 1u));
}
