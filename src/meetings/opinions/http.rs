//! `meetings/{id}/opinions`, `opinions`.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{NewDisposition, NewOpinion, Opinion};
use super::store::OpinionFilter;
use super::{OpinionId, actions};
use crate::access::{Caller, UnitId};
use crate::meetings::MeetingId;
use crate::meetings::decisions::DecisionId;
use crate::platform::web::{Created, Item, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(give).service(list).service(get_one).service(withdraw).service(dispose);
}

/// Give an opinion to a meeting
///
/// In the name of the meeting's own unit, or of one that the meeting lists or calls: by a post at that unit, or by the
/// department for it (`on_behalf`). Until the meeting is closed.
#[utoipa::path(tag = "opinions", params(MeetingId))]
#[post("/meetings/{id}/opinions")]
async fn give(caller: Caller, Path(id): Path<MeetingId>, body: Json<NewOpinion>) -> Result<Created<Opinion>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::give(conn, actor, id, &input)?;
            Created::new(&made, &format!("/opinions/{}", made.id), made.version)
        })
        .await
}

/// Which opinions to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Given in the name of this unit.
    unit_id: Option<UnitId>,
    /// Given to this meeting.
    meeting_id: Option<MeetingId>,
    /// Taken up by this decision.
    decision_id: Option<DecisionId>,
    /// `true`: only those that await their answer; `false`: only those answered or withdrawn.
    open: Option<bool>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List opinions
///
/// Those that one gave, those of units in one's reach, and those given to meetings of units in one's reach; oldest
/// first.
#[utoipa::path(tag = "opinions", params(Filter))]
#[get("/opinions")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<Opinion>, Error> {
    let page = PageRequest::new("opinions", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    let Filter { unit_id, meeting_id, decision_id, open, .. } = filter;
    let asked = OpinionFilter { unit_id, meeting_id, decision_id, open };
    caller
        .read(move |conn, actor| List::read(&page, &actor.request, |page| actions::list(conn, actor, page, &asked)))
        .await
}

/// Read an opinion
#[utoipa::path(tag = "opinions", params(OpinionId))]
#[get("/opinions/{id}")]
async fn get_one(caller: Caller, Path(id): Path<OpinionId>) -> Result<Item<Opinion>, Error> {
    caller
        .read(move |conn, actor| {
            let opinion = actions::read(conn, actor, id)?;
            Item::new(&opinion, opinion.version)
        })
        .await
}

/// Withdraw an opinion
///
/// One's own, before it is answered and while the meeting is open: it stays in its place, without its text.
#[utoipa::path(tag = "opinions", params(OpinionId))]
#[post("/opinions/{id}/withdrawal")]
async fn withdraw(caller: Caller, Path(id): Path<OpinionId>) -> Result<Item<Opinion>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let withdrawn = actions::withdraw(conn, actor, id)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}

/// Answer an opinion
///
/// What becomes of it, with a reply that whoever gave it reads; once, and also after the meeting is closed.
#[utoipa::path(tag = "opinions", params(OpinionId))]
#[post("/opinions/{id}/disposition")]
async fn dispose(
    caller: Caller,
    Path(id): Path<OpinionId>,
    body: Json<NewDisposition>,
) -> Result<Item<Opinion>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let disposed = actions::dispose(conn, actor, id, &input)?;
            Item::new(&disposed, disposed.version)
        })
        .await
}
