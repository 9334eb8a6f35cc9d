//! One rule of a key's list, and whether one value satisfies it.

use std::net::IpAddr;

/// A value that a message offers under a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Candidate<'message> {
    String(&'message str),
    Number(f64),
    Boolean(bool),
    Null,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rule {
    String(String),
    Number(f64),
    Boolean(bool),
    Null,
    Text(TextPattern),
    AnythingButStrings(Vec<String>),
    AnythingButNumbers(Vec<f64>),
    AnythingButText(TextPattern),
    Numeric(NumericRange),
    Cidr(Cidr),
    Exists(bool),
}

/// The operators that compare text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TextPattern {
    Prefix(String),
    Suffix(String),
    EqualsIgnoreCase(String),
    Wildcard(Wildcard),
}

/// `numeric`: both ends optional. `=` is a range whose ends are the same and included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NumericRange {
    pub(super) bottom: Option<Bound>,
    pub(super) top: Option<Bound>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) value: f64,
    pub(super) included: bool,
}

/// A wildcard pattern cut at its stars, escapes resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wildcard {
    pub(super) pattern: String,
    pub(super) pieces: Vec<String>,
}

/// A block of addresses; host bits of the address count for nothing (`SNS-236`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cidr {
    pub(super) address: IpAddr,
    pub(super) mask_bits: u32,
}

impl Rule {
    /// Whether a value that is present satisfies the rule (`SNS-220` to `SNS-238`).
    pub(super) fn holds(&self, candidate: Candidate<'_>) -> bool {
        match (self, candidate) {
            (Self::String(wanted), Candidate::String(value)) => wanted == value,
            (Self::Number(wanted), Candidate::Number(value)) => *wanted == value,
            (Self::Boolean(wanted), Candidate::Boolean(value)) => *wanted == value,
            (Self::Null, Candidate::Null) => true,
            (Self::Text(pattern), Candidate::String(value)) => pattern.fits(value),
            (Self::AnythingButStrings(list), Candidate::String(value)) => !list.iter().any(|s| s == value),
            (Self::AnythingButNumbers(list), Candidate::Number(value)) => !list.contains(&value),
            (Self::AnythingButText(pattern), Candidate::String(value)) => !pattern.fits(value),
            // A value of another type is not in the list (SNS-228).
            (Self::AnythingButStrings(_) | Self::AnythingButNumbers(_) | Self::AnythingButText(_), _) => true,
            (Self::Numeric(range), Candidate::Number(value)) => range.contains(value),
            (Self::Cidr(block), Candidate::String(value)) => block.contains(value),
            // The guide wants a value that is not null (SNS-237).
            (Self::Exists(true), value) => value != Candidate::Null,
            _ => false,
        }
    }
}

impl TextPattern {
    fn fits(&self, value: &str) -> bool {
        match self {
            Self::Prefix(prefix) => value.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => value.ends_with(suffix.as_str()),
            Self::EqualsIgnoreCase(wanted) => equal_ignoring_case(wanted, value),
            Self::Wildcard(wildcard) => wildcard.fits(value),
        }
    }
}

impl NumericRange {
    fn contains(&self, value: f64) -> bool {
        self.bottom.is_none_or(|b| value > b.value || (b.included && value == b.value))
            && self.top.is_none_or(|t| value < t.value || (t.included && value == t.value))
    }
}

impl Wildcard {
    /// Stars in the pattern.
    pub(super) fn stars(&self) -> usize {
        self.pieces.len() - 1
    }

    fn fits(&self, value: &str) -> bool {
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.pieces.iter().all(|only| only == value);
        };
        let Some(mut rest) = value.strip_prefix(first.as_str()).and_then(|v| v.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for piece in middle {
            let Some(at) = rest.find(piece.as_str()) else { return false };
            rest = &rest[at + piece.len()..];
        }
        true
    }
}

impl Cidr {
    fn contains(&self, value: &str) -> bool {
        let Ok(address) = value.parse() else { return false };
        match (self.address, address) {
            (IpAddr::V4(block), IpAddr::V4(address)) => {
                let shift = u32::BITS - self.mask_bits;
                let differs = block.to_bits() ^ address.to_bits();
                differs.checked_shr(shift).unwrap_or(0) == 0
            }
            (IpAddr::V6(block), IpAddr::V6(address)) => {
                let shift = u128::BITS - self.mask_bits;
                let differs = block.to_bits() ^ address.to_bits();
                differs.checked_shr(shift).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Simple case folding: character by character, so no change of length (`SNS-226`).
pub(super) fn equal_ignoring_case(left: &str, right: &str) -> bool {
    left.chars().map(fold).eq(right.chars().map(fold))
}

fn fold(character: char) -> char {
    // Through upper case first: it unites letters with two lower-case forms, such as the Greek sigmas.
    let upper = single(character.to_uppercase()).unwrap_or(character);
    single(upper.to_lowercase()).unwrap_or(upper)
}

fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    let first = mapped.next()?;
    mapped.next().is_none().then_some(first)
}
