//! A stream: what it is asked, and who answers.

use kernel::{CallWindow, SecondCounter, SimDuration, SimTime};

use super::fan_out::FanOut;
use super::leases::Application;
use super::metrics::METRICS;
use super::on_demand::OnDemand;
use super::properties::{FIELDS, StreamProperties};
use super::quotas;
use super::request::{Request, Response};
use super::reshard::Resharding;
use super::routes::Routes;
use super::shard::{Shard, horizon};
use super::shard_map::{ShardId, ShardMap};
use crate::behavior::{Behavior, KeyNeed};
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::{LinkRule, PaletteGroup, ResourceDescriptor};
use crate::identifiers::CallId;
use crate::kms::KmsKey;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::poller::PollerKind;
use crate::quota::{AccountUse, Quota};
use crate::registry::{ApiError, Request as AnyRequest, Timer as AnyTimer};

/// What a stream is woken for.
#[derive(Clone, Copy, Debug)]
pub enum StreamTimer {
    /// The next split or merge is complete (KDS-62).
    ReshardStep,
    /// A registered consumer may get an event (KDS-52).
    PushEvents,
    /// A minute of an on-demand stream is over (KDS-74).
    OnDemandMinute,
}

impl From<StreamTimer> for AnyTimer {
    fn from(timer: StreamTimer) -> Self {
        Self::Stream(timer)
    }
}

/// A stream (KDS-1).
#[derive(Clone, Debug)]
pub struct Stream {
    pub(super) properties: StreamProperties,
    pub(super) max_record_bytes: u64,
    pub(super) retention: SimDuration,
    pub(super) map: ShardMap,
    /// By number, as the shards of the map.
    pub(super) shards: Vec<Shard>,
    pub(super) routes: Routes,
    pub(super) applications: Vec<Application>,
    pub(super) resharding: Option<Resharding>,
    /// The `ShardCount` of an edit that is not reached yet.
    pub(super) wanted_shards: Option<u32>,
    pub(super) split_calls: CallWindow,
    pub(super) merge_calls: CallWindow,
    /// When `UpdateShardCount` was accepted, for its limit per day (KDS-64).
    pub(super) scaled_at: Vec<SimTime>,
    /// Counts the calls of `PutRecords` (KDS-22).
    pub(super) calls: u64,
    pub(super) tried: u64,
    pub(super) stored: u64,
    /// Stream records stored: those of the KPL hold several user records (KDS-83), which `stored` counts.
    pub(super) stored_records: u64,
    pub(super) stored_bytes: u64,
    pub(super) on_demand: OnDemand,
    /// With which new records are encrypted.
    pub(super) key: Option<KmsKey>,
    pub(super) fan_out: FanOut,
    pub(super) refused: u64,
    /// Records dropped before their retention ended, because there were too many to keep.
    pub(super) dropped_early: u64,
    pub(super) reads_refused: SecondCounter,
}

impl Stream {
    /// Makes the shards anew; for a stream that has seen no record.
    fn make_shards(&mut self, cx: &mut Context<'_>) {
        self.map = ShardMap::new(self.properties.shards());
        self.shards = vec![Shard::default(); self.map.shards().len()];
        self.mark_encrypted();
        self.routes = Routes::default();
        self.applications.clear();
        cx.set_account_level(quotas::OPEN_SHARDS.code, self.map.open().len() as u64);
    }

    fn take_properties(&mut self, properties: &StreamProperties) {
        self.max_record_bytes = properties.max_record_bytes();
        self.retention = SimDuration::from_secs(u64::from(properties.retention_period_hours) * 3_600);
        self.key = properties.key();
        self.mark_encrypted();
        self.properties = properties.clone();
    }

    /// What is stored from now on is encrypted, if encryption is on; what was stored before stays as it is (KDS-109).
    pub(super) fn mark_encrypted(&mut self) {
        if self.key.is_some() {
            for shard in &mut self.shards {
                shard.encrypted_from.get_or_insert(shard.log.end());
            }
        }
    }

    /// Drops chunks that are past retention (KDS-55), and the oldest ones when there are too many records.
    #[cold]
    pub(super) fn forget_old_records(&mut self, now: SimTime) {
        if let Some(horizon) = horizon(now, self.retention) {
            for shard in &mut self.shards {
                shard.log.drop_before(horizon);
            }
        }
        let mut kept: u64 = self.shards.iter().map(|shard| shard.log.len()).sum();
        while kept > quotas::RECORDS_KEPT.current {
            let oldest = self
                .shards
                .iter_mut()
                .filter_map(|shard| Some((shard.log.oldest_chunk_at()?, shard)))
                .min_by_key(|(at, _)| *at);
            let Some((_, shard)) = oldest else { break };
            let dropped = shard.log.drop_oldest_chunk();
            self.dropped_early += dropped;
            kept -= dropped;
        }
    }

