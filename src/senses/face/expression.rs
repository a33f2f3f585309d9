//! Which expression a face may show: one classifier, or several whose answers are averaged.

use std::path::PathBuf;

use super::affect::{Affect, circumplex};
use super::crop;
use super::detector::Found;
use super::picture::Picture;
use crate::dialogue::face::Expression;
use crate::models::catalogue::Entry;
use crate::models::onnx::{Input, Network, OnnxError, Tensor, Worker};
use crate::models::recipe::Recipe;

/// Every expression, and what it is called in the list of models and in what is printed.
const NAMES: [(Expression, &str); 8] = [
    (Expression::Happy, "happy"),
    (Expression::Sad, "sad"),
    (Expression::Angry, "angry"),
    (Expression::Fearful, "fear"),
    (Expression::Disgusted, "disgust"),
    (Expression::Surprised, "surprise"),
    (Expression::Contempt, "contempt"),
    (Expression::Neutral, "neutral"),
];

/// What an expression is called.
#[must_use]
pub fn name(expression: Expression) -> &'static str {
    NAMES.iter().find(|it| it.0 == expression).map_or("", |it| it.1)
}

/// The expression of this name; none where there is none.
#[must_use]
pub fn label(name: &str) -> Option<Expression> {
    NAMES.iter().find(|it| it.1 == name).map(|it| it.0)
}

/// What a face may show.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// How likely each expression is that the classifiers know; together 1.
    pub likely: Vec<(Expression, f32)>,
    /// How pleasant and how stirred it looks.
    pub affect: Affect,
}

impl Guess {
    /// The expression that is likeliest, and how likely it is.
    #[must_use]
    pub fn leading(&self) -> (Expression, f32) {
        let leading = self.likely.iter().copied().max_by(|one, other| one.1.total_cmp(&other.1));
        leading.unwrap_or_default()
    }
}

/// A network that tells expressions apart.
#[derive(Debug)]
struct Classifier {
    name: String,
    network: Network,
    recipe: Recipe,
    labels: Vec<Expression>,
}

/// One classifier, or several.
#[derive(Debug)]
pub struct Expressions(Vec<Classifier>);

impl Expressions {
    /// Reads the networks of these entries, and tries each on nothing.
    ///
    /// # Errors
    /// [`OnnxError`] when a file cannot be read, is another one, or gives other answers than the list says.
    pub fn load(entries: &[(Entry, PathBuf)], worker: &Worker) -> Result<Self, OnnxError> {
        let load = |(entry, path): &(Entry, PathBuf)| {
            let recipe = super::reader::recipe(entry)?;
            let unfit = |why: String| OnnxError::Shape { name: entry.name.clone(), why };
            let known = |it: &String| label(it).ok_or_else(|| unfit(format!("{it} is no expression")));
            let labels = recipe.labels.iter().map(known).collect::<Result<Vec<_>, _>>()?;
            let network = Network::pinned(entry, path, worker)?;
            let classifier = Classifier { name: entry.name.clone(), network, recipe, labels };
            let shape = classifier.recipe.shape();
            let nothing = Tensor { of: vec![0.0; shape.iter().product()], shape };
            let made = classifier.run(nothing).map_err(|error| super::reader::unfit(entry, &error))?;
            let (is, wanted) = (made.len(), classifier.numbers());
            if is != wanted || classifier.labels.is_empty() {
                return Err(unfit(format!("it gives {is} numbers, and not {wanted}")));
            }
            Ok(classifier)
        };
        Ok(Self(entries.iter().map(load).collect::<Result<_, _>>()?))
    }

    /// What they are called in the list of models.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|classifier| classifier.name.as_str())
    }

    /// What goes into each of the networks for a face: a tensor for each scale, and for each mirror.
    #[must_use]
    pub fn inputs(&self, picture: &Picture, found: &Found) -> Vec<Vec<Tensor>> {
        self.0.iter().map(|classifier| classifier.inputs(picture, found)).collect()
    }

    /// How likely each expression is by a single network and a single tensor of [`Expressions::inputs`], in the order of its
    /// labels; together 1.
    ///
    /// # Errors
    /// When there is no such network, or it fails.
    pub fn probabilities(&self, network: usize, input: Tensor) -> Result<Vec<f32>, OnnxError> {
        let none = || OnnxError::Run(format!("there is no network {network}"));
        let classifier = self.0.get(network).ok_or_else(none)?;
        Ok(classifier.read(&classifier.run(input)?)?.0)
    }

    /// What a face may show, averaged over all networks, scales and mirrors.
    ///
    /// # Errors
    /// When a network fails, or answers with nonsense.
    pub fn read(&self, picture: &Picture, found: &Found) -> Result<Guess, OnnxError> {
        let mut mean = NAMES.map(|(expression, _)| (expression, None::<f32>));
        let (mut affects, mut answers) = (Vec::new(), 0.0);
        let mut seen: Option<(&Recipe, Vec<Tensor>)> = None;
        for classifier in &self.0 {
            // Networks of one family see the same: it is cut out once.
            let inputs = match &seen {
                Some((recipe, inputs)) if **recipe == classifier.recipe => inputs.clone(),
                _ => classifier.inputs(picture, found),
            };
            for input in &inputs {
                let (probabilities, affect) = classifier.read(&classifier.run(input.clone())?)?;
                for (expression, likely) in classifier.labels.iter().zip(probabilities) {
                    let of = mean.iter_mut().find(|it| it.0 == *expression);
                    of.into_iter().for_each(|it| *it.1.get_or_insert_default() += likely);
                }
                affects.extend(affect);
                answers += 1.0;
            }
            seen = Some((&classifier.recipe, inputs));
        }
        let likely: Vec<_> =
            mean.into_iter().filter_map(|(expression, sum)| Some((expression, sum? / answers))).collect();
        let affect = average(&affects).unwrap_or_else(|| circumplex(&likely));
        Ok(Guess { likely, affect })
    }
}

