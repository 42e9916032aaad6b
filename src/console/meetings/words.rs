//! The words of the pages of meetings.

use crate::console::Lang;
use crate::meetings::attendance::AttendanceStatus;
use crate::meetings::decisions::model::DecisionKind;
use crate::meetings::decisions::rules::Delivery;
use crate::meetings::model::{MeetingKind, MeetingStatus, MinutesStatus};
use crate::meetings::next::NextReason;
use crate::meetings::opinions::model::Disposition;
use crate::words;

words! {
    /// What the pages of meetings say.
    pub struct MeetingWords {
        title: "会议", "Meetings";
        lead(planned, held): "待开**{planned}次**，已开**{held}次**。", "**{planned}** to come, **{held}** held.";
        to_come: "待开", "To come";
        took_place: "已开", "Held";
        call_one: "新建会议", "Enter a meeting";
        none: "还没有会议", "No meetings yet";
        none_hint: "会议和活动（支委会、党员大会、党课、主题党日、推进会）在这里建立：先列议程、通知到会，开完记录到会、意见和决定，再出纪要。",
            "Meetings and activities are entered here: agenda and call first; then who came, opinions, decisions and minutes.";
        day: "日期", "Day";
        meeting: "会议", "Meeting";
        unit: "组织", "Unit";
        kind: "类型", "Kind";
        status: "状态", "Status";
        name: "名称", "Title";
        called_for: "召开日期", "Called for";
        starts_at: "时间", "Time";
        place: "地点", "Place";
        chair: "主持人", "Chair";
        recorder: "记录人", "Recorder";
        post_hint: "写职务，不写姓名", "A post, no name";
        held_on: "实际召开", "Held on";
        present_of(present, expected): "实到{present}/应到{expected}", "{present} of {expected} came";
        is_scheduled(when): "定于**{when}**召开。", "Called for **{when}**.";
        was_held(when): "**{when}**召开，还没有办结。", "Held on **{when}**, not closed yet.";
        was_closed(when): "**{when}**召开，已办结。", "Held on **{when}**, closed.";
        was_cancelled(when, reason): "原定{when}，**已取消**：{reason}", "Called for {when}, **cancelled**: {reason}";
        who_came(present, expected, heads): "实到**{present}**/应到{expected}，连列席共{heads}人。", "**{present} of {expected}** came, {heads} there with observers.";
        change: "修改", "Change";
        change_meeting: "修改会议", "Change the meeting";
        save: "保存", "Save";
        create: "建立", "Enter it";
        call: "发会议通知", "Call units";
        call_lead: "被通知的组织可以看到会议，并在各自的待办里签收。已通知过的不会重复通知。",
            "A unit that is called reads the meeting and signs for the call. One called already is passed over.";
        units: "组织", "Units";
        hold: "记为已召开", "Record that it was held";
        hold_lead: "到会名单须已落实：有人实到，没有人仍是“应到”。之后类型和日期不能再改。",
            "The attendance must be settled: somebody was present, nobody is merely expected. Kind and day are fixed afterwards.";
        cancel: "取消会议", "Cancel the meeting";
        reason: "原因", "Reason";
        close: "办结", "Close";
        close_lead: "办结以后，议程、到会、纪要和决定的文字不能再改；意见的答复、由决定立的任务、简报仍可继续。",
            "Closing freezes agenda, attendance, minutes and wording. Answers to opinions, tasks from decisions and the bulletin go on.";
        agenda: "议程", "Agenda";
        add_item: "加一项", "Add an item";
        item: "事项", "Item";
        presenter: "汇报人", "Presented by";
        position: "次序", "Place";
        link: "关联", "About";
        remove: "删除", "Remove";
        remove_item: "删除议程事项", "Remove the item";
        no_agenda: "还没有议程", "No agenda yet";
        no_agenda_hint: "加上要议的事项，可以关联计划、任务、问题、决定或意见。", "Add what is to be dealt with; an item may link to a plan, task, finding, decision or opinion.";
        link_hint: "计划、还没有销号的问题、没有立为任务的部署、没有答复的意见", "A plan, an open finding, a deployment that is no task yet, an opinion without an answer";
        attendance: "到会", "Attendance";
        put_attendance: "登记到会", "Enter who came";
        attendance_lead: "一行一人，写职务。空行不算。请假要写事由。列席的计入到会人数，不计入到会率。",
            "A line for each, by post; empty lines count for nothing. A leave needs its reason. Observers are in the head count, never in the rate.";
        person: "谁（职务）", "Who (post)";
        attends_as: "情况", "Came as";
        leave_reason: "请假事由", "Reason of a leave";
        nobody: "还没有到会名单", "No attendance list yet";
        nobody_hint: "会前可以先列应到，会后改为实到、请假或缺席。", "List who is expected beforehand; afterwards say who came.";
        record: "会议记录", "Record";
        put_record: "写记录", "Write the record";
        record_text: "记录", "Record";
        minutes: "纪要", "Minutes";
        put_minutes: "写纪要", "Draft the minutes";
        minutes_text: "纪要正文", "Text of the minutes";
        sign: "签发纪要", "Sign the minutes";
        sign_lead: "签发以后纪要不能再改。", "Signed minutes are never changed.";
        distribute: "分发纪要", "Send the minutes";
        no_minutes: "还没有纪要", "No minutes yet";
        no_minutes_hint: "会议召开以后起草，由书记或领导签发，再分发到各组织签收。", "They are drafted after the meeting, signed by the secretary or a leader, and sent to units.";
        opinions: "意见建议", "Opinions";
        give_opinion: "提意见", "Give an opinion";
        in_name_of: "以哪个组织的名义", "In the name of";
        opinion: "意见", "Opinion";
        answer: "答复", "Answer";
        answer_opinion: "答复意见", "Answer the opinion";
        disposition: "处理", "Disposition";
        reply: "答复", "Reply";
        withdrawn: "已撤回", "withdrawn";
        unanswered: "待答复", "no answer yet";
        no_opinions: "还没有意见", "No opinions yet";
        no_opinions_hint: "被通知的组织可以在这里提意见建议，每条都有处理和答复，提的人看得到。", "Units give opinions here; each gets its disposition and reply, which whoever gave it sees.";
        decisions: "决定", "Decisions";
        add_decision: "记一项决定", "Record a decision";
        decision: "决定", "Decision";
        text: "内容", "Text";
        decision_kind: "性质", "Kind";
        due_on: "完成时限", "Due";
        votes: "表决", "Votes";
        votes_hint: "决议才有表决：赞成、反对、弃权、到会；应到有表决权人数不写时按到会名单。", "Only a resolution has votes: for, against, abstaining, present; those entitled are counted from the attendance list when left out.";
        votes_for: "赞成", "For";
        votes_against: "反对", "Against";
        votes_abstain: "弃权", "Abstaining";
        votes_present: "到会", "Present";
        votes_entitled: "有表决权", "Entitled";
        voted(f, against, abstain): "{f}赞成 {against}反对 {abstain}弃权", "{f} for, {against} against, {abstain} abstaining";
        passed: "通过", "passed";
        not_passed: "未通过", "not passed";
        takes_up: "采纳的意见", "Opinions it takes up";
        delivery: "落实", "Delivery";
        tasks: "任务", "Tasks";
        make_task: "立为任务", "Make a task";
        make_task_lead: "部署成为计划里的一项任务，各单位从此按时限填报。已下达的计划要写理由，记为一次修订。",
            "The deployment becomes a task of the plan, which units then report on. An issued plan wants a reason: it is one revision.";
        key_point: "工作要点", "Key point";
        task_title: "任务名称", "Title of the task";
        who: "责任单位", "Who is responsible";
        who_hint: "照清单的写法：各党支部；党群工作部牵头，各支部配合；第一至三党支部", "As lists have it: 各党支部; 第一至三党支部; …";
        deadline: "完成时限", "Deadline";
        deadline_hint: "照清单的写法：6月底前、每季度、9月20日；多个用顿号", "As lists have it: 6月底前, 每季度, 9月20日";
        no_decisions: "还没有决定", "No decisions yet";
        no_decisions_hint: "决议、部署、通报三种；部署可以立为任务。", "Resolutions, deployments, information; a deployment can be made a task.";
        ticked: "对应的时间节点", "Time nodes";
        tick: "勾选节点", "Tick nodes";
        tick_lead: "这次活动一次登记，可以作为几个节点的完成情况；每个节点仍各自审核。", "The activity is entered once and reported on each ticked node; each is still reviewed.";
        nodes: "时间节点", "Time nodes";
        report_text: "填报文字（不写时用会议的时间、人数）", "What is reported (by default when it was and how many came)";
        not_ticked: "还没有勾选节点", "No nodes ticked yet";
        not_ticked_hint: "会开过以后，可以用它一次填报本组织的几个节点。", "Once held, it can be reported on several nodes of the unit at once.";
        receipts: "签收", "Receipts";
        signed_on: "签收日期", "Signed";
        not_signed: "未签收", "not yet";
        sent_on: "发出", "Sent";
        what: "事项", "What";
        the_call: "会议通知", "call";
        the_minutes: "纪要", "minutes";
        sign_receipt: "签收", "Sign for it";
        sign_call: "签收会议通知", "Sign for the call";
        sign_minutes_receipt: "签收纪要", "Sign for the minutes";
        no_receipts: "还没有通知任何组织", "No unit was called yet";
        no_receipts_hint: "通知以后，谁签收了、何时签收，列在这里。", "Who signed for the call and the minutes, and when, stands here.";
        next: "拟下次会议", "Draft the next";
        next_lead: "下次会议从没有落实的部署、没有答复的意见、反弹的问题和逾期的任务拟出议程，建立以后可以增减。",
            "The next meeting is drafted from what is left to do: deployments not delivered, opinions without an answer, relapsed findings, overdue tasks.";
        next_items(count): "拟出{count}项议程", "{count} item(s) drafted";
        bulletin: "拟简报", "Draft a bulletin";
        attendance_sheet: "到会签到表", "Attendance sheet";
        minutes_paper: "纪要打印稿", "Minutes to print";
        back: "全部会议", "All meetings";
        back_to(title): "返回{title}", "Back to {title}";
        number: "序号", "No.";
        signature: "签名", "Signature";
        signed_by: "签发人", "Signed by";
        distributed_to: "分送", "Distribution";
    }
}

