//! `meetings/{id}/minutes`.

use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Distribution, Minutes, NewMinutes};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::platform::Error;
use crate::platform::web::{Item, Json, Path};

pub fn routes(config: &mut ServiceConfig) {
    config.service(put_draft).service(get_one).service(sign).service(distribute);
}

/// Draft the minutes of a meeting
///
/// The whole text, in place of the draft before; of a held meeting, until they are signed.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[put("/meetings/{id}/minutes")]
async fn put_draft(caller: Caller, Path(id): Path<MeetingId>, body: Json<NewMinutes>) -> Result<Item<Minutes>, Error> {
    let input = body.value;
    caller
        .write(move |conn, actor| {
            let minutes = super::put(conn, actor, id, &input)?;
            Item::new(&minutes, minutes.version)
        })
        .await
}

/// Read the minutes of a meeting
///
/// For whoever reads the unit's meetings, and for the units they were sent to.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}/minutes")]
async fn get_one(caller: Caller, Path(id): Path<MeetingId>) -> Result<Item<Minutes>, Error> {
    caller
        .read(move |conn, actor| {
            let minutes = super::read(conn, actor, id)?;
            Item::new(&minutes, minutes.version)
        })
        .await
}

/// Sign the minutes of a meeting
///
/// By the secretary or deputy secretary of the unit, or a leader of it or above. From then on they are not changed.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/minutes/signature")]
async fn sign(caller: Caller, Path(id): Path<MeetingId>) -> Result<Item<Minutes>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let minutes = super::sign(conn, actor, id)?;
            Item::new(&minutes, minutes.version)
        })
        .await
}

/// Distribute the minutes of a meeting
///
/// To units, which may then read and sign for them. More units may be sent them later, also after the close.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/minutes/distribution")]
async fn distribute(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<Distribution>,
) -> Result<Item<Minutes>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let minutes = super::distribute(conn, actor, id, &input)?;
            Item::new(&minutes, minutes.version)
        })
        .await
}
