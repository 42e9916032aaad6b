//! Rows of decisions, the opinions that they take up, and the tasks and time nodes that came of them.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{DecisionKind, Votes};
use super::rules::HeadCount;
use super::{DECISION_ELSEWHERE, DECISION_UNKNOWN, DecisionId};
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::meetings::MeetingId;
use crate::meetings::agenda::LinkKind;
use crate::meetings::attendance::AttendanceStatus;
use crate::meetings::opinions::OpinionId;
use crate::plans::TaskId;
use crate::plans::model::OriginKind;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{
    agenda_items, attendances, carry_overs, decision_opinions, decisions, meetings, opinions, plan_facts, recognitions,
    task_facts, tasks, time_node_states, time_nodes, unit_facts,
};
use crate::settings;
use crate::time_nodes::NodeFacts;
use crate::time_nodes::store::{Life, StateRow};
use crate::units::UnitId;
use crate::units::store::within;

/// A decision as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct DecisionRow {
    pub id: DecisionId,
    pub meeting_id: MeetingId,
    pub number: i64,
    pub kind: DecisionKind,
    pub title: Option<String>,
    pub text: String,
    votes_for: Option<i64>,
    votes_against: Option<i64>,
    abstained: Option<i64>,
    present: Option<i64>,
    entitled: Option<i64>,
    pub due_on: Option<NaiveDate>,
    pub recorded_by: AccountId,
    pub version: i64,
    pub recorded_on: NaiveDate,
}

impl DecisionRow {
    pub fn votes(&self) -> Option<Votes> {
        Some(Votes {
            in_favour: self.votes_for?,
            against: self.votes_against?,
            abstain: self.abstained?,
            present: self.present?,
            entitled: self.entitled?,
        })
    }
}

/// What can change of a decision.
pub(super) struct Wording<'a> {
    pub title: Option<&'a str>,
    pub text: &'a str,
    pub votes: Option<Votes>,
    pub due_on: Option<NaiveDate>,
}