/// A meeting's kind.
pub fn kind(lang: Lang, kind: MeetingKind) -> &'static str {
    let en = match kind {
        MeetingKind::CommitteeMeeting => "Committee meeting",
        MeetingKind::PromotionMeeting => "Promotion meeting",
        MeetingKind::Seminar => "Seminar",
        MeetingKind::MembersMeeting => "Members' meeting",
        MeetingKind::BranchCommitteeMeeting => "Branch committee",
        MeetingKind::GroupMeeting => "Party group meeting",
        MeetingKind::PartyLecture => "Party lecture",
        MeetingKind::ThemeDay => "Theme day",
        MeetingKind::OrganisationalLifeMeeting => "Organisational life meeting",
        MeetingKind::DemocraticAppraisal => "Democratic appraisal",
        MeetingKind::Other => "Other activity",
    };
    lang.pick(kind.name(), en)
}

/// Where it stands.
pub fn status(lang: Lang, status: MeetingStatus) -> &'static str {
    match status {
        MeetingStatus::Scheduled => lang.pick("待开", "to come"),
        MeetingStatus::Held => lang.pick("已开，待办结", "held"),
        MeetingStatus::Closed => lang.pick("已办结", "closed"),
        MeetingStatus::Cancelled => lang.pick("已取消", "cancelled"),
    }
}

