//! The demo: a committee with its department and seven branches, last year's plan with its pinned report, and the year
//! 2020 up to the business date 2020-09-30. It lives through both by the ordinary actions, day by day.

mod cycle;
mod deeds;
mod findings;
mod lists;
mod meetings;
mod people;
mod standards;
mod year;

use std::collections::HashSet;
use std::path::Path;

use chrono::{Datelike, NaiveDate};

use self::deeds::happen;
use self::lists::{DUTIES, LISTS, Owing, Task, When};
use self::people::{Cast, actor, people};
use self::year::{Deed, TOLD, What, day, ordinary};
use crate::access::Actor;
use crate::access::actor::Reach;
use crate::accounts::passwords;
use crate::app::App;
use crate::plans::model::{NewEntry, NewKeyPoint, NewPart, NewPlan, NewSchedule, NewTask, Part};
use crate::plans::receipts::{self, NewReceipt};
use crate::plans::{KeyPointId, PlanId, TaskId};
use crate::platform::text::Text;
use crate::platform::{Config, Conn, Error, PageRequest, Result};
use crate::reports::close;
use crate::time_nodes::model::Issue;
use crate::time_nodes::revise::Revise;
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::urges::{self, NewUrge};
use crate::time_nodes::{self, NodeId, TimeNode, Verdict};
use crate::units::UnitId;
use crate::{calendars, plans, progress, worker};

pub use self::people::PASSWORD;

/// Makes the demo in a scratch folder and leaves it on its business date.
pub async fn load(config: &Config, scratch: &Path) -> Result<App, String> {
    let config = Config {
        database_url: format!("sqlite://{}", scratch.join("demo.db").display()),
        data_dir: scratch.to_owned(),
        secret_file: scratch.join("secret.key"),
        today: NaiveDate::from_ymd_opt(2019, 10, 8),
        ..config.clone()
    };
    let app = App::open(&config).await?;
    let hash = passwords::hash(PASSWORD).map_err(|error| error.to_string())?;
    live(&app, hash).await.map_err(|error| error.to_string())?;
    Ok(app)
}

/// What the demo prints: where it is, who signs in, what to try.
pub fn greeting(address: &str, scratch: &Path) -> String {
    let scratch = scratch.display();
    format!(
        "duban demo on http://{address} (business date 2020-09-30; Ctrl-C ends it and forgets everything)

  sign-in            post                                     password
  department         党群工作部 (plans, reviews, urges)        {PASSWORD}
  leader             党委副书记 (decides, instructs)           {PASSWORD}
  secretary-1 … -7   第一 … 第七党支部书记 (report)             {PASSWORD}
  inspector          轴研科技检查考核组 (findings)          {PASSWORD}
  auditor            审计 (audit log)                          {PASSWORD}
  admin              系统管理员 (accounts, units, settings)     {PASSWORD}

The console is at http://{address}/ for each of them: secretary-6 has the most to do.

Three things to try, in the browsable API at http://{address}/docs/ or with curl:
  1. As department: GET /api/v1/reports/compliance?group_by=unit (who is behind), GET /api/v1/reports/urge-list
     (whom to urge), GET /api/v1/findings (the ledger) and GET /api/v1/meetings/2 (the promotion meeting of 24 March).
  2. As secretary-3: GET /api/v1/inbox (what waits); node 731 is overdue, and somebody began its report:
     GET /api/v1/time-nodes/731/drafts, then POST /api/v1/drafts/1/signature signs it.
  3. As leader: GET /api/v1/reports/path (since when 100 % on time is lost, what compliance still lacks), and
     GET /api/v1/plans/1/year-report (last year, as it read on the day it was closed).

The report in another terminal:
  duban report compliance --database-url sqlite://{scratch}/demo.db --data-dir {scratch}
"
    )
}

