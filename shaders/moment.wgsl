// Everything that changes from moment to moment, in one buffer that is written once a frame (`room/moment.rs`).
#define_import_path inner_room::moment

struct Rig {
    // Where a light is, and how large.
    place: array<vec4<f32>, 7>,
    // Its colour with its strength, and how much of its shadows is seen.
    colour: array<vec4<f32>, 7>,
    // The Guide's pool: whither it shines, and the cosine of its half width.
    pool: vec4<f32>,
    // Light that comes from everywhere: from above, from below.
    above: vec4<f32>,
    below: vec4<f32>,
    // What casts shadows: middles and radii.
    balls: array<vec4<f32>, 10>,
}

struct Matter {
    // Its colour, and how far light goes round it.
    colour: vec4<f32>,
    // Gloss, how sharp it is, how strong the fibres are, light of its own.
    look: vec4<f32>,
    // Where the light behind it is, and how far it reaches.
    chest: vec4<f32>,
    // Its colour, and how strong it is.
    glow: vec4<f32>,
    // Metres between ribs (0 for none), gores around (0 for none), pleats of a wall around (0 for none), whether a face is drawn.
    form: vec4<f32>,
}

struct Face {
    // From the room into the head, in half widths.
    to_head: mat4x4<f32>,
    // Lids: how open above, how closed below; closed to an arc (a blink, or peace); how wide the eyes are.
    eyes: vec4<f32>,
    // Where they look, -1 to 1; how wet they are; blush.
    look: vec4<f32>,
    // Brows: inner, middle and outer height; how thick.
    brows: vec4<f32>,
    // Mouth: width, curve (up is positive), opening's half width and half height.
    mouth: vec4<f32>,
}

struct Devil {
    // The colour of its core.
    core: vec4<f32>,
    to_head: mat4x4<f32>,
    // Colour of the rim, and how strong it is.
    rim: vec4<f32>,
    // Eyes: colour, and how bright.
    eyes: vec4<f32>,
    // Eyes: half width, half height, slant, closed to arcs.
    gaze: vec4<f32>,
    // Mouth: half width, curve, opening; whether there is a face.
    mouth: vec4<f32>,
    // From where to where it dissolves, how sharp the rim is, seconds.
    form: vec4<f32>,
    // How much of it there is, 0 when it is gone; unused.
    there: vec4<f32>,
}

struct Smoke {
    // Its colour, and how dense it is.
    colour: vec4<f32>,
    // The colour of the ember in it, and how strong.
    ember: vec4<f32>,
    // Seconds, how fast it climbs, how ragged, what share of the puffs there is.
    form: vec4<f32>,
    // How far it has gone back with the Devil; the strength.
    back: vec4<f32>,
}

struct Window {
    // Into the frame of the window: x to the right, y up, z into the room.
    to_frame: mat4x4<f32>,
    // Strength, seconds, brightness, how far the later view has come.
    form: vec4<f32>,
    // The view of each pane: how light and how warm its hour is, whether people are there; its rain, snow, fog, wind.
    shown: array<vec4<f32>, 2>,
    sky: array<vec4<f32>, 2>,
}

struct Moment {
    rig: Rig,
    face: Face,
    devil: Devil,
    smoke: Smoke,
    window: Window,
    matters: array<Matter, 32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> moment: Moment;
