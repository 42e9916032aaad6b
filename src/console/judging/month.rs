//! The monthly report 月报 as a sheet for paper: the figures of the last day of a month, beside those of the month before.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{Datelike, Months, NaiveDate};

use super::compared::{Compared, compared};
use super::year::{YearWords, lead};
use crate::access::Action;
use crate::console::figures::{self, FigureWords};
use crate::console::page::{Html, page};
use crate::console::reading::{Reading, ReadingWords};
use crate::console::{View, Visit};
use crate::platform::db::today;
use crate::platform::error::WRONG_VALUE;
use crate::platform::{Error, Result};
use crate::reports::actions::{Asked, compliance};
use crate::reports::explain::ExplainedRate;
use crate::reports::model::{ComplianceReport, Rate};
use crate::reports::reviews::{ReviewsReport, reviews};
use crate::reports::rules::CountOf;
use crate::reports::year::items::{Wanted, YearItem, items};
use crate::reports::year::rules::month_key;
use crate::reports::year::{UnitYear, YearOverview, overview};
use crate::words;

/// Overdue nodes that the sheet names; it says how many more there are.
const NAMED: usize = 60;
const RATES: [ExplainedRate; 6] = {
    use ExplainedRate as R;
    [R::Completion, R::OnTime, R::Reporting, R::YearProgress, R::Compliance, R::BranchesRecognised]
};

words! {
    /// The monthly report.
    pub struct MonthWords {
        title(year, month): "{year}年{month}工作月报", "Monthly report, {month} {year}";
        unit(name): "单位：{name}", "Unit: {name}";
        as_of(day): "截至{day}", "as of {day}";
        running: "（当月未结束）", " (the month is not over)";
        whole: "一、总体", "1. Overall";
        rates: "二、主要比率", "2. Rates";
        units: "三、各组织", "3. Units";
        overdue: "四、逾期节点", "4. Overdue nodes";
        reviews: "五、审核", "5. Reviews";
        none_overdue: "没有逾期的节点。", "No node is overdue.";
        more(count): "另有{count}个，见系统。", "{count} more are in the system.";
        rate: "比率", "Rate";
        review_sentence(submitted, in_time, percent, waiting): "提交{submitted}份，按时审完{in_time}份（{percent}），还有{waiting}份待审。",
            "{submitted} report(s) were submitted, {in_time} reviewed in time ({percent}); {waiting} still wait.";
        excluded(count): "不计入{count}个。", "{count} are excluded.";
        owed: "应完成", "Owed";
        done: "完成", "Done";
        on_time: "按期", "On time";
        late_days: "逾期天数", "Days late";
        days(days): "{days}天", "{days}";
        previous: "上一个月", "The month before";
        next: "下一个月", "The next month";
        print_hint: "用浏览器的打印功能打印或存为PDF，A4纵向。", "Print it or save it as PDF with the browser; A4 upright.";
        made: "制表", "Prepared by";
        checked: "审核", "Checked by";
        approved: "批准", "Approved by";
        date: "日期", "Date";
    }
}

struct Content {
    overview: YearOverview,
    before: ComplianceReport,
    overdue: Vec<YearItem>,
    reviews: ReviewsReport,
    /// The month is over.
    over: bool,
}

#[derive(Template)]
#[template(path = "console/judging/month.html")]
struct MonthPage<'a> {
    view: &'a View,
    w: MonthWords,
    y: YearWords,
    f: FigureWords,
    r: ReadingWords,
    content: Content,
    month: String,
    unit: String,
    lead: String,
    compared: Vec<Compared>,
    previous: String,
    next: Option<String>,
    /// How the figures of this month are read.
    reading: Reading,
}

