//! Sign-ins of a browser: the cookie holds one opaque secret, the database its digest. The same passwords, locks and
//! limits as with tokens; what a refresh is to those, any request is here.

use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};

use super::model::Credentials;
use super::sign_in::{admit, digest, new_secret};
use super::{ACCOUNT_DISABLED, Accounts, SESSION_ENDED, store};
use crate::access::SignIn;
use crate::platform::web::RequestFacts;
use crate::platform::{Conn, Db, Result};

/// Seconds between two records of a session being used: not every page is a write.
const TOUCH_SECONDS: i64 = 60;

/// Signs a browser in, or says why not. Gives the secret for its cookie.
pub async fn open(db: &Db, accounts: Arc<Accounts>, request: RequestFacts, input: Credentials) -> Result<String> {
    admit(db, accounts, request, input, with_cookie).await
}

fn with_cookie(conn: &mut Conn, _: &Accounts, sign_in: SignIn, _: NaiveDateTime) -> Result<String> {
    let secret = new_secret();
    store::set_cookie_digest(conn, sign_in.session_id, &digest(&secret))?;
    Ok(secret)
}

/// The sign-in that a cookie names, and whether its use is to be recorded ([`touch`]). 401 when it has ended, was idle
/// for too long or has run out.
pub fn resume(conn: &mut Conn, accounts: &Accounts, secret: &str) -> Result<(SignIn, bool)> {
    let now = accounts.clock.stamp();
    let found = store::session_of_cookie(conn, &digest(secret))?;
    let Some((session, login)) = found else { return Err(SESSION_ENDED.err()) };
    let unused = now - session.last_used_at;
    let idle = unused > TimeDelta::minutes(accounts.policy.idle_minutes);
    if session.ended_at.is_some() || session.expires_at <= now || idle {
        return Err(SESSION_ENDED.err());
    }
    if login.disabled {
        return Err(ACCOUNT_DISABLED.err());
    }
    let password_change_only = accounts.policy.change_first && login.must_change_password;
    let sign_in = SignIn { account_id: login.id, session_id: session.id, password_change_only };
    Ok((sign_in, unused >= TimeDelta::seconds(TOUCH_SECONDS)))
}

/// Records that a sign-in is being used.
pub fn touch(conn: &mut Conn, accounts: &Accounts, sign_in: SignIn) -> Result<()> {
    let now = accounts.clock.stamp();
    store::touch_session(conn, sign_in.session_id, now)?;
    store::touch(conn, sign_in.account_id, now)
}
