//! The lease tables of the applications that read the stream: one for each link (KDS-89 to KDS-97).
//!
//! A real KCL keeps its table in DynamoDB. Here it stands with the stream, so that workers that come back, or are
//! more or fewer than before, go on at the checkpoint.

use kernel::{SimDuration, SimTime};

use super::error::Error;
use super::properties::StartingPosition;
use super::quotas;
use super::request::Response;
use super::shard::Shard;
use super::shard_map::{ShardId, ShardMap};
use super::stream::Stream;
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::registry::LinkProperties;

/// One consumer application (KDS-97), which is one link.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) link: LinkId,
    /// How many workers it says it has.
    workers: u32,
    /// The workers that have been heard of, and when last (KDS-91).
    members: Vec<(u32, SimTime)>,
    /// By shard.
    leases: Vec<Lease>,
}

/// The lease of one shard.
#[derive(Clone, Copy, Debug, Default)]
struct Lease {
    owner: Option<u32>,
    /// Everything before is processed (KDS-93).
    checkpoint: Option<u64>,
    /// What is read next.
    next: u64,
    /// Everything before has been read once.
    read_to: u64,
    /// The shard's end is reached: `SHARD_END` (KDS-94).
    ended: bool,
    /// Records that expired before they were read (KDS-56).
    missed: u64,
}

impl Application {
    fn new(link: LinkId) -> Self {
        Self { link, workers: 0, members: Vec::new(), leases: Vec::new() }
    }

    fn lease(&mut self, shard: ShardId) -> &mut Lease {
        let place = shard.index();
        if place >= self.leases.len() {
            self.leases.resize(place + 1, Lease::default());
        }
        &mut self.leases[place]
    }

    /// Records that expired before this application read them (KDS-56).
    pub(super) fn missed(&self) -> u64 {
        self.leases.iter().map(|lease| lease.missed).sum()
    }

    /// The worker that has the lease of a shard (KDS-89).
    pub(super) fn owner(&self, id: ShardId) -> Option<u32> {
        self.leases.get(id.index())?.owner
    }

    /// How long the oldest record it has not read has waited; zero when it has read all (KDS-42).
    pub(super) fn behind_millis(&self, id: ShardId, shard: &Shard, now: SimTime) -> u64 {
        let lease = self.leases.get(id.index()).copied().unwrap_or_default();
        let next = lease.next.max(shard.log.start());
        shard.log.arrived_at(next).map_or(0, |arrived_at| now.since(arrived_at).as_millis())
    }

    /// Gives every lease that can be read an owner: the workers' numbers of leases differ by at most one
    /// (KDS-90). A child is not read before its parents' ends (KDS-94).
    fn deal(&mut self, map: &ShardMap, is_expired: impl Fn(usize) -> bool) {
        let mut readable = Vec::new();
        for (place, entry) in map.shards().iter().enumerate() {
            let parents = entry.parent.into_iter().chain(entry.adjacent_parent);
            let lease = *self.lease(ShardId(place as u32));
            let waits = parents
                .into_iter()
                .any(|parent| !is_expired(parent.index()) && !self.leases[parent.index()].ended);
            if !lease.ended && !is_expired(place) && !waits {
                readable.push(place);
            } else {
                self.leases[place].owner = None;
            }
        }
        let mut held = vec![0_u32; self.members.len()];
        for lease in &self.leases {
            let owner = lease.owner.and_then(|owner| self.member(owner).ok());
            if let Some(member) = owner {
                held[member] += 1;
            }
        }
        for place in readable {
            if self.leases[place].owner.is_some() {
                continue;
            }
            let fewest = (0..held.len()).min_by_key(|member| (held[*member], *member));
            if let Some(member) = fewest {
                held[member] += 1;
                self.leases[place].owner = Some(self.members[member].0);
            }
        }
    }

    fn member(&self, worker: u32) -> Result<usize, usize> {
        self.members.binary_search_by_key(&worker, |(member, _)| *member)
    }

