//! Where a node stands after all that was reported and reviewed of it. Pure.

use chrono::{Days, NaiveDate};

use crate::time_nodes::{Phase, Standing};
use crate::word_enum;

/// Calendar days after a return for a supplement in which a new report keeps the first one's date; the day of the
/// return is not counted.
pub const SUPPLEMENT_DAYS: u64 = 5;

word_enum! {
    /// What a return says of the report: 不予认可 (its date is lost) or 补正 (once a node; reported again within five
    /// days it keeps its date).
    ReturnKind { NotDone = "not_done", Supplement = "supplement" }
}

word_enum! {
    /// When a thing was held and reported: both in time, 按期开展、逾期填报, or 逾期开展.
    Holding {
        /// Held by the due day in force, and reported in time.
        InTime = "in_time",
        /// Held by the due day in force, and reported after the last day on time 按期开展、逾期填报.
        HeldInTimeReportedLate = "held_in_time_reported_late",
        /// Held after the due day in force 逾期开展.
        HeldLate = "held_late",
    }
}

/// How a completion held on a day and reported on another shows; nothing without a day of holding.
pub fn holding(
    held_on: Option<NaiveDate>,
    reported_on: NaiveDate,
    due_on: NaiveDate,
    late_after: NaiveDate,
) -> Option<Holding> {
    held_on.map(|held| match held {
        _ if held > due_on => Holding::HeldLate,
        _ if reported_on > late_after => Holding::HeldInTimeReportedLate,
        _ => Holding::InTime,
    })
}

/// The day from which a node can be completed, when that day is still to come: a recurring node has a period, a dated
/// one can be completed early.
pub fn begins_later(period_from: Option<NaiveDate>, reported_on: NaiveDate) -> Option<NaiveDate> {
    period_from.filter(|from| *from > reported_on)
}

/// The days on which a completion may have been held: from its period's first day (of a dated entry: the plan's) to
/// the day of the report. A plan issued before its year begins takes reports at once: then that day alone.
pub fn held_span(
    period_from: Option<NaiveDate>,
    plan_from: NaiveDate,
    reported_on: NaiveDate,
) -> std::ops::RangeInclusive<NaiveDate> {
    period_from.unwrap_or(plan_from).min(reported_on)..=reported_on
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Pending,
    Accepted,
    Returned {
        kind: ReturnKind,
        on: NaiveDate,
    },
    /// Accepted once, and taken back.
    Revoked,
    Withdrawn,
}

/// A report as far as the standing is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportFacts {
    /// Reports are numbered as they come.
    pub id: i64,
    pub completion: bool,
    /// The accepted completion that this one adds to.
    pub addition_to: Option<i64>,
    /// The day that counts; the department may enter one before it was recorded.
    pub reported_on: NaiveDate,
    pub recorded_on: NaiveDate,
    pub fate: Fate,
}

/// The standing of a node that `times` accepted completions meet, from all its reports in the order of their ids.
pub fn standing(reports: &[ReportFacts], times: usize) -> Standing {
    let live: Vec<_> = reports.iter().filter(|report| report.fate != Fate::Withdrawn).collect();
    let completions: Vec<_> = live.iter().filter(|r| r.completion && r.addition_to.is_none()).copied().collect();
    let days = |wanted: &[Fate]| {
        let chosen = completions.iter().filter(|report| wanted.contains(&report.fate));
        let mut days: Vec<_> = chosen.map(|report| counting_day(report, &completions)).collect();
        days.sort();
        days.get(times.saturating_sub(1)).copied()
    };
    let base = Standing {
        has_report: !live.is_empty(),
        first_report_on: live.iter().filter(|report| stands(report)).map(|report| report.reported_on).min(),
        ..Standing::NONE
    };
    if let Some(met_on) = days(&[Fate::Accepted]) {
        let accepted = Standing { phase: Phase::Accepted, met_on: Some(met_on), ..base };
        return match pending_addition(&live) {
            None => accepted,
            Some(since) => Standing {
                phase: Phase::Reported,
                reported_on: Some(met_on),
                pending_from: Some(since.max(met_on)),
                ..accepted
            },
        };
    }
    if let Some(day) = days(&[Fate::Accepted, Fate::Pending]) {
        return Standing { phase: Phase::Reported, reported_on: Some(day), pending_from: Some(day), ..base };
    }
    let last = completions.last().map(|report| report.fate);
    let returned = matches!(last, Some(Fate::Returned { .. } | Fate::Revoked));
    Standing { phase: if returned { Phase::Returned } else { Phase::Open }, ..base }
}

