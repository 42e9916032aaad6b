//! The year at a glance: where it is stuck, and whom to urge. Every figure opens what is behind it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::heat::{Heat, name};
use crate::console::charts::{About, Ageing, AgeingRow, Bar, Bars, Lines, MonthEnd};
use crate::console::figures::{self, FigureWords, rate_name};
use crate::console::opens::Opens;
use crate::console::page::{Html, page};
use crate::console::reading::{Reading, ReadingWords};
use crate::console::terms::{Mark, excluded};
use crate::console::{View, Visit};
use crate::platform::{Error, Result};
use crate::reports::explain::ExplainedRate;
use crate::reports::rules::CountOf;
use crate::reports::year::rules::month_key;
use crate::reports::year::{UnitYear, YearOverview, overview};
use crate::time_nodes::Verdict;
use crate::words;

/// Rows on a page: a screen and a sheet hold them, and the page stays small with hundreds of units.
const ROWS: usize = 40;
/// Units that the first sentence names.
const NAMED: usize = 6;

words! {
    /// The year at a glance.
    pub struct YearWords {
        title: "全年一览", "The year at a glance";
        plan(year): "{year}年度计划", "Plans of {year}";
        units(count): "{count}个组织", "{count} unit(s)";
        done_of(owed, done): "到期应完成{owed}个节点，已完成{done}个。", "{done} of {owed} nodes owed by now are done. ";
        nothing_owed: "到这一天，还没有到期应完成的节点。", "Nothing is owed by this day. ";
        none_overdue: "**没有逾期。**", "**None is overdue.**";
        overdue(count, list): "**逾期{count}个**：{list}", "**{count} overdue**: {list}";
        of_unit(name, count): "{name}{count}个", "{name}: {count}";
        comma: "，", ", ";
        and_more(count): "等{count}个组织", " and others, {count} units in all";
        rest_clear(count): "；其余{count}个组织没有逾期。", "; the other {count} unit(s) have none.";
        stop: "。", ".";
        urge: "催办逾期的", "Urge what is overdue";
        to_urge: "催办", "Urge";
        to_review: "审核", "Review";
        to_month: "月报", "Monthly report";
        to_reports: "全部报表", "All reports";
        assessed(met, of): "已评{met}/{of}", "{met}/{of} assessed";
        besides: "另：", "Besides: ";
        excluded_of(count, list): "不计入{count}（{list}）", "{count} excluded ({list})";
        not_yet(count): "未到期{count}", "{count} not yet due";
        unscheduled(count): "未定时限{count}项", "{count} without a date";
        heat: "各组织各月", "Units by months";
        heat_hint: "完成 / 应完成，按组织顺序；点一格看它的节点", "done / counted, units in their own order; a cell opens its nodes";
        heat_label: "各组织各月热力表，可横向滚动", "Heat map of units by months, scrolls sideways";
        so_far: "至今", "So far";
        legend: "每格先写最重的一种，再列其余：", "A cell names the worst first, then the rest:";
        legend_late: "晚：有逾期完成", "late: done after the deadline";
        legend_none: "无标记：全部按期完成，或都未到期", "no mark: all done on time, or none due yet";
        only_overdue: "只看有逾期的", "Only those with overdue nodes";
        all_rows: "看全部组织", "All units";
        rows_of(from, to, all): "第{from}–{to}个，共{all}个组织", "{from}–{to} of {all} units";
        previous: "上一页", "Previous";
        next: "下一页", "Next";
        pages: "组织分页", "Pages of units";
        bars: "标准化达标率", "Compliance";
        bars_hint: "条款数，按组织顺序", "clauses, units in their own order";
        bars_desc(lost): "按组织顺序，每行一个组织；竖线是目标。上限已低于目标的：{lost}。数据见下表。",
            "One row a unit, in their own order; the vertical line is the target. Ceiling below the target: {lost}. The table below has the figures.";
        nobody: "没有", "none";
        met: "已达标", "met";
        attainable: "还可达到", "still attainable";
        lost: "已不可补", "lost";
        target(percent, day): "目标{percent}%，{day}", "target {percent}%, {day}";
        no_standard: "还没有已发布的标准，所以没有达标率。由工作部门发布一套标准并评定后，这里按组织列出。",
            "No standard set is published, so there is no compliance rate. Once one is published and assessed, it stands here by unit.";
        lines: "计划与实际", "Plan and actual";
        lines_hint: "累计节点数，虚线为计划", "nodes so far; the dashed line is the plan";
        lines_desc(planned, done, all): "到这一天所在月份计划累计{planned}个，实际完成{done}个；全年计划{all}个。数据见下表。",
            "By the month of this day {planned} were planned and {done} are done, of {all} in the year. The table below has the figures.";
        planned: "计划", "planned";
        actual: "实际", "done";
        month_end: "月底", "End of";
        ageing: "逾期账龄", "Ageing of what is overdue";
        ageing_hint: "每个菱形是一个节点，横轴为逾期天数", "a diamond is a node, by the days it is overdue";
        ageing_desc(count): "{count}个逾期节点，每个菱形一个，按组织分行，横轴是逾期天数。数据见下表。",
            "{count} overdue node(s), a diamond each, a row a unit, by the days they are overdue. The table below has the figures.";
        ageing_none: "没有逾期的节点。", "Nothing is overdue.";
        within_week: "7天以内", "≤ 7 days";
        within_month: "8–30天", "8–30";
        within_quarter: "31–90天", "31–90";
        longer: "90天以上", "> 90";
        axis_days: "天", "days";
        sign_made: "制表", "Prepared by";
        sign_checked: "审核", "Checked by";
        sign_approved: "批准", "Approved by";
        sign_day: "日期", "Date";
    }
}

