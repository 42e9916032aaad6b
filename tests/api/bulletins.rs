//! Bulletins, circulars and monthly reports: drafted from the report, approved by somebody else, released with a number,
//! never changed after, read once a reader.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id};

async fn write(who: &Persona, unit: i64, kind: &str) -> Value {
    let body = json!({"unit_id": unit, "kind": kind, "title": "Spring", "text": "**Done.**"});
    who.post("/bulletins", body).await.created()
}

/// The report as it is pinned: it counts what was extended, waived or cancelled, and names none of it.
async fn pinned(scene: &Scene, query: &str) -> Value {
    let mut report = scene.report(query).await;
    report["adjustments"] = Value::Null;
    report
}

async fn release(scene: &Scene, bulletin: i64) -> Value {
    scene.leader.post(&format!("/bulletins/{bulletin}/approval"), json!({})).await.ok();
    scene.department.post(&format!("/bulletins/{bulletin}/release"), json!({})).await.ok()
}

#[actix_web::test]
async fn a_circular_is_drafted_from_the_report_of_its_month_and_its_figures_stay() {
    let scene = Scene::set(1, 5, 3).await;
    let nodes = scene.issued_with(&[day(3, 31), day(9, 30)]).await;
    scene.app.turn_to(day(3, 30));
    let report = scene.complete(nodes[0]).await;
    scene.accept(&report).await;
    scene.app.turn_to(day(4, 2));
    let body = json!({"unit_id": scene.committee, "kind": "circular", "period": "2020-Q1", "submitter": "Department"});
    let draft = scene.department.post("/bulletins", body).await.created();
    assert_eq!(draft["title"], json!("2020年第一季度重点任务推进情况通报"));
    let figures = pinned(&scene, &format!("unit_id={}&as_of=2020-03-31&group_by=unit", scene.committee)).await;
    assert_eq!(draft["figures"], figures);
    let text = draft["text"].as_str().unwrap();
    assert!(
        text.contains("截至2020年3月31日，Committee及其下级组织今年到期应完成的时间节点 1 项：按期完成 1 项"),
        "{text}"
    );
    assert!(text.contains("| Branch 1 | 1 | 1 | 0 | 0 | 0 | 0 | 100.0%（1/1） |"), "{text}");
    assert!(!text.contains("Branch 2"), "a unit that owes nothing is left out: {text}");
    assert!(draft["html"].as_str().unwrap().contains("<table>"));

    let bulletin = id(&draft);
    release(&scene, bulletin).await;
    // What the figures were made of changes; they don't.
    let revoked = json!({"reason": "it was not so"});
    scene.leader.post(&format!("/progress-reports/{}/revocation", id(&report)), revoked).await.ok();
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "Renamed"})).await.ok();
    scene.app.turn_to(day(10, 1));
    let read = scene.department.get(&format!("/bulletins/{bulletin}")).await.ok();
    assert_eq!((&read["figures"], &read["text"]), (&figures, &draft["text"]));
}

#[actix_web::test]
async fn a_monthly_report_also_tells_of_the_key_points_and_a_running_month_of_today() {
    let scene = Scene::set(1, 5, 1).await;
    scene.issued_with(&[day(3, 31)]).await;
    scene.app.turn_to(day(3, 10));
    let body = json!({"unit_id": scene.committee, "kind": "monthly_report", "period": "2020-03"});
    let draft = scene.department.post("/bulletins", body.clone()).await.created();
    assert_eq!((&draft["title"], &draft["figures"]["as_of"]), (&json!("2020年3月党建工作月报"), &json!("2020-03-10")));
    assert!(draft["html"].as_str().unwrap().contains("<td>Due 2020-03-31</td>"), "{draft}");
    assert!(draft["text"].as_str().unwrap().contains("截至2020年3月10日（当日尚未结束），"), "{draft}");
    // Both tables of the text can be held against what is pinned.
    let pinned = &draft["figures"]["key_points"][0];
    assert_eq!((&pinned["name"], &pinned["not_yet_owed"]), (&json!("Due 2020-03-31"), &json!(1)));
    assert_eq!(draft["figures"]["groups"].as_array().unwrap().len(), 3);
    for (period, code) in
        [("2020-04", "period_ahead"), ("2020-Q1", "period_unreadable"), ("2020-3", "period_unreadable")]
    {
        let mut body = body.clone();
        body["period"] = json!(period);
        assert_eq!(scene.department.post("/bulletins", body).await.refused(422, code), "/period");
    }
    let bare = json!({"unit_id": scene.committee, "kind": "bulletin", "title": "Only a title"});
    assert_eq!(scene.department.post("/bulletins", bare).await.refused(422, "text_wanted"), "/text");
}