/// The day that counts for a completion: its own, or that of the report returned for a supplement when this is the first
/// one recorded after the return (on its day, or later) and of a day within those for it. One that was there before the
/// return is another of several times.
fn counting_day(report: &ReportFacts, completions: &[&ReportFacts]) -> NaiveDate {
    let mut kept = None;
    for earlier in completions.iter().take_while(|earlier| earlier.id < report.id) {
        match (earlier.fate, kept) {
            (Fate::Returned { kind: ReturnKind::Supplement, on }, _) => kept = Some((earlier.reported_on, on)),
            (_, Some((_, returned_on))) if earlier.recorded_on >= returned_on => kept = None,
            _ => {}
        }
    }
    match kept {
        Some((first, returned_on))
            if report.recorded_on >= returned_on && report.reported_on <= last_supplement_day(returned_on) =>
        {
            first
        }
        _ => report.reported_on,
    }
}

/// The last day on which a report after a return for a supplement keeps the first one's date.
pub fn last_supplement_day(returned_on: NaiveDate) -> NaiveDate {
    returned_on.checked_add_days(Days::new(SUPPLEMENT_DAYS)).unwrap_or(NaiveDate::MAX)
}

fn stands(report: &ReportFacts) -> bool {
    matches!(report.fate, Fate::Pending | Fate::Accepted)
}

