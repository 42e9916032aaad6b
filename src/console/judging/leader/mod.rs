//! The page of the leader: is the target still possible, for whom not and since when; what changed since last month; what
//! awaits a decision; instructions.

pub mod requests;

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde_json::json;

use self::requests::{Asked, RequestWords};
use super::compared::{Compared, compared};
use super::store::{Instruction, last_instructions};
use crate::access::{AccountId, Action, Actor};
use crate::comments;
use crate::comments::model::{CommentSubject, NewComment};
use crate::console::figures;
use crate::console::layout::Said;
use crate::console::marks::Marks;
use crate::console::page::{Html, form_again, page, see_other};
use crate::console::posted::{Fields, Posted};
use crate::console::reading::Reading;
use crate::console::store::account_names;
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::platform::db::today;
use crate::platform::web::read_value;
use crate::platform::{Conn, Error, Result};
use crate::reports::actions::{Asked as AskedReport, compliance};
use crate::reports::explain::ExplainedRate;
use crate::reports::model::{ComplianceReport, Rate};
use crate::reports::path::{PathRate, PathReport};
use crate::reports::rules::CountOf;
use crate::reports::year::items::{Wanted, YearItem, items};
use crate::reports::year::outlook::{BranchOutlook, BranchesOutlook, branches_and_path};
use crate::time_nodes::{NodeId, Verdict};
use crate::units::UnitId;
use crate::units::store::Tree;
use crate::words;

/// Branches on a page.
const ROWS: usize = 50;
/// Instructions shown.
const SAID: i64 = 8;
/// Branches that the heading names.
const NAMED: usize = 4;
/// Missing things that a row names.
const MISSING: usize = 2;
/// Nodes that an instruction can be about.
const OFFERED: usize = 200;
const RATES: [ExplainedRate; 5] = {
    use ExplainedRate as R;
    [R::Completion, R::OnTime, R::YearProgress, R::Compliance, R::BranchesRecognised]
};

