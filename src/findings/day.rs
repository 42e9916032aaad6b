//! Findings as they stood at the end of a day, or restated: what the ledger shows and the rectification report counts.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::FindingId;
use super::history::{self, Dated, History, MeasureRow, StateRow};
use super::model::{Finding, FindingKind, FindingState, FindingUnit, Measure};
use super::rules::{self, Life, Place, is_overdue, place, relapsed};
use super::store::FactsRow;
use crate::access::AccountId;
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::time_nodes::rules::{judge, restate};
use crate::time_nodes::{NodeFacts, Verdict};
use crate::units::UnitId;
use crate::units::store::Tree;

/// The findings of a day.
pub struct Day {
    pub as_of: NaiveDate,
    pub restated: bool,
    pub tree: Tree,
    findings: Vec<(History, Standing)>,
    relapsed: HashSet<FindingId>,
    nodes: HashMap<TaskId, Nodes>,
}

/// How a finding stood.
struct Standing {
    facts: FactsRow,
    units: Vec<UnitId>,
    state: StateRow,
    /// Its tasks, those that ended too: what was due of them by then stays owed.
    tasks: Vec<TaskId>,
}

/// The owed nodes of a task.
#[derive(Debug, Clone, Copy, Default)]
struct Nodes {
    owed: i64,
    done: i64,
}

/// A finding as the rectification report counts it.
#[derive(Debug, Clone)]
pub struct Counted {
    pub id: FindingId,
    pub year: i64,
    pub units: Vec<UnitId>,
    pub kind: FindingKind,
    pub state: FindingState,
    pub place: Place,
    /// Who brought it to its state.
    pub account_id: AccountId,
}

/// The findings recorded by the end of a day as they stood then; restated, those found by that day, by everything
/// recorded until now.
pub fn on(conn: &mut Conn, as_of: NaiveDate, restated: bool) -> Result<Day> {
    let tree = if restated { Tree::restated_on(conn, as_of)? } else { Tree::on(conn, as_of)? };
    let all = history::read(conn, None)?;
    of(conn, all, as_of, restated, tree)
}

/// One finding as it stands today; 404 when there is none.
pub fn one(conn: &mut Conn, id: FindingId, today: NaiveDate) -> Result<Finding> {
    let tree = Tree::on(conn, today)?;
    let all = history::read(conn, Some(id))?;
    let day = of(conn, all, today, false, tree)?;
    day.shown().find(|finding| finding.id == id).ok_or_else(|| crate::platform::error::NOT_FOUND.err())
}

fn of(conn: &mut Conn, all: Vec<History>, as_of: NaiveDate, restated: bool, tree: Tree) -> Result<Day> {
    let found_on = roots(&all);
    let mut findings = Vec::new();
    for history in all {
        let begun = if restated { found_on.get(&history.id).copied() } else { Some(history.recorded_on) };
        if begun.is_none_or(|begun| begun > as_of) {
            continue;
        }
        if let Some(standing) = standing(&history, as_of, restated) {
            findings.push((history, standing));
        }
    }
    let mut day = Day { as_of, restated, tree, findings, relapsed: HashSet::new(), nodes: HashMap::new() };
    day.read_nodes(conn)?;
    day.relapsed = relapsed(&day.lives());
    Ok(day)
}

/// For each finding the day on which the first of its chain was found.
fn roots(all: &[History]) -> HashMap<FindingId, NaiveDate> {
    let mut days: HashMap<FindingId, NaiveDate> = HashMap::new();
    // By id, so that each comes after the one it relapsed from.
    for history in all {
        let before = history.relapse_of.and_then(|id| days.get(&id).copied());
        days.insert(history.id, before.unwrap_or(history.source.on));
    }
    days
}

fn standing(history: &History, as_of: NaiveDate, restated: bool) -> Option<Standing> {
    let seen = |row: &dyn Dated| if restated { row.holds_now() } else { row.holds_on(as_of) };
    let now = history.states.iter().find(|row| row.holds_now())?;
    let then = history.states.iter().find(|row| row.holds_on(as_of));
    let state = if restated {
        let state = rules::restated(then.map(|row| row.state), (now.state, now.recorded_from), as_of);
        let mut row = then.filter(|row| row.state == state).unwrap_or(now).clone();
        row.state = state;
        row
    } else {
        then?.clone()
    };
    let made = history.tasks.iter().filter(|row| restated || row.recorded_from <= as_of);
    let mut tasks: Vec<TaskId> = made.map(|row| row.task_id).collect();
    tasks.dedup();
    Some(Standing {
        facts: history.facts.iter().find(|row| seen(*row))?.clone(),
        units: history.units.iter().filter(|row| seen(*row)).map(|row| row.unit_id).collect(),
        state,
        tasks,
    })
}

