//! Calendars: imported by administrators, read by everybody with a post, the calendar of a past day kept.

use chrono::NaiveDate;
use duban::access::Role;
use duban::calendars::{CN_2020, file, store};
use duban::platform::text::Text;
use serde_json::{Value, json};

use crate::command_line::{duban, said};
use crate::support::{TestApp, day};

/// The shipped calendar of 2020 as a body.
fn of_2020() -> Value {
    let read = file::read(CN_2020, &Text::parse("cn-2020.csv").unwrap()).unwrap();
    json!({"year": 2020, "source": "cn-2020.csv", "days": read[0].days})
}

async fn works(app: &TestApp, on: NaiveDate, as_of: NaiveDate) -> bool {
    app.app.db.read(move |conn| store::on(conn, as_of)).await.unwrap().is_working_day(on)
}

#[actix_web::test]
async fn a_year_is_imported_read_and_superseded_from_today_on() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    assert!(admin.get("/calendars").await.items().is_empty());
    admin.get("/calendars/2020").await.refused(404, "not_found");
    let made = admin.post("/calendars", of_2020()).await;
    assert_eq!(made.header("location"), "/api/v1/calendars/2020");
    let made = made.created();
    assert_eq!((&made["imported_on"], made["days"].as_array().unwrap().len()), (&json!("2020-01-05"), 47));
    assert_eq!(made["days"][0], json!({"day": "2020-01-01", "kind": "holiday", "name": "元旦"}));
    let of_2019 = json!({"year": 2019, "source": "x", "days": [{"day": "2019-10-01", "kind": "holiday"}]});
    admin.post("/calendars", of_2019).await.created();
    let years = admin.get("/calendars").await.items();
    let counts = |year: &Value| ["year", "holidays", "workdays", "festivals"].map(|name| year[name].clone());
    let shown: Vec<_> = years.iter().map(counts).collect();
    assert_eq!(shown, [[2019, 1, 0, 0].map(|n| json!(n)), [2020, 30, 6, 11].map(|n| json!(n))]);

    // In February the holiday is lengthened by a day; January still reads as it was.
    app.turn_to(day(2, 1));
    let mut longer = of_2020();
    longer["source"] = json!("second notice");
    longer["days"].as_array_mut().unwrap().push(json!({"day": "2020-02-03", "kind": "holiday", "name": "春节"}));
    let stale = admin.request("POST", "/calendars").json(&longer).header("if-match", "\"999\"");
    admin.send("POST", "/calendars", stale).await.refused(412, "stale");
    let again = admin.post("/calendars", longer.clone()).await.created();
    assert!(again["version"].as_i64() > made["version"].as_i64());
    admin.post("/calendars", longer).await.created();
    assert_eq!(admin.get("/calendars/2020").await.ok()["days"].as_array().unwrap().len(), 48);
    assert_eq!(admin.get("/calendars/2020?as_of=2020-01-31").await.ok(), made);
    assert_eq!(admin.get("/calendars?as_of=2020-01-31").await.items(), years);
    assert!(admin.get("/calendars?as_of=2020-01-04").await.items().is_empty());
    admin.get("/calendars?as_of=2020-02-02").await.refused(422, "future_day");
    admin.get("/calendars/2020?as_of=2020-02-02").await.refused(422, "future_day");
    admin.get("/calendars/2020?as_of=2020-01-04").await.refused(404, "not_found");
    assert!(works(&app, day(2, 3), day(1, 31)).await && !works(&app, day(2, 3), day(2, 1)).await);
    assert!(works(&app, day(1, 24), day(1, 4)).await, "not imported yet: a Friday is worked");
    let entries = app.person("auditor", Role::Auditor, None).await;
    duban::worker::seal_all(&app.app).await.unwrap();
    let entries = entries.get("/audit-entries?subject=calendar&subject_id=2020").await.items();
    assert_eq!(entries.len(), 3);
}

#[actix_web::test]
async fn only_administrators_import_and_every_post_reads() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let auditor = app.person("auditor", Role::Auditor, None).await;
    auditor.post("/calendars", of_2020()).await.refused(403, "forbidden");
    admin.post("/calendars", of_2020()).await.created();
    auditor.get("/calendars").await.ok();
    auditor.get("/calendars/2020").await.ok();
    let account = app.account("nobody").await;
    let nobody = app.sign_in("nobody", account).await;
    nobody.get("/calendars").await.refused(403, "forbidden");
    nobody.get("/calendars/2020").await.refused(403, "forbidden");
}