words! {
    /// The page of the leader.
    pub struct LeaderWords {
        title: "领导一页", "For the leader";
        plan(year): "{year}年度计划", "Plans of {year}";
        target(day, percent): "目标：{day}标准化达标率{percent}%", "Target: compliance of {percent}% by {day}";
        all_can(count, percent): "{count}个党支部，到目标日都还能达到{percent}%。", "All {count} branch(es) can still reach {percent}%.";
        some_can(count, can, percent): "{count}个党支部，{can}个仍能达到{percent}%。", "Of {count} branch(es), {can} can still reach {percent}%.";
        cannot(list): "{list}，已不能。", "{list}: no longer.";
        since(name, day): "{name}{day}起", "{name} since {day}";
        and_more(count): "等{count}个", " and others, {count} in all";
        comma: "、", ", ";
        no_rate: "还没有达标率：没有已发布并评定的标准。", "There is no compliance rate yet: no standard set is published.";
        now(counts, percent, assessed, ceiling, most): "现在{counts}条（{percent}，已评{assessed}），最多还能到{ceiling}（{most}）。",
            "Now {counts} clauses ({percent}, {assessed} assessed); at most {ceiling} ({most}).";
        recognised(met, of): "认定达标{met}/{of}。", " {met}/{of} recognised.";
        on_time_lost(day, ceiling): "按期完成率100%自{day}起已不能，上限{ceiling}。", "100% on time was lost on {day}; the ceiling is {ceiling}.";
        on_time_possible: "按期完成率100%仍能达到。", "100% on time can still be reached.";
        who: "谁还能，谁不能", "Who still can, and who can't";
        who_hint: "按组织顺序", "units in their own order";
        who_label: "各党支部能否达到，可横向滚动", "Which branches can reach it, scrolls sideways";
        branch: "党支部", "Branch";
        verdict: "还能达到", "Can it";
        from_day(day): "，{day}起", ", since {day}";
        clauses: "达标条款", "Clauses met";
        rate: "达标率", "Compliance";
        to_target: "到目标线", "To the target";
        missing: "差在哪里", "What is missing";
        room: "还有余地", "Room left";
        ceiling(percent): "上限{percent}", "ceiling {percent}";
        until(day): "最近期限{day}", "next day {day}";
        nothing_missing: "都达标了", "nothing";
        and_count(list, count): "{list}等{count}条", "{list} and more, {count} in all";
        on_time: "按期完成", "On time";
        only_lost: "只看不能的", "Only those that can't";
        all_rows: "看全部", "All";
        rows_of(from, to, all): "第{from}–{to}个，共{all}个", "{from}–{to} of {all}";
        decide(count): "等我决定{count}件", "To decide: {count}";
        decide_none: "没有等我决定的。延期、豁免、取消、销毁文件的申请会出现在这里。", "Nothing awaits your decision. Requests for extensions, waivers, cancellations and the destruction of files come here.";
        bulletins: "待批的简报在我的待办里。", "Bulletins to approve stand in your list.";
        since_last: "比上月末", "Since the end of last month";
        rate_column: "比率", "Rate";
        overdue: "逾期节点", "Overdue nodes";
        more_overdue(count): "逾期比上月末多{count}个。", "{count} more node(s) are overdue than then.";
        fewer_overdue(count): "逾期比上月末少{count}个。", "{count} fewer node(s) are overdue than then.";
        same_overdue: "逾期和上月末一样多。", "As many nodes are overdue as then.";
        new_owed(count, due): "这个月新到期{count}个节点，其中{due}个还在宽限期内或待审。", "{count} more node(s) are owed since; {due} of all are still in time or pending.";
        instructions: "批示", "Instructions";
        none_said: "还没有批示。", "No instruction was given yet.";
        said_by(who, day, unit): "{who}，{day}，致{unit}", "{who}, {day}, to {unit}";
        write: "写一条批示", "Write an instruction";
        about: "关于", "About";
        choose: "选一个逾期或临近的节点", "Choose a node that is overdue or near";
        no_node: "请选一个节点。", "Choose a node.";
        send: "签发", "Sign and send";
        nothing_to_instruct: "没有逾期或临近的节点；也可以在任一节点的页面上写。", "No node is overdue or near; you can write on the page of any node too.";
        to_paper: "月报", "Monthly report";
        whole_year: "全年一览", "The year";
    }
}

/// What the page reads.
pub struct Content {
    outlook: BranchesOutlook,
    path: PathReport,
    now: ComplianceReport,
    before: ComplianceReport,
    asked: Vec<Asked>,
    said: Vec<(Instruction, String, String)>,
    /// Nodes that an instruction can be about.
    offered: Vec<YearItem>,
}

/// A branch as it is shown.
struct BranchRow<'a> {
    branch: &'a BranchOutlook,
    mark: Mark,
    missing: String,
    room: String,
    /// Of 136 across: what is met, and where the lost part begins.
    met: i64,
    lost: Option<(i64, i64)>,
    href: String,
}

#[derive(Template)]
#[template(path = "console/judging/leader.html")]
pub struct LeaderPage<'a> {
    view: &'a View,
    w: LeaderWords,
    q: RequestWords,
    marks: Marks,
    fields: Fields,
    content: Content,
    bar: Html,
    answer: Vec<String>,
    below: String,
    compared: Vec<Compared>,
    /// The overdue nodes then and now.
    overdue: [String; 2],
    change: String,
    only: bool,
    page: usize,
    only_href: String,
    more: Option<String>,
    month_href: String,
    year_href: String,
    links: HashMap<UnitId, String>,
}

/// `GET /leader`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::Instruct).await?;
    let content = content(&visit, &reading).await?;
    page(&LeaderPage::new(&visit.view, &reading, content, Marks::none(), Fields::default())?)
}

