//! The nodes behind a figure: of a cell of the heat map, or of a part of a sum.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::heat::name;
use crate::access::Action;
use crate::console::figures::{self, FigureWords};
use crate::console::links::if_there;
use crate::console::page::{Html, page};
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::plans::{KeyPointId, lists};
use crate::platform::Error;
use crate::platform::db::today;
use crate::reports::rules::CountOf;
use crate::reports::year::items::{Wanted, YearItem, items};
use crate::time_nodes::Verdict;
use crate::words;

/// Nodes on a page.
const ROWS: usize = 100;

words! {
    /// The nodes behind a figure.
    pub struct ItemWords {
        title: "这个数字里的节点", "The nodes behind this figure";
        count(count): "{count}个节点", "{count} node(s)";
        back: "返回全年一览", "Back to the year";
        late(from, to): "晚{from}至{to}天", "{from} to {to} days late";
        later(from): "晚{from}天以上", "{from} days late or more";
        due_by(day): "{day}前到期", "due by {day}";
        met_by(day): "{day}前完成", "done by {day}";
        none: "没有这样的节点。", "There is no such node.";
        by(verdict, count): "{verdict}{count}", "{verdict} {count}";
        shown(from, to, all): "第{from}–{to}个，共{all}个", "{from}–{to} of {all}";
    }
}

#[derive(Template)]
#[template(path = "console/judging/items.html")]
struct ItemsPage<'a> {
    view: &'a View,
    w: ItemWords,
    back: String,
    kicker: Vec<String>,
    lead: String,
    table: Html,
    next: Option<String>,
}

/// `GET /year/items`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadNodes).await?;
    let asked = reading.asked;
    let count = reading.chosen("count", CountOf::ALL, CountOf::word)?;
    reading.month()?;
    let (late_from, late_to) = (reading.parsed("late_from")?, reading.parsed("late_to")?);
    let (due_by, met_by) = (reading.end_of("due_by")?, reading.end_of("met_by")?);
    let wanted = Wanted {
        month: reading.given("month").map(str::to_owned),
        key_point: reading.parsed("key_point")?.map(KeyPointId),
        category: reading.given("category").map(str::to_owned),
        verdicts: Vec::new(),
        count,
        due_by,
        met_by,
        late_from,
        late_to,
        own: reading.parsed("own")?.unwrap_or(false),
    };
    let (month, category, key_point) = (wanted.month.clone(), wanted.category.clone(), wanted.key_point);
    let (found, key_point, as_of) = visit
        .caller
        .read_long(move |conn, actor| {
            let as_of = match asked.as_of {
                Some(day) => day,
                None => today(conn)?,
            };
            let found = items(conn, actor, asked, &wanted)?;
            let key_point = key_point.map(|id| if_there(lists::read_key_point(conn, actor, id))).transpose()?.flatten();
            Ok((found, key_point.map(|key_point| key_point.title), as_of))
        })
        .await?;
    let view = &visit.view;
    let w = ItemWords(view.lang);
    let mut kicker: Vec<String> = reading.unit.iter().cloned().collect();
    kicker.extend(month.as_ref().map(|month| name(view.lang, i64::from(chrono::Datelike::year(&as_of)), month)));
    kicker.extend(key_point.into_iter().chain(category));
    kicker.extend(count.map(|count| figures::count_name(view.lang, count).to_owned()));
    kicker.extend(due_by.map(|day| w.due_by(view.day(&day)).into_owned()));
    kicker.extend(met_by.map(|day| w.met_by(view.day(&day)).into_owned()));
    kicker.extend(match (late_from, late_to) {
        (None | Some(1), None) => None,
        (from, None) => Some(w.later(from.unwrap_or(1)).into_owned()),
        (from, Some(to)) => Some(w.late(from.unwrap_or(1), to).into_owned()),
    });
    kicker.push(format!("{} {as_of}", view.t.as_of()));
    let first = (reading.page() - 1) * ROWS;
    let more = found.len() > first + ROWS;
    let next = (reading.page() + 1).to_string();
    let keep = ["month", "key_point", "category", "count", "due_by", "met_by", "late_from", "late_to", "own"]
        .map(|field| (field, reading.given(field).unwrap_or_default()));
    let next = more.then(|| reading.link("/year/items", &[keep.as_slice(), &[("page", next.as_str())]].concat()));
    let shown = found.iter().skip(first).take(ROWS);
    let table = Table {
        id: "items".into(),
        title: w.count(found.len()).into_owned(),
        note: if found.len() > ROWS {
            w.shown(first + 1, (first + ROWS).min(found.len()), found.len()).into_owned()
        } else {
            String::new()
        },
        empty: w.none().into_owned(),
        ..table(view, shown)
    };
    page(&ItemsPage {
        view,
        w,
        back: reading.link("/year", &[("unit_id", ""), ("own", "")]),
        kicker,
        lead: tally(view, &found),
        table: table.draw()?,
        next,
    })
}

/// The nodes as a table: whose, what, until when, and how it stands.
pub fn table<'a>(view: &View, items: impl Iterator<Item = &'a YearItem>) -> Table {
    let f = FigureWords(view.lang);
    let day = |day: &chrono::NaiveDate| view.day(day);
    let row = |item: &YearItem| {
        vec![
            Cell::text(&item.title).to(format!("/time-nodes/{}", item.id)),
            Cell::text(&item.unit),
            Cell::mark(Mark::judged(view.lang, &item.judged)),
            Cell::text(day(&item.due_on)),
            Cell::text(day(&item.late_after)),
            Cell::text(item.met_on.as_ref().map_or_else(|| view.t.nothing().into_owned(), day)),
        ]
    };
    let columns = [f.node(), f.unit(), f.standing(), f.due_on(), f.late_after(), f.met_on()];
    Table { columns: columns.map(Column::text).into(), rows: items.map(row).collect(), ..Table::default() }
}

/// How many stand how: `逾期2，待审1`.
fn tally(view: &View, items: &[YearItem]) -> String {
    let w = ItemWords(view.lang);
    let order = [
        Verdict::Overdue,
        Verdict::Due,
        Verdict::DueSoon,
        Verdict::PendingReview,
        Verdict::DoneOnTime,
        Verdict::DoneLate,
        Verdict::NotDue,
        Verdict::Excluded,
    ];
    let parts = order.iter().filter_map(|verdict| {
        let count = items.iter().filter(|item| item.judged.verdict == *verdict).count();
        (count > 0).then(|| w.by(Mark::verdict(view.lang, *verdict).word, count).into_owned())
    });
    parts.collect::<Vec<_>>().join(view.lang.pick("，", ", "))
}
