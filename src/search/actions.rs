//! Searching, kind by kind.

use super::model::{Found, FoundKind};
use super::rules::snippet;
use super::store::{self, Wanted};
use crate::access::{Action, Actor};
use crate::bulletins::actions::WORKING;
use crate::meetings;
use crate::plans::{self, PlanId};
use crate::platform::{Conn, Error, PageRequest, Result};

/// What holds all the words, by kind and then newest first. The page's cursor is a kind and an id.
pub fn search(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    words: &[String],
    kind: Option<FoundKind>,
) -> Result<(Vec<Found>, Option<String>)> {
    actor.must_anywhere(Action::ReadUnits)?;
    let after = page.after::<usize>(0)?.zip(page.after::<i64>(1)?);
    let plans = readable_plans(conn, actor)?;
    let (nodes, of_units) = (actor.reach(Action::ReadNodes), actor.reach(Action::ReadMeetings));
    let drafts = actor.reach(Action::ReadPlan);
    let (released, bulletins) = (actor.reach(Action::ReadBulletins), actor.reach_any(WORKING));
    let named = meetings::store::naming(conn, &plans::actions::own_units(actor))?;
    let mut found = Vec::new();
    for (place, kind) in FoundKind::ALL.iter().enumerate().filter(|(_, one)| kind.is_none_or(|kind| kind == **one)) {
        let before = match after {
            Some((last, _)) if place < last => continue,
            Some((last, id)) if place == last => Some(id),
            _ => None,
        };
        let limit = page.fetch() - i64::try_from(found.len()).map_err(Error::internal)?;
        if limit <= 0 {
            break;
        }
        let wanted = Wanted {
            words,
            plans: &plans,
            nodes: &nodes,
            meetings: &of_units,
            named: &named,
            drafts: &drafts,
            bulletins: (&released, &bulletins),
            account: actor.account_id,
            before,
            limit,
        };
        let hits = store::find(conn, *kind, &wanted)?;
        found.extend(hits.into_iter().map(|hit| {
            let shown = Found {
                kind: *kind,
                id: hit.id,
                snippet: snippet(&hit.texts, words),
                title: hit.title,
                unit_id: hit.unit_id,
                plan_id: hit.plan_id,
            };
            (place, shown)
        }));
    }
    let next = page.cut(&mut found, |(place, found)| vec![place.to_string(), found.id.to_string()]);
    Ok((found.into_iter().map(|(_, found)| found).collect(), next))
}

/// The plans that the list of plans shows: there are few of them, one a year and issuing unit.
fn readable_plans(conn: &mut Conn, actor: &Actor) -> Result<Vec<PlanId>> {
    let whole = PageRequest::new("plans", None, None, true)?;
    let (reach, own) = (actor.reach(Action::ReadPlan), plans::actions::own_units(actor));
    let (plans, _) = plans::store::list_plans(conn, &whole, &reach, &own, None, None)?;
    Ok(plans.into_iter().map(|plan| plan.id).collect())
}
