//! Workbooks that look like those of departments, written by openpyxl and by LibreOffice (`tests/corpus/`), import as
//! expected or are refused with their cells' names.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::Scene;
use crate::support::sheets::problems;

/// Made once a run.
static MADE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/make.py");
    let said = Command::new("python3").arg("-B").arg(script).arg(folder.path()).output().unwrap();
    let error = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.status.success(), "openpyxl is needed (scripts/test installs it): {error}");
    folder
});

/// A file as openpyxl wrote it, or with `-lo` as LibreOffice saved that again.
fn file(name: &str) -> Vec<u8> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/libreoffice");
    let folder: PathBuf = if name.ends_with("-lo") { kept } else { MADE.path().to_owned() };
    std::fs::read(folder.join(format!("{name}.xlsx"))).unwrap()
}

/// A committee with three branches, named as lists name them, and its draft.
async fn scene() -> (Scene, String) {
    let scene = Scene::set(1, 5, 3).await;
    let names = [(scene.committee, "机关党委"), (scene.office, "党群工作部")];
    let branches = scene.branches.iter().copied().zip(["第一党支部", "第二党支部", "第三党支部"]);
    for (unit, name) in names.into_iter().chain(branches) {
        scene.admin.patch(&format!("/units/{unit}"), json!({"name": name})).await.ok();
    }
    let plan = scene.plan().await;
    (scene, format!("plan_id={plan}"))
}

/// Each row as its key point and title, the units that owe it, and when it is due.
fn said(import: &Value) -> Vec<String> {
    let row = |difference: &Value| {
        let reading = &difference["reading"];
        let deadlines = reading["deadlines"].as_array().unwrap();
        let nodes = deadlines.iter().flat_map(|deadline| deadline["nodes"].as_array().unwrap());
        let days: Vec<_> = nodes.map(|node| node["due_on"].as_str().unwrap().trim_start_matches("2020-")).collect();
        let owing: Vec<_> = reading["owing"].as_array().unwrap().iter().map(Value::to_string).collect();
        format!("{} | {} | {}", difference["key"].as_str().unwrap(), owing.join(" "), days.join(" "))
    };
    import["outcome"]["differences"].as_array().unwrap().iter().map(row).collect()
}

#[actix_web::test]
async fn lists_of_every_make_are_read_as_they_are_meant() {
    let (scene, scope) = scene().await;
    // The committee is 1, the department 2, the branches 3 to 5.
    assert_eq!((scene.committee, scene.office, scene.branches.as_slice()), (1, 2, [3, 4, 5].as_slice()));
    let months = "01-31 02-29 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31";
    let tenths = "01-10 02-10 03-10 04-10 05-10 06-10 07-10 08-10 09-10 10-10 11-10 12-10";
    let plain = [
        "组织建设 / 按期换届 | 3 4 | 06-30",
        "组织建设 / 落实“三会一课” | 3 4 5 | 03-31 06-30 09-30 12-31",
        "作风建设 / 谈心谈话 | 3 4 5 | 06-30 12-31",
    ];
    let titled =
        [&format!("政治建设 / 理论学习 | 3 4 5 | {months}"), &format!("政治建设 / 主题党日 | 3 4 5 | {tenths}")];
    let merged = [
        "组织建设 / 换届选举 | 3 | 09-30",
        "组织建设 / 班子补选 | 4 | 09-30",
        "组织建设 / 党员发展 | 3 4 5 | 12-31",
        "队伍建设 / 党务培训 | 2 | 06-30",
    ];
    let two_rows = ["纪律建设 / 警示教育 | 3 4 5 | 06-30", "纪律建设 / 廉政谈话 | 1 | 11-20"];
    let dates = ["一 / a | 3 | 06-30", "一 / b | 3 | 09-30", "一 / c | 3 | 03-31", "一 / d | 3 | 05-04"];
    let sections = [
        "加强政治建设 / 学习贯彻上级精神 | 3 4 5 | 03-31 06-30 09-30 12-31",
        "加强政治建设 / 党委理论学习 | 1 | 03-31 06-30 09-30 12-31",
        "夯实基层基础 / 标准化建设 | 3 4 5 | 12-31",
    ];
    let measures = [
        "抓实标准化 / 修订作业程序 | 2 | 03-31",
        "抓实标准化 / 逐条对照自查 | 3 4 5 | 06-30",
        "抓好品牌 / 每个支部一个品牌 | 3 4 5 | 10-31",
    ];
    let order = [
        "组织生活 / 支部大会 | 3 | 03-31 06-30 09-30 12-31",
        "组织生活 / 组织生活会 | 3 | 03-31 06-30 09-30 12-31",
        "组织生活 / 民主评议 | 4 | 12-31",
    ];
    let several = ["思想建设 / 专题党课 | 3 4 5 | 07-01"];
    let lines = ["一 / a | 3 | 03-31 06-30 12-31", "一 / b | 2 | 04-30 08-31 12-31"];
    let down = [&format!("一 / a | 3 | {months}")];
    let cases: [(&str, Vec<&str>); 15] = [
        ("plain", plain.to_vec()),
        ("plain-lo", plain.to_vec()),
        ("titled", titled.iter().map(|row| row.as_str()).collect()),
        ("titled-lo", titled.iter().map(|row| row.as_str()).collect()),
        ("merged", merged.to_vec()),
        ("merged-lo", merged.to_vec()),
        ("two_rows", two_rows.to_vec()),
        ("two_rows-lo", two_rows.to_vec()),
        ("dates", dates.to_vec()),
        ("dates-lo", dates.to_vec()),
        ("sections", sections.to_vec()),
        ("measures", measures.to_vec()),
        ("order", order.to_vec()),
        ("several", several.to_vec()),
        ("lines", lines.to_vec()),
    ];
    for (name, expected) in cases.into_iter().chain([("formatted_down", down.iter().map(|row| row.as_str()).collect())])
    {
        let made = scene.department.hand_in(&scope, "清单.xlsx", &file(name)).await.created();
        assert!(problems(&made).is_empty(), "{name}: {made:#}");
        assert_eq!(said(&made), expected, "{name}");
        assert_eq!(made["outcome"]["to_confirm"], json!([]), "{name}");
    }
}

