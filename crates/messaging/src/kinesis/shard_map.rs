//! The shards of a stream and their ranges: creation, split, merge and uniform scaling (KDS-5 to KDS-7, KDS-58 to
//! KDS-66). Pure: no time, no records.

use std::collections::VecDeque;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::{Error, InvalidArgument};
use super::hash_key_range::HashKeyRange;

/// A shard by its number. Numbers are never used again (KDS-7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShardId(pub u32);

impl ShardId {
    /// The number as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// `shardId-` and twelve digits (KDS-7).
impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shardId-{:012}", self.0)
    }
}

/// One shard of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardEntry {
    /// The part of the hash space it has, or had.
    pub range: HashKeyRange,
    /// True until it is split or merged (KDS-67).
    pub open: bool,
    /// `ParentShardId`.
    pub parent: Option<ShardId>,
    /// `AdjacentParentShardId`, of the child of a merge (KDS-60).
    pub adjacent_parent: Option<ShardId>,
}

/// One change of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReshardStep {
    /// `SplitShard` (KDS-59).
    Split {
        /// `ShardToSplit`.
        shard: ShardId,
        /// `NewStartingHashKey`.
        new_starting_hash_key: u128,
    },
    /// `MergeShards` (KDS-60).
    Merge {
        /// `ShardToMerge`.
        shard: ShardId,
        /// `AdjacentShardToMerge`.
        adjacent: ShardId,
    },
}

impl ReshardStep {
    /// The shards that close.
    pub fn parents(&self) -> impl Iterator<Item = ShardId> {
        let (first, second) = match *self {
            Self::Split { shard, .. } => (shard, None),
            Self::Merge { shard, adjacent } => (shard, Some(adjacent)),
        };
        std::iter::once(first).chain(second)
    }
}

/// All shards a stream ever had.
#[derive(Clone, Debug)]
pub struct ShardMap {
    shards: Vec<ShardEntry>,
    /// The open ones, in the order of their ranges.
    open: Vec<ShardId>,
}

impl ShardMap {
    /// The shards of a new stream (KDS-6); at least one.
    pub fn new(shard_count: u32) -> Self {
        let ranges = HashKeyRange::on_creation(shard_count.max(1));
        let shards: Vec<_> = ranges
            .into_iter()
            .map(|range| ShardEntry { range, open: true, parent: None, adjacent_parent: None })
            .collect();
        let open = (0..shards.len() as u32).map(ShardId).collect();
        let map = Self { shards, open };
        map.assert_covered();
        map
    }

    /// All shards, in the order of their numbers.
    pub fn shards(&self) -> &[ShardEntry] {
        &self.shards
    }

    /// The open shards, in the order of their ranges.
    pub fn open(&self) -> &[ShardId] {
        &self.open
    }

    /// The one open shard whose range holds `hash_key` (KDS-10).
    pub fn route(&self, hash_key: u128) -> ShardId {
        let after =
            self.open.partition_point(|shard| self.shards[shard.index()].range.starting_hash_key <= hash_key);
        self.open[after - 1]
    }

