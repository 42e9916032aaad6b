//! The ledger and the kept rows as they lie in the tables of other slices; nothing is written.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;

use super::ledger::{Held, Kept, Lived, Node, Report, Revised, Stand, Waived, Word, within};
use crate::plans::model::Part;
use crate::plans::revisions::Effects;
use crate::plans::{PlanId, PlanStatus};
use crate::platform::{Conn, Error, Result};
use crate::progress::model::{ReportKind, ReviewVerdict};
use crate::progress::rules::{Fate, ReturnKind};
use crate::schema::{
    cancellations, extensions, plan_changes, plan_facts, plan_revisions, progress_reports, responsibilities, reviews,
    schedule_entries, time_node_states, time_nodes, unit_facts, waivers,
};
use crate::time_nodes::requests::RequestState;
use crate::time_nodes::requests::waivers::WaiverKind;
use crate::time_nodes::{Excluded, Phase, Standing};

/// A day that need not have come.
type Day = Option<NaiveDate>;

/// The plans that have time nodes, by id.
pub fn plans(conn: &mut Conn) -> Result<Vec<PlanId>> {
    let ids: Vec<i64> =
        time_nodes::table.select(time_nodes::plan_id).distinct().order(time_nodes::plan_id).load(conn)?;
    Ok(ids.into_iter().map(PlanId).collect())
}

/// Where a unit stands, and the days it does.
pub struct Place {
    pub parent_id: Option<i64>,
    pub path: String,
    pub recorded_from: NaiveDate,
    recorded_to: Day,
}

impl Place {
    pub fn holds(&self, day: NaiveDate) -> bool {
        within(day, self.recorded_from, self.recorded_to)
    }
}

/// Every unit with the places it had.
pub fn places(conn: &mut Conn) -> Result<BTreeMap<i64, Vec<Place>>> {
    use unit_facts::dsl as u;
    let rows: Vec<(i64, Option<i64>, String, NaiveDate, Day)> = u::unit_facts
        .select((u::unit_id, u::parent_id, u::path, u::recorded_from, u::recorded_to))
        .order(u::id)
        .load(conn)?;
    let mut found: BTreeMap<i64, Vec<Place>> = BTreeMap::new();
    for (unit, parent_id, path, recorded_from, recorded_to) in rows {
        found.entry(unit).or_default().push(Place { parent_id, path, recorded_from, recorded_to });
    }
    Ok(found)
}

/// The nodes of a plan with all that happened to them, each with its kept rows.
pub fn ledgers(conn: &mut Conn, plan: PlanId) -> Result<Vec<(Node, Vec<Kept>)>> {
    let mut nodes = born(conn, plan)?;
    let of: HashMap<i64, usize> = nodes.iter().enumerate().map(|(at, (born, ..))| (born.id, at)).collect();
    let mut add = |id: i64, put: &mut dyn FnMut(&mut Node)| {
        if let Some((node, ..)) = of.get(&id).and_then(|at| nodes.get_mut(*at)) {
            put(node);
        }
    };
    for (id, report) in reports(conn, plan)? {
        add(id, &mut |node| node.reports.push(report.clone()));
    }
    for (id, on, due) in granted(conn, plan)? {
        add(id, &mut |node| node.extended.push((on, due)));
    }
    for (id, waived) in waived(conn, plan)? {
        add(id, &mut |node| node.waived.push(waived));
    }
    for (id, on) in cancelled(conn, plan)? {
        add(id, &mut |node| node.cancelled.push(on));
    }
    let births = revise(conn, plan, &mut nodes)?;
    settle(conn, plan, &mut nodes, &births)?;
    let mut kept = kept(conn, plan)?;
    Ok(nodes
        .into_iter()
        .map(|(node, ..)| (kept.remove(&node.id).unwrap_or_default(), node))
        .map(|(k, n)| (n, k))
        .collect())
}

/// A node as it was born, its entry and its period.
type Born = (Node, i64, String);

type BornRow = (i64, i64, i64, i64, String, NaiveDate, NaiveDate, i64, NaiveDate, i64, Day);

