//! Attendance 到会: who was expected and who came, as one list that is put whole: twenty people in one call. The lists of
//! earlier days stay, so that the rate of a past day reads as it was. Each entry is a label, a post; the unit and the
//! account it stands for may be named.

pub mod http;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::actions::{alterable, readable};
use super::model::{Label, MeetingStatus};
use super::rules::{require_settled, summary};
use super::{ATTENDEE_TWICE, LEAVE_REASON_UNUSED, LEAVE_UNEXPLAINED, MeetingId, decisions, store};
use crate::access::{AccountId, Actor};
use crate::accounts::{self, ACCOUNT_UNKNOWN};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::rate::Rate;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::attendances;
use crate::units::{self, UnitId};
use crate::word_enum;

word_enum! {
    /// How somebody stands to a meeting: expected 应到 and not yet settled, present 实到, on leave 请假, absent 缺席, or an
    /// observer 列席, who is in the head count and never in the rate.
    AttendanceStatus {
        Expected = "expected",
        Present = "present",
        Leave = "leave",
        Absent = "absent",
        Observer = "observer",
    }
}

/// What an attendance list comes to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AttendanceSummary {
    /// `present` of `expected`.
    pub rate: Rate,
    /// Everybody who was there: `present` and `observers`.
    pub head_count: i64,
    /// 应到: the sum of `present`, `leave`, `absent` and `unsettled`.
    pub expected: i64,
    /// 实到.
    pub present: i64,
    /// 请假.
    pub leave: i64,
    /// 缺席.
    pub absent: i64,
    /// 列席.
    pub observers: i64,
    /// Expected, and not yet known whether they came; none once the meeting was held.
    pub unsettled: i64,
}

/// Somebody on the attendance list of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = attendances)]
pub struct Attendance {
    /// The place on the list, from 1.
    pub position: i64,
    /// Who it is: a post.
    #[schema(example = "第一党支部书记")]
    pub person: String,
    pub unit_id: Option<UnitId>,
    pub account_id: Option<AccountId>,
    pub status: AttendanceStatus,
    /// Why, of a leave.
    pub reason: Option<String>,
}

/// An entry of an attendance list.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"person": "第一党支部书记", "unit_id": 3, "status": "present"}))]
pub struct NewAttendance {
    /// Who it is: a post.
    pub person: Label,
    /// The unit they come from. It may then read the meeting.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// By default `expected`.
    #[serde(default = "expected")]
    pub status: AttendanceStatus,
    /// Why; required of a leave, and of nothing else.
    #[serde(default)]
    pub reason: Option<Text<500>>,
}

fn expected() -> AttendanceStatus {
    AttendanceStatus::Expected
}

/// The whole attendance list.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [
    {"person": "党委书记", "status": "present"},
    {"person": "第一党支部书记", "unit_id": 3, "status": "leave", "reason": "出差"},
    {"person": "各部门负责人代表", "status": "observer"}
]}))]
pub struct NewAttendances {
    /// In their order, at most 500.
    #[validate(nested, length(max = 500))]
    #[schema(max_items = 500)]
    pub items: Vec<NewAttendance>,
}

/// The attendance list of a meeting and what it comes to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attendances {
    pub meeting_id: MeetingId,
    pub summary: AttendanceSummary,
    pub items: Vec<Attendance>,
}

/// Puts the whole list in place of the one before. Of a held meeting it stays settled.
pub fn put(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &NewAttendances) -> Result<(Attendances, i64)> {
    let meeting = alterable(conn, actor, id)?;
    actor.request.if_match.check(meeting.version)?;
    require_entries(conn, &input.items)?;
    if meeting.status == MeetingStatus::Held {
        require_settled(&summary(input.items.iter().map(|item| item.status)))?;
    }
    let today = today(conn)?;
    supersede(conn, id, &input.items, today)?;
    decisions::actions::require_votes_covered(conn, id)?;
    store::bump(conn, id)?;
    let put = of_meeting(conn, id)?;
    audit::record(conn, actor, "meeting.put_attendances", subject("meeting", id.0), &put)?;
    Ok((put, meeting.version + 1))
}

/// The attendance list of a meeting that the actor may read, with the version of the meeting.
pub fn read(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<(Attendances, i64)> {
    let (meeting, _) = readable(conn, actor, id)?;
    Ok((of_meeting(conn, id)?, meeting.version))
}

/// Refuses entries that name what does not exist, an account twice, or a reason where none belongs.
fn require_entries(conn: &mut Conn, items: &[NewAttendance]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (place, item) in items.iter().enumerate() {
        let at = |field: &str| format!("/items/{place}/{field}");
        if let Some(unit) = item.unit_id {
            units::store::named(conn, unit, &at("unit_id"))?;
        }
        if let Some(account) = item.account_id {
            if accounts::store::find(conn, account)?.is_none() {
                return Err(ACCOUNT_UNKNOWN.at(at("account_id"), [("id", account.to_string())]).into_error());
            }
            if !seen.insert(account) {
                return Err(ATTENDEE_TWICE.at(at("account_id"), [("id", account.to_string())]).into_error());
            }
        }
        match (item.status, &item.reason) {
            (AttendanceStatus::Leave, None) => return Err(LEAVE_UNEXPLAINED.at(at("reason"), []).into_error()),
            (AttendanceStatus::Leave, _) | (_, None) => {}
            (_, Some(_)) => return Err(LEAVE_REASON_UNUSED.at(at("reason"), []).into_error()),
        }
    }
    Ok(())
}

// Rows.

/// Records a list from today on: what was put earlier today is replaced, what was put before is closed.
fn supersede(conn: &mut Conn, id: MeetingId, items: &[NewAttendance], today: NaiveDate) -> Result<()> {
    use attendances::dsl as a;
    let now = a::attendances.filter(a::meeting_id.eq(id.0).and(a::recorded_to.is_null()));
    diesel::delete(now.filter(a::recorded_from.eq(today))).execute(conn)?;
    diesel::update(now).set(a::recorded_to.eq(today)).execute(conn)?;
    for (position, item) in (1_i64..).zip(items) {
        let values = (
            a::meeting_id.eq(id),
            a::position.eq(position),
            a::person.eq(item.person.as_str()),
            a::unit_id.eq(item.unit_id),
            a::account_id.eq(item.account_id),
            a::status.eq(item.status),
            a::reason.eq(item.reason.as_ref().map(Text::as_str)),
            a::recorded_from.eq(today),
        );
        diesel::insert_into(a::attendances).values(values).execute(conn)?;
    }
    Ok(())
}

/// The attendance list of a meeting now.
pub fn of_meeting(conn: &mut Conn, id: MeetingId) -> Result<Attendances> {
    let items: Vec<Attendance> = attendances::table
        .filter(attendances::meeting_id.eq(id.0).and(attendances::recorded_to.is_null()))
        .select(Attendance::as_select())
        .order(attendances::position)
        .load(conn)?;
    Ok(Attendances { meeting_id: id, summary: summary(items.iter().map(|item| item.status)), items })
}

/// How everybody stands to each of these meetings now.
pub(super) fn statuses_of(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(MeetingId, AttendanceStatus)>> {
    Ok(attendances::table
        .filter(attendances::meeting_id.eq_any(ids.to_vec()).and(attendances::recorded_to.is_null()))
        .select((attendances::meeting_id, attendances::status))
        .load(conn)?)
}
