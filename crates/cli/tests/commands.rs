//! The commands as a shell sees them: output and exit codes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn inflight(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inflight"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Exit code, standard output, standard error.
fn outcome(arguments: &[&str], input: &str) -> (i32, String, String) {
    let output = inflight(arguments, input);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const BAD: &str = r#"{ "Version": 1, "Resources": { "q": { "Type": "AWS::SQS::Queue", "Properties": { "DelaySeconds": 901 } } } }"#;

/// A producer of ten messages a second and a queue, with an expectation.
fn ten_a_second(equals: u32) -> String {
    format!(
        r#"{{ "Version": 1,
             "Resources": {{ "p": {{ "Type": "Playground::Producer" }}, "q": {{ "Type": "AWS::SQS::Queue" }} }},
             "Links": [{{ "From": "p", "To": "q" }}],
             "Expect": [{{ "Metric": "NumberOfMessagesSent", "Of": "q", "Equals": {equals}, "Within": 1, "By": "5s" }}] }}"#
    )
}

#[test]
fn check_exits_with_0_for_good_and_2_for_bad_documents() {
    let (code, text, _) = outcome(&["check", "gallery:fan-out", "gallery:hot-shard"], "");
    assert_eq!((code, text.lines().count()), (0, 2), "{text}");
    let (code, text, _) = outcome(&["check", "gallery:fan-out", "-"], BAD);
    assert_eq!(code, 2);
    for words in
        ["at /Resources/q/Properties/DelaySeconds", "0 to 900 s", "SQS-92", "[OutOfRange]", "-: 1 error"]
    {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
    assert_eq!(outcome(&["check", "no such file"], "").0, 2);
    assert_eq!(outcome(&["check", "-"], "{").0, 2);
}

#[test]
fn run_exits_with_0_1_or_2() {
    let (code, text, _) = outcome(&["run", "-"], &ten_a_second(50));
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("holds") && text.contains("5s of simulated time"), "{text}");
    let (code, text, _) = outcome(&["run", "-"], &ten_a_second(60));
    assert_eq!(code, 1);
    assert!(text.contains("DOES NOT HOLD"), "{text}");
    let (code, text, complaint) = outcome(&["run", "-"], BAD);
    assert_eq!((code, text.as_str()), (2, ""));
    assert!(complaint.contains("DelaySeconds"), "{complaint}");
    let (code, _, complaint) = outcome(&["run", "gallery:nothing"], "");
    assert_eq!(code, 2);
    assert!(complaint.contains("fan-out"), "{complaint}");
}

#[test]
fn run_writes_json_that_says_all() {
    let arguments = ["run", "-", "--format", "json", "--until", "10s", "--seed", "9"];
    let (code, text, _) = outcome(&arguments, &ten_a_second(50));
    assert_eq!(code, 0);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((report["seed"].as_u64(), report["until_seconds"].as_u64()), (Some(9), Some(10)));
    assert!(report["events"].as_u64().unwrap() > 100);
    assert_eq!(report["fingerprint"].as_str().unwrap().len(), 16);
    let queue = &report["resources"]["q"];
    assert_eq!(queue["NumberOfMessagesSent"]["sum"], 100);
    assert_eq!(queue["ApproximateNumberOfMessagesVisible"]["last"], 100);
    assert_eq!(queue["ApproximateNumberOfMessagesVisible"]["max"], 100);
    let expectation = &report["expectations"][0];
    assert_eq!(
        (expectation["pointer"].as_str(), expectation["holds"].as_bool()),
        (Some("/Expect/0"), Some(true))
    );
    assert_eq!(expectation["observed"], 50);
    let (_, again, _) = outcome(&arguments, &ten_a_second(50));
    assert_eq!(text, again, "the same document and the same seed give the same run");
}

