//! What moved or took out the time nodes of a report 调整: extensions, waivers, findings that a node is not applicable,
//! cancellations, and what was asked for and not decided by the day. Every report that they touch counts them; those
//! that name things list them, each with its reason and who decided.

pub mod rules;
pub mod store;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use self::rules::Standing;
use self::store::{AskedRow, Narrowed};
use super::actions::{Asked, MAX_IDS, Population, Scope, population, settle_within_reach};
use super::store::{Moment, titles};
use super::{NARROW, REPORT_VERSION};
use crate::access::{AccountId, Action, Actor};
use crate::platform::{Conn, Result};
use crate::time_nodes::requests::RequestState;
use crate::time_nodes::{Excluded, NodeId};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// What an adjustment is.
    AdjustmentKind {
        /// A later due day.
        Extension = "extension",
        /// A waiver.
        Waived = "waived",
        /// The node is not applicable to the unit.
        NotApplicable = "not_applicable",
        /// A cancellation, or a removal from the lists of the plan.
        Cancelled = "cancelled",
        /// The node was not yet due when its plan was closed.
        PlanClosed = "plan_closed",
    }
}

/// How many adjustments the nodes of a report's year have on the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdjustmentCounts {
    /// The sum of the others, without `granted_late`.
    pub of: i64,
    /// Extensions granted; a node may have several.
    pub extensions: i64,
    /// Of the extensions granted, those granted after the last day that was on time.
    pub granted_late: i64,
    pub waived: i64,
    pub not_applicable: i64,
    pub cancelled: i64,
    pub plan_closed: i64,
    /// Asked for and not decided yet, of any kind.
    pub requested: i64,
}

/// An extension, waiver, finding of not applicable or cancellation that touches a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Adjustment {
    pub kind: AdjustmentKind,
    /// `requested` or `approved`, on the day.
    pub state: RequestState,
    /// Id of the extension, waiver or cancellation; null where a revision or the close of the plan took the node out.
    #[schema(example = 1)]
    pub id: Option<i64>,
    pub node_id: NodeId,
    pub unit_id: UnitId,
    /// Title of the node.
    pub title: String,
    /// Of an extension: the due day that it was to move.
    pub from_due_on: Option<NaiveDate>,
    /// Of an extension: the later due day.
    pub due_on: Option<NaiveDate>,
    /// Of an extension: granted after the last day that was on time.
    pub granted_late: bool,
    /// Why it was asked for; null where a revision or the close took the node out.
    pub reason: Option<String>,
    pub requested_by: Option<AccountId>,
    pub requested_on: Option<NaiveDate>,
    /// Who approved it; null while it is requested, or where nobody had to.
    pub decided_by: Option<AccountId>,
    pub decided_on: Option<NaiveDate>,
}

impl Adjustment {
    fn of(asked: &AskedRow, unit_id: UnitId, standing: Standing) -> Adjustment {
        let approved = standing == Standing::Approved;
        Adjustment {
            kind: asked.kind,
            state: if approved { RequestState::Approved } else { RequestState::Requested },
            id: Some(asked.id),
            node_id: asked.node_id,
            unit_id,
            title: String::new(),
            from_due_on: asked.from_due_on,
            due_on: asked.due_on,
            granted_late: approved && asked.granted_late,
            reason: Some(asked.reason.clone()),
            requested_by: Some(asked.requested_by),
            requested_on: Some(asked.requested_on),
            decided_by: asked.decided_by.filter(|_| approved),
            decided_on: asked.decided_on.filter(|_| approved),
        }
    }

    /// A node that a revision or the close of its plan took out.
    fn taken_out(kind: AdjustmentKind, node_id: NodeId, unit_id: UnitId, by: Option<AccountId>) -> Adjustment {
        Adjustment {
            kind,
            state: RequestState::Approved,
            id: None,
            node_id,
            unit_id,
            title: String::new(),
            from_due_on: None,
            due_on: None,
            granted_late: false,
            reason: None,
            requested_by: None,
            requested_on: None,
            decided_by: by,
            decided_on: None,
        }
    }
}

/// The adjustments that a report lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Adjustments {
    /// Those of nodes within the reader's reach, by node; at most 10,000.
    pub listed: Vec<Adjustment>,
    /// Those that are counted and not listed: out of the reader's reach, or beyond the 10,000.
    pub not_listed: i64,
}

/// The adjustments of nodes, by node and within a node by kind and id.
pub(super) type ByNode = BTreeMap<NodeId, Vec<Adjustment>>;

