//! `meetings/{id}/call`, `meetings/{id}/receipts`.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Call, MeetingReceipt, NewMeetingReceipt, ReceiptKind};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::platform::web::{Created, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(call).service(sign).service(list);
}

/// Call units to a meeting
///
/// Before it is held. They may then read it, and sign for the call. More units may be called later; where the day, the
/// time or the place changes, all are called anew.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/call")]
async fn call(caller: Caller, Path(id): Path<MeetingId>, body: Json<Call>) -> Result<List<MeetingReceipt>, Error> {
    let input = body.value;
    caller.post(body.digest, move |conn, actor| List::items(super::call(conn, actor, id, &input)?)).await
}

/// Sign for a call or for minutes
///
/// By a post at a unit that was called or sent the minutes; once a unit. A call only until the meeting is held.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/receipts")]
async fn sign(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewMeetingReceipt>,
) -> Result<Created<MeetingReceipt>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let signed = super::sign(conn, actor, id, &input)?;
            Created::new(&signed, &format!("/meetings/{id}/receipts"), 1)
        })
        .await
}

/// Which receipts to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only those of the call, or of the minutes.
    kind: Option<ReceiptKind>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List who has signed for a call or for minutes, and who has not
///
/// In the order they were sent; `signed_on` is null where nobody has signed yet.
#[utoipa::path(tag = "meetings", params(MeetingId, Filter))]
#[get("/meetings/{id}/receipts")]
async fn list(
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(filter): Query<Filter>,
) -> Result<List<MeetingReceipt>, Error> {
    let page =
        PageRequest::new("meeting-receipts", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            List::read(&page, &actor.request, |page| super::list(conn, actor, page, id, filter.kind))
        })
        .await
}
