//! The canonical spelling of a reading: it reads back to the same nodes.

use chrono::{Datelike, NaiveDate};

use super::dates::spoken;
use super::recurring::{DayRule, Every, step_of};
use super::weekday::WeekdayRule;
use super::{Frame, Node, Reading, end_of};

/// Words that read back to this reading.
pub fn spell(reading: &Reading, frame: &Frame) -> String {
    let Reading::Nodes { nodes, times } = reading else { return "待定".to_owned() };
    let count = times.map(|times| format!("至少{times}次")).unwrap_or_default();
    let mut phrases = vec![];
    let mut left: Vec<&Node> = nodes.iter().collect();
    while let Some(first) = left.first().copied() {
        let what = first.title.as_deref().unwrap_or_default();
        let Some((rule, taken)) = widest(&left, first, frame) else {
            let before = if what.is_empty() { "" } else { "前" };
            phrases.push(format!("{}{before}{count}{what}", spoken(first.due_on, frame)));
            left.remove(0);
            continue;
        };
        left.retain(|node| {
            !taken.contains(&node.due_on) || node.title != first.title || step_of(node) != Some(rule.step)
        });
        for stretch in stretches(&rule, &taken, frame) {
            phrases.push(format!("{stretch}{}{count}{what}", named(&rule)));
        }
    }
    phrases.join("；")
}

/// The rule that explains most of the nodes that come round like this one, and their days; none of a date alone.
fn widest(left: &[&Node], first: &Node, frame: &Frame) -> Option<(Every, Vec<NaiveDate>)> {
    let step = step_of(first)?;
    let alike: Vec<_> = left.iter().filter(|node| node.title == first.title && step_of(node) == Some(step)).collect();
    let mut best: Option<(Every, Vec<NaiveDate>)> = None;
    for rule in rules(first, step) {
        let days = every_day(&rule, &alike.iter().map(|node| node.due_on).collect::<Vec<_>>(), frame);
        let covered: Vec<_> = alike
            .iter()
            .filter(|node| days.iter().any(|day| Some(day.0) == node.from && day.1 == node.due_on))
            .map(|node| node.due_on)
            .collect();
        if best.as_ref().is_none_or(|(_, most)| covered.len() > most.len()) {
            best = Some((rule, covered));
        }
    }
    best
}

/// First days of the periods and due days of a rule, as far as these days reach.
fn every_day(rule: &Every, days: &[NaiveDate], frame: &Frame) -> Vec<(NaiveDate, NaiveDate)> {
    let whole = rule.nodes(frame, NaiveDate::MIN, NaiveDate::MAX, None);
    let known = whole.ok().unwrap_or_else(|| {
        // A 31st is not in every month: take those that there are.
        days.iter().filter_map(|day| rule.nodes(frame, *day, *day, None).ok()).flatten().collect()
    });
    known.into_iter().filter_map(|node| Some((node.from?, node.due_on))).collect()
}

/// The rules that could have made this node.
fn rules(node: &Node, step: u32) -> Vec<Every> {
    let Some(from) = node.from else { return vec![] };
    let due = node.due_on;
    let months = (due.year() - from.year()) * 12 + due.month0().cast_signed() - from.month0().cast_signed();
    let months = u32::try_from(months).unwrap_or(0);
    let following = months >= step;
    let month = if following { months - step } else { months };
    let mut days = vec![];
    if end_of(due.year(), due.month()) == Some(due) {
        days.push(DayRule::Last);
    }
    days.push(DayRule::Day(due.day()));
    if due.day() <= 28 {
        let nth = u8::try_from((due.day() - 1) / 7 + 1).unwrap_or(1);
        days.push(DayRule::Weekday(WeekdayRule::Nth(nth, due.weekday())));
    }
    days.push(DayRule::Weekday(WeekdayRule::Last(due.weekday())));
    days.into_iter().map(|day| Every { step, month, following, day }).collect()
}

/// The stretches in which the rule gives exactly these days: none to name where it is all of them.
fn stretches(rule: &Every, taken: &[NaiveDate], frame: &Frame) -> Vec<String> {
    let all: Vec<_> = every_day(rule, taken, frame).into_iter().map(|(_, due)| due).collect();
    let partial = rule.nodes(frame, NaiveDate::MIN, NaiveDate::MAX, None).is_err();
    if !partial && all.len() == taken.len() {
        return vec![String::new()];
    }
    // A stretch must hold none of the other days, nor a month that has no such day.
    let holds = |first, last| {
        let nodes = rule.nodes(frame, first, last, None);
        nodes.is_ok_and(|nodes| nodes.iter().all(|node| taken.contains(&node.due_on)))
    };
    let mut runs: Vec<(NaiveDate, NaiveDate)> = vec![];
    for day in all.into_iter().filter(|day| taken.contains(day)) {
        match runs.last_mut() {
            Some(run) if holds(run.0, day) => run.1 = day,
            _ => runs.push((day, day)),
        }
    }
    let named = |(first, last): (NaiveDate, NaiveDate)| format!("{}至{}", spoken(first, frame), spoken(last, frame));
    runs.into_iter().map(named).collect()
}

/// 每月, 每季度; and what its reports of the period before are called.
fn head(step: u32) -> (&'static str, &'static str) {
    match step {
        1 => ("每月", "报上月"),
        2 => ("每两月", "报上期"),
        3 => ("每季度", "报上季度"),
        6 => ("每半年", "报上半年"),
        _ => ("每年", "报上年度"),
    }
}

/// 每季度, 每季度第1个月, 每年6月: a recurrence up to the day in its month, which counts from 0.
pub fn opening(step: u32, month: Option<u32>) -> String {
    let (head, _) = head(step);
    match (month, step) {
        (None, _) | (_, 1) => head.to_owned(),
        (Some(month), 12) => format!("{head}{}月", month + 1),
        (Some(month), _) => format!("{head}第{}个月", month + 1),
    }
}

/// 每月10日前, 每季度, 每季度第1个月10日前报上季度.
pub fn named(rule: &Every) -> String {
    let (head, past) = head(rule.step);
    if rule.day == DayRule::Last && !rule.following && rule.month + 1 == rule.step {
        return head.to_owned();
    }
    let day = match rule.day {
        DayRule::Last => "底前".to_owned(),
        DayRule::Day(day) => format!("{day}日前"),
        DayRule::Weekday(weekday) => weekday.spelled(),
    };
    let past = if rule.following { past } else { "" };
    format!("{}{day}{past}", opening(rule.step, Some(rule.month)))
}
