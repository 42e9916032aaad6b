//! What administrators and auditors have: units as a tree of any day, accounts, appointments with their hand-over,
//! settings, calendars, and the audit log with its verification.

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use super::choices::{self, Choice, all_of, name_of, unit_names};
use super::form::{self, Deed, Do, Field, Form, Kind, See};
use super::page::Html;
use super::posted::Fields;
use super::sheet::{self, Act, Part, Section, Sheet, Table};
use super::terms;
use super::view::View;
use super::{Lang, Visit};
use crate::access::{AccountId, Action, Actor, Role};
use crate::accounts::model::{Account, NewAccount, PasswordReset};
use crate::accounts::{self, AppointmentId, actions};
use crate::audit;
use crate::calendars;
use crate::platform::db::today;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::settings;
use crate::units::model::UnitBranch;
use crate::units::{self, UnitId, UnitKind};
use crate::words;

words! {
    /// What the pages of administration say.
    pub struct AdminWords {
        units: "组织", "Units";
        units_lead(day): "{day}的组织。改名、调整上级、撤销都从当天起算，过去的报表不变。", "The units of {day}. Names, places and ends count from the day they are recorded; past reports don't change.";
        as_of: "某一天的组织（?as_of=2020-06-30）", "The tree of a day (?as_of=2020-06-30)";
        unit: "组织", "Unit";
        kind: "类型", "Kind";
        code: "编号", "Code";
        short_names: "简称", "Short names";
        short_hint: "清单里的别名，用顿号隔开", "Other names in lists, set apart with 、";
        parent: "上级", "Above it";
        established_on: "成立日期", "Established";
        dissolved_on: "撤销日期", "Dissolved on";
        successor: "由谁承接", "Successor";
        term_ends_on: "任期届满", "Term ends";
        new_unit: "新建组织", "Make a unit";
        change: "修改", "Change";
        change_unit: "修改组织", "Change the unit";
        dissolve: "撤销组织", "Dissolve";
        dissolve_lead: "撤销以后它欠的仍然算它的；写明由谁承接，或写明原因。", "What is past due stays owed. Name a successor, or say why there is none.";
        reason: "原因", "Reason";
        save: "保存", "Save";
        back_units: "全部组织", "All units";
        no_units: "还没有组织", "No units yet";
        no_units_hint: "先建最上面的党委，再建支部和部门。", "Begin with the committee at the top, then branches and departments.";
        accounts: "账号", "Accounts";
        accounts_lead: "账号是人用的，任职决定能办什么。新书记到任用“交接”：旧任职到前一天为止。", "An account is a person's; appointments say what it may do. A new secretary takes over by a hand-over.";
        username: "用户名", "User name";
        display_name: "显示名（职务）", "Shown as (post)";
        password: "初始密码", "First password";
        password_hint: "对方第一次登录时必须修改", "It has to be changed at the first sign-in";
        new_account: "新建账号", "Make an account";
        posts: "任职", "Appointments";
        no_posts: "没有任职", "no appointment";
        appoint: "任命", "Appoint";
        role: "职务", "Post";
        from: "自", "From";
        until: "至", "Until";
        hand_over: "交接", "Hand over";
        hand_over_lead: "原任职到前一天结束，新任职从这一天开始；签过的仍是谁签的。", "The old appointment ends the day before and the new one begins; what was signed stays with who signed.";
        to_account: "交给", "To";
        on: "日期", "Day";
        end: "修改期限", "Change its days";
        reset: "重设密码", "Reset the password";
        unlock: "解锁", "Unlock";
        unlock_lead: "多次输错或长期未用以后。", "After too many failed sign-ins, or long disuse.";
        disabled: "停用", "Disabled";
        state: "状态", "State";
        active: "正常", "active";
        back_accounts: "全部账号", "All accounts";
        settings: "设置", "Settings";
        settings_lead: "改动从当天起算；过去的每一天仍按当时的设置判定。", "A change counts from its day on; every past day is judged by the settings it had.";
        change_settings: "修改设置", "Change the settings";
        near_days: "临期：到期前几天", "Due soon: days before";
        recurrence_grace_days: "周期任务宽限天数", "Grace of recurring nodes, days";
        short_extension_days: "部门可批的延期天数", "Longest extension the department grants, days";
        backfill_days: "补录天数", "Days to backfill";
        review_working_days: "几个工作日内审核", "Working days to review in";
        term_alert_months: "届满前几个月提醒", "Months before a term ends";
        back_dated_days: "倒填几天以上要列出", "Days back-dated that are listed";
        secretary_signs: "完成只由书记、副书记签", "Only secretaries sign completions";
        public_bulletins: "简报可公开阅读", "Bulletins may be public";
        setting: "设置", "Setting";
        value: "现在", "Now";
        yes: "是", "yes";
        no: "否", "no";
        calendars: "工作日历", "Calendars";
        year: "年份", "Year";
        days: "特殊日", "Special days";
        no_calendars: "没有导入工作日历", "No calendar was imported";
        no_calendars_hint: "没有的年份按周一至周五算；用 duban calendar import 导入。", "A year without one counts Monday to Friday; import with duban calendar import.";
        audit: "审计日志", "Audit log";
        audit_lead(count, unsealed): "已核验**{count}条**，链条完整；{unsealed}条等待封存。", "**{count}** entries verified, the chain is whole; {unsealed} await their seal.";
        audit_broken: "日志核验不通过：有记录被改动。", "The log does not verify: an entry was altered.";
        head: "链首摘要（请另处留存）", "Head of the chain (keep it elsewhere)";
        position: "序号", "No.";
        at: "时间（UTC）", "When (UTC)";
        who: "谁", "Who";
        operator: "操作员", "operator";
        did: "做了什么", "What was done";
        subject: "对象", "To what";
        entries: "记录", "Entries";
        no_entries: "还没有记录", "No entries yet";
        no_entries_hint: "每个动作一条，随动作一起写入。", "One an action, written with it.";
        older: "往后", "Further";
    }
}

