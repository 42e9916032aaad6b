//! Standards and assessments: the matrix of clauses and branches, the sheet of one branch from its self-assessment to
//! the recognition, the sets.

mod deeds;
mod sets;

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use crate::access::{Action, Actor};
use crate::assessments::model::{Assessment, AssessmentState, ClauseResult, ResultLine};
use crate::assessments::{AssessmentId, open, recognise, store};
use crate::console::choices::{self, Choice, all_of, name_of, unit_names};
use crate::console::form::{self};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part, Section, Sheet, Table};
use crate::console::terms::Mark;
use crate::console::view::View;
use crate::console::{Lang, Visit};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, Result};
use crate::units;
use crate::units::UnitId;
use crate::words;

words! {
    /// What the pages of standards and assessments say.
    pub struct AssessmentWords {
        title: "达标评定", "Assessments";
        lead(count): "**{count}个**组织的最近一次复核，按条款列出。没有复核过的条款算未评，不算达标。", "The newest check of **{count}** unit(s), by clause. What was not checked counts as not assessed, and so as not met.";
        matrix: "条款 × 支部", "Clauses × branches";
        clause: "条款", "Clause";
        open_one: "开始评定", "Open an assessment";
        all: "全部评定", "All assessments";
        assessment: "评定", "Assessment";
        unit: "组织", "Unit";
        state: "状态", "State";
        checked_on: "复核日期", "Checked";
        result: "结果", "Result";
        met_of(met, of): "{met}/{of}条达标", "{met} of {of} met";
        met: "达标", "Met";
        under_way: "正在评定", "Under way";
        checked_by(day): "{day}复核", "Checked on {day}";
        checked_and(day, result, state): "{day}复核，**{result}**，{state}。", "Checked on {day}: **{result}**, {state}.";
        stands_at(state): "**{state}**，还没有复核。", "**{state}**, not checked yet.";
        none: "还没有评定", "No assessments yet";
        none_hint: "先发布一套工作标准，再给支部开始评定：自评、复核、认定。", "Publish a set of standards, then open an assessment of a branch: self-assessed, checked, recognised.";
        self_result: "自评", "Self-assessed";
        check_result: "复核", "Check";
        proposal: "节点建议", "Proposed by its nodes";
        deduction: "扣分原因", "Reason of a deduction";
        overrule: "不采纳建议的理由", "Reason to overrule";
        points: "得分", "Points";
        note: "说明", "Note";
        evidence_on: "材料日期", "Day of the evidence";
        self_assess: "填自评", "Assess for oneself";
        self_lead: "自评不计入达标率，只列在复核旁边。", "A self-assessment never counts; it is shown beside the check.";
        submit: "提交自评", "Submit the self-assessment";
        do_check: "填复核", "Check the clauses";
        check_lead: "不填的条款维持不变。采纳节点建议的不必再写；不采纳要写理由。", "Lines left empty stay. A proposal may be taken as it is; to overrule it wants a reason.";
        conclude: "完成复核", "Conclude the check";
        conclude_lead: "完成以后结果计入达标率，不再改动。", "The results count from then on and are never changed.";
        rule: "认定", "Rule on it";
        verdict: "结论", "Ruling";
        decision: "认定的决定", "The decision";
        reason: "理由", "Reason";
        withdraw: "撤销认定", "Withdraw the recognition";
        mandatory: "一票否决", "mandatory";
        incurable: "不可补", "can't be made good";
        save: "保存", "Save";
        back: "达标评定", "Assessments";
        sets: "工作标准", "Standards";
        set: "标准", "Set";
        edition: "版本", "Edition";
        clauses(count): "{count}条", "{count} clause(s)";
        published_on: "发布日期", "Published";
        was_published(day): "**{day}发布**，条款不再改动。", "**Published on {day}**; its clauses are never changed.";
        not_published: "**草案**，还没有发布。", "A **draft**, not published yet.";
        sets_lead: "支部评定按哪一套，看评定那天适用的是哪一版。", "A branch is assessed by the edition that applies on the day.";
        all_sets: "各版标准", "All editions";
        category: "类别", "Category";
        requirement: "要求", "Requirement";
        code: "编号", "Code";
        add_clause: "加条款", "Add a clause";
        publish: "发布", "Publish";
        publish_lead: "发布以后条款不再改动；新的要求另出一版。", "A published set is never changed; what is new becomes another edition.";
        new_set: "新建标准", "Make a set";
        from_set: "从哪一套复制", "Copied from";
        name: "名称", "Title";
        curable: "可以补", "can be made good";
        months: "材料有效月数", "Months its evidence is valid";
        no_sets: "还没有标准", "No standards yet";
        no_sets_hint: "标准按类别分条，写明分值、是否一票否决、能否补做。", "Clauses by category, with points, mandatory or not, curable or not.";
    }
}

