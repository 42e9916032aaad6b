//! Collecting what waits. Each part asks the rule of the action that it leads to.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::model::{Inbox, InboxItem, InboxKind, InboxSubject};
use super::rules::{count, is_to_report, meeting_light, term_horizon, term_light, unmanned_light, urgency};
use super::{assessments, bulletins, findings};
use super::{opinions, store};
use crate::access::{AccountId, Action, Actor, Relation, Site, allows};
use crate::accounts;
use crate::meetings;
use crate::meetings::receipts::ReceiptKind;
use crate::plans::receipts;
use crate::platform::db::today;
use crate::platform::{Conn, PageRequest, Result};
use crate::progress::destruction;
use crate::progress::reviews::require_may_review;
use crate::progress::rules::Fate;
use crate::progress::{self, ReportId};
use crate::settings;
use crate::time_nodes::requests::{extensions, may_grant};
use crate::time_nodes::rules::judge;
use crate::time_nodes::store::Node;
use crate::time_nodes::urges;
use crate::time_nodes::{self, Light, NodeId, Verdict};
use crate::units::UnitId;
use crate::units::store::{Tree, UnitFacts};

/// What waits for an actor today.
pub fn read(conn: &mut Conn, actor: &Actor, page: &PageRequest, kind: Option<InboxKind>) -> Result<Inbox> {
    let today = today(conn)?;
    let mut items = to_report(conn, actor, today)?;
    items.extend(to_review(conn, actor, today)?);
    items.extend(to_decide(conn, actor, today)?);
    items.extend(to_sign_for(conn, actor)?);
    items.extend(meetings_to_sign_for(conn, actor, today)?);
    items.extend(meetings_to_settle(conn, actor, today)?);
    items.extend(assessments::waiting(conn, actor)?);
    items.extend(nobody_appointed(conn, actor, today)?);
    items.extend(terms(conn, actor, today)?);
    items.extend(opinions::waiting(conn, actor)?);
    items.extend(findings::waiting(conn, actor, today)?);
    items.extend(bulletins::waiting(conn, actor)?);
    let counts = count(&items);
    let after = page.after::<String>(0)?;
    items.retain(|item| kind.is_none_or(|kind| kind == item.kind));
    items.retain(|item| after.as_ref().is_none_or(|after| urgency(item) > *after));
    items.sort_by_cached_key(urgency);
    let next_cursor = page.cut(&mut items, |item| vec![urgency(item)]);
    Ok(Inbox { as_of: today, counts, items, next_cursor })
}

/// Nodes of the units at which the actor sits or which the actor's department serves.
fn to_report(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let sites = actor.posts.iter().flat_map(|post| post.seat.iter().chain(&post.serves));
    let mine = sites.filter(|site| actor.may(Action::ReportProgress, site)).map(|site| site.unit_id);
    let open = store::open_nodes(conn, &mine.collect::<Vec<_>>())?;
    let urged = urges::last_urged(conn, &open.iter().map(|node| node.id).collect::<Vec<_>>(), today)?;
    let mut items = Vec::new();
    for node in open {
        let last_urged_on = urged.get(&node.id).copied();
        let judged = judge(&node.facts, today);
        if is_to_report(&judged) {
            let due = (Some(node.facts.due_on), today);
            let named = (InboxSubject::TimeNode, node.id.0, node.unit_id, node.title);
            let waits = item(InboxKind::ToReport, named, due, Some(judged.light), None);
            items.push(InboxItem { last_urged_on, ..waits });
        }
    }
    Ok(items)
}

pub fn to_review(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let reach = actor.reach_any(&[Action::Review, Action::ReviewStaff, Action::ReviewCommittee]);
    let mut items = Vec::new();
    for report in store::pending_reports(conn, &reach)? {
        let may = require_may_review(actor, report.reported_by, report.unit_kind, &report.site).is_ok();
        if may && is_reviewable(conn, report.addition_to)? {
            let due = (Some(report.facts.due_on), today);
            let named = (InboxSubject::ProgressReport, report.id.0, report.site.unit_id, report.title);
            let light = judge(&report.facts, today).light;
            items.push(item(InboxKind::ToReview, named, due, Some(light), Some(report.recorded_on)));
        }
    }
    Ok(items)
}

