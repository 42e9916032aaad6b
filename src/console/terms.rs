//! The field's words for what the program calls by a word of its own.

use super::words::Lang;
use crate::access::Role;
use crate::findings::model::FindingState;
use crate::inbox::model::{InboxKind, InboxSubject};
use crate::meetings::opinions::model::Disposition;
use crate::plans::model::Part;
use crate::progress::model::{Happening, ReportState};
use crate::time_nodes::{Excluded, Judged, TimeNode, Verdict};
use crate::units::UnitKind;

/// The post.
pub fn role(lang: Lang, role: Role) -> &'static str {
    let (zh, en) = match role {
        Role::Secretary => ("书记", "secretary"),
        Role::DeputySecretary => ("副书记", "deputy secretary"),
        Role::Cadre => ("支委", "cadre"),
        Role::Department => ("工作人员", "department"),
        Role::Leader => ("领导", "leader"),
        Role::Inspector => ("检查组", "inspector"),
        Role::Auditor => ("审计", "auditor"),
        Role::Administrator => ("系统管理员", "administrator"),
    };
    lang.pick(zh, en)
}

/// The kind of a unit.
pub fn unit_kind(lang: Lang, kind: UnitKind) -> &'static str {
    let (zh, en) = match kind {
        UnitKind::Committee => ("党委", "committee"),
        UnitKind::GeneralBranch => ("党总支", "general branch"),
        UnitKind::Branch => ("党支部", "branch"),
        UnitKind::PartyGroup => ("党小组", "party group"),
        UnitKind::Department => ("工作部门", "department"),
        UnitKind::Discipline => ("纪检", "discipline"),
        UnitKind::MassOrganisation => ("群团组织", "mass organisation"),
        UnitKind::Superior => ("上级组织", "superior unit"),
    };
    lang.pick(zh, en)
}

/// Why a node is not counted.
pub fn excluded(lang: Lang, reason: Excluded) -> &'static str {
    let (zh, en) = match reason {
        Excluded::BeforeIssue => ("下达前", "before the issue"),
        Excluded::Waived => ("豁免", "waived"),
        Excluded::NotApplicable => ("不适用", "not applicable"),
        Excluded::Cancelled => ("取消", "cancelled"),
        Excluded::PlanClosed => ("计划已关闭", "plan closed"),
        Excluded::OutsideUnitLife => ("组织存续期外", "outside the unit's life"),
    };
    lang.pick(zh, en)
}

/// Why something waits in somebody's list.
pub fn inbox_kind(lang: Lang, kind: InboxKind) -> &'static str {
    let (zh, en) = match kind {
        InboxKind::ToReport => ("填报", "to report"),
        InboxKind::ToReview => ("审核", "to review"),
        InboxKind::ToDecide => ("审批", "to decide"),
        InboxKind::ToSignFor => ("签收", "to sign for"),
        InboxKind::ToSignMinutes => ("签发纪要", "minutes to sign"),
        InboxKind::ToHold => ("会议记录", "meeting to record"),
        InboxKind::NobodyAppointed => ("无人任职", "nobody appointed"),
        InboxKind::TermEnds => ("换届", "term ends"),
        InboxKind::ToAnswer => ("意见答复", "opinion to answer"),
        InboxKind::Answered => ("意见有答复", "opinion answered"),
        InboxKind::ToRectify => ("整改", "to rectify"),
        InboxKind::ToCheck => ("复核", "to check"),
        InboxKind::ToClose => ("销号", "to close"),
        InboxKind::ToRecheck => ("回头看", "to look back at"),
        InboxKind::ToSelfAssess => ("自评", "to self-assess"),
        InboxKind::ToRecognise => ("认定", "to recognise"),
        InboxKind::ToApprove => ("简报审批", "bulletin to approve"),
    };
    lang.pick(zh, en)
}