    /// Every record tried is stored or refused.
    #[inline]
    pub(super) fn assert_conserved(&self) {
        assert!(self.tried == self.stored + self.refused, "a record is neither stored nor refused");
    }

    /// Milliseconds the slowest reader is behind, if anyone reads (KDS-42).
    fn iterator_age(&self, now: SimTime) -> Option<u64> {
        let shards = || (0..).map(ShardId).zip(&self.shards);
        self.applications
            .iter()
            .map(|reader| shards().map(|(id, shard)| reader.behind_millis(id, shard, now)).max().unwrap_or(0))
            .max()
    }
}

impl Behavior for Stream {
    type Properties = StreamProperties;
    type Timer = StreamTimer;
    const QUOTAS: &'static [&'static Quota] =
        &[&quotas::OPEN_SHARDS, &quotas::ON_DEMAND_BYTES_PER_SECOND, &quotas::ON_DEMAND_STREAMS];
    const THROTTLING: Option<ApiError> =
        Some(ApiError::Kinesis(super::Error::ProvisionedThroughputExceededException {
            shard: super::ShardId(0),
        }));
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::Kinesis::Stream",
        title: "Kinesis data stream",
        description: "Keeps records in shards, in order, for many readers: for big data, analytics and ETL.",
        group: PaletteGroup::RouteAndHold,
        icon: "kinesis-stream",
        id_prefix: "stream",
        fields: FIELDS,
        links: &[
            LinkRule { link_type: "Playground::Poll", to: "Playground::Consumer" },
            LinkRule { link_type: "AWS::Lambda::EventSourceMapping", to: "AWS::Lambda::Function" },
            LinkRule { link_type: "Playground::Poll", to: "AWS::KinesisAnalyticsV2::Application" },
            LinkRule { link_type: "Playground::Poll", to: "AWS::AutoScaling::AutoScalingGroup" },
            LinkRule {
                link_type: "AWS::KinesisFirehose::KinesisStreamSourceConfiguration",
                to: "AWS::KinesisFirehose::DeliveryStream",
            },
        ],
        presets: &[],
        metrics: METRICS,
        actions: &[],
    };
    const MAX_ENTRIES_PER_SEND: usize = quotas::PUT_RECORDS_RECORDS.current as usize;

    /// `CreateStream` is refused beyond the limits of the account (KDS-69, KDS-77).
    fn account_use(properties: &StreamProperties) -> Vec<AccountUse> {
        let error_code = "LimitExceededException";
        let (attribute, amount) = ("ShardCount", u64::from(properties.shards()));
        let mut uses = vec![AccountUse { quota: &quotas::OPEN_SHARDS, amount, attribute, error_code }];
        if properties.stream_mode_details.stream_mode == super::StreamMode::OnDemand {
            let (quota, attribute) = (&quotas::ON_DEMAND_STREAMS, "StreamModeDetails");
            uses.push(AccountUse { quota, amount: 1, attribute, error_code });
        }
        uses
    }

    /// A new stream is ACTIVE at once: the ten seconds of KDS-3 are left out, so that a scenario starts with it.
    fn create(properties: &StreamProperties, cx: &mut Context<'_>) -> Self {
        let mut stream = Self {
            properties: properties.clone(),
            max_record_bytes: 0,
            retention: SimDuration::ZERO,
            map: ShardMap::new(1),
            shards: Vec::new(),
            routes: Routes::default(),
            applications: Vec::new(),
            resharding: None,
            wanted_shards: None,
            split_calls: CallWindow::default(),
            merge_calls: CallWindow::default(),
            scaled_at: Vec::new(),
            calls: 0,
            tried: 0,
            stored: 0,
            stored_records: 0,
            stored_bytes: 0,
            on_demand: OnDemand::default(),
            key: None,
            fan_out: FanOut::default(),
            refused: 0,
            dropped_early: 0,
            reads_refused: SecondCounter::default(),
        };
        stream.take_properties(properties);
        stream.make_shards(cx);
        stream.watch_minutes(cx);
        stream
    }

    /// A new `ShardCount` is reached by `UpdateShardCount` (KDS-65), in several rounds if it is more than double
    /// or less than half; a stream that has seen no record is made anew instead. A shorter retention holds at
    /// once (KDS-55).
    fn update(&mut self, properties: &StreamProperties, cx: &mut Context<'_>) {
        let is_other_count = self.properties.shard_count != properties.shard_count;
        let is_other_mode = self.properties.stream_mode_details != properties.stream_mode_details;
        let is_other_warmth = self.properties.warm_throughput_mibps != properties.warm_throughput_mibps;
        self.take_properties(properties);
        if is_other_mode {
            self.wanted_shards = None;
            self.watch_minutes(cx);
        }
        let untouched = self.tried == 0 && self.resharding.is_none();
        if untouched && (is_other_count || is_other_mode || is_other_warmth) {
            self.make_shards(cx);
        } else if is_other_count && !self.is_on_demand() {
            self.wanted_shards = Some(properties.shards());
            self.scale_towards_wanted(cx);
        }
    }

    fn key_need(_properties: &StreamProperties) -> KeyNeed {
        KeyNeed::PartitionKey
    }

    fn send_request(entries: &[Entry]) -> Option<AnyRequest> {
        let request = match entries.len() {
            1 => Request::PutRecord { explicit_hash_key: None, sequence_number_for_ordering: None },
            _ => Request::PutRecords,
        };
        Some(request.into())
    }

    fn poller() -> Option<PollerKind> {
        Some(PollerKind::StreamPoller)
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        self.applications.retain(|reader| cx.links().get(reader.link).is_some_and(|link| !link.removed));
        self.register_linked_consumers(cx);
    }

    #[inline]
    fn on_request(&mut self, id: CallId, cx: &mut Context<'_>) {
        let call = cx.call(id);
        let link = call.link;
        let AnyRequest::Kinesis(request) = call.request else { return };
        let result = match request {
            Request::PutRecord { explicit_hash_key, sequence_number_for_ordering } => {
                return self.put_record(id, explicit_hash_key, sequence_number_for_ordering, cx);
            }
            Request::PutAggregatedRecords { aggregation_max_size } => {
                return self.put_records(id, Some(aggregation_max_size), cx);
            }
            Request::PutRecords => return self.put_records(id, None, cx),
            Request::GetRecords { iterator, limit } => return self.get_records(id, iterator, limit, cx),
            Request::GetShardIterator { shard, iterator_type } => {
                self.get_shard_iterator(shard, iterator_type, link, cx)
            }
            Request::SplitShard { shard, new_starting_hash_key } => {
                self.split_shard(shard, new_starting_hash_key, cx)
            }
            Request::MergeShards { shard, adjacent } => self.merge_shards(shard, adjacent, cx),
            Request::UpdateShardCount { target_shard_count } => {
                self.update_shard_count(target_shard_count, cx)
            }
            Request::RegisterStreamConsumer { consumer_name } => {
                self.register_stream_consumer(consumer_name, cx)
            }
            Request::DeregisterStreamConsumer { consumer } => self.deregister_stream_consumer(consumer, cx),
            Request::SubscribeToShard { consumer, reader, shard, starting_position } => {
                self.subscribe_to_shard((consumer, reader), (shard, starting_position), link, cx)
            }
            Request::ReceiveEvent { consumer, reader, processed, until } => {
                return self.receive_event(id, (consumer, reader), processed, until, cx);
            }
            Request::UpdateStreamMode { stream_mode } => self.update_stream_mode(stream_mode, cx),
            Request::RenewLeases { worker } => {
                self.renew_leases(worker, link, cx.now());
                Ok(Response::Renewed)
            }
            Request::ListLeases { worker, workers, first } => {
                Ok(self.list_leases(worker, workers, first, link, cx))
            }
        };
        cx.reply(id, result.map(Into::into).map_err(Into::into));
    }

    fn on_timer(&mut self, timer: StreamTimer, cx: &mut Context<'_>) {
        match timer {
            StreamTimer::ReshardStep => self.reshard_step(cx),
            StreamTimer::PushEvents => self.events_due(cx),
            StreamTimer::OnDemandMinute => self.on_demand_minute(cx),
        }
    }

    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        let held: u64 = self.shards.iter().map(|shard| shard.log.end()).sum();
        assert!(held == self.stored, "a stored record is in no shard");
        put(MetricName::OpenShardCount, self.map.open().len() as u64);
        if let Some(age) = self.iterator_age(view.now()) {
            put(MetricName::GetRecordsIteratorAgeMilliseconds, age);
        }
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
