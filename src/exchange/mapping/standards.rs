//! The columns of a standard set.

use super::{BASE, Field, Kind, Mapping, NUMBER};
use crate::exchange::mapping::ListName;

pub(super) static STANDARDS: Mapping = Mapping {
    list: ListName::Standards,
    sheet: "标准条款",
    anchor: "category",
    fields: &[
        NUMBER,
        Field {
            name: "code",
            head: "条款编号",
            synonyms: &["条款号", "条款代码", "编码", "代码", "编号"],
            required: true,
            width: 12.0,
            help: "在本套标准中唯一。Unique in the set.",
            sample: "1.3",
            ..BASE
        },
        Field {
            name: "category",
            head: "类别",
            synonyms: &["分类", "一级指标", "项目", "标准类别", "建设内容"],
            required: true,
            carried: true,
            width: 20.0,
            help: "可以合并单元格，空白取上一行。A merged or blank cell takes the row above.",
            sample: "基本组织",
            ..BASE
        },
        Field {
            name: "title",
            head: "条款",
            synonyms: &["标准条款", "条款名称", "标准内容", "二级指标", "考核内容", "标准名称", "名称"],
            required: true,
            width: 36.0,
            help: "至多 200 字。",
            sample: "按期换届",
            ..BASE
        },
        Field {
            name: "requirement",
            head: "标准要求",
            synonyms: &["要求", "评定标准", "考核标准", "具体要求", "评分标准", "三级指标"],
            width: 44.0,
            help: "要做到什么。What is asked.",
            sample: "任期届满前完成换届选举",
            ..BASE
        },
        Field {
            name: "points",
            head: "分值",
            synonyms: &["分数", "标准分", "满分", "赋分"],
            required: true,
            kind: Kind::Number,
            width: 10.0,
            help: "0 至 1000，至多一位小数。At most one decimal.",
            sample: "2.5",
            ..BASE
        },
        Field {
            name: "mandatory",
            head: "一票否决",
            synonyms: &["否决项", "是否否决", "必达"],
            kind: Kind::YesNo,
            width: 10.0,
            help: "是 或 否；不填为否。",
            sample: "是",
            ..BASE
        },
        Field {
            name: "curable",
            head: "可补",
            synonyms: &["是否可补", "能否补做"],
            kind: Kind::YesNo,
            width: 10.0,
            help: "缺了还能不能补；不填为是。Whether it can still be made good; blank: 是.",
            sample: "是",
            ..BASE
        },
        Field {
            name: "evidence_months",
            head: "佐证有效期（月）",
            synonyms: &["佐证有效期", "有效期", "有效月数"],
            kind: Kind::Number,
            width: 12.0,
            help: "1 至 120；不填为长期有效。Blank: without end.",
            sample: "12",
            ..BASE
        },
    ],
};
