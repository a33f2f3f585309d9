//! The staff's panel on the screen, and the call for a person: who may open it, for how long it stays open, and what became of a
//! call. It stands where no visitor is known, so that whoever guesses the PIN guesses it here, however often a station begins
//! anew.

use std::time::{Duration, Instant};

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::call::Reason;
use super::pin::{Entered, Limiter};
use super::staff::{Board, Count, Order, What};
use crate::config::exhibit::Pin;
use crate::config::helplines::{AGEING_AFTER, EXPIRED_AFTER};
use crate::host::{Call, CallTrial, Care, Digits, Duty, Panel, StaffWish};

/// How long the panel stays open while nobody wishes for anything.
const STAYS: Duration = Duration::from_secs(60);
/// How long a word about a wrong PIN stands.
const STANDS: Duration = Duration::from_secs(4);
/// How long a visitor's call holds before they can call again.
const HOLDS: Duration = Duration::from_secs(20);

/// What the panel is kept with.
#[derive(Clone, Debug, Default)]
pub struct Staffed {
    /// The PIN; nobody can open the panel without one.
    pub pin: Option<Pin>,
    /// Whether there is a command that calls a person.
    pub calls: bool,
    /// The station's label.
    pub station: String,
    /// The languages that are offered.
    pub languages: Vec<String>,
    /// The last day on which the helplines are not expired, where they were verified.
    pub helplines: Option<Date>,
}

/// A call has been tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rang {
    /// Why a person was called.
    pub reason: Reason,
    /// Why nobody was reached, in one line; none where the command says that somebody was.
    pub failed: Option<String>,
}

/// What follows from a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// Nothing.
    Nothing,
    /// An order, as if it came from the staff's page.
    Order(Order),
    /// A visitor wants a person.
    Rings,
}

/// The panel, as it stands now.
pub(super) struct StaffPanel {
    staffed: Staffed,
    limiter: Option<Limiter>,
    since: Instant,
    /// Until when it is open.
    open_until: Option<Instant>,
    wrong_until: Option<Instant>,
    trial: CallTrial,
    call: Call,
    /// How many calls are still tried of visitors who have gone.
    theirs: u32,
    rang: Option<Instant>,
    called: Option<String>,
    sos: bool,
}

impl StaffPanel {
    pub(super) fn new(staffed: Staffed) -> Self {
        let limiter = staffed.pin.as_ref().map(Limiter::new);
        Self {
            trial: if staffed.calls { CallTrial::Untried } else { CallTrial::NoCommand },
            staffed,
            limiter,
            since: Instant::now(),
            open_until: None,
            wrong_until: None,
            call: Call::None,
            theirs: 0,
            rang: None,
            called: None,
            sos: false,
        }
    }

    /// What is wished for. Whoever has not entered the PIN can only call a person.
    pub(super) fn hear(&mut self, wish: StaffWish, now: Instant) -> Follows {
        match wish {
            StaffWish::VisitorCalls => return self.visitor_calls(now),
            StaffWish::Enter(digits) => {
                self.enter(&digits, now);
                return Follows::Nothing;
            }
            _ if !self.is_open(now) => return Follows::Nothing,
            StaffWish::Leave => {
                self.open_until = None;
                return Follows::Nothing;
            }
            _ => self.open_until = Some(now + STAYS),
        }
        let order = |what| Follows::Order(Order { order: Some(what), volume: None, lang: None });
        match wish {
            StaffWish::Pause => order(What::Pause),
            StaffWish::Resume => order(What::Resume),
            StaffWish::Skip => order(What::Skip),
            StaffWish::Restart => order(What::Restart),
            StaffWish::Close => order(What::Close),
            StaffWish::Open => order(What::Open),
            StaffWish::TestCall => order(What::TestCall),
            StaffWish::CallColleague => order(What::Call),
            StaffWish::Volume(volume) => {
                Follows::Order(Order { order: None, volume: Some(volume.min(100)), lang: None })
            }
            StaffWish::Lang(lang) if self.staffed.languages.contains(&lang) => {
                Follows::Order(Order { order: None, volume: None, lang: Some(lang) })
            }
            StaffWish::Seen => {
                (self.called, self.sos) = (None, false);
                Follows::Nothing
            }
            _ => Follows::Nothing,
        }
    }

