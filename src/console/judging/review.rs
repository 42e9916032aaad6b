//! The review desk: what waits longest comes first, the report stands beside its evidence, and after a ruling the next one
//! comes up. Accepting is one button; returning asks for the kind and the reason.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde_json::json;

use crate::access::{AccountId, Action};
use crate::calendars;
use crate::console::marks::Marks;
use crate::console::page::{form_again, page, see_other};
use crate::console::posted::{Fields, Posted};
use crate::console::store::{TaskNote, account_names, task_notes};
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::inbox::actions::to_review;
use crate::platform::db::today;
use crate::platform::web::{IfMatch, read_value};
use crate::platform::{Conn, Error, Result};
use crate::progress::model::{Attachment, Happening, NewReview, ProgressReport, ReportState};
use crate::progress::reports::read_one;
use crate::progress::rules::ReturnKind;
use crate::progress::{Evidence, ReportId, history, reviews, store as progress};
use crate::settings;
use crate::time_nodes::{self, TimeNode};
use crate::units::store::Tree;
use crate::words;

/// Entries of the queue shown around the current one.
const AROUND: usize = 20;

words! {
    /// The review desk.
    pub struct ReviewWords {
        title: "审核", "Review";
        none: "没有等审的填报。", "Nothing waits for a review.";
        none_title: "都审完了", "All done";
        none_text: "支部签署填报以后会出现在这里，等得最久的在前。", "What branches sign and report comes here, the longest waiting first.";
        lead(count): "**{count}份**等审", "**{count}** wait for a review";
        oldest(unit, title, days): "，最久的是{unit}《{title}》，已等{days}个工作日", "; the longest is {title} of {unit}, for {days} working day(s)";
        too_long(days): "，**超过{days}个**", ", **more than {days}**";
        stop: "。", ".";
        queue: "待审队列", "Queue";
        longest_first: "等得最久的在前", "the longest waiting first";
        place(number, all): "第{number}份，共{all}份", "{number} of {all}";
        waits(days): "等{days}个工作日", "{days} working day(s)";
        reported_today: "今天填报", "reported today";
        due(day): "期限{day}", "due {day}";
        requirement: "要求", "Required";
        deadline: "期限", "Due";
        grace(day): "，最晚{day}", ", at the latest {day}";
        held: "开展", "Held";
        reported: "填报", "Reported";
        by(day, who): "{day}，{who}签署", "{day}, signed by {who}";
        back_dated(day): "{day}录入", "recorded on {day}";
        on_behalf: "代录", "entered for the unit";
        addition: "这是对已通过填报的补充", "An addition to an accepted report";
        returned_before(day, reason): "{day}退回过：{reason}", "Returned on {day}: {reason}";
        evidence(count): "佐证材料{count}份", "{count} piece(s) of evidence";
        no_evidence: "没有附佐证材料。", "No evidence is attached.";
        evidence_needed: "这项任务要求佐证材料。", "This task asks for evidence.";
        open: "打开", "Open";
        keep: "下载查看", "Download";
        preview(name): "{name}预览", "{name}, shown in place";
        on_paper(title): "纸质：{title}", "On paper: {title}";
        seen: "我已当面看过纸质材料", "I have seen the evidence kept on paper";
        ruling: "审核结论", "Ruling";
        accept: "通过，看下一份", "Accept, and the next";
        will_be_on_time(day): "记为按期完成，完成日{day}", "counts as done on time, on {day}";
        will_be_late(day): "记为逾期完成，完成日{day}", "counts as done late, on {day}";
        or_return: "或者退回", "Or return it";
        supplement: "补正", "Supplement";
        supplement_what: "材料不全。五天内补上，填报日仍算；每个节点一次", "Something is missing. Within five days the day of the report is kept; once a node";
        not_done: "不予认可", "Not done";
        not_done_what: "事情没做成。这次填报日作废，按再次填报的日子算", "It was not done. The day of this report is void; the next one counts";
        why: "退回理由", "Reason";
        why_hint: "支部原样看到；写缺什么、怎么补", "The branch reads it as it stands: say what is missing and how to mend it";
        return_: "退回，看下一份", "Return, and the next";
        skip: "先跳过", "Skip for now";
        previous: "上一份", "Previous";
        digest(hash): "结论对应这份文字和材料（摘要{hash}…）；之后有改动须重新审核。", "The ruling is about this text and evidence (digest {hash}…); whatever changes is reviewed anew.";
        keys: "键盘：J 下一份，K 上一份，A 通过，R 写退回理由", "Keys: J next, K previous, A accept, R reason of a return";
        not_waiting: "这份填报已不在队列中，可能已有人审过或已撤回。", "This report does not wait any more; somebody reviewed it, or it was withdrawn.";
        changed: "打开以后内容有变，下面是现在的内容，请看过再定。", "The report changed after you opened it. Below is how it reads now; look again before you rule.";
        accepted_said: "已通过", "Accepted";
        returned_said: "已退回", "Returned";
        just_ruled(what, title): "{what}：{title}。", "{what}: {title}.";
        size(kilobytes): "{kilobytes} KB", "{kilobytes} KB";
    }
}

