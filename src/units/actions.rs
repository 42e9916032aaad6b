//! Making, changing, moving and dissolving units. Only administrators.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Dissolution, NewUnit, Unit, UnitBranch, UnitKind, UnitPatch};
use super::rules::path_below;
use super::store::{self, Tree, UnitFacts};
use super::{
    DISSOLUTION_UNEXPLAINED, LIFE_REVERSED, PARENT_REQUIRED, UNIT_CYCLE, UNIT_DISSOLVED, UNIT_HAS_UNITS, UnitId,
};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::platform::days::{by_today, require_sane};
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Field, Result};

pub fn create(conn: &mut Conn, actor: &Actor, input: NewUnit) -> Result<Unit> {
    actor.must_anywhere(Action::ManageUnits)?;
    let today = today(conn)?;
    let parent = input.parent_id.map(|id| store::named(conn, id, "/parent_id")).transpose()?;
    require_parent(input.kind, parent.is_some())?;
    if let Some(parent) = &parent {
        refuse_dissolved(parent, today)?;
    }
    require_sane(input.established_on, "/established_on")?;
    require_sane(input.term_ends_on, "/term_ends_on")?;
    let id = store::insert_unit(conn, today)?;
    let facts = UnitFacts {
        id: 0,
        unit_id: id,
        parent_id: input.parent_id,
        path: path_below(parent.as_ref().map(|parent| parent.path.as_str()), id),
        name: input.name.into_string(),
        kind: input.kind,
        code: input.code.map(Text::into_string),
        short_names: short_names(&input.short_names)?,
        established_on: input.established_on,
        dissolved_on: None,
        successor_id: None,
        dissolution_reason: None,
        term_ends_on: input.term_ends_on,
        recorded_from: today,
        recorded_to: None,
    };
    store::supersede(conn, &facts, today)?;
    audit::record(conn, actor, "unit.create", subject("unit", id.0), &json!({"name": facts.name, "kind": facts.kind}))?;
    facts.shown(1)
}

pub fn change(conn: &mut Conn, actor: &Actor, id: UnitId, patch: UnitPatch) -> Result<Unit> {
    actor.must_anywhere(Action::ManageUnits)?;
    let today = today(conn)?;
    let before = store::get(conn, id)?;
    actor.request.if_match.require(store::version(conn, id)?)?;
    refuse_dissolved(&before, today)?;
    let mut after = before.clone();
    if let Some(name) = patch.name {
        after.name = name.into_string();
    }
    if let Some(names) = patch.short_names {
        after.short_names = short_names(&names)?;
    }
    after.code = match patch.code {
        Field::Keep => after.code,
        Field::Clear => None,
        Field::Set(code) => Some(code.into_string()),
    };
    after.established_on = patch.established_on.over(after.established_on);
    after.term_ends_on = patch.term_ends_on.over(after.term_ends_on);
    after.parent_id = patch.parent_id.over(after.parent_id);
    require_sane(after.established_on, "/established_on")?;
    require_sane(after.term_ends_on, "/term_ends_on")?;
    refuse_reversed_life(&after)?;
    if after.parent_id != before.parent_id {
        move_below(conn, &before, &mut after, today)?;
    }
    store::supersede(conn, &after, today)?;
    let details = json!({"name": after.name, "parent_id": after.parent_id, "code": after.code});
    audit::record(conn, actor, "unit.change", subject("unit", id.0), &details)?;
    let version = store::bump_version(conn, id)?;
    after.shown(version)
}

