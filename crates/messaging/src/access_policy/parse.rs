//! From the JSON document to statements. What the simulator does not know is refused, never ignored.

use std::fmt;

use serde_json::{Map, Value};
use wildmatch::WildMatch;

use super::condition::{Condition, Operator};
use super::{AccessPolicy, PrincipalPattern, Statement};

/// Why a policy document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicyError {
    /// JSON Pointer to the part at fault, from the document's root.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for AccessPolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.pointer.is_empty() { "/" } else { &self.pointer }, self.message)
    }
}

impl std::error::Error for AccessPolicyError {}

type Parsed<T> = Result<T, AccessPolicyError>;

fn refuse<T>(pointer: impl Into<String>, message: impl Into<String>) -> Parsed<T> {
    Err(AccessPolicyError { pointer: pointer.into(), message: message.into() })
}

impl AccessPolicy {
    /// Reads a policy document (`ACC-2`, `ACC-3`).
    ///
    /// # Errors
    /// The first part that is wrong or that the simulator does not support.
    pub fn parse(document: &Value) -> Parsed<Self> {
        let members = object(document, "")?;
        for (name, value) in members {
            let pointer = format!("/{}", escaped(name));
            match name.as_str() {
                "Version" if !matches!(value.as_str(), Some("2012-10-17" | "2008-10-17")) => {
                    return refuse(pointer, "Version is \"2012-10-17\".");
                }
                "Id" if !value.is_string() => return refuse(pointer, "Id is a text."),
                "Version" | "Id" | "Statement" => {}
                _ => return refuse(pointer, "A policy has Version, Id and Statement only."),
            }
        }
        let statements = match members.get("Statement") {
            Some(Value::Array(list)) => {
                let numbered = list.iter().enumerate();
                numbered
                    .map(|(n, value)| statement(value, &format!("/Statement/{n}")))
                    .collect::<Parsed<_>>()?
            }
            Some(single @ Value::Object(_)) => vec![statement(single, "/Statement")?],
            Some(_) => return refuse("/Statement", "Statement is a list of statements."),
            None => return refuse("", "Statement is missing."),
        };
        Ok(Self { statements })
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn object<'value>(value: &'value Value, pointer: &str) -> Parsed<&'value Map<String, Value>> {
    match value {
        Value::Object(members) => Ok(members),
        _ => refuse(pointer, "This must be a JSON object."),
    }
}

fn statement(value: &Value, pointer: &str) -> Parsed<Statement> {
    let members = object(value, pointer)?;
    let at = |name: &str| format!("{pointer}/{}", escaped(name));
    if let Some(name) = members.keys().find(|name| {
        !matches!(name.as_str(), "Sid" | "Effect" | "Principal" | "Action" | "Resource" | "Condition")
    }) {
        let known = "Sid, Effect, Principal, Action, Resource and Condition";
        return refuse(at(name), format!("The simulator reads {known} of a statement; it has no {name}."));
    }
    let required = |name: &str| match members.get(name) {
        Some(value) => Ok(value),
        None => refuse(pointer, format!("The statement has no {name}.")),
    };
    let allows = match required("Effect")?.as_str() {
        Some("Allow") => true,
        Some("Deny") => false,
        _ => return refuse(at("Effect"), "Effect is \"Allow\" or \"Deny\"."),
    };
    let sid = match members.get("Sid") {
        None => None,
        Some(Value::String(sid)) => Some(sid.clone()),
        Some(_) => return refuse(at("Sid"), "Sid is a text."),
    };
    Ok(Statement {
        sid,
        allows,
        principals: principals(required("Principal")?, &at("Principal"))?,
        actions: actions(required("Action")?, &at("Action"))?,
        resources: texts(required("Resource")?, &at("Resource"))?
            .into_iter()
            .map(|(text, _)| WildMatch::new(text))
            .collect(),
        conditions: match members.get("Condition") {
            Some(value) => conditions(value, &at("Condition"))?,
            None => Vec::new(),
        },
    })
}

