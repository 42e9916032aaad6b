//! Opening an assessment, deleting its draft, reading.

use serde_json::json;

use super::model::{Assessment, NewAssessment, ResultLine};
use super::steps::{Step, require};
use super::store::{self, AssessmentRow};
use super::{ASSESSMENT_OPEN, AssessmentId, NO_STANDARD_SET, NOT_A_BRANCH, SET_NOT_APPLYING, UNIT_ENDED, sheet};
use crate::access::{Action, Actor, Relation, Site};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::{Conn, Result};
use crate::standards::{self, SetId, rules::applying};
use crate::units::rules::{ids_of, lives_on};
use crate::units::store::UnitFacts;
use crate::units::{self, UnitKind};

/// Opens an assessment of a branch, as a draft; one at a time.
pub fn open(conn: &mut Conn, actor: &Actor, input: &NewAssessment) -> Result<Assessment> {
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::SelfAssess, &unit.site())?;
    if unit.kind != UnitKind::Branch {
        return Err(NOT_A_BRANCH.at("/unit_id", []).into_error());
    }
    let today = today(conn)?;
    if !lives_on(unit.established_on, unit.dissolved_on, today) {
        return Err(UNIT_ENDED.err());
    }
    let set = set_for(conn, &unit, input.set_id)?;
    if let Some(open) = store::open_of(conn, unit.unit_id)? {
        return Err(ASSESSMENT_OPEN.with([("id", open.to_string())]));
    }
    let clauses: Vec<_> = standards::store::clauses_of(conn, set)?.iter().map(|clause| clause.id).collect();
    let id = store::insert(conn, unit.unit_id, set, &clauses, actor.account()?, today)?;
    conclude(conn, actor, "assessment.create", id, &json!({"unit_id": unit.unit_id, "set_id": set}))
}

/// The set that was asked for, published by the unit or one above it; without one the set that applies today.
fn set_for(conn: &mut Conn, unit: &UnitFacts, asked: Option<SetId>) -> Result<SetId> {
    let today = today(conn)?;
    let published = standards::store::published_by(conn, today)?;
    let Some(id) = asked else { return applying(&unit.path, &published, today).ok_or_else(|| NO_STANDARD_SET.err()) };
    let above = |set: &standards::rules::Published| ids_of(&unit.path).any(|unit| unit == set.unit_id);
    match published.iter().find(|set| set.id == id).filter(|set| above(set)) {
        Some(set) => Ok(set.id),
        None => Err(SET_NOT_APPLYING.at("/set_id", [("id", id.to_string())]).into_error()),
    }
}

/// Deletes a draft with what the branch said of itself so far.
pub fn remove(conn: &mut Conn, actor: &Actor, id: AssessmentId) -> Result<()> {
    let (row, site) = load(conn, id)?;
    actor.must(Action::SelfAssess, &site)?;
    actor.request.if_match.require(row.version)?;
    require(Step::Draft, row.state)?;
    let gone = store::shown(conn, id)?;
    store::delete(conn, id)?;
    audit::record(conn, actor, "assessment.delete", subject("assessment", id.0), &gone)
}

/// An assessment of a unit whose time nodes one reads.
pub fn read(conn: &mut Conn, actor: &Actor, id: AssessmentId) -> Result<Assessment> {
    let (_, site) = load(conn, id)?;
    actor.must(Action::ReadNodes, &site)?;
    store::shown(conn, id)
}

/// Its rows, a clause each.
pub fn lines(conn: &mut Conn, actor: &Actor, id: AssessmentId) -> Result<Vec<ResultLine>> {
    let (row, site) = load(conn, id)?;
    actor.must(Action::ReadNodes, &site)?;
    let today = today(conn)?;
    sheet::lines(conn, &row, today)
}

/// An assessment and where its unit lies.
pub(super) fn load(conn: &mut Conn, id: AssessmentId) -> Result<(AssessmentRow, Site)> {
    let row = store::get(conn, id)?;
    let site = units::store::get(conn, row.unit_id)?.site();
    Ok((row, site))
}

/// Whether one of the actor's posts is at the unit itself.
pub fn is_of_unit(actor: &Actor, site: &Site) -> bool {
    actor.posts.iter().any(|post| post.relation(site) == Relation::Own)
}

/// Records what was done, and shows the assessment as it is now.
pub(super) fn conclude(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    id: AssessmentId,
    details: &serde_json::Value,
) -> Result<Assessment> {
    audit::record(conn, actor, action, subject("assessment", id.0), details)?;
    store::shown(conn, id)
}
