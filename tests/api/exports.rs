//! Every list and report that is answered as CSV is answered as XLSX, with the same cells.

use duban::access::Role;
use duban::platform::sheet::XLSX;
use serde_json::json;

use crate::command_line::{duban, said};
use crate::support::{Persona, Scene, day, id, operations};

/// A year with something in every list: `{id}` of most addresses is 1.
async fn year() -> (Scene, Persona) {
    let scene = Scene::set(3, 10, 2).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30), day(9, 30)]).await;
    let report = scene.complete(nodes[0]).await;
    scene.give_back(&report, "not_done").await;
    let draft = json!({"kind": "progress", "text": "=1+1", "percent": 40});
    scene.secretary().post(&format!("/time-nodes/{}/drafts", nodes[0]), draft).await.created();
    let asked = json!({"due_on": "2020-09-01", "reason": "@later"});
    scene.secretary().post(&format!("/time-nodes/{}/extensions", nodes[1]), asked).await.created();
    scene.department.post("/urges", json!({"time_node_ids": [nodes[0]]})).await;
    scene.department.post("/tasks/1/comments", json!({"text": "-尽快"})).await.created();
    let finding = json!({"title": "'台账不全", "kind": "immediate", "unit_ids": [scene.branches[0]],
        "source": {"body": "考核组", "on": "2020-01-03"}});
    let finding = id(&scene.department.post("/findings", finding).await.created());
    let measure = json!({"unit_id": scene.branches[0], "text": "+补齐", "due_on": "2020-04-30"});
    scene.secretary().post(&format!("/findings/{finding}/measures"), measure).await.created();
    let meeting = scene.call_meeting(&[scene.branches[0]]).await;
    let opinion = json!({"unit_id": scene.branches[0], "text": "请公司支持"});
    scene.secretary().post(&format!("/meetings/{meeting}/opinions"), opinion).await;
    scene.app.turn_to(day(3, 24));
    scene.hold(meeting, 3, 2).await;
    // It is uploaded by who reads it below.
    scene.department.upload("签到表.txt", "到会五人".as_bytes()).await.created();
    let set = json!({"unit_id": scene.committee, "title": "标准", "edition": "2020"});
    let set = id(&scene.department.post("/standard-sets", set).await.created());
    let clause = json!({"category": "组织", "code": "1.10", "title": "按期换届", "points": 2.5});
    scene.department.post(&format!("/standard-sets/{set}/clauses"), clause).await.created();
    scene.department.post(&format!("/standard-sets/{set}/publish"), json!({})).await.ok();
    let assessment = json!({"unit_id": scene.branches[0]});
    scene.secretary().post("/assessments", assessment).await.created();
    let columns = json!([{"field": "id", "head": "编号"}]);
    let layout = json!({"unit_id": scene.committee, "name": "表", "columns": columns});
    scene.department.post("/layouts", layout).await.created();
    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    duban::worker::seal_all(&scene.app.app).await.unwrap();
    (scene, auditor)
}

/// What must be said besides the address.
fn query(path: &str) -> &'static str {
    match path {
        "/opinions" | "/decisions" | "/urges" => "?unit_id=1",
        "/search" => "?q=Due",
        _ => "",
    }
}

/// The same cell, as a number where the workbook holds one: 60.0 and 60.
fn same(csv: &str, xlsx: &str) -> bool {
    csv == xlsx || csv.parse::<f64>().is_ok_and(|number| xlsx.parse::<f64>() == Ok(number))
}

#[actix_web::test]
async fn whatever_is_answered_as_csv_is_answered_as_xlsx_with_the_same_cells() {
    let (scene, auditor) = year().await;
    let mut compared = (0, 0, 0);
    for (method, template, operation) in operations() {
        let content = &operation["responses"]["200"]["content"];
        assert_eq!(
            content["text/csv"].is_object(),
            content[XLSX].is_object() && content["application/json"].is_object()
        );
        if content["text/csv"].is_null() {
            continue;
        }
        assert_eq!(method, "GET", "{template}");
        let parameters = operation["parameters"].as_array().unwrap();
        assert!(parameters.iter().any(|parameter| parameter["name"] == "layout_id"), "{template} names layout_id");
        let path = format!("{}{}", template.replace("{id}", "1"), query(&template));
        let people = [&scene.department, scene.secretary(), &scene.admin, &auditor];
        let mut tables = None;
        for who in people {
            let csv = who.get_as(&path, "text/csv").await;
            if csv.status == 200 {
                assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8", "{path}");
                tables = Some((csv, who.get_as(&path, XLSX).await));
                break;
            }
        }
        let Some((csv, xlsx)) = tables else {
            // Public reading is off, and there is no bulletin.
            assert!(
                ["/public/bulletins", "/bulletins/{id}/receipts"].contains(&template.as_str()),
                "{path}: nobody reads it"
            );
            continue;
        };
        assert_eq!(xlsx.header("content-type"), XLSX, "{path}: {}", xlsx.text);
        assert!(xlsx.header("content-disposition").ends_with(".xlsx\""), "{path}");
        if csv.text == "\u{feff}" {
            assert!(xlsx.table().is_empty(), "{path}");
            continue;
        }
        let (csv, xlsx) = (csv.table(), xlsx.table());
        assert_eq!(csv.len(), xlsx.len(), "{path}");
        for (left, right) in csv.iter().zip(&xlsx) {
            let blank = String::new();
            for column in 0..left.len().max(right.len()) {
                let (left, right) = (left.get(column).unwrap_or(&blank), right.get(column).unwrap_or(&blank));
                assert!(same(left, right), "{path}: {left:?} and {right:?}");
                compared.2 += usize::from(!left.is_empty());
            }
        }
        compared = (compared.0 + 1, compared.1 + csv.len() - 1, compared.2);
    }
    let (tables, rows, cells) = compared;
    assert!(tables >= 30 && rows >= 60 && cells >= 500, "{compared:?}: the year fills the tables");
}

