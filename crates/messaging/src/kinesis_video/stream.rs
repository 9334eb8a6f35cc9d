//! A video stream: fragments in their order, and the connections that read them.

use std::collections::VecDeque;

use kernel::{CallWindow, SecondCounter, SimDuration, SimTime};
use serde::{Deserialize, Serialize};

use super::{Error, Request, Response, StartSelector, quotas};
use crate::behavior::Behavior;
use crate::call::{Entries, Entry, Receipt};
use crate::context::{Context, View};
use crate::descriptor::{FieldKind, FieldSpec, LinkRule, PaletteGroup, ResourceDescriptor};
use crate::identifiers::{CallId, LinkId, MessageId};
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Tone, Unit};
use crate::poller::PollerKind;
use crate::registry::{ApiError, Request as AnyRequest};

/// What the document says of a video stream, in CloudFormation's names (KVS-2).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct VideoStreamProperties {
    /// Hours media are kept; with 0 only in the host's buffer (KVS-2).
    #[serde(skip_serializing_if = "is_zero")]
    pub data_retention_in_hours: u32,
}

fn is_zero(hours: &u32) -> bool {
    *hours == 0
}

/// Some seconds of media (KVS-1).
#[derive(Clone, Copy, Debug)]
struct Fragment {
    number: u64,
    /// The server's timestamp.
    at: SimTime,
    bytes: u64,
    message: Message,
}

/// A connection of `GetMedia` (KVS-3).
#[derive(Clone, Copy, Debug)]
struct Connection {
    number: u32,
    /// The next fragment.
    position: u64,
    /// When everything sent so far is paid for at the connection's rate.
    paid_until: SimTime,
    used_at: SimTime,
}

/// A reader or a producer that is silent for so long is gone. Ours.
const SILENCE: SimDuration = SimDuration::from_secs(10);
/// A fragment is listed so long after it was persisted (KVS-4).
const LISTED_AFTER: SimDuration = SimDuration::from_secs(1);

/// A video stream.
#[derive(Clone, Debug)]
pub struct VideoStream {
    properties: VideoStreamProperties,
    fragments: VecDeque<Fragment>,
    /// What the fragments kept take.
    bytes: u64,
    next_number: u64,
    /// Who sends, and when last (KVS-6).
    producer: Option<(LinkId, SimTime)>,
    connections: Vec<Connection>,
    next_connection: u32,
    calls: CallWindow,
    put_fragments: SecondCounter,
    put_bytes: SecondCounter,
}

impl VideoStream {
    /// Drops what is past its retention, or does not fit into the host's buffer (KVS-2).
    fn forget_old(&mut self, now: SimTime, (buffer, most_bytes): (SimDuration, u64)) {
        let hours = self.properties.data_retention_in_hours;
        let keep = if hours > 0 { SimDuration::from_secs(3_600) * hours.into() } else { buffer };
        while let Some(oldest) = self.fragments.front() {
            let too_much = hours == 0 && self.bytes > most_bytes;
            if now.since(oldest.at) < keep && !too_much {
                break;
            }
            self.bytes -= oldest.bytes;
            self.fragments.pop_front();
        }
    }

    fn look_at_clock(&mut self, cx: &mut Context<'_>) {
        let buffer = SimDuration::from_secs(cx.quota(&quotas::BUFFER_SECONDS));
        self.forget_old(cx.now(), (buffer, cx.quota(&quotas::BUFFER_BYTES)));
        // Only what a retention keeps is stored for money (COST-24).
        cx.bill_kept(if self.properties.data_retention_in_hours > 0 { self.bytes } else { 0 });
        self.connections.retain(|connection| cx.now().since(connection.used_at) <= SILENCE);
    }

