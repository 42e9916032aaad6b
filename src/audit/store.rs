//! The rows of the log and of its seals.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::AuditEntryId;
use crate::access::AccountId;
use crate::platform::db::Backend;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::schema::{audit_entries, audit_seals};

/// An entry about to be written.
#[derive(Debug, Clone)]
pub(super) struct NewEntry {
    pub at: NaiveDateTime,
    pub day: NaiveDate,
    pub account_id: Option<AccountId>,
    pub action: String,
    pub subject: String,
    pub subject_id: Option<i64>,
    pub details: String,
    pub request_id: String,
}

/// An entry as it was written.
#[derive(Debug, Clone, Queryable)]
pub(super) struct EntryRow {
    pub id: AuditEntryId,
    pub at: NaiveDateTime,
    pub day: NaiveDate,
    pub account_id: Option<AccountId>,
    pub action: String,
    pub subject: String,
    pub subject_id: Option<i64>,
    pub details: String,
    pub request_id: String,
    pub content_hash: String,
}

impl EntryRow {
    /// The hash of everything the entry says (not of its id, which the database gives later).
    pub fn hash(&self) -> String {
        let entry = NewEntry {
            at: self.at,
            day: self.day,
            account_id: self.account_id,
            action: self.action.clone(),
            subject: self.subject.clone(),
            subject_id: self.subject_id,
            details: self.details.clone(),
            request_id: self.request_id.clone(),
        };
        entry.hash()
    }
}

impl NewEntry {
    pub fn hash(&self) -> String {
        let content = serde_json::json!([
            self.at.and_utc().timestamp_micros(),
            self.day,
            self.account_id,
            self.action,
            self.subject,
            self.subject_id,
            self.details,
            self.request_id
        ]);
        hex::encode(Sha256::digest(content.to_string().as_bytes()))
    }
}

pub(super) fn insert(conn: &mut Conn, mut entry: NewEntry) -> Result<()> {
    use audit_entries::dsl;
    entry.at = whole_micros(entry.at);
    diesel::insert_into(dsl::audit_entries)
        .values((
            dsl::at.eq(entry.at),
            dsl::day.eq(entry.day),
            dsl::account_id.eq(entry.account_id.map(|id| id.0)),
            dsl::action.eq(&entry.action),
            dsl::subject.eq(&entry.subject),
            dsl::subject_id.eq(entry.subject_id),
            dsl::details.eq(&entry.details),
            dsl::request_id.eq(&entry.request_id),
            dsl::content_hash.eq(entry.hash()),
        ))
        .execute(conn)?;
    Ok(())
}

/// PostgreSQL keeps microseconds; what is hashed must be what is kept.
pub(super) fn whole_micros(at: NaiveDateTime) -> NaiveDateTime {
    DateTime::from_timestamp_micros(at.and_utc().timestamp_micros()).map_or(at, |kept| kept.naive_utc())
}

/// Committed entries without a seal, oldest first.
pub(super) fn unsealed(conn: &mut Conn, most: i64) -> Result<Vec<EntryRow>> {
    let sealed_up_to = sealed_up_to(conn)?;
    Ok(audit_entries::table
        .left_join(audit_seals::table.on(audit_seals::entry_id.eq(audit_entries::id)))
        .filter(audit_seals::position.is_null().and(audit_entries::id.gt(sealed_up_to)))
        .order(audit_entries::id)
        .limit(most)
        .select(audit_entries::all_columns)
        .load(conn)?)
}

/// An id up to which every entry is sealed, so that a look need not pass over the whole log. SQLite has one writer,
/// which commits ids in their order; PostgreSQL may commit a lower one later.
fn sealed_up_to(conn: &mut Conn) -> Result<i64> {
    match conn.backend() {
        Backend::Sqlite => {
            let newest: Option<i64> = audit_seals::table.select(max(audit_seals::entry_id)).get_result(conn)?;
            Ok(newest.unwrap_or_default())
        }
        Backend::Postgres => Ok(0),
    }
}

/// Whether a committed entry waits for its seal.
pub fn has_unsealed(conn: &mut Conn) -> Result<bool> {
    Ok(!unsealed(conn, 1)?.is_empty())
}

