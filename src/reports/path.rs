//! The path to the target: what is missing, until when each can still count, the ceiling still attainable, and the day
//! on which the target was lost.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{Asked, MAX_IDS, Population, Scope, population, settle_within_reach, target};
use super::adjustments::{Adjustment, ByNode, all_of};
use super::clauses::path::compliance_path;
use super::clauses::{Standards, standards};
use super::model::{Rate, Target};
use super::rules::{Chance, Counted, ceiling, chance, supplement_until};
use super::{NARROW, REPORT_VERSION, store};
use crate::access::Actor;
use crate::assessments::model::ClauseResult;
use crate::plans::rules::last_day;
use crate::platform::{Conn, Result};
use crate::progress::rules::ReportFacts;
use crate::time_nodes::{NodeId, Verdict};
use crate::units::UnitId;
use crate::word_enum;

/// The target where no plan sets one, in percent.
pub(super) const EVERYTHING: i64 = 100;

word_enum! {
    /// A rate that a path leads to.
    PathRate { OnTime = "on_time", Compliance = "compliance" }
}

word_enum! {
    /// What is missing.
    MissingKind { TimeNode = "time_node", Clause = "clause" }
}

/// Something that is missing and can still count.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissingItem {
    pub kind: MissingKind,
    /// Id of the time node or the clause.
    #[schema(minimum = 1)]
    pub id: i64,
    pub title: String,
    /// Code of the clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The unit that owes it.
    pub unit_id: UnitId,
    /// The last day of a report that can still count, also of one that awaits its review; of a clause, the day of the
    /// target.
    pub last_day: NaiveDate,
    /// Of a clause: what was found missing can be made good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curable: Option<bool>,
    /// Of a clause: what it counts as on the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ClauseResult>,
    /// Of a clause whose evidence grows old: the first day on which it will not count any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<NaiveDate>,
}

/// Something that can't count any more.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LostItem {
    pub kind: MissingKind,
    /// Id of the time node or the clause.
    #[schema(minimum = 1)]
    pub id: i64,
    pub title: String,
    /// Code of the clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The unit that owed it.
    pub unit_id: UnitId,
    /// The day after its last day; of a clause that can't be made good, the day of the check that found it not met.
    pub lost_on: NaiveDate,
    /// Of a clause: what was found missing can be made good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curable: Option<bool>,
    /// Of a clause: what it counts as on the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ClauseResult>,
}

/// The path to the target in one rate.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RatePath {
    pub rate: PathRate,
    /// What is still attainable, of all nodes of the year that are not excluded; of the clauses of all branches that are
    /// applicable.
    pub ceiling: Rate,
    /// The day on which the target (100 % without one) was lost; null while it can be reached.
    pub lost_on: Option<NaiveDate>,
    /// What is missing and can still count, the most urgent first.
    pub items: Vec<MissingItem>,
    /// What is lost, the first first.
    pub lost: Vec<LostItem>,
}

/// What is missing to the target.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PathReport {
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
    /// Target of the plan of the nearest unit at or above; null without one.
    pub target: Option<Target>,
    pub rates: Vec<RatePath>,
    /// What moved or took out the nodes of the year, by node.
    pub adjustments: Vec<Adjustment>,
}

/// The path. Needs the unit within reach, since it names its nodes.
pub fn path(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<PathReport> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let ground = Ground::of(conn, &scope)?;
    ground.path(conn, &scope)
}

/// What the path of a year is found from, and what its branches can still reach.
pub(super) struct Ground {
    pub target: Option<Target>,
    /// The day of the target: the last of the year where no plan sets one.
    pub target_on: NaiveDate,
    /// The nodes that count, each with its chance to be done on time.
    pub chances: Vec<(Counted, Chance)>,
    pub standards: Standards,
    adjustments: ByNode,
}

impl Ground {
    pub(super) fn of(conn: &mut Conn, scope: &Scope) -> Result<Ground> {
        let target = target(conn, scope)?;
        let Population { nodes, adjustments, .. } = population(conn, scope)?;
        let target_on = target.as_ref().map_or_else(|| last_day(scope.year), |target| target.on);
        let standards = standards(conn, scope, scope.moment.as_of.min(target_on))?;
        Ok(Ground { target, target_on, chances: chances_of(conn, scope, nodes)?, standards, adjustments })
    }

