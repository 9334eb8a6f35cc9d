//! What a delivery stream shows of itself: two bars, how full the buffer is and how old.

use super::buffer::{Buffer, Purpose};
use super::delivery::Phase;
use super::delivery_stream::DeliveryStream;
use super::destination::Destination;
use super::{Error, quotas};
use crate::context::View;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Remedy, Text, Tone, Unit};
use crate::quota::Quota;
use crate::service_error::ServiceError;

pub(super) fn gauges(stream: &DeliveryStream, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
    let now = view.now();
    if let Some(metric) = stream.destination.traits().freshness {
        put(metric, stream.freshness(false, now).as_secs_f64() as u64);
    }
    if stream.backup_link.is_some() {
        put(MetricName::BackupToS3DataFreshness, stream.freshness(true, now).as_secs_f64() as u64);
    }
    if stream.destination == Destination::Splunk {
        put(MetricName::DeliveryToSplunkDataAckLatency, stream.last_acknowledgment.as_secs_f64() as u64);
    }
    if stream.properties.dynamic_partitioning {
        put(MetricName::PartitionCount, stream.partitions() as u64);
    }
    match &stream.source {
        Some(source) => put(MetricName::KinesisMillisBehindLatest, source.behind_millis),
        None => {
            let limit = |quota| raised(stream, quota, view);
            put(MetricName::BytesPerSecondLimit, limit(&quotas::BYTES_PER_SECOND));
            put(MetricName::RecordsPerSecondLimit, limit(&quotas::RECORDS_PER_SECOND));
            put(MetricName::PutRequestsPerSecondLimit, limit(&quotas::PUT_REQUESTS_PER_SECOND));
        }
    }
}

fn raised(stream: &DeliveryStream, quota: &Quota, view: &View<'_>) -> u64 {
    view.quota(quota) * u64::from(stream.properties.throughput_factor.unwrap_or(1))
}

/// A gauge is near its limit from this share of it on (UI: near quota).
const NEAR: f64 = 0.8;

fn is_near(gauge: &Instrument) -> bool {
    matches!(gauge, Instrument::Gauge { value, limit, .. } if *value >= NEAR * limit)
}

/// The quota of direct puts of which most is used (FH-9); none with a stream as its source.
fn busiest_quota(stream: &DeliveryStream, view: &View<'_>) -> Option<Instrument> {
    let now = view.now();
    let used = |counter: &kernel::SecondCounter| counter.last_second(now).max(counter.current(now)) as f64;
    let all = [
        ("records", &quotas::RECORDS_PER_SECOND, &stream.records, Unit::PerSecond),
        ("calls", &quotas::PUT_REQUESTS_PER_SECOND, &stream.requests, Unit::PerSecond),
        ("bytes", &quotas::BYTES_PER_SECOND, &stream.bytes, Unit::BytesPerSecond),
    ];
    let gauges = all.into_iter().map(|(label, quota, counter, unit)| {
        let (value, limit) = (used(counter), raised(stream, quota, view) as f64);
        (
            value / limit,
            Instrument::Gauge {
                label: label.into(),
                value,
                limit,
                unit,
                quota: quota.code.into(),
                metric: None,
            },
        )
    });
    let busiest = gauges.max_by(|one, other| one.0.total_cmp(&other.0));
    busiest.filter(|_| stream.source.is_none()).map(|(_, gauge)| gauge)
}

/// The buffer that is closed next by its size.
fn fullest(stream: &DeliveryStream) -> Option<&Buffer> {
    let buffers = stream.buffers.iter().filter(|buffer| buffer.purpose == Purpose::Destination);
    buffers.max_by_key(|buffer| buffer.bytes)
}

