// The eight worlds that the window can show, of cut paper: cards in a few depths that move against each other. Each is
// drawn in the window's own measure: x from -0.58 to 0.58, y from -0.86 at the sill to 0.86 at the top of the arch,
// whatever the depth.
#define_import_path inner_room::worlds
#import inner_room::noise::hash

// Where somebody looks from, through which point of the glass, and at what.
struct Glance {
    glass: vec3<f32>,
    eye: vec3<f32>,
    // The Devil's strength, seconds, whether people are there.
    s: f32,
    t: f32,
    people: f32,
}

// The view through a point of the glass onto a card so many metres behind it.
fn card(g: Glance, depth: f32) -> vec2<f32> {
    let ahead = g.glass - g.eye;
    let at = g.glass.xy + ahead.xy * (depth / max(-ahead.z, 0.05));
    return (at - vec2(0.26, 0.06) * depth - vec2(0.0, 1.45)) / (1.0 + depth / 4.3);
}

// How much of a point lies within an edge.
fn on(edge: f32) -> f32 {
    return 1.0 - smoothstep(-0.003, 0.003, edge);
}

fn slab(p: vec2<f32>, middle: vec2<f32>, half: vec2<f32>) -> f32 {
    let d = abs(p - middle) - half;
    return max(d.x, d.y);
}

fn paper(hex: u32) -> vec3<f32> {
    let c = vec3(f32((hex >> 16u) & 255u), f32((hex >> 8u) & 255u), f32(hex & 255u)) / 255.0;
    return pow(c, vec3(2.2));
}

// A colour at strength 1, 0.5 and 0.
fn tone(g: Glance, strong: u32, middle: u32, weak: u32) -> vec3<f32> {
    let half_way = paper(middle);
    return select(mix(paper(weak), half_way, g.s * 2.0), mix(half_way, paper(strong), g.s * 2.0 - 1.0), g.s >= 0.5);
}

fn sky(g: Glance, low: vec3<f32>, middle: vec3<f32>, top: vec3<f32>) -> vec3<f32> {
    let height = card(g, 5.0).y * 0.5 + 0.5;
    return mix(mix(low, middle, smoothstep(0.15, 0.5, height)), top, smoothstep(0.5, 0.95, height));
}

// Somebody who stands there: a head, a body that widens.
fn person(p: vec2<f32>, feet: vec2<f32>, tall: f32) -> f32 {
    let q = (p - feet) / tall;
    let head = length(q - vec2(0.0, 0.86)) - 0.13;
    let body = max(abs(q.x) - mix(0.20, 0.13, clamp(q.y / 0.72, 0.0, 1.0)), max(q.y - 0.72, -q.y));
    return min(head, body) * tall;
}

// A lamp's glow around a point.
fn halo(p: vec2<f32>, at: vec2<f32>, reach: f32) -> f32 {
    return exp(-length(p - at) / reach);
}

