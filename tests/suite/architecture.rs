//! The house rules that no compiler checks: package order, sources of numbers, names and rule numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use regex::Regex;

use crate::citations::Citations;

/// A package may depend only on packages of a lower rank. Packages of one rank do not know each other.
const RANKS: &[(&str, u8)] = &[
    ("inflight-kernel", 1),
    ("inflight-messaging", 2),
    ("inflight-scenario", 3),
    ("inflight-engine", 4),
    ("inflight-editor", 5),
    ("inflight-export", 6),
    ("inflight-cli", 7),
    ("mdbook-inflight", 7),
    ("inflight-web", 7),
];

/// The packages of `crates/` that run in the page too.
const IN_THE_PAGE: &[&str] = &[
    "inflight-kernel",
    "inflight-messaging",
    "inflight-scenario",
    "inflight-engine",
    "inflight-editor",
    "inflight-export",
];

/// What may not be in the tree of anything in `crates/`: the browser, and chance.
const BANNED: &[&str] = &["getrandom", "js-sys", "wasm-bindgen", "web-sys"];

/// Names of services that may not stand in the packages that must not change when a service is added.
const SERVICES: &[&str] =
    &["sqs", "sns", "kinesis", "lambda", "firehose", "eventbridge", "rabbitmq", "activemq"];

/// Where a service is named all the same, and why.
const SERVICES_ALLOWED: &[(&str, &str)] = &[
    ("crates/editor/src/filter_policy.rs", "filter policies have an editor of their own"),
    ("crates/scenario/src/links.rs", "what AWS itself says of links it refuses"),
    ("crates/scenario/src/validate/functions.rs", "what AWS itself says of mappings it refuses"),
    ("crates/scenario/src/validate/policies.rs", "filter policies have an editor of their own"),
    ("crates/scenario/src/validate/topics.rs", "what AWS itself says of subscriptions it refuses"),
    ("web/src/canvas/overlay.rs", "icons of the empty canvas"),
    ("web/src/panels/filter_policy/", "filter policies have an editor of their own"),
    ("web/src/panels/gallery.rs", "icons of the gallery's topics"),
];

/// The folders that must not change when a service is added.
const NO_SERVICES_IN: &[&str] =
    &["crates/scenario/src/", "crates/engine/src/", "crates/editor/src/", "crates/export/src/", "web/src/"];

/// The folder of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the suite lies in the project").to_path_buf()
}

/// The text files of the project, those that are not yet tracked too, by their path from the root.
pub(crate) fn tracked() -> Vec<(String, String)> {
    let files = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(files).current_dir(root()).output();
    let output = output.expect("git lists the files of the project");
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let names = names.split('\0').filter(|name| !name.is_empty());
    // A file that was just removed is still listed.
    names
        .filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(root().join(name)).ok()?)))
        .collect()
}

fn metadata(platform: Option<&str>) -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml"));
    if let Some(platform) = platform {
        command.other_options(vec!["--filter-platform".into(), platform.into()]);
    }
    command.exec().expect("cargo describes the workspace")
}

fn rank(package: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == package).map(|(_, rank)| *rank)
}

