//! The pages that show and judge, over HTTP: the year and what is behind its figures, the review desk, urging, the page of
//! the leader, the reports. They show what the API answers, and do what it does.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Browser, Scene, day, id};

/// Three branches; of the first one node is done, one overdue, one to come; the second reported one; the third owes one.
async fn year() -> (Scene, Vec<i64>) {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let mut tasks = vec![];
    for (title, due, owing) in [
        ("Done", "2020-02-28", &scene.branches[..1]),
        ("Late", "2020-03-31", &scene.branches[..1]),
        ("To come", "2020-11-30", &scene.branches[..1]),
        ("Reported", "2020-06-30", &scene.branches[1..2]),
        ("Owed", "2020-06-26", &scene.branches[2..]),
    ] {
        tasks.push(scene.task(plan, title, owing, json!([{"due_on": due}])).await);
    }
    scene.issue(plan).await;
    let mut nodes = vec![];
    for task in tasks {
        nodes.push(id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]));
    }
    scene.app.turn_to(day(2, 20));
    let report = scene.complete(nodes[0]).await;
    scene.accept(&report).await;
    scene.app.turn_to(day(6, 26));
    report_of(&scene, 1, nodes[3]).await;
    (scene, nodes)
}

async fn report_of(scene: &Scene, branch: usize, node: i64) -> Value {
    let body = json!({"kind": "completion", "text": "开了党员大会。\n<script>alert(1)</script>"});
    scene.secretaries[branch].post(&format!("/time-nodes/{node}/progress-reports"), body).await.created()
}

#[actix_web::test]
async fn the_year_shows_the_figures_of_the_report_and_every_one_opens_what_is_behind_it() {
    let (scene, nodes) = year().await;
    let total = scene.report("").await["total"].clone();
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    let page = browser.open("/year").await;
    page.is(200).says("到期应完成3个节点，已完成1个。").says("<b>逾期1个</b>：Branch 1 1个；其余2个组织没有逾期。");
    for (rate, word) in [("completion", "完成率"), ("year_progress", "全年任务进度")] {
        let rate = &total[rate];
        page.says(word).says(&format!("{}<span class=\"of\">/{}</span>", rate["met"], rate["of"]));
    }
    page.says("到期应完成 3").says("未到期2");
    // A cell says how many are done, and its worst light with its word; it opens its nodes.
    let cell = format!("/year/items?unit_id={}&#38;month=2020-03", scene.branches[0]);
    page.says(&cell).says("逾期1");
    let behind = browser.open(&cell.replace("&#38;", "&")).await;
    behind.is(200).says("1个节点").says("Late").says(&format!("/time-nodes/{}", nodes[1])).says_nothing_of("Done");
    browser.open("/year/items?count=pending_review").await.is(200).says_nothing_of(">Reported<");
    browser.open("/year/items?count=nonsense").await.is(404);
    let explained = browser.open("/reports/explain?rate=completion").await;
    explained
        .is(200)
        .says("<b>1/3</b>，33.3%")
        .says(">Done<")
        .says(">Late<")
        .says(">Owed<")
        .says_nothing_of(">To come<");
    // As of an earlier day, as it was.
    let earlier = browser.open("/year?as_of=2020-02-29").await;
    earlier.is(200).says("到期应完成1个节点，已完成1个。").says("没有逾期").says("value=\"2020-02-29\"");
    browser.open("/year?as_of=2020-12-31").await.is(422);
    browser.open("/year?as_of=nonsense").await.is(422);
    let mut english = Browser::signed_in(&scene.app, "department").await.speaking("en");
    english.open("/year").await.is(200).says("1 of 3 nodes owed by now are done. <b>1 overdue</b>: Branch 1: 1");
}