    /// `PutMedia` (KVS-1).
    fn put_media(&mut self, id: CallId, cx: &mut Context<'_>) -> Result<Response, Error> {
        let (now, link) = (cx.now(), cx.call(id).link);
        if self.producer.is_some_and(|(other, at)| other != link && now.since(at) <= SILENCE) {
            return Err(Error::ConnectionLimitExceededException);
        }
        self.producer = Some((link, now));
        let [entry] = cx.call(id).entries.as_slice() else { return Err(Error::MaxFragmentSizeReached) };
        let mut message = entry.message;
        let bytes = u64::from(cx.catalogue().payload(message.payload).size_bytes);
        if bytes > cx.quota(&quotas::FRAGMENT_BYTES) {
            return Err(Error::MaxFragmentSizeReached);
        }
        let (most, most_bytes) =
            (cx.quota(&quotas::FRAGMENTS_PER_SECOND), cx.quota(&quotas::PUT_BYTES_PER_SECOND));
        // The pace is that of media: a fragment may be larger than what a second takes, if the one before it was not.
        let full = self.put_bytes.current(now) > 0 && self.put_bytes.current(now) + bytes > most_bytes;
        if full || !self.put_fragments.try_add(now, 1, most) {
            return Err(Error::ClientLimitExceededException);
        }
        self.put_bytes.add(now, bytes);
        self.next_number += 1;
        let number = self.next_number;
        message.id = MessageId(number);
        self.fragments.push_back(Fragment { number, at: now, bytes, message });
        self.bytes += bytes;
        self.look_at_clock(cx);
        cx.count(MetricName::PutMediaIncomingFragments, 1);
        cx.count(MetricName::PutMediaIncomingBytes, bytes);
        let persisted = self.properties.data_retention_in_hours > 0;
        Ok(Response::Acknowledged { fragment_number: number, persisted })
    }

    /// `GetMedia` (KVS-3).
    fn get_media(&mut self, start: StartSelector, cx: &mut Context<'_>) -> Result<Response, Error> {
        let now = cx.now();
        self.look_at_clock(cx);
        let calls = cx.quota(&quotas::GET_MEDIA_CALLS_PER_SECOND);
        let taken = self.calls.try_take(now, calls);
        taken.map_err(|_| Error::ClientLimitExceededException)?;
        if self.connections.len() as u64 >= cx.quota(&quotas::GET_MEDIA_CONNECTIONS) {
            return Err(Error::ClientLimitExceededException);
        }
        let first = self.fragments.front().map_or(self.next_number + 1, |fragment| fragment.number);
        let position = match start {
            StartSelector::Now => self.next_number + 1,
            StartSelector::Earliest => first,
            StartSelector::FragmentNumber(number) => number.max(first),
            StartSelector::ServerTimestamp(time) => {
                first + self.fragments.partition_point(|fragment| fragment.at < time) as u64
            }
        };
        self.next_connection += 1;
        let number = self.next_connection;
        self.connections.push(Connection { number, position, paid_until: now, used_at: now });
        Ok(Response::Connected { connection: number })
    }

    /// The next chunks of a connection, as many as its rate allows.
    fn read_chunks(&mut self, number: u32, cx: &mut Context<'_>) -> Result<(Response, Entries), Error> {
        let now = cx.now();
        self.look_at_clock(cx);
        let rate = cx.quota(&quotas::GET_MEDIA_BYTES_PER_SECOND);
        let found = self.connections.iter_mut().find(|connection| connection.number == number);
        let connection = found.ok_or(Error::ResourceNotFoundException)?;
        connection.used_at = now;
        let mut entries = Entries::new();
        let first = self.fragments.front().map_or(u64::MAX, |fragment| fragment.number);
        let skipped = connection.position.max(first) - first.min(connection.position.max(first));
        for fragment in self.fragments.iter().skip(skipped as usize) {
            if connection.paid_until > now {
                break;
            }
            let pays_for = SimDuration::from_micros(fragment.bytes * 1_000_000 / rate);
            connection.paid_until = connection.paid_until.max(now) + pays_for;
            connection.position = fragment.number + 1;
            let receipt = Receipt { slot: number, generation: fragment.number as u32 };
            entries.push(Entry { receipt, receive_count: 1, ..Entry::new(fragment.message) });
            cx.count(MetricName::GetMediaOutgoingFragments, 1);
            cx.count(MetricName::GetMediaOutgoingBytes, fragment.bytes);
        }
        Ok((Response::Chunks, entries))
    }

    /// `ListFragments` (KVS-4): what was persisted a moment ago is not listed yet.
    fn list_fragments(&mut self, cx: &mut Context<'_>) -> Result<(Response, Entries), Error> {
        self.look_at_clock(cx);
        if self.properties.data_retention_in_hours == 0 {
            return Err(Error::ResourceNotFoundException);
        }
        let listed = |fragment: &&Fragment| cx.now().since(fragment.at) >= LISTED_AFTER;
        let entries = self.fragments.iter().filter(listed).map(|fragment| Entry::new(fragment.message));
        Ok((Response::Fragments, entries.collect()))
    }
}

