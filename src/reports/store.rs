//! What the reports read: nodes with their state on a day, entries without a date, targets, names. No writes.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::Target;
use crate::access::AccountId;
use crate::plans::model::Part;
use crate::plans::{EntryId, KeyPointId, PlanId, PlanStatus, TaskId};
use crate::platform::{Conn, Result};
use crate::progress::ReportId;
use crate::progress::model::{ReportKind, ReviewVerdict};
use crate::progress::rules::{Fate, ReportFacts, ReturnKind};
use crate::schema::{
    key_point_facts, key_points, plan_facts, plans, progress_reports, responsibilities, reviews, schedule_entries,
    task_facts, tasks, time_node_states, time_nodes,
};
use crate::time_nodes::NodeId;
use crate::time_nodes::store::StateRow;
use crate::units::UnitId;

/// A node of a year with how it stood.
#[derive(Debug, Queryable)]
pub struct PopulationRow {
    pub id: NodeId,
    pub unit_id: UnitId,
    pub task_id: TaskId,
    pub key_point_id: KeyPointId,
    pub born_late_after: NaiveDate,
    pub approved_by: Option<AccountId>,
    pub state: StateRow,
}

/// Which day is asked about, and how.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub as_of: NaiveDate,
    /// Everything recorded until now, applied to that day.
    pub restated: bool,
}

/// The nodes of a year's plans as they stood at the end of the day; restated, as they stand now, of plans issued by
/// that day. `units` narrows to few units.
pub fn population(conn: &mut Conn, year: i64, moment: Moment, units: Option<&[UnitId]>) -> Result<Vec<PopulationRow>> {
    use time_node_states::dsl as s;
    let mut query = time_nodes::table
        .inner_join(s::time_node_states.on(s::node_id.eq(time_nodes::id)))
        .inner_join(plans::table.on(plans::id.eq(time_nodes::plan_id)))
        .inner_join(plan_facts::table.on(plan_facts::plan_id.eq(plans::id).and(plan_facts::recorded_to.is_null())))
        .inner_join(tasks::table.on(tasks::id.eq(time_nodes::task_id)))
        .filter(plans::year.eq(year))
        .select((
            time_nodes::id,
            time_nodes::unit_id,
            time_nodes::task_id,
            tasks::key_point_id,
            time_nodes::late_after,
            s::approved_by,
            StateRow::as_select(),
        ))
        .order(time_nodes::id)
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query.filter(s::recorded_to.is_null()).filter(plan_facts::issued_on.le(day))
    } else {
        query.filter(s::recorded_from.le(day)).filter(s::recorded_to.is_null().or(s::recorded_to.gt(day)))
    };
    if let Some(units) = units {
        query = query.filter(time_nodes::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
    }
    Ok(query.load(conn)?)
}

/// An entry without a date, its task and key point, and a unit with the part it holds in the task.
pub type Undated = (i64, TaskId, KeyPointId, UnitId, Part);

/// Entries without a date of the year's issued plans, with the parts held in their tasks.
pub fn unscheduled(conn: &mut Conn, year: i64, moment: Moment) -> Result<Vec<Undated>> {
    use plan_facts::dsl as f;
    let mut query = schedule_entries::table
        .inner_join(tasks::table.on(tasks::id.eq(schedule_entries::task_id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .inner_join(f::plan_facts.on(f::plan_id.eq(plans::id)))
        .inner_join(responsibilities::table.on(responsibilities::task_id.eq(tasks::id)))
        .filter(plans::year.eq(year).and(schedule_entries::unscheduled.eq(true)))
        .filter(f::status.ne(PlanStatus::Draft))
        .select((
            schedule_entries::id,
            tasks::id,
            tasks::key_point_id,
            responsibilities::unit_id,
            responsibilities::part,
        ))
        .order((schedule_entries::id, responsibilities::id))
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query
            .filter(f::recorded_to.is_null().and(f::issued_on.le(day)))
            .filter(schedule_entries::ended_on.is_null().and(responsibilities::recorded_to.is_null()))
    } else {
        query
            .filter(f::recorded_from.le(day).and(f::recorded_to.is_null().or(f::recorded_to.gt(day))))
            .filter(schedule_entries::recorded_from.le(day))
            .filter(schedule_entries::ended_on.is_null().or(schedule_entries::ended_on.gt(day)))
            .filter(responsibilities::recorded_from.le(day))
            .filter(responsibilities::recorded_to.is_null().or(responsibilities::recorded_to.gt(day)))
    };
    Ok(query.load(conn)?)
}

/// The targets of the year's plans, once issued, by the unit of the plan.
pub fn targets(conn: &mut Conn, year: i64, moment: Moment) -> Result<HashMap<UnitId, Target>> {
    use plan_facts::dsl as f;
    let mut query = plans::table
        .inner_join(f::plan_facts.on(f::plan_id.eq(plans::id)))
        .filter(plans::year.eq(year).and(f::status.ne(PlanStatus::Draft)))
        .select((plans::unit_id, f::target_percent, f::target_on))
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query.filter(f::recorded_to.is_null().and(f::issued_on.le(day)))
    } else {
        query.filter(f::recorded_from.le(day)).filter(f::recorded_to.is_null().or(f::recorded_to.gt(day)))
    };
    let rows: Vec<(UnitId, i64, NaiveDate)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(unit, percent, on)| (unit, Target { rate: "compliance", percent, on })).collect())
}

