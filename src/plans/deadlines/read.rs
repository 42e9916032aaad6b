//! The reading itself: items, one after the other, to the last character; then the nodes they make.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::count::count;
use super::cursor::{Cursor, Glyph, glyphs};
use super::dates::{self, LIST, Shape, Span, range_to};
use super::recurring::{DayRule, Every, every, rate, sees_head};
use super::title::{self, markers, title};
use super::{Frame, Node, Read, Reading, Refusal, Why, spell, words};

/// Longer cells say more than a deadline.
const LONGEST: usize = 200;

/// Reads the words of a deadline. Whatever is not understood to the last character is refused.
pub fn read(words: &str, frame: &Frame) -> Result<Reading, Refusal> {
    words::nothing(words)?;
    if words.chars().count() > LONGEST {
        return Err(Refusal::unread());
    }
    let glyphs = glyphs(words);
    parse(&glyphs, frame).map_err(|refusal| {
        let named = refusal.nearest.and_then(|nearest| accepted(&nearest, frame));
        let nearest = match refusal.why {
            Why::Unread => named.or_else(|| nearest(&glyphs, frame)),
            _ => named,
        };
        Refusal { nearest, ..refusal }
    })
}

/// A form to write instead, where it is accepted itself. The plan's own year need not be said, the next is 次年.
fn accepted(nearest: &str, frame: &Frame) -> Option<String> {
    let short = nearest.replace(&format!("{}年", frame.year), "").replace(&format!("{}年", frame.year + 1), "次年");
    short.split(" 或 ").all(|form| parse(&glyphs(form), frame).is_ok()).then_some(short)
}

/// What could be read of the words: their longest beginning that cuts no title, else their longest end.
fn nearest(glyphs: &[Glyph], frame: &Frame) -> Option<String> {
    let beginnings = (2..glyphs.len()).rev().filter_map(|end| glyphs.split_at_checked(end));
    let ends = (1..glyphs.len().saturating_sub(1)).filter_map(|start| glyphs.get(start..));
    let parts = beginnings.chain(ends.map(|end| (end, &[][..])));
    let readings = parts.filter_map(|(part, rest)| {
        let is_cut = rest.first().is_some_and(|next| !separates(next));
        parse(part, frame).ok().filter(|reading| !is_cut || !is_titled(reading))
    });
    readings.map(|reading| spell(&reading, frame)).next()
}

fn is_titled(reading: &Reading) -> bool {
    matches!(reading, Reading::Nodes { nodes, .. } if nodes.iter().any(|node| node.title.is_some()))
}

/// One thing that the words ask for.
#[derive(Debug, Clone)]
struct Item {
    what: What,
    title: Option<String>,
    times: Option<i64>,
    /// 各2次: the count is meant of everything before it too.
    each: bool,
    /// Nothing stood between its name and the next.
    bare: bool,
}

#[derive(Debug, Clone)]
enum What {
    Dated(Span),
    Every {
        rules: Vec<Every>,
        after: NaiveDate,
        until: NaiveDate,
    },
    /// Each quarter; after a date, from there on.
    Lasting {
        after: Option<NaiveDate>,
    },
}

fn parse(glyphs: &[Glyph], frame: &Frame) -> Read<Reading> {
    let mut cursor = Cursor::new(glyphs);
    if words::unscheduled(&mut cursor) {
        return Ok(Reading::Unscheduled);
    }
    let mut items: Vec<Item> = vec![];
    while !cursor.at_end() {
        let joint = cursor.rest();
        if !items.is_empty() {
            while cursor.eat_any(LIST).is_some() {}
        }
        if cursor.at_end() {
            break;
        }
        let apart = joint.len() != cursor.rest().len() || items.is_empty() || cursor.sees("并");
        let mut ahead = cursor;
        match item(&mut ahead, frame, &items) {
            Ok(_) if !apart => return Err(Refusal::unread()),
            Ok(found) => {
                take(&mut items, found)?;
                cursor = ahead;
            }
            Err(refusal) if refusal.why == Why::Unread && refusal.nearest.is_none() => {
                prose(&mut items, &mut cursor, joint)?;
            }
            Err(refusal) => return Err(refusal),
        }
    }
    assemble(&items, frame)
}

