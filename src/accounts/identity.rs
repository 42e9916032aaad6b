//! From a token to an actor: what the rest of the program knows of sign-in.

use std::sync::Arc;

use super::passwords::PasswordPolicy;
use super::tokens::KeyRing;
use super::{ACCOUNT_DISABLED, SESSION_ENDED, store};
use crate::access::{Actor, Identity, SignIn};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::seal::Seal;
use crate::platform::web::RequestFacts;
use crate::platform::{Clock, Conn, Result};

/// Accounts as a service: the keys, the policy and the clock.
pub struct Accounts {
    pub keys: KeyRing,
    pub policy: PasswordPolicy,
    pub clock: Arc<Clock>,
    pub seal: Seal,
}

impl Identity for Accounts {
    fn verify(&self, token: &str) -> Result<SignIn> {
        self.keys.verify(token, self.clock.stamp())
    }

    fn actor(&self, conn: &mut Conn, sign_in: SignIn, request: RequestFacts) -> Result<Actor> {
        let Some(state) = store::sign_in_state(conn, sign_in)? else { return Err(SESSION_ENDED.err()) };
        if state.ended || state.expires_at <= self.clock.stamp() {
            return Err(SESSION_ENDED.err());
        }
        if state.disabled {
            return Err(ACCOUNT_DISABLED.err());
        }
        let today = today(conn)?;
        let posts = store::posts(conn, sign_in.account_id, today)?;
        Ok(Actor { account_id: Some(sign_in.account_id), posts, request })
    }
}

/// The account of a name with the posts it holds today, for the command line; 404 when there is none, 403 when it is
/// disabled.
pub fn actor_named(conn: &mut Conn, username: &str) -> Result<Actor> {
    let login = store::login_named(conn, username)?.ok_or_else(|| NOT_FOUND.err())?;
    if login.disabled {
        return Err(ACCOUNT_DISABLED.err());
    }
    let today = today(conn)?;
    let posts = store::posts(conn, login.id, today)?;
    Ok(Actor { account_id: Some(login.id), posts, request: RequestFacts::default() })
}
