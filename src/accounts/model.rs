//! Accounts, appointments and what sign-in takes and gives.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{AccountId, AppointmentId, Role, SessionId};
use crate::access::UnitId;
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Notice, Text};
use crate::schema::{accounts, appointments};

/// Who signs in.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub id: AccountId,
    /// Name to sign in with.
    #[schema(example = "first-secretary")]
    pub username: String,
    /// How it is shown: the post, not the person.
    #[schema(example = "第一党支部书记")]
    pub display_name: String,
    /// A disabled account can't sign in and its tokens are refused.
    pub disabled: bool,
    /// Somebody else set its password; it must be changed before anything else.
    pub must_change_password: bool,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new account.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "first-secretary", "display_name": "第一党支部书记", "password": "Change-me-2020"}))]
pub struct NewAccount {
    /// Name to sign in with; unique.
    pub username: Text<64>,
    /// How it is shown.
    pub display_name: Text<100>,
    /// First password; it must be changed at the first sign-in.
    pub password: Secret,
}

/// A merge patch of an account.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"disabled": true}))]
pub struct AccountPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub display_name: Option<Text<100>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub disabled: Option<bool>,
}

/// A password or token on its way in. It is never shown, not even in a debug line.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Password, max_length = 1024)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A post of an account at a unit, from one day to another, both included.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = appointments)]
pub struct Appointment {
    pub id: AppointmentId,
    pub account_id: AccountId,
    /// The unit; null for administrators and auditors.
    pub unit_id: Option<UnitId>,
    pub role: Role,
    /// First day.
    #[diesel(column_name = from_on)]
    #[serde(rename = "from")]
    pub from_on: NaiveDate,
    /// Last day; null: open.
    #[diesel(column_name = until_on)]
    #[serde(rename = "until")]
    pub until_on: Option<NaiveDate>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new appointment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_id": 2, "unit_id": 3, "role": "secretary", "from": "2020-01-01"}))]
pub struct NewAppointment {
    pub account_id: AccountId,
    /// The unit; left out for administrators and auditors.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    pub role: Role,
    /// First day; a fact about the world, so any day.
    pub from: NaiveDate,
    /// Last day; left out: open.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// A merge patch of an appointment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"until": "2020-06-30"}))]
pub struct AppointmentPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub from: Option<NaiveDate>,
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub until: Field<NaiveDate>,
}

/// Who takes over a post, and from which day.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_id": 7, "on": "2020-07-01"}))]
pub struct HandOver {
    /// The account that takes over.
    pub account_id: AccountId,
    /// Its first day; the day before is the last of the appointment handed over.
    pub on: NaiveDate,
}

/// Both sides of a hand-over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HandedOver {
    /// The appointment that ends.
    pub ended: Appointment,
    /// The one that begins: the same role at the same unit, as long as the old one would have lasted.
    pub begun: Appointment,
}

/// Name and password.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "first-secretary", "password": "…"}))]
pub struct Credentials {
    /// Name to sign in with.
    pub username: String,
    pub password: Secret,
}

/// A refresh token.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "…"}))]
pub struct Refresh {
    pub refresh_token: Secret,
}

/// The old password and the new one.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current": "…", "new": "…"}))]
pub struct PasswordChange {
    pub current: Secret,
    pub new: Secret,
}

/// A password for somebody else.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "…"}))]
pub struct PasswordReset {
    pub password: Secret,
}

/// What a sign-in gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// JWT for the `Authorization` header.
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// For `POST /auth/refresh`; null while the password must be changed.
    pub refresh_token: Option<String>,
    /// The token opens only `POST /auth/password`; after it one signs in again.
    pub password_change_required: bool,
    /// That nothing secret may be entered.
    pub notice: Notice,
}

/// Who one is and what one may.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub account: Account,
    /// Appointments in force today.
    pub appointments: Vec<Appointment>,
    /// Words of the actions that some post allows somewhere.
    #[schema(example = json!(["read_nodes", "sign_completion"]))]
    pub allows: Vec<&'static str>,
}

/// A sign-in that has not ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    pub id: SessionId,
    /// When it began (UTC).
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed (UTC).
    pub last_used_at: DateTime<Utc>,
    /// When it ends at the latest (UTC).
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one of this request.
    pub current: bool,
}