/// A headline figure.
struct Figure {
    name: &'static str,
    met: i64,
    of: i64,
    /// Percent, or why there is none; and what stands beside it.
    percent: String,
    rated: bool,
    /// Where it is explained, for those who may read it.
    href: Option<String>,
}

/// What is besides what is owed.
struct Besides {
    text: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "console/judging/year.html")]
struct YearPage<'a> {
    view: &'a View,
    w: YearWords,
    f: FigureWords,
    r: ReadingWords,
    overview: &'a YearOverview,
    lead: String,
    bar: Html,
    may_urge: bool,
    figures: Vec<Figure>,
    /// What is owed, with what it opens, and the sum that makes it: each part with what it opens.
    owed: Option<String>,
    sum: Vec<(&'static str, Mark, i64, Option<String>)>,
    besides: Vec<Besides>,
    heat: Heat<'a>,
    pages: Option<Pages>,
    only_overdue: Option<(bool, String)>,
    bars: Option<Html>,
    lines: Html,
    ageing: Option<Html>,
    /// The monthly report, for those who may read it.
    month_href: Option<String>,
}

impl YearPage<'_> {
    /// The lights that a cell may show.
    fn legend(view: &View) -> Vec<Mark> {
        let verdicts = [Verdict::Overdue, Verdict::Due, Verdict::DueSoon, Verdict::PendingReview, Verdict::NotDue];
        let mut marks: Vec<Mark> = verdicts.map(|verdict| Mark::verdict(view.lang, verdict)).into();
        marks.push(Mark::returned(view.lang));
        marks
    }
}

/// Where one is among many rows.
struct Pages {
    from: usize,
    to: usize,
    all: usize,
    previous: Option<String>,
    next: Option<String>,
}

/// `GET /year`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.of_own_committee(&visit).await?;
    let asked = reading.asked;
    let read = visit.caller.read_long(move |conn, actor| {
        let overview = overview(conn, actor, asked)?;
        let opens = Opens::of(conn, actor, overview.as_of, asked.unit_id)?;
        Ok((overview, opens))
    });
    let (overview, opens) = read.await?;
    shown(&visit.view, &reading, &overview, &opens)
}

