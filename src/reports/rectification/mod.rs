//! The rectification report 整改销号: of the findings of a work year that count, those closed, by the one rule of
//! `findings` ([`place`](crate::findings::rules::place)); whole, by unit, and explained by their ids.

pub mod http;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::REPORT_VERSION;
use super::actions::{Asked, Scope, settle, settle_within_reach};
use super::model::Rate;
use super::rules::ratio;
use crate::access::{AccountId, Action, Actor};
use crate::findings::FindingId;
use crate::findings::day::{self, Counted, Day};
use crate::findings::model::FindingState;
use crate::findings::rules::{NotCounted, Place};
use crate::platform::web::Table;
use crate::platform::{Conn, Result};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// By what the rectification report is grouped.
    RectificationGroupBy { Unit = "unit" }
}

/// Findings on a day, each in exactly one count.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RectificationCounts {
    /// Those that count: the sum of the seven counts below it.
    pub of: i64,
    /// Closed out, and counted so.
    pub closed: i64,
    /// Closed out and long-term, while an owed node of its tasks is not done: not counted as closed.
    pub closed_not_counted: i64,
    /// 阶段完成: a stage is done; not counted as closed.
    pub stage_done: i64,
    /// The check was passed, the close-out is still to come.
    pub checked: i64,
    /// The close-out was applied for.
    pub applied: i64,
    pub rectifying: i64,
    /// No measure was taken yet.
    pub open: i64,
    /// Dismissed: not counted.
    pub dismissed: i64,
    /// Closed out once, failed its re-check: the finding that came of it counts in its place.
    pub relapsed: i64,
    /// Closed of those that count.
    pub rectification: Rate,
}

/// The findings of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RectificationGroup {
    /// Id of the unit as text.
    #[schema(example = "3")]
    pub key: String,
    pub unit_id: UnitId,
    /// Name on the day.
    pub name: String,
    #[serde(flatten)]
    pub counts: RectificationCounts,
}

/// The rectification report of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RectificationReport {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The work year of the findings.
    pub year: i64,
    /// The unit asked for; null for the whole tree.
    pub unit_id: Option<UnitId>,
    /// It shows what was recorded by the end of this day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Everything recorded until now was applied to that day.
    pub restated: bool,
    /// Each finding once.
    pub total: RectificationCounts,
    /// The asked unit's own row first, then one a unit directly below with everything below it. A finding that names
    /// several units stands in the row of each.
    pub groups: Vec<RectificationGroup>,
}

/// A finding that the rate leaves out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingNotCounted {
    pub id: FindingId,
    pub reason: NotCounted,
    /// The account that dismissed it; null for a relapse, which nobody had to approve.
    pub approved_by: Option<AccountId>,
}

/// What the rectification rate consists of 数据构成: the three lists partition its population.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RectificationExplanation {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    pub year: i64,
    pub unit_id: Option<UnitId>,
    pub as_of: NaiveDate,
    #[serde(rename = "final")]
    pub is_final: bool,
    pub restated: bool,
    /// Ids of the findings that count as closed.
    pub numerator: Vec<FindingId>,
    /// Ids of the findings that count and are not closed.
    pub denominator_only: Vec<FindingId>,
    /// Of those, the ids of the findings of which a stage is done.
    pub stage_done: Vec<FindingId>,
    /// Findings that do not count, and why.
    pub excluded: Vec<FindingNotCounted>,
}

/// The rectification report. Every appointed account may read its counts.
pub fn rectification(
    conn: &mut Conn,
    actor: &Actor,
    asked: Asked,
    group_by: Option<RectificationGroupBy>,
) -> Result<RectificationReport> {
    actor.must_anywhere(Action::ReadCounts)?;
    let scope = settle(conn, asked)?;
    let day = day::on(conn, scope.moment.as_of, scope.moment.restated)?;
    let all: Vec<Counted> = within(&scope, &day).collect();
    let groups = match group_by {
        None => vec![],
        Some(RectificationGroupBy::Unit) => by_unit(&scope, &all),
    };
    Ok(RectificationReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        total: count(all.iter()),
        groups,
    })
}

/// The ids behind the rate. Needs the unit within reach, since it names its findings.
pub fn explain(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<RectificationExplanation> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let day = day::on(conn, scope.moment.as_of, scope.moment.restated)?;
    let mut explanation = RectificationExplanation {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        numerator: vec![],
        denominator_only: vec![],
        stage_done: vec![],
        excluded: vec![],
    };
    for finding in within(&scope, &day) {
        match finding.place {
            Place::Numerator => explanation.numerator.push(finding.id),
            Place::DenominatorOnly => explanation.denominator_only.push(finding.id),
            Place::NotCounted(reason) => {
                let approved_by = (reason == NotCounted::Dismissed).then_some(finding.account_id);
                explanation.excluded.push(FindingNotCounted { id: finding.id, reason, approved_by });
            }
        }
        if finding.place == Place::DenominatorOnly && finding.state == FindingState::StageDone {
            explanation.stage_done.push(finding.id);
        }
    }
    Ok(explanation)
}

/// The findings of the year that name a unit in scope.
fn within<'a>(scope: &'a Scope, day: &'a Day) -> impl Iterator<Item = Counted> + 'a {
    let in_scope = |unit: &UnitId| scope.tree.is_within(*unit, scope.unit_id);
    day.counted().filter(move |finding| finding.year == scope.year && finding.units.iter().any(in_scope))
}

