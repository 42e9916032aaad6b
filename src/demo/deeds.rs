//! What somebody does with a node in the demo, by the ordinary actions.

use chrono::NaiveDate;

use super::people::{Cast, actor};
use super::text;
use super::year::{Deed, What, day};
use crate::access::Actor;
use crate::comments;
use crate::comments::model::{CommentKind, CommentSubject, NewComment};
use crate::platform::{Conn, Error, Result};
use crate::progress;
use crate::progress::model::{NewReport, NewReview, OnPaper, ReportKind, ReviewVerdict};
use crate::progress::rules::ReturnKind;
use crate::time_nodes::requests::extensions::NewExtension;
use crate::time_nodes::requests::waivers::{NewWaiver, WaiverKind};
use crate::time_nodes::requests::{Decision, Reason, Ruling, cancellations, extensions, waivers};
use crate::time_nodes::{self, NodeId};

/// A deed on a node, by whoever has that part.
pub fn happen(conn: &mut Conn, evidence: &progress::Evidence, cast: &Cast, deed: &Deed) -> Result<()> {
    let department = actor(conn, cast.department)?;
    let leader = actor(conn, cast.leader)?;
    let reporter = match deed.branch {
        Some(branch) => {
            let secretary = cast.secretary_on(branch, deed.on);
            actor(conn, secretary.ok_or_else(|| Error::internal("the demo has seven branches"))?)?
        }
        None => department.clone(),
    };
    let reviewer = if deed.branch.is_some() { &department } else { &leader };
    let node = deed.node;
    match deed.what {
        What::Report => {
            let new = report(conn, node, deed.on)?;
            progress::reports::report(conn, &reporter, evidence, node, &new).map(|_| ())
        }
        What::Draft => {
            let new = report(conn, node, deed.on)?;
            progress::drafts::create(conn, &reporter, evidence, node, new).map(|_| ())
        }
        What::Accept => rule(conn, reviewer, evidence, node, ReviewVerdict::Accepted, None),
        What::Return(kind) => rule(conn, reviewer, evidence, node, ReviewVerdict::Returned, Some(kind)),
        What::AskExtension((month, date)) => {
            let due_on = day(month, date);
            let asked = NewExtension { due_on, reason: text("受疫情防控影响，集中活动推迟")? };
            extensions::create(conn, &reporter, node, &asked).map(|_| ())
        }
        What::GrantExtension => {
            let decision = Decision { verdict: Ruling::Approved, reason: None };
            decide(conn, &department, node, &decision)
        }
        What::RefuseExtension => {
            let reason = Some(text("活动可在线上开展，不宜推迟七周")?);
            decide(conn, &leader, node, &Decision { verdict: Ruling::Refused, reason })
        }
        What::Waive => {
            let waived = NewWaiver { reason: text("与三季度党课合并开展")?, kind: WaiverKind::Waived };
            waivers::create(conn, &leader, node, &waived).map(|_| ())
        }
        What::NotApplicable => {
            let none =
                NewWaiver { reason: text("支部本年无发展党员计划")?, kind: WaiverKind::NotApplicable };
            waivers::create(conn, &leader, node, &none).map(|_| ())
        }
        What::Cancel => {
            let reason = Reason { reason: text("岗位已并入其他支部")? };
            cancellations::create(conn, &leader, node, &reason).map(|_| ())
        }
        What::Instruct => {
            let words = text("请支部书记说明原因，国庆节前报党群工作部。")?;
            let instruction = NewComment { text: words, kind: CommentKind::Instruction };
            comments::actions::create(conn, &leader, (CommentSubject::TimeNode, node.0), &instruction).map(|_| ())
        }
    }
}

fn decide(conn: &mut Conn, actor: &Actor, node: NodeId, decision: &Decision) -> Result<()> {
    let asked = extensions::of_node(conn, node)?;
    let last = asked.last().ok_or_else(|| Error::internal("nothing was asked for"))?;
    extensions::decide(conn, actor, last.id, decision).map(|_| ())
}

fn report(conn: &mut Conn, node: NodeId, held_on: NaiveDate) -> Result<NewReport> {
    let title = time_nodes::store::get(conn, node)?.birth.title;
    let paper =
        OnPaper { title: text("签到表")?, reference: None, place: Some(text("支部档案柜")?), keeper: None };
    Ok(NewReport {
        kind: ReportKind::Completion,
        text: text(&format!("{title}已按要求完成，记录齐全。"))?,
        percent: None,
        held_on: Some(held_on),
        attachment_ids: vec![],
        on_paper: vec![paper],
        reported_on: None,
    })
}

fn rule(
    conn: &mut Conn,
    reviewer: &Actor,
    evidence: &progress::Evidence,
    node: NodeId,
    verdict: ReviewVerdict,
    return_kind: Option<ReturnKind>,
) -> Result<()> {
    let reports = progress::store::of_node(conn, node)?;
    let (last, _) = reports.last().ok_or_else(|| Error::internal("nothing was reported"))?;
    let comment = match return_kind {
        None => None,
        Some(ReturnKind::Supplement) => Some(text("签到表缺第二页，请补正。")?),
        Some(ReturnKind::NotDone) => Some(text("未见会议决议，不予认可，请重新开展。")?),
    };
    let review = NewReview {
        verdict,
        content_hash: last.content_hash.clone(),
        return_kind,
        comment,
        on_paper_seen: return_kind.is_none(),
    };
    progress::reviews::review(conn, reviewer, evidence, last.id, &review).map(|_| ())
}
