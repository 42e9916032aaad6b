//! Rows of plans and their lists. Facts are interval rows; those in force have no `recorded_to`.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{KeyPoint, Origin, OriginKind, Part, Plan, PlanStatus, Responsibility, Task};
use super::revisions::{Change, Effects, ListKind, Revision};
use super::{EntryId, KEY_POINT_UNKNOWN, KeyPointId, PlanId, ResponsibilityId, RevisionId, TaskId};
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::schema::{
    key_point_facts, key_points, plan_changes, plan_facts, plan_revisions, plans, responsibilities, schedule_entries,
    task_facts, tasks, time_node_states, time_nodes,
};
use crate::units::UnitId;
use crate::units::store::within;

// Plans.

/// What was recorded of a plan.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plan_facts)]
pub struct PlanFacts {
    pub plan_id: PlanId,
    pub title: String,
    pub target_percent: i64,
    pub target_on: NaiveDate,
    pub closes_on: NaiveDate,
    pub document_no: Option<String>,
    pub status: PlanStatus,
    pub issued_on: Option<NaiveDate>,
    pub consulted_on: Option<NaiveDate>,
    pub approved_by: Option<String>,
    pub approved_by_decision_id: Option<i64>,
}

type PlanRow = (PlanId, UnitId, i64, i64, i64, Option<PlanId>, PlanFacts);

fn plan((id, unit_id, year, revision, version, from_plan_id, facts): PlanRow) -> Plan {
    Plan {
        id,
        unit_id,
        year,
        title: facts.title,
        target_percent: facts.target_percent,
        target_on: facts.target_on,
        closes_on: facts.closes_on,
        document_no: facts.document_no,
        consulted_on: facts.consulted_on,
        approved_by: facts.approved_by,
        approved_by_decision_id: facts.approved_by_decision_id,
        from_plan_id,
        status: facts.status,
        issued_on: facts.issued_on,
        revision,
        version,
    }
}

/// The plan of a unit for a year; there is at most one.
pub(super) fn plan_of_year(conn: &mut Conn, unit_id: UnitId, year: i64) -> Result<Option<PlanId>> {
    let one = plans::table.filter(plans::unit_id.eq(unit_id.0).and(plans::year.eq(year)));
    Ok(one.select(plans::id).first(conn).optional()?)
}

pub(super) fn insert_plan(
    conn: &mut Conn,
    unit_id: UnitId,
    year: i64,
    from_plan_id: Option<PlanId>,
    today: NaiveDate,
) -> Result<PlanId> {
    use plans::dsl;
    let values = (
        dsl::unit_id.eq(unit_id),
        dsl::year.eq(year),
        dsl::revision.eq(0),
        dsl::version.eq(1),
        dsl::recorded_on.eq(today),
        dsl::from_plan_id.eq(from_plan_id),
    );
    Ok(diesel::insert_into(dsl::plans).values(values).returning(dsl::id).get_result::<i64>(conn).map(PlanId)?)
}

/// Records the facts of a plan from today on.
pub fn supersede_plan(conn: &mut Conn, plan: &Plan, today: NaiveDate) -> Result<()> {
    use plan_facts::dsl as f;
    let values = (
        f::plan_id.eq(plan.id),
        f::title.eq(&plan.title),
        f::target_percent.eq(plan.target_percent),
        f::target_on.eq(plan.target_on),
        f::closes_on.eq(plan.closes_on),
        f::document_no.eq(&plan.document_no),
        f::status.eq(plan.status),
        f::issued_on.eq(plan.issued_on),
        f::consulted_on.eq(plan.consulted_on),
        f::approved_by.eq(&plan.approved_by),
        f::approved_by_decision_id.eq(plan.approved_by_decision_id),
        f::recorded_from.eq(today),
    );
    crate::supersede!(conn, plan_facts, plan_id = plan.id, today, values);
    Ok(())
}

