//! The chain: position by position, each hash over the one before and the entry's content.

use chrono::NaiveDateTime;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{AUDIT_BROKEN, store};
use crate::platform::{Conn, Result};

/// Entries sealed in one write at most.
const BATCH: i64 = 500;
/// What the first entry is chained to.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn chained(before: &str, content_hash: &str) -> String {
    hex::encode(Sha256::digest(format!("{before}{content_hash}").as_bytes()))
}

/// Seals the oldest unsealed entries; how many it sealed. Positions are unique, so of two servers that seal at once
/// one repeats.
pub fn seal_pending(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    let entries = store::unsealed(conn, BATCH)?;
    let (mut position, mut chain) = store::last_seal(conn)?.unwrap_or_else(|| (0, GENESIS.to_owned()));
    for entry in &entries {
        position += 1;
        chain = chained(&chain, &entry.content_hash);
        store::insert_seal(conn, position, entry.id, &chain, now)?;
    }
    Ok(entries.len())
}

/// What a verification found.
#[derive(Debug, Serialize)]
pub struct Verified {
    /// Entries whose content and chain were recomputed and agree.
    pub verified: i64,
    /// Committed entries that wait for their seal.
    pub unsealed: i64,
    /// Chain hash of the newest entry: kept elsewhere, it also proves that nothing was cut off the end.
    pub head: String,
}

/// Recomputes every hash; refuses with the position of the first entry that does not agree.
pub fn verify(conn: &mut Conn) -> Result<Verified> {
    let (mut position, mut chain) = (0, GENESIS.to_owned());
    loop {
        let rows = store::sealed(conn, position, BATCH)?;
        if rows.is_empty() {
            break;
        }
        for (found, chain_hash, entry) in rows {
            position += 1;
            let expected = chained(&chain, &entry.hash());
            if found != position || entry.content_hash != entry.hash() || chain_hash != expected {
                return Err(AUDIT_BROKEN.with([("position", position.to_string())]));
            }
            chain = expected;
        }
    }
    let (sealed, all) = store::counts(conn)?;
    if sealed != position {
        return Err(AUDIT_BROKEN.with([("position", (position + 1).to_string())]));
    }
    Ok(Verified { verified: position, unsealed: all - sealed, head: chain })
}