/// A part of a sentence that names no time belongs to the title before it.
fn prose(items: &mut [Item], cursor: &mut Cursor, joint: &[Glyph]) -> Read<()> {
    let last = items.last_mut().ok_or_else(Refusal::unread)?;
    let words = upto_separator(cursor);
    let said = title(words)?;
    let gap = joint.len() - cursor.rest().len();
    let joined: String = joint.iter().take(gap).map(|glyph| glyph.orig).collect();
    cursor.skip(words.len());
    let Some(said) = said else { return Ok(()) };
    last.title = Some(match last.title.take() {
        Some(before) if joined.chars().any(|c| c == '\n' || c == '\r') => format!("{before}，{said}"),
        Some(before) => format!("{before}{joined}{said}"),
        None => said,
    });
    if last.title.as_ref().is_some_and(|title| title.chars().count() > title::LONGEST) {
        return Err(Refusal::unread());
    }
    Ok(())
}

/// Whether a part of a sentence ends here.
fn separates(glyph: &Glyph) -> bool {
    matches!(glyph.norm, ',' | ';' | '、' | '/')
}

fn upto_separator<'a>(cursor: &Cursor<'a>) -> &'a [Glyph] {
    let rest = cursor.rest();
    let end = rest.iter().position(separates).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

fn take(items: &mut Vec<Item>, found: Vec<Item>) -> Read<()> {
    for item in found {
        if let Some(before) = items.last() {
            shared(before, &item)?;
            // 常态化推进，每季度一次 says the same once more, and exactly.
            let said_exactly = matches!(item.what, What::Every { .. });
            if said_exactly && matches!(before.what, What::Lasting { after: None }) && before.title.is_none() {
                items.pop();
            }
        }
        items.push(item);
    }
    Ok(())
}

/// A month with its year, as it is written.
fn year_and_month(day: NaiveDate) -> String {
    format!("{}年{}月", day.year(), day.month())
}

/// 1月、7月10日 and 五一、国庆前 could share the last words or not.
fn shared(before: &Item, item: &Item) -> Read<()> {
    let (What::Dated(first), What::Dated(second)) = (&before.what, &item.what) else { return Ok(()) };
    let said = before.title.is_none() && before.times.is_none() && before.bare;
    match (first.shape, second.shape) {
        (Shape::Month, Shape::Day) if said && second.first.month() != first.first.month() => {
            let day = second.last.day();
            Err(Refusal::better(format!(
                "{}{day}日、{}{day}日",
                year_and_month(first.first),
                year_and_month(second.last)
            )))
        }
        (Shape::Month, Shape::Third) if said => {
            let third = ["上旬", "中旬", "下旬"].get(usize::try_from(second.first.day() / 10).unwrap_or(0)).copied();
            let third = third.unwrap_or_default();
            Err(Refusal::better(format!(
                "{}{third}、{}{third}",
                year_and_month(first.first),
                year_and_month(second.last)
            )))
        }
        (Shape::Festival, Shape::Eve) if said => Err(Refusal::unread()),
        _ => Ok(()),
    }
}

const UP_TO: &[&str] = &[
    "截至",
    "截止",
    "截止到",
    "截止至",
    "至",
    "到",
    "于",
    "在",
    "不迟于",
    "不晚于",
    "最迟",
    "最晚",
    "最迟于",
    "限",
    "持续至",
    "持续到",
    "一直到",
    "直至",
    "直到",
];

fn item(cursor: &mut Cursor, frame: &Frame, before: &[Item]) -> Read<Vec<Item>> {
    if words::lasting(cursor) {
        return lasting(cursor, frame, before);
    }
    if let Some((rule, times)) = rate(cursor)? {
        let what = always(vec![rule]);
        return Ok(vec![Item { what, title: None, times: Some(times), each: false, bare: false }]);
    }
    if let Some(rules) = every(cursor)? {
        return tail(cursor, frame, vec![always(rules)]);
    }
    let now = cursor.eat_any(&["即日起", "自即日起", "从即日起", "即日", "现在起", "从现在起", "自现在起"]).is_some();
    if now && !range_to(cursor) {
        return Err(Refusal::better("即日起至12月底"));
    }
    words::hinted(cursor)?;
    let since = !now && cursor.eat_any(&["自", "从"]).is_some();
    let _ = cursor.eat_any(UP_TO);
    let carried = before.last().and_then(|item| match &item.what {
        What::Dated(span) if item.title.is_none() && span.shape != Shape::Month => Some(span.last),
        _ => None,
    });
    let found = dates::spans(cursor, frame, carried)?;
    match found.as_slice() {
        [one] => stretch(cursor, frame, *one, since),
        many if !since && !now => tail(cursor, frame, many.iter().map(|span| What::Dated(*span)).collect()),
        _ => Err(Refusal::unread()),
    }
}

