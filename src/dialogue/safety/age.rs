//! Whether somebody says that they are a child. Nobody is recognised by their voice or face: only words count.

/// The ages at which somebody is one here. Whoever is younger does not say it in numbers.
const CHILD: std::ops::Range<u32> = 4..16;

const NUMBERS: [&str; 12] = [
    "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen",
];
/// What may stand between "I'm" and the number.
const BETWEEN: [&str; 8] = ["only", "just", "actually", "really", "still", "almost", "nearly", "already"];
/// Before "I'm twelve" it is how somebody is treated, or another time.
const NOT_NOW: [&str; 11] =
    ["like", "if", "though", "when", "until", "till", "before", "once", "feel", "feels", "thinks"];
/// A sentence that goes on like this after the number is still about an age.
const GOES_ON: [&str; 3] = ["and", "but", "so"];

/// Whether the words say that whoever says them is under sixteen: "I'm nine", "I am 12 years old", "我九岁". `rated` says that a
/// number from 0 to 10 was asked for, which a bare number then is.
#[must_use]
pub fn is_childs(words: &str, rated: bool) -> bool {
    let lower = words.to_lowercase().replace('’', "'");
    let clauses = lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, ' ' | '\'' | '-'));
    clauses.into_iter().any(|clause| in_english(clause, rated)) || in_chinese(&lower)
}

fn in_english(clause: &str, rated: bool) -> bool {
    let words: Vec<&str> = clause.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    (0..words.len()).any(|at| {
        let rest = match (words.get(at), words.get(at + 1)) {
            (Some(&("i'm" | "im")), _) => words.get(at + 1..),
            (Some(&"i"), Some(&"am")) => words.get(at + 2..),
            _ => return false,
        };
        let not_now = at.checked_sub(1).and_then(|before| words.get(before));
        if not_now.is_some_and(|word| NOT_NOW.contains(word)) {
            return false;
        }
        let mut rest = rest.unwrap_or_default().iter().skip_while(|word| BETWEEN.contains(word));
        let Some(age) = rest.next() else { return false };
        if !number(age).is_some_and(|age| CHILD.contains(&age)) {
            return false;
        }
        match (rest.next(), rest.next()) {
            (Some(&("year" | "years" | "yrs")), Some(&"old")) => true,
            (None, _) => !rated,
            (Some(word), _) => !rated && GOES_ON.contains(word),
        }
    })
}

fn number(word: &str) -> Option<u32> {
    let spelled = NUMBERS.iter().position(|number| *number == word).map(|at| at as u32 + CHILD.start);
    spelled.or_else(|| word.parse().ok())
}

/// How a child says its age: between "我" and the number, and after "岁".
const SAYS: [&str; 7] = ["我", "我今年", "我才", "我今年才", "我只有", "我刚", "我现在"];
const ANOTHER_TIME: [&str; 4] = ["的时候", "时", "那年", "以前"];

fn in_chinese(words: &str) -> bool {
    words.match_indices('岁').any(|(at, year)| {
        let (before, after) = (&words[..at], &words[at + year.len()..]);
        let begins = before.trim_end_matches(|c: char| c.is_ascii_digit() || digit(c).is_some());
        let says = SAYS.iter().any(|says| begins.trim_end().ends_with(says));
        let now = !ANOTHER_TIME.iter().any(|time| after.starts_with(time));
        says && now && chinese_number(&before[begins.len()..]).is_some_and(|age| CHILD.contains(&age))
    })
}

fn digit(c: char) -> Option<u32> {
    "一二三四五六七八九十".chars().position(|known| known == c).map(|at| at as u32 + 1)
}

/// Up to nineteen.
fn chinese_number(text: &str) -> Option<u32> {
    let mut digits = text.chars().map(digit);
    match (digits.next(), digits.next(), digits.next()) {
        (Some(Some(one)), None, _) => Some(one),
        (Some(Some(10)), Some(Some(one)), None) if one < 10 => Some(10 + one),
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_heard_as_it_is_said() {
        for words in [
            "I'm nine",
            "I'm nine.",
            "im nine and my brother is asleep",
            "I am only 12 years old",
            "Hello, I’m fifteen, is that all right?",
            "but i am ten-years-old",
            "我九岁",
            "我今年十二岁了。",
            "我才 8岁",
        ] {
            assert!(is_childs(words, false), "{words}");
        }
        assert!(is_childs("I'm nine years old", true));
    }

    #[test]
    fn other_numbers_are_no_ages() {
        for words in [
            "I'm nine minutes late",
            "I'm forty",
            "I'm 16",
            "I'm five foot two",
            "They treat me like I'm twelve",
            "I was nine when he left",
            "I'm ten times worse",
            "I'm nine years into this job",
            "My son is nine",
            "nine",
            "我九岁的时候",
            "我四十岁",
            "他九岁",
            "",
        ] {
            assert!(!is_childs(words, false), "{words}");
        }
        assert!(!is_childs("I'm nine", true), "of ten, that is");
    }
}
