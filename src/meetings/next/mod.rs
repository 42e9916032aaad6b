//! What the next meeting of a unit should deal with: deployments that are not delivered, opinions without an answer,
//! findings that relapsed, tasks with overdue nodes, each linked. A draft is read and writes nothing; from it the next
//! meeting can be called with its agenda.

pub mod http;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::agenda::{self, AgendaItem, AgendaLink, LinkKind};
use super::model::{Label, Meeting, MeetingKind, MeetingRow, NewMeeting};
use super::rules::require_took_place;
use super::{AgendaItemId, MeetingId, actions, decisions, opinions, store};
use crate::access::actor::Reach;
use crate::access::{Action, Actor, Site};
use crate::audit::{self, subject};
use crate::findings::{self, model::FindingState};
use crate::plans::{self, TaskId};
use crate::platform::db::today;
use crate::platform::text::Title;
use crate::platform::{Conn, Fault, PageRequest, Result};
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, Verdict};
use crate::units::rules::is_within;
use crate::units::{self, UnitId};
use crate::word_enum;

word_enum! {
    /// Why something is on a drafted agenda.
    NextReason {
        /// A deployment of the unit's meetings without tasks, or behind.
        UndeliveredDecision = "undelivered_decision",
        /// An opinion given to one of the unit's meetings.
        UnansweredOpinion = "unanswered_opinion",
        /// A finding that came of a failed re-check and is not closed.
        RelapsedFinding = "relapsed_finding",
        /// A task with nodes that are overdue, of the unit or of one below it.
        OverdueTask = "overdue_task",
    }
}

/// An item of a drafted agenda.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextItem {
    pub why: NextReason,
    #[schema(example = "决定落实：修订标准化作业程序")]
    pub title: String,
    pub link: AgendaLink,
    /// How many nodes of it are overdue or, of a decision, owed and not done; 1 for the others.
    #[schema(example = 3)]
    pub count: i64,
}

/// The draft of the meeting that follows one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextDraft {
    /// The meeting that it follows.
    pub after: MeetingId,
    pub unit_id: UnitId,
    pub kind: MeetingKind,
    pub title: String,
    /// The business day of the draft.
    pub as_of: NaiveDate,
    /// Decisions, opinions, findings, tasks, in this order; the oldest of each first.
    pub agenda_items: Vec<NextItem>,
}

/// The meeting that follows one, to be called with the drafted agenda.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"called_for": "2020-06-24"}))]
pub struct NewNext {
    /// The day it is called for.
    pub called_for: NaiveDate,
    /// By default that of the meeting it follows.
    #[serde(default)]
    pub kind: Option<MeetingKind>,
    /// By default that of the meeting it follows.
    #[serde(default)]
    pub title: Option<Title>,
    /// The time of day, `HH:MM`.
    #[serde(default)]
    pub starts_at: Option<String>,
    #[serde(default)]
    pub place: Option<Label>,
    /// Who chairs: a post.
    #[serde(default)]
    pub chair: Option<Label>,
    /// Who records: a post.
    #[serde(default)]
    pub recorder: Option<Label>,
}

/// Drafts the meeting after one that took place, for who reads the meetings of its unit. Writes nothing.
pub fn draft(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<NextDraft> {
    let (meeting, site) = after(conn, actor, Action::ReadMeetings, id)?;
    draft_of(conn, &meeting, &site)
}

/// Calls the meeting after one that took place, with the drafted agenda.
pub fn call(conn: &mut Conn, actor: &Actor, id: MeetingId, input: NewNext) -> Result<Meeting> {
    let (meeting, site) = after(conn, actor, Action::WriteMeeting, id)?;
    actor.request.if_match.check(meeting.version)?;
    let drafted = draft_of(conn, &meeting, &site)?;
    let title = input.title.map_or_else(|| short(&meeting.title), Ok)?;
    let new = NewMeeting {
        unit_id: meeting.unit_id,
        kind: input.kind.unwrap_or(meeting.kind),
        title,
        called_for: input.called_for,
        starts_at: input.starts_at,
        place: input.place,
        chair: input.chair,
        recorder: input.recorder,
    };
    let made = actions::create(conn, actor, new)?;
    let today = today(conn)?;
    for (position, item) in (1..).zip(&drafted.agenda_items) {
        let row = AgendaItem {
            id: AgendaItemId(0),
            meeting_id: made.id,
            position,
            title: item.title.clone(),
            presenter: None,
            link: Some(item.link),
            version: 1,
        };
        agenda::insert(conn, &row, today)?;
    }
    audit::record(conn, actor, "meeting.draft_agenda", subject("meeting", made.id.0), &drafted)?;
    Ok(made)
}

fn after(conn: &mut Conn, actor: &Actor, action: Action, id: MeetingId) -> Result<(MeetingRow, Site)> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    actor.must(action, &site)?;
    require_took_place(meeting.status)?;
    Ok((meeting, site))
}

