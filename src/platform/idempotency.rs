//! `Idempotency-Key`: the answer of a POST is stored in the transaction of its effect, so that a repeat gives the
//! same answer and has no second effect. Kept for a day of the real clock.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::error::{KEY_REUSED, OUT_OF_RANGE};
use super::web::Reply;
use super::{Conn, Error, Result};
use crate::schema::idempotency_keys::dsl;

/// Hours an answer is kept.
const KEPT_HOURS: i64 = 24;

/// Which call this is: who makes it, with which key, where to, with which body.
#[derive(Debug, Clone)]
pub struct Call {
    pub account_id: i64,
    pub key: String,
    /// Method and path.
    pub operation: String,
    /// SHA-256 of the body, in hex.
    pub digest: String,
}

impl Call {
    /// Checks the form of the key: 1 to 255 printable ASCII characters.
    pub fn new(account_id: i64, key: String, operation: String, digest: String) -> Result<Call> {
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            let detail = "1–255 ASCII".to_owned();
            return Err(OUT_OF_RANGE.at("Idempotency-Key", [("detail", detail)]).into_error());
        }
        Ok(Call { account_id, key, operation, digest })
    }
}

/// Runs `effect` unless this call has been answered before, and stores its answer. Everything in the transaction of
/// `conn`: on PostgreSQL a second call at the same moment loses against the first and repeats into its answer; on
/// SQLite it waits.
pub fn once<R: Reply>(
    conn: &mut Conn,
    call: &Call,
    now: NaiveDateTime,
    effect: impl FnOnce(&mut Conn) -> Result<R>,
) -> Result<R> {
    let stored: Option<(String, String, String)> = dsl::idempotency_keys
        .filter(dsl::account_id.eq(call.account_id).and(dsl::key.eq(&call.key)))
        .filter(dsl::created_at.gt(now - TimeDelta::hours(KEPT_HOURS)))
        .select((dsl::operation, dsl::digest, dsl::answer))
        .first(conn)
        .optional()?;
    if let Some((operation, digest, answer)) = stored {
        if operation != call.operation || digest != call.digest {
            return Err(KEY_REUSED.err());
        }
        return serde_json::from_str(&answer).map(R::from_answer).map_err(Error::internal);
    }
    let answer = effect(conn)?.into_answer();
    diesel::delete(dsl::idempotency_keys.filter(dsl::account_id.eq(call.account_id).and(dsl::key.eq(&call.key))))
        .execute(conn)?;
    diesel::insert_into(dsl::idempotency_keys)
        .values((
            dsl::account_id.eq(call.account_id),
            dsl::key.eq(&call.key),
            dsl::operation.eq(&call.operation),
            dsl::digest.eq(&call.digest),
            dsl::answer.eq(serde_json::to_string(&answer).map_err(Error::internal)?),
            dsl::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(R::from_answer(answer))
}

/// Forgets answers older than a day.
pub fn forget_old(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    let old = dsl::idempotency_keys.filter(dsl::created_at.le(now - TimeDelta::hours(KEPT_HOURS)));
    Ok(diesel::delete(old).execute(conn)?)
}
