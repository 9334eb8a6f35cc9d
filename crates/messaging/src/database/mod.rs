//! A database with limited writes: what a queue is put in front of (CMP-39 to CMP-43).
//!
//! Rows are counted, not kept; reads are outside the model.

mod connections;
mod rows;

use std::fmt;

use kernel::{SecondCounter, SimDuration};
use serde::{Deserialize, Serialize};

use crate::behavior::Behavior;
use crate::call::{Entry, Latency};
use crate::context::{Context, View};
use crate::descriptor::{FieldKind, PaletteGroup, ResourceDescriptor, field, integer, number};
use crate::identifiers::CallId;
use crate::intervention::{AvailabilityZone, ComponentAction};
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Tone, Unit};
use crate::registry::{ApiError, ServiceRequest};
use crate::service_error::ServiceError;

use connections::Connections;
pub use connections::DatabaseTimer;
use rows::Rows;

/// What the document says of a database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct DatabaseProperties {
    /// Writes it takes in any whole second (CMP-39).
    pub max_writes_per_second: u32,
    /// Connections: writes at the same time; as many as come if not given (CMP-39).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<u32>,
    /// Milliseconds a write holds its connection (CMP-39).
    #[serde(skip_serializing_if = "is_default")]
    pub write_milliseconds: f64,
    /// Writes that may wait for a connection (CMP-39).
    #[serde(skip_serializing_if = "is_default")]
    pub wait_queue: u32,
    /// The zone it runs in; it is down during an outage of the zone (CMP-4). In no zone if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<AvailabilityZone>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Default for DatabaseProperties {
    fn default() -> Self {
        Self {
            max_writes_per_second: DEFAULT_WRITES_PER_SECOND,
            max_connections: None,
            write_milliseconds: 0.0,
            wait_queue: 0,
            availability_zone: None,
        }
    }
}

/// Capacity of a fresh database: that of CMP-41. Ours.
const DEFAULT_WRITES_PER_SECOND: u32 = 100;
/// How long a write takes, there and back (CMP-39). Ours.
const WRITE_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(2), response: SimDuration::from_millis(2) };
/// How long a COPY takes, there and back (FH-41). Ours: it depends on the cluster.
const COPY_LATENCY: Latency =
    Latency { request: SimDuration::from_secs(2), response: SimDuration::from_millis(2) };
/// A gauge is near its limit from this share of it on (UI: near quota).
const NEAR: f64 = 0.8;

/// A request to a database.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// Write one row for each message.
    Write,
    /// Redshift's `COPY` of an object that a delivery stream has put into a bucket (FH-41).
    Copy {
        /// How many rows.
        records: u32,
    },
}

/// A database's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The rows are written.
    Written,
}

/// A database's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// The capacity of this second is used up, or no connection is free (CMP-39).
    TooManyConnections,
    /// The database was stopped: a fault put in by a person or the scenario.
    Unavailable,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooManyConnections => "Too many connections: the database takes no more writes now.",
            Self::Unavailable => "The database is down.",
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::TooManyConnections => "TooManyConnections",
            Self::Unavailable => "DatabaseUnavailable",
        }
    }
    fn http_status(&self) -> u16 {
        if *self == Self::Unavailable { 503 } else { 400 }
    }
    fn is_throttling(&self) -> bool {
        *self == Self::TooManyConnections
    }
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::Write => "Write",
            Self::Copy { .. } => "COPY",
        }
    }
    fn latency(&self) -> Latency {
        match self {
            Self::Write => WRITE_LATENCY,
            Self::Copy { .. } => COPY_LATENCY,
        }
    }
}

/// A database with limited writes.
#[derive(Clone, Debug)]
pub struct Database {
    properties: DatabaseProperties,
    tried: SecondCounter,
    written: SecondCounter,
    refused: SecondCounter,
    connections: Connections,
    rows: Rows,
    /// Rows that came by `COPY`.
    copied: u64,
    running: bool,
    /// How many times as long a write takes.
    slowness: f64,
}

