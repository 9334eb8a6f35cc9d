//! The scenarios that come with the playground.

use crate::model::Scenario;
use crate::parse::parse;

/// A scenario of the gallery.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it is called on the command line and in an address, such as `fan-out`.
    pub name: &'static str,
    /// Its document.
    pub json: &'static str,
}

impl Entry {
    /// The scenario. Its title, question and what there is to see are in it.
    pub fn scenario(&self) -> Scenario {
        parse(self.json).scenario
    }

    /// The services it shows, as type names, each once and in the order of the document.
    pub fn services(&self) -> Vec<&'static str> {
        let mut types: Vec<&'static str> = Vec::new();
        for properties in self.scenario().resources.values() {
            let name = properties.kind().descriptor().resource_type;
            if name.starts_with("AWS::") && !types.contains(&name) {
                types.push(name);
            }
        }
        types
    }
}

/// Hands the names of all scenarios, in the order they are best looked at, to another macro. This is the only list of
/// them.
#[macro_export]
macro_rules! gallery_names {
    ($then:ident) => {
        $then![
            "fan-out",
            "filter-by-state",
            "visibility-timeout",
            "order-events",
            "poison-message",
            "fifo-groups",
            "long-polling",
            "hot-shard",
            "write-buffer",
            "fifo-over-quota",
            "deduplication",
            "access-policy",
            "more-workers",
            "shared-readers",
            "what-a-shard-takes",
            "idle-workers",
            "read-again",
            "partial-batch",
            "subscribers",
            "upload-events",
            "lost-or-kept",
            "noisy-neighbour",
            "three-services",
            "thousand-videos",
            "stream-or-queue",
            "comparison",
            "scale-out",
            "by-size-or-time",
            "two-patterns",
            "synchronous-call",
            "tiers",
            "transform-records",
            "destinations",
            "stream-or-delivery",
            "on-demand",
            "fan-out-readers",
            "queue-and-topic",
            "open-protocols",
            "exchanges",
            "queue-or-broker",
            "broker-failover",
            "small-records",
            "average-speed",
            "camera",
        ]
    };
}

macro_rules! entries {
    ($($name:literal),* $(,)?) => {
        &[$(Entry { name: $name, json: include_str!(concat!("../gallery/", $name, ".json")) }),*]
    };
}

/// All scenarios, in the order they are best looked at.
pub const ALL: &[Entry] = gallery_names!(entries);

/// The scenario of a name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
