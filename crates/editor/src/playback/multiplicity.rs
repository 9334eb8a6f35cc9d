//! How many messages a mark stands for.

use std::collections::BTreeSet;

use engine::LinkState;

/// What a mark can stand for.
pub const MULTIPLICITIES: [u32; 5] = [1, 10, 25, 100, 1_000];
/// The most marks on one wire before it becomes a banded flow.
pub const MAX_MARKS_PER_WIRE: f64 = 24.0;
/// The most marks on screen.
pub const MAX_MARKS: f64 = 1_500.0;

/// How many messages a mark stands for, on the whole canvas, and which links are banded flows.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiplicity {
    /// Messages for each mark.
    pub messages_per_mark: u32,
    /// Links that would still carry too many marks, by number.
    pub banded: BTreeSet<u32>,
    /// Presentation time of the last change.
    changed_at: f64,
}

impl Default for Multiplicity {
    fn default() -> Self {
        Self { messages_per_mark: 1, banded: BTreeSet::new(), changed_at: f64::NEG_INFINITY }
    }
}
