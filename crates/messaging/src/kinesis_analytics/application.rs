//! An application at work: what it has read, how fast it is, and what it remembers (KDA-7 to KDA-10).

use kernel::{EventKey, SecondCounter, SimDuration, SimTime};

use super::output::Outputs;
use super::properties::{ApplicationProperties, Time};
use super::reader::Shard;
use super::windows::{Record, Windows};
use crate::behavior::Behavior;
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::{LinkRule, PaletteGroup, ResourceDescriptor};
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::intervention::ComponentAction;
use crate::kinesis::ShardId;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{LinkKind, ResourceKind, Timer as AnyTimer};
use crate::sns::filter_policy::{FilterPolicy, FilterPolicyScope};

/// What an application is woken for.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "link and shard say it all")]
pub enum ApplicationTimer {
    /// It looks for new shards.
    Shards(LinkId),
    /// It reads a shard.
    Shard { link: LinkId, shard: ShardId },
    /// The clock passes the end of a window, or a shard has been quiet for long enough.
    Watermark,
    /// It takes a checkpoint.
    Checkpoint,
    /// It looks at the use of its processors.
    Minute,
    /// It is back after it was scaled.
    Scaled,
    /// Results are sent again.
    Retry(u32),
}

impl From<ApplicationTimer> for AnyTimer {
    fn from(timer: ApplicationTimer) -> Self {
        Self::Application(timer)
    }
}

/// Kinesis Processing Units of an application at most (KDA-8).
pub(super) const MOST_KPUS: u32 = 32;
/// How long an application is down while it is scaled (KDA-9). Ours.
const SCALING_DOWNTIME: SimDuration = SimDuration::from_secs(30);
const MINUTE: SimDuration = SimDuration::from_secs(60);

/// What a payload means to the program: worked out once for each.
#[derive(Clone, Copy, Debug)]
struct Known {
    passes: bool,
    key: Option<KeyId>,
    value: f64,
    event_time: Option<SimTime>,
}

/// What a checkpoint holds (KDA-10).
#[derive(Clone, Debug)]
struct Checkpoint {
    windows: Windows,
    shards: Vec<Shard>,
}

/// A stream analytics application.
#[derive(Clone, Debug)]
pub struct Application {
    pub(super) properties: ApplicationProperties,
    filter: Option<FilterPolicy>,
    known: Vec<Option<Known>>,
    pub(super) windows: Windows,
    pub(super) shards: Vec<Shard>,
    pub(super) sources: Vec<LinkId>,
    pub(super) outputs: Outputs,
    checkpoint: Option<Box<Checkpoint>>,
    pub(super) running: bool,
    /// How many times as long its work takes.
    slowness: f64,
    /// Counts the crashes: answers from before mean nothing.
    pub(super) generation: u32,
    pub(super) scaling: bool,
    /// Set by autoscaling; never below what the document says.
    pub(super) parallelism: u32,
    /// Until when the processors are at work on what was read.
    busy_until: SimTime,
    busy: SimDuration,
    pub(super) cpu_percent: u64,
    minutes_high: u32,
    minutes_low: u32,
    wakes_at: Option<EventKey>,
    pub(super) behind_millis: u64,
    pub(super) read: SecondCounter,
    pub(super) late: u64,
}

fn windows(properties: &ApplicationProperties) -> Windows {
    let lateness = SimDuration::from_secs_f64(properties.allowed_lateness_seconds);
    Windows::new(properties.window, properties.aggregate, lateness)
}

fn filter(properties: &ApplicationProperties) -> Option<FilterPolicy> {
    let text = properties.filter.as_ref()?.to_string();
    FilterPolicy::parse(&text, FilterPolicyScope::MessageBody).ok()
}

impl Application {
    /// Kinesis Processing Units in use (KDA-8).
    pub(super) fn kpus(&self) -> u32 {
        self.parallelism.div_ceil(self.properties.parallelism_per_kpu.max(1)).min(MOST_KPUS)
    }

    /// Records a second that it can take.
    pub(super) fn capacity(&self) -> u64 {
        let usual = u64::from(self.kpus()) * u64::from(self.properties.records_per_second_per_kpu.max(1));
        ((usual as f64 / self.slowness) as u64).max(1)
    }

