//! Accounts with their appointments, and what is done with them.

use super::AdminWords;
use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::HttpResponse;

use crate::access::{AccountId, Action, Actor, Role};
use crate::accounts::model::{Account, NewAccount, PasswordReset};
use crate::accounts::{self, AppointmentId, actions};
use crate::console::Visit;
use crate::console::choices::{self, all_of, name_of, unit_names};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part, Section, Sheet, Table};
use crate::console::terms;
use crate::console::view::View;
use crate::platform::db::today;
use crate::platform::{Conn, Error, Result};

/// `GET /accounts`.
pub async fn list(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| accounts_shown(conn, actor, &view)).await?;
    sheet::show(&visit.view, &sheet)
}

fn accounts_shown(conn: &mut Conn, actor: &Actor, view: &View) -> Result<Sheet> {
    actor.must_anywhere(Action::ManageAccounts)?;
    let (w, names, day) = (AdminWords(view.lang), unit_names(conn)?, today(conn)?);
    let known = accounts::store::list(conn, &all_of("accounts")?)?.0;
    let posts = accounts::store::list_appointments(conn, &all_of("appointments")?, None, None)?.0;
    let mut held: HashMap<AccountId, Vec<Html>> = HashMap::new();
    for post in &posts {
        let unit = post.unit_id.map(|unit| name_of(&names, unit)).unwrap_or_default();
        let from = view.lang.full_day(&post.from_on);
        let days = match post.until_on {
            Some(last) => w.from_to(from, view.lang.full_day(&last)),
            None => w.since(from),
        };
        let at = |verb: &str| format!("/appointments/{}/{verb}", post.id);
        let acts = Html::acts([(at("hand-over"), w.hand_over()), (at("change"), w.end())]);
        let name = format!("{unit} {}", terms::role(view.lang, post.role));
        let ended = post.until_on.is_some_and(|last| last < day);
        let shown = Html::text(name.trim_start()).with_note(days);
        held.entry(post.account_id).or_default().push(if ended { shown } else { Html::joined([shown, acts], "") });
    }
    let mut table = Table::new([w.username(), w.posts(), w.state(), Cow::Borrowed("")]).widths([3, 4, 1, 2]);
    for account in known {
        let at = |verb: &str| format!("/accounts/{}/{verb}", account.id);
        let acts = Html::acts([
            (at("appointments/new"), w.appoint()),
            (at("change"), w.change()),
            (at("reset-password"), w.reset()),
            (at("unlock"), w.unlock()),
        ]);
        let posts = held.remove(&account.id).unwrap_or_else(|| vec![Html::text(w.no_posts())]);
        table.row([
            Html::text(&account.username).with_note(&account.display_name),
            Html::lines(posts),
            Html::text(if account.disabled { w.disabled() } else { w.active() }),
            acts,
        ]);
    }
    Ok(Sheet {
        title: w.accounts().into(),
        lead: w.accounts_lead().into(),
        acts: vec![Act::new("/accounts/new", w.new_account()).main()],
        sections: vec![Section::new("accounts", w.accounts()).part(Part::Table(table))],
        ..Sheet::default()
    })
}

fn of_account(see: &mut See<'_>, id: AccountId, title: Cow<'_, str>) -> Result<(Form, Account)> {
    let account = actions::get(see.conn, see.actor, id)?;
    Ok((Form::new(title.clone(), title, "/accounts").kicker(account.display_name.clone()), account))
}

pub struct MakeAccount;

impl Deed for MakeAccount {
    type At = ();
    const PASSWORD: Option<&'static str> = Some("password");

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageAccounts)?;
        let w = AdminWords(see.lang);
        Ok(Form::new(w.new_account(), w.save(), "/accounts")
            .field(Field::line("username", w.username()).required())
            .field(Field::line("display_name", w.display_name()).required())
            .field(Field::new("password", w.password(), Kind::Password).hint(w.password_hint()).required()))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input: NewAccount = it.input()?;
        actions::check_password(&it.tools.accounts.policy, input.password.reveal(), input.username.as_str())?;
        let hash = it.password_hash()?;
        let new = actions::AccountToMake {
            username: input.username.as_str(),
            display_name: input.display_name.as_str(),
            password_hash: &hash,
            must_change_password: true,
        };
        let made = actions::create(it.conn, it.actor, &new, it.now)?;
        Ok(format!("/accounts/{}/appointments/new", made.id))
    }
}

pub struct ChangeAccount;

impl Deed for ChangeAccount {
    type At = AccountId;