/// The day of the earliest addition that awaits review.
fn pending_addition(live: &[&ReportFacts]) -> Option<NaiveDate> {
    let accepted = |id| live.iter().any(|report| report.id == id && report.fate == Fate::Accepted);
    live.iter()
        .filter(|report| report.fate == Fate::Pending && report.addition_to.is_some_and(accepted))
        .map(|report| report.reported_on)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    fn completion(id: i64, on: NaiveDate, fate: Fate) -> ReportFacts {
        ReportFacts { id, completion: true, addition_to: None, reported_on: on, recorded_on: on, fate }
    }

    fn returned(kind: ReturnKind, on: NaiveDate) -> Fate {
        Fate::Returned { kind, on }
    }

    fn met(reports: &[ReportFacts]) -> Option<NaiveDate> {
        standing(reports, 1).met_on
    }

    #[test]
    fn a_report_is_pending_then_accepted_by_its_own_day() {
        let pending = standing(&[completion(1, day(6, 30), Fate::Pending)], 1);
        let expected = Standing {
            phase: Phase::Reported,
            reported_on: Some(day(6, 30)),
            pending_from: Some(day(6, 30)),
            first_report_on: Some(day(6, 30)),
            has_report: true,
            ..Standing::NONE
        };
        assert_eq!(pending, expected);
        assert_eq!(met(&[completion(1, day(6, 30), Fate::Accepted)]), Some(day(6, 30)));
    }

    #[test]
    fn a_return_as_not_done_loses_the_date() {
        let first = completion(1, day(3, 30), returned(ReturnKind::NotDone, day(4, 2)));
        let after = standing(&[first], 1);
        assert_eq!((after.phase, after.has_report, after.first_report_on), (Phase::Returned, true, None));
        assert_eq!(met(&[first, completion(2, day(4, 3), Fate::Accepted)]), Some(day(4, 3)));
    }

    #[test]
    fn holding_and_reporting_are_judged_apart() {
        let (due_on, late_after) = (day(6, 30), day(7, 5));
        let cases = [
            (day(6, 29), day(6, 30), Holding::InTime),
            (day(6, 30), day(7, 5), Holding::InTime),
            (day(6, 30), day(7, 6), Holding::HeldInTimeReportedLate),
            (day(7, 1), day(7, 5), Holding::HeldLate),
            (day(7, 1), day(7, 6), Holding::HeldLate),
        ];
        for (held, reported, expected) in cases {
            assert_eq!(holding(Some(held), reported, due_on, late_after), Some(expected), "{held} {reported}");
        }
        assert_eq!(holding(None, day(7, 6), due_on, late_after), None);
    }

    #[test]
    fn a_recurring_node_is_completed_and_held_from_its_period_on() {
        let (june, year) = (Some(day(6, 1)), day(1, 1));
        assert_eq!(begins_later(june, day(5, 31)), june);
        assert_eq!(begins_later(june, day(6, 1)), None);
        assert_eq!(begins_later(None, day(1, 2)), None, "a dated one may be early");
        let cases = [
            (june, day(6, 20), day(6, 1), day(6, 20)),
            (None, day(6, 20), day(1, 1), day(6, 20)),
            // Reported before the plan's year begins.
            (None, year.pred_opt().unwrap(), year.pred_opt().unwrap(), year.pred_opt().unwrap()),
        ];
        for (period_from, reported, first, last) in cases {
            assert_eq!(held_span(period_from, year, reported), first..=last, "{period_from:?} {reported}");
        }
    }

    #[test]
    fn a_supplement_within_five_days_keeps_the_first_date() {
        let first = completion(1, day(3, 30), returned(ReturnKind::Supplement, day(4, 2)));
        let cases = [(day(4, 2), day(3, 30)), (day(4, 7), day(3, 30)), (day(4, 8), day(4, 8))];
        for (again, counts) in cases {
            assert_eq!(met(&[first, completion(2, again, Fate::Accepted)]), Some(counts), "{again}");
        }
        let lost = completion(2, day(4, 3), returned(ReturnKind::NotDone, day(4, 4)));
        assert_eq!(met(&[first, lost, completion(3, day(4, 5), Fate::Accepted)]), Some(day(4, 5)));
        let withdrawn = completion(2, day(4, 3), Fate::Withdrawn);
        assert_eq!(met(&[first, withdrawn, completion(3, day(4, 6), Fate::Accepted)]), Some(day(3, 30)));
    }

    #[test]
    fn an_addition_is_pending_and_leaves_the_date_alone() {
        let base = completion(1, day(6, 30), Fate::Accepted);
        let addition = |fate| ReportFacts { addition_to: Some(1), ..completion(2, day(7, 9), fate) };
        let pending = standing(&[base, addition(Fate::Pending)], 1);
        assert_eq!(
            (pending.phase, pending.met_on, pending.reported_on, pending.pending_from),
            (Phase::Reported, Some(day(6, 30)), Some(day(6, 30)), Some(day(7, 9)))
        );
        for fate in [Fate::Accepted, Fate::Withdrawn, returned(ReturnKind::NotDone, day(7, 10))] {
            let after = standing(&[base, addition(fate)], 1);
            assert_eq!((after.phase, after.met_on), (Phase::Accepted, Some(day(6, 30))), "{fate:?}");
        }
    }

    #[test]
    fn a_revoked_acceptance_leaves_the_node_returned_and_its_additions_void() {
        let base = completion(1, day(6, 30), Fate::Revoked);
        let addition = ReportFacts { addition_to: Some(1), ..completion(2, day(7, 9), Fate::Pending) };
        let after = standing(&[base, addition], 1);
        assert_eq!((after.phase, after.met_on), (Phase::Returned, None));
        assert_eq!(met(&[base, completion(3, day(7, 20), Fate::Accepted)]), Some(day(7, 20)));
        let again = standing(&[base, addition, completion(3, day(7, 20), Fate::Accepted)], 1);
        assert_eq!(again.phase, Phase::Accepted, "the addition was to what was taken back");
    }

    #[test]
    fn a_node_of_several_times_is_met_by_the_nth_day() {
        let reports = [completion(1, day(3, 2), Fate::Accepted), completion(2, day(3, 20), Fate::Pending)];
        assert_eq!(standing(&reports[..1], 2).phase, Phase::Open);
        let pending = standing(&reports, 2);
        assert_eq!((pending.phase, pending.reported_on), (Phase::Reported, Some(day(3, 20))));
        let both = [reports[0], ReportFacts { fate: Fate::Accepted, ..reports[1] }];
        assert_eq!(standing(&both, 2).met_on, Some(day(3, 20)));
    }

    #[test]
    fn of_several_times_only_the_report_after_the_return_keeps_its_date() {
        let first = completion(1, day(3, 30), returned(ReturnKind::Supplement, day(4, 1)));
        let again = completion(2, day(4, 3), Fate::Accepted);
        let other = completion(3, day(4, 5), Fate::Accepted);
        assert_eq!(standing(&[first, again, other], 2).met_on, Some(day(4, 5)));
        let before = completion(2, day(3, 31), Fate::Accepted);
        let again = completion(3, day(4, 3), Fate::Accepted);
        assert_eq!(standing(&[first, before, again], 2).met_on, Some(day(3, 31)), "reported before the return");
        let entered = ReportFacts { recorded_on: day(4, 3), ..before };
        assert_eq!(met(&[first, entered]), Some(day(3, 30)), "entered after the return, of a day before it");
        assert_eq!(standing(&[first, entered, other], 2).met_on, Some(day(4, 5)), "the first one after the return");
    }

    #[test]
    fn progress_is_a_report_and_no_completion() {
        let progress = ReportFacts { completion: false, ..completion(1, day(2, 1), Fate::Pending) };
        let after = standing(&[progress], 1);
        assert_eq!((after.phase, after.has_report, after.first_report_on), (Phase::Open, true, Some(day(2, 1))));
        assert_eq!(standing(&[ReportFacts { fate: Fate::Withdrawn, ..progress }], 1), Standing::NONE);
    }
}
