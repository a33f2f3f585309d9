//! What becomes of a session of a headset, as a graph: the states of OpenXR 1.0 (section 9.3) and the two ways in which a
//! runtime goes away, and what each means for the person. Pure, so that every edge can be walked without a runtime.

/// A state of a session, as the runtime names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SessionState {
    /// There is no session yet.
    #[default]
    Unknown,
    /// It waits for the headset.
    Idle,
    /// The runtime wants it to begin.
    Ready,
    /// It runs, and nothing of it is seen: the headset is not worn, or something else is shown in it.
    Synchronized,
    /// It is seen, and something else has the person's hands: a menu of the runtime.
    Visible,
    /// It is seen, and the person's.
    Focused,
    /// The runtime wants it to end.
    Stopping,
    /// The headset or its runtime is about to be gone, and may come back.
    LossPending,
    /// The person has left by the runtime's own menu, or the headset sleeps.
    Exiting,
}

/// What the runtime tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeEvent {
    /// The session has come to a state.
    State(SessionState),
    /// Whether somebody wears the headset (`XR_EXT_user_presence`).
    Worn(bool),
    /// The whole runtime is about to be gone.
    InstanceLoss,
    /// Where the person sits was set anew in the runtime's own menu.
    Recentred,
}

/// What is to be called next, and nothing else may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The session is to begin.
    Begin,
    /// It is to end.
    End,
}

/// Why the stage in the headset is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The person left it by the runtime's menu, or it fell asleep. It is not entered again unless they want that.
    Left,
    /// It was lost. It is tried again.
    Lost,
}

/// A session of a headset: what its runtime has said so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    state: SessionState,
    runs: bool,
    taken_off: bool,
    gone: Option<Gone>,
}

impl Graph {
    /// Takes up what the runtime tells, and says what is to be called for it. Whatever the standard does not allow, as a
    /// second begin of a session that runs, calls for nothing.
    pub fn take(&mut self, event: RuntimeEvent) -> Option<Duty> {
        match event {
            RuntimeEvent::Worn(worn) => self.taken_off = !worn,
            RuntimeEvent::InstanceLoss => self.go(Gone::Lost),
            RuntimeEvent::Recentred => {}
            RuntimeEvent::State(state) => return self.come_to(state),
        }
        None
    }

    fn come_to(&mut self, state: SessionState) -> Option<Duty> {
        self.state = state;
        match state {
            SessionState::Ready if !self.runs && self.gone.is_none() => {
                self.runs = true;
                Some(Duty::Begin)
            }
            SessionState::Stopping if self.runs => {
                self.runs = false;
                Some(Duty::End)
            }
            SessionState::LossPending => {
                self.go(Gone::Lost);
                None
            }
            SessionState::Exiting => {
                self.go(Gone::Left);
                None
            }
            _ => None,
        }
    }

    /// What was lost stays lost, whatever is said afterwards.
    fn go(&mut self, gone: Gone) {
        self.gone.get_or_insert(gone);
        self.runs = false;
    }

    /// The state that it came to last.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.state
    }

    /// Whether frames may be waited for, begun and ended.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.runs
    }

    /// Whether the person is there: they wear it, see the room, and what they do is meant for it. Else the evening is held.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.state == SessionState::Focused && !self.taken_off && self.gone.is_none()
    }

    /// Whether the room is seen: by somebody whose it is, or behind a menu of the runtime.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        let shown = matches!(self.state, SessionState::Visible | SessionState::Focused);
        shown && !self.taken_off && self.gone.is_none()
    }

    /// Why it is over, if it is.
    #[must_use]
    pub fn gone(&self) -> Option<Gone> {
        self.gone
    }
}

#[cfg(test)]
mod tests {
    use super::SessionState::{
        Exiting, Focused, Idle, LossPending, Ready, Stopping, Synchronized, Unknown, Visible,
    };
    use super::*;

    /// The edges of figure 9.1 of the standard. The last three are not in it; what is called must be right on them all the same.
    const LEGAL: [(SessionState, SessionState); 20] = [
        (Unknown, Idle),
        (Idle, Ready),
        (Idle, Exiting),
        (Idle, LossPending),
        (Ready, Synchronized),
        (Ready, LossPending),
        (Synchronized, Visible),
        (Synchronized, Stopping),
        (Synchronized, LossPending),
        (Visible, Focused),
        (Visible, Synchronized),
        (Visible, LossPending),
        (Focused, Visible),
        (Focused, LossPending),
        (Stopping, Idle),
        (Stopping, LossPending),
        (Exiting, LossPending),
        (Ready, Stopping),
        (Unknown, LossPending),
        (Idle, Idle),
    ];

