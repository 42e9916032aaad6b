//! What is found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::plans::PlanId;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// What was found, in the order of the answer.
    FoundKind {
        Unit = "unit",
        Plan = "plan",
        KeyPoint = "key_point",
        Task = "task",
        TimeNode = "time_node",
        ProgressReport = "progress_report",
        Meeting = "meeting",
        Comment = "comment",
        Opinion = "opinion",
        Decision = "decision",
        Finding = "finding",
        StandardSet = "standard_set",
        Clause = "clause",
        Bulletin = "bulletin",
    }
}

/// Something that holds the words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Found {
    pub kind: FoundKind,
    /// Its id in the collection of its kind.
    #[schema(example = 1)]
    pub id: i64,
    /// Its title; of a report or comment that of what it is about, of an opinion that of the meeting.
    pub title: String,
    /// The place where the words stand.
    #[schema(example = "…修订标准化作业程序…")]
    pub snippet: String,
    /// The unit it belongs to; of a finding the first that one may read.
    pub unit_id: UnitId,
    /// The plan it belongs to; null where it belongs to none.
    pub plan_id: Option<PlanId>,
}

/// A row that was found, before its snippet is cut.
#[derive(Debug, Clone)]
pub struct Hit {
    pub id: i64,
    pub title: String,
    /// The texts that were looked through, in their order.
    pub texts: Vec<String>,
    pub unit_id: UnitId,
    pub plan_id: Option<PlanId>,
}
