//! Standards and assessments: the matrix of clauses and branches, the sheet of one branch from its self-assessment to
//! the recognition, the sets.

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use super::choices::{self, Choice, all_of, name_of, unit_names};
use super::form::{self, Deed, Do, Field, Form, Kind, See};
use super::page::Html;
use super::sheet::{self, Act, Part, Section, Sheet, Table};
use super::terms::Mark;
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::assessments::model::{
    Assessment, AssessmentState, ClauseResult, RecognitionRuling, RecognitionWithdrawal, ResultLine,
};
use crate::assessments::{AssessmentId, check, open, recognise, self_assess, store};
use crate::meetings::decisions;
use crate::meetings::decisions::store::DecisionFilter;
use crate::platform::web::Path;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::standards::model::{SetStatus, StandardSet};
use crate::standards::{self, SetId, sets};
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
        met_of(met, of): "达标{met}/{of}", "{met} of {of} met";
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
    macro_rules! deed {
        ($address:literal, $deed:ty) => {
            config.service(web::resource($address).get(form::show::<$deed>).post(form::send::<$deed>));
        };
    }
    config.route("/assessments", web::get().to(matrix));
    deed!("/assessments/new", Open);
    config.route("/assessments/{id}", web::get().to(one));
    deed!("/assessments/{id}/self-assessment", SelfAssess);
    deed!("/assessments/{id}/submit", Submit);
    deed!("/assessments/{id}/check", Check);
    deed!("/assessments/{id}/conclude", Conclude);
    deed!("/assessments/{id}/ruling", Rule);
    deed!("/assessments/{id}/withdraw", Withdraw);
    config.route("/standard-sets", web::get().to(list_sets));
    deed!("/standard-sets/new", NewSet);
    config.route("/standard-sets/{id}", web::get().to(one_set));
    deed!("/standard-sets/{id}/clauses/new", AddClause);
    deed!("/standard-sets/{id}/publish", Publish);
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
    let mut table = Table { head: vec![w.clause().into()], rows: vec![] };
    table.head.extend(columns.iter().map(|one| name_of(&names, one.unit_id)));
    let mut cells: Vec<(String, Vec<Html>)> = vec![];
    for (index, assessment) in columns.iter().enumerate() {
        for line in open::lines(conn, actor, assessment.id)? {
            let key = format!("{} {}", line.code, line.title);
            let at = match cells.iter().position(|(known, _)| *known == key) {
                Some(at) => at,
                None => {
                    cells.push((key, vec![]));
                    cells.len() - 1
                }
            };
            if let Some((_, row)) = cells.get_mut(at) {
                row.resize(index, Html::text("—"));
                row.push(sheet::light(mark(lang, line.result.unwrap_or(ClauseResult::NotAssessed))));
            }
        }
    }
    for (name, mut row) in cells {
        row.resize(columns.len(), Html::text("—"));
        table.rows.push([vec![Html::text(name)], row].concat());
    }
    let mut listed = Table::new([w.assessment(), w.unit(), w.state(), w.checked_on(), w.result()]);
    for one in assessments.iter().rev() {
        let tally = &one.check;
        let of = tally.met + tally.partly + tally.not_met + tally.not_assessed;
        listed.row([
            Html::link(&format!("/assessments/{}", one.id), format!("#{}", one.id)),
            Html::text(name_of(&names, one.unit_id)),
            Html::text(state(lang, one.state)),
            Html::text(one.checked_on.map(|day| lang.full_day(&day)).unwrap_or_default()),
            Html::text(if one.checked_on.is_some() { w.met_of(tally.met, of) } else { Cow::Borrowed("") }),
        ]);
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
    let tally = &assessment.check;
    let of = tally.met + tally.partly + tally.not_met + tally.not_assessed;
    let mut sheet = Sheet {
        kicker: vec![unit.name.clone(), state(lang, assessment.state).into()],
        title: format!("{} {}", unit.name, w.title()),
        lead: if assessment.checked_on.is_some() { format!("**{}**", w.met_of(tally.met, of)) } else { String::new() },
        back: Some(Act::new("/assessments", w.back())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        sections: vec![],
    };
    let mut categories: Vec<&str> = vec![];
    for line in &lines {
        if !categories.contains(&line.category.as_str()) {
            categories.push(&line.category);
        }
    }
    for (index, category) in categories.iter().enumerate() {
        let mut table = Table::new([w.clause(), w.self_result(), w.proposal(), w.check_result(), w.points(), w.note()]);
        for line in lines.iter().filter(|line| line.category == *category) {
            table.row(line_cells(lang, w, line));
        }
        sheet.sections.push(Section::new(format!("category-{index}"), *category).part(Part::Table(table)));
    }
    Ok(sheet)
}

fn line_cells(lang: Lang, w: AssessmentWords, line: &ResultLine) -> [Html; 6] {
    let light = |result: Option<ClauseResult>| result.map_or_else(Html::default, |one| sheet::light(mark(lang, one)));
    let mut name = vec![Html::text(format!("{} {}", line.code, line.title))];
    name.extend(line.mandatory.then(|| Html::text(w.mandatory())));
    name.extend((!line.curable).then(|| Html::text(w.incurable())));
    let mut notes: Vec<Html> = vec![];
    for text in [&line.deduction_reason, &line.overrule_reason, &line.note, &line.self_note].into_iter().flatten() {
        notes.push(Html::text(text));
    }
    for file in line.attachments.iter().chain(&line.self_attachments) {
        notes.push(Html::link(&format!("/attachments/{}", file.id), &file.file_name));
    }
    for node in &line.time_nodes {
        notes.push(Html::link(&format!("/time-nodes/{}", node.id), &node.title));
    }
    [
        Html::lines(name),
        light(line.self_result),
        light(line.proposal.map(|proposal| proposal.result())),
        light(line.result),
        Html::text(line.points.map(|points| format!("{points}/{}", line.clause_points)).unwrap_or_default()),
        Html::lines(notes),
    ]
}

fn home(id: AssessmentId) -> String {
    format!("/assessments/{id}")
}

fn titled(see: &mut See<'_>, id: AssessmentId, title: Cow<'_, str>) -> Result<Form> {
    let assessment = open::read(see.conn, see.actor, id)?;
    let name = name_of(&unit_names(see.conn)?, assessment.unit_id);
    Ok(Form::new(title.clone(), title, home(id)).kicker(name))
}

struct Open;

impl Deed for Open {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let units = choices::units(see.conn, |unit| {
            unit.kind == units::UnitKind::Branch && see.actor.may(Action::SelfAssess, &unit.site())
        })?;
        Ok(Form::new(w.open_one(), w.open_one(), "/assessments")
            .field(Field::choice("unit_id", w.unit(), units).required()))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(open::open(it.conn, it.actor, &input)?.id))
    }
}

