//! `settings`.

use actix_web::{get, patch};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::{InstallationSettings, SettingsPatch};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Item, Json, Query};

pub fn routes(config: &mut ServiceConfig) {
    config.service(read).service(change);
}

/// The day of the settings.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// As they were recorded by the end of this day; by default today.
    as_of: Option<NaiveDate>,
}

/// Read the settings of the installation
#[utoipa::path(tag = "settings", params(Filter))]
#[get("/settings")]
async fn read(caller: Caller, Query(filter): Query<Filter>) -> Result<Item<InstallationSettings>, Error> {
    caller
        .read(move |conn, actor| {
            let settings = actions::read(conn, actor, filter.as_of)?;
            Item::new(&settings, settings.version)
        })
        .await
}

/// Change the settings of the installation
///
/// A merge patch; needs `If-Match`. Holds from today on: past days are judged by the settings they had.
#[utoipa::path(tag = "settings")]
#[patch("/settings")]
async fn change(caller: Caller, body: Json<SettingsPatch>) -> Result<Item<InstallationSettings>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let settings = actions::change(conn, actor, &patch)?;
            Item::new(&settings, settings.version)
        })
        .await
}
