//! Lists in and out as spreadsheets: templates, the dry run with every reading and every problem, the commit, a second
//! import of what has changed, and the untouched export that changes nothing.

use duban::access::Role;
use duban::platform::sheet::What;
use serde_json::{Value, json};

use crate::command_line::{duban, said};
use crate::support::sheets::{book, csv, problems, workbook};
use crate::support::{Scene, day, id};

const HEADS: &[&str] = &["工作要点", "工作任务", "责任单位", "完成时限"];

/// A committee with three branches, named as lists name them.
async fn scene() -> Scene {
    let scene = Scene::set(1, 5, 3).await;
    let names = [(scene.committee, "机关党委"), (scene.office, "党群工作部")];
    let branches = scene.branches.iter().copied().zip(["第一党支部", "第二党支部", "第三党支部"]);
    for (unit, name) in names.into_iter().chain(branches) {
        scene.admin.patch(&format!("/units/{unit}"), json!({"name": name})).await.ok();
    }
    scene
}

fn fields(difference: &Value) -> Vec<(String, Value, Value)> {
    let field =
        |field: &Value| (field["field"].as_str().unwrap().to_owned(), field["before"].clone(), field["after"].clone());
    difference["fields"].as_array().unwrap().iter().map(field).collect()
}

#[actix_web::test]
async fn a_template_has_all_that_a_writer_needs_and_imports_as_nothing() {
    let scene = scene().await;
    let plan = scene.plan().await;
    for list in ["units", "accounts", "tasks", "standards", "findings"] {
        let bytes = scene.department.download(&format!("/imports/templates/{list}"), "*/*").await;
        let read = book(&bytes);
        let heads = &read.sheets[0].lines[0].cells;
        assert!(heads.iter().any(|head| head.text.ends_with('*')), "{list}: required columns are marked");
        assert_eq!(heads.last().unwrap().text, format!("duban:{list}:1"));
        assert_eq!(read.sheets[0].lines[1].cells[0].text, "示例");
        assert!(read.sheets[1].lines.len() > 8, "{list}: instructions");
        let xml = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(xml.contains("state=\"frozen\"") && xml.contains("hidden=\"1\""), "{list}");
        assert_eq!(xml.contains("<dataValidation "), list != "none");
        assert!(!xml.contains("<f>"), "{list}: no formula");
    }
    let bytes = scene.department.download("/imports/templates/tasks", "*/*").await;
    let made = scene.department.hand_in(&format!("plan_id={plan}"), "模板.xlsx", &bytes).await.created();
    assert_eq!(
        (&made["list"], &made["counts"]["rows"], &made["counts"]["problems"]),
        (&json!("tasks"), &json!(0), &json!(0))
    );
}

/// A part of a workbook as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[actix_web::test]
async fn a_dry_run_shows_who_will_owe_what_and_when_and_changes_nothing() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let rows: &[&[&str]] = &[
        &["2020年党建工作任务清单"],
        HEADS,
        &["组织建设", "按期换届", "第一至三党支部", "每季度"],
        &["", "党课", "党群工作部牵头，各党支部配合", "6月底前"],
        &["作风建设", "调研", "除第三党支部外各支部", "2020-09-30"],
    ];
    let made =
        scene.department.hand_in(&format!("plan_id={plan}"), "清单.xlsx", &workbook("清单", rows)).await.created();
    let counts = json!({"rows": 3, "added": 3, "changed": 0, "removed": 0, "unchanged": 0, "problems": 0});
    assert_eq!(made["counts"], counts, "{made:#}");
    let reading = |row: usize| &made["outcome"]["differences"][row]["reading"];
    assert_eq!(reading(0)["owing"], json!(scene.branches));
    let due: Vec<_> =
        reading(0)["deadlines"][0]["nodes"].as_array().unwrap().iter().map(|node| &node["due_on"]).collect();
    assert_eq!(due, ["2020-03-31", "2020-06-30", "2020-09-30", "2020-12-31"]);
    assert_eq!(reading(1)["owing"], json!([scene.office]));
    assert_eq!(reading(2)["owing"], json!(scene.branches[..2]));
    assert_eq!(made["outcome"]["differences"][1]["key"], json!("组织建设 / 党课"));
    assert_eq!(made["outcome"]["sheets"][0]["head_row"], json!(2));
    assert!(scene.department.get(&format!("/plans/{plan}/key-points")).await.items().is_empty(), "nothing is changed");

    let done = scene.department.post(&format!("/imports/{}/commit", made["id"]), json!({})).await.ok();
    assert_eq!((&done["state"], &done["committed_on"]), (&json!("committed"), &json!("2020-01-05")));
    let list = scene.department.get(&format!("/plans/{plan}/task-list")).await.ok();
    let points = list["key_points"].as_array().unwrap();
    assert_eq!(points.iter().map(|point| &point["title"]).collect::<Vec<_>>(), ["组织建设", "作风建设"]);
    assert_eq!(points[0]["tasks"][1]["code"], json!("1.2"));
    scene.department.post(&format!("/imports/{}/commit", made["id"]), json!({})).await.refused(409, "import_committed");
    assert_eq!(scene.audited("import.commit").await.len(), 1);
}

