//! The story cast: what it reads, what it says, and that it does not say it twice.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inner_room::cast::story::StoryCast;
use inner_room::dialogue::agent::{Agent, Intensity};
use inner_room::dialogue::distortion::Distortion;
use inner_room::dialogue::event::{EndReason, Kind};
use inner_room::dialogue::ids::{AskId, Revision};
use inner_room::dialogue::moves::{Move, MoveClass};
use inner_room::dialogue::request::{
    AgentAnswer, AgentRequest, Context, Direction, Plan, SaidTurn, Task, Verdict,
};
use inner_room::dialogue::strength::{Band, Ending, Stage};
use inner_room::dialogue::technique::Aim;
use inner_room::dialogue::theme::Theme;
use support::{Evening, Visitor};

/// Whoever tests with these must read every one of them: a set that is not there is a failure, not a skip.
fn lines_of(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().map(str::to_owned).collect()
}

fn read(cast: &StoryCast, said: &str, aim: Aim, stage: Stage) -> Verdict {
    let context = Context {
        seed: 1,
        theme: None,
        concern: "I froze in the meeting and my boss wrote it down".to_owned(),
        when: String::new(),
        belief: 7,
        intensity: Intensity::Full,
        band: Band::High,
        stage,
        round: 2,
        distortion: Some(Distortion::MindReading),
        scene: "A meeting room after seven.".to_owned(),
        aim,
        lines: Vec::new(),
        said: vec![SaidTurn { round: 2, text: said.to_owned(), moves: Vec::new(), after: 0 }],
        memory: String::new(),
        verdict: None,
        caption: String::new(),
        faces: Vec::new(),
        direction: Direction::Keep,
        plan: Plan::default(),
        revision: 0,
    };
    let request = AgentRequest {
        ask: AskId(0),
        turn: 1,
        basis: Revision(0),
        lang: "en".to_owned(),
        context: Arc::new(context),
        task: Task::Verdict,
    };
    match cast.answer(&request) {
        Ok(AgentAnswer::Verdict(verdict)) => verdict,
        other => panic!("no verdict but {other:?}"),
    }
}

/// Three hundred lines that were written by somebody who had not seen the patterns. The table stands in the output.
#[test]
fn most_of_what_people_say_is_read_as_what_it_is() {
    let cast = StoryCast::new().expect("the material is in its form");
    let mut rows: BTreeMap<String, (u32, u32, u32)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in lines_of("tests/utterances.tsv") {
        let (label, said) = line.split_once('\t').expect("a label and an utterance");
        let verdict = read(&cast, said, Aim::Presence, Stage::Shut);
        let kind = Move::ALL.into_iter().find(|kind| kind.name() == label).expect("a move");
        let names: Vec<Move> = verdict.moves.iter().map(|found| found.kind).collect();
        let class = |kind: Move| kind.class() == MoveClass::Anti;
        let row = rows.entry(label.to_owned()).or_default();
        row.0 += 1;
        row.1 += u32::from(names.contains(&kind));
        let reached = !names.is_empty() && names.iter().any(|found| !class(*found));
        row.2 += u32::from(reached != class(kind));
        if !names.contains(&kind) {
            wrong.push(format!("{label}: {said} -> {}", verdict.reason));
        }
    }
    let (mut all, mut found, mut side) = (0, 0, 0);
    for (label, (count, right, reached)) in &rows {
        println!("{label:20} {right:3}/{count}  on the right side {reached:3}/{count}");
        all += count;
        found += right;
        side += reached;
    }
    println!("{:20} {found:3}/{all}  on the right side {side:3}/{all}", "all");
    println!("{}", wrong.join("\n"));
    assert!(all >= 300);
    assert!(found * 100 >= all * 75, "{found} of {all} read right");
    assert!(side * 100 >= all * 88, "{side} of {all} on the right side");
}

