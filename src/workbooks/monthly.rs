//! The monthly report 月报 of a unit and everything below it, as a workbook for A4: the figures by unit and by key point
//! at the end of the month, what is overdue, and what the next month asks for.

use std::fs::File;

use chrono::{Datelike, Months, NaiveDate};

use super::years::Years;
use super::{MONTH_UNREADABLE, paper, words};
use crate::access::{Action, Actor};
use crate::platform::db::today;
use crate::platform::sheet::{Column, Value, Workbook};
use crate::platform::{Conn, PageRequest, Result};
use crate::reports::actions::{Asked, compliance};
use crate::reports::model::{ComplianceReport, Counts, GroupBy};
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, TimeNode, Verdict};
use crate::units::store::Tree;
use crate::units::{self, UnitId};

/// Nodes that a list of the report shows at most; beyond it says how many there are.
const LISTED: usize = 2000;

/// A month as it is asked for: `2020-06`.
pub fn month(text: &str, today: NaiveDate) -> Result<NaiveDate> {
    let first = format!("{text}-01").parse::<NaiveDate>().ok().filter(|first| text.len() == 7 && *first <= today);
    first.ok_or_else(|| MONTH_UNREADABLE.at("month", []).into_error())
}

/// Writes the monthly report. Every appointed account may read its counts; nodes only those within reach.
pub fn workbook(conn: &mut Conn, actor: &Actor, unit_id: UnitId, month_asked: &str) -> Result<File> {
    let today = today(conn)?;
    let first = month(month_asked, today)?;
    let last = end_of(first).min(today);
    let unit = units::store::named(conn, unit_id, "unit_id")?;
    let asked =
        Asked { year: Some(i64::from(first.year())), unit_id: Some(unit_id), as_of: Some(last), restated: false };
    let by_unit = compliance(conn, actor, asked, Some(GroupBy::Unit))?;
    let by_key_point = compliance(conn, actor, asked, Some(GroupBy::KeyPoint))?;
    let nodes = Nodes::of(conn, actor, unit_id, last)?;
    let head = |what: &str| {
        vec![
            format!("{}{}年{}月{what}", unit.name, first.year(), first.month()),
            format!("截至{}　制表日期：{}", words::day(last), words::day(today)),
        ]
    };
    let mut book = Workbook::new();
    let signed = [paper::SIGNATURE.to_owned()];
    paper::sheet(&mut book, "月报", &head("党建工作督办月报"), &figures("党组织"), rows(&by_unit), &signed)?;
    let key_points = rows(&by_key_point);
    paper::sheet(&mut book, "工作要点", &head("工作要点完成情况"), &figures("工作要点"), key_points, &signed)?;
    let overdue = nodes.listed(conn, Some(Verdict::Overdue), None)?;
    list(&mut book, "逾期", &head("逾期任务"), &overdue)?;
    let next = first + Months::new(1);
    let coming = nodes.listed(conn, None, Some((next, end_of(next))))?;
    list(&mut book, "下月到期", &head("下月到期任务"), &coming)?;
    book.finish()
}

fn end_of(first: NaiveDate) -> NaiveDate {
    (first + Months::new(1)).pred_opt().unwrap_or(first)
}

fn figures(of: &str) -> Vec<Column> {
    let counts = ["到期应完成", "按期完成", "逾期完成", "待审", "到期", "逾期", "不计入"];
    let rates = ["完成率", "按期完成率", "填报率", "标准化达标率"];
    let counts = counts.iter().map(|head| Column::new(*head, 9.0));
    let rates = rates.iter().map(|head| Column::new(*head, 15.0));
    std::iter::once(Column::new(of, 26.0)).chain(counts).chain(rates).collect()
}

fn rows(report: &ComplianceReport) -> Vec<Vec<Value>> {
    let groups = report.groups.iter().map(|group| (group.name.as_str(), &group.counts));
    groups.chain([("合计", &report.total)]).map(|(name, counts)| row(name, counts)).collect()
}

