//! What waits when, and what is the most urgent. Pure.

use chrono::{Months, NaiveDate};

use super::model::{InboxCounts, InboxItem, InboxKind};
use crate::time_nodes::rules::worst;
use crate::time_nodes::{Judged, Light, Verdict};

/// Whether a node asks for a report: overdue, due, due soon, or returned whenever it is due.
pub fn is_to_report(judged: &Judged) -> bool {
    judged.returned || matches!(judged.verdict, Verdict::Overdue | Verdict::Due | Verdict::DueSoon)
}

/// The last end of a term that is told today, so many months ahead.
pub fn term_horizon(today: NaiveDate, months: i64) -> NaiveDate {
    let months = u32::try_from(months).unwrap_or(0);
    today.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The light of a term: red once it has ended.
pub fn term_light(ends_on: NaiveDate, today: NaiveDate) -> Light {
    if ends_on < today { Light::Red } else { Light::Yellow }
}

/// The light of a meeting that is to be held: red once its day has passed.
pub fn meeting_light(called_for: NaiveDate, today: NaiveDate) -> Light {
    if called_for < today { Light::Red } else { Light::Yellow }
}

/// The light of a unit with nobody to sign for these nodes: red once one is overdue.
pub fn unmanned_light(lights: impl IntoIterator<Item = Light>) -> Light {
    if worst(lights) == Light::Red { Light::Red } else { Light::Yellow }
}

/// The light of a finding by the first day of a unit's measures: yellow before one was taken, and when it is near.
pub fn measures_light(taken: bool, first_due: Option<NaiveDate>, today: NaiveDate, near_days: i64) -> Light {
    match first_due.map(|due| (due - today).num_days()) {
        _ if !taken => Light::Yellow,
        Some(days) if days < 0 => Light::Red,
        Some(days) if days <= near_days => Light::Yellow,
        _ => Light::Green,
    }
}

/// The order of the inbox: red, then yellow, then the rest; then by the day since which it waits or by which it is due.
/// As a text that sorts so and is nobody else's, for the cursor.
pub fn urgency(item: &InboxItem) -> String {
    let gravity = match item.light {
        Some(Light::Red) => 0,
        Some(Light::Yellow) => 1,
        _ => 2,
    };
    let day = item.since.or(item.due_on).unwrap_or(NaiveDate::MAX);
    let kind = InboxKind::ALL.iter().position(|kind| *kind == item.kind).unwrap_or_default();
    let (unit, id, revision) = (item.unit_id.0, item.id, item.revision.unwrap_or_default());
    let day = day.format("%Y-%m-%d");
    format!("{gravity} {day} {kind} {} {unit:020} {id:020} {revision:020}", item.subject.word())
}

/// How many of each kind.
pub fn count(items: &[InboxItem]) -> InboxCounts {
    let of = |kind: InboxKind| i64::try_from(items.iter().filter(|item| item.kind == kind).count()).unwrap_or(i64::MAX);
    InboxCounts {
        to_report: of(InboxKind::ToReport),
        to_review: of(InboxKind::ToReview),
        to_decide: of(InboxKind::ToDecide),
        to_sign_for: of(InboxKind::ToSignFor),
        to_sign_minutes: of(InboxKind::ToSignMinutes),
        to_hold: of(InboxKind::ToHold),
        nobody_appointed: of(InboxKind::NobodyAppointed),
        term_ends: of(InboxKind::TermEnds),
        to_answer: of(InboxKind::ToAnswer),
        answered: of(InboxKind::Answered),
        to_rectify: of(InboxKind::ToRectify),
        to_check: of(InboxKind::ToCheck),
        to_close: of(InboxKind::ToClose),
        to_recheck: of(InboxKind::ToRecheck),
        to_self_assess: of(InboxKind::ToSelfAssess),
        to_recognise: of(InboxKind::ToRecognise),
        to_approve: of(InboxKind::ToApprove),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::InboxSubject;
    use super::*;
    use crate::units::UnitId;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    fn item(kind: InboxKind, id: i64, light: Option<Light>, since: Option<NaiveDate>, due_on: NaiveDate) -> InboxItem {
        InboxItem {
            kind,
            subject: InboxSubject::TimeNode,
            id,
            unit_id: UnitId(1),
            title: "党课".into(),
            due_on: Some(due_on),
            days_left: None,
            light,
            since,
            last_urged_on: None,
            revision: None,
            receipt: None,
        }
    }

    #[test]
    fn red_comes_first_and_then_what_waits_longest() {
        use InboxKind::{ToDecide, ToReport, ToReview};
        let mut items = [
            item(ToReview, 10, Some(Light::Blue), Some(day(3, 1)), day(9, 1)),
            item(ToReport, 9, Some(Light::Yellow), None, day(3, 5)),
            item(ToDecide, 2, Some(Light::Red), Some(day(3, 4)), day(1, 1)),
            item(ToReport, 8, Some(Light::Red), None, day(2, 1)),
            item(ToReport, 7, Some(Light::Yellow), None, day(3, 5)),
            item(ToReview, 3, Some(Light::Green), Some(day(2, 1)), day(9, 1)),
        ];
        items.sort_by_key(urgency);
        assert_eq!(items.map(|item| item.id), [8, 2, 7, 9, 3, 10]);
    }

    #[test]
    fn a_term_is_told_six_months_ahead_to_the_day() {
        assert_eq!(term_horizon(day(3, 31), 6), day(9, 30));
        assert_eq!(term_horizon(day(5, 15), 6), day(11, 15));
        assert_eq!(term_light(day(5, 15), day(5, 15)), Light::Yellow);
        assert_eq!(term_light(day(5, 14), day(5, 15)), Light::Red);
    }

    #[test]
    fn a_finding_is_red_once_a_measure_is_overdue() {
        let light = |due: u32| measures_light(true, Some(day(5, due)), day(5, 15), 7);
        assert_eq!([14, 15, 22, 23].map(light), [Light::Red, Light::Yellow, Light::Yellow, Light::Green]);
        assert_eq!(measures_light(true, None, day(5, 15), 7), Light::Green);
        assert_eq!(measures_light(false, None, day(5, 15), 7), Light::Yellow);
    }

    #[test]
    fn nobody_to_sign_is_never_less_than_yellow() {
        assert_eq!(unmanned_light([Light::Green]), Light::Yellow);
        assert_eq!(unmanned_light([Light::Green, Light::Red]), Light::Red);
    }
}