/// The addresses of administration.
pub fn routes(config: &mut web::ServiceConfig) {
    macro_rules! deed {
        ($address:literal, $deed:ty) => {
            config.service(web::resource($address).get(form::show::<$deed>).post(form::send::<$deed>));
        };
    }
    config.route("/units", web::get().to(tree));
    deed!("/units/new", NewUnit);
    deed!("/units/{id}/change", ChangeUnit);
    deed!("/units/{id}/dissolve", Dissolve);
    config.route("/accounts", web::get().to(list_accounts));
    deed!("/accounts/new", MakeAccount);
    deed!("/accounts/{id}/change", ChangeAccount);
    deed!("/accounts/{id}/reset-password", Reset);
    deed!("/accounts/{id}/unlock", Unlock);
    deed!("/accounts/{id}/appointments/new", Appoint);
    deed!("/appointments/{id}/change", ChangeAppointment);
    deed!("/appointments/{id}/hand-over", HandOver);
    config.route("/settings", web::get().to(show_settings));
    deed!("/settings/change", ChangeSettings);
    config.route("/audit", web::get().to(log));
}

fn asked_day(request: &HttpRequest) -> Option<NaiveDate> {
    Fields::read(request.query_string().as_bytes()).get("as_of").parse().ok()
}

async fn tree(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (view, asked) = (visit.view.clone(), asked_day(&request));
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, day) = (AdminWords(view.lang), asked.map_or_else(|| today(conn), Ok)?);
        let manages = actor.must_anywhere(Action::ManageUnits).is_ok();
        let mut table = Table::new([w.unit(), w.kind(), w.change()]);
        for branch in units::actions::tree(conn, actor, day)? {
            branch_rows(&view, w, &branch, 0, manages, &mut table);
        }
        Ok(Sheet {
            title: w.units().into(),
            lead: w.units_lead(view.lang.full_day(&day)).into(),
            acts: if manages { vec![Act::new("/units/new", w.new_unit()).main()] } else { vec![] },
            sections: vec![
                Section::new("tree", w.units()).hint(w.as_of()).part(table.or_empty(w.no_units(), w.no_units_hint())),
            ],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

fn branch_rows(view: &View, w: AdminWords, unit: &UnitBranch, depth: usize, manages: bool, table: &mut Table) {
    let change = Html::link(&format!("/units/{}/change", unit.id), w.change());
    let dissolve = Html::link(&format!("/units/{}/dissolve", unit.id), w.dissolve());
    table.row([
        Html::text(format!("{}{}", "　".repeat(depth), unit.name)),
        Html::text(terms::unit_kind(view.lang, unit.kind)),
        if manages { Html::joined([change, dissolve], " ") } else { Html::default() },
    ]);
    for below in &unit.units {
        branch_rows(view, w, below, depth + 1, manages, table);
    }
}

fn kinds(lang: Lang) -> Vec<Choice> {
    UnitKind::ALL.iter().map(|kind| (kind.word().to_owned(), terms::unit_kind(lang, *kind).to_owned())).collect()
}

/// Names set apart with 、 as the list that the input takes.
fn short_names(it: &Do<'_>) -> serde_json::Value {
    let names = it.fields.get("short_names").split(['、', ',', '，']).map(str::trim).filter(|name| !name.is_empty());
    names.map(serde_json::Value::from).collect::<Vec<_>>().into()
}

struct NewUnit;

impl Deed for NewUnit {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageUnits)?;
        let w = AdminWords(see.lang);
        let units = choices::units(see.conn, |_| true)?;
        Ok(Form::new(w.new_unit(), w.save(), "/units")
            .field(Field::line("name", w.unit()).required())
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).required())
            .field(Field::choice("parent_id", w.parent(), units))
            .field(Field::line("code", w.code()))
            .field(Field::line("short_names", w.short_names()).hint(w.short_hint()).aside())
            .field(Field::date("established_on", w.established_on()))
            .field(Field::date("term_ends_on", w.term_ends_on())))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input_with("short_names", short_names(it))?;
        units::actions::create(it.conn, it.actor, input)?;
        Ok("/units".into())
    }
}

