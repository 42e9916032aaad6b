//! Opinions in the inbox: those that await an answer, and the answers of the last days.

use chrono::NaiveDate;

use super::model::{InboxItem, InboxKind, InboxSubject};
use crate::access::Actor;
use crate::meetings::opinions::actions;
use crate::meetings::opinions::store::OpinionRow;
use crate::platform::{Conn, Result};

/// Characters of an opinion that stand for its title.
const SHOWN: usize = 60;

/// What waits of opinions.
pub(super) fn waiting(conn: &mut Conn, actor: &Actor) -> Result<Vec<InboxItem>> {
    let asked = actions::to_answer(conn, actor)?.into_iter();
    let mut items: Vec<InboxItem> = asked.map(|row| item(InboxKind::ToAnswer, Some(row.given_on), row)).collect();
    let answered = actions::answered(conn, actor)?.into_iter();
    items.extend(answered.map(|row| item(InboxKind::Answered, row.disposed_on, row)));
    Ok(items)
}

fn item(kind: InboxKind, since: Option<NaiveDate>, row: OpinionRow) -> InboxItem {
    InboxItem {
        kind,
        subject: InboxSubject::Opinion,
        id: row.id.0,
        unit_id: row.unit_id,
        title: row.text.chars().take(SHOWN).collect(),
        due_on: None,
        days_left: None,
        light: None,
        since,
        last_urged_on: None,
        revision: None,
        receipt: None,
    }
}