#[actix_web::test]
async fn a_second_import_shows_what_was_added_changed_and_removed() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let scope = format!("plan_id={plan}");
    let first: &[&[&str]] = &[
        HEADS,
        &["组织建设", "按期换届", "各党支部", "每季度"],
        &["组织建设", "党课", "第一党支部、第二党支部", "6月底前"],
        &["作风建设", "调研", "党群工作部", "9月底前"],
    ];
    scene.department.import(&scope, first, json!({})).await;
    let again = scene.department.import(&scope, first, json!({})).await;
    assert_eq!(again["counts"]["unchanged"], json!(3), "the same words mean the same: {again:#}");

    let second: &[&[&str]] = &[
        HEADS,
        &["组织建设", "按期换届", "各党支部", "每季度"],
        &["组织建设", "党课", "第一党支部、第三党支部", "7月底前"],
        &["作风建设", "走访", "党群工作部", "待定"],
    ];
    let made = scene.department.import(&scope, second, json!({})).await;
    let expected = json!({"rows": 3, "added": 1, "changed": 1, "removed": 1, "unchanged": 1, "problems": 0});
    assert_eq!(made["counts"], expected);
    let changed = &made["outcome"]["differences"][0];
    assert_eq!((&changed["kind"], &changed["row"]), (&json!("changed"), &json!(3)));
    let said: Vec<_> = fields(changed).into_iter().map(|(field, _, after)| (field, after)).collect();
    assert_eq!(
        said,
        [("responsible".to_owned(), json!("第一党支部、第三党支部")), ("deadline".to_owned(), json!("7月底前"))]
    );
    assert_eq!(made["outcome"]["differences"][2]["kind"], json!("removed"));
    let kept = scene.department.get(&format!("/imports/{}", made["id"])).await.ok();
    assert_eq!((&kept["state"], &kept["counts"]["removed"]), (&json!("committed"), &json!(0)), "nothing was removed");
    let titles = async || {
        let list = scene.department.get(&format!("/plans/{plan}/task-list")).await.ok();
        let points = list["key_points"].as_array().unwrap().clone();
        points
            .iter()
            .flat_map(|point| point["tasks"].as_array().unwrap().clone())
            .map(|task| task["title"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["按期换届", "党课", "调研", "走访"], "what the file does not have stays");
    let made = scene.department.import(&scope, second, json!({"remove": true})).await;
    assert_eq!(titles().await, ["按期换届", "党课", "走访"]);
    let kept = scene.department.get(&format!("/imports/{}", made["id"])).await.ok();
    assert_eq!(kept["counts"]["removed"], json!(1));

    // A change shows who will owe it and when, also where only the one or the other changes.
    for (who, when, owing, due) in [
        ("第一党支部、第三党支部", "8月底前", vec![scene.branches[0], scene.branches[2]], "2020-08-31"),
        ("第二党支部", "7月底前", vec![scene.branches[1]], "2020-07-31"),
    ] {
        let third: &[&[&str]] = &[HEADS, &["组织建设", "党课", who, when]];
        let made = scene.department.hand_in(&scope, "a.xlsx", &workbook("表", third)).await.created();
        let reading = &made["outcome"]["differences"][0]["reading"];
        let deadline = &reading["deadlines"][0]["nodes"][0]["due_on"];
        assert_eq!((&reading["owing"], deadline), (&json!(owing), &json!(due)), "{made:#}");
    }
}

#[actix_web::test]
async fn of_an_issued_plan_an_import_is_one_revision_with_a_reason() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let scope = format!("plan_id={plan}");
    let first: &[&[&str]] =
        &[HEADS, &["组织建设", "换届", "第一党支部", "2020-06-30"], &["组织建设", "党课", "各党支部", "每季度"]];
    scene.department.import(&scope, first, json!({})).await;
    scene.issue(plan).await;
    let second: &[&[&str]] = &[
        HEADS,
        &["组织建设", "换届", "第一党支部", "2020-07-20"],
        &["组织建设", "党课", "各党支部", "每季度"],
        &["作风建设", "调研", "第二党支部", "9月底前"],
        &["作风建设", "走访", "第三党支部", "10月底前"],
    ];
    let made = scene.department.hand_in(&scope, "a.csv", &csv(second)).await.created();
    let commit = format!("/imports/{}/commit", made["id"]);
    assert_eq!(scene.department.post(&commit, json!({})).await.refused(422, "reason_required"), "/reason");
    let plan_now = async || scene.department.get(&format!("/plans/{plan}")).await.ok();
    assert_eq!(plan_now().await["revision"], json!(0), "a refusal changes nothing");
    scene.department.post(&commit, json!({"reason": "按上级要求调整"})).await.ok();
    assert_eq!(plan_now().await["revision"], json!(1));
    let revisions = scene.department.get(&format!("/plans/{plan}/revisions")).await.items();
    assert_eq!(revisions[0]["reason"], json!("按上级要求调整"));
    assert_eq!(revisions[0]["time_nodes"]["created"].as_array().unwrap().len(), 2);
    assert_eq!(revisions[0]["time_nodes"]["extended"].as_array().unwrap().len(), 1, "{:#}", revisions[0]);
    // An issued day can't move forward: the dry run says so at its cell.
    let earlier: &[&[&str]] = &[HEADS, &["组织建设", "换届", "第一党支部", "2020-05-31"]];
    let made = scene.department.hand_in(&scope, "a.xlsx", &workbook("表", earlier)).await.created();
    assert_eq!(problems(&made), [("D2".to_owned(), "due_earlier".to_owned())]);
}

