//! Seeded random streams: xoshiro256++, integers first, no call that differs between machines.

use serde::{Deserialize, Serialize};

/// The seed of a run. The same document and the same seed give the same run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Default for Seed {
    fn default() -> Self {
        Self(1)
    }
}

impl Seed {
    /// A stream of its own for `owner` and `purpose`, keyed by name: adding a component never changes the
    /// draws of another.
    pub fn stream(self, owner: &str, purpose: &str) -> RandomStream {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in owner.bytes().chain([0]).chain(purpose.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        RandomStream::new(hash ^ self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// A reproducible stream of random numbers.
#[derive(Clone, Debug)]
pub struct RandomStream {
    state: [u64; 4],
}

impl RandomStream {
    fn new(mut seed: u64) -> Self {
        let state = std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = seed;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        });
        Self { state }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let state = &mut self.state;
        let result = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        result
    }

    /// A number in `0..bound`; zero when `bound` is zero.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in `[0, 1)` with 53 random bits.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// True with the given probability; nothing is drawn for 0 and below, or for 1 and above.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        if probability <= 0.0 {
            false
        } else if probability >= 1.0 {
            true
        } else {
            self.unit() < probability
        }
    }

    /// A draw from the exponential distribution with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        crate::ziggurat::exponential(self)
    }

    /// A draw from the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(2.0 * self.exponential());
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_depend_on_seed_owner_and_purpose_alone() {
        let first = Seed(7).stream("orders", "work").bits();
        assert_eq!(first, Seed(7).stream("orders", "work").bits());
        assert_ne!(first, Seed(8).stream("orders", "work").bits());
        assert_ne!(first, Seed(7).stream("orders", "arrivals").bits());
        assert_ne!(first, Seed(7).stream("order", "swork").bits());
    }

    #[test]
    fn draws_have_the_means_they_should() {
        let mut random = Seed(3).stream("test", "means");
        let count = 200_000;
        let exponential: f64 = (0..count).map(|_| random.exponential()).sum::<f64>() / f64::from(count);
        let normal: f64 = (0..count).map(|_| random.normal()).sum::<f64>() / f64::from(count);
        let below: u64 = (0..count).map(|_| random.below(10)).sum();
        let mut longer_than_two = 0.0;
        for _ in 0..count {
            longer_than_two += if random.exponential() > 2.0 { 1.0 } else { 0.0 };
        }
        assert!((exponential - 1.0).abs() < 0.02, "{exponential}");
        assert!((longer_than_two / f64::from(count) - 0.1353).abs() < 0.003, "{longer_than_two}");
        assert!(normal.abs() < 0.02, "{normal}");
        assert!((below as f64 / f64::from(count) - 4.5).abs() < 0.05);
    }
}
