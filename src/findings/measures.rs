//! Measures 整改措施: what is done against a finding, by which unit, who answers for it, by when. A unit takes measures
//! itself; what it once took, only who checks may change or remove.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

use super::close_out::{must_check, step};
use super::model::{FindingKind, Measure, MeasurePatch, NewMeasure};
use super::rules::Verb;
use super::store::{self, FindingRow};
use super::{
    DUE_REQUIRED, FindingId, LAST_MEASURE, MEASURE_UNIT_OUTSIDE, MEASURE_UNIT_UNSAID, MEASURES_FIXED, MeasureId, day,
};
use crate::access::{Action, Actor, Site};
use crate::audit::{self, subject};
use crate::platform::days::require_sane;
use crate::platform::db::today;
use crate::platform::error::{FORBIDDEN, NOT_FOUND};
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::{measure_facts, measures};
use crate::supersede;
use crate::units::UnitId;

/// A measure as it stands now.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = measure_facts)]
pub(super) struct MeasureRow {
    pub measure_id: MeasureId,
    pub unit_id: UnitId,
    pub text: String,
    pub leader: Option<String>,
    pub person: Option<String>,
    pub due_on: Option<NaiveDate>,
}

/// Takes a measure; the first begins the rectification.
pub fn add(conn: &mut Conn, actor: &Actor, id: FindingId, input: &NewMeasure) -> Result<Measure> {
    let finding = store::get(conn, id)?;
    must_rectify_somewhere(actor, &finding)?;
    let site = site_of(&finding, input.unit_id)?;
    actor.must(Action::RectifyFinding, site)?;
    actor.request.if_match.check(finding.version)?;
    require_due(finding.facts.kind, input.due_on)?;
    let today = today(conn)?;
    step(conn, actor, &finding, Verb::AddMeasure, None, today)?;
    let text = |text: &Option<Text<100>>| text.as_ref().map(|text| text.as_str().to_owned());
    let row = MeasureRow {
        measure_id: insert(conn, id, today)?,
        unit_id: site.unit_id,
        text: input.text.as_str().to_owned(),
        leader: text(&input.leader),
        person: text(&input.person),
        due_on: input.due_on,
    };
    supersede_row(conn, &row, today)?;
    store::bump(conn, id)?;
    let made = read_one(conn, row.measure_id, today)?;
    audit::record(conn, actor, "measure.create", subject("measure", row.measure_id.0), &made)?;
    Ok(made)
}

/// Whoever rectifies the finding at none of its units is told nothing more of it.
pub(super) fn must_rectify_somewhere(actor: &Actor, finding: &FindingRow) -> Result<()> {
    let rectifies = finding.sites.iter().any(|site| actor.may(Action::RectifyFinding, site));
    if rectifies { Ok(()) } else { Err(FORBIDDEN.err()) }
}

/// Where the measure is taken: at the named unit of the finding, or at its only one.
fn site_of(finding: &FindingRow, asked: Option<UnitId>) -> Result<&Site> {
    match (asked, finding.sites.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(MEASURE_UNIT_UNSAID.at("/unit_id", []).into_error()),
        (Some(id), sites) => sites.iter().find(|site| site.unit_id == id).ok_or_else(|| {
            let units = sites.iter().map(|site| site.unit_id.to_string()).collect::<Vec<_>>().join(", ");
            MEASURE_UNIT_OUTSIDE.at("/unit_id", [("units", units)]).into_error()
        }),
    }
}

fn require_due(kind: FindingKind, due_on: Option<NaiveDate>) -> Result<()> {
    require_sane(due_on, "/due_on")?;
    if due_on.is_none() && kind != FindingKind::LongTerm {
        return Err(DUE_REQUIRED.at("/due_on", []).into_error());
    }
    Ok(())
}

/// Changes a measure.
pub fn change(conn: &mut Conn, actor: &Actor, id: MeasureId, patch: MeasurePatch) -> Result<Measure> {
    let (finding, row, version) = to_change(conn, actor, id)?;
    actor.request.if_match.require(version)?;
    let today = today(conn)?;
    step(conn, actor, &finding, Verb::ChangeMeasure, None, today)?;
    let due_on = patch.due_on.over(row.due_on);
    require_due(finding.facts.kind, due_on)?;
    let label = |field: crate::platform::Field<Text<100>>, current: Option<String>| match field {
        crate::platform::Field::Keep => current,
        crate::platform::Field::Clear => None,
        crate::platform::Field::Set(text) => Some(text.into_string()),
    };
    let changed = MeasureRow {
        text: patch.text.map_or(row.text, Text::into_string),
        leader: label(patch.leader, row.leader),
        person: label(patch.person, row.person),
        due_on,
        ..row
    };
    supersede_row(conn, &changed, today)?;
    bump(conn, id)?;
    store::bump(conn, finding.id)?;
    let shown = read_one(conn, id, today)?;
    audit::record(conn, actor, "measure.change", subject("measure", id.0), &shown)?;
    Ok(shown)
}