async fn live(app: &App, hash: String) -> Result<()> {
    let cast = app.db.write(move |conn| people(conn, &hash)).await?;
    let whose = cast.clone();
    let set = on(app, last(10, 8), move |conn, evidence| standards::publish(conn, evidence, &whose)).await?;
    let last_year = last_year(app, &cast).await?;
    let plan = this_year(app, &cast, last_year).await?;
    let whose = cast.clone();
    let found = on(app, day(1, 8), move |conn, _| findings::raise(conn, &whose)).await?;
    let (whose, judged) = (cast.clone(), found.clone());
    on(app, day(3, 16), move |conn, _| meetings::seminar(conn, &whose, plan, &judged)).await?;
    let whose = cast.clone();
    let (cycle, mut deeds) = on(app, day(3, 24), move |conn, _| {
        let cycle = cycle::begin(conn, &whose, plan, set, &found)?;
        Ok((cycle, deeds_of(conn, &whose, plan, day(3, 25))?))
    })
    .await?;
    for today in day(3, 25).iter_days().take_while(|today| *today <= day(9, 30)) {
        let (whose, cycle) = (cast.clone(), cycle.clone());
        let of_day: Vec<Deed> = deeds.iter().filter(|deed| deed.on == today).copied().collect();
        let further = on(app, today, move |conn, evidence| {
            told(conn, &whose, plan, today)?;
            of_day.iter().try_for_each(|deed| happen(conn, evidence, &whose, deed))?;
            cycle::told(conn, evidence, &whose, &cycle, today)?;
            if today == cycle::followed_up_on() { deeds_of(conn, &whose, plan, day(3, 28)) } else { Ok(vec![]) }
        });
        // The nodes of the tasks that the decisions became.
        let known: HashSet<NodeId> = deeds.iter().map(|deed| deed.node).collect();
        deeds.extend(further.await?.into_iter().filter(|deed| !known.contains(&deed.node)));
    }
    worker::seal_all(app).await
}

/// Turns the business date and does something on that day.
async fn on<T, F>(app: &App, day: NaiveDate, mut f: F) -> Result<T>
where
    T: Send + 'static,
    F: FnMut(&mut Conn, &progress::Evidence) -> Result<T> + Send + 'static,
{
    app.db.clock().turn_to(day);
    let evidence = app.evidence.clone();
    app.db.write(move |conn| f(conn, &evidence)).await
}

fn text<const MAX: usize>(words: &str) -> Result<Text<MAX>> {
    Text::try_from(words.to_owned())
}

/// The last quarter of 2019: the usual duties, all done but one, which is carried over when the plan is closed.
async fn last_year(app: &App, cast: &Cast) -> Result<PlanId> {
    let begun = cast.clone();
    let (plan, mut deeds) = on(app, last(10, 8), move |conn, _| {
        let department = actor(conn, begun.department)?;
        let plan = make_plan(conn, &department, &begun, 2019, None)?;
        let key_point = key_point(conn, &department, plan, DUTIES.0)?;
        for duty in DUTIES.1 {
            task(conn, &department, &begun, key_point, duty, None)?;
        }
        issue(conn, &department, plan)?;
        let nodes = nodes_of(conn, &begun, plan)?;
        let whole = nodes.iter().filter(|node| node.verdict != Verdict::Excluded);
        let deeds = whole.flat_map(|node| {
            let branch = begun.branch(node.unit_id);
            let deed = |on, what| Deed { on, node: node.id, branch, what };
            let skipped = branch == Some(5) && node.title == "党课";
            let done = [deed(node.due_on, What::Report), deed(node.due_on, What::Accept)];
            if skipped { vec![] } else { done.to_vec() }
        });
        Ok((plan, deeds.collect::<Vec<_>>()))
    })
    .await?;
    deeds.sort_by_key(|deed| deed.on);
    let mut days: Vec<NaiveDate> = deeds.iter().map(|deed| deed.on).collect();
    days.dedup();
    for today in days {
        let (cast, of_day) = (cast.clone(), deeds.iter().filter(|deed| deed.on == today).copied().collect::<Vec<_>>());
        on(app, today, move |conn, evidence| of_day.iter().try_for_each(|deed| happen(conn, evidence, &cast, deed)))
            .await?;
    }
    Ok(plan)
}

fn last(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2019, month, date).unwrap_or_default()
}