/// A report that waits.
#[derive(Clone)]
struct Waiting {
    id: ReportId,
    unit: String,
    title: String,
    due_on: Option<NaiveDate>,
    /// Working days since it was recorded.
    days: i64,
}

/// The report at hand.
struct Desk {
    report: ProgressReport,
    node: TimeNode,
    unit: String,
    task: TaskNote,
    by: String,
    /// What it was returned for before.
    returns: Vec<(NaiveDate, String)>,
}

/// What the page is made of.
struct Content {
    queue: Vec<Waiting>,
    desk: Option<Desk>,
    /// Working days within which a report is to be reviewed.
    limit: i64,
}

/// A file as it stands in the page.
struct Shown<'a> {
    file: &'a Attachment,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "console/judging/review.html")]
struct ReviewPage<'a> {
    view: &'a View,
    w: ReviewWords,
    marks: Marks,
    fields: Fields,
    content: Content,
    lead: String,
    /// What was ruled a moment ago.
    ruled: Option<String>,
}

/// `GET /review`, with `?report=` at one report.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let query = Fields::read(request.query_string().as_bytes());
    let wanted = query.get("report").parse().ok().map(ReportId);
    let content = content(&visit, wanted, true).await?;
    let w = ReviewWords(visit.view.lang);
    let ruled = match query.get("ruled") {
        "accepted" => Some(w.accepted_said()),
        "returned" => Some(w.returned_said()),
        _ => None,
    };
    let ruled = ruled.map(|what| w.just_ruled(what, query.get("of")).into_owned());
    page(&ReviewPage::new(&visit.view, Marks::none(), Fields::default(), content, ruled))
}

/// `POST /review`: a ruling; the next report comes up.
pub async fn rule(posted: Posted, files: web::Data<Evidence>) -> Result<HttpResponse, Error> {
    let (mut visit, fields) = (posted.visit, posted.fields);
    let id = ReportId(fields.get("report").parse().unwrap_or_default());
    let before = content(&visit, Some(id), false).await?;
    if posted.again {
        return form_again(&ReviewPage::new(&visit.view, Marks::none(), fields, before, None));
    }
    let verdict = fields.get("verdict").to_owned();
    let returned = verdict == "returned";
    let input = json!({
        "verdict": &verdict,
        "content_hash": fields.get("content_hash"),
        "return_kind": fields.given("return_kind").filter(|_| returned),
        "comment": fields.given("comment").filter(|_| returned),
        "on_paper_seen": fields.has("on_paper_seen"),
    });
    let done = match read_value::<NewReview>(input) {
        Ok(input) => {
            if let Ok(version) = fields.get("version").parse() {
                visit.caller.request.if_match = IfMatch::of(version);
            }
            let next = after_ruling(&before, id, &verdict);
            let rule = visit.once(move |conn, actor| {
                reviews::review(conn, actor, &files, id, &input)?;
                Ok(next.clone())
            });
            rule.await
        }
        Err(error) => Err(error),
    };
    let error = match done {
        Ok(address) => return Ok(see_other(&address)),
        Err(error) => error,
    };
    let stale = error.problem().code.status == 412 || error.problem().code.code == "content_changed";
    let mut marks = Marks::of(error, visit.view.lang, &[("/comment", "comment"), ("/return_kind", "return_kind")])?;
    if stale {
        marks = Marks::none();
        marks.say(None, ReviewWords(visit.view.lang).changed());
    }
    let content = content(&visit, Some(id), false).await?;
    form_again(&ReviewPage::new(&visit.view, marks, fields, content, None))
}