#[actix_web::test]
async fn every_problem_names_its_cell_and_comes_back_beside_its_row() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let rows: &[&[&str]] = &[
        &["标题"],
        HEADS,
        &["组织建设", "换届", "第一党支部", "3月初"],
        &["组织建设", "", "各党支部", "6月底前"],
        &["组织建设", "党课", "第九党支部", "每周"],
        &["组织建设", "调研", "相关部门", ""],
        &["组织建设", "培训", "第二党支部", "每季度"],
        &["组织建设", "培训", "第三党支部", "每季度"],
    ];
    let made =
        scene.department.hand_in(&format!("plan_id={plan}"), "清单.xlsx", &workbook("清单", rows)).await.created();
    let expected = [
        ("D3", "deadline_unread"),
        ("B4", "cell_blank"),
        ("C5", "units_unread"),
        ("D5", "deadline_unread"),
        ("C6", "units_unread"),
        ("D6", "deadline_blank"),
        ("8", "row_twice"),
    ];
    assert_eq!(problems(&made), expected.map(|(cell, code)| (cell.to_owned(), code.to_owned())));
    let first = &made["outcome"]["problems"][0];
    assert_eq!(
        (&first["sheet"], &first["head"], &first["value"]),
        (&json!("清单"), &json!("完成时限"), &json!("3月初"))
    );
    assert_eq!(first["proposal"], json!("3月上旬"));
    scene.department.post(&format!("/imports/{}/commit", made["id"]), json!({})).await.refused(422, "import_problems");
    assert!(scene.department.get(&format!("/plans/{plan}/key-points")).await.items().is_empty());

    let marked = scene.department.download(&format!("/imports/{}/workbook", made["id"]), "*/*").await;
    let sheet = book(&marked).sheets.remove(0);
    let beside = |row: usize| sheet.lines[row].cells.last().unwrap().text.clone();
    assert_eq!((sheet.name.as_str(), sheet.lines.len(), beside(0).as_str()), ("清单", 8, "导入问题 Problems"));
    assert_eq!(sheet.lines[2].cells[3].text, "3月初", "the file's own cells are there");
    assert!(beside(2).starts_with("D3：") && beside(4).contains("C5：") && beside(4).contains("D5："), "{}", beside(4));
    assert_eq!(sheet.lines[6].cells.len(), 4, "nothing beside a row that is right");
}

