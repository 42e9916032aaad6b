//! The task list 任务清单 of a plan that one reads: what is asked, of whom, by when.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::access::{Action, Actor};
use crate::console::page::page;
use crate::console::posted::Fields;
use crate::console::{View, Visit, terms};
use crate::plans::actions::own_units;
use crate::plans::documents::model::{ListedTask, TaskList};
use crate::plans::documents::task_list;
use crate::plans::model::{Entry, Part, Plan, PlanStatus};
use crate::plans::{self, PlanId};
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::words;

words! {
    /// What the page says.
    pub struct TaskListWords {
        title: "任务清单", "Task list";
        none: "没有可看的计划", "There is no plan to read";
        none_text: "计划下达后，涉及本组织的任务清单会出现在这里。", "Once a plan that names your unit is issued, its task list appears here.";
        issued(day): "{day}下达", "issued {day}";
        draft: "草案", "draft";
        closed: "已关闭", "closed";
        counts(points, tasks): "{points}项工作要点，**{tasks}项**任务。", "{points} key point(s), **{tasks} task(s)**.";
        mine(count): "其中与本组织有关的{count}项，行首有竖线。", " {count} of them concern your unit; they carry a line at their beginning.";
        and_more(first, count): "{first}等{count}个", "{first} and others, {count} in all";
        plan: "计划", "Plan";
        code: "编号", "No.";
        task: "任务和成果", "Task and what comes out";
        who: "责任", "Who";
        when: "时限", "When";
        deliverable(what): "成果：{what}", "To come out: {what}";
        evidence: "需要佐证材料", "Evidence needed";
        unscheduled: "未定时限", "no date yet";
        document(number): "文号 {number}", "Document {number}";
    }
}

#[derive(Template)]
#[template(path = "console/secretary/task_list.html")]
struct TaskListPage<'a> {
    view: &'a View,
    w: TaskListWords,
    plans: Vec<Plan>,
    list: Option<TaskList>,
    units: Vec<i64>,
}

/// Units of a part that are named before the rest is only counted.
const MANY: usize = 7;

impl TaskListPage<'_> {
    fn tasks(list: &TaskList) -> usize {
        list.key_points.iter().map(|point| point.tasks.len()).sum()
    }

    fn is_mine(&self, task: &ListedTask) -> bool {
        task.responsibilities.iter().any(|held| self.units.contains(&held.unit_id.0))
    }

    fn mine(&self, list: &TaskList) -> usize {
        list.key_points.iter().flat_map(|point| &point.tasks).filter(|task| self.is_mine(task)).count()
    }

    fn status(&self, plan: &Plan) -> String {
        match (plan.status, plan.issued_on) {
            (PlanStatus::Closed, _) => self.w.closed().into_owned(),
            (_, Some(day)) => self.w.issued(self.view.lang.full_day(&day)).into_owned(),
            _ => self.w.draft().into_owned(),
        }
    }

    /// The units that hold each part, in the order of the parts.
    fn parts(&self, task: &ListedTask) -> Vec<(&'static str, String)> {
        let pause = self.view.lang.pick("、", ", ");
        let of = |part: Part| -> Vec<&str> {
            task.responsibilities.iter().filter(|held| held.part == part).map(|held| held.unit_name.as_str()).collect()
        };
        let named = Part::ALL.iter().map(|part| (terms::part(self.view.lang, *part), of(*part)));
        let few = |units: Vec<&str>| match units.get(..MANY) {
            Some(first) if units.len() > MANY => self.w.and_more(first.join(pause), units.len()).into_owned(),
            _ => units.join(pause),
        };
        named.filter(|(_, units)| !units.is_empty()).map(|(part, units)| (part, few(units))).collect()
    }

    /// As it was written; the days it was read as stand below.
    fn written(&self, entry: &Entry) -> String {
        match (&entry.words, entry.due_on) {
            (Some(words), _) => words.clone(),
            (None, Some(day)) => self.view.day(&day),
            (None, None) if entry.unscheduled => self.w.unscheduled().into_owned(),
            (None, None) => entry.nodes.iter().map(|node| self.view.day(&node.due_on)).collect::<Vec<_>>().join(" "),
        }
    }

    fn days(&self, entry: &Entry) -> String {
        let mut days: Vec<_> = entry.nodes.iter().map(|node| node.due_on).collect();
        days.dedup();
        if entry.words.is_none() || days.len() > 6 {
            return String::new();
        }
        days.iter().map(|day| self.view.day(day)).collect::<Vec<_>>().join(self.view.lang.pick("、", ", "))
    }
}

/// `GET /task-list`: of the newest plan that one reads, or `?plan=…`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let query = Fields::read(request.query_string().as_bytes());
    let asked = query.get("plan").parse::<i64>().ok().map(PlanId);
    let (plans, list) = visit.caller.read_long(move |conn, actor| read(conn, actor, asked)).await?;
    let units = visit.who.seats.iter().map(|seat| seat.unit_id.0).collect();
    page(&TaskListPage { view: &visit.view, w: TaskListWords(visit.view.lang), plans, list, units })
}

fn read(conn: &mut Conn, actor: &Actor, asked: Option<PlanId>) -> Result<(Vec<Plan>, Option<TaskList>)> {
    let whole = PageRequest::new("plans", None, None, true)?;
    let reach = actor.reach(Action::ReadPlan);
    let (mut plans, _) = plans::store::list_plans(conn, &whole, &reach, &own_units(actor), None, None)?;
    plans.sort_by_key(|plan| (std::cmp::Reverse(plan.year), plan.id));
    let newest = plans.iter().find(|plan| plan.status == PlanStatus::Issued).or(plans.first()).map(|plan| plan.id);
    let list = asked.or(newest).map(|id| task_list(conn, actor, id)).transpose()?;
    Ok((plans, list))
}
