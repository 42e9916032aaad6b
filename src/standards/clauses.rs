//! The clauses of a draft with their procedure documents. Once the set is published, none of it changes.

use super::model::{Clause, ClausePatch, NewClause, StandardSet};
use super::sets::{self, to_change};
use super::{CLAUSE_EXISTS, CLAUSE_POSITION_TAKEN, ClauseId, SetId, store};
use crate::access::Actor;
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::OUT_OF_RANGE;
use crate::platform::text::Text;
use crate::platform::{Conn, Field, Result};
use crate::progress::attachments::usable_at;
use crate::progress::{AttachmentId, Evidence};

/// Months for which evidence may count.
const MONTHS: std::ops::RangeInclusive<i64> = 1..=120;

pub fn add(conn: &mut Conn, actor: &Actor, evidence: &Evidence, set_id: SetId, input: NewClause) -> Result<Clause> {
    let set = to_change(conn, actor, set_id)?;
    actor.request.if_match.check(set.version)?;
    let standing = store::clauses_of(conn, set_id)?;
    let last = standing.iter().map(|clause| clause.position).max().unwrap_or(0);
    let clause = Clause {
        id: ClauseId(0),
        set_id,
        position: input.position.unwrap_or(last + 1),
        code: input.code.into_string(),
        category: input.category.into_string(),
        title: input.title.into_string(),
        requirement: input.requirement.map(Text::into_string),
        points: input.points,
        mandatory: input.mandatory,
        curable: input.curable,
        evidence_months: input.evidence_months,
        documents: usable_at(conn, actor, evidence, &input.document_ids, "/document_ids")?,
        version: 1,
    };
    require_unused(&clause, &standing)?;
    let today = today(conn)?;
    let id = store::insert_clause(conn, &clause, today)?;
    conclude(conn, actor, &set, "clause.create", id)
}

pub fn change(conn: &mut Conn, actor: &Actor, evidence: &Evidence, id: ClauseId, patch: ClausePatch) -> Result<Clause> {
    let mut clause = store::clause(conn, id)?;
    let set = to_change(conn, actor, clause.set_id)?;
    actor.request.if_match.require(clause.version)?;
    if let Field::Set(months) = &patch.evidence_months
        && !MONTHS.contains(months)
    {
        let detail = format!("{}–{}", MONTHS.start(), MONTHS.end());
        return Err(OUT_OF_RANGE.at("/evidence_months", [("detail", detail)]).into_error());
    }
    let documents: Option<Vec<AttachmentId>> = patch.document_ids.clone();
    apply(&mut clause, patch);
    if let Some(ids) = documents {
        clause.documents = usable_at(conn, actor, evidence, &ids, "/document_ids")?;
    }
    require_unused(&clause, &store::clauses_of(conn, clause.set_id)?)?;
    store::update_clause(conn, &clause)?;
    conclude(conn, actor, &set, "clause.change", id)
}

/// What a patch says beside the documents.
fn apply(clause: &mut Clause, patch: ClausePatch) {
    if let Some(code) = patch.code {
        clause.code = code.into_string();
    }
    if let Some(category) = patch.category {
        clause.category = category.into_string();
    }
    if let Some(title) = patch.title {
        clause.title = title.into_string();
    }
    clause.requirement = match patch.requirement {
        Field::Keep => clause.requirement.take(),
        Field::Clear => None,
        Field::Set(text) => Some(text.into_string()),
    };
    clause.points = patch.points.unwrap_or(clause.points);
    clause.mandatory = patch.mandatory.unwrap_or(clause.mandatory);
    clause.curable = patch.curable.unwrap_or(clause.curable);
    clause.evidence_months = patch.evidence_months.over(clause.evidence_months);
    clause.position = patch.position.unwrap_or(clause.position);
}

pub fn remove(conn: &mut Conn, actor: &Actor, id: ClauseId) -> Result<()> {
    let clause = store::clause(conn, id)?;
    to_change(conn, actor, clause.set_id)?;
    actor.request.if_match.require(clause.version)?;
    store::delete_clause(conn, id)?;
    store::bump_set(conn, clause.set_id)?;
    audit::record(conn, actor, "clause.delete", subject("clause", id.0), &clause)
}

/// A clause one may read, because one may read its set.
pub fn read(conn: &mut Conn, actor: &Actor, id: ClauseId) -> Result<Clause> {
    let clause = store::clause(conn, id)?;
    sets::read(conn, actor, clause.set_id)?;
    Ok(clause)
}

/// Code and place are unique among the clauses of a set.
fn require_unused(clause: &Clause, standing: &[Clause]) -> Result<()> {
    let mut others = standing.iter().filter(|other| other.id != clause.id);
    if others.clone().any(|other| other.code == clause.code) {
        return Err(CLAUSE_EXISTS.with([("code", clause.code.clone())]));
    }
    if others.any(|other| other.position == clause.position) {
        return Err(CLAUSE_POSITION_TAKEN.with([("position", clause.position.to_string())]));
    }
    Ok(())
}

/// A changed clause changes its set.
fn conclude(conn: &mut Conn, actor: &Actor, set: &StandardSet, action: &str, id: ClauseId) -> Result<Clause> {
    store::bump_set(conn, set.id)?;
    let clause = store::clause(conn, id)?;
    audit::record(conn, actor, action, subject("clause", id.0), &clause)?;
    Ok(clause)
}