#[test]
fn an_expectation_after_the_end_of_the_run_is_not_judged() {
    let (code, text, _) = outcome(&["run", "-", "--until", "1s", "--format", "json"], &ten_a_second(60));
    assert_eq!(code, 0);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["expectations"][0]["holds"], Value::Null);
}

#[test]
fn url_encodes_and_decodes() {
    let (code, fragment, _) = outcome(&["url", "encode", "gallery:filter-by-state"], "");
    assert_eq!(code, 0);
    assert!(fragment.starts_with("s1.") && fragment.lines().count() == 1, "{fragment}");
    let (_, document, _) = outcome(&["gallery", "filter-by-state"], "");
    for arguments in [["url", "decode", fragment.trim()], ["url", "decode", "-"]] {
        let (code, decoded, _) = outcome(&arguments, &fragment);
        assert_eq!((code, &decoded), (0, &document));
    }
    let (code, _, complaint) = outcome(&["url", "decode", "s9.AAAA"], "");
    assert_eq!(code, 2);
    assert!(complaint.contains("newer"), "{complaint}");
    assert_eq!(outcome(&["url", "encode", "-"], "{").0, 2);
}

#[test]
fn gallery_lists_and_schema_prints() {
    let (code, list, _) = outcome(&["gallery"], "");
    assert!(code == 0 && list.lines().count() >= 8, "{list}");
    assert_eq!(outcome(&["gallery", "nothing"], "").0, 2);
    let (code, schema, _) = outcome(&["schema"], "");
    assert_eq!(code, 0);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(schema["properties"]["Resources"].is_object());
}

#[test]
fn filter_policy_decides_with_reasons() {
    let policy = r#"{"state":["placed"]}"#;
    let message = r#"{"attributes":{"state":{"Type":"String","Value":"placed"}},"body":""}"#;
    let (code, text, _) = outcome(&["filter-policy", "--policy", policy], message);
    assert_eq!(code, 0, "{text}");
    assert_eq!(outcome(&["filter-policy", "--policy", r#"{"state":"placed"}"#], "").0, 2);
}

#[test]
fn export_writes_pictures_and_tables_and_refuses_what_cannot_run() {
    for (format, start) in [
        ("svg", "<svg xmlns="),
        ("animated-svg", "<svg xmlns="),
        ("csv", "Seconds,Node,Metric,Statistic,Value\r\n"),
        ("events-csv", "Seconds,Node,Kind,Message,Action,Code,Text\r\n"),
    ] {
        let asked = ["export", "gallery:fan-out", "--format", format, "--t", "5s", "--duration", "2s"];
        let (code, text, errors) = outcome(&asked, "");
        assert!(code == 0 && text.starts_with(start) && errors.is_empty(), "{format}: {text:.200} {errors}");
    }
    assert_eq!(outcome(&["export", "-"], BAD).0, 2);
    let (code, text, _) =
        outcome(&["export", "-", "--format", "animated-svg", "--duration", "2m"], &ten_a_second(50));
    assert_eq!((code, text.as_str()), (2, ""));
}

/// The same words as in a link.
#[test]
fn a_change_and_a_link_run_as_a_document_does() {
    let set = ["run", "gallery:fan-out", "--set", "producer.rate=4", "--until", "20s", "--format", "json"];
    let link = ["run", "#g=fan-out&producer.rate=4", "--until", "20s", "--format", "json"];
    let (code, text, _) = outcome(&set, "");
    assert_eq!((code, text.as_str()), (0, outcome(&link, "").1.as_str()));
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["resources"]["fraud"]["NumberOfMessagesSent"]["sum"], 80, "{report:#}");
    assert_eq!(outcome(&["run", "gallery:fan-out", "--set", "producer.rate=fast"], "").0, 2);
    assert_eq!(outcome(&["run", "gallery:fan-out", "--set", "producer.rat=1"], "").0, 2);
    assert_eq!(outcome(&["run", "gallery:fan-out", "--set", "nonsense"], "").0, 2);
}
