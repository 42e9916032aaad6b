//! The audit log. Every action writes one entry in its own transaction, with a hash of its content; a sealer gives
//! committed entries their position and a hash chained over all before, within a second. `duban audit verify`
//! recomputes both and names the first entry that was tampered with.

pub mod http;
mod seal;
mod store;
#[cfg(test)]
mod tests;

pub use seal::{Verified, seal_pending, verify};
pub use store::{AuditEntry, has_unsealed, list};

use chrono::Utc;
use serde::Serialize;

use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::{Clock, Conn, Error, Result};
use crate::{codes, id_type};

id_type! {
    /// An entry of the audit log.
    AuditEntryId
}

codes! {
    AUDIT_BROKEN: 500 "audit_broken" "审计链在第 {position} 条处断裂。" "The audit chain is broken at entry {position}.";
}

/// What was acted on: its kind (a word of the collections) and its id.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Option<i64>,
}

/// A subject with an id.
pub fn subject(kind: &'static str, id: i64) -> Subject {
    Subject { kind, id: Some(id) }
}

/// Writes the entry of one action into the running transaction. `details` says what was changed, never a secret.
pub fn record(conn: &mut Conn, actor: &Actor, action: &str, subject: Subject, details: &impl Serialize) -> Result<()> {
    let details = serde_json::to_string(details).map_err(Error::internal)?;
    let entry = store::NewEntry {
        at: moment(),
        day: today(conn)?,
        account_id: actor.account_id,
        action: action.to_owned(),
        subject: subject.kind.to_owned(),
        subject_id: subject.id,
        details,
        request_id: actor.request.request_id.clone(),
    };
    store::insert(conn, entry)
}

/// The real moment of the entry. The log is about when things really happened, so it does not follow a turned clock.
fn moment() -> chrono::NaiveDateTime {
    Clock::new(chrono_tz::UTC, None).now().with_timezone(&Utc).naive_utc()
}
