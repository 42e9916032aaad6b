//! Recurrences: a step in months, and the day in each period.

use chrono::{Datelike, NaiveDate};

use super::cursor::Cursor;
use super::dates::end_of_month;
use super::spell::{named, opening};
use super::weekday::{WeekdayRule, weekday_rule};
use super::{Frame, Node, Read, Refusal, Why, end_of, first_of, named_day};

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRule {
    Last,
    Day(u32),
    Weekday(WeekdayRule),
}

/// What comes round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Every {
    /// Months of a period: 1, 2, 3, 6, 12.
    pub step: u32,
    /// Month of the period in which it is due, from 0.
    pub month: u32,
    /// Due in the period that follows (报上月).
    pub following: bool,
    pub day: DayRule,
}

const HEADS: &[(&str, u32)] = &[
    ("每月", 1),
    ("每个月", 1),
    ("每一个月", 1),
    ("各月", 1),
    ("逐月", 1),
    ("按月", 1),
    ("月度", 1),
    ("每月度", 1),
    ("每1个月", 1),
    ("每两月", 2),
    ("每二月", 2),
    ("每两个月", 2),
    ("每2个月", 2),
    ("每2月", 2),
    ("每隔一月", 2),
    ("每隔一个月", 2),
    ("隔月", 2),
    ("双月", 2),
    ("逢双月", 2),
    ("每双月", 2),
    ("每季度", 3),
    ("每季", 3),
    ("每个季度", 3),
    ("每一季度", 3),
    ("各季度", 3),
    ("逐季", 3),
    ("逐季度", 3),
    ("按季", 3),
    ("按季度", 3),
    ("每三个月", 3),
    ("每3个月", 3),
    ("每半年", 6),
    ("每半年度", 6),
    ("每个半年", 6),
    ("按半年", 6),
    ("每六个月", 6),
    ("每6个月", 6),
    ("每年", 12),
    ("每年度", 12),
    ("按年", 12),
    ("按年度", 12),
    ("每一年", 12),
    ("每12个月", 12),
    ("每十二个月", 12),
];

/// 半年一次, 一年四次 come round without 每. Whether it is by even months too.
fn head(cursor: &mut Cursor) -> Option<(u32, bool)> {
    for (words, step) in [("半年", 6), ("一年", 12)] {
        let mut ahead = *cursor;
        if ahead.eat(words) && ahead.number().is_some() && ahead.sees("次") {
            cursor.eat(words);
            return Some((step, false));
        }
    }
    let even = cursor.sees_any(&["双月", "逢双月", "每双月"]);
    cursor.eat_meaning(HEADS).map(|step| (step, even))
}

pub fn sees_head(cursor: &Cursor) -> bool {
    head(&mut cursor.clone()).is_some()
}

/// 2次/季度.
pub fn rate(cursor: &mut Cursor) -> Read<Option<(Every, i64)>> {
    let mut ahead = *cursor;
    let Some(times) = super::count::count(&mut ahead)? else { return Ok(None) };
    if !ahead.eat("/") {
        return Ok(None);
    }
    let _ = ahead.eat("每");
    let table: &[(&str, u32)] = &[("月", 1), ("季度", 3), ("季", 3), ("半年", 6), ("年", 12)];
    let Some(step) = ahead.eat_meaning(table) else { return Ok(None) };
    *cursor = ahead;
    Ok(Some((Every { step, month: step - 1, following: false, day: DayRule::Last }, times)))
}