fn row(name: &str, counts: &Counts) -> Vec<Value> {
    let numbers = [
        counts.owed,
        counts.done_on_time,
        counts.done_late,
        counts.pending_review,
        counts.due,
        counts.overdue,
        counts.excluded,
    ];
    let rates = [&counts.completion, &counts.on_time, &counts.reporting, &counts.compliance];
    let numbers = numbers.into_iter().map(Value::whole);
    let rates = rates.into_iter().map(|rate| Value::Text(words::rate(rate)));
    std::iter::once(Value::from(name)).chain(numbers).chain(rates).collect()
}

/// The nodes of a year of a unit and everything below it, on a day, within the reach of who asks: of the same plans as the
/// figures.
struct Nodes<'a> {
    actor: &'a Actor,
    path: String,
    day: NaiveDate,
    tree: Tree,
}

/// Nodes with the names of their units, and how many more there are.
struct Listed {
    rows: Vec<Vec<Value>>,
    more: bool,
}

impl<'a> Nodes<'a> {
    fn of(conn: &mut Conn, actor: &'a Actor, unit: UnitId, day: NaiveDate) -> Result<Nodes<'a>> {
        let path = units::store::path_on(conn, unit, day)?.unwrap_or_else(|| "/-/".into());
        Ok(Nodes { actor, path, day, tree: Tree::on(conn, day)? })
    }

    fn listed(&self, conn: &mut Conn, verdict: Option<Verdict>, due: Option<(NaiveDate, NaiveDate)>) -> Result<Listed> {
        let (due_from, due_to) = (due.map(|(from, _)| from), due.map(|(_, to)| to));
        let filter = NodeFilter { path: Some(self.path.clone()), verdict, due_from, due_to, ..NodeFilter::default() };
        let reach = self.actor.reach(Action::ReadNodes);
        let year = i64::from(self.day.year());
        let mut years = Years::default();
        let mut page = PageRequest::new("time-nodes", None, None, true)?.stretch(None)?;
        let mut listed = Listed { rows: vec![], more: false };
        loop {
            let (nodes, next) = time_nodes::store::list(conn, &page, &reach, &filter, self.day)?;
            for node in nodes.iter().filter(|node| node.excluded_reason.is_none() && !node.verdict.is_done()) {
                if years.of(conn, node)? == year {
                    listed.rows.push(self.row(listed.rows.len() + 1, node));
                }
            }
            let Some(cursor) = next else { break };
            if listed.rows.len() >= LISTED {
                listed.more = true;
                break;
            }
            page = page.stretch(Some(&cursor))?;
        }
        Ok(listed)
    }

    fn row(&self, number: usize, node: &TimeNode) -> Vec<Value> {
        let unit = self.tree.get(node.unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
        vec![
            Value::whole(i64::try_from(number).unwrap_or(i64::MAX)),
            unit.into(),
            node.title.clone().into(),
            node.period.clone().into(),
            node.due_on.to_string().into(),
            node.late_after.to_string().into(),
            words::verdict(node).into(),
            Value::Blank,
        ]
    }
}

fn list(book: &mut Workbook, name: &str, titles: &[String], listed: &Listed) -> Result<()> {
    let columns = [
        Column::new("序号", 6.0),
        Column::new("党组织", 24.0),
        Column::new("任务", 42.0),
        Column::new("期间", 10.0),
        Column::new("完成时限", 12.0),
        Column::new("最迟填报", 12.0),
        Column::new("状态", 14.0),
        Column::new("备注", 20.0),
    ];
    let below = match (listed.rows.is_empty(), listed.more) {
        (true, _) => vec!["无".to_owned()],
        (_, true) => vec![format!("仅列前 {} 项，其余见系统。", listed.rows.len())],
        _ => vec![],
    };
    paper::sheet(book, name, titles, &columns, listed.rows.clone(), &below)
}
