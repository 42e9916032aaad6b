//! What the department and the leaders ought to look at: the same file as evidence for different tasks or branches, and
//! completions dated back by many days. Each flag lists its items, so that it can be looked into; it says nothing of
//! intent, counts in no rate and ranks nobody. Units stand in their own order.

pub mod rules;
pub mod store;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use self::rules::{at_odds, days_back};
use self::store::{BackDatedRow, Use};
use super::actions::{Asked, MAX_IDS, Scope, settle_within};
use super::store::titles;
use super::{NARROW, REPORT_VERSION};
use crate::access::{Action, Actor};
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::progress::{AttachmentId, ReportId};
use crate::settings;
use crate::time_nodes::NodeId;
use crate::units::UnitId;

/// A report that names a file which others name too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EvidenceUse {
    pub report_id: ReportId,
    pub node_id: NodeId,
    /// The year of its plan: a file of an earlier year may have been handed in again.
    #[schema(example = 2020)]
    pub year: i64,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    /// Name of the unit on the day.
    pub unit: String,
    /// Title of the node.
    pub title: String,
    pub attachment_id: AttachmentId,
    pub file_name: String,
    /// The day that counts.
    pub reported_on: NaiveDate,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
}

/// One file, to the byte, as evidence for different tasks or units, and not through one activity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SameEvidence {
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// The reports are of more than one task.
    pub different_tasks: bool,
    /// The reports are of more than one unit.
    pub different_units: bool,
    /// Every report in scope that names the file, by unit and report.
    pub items: Vec<EvidenceUse>,
}

/// A completion whose day lies long before the day it was recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BackDated {
    pub report_id: ReportId,
    pub node_id: NodeId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    /// Name of the unit on the day.
    pub unit: String,
    /// Title of the node.
    pub title: String,
    /// The day that counts.
    pub reported_on: NaiveDate,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// Days between the two.
    pub days: i64,
    /// Entered by the department for the unit 代录.
    pub on_behalf: bool,
}

/// What ought to be looked at, as of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlagsReport {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The year of the plans.
    pub year: i64,
    /// The unit asked for; null for the whole tree.
    pub unit_id: Option<UnitId>,
    /// It shows what was recorded by the end of this day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Files that reports in scope name for different tasks or units, at least one of them of this year, except where one
    /// activity brought them about;
    /// by the first unit that names them.
    pub same_evidence: Vec<SameEvidence>,
    /// The setting `back_dated_days` of that day.
    #[schema(example = 7)]
    pub back_dated_days: i64,
    /// Completions dated back by more days than that, by unit and report.
    pub back_dated: Vec<BackDated>,
}

/// The flags. For the department and the leaders of the unit.
pub fn flags(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<FlagsReport> {
    let scope = settle_within(conn, actor, asked, Action::ReadFlags)?;
    let as_of = scope.moment.as_of;
    let places: HashMap<UnitId, usize> =
        scope.tree.in_order().into_iter().enumerate().map(|(place, id)| (id, place)).collect();
    let place = |unit: UnitId| places.get(&unit).copied().unwrap_or(usize::MAX);
    let mut shared = shared(conn, &scope)?;
    for uses in &mut shared {
        uses.sort_by_key(|one| (place(one.unit_id), one.report_id));
    }
    shared.sort_by_key(|uses| uses.first().map(|one| (place(one.unit_id), one.report_id, one.attachment_id)));
    let back_dated_days = settings::store::on(conn, as_of)?.back_dated_days;
    let mut back = store::back_dated(conn, scope.year, as_of)?;
    back.retain(|row| {
        scope.tree.is_within(row.unit_id, scope.unit_id)
            && days_back(row.reported_on, row.recorded_on) > back_dated_days
    });
    back.sort_by_key(|row| (place(row.unit_id), row.report_id));
    let named: HashSet<NodeId> =
        shared.iter().flatten().map(|one| one.node_id).chain(back.iter().map(|row| row.node_id)).collect();
    if shared.iter().map(Vec::len).sum::<usize>() + back.len() > MAX_IDS {
        return Err(NARROW.with([("limit", MAX_IDS.to_string())]));
    }
    let titles = titles(conn, &named.into_iter().collect::<Vec<_>>())?;
    Ok(FlagsReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of,
        is_final: scope.is_final,
        same_evidence: shared.into_iter().map(|uses| same_evidence(uses, &scope, &titles)).collect(),
        back_dated_days,
        back_dated: back.into_iter().map(|row| back_dated(row, &scope, &titles)).collect(),
    })
}

/// The uses in scope, by file, of the files that a report of the year names and whose uses, those of other years too, are
/// at odds.
fn shared(conn: &mut Conn, scope: &Scope) -> Result<Vec<Vec<Use>>> {
    let as_of = scope.moment.as_of;
    let mut of: HashMap<String, Vec<Use>> = HashMap::new();
    for one in store::uses(conn, scope.year, as_of)? {
        if scope.tree.is_within(one.unit_id, scope.unit_id) {
            let uses = of.entry(one.sha256.clone()).or_default();
            // A report may name the same bytes under two names.
            if uses.last().is_none_or(|last| last.report_id != one.report_id) {
                uses.push(one);
            }
        }
    }
    let activities = store::activities(conn, as_of)?;
    let in_year = |uses: &Vec<Use>| uses.iter().any(|one| one.year == scope.year);
    Ok(of.into_values().filter(|uses| in_year(uses) && at_odds(uses, &activities)).collect())
}

fn unit_name(scope: &Scope, unit: UnitId) -> String {
    scope.tree.get(unit).map(|unit| unit.name.clone()).unwrap_or_default()
}

fn same_evidence(uses: Vec<Use>, scope: &Scope, titles: &HashMap<NodeId, String>) -> SameEvidence {
    let first = uses.first();
    SameEvidence {
        sha256: first.map(|one| one.sha256.clone()).unwrap_or_default(),
        different_tasks: uses.iter().any(|one| first.is_some_and(|first| first.task_id != one.task_id)),
        different_units: uses.iter().any(|one| first.is_some_and(|first| first.unit_id != one.unit_id)),
        items: uses
            .iter()
            .map(|one| EvidenceUse {
                report_id: one.report_id,
                node_id: one.node_id,
                year: one.year,
                task_id: one.task_id,
                unit_id: one.unit_id,
                unit: unit_name(scope, one.unit_id),
                title: titles.get(&one.node_id).cloned().unwrap_or_default(),
                attachment_id: one.attachment_id,
                file_name: one.file_name.clone(),
                reported_on: one.reported_on,
                recorded_on: one.recorded_on,
            })
            .collect(),
    }
}

fn back_dated(row: BackDatedRow, scope: &Scope, titles: &HashMap<NodeId, String>) -> BackDated {
    BackDated {
        report_id: row.report_id,
        node_id: row.node_id,
        task_id: row.task_id,
        unit_id: row.unit_id,
        unit: unit_name(scope, row.unit_id),
        title: titles.get(&row.node_id).cloned().unwrap_or_default(),
        reported_on: row.reported_on,
        recorded_on: row.recorded_on,
        days: days_back(row.reported_on, row.recorded_on),
        on_behalf: row.on_behalf,
    }
}
