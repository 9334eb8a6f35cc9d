//! On-demand mode: the stream chooses its number of shards by what it has been sent (KDS-70 to KDS-78).

use kernel::{EventKey, SimDuration, SimTime};

use super::error::{Error, Limit};
use super::properties::StreamMode;
use super::quotas;
use super::request::Response;
use super::shard_map::{ReshardStep, ShardId};
use super::stream::{Stream, StreamTimer};
use crate::context::Context;

/// What an on-demand stream has to remember.
#[derive(Clone, Debug, Default)]
pub(super) struct OnDemand {
    /// The busiest minute of each day of the last 30, in millionths of a shard (KDS-71).
    peaks: Vec<(u64, u64)>,
    /// What was stored when the running minute began.
    records: u64,
    bytes: u64,
    /// By shard: the bytes stored when the running minute began, and those of the last whole minute.
    shards: Vec<(u64, u64)>,
    /// When the next change of the shards is made; it was found wanting before (KDS-74).
    due: Option<SimTime>,
    minute: Option<EventKey>,
    /// When the mode was switched, for its limit per day (KDS-76).
    pub(super) switched_at: Vec<SimTime>,
}

const MINUTE: SimDuration = SimDuration::from_secs(60);
const DAY: SimDuration = SimDuration::from_secs(86_400);
/// Days a peak counts (KDS-71).
const PEAK_DAYS: u64 = 30;
/// Millionths of a shard.
const SHARD: u64 = 1_000_000;
/// The start value of the peak: half of what a new stream takes (KDS-74).
const FIRST_PEAK: u64 = quotas::ON_DEMAND_SHARDS.current / 2 * SHARD;

/// How many shards take twice the peak (KDS-71), between the four of a new stream and what the Region allows.
fn wanted_shards(peak: u64, most_bytes: u64, shard_bytes: u64) -> usize {
    let ceiling = most_bytes.div_ceil(shard_bytes);
    (2 * peak).div_ceil(SHARD).clamp(quotas::ON_DEMAND_SHARDS.current, ceiling) as usize
}

impl Stream {
    pub(super) fn is_on_demand(&self) -> bool {
        self.properties.stream_mode_details.stream_mode == StreamMode::OnDemand
    }

    /// The busiest minute of the last 30 days, in millionths of a shard.
    fn peak(&self) -> u64 {
        let warm = u64::from(self.properties.warm_throughput_mibps) * SHARD / 2;
        let peaks = self.on_demand.peaks.iter().map(|(_, peak)| *peak);
        peaks.max().unwrap_or(0).max(FIRST_PEAK).max(warm)
    }

    /// Bytes a second that twice the peak is (KDS-71).
    pub(super) fn on_demand_capacity(&self) -> u64 {
        2 * self.peak() * quotas::SHARD_BYTES_PER_SECOND.current / SHARD
    }

    /// The mode is on, or off: a stream in on-demand mode looks at itself once a minute.
    pub(super) fn watch_minutes(&mut self, cx: &mut Context<'_>) {
        if let Some(minute) = self.on_demand.minute.take() {
            cx.cancel(minute);
        }
        if self.is_on_demand() {
            cx.set_account_level(quotas::ON_DEMAND_STREAMS.code, 1);
            self.start_minute(cx);
        } else {
            cx.set_account_level(quotas::ON_DEMAND_STREAMS.code, 0);
            self.on_demand.due = None;
        }
    }

    fn start_minute(&mut self, cx: &mut Context<'_>) {
        self.on_demand.minute = Some(cx.schedule_in(MINUTE, StreamTimer::OnDemandMinute));
        (self.on_demand.records, self.on_demand.bytes) = (self.stored_records, self.stored_bytes);
        self.on_demand.shards.resize(self.shards.len(), (0, 0));
        for (seen, shard) in self.on_demand.shards.iter_mut().zip(&self.shards) {
            *seen = (shard.bytes, shard.bytes - seen.0);
        }
    }

    /// A minute is over: notes its mean, and looks whether the shards are right.
    pub(super) fn on_demand_minute(&mut self, cx: &mut Context<'_>) {
        let seconds = MINUTE.as_micros() / 1_000_000;
        let records = (self.stored_records - self.on_demand.records) * SHARD
            / (seconds * cx.quota(&quotas::SHARD_RECORDS_PER_SECOND));
        let bytes = (self.stored_bytes - self.on_demand.bytes) * SHARD
            / (seconds * cx.quota(&quotas::SHARD_BYTES_PER_SECOND));
        self.start_minute(cx);
        let (today, rate) = (cx.now().since(SimTime::ZERO).as_micros() / DAY.as_micros(), records.max(bytes));
        let peaks = &mut self.on_demand.peaks;
        peaks.retain(|(day, _)| today - day < PEAK_DAYS);
        match peaks.last_mut().filter(|(day, _)| *day == today) {
            Some((_, peak)) => *peak = rate.max(*peak),
            None => peaks.push((today, rate)),
        }
        match self.on_demand.due {
            Some(due) if due <= cx.now() => {
                self.on_demand.due = None;
                self.follow_demand(cx);
            }
            Some(_) => {}
            None if self.on_demand_steps(cx).is_empty() => {}
            None => self.on_demand.due = Some(cx.now() + quotas::ON_DEMAND_DELAY),
        }
    }

