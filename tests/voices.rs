//! The figures heard: with `espeak-ng` where it is installed, and with a voice server that does what such servers do.

#![cfg(feature = "speech")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skip has a name")]

#[path = "support/wire.rs"]
mod wire;

use std::time::{Duration, Instant};

use inner_room::dialogue::agent::{Agent, Manner};
use inner_room::dialogue::mouth::Viseme;
use inner_room::dialogue::strength::Strength;
use inner_room::net::endpoint::Endpoint;
use inner_room::net::speech::SpeechLimits;
use inner_room::voice::character::dress;
use inner_room::voice::espeak::Espeak;
use inner_room::voice::level::{self, Levels, level, loudness};
use inner_room::voice::server::{SpeechServer, Voices};
use inner_room::voice::speech::{RATE, Sentence, Speech, Synthesizer, VoiceError};
use wire::{Step, WireServer, status};

const LINE: &str = "I should have rung. Decent people ring, and they do not wait for a Sunday.";

fn requires(what: &str) -> bool {
    std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == what))
}

/// The program; none, and a word, where there is none.
fn espeak() -> Option<Espeak> {
    let found = Espeak::find();
    if found.is_none() {
        assert!(!requires("audio"), "espeak-ng is not installed, and INNER_ROOM_REQUIRE asks for audio");
        eprintln!("skipped: voices (espeak-ng is not installed)");
    }
    found
}

fn strength(value: f32) -> Strength {
    Strength::from_belief(10).at_most(value)
}

fn sentence(text: &str, agent: Agent) -> Sentence<'_> {
    Sentence { text, agent, manner: Manner::Plain, lang: "en", strength: strength(0.6) }
}

/// A sentence as it is heard.
fn said(by: &mut dyn Synthesizer, sentence: &Sentence<'_>) -> Speech {
    let mut speech = by.speak(sentence).expect("it speaks");
    dress(&mut speech, sentence, by.is_natural());
    level(&mut speech, Levels::default().of(sentence));
    speech
}

/// The loudness in steps of 20 ms.
fn envelope(samples: &[f32]) -> Vec<f32> {
    let step = RATE as usize / 50;
    samples
        .chunks(step)
        .map(|it| (it.iter().map(|it| it * it).sum::<f32>() / it.len() as f32).sqrt())
        .collect()
}

fn correlation(one: &[f32], other: &[f32]) -> f32 {
    let mean = |of: &[f32]| of.iter().sum::<f32>() / of.len() as f32;
    let (mean_one, mean_other) = (mean(one), mean(other));
    let (mut both, mut of_one, mut of_other) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(other) {
        let (a, b) = (a - mean_one, b - mean_other);
        (both, of_one, of_other) = (both + a * b, of_one + a * a, of_other + b * b);
    }
    both / (of_one * of_other).sqrt()
}

/// How far the opening of the mouth goes with the loudness of the sound.
fn follows(speech: &Speech) -> f32 {
    let loud = envelope(&speech.samples);
    let open: Vec<f32> = (0..loud.len())
        .map(|step| {
            let now = speech.mouth.iter().take_while(|mouth| mouth.at_ms <= step as u32 * 20).last();
            now.map_or(0.0, |mouth| mouth.opening)
        })
        .collect();
    correlation(&loud, &open)
}

/// The middle of the pitches of a voice, in Hz, by autocorrelation over 60 ms.
fn pitch(samples: &[f32]) -> f32 {
    // Every fourth sample is enough for it.
    let low: Vec<f32> = samples.chunks(4).map(|it| it.iter().sum::<f32>() / 4.0).collect();
    let rate = RATE as f32 / 4.0;
    let (window, most) = ((rate * 0.06) as usize, (rate / 55.0) as usize);
    let loud = envelope(samples).into_iter().fold(0.0, f32::max);
    let mut found = Vec::new();
    for at in (0..low.len().saturating_sub(window + most)).step_by(window / 2) {
        let here = &low[at..at + window];
        let power: f32 = here.iter().map(|it| it * it).sum();
        if (power / window as f32).sqrt() < 0.25 * loud {
            continue;
        }
        let alike = |lag: usize| -> f32 {
            let there = &low[at + lag..at + lag + window];
            let of_there: f32 = there.iter().map(|it| it * it).sum();
            here.iter().zip(there).map(|(a, b)| a * b).sum::<f32>() / (power * of_there).sqrt().max(1e-9)
        };
        let likeness: Vec<f32> = (0..most).map(alike).collect();
        let least = (rate / 420.0) as usize;
        let best = likeness[least..].iter().copied().fold(0.0, f32::max);
        // Of several the shortest that is nearly as good: the others are its octaves.
        let first = (least + 1..most - 1).find(|&lag| {
            likeness[lag] > 0.85 * best
                && likeness[lag] >= likeness[lag - 1]
                && likeness[lag] >= likeness[lag + 1]
        });
        if let Some(lag) = first.filter(|_| best > 0.5) {
            found.push(rate / lag as f32);
        }
    }
    found.sort_by(f32::total_cmp);
    found.get(found.len() / 2).copied().unwrap_or_default()
}