impl Behavior for VideoStream {
    type Properties = VideoStreamProperties;
    type Timer = ();
    const THROTTLING: Option<ApiError> = Some(ApiError::KinesisVideo(Error::ClientLimitExceededException));
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::KinesisVideo::Stream",
        title: "Kinesis video stream",
        description: "Takes the media of one camera, keeps them, and plays them to readers.",
        group: PaletteGroup::RouteAndHold,
        icon: "kinesis-video",
        id_prefix: "video",
        fields: &[FieldSpec {
            name: "DataRetentionInHours",
            kind: FieldKind::Integer { low: 0, high: quotas::MAX_RETENTION_HOURS.current as i64, unit: "h" },
            description: "How long media are kept; with 0 only the last five minutes.",
            rule: "KVS-2",
        }],
        links: &[LinkRule { link_type: "Playground::Poll", to: "Playground::Consumer" }],
        presets: &[],
        metrics: &[
            MetricName::PutMediaIncomingFragments,
            MetricName::PutMediaIncomingBytes,
            MetricName::GetMediaOutgoingFragments,
            MetricName::GetMediaOutgoingBytes,
            MetricName::FragmentsKept,
            MetricName::RefusedMessages,
        ],
        actions: &[],
    };

    fn create(properties: &VideoStreamProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            fragments: VecDeque::new(),
            bytes: 0,
            next_number: 0,
            producer: None,
            connections: Vec::new(),
            next_connection: 0,
            calls: CallWindow::default(),
            put_fragments: SecondCounter::default(),
            put_bytes: SecondCounter::default(),
        }
    }

    fn update(&mut self, properties: &VideoStreamProperties, _cx: &mut Context<'_>) {
        self.properties = properties.clone();
    }

    fn send_request(_entries: &[Entry]) -> Option<AnyRequest> {
        Some(Request::PutMedia.into())
    }

    fn poller() -> Option<PollerKind> {
        Some(PollerKind::MediaPoller)
    }

    fn on_request(&mut self, id: CallId, cx: &mut Context<'_>) {
        let AnyRequest::KinesisVideo(request) = cx.call(id).request else { return };
        let with_media = match request {
            Request::PutMedia => {
                let result = self.put_media(id, cx);
                cx.count(MetricName::RefusedMessages, u64::from(result.is_err()));
                return cx.reply(id, result.map(Into::into).map_err(Into::into));
            }
            Request::GetMedia { start_selector } => {
                let result = self.get_media(start_selector, cx);
                return cx.reply(id, result.map(Into::into).map_err(Into::into));
            }
            Request::ReadChunks { connection } => self.read_chunks(connection, cx),
            Request::ListFragments => self.list_fragments(cx),
        };
        match with_media {
            Ok((response, entries)) => cx.reply_with_messages(id, Ok(response.into()), entries),
            Err(error) => cx.reply(id, Err(error.into())),
        }
    }

    fn on_timer(&mut self, (): (), _cx: &mut Context<'_>) {}

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::FragmentsKept, self.fragments.len() as u64);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        let now = view.now();
        let oldest = self.fragments.front().map_or(SimDuration::ZERO, |fragment| now.since(fragment.at));
        let figure = |label: &'static str, value: f64, unit: Unit| Instrument::Figure {
            label: label.into(),
            value,
            unit,
            tone: Tone::Plain,
        };
        let hours = self.properties.data_retention_in_hours;
        NodeState {
            health: Health::Ok,
            tag: if hours > 0 { "Kept" } else { "Live" }.into(),
            instruments: vec![
                Instrument::Headline {
                    value: self.fragments.len() as f64,
                    unit: Unit::Count,
                    label: "fragments".into(),
                    tone: Tone::Plain,
                },
                figure("media", self.bytes as f64, Unit::Bytes),
                figure("oldest", oldest.as_secs_f64(), Unit::Seconds),
                figure("readers", self.connections.len() as f64, Unit::Count),
                figure("retention", f64::from(hours) * 3_600.0, Unit::Seconds),
            ],
            problem: None,
            summary: format!("Kinesis video stream, {} fragments kept", self.fragments.len()),
        }
    }
}