fn state(lang: Lang, state: AssessmentState) -> &'static str {
    match state {
        AssessmentState::Draft => lang.pick("待自评", "draft"),
        AssessmentState::SelfAssessed => lang.pick("已自评", "self-assessed"),
        AssessmentState::Checked => lang.pick("已复核", "checked"),
        AssessmentState::Recognised => lang.pick("已认定", "recognised"),
        AssessmentState::NotRecognised => lang.pick("未认定", "not recognised"),
        AssessmentState::Withdrawn => lang.pick("认定已撤销", "withdrawn"),
    }
}

/// What a clause came to, as a light.
fn mark(lang: Lang, result: ClauseResult) -> Mark {
    let (shape, colour, zh, en) = match result {
        ClauseResult::Met => ("done", "green", "达标", "met"),
        ClauseResult::Partly => ("due", "yellow", "部分", "partly"),
        ClauseResult::NotMet => ("overdue", "red", "未达", "not met"),
        ClauseResult::NotApplicable => ("excl", "grey", "不适用", "not applicable"),
        ClauseResult::NotAssessed => ("next", "grey", "未评", "not assessed"),
    };
    Mark::new(shape, colour, lang.pick(zh, en))
}

fn results(lang: Lang) -> Vec<Choice> {
    ClauseResult::ALL.iter().map(|one| (one.word().to_owned(), mark(lang, *one).word.to_owned())).collect()
}

/// The addresses of standards and assessments.
pub fn routes(config: &mut web::ServiceConfig) {
    use deeds::{Check, Conclude, Open, Rule, SelfAssess, Submit, Withdraw};
    use sets::{AddClause, NewSet, Publish};
    config.route("/assessments", web::get().to(matrix));
    form::deed::<Open>(config, "/assessments/new");
    config.route("/assessments/{id}", web::get().to(one));
    form::deed::<SelfAssess>(config, "/assessments/{id}/self-assessment");
    form::deed::<Submit>(config, "/assessments/{id}/submit");
    form::deed::<Check>(config, "/assessments/{id}/check");
    form::deed::<Conclude>(config, "/assessments/{id}/conclude");
    form::deed::<Rule>(config, "/assessments/{id}/ruling");
    form::deed::<Withdraw>(config, "/assessments/{id}/withdraw");
    config.route("/standard-sets", web::get().to(sets::list));
    form::deed::<NewSet>(config, "/standard-sets/new");
    config.route("/standard-sets/{id}", web::get().to(sets::one));
    form::deed::<AddClause>(config, "/standard-sets/{id}/clauses/new");
    form::deed::<Publish>(config, "/standard-sets/{id}/publish");
}

fn all(conn: &mut Conn, actor: &Actor) -> Result<Vec<Assessment>> {
    let filter = store::Filter::default();
    Ok(store::list(conn, &all_of("assessments")?, &actor.reach(Action::ReadNodes), &filter)?.0)
}

async fn matrix(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown_matrix(conn, actor, &view)).await?;
    sheet::show(&visit.view, &sheet)
}

