//! What stands against opening the doors, and what only needs to be known.
//!
//! It is pure: whoever asks has looked at the machine and the settings and put down what was found as [`Facts`]. The
//! rules are C-7 and C-12 of `safety.md`: strangers are let in only where helplines are fresh, somebody is on duty, and
//! the call that reaches them has been tried.

use std::net::SocketAddr;

use crate::dialogue::face::Venue;
use crate::dialogue::safety::Freshness;

/// So much has to be free where the program writes, in bytes.
pub const ROOM: u64 = 200 * 1_000_000;

/// What was found. Nothing of it is guessed: what nobody looked at counts as missing.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The country of the helplines, as it is set.
    pub country: Option<String>,
    /// How far the helpline that the card would show for that country can be relied on; none where there is none.
    pub helpline: Option<Freshness>,
    /// The person on duty, as it is set.
    pub staff: Option<String>,
    /// What became of a test of the staff call.
    pub call: CallFact,
    /// Where the room stands, as it is set.
    pub venue: Option<Venue>,
    /// Whether visitors may be offered the camera, or faces are counted with it.
    pub camera: bool,
    /// Where the program writes.
    pub disk: DiskFact,
    /// Whether figures can be heard.
    pub loudspeaker: bool,
    /// Whether a visitor can be heard.
    pub microphone: bool,
    /// Why faces cannot be counted, where that is set, in a line that says what to do.
    pub sight_fault: Option<String>,
    /// The language model.
    pub model: ModelFact,
    /// How loud the hall is, in dBFS of the microphone; none where nobody measured.
    pub hall_db: Option<f32>,
    /// What was wrong with listening to it, in a line that says what to do; none where nothing was.
    pub hall_fault: Option<String>,
    /// The loudest it may be for free speech, in dBFS.
    pub loudest_db: f32,
    /// Whether a PIN is set.
    pub pin: bool,
    /// Where the staff's page would listen.
    pub listen: SocketAddr,
    /// The token of the staff's page.
    pub token: TokenFact,
}

/// What became of a test of the staff call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFact {
    /// There is no command.
    Missing,
    /// It was not tried.
    Untried,
    /// It was tried and did not work; the line says how.
    Failed(String),
    /// It worked.
    Worked,
}

/// Where the program writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskFact {
    /// It may not write there; the line says where and why.
    NotWritable(String),
    /// It may, and so many bytes are free.
    Free(u64),
}

/// The language model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelFact {
    /// It opens without one, too.
    NotNeeded,
    /// It is needed, and none is set.
    Missing,
    /// It is needed, and does not answer.
    Silent,
    /// It answers.
    Answers,
}

/// The token of the staff's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFact {
    /// No file is named, or it is not there.
    Missing,
    /// Others may read it.
    TooOpen,
    /// It is shorter than 16 letters.
    TooShort,
    /// It is no single word that a header can carry.
    Unfit,
    /// It can be used.
    Fine,
}

/// How much something weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The doors open all the same.
    Warns,
    /// The doors stay closed.
    Refuses,
}

