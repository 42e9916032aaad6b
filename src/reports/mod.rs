//! What the numbers are: the compliance report of any day, grouped, and explained down to the ids; the trend of a year,
//! the path to the target, what was extended, waived or cancelled, how soon reports are reviewed, what has no date, and who must be urged. No figure is stored:
//! each is computed from the interval rows by the one verdict, so a past report stays what it was. Only the close of a
//! plan ([`close`]) keeps a text: its year report, as it read on that day.

pub mod actions;
pub mod adjustments;
pub mod attendance;
pub mod clauses;
pub mod close;
pub mod explain;
pub mod flags;
pub mod http;
pub mod model;
pub mod path;
pub mod rectification;
pub mod reviews;
pub mod rules;
pub mod store;
pub mod table;
pub mod trend;
pub mod unscheduled;
pub mod urge_list;
pub mod year;

use crate::codes;

codes! {
    PLAN_NOT_ISSUED: 409 "plan_not_issued" "计划尚未下达，不能关闭。" "The plan is not issued; there is nothing to close.";
    CLOSE_UNEXPLAINED: 422 "close_unexplained" "计划年度至 {last} 才结束；提前关闭须写明理由 reason。"
        "The plan's year lasts until {last}; closing earlier needs a reason.";
    OPEN_NOT_SETTLED: 422 "open_not_settled" "有 {count} 个到期未完成的节点尚未处理；请在 open 中逐一结转或写明理由。"
        "{count} nodes are open and past due; carry each over in open, or leave it with a reason.";
    NODE_NOT_SETTLED: 422 "node_not_settled" "节点 {id}《{title}》（{unit}，{due_on} 到期）尚未处理。"
        "Node {id} “{title}” of {unit}, due {due_on}, is not settled.";
    NODE_NOT_OPEN_HERE: 422 "node_not_open_here" "节点 {id} 不是该计划到期未完成的节点；请先用 dry_run 查看。"
        "Node {id} is not open and past due in this plan; look with dry_run first.";
    NODE_NAMED_TWICE: 422 "node_named_twice" "节点 {id} 出现了不止一次。" "Node {id} is named more than once.";
    LEFT_UNEXPLAINED: 422 "left_unexplained" "不结转的节点 {id} 须写明理由 reason。" "Node {id} is not carried over: give the reason.";
    NO_NEXT_DRAFT: 422 "no_next_draft" "该组织没有 {year} 年度计划的草案可供结转；请先建立草案，或写明理由。"
        "The unit has no draft plan of {year} to carry over into; make one first, or leave the node with a reason.";
    NARROW: 422 "narrow" "超过 {limit} 个节点，无法逐一列出；请缩小组织或年度范围。"
        "More than {limit} nodes to list one by one; narrow the unit or the year.";
}

/// Version of the form of the reports; a form that was given out stays askable.
pub const REPORT_VERSION: i64 = 1;