    fn form(see: &mut See<'_>, id: AccountId) -> Result<Form> {
        let w = AdminWords(see.lang);
        let (form, account) = of_account(see, id, w.change())?;
        Ok(form
            .field(Field::line("display_name", w.display_name()).required().value(&account.display_name))
            .field(Field::new("disabled", w.disabled(), Kind::Tick).value(account.disabled))
            .of_version(account.version))
    }

    fn done(it: &mut Do<'_>, id: AccountId) -> Result<String> {
        let patch = it.input()?;
        actions::change(it.conn, it.actor, id, patch, it.now)?;
        Ok("/accounts".into())
    }
}

pub struct Reset;

impl Deed for Reset {
    type At = AccountId;
    const PASSWORD: Option<&'static str> = Some("password");

    fn form(see: &mut See<'_>, id: AccountId) -> Result<Form> {
        let w = AdminWords(see.lang);
        let (form, _) = of_account(see, id, w.reset())?;
        Ok(form.field(Field::new("password", w.password(), Kind::Password).hint(w.password_hint()).required()))
    }

    fn done(it: &mut Do<'_>, id: AccountId) -> Result<String> {
        let input: PasswordReset = it.input()?;
        let account = actions::get(it.conn, it.actor, id)?;
        actions::check_password(&it.tools.accounts.policy, input.password.reveal(), &account.username)?;
        let hash = it.password_hash()?;
        actions::reset_password(it.conn, it.actor, id, &hash, it.now)?;
        Ok("/accounts".into())
    }
}

pub struct Unlock;

impl Deed for Unlock {
    type At = AccountId;

    fn form(see: &mut See<'_>, id: AccountId) -> Result<Form> {
        let w = AdminWords(see.lang);
        let (form, _) = of_account(see, id, w.unlock())?;
        Ok(form.lead(w.unlock_lead()))
    }

    fn done(it: &mut Do<'_>, id: AccountId) -> Result<String> {
        actions::unlock(it.conn, it.actor, id, it.now)?;
        Ok("/accounts".into())
    }
}

pub struct Appoint;

impl Deed for Appoint {
    type At = AccountId;

    fn form(see: &mut See<'_>, id: AccountId) -> Result<Form> {
        let w = AdminWords(see.lang);
        let (form, account) = of_account(see, id, w.appoint())?;
        let units = choices::units(see.conn, |_| true)?;
        let roles =
            Role::ALL.iter().map(|role| (role.word().to_owned(), terms::role(see.lang, *role).to_owned())).collect();
        Ok(form
            .field(Field::given("account_id", account.id))
            .field(Field::choice("unit_id", w.unit(), units))
            .field(Field::choice("role", w.role(), roles).required())
            .field(Field::date("from", w.from()).required().value(today(see.conn)?))
            .field(Field::date("until", w.until())))
    }

    fn done(it: &mut Do<'_>, _: AccountId) -> Result<String> {
        let input = it.input()?;
        actions::appoint(it.conn, it.actor, &input)?;
        Ok("/accounts".into())
    }
}

pub struct ChangeAppointment;

impl Deed for ChangeAppointment {
    type At = AppointmentId;

    fn form(see: &mut See<'_>, id: AppointmentId) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageAccounts)?;
        let w = AdminWords(see.lang);
        let post = accounts::store::appointment(see.conn, id)?;
        Ok(Form::new(w.end(), w.save(), "/accounts")
            .field(Field::date("from", w.from()).required().value(post.from_on))
            .field(Field::date("until", w.until()).stored(post.until_on))
            .of_version(post.version))
    }

    fn done(it: &mut Do<'_>, id: AppointmentId) -> Result<String> {
        let patch = it.input()?;
        actions::change_appointment(it.conn, it.actor, id, patch)?;
        Ok("/accounts".into())
    }
}

pub struct HandOver;

impl Deed for HandOver {
    type At = AppointmentId;

    fn form(see: &mut See<'_>, id: AppointmentId) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageAccounts)?;
        let w = AdminWords(see.lang);
        let post = accounts::store::appointment(see.conn, id)?;
        let others = accounts::store::list(see.conn, &all_of("accounts")?)?.0.into_iter();
        let others = others
            .filter(|account| account.id != post.account_id && !account.disabled)
            .map(|account| (account.id.to_string(), format!("{} {}", account.username, account.display_name)));
        Ok(Form::new(w.hand_over(), w.hand_over(), "/accounts")
            .lead(w.hand_over_lead())
            .field(Field::choice("account_id", w.to_account(), others.collect()).required())
            .field(Field::date("on", w.on()).required().value(today(see.conn)?)))
    }

    fn done(it: &mut Do<'_>, id: AppointmentId) -> Result<String> {
        let input = it.input()?;
        actions::hand_over(it.conn, it.actor, id, &input)?;
        Ok("/accounts".into())
    }
}
