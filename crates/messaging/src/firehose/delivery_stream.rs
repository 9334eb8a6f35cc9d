//! A delivery stream at work.

use kernel::{SecondCounter, SimDuration, SimTime};

use super::buffer::{Buffer, Purpose};
use super::configuration::Configuration;
use super::delivery::Delivery;
use super::destination::Destination;
use super::properties::{BufferingHints, DeliveryStreamProperties};
use super::source::Source;
use super::transform::Transformation;
use super::{Request, quotas};
use crate::behavior::{AttributeError, Behavior};
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::kinesis::ShardId;
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::quota::QuotaProfile;
use crate::registry::{ApiError, LinkProperties, Request as AnyRequest, ResourceKind, Timer as AnyTimer};

/// What a delivery stream is woken for.
#[derive(Clone, Copy, Debug)]
pub enum DeliveryStreamTimer {
    /// The interval of a buffer is over.
    Interval {
        /// What becomes of its records.
        purpose: Purpose,
        /// Its partition key.
        partition: KeyId,
    },
    /// A delivery is tried again.
    Attempt(u32),
    /// The source is looked at for new shards.
    Shards(LinkId),
    /// A shard of the source is read.
    Shard {
        /// The link to the source.
        link: LinkId,
        /// Which shard.
        shard: ShardId,
    },
    /// The interval of a batch for the function is over.
    Batch,
    /// A batch is tried again.
    BatchRetry(u32),
}

impl From<DeliveryStreamTimer> for AnyTimer {
    fn from(timer: DeliveryStreamTimer) -> Self {
        Self::DeliveryStream(timer)
    }
}

/// What a call of a delivery stream is about, packed into the call's tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// A delivery.
    Delivery(u32),
    /// The source was asked something.
    Source,
    /// A batch is with the function.
    Invocation(u32),
}

impl Tag {
    /// Bits of a number.
    pub(super) const MASK: u32 = 0x3fff_ffff;
}

impl From<Tag> for u32 {
    fn from(tag: Tag) -> u32 {
        match tag {
            Tag::Delivery(id) => id & Tag::MASK,
            Tag::Source => 1 << 30,
            Tag::Invocation(slot) => 2 << 30 | slot & Tag::MASK,
        }
    }
}

impl From<u32> for Tag {
    fn from(bits: u32) -> Self {
        match bits >> 30 {
            0 => Self::Delivery(bits & Self::MASK),
            1 => Self::Source,
            _ => Self::Invocation(bits & Self::MASK),
        }
    }
}

/// Each record is billed in whole units of this (FH-49, COST-30).
const BILLED_BYTES: u64 = 5 * 1_024;

/// A delivery stream (FH-1).
#[derive(Clone, Debug)]
pub struct DeliveryStream {
    pub(super) properties: DeliveryStreamProperties,
    /// Rises with each change of the configuration (FH-26).
    pub(super) version: u32,
    pub(super) destination: Destination,
    pub(super) hints: BufferingHints,
    pub(super) source: Option<Source>,
    pub(super) transformation: Option<Box<Transformation>>,
    pub(super) destination_link: Option<LinkId>,
    pub(super) backup_link: Option<LinkId>,
    /// By purpose and partition.
    pub(super) buffers: Vec<Buffer>,
    /// How often the size of a buffer was doubled to catch up (FH-20).
    pub(super) grown: u32,
    /// Whether a payload is a JSON object, once that is known (FH-31).
    pub(super) json: Vec<Option<bool>>,
    /// In the order in which their buffers were closed.
    pub(super) deliveries: Vec<Delivery>,
    pub(super) next_delivery: u32,
    pub(super) lost: u64,
    pub(super) last_error: Option<ApiError>,
    /// How old the oldest record of the last delivery was.
    pub(super) last_age: SimDuration,
    pub(super) last_acknowledgment: SimDuration,
    pub(super) requests: SecondCounter,
    pub(super) records: SecondCounter,
    pub(super) bytes: SecondCounter,
    pub(super) tried: SecondCounter,
    pub(super) taken: SecondCounter,
    pub(super) refused: SecondCounter,
    pub(super) failures: SecondCounter,
}

impl DeliveryStream {
    /// A record has come in.
    #[inline]
    pub(super) fn take_in(&mut self, message: Message, bytes: u64, now: SimTime, cx: &mut Context<'_>) {
        cx.count(MetricName::IncomingRecords, 1);
        cx.count(MetricName::IncomingBytes, bytes);
        cx.bill_record(bytes, BILLED_BYTES);
        self.taken.add(now, 1);
        // The backup is of what came in, not of what becomes of it (FH-37).
        if self.properties.backs_up_all() {
            self.buffer(Purpose::Backup, message, bytes, now, cx);
        }
        match &self.transformation {
            Some(_) => self.transform(message, bytes, cx),
            None => self.deliver(message, bytes, now, cx),
        }
    }

