//! What a row of a task list does, with the ordinary actions of plans.

use std::collections::HashMap;

use super::TaskAct;
use super::deadline;
use super::parts;
use crate::exchange::cells::RowReader;
use crate::exchange::compare::{Writing, key_of};
use crate::plans::model::{NewEntry, NewKeyPoint, NewPart, NewResponsibility, NewSchedule, Plan, Responsibility};
use crate::plans::readings::ReadDeadline;
use crate::plans::store::{self, EntryRow};
use crate::plans::{KeyPointId, ResponsibilityId, add_task, lists, schedules};
use crate::platform::text::Text;
use crate::platform::{Conn, Fault, Result};

/// Which responsibilities go and which parts come; nothing when they are the same. A part whose column the sheet does
/// not have stays.
pub fn parts_differ(
    row: &RowReader<'_>,
    held: &[Responsibility],
    wanted: &[NewPart],
) -> Option<(Vec<ResponsibilityId>, Vec<NewPart>)> {
    let says = |held: &Responsibility, wanted: &NewPart| {
        held.unit_id == wanted.unit_id
            && held.part == wanted.part
            && (held.person.as_deref() == wanted.person.as_ref().map(Text::as_str)
                || (wanted.person.is_none() && !row.has("person")))
    };
    let has_column =
        |held: &Responsibility| parts::CELLS.iter().any(|(field, part, _)| *part == held.part && row.has(field));
    let gone = held.iter().filter(|held| {
        let replaced = wanted.iter().any(|new| new.unit_id == held.unit_id && new.part == held.part);
        (has_column(held) || replaced) && !wanted.iter().any(|new| says(held, new))
    });
    let gone: Vec<ResponsibilityId> = gone.map(|held| held.id).collect();
    let new: Vec<NewPart> = wanted.iter().filter(|new| !held.iter().any(|held| says(held, new))).cloned().collect();
    (!gone.is_empty() || !new.is_empty()).then_some((gone, new))
}

/// The entries to be written; nothing when they come to those that stand. A line that stands keeps its entry, one that
/// says the same in other words too; of those left a single day moves the entry of a single day.
pub fn entries_differ(
    standing: &[EntryRow],
    lines: &[String],
    read: Vec<(NewEntry, ReadDeadline)>,
) -> Result<Option<Vec<NewEntry>>, Fault> {
    let mut free: Vec<usize> = (0..standing.len()).collect();
    let mut found: Vec<Option<usize>> = vec![];
    for (entry, how) in &read {
        let same = |place: &usize| {
            standing.get(*place).is_some_and(|was| deadline::says_the_same(was, entry, how))
                || lines
                    .get(*place)
                    .is_some_and(|line| deadline::entry_of(line).ok().is_some_and(|of| alike(&of, entry)))
        };
        let place = free.iter().position(same).map(|at| free.remove(at));
        found.push(place);
    }
    if free.is_empty() && found.iter().enumerate().all(|(at, place)| *place == Some(at)) {
        return Ok(None);
    }
    let dated = |place: &usize| standing.get(*place).is_some_and(|was| was.words.is_none() && was.rrule.is_none());
    let mut entries = vec![];
    for ((entry, _), place) in read.into_iter().zip(found) {
        entries.push(match place.and_then(|place| standing.get(place)) {
            Some(was) => deadline::kept(was)?,
            None => {
                let moved = free.iter().position(dated).filter(|_| entry.due_on.is_some()).map(|at| free.remove(at));
                NewEntry { id: moved.and_then(|place| standing.get(place)).map(|was| was.id), ..entry }
            }
        });
    }
    Ok(Some(entries))
}

fn alike(one: &NewEntry, other: &NewEntry) -> bool {
    let said = |entry: &NewEntry| serde_json::to_string(entry).unwrap_or_default();
    said(one) == said(other)
}

/// Does what a row says.
pub fn apply(
    conn: &mut Conn,
    writing: &Writing<'_>,
    plan: &Plan,
    key_points: &mut HashMap<String, KeyPointId>,
    act: &TaskAct,
) -> Result<()> {
    let reason = writing.reason.cloned();
    match act {
        TaskAct::Add { key_point, new, .. } => {
            let key = key_of(&[key_point.as_str()]);
            let id = match key_points.get(&key) {
                Some(id) => *id,
                None => {
                    let input = NewKeyPoint { title: key_point.clone(), position: None, reason: reason.clone() };
                    let made = lists::add_key_point(conn, writing.actor, writing.nodes, plan.id, input)?;
                    key_points.insert(key, made.id);
                    made.id
                }
            };
            let mut new = (**new).clone();
            new.reason = reason;
            add_task::add(conn, writing.actor, writing.nodes, id, new)?;
        }
        TaskAct::Change { id, change } => {
            if let Some(patch) = &change.patch {
                let mut patch = patch.clone();
                patch.reason.clone_from(&reason);
                let actor = writing.of_version(store::get_task(conn, *id)?.version);
                lists::change_task(conn, &actor, writing.nodes, *id, patch)?;
            }
            if let Some((gone, new)) = &change.parts {
                for held in gone {
                    let actor = writing.of_version(store::get_responsibility(conn, *held)?.version);
                    lists::remove_responsibility(conn, &actor, writing.nodes, *held, writing.reason)?;
                }
                for part in new {
                    let input = NewResponsibility {
                        unit_id: part.unit_id,
                        part: part.part,
                        person: part.person.clone(),
                        reason: reason.clone(),
                    };
                    lists::add_responsibility(conn, writing.actor, writing.nodes, *id, input)?;
                }
            }
            if let Some(entries) = &change.entries {
                let input = NewSchedule { entries: entries.clone(), reason };
                schedules::put_schedule(conn, writing.actor, writing.nodes, *id, &input)?;
            }
        }
        TaskAct::Remove(id) => {
            let actor = writing.of_version(store::get_task(conn, *id)?.version);
            lists::remove_task(conn, &actor, writing.nodes, *id, writing.reason)?;
        }
    }
    Ok(())
}
