//! The shape of a link, measured so that a mark moves along it at constant speed.

/// A point in world coordinates (the diagram's own units, CSS pixels at 100 % zoom).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Grows to the right.
    pub x: f64,
    /// Grows downwards.
    pub y: f64,
}

/// The wire of one link: a cubic Bezier in world coordinates, from the source port to the target port.
/// Its index in the slice given to [`set_curves`](super::Painter::set_curves) is the link's number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Curve {
    /// Source port, its control point, the target's control point, target port.
    pub points: [Point; 4],
}

impl Curve {
    /// The point at the Bezier parameter `t` (0 to 1). Equal steps of `t` are not equal distances.
    #[must_use]
    pub fn at(&self, t: f64) -> Point {
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let mut point = Point::default();
        for (weight, control) in weights.iter().zip(&self.points) {
            point.x += weight * control.x;
            point.y += weight * control.y;
        }
        point
    }
}

/// Pieces of equal length that a wire is cut into.
pub const PIECES: usize = 64;

/// A wire as [`PIECES`] chords of equal length: position by share of the way instead of Bezier parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ArcTable {
    /// The ends of the pieces, world coordinates.
    pub points: [[f32; 2]; PIECES + 1],
    /// Length of the wire, world units.
    pub length: f32,
    /// Unit vector across the wire towards its lower side (to the right of a vertical wire).
    pub below: [f32; 2],
}

impl ArcTable {
    /// Measures a wire.
    #[must_use]
    pub fn new(curve: &Curve) -> Self {
        const FINE: usize = 4 * PIECES;
        let mut walked = [0.0_f64; FINE + 1];
        let mut previous = curve.at(0.0);
        for step in 1..=FINE {
            let here = curve.at(step as f64 / FINE as f64);
            walked[step] = walked[step - 1] + (here.x - previous.x).hypot(here.y - previous.y);
            previous = here;
        }
        let length = walked[FINE];
        let mut points = [[0.0_f32; 2]; PIECES + 1];
        let mut step = 0;
        for (piece, point) in points.iter_mut().enumerate() {
            let wanted = length * piece as f64 / PIECES as f64;
            while step + 1 < FINE && walked[step + 1] < wanted {
                step += 1;
            }
            let span = walked[step + 1] - walked[step];
            let inside = if span > 0.0 { (wanted - walked[step]) / span } else { 0.0 };
            let here = curve.at((step as f64 + inside) / FINE as f64);
            *point = [here.x as f32, here.y as f32];
        }
        Self { points, length: length as f32, below: below(curve) }
    }

    /// The point at a share of the way, 0 (source) to 1 (target); outside that range the nearer end.
    #[must_use]
    pub fn at(&self, share: f32) -> [f32; 2] {
        let place = share.clamp(0.0, 1.0) * PIECES as f32;
        let piece = (place as usize).min(PIECES - 1);
        let inside = place - piece as f32;
        let ([x0, y0], [x1, y1]) = (self.points[piece], self.points[piece + 1]);
        [x0 + (x1 - x0) * inside, y0 + (y1 - y0) * inside]
    }
}

/// One direction for the whole wire, so that a returning mark's arc has no kink where an S turns over.
fn below(curve: &Curve) -> [f32; 2] {
    let [from, .., to] = curve.points;
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let distance = dx.hypot(dy);
    if distance == 0.0 {
        return [0.0, 1.0];
    }
    let (x, y) = (-dy / distance, dx / distance);
    let flip = if y.abs() > 1e-3 { y.signum() } else { x.signum() };
    [(x * flip) as f32, (y * flip) as f32]
}

/// Wires by link number. Only wires that changed are measured again: dragging one node of a thousand
/// costs its own links.
#[derive(Debug, Default)]
pub struct Wires {
    curves: Vec<Curve>,
    tables: Vec<ArcTable>,
}

impl Wires {
    /// Takes the new wires and calls `changed` with the number of each one that is new or different.
    /// Returns whether anything is different.
    pub fn set(&mut self, curves: &[Curve], mut changed: impl FnMut(usize, &ArcTable)) -> bool {
        let mut different = curves.len() != self.curves.len();
        self.curves.truncate(curves.len());
        self.tables.truncate(curves.len());
        for (link, curve) in curves.iter().enumerate() {
            if self.curves.get(link) == Some(curve) {
                continue;
            }
            different = true;
            let table = ArcTable::new(curve);
            changed(link, &table);
            if link < self.curves.len() {
                self.curves[link] = *curve;
                self.tables[link] = table;
            } else {
                self.curves.push(*curve);
                self.tables.push(table);
            }
        }
        different
    }

    /// The measured wires by link number.
    #[must_use]
    pub fn tables(&self) -> &[ArcTable] {
        &self.tables
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    pub(super) fn curve(points: [[f64; 2]; 4]) -> Curve {
        Curve { points: points.map(|[x, y]| Point { x, y }) }
    }

    fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    /// UI.md section 11: marks move at constant speed, also where the Bezier parameter bunches up.
    #[test]
    fn equal_shares_are_equal_distances() {
        let table = ArcTable::new(&curve([[0.0, 0.0], [300.0, 0.0], [0.0, 200.0], [300.0, 200.0]]));
        let piece = table.length / PIECES as f32;
        for pair in table.points.windows(2) {
            assert!(
                (distance(pair[0], pair[1]) - piece).abs() < 0.02 * piece,
                "{pair:?} is not {piece} long"
            );
        }
        assert_eq!(table.at(0.0), [0.0, 0.0]);
        assert!(distance(table.at(1.0), [300.0, 200.0]) < 1e-3);
    }

    #[test]
    fn below_points_down_or_right_whatever_the_direction() {
        for (to, expected) in
            [([100.0, 0.0], [0.0, 1.0]), ([-100.0, 0.0], [0.0, 1.0]), ([0.0, 100.0], [1.0, 0.0])]
        {
            let table = ArcTable::new(&curve([[0.0, 0.0], [0.0, 0.0], to, to]));
            assert!(distance(table.below, expected) < 1e-6, "{to:?} gives {:?}", table.below);
        }
    }

    #[test]
    fn only_changed_wires_are_measured_again() {
        let straight = curve([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0], [30.0, 0.0]]);
        let moved = curve([[0.0, 5.0], [10.0, 5.0], [20.0, 5.0], [30.0, 5.0]]);
        let mut wires = Wires::default();
        let mut seen = Vec::new();
        assert!(wires.set(&[straight, straight, straight], |link, _| seen.push(link)));
        assert!(wires.set(&[straight, moved, straight], |link, _| seen.push(link)));
        assert!(!wires.set(&[straight, moved, straight], |link, _| seen.push(link)));
        assert_eq!(seen, [0, 1, 2, 1]);
    }

    #[test]
    fn a_wire_without_length_is_a_point() {
        let table = ArcTable::new(&curve([[7.0, 8.0]; 4]));
        assert_eq!((table.length, table.at(0.5)), (0.0, [7.0, 8.0]));
    }
}
