//! A form for a verb of the API: its fields are those of the action's input, and what is typed is read by the same
//! rules. A verb is a [`Deed`]: how its form looks, and what is done with it. Each has a page of its own, so that it
//! works without a script, shows what will happen before it happens, and keeps what was typed when it is refused.

mod field;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use validator::Validate;

pub use field::{Field, Kind, MOST_ROWS};

use crate::access::Actor;
use crate::accounts::model::Secret;
use crate::accounts::{Accounts, sign_in};
use crate::console::marks::Marks;
use crate::console::page::{Html, page_with, see_other};
use crate::console::posted::{Fields, Posted};
use crate::console::told::told_of;
use crate::console::view::View;
use crate::console::words::Lang;
use crate::console::{Visit, layout::Said};
use crate::plans::revisions::Consequences;
use crate::platform::error::STALE;
use crate::platform::web::{IfMatch, Path, read_value};
use crate::platform::{Conn, Error, Result};
use crate::progress::Evidence;
use crate::words;

words! {
    /// Words around every form.
    pub struct FormWords {
        required: "必填", "required";
        stored_now: "现在存的是", "Stored now";
        nothing_stored: "（空）", "(empty)";
        stale: "打开此页以后，别人已作了修改。您填的还在；与现在所存不同的，旁边写着现在的内容。再次提交，就按您填的改。",
            "Somebody has changed this since you opened the page. What you typed is still here; where it differs, what is stored now stands beside it. Send it again to put yours in its place.";
        cancel: "不办，返回", "Leave it";
        preview: "先看看", "Preview";
        row(number): "第{number}行", "Row {number}";
        choose: "请选择", "Choose";
        tick_one: "请至少勾选一项。", "Tick at least one.";
    }
}
/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub kicker: Vec<String>,
    pub title: String,
    /// What will happen, in a sentence or two; `**` sets words in bold.
    pub lead: String,
    /// Where it leads when it is left.
    pub back: String,
    /// The words of its button.
    pub submit: String,
    pub fields: Vec<Field>,
    /// The version that is changed: a form with one sends only what differs from what is stored.
    pub version: Option<i64>,
    /// Whether it can be looked at before it is done.
    pub previews: bool,
    /// What it would do, or what it is about.
    pub shown: Option<Html>,
}

impl Form {
    pub fn new(title: impl Into<String>, submit: impl Into<String>, back: impl Into<String>) -> Form {
        Form { title: title.into(), submit: submit.into(), back: back.into(), ..Form::default() }
    }

    pub fn lead(self, lead: impl Into<String>) -> Form {
        Form { lead: lead.into(), ..self }
    }

    pub fn kicker(self, line: impl Into<String>) -> Form {
        Form { kicker: vec![line.into()], ..self }
    }

    pub fn field(mut self, field: Field) -> Form {
        self.fields.push(field);
        self
    }

    /// The field, when it applies.
    pub fn field_if(self, applies: bool, field: Field) -> Form {
        if applies { self.field(field) } else { self }
    }

    pub fn of_version(self, version: i64) -> Form {
        Form { version: Some(version), ..self }
    }

    /// What was typed as the input of the action, and which field each place of it is.
    fn input(&self, fields: &Fields) -> (Value, Vec<(String, String)>) {
        let (mut input, mut pointers) = (Map::new(), Vec::new());
        for field in &self.fields {
            let typed = field.typed(fields, &mut pointers);
            // Behind those of its cells, since a place counts for everything below it.
            pointers.push((format!("/{}", field.name.replace('.', "/")), field.id()));
            if field.aside {
                continue;
            }
            let value = match (typed, self.version) {
                (typed, Some(_)) if !changed(field, typed.as_ref(), fields) => continue,
                (None, Some(_)) => Value::Null,
                (None, None) => continue,
                (Some(value), _) => value,
            };
            put(&mut input, &field.name, value);
        }
        (Value::Object(input), pointers)
    }

    fn fill(&mut self, fields: &Fields) {
        for field in &mut self.fields {
            field.fill(fields);
        }
    }

    fn takes_files(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::Files))
    }
}

/// Whether what was typed differs from what is stored.
fn changed(field: &Field, typed: Option<&Value>, fields: &Fields) -> bool {
    match &field.kind {
        Kind::Rows { .. } => true,
        Kind::Files => typed.is_some(),
        Kind::Tick => field.holds("true") != fields.has(&field.name),
        Kind::Ticks(_) => fields.all(&field.name).collect::<Vec<_>>() != field.values,
        _ => field.text().trim().replace("\r\n", "\n") != fields.get(&field.name).replace("\r\n", "\n"),
    }
}

/// Puts a value at a place with dots.
fn put(input: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            input.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let below = input.entry(outer).or_insert_with(|| Map::new().into());
            if let Value::Object(below) = below {
                put(below, inner, value);
            }
        }
    }
}

/// What actions need beside the database.
#[derive(Clone)]
pub struct Tools {
    pub nodes: Arc<dyn Consequences>,
    pub evidence: Arc<Evidence>,
    pub accounts: Arc<Accounts>,
}

