//! A stretch of time as it is named: a year, a half-year, a quarter, a month or a part of one, a day, a festival.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::cursor::Cursor;
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
fn shown_year(value: u32, digits: usize, frame: &Frame) -> Read<i32> {
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

/// A day of a month that is named by its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeekdayRule {
    Nth(u8, Weekday),
    Last(Weekday),
}

impl WeekdayRule {
    /// 第1个周五, 最后一个周五.
    pub fn spelled(self) -> String {
        match self {
            WeekdayRule::Nth(n, weekday) => format!("第{n}个{}", spelled_weekday(weekday)),
            WeekdayRule::Last(weekday) => format!("最后一个{}", spelled_weekday(weekday)),
        }
    }

    pub fn of(self, first: NaiveDate) -> Read<NaiveDate> {
        let (year, month) = (first.year(), first.month());
        let found = match self {
            WeekdayRule::Nth(n, weekday) => NaiveDate::from_weekday_of_month_opt(year, month, weekday, n),
            WeekdayRule::Last(weekday) => end_of(year, month).and_then(|last| {
                let back = (7 + last.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
                last.checked_sub_days(Days::new(u64::from(back)))
            }),
        };
        found.ok_or_else(Refusal::unread)
    }
}

/// 周五.
pub fn spelled_weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("一", Weekday::Mon),
    ("二", Weekday::Tue),
    ("三", Weekday::Wed),
    ("四", Weekday::Thu),
    ("五", Weekday::Fri),
    ("六", Weekday::Sat),
    ("日", Weekday::Sun),
    ("天", Weekday::Sun),
    ("1", Weekday::Mon),
    ("2", Weekday::Tue),
    ("3", Weekday::Wed),
    ("4", Weekday::Thu),
    ("5", Weekday::Fri),
    ("6", Weekday::Sat),
    ("7", Weekday::Sun),
];

pub fn weekday(cursor: &mut Cursor) -> Option<Weekday> {
    let mut ahead = *cursor;
    ahead.eat_any(&["周", "星期", "礼拜"])?;
    let found = ahead.eat_meaning(WEEKDAYS)?;
    *cursor = ahead;
    Some(found)
}

