//! Rows of findings. Facts, units and states are interval rows; those in force have no `recorded_to`.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{FindingKind, FindingState};
use super::{FINDING_UNKNOWN, FindingId};
use crate::access::{AccountId, Site};
use crate::platform::{Conn, Error, Result};
use crate::schema::{finding_facts, finding_states, finding_units, findings, unit_facts};
use crate::units::UnitId;

/// A finding as it stands now.
#[derive(Debug, Clone)]
pub struct FindingRow {
    pub id: FindingId,
    pub year: i64,
    pub relapse_of: Option<FindingId>,
    pub raised_by: AccountId,
    pub version: i64,
    pub recorded_on: NaiveDate,
    pub title: String,
    pub kind: FindingKind,
    pub state: FindingState,
    /// Where its units lie now, by id.
    pub sites: Vec<Site>,
}

type Row = (FindingId, i64, Option<FindingId>, AccountId, i64, NaiveDate, String, FindingKind, FindingState);

/// A finding as it stands now, or 404.
pub fn get(conn: &mut Conn, id: FindingId) -> Result<FindingRow> {
    let (id, year, relapse_of, raised_by, version, recorded_on, title, kind, state): Row = findings::table
        .inner_join(finding_facts::table.on(finding_facts::finding_id.eq(findings::id)))
        .inner_join(finding_states::table.on(finding_states::finding_id.eq(findings::id)))
        .filter(findings::id.eq(id.0))
        .filter(finding_facts::recorded_to.is_null().and(finding_states::recorded_to.is_null()))
        .select((
            findings::id,
            findings::year,
            findings::relapse_of,
            findings::raised_by,
            findings::version,
            findings::recorded_on,
            finding_facts::title,
            finding_facts::kind,
            finding_states::state,
        ))
        .first(conn)?;
    let sites = sites_of(conn, id)?;
    Ok(FindingRow { id, year, relapse_of, raised_by, version, recorded_on, title, kind, state, sites })
}

/// Where the units of a finding lie now, by id.
fn sites_of(conn: &mut Conn, id: FindingId) -> Result<Vec<Site>> {
    let rows: Vec<(UnitId, String)> = finding_units::table
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(finding_units::unit_id)))
        .filter(finding_units::finding_id.eq(id.0))
        .filter(finding_units::recorded_to.is_null().and(unit_facts::recorded_to.is_null()))
        .select((finding_units::unit_id, unit_facts::path))
        .order(finding_units::unit_id)
        .load(conn)?;
    Ok(rows.into_iter().map(|(unit_id, path)| Site { unit_id, path }).collect())
}

/// A finding that an input names, as it stands now; 422 at `pointer` when there is none.
pub fn named(conn: &mut Conn, id: FindingId, pointer: &str) -> Result<FindingRow> {
    match get(conn, id) {
        Err(Error::Problem(_)) => Err(FINDING_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error()),
        found => found,
    }
}