/// Gives the unit its new path, and everything below it too.
fn move_below(conn: &mut Conn, before: &UnitFacts, after: &mut UnitFacts, today: NaiveDate) -> Result<()> {
    let parent = after.parent_id.map(|id| store::named(conn, id, "/parent_id")).transpose()?;
    require_parent(after.kind, parent.is_some())?;
    if let Some(parent) = &parent {
        refuse_dissolved(parent, today)?;
        if super::rules::is_within(&parent.path, &before.path) {
            return Err(UNIT_CYCLE.err());
        }
    }
    after.path = path_below(parent.as_ref().map(|parent| parent.path.as_str()), after.unit_id);
    for mut below in store::subtree(conn, &before.path)? {
        if below.unit_id != after.unit_id {
            let rest = below.path.strip_prefix(before.path.as_str()).unwrap_or_default();
            below.path = format!("{}{rest}", after.path);
            store::supersede(conn, &below, today)?;
        }
    }
    Ok(())
}

pub fn dissolve(conn: &mut Conn, actor: &Actor, id: UnitId, input: Dissolution) -> Result<Unit> {
    actor.must_anywhere(Action::ManageUnits)?;
    let today = today(conn)?;
    let mut facts = store::get(conn, id)?;
    actor.request.if_match.check(store::version(conn, id)?)?;
    refuse_dissolved(&facts, NaiveDate::MAX)?;
    if input.successor_id.is_none() && input.reason.is_none() {
        return Err(DISSOLUTION_UNEXPLAINED.err());
    }
    let on = by_today(input.dissolved_on, today, "/dissolved_on")?;
    if let Some(successor) = input.successor_id {
        let successor = store::named(conn, successor, "/successor_id")?;
        if successor.unit_id == id {
            return Err(UNIT_CYCLE.at("/successor_id", []).into_error());
        }
        refuse_dissolved(&successor, today)?;
    }
    let standing = store::subtree(conn, &facts.path)?;
    if standing.iter().any(|unit| unit.unit_id != id && unit.dissolved_on.is_none()) {
        return Err(UNIT_HAS_UNITS.err());
    }
    facts.dissolved_on = Some(on);
    facts.successor_id = input.successor_id;
    facts.dissolution_reason = input.reason.map(Text::into_string);
    refuse_reversed_life(&facts)?;
    store::supersede(conn, &facts, today)?;
    let details = json!({"dissolved_on": on, "successor_id": facts.successor_id, "reason": facts.dissolution_reason});
    audit::record(conn, actor, "unit.dissolve", subject("unit", id.0), &details)?;
    let version = store::bump_version(conn, id)?;
    facts.shown(version)
}

/// The tree of a day, from the top or from one unit.
pub fn tree(conn: &mut Conn, actor: &Actor, as_of: NaiveDate) -> Result<Vec<UnitBranch>> {
    actor.must_anywhere(Action::ReadUnits)?;
    let tree = Tree::on(conn, as_of)?;
    Ok(branches(&tree, None))
}

fn branches(tree: &Tree, of: Option<UnitId>) -> Vec<UnitBranch> {
    tree.children(of)
        .iter()
        .filter_map(|id| tree.get(*id))
        .map(|unit| UnitBranch {
            id: unit.unit_id,
            name: unit.name.clone(),
            kind: unit.kind,
            units: branches(tree, Some(unit.unit_id)),
        })
        .collect()
}

fn short_names(names: &[Text<40>]) -> Result<String> {
    serde_json::to_string(names).map_err(Error::internal)
}

fn require_parent(kind: UnitKind, has_parent: bool) -> Result<()> {
    if has_parent || matches!(kind, UnitKind::Committee | UnitKind::Superior) {
        return Ok(());
    }
    Err(PARENT_REQUIRED.at("/parent_id", [("kind", kind.word().into())]).into_error())
}

/// Refuses what is meant for a unit that was dissolved on or before `day`.
fn refuse_dissolved(unit: &UnitFacts, day: NaiveDate) -> Result<()> {
    match unit.dissolved_on {
        Some(on) if on <= day => Err(UNIT_DISSOLVED.with([("on", on.to_string())])),
        _ => Ok(()),
    }
}

fn refuse_reversed_life(unit: &UnitFacts) -> Result<()> {
    match (unit.established_on, unit.dissolved_on) {
        (Some(first), Some(last)) if last < first => Err(LIFE_REVERSED.err()),
        _ => Ok(()),
    }
}
