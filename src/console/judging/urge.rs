//! Urging: who must be urged, one or all with one button, and the same as a text to be pasted into a chat.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::Datelike;
use serde_json::json;

use super::store::{MadeUrge, last_urges};
use crate::access::{Action, Actor};
use crate::console::marks::Marks;
use crate::console::page::{form_again, page, see_other};
use crate::console::posted::{Fields, Posted};
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::platform::web::read_value;
use crate::platform::{Conn, Error, Result};
use crate::reports::urge_list::{UrgeList, UrgentNode, urge_list};
use crate::time_nodes::urges::{NewUrge, urge};
use crate::units::UnitId;
use crate::units::store::Tree;
use crate::words;

/// Nodes urged with one call.
const AT_ONCE: usize = 500;
/// Urges shown of those made.
const MADE: i64 = 30;
/// Nodes of a unit that the text names.
const NAMED: usize = 5;

words! {
    /// Urging.
    pub struct UrgeWords {
        title: "催办", "Urge";
        none: "没有要催办的节点。", "Nothing needs urging.";
        none_title: "没有要催的", "Nothing to urge";
        none_text: "逾期、到期、临期和被退回的节点会列在这里。", "Overdue, due, soon due and returned nodes are listed here.";
        lead(count): "**{count}个节点**等填报", "Waiting for a report: **{count}**";
        overdue(count): "逾期{count}", "{count} overdue";
        due(count): "到期{count}", "{count} due";
        soon(count): "临期{count}", "{count} due soon";
        returned(count): "其中被退回{count}", "{count} of them returned";
        earlier(count): "其中往年到期、不在今年数字里的{count}", "{count} of them due in an earlier year, outside the figures of this one";
        all(count): "全部催办（{count}个）", "Urge all {count}";
        overdue_only(count): "只催逾期的（{count}个）", "Urge the {count} overdue";
        unit_all(count): "催这{count}个", "Urge these {count}";
        one: "催办", "Urge";
        which(title): "：{title}", ": {title}";
        last(day): "{day}催过", "urged on {day}";
        never: "没催过", "never urged";
        note: "附一句话", "A line that goes with it";
        note_hint: "可不填；支部在待办里看到", "May be left empty; the branch sees it in its list";
        late_by(days): "已逾期{days}天", "{days} day(s) late";
        today_last: "今天最后一天", "today is the last day";
        left(days): "还有{days}天", "{days} day(s) left";
        due_on(day): "期限{day}", "due {day}";
        as_text: "复制为文字", "Copy as text";
        as_text_hint: "粘贴到任何聊天工具；没有姓名", "Paste it into any chat; it names no person";
        copy: "复制", "Copy";
        copied: "已复制", "Copied";
        open_here: "填报入口：", "Report here: ";
        made: "最近的催办", "Urges made lately";
        none_made: "还没有催办过。", "Nothing was urged yet.";
        done(urged): "已催办{urged}个。", "{urged} node(s) were urged.";
        done_skipped(urged, skipped): "已催办{urged}个；{skipped}个今天已催过或已填报，没有再催。", "{urged} node(s) were urged; {skipped} were urged today already or reported meanwhile.";
        each(title, day): "{title}（{day}）", "{title} ({day})";
        and_more(count): "等{count}个", " and others, {count} in all";
        comma: "、", ", ";
        once_a_day: "每个节点每天最多催一次，催办记入它的经过。", "A node is urged at most once a day; each urge stands in its history.";
    }
}

#[derive(Template)]
#[template(path = "console/judging/urge.html")]
struct UrgePage<'a> {
    view: &'a View,
    w: UrgeWords,
    marks: Marks,
    fields: Fields,
    list: UrgeList,
    lead: String,
    text: String,
    made: Vec<(MadeUrge, String)>,
    may_urge: bool,
    done: Option<String>,
}

/// What the page reads.
struct Content {
    list: UrgeList,
    made: Vec<(MadeUrge, String)>,
    may_urge: bool,
}

/// `GET /urge`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let query = Fields::read(request.query_string().as_bytes());
    let w = UrgeWords(visit.view.lang);
    let done = query.get("urged").parse::<i64>().ok().map(|urged| match query.get("skipped").parse::<i64>() {
        Ok(skipped) if skipped > 0 => w.done_skipped(urged, skipped).into_owned(),
        _ => w.done(urged).into_owned(),
    });
    let content = content(&visit).await?;
    page(&UrgePage::new(&visit.view, &request, content, Marks::none(), Fields::default(), done))
}

