//! What the person brought: its theme, its distortion, the critic's sentence, and the words in it.

use crate::cast::story::material::{Material, Opening};
use crate::cast::story::reading::Lexicon;
use crate::cast::story::reading::pattern::Words;
use crate::cast::story::reading::spans::Spans;
use crate::cast::story::reading::tokens::spelled;
use crate::dialogue::distortion::Distortion;
use crate::dialogue::request::Context;
use crate::dialogue::theme::Theme;

/// A concern, as far as rules can read it.
#[derive(Clone, Debug)]
pub(crate) struct Concern {
    pub(crate) theme: Theme,
    /// The distortion that its words show, if they show one.
    pub(crate) distortion: Option<Distortion>,
    /// The critic's sentence in the first person, without its full stop: "I always mess up presentations".
    pub(crate) verdict: Option<String>,
    pub(crate) spans: Spans,
    words: String,
}

/// The most words of a verdict that the Devil can still say in one breath.
const LONGEST_VERDICT: usize = 11;

impl Concern {
    pub(crate) fn read(context: &Context, material: &Material, lexicon: &Lexicon) -> Self {
        let text = format!("{}. {}", context.concern, context.when);
        let words = Words::read(&text);
        let joined = format!(" {} ", words.words.join(" "));
        Self {
            theme: context.theme.unwrap_or_else(|| {
                let spoken = |text| format!(" {} ", Words::read(text).words.join(" "));
                theme_of(&spoken(&context.concern), &spoken(&context.when), material, lexicon)
            }),
            distortion: distortion_of(&joined, material),
            verdict: verdict_of(&context.concern, lexicon),
            spans: Spans::read(&text, lexicon),
            words: joined,
        }
    }

    /// How many of these words the concern holds. A word also matches with an ending: "exam" in "exams".
    pub(crate) fn matches(&self, words: &[String]) -> usize {
        words.iter().filter(|word| holds(&self.words, word)).count()
    }
}

fn holds(joined: &str, word: &str) -> bool {
    let word = word.replace(['\'', '’'], "");
    joined.contains(&format!(" {word} "))
        || (word.len() > 3
            && ["s", "es", "ed", "ing", "d"].iter().any(|end| joined.contains(&format!(" {word}{end} "))))
}

/// What is told of when it comes counts for so much beside what it is: "in bed" is where most things come.
const WHEN: f32 = 0.3;

/// The theme: what the example concerns teach, and the words that each theme lists and its lines are made of.
fn theme_of(concern: &str, when: &str, material: &Material, lexicon: &Lexicon) -> Theme {
    let listed = |word: &String| {
        material.themes.values().filter(|file| file.words.contains(word)).count().max(1) as f32
    };
    let by_words = |theme: Theme, joined: &str| -> f32 {
        let Some(file) = material.themes.get(&theme) else { return 0.0 };
        let words = file.words.iter().filter(|word| holds(joined, word));
        words.map(|word| (1.0 + word.split_whitespace().count() as f32) / listed(word)).sum::<f32>()
            + file.opening.iter().map(|opening| about(joined, opening)).fold(0.0, f32::max)
            + material.theme_words.nearness(theme, joined)
    };
    let mut scores = lexicon.themes_of(concern);
    for (theme, score) in &mut scores {
        *score += 1.4 * (by_words(*theme, concern) + WHEN * by_words(*theme, when));
    }
    scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(Theme::Ideal, |(theme, _)| theme)
}

/// How many of the words that an opening is about a concern holds.
fn about(joined: &str, opening: &Opening) -> f32 {
    opening.about.iter().filter(|word| holds(joined, word)).count() as f32
}

fn distortion_of(joined: &str, material: &Material) -> Option<Distortion> {
    let score = |distortion: Distortion| -> usize {
        material.distortions.get(&distortion).map_or(0, |lines| {
            lines
                .words
                .iter()
                .filter(|word| joined.contains(&format!(" {} ", word.replace(['\'', '’'], ""))))
                .map(|word| 1 + word.split_whitespace().count())
                .sum()
        })
    };
    let best = Distortion::ALL.into_iter().rev().max_by_key(|&distortion| score(distortion))?;
    (score(best) > 0).then_some(best)
}

/// The critic's sentence in the first person: the first clause that can be turned round by its pronouns alone.
fn verdict_of(concern: &str, lexicon: &Lexicon) -> Option<String> {
    let plain = concern.replace('’', "'");
    plain
        .split(['.', '!', '?', ';', '…', '\n', '"', ','])
        .map(str::trim)
        .find_map(|clause| turned_verdict(clause, lexicon))
}

