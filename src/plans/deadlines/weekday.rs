//! Weekdays, and the days of a month that are named by one: 第一个周五, 最后一个星期一.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::cursor::Cursor;
use super::{Read, Refusal, end_of};

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
