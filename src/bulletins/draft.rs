//! Title, text and figures of a bulletin about a period, from the compliance report of its last day. The text is filled
//! into a template; the report is kept whole, so that what the text says can be held against it for ever.

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::model::{Bulletin, BulletinKind, Figures};
use super::rules::{Period, title_of};
use super::store::NewRow;
use super::{PERIOD_AHEAD, PERIOD_UNREADABLE, actions};
use crate::access::{Action, Actor};
use crate::meetings::attendance::AttendanceSummary;
use crate::meetings::decisions::store::DecisionFilter;
use crate::meetings::rules::require_took_place;
use crate::meetings::{self, MeetingId, agenda, attendance, decisions};
use crate::platform::db::today;
use crate::platform::page::PageRequest;
use crate::platform::rate::Rate;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Result};
use crate::reports::actions::{Asked, compliance_to_pin};
use crate::reports::model::{ComplianceReport, Counts, GroupBy};
use crate::units::{self, UnitFacts};

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

#[derive(Template)]
#[template(path = "bulletins/meeting.md")]
struct MeetingText {
    title: String,
    held_on: String,
    starts_at: Option<String>,
    place: Option<String>,
    unit: String,
    chair: Option<String>,
    attendance: AttendanceSummary,
    agenda: Vec<String>,
    decisions: Vec<DecisionText>,
    as_of: String,
    total: Counts,
}

/// A decision as it stands in the text about its meeting.
struct DecisionText {
    text: String,
    votes: Option<String>,
}

impl MeetingText {
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
    let by_unit = compliance_to_pin(conn, actor, asked, Some(GroupBy::Unit))?;
    let by_key_point = match kind {
        BulletinKind::MonthlyReport => Some(compliance_to_pin(conn, actor, asked, Some(GroupBy::KeyPoint))?),
        BulletinKind::Bulletin | BulletinKind::Circular => None,
    };
    let title = title_of(kind, &period);
    let text = PeriodText {
        title: title.clone(),
        unit: in_markdown(&unit.name),
        as_of: as_of(&by_unit),
        total: by_unit.total.clone(),
        units: rows(&by_unit),
        key_points: by_key_point.as_ref().map(rows).unwrap_or_default(),
    };
    let text = text.render().map_err(Error::internal)?;
    let figures = Figures { report: by_unit, key_points: by_key_point.map(|report| report.groups) };
    Ok(Draft { title, text, figures: serde_json::to_string(&figures).map_err(Error::internal)? })
}

/// The day of the figures; one that is not over yet is told as such.
fn as_of(report: &ComplianceReport) -> String {
    let unfinished = if report.is_final { "" } else { "（当日尚未结束）" };
    format!("{}{unfinished}", in_words(report.as_of))
}

/// The groups of a report that count anything, in its own order.
fn rows(report: &ComplianceReport) -> Vec<Row> {
    let counting = |counts: &Counts| counts.owed + counts.not_yet_owed + counts.unscheduled + counts.compliance.of > 0;
    let groups = report.groups.iter().filter(|group| counting(&group.counts));
    groups.map(|group| Row::new(&group.name, &group.counts)).collect()
}

/// Drafts a bulletin about a meeting that took place: who, when, how many, what was decided, and the figures of the year
/// it was held in, as of today. For whoever writes bulletins of the meeting's unit.
pub fn of_meeting(conn: &mut Conn, actor: &Actor, id: MeetingId, submitter: Option<Text<100>>) -> Result<Bulletin> {
    let meeting = meetings::actions::read(conn, actor, id)?;
    let unit = units::store::get(conn, meeting.unit_id)?;
    actor.must(Action::WriteBulletin, &unit.site())?;
    actor.request.if_match.check(meeting.version)?;
    require_took_place(meeting.status)?;
    let held_on = meeting.held_on.unwrap_or(meeting.called_for);
    let asked = Asked {
        year: Some(i64::from(held_on.year())),
        unit_id: Some(unit.unit_id),
        as_of: Some(today(conn)?),
        restated: false,
    };
    let figures = compliance_to_pin(conn, actor, asked, Some(GroupBy::Unit))?;
    let text = MeetingText {
        title: in_markdown(&meeting.title),
        held_on: in_words(held_on),
        starts_at: meeting.starts_at.as_deref().map(in_markdown),
        place: meeting.place.as_deref().map(in_markdown),
        unit: in_markdown(&unit.name),
        chair: meeting.chair.as_deref().map(in_markdown),
        attendance: attendance::of_meeting(conn, id)?.summary,
        agenda: agenda::of_meeting(conn, id)?.iter().map(|item| in_markdown(&item.title)).collect(),
        decisions: decided(conn, actor, id)?,
        as_of: as_of(&figures),
        total: figures.total.clone(),
    };
    let text = text.render().map_err(Error::internal)?;
    let figures = serde_json::to_string(&figures).map_err(Error::internal)?;
    let new = NewRow {
        unit_id: meeting.unit_id,
        kind: BulletinKind::Bulletin,
        title: &meeting.title,
        text: &text,
        submitter: submitter.as_ref().map(Text::as_str),
        meeting_id: Some(id.0),
        period: None,
        figures: Some(&figures),
        public: false,
    };
    actions::keep(conn, actor, &new)
}

/// What a meeting decided, in order, with the votes.
fn decided(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<Vec<DecisionText>> {
    let whole = PageRequest::new("decisions", None, None, true)?;
    let filter = DecisionFilter { meeting_id: Some(id), ..DecisionFilter::default() };
    let (all, _) = decisions::actions::list(conn, actor, &whole, &filter)?;
    let shown = all.iter().map(|decision| DecisionText {
        text: in_markdown(&decision.text),
        votes: decision.votes.map(|votes| {
            let passed = if decision.passed == Some(true) { "通过" } else { "未通过" };
            format!("赞成 {}，反对 {}，弃权 {}，{passed}", votes.in_favour, votes.against, votes.abstain)
        }),
    });
    Ok(shown.collect())
}