fn shown(view: &View, reading: &Reading, overview: &YearOverview, opens: &Opens) -> Result<HttpResponse> {
    let lang = view.lang;
    let only = reading.given("rows") == Some("overdue");
    let wanted: Vec<UnitYear> = overview.rows.iter().filter(|row| !only || row.counts.overdue > 0).cloned().collect();
    let pages = wanted.len().div_ceil(ROWS).max(1);
    let number = reading.page().min(pages);
    let first = (number - 1) * ROWS;
    let rows: Vec<UnitYear> = wanted.iter().skip(first).take(ROWS).cloned().collect();
    let kept = if only { "overdue" } else { "" };
    let at = |page: usize| reading.link("/year", &[("rows", kept), ("page", page.to_string().as_str())]);
    let rows = rows.as_slice();
    let page_ = YearPage {
        view,
        w: YearWords(lang),
        f: FigureWords(lang),
        r: ReadingWords(lang),
        overview,
        lead: lead(view, overview),
        bar: reading.bar(view, "/year", &[("rows", kept)], true)?,
        may_urge: view.who.as_ref().is_some_and(|who| who.nav.iter().any(|entry| entry.path == "/urge")),
        figures: headline(view, reading, overview, opens),
        owed: opens.whole().then(|| reading.behind(CountOf::Owed, None)),
        sum: sum(view, reading, overview, opens),
        besides: besides(view, reading, overview, opens),
        heat: Heat::of(lang, reading, overview, rows, opens),
        pages: (pages > 1).then(|| Pages {
            from: first + 1,
            to: first + rows.len(),
            all: wanted.len(),
            previous: (number > 1).then(|| at(number - 1)),
            next: (number < pages).then(|| at(number + 1)),
        }),
        only_overdue: (overview.rows.len() > ROWS)
            .then(|| (only, reading.link("/year", &[("rows", if only { "" } else { "overdue" })]))),
        bars: bars(view, reading, overview, rows, opens)?,
        lines: lines(view, reading, overview, opens)?,
        ageing: ageing(view, reading, rows, pages == 1, opens)?,
        month_href: opens.whole().then(|| {
            reading.link("/month", &[("month", month_key(overview.as_of).as_str()), ("as_of", ""), ("restated", "")])
        }),
    };
    page(&page_)
}

/// The sentence that answers the first question: how far, and where it is stuck.
pub fn lead(view: &View, overview: &YearOverview) -> String {
    let w = YearWords(view.lang);
    let total = &overview.total;
    if total.owed == 0 {
        return w.nothing_owed().into_owned();
    }
    let mut said = w.done_of(total.owed, total.completion.met).into_owned();
    let stuck: Vec<&UnitYear> = overview.rows.iter().filter(|row| row.counts.overdue > 0).collect();
    if stuck.is_empty() {
        said.push_str(&w.none_overdue());
        return said;
    }
    let named = stuck.iter().take(NAMED).map(|row| {
        // A number behind a name that ends in one would be read as part of it.
        let apart =
            if view.lang.is_chinese() && row.name.ends_with(|c: char| c.is_ascii_alphanumeric()) { " " } else { "" };
        w.of_unit(format!("{}{apart}", row.name), row.counts.overdue).into_owned()
    });
    let mut list = named.collect::<Vec<_>>().join(&*w.comma());
    if stuck.len() > NAMED {
        list.push_str(&w.and_more(stuck.len()));
    }
    said.push_str(&w.overdue(total.overdue, list));
    match overview.rows.len() - stuck.len() {
        0 => said.push_str(&w.stop()),
        rest => said.push_str(&w.rest_clear(rest)),
    }
    said
}

fn headline(view: &View, reading: &Reading, overview: &YearOverview, opens: &Opens) -> Vec<Figure> {
    use ExplainedRate as R;
    let w = YearWords(view.lang);
    let one = |rate: ExplainedRate| {
        let figure = figures::rate_of(&overview.total, rate);
        let mut percent = figures::percent(view.lang, figure);
        if rate == R::Compliance && figure.percent.is_some() {
            let assessed = &overview.total.assessed;
            percent = format!("{percent}{}{}", w.comma(), w.assessed(assessed.met, assessed.of));
        }
        Figure {
            name: rate_name(view.lang, rate),
            met: figure.met,
            of: figure.of,
            percent,
            rated: figure.percent.is_some(),
            href: opens.whole().then(|| reading.explained(rate, None)),
        }
    };
    [R::Completion, R::OnTime, R::Reporting, R::YearProgress, R::Compliance].map(one).into()
}

