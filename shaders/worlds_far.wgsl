// The other worlds of the window: see `worlds.wgsl`.
#define_import_path inner_room::worlds_far
#import inner_room::noise::hash
#import inner_room::worlds::{Glance, card, on, slab, paper, tone, sky, person, halo}

// The tower of offices, and one window awake in it.
fn work(g: Glance) -> vec3<f32> {
    let low = tone(g, 0x5A3350u, 0x5C5482u, 0x7E88B2u);
    let middle = tone(g, 0x38294Bu, 0x3B4472u, 0x4E6A9Cu);
    let top = tone(g, 0x1B1930u, 0x222A54u, 0x2C4078u);
    var colour = sky(g, low, middle, top) * mix(2.0, 1.5, g.s);
    // The moon comes out as the strength goes.
    let moon = card(g, 4.6) - vec2(0.27, 0.46);
    let veil = smoothstep(0.75, 0.2, g.s);
    colour = mix(colour, vec3(1.0, 0.88, 0.62) * 1.3, on(length(moon) - 0.125) * veil);
    colour += vec3(0.5, 0.45, 0.35) * exp(-length(moon) * 5.0) * veil * 0.35;
    let far = card(g, 4.2);
    let roofs = 0.02 + 0.30 * hash(vec3(floor(far.x / 0.31 + 3.1), 3.0, 1.0));
    colour = mix(colour, tone(g, 0x332B4Eu, 0x384466u, 0x485E8Eu) * mix(2.0, 1.0, g.s), on(far.y - roofs));
    let near = card(g, 3.2);
    let blocks = -0.30 + 0.34 * hash(vec3(floor(near.x / 0.31 + 5.5), 5.0, 1.0));
    colour = mix(colour, tone(g, 0x231E38u, 0x2A3250u, 0x36466Eu) * mix(1.5, 0.9, g.s), on(near.y - blocks));
    let p = card(g, 2.1) - vec2(-0.10, 0.0);
    if abs(p.x) < 0.335 && p.y < 0.72 { colour = tower(g, p); }
    return colour;
}

fn tower(g: Glance, p: vec2<f32>) -> vec3<f32> {
    var stone = tone(g, 0x1D1B30u, 0x20264Au, 0x2A3866u);
    let at = vec2((p.x + 0.335) / 0.134, (p.y + 1.2) / 0.117);
    let cell = floor(at);
    let pane = fract(at);
    let inside = step(0.12, pane.x) * step(pane.x, 0.88) * step(0.10, pane.y) * step(pane.y, 0.70);
    let dice = hash(vec3(cell, 11.0));
    let lit = step(dice, mix(0.2, 0.72, g.s));
    let warm = step(hash(vec3(cell, 4.0)), 0.18);
    let cold = tone(g, 0xC8DCE8u, 0xB8CCE8u, 0x9EB6DEu) * mix(1.5, 0.6, 1.0 - g.s);
    let dark = tone(g, 0x2A2A48u, 0x2C345Cu, 0x36467Eu);
    // Somebody goes home now and then, and a window goes dark, slowly.
    let shift = g.t * 0.05 + dice * 9.0;
    let coming = mix(hash(vec3(cell, floor(shift))), hash(vec3(cell, floor(shift) + 1.0)), smoothstep(0.0, 1.0, fract(shift)));
    let home = 0.75 + 0.25 * smoothstep(0.3, 0.5, coming);
    stone = mix(stone, mix(dark, mix(cold, vec3(1.0, 0.63, 0.25) * 1.4, warm) * home, lit), inside);
    // The one who is still awake, bowed over a desk.
    let big = p - vec2(0.06, -0.05);
    if abs(big.x) < 0.125 && abs(big.y) < 0.096 {
        stone = tone(g, 0xE8F2F4u, 0xFFE0ACu, 0xFFCC82u) * mix(1.3, 1.9, g.s);
        let bow = 0.014 * g.s;
        let desk = slab(big, vec2(-0.01, -0.075), vec2(0.094, 0.024));
        let screen = slab(big, vec2(-0.062, -0.004), vec2(0.023, 0.033));
        let head = length(big - vec2(0.012, 0.038 - bow)) - 0.024;
        let back = (length((big - vec2(0.052, -0.010)) / vec2(0.037, 0.040)) - 1.0) * 0.037;
        stone = mix(stone, vec3(0.007, 0.006, 0.014), max(max(on(desk), on(screen)), max(on(head), on(back)) * smoothstep(0.0, 0.08, g.s)));
    }
    return stone;
}