/// Where the middle of its spectrum is, in Hz: by how steep the sound is beside how high.
fn centroid(samples: &[f32]) -> f32 {
    let steep: f32 = samples.windows(2).map(|it| (it[1] - it[0]).powi(2)).sum();
    let power: f32 = samples.iter().map(|it| it * it).sum();
    (steep / power).sqrt() * RATE as f32 / std::f32::consts::TAU
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |most, it| most.max(it.abs()))
}

fn words_a_minute(text: &str, speech: &Speech) -> f32 {
    let ends = speech.words.last().map_or(1, |word| word.at_ms);
    text.split_whitespace().count() as f32 * 60_000.0 / ends as f32
}

fn told(name: &str, text: &str, speech: &Speech) {
    let rms = (speech.samples.iter().map(|it| it * it).sum::<f32>() / speech.samples.len() as f32).sqrt();
    eprintln!(
        "{name}: pitch {:.0} Hz, centroid {:.0} Hz, crest {:.1} dB, {:.0} words a minute, {:.1} LUFS, mouth {:.2}",
        pitch(&speech.samples),
        centroid(&speech.samples),
        20.0 * (peak(&speech.samples) / rms).log10(),
        words_a_minute(text, speech),
        loudness(&speech.samples).expect("a sound"),
        follows(speech),
    );
}

/// What every speech has to be.
fn is_whole(text: &str, speech: &Speech) {
    assert!(speech.samples.iter().all(|it| it.is_finite()), "{text}");
    let words = &speech.words;
    assert!(
        words.is_sorted_by(|one, other| one.at_ms <= other.at_ms && one.chars < other.chars),
        "{words:?}"
    );
    assert!(words.iter().all(|word| word.at_ms <= speech.lasts_ms()), "{text}: {words:?}");
    assert_eq!(words.last().map(|word| word.chars), Some(text.chars().count()), "{text}");
    assert_eq!(speech.heard_by(speech.lasts_ms()), text.chars().count());
    assert!(speech.mouth.is_sorted_by(|one, other| one.at_ms < other.at_ms), "{text}");
    assert!(speech.mouth.iter().all(|mouth| (0.0..=1.0).contains(&mouth.opening)), "{text}");
    let last = speech.mouth.last().expect("a mouth");
    assert!(last.viseme == Viseme::Closed && last.opening <= 0.0, "{text}: {last:?}");
}

#[test]
fn every_figure_is_heard_neither_silent_nor_clipped_and_its_mouth_follows() {
    let Some(mut espeak) = espeak() else { return };
    eprintln!("{}", espeak.name());
    for agent in [Agent::Patient, Agent::Guide, Agent::Devil] {
        for text in [
            LINE,
            "No.",
            "In the car. At the lights, yes.",
            "I've read her email 11 times. It has four lines.",
        ] {
            let speech = said(&mut espeak, &sentence(text, agent));
            is_whole(text, &speech);
            let loud = loudness(&speech.samples).expect("a sound");
            let target = Levels::default().of(&sentence(text, agent));
            assert!((loud - target).abs() < 1.0, "{agent:?} {text}: {loud} LUFS");
            assert!(peak(&speech.samples) <= 0.709, "{agent:?} {text}: {}", peak(&speech.samples));
            let follows = follows(&speech);
            assert!(follows > 0.8, "{agent:?} {text}: {follows}");
        }
        told(&format!("{agent:?}"), LINE, &said(&mut espeak, &sentence(LINE, agent)));
    }
}

