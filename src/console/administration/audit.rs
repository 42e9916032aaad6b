//! The audit log with its verification.

use actix_web::{HttpRequest, HttpResponse};

use super::AdminWords;
use crate::access::Action;
use crate::audit;
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part, Section, Sheet, Table};
use crate::console::terms;
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
        // Of a broken log nobody knows how long it is.
        let last = verified.as_ref().map_or(i64::MAX, |verified| verified.verified);
        let newest = match before {
            Some(before) => before.saturating_sub(1).clamp(0, last),
            None => verified.as_ref().map_or(ENTRIES, |verified| verified.verified),
        };
        let after = (newest - ENTRIES).max(0);
        let page = PageRequest::behind("audit-entries", newest - after, vec![after.to_string()]);
        let mut table = Table::new([w.position(), w.did(), w.subject(), w.who(), w.at()]).widths([1, 3, 2, 2, 2]);
        for entry in audit::list(conn, &page, None, None, None)?.0.into_iter().rev() {
            let subject = terms::subject(view.lang, &entry.subject).to_owned();
            table.row([
                Html::text(entry.position.to_string()),
                Html::text(deed(view.lang, &entry.action)).with_note(&entry.action),
                Html::text(entry.subject_id.map_or_else(|| subject.clone(), |id| format!("{subject} {id}"))),
                Html::text(entry.account_id.map_or_else(|| w.operator(), |id| w.account(id))),
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
    let about = terms::subject(lang, about);
    lang.pick(format!("{zh}{about}"), format!("{en} {about}"))
}
