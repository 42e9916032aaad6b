//! The one mapping of each list: its columns, the headers by which departments know them, what a cell may say. Templates,
//! import, export and previews all read it.

use crate::platform::sheet::Column;
use crate::word_enum;

word_enum! {
    /// A list that goes in and out as a table.
    ListName {
        /// Units 组织.
        Units = "units",
        /// Accounts with their appointments 账号与任职.
        Accounts = "accounts",
        /// The task list of a plan with its responsibilities and schedules 任务清单.
        Tasks = "tasks",
        /// The clauses of a standard set 标准条款.
        Standards = "standards",
        /// Findings with their measures 问题整改台账.
        Findings = "findings",
    }
}

/// Which edition of a mapping a table was written with; it stands in a hidden cell of the header.
pub const VERSION: u32 = 1;

/// What the sample row of a template begins with; an import leaves such rows out.
pub const SAMPLE_MARK: &str = "示例";

/// The columns of a list.
pub struct Mapping {
    pub list: ListName,
    /// Name of the sheet.
    pub sheet: &'static str,
    pub fields: &'static [Field],
    /// The column that says of what a row is: where it is blank, blank columns that are `carried` take the row above.
    pub anchor: &'static str,
}

/// A column.
pub struct Field {
    pub name: &'static str,
    /// Its header in what we write.
    pub head: &'static str,
    /// Other headers that mean it.
    pub synonyms: &'static [&'static str],
    pub required: bool,
    pub kind: Kind,
    /// Takes the row above where the row has no anchor of its own.
    pub carried: bool,
    pub width: f64,
    /// What to write into it, for the instructions.
    pub help: &'static str,
    /// What the sample row says.
    pub sample: &'static str,
}

/// What the cells of a column say.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Shown in an export and never read.
    Shown,
    /// A text; the bound is the input's.
    Text,
    /// One of some words.
    Choice(&'static [Choice]),
    /// A day.
    Day,
    /// 是 or 否.
    YesNo,
    /// A number; which ones is the input's to say.
    Number,
    /// Names of units.
    Units,
    /// A deadline in words.
    Deadline,
}

/// A word of a choice.
pub struct Choice {
    /// As the API knows it.
    pub word: &'static str,
    /// As the table shows it.
    pub shown: &'static str,
    /// Other ways to write it.
    pub also: &'static [&'static str],
}

const fn choice(word: &'static str, shown: &'static str, also: &'static [&'static str]) -> Choice {
    Choice { word, shown, also }
}

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

const FINDING_KINDS: &[Choice] = &[
    choice("immediate", "立行立改", &["立改立行", "立即整改"]),
    choice("time_limited", "限期整改", &["限时整改"]),
    choice("long_term", "长期坚持", &["长期整改", "持续整改"]),
];

const BASE: Field = Field {
    name: "",
    head: "",
    synonyms: &[],
    required: false,
    kind: Kind::Text,
    carried: false,
    width: 16.0,
    help: "",
    sample: "",
};

const NUMBER: Field = Field {
    name: "number",
    head: "序号",
    synonyms: &["序列", "No", "No."],
    kind: Kind::Shown,
    width: 8.0,
    help: "不导入；以“示例”开头的行导入时忽略。Not read; a row that begins with 示例 is left out.",
    sample: SAMPLE_MARK,
    ..BASE
};

static UNITS: Mapping = Mapping {
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

static ACCOUNTS: Mapping = Mapping {
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

static TASKS: Mapping = Mapping {
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

static STANDARDS: Mapping = Mapping {
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

static FINDINGS: Mapping = Mapping {
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

impl Mapping {
    /// The last column that people see: behind the fields stands the hidden edition.
    pub fn last_shown(&self) -> u16 {
        u16::try_from(self.fields.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    pub fn of(list: ListName) -> &'static Mapping {
        match list {
            ListName::Units => &UNITS,
            ListName::Accounts => &ACCOUNTS,
            ListName::Tasks => &TASKS,
            ListName::Standards => &STANDARDS,
            ListName::Findings => &FINDINGS,
        }
    }

    /// The place of a field among the columns.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that a header names.
    pub fn named(&self, head: &str) -> Option<usize> {
        let head = plain_head(head);
        let is = |name: &str| plain_head(name) == head;
        let exact = self.fields.iter().position(|field| is(field.head));
        exact.or_else(|| self.fields.iter().position(|field| field.synonyms.iter().any(|name| is(name))))
    }

    /// The columns as they are written, and behind them the hidden one whose header says which mapping it was.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = self.fields.iter().map(Field::column).collect();
        columns.push(Column { hidden: true, ..Column::new(version_mark(self.list, VERSION), 4.0) });
        columns
    }
}

impl Field {
    fn column(&self) -> Column {
        let choices: Vec<String> = match self.kind {
            Kind::Choice(choices) => choices.iter().map(|choice| choice.shown.to_owned()).collect(),
            Kind::YesNo => vec!["是".into(), "否".into()],
            _ => vec![],
        };
        Column { required: self.required, choices, ..Column::new(self.head, self.width) }
    }

    /// Whether an import reads it.
    pub fn is_read(&self) -> bool {
        !matches!(self.kind, Kind::Shown)
    }
}

/// How a table shows a word of a choice; the word itself where it shows none.
pub fn shown(list: ListName, field: &str, word: &'static str) -> &'static str {
    match Mapping::of(list).field(field).map(|field| field.kind) {
        Some(Kind::Choice(choices)) => {
            choices.iter().find(|choice| choice.word == word).map_or(word, |choice| choice.shown)
        }
        _ => word,
    }
}

/// How a table shows yes and no.
pub fn yes_no(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

/// What the hidden header says.
pub fn version_mark(list: ListName, version: u32) -> String {
    format!("duban:{}:{version}", list.word())
}

/// The list and edition that a hidden header names.
pub fn marked(head: &str) -> Option<(ListName, u32)> {
    let (list, version) = head.trim().strip_prefix("duban:")?.split_once(':')?;
    let list = ListName::ALL.iter().find(|known| known.word() == list)?;
    Some((*list, version.parse().ok()?))
}

/// A header without blanks, marks of required columns, brackets and what they say.
pub fn plain_head(head: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for c in head.chars() {
        match c {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 || c.is_whitespace() || matches!(c, '*' | '＊' | ':' | '：') => {}
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_names_its_own_column_and_no_two() {
        for list in ListName::ALL {
            let mapping = Mapping::of(*list);
            for (index, field) in mapping.fields.iter().enumerate() {
                assert_eq!(mapping.named(field.head), Some(index), "{list:?} {}", field.head);
                assert!(field.help.len() > 1, "{list:?} {} says what to write", field.head);
            }
            assert!(mapping.index(mapping.anchor).is_some());
            assert_eq!(marked(&version_mark(*list, VERSION)), Some((*list, VERSION)));
        }
    }

    #[test]
    fn headers_are_known_however_they_are_dressed() {
        let tasks = Mapping::of(ListName::Tasks);
        let heads = [
            ("完成\n时限", "deadline"),
            ("完成时限（年月日）", "deadline"),
            ("*责任单位", "responsible"),
            (" 牵头部门 ", "lead"),
            ("重点任务", "title"),
            ("具体措施：", "requirement"),
        ];
        for (head, field) in heads {
            assert_eq!(tasks.named(head).map(|index| tasks.fields[index].name), Some(field), "{head}");
        }
        assert_eq!(tasks.named("联系电话"), None);
    }
}
