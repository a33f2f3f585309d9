//! What the notice says, and what it does not.

use super::*;
use crate::dialogue::safety::Freshness;

/// A place that hears by itself, with everything on the sheet.
fn notice() -> Notice {
    let crisis = HelpLine {
        name: "Lifeline".to_owned(),
        phone: "13 11 14".to_owned(),
        write: "0477 13 11 14".to_owned(),
        hours: "day and night".to_owned(),
        freshness: Freshness::Verified,
    };
    let help = Help {
        staff: Some("Maria at the desk".to_owned()),
        crisis: Some(crisis),
        emergency: "000".to_owned(),
        directory: "findahelpline.com".to_owned(),
        ..Help::default()
    };
    let time = |text: &str| Time::strptime("%H:%M", text).expect("a time");
    Notice {
        station: "foyer-1".to_owned(),
        minutes: 8,
        age: Some(16),
        country: Some("AU".to_owned()),
        help,
        player: Player::Story,
        voice: Voice::Here,
        speaks_at: None,
        camera: false,
        counts: false,
        hours: Some((time("10:00"), time("18:30"))),
        closed_on: vec![Weekday::Monday, Weekday::Sunday],
        family: Some(Hours { from: time("10:00"), until: time("12:00") }),
    }
}

fn sheet(lang: &str, change: impl FnOnce(&mut Notice)) -> String {
    let mut notice = notice();
    change(&mut notice);
    notice.fill(&Words::load(lang).expect("the words are there")).expect("nothing is missing")
}

fn missing(change: impl FnOnce(&mut Notice)) -> Vec<Missing> {
    let mut notice = notice();
    change(&mut notice);
    notice.fill(&Words::load("en").expect("the words are there")).expect_err("something is missing")
}

fn server(name: &str) -> Player {
    Player::Server { server: name.to_owned(), model: Some("room".to_owned()) }
}

#[test]
fn every_place_of_either_sheet_is_known_and_none_is_left() {
    for (lang, raw) in SHEETS {
        let words = Words::load(lang).expect("the words are there");
        let (mut rest, mut places) = (raw, 0);
        while let Some((_, place, after)) = next_place(rest) {
            assert!(notice().says(place, &words).is_some(), "{lang}: {place}");
            (rest, places) = (after, places + 1);
        }
        assert!(places >= 15, "{lang}: {places}");
        for change in [|_: &mut Notice| {}, |it: &mut Notice| it.player = server("https://a.example")] {
            let filled = sheet(lang, change);
            assert!(!filled.contains("{{") && !filled.contains("}}"), "{lang}");
            assert!(!filled.contains("exhibit-"), "a word is missing: {lang}");
        }
    }
}

#[test]
fn what_is_set_is_text_and_neither_markup_nor_a_place() {
    let hostile = "<script>alert(1)</script>\" onload='x' & {{station}} \u{1b}[2J";
    for lang in ["en", "zh"] {
        let filled = sheet(lang, |it| {
            it.station = hostile.to_owned();
            it.help.staff = Some(hostile.to_owned());
            it.help.emergency = hostile.to_owned();
            it.help.directory = hostile.to_owned();
            it.help.crisis.as_mut().expect("a line").name = hostile.to_owned();
            it.player = Player::Server { server: hostile.to_owned(), model: Some(hostile.to_owned()) };
            it.voice = Voice::Server(hostile.to_owned());
            it.speaks_at = Some(hostile.to_owned());
        });
        assert!(!filled.contains("<script") && !filled.contains("onload='"), "{lang}");
        assert!(!filled.contains('\u{1b}'), "{lang}");
        assert_eq!(
            filled
                .matches("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp; {{station}}")
                .count(),
            9,
            "{lang}"
        );
    }
}

#[test]
fn it_says_who_is_here_and_what_to_ring_as_it_is_written() {
    for lang in ["en", "zh"] {
        let filled = sheet(lang, |_| {});
        for text in ["Maria at the desk", "Lifeline", "13 11 14", "0477 13 11 14", "findahelpline.com"] {
            assert!(filled.contains(text), "{lang}: {text}");
        }
        assert!(filled.contains("10:00") && filled.contains("18:30") && filled.contains("12:00"), "{lang}");
    }
    assert!(sheet("en", |_| {}).contains("In danger now: ring 000."));
    let nowhere = sheet("en", |it| it.help.emergency.clear());
    assert!(nowhere.contains("ring your local emergency number"));
    let written = sheet("en", |it| it.help.crisis.as_mut().expect("a line").phone.clear());
    assert!(written.contains("Lifeline: 0477 13 11 14</p>"));
}

