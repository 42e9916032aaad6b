//! Accounts with their appointments as a table: a row for each appointment, and one for an account without any.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::cells::{RowReader, UnitIndex};
use super::compare::{Changed, List, Standing, Writing, key_of};
use super::mapping::{ListName, Mapping, shown, yes_no};
use super::rows::Row;
use super::units::day;
use crate::access::{Action, Actor, Role};
use crate::accounts::actions::{self, AccountToMake};
use crate::accounts::model::{AccountPatch, AppointmentPatch, NewAppointment};
use crate::accounts::{Account, AccountId, Appointment, AppointmentId, store};
use crate::platform::db::today;
use crate::platform::sheet::read::normal;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Field, Result};
use crate::units::UnitId;

/// The accounts with their appointments, as a table.
pub struct Accounts {
    index: UnitIndex,
    today: NaiveDate,
    items: Vec<(Account, Option<Appointment>)>,
    standing: Vec<Standing>,
    by_name: HashMap<String, Account>,
}

#[derive(Default)]
pub struct AccountAct {
    username: String,
    /// To be made, with this name.
    new: Option<String>,
    patch: Option<AccountPatch>,
    /// Unit, role and days of a post to be given.
    post: Option<(Option<UnitId>, Role, NaiveDate, Option<NaiveDate>)>,
    /// An appointment to be changed.
    change: Option<(AppointmentId, AppointmentPatch)>,
}

impl AccountAct {
    /// The name of an account that is to be made.
    pub fn new_account(&self) -> Option<&str> {
        self.new.as_ref().map(|_| self.username.as_str())
    }
}

impl Accounts {
    pub fn load(conn: &mut Conn, actor: &Actor) -> Result<Accounts> {
        actor.must_anywhere(Action::ManageAccounts)?;
        let index = UnitIndex::standing(conn)?;
        let (accounts, posts) = store::everything(conn)?;
        let mut items = vec![];
        for account in &accounts {
            let mut own = posts.iter().filter(|post| post.account_id == account.id).peekable();
            if own.peek().is_none() {
                items.push((account.clone(), None));
            }
            items.extend(own.map(|post| (account.clone(), Some(post.clone()))));
        }
        let mut standing = vec![];
        for (account, post) in &items {
            let unit = post.as_ref().and_then(|post| post.unit_id);
            standing.push(as_row(account, post.as_ref(), &unit_name(conn, &index, unit)?));
        }
        let by_name = accounts.into_iter().map(|account| (account.username.clone(), account)).collect();
        Ok(Accounts { index, today: today(conn)?, items, standing, by_name })
    }

    fn post(&self, row: &mut RowReader<'_>) -> Option<(Option<UnitId>, Role, NaiveDate, Option<NaiveDate>)> {
        let role = row.choice("role")?;
        let role = Role::ALL.iter().find(|known| known.word() == role).copied()?;
        let unit = row.unit("unit", &self.index);
        let (from, until) = (row.day("from"), row.day("until"));
        Some((unit, role, from.unwrap_or(self.today), until))
    }
}

/// The name of a unit, also of one that is dissolved.
fn unit_name(conn: &mut Conn, index: &UnitIndex, unit: Option<UnitId>) -> Result<String> {
    let Some(id) = unit else { return Ok(String::new()) };
    match index.name(id) {
        "" => Ok(crate::units::store::get(conn, id)?.name),
        name => Ok(name.to_owned()),
    }
}

fn as_row(account: &Account, post: Option<&Appointment>, unit: &str) -> Standing {
    let role = post.map_or("", |post| shown(ListName::Accounts, "role", post.role.word()));
    let from = post.map(|post| post.from_on.to_string()).unwrap_or_default();
    let until = post.and_then(|post| post.until_on).map(|day| day.to_string()).unwrap_or_default();
    let held = if post.is_some() { key_of(&[&account.username, unit, role]) } else { String::new() };
    let without = if post.is_none() { key_of(&[&account.username]) } else { String::new() };
    Standing {
        key: key_of(&[&account.username, unit, role, &from]),
        also: vec![held, without],
        cells: vec![
            String::new(),
            normal(&account.username),
            normal(&account.display_name),
            normal(unit),
            role.to_owned(),
            from,
            until,
            yes_no(account.disabled).to_owned(),
        ],
    }
}

impl List for Accounts {
    type Act = AccountAct;

