//! `auth`, `accounts`, `appointments` and the well-known documents of the token keys.

use std::sync::Arc;

use actix_web::{get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, AccountToMake};
use super::model::{
    Account, AccountPatch, Appointment, AppointmentPatch, Credentials, HandOver, HandedOver, Me, NewAccount,
    NewAppointment, PasswordChange, PasswordReset, Refresh, Session, Tokens,
};
use super::{AccountId, Accounts, AppointmentId, SessionId, sign_in, store};
use crate::access::{Action, Caller, UnitId};
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query, RequestFacts};
use crate::platform::{Db, Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(login).service(refresh).service(logout).service(change_password).service(me);
    config.service(sessions).service(end_session);
    config.service(create).service(list).service(get_one).service(change).service(reset_password).service(unlock);
    config.service(appoint).service(list_appointments).service(get_appointment).service(change_appointment);
    config.service(hand_over);
}

type App = web::Data<Accounts>;

fn shared(app: &App) -> Arc<Accounts> {
    app.clone().into_inner()
}

/// Sign in
///
/// With a password that somebody else set, the token opens only `POST /auth/password`.
#[utoipa::path(tag = "auth", security(()))]
#[post("/auth/login")]
async fn login(
    app: App,
    db: web::Data<Db>,
    request: actix_web::HttpRequest,
    body: Json<Credentials>,
) -> Result<Item<Tokens>, Error> {
    let tokens = sign_in::login(&db, shared(&app), RequestFacts::of(&request), body.value).await?;
    Item::secret(&tokens)
}

/// Refresh a sign-in
///
/// Rotates the refresh token: the one just replaced works once more within 10 s, any older one ends the sign-in.
#[utoipa::path(tag = "auth", security(()))]
#[post("/auth/refresh")]
async fn refresh(
    app: App,
    db: web::Data<Db>,
    request: actix_web::HttpRequest,
    body: Json<Refresh>,
) -> Result<Item<Tokens>, Error> {
    let facts = RequestFacts::of(&request);
    let tokens = sign_in::refresh(&db, shared(&app), facts, body.value.refresh_token).await?;
    Item::secret(&tokens)
}

/// Sign out
///
/// Ends the sign-in of this token.
#[utoipa::path(tag = "auth")]
#[post("/auth/logout")]
async fn logout(caller: Caller) -> Result<NoContent, Error> {
    let (id, clock) = (caller.sign_in.session_id, caller.db.clock().clone());
    caller.write_limited(move |conn, actor| sign_in::end(conn, actor, id, clock.stamp())).await?;
    Ok(NoContent)
}

/// Change one's password
///
/// Ends one's other sign-ins.
#[utoipa::path(tag = "auth")]
#[post("/auth/password")]
async fn change_password(caller: Caller, app: App, body: Json<PasswordChange>) -> Result<NoContent, Error> {
    sign_in::change_password(&caller, shared(&app), body.value).await?;
    Ok(NoContent)
}

/// Read who one is and what one may
#[utoipa::path(tag = "auth")]
#[get("/auth/me")]
async fn me(caller: Caller) -> Result<Item<Me>, Error> {
    caller.read(|conn, actor| Item::by_content(&actions::me(conn, actor)?)).await
}

/// List one's sign-ins
#[utoipa::path(tag = "auth")]
#[get("/auth/sessions")]
async fn sessions(caller: Caller) -> Result<List<Session>, Error> {
    let (own, clock) = (caller.sign_in.session_id, caller.db.clock().clone());
    caller
        .read(move |conn, actor| List::new(sign_in::own(conn, actor, own, clock.stamp())?, None, &actor.request))
        .await
}

/// End one of one's sign-ins
#[utoipa::path(tag = "auth", params(SessionId))]
#[post("/auth/sessions/{id}/end")]
async fn end_session(caller: Caller, Path(id): Path<SessionId>) -> Result<NoContent, Error> {
    let clock = caller.db.clock().clone();
    caller
        .post(String::new(), move |conn, actor| {
            sign_in::end(conn, actor, id, clock.stamp())?;
            Ok(NoContent)
        })
        .await
}

/// Make an account
///
/// Its password must be changed at the first sign-in.
#[utoipa::path(tag = "accounts")]
#[post("/accounts")]
async fn create(caller: Caller, app: App, body: Json<NewAccount>) -> Result<Created<Account>, Error> {
    let (input, clock) = (body.value, caller.db.clock().clone());
    caller.read(|_, actor| actor.must_anywhere(Action::ManageAccounts)).await?;
    actions::check_password(&app.policy, input.password.reveal(), input.username.as_str())?;
    let hash = sign_in::hashed(&app, input.password).await?;
    // The body holds a password, so not even its plain digest is stored.
    caller
        .post(app.seal.digest(&body.digest), move |conn, actor| {
            let new = AccountToMake {
                username: input.username.as_str(),
                display_name: input.display_name.as_str(),
                password_hash: &hash,
                must_change_password: true,
            };
            let account = actions::create(conn, actor, &new, clock.stamp())?;
            Created::new(&account, &format!("/accounts/{}", account.id), account.version)
        })
        .await
}

/// A part of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AccountFilter {
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List accounts
#[utoipa::path(tag = "accounts", params(AccountFilter))]
#[get("/accounts")]
async fn list(caller: Caller, Query(filter): Query<AccountFilter>) -> Result<List<Account>, Error> {
    let page = PageRequest::new("accounts", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ManageAccounts)?;
            List::read(&page, &actor.request, |page| store::list(conn, page))
        })
        .await
}

