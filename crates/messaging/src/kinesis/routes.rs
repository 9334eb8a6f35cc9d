//! Which shard each partition key goes to, worked out once per key (KDS-8 to KDS-11).

use super::error::{Error, Invalid};
use super::quotas;
use super::shard_map::{ShardId, ShardMap};
use crate::identifiers::KeyId;
use crate::message::Catalogue;

/// What is known of one partition key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Route {
    pub(super) shard: u32,
    /// Length in UTF-8 bytes (KDS-18).
    pub(super) key_bytes: u16,
    known: Known,
    second: u32,
    tried: u32,
    tried_before: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Known {
    #[default]
    No,
    Valid,
    Invalid,
}

impl Route {
    /// Counts a record tried with this key.
    #[inline]
    pub(super) fn count(&mut self, second: u64) {
        let second = second as u32;
        if second != self.second {
            self.tried_before = if second == self.second.wrapping_add(1) { self.tried } else { 0 };
            (self.tried, self.second) = (0, second);
        }
        self.tried += 1;
    }

    /// Records tried in the last whole second, or in the running one if that is more.
    fn tried_per_second(&self, second: u64) -> u64 {
        let tried = match (second as u32).wrapping_sub(self.second) {
            0 => self.tried.max(self.tried_before),
            1 => self.tried,
            _ => 0,
        };
        u64::from(tried)
    }
}

/// The routes of all keys met so far, by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    all: Vec<Route>,
}

/// With more keys than this, top keys are looked for among the recent records only. Ours.
const MAX_KEYS_TO_RANK: usize = 4_096;

impl Routes {
    /// The route of a key; `is_new` is called when the key is met for the first time.
    ///
    /// # Errors
    /// `ValidationException` for no key and for one of the wrong length (KDS-11).
    #[inline]
    pub(super) fn of(
        &mut self,
        key: KeyId,
        catalogue: &Catalogue,
        map: &ShardMap,
        is_new: impl FnOnce(ShardId),
    ) -> Result<&mut Route, Error> {
        let place = key.index();
        if self.all.get(place).is_none_or(|route| route.known == Known::No) {
            self.find(key, catalogue, map, is_new);
        }
        match self.all.get_mut(place) {
            Some(route) if route.known == Known::Valid => Ok(route),
            _ => Err(Error::ValidationException(Invalid::PartitionKey)),
        }
    }

    #[cold]
    fn find(&mut self, id: KeyId, catalogue: &Catalogue, map: &ShardMap, is_new: impl FnOnce(ShardId)) {
        let Some(key) = catalogue.key(id) else { return };
        if id.index() >= self.all.len() {
            self.all.resize(catalogue.keys().len(), Route::default());
        }
        let route = &mut self.all[id.index()];
        let most = quotas::PARTITION_KEY_CHARACTERS.current as usize;
        // Unicode scalar values, of at most 4 bytes each: longer texts need not be counted.
        let valid = !key.text.is_empty() && key.text.len() <= 4 * most && key.text.chars().count() <= most;
        if !valid {
            route.known = Known::Invalid;
            return;
        }
        let shard = map.route(key.md5);
        (route.known, route.shard, route.key_bytes) = (Known::Valid, shard.0, key.text.len() as u16);
        is_new(shard);
    }

    /// The shards changed: every key is routed anew (KDS-12).
    pub(super) fn forget(&mut self) {
        for route in &mut self.all {
            route.known = Known::No;
        }
    }

    /// The keys of a shard that tried most in the last second, most first; `recent` are its last records' keys.
    pub(super) fn top_keys(
        &self,
        shard: ShardId,
        second: u64,
        recent: &[KeyId],
        count: usize,
    ) -> Vec<(KeyId, u64)> {
        let mut candidates: Vec<KeyId> = if self.all.len() <= MAX_KEYS_TO_RANK {
            (0..self.all.len() as u32).map(KeyId).collect()
        } else {
            recent.to_vec()
        };
        candidates.sort_unstable();
        candidates.dedup();
        let rated = |key: KeyId| {
            let route = self.all.get(key.index())?;
            let tried = route.tried_per_second(second);
            (route.known == Known::Valid && route.shard == shard.0 && tried > 0).then_some((key, tried))
        };
        let mut top: Vec<_> = candidates.into_iter().filter_map(rated).collect();
        top.sort_by_key(|(key, tried)| (std::cmp::Reverse(*tried), *key));
        top.truncate(count);
        top
    }
}
