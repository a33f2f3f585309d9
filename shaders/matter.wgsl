// What everything in the room is made of: paper that a light shines through, with fibres, ribs or pleats; cloth, wood and
// brass. On the Patient's head a face is drawn, all of it in this shader: no texture, and nothing that could be cut off.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::noise::{fibres, flat_clouds, bent}
#import inner_room::moment::moment
#import inner_room::rig::{shine, developed}

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

const INK: vec3<f32> = vec3<f32>(0.036, 0.018, 0.024);

// How far a point is outside of an ellipse, roughly in its units.
fn oval(p: vec2<f32>, radii: vec2<f32>) -> f32 {
    let k = length(p / radii);
    return (k - 1.0) * min(radii.x, radii.y);
}

// How far a point is from a line bent like a parabola: through (0, middle) and (+-wide, ends).
fn arc(p: vec2<f32>, wide: f32, middle: f32, ends: f32) -> f32 {
    let x = clamp(p.x, -wide, wide);
    let t = x / wide;
    let y = mix(middle, ends, t * t);
    let slope = 2.0 * (ends - middle) * t / wide;
    let above = (p.y - y) / sqrt(1.0 + slope * slope);
    return length(vec2(p.x - x, above));
}

struct Painted {
    colour: vec3<f32>,
    light: vec3<f32>,
}

fn painted(point: vec3<f32>, base: vec3<f32>, pixel: f32) -> Painted {
    var out: Painted;
    out.colour = base;
    out.light = vec3(0.0);
    if point.z < 0.0 { return out; }
    let p = point.xy;
    let soft = max(pixel, 0.004);
    for (var side = -1.0; side < 2.0; side += 2.0) {
        // Blush.
        let cheek = length((p - vec2(side * 0.59, -0.30)) / vec2(0.24, 0.15));
        out.colour = mix(out.colour, vec3(0.86, 0.22, 0.14), exp(-cheek * cheek * 1.8) * min(moment.face.look.w * 1.5, 0.8));
        // The eye, between its lids.
        let centre = vec2(side * 0.37 + moment.face.look.x * 0.05, -0.06 + moment.face.look.y * 0.045);
        let q = p - centre;
        let tall = 0.16 * moment.face.eyes.w;
        let open = moment.face.eyes.x * (1.0 - moment.face.eyes.z);
        let lid = q.y - tall * (open * 2.0 - 1.0) - q.x * q.x * 0.8;
        let low = -tall * moment.face.eyes.y - q.y + q.x * q.x * 0.9;
        let eye = max(max(oval(q, vec2(0.087, tall)), lid), low);
        let seen = (1.0 - smoothstep(-soft, soft, eye)) * step(0.06, open);
        out.colour = mix(out.colour, INK, seen);
        let bright = min(oval(q - vec2(0.026, min(0.055, tall * open * 0.7)), vec2(0.028, 0.035)), oval(q - vec2(-0.026, -0.07), vec2(0.014, 0.016)));
        let glint = (1.0 - smoothstep(-soft, soft, max(bright, eye + 0.008))) * seen;
        out.colour = mix(out.colour, vec3(1.0, 0.93, 0.82), glint);
        out.light += vec3(0.9, 0.8, 0.65) * glint * 0.5;
        // A line along the upper lid where it hangs, and an arc where it is shut.
        let hangs = smoothstep(0.86, 0.5, moment.face.eyes.x) * (1.0 - moment.face.eyes.z);
        let edge = abs(q.y - tall * (open * 2.0 - 1.0) - q.x * q.x * 0.8 - 0.012);
        let lash = max(edge - 0.014, abs(q.x) - 0.115);
        out.colour = mix(out.colour, INK, (1.0 - smoothstep(-soft, soft, lash)) * hangs);
        let shut = arc(p - vec2(side * 0.37, -0.09), 0.105, -0.03, 0.03) - 0.018;
        out.colour = mix(out.colour, INK, (1.0 - smoothstep(-soft, soft, shut)) * smoothstep(0.75, 0.95, moment.face.eyes.z));
        // A wet glint along the lower lid.
        let tear = arc(q - vec2(0.0, -tall * moment.face.eyes.y + 0.012), 0.05, -0.006, 0.008) - 0.009;
        let wet = (1.0 - smoothstep(-soft, soft, tear)) * moment.face.look.z * (1.0 - moment.face.eyes.z);
        out.colour = mix(out.colour, vec3(1.0, 0.90, 0.78), wet);
        out.light += vec3(1.0, 0.82, 0.6) * wet * 0.35;
        // The brow, from its inner end to its outer one.
        let x = p.x * side;
        let t = clamp((x - 0.21) / 0.32, 0.0, 1.0);
        let height = mix(mix(moment.face.brows.x, moment.face.brows.y, t), mix(moment.face.brows.y, moment.face.brows.z, t), t);
        let brow = length(vec2(x - mix(0.21, 0.53, t), p.y - height)) - moment.face.brows.w * (1.0 - 0.55 * t) * (0.6 + 0.4 * smoothstep(0.0, 0.25, t));
        out.colour = mix(out.colour, INK, 1.0 - smoothstep(-soft, soft, brow));
    }
    // The mouth: a line, or an opening with the line as its lip.
    let m = p - vec2(0.0, -0.44);
    let line = arc(m, moment.face.mouth.x, -moment.face.mouth.y * 0.5, moment.face.mouth.y * 0.5) - 0.020 * (1.0 - 0.6 * smoothstep(0.0, moment.face.mouth.x, abs(m.x)));
    var lips = line;
    if moment.face.mouth.w > 0.01 { lips = min(lips, oval(m + vec2(0.0, 0.02), moment.face.mouth.zw)); }
    out.colour = mix(out.colour, INK, 1.0 - smoothstep(-soft, soft, lips));
    return out;
}

