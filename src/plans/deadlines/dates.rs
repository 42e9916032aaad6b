//! A stretch of time as it is named: a year, a half-year, a quarter, a month or a part of one, a day, a festival.

use chrono::{Datelike, NaiveDate};

use super::cursor::Cursor;
use super::digits::digits;
use super::weekday::weekday_rule;
use super::{Frame, Read, Refusal, Why, end_of, first_of, named_day};

/// How a stretch was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Year,
    Half,
    Quarter,
    Month,
    MonthEnd,
    /// A third of a month.
    Third,
    Day,
    Festival,
    /// 前 after a festival: the day before it.
    Eve,
    Range,
}

/// A stretch of time; its last day is the due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub shape: Shape,
}

impl Span {
    pub fn day(day: NaiveDate, shape: Shape) -> Self {
        Span { first: day, last: day, shape }
    }
}

/// Separators inside a list.
pub const LIST: &[&str] = &["、", ",", ";", "/", "和", "及", "以及", "与"];
/// Between the two ends of a range.
const TO: &[&str] = &["至", "到", "-", "直至", "直到"];

/// Steps over what stands between the two ends of a range; 至少 is no range.
pub fn range_to(cursor: &mut Cursor) -> bool {
    !cursor.sees("至少") && cursor.eat_any(TO).is_some()
}

const YEAR_WORDS: &[(&str, i32)] = &[
    ("今年", 0),
    ("本年", 0),
    ("本年度", 0),
    ("当年", 0),
    ("次年", 1),
    ("明年", 1),
    ("翌年", 1),
    ("下一年", 1),
    ("去年", -1),
    ("上年", -1),
    ("后年", 2),
];

const FIXED: &[(&str, (u32, u32))] = &[
    ("元旦", (1, 1)),
    ("三八", (3, 8)),
    ("五一", (5, 1)),
    ("劳动节", (5, 1)),
    ("五四", (5, 4)),
    ("七一", (7, 1)),
    ("建党节", (7, 1)),
    ("八一", (8, 1)),
    ("建军节", (8, 1)),
    ("十一", (10, 1)),
    ("国庆", (10, 1)),
];

const FIXED_TAILS: &[&str] =
    &["国际劳动节", "劳动节", "青年节", "建党节", "建军节", "国庆节", "国庆", "妇女节", "国际妇女节", "节"];

/// Festivals whose day moves; the caller's calendar knows them by these names.
const MOVING: &[&str] = &["春节", "清明", "端午", "中秋", "元宵", "重阳"];

fn halves(year: i32, half: u32) -> Read<Span> {
    stretch(year, half * 6 - 5, half * 6, Shape::Half)
}

fn quarter(year: i32, number: u32) -> Read<Span> {
    if !(1..=4).contains(&number) {
        return Err(Refusal::better(format!("{year}年第四季度")));
    }
    stretch(year, number * 3 - 2, number * 3, Shape::Quarter)
}

pub fn stretch(year: i32, first: u32, last: u32, shape: Shape) -> Read<Span> {
    match (first_of(year, first), end_of(year, last)) {
        (Some(first), Some(last)) => Ok(Span { first, last, shape }),
        _ => Err(Refusal { why: Why::NoSuchDay, nearest: Some("12月31日".to_owned()) }),
    }
}

/// A year that is shown must be the plan's, or the next.
pub fn shown_year(value: u32, digits: usize, frame: &Frame) -> Read<i32> {
    let value = i32::try_from(value).unwrap_or(0);
    let year = match digits {
        4 => value,
        2 => frame.year - frame.year % 100 + value,
        _ => return Err(Refusal::unread()),
    };
    match year - frame.year {
        0 | 1 => Ok(year),
        _ if digits == 2 => Err(Refusal::unread()),
        _ => Err(outside(frame)),
    }
}

pub fn outside(frame: &Frame) -> Refusal {
    let first = first_of(frame.year, 1).unwrap_or(frame.closes_on);
    Refusal::new(Why::Outside { first, last: frame.closes_on })
}

