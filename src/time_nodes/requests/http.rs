//! `extensions`, `waivers`, `cancellations`, and their lists under a time node.

use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::batch::{self, ExtensionBatch, ExtensionsMade};
use super::cancellations::{self, Cancellation};
use super::extensions::{self, Extension, NewExtension};
use super::waivers::{self, NewWaiver, Waiver};
use super::{Decision, Reason};
use crate::access::{Action, Actor, Caller};
use crate::platform::web::{Created, Item, Json, List, Path};
use crate::platform::{Conn, Error, Result};
use crate::time_nodes::{CancellationId, ExtensionId, NodeId, WaiverId, store};

pub fn routes(config: &mut ServiceConfig) {
    config.service(ask_extension).service(list_extensions).service(get_extension).service(decide_extension);
    config.service(withdraw_extension).service(ask_extensions);
    config.service(ask_waiver).service(list_waivers).service(get_waiver);
    config.service(decide_waiver).service(withdraw_waiver);
    config.service(ask_cancellation).service(list_cancellations).service(get_cancellation);
    config.service(decide_cancellation).service(withdraw_cancellation);
}

/// Refuses to show what hangs on a node out of reach.
fn require_reach(conn: &mut Conn, actor: &Actor, node_id: NodeId) -> Result<()> {
    let node = store::get(conn, node_id)?;
    actor.must(Action::ReadNodes, &node.site)
}

/// Ask for an extension, or grant it
///
/// Granted at once (`state: "approved"`) where the caller may; otherwise `requested`.
#[utoipa::path(tag = "extensions", params(NodeId))]
#[post("/time-nodes/{id}/extensions")]
async fn ask_extension(
    caller: Caller,
    Path(id): Path<NodeId>,
    body: Json<NewExtension>,
) -> Result<Created<Extension>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = extensions::create(conn, actor, id, &input)?;
            Created::new(&made, &format!("/extensions/{}", made.id), made.version)
        })
        .await
}

/// Ask for many extensions, or grant them
///
/// At most 500; each item answers for itself, or with `atomic` a wrong one refuses the whole (`batch_refused`).
#[utoipa::path(tag = "extensions")]
#[post("/extensions:batch")]
async fn ask_extensions(caller: Caller, body: Json<ExtensionBatch>) -> Result<Item<ExtensionsMade>, Error> {
    let input = body.value;
    caller.post(body.digest, move |conn, actor| Item::by_content(&batch::extend_all(conn, actor, &input)?)).await
}

/// List the extensions of a node
#[utoipa::path(tag = "extensions", params(NodeId))]
#[get("/time-nodes/{id}/extensions")]
async fn list_extensions(caller: Caller, Path(id): Path<NodeId>) -> Result<List<Extension>, Error> {
    caller
        .read(move |conn, actor| {
            require_reach(conn, actor, id)?;
            List::new(extensions::of_node(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read an extension
#[utoipa::path(tag = "extensions", params(ExtensionId))]
#[get("/extensions/{id}")]
async fn get_extension(caller: Caller, Path(id): Path<ExtensionId>) -> Result<Item<Extension>, Error> {
    caller
        .read(move |conn, actor| {
            let asked = extensions::get(conn, id)?;
            require_reach(conn, actor, asked.node_id)?;
            Item::new(&asked, asked.version)
        })
        .await
}

/// Decide on an extension
///
/// Not on one's own request.
#[utoipa::path(tag = "extensions", params(ExtensionId))]
#[post("/extensions/{id}/decision")]
async fn decide_extension(
    caller: Caller,
    Path(id): Path<ExtensionId>,
    body: Json<Decision>,
) -> Result<Item<Extension>, Error> {
    let decision = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let decided = extensions::decide(conn, actor, id, &decision)?;
            Item::new(&decided, decided.version)
        })
        .await
}

/// Withdraw a request for an extension
///
/// As long as nobody has decided it, by whoever may ask for it.
#[utoipa::path(tag = "extensions")]
#[post("/extensions/{id}/withdrawal")]
async fn withdraw_extension(
    caller: Caller,
    Path(id): Path<ExtensionId>,
    body: Json<Reason>,
) -> Result<Item<Extension>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let withdrawn = extensions::withdraw(conn, actor, id, &input)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}

/// Ask for a waiver, or grant it
///
/// Also for nodes that are not applicable. Granted at once where the caller may; otherwise `requested`.
#[utoipa::path(tag = "waivers", params(NodeId))]
#[post("/time-nodes/{id}/waivers")]
async fn ask_waiver(caller: Caller, Path(id): Path<NodeId>, body: Json<NewWaiver>) -> Result<Created<Waiver>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = waivers::create(conn, actor, id, &input)?;
            Created::new(&made, &format!("/waivers/{}", made.id), made.version)
        })
        .await
}

