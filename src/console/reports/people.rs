//! Reports on how work is done: reviews in time, rectification, attendance.

use actix_web::{HttpRequest, HttpResponse};

use super::{Report, ReportWords, file};
use crate::access::Action;
use crate::console::figures::{self, FigureWords};
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::{View, Visit};
use crate::platform::Error;
use crate::reports::attendance::{self, AttendanceCounts, AttendanceGroupBy};
use crate::reports::rectification::{self, RectificationCounts, RectificationGroupBy};
use crate::reports::table;
use crate::words;

words! {
    /// Reports on how work is done.
    pub struct WorkWords {
        submitted: "填报", "Submitted";
        in_time: "按时审完", "Reviewed in time";
        late: "超时审完", "Reviewed late";
        waiting: "还在等", "Waiting";
        waiting_late: "其中等得超时", "Of those, too long";
        count: "份数", "Reports";
        reviews_lead(met, of, percent, waiting): "提交{of}份，按时审完**{met}份**（{percent}），还有{waiting}份在等。",
            "Of {of} report(s) **{met}** were reviewed in time ({percent}); {waiting} still wait.";
        oldest(day): "等得最久的一份是{day}提交的", "The one that has waited longest was submitted on {day}";
        no_calendar: "这一年没有导入节假日，按周一至周五计工作日", "No calendar of this year was imported; working days are Monday to Friday";
        open_it: "去审核", "Review it";
        closed: "已销号", "Closed";
        closed_not_counted: "已销号不计", "Closed, not counted";
        stage_done: "阶段完成", "Stage done";
        checked: "复核通过", "Checked";
        applied: "待复核", "Applied";
        rectifying: "整改中", "Rectifying";
        open: "未整改", "Open";
        dismissed: "已撤销", "Dismissed";
        relapsed: "回潮", "Relapsed";
        rate: "销号率", "Closed of all";
        findings: "计入的问题", "Findings";
        rectification_lead(met, of, percent): "计入的问题{of}个，已销号**{met}个**（{percent}）。",
            "**{met}** of {of} finding(s) are closed ({percent}).";
        no_findings: "这一年还没有登记问题。", "No finding was raised this year.";
        meetings: "会议", "Meetings";
        expected: "应到", "Expected";
        present: "实到", "Present";
        leave: "请假", "On leave";
        absent: "缺席", "Absent";
        observers: "列席", "Observers";
        attendance: "到会率", "Attendance";
        attendance_lead(meetings, present, expected, percent): "开了{meetings}次会，应到{expected}人次，实到**{present}人次**（{percent}）。",
            "{meetings} meeting(s) were held; **{present}** of {expected} came ({percent}).";
        no_meetings: "这一年还没有开过会。", "No meeting was held this year.";
        kind: "会议种类", "Kind";
    }
}

/// `GET /reports/reviews`.
pub async fn reviews(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadNodes).await?;
    let asked = reading.asked;
    let found = visit.caller.read_long(move |conn, actor| crate::reports::reviews::reviews(conn, actor, asked)).await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("reviews-{}", found.as_of), table::reviews_table(&found)?);
    }
    let view = &visit.view;
    let (w, words) = (WorkWords(view.lang), ReportWords(view.lang));
    let rate = &found.review_in_time;
    let rows = [
        (w.in_time(), found.reviewed_in_time),
        (w.late(), found.reviewed_late),
        (w.waiting(), found.waiting),
        (w.waiting_late(), found.waiting_late),
    ];
    let mut rows: Vec<Vec<Cell>> =
        rows.into_iter().map(|(name, count)| vec![Cell::text(name), Cell::number(count)]).collect();
    if let Some(oldest) = &found.oldest_waiting {
        let said = w.oldest(view.day(&oldest.submitted_on));
        let open = Cell::text(w.open_it()).to(format!("/review?report={}", oldest.report_id));
        rows.push(vec![Cell::text(said), open]);
    }
    let table = Table {
        id: "reviews".into(),
        title: words.reviews().into_owned(),
        note: if found.calendar_loaded { String::new() } else { w.no_calendar().into_owned() },
        columns: vec![Column::text(w.submitted()), Column::number(w.count())],
        rows,
        total: Some(vec![Cell::text(w.submitted()), Cell::number(found.submitted)]),
        ..Table::default()
    };
    let report = Report {
        title: words.reviews().into_owned(),
        lead: w.reviews_lead(rate.met, rate.of, figures::percent(view.lang, rate), found.waiting).into_owned(),
        tables: vec![table],
        as_of: Some(found.as_of),
        is_final: found.is_final,
        files: true,
        ..Report::default()
    };
    report.page(view, &reading, "/reports/reviews")
}

