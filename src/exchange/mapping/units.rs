//! The columns of the list of units.

use super::{BASE, Choice, Field, Kind, Mapping, NUMBER, choice};
use crate::exchange::mapping::ListName;

const UNIT_KINDS: &[Choice] = &[
    choice("committee", "党委", &["党的委员会", "基层党委"]),
    choice("general_branch", "党总支", &["总支", "党的总支部"]),
    choice("branch", "党支部", &["支部"]),
    choice("party_group", "党小组", &["小组"]),
    choice("department", "部门", &["党务部门", "工作部门", "职能部门"]),
    choice("discipline", "纪检机构", &["纪委", "纪检"]),
    choice("mass_organisation", "群团组织", &["群团", "工会", "团委", "妇联"]),
    choice("superior", "上级组织", &["上级", "上级党组织"]),
];

pub(super) static UNITS: Mapping = Mapping {
    list: ListName::Units,
    sheet: "组织",
    anchor: "name",
    fields: &[
        NUMBER,
        Field {
            name: "name",
            head: "组织名称",
            synonyms: &["名称", "单位名称", "党组织名称", "组织", "组织全称", "全称"],
            required: true,
            width: 28.0,
            help: "全称。Name in full.",
            sample: "第一党支部",
            ..BASE
        },
        Field {
            name: "kind",
            head: "组织类型",
            synonyms: &["类型", "组织类别", "类别", "党组织类型"],
            required: true,
            kind: Kind::Choice(UNIT_KINDS),
            help: "从下拉列表中选。Choose from the list.",
            sample: "党支部",
            ..BASE
        },
        Field {
            name: "parent",
            head: "上级组织",
            synonyms: &["上级", "上级党组织", "所属党组织", "隶属", "隶属组织", "上级单位"],
            kind: Kind::Units,
            width: 28.0,
            help: "上级的全称，可以是本表中的另一行；只有党委和上级组织可以不填。Name of the unit above; it may be another row.",
            sample: "机关党委",
            ..BASE
        },
        Field {
            name: "code",
            head: "组织编码",
            synonyms: &["编码", "代码", "组织代码", "党组织代码", "编号"],
            help: "组织自己的编码。The organisation's own code.",
            sample: "01",
            ..BASE
        },
        Field {
            name: "short_names",
            head: "简称",
            synonyms: &["别名", "其他名称", "组织简称"],
            width: 24.0,
            help: "清单中的其他叫法，用顿号分开，至多 20 个。Other names, separated by 、.",
            sample: "一支部、第一支部",
            ..BASE
        },
        Field {
            name: "established_on",
            head: "成立日期",
            synonyms: &["成立时间", "设立日期", "建立日期"],
            kind: Kind::Day,
            help: "如 2020-01-01；不填为一直存在。A day; blank: always.",
            sample: "2020-01-01",
            ..BASE
        },
        Field {
            name: "term_ends_on",
            head: "届满日期",
            synonyms: &["任期届满", "换届日期", "换届时间", "届满时间", "任期截止"],
            kind: Kind::Day,
            help: "本届班子任期的最后一天。Last day of the leadership's term.",
            sample: "2022-12-31",
            ..BASE
        },
    ],
};
