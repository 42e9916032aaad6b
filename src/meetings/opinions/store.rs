//! Rows of opinions, and which decisions take them up.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Disposition, NewDisposition, Opinion};
use super::rules::State;
use super::{OPINION_UNKNOWN, OpinionId};
use crate::access::actor::Reach;
use crate::access::{AccountId, Site};
use crate::meetings::MeetingId;
use crate::meetings::decisions::DecisionId;
use crate::meetings::model::MeetingRow;
use crate::meetings::receipts::ReceiptKind;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{attendances, decision_opinions, meeting_receipts, meetings, opinions, unit_facts};
use crate::units::UnitId;
use crate::units::store::within;

/// An opinion as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = opinions)]
pub struct OpinionRow {
    pub id: OpinionId,
    pub meeting_id: MeetingId,
    pub unit_id: UnitId,
    pub text: String,
    pub given_by: AccountId,
    pub on_behalf: bool,
    pub given_on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
    pub disposition: Option<Disposition>,
    pub reply: Option<String>,
    pub disposed_by: Option<AccountId>,
    pub disposed_on: Option<NaiveDate>,
    pub version: i64,
}

impl OpinionRow {
    pub fn state(&self) -> State {
        State::of(self.withdrawn_on, self.disposed_on)
    }

    fn shown(self, decision_ids: Vec<DecisionId>) -> Opinion {
        Opinion {
            id: self.id,
            meeting_id: self.meeting_id,
            unit_id: self.unit_id,
            text: self.withdrawn_on.is_none().then_some(self.text),
            given_by: self.given_by,
            on_behalf: self.on_behalf,
            given_on: self.given_on,
            withdrawn_on: self.withdrawn_on,
            disposition: self.disposition,
            reply: self.reply,
            disposed_by: self.disposed_by,
            disposed_on: self.disposed_on,
            decision_ids,
            version: self.version,
        }
    }
}

/// What is written of a new opinion.
pub(super) struct Given<'a> {
    pub meeting_id: MeetingId,
    pub unit_id: UnitId,
    pub text: &'a str,
    pub given_by: AccountId,
    pub on_behalf: bool,
    pub today: NaiveDate,
}

pub(super) fn insert(conn: &mut Conn, given: &Given<'_>) -> Result<OpinionId> {
    let values = (
        opinions::meeting_id.eq(given.meeting_id),
        opinions::unit_id.eq(given.unit_id),
        opinions::text.eq(given.text),
        opinions::given_by.eq(given.given_by),
        opinions::on_behalf.eq(given.on_behalf),
        opinions::given_on.eq(given.today),
        opinions::version.eq(1),
    );
    let inserted = diesel::insert_into(opinions::table).values(values).returning(opinions::id);
    Ok(inserted.get_result::<i64>(conn).map(OpinionId)?)
}

/// An opinion, or 404.
pub fn get(conn: &mut Conn, id: OpinionId) -> Result<OpinionRow> {
    Ok(opinions::table.filter(opinions::id.eq(id.0)).select(OpinionRow::as_select()).first(conn)?)
}

/// The opinion that an input names, or 422 at `pointer`.
pub fn named(conn: &mut Conn, id: OpinionId, pointer: &str) -> Result<OpinionRow> {
    let one = opinions::table.filter(opinions::id.eq(id.0)).select(OpinionRow::as_select());
    let found = one.first(conn).optional()?;
    found.ok_or_else(|| OPINION_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error())
}

