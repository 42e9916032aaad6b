//! `bulletins`, and `public/bulletins` for those who don't sign in.

use actix_web::{HttpRequest, delete, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{
    Bulletin, BulletinFilter, BulletinHead, BulletinKind, BulletinPatch, BulletinState, NewBulletin, NewErratum,
    NewMeetingBulletin, PublicBulletin,
};
use super::receipts::{self, BulletinReceipt, NewBulletinReceipt};
use super::{BulletinId, actions, draft};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query, RequestFacts};
use crate::platform::{Db, Error, PageRequest};
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(of_meeting).service(list).service(get_one).service(change).service(remove);
    config.service(approve).service(release).service(correct);
    config.service(sign).service(list_receipts);
    config.service(public_list).service(public_one);
}

/// Write a bulletin
///
/// A 简报, 通报 or 月报, as a draft. With a `period` the compliance report of its last day is pinned as its figures, and
/// title and text are drafted from it where they are not given.
#[utoipa::path(tag = "bulletins")]
#[post("/bulletins")]
async fn create(caller: Caller, body: Json<NewBulletin>) -> Result<Created<Bulletin>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::create(conn, actor, &input)?;
            Created::new(&made, &format!("/bulletins/{}", made.head.id), made.head.version)
        })
        .await
}

/// Draft a bulletin about a meeting
///
/// Once it was held: who, when, how many, what was decided, and figures as of today, which are pinned.
#[utoipa::path(tag = "bulletins", params(MeetingId))]
#[post("/meetings/{id}/bulletin")]
async fn of_meeting(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewMeetingBulletin>,
) -> Result<Created<Bulletin>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = draft::of_meeting(conn, actor, id, input.submitter.clone())?;
            Created::new(&made, &format!("/bulletins/{}", made.head.id), made.head.version)
        })
        .await
}

/// Which bulletins to list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this unit.
    unit_id: Option<UnitId>,
    /// Of this kind.
    kind: Option<BulletinKind>,
    /// In this state. Drafts are seen by those who write or approve them.
    state: Option<BulletinState>,
    /// About this meeting.
    meeting_id: Option<i64>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List bulletins
///
/// The newest first: released ones of one's own units, of those above and of those within reach.
#[utoipa::path(tag = "bulletins", params(Filter))]
#[get("/bulletins")]
async fn list(caller: Caller, Query(query): Query<Filter>) -> Result<List<BulletinHead>, Error> {
    let page = PageRequest::new("bulletins", query.limit, query.cursor.as_deref(), caller.request.wants_table())?;
    let Filter { unit_id, kind, state, meeting_id, .. } = query;
    let filter = BulletinFilter { unit_id, kind, state, meeting_id };
    caller
        .read(move |conn, actor| List::read(&page, &actor.request, |page| actions::list(conn, actor, page, &filter)))
        .await
}

/// Read a bulletin
///
/// The first reading of a released one by an account counts as a view.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[get("/bulletins/{id}")]
async fn get_one(caller: Caller, Path(id): Path<BulletinId>) -> Result<Item<Bulletin>, Error> {
    let unseen = caller.read(move |conn, actor| actions::is_unseen(conn, actor, id)).await?;
    let item = |bulletin: Bulletin| Item::new(&bulletin, bulletin.head.version);
    if unseen {
        return caller.write(move |conn, actor| item(actions::view(conn, actor, id)?)).await;
    }
    caller.read(move |conn, actor| item(actions::read(conn, actor, id)?)).await
}

/// Rewrite a bulletin
///
/// Until it is released; one that was approved is a draft again.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[patch("/bulletins/{id}")]
async fn change(
    caller: Caller,
    Path(id): Path<BulletinId>,
    body: Json<BulletinPatch>,
) -> Result<Item<Bulletin>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let changed = actions::change(conn, actor, id, patch.clone())?;
            Item::new(&changed, changed.head.version)
        })
        .await
}

/// Throw a bulletin away
///
/// Until it is released.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[delete("/bulletins/{id}")]
async fn remove(caller: Caller, Path(id): Path<BulletinId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| actions::remove(conn, actor, id)).await?;
    Ok(NoContent)
}

/// Approve a bulletin
///
/// By a leader who did not write it.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[post("/bulletins/{id}/approval")]
async fn approve(caller: Caller, Path(id): Path<BulletinId>) -> Result<Item<Bulletin>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let approved = actions::approve(conn, actor, id)?;
            Item::new(&approved, approved.head.version)
        })
        .await
}

/// Release a bulletin
///
/// Once approved: it gets the next number of its unit, kind and year, and nothing of it changes any more.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[post("/bulletins/{id}/release")]
async fn release(caller: Caller, Path(id): Path<BulletinId>) -> Result<Item<Bulletin>, Error> {
    let clock = caller.db.clock().clone();
    caller
        .post(String::new(), move |conn, actor| {
            let released = actions::release(conn, actor, id, clock.stamp())?;
            Item::new(&released, released.head.version)
        })
        .await
}

/// Correct a released bulletin
///
/// By a numbered erratum; the text stays as it was released.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[post("/bulletins/{id}/errata")]
async fn correct(
    caller: Caller,
    Path(id): Path<BulletinId>,
    body: Json<NewErratum>,
) -> Result<Created<Bulletin>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let corrected = actions::correct(conn, actor, id, &input)?;
            Created::new(&corrected, &format!("/bulletins/{id}"), corrected.head.version)
        })
        .await
}

/// Sign for a circular
///
/// For one's own unit, once.
#[utoipa::path(tag = "bulletins", params(BulletinId))]
#[post("/bulletins/{id}/receipts")]
async fn sign(
    caller: Caller,
    Path(id): Path<BulletinId>,
    body: Json<NewBulletinReceipt>,
) -> Result<Created<BulletinReceipt>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = receipts::sign(conn, actor, id, &input)?;
            Created::new(&made, &format!("/bulletins/{id}/receipts"), 1)
        })
        .await
}

/// A part of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Part {
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List who has signed for a circular, and who has not
#[utoipa::path(tag = "bulletins", params(BulletinId, Part))]
#[get("/bulletins/{id}/receipts")]
async fn list_receipts(
    caller: Caller,
    Path(id): Path<BulletinId>,
    Query(part): Query<Part>,
) -> Result<List<BulletinReceipt>, Error> {
    let page = PageRequest::new("bulletin_receipts", part.limit, part.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| List::read(&page, &actor.request, |page| receipts::list(conn, actor, page, id)))
        .await
}

/// List public bulletins
///
/// Without signing in, where the settings allow it: the released ones that are marked public, without names.
#[utoipa::path(tag = "bulletins", security(()), params(Part))]
#[get("/public/bulletins")]
async fn public_list(
    db: web::Data<Db>,
    request: HttpRequest,
    Query(part): Query<Part>,
) -> Result<List<PublicBulletin>, Error> {
    let facts = RequestFacts::of(&request);
    let page = PageRequest::new("public_bulletins", part.limit, part.cursor.as_deref(), facts.wants_table())?;
    db.read(move |conn| List::read(&page, &facts, |page| actions::list_public(conn, page))).await
}

/// Read a public bulletin
///
/// Without signing in, where the settings allow it.
#[utoipa::path(tag = "bulletins", security(()), params(BulletinId))]
#[get("/public/bulletins/{id}")]
async fn public_one(db: web::Data<Db>, Path(id): Path<BulletinId>) -> Result<Item<PublicBulletin>, Error> {
    db.read(move |conn| Item::by_content(&actions::read_public(conn, id)?)).await
}