/// Key points with their titles on a day, in the order of plans and positions. One that was recorded later has its
/// first title.
pub fn key_point_names(conn: &mut Conn, year: i64, day: NaiveDate) -> Result<Vec<(KeyPointId, String)>> {
    use key_point_facts::dsl as f;
    let rows: Vec<(KeyPointId, i64, i64, String, NaiveDate)> = key_points::table
        .inner_join(f::key_point_facts.on(f::key_point_id.eq(key_points::id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .filter(plans::year.eq(year))
        .select((key_points::id, plans::id, f::position, f::title, f::recorded_from))
        .order((key_points::id, f::recorded_from))
        .load(conn)?;
    let mut names: Vec<(i64, i64, KeyPointId, String)> = Vec::new();
    for (id, plan, position, title, from) in rows {
        match names.last_mut().filter(|(_, _, last, _)| *last == id) {
            Some(known) if from <= day => *known = (plan, position, id, title),
            Some(_) => {}
            None => names.push((plan, position, id, title)),
        }
    }
    names.sort();
    Ok(names.into_iter().map(|(_, _, id, title)| (id, title)).collect())
}

/// Ids asked about in one query: within SQLite's limit of bound values.
pub(super) const BATCH: usize = 500;

/// The titles of nodes.
pub fn titles(conn: &mut Conn, nodes: &[NodeId]) -> Result<HashMap<NodeId, String>> {
    let mut titles = HashMap::new();
    for batch in nodes.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
        let rows: Vec<(NodeId, String)> = time_nodes::table
            .filter(time_nodes::id.eq_any(ids))
            .select((time_nodes::id, time_nodes::title))
            .load(conn)?;
        titles.extend(rows);
    }
    Ok(titles)
}

/// A completion or addition with its review, as both are recorded now. Asked with a day, it says what it was then.
#[derive(Debug, Queryable)]
pub struct SubmittedRow {
    pub id: ReportId,
    pub node_id: NodeId,
    pub unit_id: UnitId,
    pub times: i64,
    pub addition_to: Option<ReportId>,
    pub reported_on: NaiveDate,
    pub recorded_on: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
    review: Option<(ReviewVerdict, Option<ReturnKind>, NaiveDate, Option<NaiveDate>)>,
}

impl SubmittedRow {
    /// The day of its review, if that was recorded by a day.
    pub fn reviewed_by(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.review.map(|(_, _, on, _)| on).filter(|on| *on <= day)
    }

    /// What had become of it by the end of a day.
    pub fn fate(&self, day: NaiveDate) -> Fate {
        let by = |on: Option<NaiveDate>| on.is_some_and(|on| on <= day);
        match self.review {
            _ if by(self.withdrawn_on) => Fate::Withdrawn,
            Some((_, _, _, revoked_on)) if by(revoked_on) => Fate::Revoked,
            Some((ReviewVerdict::Accepted, _, on, _)) if on <= day => Fate::Accepted,
            Some((ReviewVerdict::Returned, kind, on, _)) if on <= day => {
                Fate::Returned { kind: kind.unwrap_or(ReturnKind::NotDone), on }
            }
            _ => Fate::Pending,
        }
    }

    /// The facts for a standing on a day.
    pub fn facts(&self, day: NaiveDate) -> ReportFacts {
        ReportFacts {
            id: self.id.0,
            completion: true,
            addition_to: self.addition_to.map(|id| id.0),
            reported_on: self.reported_on,
            recorded_on: self.recorded_on,
            fate: self.fate(day),
        }
    }
}

/// The completions and additions of a year's nodes that were recorded by a day, by id.
pub fn submitted(conn: &mut Conn, year: i64, day: NaiveDate) -> Result<Vec<SubmittedRow>> {
    Ok(progress_reports::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .inner_join(plans::table.on(plans::id.eq(time_nodes::plan_id)))
        .left_join(reviews::table.on(reviews::report_id.eq(progress_reports::id)))
        .filter(plans::year.eq(year).and(progress_reports::kind.eq(ReportKind::Completion)))
        .filter(progress_reports::recorded_on.le(day))
        .select((
            progress_reports::id,
            progress_reports::node_id,
            time_nodes::unit_id,
            time_nodes::times,
            progress_reports::addition_to,
            progress_reports::reported_on,
            progress_reports::recorded_on,
            progress_reports::withdrawn_on,
            (reviews::verdict, reviews::return_kind, reviews::recorded_on, reviews::revoked_on).nullable(),
        ))
        .order(progress_reports::id)
        .load(conn)?)
}

/// What is said of an entry and its task on a day.
#[derive(Debug, Queryable)]
pub struct AboutEntry {
    pub plan_id: PlanId,
    pub key_point_position: i64,
    pub task_position: i64,
    pub title: String,
    pub entry_title: Option<String>,
    pub words: Option<String>,
}

/// What was said of entries and their tasks by the end of a day.
pub fn about_entries(conn: &mut Conn, entries: &[EntryId], day: NaiveDate) -> Result<HashMap<EntryId, AboutEntry>> {
    use key_point_facts::dsl as k;
    use task_facts::dsl as t;
    let mut found = HashMap::new();
    for batch in entries.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
        let rows: Vec<(EntryId, AboutEntry)> = schedule_entries::table
            .inner_join(tasks::table.on(tasks::id.eq(schedule_entries::task_id)))
            .inner_join(t::task_facts.on(t::task_id.eq(tasks::id)))
            .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
            .inner_join(k::key_point_facts.on(k::key_point_id.eq(key_points::id)))
            .filter(schedule_entries::id.eq_any(ids))
            .filter(t::recorded_from.le(day).and(t::recorded_to.is_null().or(t::recorded_to.gt(day))))
            .filter(k::recorded_from.le(day).and(k::recorded_to.is_null().or(k::recorded_to.gt(day))))
            .select((
                schedule_entries::id,
                (
                    key_points::plan_id,
                    k::position,
                    t::position,
                    t::title,
                    schedule_entries::title,
                    schedule_entries::words,
                ),
            ))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}