/// For making a form.
pub struct See<'a> {
    pub conn: &'a mut Conn,
    pub actor: &'a Actor,
    pub lang: Lang,
    /// What the address asks for behind its `?`, or what was typed.
    pub query: &'a Fields,
}

/// For doing what it says.
pub struct Do<'a> {
    pub conn: &'a mut Conn,
    pub actor: &'a Actor,
    pub tools: &'a Tools,
    /// Everything that was typed.
    pub fields: &'a Fields,
    /// The moment by the real clock.
    pub now: NaiveDateTime,
    /// The hash of the new password that the deed names ([`Deed::PASSWORD`]).
    hash: Option<String>,
    input: Value,
}

impl Do<'_> {
    /// The hash of the new password, made before the transaction.
    pub fn password_hash(&mut self) -> Result<String> {
        self.hash.take().ok_or_else(|| Error::internal("the deed names no password"))
    }

    /// What was typed, as the input of an action.
    pub fn input<T: DeserializeOwned + Validate>(&self) -> Result<T> {
        read_value(self.input.clone())
    }

    /// What was typed, for an input that needs more than the form has.
    pub fn raw(&self) -> Value {
        self.input.clone()
    }

    /// The same with one thing more in it.
    pub fn input_with<T: DeserializeOwned + Validate>(&self, name: &'static str, value: impl Into<Value>) -> Result<T> {
        self.input_and([(name, value.into())])
    }

    /// The same with several things more in it.
    pub fn input_and<T: DeserializeOwned + Validate>(
        &self,
        more: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Result<T> {
        let mut input = self.input.clone();
        if let Value::Object(fields) = &mut input {
            more.into_iter().for_each(|(name, value)| put(fields, name, value));
        }
        read_value(input)
    }
}

/// A verb with its form.
pub trait Deed: 'static {
    /// What its address names.
    type At: DeserializeOwned + Copy + Send + Sync + 'static;

    /// The field of a new password, hashed before the transaction: that takes longer than a write should last.
    const PASSWORD: Option<&'static str> = None;

    /// The form as it is opened.
    fn form(see: &mut See<'_>, at: Self::At) -> Result<Form>;

    /// Does it; the address where it leads.
    fn done(it: &mut Do<'_>, at: Self::At) -> Result<String>;

    /// What it would do, for a form that can be looked at first.
    fn preview(_it: &mut Do<'_>, _lang: Lang, _at: Self::At) -> Result<Html> {
        Ok(Html::default())
    }
}

#[derive(Template)]
#[template(path = "console/form.html")]
struct FormPage<'a> {
    view: &'a View,
    w: FormWords,
    form: &'a Form,
    marks: &'a Marks,
    /// Files that are stored already and come with the form.
    attached: Vec<i64>,
}

impl FormPage<'_> {
    fn cell(&self, field: &Field, row: &usize, column: &Field) -> String {
        format!("{}.{row}.{}", field.name, column.name)
    }

    /// The value and the words of a cell that is shown and not typed.
    fn given<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        text.split_once('|').unwrap_or((text, text))
    }

    fn cell_id(&self, field: &Field, row: &usize, column: &Field) -> String {
        self.cell(field, row, column).replace('.', "-")
    }
}

fn form_page(status: StatusCode, view: &View, form: &Form, marks: &Marks, attached: Vec<i64>) -> Result<HttpResponse> {
    page_with(status, &FormPage { view, w: FormWords(view.lang), form, marks, attached })
}

/// Registers the page of a deed.
pub fn deed<D: Deed>(config: &mut web::ServiceConfig, address: &str) {
    config.service(web::resource(address).get(show::<D>).post(send::<D>));
}

/// Shows the form of a deed.
async fn show<D: Deed>(visit: Visit, request: HttpRequest, Path(at): Path<D::At>) -> Result<HttpResponse, Error> {
    let (lang, query) = (visit.view.lang, Fields::read(request.query_string().as_bytes()));
    let form = visit.caller.read_long(move |conn, actor| D::form(&mut See { conn, actor, lang, query: &query }, at));
    form_page(StatusCode::OK, &visit.view, &form.await?, &Marks::none(), vec![])
}

