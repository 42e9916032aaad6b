//! Bulletins, circulars, monthly reports: drafted, approved, released, corrected, read, signed for, printed.

use std::borrow::Cow;

use actix_web::{HttpResponse, web};

use super::choices::{self, all_of, name_of, unit_names, units_for};
use super::form::{self, Deed, Do, Field, Form, Kind, See};
use super::page::Html;
use super::sheet::{self, Act, Paper, Part, Section, Sheet, Table};
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::bulletins::model::{Bulletin, BulletinFilter, BulletinKind, BulletinState};
use crate::bulletins::{BulletinId, actions, receipts};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::units;
use crate::words;

words! {
    /// What the pages of bulletins say.
    pub struct BulletinWords {
        title: "简报", "Bulletins";
        lead: "简报、通报、月报：起草、领导批准、发布。发布以后不再改动，只能用编号的更正。", "Drafted, approved by a leader, released. Once released nothing of one changes; it is corrected by numbered errata.";
        all: "全部", "All";
        draft_one: "起草", "Draft one";
        none: "还没有简报", "No bulletins yet";
        none_hint: "月报和通报从报表起草，数字随之钉住；会议简报从会议页面起草。", "Reports and circulars are drafted from the figures, which are pinned; one about a meeting is drafted on its page.";
        name: "标题", "Title";
        kind: "类型", "Kind";
        unit: "发布组织", "Unit";
        state: "状态", "State";
        released_on: "发布日期", "Released";
        views: "阅读", "Read by";
        period: "期间", "Period";
        period_hint: "月份 2020-09 或季度 2020-Q3；写了就按当期报表起草", "A month 2020-09 or a quarter 2020-Q3; drafted from its report";
        text: "正文（Markdown）", "Text (Markdown)";
        submitter: "报送", "Submitted by";
        public: "不登录也可阅读", "Readable without signing in";
        create: "起草", "Draft";
        change: "修改", "Change";
        save: "保存", "Save";
        approve: "批准", "Approve";
        approve_lead: "由没有参与撰写的领导批准。批准以后再修改，须重新批准。", "By a leader who did not write it. One that is changed afterwards is approved again.";
        release: "发布", "Release";
        release_lead: "发布以后不再改动；更正另行编号。", "Nothing of it changes afterwards; errata are numbered.";
        correct: "更正", "Correct";
        erratum: "更正内容", "Erratum";
        errata: "更正", "Errata";
        receipts: "签收", "Receipts";
        sign: "签收", "Sign for it";
        signed_on: "签收日期", "Signed";
        not_signed: "未签收", "not yet";
        unit_name: "组织", "Unit";
        back: "全部简报", "All bulletins";
        printed: "打印稿", "To print";
        body: "正文", "Text";
        was_released(day, views): "**{day}发布**，{views}人读过。", "**Released on {day}**, read by {views}.";
        stands(state): "**{state}**，还没有发布。", "**{state}**, not released yet.";
        number(number): "第{number}号", "No. {number}";
        figures: "数字截至", "Figures as of";
        approved_by: "签发", "Approved by";
        remove: "删除草稿", "Delete the draft";
    }
}

fn kind(lang: Lang, kind: BulletinKind) -> &'static str {
    match kind {
        BulletinKind::Bulletin => lang.pick("简报", "bulletin"),
        BulletinKind::Circular => lang.pick("通报", "circular"),
        BulletinKind::MonthlyReport => lang.pick("月报", "monthly report"),
    }
}

fn state(lang: Lang, state: BulletinState) -> &'static str {
    match state {
        BulletinState::Draft => lang.pick("草稿", "draft"),
        BulletinState::Approved => lang.pick("已批准", "approved"),
        BulletinState::Released => lang.pick("已发布", "released"),
    }
}

/// The addresses of bulletins.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/bulletins", web::get().to(list));
    form::deed::<Create>(config, "/bulletins/new");
    config.route("/bulletins/{id}", web::get().to(one));
    form::deed::<Change>(config, "/bulletins/{id}/change");
    form::deed::<Approve>(config, "/bulletins/{id}/approve");
    form::deed::<Release>(config, "/bulletins/{id}/release");
    form::deed::<Correct>(config, "/bulletins/{id}/errata");
    form::deed::<Sign>(config, "/bulletins/{id}/receipt");
    form::deed::<Remove>(config, "/bulletins/{id}/remove");
    config.route("/bulletins/{id}/sheet", web::get().to(paper));
}

