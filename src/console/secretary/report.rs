//! Reporting: one activity on one or several nodes, with its evidence; kept as a draft, or signed.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::rows::{self, NodeRow};
use crate::access::{Action, Actor};
use crate::console::layout::Said;
use crate::console::marks::Marks;
use crate::console::page::{page_with, see_other};
use crate::console::posted::Fields;
use crate::console::store::{LastReport, last_report};
use crate::console::told::{told, told_of};
use crate::console::{Posted, View, Visit};
use crate::platform::db::today;
use crate::platform::error::STALE;
use crate::platform::web::{IfMatch, read_value};
use crate::platform::{Conn, Error, Problem, Result};
use crate::progress::drafts::{self, ReportDraft};
use crate::progress::model::{Attachment, NewReport};
use crate::progress::{AttachmentId, DraftId, Evidence, attachments, batch};
use crate::settings;
use crate::time_nodes::rules::judge;
use crate::time_nodes::{self, NODE_UNKNOWN, NodeId, Phase, Verdict};
use crate::words;

words! {
    /// The report form.
    pub struct ReportWords {
        title: "填报", "Report";
        day_of_report: "填报日", "Day of the report";
        which: "算哪几个节点", "Which nodes";
        which_hint: "一次活动勾几个，每个各自审核", "Tick every node the activity is for; each is reviewed by itself";
        others(count): "同一次活动还算别的节点（{count}个可选）", "The activity is for other nodes too ({count} to choose from)";
        due(day): "{day}到期", "due {day}";
        grace(day): "宽限至{day}", "grace until {day}";
        comma: "，", ", ";
        kind: "填报什么", "What is reported";
        completion: "已完成", "It is done";
        completion_hint: "签署后由上级审核", "Signed, then reviewed from above";
        progress: "只报进展", "Progress on the way";
        progress_hint: "不审核，节点仍未完成", "Not reviewed; the node stays open";
        percent: "进度（%）", "How far (%)";
        held: "开展日期", "Held on";
        held_hint(day): "实际开展的那一天，不晚于今天（{day}）；没有开展日期的可不填", "The day it really took place, not after today ({day}); leave it out where there is none";
        text: "完成情况", "What was done";
        text_hint: "谁讲、讲什么、到会多少人", "Who spoke, on what, how many came";
        last(day): "上期填报（{day}）可作底稿：", "The last report ({day}) may serve as a draft:";
        use_last: "用上期文字作底稿", "Take the last text as a draft";
        evidence: "佐证材料", "Evidence";
        evidence_hint: "照片、扫描件、文档均可", "Photos, scans, documents";
        evidence_needed: "这项任务要求有佐证材料", "This task asks for evidence";
        files_hint(limit): "可选多份，手机上可直接拍照；每份不超过{limit} MB", "Several at once, on a phone straight from the camera; up to {limit} MB each";
        uploaded(size): "{size}，已上传", "{size}, uploaded";
        remove: "移除", "Remove";
        refused(name, why): "「{name}」没有上传：{why}", "“{name}” was not uploaded: {why}";
        paper: "纸质存档", "On paper";
        paper_hint: "没有电子件时填，审核人当面查看", "Where there is no file; the reviewer looks at it in person";
        paper_title: "名称和编号", "Title and number";
        paper_place: "存放处", "Where it is kept";
        paper_keeper: "保管岗位", "Kept by (post)";
        no_node: "请至少勾一个节点。", "Tick at least one node.";
        signing: "签署后成为正式填报，由上级审核；通过前可以撤回。草稿不计入任何数字。",
            "Signed it is a report and is reviewed from above; it can be withdrawn until then. A draft counts nowhere.";
        sign: "签署并填报", "Sign and report";
        save_draft: "存草稿", "Keep as a draft";
        cadre: "完成须由书记或副书记签署；您可以存草稿，或者报进展。",
            "A completion is signed by the secretary or deputy; you may keep a draft, or report progress.";
        drafted(day): "草稿{day}开始，记在第一个节点上", "Draft begun {day}, kept with the first node";
        after: "签署以后", "After signing";
        after_on_time(day): "待审；通过后记为按期完成，完成日{day}", "Pending review; accepted it counts as done on time, on {day}";
        after_late(day): "待审；通过后记为逾期完成，完成日{day}", "Pending review; accepted it counts as done late, on {day}";
        after_note: "审核再慢也不影响完成日。通过前可以撤回，通过后可以补充材料。",
            "However slow the review, the day of the report counts. Until it is accepted it can be withdrawn; then more can be added.";
        stale: "打开此页以后，草稿有了改动", "The draft was changed since you opened this page";
        stale_text: "您填的还在上面；下面是后来存的。再存一次，就以您填的为准。",
            "What you entered is still above; this is what was kept since. Keep it once more and yours stands.";
        one_of(node, sentence): "{node}：{sentence}", "{node}: {sentence}";
    }
}

