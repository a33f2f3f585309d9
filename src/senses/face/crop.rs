//! From a picture and a face in it to what a network takes in, as its recipe says.

use super::detector::Found;
use super::picture::{Outside, Picture, Square};
use crate::models::onnx::Tensor;
use crate::models::recipe::{Colour, Crop, Layout, Recipe};

/// How bright red, green and blue are to the eye (ITU-R BT.601).
const BRIGHTNESS: [f32; 3] = [0.299, 0.587, 0.114];

/// The square that holds the whole picture, at its top left.
pub(super) fn whole(picture: &Picture) -> Square {
    let side = picture.width().max(picture.height()) as f32;
    Square { centre: [side / 2.0; 2], side, roll: 0.0 }
}

/// The square around a face that a recipe wants, so many times as long as the longer side of its box.
pub(super) fn around(found: &Found, crop: Crop, scale: f32) -> Square {
    let [x, y, width, height] = found.bounds;
    let roll = if crop == Crop::Upright { found.roll() } else { 0.0 };
    Square { centre: [x + width / 2.0, y + height / 2.0], side: width.max(height) * scale, roll }
}

/// What a network takes in of a square.
pub(super) fn tensor(picture: &Picture, square: &Square, recipe: &Recipe) -> Tensor {
    let outside = if recipe.crop == Crop::Whole { Outside::Black } else { Outside::Edge };
    let pixels = picture.square(square, recipe.side, outside);
    let colours: Vec<usize> = match recipe.colour {
        Colour::Rgb => vec![0, 1, 2],
        Colour::Bgr => vec![2, 1, 0],
        Colour::Grey => vec![0],
    };
    let scale = recipe.deviation.map(|deviation| recipe.full / 255.0 / deviation);
    let shift = [0, 1, 2].map(|colour| recipe.mean[colour] / recipe.deviation[colour]);
    let number = |pixel: &[f32; 3], colour: usize| {
        let value = if recipe.colour == Colour::Grey {
            pixel.iter().zip(BRIGHTNESS).map(|(value, share)| value * share).sum()
        } else {
            pixel[colour]
        };
        value * scale[colour] - shift[colour]
    };
    let mut of = Vec::with_capacity(pixels.len() * colours.len());
    if recipe.layout == Layout::Nchw {
        for &colour in &colours {
            of.extend(pixels.iter().map(|pixel| number(pixel, colour)));
        }
    } else {
        for pixel in &pixels {
            of.extend(colours.iter().map(|&colour| number(pixel, colour)));
        }
    }
    Tensor { shape: recipe.shape(), of }
}

/// The same in a mirror.
pub(super) fn mirrored(tensor: &Tensor, recipe: &Recipe) -> Tensor {
    // A pixel is as many numbers as follow each other in it.
    let pixel = if recipe.layout == Layout::Nchw { 1 } else { recipe.colour.count() };
    let row = |row: &[f32]| row.chunks(pixel).rev().flatten().copied().collect::<Vec<f32>>();
    let of = tensor.of.chunks(recipe.side * pixel).flat_map(row).collect();
    Tensor { shape: tensor.shape.clone(), of }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four pixels on a side: red grows to the right, green downwards, blue is 40.
    fn picture() -> Picture {
        let pixel = |at: usize| [(at % 4 * 60) as u8, (at / 4 * 60) as u8, 40];
        Picture::of(4, 4, (0..16).flat_map(pixel).collect()).expect("a picture")
    }

    fn recipe(text: &str) -> Recipe {
        toml::from_str(&format!("side = 4\ncrop = \"box\"\n{text}")).expect("a recipe")
    }

    #[test]
    fn colours_order_and_scale_are_those_of_the_recipe() {
        let (picture, square) = (picture(), whole(&picture()));
        let bgr = tensor(&picture, &square, &recipe("layout = \"nchw\"\ncolour = \"bgr\"\nfull = 255.0"));
        assert_eq!(bgr.shape, [1, 3, 4, 4]);
        assert_eq!(bgr.of[..4], [40.0; 4]);
        assert_eq!(bgr.of[32..36], [0.0, 60.0, 120.0, 180.0]);
        let rgb = tensor(
            &picture,
            &square,
            &recipe("layout = \"nhwc\"\nmean = [0, 0, 0.5]\ndeviation = [1, 1, 0.5]"),
        );
        let pixel = [60.0 / 255.0, 0.0, (40.0 / 255.0 - 0.5) / 0.5];
        assert!(
            rgb.of[3..6].iter().zip(pixel).all(|(is, want)| (is - want).abs() < 1e-6),
            "{:?}",
            &rgb.of[3..6]
        );
        let grey = tensor(&picture, &square, &recipe("layout = \"nhwc\"\ncolour = \"grey\"\nfull = 255.0"));
        let (is, want) = (grey.of[1], 0.299 * 60.0 + 0.114 * 40.0);
        assert!(grey.of.len() == 16 && (is - want).abs() < 1e-4, "{is}, not {want}");
    }

    #[test]
    fn a_mirror_turns_rows_and_leaves_pixels_whole() {
        let (picture, square) = (picture(), whole(&picture()));
        for layout in ["nchw", "nhwc"] {
            let recipe = recipe(&format!("layout = \"{layout}\"\nfull = 255.0"));
            let seen = tensor(&picture, &square, &recipe);
            let turned = mirrored(&seen, &recipe);
            let last = if layout == "nchw" { seen.of[3] } else { seen.of[9] };
            assert_eq!((turned.of[0], last), (180.0, 180.0), "{layout}");
            assert_eq!(mirrored(&turned, &recipe), seen);
        }
    }

    #[test]
    fn a_square_that_is_rolled_sees_the_picture_rolled_back_and_beyond_it_its_edge() {
        let rolled = Square { roll: std::f32::consts::FRAC_PI_2, ..whole(&picture()) };
        let recipe = recipe("layout = \"nchw\"\nfull = 255.0");
        let seen = tensor(&picture(), &rolled, &recipe);
        // What was downwards is to the right now.
        let row: Vec<f32> = seen.of[16..20].iter().map(|it| it.round()).collect();
        assert_eq!(row, [0.0, 60.0, 120.0, 180.0]);
        let far = Square { centre: [100.0, 2.0], side: 4.0, roll: 0.0 };
        assert_eq!(tensor(&picture(), &far, &recipe).of[..4], [180.0; 4]);
    }

    #[test]
    fn around_a_whole_picture_it_is_black_and_a_large_one_is_averaged() {
        let wide = Picture::of(90, 30, vec![200; 90 * 30 * 3]).expect("a picture");
        let recipe: Recipe = toml::from_str("layout = \"nchw\"\nside = 9\nfull = 255.0").expect("a recipe");
        let seen = tensor(&wide, &whole(&wide), &recipe);
        assert_eq!((seen.of[0], seen.of[2 * 9 + 8], seen.of[3 * 9], seen.of[80]), (200.0, 200.0, 0.0, 0.0));
    }
}
