//! Compares what is kept with the ledger, a plan at a time, so that no read is long.

use chrono::NaiveDate;

use super::ledger::{Kept, Node, Stand};
use super::store;
use super::{Difference, Verified};
use crate::plans::PlanId;
use crate::platform::{Conn, Result};

/// What there is to verify: the plans with time nodes.
pub type Steps = Vec<PlanId>;

/// The plans that have time nodes, by id.
pub fn what_is_there(conn: &mut Conn) -> Result<Steps> {
    store::plans(conn)
}

/// Verifies the nodes of a plan: on every day on which something happened to one, or its kept rows changed.
pub fn verify_plan(conn: &mut Conn, plan: PlanId) -> Result<Verified> {
    let nodes = store::ledgers(conn, plan)?;
    let mut found = Verified { plans: 1, time_nodes: nodes.len(), ..Verified::default() };
    for (node, kept) in &nodes {
        let mut days = node.days();
        days.extend(kept.iter().map(|row| row.recorded_from));
        days.retain(|day| *day >= node.recorded_on);
        for day in days {
            found.days += 1;
            found.differences.extend(compare(node, kept, day));
        }
    }
    Ok(found)
}

/// What differs at the end of a day: exactly one kept row holds, and it says what the ledger says.
fn compare(node: &Node, kept: &[Kept], day: NaiveDate) -> Vec<Difference> {
    let differs = |field, kept, recomputed| Difference { kind: "time_node", id: node.id, day, field, kept, recomputed };
    let holding: Vec<&Kept> = kept.iter().filter(|row| row.holds(day)).collect();
    let [row] = holding.as_slice() else {
        return vec![differs("rows", holding.len().to_string(), "1".to_owned())];
    };
    let fields = row.stand.fields().into_iter().zip(node.stand(day).fields());
    let other = fields.filter(|((_, kept), (_, recomputed))| kept != recomputed);
    other.map(|((field, kept), (_, recomputed))| differs(field, kept, recomputed)).collect()
}

impl Stand {
    /// Every field by its name, as text.
    fn fields(&self) -> [(&'static str, String); 9] {
        let text = |day: Option<NaiveDate>| day.map_or_else(|| "null".to_owned(), |day| day.to_string());
        let reports = &self.standing;
        [
            ("due_on", self.due_on.to_string()),
            ("late_after", self.late_after.to_string()),
            ("excluded", self.excluded.map_or_else(|| "null".to_owned(), |reason| reason.word().to_owned())),
            ("phase", reports.phase.word().to_owned()),
            ("met_on", text(reports.met_on)),
            ("reported_on", text(reports.reported_on)),
            ("pending_from", text(reports.pending_from)),
            ("first_report_on", text(reports.first_report_on)),
            ("has_report", reports.has_report.to_string()),
        ]
    }
}

/// Verifies the paths of all units: on every day on which one changed, a path is that of the unit above with its own id.
pub fn verify_units(conn: &mut Conn) -> Result<Verified> {
    let facts = store::places(conn)?;
    let mut found = Verified { units: facts.len(), ..Verified::default() };
    let mut days: Vec<NaiveDate> = facts.values().flatten().map(|row| row.recorded_from).collect();
    days.sort_unstable();
    days.dedup();
    for (unit, rows) in &facts {
        for day in &days {
            let Some(row) = rows.iter().find(|row| row.holds(*day)) else { continue };
            found.days += 1;
            let above = row.parent_id.and_then(|parent| facts.get(&parent)?.iter().find(|row| row.holds(*day)));
            let path = format!("{}{unit}/", above.map_or("/", |row| &row.path));
            if row.path != path {
                let (kept, recomputed) = (row.path.clone(), path);
                found.differences.push(Difference {
                    kind: "unit",
                    id: *unit,
                    day: *day,
                    field: "path",
                    kept,
                    recomputed,
                });
            }
        }
    }
    Ok(found)
}