fn sum(
    view: &View,
    reading: &Reading,
    overview: &YearOverview,
    opens: &Opens,
) -> Vec<(&'static str, Mark, i64, Option<String>)> {
    let total = &overview.total;
    let parts = [
        (Verdict::DoneOnTime, CountOf::DoneOnTime, total.done_on_time),
        (Verdict::DoneLate, CountOf::DoneLate, total.done_late),
        (Verdict::PendingReview, CountOf::PendingReview, total.pending_review),
        (Verdict::Due, CountOf::Due, total.due),
        (Verdict::Overdue, CountOf::Overdue, total.overdue),
    ];
    let part = |(verdict, of, count): (Verdict, CountOf, i64)| {
        let sign = if of == CountOf::DoneOnTime { "=" } else { "+" };
        (sign, Mark::verdict(view.lang, verdict), count, opens.whole().then(|| reading.behind(of, None)))
    };
    parts.map(part).into()
}

fn besides(view: &View, reading: &Reading, overview: &YearOverview, opens: &Opens) -> Vec<Besides> {
    let w = YearWords(view.lang);
    let total = &overview.total;
    let mut parts = Vec::new();
    let mut part = |text: String, href: String| parts.push(Besides { text, href: opens.whole().then_some(href) });
    if total.excluded > 0 {
        let reasons = overview.excluded.iter().map(|(reason, count)| match view.lang.is_chinese() {
            true => format!("{}{count}", excluded(view.lang, *reason)),
            false => format!("{} {count}", excluded(view.lang, *reason)),
        });
        let said = w.excluded_of(total.excluded, reasons.collect::<Vec<_>>().join(&*w.comma()));
        part(said.into_owned(), reading.behind(CountOf::Excluded, None));
    }
    if total.not_yet_owed > 0 {
        part(w.not_yet(total.not_yet_owed).into_owned(), reading.behind(CountOf::NotYetOwed, None));
    }
    if total.unscheduled > 0 {
        part(w.unscheduled(total.unscheduled).into_owned(), reading.link("/reports/unscheduled", &[]));
    }
    parts
}

/// The bars of compliance; nothing where no unit has a rate.
fn bars(
    view: &View,
    reading: &Reading,
    overview: &YearOverview,
    rows: &[UnitYear],
    opens: &Opens,
) -> Result<Option<Html>> {
    let w = YearWords(view.lang);
    let rated: Vec<&UnitYear> = rows.iter().filter(|row| row.outlook.now.of > 0).collect();
    if rated.is_empty() {
        return Ok(None);
    }
    let lost = rated.iter().filter(|row| row.outlook.lost_on.is_some());
    let lost: Vec<String> =
        lost.map(|row| format!("{} {}", row.name, figures::percent(view.lang, &row.outlook.ceiling))).collect();
    let lost = if lost.is_empty() { w.nobody().into_owned() } else { lost.join(&*w.comma()) };
    let bar = |row: &&UnitYear| Bar {
        name: row.name.clone(),
        reached: row.outlook.now.met,
        attainable: row.outlook.ceiling.met,
        of: row.outlook.now.of,
        href: reading
            .behind_rate(ExplainedRate::Compliance, row.unit_id, row.is_whole)
            .filter(|_| opens.unit(row.unit_id))
            .unwrap_or_default(),
    };
    let target = overview.target.as_ref().map(|target| {
        #[allow(clippy::cast_precision_loss, reason = "a percent is at most 100")]
        let percent = target.percent as f64;
        (percent, w.target(target.percent, view.day(&target.on)).into_owned())
    });
    let chart = Bars {
        lang: view.lang,
        about: About { id: "bars", title: w.bars().into_owned(), description: w.bars_desc(lost).into_owned() },
        bars: rated.iter().map(bar).collect(),
        target,
        parts: [w.met(), w.attainable(), w.lost()].map(std::borrow::Cow::into_owned),
        unit_column: FigureWords(view.lang).unit().into_owned(),
    };
    chart.draw().map(Some)
}

