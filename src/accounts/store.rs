//! Rows of accounts, appointments, sign-ins and keys.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::{Account, Appointment, NewAppointment};
use super::{AccountId, AppointmentId, Role, SessionId};
use crate::access::{Post, SignIn, Site, UnitId};
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{accounts, appointments, refresh_tokens, sessions, sign_in_failures, signing_keys, unit_facts};
use crate::units::UnitKind;

pub(super) struct AccountRow<'a> {
    pub username: &'a str,
    pub display_name: &'a str,
    pub password_hash: &'a str,
    pub must_change_password: bool,
    pub now: NaiveDateTime,
    pub today: NaiveDate,
}

pub(super) fn insert_account(conn: &mut Conn, row: &AccountRow<'_>) -> Result<AccountId> {
    use accounts::dsl;
    let values = (
        dsl::username.eq(row.username),
        dsl::display_name.eq(row.display_name),
        dsl::password_hash.eq(row.password_hash),
        dsl::must_change_password.eq(row.must_change_password),
        dsl::disabled.eq(false),
        dsl::last_used_at.eq(row.now),
        dsl::version.eq(1),
        dsl::recorded_on.eq(row.today),
    );
    let inserted = diesel::insert_into(dsl::accounts).values(values).returning(dsl::id).get_result::<i64>(conn);
    Ok(inserted.map(AccountId)?)
}

pub fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    Ok(accounts::table.filter(accounts::id.eq(id.0)).select(Account::as_select()).first(conn).optional()?)
}

pub(super) fn username_exists(conn: &mut Conn, username: &str) -> Result<bool> {
    let named = accounts::table.filter(accounts::username.eq(username));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

pub(super) fn list(conn: &mut Conn, page: &PageRequest) -> Result<(Vec<Account>, Option<String>)> {
    let mut query = accounts::table.select(Account::as_select()).order(accounts::id).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(accounts::id.gt(after));
    }
    let mut rows = query.load(conn)?;
    let next = page.cut(&mut rows, |account: &Account| vec![account.id.to_string()]);
    Ok((rows, next))
}

