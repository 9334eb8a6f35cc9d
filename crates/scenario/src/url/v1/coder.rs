//! An arithmetic coder: bits that were to be expected take next to no room.

use super::predictor::Predictor;
use crate::url::UrlError;

/// The predictor is never surer than 4,095 to 1: no byte of a link stands for more bytes than this. Ours.
const MAX_EXPANSION: usize = 4_096;
/// The decoder looks four bytes ahead, and up to four zeros at the end are not written.
const MADE_UP_BYTES: usize = 8;

/// Squeezes `data` to what a decoder that starts with the same predictor needs.
pub(super) fn encode(data: &[u8], primed: &Predictor) -> Vec<u8> {
    let mut encoder = Encoder { predictor: primed.clone(), low: 0, high: u32::MAX, out: Vec::new() };
    for byte in data {
        encoder.bit(1);
        bits(*byte).for_each(|bit| encoder.bit(bit));
    }
    encoder.bit(0);
    bits(check(data)).for_each(|bit| encoder.narrow(bit, EVEN));
    encoder.finish()
}

/// The chance of a bit that nothing is known of.
const EVEN: u32 = 1 << 15;

/// The bits of a byte, highest first.
pub(super) fn bits(byte: u8) -> impl Iterator<Item = u32> {
    (0..8).rev().map(move |shift| u32::from(byte >> shift) & 1)
}

/// The opposite of [`encode`].
///
/// # Errors
/// `InflatesTooLarge` before more than `limit` bytes come out; `Corrupt` when the check does not fit.
pub(super) fn decode(bytes: &[u8], primed: &Predictor, limit: usize) -> Result<Vec<u8>, UrlError> {
    let possible = bytes.len().saturating_mul(MAX_EXPANSION);
    let mut decoder = Decoder::new(bytes, primed);
    let mut data = Vec::new();
    while decoder.bit() == 1 {
        if data.len() >= possible || decoder.taken > bytes.len() + MADE_UP_BYTES {
            return Err(UrlError::Corrupt);
        }
        if data.len() == limit {
            return Err(UrlError::InflatesTooLarge);
        }
        data.push((0..8).fold(0, |byte, _| byte << 1 | decoder.bit() as u8));
    }
    let checked = (0..8).fold(0, |byte, _| byte << 1 | decoder.narrow(EVEN) as u8);
    if checked == check(&data) && decoder.taken >= bytes.len() { Ok(data) } else { Err(UrlError::Corrupt) }
}

/// Tells a whole link from a damaged one, most of the time.
fn check(data: &[u8]) -> u8 {
    let hash =
        data.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 8) ^ (hash >> 16) ^ (hash >> 24)) as u8
}

/// Where between `low` and `high` the two cases part; `chance` of a one in 65,536ths.
fn split(low: u32, high: u32, chance: u32) -> u32 {
    let width = u64::from(high - low);
    low + ((width * u64::from(chance)) >> 16) as u32
}

struct Encoder {
    predictor: Predictor,
    low: u32,
    high: u32,
    out: Vec<u8>,
}

impl Encoder {
    fn bit(&mut self, bit: u32) {
        self.narrow(bit, self.predictor.chance_of_one());
        self.predictor.learn(bit);
    }

    fn narrow(&mut self, bit: u32, chance: u32) {
        let middle = split(self.low, self.high, chance);
        if bit == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            self.out.push((self.high >> 24) as u8);
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
        }
    }

    /// As few bytes as tell where the decoder is: zeros follow by themselves.
    fn finish(mut self) -> Vec<u8> {
        let mut point = self.high;
        for kept in 0..4 {
            let mask = if kept == 0 { 0 } else { u32::MAX << (32 - 8 * kept) };
            if self.high & mask >= self.low {
                point = self.high & mask;
                break;
            }
        }
        let kept = 4 - (point.trailing_zeros() as usize / 8).min(4);
        self.out.extend(&point.to_be_bytes()[..kept]);
        self.out
    }
}

struct Decoder<'a> {
    predictor: Predictor,
    low: u32,
    high: u32,
    window: u32,
    bytes: &'a [u8],
    taken: usize,
}

impl<'a> Decoder<'a> {
    fn new(bytes: &'a [u8], primed: &Predictor) -> Self {
        let predictor = primed.clone();
        let mut decoder = Self { predictor, low: 0, high: u32::MAX, window: 0, bytes, taken: 0 };
        (0..4).for_each(|_| decoder.shift());
        decoder
    }

    fn shift(&mut self) {
        let next = self.bytes.get(self.taken).copied().unwrap_or(0);
        self.window = self.window << 8 | u32::from(next);
        self.taken += 1;
    }

    fn bit(&mut self) -> u32 {
        let bit = self.narrow(self.predictor.chance_of_one());
        self.predictor.learn(bit);
        bit
    }

    fn narrow(&mut self, chance: u32) -> u32 {
        let middle = split(self.low, self.high, chance);
        let bit = u32::from(self.window <= middle);
        if bit == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
            self.shift();
        }
        bit
    }
}
