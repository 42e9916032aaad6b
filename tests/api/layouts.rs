//! Layouts 报表格式: made by the department, used by everybody, on any table.

use duban::platform::sheet::XLSX;
use serde_json::{Value, json};

use crate::support::{Scene, day, id};
use crate::workbooks::is_for_paper;

fn layout(unit: i64) -> Value {
    json!({"unit_id": unit, "name": "上级表", "titles": ["完成情况表（{today}）"], "columns": [
        {"field": "#", "head": "序号", "width": 6},
        {"field": "unit_id", "head": "党组织", "names_of": "units", "width": 30},
        {"field": "title", "head": "任务"},
        {"field": "verdict", "head": "状态", "words": {"not_due": "未到期", "overdue": "逾期"}},
        {"field": null, "head": "备注"}
    ], "signature": "制表：　　审核："})
}

#[actix_web::test]
async fn the_superiors_own_table_comes_out_ready() {
    let scene = Scene::set(3, 10, 2).await;
    scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let made = scene.department.post("/layouts", layout(scene.committee)).await.created();
    let path = format!("/time-nodes?layout_id={}", id(&made));
    scene.app.turn_to(day(4, 1));
    let answer = scene.secretary().get_as(&path, XLSX).await;
    is_for_paper(&answer, 1);
    let rows = answer.table();
    let expected = [
        vec!["完成情况表（2020年4月1日）"],
        vec!["序号", "党组织", "任务", "状态", "备注"],
        vec!["1", "Branch 1", "Due 2020-03-31", "逾期"],
        vec!["2", "Branch 1", "Due 2020-06-30", "未到期"],
        vec!["制表：　　审核："],
    ];
    assert_eq!(rows, expected);
    // In CSV titles and signature would be rows.
    let csv = scene.leader.get_as(&path, "text/csv").await.text;
    assert_eq!(csv.lines().next(), Some("\u{feff}序号,党组织,任务,状态,备注"));
    assert_eq!(csv.lines().count(), 3);
}

#[actix_web::test]
async fn reports_take_layouts_too_and_a_wrong_one_is_refused_with_what_there_is() {
    let scene = Scene::set(3, 10, 1).await;
    scene.issued_with(&[day(3, 1)]).await;
    let columns = json!([{"field": "name", "head": "单位"}, {"field": "completion_percent", "head": "完成率（%）"}]);
    let body = json!({"unit_id": scene.committee, "name": "率", "columns": columns});
    let rates = id(&scene.department.post("/layouts", body).await.created());
    let path = format!("/reports/compliance?group_by=unit&layout_id={rates}");
    let rows = scene.leader.get_as(&path, XLSX).await.table();
    assert_eq!(rows[0], ["单位", "完成率（%）"]);
    let refused = scene.leader.get_as(&format!("/time-nodes?layout_id={rates}"), XLSX).await;
    assert!(refused.body["detail"].as_str().unwrap().contains("late_after"), "{}", refused.text);
    refused.refused(422, "layout_field_unknown");
    let unknown = scene.leader.get_as("/time-nodes?layout_id=99", "text/csv").await;
    assert_eq!(unknown.refused(422, "layout_unknown"), "layout_id");
    // As JSON there is nothing to lay out.
    let as_json = scene.leader.get(&format!("/time-nodes?layout_id={rates}")).await;
    assert_eq!(as_json.refused(422, "layout_of_json"), "layout_id");
    scene.leader.get(&format!("/reports/compliance?layout_id={rates}")).await.refused(422, "layout_of_json");
}

#[actix_web::test]
async fn only_the_department_of_the_unit_makes_and_changes_layouts() {
    let scene = Scene::set(3, 10, 1).await;
    for who in [&scene.leader, scene.secretary(), &scene.admin] {
        who.post("/layouts", layout(scene.committee)).await.refused(403, "forbidden");
    }
    let made = scene.department.post("/layouts", layout(scene.committee)).await.created();
    scene.department.post("/layouts", layout(scene.committee)).await.refused(409, "layout_exists");
    let path = format!("/layouts/{}", id(&made));
    assert_eq!(scene.secretary().get(&path).await.ok()["name"], json!("上级表"));
    assert_eq!(scene.secretary().get("/layouts").await.items().len(), 1);
    scene.leader.patch(&path, json!({"name": "x"})).await.refused(403, "forbidden");
    let changed = scene.department.patch(&path, json!({"signature": null, "columns": [{"field": "id", "head": "="}]}));
    let changed = changed.await.ok();
    assert_eq!((&changed["signature"], changed["columns"].as_array().unwrap().len()), (&json!(null), 1));
    assert_eq!((&changed["titles"], &changed["version"]), (&made["titles"], &json!(2)));
    scene.department.patch_version(&path, json!({"name": "x"}), "\"1\"").await.refused(412, "stale");
    scene.secretary().delete(&path).await.refused(403, "forbidden");
    assert_eq!(scene.department.delete(&path).await.status, 204);
    scene.department.get(&path).await.refused(404, "not_found");
    assert_eq!(scene.audited_of("layout").await.len(), 3);
}

#[actix_web::test]
async fn a_layout_that_can_be_no_table_is_refused_with_its_place() {
    let scene = Scene::set(3, 10, 0).await;
    let refused = async |change: Value| {
        let mut body = layout(scene.committee);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        scene.department.post("/layouts", body).await.refused(422, "out_of_range")
    };
    assert_eq!(refused(json!({"columns": []})).await, "/columns");
    assert_eq!(refused(json!({"columns": [{"field": "id", "head": "x", "width": 1}]})).await, "/columns/0/width");
    assert_eq!(refused(json!({"titles": ["a", "b", "c", "d", "e", "f"]})).await, "/titles");
}