/// A text or a list of texts, each with its pointer.
fn texts<'value>(value: &'value Value, pointer: &str) -> Parsed<Vec<(&'value str, String)>> {
    match value {
        Value::String(text) => Ok(vec![(text, pointer.into())]),
        Value::Array(list) if !list.is_empty() => {
            let text = |(index, value): (usize, &'value Value)| match value {
                Value::String(text) => Ok((text.as_str(), format!("{pointer}/{index}"))),
                _ => refuse(format!("{pointer}/{index}"), "This must be a text."),
            };
            list.iter().enumerate().map(text).collect()
        }
        _ => refuse(pointer, "This must be a text or a list of texts."),
    }
}

fn actions(value: &Value, pointer: &str) -> Parsed<Vec<WildMatch>> {
    let action = |(text, pointer): (&str, String)| {
        if text == "*" || text.contains(':') {
            Ok(WildMatch::new_case_insensitive(text))
        } else {
            refuse(pointer, "An action names its service: \"sqs:SendMessage\".")
        }
    };
    texts(value, pointer)?.into_iter().map(action).collect()
}

fn principals(value: &Value, pointer: &str) -> Parsed<Vec<PrincipalPattern>> {
    if value == "*" {
        return Ok(vec![PrincipalPattern::Everyone]);
    }
    let Value::Object(members) = value else {
        return refuse(pointer, "Principal is \"*\", {\"Service\": ...} or {\"AWS\": ...}.");
    };
    let mut patterns = Vec::new();
    for (kind, value) in members {
        let pointer = format!("{pointer}/{}", escaped(kind));
        for (text, pointer) in texts(value, &pointer)? {
            patterns.push(match kind.as_str() {
                "Service" => PrincipalPattern::Service(text.into()),
                "AWS" => aws_principal(text, pointer)?,
                "Federated" | "CanonicalUser" => PrincipalPattern::Nobody,
                _ => return refuse(pointer, "A principal is of kind Service or AWS."),
            });
        }
    }
    Ok(patterns)
}

fn aws_principal(text: &str, pointer: String) -> Parsed<PrincipalPattern> {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if text == "*" {
        return Ok(PrincipalPattern::Everyone);
    }
    if is_account(text) {
        return Ok(PrincipalPattern::Account(text.into()));
    }
    match text.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, "iam", "", account, "root"] if is_account(account) => {
            Ok(PrincipalPattern::Account(account.into()))
        }
        ["arn", _, "iam" | "sts", "", account, name] if is_account(account) && !name.contains('*') => {
            Ok(PrincipalPattern::Arn(text.into()))
        }
        _ => refuse(
            pointer,
            "An AWS principal is \"*\", an account number, or the full ARN of a user or role.",
        ),
    }
}

fn conditions(value: &Value, pointer: &str) -> Parsed<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (name, keys) in object(value, pointer)? {
        let pointer = format!("{pointer}/{}", escaped(name));
        let Some(operator) = Operator::from_name(name) else {
            return refuse(pointer, format!("The simulator knows {}.", Operator::NAMES));
        };
        for (key, values) in object(keys, &pointer)? {
            let pointer = format!("{pointer}/{}", escaped(key));
            conditions.push(Condition {
                operator,
                key: key.clone(),
                values: condition_values(values, &pointer)?,
            });
        }
    }
    Ok(conditions)
}

/// Texts, or booleans and numbers standing for their spelling.
fn condition_values(value: &Value, pointer: &str) -> Parsed<Vec<String>> {
    let spelled = |value: &Value, pointer: &str| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => refuse(pointer, "A condition's value is a text, a boolean, a number or a list of them."),
    };
    match value {
        Value::Array(list) if !list.is_empty() => {
            list.iter().enumerate().map(|(n, value)| spelled(value, &format!("{pointer}/{n}"))).collect()
        }
        single => Ok(vec![spelled(single, pointer)?]),
    }
}
