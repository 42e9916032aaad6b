//! The way to a thing by its name, for whoever may read it; by its number for everybody else.

use super::Lang;
use super::page::Html;
use super::terms;
use crate::access::{Action, Actor};
use crate::findings::{FindingId, ledger};
use crate::meetings::decisions::DecisionId;
use crate::meetings::decisions::actions as decisions;
use crate::meetings::opinions::OpinionId;
use crate::meetings::opinions::actions as opinions;
use crate::plans::{self, PlanId, TaskId, lists};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::{Conn, Result};
use crate::time_nodes::{NodeId, store as time_nodes};
use crate::units;

/// What is not there, or is not the visitor's to read, is left out of a page that shows the rest.
pub fn if_there<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == NOT_FOUND.code || error.problem().code.status == 403 => Ok(None),
        Err(error) => Err(error),
    }
}

/// What it is and its number.
fn number(lang: Lang, subject: &str, number: i64) -> String {
    format!("{}{}{number}", terms::subject(lang, subject), lang.pick("", " "))
}

fn named(address: String, title: Option<String>, otherwise: String) -> Html {
    title.map_or_else(|| Html::text(otherwise), |title| Html::link(&address, title))
}

pub fn plan(conn: &mut Conn, actor: &Actor, lang: Lang, id: PlanId) -> Result<Html> {
    let plan = if_there::<plans::Plan>(plans::actions::read(conn, actor, id))?;
    Ok(named(format!("/plans/{id}"), plan.map(|plan| plan.title), number(lang, "plan", id.0)))
}

pub fn task(conn: &mut Conn, actor: &Actor, lang: Lang, id: TaskId) -> Result<Html> {
    let task = if_there(lists::read_task(conn, actor, id))?;
    Ok(named(
        format!("/tasks/{id}"),
        task.map(|task| format!("{} {}", task.code, task.title)),
        number(lang, "task", id.0),
    ))
}

pub fn finding(conn: &mut Conn, actor: &Actor, lang: Lang, id: FindingId) -> Result<Html> {
    let finding = if_there(ledger::read(conn, actor, id))?;
    Ok(named(format!("/findings/{id}"), finding.map(|finding| finding.title), number(lang, "finding", id.0)))
}

/// The words of a decision, which stands on the page of its meeting.
pub fn decision(conn: &mut Conn, actor: &Actor, lang: Lang, id: DecisionId) -> Result<Html> {
    let decision = if_there(decisions::read(conn, actor, id))?;
    let address = decision.as_ref().map(|decision| format!("/meetings/{}#decisions", decision.meeting_id));
    let words = decision.map(|decision| decision.title.unwrap_or(decision.text));
    Ok(named(address.unwrap_or_default(), words, number(lang, "decision", id.0)))
}

/// The words of an opinion, which stands on the page of its meeting.
pub fn opinion(conn: &mut Conn, actor: &Actor, lang: Lang, id: OpinionId) -> Result<Html> {
    let words = if_there(opinions::read(conn, actor, id))?.and_then(|opinion| opinion.text);
    Ok(named(format!("/opinions/{id}"), words, number(lang, "opinion", id.0)))
}

/// A node by its title, its unit and its day.
pub fn node(conn: &mut Conn, actor: &Actor, lang: Lang, id: NodeId) -> Result<Html> {
    let node = time_nodes::get(conn, id)?;
    let unit = units::store::get(conn, node.birth.unit_id)?;
    let shown = node.shown(today(conn)?);
    let words = format!("{}（{}）", shown.title, lang.day(&shown.due_on));
    let may = actor.may(Action::ReadNodes, &unit.site());
    Ok(named(format!("/time-nodes/{id}"), may.then_some(words), number(lang, "time_node", id.0)).with_note(unit.name))
}
