//! Who visits. The cookie holds the secret of a sign-in ([`accounts::cookies`](crate::accounts::cookies)); from it comes
//! the same `Caller` as from a token, so that policy and limits are the same.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::view::{self, View, Who};
use crate::access::{Actor, Caller, Identity, Layouts};
use crate::accounts::{Accounts, cookies};
use crate::platform::db::today;
use crate::platform::error::SIGN_IN_REQUIRED;
use crate::platform::web::{RequestFacts, SeeOther};
use crate::platform::{Conn, Db, Error, Result};

/// Its prefix binds the cookie to this host and to HTTPS.
const COOKIE: &str = "__Host-duban";
/// A browser at the machine itself, over plain HTTP.
const LOOPBACK_COOKIE: &str = "duban";

/// A request by somebody who is signed in; for pages that are read. Forms are taken with
/// [`Posted`](super::posted::Posted), which checks where they come from.
pub struct Visit {
    pub caller: Caller,
    pub view: View,
    pub who: Who,
}

impl Visit {
    /// Does what a form says and gives where that leads. The same form sent again, by a second click or after a lost
    /// answer, leads there too and does nothing more.
    pub async fn once<F>(&self, f: F) -> Result<String>
    where
        F: FnMut(&mut Conn, &Actor) -> Result<String> + Send + 'static,
    {
        let mut f = f;
        // The key of a form is made of what was typed, so there is nothing beside it to compare.
        let done = self.caller.post(String::new(), move |conn, actor| f(conn, actor).map(SeeOther));
        done.await.map(|SeeOther(address)| address)
    }

    /// Where the form that was sent has led already, if it was done before: asked first where the page of a form can't
    /// be made any more once it is done.
    pub async fn led(&self) -> Result<Option<String>> {
        let before: Option<SeeOther> = self.caller.answered(String::new()).await?;
        Ok(before.map(|SeeOther(address)| address))
    }
}

impl FromRequest for Visit {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                return Err(Error::internal("a form must be taken with Posted, which proves where it comes from"));
            }
            visit(&request).await
        })
    }
}

/// The visit of a request with a cookie; 401 without one, or when its sign-in has ended.
pub(super) async fn visit(request: &HttpRequest) -> Result<Visit> {
    let cookie = request.cookie(cookie_name(request)).ok_or_else(|| SIGN_IN_REQUIRED.err())?;
    visit_with(request, cookie.value().to_owned()).await
}

/// The visit of a sign-in by its secret.
pub(super) async fn visit_with(request: &HttpRequest, secret: String) -> Result<Visit> {
    let missing = || Error::internal("the application was built without its database, accounts or layouts");
    let accounts = request.app_data::<web::Data<Accounts>>().ok_or_else(missing)?.clone().into_inner();
    let db = request.app_data::<web::Data<Db>>().ok_or_else(missing)?.get_ref().clone();
    let guest = View::guest(request);
    let facts = RequestFacts::of(request).in_language(guest.lang.is_chinese());
    let (csrf, lang, known) = (csrf_token(&secret), guest.lang, accounts.clone());
    let read = db.read(move |conn| {
        let (sign_in, unrecorded) = cookies::resume(conn, &known, &secret)?;
        let actor = known.actor(conn, sign_in, RequestFacts::default())?;
        let today = today(conn)?;
        Ok((sign_in, unrecorded, view::who(conn, &actor.posts, lang, csrf.clone(), today)?))
    });
    let (sign_in, unrecorded, who) = read.await?;
    if unrecorded {
        let known = accounts.clone();
        db.write(move |conn| cookies::touch(conn, &known, sign_in)).await?;
    }
    let view = View { who: Some(who.clone()), ..guest };
    request.extensions_mut().insert(view.clone());
    let identity = accounts as Arc<dyn Identity>;
    let layouts = request.app_data::<web::Data<dyn Layouts>>().ok_or_else(missing)?.clone().into_inner();
    Ok(Visit { caller: Caller::signed_in(sign_in, facts, db, identity, layouts), view, who })
}

/// The token of the forms of a sign-in: nobody makes it who doesn't hold the cookie, and it doesn't tell the cookie.
pub(super) fn csrf_token(secret: &str) -> String {
    let digest = Sha256::new().chain_update(b"form of a console page: ").chain_update(secret.as_bytes()).finalize();
    URL_SAFE_NO_PAD.encode(digest)
}

/// The cookie of a sign-in.
pub(super) fn cookie(request: &HttpRequest, secret: String) -> Cookie<'static> {
    let name = cookie_name(request);
    Cookie::build(name, secret).path("/").http_only(true).same_site(SameSite::Lax).secure(name == COOKIE).finish()
}

/// The same cookie, taken away.
pub(super) fn no_cookie(request: &HttpRequest) -> Cookie<'static> {
    let mut cookie = cookie(request, String::new());
    cookie.make_removal();
    cookie
}

/// A plain name only when both ends are this machine: the server listens on loopback and the browser calls it so.
/// Behind a proxy on the same machine the browser names the public host.
fn cookie_name(request: &HttpRequest) -> &'static str {
    let listens = request.app_config().local_addr().ip().is_loopback();
    if listens && is_loopback_name(request.connection_info().host()) { LOOPBACK_COOKIE } else { COOKIE }
}

fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((v6, _)) => v6,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_at_the_machine_itself_calls_it_by_a_loopback_name() {
        for own in ["localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080"] {
            assert!(is_loopback_name(own), "{own}");
        }
        for other in
            ["duban.example", "duban.example:443", "10.0.0.3:8080", "localhost.example", "[2001:db8::1]:80", ""]
        {
            assert!(!is_loopback_name(other), "{other}");
        }
    }
}
