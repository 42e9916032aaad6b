//! `meetings/{id}/time-nodes`.

use actix_web::{get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Ticked, Ticks};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::meetings::model::MeetingNode;
use crate::platform::Error;
use crate::platform::web::{Created, Json, List, Path};
use crate::progress::Evidence;

pub fn routes(config: &mut ServiceConfig) {
    config.service(tick).service(list);
}

/// Tick an activity against time nodes
///
/// A meeting that was held, entered once, reported on several nodes of its unit: one completion each, with the day and
/// the evidence of the meeting, signed as any completion is and each reviewed by itself. All or none; `errors` names
/// every node that refuses.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/time-nodes")]
async fn tick(
    caller: Caller,
    files: web::Data<Evidence>,
    Path(id): Path<MeetingId>,
    body: Json<Ticks>,
) -> Result<Created<Ticked>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = super::tick(conn, actor, &files, id, &input)?;
            Created::new(&made, &format!("/meetings/{id}/time-nodes"), 1)
        })
        .await
}

/// List the time nodes that an activity was ticked against
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}/time-nodes")]
async fn list(caller: Caller, Path(id): Path<MeetingId>) -> Result<List<MeetingNode>, Error> {
    caller.read(move |conn, actor| List::new(super::list(conn, actor, id)?, None, &actor.request)).await
}