#[actix_web::test]
async fn it_is_approved_by_a_leader_who_did_not_write_it_and_numbered_at_its_release() {
    let scene = Scene::set(3, 24, 2).await;
    let first = id(&write(&scene.department, scene.committee, "bulletin").await);
    let path = |bulletin: i64, verb: &str| format!("/bulletins/{bulletin}/{verb}");
    scene.department.post(&path(first, "release"), json!({})).await.refused(409, "bulletin_not_approved");
    scene.department.post(&path(first, "approval"), json!({})).await.refused(403, "forbidden");
    scene.department.post(&path(first, "errata"), json!({"text": "x"})).await.refused(403, "forbidden");
    scene.leader.post(&path(first, "errata"), json!({"text": "x"})).await.refused(409, "bulletin_not_released");
    let approved = scene.leader.post(&path(first, "approval"), json!({})).await.ok();
    assert_eq!((&approved["state"], &approved["approved_by"]), (&json!("approved"), &json!(scene.leader.account_id)));
    scene.leader.post(&path(first, "approval"), json!({})).await.refused(409, "bulletin_approved");
    // What is changed after the approval is approved again.
    let changed = scene.department.patch(&format!("/bulletins/{first}"), json!({"title": "Summer"})).await.ok();
    assert_eq!((&changed["state"], &changed["approved_by"]), (&json!("draft"), &Value::Null));
    let released = release(&scene, first).await;
    assert_eq!((&released["number"], &released["released_on"]), (&json!(1), &json!("2020-03-24")));
    assert!(released["released_at"].as_str().unwrap().ends_with('Z'));
    let second = id(&write(&scene.department, scene.committee, "bulletin").await);
    assert_eq!(release(&scene, second).await["number"], json!(2));
    let other_kind = id(&write(&scene.department, scene.committee, "circular").await);
    assert_eq!(release(&scene, other_kind).await["number"], json!(1));
    let of_a_branch = id(&write(scene.secretary(), scene.branches[0], "bulletin").await);
    scene.secretary().post(&path(of_a_branch, "approval"), json!({})).await.refused(403, "forbidden");
    assert_eq!(release(&scene, of_a_branch).await["number"], json!(1));
    // Who put another's draft into other words does not approve their own.
    let words = scene.app.account("words").await;
    for (role, unit) in [(Role::Leader, scene.committee), (Role::Department, scene.office)] {
        scene.app.appoint(words, role, Some(duban::units::UnitId(unit))).await;
    }
    let words = scene.app.sign_in("words", words).await;
    let rewritten = id(&write(&scene.department, scene.committee, "bulletin").await);
    words.patch(&format!("/bulletins/{rewritten}"), json!({"text": "Other words."})).await.ok();
    words.post(&path(rewritten, "approval"), json!({})).await.refused(403, "own_bulletin");
    // A leader who also writes for the unit does not approve what they wrote.
    let account = scene.app.account("both").await;
    for (role, unit) in [(Role::Leader, scene.committee), (Role::Department, scene.office)] {
        scene.app.appoint(account, role, Some(duban::units::UnitId(unit))).await;
    }
    let both = scene.app.sign_in("both", account).await;
    let own = id(&write(&both, scene.committee, "bulletin").await);
    both.post(&path(own, "approval"), json!({})).await.refused(403, "own_bulletin");
    assert_eq!(scene.audited("bulletin.release").await.len(), 4);
}

