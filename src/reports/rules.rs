//! The rates (domain, 1.5), pure: judged nodes in, counts out. Counts first, percent second.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::adjustments::{ByNode, tally};
use super::clauses::rules::StandardRates;
use super::model::{Counts, NodeRate, Rate, TaskCounts};
use crate::plans::TaskId;
pub use crate::platform::rate::ratio;
use crate::progress::rules::{Fate, ReportFacts, ReturnKind, last_supplement_day, standing};
use crate::time_nodes::{Excluded, Judged, Light, NodeId, Verdict};
use crate::units::UnitId;
use crate::word_enum;

/// A node of the population with its verdict on the day.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub id: NodeId,
    pub unit_id: UnitId,
    pub task_id: TaskId,
    pub due_on: NaiveDate,
    pub late_after: NaiveDate,
    pub judged: Judged,
    pub has_report: bool,
    /// The day that counts for its acceptance; only of what is done.
    pub met_on: Option<NaiveDate>,
}

impl Counted {
    /// Due by the day.
    pub(super) fn is_due(&self, as_of: NaiveDate) -> bool {
        self.due_on <= as_of
    }

    pub(super) fn is_excluded(&self) -> bool {
        self.judged.verdict == Verdict::Excluded
    }

    /// Owed by the day: counts, and due by it.
    pub(super) fn is_owed(&self, as_of: NaiveDate) -> bool {
        !self.is_excluded() && self.is_due(as_of)
    }
}

word_enum! {
    /// A count of nodes, by the name it has in the report.
    CountOf {
        /// All that counts, owed by now or later: the denominator of the progress of the year.
        Counted = "counted",
        Owed = "owed",
        DoneOnTime = "done_on_time",
        DoneLate = "done_late",
        PendingReview = "pending_review",
        ReportedLate = "reported_late",
        Due = "due",
        Overdue = "overdue",
        Excluded = "excluded",
        NotYetOwed = "not_yet_owed",
    }
}

impl CountOf {
    /// Whether a node is in the count; counting and listing what is behind a count both ask it.
    pub fn has(self, node: &Counted, as_of: NaiveDate) -> bool {
        let owed = |verdict| node.is_owed(as_of) && node.judged.verdict == verdict;
        match self {
            CountOf::Counted => !node.is_excluded(),
            CountOf::Owed => node.is_owed(as_of),
            CountOf::DoneOnTime => owed(Verdict::DoneOnTime),
            CountOf::DoneLate => owed(Verdict::DoneLate),
            CountOf::PendingReview => owed(Verdict::PendingReview),
            CountOf::ReportedLate => node.is_owed(as_of) && node.judged.reported_late,
            CountOf::Due => owed(Verdict::Due),
            CountOf::Overdue => owed(Verdict::Overdue),
            CountOf::Excluded => node.is_excluded() && node.is_due(as_of),
            CountOf::NotYetOwed => !node.is_excluded() && !node.is_due(as_of),
        }
    }
}

/// Where a node, or a clause of a branch, stands in a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Numerator,
    DenominatorOnly,
    Excluded(Excluded),
    /// Not in the population: it is due later.
    Outside,
}

/// The one rule of every rate over nodes; counting and explaining both ask it.
pub fn place(rate: NodeRate, node: &Counted, as_of: NaiveDate) -> Place {
    let whole_year = rate == NodeRate::YearProgress;
    if let Some(reason) = node.judged.reason {
        let within = whole_year || node.is_due(as_of);
        return if within { Place::Excluded(reason) } else { Place::Outside };
    }
    if !whole_year && !node.is_owed(as_of) {
        return Place::Outside;
    }
    let verdict = node.judged.verdict;
    let counts = match rate {
        NodeRate::Completion | NodeRate::YearProgress => verdict.is_done(),
        NodeRate::OnTime => verdict == Verdict::DoneOnTime,
        NodeRate::OnTimeOriginal => node.judged.on_time_originally,
        NodeRate::Reporting => verdict.is_done() || verdict == Verdict::PendingReview,
    };
    if counts { Place::Numerator } else { Place::DenominatorOnly }
}

