//! The nodes of the work list: what to report on, by how urgent it is, and what waits for its review.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::super::rows::{self, NodeRow};
use super::TodoWords;
use crate::access::{Actor, Role};
use crate::console::View;
use crate::console::terms::Mark;
use crate::console::view::Seat;
use crate::inbox::model::{InboxItem, InboxKind};
use crate::platform::{Conn, Result};
use crate::progress;
use crate::progress::model::ReportKind;
use crate::progress::rules::{ReturnKind, last_supplement_day};
use crate::time_nodes::{self, NodeId, Verdict};

/// A group of rows.
pub struct Group {
    pub id: &'static str,
    pub mark: Mark,
    pub note: String,
    pub rows: Vec<Row>,
}

/// A row of the work list.
pub struct Row {
    pub node: NodeRow,
    /// What stands at its left: words around a figure, or words alone.
    pub when: When,
    pub under: String,
    pub lines: Vec<String>,
    pub quote: Option<(String, String)>,
    pub button: String,
    pub href: String,
    /// The one to do first.
    pub first: bool,
}

pub enum When {
    Figure { before: String, figure: i64, after: String, red: bool },
    Words(String),
}

/// What to report on and what waits, in groups, the most urgent first.
pub fn groups(conn: &mut Conn, actor: &Actor, items: &[InboxItem], view: &View, seats: &[Seat]) -> Result<Vec<Group>> {
    let today = crate::platform::db::today(conn)?;
    let (lang, w) = (view.lang, TodoWords(view.lang));
    let mut nodes = Vec::new();
    let mut urged = HashMap::new();
    for item in items.iter().filter(|item| item.kind == InboxKind::ToReport) {
        nodes.push(time_nodes::store::get(conn, NodeId(item.id))?.shown(today));
        if let Some(day) = item.last_urged_on {
            urged.insert(NodeId(item.id), day);
        }
    }
    let mut by_group: HashMap<&'static str, Vec<Row>> = HashMap::new();
    for row in rows::of(conn, nodes, lang, today)? {
        let id = match row.node.verdict {
            Verdict::Overdue => "overdue",
            _ if row.node.returned => "returned",
            Verdict::Due => "due",
            _ => "soon",
        };
        let urged_on = urged.get(&row.node.id).copied();
        by_group.entry(id).or_default().push(to_report(conn, row, view, today, urged_on)?);
    }
    let own: Vec<_> = seats.iter().filter(|seat| reports_for(seat.role)).map(|seat| seat.unit_id).collect();
    for row in rows::of_units(conn, actor, &own, lang, today)? {
        match row.node.verdict {
            Verdict::PendingReview => by_group.entry("pending").or_default().push(pending_row(conn, row, view, today)?),
            Verdict::NotDue if same_month(row.node.due_on, today) => {
                by_group.entry("month").or_default().push(to_report(conn, row, view, today, None)?);
            }
            _ => {}
        }
    }
    let heads = [
        ("overdue", Mark::verdict(lang, Verdict::Overdue), w.note_overdue()),
        ("returned", Mark::returned(lang), w.note_returned()),
        ("due", Mark::verdict(lang, Verdict::Due), "".into()),
        ("soon", Mark::verdict(lang, Verdict::DueSoon), "".into()),
        ("month", Mark::verdict(lang, Verdict::NotDue), w.note_month()),
        ("pending", Mark::verdict(lang, Verdict::PendingReview), w.note_pending()),
    ];
    let mut groups: Vec<Group> = Vec::new();
    for (id, mark, note) in heads {
        let Some(mut rows) = by_group.remove(id) else { continue };
        // One filled button a view: the first thing to do; two when both are late.
        let leads = groups.is_empty() && !["month", "pending"].contains(&id);
        for (row, place) in rows.iter_mut().zip(0..) {
            row.first = leads && place < if id == "overdue" { 2 } else { 1 };
        }
        groups.push(Group { id, mark, note: note.into_owned(), rows });
    }
    Ok(groups)
}

fn same_month(one: NaiveDate, other: NaiveDate) -> bool {
    (one.year(), one.month()) == (other.year(), other.month())
}

/// Whether a post of this role reports for its unit.
pub fn reports_for(role: Role) -> bool {
    matches!(role, Role::Secretary | Role::DeputySecretary | Role::Cadre)
}