#[actix_web::test]
async fn counts_are_for_everybody_and_names_for_who_may_read_them() {
    let (scene, _) = year().await;
    let mut branch = Browser::signed_in(&scene.app, "secretary-2").await;
    let (own, other) = (scene.branches[1], scene.branches[0]);
    branch.open("/year").await.is(200).says("Branch 1 1个").says_nothing_of(&format!("unit_id={other}"));
    let counts = branch.open("/reports/compliance").await;
    counts.is(200).says(&format!("/reports/explain?rate=year_progress&#38;unit_id={own}")).says("Branch 1");
    counts.says_nothing_of(&format!("unit_id={other}")).says_nothing_of("/reports/explain?rate=completion\"");
    let mut department = Browser::signed_in(&scene.app, "department").await;
    department.open("/reports/compliance").await.says(&format!("/year/items?count=owed&#38;unit_id={other}\""));
    branch.open(&format!("/year/items?unit_id={own}")).await.is(200).says("Reported");
    branch.open(&format!("/year/items?unit_id={other}")).await.is(403);
    branch.open(&format!("/reports/explain?rate=completion&unit_id={other}")).await.is(403);
    for path in ["/reports/flags", "/leader"] {
        branch.open(path).await.is(403);
    }
    // What names things opens on what one reads.
    for path in ["/reports/path", "/reports/explain?rate=year_progress", "/year/items?count=owed", "/month"] {
        branch.open(path).await.is(200).says("Branch 2").says_nothing_of("Branch 1");
    }
    let in_part = scene.app.person("leader-of-a-part", Role::Leader, Some(other)).await;
    in_part.get("/reports/path").await.refused(403, "forbidden");
    let mut leader = Browser::signed_in(&scene.app, "leader-of-a-part").await;
    assert_eq!(leader.open("/").await.path, "/leader");
    leader.open("/leader").await.is(200).says("Late").says_nothing_of("Branch 2");
    for path in ["/reports/path", "/reports/flags", "/reports/reviews", "/reports/unscheduled"] {
        leader.open(path).await.is(200);
    }
    // Where there are several committees, one sees one's own first.
    let foreign = scene.admin.post("/units", json!({"name": "Elsewhere", "kind": "committee"})).await.created();
    scene.app.person("leader-elsewhere", Role::Leader, Some(id(&foreign))).await;
    let mut elsewhere = Browser::signed_in(&scene.app, "leader-elsewhere").await;
    for path in ["/year", "/month", "/year/items", "/reports/compliance", "/reports/rectification", "/leader"] {
        elsewhere.open(path).await.is(200).says_nothing_of("Branch 1");
        elsewhere.open(path).await.says_nothing_of("Committee<");
    }
    elsewhere.open(&format!("/year?unit_id={}", scene.committee)).await.is(200).says("Branch 1 1个");
    branch.open("/year").await.is(200).says("Branch 1 1个").says_nothing_of("Elsewhere");
    branch.open("/review").await.is(200).says("都审完了");
    let mut nobody = Browser::new(&scene.app);
    for path in ["/year", "/review", "/urge", "/leader", "/reports", "/reports/trend", "/month"] {
        assert!(nobody.open_once(path).await.leads_to().unwrap().starts_with("/sign-in?next="), "{path}");
    }
}

/// The addresses of this server that a page leads to.
fn links(page: &str) -> std::collections::BTreeSet<String> {
    let starts = page.split("href=\"/").skip(1);
    let addresses = starts.filter_map(|rest| Some(format!("/{}", rest.split_once('"')?.0.split('#').next()?)));
    addresses.map(|address| address.replace("&#38;", "&")).filter(|address| !address.starts_with("/assets/")).collect()
}

