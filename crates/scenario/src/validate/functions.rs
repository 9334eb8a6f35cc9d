//! What AWS says of functions and their event source mappings (CMP-25, SQS-201 to SQS-209).

use messaging::lambda::{EventSourceMapping, FunctionProperties, quotas};
use messaging::sqs::QueueProperties;
use messaging::{LinkProperties, Properties};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::model::Scenario;
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    reserved_concurrency(scenario, out);
    for (place, link) in scenario.links.iter().enumerate() {
        let LinkProperties::EventSourceMapping(mapping) = &link.properties else { continue };
        let ends = (scenario.resources.get(&link.from), scenario.resources.get(&link.to));
        let at = JsonPointer::root().then("Links").then(place);
        if let Some(Properties::Stream(_)) = ends.0 {
            if mapping.scaling_config.is_some() || mapping.provisioned_poller_config.is_some() {
                let message = "ScalingConfig and ProvisionedPollerConfig are for queues (SQS-205, SQS-206).";
                out.push(Diagnostic::error(DiagnosticCode::InvalidEventSourceMapping, &at, message));
            }
            continue;
        }
        if let (Some(Properties::Broker(_)), Some(Properties::Function(function))) = ends {
            broker(mapping, function, &at, out);
            continue;
        }
        let (Some(Properties::Queue(queue)), Some(Properties::Function(function))) = ends else { continue };
        for message in refusals(mapping, queue, function) {
            out.push(Diagnostic::error(DiagnosticCode::InvalidEventSourceMapping, &at, message));
        }
        let advised = function.timeout * ADVISED_TIMES + mapping.maximum_batching_window_in_seconds;
        if (function.timeout..advised).contains(&queue.visibility_timeout) {
            let message = format!(
                "The visibility timeout of {} is {} s: batches that wait or are tried again may come twice (SQS-209).",
                link.from, queue.visibility_timeout
            );
            let hint = format!("AWS advises six times the function's timeout and the window: {advised} s.");
            let code = DiagnosticCode::DoubtfulEventSourceMapping;
            out.push(Diagnostic::warning(code, &at, message).with_hint(hint));
        }
        let redrive = scenario.links.iter().find_map(|other| match &other.properties {
            LinkProperties::RedrivePolicy(policy) if other.from == link.from => {
                Some(policy.max_receive_count)
            }
            _ => None,
        });
        if let Some(count) = redrive.filter(|count| *count < ADVISED_RECEIVES) {
            let message = format!(
                "maxReceiveCount of {} is {count}: throttled batches count as received (SQS-209).",
                link.from
            );
            let hint = format!("AWS advises {ADVISED_RECEIVES} or more.");
            let code = DiagnosticCode::DoubtfulEventSourceMapping;
            out.push(Diagnostic::warning(code, &at, message).with_hint(hint));
        }
    }
}

/// What Lambda says of a mapping on a broker (MQ-48).
fn broker(
    mapping: &EventSourceMapping,
    function: &FunctionProperties,
    at: &JsonPointer,
    out: &mut Diagnostics,
) {
    let mut refuse = |message: &str| {
        out.push(Diagnostic::error(DiagnosticCode::InvalidEventSourceMapping, at, message));
    };
    if function.timeout > BROKER_FUNCTION_TIMEOUT {
        refuse("A function that reads from a broker may take 14 minutes at most (MQ-48).");
    }
    if mapping.queues.len() > 1 {
        refuse("A mapping reads exactly one queue of a broker (MQ-48).");
    }
    if is_for_streams(mapping)
        || mapping.scaling_config.is_some()
        || mapping.provisioned_poller_config.is_some()
    {
        refuse("Properties of a mapping on a stream or an SQS queue do not go with a broker (MQ-48).");
    }
}

/// Seconds (MQ-48).
const BROKER_FUNCTION_TIMEOUT: u32 = 840;
/// AWS's advice: the visibility timeout is so many times the function's timeout (SQS-209).
const ADVISED_TIMES: u32 = 6;
/// AWS's advice for `maxReceiveCount` (SQS-209).
const ADVISED_RECEIVES: u32 = 5;

/// Why AWS refuses a mapping on a queue.
fn refusals(
    mapping: &EventSourceMapping,
    queue: &QueueProperties,
    function: &FunctionProperties,
) -> Vec<String> {
    let mut refusals = Vec::new();
    if function.timeout > queue.visibility_timeout {
        refusals.push(format!(
            "Queue visibility timeout: {} seconds is less than Function timeout: {} seconds",
            queue.visibility_timeout, function.timeout
        ));
    }
    let window = mapping.maximum_batching_window_in_seconds;
    let large = mapping.batch_size.is_some_and(|size| u64::from(size) > quotas::FIFO_BATCH_SIZE.current);
    if queue.fifo_queue {
        if large {
            refusals.push("A batch from a FIFO queue has at most 10 messages (SQS-201).".into());
        }
        if window > 0 {
            refusals.push("Batching window is not supported for FIFO queues (SQS-201).".into());
        }
    } else if large && window == 0 {
        let text =
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10";
        refusals.push(text.into());
    }
    if is_for_streams(mapping) {
        refusals
            .push("Properties of a mapping on a stream do not go with a queue (KDS-98 to KDS-106).".into());
    }
    let capped = mapping.scaling_config.is_some_and(|config| config.maximum_concurrency.is_some());
    if let Some(config) = mapping.provisioned_poller_config {
        if capped {
            refusals.push("Provisioned mode has no MaximumConcurrency (SQS-206).".into());
        }
        if config.minimum_pollers > config.maximum_pollers {
            refusals.push("MinimumPollers is more than MaximumPollers (SQS-206).".into());
        }
    }
    refusals
}

/// Something is set that only a mapping on a stream has.
fn is_for_streams(mapping: &EventSourceMapping) -> bool {
    let usual = EventSourceMapping::default();
    mapping.starting_position != usual.starting_position
        || mapping.starting_position_timestamp != usual.starting_position_timestamp
        || !mapping.consumer_name.is_empty()
        || mapping.tumbling_window_in_seconds != 0
        || mapping.parallelization_factor != usual.parallelization_factor
        || mapping.bisect_batch_on_function_error
        || mapping.maximum_retry_attempts != usual.maximum_retry_attempts
        || mapping.maximum_record_age_in_seconds != usual.maximum_record_age_in_seconds
}

/// At least 100 stay unreserved (CMP-25).
fn reserved_concurrency(scenario: &Scenario, out: &mut Diagnostics) {
    let mut left = scenario.settings.quota(&quotas::CONCURRENT_EXECUTIONS);
    for (id, properties) in &scenario.resources {
        let Properties::Function(function) = properties else { continue };
        left = left.saturating_sub(function.reserved_concurrent_executions.unwrap_or(0).into());
        let least = scenario.settings.quota(&quotas::UNRESERVED_CONCURRENCY);
        if left < least {
            let at = JsonPointer::root().then("Resources").then(id).then("Properties");
            let at = at.then("ReservedConcurrentExecutions");
            let message = format!(
                "Specified ReservedConcurrentExecutions for function decreases account's \
                 UnreservedConcurrentExecution below its minimum value of [{least}]."
            );
            return out.push(Diagnostic::error(DiagnosticCode::InvalidEventSourceMapping, &at, message));
        }
    }
}
