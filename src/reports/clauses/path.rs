//! The path to the target in the compliance rate: the clauses missing by branch, the evidence that expires before the
//! day of the target, and what can't be made good any more.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Standards;
use super::rules::{Branch, clause_chance, no_rate};
use super::store::ClauseRow;
use crate::platform::Result;
use crate::reports::NARROW;
use crate::reports::actions::MAX_IDS;
use crate::reports::model::{Rate, Target};
use crate::reports::path::{EVERYTHING, LostItem, MissingItem, MissingKind, PathRate, RatePath};
use crate::reports::rules::{Chance, ceiling};
use crate::standards::ClauseId;

/// The chances of the clauses of a branch that count, to be met by the day of the target.
pub(in crate::reports) fn chances(
    standards: &Standards,
    branch: &Branch,
    target_on: NaiveDate,
    as_of: NaiveDate,
) -> Vec<Chance> {
    let curable: HashMap<ClauseId, bool> = standards.clauses.iter().map(|clause| (clause.id, clause.curable)).collect();
    let of = branch.clauses.iter().flatten();
    of.filter_map(|clause| clause_chance(clause, *curable.get(&clause.clause_id)?, target_on, as_of)).collect()
}

/// The path in the compliance rate. After the day of the target it is that of this day, by what was recorded since:
/// what was not met by then is lost.
pub(in crate::reports) fn compliance_path(
    standards: &Standards,
    target: Option<&Target>,
    target_on: NaiveDate,
    as_of: NaiveDate,
) -> Result<RatePath> {
    let mut path = RatePath {
        rate: PathRate::Compliance,
        ceiling: Rate { met: 0, of: 0, percent: None, reason: None },
        lost_on: None,
        items: vec![],
        lost: vec![],
    };
    if let Some(reason) = no_rate(standards.is_published(), &standards.branches.iter().collect::<Vec<_>>()) {
        return Ok(RatePath { ceiling: Rate::none(reason), ..path });
    }
    let texts: HashMap<ClauseId, &ClauseRow> = standards.clauses.iter().map(|clause| (clause.id, clause)).collect();
    let mut chances: Vec<Chance> = Vec::new();
    for branch in &standards.branches {
        for clause in branch.clauses.iter().flatten() {
            let Some(text) = texts.get(&clause.clause_id) else { continue };
            let Some(chance) = clause_chance(clause, text.curable, target_on, as_of) else { continue };
            chances.push(chance);
            let (kind, id, unit_id) = (MissingKind::Clause, clause.clause_id.0, branch.unit_id);
            let (title, code) = (text.title.clone(), Some(text.code.clone()));
            let (curable, result) = (Some(text.curable), Some(clause.standing.result));
            let expires_on: Option<NaiveDate> = clause.standing.lapses_on;
            match chance {
                Chance::Met => {}
                Chance::Open(last_day) => {
                    let item = MissingItem { kind, id, title, code, unit_id, last_day, curable, result, expires_on };
                    path.items.push(item);
                }
                Chance::Lost(lost_on) => {
                    path.lost.push(LostItem { kind, id, title, code, unit_id, lost_on, curable, result });
                }
            }
        }
    }
    if path.items.len() + path.lost.len() > MAX_IDS {
        return Err(NARROW.with([("limit", MAX_IDS.to_string())]));
    }
    // Of one day, branches stay in their own order and clauses in that of their set.
    path.lost.sort_by_key(|item| item.lost_on);
    (path.ceiling, path.lost_on) = ceiling(&chances, target.map_or(EVERYTHING, |target| target.percent));
    Ok(path)
}
