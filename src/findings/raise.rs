//! Raising findings and changing what they say.

use chrono::{Datelike, NaiveDate};

use super::day;
use super::model::{Finding, FindingKind, FindingPatch, FindingSource, FindingState, NewFinding};
use super::rules::{Verb, after};
use super::store::{self, Facts, FindingRow, NewRow};
use super::{DUE_REQUIRED, FINDING_ENDED, FindingId, UNIT_HAS_MEASURES, measures};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::time_nodes::SUPERIOR_OWES;
use crate::units::{self, UnitId, UnitKind};

/// Raises a finding against one or several units.
pub fn create(conn: &mut Conn, actor: &Actor, input: &NewFinding) -> Result<Finding> {
    let units = units_named(conn, actor, &input.unit_ids)?;
    let today = today(conn)?;
    by_today(Some(input.source.on), today, "/source/on")?;
    let source = FindingSource {
        body: input.source.body.as_str().to_owned(),
        on: input.source.on,
        document: input.source.document.as_ref().map(|text| text.as_str().to_owned()),
    };
    let facts = Facts {
        title: input.title.as_str().to_owned(),
        problem: input.problem.clone().map(Text::into_string),
        root_cause: input.root_cause.clone().map(Text::into_string),
        kind: input.kind,
    };
    let id = make(conn, actor, (input.year, &source, None), &facts, &units, today)?;
    let made = day::one(conn, id, today)?;
    audit::record(conn, actor, "finding.create", subject("finding", id.0), &made)?;
    Ok(made)
}

/// Writes a finding that is open from today on.
pub(super) fn make(
    conn: &mut Conn,
    actor: &Actor,
    (year, source, relapse_of): (Option<i64>, &FindingSource, Option<FindingId>),
    facts: &Facts,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<FindingId> {
    let (year, raised_by) = (year.unwrap_or_else(|| i64::from(today.year())), actor.account()?);
    let id = store::insert(conn, &NewRow { year, source, relapse_of, raised_by, today })?;
    store::supersede_facts(conn, id, facts, today)?;
    store::settle_units(conn, id, units, today)?;
    store::supersede_state(conn, id, FindingState::Open, (raised_by, None), today)?;
    Ok(id)
}

/// The units of an input, each once: known, owing something, and within the actor's right to raise findings.
fn units_named(conn: &mut Conn, actor: &Actor, ids: &[UnitId]) -> Result<Vec<UnitId>> {
    let mut named = Vec::new();
    for (place, id) in ids.iter().enumerate() {
        let pointer = format!("/unit_ids/{place}");
        let unit = units::store::named(conn, *id, &pointer)?;
        actor.must(Action::RaiseFinding, &unit.site())?;
        if unit.kind == UnitKind::Superior {
            return Err(SUPERIOR_OWES.at(pointer, [("unit", unit.name)]).into_error());
        }
        named.push(*id);
    }
    named.sort();
    named.dedup();
    Ok(named)
}

/// Changes what a finding says, its kind or its units. Why it came about, its units may say too.
pub fn change(conn: &mut Conn, actor: &Actor, id: FindingId, patch: FindingPatch) -> Result<Finding> {
    let finding = store::get(conn, id)?;
    let raises = finding.sites.iter().all(|site| actor.may(Action::RaiseFinding, site));
    let rectifies = finding.sites.iter().any(|site| actor.may(Action::RectifyFinding, site));
    if !raises && (patch.says_more_than_the_cause() || !rectifies) {
        return Err(FORBIDDEN.err());
    }
    actor.request.if_match.require(finding.version)?;
    if after(finding.facts.kind, finding.state, Verb::Change).is_none() {
        return Err(FINDING_ENDED.with([("state", finding.state.word().to_owned())]));
    }
    let today = today(conn)?;
    if let Some(ids) = &patch.unit_ids {
        let units = units_named(conn, actor, ids)?;
        require_measures_inside(conn, id, &units)?;
        store::settle_units(conn, id, &units, today)?;
    }
    let facts = patched(conn, &finding, patch)?;
    store::supersede_facts(conn, id, &facts, today)?;
    store::bump(conn, id)?;
    let changed = day::one(conn, id, today)?;
    audit::record(conn, actor, "finding.change", subject("finding", id.0), &changed)?;
    Ok(changed)
}

fn patched(conn: &mut Conn, finding: &FindingRow, patch: FindingPatch) -> Result<Facts> {
    let before = &finding.facts;
    let kind = patch.kind.unwrap_or(before.kind);
    if kind != FindingKind::LongTerm && measures::of_finding(conn, finding.id)?.iter().any(|row| row.due_on.is_none()) {
        return Err(DUE_REQUIRED.at("/kind", []).into_error());
    }
    let text = |field: crate::platform::Field<Text<20_000>>, current: &Option<String>| match field {
        crate::platform::Field::Keep => current.clone(),
        crate::platform::Field::Clear => None,
        crate::platform::Field::Set(text) => Some(text.into_string()),
    };
    Ok(Facts {
        title: patch.title.map_or_else(|| before.title.clone(), Text::into_string),
        problem: text(patch.problem, &before.problem),
        root_cause: text(patch.root_cause, &before.root_cause),
        kind,
    })
}

/// A unit that has measures of the finding can't be taken out of it.
fn require_measures_inside(conn: &mut Conn, id: FindingId, units: &[UnitId]) -> Result<()> {
    match measures::of_finding(conn, id)?.iter().find(|row| !units.contains(&row.unit_id)) {
        Some(row) => Err(UNIT_HAS_MEASURES.with([("unit", row.unit_id.to_string())])),
        None => Ok(()),
    }
}
