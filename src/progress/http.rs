//! `progress-reports`, `reviews`, `attachments`, and the history of a time node.

use actix_files::NamedFile;
use actix_multipart::Multipart;
use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::{HttpRequest, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::batch::{self, ReportBatch, ReportsMade};
use super::destruction::{self, require_bytes_not_destroyed};
use super::model::{
    Attachment, HistoryEntry, NewAddition, NewReport, NewReview, ProgressReport, Review, Revocation, Upload, Uploaded,
};
use super::{AttachmentId, EVIDENCE_GONE, Evidence, ReportId, attachments, drafts, history, reports, reviews, store};
use crate::access::{Action, Caller};
use crate::platform::Error;
use crate::platform::text::NOT_CLASSIFIED;
use crate::platform::web::{Created, Download, Item, Json, List, Path, limits};
use crate::time_nodes::{self, NodeId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(report).service(report_all).service(list_of_node).service(get_one).service(add).service(withdraw);
    config.service(review).service(list_reviews).service(revoke).service(list_history);
    config.configure(drafts::http::routes);
    config.service(upload).service(get_attachment).service(content);
    config.configure(destruction::http::routes);
}

type Files = web::Data<Evidence>;

/// Report on a time node
///
/// `progress` on the way, or `completion`: signed by a secretary, then reviewed.
#[utoipa::path(tag = "progress-reports", params(NodeId))]
#[post("/time-nodes/{id}/progress-reports")]
async fn report(
    caller: Caller,
    files: Files,
    Path(id): Path<NodeId>,
    body: Json<NewReport>,
) -> Result<Created<ProgressReport>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = reports::report(conn, actor, &files, id, &input)?;
            Created::new(&made, &format!("/progress-reports/{}", made.id), made.version)
        })
        .await
}

/// Report on many time nodes
///
/// At most 500; each item answers for itself, or with `atomic` a wrong one refuses the whole (`batch_refused`).
#[utoipa::path(tag = "progress-reports")]
#[post("/progress-reports:batch")]
async fn report_all(caller: Caller, files: Files, body: Json<ReportBatch>) -> Result<Item<ReportsMade>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| Item::by_content(&batch::report_all(conn, actor, &files, &input)?))
        .await
}

/// List the reports on a time node
#[utoipa::path(tag = "progress-reports", params(NodeId))]
#[get("/time-nodes/{id}/progress-reports")]
async fn list_of_node(caller: Caller, Path(id): Path<NodeId>) -> Result<List<ProgressReport>, Error> {
    caller.read(move |conn, actor| List::new(reports::of_node(conn, actor, id)?, None, &actor.request)).await
}

/// Read a report
#[utoipa::path(tag = "progress-reports", params(ReportId))]
#[get("/progress-reports/{id}")]
async fn get_one(caller: Caller, Path(id): Path<ReportId>) -> Result<Item<ProgressReport>, Error> {
    caller
        .read(move |conn, actor| {
            let row = store::get(conn, id)?;
            let node = time_nodes::store::get(conn, row.node_id)?;
            actor.must(Action::ReadNodes, &node.site)?;
            let shown = reports::read_one(conn, id, &node)?;
            Item::new(&shown, shown.version)
        })
        .await
}

/// Add to an accepted completion
///
/// More text or evidence; until it is reviewed the node is reported again, and its day stays.
#[utoipa::path(tag = "progress-reports", params(ReportId))]
#[post("/progress-reports/{id}/additions")]
async fn add(
    caller: Caller,
    files: Files,
    Path(id): Path<ReportId>,
    body: Json<NewAddition>,
) -> Result<Created<ProgressReport>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = reports::add(conn, actor, &files, id, &input)?;
            Created::new(&made, &format!("/progress-reports/{}", made.id), made.version)
        })
        .await
}

/// Withdraw a report
///
/// One's own, as long as nobody has reviewed it.
#[utoipa::path(tag = "progress-reports", params(ReportId))]
#[post("/progress-reports/{id}/withdrawal")]
async fn withdraw(caller: Caller, Path(id): Path<ReportId>) -> Result<Item<ProgressReport>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let withdrawn = reports::withdraw(conn, actor, id)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}