/// Where a thing has its page.
pub fn address(subject: InboxSubject, id: i64) -> String {
    match subject {
        InboxSubject::TimeNode => format!("/time-nodes/{id}"),
        InboxSubject::ProgressReport => format!("/review?report={id}"),
        InboxSubject::Extension | InboxSubject::Waiver | InboxSubject::Cancellation | InboxSubject::Attachment => {
            "/leader#requests".to_owned()
        }
        InboxSubject::Plan => format!("/plans/{id}"),
        InboxSubject::Meeting => format!("/meetings/{id}"),
        InboxSubject::Unit => "/units".to_owned(),
        InboxSubject::Opinion => format!("/opinions/{id}"),
        InboxSubject::Finding => format!("/findings/{id}"),
        InboxSubject::Assessment => format!("/assessments/{id}"),
        InboxSubject::Bulletin => format!("/bulletins/{id}"),
    }
}

/// Where a finding stands.
pub fn finding_state(lang: Lang, state: FindingState) -> Mark {
    let (shape, colour, zh, en) = match state {
        FindingState::Open => ("due", "yellow", "未整改", "open"),
        FindingState::Rectifying => ("soon", "yellow", "整改中", "being rectified"),
        FindingState::Applied => ("pending", "blue", "待复核", "to be checked"),
        FindingState::Checked => ("pending", "blue", "复核通过", "checked"),
        FindingState::Closed => ("done", "green", "已销号", "closed"),
        FindingState::StageDone => ("next", "green", "阶段完成", "stage done"),
        FindingState::Dismissed => ("excl", "grey", "已撤销", "dismissed"),
    };
    Mark::new(shape, colour, lang.pick(zh, en))
}

/// What became of an opinion; of one that awaits its answer, that it does.
pub fn disposition(lang: Lang, disposition: Option<Disposition>) -> Mark {
    let (shape, colour, zh, en) = match disposition {
        None => ("pending", "blue", "等答复", "awaits its answer"),
        Some(Disposition::Adopted) => ("done", "green", "已采纳", "adopted"),
        Some(Disposition::PartlyAdopted) => ("late", "green", "部分采纳", "partly adopted"),
        Some(Disposition::NotAdopted) => ("excl", "grey", "未采纳", "not adopted"),
        Some(Disposition::Noted) => ("next", "green", "留作参考", "noted"),
    };
    Mark::new(shape, colour, lang.pick(zh, en))
}

/// A unit's part in a task.
pub fn part(lang: Lang, part: Part) -> &'static str {
    let (zh, en) = match part {
        Part::Lead => ("牵头", "lead"),
        Part::Responsible => ("责任", "responsible"),
        Part::Support => ("配合", "support"),
        Part::Supervise => ("责任领导", "supervise"),
    };
    lang.pick(zh, en)
}

/// What became of a report.
pub fn report_state(lang: Lang, state: ReportState) -> Mark {
    let (shape, colour, zh, en) = match state {
        ReportState::Submitted => ("pending", "blue", "待审", "pending review"),
        ReportState::Accepted => ("done", "green", "已通过", "accepted"),
        ReportState::Returned => ("returned", "yellow", "已退回", "returned"),
        ReportState::Revoked => ("returned", "yellow", "通过后撤销", "acceptance revoked"),
        ReportState::Withdrawn => ("excl", "grey", "已撤回", "withdrawn"),
    };
    Mark::new(shape, colour, lang.pick(zh, en))
}

/// Something that happened to a node.
pub fn happening(lang: Lang, event: Happening) -> &'static str {
    let (zh, en) = match event {
        Happening::Born => ("下达", "issued"),
        Happening::Reported => ("填报", "reported"),
        Happening::Withdrawn => ("撤回填报", "report withdrawn"),
        Happening::Accepted => ("通过", "accepted"),
        Happening::Returned => ("退回", "returned"),
        Happening::Revoked => ("撤销通过", "acceptance revoked"),
        Happening::ExtensionRequested => ("申请延期", "extension asked for"),
        Happening::ExtensionApproved => ("同意延期", "extension granted"),
        Happening::ExtensionWithdrawn => ("撤回延期申请", "request for an extension withdrawn"),
        Happening::CancellationWithdrawn => ("撤回取消申请", "request for a cancellation withdrawn"),
        Happening::ExtensionRefused => ("不同意延期", "extension refused"),
        Happening::WaiverRequested => ("申请豁免", "waiver asked for"),
        Happening::WaiverApproved => ("同意豁免", "waiver granted"),
        Happening::WaiverRefused => ("不同意豁免", "waiver refused"),
        Happening::WaiverWithdrawn => ("撤回豁免", "waiver withdrawn"),
        Happening::CancellationRequested => ("申请取消", "cancellation asked for"),
        Happening::CancellationApproved => ("同意取消", "cancellation granted"),
        Happening::CancellationRefused => ("不同意取消", "cancellation refused"),
        Happening::Urged => ("催办", "urged"),
    };
    lang.pick(zh, en)
}