/// `GET /reports/rectification`.
pub async fn rectification(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.of_own_committee(&visit).await?;
    let asked = reading.asked;
    let read = visit.caller.read_long(move |conn, actor| {
        rectification::rectification(conn, actor, asked, Some(RectificationGroupBy::Unit))
    });
    let found = read.await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("rectification-{}", found.as_of), rectification::table(&found)?);
    }
    let view = &visit.view;
    let (w, words, f) = (WorkWords(view.lang), ReportWords(view.lang), FigureWords(view.lang));
    let row = |name: String, counts: &RectificationCounts| {
        let mut cells = vec![Cell::text(name)];
        cells.extend(findings(view, counts));
        cells
    };
    let mut columns = vec![Column::text(f.unit())];
    let figures_ = [
        w.findings(),
        w.closed(),
        w.closed_not_counted(),
        w.stage_done(),
        w.checked(),
        w.applied(),
        w.rectifying(),
        w.open(),
        w.rate(),
        w.dismissed(),
        w.relapsed(),
    ];
    columns.extend(figures_.map(Column::number));
    let total = &found.total;
    let rate = &total.rectification;
    let lead = match rate.percent {
        Some(_) => w.rectification_lead(rate.met, rate.of, figures::percent(view.lang, rate)),
        None => w.no_findings(),
    };
    let report = Report {
        title: words.rectification().into_owned(),
        lead: lead.into_owned(),
        tables: vec![Table {
            id: "findings".into(),
            title: words.by_unit().into_owned(),
            columns,
            rows: found.groups.iter().map(|group| row(group.name.clone(), &group.counts)).collect(),
            total: Some(row(f.total().into_owned(), total)),
            empty: w.no_findings().into_owned(),
            ..Table::default()
        }],
        restatable: true,
        as_of: Some(found.as_of),
        is_final: found.is_final,
        restated: found.restated,
        files: true,
        ..Report::default()
    };
    report.page(view, &reading, "/reports/rectification")
}

fn findings(view: &View, counts: &RectificationCounts) -> Vec<Cell> {
    let mut cells: Vec<Cell> = [
        counts.of,
        counts.closed,
        counts.closed_not_counted,
        counts.stage_done,
        counts.checked,
        counts.applied,
        counts.rectifying,
        counts.open,
    ]
    .map(Cell::number)
    .into();
    cells.push(Cell::number(figures::percent(view.lang, &counts.rectification)));
    cells.push(Cell::number(counts.dismissed));
    cells.push(Cell::number(counts.relapsed));
    cells
}

/// `GET /reports/attendance`.
pub async fn attendance(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.of_own_committee(&visit).await?;
    let by = reading.chosen("by", AttendanceGroupBy::ALL, AttendanceGroupBy::word)?.unwrap_or(AttendanceGroupBy::Unit);
    let asked = reading.asked;
    let read = visit.caller.read_long(move |conn, actor| attendance::attendance(conn, actor, asked, Some(by)));
    let found = read.await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("attendance-{}", found.as_of), attendance::table(&found)?);
    }
    let view = &visit.view;
    let (w, words, f) = (WorkWords(view.lang), ReportWords(view.lang), FigureWords(view.lang));
    let row = |name: String, counts: &AttendanceCounts| {
        let mut cells = vec![Cell::text(name)];
        let numbers = [counts.meetings, counts.expected, counts.present, counts.leave, counts.absent, counts.observers];
        cells.extend(numbers.map(Cell::number));
        cells.push(Cell::number(figures::percent(view.lang, &counts.attendance)));
        cells
    };
    let tab = |one: AttendanceGroupBy| {
        let name = match one {
            AttendanceGroupBy::Unit => words.by_unit(),
            AttendanceGroupBy::Kind => words.by_kind(),
        };
        (name.into_owned(), reading.link("/reports/attendance", &[("by", one.word())]), one == by)
    };
    let first = if by == AttendanceGroupBy::Unit { f.unit() } else { w.kind() };
    let mut columns = vec![Column::text(first)];
    let names = [w.meetings(), w.expected(), w.present(), w.leave(), w.absent(), w.observers(), w.attendance()];
    columns.extend(names.map(Column::number));
    let total = &found.total;
    let rate = &total.attendance;
    let lead = match rate.percent {
        Some(_) => {
            let percent = figures::percent(view.lang, rate);
            w.attendance_lead(total.meetings, total.present, total.expected, percent)
        }
        None => w.no_meetings(),
    };
    let report = Report {
        title: words.attendance().into_owned(),
        lead: lead.into_owned(),
        tabs: AttendanceGroupBy::ALL.iter().map(|one| tab(*one)).collect(),
        tables: vec![Table {
            id: "attendance".into(),
            title: if by == AttendanceGroupBy::Unit { words.by_unit() } else { words.by_kind() }.into_owned(),
            columns,
            rows: found.groups.iter().map(|group| row(group.name.clone(), &group.counts)).collect(),
            total: Some(row(f.total().into_owned(), total)),
            ..Table::default()
        }],
        as_of: Some(found.as_of),
        is_final: found.is_final,
        files: true,
        fixed: vec![("by", by.word().to_owned())],
        ..Report::default()
    };
    report.page(view, &reading, "/reports/attendance")
}