/// List the waivers of a node
#[utoipa::path(tag = "waivers", params(NodeId))]
#[get("/time-nodes/{id}/waivers")]
async fn list_waivers(caller: Caller, Path(id): Path<NodeId>) -> Result<List<Waiver>, Error> {
    caller
        .read(move |conn, actor| {
            require_reach(conn, actor, id)?;
            List::new(waivers::of_node(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read a waiver
#[utoipa::path(tag = "waivers", params(WaiverId))]
#[get("/waivers/{id}")]
async fn get_waiver(caller: Caller, Path(id): Path<WaiverId>) -> Result<Item<Waiver>, Error> {
    caller
        .read(move |conn, actor| {
            let asked = waivers::get(conn, id)?;
            require_reach(conn, actor, asked.node_id)?;
            Item::new(&asked, asked.version)
        })
        .await
}

/// Decide on a waiver
///
/// Not on one's own request.
#[utoipa::path(tag = "waivers", params(WaiverId))]
#[post("/waivers/{id}/decision")]
async fn decide_waiver(caller: Caller, Path(id): Path<WaiverId>, body: Json<Decision>) -> Result<Item<Waiver>, Error> {
    let decision = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let decided = waivers::decide(conn, actor, id, &decision)?;
            Item::new(&decided, decided.version)
        })
        .await
}

/// Withdraw a waiver
///
/// One that awaits its decision, by whoever may ask for it; an approved one, by whoever may grant it: from then on the
/// node is judged by its own dates.
#[utoipa::path(tag = "waivers", params(WaiverId))]
#[post("/waivers/{id}/withdrawal")]
async fn withdraw_waiver(caller: Caller, Path(id): Path<WaiverId>, body: Json<Reason>) -> Result<Item<Waiver>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let withdrawn = waivers::withdraw(conn, actor, id, &input)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}

/// Ask for a cancellation, or grant it
///
/// Granted at once where the caller may; otherwise `requested`.
#[utoipa::path(tag = "cancellations", params(NodeId))]
#[post("/time-nodes/{id}/cancellations")]
async fn ask_cancellation(
    caller: Caller,
    Path(id): Path<NodeId>,
    body: Json<Reason>,
) -> Result<Created<Cancellation>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = cancellations::create(conn, actor, id, &input)?;
            Created::new(&made, &format!("/cancellations/{}", made.id), made.version)
        })
        .await
}

/// List the cancellations of a node
#[utoipa::path(tag = "cancellations", params(NodeId))]
#[get("/time-nodes/{id}/cancellations")]
async fn list_cancellations(caller: Caller, Path(id): Path<NodeId>) -> Result<List<Cancellation>, Error> {
    caller
        .read(move |conn, actor| {
            require_reach(conn, actor, id)?;
            List::new(cancellations::of_node(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read a cancellation
#[utoipa::path(tag = "cancellations", params(CancellationId))]
#[get("/cancellations/{id}")]
async fn get_cancellation(caller: Caller, Path(id): Path<CancellationId>) -> Result<Item<Cancellation>, Error> {
    caller
        .read(move |conn, actor| {
            let asked = cancellations::get(conn, id)?;
            require_reach(conn, actor, asked.node_id)?;
            Item::new(&asked, asked.version)
        })
        .await
}

/// Decide on a cancellation
///
/// Not on one's own request.
#[utoipa::path(tag = "cancellations", params(CancellationId))]
#[post("/cancellations/{id}/decision")]
async fn decide_cancellation(
    caller: Caller,
    Path(id): Path<CancellationId>,
    body: Json<Decision>,
) -> Result<Item<Cancellation>, Error> {
    let decision = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let decided = cancellations::decide(conn, actor, id, &decision)?;
            Item::new(&decided, decided.version)
        })
        .await
}

/// Withdraw a request for a cancellation
///
/// As long as nobody has decided it, by whoever may ask for it.
#[utoipa::path(tag = "cancellations")]
#[post("/cancellations/{id}/withdrawal")]
async fn withdraw_cancellation(
    caller: Caller,
    Path(id): Path<CancellationId>,
    body: Json<Reason>,
) -> Result<Item<Cancellation>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let withdrawn = cancellations::withdraw(conn, actor, id, &input)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}