struct ChangeUnit;

impl Deed for ChangeUnit {
    type At = UnitId;

    fn form(see: &mut See<'_>, id: UnitId) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageUnits)?;
        let w = AdminWords(see.lang);
        let unit = units::store::get(see.conn, id)?;
        let above = choices::units(see.conn, |other| other.unit_id != id)?;
        let version = units::store::version(see.conn, id)?;
        Ok(Form::new(w.change_unit(), w.save(), "/units")
            .kicker(unit.name.clone())
            .field(Field::line("name", w.unit()).required().value(&unit.name))
            .field(Field::choice("parent_id", w.parent(), above).stored(unit.parent_id))
            .field(Field::line("code", w.code()).stored(unit.code.clone()))
            .field(Field::date("established_on", w.established_on()).stored(unit.established_on))
            .field(Field::date("term_ends_on", w.term_ends_on()).stored(unit.term_ends_on))
            .of_version(version))
    }

    fn done(it: &mut Do<'_>, id: UnitId) -> Result<String> {
        let patch = it.input()?;
        units::actions::change(it.conn, it.actor, id, patch)?;
        Ok("/units".into())
    }
}

struct Dissolve;

impl Deed for Dissolve {
    type At = UnitId;

    fn form(see: &mut See<'_>, id: UnitId) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageUnits)?;
        let w = AdminWords(see.lang);
        let unit = units::store::get(see.conn, id)?;
        let others = choices::units(see.conn, |other| other.unit_id != id)?;
        Ok(Form::new(w.dissolve(), w.dissolve(), "/units")
            .kicker(unit.name)
            .lead(w.dissolve_lead())
            .field(Field::date("dissolved_on", w.dissolved_on()))
            .field(Field::choice("successor_id", w.successor(), others))
            .field(Field::prose("reason", w.reason()))
            .of_version(units::store::version(see.conn, id)?))
    }

    fn done(it: &mut Do<'_>, id: UnitId) -> Result<String> {
        let input = it.input()?;
        units::actions::dissolve(it.conn, it.actor, id, input)?;
        Ok("/units".into())
    }
}

async fn list_accounts(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| accounts_shown(conn, actor, &view)).await?;
    sheet::show(&visit.view, &sheet)
}

