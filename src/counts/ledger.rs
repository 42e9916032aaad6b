//! What happened to a time node, and where it stood at the end of a day by what was recorded until then. Pure.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::plans::model::Part;
use crate::progress::rules::{Fate, ReportFacts, standing};
use crate::time_nodes::requests::waivers::WaiverKind;
use crate::time_nodes::{Excluded, Phase, Standing};

/// What is kept of a node for each day, or what the ledger makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    pub due_on: NaiveDate,
    pub late_after: NaiveDate,
    pub excluded: Option<Excluded>,
    pub standing: Standing,
}

/// A kept row and the days it holds.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub stand: Stand,
    pub recorded_from: NaiveDate,
    pub recorded_to: Option<NaiveDate>,
}

impl Kept {
    pub fn holds(&self, day: NaiveDate) -> bool {
        within(day, self.recorded_from, self.recorded_to)
    }
}

/// Whether an interval row holds at the end of a day.
pub fn within(day: NaiveDate, from: NaiveDate, to: Option<NaiveDate>) -> bool {
    from <= day && to.is_none_or(|to| day < to)
}

/// A report and what became of it, with the days on which it did.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: i64,
    pub completion: bool,
    pub addition_to: Option<i64>,
    pub reported_on: NaiveDate,
    pub recorded_on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
    /// Day and ruling of its review, and the day on which that was taken back.
    pub reviewed: Option<(NaiveDate, Fate)>,
    pub revoked_on: Option<NaiveDate>,
}

/// A waiver that was granted.
#[derive(Debug, Clone, Copy)]
pub struct Waived {
    pub kind: WaiverKind,
    pub from: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
}

/// What a revision did to a node that there was already.
#[derive(Debug, Clone, Copy)]
pub struct Revised {
    pub on: NaiveDate,
    pub word: Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Cancelled,
    /// Counted again, on the day that its entry had by then.
    Counted(NaiveDate),
}

/// A part of the node's task, with the days it is held.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub unit_id: i64,
    pub part: Part,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// First and last day of the unit's life as they were known, with the days they were.
#[derive(Debug, Clone, Copy)]
pub struct Lived {
    pub established_on: Option<NaiveDate>,
    pub dissolved_on: Option<NaiveDate>,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// A node as it was born, and all that happened to it.
#[derive(Debug, Clone)]
pub struct Node {
    pub id: i64,
    pub unit_id: i64,
    pub due_on: NaiveDate,
    pub late_after: NaiveDate,
    pub grace_days: u64,
    pub times: usize,
    pub recorded_on: NaiveDate,
    /// Due before it was asked for: by the issue, or by the revision it was born in.
    pub before_issue: bool,
    pub entry_ended_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub reports: Vec<Report>,
    /// Days of granted extensions: granted on, due on.
    pub extended: Vec<(NaiveDate, NaiveDate)>,
    pub waived: Vec<Waived>,
    /// Days of granted cancellations.
    pub cancelled: Vec<NaiveDate>,
    pub revised: Vec<Revised>,
    pub held: Vec<Held>,
    pub lived: Vec<Lived>,
}

impl Node {
    /// Every day on which where it stands may have changed.
    pub fn days(&self) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::from([self.recorded_on]);
        for report in &self.reports {
            days.insert(report.recorded_on);
            days.extend(report.withdrawn_on);
            days.extend(report.reviewed.map(|(on, _)| on));
            days.extend(report.revoked_on);
        }
        days.extend(self.extended.iter().map(|(on, _)| *on));
        for waived in &self.waived {
            days.insert(waived.from);
            days.extend(waived.withdrawn_on);
        }
        days.extend(&self.cancelled);
        days.extend(self.revised.iter().map(|revised| revised.on));
        days.extend(self.closed_on);
        days
    }

    /// Where it stood at the end of a day.
    pub fn stand(&self, day: NaiveDate) -> Stand {
        let due_on = self.due_by(day);
        let moved = due_on.checked_add_days(Days::new(self.grace_days)).unwrap_or(NaiveDate::MAX);
        let late_after = if due_on == self.due_on { self.late_after } else { moved };
        Stand { due_on, late_after, excluded: self.excluded_by(day), standing: self.standing_by(day) }
    }

    /// The due day in force: no day that was granted, or on which it was counted again, is earlier than the one before.
    fn due_by(&self, day: NaiveDate) -> NaiveDate {
        let granted = self.extended.iter().filter(|(on, _)| *on <= day).map(|(_, due)| *due);
        let counted =
            self.revised.iter().filter(|revised| revised.on <= day).filter_map(|revised| match revised.word {
                Word::Counted(due) => Some(due),
                Word::Cancelled => None,
            });
        granted.chain(counted).fold(self.due_on, NaiveDate::max)
    }

    fn standing_by(&self, day: NaiveDate) -> Standing {
        let known = self.reports.iter().filter(|report| report.recorded_on <= day);
        let facts: Vec<ReportFacts> = known.map(|report| report.facts(day)).collect();
        standing(&facts, self.times)
    }