pub(super) fn insert(
    conn: &mut Conn,
    meeting_id: MeetingId,
    kind: DecisionKind,
    wording: &Wording<'_>,
    recorded_by: AccountId,
    today: NaiveDate,
) -> Result<DecisionId> {
    let of_meeting = decisions::table.filter(decisions::meeting_id.eq(meeting_id.0));
    let last: Option<i64> = of_meeting.select(diesel::dsl::max(decisions::number)).first(conn)?;
    let values = (
        decisions::meeting_id.eq(meeting_id),
        decisions::number.eq(last.unwrap_or(0) + 1),
        decisions::kind.eq(kind),
        decisions::title.eq(wording.title),
        decisions::text.eq(wording.text),
        decisions::votes_for.eq(wording.votes.map(|votes| votes.in_favour)),
        decisions::votes_against.eq(wording.votes.map(|votes| votes.against)),
        decisions::abstained.eq(wording.votes.map(|votes| votes.abstain)),
        decisions::present.eq(wording.votes.map(|votes| votes.present)),
        decisions::entitled.eq(wording.votes.map(|votes| votes.entitled)),
        decisions::due_on.eq(wording.due_on),
        decisions::recorded_by.eq(recorded_by),
        decisions::version.eq(1),
        decisions::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(decisions::table).values(values).returning(decisions::id);
    Ok(inserted.get_result::<i64>(conn).map(DecisionId)?)
}

pub(super) fn update(conn: &mut Conn, id: DecisionId, wording: &Wording<'_>) -> Result<()> {
    diesel::update(decisions::table.filter(decisions::id.eq(id.0)))
        .set((
            decisions::title.eq(wording.title),
            decisions::text.eq(wording.text),
            decisions::votes_for.eq(wording.votes.map(|votes| votes.in_favour)),
            decisions::votes_against.eq(wording.votes.map(|votes| votes.against)),
            decisions::abstained.eq(wording.votes.map(|votes| votes.abstain)),
            decisions::present.eq(wording.votes.map(|votes| votes.present)),
            decisions::entitled.eq(wording.votes.map(|votes| votes.entitled)),
            decisions::due_on.eq(wording.due_on),
            decisions::version.eq(decisions::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes a decision that nothing names, with its links to opinions.
pub(super) fn delete(conn: &mut Conn, id: DecisionId) -> Result<()> {
    diesel::delete(decision_opinions::table.filter(decision_opinions::decision_id.eq(id.0))).execute(conn)?;
    diesel::delete(decisions::table.filter(decisions::id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// Whether a task, the answer to an opinion, a plan, a recognition or an agenda names a decision.
pub(super) fn is_in_use(conn: &mut Conn, id: DecisionId) -> Result<bool> {
    use diesel::dsl::{exists, select};
    let made = tasks::table.filter(tasks::origin_kind.eq(OriginKind::Decision).and(tasks::origin_id.eq(id.0)));
    let answered = decision_opinions::table
        .inner_join(opinions::table.on(opinions::id.eq(decision_opinions::opinion_id)))
        .filter(decision_opinions::decision_id.eq(id.0).and(opinions::disposed_on.is_not_null()));
    let approving = plan_facts::table.filter(plan_facts::approved_by_decision_id.eq(id.0));
    let recognising = recognitions::table.filter(recognitions::decision_id.eq(id.0));
    let listed =
        agenda_items::table.filter(agenda_items::link_kind.eq(LinkKind::Decision).and(agenda_items::link_id.eq(id.0)));
    Ok(select(exists(made)).get_result::<bool>(conn)?
        || select(exists(answered)).get_result::<bool>(conn)?
        || select(exists(approving)).get_result::<bool>(conn)?
        || select(exists(recognising)).get_result::<bool>(conn)?
        || select(exists(listed)).get_result::<bool>(conn)?)
}

/// A decision, or 404.
pub fn get(conn: &mut Conn, id: DecisionId) -> Result<DecisionRow> {
    Ok(decisions::table.filter(decisions::id.eq(id.0)).select(DecisionRow::as_select()).first(conn)?)
}

/// The decision that an input names, or 422 at `pointer`.
pub fn named(conn: &mut Conn, id: DecisionId, pointer: &str) -> Result<DecisionRow> {
    let one = decisions::table.filter(decisions::id.eq(id.0)).select(DecisionRow::as_select());
    let found = one.first(conn).optional()?;
    found.ok_or_else(|| DECISION_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error())
}

/// The decision that an input names, of a meeting of this unit, or 422 at `pointer`.
pub fn named_of_unit(conn: &mut Conn, id: DecisionId, unit_id: UnitId, pointer: &str) -> Result<DecisionRow> {
    let found: Option<(DecisionRow, UnitId)> = decisions::table
        .inner_join(meetings::table.on(meetings::id.eq(decisions::meeting_id)))
        .filter(decisions::id.eq(id.0))
        .select((DecisionRow::as_select(), meetings::unit_id))
        .first(conn)
        .optional()?;
    let code = match found {
        Some((row, of)) if of == unit_id => return Ok(row),
        Some(_) => &DECISION_ELSEWHERE,
        None => &DECISION_UNKNOWN,
    };
    Err(code.at(pointer, [("id", id.to_string())]).into_error())
}

/// Says that a decision takes up an opinion; once is enough.
pub fn take_up(conn: &mut Conn, id: DecisionId, opinion_id: OpinionId, today: NaiveDate) -> Result<()> {
    let values = (
        decision_opinions::decision_id.eq(id),
        decision_opinions::opinion_id.eq(opinion_id),
        decision_opinions::recorded_on.eq(today),
    );
    let known = decision_opinions::table
        .filter(decision_opinions::decision_id.eq(id.0).and(decision_opinions::opinion_id.eq(opinion_id.0)));
    if !diesel::select(diesel::dsl::exists(known)).get_result::<bool>(conn)? {
        diesel::insert_into(decision_opinions::table).values(values).execute(conn)?;
    }
    Ok(())
}

/// Lets go of the opinions that a decision takes up, but for those whose answer names it.
pub(super) fn let_go(conn: &mut Conn, id: DecisionId) -> Result<()> {
    let answered = opinions::table.filter(opinions::disposed_on.is_not_null()).select(opinions::id);
    let links = decision_opinions::table.filter(decision_opinions::decision_id.eq(id.0));
    diesel::delete(links.filter(decision_opinions::opinion_id.ne_all(answered))).execute(conn)?;
    Ok(())
}

/// Who was expected and who came, by the attendance list in force.
pub(super) fn head_count(conn: &mut Conn, meeting_id: MeetingId) -> Result<HeadCount> {
    let listed: Vec<AttendanceStatus> = attendances::table
        .filter(attendances::meeting_id.eq(meeting_id.0).and(attendances::recorded_to.is_null()))
        .filter(attendances::status.ne(AttendanceStatus::Observer))
        .select(attendances::status)
        .load(conn)?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let present = listed.iter().filter(|status| **status == AttendanceStatus::Present).count();
    Ok(HeadCount { expected: count(listed.len()), present: count(present) })
}

/// The opinions that each of these decisions takes up.
pub(super) fn opinions_of(conn: &mut Conn, ids: &[DecisionId]) -> Result<HashMap<DecisionId, Vec<OpinionId>>> {
    let rows: Vec<(DecisionId, OpinionId)> = decision_opinions::table
        .filter(decision_opinions::decision_id.eq_any(ids.to_vec()))
        .select((decision_opinions::decision_id, decision_opinions::opinion_id))
        .order(decision_opinions::opinion_id)
        .load(conn)?;
    Ok(grouped(rows))
}

/// The tasks in force that were made from each of these decisions.
pub(super) fn tasks_of(conn: &mut Conn, ids: &[DecisionId]) -> Result<HashMap<DecisionId, Vec<TaskId>>> {
    let rows: Vec<(Option<DecisionId>, TaskId)> = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .filter(tasks::origin_kind.eq(OriginKind::Decision).and(task_facts::recorded_to.is_null()))
        .filter(tasks::origin_id.eq_any(ids.to_vec()))
        .select((tasks::origin_id, tasks::id))
        .order(tasks::id)
        .load(conn)?;
    Ok(grouped(rows.into_iter().filter_map(|(id, task)| Some((id?, task)))))
}

/// The time nodes of the tasks made from each of these decisions, as they stand today. Left out is what was carried over
/// into a task of another plan: that task comes from the same decision and counts in its place.
pub(super) fn nodes_of(conn: &mut Conn, ids: &[DecisionId]) -> Result<HashMap<DecisionId, Vec<NodeFacts>>> {
    let near_days = settings::store::now(conn)?.near_days;
    let carried = carry_overs::table.filter(carry_overs::to_task_id.is_not_null()).select(carry_overs::node_id);
    let rows: Vec<(Option<DecisionId>, NaiveDate, StateRow, Life)> = time_nodes::table
        .inner_join(tasks::table.on(tasks::id.eq(time_nodes::task_id)))
        .inner_join(time_node_states::table.on(time_node_states::node_id.eq(time_nodes::id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(time_nodes::unit_id)))
        .filter(time_node_states::recorded_to.is_null().and(unit_facts::recorded_to.is_null()))
        .filter(tasks::origin_kind.eq(OriginKind::Decision).and(tasks::origin_id.eq_any(ids.to_vec())))
        .filter(time_nodes::id.ne_all(carried))
        .select((
            tasks::origin_id,
            time_nodes::late_after,
            StateRow::as_select(),
            (unit_facts::established_on, unit_facts::dissolved_on),
        ))
        .load(conn)?;
    let node = |(id, born, state, life): (Option<DecisionId>, NaiveDate, StateRow, Life)| {
        Some((id?, state.facts(born, life, near_days)))
    };
    Ok(grouped(rows.into_iter().filter_map(node)))
}

fn grouped<T>(rows: impl IntoIterator<Item = (DecisionId, T)>) -> HashMap<DecisionId, Vec<T>> {
    let mut of: HashMap<DecisionId, Vec<T>> = HashMap::new();
    for (id, item) in rows {
        of.entry(id).or_default().push(item);
    }
    of
}

/// Which decisions to list.
#[derive(Debug, Clone, Default)]
pub struct DecisionFilter {
    pub unit_id: Option<UnitId>,
    pub meeting_id: Option<MeetingId>,
    pub kind: Option<DecisionKind>,
    /// The one that this task was made from.
    pub task_id: Option<TaskId>,
    /// Those that take this opinion up.
    pub opinion_id: Option<OpinionId>,
}

/// A page of the decisions of meetings that one may read, by id: of units in reach, and of the meetings that name a
/// unit of one's own.
pub(super) fn list(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    named: &[MeetingId],
    filter: &DecisionFilter,
) -> Result<(Vec<DecisionRow>, Option<String>)> {
    let mut query = decisions::table
        .inner_join(meetings::table.on(meetings::id.eq(decisions::meeting_id)))
        .filter(within("meetings.unit_id", reach).or(meetings::id.eq_any(named.to_vec())))
        .select(DecisionRow::as_select())
        .order(decisions::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(decisions::id.gt(after));
    }
    if let Some(unit) = filter.unit_id {
        query = query.filter(meetings::unit_id.eq(unit.0));
    }
    if let Some(meeting) = filter.meeting_id {
        query = query.filter(decisions::meeting_id.eq(meeting.0));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(decisions::kind.eq(kind));
    }
    if let Some(task) = filter.task_id {
        let made = tasks::table.filter(tasks::id.eq(task.0).and(tasks::origin_kind.eq(OriginKind::Decision)));
        query = query.filter(decisions::id.nullable().eq_any(made.select(tasks::origin_id)));
    }
    if let Some(opinion) = filter.opinion_id {
        let taken_up = decision_opinions::table.filter(decision_opinions::opinion_id.eq(opinion.0));
        query = query.filter(decisions::id.eq_any(taken_up.select(decision_opinions::decision_id)));
    }
    let mut rows: Vec<DecisionRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((rows, next))
}

/// The decisions of a meeting, by number.
pub(super) fn of_meeting(conn: &mut Conn, meeting_id: MeetingId) -> Result<Vec<DecisionRow>> {
    let all = decisions::table.filter(decisions::meeting_id.eq(meeting_id.0));
    Ok(all.select(DecisionRow::as_select()).order(decisions::number).load(conn)?)
}

/// The deployments of the meetings of a unit, oldest first.
pub(super) fn deployments_of_unit(conn: &mut Conn, unit_id: UnitId) -> Result<Vec<DecisionRow>> {
    Ok(decisions::table
        .inner_join(meetings::table.on(meetings::id.eq(decisions::meeting_id)))
        .filter(meetings::unit_id.eq(unit_id.0).and(decisions::kind.eq(DecisionKind::Deployment)))
        .select(DecisionRow::as_select())
        .order(decisions::id)
        .load(conn)?)
}