/// Counts and rates of a set of nodes on a day. `unscheduled` are the entries without a date, by unit and task;
/// `adjustments` those of these nodes and any others.
pub(super) fn count(
    nodes: &[&Counted],
    unscheduled: &[(UnitId, TaskId)],
    standards: StandardRates,
    adjustments: &ByNode,
    as_of: NaiveDate,
) -> Counts {
    let of = |count: CountOf| nodes.iter().filter(|node| count.has(node, as_of)).count() as i64;
    let rate = |rate| {
        let places = nodes.iter().map(|node| place(rate, node, as_of));
        let (mut met, mut of) = (0, 0);
        for place in places {
            met += i64::from(place == Place::Numerator);
            of += i64::from(matches!(place, Place::Numerator | Place::DenominatorOnly));
        }
        ratio(met, of)
    };
    Counts {
        owed: of(CountOf::Owed),
        done_on_time: of(CountOf::DoneOnTime),
        done_late: of(CountOf::DoneLate),
        pending_review: of(CountOf::PendingReview),
        reported_late: of(CountOf::ReportedLate),
        due: of(CountOf::Due),
        overdue: of(CountOf::Overdue),
        excluded: of(CountOf::Excluded),
        not_yet_owed: of(CountOf::NotYetOwed),
        unscheduled: unscheduled.len() as i64,
        completion: rate(NodeRate::Completion),
        on_time: rate(NodeRate::OnTime),
        on_time_original: rate(NodeRate::OnTimeOriginal),
        reporting: rate(NodeRate::Reporting),
        year_progress: rate(NodeRate::YearProgress),
        compliance: standards.compliance,
        assessed: standards.assessed,
        branches_recognised: standards.branches_recognised,
        branches_at_target: standards.branches_at_target,
        tasks: count_tasks(nodes, unscheduled),
        adjustments: tally(nodes.iter().filter_map(|node| adjustments.get(&node.id)).flatten()),
    }
}

/// The tasks 项 of each unit, each in exactly one count: the first that fits. Wholly excluded ones are left out.
fn count_tasks(nodes: &[&Counted], unscheduled: &[(UnitId, TaskId)]) -> TaskCounts {
    let mut tasks: BTreeMap<(UnitId, TaskId), Vec<&Counted>> = BTreeMap::new();
    for key in unscheduled {
        tasks.entry(*key).or_default();
    }
    for node in nodes {
        tasks.entry((node.unit_id, node.task_id)).or_default().push(node);
    }
    let mut counts = TaskCounts::default();
    for nodes in tasks.values() {
        let counting: Vec<_> = nodes.iter().filter(|node| !node.is_excluded()).collect();
        let slot = if nodes.is_empty() {
            &mut counts.unscheduled
        } else if counting.is_empty() {
            continue;
        } else if counting.iter().any(|node| node.judged.verdict == Verdict::Overdue) {
            &mut counts.overdue
        } else if counting.iter().all(|node| node.judged.verdict.is_done()) {
            &mut counts.completed
        } else if counting.iter().any(|node| node.has_report) {
            &mut counts.advancing
        } else {
            &mut counts.not_started
        };
        *slot += 1;
        counts.of += 1;
    }
    counts
}

/// The worst light of a set of nodes.
pub fn light(nodes: &[&Counted]) -> Light {
    crate::time_nodes::rules::worst(nodes.iter().map(|node| node.judged.light))
}

/// The days of a trend: the last one of each month from January of the year on, and the asked day itself in its month;
/// at most to the end of the next year, since what is owed late is done by then.
pub fn month_ends(year: i64, as_of: NaiveDate) -> Vec<NaiveDate> {
    let first = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    let months =
        first.into_iter().flat_map(|first| (0..24).filter_map(move |n| first.checked_add_months(Months::new(n))));
    let last = |month: NaiveDate| month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt());
    months.take_while(|month| *month <= as_of).filter_map(last).map(|day| day.min(as_of)).collect()
}

