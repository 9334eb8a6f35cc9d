//! The words of the format, by number. Never changes: a word that is not here is spelled out.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One word a line; the place of the line is the word's number.
const WORDS: &str = include_str!("words.txt");

/// The number of a word.
pub(super) fn place(text: &str) -> Option<usize> {
    static PLACES: OnceLock<BTreeMap<&'static str, usize>> = OnceLock::new();
    let places =
        PLACES.get_or_init(|| WORDS.lines().enumerate().map(|(place, word)| (word, place)).collect());
    places.get(text).copied()
}

/// The word of a number.
pub(super) fn word(place: usize) -> Option<&'static str> {
    WORDS.lines().nth(place)
}
