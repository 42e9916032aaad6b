//! Findings: the ledger, and one finding from the inspection to the close-out and the re-check.

use std::borrow::Cow;

use actix_web::{HttpResponse, web};

use super::choices::{self, Choice, all_of};
use super::form::{self, Deed, Do, Field, Form, Kind, See};
use super::page::Html;
use super::plans::lists::key_points_of_open_plans;
use super::sheet::{self, Act, Part, Section, Sheet, Table};
use super::terms::Mark;
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::findings::ledger::{self, LedgerQuery};
use crate::findings::model::{
    Finding, FindingCheckVerdict, FindingKind, FindingNote, FindingState, NewFindingTask, RecheckVerdict,
};
use crate::findings::rules::{Verb, after};
use crate::findings::{FindingId, MeasureId, applications, close_out, measures, raise, rechecks, tasks};
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
        since: "起", "since";
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
    macro_rules! deed {
        ($address:literal, $deed:ty) => {
            config.service(web::resource($address).get(form::show::<$deed>).post(form::send::<$deed>));
        };
    }
    config.route("/findings", web::get().to(list));
    deed!("/findings/new", Raise);
    config.route("/findings/{id}", web::get().to(one));
    deed!("/findings/{id}/change", Change);
    deed!("/findings/{id}/measures/new", AddMeasure);
    deed!("/measures/{id}/change", ChangeMeasure);
    deed!("/measures/{id}/remove", RemoveMeasure);
    deed!("/findings/{id}/apply", Apply);
    deed!("/findings/{id}/check", Check);
    deed!("/findings/{id}/close", Close);
    deed!("/findings/{id}/stage", Stage);
    deed!("/findings/{id}/dismiss", Dismiss);
    deed!("/findings/{id}/recheck", Recheck);
    deed!("/findings/{id}/tasks", MakeTask);
}