/// The plan of 2020: last year's duties copied, last year's plan closed into it, the new key points added.
async fn this_year(app: &App, cast: &Cast, last_year: PlanId) -> Result<PlanId> {
    let cast = cast.clone();
    on(app, day(1, 6), move |conn, _| {
        let department = actor(conn, cast.department)?;
        let source = text("国务院办公厅放假安排")?;
        for year in calendars::file::read(calendars::CN_2020, &source)? {
            calendars::actions::import(conn, &Actor::operator(), &year)?;
        }
        let plan = make_plan(conn, &department, &cast, 2020, Some(last_year))?;
        let ask = |open, dry_run| close::CloseInput { reason: None, open, dry_run };
        let open = close::close(conn, &department, last_year, &ask(vec![], true))?.open;
        let carry = |node: &close::ClosingNode| close::Settlement {
            time_node_id: node.time_node_id,
            carry_over: true,
            reason: None,
        };
        close::close(conn, &department, last_year, &ask(open.iter().map(carry).collect(), false))?;
        for (title, tasks) in LISTS {
            let key_point = key_point(conn, &department, plan, title)?;
            for new in *tasks {
                task(conn, &department, &cast, key_point, new, None)?;
            }
        }
        Ok(plan)
    })
    .await
}

fn make_plan(
    conn: &mut Conn,
    department: &Actor,
    cast: &Cast,
    year: i64,
    from_plan_id: Option<PlanId>,
) -> Result<PlanId> {
    let new = NewPlan {
        unit_id: cast.committee,
        year,
        title: text(&format!("{year}年党建工作计划"))?,
        target_percent: 100,
        target_on: None,
        closes_on: None,
        document_no: Some(text(&format!("党委〔{year}〕1号"))?),
        consulted_on: None,
        approved_by: None,
        approved_by_decision_id: None,
        from_plan_id,
    };
    Ok(plans::copy::create(conn, department, new)?.plan.id)
}

fn issue(conn: &mut Conn, department: &Actor, plan: PlanId) -> Result<()> {
    let issue = Issue { issued_on: None, dry_run: false, backfill: vec![] };
    time_nodes::issue::issue(conn, department, plan, &issue).map(|_| ())
}

fn key_point(conn: &mut Conn, department: &Actor, plan: PlanId, title: &str) -> Result<KeyPointId> {
    let new = NewKeyPoint { title: text(title)?, position: None, reason: None };
    Ok(plans::lists::add_key_point(conn, department, &Revise, plan, new)?.id)
}

/// A task with who owes it and when; after the issue with the reason of its revision.
fn task(
    conn: &mut Conn,
    department: &Actor,
    cast: &Cast,
    key_point: KeyPointId,
    (title, deliverable, owing, when): &Task,
    reason: Option<&str>,
) -> Result<TaskId> {
    let units: Vec<UnitId> = match owing {
        Owing::Branches => cast.branches.clone(),
        Owing::First(count) => cast.branches.iter().take(*count).copied().collect(),
        Owing::Office => vec![cast.office],
        Owing::Committee => vec![cast.committee],
    };
    let part = |unit_id| NewPart { unit_id, part: Part::Responsible, person: None };
    let new = NewTask {
        title: text(title)?,
        requirement: None,
        deliverable: Some(text(deliverable)?),
        evidence_required: false,
        tags: vec![],
        position: None,
        responsibilities: units.into_iter().map(part).collect(),
        entries: entries(when)?,
        reason: reason.map(text).transpose()?,
    };
    Ok(plans::add_task::add(conn, department, &Revise, key_point, new)?.id)
}

fn entries(when: &When) -> Result<Vec<NewEntry>> {
    let empty = NewEntry {
        id: None,
        title: None,
        due_on: None,
        rrule: None,
        grace_days: None,
        times: None,
        unscheduled: false,
        words: None,
    };
    Ok(match when {
        When::Words(words) => vec![NewEntry { words: Some(text(words)?), ..empty }],
        When::Rule(rule) => vec![NewEntry { rrule: Some(text(rule)?), ..empty }],
        When::On(days) => {
            let dated = |(month, date, grace): &(u32, u32, i64)| NewEntry {
                due_on: Some(day(*month, *date)),
                grace_days: Some(*grace),
                ..empty.clone()
            };
            days.iter().map(dated).collect()
        }
    })
}

