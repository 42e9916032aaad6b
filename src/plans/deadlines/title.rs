//! The words after a date: 前 and its kind, a weekday that must be true, an hour that is dropped, and what is due.

use chrono::Datelike;

use super::cursor::{Cursor, Glyph};
use super::dates::{self, Span};
use super::weekday;
use super::{Frame, Read, Refusal, Why};

const BEFORE: &[&str] = &[
    "前",
    "之前",
    "以前",
    "底前",
    "底",
    "为止",
    "止",
    "截止",
    "截至",
    "当天",
    "当日",
    "的",
    "含",
    "(含)",
    "(含当日)",
    "(含当天)",
    "(不含)",
];
/// Verbs that name nothing: the task's own title says it.
const BARE: &[&str] =
    &["完成", "办结", "落实", "落实到位", "到位", "完成任务", "全部完成", "按时完成", "基本完成", "全面完成"];
const HOURS: &[&str] = &["下班前", "日终前", "日终", "下班之前"];

/// Steps over everything that does not move a named day.
pub fn markers(cursor: &mut Cursor, span: Option<&Span>, frame: &Frame) -> Read<()> {
    loop {
        let before = cursor.rest().len();
        if cursor.sees_any(&["前后", "前夕"]) {
            return Ok(());
        }
        if cursor.sees("(不含") {
            return Err(Refusal::unread());
        }
        let _ = before_words(cursor) || cursor.eat_any(HOURS).is_some();
        if let Some(span) = span {
            weekday_holds(cursor, span, frame)?;
        }
        hour(cursor)?;
        if cursor.rest().len() == before {
            return Ok(());
        }
    }
}

/// 前 and its kind; 前期 and 内部 belong to what follows.
fn before_words(cursor: &mut Cursor) -> bool {
    if cursor.sees_any(&["前期", "前置", "前后", "前夕"]) {
        return false;
    }
    let mut ahead = *cursor;
    if ahead.eat_any(&["内", "以内", "之内", "期内"]).is_some() {
        let closed = ahead.at_end() || ahead.sees_any(&[",", ";", "、", ":", "完成", "至少", "不少于"]);
        if closed {
            *cursor = ahead;
        }
        return closed;
    }
    cursor.eat_any(BEFORE).is_some()
}

fn weekday_holds(cursor: &mut Cursor, span: &Span, frame: &Frame) -> Read<()> {
    let mut ahead = *cursor;
    let bracket = ahead.eat("(");
    let Some(weekday) = weekday::weekday(&mut ahead) else { return Ok(()) };
    if bracket && !ahead.eat(")") {
        return Ok(());
    }
    *cursor = ahead;
    if weekday == span.last.weekday() {
        return Ok(());
    }
    let nearest = format!("{}（{}）", dates::spoken(span.last, frame), weekday::spelled_weekday(span.last.weekday()));
    Err(Refusal { why: Why::WrongWeekday, nearest: Some(nearest) })
}

/// 18:00, 下午5点, 17时30分: dropped, but it must be an hour.
fn hour(cursor: &mut Cursor) -> Read<()> {
    let mut ahead = *cursor;
    let part = ahead.eat_any(&["上午", "下午", "中午", "晚上", "晚", "早上"]).is_some();
    let Some(hour) = ahead.number() else {
        if part && (ahead.at_end() || ahead.sees_any(&["前", "之前", "以前"])) {
            *cursor = ahead;
        }
        return Ok(());
    };
    let mut minute = 0;
    if ahead.eat(":") {
        let Some(number) = ahead.number() else { return Ok(()) };
        minute = number.value;
        if ahead.eat(":") && ahead.number().is_none_or(|second| second.value > 59) {
            return Err(Refusal::unread());
        }
    } else if ahead.eat_any(&["时", "点", "点钟"]).is_some() {
        if ahead.eat("半") {
            minute = 30;
        } else if let Some(number) = ahead.number() {
            minute = number.value;
            let _ = ahead.eat("分");
        }
    } else {
        return Ok(());
    }
    if hour.value > 24 || minute > 59 || (hour.value == 24 && minute > 0) {
        return Err(Refusal::better("18:00前"));
    }
    *cursor = ahead;
    Ok(())
}

/// Words that speak of time or doubt: a title with them was not understood.
const TIMELY: &[&str] = &[
    "左右",
    "前后",
    "上下",
    "大约",
    "大概",
    "约",
    "每",
    "季",
    "旬",
    "半年",
    "之前",
    "以前",
    "以后",
    "之后",
    "期间",
    "年初",
    "年底",
    "年末",
    "年内",
    "年中",
    "月底",
    "月初",
    "月末",
    "月中",
    "底前",
    "视情",
    "适时",
    "待定",
    "另行",
    "择机",
    "即日",
    "立即",
    "尽快",
    "立行",
    "随时",
    "定期",
    "同上",
    "春节",
    "清明",
    "端午",
    "中秋",
    "元宵",
    "重阳",
    "元旦",
    "国庆",
    "五一",
    "七一",
    "八一",
    "十一",
    "三八",
    "五四",
    "劳动节",
    "建党节",
    "建军节",
    "全年",
    "长期",
    "持续",
    "常态",
    "上级要求",
    "或",
    "除",
    "不超过",
    "不多于",
    "最多",
    "工作日",
    "本月",
    "上月",
    "下月",
    "次月",
    "当月",
    "首月",
    "首个月",
    "末月",
    "本年",
    "今年",
    "明年",
    "次年",
    "翌年",
    "去年",
    "截止",
    "截至",
    "附件",
    "起",
    "届满",
    "逐月",
    "逐季",
    "按月",
    "月度",
    "至少",
    "不少于",
    "多次",
    "若干次",
    "周",
];
const UNITS: &[char] = &[
    '年', '月', '日', '号', '季', '周', '旬', '天', '时', '点', '分', '次', '个', '场', '.', '/', '-', ':', '至', '、',
    '小',
];
const NEVER_FIRST: &str = "前后初中内间期起至到底末以之不未的号个次日月年周天旬上下左右和及与或各均度份第约、,;/-.:()";

/// Longest title of a node in characters, also where it is joined of parts.
pub const LONGEST: usize = 100;

/// Words that say what is due: none for a bare 完成, refused where they speak of time.
pub fn title(words: &[Glyph]) -> Read<Option<String>> {
    let norm: String = words.iter().map(|glyph| glyph.norm).collect();
    if norm.is_empty() || BARE.contains(&norm.as_str()) {
        return Ok(None);
    }
    let timely = TIMELY.iter().any(|word| norm.contains(word)) || (norm.contains('后') && !norm.contains("后续"));
    let before = norm.contains('前') && !norm.contains("前期");
    let first = norm.chars().next().is_some_and(|c| NEVER_FIRST.contains(c) || c.is_ascii_digit());
    let mut cursor = Cursor::new(words);
    let mut numbered = false;
    while !cursor.at_end() {
        if cursor.number().is_some() {
            numbered |= cursor.peek().is_none_or(|next| UNITS.contains(&next));
        } else {
            cursor.skip(1);
        }
    }
    let past = norm.ends_with("报上") || norm.contains("上期");
    let short = norm.chars().count() < 2;
    if timely || before || first || numbered || past || short || norm.chars().count() > LONGEST {
        return Err(Refusal::unread());
    }
    if norm.chars().any(char::is_control) || norm.matches('(').count() != norm.matches(')').count() {
        return Err(Refusal::unread());
    }
    Ok(Some(words.iter().map(|glyph| glyph.orig).collect()))
}
