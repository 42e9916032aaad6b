//! 我的待办: what must be done today, what waits, and whether the target can still be reached.

mod nodes;
mod others;

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use self::nodes::{Group, When, groups, reports_for};
use self::others::{Other, others};
use super::outlook::{MissingLine, Outlook, OutlookWords, said};
use super::rows;
use crate::access::{Action, Actor};
use crate::console::page::page;
use crate::console::terms::Mark;
use crate::console::view::Seat;
use crate::console::{Lang, View, Visit};
use crate::inbox;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::reports::path::PathRate;
use crate::time_nodes::Verdict;
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
        to_review(count): "{count}份要审核", "{count} to review";
        reviews(count): "{count}份填报", "{count} report(s)";
        other(count): "{count}件其他事项", "{count} other(s)";
        after_that: "。之后还有", ". After that ";
        soon(count): "{count}件临期", "{count} due soon";
        month(count): "{count}件本月到期", "{count} later this month";
        pending(count): "{count}件待审", "{count} pending review";
        comma: "，", ", ";
        pause: "、", ", ";
        stop: "。", ".";
        is: "：", ": ";
        count(count): "{count}件", "{count}";
        note_overdue: "仍可完成，记为逾期完成", "It can still be done, and counts as done late";
        note_returned: "补正只有一次", "A supplement is granted once";
        note_month: "本月内到期", "Due later this month";
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
        others: "签收、审核和其他事项", "To sign for, to review, and others";
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
            let others = others(conn, &inbox, &who.seats, &view)?;
            let side = side(conn, actor, &who.seats, &view)?;
            Ok((inbox.as_of, inbox.counts.to_review, groups, others, side))
        })
        .await?;
    let (as_of, reviews, groups, others, side) = found;
    let reviews = usize::try_from(reviews).unwrap_or_default();
    let w = TodoWords(visit.view.lang);
    let mut units: Vec<String> = visit.who.seats.iter().map(|seat| seat.name.clone()).collect();
    units.dedup();
    let lead = lead(w, &groups, reviews, &others);
    page(&TodoPage { view: &visit.view, w, as_of, units, lead, groups, others, side })
}

/// The answer: how much is to be done today, and what comes after.
fn lead(w: TodoWords, groups: &[Group], reviews: usize, others: &[Other]) -> String {
    let of = |id: &str| groups.iter().find(|group| group.id == id).map_or(0, |group| group.rows.len());
    let to_sign = others.iter().filter(|other| other.sign.is_some()).count();
    let parts = |said: &[(usize, String)]| -> Vec<String> {
        said.iter().filter(|(count, _)| *count > 0).map(|(_, text)| text.clone()).collect()
    };
    let (overdue, returned, due) = (of("overdue"), of("returned"), of("due"));
    // All reports to review are one of them.
    let other = others.len() - to_sign - usize::from(reviews > 0);
    let now = parts(&[
        (overdue, w.overdue(overdue).into()),
        (returned, w.returned(returned).into()),
        (due, w.due(due).into()),
        (to_sign, w.to_sign(to_sign).into()),
        (reviews, w.to_review(reviews).into()),
        (other, w.other(other).into()),
    ]);
    let later = parts(&[
        (of("soon"), w.soon(of("soon")).into()),
        (of("month"), w.month(of("month")).into()),
        (of("pending"), w.pending(of("pending")).into()),
    ]);
    let count = overdue + returned + due + to_sign + reviews + other;
    let mut lead = match (count, later.is_empty()) {
        (0, true) => return w.nothing_left().into_owned(),
        (0, false) => w.nothing().trim_end_matches(['。', '.']).to_owned(),
        _ => format!("{}{}{}", w.to_do(count), w.is(), now.join(&w.comma())),
    };
    if !later.is_empty() {
        lead.push_str(&w.after_that());
        lead.push_str(&later.join(&w.pause()));
    }
    lead.push_str(&w.stop());
    lead
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
