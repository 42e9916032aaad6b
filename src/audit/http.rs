//! `audit-entries`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{AuditEntry, list};
use crate::access::{AccountId, Action, Caller};
use crate::platform::text::Text;
use crate::platform::web::{List, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_entries);
}

/// Which entries to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Kind of thing, such as `plan`.
    #[param(inline)]
    subject: Option<Text<64>>,
    /// Id of the thing.
    subject_id: Option<i64>,
    /// Who acted.
    account_id: Option<AccountId>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// Read the audit log
///
/// For auditors. In the order of the chain; an entry appears once it is sealed, within a second.
#[utoipa::path(tag = "audit-entries", params(Filter))]
#[get("/audit-entries")]
async fn list_entries(caller: Caller, Query(filter): Query<Filter>) -> Result<List<AuditEntry>, Error> {
    let page = PageRequest::new("audit-entries", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ReadAudit)?;
            let subject = filter.subject.as_ref().map(Text::as_str);
            List::read(&page, &actor.request, |page| list(conn, page, subject, filter.subject_id, filter.account_id))
        })
        .await
}