#[actix_web::test]
async fn words_for_persons_and_days_of_another_year_are_confirmed() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let rows: &[&[&str]] = &[HEADS, &["组织建设", "谈心谈话", "班子成员", "每季度"]];
    let made = scene.department.hand_in(&format!("plan_id={plan}"), "a.xlsx", &workbook("表", rows)).await.created();
    assert_eq!(made["outcome"]["to_confirm"], json!(["班子成员"]));
    let commit = format!("/imports/{}/commit", made["id"]);
    assert_eq!(scene.department.post(&commit, json!({})).await.refused(422, "import_unconfirmed"), "/confirm");
    scene.department.post(&commit, json!({"confirm": true})).await.ok();
}

#[actix_web::test]
async fn a_commit_does_what_was_shown_or_nothing_and_only_for_whom_it_was_shown() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let rows: &[&[&str]] = &[HEADS, &["组织建设", "换届", "第一党支部", "每季度"]];
    let made = scene.department.hand_in(&format!("plan_id={plan}"), "a.xlsx", &workbook("表", rows)).await.created();
    let commit = format!("/imports/{}/commit", made["id"]);
    scene.leader.post(&commit, json!({})).await.refused(403, "forbidden");
    scene.leader.get(&format!("/imports/{}", made["id"])).await.refused(403, "forbidden");
    scene
        .secretary()
        .hand_in(&format!("plan_id={plan}"), "a.xlsx", &workbook("表", rows))
        .await
        .refused(403, "forbidden");
    // Of whoever may write no list anywhere not even the file is read.
    let picture = b"\x89PNG\r\n\x1a\n";
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    cadre.hand_in("list=units", "a.xlsx", picture).await.refused(403, "forbidden");
    scene.admin.hand_in("list=units", "a.xlsx", picture).await.refused(415, "sheet_type");
    // Nor for somebody else with the same post.
    let other = scene.app.person("other", Role::Department, Some(scene.committee)).await;
    other.post(&commit, json!({})).await.refused(403, "forbidden");
    for path in ["", "/workbook"] {
        other.get(&format!("/imports/{}{path}", made["id"])).await.refused(403, "forbidden");
    }
    scene.task(plan, "组织建设", &[scene.branches[0]], json!([{"due_on": day(6, 30)}])).await;
    scene.department.post(&commit, json!({})).await.refused(409, "import_stale");
    let now = scene.department.get(&format!("/imports/{}", made["id"])).await.ok();
    assert_eq!(now["outcome"]["counts"]["removed"], json!(1), "read again, against the list as it is now");
    // The file is swept after a day; then it must be handed in again.
    let sha = made["sha256"].as_str().unwrap();
    std::fs::remove_file(scene.app.folder().join("evidence").join(&sha[..2]).join(sha)).unwrap();
    scene.department.post(&commit, json!({})).await.refused(409, "import_gone");
}

#[actix_web::test]
async fn what_only_the_commit_finds_refuses_all_of_it() {
    let scene = scene().await;
    // A dry run of more than a thousand changes tries none of them out.
    let names: Vec<String> = (0..1001).map(|number| format!("新支部{number}")).collect();
    let mut rows: Vec<[&str; 3]> = vec![["组织名称", "组织类型", "上级组织"]];
    rows.extend(names.iter().map(|name| [name.as_str(), "党支部", "机关党委"]));
    rows.push(["无上级支部", "党支部", ""]);
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    let made = scene.admin.hand_in("", "a.xlsx", &workbook("表", &rows)).await.created();
    assert_eq!(
        (&made["counts"]["added"], &made["counts"]["problems"]),
        (&json!(1002), &json!(0)),
        "{:#}",
        made["outcome"]["problems"]
    );
    let before = scene.admin.get("/units?limit=200").await.items().len();
    let commit = format!("/imports/{}/commit", made["id"]);
    let refused = scene.admin.post(&commit, json!({})).await;
    assert_eq!(refused.refused(422, "import_problems"), "表!C1003");
    assert_eq!(scene.admin.get("/units?limit=200").await.items().len(), before, "none of the thousand came in");
    assert_eq!(scene.admin.get(&format!("/imports/{}", made["id"])).await.ok()["state"], json!("checked"));
}

#[actix_web::test]
async fn a_year_that_is_none_is_refused() {
    let scene = scene().await;
    let rows: &[&[&str]] = &[&["问题", "来源", "责任组织"], &["记录不全", "上级检查", "第一党支部"]];
    for year in ["0", "-5", "1899", "2200", "99999"] {
        let answer =
            scene.department.hand_in(&format!("list=findings&year={year}"), "a.xlsx", &workbook("表", rows)).await;
        assert_eq!(answer.status, 422, "{year}: {}", answer.text);
    }
}