    /// The children of a closed shard (KDS-43).
    pub fn children(&self, parent: ShardId) -> impl Iterator<Item = ShardId> + '_ {
        let is_child =
            move |entry: &ShardEntry| entry.parent == Some(parent) || entry.adjacent_parent == Some(parent);
        (0..).map(ShardId).zip(&self.shards).filter(move |(_, entry)| is_child(entry)).map(|(id, _)| id)
    }

    /// Tells whether a step is possible now.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for an unknown shard, `InvalidArgumentException` for a closed one, for a split
    /// point at the edge (KDS-59) and for shards that are not neighbours (KDS-60).
    pub fn check(&self, step: &ReshardStep) -> Result<(), Error> {
        for shard in step.parents() {
            self.open_range(shard)?;
        }
        match *step {
            ReshardStep::Split { shard, new_starting_hash_key } => {
                self.open_range(shard)?.split(new_starting_hash_key).map(|_| ())
            }
            ReshardStep::Merge { shard, adjacent } => self.merged_range(shard, adjacent).map(|_| ()),
        }
    }

    /// Changes the map: the parents close, their children take the next numbers (KDS-7).
    ///
    /// # Errors
    /// Those of [`ShardMap::check`]; nothing was changed then.
    pub fn apply(&mut self, step: &ReshardStep) -> Result<(), Error> {
        self.check(step)?;
        match *step {
            ReshardStep::Split { shard, new_starting_hash_key } => {
                for range in self.open_range(shard)?.split(new_starting_hash_key)? {
                    self.add(range, shard, None);
                }
            }
            ReshardStep::Merge { shard, adjacent } => {
                let range = self.merged_range(shard, adjacent)?;
                self.add(range, shard, Some(adjacent));
            }
        }
        for parent in step.parents() {
            self.shards[parent.index()].open = false;
        }
        let shards = &self.shards;
        self.open = (0..shards.len() as u32).map(ShardId).filter(|id| shards[id.index()].open).collect();
        self.open.sort_by_key(|id| shards[id.index()].range.starting_hash_key);
        self.assert_covered();
        Ok(())
    }

    fn add(&mut self, range: HashKeyRange, parent: ShardId, adjacent_parent: Option<ShardId>) {
        self.shards.push(ShardEntry { range, open: true, parent: Some(parent), adjacent_parent });
    }

    fn open_range(&self, shard: ShardId) -> Result<HashKeyRange, Error> {
        let entry = self.shards.get(shard.index()).ok_or(Error::ResourceNotFoundException { shard })?;
        if !entry.open {
            return Err(Error::InvalidArgumentException(InvalidArgument::AlreadyMergedOrSplit { shard }));
        }
        Ok(entry.range)
    }

    fn merged_range(&self, shard: ShardId, adjacent: ShardId) -> Result<HashKeyRange, Error> {
        let (first, second) = (self.open_range(shard)?, self.open_range(adjacent)?);
        let refusal =
            InvalidArgument::NotAdjacent { shard_to_merge: shard, adjacent_shard_to_merge: adjacent };
        first.merge(&second).ok_or(Error::InvalidArgumentException(refusal))
    }

    /// The open shards cover the whole hash space without gap or overlap (KDS-5).
    fn assert_covered(&self) {
        let mut next = Some(0);
        for shard in &self.open {
            let range = self.shards[shard.index()].range;
            assert!(Some(range.starting_hash_key) == next, "KDS-5: the open shards leave a gap or overlap");
            next = range.ending_hash_key.checked_add(1);
        }
        assert!(next.is_none(), "KDS-5: the open shards do not reach the end");
    }
}

/// `UpdateShardCount` with `UNIFORM_SCALING`: split every open shard in half, then merge neighbours, lowest first,
/// round after round, until the target is reached (KDS-65).
#[derive(Clone, Debug)]
pub struct UniformScaling {
    target: usize,
    to_split: VecDeque<ShardId>,
    to_merge: VecDeque<(ShardId, ShardId)>,
}

impl UniformScaling {
    /// The way from the map as it stands to `target_shard_count` open shards.
    pub fn new(map: &ShardMap, target_shard_count: u32) -> Self {
        let target = target_shard_count as usize;
        let up = target > map.open().len();
        let to_split = if up { map.open().iter().copied().collect() } else { VecDeque::new() };
        Self { target, to_split, to_merge: VecDeque::new() }
    }

    /// The next step; nothing when the target is reached.
    pub fn next_step(&mut self, map: &ShardMap) -> Option<ReshardStep> {
        if let Some(shard) = self.to_split.pop_front() {
            let new_starting_hash_key = map.shards()[shard.index()].range.half();
            return Some(ReshardStep::Split { shard, new_starting_hash_key });
        }
        if self.to_merge.is_empty() {
            let surplus = map.open().len().saturating_sub(self.target);
            let pairs = map.open().chunks_exact(2).take(surplus);
            self.to_merge = pairs.map(|pair| (pair[0], pair[1])).collect();
        }
        let (shard, adjacent) = self.to_merge.pop_front()?;
        Some(ReshardStep::Merge { shard, adjacent })
    }
}
