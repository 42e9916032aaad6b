//! Rows of comments.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::CommentId;
use super::model::{Comment, CommentKind, CommentSubject};
use crate::access::AccountId;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::comments;

/// A comment as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct CommentRow {
    pub id: CommentId,
    pub subject: CommentSubject,
    pub subject_id: i64,
    pub kind: CommentKind,
    pub text: String,
    pub account_id: AccountId,
    pub recorded_on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
    pub version: i64,
}

impl CommentRow {
    pub fn shown(self) -> Comment {
        Comment {
            id: self.id,
            subject: self.subject,
            subject_id: self.subject_id,
            kind: self.kind,
            text: self.withdrawn_on.is_none().then_some(self.text),
            account_id: self.account_id,
            recorded_on: self.recorded_on,
            withdrawn_on: self.withdrawn_on,
            version: self.version,
        }
    }
}

pub(super) fn insert(
    conn: &mut Conn,
    (subject, subject_id): (CommentSubject, i64),
    kind: CommentKind,
    text: &str,
    account_id: AccountId,
    today: NaiveDate,
) -> Result<CommentId> {
    let values = (
        comments::subject.eq(subject),
        comments::subject_id.eq(subject_id),
        comments::kind.eq(kind),
        comments::text.eq(text),
        comments::account_id.eq(account_id),
        comments::recorded_on.eq(today),
        comments::version.eq(1),
    );
    let inserted = diesel::insert_into(comments::table).values(values).returning(comments::id);
    Ok(inserted.get_result::<i64>(conn).map(CommentId)?)
}

/// A comment, or 404.
pub fn get(conn: &mut Conn, id: CommentId) -> Result<CommentRow> {
    Ok(comments::table.filter(comments::id.eq(id.0)).select(CommentRow::as_select()).first(conn)?)
}

pub(super) fn mark_withdrawn(conn: &mut Conn, id: CommentId, today: NaiveDate) -> Result<()> {
    diesel::update(comments::table.filter(comments::id.eq(id.0)))
        .set((comments::withdrawn_on.eq(today), comments::version.eq(comments::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// A page of what was said of one thing, oldest first.
pub(super) fn list(
    conn: &mut Conn,
    page: &PageRequest,
    (subject, subject_id): (CommentSubject, i64),
) -> Result<(Vec<Comment>, Option<String>)> {
    let mut query = comments::table
        .filter(comments::subject.eq(subject).and(comments::subject_id.eq(subject_id)))
        .select(CommentRow::as_select())
        .order(comments::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(comments::id.gt(after));
    }
    let mut rows: Vec<CommentRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((rows.into_iter().map(CommentRow::shown).collect(), next))
}