fn born(conn: &mut Conn, plan: PlanId) -> Result<Vec<Born>> {
    use schedule_entries::dsl as e;
    use time_nodes::dsl as n;
    let rows: Vec<BornRow> = n::time_nodes
        .inner_join(e::schedule_entries.on(e::id.eq(n::entry_id)))
        .filter(n::plan_id.eq(plan.0))
        .select((
            n::id,
            n::unit_id,
            n::task_id,
            n::entry_id,
            n::period,
            n::due_on,
            n::late_after,
            n::times,
            n::recorded_on,
            e::grace_days,
            e::ended_on,
        ))
        .order(n::id)
        .load(conn)?;
    let (held, lived) = (parts(conn, plan)?, lives(conn)?);
    rows.into_iter()
        .map(|(id, unit_id, task, entry, period, due_on, late_after, times, recorded_on, grace, entry_ended_on)| {
            let node = Node {
                id,
                unit_id,
                due_on,
                late_after,
                grace_days: u64::try_from(grace).map_err(Error::internal)?,
                times: usize::try_from(times).map_err(Error::internal)?,
                recorded_on,
                before_issue: false,
                entry_ended_on,
                closed_on: None,
                reports: vec![],
                extended: vec![],
                waived: vec![],
                cancelled: vec![],
                revised: vec![],
                held: held.get(&task).cloned().unwrap_or_default(),
                lived: lived.get(&unit_id).cloned().unwrap_or_default(),
            };
            Ok((node, entry, period))
        })
        .collect()
}

/// Who held which part of the tasks that have nodes of a plan.
fn parts(conn: &mut Conn, plan: PlanId) -> Result<HashMap<i64, Vec<Held>>> {
    use responsibilities::dsl as r;
    let tasks = time_nodes::table.filter(time_nodes::plan_id.eq(plan.0)).select(time_nodes::task_id);
    let rows: Vec<(i64, i64, Part, NaiveDate, Day)> = r::responsibilities
        .filter(r::task_id.eq_any(tasks))
        .select((r::task_id, r::unit_id, r::part, r::recorded_from, r::recorded_to))
        .load(conn)?;
    let mut found: HashMap<i64, Vec<Held>> = HashMap::new();
    for (task, unit_id, part, from, to) in rows {
        found.entry(task).or_default().push(Held { unit_id, part, from, to });
    }
    Ok(found)
}

fn lives(conn: &mut Conn) -> Result<HashMap<i64, Vec<Lived>>> {
    use unit_facts::dsl as u;
    let rows: Vec<(i64, Day, Day, NaiveDate, Day)> = u::unit_facts
        .select((u::unit_id, u::established_on, u::dissolved_on, u::recorded_from, u::recorded_to))
        .load(conn)?;
    let mut found: HashMap<i64, Vec<Lived>> = HashMap::new();
    for (unit, established_on, dissolved_on, from, to) in rows {
        found.entry(unit).or_default().push(Lived { established_on, dissolved_on, from, to });
    }
    Ok(found)
}

type ReportRow = (i64, i64, ReportKind, Option<i64>, NaiveDate, NaiveDate, Day);
type ReviewRow = Option<(ReviewVerdict, Option<ReturnKind>, NaiveDate, Day)>;

