//! A time node: how it stands, what was reported and ruled, what was said; asking for more time.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::NaiveDate;
use serde_json::json;

use super::rows::{self, NodeRow};
use crate::access::{AccountId, Action, Actor};
use crate::comments;
use crate::comments::model::{Comment, CommentKind, CommentSubject};
use crate::console::layout::Said;
use crate::console::marks::Marks;
use crate::console::page::{page_with, see_other};
use crate::console::posted::Fields;
use crate::console::store::account_names;
use crate::console::terms::{self, Mark};
use crate::console::{Posted, View, Visit};
use crate::platform::db::today;
use crate::platform::web::{Path, read_value};
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::progress::model::{HistoryEntry, ProgressReport, ReportState};
use crate::progress::{ReportId, drafts, history, reports};
use crate::time_nodes::requests::{RequestState, extensions};
use crate::time_nodes::{self, NodeId, Verdict};
use crate::words;

words! {
    /// What the page says.
    pub struct NodeWords {
        due: "到期", "Due";
        grace(day): "宽限至{day}", "grace until {day}";
        extended(day): "原定{day}，已延期", "extended from {day}";
        met_on: "完成日", "Done on";
        deliverable: "成果", "To come out";
        requirement: "要求", "What is asked";
        evidence_needed: "需要佐证材料", "Evidence needed";
        late_by(days): "逾期{days}天", "{days} day(s) late";
        left(days): "还有{days}天", "{days} day(s) left";
        today: "今天到期", "due today";
        still: "仍可完成，记为逾期完成。", "It can still be done, and counts as done late.";
        report: "填报", "Report";
        go_on: "继续填写草稿", "Go on with the draft";
        reports: "填报", "Reports";
        no_reports: "还没有填报", "Nothing was reported yet";
        no_reports_text: "签署的填报会在这里，连同佐证材料和审核意见。草稿不在这里。",
            "Signed reports stand here with their evidence and reviews. Drafts don't.";
        held(day): "{day}开展", "held {day}";
        on_behalf: "代录", "entered on behalf";
        progress(percent): "进度{percent}%", "{percent}% done";
        on_paper: "纸质存档", "On paper";
        withdraw: "撤回这份填报", "Withdraw this report";
        extension: "申请延期", "Ask for more time";
        extension_hint: "第一次、30天以内由党群部门审批，其余由上级领导审批。批准以前仍按现期限算。",
            "A first one of up to 30 days is granted by the department, any other by a leader above. Until then the present day holds.";
        extension_waits(day): "已申请延期到{day}，等审批。", "An extension to {day} was asked for and awaits its decision.";
        new_day: "延期到", "New due day";
        reason: "理由", "Reason";
        ask: "提出申请", "Ask";
        history: "经过", "History";
        comments: "批示和点评", "Comments and instructions";
        no_comments: "还没有人说什么。", "Nothing was said yet.";
        instruction: "批示", "instruction";
        taken_back: "（已撤回）", "(withdrawn)";
        say: "写点评", "Comment";
        send: "发出", "Send";
        to_day(day): "到{day}", "to {day}";
        reported_late: "填报时已逾期", "reported late";
    }
}

struct Content {
    row: NodeRow,
    unit: String,
    today: NaiveDate,
    reports: Vec<ProgressReport>,
    history: Vec<HistoryEntry>,
    comments: Vec<Comment>,
    names: HashMap<AccountId, String>,
    me: Option<AccountId>,
    /// The day asked for in a request that awaits its decision.
    asked: Option<NaiveDate>,
    has_draft: bool,
    may_report: bool,
    may_ask: bool,
    may_comment: bool,
}

#[derive(Template)]
#[template(path = "console/secretary/node.html")]
struct NodePage<'a> {
    view: &'a View,
    w: NodeWords,
    marks: Marks,
    fields: Fields,
    content: Content,
}

impl NodePage<'_> {
    fn name(&self, id: &AccountId) -> &str {
        self.content.names.get(id).map_or("", String::as_str)
    }

    fn state(&self, report: &ProgressReport) -> Mark {
        terms::report_state(self.view.lang, report.state)
    }

    fn event(&self, entry: &HistoryEntry) -> &'static str {
        terms::happening(self.view.lang, entry.event)
    }

    fn is_mine(&self, report: &ProgressReport) -> bool {
        self.content.me == Some(report.reported_by) && report.state == ReportState::Submitted
    }

    fn is_instruction(comment: &Comment) -> bool {
        comment.kind == CommentKind::Instruction
    }

    fn is_open(&self) -> bool {
        let verdict = self.content.row.node.verdict;
        matches!(verdict, Verdict::Overdue | Verdict::Due | Verdict::DueSoon | Verdict::NotDue)
    }

    /// How much time is left, or how late it is; nothing once it is reported.
    fn clock(&self) -> String {
        let (row, w) = (&self.content.row, self.w);
        match row.node.verdict {
            Verdict::Overdue => w.late_by(row.days_late).into_owned(),
            _ if !self.is_open() => String::new(),
            _ if row.days_left == 0 => w.today().into_owned(),
            _ => w.left(row.days_left.max(0)).into_owned(),
        }
    }
}

