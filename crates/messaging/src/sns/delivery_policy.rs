//! How often and when a delivery is tried again, by protocol (SNS-142), and what of it can be configured for web
//! servers (SNS-145 to SNS-147).

use kernel::SimDuration;
use serde::{Deserialize, Serialize};

use super::Protocol;

/// How the waits of the backoff phase grow (SNS-145).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BackoffFunction {
    /// By the same amount each time.
    #[default]
    Linear,
    /// By amounts that grow evenly.
    Arithmetic,
    /// By the same factor each time.
    Geometric,
    /// By amounts that double.
    Exponential,
}

/// `healthyRetryPolicy` of a web server's subscription (SNS-145).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HealthyRetryPolicy {
    /// Retries in all, 0 to 100.
    pub num_retries: u32,
    /// Shortest wait in seconds, 1 to 3,600.
    pub min_delay_target: u32,
    /// Longest wait in seconds, 1 to 3,600.
    pub max_delay_target: u32,
    /// Retries at once.
    pub num_no_delay_retries: u32,
    /// Retries after the shortest wait.
    pub num_min_delay_retries: u32,
    /// Retries after the longest wait, at the end.
    pub num_max_delay_retries: u32,
    /// How the waits between grow.
    pub backoff_function: BackoffFunction,
}

impl Default for HealthyRetryPolicy {
    fn default() -> Self {
        Self {
            num_retries: 3,
            min_delay_target: 20,
            max_delay_target: 20,
            num_no_delay_retries: 0,
            num_min_delay_retries: 0,
            num_max_delay_retries: 0,
            backoff_function: BackoffFunction::Linear,
        }
    }
}

/// `throttlePolicy` (SNS-145).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ThrottlePolicy {
    /// Most deliveries a second, on average; waiting uses up no retries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_receives_per_second: Option<u32>,
}

/// `requestPolicy` (SNS-145).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RequestPolicy {
    /// `Content-Type` of the request.
    pub header_content_type: String,
}

impl Default for RequestPolicy {
    fn default() -> Self {
        Self { header_content_type: "text/plain; charset=UTF-8".into() }
    }
}

/// `DeliveryPolicy` of a subscription of a web server (SNS-145).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DeliveryPolicy {
    /// The retries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthy_retry_policy: Option<HealthyRetryPolicy>,
    /// The pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_policy: Option<ThrottlePolicy>,
    /// The request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_policy: Option<RequestPolicy>,
}

/// `DeliveryPolicy` of a topic (SNS-145).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TopicDeliveryPolicy {
    /// What holds for web servers.
    pub http: HttpDeliveryPolicy,
}

/// What a topic sets for the web servers that subscribe (SNS-145).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HttpDeliveryPolicy {
    /// The retries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_healthy_retry_policy: Option<HealthyRetryPolicy>,
    /// Subscriptions have no policy of their own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disable_subscription_overrides: bool,
    /// The pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_throttle_policy: Option<ThrottlePolicy>,
    /// The request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_request_policy: Option<RequestPolicy>,
}

/// Most retries of a web server's policy (SNS-145).
const MOST_RETRIES: u32 = 100;
/// Longest wait, and longest sum of waits, in seconds (SNS-145, SNS-146).
const MOST_SECONDS: u32 = 3_600;

impl HealthyRetryPolicy {
    /// Which limit is broken, as `InvalidParameter` says it (SNS-145).
    pub fn fault(&self) -> Option<&'static str> {
        let in_range = |seconds: u32| (1..=MOST_SECONDS).contains(&seconds);
        let phases = u64::from(self.num_no_delay_retries)
            + u64::from(self.num_min_delay_retries)
            + u64::from(self.num_max_delay_retries);
        if self.num_retries > MOST_RETRIES {
            Some("numRetries must be between 0 and 100")
        } else if !in_range(self.min_delay_target) {
            Some("minDelayTarget must be between 1 and 3600")
        } else if !in_range(self.max_delay_target) {
            Some("maxDelayTarget must be between 1 and 3600")
        } else if self.min_delay_target > self.max_delay_target {
            Some("minDelayTarget must be less than or equal to maxDelayTarget")
        } else if phases > u64::from(self.num_retries) {
            Some(
                "numRetries must be greater than or equal to the sum of numNoDelayRetries, numMinDelayRetries and \
                 numMaxDelayRetries",
            )
        } else {
            None
        }
    }
}

