//! What goes into a network that sees, and what comes out of it, as an entry of the list says: so that another model of the
//! same kind is another entry, and no other code.

use serde::{Deserialize, Serialize};

/// Where the numbers of a picture stand in a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Colour by colour, each row by row.
    Nchw,
    /// Pixel by pixel, with all its colours.
    Nhwc,
    /// No picture: two coordinates for each of some landmarks, in pixels of the picture.
    Points,
}

/// Which colours a pixel has, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// One: how bright it is (ITU-R BT.601).
    Grey,
}

/// Which part of a picture it sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crop {
    /// All of it, at the top left, and black where nothing is.
    #[default]
    Whole,
    /// A square around the face, as long as the longer side of its box.
    Box,
    /// The same, rolled so that the eyes are level.
    Upright,
}

/// What goes in and what comes out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Names of what goes in; without them what the file has, in its order.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Names of what comes out; without them what the file has, in its order.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// How the tensor is laid out.
    pub layout: Layout,
    /// Pixels on each side.
    #[serde(default)]
    pub side: usize,
    /// Colours of a pixel.
    #[serde(default)]
    pub colour: Colour,
    /// What the brightest value of a colour is; the darkest is 0.
    #[serde(default = "one")]
    pub full: f32,
    /// What is taken away then, from red, green and blue.
    #[serde(default)]
    pub mean: [f32; 3],
    /// By what it is divided then.
    #[serde(default = "ones")]
    pub deviation: [f32; 3],
    /// What of the picture is seen.
    #[serde(default)]
    pub crop: Crop,
    /// How long the side of the square is, by the longer side of the box; where there are several, all are seen, and the
    /// answers averaged.
    #[serde(default = "as_it_is")]
    pub scales: Vec<f32>,
    /// Whether each is seen in a mirror, too, and the answers averaged.
    #[serde(default)]
    pub mirrored: bool,
    /// What the numbers mean that come out, in order.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Which landmarks go in, where the layout is points.
    #[serde(default)]
    pub points: Vec<usize>,
    /// Whether the numbers are logits, and no probabilities yet.
    #[serde(default)]
    pub logits: bool,
    /// Whether valence and arousal follow the labels, each from -1 to 1.
    #[serde(default)]
    pub affect: bool,
    /// Models with the same word here are averaged, where several of them are there.
    pub together: Option<String>,
}

fn one() -> f32 {
    1.0
}

fn ones() -> [f32; 3] {
    [1.0; 3]
}

fn as_it_is() -> Vec<f32> {
    vec![1.0]
}

impl Colour {
    /// How many numbers a pixel has.
    #[must_use]
    pub fn count(self) -> usize {
        match self {
            Self::Rgb | Self::Bgr => 3,
            Self::Grey => 1,
        }
    }
}

impl Recipe {
    /// The shape of what goes in.
    #[must_use]
    pub fn shape(&self) -> Vec<usize> {
        match self.layout {
            Layout::Nchw => vec![1, self.colour.count(), self.side, self.side],
            Layout::Nhwc => vec![1, self.side, self.side, self.colour.count()],
            Layout::Points => vec![1, self.points.len(), 2],
        }
    }

    /// Whether something can be made of it: sides and points that are there, numbers that are some.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let input = match self.layout {
            Layout::Points => !self.points.is_empty(),
            Layout::Nchw | Layout::Nhwc => (1..=1024).contains(&self.side),
        };
        let finite = self.mean.iter().chain([&self.full]).all(|it| it.is_finite());
        let divisors = self.deviation.iter().chain(&self.scales).all(|it| it.is_finite() && *it > 0.0);
        input && finite && divisors && !self.scales.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::catalogue::{Catalogue, Role};

    fn read(text: &str) -> Result<Recipe, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn every_recipe_in_the_list_can_be_followed() {
        let all = Catalogue::built_in().expect("the list is in its form");
        for entry in all.entries() {
            let sees = !matches!(entry.role, Role::VoiceActivity | Role::Transcript);
            assert_eq!(entry.recipe.is_some(), sees, "{}", entry.name);
            assert!(entry.recipe.as_ref().is_none_or(Recipe::is_sound), "{}", entry.name);
        }
    }

    #[test]
    fn a_recipe_says_the_shape_and_one_that_makes_no_sense_is_known() {
        let grey = read("layout = \"nhwc\"\nside = 64\ncolour = \"grey\"").expect("a recipe");
        assert_eq!((grey.shape(), grey.full), (vec![1, 64, 64, 1], 1.0));
        assert_eq!(read("layout = \"nchw\"\nside = 8").expect("a recipe").shape(), [1, 3, 8, 8]);
        assert_eq!(read("layout = \"points\"\npoints = [3, 4]").expect("a recipe").shape(), [1, 2, 2]);
        for text in ["side = 0", "side = 9000", "side = 8\nscales = []", "side = 8\ndeviation = [1, 0, 1]"] {
            let recipe = read(&format!("layout = \"nchw\"\n{text}")).expect("a recipe");
            assert!(!recipe.is_sound(), "{text}");
        }
        assert!(read("layout = \"diagonal\"").is_err() && read("layout = \"nchw\"\ntaste = 1").is_err());
    }
}
