//! The program itself, as an operator calls it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::support::{TestApp, day};

pub fn duban(app: Option<&TestApp>, arguments: &[&str], input: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(app) = app {
        command.env("DATABASE_URL", &app.config.database_url).env("DUBAN_DATA_DIR", &app.config.data_dir);
        command
            .env("DUBAN_SECRET_FILE", &app.config.secret_file)
            .env("DUBAN_TODAY", app.app.db.clock().today().to_string());
    }
    let mut child = command.env("RUST_LOG", "warn").spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn without_a_command_it_prints_help_and_the_contract_on_demand() {
    let (code, _, help) = said(&duban(None, &[], ""));
    assert!(code == 2 && help.contains("Usage") && help.contains("duban demo"), "{code} {help}");
    let (code, contract, _) = said(&duban(None, &["openapi"], ""));
    assert_eq!((code, contract), (0, duban::contract::yaml().unwrap()));
}

#[test]
fn a_wrong_setting_stops_with_its_name_and_code_2() {
    for (arguments, name) in [
        (vec!["check-config", "--database-url", "mysql://x"], "DATABASE_URL"),
        (vec!["check-config", "--today", "yesterday"], "DUBAN_TODAY"),
        (vec!["check-config", "--timezone", "Moon"], "DUBAN_TIMEZONE"),
        (vec!["serve", "--listen", "nowhere"], "DUBAN_LISTEN"),
        (vec!["check-config", "--database-url", "postgres://nobody@127.0.0.1:1/none"], "DATABASE_URL"),
    ] {
        let (code, _, error) = said(&duban(None, &arguments, ""));
        assert!(code == 2 && error.contains(name), "{arguments:?}: {code} {error}");
        assert_eq!(error.trim().lines().count(), 1, "one sentence: {error}");
    }
    let (code, out, _) = said(&duban(None, &["check-config"], ""));
    assert!(code == 0 && out.contains("usable"), "{code} {out}");
}

#[actix_web::test]
async fn an_operator_makes_the_first_account_reports_and_verifies() {
    let app = TestApp::start(1, 5).await;
    let arguments = ["account", "create", "--username", "root-1", "--administrator", "--password-stdin"];
    let (code, _, error) = said(&duban(Some(&app), &arguments, "weak\n"));
    assert!(code == 1 && error.contains("password_weak"), "{code} {error}");
    let (code, out, error) = said(&duban(Some(&app), &arguments, "Typed-in-1\n"));
    assert!(code == 0 && out.contains("root-1"), "{code} {out} {error}");
    assert_eq!(said(&duban(Some(&app), &arguments, "Typed-in-1\n")).0, 1, "the name is taken");
    let login = serde_json::json!({"username": "root-1", "password": "Typed-in-1"});
    let login = app.anonymous().post("/auth/login", login).await.ok();
    assert_eq!(login["password_change_required"], serde_json::json!(false));

    let (code, table, _) = said(&duban(Some(&app), &["report", "compliance", "--year", "2020"], ""));
    assert!(code == 0 && table.contains("合计"), "{table}");
    let (code, json, _) = said(&duban(Some(&app), &["report", "compliance", "--format", "json"], ""));
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &report["as_of"]), (0, &serde_json::json!("2020-01-05")));
    let (code, csv, _) = said(&duban(Some(&app), &["report", "compliance", "--format", "csv"], ""));
    assert!(code == 0 && csv.starts_with("\u{feff}as_of,"), "{csv}");
    let workbook = duban(Some(&app), &["report", "compliance", "--format", "xlsx"], "").stdout;
    let book = duban::platform::sheet::read::read(&workbook, "report.xlsx").unwrap();
    assert_eq!(book.sheets[0].lines[0].cell(0).text, "as_of");
    let wrong = ["report", "compliance", "--format", "xlsx", "--layout", "9"];
    let (code, _, error) = said(&duban(Some(&app), &wrong, ""));
    assert!(code == 1 && error.contains("layout_unknown"), "{code} {error}");
    assert_eq!(said(&duban(Some(&app), &["report", "compliance", "--as-of", "2020-01-06"], "")).0, 1);

    // Looking at it on a later day does not begin that day.
    let mut look = Command::new(env!("CARGO_BIN_EXE_duban"));
    look.args(["report", "compliance", "--format", "json"]).env("DATABASE_URL", &app.config.database_url);
    look.env("DUBAN_DATA_DIR", &app.config.data_dir).env("DUBAN_SECRET_FILE", &app.config.secret_file);
    let report: serde_json::Value = serde_json::from_slice(&look.output().unwrap().stdout).unwrap();
    assert_eq!(report["as_of"], serde_json::json!("2020-01-05"));
    assert_eq!(app.app.db.read(duban::platform::db::today).await.unwrap(), app.app.db.clock().today());

    let (code, out, error) = said(&duban(Some(&app), &["audit", "verify", "--json"], ""));
    let verified: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(code == 0 && verified["verified"].as_i64().unwrap() >= 2, "{out} {error}");
    let tamper = "UPDATE audit_entries SET details = '{}' WHERE id = 1";
    app.app.db.write(move |conn| Ok(diesel::RunQueryDsl::execute(diesel::sql_query(tamper), conn)?)).await.unwrap();
    let (code, _, error) = said(&duban(Some(&app), &["audit", "verify"], ""));
    assert!(code == 1 && error.contains("entry 1"), "{code} {error}");
}

