//! A workbook that was filled in, handed back through the ordinary actions.

use super::rows::{Filled, Sheet, read};
use super::{HandInAs, HandedIn, Manner, RowOutcome};
use crate::access::Actor;
use crate::platform::sheet::Book;
use crate::platform::web::{Each, IfMatch, ItemProblem, each, tally};
use crate::platform::{Conn, Error, Problem, Result};
use crate::progress::batch::ReportItem;
use crate::progress::drafts::{self, ReportDraft};
use crate::progress::model::{NewReport, ProgressReport};
use crate::progress::{Evidence, reports};

/// What was made of a row.
enum Made {
    Report(ProgressReport),
    Draft(ReportDraft),
    /// Such a draft was there already.
    Known(ReportDraft),
}

/// Takes every row that was filled in, as a draft or a report, after the ordinary rules.
pub fn hand_in(conn: &mut Conn, actor: &Actor, evidence: &Evidence, book: &Book, manner: Manner) -> Result<HandedIn> {
    let sheet = read(book)?;
    let items: Vec<Each<(&Filled, &ReportItem)>> = sheet
        .rows
        .iter()
        .map(|row| Each::of(row.said.as_ref().map(|item| (row, item)).map_err(Clone::clone)))
        .collect();
    let outcomes = each(conn, &items, manner.atomic, |conn, (row, item)| {
        let actor = under(actor, row);
        match manner.hand_in_as {
            HandInAs::Drafts => draft(conn, &actor, evidence, item),
            HandInAs::Reports => {
                reports::report(conn, &actor, evidence, item.time_node_id, &(*item).into()).map(Made::Report)
            }
        }
    });
    let outcomes = outcomes.map_err(|error| located(&sheet, error))?;
    let (made, refused) = tally(&outcomes);
    let shown = sheet.rows.iter().zip(outcomes).map(|(row, outcome)| shown(actor, &sheet, row, outcome));
    Ok(HandedIn { items: shown.collect(), made, refused })
}

/// The actor, under the version of the node that the row was made from.
fn under(actor: &Actor, row: &Filled) -> Actor {
    let mut actor = actor.clone();
    actor.request.if_match = row.version.map(IfMatch::of).unwrap_or_default();
    actor
}

/// A draft of a row; none where the node has one that says the same: a workbook may be handed in again.
fn draft(conn: &mut Conn, actor: &Actor, evidence: &Evidence, item: &ReportItem) -> Result<Made> {
    let input = NewReport::from(item);
    let known = drafts::list(conn, actor, item.time_node_id)?.into_iter().find(|draft| says(draft, &input));
    match known {
        Some(draft) => Ok(Made::Known(draft)),
        None => drafts::create(conn, actor, evidence, item.time_node_id, input).map(Made::Draft),
    }
}

fn says(draft: &ReportDraft, input: &NewReport) -> bool {
    draft.kind == input.kind
        && draft.text == input.text.as_str()
        && draft.percent == input.percent
        && draft.held_on == input.held_on
        && draft.on_paper == input.on_paper
        && draft.attachments.is_empty()
}

/// A refusal of the whole, its places told as cells.
fn located(sheet: &Sheet, error: Error) -> Error {
    match error {
        Error::Problem(problem) => Error::Problem(Box::new(sheet.located(*problem))),
        other => other,
    }
}

fn shown(actor: &Actor, sheet: &Sheet, row: &Filled, outcome: Result<Made, Problem>) -> RowOutcome {
    let nothing =
        RowOutcome { row: row.row, time_node_id: row.node, status: 201, report: None, draft: None, problem: None };
    match outcome {
        Ok(Made::Report(report)) => RowOutcome { report: Some(report), ..nothing },
        Ok(Made::Draft(draft)) => RowOutcome { draft: Some(draft), ..nothing },
        Ok(Made::Known(draft)) => RowOutcome { status: 200, draft: Some(draft), ..nothing },
        Err(problem) => {
            let problem = sheet.located(problem);
            let said = ItemProblem::of(&problem, &actor.request);
            RowOutcome { status: problem.code.status, problem: Some(said), ..nothing }
        }
    }
}
