//! Signing in and staying signed in. Hashing runs between the reading and the writing transaction, off the serving
//! threads; what was read is checked again where it is written.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::model::{Credentials, PasswordChange, Secret, Session, Tokens};
use super::store::{Login, RefreshRow};
use super::tokens::ACCESS_SECONDS;
use super::{
    ACCOUNT_DISABLED, Accounts, REFRESH_REUSED, SESSION_ENDED, SIGN_IN_LOCKED, SessionId, TOKEN_INVALID,
    WRONG_CREDENTIALS, WRONG_PASSWORD, passwords, store,
};
use crate::access::{Actor, Caller, SignIn};
use crate::audit::{self, Subject, subject};
use crate::platform::error::words;
use crate::platform::text::NOT_CLASSIFIED;
use crate::platform::web::RequestFacts;
use crate::platform::{Conn, Db, Error, Fault, Result};

/// Seconds in which a just-replaced refresh token works once more: its answer may have been lost.
const GRACE_SECONDS: i64 = 10;

/// Signs in with tokens, or says why not.
pub async fn login(db: &Db, accounts: Arc<Accounts>, request: RequestFacts, input: Credentials) -> Result<Tokens> {
    admit(db, accounts, request, input, tokens).await
}

/// What an admitted sign-in is given, in the transaction that began it.
pub(super) type Give<T> = fn(&mut Conn, &Accounts, SignIn, NaiveDateTime) -> Result<T>;

/// Begins a sign-in, or says why not. A locked name is refused whether or not it exists.
pub(super) async fn admit<T: Send + 'static>(
    db: &Db,
    accounts: Arc<Accounts>,
    request: RequestFacts,
    input: Credentials,
    give: Give<T>,
) -> Result<T> {
    let username = input.username.chars().take(64).collect::<String>().trim().replace('\0', "");
    let name = username.clone();
    let now = accounts.clock.stamp();
    let (login, locked) =
        db.read(move |conn| Ok((store::login_named(conn, &name)?, store::failures(conn, &name)?.1))).await?;
    refuse_locked(locked, now)?;
    let right = verify(&accounts, input.password, login.as_ref().map(|login| login.password_hash.clone())).await?;
    db.write(move |conn| {
        let actor = Actor { account_id: login.as_ref().map(|l| l.id), posts: vec![], request: request.clone() };
        let locked = store::failures(conn, &username)?.1;
        // Inside the write a refusal would undo the count of failures, so it is handed out as a value.
        if let Err(refused) = refuse_locked(locked, now) {
            return Ok(Err(refused));
        }
        match login.clone().filter(|_| right) {
            Some(login) => match admitted(conn, &accounts, &actor, &login, now)? {
                Ok(sign_in) => give(conn, &accounts, sign_in, now).map(Ok),
                Err(refused) => Ok(Err(refused)),
            },
            None => failed(conn, &accounts, &actor, &username, now).map(Err),
        }
    })
    .await?
}

fn refuse_locked(locked_until: Option<NaiveDateTime>, now: NaiveDateTime) -> Result<()> {
    match locked_until {
        Some(until) if until > now => {
            let seconds = u32::try_from((until - now).num_seconds()).unwrap_or(u32::MAX);
            Err(SIGN_IN_LOCKED.err().retry_after(seconds.max(1)))
        }
        _ => Ok(()),
    }
}

async fn verify(accounts: &Accounts, password: Secret, hash: Option<String>) -> Result<bool> {
    let place = accounts.hashing.pass().await?;
    let checked = tokio::task::spawn_blocking(move || {
        let _place = place;
        passwords::verify(password.reveal(), hash.as_deref())
    });
    checked.await.map_err(Error::internal)
}

