//! Rows of bulletins, their errata and views.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::{BulletinFilter, BulletinHead, BulletinKind, BulletinState, Erratum};
use super::{BulletinId, ErratumId};
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{bulletin_errata, bulletin_releases, bulletin_views, bulletins};
use crate::units::UnitId;
use crate::units::store::within;

/// The release of a bulletin.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bulletin_releases)]
pub struct ReleaseRow {
    pub number: i64,
    pub released_by: AccountId,
    pub released_on: NaiveDate,
    pub released_at: NaiveDateTime,
}

/// A bulletin as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bulletins)]
pub struct BulletinRow {
    pub id: BulletinId,
    pub unit_id: UnitId,
    pub kind: BulletinKind,
    pub title: String,
    pub text: String,
    pub submitter: Option<String>,
    pub meeting_id: Option<i64>,
    pub period: Option<String>,
    pub figures: Option<String>,
    pub public: bool,
    pub state: BulletinState,
    pub written_by: AccountId,
    pub approved_by: Option<AccountId>,
    pub approved_on: Option<NaiveDate>,
    pub version: i64,
    #[diesel(embed)]
    pub release: Option<ReleaseRow>,
}

impl BulletinRow {
    pub fn head(&self, views: i64) -> BulletinHead {
        BulletinHead {
            id: self.id,
            unit_id: self.unit_id,
            kind: self.kind,
            title: self.title.clone(),
            submitter: self.submitter.clone(),
            meeting_id: self.meeting_id,
            period: self.period.clone(),
            public: self.public,
            state: self.state,
            number: self.release.as_ref().map(|release| release.number),
            released_on: self.release.as_ref().map(|release| release.released_on),
            released_at: self.release.as_ref().map(|release| release.released_at.and_utc()),
            views,
            version: self.version,
        }
    }
}

type Released =
    diesel::helper_types::On<bulletin_releases::table, diesel::dsl::Eq<bulletin_releases::bulletin_id, bulletins::id>>;

fn released() -> Released {
    bulletin_releases::table.on(bulletin_releases::bulletin_id.eq(bulletins::id))
}

/// What a draft begins with.
pub struct NewRow<'a> {
    pub unit_id: UnitId,
    pub kind: BulletinKind,
    pub title: &'a str,
    pub text: &'a str,
    pub submitter: Option<&'a str>,
    pub meeting_id: Option<i64>,
    pub period: Option<&'a str>,
    pub figures: Option<&'a str>,
    pub public: bool,
}