/// 第一个周五, 首个星期五, 最后一个周五.
pub fn weekday_rule(cursor: &mut Cursor) -> Read<Option<WeekdayRule>> {
    let mut ahead = *cursor;
    let mut counted = true;
    let nth = if ahead.eat_any(&["最后一个", "最后1个"]).is_some() {
        None
    } else if ahead.eat("首个") {
        Some(1)
    } else if ahead.eat("第")
        && let Some(number) = ahead.number()
    {
        counted = ahead.eat("个");
        Some(u8::try_from(number.value).unwrap_or(u8::MAX))
    } else {
        return Ok(None);
    };
    let Some(weekday) = weekday(&mut ahead) else { return Ok(None) };
    let rule = match nth {
        // Not every month has a fifth.
        Some(n @ 1..=4) => WeekdayRule::Nth(n, weekday),
        _ => WeekdayRule::Last(weekday),
    };
    if !counted || nth.is_some_and(|n| !(1..=4).contains(&n)) {
        return Err(Refusal::better(rule.spelled()));
    }
    *cursor = ahead;
    Ok(Some(rule))
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

/// Digits with . / - between them or none: 2020.6.30, 2020-06, 6/30, 20200630.
fn digits(cursor: &mut Cursor, frame: &Frame, year: i32) -> Read<Option<Span>> {
    let mut ahead = *cursor;
    let mut parts = vec![];
    let mut between: Option<&str> = None;
    loop {
        let Some(number) = ahead.number().filter(|number| number.arabic) else { return Ok(None) };
        parts.push(number);
        // 20200301-20200630 is a range of two.
        let next = if number.digits >= 6 { None } else { ahead.eat_any(&[".", "/", "-"]) };
        match (between, next) {
            (_, None) => break,
            (None, found) => between = found,
            // 2020.3.1-6.30: the second separator begins a range; 2020-03-01-2020-06-30 as well.
            (Some(first), Some(second)) if first != second || parts.len() == 3 => {
                ahead = back(cursor, &ahead, 1);
                break;
            }
            _ => {}
        }
    }
    let span = match parts.as_slice() {
        [y, m, d] => {
            let year = shown_year(y.value, y.digits, frame)?;
            Span::day(named_day(year, m.value, d.value)?, Shape::Day)
        }
        [y, m] if y.digits == 4 => month_of_year(*cursor, &ahead, between, (y.value, m.value), frame)?,
        [m, d] => month_and_day(*cursor, &ahead, between, (m.value, d.value), year)?,
        [one] => solid(one.value, one.digits, frame)?,
        _ => return Err(Refusal::unread()),
    };
    let _ = parts.len() > 1 && span.shape == Shape::Day && ahead.eat_any(&["日", "号"]).is_some();
    if ahead.sees_any(&["年", "季", "次", "个", "天", "周", "时", "点", "月"]) {
        return Err(Refusal::unread());
    }
    *cursor = ahead;
    Ok(Some(span))
}

/// The cursor some steps before `ahead`, never before where it began.
fn back<'a>(start: &Cursor<'a>, ahead: &Cursor<'a>, steps: usize) -> Cursor<'a> {
    let mut found = *start;
    found.skip((start.rest().len() - ahead.rest().len()).saturating_sub(steps));
    found
}

fn month_of_year(start: Cursor, ahead: &Cursor, sep: Option<&str>, (y, m): (u32, u32), frame: &Frame) -> Read<Span> {
    let year = shown_year(y, 4, frame)?;
    // The number 2020.1 is what a cell shows for 2020.10 too.
    if sep == Some(".") && m == 1 && ahead.at_end() && start.rest().len() == 6 {
        return Err(Refusal::better(format!("{y}年1月 或 {y}年10月")));
    }
    let mut month = *ahead;
    if month.eat("月") {
        return Err(Refusal::better(format!("{y}年{m}月")));
    }
    stretch(year, m, m, Shape::Month)
}

fn month_and_day(start: Cursor, ahead: &Cursor, sep: Option<&str>, (m, d): (u32, u32), year: i32) -> Read<Span> {
    let one_digit = if m > 9 { 4 } else { 3 };
    // The number 6.3 is what a cell shows for 6.30 too.
    if sep == Some(".")
        && ahead.at_end()
        && start.rest().len() == one_digit
        && let Ok(tens) = named_day(year, m, d * 10)
    {
        return Err(Refusal::better(format!("{year}年{m}月{}日 或 {year}年{m}月{d}日", tens.day())));
    }
    // 3-5 is a day or three months.
    if sep == Some("-") && m > 0 && (m + 1..=12).contains(&d) {
        return Err(Refusal::better(format!("{year}年{m}月{d}日 或 {year}年{m}月至{d}月")));
    }
    named_day(year, m, d).map(|day| Span::day(day, Shape::Day))
}

fn solid(value: u32, digits: usize, frame: &Frame) -> Read<Span> {
    match digits {
        8 => {
            let year = shown_year(value / 10_000, 4, frame)?;
            named_day(year, value / 100 % 100, value % 100).map(|day| Span::day(day, Shape::Day))
        }
        6 => {
            let year = shown_year(value / 100, 4, frame)?;
            stretch(year, value % 100, value % 100, Shape::Month)
        }
        4 if value / 100 <= 12 => named_day(frame.year, value / 100, value % 100).map(|day| Span::day(day, Shape::Day)),
        _ => Err(Refusal::unread()),
    }
}

/// The last day of a month, which must be one.
pub fn end_of_month(year: i32, month: u32) -> Read<NaiveDate> {
    end_of(year, month).ok_or_else(Refusal::unread)
}
