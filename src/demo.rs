//! The demo: a committee with its department and seven branches, and one plan whose nodes show every verdict and every
//! light on the business date 2020-09-30. It lives through the year by the ordinary actions, day by day.

use std::path::Path;

use chrono::NaiveDate;

use crate::access::actor::Reach;
use crate::access::policy::Role;
use crate::access::{Actor, UnitId};
use crate::accounts::actions::AccountToMake;
use crate::accounts::model::NewAppointment;
use crate::accounts::{self, AccountId, passwords};
use crate::app::App;
use crate::plans::model::{NewEntry, NewKeyPoint, NewPlan, NewResponsibility, NewSchedule, NewTask, Part};
use crate::platform::text::Text;
use crate::platform::web::RequestFacts;
use crate::platform::{Config, Conn, Error, PageRequest, Result};
use crate::progress::model::{NewReport, NewReview, OnPaper, ReportKind, ReviewVerdict};
use crate::progress::rules::ReturnKind;
use crate::time_nodes::model::Issue;
use crate::time_nodes::requests::extensions::NewExtension;
use crate::time_nodes::requests::waivers::{NewWaiver, WaiverKind};
use crate::time_nodes::requests::{extensions, waivers};
use crate::time_nodes::revise::Revise;
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, NodeId};
use crate::units::model::{NewUnit, UnitKind};
use crate::{plans, progress, units, worker};

/// The password of every account of the demo.
pub const PASSWORD: &str = "Sanmo-2020";
/// The business date on which the demo is shown.
const SHOWN_ON: (u32, u32) = (9, 30);
const BRANCHES: [&str; 7] =
    ["第一党支部", "第二党支部", "第三党支部", "第四党支部", "第五党支部", "第六党支部", "第七党支部"];

/// Makes the demo in a scratch folder and leaves it on its business date.
pub async fn load(config: &Config, scratch: &Path) -> Result<App, String> {
    let config = Config {
        database_url: format!("sqlite://{}", scratch.join("demo.db").display()),
        data_dir: scratch.to_owned(),
        secret_file: scratch.join("secret.key"),
        today: Some(day(1, 2)),
        ..config.clone()
    };
    let app = App::open(&config).await?;
    let hash = passwords::hash(PASSWORD).map_err(|error| error.to_string())?;
    live(&app, hash).await.map_err(|error| error.to_string())?;
    Ok(app)
}

/// What the demo prints: where it is, who signs in, what to try.
pub fn greeting(address: &str) -> String {
    format!(
        "duban demo on http://{address} (business date 2020-09-30; Ctrl-C ends it and forgets everything)

  sign-in            post                               password
  department         党群工作部 (plans, reviews)         {PASSWORD}
  leader             党委副书记 (decides)                {PASSWORD}
  secretary-1 … -7   第一 … 第七党支部书记 (report)       {PASSWORD}
  auditor            审计 (audit log)                    {PASSWORD}
  admin              系统管理员 (accounts, units)         {PASSWORD}

  API description    http://{address}/docs/
"
    )
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, day).unwrap_or_default()
}

/// The ids that the year is told with.
#[derive(Clone)]
struct Cast {
    committee: UnitId,
    branches: Vec<UnitId>,
    department: AccountId,
    leader: AccountId,
    secretaries: Vec<AccountId>,
}

async fn live(app: &App, hash: String) -> Result<()> {
    let cast = app.db.write(move |conn| people(conn, &hash)).await?;
    let plan_cast = cast.clone();
    on(app, day(1, 6), move |conn, _| lists(conn, &plan_cast)).await?;
    for event in year() {
        let cast = cast.clone();
        let (on_day, event) = event;
        on(app, on_day, move |conn, evidence| happen(conn, evidence, &cast, &event)).await?;
    }
    on(app, day(SHOWN_ON.0, SHOWN_ON.1), |_, _| Ok(())).await?;
    worker::seal_all(app).await
}

/// Turns the business date and does something on that day.
async fn on<F>(app: &App, day: NaiveDate, mut f: F) -> Result<()>
where
    F: FnMut(&mut Conn, &progress::Evidence) -> Result<()> + Send + 'static,
{
    app.db.clock().turn_to(day);
    let evidence = app.evidence.clone();
    app.db.write(move |conn| f(conn, &evidence)).await
}

fn text<const MAX: usize>(words: &str) -> Result<Text<MAX>> {
    Text::try_from(words.to_owned())
}

