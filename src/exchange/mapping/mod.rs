//! The one mapping of each list: its columns, the headers by which departments know them, what a cell may say. Templates,
//! import, export and previews all read it.

mod accounts;
mod findings;
mod standards;
mod tasks;
mod units;

use self::accounts::ACCOUNTS;
use self::findings::FINDINGS;
use self::standards::STANDARDS;
use self::tasks::TASKS;
use self::units::UNITS;
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
