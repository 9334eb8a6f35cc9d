//! Sequence numbers: a shard and an index inside, 56 decimal digits when printed (KDS-29 to KDS-31).

use std::fmt;
use std::str::FromStr;

use super::error::{Error, InvalidArgument};
use super::shard_map::ShardId;

/// A record's place: its shard, and how many records that shard took before (KDS-30).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SequenceNumber {
    /// The shard.
    pub shard: ShardId,
    /// 0 for the first record.
    pub index: u64,
}

/// The sequence index in the ending number of a closed shard (KDS-31).
pub const ENDING_SEQUENCE_INDEX: u64 = i64::MAX as u64;

/// The wall-clock second at which every run starts, for printed numbers only: 2026-11-01T00:00:00Z. Ours.
pub const RUN_STARTS_AT_EPOCH_SECONDS: u64 = 1_793_491_200;

/// What a printed sequence number is made of (KDS-30).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintedSequenceNumber {
    /// When the shard was created, in seconds of the epoch; 36 bits.
    pub shard_created_at: u64,
    /// The shard's number.
    pub shard: u32,
    /// Counts the shard's records.
    pub sequence_index: u64,
    /// When the record arrived, in seconds of the epoch; 36 bits.
    pub arrived_at: u64,
}

impl PrintedSequenceNumber {
    /// The 47 hexadecimal digits.
    pub fn to_hex(self) -> String {
        format!(
            "2{:09x}{:x}{:016x}00{:09x}{:08x}2",
            self.shard_created_at,
            self.shard & 0xf,
            self.sequence_index,
            self.arrived_at,
            self.shard
        )
    }

    fn from_hex(hex: &str) -> Option<Self> {
        let field = |from: usize, to: usize| u64::from_str_radix(hex.get(from..to)?, 16).ok();
        let shard = u32::try_from(field(38, 46)?).ok()?;
        let read = Self {
            shard_created_at: field(1, 10)?,
            shard,
            sequence_index: field(11, 27)?,
            arrived_at: field(29, 38)?,
        };
        (read.to_hex() == hex).then_some(read)
    }
}

/// Decimal, as AWS prints it.
impl fmt::Display for PrintedSequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.to_hex();
        let hex = digits.chars().filter_map(|digit| digit.to_digit(16));
        let decimal = convert(hex, 16, 10);
        decimal.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl FromStr for PrintedSequenceNumber {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refusal = Error::InvalidArgumentException(InvalidArgument::SequenceNumber);
        if text.len() > 60 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refusal);
        }
        let decimal = text.chars().filter_map(|digit| digit.to_digit(10));
        let hex: String =
            convert(decimal, 10, 16).into_iter().filter_map(|digit| char::from_digit(digit, 16)).collect();
        Self::from_hex(&hex).ok_or(refusal)
    }
}

/// Digits of one base into digits of another, highest first.
fn convert(digits: impl Iterator<Item = u32>, from: u32, to: u32) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::new();
    for digit in digits {
        let mut carry = digit;
        for place in &mut out {
            carry += *place * from;
            *place = carry % to;
            carry /= to;
        }
        while carry > 0 {
            out.push(carry % to);
            carry /= to;
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-29: numbers of one shard grow with the index.
    #[test]
    fn printed_numbers_have_56_digits_grow_and_can_be_read_back() {
        let mut last = String::new();
        for sequence_index in [0, 1, 9, 1 << 40, ENDING_SEQUENCE_INDEX] {
            let number = PrintedSequenceNumber {
                shard_created_at: RUN_STARTS_AT_EPOCH_SECONDS,
                shard: 17,
                sequence_index,
                arrived_at: RUN_STARTS_AT_EPOCH_SECONDS + 60,
            };
            let text = number.to_string();
            assert_eq!(text.len(), 56);
            assert!(text > last);
            assert_eq!(text.parse(), Ok(number));
            last = text;
        }
        for bad in ["", "12", "x", "99999999999999999999999999999999999999999999999999999999"] {
            assert!(bad.parse::<PrintedSequenceNumber>().is_err(), "{bad}");
        }
    }
}