async fn list(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, names) = (BulletinWords(view.lang), unit_names(conn)?);
        let page = PageRequest::new("bulletins", Some(200), None, false)?;
        let found = actions::list(conn, actor, &page, &BulletinFilter::default())?.0;
        let mut table = Table::new([w.name(), w.kind(), w.unit(), w.state(), w.released_on(), w.views()]).numbers([5]);
        for head in found {
            table.row([
                Html::link(&format!("/bulletins/{}", head.id), &head.title),
                Html::text(kind(view.lang, head.kind)),
                Html::text(name_of(&names, head.unit_id)),
                Html::text(state(view.lang, head.state)),
                Html::text(head.released_on.map(|day| view.lang.full_day(&day)).unwrap_or_default()),
                Html::text(head.views.to_string()),
            ]);
        }
        let writes = !units_for(conn, actor, Action::WriteBulletin)?.is_empty();
        Ok(Sheet {
            title: w.title().into(),
            lead: w.lead().into(),
            acts: if writes { vec![Act::new("/bulletins/new", w.draft_one()).main()] } else { vec![] },
            sections: vec![Section::new("all", w.all()).part(table.or_empty(w.none(), w.none_hint()))],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// The first reading of a released one counts as a view, as with the API.
async fn read(visit: &Visit, id: BulletinId) -> Result<Bulletin, Error> {
    if visit.caller.read(move |conn, actor| actions::is_unseen(conn, actor, id)).await? {
        return visit.caller.write(move |conn, actor| actions::view(conn, actor, id)).await;
    }
    visit.caller.read(move |conn, actor| actions::read(conn, actor, id)).await
}

async fn one(visit: Visit, Path(id): Path<BulletinId>) -> Result<HttpResponse, Error> {
    let bulletin = read(&visit, id).await?;
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown(conn, actor, &view, &bulletin)).await?;
    sheet::show(&visit.view, &sheet)
}

fn shown(conn: &mut Conn, actor: &Actor, view: &View, bulletin: &Bulletin) -> Result<Sheet> {
    let (w, head, names) = (BulletinWords(view.lang), &bulletin.head, unit_names(conn)?);
    let site = units::store::get(conn, head.unit_id)?.site();
    let (writes, approves) = (actor.may(Action::WriteBulletin, &site), actor.may(Action::ApproveBulletin, &site));
    let at = |verb: &str| format!("/bulletins/{}/{verb}", head.id);
    let released = head.state == BulletinState::Released;
    let approves = approves && actor.account_id != Some(bulletin.written_by);
    let acts = [
        (approves && head.state == BulletinState::Draft, Act::new(at("approve"), w.approve()).main()),
        (writes && head.state == BulletinState::Approved, Act::new(at("release"), w.release()).main()),
        (writes && !released, Act::new(at("change"), w.change())),
        (writes && head.state == BulletinState::Draft, Act::new(at("remove"), w.remove())),
        (approves && released, Act::new(at("errata"), w.correct())),
        (true, Act::new(at("sheet"), w.printed())),
    ];
    let mut kicker = vec![name_of(&names, head.unit_id), kind(view.lang, head.kind).to_owned()];
    kicker.extend(head.number.map(|number| w.number(number).into_owned()));
    kicker.extend(head.submitter.clone());
    let lead = match head.released_on {
        Some(day) => w.was_released(view.lang.full_day(&day), head.views),
        None => w.stands(state(view.lang, head.state)),
    };
    let mut sheet = Sheet {
        kicker,
        title: head.title.clone(),
        lead: lead.into(),
        back: Some(Act::new("/bulletins", w.back())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        ..Sheet::default()
    };
    let hint = bulletin.figures.as_ref().and_then(|figures| figures["as_of"].as_str());
    let hint = hint.and_then(|day| day.parse::<chrono::NaiveDate>().ok());
    let hint = hint.map(|day| format!("{} {}", w.figures(), view.lang.full_day(&day))).unwrap_or_default();
    // The text was made safe where it is made into HTML.
    sheet
        .sections
        .push(Section::new("text", w.body()).hint(hint).part(Part::Ready(Html::document(&bulletin.html, &head.title))));
    if !bulletin.errata.is_empty() {
        let facts = bulletin.errata.iter().map(|one| {
            let text = format!("{}（{}）", one.text, view.lang.full_day(&one.made_on));
            (w.number(one.number).into_owned(), Html::text(text))
        });
        sheet.sections.push(Section::new("errata", w.errata()).part(Part::Facts(facts.collect())));
    }
    if released && head.kind == BulletinKind::Circular {
        let own = crate::plans::receipts::signing_units(actor);
        let mut table = Table::new([w.unit_name(), w.signed_on()]);
        for receipt in receipts::list(conn, actor, &all_of("bulletin-receipts")?, head.id)?.0 {
            let signed = match receipt.signed_on {
                Some(day) => Html::text(view.lang.full_day(&day)),
                None if own.contains(&receipt.unit_id) => {
                    Html::link(&format!("{}?unit_id={}", at("receipt"), receipt.unit_id), w.sign())
                }
                None => Html::text(w.not_signed()),
            };
            table.row([Html::text(name_of(&names, receipt.unit_id)), signed]);
        }
        sheet.sections.push(Section::new("receipts", w.receipts()).part(Part::Table(table)));
    }
    Ok(sheet)
}

async fn paper(visit: Visit, Path(id): Path<BulletinId>) -> Result<HttpResponse, Error> {
    let bulletin = read(&visit, id).await?;
    let view = visit.view.clone();
    let paper = visit.caller.read_long(move |conn, _| {
        let (w, head) = (BulletinWords(view.lang), &bulletin.head);
        let mut facts = vec![name_of(&unit_names(conn)?, head.unit_id), kind(view.lang, head.kind).to_owned()];
        facts.extend(head.number.map(|number| w.number(number).into_owned()));
        facts.extend(head.released_on.map(|day| view.lang.full_day(&day)));
        facts.extend(head.submitter.clone());
        Ok(Paper {
            back: Some(Act::new(format!("/bulletins/{id}"), w.back())),
            title: head.title.clone(),
            facts,
            parts: vec![Part::Ready(Html::document(&bulletin.html, &head.title))],
            signs: vec![w.approved_by().into()],
            landscape: false,
        })
    });
    sheet::show_paper(&visit.view, &paper.await?)
}

fn home(id: BulletinId) -> String {
    format!("/bulletins/{id}")
}

fn titled(see: &mut See<'_>, id: BulletinId, title: Cow<'_, str>, submit: Cow<'_, str>) -> Result<(Form, Bulletin)> {
    let bulletin = actions::read(see.conn, see.actor, id)?;
    Ok((Form::new(title, submit, home(id)).kicker(bulletin.head.title.clone()), bulletin))
}

struct Create;

impl Deed for Create {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::WriteBulletin)?;
        let only = units.first().map(|(id, _)| id.clone());
        let kinds =
            BulletinKind::ALL.iter().map(|one| (one.word().to_owned(), kind(see.lang, *one).to_owned())).collect();
        Ok(Form::new(w.draft_one(), w.create(), "/bulletins")
            .field(Field::choice("unit_id", w.unit(), units).required().stored(only))
            .field(Field::choice("kind", w.kind(), kinds).required())
            .field(Field::line("period", w.period()).hint(w.period_hint()))
            .field(Field::line("title", w.name()))
            .field(Field::prose("text", w.text()))
            .field(Field::line("submitter", w.submitter())))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(actions::create(it.conn, it.actor, &input)?.head.id))
    }
}

