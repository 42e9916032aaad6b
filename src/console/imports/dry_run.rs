//! What an import would do, row by row, before anything is done.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::words::{self, ImportWords};
use crate::console::choices::Names;
use crate::console::marks::Marks;
use crate::console::page::{Html, page_with};
use crate::console::view::View;
use crate::console::{Fields, Lang, Visit};
use crate::exchange::mapping::ListName;
use crate::exchange::model::{DifferenceKind, Import, Outcome, ShownDifference, TaskReading};
use crate::platform::{Conn, Result};

/// So many rows of a kind are listed.
const LISTED: usize = 200;

/// A row as it is shown.
struct Row {
    row: Option<u32>,
    key: String,
    /// Who will owe it and when, of a task whose words differ.
    reading: Html,
    /// What it says: of a change, each field as it was and as it would be.
    fields: Vec<(&'static str, String, String)>,
}

/// Rows of a kind.
#[derive(Default)]
struct Kind {
    rows: Vec<Row>,
    /// How many more there are.
    more: usize,
    /// Whether any of them has a reading.
    read: bool,
}

#[derive(Template)]
#[template(path = "console/imports/rows.html")]
struct Rows<'a> {
    w: ImportWords,
    id: &'static str,
    heading: &'a str,
    colon: &'static str,
    kind: &'a Kind,
    /// Beside what it says, what the list says now.
    compares: bool,
}

#[derive(Template)]
#[template(path = "console/imports/dry_run.html")]
struct DryRun<'a> {
    view: &'a View,
    w: ImportWords,
    import: &'a Import,
    outcome: Option<&'a Outcome>,
    added: Html,
    changed: Html,
    removed: &'a Kind,
    fields: &'a Fields,
    marks: &'a Marks,
}

impl DryRun<'_> {
    fn title(&self) -> String {
        let colon = self.view.t.colon();
        format!("{}{colon}{}", self.w.title(), words::list(self.view.lang, self.import.list))
    }

    fn lead(&self) -> String {
        let w = self.w;
        let counts = self.outcome.map_or(self.import.counts, |outcome| outcome.counts);
        if let Some(day) = self.import.committed_on {
            let was = w.was(counts.added, counts.changed, counts.removed);
            return format!("{} {was}", w.committed(self.view.lang.full_day(&day)));
        }
        match self.outcome {
            None => w.gone().into(),
            Some(_) if counts.problems > 0 => w.to_mend(counts.problems).into(),
            Some(_) if counts.added + counts.changed + counts.removed == 0 => w.no_change().into(),
            Some(_) => {
                let said = [
                    (counts.added, w.so_many_added(counts.added)),
                    (counts.changed, w.so_many_changed(counts.changed)),
                    (counts.unchanged, w.so_many_unchanged(counts.unchanged)),
                    (counts.removed, w.so_many_missing(counts.removed)),
                ];
                let said: Vec<_> = said.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
                format!("{}{}", said.join(self.view.lang.pick("，", ", ")), self.view.lang.pick("。", "."))
            }
        }
    }

    /// Whether there is anything to commit.
    fn may_commit(&self) -> bool {
        self.outcome.is_some_and(|outcome| {
            let counts = outcome.counts;
            counts.problems == 0 && counts.added + counts.changed + counts.removed > 0
        })
    }

    fn problems(&self) -> &[crate::exchange::model::ShownProblem] {
        self.outcome.map(|outcome| outcome.problems.get(..LISTED).unwrap_or(&outcome.problems)).unwrap_or_default()
    }

    fn more_problems(&self) -> usize {
        self.outcome.map_or(0, |outcome| outcome.problems.len().saturating_sub(LISTED))
    }

    fn adds_accounts(&self) -> bool {
        self.import.list == ListName::Accounts && self.outcome.is_some_and(|outcome| outcome.counts.added > 0)
    }

    fn ignored(&self) -> String {
        let ignored = self.outcome.iter().flat_map(|outcome| &outcome.sheets).flat_map(|sheet| &sheet.ignored_columns);
        ignored.cloned().collect::<Vec<_>>().join(self.view.lang.pick("、", ", "))
    }
}