pub(super) fn update_account(conn: &mut Conn, account: &Account) -> Result<()> {
    use accounts::dsl;
    diesel::update(dsl::accounts.filter(dsl::id.eq(account.id.0)))
        .set((
            dsl::display_name.eq(&account.display_name),
            dsl::disabled.eq(account.disabled),
            dsl::version.eq(account.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets the password hash and whether it must be changed; one more version.
pub(super) fn set_password(conn: &mut Conn, id: AccountId, hash: &str, must_change: bool) -> Result<()> {
    use accounts::dsl;
    diesel::update(dsl::accounts.filter(dsl::id.eq(id.0)))
        .set((
            dsl::password_hash.eq(hash),
            dsl::must_change_password.eq(must_change),
            dsl::version.eq(dsl::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// What sign-in needs to know of an account.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Login {
    pub id: AccountId,
    pub password_hash: String,
    pub must_change_password: bool,
    pub disabled: bool,
    pub last_used_at: NaiveDateTime,
    pub username: String,
}

type LoginColumns = (
    accounts::id,
    accounts::password_hash,
    accounts::must_change_password,
    accounts::disabled,
    accounts::last_used_at,
    accounts::username,
);
const LOGIN: LoginColumns = (
    accounts::id,
    accounts::password_hash,
    accounts::must_change_password,
    accounts::disabled,
    accounts::last_used_at,
    accounts::username,
);

pub(super) fn login_named(conn: &mut Conn, username: &str) -> Result<Option<Login>> {
    Ok(accounts::table.filter(accounts::username.eq(username)).select(LOGIN).first(conn).optional()?)
}

pub(super) fn login_of(conn: &mut Conn, id: AccountId) -> Result<Login> {
    Ok(accounts::table.filter(accounts::id.eq(id.0)).select(LOGIN).first(conn)?)
}

pub(super) fn touch(conn: &mut Conn, id: AccountId, now: NaiveDateTime) -> Result<()> {
    diesel::update(accounts::table.filter(accounts::id.eq(id.0))).set(accounts::last_used_at.eq(now)).execute(conn)?;
    Ok(())
}

// Failed sign-ins.

/// Failures in a row of a user name, and until when it is locked.
pub(super) fn failures(conn: &mut Conn, username: &str) -> Result<(i64, Option<NaiveDateTime>)> {
    use sign_in_failures::dsl;
    let row = dsl::sign_in_failures
        .filter(dsl::username.eq(username))
        .select((dsl::failures, dsl::locked_until))
        .first(conn)
        .optional()?;
    Ok(row.unwrap_or((0, None)))
}

pub(super) fn set_failures(
    conn: &mut Conn,
    username: &str,
    failures: i64,
    locked_until: Option<NaiveDateTime>,
    now: NaiveDateTime,
) -> Result<()> {
    use sign_in_failures::dsl;
    clear_failures(conn, username)?;
    diesel::insert_into(dsl::sign_in_failures)
        .values((
            dsl::username.eq(username),
            dsl::failures.eq(failures),
            dsl::locked_until.eq(locked_until),
            dsl::failed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn clear_failures(conn: &mut Conn, username: &str) -> Result<()> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::username.eq(username))).execute(conn)?;
    Ok(())
}

/// Forgets failures older than a day.
pub fn forget_failures(conn: &mut Conn, before: NaiveDateTime) -> Result<usize> {
    Ok(diesel::delete(sign_in_failures::table.filter(sign_in_failures::failed_at.lt(before))).execute(conn)?)
}

// Sessions and refresh tokens.

/// Whether a sign-in still stands.
#[derive(Debug, Queryable)]
pub(super) struct SignInState {
    pub ended: bool,
    pub expires_at: NaiveDateTime,
    pub disabled: bool,
}

pub(super) fn sign_in_state(conn: &mut Conn, sign_in: SignIn) -> Result<Option<SignInState>> {
    Ok(sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::id.eq(sign_in.session_id.0).and(sessions::account_id.eq(sign_in.account_id.0)))
        .select((sessions::ended_at.is_not_null(), sessions::expires_at, accounts::disabled))
        .first(conn)
        .optional()?)
}

pub(super) fn insert_session(
    conn: &mut Conn,
    account_id: AccountId,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<SessionId> {
    use sessions::dsl;
    let values = (
        dsl::account_id.eq(account_id.0),
        dsl::created_at.eq(now),
        dsl::last_used_at.eq(now),
        dsl::expires_at.eq(expires_at),
    );
    Ok(diesel::insert_into(dsl::sessions).values(values).returning(dsl::id).get_result::<i64>(conn).map(SessionId)?)
}

/// A sign-in as it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct SessionRow {
    pub id: SessionId,
    pub account_id: AccountId,
    pub created_at: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
}

pub(super) fn session(conn: &mut Conn, id: SessionId) -> Result<SessionRow> {
    Ok(sessions::table.filter(sessions::id.eq(id.0)).select(SessionRow::as_select()).first(conn)?)
}

pub(super) fn sessions_of(conn: &mut Conn, account_id: AccountId, now: NaiveDateTime) -> Result<Vec<SessionRow>> {
    Ok(sessions::table
        .filter(sessions::account_id.eq(account_id.0).and(sessions::ended_at.is_null()))
        .filter(sessions::expires_at.gt(now))
        .select(SessionRow::as_select())
        .order(sessions::id)
        .load(conn)?)
}

pub(super) fn end_session(conn: &mut Conn, id: SessionId, now: NaiveDateTime) -> Result<()> {
    let open = sessions::table.filter(sessions::id.eq(id.0).and(sessions::ended_at.is_null()));
    diesel::update(open).set(sessions::ended_at.eq(now)).execute(conn)?;
    Ok(())
}

pub(super) fn end_sessions_of(conn: &mut Conn, account_id: AccountId, now: NaiveDateTime) -> Result<()> {
    let open = sessions::table.filter(sessions::account_id.eq(account_id.0).and(sessions::ended_at.is_null()));
    diesel::update(open).set(sessions::ended_at.eq(now)).execute(conn)?;
    Ok(())
}

pub(super) fn insert_refresh(conn: &mut Conn, session: SessionId, digest: &str, now: NaiveDateTime) -> Result<()> {
    use refresh_tokens::dsl;
    let of_session = dsl::refresh_tokens.filter(dsl::session_id.eq(session.0).and(dsl::replaced_at.is_null()));
    diesel::update(of_session).set(dsl::replaced_at.eq(now)).execute(conn)?;
    diesel::insert_into(dsl::refresh_tokens)
        .values((
            dsl::session_id.eq(session.0),
            dsl::digest.eq(digest),
            dsl::issued_at.eq(now),
            dsl::grace_used.eq(false),
        ))
        .execute(conn)?;
    diesel::update(sessions::table.filter(sessions::id.eq(session.0)))
        .set(sessions::last_used_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// A refresh token as it stands.
#[derive(Debug, Queryable)]
pub(super) struct RefreshRow {
    pub id: i64,
    pub session_id: SessionId,
    pub replaced_at: Option<NaiveDateTime>,
    pub grace_used: bool,
}

pub(super) fn refresh_token(conn: &mut Conn, digest: &str) -> Result<Option<RefreshRow>> {
    use refresh_tokens::dsl;
    Ok(dsl::refresh_tokens
        .filter(dsl::digest.eq(digest))
        .select((dsl::id, dsl::session_id, dsl::replaced_at, dsl::grace_used))
        .first(conn)
        .optional()?)
}

/// Whether no token of the session was replaced after this one: it is the just-replaced one.
pub(super) fn is_last_replaced(conn: &mut Conn, token: &RefreshRow) -> Result<bool> {
    use refresh_tokens::dsl;
    let later = dsl::refresh_tokens
        .filter(dsl::session_id.eq(token.session_id.0).and(dsl::id.gt(token.id)))
        .filter(dsl::replaced_at.is_not_null());
    let later: bool = diesel::select(diesel::dsl::exists(later)).get_result(conn)?;
    Ok(!later)
}

pub(super) fn use_grace(conn: &mut Conn, id: i64) -> Result<()> {
    use refresh_tokens::dsl;
    diesel::update(dsl::refresh_tokens.filter(dsl::id.eq(id))).set(dsl::grace_used.eq(true)).execute(conn)?;
    Ok(())
}

// Keys.

/// A signing key as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = signing_keys)]
pub(super) struct KeyRow {
    pub kid: String,
    pub sealed: String,
    pub public_x: String,
    pub created_at: NaiveDateTime,
}

/// The keys, oldest first.
pub(super) fn keys(conn: &mut Conn) -> Result<Vec<KeyRow>> {
    Ok(signing_keys::table.order((signing_keys::created_at, signing_keys::kid)).load(conn)?)
}

pub(super) fn insert_key(conn: &mut Conn, row: &KeyRow) -> Result<()> {
    diesel::insert_into(signing_keys::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn delete_key(conn: &mut Conn, kid: &str) -> Result<()> {
    diesel::delete(signing_keys::table.filter(signing_keys::kid.eq(kid))).execute(conn)?;
    Ok(())
}

// Appointments.

pub(super) fn insert_appointment(conn: &mut Conn, input: &NewAppointment, today: NaiveDate) -> Result<AppointmentId> {
    use appointments::dsl;
    let values = (
        dsl::account_id.eq(input.account_id),
        dsl::unit_id.eq(input.unit_id),
        dsl::role.eq(input.role),
        dsl::from_on.eq(input.from),
        dsl::until_on.eq(input.until),
        dsl::version.eq(1),
        dsl::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(dsl::appointments).values(values).returning(dsl::id).get_result::<i64>(conn);
    Ok(inserted.map(AppointmentId)?)
}

pub fn appointment(conn: &mut Conn, id: AppointmentId) -> Result<Appointment> {
    let one = appointments::table.filter(appointments::id.eq(id.0));
    Ok(one.select(Appointment::as_select()).first(conn)?)
}

pub(super) fn update_appointment(conn: &mut Conn, row: &Appointment) -> Result<()> {
    use appointments::dsl;
    diesel::update(dsl::appointments.filter(dsl::id.eq(row.id.0)))
        .set((dsl::from_on.eq(row.from_on), dsl::until_on.eq(row.until_on), dsl::version.eq(row.version)))
        .execute(conn)?;
    Ok(())
}

/// Every account and every appointment, each by id: for a table of all of them.
pub fn everything(conn: &mut Conn) -> Result<(Vec<Account>, Vec<Appointment>)> {
    let all = accounts::table.order(accounts::id).select(Account::as_select()).load(conn)?;
    let posts = appointments::table.order(appointments::id).select(Appointment::as_select()).load(conn)?;
    Ok((all, posts))
}

pub(super) fn list_appointments(
    conn: &mut Conn,
    page: &PageRequest,
    account_id: Option<AccountId>,
    unit_id: Option<UnitId>,
) -> Result<(Vec<Appointment>, Option<String>)> {
    let mut query =
        appointments::table.select(Appointment::as_select()).order(appointments::id).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(appointments::id.gt(after));
    }
    if let Some(account) = account_id {
        query = query.filter(appointments::account_id.eq(account.0));
    }
    if let Some(unit) = unit_id {
        query = query.filter(appointments::unit_id.eq(unit.0));
    }
    let mut rows = query.load(conn)?;
    let next = page.cut(&mut rows, |row: &Appointment| vec![row.id.to_string()]);
    Ok((rows, next))
}

/// Appointments of an account in force on a day.
pub(super) fn in_force(conn: &mut Conn, account_id: AccountId, day: NaiveDate) -> Result<Vec<Appointment>> {
    use appointments::dsl;
    Ok(dsl::appointments
        .filter(dsl::account_id.eq(account_id.0).and(dsl::from_on.le(day)))
        .filter(dsl::until_on.is_null().or(dsl::until_on.ge(day)))
        .select(Appointment::as_select())
        .order(dsl::id)
        .load(conn)?)
}

type PostRow = (Role, Option<i64>, Option<String>, Option<UnitKind>, Option<i64>);

/// The posts of an account on a day, each with the place of its unit and of the unit it serves.
pub fn posts(conn: &mut Conn, account_id: AccountId, day: NaiveDate) -> Result<Vec<Post>> {
    use appointments::dsl;
    let rows: Vec<PostRow> = dsl::appointments
        .left_join(
            unit_facts::table
                .on(unit_facts::unit_id.nullable().eq(dsl::unit_id).and(unit_facts::recorded_to.is_null())),
        )
        .filter(dsl::account_id.eq(account_id.0).and(dsl::from_on.le(day)))
        .filter(dsl::until_on.is_null().or(dsl::until_on.ge(day)))
        .select((
            dsl::role,
            dsl::unit_id,
            unit_facts::path.nullable(),
            unit_facts::kind.nullable(),
            unit_facts::parent_id.nullable(),
        ))
        .order(dsl::id)
        .load(conn)?;
    Ok(rows.into_iter().map(post).collect())
}

fn post((role, unit_id, path, kind, parent_id): PostRow) -> Post {
    let seat = unit_id.zip(path).map(|(id, path)| Site { unit_id: UnitId(id), path });
    let serves = match (role, &seat, kind, parent_id) {
        (Role::Department, Some(seat), Some(UnitKind::Department), Some(parent)) => {
            let own = format!("{}/", seat.unit_id);
            let path = seat.path.strip_suffix(&own).unwrap_or(&seat.path).to_owned();
            Some(Site { unit_id: UnitId(parent), path })
        }
        (Role::Department, Some(seat), ..) => Some(seat.clone()),
        _ => None,
    };
    Post { role, seat, serves }
}

/// Every post in force on a day that is held at a unit: who could act for whom.
pub fn all_posts(conn: &mut Conn, day: NaiveDate) -> Result<Vec<(AccountId, Post)>> {
    use appointments::dsl;
    let rows: Vec<(AccountId, PostRow)> = dsl::appointments
        .inner_join(accounts::table.on(accounts::id.eq(dsl::account_id)))
        .inner_join(
            unit_facts::table
                .on(unit_facts::unit_id.nullable().eq(dsl::unit_id).and(unit_facts::recorded_to.is_null())),
        )
        .filter(dsl::from_on.le(day).and(dsl::until_on.is_null().or(dsl::until_on.ge(day))))
        .filter(accounts::disabled.eq(false))
        .select((
            dsl::account_id,
            (dsl::role, dsl::unit_id, unit_facts::path.nullable(), unit_facts::kind.nullable(), unit_facts::parent_id),
        ))
        .order(dsl::id)
        .load(conn)?;
    Ok(rows.into_iter().map(|(account, row)| (account, post(row))).collect())
}