#[actix_web::test]
async fn units_and_accounts_come_in_as_tables() {
    let scene = scene().await;
    let admin = &scene.admin;
    let units: &[&[&str]] = &[
        &["党组织名称", "类别", "上级党组织", "简称", "成立时间"],
        &["研发第一党支部", "支部", "研发党总支", "研一支、研发一支部", "2019年7月1日"],
        &["研发党总支", "党总支", "机关党委", "", ""],
    ];
    admin.import("list=units", units, json!({})).await;
    let all = admin.get("/units?limit=200").await.items();
    let find = |name: &str| all.iter().find(|unit| unit["name"] == json!(name)).unwrap().clone();
    let branch = find("研发第一党支部");
    assert_eq!(branch["parent_id"], find("研发党总支")["id"], "a unit above may stand further down");
    assert_eq!((&branch["short_names"][1], &branch["established_on"]), (&json!("研发一支部"), &json!("2019-07-01")));
    scene.department.hand_in("list=units", "a.xlsx", &workbook("表", units)).await.refused(403, "forbidden");

    let accounts: &[&[&str]] = &[
        &["账号", "姓名", "所在党组织", "职务", "任职时间"],
        &["rd-secretary", "研发一支部书记", "研一支", "书记", "2020.1.1"],
        &["", "", "研发党总支", "副书记", "2020-01-02"],
        &["secretary-1", "第一党支部书记", "第一党支部", "书记", "2020-01-01"],
    ];
    let made = admin.hand_in("", "a.csv", &csv(accounts)).await.created();
    assert_eq!(made["list"], json!("accounts"), "told from its columns");
    let commit = format!("/imports/{}/commit", made["id"]);
    assert_eq!(admin.post(&commit, json!({})).await.refused(422, "first_password_required"), "/first_password");
    assert_eq!(
        admin.post(&commit, json!({"first_password": "x"})).await.refused(422, "password_weak"),
        "/first_password"
    );
    admin.post(&commit, json!({"first_password": "Welcome-2020"})).await.ok();
    let login = json!({"username": "rd-secretary", "password": "Welcome-2020"});
    let login = scene.app.anonymous().post("/auth/login", login).await.ok();
    assert_eq!(login["password_change_required"], json!(true));
    let posts = admin.get(&format!("/appointments?unit_id={}", branch["id"])).await.items();
    assert_eq!((posts.len(), &posts[0]["role"]), (1, &json!("secretary")));
}

#[actix_web::test]
async fn clauses_and_findings_come_in_as_tables() {
    let scene = scene().await;
    let department = &scene.department;
    let set = json!({"unit_id": scene.committee, "title": "党支部标准化建设标准", "edition": "2020"});
    let set = id(&department.post("/standard-sets", set).await.created());
    let clauses: &[&[&str]] = &[
        &["编号", "项目", "标准内容", "评分标准", "分数", "否决项", "有效期"],
        &["1.1", "基本组织", "按期换届", "届满前完成", "2.5", "是", "12"],
        &["1.2", "", "班子健全", "", "3", "", ""],
    ];
    let scope = format!("set_id={set}&list=standards");
    department.import(&scope, clauses, json!({})).await;
    let made = department.get(&format!("/standard-sets/{set}/clauses")).await.items();
    assert_eq!(made.iter().map(|clause| &clause["category"]).collect::<Vec<_>>(), ["基本组织", "基本组织"]);
    assert_eq!(
        (&made[0]["points"], &made[0]["mandatory"], &made[0]["evidence_months"]),
        (&json!(2.5), &json!(true), &json!(12))
    );
    department.round_trip("standards", &scope).await;
    department.post(&format!("/standard-sets/{set}/publish"), json!({})).await.ok();
    department.round_trip("standards", &scope).await;
    let changed: &[&[&str]] = &[clauses[0], &["1.1", "基本组织", "按期换届", "届满前完成", "5", "是", "12"]];
    let made = department.hand_in(&scope, "a.xlsx", &workbook("表", changed)).await.created();
    assert_eq!(problems(&made), [("2".to_owned(), "import_set_published".to_owned())]);

    let findings: &[&[&str]] = &[
        &["存在问题", "问题来源", "反馈日期", "整改类型", "责任单位", "整改措施", "责任领导", "整改时限"],
        &[
            "记录不完整",
            "2019年度党建考核组",
            "2020-01-03",
            "限期整改",
            "第一党支部",
            "补齐记录",
            "支部书记",
            "4月30日前",
        ],
        &["", "", "", "", "", "专人负责", "", "2020-05-31"],
        &["学习不经常", "2019年度党建考核组", "2020-01-03", "长期坚持", "各党支部", "", "", ""],
    ];
    let scope = "list=findings&year=2020";
    department.import(scope, findings, json!({})).await;
    let all = department.get("/findings?year=2020").await.items();
    assert_eq!(all.len(), 2);
    let days: Vec<_> = all[0]["measures"].as_array().unwrap().iter().map(|measure| &measure["due_on"]).collect();
    assert_eq!(days, ["2020-04-30", "2020-05-31"]);
    assert_eq!(all[1]["units"].as_array().unwrap().len(), 3);
    let again = department.import(scope, findings, json!({})).await;
    assert_eq!(again["counts"]["unchanged"], json!(3), "{again:#}");
    department.round_trip("findings", scope).await;
}

