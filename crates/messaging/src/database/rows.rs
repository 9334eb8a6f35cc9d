//! Which messages have a row: a bit for each, so that a run of days stays small, and shared between the copies of the
//! world that going back needs.

use std::sync::Arc;

use crate::identifiers::TraceId;

/// Words of a chunk: 8 KiB, which stand for 65,536 messages.
const WORDS: usize = 1_024;
const BITS: u64 = WORDS as u64 * 64;

type Chunk = [u64; WORDS];

/// The messages that have a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// By the number of the message; nothing where no message of the chunk has a row.
    chunks: Vec<Option<Arc<Chunk>>>,
    count: u64,
}

impl Rows {
    /// Adds the row of a message; false if it was there.
    pub(super) fn insert(&mut self, id: TraceId) -> bool {
        let (chunk, bit) = ((id.0 / BITS) as usize, id.0 % BITS);
        if chunk >= self.chunks.len() {
            self.chunks.resize(chunk + 1, None);
        }
        let words = self.chunks[chunk].get_or_insert_with(|| Arc::new([0; WORDS]));
        let (word, mask) = ((bit / 64) as usize, 1 << (bit % 64));
        if words[word] & mask != 0 {
            return false;
        }
        Arc::make_mut(words)[word] |= mask;
        self.count += 1;
        true
    }

    /// How many there are.
    pub(super) const fn len(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_there_once_whichever_chunk_it_is_in() {
        let mut rows = Rows::default();
        for id in [0, 63, 64, BITS - 1, BITS, 5 * BITS + 7] {
            assert!(rows.insert(TraceId(id)), "{id}");
            assert!(!rows.insert(TraceId(id)), "{id}");
        }
        assert_eq!(rows.len(), 6);
    }

    /// A copy of the world costs a pointer for what was written long ago.
    #[test]
    fn copies_share_what_neither_has_changed() {
        let mut rows = Rows::default();
        rows.insert(TraceId(1));
        rows.insert(TraceId(BITS));
        let copy = rows.clone();
        rows.insert(TraceId(BITS + 1));
        let shared = |chunk: usize| {
            Arc::ptr_eq(rows.chunks[chunk].as_ref().unwrap(), copy.chunks[chunk].as_ref().unwrap())
        };
        assert_eq!((shared(0), shared(1)), (true, false));
        assert_eq!((rows.len(), copy.len()), (3, 2));
    }
}
