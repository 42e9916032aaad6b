//! What a rate consists of 数据构成: lists that partition its population, asked of the same rule as the count.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{Asked, MAX_IDS, Scope, population, settle_within_reach};
use super::adjustments::{Adjustment, all_of};
use super::clauses::rules::{BranchRate, ClauseRate, holds, place as place_clause};
use super::clauses::standards;
use super::model::NodeRate;
use super::rules::{Counted, Place, place};
use super::{NARROW, REPORT_VERSION};
use crate::access::{AccountId, Actor};
use crate::platform::{Conn, Result};
use crate::standards::ClauseId;
use crate::time_nodes::{Excluded, NodeId};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// A rate that can be explained.
    ExplainedRate {
        Completion = "completion",
        OnTime = "on_time",
        OnTimeOriginal = "on_time_original",
        Reporting = "reporting",
        YearProgress = "year_progress",
        Compliance = "compliance",
        Assessed = "assessed",
        BranchesRecognised = "branches_recognised",
        BranchesAtTarget = "branches_at_target",
    }
}

/// What a rate counts.
enum Counts {
    Nodes(NodeRate),
    Clauses(ClauseRate),
    Branches(BranchRate),
}

impl ExplainedRate {
    fn counts(self) -> Counts {
        match self {
            ExplainedRate::Completion => Counts::Nodes(NodeRate::Completion),
            ExplainedRate::OnTime => Counts::Nodes(NodeRate::OnTime),
            ExplainedRate::OnTimeOriginal => Counts::Nodes(NodeRate::OnTimeOriginal),
            ExplainedRate::Reporting => Counts::Nodes(NodeRate::Reporting),
            ExplainedRate::YearProgress => Counts::Nodes(NodeRate::YearProgress),
            ExplainedRate::Compliance => Counts::Clauses(ClauseRate::Compliance),
            ExplainedRate::Assessed => Counts::Clauses(ClauseRate::Assessed),
            ExplainedRate::BranchesRecognised => Counts::Branches(BranchRate::BranchesRecognised),
            ExplainedRate::BranchesAtTarget => Counts::Branches(BranchRate::BranchesAtTarget),
        }
    }
}

/// Something that a rate counts: the id of a time node or of a branch, or a clause of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Explained {
    /// Id of a time node; of `branches_recognised` and `branches_at_target`, of a branch.
    Id(i64),
    /// Of `compliance` and `assessed`.
    Clause(ClauseOfBranch),
}

/// A clause of a branch: each branch answers for it by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseOfBranch {
    pub unit_id: UnitId,
    pub clause_id: ClauseId,
}

/// Something that a rate leaves out: a time node, or a clause that is not applicable to a branch.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ExcludedItem {
    Node(ExcludedNode),
    Clause(ExcludedClause),
}

/// A node that a rate leaves out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExcludedNode {
    pub id: NodeId,
    pub reason: Excluded,
    /// The account that approved it; null where nobody had to.
    pub approved_by: Option<AccountId>,
}

/// A clause of a branch that the rates over clauses leave out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExcludedClause {
    pub unit_id: UnitId,
    pub clause_id: ClauseId,
    /// Always `not_applicable`.
    pub reason: Excluded,
    /// The account that approved it.
    pub approved_by: Option<AccountId>,
}

/// What a rate consists of 数据构成: the three lists partition its population.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    /// Version of this form.
    pub report_version: i64,
    pub rate: ExplainedRate,
    pub year: i64,
    pub unit_id: Option<UnitId>,
    pub as_of: NaiveDate,
    #[serde(rename = "final")]
    pub is_final: bool,
    pub restated: bool,
    /// What is met.
    pub numerator: Vec<Explained>,
    /// What counts and is not met.
    pub denominator_only: Vec<Explained>,
    /// What does not count, and why.
    pub excluded: Vec<ExcludedItem>,
    /// Of a rate over time nodes: what moved or took out the nodes in the three lists, by node.
    pub adjustments: Vec<Adjustment>,
}