/// What the form is about, read for showing it.
struct Context {
    today: NaiveDate,
    unit: String,
    /// Nodes that may be ticked, the ticked ones first.
    offered: Vec<Offered>,
    /// What the ticked nodes are called, also those that may not be ticked any more.
    names: HashMap<i64, String>,
    last: Option<LastReport>,
    may_sign: bool,
    needs_evidence: bool,
    files: Vec<Attachment>,
    draft: Option<ReportDraft>,
}

/// A node that may be ticked.
struct Offered {
    row: NodeRow,
    ticked: bool,
    /// What signing today makes of it.
    then: Verdict,
}

#[derive(Template)]
#[template(path = "console/secretary/report.html")]
struct ReportPage<'a> {
    view: &'a View,
    w: ReportWords,
    marks: Marks,
    fields: &'a Fields,
    context: &'a Context,
    /// The draft as somebody else kept it meanwhile.
    theirs: Option<&'a ReportDraft>,
    limit: u64,
}

impl ReportPage<'_> {
    fn size(file: &Attachment) -> String {
        match file.bytes {
            bytes if bytes >= 1_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
            bytes => format!("{} KB", (bytes + 999) / 1000),
        }
    }

    /// Nodes that are offered and not ticked.
    fn others(&self) -> usize {
        self.context.offered.iter().filter(|offered| !offered.ticked).count()
    }

    /// Whether more than one node is ticked, or none.
    fn several(&self) -> bool {
        self.context.offered.len() - self.others() != 1
    }

    fn is_progress(&self) -> bool {
        self.fields.get("kind") == "progress"
    }

    fn then(&self, offered: &Offered) -> String {
        let day = self.view.day(&self.context.today);
        match offered.then {
            Verdict::DoneLate => self.w.after_late(day).into_owned(),
            _ => self.w.after_on_time(day).into_owned(),
        }
    }
}

/// `GET /report?node=…`: the form, filled from the draft where there is one.
pub async fn show(visit: Visit, request: HttpRequest, evidence: web::Data<Evidence>) -> Result<HttpResponse, Error> {
    let mut fields = Fields::read(request.query_string().as_bytes());
    let Some(first) = fields.ids("node").first().copied() else { return Ok(see_other("/todo")) };
    let draft = visit.caller.read(move |conn, actor| Ok(drafts::list(conn, actor, NodeId(first))?.pop())).await?;
    if let Some(draft) = draft {
        fill(&mut fields, &draft);
    }
    let context = context(&visit, &fields).await?;
    if context.offered.iter().all(|offered| !offered.ticked) {
        return Ok(see_other(&format!("/time-nodes/{first}")));
    }
    form(&visit, &evidence, fields, &context, Marks::none(), None)
}

/// The fields of a form that holds a draft.
fn fill(fields: &mut Fields, draft: &ReportDraft) {
    fields.set("draft", draft.id.to_string());
    fields.set("version", draft.version.to_string());
    fields.set("kind", draft.kind.word());
    fields.set("text", draft.text.clone());
    fields.set("held_on", draft.held_on.map(|day| day.to_string()).unwrap_or_default());
    fields.set("percent", draft.percent.map(|percent| percent.to_string()).unwrap_or_default());
    for file in &draft.attachments {
        fields.push("attachment", file.id.to_string());
    }
    if let Some(paper) = draft.on_paper.first() {
        let text = |text: &Option<crate::progress::model::PaperText>| {
            text.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default()
        };
        fields.set("paper_title", paper.title.as_str());
        fields.set("paper_place", text(&paper.place));
        fields.set("paper_keeper", text(&paper.keeper));
    }
}

