//! Opinions as they are shown, given and answered.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::OpinionId;
use crate::access::AccountId;
use crate::meetings::MeetingId;
use crate::meetings::decisions::DecisionId;
use crate::platform::text::Text;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// What becomes of an opinion: 采纳, 部分采纳, 不采纳, 留作参考.
    Disposition {
        Adopted = "adopted",
        PartlyAdopted = "partly_adopted",
        NotAdopted = "not_adopted",
        Noted = "noted",
    }
}

/// An opinion or suggestion 意见建议.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Opinion {
    pub id: OpinionId,
    pub meeting_id: MeetingId,
    /// The unit in whose name it was given.
    pub unit_id: UnitId,
    /// What was said; null once withdrawn.
    pub text: Option<String>,
    pub given_by: AccountId,
    /// Entered for the unit by an account without a post there 代录.
    pub on_behalf: bool,
    pub given_on: NaiveDate,
    /// The day its giver took it back; null while it stands.
    pub withdrawn_on: Option<NaiveDate>,
    /// What became of it; null while it awaits its answer.
    pub disposition: Option<Disposition>,
    /// What whoever gave it is told.
    pub reply: Option<String>,
    pub disposed_by: Option<AccountId>,
    pub disposed_on: Option<NaiveDate>,
    /// The decisions that take it up.
    pub decision_ids: Vec<DecisionId>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new opinion.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 3, "text": "建议统一支部工作手册的格式。"}))]
pub struct NewOpinion {
    /// The unit in whose name it is given: the meeting's own, or one that the meeting lists or calls.
    pub unit_id: UnitId,
    pub text: Text<5000>,
}

/// The answer to an opinion.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"disposition": "adopted", "reply": "已采纳，由党群工作部在6月底前统一格式。"}))]
pub struct NewDisposition {
    pub disposition: Disposition,
    /// What whoever gave it is told.
    pub reply: Text<5000>,
    /// A decision that takes it up, of a meeting of the same unit.
    #[serde(default)]
    pub decision_id: Option<DecisionId>,
}
