//! Findings: the ledger, and one finding from the inspection to the close-out and the re-check.

mod deeds;

use std::borrow::Cow;

use actix_web::{HttpResponse, web};

use crate::access::{Action, Actor};
use crate::console::choices::{self, all_of};
use crate::console::form::{self};
use crate::console::links;
use crate::console::page::Html;
use crate::console::plans::lists::key_points_of_open_plans;
use crate::console::sheet::{self, Act, Part, Section, Sheet, Table};
use crate::console::terms::Mark;
use crate::console::view::View;
use crate::console::{Lang, Visit};
use crate::findings::ledger::{self, LedgerQuery};
use crate::findings::model::{Finding, FindingCheckVerdict, FindingKind, FindingState, RecheckVerdict};
use crate::findings::rules::{Verb, after};
use crate::findings::{FindingId, applications, close_out, rechecks};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, Result};
use crate::units;
use crate::words;

words! {
    /// What the pages of findings say.
    pub struct FindingWords {
        title: "问题", "Findings";
        lead(count, open): "共**{count}个**问题，**{open}个**还没有销号。", "**{count}** finding(s), **{open}** not closed yet.";
        ledger: "整改台账", "Ledger";
        raise: "登记问题", "Raise a finding";
        none: "没有问题", "No findings";
        none_hint: "检查、考核发现的问题登记在这里，逐条制定措施、申请销号、核查、回头看。", "What an inspection finds is raised here: measures, application, check, close-out, re-check.";
        finding: "问题", "Finding";
        units: "责任组织", "Units";
        kind: "类型", "Kind";
        state: "状态", "State";
        due: "时限", "Due";
        measures: "整改措施", "Measures";
        problem: "具体表现", "What was found";
        root_cause: "产生原因", "Root cause";
        source: "来源", "Source";
        source_body: "检查单位", "Who inspected";
        source_on: "检查日期", "When";
        source_document: "文件", "Document";
        it_is(state, since): "{since}起**{state}**。", "**{state}** since {since}.";
        it_is_overdue(since, last): "**整改逾期**：最早的措施{last}就该到位；{since}起还没有销号。", "**Overdue**: the earliest measure was due on {last}; open since {since}.";
        of_units(names): "责任组织：{names}。", "To be put right by {names}.";
        name: "问题", "In a line";
        save: "保存", "Save";
        back: "整改台账", "The ledger";
        add_measure: "加措施", "Add a measure";
        measure: "措施", "Measure";
        unit: "责任组织", "Unit";
        leader: "责任领导（职务）", "Leader (post)";
        person: "责任人（职务）", "Person (post)";
        no_measures: "还没有措施", "No measures yet";
        no_measures_hint: "第一条措施开始整改。", "The first measure begins the rectification.";
        change: "修改", "Change";
        remove: "删除", "Remove";
        overdue: "逾期", "overdue";
        apply: "申请销号", "Apply for close-out";
        apply_lead: "说明如何整改到位，附上佐证；纸质材料写明存放处。", "Say how it was put right, with evidence.";
        text: "整改情况", "What was done";
        evidence: "佐证材料", "Evidence";
        check: "核查", "Check";
        check_lead: "核查通过以后可以销号；不通过退回整改，要写原因。", "What passes can be closed; what fails goes back, with a reason.";
        verdict: "结论", "Ruling";
        passed: "通过", "passed";
        failed: "不通过", "failed";
        reason: "原因", "Reason";
        close: "销号", "Close it out";
        close_lead: "销号以后不再修改；回头看发现反弹，会另立一个问题。", "A closed finding stays closed; a re-check that fails makes a new one.";
        stage: "阶段完成", "Mark a stage done";
        note: "说明", "Note";
        dismiss: "撤销问题", "Dismiss";
        dismiss_lead: "问题不成立时撤销，不再计入整改销号率。", "A finding that does not hold; it leaves the rate.";
        recheck: "回头看", "Re-check";
        recheck_lead: "没有守住，就立一个新问题，接续这一个。", "When it did not hold, a new finding goes on from this one.";
        held: "守住了", "held";
        relapsed: "反弹", "relapsed";
        make_task: "立为任务", "Make a task";
        make_task_lead: "措施成为计划里的任务：每条措施一个时限，每个组织各自完成。", "Measures become one task of a plan: a deadline each.";
        key_point: "工作要点", "Key point";
        which_measures: "哪些措施", "Which measures";
        plan_reason: "修订理由（计划已下达时）", "Reason (of an issued plan)";
        applications: "销号申请和核查", "Applications and checks";
        rechecks: "回头看", "Re-checks";
        no_applications: "还没有申请", "No application yet";
        no_applications_hint: "整改到位以后由责任组织申请销号。", "The unit applies once it is put right.";
        day: "日期", "Day";
        tasks: "任务", "Tasks";
        relapse_of: "上一次的问题", "Relapse of";
        went_on_as: "反弹后另立", "Went on as";
        change_finding: "修改问题", "Change the finding";
        change_measure: "修改措施", "Change the measure";
        remove_measure: "删除措施", "Remove the measure";
        csv: "下载台账（CSV）", "Download the ledger (CSV)";
    }
}

