//! Requests that await a decision: extensions, waivers, cancellations; two answers of equal weight.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde_json::json;

use super::again;
use crate::access::Actor;
use crate::console::layout::Said;
use crate::console::marks::Marks;
use crate::console::page::see_other;
use crate::console::posted::Posted;
use crate::console::terms::Mark;
use crate::console::words::Lang;
use crate::inbox::actions::to_decide;
use crate::inbox::model::{InboxItem, InboxSubject};
use crate::platform::error::NOT_FOUND;
use crate::platform::web::{IfMatch, read_value};
use crate::platform::{Conn, Error, Result};
use crate::progress::{AttachmentId, Evidence, destruction};
use crate::time_nodes::requests::waivers::WaiverKind;
use crate::time_nodes::requests::{Decision, RequestState, cancellations, extensions, waivers};
use crate::time_nodes::rules::judge;
use crate::time_nodes::{self, CancellationId, ExtensionId, NodeId, Verdict, WaiverId};
use crate::units::store::Tree;
use crate::words;

words! {
    /// Requests that await a decision.
    pub struct RequestWords {
        extension(unit, title, day): "{unit}《{title}》，申请延期到{day}", "{unit}: {title}, an extension to {day}";
        waiver(unit, title): "{unit}《{title}》，申请豁免", "{unit}: {title}, a waiver";
        not_applicable(unit, title): "{unit}《{title}》，申请按不适用处理", "{unit}: {title}, as not applicable";
        destruction(unit, title): "{unit}申请销毁文件《{title}》", "{unit}: destroying the file {title}";
        cancellation(unit, title): "{unit}《{title}》，申请取消", "{unit}: {title}, a cancellation";
        why: "理由：", "Reason: ";
        from(day, days): "从{day}起延{days}天。", "From {day}, by {days} day(s). ";
        late: "期限已过，批准会注明“逾期后批准”。", "The deadline has passed; it will be marked as granted late. ";
        leaves: "批准后不计入应完成，报告中列明。", "Once granted it is not counted, and the reports say so. ";
        destroys: "批准后文件内容即行销毁，不能恢复；文件名、摘要值和引用它的填报保留。", "Once granted the bytes are gone for good; its name, its digest and the reports that name it stay. ";
        asked(day): "{day}申请。", "Asked on {day}.";
        approve: "批准", "Grant";
        refuse: "不批准", "Refuse";
        of(title): "：{title}", ": {title}";
        reason: "答复（不批准须写）", "Answer (needed to refuse)";
        stale: "打开以后这件申请有变，下面是现在的情况，请看过再定。", "The request changed after you opened it. Look at it again before you decide.";
    }
}

/// A request as it is shown.
pub struct Asked {
    /// `extension`, `waiver`, `cancellation` or `destruction`.
    pub kind: &'static str,
    /// The request's; of a destruction the file's.
    pub id: i64,
    /// 0 of a destruction, which has none.
    pub version: i64,
    pub title: String,
    pub reason: String,
    /// What granting does, and since when it is asked.
    pub about: String,
    /// The node it is about and how that stands; none of a destruction.
    pub node: Option<(NodeId, Mark)>,
}

