// The light of the room: few lamps, known beforehand, and round things that stand in their way. No shadow maps, no light
// lists: soft shadows of balls, the same in every tier, on every eye, without a flicker.
#define_import_path inner_room::rig
#import inner_room::moment::moment

// The last light is the pool.
const POOL: i32 = 6;

struct Shade {
    diffuse: vec3<f32>,
    gloss: vec3<f32>,
}

// How much of a light is seen past the balls.
fn past_the_balls(start: vec3<f32>, to: vec3<f32>, far: f32) -> f32 {
    var open = 1.0;
    for (var at = 0; at < 10; at++) {
        let ball = moment.rig.balls[at];
        let way = ball.xyz - start;
        let along = dot(way, to);
        let aside = sqrt(max(dot(way, way) - along * along, 0.0));
        // Softer the farther it falls; and nothing shades itself.
        let soft = 0.05 + 0.30 * max(along - ball.w, 0.0);
        let shadow = 1.0 - smoothstep(ball.w - soft * 0.7, ball.w + soft, aside);
        let between = smoothstep(ball.w * 0.7, ball.w * 1.5, along) * (1.0 - smoothstep(far - ball.w - 0.1, far - ball.w, along));
        open *= 1.0 - shadow * between * step(0.001, ball.w);
    }
    return open;
}

// How dark it is where things meet.
fn corners(place: vec3<f32>, normal: vec3<f32>) -> f32 {
    var open = 1.0;
    for (var at = 0; at < 10; at++) {
        let ball = moment.rig.balls[at];
        let way = ball.xyz - place;
        let far = max(length(way), 0.001);
        let near = clamp(ball.w * ball.w / (far * far), 0.0, 1.0);
        let facing = clamp(dot(normal, way / far), 0.0, 1.0);
        open *= 1.0 - 0.55 * near * facing * smoothstep(ball.w * 0.75, ball.w * 1.05, far);
    }
    return open;
}

// The light on a matt surface, and its gloss. `wrap`: how far light goes round it, as through paper.
fn shine(place: vec3<f32>, normal: vec3<f32>, eye: vec3<f32>, wrap: f32, sharp: f32) -> Shade {
    var out: Shade;
    let ambient = mix(moment.rig.below.rgb, moment.rig.above.rgb, normal.y * 0.5 + 0.5);
    let open = corners(place, normal);
    out.diffuse = ambient * open;
    out.gloss = vec3(0.0);
    for (var at = 0; at < 7; at++) {
        let colour = moment.rig.colour[at];
        if colour.r + colour.g + colour.b > 0.0005 {
            let light = moment.rig.place[at];
            let way = light.xyz - place;
            let far = length(way);
            let to = way / max(far, 0.001);
            var strength = 1.0 / (far * far + light.w * light.w);
            if at == POOL {
                strength *= smoothstep(moment.rig.pool.w, mix(moment.rig.pool.w, 1.0, 0.8), dot(-to, moment.rig.pool.xyz));
            }
            var seen = 1.0;
            if colour.a > 0.0 { seen = mix(1.0, past_the_balls(place, to, far), colour.a); }
            let facing = clamp((dot(normal, to) + wrap) / (1.0 + wrap), 0.0, 1.0);
            out.diffuse += colour.rgb * (strength * facing * seen * mix(1.0, open, 0.6));
            let half_way = normalize(to + eye);
            out.gloss += colour.rgb * (strength * seen * pow(clamp(dot(normal, half_way), 0.0, 1.0), sharp) * step(0.0, dot(normal, to)));
        }
    }
    return out;
}

// A print of it with deeper darks: brightness only, so that no colour turns.
fn developed(colour: vec3<f32>) -> vec3<f32> {
    let bright = dot(colour, vec3(0.2126, 0.7152, 0.0722));
    return colour * pow(clamp(bright / 0.30, 0.02, 4.0), 0.28);
}