fn shown_matrix(conn: &mut Conn, actor: &Actor, view: &View) -> Result<Sheet> {
    let (w, lang, names) = (AssessmentWords(view.lang), view.lang, unit_names(conn)?);
    let assessments = all(conn, actor)?;
    // Of each unit the check that was recorded last.
    let mut newest: HashMap<UnitId, &Assessment> = HashMap::new();
    for assessment in assessments.iter().filter(|one| one.check_recorded_on.is_some()) {
        let entry = newest.entry(assessment.unit_id).or_insert(assessment);
        if (entry.checked_on, entry.id) < (assessment.checked_on, assessment.id) {
            *entry = assessment;
        }
    }
    let order = choices::units(conn, |unit| newest.contains_key(&unit.unit_id))?;
    let columns: Vec<&Assessment> = order
        .iter()
        .filter_map(|(id, _)| newest.iter().find(|(unit, _)| unit.to_string() == *id).map(|(_, one)| *one))
        .collect();
    let table = compared(conn, actor, w, &names, &columns)?;
    let mut listed = Table::new([w.unit(), w.state(), w.checked_on(), w.result()]).numbers([3]);
    let mut days: Vec<Option<NaiveDate>> = vec![];
    for one in assessments.iter().rev() {
        if !days.contains(&one.checked_on) {
            days.push(one.checked_on);
        }
    }
    for day in days {
        listed.group(day.map_or_else(|| w.under_way(), |day| w.checked_by(lang.full_day(&day))));
        for one in assessments.iter().filter(|one| one.checked_on == day) {
            listed.row([
                Html::link(&format!("/assessments/{}", one.id), name_of(&names, one.unit_id)),
                Html::text(state(lang, one.state)),
                Html::text(one.checked_on.map(|day| lang.full_day(&day)).unwrap_or_default()),
                Html::text(tally_words(w, one)),
            ]);
        }
    }
    let opens = !choices::units_for(conn, actor, Action::SelfAssess)?.is_empty();
    let mut acts = vec![Act::new("/standard-sets", w.sets())];
    acts.extend(opens.then(|| Act::new("/assessments/new", w.open_one())));
    let mut sections = vec![];
    if !columns.is_empty() {
        sections.push(Section::new("matrix", w.matrix()).part(Part::Table(table)));
    }
    sections.push(Section::new("all", w.all()).part(listed.or_empty(w.none(), w.none_hint())));
    Ok(Sheet { title: w.title().into(), lead: w.lead(columns.len()).into(), acts, sections, ..Sheet::default() })
}

/// How many of the clauses are met, once it was checked.
fn tally_words(w: AssessmentWords, one: &Assessment) -> Cow<'static, str> {
    let tally = &one.check;
    let of = tally.met + tally.partly + tally.not_met + tally.not_assessed;
    if one.checked_on.is_some() { w.met_of(tally.met, of) } else { Cow::Borrowed("") }
}

/// The clauses of the newest checks, a branch each beside the others; above them how many each has met.
fn compared(
    conn: &mut Conn,
    actor: &Actor,
    w: AssessmentWords,
    names: &HashMap<UnitId, String>,
    columns: &[&Assessment],
) -> Result<Table> {
    let mut table = Table { head: vec![w.clause().into()], ..Table::default() }.matrix();
    table.head.extend(columns.iter().map(|one| name_of(names, one.unit_id)));
    let met = columns.iter().map(|one| Html::link(&format!("/assessments/{}", one.id), tally_words(w, one)));
    table.total = Some(std::iter::once(Html::text(w.met())).chain(met).collect());
    // Clauses in the order of the set; of several editions, each clause once.
    let mut clauses: Vec<(String, String, Vec<Html>)> = vec![];
    for (index, assessment) in columns.iter().enumerate() {
        for line in open::lines(conn, actor, assessment.id)? {
            let key = format!("{} {}", line.code, line.title);
            let at = match clauses.iter().position(|(_, known, _)| *known == key) {
                Some(at) => at,
                None => {
                    clauses.push((line.category.clone(), key, vec![]));
                    clauses.len() - 1
                }
            };
            if let Some((_, _, row)) = clauses.get_mut(at) {
                row.resize(index, Html::text("—"));
                row.push(sheet::light(mark(w.0, line.result.unwrap_or(ClauseResult::NotAssessed))));
            }
        }
    }
    let mut category = String::new();
    for (of, name, mut row) in clauses {
        if of != category {
            table.group(&of);
            category = of;
        }
        row.resize(columns.len(), Html::text("—"));
        table.rows.push(std::iter::once(Html::text(name)).chain(row).collect());
    }
    Ok(table)
}

async fn one(visit: Visit, Path(id): Path<AssessmentId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown(conn, actor, &view, id)).await?;
    sheet::show(&visit.view, &sheet)
}

