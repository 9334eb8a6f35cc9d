//! What a bucket holds: how many objects, how large, and how often each prefix is written to.

use kernel::{SecondCounter, SimTime};

use crate::identifiers::KeyId;

/// The objects of a bucket. Those that were given a key are known by it and can be written over.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    /// The size of the object of each key, if there is one.
    by_key: Vec<Option<u32>>,
    pub(super) count: u64,
    pub(super) bytes: u64,
    /// Objects whose name is theirs alone.
    unnamed: u64,
}

impl Objects {
    pub(super) fn put(&mut self, key: KeyId, bytes: u32) {
        self.bytes += u64::from(bytes);
        if !key.is_some() {
            self.unnamed += 1;
            self.count += 1;
            return;
        }
        let place = key.index();
        if place >= self.by_key.len() {
            self.by_key.resize(place + 1, None);
        }
        match self.by_key[place].replace(bytes) {
            Some(old) => self.bytes -= u64::from(old),
            None => self.count += 1,
        }
    }

    /// Removes all; the keys of what was there, [`KeyId::NONE`] for each object without one.
    pub(super) fn clear(&mut self) -> Vec<(KeyId, u32)> {
        let old = std::mem::take(self);
        let named = old.by_key.iter().enumerate();
        let named = named.filter_map(|(place, bytes)| Some((KeyId(place as u32), (*bytes)?)));
        let unnamed = std::iter::repeat_n((KeyId::NONE, 0), old.unnamed as usize);
        named.chain(unnamed).collect()
    }
}

/// The writes of the running second under each prefix (CMP-64).
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    all: Vec<(Box<str>, SecondCounter)>,
    /// The place of the prefix of each key.
    of_key: Vec<Option<u32>>,
}

impl Prefixes {
    /// Counts a write; false if the prefix takes no more in this second. A prefix ends with the last slash of a key.
    pub(super) fn try_take(&mut self, key: KeyId, text: &str, now: SimTime, limit: u64) -> bool {
        let place = match key.is_some() {
            true => match self.of_key.get(key.index()) {
                Some(Some(known)) => *known as usize,
                _ => self.find(key, text),
            },
            false => self.place(""),
        };
        self.all[place].1.try_add(now, 1, limit)
    }

    #[cold]
    fn find(&mut self, key: KeyId, text: &str) -> usize {
        let end = text.rfind('/').map_or(0, |slash| slash + 1);
        let place = self.place(&text[..end]);
        if key.index() >= self.of_key.len() {
            self.of_key.resize(key.index() + 1, None);
        }
        self.of_key[key.index()] = Some(place as u32);
        place
    }

    fn place(&mut self, prefix: &str) -> usize {
        self.all.iter().position(|(known, _)| **known == *prefix).unwrap_or_else(|| {
            self.all.push((prefix.into(), SecondCounter::default()));
            self.all.len() - 1
        })
    }
}
