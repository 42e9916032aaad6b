//! Sheets of a meeting for paper: the attendance sheet to sign, the minutes.

use actix_web::HttpResponse;

use super::words::{self, MeetingWords};
use crate::console::Visit;
use crate::console::choices::{all_of, name_of, unit_names};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Paper, Part, Table};
use crate::meetings::receipts::{self, ReceiptKind};
use crate::meetings::{MeetingId, actions, attendance, minutes};
use crate::platform::Error;
use crate::platform::web::Path;

/// `GET /meetings/{id}/attendance-sheet`: everybody who is expected, with a place to sign.
pub async fn attendance_sheet(visit: Visit, Path(id): Path<MeetingId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let paper = visit.caller.read_long(move |conn, actor| {
        let (w, meeting) = (MeetingWords(view.lang), actions::read(conn, actor, id)?);
        let (names, list) = (unit_names(conn)?, attendance::read(conn, actor, id)?.0);
        let mut table = Table::new([w.number(), w.person(), w.unit(), w.attends_as(), w.signature()]);
        for one in &list.items {
            table.row([
                Html::text(one.position.to_string()),
                Html::text(&one.person),
                Html::text(one.unit_id.map(|unit| name_of(&names, unit)).unwrap_or_default()),
                Html::text(words::attendance(view.lang, one.status)),
                Html::default(),
            ]);
        }
        let day = view.lang.full_day(&meeting.held_on.unwrap_or(meeting.called_for));
        let summary = w.present_of(list.summary.present, list.summary.expected).into_owned();
        Ok(Paper {
            back: Some(Act::new(format!("/meetings/{id}"), w.back_to(&meeting.title))),
            title: format!("{} {}", meeting.title, w.attendance_sheet()),
            facts: vec![name_of(&names, meeting.unit_id), day, meeting.place.unwrap_or_default(), summary],
            parts: vec![table.or_empty(w.nobody(), w.nobody_hint())],
            signs: vec![w.chair().into(), w.recorder().into()],
            landscape: false,
        })
    });
    sheet::show_paper(&visit.view, &paper.await?)
}

/// `GET /meetings/{id}/minutes-sheet`.
pub async fn minutes_sheet(visit: Visit, Path(id): Path<MeetingId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let paper = visit.caller.read_long(move |conn, actor| {
        let (w, meeting) = (MeetingWords(view.lang), actions::read(conn, actor, id)?);
        let (names, minutes) = (unit_names(conn)?, minutes::read(conn, actor, id)?);
        let sent = receipts::list(conn, actor, &all_of("meeting-receipts")?, id, Some(ReceiptKind::Minutes))?.0;
        let sent: Vec<String> = sent.iter().map(|receipt| name_of(&names, receipt.unit_id)).collect();
        let day = view.lang.full_day(&meeting.held_on.unwrap_or(meeting.called_for));
        let mut facts = vec![name_of(&names, meeting.unit_id), day];
        facts.extend(meeting.chair.map(|chair| format!("{}{}{chair}", w.chair(), view.t.colon())));
        facts.push(words::minutes(view.lang, minutes.status).to_owned());
        let mut parts = vec![Part::Prose(minutes.text)];
        if !sent.is_empty() {
            parts.push(Part::Facts(vec![(
                w.distributed_to().into(),
                Html::text(sent.join(view.lang.pick("、", ", "))),
            )]));
        }
        Ok(Paper {
            back: Some(Act::new(format!("/meetings/{id}"), w.back_to(&meeting.title))),
            title: format!("{} {}", meeting.title, w.minutes()),
            facts,
            parts,
            signs: vec![w.signed_by().into(), w.day().into()],
            landscape: false,
        })
    });
    sheet::show_paper(&visit.view, &paper.await?)
}
