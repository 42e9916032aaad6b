//! What waits beside the nodes to report on: reviews, requests, signatures, findings, meetings.

use super::TodoWords;
use crate::console::choices;
use crate::console::view::Seat;
use crate::console::{View, terms};
use crate::inbox::model::{Inbox, InboxItem, InboxKind, InboxSubject};
use crate::meetings::receipts::ReceiptKind;
use crate::platform::{Conn, Result};

/// Something else that waits.
pub struct Other {
    pub kind: &'static str,
    pub title: String,
    /// Whose it is, where it is not one's own unit's.
    pub unit: Option<String>,
    pub detail: String,
    pub href: String,
    pub sign: Option<Sign>,
}

/// What a receipt is signed with.
pub struct Sign {
    pub of: &'static str,
    pub id: i64,
    pub unit: i64,
    pub revision: i64,
}

/// What waits beside nodes to report on. Reports to review have a page of their own, and are one thing here.
pub fn others(conn: &mut Conn, inbox: &Inbox, seats: &[Seat], view: &View) -> Result<Vec<Other>> {
    let w = TodoWords(view.lang);
    let names = choices::unit_names(conn)?;
    let to_review = inbox.items.iter().filter(|item| item.kind == InboxKind::ToReview);
    let mut others = Vec::new();
    if let Some(oldest) = to_review.filter_map(|item| item.since).min() {
        others.push(Other {
            kind: terms::inbox_kind(view.lang, InboxKind::ToReview),
            title: w.reviews(inbox.counts.to_review).into_owned(),
            unit: None,
            detail: w.since(view.day(&oldest)).into_owned(),
            href: "/review".into(),
            sign: None,
        });
    }
    let rest = inbox.items.iter().filter(|item| !matches!(item.kind, InboxKind::ToReport | InboxKind::ToReview));
    others.extend(rest.map(|item| {
        let is_foreign = seats.iter().all(|seat| seat.unit_id != item.unit_id);
        Other {
            kind: terms::inbox_kind(view.lang, item.kind),
            title: item.title.clone(),
            unit: is_foreign.then(|| choices::name_of(&names, item.unit_id)).filter(|name| *name != item.title),
            detail: detail(item, view),
            href: terms::address(item.subject, item.id),
            sign: signing(item),
        }
    }));
    Ok(others)
}

fn detail(item: &InboxItem, view: &View) -> String {
    let w = TodoWords(view.lang);
    let mut details = Vec::new();
    if let Some(revision) = item.revision.filter(|revision| *revision > 0) {
        details.push(w.revision(revision).into_owned());
    }
    match item.receipt {
        Some(ReceiptKind::Minutes) => details.push(w.minutes().into_owned()),
        Some(ReceiptKind::Call) => details.push(w.call().into_owned()),
        None => {}
    }
    if let Some(day) = item.due_on {
        details.push(view.day(&day));
    } else if let Some(day) = item.since {
        details.push(w.since(view.day(&day)).into_owned());
    }
    details.join(&w.comma())
}

fn signing(item: &InboxItem) -> Option<Sign> {
    if item.kind != InboxKind::ToSignFor {
        return None;
    }
    let of = match (item.subject, item.receipt) {
        (InboxSubject::Plan, _) => "plan",
        (InboxSubject::Meeting, Some(kind)) => kind.word(),
        (InboxSubject::Bulletin, _) => "circular",
        _ => return None,
    };
    Some(Sign { of, id: item.id, unit: item.unit_id.0, revision: item.revision.unwrap_or(0) })
}
