//! The words of the format, by number. Never changes: a word that is not here is spelled out.

/// One word a line; the place of the line is the word's number.
const WORDS: &str = include_str!("words.txt");

/// The number of a word.
pub(super) fn place(text: &str) -> Option<usize> {
    WORDS.lines().position(|word| word == text)
}

/// The word of a number.
pub(super) fn word(place: usize) -> Option<&'static str> {
    WORDS.lines().nth(place)
}
