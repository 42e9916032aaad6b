//! Looks back 回头看 at closed findings. One that failed makes a new finding with `relapse_of`; the closed one stays
//! closed, and the new one counts in its place.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::close_out::{require_no_post_there, step};
use super::model::{FindingSource, FindingState, NewRecheck, Recheck, RecheckVerdict};
use super::rules::Verb;
use super::store::{self, Facts, FindingRow};
use super::{ALREADY_RELAPSED, FindingId, RECHECK_UNEXPLAINED, RecheckId, must_read, raise};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::finding_rechecks;

/// Looks back at a closed finding.
pub fn create(conn: &mut Conn, actor: &Actor, id: FindingId, input: &NewRecheck) -> Result<Recheck> {
    let finding = store::get(conn, id)?;
    must_recheck(actor, &finding)?;
    actor.request.if_match.check(finding.version)?;
    let today = today(conn)?;
    step(conn, actor, &finding, Verb::Recheck, None, today)?;
    if store::has_relapsed(conn, id)? {
        return Err(ALREADY_RELAPSED.err());
    }
    let failed = input.verdict == RecheckVerdict::Failed;
    if failed && input.note.is_none() {
        return Err(RECHECK_UNEXPLAINED.at("/note", []).into_error());
    }
    let note = input.note.as_ref().map(Text::as_str);
    let relapse = if failed { Some(relapse_of(conn, actor, &finding, (input.year, note), today)?) } else { None };
    let made = insert(conn, id, (input.verdict, note, relapse), actor.account()?, today)?;
    store::bump(conn, id)?;
    audit::record(conn, actor, "finding.recheck", subject("finding", id.0), &made)?;
    Ok(made)
}

fn must_recheck(actor: &Actor, finding: &FindingRow) -> Result<()> {
    finding.sites.iter().try_for_each(|site| actor.must(Action::RaiseFinding, site))?;
    require_no_post_there(actor, finding)
}

/// Whether an actor may look back at the finding once it is closed: what the inbox asks.
pub fn may_recheck(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<bool> {
    Ok(must_recheck(actor, &store::get(conn, id)?).is_ok())
}

/// Whether anybody has looked back at the finding.
pub fn is_rechecked(conn: &mut Conn, id: FindingId) -> Result<bool> {
    let of_finding = finding_rechecks::table.filter(finding_rechecks::finding_id.eq(id.0));
    Ok(diesel::select(diesel::dsl::exists(of_finding)).get_result(conn)?)
}

/// The finding that a failed re-check makes: the same thing again, found today, open.
fn relapse_of(
    conn: &mut Conn,
    actor: &Actor,
    finding: &FindingRow,
    (year, note): (Option<i64>, Option<&str>),
    today: NaiveDate,
) -> Result<FindingId> {
    let source = FindingSource { on: today, ..finding.source.clone() };
    let before = finding.facts.clone();
    let facts =
        Facts { title: before.title, problem: before.problem, root_cause: before.root_cause, kind: before.kind };
    let units: Vec<_> = finding.sites.iter().map(|site| site.unit_id).collect();
    let id = raise::make(conn, actor, (year, &source, Some(finding.id)), &facts, &units, today)?;
    store::supersede_state(conn, id, FindingState::Open, (actor.account()?, note), today)?;
    Ok(id)
}

/// The looks back at a finding one may read, oldest first.
pub fn list(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<Vec<Recheck>> {
    must_read(actor, &store::get(conn, id)?)?;
    let of_finding = finding_rechecks::table.filter(finding_rechecks::finding_id.eq(id.0));
    Ok(of_finding.select(Recheck::as_select()).order(finding_rechecks::id).load(conn)?)
}

fn insert(
    conn: &mut Conn,
    finding: FindingId,
    (verdict, note, relapse): (RecheckVerdict, Option<&str>, Option<FindingId>),
    by: AccountId,
    today: NaiveDate,
) -> Result<Recheck> {
    use finding_rechecks::dsl as r;
    let values = (
        r::finding_id.eq(finding),
        r::verdict.eq(verdict),
        r::note.eq(note),
        r::relapse_id.eq(relapse),
        r::rechecked_by.eq(by),
        r::rechecked_on.eq(today),
    );
    let id: i64 = diesel::insert_into(r::finding_rechecks).values(values).returning(r::id).get_result(conn)?;
    let one = r::finding_rechecks.filter(r::id.eq(RecheckId(id)));
    Ok(one.select(Recheck::as_select()).first(conn)?)
}
