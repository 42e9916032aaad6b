//! The agenda 议程 of a meeting: its items in their order, each linked to at most one plan, task, finding, decision or
//! opinion that whoever writes it may read. Changed until the meeting is closed.

pub mod http;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::actions::{alterable, readable};
use super::decisions::{self, DecisionId};
use super::model::Label;
use super::opinions::{self, OpinionId};
use super::{AgendaItemId, LINK_UNKNOWN, MeetingId, store};
use crate::access::Actor;
use crate::audit::{self, subject};
use crate::findings::{self, FindingId};
use crate::plans::{self, PlanId, TaskId};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::patch::given;
use crate::platform::text::{Text, Title};
use crate::platform::{Conn, Field, Result};
use crate::schema::agenda_items;
use crate::word_enum;

word_enum! {
    /// What an agenda item links to.
    LinkKind { Plan = "plan", Task = "task", Finding = "finding", Decision = "decision", Opinion = "opinion" }
}

/// What an agenda item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "plan", "id": 1}))]
pub struct AgendaLink {
    pub kind: LinkKind,
    /// Its id in the collection of its kind.
    pub id: i64,
}

/// An item of an agenda.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgendaItem {
    pub id: AgendaItemId,
    pub meeting_id: MeetingId,
    /// Items are read by position, then by id.
    pub position: i64,
    pub title: String,
    /// Who presents it: a post or a unit.
    pub presenter: Option<String>,
    /// What it is about; null when nothing here is.
    pub link: Option<AgendaLink>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new item.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "审议年度工作任务清单", "presenter": "党群工作部", "link": {"kind": "plan", "id": 1}}))]
pub struct NewAgendaItem {
    pub title: Title,
    /// By default behind the last one.
    #[serde(default)]
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
    #[serde(default)]
    pub presenter: Option<Label>,
    #[serde(default)]
    pub link: Option<AgendaLink>,
}

/// A merge patch of an item.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"position": 1}))]
pub struct AgendaItemPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default, deserialize_with = "given")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub presenter: Field<Label>,
    #[serde(default)]
    #[schema(value_type = Option<AgendaLink>)]
    pub link: Field<AgendaLink>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agenda_items)]
struct AgendaRow {
    id: AgendaItemId,
    meeting_id: MeetingId,
    position: i64,
    title: String,
    presenter: Option<String>,
    link_kind: Option<LinkKind>,
    link_id: Option<i64>,
    version: i64,
}

impl AgendaRow {
    fn shown(self) -> AgendaItem {
        let link = self.link_kind.zip(self.link_id).map(|(kind, id)| AgendaLink { kind, id });
        let AgendaRow { id, meeting_id, position, title, presenter, version, .. } = self;
        AgendaItem { id, meeting_id, position, title, presenter, link, version }
    }
}

/// Adds an item.
pub fn add(conn: &mut Conn, actor: &Actor, meeting_id: MeetingId, input: NewAgendaItem) -> Result<AgendaItem> {
    let meeting = alterable(conn, actor, meeting_id)?;
    actor.request.if_match.check(meeting.version)?;
    require_link(conn, actor, input.link)?;
    let last = of_meeting(conn, meeting_id)?.iter().map(|item| item.position).max().unwrap_or(0);
    let item = AgendaItem {
        id: AgendaItemId(0),
        meeting_id,
        position: input.position.unwrap_or(last + 1),
        title: input.title.into_string(),
        presenter: input.presenter.map(Text::into_string),
        link: input.link,
        version: 1,
    };
    let today = today(conn)?;
    let made = AgendaItem { id: insert(conn, &item, today)?, ..item };
    store::bump(conn, meeting_id)?;
    audit::record(conn, actor, "agenda_item.create", subject("agenda_item", made.id.0), &made)?;
    Ok(made)
}

/// The agenda of a meeting that the actor may read, in its order.
pub fn list(conn: &mut Conn, actor: &Actor, meeting_id: MeetingId) -> Result<Vec<AgendaItem>> {
    readable(conn, actor, meeting_id)?;
    of_meeting(conn, meeting_id)
}

/// An item of a meeting that the actor may read.
pub fn read(conn: &mut Conn, actor: &Actor, id: AgendaItemId) -> Result<AgendaItem> {
    let item = get(conn, id)?;
    readable(conn, actor, item.meeting_id)?;
    Ok(item)
}

