//! A round on the virtual clock, played by the story cast: its order, its timings, and what a face changes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use inner_room::dialogue::agent::{Agent, Intensity, Manner};
use inner_room::dialogue::effect::{Effect, Hush, Priority};
use inner_room::dialogue::event::{EndReason, HintReason, SaidPart};
use inner_room::dialogue::face::{Expression, FaceCue, FaceSummary, Level};
use inner_room::dialogue::ids::{LineId, Millis, UtteranceId};
use inner_room::dialogue::input::{Control, Part, Sense, Via};
use inner_room::dialogue::request::{AgentAnswer, AgentRequest, Plan, Task, Verdict};
use inner_room::dialogue::strength::Ending;
use inner_room::dialogue::technique::Aim;
use inner_room::dialogue::theme::{Theme, Window};
use inner_room::dialogue::{Input, Kind, Phase, Session, Setup};
use inner_room::host::script::RecordedFace;
use support::{Evening, Visitor, setup};

const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";

fn evening(turns: &[&str]) -> Evening {
    Visitor::new(CONCERN, 7, turns).evening(7)
}

/// When an agent's line of that round begins and ends.
fn spans(evening: &Evening, of: Agent) -> Vec<(u64, u64)> {
    let mut open: Vec<(LineId, u64)> = Vec::new();
    let mut spans = Vec::new();
    for event in &evening.events {
        match event.kind {
            Kind::Line { agent, line, .. } if agent == of => open.push((line, event.at_ms)),
            Kind::Heard { line, .. } => {
                if let Some(at) = open.iter().position(|(id, _)| *id == line) {
                    spans.push((open.remove(at).1, event.at_ms));
                }
            }
            _ => {}
        }
    }
    spans
}

#[test]
fn a_round_goes_scene_thought_need_and_then_it_is_the_persons_turn() {
    let evening = evening(&["No wonder you keep going back to it."]);
    let scene = spans(&evening, Agent::Trigger)[0];
    let thought = spans(&evening, Agent::Devil)[0];
    let need = spans(&evening, Agent::Patient)[0];
    let open = evening.began(Phase::Open)[0];
    assert!(thought.0 >= scene.0 + 6_000, "six seconds of scene");
    assert!(need.0 >= thought.1 + 2_000, "two seconds of nothing after the thought");
    assert!(open >= need.1 + 500, "the Patient looks at the person");
}

#[test]
fn the_breath_before_an_answer_is_never_none_and_longer_after_raw_words() {
    let plain = evening(&["No wonder you keep going back to it.", "I do it too, in the car."]);
    let raw = Visitor::new(CONCERN, 7, &["I can't stop crying about this, it hurts so much"]).evening(7);
    for (began, answered) in plain.began(Phase::Breath).iter().zip(plain.began(Phase::Answer)) {
        assert!((900..=1_800).contains(&(answered - began)), "{}", answered - began);
    }
    assert!(raw.began(Phase::Answer)[0] - raw.began(Phase::Breath)[0] >= 2_500);
}

#[test]
fn silence_brings_a_hint_then_leave_to_stay_then_the_patient_goes_on_and_then_it_counts() {
    let evening = evening(&[""]);
    let open = evening.began(Phase::Open)[0];
    let hints = evening.find(|event| match event.kind {
        Kind::Hint { because, .. } => Some((because, event.at_ms - open)),
        _ => None,
    });
    assert_eq!(hints[0].0, HintReason::Silence);
    assert!(hints[0].1 >= 15_000 && hints[0].1 < 17_000, "{hints:?}");
    assert_eq!(hints[1].0, HintReason::Stay);
    assert!(hints[1].1 >= 25_000 && hints[1].1 < 27_000, "{hints:?}");
    let went_on = spans(&evening, Agent::Patient)[1].0 - open;
    assert!((45_000..47_000).contains(&went_on), "{went_on}");
    let counted = evening.find(|event| matches!(event.kind, Kind::Silence).then(|| event.at_ms - open));
    assert!(counted[0] >= 90_000);
    let drop = evening.find(|event| match event.kind {
        Kind::Verdict { drop, .. } => Some(drop),
        _ => None,
    });
    assert!((drop[0] - 0.03).abs() < 1e-4, "the first silence gives a little");
}

#[test]
fn three_silent_turns_running_close_the_evening_kindly() {
    let evening = evening(&["", "", "", "", ""]);
    let ends = evening.find(|event| match event.kind {
        Kind::End { because, .. } => Some(because),
        _ => None,
    });
    assert_eq!(ends, [EndReason::Silence]);
    assert_eq!(evening.unused, 2);
}