    /// Looks where the links lead.
    fn look_around(&mut self, cx: &Context<'_>) {
        (self.destination_link, self.backup_link) = (None, None);
        let mut inferred = Destination::ExtendedS3;
        for link in cx.links().leaving(cx.id()) {
            let LinkProperties::DestinationConfiguration(to) = &link.properties else { continue };
            if to.configuration == Configuration::S3BackupConfiguration {
                self.backup_link = Some(link.id);
                continue;
            }
            self.destination_link = Some(link.id);
            inferred = match cx.kind(link.to) {
                Some(ResourceKind::Database) => Destination::Redshift,
                Some(ResourceKind::Endpoint) => Destination::HttpEndpoint,
                _ => Destination::ExtendedS3,
            };
        }
        self.destination = self.properties.destination.unwrap_or(inferred);
        self.hints = self.properties.hints(self.destination);
    }

    /// The source follows the links; one that stays goes on.
    fn look_for_source(&mut self, cx: &mut Context<'_>) {
        let link = cx.links().arriving(cx.id()).find_map(|link| match &link.properties {
            LinkProperties::KinesisStreamSourceConfiguration(_) => Some(link.id),
            _ => None,
        });
        if self.source.as_ref().map(|source| source.link) != link {
            self.source = link.map(Source::new);
            self.list_shards(0, cx);
        }
    }
}

impl Behavior for DeliveryStream {
    type Properties = DeliveryStreamProperties;
    type Timer = DeliveryStreamTimer;
    const THROTTLING: Option<ApiError> = Some(ApiError::Firehose(super::Error::ServiceUnavailableException));
    const QUOTAS: &'static [&'static crate::quota::Quota] = &[
        &quotas::RECORDS_PER_SECOND,
        &quotas::PUT_REQUESTS_PER_SECOND,
        &quotas::BYTES_PER_SECOND,
        &quotas::ACTIVE_PARTITIONS,
    ];
    const DESCRIPTOR: ResourceDescriptor = super::descriptor::DELIVERY_STREAM;
    const MAX_ENTRIES_PER_SEND: usize = quotas::BATCH_RECORDS.current as usize;

    /// A new stream is ACTIVE at once, so that a scenario starts with it (FH-1).
    fn create(properties: &DeliveryStreamProperties, _cx: &mut Context<'_>) -> Self {
        let destination = properties.destination();
        Self {
            properties: properties.clone(),
            version: 1,
            destination,
            hints: properties.hints(destination),
            source: None,
            transformation: None,
            destination_link: None,
            backup_link: None,
            buffers: Vec::new(),
            grown: 0,
            json: Vec::new(),
            deliveries: Vec::new(),
            next_delivery: 0,
            lost: 0,
            last_error: None,
            last_age: SimDuration::ZERO,
            last_acknowledgment: SimDuration::ZERO,
            requests: SecondCounter::default(),
            records: SecondCounter::default(),
            bytes: SecondCounter::default(),
            tried: SecondCounter::default(),
            taken: SecondCounter::default(),
            refused: SecondCounter::default(),
            failures: SecondCounter::default(),
        }
    }

    /// Buffers that are open keep their interval; the new size holds at once.
    fn update(&mut self, properties: &DeliveryStreamProperties, cx: &mut Context<'_>) {
        if self.properties != *properties {
            self.version += 1;
        }
        self.properties = properties.clone();
        self.look_around(cx);
    }

    fn send_request(entries: &[Entry]) -> Option<AnyRequest> {
        Some(if entries.len() == 1 { Request::PutRecord } else { Request::PutRecordBatch }.into())
    }

    fn subscription_protocol(_properties: &DeliveryStreamProperties) -> Option<crate::sns::Protocol> {
        Some(crate::sns::Protocol::Firehose)
    }

    fn attribute_errors_under(
        properties: &DeliveryStreamProperties,
        profile: QuotaProfile,
    ) -> Vec<AttributeError> {
        properties.errors(profile)
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        self.look_around(cx);
        self.look_for_transformation(cx);
        self.look_for_source(cx);
        self.start_all(cx);
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        if let AnyRequest::Firehose(request) = cx.call(call).request {
            self.put(call, request, cx);
        }
    }

    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        match Tag::from(cx.call(call).tag) {
            Tag::Delivery(id) => self.answered(id, call, cx),
            Tag::Source => self.source_answered(call, cx),
            Tag::Invocation(slot) => self.batch_answered(slot, call, cx),
        }
    }

    fn on_timer(&mut self, timer: DeliveryStreamTimer, cx: &mut Context<'_>) {
        match timer {
            DeliveryStreamTimer::Interval { purpose, partition } => {
                self.interval_over(purpose, partition, cx)
            }
            DeliveryStreamTimer::Attempt(id) => self.try_again(id, cx),
            DeliveryStreamTimer::Shards(link) if self.reads(link) => self.list_shards(0, cx),
            DeliveryStreamTimer::Shard { link, shard } if self.reads(link) => self.read_shard(shard, cx),
            DeliveryStreamTimer::Batch => self.batch_due(cx),
            DeliveryStreamTimer::BatchRetry(slot) => self.invoke(slot, cx),
            DeliveryStreamTimer::Shards(_) | DeliveryStreamTimer::Shard { .. } => {}
        }
    }

    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        super::state::gauges(self, view, put);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
