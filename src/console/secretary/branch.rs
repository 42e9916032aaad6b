//! 本支部: how the branch stands, what is missing and until when, its nodes of the year, its findings, what it said and
//! what became of it, its meetings.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::outlook::{MissingLine, Outlook, OutlookWords};
use super::rows::{self, NodeRow};
use super::todo::owed_ledger;
use crate::access::{Action, Actor};
use crate::console::page::{page, see_other};
use crate::console::posted::Fields;
use crate::console::terms::{self, Mark};
use crate::console::view::Seat;
use crate::console::{View, Visit};
use crate::findings::ledger::{self, LedgerQuery};
use crate::findings::model::Finding;
use crate::meetings;
use crate::meetings::model::Meeting;
use crate::meetings::opinions::model::Opinion;
use crate::meetings::opinions::store::OpinionFilter;
use crate::meetings::store::MeetingFilter;
use crate::platform::db::today;
use crate::platform::rate::Rate;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::reports::path::PathRate;
use crate::time_nodes::Verdict;
use crate::words;

words! {
    /// What the page says.
    pub struct BranchWords {
        title: "本支部", "My branch";
        year(year): "{year}年度", "{year}";
        completion: "完成率", "Done";
        on_time: "按期完成率", "On time";
        year_progress: "全年任务进度", "Of the year";
        compliance: "标准化达标率", "Standards met";
        tasks: "任务", "Tasks";
        none: "暂无", "none yet";
        owed: "到期应完成", "Owed";
        not_yet: "未到期", "due later";
        excluded: "不计入", "excluded";
        equals: "=", "=";
        missing: "还差什么", "What is missing";
        missing_none: "没有还差的。", "Nothing is missing.";
        missing_nodes: "时间节点", "Time nodes";
        missing_nodes_note: "到这一天为止填报，都记为按期", "Reported by this day they count as on time";
        missing_clauses: "标准条款", "Clauses";
        missing_clauses_note: "到这一天为止补上、复核，都算达标", "Made good and checked by this day they count";
        last_day(title, day): "{title}最迟{day}", "{title}: by {day}";
        lost: "已经不能按期的", "What can't count any more";
        lost_on(day): "{day}起", "since {day}";
        more(count): "还有{count}项", "{count} more";
        nodes: "时间节点", "Time nodes";
        nodes_note(count): "全年{count}个，按期限先后", "{count} in the year, by due day";
        all: "全部", "All";
        task: "任务", "Task";
        due: "期限", "Due";
        state: "状态", "State";
        done: "完成日", "Done on";
        no_nodes: "没有时间节点", "No time nodes";
        no_nodes_text: "计划下达后，本支部要完成的节点会列在这里。", "Once a plan is issued, what the branch owes is listed here.";
        findings: "问题", "Findings";
        no_findings: "没有要整改的问题。", "There is no finding to rectify.";
        by_day(day): "{day}前", "by {day}";
        opinions: "提过的意见", "Opinions given";
        no_opinions: "还没有提过意见。会议通知来了以后，可以在会议页上提。",
            "None was given yet. Once called to a meeting, give one on its page.";
        meetings: "会议", "Meetings";
        no_meetings: "还没有会议记录。", "No meeting was recorded yet.";
        meeting_page: "全部会议", "All meetings";
        scheduled: "未开", "scheduled";
        held: "已开", "held";
        closed: "已归档", "closed";
        cancelled: "已取消", "cancelled";
        attendance(present, expected): "到会{present}/{expected}", "{present}/{expected} present";
        which: "看哪个支部", "Which branch";
        on(day): "{day}", "{day}";
    }
}

struct Content {
    seat: Seat,
    today: NaiveDate,
    outlook: Outlook,
    rows: Vec<NodeRow>,
    findings: Vec<Finding>,
    opinions: Vec<Opinion>,
    meetings: Vec<Meeting>,
}

#[derive(Template)]
#[template(path = "console/secretary/branch.html")]
struct BranchPage<'a> {
    view: &'a View,
    w: BranchWords,
    o: OutlookWords,
    seats: &'a [Seat],
    content: Content,
    /// Only nodes of this verdict are listed.
    verdict: Option<Verdict>,
    shown: Vec<usize>,
    missing_nodes: Vec<MissingLine>,
    missing_clauses: Vec<MissingLine>,
    lost: Vec<MissingLine>,
}

/// Lines of a list before the rest is only counted.
const LINES: usize = 12;

