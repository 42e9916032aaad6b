//! An import, and what its dry run shows: every reading, every difference, every problem with its place.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::ImportId;
use super::mapping::ListName;
use crate::access::AccountId;
use crate::accounts::model::Secret;
use crate::plans::PlanId;
use crate::plans::readings::{ReadDeadline, ReadPart};
use crate::platform::text::Text;
use crate::platform::{Code, error::Args};
use crate::standards::SetId;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// Where an import stands.
    ImportState { Checked = "checked", Committed = "committed" }
}

/// What a list belongs to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Scope {
    /// Which list the file holds; by default what its columns say.
    pub list: Option<ListName>,
    /// The plan of a task list.
    pub plan_id: Option<PlanId>,
    /// The standard set of clauses.
    pub set_id: Option<SetId>,
    /// The work year of findings; by default that of the business day.
    pub year: Option<i64>,
    /// The sheet to read, where several of a workbook hold the list.
    pub sheet: Option<String>,
}

impl Scope {
    /// What of it is about a list.
    pub fn of(&self, list: ListName) -> Scope {
        Scope {
            plan_id: self.plan_id.filter(|_| list == ListName::Tasks),
            set_id: self.set_id.filter(|_| list == ListName::Standards),
            year: self.year.filter(|_| list == ListName::Findings),
            ..self.clone()
        }
    }
}

/// A file uploaded as `multipart/form-data`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes the form in the contract; the form is streamed")]
pub struct ImportFile {
    /// An .xlsx workbook or a .csv file (UTF-8 or GB18030) of at most 10 MiB.
    #[schema(format = Binary, value_type = String)]
    pub file: Vec<u8>,
}

/// A file that was handed in, read and compared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    pub id: ImportId,
    pub list: ListName,
    /// The plan of a task list.
    pub plan_id: Option<PlanId>,
    /// The standard set of clauses.
    pub set_id: Option<SetId>,
    /// The work year of findings.
    pub year: Option<i64>,
    #[schema(example = "任务清单.xlsx")]
    pub file_name: String,
    /// Digest of the file.
    pub sha256: String,
    pub state: ImportState,
    /// As they were found when the file was handed in; once committed, what was done.
    pub counts: ImportCounts,
    /// What a commit would do, as a digest: a commit that would do anything else is refused.
    pub content_hash: String,
    /// Who handed it in.
    pub made_by: Option<AccountId>,
    pub made_on: NaiveDate,
    /// The day it was committed; null before.
    pub committed_on: Option<NaiveDate>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
    /// The dry run against the lists as they stand now; null once it was committed.
    pub outcome: Option<Outcome>,
}

/// Rows of a file by what they come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportCounts {
    /// Rows of the list in the file.
    pub rows: i64,
    pub added: i64,
    pub changed: i64,
    /// Items of the list that the file does not have.
    pub removed: i64,
    pub unchanged: i64,
    /// Cells and rows that can't be imported; with any, nothing is.
    pub problems: i64,
}

/// What a file comes to.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Outcome {
    pub counts: ImportCounts,
    /// The sheets that were read.
    pub sheets: Vec<ReadSheet>,
    /// In the order of the file.
    pub problems: Vec<ShownProblem>,
    /// Rows that add or change something, in the order of the file, then what the file does not have.
    pub differences: Vec<ShownDifference>,
    /// Words that stand for persons of the committee, and days whose year was taken for the plan's: to be confirmed with
    /// the commit.
    pub to_confirm: Vec<String>,
}

/// A sheet that was read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadSheet {
    #[schema(example = "任务清单")]
    pub name: String,
    /// The row of its header, from 1.
    pub head_row: u32,
    pub columns: Vec<ReadColumn>,
    /// Headers of columns that are not imported.
    pub ignored_columns: Vec<String>,
}

/// A column that was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadColumn {
    /// Its letters in the sheet.
    #[schema(example = "C")]
    pub column: String,
    /// The field it means.
    #[schema(example = "deadline")]
    pub field: String,
    /// The header of that field in our tables.
    #[schema(example = "完成时限")]
    pub head: String,
}

