//! The card as a picture: a sheet of lantern paper with a lamp behind it, the words on it in ink. Drawn by the processor
//! alone.

use image::{Rgb, RgbImage};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use vello_cpu::kurbo::{Affine, BezPath};
use vello_cpu::{Pixmap, RenderContext, Resources};

use super::lines;

const HAND: &[u8] = include_bytes!("../../assets/fonts/PaperLanternKai-Medium.ttf");
const LATIN: &[u8] = include_bytes!("../../assets/fonts/Nunito-Regular.ttf");

/// The size of the card in pixels; more words than find place at the smallest size make it longer.
const WIDTH: u32 = 1_200;
const HEIGHT: u32 = 1_600;
/// How wide lines are, from where the words stand, and how much stays free below them.
const LINE: f32 = 900.0;
const ABOVE: f32 = 430.0;
const BELOW: f32 = 330.0;
/// Sizes of the words, in pixels, and the height of a line in parts of its size.
const SIZES: [f32; 15] =
    [132.0, 120.0, 112.0, 104.0, 96.0, 88.0, 80.0, 74.0, 68.0, 62.0, 56.0, 52.0, 48.0, 44.0, 40.0];
const LEADING: f32 = 1.5;
/// Where the lamp is.
const LAMP: (f32, f32) = (600.0, 236.0);
/// The date, and how far above the foot of the card it stands.
const DATE: f32 = 34.0;
const DATE_ABOVE: f32 = 150.0;

const INK: [u8; 3] = [0x35, 0x24, 0x2B];
const FAINT: [u8; 3] = [0x7A, 0x52, 0x40];

/// What the letters are drawn from: the first of the fonts that has one.
struct Letters {
    fonts: Vec<FontRef<'static>>,
}

impl Letters {
    fn load() -> Option<Self> {
        let fonts = [HAND, LATIN].into_iter().map(FontRef::new).collect::<Result<_, _>>().ok()?;
        Some(Self { fonts })
    }

    fn find(&self, letter: char) -> Option<(&FontRef<'static>, GlyphId)> {
        self.fonts.iter().find_map(|font| font.charmap().map(letter).map(|glyph| (font, glyph)))
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().filter_map(|letter| self.advance(letter, size)).sum()
    }

    fn advance(&self, letter: char, size: f32) -> Option<f32> {
        let (font, glyph) = self.find(letter)?;
        font.glyph_metrics(Size::new(size), LocationRef::default()).advance_width(glyph)
    }

    /// The outline of a line of text that begins at this place, on its base line.
    fn outline(&self, text: &str, size: f32, (x, y): (f32, f32)) -> BezPath {
        let (mut whole, mut at) = (BezPath::new(), x);
        for letter in text.chars() {
            let Some((font, glyph)) = self.find(letter) else { continue };
            let mut pen = Pen(BezPath::new());
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            let shape = font.outline_glyphs().get(glyph);
            // A letter without a shape is a space.
            if shape.is_some_and(|shape| shape.draw(settings, &mut pen).is_ok()) {
                pen.0.apply_affine(Affine::translate((f64::from(at), f64::from(y))));
                whole.extend(pen.0);
            }
            at += self.advance(letter, size).unwrap_or_default();
        }
        whole
    }
}