/// The latest due day in force of the counting nodes of a period of an entry; none where nobody owes it. Nodes stand above:
/// here they are rows.
pub(super) fn last_day_in_force(conn: &mut Conn, id: EntryId, period: &str) -> Result<Option<NaiveDate>> {
    Ok(time_nodes::table
        .inner_join(time_node_states::table.on(time_node_states::node_id.eq(time_nodes::id)))
        .filter(time_nodes::entry_id.eq(id.0).and(time_nodes::period.eq(period)))
        .filter(time_node_states::recorded_to.is_null().and(time_node_states::excluded.is_null()))
        .select(diesel::dsl::max(time_node_states::due_on))
        .first(conn)?)
}

/// One more version of a plan: whatever changes one of its lists changes the plan.
pub fn bump_plan(conn: &mut Conn, id: PlanId) -> Result<()> {
    let row = plans::table.filter(plans::id.eq(id.0));
    diesel::update(row).set(plans::version.eq(plans::version + 1)).execute(conn)?;
    Ok(())
}

/// A plan as it stands, or 404.
pub fn get_plan(conn: &mut Conn, id: PlanId) -> Result<Plan> {
    let row: PlanRow = plans::table
        .inner_join(plan_facts::table.on(plan_facts::plan_id.eq(plans::id)))
        .filter(plans::id.eq(id.0).and(plan_facts::recorded_to.is_null()))
        .select((
            plans::id,
            plans::unit_id,
            plans::year,
            plans::revision,
            plans::version,
            plans::from_plan_id,
            PlanFacts::as_select(),
        ))
        .first(conn)?;
    Ok(plan(row))
}