/// What was planned, and what was done, by the end of a month.
fn by_the_end(reading: &Reading, month: &str) -> [String; 2] {
    let counted = ("count", CountOf::Counted.word());
    [reading.link("/year/items", &[counted, ("due_by", month)]), reading.link("/year/items", &[("met_by", month)])]
}

/// Plan and actual over the year.
fn lines(view: &View, reading: &Reading, overview: &YearOverview, opens: &Opens) -> Result<Html> {
    let w = YearWords(view.lang);
    let now = overview.ends.iter().rfind(|end| end.done.is_some());
    let (planned, done) = now.map_or((0, 0), |end| (end.planned, end.done.unwrap_or(0)));
    let all = overview.ends.last().map_or(0, |end| end.planned);
    let months = overview.ends.iter().map(|end| MonthEnd {
        name: name(view.lang, overview.year, &end.month),
        short: end.month.get(5..).unwrap_or_default().trim_start_matches('0').to_owned(),
        planned: end.planned,
        actual: end.done,
        hrefs: if opens.whole() { by_the_end(reading, &end.month) } else { Default::default() },
    });
    let chart = Lines {
        lang: view.lang,
        about: About {
            id: "lines",
            title: w.lines().into_owned(),
            description: w.lines_desc(planned, done, all).into_owned(),
        },
        months: months.collect(),
        planned_name: w.planned().into_owned(),
        actual_name: w.actual().into_owned(),
        month_column: w.month_end().into_owned(),
    };
    chart.draw()
}

/// The nodes of a unit, or of all, that are overdue for so many days.
fn aged(reading: &Reading, row: Option<&UnitYear>, (from, to): (i64, Option<i64>)) -> String {
    let (id, from) = (row.map(|row| row.unit_id.to_string()), from.to_string());
    let to = to.map(|to| to.to_string());
    let mut more = vec![("count", CountOf::Overdue.word()), ("late_from", from.as_str())];
    more.extend(to.as_deref().map(|to| ("late_to", to)));
    more.extend(id.as_deref().map(|id| ("unit_id", id)));
    more.extend(row.filter(|row| !row.is_whole).map(|_| ("own", "true")));
    reading.link("/year/items", &more)
}

/// How long what is overdue has been so; nothing where nothing is.
fn ageing(view: &View, reading: &Reading, rows: &[UnitYear], all: bool, opens: &Opens) -> Result<Option<Html>> {
    let w = YearWords(view.lang);
    let f = FigureWords(view.lang);
    let rows: Vec<AgeingRow> = rows
        .iter()
        .filter(|row| !row.overdue_days.is_empty())
        .map(|row| AgeingRow {
            name: row.name.clone(),
            days: row.overdue_days.clone(),
            hrefs: Ageing::COLUMNS
                .map(|late| if opens.unit(row.unit_id) { aged(reading, Some(row), late) } else { String::new() }),
        })
        .collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let count = rows.iter().map(|row| row.days.len()).sum::<usize>();
    let columns = [f.unit(), w.within_week(), w.within_month(), w.within_quarter(), w.longer(), f.total()];
    let chart = Ageing {
        lang: view.lang,
        about: About { id: "ageing", title: w.ageing().into_owned(), description: w.ageing_desc(count).into_owned() },
        rows,
        columns: columns.map(std::borrow::Cow::into_owned),
        days: w.axis_days().into_owned(),
        total: f.total().into_owned(),
        total_hrefs: Ageing::COLUMNS.map(|late| {
            // The sum is of the rows that are shown.
            if opens.whole() && all { aged(reading, None, late) } else { String::new() }
        }),
    };
    chart.draw().map(Some)
}
