//! Filter policies, in SNS's own words, and access policies.

use messaging::access_policy::AccessPolicy;
use messaging::sns::filter_policy::FilterPolicy;
use messaging::{LinkProperties, Properties};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::model::Scenario;
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    for (id, properties) in &scenario.resources {
        let policies = match properties {
            Properties::Queue(queue) => {
                vec![("Policy", &queue.policy), ("KmsKeyPolicy", &queue.kms_key_policy)]
            }
            Properties::Topic(topic) => {
                vec![("Policy", &topic.policy), ("KmsKeyPolicy", &topic.kms_key_policy)]
            }
            Properties::Bucket(bucket) => vec![("Policy", &bucket.policy)],
            _ => continue,
        };
        for (name, policy) in policies {
            let Some(Err(error)) = policy.as_ref().map(AccessPolicy::parse) else { continue };
            let at = JsonPointer::root().then("Resources").then(id).then("Properties").then(name);
            let at = JsonPointer::from(format!("{}{}", at.as_str(), error.pointer).as_str());
            out.push(Diagnostic::error(DiagnosticCode::InvalidAccessPolicy, &at, error.message));
        }
    }
    super::topics::check(scenario, out);
    for (place, link) in scenario.links.iter().enumerate() {
        let LinkProperties::Subscription(subscription) = &link.properties else { continue };
        let Some(policy) = &subscription.filter_policy else { continue };
        let at = JsonPointer::root().then("Links").then(place).then("Properties").then("FilterPolicy");
        let text = match policy {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let place_of =
            |offset: usize| if policy.is_string() { at.clone() } else { at_offset(policy, offset, &at) };
        match FilterPolicy::parse(&text, subscription.filter_policy_scope) {
            Ok(policy) => {
                for warning in policy.warnings() {
                    let at = place_of(warning.span.start);
                    let code = DiagnosticCode::DoubtfulFilterPolicy;
                    out.push(Diagnostic::warning(code, &at, warning.text.clone()));
                }
            }
            Err(error) => {
                let message = error.set_subscription_attributes_message();
                let diagnostic = Diagnostic::error(
                    DiagnosticCode::InvalidFilterPolicy,
                    &place_of(error.span.start),
                    message,
                );
                out.push(diagnostic.with_hint(error.hint));
            }
        }
    }
}

/// The deepest value whose compact JSON text, as part of that of `value`, covers the byte at `offset`.
fn at_offset(value: &Value, offset: usize, at: &JsonPointer) -> JsonPointer {
    let mut position = 1;
    match value {
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                let length = element.to_string().len();
                if (position..position + length).contains(&offset) {
                    return at_offset(element, offset - position, &at.then(place));
                }
                position += length + 1;
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name_length = Value::from(name.as_str()).to_string().len() + 1;
                let length = member.to_string().len();
                if (position..position + name_length).contains(&offset) {
                    return at.then(name);
                }
                position += name_length;
                if (position..position + length).contains(&offset) {
                    return at_offset(member, offset - position, &at.then(name));
                }
                position += length + 1;
            }
        }
        _ => {}
    }
    at.clone()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_byte_of_the_text_is_found_in_the_value() {
        let policy = json!({ "state": ["placed", { "prefix": 5 }], "b": [1] });
        let text = policy.to_string();
        let at =
            |needle: &str| at_offset(&policy, text.find(needle).unwrap(), &JsonPointer::root()).to_string();
        assert_eq!(at("placed"), "/state/0");
        assert_eq!(at("\"prefix"), "/state/1/prefix");
        assert_eq!(at("5"), "/state/1/prefix");
        assert_eq!(at("\"b\""), "/b");
        assert_eq!(at("1]"), "/b/0");
    }
}
