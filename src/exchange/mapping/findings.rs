//! The columns of the list of findings with their measures.

use super::{BASE, Choice, Field, Kind, Mapping, NUMBER, choice};
use crate::exchange::mapping::ListName;

const FINDING_KINDS: &[Choice] = &[
    choice("immediate", "立行立改", &["立改立行", "立即整改"]),
    choice("time_limited", "限期整改", &["限时整改"]),
    choice("long_term", "长期坚持", &["长期整改", "持续整改"]),
];

pub(super) static FINDINGS: Mapping = Mapping {
    list: ListName::Findings,
    sheet: "问题整改台账",
    anchor: "title",
    fields: &[
        NUMBER,
        Field {
            name: "id",
            head: "问题编号",
            synonyms: &["问题代码", "台账编号"],
            kind: Kind::Number,
            carried: true,
            width: 10.0,
            help: "已登记的问题由系统编号；新问题不填。Given by the system; blank for a new finding.",
            ..BASE
        },
        Field {
            name: "title",
            head: "问题",
            synonyms: &["存在问题", "反馈问题", "问题名称", "问题描述", "主要问题", "问题清单", "发现问题"],
            required: true,
            carried: true,
            width: 36.0,
            help: "一个问题有几条措施时每条一行，问题可以合并单元格。A row for each measure.",
            sample: "“三会一课”记录不完整",
            ..BASE
        },
        Field {
            name: "problem",
            head: "具体表现",
            synonyms: &["问题表现", "具体情况", "问题详情", "详细描述"],
            carried: true,
            width: 36.0,
            help: "What is wrong, in full.",
            sample: "四季度缺两次支委会记录",
            ..BASE
        },
        Field {
            name: "root_cause",
            head: "产生原因",
            synonyms: &["原因", "原因分析", "问题原因", "根源"],
            carried: true,
            width: 28.0,
            help: "Why it came about.",
            ..BASE
        },
        Field {
            name: "source",
            head: "问题来源",
            synonyms: &["来源", "检查组", "反馈单位", "检查单位", "反馈来源", "发现单位"],
            required: true,
            carried: true,
            width: 24.0,
            help: "谁发现的。Who found it.",
            sample: "2019年度党建考核组",
            ..BASE
        },
        Field {
            name: "document",
            head: "来源文件",
            synonyms: &["文件", "文号", "反馈文件", "依据"],
            carried: true,
            width: 24.0,
            help: "The document that says so.",
            sample: "考核反馈〔2020〕3号",
            ..BASE
        },
        Field {
            name: "found_on",
            head: "发现日期",
            synonyms: &["反馈日期", "检查日期", "发现时间", "反馈时间", "检查时间"],
            required: true,
            carried: true,
            kind: Kind::Day,
            help: "不晚于今天。Not in the future.",
            sample: "2020-01-03",
            ..BASE
        },
        Field {
            name: "kind",
            head: "整改类型",
            synonyms: &["类型", "整改类别", "整改方式", "问题类型"],
            required: true,
            carried: true,
            kind: Kind::Choice(FINDING_KINDS),
            help: "从下拉列表中选。Choose from the list.",
            sample: "限期整改",
            ..BASE
        },
        Field {
            name: "units",
            head: "责任单位",
            synonyms: &["整改单位", "责任部门", "整改责任单位", "责任支部", "责任主体"],
            required: true,
            carried: true,
            kind: Kind::Units,
            width: 28.0,
            help: "要整改的组织。The units that must put it right.",
            sample: "第一党支部",
        },
        Field {
            name: "measure",
            head: "整改措施",
            synonyms: &["措施", "整改内容", "整改举措", "整改任务"],
            width: 36.0,
            help: "至多 2000 字；还没有措施时不填。Blank while there is none.",
            sample: "补齐2019年记录",
            ..BASE
        },
        Field {
            name: "measure_unit",
            head: "措施承担单位",
            synonyms: &["承担单位", "措施单位", "落实单位"],
            kind: Kind::Units,
            width: 22.0,
            help: "责任单位只有一个时可以不填。May be blank where only one unit is responsible.",
            ..BASE
        },
        Field {
            name: "leader",
            head: "责任领导",
            synonyms: &["分管领导", "牵头领导"],
            help: "职务。A post.",
            sample: "支部书记",
            ..BASE
        },
        Field {
            name: "person",
            head: "责任人",
            synonyms: &["具体责任人", "整改责任人", "承办人"],
            help: "职务。A post.",
            ..BASE
        },
        Field {
            name: "due_on",
            head: "整改时限",
            synonyms: &["完成时限", "整改期限", "完成时间", "时限", "整改完成时限", "整改完成时间"],
            kind: Kind::Deadline,
            help: "一天，如 4月30日前；长期坚持的问题可写 长期坚持。One day.",
            sample: "2020-04-30",
            ..BASE
        },
        Field {
            name: "state",
            head: "状态",
            synonyms: &["整改状态", "整改进展", "销号情况", "整改情况", "完成情况"],
            kind: Kind::Shown,
            help: "由系统写，不导入。Not read.",
            ..BASE
        },
        Field {
            name: "remark",
            head: "备注",
            synonyms: &["说明"],
            kind: Kind::Shown,
            help: "不导入。Not read.",
            ..BASE
        },
    ],
};
