//! Writing, approving, releasing, reading and correcting bulletins.

use chrono::{Datelike, NaiveDateTime};
use serde_json::json;

use super::model::{
    Bulletin, BulletinFilter, BulletinHead, BulletinPatch, BulletinState, NewBulletin, NewErratum, PublicBulletin,
};
use super::rules::to_html;
use super::store::{self, BulletinRow, NewRow, ReleaseRow};
use super::{
    BULLETIN_APPROVED, BULLETIN_NOT_APPROVED, BULLETIN_NOT_RELEASED, BULLETIN_RELEASED, BulletinId, OWN_BULLETIN,
    TEXT_WANTED, draft,
};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::{FORBIDDEN, NOT_FOUND};
use crate::platform::text::Text;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::settings;
use crate::units;

/// Writes a draft; of a period, with its figures pinned.
pub fn create(conn: &mut Conn, actor: &Actor, input: &NewBulletin) -> Result<Bulletin> {
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::WriteBulletin, &unit.site())?;
    let drafted = match &input.period {
        Some(period) => Some(draft::of_period(conn, actor, &unit, input.kind, period.as_str())?),
        None => None,
    };
    let given = |text: Option<&str>, drafted: Option<&str>| text.or(drafted).map(str::to_owned);
    let title = given(input.title.as_ref().map(Text::as_str), drafted.as_ref().map(|draft| draft.title.as_str()));
    let text = given(input.text.as_ref().map(Text::as_str), drafted.as_ref().map(|draft| draft.text.as_str()));
    let (title, text) = match (title, text) {
        (Some(title), Some(text)) => (title, text),
        (None, _) => return Err(TEXT_WANTED.at("/title", []).into_error()),
        (_, None) => return Err(TEXT_WANTED.at("/text", []).into_error()),
    };
    let new = NewRow {
        unit_id: input.unit_id,
        kind: input.kind,
        title: &title,
        text: &text,
        submitter: input.submitter.as_ref().map(Text::as_str),
        meeting_id: None,
        period: input.period.as_ref().map(Text::as_str),
        figures: drafted.as_ref().map(|draft| draft.figures.as_str()),
        public: input.public,
    };
    keep(conn, actor, &new)
}

/// Keeps a draft, however it was written.
pub(super) fn keep(conn: &mut Conn, actor: &Actor, new: &NewRow<'_>) -> Result<Bulletin> {
    let today = today(conn)?;
    let id = store::insert(conn, new, actor.account()?, today)?;
    let row = store::get(conn, id)?;
    audit::record(conn, actor, "bulletin.create", subject("bulletin", id.0), &row.head(0))?;
    whole(conn, row)
}

/// A bulletin one may read.
pub fn read(conn: &mut Conn, actor: &Actor, id: BulletinId) -> Result<Bulletin> {
    let row = readable(conn, actor, id)?;
    whole(conn, row)
}

/// Whether reading this one is still to be counted for the actor.
pub fn is_unseen(conn: &mut Conn, actor: &Actor, id: BulletinId) -> Result<bool> {
    let row = readable(conn, actor, id)?;
    let (released, by) = (row.state == BulletinState::Released, actor.account()?);
    Ok(released && !store::has_viewed(conn, id, by)?)
}

/// Counts that the actor has read a released one: once. It is no action of theirs, so nothing is audited.
pub fn view(conn: &mut Conn, actor: &Actor, id: BulletinId) -> Result<Bulletin> {
    if is_unseen(conn, actor, id)? {
        let (by, today) = (actor.account()?, today(conn)?);
        store::view(conn, id, by, today)?;
    }
    read(conn, actor, id)
}

