//! The audit log with its verification.

use actix_web::{HttpRequest, HttpResponse};

use super::AdminWords;
use crate::access::Action;
use crate::audit;
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part, Section, Sheet, Table};
use crate::console::store::account_names;
use crate::console::{Fields, Lang, Visit};
use crate::platform::{Error, PageRequest};

/// Entries of a page.
const ENTRIES: i64 = 50;

/// `GET /audit`: whether the log verifies, and its newest entries; with `before`, those before a position.
pub async fn log(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let query = Fields::read(request.query_string().as_bytes());
    let (view, before) = (visit.view.clone(), query.get("before").parse::<i64>().ok());
    let sheet = visit.caller.read_long(move |conn, actor| {
        actor.must_anywhere(Action::ReadAudit)?;
        let (w, verified) = (AdminWords(view.lang), audit::verify(conn));
        let last = verified.as_ref().map(|verified| verified.verified).unwrap_or(ENTRIES);
        let newest = before.map_or(last, |before| before.saturating_sub(1)).clamp(0, last);
        let after = newest.saturating_sub(ENTRIES).max(0);
        let page = PageRequest::behind("audit-entries", (newest - after).max(1), vec![after.to_string()]);
        let mut table = Table::new([w.position(), w.did(), w.subject(), w.who(), w.at()]).widths([1, 3, 2, 2, 2]);
        let entries = audit::list(conn, &page, None, None, None)?.0;
        let accounts: Vec<_> = entries.iter().filter_map(|entry| entry.account_id).collect();
        let names = account_names(conn, &accounts)?;
        for entry in entries.into_iter().rev() {
            let subject = subject(view.lang, &entry.subject).to_owned();
            table.row([
                Html::text(entry.position.to_string()),
                Html::text(deed(view.lang, &entry.action)).with_note(&entry.action),
                Html::text(entry.subject_id.map_or_else(|| subject.clone(), |id| format!("{subject} {id}"))),
                match entry.account_id {
                    Some(id) => Html::text(names.get(&id).cloned().unwrap_or_default()).with_note(w.account(id)),
                    None => Html::text(w.operator()),
                },
                Html::text(entry.at.format("%Y-%m-%d %H:%M:%S").to_string()),
            ]);
        }
        let lead = match &verified {
            Ok(verified) => w.audit_lead(verified.verified, verified.unsealed),
            Err(_) => w.audit_broken(),
        };
        let earlier = Act::new(format!("/audit?before={}", after + 1), w.earlier());
        let newest = Act::new("/audit", w.newest());
        let entries = Section::new("entries", if before.is_none() { w.newest() } else { w.entries() });
        let mut sections = vec![
            entries
                .act(before.is_some(), newest)
                .act(after > 0, earlier)
                .part(table.or_empty(w.no_entries(), w.no_entries_hint())),
        ];
        if let Ok(verified) = verified {
            let head = vec![(w.head().into(), Html::text(verified.head))];
            sections.push(Section::new("head", w.head_of_chain()).part(Part::Facts(head)));
        }
        Ok(Sheet { title: w.audit().into(), lead: lead.into(), sections, ..Sheet::default() })
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// What an entry is about.
fn subject(lang: Lang, word: &str) -> &str {
    let (zh, en) = match word {
        "account" => ("账号", "account"),
        "agenda_item" => ("议程事项", "agenda item"),
        "appointment" => ("任职", "appointment"),
        "assessment" => ("评定", "assessment"),
        "attachment" => ("佐证材料", "file"),
        "bulletin" => ("简报", "bulletin"),
        "calendar" => ("工作日历", "calendar"),
        "cancellation" => ("取消申请", "cancellation"),
        "clause" => ("条款", "clause"),
        "clause_task" => ("条款与任务的关联", "link of a clause"),
        "comment" => ("批注", "comment"),
        "decision" => ("决定", "decision"),
        "extension" => ("延期申请", "extension"),
        "finding" => ("问题", "finding"),
        "import" => ("导入", "import"),
        "key_point" => ("工作要点", "key point"),
        "measure" => ("整改措施", "measure"),
        "meeting" => ("会议", "meeting"),
        "opinion" => ("意见", "opinion"),
        "plan" => ("计划", "plan"),
        "progress_report" => ("填报", "progress report"),
        "report_draft" => ("填报草稿", "draft"),
        "responsibility" => ("责任", "responsibility"),
        "review" => ("审核", "review"),
        "schedule" => ("时限", "schedule"),
        "session" => ("登录", "sign-in"),
        "settings" => ("设置", "settings"),
        "standard_set" => ("工作标准", "standard set"),
        "task" => ("任务", "task"),
        "time_node" => ("时间节点", "time node"),
        "unit" => ("组织", "unit"),
        "urge" => ("催办", "urge"),
        "waiver" => ("豁免申请", "waiver"),
        _ => return word,
    };
    lang.pick(zh, en)
}

/// What was done, in words; its code where there are none.
fn deed(lang: Lang, action: &str) -> String {
    let (about, verb) = action.split_once('.').unwrap_or(("", action));
    let (zh, en) = match verb {
        "sign_in" => return lang.pick("登录", "signed in").to_owned(),
        "sign_in_failed" => return lang.pick("登录失败", "sign-in failed").to_owned(),
        "sign_out" => return lang.pick("退出登录", "signed out").to_owned(),
        "refresh_reused" => return lang.pick("登录凭证被重复使用", "a used token was used again").to_owned(),
        "create" | "put" => ("登记", "recorded"),
        "change" | "results" | "record" => ("修改", "changed"),
        "delete" => ("删除", "deleted"),
        "change_password" => ("修改密码：", "password changed:"),
        "reset_password" => ("重设密码：", "password reset:"),
        "unlock" => ("解锁", "unlocked"),
        "hand_over" => ("交接", "handed over"),
        "dissolve" => ("撤销", "dissolved"),
        "issue" => ("下达", "issued"),
        "revise" => ("修订", "revised"),
        "close" => ("关闭", "closed"),
        "publish" => ("发布", "published"),
        "approve" => ("批准", "approved"),
        "release" => ("发布", "released"),
        "correct" => ("更正", "corrected"),
        "sign_receipt" => ("签收", "signed for"),
        "decide" => ("审批", "decided"),
        "withdraw" => ("撤回", "withdrew"),
        "revoke" => ("撤销通过", "acceptance revoked:"),
        "end" => ("结束", "ended"),
        "apply" => ("申请销号", "close-out asked for:"),
        "check" => ("核查", "checked"),
        "recheck" => ("回头看", "re-checked"),
        "make_task" => ("立为任务", "made a task of"),
        "call" => ("通知", "called"),
        "draft_agenda" => ("拟议程", "agenda drafted:"),
        "put_attendances" => ("登记到会", "attendance of"),
        "tick" => ("勾选节点", "ticked against nodes:"),
        "dispose" => ("答复", "answered"),
        "import" => ("导入", "imported"),
        "commit" => ("确认", "committed"),
        "ask_destruction" => ("申请销毁", "destruction asked for:"),
        "destroy" => ("销毁", "destroyed"),
        "self_assess" | "self_results" => ("自评", "self-assessed:"),
        "recognise" => ("认定", "ruled on"),
        _ => return action.to_owned(),
    };
    let about = subject(lang, about);
    lang.pick(format!("{zh}{about}"), format!("{en} {about}"))
}