fn names(finding: &Finding, lang: Lang) -> String {
    finding.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(lang.pick("、", ", "))
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
        let mut table = Table::new([w.finding(), w.units(), w.kind(), w.state(), w.due(), w.measures()]);
        for finding in &found {
            table.row([
                Html::link(&format!("/findings/{}", finding.id), format!("{}. {}", finding.id, finding.title)),
                Html::text(names(finding, lang)),
                Html::text(kind(lang, finding.kind)),
                sheet::light(mark(lang, finding)),
                Html::text(due(finding).map(|day| view.day(&day)).unwrap_or_default()),
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
    let link = |id: FindingId| Html::link(&format!("/findings/{id}"), format!("#{id}"));
    facts.extend(finding.relapse_of.map(|id| (w.relapse_of(), link(id))));
    facts.extend(finding.relapsed_as.map(|id| (w.went_on_as(), link(id))));
    let task_links = finding.task_ids.iter().map(|task| Html::link(&format!("/tasks/{task}"), format!("#{task}")));
    if !finding.task_ids.is_empty() {
        facts.push((w.tasks(), Html::joined(task_links, " ")));
    }
    let state = mark(lang, &finding);
    let mut sheet = Sheet {
        kicker: vec![names(&finding, lang), kind(lang, finding.kind).into(), finding.year.to_string()],
        title: finding.title.clone(),
        lead: format!("**{}** {} {}", state.word, lang.full_day(&finding.state_since), w.since()),
        back: Some(Act::new("/findings", w.back())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        sections: vec![],
    };
    let facts = facts.into_iter().map(|(name, fact)| (name.into_owned(), fact)).collect();
    sheet.sections.push(Section::new("finding", w.finding()).part(Part::Facts(facts)));
    let writes = (rectifies || checks) && next(Verb::AddMeasure);
    let mut table = Table::new([w.measure(), w.unit(), w.leader(), w.due(), Cow::Borrowed("")]);
    for measure in &finding.measures {
        let unit = finding.units.iter().find(|unit| unit.unit_id == measure.unit_id);
        let day = measure.due_on.map(|day| view.day(&day)).unwrap_or_default();
        let late = if measure.overdue { format!("{day} {}", w.overdue()) } else { day };
        let change = Html::link(&format!("/measures/{}/change", measure.id), w.change());
        let remove = Html::link(&format!("/measures/{}/remove", measure.id), w.remove());
        table.row([
            Html::text(&measure.text),
            Html::text(unit.map(|unit| unit.name.clone()).unwrap_or_default()),
            Html::text(measure.leader.as_deref().unwrap_or_default()),
            Html::text(late),
            if checks { Html::joined([change, remove], " ") } else { Html::default() },
        ]);
    }
    let plans = !key_points_of_open_plans(conn, actor)?.is_empty();
    sheet.sections.push(
        Section::new("measures", w.measures())
            .act(writes, Act::new(at("measures/new"), w.add_measure()))
            .act(plans && !finding.measures.is_empty(), Act::new(at("tasks"), w.make_task()))
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

fn home(id: FindingId) -> String {
    format!("/findings/{id}")
}

fn titled(see: &mut See<'_>, id: FindingId, title: Cow<'_, str>) -> Result<(Form, Finding)> {
    let finding = ledger::read(see.conn, see.actor, id)?;
    Ok((Form::new(title.clone(), title, home(id)).kicker(finding.title.clone()), finding))
}

fn kinds(lang: Lang) -> Vec<Choice> {
    FindingKind::ALL.iter().map(|one| (one.word().to_owned(), kind(lang, *one).to_owned())).collect()
}

struct Raise;

impl Deed for Raise {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = FindingWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::RaiseFinding)?;
        Ok(Form::new(w.raise(), w.save(), "/findings")
            .field(Field::line("title", w.name()).required())
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).required())
            .field(Field::ticks("unit_ids", w.units(), units))
            .field(Field::prose("problem", w.problem()))
            .field(Field::prose("root_cause", w.root_cause()))
            .field(Field::line("source.body", w.source_body()).required())
            .field(Field::date("source.on", w.source_on()).required())
            .field(Field::line("source.document", w.source_document())))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(raise::create(it.conn, it.actor, &input)?.id))
    }
}

struct Change;

impl Deed for Change {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, finding) = titled(see, id, w.change_finding())?;
        Ok(form
            .field(Field::line("title", w.name()).required().value(&finding.title))
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).required().value(finding.kind.word()))
            .field(Field::prose("problem", w.problem()).stored(finding.problem.clone()))
            .field(Field::prose("root_cause", w.root_cause()).stored(finding.root_cause.clone()))
            .of_version(finding.version))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let patch = it.input()?;
        raise::change(it.conn, it.actor, id, patch)?;
        Ok(home(id))
    }
}

struct AddMeasure;