// A library under snow, and books as high as houses; one lamp is lit between them.
fn study(g: Glance) -> vec3<f32> {
    var colour = sky(g, tone(g, 0x2A3344u, 0x4A5A70u, 0x7F93A8u), tone(g, 0x1E2634u, 0x36455Cu, 0x5E7590u), tone(g, 0x12182Au, 0x222E48u, 0x3A4A63u)) * 1.5;
    let far = card(g, 4.2);
    let gable = 0.02 + 0.20 * (1.0 - abs(fract(far.x * 1.5 + 0.1) * 2.0 - 1.0));
    colour = mix(colour, tone(g, 0x232B3Cu, 0x33415Au, 0x4C6078u) * 1.4, on(far.y - gable));
    colour = mix(colour, tone(g, 0x8FA0B4u, 0xB4C2D0u, 0xDCE4EAu) * 1.2, on(abs(far.y - gable + 0.012) - 0.014));
    let lattice = max(abs(fract(far.x * 12.0) - 0.5), abs(fract(far.y * 10.0) - 0.5));
    let awake = step(hash(vec3(floor(far.x * 12.0), floor(far.y * 10.0), 3.0)), 0.16);
    colour = mix(colour, paper(0xE8C98Au) * 0.9, awake * step(lattice, 0.28) * step(far.y, gable - 0.06) * step(-0.30, far.y));
    // Spines. Some lean.
    for (var row = 0; row < 2; row++) {
        let p = card(g, 2.9 - 1.1 * f32(row));
        let wide = 0.165 - 0.03 * f32(row);
        let shelf = floor((p.x + 3.0) / wide);
        let dice = hash(vec3(shelf, f32(row), 7.0));
        let lean = (p.y + 0.86) * 0.06 * step(0.72, dice);
        let x = fract((p.x + 3.0) / wide) - 0.5 - lean;
        let top = mix(-0.62, 0.34, dice) + 0.16 * g.s - 0.30 * f32(row);
        let spine = max(abs(x) - 0.46, (p.y - top + 0.06 * x * x) / wide);
        var cloth = select(select(tone(g, 0x2A2333u, 0x41384Au, 0x5E5468u), tone(g, 0x22323Au, 0x345058u, 0x4E7674u), dice > 0.35), tone(g, 0x3A2A2Au, 0x5E4240u, 0x8A6458u), dice > 0.7);
        cloth *= 0.75 + 0.5 * (1.0 - 4.0 * x * x);
        let band = min(abs(p.y - top + 0.10), abs(p.y - top + 0.24)) - 0.007;
        cloth = mix(cloth, paper(0xC9A869u) * mix(0.8, 1.3, 1.0 - g.s), on(band) * step(abs(x), 0.42));
        colour = mix(colour, cloth, on(spine * wide));
        let snow = abs(p.y - top - 0.006) - 0.014 * (1.0 - 2.0 * x * x);
        colour = mix(colour, tone(g, 0x9AAABCu, 0xC0CCD8u, 0xE6ECF0u) * 1.2, on(snow) * step(abs(x), 0.46));
    }
    // The desk lamp at the foot of them, and who sits by it.
    let p = card(g, 1.2);
    let lit = vec2(-0.04, -0.46);
    colour += paper(0x8FB59Au) * halo(p, lit, 0.16) * 1.1 + paper(0xFFD9A0u) * halo(p, lit - vec2(0.0, 0.06), 0.08) * 0.9;
    colour = mix(colour, paper(0x14181Cu), on(slab(p, vec2(0.02, -0.72), vec2(0.34, 0.055))));
    colour = mix(colour, paper(0x14181Cu), on(slab(p, vec2(-0.04, -0.58), vec2(0.008, 0.11))));
    let shade = max(abs(p.x - lit.x) - mix(0.09, 0.05, (p.y - lit.y + 0.03) / 0.07), abs(p.y - lit.y) - 0.035);
    colour = mix(colour, paper(0x8FD0A0u) * 1.6, on(shade));
    colour = mix(colour, paper(0x0E1218u), on(min(length(p - vec2(0.17, -0.52 - 0.03 * g.s)) - 0.055, length((p - vec2(0.20, -0.66)) / vec2(0.10, 0.11)) * 0.1 - 0.1)));
    return colour;
}

