//! Receipts 签收 of circulars: who of a unit signed for one, and when. The units below the one that released it sign, each
//! once; the list shows who has not. Never a rate.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{BulletinKind, BulletinState};
use super::store::BulletinRow;
use super::{
    BULLETIN_NOT_RELEASED, BULLETIN_RECEIPT_EXISTS, BulletinId, NOT_ADDRESSED, ONLY_CIRCULARS, WHICH_UNIT, actions,
    store,
};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::plans::receipts::signing_units;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{bulletin_receipts, bulletins};
use crate::units::model::UnitKind;
use crate::units::rules::lives_on;
use crate::units::store::Tree;
use crate::units::{self, UnitId};

/// A unit that a circular goes to, and whether it has signed for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulletinReceipt {
    pub bulletin_id: BulletinId,
    pub unit_id: UnitId,
    /// Who signed; null while nobody has.
    pub account_id: Option<AccountId>,
    /// When; null while nobody has.
    pub signed_on: Option<NaiveDate>,
}

/// For whom a circular is signed for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 3}))]
pub struct NewBulletinReceipt {
    /// For which unit, where one holds posts at several.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
}

/// Signs for a circular.
pub fn sign(conn: &mut Conn, actor: &Actor, id: BulletinId, input: &NewBulletinReceipt) -> Result<BulletinReceipt> {
    let bulletin = actions::readable(conn, actor, id)?;
    if signing_units(actor).is_empty() {
        return Err(FORBIDDEN.err());
    }
    actor.request.if_match.check(bulletin.version)?;
    require_circular(&bulletin)?;
    let unit_id = signing_unit(conn, actor, &bulletin, input.unit_id)?;
    if signed(conn, id)?.contains_key(&unit_id) {
        return Err(BULLETIN_RECEIPT_EXISTS.err());
    }
    let (by, today) = (actor.account()?, today(conn)?);
    let values = (
        bulletin_receipts::bulletin_id.eq(id),
        bulletin_receipts::unit_id.eq(unit_id),
        bulletin_receipts::account_id.eq(by),
        bulletin_receipts::signed_on.eq(today),
    );
    diesel::insert_into(bulletin_receipts::table).values(values).execute(conn)?;
    let made = BulletinReceipt { bulletin_id: id, unit_id, account_id: Some(by), signed_on: Some(today) };
    audit::record(conn, actor, "bulletin.sign_receipt", subject("bulletin", id.0), &made)?;
    Ok(made)
}

fn require_circular(bulletin: &BulletinRow) -> Result<()> {
    match (bulletin.kind, bulletin.state) {
        (BulletinKind::Bulletin | BulletinKind::MonthlyReport, _) => Err(ONLY_CIRCULARS.err()),
        (_, BulletinState::Draft | BulletinState::Approved) => Err(BULLETIN_NOT_RELEASED.err()),
        (BulletinKind::Circular, BulletinState::Released) => Ok(()),
    }
}

/// For which unit an actor signs: the one asked for, or the only one of their own that it goes to.
fn signing_unit(conn: &mut Conn, actor: &Actor, bulletin: &BulletinRow, asked: Option<UnitId>) -> Result<UnitId> {
    let addressed = addressees(conn, bulletin)?;
    if let Some(id) = asked {
        actor.must(Action::SignReceipt, &units::store::named(conn, id, "/unit_id")?.site())?;
        if !addressed.contains(&id) {
            return Err(NOT_ADDRESSED.at("/unit_id", []).into_error());
        }
        return Ok(id);
    }
    let mine: Vec<UnitId> = signing_units(actor).into_iter().filter(|unit| addressed.contains(unit)).collect();
    match mine.as_slice() {
        [only] => Ok(*only),
        [] => Err(FORBIDDEN.err()),
        _ => Err(WHICH_UNIT.at("/unit_id", []).into_error()),
    }
}

/// The units a released circular goes to: those below its own on the day of its release, but for superiors.
fn addressees(conn: &mut Conn, bulletin: &BulletinRow) -> Result<Vec<UnitId>> {
    let Some(release) = &bulletin.release else { return Ok(vec![]) };
    let tree = Tree::on(conn, release.released_on)?;
    let below = tree.units().filter(|unit| {
        unit.unit_id != bulletin.unit_id
            && unit.kind != UnitKind::Superior
            && tree.is_within(unit.unit_id, Some(bulletin.unit_id))
            && lives_on(unit.established_on, unit.dissolved_on, release.released_on)
    });
    Ok(below.map(|unit| unit.unit_id).collect())
}

/// One row a unit the circular goes to, signed or not.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    id: BulletinId,
) -> Result<(Vec<BulletinReceipt>, Option<String>)> {
    let bulletin = actions::readable(conn, actor, id)?;
    require_circular(&bulletin)?;
    let signed = signed(conn, id)?;
    let after = page.after::<i64>(0)?;
    let units = addressees(conn, &bulletin)?.into_iter().filter(|unit| after.is_none_or(|after| unit.0 > after));
    let mut items: Vec<BulletinReceipt> = units
        .map(|unit_id| {
            let by = signed.get(&unit_id);
            let (account_id, signed_on) = (by.map(|(account, _)| *account), by.map(|(_, on)| *on));
            BulletinReceipt { bulletin_id: id, unit_id, account_id, signed_on }
        })
        .collect();
    let next = page.cut(&mut items, |row| vec![row.unit_id.to_string()]);
    Ok((items, next))
}

/// The released circulars that these units have not signed for.
pub fn unsigned(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<(BulletinRow, UnitId)>> {
    let ids: Vec<BulletinId> = bulletins::table
        .filter(bulletins::kind.eq(BulletinKind::Circular).and(bulletins::state.eq(BulletinState::Released)))
        .select(bulletins::id)
        .order(bulletins::id)
        .load(conn)?;
    let mut missing = Vec::new();
    for id in ids {
        let bulletin = store::get(conn, id)?;
        let signed = signed(conn, id)?;
        let addressed = addressees(conn, &bulletin)?;
        let waiting = units.iter().filter(|unit| addressed.contains(unit) && !signed.contains_key(unit));
        missing.extend(waiting.map(|unit| (bulletin.clone(), *unit)));
    }
    Ok(missing)
}

fn signed(conn: &mut Conn, id: BulletinId) -> Result<BTreeMap<UnitId, (AccountId, NaiveDate)>> {
    let rows: Vec<(UnitId, (AccountId, NaiveDate))> = bulletin_receipts::table
        .filter(bulletin_receipts::bulletin_id.eq(id))
        .select((bulletin_receipts::unit_id, (bulletin_receipts::account_id, bulletin_receipts::signed_on)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
