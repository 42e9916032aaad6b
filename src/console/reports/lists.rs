//! Reports that name what they count: the path to the target, what has no date, what is worth a look.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};

use super::{Report, ReportWords, file};
use crate::access::Action;
use crate::console::figures::{self, FigureWords, rate_name};
use crate::console::reading::{Reading, ReadingWords};
use crate::console::tables::{Cell, Column, Table};
use crate::console::{View, Visit};
use crate::platform::Error;
use crate::reports::explain::ExplainedRate;
use crate::reports::flags::FlagsReport;
use crate::reports::path::{MissingKind, PathRate, RatePath};
use crate::reports::table;
use crate::reports::unscheduled::UnscheduledReport;
use crate::units::UnitId;
use crate::units::store::Tree;
use crate::words;

/// Things listed of each part on a page; the table for spreadsheets has all.
const SHOWN: usize = 300;

words! {
    /// Reports that name what they count.
    pub struct ListWords {
        possible(rate, ceiling): "{rate}：目标还能达到，上限{ceiling}。", "{rate}: the target can still be reached; the ceiling is {ceiling}. ";
        lost(rate, day, ceiling): "{rate}：**{day}起已达不到目标**，上限{ceiling}。", "{rate}: **lost since {day}**; the ceiling is {ceiling}. ";
        open_of(rate): "{rate}：还能补的", "{rate}: still to be had";
        lost_of(rate): "{rate}：已不可补的", "{rate}: lost";
        what: "差什么", "What";
        last_day: "最后一天", "Last day";
        lost_on: "失去的日子", "Lost on";
        remark: "说明", "Note";
        expires(day): "{day}证据到期", "evidence expires on {day}";
        nothing_open: "没有差的。", "Nothing is missing.";
        nothing_lost: "没有已不可补的。", "Nothing is lost.";
        counted(count): "{count}项", "{count} item(s)";
        task: "任务", "Task";
        words: "写的时限", "Written";
        owed_by: "承担组织", "Owed by";
        none_undated: "所有任务都定了日子。", "Everything has a date.";
        undated(count): "还有**{count}项**没有定日子；定了日子才会计入任何数字。",
            "**{count}** without a date; they count nowhere until they are dated.";
        same: "同一份材料，多处使用", "The same file more than once";
        same_hint: "同一次活动勾选的不算", "one activity ticked against several nodes is left out";
        none_same: "没有同一份材料用在不同任务或不同组织的。", "No file was used for different tasks or units.";
        file: "材料", "File";
        back_dated(days): "补录超过{days}天的填报", "Dated back by more than {days} days";
        none_back: "没有补录过久的填报。", "No report was dated back that far.";
        recorded: "录入", "Recorded";
        reported: "计日", "Counts from";
        flags_lead(same, back): "同一份材料多处使用{same}起，补录过久{back}份。不影响任何比率，只请看一眼。",
            "{same} file(s) used more than once, {back} report(s) dated far back. They change no rate; please look.";
        comma: "、", ", ";
    }
}

fn names(conn: &mut crate::platform::Conn, day: chrono::NaiveDate) -> crate::platform::Result<HashMap<UnitId, String>> {
    Ok(Tree::on(conn, day)?.units().map(|unit| (unit.unit_id, unit.name.clone())).collect())
}

/// `GET /reports/path`.
pub async fn path(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadNodes).await?;
    let asked = reading.asked;
    let read = visit.caller.read_long(move |conn, actor| {
        let found = crate::reports::path::path(conn, actor, asked)?;
        let names = names(conn, found.as_of)?;
        Ok((found, names))
    });
    let (found, names) = read.await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("path-{}", found.as_of), table::path_table(&found)?);
    }
    let view = &visit.view;
    let (w, words) = (ListWords(view.lang), ReportWords(view.lang));
    let mut report = Report {
        title: words.path().into_owned(),
        as_of: Some(found.as_of),
        is_final: found.is_final,
        files: true,
        ..Report::default()
    };
    for rate in found.rates.iter().rev() {
        let name = match rate.rate {
            PathRate::OnTime => rate_name(view.lang, ExplainedRate::OnTime),
            PathRate::Compliance => rate_name(view.lang, ExplainedRate::Compliance),
        };
        if rate.ceiling.percent.is_some() {
            let ceiling = figures::counts_and_percent(view.lang, &rate.ceiling);
            report.lead.push_str(&match &rate.lost_on {
                None => w.possible(name, ceiling),
                Some(day) => w.lost(name, view.day(day), ceiling),
            });
        }
        report.tables.extend(parts(view, rate, name, &names));
    }
    report.page(view, &reading, "/reports/path")
}

