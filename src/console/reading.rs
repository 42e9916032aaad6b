//! How figures are read: of which unit and year, as of which day, as recorded or restated. Every page of figures carries
//! it in its address, so that what one sees can be sent to somebody and opens the same.

use actix_web::HttpRequest;
use askama::Template;
use chrono::{Months, NaiveDate};

use super::Visit;
use super::page::Html;
use super::posted::Fields;
use super::view::View;
use crate::access::{Action, Actor};
use crate::platform::Result;
use crate::platform::db::today;
use crate::platform::error::{NOT_FOUND, WRONG_VALUE};
use crate::reports::actions::Asked;
use crate::reports::explain::ExplainedRate;
use crate::reports::rules::CountOf;
use crate::units::UnitId;
use crate::units::store::Tree;
use crate::words;

words! {
    /// The form that chooses the day.
    pub struct ReadingWords {
        as_of: "截至", "As of";
        basis: "口径", "Basis";
        recorded: "当日记录", "As recorded";
        restated: "最新口径", "Restated";
        look: "查看", "Show";
        year(year): "{year}年度", "{year}";
        whole: "全部组织", "All units";
        is_final: "已定，不会再变", "final, will not change";
        running: "当天未结束，还会变", "the day is not over; figures may still change";
        restated_note: "按今天为止的全部记录，回看当天", "by everything recorded until today, applied to that day";
        table: "表格文件 CSV", "Table (CSV)";
        workbook: "工作簿 XLSX", "Workbook (XLSX)";
        paper: "打印", "Print";
    }
}

/// A file for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileForm {
    Csv,
    Xlsx,
}

/// What a page of figures was asked for.
#[derive(Debug, Clone)]
pub struct Reading {
    pub asked: Asked,
    /// Name of the unit it is about, on the day.
    pub unit: Option<String>,
    fields: Fields,
}

impl Reading {
    /// From the query of a request; what it has beside is kept for the page.
    pub fn of(request: &HttpRequest) -> Result<Reading> {
        let fields = Fields::read(request.query_string().as_bytes());
        let asked = Asked {
            year: fields.parsed("year")?,
            unit_id: fields.parsed("unit_id")?.map(UnitId),
            as_of: fields.parsed("as_of")?,
            restated: fields.parsed("restated")?.unwrap_or(false),
        };
        Ok(Reading { asked, unit: None, fields })
    }

    /// As of today, as recorded, of all units.
    pub fn plain() -> Reading {
        Reading { asked: Asked::default(), unit: None, fields: Fields::default() }
    }

    /// Where no unit was asked for, of what the reader may look at: the whole, or else the topmost unit at which an action is
    /// theirs. Nobody's first page is one that they may not read.
    pub async fn within_reach(self, visit: &Visit, action: Action) -> Result<Reading> {
        self.about(visit, move |tree, actor| home(tree, actor, action)).await
    }

    /// Where no unit was asked for and there are several committees, of the reader's own: counts are for everybody, but whose
    /// year one looks at first is one's own.
    pub async fn of_own_committee(self, visit: &Visit) -> Result<Reading> {
        self.about(visit, own_committee).await
    }

    /// Where no unit was asked for, about the one that `otherwise` finds in the tree of today.
    async fn about(
        self,
        visit: &Visit,
        otherwise: impl Fn(&Tree, &Actor) -> Option<UnitId> + Send + 'static,
    ) -> Result<Reading> {
        let mut asked = self.asked;
        let found = visit.caller.read(move |conn, actor| {
            let today = today(conn)?;
            let tree = Tree::on(conn, today)?;
            let id = asked.unit_id.or_else(|| otherwise(&tree, actor));
            let then = asked.as_of.filter(|day| *day != today).map(|day| Tree::on(conn, day)).transpose()?;
            let unit = id.and_then(|id| then.as_ref().unwrap_or(&tree).get(id)).map(|unit| unit.name.clone());
            Ok((id, unit))
        });
        let (id, unit) = found.await?;
        asked.unit_id = id;
        Ok(Reading { asked, unit, ..self })
    }