#[actix_web::test]
async fn nobody_is_offered_a_page_that_they_may_not_open() {
    let (scene, _) = year().await;
    scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let other = scene.admin.post("/units", json!({"name": "Elsewhere", "kind": "committee"})).await.created();
    scene.app.person("leader-elsewhere", Role::Leader, Some(id(&other))).await;
    let figures = ["/year", "/reports", "/reports/compliance", "/reports/trend", "/reports/attendance"];
    let by = ["key_point", "month", "category"].map(|by| format!("/reports/compliance?by={by}"));
    let mut opened = 0;
    for who in ["department", "secretary-1", "secretary-2", "leader", "inspector", "leader-elsewhere"] {
        let mut browser = Browser::signed_in(&scene.app, who).await;
        let mut pages: Vec<String> = figures.map(str::to_owned).into();
        pages.extend(by.clone());
        let other = ["/", "/todo", "/branch", "/leader", "/month", "/findings", "/meetings", "/plans", "/assessments"];
        pages.extend(other.map(str::to_owned));
        pages.extend(["/bulletins", "/task-list", "/review", "/urge"].map(str::to_owned));
        let mut seen = std::collections::BTreeSet::new();
        for path in pages {
            let page = browser.open(&path).await;
            // What is not in one's own navigation may be closed to one, or not there.
            if matches!(page.status, 403 | 404) {
                continue;
            }
            page.is(200);
            for link in links(&page.text) {
                if seen.insert(link.clone()) {
                    let shown = browser.open(&link).await;
                    assert_eq!(shown.status, 200, "{who}: {path} leads to {link}");
                    opened += 1;
                }
            }
        }
        assert!(seen.len() > 12, "{who}: {seen:?}");
    }
    assert!(opened > 200, "{opened}");
}

#[actix_web::test]
async fn every_figure_opens_as_many_nodes_as_it_counts() {
    let (scene, _) = year().await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    let counts = scene.report("").await["total"].clone();
    for count in ["owed", "done_on_time", "done_late", "pending_review", "due", "overdue", "excluded", "not_yet_owed"] {
        let page = browser.open(&format!("/year/items?count={count}")).await;
        page.is(200).says(&format!("{}个节点", counts[count]));
    }
    assert_eq!(counts["not_yet_owed"], json!(2));
    // The one that is late has been so for 87 days.
    for (late, found) in [("0&late_to=7", 0), ("31&late_to=90", 1), ("87&late_to=87", 1), ("88&late_to=9999", 0)] {
        let page = browser.open(&format!("/year/items?count=overdue&late_from={late}")).await;
        page.is(200).says(&format!("{found}个节点"));
    }
    for (by, field) in [("month", "month"), ("key_point", "key_point")] {
        let report = scene.report(&format!("group_by={by}")).await;
        for group in report["groups"].as_array().unwrap() {
            let key = group["key"].as_str().unwrap();
            let page = browser.open(&format!("/year/items?count=owed&{field}={key}")).await;
            page.is(200).says(&format!("{}个节点", group["owed"]));
            let not_yet = browser.open(&format!("/year/items?count=not_yet_owed&{field}={key}")).await;
            not_yet.is(200).says(&format!("{}个节点", group["not_yet_owed"]));
        }
    }
    browser.open("/year/items?category=none").await.is(200).says("0个节点");
}

/// The anchors of a page: where each leads, and what stands in it without its markup.
fn anchors(page: &str) -> Vec<(String, String)> {
    let found = page.split("<a href=\"").skip(1).filter_map(|rest| {
        let (address, rest) = rest.split_once('"')?;
        let (_, inner) = rest.split_once('>')?;
        let inner = inner.split("</a>").next()?;
        let text: String = inner.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        Some((address.replace("&#38;", "&").replace("&amp;", "&"), text))
    });
    found.collect()
}

