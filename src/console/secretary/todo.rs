//! 我的待办: what must be done today, what waits, and whether the target can still be reached.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::outlook::{MissingLine, Outlook, OutlookWords, said};
use super::rows::{self, NodeRow};
use crate::access::{Action, Actor, Role};
use crate::console::page::page;
use crate::console::terms::{self, Mark};
use crate::console::view::Seat;
use crate::console::{Lang, View, Visit};
use crate::inbox;
use crate::inbox::model::{InboxItem, InboxKind, InboxSubject};
use crate::meetings::receipts::ReceiptKind;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::progress;
use crate::progress::model::ReportKind;
use crate::progress::rules::{ReturnKind, last_supplement_day};
use crate::reports::path::PathRate;
use crate::time_nodes::{self, NodeId, Verdict};
use crate::words;

words! {
    /// What the page says.
    pub struct TodoWords {
        title: "我的待办", "To do";
        nothing: "今天没有要办的事。", "Nothing is to be done today.";
        nothing_left: "今天没有要办的事，之后也没有临期和待审的。", "Nothing is to be done today, and nothing is near or waiting.";
        to_do(count): "今天有**{count}件**要办", "**{count} thing(s)** to do today";
        overdue(count): "{count}件逾期", "{count} overdue";
        returned(count): "{count}件退回要补正", "{count} returned";
        due(count): "{count}件到期", "{count} due";
        to_sign(count): "{count}件要签收", "{count} to sign for";
        other(count): "{count}件其他事项", "{count} other(s)";
        after_that: "。之后还有", ". After that ";
        soon(count): "{count}件临期", "{count} near";
        pending(count): "{count}件待审", "{count} pending review";
        comma: "，", ", ";
        pause: "、", ", ";
        stop: "。", ".";
        is: "：", ": ";
        count(count): "{count}件", "{count}";
        note_overdue: "仍可完成，记为逾期完成", "It can still be done, and counts as done late";
        note_returned: "补正只有一次", "A supplement is granted once";
        note_pending: "填报日为准，审核慢不算逾期", "The day of the report counts, however slow the review";
        late_by: "逾期", "Late by";
        one_day: "天", "day";
        left: "还有", "In";
        days: "天", "days";
        today: "今天", "Today";
        grace_runs: "宽限中", "In grace";
        waited: "已等", "Waiting";
        due_on(day): "{day}到期", "due {day}";
        grace_until(day): "宽限至{day}", "grace until {day}";
        extended_from(day): "原定{day}，已延期", "extended from {day}";
        supplement_by(day): "{day}前补正", "supplement by {day}";
        reported_on(day): "{day}填报", "reported {day}";
        returned_on(reported, returned): "{reported}填报，{returned}退回", "Reported {reported}, returned {returned}";
        reason_of(who): "退回理由，{who}：", "Why it was returned, {who}:";
        urged(day): "{day}催办过", "urged on {day}";
        deliverable(what): "成果：{what}", "To come out: {what}";
        evidence: "需要佐证材料", "evidence needed";
        awaits_review: "等上级审核", "Awaits its review";
        reported_late: "填报时已逾期", "Reported late";
        report: "填报完成", "Report";
        report_title(title): "填报：{title}", "Report: {title}";
        supplement: "补正", "Supplement";
        draft: "继续填写", "Go on writing";
        look: "查看填报", "Look";
        open: "查看", "Open";
        sign: "签收", "Sign for it";
        others: "其他事项", "Other things";
        since(day): "{day}起", "since {day}";
        revision(number): "第{number}次修订", "revision {number}";
        minutes: "会议纪要", "minutes";
        call: "会议通知", "call";
        outlook_of(unit): "{unit}能不能达标", "The outlook of {unit}";
        owed(count): "到期应完成{count}个", "{count} owed";
        owed_row: "到期应完成", "owed";
        rates(completion, on_time): "完成率{completion}，按期完成率{on_time}。", "Done {completion}; on time {on_time}.";
        not_yet(count): "另有未到期{count}个。", "{count} more are due later.";
        branch_page: "本支部的全部情况", "Everything about the branch";
        empty_title: "没有要办的事", "There is nothing to do";
        empty_text: "时间节点到期前七天起，会出现在这里；退回的填报、要签收的通知和纪要也在这里。",
            "A time node appears here seven days before it is due; so do reports that were returned, calls and minutes.";
    }
}

/// A group of rows.
struct Group {
    id: &'static str,
    mark: Mark,
    note: String,
    rows: Vec<Row>,
}

