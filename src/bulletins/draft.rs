//! Title, text and figures of a bulletin about a period, from the compliance report of its last day. The text is filled
//! into a template; the report is kept whole, so that what the text says can be held against it for ever.

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::model::BulletinKind;
use super::rules::{Period, title_of};
use super::{PERIOD_AHEAD, PERIOD_UNREADABLE};
use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::{Conn, Error, Result};
use crate::reports::actions::{Asked, compliance};
use crate::reports::model::{ComplianceReport, Counts, GroupBy, Rate};
use crate::units::UnitFacts;

/// What a bulletin is drafted with.
pub struct Draft {
    pub title: String,
    pub text: String,
    /// The report, as it was answered.
    pub figures: String,
}

/// A row of a table of figures.
pub struct Row {
    name: String,
    counts: Counts,
}

impl Row {
    fn new(name: &str, counts: &Counts) -> Row {
        Row { name: in_markdown(name), counts: counts.clone() }
    }
}

/// A text as it stands in Markdown: what it holds is shown and means nothing.
pub(super) fn in_markdown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    comrak::escape_commonmark_inline(&line).replace('|', "\\|")
}

/// A rate as it stands in a sentence: 3/5（60.0%）, or a dash with nothing to count.
fn rate(rate: &Rate) -> String {
    match rate.percent {
        Some(percent) => format!("{percent:.1}%（{}/{}）", rate.met, rate.of),
        None => "—".to_owned(),
    }
}

/// A day as it is written: 2020年9月30日.
pub(super) fn in_words(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[derive(Template)]
#[template(path = "bulletins/period.md")]
struct PeriodText {
    title: String,
    unit: String,
    as_of: String,
    total: Counts,
    units: Vec<Row>,
    key_points: Vec<Row>,
}

impl PeriodText {
    fn rate(of: &Rate) -> String {
        rate(of)
    }
}

/// The figures of a day, as they stand in the text about a meeting.
#[derive(Template)]
#[template(path = "bulletins/figures.md")]
pub(super) struct FiguresText {
    pub as_of: String,
    pub total: Counts,
}

impl FiguresText {
    fn rate(of: &Rate) -> String {
        rate(of)
    }
}

/// Drafts a bulletin about a month or quarter of a unit and everything below it.
pub fn of_period(conn: &mut Conn, actor: &Actor, unit: &UnitFacts, kind: BulletinKind, period: &str) -> Result<Draft> {
    let unreadable = || PERIOD_UNREADABLE.at("/period", []).into_error();
    let period = Period::parse(period, kind).ok_or_else(unreadable)?;
    let (Some(first), Some(last)) = (period.first(), period.last()) else { return Err(unreadable()) };
    let today = today(conn)?;
    if first > today {
        return Err(PERIOD_AHEAD.at("/period", []).into_error());
    }
    let asked = Asked {
        year: Some(i64::from(period.year)),
        unit_id: Some(unit.unit_id),
        as_of: Some(last.min(today)),
        restated: false,
    };
    let by_unit = compliance(conn, actor, asked, Some(GroupBy::Unit))?;
    let key_points = match kind {
        BulletinKind::MonthlyReport => rows(&compliance(conn, actor, asked, Some(GroupBy::KeyPoint))?),
        BulletinKind::Bulletin | BulletinKind::Circular => vec![],
    };
    let title = title_of(kind, &period);
    let text = PeriodText {
        title: title.clone(),
        unit: in_markdown(&unit.name),
        as_of: in_words(by_unit.as_of),
        total: by_unit.total.clone(),
        units: rows(&by_unit),
        key_points,
    };
    let text = text.render().map_err(Error::internal)?;
    let figures = serde_json::to_string(&by_unit).map_err(Error::internal)?;
    Ok(Draft { title, text, figures })
}

/// The groups of a report that count anything, in its own order.
fn rows(report: &ComplianceReport) -> Vec<Row> {
    let counting = |counts: &Counts| counts.owed + counts.not_yet_owed + counts.unscheduled + counts.compliance.of > 0;
    let groups = report.groups.iter().filter(|group| counting(&group.counts));
    groups.map(|group| Row::new(&group.name, &group.counts)).collect()
}
