//! Receipts 签收: who of a unit signed for an issued plan, or for one of its revisions, and when. Once a unit and
//! revision. The units that the plan names sign; the unit that issued it need not. They show who has not signed yet,
//! and never become a rate.

pub mod http;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{Plan, PlanStatus};
use super::{NOT_TO_SIGN, PlanId, RECEIPT_EXISTS, REVISION_OUTSIDE, UNIT_AMBIGUOUS, UNIT_NOT_NAMED, actions, store};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{key_points, plan_receipts, plans, responsibilities, tasks, unit_facts};
use crate::units::{self, UnitId};

/// A unit that a plan names, and whether it has signed for it.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct Receipt {
    pub plan_id: PlanId,
    pub unit_id: UnitId,
    /// 0 for the plan as issued, else the number of the revision.
    #[schema(example = 0)]
    pub revision: i64,
    /// Who signed; null while nobody has.
    pub account_id: Option<AccountId>,
    /// When; null while nobody has.
    pub signed_on: Option<NaiveDate>,
}

/// What is signed for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"revision": 0}))]
pub struct NewReceipt {
    /// 0, the default, for the plan as issued, else the number of a revision.
    #[serde(default)]
    #[validate(range(min = 0))]
    #[schema(minimum = 0)]
    pub revision: i64,
    /// For which unit, where one holds posts at several.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
}

/// Signs for a plan or a revision.
pub fn sign(conn: &mut Conn, actor: &Actor, plan_id: PlanId, input: &NewReceipt) -> Result<Receipt> {
    let plan = actions::read(conn, actor, plan_id)?;
    let unit_id = signing_unit(conn, actor, &plan, input.unit_id)?;
    actor.request.if_match.check(plan.version)?;
    if plan.status != PlanStatus::Issued {
        return Err(NOT_TO_SIGN.err());
    }
    require_revision(&plan, input.revision, "/revision")?;
    let (today, account) = (today(conn)?, actor.account()?);
    let known = signed(conn, &[plan_id])?;
    if known.iter().any(|receipt| receipt.unit_id == unit_id && receipt.revision == input.revision) {
        return Err(RECEIPT_EXISTS.with([("revision", input.revision.to_string())]));
    }
    let values = (
        plan_receipts::plan_id.eq(plan_id),
        plan_receipts::revision.eq(input.revision),
        plan_receipts::unit_id.eq(unit_id),
        plan_receipts::account_id.eq(account),
        plan_receipts::signed_on.eq(today),
    );
    diesel::insert_into(plan_receipts::table).values(values).execute(conn)?;
    let revision = input.revision;
    let made = Receipt { plan_id, unit_id, revision, account_id: Some(account), signed_on: Some(today) };
    audit::record(conn, actor, "plan.sign_receipt", subject("plan", plan_id.0), &made)?;
    Ok(made)
}

/// For which unit an actor signs: the one asked for, or the only one of their own that the plan names.
fn signing_unit(conn: &mut Conn, actor: &Actor, plan: &Plan, asked: Option<UnitId>) -> Result<UnitId> {
    if let Some(id) = asked {
        let unit = units::store::named(conn, id, "/unit_id")?;
        actor.must(Action::SignReceipt, &unit.site())?;
    }
    let mine = signing_units(actor);
    if mine.is_empty() {
        return Err(FORBIDDEN.err());
    }
    let named: BTreeSet<UnitId> = named_by(conn, &mine)?.remove(&plan.id).unwrap_or_default();
    let mut chosen = named.into_iter().filter(|unit| asked.is_none_or(|asked| asked == *unit));
    match (chosen.next(), chosen.next()) {
        (Some(unit), None) => Ok(unit),
        (Some(_), Some(_)) => Err(UNIT_AMBIGUOUS.at("/unit_id", []).into_error()),
        (None, _) if asked.is_some() => Err(UNIT_NOT_NAMED.at("/unit_id", []).into_error()),
        (None, _) => Err(FORBIDDEN.err()),
    }
}

/// The units at which an actor holds a post that signs for them.
pub fn signing_units(actor: &Actor) -> Vec<UnitId> {
    let seats = actor.posts.iter().filter_map(|post| post.seat.as_ref());
    seats.filter(|seat| actor.may(Action::SignReceipt, seat)).map(|seat| seat.unit_id).collect()
}

fn require_revision(plan: &Plan, revision: i64, pointer: &str) -> Result<()> {
    if (0..=plan.revision).contains(&revision) {
        return Ok(());
    }
    Err(REVISION_OUTSIDE.at(pointer, [("last", plan.revision.to_string())]).into_error())
}

