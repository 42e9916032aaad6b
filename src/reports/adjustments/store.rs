//! Extensions, waivers and cancellations as they are recorded now, of many nodes at once. No writes.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::AdjustmentKind;
use super::rules::Facts;
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::platform::{Conn, Result};
use crate::reports::store::{BATCH, Moment};
use crate::schema::{cancellations, extensions, plans, time_nodes, unit_facts, waivers};
use crate::time_nodes::NodeId;
use crate::time_nodes::requests::RequestState;
use crate::time_nodes::requests::waivers::WaiverKind;
use crate::units::UnitId;
use crate::units::store::within;

/// What was asked for a node, and what became of it.
#[derive(Debug, Clone)]
pub struct AskedRow {
    pub kind: AdjustmentKind,
    pub id: i64,
    pub node_id: NodeId,
    pub from_due_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub granted_late: bool,
    pub reason: String,
    pub requested_by: AccountId,
    pub requested_on: NaiveDate,
    pub decided_by: Option<AccountId>,
    pub decided_on: Option<NaiveDate>,
    state: RequestState,
    withdrawn_on: Option<NaiveDate>,
}

impl AskedRow {
    /// For the rule of where it stands.
    pub fn facts(&self) -> Facts {
        Facts {
            state: self.state,
            requested_on: self.requested_on,
            decided_on: self.decided_on,
            withdrawn_on: self.withdrawn_on,
        }
    }
}

/// Of which nodes.
pub enum Narrowed<'a> {
    /// Of the plans of a year, and of few units.
    Year { year: i64, units: Option<&'a [UnitId]> },
    /// Of those named.
    Nodes(&'a [NodeId]),
}

/// What all three kinds have.
type Common = (
    i64,
    NodeId,
    RequestState,
    String,
    (AccountId, NaiveDate),
    (Option<AccountId>, Option<NaiveDate>),
    Option<NaiveDate>,
);

fn row(kind: AdjustmentKind, common: Common) -> AskedRow {
    let (id, node_id, state, reason, (requested_by, requested_on), (decided_by, decided_on), withdrawn_on) = common;
    AskedRow {
        kind,
        id,
        node_id,
        from_due_on: None,
        due_on: None,
        granted_late: false,
        reason,
        requested_by,
        requested_on,
        decided_by,
        decided_on,
        state,
        withdrawn_on,
    }
}

/// The rows of one table that are asked about: `$columns` of those asked for by the day, or of all when restated.
macro_rules! load {
    ($conn:ident, $table:ident, $narrowed:ident, $moment:ident, $columns:expr, $row:ty) => {{
        let asked = || {
            let mut query = $table::table
                .inner_join(time_nodes::table.on(time_nodes::id.eq($table::node_id)))
                .inner_join(plans::table.on(plans::id.eq(time_nodes::plan_id)))
                .select($columns)
                .order($table::id)
                .into_boxed();
            if !$moment.restated {
                query = query.filter($table::requested_on.le($moment.as_of));
            }
            query
        };
        let mut rows: Vec<$row> = Vec::new();
        match $narrowed {
            Narrowed::Year { year, units } => {
                let mut query = asked().filter(plans::year.eq(*year));
                if let Some(units) = units {
                    query =
                        query.filter(time_nodes::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
                }
                rows.extend(query.load::<$row>($conn)?);
            }
            Narrowed::Nodes(ids) => {
                for batch in ids.chunks(BATCH) {
                    let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
                    rows.extend(asked().filter($table::node_id.eq_any(ids)).load::<$row>($conn)?);
                }
            }
        }
        rows
    }};
}

/// The columns of what all three kinds have.
macro_rules! common {
    ($table:ident) => {
        (
            $table::id,
            $table::node_id,
            $table::state,
            $table::reason,
            ($table::requested_by, $table::requested_on),
            ($table::decided_by, $table::decided_on),
            $table::withdrawn_on,
        )
    };
}

/// Everything that was asked for by the day, with what has become of it until now; restated, everything there is.
pub fn asked(conn: &mut Conn, narrowed: &Narrowed<'_>, moment: Moment) -> Result<Vec<AskedRow>> {
    type Extended = (Common, (NaiveDate, NaiveDate, bool));
    let columns = (common!(extensions), (extensions::from_due_on, extensions::due_on, extensions::granted_late));
    let extended = load!(conn, extensions, narrowed, moment, columns, Extended);
    let mut rows: Vec<_> = extended
        .into_iter()
        .map(|(common, (from_due_on, due_on, granted_late))| AskedRow {
            from_due_on: Some(from_due_on),
            due_on: Some(due_on),
            granted_late,
            ..row(AdjustmentKind::Extension, common)
        })
        .collect();
    let columns = (common!(waivers), waivers::kind);
    rows.extend(load!(conn, waivers, narrowed, moment, columns, (Common, WaiverKind)).into_iter().map(
        |(common, kind)| match kind {
            WaiverKind::Waived => row(AdjustmentKind::Waived, common),
            WaiverKind::NotApplicable => row(AdjustmentKind::NotApplicable, common),
        },
    ));
    let cancelled = load!(conn, cancellations, narrowed, moment, common!(cancellations), Common);
    rows.extend(cancelled.into_iter().map(|common| row(AdjustmentKind::Cancelled, common)));
    Ok(rows)
}

/// Of some units, those that lie within a reach now.
pub fn readable(conn: &mut Conn, units: &HashSet<UnitId>, reach: &Reach) -> Result<HashSet<UnitId>> {
    let mut readable = HashSet::new();
    let mut ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    ids.sort_unstable();
    for batch in ids.chunks(BATCH) {
        let rows: Vec<UnitId> = unit_facts::table
            .filter(unit_facts::recorded_to.is_null().and(unit_facts::unit_id.eq_any(batch.to_vec())))
            .filter(within("unit_facts.unit_id", reach))
            .select(unit_facts::unit_id)
            .load(conn)?;
        readable.extend(rows);
    }
    Ok(readable)
}