    fn excluded_by(&self, day: NaiveDate) -> Option<Excluded> {
        let before = self.excluded_before_close(day);
        let closed_on = self.closed_on.filter(|on| *on <= day);
        match (before, closed_on) {
            (None, Some(closed_on)) if self.is_cut_off(closed_on, day) => Some(Excluded::PlanClosed),
            _ => before,
        }
    }

    /// Whether the close took it out: it counted and waited for a report before it was due, on the day of the close or, once
    /// what had been reported was returned or withdrawn or a waiver taken back, on a later one.
    fn is_cut_off(&self, closed_on: NaiveDate, day: NaiveDate) -> bool {
        let mut not_due = closed_on.iter_days().take_while(|on| *on <= day && self.due_by(*on) > *on);
        let counted = |on| self.excluded_before_close(on).is_none() && self.lives(on);
        not_due.any(|on| counted(on) && self.waits(on))
    }

    fn excluded_before_close(&self, day: NaiveDate) -> Option<Excluded> {
        let waived = self.waived.iter().find(|waived| within(day, waived.from, waived.withdrawn_on));
        if let Some(waived) = waived {
            return Some(match waived.kind {
                WaiverKind::Waived => Excluded::Waived,
                WaiverKind::NotApplicable => Excluded::NotApplicable,
            });
        }
        if self.cancelled.iter().any(|on| *on <= day) {
            return Some(Excluded::Cancelled);
        }
        let mut words: Vec<(NaiveDate, Word)> =
            self.revised.iter().filter(|revised| revised.on <= day).map(|revised| (revised.on, revised.word)).collect();
        words.sort_by_key(|(on, _)| *on);
        // What waits again by then, for a report or because a waiver was withdrawn, and the lists no longer ask for.
        for on in self.waits_again().into_iter().filter(|on| *on <= day) {
            let before = words.partition_point(|(then, _)| *then <= on);
            let counts = self.excluded_by_words(words.get(..before).unwrap_or_default()).is_none();
            if counts && self.waits(on) && self.due_by(on) >= on && !self.is_asked_for(on) {
                words.insert(before, (on, Word::Cancelled));
            }
        }
        self.excluded_by_words(&words)
    }

    fn excluded_by_words(&self, words: &[(NaiveDate, Word)]) -> Option<Excluded> {
        match words.last() {
            Some((_, Word::Cancelled)) => Some(Excluded::Cancelled),
            Some((_, Word::Counted(_))) => None,
            None => self.before_issue.then_some(Excluded::BeforeIssue),
        }
    }

    /// The days on which it may have come to wait for a report again.
    fn waits_again(&self) -> BTreeSet<NaiveDate> {
        let waivers = self.waived.iter().filter_map(|waived| waived.withdrawn_on);
        let reports = self.reports.iter().flat_map(|report| {
            [report.withdrawn_on, report.revoked_on, report.reviewed.map(|(on, _)| on)].into_iter().flatten()
        });
        waivers.chain(reports).collect()
    }

    /// Whether it waited for a report at the end of a day.
    fn waits(&self, day: NaiveDate) -> bool {
        matches!(self.standing_by(day).phase, Phase::Open | Phase::Returned)
    }

    /// Whether the lists of a day still ask for it: its unit owes the task, and its entry stands.
    fn is_asked_for(&self, day: NaiveDate) -> bool {
        let has = |part: Part| {
            let held = self.held.iter().filter(move |held| held.part == part && within(day, held.from, held.to));
            held.map(|held| held.unit_id).collect::<Vec<_>>()
        };
        let responsible = has(Part::Responsible);
        let owing = if responsible.is_empty() { has(Part::Lead) } else { responsible };
        owing.contains(&self.unit_id) && self.entry_ended_on.is_none_or(|ended| ended > day)
    }

    /// Whether its due day lies in the life of its unit, as it was known on a day.
    fn lives(&self, day: NaiveDate) -> bool {
        let due_on = self.due_by(day);
        self.lived.iter().find(|lived| within(day, lived.from, lived.to)).is_none_or(|lived| {
            lived.established_on.is_none_or(|from| from <= due_on) && lived.dissolved_on.is_none_or(|to| due_on <= to)
        })
    }
}

impl Report {
    /// What was known of it at the end of a day.
    fn facts(&self, day: NaiveDate) -> ReportFacts {
        let by = |on: Option<NaiveDate>| on.is_some_and(|on| on <= day);
        let fate = match self.reviewed {
            _ if by(self.withdrawn_on) => Fate::Withdrawn,
            Some((on, _)) if on <= day && by(self.revoked_on) => Fate::Revoked,
            Some((on, ruling)) if on <= day => ruling,
            _ => Fate::Pending,
        };
        ReportFacts {
            id: self.id,
            completion: self.completion,
            addition_to: self.addition_to,
            reported_on: self.reported_on,
            recorded_on: self.recorded_on,
            fate,
        }
    }
}