/// Takes up an outline, upside down: fonts count upwards, pictures downwards.
struct Pen(BezPath);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to((x, -y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to((x, -y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to((cx, -cy), (x, -y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.curve_to((ax, -ay), (bx, -by), (x, -y));
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}

/// The card as a picture, with the date below. None where letters of the words have no shape in the program's fonts: words
/// with holes in them are not theirs any more. Signs that are no letters, as those for faces, are left out.
pub(super) fn picture(words: &str, date: &str) -> Option<RgbImage> {
    let letters = Letters::load()?;
    // The hand that these letters are from has Chinese dots, in the middle of the line.
    let words =
        if words.chars().any(lines::is_wide) { words.to_owned() } else { words.replace('\u{2026}', "...") };
    let shown: String = words
        .chars()
        .filter(|&c| c.is_alphanumeric() || c == ' ' || letters.find(c).is_some())
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let is_whole = shown.chars().all(|letter| letters.find(letter).is_some());
    if !is_whole || !shown.chars().any(char::is_alphanumeric) {
        return None;
    }
    let (size, set) = settle(&letters, &shown);
    let high = set.len() as f32 * size * LEADING;
    let height = HEIGHT.max((high + ABOVE + BELOW).ceil() as u32);
    let mut ink = Ink::new(height);
    // In the middle of the place for them, a little above: so it looks like the middle.
    let from = ABOVE + (height as f32 - ABOVE - BELOW - high) * 0.44;
    for (at, line) in set.iter().enumerate() {
        let base = from + (at as f32 + 0.5) * size * LEADING + size * 0.36;
        ink.write(&letters, line, size, base, INK);
    }
    ink.write(&letters, date, DATE, height as f32 - DATE_ABOVE, FAINT);
    Some(ink.on(paper(height)))
}

/// The largest size in which the words find place, and their lines.
fn settle(letters: &Letters, words: &str) -> (f32, Vec<String>) {
    let place = HEIGHT as f32 - ABOVE - BELOW;
    for size in SIZES {
        let set = lines::set(words, LINE, |text| letters.width(text, size));
        if let Some(set) = set.filter(|set| set.len() as f32 * size * LEADING <= place) {
            return (size, set);
        }
    }
    let least = SIZES[SIZES.len() - 1];
    (least, lines::set_anyhow(words, LINE, |text| letters.width(text, least)))
}

/// What is written, before it lies on the paper.
struct Ink {
    context: RenderContext,
    height: u32,
}

impl Ink {
    fn new(height: u32) -> Self {
        let context = RenderContext::new(side(WIDTH), side(height));
        Self { context, height }
    }

    fn write(&mut self, letters: &Letters, line: &str, size: f32, base: f32, colour: [u8; 3]) {
        let from = (WIDTH as f32 - letters.width(line, size) + hanging(line) * size) / 2.0;
        let [red, green, blue] = colour;
        self.context.set_paint(vello_cpu::color::AlphaColor::from_rgb8(red, green, blue));
        self.context.fill_path(&letters.outline(line, size, (from, base)));
    }

    /// Lays it on a sheet.
    fn on(mut self, mut sheet: RgbImage) -> RgbImage {
        let mut drawn = Pixmap::new(side(WIDTH), side(self.height));
        self.context.flush();
        self.context.render(&mut drawn, &mut Resources::new());
        for (pixel, ink) in sheet.pixels_mut().zip(drawn.data()) {
            let under = 255 - u16::from(ink.a);
            let over = [ink.r, ink.g, ink.b];
            for (below, above) in pixel.0.iter_mut().zip(over) {
                *below = (u16::from(above) + u16::from(*below) * under / 255).min(255) as u8;
            }
        }
        sheet
    }
}

/// How much of a line's end is empty, in parts of its size: a Chinese mark leaves the right half of its square free.
fn hanging(line: &str) -> f32 {
    if line.ends_with(['，', '。', '、', '；', '：', '！', '？']) { 0.5 } else { 0.0 }
}

/// A side as the renderer counts it. The longest card, of the most words that can be said at once, is far below its bound.
fn side(pixels: u32) -> u16 {
    u16::try_from(pixels).unwrap_or(u16::MAX)
}

/// Warm paper in shallow pleats, brightest about the lamp that is behind it.
fn paper(height: u32) -> RgbImage {
    let lamp: Vec<Light> = (0..WIDTH + height).map(|far| Light::at(far as f32)).collect();
    let pleats: Vec<f32> =
        (0..WIDTH).map(|x| (x as f32 * std::f32::consts::TAU / 100.0).cos() * 0.008).collect();
    RgbImage::from_fn(WIDTH, height, |x, y| {
        let (px, py) = (x as f32, y as f32);
        let (dx, dy) = (px - LAMP.0, (py - LAMP.1) * 0.94);
        let light = &lamp[(dx * dx + dy * dy).sqrt() as usize];
        let across = (px - LAMP.0) / LAMP.0;
        let down = (py / height as f32 - 0.36).max(0.0);
        let edge = (across * across * 0.55 + down * down * 1.6).min(1.0) * 0.75;
        let fibre = (grain(x, y / 4) + grain(x / 3, y)) * 0.005;
        let bright = 1.0 + pleats[x as usize] * light.pleated + fibre;
        let noise = grain(y, x);
        Rgb(std::array::from_fn(|at| {
            let far = PAPER[at] + (EDGE[at] - PAPER[at]) * edge;
            let colour = far * light.through + light.added[at];
            (colour * bright + noise).clamp(0.0, 255.0) as u8
        }))
    })
}

/// The paper itself, and at its edges.
const PAPER: [f32; 3] = [246.0, 231.0, 205.0];
const EDGE: [f32; 3] = [232.0, 192.0, 150.0];
/// What the lamp adds: how far it reaches in pixels, how much, and in which colour.
const GLOWS: [(f32, f32, [f32; 3]); 4] = [
    (520.0, 0.7, [255.0, 232.0, 184.0]),
    (210.0, 0.8, [255.0, 210.0, 138.0]),
    (96.0, 0.9, [255.0, 233.0, 182.0]),
    (52.0, 0.95, [255.0, 250.0, 236.0]),
];

/// What the lamp does to the paper at a distance: how much of the paper is still seen, what comes over it, and how much is
/// seen of its pleats.
struct Light {
    through: f32,
    added: [f32; 3],
    pleated: f32,
}

impl Light {
    fn at(far: f32) -> Self {
        let glow = |reach: f32| (-(far / reach).powi(2)).exp();
        let mut light = Self { through: 1.0, added: [0.0; 3], pleated: 1.0 - glow(220.0) };
        for (reach, most, colour) in GLOWS {
            let much = glow(reach) * most;
            light.through *= 1.0 - much;
            for (added, to) in light.added.iter_mut().zip(colour) {
                *added += (to - *added) * much;
            }
        }
        light
    }
}

/// Noise from -1 to 1, the same at the same place each time.
fn grain(x: u32, y: u32) -> f32 {
    let mut hash = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77);
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
    hash = (hash ^ (hash >> 12)).wrapping_mul(0x297A_2D39);
    f32::from(((hash ^ (hash >> 15)) & 0xFFFF) as u16) / 32_767.5 - 1.0
}
