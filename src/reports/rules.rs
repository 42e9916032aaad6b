//! The rates (domain, 1.5), pure: judged nodes in, counts out. Counts first, percent second.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::model::{Counts, NoPercent, NodeRate, Rate, TaskCounts};
use crate::plans::TaskId;
use crate::time_nodes::{Excluded, Judged, Light, NodeId, Verdict};
use crate::units::UnitId;

/// A node of the population with its verdict on the day.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub id: NodeId,
    pub unit_id: UnitId,
    pub task_id: TaskId,
    pub due_on: NaiveDate,
    pub judged: Judged,
    pub has_report: bool,
}

impl Counted {
    /// Due by the day.
    fn is_due(&self, as_of: NaiveDate) -> bool {
        self.due_on <= as_of
    }

    fn is_excluded(&self) -> bool {
        self.judged.verdict == Verdict::Excluded
    }

    /// Owed by the day: counts, and due by it.
    fn is_owed(&self, as_of: NaiveDate) -> bool {
        !self.is_excluded() && self.is_due(as_of)
    }
}

/// Where a node stands in a rate.
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

/// Counts and rates of a set of nodes on a day. `unscheduled` are the entries without a date, by unit and task.
pub fn count(nodes: &[&Counted], unscheduled: &[(UnitId, TaskId)], as_of: NaiveDate) -> Counts {
    let owed = |verdict| nodes.iter().filter(|n| n.is_owed(as_of) && n.judged.verdict == verdict).count() as i64;
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
        owed: nodes.iter().filter(|node| node.is_owed(as_of)).count() as i64,
        done_on_time: owed(Verdict::DoneOnTime),
        done_late: owed(Verdict::DoneLate),
        pending_review: owed(Verdict::PendingReview),
        reported_late: nodes.iter().filter(|n| n.is_owed(as_of) && n.judged.reported_late).count() as i64,
        due: owed(Verdict::Due),
        overdue: owed(Verdict::Overdue),
        excluded: nodes.iter().filter(|node| node.is_excluded() && node.is_due(as_of)).count() as i64,
        not_yet_owed: nodes.iter().filter(|node| !node.is_excluded() && !node.is_due(as_of)).count() as i64,
        unscheduled: unscheduled.len() as i64,
        completion: rate(NodeRate::Completion),
        on_time: rate(NodeRate::OnTime),
        on_time_original: rate(NodeRate::OnTimeOriginal),
        reporting: rate(NodeRate::Reporting),
        year_progress: rate(NodeRate::YearProgress),
        compliance: Rate::no_standard_set(),
        assessed: Rate::no_standard_set(),
        branches_recognised: Rate::no_standard_set(),
        branches_at_target: Rate::no_standard_set(),
        tasks: count_tasks(nodes, unscheduled),
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

/// `met` of `of`, with the percent or the reason why there is none.
fn ratio(met: i64, of: i64) -> Rate {
    let percent = percent(met, of);
    Rate { met, of, percent, reason: percent.is_none().then_some(NoPercent::NothingOwed) }
}

/// A percent with one decimal, cut off: 99.96 is 99.9, and 100.0 is everything.
pub fn percent(met: i64, of: i64) -> Option<f64> {
    if of <= 0 {
        return None;
    }
    let tenths = i128::from(met) * 1000 / i128::from(of);
    // At most 1000 tenths: exact in a float.
    i32::try_from(tenths).ok().map(|tenths| f64::from(tenths) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_is_cut_off_and_never_rounded_up() {
        let cases = [
            (3, 5, Some(60.0)),
            (2499, 2500, Some(99.9)),
            (1, 3, Some(33.3)),
            (2, 3, Some(66.6)),
            (4, 7, Some(57.1)),
            (7, 7, Some(100.0)),
            (0, 4, Some(0.0)),
            (9_999_999, 10_000_000, Some(99.9)),
            (0, 0, None),
        ];
        for (met, of, expected) in cases {
            assert_eq!(percent(met, of), expected, "{met}/{of}");
        }
    }

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
        Counted { id: NodeId(1), unit_id: UnitId(1), task_id: TaskId(task), due_on, judged, has_report }
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
    fn what_is_owed_is_the_sum_of_its_verdicts() {
        let nodes: Vec<_> = Verdict::ALL.iter().map(|verdict| node(1, *verdict, false)).collect();
        let all: Vec<_> = nodes.iter().collect();
        let as_of = NaiveDate::from_ymd_opt(2020, 6, 30).unwrap();
        let owed: Vec<_> =
            all.into_iter().filter(|n| !matches!(n.judged.verdict, Verdict::DueSoon | Verdict::NotDue)).collect();
        let counts = count(&owed, &[], as_of);
        assert_eq!(
            counts.owed,
            counts.done_on_time + counts.done_late + counts.pending_review + counts.due + counts.overdue
        );
        assert_eq!((counts.owed, counts.excluded), (5, 1));
    }
}