/// `POST /leader/instructions`: an instruction on a node.
pub async fn instruct(posted: Posted) -> Result<HttpResponse, Error> {
    let (visit, fields) = (posted.visit, posted.fields);
    let node: i64 = fields.get("node").parse().unwrap_or_default();
    let done = if posted.again {
        None
    } else {
        let input = read_value::<NewComment>(json!({"text": fields.get("text"), "kind": "instruction"}));
        Some(match input {
            Ok(input) => {
                let about = (CommentSubject::TimeNode, node);
                let say = visit.once(move |conn, actor| {
                    comments::actions::create(conn, actor, about, &input)?;
                    Ok(format!("/leader?said={}#instructions", Said::Saved.word()))
                });
                say.await
            }
            Err(error) => Err(error),
        })
    };
    let marks = match done {
        Some(Ok(address)) => return Ok(see_other(&address)),
        Some(Err(_)) if node == 0 => {
            let mut marks = Marks::none();
            marks.say(Some("node".into()), LeaderWords(visit.view.lang).no_node());
            marks
        }
        Some(Err(error)) => Marks::of(error, visit.view.lang, &[("/text", "text")])?,
        None => Marks::none(),
    };
    again(&visit, marks, fields).await
}

/// The page of today once more, with what is to be mended of a form.
pub async fn again(visit: &Visit, marks: Marks, fields: Fields) -> Result<HttpResponse, Error> {
    let reading = Reading::plain().within_reach(visit, Action::Instruct).await?;
    let content = content(visit, &reading).await?;
    form_again(&LeaderPage::new(&visit.view, &reading, content, marks, fields)?)
}

/// Everything the page shows.
async fn content(visit: &Visit, reading: &Reading) -> Result<Content> {
    let (report, lang) = (reading.asked, visit.view.lang);
    visit
        .caller
        .read_long(move |conn, actor| {
            actor.must_anywhere(Action::ReadCounts)?;
            let (outlook, path) = branches_and_path(conn, actor, report)?;
            let today = today(conn)?;
            let last_month = outlook.as_of.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(outlook.as_of);
            let then = AskedReport { as_of: Some(last_month), year: Some(outlook.year), ..report };
            Ok(Content {
                path,
                now: compliance(conn, actor, report, None)?,
                before: compliance(conn, actor, then, None)?,
                asked: requests::read(conn, actor, today, lang)?,
                said: said(conn, actor, today)?,
                offered: offered(conn, actor, AskedReport { as_of: None, restated: false, ..report })?,
                outlook,
            })
        })
        .await
}

