//! The settings as they are shown and changed.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::platform::patch::given;
use crate::schema::settings;

/// What the installation decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = settings)]
pub struct Settings {
    /// Days before its due day from which a node is due soon (临期); 0 to 60.
    #[schema(example = 7)]
    pub near_days: i64,
    /// Days after the end of a recurring entry's period that are still on time, where the entry says nothing; 0 to 60.
    #[schema(example = 5)]
    pub recurrence_grace_days: i64,
    /// Longest first extension that the department grants without a leader, in days from the due day in force; 0 to 366.
    #[schema(example = 30)]
    pub short_extension_days: i64,
    /// Days after the issue in which a node backfilled at a late issue is on time; 0 to 366.
    #[schema(example = 10)]
    pub backfill_days: i64,
    /// Working days in which a completion ought to be reviewed; 1 to 60.
    #[schema(example = 5)]
    pub review_working_days: i64,
    /// Months before the end of a leadership's term from which it is pointed out; 0 to 24.
    #[schema(example = 6)]
    pub term_alert_months: i64,
    /// Days by which a completion may be dated back before the report of flags lists it; 0 to 366.
    #[schema(example = 7)]
    pub back_dated_days: i64,
    /// On: completions of a unit are signed by its secretary or deputy secretary. Off: by its cadres too.
    pub secretary_signs: bool,
    /// On: released bulletins marked public are read without signing in, and without names.
    pub public_bulletins: bool,
}

/// The settings of the installation on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstallationSettings {
    #[serde(flatten)]
    pub settings: Settings,
    /// The day from which these settings are recorded; null while the defaults hold.
    pub recorded_from: Option<NaiveDate>,
    /// Grows with every change; what `If-Match` compares.
    pub version: i64,
}

/// A merge patch of the settings. Holds from today on; past days keep theirs.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"near_days": 10}))]
pub struct SettingsPatch {
    /// Days before its due day from which a node is due soon (临期); 0 to 60.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 60))]
    #[schema(nullable = false, minimum = 0, maximum = 60)]
    pub near_days: Option<i64>,
    /// Days after the end of a recurring entry's period that are still on time, where the entry says nothing; 0 to 60.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 60))]
    #[schema(nullable = false, minimum = 0, maximum = 60)]
    pub recurrence_grace_days: Option<i64>,
    /// Longest first extension that the department grants without a leader, in days from the due day in force; 0 to 366.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 366))]
    #[schema(nullable = false, minimum = 0, maximum = 366)]
    pub short_extension_days: Option<i64>,
    /// Days after the issue in which a node backfilled at a late issue is on time; 0 to 366.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 366))]
    #[schema(nullable = false, minimum = 0, maximum = 366)]
    pub backfill_days: Option<i64>,
    /// Working days in which a completion ought to be reviewed; 1 to 60.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 60))]
    #[schema(nullable = false, minimum = 1, maximum = 60)]
    pub review_working_days: Option<i64>,
    /// Months before the end of a leadership's term from which it is pointed out; 0 to 24.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 24))]
    #[schema(nullable = false, minimum = 0, maximum = 24)]
    pub term_alert_months: Option<i64>,
    /// Days by which a completion may be dated back before the report of flags lists it; 0 to 366.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 366))]
    #[schema(nullable = false, minimum = 0, maximum = 366)]
    pub back_dated_days: Option<i64>,
    /// On: completions of a unit are signed by its secretary or deputy secretary. Off: by its cadres too.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub secretary_signs: Option<bool>,
    /// On: released bulletins marked public are read without signing in, and without names.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub public_bulletins: Option<bool>,
}
