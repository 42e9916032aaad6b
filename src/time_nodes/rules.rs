//! The verdict (domain, 1.4): facts of a node and a day in, exactly one word out. Pure. Also the bounds that a query
//! needs to find the nodes of one verdict; a property test holds both together.

use chrono::{Days, NaiveDate};

use crate::units::rules::lives_on;
use crate::word_enum;

word_enum! {
    /// How far a node has got with its reports.
    Phase { Open = "open", Returned = "returned", Reported = "reported", Accepted = "accepted" }
}

word_enum! {
    /// Why a node does not count.
    Excluded {
        BeforeIssue = "before_issue",
        Waived = "waived",
        NotApplicable = "not_applicable",
        Cancelled = "cancelled",
        PlanClosed = "plan_closed",
        OutsideUnitLife = "outside_unit_life",
    }
}

word_enum! {
    /// What a node is on a day. Exactly one.
    Verdict {
        Excluded = "excluded",
        DoneOnTime = "done_on_time",
        DoneLate = "done_late",
        PendingReview = "pending_review",
        Overdue = "overdue",
        Due = "due",
        DueSoon = "due_soon",
        NotDue = "not_due",
    }
}

word_enum! {
    /// Colour of a node or a group. The order is the order of gravity, lightest first.
    Light { Grey = "grey", Green = "green", Blue = "blue", Yellow = "yellow", Red = "red" }
}

/// What was reported of a node, as far as the verdict is concerned. Made by `progress` from the reports and reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub phase: Phase,
    /// The day that counts for the standing acceptance, also while an addition to it is being reviewed.
    pub met_on: Option<NaiveDate>,
    /// The day that counts for the report awaiting review.
    pub reported_on: Option<NaiveDate>,
    /// Restated, the day from which the node is pending.
    pub pending_from: Option<NaiveDate>,
    /// Day of the first report that still stands.
    pub first_report_on: Option<NaiveDate>,
    /// Whether anything was reported and not withdrawn, whatever became of it.
    pub has_report: bool,
}

impl Standing {
    /// Nothing was reported.
    pub const NONE: Standing = Standing {
        phase: Phase::Open,
        met_on: None,
        reported_on: None,
        pending_from: None,
        first_report_on: None,
        has_report: false,
    };
}

/// The facts of a node, as they were recorded by the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeFacts {
    /// The due day in force.
    pub due_on: NaiveDate,
    /// The last day that is on time.
    pub late_after: NaiveDate,
    /// The last day that was on time when the node was born.
    pub born_late_after: NaiveDate,
    pub excluded: Option<Excluded>,
    pub standing: Standing,
    /// First and last day of the unit's life.
    pub life: (Option<NaiveDate>, Option<NaiveDate>),
    /// The day from which these facts are recorded.
    pub recorded_from: NaiveDate,
    /// Days before its due day from which a node is due soon, by the settings of the day asked about.
    pub near_days: i64,
}

/// The verdict with all that is shown beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    /// Why it is excluded.
    pub reason: Option<Excluded>,
    /// Pending, and the report came after `late_after`.
    pub reported_late: bool,
    /// Returned and not reported again.
    pub returned: bool,
    /// Done, and by the clock it was born with.
    pub on_time_originally: bool,
    pub light: Light,
}

impl Verdict {
    pub fn is_done(self) -> bool {
        matches!(self, Verdict::DoneOnTime | Verdict::DoneLate)
    }
}

