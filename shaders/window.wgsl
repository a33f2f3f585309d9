// What stands in the window, drawn in layers that move against each other: the tower of offices in the rain, one window
// awake in it.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::moment::moment
#import inner_room::noise::hash

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

fn by(strong: vec3<f32>, middle: vec3<f32>, weak: vec3<f32>) -> vec3<f32> {
    let s = moment.window.form.x;
    return select(mix(weak, middle, s * 2.0), mix(middle, strong, s * 2.0 - 1.0), s >= 0.5);
}

// Where the view through a point of the glass meets a layer behind it.
fn behind(glass: vec3<f32>, eye: vec3<f32>, depth: f32) -> vec2<f32> {
    let ahead = glass - eye;
    return glass.xy + ahead.xy * (depth / max(-ahead.z, 0.05));
}

fn roofs(x: f32, seed: f32, wide: f32, low: f32, high: f32) -> f32 {
    let cell = floor(x / wide + seed * 7.3);
    return low + high * hash(vec3(cell, seed, 1.0));
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let glass = (moment.window.to_frame * vec4(in.world_position.xyz, 1.0)).xyz;
    let eye = (moment.window.to_frame * vec4(view.world_position, 1.0)).xyz;
    let s = moment.window.form.x;
    let t = moment.window.form.y;
    let sky_at = behind(glass, eye, 5.0);
    let height = clamp((sky_at.y + 0.5) / 4.7, 0.0, 1.0);
    let low = by(vec3(0.102, 0.034, 0.080), vec3(0.107, 0.089, 0.231), vec3(0.202, 0.238, 0.456));
    let mid = by(vec3(0.040, 0.021, 0.072), vec3(0.045, 0.058, 0.175), vec3(0.076, 0.138, 0.371));
    let top = by(vec3(0.009, 0.010, 0.037), vec3(0.017, 0.025, 0.093), vec3(0.025, 0.054, 0.188));
    var colour = mix(mix(low, mid, smoothstep(0.1, 0.45, height)), top, smoothstep(0.45, 0.95, height)) * mix(1.4, 2.3, s);
    // The moon comes out as the rain goes.
    let moon_at = behind(glass, eye, 4.6) - vec2(1.92, 2.80);
    let moon = 1.0 - smoothstep(0.25, 0.27, length(moon_at));
    let veil = smoothstep(0.75, 0.2, s);
    colour = mix(colour, vec3(1.0, 0.88, 0.62) * 1.3, moon * veil);
    colour += vec3(0.5, 0.45, 0.35) * exp(-length(moon_at) * 2.4) * veil * 0.35;
    let far = behind(glass, eye, 4.2);
    let far_on = step(far.y, roofs(far.x, 3.0, 0.62, 1.1, 0.6));
    colour = mix(colour, by(vec3(0.033, 0.022, 0.069), vec3(0.041, 0.058, 0.138), vec3(0.069, 0.115, 0.287)) * mix(1.0, 2.0, s), far_on);
    let near = behind(glass, eye, 3.2);
    let near_on = step(near.y, roofs(near.x, 5.0, 0.55, 0.75, 0.6));
    colour = mix(colour, by(vec3(0.016, 0.012, 0.040), vec3(0.023, 0.032, 0.084), vec3(0.037, 0.063, 0.159)) * mix(0.9, 1.5, s), near_on);
    // The tower.
    let tower = behind(glass, eye, 2.1);
    let wall = vec2(tower.x - 0.40, tower.y);
    if abs(wall.x) < 0.50 && wall.y < 2.68 {
        var stone = by(vec3(0.011, 0.010, 0.030), vec3(0.014, 0.019, 0.065), vec3(0.023, 0.040, 0.133));
        let column = floor((wall.x + 0.5) / 0.2);
        let floor_ = floor((wall.y + 0.35) / 0.175);
        let pane = vec2(fract((wall.x + 0.5) / 0.2), fract((wall.y + 0.35) / 0.175));
        let inside = step(0.12, pane.x) * step(pane.x, 0.88) * step(0.08, pane.y) * step(pane.y, 0.70);
        let dice = hash(vec3(column, floor_, 11.0));
        let lit = step(dice, mix(0.2, 0.72, s));
        let warm = step(hash(vec3(column, floor_, 4.0)), 0.18);
        let cold = by(vec3(0.58, 0.72, 0.80), vec3(0.48, 0.60, 0.80), vec3(0.34, 0.47, 0.73)) * mix(0.6, 1.5, s);
        let dark = by(vec3(0.023, 0.023, 0.064), vec3(0.026, 0.036, 0.098), vec3(0.038, 0.063, 0.195));
        // Somebody goes home now and then, and a window goes dark, slowly.
        let shift = t * 0.05 + dice * 9.0;
        let coming = mix(hash(vec3(column, floor_, floor(shift))), hash(vec3(column, floor_, floor(shift) + 1.0)), smoothstep(0.0, 1.0, fract(shift)));
        let home = 0.75 + 0.25 * smoothstep(0.3, 0.5, coming);
        let light = mix(dark, mix(cold, vec3(1.0, 0.63, 0.25) * 1.4, warm) * home, lit);
        stone = mix(stone, light, inside);
        // The one who is still awake, bowed over a desk.
        let big = vec2(wall.x + 0.10, wall.y - 1.225);
        if big.x > 0.025 && big.x < 0.40 && big.y > 0.0 && big.y < 0.29 {
            stone = by(vec3(0.81, 0.89, 0.91), vec3(1.0, 0.77, 0.43), vec3(1.0, 0.60, 0.22)) * mix(1.3, 1.9, s);
            let desk = step(abs(big.x - 0.19), 0.14) * step(big.y, 0.085);
            let bow = 0.02 * s;
            let head = step(length(big - vec2(0.215, 0.20 - bow)), 0.036);
            let back = step(length((big - vec2(0.275, 0.13)) / vec2(0.055, 0.06)), 1.0);
            let screen = step(abs(big.x - 0.11), 0.035) * step(abs(big.y - 0.14), 0.05);
            stone = mix(stone, vec3(0.007, 0.006, 0.014), max(max(desk, screen), max(head, back) * step(0.1, s + 0.05)));
        }
        colour = stone;
    }
    // Rain in three depths, slanting.
    let wet = smoothstep(0.15, 0.7, s);
    for (var layer = 0; layer < 3; layer++) {
        let depth = 0.35 + 0.55 * f32(layer);
        let at = behind(glass, eye, depth);
        let slant = vec2(at.x + at.y * 0.22, at.y);
        let lane = floor(slant.x / 0.045);
        let speed = 2.6 + hash(vec3(lane, f32(layer), 2.0));
        let along = slant.y / 0.55 + t * speed + hash(vec3(lane, f32(layer), 9.0)) * 5.0;
        let drop = step(0.82, hash(vec3(lane, floor(along), f32(layer)))) ;
        let thin = smoothstep(0.5, 0.42, abs(fract(slant.x / 0.045) - 0.5)) * smoothstep(0.12, 0.02, abs(fract(slant.x / 0.045) - 0.5));
        let streak = drop * thin * smoothstep(0.0, 0.1, fract(along)) * smoothstep(0.45, 0.2, fract(along));
        colour += vec3(0.55, 0.64, 0.86) * streak * wet * 0.45;
    }
    // Drops on the glass.
    let cell = floor(glass.xy / 0.055);
    let dot_at = (fract(glass.xy / 0.055) - 0.5) * 0.055 - (vec2(hash(vec3(cell, 1.0)), hash(vec3(cell, 2.0))) - 0.5) * 0.03;
    let size = 0.002 + 0.006 * hash(vec3(cell, 3.0)) * step(0.6, hash(vec3(cell, 4.0)));
    let bead = 1.0 - smoothstep(size * 0.6, size, length(dot_at * vec2(1.0, 0.8)));
    colour += vec3(0.35, 0.42, 0.60) * bead * mix(0.15, 0.5, s);
    return vec4(colour * moment.window.form.z, 1.0);
}