/// Whether the lists of a plan name one of these units.
pub fn names_any(conn: &mut Conn, id: PlanId, units: &[UnitId]) -> Result<bool> {
    let named = responsibilities::table
        .inner_join(tasks::table.on(tasks::id.eq(responsibilities::task_id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .filter(key_points::plan_id.eq(id.0).and(responsibilities::recorded_to.is_null()))
        .filter(responsibilities::unit_id.eq_any(units.to_vec()));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Plans one may read: those of units in reach, and issued ones that name a unit of one's own. By id.
pub fn list_plans(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    own: &[UnitId],
    year: Option<i64>,
    unit_id: Option<UnitId>,
) -> Result<(Vec<Plan>, Option<String>)> {
    let naming = responsibilities::table
        .inner_join(tasks::table.on(tasks::id.eq(responsibilities::task_id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .filter(responsibilities::recorded_to.is_null().and(responsibilities::unit_id.eq_any(own.to_vec())))
        .select(key_points::plan_id);
    let mut query = plans::table
        .inner_join(plan_facts::table.on(plan_facts::plan_id.eq(plans::id)))
        .filter(plan_facts::recorded_to.is_null())
        .select((
            plans::id,
            plans::unit_id,
            plans::year,
            plans::revision,
            plans::version,
            plans::from_plan_id,
            PlanFacts::as_select(),
        ))
        .order(plans::id)
        .limit(page.fetch())
        .into_boxed();
    let named = plan_facts::status.ne(PlanStatus::Draft).and(plans::id.eq_any(naming));
    query = query.filter(within("plans.unit_id", reach).or(named));
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(plans::id.gt(after));
    }
    if let Some(year) = year {
        query = query.filter(plans::year.eq(year));
    }
    if let Some(unit) = unit_id {
        query = query.filter(plans::unit_id.eq(unit.0));
    }
    let mut rows: Vec<PlanRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.0.to_string()]);
    Ok((rows.into_iter().map(plan).collect(), next))
}

// Key points.

pub(super) fn insert_key_point(conn: &mut Conn, plan_id: PlanId, today: NaiveDate) -> Result<KeyPointId> {
    use key_points::dsl;
    let values = (dsl::plan_id.eq(plan_id), dsl::version.eq(1), dsl::recorded_on.eq(today));
    let inserted = diesel::insert_into(dsl::key_points).values(values).returning(dsl::id).get_result::<i64>(conn);
    Ok(inserted.map(KeyPointId)?)
}

pub(super) fn supersede_key_point(conn: &mut Conn, key_point: &KeyPoint, today: NaiveDate) -> Result<()> {
    use key_point_facts::dsl as f;
    let values = (
        f::key_point_id.eq(key_point.id),
        f::title.eq(&key_point.title),
        f::position.eq(key_point.position),
        f::recorded_from.eq(today),
    );
    crate::supersede!(conn, key_point_facts, key_point_id = key_point.id, today, values);
    Ok(())
}

pub(super) fn set_key_point_version(conn: &mut Conn, id: KeyPointId, version: i64) -> Result<()> {
    diesel::update(key_points::table.filter(key_points::id.eq(id.0)))
        .set(key_points::version.eq(version))
        .execute(conn)?;
    Ok(())
}

type KeyPointRow = (KeyPointId, PlanId, String, i64, i64);

fn key_point((id, plan_id, title, position, version): KeyPointRow) -> KeyPoint {
    KeyPoint { id, plan_id, title, position, version }
}

/// The key points of a plan, in their order.
pub fn key_points_of(conn: &mut Conn, plan_id: PlanId) -> Result<Vec<KeyPoint>> {
    let rows: Vec<KeyPointRow> = key_points::table
        .inner_join(key_point_facts::table.on(key_point_facts::key_point_id.eq(key_points::id)))
        .filter(key_points::plan_id.eq(plan_id.0).and(key_point_facts::recorded_to.is_null()))
        .select((
            key_points::id,
            key_points::plan_id,
            key_point_facts::title,
            key_point_facts::position,
            key_points::version,
        ))
        .order((key_point_facts::position, key_points::id))
        .load(conn)?;
    Ok(rows.into_iter().map(key_point).collect())
}

pub fn get_key_point(conn: &mut Conn, id: KeyPointId) -> Result<KeyPoint> {
    let row: KeyPointRow = key_points::table
        .inner_join(key_point_facts::table.on(key_point_facts::key_point_id.eq(key_points::id)))
        .filter(key_points::id.eq(id.0).and(key_point_facts::recorded_to.is_null()))
        .select((
            key_points::id,
            key_points::plan_id,
            key_point_facts::title,
            key_point_facts::position,
            key_points::version,
        ))
        .first(conn)?;
    Ok(key_point(row))
}

/// The key point that an input names, or 422 at `pointer`.
pub fn named_key_point(conn: &mut Conn, id: KeyPointId, pointer: &str) -> Result<KeyPoint> {
    get_key_point(conn, id).map_err(|error| match error.code() {
        "not_found" => KEY_POINT_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error(),
        _ => error,
    })
}

/// Ends a key point of an issued plan.
pub(super) fn end_key_point(conn: &mut Conn, id: KeyPointId, today: NaiveDate) -> Result<()> {
    use key_point_facts::dsl as f;
    let now = f::key_point_facts.filter(f::key_point_id.eq(id.0).and(f::recorded_to.is_null()));
    diesel::delete(now.filter(f::recorded_from.eq(today))).execute(conn)?;
    diesel::update(now).set(f::recorded_to.eq(today)).execute(conn)?;
    Ok(())
}

pub(super) fn delete_key_point(conn: &mut Conn, id: KeyPointId) -> Result<()> {
    diesel::delete(key_point_facts::table.filter(key_point_facts::key_point_id.eq(id.0))).execute(conn)?;
    diesel::delete(key_points::table.filter(key_points::id.eq(id.0))).execute(conn)?;
    Ok(())
}

// Tasks.

pub(super) fn insert_task(
    conn: &mut Conn,
    key_point_id: KeyPointId,
    origin: Option<Origin>,
    today: NaiveDate,
) -> Result<TaskId> {
    use tasks::dsl;
    let values = (
        dsl::key_point_id.eq(key_point_id),
        dsl::version.eq(1),
        dsl::recorded_on.eq(today),
        dsl::origin_kind.eq(origin.map(|origin| origin.kind)),
        dsl::origin_id.eq(origin.map(|origin| origin.id)),
    );
    Ok(diesel::insert_into(dsl::tasks).values(values).returning(dsl::id).get_result::<i64>(conn).map(TaskId)?)
}

pub(super) fn supersede_task(conn: &mut Conn, task: &Task, today: NaiveDate) -> Result<()> {
    use task_facts::dsl as f;
    let values = (
        f::task_id.eq(task.id),
        f::position.eq(task.position),
        f::title.eq(&task.title),
        f::requirement.eq(&task.requirement),
        f::deliverable.eq(&task.deliverable),
        f::evidence_required.eq(task.evidence_required),
        f::tags.eq(serde_json::to_string(&task.tags).map_err(Error::internal)?),
        f::recorded_from.eq(today),
    );
    crate::supersede!(conn, task_facts, task_id = task.id, today, values);
    Ok(())
}

/// Says which task of the plan before a new one carries on.
pub(super) fn set_origin(conn: &mut Conn, id: TaskId, origin: TaskId) -> Result<()> {
    diesel::update(tasks::table.filter(tasks::id.eq(id.0))).set(tasks::origin_task_id.eq(origin)).execute(conn)?;
    Ok(())
}

pub(super) fn set_task_version(conn: &mut Conn, id: TaskId, version: i64) -> Result<()> {
    diesel::update(tasks::table.filter(tasks::id.eq(id.0))).set(tasks::version.eq(version)).execute(conn)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = task_facts)]
pub(super) struct TaskFacts {
    position: i64,
    title: String,
    requirement: Option<String>,
    deliverable: Option<String>,
    evidence_required: bool,
    tags: String,
}

/// What never changes of a task, and its version.
#[derive(Queryable, Selectable)]
#[diesel(table_name = tasks)]
pub(super) struct TaskIdentity {
    id: TaskId,
    version: i64,
    origin_task_id: Option<TaskId>,
    origin_kind: Option<OriginKind>,
    origin_id: Option<i64>,
}

pub(super) type TaskRow = (TaskIdentity, TaskFacts);

pub(super) fn task((identity, facts): TaskRow, key_point: &KeyPoint) -> Result<Task> {
    let TaskIdentity { id, version, origin_task_id, origin_kind, origin_id } = identity;
    Ok(Task {
        id,
        plan_id: key_point.plan_id,
        key_point_id: key_point.id,
        code: format!("{}.{}", key_point.position, facts.position),
        title: facts.title,
        requirement: facts.requirement,
        deliverable: facts.deliverable,
        evidence_required: facts.evidence_required,
        tags: serde_json::from_str(&facts.tags).map_err(Error::internal)?,
        position: facts.position,
        origin_task_id,
        origin: origin_kind.zip(origin_id).map(|(kind, id)| Origin { kind, id }),
        version,
    })
}

/// The tasks of a key point, in their order.
pub fn tasks_of(conn: &mut Conn, key_point: &KeyPoint) -> Result<Vec<Task>> {
    let rows: Vec<TaskRow> = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .filter(tasks::key_point_id.eq(key_point.id.0).and(task_facts::recorded_to.is_null()))
        .select((TaskIdentity::as_select(), TaskFacts::as_select()))
        .order((task_facts::position, tasks::id))
        .load(conn)?;
    rows.into_iter().map(|row| task(row, key_point)).collect()
}

pub fn get_task(conn: &mut Conn, id: TaskId) -> Result<Task> {
    let (key_point_id, row): (KeyPointId, TaskRow) = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .filter(tasks::id.eq(id.0).and(task_facts::recorded_to.is_null()))
        .select((tasks::key_point_id, (TaskIdentity::as_select(), TaskFacts::as_select())))
        .first(conn)?;
    let key_point = get_key_point(conn, key_point_id)?;
    task(row, &key_point)
}

/// A task by its last facts, in its key point by its last, also when they were removed meanwhile.
pub fn last_task(conn: &mut Conn, id: TaskId) -> Result<(Task, KeyPoint)> {
    let (key_point_id, row): (KeyPointId, TaskRow) = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .filter(tasks::id.eq(id.0))
        .select((tasks::key_point_id, (TaskIdentity::as_select(), TaskFacts::as_select())))
        .order(task_facts::recorded_from.desc())
        .first(conn)?;
    let key_point: KeyPointRow = key_points::table
        .inner_join(key_point_facts::table.on(key_point_facts::key_point_id.eq(key_points::id)))
        .filter(key_points::id.eq(key_point_id.0))
        .select((
            key_points::id,
            key_points::plan_id,
            key_point_facts::title,
            key_point_facts::position,
            key_points::version,
        ))
        .order(key_point_facts::recorded_from.desc())
        .first(conn)?;
    let key_point = self::key_point(key_point);
    Ok((task(row, &key_point)?, key_point))
}

/// A task, or none when it was removed.
pub fn find_task(conn: &mut Conn, id: TaskId) -> Result<Option<Task>> {
    match get_task(conn, id) {
        Ok(task) => Ok(Some(task)),
        Err(error) if error.code() == "not_found" => Ok(None),
        Err(error) => Err(error),
    }
}

/// The tasks in force that were made from a finding or decision, in the order of their making.
pub fn tasks_from(conn: &mut Conn, origin: Origin) -> Result<Vec<Task>> {
    let ids: Vec<TaskId> = tasks::table
        .filter(tasks::origin_kind.eq(origin.kind).and(tasks::origin_id.eq(origin.id)))
        .select(tasks::id)
        .order(tasks::id)
        .load(conn)?;
    let found: Result<Vec<_>> = ids.into_iter().map(|id| find_task(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Ends a task of an issued plan with all that hangs on it: nothing of it is in force from today on.
pub(super) fn end_task(conn: &mut Conn, id: TaskId, today: NaiveDate) -> Result<()> {
    for entry in entries_of(conn, id)? {
        end_entry(conn, entry.id, today)?;
    }
    for held in responsibilities_of(conn, id)? {
        end_responsibility(conn, held.id, today)?;
    }
    let now = task_facts::table.filter(task_facts::task_id.eq(id.0).and(task_facts::recorded_to.is_null()));
    diesel::delete(now.filter(task_facts::recorded_from.eq(today))).execute(conn)?;
    diesel::update(now).set(task_facts::recorded_to.eq(today)).execute(conn)?;
    Ok(())
}

/// Whether a completion of the task needs evidence; by its last facts, also when it was removed meanwhile.
pub fn needs_evidence(conn: &mut Conn, id: TaskId) -> Result<bool> {
    let last = task_facts::table.filter(task_facts::task_id.eq(id.0)).order(task_facts::recorded_from.desc());
    let needs: Option<bool> = last.select(task_facts::evidence_required).first(conn).optional()?;
    Ok(needs.unwrap_or(false))
}

/// Deletes a task of a draft with all that hangs on it.
pub(super) fn delete_task(conn: &mut Conn, id: TaskId) -> Result<()> {
    diesel::delete(schedule_entries::table.filter(schedule_entries::task_id.eq(id.0))).execute(conn)?;
    diesel::delete(responsibilities::table.filter(responsibilities::task_id.eq(id.0))).execute(conn)?;
    diesel::delete(task_facts::table.filter(task_facts::task_id.eq(id.0))).execute(conn)?;
    diesel::delete(tasks::table.filter(tasks::id.eq(id.0))).execute(conn)?;
    Ok(())
}

// Responsibilities.

#[derive(Queryable, Selectable)]
#[diesel(table_name = responsibilities)]
pub(super) struct ResponsibilityRow {
    id: ResponsibilityId,
    task_id: TaskId,
    unit_id: UnitId,
    part: Part,
    person: Option<String>,
    version: i64,
}

impl From<ResponsibilityRow> for Responsibility {
    fn from(row: ResponsibilityRow) -> Self {
        Responsibility {
            id: row.id,
            task_id: row.task_id,
            unit_id: row.unit_id,
            part: row.part,
            person: row.person,
            version: row.version,
        }
    }
}

pub(super) fn insert_responsibility(
    conn: &mut Conn,
    task_id: TaskId,
    unit_id: UnitId,
    part: Part,
    person: Option<&str>,
    today: NaiveDate,
) -> Result<ResponsibilityId> {
    use responsibilities::dsl;
    let values = (
        dsl::task_id.eq(task_id),
        dsl::unit_id.eq(unit_id),
        dsl::part.eq(part),
        dsl::person.eq(person),
        dsl::version.eq(1),
        dsl::recorded_from.eq(today),
    );
    let inserted = diesel::insert_into(dsl::responsibilities).values(values).returning(dsl::id).get_result::<i64>(conn);
    Ok(inserted.map(ResponsibilityId)?)
}

/// The responsibilities in force of a task, by id.
pub fn responsibilities_of(conn: &mut Conn, task_id: TaskId) -> Result<Vec<Responsibility>> {
    let rows: Vec<ResponsibilityRow> = responsibilities::table
        .filter(responsibilities::task_id.eq(task_id.0).and(responsibilities::recorded_to.is_null()))
        .select(ResponsibilityRow::as_select())
        .order(responsibilities::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Responsibility::from).collect())
}

pub fn get_responsibility(conn: &mut Conn, id: ResponsibilityId) -> Result<Responsibility> {
    let one =
        responsibilities::table.filter(responsibilities::id.eq(id.0).and(responsibilities::recorded_to.is_null()));
    Ok(one.select(ResponsibilityRow::as_select()).first(conn)?.into())
}

/// Ends a responsibility of an issued plan.
pub(super) fn end_responsibility(conn: &mut Conn, id: ResponsibilityId, today: NaiveDate) -> Result<()> {
    let one = responsibilities::table.filter(responsibilities::id.eq(id.0));
    diesel::delete(one.filter(responsibilities::recorded_from.eq(today))).execute(conn)?;
    diesel::update(one).set(responsibilities::recorded_to.eq(today)).execute(conn)?;
    Ok(())
}

pub(super) fn delete_responsibility(conn: &mut Conn, id: ResponsibilityId) -> Result<()> {
    diesel::delete(responsibilities::table.filter(responsibilities::id.eq(id.0))).execute(conn)?;
    Ok(())
}

// Schedules.

/// An entry of a schedule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schedule_entries)]
pub struct EntryRow {
    pub id: EntryId,
    pub task_id: TaskId,
    pub position: i64,
    pub title: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub grace_days: i64,
    pub times: i64,
    pub unscheduled: bool,
    pub words: Option<String>,
    pub rrule: Option<String>,
    /// The nodes that a recurrence or words make, as JSON.
    pub nodes: Option<String>,
}

/// The entries in force of a task, in their order.
pub fn entries_of(conn: &mut Conn, task_id: TaskId) -> Result<Vec<EntryRow>> {
    Ok(schedule_entries::table
        .filter(schedule_entries::task_id.eq(task_id.0).and(schedule_entries::ended_on.is_null()))
        .select(EntryRow::as_select())
        .order((schedule_entries::position, schedule_entries::id))
        .load(conn)?)
}

/// Writes a new entry.
pub(super) fn insert_entry(conn: &mut Conn, row: &EntryRow, today: NaiveDate) -> Result<EntryId> {
    use schedule_entries::dsl;
    let values = (
        dsl::task_id.eq(row.task_id),
        dsl::position.eq(row.position),
        dsl::title.eq(&row.title),
        dsl::due_on.eq(row.due_on),
        dsl::grace_days.eq(row.grace_days),
        dsl::times.eq(row.times),
        dsl::unscheduled.eq(row.unscheduled),
        dsl::words.eq(&row.words),
        dsl::recorded_from.eq(today),
        dsl::rrule.eq(&row.rrule),
        dsl::nodes.eq(&row.nodes),
    );
    let id = diesel::insert_into(dsl::schedule_entries).values(values).returning(dsl::id).get_result::<i64>(conn);
    Ok(id.map(EntryId)?)
}

/// Writes over the entry of this id.
pub(super) fn update_entry(conn: &mut Conn, row: &EntryRow) -> Result<()> {
    use schedule_entries::dsl;
    diesel::update(dsl::schedule_entries.filter(dsl::id.eq(row.id)))
        .set((
            dsl::position.eq(row.position),
            dsl::title.eq(&row.title),
            dsl::due_on.eq(row.due_on),
            dsl::grace_days.eq(row.grace_days),
            dsl::times.eq(row.times),
            dsl::unscheduled.eq(row.unscheduled),
            dsl::words.eq(&row.words),
            dsl::rrule.eq(&row.rrule),
            dsl::nodes.eq(&row.nodes),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends an entry of an issued plan: its nodes still name it.
pub(super) fn end_entry(conn: &mut Conn, id: EntryId, today: NaiveDate) -> Result<()> {
    let one = schedule_entries::table.filter(schedule_entries::id.eq(id.0));
    diesel::update(one).set(schedule_entries::ended_on.eq(today)).execute(conn)?;
    Ok(())
}

pub(super) fn delete_entry(conn: &mut Conn, id: EntryId) -> Result<()> {
    diesel::delete(schedule_entries::table.filter(schedule_entries::id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// The days of grace of an entry.
pub fn grace_of(conn: &mut Conn, id: EntryId) -> Result<i64> {
    Ok(schedule_entries::table
        .filter(schedule_entries::id.eq(id.0))
        .select(schedule_entries::grace_days)
        .first(conn)?)
}

// Revisions.

/// Counts a plan's revisions up by one, and gives the new number.
pub(super) fn next_revision(conn: &mut Conn, id: PlanId) -> Result<i64> {
    let row = plans::table.filter(plans::id.eq(id.0));
    diesel::update(row).set(plans::revision.eq(plans::revision + 1)).execute(conn)?;
    Ok(row.select(plans::revision).first(conn)?)
}

#[allow(clippy::too_many_arguments, reason = "the columns of one row")]
pub(super) fn insert_revision(
    conn: &mut Conn,
    plan_id: PlanId,
    number: i64,
    reason: &str,
    made_by: AccountId,
    today: NaiveDate,
    effects: &Effects,
    changes: &[Change],
) -> Result<()> {
    let values = (
        plan_revisions::plan_id.eq(plan_id),
        plan_revisions::number.eq(number),
        plan_revisions::reason.eq(reason),
        plan_revisions::made_by.eq(made_by),
        plan_revisions::made_on.eq(today),
        plan_revisions::effects.eq(serde_json::to_string(effects).map_err(Error::internal)?),
    );
    let id: i64 =
        diesel::insert_into(plan_revisions::table).values(values).returning(plan_revisions::id).get_result(conn)?;
    for change in changes {
        let json = |item: &Option<serde_json::Value>| item.as_ref().map(serde_json::Value::to_string);
        diesel::insert_into(plan_changes::table)
            .values((
                plan_changes::revision_id.eq(id),
                plan_changes::kind.eq(change.kind),
                plan_changes::item_id.eq(change.item_id),
                plan_changes::before.eq(json(&change.before)),
                plan_changes::after.eq(json(&change.after)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

type RevisionRow = (RevisionId, PlanId, i64, String, AccountId, NaiveDate, String);
type ChangeRow = (RevisionId, ListKind, i64, Option<String>, Option<String>);

/// The revisions of a plan with their changes, oldest first.
pub fn revisions_of(conn: &mut Conn, id: PlanId) -> Result<Vec<Revision>> {
    let rows: Vec<RevisionRow> =
        plan_revisions::table.filter(plan_revisions::plan_id.eq(id.0)).order(plan_revisions::number).load(conn)?;
    let changes: Vec<ChangeRow> = plan_changes::table
        .inner_join(plan_revisions::table.on(plan_revisions::id.eq(plan_changes::revision_id)))
        .filter(plan_revisions::plan_id.eq(id.0))
        .order(plan_changes::id)
        .select((
            plan_changes::revision_id,
            plan_changes::kind,
            plan_changes::item_id,
            plan_changes::before,
            plan_changes::after,
        ))
        .load(conn)?;
    let mut of: std::collections::HashMap<RevisionId, Vec<Change>> = std::collections::HashMap::new();
    for (revision, kind, item_id, before, after) in changes {
        let json = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
        let (before, after) = (json(before).map_err(Error::internal)?, json(after).map_err(Error::internal)?);
        of.entry(revision).or_default().push(Change { kind, item_id, before, after });
    }
    rows.into_iter()
        .map(|(id, plan_id, number, reason, made_by, made_on, effects)| {
            let changes = of.remove(&id).unwrap_or_default();
            let time_nodes = serde_json::from_str(&effects).map_err(Error::internal)?;
            Ok(Revision { id, plan_id, number, reason, made_by, made_on, changes, time_nodes })
        })
        .collect()
}