/// `POST /report`: signs, keeps a draft, or only shows the form again, changed by the button that was pressed.
pub async fn send(mut posted: Posted, evidence: web::Data<Evidence>) -> Result<HttpResponse, Error> {
    if let Some(address) = posted.visit.led().await? {
        return Ok(see_other(&address));
    }
    posted.attach().await?;
    let Posted { visit, mut fields, again, refused, .. } = posted;
    let w = ReportWords(visit.view.lang);
    let mut marks = Marks::none();
    for (name, problem) in &refused {
        marks.say(Some("files".into()), w.refused(name, told_of(visit.view.lang, problem)));
    }
    let dropped = fields.given("drop").map(str::to_owned);
    if let Some(id) = dropped.as_deref() {
        fields.remove("attachment", id);
    }
    let context = context(&visit, &fields).await?;
    if fields.has("use_last")
        && let Some(last) = &context.last
    {
        let text = fields.get("text").to_owned();
        fields.set("text", if text.is_empty() { last.text.clone() } else { format!("{text}\n\n{}", last.text) });
    }
    let only_shown = again || dropped.is_some() || fields.has("use_last");
    if only_shown || !marks.is_empty() {
        return form(&visit, &evidence, fields, &context, marks, None);
    }
    match fields.get("do") {
        "draft" => keep(&visit, evidence, fields, &context).await,
        _ => sign(&visit, evidence, fields, &context).await,
    }
}

fn form(
    visit: &Visit,
    evidence: &Evidence,
    fields: Fields,
    context: &Context,
    marks: Marks,
    theirs: Option<&ReportDraft>,
) -> Result<HttpResponse, Error> {
    let status = if marks.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (view, w, limit) = (&visit.view, ReportWords(visit.view.lang), evidence.max_bytes() / 1_048_576);
    let marks = marks.called(&[
        ("text", w.text()),
        ("held_on", w.held()),
        ("percent", w.percent()),
        ("paper_title", w.paper_title()),
        ("paper_place", w.paper_place()),
        ("paper_keeper", w.paper_keeper()),
    ]);
    page_with(status, &ReportPage { view, w, marks, fields: &fields, context, theirs, limit })
}

async fn context(visit: &Visit, fields: &Fields) -> Result<Context, Error> {
    let ticked: Vec<NodeId> = fields.ids("node").into_iter().map(NodeId).collect();
    // Nothing ticked any more: the nodes that were offered are offered again.
    let about = match fields.ids("offered").first() {
        Some(first) if ticked.is_empty() => vec![NodeId(*first)],
        _ => ticked.clone(),
    };
    let files: Vec<AttachmentId> = fields.ids("attachment").into_iter().map(AttachmentId).collect();
    let lang = visit.view.lang;
    let read = move |conn: &mut Conn, actor: &Actor| {
        let first = about.first().copied().ok_or_else(|| NODE_UNKNOWN.with([("id", String::new())]))?;
        let node = time_nodes::store::get(conn, first)?;
        actor.must(Action::ReportProgress, &node.site)?;
        let today = today(conn)?;
        let signing = settings::store::on(conn, today)?.signing();
        let may_sign = signing.iter().any(|action| actor.may(*action, &node.site));
        let rows = rows::of_units(conn, actor, &[node.birth.unit_id], lang, today)?;
        let (mut offered, mut names): (Vec<Offered>, HashMap<i64, String>) = Default::default();
        for row in rows {
            let is_ticked = ticked.contains(&row.node.id);
            if is_ticked {
                names.insert(row.node.id.0, row.name());
            }
            if can_be_reported(&row) && (is_ticked || is_near(&row, today)) {
                let then = signed_today(conn, row.node.id, today)?;
                offered.push(Offered { ticked: is_ticked, then, row });
            }
        }
        offered.sort_by_key(|offered| !offered.ticked);
        let last = last_report(conn, node.birth.unit_id, node.birth.task_id, &about)?;
        let files = files.iter().map(|id| attachments::read(conn, actor, *id)).collect::<Result<Vec<_>>>()?;
        Ok(Context {
            today,
            unit: crate::units::store::get(conn, node.birth.unit_id)?.name,
            needs_evidence: offered.iter().any(|offered| offered.ticked && offered.row.task.evidence_required),
            offered,
            names,
            last,
            may_sign,
            files,
            draft: drafts::list(conn, actor, first)?.pop(),
        })
    };
    visit.caller.read_long(read).await
}