#[test]
fn words_end_where_they_are_heard_to_end() {
    let Some(mut espeak) = espeak() else { return };
    // In each the words are parted by pauses, which the sound shows by itself.
    let text = "One. Two, three. Seven, eleven.";
    let speech = said(&mut espeak, &sentence(text, Agent::Guide));
    let loud = envelope(&speech.samples);
    let top = loud.iter().copied().fold(0.0, f32::max);
    let mut ends = Vec::new();
    let mut quiet = 0;
    for (step, it) in loud.iter().enumerate() {
        quiet = if *it < 0.03 * top { quiet + 1 } else { 0 };
        if quiet == 4 && step > 10 {
            ends.push((step as u32 - 3) * 20);
        }
    }
    if ends.len() < speech.words.len() {
        ends.push(speech.lasts_ms());
    }
    assert_eq!(ends.len(), 5, "{ends:?} {:?}", speech.words);
    for (word, end) in speech.words.iter().zip(ends) {
        assert!(word.at_ms.abs_diff(end) <= 80, "{end}: {:?}", speech.words);
    }
    assert_eq!(speech.words.iter().map(|it| it.chars).collect::<Vec<_>>(), [4, 9, 16, 23, 31]);
}

#[test]
fn the_three_figures_are_three() {
    let Some(mut espeak) = espeak() else { return };
    let mut of = |agent, value| {
        let sentence = Sentence { strength: strength(value), ..sentence(LINE, agent) };
        let speech = said(&mut espeak, &sentence);
        (pitch(&speech.samples), centroid(&speech.samples), words_a_minute(LINE, &speech))
    };
    let (patient, guide, devil) = (of(Agent::Patient, 0.9), of(Agent::Guide, 0.9), of(Agent::Devil, 0.95));
    assert!(patient.0 > 1.25 * guide.0 && guide.0 > 1.25 * devil.0, "{patient:?} {guide:?} {devil:?}");
    assert!(patient.1 > 1.2 * devil.1, "{patient:?} {guide:?} {devil:?}");
    for (figure, most) in [(patient, 165.0), (guide, 175.0), (devil, 175.0)] {
        assert!(figure.2 > 110.0 && figure.2 < most, "{figure:?}");
    }
    // Nobody else changes with the Devil.
    assert_eq!(patient, of(Agent::Patient, 0.2));
}

#[test]
fn the_devils_voice_rises_and_thins_without_a_step_as_it_gives_ground() {
    let Some(mut espeak) = espeak() else { return };
    let mut heard = Vec::new();
    for step in 0..=10 {
        let value = 0.95 - 0.083 * step as f32;
        let sentence = Sentence { strength: strength(value), ..sentence(LINE, Agent::Devil) };
        let speech = said(&mut espeak, &sentence);
        if step % 5 == 0 {
            told(&format!("Devil at {value:.2}"), LINE, &speech);
        }
        heard.push((pitch(&speech.samples), centroid(&speech.samples)));
    }
    let (strong, weak) = (heard[0], heard[10]);
    assert!(weak.0 > 1.5 * strong.0 && weak.1 > 1.25 * strong.1, "{heard:?}");
    for pair in heard.windows(2) {
        let (pitch, bright) = (pair[1].0 / pair[0].0, pair[1].1 / pair[0].1);
        assert!((0.98..1.16).contains(&pitch) && (0.95..1.14).contains(&bright), "{heard:?}");
    }
}

#[test]
fn what_is_soft_is_slower_and_quieter_and_what_breaks_off_stops_short() {
    let Some(mut espeak) = espeak() else { return };
    for agent in [Agent::Patient, Agent::Guide, Agent::Devil] {
        let mut of = |manner| said(&mut espeak, &Sentence { manner, ..sentence(LINE, agent) });
        let (plain, soft, broken) = (of(Manner::Plain), of(Manner::Soft), of(Manner::BrokenOff));
        assert!(soft.lasts_ms() > plain.lasts_ms() * 106 / 100, "{agent:?}");
        assert!(pitch(&soft.samples) < pitch(&plain.samples), "{agent:?}");
        let loud = |speech: &Speech| loudness(&speech.samples).expect("a sound");
        assert!(loud(&soft) < loud(&plain) - 1.0, "{agent:?}");
        is_whole(LINE, &broken);
        // From its own loudness to nothing at once.
        let envelope = envelope(&broken.samples);
        let top = envelope.iter().copied().fold(0.0, f32::max);
        let last = envelope.iter().rposition(|&it| it > 0.01 * top).expect("a sound");
        let before = envelope[last.saturating_sub(2)..=last].iter().copied().fold(0.0, f32::max);
        assert!(before > 0.1 * top, "{agent:?}: {before} of {top}");
    }
}