#[test]
fn the_business_date_is_that_of_the_configured_zone_whatever_zone_the_server_is_in() {
    let folder = tempfile::tempdir().unwrap();
    for zone in ["Asia/Shanghai", "Pacific/Kiritimati", "America/Los_Angeles"] {
        for server in ["UTC", "America/New_York", "Asia/Tokyo"] {
            let today = || chrono::Utc::now().with_timezone(&zone.parse::<chrono_tz::Tz>().unwrap()).date_naive();
            let before = today();
            let database = format!("sqlite://{}/{}-{}.db", folder.path().display(), &zone[..4], &server[..3]);
            let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
            command.args(["check-config", "--timezone", zone, "--database-url", &database]).env("TZ", server);
            let output = command.current_dir(folder.path()).env_remove("DUBAN_TODAY").output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            // The day may have turned meanwhile.
            let said = [before, today()].iter().any(|day| out.contains(&format!("business date {day}")));
            assert!(said, "{zone} on a server in {server}: {out}");
        }
    }
}

#[actix_web::test]
async fn the_demo_shows_every_verdict_and_every_light() {
    let folder = tempfile::tempdir().unwrap();
    // Kept until the end: its worker would go on waiting for a database that went with its folder.
    let beside = TestApp::start(1, 5).await;
    let config = duban::demo::scratch(&beside.config, folder.path());
    let app = duban::demo::load(&config).await.unwrap();
    let nodes = app.db.read(|conn| {
        let page = duban::platform::PageRequest::new("time-nodes", None, None, true)?;
        let day = duban::platform::db::today(conn)?;
        let reach = duban::access::actor::Reach { subtrees: vec!["/1/".into()], units: vec![] };
        Ok(duban::time_nodes::store::list(conn, &page, &reach, &Default::default(), day)?.0)
    });
    let nodes = nodes.await.unwrap();
    for verdict in duban::time_nodes::Verdict::ALL {
        assert!(nodes.iter().any(|node| node.verdict == *verdict), "{verdict:?}");
    }
    for light in duban::time_nodes::Light::ALL {
        assert!(nodes.iter().any(|node| node.light == *light), "{light:?}");
    }
    assert!(nodes.iter().any(|node| node.reported_late) && nodes.iter().any(|node| node.returned));
    assert!(nodes.iter().any(|node| node.due_on != node.original_due_on));
    // What it says to try, and the node that the README reports on, are as they are said to be.
    let (begun, free) = app
        .db
        .read(|conn| {
            let drafts = |conn: &mut _, node| duban::progress::drafts::of_node(conn, duban::time_nodes::NodeId(node));
            Ok((drafts(conn, 731)?, drafts(conn, 474)?))
        })
        .await
        .unwrap();
    assert_eq!((begun.len(), begun[0].id.0, free.len()), (1, 1, 0));
    for (node, unit) in [(731, 5), (474, 5)] {
        let node = nodes.iter().find(|listed| listed.id.0 == node).unwrap();
        assert_eq!((node.verdict, node.unit_id.0), (duban::time_nodes::Verdict::Overdue, unit));
    }
    the_whole_cycle(&app).await;
    let greeting = duban::demo::greeting("127.0.0.1:8080", &config);
    let again = duban::demo::load(&config).await.err().unwrap_or_default();
    assert!(again.contains("before the latest record, 2020-09-30"), "a second time is refused: {again}");
    assert!(greeting.contains(&format!("--database-url sqlite://{}/demo.db", folder.path().display())), "{greeting}");
}

