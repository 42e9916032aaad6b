//! Opinions: who gives one in whose name, who reads it, what becomes of it, and that whoever gave it is told.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, Scene, day, id};

async fn give(who: &Persona, meeting: i64, unit: i64, text: &str) -> Answer {
    who.post(&format!("/meetings/{meeting}/opinions"), json!({"unit_id": unit, "text": text})).await
}

fn answer(disposition: &str) -> Value {
    json!({"disposition": disposition, "reply": "由党群工作部统一格式。"})
}

#[actix_web::test]
async fn a_unit_that_is_called_gives_its_opinion_and_the_department_enters_it_for_one() {
    let scene = Scene::set(3, 16, 2).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    let given = give(scene.secretary(), meeting, scene.branches[0], "建议统一工作手册").await.created();
    assert_eq!(
        (&given["unit_id"], &given["given_by"]),
        (&json!(scene.branches[0]), &json!(scene.secretary().account_id))
    );
    assert_eq!((&given["on_behalf"], &given["given_on"]), (&json!(false), &json!("2020-03-16")));
    assert_eq!((&given["disposition"], &given["decision_ids"]), (&json!(null), &json!([])));
    let entered = give(&scene.department, meeting, scene.branches[0], "建议增加培训").await.created();
    assert_eq!(entered["on_behalf"], json!(true));
    let own = give(&scene.leader, meeting, scene.committee, "建议压缩会议").await.created();
    assert_eq!(own["on_behalf"], json!(false), "the meeting's own unit needs no call");

    let at = give(&scene.department, meeting, scene.branches[1], "x").await.refused(422, "unit_not_called");
    assert_eq!(at, "/unit_id");
    give(&scene.department, meeting, 999, "x").await.refused(422, "unit_unknown");
    give(&scene.secretaries[1], meeting, scene.branches[0], "x").await.refused(403, "forbidden");
    give(&scene.secretaries[1], meeting, scene.branches[1], "x").await.refused(403, "forbidden");
    give(scene.secretary(), meeting, scene.branches[0], "").await.refused(422, "empty_text");
    give(scene.secretary(), 999, scene.branches[0], "x").await.refused(404, "not_found");
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.branches[0])).await;
    give(&inspector, meeting, scene.branches[0], "x").await.refused(403, "forbidden");
    let path = format!("/meetings/{meeting}/opinions");
    let stale = scene.secretary().request("POST", &path).json(&json!({"unit_id": scene.branches[0], "text": "x"}));
    scene.secretary().send("POST", &path, stale.header("if-match", "\"99\"")).await.refused(412, "stale");
    assert_eq!(scene.department.get("/opinions").await.items().len(), 3, "what was refused left nothing behind");
    assert_eq!(scene.audited("opinion.create").await.len(), 3);
}