/// A line a clause; the clause itself is given.
fn clause_rows(lines: &[ResultLine], cells: impl Fn(&ResultLine) -> Vec<String>) -> Vec<Vec<String>> {
    let named = |line: &ResultLine| format!("{}|{} {}", line.clause_id, line.code, line.title);
    lines.iter().map(|line| [vec![named(line)], cells(line)].concat()).collect()
}

struct SelfAssess;

impl Deed for SelfAssess {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let lines = open::lines(see.conn, see.actor, id)?;
        let columns = vec![
            Field::new("clause_id", w.clause(), Kind::Given),
            Field::choice("result", w.self_result(), results(see.lang)).required(),
            Field::line("note", w.note()),
        ];
        let rows = clause_rows(&lines, |line| {
            let result = line.self_result.unwrap_or(ClauseResult::NotAssessed);
            vec![result.word().into(), line.self_note.clone().unwrap_or_default()]
        });
        let field = Field::new("results", w.self_assess(), Kind::Rows { columns, rows });
        Ok(titled(see, id, w.self_assess())?.lead(w.self_lead()).field(field))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input = it.input()?;
        self_assess::put(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

struct Submit;

impl Deed for Submit {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        titled(see, id, w.submit())
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        self_assess::submit(it.conn, it.actor, id)?;
        Ok(home(id))
    }
}

struct Check;

impl Deed for Check {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let lines = open::lines(see.conn, see.actor, id)?;
        let columns = vec![
            Field::new("clause_id", w.clause(), Kind::Given),
            Field::choice("result", w.check_result(), results(see.lang)),
            Field::new("points", w.points(), Kind::Number),
            Field::line("deduction_reason", w.deduction()),
            Field::line("overrule_reason", w.overrule()),
            Field::new("evidence_on", w.evidence_on(), Kind::Date),
        ];
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let rows = clause_rows(&lines, |line| {
            let proposed = line.proposal.map(|proposal| proposal.result());
            let result = line.result.or(proposed).map(|one| one.word().to_owned()).unwrap_or_default();
            let points = line.points.map(|points| points.to_string()).unwrap_or_default();
            let day = line.evidence_on.map(|day| day.to_string()).unwrap_or_default();
            vec![result, points, text(&line.deduction_reason), text(&line.overrule_reason), day]
        });
        let field = Field::new("results", w.do_check(), Kind::Rows { columns, rows });
        Ok(titled(see, id, w.do_check())?.lead(w.check_lead()).field(field))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let mut input = it.raw();
        // A line without a result stays as it is.
        if let Some(rows) = input.get_mut("results").and_then(|rows| rows.as_array_mut()) {
            rows.retain(|row| row.get("result").is_some());
        }
        let input = crate::platform::web::read_value(input)?;
        check::put(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

struct Conclude;

impl Deed for Conclude {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        Ok(titled(see, id, w.conclude())?.lead(w.conclude_lead()).field(Field::date("checked_on", w.checked_on())))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input = it.input()?;
        check::check(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

struct Rule;

impl Deed for Rule {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let verdicts = [
            (RecognitionRuling::Recognised, "认定达标", "recognised"),
            (RecognitionRuling::NotRecognised, "不予认定", "not recognised"),
        ]
        .map(|(verdict, zh, en)| (verdict.word().to_owned(), see.lang.pick(zh, en).to_owned()));
        let made = decisions::actions::list(see.conn, see.actor, &all_of("decisions")?, &DecisionFilter::default())?.0;
        let made = made.into_iter().map(|one| (one.id.to_string(), one.title.unwrap_or(one.text))).collect();
        Ok(titled(see, id, w.rule())?
            .field(Field::choice("verdict", w.verdict(), verdicts.into()).required())
            .field(Field::choice("decision_id", w.decision(), made))
            .field(Field::prose("reason", w.reason())))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input = it.input()?;
        recognise::rule(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

struct Withdraw;

impl Deed for Withdraw {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        Ok(titled(see, id, w.withdraw())?.field(Field::prose("reason", w.reason()).required()))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input: RecognitionWithdrawal = it.input()?;
        recognise::withdraw(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

fn known_sets(conn: &mut Conn, actor: &Actor) -> Result<Vec<StandardSet>> {
    let page = PageRequest::new("standard-sets", Some(200), None, false)?;
    Ok(standards::store::list(conn, &page, &actor.reach(Action::ReadPlan), None, None)?.0)
}

async fn list_sets(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, names) = (AssessmentWords(view.lang), unit_names(conn)?);
        actor.must_anywhere(Action::ReadStandards)?;
        let mut table = Table::new([w.set(), w.edition(), w.unit(), w.published_on(), w.clause()]);
        for set in known_sets(conn, actor)?.iter().rev() {
            table.row([
                Html::link(&format!("/standard-sets/{}", set.id), &set.title),
                Html::text(&set.edition),
                Html::text(name_of(&names, set.unit_id)),
                Html::text(set.published_on.map(|day| view.lang.full_day(&day)).unwrap_or_default()),
                Html::text(w.clauses(set.clauses)),
            ]);
        }
        let writes = !choices::units_for(conn, actor, Action::WriteStandards)?.is_empty();
        Ok(Sheet {
            title: w.sets().into(),
            back: Some(Act::new("/assessments", w.back())),
            acts: if writes { vec![Act::new("/standard-sets/new", w.new_set())] } else { vec![] },
            sections: vec![Section::new("sets", w.sets()).part(table.or_empty(w.no_sets(), w.no_sets_hint()))],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

async fn one_set(visit: Visit, Path(id): Path<SetId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = AssessmentWords(view.lang);
        let set = sets::read(conn, actor, id)?;
        let site = units::store::get(conn, set.unit_id)?.site();
        let writes = set.status == SetStatus::Draft && actor.may(Action::WriteStandards, &site);
        let mut table = Table::new([w.clause(), w.category(), w.requirement(), w.points(), w.note()]);
        for clause in standards::store::clauses_of(conn, id)? {
            let mut notes = vec![];
            notes.extend(clause.mandatory.then(|| Html::text(w.mandatory())));
            notes.extend((!clause.curable).then(|| Html::text(w.incurable())));
            notes.extend(
                clause.documents.iter().map(|file| Html::link(&format!("/attachments/{}", file.id), &file.file_name)),
            );
            table.row([
                Html::text(format!("{} {}", clause.code, clause.title)),
                Html::text(&clause.category),
                Html::text(clause.requirement.as_deref().unwrap_or_default()),
                Html::text(clause.points.to_string()),
                Html::lines(notes),
            ]);
        }
        Ok(Sheet {
            kicker: vec![set.edition.clone(), w.clauses(set.clauses).into()],
            title: set.title.clone(),
            lead: set
                .published_on
                .map(|day| format!("{} {}", w.published_on(), view.lang.full_day(&day)))
                .unwrap_or_default(),
            back: Some(Act::new("/standard-sets", w.sets())),
            acts: if writes {
                vec![
                    Act::new(format!("/standard-sets/{id}/publish"), w.publish()).main(),
                    Act::new(format!("/standard-sets/{id}/clauses/new"), w.add_clause()),
                ]
            } else {
                vec![]
            },
            sections: vec![Section::new("clauses", w.clause()).part(table.or_empty(w.no_sets(), w.no_sets_hint()))],
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

struct NewSet;

impl Deed for NewSet {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::WriteStandards)?;
        let known = known_sets(see.conn, see.actor)?;
        let from = known.iter().map(|set| (set.id.to_string(), format!("{} {}", set.title, set.edition))).collect();
        Ok(Form::new(w.new_set(), w.save(), "/standard-sets")
            .field(Field::choice("unit_id", w.unit(), units).required())
            .field(Field::line("title", w.name()).required())
            .field(Field::line("edition", w.edition()).required())
            .field(Field::choice("from_set_id", w.from_set(), from)))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(format!("/standard-sets/{}", sets::create(it.conn, it.actor, &input)?.id))
    }
}

struct AddClause;

impl Deed for AddClause {
    type At = SetId;

    fn form(see: &mut See<'_>, id: SetId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let set = sets::read(see.conn, see.actor, id)?;
        Ok(Form::new(w.add_clause(), w.save(), format!("/standard-sets/{id}"))
            .kicker(set.title)
            .field(Field::line("code", w.code()).required())
            .field(Field::line("category", w.category()).required())
            .field(Field::line("title", w.name()).required())
            .field(Field::prose("requirement", w.requirement()))
            .field(Field::new("points", w.points(), Kind::Number).required())
            .field(Field::new("mandatory", w.mandatory(), Kind::Tick))
            .field(Field::new("curable", w.curable(), Kind::Tick).value(true))
            .field(Field::new("evidence_months", w.months(), Kind::Number)))
    }

    fn done(it: &mut Do<'_>, id: SetId) -> Result<String> {
        let input = it.input()?;
        standards::clauses::add(it.conn, it.actor, &it.tools.evidence, id, input)?;
        Ok(format!("/standard-sets/{id}"))
    }
}

struct Publish;

impl Deed for Publish {
    type At = SetId;

    fn form(see: &mut See<'_>, id: SetId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let set = sets::read(see.conn, see.actor, id)?;
        let form = Form::new(w.publish(), w.publish(), format!("/standard-sets/{id}")).kicker(set.title);
        Ok(form.lead(w.publish_lead()).of_version(set.version))
    }

    fn done(it: &mut Do<'_>, id: SetId) -> Result<String> {
        sets::publish(it.conn, it.actor, id)?;
        Ok(format!("/standard-sets/{id}"))
    }
}
