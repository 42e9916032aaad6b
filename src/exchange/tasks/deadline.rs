//! The entries of a schedule as lines of a cell, and back: 2020-06-30 出方案, 每季度, RRULE:…, 未定时限：按上级要求. What
//! words can't say stands behind them in brackets: 〔宽限5天〕 〔2次〕 〔标题：…〕.

use chrono::{Datelike, NaiveDate};

use crate::plans::deadlines::{self, Reading};
use crate::plans::model::{NewEntry, Plan};
use crate::plans::readings::{self, ReadDeadline, ReadNode};
use crate::plans::rules::{first_day, shown_period};
use crate::plans::schedules::{in_frame, period_nodes};
use crate::plans::store::EntryRow;
use crate::plans::{RRULE_NEVER, RRULE_TOO_OFTEN, RRULE_UNREAD, recurrence};
use crate::platform::text::Text;
use crate::platform::{Conn, Fault, Result};

const RRULE: &str = "RRULE:";
const UNSCHEDULED: &str = "未定时限：";

/// An entry as a line. `recurring_grace` is the grace of a recurrence that says none.
pub fn line_of(conn: &mut Conn, plan: &Plan, entry: &EntryRow, recurring_grace: i64) -> Result<String> {
    let nodes = period_nodes(entry);
    let recurring = nodes.iter().any(|node| node.from.is_some());
    let (mut line, mut said_times, mut title) = (String::new(), 1, entry.title.as_deref());
    match (&entry.rrule, &entry.words, entry.due_on) {
        (Some(rrule), _, _) => line = format!("{RRULE}{rrule}"),
        (None, Some(words), _) if entry.unscheduled => line = format!("{UNSCHEDULED}{words}"),
        (None, Some(words), _) => {
            line.clone_from(words);
            if let Ok(Reading::Nodes { times, .. }) = in_frame(conn, plan, |frame| deadlines::read(words, frame))? {
                said_times = times.unwrap_or(1);
            }
        }
        (None, None, Some(day)) => {
            line = day.to_string();
            if let Some(title) = title.take() {
                line = format!("{line} {title}");
            }
        }
        (None, None, None) => line.push_str(UNSCHEDULED),
    }
    if entry.grace_days != if recurring { recurring_grace } else { 0 } {
        line.push_str(&format!("〔宽限{}天〕", entry.grace_days));
    }
    if entry.times != said_times {
        line.push_str(&format!("〔{}次〕", entry.times));
    }
    if let Some(title) = title {
        line.push_str(&format!("〔标题：{title}〕"));
    }
    Ok(line)
}

/// A line as an entry; a fault when a text is too long.
pub fn entry_of(line: &str) -> Result<NewEntry, Fault> {
    let mut entry = blank();
    let mut rest = line.trim();
    while let Some((before, inner)) = rest.strip_suffix('〕').and_then(|head| head.rsplit_once('〔')) {
        let number = |prefix: &str, suffix: &str| inner.strip_prefix(prefix)?.strip_suffix(suffix)?.trim().parse().ok();
        if let Some(days) = number("宽限", "天") {
            entry.grace_days = Some(days);
        } else if let Some(times) = number("", "次") {
            entry.times = Some(times);
        } else if let Some(title) = inner.strip_prefix("标题：") {
            entry.title = Some(Text::parse(title)?);
        } else {
            break;
        }
        rest = before.trim_end();
    }
    let (day, title) = rest.split_at_checked(10).unwrap_or((rest, ""));
    if let Some(rrule) = rest.strip_prefix(RRULE) {
        entry.rrule = Some(Text::parse(rrule)?);
    } else if let Some(words) = rest.strip_prefix(UNSCHEDULED) {
        entry.words = Some(Text::parse(words)?);
        entry.unscheduled = true;
    } else if let Some(day) = iso(day).filter(|_| title.is_empty() || title.starts_with(' ')) {
        entry.due_on = Some(day);
        if !title.trim().is_empty() {
            entry.title = Some(Text::parse(title)?);
        }
    } else {
        entry.words = Some(Text::parse(rest)?);
    }
    Ok(entry)
}