    /// The shortest way to a state.
    fn way_to(state: SessionState) -> &'static [SessionState] {
        match state {
            Unknown => &[],
            Idle => &[Idle],
            Ready => &[Idle, Ready],
            Synchronized => &[Idle, Ready, Synchronized],
            Visible => &[Idle, Ready, Synchronized, Visible],
            Focused => &[Idle, Ready, Synchronized, Visible, Focused],
            Stopping => &[Idle, Ready, Synchronized, Stopping],
            LossPending => &[Idle, LossPending],
            Exiting => &[Idle, Exiting],
        }
    }

    fn at(states: &[SessionState]) -> (Graph, Vec<Duty>) {
        let mut graph = Graph::default();
        let duties = states.iter().filter_map(|state| graph.take(RuntimeEvent::State(*state))).collect();
        (graph, duties)
    }

    #[test]
    fn on_every_legal_edge_nothing_is_called_that_may_not_be() {
        for (from, to) in LEGAL {
            let (mut graph, before) = at(way_to(from));
            let ran = graph.runs();
            let duty = graph.take(RuntimeEvent::State(to));
            let wanted = match to {
                Ready => Some(Duty::Begin),
                Stopping if ran => Some(Duty::End),
                _ => None,
            };
            assert_eq!(duty, wanted, "{from:?} to {to:?} after {before:?}");
            let runs = matches!(to, Ready | Synchronized | Visible | Focused);
            assert_eq!(graph.runs(), runs, "{from:?} to {to:?}");
            assert_eq!(graph.is_present(), to == Focused, "{from:?} to {to:?}");
            let gone = match (from, to) {
                (Exiting, _) | (_, Exiting) => Some(Gone::Left),
                (_, LossPending) => Some(Gone::Lost),
                _ => None,
            };
            assert_eq!(graph.gone(), gone, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn a_headset_that_is_taken_off_and_put_on_again_begins_its_session_again() {
        let (graph, duties) =
            at(&[Idle, Ready, Synchronized, Visible, Focused, Visible, Synchronized, Stopping, Idle, Ready]);
        assert_eq!(duties, [Duty::Begin, Duty::End, Duty::Begin]);
        assert!(graph.runs() && !graph.is_present() && graph.gone().is_none());
    }

    #[test]
    fn whoever_takes_it_off_is_away_at_once_even_where_the_session_stays_focused() {
        let (mut graph, _) = at(way_to(Focused));
        assert!(graph.is_present());
        graph.take(RuntimeEvent::Worn(false));
        assert!(!graph.is_present() && graph.runs());
        graph.take(RuntimeEvent::Worn(true));
        assert!(graph.is_present());
        // A menu of the runtime's own: seen, but not theirs.
        graph.take(RuntimeEvent::State(Visible));
        assert!(!graph.is_present());
    }

    /// By hand, along edges of the standard: the menu is opened and closed, then it is taken off and put on again while the
    /// session runs.
    #[test]
    fn a_session_that_runs_on_is_left_and_come_back_to_without_being_begun_again() {
        let course = [
            (Idle, false, false),
            (Ready, false, false),
            (Synchronized, false, false),
            (Visible, true, false),
            (Focused, true, true),
            (Visible, true, false),
            (Focused, true, true),
            (Visible, true, false),
            (Synchronized, false, false),
            (Visible, true, false),
            (Focused, true, true),
        ];
        let (mut graph, mut duties) = (Graph::default(), Vec::new());
        for (at, (state, seen, present)) in course.into_iter().enumerate() {
            duties.extend(graph.take(RuntimeEvent::State(state)));
            assert_eq!((graph.is_seen(), graph.is_present()), (seen, present), "{at}: {state:?}");
        }
        assert_eq!(duties, [Duty::Begin]);
    }

    #[test]
    fn what_was_lost_stays_lost_and_nothing_more_is_called() {
        for first in [RuntimeEvent::InstanceLoss, RuntimeEvent::State(LossPending)] {
            let (mut graph, _) = at(way_to(Focused));
            graph.take(first);
            for state in [Idle, Ready, Stopping, Exiting] {
                assert_eq!(graph.take(RuntimeEvent::State(state)), None);
            }
            assert_eq!((graph.gone(), graph.runs(), graph.is_present()), (Some(Gone::Lost), false, false));
        }
    }

    #[test]
    fn a_second_ready_or_stopping_calls_for_nothing() {
        assert_eq!(at(&[Idle, Ready, Ready, Synchronized, Stopping, Stopping]).1, [Duty::Begin, Duty::End]);
    }

    /// What Monado 25.0 told from the first frame of a session to the end that the program asked for, as it was recorded:
    /// `RUST_LOG=inner_room=debug inner-room stage --xr`, whose standard input was closed after forty seconds.
    #[test]
    fn the_trace_that_monado_gives_is_walked_to_its_end() {
        let recorded = [Idle, Ready, Synchronized, Visible, Focused, Visible, Synchronized, Stopping];
        let (mut graph, mut duties, mut presence) = (Graph::default(), Vec::new(), Vec::new());
        for state in recorded {
            duties.extend(graph.take(RuntimeEvent::State(state)));
            presence.push(graph.is_present());
        }
        assert_eq!(duties, [Duty::Begin, Duty::End]);
        assert_eq!(presence, [false, false, false, false, true, false, false, false]);
        assert_eq!((graph.state(), graph.gone(), graph.runs()), (Stopping, None, false));
    }

    /// What it told while `hello_xr` began beside it and took the eyes away, twice, as it was recorded: `monado-ctl -p` gave
    /// them back the first time, the end of the other the second time, and `monado-ctl -c` recentred at last.
    #[test]
    fn the_trace_of_a_headset_that_others_take_is_walked_without_beginning_again() {
        let (mut graph, mut duties, mut presence) = (Graph::default(), Vec::new(), Vec::new());
        let focused = [Visible, Focused];
        let taken = [Visible, Synchronized];
        let recorded =
            [[Idle, Ready].as_slice(), &[Synchronized], &focused, &taken, &focused, &taken, &focused];
        for state in recorded.concat() {
            duties.extend(graph.take(RuntimeEvent::State(state)));
            presence.push((graph.is_seen(), graph.is_present()));
        }
        duties.extend(graph.take(RuntimeEvent::Recentred));
        assert_eq!(duties, [Duty::Begin]);
        let (unseen, seen, present) = ((false, false), (true, false), (true, true));
        assert_eq!(presence[..5], [unseen, unseen, unseen, seen, present]);
        assert_eq!(presence[5..9], [seen, unseen, seen, present]);
        assert_eq!(presence[9..], [seen, unseen, seen, present]);
        assert!(graph.runs() && graph.gone().is_none());
    }
}