/// Whether a node can still be done on time, or a clause still be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// It is.
    Met,
    /// It can, by this day.
    Open(NaiveDate),
    /// It can't, since this day.
    Lost(NaiveDate),
}

/// The chance of a node, or nothing where it does not count. `supplement_until` as [`supplement_until`] has it.
pub fn chance(judged: &Judged, late_after: NaiveDate, supplement_until: Option<NaiveDate>) -> Option<Chance> {
    let lost = Chance::Lost(late_after.succ_opt().unwrap_or(NaiveDate::MAX));
    match judged.verdict {
        Verdict::Excluded => None,
        Verdict::DoneOnTime => Some(Chance::Met),
        Verdict::DoneLate => Some(lost),
        Verdict::PendingReview if judged.reported_late => Some(lost),
        Verdict::Overdue => Some(supplement_until.map_or(lost, Chance::Open)),
        Verdict::PendingReview | Verdict::Due | Verdict::DueSoon | Verdict::NotDue => {
            Some(Chance::Open(supplement_until.map_or(late_after, |day| day.max(late_after))))
        }
    }
}

/// The last day on which a report after a return for a supplement keeps a date that is on time; nothing when none
/// does any more on `as_of`. It asks the rule of the standing itself, with such a report added; what awaits its review
/// can still be accepted.
pub fn supplement_until(
    reports: &[ReportFacts],
    times: usize,
    late_after: NaiveDate,
    as_of: NaiveDate,
) -> Option<NaiveDate> {
    let returned = |report: &ReportFacts| match report.fate {
        Fate::Returned { kind: ReturnKind::Supplement, on } if report.addition_to.is_none() => Some(on),
        _ => None,
    };
    let last = last_supplement_day(reports.iter().filter_map(returned).max()?);
    let id = reports.iter().map(|report| report.id).max()?.saturating_add(1);
    let (reported_on, recorded_on) = (last, last);
    let again = ReportFacts { id, completion: true, addition_to: None, reported_on, recorded_on, fate: Fate::Accepted };
    let accepted = |report: &ReportFacts| match report.fate {
        Fate::Pending => ReportFacts { fate: Fate::Accepted, ..*report },
        _ => *report,
    };
    let reports: Vec<_> = reports.iter().map(accepted).chain([again]).collect();
    let met_on = standing(&reports, times).met_on?;
    (as_of <= last && met_on <= late_after).then_some(last)
}

/// The ceiling that is still attainable, and the day on which the target (in percent) was lost: the nodes lost are
/// counted off day by day until what is left lies below it.
pub fn ceiling(chances: &[Chance], target_percent: i64) -> (Rate, Option<NaiveDate>) {
    let of = chances.len() as i64;
    let mut lost: Vec<NaiveDate> =
        chances.iter().filter_map(|chance| if let Chance::Lost(on) = chance { Some(*on) } else { None }).collect();
    lost.sort();
    let breaks = |left: i64| i128::from(left) * 100 < i128::from(of) * i128::from(target_percent);
    let broken = (1_i64..).zip(&lost).find(|(gone, _)| breaks(of - gone)).map(|(_, on)| *on);
    (ratio(of - lost.len() as i64, of), broken)
}

/// How a report fared with its review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewing {
    InTime,
    Late,
    /// Not reviewed, and its working days still run.
    Waiting,
    /// Not reviewed, and they are over.
    WaitingLate,
}

