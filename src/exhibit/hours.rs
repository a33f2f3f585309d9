//! Opening hours and family hours, by the clock on the wall and without a clock of their own.
//!
//! Each opening is a stretch between two moments, so that an hour that the clock skips or repeats in the night of a
//! change opens and closes nothing twice: a time that is skipped counts as the moment as long after it, one that comes
//! twice as the first (the `compatible` disambiguation of RFC 5545).

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ZonedDateTime};

use crate::config::exhibit::{Exhibit, Hours};

/// How many days ahead a change is looked for: a whole week, and the days at its ends.
const AHEAD: i64 = 9;

/// When an exhibition is open, and when families are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Openings {
    hours: Hours,
    closed_on: Vec<Weekday>,
    family: Option<Hours>,
}

/// What the hours say of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Whether it is open.
    pub open: bool,
    /// Whether it is an hour without the Devil and without the camera. It is one whether it is open or not, so that it
    /// holds where the staff opens at another time.
    pub family: bool,
}

impl Openings {
    /// Those of the settings. Where neither opening nor closing is set, it is open around the clock.
    #[must_use]
    pub fn new(exhibit: &Exhibit) -> Self {
        let midnight = Time::midnight();
        let hours =
            Hours { from: exhibit.opens.unwrap_or(midnight), until: exhibit.closes.unwrap_or(midnight) };
        Self { hours, closed_on: exhibit.closed_on.clone(), family: exhibit.family }
    }

    /// What they say of a moment. An opening that goes on after midnight belongs to the day on which it began.
    #[must_use]
    pub fn at(&self, now: &ZonedDateTime) -> Moment {
        let holds = |hours: Hours, day: Date| {
            stretch(hours, day, now.time_zone()).is_some_and(|(from, until)| from <= *now && *now < until)
        };
        let days = [Some(now.date()), later(now.date(), -1)];
        let mut days = days.into_iter().flatten();
        let open = days.clone().any(|day| self.opens_on(day) && holds(self.hours, day));
        let family = self.family.is_some_and(|hours| days.any(|day| holds(hours, day)));
        Moment { open, family }
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self, now: &ZonedDateTime) -> bool {
        self.at(now).open
    }

    /// Whether it is an hour without the Devil and without the camera.
    #[must_use]
    pub fn is_family(&self, now: &ZonedDateTime) -> bool {
        self.at(now).family
    }

    /// When one of the two changes next; none where nothing ever does.
    #[must_use]
    pub fn next_change(&self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        let held = self.at(now);
        let mut edges: Vec<ZonedDateTime> = (-1..=AHEAD)
            .filter_map(|days| later(now.date(), days))
            .flat_map(|day| self.edges(day, now.time_zone()))
            .filter(|edge| edge > now)
            .collect();
        edges.sort();
        edges.into_iter().find(|edge| self.at(edge) != held)
    }

    /// When it opens next after having been closed by its hours; none where that never comes, as around the clock.
    #[must_use]
    pub fn next_opening(&self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        let before = |edge: &ZonedDateTime| edge.checked_sub(Span::new().seconds(1)).ok();
        let opens = |edge: &ZonedDateTime| {
            self.is_open(edge) && before(edge).is_some_and(|before| !self.is_open(&before))
        };
        let mut edges: Vec<ZonedDateTime> = (-1..=AHEAD)
            .filter_map(|days| later(now.date(), days))
            .filter(|day| self.opens_on(*day))
            .filter_map(|day| Some(stretch(self.hours, day, now.time_zone())?.0))
            .filter(|from| from > now && opens(from))
            .collect();
        edges.sort();
        edges.into_iter().next()
    }

    fn opens_on(&self, day: Date) -> bool {
        !self.closed_on.contains(&day.weekday())
    }

    /// The moments of a day at which something may change.
    fn edges(&self, day: Date, zone: &TimeZone) -> impl Iterator<Item = ZonedDateTime> {
        let open = self.opens_on(day).then_some(self.hours);
        let stretches = [open, self.family].map(|hours| stretch(hours?, day, zone));
        stretches.into_iter().flatten().flat_map(|(from, until)| [from, until])
    }
}

/// The moments between which hours of a day lie. None at the ends of the calendar.
fn stretch(hours: Hours, day: Date, zone: &TimeZone) -> Option<(ZonedDateTime, ZonedDateTime)> {
    let last = if hours.until > hours.from { day } else { later(day, 1)? };
    let moment = |day: Date, time: Time| day.to_datetime(time).to_zoned_datetime(zone.clone()).ok();
    Some((moment(day, hours.from)?, moment(last, hours.until)?))
}

