//! Who must be urged: the nodes that wait for their report and are late, near, or returned, by unit.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::MAX_IDS;
use super::adjustments::{Adjustment, of_nodes};
use super::{NARROW, REPORT_VERSION};
use crate::access::{Action, Actor};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::{Conn, PageRequest, Result};
use crate::time_nodes::rules::worst;
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, Light, NodeId, TimeNode, Verdict, urges};
use crate::units::store::Tree;
use crate::units::{self, UnitId};

/// A node to be urged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentNode {
    pub id: NodeId,
    pub title: String,
    /// The due day in force.
    pub due_on: NaiveDate,
    /// The last day that is on time.
    pub late_after: NaiveDate,
    /// Days left until `late_after`: 0 on the last one, negative when late.
    pub days_left: i64,
    pub verdict: Verdict,
    pub light: Light,
    /// Returned and not reported again.
    pub returned: bool,
    /// When it was last urged; null when it never was.
    pub last_urged_on: Option<NaiveDate>,
    /// The extensions granted, and what was asked for and not decided yet.
    pub adjustments: Vec<Adjustment>,
}

/// A unit to be urged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentUnit {
    pub unit_id: UnitId,
    /// Name on the day.
    pub name: String,
    /// The worst light of its nodes.
    pub light: Light,
    /// Its nodes, by due day.
    pub nodes: Vec<UrgentNode>,
}

/// How many nodes must be urged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct UrgeCounts {
    /// The sum of the four below it.
    pub of: i64,
    pub overdue: i64,
    pub due: i64,
    pub due_soon: i64,
    /// Not due yet, and returned.
    pub not_due: i64,
    /// Of all, how many were returned and not reported again.
    pub returned: i64,
}

/// Who must be urged, as of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgeList {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The unit asked for; null for all in reach.
    pub unit_id: Option<UnitId>,
    /// It shows what was recorded by the end of this day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change for the reach one has today.
    #[serde(rename = "final")]
    pub is_final: bool,
    pub total: UrgeCounts,
    /// Counts and a line a unit, to be pasted into a chat; no names of persons.
    pub text: String,
    /// The units in their own order.
    pub units: Vec<UrgentUnit>,
}

/// The verdicts that a node to be urged may have; the last one only when it was returned.
const URGENT: [Verdict; 4] = [Verdict::Overdue, Verdict::Due, Verdict::DueSoon, Verdict::NotDue];

/// Who must be urged, of the nodes in reach.
pub fn urge_list(
    conn: &mut Conn,
    actor: &Actor,
    unit_id: Option<UnitId>,
    as_of: Option<NaiveDate>,
) -> Result<UrgeList> {
    actor.must_anywhere(Action::ReadCounts)?;
    let today = today(conn)?;
    let as_of = by_today(as_of, today, "as_of")?;
    let mut path = None;
    if let Some(id) = unit_id {
        actor.must(Action::ReadNodes, &units::store::named(conn, id, "unit_id")?.site())?;
        // A unit that did not exist yet has no path, and nothing lies below it.
        path = Some(units::store::path_on(conn, id, as_of)?.unwrap_or_else(|| "/-/".into()));
    }
    let nodes = waiting(conn, actor, path, as_of)?;
    if nodes.len() > MAX_IDS {
        return Err(NARROW.with([("limit", MAX_IDS.to_string())]));
    }
    let ids: Vec<NodeId> = nodes.iter().map(|node| node.id).collect();
    let last_urged = urges::last_urged(conn, &ids, as_of)?;
    let owed: Vec<_> = nodes.iter().map(|node| (node.id, node.unit_id)).collect();
    let mut adjusted = of_nodes(conn, &owed, as_of)?;
    let total = counted(nodes.iter().map(|node| (node.verdict, node.returned)));
    let mut of: HashMap<UnitId, Vec<UrgentNode>> = HashMap::new();
    for node in nodes {
        let last_urged_on = last_urged.get(&node.id).copied();
        let adjustments = adjusted.remove(&node.id).unwrap_or_default();
        of.entry(node.unit_id).or_default().push(urgent(node, last_urged_on, adjustments, as_of));
    }
    let tree = Tree::on(conn, as_of)?;
    let mut units = Vec::new();
    for id in tree.in_order() {
        let (Some(unit), Some(mut nodes)) = (tree.get(id), of.remove(&id)) else { continue };
        nodes.sort_by_key(|node| (node.due_on, node.id));
        let light = worst(nodes.iter().map(|node| node.light));
        units.push(UrgentUnit { unit_id: id, name: unit.name.clone(), light, nodes });
    }
    let text = text(as_of, total, &units);
    Ok(UrgeList { report_version: REPORT_VERSION, unit_id, as_of, is_final: as_of < today, total, text, units })
}