#[actix_web::test]
async fn a_figure_leads_to_as_many_as_it_says_on_every_page_and_day() {
    let (scene, nodes) = year().await;
    // A month later one more is done, one is left out, one is overdue.
    scene.app.turn_to(day(7, 20));
    let reports = scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[3])).await;
    scene.accept(&reports.items()[0]).await;
    let waived = json!({"reason": "not this year", "kind": "waived"});
    let asked = scene.department.post(&format!("/time-nodes/{}/waivers", nodes[1]), waived).await.created();
    let granted = json!({"verdict": "approved"});
    scene.leader.post(&format!("/waivers/{}/decision", id(&asked)), granted).await.ok();
    scene.app.turn_to(day(8, 31));
    let total = scene.report("").await["total"].clone();
    assert_eq!((&total["excluded"], &total["overdue"], &total["not_yet_owed"]), (&json!(1), &json!(1), &json!(1)));
    let (mut items, mut explained) = (0, 0);
    for who in ["department", "leader", "secretary-1"] {
        let mut browser = Browser::signed_in(&scene.app, who).await;
        for path in [
            "/year",
            "/year?as_of=2020-06-30",
            "/month",
            "/month?month=2020-06",
            "/leader",
            "/leader?as_of=2020-06-30",
            "/reports/compliance?by=unit",
            "/reports/compliance?by=unit&as_of=2020-06-30",
            "/reports/trend",
        ] {
            let page = browser.open(path).await;
            if page.status == 403 {
                continue;
            }
            for (address, text) in anchors(&page.is(200).text) {
                let figure = text.split([' ', '\u{a0}']).next().unwrap();
                let (first, last) = figure.split_once('/').unwrap_or((figure, figure));
                let (Ok(met), Ok(of)) = (first.parse::<i64>(), last.parse::<i64>()) else { continue };
                if address.starts_with("/year/items") {
                    let behind = browser.open(&address).await;
                    assert!(behind.text.contains(&format!(">{of}个节点<")), "{who} {path}: {text} leads to {address}");
                    items += 1;
                } else if address.starts_with("/reports/explain") && figure.contains('/') {
                    let behind = browser.open(&address).await;
                    assert!(
                        behind.text.contains(&format!("<b>{met}/{of}</b>")),
                        "{who} {path}: {text} leads to {address}"
                    );
                    explained += 1;
                }
            }
        }
    }
    assert!(items > 100 && explained > 50, "{items} {explained}");
}

#[actix_web::test]
async fn what_was_removed_and_kept_twice_leads_where_it_led() {
    let (scene, nodes) = year().await;
    let circular =
        json!({"unit_id": scene.committee, "kind": "circular", "period": "2020-05", "submitter": "Department"});
    let draft = id(&scene.department.post("/bulletins", circular).await.created());
    let mut department = Browser::signed_in(&scene.app, "department").await;
    let remove = format!("/bulletins/{draft}/remove");
    let page = department.open(&remove).await;
    let (token, once) = (page.token(), page.value("_once").unwrap());
    let version = page.value("version").unwrap_or_default();
    let fields = [("_csrf", token.as_str()), ("_once", once.as_str()), ("version", version.as_str())];
    let first = department.send_once(&remove, &fields, "same-origin").await;
    let second = department.send_once(&remove, &fields, "same-origin").await;
    assert_eq!((first.status, first.leads_to()), (303, second.is(303).leads_to()));
    let mut secretary = Browser::signed_in(&scene.app, "secretary-3").await;
    let page = secretary.open(&format!("/report?node={}", nodes[4])).await;
    let (token, once, node) = (page.token(), page.value("_once").unwrap(), nodes[4].to_string());
    let fields = [
        ("_csrf", token.as_str()),
        ("_once", once.as_str()),
        ("kind", "completion"),
        ("node", node.as_str()),
        ("text", "一半"),
        ("do", "draft"),
    ];
    let first = secretary.send_once("/report", &fields, "same-origin").await;
    let second = secretary.send_once("/report", &fields, "same-origin").await;
    assert_eq!((first.status, first.leads_to()), (303, second.is(303).leads_to()));
}