/// What was lately instructed, by whom and to which unit.
fn said(conn: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Vec<(Instruction, String, String)>> {
    let said = last_instructions(conn, &actor.reach(Action::ReadNodes), SAID)?;
    let accounts: Vec<AccountId> = said.iter().map(|one| one.account_id).collect();
    let names = account_names(conn, &accounts)?;
    let tree = Tree::on(conn, today)?;
    let named = said.into_iter().map(|one| {
        let who = names.get(&one.account_id).cloned().unwrap_or_default();
        let unit = tree.get(one.unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
        (one, who, unit)
    });
    Ok(named.collect())
}

/// The nodes that want a word: overdue, due or soon due.
fn offered(conn: &mut Conn, actor: &Actor, asked: AskedReport) -> Result<Vec<YearItem>> {
    let verdicts = vec![Verdict::Overdue, Verdict::Due, Verdict::DueSoon];
    let mut found = items(conn, actor, asked, &Wanted { verdicts, ..Wanted::default() })?;
    found.sort_by_key(|item| item.late_after);
    found.truncate(OFFERED);
    Ok(found)
}

impl<'a> LeaderPage<'a> {
    /// The page, with what is to be mended of a form.
    pub fn new(
        view: &'a View,
        reading: &Reading,
        content: Content,
        marks: Marks,
        fields: Fields,
    ) -> Result<LeaderPage<'a>> {
        let only = reading.given("rows") == Some("lost");
        let kept = if only { "lost" } else { "" };
        let all = content.outlook.branches.len();
        let number = reading.page();
        let next = (number + 1).to_string();
        let more = all > number * ROWS && !only;
        let as_of = content.outlook.as_of;
        let month = format!("{:04}-{:02}", as_of.year(), as_of.month());
        let year = content.outlook.year;
        let (then, now) = (reading.on(year, content.before.as_of), reading.on(year, content.now.as_of));
        let link = |branch: &BranchOutlook| {
            let id = branch.unit_id.to_string();
            (branch.unit_id, reading.link("/reports/path", &[("unit_id", id.as_str())]))
        };
        Ok(LeaderPage {
            w: LeaderWords(view.lang),
            q: RequestWords(view.lang),
            marks,
            fields,
            bar: reading.bar(view, "/leader", &[], false)?,
            answer: answer(view, &content.outlook),
            below: below(view, &content),
            compared: compared(view, (&then, &content.before.total), (&now, &content.now.total), &RATES),
            overdue: [&then, &now].map(|reading| reading.behind(CountOf::Overdue, None)),
            change: change(view, &content),
            only,
            page: number,
            only_href: reading.link("/leader", &[("rows", if only { "" } else { "lost" })]),
            more: more.then(|| reading.link("/leader", &[("rows", kept), ("page", next.as_str())])),
            month_href: reading.link("/month", &[("month", month.as_str()), ("as_of", "")]),
            year_href: reading.link("/year", &[]),
            links: content.outlook.branches.iter().map(link).collect(),
            view,
            content,
        })
    }

    fn rows(&self) -> Vec<BranchRow<'_>> {
        let branches = self.content.outlook.branches.iter();
        let wanted = branches.filter(|branch| !self.only || branch.compliance.lost_on.is_some());
        wanted.skip((self.page - 1) * ROWS).take(ROWS).map(|branch| self.row(branch)).collect()
    }

    fn row<'b>(&'b self, branch: &'b BranchOutlook) -> BranchRow<'b> {
        let outlook = &branch.compliance;
        let mark = match (outlook.is_possible(), &outlook.lost_on) {
            (None, _) => Mark::new("excl", "grey", "—"),
            (Some(true), _) | (_, None) => Mark::new("next", "green", self.view.lang.pick("能", "yes")),
            (Some(false), Some(_)) => Mark::new("overdue", "red", self.view.lang.pick("不能", "no")),
        };
        let across = |count: i64| if outlook.now.of > 0 { 136 * count / outlook.now.of } else { 0 };
        let lost = (outlook.now.of > outlook.ceiling.met && outlook.now.of > 0)
            .then(|| (across(outlook.ceiling.met), 136 - across(outlook.ceiling.met)));
        BranchRow {
            branch,
            mark,
            missing: if outlook.is_possible().is_some() { self.missing(branch.unit_id) } else { String::new() },
            room: self.room(branch),
            met: across(outlook.now.met),
            lost,
            href: self.links.get(&branch.unit_id).cloned().unwrap_or_default(),
        }
    }

    /// What a branch lacks: first what is lost, then what is still to be had.
    fn missing(&self, unit: UnitId) -> String {
        let Some(rate) = self.content.path.rates.iter().find(|rate| rate.rate == PathRate::Compliance) else {
            return String::new();
        };
        let lost = rate.lost.iter().filter(|item| item.unit_id == unit).map(|item| item.title.as_str());
        let open = rate.items.iter().filter(|item| item.unit_id == unit).map(|item| item.title.as_str());
        let all: Vec<&str> = lost.chain(open).collect();
        let named = all.iter().take(MISSING).copied().collect::<Vec<_>>().join(&*self.w.comma());
        match all.len() {
            0 => self.w.nothing_missing().into_owned(),
            count if count > MISSING => self.w.and_count(named, count).into_owned(),
            _ => named,
        }
    }

    /// The ceiling of what is lost, else the next day on which something can still count.
    fn room(&self, branch: &BranchOutlook) -> String {
        if branch.compliance.lost_on.is_some() {
            return self.w.ceiling(figures::percent(self.view.lang, &branch.compliance.ceiling)).into_owned();
        }
        let days = self.content.path.rates.iter().flat_map(|rate| &rate.items);
        // What awaits its review may have a last day that is past; it asks nothing of the branch.
        let as_of = self.content.outlook.as_of;
        let days = days.filter(|item| item.unit_id == branch.unit_id && item.last_day >= as_of);
        let next = days.map(|item| item.last_day).min();
        next.map(|day| self.w.until(self.view.day(&day)).into_owned()).unwrap_or_default()
    }

    fn percent(&self, rate: &Rate) -> String {
        figures::percent(self.view.lang, rate)
    }

    fn counts(rate: &Rate) -> String {
        figures::counts(rate)
    }

    /// Id of the field of an answer.
    fn field(asked: &Asked) -> String {
        format!("reason-{}-{}", asked.kind, asked.id)
    }

    /// What is wrong with the answer to this request.
    fn fault(&self, asked: &Asked) -> Option<&str> {
        self.marks.at(&Self::field(asked))
    }

    /// What was typed as an answer to this request.
    fn typed(&self, asked: &Asked) -> &str {
        let same = self.fields.get("kind") == asked.kind && self.fields.get("id") == asked.id.to_string();
        if same { self.fields.get("reason") } else { "" }
    }

    fn chose(&self, node: &NodeId) -> bool {
        self.fields.get("node") == node.to_string()
    }

    fn standing(&self, item: &YearItem) -> &'static str {
        Mark::judged(self.view.lang, &item.judged).word
    }
}

