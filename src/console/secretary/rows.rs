//! Nodes as the rows of a work list: when, what, one button.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::access::actor::Reach;
use crate::access::{Action, Actor};
use crate::console::Lang;
use crate::console::store::{TaskNote, task_notes};
use crate::console::terms::{self, Mark};
use crate::plans::TaskId;
use crate::platform::{Conn, PageRequest, Result};
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, TimeNode};
use crate::units::UnitId;

/// A node with what its row says.
#[derive(Debug, Clone)]
pub struct NodeRow {
    pub node: TimeNode,
    pub task: TaskNote,
    /// Title of the node, with its period.
    pub title: String,
    pub mark: Mark,
    /// Days from today to the due day in force, negative when it has passed.
    pub days_left: i64,
    /// Days by which it is late.
    pub days_late: i64,
    /// Why it is not counted.
    pub reason: Option<&'static str>,
}

impl NodeRow {
    fn new(node: TimeNode, task: TaskNote, lang: Lang, today: NaiveDate) -> NodeRow {
        let title = match &node.period {
            // Words that give each node its own title have said the period already.
            Some(period) if node.title == task.title || task.title.is_empty() => {
                format!("{} {}", node.title, lang.period(period))
            }
            _ => node.title.clone(),
        };
        NodeRow {
            title,
            mark: Mark::node(lang, &node),
            days_left: (node.due_on - today).num_days(),
            days_late: (today - node.late_after).num_days(),
            reason: node.excluded_reason.map(|reason| terms::excluded(lang, reason)),
            node,
            task,
        }
    }

    /// As it is called in a list: `2.3 主题党日 9月`.
    pub fn name(&self) -> String {
        if self.task.code.is_empty() { self.title.clone() } else { format!("{} {}", self.task.code, self.title) }
    }

    /// Whether the due day is followed by days of grace.
    pub fn has_grace(&self) -> bool {
        self.node.late_after > self.node.due_on
    }

    /// Whether it was given a later due day.
    pub fn is_extended(&self) -> bool {
        self.node.due_on != self.node.original_due_on
    }
}

/// Nodes with their tasks.
pub fn of(conn: &mut Conn, nodes: Vec<TimeNode>, lang: Lang, today: NaiveDate) -> Result<Vec<NodeRow>> {
    let mut ids: Vec<TaskId> = nodes.iter().map(|node| node.task_id).collect();
    ids.sort();
    ids.dedup();
    let tasks: HashMap<TaskId, TaskNote> = task_notes(conn, &ids)?;
    let row = |node: TimeNode| {
        let task = tasks.get(&node.task_id).cloned().unwrap_or_default();
        NodeRow::new(node, task, lang, today)
    };
    Ok(nodes.into_iter().map(row).collect())
}

/// Every node of some units that the actor may read, by due day, as they stand today.
pub fn of_units(
    conn: &mut Conn,
    actor: &Actor,
    units: &[UnitId],
    lang: Lang,
    today: NaiveDate,
) -> Result<Vec<NodeRow>> {
    for unit in units {
        actor.must(Action::ReadNodes, &crate::units::store::get(conn, *unit)?.site())?;
    }
    let whole = PageRequest::new("time-nodes", None, None, true)?;
    let reach = Reach { units: units.to_vec(), ..Reach::default() };
    let (nodes, _) = time_nodes::store::list(conn, &whole, &reach, &NodeFilter::default(), today)?;
    of(conn, nodes, lang, today)
}