    fn mapping(&self) -> &'static Mapping {
        Mapping::of(ListName::Accounts)
    }

    fn standing(&self) -> &[Standing] {
        &self.standing
    }

    fn key(&self, row: &Row) -> (String, Vec<String>) {
        let said = |name: &str| self.said(row, name);
        let (name, unit, role) = (said("username"), said("unit"), said("role"));
        (key_of(&[name, unit, role, said("from")]), vec![key_of(&[name, unit, role]), key_of(&[name])])
    }

    fn added(&mut self, _conn: &mut Conn, row: &mut RowReader<'_>) -> Result<Option<AccountAct>> {
        let name: Option<Text<64>> = row.text("username");
        let display: Option<Text<100>> = row.text("display_name");
        let disabled = row.yes_no("disabled").unwrap_or(false);
        let post = self.post(row);
        let (Some(name), Some(display)) = (name, display) else { return Ok(None) };
        let username = name.into_string();
        let known = self.by_name.get(&username);
        let new = known.is_none().then(|| display.as_str().to_owned());
        let differs = known.is_some_and(|known| known.display_name != display.as_str() || known.disabled != disabled);
        let patch = (differs || (known.is_none() && disabled))
            .then_some(AccountPatch { display_name: Some(display), disabled: Some(disabled) });
        Ok(Some(AccountAct { username, new, patch, post, change: None }))
    }

    fn changed(
        &mut self,
        _conn: &mut Conn,
        standing: usize,
        fields: &[&'static str],
        row: &mut RowReader<'_>,
    ) -> Result<Changed<AccountAct>> {
        let Some((account, post)) = self.items.get(standing).cloned() else { return Ok(Changed::Refused) };
        let mut act = AccountAct { username: account.username.clone(), ..AccountAct::default() };
        let mut patch = AccountPatch { display_name: None, disabled: None };
        if fields.contains(&"display_name") {
            let said: Option<Text<100>> = row.text("display_name");
            patch.display_name = said.filter(|name| name.as_str() != account.display_name);
        }
        if fields.contains(&"disabled") {
            let said = row.yes_no("disabled").unwrap_or(false);
            patch.disabled = Some(said).filter(|said| *said != account.disabled);
        }
        act.patch = Some(patch).filter(|patch| patch.display_name.is_some() || patch.disabled.is_some());
        match post {
            None => act.post = self.post(row),
            Some(post) => {
                let from = if fields.contains(&"from") { row.day("from") } else { None };
                let until = if fields.contains(&"until") { day(row.day("until"), post.until_on) } else { Field::Keep };
                let from = from.filter(|from| *from != post.from_on);
                if from.is_some() || until != Field::Keep {
                    act.change = Some((post.id, AppointmentPatch { from, until }));
                }
            }
        }
        if act.patch.is_none() && act.post.is_none() && act.change.is_none() {
            return Ok(Changed::Same);
        }
        Ok(Changed::To(act))
    }

    fn removed(&self, standing: usize) -> Option<AccountAct> {
        let (account, post) = self.items.get(standing)?;
        let post = post.as_ref().filter(|post| post.until_on.is_none_or(|until| until > self.today))?;
        let patch = AppointmentPatch { from: None, until: Field::Set(self.today.max(post.from_on)) };
        Some(AccountAct { username: account.username.clone(), change: Some((post.id, patch)), ..AccountAct::default() })
    }

    fn apply(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &AccountAct) -> Result<()> {
        let id = match self.by_name.get(&act.username) {
            Some(account) => account.id,
            None => self.make(conn, writing, act)?,
        };
        if let Some(patch) = &act.patch {
            let account = actions::get(conn, writing.actor, id)?;
            actions::change(conn, &writing.of_version(account.version), id, patch.clone(), writing.now)?;
        }
        if let Some((unit_id, role, from, until)) = act.post {
            let input = NewAppointment { account_id: id, unit_id, role, from, until };
            actions::appoint(conn, writing.actor, &input)?;
        }
        if let Some((appointment, patch)) = &act.change {
            let version = store::appointment(conn, *appointment)?.version;
            actions::change_appointment(conn, &writing.of_version(version), *appointment, patch.clone())?;
        }
        Ok(())
    }

    fn field_of(&self, pointer: &str) -> Option<&'static str> {
        match pointer {
            "/unit_id" => Some("unit"),
            "/from" => Some("from"),
            "/until" => Some("until"),
            _ => None,
        }
    }
}

impl Accounts {
    fn make(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &AccountAct) -> Result<AccountId> {
        let Some(display_name) = &act.new else { return Err(Error::internal("an account to change is not there")) };
        let new = AccountToMake {
            username: &act.username,
            display_name,
            password_hash: writing.password_hash,
            must_change_password: true,
        };
        let made = actions::create(conn, writing.actor, &new, writing.now)?;
        let id = made.id;
        self.by_name.insert(made.username.clone(), made);
        Ok(id)
    }
}