// A street of stalls whose shutters come down; bills drift over the stones.
fn money(g: Glance) -> vec3<f32> {
    var colour = sky(g, tone(g, 0x4A4630u, 0x6E6640u, 0x9A8A58u), tone(g, 0x2A3024u, 0x4D5A3Cu, 0x6E7650u), tone(g, 0x14180Fu, 0x262E22u, 0x3E4A3Au)) * 1.3;
    let far = card(g, 4.4);
    let roofs = 0.16 + 0.20 * hash(vec3(floor(far.x / 0.22 + 9.3), 2.0, 4.0));
    colour = mix(colour, tone(g, 0x1E2218u, 0x323A28u, 0x525A3Eu), on(far.y - roofs));
    let cell = vec2(far.x * 14.0, far.y * 11.0);
    let open = step(hash(vec3(floor(cell), 5.0)), mix(0.30, 0.12, g.s)) * step(max(abs(fract(cell.x) - 0.5), abs(fract(cell.y) - 0.5)), 0.26);
    colour = mix(colour, paper(0xE0A040u) * 1.1, open * on(far.y - roofs + 0.05) * step(-0.05, far.y));
    // The stalls, on both sides, the farther the smaller.
    for (var row = 0; row < 2; row++) {
        let p = card(g, 3.0 - 1.1 * f32(row));
        let ground = -0.30 - 0.16 * f32(row);
        let wide = 0.27 + 0.10 * f32(row);
        let shift = 0.11 * f32(row);
        let n = floor((p.x + shift) / wide);
        let x = fract((p.x + shift) / wide) - 0.5;
        // The middle stays free: the street goes on there.
        let middle = abs((n + 0.5) * wide - shift);
        let there = step(0.12 + 0.10 * f32(row), middle);
        let dice = hash(vec3(n, f32(row), 3.0));
        let tall = 0.34 + 0.08 * dice;
        let body = max(abs(x) * wide - wide * 0.46, max(p.y - ground - tall, ground - p.y));
        var stall = tone(g, 0x1C1E16u, 0x2E3022u, 0x4A4A34u) * (0.8 + 0.4 * dice);
        // Light below the shutter, less of it with the strength.
        let shut = mix(0.05 + 0.20 * dice, 0.27, g.s * (0.6 + 0.4 * dice));
        let gap = max(abs(x) * wide - wide * 0.38, max(p.y - ground - 0.27 + shut, ground + 0.02 - p.y));
        stall = mix(stall, paper(0xFFC060u) * 1.4, on(gap));
        let slats = step(0.5, fract((p.y - ground) * 46.0));
        let shutter = max(abs(x) * wide - wide * 0.38, max(p.y - ground - 0.28, ground + 0.27 - shut - p.y));
        stall = mix(stall, tone(g, 0x343826u, 0x4E5238u, 0x74744Eu) * (0.8 + 0.25 * slats), on(shutter));
        colour = mix(colour, stall, on(body) * there);
        let stripes = step(0.5, fract(x * 6.0));
        let scallop = 0.014 * abs(sin(x * 18.85));
        let awning = max(abs(x) * wide - wide * 0.5, max(p.y - ground - tall - 0.02, ground + tall - 0.075 - scallop - p.y));
        colour = mix(colour, mix(tone(g, 0x5A4A3Au, 0x7E6A4Au, 0xB49A68u), select(paper(0x4A6A4Eu), paper(0x8A4A34u), dice > 0.5) * mix(0.7, 1.3, 1.0 - g.s), stripes), on(awning) * there);
        colour += paper(0xE0A040u) * there * exp(-length(vec2(x * wide, p.y - ground)) * 11.0) * 0.20 * (1.0 - 0.6 * g.s);
    }
    // The stones, and the lamps' light in them.
    let p = card(g, 1.6);
    let stones = 0.75 + 0.35 * step(0.25, abs(fract(p.x * 11.0 + floor(p.y * 26.0) * 0.5) - 0.5));
    colour = mix(colour, mix(tone(g, 0x14150Eu, 0x22231Au, 0x3A3A2Au), paper(0xA07838u), exp(-abs(p.x) * 4.0) * 0.30) * stones, on(p.y + 0.52));
    colour = mix(colour, paper(0x10120Cu), on(person(p, vec2(0.30, -0.66), 0.38)) * g.people);
    colour = mix(colour, paper(0x10120Cu), on(person(card(g, 2.6), vec2(-0.02, -0.36), 0.17)) * g.people);
    // A lamp of sodium.
    let lamp = card(g, 2.0);
    colour = mix(colour, paper(0x10120Cu), on(min(slab(lamp, vec2(-0.10, -0.05), vec2(0.008, 0.44)), slab(lamp, vec2(-0.06, 0.39), vec2(0.05, 0.007)))));
    colour += paper(0xE8A848u) * (halo(lamp, vec2(-0.02, 0.36), 0.10) + 0.5 * halo(lamp, vec2(-0.02, 0.36), 0.34));
    colour = mix(colour, paper(0xFFE0A0u) * 1.9, on(length((lamp - vec2(-0.02, 0.365)) / vec2(1.6, 1.0)) - 0.022));
    // Bills.
    for (var bill = 0; bill < 9; bill++) {
        let n = f32(bill);
        let q = card(g, 0.6 + 0.25 * n);
        let falls = fract(g.t * (0.020 + 0.010 * hash(vec3(n, 1.0, 5.0))) + hash(vec3(n, 2.0, 5.0)));
        let at = vec2(-0.9 + 1.8 * fract(hash(vec3(n, 3.0, 5.0)) + g.t * 0.012) + 0.06 * sin(g.t * 0.8 + n * 2.0), 0.95 - 1.75 * falls);
        let turn = g.t * 0.7 + n * 2.4;
        let r = mat2x2(cos(turn), sin(turn), -sin(turn), cos(turn)) * (q - at);
        let sheet = slab(r, vec2(0.0), vec2(0.034, 0.020 * (0.25 + 0.75 * abs(sin(g.t * 1.1 + n)))));
        let lines = step(0.55, fract(r.y * 130.0)) * step(abs(r.x), 0.024);
        colour = mix(colour, mix(tone(g, 0xA09880u, 0xC4B898u, 0xE4D8B4u), paper(0x6A6248u), lines * 0.5), on(sheet) * smoothstep(0.0, 0.08, falls) * smoothstep(1.0, 0.9, falls));
    }
    return colour;
}