fn reports(conn: &mut Conn, plan: PlanId) -> Result<Vec<(i64, Report)>> {
    use progress_reports::dsl as p;
    use reviews::dsl as v;
    let rows: Vec<(ReportRow, ReviewRow)> = p::progress_reports
        .inner_join(time_nodes::table.on(time_nodes::id.eq(p::node_id)))
        .left_join(v::reviews.on(v::report_id.eq(p::id)))
        .filter(time_nodes::plan_id.eq(plan.0))
        .select((
            (p::node_id, p::id, p::kind, p::addition_to, p::reported_on, p::recorded_on, p::withdrawn_on),
            (v::verdict, v::return_kind, v::recorded_on, v::revoked_on).nullable(),
        ))
        .order(p::id)
        .load(conn)?;
    let made =
        rows.into_iter().map(|((node, id, kind, addition_to, reported_on, recorded_on, withdrawn_on), review)| {
            let reviewed = review.as_ref().map(|(verdict, return_kind, on, _)| {
                let ruling = match verdict {
                    ReviewVerdict::Accepted => Fate::Accepted,
                    ReviewVerdict::Returned => {
                        Fate::Returned { kind: return_kind.unwrap_or(ReturnKind::NotDone), on: *on }
                    }
                };
                (*on, ruling)
            });
            let revoked_on = review.and_then(|(.., revoked_on)| revoked_on);
            let completion = kind == ReportKind::Completion;
            (node, Report { id, completion, addition_to, reported_on, recorded_on, withdrawn_on, reviewed, revoked_on })
        });
    Ok(made.collect())
}

/// Extensions that were granted: of which node, on which day, to which.
fn granted(conn: &mut Conn, plan: PlanId) -> Result<Vec<(i64, NaiveDate, NaiveDate)>> {
    use extensions::dsl as x;
    let rows: Vec<(i64, Day, NaiveDate)> = x::extensions
        .inner_join(time_nodes::table.on(time_nodes::id.eq(x::node_id)))
        .filter(time_nodes::plan_id.eq(plan.0).and(x::state.eq(RequestState::Approved)))
        .select((x::node_id, x::decided_on, x::due_on))
        .order(x::id)
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(node, on, due)| Some((node, on?, due))).collect())
}

fn waived(conn: &mut Conn, plan: PlanId) -> Result<Vec<(i64, Waived)>> {
    use waivers::dsl as w;
    let rows: Vec<(i64, WaiverKind, Day, Day)> = w::waivers
        .inner_join(time_nodes::table.on(time_nodes::id.eq(w::node_id)))
        .filter(time_nodes::plan_id.eq(plan.0))
        .filter(w::state.eq_any([RequestState::Approved, RequestState::Withdrawn]))
        .select((w::node_id, w::kind, w::decided_on, w::withdrawn_on))
        .order(w::id)
        .load(conn)?;
    let made = rows
        .into_iter()
        .filter_map(|(node, kind, from, withdrawn_on)| Some((node, Waived { kind, from: from?, withdrawn_on })));
    Ok(made.collect())
}

fn cancelled(conn: &mut Conn, plan: PlanId) -> Result<Vec<(i64, NaiveDate)>> {
    use cancellations::dsl as c;
    let rows: Vec<(i64, Day)> = c::cancellations
        .inner_join(time_nodes::table.on(time_nodes::id.eq(c::node_id)))
        .filter(time_nodes::plan_id.eq(plan.0).and(c::state.eq(RequestState::Approved)))
        .select((c::node_id, c::decided_on))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(node, on)| Some((node, on?))).collect())
}

/// What each revision did to nodes; gives those that were born in one.
fn revise(conn: &mut Conn, plan: PlanId, nodes: &mut [Born]) -> Result<HashSet<i64>> {
    use plan_changes::dsl as c;
    use plan_revisions::dsl as r;
    let made: Vec<(i64, NaiveDate, String)> = r::plan_revisions
        .filter(r::plan_id.eq(plan.0))
        .select((r::id, r::made_on, r::effects))
        .order(r::number)
        .load(conn)?;
    let changes: Vec<(i64, i64, Option<String>)> = c::plan_changes
        .inner_join(r::plan_revisions.on(r::id.eq(c::revision_id)))
        .filter(r::plan_id.eq(plan.0).and(c::kind.eq("schedule_entry")))
        .select((c::revision_id, c::item_id, c::after))
        .order(c::id)
        .load(conn)?;
    let of: HashMap<i64, usize> = nodes.iter().enumerate().map(|(at, (node, ..))| (node.id, at)).collect();
    let (mut said, mut births) = (HashMap::<i64, Value>::new(), HashSet::new());
    for (revision, on, effects) in made {
        for (_, entry, after) in changes.iter().filter(|(of, ..)| *of == revision) {
            if let Some(after) = after {
                said.insert(*entry, serde_json::from_str(after).map_err(Error::internal)?);
            }
        }
        let effects: Effects = serde_json::from_str(&effects).map_err(Error::internal)?;
        for id in effects.created {
            let Some((node, entry, period)) = of.get(&id).and_then(|at| nodes.get_mut(*at)) else { continue };
            let is_birth = node.revised.is_empty() && node.recorded_on == on && births.insert(id);
            if !is_birth {
                let due_on = said.get(entry).and_then(|entry| due_in(entry, period)).unwrap_or(node.due_on);
                node.revised.push(Revised { on, word: Word::Counted(due_on) });
            }
        }
        for id in effects.cancelled {
            if let Some((node, ..)) = of.get(&id).and_then(|at| nodes.get_mut(*at)) {
                node.revised.push(Revised { on, word: Word::Cancelled });
            }
        }
    }
    Ok(births)
}