/// The rules of a recurrence; several days make several.
pub fn every(cursor: &mut Cursor) -> Read<Option<Vec<Every>>> {
    let Some((step, even)) = head(cursor) else { return Ok(None) };
    let _ = cursor.eat("的");
    let end = Every { step, month: step - 1, following: false, day: DayRule::Last };
    if cursor.sees("初") {
        return Err(Refusal::better(format!("{}上旬", opening(step, Some(0)))));
    }
    if step > 1 && !cursor.sees("末月") && cursor.eat_any(ends(step)).is_some() {
        return Ok(Some(vec![end]));
    }
    let (month, mut following) = match month_of(cursor, step)? {
        Some((month, following)) => (Some(month), following),
        None if even => (Some(1), false),
        None => (None, false),
    };
    let found = day_rules(cursor, month.is_some() || step == 1, step);
    let mut days = found.map_err(|refusal| refusal.after(&opening(step, month)))?;
    if days.is_empty() && month.is_none() {
        return Ok(Some(vec![end]));
    }
    if days.is_empty() {
        days.push(DayRule::Last);
        let _ = cursor.eat_any(&["底", "末"]);
    }
    super::title::markers(cursor, None, &Frame { year: 2000, closes_on: NaiveDate::MAX, festival: &|_| None })?;
    let of = cursor.eat_meaning(PAST);
    following |= of.is_some();
    let every = |day| {
        let month = match (month, day) {
            (Some(month), _) => month,
            (None, DayRule::Weekday(WeekdayRule::Nth(..))) => 0,
            _ => step - 1,
        };
        Every { step, month, following, day }
    };
    let rules: Vec<_> = days.into_iter().map(every).collect();
    if of.is_some_and(|of| of != 0 && of != step) {
        return Err(rules.first().map_or_else(Refusal::unread, |rule| Refusal::better(named(rule))));
    }
    Ok(Some(rules))
}

const PAST: &[(&str, u32)] = &[
    ("报上月", 1),
    ("报送上月", 1),
    ("上报上月", 1),
    ("报上个月", 1),
    ("报上一月", 1),
    ("报上季", 3),
    ("报上季度", 3),
    ("报送上季度", 3),
    ("上报上季度", 3),
    ("报上一季度", 3),
    ("报上半年", 6),
    ("报上一半年", 6),
    ("报上年", 12),
    ("报上年度", 12),
    ("报上一年度", 12),
    ("报上一年", 12),
    ("报上期", 0),
    ("报送上期", 0),
];

fn ends(step: u32) -> &'static [&'static str] {
    match step {
        1 | 2 => &["底", "末", "月底", "月末"],
        3 => &["末", "底", "季末", "季度末", "末前", "最后一天", "结束前"],
        6 => &["末", "底", "结束前"],
        _ => &["底", "末", "年底", "年末"],
    }
}

/// The month of the period: 末月, 首月, 第二个月, 次月; in a year 6月.
fn month_of(cursor: &mut Cursor, step: u32) -> Read<Option<(u32, bool)>> {
    let mut ahead = *cursor;
    if ahead.eat_any(&["次月", "下月", "下个月", "下一月"]).is_some() {
        *cursor = ahead;
        return Ok(Some((0, true)));
    }
    if step == 1 {
        return Ok(None);
    }
    if ahead.eat_any(&["末月", "最后一个月", "最后1个月", "最后一月"]).is_some() {
        *cursor = ahead;
        return Ok(Some((step - 1, false)));
    }
    if ahead.eat_any(&["首月", "首个月", "头一个月"]).is_some() {
        *cursor = ahead;
        return Ok(Some((0, false)));
    }
    let ordinal = ahead.eat("第");
    let Some(number) = ahead.number() else { return Ok(None) };
    let named = if ordinal { ahead.eat_any(&["个月", "月"]).is_some() } else { step == 12 && ahead.eat("月") };
    if !named {
        return Ok(None);
    }
    if number.value == 0 || number.value > step {
        return Err(Refusal { why: Why::NoSuchDay, nearest: Some(format!("{}底前", opening(step, Some(step - 1)))) });
    }
    let _ = !ordinal && ahead.eat("份");
    *cursor = ahead;
    Ok(Some((number.value - 1, false)))
}

/// 10日, 中旬, 第一个周五; 10日、25日 are two.
fn day_rules(cursor: &mut Cursor, in_month: bool, step: u32) -> Read<Vec<DayRule>> {
    let mut rules = vec![];
    loop {
        let mut ahead = *cursor;
        if !rules.is_empty() && ahead.eat_any(&["、", "和", "及", "与"]).is_none() {
            break;
        }
        let Some(rule) = day_rule(&mut ahead)? else { break };
        if !in_month && !matches!(rule, DayRule::Weekday(_)) {
            return Err(Refusal::better(match (step, rule) {
                (12, DayRule::Day(day)) => format!("12月{day}日前"),
                (_, DayRule::Day(day)) => format!("末月{day}日前"),
                _ => "底前".to_owned(),
            }));
        }
        rules.push(rule);
        *cursor = ahead;
    }
    Ok(rules)
}