    pub(super) fn path(&self, conn: &mut Conn, scope: &Scope) -> Result<PathReport> {
        let percent = self.target.as_ref().map_or(EVERYTHING, |target| target.percent);
        let on_time = on_time(conn, &self.chances, percent)?;
        let compliance = compliance_path(&self.standards, self.target.as_ref(), self.target_on, scope.moment.as_of)?;
        Ok(PathReport {
            report_version: REPORT_VERSION,
            year: scope.year,
            unit_id: scope.unit_id,
            as_of: scope.moment.as_of,
            is_final: scope.is_final,
            target: self.target.clone(),
            rates: vec![on_time, compliance],
            adjustments: all_of(conn, &self.adjustments, |_| true)?,
        })
    }
}

/// The nodes that count, each with its chance to be done on time.
fn chances_of(conn: &mut Conn, scope: &Scope, nodes: Vec<Counted>) -> Result<Vec<(Counted, Chance)>> {
    let supplements = supplements(conn, scope, &nodes)?;
    let chances = nodes.into_iter().filter_map(|node| {
        let supplement = supplements.get(&node.id).copied();
        chance(&node.judged, node.late_after, supplement).map(|chance| (node, chance))
    });
    Ok(chances.collect())
}

fn on_time(conn: &mut Conn, chances: &[(Counted, Chance)], target_percent: i64) -> Result<RatePath> {
    let named: Vec<NodeId> =
        chances.iter().filter(|(_, chance)| *chance != Chance::Met).map(|(node, _)| node.id).collect();
    if named.len() > MAX_IDS {
        return Err(NARROW.with([("limit", MAX_IDS.to_string())]));
    }
    let mut titles = store::titles(conn, &named)?;
    let (mut items, mut lost) = (vec![], vec![]);
    for (node, chance) in chances {
        let (kind, id, unit_id, code) = (MissingKind::TimeNode, node.id.0, node.unit_id, None);
        let (title, curable, result) = (titles.remove(&node.id).unwrap_or_default(), None, None);
        match *chance {
            Chance::Met => {}
            Chance::Open(last_day) => {
                let expires_on = None;
                items.push(MissingItem { kind, id, title, code, unit_id, last_day, curable, result, expires_on });
            }
            Chance::Lost(lost_on) => lost.push(LostItem { kind, id, title, code, unit_id, lost_on, curable, result }),
        }
    }
    items.sort_by_key(|item| (item.last_day, item.id));
    lost.sort_by_key(|item| (item.lost_on, item.id));
    let chances: Vec<_> = chances.iter().map(|(_, chance)| *chance).collect();
    let (ceiling, lost_on) = ceiling(&chances, target_percent);
    Ok(RatePath { rate: PathRate::OnTime, ceiling, lost_on, items, lost })
}

/// Of the nodes that wait for a report and have one, the last day of those that a supplement can still bring in on
/// time. A node of several times need not be `returned` for that: a later report of it may await its review.
fn supplements(conn: &mut Conn, scope: &Scope, nodes: &[Counted]) -> Result<HashMap<NodeId, NaiveDate>> {
    let waits = |node: &&Counted| {
        node.has_report
            && matches!(node.judged.verdict, Verdict::Overdue | Verdict::Due | Verdict::DueSoon | Verdict::NotDue)
    };
    let waiting: HashSet<NodeId> = nodes.iter().filter(waits).map(|node| node.id).collect();
    if waiting.is_empty() {
        return Ok(HashMap::new());
    }
    let as_of = scope.moment.as_of;
    let mut reports: HashMap<NodeId, (i64, Vec<ReportFacts>)> = HashMap::new();
    for row in store::submitted(conn, scope.year, as_of)? {
        if waiting.contains(&row.node_id) {
            reports.entry(row.node_id).or_insert((row.times, vec![])).1.push(row.facts(as_of));
        }
    }
    let open = nodes.iter().filter_map(|node| {
        let (times, facts) = reports.get(&node.id)?;
        let times = usize::try_from(*times).ok()?;
        Some((node.id, supplement_until(facts, times, node.late_after, as_of)?))
    });
    Ok(open.collect())
}
