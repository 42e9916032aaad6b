//! What is done with a plan as a whole: made, changed, issued, closed.

use super::words::PlanWords;
use super::{readable, words};
use crate::access::Action;
use crate::console::choices::{self, name_of, unit_names};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::page::Html;
use crate::console::{Lang, terms};
use crate::plans::{self, Plan, PlanId, PlanStatus};
use crate::platform::Result;
use crate::reports::close::{self, CloseInput};
use crate::time_nodes::issue;
use crate::time_nodes::model::Issue as IssueInput;

pub(super) fn home(id: PlanId) -> String {
    format!("/plans/{id}")
}

/// The field for the reason of a revision, of a plan that is issued.
pub(super) fn reason(form: Form, w: PlanWords, plan: &Plan) -> Form {
    let field = Field::prose("reason", w.reason()).hint(w.reason_hint()).required();
    form.field_if(plan.status != PlanStatus::Draft, field)
}

fn about(form: Form, w: PlanWords, plan: Option<&Plan>) -> Form {
    form.field(Field::line("title", w.name()).required().stored(plan.map(|plan| plan.title.clone())))
        .field(
            Field::new("target_percent", w.target(), Kind::Number)
                .stored(plan.map_or(Some(100), |p| Some(p.target_percent))),
        )
        .field(Field::date("target_on", w.target_on()).stored(plan.map(|plan| plan.target_on)))
        .field(Field::date("closes_on", w.closes_on()).stored(plan.map(|plan| plan.closes_on)))
        .field(Field::line("document_no", w.document_no()).stored(plan.and_then(|plan| plan.document_no.clone())))
        .field(Field::date("consulted_on", w.consulted_on()).stored(plan.and_then(|plan| plan.consulted_on)))
        .field(
            Field::line("approved_by", w.approved_by())
                .hint(w.approved_hint())
                .stored(plan.and_then(|plan| plan.approved_by.clone())),
        )
}

/// `/plans/new`.
pub struct Create;

impl Deed for Create {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = PlanWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::WritePlan)?;
        let known = readable(see.conn, see.actor)?;
        let from = known.iter().map(|plan| (plan.id.to_string(), format!("{} {}", plan.year, plan.title))).collect();
        let only = units.first().map(|(id, _)| id.clone());
        let next = known.iter().map(|plan| plan.year + 1).max();
        let form = Form::new(w.new(), w.create(), "/plans")
            .field(Field::choice("unit_id", w.unit(), units).required().stored(only))
            .field(Field::new("year", w.year(), Kind::Number).required().stored(next));
        let form = about(form, w, None);
        Ok(form.field(Field::choice("from_plan_id", w.from_plan(), from).hint(w.from_hint())))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(plans::copy::create(it.conn, it.actor, input)?.plan.id))
    }
}

/// `/plans/{id}/change`.
pub struct Change;

impl Deed for Change {
    type At = PlanId;

    fn form(see: &mut See<'_>, id: PlanId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let plan = plans::actions::read(see.conn, see.actor, id)?;
        let form = Form::new(w.change_plan(), w.save(), home(id)).kicker(plan.title.clone());
        Ok(reason(about(form, w, Some(&plan)), w, &plan).of_version(plan.version))
    }

    fn done(it: &mut Do<'_>, id: PlanId) -> Result<String> {
        let patch = it.input()?;
        let nodes = it.tools.nodes.clone();
        plans::actions::change(it.conn, it.actor, nodes.as_ref(), id, patch)?;
        Ok(home(id))
    }
}

/// `/plans/{id}/issue`, with its dry run in place.
pub struct Issue;

impl Deed for Issue {
    type At = PlanId;

    fn form(see: &mut See<'_>, id: PlanId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let plan = plans::actions::read(see.conn, see.actor, id)?;
        let tasks = plans::whole::Whole::of(see.conn, id)?.tasks;
        let tasks = tasks.iter().map(|task| (task.id.to_string(), format!("{} {}", task.code, task.title))).collect();
        let mut form = Form::new(w.issue(), w.issue(), home(id))
            .kicker(plan.title)
            .lead(w.issue_lead())
            .field(Field::date("issued_on", w.issue_on()))
            .field(Field::ticks("backfill", w.backfill(), tasks));
        form.previews = true;
        Ok(form)
    }

