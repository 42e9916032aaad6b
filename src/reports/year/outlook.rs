//! Is the target still possible, for whom not, and since when: the branches, each by the rules of the path.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::access::Actor;
use crate::platform::{Conn, Result};
use crate::reports::actions::{Asked, Scope, settle_within_reach};
use crate::reports::clauses::path as clauses;
use crate::reports::model::{Rate, Target};
use crate::reports::path::{EVERYTHING, Ground, PathReport};
use crate::reports::rules::{Chance, ceiling, ratio};
use crate::time_nodes::Verdict;
use crate::units::UnitId;

/// How a rate stands and what it can still become.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    pub now: Rate,
    /// What is still attainable.
    pub ceiling: Rate,
    /// The day on which the target was lost; none while it can be reached.
    pub lost_on: Option<NaiveDate>,
}

impl Outlook {
    /// From the chances of all that counts in the rate.
    pub(super) fn of(now: Rate, chances: &[Chance], target_percent: i64) -> Outlook {
        let (attainable, lost_on) = ceiling(chances, target_percent);
        let ceiling = if now.percent.is_some() { attainable } else { now.clone() };
        Outlook { now, ceiling, lost_on }
    }

    /// Whether the target can still be reached; nothing where there is no rate.
    pub fn is_possible(&self) -> Option<bool> {
        self.now.percent.map(|_| self.lost_on.is_none())
    }
}

/// What a branch can still reach.
#[derive(Debug, Clone)]
pub struct BranchOutlook {
    pub unit_id: UnitId,
    /// Name on the day.
    pub name: String,
    /// The branch's own target, in percent.
    pub target_percent: i64,
    pub recognised: bool,
    pub compliance: Outlook,
    /// Of the nodes of the whole year.
    pub on_time: Outlook,
}

/// What the branches can still reach.
#[derive(Debug, Clone)]
pub struct BranchesOutlook {
    pub year: i64,
    pub as_of: NaiveDate,
    pub is_final: bool,
    pub target: Option<Target>,
    /// In the units' own order.
    pub branches: Vec<BranchOutlook>,
}

/// What each branch can still reach, and the path: found from the same nodes and the same clauses. Needs the unit within
/// reach, as the path does.
pub fn branches_and_path(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<(BranchesOutlook, PathReport)> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let ground = Ground::of(conn, &scope)?;
    let path = ground.path(conn, &scope)?;
    Ok((branches(&scope, ground), path))
}

fn branches(scope: &Scope, ground: Ground) -> BranchesOutlook {
    let Ground { target, target_on, chances, standards, .. } = ground;
    let as_of = scope.moment.as_of;
    let mut nodes: HashMap<UnitId, Vec<(bool, Chance)>> = HashMap::new();
    for (node, chance) in chances {
        nodes.entry(node.unit_id).or_default().push((node.judged.verdict == Verdict::DoneOnTime, chance));
    }
    let branches = standards.branches.iter().filter_map(|branch| {
        let own = nodes.remove(&branch.unit_id).unwrap_or_default();
        let (met, chances): (Vec<bool>, Vec<Chance>) = own.into_iter().unzip();
        let met = met.into_iter().filter(|met| *met).count() as i64;
        let of_clauses = clauses::chances(&standards, branch, target_on, as_of);
        let compliance = standards.rates(|id| id == branch.unit_id).compliance;
        Some(BranchOutlook {
            unit_id: branch.unit_id,
            name: scope.tree.get(branch.unit_id)?.name.clone(),
            target_percent: branch.target_percent,
            recognised: branch.recognised,
            compliance: Outlook::of(compliance, &of_clauses, branch.target_percent),
            on_time: Outlook::of(ratio(met, chances.len() as i64), &chances, EVERYTHING),
        })
    });
    let branches = branches.collect();
    BranchesOutlook { year: scope.year, as_of, is_final: scope.is_final, target, branches }
}