#[actix_web::test]
async fn a_form_sent_twice_is_done_once() {
    let (scene, nodes) = year().await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-3").await;
    let page = browser.open(&format!("/report?node={}", nodes[4])).await;
    let (token, once) = (page.token(), page.value("_once").unwrap());
    let node = nodes[4].to_string();
    let typed = |text: &'static str| {
        vec![
            ("_csrf", token.clone()),
            ("_once", once.clone()),
            ("kind", "progress".to_owned()),
            ("node", node.clone()),
            ("text", text.to_owned()),
            ("do", "sign".to_owned()),
        ]
    };
    let mut led = vec![];
    for text in ["一半", "一半", "又一半"] {
        let fields = typed(text);
        let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let sent = browser.send_once("/report", &fields, "same-origin").await;
        led.push(sent.is(303).leads_to().unwrap());
    }
    assert_eq!(led[0], led[1]);
    let reports = scene.secretaries[2].get(&format!("/time-nodes/{node}/progress-reports")).await;
    let texts: Vec<_> = reports.items().iter().map(|report| report["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, ["一半", "又一半"], "the second click does nothing, what was typed anew does");
}

#[actix_web::test]
async fn every_report_is_a_page_in_both_languages_and_a_table_for_spreadsheets() {
    let (scene, _) = year().await;
    let mut zh = Browser::signed_in(&scene.app, "department").await;
    let mut en = Browser::signed_in(&scene.app, "department").await.speaking("en");
    for (path, word, english) in [
        ("/reports", "报表", "Reports"),
        ("/reports/compliance?by=unit", "按组织", "by unit"),
        ("/reports/compliance?by=key_point", "按重点工作", "by key point"),
        ("/reports/compliance?by=month&restated=true", "最新口径", "Restated"),
        ("/reports/compliance?by=category", "按类别", "by category"),
        ("/reports/trend", "全年走势", "The trend of the year"),
        ("/reports/path", "已达不到目标", "lost since"),
        ("/reports/reviews", "还有1份在等", "1 still wait"),
        ("/reports/rectification", "这一年还没有登记问题", "No finding was raised"),
        ("/reports/attendance?by=kind", "这一年还没有开过会", "No meeting was held"),
        ("/reports/unscheduled", "所有任务都定了日子", "Everything has a date"),
        ("/reports/flags", "补录超过", "Dated back by more than"),
        ("/month", "2020年6月工作月报", "Monthly report, Jun 2020"),
        ("/month?month=2020-03", "2020年3月工作月报", "Monthly report, Mar 2020"),
    ] {
        zh.open(path).await.is(200).says(word).says("lang=\"zh-CN\"");
        en.open(path).await.is(200).says(english).says("lang=\"en\"");
    }
    for rate in ["on_time", "on_time_original", "reporting", "year_progress", "compliance", "branches_recognised"] {
        zh.open(&format!("/reports/explain?rate={rate}")).await.is(200);
    }
    zh.open("/reports/compliance?by=colour").await.is(404);
    zh.open("/month?month=2020-13").await.is(422);
    zh.open("/month?month=2020-07").await.is(422);
    let table = zh.open("/reports/compliance?by=unit&form=csv").await;
    table.is(200);
    let api = scene.department.request("GET", "/reports/compliance?group_by=unit").header("accept", "text/csv");
    assert_eq!(table.text, api.send().await.unwrap().text().await.unwrap());
    assert!(table.header("content-disposition").starts_with("attachment"));
    for report in ["trend", "path", "reviews", "rectification", "attendance", "unscheduled", "flags"] {
        let table = zh.open(&format!("/reports/{report}?form=csv")).await;
        assert!(table.header("content-type").starts_with("text/csv"), "{report}");
        let workbook = zh.open(&format!("/reports/{report}?form=xlsx")).await;
        assert!(workbook.header("content-type").contains("spreadsheetml"), "{report}: {:?}", workbook.headers);
    }
}

#[actix_web::test]
async fn a_review_echoes_what_was_read_and_the_next_report_comes_up() {
    let (scene, nodes) = year().await;
    let first = id(&scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[3])).await.items()[0]);
    scene.app.turn_to(day(6, 29));
    let second = id(&report_of(&scene, 2, nodes[4]).await);
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    let page = browser.open("/review").await;
    page.is(200).says("<b>2份</b>等审").says("第1份，共2份").says("&#60;script&#62;").says_nothing_of("<script>alert");
    assert_eq!(page.value("report").unwrap(), first.to_string(), "the longest waiting comes first");
    let (hash, version) = (page.value("content_hash").unwrap(), page.value("version").unwrap());
    let number = first.to_string();
    let of = |hash: &str| [("report", number.clone()), ("version", version.clone()), ("content_hash", hash.to_owned())];
    let send = async |browser: &mut Browser, hash: &str, more: &[(&str, &str)]| {
        let base = of(hash);
        let base = base.iter().map(|(name, value)| (*name, value.as_str()));
        let fields: Vec<(&str, &str)> = base.chain(more.iter().copied()).collect();
        browser.submit(&page, "/review", &fields).await
    };
    // Without a reason nothing is returned, and what was chosen is still there.
    let bare = [("verdict", "returned"), ("return_kind", "not_done"), ("comment", "")];
    let refused = send(&mut browser, &hash, &bare).await;
    refused.is(422).says("id=\"comment-e\"").says("value=\"not_done\" checked");
    // Of another text nothing is accepted.
    send(&mut browser, "0000", &[("verdict", "accepted")]).await.is(422).says("打开以后内容有变");
    assert_eq!(scene.node(nodes[3]).await["state"], json!("reported"));
    let ruled = send(&mut browser, &hash, &[("verdict", "accepted"), ("comment", "")]).await;
    ruled.is(200).says("已通过：Reported").says("第1份，共1份");
    assert_eq!(ruled.value("report").unwrap(), second.to_string(), "the next one");
    assert_eq!(scene.node(nodes[3]).await["state"], json!("accepted"));
    // Ruled already: said, and nothing done twice.
    let twice = send(&mut browser, &hash, &[("verdict", "accepted")]).await;
    twice.is(422).says("这份填报已不在队列中");
    let (hash, version) = (ruled.value("content_hash").unwrap(), ruled.value("version").unwrap());
    let number = second.to_string();
    let back = [
        ("report", number.as_str()),
        ("version", version.as_str()),
        ("content_hash", hash.as_str()),
        ("verdict", "returned"),
        ("return_kind", "supplement"),
        ("comment", "缺签到表，请补附。"),
    ];
    browser.submit(&ruled, "/review", &back).await.is(200).says("已退回：Owed").says("都审完了");
    assert_eq!(scene.node(nodes[4]).await["state"], json!("returned"));
    let review = &scene.department.get(&format!("/progress-reports/{second}/reviews")).await.items()[0];
    assert_eq!(review["comment"], json!("缺签到表，请补附。"));
    assert_eq!(review["return_kind"], json!("supplement"));
}