/// The nodes in reach that wait for their report and must be urged.
fn waiting(conn: &mut Conn, actor: &Actor, path: Option<String>, as_of: NaiveDate) -> Result<Vec<TimeNode>> {
    let (reach, whole) = (actor.reach(Action::ReadNodes), PageRequest::new("urge-list", None, None, true)?);
    let mut found = Vec::new();
    for verdict in URGENT {
        let wanted = NodeFilter { path: path.clone(), verdict: Some(verdict), ..NodeFilter::default() };
        let (nodes, _) = time_nodes::store::list(conn, &whole, &reach, &wanted, as_of)?;
        found.extend(nodes.into_iter().filter(|node| verdict != Verdict::NotDue || node.returned));
    }
    Ok(found)
}

fn urgent(
    node: TimeNode,
    last_urged_on: Option<NaiveDate>,
    mut adjustments: Vec<Adjustment>,
    as_of: NaiveDate,
) -> UrgentNode {
    for one in &mut adjustments {
        one.title.clone_from(&node.title);
    }
    UrgentNode {
        id: node.id,
        title: node.title,
        due_on: node.due_on,
        late_after: node.late_after,
        days_left: (node.late_after - as_of).num_days(),
        verdict: node.verdict,
        light: node.light,
        returned: node.returned,
        last_urged_on,
        adjustments,
    }
}

fn counted(nodes: impl Iterator<Item = (Verdict, bool)>) -> UrgeCounts {
    let mut counts = UrgeCounts::default();
    for (verdict, returned) in nodes {
        let count = match verdict {
            Verdict::Overdue => &mut counts.overdue,
            Verdict::Due => &mut counts.due,
            Verdict::DueSoon => &mut counts.due_soon,
            _ => &mut counts.not_due,
        };
        *count += 1;
        counts.of += 1;
        counts.returned += i64::from(returned);
    }
    counts
}

/// `逾期1个、到期2个；其中被退回1个`, without what is none.
fn words(counts: UrgeCounts) -> String {
    let parts =
        [("逾期", counts.overdue), ("到期", counts.due), ("临近到期", counts.due_soon), ("未到期", counts.not_due)];
    let parts: Vec<_> =
        parts.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word}{count}个")).collect();
    let returned =
        if counts.returned > 0 { format!("；其中被退回{}个", counts.returned) } else { String::new() };
    format!("{}{returned}", parts.join("、"))
}

/// The list as a text to be pasted into a chat.
fn text(as_of: NaiveDate, total: UrgeCounts, units: &[UrgentUnit]) -> String {
    if total.of == 0 {
        return format!("截至{as_of}，没有需要催办的时间节点。");
    }
    let mut lines = vec![format!("截至{as_of}，需催办时间节点{}个：{}。", total.of, words(total))];
    for unit in units {
        let counts = counted(unit.nodes.iter().map(|node| (node.verdict, node.returned)));
        let name = unit.name.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(format!("{name}：{}", words(counts)));
    }
    lines.join("\n")
}
