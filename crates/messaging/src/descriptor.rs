//! What palette, inspector, validation and documentation are generated from.

use crate::metric::MetricName;

/// A kind of resource, described once.
#[derive(Clone, Copy, Debug)]
pub struct ResourceDescriptor {
    /// CloudFormation's type name, or the playground's own.
    pub resource_type: &'static str,
    /// What people call it, such as `SQS queue`.
    pub title: &'static str,
    /// One sentence on what it does.
    pub description: &'static str,
    /// Where the palette lists it.
    pub group: PaletteGroup,
    /// File name of its icon, without ending.
    pub icon: &'static str,
    /// Start of the logical id of a new one, such as `queue`.
    pub id_prefix: &'static str,
    /// Its properties.
    pub fields: &'static [FieldSpec],
    /// What it may be linked to. The first rule for a pair of types is their usual link, which documents and
    /// shared links leave out: rules are only ever added behind it.
    pub links: &'static [LinkRule],
    /// Variants the palette offers beside the plain one.
    pub presets: &'static [Preset],
    /// The metrics it may report, the one people look at first in front.
    pub metrics: &'static [MetricName],
    /// What a person or the timeline can do to it, such as `Purge`: the words of the document.
    pub actions: &'static [&'static str],
}

/// A variant of a kind in the palette, such as the FIFO queue.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// What people call it.
    pub title: &'static str,
    /// File name of its icon, without ending.
    pub icon: &'static str,
    /// Ending every logical id of it must have, such as `.fifo`.
    pub id_suffix: &'static str,
    /// Its properties, as JSON. The first one tells whether a resource is of this preset.
    pub properties: &'static str,
}

/// A section of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaletteGroup {
    /// Sources of messages.
    Send,
    /// Topics, queues and streams.
    RouteAndHold,
    /// What does the work.
    Process,
    /// What keeps the result.
    Store,
    /// What people and other systems are told by.
    Notify,
    /// What looks at metrics.
    Watch,
}

impl PaletteGroup {
    /// All sections, in the order of the palette.
    pub const ALL: [Self; 6] =
        [Self::Send, Self::RouteAndHold, Self::Process, Self::Store, Self::Notify, Self::Watch];

    /// The section's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Send => "Send",
            Self::RouteAndHold => "Route and hold",
            Self::Process => "Process",
            Self::Store => "Store",
            Self::Notify => "Notify",
            Self::Watch => "Watch",
        }
    }
}

/// One property.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// The property's name, in CloudFormation's spelling.
    pub name: &'static str,
    /// What it may hold.
    pub kind: FieldKind,
    /// One sentence on what it does.
    pub description: &'static str,
    /// The rule in `docs/spec`.
    pub rule: &'static str,
}

/// A row of a table of properties.
pub(crate) const fn field(
    name: &'static str,
    kind: FieldKind,
    description: &'static str,
    rule: &'static str,
) -> FieldSpec {
    FieldSpec { name, kind, description, rule }
}

/// A whole number from `low` to `high`.
pub(crate) const fn integer(low: i64, high: i64, unit: &'static str) -> FieldKind {
    FieldKind::Integer { low, high, unit }
}

/// A number from `low` to `high`.
pub(crate) const fn number(low: f64, high: f64, unit: &'static str) -> FieldKind {
    FieldKind::Number { low, high, unit }
}

/// What a property may hold.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// A whole number.
    Integer {
        /// Smallest.
        low: i64,
        /// Largest.
        high: i64,
        /// Its unit, such as `s`; may be empty.
        unit: &'static str,
    },
    /// A number.
    Number {
        /// Smallest.
        low: f64,
        /// Largest.
        high: f64,
        /// Its unit, such as `s`; may be empty.
        unit: &'static str,
    },
    /// True or false.
    Switch,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A line of text.
    Text,
    /// An object whose member `tag` decides which other members it has.
    Variants {
        /// The deciding member.
        tag: &'static str,
        /// Its values, and the other members each brings.
        cases: &'static [(&'static str, &'static [FieldSpec])],
    },
    /// Any JSON.
    Json,
    /// An SNS filter policy, with an editor of its own.
    FilterPolicy,
}

/// A link that may be drawn from a resource, or may not.
#[derive(Clone, Copy, Debug)]
pub struct LinkRule {
    /// The link's type.
    pub link_type: &'static str,
    /// The type of the resource at its far end.
    pub to: &'static str,
}

/// A kind of link, described once.
#[derive(Clone, Copy, Debug)]
pub struct LinkDescriptor {
    /// The type's name.
    pub link_type: &'static str,
    /// What people call it, such as `SNS subscription`.
    pub title: &'static str,
    /// One sentence on what it does.
    pub description: &'static str,
    /// Its properties.
    pub fields: &'static [FieldSpec],
    /// The far end asks and the near end answers: drawn as a polling link.
    pub pull: bool,
    /// Drawn dashed, as the way of dead letters.
    pub redrive: bool,
}
