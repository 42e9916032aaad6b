//! `drafts`, and their list under a time node.

use actix_web::{delete, get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{DraftPatch, ReportDraft};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Created, Item, Json, List, NoContent, Path};
use crate::progress::model::{NewReport, ProgressReport};
use crate::progress::{DraftId, Evidence};
use crate::time_nodes::NodeId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_draft).service(list_drafts).service(get_draft);
    config.service(change_draft).service(remove_draft).service(sign_draft);
}

type Files = web::Data<Evidence>;

/// Draft a report on a time node
///
/// No report yet: the unit edits it freely, and signs it when it is ready.
#[utoipa::path(tag = "drafts", params(NodeId))]
#[post("/time-nodes/{id}/drafts")]
async fn create_draft(
    caller: Caller,
    files: Files,
    Path(id): Path<NodeId>,
    body: Json<NewReport>,
) -> Result<Created<ReportDraft>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = super::create(conn, actor, &files, id, input.clone())?;
            Created::new(&made, &format!("/drafts/{}", made.id), made.version)
        })
        .await
}

/// List the drafts on a time node
#[utoipa::path(tag = "drafts", params(NodeId))]
#[get("/time-nodes/{id}/drafts")]
async fn list_drafts(caller: Caller, Path(id): Path<NodeId>) -> Result<List<ReportDraft>, Error> {
    caller.read(move |conn, actor| List::new(super::list(conn, actor, id)?, None, &actor.request)).await
}

/// Read a draft
#[utoipa::path(tag = "drafts", params(DraftId))]
#[get("/drafts/{id}")]
async fn get_draft(caller: Caller, Path(id): Path<DraftId>) -> Result<Item<ReportDraft>, Error> {
    caller
        .read(move |conn, actor| {
            let draft = super::get(conn, actor, id)?;
            Item::new(&draft, draft.version)
        })
        .await
}

/// Edit a draft
///
/// A merge patch; needs `If-Match`.
#[utoipa::path(tag = "drafts", params(DraftId))]
#[patch("/drafts/{id}")]
async fn change_draft(
    caller: Caller,
    files: Files,
    Path(id): Path<DraftId>,
    body: Json<DraftPatch>,
) -> Result<Item<ReportDraft>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let draft = super::change(conn, actor, &files, id, patch.clone())?;
            Item::new(&draft, draft.version)
        })
        .await
}

/// Throw a draft away
///
/// Needs `If-Match`.
#[utoipa::path(tag = "drafts", params(DraftId))]
#[delete("/drafts/{id}")]
async fn remove_draft(caller: Caller, Path(id): Path<DraftId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| super::remove(conn, actor, id)).await?;
    Ok(NoContent)
}

/// Sign a draft
///
/// Makes a report of it, after the rules of any report; the draft is gone. Who signs is who reports.
#[utoipa::path(tag = "drafts", params(DraftId))]
#[post("/drafts/{id}/signature")]
async fn sign_draft(caller: Caller, files: Files, Path(id): Path<DraftId>) -> Result<Created<ProgressReport>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let made = super::sign(conn, actor, &files, id)?;
            Created::new(&made, &format!("/progress-reports/{}", made.id), made.version)
        })
        .await
}