/// An addition can be reviewed while what it adds to stands accepted.
fn is_reviewable(conn: &mut Conn, addition_to: Option<ReportId>) -> Result<bool> {
    let Some(base) = addition_to else { return Ok(true) };
    let (row, review) = (progress::store::get(conn, base)?, progress::store::review_of(conn, base)?);
    Ok(progress::store::fate(&row, review.as_ref()) == Fate::Accepted)
}

pub fn to_decide(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let reach = actor.reach_any(&[Action::GrantShort, Action::Grant, Action::GrantStaff]);
    let mut items = Vec::new();
    for ((id, node, by, on), to) in store::asked_extensions(conn, &reach)? {
        let node = time_nodes::store::get(conn, node)?;
        let grants = extensions::grants(conn, actor, &node, to)?;
        items.extend(asked((InboxSubject::Extension, id.0, by, on), node, actor, grants, today));
    }
    let waivers = store::asked_waivers(conn, &reach)?.into_iter();
    let waivers = waivers.map(|(id, node, by, on)| (node, (InboxSubject::Waiver, id.0, by, on)));
    let cancellations = store::asked_cancellations(conn, &reach)?.into_iter();
    let cancellations = cancellations.map(|(id, node, by, on)| (node, (InboxSubject::Cancellation, id.0, by, on)));
    for (node, request) in waivers.chain(cancellations).collect::<Vec<(NodeId, Request)>>() {
        let node = time_nodes::store::get(conn, node)?;
        let grants = may_grant(actor, &node);
        items.extend(asked(request, node, actor, grants, today));
    }
    items.extend(to_destroy(conn, actor, today)?);
    Ok(items)
}

/// Files whose destruction was asked for, under the unit of whoever asked.
fn to_destroy(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let mut items = Vec::new();
    for (asked, file) in destruction::waiting(conn, actor)? {
        let askers = accounts::store::posts(conn, asked.requested_by, today)?;
        let mut seats = askers.iter().chain(&actor.posts).filter_map(|post| post.seat.as_ref());
        let Some(seat) = seats.next() else { continue };
        let named = (InboxSubject::Attachment, file.id.0, seat.unit_id, file.file_name);
        items.push(item(InboxKind::ToDecide, named, (None, today), None, Some(asked.requested_on)));
    }
    Ok(items)
}

/// What is asked, its id, who asked and when.
type Request = (InboxSubject, i64, AccountId, NaiveDate);

/// A request that the actor may decide: by the rule of its kind, and not their own.
fn asked(request: Request, node: Node, actor: &Actor, grants: bool, today: NaiveDate) -> Option<InboxItem> {
    let (subject, id, requested_by, requested_on) = request;
    if !grants || actor.account_id == Some(requested_by) {
        return None;
    }
    let light = judge(&node.facts, today).light;
    let named = (subject, id, node.birth.unit_id, node.birth.title);
    let due = (Some(node.facts.due_on), today);
    Some(item(InboxKind::ToDecide, named, due, Some(light), Some(requested_on)))
}

fn to_sign_for(conn: &mut Conn, actor: &Actor) -> Result<Vec<InboxItem>> {
    let missing = receipts::unsigned(conn, &receipts::signing_units(actor))?;
    let shown = missing.into_iter().map(|(plan, unit_id, revision)| {
        // Of a later revision the plan does not say the day.
        let since = plan.issued_on.filter(|_| revision == 0);
        let named = (InboxSubject::Plan, plan.id.0, unit_id, plan.title);
        InboxItem { revision: Some(revision), ..item(InboxKind::ToSignFor, named, (None, NaiveDate::MAX), None, since) }
    });
    Ok(shown.collect())
}

/// Calls and minutes that one's own units were sent.
fn meetings_to_sign_for(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let missing = meetings::receipts::unsigned(conn, &receipts::signing_units(actor))?;
    let shown = missing.into_iter().map(|(meeting, receipt)| {
        let due_on = Some(meeting.called_for).filter(|_| receipt.kind == ReceiptKind::Call);
        let named = (InboxSubject::Meeting, meeting.id.0, receipt.unit_id, meeting.title);
        let waits = item(InboxKind::ToSignFor, named, (due_on, today), None, Some(receipt.sent_on));
        InboxItem { receipt: Some(receipt.kind), ..waits }
    });
    Ok(shown.collect())
}

