//! What a unit is, and the inputs that make and change one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::UnitId;
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Text, Title};
use crate::word_enum;

word_enum! {
    /// Kind of a unit (domain, 1.3). `superior` holds accounts and owes nothing.
    UnitKind {
        Committee = "committee",
        GeneralBranch = "general_branch",
        Branch = "branch",
        PartyGroup = "party_group",
        Department = "department",
        Discipline = "discipline",
        MassOrganisation = "mass_organisation",
        Superior = "superior",
    }
}

/// A unit 组织.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Unit {
    pub id: UnitId,
    /// Name in full.
    #[schema(example = "第一党支部")]
    pub name: String,
    pub kind: UnitKind,
    /// The unit above; null at the top.
    pub parent_id: Option<UnitId>,
    /// The organisation's own code.
    pub code: Option<String>,
    /// Other names by which lists mean this unit.
    #[schema(example = json!(["一支部"]))]
    pub short_names: Vec<String>,
    /// First day of its life; null: always.
    pub established_on: Option<NaiveDate>,
    /// Last day of its life; null: it stands.
    pub dissolved_on: Option<NaiveDate>,
    /// Who takes over after it was dissolved.
    pub successor_id: Option<UnitId>,
    /// Why it was dissolved without a successor.
    pub dissolution_reason: Option<String>,
    /// Last day of the term of its leadership.
    pub term_ends_on: Option<NaiveDate>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new unit.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "第一党支部", "kind": "branch", "parent_id": 1, "short_names": ["一支部"]}))]
pub struct NewUnit {
    /// Name in full.
    pub name: Title,
    pub kind: UnitKind,
    /// The unit above. Only a committee or a superior may have none.
    #[serde(default)]
    pub parent_id: Option<UnitId>,
    /// The organisation's own code.
    #[serde(default)]
    pub code: Option<Text<40>>,
    /// Other names by which lists mean this unit, at most 20.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub short_names: Vec<Text<40>>,
    /// First day of its life; a fact about the world, so any day.
    #[serde(default)]
    pub established_on: Option<NaiveDate>,
    /// Last day of the term of its leadership.
    #[serde(default)]
    pub term_ends_on: Option<NaiveDate>,
}

/// A merge patch of a unit. A new parent moves it, with everything below it, from today on.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "机关第一党支部"}))]
pub struct UnitPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub name: Option<Title>,
    #[serde(default)]
    #[schema(value_type = Option<UnitId>)]
    pub parent_id: Field<UnitId>,
    #[serde(default)]
    #[schema(value_type = Option<Text<40>>)]
    pub code: Field<Text<40>>,
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    pub short_names: Option<Vec<Text<40>>>,
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub established_on: Field<NaiveDate>,
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub term_ends_on: Field<NaiveDate>,
}

/// The end of a unit.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"dissolved_on": "2020-06-30", "successor_id": 2}))]
pub struct Dissolution {
    /// Last day of its life; by default today.
    #[serde(default)]
    pub dissolved_on: Option<NaiveDate>,
    /// Who takes over.
    #[serde(default)]
    pub successor_id: Option<UnitId>,
    /// Why, where nobody takes over.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// A unit with the units below it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitBranch {
    pub id: UnitId,
    pub name: String,
    pub kind: UnitKind,
    /// Units directly below, each with its own.
    #[schema(no_recursion)]
    pub units: Vec<UnitBranch>,
}