#[actix_web::test]
async fn texts_that_look_like_formulas_come_back_as_they_were() {
    let scene = scene().await;
    let plan = scene.plan().await;
    let point =
        id(&scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "=1+1"})).await.created());
    let hostile = ["=cmd|' /C calc'!A0", "+86 371", "-1", "@SUM(A1)", "'quoted'", "a\tb\nc", "_x000D_", "\"q\",，；、"];
    for text in hostile {
        let task = json!({
            "title": text, "requirement": format!("{text}\r\n{text}"), "deliverable": text, "tags": [text],
            "responsibilities": [{"unit_id": scene.branches[0], "part": "responsible", "person": text}],
            "entries": [{"due_on": "2020-06-30", "title": text}, {"unscheduled": true, "words": text}],
        });
        scene.department.post(&format!("/key-points/{point}/tasks"), task).await.created();
    }
    let bytes = scene.department.download(&format!("/exports/tasks?plan_id={plan}"), "*/*").await;
    let cells = book(&bytes).sheets[0].lines.iter().flat_map(|line| line.cells.clone()).collect::<Vec<_>>();
    assert!(cells.iter().all(|cell| matches!(cell.what, What::Text | What::Empty)), "text cells only");
    assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
    let table = scene.department.download(&format!("/exports/tasks?plan_id={plan}"), "text/csv").await;
    let table = String::from_utf8(table).unwrap();
    assert!(table.contains("'=cmd") && table.contains("''quoted'"), "{table}");
    scene.department.round_trip("tasks", &format!("plan_id={plan}")).await;
}

#[actix_web::test]
async fn an_operator_imports_from_the_command_line() {
    let scene = scene().await;
    let plan = scene.plan().await.to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("清单.xlsx");
    let rows: &[&[&str]] = &[HEADS, &["组织建设", "换届", "第一党支部", "6月底前"]];
    std::fs::write(&file, workbook("清单", rows)).unwrap();
    let path = file.to_str().unwrap();
    let run = |arguments: &[&str]| {
        said(&duban(Some(&scene.app), &[&["import", path, "--plan", &plan][..], arguments].concat(), ""))
    };
    let (code, out, _) = run(&["--as", "department", "--dry-run"]);
    assert!(code == 0 && out.contains("+ 组织建设 / 换届") && out.contains("第一党支部: 2020-06-30"), "{code} {out}");
    assert!(out.contains("1 rows: 1 added"), "{out}");
    assert!(scene.department.get(&format!("/plans/{plan}/key-points")).await.items().is_empty());
    let (code, _, error) = run(&["--dry-run"]);
    assert!(code == 1 && error.contains("forbidden"), "the operator writes no plan: {code} {error}");
    let (code, out, error) = run(&["--as", "department"]);
    assert!(code == 0 && out.contains("imported"), "{code} {out} {error}");
    let (code, out, _) = run(&["--as", "department", "--dry-run", "--json"]);
    let outcome: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &outcome["counts"]["unchanged"]), (0, &json!(1)));
    std::fs::write(&file, workbook("清单", &[HEADS, &["组织建设", "换届", "第一党支部", "3月初"]])).unwrap();
    let (code, out, error) = run(&["--as", "department"]);
    assert!(code == 1 && out.contains("! 清单!D2 3月初") && error.contains("1 problems"), "{code} {out} {error}");
}