impl Deed for AddMeasure {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, finding) = titled(see, id, w.add_measure())?;
        let units: Vec<Choice> =
            finding.units.iter().map(|unit| (unit.unit_id.to_string(), unit.name.clone())).collect();
        let only = units.first().filter(|_| units.len() == 1).map(|(id, _)| id.clone());
        Ok(form
            .field(Field::prose("text", w.measure()).required())
            .field(Field::choice("unit_id", w.unit(), units).stored(only))
            .field(Field::line("leader", w.leader()))
            .field(Field::line("person", w.person()))
            .field(Field::date("due_on", w.due())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        measures::add(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#measures", home(id)))
    }
}

struct ChangeMeasure;

impl Deed for ChangeMeasure {
    type At = MeasureId;

    fn form(see: &mut See<'_>, id: MeasureId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let measure = measures::read(see.conn, see.actor, id)?;
        let (form, _) = titled(see, measure.finding_id, w.change_measure())?;
        Ok(form
            .field(Field::prose("text", w.measure()).required().value(&measure.text))
            .field(Field::line("leader", w.leader()).stored(measure.leader.clone()))
            .field(Field::line("person", w.person()).stored(measure.person.clone()))
            .field(Field::date("due_on", w.due()).stored(measure.due_on))
            .of_version(measure.version))
    }

    fn done(it: &mut Do<'_>, id: MeasureId) -> Result<String> {
        let patch = it.input()?;
        let measure = measures::change(it.conn, it.actor, id, patch)?;
        Ok(format!("{}#measures", home(measure.finding_id)))
    }
}

struct RemoveMeasure;

impl Deed for RemoveMeasure {
    type At = MeasureId;

    fn form(see: &mut See<'_>, id: MeasureId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let measure = measures::read(see.conn, see.actor, id)?;
        let (form, _) = titled(see, measure.finding_id, w.remove_measure())?;
        Ok(form.lead(format!("**{}**", measure.text)).of_version(measure.version))
    }

    fn done(it: &mut Do<'_>, id: MeasureId) -> Result<String> {
        let finding = measures::read(it.conn, it.actor, id)?.finding_id;
        measures::remove(it.conn, it.actor, id)?;
        Ok(format!("{}#measures", home(finding)))
    }
}

struct Apply;

impl Deed for Apply {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.apply())?;
        Ok(form.lead(w.apply_lead()).field(Field::prose("text", w.text()).required()).field(Field::new(
            "attachment_ids",
            w.evidence(),
            Kind::Files,
        )))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        applications::apply(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

struct Check;

impl Deed for Check {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.check())?;
        let said = [(FindingCheckVerdict::Passed, w.passed()), (FindingCheckVerdict::Failed, w.failed())]
            .map(|(verdict, said)| (verdict.word().to_owned(), said.into_owned()));
        Ok(form
            .lead(w.check_lead())
            .field(Field::choice("verdict", w.verdict(), said.into()).required())
            .field(Field::prose("reason", w.reason())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        close_out::check(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

struct Close;

impl Deed for Close {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.close())?;
        Ok(form.lead(w.close_lead()).field(Field::prose("note", w.note())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: FindingNote = it.input()?;
        close_out::close(it.conn, it.actor, id, input.note.as_ref())?;
        Ok(home(id))
    }
}

struct Stage;

impl Deed for Stage {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.stage())?;
        Ok(form.field(Field::prose("note", w.note())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: FindingNote = it.input()?;
        close_out::mark_stage(it.conn, it.actor, id, input.note.as_ref())?;
        Ok(home(id))
    }
}

struct Dismiss;

impl Deed for Dismiss {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.dismiss())?;
        Ok(form.lead(w.dismiss_lead()).field(Field::prose("reason", w.reason()).required()))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: crate::findings::model::Dismissal = it.input()?;
        close_out::dismiss(it.conn, it.actor, id, &input.reason)?;
        Ok(home(id))
    }
}

struct Recheck;

impl Deed for Recheck {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.recheck())?;
        let said = [(RecheckVerdict::Held, w.held()), (RecheckVerdict::Failed, w.relapsed())]
            .map(|(verdict, said)| (verdict.word().to_owned(), said.into_owned()));
        Ok(form
            .lead(w.recheck_lead())
            .field(Field::choice("verdict", w.verdict(), said.into()).required())
            .field(Field::prose("note", w.note())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        let made = rechecks::create(it.conn, it.actor, id, &input)?;
        Ok(home(made.relapse_id.unwrap_or(id)))
    }
}

struct MakeTask;

impl Deed for MakeTask {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, finding) = titled(see, id, w.make_task())?;
        let key_points = key_points_of_open_plans(see.conn, see.actor)?;
        let all: Vec<Choice> =
            finding.measures.iter().map(|measure| (measure.id.to_string(), measure.text.clone())).collect();
        let ticked: Vec<String> = all.iter().map(|(id, _)| id.clone()).collect();
        Ok(form
            .lead(w.make_task_lead())
            .field(Field::choice("key_point_id", w.key_point(), key_points).required())
            .field(Field::line("title", w.name()).value(&finding.title))
            .field(Field::ticks("measure_ids", w.which_measures(), all).values(ticked))
            .field(Field::prose("reason", w.plan_reason())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: NewFindingTask = it.input()?;
        let nodes = it.tools.nodes.clone();
        let task = tasks::make(it.conn, it.actor, nodes.as_ref(), id, &input)?;
        Ok(format!("/tasks/{}", task.id))
    }
}
