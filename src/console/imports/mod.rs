//! Lists from files: handed in, looked at, committed. The same functions as the API's; a file is kept for a day.

mod dry_run;
mod words;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::choices::{self, Choice};
use super::layout::Said;
use super::marks::Marks;
use super::page::{page_with, see_other};
use super::posted::{Handed, Posted};
use super::told::told_of;
use super::view::View;
use super::{Fields, Visit};
use crate::access::{Action, Actor};
use crate::accounts::{Accounts, sign_in};
use crate::exchange::http::{Files, Nodes, download, handed_in, kept, tools};
use crate::exchange::imports::{self, Order};
use crate::exchange::mapping::{ListName, Mapping};
use crate::exchange::model::{Commit, Import, Scope};
use crate::exchange::{IMPORT_GONE, ImportId, export, marked, template};
use crate::plans::{self, PlanStatus};
use crate::platform::sheet::XLSX;
use crate::platform::web::{IfMatch, Path, blocking, read_value};
use crate::platform::{Conn, Error, Result};
use crate::standards::model::SetStatus;
use crate::units;
use words::ImportWords;

/// The addresses of imports.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/imports").get(start).post(hand_in));
    config.route("/imports/templates/{list}", web::get().to(template_of));
    config.route("/imports/exports/{list}", web::get().to(export_of));
    config.service(web::resource("/imports/{id}").get(one).post(commit));
    config.route("/imports/{id}/workbook", web::get().to(marked_file));
}

/// What somebody may import, and into what.
#[derive(Debug, Clone, Default)]
struct Offer {
    lists: Vec<ListName>,
    plans: Vec<Choice>,
    sets: Vec<Choice>,
}

impl Offer {
    fn to(conn: &mut Conn, actor: &Actor) -> Result<Offer> {
        let mut offer = Offer::default();
        for plan in plans_of(conn, actor)? {
            offer.plans.push((plan.id.to_string(), plan.title));
        }
        let page = choices::all_of("standard-sets")?;
        for set in crate::standards::store::list(conn, &page, &actor.reach(Action::ReadPlan), None, None)?.0 {
            let site = units::store::get(conn, set.unit_id)?.site();
            if set.status == SetStatus::Draft && actor.may(Action::WriteStandards, &site) {
                offer.sets.push((set.id.to_string(), format!("{} {}", set.title, set.edition)));
            }
        }
        let raises = !choices::units_for(conn, actor, Action::RaiseFinding)?.is_empty();
        let may = [
            (ListName::Tasks, !offer.plans.is_empty()),
            (ListName::Findings, raises),
            (ListName::Standards, !offer.sets.is_empty()),
            (ListName::Units, actor.must_anywhere(Action::ManageUnits).is_ok()),
            (ListName::Accounts, actor.must_anywhere(Action::ManageAccounts).is_ok()),
        ];
        offer.lists = may.into_iter().filter(|(_, may)| *may).map(|(list, _)| list).collect();
        Ok(offer)
    }
}

/// The plans that somebody writes and that are not closed, the newest year first.
fn plans_of(conn: &mut Conn, actor: &Actor) -> Result<Vec<plans::Plan>> {
    let mut writable = vec![];
    for plan in super::plans::readable(conn, actor)? {
        let site = plans::actions::site_of(conn, &plan)?;
        if plan.status != PlanStatus::Closed && actor.may(Action::WritePlan, &site) {
            writable.push(plan);
        }
    }
    Ok(writable)
}

#[derive(Template)]
#[template(path = "console/imports/start.html")]
struct Start<'a> {
    view: &'a View,
    w: ImportWords,
    offer: &'a Offer,
    fields: &'a Fields,
    marks: &'a Marks,
}

impl Start<'_> {
    fn named(&self, list: &ListName) -> &'static str {
        words::list(self.view.lang, *list)
    }

    fn takes_findings(&self) -> bool {
        self.offer.lists.contains(&ListName::Findings)
    }

    fn holds(&self, field: &str, value: &str) -> bool {
        self.fields.get(field) == value
    }
}

