//! Plans 年度计划 with their three lists: key points 工作要点, tasks 工作任务 with their responsibilities 责任, and
//! schedules. A draft is freely edited; issuing (an action of `time_nodes`) freezes the lists. Titles, targets and
//! lists are dated facts, so that a report of a past day can name them as they were.

pub mod actions;
pub mod carry;
pub mod copy;
pub mod documents;
pub mod http;
pub mod lists;
pub mod model;
pub mod rules;
pub mod store;
pub mod whole;

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
    PLAN_CLOSED: 409 "plan_closed" "计划已关闭，其各项清单和期限已冻结。" "The plan is closed; its lists and due days are frozen.";
    FROM_PLAN_UNKNOWN: 422 "from_plan_unknown" "没有编号为 {id} 的计划可供复制。" "There is no plan with the id {id} to copy from.";
    FROM_PLAN_ELSEWHERE: 422 "from_plan_elsewhere" "只能复制同一组织的计划。" "Only a plan of the same unit can be copied.";
    TASK_CARRIED_OVER: 409 "task_carried_over" "该任务由上一计划结转而来，不能删除；请为它定时限，或在下达后申请取消。"
        "The task was carried over from the plan before and can't be deleted: date it, or have its nodes cancelled after issue.";
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
}