fn iso(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

pub fn blank() -> NewEntry {
    NewEntry {
        id: None,
        title: None,
        due_on: None,
        rrule: None,
        grace_days: None,
        times: None,
        unscheduled: false,
        words: None,
    }
}

/// An entry as it stands, to be written again.
pub fn kept(entry: &EntryRow) -> Result<NewEntry, Fault> {
    let text = |text: &Option<String>| text.as_deref().map(Text::parse).transpose();
    let dated = entry.rrule.is_none() && entry.words.is_none();
    Ok(NewEntry {
        id: Some(entry.id),
        title: text(&entry.title)?,
        due_on: entry.due_on.filter(|_| dated),
        rrule: entry.rrule.as_deref().map(Text::parse).transpose()?,
        grace_days: Some(entry.grace_days),
        times: Some(entry.times),
        unscheduled: entry.unscheduled,
        words: text(&entry.words)?,
    })
}

/// Whether a line says in other words what an entry says.
pub fn says_the_same(entry: &EntryRow, new: &NewEntry, read: &ReadDeadline) -> bool {
    let nodes = period_nodes(entry);
    let title = new.title.as_ref().map(Text::as_str);
    entry.unscheduled == read.unscheduled
        && (!entry.unscheduled || entry.words.as_deref() == new.words.as_ref().map(Text::as_str))
        && entry.title.as_deref() == title
        && entry.times == new.times.unwrap_or(read.times)
        && new.grace_days.is_none_or(|days| days == entry.grace_days)
        && nodes.len() == read.nodes.len()
        && nodes.iter().zip(&read.nodes).all(|(node, read)| {
            (shown_period(&node.period), node.due_on, &node.title) == (read.period.clone(), read.due_on, &read.title)
        })
}

/// How an entry is read, or why it can't be.
pub fn read(conn: &mut Conn, plan: &Plan, entry: &NewEntry) -> Result<ReadDeadline> {
    let times = entry.times.unwrap_or(1);
    let node = |due_on: NaiveDate, period: Option<String>| ReadNode { period, due_on, title: None };
    if let Some(day) = entry.due_on {
        crate::plans::actions::require_due_inside(plan, Some(day), "/due_on")?;
        let nodes = vec![node(day, None)];
        return Ok(ReadDeadline { unscheduled: false, times, spelled: day.to_string(), nodes });
    }
    if let Some(rrule) = &entry.rrule {
        let unread = |why| match why {
            recurrence::Unread::Form(detail) => RRULE_UNREAD.at("/rrule", [("detail", detail)]),
            recurrence::Unread::TooOften => RRULE_TOO_OFTEN.at("/rrule", []),
            recurrence::Unread::Never => RRULE_NEVER.at("/rrule", [("year", plan.year.to_string())]),
        };
        let nodes = recurrence::read(rrule.as_str(), plan.year).map_err(|why| unread(why).into_error())?;
        let nodes = nodes.into_iter().map(|made| node(made.due_on, shown_period(&made.period))).collect();
        return Ok(ReadDeadline { unscheduled: false, times, spelled: format!("{RRULE}{}", rrule.as_str()), nodes });
    }
    let words = entry.words.as_ref().map_or("", Text::as_str);
    if entry.unscheduled {
        return Ok(ReadDeadline { unscheduled: true, times, spelled: words.to_owned(), nodes: vec![] });
    }
    let read = readings::deadline(conn, plan, words)?;
    Ok(ReadDeadline { times: entry.times.unwrap_or(read.times), ..read })
}

/// A day of another year in a date cell, as the day of the plan's year that its short form shows; none when it lies in
/// the plan as it is.
pub fn in_plan_year(plan: &Plan, day: NaiveDate) -> Option<NaiveDate> {
    if (first_day(plan.year)..=plan.closes_on).contains(&day) {
        return None;
    }
    let year = i32::try_from(plan.year).ok()?;
    day.with_year(year).filter(|moved| moved.year() != day.year())
}
