//! What the page asks and what the engine answers.
//!
//! Everything crosses threads: each type can be written with any serde format, and documents travel as JSON text.

use std::fmt;
use std::sync::Arc;

use kernel::SimTime;
use messaging::trace::TraceSettings;
use messaging::{ComponentId, Intervention, InterventionError, LinkId, LogicalId, MetricName, TraceId};
use scenario::{Diagnostics, Scenario};
use serde::{Deserialize, Serialize};

use crate::frame::Frame;
use crate::inspection::Inspection;
use crate::journey::Journeys;
use crate::log::{LogEntry, LogKind};

/// The version of this protocol. Page and worker must agree.
pub const PROTOCOL: u16 = 2;

/// A body with a number, so that an answer finds its question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// Counts the requests of one page; the answer bears the number of its question.
    pub id: u32,
    /// What is asked or answered.
    pub body: T,
}

/// What a worker says first, once it listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// Which build of the site it is; a page of another build runs the engine inline.
    pub build: String,
}

/// Counts the documents a page has given to its engine. Answers to an old one can be told by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u32);

/// One of the runs of a page that part from each other. The first is number 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BranchId(pub u32);

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EngineRequest {
    /// Start again at time zero with this document and its seed. Answer: `Loaded`.
    Load {
        /// The number of this document.
        revision: Revision,
        /// The document.
        #[serde(with = "crate::wire::document")]
        scenario: Arc<Scenario>,
    },
    /// Take a changed document at the instant reached; what stays the same keeps its state. Answer: `Loaded`.
    Edit {
        /// The number of this document.
        revision: Revision,
        /// The document.
        #[serde(with = "crate::wire::document")]
        scenario: Arc<Scenario>,
    },
    /// Run to a time, or until `budget` events have run. Answer: `Frame`.
    Advance {
        /// How far.
        to: SimTime,
        /// The most events to run now.
        budget: u64,
        /// The answer shall have [`Frame::status`].
        with_status: bool,
    },
    /// Go to a time, past or future: from the nearest checkpoint before it. Answer: `Frame`, always with status. A
    /// long way ends early, with [`Frame::budget_spent`]: ask again.
    Seek {
        /// Where to.
        to: SimTime,
    },
    /// Run until something can be seen: a message moved or a call was refused. Answer: `Frame`, with status.
    Step {
        /// Only what concerns this resource.
        of: Option<LogicalId>,
    },
    /// Do something to the running world now. Answer: `Frame`, with status.
    Intervene {
        /// What to do.
        intervention: Intervention,
    },
    /// Change how much is traced. Answer: `Done`.
    SetTrace(TraceSettings),
    /// From now on send the samples of these metrics; what is already recorded comes with the next frame.
    /// Answer: `Done`.
    Watch(Vec<WatchedMetric>),
    /// The run is kept as it is, and a copy of it goes on under this number from the instant reached, where all that
    /// came after is forgotten. Answer: `Done`.
    Branch {
        /// The number of the copy.
        id: BranchId,
    },
    /// Go on with another run that was kept, at a time. Answer: `Frame`, always with status.
    SwitchTo {
        /// Which.
        id: BranchId,
        /// Where to.
        to: SimTime,
    },
    /// A run that was kept is not wanted any more. Answer: `Done`.
    Forget {
        /// Which.
        id: BranchId,
    },
    /// From now on send what another run recorded of the watched metrics beside. Answer: `Done`.
    Compare {
        /// Which; none any more if nothing.
        with: Option<BranchId>,
    },
    /// Follow a message and those published around it, or the last ones, to a time. Answer: `Journeys`.
    Journeys {
        /// Which message; the last ones published if none.
        of: Option<TraceId>,
        /// How far to follow them.
        until: SimTime,
    },
    /// The next event of these kinds that is about a message, or the last one before. Answer: `Found`.
    FindEvent {
        /// Which kinds.
        kinds: Vec<LogKind>,
        /// From when.
        from: SimTime,
        /// Later than that, else before.
        forward: bool,
    },
    /// Everything about one resource. Answer: `Inspection`.
    Inspect {
        /// Which resource.
        resource: LogicalId,
    },
}

/// Watches a metric of all resources, added up.
pub const EVERYTHING: &str = "*";
/// Before the title of a group whose resources are watched, added up.
pub const GROUP_PREFIX: &str = "* ";

/// The name under which a group is watched.
#[must_use]
pub fn group_name(title: &str) -> String {
    format!("{GROUP_PREFIX}{title}")
}

/// One metric of one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WatchedMetric {
    /// Which resource; or [`EVERYTHING`], or a [`group_name`].
    pub of: LogicalId,
    /// Which metric.
    pub metric: MetricName,
}

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EngineReply {
    /// The document runs, or it has errors and the one before goes on running.
    Loaded {
        /// The number of the document.
        revision: Revision,
        /// What compiling found. With an error among them, the document was not taken.
        diagnostics: Diagnostics,
        /// The state at the instant reached, if anything runs at all.
        frame: Option<Box<Frame>>,
    },
    /// The run moved.
    Frame(Box<Frame>),
    /// All about one resource.
    Inspection(Box<Inspection>),
    /// Where messages went.
    Journeys(Box<Journeys>),
    /// What was looked for, if there is one.
    Found(Option<LogEntry>),
    /// It is done, and there is nothing to show.
    Done,
    /// It could not be done; nothing changed.
    Rejected(EngineError),
}

/// Why a request could not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EngineError {
    /// No document has been loaded.
    NothingLoaded,
    /// No such resource now.
    NoSuchResource(LogicalId),
    /// The intervention did nothing.
    Intervention(InterventionError),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingLoaded => f.write_str("There is nothing to run yet."),
            Self::NoSuchResource(id) => write!(f, "There is no resource {id}."),
            Self::Intervention(error) => error.fmt(f),
        }
    }
}
impl std::error::Error for EngineError {}

/// Which names the numbers of a world stand for. Places of what was removed stay, empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The resource of each [`ComponentId`].
    pub resources: Vec<Option<LogicalId>>,
    /// The ends of each [`LinkId`].
    pub links: Vec<Option<(LogicalId, LogicalId)>>,
}

impl Roster {
    /// The resource of an id.
    pub fn resource(&self, id: ComponentId) -> Option<&LogicalId> {
        self.resources.get(id.index())?.as_ref()
    }

    /// The two ends of a link.
    pub fn link(&self, id: LinkId) -> Option<&(LogicalId, LogicalId)> {
        self.links.get(id.index())?.as_ref()
    }

    /// The id of a resource.
    pub fn component_of(&self, resource: &LogicalId) -> Option<ComponentId> {
        let place = self.resources.iter().position(|other| other.as_ref() == Some(resource))?;
        Some(ComponentId(place as u32))
    }

    /// The id of the link between two resources.
    pub fn link_between(&self, from: &LogicalId, to: &LogicalId) -> Option<LinkId> {
        let matches =
            |ends: &Option<(LogicalId, LogicalId)>| ends.as_ref().is_some_and(|(a, b)| a == from && b == to);
        Some(LinkId(self.links.iter().position(matches)? as u32))
    }
}