impl Day {
    fn read_nodes(&mut self, conn: &mut Conn) -> Result<()> {
        let mut tasks: Vec<TaskId> = self.findings.iter().flat_map(|(_, standing)| standing.tasks.clone()).collect();
        tasks.sort();
        tasks.dedup();
        for (task, unit, born_late_after, state) in history::nodes_of(conn, &tasks, self.as_of, self.restated)? {
            let Some(unit) = self.tree.get(unit) else { continue };
            // Whether a node is soon due says nothing of whether it is owed or done.
            let stored = state.facts(born_late_after, (unit.established_on, unit.dissolved_on), 0);
            let facts = if self.restated { restate(&stored, self.as_of) } else { stored };
            self.nodes.entry(task).or_default().add(&facts, self.as_of);
        }
        Ok(())
    }

    fn nodes(&self, standing: &Standing) -> Nodes {
        let of_tasks = standing.tasks.iter().filter_map(|task| self.nodes.get(task));
        of_tasks.fold(Nodes::default(), |sum, one| Nodes { owed: sum.owed + one.owed, done: sum.done + one.done })
    }

    fn life(&self, (history, standing): &(History, Standing)) -> Life {
        let Nodes { owed, done } = self.nodes(standing);
        Life {
            id: history.id,
            relapse_of: history.relapse_of,
            kind: standing.facts.kind,
            state: standing.state.state,
            tasks_done: owed == done,
        }
    }

    fn lives(&self) -> Vec<Life> {
        self.findings.iter().map(|finding| self.life(finding)).collect()
    }

    /// Every finding as the rate counts it, by id.
    pub fn counted(&self) -> impl Iterator<Item = Counted> + '_ {
        self.findings.iter().map(|finding| Counted {
            id: finding.0.id,
            year: finding.0.year,
            units: finding.1.units.clone(),
            kind: finding.1.facts.kind,
            state: finding.1.state.state,
            place: place(&self.life(finding), &self.relapsed),
            account_id: finding.1.state.account_id,
        })
    }

    /// Every finding as it is shown, by id.
    pub fn shown(&self) -> impl Iterator<Item = Finding> + '_ {
        self.findings.iter().map(|finding| self.show(finding))
    }

    fn show(&self, finding: &(History, Standing)) -> Finding {
        let (history, standing) = finding;
        let state = &standing.state;
        let nodes = self.nodes(standing);
        let closed = state.state == FindingState::Closed;
        let relapse = self.findings.iter().find(|(other, standing)| {
            other.relapse_of == Some(history.id) && standing.state.state != FindingState::Dismissed
        });
        let said = history.applications.iter().rfind(|(on, _)| *on <= self.as_of);
        let mut units: Vec<_> = standing.units.iter().filter_map(|id| self.tree.get(*id)).collect();
        units.sort_by(|a, b| a.path.cmp(&b.path));
        Finding {
            id: history.id,
            year: history.year,
            title: standing.facts.title.clone(),
            problem: standing.facts.problem.clone(),
            root_cause: standing.facts.root_cause.clone(),
            kind: standing.facts.kind,
            source: history.source.clone(),
            units: units.iter().map(|unit| FindingUnit { unit_id: unit.unit_id, name: unit.name.clone() }).collect(),
            state: state.state,
            state_since: state.recorded_from,
            state_reason: state.reason.clone(),
            closed_on: closed.then_some(state.recorded_from),
            counts_as_closed: place(&self.life(finding), &self.relapsed) == Place::Numerator,
            relapse_of: history.relapse_of,
            relapsed_as: relapse.map(|(other, _)| other.id),
            measures: self.measures(history, standing),
            task_ids: history.tasks.iter().filter(|row| row.holds_on(self.as_of)).map(|row| row.task_id).collect(),
            nodes_owed: nodes.owed,
            nodes_done: nodes.done,
            progress: said.map(|(_, text)| text.clone()),
            raised_by: history.raised_by,
            recorded_on: history.recorded_on,
            version: history.version,
        }
    }

    fn measures(&self, history: &History, standing: &Standing) -> Vec<Measure> {
        let seen = history.measures.iter().filter(|(row, _)| row.holds_on(self.as_of));
        let measure = |(row, version): &(MeasureRow, i64)| Measure {
            id: row.measure_id,
            finding_id: history.id,
            text: row.text.clone(),
            unit_id: row.unit_id,
            leader: row.leader.clone(),
            person: row.person.clone(),
            due_on: row.due_on,
            overdue: is_overdue(standing.state.state, row.due_on, self.as_of),
            task_ids: history
                .links
                .iter()
                .filter(|(id, _, on)| *id == row.measure_id && *on <= self.as_of)
                .map(|(_, task, _)| *task)
                .collect(),
            version: *version,
        };
        seen.map(measure).collect()
    }
}

impl Nodes {
    fn add(&mut self, facts: &NodeFacts, as_of: NaiveDate) {
        let verdict = judge(facts, as_of).verdict;
        if verdict != Verdict::Excluded && facts.due_on <= as_of {
            self.owed += 1;
            self.done += i64::from(verdict.is_done());
        }
    }
}