impl Behavior for Database {
    type Properties = DatabaseProperties;
    const THROTTLING: Option<ApiError> = Some(ApiError::Database(Error::TooManyConnections));
    type Timer = DatabaseTimer;
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "Playground::Database",
        title: "Database",
        description: "Takes so many writes a second and refuses the rest.",
        group: PaletteGroup::Store,
        icon: "database",
        id_prefix: "database",
        fields: &[
            field(
                "MaxWritesPerSecond",
                integer(1, 1_000_000, "/s"),
                "Writes it takes in any whole second.",
                "CMP-39",
            ),
            field(
                "MaxConnections",
                integer(1, 100_000, "connections"),
                "Writes at the same time; as many as come if not given.",
                "CMP-39",
            ),
            field(
                "WriteMilliseconds",
                number(0.0, 3_600_000.0, "ms"),
                "How long a write holds its connection.",
                "CMP-39",
            ),
            field(
                "WaitQueue",
                integer(0, 1_000_000, "writes"),
                "Writes that may wait for a connection.",
                "CMP-39",
            ),
            field(
                "AvailabilityZone",
                FieldKind::Choice(AvailabilityZone::NAMES),
                "Where it runs; it is down during an outage of the zone.",
                "CMP-4",
            ),
        ],
        links: &[],
        presets: &[],
        metrics: &[
            MetricName::WritesAccepted,
            MetricName::WritesRefused,
            MetricName::DuplicateWrites,
            MetricName::RecordsStored,
        ],
        actions: &["Start", "Stop", "Slow"],
    };
    const MAX_ENTRIES_PER_SEND: usize = 1;

    fn create(properties: &DatabaseProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            tried: SecondCounter::default(),
            written: SecondCounter::default(),
            refused: SecondCounter::default(),
            connections: Connections::default(),
            rows: Rows::default(),
            copied: 0,
            running: true,
            slowness: 1.0,
        }
    }

    fn update(&mut self, properties: &DatabaseProperties, _cx: &mut Context<'_>) {
        self.properties = properties.clone();
    }

    fn send_request(_entries: &[Entry]) -> Option<crate::registry::Request> {
        Some(Request::Write.into())
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        let now = cx.now();
        if !self.running {
            cx.count(MetricName::WritesRefused, 1);
            return cx.reply(call, Err(Error::Unavailable.into()));
        }
        // COPY brings its rows in bulk: the writes per second do not count.
        if let crate::registry::Request::Database(Request::Copy { records }) = cx.call(call).request {
            cx.count(MetricName::RecordsStored, records.into());
            self.copied += u64::from(records);
            return cx.reply(call, Ok(Response::Written.into()));
        }
        let amount = cx.call(call).entries.len() as u64;
        self.tried.add(now, amount);
        self.write(call, amount, cx);
    }

    fn on_timer(&mut self, timer: DatabaseTimer, cx: &mut Context<'_>) {
        self.finish(timer, cx);
    }

    fn on_action(&mut self, action: ComponentAction, _cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start => self.running = true,
            ComponentAction::Stop => self.running = false,
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            ComponentAction::ZoneOutage(zone) if self.properties.availability_zone == Some(zone) => {
                self.running = false;
            }
            ComponentAction::ZoneRecovery(zone) if self.properties.availability_zone == Some(zone) => {
                self.running = true;
            }
            _ => return Err(format!("A database cannot {}.", action.name())),
        }
        Ok(())
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        let now = view.now();
        let limit = f64::from(self.properties.max_writes_per_second);
        let tried = self.tried.last_second(now).max(self.tried.current(now));
        let refused = self.refused.last_second(now).max(self.refused.current(now));
        let refused = refused.max(tried.saturating_sub(u64::from(self.properties.max_writes_per_second)));
        let over = self.properties.max_connections;
        let over = over.map_or_else(String::new, |limit| format!(" over {limit} connections"));
        let rows = self.rows.len() + self.copied;
        let health = if !self.running {
            Health::Down
        } else if refused > 0 {
            Health::Throttled
        } else if tried as f64 >= NEAR * limit {
            Health::NearQuota
        } else {
            Health::Ok
        };
        let problem = (refused > 0).then(|| Problem {
            title: "Writes are over the capacity".into(),
            text: format!(
                "{} gets {tried} writes/s and takes {limit}/s{over}, so {refused}/s are refused.",
                view.name(view.id())
            ),
            error_code: Some(Error::TooManyConnections.code().into()),
            remedies: Vec::new(),
        });
        let connections = self.properties.max_connections.map(|limit| Instrument::Gauge {
            label: "connections".into(),
            value: self.connections.busy.into(),
            limit: limit.into(),
            unit: Unit::Count,
            quota: "MaxConnections".into(),
            metric: None,
        });
        let instruments = vec![
            Instrument::Gauge {
                label: "writes".into(),
                value: tried as f64,
                limit,
                unit: Unit::PerSecond,
                quota: "MaxWritesPerSecond".into(),
                metric: Some((MetricName::WritesAccepted, limit)),
            },
            Instrument::Figure {
                label: "rows".into(),
                value: rows as f64,
                unit: Unit::Count,
                tone: Tone::Plain,
            },
        ];
        NodeState {
            health,
            tag: if self.running { "Database" } else { "down" }.into(),
            instruments: instruments.into_iter().chain(connections).collect(),
            problem,
            summary: format!("Database, {tried} writes per second of {limit}, {rows} rows"),
        }
    }
}
