//! Giving an opinion, taking it back, answering it.

use serde_json::json;

use super::model::{NewDisposition, NewOpinion, Opinion};
use super::rules::news_since;
use super::store::{self, Given, OpinionFilter, OpinionRow, Readable};
use super::{NOT_THE_GIVER, OWN_OPINION, OpinionId, UNIT_NOT_CALLED};
use crate::access::{Action, Actor, Site};
use crate::audit::{self, subject};
use crate::meetings::rules::require_open;
use crate::meetings::{self, MeetingId, decisions};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::units;

/// Gives an opinion in the name of a unit.
pub fn give(conn: &mut Conn, actor: &Actor, meeting_id: MeetingId, input: &NewOpinion) -> Result<Opinion> {
    let (meeting, _) = meetings::actions::readable(conn, actor, meeting_id)?;
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::GiveOpinion, &unit.site())?;
    actor.request.if_match.check(meeting.version)?;
    require_open(meeting.status)?;
    if !store::is_called(conn, &meeting, input.unit_id)? {
        return Err(UNIT_NOT_CALLED.at("/unit_id", [("unit", unit.name)]).into_error());
    }
    let sits_there = |seat: &Site| seat.unit_id == input.unit_id;
    let given = Given {
        meeting_id,
        unit_id: input.unit_id,
        text: input.text.as_str(),
        given_by: actor.account()?,
        on_behalf: !actor.posts.iter().filter_map(|post| post.seat.as_ref()).any(sits_there),
        today: today(conn)?,
    };
    let id = store::insert(conn, &given)?;
    let made = shown(conn, id)?;
    audit::record(conn, actor, "opinion.create", subject("opinion", id.0), &made)?;
    Ok(made)
}

/// Opinions that one may read.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    filter: &OpinionFilter,
) -> Result<(Vec<Opinion>, Option<String>)> {
    store::list(conn, page, &readable_by(actor), filter)
}

/// An opinion one may read.
pub fn read(conn: &mut Conn, actor: &Actor, id: OpinionId) -> Result<Opinion> {
    let row = store::get(conn, id)?;
    require_readable(conn, actor, &row)?;
    shown(conn, id)
}

/// Takes an opinion back: the row stays, the text is shown no more.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: OpinionId) -> Result<Opinion> {
    let row = store::get(conn, id)?;
    require_readable(conn, actor, &row)?;
    if actor.account_id != Some(row.given_by) {
        return Err(NOT_THE_GIVER.err());
    }
    actor.request.if_match.check(row.version)?;
    row.state().require_open()?;
    require_open(meetings::store::get(conn, row.meeting_id)?.status)?;
    let today = today(conn)?;
    store::mark_withdrawn(conn, id, today)?;
    audit::record(conn, actor, "opinion.withdraw", subject("opinion", id.0), &json!({}))?;
    shown(conn, id)
}

/// Says what becomes of an opinion; once, and also after the meeting is closed.
pub fn dispose(conn: &mut Conn, actor: &Actor, id: OpinionId, input: &NewDisposition) -> Result<Opinion> {
    let row = store::get(conn, id)?;
    let meeting = meetings::store::get(conn, row.meeting_id)?;
    let site = meetings::store::site_of(conn, &meeting)?;
    require_may_answer(actor, &row, &site)?;
    actor.request.if_match.check(row.version)?;
    row.state().require_open()?;
    let today = today(conn)?;
    store::mark_disposed(conn, id, input, actor.account()?, today)?;
    if let Some(decision_id) = input.decision_id {
        let decision = decisions::store::named_of_unit(conn, decision_id, meeting.unit_id, "/decision_id")?;
        decisions::actions::require_not_voted_down(&decision)?;
        decisions::store::take_up(conn, decision.id, id, today)?;
    }
    let disposed = shown(conn, id)?;
    audit::record(conn, actor, "opinion.dispose", subject("opinion", id.0), &disposed)?;
    Ok(disposed)
}

/// 403 unless the actor answers what is said to the meetings of the unit at `site`, and did not say it.
fn require_may_answer(actor: &Actor, row: &OpinionRow, site: &Site) -> Result<()> {
    actor.must(Action::DisposeOpinion, site)?;
    let own = actor.account_id == Some(row.given_by) && !row.on_behalf;
    if own { Err(OWN_OPINION.err()) } else { Ok(()) }
}

/// What awaits an answer that the actor may give.
pub fn to_answer(conn: &mut Conn, actor: &Actor) -> Result<Vec<OpinionRow>> {
    let waiting = store::awaiting(conn, &actor.reach(Action::DisposeOpinion))?;
    Ok(waiting
        .into_iter()
        .filter(|(row, site)| require_may_answer(actor, row, site).is_ok())
        .map(|one| one.0)
        .collect())
}

/// What others answered of late of what the actor said, or somebody in the name of the actor's unit.
pub fn answered(conn: &mut Conn, actor: &Actor) -> Result<Vec<OpinionRow>> {
    let Some(account) = actor.account_id else { return Ok(vec![]) };
    let seats = actor.posts.iter().filter_map(|post| post.seat.as_ref());
    let units: Vec<_> = seats.filter(|seat| actor.may(Action::GiveOpinion, seat)).map(|seat| seat.unit_id).collect();
    let since = news_since(today(conn)?);
    let rows = store::answered_since(conn, account, &units, since)?;
    Ok(rows.into_iter().filter(|row| row.disposed_by != Some(account)).collect())
}

/// Where an actor reads opinions.
pub fn readable_by(actor: &Actor) -> Readable {
    Readable { reach: actor.reach(Action::ReadMeetings), given_by: actor.account_id }
}

/// Whoever gave it; who reads the meetings of the unit that it was given to, or of the unit in whose name it was given.
fn require_readable(conn: &mut Conn, actor: &Actor, row: &OpinionRow) -> Result<()> {
    if actor.account_id == Some(row.given_by) || may_read(conn, actor, row)? { Ok(()) } else { Err(FORBIDDEN.err()) }
}

fn may_read(conn: &mut Conn, actor: &Actor, row: &OpinionRow) -> Result<bool> {
    let meeting = meetings::store::get(conn, row.meeting_id)?;
    let asked = meetings::store::site_of(conn, &meeting)?;
    let speaking = units::store::get(conn, row.unit_id)?.site();
    Ok([asked, speaking].iter().any(|site| actor.may(Action::ReadMeetings, site)))
}

fn shown(conn: &mut Conn, id: OpinionId) -> Result<Opinion> {
    let row = store::get(conn, id)?;
    store::shown(conn, vec![row])?.pop().ok_or_else(|| Error::internal("an opinion was not found again"))
}
