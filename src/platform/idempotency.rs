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

/// The answer that this call has had, if it was made before.
pub fn answered<R: Reply>(conn: &mut Conn, call: &Call, now: NaiveDateTime) -> Result<Option<R>> {
    let stored: Option<(String, String, String)> = dsl::idempotency_keys
        .filter(dsl::account_id.eq(call.account_id).and(dsl::key.eq(&call.key)))
        .filter(dsl::created_at.gt(now - TimeDelta::hours(KEPT_HOURS)))
        .select((dsl::operation, dsl::digest, dsl::answer))
        .first(conn)
        .optional()?;
    let Some((operation, digest, answer)) = stored else { return Ok(None) };
    if operation != call.operation || digest != call.digest {
        return Err(KEY_REUSED.err());
    }
    serde_json::from_str(&answer).map(|answer| Some(R::from_answer(answer))).map_err(Error::internal)
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
    if let Some(answer) = answered(conn, call, now)? {
        return Ok(answer);
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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::Db;
    use crate::platform::web::Item;

    fn call(account_id: i64, key: &str, operation: &str, digest: &str) -> Call {
        Call::new(account_id, key.into(), operation.into(), digest.into()).unwrap()
    }

    fn at(hour: i64, second: i64) -> NaiveDateTime {
        let midnight = NaiveDate::from_ymd_opt(2020, 3, 24).unwrap().and_hms_opt(0, 0, 0).unwrap();
        midnight + TimeDelta::hours(hour) + TimeDelta::seconds(second)
    }

    #[test]
    fn a_key_is_1_to_255_printable_ascii_characters() {
        let long = "k".repeat(255);
        let cases = [
            ("", false),
            ("k", true),
            ("a b", true),
            (" ", true),
            ("~!", true),
            (long.as_str(), true),
            ("a\n", false),
            ("a\u{7f}", false),
            ("键", false),
        ];
        for (key, right) in cases {
            assert_eq!(Call::new(1, key.into(), String::new(), String::new()).is_ok(), right, "{key:?}");
        }
        assert!(Call::new(1, format!("{long}k"), String::new(), String::new()).is_err());
    }

    /// Each call with when it is made, and which effect answers it: the first, the second, …; none when it is refused.
    #[tokio::test]
    async fn a_call_has_one_effect_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::scratch(&folder).await;
        let cases = [
            (call(1, "k", "POST /a", "x"), at(0, 0), Some(1)),
            (call(1, "k", "POST /a", "x"), at(0, 1), Some(1)),
            (call(1, "k", "POST /a", "x"), at(23, 3599), Some(1)),
            (call(1, "k", "POST /a", "other body"), at(1, 0), None),
            (call(1, "k", "POST /b", "x"), at(1, 0), None),
            (call(1, "other", "POST /a", "x"), at(1, 0), Some(2)),
            (call(2, "k", "POST /a", "x"), at(1, 0), Some(3)),
            // A day later the key is free again, for whatever call.
            (call(1, "k", "POST /b", "other body"), at(24, 0), Some(4)),
            (call(1, "k", "POST /b", "other body"), at(30, 0), Some(4)),
            (call(2, "k", "POST /a", "x"), at(24, 3599), Some(3)),
        ];
        let answered = db.write(move |conn| {
            let mut effects = 0;
            let mut answered = vec![];
            for (call, now, _) in cases.clone() {
                let answer = once(conn, &call, now, |_| {
                    effects += 1;
                    Item::new(&json!({"effect": effects}), effects)
                });
                answered.push(answer.map(|item: Item<Value>| item.into_answer()));
            }
            let wanted = cases.clone().map(|(_, _, effect)| effect);
            let found = answered.into_iter().map(|answer| match answer {
                Ok(answer) => serde_json::to_value(&answer).map_err(Error::internal).map(Some),
                Err(error) if error.code() == KEY_REUSED.code => Ok(None),
                Err(error) => Err(error),
            });
            Ok((wanted, found.collect::<Result<Vec<_>>>()?))
        });
        let (wanted, found) = answered.await.unwrap();
        let effect =
            |answer: Value| serde_json::from_str::<Value>(answer["body"].as_str().unwrap()).unwrap()["effect"].as_i64();
        let found: Vec<_> = found.into_iter().map(|answer| answer.and_then(effect)).collect();
        assert_eq!(found, wanted);
    }

    #[tokio::test]
    async fn what_is_a_day_old_is_forgotten_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::scratch(&folder).await;
        let done = db.write(|conn| {
            for (key, second) in [("a", 0), ("b", 1), ("c", 2)] {
                once(conn, &call(1, key, "POST /a", "x"), at(0, second), |_| Item::new(&json!({}), 1))?;
            }
            let forgotten = [forget_old(conn, at(24, 1))?, forget_old(conn, at(24, 1))?];
            Ok((forgotten, dsl::idempotency_keys.select(dsl::key).load::<String>(conn)?))
        });
        assert_eq!(done.await.unwrap(), ([2, 0], vec!["c".to_owned()]));
    }
}
