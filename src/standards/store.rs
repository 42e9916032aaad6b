//! Rows of sets, clauses, their documents and their links to tasks.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Clause, SetStatus, StandardSet};
use super::rules::Published;
use super::{ClauseId, Points, SetId};
use crate::access::AccountId;
use crate::platform::error::NOT_FOUND;
use crate::platform::{Conn, Result};
use crate::progress::model::Attachment;
use crate::schema::{attachments, clause_documents, clauses, standard_sets};
use crate::units::UnitId;

/// A set as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = standard_sets)]
struct SetRow {
    id: SetId,
    unit_id: UnitId,
    title: String,
    edition: String,
    from_set_id: Option<SetId>,
    status: SetStatus,
    published_on: Option<NaiveDate>,
    published_by: Option<AccountId>,
    version: i64,
}

/// A clause as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = clauses)]
struct ClauseRow {
    id: ClauseId,
    set_id: SetId,
    position: i64,
    code: String,
    category: String,
    title: String,
    requirement: Option<String>,
    points_tenths: i64,
    mandatory: bool,
    curable: bool,
    evidence_months: Option<i64>,
    version: i64,
}

// Sets.

/// A set, or 404.
pub fn get(conn: &mut Conn, id: SetId) -> Result<StandardSet> {
    let one = standard_sets::table.filter(standard_sets::id.eq(id.0));
    let row: SetRow = one.select(SetRow::as_select()).first(conn)?;
    shown_sets(conn, vec![row])?.pop().ok_or_else(|| NOT_FOUND.err())
}

fn shown_sets(conn: &mut Conn, rows: Vec<SetRow>) -> Result<Vec<StandardSet>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let points: Vec<(SetId, i64)> = clauses::table
        .filter(clauses::set_id.eq_any(ids))
        .select((clauses::set_id, clauses::points_tenths))
        .load(conn)?;
    let shown = rows.into_iter().map(|row| {
        let of = || points.iter().filter(|(set, _)| *set == row.id).map(|(_, tenths)| Points(*tenths));
        StandardSet {
            id: row.id,
            unit_id: row.unit_id,
            title: row.title,
            edition: row.edition,
            from_set_id: row.from_set_id,
            status: row.status,
            published_on: row.published_on,
            published_by: row.published_by,
            clauses: i64::try_from(of().count()).unwrap_or(i64::MAX),
            points: of().sum(),
            version: row.version,
        }
    });
    Ok(shown.collect())
}

/// Every set that was published by the end of a day.
pub fn published_by(conn: &mut Conn, day: NaiveDate) -> Result<Vec<Published>> {
    let rows: Vec<(SetId, UnitId, Option<NaiveDate>)> = standard_sets::table
        .filter(standard_sets::published_on.le(day))
        .select((standard_sets::id, standard_sets::unit_id, standard_sets::published_on))
        .order(standard_sets::id)
        .load(conn)?;
    let known = rows.into_iter().filter_map(|(id, unit_id, on)| Some(Published { id, unit_id, published_on: on? }));
    Ok(known.collect())
}

// Clauses.

/// A clause, or 404.
pub fn clause(conn: &mut Conn, id: ClauseId) -> Result<Clause> {
    let one = clauses::table.filter(clauses::id.eq(id.0));
    let row: ClauseRow = one.select(ClauseRow::as_select()).first(conn)?;
    shown_clauses(conn, vec![row])?.pop().ok_or_else(|| NOT_FOUND.err())
}

/// The clauses of a set, in their order.
pub fn clauses_of(conn: &mut Conn, id: SetId) -> Result<Vec<Clause>> {
    let rows: Vec<ClauseRow> = clauses::table
        .filter(clauses::set_id.eq(id.0))
        .select(ClauseRow::as_select())
        .order((clauses::position, clauses::id))
        .load(conn)?;
    shown_clauses(conn, rows)
}

fn shown_clauses(conn: &mut Conn, rows: Vec<ClauseRow>) -> Result<Vec<Clause>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let files: Vec<(ClauseId, Attachment)> = clause_documents::table
        .inner_join(attachments::table.on(attachments::id.eq(clause_documents::attachment_id)))
        .filter(clause_documents::clause_id.eq_any(ids))
        .order((clause_documents::clause_id, clause_documents::position))
        .select((clause_documents::clause_id, Attachment::as_select()))
        .load(conn)?;
    let mut of: HashMap<ClauseId, Vec<Attachment>> = HashMap::new();
    for (clause, file) in files {
        of.entry(clause).or_default().push(file);
    }
    let shown = rows.into_iter().map(|row| Clause {
        documents: of.remove(&row.id).unwrap_or_default(),
        id: row.id,
        set_id: row.set_id,
        position: row.position,
        code: row.code,
        category: row.category,
        title: row.title,
        requirement: row.requirement,
        points: Points(row.points_tenths),
        mandatory: row.mandatory,
        curable: row.curable,
        evidence_months: row.evidence_months,
        version: row.version,
    });
    Ok(shown.collect())
}