struct Change;

impl Deed for Change {
    type At = BulletinId;

    fn form(see: &mut See<'_>, id: BulletinId) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let (form, bulletin) = titled(see, id, w.change(), w.save())?;
        Ok(form
            .field(Field::line("title", w.name()).required().value(&bulletin.head.title))
            .field(Field::prose("text", w.text()).required().value(&bulletin.text))
            .field(Field::line("submitter", w.submitter()).stored(bulletin.head.submitter.clone()))
            .field(Field::new("public", w.public(), Kind::Tick).value(bulletin.head.public))
            .of_version(bulletin.head.version))
    }

    fn done(it: &mut Do<'_>, id: BulletinId) -> Result<String> {
        let patch = it.input()?;
        actions::change(it.conn, it.actor, id, patch)?;
        Ok(home(id))
    }
}

struct Approve;

impl Deed for Approve {
    type At = BulletinId;

    fn form(see: &mut See<'_>, id: BulletinId) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let (mut form, bulletin) = titled(see, id, w.approve(), w.approve())?;
        form.shown = Some(Html::document(&bulletin.html, &bulletin.head.title));
        Ok(form.lead(w.approve_lead()).of_version(bulletin.head.version))
    }

    fn done(it: &mut Do<'_>, id: BulletinId) -> Result<String> {
        actions::approve(it.conn, it.actor, id)?;
        Ok(home(id))
    }
}

struct Release;

impl Deed for Release {
    type At = BulletinId;

    fn form(see: &mut See<'_>, id: BulletinId) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let (form, bulletin) = titled(see, id, w.release(), w.release())?;
        Ok(form.lead(w.release_lead()).of_version(bulletin.head.version))
    }

    fn done(it: &mut Do<'_>, id: BulletinId) -> Result<String> {
        actions::release(it.conn, it.actor, id, it.now)?;
        Ok(home(id))
    }
}

struct Correct;

impl Deed for Correct {
    type At = BulletinId;

    fn form(see: &mut See<'_>, id: BulletinId) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let (form, _) = titled(see, id, w.correct(), w.correct())?;
        Ok(form.field(Field::prose("text", w.erratum()).required()))
    }

    fn done(it: &mut Do<'_>, id: BulletinId) -> Result<String> {
        let input = it.input()?;
        actions::correct(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

struct Remove;

impl Deed for Remove {
    type At = BulletinId;

    fn form(see: &mut See<'_>, id: BulletinId) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let (form, bulletin) = titled(see, id, w.remove(), w.remove())?;
        Ok(form.of_version(bulletin.head.version))
    }

    fn done(it: &mut Do<'_>, id: BulletinId) -> Result<String> {
        actions::remove(it.conn, it.actor, id)?;
        Ok("/bulletins".into())
    }
}

struct Sign;

impl Deed for Sign {
    type At = BulletinId;

    fn form(see: &mut See<'_>, id: BulletinId) -> Result<Form> {
        let w = BulletinWords(see.lang);
        let (form, _) = titled(see, id, w.sign(), w.sign())?;
        Ok(form.field(Field::given("unit_id", see.query.get("unit_id"))))
    }

    fn done(it: &mut Do<'_>, id: BulletinId) -> Result<String> {
        let input = it.input()?;
        receipts::sign(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#receipts", home(id)))
    }
}
