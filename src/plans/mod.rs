//! Plans 年度计划 with their three lists: key points 工作要点, tasks 工作任务 with their responsibilities 责任, and
//! schedules. A draft is freely edited; issuing (an action of `time_nodes`) freezes the lists. Titles, targets and
//! lists are dated facts, so that a report of a past day can name them as they were.

pub mod actions;
pub mod http;
pub mod lists;
pub mod model;
pub mod receipts;
pub mod rules;
pub mod store;

pub use model::{Plan, PlanStatus};

use crate::{codes, id_type};

id_type! {
    /// A plan.
    PlanId
}
id_type! {
    /// A key point of a plan.
    KeyPointId
}
id_type! {
    /// A task of a key point.
    TaskId
}
id_type! {
    /// A unit's part in a task.
    ResponsibilityId
}
id_type! {
    /// An entry of a task's schedule.
    EntryId
}

codes! {
    PLAN_EXISTS: 409 "plan_exists" "该组织已有 {year} 年度计划；一年只有一个。" "The unit has a plan of {year} already; there is one a year.";
    PLAN_ISSUED: 409 "plan_issued" "计划已下达，其各项清单已冻结。" "The plan is issued and its lists are frozen.";
    CLOSES_ON_OUTSIDE: 422 "closes_on_outside" "closes_on 须在 {first} 至 {last} 之间。" "closes_on must lie between {first} and {last}.";
    TARGET_ON_OUTSIDE: 422 "target_on_outside" "target_on 须在 {first} 至 {last} 之间。" "target_on must lie between {first} and {last}.";
    DUE_OUTSIDE_PLAN: 422 "due_outside_plan" "到期日须在 {first} 至 {last} 之间。" "A due day must lie between {first} and {last}.";
    POSITION_TAKEN: 409 "position_taken" "序号 {position} 已被使用。" "The position {position} is taken.";
    RESPONSIBILITY_EXISTS: 409 "responsibility_exists" "该组织在此任务中已有这一责任。" "The unit has this part in the task already.";
    KEY_POINT_NOT_EMPTY: 409 "key_point_not_empty" "工作要点下仍有任务；请先删除。" "The key point still has tasks; delete them first.";
    UNIT_OUTSIDE_PLAN: 422 "unit_outside_plan" "牵头和责任单位须是制定计划的组织或其下级：{unit}。"
        "Only the plan's unit and units below it can lead or be responsible: {unit}.";
    ENTRY_SHAPE: 422 "entry_shape" "一条时限要么有 due_on，要么 unscheduled 为 true 并写明 words。"
        "An entry has either due_on, or unscheduled: true with the words that were written.";
    ENTRY_UNKNOWN: 422 "entry_unknown" "该任务没有编号为 {id} 的时限。" "The task has no schedule entry with the id {id}.";
    RECEIPT_EXISTS: 409 "receipt_exists" "该组织已签收第 {revision} 次修订（0 为原计划）。"
        "The unit has signed for revision {revision} (0 is the plan as issued) already.";
    PLAN_NOT_ISSUED: 409 "plan_not_issued" "只有已下达且未办结的计划可以签收。" "Only a plan that is issued and not closed can be signed for.";
    REVISION_UNKNOWN: 422 "revision_unknown" "revision 须在 0 至 {last} 之间。" "revision must lie between 0 and {last}.";
    UNIT_NOT_NAMED: 422 "unit_not_named" "计划没有列出该组织，不需要签收。" "The plan does not name this unit, which need not sign for it.";
    UNIT_AMBIGUOUS: 422 "unit_ambiguous" "您在计划列出的多个组织任职；请写明 unit_id。"
        "You hold posts at several units that the plan names; say which with unit_id.";
}
