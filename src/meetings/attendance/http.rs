//! `meetings/{id}/attendances`.

use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Attendances, NewAttendances};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::platform::Error;
use crate::platform::web::{Document, Item, Json, Path, Table};

pub fn routes(config: &mut ServiceConfig) {
    config.service(put_all).service(get_all);
}

/// Put the attendance list of a meeting
///
/// The whole list, in place of the one before; with `If-Match` of the version of the meeting. Until the meeting is
/// closed. Of a held meeting nobody may be left merely `expected`, and somebody was present.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[put("/meetings/{id}/attendances")]
async fn put_all(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewAttendances>,
) -> Result<Item<Attendances>, Error> {
    let input = body.value;
    caller
        .write(move |conn, actor| {
            let (list, version) = super::put(conn, actor, id, &input)?;
            Item::new(&list, version)
        })
        .await
}

/// Read the attendance list of a meeting
///
/// As JSON with what it comes to, or with `Accept: text/csv` as a table.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}/attendances")]
async fn get_all(caller: Caller, Path(id): Path<MeetingId>) -> Result<Document<Attendances>, Error> {
    caller
        .read(move |conn, actor| {
            let (list, version) = super::read(conn, actor, id)?;
            Document::versioned(&list, version, &actor.request, |list| Table::of(&list.items))
        })
        .await
}