/// The verdict on a node on a day, by the facts recorded by the end of that day.
pub fn judge(facts: &NodeFacts, as_of: NaiveDate) -> Judged {
    let standing = &facts.standing;
    let outside = !lives_on(facts.life.0, facts.life.1, facts.due_on);
    let reason = facts.excluded.or(outside.then_some(Excluded::OutsideUnitLife));
    let verdict = match (reason, standing.phase) {
        (Some(_), _) => Verdict::Excluded,
        (None, Phase::Accepted) if is_by(standing.met_on, facts.late_after) => Verdict::DoneOnTime,
        (None, Phase::Accepted) => Verdict::DoneLate,
        (None, Phase::Reported) => Verdict::PendingReview,
        (None, Phase::Open | Phase::Returned) => running(facts, as_of),
    };
    let pending = verdict == Verdict::PendingReview;
    let reported_late = pending && !is_by(standing.reported_on, facts.late_after);
    let returned = reason.is_none() && standing.phase == Phase::Returned;
    Judged {
        verdict,
        reason,
        reported_late,
        returned,
        on_time_originally: verdict.is_done() && is_by(standing.met_on, facts.born_late_after),
        light: light(verdict, returned),
    }
}

fn is_by(day: Option<NaiveDate>, last: NaiveDate) -> bool {
    day.is_some_and(|day| day <= last)
}

/// The verdict on a node that waits for its report.
fn running(facts: &NodeFacts, as_of: NaiveDate) -> Verdict {
    if as_of > facts.late_after {
        Verdict::Overdue
    } else if as_of >= facts.due_on {
        Verdict::Due
    } else if facts.due_on <= near(as_of, facts.near_days) {
        Verdict::DueSoon
    } else {
        Verdict::NotDue
    }
}

/// The last due day that is soon on a day.
fn near(as_of: NaiveDate, near_days: i64) -> NaiveDate {
    as_of.checked_add_days(Days::new(near_days.unsigned_abs())).unwrap_or(NaiveDate::MAX)
}

fn light(verdict: Verdict, returned: bool) -> Light {
    match verdict {
        Verdict::Excluded => Light::Grey,
        Verdict::Overdue => Light::Red,
        Verdict::Due | Verdict::DueSoon => Light::Yellow,
        _ if returned => Light::Yellow,
        Verdict::PendingReview => Light::Blue,
        Verdict::DoneOnTime | Verdict::DoneLate | Verdict::NotDue => Light::Green,
    }
}

/// The worst light of a group; grey when it has no node or only excluded ones.
pub fn worst(lights: impl IntoIterator<Item = Light>) -> Light {
    lights.into_iter().max().unwrap_or(Light::Grey)
}

/// The facts of a day by everything recorded until now (domain, 1.5, restated): due days and exclusions hold
/// throughout; an accepted or still pending report counts from its day, a returned one nowhere.
pub fn restate(latest: &NodeFacts, day: NaiveDate) -> NodeFacts {
    let standing = &latest.standing;
    let by = |when: Option<NaiveDate>| when.is_some_and(|when| when <= day);
    let phase = match standing.phase {
        Phase::Reported if by(standing.pending_from) => Phase::Reported,
        Phase::Accepted | Phase::Reported if by(standing.met_on) => Phase::Accepted,
        Phase::Returned if latest.recorded_from <= day => Phase::Returned,
        _ => Phase::Open,
    };
    NodeFacts { standing: Standing { phase, has_report: by(standing.first_report_on), ..*standing }, ..*latest }
}

/// The last day that is on time for a node due on a day. A node backfilled when its plan was issued late has so many
/// days from the issue (both in `backfilled`), whatever its grace.
pub fn late_after(due_on: NaiveDate, grace_days: i64, backfilled: Option<(NaiveDate, i64)>) -> NaiveDate {
    let grace = Days::new(grace_days.unsigned_abs());
    let after = due_on.checked_add_days(grace).unwrap_or(NaiveDate::MAX);
    let backfill = backfilled.and_then(|(issued_on, days)| issued_on.checked_add_days(Days::new(days.unsigned_abs())));
    backfill.unwrap_or(after)
}

/// What the close of its plan makes of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtClose {
    /// Done, excluded, or waiting for its review before it is due: it stays as it is.
    Settled,
    /// Not yet due and nothing to review: it is cancelled.
    Cancelled,
    /// Due by now and not accepted: it stays owed, and is carried over or left with a reason.
    Open,
}