/// The due day that an entry, as a revision left it, has in a period.
fn due_in(entry: &Value, period: &str) -> Day {
    let nodes = entry.get("nodes")?.as_array()?;
    let of_period = |node: &&Value| node.get("period").and_then(Value::as_str).unwrap_or_default() == period;
    nodes.iter().find(of_period)?.get("due_on")?.as_str()?.parse().ok()
}

/// Which nodes were due before they were asked for, and the day on which the plan was closed.
fn settle(conn: &mut Conn, plan: PlanId, nodes: &mut [Born], births: &HashSet<i64>) -> Result<()> {
    use plan_facts::dsl as f;
    let facts: Vec<(PlanStatus, Day, NaiveDate)> = f::plan_facts
        .filter(f::plan_id.eq(plan.0))
        .select((f::status, f::issued_on, f::recorded_from))
        .order(f::recorded_from)
        .load(conn)?;
    let issued_on =
        facts.iter().find(|(status, ..)| *status != PlanStatus::Draft).and_then(|(_, issued_on, _)| *issued_on);
    let closed_on = facts.iter().find(|(status, ..)| *status == PlanStatus::Closed).map(|(.., from)| *from);
    for (node, ..) in nodes {
        let asked_on = if births.contains(&node.id) { Some(node.recorded_on) } else { issued_on };
        let usual = node.due_on.checked_add_days(chrono::Days::new(node.grace_days));
        // One that the issue takes along although it was due before has a last day of its own.
        let taken_along = usual != Some(node.late_after);
        node.before_issue = asked_on.is_some_and(|asked_on| node.due_on < asked_on) && !taken_along;
        node.closed_on = closed_on;
    }
    Ok(())
}

type StateRow = (i64, NaiveDate, NaiveDate, Phase, Option<Excluded>, Day, Day, Day, Day, bool, NaiveDate, Day);

/// The kept rows of the nodes of a plan.
fn kept(conn: &mut Conn, plan: PlanId) -> Result<HashMap<i64, Vec<Kept>>> {
    use time_node_states::dsl as s;
    let rows: Vec<StateRow> = s::time_node_states
        .inner_join(time_nodes::table.on(time_nodes::id.eq(s::node_id)))
        .filter(time_nodes::plan_id.eq(plan.0))
        .select((
            s::node_id,
            s::due_on,
            s::late_after,
            s::phase,
            s::excluded,
            s::met_on,
            s::reported_on,
            s::pending_from,
            s::first_report_on,
            s::has_report,
            s::recorded_from,
            s::recorded_to,
        ))
        .order(s::id)
        .load(conn)?;
    let mut found: HashMap<i64, Vec<Kept>> = HashMap::new();
    for (node, due_on, late_after, phase, excluded, met_on, reported_on, pending_from, first, has, from, to) in rows {
        let standing = Standing { phase, met_on, reported_on, pending_from, first_report_on: first, has_report: has };
        let stand = Stand { due_on, late_after, excluded, standing };
        found.entry(node).or_default().push(Kept { stand, recorded_from: from, recorded_to: to });
    }
    Ok(found)
}
