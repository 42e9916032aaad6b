//! What the inbox shows.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::meetings::receipts::ReceiptKind;
use crate::time_nodes::Light;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// Why something waits.
    InboxKind {
        /// A node of one's own unit, overdue, due, due soon or returned.
        ToReport = "to_report",
        /// A completion or an addition that one may review.
        ToReview = "to_review",
        /// A request that one may decide.
        ToDecide = "to_decide",
        /// A plan, a revision, a call to a meeting or minutes that one's own unit has not signed for.
        ToSignFor = "to_sign_for",
        /// Minutes of a meeting of one's own unit that were drafted and not signed.
        ToSignMinutes = "to_sign_minutes",
        /// A meeting or activity of one's own unit whose day has come and that was neither held nor cancelled.
        ToHold = "to_hold",
        /// A unit that owes and has nobody appointed who could sign.
        NobodyAppointed = "nobody_appointed",
        /// A unit whose term ends within six months, or has ended.
        TermEnds = "term_ends",
        /// An opinion given to a meeting that awaits one's answer.
        ToAnswer = "to_answer",
        /// An answer of the last fourteen days to an opinion of one's own or of one's unit.
        Answered = "answered",
        /// A finding that one's own unit must put right: without a measure yet, or with measures of the unit.
        ToRectify = "to_rectify",
        /// A finding whose close-out was applied for, or a self-assessed assessment, that one may check.
        ToCheck = "to_check",
        /// A finding whose check was passed and that one may close.
        ToClose = "to_close",
        /// A closed finding that one raised and that nobody has looked back at yet.
        ToRecheck = "to_recheck",
        /// An assessment of one's own branch that is not self-assessed yet.
        ToSelfAssess = "to_self_assess",
        /// The newest checked assessment of a branch, that one may rule on.
        ToRecognise = "to_recognise",
        /// A draft of a bulletin that one may approve.
        ToApprove = "to_approve",
    }
}

word_enum! {
    /// What the id of an item is one of.
    InboxSubject {
        TimeNode = "time_node",
        ProgressReport = "progress_report",
        Extension = "extension",
        Waiver = "waiver",
        Cancellation = "cancellation",
        Plan = "plan",
        Meeting = "meeting",
        Unit = "unit",
        Opinion = "opinion",
        Finding = "finding",
        Assessment = "assessment",
        Bulletin = "bulletin",
        /// A file whose destruction was asked for.
        Attachment = "attachment",
    }
}

/// One thing that waits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InboxItem {
    pub kind: InboxKind,
    pub subject: InboxSubject,
    /// Id of the subject.
    #[schema(example = 1)]
    pub id: i64,
    /// The unit it is about: who owes, has reported, has asked, should sign, has said something.
    pub unit_id: UnitId,
    /// Title of the node, plan, meeting, finding, bulletin or standard set, name of the unit or file, or beginning of the
    /// opinion.
    pub title: String,
    /// The due day in force of the node, the day a meeting is called for, the day the term ends, or the first day of the
    /// unit's measures; null where there is none.
    pub due_on: Option<NaiveDate>,
    /// Days from today to `due_on`, negative when it has passed.
    pub days_left: Option<i64>,
    /// The colour of the node today; of a unit and of a meeting to hold, red or yellow; of a finding red once a measure is
    /// overdue, yellow when one is due soon or none was taken.
    pub light: Option<Light>,
    /// The last day on which one was urged to report it; null when it never was.
    pub last_urged_on: Option<NaiveDate>,
    /// The day since which it waits for a review, a decision, a signature or an answer; of an answer, its day.
    pub since: Option<NaiveDate>,
    /// Of what is to sign for: 0 for the plan as issued, else the number of the revision.
    pub revision: Option<i64>,
    /// Of a meeting to sign for: its call, or its minutes.
    pub receipt: Option<ReceiptKind>,
}

/// How many things of each kind wait.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxCounts {
    pub to_report: i64,
    pub to_review: i64,
    pub to_decide: i64,
    pub to_sign_for: i64,
    pub to_sign_minutes: i64,
    pub to_hold: i64,
    pub nobody_appointed: i64,
    pub term_ends: i64,
    pub to_answer: i64,
    pub answered: i64,
    pub to_rectify: i64,
    pub to_check: i64,
    pub to_close: i64,
    pub to_recheck: i64,
    pub to_self_assess: i64,
    pub to_recognise: i64,
    pub to_approve: i64,
}

/// What waits today, the most urgent first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Inbox {
    /// The business day.
    pub as_of: NaiveDate,
    /// Of everything that waits, whatever the page and the kind asked for.
    pub counts: InboxCounts,
    pub items: Vec<InboxItem>,
    pub next_cursor: Option<String>,
}