/// Beside the lists the demo's year holds standards, findings, meetings and bulletins.
async fn the_whole_cycle(app: &duban::app::App) {
    use duban::findings::model::FindingState;
    use duban::reports::actions::{Asked, compliance};
    use duban::reports::model::GroupBy;
    let (met, states, heads, released) = app
        .db
        .read(|conn| {
            let mut met: Vec<Vec<i64>> = vec![];
            for (month, date) in [(3, 31), (6, 30), (9, 30)] {
                let asked = Asked { as_of: Some(day(month, date)), ..Asked::default() };
                let report = compliance(conn, &duban::access::Actor::operator(), asked, Some(GroupBy::Unit))?;
                let branches = report.groups.iter().filter(|group| group.counts.compliance.of > 0);
                met.push(branches.map(|group| group.counts.compliance.met).collect());
            }
            let mut states = vec![];
            for id in 1..=13 {
                states.push(duban::findings::store::get(conn, duban::findings::FindingId(id))?.state);
            }
            let mut heads = vec![];
            for id in 1..=2 {
                let meeting = duban::meetings::MeetingId(id);
                heads.push(duban::meetings::attendance::of_meeting(conn, meeting)?.summary.head_count);
            }
            let bulletin = duban::bulletins::store::get(conn, duban::bulletins::BulletinId(1))?;
            Ok((met, states, heads, bulletin.release.is_some()))
        })
        .await
        .unwrap();
    assert!(met.iter().all(|branches| branches.len() == 7), "{met:?}");
    for branch in 0..7 {
        assert!(met[0][branch] < met[1][branch] && met[1][branch] < met[2][branch], "{branch} {met:?}");
    }
    assert!(FindingState::ALL.iter().all(|state| states.contains(state)), "{states:?}");
    assert_eq!((heads, released), (vec![9, 21], true));
    // The finding about overdue elections was closed in July, so the clause about them is met by September.
    let met = "SELECT COUNT(*) AS n FROM assessment_results r JOIN assessments a ON a.id = r.assessment_id
        JOIN clauses c ON c.id = r.clause_id JOIN unit_facts u ON u.unit_id = a.unit_id AND u.recorded_to IS NULL
        WHERE c.title = '按期换届' AND r.result = 'met' AND a.check_recorded_on = '2020-09-28' AND u.name = '第六党支部'";
    let met =
        app.db.read(move |conn| Ok(diesel::RunQueryDsl::get_result::<Count>(diesel::sql_query(met), conn)?)).await;
    assert_eq!(met.unwrap().n, 1);
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

#[actix_web::test]
async fn whoever_reads_a_report_may_stop_reading() {
    let app = TestApp::start(1, 5).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command.args(["report", "compliance", "--format", "csv"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("DATABASE_URL", &app.config.database_url).env("DUBAN_DATA_DIR", &app.config.data_dir);
    command.env("DUBAN_SECRET_FILE", &app.config.secret_file).env("RUST_LOG", "warn");
    let mut child = command.env("DUBAN_TODAY", app.app.db.clock().today().to_string()).spawn().unwrap();
    // Nobody reads: the first line already finds the pipe broken.
    drop(child.stdout.take());
    let (code, _, error) = said(&child.wait_with_output().unwrap());
    assert_eq!((code, error.as_str()), (0, ""));
}