#[test]
fn packages_stand_in_a_straight_line() {
    let metadata = metadata(None);
    let members: BTreeSet<&str> =
        metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let own = rank(&package.name);
        for dependency in &package.dependencies {
            if !members.contains(dependency.name.as_str()) {
                continue;
            }
            // Tools and suites have no rank: they may use all, and nothing uses them.
            let allowed = match (own, rank(&dependency.name)) {
                (Some(own), Some(other)) => other < own,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            if !allowed {
                wrong.push(format!("{} must not depend on {}", package.name, dependency.name));
            }
        }
    }
    for (name, _) in RANKS {
        assert!(members.contains(name), "{name} has a rank and is no package");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The packages that `start` needs to run, with the way that leads to each.
fn tree(metadata: &Metadata, start: &str) -> BTreeMap<String, String> {
    let nodes = &metadata.resolve.as_ref().expect("a resolved graph").nodes;
    let nodes: BTreeMap<&PackageId, _> = nodes.iter().map(|node| (&node.id, node)).collect();
    let first = metadata.workspace_packages().into_iter().find(|package| package.name == start);
    let first = first.unwrap_or_else(|| panic!("{start} is a package"));
    let mut found = BTreeMap::new();
    let mut open = vec![(first.id.clone(), start.to_owned())];
    let mut seen = BTreeSet::new();
    while let Some((id, way)) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        for dependency in &nodes[&id].deps {
            if dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal) {
                let name = metadata[&dependency.pkg].name.to_string();
                let way = format!("{way} > {name}");
                found.insert(name, way.clone());
                open.push((dependency.pkg.clone(), way));
            }
        }
    }
    found
}

