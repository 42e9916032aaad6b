//! `comments`, and those on tasks, time nodes, progress reports and meetings.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::CommentId;
use super::actions::{self, About};
use super::model::{Comment, CommentSubject, NewComment};
use crate::access::Caller;
use crate::meetings::MeetingId;
use crate::plans::TaskId;
use crate::platform::web::{Created, Item, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::progress::ReportId;
use crate::time_nodes::NodeId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(on_task).service(list_of_task);
    config.service(on_node).service(list_of_node);
    config.service(on_report).service(list_of_report);
    config.service(on_meeting).service(list_of_meeting);
    config.service(get_one).service(withdraw);
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

/// Comment on a task
///
/// For whoever reads its plan and works with it: the unit of the plan, those above it, and the units that it names.
#[utoipa::path(tag = "comments", params(TaskId))]
#[post("/tasks/{id}/comments")]
async fn on_task(caller: Caller, Path(id): Path<TaskId>, body: Json<NewComment>) -> Result<Created<Comment>, Error> {
    create(caller, (CommentSubject::Task, id.0), body).await
}

/// List the comments on a task
#[utoipa::path(tag = "comments", params(TaskId, Part))]
#[get("/tasks/{id}/comments")]
async fn list_of_task(
    caller: Caller,
    Path(id): Path<TaskId>,
    Query(part): Query<Part>,
) -> Result<List<Comment>, Error> {
    list(caller, (CommentSubject::Task, id.0), part).await
}

/// Comment on a time node
#[utoipa::path(tag = "comments", params(NodeId))]
#[post("/time-nodes/{id}/comments")]
async fn on_node(caller: Caller, Path(id): Path<NodeId>, body: Json<NewComment>) -> Result<Created<Comment>, Error> {
    create(caller, (CommentSubject::TimeNode, id.0), body).await
}

/// List the comments on a time node
#[utoipa::path(tag = "comments", params(NodeId, Part))]
#[get("/time-nodes/{id}/comments")]
async fn list_of_node(
    caller: Caller,
    Path(id): Path<NodeId>,
    Query(part): Query<Part>,
) -> Result<List<Comment>, Error> {
    list(caller, (CommentSubject::TimeNode, id.0), part).await
}

/// Comment on a progress report
#[utoipa::path(tag = "comments", params(ReportId))]
#[post("/progress-reports/{id}/comments")]
async fn on_report(
    caller: Caller,
    Path(id): Path<ReportId>,
    body: Json<NewComment>,
) -> Result<Created<Comment>, Error> {
    create(caller, (CommentSubject::ProgressReport, id.0), body).await
}

/// List the comments on a progress report
#[utoipa::path(tag = "comments", params(ReportId, Part))]
#[get("/progress-reports/{id}/comments")]
async fn list_of_report(
    caller: Caller,
    Path(id): Path<ReportId>,
    Query(part): Query<Part>,
) -> Result<List<Comment>, Error> {
    list(caller, (CommentSubject::ProgressReport, id.0), part).await
}

/// Comment on a meeting
///
/// For whoever reads it and works with it: its unit, those above it, and the units that it calls or names.
#[utoipa::path(tag = "comments", params(MeetingId))]
#[post("/meetings/{id}/comments")]
async fn on_meeting(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewComment>,
) -> Result<Created<Comment>, Error> {
    create(caller, (CommentSubject::Meeting, id.0), body).await
}

/// List the comments on a meeting
#[utoipa::path(tag = "comments", params(MeetingId, Part))]
#[get("/meetings/{id}/comments")]
async fn list_of_meeting(
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(part): Query<Part>,
) -> Result<List<Comment>, Error> {
    list(caller, (CommentSubject::Meeting, id.0), part).await
}

async fn create(caller: Caller, about: About, body: Json<NewComment>) -> Result<Created<Comment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::create(conn, actor, about, &input)?;
            Created::new(&made, &format!("/comments/{}", made.id), made.version)
        })
        .await
}

async fn list(caller: Caller, about: About, part: Part) -> Result<List<Comment>, Error> {
    let page = PageRequest::new("comments", part.limit, part.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| List::read(&page, &actor.request, |page| actions::list(conn, actor, page, about)))
        .await
}

/// Read a comment
#[utoipa::path(tag = "comments", params(CommentId))]
#[get("/comments/{id}")]
async fn get_one(caller: Caller, Path(id): Path<CommentId>) -> Result<Item<Comment>, Error> {
    caller
        .read(move |conn, actor| {
            let comment = actions::read(conn, actor, id)?;
            Item::new(&comment, comment.version)
        })
        .await
}

/// Withdraw a comment
///
/// One's own: it stays in its place, without its text.
#[utoipa::path(tag = "comments", params(CommentId))]
#[post("/comments/{id}/withdrawal")]
async fn withdraw(caller: Caller, Path(id): Path<CommentId>) -> Result<Item<Comment>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let withdrawn = actions::withdraw(conn, actor, id)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}