/// What a rate still lacks, and what is lost.
fn parts(view: &View, rate: &RatePath, name: &str, names: &HashMap<UnitId, String>) -> [Table; 2] {
    let (w, f) = (ListWords(view.lang), FigureWords(view.lang));
    let unit = |id: &UnitId| Cell::text(names.get(id).cloned().unwrap_or_default());
    let what = |kind: MissingKind, id: i64, code: &Option<String>, title: &str| {
        let text = code.as_ref().map_or_else(|| title.to_owned(), |code| format!("{code} {title}"));
        let href = if kind == MissingKind::TimeNode { format!("/time-nodes/{id}") } else { String::new() };
        Cell::text(text).to(href)
    };
    let open = rate.items.iter().take(SHOWN).map(|item| {
        let more = item.expires_on.as_ref().map(|day| w.expires(view.day(day)).into_owned()).unwrap_or_default();
        vec![
            what(item.kind, item.id, &item.code, &item.title),
            unit(&item.unit_id),
            Cell::text(view.day(&item.last_day)),
            Cell::text(more),
        ]
    });
    let lost = rate.lost.iter().take(SHOWN).map(|item| {
        vec![
            what(item.kind, item.id, &item.code, &item.title),
            unit(&item.unit_id),
            Cell::text(view.day(&item.lost_on)),
        ]
    });
    let id = |part: &str| format!("{}-{part}", rate.rate.word().replace('_', "-"));
    [
        Table {
            id: id("open"),
            title: w.open_of(name).into_owned(),
            note: w.counted(rate.items.len()).into_owned(),
            columns: [w.what(), f.unit(), w.last_day(), w.remark()].map(Column::text).into(),
            rows: open.collect(),
            empty: w.nothing_open().into_owned(),
            ..Table::default()
        },
        Table {
            id: id("lost"),
            title: w.lost_of(name).into_owned(),
            note: w.counted(rate.lost.len()).into_owned(),
            columns: [w.what(), f.unit(), w.lost_on()].map(Column::text).into(),
            rows: lost.collect(),
            empty: w.nothing_lost().into_owned(),
            ..Table::default()
        },
    ]
}

/// `GET /reports/unscheduled`.
pub async fn unscheduled(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadNodes).await?;
    let asked = reading.asked;
    let read = visit.caller.read_long(move |conn, actor| crate::reports::unscheduled::unscheduled(conn, actor, asked));
    let found: UnscheduledReport = read.await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("unscheduled-{}", found.as_of), table::unscheduled_table(&found)?);
    }
    let view = &visit.view;
    let (w, words) = (ListWords(view.lang), ReportWords(view.lang));
    let rows = found.entries.iter().map(|entry| {
        let title = entry.entry_title.as_ref().map(|own| format!(" · {own}")).unwrap_or_default();
        let units: Vec<&str> = entry.units.iter().map(|unit| unit.name.as_str()).collect();
        vec![
            Cell::text(format!("{} {}{title}", entry.code, entry.title)),
            Cell::text(entry.words.clone().unwrap_or_else(|| view.t.nothing().into_owned())),
            Cell::text(units.join(&*w.comma())),
        ]
    });
    let lead = if found.unscheduled == 0 { w.none_undated() } else { w.undated(found.unscheduled) };
    let report = Report {
        title: words.unscheduled().into_owned(),
        lead: lead.into_owned(),
        tables: vec![Table {
            id: "entries".into(),
            title: words.unscheduled().into_owned(),
            columns: [w.task(), w.words(), w.owed_by()].map(Column::text).into(),
            rows: rows.collect(),
            empty: w.none_undated().into_owned(),
            ..Table::default()
        }],
        as_of: Some(found.as_of),
        is_final: found.is_final,
        files: true,
        ..Report::default()
    };
    report.page(view, &reading, "/reports/unscheduled")
}

/// `GET /reports/flags`.
pub async fn flags(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadFlags).await?;
    let asked = reading.asked;
    let found: FlagsReport =
        visit.caller.read_long(move |conn, actor| crate::reports::flags::flags(conn, actor, asked)).await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("flags-{}", found.as_of), table::flags_table(&found)?);
    }
    let view = &visit.view;
    let (w, words, f) = (ListWords(view.lang), ReportWords(view.lang), FigureWords(view.lang));
    let same = found.same_evidence.iter().flat_map(|same| &same.items).map(|one| {
        let other = (one.year != found.year).then(|| ReadingWords(view.lang).year(one.year));
        let title = other.map_or_else(|| one.title.clone(), |year| format!("{} · {year}", one.title));
        vec![
            Cell::text(&one.file_name).to(format!("/attachments/{}", one.attachment_id)),
            Cell::text(title).to(format!("/time-nodes/{}", one.node_id)),
            Cell::text(&one.unit),
            Cell::text(view.day(&one.reported_on)),
        ]
    });
    let back = found.back_dated.iter().map(|one| {
        vec![
            Cell::text(&one.title).to(format!("/time-nodes/{}", one.node_id)),
            Cell::text(&one.unit),
            Cell::text(view.day(&one.reported_on)),
            Cell::text(view.day(&one.recorded_on)),
            Cell::number(one.days),
        ]
    });
    let mut back_columns: Vec<Column> = [f.node(), f.unit(), w.reported(), w.recorded()].map(Column::text).into();
    back_columns.push(Column::number(f.days()));
    let report = Report {
        title: words.flags().into_owned(),
        lead: w.flags_lead(found.same_evidence.len(), found.back_dated.len()).into_owned(),
        tables: vec![
            Table {
                id: "same".into(),
                title: w.same().into_owned(),
                note: w.same_hint().into_owned(),
                columns: [w.file(), f.node(), f.unit(), w.reported()].map(Column::text).into(),
                rows: same.collect(),
                empty: w.none_same().into_owned(),
                ..Table::default()
            },
            Table {
                id: "back-dated".into(),
                title: w.back_dated(found.back_dated_days).into_owned(),
                columns: back_columns,
                rows: back.collect(),
                empty: w.none_back().into_owned(),
                ..Table::default()
            },
        ],
        as_of: Some(found.as_of),
        is_final: found.is_final,
        files: true,
        ..Report::default()
    };
    report.page(view, &reading, "/reports/flags")
}