fn always(rules: Vec<Every>) -> What {
    What::Every { rules, after: NaiveDate::MIN, until: NaiveDate::MAX }
}

fn quarterly() -> Every {
    Every { step: 3, month: 2, following: false, day: DayRule::Last }
}

/// 全年 with a count is one node at the year's end; before 每月 it says nothing more.
fn lasting(cursor: &mut Cursor, frame: &Frame, before: &[Item]) -> Read<Vec<Item>> {
    if before.is_empty() && sees_head(cursor) {
        let rules = every(cursor)?.ok_or_else(Refusal::unread)?;
        return tail(cursor, frame, vec![always(rules)]);
    }
    let after = match before.last() {
        None => None,
        Some(Item { what: What::Dated(span), .. }) => Some(span.last),
        Some(_) => return Err(Refusal::better("每季度")),
    };
    let mut found = tail(cursor, frame, vec![What::Lasting { after }])?;
    for item in &mut found {
        if item.times.is_some() && matches!(item.what, What::Lasting { .. }) {
            if after.is_some() {
                return Err(Refusal::unread());
            }
            item.what = What::Dated(dates::stretch(frame.year, 1, 12, Shape::Year)?);
        }
    }
    Ok(found)
}

/// What follows one stretch: a range's other end, 起每…, 每…, or its tail.
fn stretch(cursor: &mut Cursor, frame: &Frame, span: Span, since: bool) -> Read<Vec<Item>> {
    let begins = cursor.eat_any(&["起", "开始", "起始"]).is_some();
    let _ = begins && cursor.eat(",");
    if range_to(cursor) {
        let next = dates::spans(cursor, frame, Some(span.first))?;
        let [to] = next.as_slice() else { return Err(Refusal::unread()) };
        let range = dates::between(span, *to)?;
        return limited(cursor, frame, range);
    }
    if begins {
        let until = NaiveDate::MAX;
        if words::lasting(cursor) {
            return tail(cursor, frame, vec![What::Every { rules: vec![quarterly()], after: span.first, until }]);
        }
        if let Some(rules) = every(cursor)? {
            return tail(cursor, frame, vec![What::Every { rules, after: span.first, until }]);
        }
        return Err(Refusal::better(format!("{}起每月", year_and_month(span.first))));
    }
    if since {
        return Err(Refusal::unread());
    }
    limited(cursor, frame, span)
}

/// 上半年每月, 3月至12月每月10日前: a recurrence inside a stretch; else the stretch alone.
fn limited(cursor: &mut Cursor, frame: &Frame, span: Span) -> Read<Vec<Item>> {
    let whole_year = span.shape == Shape::Year && span.first.year() == frame.year;
    if whole_year && words::lasting(cursor) {
        if sees_head(cursor) {
            return limited(cursor, frame, span);
        }
        return lasting(cursor, frame, &[]);
    }
    if sees_head(cursor) && matches!(span.shape, Shape::Year | Shape::Half | Shape::Quarter | Shape::Range) {
        let rules = every(cursor)?.ok_or_else(Refusal::unread)?;
        let what = if whole_year { always(rules) } else { What::Every { rules, after: span.first, until: span.last } };
        return tail(cursor, frame, vec![what]);
    }
    tail(cursor, frame, vec![What::Dated(span)])
}

