//! Plans 年度计划 with their three lists: key points 工作要点, tasks 工作任务 with their responsibilities 责任, and
//! schedules. A draft is freely edited; issuing (an action of `time_nodes`) freezes the lists. Titles, targets and
//! lists are dated facts, so that a report of a past day can name them as they were.

pub mod actions;
pub mod deadlines;
pub mod http;
pub mod lists;
pub mod model;
pub mod responsible;
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
    DEADLINE_UNREAD: 422 "deadline_unread" "看不懂时限“{words}”；可写作：{nearest}。" "The deadline “{words}” can't be read; write it as: {nearest}.";
    UNITS_UNREAD: 422 "units_unread" "看不懂责任单位“{words}”；请写明组织的名称，如：{nearest}。"
        "Who is meant by “{words}” can't be read; name the units, such as: {nearest}.";
    DEADLINE_BLANK: 422 "deadline_blank" "未写明时限；请写日期、周期或“待定”，如：{nearest}。"
        "No deadline is written; give a day, a recurrence or 待定, such as: {nearest}.";
    DEADLINE_ABOVE: 422 "deadline_above" "“{words}”只在表格中有意义；请写出时限，如：{nearest}。"
        "“{words}” means the row above, and there is none here; write the deadline out, such as: {nearest}.";
    DEADLINE_NO_DAY: 422 "deadline_no_such_day" "时限“{words}”中的日期不存在；可写作：{nearest}。"
        "There is no such day as in the deadline “{words}”; write it as: {nearest}.";
    DEADLINE_WEEKDAY: 422 "deadline_weekday_false" "时限“{words}”中的星期与日期不符；请核对，如：{nearest}。"
        "The weekday in the deadline “{words}” is not that day's; check it, such as: {nearest}.";
    DEADLINE_FESTIVAL: 422 "deadline_festival_unknown" "未载入该年度日历，不知道时限“{words}”中的节日是哪一天；请写出日期，如：{nearest}。"
        "No calendar of that year is loaded, so the festival in “{words}” has no day; write the day, such as: {nearest}.";
}