async fn page_of(visit: &Visit, id: NodeId, marks: Marks, fields: Fields) -> Result<HttpResponse, Error> {
    let lang = visit.view.lang;
    let content = visit.caller.read_long(move |conn, actor| content(conn, actor, id, lang)).await?;
    let status = if marks.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let w = NodeWords(lang);
    let marks = marks.called(&[("due_on", w.new_day()), ("reason", w.reason()), ("comment", w.say())]);
    page_with(status, &NodePage { view: &visit.view, w, marks, fields, content })
}

fn content(conn: &mut Conn, actor: &Actor, id: NodeId, lang: crate::console::Lang) -> Result<Content> {
    let node = time_nodes::store::get(conn, id)?;
    actor.must(Action::ReadNodes, &node.site)?;
    let (today, site) = (today(conn)?, node.site.clone());
    let unit = crate::units::store::get(conn, node.birth.unit_id)?.name;
    let row = rows::of(conn, vec![node.shown(today)], lang, today)?.pop();
    let row = row.ok_or_else(|| Error::internal("a node lost its row"))?;
    let mut reports = reports::of_node(conn, actor, id)?;
    reports.reverse();
    let history = history::read(conn, actor, id)?;
    let whole = PageRequest::new("comments", None, None, true)?;
    let (comments, _) = comments::actions::list(conn, actor, &whole, (CommentSubject::TimeNode, id.0))?;
    let mut people: Vec<AccountId> = history.iter().filter_map(|entry| entry.account_id).collect();
    people.extend(comments.iter().map(|comment| comment.account_id));
    let extensions = extensions::of_node(conn, id)?;
    let asked = extensions.iter().find(|one| one.state == RequestState::Requested).map(|one| one.due_on);
    let may_report = actor.may(Action::ReportProgress, &site);
    Ok(Content {
        names: account_names(conn, &people)?,
        me: actor.account_id,
        has_draft: may_report && !drafts::of_node(conn, id)?.is_empty(),
        may_report,
        may_ask: actor.may(Action::Request, &site) && asked.is_none(),
        may_comment: actor.may(Action::Comment, &site),
        row,
        unit,
        today,
        reports,
        history,
        comments,
        asked,
    })
}

/// `GET /time-nodes/{id}`.
pub async fn show(visit: Visit, Path(id): Path<NodeId>) -> Result<HttpResponse, Error> {
    page_of(&visit, id, Marks::none(), Fields::default()).await
}

/// `POST /time-nodes/{id}/extensions`.
pub async fn ask_extension(posted: Posted, Path(id): Path<NodeId>) -> Result<HttpResponse, Error> {
    let (visit, fields) = (posted.visit, posted.fields);
    let typed = json!({"due_on": fields.get("due_on"), "reason": fields.get("reason")});
    let write = async |typed: serde_json::Value| {
        let input = read_value(typed)?;
        let ask = visit.once(move |conn, actor| {
            extensions::create(conn, actor, id, &input)?;
            Ok(format!("/time-nodes/{id}?said={}", Said::Asked.word()))
        });
        ask.await
    };
    if posted.again {
        return page_of(&visit, id, Marks::none(), fields).await;
    }
    match write(typed).await {
        Ok(address) => Ok(see_other(&address)),
        Err(error) => {
            let marks = Marks::of(error, visit.view.lang, &[("/due_on", "due_on"), ("/reason", "reason")])?;
            page_of(&visit, id, marks, fields).await
        }
    }
}

/// `POST /time-nodes/{id}/comments`.
pub async fn comment(posted: Posted, Path(id): Path<NodeId>) -> Result<HttpResponse, Error> {
    let (visit, fields) = (posted.visit, posted.fields);
    let typed = json!({"text": fields.get("comment")});
    let about = (CommentSubject::TimeNode, id.0);
    let write = async |typed: serde_json::Value| {
        let input = read_value(typed)?;
        let say = visit.once(move |conn, actor| {
            comments::actions::create(conn, actor, about, &input)?;
            Ok(format!("/time-nodes/{id}?said={}#comments", Said::Saved.word()))
        });
        say.await
    };
    if posted.again {
        return page_of(&visit, id, Marks::none(), fields).await;
    }
    match write(typed).await {
        Ok(address) => Ok(see_other(&address)),
        Err(error) => {
            let marks = Marks::of(error, visit.view.lang, &[("/text", "comment")])?;
            page_of(&visit, id, marks, fields).await
        }
    }
}

/// `POST /progress-reports/{id}/withdrawal`.
pub async fn withdraw(posted: Posted, Path(id): Path<ReportId>) -> Result<HttpResponse, Error> {
    let withdraw = posted.visit.once(move |conn, actor| {
        let withdrawn = reports::withdraw(conn, actor, id)?;
        Ok(format!("/time-nodes/{}?said={}", withdrawn.node_id, Said::Withdrawn.word()))
    });
    Ok(see_other(&withdraw.await?))
}
