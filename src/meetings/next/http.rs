//! `meetings/{id}/next`.

use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{NewNext, NextDraft};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::meetings::model::Meeting;
use crate::platform::Error;
use crate::platform::web::{Created, Item, Json, Path};

pub fn routes(config: &mut ServiceConfig) {
    config.service(draft).service(call);
}

/// Draft the next meeting
///
/// Its agenda from deployments that are not delivered, opinions without an answer, findings that relapsed, and overdue
/// tasks of the meeting's unit and of everything below it, each linked. Writes nothing.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}/next")]
async fn draft(caller: Caller, Path(id): Path<MeetingId>) -> Result<Item<NextDraft>, Error> {
    caller.read_long(move |conn, actor| Item::by_content(&super::draft(conn, actor, id)?)).await
}

/// Call the next meeting
///
/// Scheduled, with the drafted agenda, which can then be changed like any other.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/next")]
async fn call(caller: Caller, Path(id): Path<MeetingId>, body: Json<NewNext>) -> Result<Created<Meeting>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = super::call(conn, actor, id, input.clone())?;
            Created::new(&made, &format!("/meetings/{}", made.id), made.version)
        })
        .await
}