fn turned_verdict(clause: &str, lexicon: &Lexicon) -> Option<String> {
    let clause = without_lead(clause);
    let clause = clause.split(" because ").next().unwrap_or(clause);
    let words: Vec<&str> = clause.split_whitespace().collect();
    let fits = (2..=LONGEST_VERDICT).contains(&words.len());
    if !fits || lexicon.withholds(clause) || lexicon.hangs(words.last()?) {
        return None;
    }
    let own: Option<Vec<String>> =
        words.iter().enumerate().map(|(at, word)| first_person(at, word, &words)).collect();
    let own = spelled(&own?.join(" "));
    let speaks_of_self = own.to_lowercase().split_whitespace().any(|w| {
        matches!(
            w,
            "i" | "i'm"
                | "i've"
                | "i'd"
                | "i'll"
                | "my"
                | "me"
                | "nobody"
                | "no-one"
                | "everyone"
                | "everybody"
        )
    });
    speaks_of_self.then(|| capital(&own))
}

/// Without "it says that", "I keep thinking that" and the like in front.
fn without_lead(clause: &str) -> &str {
    const LEADS: [&str; 22] = [
        "it keeps saying that ",
        "it keeps saying ",
        "it keeps telling me that ",
        "it keeps telling me ",
        "it says that ",
        "it says ",
        "it tells me that ",
        "it tells me ",
        "its saying ",
        "it's saying ",
        "it's been saying that ",
        "it's been saying ",
        "it's that ",
        "i keep thinking that ",
        "i keep thinking ",
        "i think that ",
        "i think ",
        "i feel like ",
        "i feel that ",
        "basically ",
        "that ",
        "just that ",
    ];
    let lower = clause.to_lowercase();
    LEADS
        .iter()
        .find(|lead| lower.starts_with(**lead))
        .and_then(|lead| clause.get(lead.len()..))
        .map_or(clause, without_lead)
}

/// A word of the critic's turned to the first person; none where that is unsure.
fn first_person(at: usize, word: &str, words: &[&str]) -> Option<String> {
    let lower = word.to_lowercase();
    let next = words.get(at + 1).map(|word| word.to_lowercase());
    let turned = match lower.as_str() {
        "you're" | "youre" => "I'm",
        "you've" | "youve" => "I've",
        "you'll" | "youll" => "I'll",
        "you'd" => "I'd",
        "your" => "my",
        "yourself" => "myself",
        "you" if at == 0 => match next.as_deref() {
            Some("are" | "were") | None => return None,
            Some(_) => "I",
        },
        "you" => return None,
        _ => word,
    };
    Some(turned.to_owned())
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::story::StoryCast;

    #[test]
    fn where_it_finds_somebody_does_not_decide_what_it_is_about() {
        let cast = StoryCast::new().expect("the material is built in");
        let theme = |concern: &str, when: &str| {
            let spoken = |text| format!(" {} ", Words::read(text).words.join(" "));
            theme_of(&spoken(concern), &spoken(when), &cast.material, &cast.lexicon)
        };
        let sister = "my sister doesnt answer my messages since i snapped at her at mums birthday";
        assert_eq!(theme(sister, "at night in bed, when i look at my phone"), Theme::Family);
        assert_eq!(theme("that I am no use to anybody", "at work, in meetings with my boss"), Theme::Work);
    }

    #[test]
    fn the_critics_sentence_comes_back_in_the_first_person_or_not_at_all() {
        let cast = StoryCast::new().expect("the material is built in");
        let verdict = |concern: &str| verdict_of(concern, &cast.lexicon);
        assert_eq!(
            verdict("I always mess up presentations").as_deref(),
            Some("I always mess up presentations")
        );
        assert_eq!(verdict("that im lazy, basically").as_deref(), Some("I'm lazy"));
        assert_eq!(
            verdict("It says you're letting your team down").as_deref(),
            Some("I'm letting my team down")
        );
        assert_eq!(verdict("You never finish anything").as_deref(), Some("I never finish anything"));
        assert_eq!(verdict("you are lazy"), None, "a verb would have to be conjugated");
        assert_eq!(verdict("they all hate you"), None);
        assert_eq!(verdict("my presentation on"), None);
    }
}