// Across the yard, a kitchen: a long table under a lamp, and one chair that nobody sits on.
fn family(g: Glance) -> vec3<f32> {
    var colour = sky(g, tone(g, 0x3A2824u, 0x6A4A3Au, 0xA8785Au), tone(g, 0x241A20u, 0x4A3530u, 0x7A5A52u), tone(g, 0x16121Cu, 0x2E2430u, 0x4E4250u)) * 1.4;
    let far = card(g, 4.4);
    let tree = length((far - vec2(-0.34, 0.12)) / vec2(0.26, 0.34)) - 1.0 + 0.1 * sin(atan2(far.y - 0.12, far.x + 0.34) * 9.0);
    colour = mix(colour, tone(g, 0x1C1418u, 0x30241Eu, 0x52402Eu), on(tree * 0.2));
    // The house.
    let p = card(g, 2.4);
    let roof = 0.50 - 0.55 * abs(p.x - 0.10);
    colour = mix(colour, tone(g, 0x1A1216u, 0x2C1E1Cu, 0x46302Au) * 1.3, on(max(p.y - roof, abs(p.x - 0.10) - 0.62)));
    colour = mix(colour, tone(g, 0x241A1Cu, 0x40302Au, 0x68503Eu) * 1.3, on(max(abs(p.x - 0.10) - 0.56, p.y - 0.16)));
    // The kitchen behind its window.
    let room = card(g, 2.6);
    let frame = slab(p, vec2(0.08, -0.26), vec2(0.46, 0.34));
    var inside = mix(paper(0xF2B868u), paper(0xB8703Au), clamp(length(room - vec2(0.08, 0.0)) * 1.1, 0.0, 1.0)) * mix(1.0, 1.7, 1.0 - g.s);
    inside = mix(inside, paper(0x9A6238u), on(slab(room, vec2(-0.24, 0.02), vec2(0.10, 0.012))));
    inside = mix(inside, paper(0xFFE6B0u) * 1.8, on(max(abs(room.x - 0.08) - (0.085 - (room.y - 0.02) * 0.7), abs(room.y - 0.02) - 0.03)));
    inside = mix(inside, paper(0x2A1A16u), on(slab(room, vec2(0.08, 0.10), vec2(0.003, 0.07))));
    for (var seat = 0; seat < 5; seat++) {
        let x = -0.26 + 0.17 * f32(seat);
        let chair = min(slab(room, vec2(x, -0.34), vec2(0.05, 0.015)), min(slab(room, vec2(x - 0.045, -0.29), vec2(0.007, 0.11)), slab(room, vec2(x + 0.045, -0.29), vec2(0.007, 0.11))));
        inside = mix(inside, paper(0x4A2A1Eu), on(min(chair, slab(room, vec2(x, -0.20), vec2(0.05, 0.008)))));
        // The fourth one stays empty.
        if seat != 3 {
            let lean = 0.012 * sin(g.t * 0.5 + f32(seat) * 2.0);
            inside = mix(inside, paper(0x1E1214u), on(person(room, vec2(x + lean, -0.42), 0.34 - 0.06 * f32(seat % 2))) * g.people);
        }
    }
    inside = mix(inside, paper(0x5A3422u), on(slab(room, vec2(0.08, -0.36), vec2(0.42, 0.022))));
    inside = mix(inside, paper(0xE8DCC8u), on(length((room - vec2(0.06, -0.32)) / vec2(0.05, 0.028)) - 1.0));
    let steam = abs(room.x - 0.06 - 0.02 * sin(room.y * 22.0 - g.t * 1.3)) - 0.012 - 0.05 * clamp(room.y + 0.30, 0.0, 0.3);
    inside += paper(0xFFF0D8u) * on(steam) * smoothstep(-0.04, -0.28, room.y) * step(-0.30, room.y) * 0.25;
    colour = mix(colour, inside, on(frame));
    let cross = min(abs(abs(p.x - 0.08) - 0.155) - 0.008, abs(p.y + 0.10) - 0.008);
    colour = mix(colour, tone(g, 0x20161Au, 0x342622u, 0x584434u), on(max(frame, cross)));
    colour = mix(colour, tone(g, 0x2A1E1Eu, 0x4A362Cu, 0x745A42u), on(abs(frame) - 0.016));
    colour += paper(0xE8A050u) * exp(-max(frame, 0.0) * 9.0) * 0.10 * step(0.0, frame) * mix(0.7, 1.6, 1.0 - g.s);
    // Washing on a line in the yard.
    let line = card(g, 1.1);
    let rope = -0.50 - 0.05 * cos(line.x * 2.6);
    colour = mix(colour, paper(0x120C10u), on(abs(line.y - rope) - 0.003));
    let cloth = max(abs(fract(line.x * 4.5 + 0.02 * sin(g.t + line.x * 9.0)) - 0.5) - 0.30, max(line.y - rope, rope - 0.17 - 0.08 * hash(vec3(floor(line.x * 4.5), 2.0, 1.0)) - line.y) * 4.5);
    colour = mix(colour, tone(g, 0x30262Au, 0x564844u, 0x9A8874u), on(cloth * 0.2));
    return colour;
}

