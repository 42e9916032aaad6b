//! Everything that happened to a node, in the order of its days.

use super::model::{Happening, HistoryEntry, ReviewVerdict};
use super::store;
use crate::access::{AccountId, Action, Actor};
use crate::platform::{Conn, Result};
use crate::time_nodes::requests::{RequestState, cancellations, extensions, waivers};
use crate::time_nodes::store::Node;
use crate::time_nodes::{self, NodeId, urges};

use chrono::NaiveDate;

/// The history of a node, for who reads its nodes, oldest first.
pub fn read(conn: &mut Conn, actor: &Actor, id: NodeId) -> Result<Vec<HistoryEntry>> {
    let node = time_nodes::store::get(conn, id)?;
    actor.must(Action::ReadNodes, &node.site)?;
    of(conn, &node)
}

/// The history of a node, oldest first.
pub fn of(conn: &mut Conn, node: &Node) -> Result<Vec<HistoryEntry>> {
    let id = node.birth.id;
    let mut entries = vec![HistoryEntry {
        on: node.born_on,
        event: Happening::Born,
        account_id: None,
        id: None,
        text: None,
        due_on: Some(node.birth.due_on),
        meeting_id: None,
    }];
    reports(conn, id, &mut entries)?;
    requests(conn, id, &mut entries)?;
    for urge in urges::of_node(conn, id)? {
        entries.push(entry(urge.urged_on, Happening::Urged, urge.urged_by, urge.id.0, urge.note));
    }
    // A stable sort: what happened on one day stays in the order in which it was collected.
    entries.sort_by_key(|entry| entry.on);
    Ok(entries)
}

fn entry(on: NaiveDate, event: Happening, by: AccountId, id: i64, text: Option<String>) -> HistoryEntry {
    HistoryEntry { on, event, account_id: Some(by), id: Some(id), text, due_on: None, meeting_id: None }
}

fn reports(conn: &mut Conn, node_id: NodeId, entries: &mut Vec<HistoryEntry>) -> Result<()> {
    let all = store::of_node(conn, node_id)?;
    let meetings = store::meetings_of(conn, &all.iter().map(|(row, _)| row.id.0).collect::<Vec<_>>())?;
    for (row, review) in all {
        let id = row.id.0;
        let meeting_id = meetings.get(&row.id).copied();
        let reported = entry(row.recorded_on, Happening::Reported, row.reported_by, id, Some(row.text));
        entries.push(HistoryEntry { meeting_id, ..reported });
        if let Some((on, by)) = row.withdrawn_on.zip(row.withdrawn_by) {
            entries.push(entry(on, Happening::Withdrawn, by, id, None));
        }
        let Some(review) = review else { continue };
        let ruled = match review.verdict {
            ReviewVerdict::Accepted => Happening::Accepted,
            ReviewVerdict::Returned => Happening::Returned,
        };
        entries.push(entry(review.recorded_on, ruled, review.reviewed_by, review.id.0, review.comment));
        if let Some((on, by)) = review.revoked_on.zip(review.revoked_by) {
            entries.push(entry(on, Happening::Revoked, by, review.id.0, review.revocation_reason));
        }
    }
    Ok(())
}

fn requests(conn: &mut Conn, node_id: NodeId, entries: &mut Vec<HistoryEntry>) -> Result<()> {
    use Happening as H;
    for asked in extensions::of_node(conn, node_id)? {
        let due_on = Some(asked.due_on);
        let asking =
            entry(asked.requested_on, H::ExtensionRequested, asked.requested_by, asked.id.0, Some(asked.reason));
        entries.push(HistoryEntry { due_on, ..asking });
        if let Some((on, by)) = asked.decided_on.zip(asked.decided_by) {
            let approved = asked.state == RequestState::Approved;
            let event = if approved { H::ExtensionApproved } else { H::ExtensionRefused };
            entries.push(HistoryEntry { due_on, ..entry(on, event, by, asked.id.0, asked.decision_reason) });
        }
    }
    for asked in waivers::of_node(conn, node_id)? {
        let id = asked.id.0;
        entries.push(entry(asked.requested_on, H::WaiverRequested, asked.requested_by, id, Some(asked.reason)));
        if let Some((on, by)) = asked.decided_on.zip(asked.decided_by) {
            let refused = asked.state == RequestState::Refused;
            let event = if refused { H::WaiverRefused } else { H::WaiverApproved };
            entries.push(entry(on, event, by, id, asked.decision_reason));
        }
        if let Some((on, by)) = asked.withdrawn_on.zip(asked.withdrawn_by) {
            entries.push(entry(on, H::WaiverWithdrawn, by, id, asked.withdrawal_reason));
        }
    }
    for asked in cancellations::of_node(conn, node_id)? {
        let id = asked.id.0;
        entries.push(entry(asked.requested_on, H::CancellationRequested, asked.requested_by, id, Some(asked.reason)));
        if let Some((on, by)) = asked.decided_on.zip(asked.decided_by) {
            let approved = asked.state == RequestState::Approved;
            let event = if approved { H::CancellationApproved } else { H::CancellationRefused };
            entries.push(entry(on, event, by, id, asked.decision_reason));
        }
    }
    Ok(())
}