/// A row of the work list.
struct Row {
    node: NodeRow,
    /// What stands at its left: words around a figure, or words alone.
    when: When,
    under: String,
    lines: Vec<String>,
    quote: Option<(String, String)>,
    button: String,
    href: String,
    /// The one to do first.
    first: bool,
}

enum When {
    Figure { before: String, figure: i64, after: String, red: bool },
    Words(String),
}

/// Something else that waits.
struct Other {
    kind: &'static str,
    title: String,
    detail: String,
    href: String,
    sign: Option<Sign>,
}

/// What a receipt is signed with.
struct Sign {
    of: &'static str,
    id: i64,
    unit: i64,
    revision: i64,
}

/// The margin: how the branch stands.
struct Side {
    unit: String,
    outlook: Outlook,
    words: OutlookWords,
    missing: Vec<MissingLine>,
    missing_more: usize,
}

#[derive(Template)]
#[template(path = "console/secretary/todo.html")]
struct TodoPage<'a> {
    view: &'a View,
    w: TodoWords,
    as_of: NaiveDate,
    units: Vec<String>,
    lead: String,
    groups: Vec<Group>,
    others: Vec<Other>,
    side: Option<Side>,
}

impl TodoPage<'_> {
    fn verdicts(&self, side: &Side) -> Vec<(Mark, i64)> {
        owed_ledger(self.view.lang, &side.outlook)
    }

    fn rates(&self, side: &Side) -> String {
        let counts = &side.outlook.counts;
        let lang = self.view.lang;
        self.w.rates(said(lang, &counts.completion), said(lang, &counts.on_time)).into_owned()
    }
}

/// The counts that make what is owed.
pub fn owed_ledger(lang: Lang, outlook: &Outlook) -> Vec<(Mark, i64)> {
    let counts = &outlook.counts;
    [
        (Verdict::DoneOnTime, counts.done_on_time),
        (Verdict::DoneLate, counts.done_late),
        (Verdict::PendingReview, counts.pending_review),
        (Verdict::Due, counts.due),
        (Verdict::Overdue, counts.overdue),
    ]
    .map(|(verdict, count)| (Mark::verdict(lang, verdict), count))
    .to_vec()
}

/// `GET /todo`.
pub async fn show(visit: Visit) -> Result<HttpResponse, Error> {
    let (view, who) = (visit.view.clone(), visit.who.clone());
    let found = visit
        .caller
        .read_long(move |conn, actor| {
            let page = PageRequest::new("inbox", None, None, true)?;
            let inbox = inbox::actions::read(conn, actor, &page, None)?;
            let groups = groups(conn, actor, &inbox.items, &view, &who.seats)?;
            let others = others(&inbox.items, &view);
            let side = side(conn, actor, &who.seats, &view)?;
            Ok((inbox.as_of, groups, others, side))
        })
        .await?;
    let (as_of, groups, others, side) = found;
    let w = TodoWords(visit.view.lang);
    let mut units: Vec<String> = visit.who.seats.iter().map(|seat| seat.name.clone()).collect();
    units.dedup();
    let lead = lead(w, &groups, &others);
    page(&TodoPage { view: &visit.view, w, as_of, units, lead, groups, others, side })
}

/// The answer: how much is to be done today, and what comes after.
fn lead(w: TodoWords, groups: &[Group], others: &[Other]) -> String {
    let of = |id: &str| groups.iter().find(|group| group.id == id).map_or(0, |group| group.rows.len());
    let to_sign = others.iter().filter(|other| other.sign.is_some()).count();
    let parts = |said: &[(usize, String)]| -> Vec<String> {
        said.iter().filter(|(count, _)| *count > 0).map(|(_, text)| text.clone()).collect()
    };
    let (overdue, returned, due) = (of("overdue"), of("returned"), of("due"));
    let other = others.len() - to_sign;
    let now = parts(&[
        (overdue, w.overdue(overdue).into()),
        (returned, w.returned(returned).into()),
        (due, w.due(due).into()),
        (to_sign, w.to_sign(to_sign).into()),
        (other, w.other(other).into()),
    ]);
    let later = parts(&[(of("soon"), w.soon(of("soon")).into()), (of("pending"), w.pending(of("pending")).into())]);
    let count = overdue + returned + due + others.len();
    let mut lead = match (count, later.is_empty()) {
        (0, true) => return w.nothing_left().into_owned(),
        (0, false) => w.nothing().trim_end_matches(['。', '.']).to_owned(),
        _ => format!("{}{}{}", w.to_do(count), w.is(), now.join(&w.comma())),
    };
    if !later.is_empty() {
        lead.push_str(&w.after_that());
        lead.push_str(&later.join(&w.pause()));
    }
    lead + &w.stop()
}