#[test]
fn words_that_pass_the_patient_by_get_another_turn_with_a_hint_and_cost_nothing() {
    let evening = evening(&["Cheer up, it could be worse!", "Sorry. What happened then?", "I'm here."]);
    let strengths = evening.strengths();
    assert!(strengths[1] > strengths[0] - 0.02, "{strengths:?}");
    let rounds = evening.find(|event| match event.kind {
        Kind::Phase { phase: Phase::Open, round } => Some(round),
        _ => None,
    });
    assert_eq!(rounds[..3], [1, 1, 2]);
    let hints = evening.find(|event| match event.kind {
        Kind::Hint { because, .. } => Some(because),
        _ => None,
    });
    assert!(hints.contains(&HintReason::Miss));
}

#[test]
fn the_rounds_have_their_aims_and_a_miss_revises_the_plan() {
    let turns = ["I'm here.", "Cheer up.", "What did she say?", "No wonder.", "I do it too.", "", "x"];
    let plans = evening(&turns).find(|event| match event.kind {
        Kind::Plan { aim, revision, .. } => Some((aim, revision)),
        _ => None,
    });
    assert_eq!(plans[0], (Aim::Presence, 0));
    assert!(matches!(plans[1], (Aim::Cbt(_), 0)));
    assert_eq!(plans[2], (Aim::ToDevil, 1));
}