fn people(conn: &mut Conn, hash: &str) -> Result<Cast> {
    let operator = Actor::operator();
    let unit = |conn: &mut Conn, name: &str, kind, parent_id| -> Result<UnitId> {
        let short = name.strip_prefix('第').map(|rest| rest.replace("党", ""));
        let new = NewUnit {
            name: text(name)?,
            kind,
            parent_id,
            code: None,
            short_names: short.map(|short| text(&short)).transpose()?.into_iter().collect(),
            established_on: None,
            term_ends_on: None,
        };
        Ok(units::actions::create(conn, &operator, new)?.id)
    };
    let committee = unit(conn, "郑州三磨所党委", UnitKind::Committee, None)?;
    let office = unit(conn, "党群工作部", UnitKind::Department, Some(committee))?;
    let mut branches = Vec::new();
    for name in BRANCHES {
        branches.push(unit(conn, name, UnitKind::Branch, Some(committee))?);
    }
    let person = |conn: &mut Conn, username: &str, shown: &str, role, unit_id| -> Result<AccountId> {
        let new = AccountToMake { username, display_name: shown, password_hash: hash, must_change_password: false };
        // Sign-in runs on the real clock, whatever the business date of the demo.
        let now = crate::platform::Clock::new(chrono_tz::UTC, None).stamp();
        let account = accounts::actions::create(conn, &operator, &new, now)?.id;
        let post = NewAppointment { account_id: account, unit_id, role, from: day(1, 1), until: None };
        accounts::actions::appoint(conn, &operator, &post)?;
        Ok(account)
    };
    person(conn, "admin", "系统管理员", Role::Administrator, None)?;
    person(conn, "auditor", "审计", Role::Auditor, None)?;
    let department = person(conn, "department", "党群工作部", Role::Department, Some(office))?;
    let leader = person(conn, "leader", "党委副书记", Role::Leader, Some(committee))?;
    let mut secretaries = Vec::new();
    for (number, (name, unit)) in (1..).zip(BRANCHES.iter().zip(&branches)) {
        let username = format!("secretary-{number}");
        let shown = format!("{name}书记");
        secretaries.push(person(conn, &username, &shown, Role::Secretary, Some(*unit))?);
    }
    Ok(Cast { committee, branches, department, leader, secretaries })
}

/// The actor behind an account, with its posts of the day.
fn actor(conn: &mut Conn, account: AccountId) -> Result<Actor> {
    let today = crate::platform::db::today(conn)?;
    let posts = accounts::store::posts(conn, account, today)?;
    Ok(Actor { account_id: Some(account), posts, request: RequestFacts::default() })
}