fn later(day: Date, days: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central Europe, without asking the machine for its list of zones.
    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn openings(lines: &str) -> Openings {
        Openings::new(&toml::from_str(lines).expect("settings"))
    }

    /// A moment by the clock on the wall; of an hour that comes twice the first.
    fn at(text: &str) -> ZonedDateTime {
        let zone = TimeZone::posix(BERLIN).expect("a zone");
        text.parse::<jiff::civil::DateTime>().expect("a moment").to_zoned_datetime(zone).expect("it is there")
    }

    fn change(openings: &Openings, now: &str) -> Option<String> {
        openings.next_change(&at(now)).map(|next| next.strftime("%Y-%m-%dT%H:%M").to_string())
    }

    const DAY: &str = "opens = \"10:00\"\ncloses = \"18:00\"\n";
    const NIGHT: &str = "opens = \"20:00\"\ncloses = \"02:00\"\n";

    #[test]
    fn it_says_when_it_opens_next_and_nothing_where_it_never_closes() {
        let next = |lines: &str, now: &str| {
            let opens = openings(lines).next_opening(&at(now));
            opens.map(|opens| opens.strftime("%Y-%m-%dT%H:%M").to_string())
        };
        assert_eq!(next(DAY, "2026-07-01T08:00").as_deref(), Some("2026-07-01T10:00"));
        // Closed by somebody in the middle of the day.
        assert_eq!(next(DAY, "2026-07-01T12:00").as_deref(), Some("2026-07-02T10:00"));
        assert_eq!(next(NIGHT, "2026-07-01T23:00").as_deref(), Some("2026-07-02T20:00"));
        let but_thursdays = format!("{DAY}closed_on = [\"thu\"]\n");
        assert_eq!(next(&but_thursdays, "2026-07-01T19:00").as_deref(), Some("2026-07-03T10:00"));
        assert_eq!(next("", "2026-07-01T12:00"), None, "around the clock");
    }

    #[test]
    fn a_day_opens_with_its_first_minute_and_is_closed_with_its_last() {
        let day = openings(DAY);
        for (now, open) in [
            ("09:59:59", false),
            ("10:00:00", true),
            ("17:59:59", true),
            ("18:00:00", false),
            ("00:00:00", false),
        ] {
            assert_eq!(day.is_open(&at(&format!("2026-06-10T{now}"))), open, "{now}");
        }
    }

    #[test]
    fn an_evening_goes_on_after_midnight() {
        let night = openings(NIGHT);
        for (now, open) in [
            ("2026-06-10T19:59", false),
            ("2026-06-10T20:00", true),
            ("2026-06-11T00:00", true),
            ("2026-06-11T01:59", true),
            ("2026-06-11T02:00", false),
        ] {
            assert_eq!(night.is_open(&at(now)), open, "{now}");
        }
        assert_eq!(change(&night, "2026-06-10T23:59").as_deref(), Some("2026-06-11T02:00"));
    }

    #[test]
    fn the_night_after_a_closed_day_belongs_to_that_day() {
        let night = openings(&format!("{NIGHT}closed_on = [\"mon\"]"));
        // 8 June 2026 is a Monday.
        assert!(night.is_open(&at("2026-06-08T01:00")), "Sunday's night is not over");
        assert!(!night.is_open(&at("2026-06-08T21:00")));
        assert!(!night.is_open(&at("2026-06-09T01:00")), "Monday has no night");
        assert_eq!(change(&night, "2026-06-08T03:00").as_deref(), Some("2026-06-09T20:00"));
    }

    #[test]
    fn until_midnight_is_until_midnight() {
        for lines in ["opens = \"10:00\"", "opens = \"10:00\"\ncloses = \"00:00\""] {
            let day = openings(lines);
            assert!(day.is_open(&at("2026-06-10T23:59:59")));
            assert!(!day.is_open(&at("2026-06-11T00:00")));
            assert_eq!(change(&day, "2026-06-10T12:00").as_deref(), Some("2026-06-11T00:00"));
        }
        let early = openings("closes = \"06:00\"");
        assert!(early.is_open(&at("2026-06-10T00:00")) && !early.is_open(&at("2026-06-10T06:00")));
    }

    #[test]
    fn without_hours_it_is_open_around_the_clock_but_on_closed_days() {
        let always = openings("");
        assert!(always.is_open(&at("2026-06-10T03:00")) && always.is_open(&at("2026-06-10T00:00")));
        assert_eq!(change(&always, "2026-06-10T03:00"), None);
        let weekdays = openings("closed_on = [\"sat\", \"sun\"]");
        assert!(!weekdays.is_open(&at("2026-06-13T00:00")) && weekdays.is_open(&at("2026-06-12T23:59")));
        assert_eq!(change(&weekdays, "2026-06-10T12:00").as_deref(), Some("2026-06-13T00:00"));
        assert_eq!(change(&weekdays, "2026-06-13T12:00").as_deref(), Some("2026-06-15T00:00"));
        let never = openings("closed_on = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]");
        assert!(!never.is_open(&at("2026-06-10T12:00")));
        assert_eq!(change(&never, "2026-06-10T12:00"), None);
    }

    #[test]
    fn opening_and_closing_at_the_same_time_is_a_whole_day() {
        let whole = openings("opens = \"10:00\"\ncloses = \"10:00\"\nclosed_on = [\"mon\"]");
        assert!(whole.is_open(&at("2026-06-08T09:59")) && !whole.is_open(&at("2026-06-08T10:00")));
        assert_eq!(change(&whole, "2026-06-06T12:00").as_deref(), Some("2026-06-08T10:00"));
    }

    #[test]
    fn closed_days_are_passed_over() {
        let day = openings(&format!("{DAY}closed_on = [\"mon\", \"tue\"]"));
        assert!(!day.is_open(&at("2026-06-08T12:00")));
        assert_eq!(change(&day, "2026-06-07T18:00").as_deref(), Some("2026-06-10T10:00"));
        let once_a_week =
            openings(&format!("{DAY}closed_on = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\"]"));
        assert_eq!(change(&once_a_week, "2026-06-07T18:00").as_deref(), Some("2026-06-14T10:00"));
    }

    #[test]
    fn family_hours_begin_and_end_within_the_day() {
        let day = openings(&format!("{DAY}family = \"10:00-12:00\""));
        let moment = |now| day.at(&at(now));
        assert_eq!(moment("2026-06-10T10:30"), Moment { open: true, family: true });
        assert_eq!(moment("2026-06-10T12:00"), Moment { open: true, family: false });
        assert_eq!(change(&day, "2026-06-10T10:30").as_deref(), Some("2026-06-10T12:00"));
        assert_eq!(change(&day, "2026-06-10T12:00").as_deref(), Some("2026-06-10T18:00"));
        let late = openings(&format!("{DAY}family = \"23:00-01:00\""));
        assert!(late.is_family(&at("2026-06-10T00:30")) && !late.is_family(&at("2026-06-10T01:00")));
    }

    #[test]
    fn an_hour_that_the_clock_skips_opens_once() {
        // On 29 March 2026 it is 03:00 after 01:59:59.
        let night = openings("opens = \"02:30\"\ncloses = \"05:00\"");
        assert!(!night.is_open(&at("2026-03-29T03:15")), "half an hour has not passed since two");
        assert!(night.is_open(&at("2026-03-29T03:30")));
        assert_eq!(change(&night, "2026-03-29T01:00").as_deref(), Some("2026-03-29T03:30"));
        // One that begins and ends in what is skipped is as long as ever.
        let short = openings("opens = \"02:15\"\ncloses = \"02:45\"");
        assert_eq!(change(&short, "2026-03-29T01:00").as_deref(), Some("2026-03-29T03:15"));
        assert_eq!(change(&short, "2026-03-29T03:15").as_deref(), Some("2026-03-29T03:45"));
    }

    #[test]
    fn an_hour_that_comes_twice_closes_once() {
        // On 25 October 2026 it is 02:00 again after 02:59:59.
        let night = openings("opens = \"22:00\"\ncloses = \"02:30\"");
        let before = at("2026-10-25T01:00");
        let closes = night.next_change(&before).expect("it closes");
        assert_eq!(closes.duration_since(&before).as_mins(), 90);
        for minutes in [89, 90, 120, 150, 179] {
            let now = before.checked_add(Span::new().minutes(minutes)).expect("a moment");
            assert_eq!(night.is_open(&now), minutes < 90, "{minutes} minutes on, {now}");
        }
        let next = night.next_change(&closes).expect("it opens again");
        assert_eq!(next.strftime("%d %H:%M").to_string(), "25 22:00");
        let day = openings(DAY);
        let evening = at("2026-10-24T18:00");
        assert_eq!(day.next_change(&evening).expect("it opens").duration_since(&evening).as_hours(), 17);
    }

    #[test]
    fn the_end_of_the_calendar_is_no_fall() {
        let last = jiff::Timestamp::MAX.to_zoned_datetime(TimeZone::UTC);
        assert!(!openings(NIGHT).at(&last).family);
        assert_eq!(openings(NIGHT).next_change(&last), None);
    }
}
