//! The settings of the installation, and the calendars it knows.

use super::{AdminWords, asked_day};
use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse};

use crate::access::Action;
use crate::calendars;
use crate::console::Visit;
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part, Section, Sheet};
use crate::platform::db::today;
use crate::platform::{Error, Result};
use crate::settings;
/// The settings by their names, with their words.
fn named(w: AdminWords, settings: &settings::Settings) -> Vec<(&'static str, Cow<'static, str>, Setting)> {
    use Setting::{Days, Months, WorkingDays, YesNo};
    vec![
        ("near_days", w.near_days(), Days(settings.near_days)),
        ("recurrence_grace_days", w.recurrence_grace_days(), Days(settings.recurrence_grace_days)),
        ("short_extension_days", w.short_extension_days(), Days(settings.short_extension_days)),
        ("backfill_days", w.backfill_days(), Days(settings.backfill_days)),
        ("review_working_days", w.review_working_days(), WorkingDays(settings.review_working_days)),
        ("term_alert_months", w.term_alert_months(), Months(settings.term_alert_months)),
        ("back_dated_days", w.back_dated_days(), Days(settings.back_dated_days)),
        ("secretary_signs", w.secretary_signs(), YesNo(settings.secretary_signs)),
        ("public_bulletins", w.public_bulletins(), YesNo(settings.public_bulletins)),
    ]
}

/// A setting is a number or a yes.
enum Setting {
    Days(i64),
    WorkingDays(i64),
    Months(i64),
    YesNo(bool),
}

impl Setting {
    fn shown(&self, w: AdminWords) -> Cow<'static, str> {
        match self {
            Setting::Days(days) => w.day_count(days),
            Setting::WorkingDays(days) => w.working_days(days),
            Setting::Months(months) => w.month_count(months),
            Setting::YesNo(true) => w.yes(),
            Setting::YesNo(false) => w.no(),
        }
    }
}

/// `GET /settings`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (view, asked) = (visit.view.clone(), asked_day(&request));
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = AdminWords(view.lang);
        let (now, day) = (settings::actions::read(conn, actor, asked)?, asked.map_or_else(|| today(conn), Ok)?);
        let facts = named(w, &now.settings).into_iter();
        let facts = facts.map(|(_, name, setting)| (name.into_owned(), Html::text(setting.shown(w)))).collect();
        let years = calendars::actions::list(conn, actor, asked)?.into_iter();
        let years = years.map(|year| (year.year.to_string(), Html::text(w.special_days(year.holidays))));
        let years: Vec<_> = years.collect();
        let years = match years.is_empty() {
            true => Part::Empty { title: w.no_calendars().into(), text: w.no_calendars_hint().into() },
            false => Part::Facts(years),
        };
        let manages = actor.must_anywhere(Action::ManageSettings).is_ok();
        Ok(Sheet {
            title: w.settings().into(),
            lead: w.settings_lead().into(),
            acts: if manages { vec![Act::new("/settings/change", w.change_settings()).main()] } else { vec![] },
            as_of: Some(day),
            sections: vec![
                Section::new("settings", view.lang.full_day(&day)).part(Part::Facts(facts)),
                Section::new("calendars", w.calendars()).part(years),
            ],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

pub struct ChangeSettings;

impl Deed for ChangeSettings {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageSettings)?;
        let w = AdminWords(see.lang);
        let now = settings::actions::read(see.conn, see.actor, None)?;
        let mut form = Form::new(w.change_settings(), w.save(), "/settings").lead(w.settings_lead());
        for (name, said, setting) in named(w, &now.settings) {
            form = form.field(match setting {
                Setting::Days(days) | Setting::WorkingDays(days) | Setting::Months(days) => {
                    Field::new(name, said, Kind::Number).required().value(days)
                }
                Setting::YesNo(yes) => Field::new(name, said, Kind::Tick).value(yes),
            });
        }
        Ok(form.of_version(now.version))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let patch = it.input()?;
        settings::actions::change(it.conn, it.actor, &patch)?;
        Ok("/settings".into())
    }
}