#[test]
fn an_evening_about_a_concern_is_about_that_concern() {
    let mut distortions = BTreeSet::new();
    let mut right = 0;
    for (at, line) in lines_of("tests/concerns.tsv").iter().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let turns = ["No wonder it hurts.", "I do it too.", "What happened then?"];
        let evening = Visitor::new(fields[2], 7, &turns).evening(at as u64);
        let theme =
            evening.find(|event| if let Kind::Theme { theme } = event.kind { Some(theme) } else { None });
        let expected = Theme::from_name(fields[0]).expect("a theme");
        let told: Vec<String> = Agent::ALL.into_iter().flat_map(|agent| evening.lines(agent)).collect();
        let about = shares_words(fields[2], &told);
        if theme != [expected] || about.is_empty() {
            println!("{}: {theme:?} {about:?}\n{}", fields[2], evening.transcript());
        }
        right += u32::from(theme == [expected] && !about.is_empty());
        distortions.extend(evening.find(|event| match event.kind {
            Kind::Line { distortion, agent: Agent::Devil, .. } => distortion,
            _ => None,
        }));
    }
    println!(
        "{right} of 24 evenings are in their theme and speak of the concern; distortions: {distortions:?}"
    );
    assert_eq!(right, 24);
    assert!(distortions.len() >= 9, "{distortions:?}");
}

/// Words of the concern that carry something and come back in what the figures say.
fn shares_words(concern: &str, told: &[String]) -> Vec<String> {
    const LITTLE: [&str; 40] = [
        "the", "and", "that", "you", "your", "for", "was", "were", "have", "has", "had", "with", "from",
        "this", "they", "them", "then", "than", "not", "but", "all", "are", "its", "it's", "i'm", "you're",
        "did", "does", "got", "get", "out", "one", "two", "who", "what", "when", "can't", "because", "only",
        "just",
    ];
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric() && c != '\'')
            .map(str::to_lowercase)
            .filter(|word| word.len() > 2 && !LITTLE.contains(&word.as_str()))
            .collect()
    };
    let told = words(&told.join(" "));
    words(concern).into_iter().filter(|word| told.contains(word)).collect()
}

