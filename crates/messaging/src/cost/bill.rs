//! The bill: what was counted, by the prices.

use serde::{Deserialize, Serialize};

use super::meter::Meter;
use super::prices::{Item, MONTH_HOURS};
use crate::identifiers::ComponentId;
use crate::metric::{MetricName, MetricTable};
use crate::registry::Properties;
use crate::sns::Protocol;
use crate::world::World;

/// One item of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// Which resource.
    pub component: ComponentId,
    /// What is billed.
    pub item: Item,
    /// How much of it, as it is counted.
    pub quantity: u64,
    /// What that costs, in millionths of a dollar.
    pub micro_dollars: u64,
}

/// What a run has cost so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Items of which anything was used, by resource.
    pub lines: Vec<BillLine>,
    /// The seconds they were used in.
    pub seconds: u64,
}

impl Bill {
    /// All of it, in millionths of a dollar.
    pub fn total(&self) -> u64 {
        self.lines.iter().map(|line| line.micro_dollars).sum()
    }

    /// What one resource has cost.
    pub fn of(&self, component: ComponentId) -> u64 {
        let lines = self.lines.iter().filter(|line| line.component == component);
        lines.map(|line| line.micro_dollars).sum()
    }

    /// An amount of the run as it would be in an hour, if it went on like that.
    pub fn per_hour(&self, micro_dollars: u64) -> u64 {
        (u128::from(micro_dollars) * 3_600 / u128::from(self.seconds.max(1))) as u64
    }

    /// An amount of the run as it would be in a month of 730 hours.
    pub fn per_month(&self, micro_dollars: u64) -> u64 {
        (u128::from(micro_dollars) * 3_600 * u128::from(MONTH_HOURS) / u128::from(self.seconds.max(1))) as u64
    }