/// Whether a report was reviewed by `last`, the last of its working days, by the day on which the review was recorded.
pub fn reviewing(last: NaiveDate, reviewed_on: Option<NaiveDate>, as_of: NaiveDate) -> Reviewing {
    match reviewed_on {
        Some(on) if on <= last => Reviewing::InTime,
        Some(_) => Reviewing::Late,
        None if as_of <= last => Reviewing::Waiting,
        None => Reviewing::WaitingLate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::clauses::rules::undivided_rates;

    fn node(task: i64, verdict: Verdict, has_report: bool) -> Counted {
        let reason = (verdict == Verdict::Excluded).then_some(Excluded::Waived);
        let judged = Judged {
            verdict,
            reason,
            reported_late: false,
            returned: false,
            on_time_originally: false,
            light: Light::Grey,
        };
        let due_on = NaiveDate::from_ymd_opt(2020, 6, 30).unwrap();
        Counted {
            id: NodeId(1),
            unit_id: UnitId(1),
            task_id: TaskId(task),
            due_on,
            late_after: due_on,
            judged,
            has_report,
            met_on: None,
        }
    }

    #[test]
    fn a_task_is_counted_once_by_the_first_that_fits() {
        use Verdict::{DoneLate, DoneOnTime, Due, Excluded, NotDue, Overdue, PendingReview};
        let nodes = [
            node(1, Overdue, true),
            node(1, DoneOnTime, true),
            node(2, DoneOnTime, true),
            node(2, DoneLate, true),
            node(2, Excluded, false),
            node(3, PendingReview, true),
            node(3, NotDue, false),
            node(4, Due, false),
            node(5, Excluded, false),
        ];
        let all: Vec<_> = nodes.iter().collect();
        let counts = count_tasks(&all, &[(UnitId(1), TaskId(6)), (UnitId(1), TaskId(4))]);
        let expected = TaskCounts { of: 5, completed: 1, advancing: 1, not_started: 1, overdue: 1, unscheduled: 1 };
        assert_eq!(counts, expected);
    }

    #[test]
    fn each_node_has_its_counts_and_its_place_in_each_rate() {
        use CountOf::{Counted, NotYetOwed, Owed, ReportedLate};
        use Place::{DenominatorOnly as Below, Numerator as Met, Outside};
        use Verdict::{DoneLate, DoneOnTime, Due, Excluded, NotDue, Overdue, PendingReview};
        let as_of = NaiveDate::from_ymd_opt(2020, 6, 30).unwrap();
        let later = |verdict| super::Counted { due_on: as_of.succ_opt().unwrap(), ..node(1, verdict, false) };
        let judged = |node: super::Counted, on_time_originally, reported_late| super::Counted {
            judged: Judged { on_time_originally, reported_late, ..node.judged },
            ..node
        };
        let waived = Place::Excluded(super::Excluded::Waived);
        let rates = [
            NodeRate::Completion,
            NodeRate::YearProgress,
            NodeRate::OnTime,
            NodeRate::OnTimeOriginal,
            NodeRate::Reporting,
        ];
        let cases: [(_, &[CountOf], [Place; 5]); 10] = [
            (
                judged(node(1, DoneOnTime, true), true, false),
                &[Counted, Owed, CountOf::DoneOnTime],
                [Met, Met, Met, Met, Met],
            ),
            (node(1, DoneLate, true), &[Counted, Owed, CountOf::DoneLate], [Met, Met, Below, Below, Met]),
            (
                judged(node(1, PendingReview, true), false, true),
                &[Counted, Owed, CountOf::PendingReview, ReportedLate],
                [Below, Below, Below, Below, Met],
            ),
            (node(1, Overdue, false), &[Counted, Owed, CountOf::Overdue], [Below; 5]),
            (node(1, Due, false), &[Counted, Owed, CountOf::Due], [Below; 5]),
            (node(1, Excluded, false), &[CountOf::Excluded], [waived; 5]),
            (judged(later(DoneOnTime), true, false), &[Counted, NotYetOwed], [Outside, Met, Outside, Outside, Outside]),
            (later(NotDue), &[Counted, NotYetOwed], [Outside, Below, Outside, Outside, Outside]),
            (
                judged(later(PendingReview), false, true),
                &[Counted, NotYetOwed],
                [Outside, Below, Outside, Outside, Outside],
            ),
            (later(Excluded), &[], [Outside, waived, Outside, Outside, Outside]),
        ];
        for (node, counts, places) in &cases {
            let found: Vec<_> = CountOf::ALL.iter().copied().filter(|count| count.has(node, as_of)).collect();
            assert_eq!(found, *counts, "{node:?}");
            assert_eq!(rates.map(|rate| place(rate, node, as_of)), *places, "{node:?}");
        }
        let all: Vec<_> = cases.iter().map(|(node, ..)| node).collect();
        let counts = count(&all, &[], undivided_rates(false), &ByNode::new(), as_of);
        assert_eq!((counts.completion, counts.on_time), (ratio(2, 5), ratio(1, 5)));
        assert_eq!((counts.year_progress, counts.reporting), (ratio(3, 8), ratio(3, 5)));
        assert_eq!(counts.on_time_original, ratio(1, 5));
    }

    #[test]
    fn what_is_owed_is_the_sum_of_its_verdicts() {
        let nodes: Vec<_> = Verdict::ALL.iter().map(|verdict| node(1, *verdict, false)).collect();
        let all: Vec<_> = nodes.iter().collect();
        let as_of = NaiveDate::from_ymd_opt(2020, 6, 30).unwrap();
        let owed: Vec<_> =
            all.into_iter().filter(|n| !matches!(n.judged.verdict, Verdict::DueSoon | Verdict::NotDue)).collect();
        let counts = count(&owed, &[], undivided_rates(false), &ByNode::new(), as_of);
        assert_eq!(
            counts.owed,
            counts.done_on_time + counts.done_late + counts.pending_review + counts.due + counts.overdue
        );
        assert_eq!((counts.owed, counts.excluded), (5, 1));
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    #[test]
    fn a_trend_has_the_last_day_of_each_month_and_the_asked_day() {
        assert_eq!(month_ends(2020, day(3, 15)), [day(1, 31), day(2, 29), day(3, 15)]);
        assert_eq!(month_ends(2020, day(2, 29)), [day(1, 31), day(2, 29)]);
        assert_eq!(month_ends(2020, day(1, 1)), [day(1, 1)]);
        assert_eq!(month_ends(2019, day(1, 5)).len(), 13);
        assert_eq!(month_ends(2010, day(1, 5)).len(), 24);
        assert_eq!(month_ends(2010, day(1, 5)).last(), NaiveDate::from_ymd_opt(2011, 12, 31).as_ref());
        for year in [2021, i64::MAX, i64::MIN] {
            assert!(month_ends(year, day(6, 30)).is_empty(), "{year}");
        }
    }

    #[test]
    fn a_node_is_lost_the_day_after_its_last_day_and_open_until_then() {
        use Verdict::{DoneLate, DoneOnTime, Due, DueSoon, Excluded, NotDue, Overdue, PendingReview};
        let (last, lost) = (day(6, 30), Some(Chance::Lost(day(7, 1))));
        let cases = [
            (Excluded, false, None, None),
            (DoneOnTime, false, None, Some(Chance::Met)),
            (DoneLate, false, None, lost),
            (PendingReview, true, None, lost),
            (PendingReview, false, None, Some(Chance::Open(last))),
            (Overdue, false, None, lost),
            (Overdue, false, Some(day(7, 4)), Some(Chance::Open(day(7, 4)))),
            (Due, false, None, Some(Chance::Open(last))),
            (Due, false, Some(day(7, 4)), Some(Chance::Open(day(7, 4)))),
            (Due, false, Some(day(6, 4)), Some(Chance::Open(last))),
            (DueSoon, false, None, Some(Chance::Open(last))),
            (NotDue, false, None, Some(Chance::Open(last))),
        ];
        for (verdict, reported_late, supplement, expected) in cases {
            let judged = Judged { reported_late, ..node(1, verdict, true).judged };
            assert_eq!(chance(&judged, last, supplement), expected, "{verdict:?} {reported_late} {supplement:?}");
        }
    }

    #[test]
    fn a_supplement_keeps_the_chance_for_five_days() {
        let returned = |id, reported_on, kind, on| {
            let fate = Fate::Returned { kind, on };
            ReportFacts { id, completion: true, addition_to: None, reported_on, recorded_on: reported_on, fate }
        };
        let supplement = returned(1, day(6, 30), ReturnKind::Supplement, day(7, 2));
        let lost_again = returned(2, day(7, 3), ReturnKind::NotDone, day(7, 4));
        let late = returned(1, day(7, 1), ReturnKind::Supplement, day(7, 2));
        let not_done = returned(1, day(6, 30), ReturnKind::NotDone, day(7, 2));
        let waits =
            ReportFacts { id: 0, fate: Fate::Pending, ..returned(0, day(6, 29), ReturnKind::NotDone, day(7, 2)) };
        let addition =
            ReportFacts { addition_to: Some(1), ..returned(3, day(7, 3), ReturnKind::Supplement, day(7, 6)) };
        let cases: [(&[ReportFacts], usize, NaiveDate, Option<NaiveDate>); 9] = [
            (&[supplement], 1, day(7, 2), Some(day(7, 7))),
            (&[supplement], 1, day(7, 7), Some(day(7, 7))),
            (&[supplement], 1, day(7, 8), None),
            (&[supplement, lost_again], 1, day(7, 5), None),
            (&[late], 1, day(7, 3), None),
            (&[not_done], 1, day(7, 3), None),
            // Of two times, the second would come too late in any case.
            (&[supplement], 2, day(7, 3), None),
            // With the other one only waiting for its review, it would not.
            (&[waits, supplement], 2, day(7, 3), Some(day(7, 7))),
            // That an addition was returned gives no further days.
            (&[supplement, addition], 1, day(7, 3), Some(day(7, 7))),
        ];
        for (reports, times, as_of, expected) in cases {
            assert_eq!(supplement_until(reports, times, day(6, 30), as_of), expected, "{reports:?} {as_of}");
        }
    }

    #[test]
    fn the_ceiling_is_what_is_not_lost_and_the_target_is_lost_on_the_day_it_is() {
        let (met, open) = (Chance::Met, Chance::Open(day(12, 31)));
        let lost = |month| Chance::Lost(day(month, 1));
        /// The chances, the target, what is left of how many, and when the target was lost.
        type Case<'a> = (&'a [Chance], i64, (i64, i64), Option<NaiveDate>);
        let cases: [Case<'_>; 8] = [
            (&[], 100, (0, 0), None),
            (&[met, open], 100, (2, 2), None),
            (&[met, lost(7), open, lost(4)], 100, (2, 4), Some(day(4, 1))),
            (&[met, lost(7), open, lost(4)], 75, (2, 4), Some(day(7, 1))),
            (&[met, lost(7), open, lost(4)], 76, (2, 4), Some(day(4, 1))),
            (&[met, lost(7), open, lost(4)], 50, (2, 4), None),
            (&[lost(4)], 1, (0, 1), Some(day(4, 1))),
            (&[lost(4), lost(4), met], 60, (1, 3), Some(day(4, 1))),
        ];
        for (chances, target, (left, of), lost_on) in cases {
            assert_eq!(ceiling(chances, target), (ratio(left, of), lost_on), "{chances:?} {target}");
        }
    }

    #[test]
    fn a_report_is_reviewed_in_time_up_to_its_last_working_day() {
        let cases = [
            (Some(day(6, 24)), day(9, 30), Reviewing::InTime),
            (Some(day(7, 1)), day(9, 30), Reviewing::InTime),
            (Some(day(7, 2)), day(9, 30), Reviewing::Late),
            (None, day(7, 1), Reviewing::Waiting),
            (None, day(7, 2), Reviewing::WaitingLate),
        ];
        for (reviewed_on, as_of, expected) in cases {
            assert_eq!(reviewing(day(7, 1), reviewed_on, as_of), expected, "{reviewed_on:?} {as_of}");
        }
    }
}