fn nodes_of(conn: &mut Conn, cast: &Cast, plan: PlanId) -> Result<Vec<TimeNode>> {
    let page = PageRequest::new("time-nodes", None, None, true)?;
    let all = Reach { subtrees: vec![format!("/{}/", cast.committee)], units: vec![] };
    let today = crate::platform::db::today(conn)?;
    let filter = NodeFilter { plan_id: Some(plan), ..NodeFilter::default() };
    Ok(time_nodes::store::list(conn, &page, &all, &filter, today)?.0)
}

/// What will happen to every node of the plan.
fn deeds_of(conn: &mut Conn, cast: &Cast, plan: PlanId, first: NaiveDate) -> Result<Vec<Deed>> {
    let mut deeds = Vec::new();
    for node in nodes_of(conn, cast, plan)? {
        if node.verdict == Verdict::Excluded {
            continue;
        }
        let branch = cast.branch(node.unit_id);
        let is_told = |(number, title, (month, date), _): &&year::Told| {
            branch == Some(number - 1) && *title == node.title && day(*month, *date) == node.due_on
        };
        match TOLD.iter().find(is_told) {
            Some((.., told)) => deeds.extend(told.iter().map(|((month, date), what)| Deed {
                on: day(*month, *date),
                node: node.id,
                branch,
                what: *what,
            })),
            None => {
                let begins = time_nodes::store::get(conn, node.id)?.period_from.unwrap_or(first);
                deeds.extend(ordinary(&node, branch, first.max(begins)));
            }
        }
    }
    Ok(deeds)
}

/// What happens to the plan and to the people.
fn told(conn: &mut Conn, cast: &Cast, plan: PlanId, today: NaiveDate) -> Result<()> {
    let department = actor(conn, cast.department)?;
    match (today.month(), today.day()) {
        (3, 25) => {
            // Six of seven branches sign for the plan.
            for branch in (0..cast.branches.len()).filter(|branch| *branch != 5) {
                let Some(secretary) = cast.secretary_on(branch, today) else { continue };
                let secretary = actor(conn, secretary)?;
                receipts::sign(conn, &secretary, plan, &NewReceipt { revision: 0, unit_id: None })?;
            }
            Ok(())
        }
        (4, 20) => later_brand(conn, &department, plan),
        (5, 8) => {
            let points = plans::store::key_points_of(conn, plan)?;
            let last = points.last().ok_or_else(|| Error::internal("the demo has no key point"))?.id;
            let new: Task = ("疫情防控志愿服务", "服务记录", Owing::Branches, When::On(&[(10, 31, 0)]));
            task(conn, &department, cast, last, &new, Some("落实常态化疫情防控部署")).map(|_| ())
        }
        (7, 1) => people::hand_over(conn, cast, today),
        (9, 28) => {
            let nodes = nodes_of(conn, cast, plan)?;
            let overdue = nodes.iter().filter(|node| node.verdict == Verdict::Overdue && node.unit_id != cast.office);
            let time_node_ids: Vec<NodeId> =
                overdue.filter(|node| node.unit_id != cast.committee).map(|node| node.id).collect();
            let note = Some(text("请于国庆节前完成填报。")?);
            urges::urge(conn, &department, &NewUrge { time_node_ids, note }).map(|_| ())
        }
        _ => Ok(()),
    }
}

/// The revision of 20 April: the brands are due a month later.
fn later_brand(conn: &mut Conn, department: &Actor, plan: PlanId) -> Result<()> {
    let mut found = None;
    for point in plans::store::key_points_of(conn, plan)? {
        found = found.or(plans::store::tasks_of(conn, &point)?.into_iter().find(|task| task.title == "特色品牌创建"));
    }
    let task = found.ok_or_else(|| Error::internal("the demo has no brands"))?;
    let standing = plans::store::entries_of(conn, task.id)?;
    let moved = standing.first().map(|entry| entry.id);
    let mut entries = entries(&When::On(&[(11, 30, 0)]))?;
    if let Some(entry) = entries.first_mut() {
        entry.id = moved;
    }
    let reason = Some(text("受疫情防控影响，集中申报推迟")?);
    let schedule = NewSchedule { entries, reason };
    plans::schedules::put_schedule(conn, department, &Revise, task.id, &schedule).map(|_| ())
}
