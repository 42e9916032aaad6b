//! `plans/{id}/task-list`, `plans/{id}/responsibility-list`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{ResponsibilityList, TaskList};
use super::{tables, task_list};
use crate::access::{Caller, UnitId};
use crate::plans::PlanId;
use crate::platform::Error;
use crate::platform::web::{Document, Path, Query};

pub fn routes(config: &mut ServiceConfig) {
    config.service(read_task_list).service(read_responsibility_list);
}

/// Read the task list of a plan
///
/// 任务清单: every key point and task with who has a part in it and when it is due. As CSV or XLSX, a row a
/// task.
#[utoipa::path(tag = "plans", params(PlanId))]
#[get("/plans/{id}/task-list")]
async fn read_task_list(caller: Caller, Path(id): Path<PlanId>) -> Result<Document<TaskList>, Error> {
    caller
        .read_long(move |conn, actor| {
            let list = task_list(conn, actor, id)?;
            Document::of(&list, &actor.request, tables::task_rows)
        })
        .await
}

/// Whose responsibilities to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfUnit {
    /// Of this unit only.
    unit_id: Option<UnitId>,
}

/// Read the responsibility list of a plan
///
/// 责任清单: by unit in the units' own order, the tasks in which it has a part. As CSV or XLSX, a row a unit
/// and task.
#[utoipa::path(tag = "plans", params(PlanId, OfUnit))]
#[get("/plans/{id}/responsibility-list")]
async fn read_responsibility_list(
    caller: Caller,
    Path(id): Path<PlanId>,
    Query(query): Query<OfUnit>,
) -> Result<Document<ResponsibilityList>, Error> {
    caller
        .read_long(move |conn, actor| {
            let list = super::responsibility_list(conn, actor, id, query.unit_id)?;
            Document::of(&list, &actor.request, tables::held_rows)
        })
        .await
}