/// Where the minutes stand.
pub fn minutes(lang: Lang, status: MinutesStatus) -> &'static str {
    match status {
        MinutesStatus::Draft => lang.pick("草稿", "draft"),
        MinutesStatus::Signed => lang.pick("已签发", "signed"),
        MinutesStatus::Distributed => lang.pick("已分发", "distributed"),
    }
}

/// How somebody came.
pub fn attendance(lang: Lang, status: AttendanceStatus) -> &'static str {
    match status {
        AttendanceStatus::Expected => lang.pick("应到", "expected"),
        AttendanceStatus::Present => lang.pick("实到", "present"),
        AttendanceStatus::Leave => lang.pick("请假", "on leave"),
        AttendanceStatus::Absent => lang.pick("缺席", "absent"),
        AttendanceStatus::Observer => lang.pick("列席", "observer"),
    }
}

/// What becomes of an opinion.
pub fn disposition(lang: Lang, disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Adopted => lang.pick("采纳", "adopted"),
        Disposition::PartlyAdopted => lang.pick("部分采纳", "partly adopted"),
        Disposition::NotAdopted => lang.pick("未采纳", "not adopted"),
        Disposition::Noted => lang.pick("留存参考", "noted"),
    }
}

/// What kind of decision.
pub fn decision(lang: Lang, kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Resolution => lang.pick("决议", "resolution"),
        DecisionKind::Deployment => lang.pick("部署", "deployment"),
        DecisionKind::Information => lang.pick("通报", "information"),
    }
}

/// How far it is delivered.
pub fn delivery(lang: Lang, delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::NotPassed => lang.pick("未获通过", "not passed"),
        Delivery::Awaiting => lang.pick("未立任务", "awaiting"),
        Delivery::Behind => lang.pick("滞后", "behind"),
        Delivery::OnCourse => lang.pick("推进中", "on course"),
        Delivery::Delivered => lang.pick("已落实", "delivered"),
    }
}

/// Why something is on the next agenda.
pub fn why(lang: Lang, why: NextReason) -> &'static str {
    match why {
        NextReason::UndeliveredDecision => lang.pick("未落实的部署", "not delivered"),
        NextReason::UnansweredOpinion => lang.pick("未答复的意见", "no answer"),
        NextReason::RelapsedFinding => lang.pick("反弹的问题", "relapsed"),
        NextReason::OverdueTask => lang.pick("逾期的任务", "overdue"),
    }
}