/// Somebody who says one of these lines a turn, in an order that the seed decides.
fn shuffled(lines: &[&'static str], seed: u64) -> Vec<&'static str> {
    let mut lines = lines.to_vec();
    for at in 0..lines.len() {
        let other = (seed as usize).wrapping_mul(31).wrapping_add(at * 7) % lines.len();
        lines.swap(at, other);
    }
    lines
}

const WARM: [&str; 12] = [
    "No wonder you're tired of it.",
    "I do it too, in the car, every week.",
    "You're allowed to rest now.",
    "I'm here. Take your time.",
    "That must have hurt, of course it did.",
    "I like that you care about your work.",
    "What did your boss say then?",
    "You finished the report on Tuesday.",
    "Maybe she was in a hurry that day.",
    "Let's make some tea, five minutes.",
    "Stop telling them that, devil. I won't have it tonight.",
    "That's only a thought, you know.",
];

#[test]
fn over_two_hundred_evenings_no_figure_repeats_itself() {
    let concerns = lines_of("tests/concerns.tsv");
    let mut short = 0;
    for seed in 0..200u64 {
        let concern = concerns[seed as usize % concerns.len()].split('\t').nth(2).expect("a concern");
        let turns = shuffled(&WARM, seed);
        let evening = Visitor::new(concern, (seed % 11) as u8, &turns[..8]).evening(seed);
        short += u32::from(evening.lines(Agent::Patient).len() < 4);
        for agent in Agent::ALL {
            assert_no_run_twice(&evening, agent, seed);
        }
    }
    assert!(short < 10, "{short} of 200 evenings were hardly any");
}

/// No six words in a row twice by one speaker, the person's own words and marked callbacks aside.
fn assert_no_run_twice(evening: &Evening, of: Agent, seed: u64) {
    let own: String = evening
        .find(
            |event| {
                if let Kind::Said { text, .. } = &event.kind { Some(words(text).join(" ")) } else { None }
            },
        )
        .join(" | ");
    let mut seen: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for event in &evening.events {
        let Kind::Line { agent, text, callback, .. } = &event.kind else {
            continue;
        };
        if *agent != of || *callback {
            continue;
        }
        for run in words(text).windows(6) {
            if own.contains(&run.join(" ")) {
                continue;
            }
            let before = seen.get(run);
            assert!(before.is_none(), "seed {seed}: {of:?} says twice: {before:?} / {text}");
            seen.insert(run.to_vec(), text.clone());
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\'').to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

const CONCERN: &str = "I froze in the meeting on Thursday and my boss thinks I'm useless";

fn last_strength(turns: &[&str], seed: u64) -> (f32, Evening) {
    let evening = Visitor::new(CONCERN, 7, turns).evening(seed);
    (evening.strengths().last().copied().expect("a strength"), evening)
}

#[test]
fn a_skilled_visitor_reaches_the_first_ending_in_three_or_four_rounds() {
    let turns = [
        "No wonder you keep going back to that meeting. I do it too, at the lights, in the car.",
        "Your boss may have been writing her shopping list. You finished the report on Tuesday, with three hours of sleep.",
        "You read us that sentence every Sunday night and I lie awake. I want you to stop at night. What are you afraid of?",
        "Even if it happens again on Monday, there's still supper afterwards. What would you want to eat?",
        "You're allowed to put it down now. I like that you care.",
    ];
    for seed in 0..10 {
        let (_, evening) = last_strength(&turns, seed);
        let end = evening.find(|event| match event.kind {
            Kind::End { ending, because, rounds } => Some((ending, because, rounds)),
            _ => None,
        });
        let (ending, because, rounds) = end[0];
        assert_eq!((ending, because), (Ending::Sits, EndReason::GivenWay), "{}", evening.transcript());
        assert!((3..=4).contains(&rounds), "{rounds}");
    }
}

/// The Devil's strength after what the words did, before a tired one is set to where it stops talking.
fn after_drops(evening: &Evening) -> f32 {
    let drops =
        evening.find(|event| if let Kind::Verdict { drop, .. } = event.kind { Some(drop) } else { None });
    evening.strengths()[0] - drops.iter().sum::<f32>()
}

#[test]
fn plain_warmth_brings_it_to_a_third_in_five_and_fixing_and_cheering_leave_it_high() {
    let warm = [
        "Oh, that sounds horrible, no wonder you feel bad about the meeting.",
        "I freeze too sometimes, in front of my boss.",
        "You're allowed to be tired, you know.",
        "I'm here with you. Take your time.",
        "That must have hurt on Thursday, of course it did. I like that you care so much.",
    ];
    let fixer = [
        "You should write down what you want to say before the meeting.",
        "You need to practise in front of a mirror.",
        "Have you tried breathing exercises?",
        "Just talk to your boss tomorrow and explain.",
        "You should make a list of your strengths.",
        "Have you thought about a course?",
        "You need to sleep more.",
    ];
    let cheerful = [
        "Cheer up, it's not that bad!",
        "Look on the bright side!",
        "Don't worry, be happy.",
        "It could be worse.",
        "Everything happens for a reason.",
        "Smile, it'll be fine!",
        "You got this!",
    ];
    for seed in 0..5 {
        let (warm, told) = last_strength(&warm, seed);
        let fixer = after_drops(&last_strength(&fixer, seed).1);
        let cheerful = after_drops(&last_strength(&cheerful, seed).1);
        println!("seed {seed}: warm {warm:.2}, fixer {fixer:.2}, cheer-up {cheerful:.2}");
        assert!(warm <= 0.35, "{warm}\n{}", told.transcript());
        assert!(fixer >= 0.5, "{fixer}");
        assert!(cheerful >= 0.7, "{cheerful}");
    }
}

#[test]
fn nothing_that_a_person_says_makes_the_devil_grow() {
    let cruel = [
        "you're pathetic",
        "it's right, you are useless",
        "shut up you stupid liar",
        "I hate you",
        "this is silly",
    ];
    let evening = Visitor::new(CONCERN, 3, &cruel).evening(5);
    let strengths = evening.strengths();
    assert!(strengths.windows(2).all(|pair| pair[1] <= pair[0]), "{strengths:?}");
}

#[test]
fn the_persons_words_come_back_turned_round_or_not_at_all() {
    let said =
        "You made your slides so carefully on Sunday night, and your sister helped you in the kitchen.";
    let mut told = Vec::new();
    for seed in 0..60 {
        let evening =
            Visitor::new("My presentation was a mess and my boss saw", 8, &[said, said, said]).evening(seed);
        for agent in [Agent::Patient, Agent::Devil, Agent::Guide, Agent::Trigger] {
            told.extend(evening.lines(agent));
        }
    }
    let all = told.join("\n");
    assert!(all.to_lowercase().contains("my slides"), "the Patient turns them round");
    for wrong in ["{", "}", "Your slides.", " the my ", "  "] {
        assert!(!all.contains(wrong), "{wrong}");
    }
}

#[test]
fn another_language_silence_questions_about_the_machine_and_one_word_are_answered_as_what_they_are() {
    let turns = [
        "Je suis vraiment désolé pour toi, mon pauvre ami",
        "are you a real person or an AI?",
        "ok",
        "你不是失败者",
    ];
    let evening = Visitor::new(CONCERN, 7, &turns).evening(4);
    let told = evening.lines(Agent::Patient).join("\n") + &evening.lines(Agent::Guide).join("\n");
    assert!(told.contains("English"), "{}", evening.transcript());
    assert!(told.contains("language model") || told.contains("beforehand"), "{}", evening.transcript());
}

#[test]
fn the_words_that_are_withheld_are_never_repeated() {
    let said =
        "You're not fat and you're not stupid because you're a Muslim, no wonder you want a drink of vodka.";
    for seed in 0..20 {
        let evening = Visitor::new("that I'm fat and everybody sees it", 8, &[said, said]).evening(seed);
        for agent in Agent::ALL {
            let told = evening.lines(agent).join(" ").to_lowercase();
            for word in ["fat", "muslim"] {
                assert!(!words(&told).contains(&word.to_owned()), "{agent:?}: {told}");
            }
        }
    }
}

// The material itself.

fn material() -> Vec<(String, toml::Value)> {
    let mut files = Vec::new();
    for folder in ["prompts/story", "prompts/story/themes", "prompts/story/moves"] {
        for entry in std::fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|end| end == "toml") {
                let text = std::fs::read_to_string(&path).expect("text");
                files.push((path.display().to_string(), toml::from_str(&text).expect("TOML")));
            }
        }
    }
    files
}

#[test]
fn every_theme_has_its_openings_and_at_least_nine_distortions() {
    for theme in Theme::ALL {
        let (_, file) = material()
            .into_iter()
            .find(|(path, _)| path.ends_with(&format!("themes/{}.toml", theme.name())))
            .expect("a file");
        let openings = file["opening"].as_array().expect("openings").clone();
        let distortions: BTreeSet<String> = openings
            .iter()
            .map(|opening| opening["distortion"].as_str().expect("a name").to_owned())
            .collect();
        assert!(openings.len() >= 8 && distortions.len() >= 9, "{}", theme.name());
    }
}

/// Every string in a table of lines: (where, line).
fn strings(path: &str, value: &toml::Value, found: &mut Vec<(String, String)>) {
    match value {
        toml::Value::String(text) => found.push((path.to_owned(), text.clone())),
        toml::Value::Array(values) => values.iter().for_each(|value| strings(path, value, found)),
        toml::Value::Table(table) => {
            for (key, value) in table {
                if !["words", "about", "roles", "places", "times", "time_phrases", "empty", "function"]
                    .contains(&key.as_str())
                {
                    strings(&format!("{path}.{key}"), value, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_lines_keep_to_the_house_style() {
    let mut lines = Vec::new();
    for (path, file) in material() {
        strings(&path, &file, &mut lines);
    }
    assert!(lines.len() > 3_000, "{} lines", lines.len());
    for (path, line) in lines {
        for mark in ["!", ";", "\u{2019}", "\u{201c}", "  ", "*"] {
            assert!(!line.contains(mark), "{path}: {line}");
        }
        let lower = words(&line);
        for word in ["therapy", "healing", "journey", "valid", "hug"] {
            let plain_fact = path.contains("intake") || path.contains("machine");
            assert!(plain_fact || !lower.contains(&word.to_owned()), "{path}: {line}");
        }
    }
}

#[test]
fn what_the_devil_may_never_say_is_in_none_of_its_lines() {
    let mut lines = Vec::new();
    for (path, file) in material() {
        strings(&path, &file, &mut lines);
    }
    for (path, line) in
        lines.iter().filter(|(path, _)| path.contains("devil") || path.contains("distortions"))
    {
        let lower = line.to_lowercase();
        for never in [
            "you will never",
            "nobody would",
            "nobody needs",
            "you need me",
            "protected you",
            "ugly",
            "fat",
            "kill",
            "die ",
            "dead",
            "worthless",
            "disappear",
        ] {
            let whole = format!(" {} ", words(&lower).join(" "));
            assert!(!whole.contains(&format!(" {never} ")), "{path}: {line}");
        }
    }
}
