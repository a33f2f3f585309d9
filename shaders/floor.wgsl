// The floor of planks, and the rug on it: rings of cut paper.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::noise::{fibres, flat_clouds, hash, bent}
#import inner_room::moment::moment
#import inner_room::rig::{shine, developed}

// Middle of the rug.
const RUG: vec2<f32> = vec2<f32>(0.02, 0.30);

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

fn over(under: vec3<f32>, colour: vec3<f32>, far: f32, edge: f32, soft: f32) -> vec3<f32> {
    return mix(under, colour, 1.0 - smoothstep(edge - soft, edge + soft, far));
}

// The window on the floor: how much of its light falls here. Its beams come down from the left; its cross is seen, softly.
fn pane(place: vec3<f32>) -> f32 {
    let q = (moment.window.to_frame * vec4(place, 1.0)).xyz;
    if q.z < 0.05 { return 0.0; }
    let hit = q.xy + vec2(0.34, 1.02) * q.z;
    let soft = 0.03 + 0.075 * q.z;
    let beside = abs(hit.x) - 0.58;
    let arch = length(vec2(hit.x, max(hit.y - 1.74, 0.0))) - 0.58;
    let edge = max(max(beside, arch), 0.60 - hit.y);
    let cross = min(abs(hit.x), abs(hit.y - 1.42));
    let bars = 1.0 - 0.55 * (1.0 - smoothstep(0.015, 0.015 + soft, cross));
    return (1.0 - smoothstep(-soft, soft, edge)) * bars;
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let place = in.world_position.xyz;
    // Planks.
    let row = floor(place.z / 0.17);
    let shift = hash(vec3(row, 1.0, 2.0)) * 1.3;
    let board = floor((place.x + shift) / 1.3);
    let tone = hash(vec3(row, board, 5.0));
    let grain = fibres(noise_map, noise_at, vec2(place.x * 2.0 + tone * 37.0, place.z * 6.0 + tone * 5.0));
    let wool = flat_clouds(noise_map, noise_at, place.xz * 46.0);
    var colour = mix(vec3(0.075, 0.030, 0.030), vec3(0.125, 0.052, 0.040), tone * 0.6 + grain * 0.5);
    let gap = min(fract(place.z / 0.17), fract((place.x + shift) / 1.3) * 7.0);
    let seam = smoothstep(0.0, 0.035, gap);
    colour *= mix(0.28, 1.0, seam);
    var rough = 0.42 + grain * 0.2;
    var height = seam * 0.004 + grain * 0.001;
    // The rug.
    let q = place.xz - RUG;
    let far = length(q);
    let angle = atan2(q.y, q.x);
    if far < 1.5 {
        let scallop = abs(sin(angle * 22.0));
        let soft = max(fwidth(far), 0.001);
        var rug = vec3(0.0274, 0.0685, 0.0844);
        let edge = 1.42 + 0.05 * scallop;
        rug = over(rug, vec3(0.1946, 0.0284, 0.0497), far, 1.385, soft);
        rug = over(rug, vec3(0.6939, 0.4851, 0.2502), far, 1.16 + 0.045 * abs(sin(angle * 18.0)), soft);
        rug = over(rug, vec3(0.0284, 0.0908, 0.1170), far, 1.135, soft);
        let petal = fract(angle / 6.28318 * 22.0) - 0.5;
        let drop = length(vec2(petal * 0.277 / 0.055, (far - 0.97) / 0.095));
        rug = over(rug, vec3(0.584, 0.287, 0.0844), drop * 0.06, 0.06, soft);
        rug = over(rug, vec3(0.462, 0.133, 0.0497), far, 0.80 + 0.06 * abs(sin(angle * 12.0)), soft);
        rug = over(rug, vec3(0.1946, 0.0284, 0.0497), far, 0.72, soft);
        let on = 1.0 - smoothstep(edge - soft, edge + soft, far);
        colour = mix(colour, rug * (0.72 + 0.5 * wool), on);
        rough = mix(rough, 0.97, on);
        height = mix(height, 0.012 + wool * 0.004, on);
    }
    let normal = bent(vec3(0.0, 1.0, 0.0), place, height, 1.0);
    let eye = normalize(view.world_position - place);
    let shade = shine(place, normal, eye, 0.0, mix(48.0, 4.0, rough));
    // The seats stand on it.
    let seat = length((place.xz - vec2(0.04, -0.78)) / vec2(0.63, 0.42));
    let under = mix(0.35, 1.0, smoothstep(0.85, 1.35, seat));
    let fall = moment.rig.colour[1].rgb * pane(place) * 1.7;
    let out = colour * (shade.diffuse + fall) * under + shade.gloss * 0.07 * (1.0 - rough) * under;
    return vec4(developed(out), 1.0);
}
