//! Measures made a task of a plan in one call: its units owe it, its due days are theirs. What the task says stays the
//! plan's; the task names the finding as its origin.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

use super::close_out::step;
use super::measures::{self, MeasureRow};
use super::model::NewFindingTask;
use super::rules::Verb;
use super::store::{self, FindingRow};
use super::{FindingId, MEASURE_UNKNOWN, MEASURES_DIFFER, MeasureId, must_read};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::plans::model::{NewEntry, NewPart, NewTask, Origin, OriginKind, Part, Task};
use crate::plans::revisions::Consequences;
use crate::plans::{self, TaskId, add_task};
use crate::platform::db::today;
use crate::platform::text::{Text, Title};
use crate::platform::{Conn, Result};
use crate::schema::measure_tasks;
use crate::units::UnitId;

/// The words of an entry that has no day: what is to be kept up for long.
const WORDS: &str = "长期坚持";

/// Makes a task of measures: the actor rectifies the finding at each of their units, and may write the plan.
pub fn make(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: FindingId,
    input: &NewFindingTask,
) -> Result<Task> {
    let finding = store::get(conn, id)?;
    must_read(actor, &finding)?;
    measures::must_rectify_somewhere(actor, &finding)?;
    let chosen = chosen(measures::of_finding(conn, id)?, &input.measure_ids)?;
    let sites = finding.sites.iter().filter(|site| chosen.iter().any(|row| row.unit_id == site.unit_id));
    sites.into_iter().try_for_each(|site| actor.must(Action::RectifyFinding, site))?;
    actor.request.if_match.check(finding.version)?;
    let today = today(conn)?;
    step(conn, actor, &finding, Verb::MakeTask, None, today)?;
    require_alike(&chosen)?;
    let key_point = plans::store::get_key_point(conn, input.key_point_id)?;
    let origin = Origin { kind: OriginKind::Finding, id: id.0 };
    let task = add_task::make(conn, actor, nodes, &key_point, as_task(&finding, &chosen, input)?, origin)?;
    for row in &chosen {
        link(conn, row.measure_id, task.id, today)?;
    }
    store::bump(conn, id)?;
    let details =
        json!({"task_id": task.id, "measure_ids": chosen.iter().map(|row| row.measure_id).collect::<Vec<_>>()});
    audit::record(conn, actor, "finding.make_task", subject("finding", id.0), &details)?;
    Ok(task)
}

/// The named measures of a finding, or all of them.
fn chosen(all: Vec<MeasureRow>, named: &[MeasureId]) -> Result<Vec<MeasureRow>> {
    for (place, id) in named.iter().enumerate() {
        if !all.iter().any(|row| row.measure_id == *id) {
            return Err(MEASURE_UNKNOWN.at(format!("/measure_ids/{place}"), [("id", id.to_string())]).into_error());
        }
    }
    let wanted = |row: &MeasureRow| named.is_empty() || named.contains(&row.measure_id);
    Ok(all.into_iter().filter(wanted).collect())
}

/// Every unit that owes a task owes each of its entries, so measures make one task when each of their units has one by
/// each of their days.
fn require_alike(chosen: &[MeasureRow]) -> Result<()> {
    let mut days: BTreeMap<UnitId, BTreeSet<Option<NaiveDate>>> = BTreeMap::new();
    for row in chosen {
        days.entry(row.unit_id).or_default().insert(row.due_on);
    }
    let mut sets = days.values();
    let first = sets.next();
    if sets.all(|set| Some(set) == first) { Ok(()) } else { Err(MEASURES_DIFFER.at("/measure_ids", []).into_error()) }
}

fn as_task(finding: &FindingRow, chosen: &[MeasureRow], input: &NewFindingTask) -> Result<NewTask> {
    let title = match &input.title {
        Some(title) => title.clone(),
        None => Title::try_from(finding.facts.title.clone())?,
    };
    let texts: Vec<&str> = chosen.iter().map(|row| row.text.as_str()).collect();
    let units: BTreeSet<UnitId> = chosen.iter().map(|row| row.unit_id).collect();
    let parts = units.into_iter().map(|unit| part(unit, chosen)).collect::<Result<_>>()?;
    let days: BTreeSet<Option<NaiveDate>> = chosen.iter().map(|row| row.due_on).collect();
    let entries = days.into_iter().map(|day| entry(day, chosen)).collect::<Result<_>>()?;
    Ok(NewTask {
        title,
        requirement: cut(&texts.join("\n"))?,
        deliverable: None,
        evidence_required: false,
        tags: vec![],
        position: None,
        responsibilities: parts,
        entries,
        reason: input.reason.clone(),
    })
}

/// A unit's part, with who sees to its measures.
fn part(unit_id: UnitId, chosen: &[MeasureRow]) -> Result<NewPart> {
    let of_unit = chosen.iter().filter(|row| row.unit_id == unit_id);
    let persons: BTreeSet<&str> = of_unit.filter_map(|row| row.person.as_deref()).collect();
    let person = cut(&persons.into_iter().collect::<Vec<_>>().join("、"))?;
    Ok(NewPart { unit_id, part: Part::Responsible, person })
}

/// The entry of a day, titled by the measures that are due then; without a day it is not scheduled.
fn entry(due_on: Option<NaiveDate>, chosen: &[MeasureRow]) -> Result<NewEntry> {
    let due = chosen.iter().filter(|row| row.due_on == due_on);
    let texts: BTreeSet<&str> = due.map(|row| row.text.as_str()).collect();
    let words = if due_on.is_none() { cut(WORDS)? } else { None };
    Ok(NewEntry {
        id: None,
        title: cut(&texts.into_iter().collect::<Vec<_>>().join("；"))?,
        due_on,
        rrule: None,
        grace_days: None,
        times: None,
        unscheduled: due_on.is_none(),
        words,
    })
}

/// A text cut to its bound; none when it is empty.
fn cut<const MAX: usize>(text: &str) -> Result<Option<Text<MAX>>> {
    let short: String = text.chars().take(MAX).collect();
    if short.trim().is_empty() { Ok(None) } else { Ok(Some(Text::try_from(short)?)) }
}

fn link(conn: &mut Conn, measure: MeasureId, task: TaskId, today: NaiveDate) -> Result<()> {
    let values =
        (measure_tasks::measure_id.eq(measure), measure_tasks::task_id.eq(task), measure_tasks::recorded_on.eq(today));
    diesel::insert_into(measure_tasks::table).values(values).execute(conn)?;
    Ok(())
}
