//! What a branch says of itself: entered while it is a draft, submitted once. It never counts.

use serde_json::json;

use super::model::{Assessment, SelfResults};
use super::open::{conclude, is_of_unit, load};
use super::points::settle;
use super::steps::{Step, require};
use super::{AssessmentId, CLAUSE_NOT_IN_SET, CLAUSE_TWICE, SELF_ASSESSMENT_EMPTY, sheet, store};
use crate::access::{Action, Actor};
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Fault, Result};
use crate::progress::Evidence;
use crate::progress::attachments::usable_at;
use crate::standards::model::Clause;
use crate::standards::{self, ClauseId};

/// Enters results of the self-assessment.
pub fn put(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: AssessmentId,
    input: &SelfResults,
) -> Result<Assessment> {
    let (row, site) = load(conn, id)?;
    actor.must(Action::SelfAssess, &site)?;
    actor.request.if_match.check(row.version)?;
    require(Step::Draft, row.state)?;
    let clauses = standards::store::clauses_of(conn, row.set_id)?;
    let mut faults = named_once(&clauses, input.results.iter().map(|result| result.clause_id));
    let mut rows = Vec::with_capacity(input.results.len());
    for (index, said) in input.results.iter().enumerate() {
        let at = format!("/results/{index}");
        let Some(clause) = clauses.iter().find(|clause| clause.id == said.clause_id) else { continue };
        match settle(said.result, said.points, clause.points, &at) {
            Ok(points) => rows.push((said, points, at)),
            Err(fault) => faults.push(fault),
        }
    }
    refuse(faults)?;
    for (said, points, at) in rows {
        let files = usable_at(conn, actor, evidence, &said.attachment_ids, &format!("{at}/attachment_ids"))?;
        let own = sheet::OwnRow {
            clause_id: said.clause_id,
            result: said.result,
            points,
            note: said.note.as_ref().map(Text::as_str),
            on_paper: &said.on_paper,
            files,
        };
        sheet::put_own(conn, id, &own)?;
    }
    store::bump(conn, id)?;
    let named: Vec<_> = input.results.iter().map(|said| json!([said.clause_id, said.result])).collect();
    conclude(conn, actor, "assessment.self_results", id, &json!({"results": named}))
}

/// Submits the self-assessment.
pub fn submit(conn: &mut Conn, actor: &Actor, id: AssessmentId) -> Result<Assessment> {
    let (row, site) = load(conn, id)?;
    actor.must(Action::SelfAssess, &site)?;
    actor.request.if_match.check(row.version)?;
    require(Step::SelfAssess, row.state)?;
    let today = today(conn)?;
    if sheet::lines(conn, &row, today)?.iter().all(|line| line.self_result.is_none()) {
        return Err(SELF_ASSESSMENT_EMPTY.err());
    }
    let on_behalf = !is_of_unit(actor, &site);
    store::mark_self_assessed(conn, id, actor.account()?, on_behalf, today)?;
    conclude(conn, actor, "assessment.self_assess", id, &json!({"on_behalf": on_behalf}))
}

/// Clauses that the set has not, and clauses that are named twice.
pub(super) fn named_once(clauses: &[Clause], named: impl Iterator<Item = ClauseId>) -> Vec<Fault> {
    let (mut seen, mut faults) = (Vec::new(), Vec::new());
    for (index, id) in named.enumerate() {
        let at = |code: &'static crate::platform::Code| {
            code.at(format!("/results/{index}/clause_id"), [("id", id.to_string())])
        };
        if clauses.iter().all(|clause| clause.id != id) {
            faults.push(at(&CLAUSE_NOT_IN_SET));
        } else if seen.contains(&id) {
            faults.push(at(&CLAUSE_TWICE));
        }
        seen.push(id);
    }
    faults
}

/// Refuses with every wrong place, if there is one.
pub(super) fn refuse(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}