    /// Each service with its amount, the dearest first.
    pub fn by_service(&self) -> Vec<(&'static str, u64)> {
        let mut services: Vec<(&'static str, u64)> = Vec::new();
        for line in &self.lines {
            let service = line.item.service();
            match services.iter_mut().find(|(name, _)| *name == service) {
                Some((_, amount)) => *amount += line.micro_dollars,
                None => services.push((service, line.micro_dollars)),
            }
        }
        services.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
        services
    }

    /// What drives it: the dearest line.
    pub fn driver(&self) -> Option<&BillLine> {
        self.lines.iter().filter(|line| line.micro_dollars > 0).max_by_key(|line| line.micro_dollars)
    }
}

impl World {
    /// What the run has cost so far (COST-63).
    pub fn bill(&self) -> Bill {
        let mut lines = Vec::new();
        for component in self.component_ids() {
            let view = self.view(component);
            let (Some(properties), Some(meter)) = (view.properties(component), view.meter(component)) else {
                continue;
            };
            let Some(metrics) = view.metrics(component) else { continue };
            let readers = view.links().leaving(component);
            let readers = readers.filter(|link| link.properties.stream_consumer().is_some()).count() as u64;
            let fan_out = (Item::KinesisFanOutSeconds, meter.shard_seconds * readers);
            for (item, quantity) in usage(properties, meter, metrics).into_iter().chain([fan_out]) {
                let micro_dollars = item.micro_dollars(quantity, view.price(item));
                if quantity > 0 {
                    lines.push(BillLine { component, item, quantity, micro_dollars });
                }
            }
        }
        Bill { lines, seconds: self.now().whole_second() }
    }
}

/// What a resource has used, item by item.
pub(super) fn usage(properties: &Properties, meter: &Meter, metrics: &MetricTable) -> Vec<(Item, u64)> {
    let kms = (Item::KmsRequests, metrics.value(MetricName::KmsRequests));
    match properties {
        Properties::Queue(queue) if queue.fifo_queue => vec![(Item::SqsFifoRequests, meter.requests), kms],
        Properties::Queue(_) => {
            vec![(Item::SqsRequests, meter.requests), (Item::SqsFairRequests, meter.keyed_requests), kms]
        }
        Properties::Topic(topic) if topic.fifo_topic => vec![
            (Item::SnsFifoPublishes, meter.requests),
            (Item::SnsFifoPublishBytes, meter.bytes_in),
            (Item::SnsFifoDeliveries, meter.deliveries),
            (Item::SnsFifoDeliveryBytes, meter.delivery_bytes),
            kms,
        ],
        Properties::Topic(_) => vec![
            (Item::SnsPublishes, meter.requests),
            (Item::SnsFirehoseDeliveries, meter.firehose_deliveries),
            kms,
        ],
        Properties::Endpoint(endpoint) => {
            let item = match endpoint.protocol.of_subscription() {
                Protocol::Email | Protocol::EmailJson => Item::SnsEmails,
                Protocol::Sms => Item::SnsTextMessages,
                Protocol::Application => Item::SnsPushes,
                _ => Item::SnsHttpDeliveries,
            };
            vec![(item, metrics.value(MetricName::DeliveriesAccepted))]
        }
        Properties::Stream(stream) => {
            let on_demand = stream.stream_mode_details.stream_mode == crate::kinesis::StreamMode::OnDemand;
            if on_demand {
                return vec![
                    (Item::KinesisStreamSeconds, meter.seconds),
                    (Item::KinesisOnDemandBytesIn, meter.rounded_bytes_in),
                    (Item::KinesisOnDemandBytesOut, meter.bytes_out),
                    (Item::KinesisOnDemandFanOutBytes, meter.fan_out_bytes),
                ];
            }
            let extended = stream.retention_period_hours > USUAL_RETENTION_HOURS;
            vec![
                (Item::KinesisShardSeconds, meter.shard_seconds),
                (Item::KinesisPutUnits, meter.put_units),
                (Item::KinesisFanOutBytes, meter.fan_out_bytes),
                (Item::KinesisRetentionSeconds, if extended { meter.shard_seconds } else { 0 }),
            ]
        }
        Properties::Function(function) => {
            let memory = u64::from(function.memory_size);
            vec![
                (Item::LambdaRequests, metrics.value(MetricName::Invocations)),
                (Item::LambdaMegabyteMilliseconds, metrics.value(MetricName::Duration) * memory),
            ]
        }
        Properties::DeliveryStream(stream) => {
            let (converted, partitioned) = (stream.converts(), stream.dynamic_partitioning);
            let counted = |holds: bool, amount: u64| if holds { amount } else { 0 };
            let of = |metric| counted(partitioned, metrics.value(metric));
            vec![
                (Item::FirehoseBytes, meter.rounded_bytes_in),
                (Item::FirehoseConvertedBytes, counted(converted, meter.rounded_bytes_in)),
                (Item::FirehosePartitionedBytes, of(MetricName::DeliveryToS3Bytes)),
                (Item::FirehosePartitionedObjects, of(MetricName::DeliveryToS3ObjectCount)),
            ]
        }
        Properties::Application(_) => vec![
            (Item::FlinkKpuSeconds, meter.kpu_seconds),
            (Item::FlinkGigabyteSeconds, meter.working_kpu_seconds * STORAGE_OF_A_KPU),
        ],
        Properties::VideoStream(_) => vec![
            (Item::VideoBytesIn, metrics.value(MetricName::PutMediaIncomingBytes)),
            (Item::VideoBytesOut, metrics.value(MetricName::GetMediaOutgoingBytes)),
            (Item::VideoKilobyteSeconds, meter.kilobyte_seconds),
        ],
        Properties::Bucket(_) => vec![(Item::S3Puts, metrics.value(MetricName::PutRequests))],
        Properties::AutoScalingGroup(_) => vec![(Item::InstanceSeconds, meter.instance_seconds)],
        Properties::Broker(broker) => vec![(Item::MqInstanceSeconds, broker.billed_seconds(meter.seconds))],
        Properties::Alarm(_) => vec![(Item::AlarmSeconds, meter.seconds)],
        _ => Vec::new(),
    }
}

/// GB of storage of each KPU that works (KDA-8, COST-60).
const STORAGE_OF_A_KPU: u64 = 50;
/// What is kept for nothing (COST-20).
const USUAL_RETENTION_HOURS: u32 = 24;