/// The year in front, if one is shown.
fn year_prefix(cursor: &mut Cursor, frame: &Frame) -> Read<Option<i32>> {
    let mut ahead = *cursor;
    if let Some(step) = ahead.eat_meaning(YEAR_WORDS) {
        *cursor = ahead;
        return if (0..=1).contains(&step) { Ok(Some(frame.year + step)) } else { Err(outside(frame)) };
    }
    let Some(number) = ahead.number() else { return Ok(None) };
    // 2020—2022年 is several years: this year's stage is asked for.
    let mut range = ahead;
    let _ = range.eat("年");
    let is_range = number.digits == 4
        && range_to(&mut range)
        && range.number().is_some_and(|to| to.digits == 4)
        && range.eat("年");
    if is_range && range.number().is_none() {
        return Err(Refusal::better(format!("{}年12月31日", frame.year)));
    }
    if number.digits >= 2 && ahead.eat("年") {
        let _ = ahead.eat("度");
        *cursor = ahead;
        return shown_year(number.value, number.digits, frame).map(Some);
    }
    // 2020Q2
    if number.digits == 4 && number.arabic && ahead.sees("Q") {
        *cursor = ahead;
        return shown_year(number.value, number.digits, frame).map(Some);
    }
    Ok(None)
}

/// One named stretch, or several that share their unit (3、6、9月底). `carried` is the month named before.
pub fn spans(cursor: &mut Cursor, frame: &Frame, carried: Option<NaiveDate>) -> Read<Vec<Span>> {
    let shown = year_prefix(cursor, frame)?;
    let year = shown.unwrap_or(frame.year);
    let _ = shown.is_some() && cursor.eat("的");
    if let Some(listed) = listed(cursor, year)? {
        return Ok(listed);
    }
    if let Some(span) = point(cursor, frame, year, carried)? {
        return Ok(vec![span]);
    }
    if cursor.sees("年初") || shown.is_some() && cursor.sees("初") {
        return Err(Refusal::better(format!("{year}年1月底前")));
    }
    if cursor.sees("年中") || shown.is_some() && cursor.sees("中") {
        return Err(Refusal::better(format!("{year}年6月底前")));
    }
    if shown.is_none() {
        return Err(Refusal::unread());
    }
    let _ = cursor.eat_any(&["底", "末", "年底", "年末", "终", "年终", "年内"]);
    Ok(vec![stretch(year, 1, 12, Shape::Year)?])
}

/// Numbers that share the unit of the last: 3、6、9、12月底, 第一、三季度, 一至三季度, 3-6月.
fn listed(cursor: &mut Cursor, year: i32) -> Read<Option<Vec<Span>>> {
    let mut ahead = *cursor;
    if let Some(list) = halves_listed(&mut ahead, year)? {
        *cursor = ahead;
        return Ok(Some(list));
    }
    let mut numbers = vec![];
    let mut range = false;
    loop {
        let _ = ahead.eat("第");
        let Some(number) = ahead.number() else { return Ok(None) };
        numbers.push(number.value);
        if numbers.len() == 1 && range_to(&mut ahead) {
            range = true;
        } else if range || ahead.eat_any(LIST).is_none() {
            break;
        }
    }
    if numbers.len() < 2 || !ahead.sees_any(&["月", "季"]) || numbers.iter().any(|one| *one > 12) {
        return Ok(None);
    }
    let mut spans = vec![];
    let mut end = ahead;
    for number in numbers {
        end = ahead;
        spans.push(with_unit(number, &mut end, year)?);
    }
    *cursor = end;
    if range {
        return range_of(&spans).map(|one| Some(vec![one]));
    }
    Ok(Some(spans))
}

/// 上、下半年 and 上下半年.
fn halves_listed(cursor: &mut Cursor, year: i32) -> Read<Option<Vec<Span>>> {
    if !cursor.eat("上") {
        return Ok(None);
    }
    let _ = cursor.eat_any(&["、", "和"]);
    if !cursor.eat("下半年") {
        return Ok(None);
    }
    Ok(Some(vec![halves(year, 1)?, halves(year, 2)?]))
}