/// The page of an import.
pub async fn page(
    status: StatusCode,
    visit: &Visit,
    import: Import,
    fields: Fields,
    marks: Marks,
) -> Result<HttpResponse> {
    let lang = visit.view.lang;
    let read = visit.caller.read_long(move |conn, _| {
        let mut kinds = [Kind::default(), Kind::default(), Kind::default()];
        if let Some(outcome) = &import.outcome {
            let wanted = [DifferenceKind::Added, DifferenceKind::Changed, DifferenceKind::Removed];
            for (kind, wanted) in kinds.iter_mut().zip(wanted) {
                *kind = rows_of(conn, lang, outcome, wanted)?;
            }
        }
        Ok((import.clone(), kinds))
    });
    let (import, [added, changed, removed]) = read.await?;
    let (w, view) = (ImportWords(lang), &visit.view);
    let rows = |id: &'static str, heading: &str, kind: &Kind, compares: bool| match kind.rows.is_empty() {
        true => Ok(Html::empty()),
        false => Html::of(&Rows { w, id, heading, colon: lang.pick("：", ": "), kind, compares }),
    };
    let (added, changed) = (rows("added", &w.added(), &added, false)?, rows("changed", &w.changed(), &changed, true)?);
    let outcome = import.outcome.as_ref();
    let (import, removed, fields, marks) = (&import, &removed, &fields, &marks);
    page_with(status, &DryRun { view, w, import, outcome, added, changed, removed, fields, marks })
}

fn rows_of(conn: &mut Conn, lang: Lang, outcome: &Outcome, wanted: DifferenceKind) -> Result<Kind> {
    let names = Names::of_today(conn)?;
    let all: Vec<&ShownDifference> = outcome.differences.iter().filter(|one| one.kind == wanted).collect();
    let rows: Vec<Row> = all.iter().take(LISTED).map(|difference| row(lang, &names, difference)).collect();
    let read = rows.iter().any(|row| !row.reading.is_empty());
    Ok(Kind { read, more: all.len().saturating_sub(LISTED), rows })
}

fn row(lang: Lang, names: &Names, difference: &ShownDifference) -> Row {
    let says = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = difference.fields.iter().map(|field| (field.head, says(&field.before), says(&field.after)));
    // What is added is told by its key; that is not said twice.
    let told =
        |after: &str| difference.kind == DifferenceKind::Added && difference.key.split(" / ").any(|part| part == after);
    let fields = fields.filter(|(_, before, after)| (!before.is_empty() || !after.is_empty()) && !told(after));
    Row {
        row: difference.row,
        key: difference.key.clone(),
        reading: difference.reading.as_ref().map_or_else(Html::empty, |reading| read_aloud(lang, names, reading)),
        fields: fields.collect(),
    }
}

/// Who will owe what, and when.
fn read_aloud(lang: Lang, names: &Names, reading: &TaskReading) -> Html {
    let w = ImportWords(lang);
    let mut lines = vec![];
    lines.push(match reading.owing.is_empty() {
        true => Html::text(w.nobody()),
        false => Html::text(format!("{}{}{}", w.owing(), lang.pick("：", ": "), names.several(lang, &reading.owing))),
    });
    for deadline in &reading.deadlines {
        let days: Vec<String> = deadline.nodes.iter().map(|node| lang.full_day(&node.due_on)).collect();
        let days = if deadline.unscheduled { vec![] } else { days };
        let days = if days.is_empty() {
            lang.pick("未定时限", "no day yet").to_owned()
        } else {
            days.join(lang.pick("、", ", "))
        };
        lines.push(Html::text(format!("{}（{days}）", deadline.spelled)));
    }
    Html::lines(lines)
}