    /// Another field of the query.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.fields.given(name)
    }

    /// Which of several words another field of the query holds; 404 when it is none of them.
    pub fn chosen<T: Copy>(&self, name: &str, all: &[T], of: impl Fn(T) -> &'static str) -> Result<Option<T>> {
        let find = |word| all.iter().copied().find(|one| of(*one) == word).ok_or_else(|| NOT_FOUND.err());
        self.given(name).map(find).transpose()
    }

    /// Another field of the query, as what it must be.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>> {
        self.fields.parsed(name)
    }

    /// The first day of the month that `month` names, `2020-09`.
    pub fn month(&self) -> Result<Option<NaiveDate>> {
        self.first_of("month")
    }

    /// The last day of the month that a field names.
    pub fn end_of(&self, name: &str) -> Result<Option<NaiveDate>> {
        let last = |first: NaiveDate| first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt());
        Ok(self.first_of(name)?.map(|first| last(first).unwrap_or(first)))
    }

    fn first_of(&self, name: &str) -> Result<Option<NaiveDate>> {
        let wrong = |text: &str| WRONG_VALUE.at(name, [("detail", format!("{name}={text}"))]).into_error();
        self.given(name).map(|text| format!("{text}-01").parse().map_err(|_| wrong(text))).transpose()
    }

    /// The number of the page of a list, from 1.
    pub fn page(&self) -> usize {
        self.given("page").and_then(|page| page.parse::<u32>().ok()).map_or(1, |page| page.max(1) as usize)
    }

    /// The file for spreadsheets that is wanted in the place of the page.
    pub fn file(&self) -> Option<FileForm> {
        match self.given("form") {
            Some("csv") => Some(FileForm::Csv),
            Some("xlsx") => Some(FileForm::Xlsx),
            _ => None,
        }
    }

    /// The address of a page read in the same way, with what it is asked beside; an empty value leaves a field out.
    pub fn link(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let asked = &self.asked;
        pairs.extend(asked.unit_id.map(|id| ("unit_id", id.to_string())));
        pairs.extend(asked.year.map(|year| ("year", year.to_string())));
        pairs.extend(asked.as_of.map(|day| ("as_of", day.to_string())));
        pairs.extend(asked.restated.then(|| ("restated", "true".to_owned())));
        pairs.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        pairs.extend(
            more.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, (*value).to_owned())),
        );
        if pairs.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish())
    }

    /// The same as of another day.
    pub fn as_of(&self, day: NaiveDate) -> Reading {
        Reading { asked: Asked { as_of: Some(day), ..self.asked }, ..self.clone() }
    }

    /// The same of a year as of a day, as recorded then.
    pub fn on(&self, year: i64, as_of: NaiveDate) -> Reading {
        let mut then = self.as_of(as_of);
        then.asked.year = Some(year);
        then.asked.restated = false;
        then
    }

    /// The nodes behind a count: of all that the page is about, or of a unit, with all below it (`true`) or by itself.
    pub fn behind(&self, count: CountOf, unit: Option<(UnitId, bool)>) -> String {
        let id = unit.map(|(id, _)| id.to_string());
        let mut more = vec![("count", count.word())];
        more.extend(id.as_deref().map(|id| ("unit_id", id)));
        more.extend(unit.filter(|(_, whole)| !*whole).map(|_| ("own", "true")));
        self.link("/year/items", &more)
    }

    /// What is behind the rate of a row: it is told of a unit with all below it; of what is a unit's own, the nodes lead on
    /// that make the denominator, where the rate is one of nodes.
    pub fn behind_rate(&self, rate: ExplainedRate, unit: UnitId, whole: bool) -> Option<String> {
        use ExplainedRate as R;
        let count = match rate {
            _ if whole => return Some(self.explained(rate, Some(unit))),
            R::Completion | R::OnTime | R::OnTimeOriginal | R::Reporting => CountOf::Owed,
            R::YearProgress => CountOf::Counted,
            R::Compliance | R::Assessed | R::BranchesRecognised | R::BranchesAtTarget => return None,
        };
        Some(self.behind(count, Some((unit, whole))))
    }

    /// What a rate consists of, for all that the page is about or for a unit.
    pub fn explained(&self, rate: ExplainedRate, unit: Option<UnitId>) -> String {
        let id = unit.map(|id| id.to_string());
        let mut more = vec![("rate", rate.word())];
        more.extend(id.as_deref().map(|id| ("unit_id", id)));
        self.link("/reports/explain", &more)
    }

    /// The form that chooses the day, for the page at `path`. `fixed` goes with it unseen; `restatable` is whether the
    /// figures can be restated.
    pub fn bar(&self, view: &View, path: &str, fixed: &[(&str, &str)], restatable: bool) -> Result<Html> {
        let asked = &self.asked;
        let mut hidden: Vec<(String, String)> = Vec::new();
        hidden.extend(asked.unit_id.map(|id| ("unit_id".to_owned(), id.to_string())));
        hidden.extend(asked.year.map(|year| ("year".to_owned(), year.to_string())));
        hidden.extend(fixed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let today = view.who.as_ref().map(|who| who.today);
        Html::of(&Bar {
            w: ReadingWords(view.lang),
            path,
            hidden,
            day: asked.as_of.or(today),
            today,
            restatable,
            restated: asked.restated,
        })
    }
}