/// What the close of its plan on a day makes of a node.
pub fn at_close(facts: &NodeFacts, day: NaiveDate) -> AtClose {
    let is_due = facts.due_on <= day;
    match judge(facts, day).verdict {
        Verdict::Excluded | Verdict::DoneOnTime | Verdict::DoneLate => AtClose::Settled,
        // As for every other exclusion: what was reported is judged first. An acceptance stands while it is added to.
        Verdict::PendingReview if !is_due || facts.standing.met_on.is_some() => AtClose::Settled,
        _ if is_due => AtClose::Open,
        _ => AtClose::Cancelled,
    }
}

/// Whether an extension is one that the department may grant: the first of the node, by at most `short_days`.
pub fn is_short_extension(due_on: NaiveDate, to: NaiveDate, granted_before: usize, short_days: i64) -> bool {
    granted_before == 0 && (to - due_on).num_days() <= short_days
}

/// What a query asks of the stored facts to find the nodes of one verdict on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Whether the node is excluded, for a stored reason or by its unit's life.
    pub excluded: bool,
    /// The phases it may be in.
    pub phases: &'static [Phase],
    /// `met_on ≤ late_after`, or not.
    pub met_in_time: Option<bool>,
    /// Least and greatest due day.
    pub due_on: (Option<NaiveDate>, Option<NaiveDate>),
    /// Least and greatest `late_after`.
    pub late_after: (Option<NaiveDate>, Option<NaiveDate>),
}