/// When a delivery is tried again: four phases, one after the other (SNS-142, SNS-146).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    no_delay: u32,
    min_delay: u32,
    backoff: u32,
    max_delay: u32,
    minimum_seconds: u32,
    maximum_seconds: u32,
    /// None doubles from the shortest wait up to the longest: the policies that AWS manages (SNS-147).
    function: Option<BackoffFunction>,
    /// The sum of all waits is at most so many seconds (SNS-146).
    most_seconds: Option<u32>,
}

impl RetryPolicy {
    /// Queues, functions and delivery streams: 100,015 retries over 23 days (SNS-142).
    pub const AWS_MANAGED: Self = Self {
        no_delay: 3,
        min_delay: 2,
        backoff: 10,
        max_delay: 100_000,
        minimum_seconds: 1,
        maximum_seconds: 20,
        function: None,
        most_seconds: None,
    };
    /// E-mail, text messages and apps: 50 retries over 6 hours (SNS-142).
    pub const CUSTOMER_MANAGED: Self = Self {
        no_delay: 0,
        min_delay: 2,
        backoff: 10,
        max_delay: 38,
        minimum_seconds: 10,
        maximum_seconds: 600,
        function: None,
        most_seconds: None,
    };

    /// The policy that holds for a protocol; `http` is what was set for web servers.
    pub fn of(protocol: Protocol, http: &HealthyRetryPolicy) -> Self {
        match protocol {
            Protocol::Sqs | Protocol::Lambda | Protocol::Firehose => Self::AWS_MANAGED,
            Protocol::Email | Protocol::EmailJson | Protocol::Sms | Protocol::Application => {
                Self::CUSTOMER_MANAGED
            }
            Protocol::Http | Protocol::Https => {
                let (no, min) = (http.num_no_delay_retries, http.num_min_delay_retries);
                let max = http.num_max_delay_retries;
                Self {
                    no_delay: no,
                    min_delay: min,
                    backoff: http.num_retries.saturating_sub(no.saturating_add(min).saturating_add(max)),
                    max_delay: max,
                    minimum_seconds: http.min_delay_target,
                    maximum_seconds: http.max_delay_target,
                    function: Some(http.backoff_function),
                    most_seconds: Some(MOST_SECONDS),
                }
            }
        }
    }

    /// Retries in all.
    pub const fn retries(&self) -> u32 {
        self.no_delay + self.min_delay + self.backoff + self.max_delay
    }

    /// How long to wait before retry `retry`, counted from 0; nothing after the last one.
    pub fn delay_before(&self, retry: u32) -> Option<SimDuration> {
        let seconds = self.seconds_before(retry)?;
        if let Some(most) = self.most_seconds {
            let sum: f64 = (0..=retry).filter_map(|retry| self.seconds_before(retry)).sum();
            if sum > f64::from(most) {
                return None;
            }
        }
        Some(SimDuration::from_secs_f64(seconds))
    }

    fn seconds_before(&self, retry: u32) -> Option<f64> {
        let after_no_delay = retry.checked_sub(self.no_delay);
        let after_min_delay = after_no_delay.and_then(|retry| retry.checked_sub(self.min_delay));
        let after_backoff = after_min_delay.and_then(|retry| retry.checked_sub(self.backoff));
        match (after_no_delay, after_min_delay, after_backoff) {
            (None, ..) => Some(0.0),
            (_, None, _) => Some(f64::from(self.minimum_seconds)),
            (_, Some(retry), None) => Some(self.backoff_seconds(retry + 1)),
            (.., Some(retry)) => (retry < self.max_delay).then_some(f64::from(self.maximum_seconds)),
        }
    }