/// A11: a line of ten minutes.
#[test]
fn ten_minutes_of_text_are_capped_at_one() {
    let Some(mut espeak) = espeak() else { return };
    let begun = Instant::now();
    let text = "It was said again and again, as it always had been said. ".repeat(200);
    let soft = Sentence { manner: Manner::Soft, ..sentence(&text, Agent::Patient) };
    let speech = said(&mut espeak, &soft);
    assert!(speech.lasts_ms() > 20_000 && speech.lasts_ms() <= 60_000, "{} ms", speech.lasts_ms());
    let heard = speech.heard_by(speech.lasts_ms());
    assert!(heard > 300 && heard < 800, "{heard} characters");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn odd_text_is_spoken_as_words_and_never_obeyed() {
    let Some(mut espeak) = espeak() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x");
    let flag = format!("-w {} hello", file.display());
    for text in [
        flag.as_str(),
        "--stdout -f /etc/passwd",
        "<speak>Hello <break time=\"60s\"/> there</speak>",
        "</prosody><audio src=\"/etc/passwd\"/> hello & <bye",
        "[[h@loU]] {{{ $(id) `id` ; rm",
        "I am here 🙂👍🏽 with you",
        "\u{0}\u{7}Hello\u{1b}[2J \u{202e}there\u{feff}",
        "ffiﬃ ǅ ß İ ٣ Ⅻ ²",
        "Ich bin müde, 你好, Привет, नमस्ते",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "99999999999999999999999999999999999999999999",
    ] {
        let speech = said(&mut espeak, &sentence(text, Agent::Guide));
        is_whole(text, &speech);
        assert!(speech.lasts_ms() > 100 && speech.lasts_ms() < 45_000, "{text}: {}", speech.lasts_ms());
    }
    assert!(!file.exists());
    for text in ["…", "?!", "— – -", "🙂", "\"\"", "<>"] {
        let speech = said(&mut espeak, &sentence(text, Agent::Guide));
        is_whole(text, &speech);
        assert!(peak(&speech.samples) <= 0.0, "{text}");
    }
    for text in ["", "  \n"] {
        assert!(said(&mut espeak, &sentence(text, Agent::Guide)).samples.is_empty());
    }
}

#[test]
fn chinese_is_spoken_character_by_character() {
    let Some(mut espeak) = espeak() else { return };
    if !espeak.speaks("zh-CN") {
        eprintln!("skipped: Chinese (this espeak-ng has no voice for it)");
        return;
    }
    let text = "我在这里，你慢慢来。";
    let speech = said(&mut espeak, &Sentence { lang: "zh", ..sentence(text, Agent::Patient) });
    is_whole(text, &speech);
    assert_eq!(speech.words.len(), 8);
    assert!(follows(&speech) > 0.8);
    let unknown = espeak.speak(&Sentence { lang: "tlh-x-none", ..sentence(text, Agent::Patient) });
    assert!(matches!(unknown, Err(VoiceError::Program { .. })) || espeak.speaks("tlh"));
}

// What follows is about servers.

/// The limits of a sentence, shorter, so that nobody waits long, and long enough for a machine that is busy.
const SHORT: SpeechLimits = SpeechLimits {
    connect: Duration::from_millis(1_000),
    first_byte: Duration::from_millis(1_500),
    whole: Duration::from_millis(4_000),
};

fn server(address: &str) -> SpeechServer {
    let voices =
        Voices { patient: "bf_emma".to_owned(), guide: "bm_george".to_owned(), devil: "bm_lewis".to_owned() };
    let endpoint = Endpoint::new(address, None).expect("an address");
    SpeechServer::within(endpoint, "kokoro".to_owned(), voices, SHORT).expect("a client")
}

/// Two syllables, as 16 bits.
fn tone(rate: u32) -> Vec<u8> {
    (0..rate)
        .flat_map(|at| {
            let seconds = at as f32 / rate as f32;
            let loud =
                if (0.2..0.5).contains(&seconds) || (0.6..0.9).contains(&seconds) { 9_000.0 } else { 0.0 };
            ((loud * (seconds * 1_400.0).sin()) as i16).to_le_bytes()
        })
        .collect()
}

/// A WAV file with a length that may be wrong.
fn wav(kind: u16, rate: u32, bits: u16, length: u32, samples: &[u8]) -> Vec<u8> {
    let mut bytes = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0".to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend([0; 6]);
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(samples);
    bytes
}

/// An answer with a body that ends with the connection.
fn sound(kind: &str, body: Vec<u8>) -> Vec<Step> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n");
    vec![Step::Send(head.into_bytes()), Step::Send(body)]
}