/// A light as it is shown: a shape, a word and a colour, in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Name of the shape in the sprite.
    pub shape: &'static str,
    pub word: &'static str,
    /// Class of the colour.
    pub colour: &'static str,
}

impl Mark {
    pub fn new(shape: &'static str, colour: &'static str, word: &'static str) -> Mark {
        Mark { shape, word, colour }
    }

    /// The mark of a verdict.
    pub fn verdict(lang: Lang, verdict: Verdict) -> Mark {
        let (shape, colour, zh, en) = match verdict {
            Verdict::Excluded => ("excl", "grey", "不计入", "excluded"),
            Verdict::DoneOnTime => ("done", "green", "按期完成", "done on time"),
            Verdict::DoneLate => ("late", "green", "逾期完成", "done late"),
            Verdict::PendingReview => ("pending", "blue", "待审", "pending review"),
            Verdict::Overdue => ("overdue", "red", "逾期", "overdue"),
            Verdict::Due => ("due", "yellow", "到期", "due"),
            Verdict::DueSoon => ("soon", "yellow", "临期", "due soon"),
            Verdict::NotDue => ("next", "green", "未到期", "not due"),
        };
        Mark::new(shape, colour, lang.pick(zh, en))
    }

    /// A node that was returned.
    pub fn returned(lang: Lang) -> Mark {
        Mark::new("returned", "yellow", lang.pick("退回", "returned"))
    }

    /// The mark of a node: a return that is not overdue is called by its name.
    pub fn node(lang: Lang, node: &TimeNode) -> Mark {
        Mark::standing(lang, node.verdict, node.returned)
    }

    /// The mark of what was judged.
    pub fn judged(lang: Lang, judged: &Judged) -> Mark {
        Mark::standing(lang, judged.verdict, judged.returned)
    }

    fn standing(lang: Lang, verdict: Verdict, returned: bool) -> Mark {
        if returned && !matches!(verdict, Verdict::Overdue | Verdict::Excluded) {
            Mark::returned(lang)
        } else {
            Mark::verdict(lang, verdict)
        }
    }
}

/// What a subject of the audit log is called; the word itself where it has no name.
pub fn subject(lang: Lang, word: &str) -> &str {
    let (zh, en) = match word {
        "account" => ("账号", "account"),
        "agenda_item" => ("议程事项", "agenda item"),
        "appointment" => ("任职", "appointment"),
        "assessment" => ("评定", "assessment"),
        "attachment" => ("佐证材料", "file"),
        "bulletin" => ("简报", "bulletin"),
        "calendar" => ("工作日历", "calendar"),
        "cancellation" => ("取消申请", "cancellation"),
        "clause" => ("条款", "clause"),
        "clause_task" => ("条款与任务的关联", "link of a clause"),
        "comment" => ("批注", "comment"),
        "decision" => ("决定", "decision"),
        "extension" => ("延期申请", "extension"),
        "finding" => ("问题", "finding"),
        "import" => ("导入", "import"),
        "key_point" => ("工作要点", "key point"),
        "measure" => ("整改措施", "measure"),
        "meeting" => ("会议", "meeting"),
        "opinion" => ("意见", "opinion"),
        "plan" => ("计划", "plan"),
        "progress_report" => ("填报", "progress report"),
        "report_draft" => ("填报草稿", "draft"),
        "responsibility" => ("责任", "responsibility"),
        "review" => ("审核", "review"),
        "schedule" => ("时限", "schedule"),
        "session" => ("登录", "sign-in"),
        "settings" => ("设置", "settings"),
        "standard_set" => ("工作标准", "standard set"),
        "task" => ("任务", "task"),
        "time_node" => ("时间节点", "time node"),
        "unit" => ("组织", "unit"),
        "urge" => ("催办", "urge"),
        "waiver" => ("豁免申请", "waiver"),
        _ => return word,
    };
    lang.pick(zh, en)
}
