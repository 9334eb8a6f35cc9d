//! The 128-bit hash space and its division into ranges (KDS-5 to KDS-9).

use std::fmt;

use super::error::{Error, Invalid, InvalidArgument};

/// A part of the hash space, both ends included (KDS-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashKeyRange {
    /// `StartingHashKey`.
    pub starting_hash_key: u128,
    /// `EndingHashKey`.
    pub ending_hash_key: u128,
}

impl HashKeyRange {
    /// The whole hash space: 0 to 2^128 - 1.
    pub const ALL: Self = Self { starting_hash_key: 0, ending_hash_key: u128::MAX };

    /// The ranges of a new stream with `shard_count` shards: floor(2^128 / n) each, the last one up to the end
    /// (KDS-6). No shards give no ranges.
    pub fn on_creation(shard_count: u32) -> Vec<Self> {
        let count = u128::from(shard_count);
        if count <= 1 {
            return vec![Self::ALL; shard_count as usize];
        }
        // floor(2^128 / n), although 2^128 itself does not fit.
        let step = u128::MAX / count + u128::from(u128::MAX % count == count - 1);
        (0..count)
            .map(|place| Self {
                starting_hash_key: place * step,
                ending_hash_key: if place + 1 == count { u128::MAX } else { (place + 1) * step - 1 },
            })
            .collect()
    }

    /// True when the range holds `hash_key`.
    pub const fn contains(&self, hash_key: u128) -> bool {
        self.starting_hash_key <= hash_key && hash_key <= self.ending_hash_key
    }

    /// Where `UpdateShardCount` cuts: a + floor((b - a + 1) / 2) (KDS-65).
    pub const fn half(&self) -> u128 {
        let width = self.ending_hash_key - self.starting_hash_key;
        self.starting_hash_key + width / 2 + (width & 1)
    }

    /// The two parts when the second one starts at `new_starting_hash_key` (KDS-59).
    ///
    /// # Errors
    /// `InvalidArgumentException` unless a + 1 < k < b.
    pub fn split(&self, new_starting_hash_key: u128) -> Result<[Self; 2], Error> {
        let valid = new_starting_hash_key < self.ending_hash_key
            && new_starting_hash_key > self.starting_hash_key.saturating_add(1);
        if !valid {
            return Err(Error::InvalidArgumentException(InvalidArgument::NewStartingHashKey));
        }
        Ok([
            Self { ending_hash_key: new_starting_hash_key - 1, ..*self },
            Self { starting_hash_key: new_starting_hash_key, ..*self },
        ])
    }

    /// This range and `next` as one, if `next` follows at once (KDS-60).
    pub fn merge(&self, next: &Self) -> Option<Self> {
        let adjacent = self.ending_hash_key.checked_add(1) == Some(next.starting_hash_key);
        adjacent.then_some(Self { ending_hash_key: next.ending_hash_key, ..*self })
    }
}

/// Both ends in decimal, as AWS writes them.
impl fmt::Display for HashKeyRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.starting_hash_key, self.ending_hash_key)
    }
}

/// Reads an `ExplicitHashKey` or `NewStartingHashKey` (KDS-9).
///
/// # Errors
/// `ValidationException` for a text that breaks the pattern `0|[1-9][0-9]{0,38}`, `InvalidArgumentException` for
/// 2^128 and more.
pub fn parse_hash_key(text: &str) -> Result<u128, Error> {
    let digits = !text.is_empty() && text.len() <= 39 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return Err(Error::ValidationException(Invalid::HashKey));
    }
    text.parse().map_err(|_| Error::InvalidArgumentException(InvalidArgument::HashKeyOutOfRange))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-6.
    #[test]
    fn ranges_on_creation_cover_the_space_without_gap_or_overlap() {
        for count in 1..=300 {
            let ranges = HashKeyRange::on_creation(count);
            assert_eq!(ranges.len(), count as usize);
            assert_eq!(ranges[0].starting_hash_key, 0);
            assert_eq!(ranges[ranges.len() - 1].ending_hash_key, u128::MAX);
            for pair in ranges.windows(2) {
                assert_eq!(pair[0].ending_hash_key + 1, pair[1].starting_hash_key);
            }
        }
    }

    /// KDS-65: the halves of an even range are equal, also those of the whole space.
    #[test]
    fn the_half_is_exact() {
        assert_eq!(HashKeyRange::ALL.half(), 1 << 127);
        assert_eq!(HashKeyRange { starting_hash_key: 10, ending_hash_key: 13 }.half(), 12);
        assert_eq!(HashKeyRange { starting_hash_key: 10, ending_hash_key: 14 }.half(), 12);
    }
}