/// Each finding in exactly one count.
fn count<'a>(findings: impl Iterator<Item = &'a Counted> + Clone) -> RectificationCounts {
    let counting = |state: FindingState, place: Place| {
        findings.clone().filter(|one| one.state == state && one.place == place).count() as i64
    };
    let left_out = |reason| findings.clone().filter(|one| one.place == Place::NotCounted(reason)).count() as i64;
    let unfinished = |state| counting(state, Place::DenominatorOnly);
    let closed = findings.clone().filter(|one| one.place == Place::Numerator).count() as i64;
    let of = closed + findings.clone().filter(|one| one.place == Place::DenominatorOnly).count() as i64;
    RectificationCounts {
        of,
        closed,
        closed_not_counted: unfinished(FindingState::Closed),
        stage_done: unfinished(FindingState::StageDone),
        checked: unfinished(FindingState::Checked),
        applied: unfinished(FindingState::Applied),
        rectifying: unfinished(FindingState::Rectifying),
        open: unfinished(FindingState::Open),
        dismissed: left_out(NotCounted::Dismissed),
        relapsed: left_out(NotCounted::Relapsed),
        rectification: ratio(closed, of),
    }
}

fn by_unit(scope: &Scope, all: &[Counted]) -> Vec<RectificationGroup> {
    let tree = &scope.tree;
    let asked = scope.unit_id.or_else(|| match tree.children(None) {
        [only] => Some(*only),
        _ => None,
    });
    let group = |id: UnitId, with_below: bool| {
        let unit = tree.get(id)?;
        let belongs = |named: &UnitId| if with_below { tree.is_within(*named, Some(id)) } else { *named == id };
        let counts = count(all.iter().filter(|finding| finding.units.iter().any(belongs)));
        Some(RectificationGroup { key: id.to_string(), unit_id: id, name: unit.name.clone(), counts })
    };
    let own = asked.and_then(|id| group(id, false));
    let below = tree.children(asked).iter().filter_map(|id| group(*id, true));
    own.into_iter().chain(below).collect()
}

/// A row of the table.
#[derive(Serialize)]
struct Row<'a> {
    as_of: NaiveDate,
    restated: bool,
    key: &'a str,
    name: &'a str,
    of: i64,
    closed: i64,
    closed_not_counted: i64,
    stage_done: i64,
    checked: i64,
    applied: i64,
    rectifying: i64,
    open: i64,
    dismissed: i64,
    relapsed: i64,
    rectification_percent: String,
}

/// The report as a table: the total and its groups, one row each; the total has the key `total`.
pub fn table(report: &RectificationReport) -> Result<Table> {
    let groups = report.groups.iter().map(|group| (group.key.as_str(), group.name.as_str(), &group.counts));
    let rows = std::iter::once(("total", "", &report.total)).chain(groups).map(|(key, name, counts)| Row {
        as_of: report.as_of,
        restated: report.restated,
        key,
        name,
        of: counts.of,
        closed: counts.closed,
        closed_not_counted: counts.closed_not_counted,
        stage_done: counts.stage_done,
        checked: counts.checked,
        applied: counts.applied,
        rectifying: counts.rectifying,
        open: counts.open,
        dismissed: counts.dismissed,
        relapsed: counts.relapsed,
        rectification_percent: counts.rectification.percent.map(|one| format!("{one:.1}")).unwrap_or_default(),
    });
    Table::of(&rows.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::model::FindingKind;

    /// The counts are a partition: of what counts by the states, of what does not by the reasons.
    #[test]
    fn each_finding_is_in_exactly_one_count() {
        let mut findings = vec![];
        let places =
            [Place::DenominatorOnly, Place::NotCounted(NotCounted::Dismissed), Place::NotCounted(NotCounted::Relapsed)];
        for (number, state) in (1..).zip(FindingState::ALL) {
            for place in places {
                // What is dismissed is nothing else, and only what was closed relapses.
                let possible = match place {
                    Place::NotCounted(NotCounted::Dismissed) => *state == FindingState::Dismissed,
                    Place::NotCounted(NotCounted::Relapsed) => *state == FindingState::Closed,
                    _ => *state != FindingState::Dismissed,
                };
                if possible {
                    findings.push(counted(number, *state, place));
                }
            }
        }
        findings.push(counted(90, FindingState::Closed, Place::Numerator));
        let counts = count(findings.iter());
        let states = [counts.closed_not_counted, counts.stage_done, counts.checked, counts.applied];
        assert_eq!((states, counts.rectifying, counts.open), ([1; 4], 1, 1));
        assert_eq!((counts.closed, counts.of, counts.dismissed, counts.relapsed), (1, 7, 1, 1));
        assert_eq!(counts.of + counts.dismissed + counts.relapsed, findings.len() as i64);
        assert_eq!(counts.rectification, Rate { met: 1, of: 7, percent: Some(14.2), reason: None });
        assert_eq!(count([].iter()).rectification.percent, None);
    }

    fn counted(id: i64, state: FindingState, place: Place) -> Counted {
        let kind = FindingKind::TimeLimited;
        Counted { id: FindingId(id), year: 2020, units: vec![], kind, state, place, account_id: AccountId(1) }
    }
}
