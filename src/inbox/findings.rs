//! Findings that wait: to be put right by one's own unit, to be checked, to be closed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::actions::item;
use super::model::{InboxItem, InboxKind, InboxSubject};
use super::rules::measures_light;
use crate::access::{Action, Actor};
use crate::findings::close_out::{may_check, may_close};
use crate::findings::day;
use crate::findings::model::{Finding, FindingState};
use crate::findings::rechecks::{is_rechecked, may_recheck};
use crate::platform::{Conn, Result};
use crate::settings;
use crate::units::UnitId;

/// The findings that wait for an actor today.
pub(super) fn waiting(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    if actor.posts.iter().all(|post| post.seat.is_none()) {
        return Ok(vec![]);
    }
    let near_days = settings::store::now(conn)?.near_days;
    let sites = actor.posts.iter().flat_map(|post| post.seat.iter().chain(&post.serves));
    let mine: BTreeSet<UnitId> =
        sites.filter(|site| actor.may(Action::RectifyFinding, site)).map(|site| site.unit_id).collect();
    let findings: Vec<Finding> = day::on(conn, today, false)?.shown().collect();
    let mut items = Vec::new();
    for finding in &findings {
        match finding.state {
            FindingState::Open | FindingState::Rectifying => {
                let units = finding.units.iter().map(|unit| unit.unit_id).filter(|unit| mine.contains(unit));
                items.extend(units.filter_map(|unit| to_rectify(finding, unit, today, near_days)));
            }
            FindingState::Applied if may_check(conn, actor, finding.id)? => {
                items.extend(to_rule_on(InboxKind::ToCheck, finding, today));
            }
            FindingState::Checked if may_close(conn, actor, finding.id)? => {
                items.extend(to_rule_on(InboxKind::ToClose, finding, today));
            }
            FindingState::Closed if waits_for_recheck(conn, actor, finding)? => {
                items.extend(to_rule_on(InboxKind::ToRecheck, finding, today));
            }
            _ => {}
        }
    }
    Ok(items)
}

/// Whoever found it looks back at it once.
fn waits_for_recheck(conn: &mut Conn, actor: &Actor, finding: &Finding) -> Result<bool> {
    let mine = actor.account_id == Some(finding.raised_by);
    Ok(mine && may_recheck(conn, actor, finding.id)? && !is_rechecked(conn, finding.id)?)
}

/// A finding that a unit must put right, unless the measures against it are those of others.
fn to_rectify(finding: &Finding, unit: UnitId, today: NaiveDate, near_days: i64) -> Option<InboxItem> {
    let taken = finding.state != FindingState::Open;
    let measures: Vec<_> = finding.measures.iter().filter(|measure| measure.unit_id == unit).collect();
    if taken && measures.is_empty() {
        return None;
    }
    let first_due = measures.iter().filter_map(|measure| measure.due_on).min();
    let light = measures_light(taken, first_due, today, near_days);
    let named = (InboxSubject::Finding, finding.id.0, unit, finding.title.clone());
    let since = (!taken).then_some(finding.state_since);
    Some(item(InboxKind::ToRectify, named, (first_due, today), Some(light), since))
}

/// A finding that awaits a ruling, under the first of its units.
fn to_rule_on(kind: InboxKind, finding: &Finding, today: NaiveDate) -> Option<InboxItem> {
    let unit = finding.units.first()?.unit_id;
    let named = (InboxSubject::Finding, finding.id.0, unit, finding.title.clone());
    Some(item(kind, named, (None, today), None, Some(finding.state_since)))
}
