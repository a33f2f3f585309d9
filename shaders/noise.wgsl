// Noise that was baked into a picture which repeats (`room/noise.rs`): two clouds, fibres, and fine grain, one in each
// channel; and a hash for what needs no smoothness.
#define_import_path inner_room::noise

fn hash(p: vec3<f32>) -> f32 {
    var q = fract(p * vec3<f32>(0.1031, 0.1030, 0.0973));
    q += dot(q, q.yxz + 33.33);
    return fract((q.x + q.y) * q.z);
}

// How much of the picture one cell of the coarsest noise takes.
const CELL: f32 = 0.125;

// Clouds in space, from two planes of the picture.
fn clouds(map: texture_2d<f32>, at: sampler, p: vec3<f32>) -> f32 {
    let one = textureSample(map, at, p.xy * CELL).r;
    let other = textureSample(map, at, (p.zy + vec2(3.7, 1.9)) * CELL).g;
    return (one + other) * 0.5;
}

// Clouds on a plane.
fn flat_clouds(map: texture_2d<f32>, at: sampler, p: vec2<f32>) -> f32 {
    return textureSample(map, at, p * CELL).r;
}

// Fibres, long across.
fn fibres(map: texture_2d<f32>, at: sampler, p: vec2<f32>) -> f32 {
    return textureSample(map, at, p * CELL).b;
}

// A normal bent by a height that changes over the surface (Mikkelsen, 2010).
fn bent(normal: vec3<f32>, position: vec3<f32>, height: f32, amount: f32) -> vec3<f32> {
    let dx = dpdx(position);
    let dy = dpdy(position);
    let across = cross(dy, normal);
    let along = cross(normal, dx);
    let det = dot(dx, across);
    let slope = sign(det) * (dpdx(height) * across + dpdy(height) * along);
    return normalize(abs(det) * normal - amount * slope);
}
