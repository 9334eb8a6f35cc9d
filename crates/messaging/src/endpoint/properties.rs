//! What the document says of an endpoint.

use serde::{Deserialize, Serialize};

use crate::client::{PROCESSING_TIME, ProcessingTime};
use crate::descriptor::{FieldKind, PaletteGroup, Preset, ResourceDescriptor, field};
use crate::metric::MetricName;
use crate::sns;

/// By which way SNS reaches the endpoint (SNS-40).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// A POST to a web server.
    Http,
    /// A POST to a web server, encrypted.
    #[default]
    Https,
    /// An e-mail of plain text.
    Email,
    /// An e-mail with the JSON envelope.
    EmailJson,
    /// A text message to a phone.
    Sms,
    /// A push notification to a mobile app (SNS-110).
    Application,
}

impl Protocol {
    /// The protocol of a subscription that leads to the endpoint.
    pub const fn of_subscription(self) -> sns::Protocol {
        match self {
            Self::Http => sns::Protocol::Http,
            Self::Https => sns::Protocol::Https,
            Self::Email => sns::Protocol::Email,
            Self::EmailJson => sns::Protocol::EmailJson,
            Self::Sms => sns::Protocol::Sms,
            Self::Application => sns::Protocol::Application,
        }
    }
}

/// What the document says of an endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct EndpointProperties {
    /// By which way SNS reaches it (SNS-40).
    pub protocol: Protocol,
    /// The HTTP status it answers with (SNS-140).
    #[serde(skip_serializing_if = "is_ok")]
    pub status_code: u16,
    /// Share of the requests that it answers with `FailureStatusCode`, from 0 to 1.
    #[serde(skip_serializing_if = "is_default")]
    pub failure_probability: f64,
    /// The HTTP status of those answers.
    #[serde(skip_serializing_if = "is_unavailable")]
    pub failure_status_code: u16,
    /// Requests it takes in any whole second; the others are answered with 429. As many as come if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_requests_per_second: Option<u32>,
    /// Bytes of a request it takes at most; larger ones are answered with 413 (FH-44). Any number if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_request_bytes: Option<u32>,
    /// How long it takes to answer; SNS waits 15 s for an HTTP(S) endpoint (SNS-65).
    #[serde(skip_serializing_if = "is_usual_time")]
    pub response_time: ProcessingTime,
    /// Seconds until it confirms a subscription (SNS-46).
    #[serde(skip_serializing_if = "is_usual_confirmation")]
    pub confirm_after_seconds: f64,
    /// The push service has not reported the app's token as dead (SNS-112).
    #[serde(skip_serializing_if = "is_true")]
    pub enabled: bool,
}

/// Milliseconds a fresh endpoint takes to answer. Ours.
const USUAL_MILLISECONDS: f64 = 50.0;
/// Seconds after which a fresh endpoint confirms. Ours.
const USUAL_CONFIRMATION_SECONDS: f64 = 1.0;
/// Longer than an unconfirmed subscription lives (SNS-46).
const MAX_CONFIRMATION_SECONDS: f64 = 259_200.0;
const OK: u16 = 200;
const UNAVAILABLE: u16 = 503;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_ok(status: &u16) -> bool {
    *status == OK
}
fn is_unavailable(status: &u16) -> bool {
    *status == UNAVAILABLE
}
fn is_usual_time(time: &ProcessingTime) -> bool {
    *time == ProcessingTime::Constant { milliseconds: USUAL_MILLISECONDS }
}
fn is_usual_confirmation(seconds: &f64) -> bool {
    *seconds == USUAL_CONFIRMATION_SECONDS
}
fn is_true(value: &bool) -> bool {
    *value
}

impl Default for EndpointProperties {
    fn default() -> Self {
        Self {
            protocol: Protocol::default(),
            status_code: OK,
            failure_probability: 0.0,
            failure_status_code: UNAVAILABLE,
            max_requests_per_second: None,
            max_request_bytes: None,
            response_time: ProcessingTime::Constant { milliseconds: USUAL_MILLISECONDS },
            confirm_after_seconds: USUAL_CONFIRMATION_SECONDS,
            enabled: true,
        }
    }
}

const STATUS: FieldKind = FieldKind::Integer { low: 200, high: 599, unit: "" };

pub(super) const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
    resource_type: "Playground::Endpoint",
    title: "Endpoint",
    description: "What is pushed to: a web server, an e-mail inbox, a phone or a mobile app.",
    group: PaletteGroup::Notify,
    icon: "http-endpoint",
    id_prefix: "endpoint",
    fields: &[
        field(
            "Protocol",
            FieldKind::Choice(&["http", "https", "email", "email-json", "sms", "application"]),
            "By which way SNS reaches it.",
            "SNS-40",
        ),
        field(
            "StatusCode",
            STATUS,
            "The HTTP status of its answers: SNS retries after 5xx and 429, not after other 4xx.",
            "SNS-140",
        ),
        field(
            "FailureProbability",
            FieldKind::Number { low: 0.0, high: 1.0, unit: "" },
            "Share of the requests that it answers with FailureStatusCode.",
            "ours",
        ),
        field("FailureStatusCode", STATUS, "The HTTP status of those answers.", "SNS-140"),
        field(
            "MaxRequestsPerSecond",
            FieldKind::Integer { low: 0, high: 1_000_000, unit: "/s" },
            "Requests it takes in any whole second; the others get status 429.",
            "SNS-140",
        ),
        field(
            "MaxRequestBytes",
            FieldKind::Integer { low: 1, high: 1_000_000_000, unit: "B" },
            "Larger requests of a Firehose stream get status 413.",
            "FH-44",
        ),
        field("ResponseTime", PROCESSING_TIME, "How long it takes to answer; SNS waits 15 s.", "SNS-65"),
        field(
            "ConfirmAfterSeconds",
            FieldKind::Number { low: 0.0, high: MAX_CONFIRMATION_SECONDS, unit: "s" },
            "Until it confirms a subscription; phones and apps need not.",
            "SNS-46",
        ),
        field(
            "Enabled",
            FieldKind::Switch,
            "Of a mobile app: the push service still knows its token.",
            "SNS-112",
        ),
    ],
    links: &[],
    presets: PRESETS,
    metrics: &[
        MetricName::DeliveriesAccepted,
        MetricName::DeliveriesRefused,
        MetricName::SubscriptionsConfirmed,
        MetricName::RecordsStored,
    ],
    actions: &["Start", "Stop", "Slow"],
};

/// E-mail and text messages take seconds (CMP-59).
const PRESETS: &[Preset] = &[
    Preset {
        title: "E-mail inbox",
        icon: "email",
        id_suffix: "",
        properties: r#"{"Protocol":"email","ResponseTime":{"Distribution":"Lognormal","MedianMilliseconds":2000,"Sigma":0.8}}"#,
    },
    Preset {
        title: "Phone (SMS)",
        icon: "sms",
        id_suffix: "",
        properties: r#"{"Protocol":"sms","ResponseTime":{"Distribution":"Lognormal","MedianMilliseconds":2000,"Sigma":0.8}}"#,
    },
    Preset {
        title: "Mobile app",
        icon: "mobile-push",
        id_suffix: "",
        properties: r#"{"Protocol":"application"}"#,
    },
];