impl BranchPage<'_> {
    fn figures(&self) -> Vec<(String, &Rate)> {
        let (counts, w) = (&self.content.outlook.counts, self.w);
        vec![
            (w.completion().into_owned(), &counts.completion),
            (w.on_time().into_owned(), &counts.on_time),
            (w.year_progress().into_owned(), &counts.year_progress),
            (w.compliance().into_owned(), &counts.compliance),
        ]
    }

    fn percent(rate: &Rate) -> String {
        rate.percent.map(|percent| format!("{percent:.1}%")).unwrap_or_default()
    }

    fn ledger(&self) -> Vec<(Mark, i64, &'static str)> {
        let words = ["done_on_time", "done_late", "pending_review", "due", "overdue"];
        let marks = owed_ledger(self.view.lang, &self.content.outlook).into_iter();
        marks.zip(words).map(|((mark, count), word)| (mark, count, word)).collect()
    }

    /// The verdicts that some node has, to pick from.
    fn filters(&self) -> Vec<(&'static str, &'static str, usize, bool)> {
        let of = |verdict: Verdict| self.content.rows.iter().filter(|row| row.node.verdict == verdict).count();
        Verdict::ALL
            .iter()
            .map(|verdict| (*verdict, of(*verdict)))
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| {
                let mark = Mark::verdict(self.view.lang, verdict);
                (verdict.word(), mark.word, count, self.verdict == Some(verdict))
            })
            .collect()
    }

    fn listed(&self) -> Vec<&NodeRow> {
        self.shown.iter().filter_map(|place| self.content.rows.get(*place)).collect()
    }

    fn finding(&self, finding: &Finding) -> Mark {
        terms::finding_state(self.view.lang, finding.state)
    }

    /// The first day of the branch's measures.
    fn finding_due(finding: &Finding) -> Option<NaiveDate> {
        finding.measures.iter().filter_map(|measure| measure.due_on).min()
    }

    fn opinion(&self, opinion: &Opinion) -> Mark {
        terms::disposition(self.view.lang, opinion.disposition)
    }

    fn meeting_state(&self, meeting: &Meeting) -> String {
        use crate::meetings::model::MeetingStatus;
        match meeting.status {
            MeetingStatus::Scheduled => self.w.scheduled(),
            MeetingStatus::Held => self.w.held(),
            MeetingStatus::Closed => self.w.closed(),
            MeetingStatus::Cancelled => self.w.cancelled(),
        }
        .into_owned()
    }

    fn meeting_day(meeting: &Meeting) -> NaiveDate {
        meeting.held_on.unwrap_or(meeting.called_for)
    }

    fn head<T>(lines: &[T]) -> &[T] {
        lines.get(..LINES).unwrap_or(lines)
    }

    fn rest<T>(lines: &[T]) -> usize {
        lines.len().saturating_sub(LINES)
    }
}

/// `GET /branch`: of one's first seat, or `?unit=…`; its nodes, or with `?verdict=…` those of one.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let query = Fields::read(request.query_string().as_bytes());
    let asked = query.get("unit").parse::<i64>().ok();
    let seats = &visit.who.seats;
    let seat = seats.iter().find(|seat| asked.is_none_or(|unit| seat.unit_id.0 == unit)).or(seats.first());
    let Some(seat) = seat.cloned() else { return Ok(see_other("/account")) };
    let lang = visit.view.lang;
    let content = visit.caller.read_long(move |conn, actor| content(conn, actor, seat.clone(), lang)).await?;
    let verdict = Verdict::ALL.iter().find(|verdict| verdict.word() == query.get("verdict")).copied();
    let fits = |row: &NodeRow| verdict.is_none_or(|verdict| row.node.verdict == verdict);
    let shown = content.rows.iter().zip(0..).filter(|(row, _)| fits(row)).map(|(_, place)| place).collect();
    let (outlook, rows) = (&content.outlook, &content.rows);
    let (missing_nodes, missing_clauses) =
        (outlook.missing(PathRate::OnTime, rows), outlook.missing(PathRate::Compliance, rows));
    let mut lost = outlook.lost(PathRate::OnTime, rows);
    lost.extend(outlook.lost(PathRate::Compliance, rows));
    let (w, o) = (BranchWords(lang), OutlookWords(lang));
    page(&BranchPage { view: &visit.view, w, o, seats, content, verdict, shown, missing_nodes, missing_clauses, lost })
}

fn content(conn: &mut Conn, actor: &Actor, seat: Seat, lang: crate::console::Lang) -> Result<Content> {
    let unit = seat.unit_id;
    actor.must(Action::ReadNodes, &crate::units::store::get(conn, unit)?.site())?;
    let today = today(conn)?;
    let outlook = Outlook::of(conn, actor, unit)?;
    let year = i64::from(today.year());
    let mut rows = rows::of_units(conn, actor, &[unit], lang, today)?;
    rows.retain(|row| i64::from(row.node.original_due_on.year()) >= year);
    let few = |list| PageRequest::new(list, Some(20), None, false);
    let query = LedgerQuery { unit_id: Some(unit), ..LedgerQuery::default() };
    let (findings, _) = ledger::list(conn, actor, &few("findings")?, &query)?;
    let filter = OpinionFilter { unit_id: Some(unit), meeting_id: None, decision_id: None, open: None };
    let (mut opinions, _) = meetings::opinions::actions::list(conn, actor, &few("opinions")?, &filter)?;
    opinions.retain(|opinion| opinion.withdrawn_on.is_none());
    opinions.reverse();
    let wanted = MeetingFilter { path: None, kind: None, status: None, from: None, to: None };
    let whole = PageRequest::new("meetings", None, None, true)?;
    let (mut meetings, _) = meetings::actions::list(conn, actor, &whole, Some(unit), wanted)?;
    meetings.sort_by_key(|meeting| std::cmp::Reverse(meeting.held_on.unwrap_or(meeting.called_for)));
    meetings.truncate(6);
    Ok(Content { seat, today, outlook, rows, findings, opinions, meetings })
}
