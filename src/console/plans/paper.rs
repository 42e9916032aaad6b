//! Who signed for a plan, and the responsibility list on paper.

use actix_web::HttpResponse;

use super::entry_words;
use super::words::{self, PlanWords};
use crate::console::Visit;
use crate::console::choices::{all_of, name_of, unit_names};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Paper, Section, Sheet, Table};
use crate::plans::whole::Whole;
use crate::plans::{self, PlanId, schedules};
use crate::platform::Error;
use crate::platform::web::Path;

/// `GET /plans/{id}/receipts`.
pub async fn receipts(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, names) = (PlanWords(view.lang), unit_names(conn)?);
        let plan = plans::actions::read(conn, actor, id)?;
        let all = plans::receipts::list(conn, actor, &all_of("plan-receipts")?, id, None)?.0;
        let (mut editions, mut units) = (vec![], vec![]);
        for receipt in &all {
            if !editions.contains(&receipt.revision) {
                editions.push(receipt.revision);
            }
            if !units.contains(&receipt.unit_id) {
                units.push(receipt.unit_id);
            }
        }
        let signed = all.iter().filter(|receipt| receipt.signed_on.is_some()).count();
        let mut table = Table { head: vec![w.unit_name().into()], ..Table::default() }.matrix();
        let edition = |number: &i64| if *number == 0 { w.the_issue() } else { w.edition(number) };
        table.head.extend(editions.iter().map(|number| edition(number).into_owned()));
        for unit in units {
            let cell = |number: &i64| {
                let known = all.iter().find(|receipt| receipt.unit_id == unit && receipt.revision == *number);
                match known.map(|receipt| receipt.signed_on) {
                    Some(Some(day)) => Html::text(view.day(&day)),
                    Some(None) => Html::light("soon", "yellow", &w.not_signed()),
                    None => Html::text("—"),
                }
            };
            let row = editions.iter().map(cell);
            table.rows.push(std::iter::once(Html::text(name_of(&names, unit))).chain(row).collect());
        }
        Ok(Sheet {
            kicker: vec![plan.title],
            title: w.receipts().into(),
            lead: w.signed_of(signed, all.len()).into(),
            back: Some(Act::new(format!("/plans/{id}"), w.back())),
            sections: vec![
                Section::new("receipts", w.by_edition()).part(table.or_empty(w.no_receipts(), w.no_receipts_hint())),
            ],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// `GET /plans/{id}/responsibility-sheet`: who holds what, unit by unit, on paper.
pub async fn responsibility_sheet(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let paper = visit.caller.read_long(move |conn, actor| {
        let (w, lang) = (PlanWords(view.lang), view.lang);
        let plan = plans::actions::read(conn, actor, id)?;
        let (whole, names) = (Whole::of(conn, id)?, unit_names(conn)?);
        let mut table = Table::new([w.task(), w.part(), w.person(), w.schedule()]).widths([4, 1, 2, 3]).numbers([1]);
        for (unit_id, name) in crate::console::choices::units(conn, |_| true)? {
            table.group(name);
            for task in &whole.tasks {
                let entries = whole.entries(task.id).iter().map(|row| schedules::shown(row, task));
                let days: Vec<Html> = entries.map(|entry| entry_words(lang, &entry)).collect();
                let of_unit = whole.responsibilities(task.id).iter().filter(|one| one.unit_id.to_string() == unit_id);
                for one in of_unit {
                    table.row([
                        Html::text(format!("{} {}", task.code, task.title)),
                        Html::text(words::part(lang, one.part)),
                        Html::text(one.person.as_deref().unwrap_or_default()),
                        Html::lines(days.clone()),
                    ]);
                }
            }
        }
        let mut facts = vec![name_of(&names, plan.unit_id), plan.year.to_string()];
        facts.extend(plan.document_no.clone());
        facts.extend(plan.issued_on.map(|day| format!("{} {}", w.issued_on(), lang.full_day(&day))));
        Ok(Paper {
            back: Some(Act::new(format!("/plans/{id}"), w.back())),
            title: format!("{} {}", plan.title, w.responsibility_sheet()),
            facts,
            parts: vec![table.or_empty(w.no_key_points(), w.no_key_points_hint())],
            signs: vec![w.signer().into(), w.approver().into()],
            landscape: true,
        })
    });
    sheet::show_paper(&visit.view, &paper.await?)
}