#[actix_web::test]
async fn one_is_urged_or_all_and_the_text_names_what_is_owed() {
    let (scene, nodes) = year().await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    let page = browser.open("/urge").await;
    page.is(200).says("<b>2个节点</b>等填报：逾期1").says("没催过").says("Branch 1：逾期1个。Late（3月31日）");
    page.says(&format!("{}/todo", scene.app.base.trim_end_matches("/api/v1"))).says("还没有催办过");
    let node = nodes[1].to_string();
    browser.submit(&page, "/urge", &[("which", "zzz"), ("note", "")]).await.is(200);
    assert!(scene.department.get("/urges").await.items().is_empty(), "a button that there is none of urges nobody");
    let one = browser.submit(&page, "/urge", &[("node", node.as_str()), ("note", "请今天填报")]).await;
    one.is(200).says("已催办1个").says("6月26日催过").says("请今天填报");
    let all = browser.submit(&one, "/urge", &[("which", "all"), ("note", "")]).await;
    all.is(200).says("已催办1个；1个今天已催过或已填报，没有再催。");
    let history = scene.department.get(&format!("/urges?time_node_id={}", nodes[1])).await.items();
    assert_eq!((history.len(), &history[0]["note"]), (1, &json!("请今天填报")));
    let long = "请".repeat(501);
    browser.submit(&all, "/urge", &[("which", "all"), ("note", &long)]).await.is(422).says("id=\"note-e\"");
    let mut branch = Browser::signed_in(&scene.app, "secretary-1").await;
    let own = branch.open("/urge").await;
    own.is(200).says("Late").says_nothing_of("name=\"which\"");
    branch.submit(&own, "/urge", &[("node", node.as_str())]).await.is(422);
}

