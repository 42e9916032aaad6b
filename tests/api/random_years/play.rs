//! What may happen to a node, done over HTTP and written down for the model.

use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;

use super::model::{Happened, Node, Status};
use crate::support::{Persona, Scene, complete, day, id};

/// One random thing that may happen to a node today; nothing when it does not fit.
pub(super) async fn play(
    scene: &Scene,
    secretary: &Persona,
    dice: &mut StdRng,
    node: &mut Node,
    today: NaiveDate,
    closed: bool,
) {
    let stand = node.replay(today);
    let path = format!("/time-nodes/{}", node.id);
    let waiting = stand.waits();
    if node.asked.is_some() && dice.random_bool(0.5) {
        return decide(scene, dice, node, today, closed).await;
    }
    if stand.excluded.is_some() {
        if closed {
            return;
        }
        if let Some(waiver) = node.waiver.take() {
            scene.leader.post(&format!("/waivers/{waiver}/withdrawal"), json!({"reason": "after all"})).await.ok();
            node.log.push((today, Happened::WaiverWithdrawn));
        }
        return;
    }
    let chance = if closed && waiting { 9 } else { dice.random_range(0..10) };
    if !closed && node.times == 2 && (3..10).contains(&chance) {
        return play_one_of_two(scene, secretary, dice, node, today).await;
    }
    let what = match (stand.status, chance) {
        _ if node.times == 2 && !waiting => return,
        (_, 0) if waiting => {
            let to = (stand.due + Days::new(dice.random_range(1..60))).min(last_extension());
            if dice.random_bool(0.6) { Happened::Asked(to) } else { Happened::Extended(to) }
        }
        (_, 1) if waiting && dice.random_bool(0.3) => Happened::Waived,
        (_, 2) if waiting && dice.random_bool(0.2) => Happened::Cancelled,
        (_, 3) if waiting => Happened::Dated(today - Days::new(dice.random_range(1..20))),
        _ if waiting => Happened::Reported,
        (Status::Pending(_), 0) => Happened::Withdrawn,
        (Status::Pending(_), 1 | 2) => Happened::NotDone,
        (Status::Pending(_), 3 | 4) if !node.supplemented => Happened::Supplement,
        (Status::Pending(_), _) => Happened::Accepted,
        (Status::Accepted(_), 0) => Happened::Revoked,
        (Status::Accepted(_), 1) => Happened::Added,
        (Status::Adding(..), 0..5) => Happened::AdditionAccepted,
        (Status::Adding(..), _) => Happened::AdditionReturned,
        _ => return,
    };
    match what {
        Happened::Reported | Happened::Dated(_) if node.times == 2 => return,
        Happened::Reported => {
            if node.from.is_some_and(|from| today < from) {
                let body = json!({"kind": "completion", "text": "too early"});
                let early = secretary.post(&format!("{path}/progress-reports"), body).await;
                early.refused(409, "period_not_begun");
                return;
            }
            node.last_report = Some((complete(secretary, node.id).await, secretary.account_id));
        }
        Happened::Dated(on) => {
            if on < node.from.unwrap_or(day(1, 1)) {
                return;
            }
            let body = json!({"kind": "completion", "text": "entered", "reported_on": on});
            let made = scene.department.post(&format!("{path}/progress-reports"), body).await.created();
            node.last_report = Some((made, scene.department.account_id));
        }
        Happened::Withdrawn => {
            let (report, by) = node.last_report.clone().unwrap();
            let who = if by == scene.department.account_id { &scene.department } else { secretary };
            if who.account_id != by {
                return;
            }
            who.post(&format!("/progress-reports/{}/withdrawal", id(&report)), json!({})).await.ok();
        }
        Happened::Accepted | Happened::NotDone | Happened::Supplement => {
            let (report, _) = node.last_report.clone().unwrap();
            let body = match what {
                Happened::Accepted => json!({"verdict": "accepted", "content_hash": report["content_hash"]}),
                Happened::NotDone => {
                    json!({"verdict": "returned", "comment": "no", "content_hash": report["content_hash"]})
                }
                _ => {
                    json!({"verdict": "returned", "return_kind": "supplement", "comment": "page 2", "content_hash": report["content_hash"]})
                }
            };
            node.supplemented |= what == Happened::Supplement;
            scene.leader.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
        }
        Happened::Revoked => {
            let (report, _) = node.last_report.clone().unwrap();
            let body = json!({"reason": "it was not so"});
            scene.leader.post(&format!("/progress-reports/{}/revocation", id(&report)), body).await.ok();
        }
        Happened::Added => {
            let (report, _) = node.last_report.clone().unwrap();
            let body = json!({"text": "more"});
            node.addition =
                Some(secretary.post(&format!("/progress-reports/{}/additions", id(&report)), body).await.created());
        }
        Happened::AdditionAccepted | Happened::AdditionReturned => {
            let report = node.addition.take().unwrap();
            let verdict = if what == Happened::AdditionAccepted { "accepted" } else { "returned" };
            let body = json!({"verdict": verdict, "comment": "seen", "content_hash": report["content_hash"]});
            scene.leader.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
        }
        Happened::Extended(to) | Happened::Asked(to) => {
            if to <= stand.due {
                return;
            }
            let who = if what == Happened::Extended(to) { &scene.leader } else { secretary };
            let made = who.post(&format!("{path}/extensions"), json!({"due_on": to, "reason": "later"})).await;
            if node.asked.is_some() {
                made.refused(409, "request_pending");
                return;
            }
            let made = made.created();
            if what == Happened::Asked(to) {
                assert_eq!(made["state"], json!("requested"));
                node.asked = Some((id(&made), to));
            }
        }
        Happened::Waived => {
            let body = json!({"reason": "not this year", "kind": "waived"});
            node.waiver = Some(id(&scene.leader.post(&format!("{path}/waivers"), body).await.created()));
        }
        Happened::Cancelled => {
            scene.leader.post(&format!("{path}/cancellations"), json!({"reason": "gone"})).await.created();
        }
        _ => return,
    }
    node.log.push((today, what));
}

