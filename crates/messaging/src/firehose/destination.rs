//! Where a delivery stream delivers, and what follows from it: hints, retries, backup modes, metrics (FH-16, FH-38).

use serde::{Deserialize, Serialize};

use crate::metric::MetricName;

/// A destination (FH-16). One that is left out follows from the link: S3 for a bucket, Redshift for a database, an
/// HTTP endpoint for an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the names say it")]
pub enum Destination {
    #[default]
    ExtendedS3,
    Redshift,
    AmazonOpenSearchService,
    Splunk,
    HttpEndpoint,
    Datadog,
    NewRelic,
    MongoDB,
}

/// The words of the document.
pub(super) const WORDS: &[&str] = &[
    "ExtendedS3",
    "Redshift",
    "AmazonOpenSearchService",
    "Splunk",
    "HttpEndpoint",
    "Datadog",
    "NewRelic",
    "MongoDB",
];

/// What a destination allows and how it counts (FH-16, FH-38, FH-47).
#[derive(Debug)]
pub(super) struct Traits {
    /// `SizeInMBs`: least, most, default.
    pub(super) size: (u32, u32, u32),
    /// `IntervalInSeconds`: most, default.
    pub(super) interval: (u32, u32),
    /// Default of `RetryDurationInSeconds`; S3 has none.
    pub(super) retry: Option<u32>,
    /// `S3BackupMode` for what failed only, and for all.
    pub(super) backup: [&'static str; 2],
    /// The error output type of what could not be delivered (FH-29).
    pub(super) error_type: &'static str,
    pub(super) bytes: MetricName,
    pub(super) records: MetricName,
    pub(super) success: MetricName,
    pub(super) freshness: Option<MetricName>,
}

const S3: Traits = Traits {
    size: (1, 128, 5),
    interval: (900, 300),
    retry: None,
    backup: ["Disabled", "Enabled"],
    error_type: "delivery-failed",
    bytes: MetricName::DeliveryToS3Bytes,
    records: MetricName::DeliveryToS3Records,
    success: MetricName::DeliveryToS3Success,
    freshness: Some(MetricName::DeliveryToS3DataFreshness),
};
const REDSHIFT: Traits = Traits {
    retry: Some(3_600),
    error_type: "errors/manifests",
    bytes: MetricName::DeliveryToRedshiftBytes,
    records: MetricName::DeliveryToRedshiftRecords,
    success: MetricName::DeliveryToRedshiftSuccess,
    freshness: None,
    ..S3
};
const OPEN_SEARCH: Traits = Traits {
    size: (1, 100, 5),
    retry: Some(300),
    backup: ["FailedDocumentsOnly", "AllDocuments"],
    error_type: "AmazonOpenSearchService-failed",
    bytes: MetricName::DeliveryToOpenSearchBytes,
    records: MetricName::DeliveryToOpenSearchRecords,
    success: MetricName::DeliveryToOpenSearchSuccess,
    freshness: Some(MetricName::DeliveryToOpenSearchDataFreshness),
    ..S3
};
const SPLUNK: Traits = Traits {
    size: (1, 5, 5),
    interval: (60, 60),
    retry: Some(300),
    backup: ["FailedEventsOnly", "AllEvents"],
    error_type: "splunk-failed",
    bytes: MetricName::DeliveryToSplunkBytes,
    records: MetricName::DeliveryToSplunkRecords,
    success: MetricName::DeliveryToSplunkSuccess,
    freshness: Some(MetricName::DeliveryToSplunkDataFreshness),
};
const HTTP: Traits = Traits {
    size: (1, 64, 5),
    interval: (900, 300),
    retry: Some(300),
    backup: ["FailedDataOnly", "AllData"],
    error_type: "http-endpoint-failed",
    bytes: MetricName::DeliveryToHttpEndpointBytes,
    records: MetricName::DeliveryToHttpEndpointRecords,
    success: MetricName::DeliveryToHttpEndpointSuccess,
    freshness: Some(MetricName::DeliveryToHttpEndpointDataFreshness),
};
/// The partners advise an interval of 60 s (FH-16).
const PARTNER: Traits = Traits { interval: (900, 60), ..HTTP };

impl Destination {
    pub(super) const fn traits(self) -> &'static Traits {
        match self {
            Self::ExtendedS3 => &S3,
            Self::Redshift => &REDSHIFT,
            Self::AmazonOpenSearchService => &OPEN_SEARCH,
            Self::Splunk => &SPLUNK,
            Self::HttpEndpoint => &HTTP,
            Self::Datadog | Self::NewRelic | Self::MongoDB => &PARTNER,
        }
    }

    /// Its name in the document.
    pub const fn name(self) -> &'static str {
        WORDS[self as usize]
    }

    /// Reached by requests to a web server.
    pub(super) const fn is_http(self) -> bool {
        !matches!(self, Self::ExtendedS3 | Self::Redshift)
    }

    /// Its metrics are those of HTTP endpoints.
    pub(super) const fn counts_as_http_endpoint(self) -> bool {
        matches!(self, Self::HttpEndpoint | Self::Datadog | Self::NewRelic | Self::MongoDB)
    }
}