fn groups(conn: &mut Conn, actor: &Actor, items: &[InboxItem], view: &View, seats: &[Seat]) -> Result<Vec<Group>> {
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
    let pending = rows::of_units(conn, actor, &own, lang, today)?;
    for row in pending.into_iter().filter(|row| row.node.verdict == Verdict::PendingReview) {
        by_group.entry("pending").or_default().push(pending_row(conn, row, view, today)?);
    }
    let heads = [
        ("overdue", Mark::verdict(lang, Verdict::Overdue), w.note_overdue()),
        ("returned", Mark::returned(lang), w.note_returned()),
        ("due", Mark::verdict(lang, Verdict::Due), "".into()),
        ("soon", Mark::verdict(lang, Verdict::DueSoon), "".into()),
        ("pending", Mark::verdict(lang, Verdict::PendingReview), w.note_pending()),
    ];
    let mut groups: Vec<Group> = Vec::new();
    for (id, mark, note) in heads {
        let Some(mut rows) = by_group.remove(id) else { continue };
        // One filled button a view: the first thing to do; two when both are late.
        let leads = groups.is_empty() && id != "pending";
        for (row, place) in rows.iter_mut().zip(0..) {
            row.first = leads && place < if id == "overdue" { 2 } else { 1 };
        }
        groups.push(Group { id, mark, note: note.into_owned(), rows });
    }
    Ok(groups)
}

/// Whether a post of this role reports for its unit.
fn reports_for(role: Role) -> bool {
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

/// What waits beside nodes to report on.
fn others(items: &[InboxItem], view: &View) -> Vec<Other> {
    let w = TodoWords(view.lang);
    let shown = items.iter().filter(|item| item.kind != InboxKind::ToReport).map(|item| {
        let mut details = Vec::new();
        if let Some(revision) = item.revision.filter(|revision| *revision > 0) {
            details.push(w.revision(revision).into_owned());
        }
        match item.receipt {
            Some(ReceiptKind::Minutes) => details.push(w.minutes().into_owned()),
            Some(ReceiptKind::Call) => details.push(w.call().into_owned()),
            None => {}
        }
        if let Some(day) = item.due_on {
            details.push(view.day(&day));
        } else if let Some(day) = item.since {
            details.push(w.since(view.day(&day)).into_owned());
        }
        Other {
            kind: terms::inbox_kind(view.lang, item.kind),
            title: item.title.clone(),
            detail: details.join(&w.comma()),
            href: terms::address(item.subject, item.id),
            sign: signing(item),
        }
    });
    shown.collect()
}

fn signing(item: &InboxItem) -> Option<Sign> {
    if item.kind != InboxKind::ToSignFor {
        return None;
    }
    let of = match (item.subject, item.receipt) {
        (InboxSubject::Plan, _) => "plan",
        (InboxSubject::Meeting, Some(kind)) => kind.word(),
        (InboxSubject::Bulletin, _) => "circular",
        _ => return None,
    };
    Some(Sign { of, id: item.id, unit: item.unit_id.0, revision: item.revision.unwrap_or(0) })
}

/// How the first branch at which one holds a post stands.
fn side(conn: &mut Conn, actor: &Actor, seats: &[Seat], view: &View) -> Result<Option<Side>> {
    let Some(seat) = seats.iter().find(|seat| reports_for(seat.role)) else { return Ok(None) };
    actor.must(Action::ReadNodes, &crate::units::store::get(conn, seat.unit_id)?.site())?;
    let outlook = Outlook::of(conn, actor, seat.unit_id)?;
    let today = crate::platform::db::today(conn)?;
    let rows = rows::of_units(conn, actor, &[seat.unit_id], view.lang, today)?;
    let mut missing = outlook.missing(PathRate::OnTime, &rows);
    missing.extend(outlook.missing(PathRate::Compliance, &rows));
    missing.sort_by_key(|line| line.day);
    let missing_more = missing.len().saturating_sub(4);
    missing.truncate(4);
    Ok(Some(Side { unit: seat.name.clone(), outlook, words: OutlookWords(view.lang), missing, missing_more }))
}