/// Where a ruling leads: to the next report, saying what was done with this one.
fn after_ruling(before: &Content, id: ReportId, verdict: &str) -> String {
    let title = before.queue.iter().find(|one| one.id == id).map(|one| one.title.as_str()).unwrap_or_default();
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(next) = before.after(id) {
        query.append_pair("report", &next.to_string());
    }
    query.append_pair("ruled", verdict).append_pair("of", title);
    format!("/review?{}", query.finish())
}

/// What waits, and the report at hand: the wanted one, else the first.
async fn content(visit: &Visit, wanted: Option<ReportId>, or_first: bool) -> Result<Content> {
    visit
        .caller
        .read_long(move |conn, actor| {
            let today = today(conn)?;
            let mut waiting = to_review(conn, actor, today)?;
            waiting.sort_by_key(|item| (item.since, item.id));
            let tree = Tree::on(conn, today)?;
            let calendar = calendars::store::on(conn, today)?;
            let queue: Vec<Waiting> = waiting
                .into_iter()
                .map(|item| Waiting {
                    id: ReportId(item.id),
                    unit: tree.get(item.unit_id).map(|unit| unit.name.clone()).unwrap_or_default(),
                    title: item.title,
                    due_on: item.due_on,
                    days: item.since.map_or(0, |since| calendar.working_days_between(since, today)),
                })
                .collect();
            let first = queue.first().map(|one| one.id).filter(|_| or_first);
            let desk = match wanted.or(first) {
                Some(id) => Some(desk(conn, actor, &tree, id)?),
                None => None,
            };
            Ok(Content { queue, desk, limit: settings::store::on(conn, today)?.review_working_days })
        })
        .await
}