    /// The wait before backoff retry `i` of n, counted from 1 (SNS-147). AWS shows the curves as a picture only: ours.
    fn backoff_seconds(&self, i: u32) -> f64 {
        let (low, high) = (f64::from(self.minimum_seconds), f64::from(self.maximum_seconds));
        let Some(function) = self.function else {
            return (low * f64::from(1_u32 << (i - 1).min(20))).min(high);
        };
        let n = self.backoff;
        if n == 1 {
            return low;
        }
        let (i, n) = (f64::from(i), f64::from(n));
        let span = high - low;
        match function {
            BackoffFunction::Linear => low + span * (i - 1.0) / (n - 1.0),
            BackoffFunction::Arithmetic => low + span * i * (i - 1.0) / (n * (n - 1.0)),
            BackoffFunction::Geometric => low * libm::pow(high / low, (i - 1.0) / (n - 1.0)),
            BackoffFunction::Exponential => low + span * (libm::exp2(i) - 2.0) / (libm::exp2(n) - 2.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(policy: &RetryPolicy) -> Vec<f64> {
        (0..).map_while(|retry| policy.delay_before(retry)).map(SimDuration::as_secs_f64).collect()
    }

    #[test]
    fn sns_142_managed_endpoints_have_100_015_retries_over_23_days() {
        let waits = seconds(&RetryPolicy::AWS_MANAGED);
        assert_eq!(waits.len(), 100_015);
        assert_eq!(waits[..15], [0., 0., 0., 1., 1., 1., 2., 4., 8., 16., 20., 20., 20., 20., 20.]);
        let days = waits.iter().sum::<f64>() / 86_400.0;
        assert!((23.0..23.2).contains(&days), "{days}");
    }

    #[test]
    fn sns_142_customers_endpoints_have_50_retries_over_6_hours() {
        let waits = seconds(&RetryPolicy::CUSTOMER_MANAGED);
        assert_eq!(waits.len(), 50);
        assert_eq!(waits[..9], [10., 10., 10., 20., 40., 80., 160., 320., 600.]);
        let hours = waits.iter().sum::<f64>() / 3_600.0;
        assert!((6.0..8.0).contains(&hours), "{hours}");
    }

    #[test]
    fn sns_145_sns_146_a_web_server_has_four_phases() {
        let policy = |http: &HealthyRetryPolicy| RetryPolicy::of(Protocol::Http, http);
        assert_eq!(seconds(&policy(&HealthyRetryPolicy::default())), [20.0; 3]);
        let phases = HealthyRetryPolicy {
            num_retries: 10,
            min_delay_target: 1,
            max_delay_target: 9,
            num_no_delay_retries: 2,
            num_min_delay_retries: 2,
            num_max_delay_retries: 1,
            ..HealthyRetryPolicy::default()
        };
        assert_eq!(seconds(&policy(&phases)), [0., 0., 1., 1., 1., 3., 5., 7., 9., 9.]);
        // The sum of the waits is at most 3,600 s, whatever the policy says (SNS-146).
        let long = HealthyRetryPolicy {
            num_retries: 100,
            min_delay_target: 3_600,
            max_delay_target: 3_600,
            ..phases
        };
        assert_eq!(seconds(&policy(&long)), [0., 0., 3_600.]);
    }

    #[test]
    fn sns_147_the_backoff_functions_lead_from_the_shortest_wait_to_the_longest() {
        let waits = |backoff_function| {
            let (num_retries, min_delay_target, max_delay_target) = (5, 1, 81);
            let http = HealthyRetryPolicy {
                num_retries,
                min_delay_target,
                max_delay_target,
                backoff_function,
                ..HealthyRetryPolicy::default()
            };
            seconds(&RetryPolicy::of(Protocol::Https, &http))
        };
        assert_eq!(waits(BackoffFunction::Linear), [1., 21., 41., 61., 81.]);
        assert_eq!(waits(BackoffFunction::Arithmetic), [1., 9., 25., 49., 81.]);
        assert_eq!(waits(BackoffFunction::Geometric), [1., 3., 9., 27., 81.]);
        let exponential = waits(BackoffFunction::Exponential);
        assert_eq!((exponential[0], exponential[4]), (1., 81.));
        assert!(exponential.windows(3).all(|w| w[2] - w[1] > w[1] - w[0]), "{exponential:?}");
        let one =
            HealthyRetryPolicy { num_retries: 1, max_delay_target: 60, ..HealthyRetryPolicy::default() };
        assert_eq!(seconds(&RetryPolicy::of(Protocol::Http, &one)), [20.0]);
    }

    #[test]
    fn sns_145_a_policy_has_limits() {
        let fresh = HealthyRetryPolicy::default();
        assert_eq!(fresh.fault(), None);
        let faults = [
            HealthyRetryPolicy { num_retries: 101, ..fresh },
            HealthyRetryPolicy { min_delay_target: 0, ..fresh },
            HealthyRetryPolicy { max_delay_target: 3_601, ..fresh },
            HealthyRetryPolicy { min_delay_target: 21, ..fresh },
            HealthyRetryPolicy { num_min_delay_retries: 4, ..fresh },
        ];
        let texts: Vec<_> = faults.iter().map(|policy| policy.fault().expect("a fault")).collect();
        for (text, name) in texts.iter().zip(["numRetries", "min", "max", "minDelay", "numRetries must be g"])
        {
            assert!(text.starts_with(name), "{text}");
        }
    }
}
