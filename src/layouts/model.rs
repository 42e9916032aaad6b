//! Layouts as they are shown and kept, and the inputs that make and change them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::LayoutId;
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Text, Title};
use crate::units::UnitId;
use crate::word_enum;

/// Characters of a column whose width is not said.
const WIDTH: i64 = 16;
/// Wordings of a column at most.
const MAX_WORDS: usize = 100;

word_enum! {
    /// What the ids in a column are shown by.
    NamesOf { Units = "units" }
}

/// A layout 报表格式.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedLayout {
    pub id: LayoutId,
    /// The unit whose department keeps it.
    pub unit_id: UnitId,
    #[schema(example = "上级月报表")]
    pub name: String,
    #[serde(flatten)]
    pub definition: Definition,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// What a layout says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Definition {
    /// Lines above the header, at most 5; `{today}` is the business day. In XLSX only.
    pub titles: Vec<Title>,
    /// From left to right.
    pub columns: Vec<ColumnLayout>,
    /// A line below the rows, such as 制表：　审核：. In XLSX only.
    pub signature: Option<Text<200>>,
}

/// A column of a layout.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"field": "verdict", "head": "状态", "words": {"overdue": "逾期", "not_due": "未到期"}}))]
pub struct ColumnLayout {
    /// The column of the table that it shows, by the name that it has without a layout; `#` numbers the rows, null leaves
    /// the cells blank.
    pub field: Option<Text<60>>,
    /// What stands above it.
    pub head: Text<60>,
    /// Width in characters, 2 to 120; by default 16.
    #[serde(default = "usual_width")]
    #[validate(range(min = 2, max = 120))]
    #[schema(minimum = 2, maximum = 120)]
    pub width: i64,
    /// What stands instead of a value, at most 100.
    #[serde(default)]
    #[validate(custom(function = "few"))]
    pub words: BTreeMap<String, Text<100>>,
    /// The values are ids, and these names stand instead.
    #[serde(default)]
    pub names_of: Option<NamesOf>,
}

fn usual_width() -> i64 {
    WIDTH
}

fn few(words: &BTreeMap<String, Text<100>>) -> Result<(), ValidationError> {
    if words.len() <= MAX_WORDS { Ok(()) } else { Err(ValidationError::new("at most 100")) }
}

/// A layout to be made.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 1, "name": "上级月报表", "titles": ["党建工作任务完成情况表（{today}）"], "columns": [
    {"field": "#", "head": "序号", "width": 6},
    {"field": "unit_id", "head": "党组织", "names_of": "units"},
    {"field": "title", "head": "任务", "width": 40},
    {"field": "verdict", "head": "状态", "words": {"overdue": "逾期"}}
], "signature": "制表：　　　　审核："}))]
pub struct NewLayout {
    /// The unit whose department makes it.
    pub unit_id: UnitId,
    pub name: Text<100>,
    /// Lines above the header, at most 5; `{today}` is the business day.
    #[serde(default)]
    #[schema(max_items = 5)]
    #[validate(length(max = 5))]
    pub titles: Vec<Title>,
    /// From left to right, 1 to 60.
    #[schema(min_items = 1, max_items = 60)]
    #[validate(nested, length(min = 1, max = 60))]
    pub columns: Vec<ColumnLayout>,
    /// A line below the rows.
    #[serde(default)]
    pub signature: Option<Text<200>>,
}

/// A merge patch of a layout.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"signature": "制表：　　审核：　　日期："}))]
pub struct LayoutPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub name: Option<Text<100>>,
    /// Lines above the header, at most 5.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 5)]
    #[validate(length(max = 5))]
    pub titles: Option<Vec<Title>>,
    /// All columns anew, 1 to 60.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_items = 1, max_items = 60)]
    #[validate(nested, length(min = 1, max = 60))]
    pub columns: Option<Vec<ColumnLayout>>,
    /// A line below the rows.
    #[serde(default)]
    #[schema(value_type = Option<Text<200>>)]
    pub signature: Field<Text<200>>,
}
