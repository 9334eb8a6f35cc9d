//! A new seed: the one place where chance enters.

/// A seed nobody chose. Below 2^53, so that every JSON reader reads it exactly.
#[must_use]
pub fn new_seed() -> u64 {
    let random = getrandom::u64().unwrap_or_else(|_| super::now_ms().to_bits());
    random >> 11
}