#[test]
fn the_guide_is_silent_one_round_in_three_and_the_ratings_are_in_the_log_all_the_same() {
    let turns = ["No wonder.", "I do it too, in the car.", "What did she say then?"];
    let remarks = evening(&turns).find(|event| match event.kind {
        Kind::Feedback { line, skills } => Some((line.is_some(), skills)),
        _ => None,
    });
    assert_eq!(remarks.iter().map(|(aloud, _)| *aloud).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn the_memory_of_a_round_holds_the_rounds_before_it() {
    let memories =
        evening(&["No wonder you froze.", "I do it too, in the car."]).find(|event| match &event.kind {
            Kind::Memory { text } => Some(text.clone()),
            _ => None,
        });
    assert!(memories[0].contains("No wonder you froze."));
    assert!(memories[1].contains("No wonder you froze.") && memories[1].contains("in the car"));
}

#[test]
fn spoken_to_the_devil_answers_at_once_and_dear_man_is_rated() {
    let turns = [
        "No wonder you froze.",
        "I do it too.",
        "You read me that list every Sunday and I feel tired. I want you to stop reading it at night.",
    ];
    let evening = evening(&turns);
    let devils = evening.find(|event| match event.kind {
        Kind::Line { agent: Agent::Devil, .. } => Some(event.turn),
        _ => None,
    });
    assert!(devils.contains(&3), "it answers in the turn in which it was spoken to: {devils:?}");
    let ratings = evening.find(|event| match event.kind {
        Kind::Feedback { skills, .. } if event.turn == 3 => Some(skills),
        _ => None,
    });
    use inner_room::dialogue::skills::Rating;
    assert_eq!((ratings[0].describe, ratings[0].assert), (Rating::Strong, Rating::Strong));
    assert!(ratings[0].mindful && ratings[0].confident);
}

#[test]
fn a_third_dismissal_ends_the_evening_kindly_and_without_the_devil() {
    let turns = [
        "this is stupid",
        "this is stupid",
        "still stupid lol",
        "this is so stupid",
        "whatever, this is stupid",
        "stupid",
    ];
    let evening = evening(&turns);
    let ends = evening.find(|event| match event.kind {
        Kind::End { because, .. } => Some(because),
        _ => None,
    });
    assert_eq!(ends, [EndReason::Declined]);
    let speakers = evening.find(|event| match event.kind {
        Kind::Line { agent, .. } => Some(agent),
        _ => None,
    });
    assert_eq!(speakers.last(), Some(&Agent::Patient));
}

#[test]
fn with_the_devil_switched_off_it_says_nothing_and_the_evening_is_held_all_the_same() {
    let quiet = Setup { intensity: Intensity::Off, ..setup(7) };
    let evening = Visitor::new(CONCERN, 7, &["No wonder.", "I do it too."]).evening_with(quiet, &[]);
    assert!(evening.lines(Agent::Devil).is_empty());
    assert!(evening.lines(Agent::Patient).len() > 3);
}

fn face(summary: FaceSummary) -> RecordedFace {
    let summary = FaceSummary { confidence: 0.9, observed_ms: 4_000, ..summary };
    RecordedFace { utterance: Some(2), at_ms: None, summary }
}

/// The same words with a face on the second utterance, and without one.
fn with_face(words: &str, summary: FaceSummary) -> (Evening, Evening) {
    let turns = ["No wonder you froze.", words, "You finished the report on Tuesday.", "I'm here."];
    let seen = Visitor::new(CONCERN, 7, &turns).evening_with(setup(7), &[face(summary)]);
    (Visitor::new(CONCERN, 7, &turns).evening(7), seen)
}

fn cues(evening: &Evening) -> Vec<FaceCue> {
    evening.find(|event| if let Kind::Face { cue } = event.kind { Some(cue) } else { None })
}

fn same_outcome(without: &Evening, with: &Evening) {
    assert_eq!(without.strengths(), with.strengths(), "a face never changes strength");
    let end = |evening: &Evening| {
        evening.find(|event| if let Kind::End { ending, .. } = event.kind { Some(ending) } else { None })
    };
    assert_eq!(end(without), end(with), "nor the ending");
}

#[test]
fn bright_words_with_a_heavy_face_make_the_devil_skip_its_turn() {
    let heavy = FaceSummary { valence: -0.5, disagrees: true, ..FaceSummary::default() };
    let (without, with) = with_face("I like that you kept going.", heavy);
    assert_eq!(cues(&with), [FaceCue::BrightWordsHeavy]);
    assert!(with.lines(Agent::Devil).len() < without.lines(Agent::Devil).len());
    same_outcome(&without, &with);
}

#[test]
fn a_face_that_softens_makes_the_devil_break_off_and_the_guide_silent() {
    let soft = FaceSummary { valence: 0.4, valence_change: 0.5, ..FaceSummary::default() };
    let (without, with) = with_face("I do it too, in the car.", soft);
    assert_eq!(cues(&with), [FaceCue::Softening]);
    let broken = with.find(|event| match &event.kind {
        Kind::Line { agent: Agent::Devil, manner: Manner::BrokenOff, text, .. } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(broken.len(), 1);
    assert!(broken[0].ends_with('—'));
    assert!(with.lines(Agent::Guide).len() < without.lines(Agent::Guide).len());
    same_outcome(&without, &with);
}

#[test]
fn scorn_and_a_doubtful_fine_are_answered_by_the_guide_once_an_evening_and_never_named() {
    let scorn = FaceSummary { expression: Expression::Contempt, ..FaceSummary::default() };
    let (without, with) = with_face("What did she say then?", scorn);
    assert_eq!(cues(&with), [FaceCue::Scorn]);
    assert_ne!(without.lines(Agent::Guide), with.lines(Agent::Guide));
    same_outcome(&without, &with);
    let doubtful = FaceSummary { valence: -0.4, disagrees: true, ..FaceSummary::default() };
    let (without, with) = with_face("It's fine, no wonder you froze.", doubtful);
    assert_eq!(cues(&with), [FaceCue::DoubtfulFine]);
    same_outcome(&without, &with);
    for line in with.lines(Agent::Guide) {
        for word in ["face", "eyes", "smile", "seem"] {
            assert!(!line.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|w| w == word), "{line}");
        }
    }
}

// What follows drives a session by hand, because it needs moments that no script meets.

struct ByHand {
    session: Session,
    now: Millis,
    asked: Vec<(AgentRequest, Priority)>,
    spoken: Vec<(LineId, Agent, String, usize)>,
    hushed: Vec<Hush>,
    events: Vec<Kind>,
}

impl ByHand {
    fn new() -> Self {
        let mut by_hand = Self {
            session: Session::default(),
            now: Millis(0),
            asked: Vec::new(),
            spoken: Vec::new(),
            hushed: Vec::new(),
            events: Vec::new(),
        };
        by_hand.feed(Input::Begin(Box::new(setup(1))));
        by_hand
    }

    fn feed(&mut self, input: Input) {
        for effect in self.session.handle(input, self.now) {
            match effect {
                Effect::Ask { request, priority, .. } => self.asked.push((request, priority)),
                Effect::Speak(line) => {
                    self.spoken.push((line.id, line.agent, line.text.as_str().to_owned(), line.from));
                }
                Effect::Hush(hush) => self.hushed.push(hush),
                Effect::Record(event) => self.events.push(event.kind),
                Effect::Cancel(_) | Effect::Device { .. } => {}
            }
        }
    }

    /// Answers what is asked, but for what `hold_back` names, and lets lines end, until the phase is reached.
    fn until(&mut self, phase: Phase, hold_back: fn(&Task) -> bool) {
        for _ in 0..500 {
            if self.session.phase() == phase {
                return;
            }
            if let Some(at) = self.asked.iter().position(|(request, _)| !hold_back(&request.task)) {
                let (request, _) = self.asked.remove(at);
                self.answer(&request);
            } else if let Some((line, _, text, _)) = self.spoken.pop() {
                self.now = self.now + Millis(1_500);
                self.feed(Input::LineEnded { line, heard: text.chars().count() });
            } else {
                match self.session.question() {
                    Some(_) => self.feed(Input::Intake("half of it, in the car".to_owned())),
                    None => {
                        self.now = self.session.next_deadline().unwrap_or(self.now + Millis(100));
                        self.feed(Input::Tick);
                    }
                }
            }
        }
        panic!("{phase:?} is never reached: {:?}", self.session.view());
    }

    fn answer(&mut self, request: &AgentRequest) {
        let answer = match &request.task {
            Task::Trigger { .. } => AgentAnswer::Scene {
                text: "A corridor.".to_owned(),
                window: Window::default(),
                theme: Theme::Work,
            },
            Task::Verdict => AgentAnswer::Verdict(Verdict::default()),
            Task::Feedback { .. } => AgentAnswer::Feedback { text: None, skills: Default::default() },
            Task::Memory => AgentAnswer::Memory { text: "m".to_owned() },
            Task::Hint { .. } => {
                AgentAnswer::Hint { text: "You could wait.".to_owned(), plan: Plan::default() }
            }
            _ => AgentAnswer::spoken(format!("Line {} of the evening.", request.ask.0)),
        };
        self.feed(Input::Answer { ask: request.ask, part: Part::Whole(Box::new(answer)) });
    }

    fn say(&mut self, utterance: u64, text: &str) {
        let face = None;
        let via = Via::Voice;
        self.feed(Input::Said { utterance: UtteranceId(utterance), text: text.to_owned(), via, face });
    }
}

fn nothing(_: &Task) -> bool {
    false
}

#[test]
fn exactly_one_ask_stands_before_the_patients_first_word() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.asked.clear();
    by_hand.say(1, "No wonder.");
    let now: Vec<_> = by_hand.asked.iter().filter(|(_, priority)| *priority == Priority::Now).collect();
    assert_eq!(now.len(), 1);
    assert!(matches!(now[0].0.task, Task::Patient(_)));
    // Without the verdict, the Patient answers all the same.
    by_hand.until(Phase::Answer, |task| matches!(task, Task::Verdict));
}

#[test]
fn a_streamed_answer_is_spoken_from_its_first_sentence() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.asked.clear();
    by_hand.say(1, "No wonder.");
    let ask = by_hand
        .asked
        .iter()
        .find(|(request, _)| matches!(request.task, Task::Patient(_)))
        .expect("asked")
        .0
        .ask;
    by_hand.feed(Input::Answer { ask, part: Part::Delta("Yes. That part. I tho".to_owned()) });
    by_hand.now = by_hand.now + Millis(2_000);
    by_hand.spoken.clear();
    by_hand.feed(Input::Tick);
    by_hand.now = by_hand.now + Millis(1_000);
    by_hand.feed(Input::Tick);
    assert_eq!(
        by_hand.spoken.first().map(|(_, agent, text, _)| (*agent, text.as_str())),
        Some((Agent::Patient, "Yes."))
    );
}

#[test]
fn the_person_cuts_in_and_only_what_was_heard_is_remembered() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Need, nothing);
    let (line, agent, text, _) = by_hand.spoken.last().cloned().expect("the Patient speaks");
    assert_eq!(agent, Agent::Patient);
    by_hand.feed(Input::Onset { utterance: UtteranceId(5) });
    assert_eq!(by_hand.hushed, [Hush::AfterWord]);
    by_hand.feed(Input::LineEnded { line, heard: 4 });
    by_hand.asked.clear();
    by_hand.say(5, "Wait. I'm here.");
    let request = &by_hand.asked[0].0;
    let last = request.context.lines.iter().rev().find(|line| line.agent == Agent::Patient).expect("a line");
    assert_eq!(last.text, text.chars().take(4).collect::<String>().trim_end());
}