/// Removes a measure; not the last one.
pub fn remove(conn: &mut Conn, actor: &Actor, id: MeasureId) -> Result<()> {
    let (finding, _, version) = to_change(conn, actor, id)?;
    actor.request.if_match.require(version)?;
    let today = today(conn)?;
    step(conn, actor, &finding, Verb::ChangeMeasure, None, today)?;
    if of_finding(conn, finding.id)?.len() < 2 {
        return Err(LAST_MEASURE.err());
    }
    use measure_facts::dsl as f;
    let now = f::measure_facts.filter(f::measure_id.eq(id).and(f::recorded_to.is_null()));
    diesel::delete(now.filter(f::recorded_from.eq(today))).execute(conn)?;
    diesel::update(now).set(f::recorded_to.eq(today)).execute(conn)?;
    bump(conn, id)?;
    store::bump(conn, finding.id)?;
    audit::record(conn, actor, "measure.delete", subject("measure", id.0), &json!({"finding_id": finding.id}))
}

fn to_change(conn: &mut Conn, actor: &Actor, id: MeasureId) -> Result<(FindingRow, MeasureRow, i64)> {
    let (finding, version) = store::of_measure(conn, id)?;
    let (finding, row) = (store::get(conn, finding)?, get(conn, id)?);
    must_check(actor, &finding)?;
    Ok((finding, row, version))
}

/// A measure of a finding one may read, as it stands today.
pub fn read(conn: &mut Conn, actor: &Actor, id: MeasureId) -> Result<Measure> {
    let (finding, _) = store::of_measure(conn, id)?;
    super::must_read(actor, &store::get(conn, finding)?)?;
    let today = today(conn)?;
    read_one(conn, id, today)
}

fn read_one(conn: &mut Conn, id: MeasureId, today: NaiveDate) -> Result<Measure> {
    let (finding, _) = store::of_measure(conn, id)?;
    let measures = day::one(conn, finding, today)?.measures;
    measures.into_iter().find(|measure| measure.id == id).ok_or_else(|| NOT_FOUND.err())
}

/// 409 at what the state of the finding does not allow.
pub(super) fn fixed(finding: &FindingRow) -> crate::platform::Error {
    MEASURES_FIXED.with([("state", finding.state.word().to_owned())])
}

// Rows.

fn insert(conn: &mut Conn, finding: FindingId, today: NaiveDate) -> Result<MeasureId> {
    let values = (measures::finding_id.eq(finding), measures::version.eq(1), measures::recorded_on.eq(today));
    let made = diesel::insert_into(measures::table).values(values).returning(measures::id);
    Ok(made.get_result::<i64>(conn).map(MeasureId)?)
}

/// What `If-Match` of a change is compared with.
pub fn version(conn: &mut Conn, id: MeasureId) -> Result<i64> {
    Ok(store::of_measure(conn, id)?.1)
}

fn bump(conn: &mut Conn, id: MeasureId) -> Result<()> {
    let row = measures::table.filter(measures::id.eq(id.0));
    diesel::update(row).set(measures::version.eq(measures::version + 1)).execute(conn)?;
    Ok(())
}

fn supersede_row(conn: &mut Conn, row: &MeasureRow, today: NaiveDate) -> Result<()> {
    use measure_facts::dsl as f;
    let values = (
        f::measure_id.eq(row.measure_id),
        f::unit_id.eq(row.unit_id),
        f::text.eq(&row.text),
        f::leader.eq(&row.leader),
        f::person.eq(&row.person),
        f::due_on.eq(row.due_on),
        f::recorded_from.eq(today),
    );
    supersede!(conn, measure_facts, measure_id = row.measure_id, today, values);
    Ok(())
}

/// A measure as it stands, or 404 when it was removed.
fn get(conn: &mut Conn, id: MeasureId) -> Result<MeasureRow> {
    use measure_facts::dsl as f;
    let now = f::measure_facts.filter(f::measure_id.eq(id).and(f::recorded_to.is_null()));
    Ok(now.select(MeasureRow::as_select()).first(conn)?)
}

/// The measures of a finding as they stand, by id.
pub(super) fn of_finding(conn: &mut Conn, id: FindingId) -> Result<Vec<MeasureRow>> {
    Ok(measures::table
        .inner_join(measure_facts::table.on(measure_facts::measure_id.eq(measures::id)))
        .filter(measures::finding_id.eq(id.0).and(measure_facts::recorded_to.is_null()))
        .select(MeasureRow::as_select())
        .order(measures::id)
        .load(conn)?)
}
