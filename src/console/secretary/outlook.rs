//! Whether a branch can still reach its target: the path to it, in plain sentences, and the figures beside.

use chrono::{Datelike, NaiveDate};

use crate::access::Actor;
use crate::console::{Lang, View};
use crate::platform::{Conn, Result};
use crate::reports::actions::{Asked, compliance};
use crate::reports::model::{Counts, Rate, Target};
use crate::reports::path::{MissingItem, MissingKind, PathRate, PathReport, RatePath, path};
use crate::units::UnitId;
use crate::words;

words! {
    /// The path, in sentences.
    pub struct OutlookWords {
        question(day, percent): "{day}能到{percent}%吗", "Can {percent} % be reached by {day}?";
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

/// Something that is missing and can still count, as a line.
#[derive(Debug, Clone)]
pub struct MissingLine {
    pub title: String,
    /// Empty for a clause.
    pub href: String,
    pub last_day: NaiveDate,
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

    /// What is missing, the most urgent first: the nodes, then the clauses.
    pub fn missing(&self, rate: PathRate) -> Vec<MissingLine> {
        self.rate_path(rate).map(|path| path.items.iter().map(line).collect()).unwrap_or_default()
    }

    /// What can't count any more: title and day.
    pub fn lost(&self, rate: PathRate) -> Vec<(String, NaiveDate)> {
        let lost = self.rate_path(rate).map(|path| path.lost.as_slice()).unwrap_or_default();
        lost.iter().map(|item| (coded(item.code.as_deref(), &item.title), item.lost_on)).collect()
    }
}

fn line(item: &MissingItem) -> MissingLine {
    let href = match item.kind {
        MissingKind::TimeNode => format!("/time-nodes/{}", item.id),
        MissingKind::Clause => String::new(),
    };
    MissingLine { title: coded(item.code.as_deref(), &item.title), href, last_day: item.last_day }
}

fn coded(code: Option<&str>, title: &str) -> String {
    code.map_or_else(|| title.to_owned(), |code| format!("{code} {title}"))
}

/// `34/40`.
pub fn fraction(rate: &Rate) -> String {
    format!("{}/{}", rate.met, rate.of)
}

/// Counts first, percent second: `34/40（85.0%）`; the counts alone without a percent.
pub fn said(lang: Lang, rate: &Rate) -> String {
    match rate.percent {
        Some(percent) => {
            lang.pick(format!("{}（{percent:.1}%）", fraction(rate)), format!("{} ({percent:.1} %)", fraction(rate)))
        }
        None => fraction(rate),
    }
}