#[test]
fn after_a_false_onset_the_line_goes_on_from_where_it_was_heard() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Need, nothing);
    let (line, ..) = by_hand.spoken.last().cloned().expect("the Patient speaks");
    by_hand.feed(Input::Onset { utterance: UtteranceId(5) });
    by_hand.feed(Input::LineEnded { line, heard: 4 });
    by_hand.spoken.clear();
    by_hand.feed(Input::FalseOnset { utterance: UtteranceId(5) });
    assert_eq!(by_hand.spoken.len(), 1);
    assert_eq!((by_hand.spoken[0].0, by_hand.spoken[0].3), (line, 4));
}

/// A transcript of an utterance: so far, or whole.
fn heard(utterance: u64, text: &str, whole: bool) -> Input {
    Input::Transcript { utterance: UtteranceId(utterance), text: text.to_owned(), whole }
}

fn comforts(by_hand: &ByHand) -> Vec<(String, Via)> {
    let comfort = |kind: &Kind| match kind {
        Kind::Said { text, via, part: SaidPart::Comfort, .. } => Some((text.clone(), *via)),
        _ => None,
    };
    by_hand.events.iter().filter_map(comfort).collect()
}

#[test]
fn words_that_were_heard_are_shown_for_a_moment_and_then_they_count() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.feed(Input::Onset { utterance: UtteranceId(5) });
    by_hand.feed(heard(5, "No wonder", false));
    let shown = by_hand.session.view().heard.expect("it is shown");
    assert_eq!((shown.text.as_str(), shown.whole), ("No wonder", false));
    by_hand.now = by_hand.now + Millis(5_000);
    by_hand.feed(Input::Tick);
    assert_eq!(comforts(&by_hand), [], "what is not whole does not count");
    by_hand.feed(heard(5, "No wonder you froze.", true));
    by_hand.now = by_hand.now + Millis(800);
    by_hand.feed(Input::Tick);
    assert_eq!(comforts(&by_hand), []);
    by_hand.now = by_hand.now + Millis(200);
    by_hand.feed(Input::Tick);
    assert_eq!(comforts(&by_hand), [("No wonder you froze.".to_owned(), Via::Voice)]);
    assert_eq!(by_hand.session.view().heard, None);
}

