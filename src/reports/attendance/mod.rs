//! The attendance rate 到会率: present of expected, over the meetings held in a year by what was recorded by the end of a
//! day; restated, a meeting counts from the day on which it was held, with the list as it is now. Observers are in the head count and never in the rate.

pub mod http;
mod store;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::REPORT_VERSION;
use super::actions::{Asked, Scope, settle};
use super::table::{rate_cells, texts};
use crate::access::{Action, Actor};
use crate::meetings::attendance::AttendanceStatus;
use crate::meetings::model::MeetingKind;
use crate::meetings::rules::summary;
use crate::platform::rate::Rate;
use crate::platform::web::Table;
use crate::platform::{Conn, Result};
use crate::units::{UnitFacts, UnitId};
use crate::word_enum;

use store::HeldMeeting;

word_enum! {
    /// By what attendance is grouped.
    AttendanceGroupBy { Unit = "unit", Kind = "kind" }
}

/// Meetings that were held, and who came to them, added up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttendanceCounts {
    /// Meetings that were held.
    pub meetings: i64,
    /// `present` of `expected`.
    pub attendance: Rate,
    /// Everybody who was there: `present` and `observers`.
    pub head_count: i64,
    /// 应到: the sum of `present`, `leave` and `absent`.
    pub expected: i64,
    /// 实到.
    pub present: i64,
    /// 请假.
    pub leave: i64,
    /// 缺席.
    pub absent: i64,
    /// 列席.
    pub observers: i64,
}

/// A part of the attendance report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttendanceGroup {
    /// Id of the unit as text, or the word of the kind.
    #[schema(example = "party_lecture")]
    pub key: String,
    /// The unit, when grouped by unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    /// Name of the unit on the day, or of the kind.
    pub name: String,
    #[serde(flatten)]
    pub counts: AttendanceCounts,
}

/// The attendance report of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttendanceReport {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The year in which the meetings were held.
    pub year: i64,
    /// The unit asked for; null for the whole tree.
    pub unit_id: Option<UnitId>,
    /// It shows what was recorded by the end of this day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Everything recorded until now was applied to that day.
    pub restated: bool,
    pub total: AttendanceCounts,
    pub groups: Vec<AttendanceGroup>,
}

/// The attendance report. Every appointed account may read its counts.
pub fn attendance(
    conn: &mut Conn,
    actor: &Actor,
    asked: Asked,
    group_by: Option<AttendanceGroupBy>,
) -> Result<AttendanceReport> {
    actor.must_anywhere(Action::ReadCounts)?;
    let scope = settle(conn, asked)?;
    let mut held = store::held_by(conn, scope.moment)?;
    held.retain(|meeting| {
        i64::from(meeting.held_on.year()) == scope.year && scope.tree.is_within(meeting.unit_id, scope.unit_id)
    });
    let groups = match group_by {
        None => vec![],
        Some(AttendanceGroupBy::Unit) => by_unit(&scope, &held),
        Some(AttendanceGroupBy::Kind) => by_kind(&held),
    };
    Ok(AttendanceReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        total: counts(held.iter()),
        groups,
    })
}

fn counts<'a>(held: impl Iterator<Item = &'a HeldMeeting>) -> AttendanceCounts {
    let (mut meetings, mut statuses): (i64, Vec<AttendanceStatus>) = (0, vec![]);
    for meeting in held {
        meetings += 1;
        statuses.extend(&meeting.statuses);
    }
    let all = summary(statuses);
    AttendanceCounts {
        meetings,
        attendance: all.rate,
        head_count: all.head_count,
        expected: all.expected,
        present: all.present,
        leave: all.leave,
        absent: all.absent,
        observers: all.observers,
    }
}

/// The asked unit's own row first, then one for each unit directly below with everything below it.
fn by_unit(scope: &Scope, held: &[HeldMeeting]) -> Vec<AttendanceGroup> {
    let tree = &scope.tree;
    let asked = scope.unit_id.or_else(|| match tree.children(None) {
        [only] => Some(*only),
        _ => None,
    });
    let group = |unit: &UnitFacts, with_below: bool| {
        let belongs = |id: UnitId| {
            if with_below { tree.is_within(id, Some(unit.unit_id)) } else { id == unit.unit_id }
        };
        AttendanceGroup {
            key: unit.unit_id.to_string(),
            unit_id: Some(unit.unit_id),
            name: unit.name.clone(),
            counts: counts(held.iter().filter(|meeting| belongs(meeting.unit_id))),
        }
    };
    let own = asked.and_then(|id| tree.get(id)).map(|unit| group(unit, false));
    let below = tree.children(asked).iter().filter_map(|id| tree.get(*id)).map(|unit| group(unit, true));
    own.into_iter().chain(below).collect()
}

/// One row for each kind of which a meeting was held.
fn by_kind(held: &[HeldMeeting]) -> Vec<AttendanceGroup> {
    let of = |kind: MeetingKind| held.iter().filter(move |meeting| meeting.kind == kind);
    let kinds = MeetingKind::ALL.iter().copied().filter(|kind| of(*kind).next().is_some());
    let group = |kind: MeetingKind| AttendanceGroup {
        key: kind.word().to_owned(),
        unit_id: None,
        name: kind.name().to_owned(),
        counts: counts(of(kind)),
    };
    kinds.map(group).collect()
}

/// The total and its groups, one row each; the total has the key `total`.
pub fn table(report: &AttendanceReport) -> Result<Table> {
    let names = [
        "as_of",
        "restated",
        "key",
        "name",
        "meetings",
        "attendance_met",
        "attendance_of",
        "attendance_percent",
        "head_count",
        "present",
        "leave",
        "absent",
        "observers",
    ];
    let total = ("total", "", &report.total);
    let groups = report.groups.iter().map(|group| (group.key.as_str(), group.name.as_str(), &group.counts));
    let rows = std::iter::once(total).chain(groups).map(|(key, name, counts)| {
        let as_of = report.as_of.to_string();
        let mut row = vec![as_of.into(), report.restated.into(), key.into(), name.into(), counts.meetings.into()];
        row.extend(rate_cells(&counts.attendance));
        let heads = [counts.head_count, counts.present, counts.leave, counts.absent, counts.observers];
        row.extend(heads.map(Value::from));
        row
    });
    Table::with(&texts(&names), rows)
}
