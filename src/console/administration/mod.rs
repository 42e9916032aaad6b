//! What administrators and auditors have: units as a tree of any day, accounts, appointments with their hand-over,
//! settings, calendars, and the audit log with its verification.

mod accounts;
mod audit;
mod settings;
mod units;

use actix_web::{HttpRequest, web};
use chrono::NaiveDate;

use crate::console::Fields;
use crate::console::form;
use crate::words;

words! {
    /// What the pages of administration say.
    pub struct AdminWords {
        units: "组织", "Units";
        units_lead(day): "{day}的组织。改名、调整上级、撤销都从当天起算，过去的报表不变。", "The units of {day}. Names, places and ends count from the day they are recorded; past reports don't change.";
        unit: "组织", "Unit";
        kind: "类型", "Kind";
        code: "编号", "Code";
        short_names: "简称", "Short names";
        short_hint: "清单里的别名，用顿号隔开", "Other names in lists, set apart with 、";
        parent: "上级", "Above it";
        established_on: "成立日期", "Established";
        dissolved_on: "撤销日期", "Dissolved on";
        successor: "由谁承接", "Successor";
        term_ends_on: "任期届满", "Term ends";
        new_unit: "新建组织", "Make a unit";
        change: "修改", "Change";
        change_unit: "修改组织", "Change the unit";
        dissolve: "撤销组织", "Dissolve";
        dissolve_lead: "撤销以后它欠的仍然算它的；写明由谁承接，或写明原因。", "What is past due stays owed. Name a successor, or say why there is none.";
        reason: "原因", "Reason";
        save: "保存", "Save";
        back_units: "全部组织", "All units";
        no_units: "还没有组织", "No units yet";
        no_units_hint: "先建最上面的党委，再建支部和部门。", "Begin with the committee at the top, then branches and departments.";
        accounts: "账号", "Accounts";
        accounts_lead: "账号是人用的，任职决定能办什么。新书记到任用“交接”：旧任职到前一天为止。", "An account is a person's; appointments say what it may do. A new secretary takes over by a hand-over.";
        username: "用户名", "User name";
        display_name: "显示名（职务）", "Shown as (post)";
        password: "初始密码", "First password";
        password_hint: "对方第一次登录时必须修改", "It has to be changed at the first sign-in";
        new_account: "新建账号", "Make an account";
        posts: "任职", "Appointments";
        no_posts: "没有任职", "no appointment";
        appoint: "任命", "Appoint";
        role: "职务", "Post";
        from: "自", "From";
        until: "至", "Until";
        hand_over: "交接", "Hand over";
        hand_over_lead: "原任职到前一天结束，新任职从这一天开始；签过的仍是谁签的。", "The old appointment ends the day before and the new one begins; what was signed stays with who signed.";
        to_account: "交给", "To";
        on: "日期", "Day";
        end: "修改期限", "Change its days";
        reset: "重设密码", "Reset the password";
        unlock: "解锁", "Unlock";
        unlock_lead: "多次输错或长期未用以后。", "After too many failed sign-ins, or long disuse.";
        disabled: "停用", "Disabled";
        state: "状态", "State";
        active: "正常", "active";
        back_accounts: "全部账号", "All accounts";
        settings: "设置", "Settings";
        settings_lead: "改动从当天起算；过去的每一天仍按当时的设置判定。", "A change counts from its day on; every past day is judged by the settings it had.";
        change_settings: "修改设置", "Change the settings";
        near_days: "临期：到期前几天", "Due soon: days before";
        recurrence_grace_days: "周期任务宽限天数", "Grace of recurring nodes, days";
        short_extension_days: "部门可批的延期天数", "Longest extension the department grants, days";
        backfill_days: "补录天数", "Days to backfill";
        review_working_days: "几个工作日内审核", "Working days to review in";
        term_alert_months: "届满前几个月提醒", "Months before a term ends";
        back_dated_days: "倒填几天以上要列出", "Days back-dated that are listed";
        secretary_signs: "完成只由书记、副书记签", "Only secretaries sign completions";
        public_bulletins: "简报可公开阅读", "Bulletins may be public";
        setting: "设置", "Setting";
        value: "现在", "Now";
        yes: "是", "yes";
        no: "否", "no";
        calendars: "工作日历", "Calendars";
        special_days(count): "{count}个特殊日", "{count} special day(s)";
        no_calendars: "没有导入工作日历", "No calendar was imported";
        no_calendars_hint: "没有的年份按周一至周五算；用 duban calendar import 导入。", "A year without one counts Monday to Friday; import with duban calendar import.";
        audit: "审计日志", "Audit log";
        audit_lead(count, unsealed): "已核验**{count}条**，链条完整；{unsealed}条等待封存。", "**{count}** entries verified, the chain is whole; {unsealed} await their seal.";
        audit_broken: "日志核验不通过：有记录被改动。", "The log does not verify: an entry was altered.";
        head: "请另处留存", "Keep it elsewhere";
        position: "序号", "No.";
        at: "时间（UTC）", "When (UTC)";
        who: "谁", "Who";
        operator: "操作员", "operator";
        did: "做了什么", "What was done";
        day_count(count): "{count}天", "{count} day(s)";
        working_days(count): "{count}个工作日", "{count} working day(s)";
        month_count(count): "{count}个月", "{count} month(s)";
        since(day): "自{day}", "since {day}";
        from_to(first, last): "{first}至{last}", "{first} to {last}";
        newest: "最近的记录", "The newest entries";
        earlier: "更早的记录", "Earlier entries";
        account(id): "账号{id}", "account {id}";
        subject: "对象", "To what";
        entries: "记录", "Entries";
        head_of_chain: "链首摘要", "Head of the chain";
        no_entries: "还没有记录", "No entries yet";
        no_entries_hint: "每个动作一条，随动作一起写入。", "One an action, written with it.";
    }
}

/// The addresses of administration.
pub fn routes(config: &mut web::ServiceConfig) {
    use accounts::{Appoint, ChangeAccount, ChangeAppointment, HandOver, MakeAccount, Reset, Unlock};
    use settings::ChangeSettings;
    use units::{ChangeUnit, Dissolve, NewUnit};
    config.route("/units", web::get().to(units::tree));
    form::deed::<NewUnit>(config, "/units/new");
    form::deed::<ChangeUnit>(config, "/units/{id}/change");
    form::deed::<Dissolve>(config, "/units/{id}/dissolve");
    config.route("/accounts", web::get().to(accounts::list));
    form::deed::<MakeAccount>(config, "/accounts/new");
    form::deed::<ChangeAccount>(config, "/accounts/{id}/change");
    form::deed::<Reset>(config, "/accounts/{id}/reset-password");
    form::deed::<Unlock>(config, "/accounts/{id}/unlock");
    form::deed::<Appoint>(config, "/accounts/{id}/appointments/new");
    form::deed::<ChangeAppointment>(config, "/appointments/{id}/change");
    form::deed::<HandOver>(config, "/appointments/{id}/hand-over");
    config.route("/settings", web::get().to(settings::show));
    form::deed::<ChangeSettings>(config, "/settings/change");
    config.route("/audit", web::get().to(audit::log));
}

fn asked_day(request: &HttpRequest) -> Option<NaiveDate> {
    Fields::read(request.query_string().as_bytes()).get("as_of").parse().ok()
}
