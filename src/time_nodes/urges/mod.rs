//! Urges 催办: a post above reminds a unit of what it owes. At most one a node and day; it changes no verdict, and is
//! shown in the node's history.

pub mod http;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rules::{Judged, Verdict, judge};
use super::{NODE_UNKNOWN, NodeId, UrgeId, store};
use crate::access::actor::Reach;
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, Subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{time_nodes, unit_facts, urges};
use crate::units::UnitId;
use crate::units::store::{path_end, within};
use crate::word_enum;

/// An urge 催办.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = urges)]
pub struct Urge {
    pub id: UrgeId,
    pub node_id: NodeId,
    pub note: Option<String>,
    pub urged_by: AccountId,
    pub urged_on: NaiveDate,
}

/// Whom to urge.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"time_node_ids": [101, 102], "note": "请于本周五前填报"}))]
pub struct NewUrge {
    /// The nodes, 1 to 500.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub time_node_ids: Vec<NodeId>,
    /// A line that goes with it.
    #[serde(default)]
    pub note: Option<Text<500>>,
}

word_enum! {
    /// Why a node was not urged.
    UrgeSkipped {
        AlreadyUrged = "already_urged",
        Excluded = "excluded",
        NotDue = "not_due",
        Reported = "reported",
        Done = "done",
    }
}

/// What became of one named node.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgeOutcome {
    pub time_node_id: NodeId,
    /// The urge that was recorded; null when the node was skipped.
    pub urge_id: Option<UrgeId>,
    /// Why it was skipped; null when it was urged.
    pub skipped: Option<UrgeSkipped>,
}

/// What became of each named node, in the order they were named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Urged {
    /// How many were urged.
    pub urged: i64,
    /// How many were skipped.
    pub skipped: i64,
    pub items: Vec<UrgeOutcome>,
}

/// Why a node is not urged, from its verdict of the day. One that was returned is urged however early.
fn why_not(judged: &Judged) -> Option<UrgeSkipped> {
    match judged.verdict {
        Verdict::Excluded => Some(UrgeSkipped::Excluded),
        Verdict::DoneOnTime | Verdict::DoneLate => Some(UrgeSkipped::Done),
        Verdict::PendingReview => Some(UrgeSkipped::Reported),
        Verdict::NotDue if !judged.returned => Some(UrgeSkipped::NotDue),
        Verdict::NotDue | Verdict::Overdue | Verdict::Due | Verdict::DueSoon => None,
    }
}

/// Urges the named nodes. One that doesn't exist or is out of reach refuses the whole call; one that needs no urging
/// is skipped with the reason.
pub fn urge(conn: &mut Conn, actor: &Actor, input: &NewUrge) -> Result<Urged> {
    if actor.reach(Action::Urge) == Reach::default() {
        return Err(FORBIDDEN.err());
    }
    let mut nodes = Vec::new();
    for (place, id) in input.time_node_ids.iter().enumerate() {
        let node = named(conn, *id, &format!("/time_node_ids/{place}"))?;
        actor.must(Action::Urge, &node.site)?;
        nodes.push(node);
    }
    let (today, account) = (today(conn)?, actor.account()?);
    let mut items = Vec::new();
    for node in nodes {
        let id = node.birth.id;
        let skipped = match why_not(&judge(&node.facts, today)) {
            None if is_urged(conn, id, today)? => Some(UrgeSkipped::AlreadyUrged),
            reason => reason,
        };
        let urge_id = match skipped {
            None => Some(insert(conn, id, input.note.as_ref().map(Text::as_str), account, today)?),
            Some(_) => None,
        };
        items.push(UrgeOutcome { time_node_id: id, urge_id, skipped });
    }
    let urged = items.iter().filter(|item| item.urge_id.is_some()).count() as i64;
    let outcome = Urged { urged, skipped: items.len() as i64 - urged, items };
    audit::record(conn, actor, "urge.create", Subject { kind: "urge", id: None }, &outcome)?;
    Ok(outcome)
}

/// A node named in an input; 422 at its place when there is none.
fn named(conn: &mut Conn, id: NodeId, pointer: &str) -> Result<store::Node> {
    let exists = time_nodes::table.filter(time_nodes::id.eq(id.0));
    if !diesel::select(diesel::dsl::exists(exists)).get_result::<bool>(conn)? {
        return Err(NODE_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error());
    }
    store::get(conn, id)
}