fn can_be_reported(row: &NodeRow) -> bool {
    matches!(row.node.verdict, Verdict::Overdue | Verdict::Due | Verdict::DueSoon | Verdict::NotDue)
}

/// What one activity of these days may be for.
fn is_near(row: &NodeRow, today: NaiveDate) -> bool {
    row.node.verdict != Verdict::NotDue || row.node.due_on <= today + Days::new(31)
}

/// What the node is once a report of today is accepted.
fn signed_today(conn: &mut Conn, id: NodeId, today: NaiveDate) -> Result<Verdict> {
    let mut facts = time_nodes::store::get(conn, id)?.facts;
    facts.standing.phase = Phase::Accepted;
    facts.standing.met_on = Some(today);
    Ok(judge(&facts, today).verdict)
}

/// What was typed, as the input of a report. An empty field is left out, and one that does not read stays as it is for
/// the rule that refuses it.
fn input(fields: &Fields) -> Map<String, Value> {
    let kind = fields.given("kind").unwrap_or("completion");
    let completion = kind != "progress";
    let number = |text: &str| text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number));
    let mut input = Map::new();
    input.insert("kind".into(), json!(kind));
    input.insert("text".into(), json!(fields.get("text")));
    input.insert("attachment_ids".into(), json!(fields.ids("attachment")));
    input.insert("on_paper".into(), json!(papers(fields)));
    if let Some(day) = fields.given("held_on").filter(|_| completion) {
        input.insert("held_on".into(), json!(day));
    }
    if let Some(percent) = fields.given("percent").filter(|_| !completion) {
        input.insert("percent".into(), number(percent));
    }
    input
}

fn papers(fields: &Fields) -> Vec<Value> {
    let named = ["paper_title", "paper_place", "paper_keeper"];
    if named.iter().all(|name| fields.given(name).is_none()) {
        return vec![];
    }
    vec![json!({
        "title": fields.get("paper_title"),
        "place": fields.given("paper_place"),
        "keeper": fields.given("paper_keeper"),
    })]
}

/// Which field each part of the input is.
const FIELDS: &[(&str, &str)] = &[
    ("/text", "text"),
    ("/held_on", "held_on"),
    ("/percent", "percent"),
    ("/attachment_ids", "files"),
    ("/on_paper/0/title", "paper_title"),
    ("/on_paper/0/place", "paper_place"),
    ("/on_paper/0/keeper", "paper_keeper"),
];

async fn sign(
    visit: &Visit,
    evidence: web::Data<Evidence>,
    fields: Fields,
    context: &Context,
) -> Result<HttpResponse, Error> {
    let nodes = fields.ids("node");
    let w = ReportWords(visit.view.lang);
    if nodes.is_empty() {
        let mut marks = Marks::none();
        marks.say(Some("nodes".into()), w.no_node());
        return form(visit, &evidence, fields, context, marks, None);
    }
    let item = |node: &i64| {
        let mut item = input(&fields);
        item.insert("time_node_id".into(), json!(node));
        Value::Object(item)
    };
    let wanted = json!({"atomic": true, "items": nodes.iter().map(item).collect::<Vec<_>>()});
    let (draft, files) = (draft_of(&fields), evidence.clone().into_inner());
    let sign = visit.once(move |conn, actor| {
        batch::report_all(conn, actor, &files, &read_value(wanted.clone())?)?;
        if let Some((id, version)) = draft {
            match drafts::remove(conn, &with_version(actor, version), id) {
                // Whoever changed it meanwhile keeps it.
                Err(error) if ["stale", "not_found"].contains(&error.code()) => {}
                done => done?,
            }
        }
        Ok(format!("/todo?said={}", Said::Reported.word()))
    });
    match sign.await {
        Ok(address) => Ok(see_other(&address)),
        Err(error) => {
            let marks = marks_of_items(error, &visit.view, &nodes, context)?;
            form(visit, &evidence, fields, context, marks, None)
        }
    }
}

