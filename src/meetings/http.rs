//! `meetings`. Agenda, attendance, minutes, receipts and activities have their own.

use actix_web::{get, patch, post, put, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{
    Meeting, MeetingCancellation, MeetingHolding, MeetingKind, MeetingPatch, MeetingRecord, MeetingStatus, NewMeeting,
    NewRecord,
};
use super::store::MeetingFilter;
use super::{MeetingId, actions, activities, agenda, attendance, decisions, minutes, next, opinions, receipts};
use crate::access::Caller;
use crate::platform::web::{Created, Item, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::progress::Evidence;
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(get_one).service(change);
    config.service(hold).service(cancel).service(close).service(put_record).service(get_record);
    config.configure(agenda::http::routes);
    config.configure(attendance::http::routes);
    config.configure(minutes::http::routes);
    config.configure(receipts::http::routes);
    config.configure(activities::http::routes);
    config.configure(opinions::http::routes);
    config.configure(decisions::http::routes);
    config.configure(next::http::routes);
}

/// Enter a meeting
///
/// Of one's own unit, or by the department that serves it. It is scheduled; units are called with `call`.
#[utoipa::path(tag = "meetings")]
#[post("/meetings")]
async fn create(caller: Caller, body: Json<NewMeeting>) -> Result<Created<Meeting>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::create(conn, actor, input.clone())?;
            Created::new(&made, &format!("/meetings/{}", made.id), made.version)
        })
        .await
}

/// Which meetings to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this unit and everything below it.
    unit_id: Option<UnitId>,
    /// Of this kind.
    kind: Option<MeetingKind>,
    /// In this status.
    status: Option<MeetingStatus>,
    /// Held on this day or later; called for it or later while it was not held.
    from: Option<NaiveDate>,
    /// Held on this day or earlier; called for it or earlier while it was not held.
    to: Option<NaiveDate>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List meetings
///
/// Those of units in one's reach, and those that called or name a unit of one's own.
#[utoipa::path(tag = "meetings", params(Filter))]
#[get("/meetings")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<Meeting>, Error> {
    let page = PageRequest::new("meetings", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    let Filter { unit_id, kind, status, from, to, .. } = filter;
    caller
        .read(move |conn, actor| {
            let wanted = MeetingFilter { path: None, kind, status, from, to };
            List::read(&page, &actor.request, |page| actions::list(conn, actor, page, unit_id, wanted.clone()))
        })
        .await
}

/// Read a meeting
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}")]
async fn get_one(caller: Caller, Path(id): Path<MeetingId>) -> Result<Item<Meeting>, Error> {
    caller
        .read(move |conn, actor| {
            let meeting = actions::read(conn, actor, id)?;
            Item::new(&meeting, meeting.version)
        })
        .await
}

/// Change a meeting
///
/// A merge patch; needs `If-Match`. Kind, day and time of day until it is held, the rest until it is closed.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[patch("/meetings/{id}")]
async fn change(
    caller: Caller,
    files: web::Data<Evidence>,
    Path(id): Path<MeetingId>,
    body: Json<MeetingPatch>,
) -> Result<Item<Meeting>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let meeting = actions::change(conn, actor, &files, id, patch.clone())?;
            Item::new(&meeting, meeting.version)
        })
        .await
}

/// Record that a meeting was held
///
/// Its attendance is put by then: somebody was present, and nobody is merely expected.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/hold")]
async fn hold(caller: Caller, Path(id): Path<MeetingId>, body: Json<MeetingHolding>) -> Result<Item<Meeting>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let meeting = actions::hold(conn, actor, id, &input)?;
            Item::new(&meeting, meeting.version)
        })
        .await
}

/// Cancel a meeting
///
/// Only one that was not held.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/cancellation")]
async fn cancel(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<MeetingCancellation>,
) -> Result<Item<Meeting>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let meeting = actions::cancel(conn, actor, id, &input)?;
            Item::new(&meeting, meeting.version)
        })
        .await
}

/// Close a meeting
///
/// Its minutes are signed by then. Agenda, attendance, minutes and wording are frozen; sending and signing for the
/// minutes and reporting the activity go on.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[post("/meetings/{id}/close")]
async fn close(caller: Caller, Path(id): Path<MeetingId>) -> Result<Item<Meeting>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let meeting = actions::close(conn, actor, id)?;
            Item::new(&meeting, meeting.version)
        })
        .await
}

/// Put the record of a meeting
///
/// What was said, as it was taken down; of a held meeting, until it is closed. With `If-Match` of the version of the
/// meeting.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[put("/meetings/{id}/record")]
async fn put_record(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewRecord>,
) -> Result<Item<MeetingRecord>, Error> {
    let input = body.value;
    caller
        .write(move |conn, actor| {
            let (record, version) = actions::put_record(conn, actor, id, &input)?;
            Item::new(&record, version)
        })
        .await
}

/// Read the record of a meeting
///
/// For whoever reads the unit's meetings, not for a unit that was merely called.
#[utoipa::path(tag = "meetings", params(MeetingId))]
#[get("/meetings/{id}/record")]
async fn get_record(caller: Caller, Path(id): Path<MeetingId>) -> Result<Item<MeetingRecord>, Error> {
    caller
        .read(move |conn, actor| {
            let (record, version) = actions::read_record(conn, actor, id)?;
            Item::new(&record, version)
        })
        .await
}