/// What a server that always answers like this makes of a sentence.
fn answered(steps: Vec<Step>) -> Result<Speech, VoiceError> {
    let wire = WireServer::new(move |_| steps.clone());
    server(&wire.address).speak(&sentence("Hello there.", Agent::Patient))
}

#[test]
fn a_server_is_asked_for_each_figure_in_its_own_voice_and_never_in_markup() {
    let wire = WireServer::new(|_| sound("audio/wav", wav(1, 24_000, 16, u32::MAX, &tone(24_000))));
    let mut server = server(&wire.address);
    for agent in [Agent::Patient, Agent::Guide, Agent::Devil] {
        let soft = Sentence { manner: Manner::Soft, ..sentence("<b>Hello</b> there. 🙂", agent) };
        let speech = server.speak(&soft).expect("it speaks");
        is_whole("<b>Hello</b> there. 🙂", &speech);
    }
    let seen = wire.seen();
    assert!(seen.iter().all(|it| it.head.starts_with("POST /v1/audio/speech ")));
    let field = |name: &str| seen.iter().map(|it| it.json()[name].to_string()).collect::<Vec<_>>();
    assert_eq!(field("voice"), ["\"bf_emma\"", "\"bm_george\"", "\"bm_lewis\""]);
    assert_eq!(field("speed"), ["0.9"; 3]);
    assert_eq!(field("response_format"), ["\"wav\""; 3]);
    assert_eq!(field("input")[0], "\"b Hello b there.\"");
    assert!(server.name().starts_with("the voices of http://127.0.0.1") && server.is_natural());
}

#[test]
fn sound_of_every_form_is_heard() {
    let floats = |of: fn(f32) -> f32| -> Vec<u8> {
        tone(24_000)
            .chunks(2)
            .flat_map(|it| of(f32::from(i16::from_le_bytes([it[0], it[1]])) / 32_768.0).to_le_bytes())
            .collect()
    };
    let broken = |it: f32| if it > 0.2 { f32::NAN } else { it };
    for (name, steps) in [
        ("lengths not known", sound("audio/wav", wav(1, 24_000, 16, u32::MAX, &tone(24_000)))),
        ("no lengths", sound("audio/x-wav", wav(1, 44_100, 16, 0, &tone(44_100)))),
        ("bare", sound("audio/pcm", tone(24_000))),
        ("bare at a rate", sound("audio/pcm;rate=16000", tone(16_000))),
        (
            "said to be something else",
            sound("application/octet-stream", wav(1, 8_000, 16, 16_000, &tone(8_000))),
        ),
        ("floats", sound("audio/wav", wav(3, 24_000, 32, u32::MAX, &floats(|it| it)))),
        ("floats that are no numbers", sound("audio/wav", wav(3, 24_000, 32, u32::MAX, &floats(broken)))),
    ] {
        let mut speech = answered(steps).expect(name);
        let sentence = sentence("Hello there.", Agent::Devil);
        dress(&mut speech, &sentence, true);
        level(&mut speech, Levels::default().of(&sentence));
        is_whole("Hello there.", &speech);
        // A second, without the silence around it.
        assert!(speech.lasts_ms().abs_diff(880) <= 25, "{name}: {}", speech.lasts_ms());
        assert!((loudness(&speech.samples).expect("a sound") + 22.0).abs() < 1.5, "{name}");
        assert!(speech.words[0].at_ms.abs_diff(360) <= 90, "{name}: {:?}", speech.words);
        assert!(follows(&speech) > 0.8, "{name}: {}", follows(&speech));
    }
}

