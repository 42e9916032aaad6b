//! Rows of findings. Facts, units, states and measures are interval rows; those in force have no `recorded_to`.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{FindingKind, FindingSource, FindingState};
use super::{FINDING_UNKNOWN, FindingId, MeasureId};
use crate::access::{AccountId, Site};
use crate::platform::{Conn, Error, Result};
use crate::schema::{finding_facts, finding_states, finding_units, findings, measures, unit_facts};
use crate::supersede;
use crate::units::UnitId;

/// A finding as it stands now: what its verbs ask.
#[derive(Debug, Clone)]
pub struct FindingRow {
    pub id: FindingId,
    pub year: i64,
    pub source: FindingSource,
    pub relapse_of: Option<FindingId>,
    pub raised_by: AccountId,
    pub version: i64,
    pub recorded_on: NaiveDate,
    pub facts: FactsRow,
    pub state: FindingState,
    /// Where its units lie now, by id.
    pub sites: Vec<Site>,
}

/// What was recorded of a finding, from one day to another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = finding_facts)]
pub struct FactsRow {
    pub finding_id: FindingId,
    pub title: String,
    pub problem: Option<String>,
    pub root_cause: Option<String>,
    pub kind: FindingKind,
    pub recorded_from: NaiveDate,
    pub recorded_to: Option<NaiveDate>,
}

/// What never changes of a finding.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = findings)]
pub(super) struct IdentityRow {
    pub id: FindingId,
    pub year: i64,
    pub source_body: String,
    pub source_on: NaiveDate,
    pub source_document: Option<String>,
    pub relapse_of: Option<FindingId>,
    pub raised_by: AccountId,
    pub version: i64,
    pub recorded_on: NaiveDate,
}

impl IdentityRow {
    pub fn source(&self) -> FindingSource {
        FindingSource { body: self.source_body.clone(), on: self.source_on, document: self.source_document.clone() }
    }
}

/// A finding as it stands now, or 404.
pub fn get(conn: &mut Conn, id: FindingId) -> Result<FindingRow> {
    let (identity, facts, state): (IdentityRow, FactsRow, FindingState) = findings::table
        .inner_join(finding_facts::table.on(finding_facts::finding_id.eq(findings::id)))
        .inner_join(finding_states::table.on(finding_states::finding_id.eq(findings::id)))
        .filter(findings::id.eq(id.0))
        .filter(finding_facts::recorded_to.is_null().and(finding_states::recorded_to.is_null()))
        .select((IdentityRow::as_select(), FactsRow::as_select(), finding_states::state))
        .first(conn)?;
    Ok(FindingRow {
        id,
        year: identity.year,
        source: identity.source(),
        relapse_of: identity.relapse_of,
        raised_by: identity.raised_by,
        version: identity.version,
        recorded_on: identity.recorded_on,
        facts,
        state,
        sites: sites_of(conn, id)?,
    })
}

/// A finding that an input names, as it stands now; 422 at `pointer` when there is none.
pub fn named(conn: &mut Conn, id: FindingId, pointer: &str) -> Result<FindingRow> {
    match get(conn, id) {
        Err(Error::Problem(_)) => Err(FINDING_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error()),
        found => found,
    }
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

/// A finding to be stored.
pub(super) struct NewRow<'a> {
    pub year: i64,
    pub source: &'a FindingSource,
    pub relapse_of: Option<FindingId>,
    pub raised_by: AccountId,
    pub today: NaiveDate,
}

pub(super) fn insert(conn: &mut Conn, row: &NewRow<'_>) -> Result<FindingId> {
    use findings::dsl as f;
    let values = (
        f::year.eq(row.year),
        f::source_body.eq(&row.source.body),
        f::source_on.eq(row.source.on),
        f::source_document.eq(&row.source.document),
        f::relapse_of.eq(row.relapse_of),
        f::raised_by.eq(row.raised_by),
        f::version.eq(1),
        f::recorded_on.eq(row.today),
    );
    Ok(diesel::insert_into(f::findings).values(values).returning(f::id).get_result::<i64>(conn).map(FindingId)?)
}