/// Review a completion
///
/// Accept or return it; `content_hash` says what was judged. Never by the account that reported.
#[utoipa::path(tag = "reviews", params(ReportId))]
#[post("/progress-reports/{id}/reviews")]
async fn review(
    caller: Caller,
    files: Files,
    Path(id): Path<ReportId>,
    body: Json<NewReview>,
) -> Result<Created<Review>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = reviews::review(conn, actor, &files, id, &input)?;
            Created::new(&made, &format!("/progress-reports/{id}/reviews"), 1)
        })
        .await
}

/// List the reviews of a report
#[utoipa::path(tag = "reviews", params(ReportId))]
#[get("/progress-reports/{id}/reviews")]
async fn list_reviews(caller: Caller, Path(id): Path<ReportId>) -> Result<List<Review>, Error> {
    caller
        .read(move |conn, actor| {
            let row = store::get(conn, id)?;
            let node = time_nodes::store::get(conn, row.node_id)?;
            actor.must(Action::ReadNodes, &node.site)?;
            List::new(store::review_of(conn, id)?.into_iter().collect(), None, &actor.request)
        })
        .await
}

/// Revoke an acceptance
///
/// With a reason: the node is returned and its day is gone.
#[utoipa::path(tag = "reviews", params(ReportId))]
#[post("/progress-reports/{id}/revocation")]
async fn revoke(
    caller: Caller,
    Path(id): Path<ReportId>,
    body: Json<Revocation>,
) -> Result<Item<ProgressReport>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let revoked = reviews::revoke(conn, actor, id, &input)?;
            Item::new(&revoked, revoked.version)
        })
        .await
}

/// Read the history of a time node
///
/// Reports, reviews, requests and urges, in the order of their days.
#[utoipa::path(tag = "time-nodes", params(NodeId))]
#[get("/time-nodes/{id}/history")]
async fn list_history(caller: Caller, Path(id): Path<NodeId>) -> Result<List<HistoryEntry>, Error> {
    caller.read(move |conn, actor| List::new(history::read(conn, actor, id)?, None, &actor.request)).await
}

/// Upload evidence
///
/// One file named `file`. 本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密。
#[utoipa::path(tag = "attachments", request_body(content = Upload, content_type = "multipart/form-data"))]
#[post("/attachments")]
async fn upload(
    caller: Caller,
    files: Files,
    request: HttpRequest,
    form: Multipart,
) -> Result<Created<Uploaded>, Error> {
    caller.read(|_, actor| attachments::require_upload(actor)).await?;
    let stored = files.receive(form, limits(&request).upload_time).await?;
    let (digest, sha256) = (format!("file {} {}", stored.file_name, stored.sha256), stored.sha256.clone());
    let made = caller
        .post(digest, move |conn, actor| {
            let attachment = attachments::create(conn, actor, &stored)?;
            let location = format!("/attachments/{}", attachment.id);
            Created::new(&Uploaded { attachment, notice: NOT_CLASSIFIED }, &location, 1)
        })
        .await;
    attachments::leave_nothing(&files, &sha256, made)
}

/// Read what is known of an attachment
#[utoipa::path(tag = "attachments", params(AttachmentId))]
#[get("/attachments/{id}")]
async fn get_attachment(caller: Caller, Path(id): Path<AttachmentId>) -> Result<Item<Attachment>, Error> {
    caller.read(move |conn, actor| Item::new(&attachments::read(conn, actor, id)?, 1)).await
}

/// Download an attachment
#[utoipa::path(tag = "attachments", params(AttachmentId))]
#[get("/attachments/{id}/content")]
async fn content(
    caller: Caller,
    files: Files,
    request: HttpRequest,
    Path(id): Path<AttachmentId>,
) -> Result<Download, Error> {
    let file = caller.read(move |conn, actor| attachments::read(conn, actor, id)).await?;
    require_bytes_not_destroyed(&file)?;
    let gone = || EVIDENCE_GONE.with([("id", id.to_string())]);
    let opened = NamedFile::open(files.path(&file.sha256)).map_err(|_| gone())?;
    let name =
        ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: file.file_name.into() };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(name)],
    };
    let media_type = file.media_type.parse().map_err(Error::internal)?;
    Ok(Download(opened.set_content_type(media_type).set_content_disposition(disposition).into_response(&request)))
}