/// `GET /month?month=2020-09`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadNodes).await?;
    let first = month_of(&reading, visit.who.today)?;
    let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first);
    let unit_id = reading.asked.unit_id;
    let read = visit.caller.read_long(move |conn, actor| {
        let today = today(conn)?;
        let year = Some(i64::from(last.year()));
        let asked = Asked { year, unit_id, as_of: Some(last.min(today)), restated: false };
        let before = Asked { as_of: first.pred_opt(), ..asked };
        let wanted = Wanted { count: Some(CountOf::Overdue), ..Wanted::default() };
        Ok(Content {
            overview: overview(conn, actor, asked)?,
            before: compliance(conn, actor, before, None)?,
            overdue: items(conn, actor, asked, &wanted)?,
            reviews: reviews(conn, actor, asked)?,
            over: last < today,
        })
    });
    let content = read.await?;
    let (year, overview) = (content.overview.year, &content.overview);
    let (then, now) = (reading.on(year, content.before.as_of), reading.on(year, overview.as_of));
    let view = &visit.view;
    let at = |day: Option<NaiveDate>| {
        let month = day.map(month_key).unwrap_or_default();
        reading.link("/month", &[("month", month.as_str()), ("as_of", ""), ("restated", ""), ("year", "")])
    };
    let unit = content.overview.unit.as_ref().map(|(_, name)| name.clone()).or_else(|| visit.who.house.clone());
    page(&MonthPage {
        view,
        w: MonthWords(view.lang),
        y: YearWords(view.lang),
        f: FigureWords(view.lang),
        r: ReadingWords(view.lang),
        month: view.lang.period(&month_key(first)),
        unit: unit.unwrap_or_default(),
        lead: lead(view, &content.overview),
        compared: compared(view, (&then, &content.before.total), (&now, &overview.total), &RATES),
        previous: at(first.pred_opt()),
        next: content.over.then(|| at(last.succ_opt())),
        reading: now,
        content,
    })
}

/// The first day of the asked month, by default of this one.
fn month_of(reading: &Reading, today: NaiveDate) -> Result<NaiveDate> {
    let first = reading.month()?.or_else(|| today.with_day(1)).unwrap_or(today);
    if first > today {
        return Err(WRONG_VALUE.at("month", [("detail", format!("month={}", month_key(first)))]).into_error());
    }
    Ok(first)
}

impl MonthPage<'_> {
    fn named(&self) -> &[YearItem] {
        self.content.overdue.get(..NAMED).unwrap_or(&self.content.overdue)
    }

    fn more(&self) -> usize {
        self.content.overdue.len().saturating_sub(NAMED)
    }

    fn late_by(&self, item: &YearItem) -> i64 {
        (self.content.overview.as_of - item.late_after).num_days()
    }

    /// A count of a unit or of all, leading to its nodes.
    fn count(&self, of: CountOf, count: &i64, unit: Option<&UnitYear>) -> Html {
        if *count == 0 {
            return Html::text("0");
        }
        let address = self.reading.behind(of, unit.map(|row| (row.unit_id, row.is_whole)));
        Html::link(&address, count.to_string())
    }

    /// A part of the sum: its name and its count.
    fn part(&self, of: CountOf, count: &i64) -> Html {
        let words = format!("{} {count}", figures::count_name(self.view.lang, of));
        if *count == 0 { Html::text(words) } else { Html::link(&self.reading.behind(of, None), words) }
    }

    /// A rate of a unit or of all in words, leading to what it consists of.
    fn rate(&self, rate: ExplainedRate, figure: &Rate, words: &str, unit: Option<&UnitYear>) -> Html {
        let address = match unit {
            _ if figure.percent.is_none() => None,
            Some(row) => self.reading.behind_rate(rate, row.unit_id, row.is_whole),
            None => Some(self.reading.explained(rate, None)),
        };
        address.map_or_else(|| Html::text(words), |address| Html::link(&address, words))
    }

    /// `48 · 82.7%`.
    fn met(&self, rate: &Rate) -> String {
        format!("{} · {}", rate.met, self.percent(rate))
    }

    fn counts(rate: &Rate) -> String {
        figures::counts(rate)
    }

    fn percent(&self, rate: &Rate) -> String {
        figures::percent(self.view.lang, rate)
    }
}
