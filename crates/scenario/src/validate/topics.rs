//! Topics and their subscriptions: what SNS refuses when they are made.

use messaging::sns::{Fault, check_subscription, check_subscriptions_of, check_topic};
use messaging::{LinkProperties, LogicalId, Properties};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::links::is_fifo;
use crate::model::Scenario;
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    let mut put = |at: &JsonPointer, faults: Vec<Fault>| {
        for fault in faults {
            let at = at.then("Properties");
            let at = JsonPointer::from(format!("{}{}", at.as_str(), fault.pointer).as_str());
            out.push(Diagnostic::error(DiagnosticCode::InvalidSubscription, &at, fault.message));
        }
    };
    for (id, properties) in &scenario.resources {
        let Properties::Topic(topic) = properties else { continue };
        let at = JsonPointer::root().then("Resources").then(id);
        put(&at, check_topic(topic));
        let (mut protocols, mut filter_policies) = (Vec::new(), 0);
        for (place, link) in scenario.links.iter().enumerate().filter(|(_, link)| link.from == *id) {
            let LinkProperties::Subscription(subscription) = &link.properties else { continue };
            let protocol = scenario.resources.get(&link.to).and_then(Properties::subscription_protocol);
            let queue = subscription.redrive_policy.as_ref().map(|policy| LogicalId::from(policy.queue()));
            let dead_letters = queue.and_then(|queue| match scenario.resources.get(&queue)? {
                queue @ Properties::Queue(_) => is_fifo(queue),
                _ => None,
            });
            let faults = check_subscription(topic, id.as_str(), subscription, protocol, dead_letters);
            put(&JsonPointer::root().then("Links").then(place), faults);
            protocols.extend(protocol);
            filter_policies += usize::from(subscription.filter_policy.is_some());
        }
        put(&at, check_subscriptions_of(topic, &protocols, filter_policies, &scenario.settings));
    }
}