/// The three lists, while they are filled.
#[derive(Default)]
struct Lists {
    numerator: Vec<Explained>,
    denominator_only: Vec<Explained>,
    excluded: Vec<ExcludedItem>,
    adjustments: Vec<Adjustment>,
}

impl Lists {
    fn add(&mut self, place: Place, item: Explained, left_out: impl FnOnce(Excluded) -> ExcludedItem) {
        match place {
            Place::Numerator => self.numerator.push(item),
            Place::DenominatorOnly => self.denominator_only.push(item),
            Place::Excluded(reason) => self.excluded.push(left_out(reason)),
            Place::Outside => {}
        }
    }
}

/// What a rate consists of. Needs the unit within reach, since it names its nodes, clauses or branches.
pub fn explain(conn: &mut Conn, actor: &Actor, asked: Asked, rate: ExplainedRate) -> Result<Explanation> {
    let scope = settle_within_reach(conn, actor, asked)?;
    Ok(explained(conn, &scope, rate)?.0)
}

/// The same, with the nodes that it was found from; none of a rate over clauses or branches.
pub(super) fn explained(conn: &mut Conn, scope: &Scope, rate: ExplainedRate) -> Result<(Explanation, Vec<Counted>)> {
    let (lists, nodes) = match rate.counts() {
        Counts::Nodes(rate) => of_nodes(conn, scope, rate)?,
        Counts::Clauses(rate) => (of_clauses(conn, scope, rate)?, vec![]),
        Counts::Branches(rate) => (of_branches(conn, scope, rate)?, vec![]),
    };
    let Lists { numerator, denominator_only, excluded, adjustments } = lists;
    if numerator.len() + denominator_only.len() + excluded.len() > MAX_IDS {
        return Err(NARROW.with([("limit", MAX_IDS.to_string())]));
    }
    let explanation = Explanation {
        report_version: REPORT_VERSION,
        rate,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        numerator,
        denominator_only,
        excluded,
        adjustments,
    };
    Ok((explanation, nodes))
}

fn of_nodes(conn: &mut Conn, scope: &Scope, rate: NodeRate) -> Result<(Lists, Vec<Counted>)> {
    let population = population(conn, scope)?;
    let (mut lists, mut named) = (Lists::default(), HashSet::new());
    for node in &population.nodes {
        let place = place(rate, node, scope.moment.as_of);
        if place != Place::Outside {
            named.insert(node.id);
        }
        lists.add(place, Explained::Id(node.id.0), |reason| {
            let approved_by = population.approved_by.get(&node.id).copied();
            ExcludedItem::Node(ExcludedNode { id: node.id, reason, approved_by })
        });
    }
    lists.adjustments = all_of(conn, &population.adjustments, |node| named.contains(&node))?;
    Ok((lists, population.nodes))
}

fn of_clauses(conn: &mut Conn, scope: &Scope, rate: ClauseRate) -> Result<Lists> {
    let mut lists = Lists::default();
    for branch in standards(conn, scope, scope.moment.as_of)?.counted() {
        for clause in branch.clauses.iter().flatten() {
            let (unit_id, clause_id, approved_by) = (branch.unit_id, clause.clause_id, clause.standing.approved_by);
            let item = Explained::Clause(ClauseOfBranch { unit_id, clause_id });
            lists.add(place_clause(rate, &clause.standing), item, |reason| {
                ExcludedItem::Clause(ExcludedClause { unit_id, clause_id, reason, approved_by })
            });
        }
    }
    Ok(lists)
}

fn of_branches(conn: &mut Conn, scope: &Scope, rate: BranchRate) -> Result<Lists> {
    let mut lists = Lists::default();
    for branch in standards(conn, scope, scope.moment.as_of)?.counted() {
        let id = Explained::Id(branch.unit_id.0);
        let list = if holds(rate, branch) { &mut lists.numerator } else { &mut lists.denominator_only };
        list.push(id);
    }
    Ok(lists)
}
