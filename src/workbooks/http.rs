//! `fill-in-workbook`, and the reports for paper.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, get, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::fill_in::{self, FillInFile, HandedIn, Manner, Wanted};
use super::{FILL_IN_FILE, monthly, year_sheet};
use crate::access::{Caller, UnitId};
use crate::platform::Error;
use crate::platform::web::{Item, Query, SentFile, Sheet, limits, one_file, open_book};
use crate::progress::Evidence;

pub fn routes(config: &mut ServiceConfig) {
    config.service(take_fill_in).service(hand_in_fill_in);
    config.service(monthly_report).service(sheet_of_year);
}

/// Download the fill-in workbook
///
/// 填报表: the open and returned time nodes for which one reports, a row each, to be filled in and handed back. The
/// department may name a branch and fill in for it 代录.
#[utoipa::path(tag = "fill-in-workbook", params(Wanted))]
#[get("/fill-in-workbook")]
async fn take_fill_in(caller: Caller, Query(wanted): Query<Wanted>) -> Result<Sheet, Error> {
    let written = caller.read_long(move |conn, actor| fill_in::workbook(conn, actor, &wanted)).await?;
    Ok(Sheet(SentFile::xlsx(written, "fill-in")?))
}

/// Hand a filled-in workbook back
///
/// One file named `file`, .xlsx or .csv. Each row that was filled in becomes a draft or a report by the ordinary rules; a
/// row whose node was changed since the download is refused as stale. At most 500 rows. 本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密。
#[utoipa::path(
    tag = "fill-in-workbook",
    params(Manner),
    request_body(content = FillInFile, content_type = "multipart/form-data")
)]
#[post("/fill-in-workbook")]
async fn hand_in_fill_in(
    caller: Caller,
    evidence: web::Data<Evidence>,
    Query(manner): Query<Manner>,
    request: HttpRequest,
    form: Multipart,
) -> Result<Item<HandedIn>, Error> {
    caller.read(|_, _| Ok(())).await?;
    let (_, bytes) = one_file(form, &FILL_IN_FILE, limits(&request).upload_time).await?;
    let digest = format!("fill-in {manner:?} {}", hex::encode(Sha256::digest(&bytes)));
    let book = open_book(Arc::new(bytes), "填报表".to_owned()).await?;
    caller
        .post(digest, move |conn, actor| {
            Item::secret(&fill_in::hand_in::hand_in(conn, actor, &evidence, &book, manner)?)
        })
        .await
}

/// Which month of which unit.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfMonth {
    /// This unit and everything below it.
    unit_id: UnitId,
    /// The month, such as `2020-06`, not later than this one.
    month: String,
}

/// Download the monthly report of a unit
///
/// 月报, an XLSX workbook for A4: the figures by unit and by key point at the end of the month (of this month: today),
/// what is overdue, what the next month asks for. Every appointed account may; nodes only those within reach.
#[utoipa::path(tag = "reports", params(OfMonth))]
#[get("/reports/monthly")]
async fn monthly_report(caller: Caller, Query(query): Query<OfMonth>) -> Result<Sheet, Error> {
    let name = format!("monthly-{}", query.unit_id);
    let written = caller.read_long(move |conn, actor| monthly::workbook(conn, actor, query.unit_id, &query.month));
    Ok(Sheet(SentFile::xlsx(written.await?, &name)?))
}

/// Which year of which unit.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfYear {
    /// This unit, without those below it.
    unit_id: UnitId,
    /// Year of the plans; by default that of `as_of`.
    year: Option<i64>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
}

/// Download the year sheet of a unit
///
/// An XLSX workbook for A4: every time node that the unit owes in the year, where each stands, and the rates above them.
#[utoipa::path(tag = "reports", params(OfYear))]
#[get("/reports/year-sheet")]
async fn sheet_of_year(caller: Caller, Query(query): Query<OfYear>) -> Result<Sheet, Error> {
    let name = format!("year-{}", query.unit_id);
    let OfYear { unit_id, year, as_of } = query;
    let written = caller.read_long(move |conn, actor| year_sheet::workbook(conn, actor, unit_id, year, as_of));
    Ok(Sheet(SentFile::xlsx(written.await?, &name)?))
}