    /// A worker is heard of. True when there are leases to be dealt: it is new, or another one is gone.
    fn hear(&mut self, worker: u32, workers: u32, now: SimTime) -> bool {
        let before = self.members.len();
        // Whoever has not renewed its leases for so long loses them (KDS-91).
        self.members.retain(|(member, heard_at)| {
            *member == worker || (*member < workers && now.since(*heard_at) <= quotas::LEASE_FAILOVER)
        });
        let mut changed = self.members.len() < before;
        if self.workers != workers {
            self.workers = workers;
            changed = true;
            if !self.has_begun() {
                self.members.clear();
            }
        }
        match self.member(worker) {
            Ok(place) => self.members[place].1 = now,
            Err(place) => {
                self.members.insert(place, (worker, now));
                changed = true;
            }
        }
        if changed {
            for place in 0..self.leases.len() {
                let owner = self.leases[place].owner;
                // As long as nothing was read, the workers that come one after the other share out all anew.
                if !self.has_begun() || owner.is_some_and(|owner| self.member(owner).is_err()) {
                    self.leases[place].owner = None;
                }
            }
        }
        changed
    }

    fn has_begun(&self) -> bool {
        self.leases.iter().any(|lease| lease.checkpoint.is_some())
    }

    /// A worker that has fewer leases than its share takes one from whoever has most (KDS-90).
    fn steal(&mut self, worker: u32) {
        let count = |owner: u32| self.leases.iter().filter(|lease| lease.owner == Some(owner)).count();
        let most = self.members.iter().map(|(member, _)| (count(*member), *member)).max();
        let Some((_, from)) = most.filter(|(many, _)| *many > count(worker) + 1) else { return };
        if let Some(lease) = self.leases.iter_mut().rev().find(|lease| lease.owner == Some(from)) {
            lease.owner = Some(worker);
        }
    }
}

impl Stream {
    fn application_place(&mut self, link: LinkId) -> usize {
        let place = self.applications.iter().position(|application| application.link == link);
        place.unwrap_or_else(|| {
            self.applications.push(Application::new(link));
            self.applications.len() - 1
        })
    }

    fn lease(&mut self, link: LinkId, shard: ShardId) -> &mut Lease {
        let place = self.application_place(link);
        self.applications[place].lease(shard)
    }

    /// The leases of a worker (KDS-89).
    pub(super) fn list_leases(
        &mut self,
        worker: u32,
        workers: u32,
        first: ShardId,
        link: LinkId,
        cx: &Context<'_>,
    ) -> Response {
        if link == LinkId::NONE {
            return Response::Leases { held: 0, more: false };
        }
        let (now, retention) = (cx.now(), self.retention);
        let place = self.application_place(link);
        let application = &mut self.applications[place];
        // Once for each list, not for each of its pages.
        if application.hear(worker, workers, now) || first == ShardId::default() {
            application.deal(&self.map, |place| self.shards[place].has_expired(now, retention));
            if application.has_begun() {
                application.steal(worker);
            }
        }
        let page = application.leases.iter().skip(first.index()).take(64).enumerate();
        let held = page.fold(0, |held, (bit, lease)| held | u64::from(lease.owner == Some(worker)) << bit);
        Response::Leases { held, more: application.leases.len() > first.index() + 64 }
    }

    /// Where a worker that has just got the lease starts, if the application has read from the shard (KDS-93).
    pub(super) fn checkpoint(&self, link: LinkId, shard: ShardId) -> Option<u64> {
        let application = self.applications.iter().find(|application| application.link == link)?;
        application.leases.get(shard.index())?.checkpoint
    }

    /// A worker renews its leases (KDS-91).
    pub(super) fn renew_leases(&mut self, worker: u32, link: LinkId, now: SimTime) {
        let application = self.applications.iter_mut().find(|application| application.link == link);
        if let Some(application) = application
            && let Ok(place) = application.member(worker)
        {
            application.members[place].1 = now;
        }
    }