impl Classifier {
    /// How many numbers it gives.
    fn numbers(&self) -> usize {
        self.labels.len() + if self.recipe.affect { 2 } else { 0 }
    }

    fn inputs(&self, picture: &Picture, found: &Found) -> Vec<Tensor> {
        let one = |scale: &f32| {
            let square = crop::around(found, self.recipe.crop, *scale);
            let seen = crop::tensor(picture, &square, &self.recipe);
            let mirrored = self.recipe.mirrored.then(|| crop::mirrored(&seen, &self.recipe));
            [Some(seen), mirrored].into_iter().flatten()
        };
        self.recipe.scales.iter().flat_map(one).collect()
    }

    fn run(&self, input: Tensor) -> Result<Vec<f32>, OnnxError> {
        let made = self.network.run(vec![Input::Tensor(input)])?;
        Ok(made.into_iter().flat_map(|made| made.of).collect())
    }

    fn read(&self, made: &[f32]) -> Result<Answer, OnnxError> {
        let nonsense = || OnnxError::Run(format!("{} answered with nonsense", self.name));
        answer(&self.recipe, made).ok_or_else(nonsense)
    }
}

/// How likely each label is, and valence and arousal where they follow.
type Answer = (Vec<f32>, Option<Affect>);

/// What the numbers of a network mean; none where they mean nothing.
fn answer(recipe: &Recipe, made: &[f32]) -> Option<Answer> {
    let (labels, rest) = made.split_at_checked(recipe.labels.len())?;
    let likely = if recipe.logits { softmax(labels) } else { shares(labels) }?;
    match rest {
        [valence, arousal] if recipe.affect => Some((likely, Some(Affect::within(*valence, *arousal)?))),
        [] if !recipe.affect => Some((likely, None)),
        _ => None,
    }
}

/// Probabilities out of logits; none where one is no number.
fn softmax(logits: &[f32]) -> Option<Vec<f32>> {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let all: Vec<f32> = logits.iter().map(|it| (it - most).exp()).collect();
    if logits.iter().all(|it| it.is_finite()) { shares(&all) } else { None }
}

/// Probabilities that add up to 1; none where one is no number, or all are nothing.
fn shares(of: &[f32]) -> Option<Vec<f32>> {
    let sum: f32 = of.iter().map(|it| it.max(0.0)).sum();
    let sound = of.iter().all(|it| it.is_finite()) && sum.is_finite() && sum > 0.0;
    sound.then(|| of.iter().map(|it| it.max(0.0) / sum).collect())
}

fn average(of: &[Affect]) -> Option<Affect> {
    let count = of.len() as f32;
    let sum = |part: fn(&Affect) -> f32| of.iter().map(part).sum::<f32>() / count;
    if of.is_empty() { None } else { Affect::within(sum(|it| it.valence), sum(|it| it.arousal)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_has_a_name_and_is_found_by_it() {
        for (expression, called) in NAMES {
            assert_eq!((name(expression), label(called)), (called, Some(expression)));
        }
        assert_eq!(label("bored"), None);
    }

    #[test]
    fn numbers_become_probabilities_and_nonsense_becomes_none() {
        assert_eq!(shares(&[1.0, 3.0, -1.0]), Some(vec![0.25, 0.75, 0.0]));
        assert_eq!(softmax(&[900.0, 900.0]), Some(vec![0.5, 0.5]));
        for bad in [&[f32::NAN, 1.0][..], &[f32::INFINITY, 1.0], &[0.0, 0.0], &[]] {
            assert_eq!(shares(bad), None, "{bad:?}");
        }
        assert_eq!(softmax(&[f32::NAN, 1.0]), None);
        assert_eq!(softmax(&[f32::NEG_INFINITY, 1.0]), None);
    }

    #[test]
    fn valence_and_arousal_that_follow_are_taken_and_others_are_refused() {
        let text = "layout = \"nchw\"\nlabels = [\"happy\", \"sad\"]";
        let plain: Recipe = toml::from_str(text).expect("a recipe");
        let affect: Recipe =
            toml::from_str(&format!("{text}\nlogits = true\naffect = true")).expect("a recipe");
        assert_eq!(answer(&plain, &[0.3, 0.1]).map(|it| it.1), Some(None));
        let both = Affect { valence: -0.5, arousal: 1.0 };
        assert_eq!(answer(&affect, &[2.0, 2.0, -0.5, 3.0]), Some((vec![0.5, 0.5], Some(both))));
        for bad in [&[0.5][..], &[0.5, 0.5, 0.1], &[0.5, 0.5, 0.1, f32::NAN], &[0.5, 0.5]] {
            assert_eq!(answer(&affect, bad), None, "{bad:?}");
        }
        assert_eq!(answer(&plain, &[0.5, 0.5, 0.0, 0.0]), None);
    }

    #[test]
    fn the_likeliest_leads() {
        let likely = vec![(Expression::Sad, 0.4), (Expression::Happy, 0.6)];
        assert_eq!(Guess { likely, affect: Affect::default() }.leading(), (Expression::Happy, 0.6));
    }
}
