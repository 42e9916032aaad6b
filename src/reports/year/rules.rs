//! A cell of the year: the nodes of a unit that are due in a month. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};

use crate::reports::rules::Counted;
use crate::time_nodes::{Excluded, Verdict};

/// The nodes of a unit due in a month, each in one count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    pub done_on_time: i64,
    pub done_late: i64,
    pub pending_review: i64,
    pub overdue: i64,
    pub due: i64,
    pub due_soon: i64,
    pub not_due: i64,
    pub excluded: i64,
    /// Why most of the excluded are.
    pub reason: Option<Excluded>,
    /// Of those that wait for their report and are not overdue, how many were returned.
    pub returned: i64,
}

impl Cell {
    /// Those that count.
    pub fn of(&self) -> i64 {
        self.done() + self.pending_review + self.overdue + self.due + self.due_soon + self.not_due
    }

    /// Those done.
    pub fn done(&self) -> i64 {
        self.done_on_time + self.done_late
    }

    fn add(&mut self, node: &Counted) {
        let count = match node.judged.verdict {
            Verdict::DoneOnTime => &mut self.done_on_time,
            Verdict::DoneLate => &mut self.done_late,
            Verdict::PendingReview => &mut self.pending_review,
            Verdict::Overdue => &mut self.overdue,
            Verdict::Due => &mut self.due,
            Verdict::DueSoon => &mut self.due_soon,
            Verdict::NotDue => &mut self.not_due,
            Verdict::Excluded => {
                self.reason = self.reason.or(node.judged.reason);
                &mut self.excluded
            }
        };
        *count += 1;
        self.returned += i64::from(node.judged.returned && node.judged.verdict != Verdict::Overdue);
    }
}

/// The month of a day: `2020-06`.
pub fn month_key(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The twelve months of a year, and those of other years in which a node is due, in their order.
pub fn months_of(year: i64, nodes: &[&Counted]) -> Vec<String> {
    let own = (1..=12).map(|month| format!("{year:04}-{month:02}"));
    let months: BTreeSet<String> = own.chain(nodes.iter().map(|node| month_key(node.due_on))).collect();
    months.into_iter().collect()
}

/// A cell for each month.
pub fn cells(months: &[String], nodes: &[&Counted]) -> Vec<Cell> {
    let mut cells = vec![Cell::default(); months.len()];
    for node in nodes {
        let place = months.binary_search(&month_key(node.due_on)).ok();
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            cell.add(node);
        }
    }
    cells
}

/// What was to be done and what was done by the end of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthEnd {
    pub month: String,
    /// Nodes that count and are due by then.
    pub planned: i64,
    /// Nodes done by then, by the day that counts, as it is known on the day of the report; none of months after it.
    pub done: Option<i64>,
}

/// The ends of the months of a year, as they are known on a day.
pub fn month_ends(year: i64, as_of: NaiveDate, nodes: &[&Counted]) -> Vec<MonthEnd> {
    let first = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    let starts =
        first.into_iter().flat_map(|first| (0..12).filter_map(move |n| first.checked_add_months(Months::new(n))));
    let end = |start: NaiveDate| {
        let last = start.checked_add_months(Months::new(1))?.pred_opt()?;
        let planned = nodes.iter().filter(|node| !node.is_excluded() && node.due_on <= last).count() as i64;
        let done = nodes.iter().filter(|node| node.met_on.is_some_and(|day| day <= last.min(as_of))).count() as i64;
        Some(MonthEnd { month: month_key(start), planned, done: (start <= as_of).then_some(done) })
    };
    starts.filter_map(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::TaskId;
    use crate::time_nodes::{Judged, Light, NodeId};
    use crate::units::UnitId;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    fn node(due_on: NaiveDate, verdict: Verdict, met_on: Option<NaiveDate>, returned: bool) -> Counted {
        let reason = (verdict == Verdict::Excluded).then_some(Excluded::BeforeIssue);
        let (reported_late, on_time_originally, light) = (false, false, Light::Grey);
        let judged = Judged { verdict, reason, reported_late, returned, on_time_originally, light };
        let (id, unit_id, task_id) = (NodeId(1), UnitId(1), TaskId(1));
        Counted { id, unit_id, task_id, due_on, late_after: due_on, judged, has_report: false, met_on }
    }

    #[test]
    fn each_node_is_in_one_cell_and_in_one_count_of_it() {
        use Verdict as V;
        let next_year = NaiveDate::from_ymd_opt(2021, 1, 10).unwrap();
        let nodes = [
            node(day(1, 31), V::Excluded, None, false),
            node(day(6, 1), V::DoneOnTime, Some(day(5, 30)), false),
            node(day(6, 30), V::DoneLate, Some(day(8, 3)), false),
            node(day(6, 30), V::Overdue, None, true),
            node(day(9, 30), V::Due, None, true),
            node(day(9, 30), V::PendingReview, None, false),
            node(next_year, V::NotDue, None, false),
        ];
        let nodes: Vec<&Counted> = nodes.iter().collect();
        let months = months_of(2020, &nodes);
        assert_eq!((months.len(), months.last().unwrap().as_str()), (13, "2021-01"));
        let cells = cells(&months, &nodes);
        let sums: Vec<(i64, i64, i64)> = cells.iter().map(|cell| (cell.done(), cell.of(), cell.excluded)).collect();
        assert_eq!(sums[0], (0, 0, 1));
        assert_eq!((sums[5], cells[5].overdue, cells[5].returned), ((2, 3, 0), 1, 0));
        assert_eq!((sums[8], cells[8].due, cells[8].returned), ((0, 2, 0), 1, 1));
        assert_eq!(sums[12], (0, 1, 0));
        let all: i64 = sums.iter().map(|(_, of, excluded)| of + excluded).sum();
        assert_eq!(all, nodes.len() as i64);
    }

    #[test]
    fn what_is_done_counts_from_its_day_and_months_to_come_have_no_figure() {
        let nodes = [
            node(day(1, 31), Verdict::Excluded, None, false),
            node(day(6, 30), Verdict::DoneOnTime, Some(day(5, 30)), false),
            node(day(6, 30), Verdict::DoneLate, Some(day(8, 3)), false),
            node(day(9, 30), Verdict::Due, None, false),
        ];
        let ends = month_ends(2020, day(9, 15), &nodes.iter().collect::<Vec<_>>());
        let of = |month: usize| (ends[month - 1].planned, ends[month - 1].done);
        assert_eq!((of(1), of(5), of(6)), ((0, Some(0)), (0, Some(1)), (2, Some(1))));
        assert_eq!((of(8), of(9), of(10)), ((2, Some(2)), (3, Some(2)), (3, None)));
    }
}