#[test]
fn nothing_in_crates_knows_the_browser_or_chance() {
    let mut wrong = Vec::new();
    let in_the_page = metadata(Some("wasm32-unknown-unknown"));
    let native = metadata(Some("x86_64-unknown-linux-gnu"));
    let packages = IN_THE_PAGE.iter().map(|package| (&in_the_page, *package));
    for (metadata, package) in packages.chain([(&native, "inflight-cli")]) {
        let tree = tree(metadata, package);
        wrong.extend(BANNED.iter().filter_map(|banned| tree.get(*banned).cloned()));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// All rule numbers the specification defines.
pub(crate) fn rules() -> BTreeSet<String> {
    let defined = Regex::new(r"(?m)(?:\*\*|^\| )([A-Z]+-[A-Z]?\d+)(?:\*\*| )").expect("an expression");
    let mut rules = BTreeSet::new();
    for (name, text) in tracked() {
        if name.starts_with("docs/spec/") {
            rules.extend(defined.captures_iter(&text).map(|found| found[1].to_owned()));
        }
    }
    assert!(rules.len() > 600, "only {} rules were found", rules.len());
    rules
}

#[test]
fn rule_numbers_do_not_dangle() {
    let citations = Citations::of(rules());
    let mut wrong = BTreeSet::new();
    for (file, text) in tracked() {
        if file.starts_with("docs/spec/") || file.contains("package-lock") {
            continue;
        }
        wrong.extend(citations.dangling(&file, &text).into_iter().map(|rule| format!("{file}: {rule}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_quota_has_a_source_and_a_rule() {
    let rules = rules();
    let quota =
        Regex::new(r"(?s)pub(?:\(\w+\))? const (\w+): Quota = Quota \{(.*?)\n\s*\};").expect("an expression");
    let rule = Regex::new(r#"rule: "([^"]+)""#).expect("an expression");
    let source = Regex::new(r#"source: (?:"([^"]+)"|(\w+))"#).expect("an expression");
    let mut found = Vec::new();
    for (file, text) in tracked() {
        if !file.starts_with("crates/messaging/src/") || !file.ends_with(".rs") {
            continue;
        }
        let declared = text.matches(": Quota = Quota {").count();
        if text.contains("$id: Quota = Quota {") {
            assert_eq!(
                file, "crates/messaging/src/kinesis/quotas.rs",
                "a table of quotas that nothing checks"
            );
            continue;
        }
        assert_eq!(
            quota.captures_iter(&text).count(),
            declared,
            "{file}: a quota is written in another form"
        );
        for quota in quota.captures_iter(&text) {
            let fields = &quota[2];
            let rule = rule.captures(fields).map(|rule| rule[1].to_owned()).unwrap_or_default();
            let source = source.captures(fields).map(|source| match source.get(1) {
                Some(text) => text.as_str().to_owned(),
                None => constant(&text, &source[2]),
            });
            found.push((quota[1].to_owned(), rule, source.unwrap_or_default()));
        }
    }
    let table = messaging::kinesis::quotas::ALL.iter().chain(messaging::kinesis_video::quotas::ALL);
    found.extend(table.map(|quota| (quota.code.into(), quota.rule.into(), quota.source.into())));
    assert!(found.len() >= 40, "only {} quotas were found", found.len());
    let wrong = found.iter().filter(|(_, rule, source)| {
        let sourced = source == "ours" || source.starts_with("https://docs.aws.amazon.com/");
        !sourced || !rules.contains(rule)
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The text of a constant of the same file.
fn constant(text: &str, name: &str) -> String {
    let expression = format!(r#"const {name}: &str =\s*"([^"]*)""#);
    let found =
        Regex::new(&expression).expect("an expression").captures(text).map(|found| found[1].to_owned());
    found.unwrap_or_else(|| format!("{name}, which is not in the file"))
}

#[test]
fn a_new_service_changes_no_package_above_messaging() {
    // Words between anything but letters, and the parts of names in CamelCase.
    let word = Regex::new(r"[A-Z]?[a-z]+|[A-Z]+").expect("an expression");
    let rule = Regex::new(r"\b[A-Z]+-[A-Z]?\d+").expect("an expression");
    let mut wrong = BTreeSet::new();
    let mut used = BTreeSet::new();
    let files = tracked();
    for (file, text) in &files {
        let concerned = NO_SERVICES_IN.iter().any(|folder| file.starts_with(folder)) && file.ends_with(".rs");
        if !concerned {
            continue;
        }
        // Tests stand at the end of a file, and name what they like.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in lines {
            let line = rule.replace_all(line, "");
            let named =
                word.find_iter(&line).any(|word| SERVICES.contains(&word.as_str().to_lowercase().as_str()));
            if !named {
                continue;
            }
            match SERVICES_ALLOWED.iter().find(|(allowed, _)| file.starts_with(allowed)) {
                Some((allowed, _)) => {
                    used.insert(*allowed);
                }
                None => {
                    wrong.insert(format!("{file}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let exists = |place: &str| files.iter().any(|(file, _)| file.starts_with(place));
    let unused = SERVICES_ALLOWED.iter().map(|(allowed, _)| *allowed);
    let unused: Vec<_> = unused.filter(|allowed| exists(allowed) && !used.contains(allowed)).collect();
    assert!(unused.is_empty(), "no longer needed: {unused:#?}");
}

#[test]
fn no_file_names_a_machine() {
    // Folders that exist on one machine only, and where packages came from.
    let folder = Regex::new(r#"(?:^|[\s"'=(:,`])/(?:home|root|Users|work|mnt|opt|srv|tmp)/[A-Za-z0-9_.]"#);
    let folder = folder.expect("an expression");
    let mut wrong = Vec::new();
    for (file, text) in tracked() {
        for (number, line) in text.lines().enumerate() {
            let from_elsewhere = match file.rsplit('/').next() {
                Some("Cargo.lock") => {
                    line.starts_with("source = ")
                        && line != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#
                }
                Some("package-lock.json") => {
                    line.contains("\"resolved\": \"") && !line.contains("\"https://registry.npmjs.org/")
                }
                Some(".npmrc") => line.contains("registry"),
                Some("config.toml") => line.contains("[source") || line.contains("[registries"),
                _ => folder.is_match(line),
            };
            if from_elsewhere {
                wrong.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The page is tested in a browser, where a plain `#[test]` is compiled and never run.
#[test]
fn every_test_of_the_page_runs_in_the_browser() {
    let (mark, runner) = (["#[", "test]"].concat(), "wasm_bindgen_test as test;");
    let silent = tracked().into_iter().filter(|(path, _)| path.starts_with("web/src/"));
    let silent = silent.filter(|(_, text)| text.contains(&mark) && !text.contains(runner));
    let silent: Vec<String> = silent.map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "say `use wasm_bindgen_test::wasm_bindgen_test as test` in {silent:?}");
}
