//! What is called upon: a thing of each kind of some units, read from the tables.

use std::collections::BTreeMap;

use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};

use crate::support::TestApp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: i64,
    pub kind: String,
    pub path: String,
}

#[derive(Debug, Clone)]
pub struct Thing {
    pub id: i64,
    /// The unit it belongs to.
    pub unit: Unit,
    /// Units that the issued plan or the meeting it belongs to names, or the unit that spoke.
    pub named: Vec<i64>,
    /// Units that the minutes were sent to.
    pub sent: Vec<i64>,
}

/// By kind, as the collections are named.
pub type Things = BTreeMap<&'static str, Vec<Thing>>;

#[derive(diesel::QueryableByName)]
struct UnitRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    path: String,
}

/// A thing, the unit it belongs to, and the plan or meeting it is of.
#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    unit: i64,
    #[diesel(sql_type = BigInt)]
    whole: i64,
}

const OF_PLANS: &str = "JOIN key_points k ON k.id = t.key_point_id JOIN plans p ON p.id = k.plan_id";

fn queries() -> Vec<(&'static str, String)> {
    let of_node = |table: &str| {
        format!(
            "SELECT r.id, n.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM {table} r JOIN time_nodes n ON n.id = r.node_id"
        )
    };
    let of_meeting = |table: &str| {
        format!("SELECT r.id, m.unit_id AS unit, m.id AS whole FROM {table} r JOIN meetings m ON m.id = r.meeting_id")
    };
    let alone = "(SELECT finding_id, MIN(unit_id) AS unit_id FROM finding_units WHERE recorded_to IS NULL
        GROUP BY finding_id HAVING COUNT(*) = 1) u";
    vec![
        ("units", "SELECT id, id AS unit, CAST(0 AS BIGINT) AS whole FROM units".into()),
        ("plans", "SELECT id, unit_id AS unit, id AS whole FROM plans".into()),
        (
            "key-points",
            "SELECT k.id, p.unit_id AS unit, p.id AS whole FROM key_points k JOIN plans p ON p.id = k.plan_id
             JOIN key_point_facts f ON f.key_point_id = k.id AND f.recorded_to IS NULL"
                .into(),
        ),
        (
            "tasks",
            format!(
                "SELECT t.id, p.unit_id AS unit, p.id AS whole FROM tasks t {OF_PLANS}
                 JOIN task_facts f ON f.task_id = t.id AND f.recorded_to IS NULL"
            ),
        ),
        (
            "responsibilities",
            format!(
                "SELECT r.id, p.unit_id AS unit, p.id AS whole FROM responsibilities r
                 JOIN tasks t ON t.id = r.task_id {OF_PLANS} WHERE r.recorded_to IS NULL"
            ),
        ),
        ("time-nodes", "SELECT id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM time_nodes".into()),
        ("progress-reports", of_node("progress_reports")),
        ("drafts", of_node("report_drafts")),
        ("extensions", of_node("extensions")),
        ("waivers", of_node("waivers")),
        ("cancellations", of_node("cancellations")),
        (
            "comments",
            "SELECT r.id, n.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM comments r
             JOIN time_nodes n ON n.id = r.subject_id WHERE r.subject = 'time_node'"
                .into(),
        ),
        (
            "standard-sets",
            "SELECT id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM standard_sets WHERE status = 'published'".into(),
        ),
        (
            "clauses",
            "SELECT c.id, s.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM clauses c
             JOIN standard_sets s ON s.id = c.set_id WHERE s.status = 'published'"
                .into(),
        ),
        (
            "clause-tasks",
            "SELECT l.id, s.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM clause_tasks l JOIN clauses c ON c.id = l.clause_id
             JOIN standard_sets s ON s.id = c.set_id WHERE s.status = 'published' AND l.recorded_to IS NULL"
                .into(),
        ),
        ("assessments", "SELECT id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM assessments".into()),
        ("meetings", "SELECT id, unit_id AS unit, id AS whole FROM meetings".into()),
        ("agenda-items", of_meeting("agenda_items")),
        ("decisions", of_meeting("decisions")),
        ("opinions", of_meeting("opinions")),
        (
            "findings",
            format!("SELECT f.id, u.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM findings f JOIN {alone} ON u.finding_id = f.id"),
        ),
        (
            "measures",
            format!(
                "SELECT m.id, u.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM measures m
                 JOIN measure_facts f ON f.measure_id = m.id AND f.recorded_to IS NULL
                 JOIN {alone} ON u.finding_id = m.finding_id"
            ),
        ),
        ("bulletins", "SELECT id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM bulletins WHERE state = 'released'".into()),
        ("layouts", "SELECT id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM layouts".into()),
        ("urges", of_node("urges")),
    ]
}