#[actix_web::test]
async fn a_draft_can_be_thrown_away() {
    let scene = Scene::set(3, 24, 1).await;
    let path = format!("/bulletins/{}", id(&write(&scene.department, scene.committee, "circular").await));
    assert_eq!(scene.department.delete(&path).await.status, 204);
    scene.department.get(&path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_released_one_is_altered_by_no_route_and_corrected_by_numbered_errata() {
    let scene = Scene::set(3, 24, 2).await;
    let made = write(&scene.department, scene.committee, "circular").await;
    let bulletin = id(&made);
    release(&scene, bulletin).await;
    let path = format!("/bulletins/{bulletin}");
    let before = scene.department.get(&path).await.ok();
    for body in
        [json!({"title": "Other"}), json!({"text": "Other"}), json!({"submitter": null}), json!({"public": true})]
    {
        scene.department.patch(&path, body).await.refused(409, "bulletin_released");
    }
    scene.department.delete(&path).await.refused(409, "bulletin_released");
    scene.leader.post(&format!("{path}/approval"), json!({})).await.refused(409, "bulletin_released");
    scene.department.post(&format!("{path}/release"), json!({})).await.refused(409, "bulletin_released");
    assert_eq!(scene.department.get(&path).await.ok(), before);
    for number in 1..=2 {
        let corrected =
            scene.leader.post(&format!("{path}/errata"), json!({"text": "18 should be 19"})).await.created();
        assert_eq!(corrected["errata"].as_array().unwrap().len(), number);
        assert_eq!(corrected["errata"][number - 1]["number"], json!(number));
        assert_eq!(corrected["text"], made["text"]);
    }
}

#[actix_web::test]
async fn drafts_are_seen_by_those_who_write_or_approve_and_released_ones_by_everybody_below() {
    let scene = Scene::set(3, 24, 2).await;
    let of_committee = id(&write(&scene.department, scene.committee, "bulletin").await);
    let of_branch = id(&write(scene.secretary(), scene.branches[0], "bulletin").await);
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[1])).await;
    let seen = async |who: &Persona| -> Vec<i64> { who.get("/bulletins").await.items().iter().map(id).collect() };
    assert_eq!(seen(&cadre).await, [0_i64; 0]);
    cadre.get(&format!("/bulletins/{of_committee}")).await.refused(403, "forbidden");
    assert_eq!(seen(&scene.leader).await, [of_branch, of_committee]);
    assert_eq!(seen(scene.secretary()).await, [of_branch]);
    for bulletin in [of_committee, of_branch] {
        release(&scene, bulletin).await;
    }
    assert_eq!(seen(&cadre).await, [of_committee], "of the unit above, not of a branch beside");
    cadre.get(&format!("/bulletins/{of_branch}")).await.refused(403, "forbidden");
    assert_eq!(seen(scene.secretary()).await, [of_branch, of_committee]);
    scene.admin.get(&format!("/bulletins/{of_committee}")).await.refused(403, "forbidden");
    cadre
        .post("/bulletins", json!({"unit_id": scene.branches[1], "kind": "bulletin", "title": "T", "text": "x"}))
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn views_count_each_reader_once_and_only_after_the_release() {
    let scene = Scene::set(3, 24, 2).await;
    let bulletin = id(&write(&scene.department, scene.committee, "bulletin").await);
    let path = format!("/bulletins/{bulletin}");
    assert_eq!(scene.department.get(&path).await.ok()["views"], json!(0));
    release(&scene, bulletin).await;
    assert_eq!(scene.secretary().get(&path).await.ok()["views"], json!(1));
    assert_eq!(scene.secretary().get(&path).await.ok()["views"], json!(1));
    assert_eq!(scene.secretaries[1].get(&path).await.ok()["views"], json!(2));
    let list = scene.secretary().get("/bulletins").await.items();
    assert_eq!(list[0]["views"], json!(2), "a list is no reading");
}

#[actix_web::test]
async fn a_circular_is_signed_for_once_a_unit_and_the_list_shows_who_has_not() {
    let scene = Scene::set(3, 24, 2).await;
    let (one, two) = (scene.branches[0], scene.branches[1]);
    let circular = id(&write(&scene.department, scene.committee, "circular").await);
    let path = format!("/bulletins/{circular}/receipts");
    scene.department.post(&path, json!({})).await.refused(409, "bulletin_not_released");
    release(&scene, circular).await;
    let made = scene.secretary().post(&path, json!({})).await.created();
    assert_eq!((&made["unit_id"], &made["signed_on"]), (&json!(one), &json!("2020-03-24")));
    scene.secretary().post(&path, json!({})).await.refused(409, "bulletin_receipt_exists");
    scene.secretary().post(&path, json!({"unit_id": two})).await.refused(403, "forbidden");
    scene.leader.post(&path, json!({})).await.refused(403, "forbidden");
    let rows = scene.leader.get(&path).await.items();
    let rows: Vec<_> = rows.iter().map(|row| (row["unit_id"].as_i64().unwrap(), !row["signed_on"].is_null())).collect();
    assert_eq!(rows, [(scene.office, false), (one, true), (two, false)], "not the unit that released it");
    let bulletin = id(&write(&scene.department, scene.committee, "bulletin").await);
    release(&scene, bulletin).await;
    let path = format!("/bulletins/{bulletin}/receipts");
    scene.secretary().post(&path, json!({})).await.refused(409, "only_circulars");
}

#[actix_web::test]
async fn public_reading_is_off_by_default_and_leaves_out_names() {
    let scene = Scene::set(3, 24, 2).await;
    let body = json!({"unit_id": scene.committee, "kind": "bulletin", "title": "Open", "text": "x", "public": true,
        "submitter": "Secretary of the first branch"});
    let open = id(&scene.department.post("/bulletins", body).await.created());
    let closed = id(&write(&scene.department, scene.committee, "bulletin").await);
    let nobody = scene.app.anonymous();
    for bulletin in [open, closed] {
        release(&scene, bulletin).await;
    }
    nobody.get("/public/bulletins").await.refused(404, "not_found");
    nobody.get(&format!("/public/bulletins/{open}")).await.refused(404, "not_found");
    scene.admin.patch("/settings", json!({"public_bulletins": true})).await.ok();
    let list = nobody.get("/public/bulletins").await.items();
    assert_eq!(list.iter().map(id).collect::<Vec<_>>(), [open]);
    let read = nobody.get(&format!("/public/bulletins/{open}")).await.ok();
    assert!(!read.to_string().contains("Secretary"), "{read}");
    assert!(read.get("submitter").is_none() && read.get("written_by").is_none());
    nobody.get(&format!("/public/bulletins/{closed}")).await.refused(404, "not_found");
    let draft = json!({"unit_id": scene.committee, "kind": "bulletin", "title": "Draft", "text": "x", "public": true});
    let draft = id(&scene.department.post("/bulletins", draft).await.created());
    nobody.get(&format!("/public/bulletins/{draft}")).await.refused(404, "not_found");
    nobody.get(&format!("/bulletins/{open}")).await.refused(401, "sign_in_required");
}

#[actix_web::test]
async fn a_bulletin_about_a_meeting_says_who_when_how_many_and_what_was_decided() {
    let scene = Scene::set(3, 24, 2).await;
    scene.issued_with(&[day(3, 24)]).await;
    let meeting = scene.call_meeting(&[]).await;
    let path = format!("/meetings/{meeting}");
    scene.department.post(&format!("{path}/bulletin"), json!({})).await.refused(409, "meeting_not_held");
    scene.department.post(&format!("{path}/agenda-items"), json!({"title": "Three lists"})).await.created();
    scene.hold(meeting, 20, 19).await;
    let decision = json!({"kind": "resolution", "text": "Pass *the lists*.",
        "votes": {"for": 18, "against": 0, "abstain": 1, "present": 19}});
    scene.department.post(&format!("{path}/decisions"), decision).await.created();
    scene.secretary().post(&format!("{path}/bulletin"), json!({})).await.refused(403, "forbidden");
    let body = json!({"submitter": "Department"});
    let draft = scene.department.post(&format!("{path}/bulletin"), body).await.created();
    assert_eq!((&draft["meeting_id"], &draft["submitter"]), (&json!(meeting), &json!("Department")));
    let html = draft["html"].as_str().unwrap();
    for said in [
        "2020年3月24日",
        "20 人参加：应到 20 人，实到 19 人，缺席 1 人，列席 1 人",
        "<li>Three lists</li>",
        "<li>Pass *the lists*.（赞成 18，反对 0，弃权 1，通过）</li>",
        "到期应完成 1 项，已完成 0 项",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert_eq!(draft["figures"], pinned(&scene, &format!("unit_id={}&group_by=unit", scene.committee)).await);
    let found = scene.department.get(&format!("/bulletins?meeting_id={meeting}")).await.items();
    assert_eq!(found.iter().map(id).collect::<Vec<_>>(), [id(&draft)]);
}

#[actix_web::test]
async fn what_is_none_is_not_printed_as_a_nought() {
    let scene = Scene::set(3, 24, 1).await;
    scene.issued_with(&[day(9, 30)]).await;
    let meeting = scene.call_meeting(&[]).await;
    let everybody = json!({"items": [{"person": "书记", "status": "present"}]});
    scene.department.put(&format!("/meetings/{meeting}/attendances"), everybody).await.ok();
    scene.department.post(&format!("/meetings/{meeting}/hold"), json!({})).await.ok();
    let draft = scene.department.post(&format!("/meetings/{meeting}/bulletin"), json!({})).await.created();
    let text = draft["text"].as_str().unwrap();
    assert!(text.contains("应到 1 人，实到 1 人。"), "{text}");
    assert!(text.contains("今年尚无到期应完成的时间节点，尚未到期 1 项"), "{text}");
    assert!(!text.contains(" 0 "), "{text}");
}

#[actix_web::test]
async fn what_is_to_approve_and_to_sign_for_waits_in_the_inbox_and_what_one_reads_is_found() {
    let scene = Scene::set(3, 24, 1).await;
    let waits = async |who: &Persona| -> Vec<Value> {
        let items = who.get("/inbox").await.items();
        items.into_iter().filter(|item| item["subject"] == json!("bulletin")).map(|item| item["kind"].clone()).collect()
    };
    let found = async |who: &Persona| who.get("/search?q=spring&kind=bulletin").await.items().len();
    let circular = id(&write(&scene.department, scene.committee, "circular").await);
    assert_eq!(waits(&scene.leader).await, [json!("to_approve")]);
    assert!(waits(&scene.department).await.is_empty() && waits(scene.secretary()).await.is_empty());
    assert_eq!((found(&scene.leader).await, found(&scene.department).await, found(scene.secretary()).await), (1, 1, 0));
    release(&scene, circular).await;
    assert!(waits(&scene.leader).await.is_empty());
    assert_eq!(waits(scene.secretary()).await, [json!("to_sign_for")]);
    assert_eq!((found(scene.secretary()).await, found(&scene.admin).await), (1, 0));
    scene.secretary().post(&format!("/bulletins/{circular}/receipts"), json!({})).await.created();
    assert!(waits(scene.secretary()).await.is_empty());
}
