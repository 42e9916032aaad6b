//! The reports as pages: the same figures as the API gives, as of any day, each with its table for spreadsheets.

mod compliance;
mod explained;
mod lists;
mod people;
mod pinned;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::page::{Html, page};
use super::reading::{FileForm, Reading, ReadingWords};
use super::tables;
use super::{View, Visit};
use crate::access::Action;
use crate::access::actor::Reach;
use crate::plans::{self, Plan, PlanStatus};
use crate::platform::web::{SentFile, Table};
use crate::platform::{Error, PageRequest, Result};
use crate::units::UnitId;
use crate::words;

words! {
    /// The reports.
    pub struct ReportWords {
        title: "报表", "Reports";
        lead: "每份报表都可以看任意一天：当日记录不会再变；最新口径把后来的记录也算上。",
            "Every report can be read as of any day: as recorded it never changes; restated it applies what was recorded since.";
        compliance: "完成与达标", "Completion and compliance";
        compliance_what: "按组织、重点工作、月份或类别", "by unit, key point, month or category";
        trend: "全年走势", "The trend of the year";
        trend_what: "每月底的数字，按当时的记录", "the figures at the end of each month, as recorded then";
        path: "到目标还差什么", "The path to the target";
        path_what: "还能补的、最后一天、已不可补的", "what is missing, until when, and what is lost";
        reviews: "审核时效", "Reviews in time";
        reviews_what: "几个工作日内审完，谁等得最久", "how soon reports are reviewed, and which waits longest";
        rectification: "整改销号", "Rectification";
        rectification_what: "问题整改到了哪一步", "how far the findings are put right";
        attendance: "到会率", "Attendance";
        attendance_what: "应到、实到、请假、缺席", "expected, present, on leave, absent";
        unscheduled: "未定时限", "Without a date";
        unscheduled_what: "还没有定日子的任务，由谁承担", "what has no date yet, and who will owe it";
        flags: "需要看一眼", "Worth a look";
        flags_what: "同一份材料多处使用、补录过久的填报", "evidence used more than once, reports dated back";
        pinned(title): "{title}：年度报告", "{title}: year report";
        pinned_what: "关闭计划那天定下的数字", "as it read on the day the plan was closed";
        by: "分组", "By";
        by_unit: "按组织", "by unit";
        by_key_point: "按重点工作", "by key point";
        by_month: "按月份", "by month";
        by_category: "按类别", "by category";
        by_kind: "按种类", "by kind";
        back: "全部报表", "All reports";
        no_rows: "这一天还没有数字。", "There are no figures on this day yet.";
        sense: "构成", "What makes it";
    }
}

/// A report as a page shows it.
#[derive(Default)]
struct Report {
    title: String,
    lead: String,
    /// How else it can be grouped: name, address, and whether it is this one.
    tabs: Vec<(String, String, bool)>,
    tables: Vec<tables::Table>,
    restatable: bool,
    as_of: Option<NaiveDate>,
    is_final: bool,
    restated: bool,
    /// Files for spreadsheets can be had.
    files: bool,
    /// What goes with the form of the day.
    fixed: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "console/reports/report.html")]
struct ReportPage<'a> {
    view: &'a View,
    w: ReportWords,
    r: ReadingWords,
    report: &'a Report,
    /// Name of the unit it is about.
    unit: Option<&'a str>,
    bar: Html,
    tables: Vec<Html>,
    /// The same as a file: CSV, XLSX.
    files: [Option<String>; 2],
}

impl Report {
    fn page(&self, view: &View, reading: &Reading, path: &str) -> Result<HttpResponse> {
        let fixed: Vec<(&str, &str)> = self.fixed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let file = |form| self.files.then(|| reading.link(path, &[fixed.as_slice(), &[("form", form)]].concat()));
        page(&ReportPage {
            view,
            w: ReportWords(view.lang),
            r: ReadingWords(view.lang),
            report: self,
            unit: reading.unit.as_deref(),
            bar: reading.bar(view, path, &fixed, self.restatable)?,
            tables: self.tables.iter().map(tables::Table::draw).collect::<Result<_>>()?,
            files: [file("csv"), file("xlsx")],
        })
    }
}