pub(super) fn mark_withdrawn(conn: &mut Conn, id: OpinionId, today: NaiveDate) -> Result<()> {
    diesel::update(opinions::table.filter(opinions::id.eq(id.0)))
        .set((opinions::withdrawn_on.eq(today), opinions::version.eq(opinions::version + 1)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn mark_disposed(
    conn: &mut Conn,
    id: OpinionId,
    input: &NewDisposition,
    account: AccountId,
    today: NaiveDate,
) -> Result<()> {
    diesel::update(opinions::table.filter(opinions::id.eq(id.0)))
        .set((
            opinions::disposition.eq(input.disposition),
            opinions::reply.eq(input.reply.as_str()),
            opinions::disposed_by.eq(account),
            opinions::disposed_on.eq(today),
            opinions::version.eq(opinions::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a unit may speak to a meeting: its own, or one that it lists or calls.
pub(super) fn is_called(conn: &mut Conn, meeting: &MeetingRow, unit_id: UnitId) -> Result<bool> {
    if meeting.unit_id == unit_id {
        return Ok(true);
    }
    let listed = attendances::table
        .filter(attendances::meeting_id.eq(meeting.id.0).and(attendances::recorded_to.is_null()))
        .filter(attendances::unit_id.eq(unit_id.0));
    let called = meeting_receipts::table
        .filter(meeting_receipts::meeting_id.eq(meeting.id.0).and(meeting_receipts::kind.eq(ReceiptKind::Call)))
        .filter(meeting_receipts::unit_id.eq(unit_id.0));
    let is_listed: bool = diesel::select(diesel::dsl::exists(listed)).get_result(conn)?;
    Ok(is_listed || diesel::select(diesel::dsl::exists(called)).get_result(conn)?)
}

/// Which decisions take up which of these opinions.
fn decisions_of(conn: &mut Conn, ids: &[OpinionId]) -> Result<HashMap<OpinionId, Vec<DecisionId>>> {
    let rows: Vec<(OpinionId, DecisionId)> = decision_opinions::table
        .filter(decision_opinions::opinion_id.eq_any(ids.to_vec()))
        .select((decision_opinions::opinion_id, decision_opinions::decision_id))
        .order(decision_opinions::decision_id)
        .load(conn)?;
    let mut of: HashMap<OpinionId, Vec<DecisionId>> = HashMap::new();
    for (opinion, decision) in rows {
        of.entry(opinion).or_default().push(decision);
    }
    Ok(of)
}

/// Opinions as they are shown.
pub fn shown(conn: &mut Conn, rows: Vec<OpinionRow>) -> Result<Vec<Opinion>> {
    let mut of = decisions_of(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let with_decisions = |row: OpinionRow| {
        let decisions = of.remove(&row.id).unwrap_or_default();
        row.shown(decisions)
    };
    Ok(rows.into_iter().map(with_decisions).collect())
}

/// Which opinions to list.
#[derive(Debug, Clone, Default)]
pub struct OpinionFilter {
    pub unit_id: Option<UnitId>,
    pub meeting_id: Option<MeetingId>,
    pub decision_id: Option<DecisionId>,
    /// Only those that await their answer, or only the others.
    pub open: Option<bool>,
}

/// Where one reads opinions: at the units of the meetings and at those in whose name they were given; and one's own.
#[derive(Debug, Clone, Default)]
pub struct Readable {
    pub reach: Reach,
    pub given_by: Option<AccountId>,
}

/// A page of opinions that one may read, oldest first.
pub fn list(
    conn: &mut Conn,
    page: &PageRequest,
    readable: &Readable,
    filter: &OpinionFilter,
) -> Result<(Vec<Opinion>, Option<String>)> {
    let own = opinions::given_by.eq(readable.given_by.map_or(0, |account| account.0));
    let mut query = opinions::table
        .inner_join(meetings::table.on(meetings::id.eq(opinions::meeting_id)))
        .filter(within("meetings.unit_id", &readable.reach).or(within("opinions.unit_id", &readable.reach)).or(own))
        .select(OpinionRow::as_select())
        .order(opinions::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(opinions::id.gt(after));
    }
    if let Some(unit) = filter.unit_id {
        query = query.filter(opinions::unit_id.eq(unit.0));
    }
    if let Some(meeting) = filter.meeting_id {
        query = query.filter(opinions::meeting_id.eq(meeting.0));
    }
    if let Some(decision) = filter.decision_id {
        let taken_up = decision_opinions::table.filter(decision_opinions::decision_id.eq(decision.0));
        query = query.filter(opinions::id.eq_any(taken_up.select(decision_opinions::opinion_id)));
    }
    query = match filter.open {
        Some(true) => query.filter(opinions::withdrawn_on.is_null().and(opinions::disposed_on.is_null())),
        Some(false) => query.filter(opinions::withdrawn_on.is_not_null().or(opinions::disposed_on.is_not_null())),
        None => query,
    };
    let mut rows: Vec<OpinionRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((shown(conn, rows)?, next))
}

/// What awaits its answer at the meetings of some units, oldest first, each with the unit of its meeting.
pub fn awaiting(conn: &mut Conn, reach: &Reach) -> Result<Vec<(OpinionRow, Site)>> {
    let rows: Vec<(OpinionRow, UnitId, String)> = opinions::table
        .inner_join(meetings::table.on(meetings::id.eq(opinions::meeting_id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(meetings::unit_id)))
        .filter(unit_facts::recorded_to.is_null().and(within("meetings.unit_id", reach)))
        .filter(opinions::withdrawn_on.is_null().and(opinions::disposed_on.is_null()))
        .select((OpinionRow::as_select(), unit_facts::unit_id, unit_facts::path))
        .order(opinions::id)
        .load(conn)?;
    Ok(rows.into_iter().map(|(row, unit_id, path)| (row, Site { unit_id, path })).collect())
}

/// What was answered from a day on of what an account gave, or somebody in the name of one of these units.
pub(super) fn answered_since(
    conn: &mut Conn,
    account: AccountId,
    units: &[UnitId],
    since: NaiveDate,
) -> Result<Vec<OpinionRow>> {
    let mine = opinions::given_by.eq(account.0).or(opinions::unit_id.eq_any(units.to_vec()));
    Ok(opinions::table
        .filter(opinions::disposed_on.ge(since))
        .filter(mine)
        .select(OpinionRow::as_select())
        .order(opinions::id)
        .load(conn)?)
}