/// Takes the form of a deed and does it; shown again with what is to be mended when it is refused.
async fn send<D: Deed>(
    mut posted: Posted,
    Path(at): Path<D::At>,
    nodes: web::Data<dyn Consequences>,
    evidence: web::Data<Evidence>,
    accounts: web::Data<Accounts>,
) -> Result<HttpResponse, Error> {
    if let Some(address) = posted.visit.led().await? {
        return Ok(see_other(&said_at(&address, Said::Saved)));
    }
    posted.attach().await?;
    let Posted { mut visit, fields, again, refused, .. } = posted;
    let (lang, kept) = (visit.view.lang, Arc::new(fields));
    let fields = kept.clone();
    let mut form =
        visit.caller.read_long(move |conn, actor| D::form(&mut See { conn, actor, lang, query: &fields }, at)).await?;
    let now = visit.caller.db.clock().stamp();
    let tools = Tools { nodes: nodes.into_inner(), evidence: evidence.into_inner(), accounts: accounts.into_inner() };
    let (input, pointers) = form.input(&kept);
    let mut marks = Marks::none();
    for (name, problem) in &refused {
        marks.say(Some("attachment_ids".into()), format!("{name}: {}", told_of(lang, problem)));
    }
    for field in form.fields.iter().filter(|field| field.lacks_a_tick(&kept)).filter(|_| !again) {
        marks.say(Some(field.id()), FormWords(lang).tick_one());
    }
    let attached = kept.ids("attachment");
    if again || !marks.is_empty() {
        form.fill(&kept);
        let status = if marks.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return form_page(status, &visit.view, &form, &marks, attached);
    }
    if let Some(version) = form.version {
        let named = kept.given("version").and_then(|text| text.parse().ok()).unwrap_or(version);
        visit.caller.request.if_match = IfMatch::of(named);
    }
    let hash = match D::PASSWORD.and_then(|name| kept.given(name)) {
        Some(password) => Some(sign_in::hashed(&tools.accounts, Secret::new(password)).await?),
        None => None,
    };
    let fields = kept.clone();
    let outcome = if form.previews && kept.has("_preview") {
        let shown = visit.caller.read_long(move |conn, actor| {
            let mut it = Do { conn, actor, tools: &tools, fields: &fields, now, hash: None, input: input.clone() };
            D::preview(&mut it, lang, at)
        });
        shown.await.map(|shown| form.shown = Some(shown))
    } else {
        let done = visit.once(move |conn, actor| {
            let hash = hash.clone();
            D::done(&mut Do { conn, actor, tools: &tools, fields: &fields, now, hash, input: input.clone() }, at)
        });
        match done.await {
            Ok(address) => return Ok(see_other(&said_at(&address, Said::Saved))),
            Err(error) => Err(error),
        }
    };
    form.fill(&kept);
    // What one may not do is no fault of what was typed.
    if let Err(error) = &outcome
        && matches!(error.problem().code.status, 403 | 404)
    {
        return outcome.and_then(|()| form_page(StatusCode::OK, &visit.view, &form, &marks, attached));
    }
    let stale = matches!(&outcome, Err(error) if error.code() == STALE.code);
    if !stale {
        form.fields.iter_mut().for_each(|field| field.stored = None);
    }
    let status = if let Err(error) = outcome {
        if stale {
            marks.say(None, FormWords(lang).stale());
        } else {
            let places: Vec<(&str, &str)> = pointers.iter().map(|(p, f)| (p.as_str(), f.as_str())).collect();
            marks = Marks::of(error, lang, &places)?;
        }
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    form_page(status, &visit.view, &form, &marks, attached)
}

/// The address with what was just done.
fn said_at(address: &str, said: Said) -> String {
    let (path, part) = address.split_once('#').map_or((address, None), |(path, part)| (path, Some(part)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let part = part.map(|part| format!("#{part}")).unwrap_or_default();
    format!("{path}{joint}said={}{part}", said.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form() -> Form {
        let rows = Kind::Rows {
            columns: vec![Field::line("person", "P"), Field::new("unit_id", "U", Kind::Number)],
            rows: vec![vec![String::new(); 2]; 3],
        };
        Form::new("T", "S", "/")
            .field(Field::line("title", "Title"))
            .field(Field::line("source.body", "Body"))
            .field(Field::new("unit_ids", "Units", Kind::Ticks(vec![])))
            .field(Field::new("items", "Items", rows))
    }

    #[test]
    fn what_is_typed_becomes_the_input_and_each_place_has_its_field() {
        let typed = "title=+A+&source.body=B&unit_ids=3&unit_ids=4&items.0.person=x&items.0.unit_id=7&items.1.person=\
                     &items.1.unit_id=9&items.2.person=2020&items.2.unit_id=";
        let (input, pointers) = form().input(&Fields::read(typed.as_bytes()));
        let expected = json!({"title": "A", "source": {"body": "B"}, "unit_ids": [3, 4],
            "items": [{"person": "x", "unit_id": 7}, {"person": "2020"}]});
        assert_eq!(input, expected);
        assert!(pointers.contains(&("/source/body".into(), "source-body".into())));
        assert!(pointers.contains(&("/items/1/person".into(), "items-2-person".into())), "{pointers:?}");
    }

    #[test]
    fn a_form_with_a_version_sends_only_what_was_changed_and_empties_what_was_emptied() {
        let form = Form::new("T", "S", "/")
            .field(Field::line("title", "").value("old"))
            .field(Field::line("place", "").value("room"))
            .field(Field::prose("text", "").value("one\ntwo"))
            .of_version(3);
        let typed = Fields::read(b"title=new&place=&text=one%0D%0Atwo");
        assert_eq!(form.input(&typed).0, json!({"title": "new", "place": null}));
    }

    #[test]
    fn what_was_done_is_said_before_the_place_in_the_page() {
        assert_eq!(said_at("/a?b=1#c", Said::Saved), "/a?b=1&said=saved#c");
        assert_eq!(said_at("/a", Said::Saved), "/a?said=saved");
    }
}
