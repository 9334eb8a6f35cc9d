//! How likely the next bit is a one: several guesses from what came before, mixed by how well each has guessed.
//!
//! Context mixing after Matt Mahoney's lpaq, in whole numbers only, so that every machine predicts the same.

use super::coder::bits;
use super::tree;

/// How many guesses are mixed.
const GUESSES: usize = 9;
/// Each guess remembers what it saw in so many slots.
const SLOT_BITS: u32 = 15;
/// A slot that has seen so much changes no faster any more.
const SLOWEST: u8 = 60;
/// What a guess counts before it has shown its worth, in 65,536ths.
const FIRST_WEIGHT: i32 = 19_660;
/// One for each bit of a byte after the bits before it, twice.
const WEIGHT_SETS: usize = 512;
/// How fast the mixer learns.
const LEARNING_RATE: i32 = 14;

#[derive(Clone, Copy)]
struct Slot {
    /// Chance of a one, in 65,536ths.
    chance: u16,
    seen: u8,
}

/// The guesses, and what they were worth so far.
#[derive(Clone)]
pub(super) struct Predictor {
    slots: Vec<Slot>,
    /// How much each guess counts, for each place in the byte, inside and outside of texts.
    weights: Vec<[i32; GUESSES]>,
    stretched: Vec<i16>,
    /// How far a slot moves after having seen so much, in 32,768ths.
    rates: [i32; SLOWEST as usize + 1],
    /// Hash of what each guess looks at.
    contexts: [u32; GUESSES],
    /// The slots of the next bit, what they guess, and all of it mixed; guesses are ln(p / (1 - p)) × 256.
    places: [usize; GUESSES],
    guesses: [i32; GUESSES],
    mixed: i32,
    /// The bits of the byte so far, behind a one; zero before "there is another byte" is known.
    partial: u32,
    history: Vec<u8>,
    /// Hash of all bytes since the last word of the format.
    field: u32,
    /// Hash of the letters of the word a text is in.
    word: u32,
    in_text: bool,
}

impl Predictor {
    /// A predictor that has seen `primer`.
    pub(super) fn primed(primer: &[Vec<u8>]) -> Self {
        let stretched = stretch_table();
        let mut predictor = Self {
            slots: vec![Slot { chance: 1 << 15, seen: 0 }; GUESSES << SLOT_BITS],
            weights: vec![[FIRST_WEIGHT; GUESSES]; WEIGHT_SETS],
            stretched,
            rates: std::array::from_fn(|seen| 65_536 / (2 * seen as i32 + 3)),
            contexts: [0; GUESSES],
            places: [0; GUESSES],
            guesses: [0; GUESSES],
            mixed: 0,
            partial: 0,
            history: Vec::new(),
            field: 0,
            word: 0,
            in_text: false,
        };
        predictor.look();
        for document in primer {
            for byte in document {
                predictor.learn(1);
                bits(*byte).for_each(|bit| predictor.learn(bit));
            }
            predictor.learn(0);
        }
        predictor
    }

    /// The chance that the next bit is a one, in 65,536ths.
    pub(super) fn chance_of_one(&self) -> u32 {
        (squash(self.mixed) as u32 * 16).clamp(1, 65_535)
    }

    /// The bit was `bit`.
    pub(super) fn learn(&mut self, bit: u32) {
        let error = ((bit as i32) << 12) - squash(self.mixed);
        let set = self.weight_set();
        for (weight, guess) in self.weights[set].iter_mut().zip(self.guesses) {
            *weight += (guess * error * LEARNING_RATE + (1 << 13)) >> 14;
        }
        for place in self.places {
            let slot = &mut self.slots[place];
            let target = if bit == 1 { 65_535 } else { 0 };
            let step = ((target - i32::from(slot.chance)) * self.rates[usize::from(slot.seen)]) >> 15;
            slot.chance = (i32::from(slot.chance) + step) as u16;
            slot.seen = (slot.seen + 1).min(SLOWEST);
        }
        self.advance(bit);
        self.look();
    }

    fn weight_set(&self) -> usize {
        self.partial as usize + if self.in_text { WEIGHT_SETS / 2 } else { 0 }
    }

    fn advance(&mut self, bit: u32) {
        self.partial = match (self.partial, bit) {
            (0, 1) => 1,
            (0, _) => return self.start_again(),
            (partial, bit) => partial << 1 | bit,
        };
        if self.partial >= 256 {
            let byte = self.partial as u8;
            self.partial = 0;
            self.history.push(byte);
            self.read(byte);
            self.new_contexts();
        }
    }

    /// Follows where in the tree the byte stands.
    fn read(&mut self, byte: u8) {
        if self.in_text {
            let letter = byte.is_ascii_alphabetic();
            self.word = if letter { hash(self.word, byte.to_ascii_lowercase().into()) } else { 0 };
            self.in_text = byte != tree::END_OF_TEXT;
        } else {
            self.in_text = tree::begins_text(byte);
        }
        // The guess called `field` looks back to the last word of the format.
        let is_word = byte >= tree::FIRST_WORD && byte != tree::END_OF_TEXT && !self.in_text;
        self.field = if is_word { u32::from(byte) } else { hash(self.field, byte.into()) };
    }

    fn start_again(&mut self) {
        self.history.clear();
        (self.field, self.word, self.in_text) = (0, 0, false);
        self.new_contexts();
    }

    fn new_contexts(&mut self) {
        let recent = |n: usize| {
            let start = self.history.len().saturating_sub(n);
            self.history[start..].iter().fold(n as u32, |sum, byte| hash(sum, u32::from(*byte)))
        };
        let mode = u32::from(self.in_text);
        let last = self.history.last().copied().map_or(0, u32::from);
        self.contexts = [
            mode,
            recent(1),
            recent(2),
            recent(3),
            recent(4),
            recent(6),
            self.field,
            hash(self.word, last),
            hash(mode, last),
        ];
    }

    fn look(&mut self) {
        let mut sum = 0_i64;
        let set = self.weight_set();
        for index in 0..GUESSES {
            let slot = hash(self.contexts[index].wrapping_mul(31), self.partial + 1) >> (32 - SLOT_BITS);
            let place = index << SLOT_BITS | slot as usize;
            self.places[index] = place;
            let Slot { chance, .. } = self.slots[place];
            self.guesses[index] = i32::from(self.stretched[usize::from(chance >> 4)]);
            sum += i64::from(self.guesses[index]) * i64::from(self.weights[set][index]);
        }
        self.mixed = (sum >> 16).clamp(-2_047, 2_047) as i32;
    }
}

fn hash(sum: u32, value: u32) -> u32 {
    let mixed = (sum ^ value.wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca6b);
    mixed ^ (mixed >> 15)
}

/// 4,096 / (1 + e^(-x / 256)).
fn squash(x: i32) -> i32 {
    const CURVE: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607,
        3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ];
    let x = x.clamp(-2_047, 2_047);
    let (between, place) = (x & 127, ((x >> 7) + 16) as usize);
    (CURVE[place] * (128 - between) + CURVE[place + 1] * between + 64) >> 7
}

/// The inverse of [`squash`].
fn stretch_table() -> Vec<i16> {
    let mut table = vec![2_047; 4_096];
    let mut next = 0;
    for x in -2_047..=2_047 {
        let chance = squash(x) as usize;
        while next <= chance {
            table[next] = x as i16;
            next += 1;
        }
    }
    table
}