const PLAN_NAMES: &str =
    "SELECT DISTINCT k.plan_id AS id, r.unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM responsibilities r
    JOIN tasks t ON t.id = r.task_id JOIN key_points k ON k.id = t.key_point_id
    JOIN plan_facts f ON f.plan_id = k.plan_id AND f.recorded_to IS NULL
    WHERE r.recorded_to IS NULL AND f.status <> 'draft'";
const MEETING_NAMES: &str = "SELECT meeting_id AS id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM meeting_receipts
    UNION SELECT meeting_id, unit_id, CAST(0 AS BIGINT) FROM attendances WHERE recorded_to IS NULL AND unit_id IS NOT NULL";
const MINUTES_SENT: &str = "SELECT meeting_id AS id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM meeting_receipts
    WHERE kind = 'minutes'";

/// Everything, as it stands in the tables now.
pub async fn all(app: &TestApp) -> Things {
    let read = app.app.db.read(|conn| {
        let units: BTreeMap<i64, Unit> =
            diesel::sql_query("SELECT unit_id AS id, kind, path FROM unit_facts WHERE recorded_to IS NULL")
                .load::<UnitRow>(conn)?
                .into_iter()
                .map(|row| (row.id, Unit { id: row.id, kind: row.kind, path: row.path }))
                .collect();
        let mut grouped = |query: &str| -> duban::platform::Result<BTreeMap<i64, Vec<i64>>> {
            let mut named = BTreeMap::<i64, Vec<i64>>::new();
            for row in diesel::sql_query(query).load::<Row>(conn)? {
                named.entry(row.id).or_default().push(row.unit);
            }
            Ok(named)
        };
        let (by_plan, by_meeting, sent) = (grouped(PLAN_NAMES)?, grouped(MEETING_NAMES)?, grouped(MINUTES_SENT)?);
        let speakers = grouped("SELECT id, unit_id AS unit, CAST(0 AS BIGINT) AS whole FROM opinions")?;
        let mut things = Things::new();
        for (kind, query) in queries() {
            let of_plan = ["plans", "key-points", "tasks", "responsibilities"].contains(&kind);
            let rows = diesel::sql_query(format!("{query} ORDER BY 1")).load::<Row>(conn)?;
            let listed = rows.into_iter().map(|row| {
                let names = match kind {
                    "opinions" => speakers.get(&row.id),
                    _ if of_plan => by_plan.get(&row.whole),
                    _ => by_meeting.get(&row.whole),
                };
                Thing {
                    id: row.id,
                    unit: units[&row.unit].clone(),
                    named: names.cloned().unwrap_or_default(),
                    sent: sent.get(&row.whole).cloned().unwrap_or_default(),
                }
            });
            things.insert(kind, listed.collect());
        }
        Ok(things)
    });
    read.await.unwrap()
}

/// The collection that the id of an address is of.
pub fn kind_of(path: &str) -> Option<&str> {
    let first = path.trim_start_matches('/').split('/').next()?;
    (path.contains("/{id}") || path.contains("/{a}")).then_some(first)
}

/// One of each of some units: the first branch, the second, the department, the committee, and a group.
pub fn samples(things: &Things, kind: &str) -> Vec<Thing> {
    let of_kind = || things.get(kind).into_iter().flatten();
    let mut chosen: Vec<Thing> = vec![];
    // Of the units that the cast is about; where none of them has any, of another branch.
    let any = !of_kind().any(|thing| thing.unit.id <= 4);
    for thing in of_kind() {
        if (thing.unit.id <= 4 || any && chosen.is_empty()) && !chosen.iter().any(|other| other.unit == thing.unit) {
            chosen.push(thing.clone());
        }
    }
    chosen
}