/// Position and chain hash of the newest seal.
pub(super) fn last_seal(conn: &mut Conn) -> Result<Option<(i64, String)>> {
    use audit_seals::dsl;
    Ok(dsl::audit_seals.order(dsl::position.desc()).select((dsl::position, dsl::chain_hash)).first(conn).optional()?)
}

pub(super) fn insert_seal(
    conn: &mut Conn,
    position: i64,
    entry: AuditEntryId,
    chain_hash: &str,
    at: NaiveDateTime,
) -> Result<()> {
    use audit_seals::dsl;
    diesel::insert_into(dsl::audit_seals)
        .values((
            dsl::position.eq(position),
            dsl::entry_id.eq(entry.0),
            dsl::chain_hash.eq(chain_hash),
            dsl::sealed_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sealed entries in the order of their positions, after one.
pub(super) fn sealed(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<(i64, String, EntryRow)>> {
    let rows: Vec<((i64, String), EntryRow)> = audit_seals::table
        .inner_join(audit_entries::table.on(audit_entries::id.eq(audit_seals::entry_id)))
        .filter(audit_seals::position.gt(after))
        .order(audit_seals::position)
        .limit(most)
        .select(((audit_seals::position, audit_seals::chain_hash), audit_entries::all_columns))
        .load(conn)?;
    Ok(rows.into_iter().map(|((position, hash), entry)| (position, hash, entry)).collect())
}

/// How many entries are sealed, and how many exist.
pub(super) fn counts(conn: &mut Conn) -> Result<(i64, i64)> {
    let sealed = audit_seals::table.count().get_result(conn)?;
    let all = audit_entries::table.count().get_result(conn)?;
    Ok((sealed, all))
}

/// A sealed entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Position in the chain, from 1 up without gaps.
    pub position: i64,
    /// When it really happened (UTC).
    pub at: DateTime<chrono::Utc>,
    /// The business day it was recorded on.
    pub day: NaiveDate,
    /// Who acted; null for the operator at the command line and for nobody known.
    pub account_id: Option<AccountId>,
    /// What was done: a word of the subject and a verb, `plan.issue`.
    #[schema(example = "plan.issue")]
    pub action: String,
    /// Kind of thing it was done to.
    #[schema(example = "plan")]
    pub subject: String,
    /// Id of that thing.
    pub subject_id: Option<i64>,
    /// What was changed.
    pub details: serde_json::Value,
    /// The request that did it.
    pub request_id: String,
    /// SHA-256 of the entry's content, in hex.
    pub content_hash: String,
    /// SHA-256 over the chain hash before and this content hash, in hex.
    pub chain_hash: String,
}

/// Sealed entries, a page of them, filtered by what they are about.
pub fn list(
    conn: &mut Conn,
    page: &PageRequest,
    subject: Option<&str>,
    subject_id: Option<i64>,
    account_id: Option<AccountId>,
) -> Result<(Vec<AuditEntry>, Option<String>)> {
    let mut query = audit_seals::table
        .inner_join(audit_entries::table.on(audit_entries::id.eq(audit_seals::entry_id)))
        .select(((audit_seals::position, audit_seals::chain_hash), audit_entries::all_columns))
        .order(audit_seals::position)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(audit_seals::position.gt(after));
    }
    if let Some(subject) = subject {
        query = query.filter(audit_entries::subject.eq(subject.to_owned()));
    }
    if let Some(id) = subject_id {
        query = query.filter(audit_entries::subject_id.eq(id));
    }
    if let Some(account) = account_id {
        query = query.filter(audit_entries::account_id.eq(account.0));
    }
    let mut rows: Vec<((i64, String), EntryRow)> = query.load(conn)?;
    let next = page.cut(&mut rows, |((position, _), _)| vec![position.to_string()]);
    let items = rows.into_iter().map(|((position, chain), row)| shown(position, chain, row));
    Ok((items.collect::<Result<_>>()?, next))
}

fn shown(position: i64, chain_hash: String, row: EntryRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        position,
        at: row.at.and_utc(),
        day: row.day,
        account_id: row.account_id,
        action: row.action,
        subject: row.subject,
        subject_id: row.subject_id,
        details: serde_json::from_str(&row.details).map_err(Error::internal)?,
        request_id: row.request_id,
        content_hash: row.content_hash,
        chain_hash,
    })
}