pub(super) fn insert(conn: &mut Conn, new: &NewRow<'_>, by: AccountId, today: NaiveDate) -> Result<BulletinId> {
    let values = (
        bulletins::unit_id.eq(new.unit_id),
        bulletins::kind.eq(new.kind),
        bulletins::title.eq(new.title),
        bulletins::text.eq(new.text),
        bulletins::submitter.eq(new.submitter),
        bulletins::meeting_id.eq(new.meeting_id),
        bulletins::period.eq(new.period),
        bulletins::figures.eq(new.figures),
        bulletins::public.eq(new.public),
        bulletins::state.eq(BulletinState::Draft),
        bulletins::written_by.eq(by),
        bulletins::version.eq(1),
        bulletins::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(bulletins::table).values(values).returning(bulletins::id);
    Ok(inserted.get_result::<i64>(conn).map(BulletinId)?)
}

/// A bulletin, or 404.
pub fn get(conn: &mut Conn, id: BulletinId) -> Result<BulletinRow> {
    let one = bulletins::table.left_join(released()).filter(bulletins::id.eq(id.0));
    Ok(one.select(BulletinRow::as_select()).first(conn)?)
}

/// Stores what was written; it is a draft from now on.
pub(super) fn rewrite(conn: &mut Conn, row: &BulletinRow) -> Result<()> {
    diesel::update(bulletins::table.filter(bulletins::id.eq(row.id)))
        .set((
            bulletins::title.eq(&row.title),
            bulletins::text.eq(&row.text),
            bulletins::submitter.eq(&row.submitter),
            bulletins::public.eq(row.public),
            bulletins::written_by.eq(row.written_by),
            bulletins::state.eq(BulletinState::Draft),
            bulletins::approved_by.eq(None::<AccountId>),
            bulletins::approved_on.eq(None::<NaiveDate>),
            bulletins::version.eq(bulletins::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn approve(conn: &mut Conn, id: BulletinId, by: AccountId, today: NaiveDate) -> Result<()> {
    diesel::update(bulletins::table.filter(bulletins::id.eq(id)))
        .set((
            bulletins::state.eq(BulletinState::Approved),
            bulletins::approved_by.eq(by),
            bulletins::approved_on.eq(today),
            bulletins::version.eq(bulletins::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// The number the next one of a unit, kind and year gets.
pub(super) fn next_number(conn: &mut Conn, row: &BulletinRow, year: i64) -> Result<i64> {
    use bulletin_releases::dsl as r;
    let last: Option<i64> = r::bulletin_releases
        .filter(r::unit_id.eq(row.unit_id).and(r::kind.eq(row.kind)).and(r::year.eq(year)))
        .select(diesel::dsl::max(r::number))
        .first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Releases one in a year, with a number.
pub(super) fn release(conn: &mut Conn, row: &BulletinRow, year: i64, release: &ReleaseRow) -> Result<()> {
    use bulletin_releases::dsl as r;
    let values = (
        r::bulletin_id.eq(row.id),
        r::unit_id.eq(row.unit_id),
        r::kind.eq(row.kind),
        r::year.eq(year),
        r::number.eq(release.number),
        r::released_by.eq(release.released_by),
        r::released_on.eq(release.released_on),
        r::released_at.eq(release.released_at),
    );
    diesel::insert_into(r::bulletin_releases).values(values).execute(conn)?;
    diesel::update(bulletins::table.filter(bulletins::id.eq(row.id)))
        .set((bulletins::state.eq(BulletinState::Released), bulletins::version.eq(bulletins::version + 1)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: BulletinId) -> Result<()> {
    diesel::delete(bulletins::table.filter(bulletins::id.eq(id))).execute(conn)?;
    Ok(())
}

/// A page of bulletins, the newest first: released ones of `readable`, and any of `own`.
pub(super) fn list(
    conn: &mut Conn,
    page: &PageRequest,
    readable: &Reach,
    own: &Reach,
    filter: &BulletinFilter,
) -> Result<(Vec<BulletinRow>, Option<String>)> {
    let is_released = bulletins::state.eq(BulletinState::Released);
    let mut query = bulletins::table
        .left_join(released())
        .filter(is_released.and(within("bulletins.unit_id", readable)).or(within("bulletins.unit_id", own)))
        .select(BulletinRow::as_select())
        .order(bulletins::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(bulletins::id.lt(after));
    }
    if let Some(unit) = filter.unit_id {
        query = query.filter(bulletins::unit_id.eq(unit));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(bulletins::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(bulletins::state.eq(state));
    }
    if let Some(meeting) = filter.meeting_id {
        query = query.filter(bulletins::meeting_id.eq(meeting));
    }
    let mut rows: Vec<BulletinRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((rows, next))
}

/// Drafts of these units that somebody else wrote, the oldest first.
pub fn to_approve(conn: &mut Conn, reach: &Reach, by: AccountId) -> Result<Vec<BulletinRow>> {
    Ok(bulletins::table
        .left_join(released())
        .filter(bulletins::state.eq(BulletinState::Draft).and(bulletins::written_by.ne(by)))
        .filter(within("bulletins.unit_id", reach))
        .select(BulletinRow::as_select())
        .order(bulletins::id)
        .load(conn)?)
}

/// A page of the released ones that are public, the newest first.
pub(super) fn public(conn: &mut Conn, page: &PageRequest) -> Result<(Vec<BulletinRow>, Option<String>)> {
    let mut query = bulletins::table
        .left_join(released())
        .filter(bulletins::state.eq(BulletinState::Released).and(bulletins::public.eq(true)))
        .select(BulletinRow::as_select())
        .order(bulletins::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(bulletins::id.lt(after));
    }
    let mut rows: Vec<BulletinRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((rows, next))
}

// Views.

/// How many accounts have read each of these.
pub(super) fn views(conn: &mut Conn, ids: &[BulletinId]) -> Result<std::collections::HashMap<BulletinId, i64>> {
    let rows: Vec<(BulletinId, i64)> = bulletin_views::table
        .filter(bulletin_views::bulletin_id.eq_any(ids.to_vec()))
        .group_by(bulletin_views::bulletin_id)
        .select((bulletin_views::bulletin_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

pub(super) fn has_viewed(conn: &mut Conn, id: BulletinId, by: AccountId) -> Result<bool> {
    let view = bulletin_views::table.filter(bulletin_views::bulletin_id.eq(id).and(bulletin_views::account_id.eq(by)));
    Ok(diesel::select(diesel::dsl::exists(view)).get_result(conn)?)
}

pub(super) fn view(conn: &mut Conn, id: BulletinId, by: AccountId, today: NaiveDate) -> Result<()> {
    diesel::insert_into(bulletin_views::table)
        .values((
            bulletin_views::bulletin_id.eq(id),
            bulletin_views::account_id.eq(by),
            bulletin_views::viewed_on.eq(today),
        ))
        .execute(conn)?;
    Ok(())
}

// Errata.

/// The corrections of a bulletin, by number.
pub(super) fn errata(conn: &mut Conn, id: BulletinId) -> Result<Vec<Erratum>> {
    use bulletin_errata::dsl as e;
    let rows: Vec<(ErratumId, i64, String, AccountId, NaiveDate)> = e::bulletin_errata
        .filter(e::bulletin_id.eq(id))
        .select((e::id, e::number, e::text, e::made_by, e::made_on))
        .order(e::number)
        .load(conn)?;
    let shown =
        rows.into_iter().map(|(id, number, text, made_by, made_on)| Erratum { id, number, text, made_by, made_on });
    Ok(shown.collect())
}

pub(super) fn add_erratum(
    conn: &mut Conn,
    id: BulletinId,
    number: i64,
    text: &str,
    by: AccountId,
    today: NaiveDate,
) -> Result<()> {
    use bulletin_errata::dsl as e;
    let values =
        (e::bulletin_id.eq(id), e::number.eq(number), e::text.eq(text), e::made_by.eq(by), e::made_on.eq(today));
    diesel::insert_into(e::bulletin_errata).values(values).execute(conn)?;
    diesel::update(bulletins::table.filter(bulletins::id.eq(id)))
        .set(bulletins::version.eq(bulletins::version + 1))
        .execute(conn)?;
    Ok(())
}