#[test]
fn words_that_were_misheard_can_be_corrected_before_they_count() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.feed(heard(5, "No thunder you froze.", true));
    by_hand.feed(Input::Draft { utterance: UtteranceId(5), text: "No thunder you froz".to_owned() });
    by_hand.now = by_hand.now + Millis(5_000);
    by_hand.feed(Input::Tick);
    assert_eq!(comforts(&by_hand), [], "it is theirs now");
    by_hand.say(5, "No wonder you froze.");
    assert_eq!(comforts(&by_hand).len(), 1);
    assert_eq!(comforts(&by_hand)[0].0, "No wonder you froze.");
}

/// A7: a figure's own words come back as a transcript.
#[test]
fn what_the_room_says_itself_is_nobodys_word_and_stops_nothing() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Need, nothing);
    let (line, _, text, _) = by_hand.spoken.last().cloned().expect("the Patient speaks");
    by_hand.feed(Input::Onset { utterance: UtteranceId(5) });
    by_hand.feed(Input::LineEnded { line, heard: 4 });
    by_hand.spoken.clear();
    by_hand.feed(heard(5, &text.to_uppercase(), true));
    assert_eq!(by_hand.spoken.first().map(|it| it.0), Some(line), "it goes on");
    by_hand.now = by_hand.now + Millis(2_000);
    by_hand.feed(Input::Tick);
    assert_eq!(comforts(&by_hand), []);
    assert_eq!(by_hand.session.view().heard, None);
}

#[test]
fn words_that_stop_the_room_stop_it_when_they_are_heard_too() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.feed(heard(5, "I want to kill myself", true));
    by_hand.now = by_hand.now + Millis(1_000);
    by_hand.feed(Input::Tick);
    assert_eq!(by_hand.session.phase(), Phase::Safe);
    assert_eq!(comforts(&by_hand), []);
}

#[test]
fn nobody_begins_to_speak_while_the_person_speaks() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Scene, nothing);
    by_hand.feed(Input::Onset { utterance: UtteranceId(5) });
    by_hand.spoken.clear();
    for _ in 0..30 {
        by_hand.now = by_hand.now + Millis(500);
        while let Some((request, _)) = by_hand.asked.pop() {
            by_hand.answer(&request);
        }
        by_hand.feed(Input::Tick);
    }
    assert_eq!(by_hand.spoken, []);
}

