//! `attachments/{id}/destroy`.

use actix_web::{get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Destruction, NewDestruction, ask, decide, of_attachment, remove_bytes};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Created, Item, Json, List, Path};
use crate::progress::{AttachmentId, Evidence, attachments};
use crate::time_nodes::requests::Decision;

pub fn routes(config: &mut ServiceConfig) {
    config.service(ask_destruction).service(list_destructions).service(decide_destruction);
}

/// Ask that the bytes of an attachment be destroyed
///
/// Somebody else must confirm it. For whoever may read the attachment and upload.
#[utoipa::path(tag = "attachments")]
#[post("/attachments/{id}/destroy")]
async fn ask_destruction(
    caller: Caller,
    Path(id): Path<AttachmentId>,
    body: Json<NewDestruction>,
) -> Result<Created<Destruction>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = ask(conn, actor, id, &input)?;
            Created::new(&made, &format!("/attachments/{id}/destroy"), 1)
        })
        .await
}

/// List the requests to destroy an attachment
#[utoipa::path(tag = "attachments")]
#[get("/attachments/{id}/destroy")]
async fn list_destructions(caller: Caller, Path(id): Path<AttachmentId>) -> Result<List<Destruction>, Error> {
    caller
        .read(move |conn, actor| {
            attachments::read(conn, actor, id)?;
            List::new(of_attachment(conn, id)?, None, &actor.request)
        })
        .await
}

/// Confirm or refuse the destruction of an attachment
///
/// Never by the one who asked. Approved, the bytes are gone for good, also those of other uploads of the same file; the
/// digest stays, and whatever names the attachment goes on naming it as destroyed. For the department and the leaders
/// above everything that names it.
#[utoipa::path(tag = "attachments")]
#[post("/attachments/{id}/destroy/decision")]
async fn decide_destruction(
    caller: Caller,
    files: web::Data<Evidence>,
    Path(id): Path<AttachmentId>,
    body: Json<Decision>,
) -> Result<Item<Destruction>, Error> {
    let decision = body.value;
    let decided =
        caller.post(body.digest, move |conn, actor| Item::by_content(&decide(conn, actor, id, &decision)?)).await?;
    caller.read(move |conn, _| remove_bytes(conn, &files, id)).await?;
    Ok(decided)
}