/// The topmost unit at which an action is the actor's; none where it is at every top, or nowhere.
fn home(tree: &Tree, actor: &Actor, action: Action) -> Option<UnitId> {
    let may = |id: &UnitId| tree.get(*id).is_some_and(|unit| actor.may(action, &unit.site()));
    if tree.children(None).iter().all(may) { None } else { tree.in_order().into_iter().find(may) }
}

/// The topmost unit above the actor's first post, where it is not the only one.
fn own_committee(tree: &Tree, actor: &Actor) -> Option<UnitId> {
    let seat = actor.posts.iter().find_map(|post| post.seat.as_ref())?;
    let above = |top: &&UnitId| tree.is_within(seat.unit_id, Some(**top));
    let tops = tree.children(None);
    tops.iter().find(above).copied().filter(|_| tops.len() > 1)
}

#[derive(Template)]
#[template(path = "console/parts/reading.html")]
struct Bar<'a> {
    w: ReadingWords,
    path: &'a str,
    hidden: Vec<(String, String)>,
    day: Option<NaiveDate>,
    today: Option<NaiveDate>,
    restatable: bool,
    restated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_how_a_page_is_read() {
        let fields = Fields::read(b"unit_id=3&as_of=2020-09-30&restated=true&page=2");
        let asked =
            Asked { year: None, unit_id: Some(UnitId(3)), as_of: NaiveDate::from_ymd_opt(2020, 9, 30), restated: true };
        let reading = Reading { asked, unit: None, fields };
        assert_eq!(reading.link("/year", &[]), "/year?unit_id=3&as_of=2020-09-30&restated=true");
        assert_eq!(reading.link("/year", &[("unit_id", "7"), ("restated", "")]), "/year?as_of=2020-09-30&unit_id=7");
        assert_eq!(reading.page(), 2);
        assert_eq!(Reading::plain().link("/year", &[]), "/year");
        let then = reading.on(2019, NaiveDate::from_ymd_opt(2019, 6, 30).unwrap());
        let behind = then.behind(CountOf::Overdue, None);
        assert_eq!(behind, "/year/items?unit_id=3&year=2019&as_of=2019-06-30&count=overdue");
        let own = reading.behind_rate(ExplainedRate::OnTime, UnitId(3), false);
        assert_eq!(own.unwrap(), "/year/items?as_of=2020-09-30&restated=true&count=owed&unit_id=3&own=true");
    }
}
