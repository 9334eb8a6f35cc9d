//! A scenario in a link: the fragment after `#`.

mod link;
mod v1;

use std::fmt;

pub use link::{ENGINE, LONG_LINK_CHARACTERS, Link, OPTIONS, SHORT_LINK_CHARACTERS, read, write};

use crate::limits::MAX_FRAGMENT_CHARACTERS;
use crate::model::Scenario;
use crate::parse::Parsed;

/// The fragment of a link, without `#`, such as `s1.AbC…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    text: String,
    fits: bool,
}

impl Fragment {
    /// The fragment as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// False for a scenario that is too large for a link: [`decode`] refuses it, and a file is the way.
    pub fn fits(&self) -> bool {
        self.fits
    }
}
impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a fragment cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// It was written in a way this release does not know.
    UnknownCodec {
        /// What stands before the first dot.
        prefix: String,
    },
    /// It is longer than any link may be.
    TooLong {
        /// Its characters.
        characters: usize,
    },
    /// It contains characters that no link contains.
    NotBase64,
    /// It is cut off or was changed on the way.
    Corrupt,
    /// What it holds is larger than any document may be.
    InflatesTooLarge,
    /// It neither brings a document nor names one.
    NoDocument,
    /// It names a scenario that the gallery does not have.
    NotInTheGallery {
        /// The name.
        name: String,
    },
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCodec { prefix } => {
                write!(
                    f,
                    "This link begins with {prefix:?}, which this release cannot read. It may come from a newer one."
                )
            }
            Self::TooLong { characters } => {
                write!(f, "This link has {characters} characters; {MAX_FRAGMENT_CHARACTERS} is the most.")
            }
            Self::NotBase64 => f.write_str("This link contains characters that do not belong in it."),
            Self::Corrupt => f.write_str("This link is cut off or was changed on its way."),
            Self::NoDocument => {
                f.write_str("This link neither holds a diagram nor names one of the gallery.")
            }
            Self::NotInTheGallery { name } => {
                write!(f, "This link names the scenario {name:?}, which the gallery does not have.")
            }
            Self::InflatesTooLarge => f.write_str("This link holds more than a document may hold."),
        }
    }
}
impl std::error::Error for UrlError {}

/// Puts a scenario into a fragment.
pub fn encode(scenario: &Scenario) -> Fragment {
    let (payload, fits) = v1::encode(scenario);
    let text = format!("{}.{payload}", v1::PREFIX);
    Fragment { fits: fits && text.len() <= MAX_FRAGMENT_CHARACTERS, text }
}

/// Takes a scenario out of a fragment, with or without `#`. Whatever follows `&` is for others.
///
/// # Errors
/// Why the fragment cannot be read. What is wrong inside the document is in the diagnostics.
pub fn decode(fragment: &str) -> Result<Parsed, UrlError> {
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let fragment = fragment.split('&').next().unwrap_or_default();
    if fragment.len() > MAX_FRAGMENT_CHARACTERS {
        return Err(UrlError::TooLong { characters: fragment.len() });
    }
    let (prefix, payload) = fragment.split_once('.').unwrap_or((fragment, ""));
    match prefix {
        v1::PREFIX => v1::decode(payload),
        _ => Err(UrlError::UnknownCodec { prefix: prefix.chars().take(16).collect() }),
    }
}

/// The tokens that a link of the first codec squeezes. For tests of what strangers write.
#[doc(hidden)]
pub fn tokens(scenario: &Scenario) -> Vec<u8> {
    v1::tokens(scenario)
}

/// A link of the first codec that holds any tokens. For tests of what strangers write.
#[doc(hidden)]
pub fn link_of_tokens(tokens: &[u8]) -> String {
    format!("{}.{}", v1::PREFIX, v1::of_tokens(tokens))
}