    /// The splits and merges that bring the shards to what is wanted now (KDS-73, KDS-74): even splits of hot shards
    /// and of the busiest ones; merges of neighbours that are quiet together.
    fn on_demand_steps(&self, cx: &Context<'_>) -> Vec<ReshardStep> {
        let most = cx.quota(&quotas::ON_DEMAND_BYTES_PER_SECOND);
        let wanted = wanted_shards(self.peak(), most, cx.quota(&quotas::SHARD_BYTES_PER_SECOND));
        let open = self.map.open();
        let hot_bytes = cx.quota(&quotas::ON_DEMAND_SPLIT_BYTES_PER_SECOND);
        let rate = |id: &ShardId| {
            self.on_demand
                .shards
                .get(id.index())
                .map_or(0, |(_, bytes)| bytes * 1_000_000 / MINUTE.as_micros())
        };
        let mut busiest: Vec<_> = open.iter().map(|id| (std::cmp::Reverse(rate(id)), *id)).collect();
        busiest.sort_unstable();
        let lacking = wanted.saturating_sub(open.len());
        let split = |(place, (rate, id)): (usize, &(std::cmp::Reverse<u64>, ShardId))| {
            let range = self.map.shards()[id.index()].range;
            // A single key is not helped by a split (KDS-73).
            let hot = rate.0 > hot_bytes && self.shards[id.index()].keys > 1;
            let step = ReshardStep::Split { shard: *id, new_starting_hash_key: range.half() };
            ((hot || place < lacking) && self.map.check(&step).is_ok()).then_some(step)
        };
        let splits: Vec<_> = busiest.iter().enumerate().filter_map(split).collect();
        let surplus = open.len().saturating_sub(wanted);
        if !splits.is_empty() || surplus == 0 {
            return splits;
        }
        let quiet = |pair: &&[ShardId]| rate(&pair[0]) + rate(&pair[1]) <= hot_bytes;
        let pairs = open.chunks_exact(2).filter(quiet).take(surplus);
        pairs.map(|pair| ReshardStep::Merge { shard: pair[0], adjacent: pair[1] }).collect()
    }

    fn follow_demand(&mut self, cx: &mut Context<'_>) {
        let steps = self.on_demand_steps(cx);
        for step in &steps {
            self.apply_step(step, cx.now());
        }
        if !steps.is_empty() {
            self.shards_changed(cx);
            // Doubling once may not be enough, or a half may still be hot.
            self.on_demand.due = Some(cx.now() + quotas::ON_DEMAND_DELAY);
        }
    }

    /// `UpdateStreamMode` (KDS-76): the shards stay as they are.
    ///
    /// # Errors
    /// Those of KDS-58, KDS-76 and KDS-77.
    pub(super) fn update_stream_mode(
        &mut self,
        stream_mode: StreamMode,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        self.check_active()?;
        let now = cx.now();
        self.on_demand.switched_at.retain(|at| now.since(*at) < DAY);
        if self.on_demand.switched_at.len() as u64 >= cx.quota(&quotas::UPDATE_STREAM_MODE_PER_DAY) {
            return Err(Error::LimitExceededException(Limit::UpdateStreamModePerDay));
        }
        let others = cx.account_level_of_others(quotas::ON_DEMAND_STREAMS.code);
        if stream_mode == StreamMode::OnDemand && others >= cx.quota(&quotas::ON_DEMAND_STREAMS) {
            return Err(Error::LimitExceededException(Limit::OnDemandStreams));
        }
        self.on_demand.switched_at.push(now);
        self.properties.stream_mode_details.stream_mode = stream_mode;
        self.watch_minutes(cx);
        Ok(Response::Resharding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-71, KDS-72: twice the peak, at least 4 MiB/s, at most 10 GiB/s.
    #[test]
    fn shards_take_twice_the_peak() {
        const MIB: u64 = 1_048_576;
        let shards = |peak: u64| wanted_shards(peak * SHARD, 10_240 * MIB, MIB);
        assert_eq!([0, 2, 3, 40, 50, 5_120, 9_000].map(shards), [4, 4, 6, 80, 100, 10_240, 10_240]);
    }
}