/// Meetings of the units at which the actor sits or which the actor's department serves: those whose day has come, and
/// minutes that wait for a signature.
fn meetings_to_settle(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let sites: Vec<&Site> = actor.posts.iter().flat_map(|post| post.seat.iter().chain(&post.serves)).collect();
    let at = |action| -> Vec<UnitId> {
        sites.iter().filter(|site| actor.may(action, site)).map(|site| site.unit_id).collect()
    };
    let mut items = Vec::new();
    for (id, unit_id, title, called_for) in store::meetings_to_hold(conn, &at(Action::WriteMeeting), today)? {
        let named = (InboxSubject::Meeting, id.0, unit_id, title);
        let light = meeting_light(called_for, today);
        items.push(item(InboxKind::ToHold, named, (Some(called_for), today), Some(light), None));
    }
    for (id, unit_id, title, since) in store::minutes_to_sign(conn, &at(Action::SignMinutes))? {
        let named = (InboxSubject::Meeting, id.0, unit_id, title);
        items.push(item(InboxKind::ToSignMinutes, named, (None, today), None, Some(since)));
    }
    Ok(items)
}

/// Units that owe and have nobody who could sign for them: no post at the unit, nor one that serves it.
fn nobody_appointed(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let watches = |role| Relation::ALL.iter().any(|relation| allows(role, Action::WatchPosts, *relation));
    if !actor.posts.iter().any(|post| watches(post.role)) {
        return Ok(vec![]);
    }
    let mut manned: HashSet<UnitId> = HashSet::new();
    let signing = settings::store::now(conn)?.signing();
    for (_, post) in accounts::store::all_posts(conn, today)? {
        let signs = |site: &&Site| signing.iter().any(|action| post.may(*action, site));
        manned.extend(post.seat.iter().chain(&post.serves).filter(signs).map(|site| site.unit_id));
    }
    let tree = Tree::on(conn, today)?;
    let unmanned: BTreeMap<UnitId, &UnitFacts> = tree
        .units()
        .filter(|unit| !manned.contains(&unit.unit_id) && actor.may(Action::WatchPosts, &unit.site()))
        .map(|unit| (unit.unit_id, unit))
        .collect();
    let mut lights: BTreeMap<UnitId, Vec<Light>> = BTreeMap::new();
    for node in store::open_nodes(conn, &unmanned.keys().copied().collect::<Vec<_>>())? {
        let judged = judge(&node.facts, today);
        if judged.verdict != Verdict::Excluded {
            lights.entry(node.unit_id).or_default().push(judged.light);
        }
    }
    let shown = lights.into_iter().filter_map(|(id, lights)| {
        let named = (InboxSubject::Unit, id.0, id, unmanned.get(&id)?.name.clone());
        Some(item(InboxKind::NobodyAppointed, named, (None, today), Some(unmanned_light(lights)), None))
    });
    Ok(shown.collect())
}

fn terms(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<InboxItem>> {
    let months = settings::store::now(conn)?.term_alert_months;
    let ending = store::terms_ending(conn, term_horizon(today, months), today)?;
    let mine = ending.into_iter().filter(|unit| actor.may(Action::WatchTerms, &unit.site()));
    let shown = mine.filter_map(|unit| {
        let ends_on = unit.term_ends_on?;
        let named = (InboxSubject::Unit, unit.unit_id.0, unit.unit_id, unit.name);
        Some(item(InboxKind::TermEnds, named, (Some(ends_on), today), Some(term_light(ends_on, today)), None))
    });
    Ok(shown.collect())
}

pub(super) fn item(
    kind: InboxKind,
    (subject, id, unit_id, title): (InboxSubject, i64, UnitId, String),
    (due_on, today): (Option<NaiveDate>, NaiveDate),
    light: Option<Light>,
    since: Option<NaiveDate>,
) -> InboxItem {
    let days_left = due_on.map(|due_on| (due_on - today).num_days());
    InboxItem {
        kind,
        subject,
        id,
        unit_id,
        title,
        due_on,
        days_left,
        light,
        since,
        last_urged_on: None,
        revision: None,
        receipt: None,
    }
}