    fn done(it: &mut Do<'_>, id: PlanId) -> Result<String> {
        let input = it.input()?;
        issue::issue(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }

    fn preview(it: &mut Do<'_>, lang: Lang, id: PlanId) -> Result<Html> {
        let w = PlanWords(lang);
        let input: IssueInput = it.input_with("dry_run", true)?;
        let would = issue::issue(it.conn, it.actor, id, &input)?;
        let names = unit_names(it.conn)?;
        let rows = would.time_nodes.unwrap_or_default().into_iter().map(|node| {
            let note = node.excluded.map(|reason| format!("（{}）", terms::excluded(lang, reason)));
            let (due, last) = (lang.full_day(&node.due_on), lang.full_day(&node.late_after));
            let title = format!("{}{}", node.title, note.unwrap_or_default());
            [name_of(&names, node.unit_id), title, due, last]
        });
        let head = [w.unit_name(), w.task(), w.due(), w.late_after()].map(String::from);
        Ok(Html::table(&w.would_make(would.time_nodes_created), head, rows))
    }
}

/// `/plans/{id}/close`, with its dry run in place.
pub struct Close;

impl Deed for Close {
    type At = PlanId;

    fn form(see: &mut See<'_>, id: PlanId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let plan = plans::actions::read(see.conn, see.actor, id)?;
        let would = close::close(see.conn, see.actor, id, &CloseInput { dry_run: true, reason: None, open: vec![] });
        // Before its year has ended a close wants a reason, also to be looked at.
        let open = would.map(|would| would.open).unwrap_or_default();
        let choices = [("true", w.carry()), ("false", w.leave())].map(|(value, said)| (value.to_owned(), said.into()));
        let columns = vec![
            Field::new("time_node_id", w.what(), Kind::Given),
            Field::choice("carry_over", w.settle_all(), choices.into()).required(),
            Field::line("reason", w.leave_reason()),
        ];
        let rows = open.iter().map(|node| {
            let name = format!("{} {} {}", node.unit_name, node.title, see.lang.full_day(&node.due_on));
            vec![format!("{}|{name}", node.time_node_id), "true".into(), String::new()]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let mut form = Form::new(w.close(), w.close(), home(id)).kicker(plan.title).lead(w.close_lead());
        form = form.field(Field::prose("reason", w.close_reason()));
        let settle = Field::new("open", w.settle_all(), Kind::Rows { columns, rows: rows.clone() });
        form = form.field_if(!rows.is_empty(), settle);
        form.previews = true;
        Ok(form)
    }

    fn done(it: &mut Do<'_>, id: PlanId) -> Result<String> {
        let input: CloseInput = it.input()?;
        close::close(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }

    fn preview(it: &mut Do<'_>, lang: Lang, id: PlanId) -> Result<Html> {
        let w = PlanWords(lang);
        let input: CloseInput = it.input_with("dry_run", true)?;
        let would = close::close(it.conn, it.actor, id, &CloseInput { open: vec![], ..input })?;
        let rows = would.open.iter().map(|node| {
            let verdict = terms::Mark::verdict(lang, node.verdict).word.to_owned();
            [node.unit_name.clone(), node.title.clone(), lang.full_day(&node.due_on), verdict]
        });
        let head = [w.unit_name(), w.task(), w.due(), w.status()].map(String::from);
        let said = format!("{} {}", w.would_cancel(would.cancelled.len()), w.would_leave(would.open.len()));
        Ok(Html::table(&said, head, rows))
    }
}

/// Where a plan stands, for a choice of plans.
pub(super) fn named(lang: Lang, plan: &Plan) -> String {
    format!("{} {}（{}）", plan.year, plan.title, words::status(lang, plan.status))
}
