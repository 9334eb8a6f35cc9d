//! The document as values.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kernel::{Seed, SimTime};
use messaging::{Intervention, LinkSpec, LogicalId, MetricName, Properties, Settings};
use serde::{Deserialize, Serialize};

/// The version of the format that this code writes.
pub const VERSION: u64 = 1;

/// The resources by name. Their order is the document's, and their place is their id in the world.
pub type Resources = IndexMap<LogicalId, Properties>;
/// Where a node stands, in pixels from the origin: its top left corner.
pub type Position = [i32; 2];
/// Where the nodes stand. Where groups and notes are is in [`Group`] and [`Note`].
pub type Layout = BTreeMap<LogicalId, Position>;

/// A document: what is there, what happens, what should come out, and how it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub title: String,
    /// What it shows, in a sentence or two; may be empty.
    pub description: String,
    /// The same document and the same seed give the same run.
    pub seed: Seed,
    /// What holds for all of it.
    pub settings: Settings,
    /// How the gallery shows it, if it does.
    pub card: Option<Card>,
    /// Queues, topics, streams, clients.
    pub resources: Resources,
    /// Which way messages go. No two join the same two resources in the same direction.
    pub links: Vec<LinkSpec>,
    /// What happens when, without anybody's doing.
    pub timeline: Vec<TimelineEntry>,
    /// What should come out.
    pub expectations: Vec<Expectation>,
    /// What to say when, for whoever watches.
    pub captions: Vec<Caption>,
    /// Where the nodes stand.
    pub layout: Layout,
    /// Nodes that are drawn as one titled region. No node is in two.
    pub groups: Vec<Group>,
    /// What somebody wrote on the diagram.
    pub notes: Vec<Note>,
}

impl Scenario {
    /// The questions of the captions, in their order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.captions.iter().filter_map(|caption| caption.question.as_ref())
    }

    /// What is looked at during the run: the expectations, then what the questions are about.
    pub fn looked_at(&self) -> impl Iterator<Item = &Expectation> {
        self.expectations.iter().chain(self.questions().map(|question| &question.about))
    }

    /// How long the run is meant to be: until the last thing that is written down for it, or ten minutes.
    pub fn run_until(&self) -> SimTime {
        let expected = self.looked_at().map(|expectation| expectation.by);
        let done = self.timeline.iter().map(|entry| entry.at);
        let said = self.captions.iter().map(|caption| caption.at);
        let shown = self.card.iter().map(|card| SimTime::from_secs(u64::from(card.minutes) * 60));
        let last = expected.chain(shown).max().or_else(|| done.chain(said).max());
        last.filter(|last| *last > SimTime::ZERO).unwrap_or(SimTime::from_secs(600))
    }

    /// The place of a resource: its id in the world.
    pub fn place(&self, id: &LogicalId) -> Option<usize> {
        self.resources.get_index_of(id)
    }

    /// The link between two resources in this direction.
    pub fn link(&self, from: &LogicalId, to: &LogicalId) -> Option<&LinkSpec> {
        self.links.iter().find(|link| link.from == *from && link.to == *to)
    }
}

/// How the gallery shows a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Card {
    /// The question it answers.
    pub question: String,
    /// What there is to see, in a sentence or two.
    pub see: String,
    /// Simulated minutes worth watching.
    pub minutes: u32,
    /// What kind of thing it shows: `Ordering`, `Throttling`, `Failure and retry`, `Scaling`, `Fan-out`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// The number to find by watching, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
    /// The quota it runs into, in words; none for most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
}

/// Something that happens at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineEntry {
    /// When.
    pub at: SimTime,
    /// What.
    pub intervention: Intervention,
}

/// Something to say at a time: a step of whoever is guided through the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// From when on.
    pub at: SimTime,
    /// What to say.
    pub text: String,
    /// What to predict before the run shows it.
    pub question: Option<Question>,
}

/// Something to predict; the run gives the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub ask: String,
    /// Where and when the run answers it; its bound says nothing.
    pub about: Expectation,
    /// The answers to choose from: the one nearest to what is observed is right.
    pub choices: Vec<u64>,
    /// Why it is so; may be empty.
    pub answer: String,
}

impl Question {
    /// The place of the choice that is right when this was observed.
    pub fn right_choice(&self, observed: u64) -> Option<usize> {
        let distance = |place: &usize| self.choices[*place].abs_diff(observed);
        (0..self.choices.len()).min_by_key(distance)
    }
}

/// Nodes that are drawn as one titled region and move together. It changes nothing of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What stands at its top.
    pub title: String,
    /// The nodes in it, in the order of the document.
    pub resources: Vec<LogicalId>,
}

/// A text on the diagram. It is shown as it was written and never read as anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// Its top left corner.
    pub at: Position,
}

/// How a metric is read over the run so far; CloudWatch's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Statistic {
    /// Sums since the start; gauges as they stand.
    #[default]
    Last,
    /// The highest level a gauge had at a whole second.
    Maximum,
}

/// What should come out.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Which metric.
    pub metric: MetricName,
    /// Of which resource.
    pub of: LogicalId,
    /// How it is read.
    pub statistic: Statistic,
    /// What it should be.
    pub bound: Bound,
    /// When it is looked at.
    pub by: SimTime,
}

/// What a value should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// This or more.
    AtLeast(u64),
    /// This or less.
    AtMost(u64),
    /// This, give or take.
    Equals {
        /// The value.
        value: u64,
        /// How far off it may be.
        within: u64,
    },
    /// Between two values, both included.
    Between(u64, u64),
}

impl Bound {
    /// True when `observed` is as it should be.
    pub const fn holds(self, observed: u64) -> bool {
        match self {
            Self::AtLeast(low) => observed >= low,
            Self::AtMost(high) => observed <= high,
            Self::Equals { value, within } => observed.abs_diff(value) <= within,
            Self::Between(low, high) => low <= observed && observed <= high,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(low) => write!(f, "at least {low}"),
            Self::AtMost(high) => write!(f, "at most {high}"),
            Self::Equals { value, within: 0 } => write!(f, "{value}"),
            Self::Equals { value, within } => write!(f, "{value} ± {within}"),
            Self::Between(low, high) => write!(f, "{low} to {high}"),
        }
    }
}
