//! The words of the pages of plans.

use crate::console::Lang;
use crate::plans::PlanStatus;
use crate::plans::model::Part;
use crate::words;

words! {
    /// What the pages of plans say.
    pub struct PlanWords {
        title: "年度计划", "Plans";
        lead(count): "共**{count}份**计划。", "**{count}** plan(s).";
        all: "全部计划", "All plans";
        was_issued(on): "**{on}下达**，还没有修订。", "**Issued on {on}**, not revised since.";
        was_revised(on, times): "**{on}下达**，修订过{times}次。", "**Issued on {on}**, revised {times} time(s).";
        was_closed(on): "{on}下达，**已经关闭**。", "Issued on {on}, **closed**.";
        is_draft: "**草案**，还没有下达。", "A **draft**, not issued yet.";
        aims(day, percent): "到{day}的目标是**{percent}%**。", "By {day} the target is **{percent}%**.";
        was_approved(by): "由{by}审定。", "Approved by {by}.";
        so_often(count, first, last): "{count}次，{first}至{last}", "{count} times, {first} to {last}";
        no_day_yet: "未定时限", "no day yet";
        dated: "按日期", "On a day";
        standing: "完成情况", "How far it is";
        done_of(done, all): "**{done}/{all}**个节点已完成。", "**{done} of {all}** nodes are done.";
        done_and_overdue(done, all, overdue): "**{done}/{all}**个节点已完成，**逾期{overdue}个**。", "**{done} of {all}** nodes are done, **{overdue} overdue**.";
        many_units(count): "{count}个组织承担这项任务", "{count} units owe this task";
        many_units_hint: "各组织的进度在“全年一览”和报表里按组织查看。", "The year and the reports show them unit by unit.";
        signed_of(signed, all): "已签收**{signed}/{all}**份。", "**{signed} of {all}** are signed for.";
        by_edition: "组织 × 下达和修订", "Units × issue and revisions";
        new: "新建计划", "Make a plan";
        create: "建立", "Make it";
        save: "保存", "Save";
        none: "还没有计划", "No plans yet";
        none_hint: "从“新建计划”开始：可以从去年的计划复制要点、任务和责任，再逐项修改。", "Begin with a new plan; last year's key points, tasks and responsibilities can be copied and then changed.";
        plan: "计划", "Plan";
        year: "年度", "Year";
        unit: "制定组织", "Unit";
        unit_name: "组织", "Unit";
        name: "名称", "Title";
        status: "状态", "Status";
        issued_on: "下达日期", "Issued";
        revision: "修订", "Revision";
        target: "目标（%）", "Target (%)";
        target_on: "目标日期", "Target day";
        closes_on: "最晚可排到", "Due days up to";
        document_no: "文号", "Document number";
        consulted_on: "征求意见日期", "Consulted on";
        approved_by: "审定", "Approved by";
        approved_hint: "哪次会议审定，如：党委会 2020-03-16", "At which meeting, e.g. 党委会 2020-03-16";
        from_plan: "从哪份计划复制", "Copied from";
        from_hint: "复制要点、任务、责任和时限，日期移到新的一年", "Key points, tasks, responsibilities and deadlines, moved to the new year";
        reason: "修订理由", "Reason";
        reason_hint: "计划已下达：每次改动记为一次修订，各单位看得到理由", "The plan is issued: each change is a revision, and units read the reason";
        import: "导入清单", "Import the list";
        change: "修改", "Change";
        change_plan: "修改计划", "Change the plan";
        add_key_point: "加要点", "Add a key point";
        change_key_point: "修改要点", "Change the key point";
        remove_key_point: "删除要点", "Remove the key point";
        remove: "删除", "Remove";
        key_point: "工作要点", "Key point";
        position: "次序", "Place";
        add_task: "加任务", "Add a task";
        task: "工作任务", "Task";
        task_title: "任务名称", "Title of the task";
        requirement: "工作要求", "Requirement";
        deliverable: "成果", "Deliverable";
        evidence: "须附佐证材料", "Evidence required";
        who: "责任单位", "Who is responsible";
        who_hint: "照清单的写法：各党支部；党群工作部牵头，各支部配合；第一至三党支部；除第三党支部外各支部", "As lists have it: 各党支部; A牵头，B配合; 第一至三党支部; 除第三党支部外各支部";
        deadline: "完成时限", "Deadline";
        deadline_hint: "照清单的写法：6月底前、每季度、9月20日、每月10日前、长期坚持、按上级要求", "As lists have it: 6月底前, 每季度, 9月20日, 每月10日前, 长期坚持, 按上级要求";
        confirmed: "按上面的读法办", "Go by the reading above";
        confirmed_hint: "“班子成员”一类的写法，读成谁要承担，须点一下确认", "Words such as 班子成员 need somebody to confirm who owes";
        must_confirm(words): "“{words}”会读成党委承担，请先看看，再勾选“按上面的读法办”", "“{words}” means that the committee owes: look at the preview and confirm";
        no_tasks: "这个要点下还没有任务", "No tasks under this key point yet";
        no_tasks_hint: "加任务时一次写明要求、责任单位和完成时限。", "A task is added with its requirement, its units and its deadline.";
        no_key_points: "还没有工作要点", "No key points yet";
        no_key_points_hint: "先加工作要点，再在要点下加任务。也可以导入清单表格。", "Add key points first, and tasks below them.";
        held_by: "责任", "Held by";
        schedule: "时限", "Deadlines";
        issue: "下达计划", "Issue the plan";
        issue_lead: "下达以后，每项任务按责任单位和时限生成时间节点，各单位开始填报；此后的改动都是修订。先看看：谁要在什么时候完成什么。",
            "Issuing makes time nodes of the lists, and units begin to report; every later change is a revision. Preview first: who will owe what, when.";
        issue_on: "下达日期（不写为今天）", "Issued on (today if empty)";
        backfill: "补录：下达前到期也要完成的任务", "Tasks whose nodes due before the issue are owed all the same";
        would_make(count): "将生成**{count}个**时间节点", "**{count}** time node(s) would be made";
        due: "到期", "Due";
        late_after: "按期的最后一天", "Last day on time";
        close: "关闭计划", "Close the plan";
        close_lead: "关闭以后清单和延期不再改动，未到期的节点取消，年度报告钉住。逾期未完成的仍然欠着，每一个都要说明去向。",
            "Closing freezes the lists, cancels what is not yet due and pins the year report. What is overdue stays owed; say of each what becomes of it.";
        close_reason: "提前关闭的理由", "Why it is closed before its year ends";
        settle_all: "逾期未完成的节点", "Nodes that are open and past due";
        carry: "结转到下年计划", "Carry over";
        leave: "不结转，写明原因", "Leave, with the reason";
        leave_reason: "不结转的原因", "Reason why it is left";
        would_cancel(count): "将取消**{count}个**未到期的节点", "**{count}** node(s) not yet due would be cancelled";
        would_leave(count): "有**{count}个**节点逾期未完成", "**{count}** node(s) are open and past due";
        revisions: "修订记录", "Revisions";
        no_revisions: "还没有修订", "No revisions";
        no_revisions_hint: "下达以后每次改动都在这里：改了什么、为什么、节点有什么变化。", "Every change after the issue stands here: what, why, and what it did to time nodes.";
        number: "序号", "No.";
        changes: "改动", "Changes";
        nodes_made(count): "新增{count}个节点", "{count} node(s) made";
        nodes_cancelled(count): "取消{count}个节点", "{count} node(s) cancelled";
        nodes_extended(count): "延期{count}个节点", "{count} node(s) extended";
        nodes_requested(count): "{count}个节点待批延期", "{count} node(s) await an extension";
        nodes_as_before: "节点不变。", "No node changed.";
        revised_so_often(count): "下达以后修订过**{count}次**。", "Revised **{count}** time(s) since it was issued.";
        each_revision: "每次修订", "Each revision";
        edition_of(number, day): "第{number}次，{day}", "No. {number}, {day}";
        nothing: "（无）", "(nothing)";
        yes: "是", "yes";
        no: "否", "no";
        nodes: "节点", "Time nodes";
        compare: "比较", "Compare";
        compare_with(from, to): "第{from}次与第{to}次比较", "Revision {from} beside {to}";
        before: "原来", "Before";
        after: "现在", "After";
        added: "新增", "Added";
        changed: "修改", "Changed";
        removed: "删除", "Removed";
        what: "事项", "What";
        nothing_between: "两次之间没有改动", "Nothing lies between";
        nothing_between_hint: "改过又改回来的，不算改动。", "What was changed back is no change.";
        receipts: "签收", "Receipts";
        not_signed: "未签收", "not yet";
        no_receipts: "没有需要签收的组织", "Nobody has to sign";
        no_receipts_hint: "计划下达以后，清单里的每个组织在这里签收。", "Once issued, each unit that the plan names signs here.";
        edition(number): "第{number}次修订", "revision {number}";
        the_issue: "下达", "the issue";
        responsibility_sheet: "责任清单", "Responsibility list";
        back: "返回计划", "Back to the plan";
        responsibilities: "责任", "Responsibilities";
        add_responsibility: "加责任单位", "Add a unit";
        part: "承担", "Part";
        person: "责任人（职务）", "Person (post)";
        remove_responsibility: "去掉责任单位", "Remove the unit";
        put_schedule: "改时限", "Change the deadlines";
        schedule_lead: "每行一条。已下达的：改晚是延期，按延期审批；改早不行，须删去再加。去掉的只取消未到期的节点。",
            "One a line. Of an issued plan a later day is an extension under its approvals, an earlier one is refused; removing cancels only what is not past.";
        entry: "写法", "Words";
        entry_title: "节点名称", "Title of the node";
        change_task: "修改任务", "Change the task";
        remove_task: "删除任务", "Remove the task";
        remove_lead: "只取消未到期的节点；已到期的仍然计算，已完成的仍然算完成。", "Only nodes that are not past are cancelled; what is past stays owed, what is done stays done.";
        origin: "来源", "Where it comes from";
        from_meeting: "会议", "Meeting";
        from_decision: "决定", "Decision";
        from_finding: "问题", "Finding";
        from_opinions: "意见", "Opinions";
        tags: "标签", "Tags";
        tags_hint: "用顿号隔开，如：品牌、双创", "Set apart with 、 such as 品牌、双创";
        signer: "制表人", "Drawn up by";
        approver: "审核人", "Approved by";
    }
}

/// Where a plan stands.
pub fn status(lang: Lang, status: PlanStatus) -> &'static str {
    match status {
        PlanStatus::Draft => lang.pick("草案", "draft"),
        PlanStatus::Issued => lang.pick("已下达", "issued"),
        PlanStatus::Closed => lang.pick("已关闭", "closed"),
    }
}

/// The part that a unit has in a task.
pub fn part(lang: Lang, part: Part) -> &'static str {
    match part {
        Part::Lead => lang.pick("牵头", "lead"),
        Part::Responsible => lang.pick("责任", "responsible"),
        Part::Support => lang.pick("配合", "support"),
        Part::Supervise => lang.pick("责任领导", "supervise"),
    }
}