    /// A worker wants to write a checkpoint.
    ///
    /// # Errors
    /// `ShutdownException` when the lease belongs to another worker (KDS-95).
    pub(super) fn check_owner(&self, worker: u32, link: LinkId, shard: ShardId) -> Result<(), Error> {
        let application = self.applications.iter().find(|application| application.link == link);
        let lease = application.and_then(|application| application.leases.get(shard.index()));
        match lease {
            Some(lease) if lease.owner != Some(worker) => Err(Error::ShutdownException),
            _ => Ok(()),
        }
    }

    /// Where an application without a checkpoint starts: as its link says, but for the children of shards it has read
    /// (KDS-96).
    pub(super) fn initial_position(
        &self,
        (link, shard): (LinkId, ShardId),
        (horizon, end): (u64, u64),
        cx: &Context<'_>,
    ) -> u64 {
        let Some(LinkProperties::Poll(poll)) = cx.links().get(link).map(|link| &link.properties) else {
            return horizon;
        };
        let parent = self.map.shards()[shard.index()].parent;
        match poll.starting_position {
            _ if parent.is_some_and(|parent| self.checkpoint(link, parent).is_some()) => horizon,
            StartingPosition::TrimHorizon => horizon,
            StartingPosition::Latest => end,
            StartingPosition::AtTimestamp => {
                let time = SimTime::ZERO + SimDuration::from_secs_f64(poll.starting_position_timestamp);
                self.shards[shard.index()].log.first_at_or_after(time)
            }
        }
    }

    /// A read from `position` says that everything before is processed; `from` is where it really starts. Gives
    /// the place before which the application has read once already.
    pub(super) fn note_checkpoint(&mut self, link: LinkId, shard: ShardId, position: u64, from: u64) -> u64 {
        if link == LinkId::NONE {
            return 0;
        }
        let lease = self.lease(link, shard);
        lease.checkpoint = Some(from);
        lease.missed += from - position;
        lease.read_to
    }

    /// So many records expired before they could be pushed. Gives the place before which the application has read once
    /// already.
    pub(super) fn note_missed(&mut self, link: LinkId, shard: ShardId, missed: u64) -> u64 {
        if link == LinkId::NONE {
            return 0;
        }
        let lease = self.lease(link, shard);
        lease.missed += missed;
        lease.read_to
    }

    /// A read came to `read_to`, or to the end of a closed shard.
    pub(super) fn note_read(&mut self, link: LinkId, shard: ShardId, read_to: u64, ended: bool) {
        if link == LinkId::NONE {
            return;
        }
        let lease = self.lease(link, shard);
        lease.next = read_to;
        lease.read_to = lease.read_to.max(read_to);
        lease.ended |= ended;
    }
}

#[cfg(test)]
mod tests {
    use super::super::shard_map::ReshardStep;
    use super::*;

    /// How many leases each member holds.
    fn held(application: &Application) -> Vec<usize> {
        let of =
            |member: &u32| application.leases.iter().filter(|lease| lease.owner == Some(*member)).count();
        application.members.iter().map(|(member, _)| of(member)).collect()
    }

    /// KDS-90: the guide's example, 4 shards: one worker has 4, two have 2 and 2; after a split 3 and 2.
    #[test]
    fn leases_are_dealt_evenly() {
        let mut map = ShardMap::new(4);
        let mut application = Application::new(LinkId(0));
        let deal = |workers: u32, map: &ShardMap, application: &mut Application| {
            for worker in 0..workers {
                application.hear(worker, workers, SimTime::ZERO);
                application.deal(map, |_| false);
            }
            held(application)
        };
        assert_eq!(deal(1, &map, &mut application), [4]);
        assert_eq!(deal(2, &map, &mut application), [2, 2]);
        let middle = map.shards()[1].range.half();
        let split = ReshardStep::Split { shard: ShardId(1), new_starting_hash_key: middle };
        map.apply(&split).expect("in the middle");
        // The children wait for the end of their parent (KDS-94).
        assert_eq!(deal(2, &map, &mut application), [2, 2]);
        application.lease(ShardId(1)).ended = true;
        assert_eq!(deal(2, &map, &mut application), [3, 2]);
    }
}