fn is_urged(conn: &mut Conn, id: NodeId, on: NaiveDate) -> Result<bool> {
    let same = urges::table.filter(urges::node_id.eq(id.0).and(urges::urged_on.eq(on)));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}

fn insert(conn: &mut Conn, id: NodeId, note: Option<&str>, by: AccountId, on: NaiveDate) -> Result<UrgeId> {
    let values = (urges::node_id.eq(id), urges::note.eq(note), urges::urged_by.eq(by), urges::urged_on.eq(on));
    Ok(diesel::insert_into(urges::table).values(values).returning(urges::id).get_result::<i64>(conn).map(UrgeId)?)
}

/// The urges of a node, oldest first.
pub fn of_node(conn: &mut Conn, node_id: NodeId) -> Result<Vec<Urge>> {
    let all = urges::table.filter(urges::node_id.eq(node_id.0));
    Ok(all.select(Urge::as_select()).order(urges::id).load(conn)?)
}

/// Nodes asked about in one query: within SQLite's limit of bound values.
const BATCH: usize = 500;

/// The last day by `day` on which each of these nodes was urged.
pub fn last_urged(conn: &mut Conn, nodes: &[NodeId], day: NaiveDate) -> Result<HashMap<NodeId, NaiveDate>> {
    let mut last = HashMap::new();
    for batch in nodes.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
        let rows: Vec<(NodeId, NaiveDate)> = urges::table
            .filter(urges::node_id.eq_any(ids).and(urges::urged_on.le(day)))
            .select((urges::node_id, urges::urged_on))
            .order(urges::urged_on)
            .load(conn)?;
        last.extend(rows);
    }
    Ok(last)
}

/// Which urges to list.
#[derive(Debug, Clone, Default)]
pub struct UrgeFilter {
    pub node_id: Option<NodeId>,
    /// Path of the unit (now) whose nodes, with those of everything below it, are wanted.
    pub path: Option<String>,
}

/// Urges of nodes in reach, by id.
pub fn list(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    filter: &UrgeFilter,
) -> Result<(Vec<Urge>, Option<String>)> {
    let mut query = urges::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(urges::node_id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(time_nodes::unit_id)))
        .filter(unit_facts::recorded_to.is_null())
        .filter(within("time_nodes.unit_id", reach))
        .select(Urge::as_select())
        .order(urges::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(urges::id.gt(after));
    }
    if let Some(node) = filter.node_id {
        query = query.filter(urges::node_id.eq(node.0));
    }
    if let Some(path) = &filter.path {
        query = query.filter(unit_facts::path.ge(path.clone()).and(unit_facts::path.lt(path_end(path))));
    }
    let mut rows: Vec<Urge> = query.load(conn)?;
    let next = page.cut(&mut rows, |urge| vec![urge.id.to_string()]);
    Ok((rows, next))
}

/// What a list was asked for, with what it names checked: it exists and is within reach.
fn settle(conn: &mut Conn, actor: &Actor, time_node_id: Option<NodeId>, unit_id: Option<UnitId>) -> Result<UrgeFilter> {
    if let Some(id) = time_node_id {
        let node = named(conn, id, "time_node_id")?;
        actor.must(Action::ReadNodes, &node.site)?;
    }
    let Some(id) = unit_id else { return Ok(UrgeFilter { node_id: time_node_id, path: None }) };
    let site = crate::units::store::named(conn, id, "unit_id")?.site();
    actor.must(Action::ReadNodes, &site)?;
    Ok(UrgeFilter { node_id: time_node_id, path: Some(site.path) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_nodes::Light;

    #[test]
    fn only_what_waits_for_its_report_is_urged() {
        use UrgeSkipped as S;
        use Verdict as V;
        let cases = [
            (V::Excluded, false, Some(S::Excluded)),
            (V::DoneOnTime, false, Some(S::Done)),
            (V::DoneLate, false, Some(S::Done)),
            (V::PendingReview, false, Some(S::Reported)),
            (V::Overdue, false, None),
            (V::Due, false, None),
            (V::DueSoon, false, None),
            (V::NotDue, false, Some(S::NotDue)),
            (V::NotDue, true, None),
            (V::Overdue, true, None),
        ];
        for (verdict, returned, expected) in cases {
            let judged = Judged {
                verdict,
                reason: None,
                reported_late: false,
                returned,
                on_time_originally: false,
                light: Light::Grey,
            };
            assert_eq!(why_not(&judged), expected, "{verdict:?} {returned}");
        }
    }
}
