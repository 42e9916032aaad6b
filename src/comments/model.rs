//! Comments as they are shown and made.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::CommentId;
use crate::access::AccountId;
use crate::platform::text::Text;
use crate::word_enum;

word_enum! {
    /// What a comment is about.
    CommentSubject { Task = "task", TimeNode = "time_node", ProgressReport = "progress_report", Meeting = "meeting" }
}

word_enum! {
    /// A comment 点评, or a leader's instruction 批示.
    CommentKind { Comment = "comment", Instruction = "instruction" }
}

/// A comment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Comment {
    pub id: CommentId,
    pub subject: CommentSubject,
    /// Id of the task, time node, report or meeting.
    pub subject_id: i64,
    pub kind: CommentKind,
    /// What was said; null once withdrawn.
    pub text: Option<String>,
    /// Who said it.
    pub account_id: AccountId,
    pub recorded_on: NaiveDate,
    /// The day its author took it back; null while it stands.
    pub withdrawn_on: Option<NaiveDate>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new comment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "请补充会议签到表。"}))]
pub struct NewComment {
    pub text: Text<5000>,
    /// An `instruction` is for a leader; by default `comment`.
    #[serde(default = "plain")]
    pub kind: CommentKind,
}

fn plain() -> CommentKind {
    CommentKind::Comment
}