// A swimming hall: mirrors that bend what stands before them, and one lane that is empty.
fn body(g: Glance) -> vec3<f32> {
    let wall = card(g, 4.0);
    var colour = mix(tone(g, 0x2E5A60u, 0x4C8288u, 0x7AB4B4u), tone(g, 0x1A3A44u, 0x34666Eu, 0x5FA3A8u), wall.y * 0.5 + 0.5) * 1.3;
    let tile = max(smoothstep(0.44, 0.5, abs(fract(wall.x * 9.0) - 0.5)), smoothstep(0.44, 0.5, abs(fract(wall.y * 9.0) - 0.5)));
    colour *= 1.0 - 0.22 * tile;
    // Light from above, in three tall windows of the hall.
    let high = abs(fract(wall.x * 1.7 + 0.33) - 0.5) / 1.7;
    let pane = max(high - 0.13, abs(wall.y - 0.52) - 0.22);
    colour = mix(colour, tone(g, 0x8AA4B0u, 0xC8D0CCu, 0xF4E6D4u) * 1.4, on(pane));
    colour += tone(g, 0x203840u, 0x50605Cu, 0x90806Cu) * exp(-max(pane, 0.0) * 6.0) * 0.30;
    // The mirrors, and what they make of somebody.
    for (var one = 0; one < 3; one++) {
        let n = f32(one);
        let p = card(g, 3.2);
        let middle = vec2(-0.42 + 0.40 * n, -0.02);
        let wobble = 0.014 * sin(p.y * 14.0 + g.t * 0.5 + n * 2.0) * (0.3 + 0.7 * g.s);
        let edge = length(max(abs(p - middle + vec2(wobble, 0.0)) - vec2(0.085, 0.24), vec2(0.0))) - 0.05;
        let q = p - middle;
        var glass = mix(tone(g, 0x5A8A92u, 0x8AB4B8u, 0xC2DCD8u), tone(g, 0x284850u, 0x44707Au, 0x70A4A6u), q.y * 1.6 + 0.5) * 1.3;
        glass += vec3(0.5) * smoothstep(0.02, 0.0, abs(q.x + q.y * 0.35 - 0.03 + wobble)) * 0.18;
        // Wide in one, thin in the next, far away in the third.
        let bend = vec2(select(select(1.6, 0.55, one == 1), 1.0, one == 2), 1.0);
        let bent_by = mix(vec2(1.0), bend, g.s);
        let shape = person((q + vec2(wobble * 2.5, 0.0)) / bent_by, vec2(0.0, -0.25), mix(0.38, select(0.40, 0.24, one == 2), g.s));
        glass = mix(glass, tone(g, 0x12262Cu, 0x2A4A50u, 0x4A7478u), on(shape) * mix(0.35, 0.9, g.people));
        colour = mix(colour, tone(g, 0xA08A7Au, 0xC8B4A0u, 0xF0DCD0u), on(edge - 0.016));
        colour = mix(colour, glass, on(edge));
    }
    // The water: lanes run towards us; light swims on it.
    let p = card(g, 2.0);
    let shore = -0.34;
    if p.y < shore {
        let depth = 0.22 / max(shore - p.y + 0.02, 0.02);
        let x = (p.x - 0.02) * depth;
        let swell = 0.03 * sin(x * 9.0 + g.t * 0.8) + 0.02 * sin(depth * 7.0 - g.t * 1.1);
        let a = sin(x * 11.0 + g.t * 0.6 + 3.0 * sin(depth * 2.0 + g.t * 0.3));
        let b = sin(depth * 9.0 - g.t * 0.5 + 2.5 * sin(x * 5.0 - g.t * 0.4));
        let net = pow(1.0 - abs(a + b) * 0.5, 6.0);
        var water = tone(g, 0x14404Au, 0x2C7078u, 0x5FA3A8u) * (1.1 - 0.3 * smoothstep(0.3, 2.0, depth));
        water += tone(g, 0x4A8088u, 0x90C4C0u, 0xF0E6D0u) * net * mix(0.7, 0.25, g.s);
        let ropes = abs(fract((x + swell) * 1.25 + 0.5) - 0.5) / 1.25;
        let floats = step(0.5, fract(log2(depth + 0.2) * 9.0));
        water = mix(water, mix(tone(g, 0xA0685Au, 0xC88A74u, 0xF0C8B0u), paper(0xF0E8E0u), floats), on(ropes - 0.030));
        colour = water;
    }
    colour = mix(colour, tone(g, 0x6A7A78u, 0x98A49Eu, 0xE0D4C8u), on(abs(p.y - shore - 0.012) - 0.014));
    return colour * 0.82;
}