/// A page of what one may read, the newest first.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    filter: &BulletinFilter,
) -> Result<(Vec<BulletinHead>, Option<String>)> {
    let (rows, next) = store::list(conn, page, &actor.reach(Action::ReadBulletins), &actor.reach_any(WORKING), filter)?;
    let views = store::views(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    Ok((rows.iter().map(|row| row.head(views.get(&row.id).copied().unwrap_or(0))).collect(), next))
}

/// The actions that read bulletins before they are released: writing and approving them.
pub const WORKING: &[Action] = &[Action::WriteBulletin, Action::ApproveBulletin];

pub(super) fn readable(conn: &mut Conn, actor: &Actor, id: BulletinId) -> Result<BulletinRow> {
    let row = store::get(conn, id)?;
    let site = units::store::get(conn, row.unit_id)?.site();
    let works_on_it = WORKING.iter().any(|action| actor.may(*action, &site));
    let reads = row.state == BulletinState::Released && actor.may(Action::ReadBulletins, &site);
    if works_on_it || reads { Ok(row) } else { Err(FORBIDDEN.err()) }
}

fn whole(conn: &mut Conn, row: BulletinRow) -> Result<Bulletin> {
    let views = store::views(conn, &[row.id])?.get(&row.id).copied().unwrap_or(0);
    let figures = row.figures.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
    Ok(Bulletin {
        head: row.head(views),
        html: to_html(&row.text),
        figures,
        written_by: row.written_by,
        approved_by: row.approved_by,
        approved_on: row.approved_on,
        released_by: row.release.as_ref().map(|release| release.released_by),
        errata: store::errata(conn, row.id)?,
        text: row.text,
    })
}

/// A bulletin to work on: 403 without the right, 409 once released.
fn to_write(conn: &mut Conn, actor: &Actor, id: BulletinId, action: Action) -> Result<BulletinRow> {
    let row = store::get(conn, id)?;
    actor.must(action, &units::store::get(conn, row.unit_id)?.site())?;
    if row.state == BulletinState::Released {
        return Err(BULLETIN_RELEASED.err());
    }
    Ok(row)
}

/// Rewrites one that is not released; an approval it had is gone.
pub fn change(conn: &mut Conn, actor: &Actor, id: BulletinId, patch: BulletinPatch) -> Result<Bulletin> {
    let mut row = to_write(conn, actor, id, Action::WriteBulletin)?;
    actor.request.if_match.require(row.version)?;
    row.title = patch.title.map_or(row.title, Text::into_string);
    row.text = patch.text.map_or(row.text, Text::into_string);
    row.submitter = match patch.submitter {
        crate::platform::Field::Keep => row.submitter,
        other => other.over(None).map(Text::into_string),
    };
    row.public = patch.public.unwrap_or(row.public);
    // Nobody approves their own words, also where they are not the first.
    row.written_by = actor.account()?;
    store::rewrite(conn, &row)?;
    let details = json!({"title": row.title, "text": row.text, "submitter": row.submitter, "public": row.public});
    audit::record(conn, actor, "bulletin.change", subject("bulletin", id.0), &details)?;
    read(conn, actor, id)
}

/// Throws a draft away.
pub fn remove(conn: &mut Conn, actor: &Actor, id: BulletinId) -> Result<()> {
    let row = to_write(conn, actor, id, Action::WriteBulletin)?;
    actor.request.if_match.require(row.version)?;
    store::delete(conn, id)?;
    audit::record(conn, actor, "bulletin.delete", subject("bulletin", id.0), &row.head(0))
}

/// A leader approves what somebody else wrote.
pub fn approve(conn: &mut Conn, actor: &Actor, id: BulletinId) -> Result<Bulletin> {
    let row = to_write(conn, actor, id, Action::ApproveBulletin)?;
    actor.request.if_match.check(row.version)?;
    if row.state == BulletinState::Approved {
        return Err(BULLETIN_APPROVED.err());
    }
    let (by, today) = (actor.account()?, today(conn)?);
    if row.written_by == by {
        return Err(OWN_BULLETIN.err());
    }
    store::approve(conn, id, by, today)?;
    audit::record(conn, actor, "bulletin.approve", subject("bulletin", id.0), &json!({"version": row.version}))?;
    read(conn, actor, id)
}

/// Releases an approved one, with the next number of its unit, kind and year.
pub fn release(conn: &mut Conn, actor: &Actor, id: BulletinId, at: NaiveDateTime) -> Result<Bulletin> {
    let row = store::get(conn, id)?;
    let site = units::store::get(conn, row.unit_id)?.site();
    if !actor.may(Action::WriteBulletin, &site) {
        actor.must(Action::ApproveBulletin, &site)?;
    }
    actor.request.if_match.check(row.version)?;
    match row.state {
        BulletinState::Draft => return Err(BULLETIN_NOT_APPROVED.err()),
        BulletinState::Released => return Err(BULLETIN_RELEASED.err()),
        BulletinState::Approved => {}
    }
    let (by, today) = (actor.account()?, today(conn)?);
    let year = i64::from(today.year());
    let number = store::next_number(conn, &row, year)?;
    store::release(conn, &row, year, &ReleaseRow { number, released_by: by, released_on: today, released_at: at })?;
    audit::record(conn, actor, "bulletin.release", subject("bulletin", id.0), &json!({"number": number}))?;
    read(conn, actor, id)
}

/// Puts right what is wrong in a released one. A leader's, as its approval was.
pub fn correct(conn: &mut Conn, actor: &Actor, id: BulletinId, input: &NewErratum) -> Result<Bulletin> {
    let row = store::get(conn, id)?;
    actor.must(Action::ApproveBulletin, &units::store::get(conn, row.unit_id)?.site())?;
    actor.request.if_match.check(row.version)?;
    if row.state != BulletinState::Released {
        return Err(BULLETIN_NOT_RELEASED.err());
    }
    let number = store::errata(conn, id)?.len() as i64 + 1;
    let (by, today) = (actor.account()?, today(conn)?);
    store::add_erratum(conn, id, number, input.text.as_str(), by, today)?;
    let details = json!({"number": number, "text": input.text});
    audit::record(conn, actor, "bulletin.correct", subject("bulletin", id.0), &details)?;
    read(conn, actor, id)
}

/// A released one that is public, without names; 404 while public reading is off.
pub fn read_public(conn: &mut Conn, id: BulletinId) -> Result<PublicBulletin> {
    require_public(conn)?;
    let row = store::get(conn, id)?;
    if row.state != BulletinState::Released || !row.public {
        return Err(NOT_FOUND.err());
    }
    shown_in_public(conn, &row)
}

/// A page of the released ones that are public, the newest first; 404 while public reading is off.
pub fn list_public(conn: &mut Conn, page: &PageRequest) -> Result<(Vec<PublicBulletin>, Option<String>)> {
    require_public(conn)?;
    let (rows, next) = store::public(conn, page)?;
    let shown = rows.iter().map(|row| shown_in_public(conn, row)).collect::<Result<_>>()?;
    Ok((shown, next))
}

fn require_public(conn: &mut Conn) -> Result<()> {
    if settings::store::now(conn)?.public_bulletins { Ok(()) } else { Err(NOT_FOUND.err()) }
}

fn shown_in_public(conn: &mut Conn, row: &BulletinRow) -> Result<PublicBulletin> {
    Ok(PublicBulletin {
        id: row.id,
        kind: row.kind,
        title: row.title.clone(),
        number: row.release.as_ref().map(|release| release.number),
        released_at: row.release.as_ref().map(|release| release.released_at.and_utc()),
        html: to_html(&row.text),
        errata: store::errata(conn, row.id)?.into_iter().map(|erratum| erratum.text).collect(),
        views: store::views(conn, &[row.id])?.get(&row.id).copied().unwrap_or(0),
    })
}