#[actix_web::test]
async fn a_table_is_the_whole_list_and_has_no_pages() {
    let scene = Scene::set(1, 5, 0).await;
    let committee = scene.committee;
    let made = scene.app.app.db.write(move |conn| {
        for number in 0..1050 {
            let unit = json!({"name": format!("支部{number:04}"), "kind": "branch", "parent_id": committee});
            let unit: duban::units::model::NewUnit = serde_json::from_value(unit).unwrap();
            duban::units::actions::create(conn, &duban::access::Actor::operator(), unit)?;
        }
        Ok(())
    });
    made.await.unwrap();
    let table = scene.department.get_as("/units?kind=branch", XLSX).await.table();
    let name = table[0].iter().position(|head| head == "name").unwrap();
    let names: Vec<_> = table[1..].iter().map(|row| row[name].clone()).collect();
    let expected: Vec<_> = (0..1050).map(|number| format!("支部{number:04}")).collect();
    assert_eq!(names, expected);
    scene.department.get_as("/units?limit=1", XLSX).await.refused(422, "whole_list_only");
}

#[actix_web::test]
async fn what_a_change_answers_is_never_a_table() {
    let scene = Scene::set(3, 10, 1).await;
    let meeting = scene.call_meeting(&[]).await;
    let path = format!("/meetings/{meeting}/call");
    let body = json!({"unit_ids": [scene.branches[0]]});
    let request = scene.department.request("POST", &path).json(&body).header("accept", XLSX);
    assert_eq!(scene.department.send("POST", &path, request).await.items().len(), 1);
}

#[actix_web::test]
async fn an_operator_exports_from_the_command_line_what_comes_in_again_unchanged() {
    let (scene, _) = year().await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| said(&duban(Some(&scene.app), arguments, ""));
    let lists: [&[&str]; 5] = [
        &["units"],
        &["accounts"],
        &["tasks", "--plan", "1", "--as", "department"],
        &["standards", "--set", "1", "--as", "department"],
        &["findings", "--year", "2020", "--as", "department"],
    ];
    for list in lists {
        for ending in ["xlsx", "csv"] {
            let file = at(&format!("{}.{ending}", list[0]));
            let (code, out, error) = run(&[&["export", list[0], &file], &list[1..]].concat());
            assert_eq!((code, out.trim()), (0, file.as_str()), "{error}");
            let (code, out, error) = run(&[&["import", &file, "--dry-run"], &list[1..]].concat());
            let nothing = "0 added, 0 changed, ";
            assert!(
                code == 0 && out.contains(nothing) && out.contains(" 0 not in the file, 0 problems"),
                "{out}{error}"
            );
        }
    }
    let counts = at("counts.csv");
    assert_eq!(run(&["export", "compliance", &counts, "--year", "2020"]).0, 0);
    let csv = std::fs::read_to_string(&counts).unwrap();
    assert_eq!(csv.trim_end(), run(&["report", "compliance", "--year", "2020", "--format", "csv"]).1.trim_end());
    for what in
        ["trend", "path", "reviews", "unscheduled", "adjustments", "flags", "urge-list", "rectification", "attendance"]
    {
        let (code, _, error) = run(&["export", what, &at(&format!("{what}.xlsx")), "--as", "department"]);
        assert_eq!(code, 0, "{what}: {error}");
    }
    let plan = ["--plan", "1", "--as", "department"];
    for what in ["task-list", "responsibility-list"] {
        assert_eq!(run(&[&["export", what, &at(&format!("{what}.xlsx"))], &plan[..]].concat()).0, 0, "{what}");
    }
    let own = ["--as", "department", "--unit", "1"];
    for (what, more) in
        [("time-nodes", &[][..]), ("fill-in", &[]), ("year-sheet", &[]), ("monthly", &["--month", "2020-01"])]
    {
        let file = at(&format!("{what}.xlsx"));
        assert_eq!(run(&[&["export", what, &file], &own[..], more].concat()).0, 0, "{what}");
        assert!(std::fs::metadata(&file).unwrap().len() > 1000);
    }
}

#[actix_web::test]
async fn an_export_that_cant_be_as_asked_is_refused_and_leaves_no_file() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await.to_string();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let (code, _, error) = said(&duban(Some(&scene.app), &[&["export"], arguments].concat(), ""));
        (code, error)
    };
    for (code, words, arguments) in [
        (2, ".xlsx or .csv", &["units", &at("units.xls")] as &[&str]),
        (2, "must end in .xlsx", &["fill-in", &at("fill-in.csv")]),
        (2, "--month says nothing", &["units", &at("units.csv"), "--month", "2020-01"]),
        (2, "--plan must be given", &["tasks", &at("tasks.csv")]),
        (1, "forbidden", &["time-nodes", &at("nodes.csv")]),
        (1, "forbidden", &["tasks", &at("tasks.csv"), "--plan", &plan]),
    ] {
        let (answered, error) = run(arguments);
        assert_eq!(answered, code, "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(run(&["units", &at("units.csv")]).0, 0);
    let before = std::fs::read(at("units.csv")).unwrap();
    let (code, error) = run(&["units", &at("units.csv")]);
    assert!(code == 1 && error.contains("--overwrite"), "{error}");
    assert_eq!(run(&["units", &at("units.csv"), "--overwrite"]).0, 0);
    assert_eq!(std::fs::read(at("units.csv")).unwrap(), before);
}
