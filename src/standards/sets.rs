//! Making, changing, publishing, reading and comparing sets.

use serde_json::json;

use super::model::{Clause, NewSet, SetDiff, SetPatch, SetStatus, StandardSet};
use super::{FROM_SET_UNKNOWN, SET_ALREADY_PUBLISHED, SET_EMPTY, SET_EXISTS, SET_PUBLISHED, SET_UNIT_KIND, SetId};
use super::{rules, store};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::{Conn, Error, Result};
use crate::units::{self, UnitKind};

/// Makes a draft; with `from_set_id` with the clauses of that published set, their documents and standing links.
pub fn create(conn: &mut Conn, actor: &Actor, input: &NewSet) -> Result<StandardSet> {
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::WriteStandards, &unit.site())?;
    // A branch that sets its own standards would be measured by nothing.
    if !matches!(unit.kind, UnitKind::Committee | UnitKind::GeneralBranch | UnitKind::Superior) {
        return Err(SET_UNIT_KIND.at("/unit_id", []).into_error());
    }
    let copied = input.from_set_id.map(|id| to_copy(conn, id)).transpose()?;
    require_unused(conn, &unit.unit_id, input.title.as_str(), input.edition.as_str(), None)?;
    let today = today(conn)?;
    let (title, edition) = (input.title.as_str(), input.edition.as_str());
    let id = store::insert_set(conn, input.unit_id, title, edition, input.from_set_id, today)?;
    for clause in copied.unwrap_or_default() {
        let made = store::insert_clause(conn, &Clause { set_id: id, ..clause.clone() }, today)?;
        for task in store::tasks_of(conn, clause.id)? {
            store::insert_link(conn, made, task, today)?;
        }
    }
    let made = store::get(conn, id)?;
    audit::record(conn, actor, "standard_set.create", subject("standard_set", id.0), &made)?;
    Ok(made)
}

/// The clauses of a published set, or 422: of a draft nobody knows what it will say.
fn to_copy(conn: &mut Conn, id: SetId) -> Result<Vec<Clause>> {
    let unknown = || FROM_SET_UNKNOWN.at("/from_set_id", [("id", id.to_string())]).into_error();
    match store::get(conn, id) {
        Ok(from) if from.status == SetStatus::Published => store::clauses_of(conn, id),
        Err(Error::Database(error)) => Err(Error::Database(error)),
        _ => Err(unknown()),
    }
}

fn require_unused(
    conn: &mut Conn,
    unit: &crate::units::UnitId,
    title: &str,
    edition: &str,
    own: Option<SetId>,
) -> Result<()> {
    match store::named(conn, *unit, title, edition)? {
        Some(id) if Some(id) != own => Err(SET_EXISTS.err()),
        _ => Ok(()),
    }
}

pub fn change(conn: &mut Conn, actor: &Actor, id: SetId, patch: &SetPatch) -> Result<StandardSet> {
    let mut set = to_change(conn, actor, id)?;
    actor.request.if_match.require(set.version)?;
    if let Some(title) = &patch.title {
        set.title = title.as_str().to_owned();
    }
    if let Some(edition) = &patch.edition {
        set.edition = edition.as_str().to_owned();
    }
    require_unused(conn, &set.unit_id, &set.title, &set.edition, Some(id))?;
    store::update_set(conn, &set)?;
    let changed = store::get(conn, id)?;
    audit::record(conn, actor, "standard_set.change", subject("standard_set", id.0), &changed)?;
    Ok(changed)
}

pub fn remove(conn: &mut Conn, actor: &Actor, id: SetId) -> Result<()> {
    let set = to_change(conn, actor, id)?;
    actor.request.if_match.require(set.version)?;
    for clause in store::clauses_of(conn, id)? {
        store::delete_clause(conn, clause.id)?;
    }
    store::delete_set(conn, id)?;
    audit::record(conn, actor, "standard_set.delete", subject("standard_set", id.0), &set)
}

/// Publishes a set, once: from then it applies, and its text is frozen.
pub fn publish(conn: &mut Conn, actor: &Actor, id: SetId) -> Result<StandardSet> {
    let set = to_write(conn, actor, id)?;
    actor.request.if_match.check(set.version)?;
    if set.status == SetStatus::Published {
        return Err(SET_ALREADY_PUBLISHED.err());
    }
    if set.clauses == 0 {
        return Err(SET_EMPTY.err());
    }
    let today = today(conn)?;
    store::mark_published(conn, id, actor.account()?, today)?;
    let published = store::get(conn, id)?;
    let details = json!({"set": published, "clauses": store::clauses_of(conn, id)?});
    audit::record(conn, actor, "standard_set.publish", subject("standard_set", id.0), &details)?;
    Ok(published)
}

/// A set one may read: a published one with any post, a draft where one reads the unit's plans.
pub fn read(conn: &mut Conn, actor: &Actor, id: SetId) -> Result<StandardSet> {
    let set = store::get(conn, id)?;
    match set.status {
        SetStatus::Published => actor.must_anywhere(Action::ReadStandards)?,
        SetStatus::Draft => actor.must(Action::ReadPlan, &units::store::get(conn, set.unit_id)?.site())?,
    }
    Ok(set)
}

/// What a second set says otherwise than a first.
pub fn compare(conn: &mut Conn, actor: &Actor, from: SetId, to: SetId) -> Result<SetDiff> {
    for id in [from, to] {
        read(conn, actor, id)?;
    }
    let (before, after) = (store::clauses_of(conn, from)?, store::clauses_of(conn, to)?);
    let (added, changed, removed) = rules::diff(before, after);
    Ok(SetDiff { from_set_id: from, to_set_id: to, added, changed, removed })
}

/// A set of a unit for which one writes standards.
pub(super) fn to_write(conn: &mut Conn, actor: &Actor, id: SetId) -> Result<StandardSet> {
    let set = store::get(conn, id)?;
    actor.must(Action::WriteStandards, &units::store::get(conn, set.unit_id)?.site())?;
    Ok(set)
}

/// A draft that one may change: the first line of whatever changes the text of a set.
pub(super) fn to_change(conn: &mut Conn, actor: &Actor, id: SetId) -> Result<StandardSet> {
    let set = to_write(conn, actor, id)?;
    match set.status {
        SetStatus::Draft => Ok(set),
        SetStatus::Published => Err(SET_PUBLISHED.err()),
    }
}