/// The bounds of a verdict on a day; they find exactly the nodes that [`judge`] gives that verdict.
pub fn bounds(verdict: Verdict, as_of: NaiveDate, near_days: i64) -> Bounds {
    const WAITING: &[Phase] = &[Phase::Open, Phase::Returned];
    let open = |due_on, late_after| Bounds { excluded: false, phases: WAITING, met_in_time: None, due_on, late_after };
    let done =
        |in_time| Bounds { phases: &[Phase::Accepted], met_in_time: Some(in_time), ..open((None, None), (None, None)) };
    let (before, after) = (as_of.pred_opt(), as_of.succ_opt());
    match verdict {
        Verdict::Excluded => Bounds { excluded: true, phases: Phase::ALL, ..open((None, None), (None, None)) },
        Verdict::DoneOnTime => done(true),
        Verdict::DoneLate => done(false),
        Verdict::PendingReview => Bounds { phases: &[Phase::Reported], ..open((None, None), (None, None)) },
        Verdict::Overdue => open((None, None), (None, before)),
        Verdict::Due => open((None, Some(as_of)), (Some(as_of), None)),
        Verdict::DueSoon => open((after, Some(near(as_of, near_days))), (None, None)),
        Verdict::NotDue => open((near(as_of, near_days).succ_opt(), None), (None, None)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    fn open(due_on: NaiveDate, grace_days: i64) -> NodeFacts {
        let late_after = late_after(due_on, grace_days, None);
        NodeFacts {
            due_on,
            late_after,
            born_late_after: late_after,
            excluded: None,
            standing: Standing::NONE,
            life: (None, None),
            recorded_from: day(1, 1),
            near_days: 7,
        }
    }

    fn accepted(due_on: NaiveDate, met_on: NaiveDate) -> NodeFacts {
        let standing = Standing { phase: Phase::Accepted, met_on: Some(met_on), has_report: true, ..Standing::NONE };
        NodeFacts { standing, ..open(due_on, 0) }
    }

    fn reported(due_on: NaiveDate, on: NaiveDate) -> NodeFacts {
        let standing = Standing {
            phase: Phase::Reported,
            reported_on: Some(on),
            pending_from: Some(on),
            has_report: true,
            ..Standing::NONE
        };
        NodeFacts { standing, ..open(due_on, 0) }
    }

    #[test]
    fn a_close_cancels_what_is_not_due_and_leaves_open_what_is() {
        let excluded = |facts| NodeFacts { excluded: Some(Excluded::Waived), ..facts };
        let returned = |facts: NodeFacts| NodeFacts {
            standing: Standing { phase: Phase::Returned, has_report: true, ..Standing::NONE },
            ..facts
        };
        let with_addition = |facts: NodeFacts| NodeFacts {
            standing: Standing { met_on: facts.standing.reported_on, ..facts.standing },
            ..facts
        };
        let dissolved = NodeFacts { life: (None, Some(day(7, 1))), ..open(day(12, 31), 0) };
        let cases = [
            (open(day(9, 29), 0), AtClose::Open),
            (open(day(9, 30), 0), AtClose::Open),
            (open(day(9, 29), 10), AtClose::Open),
            (open(day(10, 1), 0), AtClose::Cancelled),
            (returned(open(day(9, 1), 0)), AtClose::Open),
            (returned(open(day(10, 1), 0)), AtClose::Cancelled),
            (reported(day(9, 1), day(9, 29)), AtClose::Open),
            (reported(day(10, 1), day(9, 29)), AtClose::Settled),
            (with_addition(reported(day(9, 1), day(8, 1))), AtClose::Settled),
            (accepted(day(9, 1), day(9, 20)), AtClose::Settled),
            (accepted(day(12, 31), day(9, 20)), AtClose::Settled),
            (excluded(open(day(9, 1), 0)), AtClose::Settled),
            (excluded(open(day(12, 31), 0)), AtClose::Settled),
            (dissolved, AtClose::Settled),
        ];
        for (facts, expected) in cases {
            assert_eq!(at_close(&facts, day(9, 30)), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_waiting_node_goes_from_not_due_to_overdue_day_by_day() {
        let node = open(day(9, 30), 5);
        let cases = [
            (day(9, 22), Verdict::NotDue, Light::Green),
            (day(9, 23), Verdict::DueSoon, Light::Yellow),
            (day(9, 29), Verdict::DueSoon, Light::Yellow),
            (day(9, 30), Verdict::Due, Light::Yellow),
            (day(10, 5), Verdict::Due, Light::Yellow),
            (day(10, 6), Verdict::Overdue, Light::Red),
        ];
        for (as_of, verdict, light) in cases {
            let judged = judge(&node, as_of);
            assert_eq!((judged.verdict, judged.light), (verdict, light), "{as_of}");
        }
    }

    #[test]
    fn the_settings_say_how_near_is_near() {
        let cases = [(0, Verdict::NotDue), (1, Verdict::NotDue), (2, Verdict::DueSoon), (60, Verdict::DueSoon)];
        for (near_days, verdict) in cases {
            let node = NodeFacts { near_days, ..open(day(9, 30), 0) };
            assert_eq!(judge(&node, day(9, 28)).verdict, verdict, "{near_days}");
            assert_eq!(judge(&node, day(9, 30)).verdict, Verdict::Due);
        }
    }

    #[test]
    fn the_day_of_the_report_decides_and_not_that_of_the_review() {
        assert_eq!(judge(&accepted(day(6, 30), day(6, 30)), day(7, 8)).verdict, Verdict::DoneOnTime);
        assert_eq!(judge(&accepted(day(6, 30), day(7, 1)), day(7, 8)).verdict, Verdict::DoneLate);
        let pending = judge(&reported(day(6, 30), day(7, 1)), day(7, 8));
        assert_eq!(
            (pending.verdict, pending.reported_late, pending.light),
            (Verdict::PendingReview, true, Light::Blue)
        );
        assert!(!judge(&reported(day(6, 30), day(6, 30)), day(7, 8)).reported_late);
    }

    #[test]
    fn an_extension_is_on_time_by_the_new_clock_and_not_by_the_old() {
        let born = open(day(6, 30), 0);
        let extended = NodeFacts {
            due_on: day(7, 31),
            late_after: day(7, 31),
            standing: accepted(day(7, 31), day(7, 15)).standing,
            ..born
        };
        let cases = [
            (Phase::Accepted, day(6, 30), Verdict::DoneOnTime, true),
            (Phase::Accepted, day(7, 15), Verdict::DoneOnTime, false),
            (Phase::Accepted, day(8, 1), Verdict::DoneLate, false),
            // Added to: not done while the addition is reviewed.
            (Phase::Reported, day(6, 30), Verdict::PendingReview, false),
        ];
        for (phase, met_on, verdict, originally) in cases {
            let standing = Standing { phase, met_on: Some(met_on), ..extended.standing };
            let judged = judge(&NodeFacts { standing, ..extended }, day(9, 30));
            assert_eq!((judged.verdict, judged.on_time_originally), (verdict, originally), "{phase:?} {met_on}");
        }
    }

    #[test]
    fn exclusion_comes_before_everything_else() {
        for reason in [Excluded::Waived, Excluded::BeforeIssue, Excluded::Cancelled] {
            let node = NodeFacts { excluded: Some(reason), ..accepted(day(6, 30), day(6, 1)) };
            let judged = judge(&node, day(9, 30));
            assert_eq!((judged.verdict, judged.reason, judged.light), (Verdict::Excluded, Some(reason), Light::Grey));
        }
        let gone = NodeFacts { life: (None, Some(day(6, 29))), ..open(day(6, 30), 0) };
        assert_eq!(judge(&gone, day(9, 30)).reason, Some(Excluded::OutsideUnitLife));
        let last_day = NodeFacts { life: (None, Some(day(6, 30))), ..open(day(6, 30), 0) };
        assert_eq!(judge(&last_day, day(9, 30)).verdict, Verdict::Overdue, "what was past due stays owed");
    }

    #[test]
    fn a_returned_node_is_yellow_until_it_is_overdue() {
        let standing = Standing { phase: Phase::Returned, has_report: true, ..Standing::NONE };
        let node = NodeFacts { standing, ..open(day(9, 30), 0) };
        let early = judge(&node, day(6, 1));
        assert_eq!((early.verdict, early.light, early.returned), (Verdict::NotDue, Light::Yellow, true));
        assert_eq!(judge(&node, day(10, 1)).light, Light::Red);
    }

    #[test]
    fn the_worst_light_wins_and_nothing_is_grey() {
        assert_eq!(worst([]), Light::Grey);
        assert_eq!(worst([Light::Grey, Light::Green]), Light::Green);
        assert_eq!(worst([Light::Green, Light::Blue]), Light::Blue);
        assert_eq!(worst([Light::Yellow, Light::Blue]), Light::Yellow);
        assert_eq!(worst([Light::Yellow, Light::Red, Light::Green]), Light::Red);
    }

    #[test]
    fn restated_a_report_counts_from_its_day_and_a_returned_one_nowhere() {
        let done = accepted(day(3, 31), day(4, 3));
        assert_eq!(judge(&restate(&done, day(4, 2)), day(4, 2)).verdict, Verdict::Overdue);
        assert_eq!(judge(&restate(&done, day(4, 5)), day(4, 5)).verdict, Verdict::DoneLate);
        let pending = reported(day(3, 31), day(3, 30));
        assert_eq!(judge(&restate(&pending, day(3, 29)), day(3, 29)).verdict, Verdict::DueSoon);
        assert_eq!(judge(&restate(&pending, day(3, 30)), day(3, 30)).verdict, Verdict::PendingReview);
        let addition = Standing { met_on: Some(day(3, 30)), pending_from: Some(day(5, 1)), ..pending.standing };
        let addition = NodeFacts { standing: addition, ..pending };
        assert_eq!(judge(&restate(&addition, day(4, 1)), day(4, 1)).verdict, Verdict::DoneOnTime);
        assert_eq!(judge(&restate(&addition, day(5, 1)), day(5, 1)).verdict, Verdict::PendingReview);
        let first_report_on = Some(day(3, 20));
        let returned = Standing { phase: Phase::Returned, first_report_on, has_report: true, ..Standing::NONE };
        let returned = NodeFacts { standing: returned, recorded_from: day(3, 25), ..open(day(3, 31), 0) };
        let cases = [
            (day(3, 19), Phase::Open, false),
            (day(3, 20), Phase::Open, true),
            (day(3, 24), Phase::Open, true),
            (day(3, 25), Phase::Returned, true),
        ];
        for (on, phase, has_report) in cases {
            let standing = restate(&returned, on).standing;
            assert_eq!((standing.phase, standing.has_report), (phase, has_report), "{on}");
        }
    }

    #[test]
    fn a_backfilled_node_has_ten_days_from_the_issue() {
        assert_eq!(late_after(day(1, 31), 0, Some((day(3, 24), 10))), day(4, 3));
        assert_eq!(late_after(day(3, 20), 30, Some((day(3, 24), 10))), day(4, 3));
        assert_eq!(late_after(day(1, 31), 0, Some((day(3, 24), 0))), day(3, 24));
        assert_eq!(late_after(day(2, 28), 1, None), day(2, 29));
    }

    #[test]
    fn the_department_grants_a_first_extension_of_thirty_days() {
        assert!(is_short_extension(day(6, 30), day(7, 30), 0, 30));
        assert!(!is_short_extension(day(6, 30), day(7, 31), 0, 30));
        assert!(!is_short_extension(day(6, 30), day(7, 1), 1, 30));
        assert!(is_short_extension(day(6, 30), day(7, 31), 0, 31) && !is_short_extension(day(6, 30), day(7, 1), 0, 0));
    }

    /// What a query does with bounds.
    fn finds(bounds: &Bounds, facts: &NodeFacts) -> bool {
        let within = |(least, most): (Option<NaiveDate>, Option<NaiveDate>), day: NaiveDate| {
            least.is_none_or(|least| least <= day) && most.is_none_or(|most| day <= most)
        };
        let excluded = facts.excluded.is_some() || !lives_on(facts.life.0, facts.life.1, facts.due_on);
        bounds.excluded == excluded
            && bounds.phases.contains(&facts.standing.phase)
            && bounds.met_in_time.is_none_or(|wanted| wanted == is_by(facts.standing.met_on, facts.late_after))
            && within(bounds.due_on, facts.due_on)
            && within(bounds.late_after, facts.late_after)
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0_u64..60).prop_map(|days| day(3, 1).checked_add_days(Days::new(days)).unwrap())
    }

    fn any_facts() -> impl Strategy<Value = NodeFacts> {
        let reasons = prop::option::weighted(0.2, prop::sample::select(Excluded::ALL));
        let phases = prop::sample::select(Phase::ALL);
        let life = (prop::option::weighted(0.2, any_day()), prop::option::weighted(0.2, any_day()));
        let days = (0_i64..9, 0_i64..20);
        (any_day(), days, reasons, phases, any_day(), life).prop_map(|(due, days, excluded, phase, on, life)| {
            let (grace, near_days) = days;
            let accepted = (phase == Phase::Accepted).then_some(on);
            let pending = (phase == Phase::Reported).then_some(on);
            let standing =
                Standing { phase, met_on: accepted, reported_on: pending, pending_from: pending, ..Standing::NONE };
            NodeFacts { excluded, standing, life, near_days, ..open(due, grace) }
        })
    }

    proptest! {
        #[test]
        fn the_bounds_of_a_verdict_find_exactly_its_nodes(facts in any_facts(), as_of in any_day()) {
            let judged = judge(&facts, as_of).verdict;
            for verdict in Verdict::ALL {
                prop_assert_eq!(finds(&bounds(*verdict, as_of, facts.near_days), &facts), judged == *verdict, "{:?}", verdict);
            }
        }
    }
}