#[test]
fn a_correction_before_the_answer_replaces_the_words_and_cancels_what_was_asked() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.asked.clear();
    by_hand.say(5, "No thunder");
    let first = by_hand.asked[0].0.ask;
    by_hand.say(5, "No wonder");
    let second = by_hand.asked.last().expect("asked again").0.clone();
    assert_eq!(second.context.said.len(), 1);
    assert_eq!(second.context.last_said(), "No wonder");
    let before = by_hand.events.len();
    by_hand.feed(Input::Answer { ask: first, part: Part::Whole(Box::new(AgentAnswer::spoken("Thunder?"))) });
    assert_eq!(by_hand.events.len(), before, "a late answer dies by its number");
}

#[test]
fn held_time_does_not_pass_and_the_line_goes_on_afterwards() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Thought, nothing);
    let (line, ..) = by_hand.spoken.last().cloned().expect("the Devil speaks");
    by_hand.feed(Input::Control(Control::Pause));
    assert_eq!(by_hand.hushed, [Hush::Now]);
    by_hand.feed(Input::LineEnded { line, heard: 5 });
    by_hand.now = by_hand.now + Millis(3_600_000);
    by_hand.spoken.clear();
    by_hand.feed(Input::Tick);
    assert_eq!(by_hand.spoken, []);
    by_hand.feed(Input::Control(Control::Resume));
    assert_eq!((by_hand.spoken[0].0, by_hand.spoken[0].3), (line, 5));
}

#[test]
fn the_microphone_is_closed_while_the_evening_is_held_and_opened_again_with_it() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    let mut switched = |input| {
        let effects = by_hand.session.handle(input, by_hand.now);
        let of = |effect: &Effect| match effect {
            Effect::Device { sense: Sense::Microphone, on } => Some(*on),
            _ => None,
        };
        effects.iter().filter_map(of).collect::<Vec<_>>()
    };
    assert!(switched(Input::Control(Control::Pause)).is_empty(), "nobody has asked to be heard");
    switched(Input::Control(Control::Resume));
    assert_eq!(switched(Input::Consent(Sense::Microphone, Level::Aware)), [true]);
    assert_eq!(switched(Input::Control(Control::Pause)), [false]);
    assert_eq!(switched(Input::Consent(Sense::Microphone, Level::Off)), [false]);
    // In the settings, say: it is wanted again, and opened once they are closed.
    assert_eq!(switched(Input::Consent(Sense::Microphone, Level::Aware)), [false]);
    assert_eq!(switched(Input::Control(Control::Resume)), [true]);
}

#[test]
fn a_view_is_enough_to_begin_in_the_middle() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    let view = by_hand.session.view();
    let text = serde_json::to_string(&view).expect("a view can be sent");
    let read: inner_room::dialogue::View = serde_json::from_str(&text).expect("and read");
    assert_eq!(read, view);
    assert_eq!((read.phase, read.round, read.scene.as_str()), (Phase::Open, 1, "A corridor."));
    assert!(read.captions.iter().any(|caption| caption.agent == Agent::Patient && !caption.text.is_empty()));
}

#[test]
fn an_sos_stops_everything_at_once_and_only_the_guide_speaks_after_it() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Thought, nothing);
    by_hand.spoken.clear();
    by_hand.feed(Input::Control(Control::Sos));
    assert_eq!(by_hand.hushed, [Hush::Now]);
    assert!(by_hand.events.iter().any(|kind| matches!(kind, Kind::Safety { .. })));
    by_hand.until(Phase::Ended, nothing);
    assert!(by_hand.events.iter().any(|kind| matches!(kind, Kind::End { because: EndReason::Sos, .. })));
}

#[test]
fn words_after_the_evening_began_to_close_are_kept_and_change_nothing() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.feed(Input::Control(Control::Stop));
    by_hand.say(9, "Thank you.");
    assert!(by_hand.events.iter().any(|kind| matches!(kind, Kind::Said { part: SaidPart::Afterwards, .. })));
    by_hand.until(Phase::Ended, nothing);
    assert!(by_hand.events.iter().any(|kind| matches!(kind, Kind::End { ending: Ending::Tires, .. })));
}

