//! Every page of the console, once. Whoever makes a page adds it here.

/// A page, and who looks at it.
pub struct Page {
    /// An account of the demo; nobody is signed in without one.
    pub who: Option<&'static str>,
    /// Its address.
    pub path: &'static str,
    /// When the page is one of many: the first link that fits, on the page at `path`.
    pub link: Option<&'static str>,
}

const fn of(who: &'static str, path: &'static str) -> Page {
    Page { who: Some(who), path, link: None }
}

const fn one_of(who: &'static str, path: &'static str, link: &'static str) -> Page {
    Page { who: Some(who), path, link: Some(link) }
}

/// In the order of who looks: signing in for each costs more than a page.
pub const PAGES: &[Page] = &[
    Page { who: None, path: "/sign-in", link: None },
    Page { who: None, path: "/sign-in?next=%2Fnowhere", link: None },
    of("secretary-6", "/todo"),
    of("secretary-6", "/branch"),
    of("secretary-6", "/branch?verdict=overdue"),
    of("secretary-6", "/task-list"),
    one_of("secretary-6", "/todo", "main .row h3 a[href^='/time-nodes/']"),
    one_of("secretary-6", "/todo", "main a[href^='/report?']"),
    of("secretary-6", "/account"),
    of("secretary-6", "/password"),
    of("secretary-6", "/nowhere"),
    of("department", "/todo"),
    of("department", "/year"),
    of("department", "/year?as_of=2020-06-30&restated=true"),
    of("department", "/year/items?month=2020-09"),
    of("department", "/reports"),
    of("department", "/reports/compliance"),
    of("department", "/reports/compliance?by=category"),
    of("department", "/reports/explain?rate=completion"),
    of("department", "/reports/explain?rate=compliance"),
    of("department", "/reports/trend"),
    of("department", "/reports/path"),
    of("department", "/reports/reviews"),
    of("department", "/reports/rectification"),
    of("department", "/reports/attendance"),
    of("department", "/reports/unscheduled"),
    of("department", "/reports/flags"),
    one_of("department", "/reports", "main a[href^='/reports/year-report']"),
    of("department", "/month"),
    of("department", "/review"),
    of("department", "/urge"),
    of("leader", "/leader"),
    of("leader", "/leader?as_of=2020-06-30"),
    of("leader", "/todo"),
    of("admin", "/account"),
];