#[actix_web::test]
async fn a_leader_reads_what_is_still_possible_decides_and_instructs() {
    let (scene, nodes) = year().await;
    let secretary = scene.secretary();
    let asks = json!({"due_on": "2020-09-30", "reason": "场地改造"});
    let asked = secretary.post(&format!("/time-nodes/{}/extensions", nodes[1]), asks).await.created();
    let waiver = json!({"kind": "waived", "reason": "全员驻外"});
    let waiver = secretary.post(&format!("/time-nodes/{}/waivers", nodes[2]), waiver).await.created();
    let mut leader = Browser::signed_in(&scene.app, "leader").await;
    assert_eq!(leader.open("/").await.path, "/leader");
    let page = leader.open("/leader").await;
    page.is(200).says("还没有达标率").says("按期完成率100%自4月1日起已不能").says("等我决定2件");
    page.says("申请延期到9月30日").says("场地改造").says("申请豁免").says("全员驻外").says("比上月末");
    let request = |kind: &'static str, item: &Value, verdict: &'static str, reason: &'static str| {
        [
            ("kind", kind.to_owned()),
            ("id", id(item).to_string()),
            ("version", item["version"].to_string()),
            ("verdict", verdict.to_owned()),
            ("reason", reason.to_owned()),
        ]
    };
    let send = async |leader: &mut Browser, fields: [(&str, String); 5]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        leader.submit(&page, "/leader/requests", &fields).await
    };
    // A refusal needs its words; the field that lacks them is named, and nothing is decided.
    let bare = send(&mut leader, request("extension", &asked, "refused", "")).await;
    bare.is(422).says(&format!("id=\"reason-extension-{}-e\"", id(&asked)));
    let stale = json!({"id": asked["id"], "version": 99});
    send(&mut leader, request("extension", &stale, "approved", "")).await.is(422).says("打开以后这件申请有变");
    assert_eq!(scene.department.get(&format!("/extensions/{}", id(&asked))).await.ok()["state"], json!("requested"));
    let refused = send(&mut leader, request("waiver", &waiver, "refused", "请线上开展")).await;
    refused.is(200).says("已保存").says("等我决定1件");
    send(&mut leader, request("extension", &asked, "approved", "")).await.is(200).says("没有等我决定的");
    assert_eq!(scene.node(nodes[1]).await["due_on"], json!("2020-09-30"));
    let waiver = scene.department.get(&format!("/waivers/{}", id(&waiver))).await.ok();
    assert_eq!((&waiver["state"], &waiver["decision_reason"]), (&json!("refused"), &json!("请线上开展")));
    // An instruction stands on the page and at the node.
    let node = nodes[4].to_string();
    let said = [("node", node.as_str()), ("text", "七月上旬前办完。")];
    leader.submit(&page, "/leader/instructions", &said).await.is(200).says("七月上旬前办完。");
    let comment = &scene.department.get(&format!("/time-nodes/{node}/comments")).await.items()[0];
    assert_eq!(comment["kind"], json!("instruction"));
    leader
        .submit(&page, "/leader/instructions", &[("node", node.as_str()), ("text", "")])
        .await
        .is(422)
        .says("id=\"text-e\"");
    // As of an earlier day, nothing was lost yet.
    leader.open("/leader?as_of=2020-03-31").await.is(200).says("按期完成率100%仍能达到");
    // The department does not instruct.
    let mut department = Browser::signed_in(&scene.app, "department").await;
    let own = department.open("/leader").await;
    department.submit(&own, "/leader/instructions", &said).await.is(422);
}