/// One row a named unit and revision, signed or not, by revision and unit.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    plan_id: PlanId,
    revision: Option<i64>,
) -> Result<(Vec<Receipt>, Option<String>)> {
    let plan = actions::read(conn, actor, plan_id)?;
    if let Some(revision) = revision {
        require_revision(&plan, revision, "revision")?;
    }
    let mut rows = BTreeMap::new();
    if plan.status != PlanStatus::Draft {
        let named = named_units(conn, &plan)?;
        for (revision, unit_id) in (0..=plan.revision).flat_map(|n| named.iter().map(move |unit| (n, *unit))) {
            rows.insert((revision, unit_id), Receipt { plan_id, unit_id, revision, account_id: None, signed_on: None });
        }
    }
    for receipt in signed(conn, &[plan_id])? {
        rows.insert((receipt.revision, receipt.unit_id), receipt);
    }
    let after = page.after::<i64>(0)?.zip(page.after::<i64>(1)?).map(|(revision, unit)| (revision, UnitId(unit)));
    let mut items: Vec<Receipt> = rows
        .into_iter()
        .filter(|((number, _), _)| revision.is_none_or(|asked| asked == *number))
        .filter(|(key, _)| after.is_none_or(|after| *key > after))
        .map(|(_, receipt)| receipt)
        .collect();
    let next = page.cut(&mut items, |row| vec![row.revision.to_string(), row.unit_id.to_string()]);
    Ok((items, next))
}

/// What these units have not signed for, of issued plans that name them: plan, unit, revision.
pub fn unsigned(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<(Plan, UnitId, i64)>> {
    let mut missing = Vec::new();
    for (plan_id, named) in named_by(conn, units)? {
        let plan = store::get_plan(conn, plan_id)?;
        if plan.status != PlanStatus::Issued {
            continue;
        }
        let known: BTreeSet<_> = signed(conn, &[plan_id])?.iter().map(|one| (one.unit_id, one.revision)).collect();
        let owed = named.iter().flat_map(|unit| (0..=plan.revision).map(move |revision| (*unit, revision)));
        missing.extend(owed.filter(|key| !known.contains(key)).map(|(unit, number)| (plan.clone(), unit, number)));
    }
    Ok(missing)
}

// Rows.

/// The plans that name one of these units and were not issued by it, with the units that each names.
fn named_by(conn: &mut Conn, units: &[UnitId]) -> Result<BTreeMap<PlanId, BTreeSet<UnitId>>> {
    let rows: Vec<(PlanId, UnitId)> = responsibilities::table
        .inner_join(tasks::table.on(tasks::id.eq(responsibilities::task_id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .filter(responsibilities::recorded_to.is_null().and(responsibilities::unit_id.ne(plans::unit_id)))
        .filter(responsibilities::unit_id.eq_any(units.to_vec()))
        .select((plans::id, responsibilities::unit_id))
        .distinct()
        .load(conn)?;
    let mut of: BTreeMap<PlanId, BTreeSet<UnitId>> = BTreeMap::new();
    for (plan, unit) in rows {
        of.entry(plan).or_default().insert(unit);
    }
    Ok(of)
}

/// The units that a plan names, without the one that issued it and without those dissolved by now.
fn named_units(conn: &mut Conn, plan: &Plan) -> Result<BTreeSet<UnitId>> {
    let today = today(conn)?;
    let rows: Vec<UnitId> = responsibilities::table
        .inner_join(tasks::table.on(tasks::id.eq(responsibilities::task_id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(responsibilities::unit_id)))
        .filter(key_points::plan_id.eq(plan.id.0).and(responsibilities::recorded_to.is_null()))
        .filter(unit_facts::recorded_to.is_null())
        .filter(unit_facts::dissolved_on.is_null().or(unit_facts::dissolved_on.ge(today)))
        .filter(responsibilities::unit_id.ne(plan.unit_id.0))
        .select(responsibilities::unit_id)
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

fn signed(conn: &mut Conn, plan_ids: &[PlanId]) -> Result<Vec<Receipt>> {
    Ok(plan_receipts::table
        .filter(plan_receipts::plan_id.eq_any(plan_ids.to_vec()))
        .select((
            plan_receipts::plan_id,
            plan_receipts::unit_id,
            plan_receipts::revision,
            plan_receipts::account_id.nullable(),
            plan_receipts::signed_on.nullable(),
        ))
        .load(conn)?)
}