// A platform: the last train is leaving, and two stand apart under their umbrellas.
fn love(g: Glance) -> vec3<f32> {
    var colour = sky(g, tone(g, 0x4A3440u, 0x7A5260u, 0xC08488u), tone(g, 0x2A2838u, 0x4C4A64u, 0x7E6E84u), tone(g, 0x161826u, 0x2A3048u, 0x4C5878u)) * 1.4;
    let far = card(g, 4.6);
    let hills = -0.06 + 0.08 * sin(far.x * 4.0 + 1.0) + 0.04 * sin(far.x * 9.0);
    colour = mix(colour, tone(g, 0x1E1C2Au, 0x35344Au, 0x5A5670u), on(far.y - hills));
    for (var light = 0; light < 9; light++) {
        let at = vec2(-0.6 + 0.15 * f32(light) + 0.05 * hash(vec3(f32(light), 1.0, 1.0)), -0.10 + 0.05 * hash(vec3(f32(light), 2.0, 2.0)));
        colour += paper(0xFFC890u) * (1.0 - smoothstep(0.003, 0.011, length(far - at))) * 0.8;
    }
    // The train runs through, stands away, and comes again.
    let p = card(g, 2.8);
    let wagon = slab(p, vec2(0.0, -0.22), vec2(2.0, 0.15));
    let runs = fract(g.t / 26.0);
    let gone = smoothstep(0.0, 0.06, runs) * smoothstep(0.46, 0.40, runs);
    var train = tone(g, 0x1A1620u, 0x2C2430u, 0x463A48u);
    let along = p.x + runs * 34.0;
    let pane = max(abs(fract(along * 4.0) - 0.5) - 0.33, (abs(p.y + 0.18) - 0.052) * 4.0);
    train = mix(train, paper(0xFFD090u) * mix(0.9, 1.5, 1.0 - g.s), on(pane * 0.25));
    train = mix(train, tone(g, 0x7A2E3Au, 0x9A4A50u, 0xB8717Fu), on(abs(p.y + 0.29) - 0.018));
    colour = mix(colour, train, on(wagon) * gone);
    colour += paper(0xFFC080u) * gone * exp(-abs(p.y + 0.40) * 22.0) * 0.12;
    // Canopy, post, clock.
    let near = card(g, 1.6);
    let iron = tone(g, 0x100E16u, 0x1C1A26u, 0x2E2A3Au);
    colour = mix(colour, iron, on(near.y + 0.46));
    colour = mix(colour, tone(g, 0x4A4450u, 0x6A6270u, 0x9A8E92u) * 0.6, on(abs(near.y + 0.475) - 0.010));
    let canopy = max(0.52 + 0.10 * near.x - near.y, near.y - 0.66 - 0.10 * near.x);
    colour = mix(colour, iron, on(max(canopy, -0.62 - near.x)));
    colour = mix(colour, iron, on(slab(near, vec2(0.40, 0.05), vec2(0.016, 0.55))));
    let clock = near - vec2(0.40, 0.34);
    colour = mix(colour, paper(0xF4E4C0u) * 1.4, on(length(clock) - 0.062));
    colour = mix(colour, iron, on(max(abs(length(clock) - 0.066) - 0.007, -1.0)));
    colour = mix(colour, iron, on(min(slab(clock, vec2(0.0, 0.022), vec2(0.004, 0.022)), slab(clock, vec2(0.016, 0.0), vec2(0.016, 0.004)))));
    // The two of them; where nobody is, two umbrellas lean there.
    for (var one = 0; one < 2; one++) {
        let x = select(-0.34, 0.16, one == 1) + mix(0.10, 0.0, g.s) * select(1.0, -1.0, one == 1);
        let feet = vec2(x, -0.64);
        colour = mix(colour, paper(0x0C0A12u), on(person(near, feet, 0.36)) * g.people);
        let dome = near - vec2(x + 0.02, -0.28);
        let ribs = 0.018 * abs(sin(dome.x * 40.0));
        let umbrella = max(length(dome * vec2(1.0, 1.35)) - 0.15, -dome.y + ribs - 0.015);
        colour = mix(colour, select(tone(g, 0x6A3040u, 0x96505Eu, 0xC87C86u), tone(g, 0x2A3450u, 0x4C5878u, 0x7484A8u), one == 1) * 1.2, on(umbrella));
        colour = mix(colour, iron, on(slab(near, vec2(x + 0.02, -0.36), vec2(0.004, 0.10))));
    }
    return colour;
}

