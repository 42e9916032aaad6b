//! Where one may go: the sections of the console, and whose they are. The first of one's sections is one's first page.

use super::words::Lang;
use crate::access::{Post, Role};

/// A section of the console.
struct Section {
    path: &'static str,
    zh: &'static str,
    en: &'static str,
    roles: &'static [Role],
}

/// Where a page has an address of its own and belongs to a section all the same.
const BELOW: &[(&str, &[&str])] = &[
    ("/plans", &["/key-points", "/tasks", "/responsibilities"]),
    ("/findings", &["/measures"]),
    ("/assessments", &["/standard-sets"]),
    ("/meetings", &["/opinions", "/decisions", "/agenda-items"]),
    ("/accounts", &["/appointments"]),
    ("/todo", &["/time-nodes", "/report"]),
];

const BRANCH: &[Role] = &[Role::Secretary, Role::DeputySecretary, Role::Cadre];
const JUDGING: &[Role] = &[Role::Department, Role::Leader];
const BUSINESS: &[Role] =
    &[Role::Secretary, Role::DeputySecretary, Role::Cadre, Role::Department, Role::Leader, Role::Inspector];

/// In the order in which they stand in the masthead.
const SECTIONS: &[Section] = &[
    Section { path: "/leader", zh: "领导一页", en: "For the leader", roles: &[Role::Leader] },
    Section {
        path: "/year",
        zh: "全年一览",
        en: "The year",
        roles: &[Role::Department, Role::Leader, Role::Inspector],
    },
    Section { path: "/todo", zh: "我的待办", en: "To do", roles: BUSINESS },
    Section { path: "/branch", zh: "本支部", en: "My branch", roles: BRANCH },
    Section { path: "/review", zh: "审核", en: "Review", roles: JUDGING },
    Section { path: "/urge", zh: "催办", en: "Urge", roles: JUDGING },
    Section { path: "/reports", zh: "报表", en: "Reports", roles: BUSINESS },
    Section { path: "/plans", zh: "计划", en: "Plans", roles: BUSINESS },
    Section { path: "/findings", zh: "问题", en: "Findings", roles: BUSINESS },
    Section { path: "/assessments", zh: "达标评定", en: "Assessments", roles: BUSINESS },
    Section { path: "/meetings", zh: "会议", en: "Meetings", roles: BUSINESS },
    Section { path: "/bulletins", zh: "简报", en: "Bulletins", roles: BUSINESS },
    Section { path: "/units", zh: "组织", en: "Units", roles: &[Role::Administrator] },
    Section { path: "/accounts", zh: "账号", en: "Accounts", roles: &[Role::Administrator] },
    Section { path: "/imports", zh: "导入", en: "Import", roles: &[Role::Department, Role::Administrator] },
    Section { path: "/settings", zh: "设置", en: "Settings", roles: &[Role::Administrator] },
    Section { path: "/audit", zh: "审计日志", en: "Audit log", roles: &[Role::Auditor] },
    Section { path: "/task-list", zh: "任务清单", en: "Task list", roles: BUSINESS },
];

/// Where somebody without any section goes.
const ACCOUNT: &str = "/account";

/// An entry of the navigation.
#[derive(Debug, Clone)]
pub struct Entry {
    pub path: &'static str,
    pub name: &'static str,
}

impl Entry {
    /// Whether a page stands in this section.
    pub fn is_at(&self, path: &str) -> bool {
        let lies = |top: &str| path == top || path.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'));
        let below = BELOW.iter().filter(|(section, _)| *section == self.path);
        lies(self.path) || below.flat_map(|(_, others)| others.iter()).any(|other| lies(other))
    }
}

/// The sections that some post opens.
pub fn of(posts: &[Post], lang: Lang) -> Vec<Entry> {
    let open = |section: &&Section| posts.iter().any(|post| section.roles.contains(&post.role));
    SECTIONS
        .iter()
        .filter(open)
        .map(|section| Entry { path: section.path, name: lang.pick(section.zh, section.en) })
        .collect()
}

/// The first page of whoever holds these sections.
pub fn first_page(entries: &[Entry]) -> &'static str {
    entries.first().map_or(ACCOUNT, |entry| entry.path)
}
