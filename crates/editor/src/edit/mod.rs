//! The only things that change a document.

mod apply;
mod merge;
mod names;
mod remedy;
mod rename;
mod timeline;

use std::fmt;

use kernel::Seed;
use messaging::quota::QuotaProfile;
use messaging::{LogicalId, ResourceKind};
use scenario::{Group, JsonPointer, Note, Refusal, Scenario, TimelineEntry};
use serde_json::Value as Json;

pub use apply::apply;
pub(crate) use merge::{fragment, with_fresh_names};
pub use names::{fresh_id, name_fault, valid_name};
pub(crate) use names::{preset_properties, title_and_icon};
pub(crate) use remedy::of_remedy;
pub use timeline::{rescheduled, scheduled, unscheduled};

use crate::geometry::Point;
use crate::selection::LinkEnds;

/// A change of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new resource.
    AddResource {
        /// Its name.
        id: LogicalId,
        /// Its kind.
        kind: ResourceKind,
        /// Which of the kind's presets; the plain one if none.
        preset: Option<usize>,
        /// Its top left corner.
        at: Point,
    },
    /// The resources, links, groups and notes of another document come in; its names must be free.
    Merge(Box<Scenario>),
    /// Resources go, with their links and what the timeline and the expectations say of them.
    Remove(Vec<LogicalId>),
    /// A resource gets another name, everywhere.
    Rename {
        /// The name it has.
        from: LogicalId,
        /// The name it gets.
        to: LogicalId,
    },
    /// Nodes move.
    Move(Vec<(LogicalId, Point)>),
    /// A link of the usual type, with its usual properties.
    Connect(LinkEnds),
    /// A link goes.
    Disconnect(LinkEnds),
    /// A property of a resource or a link, or a quota of the account, gets a value, or its default again.
    SetProperty {
        /// Where in the document, such as `/Resources/orders/Properties/VisibilityTimeout`,
        /// `/Links/2/Properties/FilterPolicy` or `/Settings/Quotas/ShardLimit`.
        pointer: JsonPointer,
        /// The value; nothing for the default.
        value: Option<Json>,
    },
    /// Other groups. What is named twice, or is not there, is left out, and so is a group of nobody.
    SetGroups(Vec<Group>),
    /// Other notes.
    SetNotes(Vec<Note>),
    /// Another timeline.
    SetTimeline(Vec<TimelineEntry>),
    /// Another seed.
    SetSeed(Seed),
    /// Another title.
    SetTitle(String),
    /// Another set of quotas.
    SetQuotaProfile(QuotaProfile),
    /// A whole other document, as when its JSON was edited by hand.
    Replace(Box<Scenario>),
}

/// Why a document cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// No such resource.
    NoSuchResource(LogicalId),
    /// No such link.
    NoSuchLink(LinkEnds),
    /// The name is taken.
    NameTaken(LogicalId),
    /// AWS would refuse the name, or the playground cannot hold it.
    BadName(String),
    /// The two are linked already.
    AlreadyLinked(LinkEnds),
    /// The two cannot be linked.
    Refused(Refusal),
    /// There is no property there.
    NoSuchProperty(JsonPointer),
    /// The value does not fit.
    BadValue {
        /// Which property.
        pointer: JsonPointer,
        /// Why, as a sentence.
        reason: String,
    },
    /// The document is as large as one may be.
    TooLarge,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchResource(id) => write!(f, "There is no resource {id}."),
            Self::NoSuchLink(ends) => write!(f, "There is no link from {} to {}.", ends.from, ends.to),
            Self::NameTaken(id) => write!(f, "There is a resource {id} already."),
            Self::BadName(reason) => f.write_str(reason),
            Self::AlreadyLinked(ends) => write!(f, "{} is linked to {} already.", ends.from, ends.to),
            Self::Refused(refusal) => f.write_str(&refusal.reason),
            Self::NoSuchProperty(pointer) => write!(f, "There is no property at {pointer}."),
            Self::BadValue { reason, .. } => f.write_str(reason),
            Self::TooLarge => f.write_str("The diagram is as large as one may be."),
        }
    }
}
impl std::error::Error for EditError {}