fn failed(conn: &mut Conn, accounts: &Accounts, actor: &Actor, username: &str, now: NaiveDateTime) -> Result<Error> {
    let policy = &accounts.policy;
    let failures = store::failures(conn, username)?.0 + 1;
    let locked = failures >= policy.lock_after;
    let until = locked.then(|| now + TimeDelta::minutes(policy.lock_minutes));
    // A lock that has run out begins the count anew.
    store::set_failures(conn, username, if locked { 0 } else { failures }, until, now)?;
    let subject = Subject { kind: "account", id: actor.account_id.map(|id| id.0) };
    audit::record(conn, actor, "account.sign_in_failed", subject, &json!({"failures": failures, "locked": locked}))?;
    Ok(WRONG_CREDENTIALS.err())
}

fn admitted(
    conn: &mut Conn,
    accounts: &Accounts,
    actor: &Actor,
    login: &Login,
    now: NaiveDateTime,
) -> Result<Result<SignIn>> {
    let policy = &accounts.policy;
    let unused = policy.unused_days.is_some_and(|days| now - login.last_used_at > TimeDelta::days(days));
    // Read again: it may have been disabled while the password was being checked.
    let fresh = store::login_of(conn, login.id)?;
    if fresh.disabled || unused || fresh.password_hash != login.password_hash {
        return Ok(Err(ACCOUNT_DISABLED.err()));
    }
    store::clear_failures(conn, &login.username)?;
    store::touch(conn, login.id, now)?;
    let limited = policy.change_first && fresh.must_change_password;
    let lasts = if limited { TimeDelta::seconds(ACCESS_SECONDS) } else { TimeDelta::hours(policy.absolute_hours) };
    let session_id = store::insert_session(conn, login.id, now, now + lasts)?;
    audit::record(conn, actor, "account.sign_in", subject("account", login.id.0), &json!({"session_id": session_id}))?;
    Ok(Ok(SignIn { account_id: login.id, session_id, password_change_only: limited }))
}

fn tokens(conn: &mut Conn, accounts: &Accounts, sign_in: SignIn, now: NaiveDateTime) -> Result<Tokens> {
    let refresh_token = if sign_in.password_change_only {
        None
    } else {
        let token = new_secret();
        store::insert_refresh(conn, sign_in.session_id, &digest(&token), now)?;
        Some(token)
    };
    Ok(Tokens {
        access_token: accounts.keys.issue(sign_in, now)?,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        refresh_token,
        password_change_required: sign_in.password_change_only,
        notice: NOT_CLASSIFIED,
    })
}