fn start_page(status: StatusCode, view: &View, offer: &Offer, fields: &Fields, marks: &Marks) -> Result<HttpResponse> {
    page_with(status, &Start { view, w: ImportWords(view.lang), offer, fields, marks })
}

/// `GET /imports`: which list, which file.
async fn start(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let offer = visit.caller.read_long(Offer::to).await?;
    let fields = Fields::read(request.query_string().as_bytes());
    start_page(StatusCode::OK, &visit.view, &offer, &fields, &Marks::none())
}

/// The scope that a form names; what was left empty is left out.
fn scope_of(fields: &Fields) -> Result<Scope> {
    let list = fields.given("list").map(|word| read_value_plain(word.into())).transpose()?;
    Ok(Scope {
        list,
        plan_id: fields.parsed("plan_id")?.map(plans::PlanId),
        set_id: fields.parsed("set_id")?.map(crate::standards::SetId),
        year: fields.parsed("year")?,
        sheet: fields.given("sheet").map(str::to_owned),
    })
}

fn read_value_plain<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|_| crate::exchange::IMPORT_NO_LIST.err())
}

/// `POST /imports`: takes the file; leads to what it would do.
async fn hand_in(handed: Handed, files: Files, nodes: Nodes) -> Result<HttpResponse, Error> {
    let Handed { visit, fields, file, refused, again } = handed;
    let offer = visit.caller.read_long(Offer::to).await?;
    let w = ImportWords(visit.view.lang);
    let Some((name, bytes)) = file.filter(|_| !again) else {
        let mut marks = Marks::none();
        match refused.first() {
            Some((name, problem)) => {
                marks.say(Some("file".into()), format!("{name}: {}", told_of(visit.view.lang, problem)))
            }
            None => marks.say(Some("file".into()), w.no_file()),
        }
        let status = if again { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return start_page(status, &visit.view, &offer, &fields, &marks);
    };
    let made = async {
        let scope = scope_of(&fields)?;
        visit.caller.read(|_, actor| imports::require_some(actor)).await?;
        let (file, tools) = (handed_in(&files, name, bytes).await?, tools(&visit.caller, &files, &nodes));
        visit.caller.write(move |conn, actor| imports::hand_in(conn, actor, &tools, &scope, &file)).await
    };
    match made.await {
        Ok(import) => Ok(see_other(&format!("/imports/{}", import.id))),
        Err(error) if matches!(error.problem().code.status, 403 | 404) => Err(error),
        Err(error) => {
            let places = [
                ("list", "list"),
                ("plan_id", "plan"),
                ("set_id", "set"),
                ("year", "year"),
                ("sheet", "sheet"),
                ("file", "file"),
            ];
            let marks = Marks::of(error, visit.view.lang, &places)?;
            start_page(StatusCode::UNPROCESSABLE_ENTITY, &visit.view, &offer, &fields, &marks)
        }
    }
}

/// An import with its dry run against the lists as they stand now.
async fn dry_run_of(visit: &Visit, files: &Files, nodes: &Nodes, id: ImportId) -> Result<Import> {
    let book = kept(&visit.caller, files, id).await?.1;
    let tools = tools(&visit.caller, files, nodes);
    // It is tried out in a savepoint, which only a write has.
    visit.caller.write(move |conn, actor| imports::read(conn, actor, &tools, id, book.as_deref())).await
}

/// `GET /imports/{id}`: what it would do.
async fn one(visit: Visit, files: Files, nodes: Nodes, Path(id): Path<ImportId>) -> Result<HttpResponse, Error> {
    let import = dry_run_of(&visit, &files, &nodes, id).await?;
    dry_run::page(StatusCode::OK, &visit, import, Fields::default(), Marks::none()).await
}

/// `POST /imports/{id}`: commits it, or shows again what it would do and what is missing.
async fn commit(
    posted: Posted,
    files: Files,
    nodes: Nodes,
    accounts: web::Data<Accounts>,
    Path(id): Path<ImportId>,
) -> Result<HttpResponse, Error> {
    let Posted { mut visit, fields, again, .. } = posted;
    if again {
        let import = dry_run_of(&visit, &files, &nodes, id).await?;
        return dry_run::page(StatusCode::OK, &visit, import, fields, Marks::none()).await;
    }
    let given = |name: &str| fields.given(name).map_or(serde_json::Value::Null, Into::into);
    let order = serde_json::json!({
        "reason": given("reason"),
        "remove": fields.has("remove"),
        "confirm": fields.has("confirm"),
        "first_password": given("first_password"),
    });
    let before = visit.caller.request.if_match.clone();
    let done = async {
        let input: Commit = read_value(order)?;
        let hash = match &input.first_password {
            Some(password) => Some(sign_in::hashed(&accounts, password.clone()).await?),
            None => None,
        };
        let book = kept(&visit.caller, &files, id).await?.1;
        let (tools, policy) = (tools(&visit.caller, &files, &nodes), accounts.policy);
        if let Ok(version) = fields.get("version").parse() {
            visit.caller.request.if_match = IfMatch::of(version);
        }
        let commit = visit.once(move |conn, actor| {
            let order = Order { input: &input, password_hash: hash.as_deref(), policy: &policy, progress: &|_, _| {} };
            imports::commit(conn, actor, &tools, id, book.as_deref(), &order)?;
            Ok(format!("/imports/{id}?said={}", Said::Saved.word()))
        });
        commit.await
    };
    let done = done.await;
    match done {
        Ok(address) => Ok(see_other(&address)),
        Err(error) if matches!(error.problem().code.status, 403 | 404) => Err(error),
        Err(error) => {
            visit.caller.request.if_match = before;
            let places = [("/reason", "reason"), ("/confirm", "confirm"), ("/first_password", "first-password")];
            let marks = Marks::of(error, visit.view.lang, &places)?;
            let import = dry_run_of(&visit, &files, &nodes, id).await?;
            dry_run::page(StatusCode::UNPROCESSABLE_ENTITY, &visit, import, fields, marks).await
        }
    }
}

/// `GET /imports/{id}/workbook`: the file that was handed in, with the problems beside its rows.
async fn marked_file(
    visit: Visit,
    files: Files,
    nodes: Nodes,
    request: HttpRequest,
    Path(id): Path<ImportId>,
) -> Result<HttpResponse, Error> {
    // One after the other: whoever holds a file must not wait for another.
    let problems = dry_run_of(&visit, &files, &nodes, id).await?.outcome.map(|outcome| outcome.problems);
    let (row, book) = kept(&visit.caller, &files, id).await?;
    let book = book.ok_or_else(|| IMPORT_GONE.err())?;
    let file = blocking(move || marked::workbook(&book, &problems.unwrap_or_default())).await?;
    let stem = row.file_name.rsplit_once('.').map_or(row.file_name.as_str(), |(stem, _)| stem);
    Ok(download(file, &format!("{stem}-问题.xlsx"), XLSX, &request)?.0)
}

/// `GET /imports/templates/{list}`.
async fn template_of(visit: Visit, request: HttpRequest, Path(list): Path<ListName>) -> Result<HttpResponse, Error> {
    visit.caller.read(|_, _| Ok(())).await?;
    let file = blocking(move || template::workbook(list)).await?;
    Ok(download(file, &format!("{}模板.xlsx", Mapping::of(list).sheet), XLSX, &request)?.0)
}

/// `GET /imports/exports/{list}`: the list as it stands, to be changed and handed in again.
async fn export_of(visit: Visit, request: HttpRequest, Path(list): Path<ListName>) -> Result<HttpResponse, Error> {
    let scope = scope_of(&Fields::read(request.query_string().as_bytes()))?;
    let rows = visit.caller.read_long(move |conn, actor| export::rows(conn, actor, list, &scope)).await?;
    let file = blocking(move || export::workbook(list, &rows)).await?;
    Ok(download(file, &format!("{}.xlsx", Mapping::of(list).sheet), XLSX, &request)?.0)
}