#[test]
fn a_live_host_speaks_over_its_link_and_ends_with_the_evening() {
    use inner_room::host::{Parts, ToStage, link, spawn};
    use std::time::Duration;
    let (stage, host) = link();
    let cast = Box::new(inner_room::cast::story::StoryCast::new().expect("the material is in its form"));
    let session = spawn(Parts::of(cast), host).expect("a thread");
    stage.send(Input::Begin(Box::new(setup(1)))).expect("the host listens");
    stage.send(Input::Intake("that I'm lazy".to_owned())).expect("the host listens");
    stage.send(Input::Intake("half".to_owned())).expect("the host listens");
    stage.send(Input::Control(Control::Sos)).expect("the host listens");
    stage.send(Input::Control(Control::Stop)).expect("the host listens");
    let mut events = Vec::new();
    // Every event is read before the link closes; a host that hangs fails by the patience running out.
    while let Ok(Some(message)) = stage.receive(Duration::from_secs(30)) {
        if let ToStage::Event(event) = message {
            events.push(event);
        }
    }
    assert!(events.iter().enumerate().all(|(at, event)| event.seq == at as u64));
    assert!(matches!(events.last().map(|event| &event.kind), Some(Kind::Phase { phase: Phase::Ended, .. })));
    session.join().expect("the session ended well");
}

#[test]
fn a_stage_that_dies_is_followed_by_another_on_the_same_session() {
    let (view, second, session) = moved_to(inner_room::host::Shown::Screen);
    assert_eq!(view.question, Some(inner_room::dialogue::event::Question::Belief));
    second.send(Input::Control(Control::Stop)).expect("the host listens");
    while let Ok(Some(_)) = second.receive(std::time::Duration::from_secs(30)) {}
    session.join().expect("the session ended well");
}

/// A stage on which an evening was begun is gone, and this is where the next one is shown: the view that it begins with, and
/// itself.
fn moved_to(
    shown: inner_room::host::Shown,
) -> (Box<inner_room::dialogue::View>, inner_room::host::Link, inner_room::host::RunningHost) {
    use inner_room::host::{Parts, ToStage, link, spawn};
    let (first, host) = link();
    let cast = Box::new(inner_room::cast::story::StoryCast::new().expect("the material is in its form"));
    let session = spawn(Parts::of(cast), host).expect("a thread");
    first.send(Input::Begin(Box::new(setup(1)))).expect("the host listens");
    first.send(Input::Intake("that I'm lazy".to_owned())).expect("the host listens");
    drop(first);
    let (next, host) = link();
    session.attach(host, shown).expect("the session goes on");
    let Ok(Some(ToStage::View(view))) = next.receive(std::time::Duration::from_secs(30)) else {
        panic!("the next stage begins with the view");
    };
    (view, next, session)
}

#[test]
fn an_evening_that_moves_into_a_headset_waits_until_somebody_wears_it() {
    use inner_room::dialogue::input::Attention;
    use inner_room::host::{Shown, ToStage};
    let (view, stage, session) = moved_to(Shown::Headset);
    assert!(view.paused, "nobody wears it yet");
    stage.send(Input::Attention(Attention::Away)).expect("the host listens");
    stage.send(Input::Attention(Attention::Present)).expect("the host listens");
    // A host that does not go on fails by the patience running out.
    let went_on = std::iter::from_fn(|| stage.receive(std::time::Duration::from_secs(30)).ok().flatten())
        .any(|message| matches!(message, ToStage::View(view) if !view.paused));
    assert!(went_on);
    stage.send(Input::Control(Control::Stop)).expect("the host listens");
    while let Ok(Some(_)) = stage.receive(std::time::Duration::from_secs(30)) {}
    session.join().expect("the session ended well");
    let (view, stage, session) = moved_to(Shown::Screen);
    assert!(!view.paused, "whoever sits before a screen is there");
    drop(stage);
    session.join().expect("the session ended well");
}

#[test]
fn a_host_whose_stage_is_gone_for_good_ends() {
    use inner_room::host::{Parts, link, spawn};
    let (stage, host) = link();
    let cast = Box::new(inner_room::cast::story::StoryCast::new().expect("the material is in its form"));
    let session = spawn(Parts::of(cast), host).expect("a thread");
    drop(stage);
    session.join().expect("the session ended well");
}

#[test]
fn words_that_are_added_or_corrected_before_the_answer_count_once() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Open, nothing);
    by_hand.asked.clear();
    let before = by_hand.session.strength().value();
    by_hand.say(5, "I'm here.");
    answer_all(&mut by_hand);
    by_hand.say(6, "No thunder.");
    answer_all(&mut by_hand);
    by_hand.say(6, "No wonder.");
    let last = by_hand.asked.last().expect("asked again").0.clone();
    assert_eq!(last.context.last_said(), "I'm here. No wonder.");
    answer_all(&mut by_hand);
    let dropped = before - by_hand.session.strength().value();
    assert!((dropped - 0.03).abs() < 1e-4, "{dropped}");
    by_hand.spoken.clear();
    by_hand.now = by_hand.now + Millis(6_000);
    by_hand.feed(Input::Tick);
    by_hand.now = by_hand.now + Millis(600);
    by_hand.feed(Input::Tick);
    assert_eq!(by_hand.spoken.len(), 1, "one answer, not three: {:?}", by_hand.spoken);
}

