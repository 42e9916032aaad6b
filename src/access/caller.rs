//! A request that has proved who makes it. Handlers take a [`Caller`] first, so that an anonymous call is refused
//! before anything else of it is looked at.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::{AccountId, Actor, PASSWORD_CHANGE_REQUIRED, SessionId};
use crate::platform::error::SIGN_IN_REQUIRED;
use crate::platform::web::{Layout, Queryless, Reply, RequestFacts};
use crate::platform::{Conn, Db, Error, Result, idempotency};

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    pub account_id: AccountId,
    pub session_id: SessionId,
    /// The token opens only the change of the password.
    pub password_change_only: bool,
}

/// How tokens are checked and posts are read; `accounts` is the one that knows.
pub trait Identity: Send + Sync {
    /// The sign-in behind a token: signature, times, issuer, audience.
    fn verify(&self, token: &str) -> Result<SignIn>;
    /// The account with its posts of today; 401 when the session has ended or the account is disabled.
    fn actor(&self, conn: &mut Conn, sign_in: SignIn, request: RequestFacts) -> Result<Actor>;
}

/// How saved layouts of tables are read; `layouts` is the one that knows.
pub trait Layouts: Send + Sync {
    /// The layout that a request names, for the actor; 422 where there is none.
    fn named(&self, conn: &mut Conn, actor: &Actor, id: &str) -> Result<Layout>;
}

/// A signed-in request.
pub struct Caller {
    pub sign_in: SignIn,
    pub request: RequestFacts,
    pub db: Db,
    identity: Arc<dyn Identity>,
    layouts: Arc<dyn Layouts>,
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(caller(request))
    }
}

fn caller(request: &HttpRequest) -> Result<Caller> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| SIGN_IN_REQUIRED.err())?;
    let missing = || Error::internal("the application was built without its database, identity or layouts");
    let identity = request.app_data::<web::Data<dyn Identity>>().ok_or_else(missing)?.clone().into_inner();
    let db = request.app_data::<web::Data<Db>>().ok_or_else(missing)?.get_ref().clone();
    let sign_in = identity.verify(token)?;
    let layouts = request.app_data::<web::Data<dyn Layouts>>().ok_or_else(missing)?.clone().into_inner();
    Queryless::check(request)?;
    Ok(Caller { sign_in, request: RequestFacts::of(request), db, identity, layouts })
}

impl Caller {
    /// A request that proved itself in another way than with a token: the console's, with its cookie.
    pub fn signed_in(
        sign_in: SignIn,
        request: RequestFacts,
        db: Db,
        identity: Arc<dyn Identity>,
        layouts: Arc<dyn Layouts>,
    ) -> Caller {
        Caller { sign_in, request, db, identity, layouts }
    }

    /// Reads as the caller; a whole list takes its time.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn, &Actor) -> Result<T> + Send + 'static,
    {
        if self.request.wants_table() {
            return self.read_long(f).await;
        }
        self.full()?;
        self.db.read(self.with_actor(f)).await
    }

    /// Reads as the caller, on a thread that may take its time.
    pub async fn read_long<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn, &Actor) -> Result<T> + Send + 'static,
    {
        self.full()?;
        self.db.read_long(self.with_actor(f)).await
    }

    /// Writes as the caller, without idempotency: PATCH, PUT, DELETE, and calls that return secrets.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn, &Actor) -> Result<T> + Send + 'static,
    {
        self.full()?;
        self.db.write(self.with_actor(f)).await
    }

    /// A POST: as [`Caller::write`], and with an `Idempotency-Key` the effect happens once. `digest` is that of the
    /// body.
    pub async fn post<R, F>(&self, digest: String, f: F) -> Result<R>
    where
        R: Reply + Send + 'static,
        F: FnMut(&mut Conn, &Actor) -> Result<R> + Send + 'static,
    {
        self.full()?;
        let Some(call) = self.call(digest)? else { return self.write(f).await };
        let clock = self.db.clock().clone();
        let mut f = f;
        self.write(move |conn, actor| idempotency::once(conn, &call, clock.stamp(), |conn| f(conn, actor))).await
    }

    /// The answer that this POST has had, if it was made before with the same `Idempotency-Key`.
    pub async fn answered<R: Reply + Send + 'static>(&self, digest: String) -> Result<Option<R>> {
        let Some(call) = self.call(digest)? else { return Ok(None) };
        let clock = self.db.clock().clone();
        self.read(move |conn, _| idempotency::answered(conn, &call, clock.stamp())).await
    }

    /// This call by its key; none without a key.
    fn call(&self, digest: String) -> Result<Option<idempotency::Call>> {
        let Some(key) = self.request.idempotency_key.clone() else { return Ok(None) };
        idempotency::Call::new(self.sign_in.account_id.0, key, self.request.operation.clone(), digest).map(Some)
    }

    /// Reads as the caller even with a token that only opens the change of the password.
    pub async fn read_limited<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn, &Actor) -> Result<T> + Send + 'static,
    {
        self.db.read(self.with_actor(f)).await
    }

    /// Writes as the caller even with a token that only opens the change of the password.
    pub async fn write_limited<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn, &Actor) -> Result<T> + Send + 'static,
    {
        self.db.write(self.with_actor(f)).await
    }

    fn full(&self) -> Result<()> {
        if self.sign_in.password_change_only { Err(PASSWORD_CHANGE_REQUIRED.err()) } else { Ok(()) }
    }

    fn with_actor<T, F>(&self, mut f: F) -> impl FnMut(&mut Conn) -> Result<T> + Send + use<T, F>
    where
        F: FnMut(&mut Conn, &Actor) -> Result<T> + Send,
    {
        let (identity, sign_in, request) = (self.identity.clone(), self.sign_in, self.request.clone());
        let layouts = self.layouts.clone();
        move |conn| {
            let mut actor = identity.actor(conn, sign_in, request.clone())?;
            if let Some(id) = &request.layout_id {
                actor.request.layout = Some(Arc::new(layouts.named(conn, &actor, id)?));
            }
            f(conn, &actor)
        }
    }
}