/// What stands against opening. Each is one line that says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "what each says is its documentation")]
pub enum Refusal {
    #[error("no country is set for the helplines. Set country in config.toml, like country = \"GB\"")]
    NoCountry,
    #[error(
        "no helpline is known for the country {0}. Correct country in config.toml, or add a record to helplines.toml"
    )]
    UnknownCountry(String),
    #[error(
        "nobody has verified the helpline for {0}. Ring it, then give its record last_verified and verified_by in helplines.toml"
    )]
    HelplineUnverified(String),
    #[error(
        "the helpline for {0} was verified over 180 days ago. Ring it again, then set last_verified in helplines.toml"
    )]
    HelplineExpired(String),
    #[error(
        "the helpline for {0} was verified over 90 days ago. Ring it again before 180 are over, then set last_verified in helplines.toml"
    )]
    HelplineAgeing(String),
    #[error("nobody is named who is on duty. Set staff in config.toml to the person who is here today")]
    NobodyOnDuty,
    #[error(
        "no command calls the staff. Set call in [exhibit], like call = [\"/usr/local/bin/ring\", \"desk\"]"
    )]
    NoCall,
    #[error("the staff call was not tried. Try it, and see that it reaches the person on duty")]
    CallUntried,
    #[error("{0}")]
    CallFailed(String),
    #[error("nothing says where the room stands. Set venue = \"exhibition\" in config.toml")]
    NoVenue,
    #[error("venue is {0}, not exhibition. Set venue = \"exhibition\" in config.toml if strangers come here")]
    NoExhibition(&'static str),
    #[error(
        "in a venue that is {0} no camera may look at people here. Set camera = false and count_faces = false in [exhibit]"
    )]
    CameraHere(&'static str),
    #[error(
        "the program cannot write where it has to: {0}. Make the folder writable, or name another with data_dir"
    )]
    NotWritable(String),
    #[error("only {0} MB are free where the program writes, and 200 are needed. Make room")]
    DiskFull(u64),
    #[error(
        "there is no loudspeaker, and figures that cannot be heard are no exhibition. Plug one in, or name it with loudspeaker in config.toml"
    )]
    NoLoudspeaker,
    #[error(
        "there is no microphone: visitors can touch and type, and cannot speak. Plug one in if they are to"
    )]
    NoMicrophone,
    #[error(
        "model_needed is set, and no model is. Name a server with cast in config.toml, or set model_needed = false"
    )]
    NoModel,
    #[error(
        "the language model does not answer. Start its server, or set model_needed = false to open with written material"
    )]
    ModelSilent,
    #[error(
        "the hall has {0} dBFS, over the {1} of loudest_db: visitors are offered beginnings of sentences beside free speech. Move the microphone nearer to them if they are to speak freely"
    )]
    TooLoud(f32, f32),
    #[error("count_faces is set, and nobody can be seen coming: {0}")]
    NobodySeen(String),
    #[error("how loud the hall is could not be measured well: {0}")]
    HallUnheard(String),
    #[error(
        "there is no PIN for the staff's panel. Set pin in [exhibit], 4 to 12 digits between quotation marks"
    )]
    NoPin,
    #[error(
        "the staff's page would be open to the network at {0} without a token. Name a file with token_file in [exhibit], or listen at 127.0.0.1"
    )]
    NoToken(SocketAddr),
    #[error(
        "others may read the file with the token of the staff's page. chmod 600 it, and put a new token into it"
    )]
    TokenTooOpen,
    #[error(
        "the token of the staff's page is shorter than 16 letters. Make a longer one, like with: openssl rand -hex 16"
    )]
    TokenTooShort,
    #[error(
        "the token of the staff's page is not one word of letters, digits and signs. Make one, like with: openssl rand -hex 16"
    )]
    TokenUnfit,
}

impl Refusal {
    /// How much it weighs.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::HelplineAgeing(_)
            | Self::NoMicrophone
            | Self::NobodySeen(_)
            | Self::TooLoud(..)
            | Self::HallUnheard(_) => Severity::Warns,
            _ => Severity::Refuses,
        }
    }
}

/// Everything that stands against opening, in the order in which it is said. Empty where nothing does.
#[must_use]
pub fn check(facts: &Facts) -> Vec<Refusal> {
    let helpline = helpline(facts.country.as_deref(), facts.helpline);
    let found = [helpline, duty(facts.staff.as_deref()), call(facts)];
    let heard = facts.hall_fault.clone().map(Refusal::HallUnheard);
    let seen = facts.sight_fault.clone().map(Refusal::NobodySeen);
    let things =
        [disk(facts), loudspeaker(facts), microphone(facts), seen, model(facts), loudness(facts), heard];
    let staff = [pin(facts), token(facts)];
    found.into_iter().chain(venue(facts)).chain(things).chain(staff).flatten().collect()
}

