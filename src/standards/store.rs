//! Rows of sets, clauses, their documents and their links to tasks.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Clause, ClauseTask, SetStatus, StandardSet};
use super::rules::Published;
use super::{ClauseId, ClauseTaskId, Points, SetId};
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::plans::TaskId;
use crate::platform::error::NOT_FOUND;
use crate::platform::{Conn, PageRequest, Result};
use crate::progress::model::Attachment;
use crate::schema::{attachments, clause_documents, clause_tasks, clauses, standard_sets};
use crate::units::UnitId;
use crate::units::store::within;

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

/// A set of a unit by its title and edition.
pub(super) fn named(conn: &mut Conn, unit: UnitId, title: &str, edition: &str) -> Result<Option<SetId>> {
    let one = standard_sets::table.filter(standard_sets::unit_id.eq(unit.0));
    let one = one.filter(standard_sets::title.eq(title).and(standard_sets::edition.eq(edition)));
    Ok(one.select(standard_sets::id).first(conn).optional()?)
}

pub(super) fn insert_set(
    conn: &mut Conn,
    unit_id: UnitId,
    title: &str,
    edition: &str,
    from_set_id: Option<SetId>,
    today: NaiveDate,
) -> Result<SetId> {
    use standard_sets::dsl;
    let values = (
        dsl::unit_id.eq(unit_id),
        dsl::title.eq(title),
        dsl::edition.eq(edition),
        dsl::from_set_id.eq(from_set_id),
        dsl::status.eq(SetStatus::Draft),
        dsl::version.eq(1),
        dsl::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(dsl::standard_sets).values(values).returning(dsl::id);
    Ok(inserted.get_result::<i64>(conn).map(SetId)?)
}

pub(super) fn update_set(conn: &mut Conn, set: &StandardSet) -> Result<()> {
    diesel::update(standard_sets::table.filter(standard_sets::id.eq(set.id.0)))
        .set((standard_sets::title.eq(&set.title), standard_sets::edition.eq(&set.edition)))
        .execute(conn)?;
    bump_set(conn, set.id)
}

/// One more version of a set: whatever changes one of its clauses changes the set.
pub(super) fn bump_set(conn: &mut Conn, id: SetId) -> Result<()> {
    diesel::update(standard_sets::table.filter(standard_sets::id.eq(id.0)))
        .set(standard_sets::version.eq(standard_sets::version + 1))
        .execute(conn)?;
    Ok(())
}

pub(super) fn mark_published(conn: &mut Conn, id: SetId, by: AccountId, today: NaiveDate) -> Result<()> {
    use standard_sets::dsl;
    diesel::update(dsl::standard_sets.filter(dsl::id.eq(id.0)))
        .set((dsl::status.eq(SetStatus::Published), dsl::published_on.eq(today), dsl::published_by.eq(by)))
        .execute(conn)?;
    bump_set(conn, id)
}

pub(super) fn delete_set(conn: &mut Conn, id: SetId) -> Result<()> {
    diesel::delete(standard_sets::table.filter(standard_sets::id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// Published sets, and drafts of units in reach; by id.
pub fn list(
    conn: &mut Conn,
    page: &PageRequest,
    drafts: &Reach,
    unit_id: Option<UnitId>,
    status: Option<SetStatus>,
) -> Result<(Vec<StandardSet>, Option<String>)> {
    let mut query = standard_sets::table
        .filter(standard_sets::status.eq(SetStatus::Published).or(within("standard_sets.unit_id", drafts)))
        .select(SetRow::as_select())
        .order(standard_sets::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(standard_sets::id.gt(after));
    }
    if let Some(unit) = unit_id {
        query = query.filter(standard_sets::unit_id.eq(unit.0));
    }
    if let Some(status) = status {
        query = query.filter(standard_sets::status.eq(status));
    }
    let mut rows: Vec<SetRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((shown_sets(conn, rows)?, next))
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

/// Code and title of clauses.
pub fn clause_titles(conn: &mut Conn, ids: &[ClauseId]) -> Result<Vec<(ClauseId, String, String)>> {
    let named = clauses::table.filter(clauses::id.eq_any(ids.to_vec()));
    Ok(named.select((clauses::id, clauses::code, clauses::title)).load(conn)?)
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

/// Stores a clause with its documents, whatever its id and version say.
pub(super) fn insert_clause(conn: &mut Conn, clause: &Clause, today: NaiveDate) -> Result<ClauseId> {
    use clauses::dsl;
    let values = (
        dsl::set_id.eq(clause.set_id),
        dsl::position.eq(clause.position),
        dsl::code.eq(&clause.code),
        dsl::category.eq(&clause.category),
        dsl::title.eq(&clause.title),
        dsl::requirement.eq(&clause.requirement),
        dsl::points_tenths.eq(clause.points.0),
        dsl::mandatory.eq(clause.mandatory),
        dsl::curable.eq(clause.curable),
        dsl::evidence_months.eq(clause.evidence_months),
        dsl::version.eq(1),
        dsl::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(dsl::clauses).values(values).returning(dsl::id);
    let id = inserted.get_result::<i64>(conn).map(ClauseId)?;
    insert_documents(conn, id, &clause.documents)?;
    Ok(id)
}

pub(super) fn update_clause(conn: &mut Conn, clause: &Clause) -> Result<()> {
    use clauses::dsl;
    let values = (
        dsl::position.eq(clause.position),
        dsl::code.eq(&clause.code),
        dsl::category.eq(&clause.category),
        dsl::title.eq(&clause.title),
        dsl::requirement.eq(&clause.requirement),
        dsl::points_tenths.eq(clause.points.0),
        dsl::mandatory.eq(clause.mandatory),
        dsl::curable.eq(clause.curable),
        dsl::evidence_months.eq(clause.evidence_months),
        dsl::version.eq(dsl::version + 1),
    );
    diesel::update(dsl::clauses.filter(dsl::id.eq(clause.id.0))).set(values).execute(conn)?;
    delete_documents(conn, clause.id)?;
    insert_documents(conn, clause.id, &clause.documents)
}

/// A clause of a draft with everything that hangs on it.
pub(super) fn delete_clause(conn: &mut Conn, id: ClauseId) -> Result<()> {
    delete_documents(conn, id)?;
    diesel::delete(clause_tasks::table.filter(clause_tasks::clause_id.eq(id.0))).execute(conn)?;
    diesel::delete(clauses::table.filter(clauses::id.eq(id.0))).execute(conn)?;
    Ok(())
}

fn insert_documents(conn: &mut Conn, id: ClauseId, files: &[Attachment]) -> Result<()> {
    use clause_documents::dsl;
    for (position, file) in (1_i64..).zip(files) {
        let values = (dsl::clause_id.eq(id), dsl::attachment_id.eq(file.id), dsl::position.eq(position));
        diesel::insert_into(dsl::clause_documents).values(values).execute(conn)?;
    }
    Ok(())
}

fn delete_documents(conn: &mut Conn, id: ClauseId) -> Result<()> {
    diesel::delete(clause_documents::table.filter(clause_documents::clause_id.eq(id.0))).execute(conn)?;
    Ok(())
}

// Links to tasks.

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = clause_tasks)]
struct LinkRow {
    id: ClauseTaskId,
    clause_id: ClauseId,
    task_id: TaskId,
    recorded_from: NaiveDate,
    recorded_to: Option<NaiveDate>,
    version: i64,
}

impl LinkRow {
    fn shown(self) -> ClauseTask {
        ClauseTask {
            id: self.id,
            clause_id: self.clause_id,
            task_id: self.task_id,
            recorded_from: self.recorded_from,
            recorded_to: self.recorded_to,
            version: self.version,
        }
    }
}

pub(super) fn insert_link(conn: &mut Conn, clause: ClauseId, task: TaskId, today: NaiveDate) -> Result<ClauseTaskId> {
    use clause_tasks::dsl;
    let values = (dsl::clause_id.eq(clause), dsl::task_id.eq(task), dsl::version.eq(1), dsl::recorded_from.eq(today));
    let inserted = diesel::insert_into(dsl::clause_tasks).values(values).returning(dsl::id);
    Ok(inserted.get_result::<i64>(conn).map(ClauseTaskId)?)
}

/// A link, or 404.
pub(super) fn link(conn: &mut Conn, id: ClauseTaskId) -> Result<ClauseTask> {
    let one = clause_tasks::table.filter(clause_tasks::id.eq(id.0));
    Ok(one.select(LinkRow::as_select()).first(conn)?.shown())
}

/// The links of a clause that hold or held on some day, oldest first.
pub(super) fn links_of(conn: &mut Conn, id: ClauseId) -> Result<Vec<ClauseTask>> {
    let all = clause_tasks::table.filter(clause_tasks::clause_id.eq(id.0)).order(clause_tasks::id);
    Ok(all.select(LinkRow::as_select()).load(conn)?.into_iter().map(LinkRow::shown).collect())
}

/// The tasks that a clause is linked to now.
pub(super) fn tasks_of(conn: &mut Conn, id: ClauseId) -> Result<Vec<TaskId>> {
    let now = clause_tasks::table.filter(clause_tasks::clause_id.eq(id.0).and(clause_tasks::recorded_to.is_null()));
    Ok(now.order(clause_tasks::id).select(clause_tasks::task_id).load(conn)?)
}

/// The tasks that the clauses of a set were linked to at the end of a day.
pub fn tasks_on(conn: &mut Conn, set: SetId, day: NaiveDate) -> Result<HashMap<ClauseId, Vec<TaskId>>> {
    let rows: Vec<(ClauseId, TaskId)> = clause_tasks::table
        .inner_join(clauses::table.on(clauses::id.eq(clause_tasks::clause_id)))
        .filter(clauses::set_id.eq(set.0).and(clause_tasks::recorded_from.le(day)))
        .filter(clause_tasks::recorded_to.is_null().or(clause_tasks::recorded_to.gt(day)))
        .order(clause_tasks::id)
        .select((clause_tasks::clause_id, clause_tasks::task_id))
        .load(conn)?;
    let mut tasks: HashMap<ClauseId, Vec<TaskId>> = HashMap::new();
    for (clause, task) in rows {
        tasks.entry(clause).or_default().push(task);
    }
    Ok(tasks)
}

/// Ends a link; one that was made today goes, since no end of a day ever saw it.
pub(super) fn end_link(conn: &mut Conn, link: &ClauseTask, today: NaiveDate) -> Result<()> {
    let one = clause_tasks::table.filter(clause_tasks::id.eq(link.id.0));
    if link.recorded_from == today {
        diesel::delete(one).execute(conn)?;
        return Ok(());
    }
    let values = (clause_tasks::recorded_to.eq(today), clause_tasks::version.eq(clause_tasks::version + 1));
    diesel::update(one).set(values).execute(conn)?;
    Ok(())
}
