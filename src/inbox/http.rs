//! `inbox`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::{Inbox, InboxKind};
use crate::access::Caller;
use crate::platform::web::{Item, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(inbox);
}

/// Which part of the inbox to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only items of this kind.
    kind: Option<InboxKind>,
    /// Items of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// Read the inbox
///
/// What waits today for whoever asks, the most urgent first: red, then yellow, then the rest, and the oldest of each
/// first.
#[utoipa::path(tag = "inbox", params(Asked))]
#[get("/inbox")]
async fn inbox(caller: Caller, Query(asked): Query<Asked>) -> Result<Item<Inbox>, Error> {
    let page = PageRequest::new("inbox", asked.limit, asked.cursor.as_deref(), false)?;
    caller.read_long(move |conn, actor| Item::by_content(&actions::read(conn, actor, &page, asked.kind)?)).await
}