fn kind(lang: Lang, kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Immediate => lang.pick("立行立改", "immediate"),
        FindingKind::TimeLimited => lang.pick("限期整改", "time-limited"),
        FindingKind::LongTerm => lang.pick("长期坚持", "long-term"),
    }
}

/// Where a finding stands, as a light.
pub fn mark(lang: Lang, finding: &Finding) -> Mark {
    let overdue = finding.measures.iter().any(|measure| measure.overdue);
    let (shape, colour, zh, en) = match finding.state {
        _ if overdue => ("overdue", "red", "整改逾期", "overdue"),
        FindingState::Open => ("soon", "yellow", "未整改", "open"),
        FindingState::Rectifying => ("due", "yellow", "整改中", "rectifying"),
        FindingState::Applied => ("pending", "blue", "已申请销号", "applied"),
        FindingState::Checked => ("pending", "blue", "已核查", "checked"),
        FindingState::Closed => ("done", "green", "已销号", "closed"),
        FindingState::StageDone => ("next", "green", "阶段完成", "stage done"),
        FindingState::Dismissed => ("excl", "grey", "已撤销", "dismissed"),
    };
    Mark::new(shape, colour, lang.pick(zh, en))
}

/// The addresses of findings.
pub fn routes(config: &mut web::ServiceConfig) {
    use deeds::{
        AddMeasure, Apply, Change, ChangeMeasure, Check, Close, Dismiss, MakeTask, Raise, Recheck, RemoveMeasure, Stage,
    };
    config.route("/findings", web::get().to(list));
    form::deed::<Raise>(config, "/findings/new");
    config.route("/findings/{id}", web::get().to(one));
    form::deed::<Change>(config, "/findings/{id}/change");
    form::deed::<AddMeasure>(config, "/findings/{id}/measures/new");
    form::deed::<ChangeMeasure>(config, "/measures/{id}/change");
    form::deed::<RemoveMeasure>(config, "/measures/{id}/remove");
    form::deed::<Apply>(config, "/findings/{id}/apply");
    form::deed::<Check>(config, "/findings/{id}/check");
    form::deed::<Close>(config, "/findings/{id}/close");
    form::deed::<Stage>(config, "/findings/{id}/stage");
    form::deed::<Dismiss>(config, "/findings/{id}/dismiss");
    form::deed::<Recheck>(config, "/findings/{id}/recheck");
    form::deed::<MakeTask>(config, "/findings/{id}/tasks");
}

fn names(finding: &Finding, lang: Lang) -> String {
    choices::in_short(lang, finding.units.iter().map(|unit| unit.name.clone()).collect())
}

/// Where it stands and since when, and who puts it right.
fn lead(w: FindingWords, finding: &Finding, state: &str) -> String {
    let since = w.0.full_day(&finding.state_since);
    let missed = finding.measures.iter().filter(|measure| measure.overdue).filter_map(|measure| measure.due_on).min();
    let stands = match missed {
        Some(day) => w.it_is_overdue(since, w.0.full_day(&day)),
        None => w.it_is(state, since),
    };
    [stands, w.of_units(names(finding, w.0))].join(w.0.pick("", " "))
}

/// The last day that a measure has.
fn due(finding: &Finding) -> Option<chrono::NaiveDate> {
    finding.measures.iter().filter_map(|measure| measure.due_on).max()
}