fn draft_of(conn: &mut Conn, meeting: &MeetingRow, site: &Site) -> Result<NextDraft> {
    let today = today(conn)?;
    let mut agenda_items = undelivered(conn, meeting.unit_id)?;
    agenda_items.extend(unanswered(conn, meeting.unit_id)?);
    agenda_items.extend(relapsed(conn, site, today)?);
    agenda_items.extend(overdue(conn, site, today)?);
    Ok(NextDraft {
        after: meeting.id,
        unit_id: meeting.unit_id,
        kind: meeting.kind,
        title: meeting.title.clone(),
        as_of: today,
        agenda_items,
    })
}

fn undelivered(conn: &mut Conn, unit_id: UnitId) -> Result<Vec<NextItem>> {
    let mut items = vec![];
    for decision in decisions::actions::undelivered(conn, unit_id)? {
        let said = decision.title.as_deref().unwrap_or(&decision.text);
        let count = decision.time_nodes.owed - decision.time_nodes.owed_done;
        items.push(item(NextReason::UndeliveredDecision, said, (LinkKind::Decision, decision.id.0), count)?);
    }
    Ok(items)
}

/// Under the name of the unit that gave it: an agenda is read by more units than an opinion is.
fn unanswered(conn: &mut Conn, unit_id: UnitId) -> Result<Vec<NextItem>> {
    let own = Reach { subtrees: vec![], units: vec![unit_id] };
    let mut items = vec![];
    for (row, _) in opinions::store::awaiting(conn, &own)? {
        let unit = units::store::get(conn, row.unit_id)?.name;
        items.push(item(NextReason::UnansweredOpinion, &unit, (LinkKind::Opinion, row.id.0), 1)?);
    }
    Ok(items)
}

fn relapsed(conn: &mut Conn, site: &Site, today: NaiveDate) -> Result<Vec<NextItem>> {
    let day = findings::day::on(conn, today, false)?;
    let mut items = vec![];
    for finding in day.shown().filter(|finding| finding.relapse_of.is_some() && finding.relapsed_as.is_none()) {
        let ended = matches!(finding.state, FindingState::Closed | FindingState::Dismissed);
        let path = |id| day.tree.get(id).map(|unit| unit.path.as_str());
        let here = finding.units.iter().filter_map(|unit| path(unit.unit_id)).any(|path| is_within(path, &site.path));
        if !ended && here {
            items.push(item(NextReason::RelapsedFinding, &finding.title, (LinkKind::Finding, finding.id.0), 1)?);
        }
    }
    Ok(items)
}

/// Overdue nodes by their tasks, but for those that a later plan carries on; those of a task that was removed stand under their plan.
fn overdue(conn: &mut Conn, site: &Site, today: NaiveDate) -> Result<Vec<NextItem>> {
    let below = Reach { subtrees: vec![site.path.clone()], units: vec![] };
    let filter = NodeFilter { verdict: Some(Verdict::Overdue), ..NodeFilter::default() };
    let whole = PageRequest::new("time-nodes", None, None, true)?;
    let (nodes, _) = time_nodes::store::list(conn, &whole, &below, &filter, today)?;
    let mut of_task: BTreeMap<TaskId, i64> = BTreeMap::new();
    let mut of_plan: BTreeMap<TaskId, plans::PlanId> = BTreeMap::new();
    let carried = time_nodes::store::carried_over(conn)?;
    for node in nodes.into_iter().filter(|node| !carried.contains(&node.id)) {
        *of_task.entry(node.task_id).or_default() += 1;
        of_plan.insert(node.task_id, node.plan_id);
    }
    let mut items = vec![];
    for (id, count) in of_task {
        let (said, link) = match (plans::store::find_task(conn, id)?, of_plan.get(&id)) {
            (Some(task), _) => (format!("{} {}", task.code, task.title), (LinkKind::Task, id.0)),
            (None, Some(plan)) => (plans::store::get_plan(conn, *plan)?.title, (LinkKind::Plan, plan.0)),
            (None, None) => continue,
        };
        items.push(item(NextReason::OverdueTask, &said, link, count)?);
    }
    Ok(items)
}

fn item(why: NextReason, said: &str, (kind, id): (LinkKind, i64), count: i64) -> Result<NextItem> {
    let word = match why {
        NextReason::UndeliveredDecision => "决定落实",
        NextReason::UnansweredOpinion => "意见答复",
        NextReason::RelapsedFinding => "问题反弹",
        NextReason::OverdueTask => "逾期任务",
    };
    let title = short(&format!("{word}：{said}"))?.into_string();
    Ok(NextItem { why, title, link: AgendaLink { kind, id }, count })
}

/// As much of the first line as a title holds.
fn short(text: &str) -> Result<Title> {
    let line: String = text.lines().next().unwrap_or_default().chars().take(200).collect();
    Title::parse(&line).map_err(Fault::into_error)
}
