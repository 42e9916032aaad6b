//! The year sheet of one unit, as a workbook for A4: every time node that it owes in a year, where each stands, and the
//! rates above them.

use std::collections::HashMap;
use std::fs::File;

use chrono::{Datelike, NaiveDate};

use super::years::Years;
use super::{paper, words};
use crate::access::{Action, Actor};
use crate::plans::{self, KeyPointId, TaskId};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::sheet::{Column, Value, Workbook};
use crate::platform::{Conn, PageRequest, Result};
use crate::reports::actions::{Asked, compliance};
use crate::reports::model::Counts;
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, TimeNode};
use crate::units::{self, UnitId};

/// Writes the year sheet of a unit (without those below it) as it stood at the end of a day.
pub fn workbook(
    conn: &mut Conn,
    actor: &Actor,
    unit_id: UnitId,
    year: Option<i64>,
    as_of: Option<NaiveDate>,
) -> Result<File> {
    let unit = units::store::named(conn, unit_id, "unit_id")?;
    actor.must(Action::ReadNodes, &unit.site())?;
    let today = today(conn)?;
    let day = by_today(as_of, today, "as_of")?;
    let year = year.unwrap_or_else(|| i64::from(day.year()));
    let asked = Asked { year: Some(year), unit_id: Some(unit_id), as_of: Some(day), restated: false };
    let total = compliance(conn, actor, asked, None)?.total;
    let titles =
        vec![format!("{}{year}年党建工作任务年表", unit.name), format!("截至{}　{}", words::day(day), rates(&total))];
    let (mut lists, mut years) = (Lists::default(), Years::default());
    let mut rows = Vec::new();
    for node in owed_by(conn, actor, unit_id, day)? {
        if years.of(conn, &node)? == year {
            rows.push(lists.row(conn, rows.len() + 1, &node)?);
        }
    }
    let mut book = Workbook::new();
    paper::sheet(&mut book, "年表", &titles, &columns(), rows, &[paper::SIGNATURE.to_owned()])?;
    book.finish()
}

fn rates(total: &Counts) -> String {
    format!(
        "完成率 {}　按期完成率 {}　填报率 {}　标准化达标率 {}",
        words::rate(&total.completion),
        words::rate(&total.on_time),
        words::rate(&total.reporting),
        words::rate(&total.compliance)
    )
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("序号", 6.0),
        Column::new("工作要点", 22.0),
        Column::new("编号", 8.0),
        Column::new("工作任务", 38.0),
        Column::new("时间节点", 20.0),
        Column::new("完成时限", 12.0),
        Column::new("状态", 14.0),
        Column::new("完成日期", 12.0),
        Column::new("备注", 20.0),
    ]
}

/// The nodes that a unit itself owes, by due day.
fn owed_by(conn: &mut Conn, actor: &Actor, unit: UnitId, day: NaiveDate) -> Result<Vec<TimeNode>> {
    let path = units::store::path_on(conn, unit, day)?.unwrap_or_else(|| "/-/".into());
    let filter = NodeFilter { path: Some(path), ..NodeFilter::default() };
    let whole = PageRequest::new("time-nodes", None, None, true)?;
    let (mut nodes, _) = time_nodes::store::list(conn, &whole, &actor.reach(Action::ReadNodes), &filter, day)?;
    nodes.retain(|node| node.unit_id == unit);
    Ok(nodes)
}

/// What the sheet says of a task.
#[derive(Clone, Default)]
struct Named {
    key_point: String,
    code: String,
    title: String,
}

/// Key points and tasks that were looked up.
#[derive(Default)]
struct Lists {
    key_points: HashMap<KeyPointId, String>,
    tasks: HashMap<TaskId, Named>,
}

impl Lists {
    /// A task as it reads now, or as it last read.
    fn task(&mut self, conn: &mut Conn, id: TaskId) -> Result<Named> {
        if let Some(named) = self.tasks.get(&id) {
            return Ok(named.clone());
        }
        let (task, key_point) = plans::store::last_task(conn, id)?;
        let key_point = self.key_points.entry(key_point.id).or_insert(key_point.title).clone();
        let named = Named { key_point, code: task.code, title: task.title };
        self.tasks.insert(id, named.clone());
        Ok(named)
    }

    fn row(&mut self, conn: &mut Conn, number: usize, node: &TimeNode) -> Result<Vec<Value>> {
        let task = self.task(conn, node.task_id)?;
        let own_title = (node.title != task.title).then(|| node.title.clone());
        let what = [node.period.clone(), own_title].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Ok(vec![
            Value::whole(i64::try_from(number).unwrap_or(i64::MAX)),
            task.key_point.into(),
            task.code.into(),
            task.title.into(),
            if what.is_empty() { Value::Blank } else { what.into() },
            node.due_on.to_string().into(),
            words::verdict(node).into(),
            node.met_on.map(|day| day.to_string()).into(),
            remark(node).into(),
        ])
    }
}

/// Why a node is excluded, and the due day that it was born with.
fn remark(node: &TimeNode) -> Option<String> {
    let moved = (node.due_on != node.original_due_on).then(|| format!("原定{}", node.original_due_on));
    let reason = node.excluded_reason.map(|reason| words::excluded(reason).to_owned());
    let said: Vec<String> = [reason, moved].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("；"))
}
