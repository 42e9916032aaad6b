//! Bulletins as they are written, shown and listed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{BulletinId, ErratumId};
use crate::access::AccountId;
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text, Title};
use crate::reports::model::{ComplianceReport, Group};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// 简报, 通报, 月报.
    BulletinKind { Bulletin = "bulletin", Circular = "circular", MonthlyReport = "monthly_report" }
}

word_enum! {
    /// How far a bulletin has got.
    BulletinState { Draft = "draft", Approved = "approved", Released = "released" }
}

/// A bulletin as it stands in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulletinHead {
    pub id: BulletinId,
    /// The unit that publishes it.
    pub unit_id: UnitId,
    pub kind: BulletinKind,
    #[schema(example = "2020年9月重点任务推进情况通报")]
    pub title: String,
    /// Who hands it in, as a post or department; not shown to public readers.
    #[schema(example = "党群工作部")]
    pub submitter: Option<String>,
    /// The meeting it tells of.
    pub meeting_id: Option<i64>,
    /// The month or quarter its figures are about: `2020-09`, `2020-Q3`.
    #[schema(example = "2020-09")]
    pub period: Option<String>,
    /// Whether it may be read without signing in, where the settings allow that at all.
    pub public: bool,
    pub state: BulletinState,
    /// Its number among those of its unit, kind and year of release; null until released.
    pub number: Option<i64>,
    pub released_on: Option<NaiveDate>,
    /// The moment of its release.
    pub released_at: Option<DateTime<Utc>>,
    /// Accounts that have read it since its release: each once.
    pub views: i64,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A bulletin.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Bulletin {
    #[serde(flatten)]
    pub head: BulletinHead,
    /// Its text, as Markdown.
    pub text: String,
    /// The text as HTML without anything that could run: HTML in the Markdown is shown as text, links other than to
    /// web and mail addresses are dropped.
    pub html: String,
    /// The report whose figures it states, as it read on the day it was drafted; null for one without figures.
    #[schema(value_type = Option<Figures>)]
    pub figures: Option<Value>,
    /// Who wrote it last.
    pub written_by: AccountId,
    /// The leader who approved it; null before.
    pub approved_by: Option<AccountId>,
    pub approved_on: Option<NaiveDate>,
    pub released_by: Option<AccountId>,
    /// What was put right since its release, by number.
    pub errata: Vec<Erratum>,
}

/// A bulletin as it is read without signing in: without names of accounts and submitters.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicBulletin {
    pub id: BulletinId,
    pub kind: BulletinKind,
    pub title: String,
    pub number: Option<i64>,
    pub released_at: Option<DateTime<Utc>>,
    /// The text as HTML without anything that could run.
    pub html: String,
    /// Corrections, by number.
    pub errata: Vec<String>,
    /// Accounts that have read it since its release: each once.
    pub views: i64,
}

/// A correction of a released bulletin.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Erratum {
    pub id: ErratumId,
    /// From 1.
    pub number: i64,
    pub text: String,
    pub made_by: AccountId,
    pub made_on: NaiveDate,
}

/// A new bulletin, as a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 1, "kind": "circular", "period": "2020-09", "submitter": "党群工作部"}))]
pub struct NewBulletin {
    /// The unit that publishes it.
    pub unit_id: UnitId,
    pub kind: BulletinKind,
    /// A month `2020-09` or quarter `2020-Q3`: the figures of its last day (of today, while it runs) are pinned, and
    /// title and text are drafted from them where they are not given.
    #[serde(default)]
    pub period: Option<Text<7>>,
    /// Needed without a period.
    #[serde(default)]
    pub title: Option<Title>,
    /// Markdown. Needed without a period.
    #[serde(default)]
    pub text: Option<Prose>,
    /// Who hands it in, as a post or department.
    #[serde(default)]
    pub submitter: Option<Text<100>>,
    /// Whether it may be read without signing in; by default not.
    #[serde(default)]
    pub public: bool,
}

/// A bulletin about a meeting.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"submitter": "党群工作部"}))]
pub struct NewMeetingBulletin {
    /// Who hands it in, as a post or department.
    #[serde(default)]
    pub submitter: Option<Text<100>>,
}

/// A merge patch of a bulletin that is not released. One that was approved has to be approved again.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "2020年9月党建重点任务通报"}))]
pub struct BulletinPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
    #[serde(default)]
    #[schema(value_type = Option<Text<100>>)]
    pub submitter: Field<Text<100>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub public: Option<bool>,
}

/// A correction.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "第三段“18 项”应为“19 项”。"}))]
pub struct NewErratum {
    pub text: Text<5000>,
}

/// What to narrow a list to.
#[derive(Debug, Clone, Copy, Default)]
pub struct BulletinFilter {
    pub unit_id: Option<UnitId>,
    pub kind: Option<BulletinKind>,
    pub state: Option<BulletinState>,
    pub meeting_id: Option<i64>,
}

/// What the text of a bulletin states in numbers, kept as it was drafted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figures {
    /// By unit.
    #[serde(flatten)]
    pub report: ComplianceReport,
    /// Of a 月报 the groups by key point, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_points: Option<Vec<Group>>,
}
