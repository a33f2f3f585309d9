// The Devil: the same outline, of smoke and ember. A dark core, a rim that burns where one looks along it, and below a
// height it dissolves into its own smoke.
#import bevy_pbr::{forward_io::VertexOutput, mesh_view_bindings::view}
#import inner_room::noise::{clouds, hash, bent}
#import inner_room::moment::moment
#import inner_room::rig::shine

@group(#{MATERIAL_BIND_GROUP}) @binding(1) var<uniform> which: vec4<u32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var noise_map: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var noise_at: sampler;

fn almond(p: vec2<f32>, radii: vec2<f32>, slant: f32) -> f32 {
    let c = cos(slant);
    let s = sin(slant);
    let q = vec2(c * p.x - s * p.y, s * p.x + c * p.y) / radii;
    return pow(pow(abs(q.x), 1.7) + pow(abs(q.y), 1.7), 1.0 / 1.7);
}

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
        if local.z > 0.0 {
            let soft = max(length(fwidth(local.xy)), 0.01);
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
            let m = local.xy - vec2(0.0, -0.47);
            let t = clamp(m.x / moment.devil.mouth.x, -1.0, 1.0);
            let line = length(vec2(m.x - t * moment.devil.mouth.x, m.y - moment.devil.mouth.y * t * t)) - 0.022 - moment.devil.mouth.z * (1.0 - t * t);
            light += moment.devil.eyes.rgb * (1.0 - smoothstep(-soft, soft, line)) * moment.devil.eyes.w * 0.45;
        }
    }
    var whole = 1.0;
    if (which.x & 1u) != 0u { whole = smoothstep(moment.devil.form.x, moment.devil.form.y, place.y + (cloud - 0.5) * 0.9); }
    let shade = shine(place, normal, eye, 0.15, 8.0);
    return vec4(moment.devil.core.rgb * shade.diffuse + light, whole);
}
