//! The columns of the list of accounts with their appointments.

use super::{BASE, Choice, Field, Kind, Mapping, NUMBER, choice};
use crate::exchange::mapping::ListName;

const ROLES: &[Choice] = &[
    choice("secretary", "书记", &["支部书记", "党支部书记", "党总支书记", "党委书记"]),
    choice("deputy_secretary", "副书记", &["支部副书记", "党支部副书记"]),
    choice("cadre", "党务干部", &["干事", "组织员", "支部委员"]),
    choice("department", "主管部门", &["部门", "党务部门"]),
    choice("leader", "领导", &["党委领导", "分管领导"]),
    choice("inspector", "巡察检查人员", &["巡察人员", "检查人员", "考核人员"]),
    choice("auditor", "审计员", &["审计"]),
    choice("administrator", "管理员", &["系统管理员"]),
];

pub(super) static ACCOUNTS: Mapping = Mapping {
    list: ListName::Accounts,
    sheet: "账号与任职",
    anchor: "username",
    fields: &[
        NUMBER,
        Field {
            name: "username",
            head: "用户名",
            synonyms: &["账号", "登录名", "登录账号", "用户账号"],
            required: true,
            carried: true,
            help: "登录用，唯一。一人多职时每职一行。Name to sign in with; a row for each post.",
            sample: "first-secretary",
            ..BASE
        },
        Field {
            name: "display_name",
            head: "显示名称",
            synonyms: &["姓名", "名称", "岗位名称", "显示名"],
            required: true,
            carried: true,
            width: 24.0,
            help: "宜写职务，不写姓名。The post rather than the person.",
            sample: "第一党支部书记",
            ..BASE
        },
        Field {
            name: "unit",
            head: "任职组织",
            synonyms: &["组织", "所在组织", "所在党组织", "单位", "所属组织", "部门"],
            kind: Kind::Units,
            width: 28.0,
            help: "审计员和管理员不填。Blank for auditors and administrators.",
            sample: "第一党支部",
            ..BASE
        },
        Field {
            name: "role",
            head: "职务",
            synonyms: &["角色", "岗位", "任职", "权限"],
            kind: Kind::Choice(ROLES),
            help: "从下拉列表中选；不填则只有账号、没有任职。Choose; blank makes an account without a post.",
            sample: "书记",
            ..BASE
        },
        Field {
            name: "from",
            head: "任职起始日期",
            synonyms: &["任职日期", "任职时间", "起始日期", "开始日期", "任职开始"],
            kind: Kind::Day,
            help: "不填为今天。A day; blank: today.",
            sample: "2020-01-01",
            ..BASE
        },
        Field {
            name: "until",
            head: "任职截止日期",
            synonyms: &["截止日期", "离任日期", "结束日期", "任职截止", "免职日期"],
            kind: Kind::Day,
            help: "最后一天；不填为继续任职。Last day; blank: open.",
            ..BASE
        },
        Field {
            name: "disabled",
            head: "停用",
            synonyms: &["是否停用", "已停用"],
            kind: Kind::YesNo,
            carried: true,
            help: "是 或 否。",
            sample: "否",
            ..BASE
        },
    ],
};
