//! The columns of the task list with its responsibilities and deadlines.

use super::{BASE, Field, Kind, Mapping, NUMBER};
use crate::exchange::mapping::ListName;

pub(super) static TASKS: Mapping = Mapping {
    list: ListName::Tasks,
    sheet: "任务清单",
    anchor: "key_point",
    fields: &[
        NUMBER,
        Field {
            name: "code",
            head: "任务编号",
            synonyms: &["任务代码", "任务序号", "编号"],
            kind: Kind::Shown,
            width: 10.0,
            help: "由系统编，不导入。Given by the system, not read.",
            ..BASE
        },
        Field {
            name: "key_point",
            head: "工作要点",
            synonyms: &[
                "要点",
                "重点工作",
                "工作板块",
                "板块",
                "任务类别",
                "类别",
                "工作类别",
                "一级任务",
                "一级指标",
                "工作项目",
                "项目",
                "重点方面",
                "主要方面",
                "工作领域",
            ],
            required: true,
            carried: true,
            width: 24.0,
            help: "任务所在的工作要点；可以合并单元格，空白取上一行。A merged or blank cell takes the row above.",
            sample: "标准化规范化建设",
            ..BASE
        },
        Field {
            name: "title",
            head: "工作任务",
            synonyms: &[
                "重点任务",
                "任务",
                "任务名称",
                "任务内容",
                "主要任务",
                "具体任务",
                "工作事项",
                "重点事项",
                "二级任务",
                "重点工作任务",
                "工作内容",
                "督办事项",
                "事项",
            ],
            required: true,
            width: 36.0,
            help: "一行一项，至多 200 字。One task a row.",
            sample: "修订标准化作业程序",
            ..BASE
        },
        Field {
            name: "requirement",
            head: "工作要求",
            synonyms: &[
                "具体措施",
                "工作措施",
                "主要措施",
                "具体要求",
                "措施",
                "目标要求",
                "工作标准",
                "推进措施",
                "具体内容",
            ],
            width: 44.0,
            help: "要做到什么。What is asked.",
            sample: "对照标准逐条修订",
            ..BASE
        },
        Field {
            name: "deliverable",
            head: "成果形式",
            synonyms: &["工作成果", "预期成果", "成果", "完成标志", "目标成果", "交付成果"],
            width: 24.0,
            help: "要拿出什么。What must come out.",
            sample: "作业程序修订稿",
            ..BASE
        },
        Field {
            name: "evidence_required",
            head: "须附佐证",
            synonyms: &["佐证", "是否佐证", "需佐证", "佐证要求"],
            kind: Kind::YesNo,
            width: 10.0,
            help: "是 或 否；不填为否。",
            sample: "否",
            ..BASE
        },
        Field {
            name: "tags",
            head: "标签",
            synonyms: &["特色标签", "标记"],
            help: "用顿号分开，如 品牌、双创。Separated by 、.",
            sample: "品牌",
            ..BASE
        },
        Field {
            name: "supervise",
            head: "责任领导",
            synonyms: &["分管领导", "督办领导", "牵头领导", "包抓领导", "领导责任人"],
            kind: Kind::Units,
            help: "督办的组织或职务，如 党委书记。Unit or post that supervises.",
            sample: "党委书记",
            ..BASE
        },
        Field {
            name: "lead",
            head: "牵头单位",
            synonyms: &["牵头部门", "牵头", "牵头责任单位", "主责单位", "主办单位"],
            kind: Kind::Units,
            width: 22.0,
            help: "没有责任单位时，由牵头单位完成。Owes the task where no unit is responsible.",
            ..BASE
        },
        Field {
            name: "responsible",
            head: "责任单位",
            synonyms: &["责任部门", "承办单位", "落实单位", "责任主体", "实施单位", "完成单位", "责任支部"],
            kind: Kind::Units,
            width: 28.0,
            help: "每个单位都要完成，可写 各党支部、第一至三党支部。Each of them owes the task.",
            sample: "各党支部",
            ..BASE
        },
        Field {
            name: "support",
            head: "配合单位",
            synonyms: &["配合部门", "协办单位", "协助单位", "参与单位", "协同单位", "配合"],
            kind: Kind::Units,
            width: 22.0,
            help: "配合的单位不欠任务。Owes nothing.",
            ..BASE
        },
        Field {
            name: "person",
            head: "责任人",
            synonyms: &["具体责任人", "联系人", "承办人", "经办人", "负责人"],
            width: 22.0,
            help: "宜写职务；各单位不同时写 单位：职务；单位：职务。A post; or unit: post, separated by ；.",
            sample: "支部书记",
            ..BASE
        },
        Field {
            name: "deadline",
            head: "完成时限",
            synonyms: &[
                "完成时间",
                "时间节点",
                "完成期限",
                "时限",
                "办理时限",
                "截止时间",
                "时间安排",
                "完成日期",
                "时间要求",
                "推进时限",
            ],
            required: true,
            kind: Kind::Deadline,
            width: 26.0,
            help: "如 6月底前、每季度、2020-06-30、待定；几条时限各写一行。Several entries, a line each.",
            sample: "每季度",
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