// A party on a roof, seen from the street below: lanterns, bunting, and laughter that is far away.
fn friends(g: Glance) -> vec3<f32> {
    var colour = sky(g, tone(g, 0x1E3A4Au, 0x2E5A6Eu, 0x4A8496u), tone(g, 0x142A3Au, 0x24566Au, 0x3A6E86u), tone(g, 0x0C1626u, 0x142C42u, 0x22485Eu)) * 1.3;
    let star = card(g, 5.0) * 26.0;
    colour += vec3(0.8, 0.9, 1.0) * step(0.93, hash(vec3(floor(star), 5.0))) * (1.0 - smoothstep(0.02, 0.12, length(fract(star) - 0.5))) * mix(0.25, 0.9, 1.0 - g.s);
    // The house, from below: its edges run together.
    let p = card(g, 2.2);
    let wide = 0.50 - 0.12 * p.y;
    let wall = max(abs(p.x - 0.06) - wide, p.y - 0.10);
    let brick = tone(g, 0x101C26u, 0x183240u, 0x285260u);
    colour = mix(colour, brick, on(wall));
    let cell = vec2((p.x - 0.06) / wide * 2.5, p.y * 5.2);
    let inside = fract(cell) - 0.5;
    let dice = hash(vec3(floor(cell), 8.0));
    let lit = mix(tone(g, 0x16262Eu, 0x204452u, 0x2E6270u), paper(0xF2B56Bu) * mix(0.5, 1.1, 1.0 - g.s), step(dice, mix(0.12, 0.38, 1.0 - g.s)));
    colour = mix(colour, lit, step(abs(inside.x), 0.27) * step(abs(inside.y), 0.30) * on(wall + 0.05) * step(p.y, 0.0));
    colour = mix(colour, tone(g, 0x1A2A34u, 0x26485Au, 0x3A6A7Au), on(slab(p, vec2(0.06, 0.115), vec2(0.53, 0.022))));
    // Who is up there.
    let roof = card(g, 2.5);
    for (var one = 0; one < 6; one++) {
        let n = f32(one);
        let sway = 0.010 * sin(g.t * (0.9 + 0.2 * n) + n);
        let hop = 0.008 * abs(sin(g.t * 1.4 + n * 1.7));
        let feet = vec2(-0.36 + 0.155 * n + 0.03 * hash(vec3(n, 4.0, 1.0)) + sway, 0.09 + hop);
        colour = mix(colour, paper(0x0A141Cu), on(person(roof, feet, 0.20 + 0.04 * hash(vec3(n, 2.0, 7.0)))) * g.people);
    }
    // Strings of lanterns.
    for (var string = 0; string < 2; string++) {
        let q = card(g, 1.9 + 0.5 * f32(string));
        let rope = 0.46 + 0.10 * f32(string) + 0.45 * (q.x - 0.05) * (q.x - 0.05) + 0.006 * sin(g.t * 0.8 + q.x * 4.0);
        colour = mix(colour, paper(0x0A141Cu), on(abs(q.y - rope) - 0.002));
        let n = floor(q.x * 8.0);
        let at = vec2((n + 0.5) / 8.0, 0.46 + 0.10 * f32(string) + 0.45 * ((n + 0.5) / 8.0 - 0.05) * ((n + 0.5) / 8.0 - 0.05) - 0.028);
        let glow = mix(0.6, 1.5, 1.0 - g.s) * (0.85 + 0.15 * sin(g.t * 0.4 + n));
        let hue = select(select(paper(0xF2B56Bu), paper(0xE88A6Au), hash(vec3(n, f32(string), 3.0)) > 0.5), paper(0xF4E0A0u), hash(vec3(n, f32(string), 6.0)) > 0.66);
        colour += hue * halo(q, at, 0.030) * glow * 0.8;
        colour = mix(colour, hue * glow * 1.5, on(length((q - at) * vec2(1.0, 0.85)) - 0.020));
    }
    // A lamp post in the street, where one stands and looks up.
    let near = card(g, 1.1);
    colour = mix(colour, paper(0x081018u), on(min(slab(near, vec2(-0.44, -0.42), vec2(0.009, 0.46)), slab(near, vec2(-0.40, 0.03), vec2(0.05, 0.008)))));
    colour += paper(0xF4E0B0u) * halo(near, vec2(-0.36, 0.0), 0.07) * 0.9;
    return colour;
}
