// What burns in the Devil's face: eyes that shut to an arc, and a mouth. Lengths in half widths of the head.
#define_import_path inner_room::ember_face
#import inner_room::moment::moment

fn almond(p: vec2<f32>, radii: vec2<f32>, slant: f32) -> f32 {
    let c = cos(slant);
    let s = sin(slant);
    let q = vec2(c * p.x - s * p.y, s * p.x + c * p.y) / radii;
    return pow(pow(abs(q.x), 1.7) + pow(abs(q.y), 1.7), 1.0 / 1.7);
}

// The light of the eyes at a point of the face.
fn eyes(local: vec3<f32>, soft: f32) -> vec3<f32> {
    var light = vec3(0.0);
    if local.z <= 0.0 { return light; }
    for (var side = -1.0; side < 2.0; side += 2.0) {
        let q = local.xy - vec2(side * 0.40, -0.02);
        // A lid comes down until only the arc is left.
        let shuts = moment.devil.gaze.w;
        let radii = moment.devil.gaze.xy * vec2(1.0, 1.0 - 0.8 * smoothstep(0.0, 0.9, shuts));
        let eye = almond(q + vec2(0.0, 0.06 * shuts), radii, side * moment.devil.gaze.z);
        let lit = 1.0 - smoothstep(1.0 - soft * 3.0, 1.0 + soft * 3.0, eye);
        let centre = 1.0 - smoothstep(0.2, 0.75, eye);
        let open = 1.0 - smoothstep(0.7, 0.95, shuts);
        light += (moment.devil.eyes.rgb * lit + vec3(1.0, 0.75, 0.5) * centre * lit * 0.6) * moment.devil.eyes.w * open;
        let t = clamp(q.x / 0.13, -1.0, 1.0);
        let shut = length(vec2(q.x - t * 0.13, q.y + 0.09 - 0.07 * t * t)) - 0.026;
        light += moment.devil.eyes.rgb * (1.0 - smoothstep(-soft, soft, shut)) * smoothstep(0.7, 0.95, shuts) * moment.devil.eyes.w * 0.5;
    }
    return light;
}

// The light of the mouth.
fn mouth(local: vec3<f32>, soft: f32) -> vec3<f32> {
    if local.z <= 0.0 { return vec3(0.0); }
    let m = local.xy - vec2(0.0, -0.47);
    let t = clamp(m.x / moment.devil.mouth.x, -1.0, 1.0);
    let line = length(vec2(m.x - t * moment.devil.mouth.x, m.y - moment.devil.mouth.y * t * t)) - 0.022 - moment.devil.mouth.z * (1.0 - t * t);
    return moment.devil.eyes.rgb * (1.0 - smoothstep(-soft, soft, line)) * moment.devil.eyes.w * 0.45;
}