fn desk(conn: &mut Conn, actor: &crate::access::Actor, tree: &Tree, id: ReportId) -> Result<Desk> {
    let row = progress::get(conn, id)?;
    let node = time_nodes::store::get(conn, row.node_id)?;
    actor.must(Action::ReadNodes, &node.site)?;
    let report = read_one(conn, id, &node)?;
    let events = history::of(conn, &node)?;
    let returns = events.into_iter().filter(|entry| entry.event == Happening::Returned);
    let returns = returns.map(|entry| (entry.on, entry.text.unwrap_or_default())).collect();
    let names: HashMap<AccountId, String> = account_names(conn, &[report.reported_by])?;
    let task = task_notes(conn, &[node.birth.task_id])?.remove(&node.birth.task_id).unwrap_or_default();
    let today = today(conn)?;
    let unit = tree.get(node.birth.unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
    let by = names.get(&report.reported_by).cloned().unwrap_or_default();
    Ok(Desk { report, node: node.shown(today), unit, task, by, returns })
}

impl Content {
    fn place(&self, id: ReportId) -> Option<usize> {
        self.queue.iter().position(|one| one.id == id)
    }

    /// The report that comes up after one: the next that waits, else the first.
    fn after(&self, id: ReportId) -> Option<ReportId> {
        let next = self.place(id).and_then(|place| self.queue.get(place + 1));
        next.or_else(|| self.queue.iter().find(|one| one.id != id)).map(|one| one.id)
    }

    fn before(&self, id: ReportId) -> Option<ReportId> {
        let place = self.place(id)?.checked_sub(1)?;
        self.queue.get(place).map(|one| one.id)
    }
}

impl<'a> ReviewPage<'a> {
    fn new(view: &'a View, marks: Marks, fields: Fields, content: Content, ruled: Option<String>) -> ReviewPage<'a> {
        let w = ReviewWords(view.lang);
        let lead = match content.queue.first() {
            None => w.none().into_owned(),
            Some(oldest) => {
                let mut lead = w.lead(content.queue.len()).into_owned();
                if oldest.days > 0 {
                    lead.push_str(&w.oldest(&oldest.unit, &oldest.title, oldest.days));
                }
                if oldest.days > content.limit {
                    lead.push_str(&w.too_long(content.limit));
                }
                lead.push_str(&w.stop());
                lead
            }
        };
        ReviewPage { view, w, marks, fields, content, lead, ruled }
    }

    /// The entries of the queue around the current one, each with whether it is that one.
    fn around(&self) -> Vec<(&Waiting, bool)> {
        let current = self.content.desk.as_ref().map(|desk| desk.report.id);
        let place = current.and_then(|id| self.content.place(id)).unwrap_or(0);
        let first = place.saturating_sub(AROUND / 2);
        let shown = self.content.queue.iter().skip(first).take(AROUND);
        shown.map(|one| (one, Some(one.id) == current)).collect()
    }

    /// `3 of 12`, when the current one waits.
    fn number(&self) -> Option<usize> {
        let desk = self.content.desk.as_ref()?;
        self.content.place(desk.report.id).map(|place| place + 1)
    }

    fn next(&self) -> Option<ReportId> {
        self.content.desk.as_ref().and_then(|desk| self.content.after(desk.report.id))
    }

    fn previous(&self) -> Option<ReportId> {
        self.content.desk.as_ref().and_then(|desk| self.content.before(desk.report.id))
    }

    fn waits(&self, one: &Waiting) -> String {
        if one.days == 0 { self.w.reported_today().into_owned() } else { self.w.waits(one.days).into_owned() }
    }

    fn standing(&self, desk: &Desk) -> Mark {
        if desk.report.state != ReportState::Submitted {
            return crate::console::terms::report_state(self.view.lang, desk.report.state);
        }
        let word = if desk.node.reported_late {
            self.view.lang.pick("待审，逾期填报", "pending, reported late")
        } else {
            self.view.lang.pick("待审，在期限内", "pending, in time")
        };
        Mark::new("pending", "blue", word)
    }

    /// What accepting will make of it.
    fn outcome(&self, desk: &Desk) -> String {
        let day = self.view.day(&desk.report.reported_on);
        if desk.report.addition_to.is_some() {
            return self.w.addition().into_owned();
        }
        if desk.node.reported_late {
            self.w.will_be_late(day).into_owned()
        } else {
            self.w.will_be_on_time(day).into_owned()
        }
    }

    fn files<'f>(&self, desk: &'f Desk) -> Vec<Shown<'f>> {
        let kind = |file: &Attachment| match file.media_type.as_str() {
            "image/jpeg" | "image/png" | "image/gif" | "image/webp" | "image/bmp" => "image",
            "application/pdf" => "pdf",
            _ => "file",
        };
        desk.report.attachments.iter().map(|file| Shown { kind: kind(file), file }).collect()
    }

    fn kilobytes(file: &Attachment) -> i64 {
        (file.bytes / 1024).max(1)
    }

    fn digest(desk: &Desk) -> &str {
        desk.report.content_hash.get(..8).unwrap_or_default()
    }

    /// Whether a kind of return is chosen; by default the milder one.
    fn chose(&self, kind: &str) -> bool {
        let chosen = self.fields.given("return_kind").unwrap_or(ReturnKind::Supplement.word());
        chosen == kind
    }
}
