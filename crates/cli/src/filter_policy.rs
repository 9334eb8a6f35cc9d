//! `inflight filter-policy`: runs a case file, or tries one policy on messages from standard input.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use messaging::message_attributes::{MessageAttributeRules, MessageAttributes, validate_message_attributes};
use messaging::sns::filter_policy::{Decision, Explanation, ExplanationRow, FilterPolicy, FilterPolicyError};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Exit code for input that cannot be used.
const BAD_INPUT: u8 = 2;

/// Run a case file, or try a filter policy on messages read from standard input.
#[derive(clap::Args, Debug)]
#[command(group = clap::ArgGroup::new("input").required(true).args(["cases", "policy"]))]
pub(crate) struct FilterPolicyArgs {
    /// Case file to run; prints each failing case and "N passed, N failed"
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,

    /// Filter policy to try. Standard input has one JSON object a line: {"attributes": ..., "body": ...}
    #[arg(long, value_name = "JSON")]
    policy: Option<String>,

    /// Part of the message that the policy reads: MessageAttributes or MessageBody
    #[arg(long, default_value = "MessageAttributes", conflicts_with = "cases")]
    scope: String,
}

/// Exits with 0; with 1 if a case fails; with 2 if SNS refuses the policy or input cannot be read.
///
/// # Errors
/// Standard input or output failing.
pub(crate) fn run(args: &FilterPolicyArgs) -> io::Result<ExitCode> {
    let (mut output, mut errors) = (io::stdout().lock(), io::stderr().lock());
    match (&args.cases, &args.policy) {
        (Some(path), _) => run_cases(path, &mut output, &mut errors),
        (None, policy) => {
            let policy = policy.as_deref().unwrap_or_default();
            try_policy(policy, &args.scope, io::stdin().lock(), &mut output, &mut errors)
        }
    }
}

/// Text of a message or a policy: a JSON string stands for its content, anything else for its own text.
fn text_of(raw: Option<&RawValue>) -> String {
    let text = raw.map_or("", RawValue::get);
    serde_json::from_str(text).unwrap_or_else(|_| text.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(default)]
    attributes: MessageAttributes,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

fn try_policy(
    policy: &str,
    scope: &str,
    input: impl BufRead,
    output: &mut impl Write,
    errors: &mut impl Write,
) -> io::Result<ExitCode> {
    let policy = match scope.parse().and_then(|scope| FilterPolicy::parse(policy, scope)) {
        Ok(policy) => policy,
        Err(error) => {
            write_refusal(errors, &error)?;
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    for warning in policy.warnings() {
        writeln!(
            errors,
            "warning: line {}, column {}: {}",
            warning.span.line, warning.span.column, warning.text
        )?;
    }
    let mut all_read = true;
    for (index, line) in input.split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match read_message(&line) {
            Ok((attributes, body)) => {
                write_explanation(output, index + 1, &policy.explain(&attributes, &body))?;
            }
            Err(reason) => {
                all_read = false;
                writeln!(errors, "line {}{reason}", index + 1)?;
            }
        }
    }
    Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::from(BAD_INPUT) })
}

fn write_refusal(errors: &mut impl Write, error: &FilterPolicyError) -> io::Result<()> {
    writeln!(errors, "{}: {error}", FilterPolicyError::CODE)?;
    writeln!(errors, "line {}, column {}: {}", error.span.line, error.span.column, error.hint)
}

/// A message, or the rest of the sentence "line 3...".
fn read_message(line: &[u8]) -> Result<(MessageAttributes, String), String> {
    let message: Message = serde_json::from_slice(line).map_err(|error| {
        let told = error.to_string();
        let reason = told.split(" at line ").next().unwrap_or_default();
        format!(", column {}: {reason}; expected {{\"attributes\": {{...}}, \"body\": ...}}", error.column())
    })?;
    validate_message_attributes(&message.attributes, MessageAttributeRules::Sns)
        .map_err(|error| format!(": ParameterValueInvalid: {error}"))?;
    Ok((message.attributes, text_of(message.body.as_deref())))
}

fn write_explanation(output: &mut impl Write, line: usize, told: &Explanation) -> io::Result<()> {
    writeln!(output, "{line}: {}. {}", decision_words(told.decision), told.summary)?;
    for row in &told.rows {
        writeln!(output, "   {}", row_words(row))?;
    }
    Ok(())
}

fn decision_words(decision: Decision) -> String {
    match decision {
        Decision::Matched => "Matched".into(),
        Decision::FilteredOut(reason) => format!("FilteredOut-{}", reason.metric_suffix()),
    }
}

fn row_words(row: &ExplanationRow) -> String {
    let branch = if row.branch.is_empty() { String::new() } else { format!("{} ", row.branch) };
    let has = match &row.has {
        Some(has) => format!("{} ({})", has.value, has.data_type),
        None => row.has_text.clone(),
    };
    let detail = row.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("{branch}{}: wants {}; has {has}; {}{detail}", row.key, row.wants, row.result)
}

#[derive(Deserialize)]
struct CaseFile {
    cases: Vec<Case>,
    #[serde(default)]
    invalid: Vec<Case>,
}