fn shown(conn: &mut Conn, actor: &Actor, view: &View, id: AssessmentId) -> Result<Sheet> {
    let (w, lang) = (AssessmentWords(view.lang), view.lang);
    let assessment = open::read(conn, actor, id)?;
    let lines = open::lines(conn, actor, id)?;
    let unit = units::store::get(conn, assessment.unit_id)?;
    let site = unit.site();
    let own = actor.may(Action::SelfAssess, &site);
    let checks = actor.may(Action::CheckAssessments, &site) && !open::is_of_unit(actor, &site);
    let rules = recognise::require_may_rule(actor, &site).is_ok();
    let at = |verb: &str| format!("/assessments/{id}/{verb}");
    let (draft, submitted) =
        (assessment.state == AssessmentState::Draft, assessment.state == AssessmentState::SelfAssessed);
    let acts = [
        (own && draft, Act::new(at("self-assessment"), w.self_assess()).main()),
        (own && draft, Act::new(at("submit"), w.submit())),
        (checks && submitted, Act::new(at("check"), w.do_check()).main()),
        (checks && submitted, Act::new(at("conclude"), w.conclude())),
        (rules && assessment.state == AssessmentState::Checked, Act::new(at("ruling"), w.rule()).main()),
        (rules && assessment.state == AssessmentState::Recognised, Act::new(at("withdraw"), w.withdraw())),
    ];
    let result = tally_words(w, &assessment);
    let lead = match assessment.checked_on {
        Some(day) => w.checked_and(lang.full_day(&day), result, state(lang, assessment.state)),
        None => w.stands_at(state(lang, assessment.state)),
    };
    let mut sheet = Sheet {
        kicker: vec![w.assessment().into(), state(lang, assessment.state).into()],
        title: unit.name,
        lead: lead.into(),
        back: Some(Act::new("/assessments", w.back())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        ..Sheet::default()
    };
    let mut categories: Vec<&str> = vec![];
    for line in &lines {
        if !categories.contains(&line.category.as_str()) {
            categories.push(&line.category);
        }
    }
    for (index, category) in categories.iter().enumerate() {
        let mut table = Table::new([w.clause(), w.self_result(), w.proposal(), w.check_result(), w.points(), w.note()])
            .widths([3, 1, 1, 1, 1, 3])
            .numbers([4]);
        for line in lines.iter().filter(|line| line.category == *category) {
            table.row(line_cells(lang, w, line));
        }
        sheet.sections.push(Section::new(format!("category-{index}"), *category).part(Part::Table(table)));
    }
    Ok(sheet)
}

fn line_cells(lang: Lang, w: AssessmentWords, line: &ResultLine) -> [Html; 6] {
    let light = |result: Option<ClauseResult>| result.map_or_else(Html::default, |one| sheet::light(mark(lang, one)));
    let mut marked = vec![];
    marked.extend(line.mandatory.then(|| w.mandatory()));
    marked.extend((!line.curable).then(|| w.incurable()));
    let name = Html::text(format!("{} {}", line.code, line.title)).with_note(marked.join(lang.pick("，", ", ")));
    let mut notes: Vec<Html> = vec![];
    for text in [&line.deduction_reason, &line.overrule_reason, &line.note, &line.self_note].into_iter().flatten() {
        notes.push(Html::text(text));
    }
    for file in line.attachments.iter().chain(&line.self_attachments) {
        notes.push(Html::link(&format!("/attachments/{}", file.id), &file.file_name));
    }
    // Nodes of one task under its name, each by its period or its day.
    let mut of_tasks: Vec<(&str, Vec<Html>)> = vec![];
    for node in &line.time_nodes {
        let period = node.period.as_ref().map_or_else(|| lang.day(&node.due_on), |period| lang.period(period));
        let mark = Mark::node(lang, node);
        let link = Html::shape_link(&format!("/time-nodes/{}", node.id), mark.shape, mark.colour, &period, mark.word);
        match of_tasks.iter_mut().find(|(title, _)| *title == node.title) {
            Some((_, links)) => links.push(link),
            None => of_tasks.push((&node.title, vec![link])),
        }
    }
    for (title, links) in of_tasks {
        notes.push(Html::joined(
            [Html::text(format!("{title}{}", lang.pick("：", ": "))), Html::joined(links, " ")],
            "",
        ));
    }
    [
        name,
        light(line.self_result),
        light(line.proposal.map(|proposal| proposal.result())),
        light(line.result),
        Html::text(line.points.map(|points| format!("{points}/{}", line.clause_points)).unwrap_or_default()),
        Html::lines(notes),
    ]
}
