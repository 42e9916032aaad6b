//! How words are read in a plan before they are saved: deadlines and responsible units.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id};

async fn read(scene: &Scene, plan: i64, words: Value) -> Value {
    scene.department.post(&format!("/plans/{plan}/readings"), words).await.ok()
}

/// What a refusal says in Chinese, with its place.
async fn refusal(who: &Persona, plan: i64, words: Value, code: &str) -> (String, String) {
    let path = format!("/plans/{plan}/readings");
    let asked = who.request("POST", &path).json(&words).header("accept-language", "zh-CN");
    let answer = who.send("POST", &path, asked).await;
    let said = answer.body["errors"][0]["detail"].as_str().unwrap_or_default().to_owned();
    (answer.refused(422, code), said)
}

/// Two branches with Chinese names, and an office with a short one.
async fn named() -> (Scene, i64) {
    let scene = Scene::set(1, 5, 2).await;
    for (unit, name) in [(scene.branches[0], "第一党支部"), (scene.branches[1], "第二党支部")] {
        scene.admin.patch(&format!("/units/{unit}"), json!({"name": name})).await.ok();
    }
    let office = json!({"name": "党群工作部", "short_names": ["党群部"]});
    scene.admin.patch(&format!("/units/{}", scene.office), office).await.ok();
    let plan = scene.plan().await;
    (scene, plan)
}

#[actix_web::test]
async fn a_deadline_is_read_as_its_nodes_and_nothing_is_written() {
    let (scene, plan) = named().await;
    let before = scene.department.get(&format!("/plans/{plan}")).await.etag();
    let quarterly = read(&scene, plan, json!({"deadline": "每季度不少于2次"})).await;
    let deadline = &quarterly["deadline"];
    assert_eq!((&deadline["unscheduled"], &deadline["times"]), (&json!(false), &json!(2)));
    assert_eq!(deadline["nodes"][0], json!({"period": "2020-Q1", "due_on": "2020-03-31", "title": null}));
    assert_eq!(deadline["nodes"].as_array().unwrap().len(), 4);
    assert_eq!(
        (&quarterly["responsibilities"], &quarterly["to_confirm"], &quarterly["owing"]),
        (&Value::Null, &json!([]), &json!([]))
    );
    let again = read(&scene, plan, json!({"deadline": deadline["spelled"]})).await;
    assert_eq!(again["deadline"]["nodes"], deadline["nodes"], "what it spells reads the same");
    let waits = read(&scene, plan, json!({"deadline": "按上级要求"})).await;
    assert_eq!(waits["deadline"], json!({"unscheduled": true, "times": 1, "spelled": "待定", "nodes": []}));
    let dated = read(&scene, plan, json!({"deadline": "6月底前"})).await;
    assert_eq!(dated["deadline"]["nodes"], json!([{"period": null, "due_on": "2020-06-30", "title": null}]));
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.etag(), before);
    assert!(scene.department.get(&format!("/plans/{plan}/key-points")).await.items().is_empty());
}

#[actix_web::test]
async fn a_cell_is_read_as_parts_of_the_units_that_stand() {
    let (scene, plan) = named().await;
    let (first, second) = (scene.branches[0], scene.branches[1]);
    let part = |unit: i64, name: &str, part: &str, person: Option<&str>| json!({"unit_id": unit, "name": name, "part": part, "person": person});
    let all = read(&scene, plan, json!({"responsible": "党群部牵头，各党支部书记配合"})).await;
    let expected = json!([
        part(scene.office, "党群工作部", "lead", None),
        part(first, "第一党支部", "support", Some("支部书记")),
        part(second, "第二党支部", "support", Some("支部书记")),
    ]);
    assert_eq!((&all["responsibilities"], &all["owing"]), (&expected, &json!([scene.office])));
    assert_eq!(all["deadline"], Value::Null);
    let both = read(&scene, plan, json!({"responsible": "各党支部", "deadline": "6月底前"})).await;
    assert_eq!((&both["owing"], &both["deadline"]["times"]), (&json!([first, second]), &json!(1)));
    let support = read(&scene, plan, json!({"responsible": "各支部", "column": "support"})).await;
    assert_eq!((&support["responsibilities"][1]["part"], &support["owing"]), (&json!("support"), &json!([])));
    let persons = read(&scene, plan, json!({"responsible": "班子成员"})).await;
    assert_eq!((&persons["to_confirm"], &persons["owing"]), (&json!(["班子成员"]), &json!([scene.committee])));

    scene.app.turn_to(day(7, 1));
    let end = json!({"dissolved_on": "2020-06-30", "successor_id": first});
    scene.admin.post(&format!("/units/{second}/dissolve"), end).await.ok();
    let left = read(&scene, plan, json!({"responsible": "各党支部"})).await;
    assert_eq!(left["owing"], json!([first]), "a dissolved unit is not meant");
}

#[actix_web::test]
async fn what_is_not_understood_is_refused_with_the_nearest_form() {
    let (scene, plan) = named().await;
    let elsewhere = id(&scene.admin.post("/units", json!({"name": "他处", "kind": "committee"})).await.created());
    let outside = json!({"name": "第三党支部", "kind": "branch", "parent_id": elsewhere});
    scene.admin.post("/units", outside).await.created();
    let who = &scene.department;
    for (words, code, place, nearest) in [
        (json!({"deadline": "3月初"}), "deadline_unread", "/deadline", "3月上旬"),
        (json!({"deadline": "6月31日"}), "deadline_no_such_day", "/deadline", "6月30日"),
        (json!({"deadline": "春节前"}), "deadline_festival_unknown", "/deadline", "春节前"),
        (json!({"deadline": "2022年1月"}), "due_outside_plan", "/deadline", "2020-01-01"),
        (json!({"responsible": "群工作部"}), "units_unread", "/responsible", "党群工作部"),
        (json!({"responsible": "第三党支部"}), "units_unread", "/responsible", "第三党支部"),
        (json!({"responsible": "相关部门"}), "units_unread", "/responsible", "各党支部、第一党支部"),
        (json!({"responsible": "第九党支部", "deadline": "每月"}), "units_unread", "/responsible", "第九党支部"),
    ] {
        let (pointer, said) = refusal(who, plan, words.clone(), code).await;
        assert_eq!(pointer, place, "{words}");
        assert!(said.contains(nearest), "{words}: {said}");
    }
    let path = format!("/plans/{plan}/readings");
    assert_eq!(who.post(&path, json!({"column": "every"})).await.refused(422, "wrong_value"), "/column");
}

#[actix_web::test]
async fn only_who_may_write_the_plan_has_words_read() {
    let (scene, plan) = named().await;
    let body = json!({"deadline": "每季度"});
    let elsewhere = json!({"name": "Elsewhere", "kind": "committee"});
    let elsewhere = id(&scene.admin.post("/units", elsewhere).await.created());
    let stranger = scene.app.person("stranger", Role::Secretary, Some(elsewhere)).await;
    for person in [&stranger, scene.secretary(), &scene.admin] {
        person.post(&format!("/plans/{plan}/readings"), body.clone()).await.refused(403, "forbidden");
    }
    scene.department.post("/plans/99/readings", body.clone()).await.refused(404, "not_found");
    // Words are read in order to be saved, which a closed plan refuses.
    scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-12-31"}])).await;
    scene.issue(plan).await;
    scene.department.post(&format!("/plans/{plan}/close"), json!({"reason": "x"})).await.ok();
    scene.department.post(&format!("/plans/{plan}/readings"), body).await.refused(409, "plan_closed");
}