/// A table for spreadsheets, to be kept as a file.
fn file(form: FileForm, name: &str, table: Table) -> Result<HttpResponse> {
    let sent = match form {
        FileForm::Csv => SentFile::csv(table.csv(None)?)?.named(format!("{name}.csv")),
        FileForm::Xlsx => SentFile::xlsx(table.xlsx(None)?, name)?,
    };
    let mut answer = sent.respond()?;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// The pages.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/reports", web::get().to(all));
    config.route("/reports/compliance", web::get().to(compliance::show));
    config.route("/reports/trend", web::get().to(compliance::trend));
    config.route("/reports/explain", web::get().to(explained::show));
    config.route("/reports/path", web::get().to(lists::path));
    config.route("/reports/reviews", web::get().to(people::reviews));
    config.route("/reports/rectification", web::get().to(people::rectification));
    config.route("/reports/attendance", web::get().to(people::attendance));
    config.route("/reports/unscheduled", web::get().to(lists::unscheduled));
    config.route("/reports/flags", web::get().to(lists::flags));
    config.route("/reports/year-report", web::get().to(pinned::show));
}

#[derive(Template)]
#[template(path = "console/reports/all.html")]
struct AllPage<'a> {
    view: &'a View,
    w: ReportWords,
    /// Name, what it says, address.
    reports: Vec<(String, String, String)>,
}

/// `GET /reports`: which there are.
async fn all(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?;
    let closed = visit.caller.read(|conn, actor| {
        let page = PageRequest::new("plans", None, None, true)?;
        let own: Vec<UnitId> = actor.posts.iter().filter_map(|post| Some(post.seat.as_ref()?.unit_id)).collect();
        let (plans, _) = plans::store::list_plans(conn, &page, &actor.reach(Action::ReadPlan), &own, None, None)?;
        let closed = plans.into_iter().filter(|plan| plan.status == PlanStatus::Closed).collect::<Vec<Plan>>();
        let somewhere = |action| actor.reach(action) != Reach::default();
        Ok((closed, somewhere(Action::ReadNodes), somewhere(Action::ReadFlags)))
    });
    let (closed, names, flags) = closed.await?;
    let w = ReportWords(visit.view.lang);
    let entry = |name: std::borrow::Cow<'static, str>, what: std::borrow::Cow<'static, str>, path: &str| {
        (name.into_owned(), what.into_owned(), reading.link(path, &[]))
    };
    // Counts are for everybody, names for those who may read them somewhere.
    let all = [
        (true, entry(w.compliance(), w.compliance_what(), "/reports/compliance")),
        (true, entry(w.trend(), w.trend_what(), "/reports/trend")),
        (names, entry(w.path(), w.path_what(), "/reports/path")),
        (names, entry(w.reviews(), w.reviews_what(), "/reports/reviews")),
        (true, entry(w.rectification(), w.rectification_what(), "/reports/rectification")),
        (true, entry(w.attendance(), w.attendance_what(), "/reports/attendance")),
        (names, entry(w.unscheduled(), w.unscheduled_what(), "/reports/unscheduled")),
        (flags, entry(w.flags(), w.flags_what(), "/reports/flags")),
    ];
    let mut reports: Vec<_> = all.into_iter().filter(|(may, _)| *may).map(|(_, entry)| entry).collect();
    reports.extend(closed.iter().map(|plan| {
        let address = format!("/reports/year-report?plan={}", plan.id);
        (w.pinned(&plan.title).into_owned(), w.pinned_what().into_owned(), address)
    }));
    page(&AllPage { view: &visit.view, w, reports })
}
