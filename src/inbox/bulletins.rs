//! Bulletins in the inbox: circulars to sign for, drafts to approve.

use super::model::{InboxItem, InboxKind, InboxSubject};
use crate::access::{Action, Actor};
use crate::bulletins::receipts::unsigned;
use crate::bulletins::store::{BulletinRow, to_approve};
use crate::plans::receipts::signing_units;
use crate::platform::{Conn, Result};
use crate::units::UnitId;

/// What waits of bulletins.
pub(super) fn waiting(conn: &mut Conn, actor: &Actor) -> Result<Vec<InboxItem>> {
    let mut items = Vec::new();
    for (row, unit_id) in unsigned(conn, &signing_units(actor))? {
        items.push(item(InboxKind::ToSignFor, unit_id, row));
    }
    for row in to_approve(conn, &actor.reach(Action::ApproveBulletin), actor.account()?)? {
        items.push(item(InboxKind::ToApprove, row.unit_id, row));
    }
    Ok(items)
}

fn item(kind: InboxKind, unit_id: UnitId, row: BulletinRow) -> InboxItem {
    InboxItem {
        kind,
        subject: InboxSubject::Bulletin,
        id: row.id.0,
        unit_id,
        since: row.release.map(|release| release.released_on),
        title: row.title,
        due_on: None,
        days_left: None,
        light: None,
        last_urged_on: None,
        revision: None,
        receipt: None,
    }
}