/// Counts a change of a finding or of its measures.
pub(super) fn bump(conn: &mut Conn, id: FindingId) -> Result<()> {
    let row = findings::table.filter(findings::id.eq(id.0));
    diesel::update(row).set(findings::version.eq(findings::version + 1)).execute(conn)?;
    Ok(())
}

/// What is said of a finding.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub title: String,
    pub problem: Option<String>,
    pub root_cause: Option<String>,
    pub kind: FindingKind,
}

/// Records what is said of a finding from today on.
pub(super) fn supersede_facts(conn: &mut Conn, id: FindingId, facts: &Facts, today: NaiveDate) -> Result<()> {
    use finding_facts::dsl as f;
    let values = (
        f::finding_id.eq(id),
        f::title.eq(&facts.title),
        f::problem.eq(&facts.problem),
        f::root_cause.eq(&facts.root_cause),
        f::kind.eq(facts.kind),
        f::recorded_from.eq(today),
    );
    supersede!(conn, finding_facts, finding_id = id, today, values);
    Ok(())
}

/// Records where a finding stands from today on.
pub(super) fn supersede_state(
    conn: &mut Conn,
    id: FindingId,
    state: FindingState,
    (by, reason): (AccountId, Option<&str>),
    today: NaiveDate,
) -> Result<()> {
    use finding_states::dsl as s;
    let values = (
        s::finding_id.eq(id),
        s::state.eq(state),
        s::account_id.eq(by),
        s::reason.eq(reason),
        s::recorded_from.eq(today),
    );
    supersede!(conn, finding_states, finding_id = id, today, values);
    Ok(())
}

/// Makes the units of a finding these, from today on.
pub(super) fn settle_units(conn: &mut Conn, id: FindingId, wanted: &[UnitId], today: NaiveDate) -> Result<()> {
    use finding_units::dsl as u;
    let now = u::finding_units.filter(u::finding_id.eq(id.0).and(u::recorded_to.is_null()));
    let standing: Vec<UnitId> = now.select(u::unit_id).load(conn)?;
    let gone: Vec<UnitId> = standing.iter().copied().filter(|unit| !wanted.contains(unit)).collect();
    for unit in gone {
        let row = u::finding_units.filter(u::finding_id.eq(id.0).and(u::unit_id.eq(unit)));
        diesel::delete(row.filter(u::recorded_to.is_null().and(u::recorded_from.eq(today)))).execute(conn)?;
        diesel::update(row.filter(u::recorded_to.is_null())).set(u::recorded_to.eq(today)).execute(conn)?;
    }
    for unit in wanted.iter().filter(|unit| !standing.contains(unit)) {
        let values = (u::finding_id.eq(id), u::unit_id.eq(*unit), u::recorded_from.eq(today));
        diesel::insert_into(u::finding_units).values(values).execute(conn)?;
    }
    Ok(())
}

/// Whether a re-check of the finding failed and what it made was not dismissed.
pub(super) fn has_relapsed(conn: &mut Conn, id: FindingId) -> Result<bool> {
    let relapses = findings::table
        .inner_join(finding_states::table.on(finding_states::finding_id.eq(findings::id)))
        .filter(findings::relapse_of.eq(id.0))
        .filter(finding_states::recorded_to.is_null())
        .filter(finding_states::state.ne(FindingState::Dismissed));
    Ok(diesel::select(diesel::dsl::exists(relapses)).get_result(conn)?)
}

/// The finding of a measure, and the measure's version; 404 when there is none.
pub(super) fn of_measure(conn: &mut Conn, id: MeasureId) -> Result<(FindingId, i64)> {
    let one = measures::table.filter(measures::id.eq(id.0));
    Ok(one.select((measures::finding_id, measures::version)).first(conn)?)
}