    fn is_open(&self, now: Instant) -> bool {
        self.open_until.is_some_and(|until| now < until)
    }

    fn enter(&mut self, Digits(digits): &Digits, now: Instant) {
        let Some(limiter) = &mut self.limiter else { return };
        match limiter.enter(digits, now.duration_since(self.since)) {
            Entered::Right => (self.open_until, self.wrong_until) = (Some(now + STAYS), None),
            Entered::Wrong => self.wrong_until = Some(now + STANDS),
            // How long it is says the limiter itself.
            Entered::Wait(_) => self.wrong_until = None,
        }
    }

    /// A person is called at most once in a while, however often the button is pressed.
    fn visitor_calls(&mut self, now: Instant) -> Follows {
        let rings = self.call == Call::Runs;
        let holds = self.call == Call::Told && self.rang.is_some_and(|at| now < at + HOLDS);
        if rings || holds {
            return Follows::Nothing;
        }
        if !self.staffed.calls {
            self.call = Call::Nobody;
            return Follows::Nothing;
        }
        (self.call, self.rang) = (Call::Runs, Some(now));
        Follows::Rings
    }

    /// The operator's command is run.
    pub(super) fn rings(&mut self, reason: Reason) {
        if reason == Reason::Test && self.staffed.calls {
            self.trial = CallTrial::Runs;
        }
    }

    /// What became of a call, at this time by the clock.
    pub(super) fn rang(&mut self, rang: Rang, time: String) {
        let reached = rang.failed.is_none();
        match rang.reason {
            Reason::Visitor => {
                if self.theirs > 0 {
                    self.theirs -= 1;
                } else {
                    self.call = if reached { Call::Told } else { Call::Failed };
                }
                self.called = Some(time.clone());
            }
            Reason::Test | Reason::Staff => {}
        }
        self.trial = match (rang.failed, rang.reason) {
            (Some(why), _) => CallTrial::Failed(why),
            (None, Reason::Test) => CallTrial::Worked(time),
            (None, Reason::Visitor | Reason::Staff) => std::mem::take(&mut self.trial),
        };
    }

    /// The help card came up.
    pub(super) fn sos(&mut self) {
        self.sos = true;
    }

    /// A visitor has gone, and what became of their call with them. That they called stands until somebody has come.
    pub(super) fn visitor_left(&mut self) {
        self.theirs += u32::from(self.call == Call::Runs);
        self.call = Call::None;
    }

    /// How everything stands.
    pub(super) fn care(&self, (board, paused): (&Board, bool), now: Instant) -> Care {
        Care { paused, call: self.call, panel: self.panel(board, now) }
    }

    fn panel(&self, board: &Board, now: Instant) -> Panel {
        let Some(limiter) = &self.limiter else { return Panel::NoPin };
        let waits = limiter.waits(now.duration_since(self.since));
        if self.is_open(now) {
            Panel::Open(Box::new(self.duty(board)))
        } else if waits > Duration::ZERO {
            Panel::Waits(waits.as_secs() + u64::from(waits.subsec_nanos() > 0))
        } else if self.wrong_until.is_some_and(|until| now < until) {
            Panel::Wrong
        } else {
            Panel::Shut
        }
    }

    fn duty(&self, board: &Board) -> Duty {
        let shown = board.shown();
        Duty {
            station: self.staffed.station.clone(),
            state: board.state().name().to_owned(),
            visits: board.counted(Count::Begun),
            unwell: board.unwell().into_iter().map(str::to_owned).collect(),
            volume: shown.volume,
            lang: shown.lang,
            languages: self.staffed.languages.clone(),
            trial: self.trial.clone(),
            called: self.called.clone(),
            sos: self.sos,
            helplines: self.staffed.helplines.and_then(|until| days_left(until, ZonedDateTime::now().date())),
        }
    }
}

