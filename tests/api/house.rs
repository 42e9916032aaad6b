//! The house rules that a machine can check: the ladder of the modules, where SQL and HTTP may be, and that the table of
//! statements names tests that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// From the top down: each may use those after it.
const LADDER: &[&str] = &[
    "cli",
    "demo",
    "server",
    "contract",
    "worker",
    "backup",
    "app",
    "console",
    "inbox",
    "search",
    "comments",
    "workbooks",
    "exchange",
    "bulletins",
    "counts",
    "reports",
    "assessments",
    "standards",
    "meetings",
    "findings",
    "progress",
    "time_nodes",
    "plans",
    "layouts",
    "accounts",
    "units",
    "settings",
    "calendars",
    "audit",
    "access",
    "platform",
    "schema",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn all() -> Vec<(String, String)> {
    let mut found = vec![];
    sources(Path::new("src"), &mut found);
    found
        .into_iter()
        .map(|path| (path.strip_prefix("src").unwrap().display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The contract has one place for all names of types: a second type of a name would silently be described as the first.
#[test]
fn no_two_types_of_the_contract_share_a_name() {
    let mut names = std::collections::BTreeMap::<String, BTreeSet<String>>::new();
    for (file, text) in all() {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (n, line) in lines.iter().enumerate() {
            let rest = &lines[n + 1..];
            let name = if line.starts_with("#[derive(") && line.contains("ToSchema") {
                let declared = rest.iter().find_map(|line| line.split_once("struct ").or(line.split_once("enum ")));
                declared.and_then(|(_, name)| name.split(|c: char| !c.is_alphanumeric()).next())
            } else if *line == "word_enum! {" {
                rest.iter().find(|line| !line.starts_with("//")).and_then(|line| line.split(' ').next())
            } else {
                None
            };
            if let Some(name) = name {
                names.entry(name.to_owned()).or_default().insert(file.clone());
            }
        }
    }
    assert!(names.len() > 100, "{} names", names.len());
    let twice: Vec<_> = names.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn imports_go_down_the_ladder_only() {
    let rank = |name: &str| LADDER.iter().position(|known| *known == name);
    for (file, text) in all() {
        let from = module(&file);
        if from == "lib" || from == "main" {
            continue;
        }
        let own = rank(from).unwrap_or_else(|| panic!("{file} is not on the ladder"));
        for used in text.split("crate::").skip(1) {
            let names: Vec<&str> = match used.strip_prefix('{') {
                Some(list) => list
                    .split('}')
                    .next()
                    .unwrap()
                    .split(',')
                    .map(|name| name.trim().split("::").next().unwrap())
                    .collect(),
                None => vec![used.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()],
            };
            for name in names {
                let Some(to) = rank(name) else { continue };
                assert!(to >= own, "{file} uses {name}, which stands above {from}");
            }
        }
    }
}

#[test]
fn each_file_of_a_slice_holds_what_its_name_says() {
    for (file, text) in all() {
        let name = file.rsplit('/').next().unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        if name == "http.rs" {
            assert!(!code.contains("diesel"), "{file}: no SQL in http");
        }
        if name == "rules.rs" {
            for word in ["Conn", "async ", "Clock", "today("] {
                assert!(!code.contains(word), "{file}: rules are pure, and know no {word}");
            }
        }
        if name == "actions.rs" || name == "issue.rs" || name == "reports.rs" || name == "reviews.rs" {
            assert!(
                !code.contains("actix_web") && !code.contains("diesel::"),
                "{file}: neither HTTP nor SQL in actions"
            );
        }
        assert!(!code.contains("unsafe {"), "{file}");
    }
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    for (file, text) in all() {
        assert!(text.starts_with("//! "), "{file} does not say what it is");
    }
}

/// `utoipa` does not find out by itself what a handler takes from the query.
#[test]
fn every_query_that_a_handler_takes_is_in_the_contract() {
    let mut found = 0;
    for (file, text) in all() {
        for handler in text.split("#[utoipa::path(").skip(1) {
            let (attribute, rest) = handler.split_once("]\n").unwrap();
            let signature = rest.split("->").next().unwrap();
            for query in signature.split(": Query<").skip(1) {
                let name = query.split('>').next().unwrap();
                let declared = attribute.split_once("params(").is_some_and(|(_, named)| named.contains(name));
                assert!(declared, "{file}: params({name}) is missing in its utoipa::path");
                found += 1;
            }
        }
    }
    assert!(found > 40, "{found}");
}

/// The names under which types are put into the contract.
fn schemas(text: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let named = |line: &str, word: &str| {
        let rest = line.split_once(&format!("{word} "))?.1;
        Some(rest.chars().take_while(|c| is_name(*c)).collect::<String>())
    };
    let (mut found, lines) = (vec![], text.lines().map(str::trim).collect::<Vec<_>>());
    for (at, line) in lines.iter().enumerate() {
        let after = || lines[at + 1..].iter().filter(|line| !line.starts_with("///") && !line.starts_with("#["));
        if line.starts_with("#[derive(") && line.contains("ToSchema") {
            let item = after().find(|line| line.contains("struct ") || line.contains("enum ")).unwrap();
            found.push(named(item, "struct").or_else(|| named(item, "enum")).unwrap());
        } else if *line == "word_enum! {" || *line == "id_type! {" {
            found.push(after().next().unwrap().chars().take_while(|c| is_name(*c)).collect());
        }
    }
    found
}

#[test]
fn no_two_types_of_one_name_stand_in_the_contract() {
    let mut known = std::collections::BTreeMap::new();
    for (file, text) in all() {
        for name in schemas(text.split("#[cfg(test)]").next().unwrap()) {
            let earlier = known.insert(name.clone(), file.clone());
            assert!(earlier.is_none(), "{name} of {file} would overwrite that of {earlier:?}");
        }
    }
    assert!(known.len() > 300, "{}", known.len());
}

/// Whether the source has a test that `docs/statements.md` names: `tests/api: file::name` or `src/path: module::name`.
fn exists(test: &str) -> bool {
    let parts = test.split_once(": ").and_then(|(place, path)| Some((place, path.rsplit_once("::")?)));
    let Some((place, (module, name))) = parts else { return false };
    let file = if place == "tests/api" { format!("tests/api/{module}.rs") } else { place.to_owned() };
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = |line: &str| {
        let name = format!("fn {name}(");
        line.trim_start_matches("async ").starts_with(&name)
    };
    let inside = file.ends_with(&format!("/{module}.rs")) || lines.contains(&format!("mod {module} {{").as_str());
    inside && lines.windows(2).any(|pair| pair[0].ends_with("test]") && begins(pair[1]))
}

#[test]
fn every_statement_names_tests_that_exist() {
    let text = std::fs::read_to_string("docs/statements.md").unwrap();
    let rows: Vec<_> =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Statement |")).collect();
    assert!(rows.len() > 100, "{}", rows.len());
    let mut faults = vec![];
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let [statement, tests] = cells[..] else { panic!("two cells a row: {row}") };
        let tests: Vec<_> = tests.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() {
            faults.push(format!("no test: {statement}"));
        }
        faults.extend(tests.into_iter().filter(|test| !exists(test)).map(|test| format!("there is no {test}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