// A hill with a stair to a shining house that is always farther; with the strength going, dawn reaches the near steps.
fn ideal(g: Glance) -> vec3<f32> {
    var colour = sky(g, tone(g, 0x6A4A60u, 0xA8746Eu, 0xF4C48Au), tone(g, 0x382A50u, 0x5E4678u, 0xA07A90u), tone(g, 0x1C1838u, 0x382E5Cu, 0x5E5488u)) * 1.5;
    let star = card(g, 5.0) * 22.0;
    colour += vec3(1.0, 0.95, 0.8) * step(0.94, hash(vec3(floor(star), 2.0))) * (1.0 - smoothstep(0.02, 0.12, length(fract(star) - 0.5))) * smoothstep(0.0, 6.0, star.y + 2.0) * mix(0.2, 0.8, g.s);
    let shining = card(g, 4.6);
    let summit = vec2(0.16, 0.30 + 0.05 * g.s);
    colour += paper(0xFFD890u) * (0.9 * halo(shining, summit, 0.16) + 0.35 * halo(shining, summit, 0.5));
    // Hills behind hills.
    for (var fold = 0; fold < 3; fold++) {
        let n = f32(fold);
        let p = card(g, 4.4 - 0.9 * n);
        let hill = 0.18 - 0.24 * n + 0.12 * sin(p.x * (3.0 + n) + n * 2.2) - 0.30 * (p.x - 0.16) * (p.x - 0.16);
        let mist = mix(0.75, 0.25, n / 2.0);
        let ground = mix(tone(g, 0x221C3Au, 0x38305Au, 0x5A4E7Cu), tone(g, 0x54425Eu, 0x8A6A7Eu, 0xE0B090u), mist);
        colour = mix(colour, ground * (1.0 + 0.5 * exp((p.y - hill) * 20.0) * mist), on(p.y - hill));
    }
    // The house, so far up that its windows are one light.
    let h = shining - summit;
    let house = min(max(abs(h.x) - 0.045, abs(h.y + 0.015) - 0.045), max(h.y - 0.075 + abs(h.x) * 0.9, 0.028 - h.y));
    colour = mix(colour, paper(0xFFE6AAu) * 1.7, on(house));
    colour = mix(colour, paper(0xC88A4Au), on(slab(h, vec2(0.0, -0.035), vec2(0.010, 0.022))));
    let twin = shining - summit - vec2(0.125, 0.012);
    colour = mix(colour, paper(0xFFD488u) * 1.3, on(min(max(abs(twin.x) - 0.036, abs(twin.y + 0.015) - 0.036), max(twin.y - 0.06 + abs(twin.x) * 0.9, 0.020 - twin.y))));
    // The stair: it winds, and the farther the narrower.
    let p = card(g, 2.0);
    let climb = clamp((p.y + 0.86) / 1.10, 0.0, 1.0);
    let middle = mix(-0.16, 0.14, climb) + 0.14 * sin(climb * 7.0) * (1.0 - climb);
    let half = mix(0.22, 0.012, sqrt(climb));
    let tread = fract(-log(1.06 - climb) * 9.0);
    let stair = max(abs(p.x - middle) - half, p.y - 0.24);
    let reached = smoothstep(0.95, 0.1, climb + g.s * 0.9);
    var stone = mix(tone(g, 0x3A304Eu, 0x5E4E70u, 0x9A8094u), paper(0xF2CF8Au), reached * 0.85) * mix(0.72, 1.15, smoothstep(0.1, 0.5, tread));
    stone *= 1.0 - 0.45 * step(0.90, tread);
    colour = mix(colour, stone, on(stair));
    colour += paper(0xF2CF8Au) * reached * exp(-max(stair, 0.0) * 14.0) * 0.12 * step(0.0, stair);
    // Somebody on the way, small.
    colour = mix(colour, paper(0x1A1630u), on(person(p, vec2(-0.03, -0.42), 0.17)) * g.people);
    return colour;
}
