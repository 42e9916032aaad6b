//! `assessments`.

use actix_web::{delete, get, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{
    Approval, Assessment, AssessmentState, CheckResults, NewAssessment, NewCheck, NewRuling, RecognitionWithdrawal,
    ResultLine, SelfResults,
};
use super::{AssessmentId, check, open, recognise, self_assess, store};
use crate::access::{Action, Caller, UnitId};
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::progress::Evidence;
use crate::standards::SetId;
use crate::units;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(get_one).service(remove);
    config.service(list_results).service(put_self_results).service(submit);
    config.service(put_results).service(approve).service(check_one);
    config.service(rule).service(withdraw);
}

type Files = web::Data<Evidence>;

/// Open an assessment of a branch
///
/// As a draft, against the set that applies, or against another published one of the branch or above it; one at a time.
#[utoipa::path(tag = "assessments")]
#[post("/assessments")]
async fn create(caller: Caller, body: Json<NewAssessment>) -> Result<Created<Assessment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = open::open(conn, actor, &input)?;
            Created::new(&made, &format!("/assessments/{}", made.id), made.version)
        })
        .await
}

/// Which assessments to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Of this unit and everything below it.
    unit_id: Option<UnitId>,
    /// Against this set.
    set_id: Option<SetId>,
    /// In this state.
    state: Option<AssessmentState>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List assessments
///
/// Those of units whose time nodes one reads.
#[utoipa::path(tag = "assessments", params(Asked))]
#[get("/assessments")]
async fn list(caller: Caller, Query(asked): Query<Asked>) -> Result<List<Assessment>, Error> {
    let page = PageRequest::new("assessments", asked.limit, asked.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            let path = match asked.unit_id {
                Some(id) => Some(units::store::named(conn, id, "unit_id")?.path),
                None => None,
            };
            let filter = store::Filter { path, set_id: asked.set_id, state: asked.state };
            List::read(&page, &actor.request, |page| store::list(conn, page, &actor.reach(Action::ReadNodes), &filter))
        })
        .await
}

/// Read an assessment
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[get("/assessments/{id}")]
async fn get_one(caller: Caller, Path(id): Path<AssessmentId>) -> Result<Item<Assessment>, Error> {
    caller
        .read(move |conn, actor| {
            let assessment = open::read(conn, actor, id)?;
            Item::new(&assessment, assessment.version)
        })
        .await
}

/// Delete an assessment
///
/// A draft; needs `If-Match`.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[delete("/assessments/{id}")]
async fn remove(caller: Caller, Path(id): Path<AssessmentId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| open::remove(conn, actor, id).map(|()| NoContent)).await
}

/// List the results of an assessment
///
/// Every clause of its set in order: what the branch says of itself, what the checker says, what the time nodes of the
/// linked tasks propose, and these nodes.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[get("/assessments/{id}/results")]
async fn list_results(caller: Caller, Path(id): Path<AssessmentId>) -> Result<List<ResultLine>, Error> {
    caller.read(move |conn, actor| List::new(open::lines(conn, actor, id)?, None, &actor.request)).await
}

/// Enter results of a self-assessment
///
/// While it is a draft, by the branch, or by the department for it.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[put("/assessments/{id}/self-results")]
async fn put_self_results(
    caller: Caller,
    files: Files,
    Path(id): Path<AssessmentId>,
    body: Json<SelfResults>,
) -> Result<Item<Assessment>, Error> {
    let input = body.value;
    caller
        .write(move |conn, actor| {
            let changed = self_assess::put(conn, actor, &files, id, &input)?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Submit a self-assessment
///
/// Once. It is shown beside the check and never counts.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[post("/assessments/{id}/self-assessment")]
async fn submit(caller: Caller, Path(id): Path<AssessmentId>) -> Result<Item<Assessment>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let submitted = self_assess::submit(conn, actor, id)?;
            Item::new(&submitted, submitted.version)
        })
        .await
}

/// Enter results of a check
///
/// Of a self-assessed one, by the department or a leader above, never by who holds a post in the branch or who submitted
/// the self-assessment.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[put("/assessments/{id}/results")]
async fn put_results(
    caller: Caller,
    files: Files,
    Path(id): Path<AssessmentId>,
    body: Json<CheckResults>,
) -> Result<Item<Assessment>, Error> {
    let input = body.value;
    caller
        .write(move |conn, actor| {
            let changed = check::put(conn, actor, &files, id, &input)?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Approve that clauses are not applicable
///
/// By a leader above, before the check.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[post("/assessments/{id}/approvals")]
async fn approve(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    body: Json<Approval>,
) -> Result<Item<Assessment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let approved = check::approve(conn, actor, id, &input)?;
            Item::new(&approved, approved.version)
        })
        .await
}

/// Check an assessment
///
/// Its results count from now on, and are frozen. A clause without a result becomes `not_assessed`: there what an
/// earlier check said goes on counting.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[post("/assessments/{id}/check")]
async fn check_one(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    body: Json<NewCheck>,
) -> Result<Item<Assessment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let checked = check::check(conn, actor, id, &input)?;
            Item::new(&checked, checked.version)
        })
        .await
}

/// Rule on a checked assessment
///
/// By a leader above, once. `recognised` is refused unless every mandatory clause of the set is met today.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[post("/assessments/{id}/recognition")]
async fn rule(caller: Caller, Path(id): Path<AssessmentId>, body: Json<NewRuling>) -> Result<Item<Assessment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let ruled = recognise::rule(conn, actor, id, &input)?;
            Item::new(&ruled, ruled.version)
        })
        .await
}

/// Withdraw a recognition
///
/// By a leader above, with a reason.
#[utoipa::path(tag = "assessments", params(AssessmentId))]
#[post("/assessments/{id}/withdrawal")]
async fn withdraw(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    body: Json<RecognitionWithdrawal>,
) -> Result<Item<Assessment>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let withdrawn = recognise::withdraw(conn, actor, id, &input)?;
            Item::new(&withdrawn, withdrawn.version)
        })
        .await
}