/// Is it still possible, for whom not, and since when.
fn answer(view: &View, outlook: &BranchesOutlook) -> Vec<String> {
    let w = LeaderWords(view.lang);
    let rated: Vec<&BranchOutlook> =
        outlook.branches.iter().filter(|branch| branch.compliance.is_possible().is_some()).collect();
    if rated.is_empty() {
        return vec![w.no_rate().into_owned()];
    }
    let percent = outlook.target.as_ref().map_or(100, |target| target.percent);
    let lost: Vec<(&BranchOutlook, NaiveDate)> =
        rated.iter().filter_map(|branch| Some((*branch, branch.compliance.lost_on?))).collect();
    if lost.is_empty() {
        return vec![w.all_can(rated.len(), percent).into_owned()];
    }
    let mut list = lost
        .iter()
        .take(NAMED)
        .map(|(branch, day)| w.since(&branch.name, view.day(day)).into_owned())
        .collect::<Vec<_>>()
        .join(&*w.comma());
    if lost.len() > NAMED {
        list.push_str(&w.and_more(lost.len()));
    }
    vec![w.some_can(rated.len(), rated.len() - lost.len(), percent).into_owned(), w.cannot(list).into_owned()]
}

/// The figures below the answer.
fn below(view: &View, content: &Content) -> String {
    let w = LeaderWords(view.lang);
    let total = &content.now.total;
    let mut said = String::new();
    for rate in content.path.rates.iter().rev() {
        match rate.rate {
            PathRate::Compliance if total.compliance.percent.is_some() => {
                let percent = figures::percent(view.lang, &total.compliance);
                let most = figures::percent(view.lang, &rate.ceiling);
                let (now, assessed) = (figures::counts(&total.compliance), figures::counts(&total.assessed));
                said.push_str(&w.now(now, percent, assessed, figures::counts(&rate.ceiling), most));
                said.push_str(&w.recognised(total.branches_recognised.met, total.branches_recognised.of));
            }
            PathRate::OnTime if rate.ceiling.percent.is_some() => match &rate.lost_on {
                None => said.push_str(&w.on_time_possible()),
                Some(day) => {
                    let ceiling = figures::counts_and_percent(view.lang, &rate.ceiling);
                    said.push_str(&w.on_time_lost(view.day(day), ceiling));
                }
            },
            _ => continue,
        }
        if !view.lang.is_chinese() {
            said.push(' ');
        }
    }
    said
}

/// What changed, in a sentence.
fn change(view: &View, content: &Content) -> String {
    let w = LeaderWords(view.lang);
    let (then, now) = (&content.before.total, &content.now.total);
    let mut said = match now.overdue - then.overdue {
        0 => w.same_overdue(),
        more if more > 0 => w.more_overdue(more),
        fewer => w.fewer_overdue(-fewer),
    }
    .into_owned();
    if now.owed > then.owed {
        if !view.lang.is_chinese() {
            said.push(' ');
        }
        said.push_str(&w.new_owed(now.owed - then.owed, now.due + now.pending_review));
    }
    said
}