/// The refusals of several reports at once: what is wrong with what was typed once, what is wrong with a node by its name.
fn marks_of_items(error: Error, view: &View, nodes: &[i64], context: &Context) -> Result<Marks, Error> {
    let mut problem = error.problem();
    if problem.code.status == 401 || problem.code.status >= 500 {
        return Err(error);
    }
    let (w, mut marks) = (ReportWords(view.lang), Marks::none());
    let faults = std::mem::take(&mut problem.faults);
    for mut fault in faults {
        let rest = fault.pointer.strip_prefix("/items/").and_then(|rest| {
            let (index, inner) = rest.split_once('/').map_or((rest, ""), |(index, inner)| (index, inner));
            Some((index.parse::<usize>().ok()?, inner.to_owned()))
        });
        let Some((index, inner)) = rest else { continue };
        let sentence = told(view.lang, fault.code, &fault.args);
        fault.pointer = format!("/{inner}");
        if FIELDS.iter().any(|(place, _)| fault.pointer.starts_with(place)) {
            let typed = Problem { faults: vec![fault], ..problem.clone() };
            marks.add(&typed, view.lang, FIELDS);
        } else {
            let title = nodes.get(index).and_then(|id| context.names.get(id)).cloned().unwrap_or_default();
            marks.say(Some("nodes".into()), w.one_of(title, sentence));
        }
    }
    if marks.is_empty() {
        marks.add(&problem, view.lang, FIELDS);
    }
    Ok(marks)
}

fn draft_of(fields: &Fields) -> Option<(DraftId, i64)> {
    Some((DraftId(fields.get("draft").parse().ok()?), fields.get("version").parse().ok()?))
}

fn with_version(actor: &Actor, version: i64) -> Actor {
    let mut actor = actor.clone();
    actor.request.if_match = IfMatch::of(version);
    actor
}

async fn keep(
    visit: &Visit,
    evidence: web::Data<Evidence>,
    mut fields: Fields,
    context: &Context,
) -> Result<HttpResponse, Error> {
    let Some(first) = fields.ids("node").first().copied() else {
        let mut marks = Marks::none();
        marks.say(Some("nodes".into()), ReportWords(visit.view.lang).no_node());
        return form(visit, &evidence, fields, context, marks, None);
    };
    let (typed, draft, files) = (input(&fields), draft_of(&fields), evidence.clone().into_inner());
    let nodes: Vec<String> = fields.ids("node").iter().map(|id| format!("node={id}")).collect();
    let address = format!("/report?{}&said={}", nodes.join("&"), Said::DraftSaved.word());
    let keep = visit.once(move |conn, actor| {
        kept(conn, actor, &files, NodeId(first), &typed, draft)?;
        Ok(address.clone())
    });
    match keep.await {
        Ok(address) => Ok(see_other(&address)),
        Err(error) if error.code() == STALE.code => {
            let mut marks = Marks::none();
            marks.say(Some("theirs".into()), ReportWords(visit.view.lang).stale());
            if let Some(theirs) = &context.draft {
                fields.set("draft", theirs.id.to_string());
                fields.set("version", theirs.version.to_string());
            }
            form(visit, &evidence, fields, context, marks, context.draft.as_ref())
        }
        Err(error) => {
            let marks = Marks::of(error, visit.view.lang, FIELDS)?;
            form(visit, &evidence, fields, context, marks, None)
        }
    }
}

/// Keeps what was typed. A page that was opened before the draft was begun is as old as one of a draft that was changed.
fn kept(
    conn: &mut Conn,
    actor: &Actor,
    files: &Arc<Evidence>,
    node: NodeId,
    typed: &Map<String, Value>,
    draft: Option<(DraftId, i64)>,
) -> Result<ReportDraft> {
    let Some((id, version)) = draft else {
        if !drafts::list(conn, actor, node)?.is_empty() {
            return Err(STALE.err());
        }
        let input: NewReport = read_value(Value::Object(typed.clone()))?;
        return drafts::create(conn, actor, files, node, input);
    };
    let mut patch = typed.clone();
    // A field that was emptied is emptied in the draft.
    for name in ["held_on", "percent"] {
        patch.entry(name).or_insert(Value::Null);
    }
    drafts::change(conn, &with_version(actor, version), files, id, read_value(Value::Object(patch))?)
}