fn range_of(spans: &[Span]) -> Read<Span> {
    match spans {
        [from, to] => between(*from, *to),
        _ => Err(Refusal::unread()),
    }
}

/// A range: one node at its end.
pub fn between(from: Span, to: Span) -> Read<Span> {
    if from.first > to.last {
        let nearest = format!("{}年{}月至次年{}月", from.first.year(), from.first.month(), to.last.month());
        return Err(Refusal::better(nearest));
    }
    Ok(Span { first: from.first, last: to.last, shape: Shape::Range })
}

/// What follows a number that counts months or quarters.
fn with_unit(number: u32, cursor: &mut Cursor, year: i32) -> Read<Span> {
    if cursor.eat("季度") || cursor.eat("季") {
        return quarter_rest(number, cursor, year);
    }
    if cursor.eat("月") {
        return month_rest(number, cursor, year);
    }
    Err(Refusal::unread())
}

fn quarter_rest(number: u32, cursor: &mut Cursor, year: i32) -> Read<Span> {
    let span = quarter(year, number)?;
    if cursor.eat("初") {
        return Err(Refusal::better(format!("{year}年{}月上旬", number * 3 - 2)));
    }
    if cursor.sees("中") {
        return Err(Refusal::better(format!("{year}年{}月中旬", number * 3 - 1)));
    }
    let _ = cursor.eat_any(&["末", "底", "季末"]);
    Ok(span)
}

const THIRDS: &[(&str, u32)] = &[("上旬", 1), ("中旬", 2), ("下旬", 3)];

/// What follows 6月: a day, a third, its end; nothing is its end too.
fn month_rest(month: u32, cursor: &mut Cursor, year: i32) -> Read<Span> {
    let _ = cursor.eat("份");
    let whole = stretch(year, month, month, Shape::Month)?;
    let better = |part: &str| Refusal::better(format!("{year}年{month}月{part}"));
    if cursor.sees_any(&["初", "上中旬"]) {
        return Err(better("上旬"));
    }
    if cursor.sees("中下旬") {
        return Err(better("下旬"));
    }
    if let Some(third) = cursor.eat_meaning(THIRDS) {
        let _ = cursor.eat_any(&["末"]);
        return third_of(whole, third);
    }
    if cursor.sees("中") {
        return Err(better("中旬"));
    }
    if cursor.eat_any(&["底", "末", "月底", "月末", "最后一天", "最后一日"]).is_some() {
        return Ok(Span::day(whole.last, Shape::MonthEnd));
    }
    let named = weekday_rule(cursor).map_err(|refusal| refusal.after(&format!("{year}年{month}月")))?;
    if let Some(rule) = named {
        return rule.of(whole.first).map(|day| Span::day(day, Shape::Day));
    }
    if let Some(day) = day_number(cursor) {
        return named_day(year, month, day).map(|day| Span::day(day, Shape::Day));
    }
    Ok(whole)
}

fn third_of(month: Span, third: u32) -> Read<Span> {
    let (year, number) = (month.first.year(), month.first.month());
    let day = |day| named_day(year, number, day);
    Ok(match third {
        1 => Span { first: month.first, last: day(10)?, shape: Shape::Third },
        2 => Span { first: day(11)?, last: day(20)?, shape: Shape::Third },
        _ => Span { first: day(21)?, last: month.last, shape: Shape::Third },
    })
}

/// 30日, 30号; a bare number only where nothing but an end or 前 follows.
fn day_number(cursor: &mut Cursor) -> Option<u32> {
    let mut ahead = *cursor;
    let number = ahead.number()?;
    let marked = ahead.eat_any(&["日", "号"]).is_some();
    let bare =
        number.arabic && number.digits <= 2 && (ahead.at_end() || ahead.sees_any(&["前", "之前", "以前", ",", ";"]));
    if !(marked || bare) || ahead.sees_any(&["内", "以内", "之内"]) {
        return None;
    }
    *cursor = ahead;
    Some(number.value)
}

