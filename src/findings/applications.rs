//! Applications for the close-out 销号申请 with their evidence, and the rows of the checks that rule on them.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::close_out::step;
use super::model::{CloseOutApplication, FindingCheck, FindingCheckVerdict, NewCloseOut};
use super::rules::Verb;
use super::{ApplicationId, FindingId, must_read, store};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::{FORBIDDEN, NOT_FOUND};
use crate::platform::{Conn, Error, Result};
use crate::progress::model::Attachment;
use crate::progress::{Evidence, attachments};
use crate::schema::{attachments as files, finding_application_attachments, finding_applications, finding_checks};

/// A unit of the finding says that it is put right. Any of its units may, and the department that serves it.
pub fn apply(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: FindingId,
    input: &NewCloseOut,
) -> Result<CloseOutApplication> {
    let finding = store::get(conn, id)?;
    if !finding.sites.iter().any(|site| actor.may(Action::RectifyFinding, site)) {
        return Err(FORBIDDEN.err());
    }
    actor.request.if_match.check(finding.version)?;
    let today = today(conn)?;
    step(conn, actor, &finding, Verb::Apply, None, today)?;
    let named = attachments::usable(conn, actor, evidence, &input.attachment_ids)?;
    let made = insert(conn, id, input, &named, (actor.account()?, today))?;
    store::bump(conn, id)?;
    let made = read(conn, made)?;
    audit::record(conn, actor, "finding.apply", subject("finding", id.0), &made)?;
    Ok(made)
}

/// The applications of a finding one may read, oldest first.
pub fn list(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<Vec<CloseOutApplication>> {
    must_read(actor, &store::get(conn, id)?)?;
    let of_finding = finding_applications::table.filter(finding_applications::finding_id.eq(id.0));
    let rows = of_finding.select(Row::as_select()).order(finding_applications::id).load(conn)?;
    shown(conn, rows)
}

/// The rulings on them, oldest first.
pub fn checks(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<Vec<FindingCheck>> {
    must_read(actor, &store::get(conn, id)?)?;
    let rows = finding_checks::table.filter(finding_checks::finding_id.eq(id.0)).order(finding_checks::id);
    Ok(rows.select(FindingCheck::as_select()).load(conn)?)
}

// Rows.

/// An application as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = finding_applications)]
pub(super) struct Row {
    pub id: ApplicationId,
    pub finding_id: FindingId,
    text: String,
    on_paper: String,
    pub applied_by: AccountId,
    applied_on: NaiveDate,
}

fn insert(
    conn: &mut Conn,
    finding: FindingId,
    input: &NewCloseOut,
    named: &[Attachment],
    (by, today): (AccountId, NaiveDate),
) -> Result<ApplicationId> {
    use finding_applications::dsl as a;
    let values = (
        a::finding_id.eq(finding),
        a::text.eq(input.text.as_str()),
        a::on_paper.eq(serde_json::to_string(&input.on_paper).map_err(Error::internal)?),
        a::applied_by.eq(by),
        a::applied_on.eq(today),
    );
    let id: i64 = diesel::insert_into(a::finding_applications).values(values).returning(a::id).get_result(conn)?;
    for (position, file) in (1_i64..).zip(named) {
        use finding_application_attachments::dsl as n;
        let values = (n::application_id.eq(id), n::attachment_id.eq(file.id), n::position.eq(position));
        diesel::insert_into(n::finding_application_attachments).values(values).execute(conn)?;
    }
    Ok(ApplicationId(id))
}

fn read(conn: &mut Conn, id: ApplicationId) -> Result<CloseOutApplication> {
    let one = finding_applications::table.filter(finding_applications::id.eq(id.0));
    let row = one.select(Row::as_select()).first(conn)?;
    shown(conn, vec![row])?.pop().ok_or_else(|| NOT_FOUND.err())
}

fn shown(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<CloseOutApplication>> {
    let ids: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
    let mut of: HashMap<ApplicationId, Vec<Attachment>> = HashMap::new();
    for (application, file) in named_by(conn, &ids)? {
        of.entry(application).or_default().push(file);
    }
    rows.into_iter()
        .map(|row| {
            Ok(CloseOutApplication {
                attachments: of.remove(&row.id).unwrap_or_default(),
                on_paper: serde_json::from_str(&row.on_paper).map_err(Error::internal)?,
                id: row.id,
                finding_id: row.finding_id,
                text: row.text,
                applied_by: row.applied_by,
                applied_on: row.applied_on,
            })
        })
        .collect()
}

fn named_by(conn: &mut Conn, ids: &[ApplicationId]) -> Result<Vec<(ApplicationId, Attachment)>> {
    use finding_application_attachments::dsl as n;
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    Ok(n::finding_application_attachments
        .inner_join(files::table.on(files::id.eq(n::attachment_id)))
        .filter(n::application_id.eq_any(ids))
        .order((n::application_id, n::position))
        .select((n::application_id, Attachment::as_select()))
        .load(conn)?)
}

/// The files that an application names.
pub(super) fn files_of(conn: &mut Conn, id: ApplicationId) -> Result<Vec<Attachment>> {
    Ok(named_by(conn, &[id])?.into_iter().map(|(_, file)| file).collect())
}

/// The newest application of a finding.
pub(super) fn newest(conn: &mut Conn, id: FindingId) -> Result<Option<Row>> {
    let of_finding = finding_applications::table.filter(finding_applications::finding_id.eq(id.0));
    Ok(of_finding.select(Row::as_select()).order(finding_applications::id.desc()).first(conn).optional()?)
}

pub(super) fn insert_check(
    conn: &mut Conn,
    application: &Row,
    (verdict, reason): (FindingCheckVerdict, Option<&str>),
    by: AccountId,
    today: NaiveDate,
) -> Result<FindingCheck> {
    use finding_checks::dsl as c;
    let values = (
        c::finding_id.eq(application.finding_id),
        c::application_id.eq(application.id),
        c::verdict.eq(verdict),
        c::reason.eq(reason),
        c::checked_by.eq(by),
        c::checked_on.eq(today),
    );
    let id: i64 = diesel::insert_into(c::finding_checks).values(values).returning(c::id).get_result(conn)?;
    let one = c::finding_checks.filter(c::id.eq(id));
    Ok(one.select(FindingCheck::as_select()).first(conn)?)
}
