//! `meetings/{id}/agenda-items`, `agenda-items`.

use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{AgendaItem, AgendaItemPatch, NewAgendaItem};
use crate::access::Caller;
use crate::meetings::{AgendaItemId, MeetingId};
use crate::platform::Error;
use crate::platform::web::{Created, Item, Json, List, NoContent, Path};

pub fn routes(config: &mut ServiceConfig) {
    config.service(add).service(list).service(get_one).service(change).service(remove);
}

/// Add an item to the agenda of a meeting
///
/// Until the meeting is closed. What it links to must exist, and one must be allowed to read it.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/agenda-items")]
async fn add(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewAgendaItem>,
) -> Result<Created<AgendaItem>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = super::add(conn, actor, id, input.clone())?;
            Created::new(&made, &format!("/agenda-items/{}", made.id), made.version)
        })
        .await
}

/// List the agenda of a meeting
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}/agenda-items")]
async fn list(caller: Caller, Path(id): Path<MeetingId>) -> Result<List<AgendaItem>, Error> {
    caller.read(move |conn, actor| List::new(super::list(conn, actor, id)?, None, &actor.request)).await
}

/// Read an item of an agenda
#[utoipa::path(tag = "meetings", params(AgendaItemId))]
#[get("/agenda-items/{id}")]
async fn get_one(caller: Caller, Path(id): Path<AgendaItemId>) -> Result<Item<AgendaItem>, Error> {
    caller
        .read(move |conn, actor| {
            let item = super::read(conn, actor, id)?;
            Item::new(&item, item.version)
        })
        .await
}

/// Change an item of an agenda
///
/// A merge patch; needs `If-Match`. Until the meeting is closed.
#[utoipa::path(tag = "meetings", params(AgendaItemId))]
#[patch("/agenda-items/{id}")]
async fn change(
    caller: Caller,
    Path(id): Path<AgendaItemId>,
    body: Json<AgendaItemPatch>,
) -> Result<Item<AgendaItem>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let item = super::change(conn, actor, id, patch.clone())?;
            Item::new(&item, item.version)
        })
        .await
}

/// Take an item off an agenda
///
/// Until the meeting is closed.
#[utoipa::path(tag = "meetings", params(AgendaItemId))]
#[delete("/agenda-items/{id}")]
async fn remove(caller: Caller, Path(id): Path<AgendaItemId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| super::remove(conn, actor, id).map(|()| NoContent)).await
}