fn to_report(conn: &mut Conn, row: NodeRow, view: &View, today: NaiveDate, urged_on: Option<NaiveDate>) -> Result<Row> {
    let w = TodoWords(view.lang);
    let node = &row.node;
    let mut lines = Vec::new();
    if let Some(what) = &row.task.deliverable {
        let mut line = w.deliverable(what).into_owned();
        if row.task.evidence_required {
            line = format!("{line}{}{}", view.lang.pick("；", "; "), w.evidence());
        }
        lines.push(line);
    }
    if let Some(day) = urged_on {
        lines.push(w.urged(view.day(&day)).into_owned());
    }
    let mut under = if row.is_extended() {
        format!("{}{}{}", w.due_on(view.day(&node.due_on)), w.comma(), w.extended_from(view.day(&node.original_due_on)))
    } else {
        w.due_on(view.day(&node.due_on)).into_owned()
    };
    let grace = w.grace_until(view.day(&node.late_after)).into_owned();
    let figure = |before: &str, figure: i64, red: bool| When::Figure {
        before: before.to_owned(),
        figure,
        after: if figure == 1 { w.one_day() } else { w.days() }.into_owned(),
        red,
    };
    let mut when = match node.verdict {
        Verdict::Overdue => figure(&w.late_by(), row.days_late, true),
        Verdict::Due if row.days_left == 0 => When::Words(w.today().into_owned()),
        Verdict::Due => When::Words(w.grace_runs().into_owned()),
        _ => figure(&w.left(), row.days_left, false),
    };
    if node.verdict == Verdict::Due && row.has_grace() {
        under = grace;
    }
    let (mut quote, mut button) = (None, w.report());
    if node.returned
        && let Some(returned) = last_return(conn, node.id)?
    {
        let reviewer = crate::console::store::account_names(conn, &[returned.by])?.remove(&returned.by);
        quote = Some((w.reason_of(reviewer.unwrap_or_default()).into_owned(), returned.comment));
        lines.push(w.returned_on(view.day(&returned.reported_on), view.day(&returned.on)).into_owned());
        if let Some(until) = returned.supplement_until.filter(|until| *until >= today) {
            under = w.supplement_by(view.day(&until)).into_owned();
            when = figure(&w.left(), (until - today).num_days(), false);
            button = w.supplement();
        }
    }
    if !progress::drafts::of_node(conn, node.id)?.is_empty() {
        button = w.draft();
    }
    let href = format!("/report?node={}", node.id);
    Ok(Row { when, under, lines, quote, button: button.into_owned(), href, first: false, node: row })
}

/// The return that a node waits after.
struct LastReturn {
    reported_on: NaiveDate,
    on: NaiveDate,
    by: crate::access::AccountId,
    comment: String,
    supplement_until: Option<NaiveDate>,
}

fn last_return(conn: &mut Conn, id: NodeId) -> Result<Option<LastReturn>> {
    let reports = progress::store::of_node(conn, id)?;
    let last = reports.into_iter().rev().find_map(|(row, review)| Some((row, review?)));
    Ok(last.map(|(row, review)| LastReturn {
        reported_on: row.reported_on,
        on: review.revoked_on.unwrap_or(review.recorded_on),
        by: review.revoked_by.unwrap_or(review.reviewed_by),
        comment: review.revocation_reason.or(review.comment).unwrap_or_default(),
        supplement_until: (review.return_kind == Some(ReturnKind::Supplement))
            .then(|| last_supplement_day(review.recorded_on)),
    }))
}

fn pending_row(conn: &mut Conn, row: NodeRow, view: &View, today: NaiveDate) -> Result<Row> {
    let w = TodoWords(view.lang);
    let reports = progress::store::of_node(conn, row.node.id)?;
    let waiting = |(report, review): &&(progress::store::ReportRow, Option<_>)| {
        review.is_none() && report.withdrawn_on.is_none() && report.kind == ReportKind::Completion
    };
    let since = reports.iter().rev().find(waiting).map(|(report, _)| report.recorded_on);
    let (when, under) = match since {
        Some(day) => {
            let figure = (today - day).num_days();
            let days = if figure == 1 { w.one_day() } else { w.days() }.into_owned();
            let when = When::Figure { before: w.waited().into_owned(), figure, after: days, red: false };
            (when, w.reported_on(view.day(&day)).into_owned())
        }
        None => (When::Words(row.mark.word.to_owned()), String::new()),
    };
    let line = if row.node.reported_late { w.reported_late() } else { w.awaits_review() };
    let href = format!("/time-nodes/{}", row.node.id);
    Ok(Row {
        when,
        under,
        lines: vec![line.into_owned()],
        quote: None,
        button: w.look().into_owned(),
        href,
        first: false,
        node: row,
    })
}
