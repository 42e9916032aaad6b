//! What units report of their time nodes, and what becomes of it: progress reports 进展填报 and completions, their
//! evidence 佐证材料, reviews 审核, additions 补充, revocations, withdrawals. Append-only: a withdrawal or revocation is
//! marked, nothing is rewritten. After every change the node's standing is computed anew from all its reports
//! ([`rules::standing`]) and handed to `time_nodes`.

pub mod attachments;
pub mod batch;
pub mod destruction;
pub mod drafts;
pub mod evidence;
pub mod history;
pub mod http;
pub mod model;
pub mod reports;
pub mod reviews;
pub mod rules;
pub mod store;

pub use evidence::Evidence;

use crate::{codes, id_type};

id_type! {
    /// A progress report.
    ReportId
}
id_type! {
    /// A review of a completion.
    ReviewId
}
id_type! {
    /// A draft of a report.
    DraftId
}
id_type! {
    /// A stored evidence file.
    AttachmentId
}

codes! {
    COMPLETION_STANDS: 409 "completion_stands" "该节点已有完成填报（{state}），不需要再报；如需补充，请用补充 `additions`。"
        "The node has its completion already ({state}); to add to it, use an addition `additions`.";
    EVIDENCE_REQUIRED: 422 "evidence_required" "该任务的完成填报须附佐证材料 `attachment_ids`，或注明纸质材料存放处 `on_paper`。"
        "A completion of this task needs evidence: files `attachment_ids`, or where it is kept on paper `on_paper`.";
    HELD_ON_OUTSIDE: 422 "held_on_outside" "开展日期须在 {first} 至 {last} 之间。" "The day it was held `held_on` must lie between {first} and {last}.";
    PERIOD_NOT_BEGUN: 409 "period_not_begun" "该节点的周期自 {from} 开始；请到那天再填报完成，此前可填报进展。"
        "The period of this node begins on {from}; report its completion from that day on, and progress before.";
    REPORTED_ON_OUTSIDE: 422 "reported_on_outside" "填报日期须在 {first} 至 {last} 之间。" "The day of the report `reported_on` must lie between {first} and {last}.";
    ONLY_COMPLETION: 422 "only_completion" "这一项 `{field}` 只用于完成填报。" "This field `{field}` is for completions only.";
    ONLY_PROGRESS: 422 "only_progress" "进度 `percent` 只用于进展填报。" "A percentage `percent` is for reports of progress only.";
    ATTACHMENT_UNKNOWN: 422 "attachment_unknown" "没有您可用的编号为 {id} 的附件。" "There is no attachment {id} that you may use.";
    EVIDENCE_GONE: 409 "evidence_gone" "附件 {id} 的文件已不在；请重新上传。" "The file of attachment {id} is gone; upload it again.";
    ATTACHMENT_DESTROYED: 409 "attachment_destroyed" "附件 {id} 的文件已于 {on} 销毁，不能再使用；请改用其他材料。"
        "The file of attachment {id} was destroyed on {on} and can't be used any more; use other evidence.";
    UPLOAD_DESTROYED: 409 "upload_destroyed" "该文件已于 {on} 销毁，不能再次上传。" "This file was destroyed on {on}; it is not taken again.";
    DESTRUCTION_PENDING: 409 "destruction_pending" "附件 {id} 的销毁申请正待另一人确认。" "The destruction of attachment {id} awaits somebody else's confirmation.";
    NO_DESTRUCTION: 409 "no_destruction" "附件 {id} 没有待确认的销毁申请；请先提出申请。" "Nobody has asked to destroy attachment {id}; ask first.";
    OWN_REPORT: 403 "own_report" "不能审核自己填报的内容；请由其他有权限的人审核。" "Nobody reviews their own report; somebody else who may must review it.";
    NOT_THE_REPORTER: 403 "not_the_reporter" "只有填报人可以撤回。" "Only the account that reported may withdraw.";
    ALREADY_REVIEWED: 409 "already_reviewed" "该填报已审核。" "The report has been reviewed already.";
    NOT_REVIEWABLE: 409 "not_reviewable" "该填报不需要审核，或已撤回。" "The report needs no review, or was withdrawn.";
    CONTENT_CHANGED: 409 "content_changed" "content_hash 与填报内容不一致；请重新读取后再审核。"
        "The content_hash is not that of the report; read it again before reviewing.";
    COMMENT_REQUIRED: 422 "comment_required" "退回须写明意见 `comment`。" "A return needs a comment.";
    RETURN_KIND_UNUSED: 422 "return_kind_unused" "退回类别 `return_kind` 只用于退回。" "The kind of a return `return_kind` is for returns only.";
    SUPPLEMENT_USED: 409 "supplement_used" "该节点已退回补正过一次；此次请按不予认可退回。"
        "The node was returned for a supplement once already; this time return it as not_done.";
    NOT_ACCEPTED: 409 "not_accepted" "只有已通过的完成填报可以这样处理。" "Only an accepted completion can be dealt with so.";
    ATTACHMENT_TOO_LARGE: 413 "attachment_too_large" "文件超过 {limit} 字节的上限。" "The file exceeds the limit of {limit} bytes.";
    ATTACHMENT_TYPE: 415 "attachment_type" "不接受这种文件；可用：{accepted}。" "This kind of file is not taken; accepted: {accepted}.";
    ATTACHMENT_MISSING: 422 "attachment_missing" "请以 multipart/form-data 发送一个名为 file 的文件。"
        "Send one file named file as multipart/form-data.";
}
