//! Plans 年度计划 with their three lists: key points 工作要点, tasks 工作任务 with their responsibilities 责任, and
//! schedules. A draft is freely edited; after the issue (an action of `time_nodes`) every change has a reason and
//! is a numbered revision ([`revisions`]), and what it means for time nodes is settled by [`revisions::Consequences`]. Titles, targets and
//! lists are dated facts, so that a report of a past day can name them as they were.

pub mod actions;
pub mod add_task;
pub mod approval;
pub mod carry;
pub mod copy;
pub mod deadlines;
pub mod documents;
pub mod http;
pub mod lists;
pub mod model;
pub mod readings;
pub mod receipts;
pub mod recurrence;
pub mod responsible;
pub mod revisions;
pub mod rules;
pub mod schedules;
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
    /// A revision of an issued plan.
    RevisionId
}
id_type! {
    /// An entry of a task's schedule.
    EntryId
}

codes! {
    PLAN_EXISTS: 409 "plan_exists" "该组织已有 {year} 年度计划；一年只有一个。" "The unit has a plan of {year} already; there is one a year.";
    PLAN_CLOSED: 409 "plan_closed" "计划已关闭，其各项清单和期限已冻结。" "The plan is closed; its lists and due days are frozen.";
    FROM_PLAN_UNKNOWN: 422 "from_plan_unknown" "没有编号为 {id} 的计划可供复制。" "There is no plan with the id {id} to copy from.";
    FROM_PLAN_ELSEWHERE: 422 "from_plan_elsewhere" "只能复制同一组织的计划。" "Only a plan of the same unit can be copied.";
    TASK_CARRIED_OVER: 409 "task_carried_over" "该任务由上一计划结转而来，不能删除；请为它定时限，或在下达后申请取消。"
        "The task was carried over from the plan before and can't be deleted: date it, or have its nodes cancelled after issue.";
    CLOSES_ON_OUTSIDE: 422 "closes_on_outside" "关闭日 `closes_on` 须在 {first} 至 {last} 之间。" "The closing day `closes_on` must lie between {first} and {last}.";
    TARGET_ON_OUTSIDE: 422 "target_on_outside" "目标日 `target_on` 须在 {first} 至 {last} 之间。" "The day of the target `target_on` must lie between {first} and {last}.";
    DUE_OUTSIDE_PLAN: 422 "due_outside_plan" "到期日须在 {first} 至 {last} 之间。" "A due day must lie between {first} and {last}.";
    POSITION_TAKEN: 409 "position_taken" "序号 {position} 已被使用。" "The position {position} is taken.";
    RESPONSIBILITY_EXISTS: 409 "responsibility_exists" "该组织在此任务中已有这一责任。" "The unit has this part in the task already.";
    KEY_POINT_NOT_EMPTY: 409 "key_point_not_empty" "工作要点下仍有任务；请先删除。" "The key point still has tasks; delete them first.";
    UNIT_OUTSIDE_PLAN: 422 "unit_outside_plan" "牵头和责任单位须是制定计划的组织或其下级：{unit}。"
        "Only the plan's unit and units below it can lead or be responsible: {unit}.";
    ENTRY_SHAPE: 422 "entry_shape" "一条时限只取一种写法：日期 `due_on`、循环规则 `rrule`、时限原文 `words`，或注明未定时限 `unscheduled` 并写明原文。"
        "An entry has one of a day `due_on`, a rule `rrule`, words `words`, or is without a date `unscheduled` with the words that were written.";
    RRULE_UNREAD: 422 "rrule_unread" "看不懂循环规则：{detail}；例如 FREQ=MONTHLY;BYMONTHDAY=-1。"
        "The recurrence can't be read ({detail}); for example FREQ=MONTHLY;BYMONTHDAY=-1.";
    RRULE_TOO_OFTEN: 422 "rrule_too_often" "循环最多每天一次；请用次数 `times` 表示。"
        "A recurrence has at most one day each; say how often with a number `times`.";
    RRULE_NEVER: 422 "rrule_never" "该循环在 {year} 年内没有一天。" "The recurrence has no day in {year}.";
    REASON_REQUIRED: 422 "reason_required" "计划已下达，更改须写明理由 `reason`，并记为一次修订。"
        "The plan is issued: a change needs a reason and becomes a revision.";
    DUE_EARLIER: 422 "due_earlier" "已下达的时限不能提前（原 {due_on}）；请删除该条，另立一条。"
        "A due day that was issued can't move forward (it is {due_on}); remove the entry and add one.";
    ENTRY_FIXED: 422 "entry_fixed" "已下达的时限不能改其次数或宽限天数，也不能改为未定；请删除该条，另立一条。"
        "Times and grace of an entry that was issued are fixed, and it can't become unscheduled; remove it and add one.";
    REVISION_UNKNOWN: 404 "revision_unknown" "该计划没有第 {number} 次修订。" "The plan has no revision {number}.";
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
    RECEIPT_EXISTS: 409 "receipt_exists" "该组织已签收第 {revision} 次修订（0 为原计划）。"
        "The unit has signed for revision {revision} (0 is the plan as issued) already.";
    NOT_TO_SIGN: 409 "not_to_sign_for" "只有已下达且未办结的计划可以签收。" "Only a plan that is issued and not closed can be signed for.";
    REVISION_OUTSIDE: 422 "revision_outside" "修订号 `revision` 须在 0 至 {last} 之间。" "The number of the revision `revision` must lie between 0 and {last}.";
    APPROVAL_UNKNOWN: 422 "approval_unknown" "没有编号为 {id} 的会议决定；请先在会议中记录。"
        "There is no decision with the id {id}; record it in its meeting first.";
    APPROVAL_ELSEWHERE: 422 "approval_elsewhere" "决定 {id} 不是本组织或上级组织的会议作出的，不能批准该计划。"
        "The decision {id} is not of a meeting of the plan's unit or of one above, so it can't approve the plan.";
    APPROVAL_NOT_PASSED: 422 "approval_not_passed" "决定 {id} 未获通过，不能批准该计划。"
        "The decision {id} was not passed, so it can't approve the plan.";
    KEY_POINT_UNKNOWN: 422 "key_point_unknown" "没有编号为 {id} 的工作要点。" "There is no key point with the id {id}.";
    UNIT_NOT_NAMED: 422 "unit_not_named" "计划没有列出该组织，不需要签收。" "The plan does not name this unit, which need not sign for it.";
    UNIT_AMBIGUOUS: 422 "unit_ambiguous" "您在计划列出的多个组织任职；请写明是哪个组织 `unit_id`。"
        "You hold posts at several units that the plan names; say for which unit `unit_id`.";
}