fn accounts_shown(conn: &mut Conn, actor: &Actor, view: &View) -> Result<Sheet> {
    actor.must_anywhere(Action::ManageAccounts)?;
    let (w, names) = (AdminWords(view.lang), unit_names(conn)?);
    let known = accounts::store::list(conn, &all_of("accounts")?)?.0;
    let posts = accounts::store::list_appointments(conn, &all_of("appointments")?, None, None)?.0;
    let mut held: HashMap<AccountId, Vec<Html>> = HashMap::new();
    for post in &posts {
        let unit = post.unit_id.map(|unit| name_of(&names, unit)).unwrap_or_default();
        let until = post.until_on.map(|day| view.lang.full_day(&day)).unwrap_or_default();
        let days = format!("{} – {until}", view.lang.full_day(&post.from_on));
        let text = Html::text(format!("{unit} {}（{days}）", terms::role(view.lang, post.role)));
        let over = Html::link(&format!("/appointments/{}/hand-over", post.id), w.hand_over());
        let end = Html::link(&format!("/appointments/{}/change", post.id), w.end());
        held.entry(post.account_id).or_default().push(Html::joined([text, over, end], " "));
    }
    let mut table = Table::new([w.username(), w.display_name(), w.posts(), w.state(), w.change()]);
    for account in known {
        let at = |verb: &str| format!("/accounts/{}/{verb}", account.id);
        let acts = [
            Html::link(&at("appointments/new"), w.appoint()),
            Html::link(&at("change"), w.change()),
            Html::link(&at("reset-password"), w.reset()),
            Html::link(&at("unlock"), w.unlock()),
        ];
        let posts = held.remove(&account.id).unwrap_or_else(|| vec![Html::text(w.no_posts())]);
        table.row([
            Html::text(&account.username),
            Html::text(&account.display_name),
            Html::lines(posts),
            Html::text(if account.disabled { w.disabled() } else { w.active() }),
            Html::joined(acts, " "),
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

struct MakeAccount;

impl Deed for MakeAccount {
    type At = ();

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
        let hash = accounts::passwords::hash(input.password.reveal())?;
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

struct ChangeAccount;

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

struct Reset;

impl Deed for Reset {
    type At = AccountId;

    fn form(see: &mut See<'_>, id: AccountId) -> Result<Form> {
        let w = AdminWords(see.lang);
        let (form, _) = of_account(see, id, w.reset())?;
        Ok(form.field(Field::new("password", w.password(), Kind::Password).hint(w.password_hint()).required()))
    }

    fn done(it: &mut Do<'_>, id: AccountId) -> Result<String> {
        let input: PasswordReset = it.input()?;
        let account = actions::get(it.conn, it.actor, id)?;
        actions::check_password(&it.tools.accounts.policy, input.password.reveal(), &account.username)?;
        let hash = accounts::passwords::hash(input.password.reveal())?;
        actions::reset_password(it.conn, it.actor, id, &hash, it.now)?;
        Ok("/accounts".into())
    }
}

struct Unlock;

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

struct Appoint;

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

struct ChangeAppointment;

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

struct HandOver;

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

/// The settings by their names, with their words.
fn named(w: AdminWords, settings: &settings::Settings) -> Vec<(&'static str, Cow<'static, str>, Setting)> {
    use Setting::{Days, YesNo};
    vec![
        ("near_days", w.near_days(), Days(settings.near_days)),
        ("recurrence_grace_days", w.recurrence_grace_days(), Days(settings.recurrence_grace_days)),
        ("short_extension_days", w.short_extension_days(), Days(settings.short_extension_days)),
        ("backfill_days", w.backfill_days(), Days(settings.backfill_days)),
        ("review_working_days", w.review_working_days(), Days(settings.review_working_days)),
        ("term_alert_months", w.term_alert_months(), Days(settings.term_alert_months)),
        ("back_dated_days", w.back_dated_days(), Days(settings.back_dated_days)),
        ("secretary_signs", w.secretary_signs(), YesNo(settings.secretary_signs)),
        ("public_bulletins", w.public_bulletins(), YesNo(settings.public_bulletins)),
    ]
}

/// A setting is a number or a yes.
enum Setting {
    Days(i64),
    YesNo(bool),
}

async fn show_settings(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (view, asked) = (visit.view.clone(), asked_day(&request));
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = AdminWords(view.lang);
        let now = settings::actions::read(conn, actor, asked)?;
        let mut table = Table::new([w.setting(), w.value()]);
        for (_, name, setting) in named(w, &now.settings) {
            let value = match setting {
                Setting::Days(days) => Cow::Owned(days.to_string()),
                Setting::YesNo(yes) => {
                    if yes {
                        w.yes()
                    } else {
                        w.no()
                    }
                }
            };
            table.row([Html::text(name), Html::text(value)]);
        }
        let mut years = Table::new([w.year(), w.days()]);
        for year in calendars::actions::list(conn, actor, asked)? {
            years.row([Html::text(year.year.to_string()), Html::text(year.holidays.to_string())]);
        }
        let manages = actor.must_anywhere(Action::ManageSettings).is_ok();
        Ok(Sheet {
            title: w.settings().into(),
            lead: w.settings_lead().into(),
            acts: if manages { vec![Act::new("/settings/change", w.change_settings()).main()] } else { vec![] },
            sections: vec![
                Section::new("settings", w.settings()).part(Part::Table(table)),
                Section::new("calendars", w.calendars()).part(years.or_empty(w.no_calendars(), w.no_calendars_hint())),
            ],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

struct ChangeSettings;

impl Deed for ChangeSettings {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageSettings)?;
        let w = AdminWords(see.lang);
        let now = settings::actions::read(see.conn, see.actor, None)?;
        let mut form = Form::new(w.change_settings(), w.save(), "/settings").lead(w.settings_lead());
        for (name, said, setting) in named(w, &now.settings) {
            form = form.field(match setting {
                Setting::Days(days) => Field::new(name, said, Kind::Number).required().value(days),
                Setting::YesNo(yes) => Field::new(name, said, Kind::Tick).value(yes),
            });
        }
        Ok(form.of_version(now.version))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let patch = it.input()?;
        settings::actions::change(it.conn, it.actor, &patch)?;
        Ok("/settings".into())
    }
}

/// `GET /audit`: the log as it was sealed, and whether it verifies.
async fn log(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let query = Fields::read(request.query_string().as_bytes());
    let (view, cursor) = (visit.view.clone(), query.given("cursor").map(str::to_owned));
    let sheet = visit.caller.read_long(move |conn, actor| {
        actor.must_anywhere(Action::ReadAudit)?;
        let w = AdminWords(view.lang);
        let page = PageRequest::new("audit-entries", Some(100), cursor.as_deref(), false)?;
        let (entries, next) = audit::list(conn, &page, None, None, None)?;
        let mut table = Table::new([w.position(), w.at(), w.who(), w.did(), w.subject()]);
        for entry in entries {
            let subject =
                entry.subject_id.map_or_else(|| entry.subject.clone(), |id| format!("{} {id}", entry.subject));
            table.row([
                Html::text(entry.position.to_string()),
                Html::text(entry.at.format("%Y-%m-%d %H:%M:%S").to_string()),
                Html::text(entry.account_id.map_or_else(|| w.operator().into_owned(), |id| format!("#{id}"))),
                Html::text(entry.action),
                Html::text(subject),
            ]);
        }
        let verified = audit::verify(conn);
        let lead = match &verified {
            Ok(verified) => w.audit_lead(verified.verified, verified.unsealed),
            Err(_) => w.audit_broken(),
        };
        let mut sections =
            vec![Section::new("entries", w.entries()).part(table.or_empty(w.no_entries(), w.no_entries_hint()))];
        if let Ok(verified) = verified {
            let head = vec![(w.head().into(), Html::text(verified.head))];
            sections.insert(0, Section::new("head", w.audit()).part(Part::Facts(head)));
        }
        let acts = next.map(|cursor| Act::new(format!("/audit?cursor={cursor}"), w.older()));
        Ok(Sheet {
            title: w.audit().into(),
            lead: lead.into(),
            acts: acts.into_iter().collect(),
            sections,
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}