    pub(super) fn is_up(&self) -> bool {
        self.running && !self.scaling
    }

    /// When it can take what it reads next.
    pub(super) fn free_at(&self) -> SimTime {
        self.busy_until
    }

    fn known(&mut self, entry: &Entry, cx: &mut Context<'_>) -> Known {
        let place = entry.message.payload.index();
        if place >= self.known.len() {
            self.known.resize(place + 1, None);
        }
        if let Some(known) = self.known[place] {
            return known;
        }
        let payload = cx.catalogue().payload(entry.message.payload);
        let body: serde_json::Value = serde_json::from_str(&payload.body).unwrap_or_default();
        let passes = self
            .filter
            .as_ref()
            .is_none_or(|filter| filter.decide(&payload.attributes, &payload.body).is_match());
        let number = |name: &str| body.get(name).and_then(serde_json::Value::as_f64);
        let value = number(&self.properties.value_field).unwrap_or(0.0);
        let event_time = number(&self.properties.event_time_field)
            .map(|seconds| SimTime::ZERO + SimDuration::from_secs_f64(seconds));
        let key = match self.properties.key_field.as_str() {
            "" | "PartitionKey" => None,
            name => Some(match body.get(name) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => "null".into(),
            }),
        };
        let key = key.map(|text| cx.catalogue_mut().add_key(&text));
        let known = Known { passes, key, value, event_time };
        self.known[place] = Some(known);
        known
    }

    /// Records of a shard came (KDA-1).
    pub(super) fn take(&mut self, shard: usize, entries: &[Entry], cx: &mut Context<'_>) {
        let now = cx.now();
        if entries.is_empty() {
            return self.raise_watermark(cx);
        }
        let count = entries.len() as u64;
        let work = SimDuration::from_micros(count * 1_000_000 / self.capacity());
        self.busy_until = self.busy_until.max(now) + work;
        self.busy = self.busy + work;
        self.read.add(now, count);
        cx.count(MetricName::NumRecordsIn, count);
        let by_key = self.properties.key_field == "PartitionKey";
        let mut records = Vec::with_capacity(entries.len());
        let mut latest = SimTime::ZERO;
        for entry in entries {
            let known = self.known(entry, cx);
            let at = match self.properties.time {
                Time::ProcessingTime => now,
                // The stream has put the time of arrival in the place of that of making.
                Time::IngestTime => entry.message.published_at,
                Time::EventTime => known.event_time.unwrap_or(entry.message.published_at),
            };
            latest = latest.max(at);
            if known.passes {
                let key = if by_key { entry.message.key } else { known.key.unwrap_or(KeyId::NONE) };
                records.push(Record { key, at, value: known.value });
            }
        }
        let (given, late) = self.windows.add(&records);
        self.late += late;
        cx.count(MetricName::NumLateRecordsDropped, late);
        self.emit(given, cx);
        let shard = &mut self.shards[shard];
        shard.latest = shard.latest.max(latest);
        shard.read_at = now;
        self.raise_watermark(cx);
    }

    /// The lowest of what the shards have brought, less what may be out of order; a quiet shard holds it back unless
    /// it is idle (KDA-7).
    pub(super) fn raise_watermark(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        let behind = SimDuration::from_secs_f64(self.properties.out_of_orderness_seconds);
        let idleness = SimDuration::from_secs_f64(self.properties.idleness_seconds);
        let is_idle =
            |shard: &&Shard| shard.ended || (!idleness.is_zero() && now.since(shard.read_at) >= idleness);
        let watermark = if self.properties.time == Time::ProcessingTime {
            Some(now)
        } else {
            let active = self.shards.iter().filter(|shard| !is_idle(shard)).map(|shard| shard.latest).min();
            active.or_else(|| self.shards.iter().map(|shard| shard.latest).max())
        };
        let watermark = watermark.map_or(0, |at| at.as_micros().saturating_sub(behind.as_micros()));
        let given = self.windows.advance(SimTime::from_micros(watermark));
        self.emit(given, cx);
        self.wake_for_watermark(idleness, cx);
    }

    fn wake_for_watermark(&mut self, idleness: SimDuration, cx: &mut Context<'_>) {
        let now = cx.now();
        let idle_at = self.shards.iter().filter(|shard| !shard.ended).map(|shard| shard.read_at + idleness);
        let next = match self.properties.time {
            Time::ProcessingTime => self.windows.next_end(),
            _ if idleness.is_zero() || self.windows.next_end().is_none() => None,
            _ => idle_at.filter(|at| *at > now).min(),
        };
        if self.wakes_at.map(|key| key.at()) != next {
            if let Some(key) = self.wakes_at.take() {
                cx.cancel(key);
            }
            self.wakes_at = next.map(|at| cx.schedule_at(at, ApplicationTimer::Watermark));
        }
    }

    fn take_checkpoint(&mut self, cx: &mut Context<'_>) {
        if self.is_up() {
            let (windows, shards) = (self.windows.clone(), self.shards.clone());
            self.checkpoint = Some(Box::new(Checkpoint { windows, shards }));
        }
        self.schedule_checkpoint(cx);
    }

    fn schedule_checkpoint(&self, cx: &mut Context<'_>) {
        let interval = self.properties.checkpoint_interval;
        if interval > 0 {
            cx.schedule_in(SimDuration::from_millis(interval.into()), ApplicationTimer::Checkpoint);
        }
    }

    /// From its checkpoint on it reads again (KDA-10); without one, from the beginning.
    fn restore(&mut self) {
        match &self.checkpoint {
            Some(checkpoint) => {
                self.windows = checkpoint.windows.clone();
                self.shards = checkpoint.shards.clone();
            }
            None => {
                self.windows = windows(&self.properties);
                self.shards.clear();
            }
        }
        // Iterators of before may have expired.
        for shard in &mut self.shards {
            shard.iterator = None;
        }
    }

    /// Once a minute: 15 minutes at 75 % double it, 6 hours below 10 % halve it (KDA-9).
    fn minute(&mut self, cx: &mut Context<'_>) {
        cx.schedule_in(MINUTE, ApplicationTimer::Minute);
        let busy = std::mem::replace(&mut self.busy, SimDuration::ZERO);
        self.cpu_percent = (busy.as_micros() * 100 / MINUTE.as_micros()).min(100);
        self.minutes_high = if self.cpu_percent >= 75 { self.minutes_high + 1 } else { 0 };
        self.minutes_low = if self.cpu_percent < 10 { self.minutes_low + 1 } else { 0 };
        if !self.properties.auto_scaling_enabled || !self.is_up() {
            return;
        }
        let least = self.properties.parallelism.max(1);
        let most = MOST_KPUS * self.properties.parallelism_per_kpu.max(1);
        let wanted = match () {
            () if self.minutes_high >= 15 => (2 * self.parallelism).min(most),
            () if self.minutes_low >= 360 => (self.parallelism / 2).max(least),
            () => self.parallelism,
        };
        if wanted == self.parallelism {
            return;
        }
        (self.parallelism, self.scaling) = (wanted, true);
        (self.minutes_high, self.minutes_low) = (0, 0);
        cx.count(MetricName::FullRestarts, 1);
        cx.schedule_in(SCALING_DOWNTIME, ApplicationTimer::Scaled);
    }
}

