//! What every page shows around its own matter: language, theme, who is here, where one may go.

use actix_web::HttpRequest;
use chrono::NaiveDate;

use super::assets::{SCRIPT, STYLE};
use super::layout::{LayoutWords, Said};
use super::page::Html;
use super::words::Lang;
use super::{nav, terms};
use crate::access::{Post, UnitId};
use crate::platform::web::RequestFacts;
use crate::platform::{Conn, Result};
use crate::units;

/// Name of the cookies that keep a choice of language and of theme.
pub const LANGUAGE_COOKIE: &str = "duban-language";
pub const THEME_COOKIE: &str = "duban-theme";

/// What the layout needs. Every page's template has one, named `view`.
#[derive(Debug, Clone)]
pub struct View {
    pub lang: Lang,
    /// `light` or `dark` when one was chosen.
    pub theme: Option<&'static str>,
    /// The words of the layout.
    pub t: LayoutWords,
    /// Where this page is, with its query; of an answer to a form, where the form is.
    pub address: String,
    /// The path alone.
    pub path: String,
    /// Who is signed in; nobody on the sign-in page.
    pub who: Option<Who>,
    /// What was just done, said at the top.
    pub said: Option<Said>,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Who {
    /// The token that every form carries.
    pub csrf: String,
    /// The posts in words: `第一党支部 书记`.
    pub posts: Vec<String>,
    /// The unit at the top of the tree one belongs to.
    pub house: Option<String>,
    /// Where one may go.
    pub nav: Vec<nav::Entry>,
    /// The units at which one holds a post, in the order of the posts.
    pub seats: Vec<Seat>,
    /// The business day.
    pub today: NaiveDate,
}

/// A unit at which one holds a post.
#[derive(Debug, Clone)]
pub struct Seat {
    pub unit_id: UnitId,
    pub name: String,
    pub role: crate::access::Role,
}

impl View {
    /// The view of somebody who is not signed in.
    pub fn guest(request: &HttpRequest) -> View {
        let cookie = |name: &str| request.cookie(name).map(|cookie| cookie.value().to_owned());
        let facts = RequestFacts::of(request);
        let lang = match cookie(LANGUAGE_COOKIE).as_deref() {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            _ if facts.chinese => Lang::Zh,
            _ => Lang::En,
        };
        let theme = match cookie(THEME_COOKIE).as_deref() {
            Some("light") => Some("light"),
            Some("dark") => Some("dark"),
            _ => None,
        };
        let address = request.uri().path_and_query().map_or("/", |whole| whole.as_str()).to_owned();
        let said = form_urlencoded::parse(request.query_string().as_bytes())
            .find(|(name, _)| name == "said")
            .and_then(|(_, word)| Said::ALL.iter().find(|said| said.word() == word).copied());
        View { lang, theme, t: LayoutWords(lang), address, path: request.path().to_owned(), who: None, said }
    }

    /// The token that every form carries; empty when nobody is signed in.
    pub fn csrf(&self) -> &str {
        self.who.as_ref().map_or("", |who| who.csrf.as_str())
    }

    /// What tells a form from every other: random, anew for each.
    pub fn once(&self) -> String {
        hex::encode(rand::random::<[u8; 12]>())
    }

    /// The address of the stylesheet.
    pub fn style(&self) -> &str {
        STYLE.address()
    }

    /// The address of the script.
    pub fn script(&self) -> &str {
        SCRIPT.address()
    }

    /// A day of the year at hand; of another year, with the year.
    pub fn day(&self, day: &NaiveDate) -> String {
        use chrono::Datelike;
        let this_year = self.who.as_ref().is_none_or(|who| who.today.year() == day.year());
        if this_year { self.lang.day(day) } else { self.lang.full_day(day) }
    }

    /// What was just done, in words.
    pub fn just_done(&self) -> Option<&'static str> {
        self.said.map(|said| said.sentence(self.lang))
    }

    /// A sentence in which `**` sets words in bold.
    pub fn rich(&self, sentence: impl AsRef<str>) -> Html {
        Html::rich(sentence.as_ref())
    }
}

impl Who {
    /// The first post as it stands in the masthead, which names the committee already.
    pub fn first_post(&self) -> Option<&str> {
        let post = self.posts.first()?.as_str();
        let short = self.house.as_deref().and_then(|house| post.strip_prefix(house)?.strip_prefix(' '));
        Some(short.unwrap_or(post))
    }
}

/// Who is signed in, read for the layout.
pub fn who(conn: &mut Conn, posts: &[Post], lang: Lang, csrf: String, today: NaiveDate) -> Result<Who> {
    let (mut shown, mut seats, mut house) = (Vec::new(), Vec::new(), None);
    for post in posts {
        let role = terms::role(lang, post.role);
        let Some(seat) = &post.seat else {
            shown.push(role.to_owned());
            continue;
        };
        let unit = units::store::get(conn, seat.unit_id)?;
        if house.is_none() {
            let top = seat.path.split('/').find_map(|id| id.parse().ok()).map(UnitId);
            house = match top {
                Some(top) if top == seat.unit_id => Some(unit.name.clone()),
                Some(top) => Some(units::store::get(conn, top)?.name),
                None => None,
            };
        }
        shown.push(format!("{} {role}", unit.name));
        seats.push(Seat { unit_id: seat.unit_id, name: unit.name, role: post.role });
    }
    shown.dedup();
    Ok(Who { csrf, posts: shown, house, nav: nav::of(posts, lang), seats, today })
}
