//! Whether a branch can still reach its target: the path to it, in plain sentences, and the figures beside.

use chrono::{Datelike, NaiveDate};

use super::rows::NodeRow;
use crate::access::Actor;
use crate::console::{Lang, View};
use crate::platform::{Conn, Result};
use crate::reports::actions::{Asked, compliance};
use crate::reports::model::{Counts, Rate, Target};
use crate::reports::path::{MissingKind, PathRate, PathReport, RatePath, path};
use crate::units::UnitId;
use crate::words;

words! {
    /// The path, in sentences.
    pub struct OutlookWords {
        question(day, percent): "{day}能到{percent}%吗？", "Can {percent}% be reached by {day}?";
        can: "**能。**", "**Yes.** ";
        reached: "**已经做到。**", "**Done already.** ";
        cannot(day, ceiling): "**不能了。**{day}起已达不到，最多{ceiling}。", "**No longer.** Lost on {day}; at most {ceiling} is left. ";
        clauses(rate, percent, assessed): "标准化达标{rate}条（{percent}，已评{assessed}）", "Standards met: {rate} clauses ({percent}, {assessed} assessed)";
        clauses_none(assessed): "标准化达标还没有评定（已评{assessed}）", "Standards: nothing assessed yet ({assessed})";
        clauses_missing(count): "，还差{count}条，都补得上。", "; {count} still missing, all within reach.";
        clauses_done: "，一条不差。", ", none missing.";
        no_set: "上级还没有发布工作标准，所以没有达标率。", "No set of standards was published yet, so there is no rate.";
        last_day(day): "最迟{day}", "by {day}";
        others(count): "其余{count}条", "{count} more";
        on_time: "按期完成", "On time";
        still_on_time(ceiling): "还能全部按期：{ceiling}。", "All can still be on time: {ceiling}.";
        not_all_on_time(ceiling, day): "全年按期完成最多{ceiling}，{day}起不再是全部。", "At most {ceiling} of the year can be on time; not all since {day}.";
        nothing_to_reach: "这一年还没有下达给本支部的任务。", "Nothing was issued to the branch this year yet.";
    }
}

/// Figures and path of a unit.
pub struct Outlook {
    pub counts: Counts,
    pub path: PathReport,
    pub target: Option<Target>,
}

/// Something that is missing and can still count, or that can't any more, as a line.
#[derive(Debug, Clone)]
pub struct MissingLine {
    pub title: String,
    /// Empty for a clause.
    pub href: String,
    /// The last day on which it can still count, or the first on which it can't.
    pub day: NaiveDate,
}

impl Outlook {
    /// Of a unit, today.
    pub fn of(conn: &mut Conn, actor: &Actor, unit: UnitId) -> Result<Outlook> {
        let asked = Asked { unit_id: Some(unit), ..Asked::default() };
        let report = compliance(conn, actor, asked, None)?;
        Ok(Outlook { counts: report.total, target: report.target, path: path(conn, actor, asked)? })
    }

    fn rate_path(&self, rate: PathRate) -> Option<&RatePath> {
        self.path.rates.iter().find(|path| path.rate == rate)
    }

    /// The question: `年底能到100%吗`.
    pub fn question(&self, view: &View) -> String {
        let lang = view.lang;
        let words = OutlookWords(lang);
        let (percent, day) = match &self.target {
            Some(target) => (target.percent, target.on),
            None => (100, NaiveDate::from_ymd_opt(self.path.as_of.year(), 12, 31).unwrap_or(self.path.as_of)),
        };
        let year_end = day.month() == 12 && day.day() == 31 && day.year() == self.path.as_of.year();
        let day =
            if year_end { lang.pick("年底".to_owned(), "the end of the year".to_owned()) } else { lang.day(&day) };
        words.question(day, percent).into_owned()
    }

    /// The answer, with `**` around its first words.
    pub fn answer(&self, view: &View) -> String {
        let words = OutlookWords(view.lang);
        let Some(path) = self.rate_path(PathRate::Compliance) else { return String::new() };
        let rate = &self.counts.compliance;
        if path.ceiling.percent.is_none() {
            return words.no_set().into_owned();
        }
        let assessed = fraction(&self.counts.assessed);
        let state = match rate.percent {
            Some(percent) => words.clauses(fraction(rate), format!("{percent:.1}%"), assessed),
            None => words.clauses_none(assessed),
        };
        match path.lost_on {
            Some(day) => {
                let end = view.lang.pick("。", ".");
                format!("{}{state}{end}", words.cannot(view.day(&day), said(view.lang, &path.ceiling)))
            }
            None if path.items.is_empty() => format!("{}{state}{}", words.reached(), words.clauses_done()),
            None => format!("{}{state}{}", words.can(), words.clauses_missing(path.items.len())),
        }
    }

    /// Whether the year's nodes can all still be on time.
    pub fn on_time(&self, view: &View) -> String {
        let words = OutlookWords(view.lang);
        let Some(path) = self.rate_path(PathRate::OnTime) else { return String::new() };
        match path.lost_on {
            _ if path.ceiling.of == 0 => words.nothing_to_reach().into_owned(),
            Some(day) => words.not_all_on_time(said(view.lang, &path.ceiling), view.day(&day)).into_owned(),
            None => words.still_on_time(fraction(&path.ceiling)).into_owned(),
        }
    }

    /// What is missing, the most urgent first; nodes are called as in their rows.
    pub fn missing(&self, rate: PathRate, rows: &[NodeRow]) -> Vec<MissingLine> {
        let items = self.rate_path(rate).map(|path| path.items.as_slice()).unwrap_or_default();
        let named = items.iter().map(|item| (item.kind, item.id, item.code.as_deref(), &item.title, item.last_day));
        named.map(|named| line(named, rows)).collect()
    }

    /// What can't count any more, with the day since when.
    pub fn lost(&self, rate: PathRate, rows: &[NodeRow]) -> Vec<MissingLine> {
        let items = self.rate_path(rate).map(|path| path.lost.as_slice()).unwrap_or_default();
        let named = items.iter().map(|item| (item.kind, item.id, item.code.as_deref(), &item.title, item.lost_on));
        named.map(|named| line(named, rows)).collect()
    }
}

/// What is missing or lost: its kind, id, code, title and day.
type Named<'a> = (MissingKind, i64, Option<&'a str>, &'a String, NaiveDate);

fn line((kind, id, code, title, day): Named<'_>, rows: &[NodeRow]) -> MissingLine {
    let coded = code.map_or_else(|| title.clone(), |code| format!("{code} {title}"));
    match kind {
        MissingKind::TimeNode => {
            let row = rows.iter().find(|row| row.node.id.0 == id);
            MissingLine { title: row.map_or(coded, NodeRow::name), href: format!("/time-nodes/{id}"), day }
        }
        MissingKind::Clause => MissingLine { title: coded, href: String::new(), day },
    }
}

/// `34/40`.
pub fn fraction(rate: &Rate) -> String {
    format!("{}/{}", rate.met, rate.of)
}

/// Counts first, percent second: `34/40（85.0%）`; the counts alone without a percent.
pub fn said(lang: Lang, rate: &Rate) -> String {
    match rate.percent {
        Some(percent) => {
            lang.pick(format!("{}（{percent:.1}%）", fraction(rate)), format!("{} ({percent:.1}%)", fraction(rate)))
        }
        None => fraction(rate),
    }
}