impl Behavior for Application {
    type Properties = ApplicationProperties;
    type Timer = ApplicationTimer;
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::KinesisAnalyticsV2::Application",
        title: "Stream analytics",
        description: "Managed Service for Apache Flink: counts and adds up records in windows of time.",
        group: PaletteGroup::Process,
        icon: "flink",
        id_prefix: "analytics",
        fields: super::properties::FIELDS,
        links: &[
            LinkRule { link_type: "Playground::Send", to: "AWS::Kinesis::Stream" },
            LinkRule { link_type: "Playground::Send", to: "AWS::Lambda::Function" },
            LinkRule { link_type: "Playground::Send", to: "AWS::KinesisFirehose::DeliveryStream" },
        ],
        presets: &[],
        metrics: &[
            MetricName::NumRecordsIn,
            MetricName::NumRecordsOut,
            MetricName::NumLateRecordsDropped,
            MetricName::MillisBehindLatest,
            MetricName::Kpus,
            MetricName::CpuUtilization,
            MetricName::FullRestarts,
            MetricName::MessagesAccepted,
            MetricName::ReceiveCalls,
        ],
        actions: &["Start", "Stop", "Crash", "Slow"],
    };

    fn create(properties: &ApplicationProperties, cx: &mut Context<'_>) -> Self {
        let application = Self {
            properties: properties.clone(),
            filter: filter(properties),
            known: Vec::new(),
            windows: windows(properties),
            shards: Vec::new(),
            sources: Vec::new(),
            outputs: Outputs::default(),
            checkpoint: None,
            running: true,
            slowness: 1.0,
            generation: 0,
            scaling: false,
            parallelism: properties.parallelism.max(1),
            busy_until: SimTime::ZERO,
            busy: SimDuration::ZERO,
            cpu_percent: 0,
            minutes_high: 0,
            minutes_low: 0,
            wakes_at: None,
            behind_millis: 0,
            read: SecondCounter::default(),
            late: 0,
        };
        application.schedule_checkpoint(cx);
        cx.schedule_in(MINUTE, ApplicationTimer::Minute);
        application
    }

    /// A changed program begins with no windows open, where it had read to.
    fn update(&mut self, properties: &ApplicationProperties, cx: &mut Context<'_>) {
        let old = std::mem::replace(&mut self.properties, properties.clone());
        self.filter = filter(properties);
        self.known.clear();
        if old.parallelism != properties.parallelism {
            self.parallelism = properties.parallelism.max(1);
        }
        if old.window != properties.window
            || old.aggregate != properties.aggregate
            || old.time != properties.time
        {
            self.windows = windows(properties);
        }
        if old.checkpoint_interval == 0 {
            self.schedule_checkpoint(cx);
        }
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let id = cx.id();
        let kind = |link: &&crate::link::Link, kind| link.properties.kind() == kind;
        let sources: Vec<_> =
            cx.links().arriving(id).filter(|link| kind(link, LinkKind::Poll)).map(|link| link.id).collect();
        let targets = cx.links().leaving(id).filter(|link| kind(link, LinkKind::Send));
        let targets: Vec<(LinkId, ResourceKind)> =
            targets.filter_map(|link| Some((link.id, cx.kind(link.to)?))).collect();
        self.outputs.set_targets(targets);
        self.shards.retain(|shard| sources.contains(&shard.link));
        let new: Vec<_> = sources.iter().copied().filter(|link| !self.sources.contains(link)).collect();
        self.sources = sources;
        for link in new {
            self.list_shards(link, cx);
        }
    }

    fn on_request(&mut self, _call: CallId, _cx: &mut Context<'_>) {}

    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        if self.sources.contains(&cx.call(call).link) {
            self.stream_answered(call, cx);
        } else {
            self.outputs.refused(call, cx);
        }
    }

    fn on_timer(&mut self, timer: ApplicationTimer, cx: &mut Context<'_>) {
        match timer {
            ApplicationTimer::Shards(link) => self.list_shards(link, cx),
            ApplicationTimer::Shard { link, shard } => self.read_shard(link, shard, cx),
            ApplicationTimer::Watermark => {
                self.wakes_at = None;
                self.raise_watermark(cx);
            }
            ApplicationTimer::Checkpoint => self.take_checkpoint(cx),
            ApplicationTimer::Minute => self.minute(cx),
            ApplicationTimer::Scaled => self.scaling = false,
            ApplicationTimer::Retry(slot) => self.outputs.retry(slot, cx),
        }
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start if !self.running => {
                self.running = true;
                cx.count(MetricName::FullRestarts, 1);
            }
            ComponentAction::Start => {}
            ComponentAction::Stop => self.running = false,
            ComponentAction::Crash => {
                self.running = false;
                self.generation += 1;
                self.restore();
            }
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            _ => return Err(format!("An application cannot {}.", action.name())),
        }
        Ok(())
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::MillisBehindLatest, self.behind_millis);
        put(MetricName::Kpus, if self.running { self.kpus().into() } else { 0 });
        put(MetricName::CpuUtilization, self.cpu_percent);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