/// The adjustments of a population. `units` narrows to few units, as the population was narrowed.
pub(super) fn of_population(
    conn: &mut Conn,
    year: i64,
    moment: Moment,
    population: &Population,
    units: Option<&[UnitId]>,
) -> Result<ByNode> {
    let within: HashMap<NodeId, UnitId> = population.nodes.iter().map(|node| (node.id, node.unit_id)).collect();
    let mut found = ByNode::new();
    for asked in store::asked(conn, &Narrowed::Year { year, units }, moment)? {
        let Some(unit_id) = within.get(&asked.node_id) else { continue };
        if let Some(standing) = rules::standing(&asked.facts(), moment) {
            found.entry(asked.node_id).or_default().push(Adjustment::of(&asked, *unit_id, standing));
        }
    }
    for node in &population.nodes {
        let kind = match node.judged.reason {
            Some(Excluded::Cancelled) => AdjustmentKind::Cancelled,
            Some(Excluded::PlanClosed) => AdjustmentKind::PlanClosed,
            _ => continue,
        };
        let of_node = found.entry(node.id).or_default();
        if !of_node.iter().any(|known| known.kind == kind && known.state == RequestState::Approved) {
            let by = population.approved_by.get(&node.id).copied();
            of_node.push(Adjustment::taken_out(kind, node.id, node.unit_id, by));
        }
    }
    for of_node in found.values_mut() {
        of_node.sort_by_key(|one| (one.kind.word(), one.id));
    }
    Ok(found)
}

/// How many there are on nodes.
pub(super) fn tally<'a>(adjustments: impl Iterator<Item = &'a Adjustment>) -> AdjustmentCounts {
    let mut counts = AdjustmentCounts::default();
    for one in adjustments {
        counts.of += 1;
        counts.granted_late += i64::from(one.granted_late);
        *match (one.state, one.kind) {
            (RequestState::Requested, _) => &mut counts.requested,
            (_, AdjustmentKind::Extension) => &mut counts.extensions,
            (_, AdjustmentKind::Waived) => &mut counts.waived,
            (_, AdjustmentKind::NotApplicable) => &mut counts.not_applicable,
            (_, AdjustmentKind::Cancelled) => &mut counts.cancelled,
            (_, AdjustmentKind::PlanClosed) => &mut counts.plan_closed,
        } += 1;
    }
    counts
}

/// What a report that everybody reads lists of them: those of nodes within the reader's reach.
pub(super) fn listed(conn: &mut Conn, actor: &Actor, found: &ByNode) -> Result<Adjustments> {
    let all = || found.values().flatten();
    let count = all().count();
    let units: HashSet<UnitId> = all().map(|one| one.unit_id).collect();
    // The operator at the command line reads everything.
    let readable = match actor.account_id {
        None => units,
        Some(_) => store::readable(conn, &units, &actor.reach(Action::ReadNodes))?,
    };
    let shown = all().filter(|one| readable.contains(&one.unit_id)).take(MAX_IDS).cloned().collect();
    let listed = titled(conn, shown)?;
    let not_listed = (count - listed.len()) as i64;
    Ok(Adjustments { listed, not_listed })
}

/// All of the nodes that `counts`, for a report whose reader reads every one of them.
pub(super) fn all_of(conn: &mut Conn, found: &ByNode, counts: impl Fn(NodeId) -> bool) -> Result<Vec<Adjustment>> {
    let all: Vec<_> = found.values().flatten().filter(|one| counts(one.node_id)).cloned().collect();
    if all.len() > MAX_IDS {
        return Err(NARROW.with([("limit", MAX_IDS.to_string())]));
    }
    titled(conn, all)
}

/// Those of nodes that are named one by one, as recorded by the end of a day.
pub(super) fn of_nodes(conn: &mut Conn, nodes: &[(NodeId, UnitId)], as_of: NaiveDate) -> Result<ByNode> {
    let units: HashMap<NodeId, UnitId> = nodes.iter().copied().collect();
    let ids: Vec<NodeId> = nodes.iter().map(|(id, _)| *id).collect();
    let moment = Moment { as_of, restated: false };
    let mut found = ByNode::new();
    for asked in store::asked(conn, &Narrowed::Nodes(&ids), moment)? {
        let Some(unit_id) = units.get(&asked.node_id) else { continue };
        if let Some(standing) = rules::standing(&asked.facts(), moment) {
            found.entry(asked.node_id).or_default().push(Adjustment::of(&asked, *unit_id, standing));
        }
    }
    Ok(found)
}

fn titled(conn: &mut Conn, mut shown: Vec<Adjustment>) -> Result<Vec<Adjustment>> {
    let mut nodes: Vec<NodeId> = shown.iter().map(|one| one.node_id).collect();
    nodes.dedup();
    let titles = titles(conn, &nodes)?;
    for one in &mut shown {
        one.title = titles.get(&one.node_id).cloned().unwrap_or_default();
    }
    Ok(shown)
}

/// Every adjustment of a year's nodes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdjustmentsReport {
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
    /// Everything recorded until now was applied to that day.
    pub restated: bool,
    pub total: AdjustmentCounts,
    /// By node.
    pub adjustments: Vec<Adjustment>,
}

/// Every adjustment in a scope. Needs the unit within reach, since it names its nodes.
pub fn adjustments(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<AdjustmentsReport> {
    let scope: Scope = settle_within_reach(conn, actor, asked)?;
    let found = population(conn, &scope)?.adjustments;
    Ok(AdjustmentsReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        total: tally(found.values().flatten()),
        adjustments: all_of(conn, &found, |_| true)?,
    })
}