/// A stretch that is named alone.
fn point(cursor: &mut Cursor, frame: &Frame, year: i32, carried: Option<NaiveDate>) -> Read<Option<Span>> {
    if let Some(span) = festival(cursor, frame, year)? {
        return Ok(Some(span));
    }
    if cursor.eat_any(&["年底", "年末", "年内", "年终", "年度内", "岁末"]).is_some() {
        return stretch(year, 1, 12, Shape::Year).map(Some);
    }
    if let Some(half) = cursor.eat_meaning(&[("上半年", 1), ("下半年", 2), ("H1", 1), ("H2", 2)]) {
        let _ = cursor.eat_any(&["底", "末"]);
        return halves(year, half).map(Some);
    }
    if cursor.eat("前三季度") {
        return stretch(year, 1, 9, Shape::Range).map(Some);
    }
    if cursor.eat("元月") {
        return month_rest(1, cursor, year).map(Some);
    }
    numbered(cursor, frame, year, carried)
}

fn numbered(cursor: &mut Cursor, frame: &Frame, year: i32, carried: Option<NaiveDate>) -> Read<Option<Span>> {
    let mut ahead = *cursor;
    if ahead.eat("Q")
        && let Some(number) = ahead.number()
    {
        *cursor = ahead;
        return quarter_rest(number.value, cursor, year).map(Some);
    }
    ahead = *cursor;
    let ordinal = ahead.eat("第");
    let Some(number) = ahead.number() else { return Ok(None) };
    if ahead.sees("季") || (ahead.sees("月") && !ordinal) {
        let span = with_unit(number.value, &mut ahead, year)?;
        *cursor = ahead;
        return Ok(Some(span));
    }
    if let Some(month) = carried
        && !ordinal
    {
        let mut day = *cursor;
        if let Some(number) = day_number(&mut day) {
            // 5月20日、6 may be a day or a month.
            if (1..=12).contains(&number) && !ahead.sees_any(&["日", "号"]) {
                return Err(Refusal::better(format!("{}年{}月{number}日", month.year(), month.month())));
            }
            *cursor = day;
            return named_day(month.year(), month.month(), number).map(|day| Some(Span::day(day, Shape::Day)));
        }
        if number.value == 0 {
            return Err(Refusal::unread());
        }
    }
    digits(cursor, frame, year)
}

fn festival(cursor: &mut Cursor, frame: &Frame, year: i32) -> Read<Option<Span>> {
    let mut ahead = *cursor;
    let day = if let Some(name) = ahead.eat_any(MOVING) {
        let _ = ahead.eat("节");
        let known = if year == frame.year { (frame.festival)(name) } else { None };
        known.ok_or_else(|| Refusal::new(Why::NoCalendar))?
    } else if let Some((month, day)) = ahead.eat_meaning(FIXED) {
        let _ = ahead.eat_any(FIXED_TAILS);
        // 十一月 is a month, 十一次 a count.
        if ahead.sees_any(&["月", "日", "号", "季", "年", "次", "时", "点"]) {
            return Ok(None);
        }
        named_day(year, month, day)?
    } else {
        return Ok(None);
    };
    *cursor = ahead;
    if cursor.sees("前后") {
        return Err(Refusal::better(spoken(day, frame)));
    }
    if cursor.eat_any(&["前", "之前", "以前", "前夕"]).is_some() {
        let eve = day.pred_opt().ok_or_else(Refusal::unread)?;
        return Ok(Some(Span::day(eve, Shape::Eve)));
    }
    Ok(Some(Span::day(day, Shape::Festival)))
}

/// A day as it is written: 6月30日, 次年1月31日.
pub fn spoken(day: NaiveDate, frame: &Frame) -> String {
    let next = if day.year() == frame.year { "" } else { "次年" };
    format!("{next}{}月{}日", day.month(), day.day())
}

/// The last day of a month, which must be one.
pub fn end_of_month(year: i32, month: u32) -> Read<NaiveDate> {
    end_of(year, month).ok_or_else(Refusal::unread)
}
