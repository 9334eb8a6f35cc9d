//! Exponential draws without a logarithm for almost all of them (Marsaglia and Tsang's ziggurat, 256 layers).

use std::sync::LazyLock;

use crate::random::RandomStream;

const LAYERS: usize = 256;
/// Where the tail begins, for 256 layers.
const TAIL: f64 = 7.697_117_470_131_05;
/// The area of each layer.
const AREA: f64 = 0.003_949_659_822_581_572;

struct Tables {
    /// Right edge of each layer.
    x: [f64; LAYERS + 1],
    /// Height of the density at that edge.
    y: [f64; LAYERS + 1],
}

static TABLES: LazyLock<Box<Tables>> = LazyLock::new(|| {
    let mut tables = Box::new(Tables { x: [0.0; LAYERS + 1], y: [0.0; LAYERS + 1] });
    tables.x[0] = AREA / libm::exp(-TAIL);
    tables.x[1] = TAIL;
    tables.y[1] = libm::exp(-TAIL);
    for layer in 2..LAYERS {
        tables.x[layer] = -libm::log(tables.y[layer - 1] + AREA / tables.x[layer - 1]);
        tables.y[layer] = libm::exp(-tables.x[layer]);
    }
    tables.y[LAYERS] = 1.0;
    tables
});

/// A draw from the exponential distribution with mean 1.
#[inline]
pub(crate) fn exponential(random: &mut RandomStream) -> f64 {
    let tables = &**TABLES;
    loop {
        let bits = random.bits();
        let layer = (bits & 0xff) as usize;
        let x = (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64) * tables.x[layer];
        if x < tables.x[layer + 1] {
            return x;
        }
        if layer == 0 {
            return TAIL - libm::log(1.0 - random.unit());
        }
        let (low, high) = (tables.y[layer], tables.y[layer + 1]);
        if low + (high - low) * random.unit() < libm::exp(-x) {
            return x;
        }
    }
}
