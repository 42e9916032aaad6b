//! What the demo's plan asks for: key points and tasks after the published article and the usual duties of a branch.

/// Who owes a task.
#[derive(Debug, Clone, Copy)]
pub enum Owing {
    /// Every branch.
    Branches,
    /// The first branches, so many.
    First(usize),
    /// The department.
    Office,
    /// The committee.
    Committee,
}

/// When it is due.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// On days of 2020: month, day, days of grace.
    On(&'static [(u32, u32, i64)]),
    /// In spoken words.
    Words(&'static str),
    /// By a recurrence.
    Rule(&'static str),
}

/// A task: title, what must come out, who owes it, when.
pub type Task = (&'static str, &'static str, Owing, When);

use Owing::{Branches, Committee, First, Office};
use When::{On, Rule, Words};

/// The duties of every year, already in last year's plan.
pub const DUTIES: (&str, &[Task]) = (
    "组织生活",
    &[
        ("支部党员大会", "会议记录", Branches, Words("每季度")),
        ("支委会", "会议记录", Branches, Words("每月")),
        ("党课", "讲稿与签到表", Branches, Words("每季度")),
        ("主题党日", "活动记录", Branches, Words("每月")),
    ],
);

/// What 2020 adds.
pub const LISTS: &[(&str, &[Task])] = &[
    (
        "标准化规范化建设",
        &[
            ("对照工作标准开展自查", "自查报告", Branches, On(&[(2, 28, 0), (6, 30, 0), (9, 20, 0)])),
            ("修订标准化作业程序", "作业程序修订稿", Branches, On(&[(9, 20, 0), (12, 31, 0)])),
            ("党务台账规范管理", "台账", Branches, Words("每季度")),
            ("支部达标自评", "自评表", Branches, Words("6月、12月底前")),
            ("党员信息核对", "核对清单", Branches, Words("每半年一次")),
            ("发展党员工作台账", "工作台账", Branches, Words("上半年")),
        ],
    ),
    (
        "党建工作深度融入生产经营",
        &[
            ("生产经营难题立项", "立项书", Branches, On(&[(4, 30, 0)])),
            ("党员先锋岗创建", "创建方案", Branches, On(&[(5, 31, 0)])),
            ("技术攻关党员突击队", "攻关记录", First(4), Words("每季度")),
            ("降本增效金点子", "建议汇总", Branches, Words("9月底前")),
            ("融入成效总结", "总结", Branches, Words("年底前")),
        ],
    ),
    (
        "特色品牌与双创",
        &[
            ("特色品牌创建", "申报材料", Branches, On(&[(10, 31, 0)])),
            ("创新创业活动", "活动总结", Branches, On(&[(8, 31, 0), (10, 7, 0)])),
            ("品牌经验交流", "交流材料", Branches, On(&[(11, 20, 0)])),
            ("双创成果展示", "成果清单", Branches, Words("11月底前")),
        ],
    ),
    (
        "2019年检查考核问题整改",
        &[
            ("制定整改清单", "整改清单", Branches, On(&[(3, 31, 0)])),
            ("整改进展通报", "通报", Office, Rule("FREQ=MONTHLY;BYMONTH=4,6,8,10,12;BYMONTHDAY=-1")),
            ("整改完成情况报告", "整改报告", Branches, Words("6月底前")),
            ("整改回头看", "核查记录", Branches, On(&[(10, 15, 0)])),
        ],
    ),
    (
        "学习教育",
        &[
            ("集中学习研讨", "学习记录", Branches, Words("每季度")),
            ("学习情况通报", "通报", Office, Words("每两月")),
            ("七一主题活动", "活动记录", Branches, Words("七一前")),
            ("形势任务教育", "教育记录", Branches, On(&[(5, 20, 0)])),
        ],
    ),
    (
        "队伍建设与党风廉政",
        &[
            ("党费收缴", "缴纳台账", Branches, Words("每月10日前")),
            ("党风廉政教育", "教育记录", Branches, Words("每季度")),
            ("意识形态分析研判", "分析报告", Branches, Words("每季度")),
            ("谈心谈话", "谈话记录", Branches, Words("每半年不少于2次")),
            ("组织生活会", "会议记录", Branches, On(&[(12, 20, 0)])),
            ("民主评议党员", "评议结果", Branches, Words("年底前")),
        ],
    ),
    (
        "检查考核",
        &[
            ("半年工作总结", "总结", Branches, Words("7月10日前")),
            ("年度工作要点督查", "督查通报", Committee, Words("每半年一次")),
            ("年度述职评议", "述职报告", Branches, On(&[(12, 25, 0)])),
            ("迎接上级党建考核", "迎检材料", Branches, Words("按上级要求")),
        ],
    ),
];