/// `POST /urge`: the ticked or named nodes, or all of a unit or of a verdict.
pub async fn send(posted: Posted, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (visit, fields) = (posted.visit, posted.fields);
    let before = content(&visit).await?;
    if posted.again {
        return form_again(&UrgePage::new(&visit.view, &request, before, Marks::none(), fields, None));
    }
    let chosen = chosen(&fields, &before.list);
    let note = fields.given("note");
    let inputs: Result<Vec<NewUrge>> =
        chosen.chunks(AT_ONCE).map(|ids| read_value(json!({"time_node_ids": ids, "note": note}))).collect();
    let done = match inputs {
        Ok(inputs) => {
            let urge = visit.once(move |conn, actor| {
                let (urged, skipped) = urge_all(conn, actor, &inputs)?;
                Ok(format!("/urge?urged={urged}&skipped={skipped}"))
            });
            urge.await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(address) => Ok(see_other(&address)),
        Err(error) => {
            let marks = Marks::of(error, visit.view.lang, &[("/note", "note")])?;
            form_again(&UrgePage::new(&visit.view, &request, before, marks, fields, None))
        }
    }
}

/// The nodes that the pressed button is about.
fn chosen(fields: &Fields, list: &UrgeList) -> Vec<i64> {
    let nodes = list.units.iter().flat_map(|unit| unit.nodes.iter().map(move |node| (unit.unit_id, node)));
    if let Some(node) = fields.given("node") {
        return node.parse::<i64>().into_iter().collect();
    }
    if let Some(unit) = fields.given("unit").and_then(|id| id.parse().ok()).map(UnitId) {
        return nodes.filter(|(of, _)| *of == unit).map(|(_, node)| node.id.0).collect();
    }
    let is_meant: fn(&UrgentNode) -> bool = match fields.get("which") {
        "overdue" => is_overdue,
        "all" => |_| true,
        _ => |_| false,
    };
    nodes.filter(|(_, node)| is_meant(node)).map(|(_, node)| node.id.0).collect()
}

fn is_overdue(node: &UrgentNode) -> bool {
    node.verdict == crate::time_nodes::Verdict::Overdue
}

fn urge_all(conn: &mut Conn, actor: &Actor, inputs: &[NewUrge]) -> Result<(i64, i64)> {
    let (mut urged, mut skipped) = (0, 0);
    for input in inputs {
        let outcome = urge(conn, actor, input)?;
        urged += outcome.urged;
        skipped += outcome.skipped;
    }
    Ok((urged, skipped))
}

async fn content(visit: &Visit) -> Result<Content> {
    visit
        .caller
        .read_long(|conn, actor| {
            let list = urge_list(conn, actor, None, None)?;
            let tree = Tree::on(conn, list.as_of)?;
            let names: HashMap<UnitId, String> = tree.units().map(|unit| (unit.unit_id, unit.name.clone())).collect();
            let name = |id: UnitId| names.get(&id).cloned().unwrap_or_default();
            let made = last_urges(conn, &actor.reach(Action::ReadNodes), MADE)?;
            let made = made
                .into_iter()
                .map(|one| {
                    let unit = name(one.unit_id);
                    (one, unit)
                })
                .collect();
            let may_urge = list
                .units
                .iter()
                .any(|unit| tree.get(unit.unit_id).is_some_and(|unit| actor.may(Action::Urge, &unit.site())));
            Ok(Content { list, made, may_urge })
        })
        .await
}

impl<'a> UrgePage<'a> {
    fn new(
        view: &'a View,
        request: &HttpRequest,
        content: Content,
        marks: Marks,
        fields: Fields,
        done: Option<String>,
    ) -> UrgePage<'a> {
        let w = UrgeWords(view.lang);
        let Content { list, made, may_urge } = content;
        let (lead, text) = (lead(view, &list), text(view, request, &list));
        UrgePage { view, w, marks, fields, list, lead, text, made, may_urge, done }
    }

    fn mark(&self, node: &UrgentNode) -> Mark {
        if node.returned && !is_overdue(node) {
            Mark::returned(self.view.lang)
        } else {
            Mark::verdict(self.view.lang, node.verdict)
        }
    }

    fn clock(&self, node: &UrgentNode) -> String {
        match node.days_left {
            0 => self.w.today_last().into_owned(),
            days if days < 0 => self.w.late_by(-days).into_owned(),
            days => self.w.left(days).into_owned(),
        }
    }

    fn last(&self, node: &UrgentNode) -> String {
        match &node.last_urged_on {
            None => self.w.never().into_owned(),
            Some(day) => self.w.last(self.view.day(day)).into_owned(),
        }
    }
}

fn lead(view: &View, list: &UrgeList) -> String {
    let w = UrgeWords(view.lang);
    if list.total.of == 0 {
        return w.none().into_owned();
    }
    let counts = &list.total;
    let mut parts = Vec::new();
    parts.extend((counts.overdue > 0).then(|| w.overdue(counts.overdue)));
    parts.extend((counts.due > 0).then(|| w.due(counts.due)));
    parts.extend((counts.due_soon > 0).then(|| w.soon(counts.due_soon)));
    parts.extend((counts.returned > 0).then(|| w.returned(counts.returned)));
    let nodes = list.units.iter().flat_map(|unit| &unit.nodes);
    let earlier = nodes.filter(|node| node.due_on.year() < list.as_of.year()).count();
    parts.extend((earlier > 0).then(|| w.earlier(earlier)));
    let (colon, comma, stop) = view.lang.pick(("：", "，", "。"), (": ", ", ", "."));
    format!("{}{colon}{}{stop}", w.lead(counts.of), parts.join(comma))
}

/// The text for a chat: the list's own, what each unit owes by name, and where to report.
fn text(view: &View, request: &HttpRequest, list: &UrgeList) -> String {
    let w = UrgeWords(view.lang);
    if list.total.of == 0 {
        return list.text.clone();
    }
    let mut lines: Vec<String> = Vec::new();
    let mut counts = list.text.lines();
    lines.extend(counts.next().map(str::to_owned));
    for (line, unit) in counts.zip(&list.units) {
        let named = unit.nodes.iter().take(NAMED).map(|node| w.each(&node.title, view.day(&node.due_on)));
        let mut named = named.collect::<Vec<_>>().join(&*w.comma());
        if unit.nodes.len() > NAMED {
            named.push_str(&w.and_more(unit.nodes.len()));
        }
        lines.push(format!("{line}{}{named}", view.lang.pick("。", ". ")));
    }
    let info = request.connection_info();
    lines.push(format!("{}{}://{}/todo", w.open_here(), info.scheme(), info.host()));
    lines.join("\n")
}