/// Read an account
#[utoipa::path(tag = "accounts", params(AccountId))]
#[get("/accounts/{id}")]
async fn get_one(caller: Caller, Path(id): Path<AccountId>) -> Result<Item<Account>, Error> {
    caller
        .read(move |conn, actor| {
            let account = actions::get(conn, actor, id)?;
            Item::new(&account, account.version)
        })
        .await
}

/// Change an account
///
/// A merge patch; needs `If-Match`. Disabling ends its sign-ins.
#[utoipa::path(tag = "accounts", params(AccountId))]
#[patch("/accounts/{id}")]
async fn change(caller: Caller, Path(id): Path<AccountId>, body: Json<AccountPatch>) -> Result<Item<Account>, Error> {
    let (patch, clock) = (body.value, caller.db.clock().clone());
    caller
        .write(move |conn, actor| {
            let account = actions::change(conn, actor, id, patch.clone(), clock.stamp())?;
            Item::new(&account, account.version)
        })
        .await
}

/// Reset an account's password
///
/// It must be changed at the next sign-in; every sign-in of the account ends.
#[utoipa::path(tag = "accounts", params(AccountId))]
#[post("/accounts/{id}/reset-password")]
async fn reset_password(
    caller: Caller,
    app: App,
    Path(id): Path<AccountId>,
    body: Json<PasswordReset>,
) -> Result<NoContent, Error> {
    let clock = caller.db.clock().clone();
    let account = caller.read(move |conn, actor| actions::get(conn, actor, id)).await?;
    actions::check_password(&app.policy, body.value.password.reveal(), &account.username)?;
    let hash = sign_in::hashed(&app, body.value.password).await?;
    // The body holds a password, so not even its plain digest is stored.
    caller
        .post(app.seal.digest(&body.digest), move |conn, actor| {
            actions::reset_password(conn, actor, id, &hash, clock.stamp())?;
            Ok(NoContent)
        })
        .await
}

/// Unlock an account
///
/// After too many failed sign-ins, or after it was not used for long.
#[utoipa::path(tag = "accounts", params(AccountId))]
#[post("/accounts/{id}/unlock")]
async fn unlock(caller: Caller, Path(id): Path<AccountId>) -> Result<Item<Account>, Error> {
    let clock = caller.db.clock().clone();
    caller
        .post(String::new(), move |conn, actor| {
            let account = actions::unlock(conn, actor, id, clock.stamp())?;
            Item::new(&account, account.version)
        })
        .await
}

/// Appoint an account
///
/// `secretary`, `deputy_secretary`, `cadre`, `department`, `leader` and `inspector` at a unit; `auditor` and
/// `administrator` without one.
#[utoipa::path(tag = "appointments")]
#[post("/appointments")]
async fn appoint(caller: Caller, body: Json<NewAppointment>) -> Result<Created<Appointment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::appoint(conn, actor, &input)?;
            Created::new(&made, &format!("/appointments/{}", made.id), made.version)
        })
        .await
}

/// Which appointments to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AppointmentFilter {
    /// Of this account.
    account_id: Option<AccountId>,
    /// At this unit.
    unit_id: Option<UnitId>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List appointments
#[utoipa::path(tag = "appointments", params(AppointmentFilter))]
#[get("/appointments")]
async fn list_appointments(
    caller: Caller,
    Query(filter): Query<AppointmentFilter>,
) -> Result<List<Appointment>, Error> {
    let page = PageRequest::new("appointments", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ManageAccounts)?;
            List::read(&page, &actor.request, |page| {
                store::list_appointments(conn, page, filter.account_id, filter.unit_id)
            })
        })
        .await
}

/// Read an appointment
#[utoipa::path(tag = "appointments", params(AppointmentId))]
#[get("/appointments/{id}")]
async fn get_appointment(caller: Caller, Path(id): Path<AppointmentId>) -> Result<Item<Appointment>, Error> {
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ManageAccounts)?;
            let row = store::appointment(conn, id)?;
            Item::new(&row, row.version)
        })
        .await
}

/// Change the period of an appointment
///
/// A merge patch; needs `If-Match`.
#[utoipa::path(tag = "appointments", params(AppointmentId))]
#[patch("/appointments/{id}")]
async fn change_appointment(
    caller: Caller,
    Path(id): Path<AppointmentId>,
    body: Json<AppointmentPatch>,
) -> Result<Item<Appointment>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let row = actions::change_appointment(conn, actor, id, patch.clone())?;
            Item::new(&row, row.version)
        })
        .await
}

/// Hand an appointment over
///
/// It ends the day before; the other account has the same role at the same unit from that day on.
#[utoipa::path(tag = "appointments", params(AppointmentId))]
#[post("/appointments/{id}/hand-over")]
async fn hand_over(
    caller: Caller,
    Path(id): Path<AppointmentId>,
    body: Json<HandOver>,
) -> Result<Created<HandedOver>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let both = actions::hand_over(conn, actor, id, &input)?;
            Created::new(&both, &format!("/appointments/{}", both.begun.id), both.begun.version)
        })
        .await
}

/// Public keys of the access tokens (JWK set).
pub async fn jwks(app: App) -> Result<web::Json<serde_json::Value>, Error> {
    app.keys.jwks().map(web::Json)
}