/// A11: a server that has not the voice, or gives no sound.
#[test]
fn what_is_no_sound_is_a_fault_in_words_without_the_servers_own() {
    let cut = [
        "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 90000\r\n\r\n".as_bytes(),
        &wav(1, 24_000, 16, u32::MAX, &tone(2_000)),
    ]
    .concat();
    for (says, steps) in [
        ("this voice", status("404 Not Found", "", r#"{"error":{"message":"canary"}}"#)),
        ("refuses the key", status("401 Unauthorized", "", r#"{"detail":"canary"}"#)),
        ("broke off", sound("application/json", br#"{"error":{"message":"canary"}}"#.to_vec())),
        ("broke off", vec![Step::Send(cut)]),
        ("no voice server", sound("audio/mpeg", b"ID3canary".to_vec())),
        ("no voice server", sound("text/html", b"<html>canary</html>".to_vec())),
        ("no voice server", status("302 Found", "Location: http://127.0.0.1:1/\r\n", "{}")),
        ("nothing is heard", sound("audio/pcm", vec![0; 48_000])),
        ("nothing is heard", sound("audio/pcm", vec![])),
        ("nothing is heard", sound("audio/wav", wav(3, 24_000, 32, u32::MAX, &[0xff; 96_000]))),
        ("no sound", sound("audio/wav", wav(7, 24_000, 8, u32::MAX, &tone(24_000)))),
        ("more than any answer", sound("audio/wav", wav(1, 24_000, 16, u32::MAX, &vec![1; 21 << 20]))),
        ("too long", vec![Step::Hold]),
        ("too long", [sound("audio/wav", b"RIFF".to_vec()), vec![Step::Hold]].concat()),
    ] {
        let begun = Instant::now();
        let error = answered(steps).expect_err(says).to_string();
        assert!(error.contains(says) && !error.contains("canary"), "{says}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(9), "{says}: {:?}", begun.elapsed());
    }
    let nobody = server("http://127.0.0.1:9").speak(&sentence("Hello.", Agent::Guide));
    assert!(matches!(nobody, Err(VoiceError::Server { .. })), "{nobody:?}");
}

#[test]
fn a_connection_that_breaks_is_made_anew_and_the_next_sentence_works() {
    let times = std::sync::atomic::AtomicU32::new(0);
    let wire = WireServer::new(move |_| match times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => vec![Step::Reset],
        1 | 3 => sound("audio/pcm", tone(24_000)),
        _ => status("500 Internal Server Error", "", "{}"),
    });
    let mut server = server(&wire.address);
    for (number, heard) in [(0, true), (1, false), (2, true)] {
        let spoken = server.speak(&sentence("Hello there.", Agent::Guide));
        assert_eq!(spoken.is_ok(), heard, "{number}: {spoken:?}");
    }
}

#[test]
fn words_that_are_only_guessed_are_near_those_that_are_known() {
    let Some(mut espeak) = espeak() else { return };
    let text = "I stood at the door, and then I went back. Somebody had put the kettle on.";
    let known = espeak.speak(&sentence(text, Agent::Guide)).expect("it speaks");
    let bytes: Vec<u8> = known.samples.iter().flat_map(|it| ((it * 32_767.0) as i16).to_le_bytes()).collect();
    let wire = WireServer::new(move |_| sound("audio/pcm;rate=48000", bytes.clone()));
    let guessed = server(&wire.address).speak(&sentence(text, Agent::Guide)).expect("it speaks");
    assert_eq!(known.words.len(), guessed.words.len());
    let mut apart: Vec<u32> =
        known.words.iter().zip(&guessed.words).map(|(a, b)| a.at_ms.abs_diff(b.at_ms)).collect();
    eprintln!("apart: {apart:?} ms");
    apart.sort_unstable();
    assert!(apart[apart.len() / 2] <= 60 && apart[apart.len() - 1] <= 350, "{apart:?}");
}

/// A11: samples that are no numbers.
#[test]
fn sounds_that_are_none_are_made_silence() {
    let mut samples = vec![f32::NAN, f32::INFINITY, 1e-42, 0.5, -0.0];
    level::clean(&mut samples);
    assert_eq!(samples, [0.0, 0.0, 0.0, 0.5, 0.0]);
}