// How high a bulge stands between two valleys, which are where the wave goes through zero: round above, narrow below.
fn bulge(wave: f32) -> f32 {
    return sqrt(abs(wave) + 0.02);
}

// What is finer than a pixel is even.
fn even_out(height: f32, phase: f32) -> f32 {
    return mix(height, 0.8, smoothstep(0.7, 1.6, fwidth(phase)));
}

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    let matter = moment.matters[which.x];
    let place = in.world_position.xyz;
    let eye = normalize(view.world_position - place);
    // Thin sheets are seen from both sides.
    var normal = normalize(in.world_normal);
    if dot(normal, eye) < 0.0 { normal = -normal; }
    let local = (moment.face.to_head * vec4(place, 1.0)).xyz;
    let on_head = matter.form.w > 0.5;
    // Fibres lie in the paper, so they move with it.
    let sheet = select(in.uv * vec2(9.0, 14.0), local.xy * 3.0, on_head);
    let fibre = fibres(noise_map, noise_at, sheet * 2.2);
    let blotch = flat_clouds(noise_map, noise_at, sheet * 1.3);
    let fleck = smoothstep(0.72, 0.80, fibres(noise_map, noise_at, sheet * 1.1 + 3.3));
    let base = matter.colour.rgb;
    let dark = mix(base, base * vec3(0.80, 0.62, 0.48), 0.5);
    var colour = mix(base, dark, clamp((fibre * 0.26 + blotch * 0.36 + fleck * 0.26 - 0.12) * matter.look.z, 0.0, 1.0));
    // Ribs are wide bulges with thin valleys between them.
    var rib = 1.0;
    if matter.form.x > 0.0 {
        let phase = in.uv.y * 3.14159 / matter.form.x;
        rib = even_out(bulge(cos(phase)), phase);
    }
    if matter.form.y > 0.0 {
        let phase = in.uv.x * 3.14159 * matter.form.y;
        rib = mix(1.0, even_out(bulge(sin(phase)), phase), 0.45);
    }
    normal = bent(normal, place, rib * 0.0042 + fibre * 0.0010 * matter.look.z, 1.0);
    colour *= mix(0.84, 1.0, rib);
    // Pleats of a wall: facets that lean a little to one side and the other.
    if matter.form.z > 0.0 {
        let fold = sin(atan2(place.z, place.x) * matter.form.z);
        let lean = clamp(fold * 3.0, -1.0, 1.0);
        let along = normalize(vec3(-place.z, 0.0, place.x));
        normal = normalize(normal + along * lean * 0.13);
        colour *= 1.0 + 0.05 * lean;
    }
    var light = vec3(0.0);
    if on_head {
        let drawn = painted(local, colour, length(fwidth(local.xy)) * 0.7);
        colour = drawn.colour;
        light = drawn.light;
    }
    let shade = shine(place, normal, eye, matter.colour.a, matter.look.y);
    // What shines through is brightest where one looks straight at the sheet.
    let way = distance(place, matter.chest.xyz) / max(matter.chest.w, 0.001);
    let facing = clamp(dot(normal, eye), 0.0, 1.0);
    let through = exp(-way * way) * (0.4 + 0.6 * facing) * mix(0.6, 1.0, rib) * matter.glow.w + matter.look.w;
    let out = colour * shade.diffuse + shade.gloss * matter.look.x + matter.glow.rgb * through * colour + light;
    return vec4(developed(out), 1.0);
}
