//! Dates in digits: 2020.6.30, 2020-06, 6/30, 20200630; what two readings share is refused with both.

use chrono::Datelike;

use super::cursor::Cursor;
use super::dates::{Shape, Span, shown_year, stretch};
use super::{Frame, Read, Refusal, named_day};

/// Digits with . / - between them or none: 2020.6.30, 2020-06, 6/30, 20200630.
pub fn digits(cursor: &mut Cursor, frame: &Frame, year: i32) -> Read<Option<Span>> {
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
