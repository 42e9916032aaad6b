//! Time nodes 时间节点: what a unit owes on a day. A node is born when its plan is issued, one an entry, owing unit and
//! period. How it stands is an interval row ([`store`]): every change of its due day, of its exclusion or of what was
//! reported closes one row and opens the next, so the verdict of any past day can be read back. The verdict itself is
//! one pure function, [`rules::judge`], used by every screen, report and list.

pub mod closing;
pub mod http;
pub mod issue;
pub mod model;
pub mod requests;
pub mod revise;
pub mod rules;
pub mod store;
pub mod urges;

pub use model::TimeNode;
pub use rules::{Excluded, Judged, Light, NodeFacts, Phase, Standing, Verdict};

use crate::{codes, id_type};

id_type! {
    /// A time node.
    NodeId
}
id_type! {
    /// A request for a later due day.
    ExtensionId
}
id_type! {
    /// A request to waive a node or find it not applicable.
    WaiverId
}
id_type! {
    /// A request to cancel a node.
    CancellationId
}
id_type! {
    /// An urge.
    UrgeId
}

codes! {
    ALREADY_ISSUED: 409 "already_issued" "计划已于 {on} 下达。" "The plan was issued on {on} already.";
    NOTHING_TO_ISSUE: 422 "nothing_to_issue" "计划还没有任务。" "The plan has no task yet.";
    NOBODY_OWES: 422 "nobody_owes" "任务 {code}《{title}》没有责任单位或牵头单位。" "Nobody owes task {code} “{title}”: give it a responsible unit or a lead.";
    NOT_SCHEDULED: 422 "not_scheduled" "任务 {code}《{title}》没有时限；请定时限，或注明未定时限 `unscheduled`。"
        "Task {code} “{title}” has no schedule: date it, or mark it unscheduled with its words.";
    NOBODY_REVIEWS: 422 "nobody_reviews" "“{unit}”的填报没有人可以审核；请先任命上级的书记、领导或党务部门。"
        "Nobody could review what “{unit}” reports: appoint a secretary, leader or department above it first.";
    SUPERIOR_OWES: 422 "superior_owes" "上级单位“{unit}”不承担任务。" "The superior unit “{unit}” owes nothing.";
    BACKFILL_UNKNOWN: 422 "backfill_unknown" "计划中没有编号为 {id} 的任务。" "The plan has no task with the id {id}.";
    NODE_NOT_OPEN: 409 "node_not_open" "该节点当前为“{state}”，只有未完成或被退回的节点可以这样处理。"
        "The node is {state}; only an open or returned one can be dealt with so.";
    NODE_EXCLUDED: 409 "node_excluded" "该节点不计入（{reason}）。" "The node is excluded ({reason}).";
    REQUEST_PENDING: 409 "request_pending" "节点 {id}《{title}》已有一项同类申请待决定；请先决定或撤回该申请。"
        "Time node {id} “{title}” has a request of this kind that awaits its decision; decide or withdraw that one first.";
    EXTENSION_NOT_LATER: 422 "extension_not_later" "延期须晚于现到期日 {due_on}。" "An extension must be later than the due day in force, {due_on}.";
    ALREADY_DECIDED: 409 "already_decided" "该申请已有决定。" "The request is decided already.";
    OWN_REQUEST: 403 "own_request" "不能批准自己的申请；请由其他有权限的人决定。" "Nobody approves their own request; somebody else who may must decide.";
    REFUSAL_UNEXPLAINED: 422 "refusal_unexplained" "不批准须写明理由 `reason`。" "A refusal needs a reason.";
    NODE_UNKNOWN: 422 "node_unknown" "没有编号为 {id} 的时间节点；请核对编号。" "There is no time node with the id {id}; check the number.";
    NOT_WAIVED: 409 "not_waived" "只有已批准的豁免可以撤回。" "Only an approved waiver can be withdrawn.";
}
