//! The fill-in workbook 填报表: the open time nodes of some units, a row each, to be filled in away from the system and
//! handed back as drafts or as reports. A row that was left blank says nothing; the others go through the ordinary
//! actions, each under the version of its node that the row was made from: what was reported meanwhile is not reported
//! twice.

pub mod hand_in;
mod rows;
mod take;

pub use take::workbook;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::platform::web::ItemProblem;
use crate::progress::drafts::ReportDraft;
use crate::progress::model::ProgressReport;
use crate::time_nodes::NodeId;
use crate::units::UnitId;
use crate::word_enum;

/// Name of the sheet.
const SHEET: &str = "填报表";
/// What the hidden column of versions is headed with.
const MARK: &str = "duban:fill-in:1";

/// The columns, in their order.
const NODE: &str = "节点编号";
const UNIT: &str = "党组织";
const TASK: &str = "任务";
const PERIOD: &str = "期间";
const DUE: &str = "完成时限";
const STANDING: &str = "状态";
const KIND: &str = "填报类型";
const TEXT: &str = "完成情况";
const PERCENT: &str = "完成比例（%）";
const HELD_ON: &str = "开展日期";
const EVIDENCE: &str = "佐证说明";

/// The words of the column 填报类型; blank is the first.
const COMPLETION: &str = "完成";
const PROGRESS: &str = "进展";

word_enum! {
    /// What becomes of the rows that are handed in.
    HandInAs {
        /// Drafts, to be looked at and signed.
        Drafts = "drafts",
        /// Reports, at once.
        Reports = "reports",
    }
}

/// Whose nodes to fill in.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Of this unit and everything below it; by default of the units one reports for.
    pub unit_id: Option<UnitId>,
    /// Due on this day or earlier; by default whenever.
    pub due_to: Option<NaiveDate>,
}

/// How to take what is handed in.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Manner {
    /// What the rows become; by default drafts.
    #[serde(rename = "as", default = "drafts")]
    #[param(rename = "as", required = false, inline)]
    pub hand_in_as: HandInAs,
    /// All or none: one wrong row refuses the whole; by default each row answers for itself.
    #[serde(default)]
    #[param(required = false)]
    pub atomic: bool,
}

fn drafts() -> HandInAs {
    HandInAs::Drafts
}

/// What a fill-in workbook came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedIn {
    /// One a row that was filled in, in their order.
    pub items: Vec<RowOutcome>,
    /// How many rows were taken.
    pub made: usize,
    /// How many were refused.
    pub refused: usize,
}

/// What one row came to: a draft, a report or a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowOutcome {
    /// The row of the sheet, from 1.
    pub row: u32,
    /// The time node that the row names; null where it names none.
    pub time_node_id: Option<NodeId>,
    /// The HTTP status that the row would have had alone: 201, or 200 where such a draft was there already.
    pub status: u16,
    /// The report, when one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<ProgressReport>,
    /// The draft, when one was made or there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<ReportDraft>,
    /// The refusal; its places name cells, such as 填报表!H7.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ItemProblem>,
}

/// The form in which the workbook is handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"file": "…"}))]
#[allow(dead_code, reason = "it only describes the form; the bytes are streamed")]
pub struct FillInFile {
    /// The workbook, or the same table as CSV.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