/// Something that can't be imported, with its place.
#[derive(Debug, Clone)]
pub struct Problem {
    pub sheet: String,
    /// From 1; none where it is the sheet's.
    pub row: Option<u32>,
    pub column: Option<String>,
    /// The field's header.
    pub head: Option<&'static str>,
    pub value: String,
    pub code: &'static Code,
    pub args: Args,
}

/// Something that can't be imported, with its place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownProblem {
    pub sheet: String,
    /// The row, from 1; null where it is about the whole sheet.
    pub row: Option<u32>,
    /// The column's letters; null where it is about the whole row.
    #[schema(example = "F")]
    pub column: Option<String>,
    /// The cell's name; null where it is about more than a cell.
    #[schema(example = "F7")]
    pub cell: Option<String>,
    /// The header of the column in our tables.
    #[schema(example = "完成时限")]
    pub head: Option<String>,
    /// What the cell says.
    #[schema(example = "3月初")]
    pub value: String,
    /// Stable code of what is wrong.
    #[schema(example = "deadline_unread")]
    pub code: &'static str,
    /// What is wrong and what to do, in the language of `Accept-Language`.
    pub reason: String,
    /// What could be written instead; null where there is nothing near.
    #[schema(example = "3月上旬")]
    pub proposal: Option<String>,
}

impl Problem {
    pub fn shown(&self, chinese: bool) -> ShownProblem {
        let cell = self.column.as_ref().zip(self.row).map(|(column, row)| format!("{column}{row}"));
        let proposal = self.args.iter().find(|(name, _)| *name == "nearest").map(|(_, nearest)| nearest.clone());
        ShownProblem {
            sheet: self.sheet.clone(),
            row: self.row,
            column: self.column.clone(),
            cell,
            head: self.head.map(str::to_owned),
            value: self.value.clone(),
            code: self.code.code,
            reason: self.code.sentence(chinese, &self.args),
            proposal,
        }
    }
}

word_enum! {
    /// What a row comes to.
    DifferenceKind { Added = "added", Changed = "changed", Removed = "removed" }
}

/// A row that adds or changes something, or an item that the file does not have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownDifference {
    pub kind: DifferenceKind,
    /// The sheet; null for what the file does not have.
    pub sheet: Option<String>,
    /// Its row, from 1; null for what the file does not have.
    pub row: Option<u32>,
    /// By what the item is told from others.
    #[schema(example = "标准化规范化建设 / 修订标准化作业程序")]
    pub key: String,
    /// What differs; of what is added, all it says.
    pub fields: Vec<ChangedField>,
    /// How the row of a task is read; null for other lists and where neither units nor deadline differ.
    pub reading: Option<TaskReading>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangedField {
    #[schema(example = "deadline")]
    pub field: &'static str,
    /// Its header in our tables.
    #[schema(example = "完成时限")]
    pub head: &'static str,
    /// What the list says; null for what is added.
    pub before: Option<String>,
    /// What the file says; null for what it does not have.
    pub after: Option<String>,
}

/// Who will owe what, and when.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct TaskReading {
    pub responsibilities: Vec<ReadPart>,
    /// The units that will owe the task.
    pub owing: Vec<UnitId>,
    /// How each entry of the deadline is read.
    pub deadlines: Vec<ReadDeadline>,
    /// Words to be confirmed with the commit.
    pub to_confirm: Vec<String>,
}

/// How an import is committed.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "按上级要求调整"}))]
pub struct Commit {
    /// That of the import, as it was shown; by default what it was when the file was handed in.
    #[serde(default)]
    pub content_hash: Option<String>,
    /// Why the plan is changed; required once it is issued, when all changes are one revision. Also why units are
    /// dissolved.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
    /// Remove what the file does not have: tasks, clauses of a draft; units are dissolved and appointments end today.
    /// By default it stays. Findings always stay.
    #[serde(default)]
    pub remove: bool,
    /// Confirm what is to be confirmed.
    #[serde(default)]
    pub confirm: bool,
    /// First password of the accounts that are added; each must change it at the first sign-in.
    #[serde(default)]
    pub first_password: Option<Secret>,
}