async fn list(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, lang) = (FindingWords(view.lang), view.lang);
        let found = ledger::list(conn, actor, &all_of("findings")?, &LedgerQuery::default())?.0;
        let ended = |finding: &&Finding| matches!(finding.state, FindingState::Closed | FindingState::Dismissed);
        let open = found.iter().filter(|finding| !ended(finding)).count();
        let head = [w.finding(), w.state(), w.due(), w.units(), w.kind(), w.measures()];
        let mut table = Table::new(head).widths([3, 1, 1, 3, 1, 1]).numbers([5]);
        for finding in &found {
            table.row([
                Html::link(&format!("/findings/{}", finding.id), format!("{}. {}", finding.id, finding.title)),
                sheet::light(mark(lang, finding)),
                Html::text(due(finding).map(|day| view.day(&day)).unwrap_or_default()),
                Html::text(names(finding, lang)),
                Html::text(kind(lang, finding.kind)),
                Html::text(finding.measures.len().to_string()),
            ]);
        }
        let raises = !choices::units_for(conn, actor, Action::RaiseFinding)?.is_empty();
        Ok(Sheet {
            title: w.title().into(),
            lead: w.lead(found.len(), open).into(),
            acts: if raises { vec![Act::new("/findings/new", w.raise())] } else { vec![] },
            sections: vec![Section::new("ledger", w.ledger()).part(table.or_empty(w.none(), w.none_hint()))],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

async fn one(visit: Visit, Path(id): Path<FindingId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown(conn, actor, &view, id)).await?;
    sheet::show(&visit.view, &sheet)
}

/// What the visitor may do anywhere among the units of a finding.
fn may(conn: &mut Conn, actor: &Actor, finding: &Finding, action: Action) -> Result<bool> {
    for unit in &finding.units {
        if actor.may(action, &units::store::get(conn, unit.unit_id)?.site()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn shown(conn: &mut Conn, actor: &Actor, view: &View, id: FindingId) -> Result<Sheet> {
    let (w, lang) = (FindingWords(view.lang), view.lang);
    let finding = ledger::read(conn, actor, id)?;
    let rectifies = may(conn, actor, &finding, Action::RectifyFinding)?;
    let raises = may(conn, actor, &finding, Action::RaiseFinding)?;
    let dismisses = may(conn, actor, &finding, Action::DismissFinding)?;
    let checks = close_out::may_close(conn, actor, id)?;
    let here = format!("/findings/{id}");
    let at = |verb: &str| format!("{here}/{verb}");
    let next = |verb: Verb| after(finding.kind, finding.state, verb).is_some();
    let acts = [
        (rectifies && next(Verb::Apply), Act::new(at("apply"), w.apply()).main()),
        (checks && finding.state == FindingState::Applied, Act::new(at("check"), w.check()).main()),
        (checks && next(Verb::Close), Act::new(at("close"), w.close()).main()),
        (checks && next(Verb::MarkStage), Act::new(at("stage"), w.stage())),
        (raises && finding.state == FindingState::Closed, Act::new(at("recheck"), w.recheck())),
        ((raises || rectifies) && next(Verb::Change), Act::new(at("change"), w.change())),
        (dismisses && next(Verb::Dismiss), Act::new(at("dismiss"), w.dismiss())),
    ];
    let mut facts: Vec<(Cow<'static, str>, Html)> = vec![];
    let source = &finding.source;
    let from = format!("{} {} {}", source.body, lang.full_day(&source.on), source.document.as_deref().unwrap_or(""));
    facts.push((w.source(), Html::text(from.trim())));
    facts.extend(finding.problem.as_ref().map(|text| (w.problem(), Html::text(text))));
    facts.extend(finding.root_cause.as_ref().map(|text| (w.root_cause(), Html::text(text))));
    facts.extend(finding.state_reason.as_ref().map(|text| (w.reason(), Html::text(text))));
    for (name, id) in [(w.relapse_of(), finding.relapse_of), (w.went_on_as(), finding.relapsed_as)] {
        if let Some(id) = id {
            facts.push((name, links::finding(conn, actor, lang, id)?));
        }
    }
    if !finding.task_ids.is_empty() {
        let tasks =
            finding.task_ids.iter().map(|task| links::task(conn, actor, lang, *task)).collect::<Result<Vec<_>>>()?;
        facts.push((w.tasks(), Html::lines(tasks)));
    }
    let state = mark(lang, &finding);
    let mut sheet = Sheet {
        kicker: vec![finding.year.to_string(), kind(lang, finding.kind).into()],
        title: finding.title.clone(),
        lead: lead(w, &finding, state.word),
        back: Some(Act::new("/findings", w.back())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        ..Sheet::default()
    };
    let facts = facts.into_iter().map(|(name, fact)| (name.into_owned(), fact)).collect();
    sheet.sections.push(Section::new("finding", w.finding()).part(Part::Facts(facts)));
    let writes = (rectifies || checks) && next(Verb::AddMeasure);
    let mut table = Table::new([w.measure(), w.unit(), w.leader(), w.due(), Cow::Borrowed("")]);
    for measure in &finding.measures {
        let unit = finding.units.iter().find(|unit| unit.unit_id == measure.unit_id);
        let day = measure.due_on.map(|day| view.day(&day)).unwrap_or_default();
        let late = Html::text(&day);
        let light = Html::light("overdue", "red", &w.overdue());
        let late = if measure.overdue { Html::lines([late, light]) } else { late };
        let at = |verb: &str| format!("/measures/{}/{verb}", measure.id);
        let acts = Html::acts([(at("change"), w.change()), (at("remove"), w.remove())]);
        table.row([
            Html::text(&measure.text),
            Html::text(unit.map(|unit| unit.name.clone()).unwrap_or_default()),
            Html::text(measure.leader.as_deref().unwrap_or_default())
                .with_note(measure.person.as_deref().unwrap_or_default()),
            late,
            if checks && next(Verb::AddMeasure) { acts } else { Html::empty() },
        ]);
    }
    let plans = !key_points_of_open_plans(conn, actor)?.is_empty();
    sheet.sections.push(
        Section::new("measures", w.measures())
            .act(writes, Act::new(at("measures/new"), w.add_measure()))
            .act(plans && writes && !finding.measures.is_empty(), Act::new(at("tasks"), w.make_task()))
            .part(table.or_empty(w.no_measures(), w.no_measures_hint())),
    );
    sheet.sections.push(applied(conn, actor, w, view, id)?);
    let looked = rechecks::list(conn, actor, id)?;
    if !looked.is_empty() {
        let rows = looked.into_iter().map(|one| {
            let said = match one.verdict {
                RecheckVerdict::Held => w.held(),
                RecheckVerdict::Failed => w.relapsed(),
            };
            let text = format!("{said} {}", one.note.unwrap_or_default());
            (lang.full_day(&one.rechecked_on), Html::text(text.trim_end()))
        });
        sheet.sections.push(Section::new("rechecks", w.rechecks()).part(Part::Facts(rows.collect())));
    }
    Ok(sheet)
}

fn applied(conn: &mut Conn, actor: &Actor, w: FindingWords, view: &View, id: FindingId) -> Result<Section> {
    let checks = applications::checks(conn, actor, id)?;
    let mut table = Table::new([w.text(), w.day(), w.evidence(), w.verdict(), w.reason()]);
    for application in applications::list(conn, actor, id)? {
        let check = checks.iter().find(|check| check.application_id == application.id);
        let files = application
            .attachments
            .iter()
            .map(|file| Html::link(&format!("/attachments/{}", file.id), &file.file_name));
        let paper = application.on_paper.iter().map(|paper| Html::text(paper.title.as_str()));
        let said = check.map(|check| match check.verdict {
            FindingCheckVerdict::Passed => w.passed(),
            FindingCheckVerdict::Failed => w.failed(),
        });
        table.row([
            Html::text(&application.text),
            Html::text(view.day(&application.applied_on)),
            Html::lines(files.chain(paper)),
            Html::text(said.unwrap_or_default()),
            Html::text(check.and_then(|check| check.reason.as_deref()).unwrap_or_default()),
        ]);
    }
    Ok(Section::new("applications", w.applications())
        .part(table.or_empty(w.no_applications(), w.no_applications_hint())))
}