#[actix_web::test]
async fn wrong_calendars_are_refused_by_place_and_change_nothing() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let of = |year: i64, days: Value| json!({"year": year, "source": "x", "days": days});
    let holiday = |day: &str| json!({"day": day, "kind": "holiday"});
    let festival = |day: &str, name: &str| json!({"day": day, "kind": "festival", "name": name});
    let twice = json!([festival("2020-04-04", "清明"), festival("2020-04-05", "清明节")]);
    let cases = [
        (of(2020, json!([])), "calendar_empty", "/days"),
        (of(1899, json!([holiday("1899-01-01")])), "out_of_range", "/year"),
        (of(2020, json!([holiday("2020-02-30")])), "wrong_value", "/days/0/day"),
        (of(2020, json!([holiday("2021-01-01")])), "calendar_day_outside", "/days/0/day"),
        (of(2020, json!([holiday("2020-01-01"), holiday("2020-01-01")])), "calendar_day_twice", "/days/1/day"),
        (of(2020, json!([{"day": "2020-01-20", "kind": "workday"}])), "calendar_workday_needless", "/days/0/day"),
        (of(2020, json!([{"day": "2020-01-25", "kind": "festival"}])), "calendar_festival_unnamed", "/days/0/name"),
        (of(2020, twice), "calendar_festival_twice", "/days/1/name"),
        (of(2020, json!(vec![holiday("2020-01-01"); 801])), "out_of_range", "/days"),
        (of(2200, json!([holiday("2200-01-01")])), "out_of_range", "/year"),
        (of(2020, json!([{"day": "2020-01-25", "kind": "feast"}])), "wrong_value", "/days/0/kind"),
        (of(2020, json!([{"day": "2020-01-25", "kind": "holiday", "off": 1}])), "unknown_field", "/days/0/off"),
    ];
    for (body, code, at) in cases {
        assert_eq!(admin.post("/calendars", body.clone()).await.refused(422, code), at, "{body}");
    }
    assert!(admin.get("/calendars").await.items().is_empty());
}

#[actix_web::test]
async fn the_operator_imports_a_file_after_a_dry_run() {
    let app = TestApp::start(1, 5).await;
    let path = app.folder().join("years.csv");
    let of_2019 = std::fs::read_to_string("calendars/cn-2019.csv").unwrap();
    let both = format!("{CN_2020}{}", of_2019.split_once('\n').unwrap().1);
    std::fs::write(&path, both).unwrap();
    let path = path.to_str().unwrap();
    let (code, out, error) = said(&duban(Some(&app), &["calendar", "import", path, "--dry-run"], ""));
    assert!(code == 0 && out.contains("2019 could be imported") && out.contains("2020 could be"), "{out} {error}");
    let (code, out, _) = said(&duban(Some(&app), &["calendar", "show"], ""));
    assert_eq!((code, out.as_str()), (0, ""), "a dry run changes nothing");
    let (code, out, error) = said(&duban(Some(&app), &["calendar", "import", path, "--source", "notices"], ""));
    assert!(code == 0 && out.contains("2020 imported: 30 holidays, 6 make-up working days"), "{out} {error}");
    let (code, out, _) = said(&duban(Some(&app), &["calendar", "show"], ""));
    assert!(code == 0 && out.lines().count() == 2 && out.contains("from notices"), "{out}");
    let (_, out, _) = said(&duban(Some(&app), &["calendar", "show", "--year", "2020"], ""));
    assert!(out.lines().count() == 47 && out.contains("2020-01-19 Sun workday  春节"), "{out}");
    assert_eq!(said(&duban(Some(&app), &["calendar", "show", "--year", "2018"], "")).0, 1);

    let wrong = app.folder().join("wrong.csv");
    std::fs::write(&wrong, "day,kind,name\n2020-01-20,workday,\n2020-13-01,holiday,\n").unwrap();
    let (code, _, error) = said(&duban(Some(&app), &["calendar", "import", wrong.to_str().unwrap()], ""));
    assert!(code == 1 && error.contains("line 2") && error.contains("line 3"), "{code} {error}");
    let (code, _, error) = said(&duban(Some(&app), &["calendar", "import", "nowhere.csv"], ""));
    assert!(code == 1 && error.contains("nowhere.csv"), "{code} {error}");
}