/// A task of the demo: its title, what must come out, its due days with their grace.
type DemoTask = (&'static str, &'static str, &'static [(u32, u32, i64)]);

/// Key points and tasks after the article and the usual duties of a branch.
const LISTS: &[(&str, &[DemoTask])] = &[
    (
        "标准化规范化建设",
        &[
            ("对照工作标准开展自查", "自查报告", &[(2, 28, 0), (6, 30, 0)]),
            ("修订标准化作业程序", "作业程序修订稿", &[(9, 20, 0), (12, 31, 0)]),
        ],
    ),
    (
        "组织生活",
        &[
            ("支部党员大会", "会议记录", &[(3, 31, 5), (6, 30, 5), (9, 30, 5), (12, 31, 5)]),
            ("党课", "讲稿与签到表", &[(6, 30, 5), (9, 30, 5)]),
        ],
    ),
    (
        "党建工作深度融入生产经营",
        &[("创新创业活动", "活动总结", &[(8, 31, 0), (10, 7, 0)]), ("特色品牌创建", "申报材料", &[(11, 30, 0)])],
    ),
];

/// A task that waits to be dated.
const UNSCHEDULED: (&str, &str) = ("迎接上级党建考核", "按上级要求");

fn lists(conn: &mut Conn, cast: &Cast) -> Result<()> {
    let department = actor(conn, cast.department)?;
    let plan = plans::copy::create(
        conn,
        &department,
        NewPlan {
            unit_id: cast.committee,
            year: 2020,
            title: text("2020年党建工作计划")?,
            target_percent: 100,
            target_on: Some(day(12, 31)),
            closes_on: None,
            document_no: None,
            consulted_on: None,
            approved_by: None,
            from_plan_id: None,
        },
    )?
    .plan;
    for (title, tasks) in LISTS {
        let new = NewKeyPoint { title: text(title)?, position: None, reason: None };
        let key_point = plans::lists::add_key_point(conn, &department, &Revise, plan.id, new)?;
        for (title, deliverable, dues) in *tasks {
            let entries = dues.iter().map(|(month, date, grace)| dated(day(*month, *date), *grace)).collect();
            task(conn, &department, cast, key_point.id, title, Some(deliverable), entries)?;
        }
    }
    let new = NewKeyPoint { title: text("检查考核")?, position: None, reason: None };
    let last = plans::lists::add_key_point(conn, &department, &Revise, plan.id, new)?;
    let undated =
        NewEntry { due_on: None, unscheduled: true, words: Some(text(UNSCHEDULED.1)?), ..dated(day(1, 1), 0) };
    task(conn, &department, cast, last.id, UNSCHEDULED.0, None, vec![undated])
}

fn dated(due_on: NaiveDate, grace_days: i64) -> NewEntry {
    NewEntry {
        id: None,
        title: None,
        due_on: Some(due_on),
        rrule: None,
        grace_days: Some(grace_days),
        times: None,
        unscheduled: false,
        words: None,
    }
}

fn task(
    conn: &mut Conn,
    department: &Actor,
    cast: &Cast,
    key_point: plans::KeyPointId,
    title: &str,
    deliverable: Option<&str>,
    entries: Vec<NewEntry>,
) -> Result<()> {
    let new = NewTask {
        title: text(title)?,
        requirement: None,
        deliverable: deliverable.map(text).transpose()?,
        evidence_required: false,
        tags: vec![],
        position: None,
        reason: None,
    };
    let task = plans::lists::add_task(conn, department, &Revise, key_point, new)?;
    for unit_id in &cast.branches {
        let part = NewResponsibility { unit_id: *unit_id, part: Part::Responsible, person: None, reason: None };
        plans::lists::add_responsibility(conn, department, &Revise, task.id, part)?;
    }
    plans::schedules::put_schedule(conn, department, &Revise, task.id, &NewSchedule { entries, reason: None })?;
    Ok(())
}

/// Something that happens to the node of a branch (1 to 7) whose task begins so and that was due on a day at birth.
#[derive(Clone)]
struct Event {
    branch: usize,
    task: &'static str,
    due: (u32, u32),
    what: What,
}

#[derive(Clone)]
enum What {
    Issue,
    Report,
    Accept,
    Return(ReturnKind),
    AskExtension((u32, u32)),
    Extend,
    Waive,
}

/// The year, day by day: the plan is issued on 24 March; the branches report around their due days, and the
/// department reviews some days later. Some are late, some are returned, one is extended, one is waived.
fn year() -> Vec<(NaiveDate, Event)> {
    use ReturnKind::{NotDone, Supplement};
    use What::{Accept, AskExtension, Extend, Issue, Report, Return, Waive};
    let mut events = vec![(day(3, 24), Event { branch: 1, task: "", due: (1, 1), what: Issue })];
    let mut add = |month, date, branch, task, due, what| {
        events.push((day(month, date), Event { branch, task, due, what }));
    };
    for branch in 1..=7 {
        // The first quarter: the sixth branch forgot its meeting and made it up in April.
        let reported = if branch == 6 { (4, 20) } else { (3, 30) };
        add(reported.0, reported.1, branch, "支部党员大会", (3, 31), Report);
        add(4, 22, branch, "支部党员大会", (3, 31), Accept);
        // The second: the third branch is returned for a supplement, the fifth as not done.
        add(6, 28, branch, "支部党员大会", (6, 30), Report);
        let ruling = match branch {
            3 => Return(Supplement),
            5 => Return(NotDone),
            _ => Accept,
        };
        add(7, 3, branch, "支部党员大会", (6, 30), ruling);
        if branch == 3 || branch == 5 {
            add(7, 6, branch, "支部党员大会", (6, 30), Report);
            add(7, 8, branch, "支部党员大会", (6, 30), Accept);
        }
        // The self-check: the sixth branch never did it, the fourth late.
        if branch != 6 {
            let reported = if branch == 4 { (7, 10) } else { (6, 29) };
            add(reported.0, reported.1, branch, "对照工作标准开展自查", (6, 30), Report);
            add(7, 15, branch, "对照工作标准开展自查", (6, 30), Accept);
        }
        // The lecture: the seventh branch gave it jointly with the third quarter's and is waived.
        if branch == 7 {
            add(6, 29, branch, "党课", (6, 30), Waive);
        } else {
            add(6, 30, branch, "党课", (6, 30), Report);
            add(7, 15, branch, "党课", (6, 30), Accept);
        }
        // The activity: the second branch was granted September.
        match branch {
            2 => {
                add(8, 20, branch, "创新创业活动", (8, 31), AskExtension((9, 29)));
                add(8, 24, branch, "创新创业活动", (8, 31), Extend);
                add(9, 28, branch, "创新创业活动", (8, 31), Report);
            }
            3 | 6 => {}
            _ => {
                add(8, 28, branch, "创新创业活动", (8, 31), Report);
                add(9, 4, branch, "创新创业活动", (8, 31), Accept);
            }
        }
        // September: some procedures are in, one was returned, one awaits its review though it came late.
        match branch {
            2 | 4 | 5 | 7 => {
                add(9, 18, branch, "修订标准化作业程序", (9, 20), Report);
                add(9, 24, branch, "修订标准化作业程序", (9, 20), Accept);
            }
            1 => add(9, 25, branch, "修订标准化作业程序", (9, 20), Report),
            _ => {}
        }
        if branch == 2 || branch == 4 {
            add(9, 29, branch, "支部党员大会", (9, 30), Report);
        }
        if branch == 5 {
            add(9, 22, branch, "党课", (9, 30), Report);
            add(9, 28, branch, "党课", (9, 30), Return(Supplement));
        }
        if branch == 4 {
            add(9, 21, branch, "特色品牌创建", (11, 30), Report);
            add(9, 25, branch, "特色品牌创建", (11, 30), Accept);
        }
    }
    events.sort_by_key(|(on, _)| *on);
    events
}

fn happen(conn: &mut Conn, evidence: &progress::Evidence, cast: &Cast, event: &Event) -> Result<()> {
    let department = actor(conn, cast.department)?;
    if matches!(event.what, What::Issue) {
        let page = PageRequest::new("plans", Some(1), None, false)?;
        let reach = department.reach(crate::access::Action::ReadPlan);
        let plan = plans::store::list_plans(conn, &page, &reach, &[], Some(2020), None)?.0;
        let plan = plan.first().ok_or_else(|| Error::internal("the demo has no plan"))?;
        let issue = Issue { issued_on: None, dry_run: false, backfill: vec![] };
        return time_nodes::issue::issue(conn, &department, plan.id, &issue).map(|_| ());
    }
    let secretary = cast.secretaries.get(event.branch - 1).copied();
    let secretary = actor(conn, secretary.ok_or_else(|| Error::internal("the demo has seven branches"))?)?;
    let leader = actor(conn, cast.leader)?;
    let node = node(conn, cast, event)?;
    match &event.what {
        What::Issue => Ok(()),
        What::Report => {
            let (held_on, new) = (crate::platform::db::today(conn)?, report(event.task)?);
            let new = NewReport { held_on: Some(held_on), ..new };
            progress::reports::report(conn, &secretary, evidence, node, &new).map(|_| ())
        }
        What::Accept => rule(conn, &department, evidence, node, ReviewVerdict::Accepted, None),
        What::Return(kind) => rule(conn, &department, evidence, node, ReviewVerdict::Returned, Some(*kind)),
        What::AskExtension((month, date)) => {
            let asked = NewExtension {
                due_on: day(*month, *date), reason: text("受疫情防控影响，集中活动推迟")?
            };
            extensions::create(conn, &secretary, node, &asked).map(|_| ())
        }
        What::Extend => {
            use crate::time_nodes::requests::{Decision, Ruling};
            let asked = extensions::of_node(conn, node)?;
            let last = asked.last().ok_or_else(|| Error::internal("nothing was asked for"))?;
            let decision = Decision { verdict: Ruling::Approved, reason: None };
            extensions::decide(conn, &department, last.id, &decision).map(|_| ())
        }
        What::Waive => {
            let waived = NewWaiver { reason: text("与三季度党课合并开展")?, kind: WaiverKind::Waived };
            waivers::create(conn, &leader, node, &waived).map(|_| ())
        }
    }
}

fn report(task: &str) -> Result<NewReport> {
    let paper =
        OnPaper { title: text("签到表")?, reference: None, place: Some(text("支部档案柜")?), keeper: None };
    Ok(NewReport {
        kind: ReportKind::Completion,
        text: text(&format!("{task}已按要求完成，记录齐全。"))?,
        percent: None,
        held_on: None,
        attachment_ids: vec![],
        on_paper: vec![paper],
        reported_on: None,
    })
}

fn rule(
    conn: &mut Conn,
    department: &Actor,
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
    progress::reviews::review(conn, department, evidence, last.id, &review).map(|_| ())
}

fn node(conn: &mut Conn, cast: &Cast, event: &Event) -> Result<NodeId> {
    let born_due = day(event.due.0, event.due.1);
    let missing = || Error::internal(format!("the demo has no node {} due {born_due}", event.task));
    let unit = cast.branches.get(event.branch - 1).copied().ok_or_else(missing)?;
    let page = PageRequest::new("time-nodes", None, None, true)?;
    let own = Reach { subtrees: vec![], units: vec![unit] };
    let today = crate::platform::db::today(conn)?;
    let nodes = time_nodes::store::list(conn, &page, &own, &NodeFilter::default(), today)?.0;
    let found = nodes.iter().find(|node| node.title == event.task && node.original_due_on == born_due);
    found.map(|node| node.id).ok_or_else(missing)
}