/// In how many days the helplines have to be verified anew, where that is soon: once they are to be looked at again, as the
/// check before opening says.
fn days_left(until: Date, today: Date) -> Option<u16> {
    let days = (until - today).get_days().max(0);
    (days < EXPIRED_AFTER - AGEING_AFTER).then(|| u16::try_from(days).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> StaffPanel {
        StaffPanel::new(Staffed {
            pin: Pin::new("0417"),
            calls: true,
            station: "hall 2".to_owned(),
            languages: vec!["en".to_owned()],
            helplines: None,
        })
    }

    #[test]
    fn the_staff_read_in_how_many_days_the_helplines_expire_once_that_is_soon() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let until = day("2026-09-30");
        assert_eq!(days_left(until, day("2026-07-02")), None);
        assert_eq!(days_left(until, day("2026-07-03")), Some(89));
        assert_eq!(days_left(until, day("2026-09-30")), Some(0));
        assert_eq!(days_left(until, day("2026-12-01")), Some(0), "they are expired");
    }

    fn enters(digits: &str) -> StaffWish {
        StaffWish::Enter(Digits(digits.to_owned()))
    }

    fn order(what: What) -> Follows {
        Follows::Order(Order { order: Some(what), volume: None, lang: None })
    }

    #[test]
    fn without_the_pin_nothing_is_done_but_a_visitors_call() {
        let (mut panel, now) = (panel(), Instant::now());
        let all = [
            StaffWish::Pause,
            StaffWish::Skip,
            StaffWish::Restart,
            StaffWish::Close,
            StaffWish::TestCall,
            StaffWish::CallColleague,
            StaffWish::Volume(0),
            StaffWish::Lang("en".to_owned()),
            StaffWish::Stay,
        ];
        for wish in all {
            assert_eq!(panel.hear(wish, now), Follows::Nothing);
        }
        assert_eq!(panel.care((&Board::new(), false), now).panel, Panel::Shut);
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Rings);
    }

    #[test]
    fn the_pin_opens_it_for_a_minute_from_the_last_wish_on() {
        let (mut panel, now, board) = (panel(), Instant::now(), Board::new());
        assert_eq!(panel.hear(enters("0417"), now), Follows::Nothing);
        let open = |panel: &StaffPanel, now| matches!(panel.care((&board, false), now).panel, Panel::Open(_));
        assert!(open(&panel, now));
        let later = now + STAYS - Duration::from_secs(1);
        assert_eq!(panel.hear(StaffWish::Pause, later), order(What::Pause));
        assert!(open(&panel, later + STAYS - Duration::from_secs(1)) && !open(&panel, later + STAYS));
        assert_eq!(panel.hear(StaffWish::Resume, later + STAYS), Follows::Nothing, "it has closed by itself");
        assert_eq!(panel.hear(enters("0417"), later + STAYS), Follows::Nothing);
        assert_eq!(panel.hear(StaffWish::Leave, later + STAYS), Follows::Nothing);
        assert!(!open(&panel, later + STAYS));
    }

    #[test]
    fn ten_wrong_pins_wait_and_say_for_how_long_and_show_nothing() {
        let (mut panel, now, board) = (panel(), Instant::now(), Board::new());
        assert_eq!(panel.hear(enters("1"), now), Follows::Nothing);
        assert_eq!(panel.care((&board, false), now).panel, Panel::Wrong);
        assert_eq!(panel.care((&board, false), now + STANDS).panel, Panel::Shut);
        for _ in 0..9 {
            assert_eq!(panel.hear(enters("1"), now), Follows::Nothing);
        }
        assert_eq!(panel.care((&board, false), now).panel, Panel::Waits(5));
        assert_eq!(panel.hear(enters("0417"), now), Follows::Nothing);
        assert_eq!(panel.care((&board, false), now).panel, Panel::Waits(5), "not even the right one");
        let later = now + Duration::from_secs(6);
        assert_eq!(panel.hear(enters("0417"), later), Follows::Nothing);
        let open = panel.care((&board, false), later).panel;
        assert!(matches!(&open, Panel::Open(duty) if duty.station == "hall 2"), "{open:?}");
    }

    #[test]
    fn without_a_pin_nobody_opens_it() {
        let (mut panel, now) = (StaffPanel::new(Staffed::default()), Instant::now());
        for digits in ["", "0000", "0417"] {
            assert_eq!(panel.hear(enters(digits), now), Follows::Nothing);
        }
        assert_eq!(panel.care((&Board::new(), false), now).panel, Panel::NoPin);
    }

    #[test]
    fn a_visitor_who_presses_over_and_over_calls_once_and_can_call_again_later() {
        let (mut panel, now) = (panel(), Instant::now());
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Rings);
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Nothing, "it runs");
        panel.rang(Rang { reason: Reason::Visitor, failed: None }, "14:02".to_owned());
        assert_eq!(panel.call, Call::Told);
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Nothing, "somebody was told");
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now + HOLDS), Follows::Rings);
        panel.rang(Rang { reason: Reason::Visitor, failed: Some("no".to_owned()) }, "14:03".to_owned());
        assert_eq!(panel.call, Call::Failed);
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now + HOLDS), Follows::Rings, "at once");
    }

    #[test]
    fn what_becomes_of_a_call_of_somebody_who_has_gone_is_not_shown_to_the_next_one() {
        let (mut panel, now) = (panel(), Instant::now());
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Rings);
        panel.visitor_left();
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Rings, "the next one can call at once");
        panel.rang(Rang { reason: Reason::Visitor, failed: None }, "14:02".to_owned());
        assert_eq!(panel.call, Call::Runs, "that was the one before");
        assert_eq!(panel.called.as_deref(), Some("14:02"), "the staff know of it");
        panel.rang(Rang { reason: Reason::Visitor, failed: Some("no".to_owned()) }, "14:03".to_owned());
        assert_eq!(panel.call, Call::Failed);
    }

    #[test]
    fn that_a_visitor_called_stands_on_the_panel_until_somebody_was_there() {
        let (mut panel, now, board) = (panel(), Instant::now(), Board::new());
        assert_eq!(panel.hear(StaffWish::VisitorCalls, now), Follows::Rings);
        panel.rang(Rang { reason: Reason::Visitor, failed: None }, "14:02".to_owned());
        panel.sos();
        panel.visitor_left();
        assert_eq!(panel.call, Call::None, "the next visitor has called nobody");
        assert_eq!(panel.hear(enters("0417"), now), Follows::Nothing);
        let duty = |panel: &StaffPanel| panel.duty(&board);
        assert_eq!((duty(&panel).called.as_deref(), duty(&panel).sos), (Some("14:02"), true));
        assert_eq!(panel.hear(StaffWish::Seen, now), Follows::Nothing);
        assert_eq!((duty(&panel).called, duty(&panel).sos), (None, false));
    }

    #[test]
    fn a_trial_of_the_call_says_how_it_went_and_a_call_that_fails_says_so_too() {
        let mut panel = panel();
        panel.rings(Reason::Test);
        assert_eq!(panel.trial, CallTrial::Runs);
        panel.rang(Rang { reason: Reason::Test, failed: None }, "09:58".to_owned());
        assert_eq!(panel.trial, CallTrial::Worked("09:58".to_owned()));
        panel.rang(Rang { reason: Reason::Staff, failed: None }, "10:00".to_owned());
        assert_eq!(panel.trial, CallTrial::Worked("09:58".to_owned()));
        panel.rang(Rang { reason: Reason::Visitor, failed: Some("it hung".to_owned()) }, "10:01".to_owned());
        assert_eq!(panel.trial, CallTrial::Failed("it hung".to_owned()));
    }

    #[test]
    fn the_digits_are_shown_nowhere() {
        assert!(!format!("{:?}", enters("0417")).contains("0417"));
    }
}