#[test]
fn it_says_what_becomes_of_words_and_of_a_voice() {
    let nowhere = "goes nowhere else";
    let here = sheet("en", |_| {});
    assert!(here.contains(nowhere) && here.contains("The microphone is off until you switch it on"));
    let words = sheet("en", |it| it.player = server("http://192.168.30.10:8000/v1"));
    assert!(words.contains("http://192.168.30.10:8000/v1, where the language model room answers"));
    assert!(words.contains("turned into words on the machine beside you") && !words.contains(nowhere));
    let voice = sheet("en", |it| it.voice = Voice::Server("https://ears.example".to_owned()));
    assert!(
        voice.contains("sound of your voice is sent to https://ears.example") && !voice.contains(nowhere)
    );
    let spoken = sheet("en", |it| it.speaks_at = Some("https://mouth.example".to_owned()));
    assert!(spoken.contains("Some of your words can be in it") && !spoken.contains(nowhere));
    let program = sheet("en", |it| it.player = Player::Here { model: Some("room".to_owned()) });
    assert!(program.contains("a program on the machine beside you") && !program.contains(nowhere));
    let unheard = sheet("en", |it| it.voice = Voice::Unheard);
    assert!(unheard.contains("You cannot be heard here") && !unheard.contains("microphone is off until"));
    assert!(!unheard.contains("your voice"), "nobody has to read of a voice that is not heard");
}

#[test]
fn it_says_of_the_camera_what_is_set() {
    let says = |camera, counts| {
        let filled = sheet("en", |it| (it.camera, it.counts) = (camera, counts));
        ["no camera in use", "emotion recognition", "watches for a face in front"]
            .map(|text| filled.contains(text))
    };
    assert_eq!(says(false, false), [true, false, false]);
    assert_eq!(says(true, false), [false, true, false]);
    assert_eq!(says(false, true), [false, false, true]);
    assert_eq!(says(true, true), [false, true, true]);
}

#[test]
fn what_is_not_set_is_left_out_whole() {
    let filled = sheet("en", |it| {
        (it.age, it.hours, it.family) = (None, None, None);
        it.closed_on.clear();
        it.help.directory.clear();
    });
    for text in ["meant for people", "Open from", "Closed:", "families", "Lines for every country"] {
        assert!(!filled.contains(text), "{text}");
    }
    let all = sheet("en", |_| {});
    assert!(all.contains("meant for people of 16 and over."));
    assert!(all.contains("Open from 10:00 to 18:30. Closed: Monday, Sunday. Station foyer-1."));
    assert!(
        sheet("zh", |_| {}).contains("开放时间：10:00 到 18:30。不开放：星期一、星期日。展位：foyer-1。")
    );
}

#[test]
fn everything_that_cannot_be_stood_for_is_said_at_once_and_nothing_is_written() {
    let found = missing(|it| {
        it.country = None;
        it.help.staff = Some(" ".to_owned());
        it.player = Player::Server { server: "https://a.example".to_owned(), model: None };
    });
    let refused = [Refusal::NoCountry, Refusal::NobodyOnDuty].map(Missing::Refused);
    assert_eq!(found, [refused.to_vec(), vec![Missing::NoModel]].concat());
    for (freshness, kept) in
        [(Freshness::Unverified, true), (Freshness::Expired, true), (Freshness::Ageing, false)]
    {
        let mut notice = notice();
        notice.help.crisis.as_mut().expect("a line").freshness = freshness;
        let words = Words::load("en").expect("the words are there");
        assert_eq!(notice.fill(&words).is_err(), kept, "{freshness:?}");
        assert_eq!(notice.note().is_some(), !kept, "{freshness:?}");
    }
    assert!(
        missing(|it| it.help.crisis = None).iter().any(|it| it.to_string().contains("no helpline is known"))
    );
}