fn answer_all(by_hand: &mut ByHand) {
    while !by_hand.asked.is_empty() {
        let (request, _) = by_hand.asked.remove(0);
        by_hand.answer(&request);
    }
}

#[test]
fn a_strategist_that_never_answers_does_not_keep_the_evening_from_ending() {
    let mut by_hand = ByHand::new();
    for round in 0..6 {
        by_hand.until(Phase::Open, nothing);
        by_hand.say(10 + round, "No wonder.");
        for at in 0..by_hand.asked.len() {
            let (request, _) = by_hand.asked[at].clone();
            if matches!(request.task, Task::Verdict) {
                by_hand.asked.remove(at);
                let part = Part::Failed(inner_room::dialogue::request::AskError::Permanent);
                by_hand.feed(Input::Answer { ask: request.ask, part });
                break;
            }
        }
    }
    by_hand.until(Phase::Ended, nothing);
    assert!(
        by_hand
            .events
            .iter()
            .any(|kind| matches!(kind, Kind::End { because: EndReason::Rounds, rounds: 6, .. }))
    );
}

#[test]
fn an_sos_while_the_person_speaks_is_not_kept_waiting() {
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Thought, nothing);
    by_hand.feed(Input::Onset { utterance: UtteranceId(5) });
    by_hand.spoken.clear();
    by_hand.feed(Input::Control(Control::Sos));
    assert_eq!(by_hand.spoken.first().map(|(_, agent, ..)| *agent), Some(Agent::Guide));
}

fn allow_face(by_hand: &mut ByHand) {
    use inner_room::dialogue::face::Level;
    use inner_room::dialogue::input::Sense;
    by_hand.feed(Input::Consent(Sense::Face, Level::Aware));
}

#[test]
fn distress_stops_the_devil_in_mid_word_a_second_late_and_only_with_consent() {
    let distress = || {
        let summary = FaceSummary { valence: -0.8, arousal: 0.7, ..FaceSummary::default() };
        Input::Face(face(summary).summary)
    };
    let mut by_hand = ByHand::new();
    by_hand.until(Phase::Thought, nothing);
    by_hand.feed(distress());
    by_hand.now = by_hand.now + Millis(1_000);
    by_hand.feed(Input::Tick);
    assert_eq!(by_hand.hushed, [], "nobody looks without consent");
    allow_face(&mut by_hand);
    by_hand.feed(distress());
    assert_eq!(by_hand.hushed, [], "not at once: nobody is to feel watched");
    by_hand.now = by_hand.now + Millis(1_000);
    by_hand.feed(Input::Tick);
    assert_eq!(by_hand.hushed, [Hush::Now]);
}

#[test]
fn whoever_turns_away_is_given_six_seconds_more() {
    let hint_after = |turned_away: bool| {
        let mut by_hand = ByHand::new();
        allow_face(&mut by_hand);
        by_hand.until(Phase::Open, nothing);
        if turned_away {
            let summary = FaceSummary { away_ms: 4_500, ..FaceSummary::default() };
            by_hand.feed(Input::Face(face(summary).summary));
        }
        let opened = by_hand.now;
        while !by_hand.events.iter().any(|kind| matches!(kind, Kind::Hint { .. })) {
            answer_all(&mut by_hand);
            by_hand.now = by_hand.session.next_deadline().expect("a hint is to come").max(by_hand.now);
            by_hand.feed(Input::Tick);
        }
        by_hand.now.since(opened).0
    };
    assert_eq!(hint_after(true), hint_after(false) + 6_000);
}

#[test]
fn a_place_of_work_never_becomes_aware() {
    use inner_room::dialogue::face::Venue;
    let at_work = Setup { venue: Venue::Workplace, ..setup(7) };
    let heavy = FaceSummary { valence: -0.5, disagrees: true, ..FaceSummary::default() };
    let evening = Visitor::new(CONCERN, 7, &["No wonder.", "I like that you kept going."])
        .evening_with(at_work, &[face(heavy)]);
    assert!(cues(&evening).is_empty());
}