/// Whether the doors may open.
#[must_use]
pub fn may_open(found: &[Refusal]) -> bool {
    found.iter().all(|refusal| refusal.severity() == Severity::Warns)
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// What stands against the helpline of a country, as it is set.
pub(super) fn helpline(country: Option<&str>, helpline: Option<Freshness>) -> Option<Refusal> {
    let Some(country) = said(country).map(str::to_uppercase) else {
        return Some(Refusal::NoCountry);
    };
    match helpline {
        None => Some(Refusal::UnknownCountry(country)),
        Some(Freshness::Unverified) => Some(Refusal::HelplineUnverified(country)),
        Some(Freshness::Expired) => Some(Refusal::HelplineExpired(country)),
        Some(Freshness::Ageing) => Some(Refusal::HelplineAgeing(country)),
        Some(Freshness::Verified) => None,
    }
}

/// Whether nobody is named who is on duty.
pub(super) fn duty(staff: Option<&str>) -> Option<Refusal> {
    said(staff).is_none().then_some(Refusal::NobodyOnDuty)
}

fn call(facts: &Facts) -> Option<Refusal> {
    match &facts.call {
        CallFact::Missing => Some(Refusal::NoCall),
        CallFact::Untried => Some(Refusal::CallUntried),
        CallFact::Failed(how) => Some(Refusal::CallFailed(how.clone())),
        CallFact::Worked => None,
    }
}

/// The kind of place, and that no camera looks at people where the law forbids it (EU AI Act, article 5(1)(f)).
fn venue(facts: &Facts) -> [Option<Refusal>; 2] {
    let name = match facts.venue {
        None => return [Some(Refusal::NoVenue), None],
        Some(Venue::Exhibition) => return [None, None],
        Some(Venue::Home) => "home",
        Some(Venue::Workplace) => "workplace",
        Some(Venue::Education) => "education",
    };
    let forbidden = matches!(facts.venue, Some(Venue::Workplace | Venue::Education));
    [Some(Refusal::NoExhibition(name)), (forbidden && facts.camera).then_some(Refusal::CameraHere(name))]
}

fn disk(facts: &Facts) -> Option<Refusal> {
    match &facts.disk {
        DiskFact::NotWritable(why) => Some(Refusal::NotWritable(why.clone())),
        DiskFact::Free(bytes) if *bytes < ROOM => Some(Refusal::DiskFull(bytes / 1_000_000)),
        DiskFact::Free(_) => None,
    }
}

fn loudspeaker(facts: &Facts) -> Option<Refusal> {
    (!facts.loudspeaker).then_some(Refusal::NoLoudspeaker)
}

fn microphone(facts: &Facts) -> Option<Refusal> {
    (!facts.microphone).then_some(Refusal::NoMicrophone)
}

fn model(facts: &Facts) -> Option<Refusal> {
    match facts.model {
        ModelFact::Missing => Some(Refusal::NoModel),
        ModelFact::Silent => Some(Refusal::ModelSilent),
        ModelFact::NotNeeded | ModelFact::Answers => None,
    }
}

fn loudness(facts: &Facts) -> Option<Refusal> {
    let loud = facts.hall_db.filter(|level| *level > facts.loudest_db)?;
    Some(Refusal::TooLoud(loud.round(), facts.loudest_db.round()))
}

fn pin(facts: &Facts) -> Option<Refusal> {
    (!facts.pin).then_some(Refusal::NoPin)
}

/// On this machine alone the page does without a token: it then takes no orders. One that is named has to be good.
fn token(facts: &Facts) -> Option<Refusal> {
    let here = facts.listen.ip().to_canonical().is_loopback();
    match facts.token {
        TokenFact::Missing if !here => Some(Refusal::NoToken(facts.listen)),
        TokenFact::TooOpen => Some(Refusal::TokenTooOpen),
        TokenFact::TooShort => Some(Refusal::TokenTooShort),
        TokenFact::Unfit => Some(Refusal::TokenUnfit),
        TokenFact::Missing | TokenFact::Fine => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place that may open.
    fn good() -> Facts {
        Facts {
            country: Some("GB".to_owned()),
            helpline: Some(Freshness::Verified),
            staff: Some("Ana at the desk".to_owned()),
            call: CallFact::Worked,
            venue: Some(Venue::Exhibition),
            camera: true,
            disk: DiskFact::Free(ROOM),
            loudspeaker: true,
            microphone: true,
            sight_fault: None,
            model: ModelFact::NotNeeded,
            hall_db: Some(-50.0),
            hall_fault: None,
            loudest_db: -35.0,
            pin: true,
            listen: "192.168.1.4:8414".parse().expect("an address"),
            token: TokenFact::Fine,
        }
    }

    /// What is found where one thing is different.
    fn found(change: impl FnOnce(&mut Facts)) -> Vec<Refusal> {
        let mut facts = good();
        change(&mut facts);
        check(&facts)
    }

    fn gb() -> String {
        "GB".to_owned()
    }

    #[test]
    fn a_place_where_everything_is_there_may_open() {
        assert_eq!(check(&good()), []);
        assert!(may_open(&[]));
    }

    #[test]
    fn h4_helplines_that_cannot_be_relied_on_keep_the_doors_closed() {
        for (helpline, expected) in [
            (None, Refusal::UnknownCountry(gb())),
            (Some(Freshness::Unverified), Refusal::HelplineUnverified(gb())),
            (Some(Freshness::Expired), Refusal::HelplineExpired(gb())),
        ] {
            let found = found(|facts| facts.helpline = helpline);
            assert_eq!(found, [expected]);
            assert!(!may_open(&found));
        }
        for country in [None, Some(String::new()), Some("  ".to_owned())] {
            assert_eq!(found(|facts| facts.country = country), [Refusal::NoCountry]);
        }
        let ageing = found(|facts| facts.helpline = Some(Freshness::Ageing));
        assert_eq!(ageing, [Refusal::HelplineAgeing(gb())]);
        assert!(may_open(&ageing), "between 90 and 180 days it is only said");
    }

    #[test]
    fn somebody_on_duty_is_named() {
        for staff in [None, Some(String::new()), Some(" \t".to_owned())] {
            assert_eq!(found(|facts| facts.staff = staff), [Refusal::NobodyOnDuty]);
        }
    }

    #[test]
    fn the_staff_call_was_tried_and_worked() {
        for (call, expected) in [
            (CallFact::Missing, Refusal::NoCall),
            (CallFact::Untried, Refusal::CallUntried),
            (CallFact::Failed("ring did not".to_owned()), Refusal::CallFailed("ring did not".to_owned())),
        ] {
            let found = found(|facts| facts.call = call);
            assert_eq!(found, [expected]);
            assert!(!may_open(&found));
        }
    }

    #[test]
    fn strangers_come_only_to_an_exhibition() {
        assert_eq!(found(|facts| facts.venue = None), [Refusal::NoVenue]);
        assert_eq!(found(|facts| facts.venue = Some(Venue::Home)), [Refusal::NoExhibition("home")]);
    }

    #[test]
    fn at_work_and_at_school_no_camera_looks_at_people() {
        for (venue, name) in [(Venue::Workplace, "workplace"), (Venue::Education, "education")] {
            let with = found(|facts| facts.venue = Some(venue));
            assert_eq!(with, [Refusal::NoExhibition(name), Refusal::CameraHere(name)]);
            let without = found(|facts| (facts.venue, facts.camera) = (Some(venue), false));
            assert_eq!(without, [Refusal::NoExhibition(name)]);
        }
    }

    #[test]
    fn there_is_room_to_write() {
        assert_eq!(found(|facts| facts.disk = DiskFact::Free(ROOM - 1)), [Refusal::DiskFull(199)]);
        let denied = found(|facts| facts.disk = DiskFact::NotWritable("/srv: denied".to_owned()));
        assert_eq!(denied, [Refusal::NotWritable("/srv: denied".to_owned())]);
        assert!(!may_open(&denied));
    }

    #[test]
    fn without_a_loudspeaker_it_stays_closed_and_without_a_microphone_it_opens() {
        let deaf = found(|facts| facts.microphone = false);
        assert_eq!(deaf, [Refusal::NoMicrophone]);
        assert!(may_open(&deaf));
        let mute = found(|facts| facts.loudspeaker = false);
        assert_eq!(mute, [Refusal::NoLoudspeaker]);
        assert!(!may_open(&mute));
    }

    #[test]
    fn a_model_that_is_needed_answers() {
        assert_eq!(found(|facts| facts.model = ModelFact::Answers), []);
        assert_eq!(found(|facts| facts.model = ModelFact::Missing), [Refusal::NoModel]);
        assert_eq!(found(|facts| facts.model = ModelFact::Silent), [Refusal::ModelSilent]);
    }

    #[test]
    fn a_hall_that_is_too_loud_is_only_said() {
        let loud = found(|facts| facts.hall_db = Some(-20.4));
        assert_eq!(loud, [Refusal::TooLoud(-20.0, -35.0)]);
        assert!(may_open(&loud) && loud[0].to_string().contains("beginnings of sentences"));
        for level in [None, Some(-35.0), Some(f32::NEG_INFINITY), Some(f32::NAN)] {
            assert_eq!(found(|facts| facts.hall_db = level), [], "{level:?}");
        }
    }

    #[test]
    fn a_camera_that_cannot_count_is_only_said_with_what_to_do() {
        let blind = found(|facts| facts.sight_fault = Some("there is no camera; connect one".to_owned()));
        assert!(may_open(&blind) && blind.len() == 1, "{blind:?}");
        let line = blind[0].to_string();
        assert!(line.contains("count_faces") && line.ends_with("connect one"), "{line}");
    }

    #[test]
    fn a_hall_that_could_not_be_heard_is_only_said() {
        let unheard = found(|facts| {
            (facts.hall_db, facts.hall_fault) = (None, Some("it is muted. Unmute it".to_owned()));
        });
        assert!(may_open(&unheard) && unheard[0].to_string().ends_with("it is muted. Unmute it"));
        assert_eq!(unheard.len(), 1);
    }

    #[test]
    fn the_staff_have_a_pin() {
        assert_eq!(found(|facts| facts.pin = false), [Refusal::NoPin]);
    }

    #[test]
    fn a_page_on_the_network_has_a_good_token() {
        for (token, expected) in [
            (TokenFact::TooOpen, Refusal::TokenTooOpen),
            (TokenFact::TooShort, Refusal::TokenTooShort),
            (TokenFact::Unfit, Refusal::TokenUnfit),
        ] {
            assert_eq!(found(|facts| facts.token = token), [expected]);
        }
        let open = found(|facts| facts.token = TokenFact::Missing);
        assert!(
            matches!(open[..], [Refusal::NoToken(_)]) && open[0].to_string().contains("192.168.1.4:8414")
        );
        for here in ["127.0.0.1:8414", "127.0.0.9:1", "[::1]:8414", "[::ffff:127.0.0.1]:8414"] {
            let listen = here.parse().expect("an address");
            assert_eq!(
                found(|facts| (facts.listen, facts.token) = (listen, TokenFact::Missing)),
                [],
                "{here}"
            );
        }
        let everywhere = "0.0.0.0:8414".parse().expect("an address");
        let open = found(|facts| (facts.listen, facts.token) = (everywhere, TokenFact::Missing));
        assert!(!may_open(&open));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_each_in_a_line_that_says_what_to_do() {
        let mut facts = good();
        (facts.country, facts.staff, facts.venue) = (None, None, Some(Venue::Workplace));
        (facts.call, facts.disk, facts.model) = (CallFact::Missing, DiskFact::Free(0), ModelFact::Silent);
        (facts.loudspeaker, facts.microphone, facts.pin) = (false, false, false);
        (facts.hall_db, facts.token) = (Some(0.0), TokenFact::Missing);
        let found = check(&facts);
        assert_eq!(found.len(), 12, "{found:?}");
        for refusal in found {
            let line = refusal.to_string();
            assert!(!line.contains('\n') && line.contains(". ") || line.contains("Plug"), "{line}");
            assert!(!line.contains('!') && line.len() < 240, "{line}");
        }
    }
}