/// Changes an item.
pub fn change(conn: &mut Conn, actor: &Actor, id: AgendaItemId, patch: AgendaItemPatch) -> Result<AgendaItem> {
    let mut item = get(conn, id)?;
    alterable(conn, actor, item.meeting_id)?;
    actor.request.if_match.require(item.version)?;
    if let Field::Set(link) = patch.link {
        require_link(conn, actor, Some(link))?;
    }
    item.title = patch.title.map_or(item.title, Text::into_string);
    item.position = patch.position.unwrap_or(item.position);
    item.presenter = match patch.presenter {
        Field::Keep => item.presenter,
        Field::Clear => None,
        Field::Set(label) => Some(label.into_string()),
    };
    item.link = patch.link.over(item.link);
    item.version += 1;
    update(conn, &item)?;
    store::bump(conn, item.meeting_id)?;
    audit::record(conn, actor, "agenda_item.change", subject("agenda_item", id.0), &item)?;
    Ok(item)
}

/// Takes an item off the agenda.
pub fn remove(conn: &mut Conn, actor: &Actor, id: AgendaItemId) -> Result<()> {
    let item = get(conn, id)?;
    alterable(conn, actor, item.meeting_id)?;
    actor.request.if_match.require(item.version)?;
    diesel::delete(agenda_items::table.filter(agenda_items::id.eq(id.0))).execute(conn)?;
    store::bump(conn, item.meeting_id)?;
    audit::record(conn, actor, "agenda_item.delete", subject("agenda_item", id.0), &item)
}

/// Refuses a link to what does not exist, or what the actor may not read.
fn require_link(conn: &mut Conn, actor: &Actor, link: Option<AgendaLink>) -> Result<()> {
    let Some(AgendaLink { kind, id }) = link else { return Ok(()) };
    let found = match kind {
        LinkKind::Plan => plans::actions::read(conn, actor, PlanId(id)).map(drop),
        LinkKind::Task => plans::lists::read_task(conn, actor, TaskId(id)).map(drop),
        LinkKind::Finding => findings::ledger::read(conn, actor, FindingId(id)).map(drop),
        LinkKind::Decision => decisions::actions::read(conn, actor, DecisionId(id)).map(drop),
        LinkKind::Opinion => opinions::actions::read(conn, actor, OpinionId(id)).map(drop),
    };
    found.map_err(|error| match error.code() {
        code if code == NOT_FOUND.code => {
            LINK_UNKNOWN.at("/link/id", [("id", id.to_string()), ("kind", kind.word().to_owned())]).into_error()
        }
        _ => error,
    })
}

// Rows.

/// Stores a new item, whatever id it says; its id. For whatever drafts an agenda.
pub fn insert(conn: &mut Conn, item: &AgendaItem, today: NaiveDate) -> Result<AgendaItemId> {
    use agenda_items::dsl as a;
    let values = (
        a::meeting_id.eq(item.meeting_id),
        a::position.eq(item.position),
        a::title.eq(&item.title),
        a::presenter.eq(&item.presenter),
        a::link_kind.eq(item.link.map(|link| link.kind)),
        a::link_id.eq(item.link.map(|link| link.id)),
        a::version.eq(item.version),
        a::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(a::agenda_items).values(values).returning(a::id);
    Ok(inserted.get_result::<i64>(conn).map(AgendaItemId)?)
}

fn update(conn: &mut Conn, item: &AgendaItem) -> Result<()> {
    use agenda_items::dsl as a;
    diesel::update(a::agenda_items.filter(a::id.eq(item.id.0)))
        .set((
            a::position.eq(item.position),
            a::title.eq(&item.title),
            a::presenter.eq(&item.presenter),
            a::link_kind.eq(item.link.map(|link| link.kind)),
            a::link_id.eq(item.link.map(|link| link.id)),
            a::version.eq(item.version),
        ))
        .execute(conn)?;
    Ok(())
}

fn get(conn: &mut Conn, id: AgendaItemId) -> Result<AgendaItem> {
    let one = agenda_items::table.filter(agenda_items::id.eq(id.0));
    Ok(one.select(AgendaRow::as_select()).first(conn)?.shown())
}

/// The agenda of a meeting, in its order.
pub fn of_meeting(conn: &mut Conn, meeting_id: MeetingId) -> Result<Vec<AgendaItem>> {
    let rows: Vec<AgendaRow> = agenda_items::table
        .filter(agenda_items::meeting_id.eq(meeting_id.0))
        .select(AgendaRow::as_select())
        .order((agenda_items::position, agenda_items::id))
        .load(conn)?;
    Ok(rows.into_iter().map(AgendaRow::shown).collect())
}
