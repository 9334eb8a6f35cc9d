//! `SplitShard`, `MergeShards` and `UpdateShardCount` at work (KDS-58 to KDS-66).

use kernel::{SimDuration, SimTime};

use super::error::{Error, Invalid, Limit};
use super::hash_key_range::parse_hash_key;
use super::quotas;
use super::request::Response;
use super::shard::Shard;
use super::shard_map::{ReshardStep, ShardId, UniformScaling};
use super::stream::{Stream, StreamTimer};
use crate::context::Context;
use crate::identifiers::KeyId;

/// A change under way: the stream is UPDATING (KDS-2).
#[derive(Clone, Debug)]
pub(super) struct Resharding {
    /// What will be complete when the timer fires. Until then writes go to the parents (KDS-62).
    step: ReshardStep,
    /// What comes after it.
    scaling: Option<UniformScaling>,
}

const DAY: SimDuration = SimDuration::from_secs(86_400);

impl Stream {
    /// `SplitShard` (KDS-59).
    ///
    /// # Errors
    /// Those of KDS-58, KDS-59 and KDS-61.
    pub(super) fn split_shard(
        &mut self,
        shard: ShardId,
        new_starting_hash_key: KeyId,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        let calls = cx.quota(&quotas::RESHARD_CALLS_PER_SECOND);
        let taken = self.split_calls.try_take(cx.now(), calls);
        taken.map_err(|_| Error::LimitExceededException(Limit::CallsPerSecond))?;
        self.check_provisioned()?;
        self.check_active()?;
        let text = cx.catalogue().key(new_starting_hash_key).map_or("", |key| &key.text);
        let step = ReshardStep::Split { shard, new_starting_hash_key: parse_hash_key(text)? };
        self.map.check(&step)?;
        let open = self.map.open().len() as u64 + self.shards_elsewhere(cx);
        if open >= cx.quota(&quotas::OPEN_SHARDS) {
            return Err(Error::LimitExceededException(Limit::OpenShards));
        }
        self.wanted_shards = None;
        self.begin(step, None, cx);
        Ok(Response::Resharding)
    }

    /// `MergeShards` (KDS-60).
    ///
    /// # Errors
    /// Those of KDS-58, KDS-60 and KDS-61.
    pub(super) fn merge_shards(
        &mut self,
        shard: ShardId,
        adjacent: ShardId,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        let calls = cx.quota(&quotas::RESHARD_CALLS_PER_SECOND);
        let taken = self.merge_calls.try_take(cx.now(), calls);
        taken.map_err(|_| Error::LimitExceededException(Limit::CallsPerSecond))?;
        self.check_provisioned()?;
        self.check_active()?;
        let step = ReshardStep::Merge { shard, adjacent };
        self.map.check(&step)?;
        self.wanted_shards = None;
        self.begin(step, None, cx);
        Ok(Response::Resharding)
    }

    /// `UpdateShardCount` (KDS-64).
    ///
    /// # Errors
    /// Those of KDS-58 and KDS-64. For a target outside half to double AWS's error is unsure; here it is
    /// `LimitExceededException`.
    pub(super) fn update_shard_count(
        &mut self,
        target_shard_count: u32,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        if target_shard_count == 0 {
            return Err(Error::ValidationException(Invalid::TargetShardCount));
        }
        self.check_provisioned()?;
        self.check_active()?;
        let (open, target) = (self.map.open().len() as u64, u64::from(target_shard_count));
        if target > 2 * open || 2 * target < open {
            return Err(Error::LimitExceededException(Limit::UniformScaling));
        }
        if target + self.shards_elsewhere(cx) > cx.quota(&quotas::OPEN_SHARDS) {
            return Err(Error::LimitExceededException(Limit::OpenShards));
        }
        let now = cx.now();
        self.scaled_at.retain(|at| now.since(*at) < DAY);
        if self.scaled_at.len() as u64 >= cx.quota(&quotas::UPDATE_SHARD_COUNT_PER_DAY) {
            return Err(Error::LimitExceededException(Limit::UpdateShardCountPerDay));
        }
        self.scaled_at.push(now);
        self.wanted_shards = None;
        self.scale(target_shard_count, cx);
        Ok(Response::Resharding)
    }

    /// Starts the next round towards the `ShardCount` a person has asked for, if it is not reached. A person who
    /// edits is not held to the ten calls a day.
    pub(super) fn scale_towards_wanted(&mut self, cx: &mut Context<'_>) {
        let open = self.map.open().len() as u32;
        let Some(wanted) = self.wanted_shards.filter(|_| self.resharding.is_none()) else { return };
        if open == wanted {
            self.wanted_shards = None;
        } else {
            self.scale(wanted.clamp(open.div_ceil(2), open.saturating_mul(2)), cx);
        }
    }

    fn scale(&mut self, target: u32, cx: &mut Context<'_>) {
        let mut scaling = UniformScaling::new(&self.map, target);
        if let Some(step) = scaling.next_step(&self.map) {
            self.begin(step, Some(scaling), cx);
        }
    }

    fn begin(&mut self, step: ReshardStep, scaling: Option<UniformScaling>, cx: &mut Context<'_>) {
        self.resharding = Some(Resharding { step, scaling });
        cx.schedule_in(quotas::FIRST_RESHARD_STEP, StreamTimer::ReshardStep);
    }

    /// A split or merge is complete: the parents close, records go to the children (KDS-62).
    pub(super) fn reshard_step(&mut self, cx: &mut Context<'_>) {
        let Some(Resharding { step, scaling }) = self.resharding.take() else { return };
        // It fails when the stream was made anew meanwhile.
        if !self.apply_step(&step, cx.now()) {
            return;
        }
        self.shards_changed(cx);
        let next = scaling.and_then(|mut scaling| Some((scaling.next_step(&self.map)?, scaling)));
        if let Some((step, scaling)) = next {
            self.resharding = Some(Resharding { step, scaling: Some(scaling) });
            cx.schedule_in(quotas::NEXT_RESHARD_STEP, StreamTimer::ReshardStep);
        } else {
            self.scale_towards_wanted(cx);
        }
    }

    /// The parents of a step close; false, and nothing done, if it is not possible.
    pub(super) fn apply_step(&mut self, step: &ReshardStep, now: SimTime) -> bool {
        if self.map.apply(step).is_err() {
            return false;
        }
        for parent in step.parents() {
            self.shards[parent.index()].closed_at = Some(now);
        }
        true
    }

    /// There are new shards: they begin empty, and every key is routed anew.
    pub(super) fn shards_changed(&mut self, cx: &mut Context<'_>) {
        self.shards.resize_with(self.map.shards().len(), Shard::default);
        self.mark_encrypted();
        self.routes.forget();
        self.push_events(cx);
        cx.set_account_level(quotas::OPEN_SHARDS.code, self.map.open().len() as u64);
    }

    /// What the account has of open shards in its other streams (KDS-69).
    fn shards_elsewhere(&self, cx: &Context<'_>) -> u64 {
        cx.account_level_of_others(quotas::OPEN_SHARDS.code)
    }

    fn check_provisioned(&self) -> Result<(), Error> {
        if self.is_on_demand() { Err(Error::ValidationException(Invalid::OnDemand)) } else { Ok(()) }
    }

    pub(super) fn check_active(&self) -> Result<(), Error> {
        if self.resharding.is_some() { Err(Error::ResourceInUseException) } else { Ok(()) }
    }
}
