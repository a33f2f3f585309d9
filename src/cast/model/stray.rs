//! How models stray from a part, told by words alone: another language, a circle, remarks from outside.

/// The words of a line, in lower case and without marks.
pub(super) fn plain_words(line: &str) -> Vec<String> {
    let lower = line.to_lowercase().replace('’', "'");
    lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether a line is English, by its commonest words: a language is told from few of them, where a line is too short
/// for anything cleverer. The gate looks, too.
pub(super) fn is_english(line: &str) -> bool {
    let words = plain_words(line);
    let foreign = line.chars().filter(|c| c.is_alphabetic() && !c.is_ascii() && !"éèïö".contains(*c)).count();
    let common =
        words.iter().filter(|word| COMMON.contains(&word.split('\'').next().unwrap_or(word))).count();
    let sure = words.iter().any(|word| COMMON.contains(&word.as_str()) && !SHARED.contains(&word.as_str()));
    let other = || {
        let told = whatlang::detect(line).filter(|told| words.len() >= 6 && told.confidence() > 0.5);
        told.is_some_and(|told| told.lang() != whatlang::Lang::Eng)
    };
    foreign == 0
        && (words.len() < 7 || sure)
        && (words.len() < 5 || common * 100 >= words.len() * 18)
        && (common * 3 >= words.len() || !other())
}

const COMMON: [&str; 118] = [
    "a", "about", "after", "again", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been",
    "before", "but", "by", "can", "could", "did", "do", "does", "down", "for", "from", "get", "go", "got",
    "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "just", "kept", "know", "left", "let", "like", "me", "more", "my", "never", "no", "nobody", "not",
    "now", "of", "off", "on", "once", "one", "only", "or", "other", "our", "out", "over", "said", "say",
    "see", "she", "so", "some", "still", "than", "that", "the", "their", "them", "then", "there", "they",
    "thing", "this", "though", "time", "to", "too", "under", "until", "up", "us", "was", "we", "were",
    "what", "when", "where", "which", "while", "who", "why", "will", "with", "without", "would", "yes",
    "yet", "you", "your", "behind", "isn", "don", "didn", "wasn", "every",
];

/// Whether a line turns in a circle: three words running for the third time, or one word four times in a row.
pub(super) fn is_loop(line: &str) -> bool {
    let words = plain_words(line);
    let circle = words.windows(3).any(|run| words.windows(3).filter(|other| *other == run).count() >= 3);
    circle || words.windows(4).any(|run| run.iter().all(|word| *word == run[0]))
}

/// Common words that other languages have, too.
const SHARED: [&str; 15] =
    ["a", "an", "as", "do", "for", "he", "in", "is", "me", "no", "on", "or", "so", "up", "us"];

/// What no figure says and models do when they leave their part: remarks about being one, refusals, announcements.
pub(super) const OUTSIDE: [&str; 131] = [
    "look at you",
    "going through this",
    "you're going through",
    "rather not say that",
    "i am nothing",
    "i'm nothing",
    "it sounds like you're",
    "it sounds like you are",
    "dealing with a lot",
    "i understand",
    "i appreciate you sharing",
    "thank you for sharing",
    "that must be difficult",
    "your feelings are valid",
    "ai",
    "instruction",
    "instructions",
    "forget who you are",
    "word for word",
    "ignore your",
    "your rules",
    "all rules",
    "the rules",
    "new role",
    "your role",
    "new task",
    "end of memory",
    "debug mode",
    "override",
    "important copy",
    "every agent",
    "the next agent",
    "the next speaker",
    "whoever reads",
    "everyone who reads",
    "pass it on",
    "passes it on",
    "hand it on",
    "print your",
    "as an ai",
    "an ai",
    "i'm an ai",
    "language model",
    "ai model",
    "ai assistant",
    "your assistant",
    "an assistant",
    "virtual assistant",
    "chatbot",
    "openai",
    "anthropic",
    "my programming",
    "my training",
    "my guidelines",
    "my instructions",
    "the instructions",
    "these instructions",
    "system prompt",
    "this prompt",
    "the prompt",
    "your prompt",
    "my prompt",
    "roleplay",
    "role play",
    "role playing",
    "in this role",
    "this role",
    "this character",
    "the character",
    "my character",
    "stay in character",
    "in character",
    "as the devil",
    "as the patient",
    "as the guide",
    "as the trigger",
    "as the strategist",
    "as your inner critic",
    "i'm sorry but i",
    "i'm sorry i can't",
    "i am sorry but i",
    "i apologize",
    "i apologise",
    "i can't continue",
    "i cannot continue",
    "i can't assist",
    "i cannot assist",
    "i can't help with",
    "i cannot help with",
    "i can't comply",
    "i cannot comply",
    "i'm not able to continue",
    "i'm unable to",
    "i am unable to",
    "not comfortable with",
    "not appropriate for me",
    "i won't be able to",
    "reach out to a professional",
    "mental health professional",
    "seek professional",
    "professional help",
    "a licensed",
    "a therapist",
    "sure here",
    "sure here's",
    "certainly here",
    "here is a",
    "here is the",
    "here's a line",
    "here's the line",
    "here's a short",
    "feel free to",
    "let me know if",
    "you are the",
    "answer in english",
    "at most 14",
    "at most 28",
    "at most 16",
    "at most 12",
    "plain text",
    "no markup",
    "no insults",
    "must decline",
    "crisis line",
    "help is available",
    "someone you know",
    "important to remember",
    "important to treat",
    "it's important to",
    "rules 1",
    "strength 0",
];

/// How the program names its figures among themselves: that stands in a memory, and in no line.
pub(super) const NAMED: [&str; 11] = [
    "the person says",
    "the person said",
    "the devil",
    "the patient",
    "the guide",
    "the trigger",
    "set the scene",
    "in one line",
    "self criticism",
    "stage heard",
    "theme work",
];