#[actix_web::test]
async fn an_opinion_is_read_by_its_giver_its_unit_and_those_who_read_the_units_meetings() {
    let scene = Scene::set(3, 16, 2).await;
    let meeting = scene.call_meeting(&scene.branches).await;
    let first = id(&give(scene.secretary(), meeting, scene.branches[0], "第一").await.created());
    let second = id(&give(&scene.secretaries[1], meeting, scene.branches[1], "第二").await.created());
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let path = format!("/opinions/{first}");
    for who in [scene.secretary(), &cadre, &scene.department, &scene.leader] {
        assert_eq!(who.get(&path).await.ok()["text"], json!("第一"));
    }
    for who in [&scene.secretaries[1], &scene.admin] {
        who.get(&path).await.refused(403, "forbidden");
    }
    let listed = async |who: &Persona, query: &str| {
        let items = who.get(&format!("/opinions{query}")).await.items();
        items.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(listed(scene.secretary(), "").await, [first]);
    assert_eq!(listed(&scene.secretaries[1], "").await, [second]);
    assert_eq!(listed(&scene.department, &format!("?meeting_id={meeting}")).await, [first, second]);
    assert_eq!(listed(&scene.department, &format!("?unit_id={}", scene.branches[1])).await, [second]);
    assert_eq!(listed(&scene.department, "?decision_id=1").await, [0; 0]);
    scene.department.post(&format!("/opinions/{first}/disposition"), answer("noted")).await.ok();
    assert_eq!(listed(&scene.department, "?open=true").await, [second]);
    assert_eq!(listed(&scene.department, "?open=false").await, [first]);
    assert_eq!(listed(&scene.admin, "").await, [0; 0]);
    let page = scene.department.get("/opinions?limit=1").await.ok();
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(listed(&scene.department, &format!("?limit=1&cursor={cursor}")).await, [second]);
    let table = scene.department.request("GET", "/opinions").header("accept", "text/csv");
    let table = scene.department.send("GET", "/opinions", table).await;
    assert_eq!(table.text.lines().count(), 3);
}

#[actix_web::test]
async fn an_opinion_is_answered_once_also_after_the_close_and_its_giver_is_told() {
    let scene = Scene::set(3, 24, 2).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    let given = id(&give(scene.secretary(), meeting, scene.branches[0], "建议统一工作手册").await.created());
    let waiting = async |who: &Persona, kind: &str| {
        let inbox = who.get(&format!("/inbox?kind={kind}")).await.ok();
        assert_eq!(inbox["counts"][kind], json!(inbox["items"].as_array().unwrap().len()));
        inbox["items"].as_array().unwrap().iter().map(id).collect::<Vec<_>>()
    };
    scene.hold(meeting, 1, 1).await;
    scene.close_meeting(meeting).await;
    for who in [&scene.department, &scene.leader] {
        assert_eq!(waiting(who, "to_answer").await, [given]);
    }
    assert_eq!(waiting(scene.secretary(), "to_answer").await, [0; 0]);
    let path = format!("/opinions/{given}/disposition");
    scene.secretary().post(&path, answer("adopted")).await.refused(403, "forbidden");
    scene.department.post(&path, json!({"disposition": "adopted"})).await.refused(422, "missing_field");
    let mut elsewhere = answer("adopted");
    elsewhere["decision_id"] = json!(7);
    let at = scene.department.post(&path, elsewhere).await.refused(422, "decision_unknown");
    assert_eq!(at, "/decision_id");
    assert_eq!(scene.secretary().get(&format!("/opinions/{given}")).await.ok()["disposition"], json!(null));

    scene.app.turn_to(day(3, 30));
    let disposed = scene.leader.post_with_key(&path, answer("partly_adopted"), "once").await.ok();
    assert_eq!((&disposed["disposed_on"], &disposed["version"]), (&json!("2020-03-30"), &json!(2)));
    scene.leader.post_with_key(&path, answer("partly_adopted"), "once").await.ok();
    scene.department.post(&path, answer("noted")).await.refused(409, "opinion_answered");
    let told = scene.secretary().get(&format!("/opinions/{given}")).await.ok();
    assert_eq!((&told["disposition"], &told["reply"]), (&json!("partly_adopted"), &json!("由党群工作部统一格式。")));
    assert_eq!(waiting(scene.secretary(), "answered").await, [given]);
    assert_eq!(waiting(&scene.department, "to_answer").await, [0; 0]);
    scene.app.turn_to(day(4, 13));
    assert_eq!(waiting(scene.secretary(), "answered").await, [given]);
    scene.app.turn_to(day(4, 14));
    assert_eq!(waiting(scene.secretary(), "answered").await, [0; 0], "news for a fortnight");
    assert_eq!(scene.audited("opinion.dispose").await.len(), 1);
}

#[actix_web::test]
async fn nobody_answers_what_they_said_themselves() {
    let scene = Scene::set(3, 16, 1).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    let own = id(&give(&scene.leader, meeting, scene.committee, "建议压缩会议").await.created());
    let path = format!("/opinions/{own}/disposition");
    scene.leader.post(&path, answer("adopted")).await.refused(403, "own_opinion");
    assert_eq!(scene.leader.get("/inbox?kind=to_answer").await.ok()["items"], json!([]));
    scene.department.post(&path, answer("adopted")).await.ok();
    let entered = id(&give(&scene.department, meeting, scene.branches[0], "支部口头提出").await.created());
    scene.department.post(&format!("/opinions/{entered}/disposition"), answer("noted")).await.ok();
}

#[actix_web::test]
async fn its_giver_takes_an_opinion_back_before_the_answer_and_before_the_close() {
    let scene = Scene::set(3, 24, 1).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    let mut given = vec![];
    for text in ["一", "二", "三"] {
        given.push(id(&give(scene.secretary(), meeting, scene.branches[0], text).await.created()));
    }
    let path = |index: usize| format!("/opinions/{}/withdrawal", given[index]);
    scene.department.post(&path(0), json!({})).await.refused(403, "not_the_giver");
    let withdrawn = scene.secretary().post(&path(0), json!({})).await.ok();
    assert_eq!((&withdrawn["text"], &withdrawn["withdrawn_on"]), (&json!(null), &json!("2020-03-24")));
    scene.secretary().post(&path(0), json!({})).await.refused(409, "opinion_withdrawn");
    let disposition = format!("/opinions/{}/disposition", given[0]);
    scene.department.post(&disposition, answer("noted")).await.refused(409, "opinion_withdrawn");
    scene.department.post(&format!("/opinions/{}/disposition", given[1]), answer("noted")).await.ok();
    scene.secretary().post(&path(1), json!({})).await.refused(409, "opinion_answered");
    scene.hold(meeting, 1, 1).await;
    scene.close_meeting(meeting).await;
    scene.secretary().post(&path(2), json!({})).await.refused(409, "meeting_closed");
    give(scene.secretary(), meeting, scene.branches[0], "四").await.refused(409, "meeting_closed");
    assert_eq!(scene.secretary().get(&format!("/opinions/{}", given[2])).await.ok()["text"], json!("三"));
}

#[actix_web::test]
async fn a_cancelled_meeting_hears_nothing_more() {
    let scene = Scene::set(3, 16, 1).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    scene.department.post(&format!("/meetings/{meeting}/cancellation"), json!({"reason": "改期"})).await.ok();
    give(scene.secretary(), meeting, scene.branches[0], "x").await.refused(409, "meeting_cancelled");
}

#[actix_web::test]
async fn opinions_are_found_by_who_may_read_them() {
    let scene = Scene::set(3, 16, 2).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    let given = id(&give(scene.secretary(), meeting, scene.branches[0], "建议统一支部工作手册").await.created());
    let found = async |who: &Persona| {
        let items = who.get("/search?q=工作手册&kind=opinion").await.items();
        items.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(found(scene.secretary()).await, [given]);
    assert_eq!(found(&scene.department).await, [given]);
    assert_eq!(found(&scene.secretaries[1]).await, [0; 0]);
    scene.secretary().post(&format!("/opinions/{given}/withdrawal"), json!({})).await.ok();
    assert_eq!(found(&scene.department).await, [0; 0], "a withdrawn one is not found");
}