/// A case of either list; what a list does not use is left out.
#[derive(Deserialize)]
struct Case {
    id: String,
    scope: String,
    policy: Option<Box<RawValue>>,
    policy_text: Option<String>,
    #[serde(default)]
    attributes: MessageAttributes,
    body: Option<Box<RawValue>>,
    matches: Option<bool>,
    error_kind: Option<String>,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    unsure: bool,
}

impl Case {
    fn parse(&self) -> Result<FilterPolicy, FilterPolicyError> {
        let raw = || self.policy.as_ref().map_or_else(String::new, |raw| raw.get().into());
        FilterPolicy::parse(&self.policy_text.clone().unwrap_or_else(raw), self.scope.parse()?)
    }

    /// What should have come out and what did; `None` if they are the same.
    fn mismatch(&self) -> Option<String> {
        let wanted = match (&self.error_kind, self.matches) {
            (Some(kind), _) => format!("refused as {kind}"),
            (None, Some(true)) => "a match".into(),
            (None, Some(false)) => "no match".into(),
            (None, None) => return Some("the case has neither matches nor error_kind".into()),
        };
        let (same, got) = match self.parse() {
            Err(error) => {
                (self.error_kind == Some(error.kind.to_string()), format!("{}: {error}", error.kind))
            }
            Ok(_) if self.error_kind.is_some() => (false, "the policy is accepted".into()),
            Ok(policy) => {
                let decision = policy.decide(&self.attributes, &text_of(self.body.as_deref()));
                (self.matches == Some(decision.is_match()), decision_words(decision))
            }
        };
        (!same).then(|| format!("wanted {wanted}, got {got}"))
    }
}

fn run_cases(path: &Path, output: &mut impl Write, errors: &mut impl Write) -> io::Result<ExitCode> {
    let read = fs::read_to_string(path).map_err(|error| error.to_string());
    let file: CaseFile = match read.and_then(|text| serde_json::from_str(&text).map_err(|e| e.to_string())) {
        Ok(file) => file,
        Err(reason) => {
            writeln!(errors, "{}: {reason}", path.display())?;
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let (mut passed, mut failed) = (0, 0);
    for case in file.cases.iter().chain(&file.invalid) {
        let Some(mismatch) = case.mismatch() else {
            passed += 1;
            continue;
        };
        failed += 1;
        let unsure = if case.unsure { ", unsure" } else { "" };
        writeln!(output, "{} ({}{unsure}): {mismatch}. {}", case.id, case.rule, case.why)?;
    }
    writeln!(output, "{passed} passed, {failed} failed")?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(policy: &str, scope: &str, input: &str) -> (String, String, bool) {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let code = try_policy(policy, scope, input.as_bytes(), &mut output, &mut errors).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output), text(errors), code == ExitCode::SUCCESS)
    }

    #[test]
    fn each_message_gets_its_decision_and_reasons() {
        let input = concat!(
            r#"{"attributes":{"amount":{"Type":"Number","Value":"12.50"}}}"#,
            "\n\n",
            r#"{"attributes":{"amount":{"DataType":"Number","StringValue":"20"}},"body":"any"}"#,
        );
        let (output, errors, success) =
            tried(r#"{"amount":[{"numeric":[">=",20]}]}"#, "MessageAttributes", input);
        assert_eq!(
            output,
            "1: FilteredOut-MessageAttributes. amount does not match.\n   \
             amount: wants 20 or more; has 12.50 (Number); Too low: 7.50 short of 20\n\
             3: Matched. Every key that must match does.\n   \
             amount: wants 20 or more; has 20 (Number); Matches\n"
        );
        assert_eq!((errors.as_str(), success), ("", true));
    }

    #[test]
    fn bodies_are_objects_or_texts() {
        let input = "{\"body\":{\"a\":\"x\"}}\n{\"body\":\"{\\\"a\\\":\\\"x\\\"}\"}\n{\"body\":\"plain\"}\n";
        let (output, ..) = tried(r#"{"a":["x"]}"#, "MessageBody", input);
        let decisions: Vec<&str> =
            output.lines().filter(|l| !l.starts_with(' ')).filter_map(|l| l.split('.').next()).collect();
        assert_eq!(decisions, ["1: Matched", "2: Matched", "3: FilteredOut-InvalidMessageBody"]);
    }

    #[test]
    fn a_bad_line_is_located_and_the_rest_goes_on() {
        let input = "{\"body\":\n{\"atributes\":{}}\n{\"attributes\":{\"a\":{\"Type\":\"Text\",\"Value\":\"x\"}}}\n{}\n";
        let (output, errors, success) = tried("{}", "MessageBody", input);
        assert!(!success);
        assert_eq!(output, "4: Matched. No filter policy: every message matches.\n");
        let starts: Vec<&str> = errors.lines().map(|line| &line[..8]).collect();
        assert_eq!(starts, ["line 1, ", "line 2, ", "line 3: "]);
    }

    #[test]
    fn a_refused_policy_speaks_with_the_words_of_sns() {
        let (output, errors, success) = tried(r#"{"line":"amber"}"#, "MessageAttributes", "{}\n");
        assert_eq!((output.as_str(), success), ("", false));
        assert_eq!(
            errors,
            "InvalidParameter: Invalid parameter: FilterPolicy: \"line\" must be an object or an array\n\
             line 1, column 9: Put the value in square brackets: [\"amber\"].\n"
        );
        assert!(tried("{}", "Body", "").1.contains("FilterPolicyScope: Invalid value [Body]"));
    }
}