/// A secret that nobody guesses.
pub(super) fn new_secret() -> String {
    let bytes: [u8; 32] = rand::random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the database keeps of a secret.
pub(super) fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A new pair for a refresh token. The old one is replaced; using an older one again ends the whole sign-in.
pub async fn refresh(db: &Db, accounts: Arc<Accounts>, request: RequestFacts, token: Secret) -> Result<Tokens> {
    let now = accounts.clock.stamp();
    let digest = digest(token.reveal());
    db.write(move |conn| {
        let Some(row) = store::refresh_token(conn, &digest)? else { return Ok(Err(TOKEN_INVALID.err())) };
        let session = store::session(conn, row.session_id)?;
        let login = store::login_of(conn, session.account_id)?;
        let idle = now - session.last_used_at > TimeDelta::minutes(accounts.policy.idle_minutes);
        if session.ended_at.is_some() || session.expires_at <= now || idle || login.disabled {
            return Ok(Err(SESSION_ENDED.err()));
        }
        if !may_still_be_used(conn, &row, now)? {
            store::end_session(conn, row.session_id, now)?;
            let actor = Actor { account_id: Some(session.account_id), posts: vec![], request: request.clone() };
            let about = subject("account", session.account_id.0);
            audit::record(conn, &actor, "account.refresh_reused", about, &json!({"session_id": row.session_id}))?;
            return Ok(Err(REFRESH_REUSED.err()));
        }
        if row.replaced_at.is_some() {
            store::use_grace(conn, row.id)?;
        }
        store::touch(conn, session.account_id, now)?;
        let sign_in =
            SignIn { account_id: session.account_id, session_id: row.session_id, password_change_only: false };
        tokens(conn, &accounts, sign_in, now).map(Ok)
    })
    .await?
}

fn may_still_be_used(conn: &mut Conn, row: &RefreshRow, now: NaiveDateTime) -> Result<bool> {
    let Some(replaced_at) = row.replaced_at else { return Ok(true) };
    let in_time = now - replaced_at <= TimeDelta::seconds(GRACE_SECONDS);
    Ok(in_time && !row.grace_used && store::is_last_replaced(conn, row)?)
}

/// Changes one's own password; other sign-ins end, and a limited one with them. Wrong guesses count as failed
/// sign-ins, so a stolen token is no way to find the password.
pub async fn change_password(caller: &Caller, accounts: Arc<Accounts>, input: PasswordChange) -> Result<()> {
    let id = caller.sign_in.account_id;
    let now = accounts.clock.stamp();
    let read = caller.read_limited(move |conn, _| {
        let login = store::login_of(conn, id)?;
        let locked = store::failures(conn, &login.username)?.1;
        Ok((login, locked))
    });
    let (before, locked) = read.await?;
    refuse_locked(locked, now)?;
    if !verify(&accounts, input.current.clone(), Some(before.password_hash.clone())).await? {
        let guessed = move |conn: &mut Conn, actor: &Actor| failed(conn, &accounts, actor, &before.username, now);
        caller.write_limited(guessed).await?;
        return Err(WRONG_PASSWORD.at("/current", []).into_error());
    }
    let weak = |fault: Fault| Fault { pointer: "/new".into(), ..fault }.into_error();
    accounts.policy.check(input.new.reveal(), &before.username).map_err(weak)?;
    if input.new.reveal() == input.current.reveal() {
        let detail = words("须与当前密码不同", "it must differ from the current one");
        return Err(super::PASSWORD_WEAK.at("/new", [("detail", detail)]).into_error());
    }
    let hash = hashed(&accounts, input.new).await?;
    let (own, limited) = (caller.sign_in.session_id, caller.sign_in.password_change_only);
    caller
        .write_limited(move |conn, actor| {
            if store::login_of(conn, id)?.password_hash != before.password_hash {
                return Err(WRONG_PASSWORD.at("/current", []).into_error());
            }
            store::set_password(conn, id, &hash, false)?;
            for session in store::sessions_of(conn, id, now)? {
                if limited || session.id != own {
                    store::end_session(conn, session.id, now)?;
                }
            }
            audit::record(conn, actor, "account.change_password", subject("account", id.0), &json!({}))
        })
        .await
}

/// The hash of a new password, made off the serving threads.
pub async fn hashed(accounts: &Accounts, password: Secret) -> Result<String> {
    let place = accounts.hashing.pass().await?;
    let made = tokio::task::spawn_blocking(move || {
        let _place = place;
        passwords::hash(password.reveal())
    });
    made.await.map_err(Error::internal)?
}

/// One's own sign-ins that have not ended; `current` is the one that asks.
pub fn own(conn: &mut Conn, actor: &Actor, current: SessionId, now: NaiveDateTime) -> Result<Vec<Session>> {
    let rows = store::sessions_of(conn, actor.account()?, now)?;
    let shown = rows.into_iter().map(|row| Session {
        id: row.id,
        created_at: row.created_at.and_utc(),
        last_used_at: row.last_used_at.and_utc(),
        expires_at: row.expires_at.and_utc(),
        current: row.id == current,
    });
    Ok(shown.collect())
}

/// Ends one sign-in of one's own.
pub fn end(conn: &mut Conn, actor: &Actor, id: SessionId, now: NaiveDateTime) -> Result<()> {
    let session = store::session(conn, id)?;
    if Some(session.account_id) != actor.account_id {
        return Err(crate::platform::error::NOT_FOUND.err());
    }
    store::end_session(conn, id, now)?;
    audit::record(conn, actor, "account.sign_out", subject("account", session.account_id.0), &json!({"session_id": id}))
}