/// What stands after the time: 前, an hour, a count, what is due, 并长期坚持.
fn tail(cursor: &mut Cursor, frame: &Frame, whats: Vec<What>) -> Read<Vec<Item>> {
    let span = whats.iter().rev().find_map(|what| match what {
        What::Dated(span) => Some(*span),
        _ => None,
    });
    let named = cursor.rest().len();
    markers(cursor, span.as_ref(), frame)?;
    let bare = cursor.rest().len() == named;
    let _ = cursor.eat(":");
    let each = cursor.sees("各");
    let mut times = count(cursor)?;
    let mut rest = upto_separator(cursor);
    if Cursor::new(rest).sees_any(&["和", "及", "与", "以及"]) {
        rest = &[];
    }
    let written = rest.len();
    let mut lasts = false;
    for start in 0..rest.len() {
        let Some(end) = rest.get(start..) else { break };
        let mut ahead = Cursor::new(end);
        if times.is_none()
            && let Some(found) = count(&mut ahead)?
            && ahead.at_end()
        {
            (times, rest) = (Some(found), rest.get(..start).unwrap_or(&[]));
            break;
        }
        ahead = Cursor::new(end);
        if ahead.sees("并") && words::lasting(&mut ahead) && ahead.at_end() && span.is_some() {
            (lasts, rest) = (true, rest.get(..start).unwrap_or(&[]));
            break;
        }
    }
    let title = title(rest)?;
    cursor.skip(written);
    let after = span.map(|span| span.last);
    let mut items: Vec<_> =
        whats.into_iter().map(|what| Item { what, title: title.clone(), times, each, bare }).collect();
    if lasts {
        items.push(Item { what: What::Lasting { after }, title: None, times: None, each: false, bare: false });
    }
    Ok(items)
}

/// The count of a reading: one for all of it, said with 各 or with every item.
fn times_of(items: &[Item]) -> Read<Option<i64>> {
    let wanted = |item: &Item| item.times.unwrap_or(1);
    let Some(last) = items.last() else { return Err(Refusal::unread()) };
    let same = items.iter().all(|item| wanted(item) == wanted(last));
    let shared =
        last.each && last.times.is_some() && items.iter().all(|item| item.times.is_none() || item.times == last.times);
    if !same && !shared {
        return Err(Refusal::unread());
    }
    Ok(last.times.filter(|times| *times > 1))
}

fn assemble(items: &[Item], frame: &Frame) -> Read<Reading> {
    let times = times_of(items)?;
    let mut nodes = vec![];
    for item in items {
        let title = item.title.as_deref();
        match &item.what {
            What::Dated(span) => {
                nodes.push(Node { period: String::new(), from: None, due_on: span.last, title: item.title.clone() });
            }
            What::Every { rules, after, until } => {
                let mut found = vec![];
                for rule in rules {
                    found.extend(rule.nodes(frame, *after, *until, title)?);
                }
                // The plan's year holds no periods of the next, which 10月至次年2月每月 asks for.
                if *until != NaiveDate::MAX && rules.iter().any(|rule| rule.comes_next_year(frame, *until)) {
                    return Err(Refusal::better(spell(&Reading::Nodes { nodes: found, times }, frame)));
                }
                nodes.append(&mut found);
            }
            What::Lasting { after } => {
                let after = after.and_then(|day| day.checked_add_days(Days::new(1))).unwrap_or(NaiveDate::MIN);
                nodes.extend(quarterly().nodes(frame, after, NaiveDate::MAX, title)?);
            }
        }
    }
    let first = NaiveDate::from_ymd_opt(frame.year, 1, 1).ok_or_else(Refusal::unread)?;
    if nodes.is_empty() || nodes.iter().any(|node| !(first..=frame.closes_on).contains(&node.due_on)) {
        return Err(dates::outside(frame));
    }
    name_periods(&mut nodes)?;
    nodes.sort_by(|a, b| (a.due_on, &a.period).cmp(&(b.due_on, &b.period)));
    Ok(Reading::Nodes { nodes, times })
}

/// Every node goes by a key of its own: its period's, or its day where a period has several or none is named.
fn name_periods(nodes: &mut [Node]) -> Read<()> {
    let several = nodes.len() > 1;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for node in nodes.iter() {
        *seen.entry(node.period.clone()).or_default() += 1;
    }
    for node in nodes.iter_mut() {
        let shared = seen.get(&node.period).copied().unwrap_or(0) > 1;
        let dated = node.from.is_none();
        let monthly = super::recurring::step_of(node) == Some(1);
        if shared && !dated && !monthly {
            return Err(Refusal::unread());
        }
        if (dated && several) || (shared && monthly) {
            node.period = node.due_on.to_string();
        }
    }
    let mut keys: Vec<_> = nodes.iter().map(|node| node.period.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Refusal::unread());
    }
    Ok(())
}