pub(super) fn state(stream: &DeliveryStream, view: &View<'_>) -> NodeState {
    let now = view.now();
    let per_second = |counter: &kernel::SecondCounter| counter.last_second(now).max(counter.current(now));
    let (taken, refused) = (per_second(&stream.taken), per_second(&stream.refused));
    let figure = |label: &'static str, value: u64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value: value as f64,
        unit,
        tone,
    };
    // A buffer is meant to fill up: at its limit it is delivered, and nothing is refused (FH-18).
    let bar = |label: &'static str, value: f64, limit: f64, unit: Unit| Instrument::Gauge {
        label: label.into(),
        value,
        limit,
        unit,
        quota: "".into(),
        metric: None,
    };
    let (bytes, seconds) =
        fullest(stream).map_or((0, 0.0), |buffer| (buffer.bytes, now.since(buffer.opened_at).as_secs_f64()));
    let most_seconds = stream.interval().as_secs_f64();
    let mut instruments = vec![
        bar("size", bytes as f64, stream.most_bytes() as f64, Unit::Bytes),
        bar("interval", seconds, most_seconds, Unit::Seconds),
        figure("records in", taken, Unit::PerSecond, Tone::Plain),
        figure("delay", stream.last_age.as_secs_f64() as u64, Unit::Seconds, Tone::Plain),
    ];
    if stream.properties.dynamic_partitioning {
        instruments.push(figure("partitions", stream.partitions() as u64, Unit::Count, Tone::Plain));
    }
    let waiting = stream.deliveries.iter().filter(|delivery| delivery.phase != Phase::Asked).count();
    if waiting > 0 {
        instruments.push(figure("deliveries waiting", waiting as u64, Unit::Count, Tone::Near));
    }
    if refused > 0 {
        instruments.push(figure("throttled", refused, Unit::PerSecond, Tone::Bad));
    }
    if stream.lost > 0 {
        instruments.push(figure("records lost", stream.lost, Unit::Count, Tone::Bad));
    }
    let near = busiest_quota(stream, view).filter(is_near);
    let is_near_quota = near.is_some();
    instruments.extend(near);
    let failing = stream.last_error.is_some();
    NodeState {
        health: match () {
            () if refused > 0 => Health::Throttled,
            () if failing || stream.destination_link.is_none() => Health::Failing,
            () if is_near_quota => Health::NearQuota,
            () => Health::Ok,
        },
        tag: tag(stream.destination).into(),
        instruments,
        problem: problem(stream, refused, view),
        summary: format!(
            "Firehose stream, {taken} records per second, {bytes} bytes buffered for {seconds:.0} of {most_seconds:.0} \
             seconds"
        ),
    }
}

fn tag(destination: Destination) -> &'static str {
    match destination {
        Destination::ExtendedS3 => "to S3",
        Destination::Redshift => "to Redshift",
        Destination::AmazonOpenSearchService => "to OpenSearch",
        Destination::Splunk => "to Splunk",
        Destination::HttpEndpoint => "to HTTP",
        Destination::Datadog => "to Datadog",
        Destination::NewRelic => "to New Relic",
        Destination::MongoDB => "to MongoDB",
    }
}

fn problem(stream: &DeliveryStream, refused: u64, view: &View<'_>) -> Option<Problem> {
    let name = view.name(view.id());
    let remedy = |label: &'static str, text: &'static str, set: Option<(&'static str, String)>| Remedy {
        label: label.into(),
        text: text.into(),
        set: set.map(|(path, value)| (name.to_owned(), Text::from(path), Text::from(value))),
    };
    if refused > 0 {
        let factor = stream.properties.throughput_factor.unwrap_or(1);
        let [records, requests, mebibytes] =
            [&quotas::RECORDS_PER_SECOND, &quotas::PUT_REQUESTS_PER_SECOND, &quotas::BYTES_PER_SECOND]
                .map(|quota| raised(stream, quota, view));
        return Some(Problem {
            title: "Records are throttled".into(),
            text: format!(
                "{name} takes {records} records, {requests} calls and {} MiB a second. {refused} records a second are \
                 refused (FH-9).",
                mebibytes / 1_048_576
            ),
            error_code: Some(Error::ServiceUnavailableException.code().into()),
            remedies: vec![
                remedy(
                    "PutRecordBatch",
                    "A call may carry 500 records: set BatchSize of the producer.",
                    None,
                ),
                remedy(
                    "Raise the quota",
                    "All three limits rise together.",
                    (factor < 100).then(|| ("ThroughputFactor", (factor * 2).min(100).to_string())),
                ),
            ],
        });
    }
    if stream.destination_link.is_none() {
        return Some(Problem {
            title: "There is no destination".into(),
            text: format!("{name} keeps what it is given for a day, then loses it (FH-40)."),
            error_code: None,
            remedies: vec![remedy("Add a bucket", "And draw a link to it.", None)],
        });
    }
    let error = stream.last_error?;
    let then = match (stream.destination, stream.backup_link) {
        (Destination::ExtendedS3, _) => "It is tried again for a day; what is older is lost (FH-39).",
        (_, Some(_)) => "It is tried again, then it goes to the backup bucket (FH-16).",
        (_, None) => "It is tried again, then it is lost: there is no backup bucket (FH-38).",
    };
    Some(Problem {
        title: "Deliveries fail".into(),
        text: format!("{name}: {error} {then} Later buffers wait behind it."),
        error_code: Some(error.as_service_error().code().into()),
        remedies: match error.as_service_error().http_status() {
            413 => {
                vec![remedy("A smaller buffer", "The endpoint takes no requests of this size (FH-44).", None)]
            }
            _ => Vec::new(),
        },
    })
}
