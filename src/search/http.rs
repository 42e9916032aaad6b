//! `search`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Found, FoundKind};
use super::{actions, rules};
use crate::access::Caller;
use crate::platform::web::{List, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(search);
}

/// What to look for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Parts of words, 1 to 100 characters; several with spaces between them must all be found. The case of a to z does
    /// not matter.
    #[param(
        min_length = 1,
        max_length = 100,
        // As of every text; a marking may be looked for.
        pattern = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
    )]
    q: String,
    /// Only of this kind.
    kind: Option<FoundKind>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// Search
///
/// Units, plans, key points, tasks, time nodes, progress reports, meetings, comments, opinions, decisions, findings, standard sets, clauses and bulletins that
/// one may read, by any part of a word; by kind, the newest of each first.
#[utoipa::path(tag = "search", params(Asked))]
#[get("/search")]
async fn search(caller: Caller, Query(asked): Query<Asked>) -> Result<List<Found>, Error> {
    let page = PageRequest::new("search", asked.limit, asked.cursor.as_deref(), caller.request.wants_table())?;
    let words = rules::words(&asked.q)?;
    caller
        .read_long(move |conn, actor| {
            List::read(&page, &actor.request, |page| actions::search(conn, actor, page, &words, asked.kind))
        })
        .await
}
