//! The field's words for what the program calls by a word of its own.

use super::words::Lang;
use crate::access::Role;
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