#[actix_web::test]
async fn what_is_read_is_committed_and_the_same_file_then_changes_nothing() {
    let (scene, scope) = scene().await;
    for name in ["plain", "titled-lo", "merged", "sections", "measures", "two_rows", "dates", "lines"] {
        let made = scene.department.hand_in(&scope, "清单.xlsx", &file(name)).await.created();
        let rows = made["counts"]["rows"].clone();
        let commit = format!("/imports/{}/commit", made["id"]);
        scene.department.post(&commit, json!({})).await.ok();
        let again = scene.department.hand_in(&scope, "清单.xlsx", &file(name)).await.created();
        let counts = &again["counts"];
        assert_eq!(
            (&counts["unchanged"], &counts["added"], &counts["changed"]),
            (&rows, &json!(0), &json!(0)),
            "{name}: {again:#}"
        );
    }
    scene.department.round_trip("tasks", &scope).await;
}

#[actix_web::test]
async fn what_can_not_be_read_is_refused_with_its_cell() {
    let (scene, scope) = scene().await;
    let cases: [(&str, &[(&str, &str)]); 4] = [
        ("formulas", &[("C3", "cell_formula"), ("E4", "cell_formula")]),
        ("formulas-lo", &[("C3", "cell_formula"), ("E4", "cell_formula")]),
        (
            "wrong",
            &[
                ("D2", "cell_number_day"),
                ("C3", "units_unread"),
                ("D3", "deadline_no_such_day"),
                ("C4", "units_unread"),
                ("D4", "deadline_unread"),
                ("B5", "cell_blank"),
                ("D5", "deadline_unread"),
                ("D6", "deadline_unread"),
                ("D7", "due_outside_plan"),
            ],
        ),
        ("no_deadline", &[("1", "import_column_missing")]),
    ];
    for (name, expected) in cases {
        let made = scene.department.hand_in(&scope, "清单.xlsx", &file(name)).await.created();
        let expected: Vec<_> = expected.iter().map(|(cell, code)| ((*cell).to_owned(), (*code).to_owned())).collect();
        assert_eq!(problems(&made), expected, "{name}");
        let commit = format!("/imports/{}/commit", made["id"]);
        scene.department.post(&commit, json!({})).await.refused(422, "import_problems");
    }
    let number = scene.department.hand_in(&scope, "清单.xlsx", &file("wrong")).await.created();
    assert_eq!(number["outcome"]["problems"][0]["proposal"], json!("6月30日、6月3日"));
    let both = scene.department.hand_in(&scope, "清单.xlsx", &file("both_years")).await;
    assert_eq!(both.refused(422, "import_several_sheets"), "sheet");
    let one =
        scene.department.hand_in(&format!("{scope}&sheet=清单"), "清单.xlsx", &file("both_years")).await.created();
    assert_eq!(one["counts"]["added"], json!(1));
    let none = scene.department.hand_in(&format!("{scope}&sheet=没有"), "清单.xlsx", &file("both_years")).await;
    assert_eq!(none.refused(422, "import_no_sheet"), "sheet");
    let year = scene.department.hand_in(&scope, "清单.xlsx", &file("other_year")).await.created();
    assert_eq!(year["outcome"]["to_confirm"], json!(["2 2019-06-30 → 2020-06-30"]));
    assert_eq!(said(&year), ["一 / a | 3 | 06-30"]);
}

#[actix_web::test]
async fn ledgers_and_trees_are_read_too() {
    let (scene, _) = scene().await;
    for name in ["ledger", "ledger-lo"] {
        let made = scene.department.hand_in("year=2020", "台账.xlsx", &file(name)).await.created();
        assert_eq!((&made["list"], problems(&made)), (&json!("findings"), vec![]), "{name}");
        scene.department.post(&format!("/imports/{}/commit", made["id"]), json!({})).await.ok();
        let all = scene.department.get("/findings?year=2020").await.items();
        let days: Vec<_> = all
            .iter()
            .flat_map(|finding| finding["measures"].as_array().unwrap())
            .map(|measure| &measure["due_on"])
            .collect();
        assert_eq!(days, [&json!("2020-03-31"), &json!("2020-04-15"), &json!(null)], "{name}");
        assert_eq!(all.len(), 2, "the file of the other program changes nothing");
    }
    let made = scene.admin.hand_in("", "组织.xlsx", &file("tree")).await.created();
    assert_eq!((&made["list"], problems(&made)), (&json!("units"), vec![]));
    scene.admin.post(&format!("/imports/{}/commit", made["id"]), json!({})).await.ok();
    let all = scene.admin.get("/units?limit=200").await.items();
    let branch = all.iter().find(|unit| unit["name"] == json!("技术党支部")).unwrap();
    let above = all.iter().find(|unit| unit["name"] == json!("技术党总支")).unwrap();
    assert_eq!((&branch["parent_id"], &above["term_ends_on"]), (&above["id"], &json!("2022-06-30")));
}
