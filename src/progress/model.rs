//! Reports, reviews, attachments, and the inputs that make them.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rules::{Holding, ReturnKind};
use super::{AttachmentId, ReportId, ReviewId};
use crate::access::AccountId;
use crate::platform::text::{Notice, Prose, Text};
use crate::schema::{attachments, reviews};
use crate::time_nodes::NodeId;
use crate::word_enum;

word_enum! {
    /// Progress on the way, or that the thing is done.
    ReportKind { Progress = "progress", Completion = "completion" }
}

word_enum! {
    /// What became of a report.
    ReportState {
        Submitted = "submitted",
        Accepted = "accepted",
        Returned = "returned",
        Revoked = "revoked",
        Withdrawn = "withdrawn",
    }
}

word_enum! {
    /// The ruling of a review.
    ReviewVerdict { Accepted = "accepted", Returned = "returned" }
}

/// A progress report 进展填报.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgressReport {
    pub id: ReportId,
    pub node_id: NodeId,
    pub kind: ReportKind,
    pub text: String,
    /// How far the thing is, 0 to 100; only of progress.
    pub percent: Option<i64>,
    /// The day it was held 开展日期; only of completions.
    pub held_on: Option<NaiveDate>,
    /// Held after the due day in force 逾期开展; null without `held_on`.
    pub held_late: Option<bool>,
    /// How holding and reporting stand to the due day in force: `in_time`, `held_in_time_reported_late`
    /// 按期开展、逾期填报, or `held_late` 逾期开展; null without `held_on`.
    pub holding: Option<Holding>,
    /// Evidence kept on paper.
    pub on_paper: Vec<OnPaper>,
    /// Stored evidence files.
    pub attachments: Vec<Attachment>,
    /// The accepted completion that this one adds to.
    pub addition_to: Option<ReportId>,
    /// The activity that it was made of: id of the meeting; null when it was reported by itself.
    pub meeting_id: Option<i64>,
    /// The day that counts.
    pub reported_on: NaiveDate,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// The day that counts lies before the day it was recorded.
    pub back_dated: bool,
    pub reported_by: AccountId,
    /// Entered by the department for the unit 代录.
    pub on_behalf: bool,
    /// Hash of text and evidence; a review echoes it.
    pub content_hash: String,
    pub state: ReportState,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A report to be made.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "completion", "text": "6月29日召开支部党员大会，14人参加。", "held_on": "2020-06-29"}))]
pub struct NewReport {
    pub kind: ReportKind,
    pub text: Prose,
    /// How far the thing is, in percent; only of progress.
    #[serde(default)]
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub percent: Option<i64>,
    /// The day it was held, from the period's first day to the day of the report; only of completions.
    #[serde(default)]
    pub held_on: Option<NaiveDate>,
    /// Uploaded files, at most 50.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub attachment_ids: Vec<AttachmentId>,
    /// Evidence kept on paper, at most 50.
    #[serde(default)]
    #[validate(nested, length(max = 50))]
    #[schema(max_items = 50)]
    pub on_paper: Vec<OnPaper>,
    /// The day that counts; by default today. An earlier one is back-dating, for the department.
    #[serde(default)]
    pub reported_on: Option<NaiveDate>,
}

/// Evidence kept on paper 纸质存档.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "签到表", "reference": "2020-支-06", "place": "支部档案柜", "keeper": "组织委员"}))]
pub struct OnPaper {
    pub title: PaperText,
    /// Its number in the archive.
    #[serde(default)]
    pub reference: Option<PaperText>,
    /// Where it is kept.
    #[serde(default)]
    pub place: Option<PaperText>,
    /// Who keeps it: a post.
    #[serde(default)]
    pub keeper: Option<PaperText>,
}

/// A line about evidence on paper.
pub type PaperText = Text<200>;

/// More evidence or text after an acceptance 补充.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "补充签到表扫描件", "attachment_ids": [12]}))]
pub struct NewAddition {
    pub text: Prose,
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub attachment_ids: Vec<AttachmentId>,
    #[serde(default)]
    #[validate(nested, length(max = 50))]
    #[schema(max_items = 50)]
    pub on_paper: Vec<OnPaper>,
}

/// A ruling on a completion.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "accepted", "content_hash": "9f86d0…"}))]
pub struct NewReview {
    pub verdict: ReviewVerdict,
    /// The report's `content_hash`: what is judged.
    pub content_hash: String,
    /// Of a return; by default `not_done`.
    #[serde(default)]
    pub return_kind: Option<ReturnKind>,
    /// Required when returned.
    #[serde(default)]
    pub comment: Option<Prose>,
    /// The reviewer has seen the evidence kept on paper.
    #[serde(default)]
    pub on_paper_seen: bool,
}

/// A review 审核.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = reviews)]
pub struct Review {
    pub id: ReviewId,
    pub report_id: ReportId,
    pub verdict: ReviewVerdict,
    pub return_kind: Option<ReturnKind>,
    pub comment: Option<String>,
    /// The reviewer has seen the evidence kept on paper.
    pub on_paper_seen: bool,
    /// Hash of what was judged.
    pub content_hash: String,
    pub reviewed_by: AccountId,
    pub recorded_on: NaiveDate,
    /// When the acceptance was taken back.
    pub revoked_on: Option<NaiveDate>,
    pub revoked_by: Option<AccountId>,
    pub revocation_reason: Option<String>,
}

/// Why an acceptance is taken back.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "核查发现签到表与实际不符"}))]
pub struct Revocation {
    pub reason: Text<2000>,
}

/// A stored evidence file 附件.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    pub id: AttachmentId,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Type, found from the bytes.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    pub file_name: String,
    pub uploaded_by: AccountId,
    pub recorded_on: NaiveDate,
    /// The day on which its bytes were destroyed 销毁; the digest stays. Null while they are there.
    pub destroyed_on: Option<NaiveDate>,
}

/// What an upload answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Uploaded {
    #[serde(flatten)]
    pub attachment: Attachment,
    /// That nothing secret may be uploaded.
    pub notice: Notice,
}

/// The form of an upload.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"file": "%PDF-1.7 …"}))]
#[allow(dead_code, reason = "it only describes the form; the bytes are streamed")]
pub struct Upload {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

word_enum! {
    /// A thing that happened to a node.
    Happening {
        Born = "born",
        Reported = "reported",
        Withdrawn = "withdrawn",
        Accepted = "accepted",
        Returned = "returned",
        Revoked = "revoked",
        ExtensionRequested = "extension_requested",
        ExtensionApproved = "extension_approved",
        ExtensionRefused = "extension_refused",
        ExtensionWithdrawn = "extension_withdrawn",
        WaiverRequested = "waiver_requested",
        WaiverApproved = "waiver_approved",
        WaiverRefused = "waiver_refused",
        WaiverWithdrawn = "waiver_withdrawn",
        CancellationRequested = "cancellation_requested",
        CancellationApproved = "cancellation_approved",
        CancellationRefused = "cancellation_refused",
        CancellationWithdrawn = "cancellation_withdrawn",
        Urged = "urged",
    }
}

/// One line of a node's history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// The day it was recorded.
    pub on: NaiveDate,
    pub event: Happening,
    /// Who did it; null for the birth.
    pub account_id: Option<AccountId>,
    /// Id of the report, review, extension, waiver, cancellation or urge.
    pub id: Option<i64>,
    /// The text, comment or reason that went with it.
    pub text: Option<String>,
    /// The due day that it set or asked for.
    pub due_on: Option<NaiveDate>,
    /// Of a report that was made of an activity: id of the meeting.
    pub meeting_id: Option<i64>,
}