/// What awaits the actor's decision, the oldest first.
pub fn read(conn: &mut Conn, actor: &Actor, today: NaiveDate, lang: Lang) -> Result<Vec<Asked>> {
    let mut items = to_decide(conn, actor, today)?;
    items.sort_by_key(|item| (item.since, item.id));
    let tree = Tree::on(conn, today)?;
    let w = RequestWords(lang);
    let mut asked = Vec::new();
    for item in items {
        let unit = tree.get(item.unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
        if item.subject == InboxSubject::Attachment {
            asked.extend(to_destroy(conn, &unit, &item, lang)?);
            continue;
        }
        let (kind, node_id, version, reason, title, mut about) = match item.subject {
            InboxSubject::Extension => {
                let one = extensions::get(conn, ExtensionId(item.id))?;
                let days = (one.due_on - one.from_due_on).num_days();
                let title = w.extension(&unit, &item.title, lang.day(&one.due_on));
                ("extension", one.node_id, one.version, one.reason, title, w.from(lang.day(&one.from_due_on), days))
            }
            InboxSubject::Waiver => {
                let one = waivers::get(conn, WaiverId(item.id))?;
                let title = match one.kind {
                    WaiverKind::NotApplicable => w.not_applicable(&unit, &item.title),
                    WaiverKind::Waived => w.waiver(&unit, &item.title),
                };
                ("waiver", one.node_id, one.version, one.reason, title, w.leaves())
            }
            InboxSubject::Cancellation => {
                let one = cancellations::get(conn, CancellationId(item.id))?;
                let title = w.cancellation(&unit, &item.title);
                ("cancellation", one.node_id, one.version, one.reason, title, w.leaves())
            }
            _ => continue,
        };
        let node = time_nodes::store::get(conn, node_id)?;
        let judged = judge(&node.facts, today);
        if kind == "extension" && judged.verdict == Verdict::Overdue {
            about.to_mut().push_str(&w.late());
        }
        if let Some(day) = &item.since {
            about.to_mut().push_str(&w.asked(lang.day(day)));
        }
        let (title, about, mark) = (title.into_owned(), about.into_owned(), Mark::judged(lang, &judged));
        asked.push(Asked { kind, id: item.id, version, title, reason, about, node: Some((node_id, mark)) });
    }
    Ok(asked)
}

/// The destruction that a file waits for.
fn to_destroy(conn: &mut Conn, unit: &str, item: &InboxItem, lang: Lang) -> Result<Option<Asked>> {
    let w = RequestWords(lang);
    let all = destruction::of_attachment(conn, AttachmentId(item.id))?;
    let waits = all.into_iter().find(|one| one.state == RequestState::Requested);
    Ok(waits.map(|one| Asked {
        kind: "destruction",
        id: item.id,
        version: 0,
        title: w.destruction(unit, &item.title).into_owned(),
        reason: one.reason,
        about: format!("{}{}", w.destroys(), w.asked(lang.day(&one.requested_on))),
        node: None,
    }))
}

/// `POST /leader/requests`: a decision.
pub async fn decide(posted: Posted, files: web::Data<Evidence>) -> Result<HttpResponse, Error> {
    let (mut visit, fields) = (posted.visit, posted.fields);
    let (kind, id) = (fields.get("kind").to_owned(), fields.get("id").parse::<i64>().unwrap_or_default());
    let done = if posted.again {
        None
    } else {
        if let Ok(version) = fields.get("version").parse() {
            visit.caller.request.if_match = IfMatch::of(version);
        }
        let input = json!({"verdict": fields.get("verdict"), "reason": fields.given("reason")});
        let named = kind.clone();
        Some(match read_value::<Decision>(input) {
            Ok(decision) => {
                let rule = visit.once(move |conn, actor| {
                    ruled(conn, actor, &named, id, &decision)?;
                    Ok(format!("/leader?said={}#requests", Said::Saved.word()))
                });
                rule.await
            }
            Err(error) => Err(error),
        })
    };
    let field = format!("reason-{kind}-{id}");
    let marks = match done {
        Some(Ok(address)) => {
            if kind == "destruction" {
                visit.caller.read(move |conn, _| destruction::remove_bytes(conn, &files, AttachmentId(id))).await?;
            }
            return Ok(see_other(&address));
        }
        Some(Err(error)) if error.problem().code.status == 412 => {
            let mut marks = Marks::none();
            marks.say(None, RequestWords(visit.view.lang).stale());
            marks
        }
        Some(Err(error)) => Marks::of(error, visit.view.lang, &[("/reason", field.as_str())])?,
        None => Marks::none(),
    };
    again(&visit, marks, fields).await
}

fn ruled(conn: &mut Conn, actor: &Actor, kind: &str, id: i64, decision: &Decision) -> Result<()> {
    match kind {
        "extension" => extensions::decide(conn, actor, ExtensionId(id), decision).map(|_| ()),
        "waiver" => waivers::decide(conn, actor, WaiverId(id), decision).map(|_| ()),
        "cancellation" => cancellations::decide(conn, actor, CancellationId(id), decision).map(|_| ()),
        "destruction" => destruction::decide(conn, actor, AttachmentId(id), decision).map(|_| ()),
        _ => Err(NOT_FOUND.err()),
    }
}