/// The department or the leader rules on the extension that the branch asked for: only who may, and an approval only
/// while the node waits for its report, for a later day than the one in force, in a plan that is not closed.
async fn decide(scene: &Scene, dice: &mut StdRng, node: &mut Node, today: NaiveDate, closed: bool) {
    let Some((asked, to)) = node.asked else { return };
    let stand = node.replay(today);
    let by_department = dice.random_bool(0.4);
    let who = if by_department { &scene.department } else { &scene.leader };
    let approved = dice.random_bool(0.6);
    let body =
        if approved { json!({"verdict": "approved"}) } else { json!({"verdict": "refused", "reason": "as agreed"}) };
    let answer = who.post(&format!("/extensions/{asked}/decision"), body).await;
    let short = node.extensions() == 0 && to <= stand.due + Days::new(30);
    let refusal = match approved {
        _ if by_department && !short => Some((403, "forbidden")),
        true if stand.excluded.is_some() => Some((409, "node_excluded")),
        true if !stand.waits() => Some((409, "node_not_open")),
        true if closed => Some((409, "plan_closed")),
        true if to <= stand.due => Some((422, "extension_not_later")),
        _ => None,
    };
    if let Some((status, code)) = refusal {
        answer.refused(status, code);
        return;
    }
    let decided = answer.ok();
    assert_eq!(decided["granted_late"], json!(approved && today > stand.late_after));
    node.asked = None;
    node.log.push((today, if approved { Happened::Granted(to) } else { Happened::Refused }));
}

/// A report or an acceptance of a node of two times.
pub(super) async fn play_one_of_two(
    scene: &Scene,
    secretary: &Persona,
    dice: &mut StdRng,
    node: &mut Node,
    today: NaiveDate,
) {
    let reports = node.log.iter().filter(|(_, what)| *what == Happened::Reported).count();
    if reports < 2 && (node.pending.is_empty() || dice.random_bool(0.5)) {
        node.pending.push(complete(secretary, node.id).await);
        node.log.push((today, Happened::Reported));
    } else if !node.pending.is_empty() {
        let report = node.pending.remove(0);
        let body = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
        scene.leader.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
        node.log.push((today, Happened::Accepted));
    }
}

pub(super) fn last_extension() -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 3, 31).unwrap()
}