fn day_rule(cursor: &mut Cursor) -> Read<Option<DayRule>> {
    if cursor.sees_any(&["初", "上中旬"]) {
        return Err(Refusal::better("上旬"));
    }
    if cursor.sees("中下旬") {
        return Err(Refusal::better("下旬"));
    }
    if let Some(rule) = cursor.eat_meaning(&[
        ("上旬", DayRule::Day(10)),
        ("中旬", DayRule::Day(20)),
        ("下旬", DayRule::Last),
        ("底", DayRule::Last),
        ("末", DayRule::Last),
        ("月底", DayRule::Last),
        ("月末", DayRule::Last),
        ("最后一天", DayRule::Last),
        ("最后一日", DayRule::Last),
        ("最后1天", DayRule::Last),
    ]) {
        return Ok(Some(rule));
    }
    if let Some(rule) = weekday_rule(cursor)? {
        return Ok(Some(DayRule::Weekday(rule)));
    }
    let mut ahead = *cursor;
    let _ = ahead.eat("第");
    let Some(number) = ahead.number() else { return Ok(None) };
    if ahead.eat_any(&["日", "号"]).is_none() || ahead.sees_any(&["内", "以内", "之内"]) {
        return Ok(None);
    }
    *cursor = ahead;
    Ok(Some(DayRule::Day(number.value)))
}

impl Every {
    /// The nodes of the plan's year whose due days lie between these, both included.
    pub fn nodes(&self, frame: &Frame, after: NaiveDate, until: NaiveDate, title: Option<&str>) -> Read<Vec<Node>> {
        let mut nodes = vec![];
        for period in 0..12 / self.step {
            let first = period * self.step;
            let Some(from) = first_of(frame.year, first + 1) else { return Err(Refusal::unread()) };
            let due_on = match self.due(frame.year, first) {
                Err(_) if self.outside(frame.year, first, after, until) => continue,
                due_on => due_on?,
            };
            if (after..=until).contains(&due_on) {
                let period = key(frame.year, self.step, period);
                nodes.push(Node { period, from: Some(from), due_on, title: title.map(str::to_owned) });
            }
        }
        Ok(nodes)
    }

    /// Whether a period of the year after the plan's is due by a day.
    pub fn comes_next_year(&self, frame: &Frame, until: NaiveDate) -> bool {
        self.due(frame.year + 1, 0).is_ok_and(|due| due <= until)
    }

    /// Whether the month in which it would be due lies wholly outside these days.
    fn outside(&self, year: i32, first: u32, after: NaiveDate, until: NaiveDate) -> bool {
        let (year, month) = self.month_due(year, first);
        end_of(year, month).is_none_or(|last| last < after) || first_of(year, month).is_none_or(|first| first > until)
    }

    fn month_due(&self, year: i32, first: u32) -> (i32, u32) {
        let month = first + self.month + if self.following { self.step } else { 0 };
        if month >= 12 { (year + 1, month - 11) } else { (year, month + 1) }
    }

    fn due(&self, year: i32, first: u32) -> Read<NaiveDate> {
        let (year, month) = self.month_due(year, first);
        match self.day {
            DayRule::Last => end_of(year, month).ok_or_else(Refusal::unread),
            DayRule::Weekday(rule) => rule.of(end_of_month(year, month)?),
            DayRule::Day(day) => named_day(year, month, day).map_err(|refusal| {
                // Not every month has a 31st.
                Refusal { nearest: Some(named(&Every { day: DayRule::Last, ..self.clone() })), ..refusal }
            }),
        }
    }
}

/// The key of a period: 2020-06, 2020-Q2, 2020-H1, 2020; two months go by their second.
fn key(year: i32, step: u32, period: u32) -> String {
    match step {
        1 => format!("{year}-{:02}", period + 1),
        2 => format!("{year}-{:02}", period * 2 + 2),
        3 => format!("{year}-Q{}", period + 1),
        6 => format!("{year}-H{}", period + 1),
        _ => year.to_string(),
    }
}

/// The step of a period by its key and its first day.
pub fn step_of(node: &Node) -> Option<u32> {
    let from = node.from?;
    match node.period.get(4..) {
        Some("") => Some(12),
        Some(rest) if rest.starts_with("-Q") => Some(3),
        Some(rest) if rest.starts_with("-H") => Some(6),
        Some(rest) if rest.len() == 3 => {
            let month: u32 = rest.get(1..)?.parse().ok()?;
            Some(if month == from.month() { 1 } else { 2 })
        }
        // Two due days in one month go by their days.
        _ => Some(1),
    }
}
