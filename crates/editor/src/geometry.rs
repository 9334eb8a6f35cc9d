//! Points, rectangles and the curves of links, in world units: CSS pixels at 100 % zoom.

use serde::{Deserialize, Serialize};

/// Distance of the grid that nodes snap to.
pub const GRID: f64 = 20.0;

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Grows to the right.
    pub x: f64,
    /// Grows downwards.
    pub y: f64,
}

impl Point {
    /// The point at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to another point.
    pub fn distance(self, other: Self) -> f64 {
        let (dx, dy) = (other.x - self.x, other.y - self.y);
        (dx * dx + dy * dy).sqrt()
    }

    /// The point moved by `dx`, `dy`.
    #[must_use]
    pub const fn moved(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy }
    }

    /// The nearest point of the grid.
    #[must_use]
    pub fn snapped(self) -> Self {
        Self { x: (self.x / GRID).round() * GRID, y: (self.y / GRID).round() * GRID }
    }
}

impl From<[i32; 2]> for Point {
    fn from([x, y]: [i32; 2]) -> Self {
        Self { x: f64::from(x), y: f64::from(y) }
    }
}
impl From<Point> for [i32; 2] {
    fn from(point: Point) -> Self {
        [point.x.round() as i32, point.y.round() as i32]
    }
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Across.
    pub width: f64,
    /// Down.
    pub height: f64,
}

impl Size {
    /// The size `width` by `height`.
    pub const fn new(width: f64, height: f64) -> Self {
        Self { width, height }
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Top left corner.
    pub origin: Point,
    /// How large.
    pub size: Size,
}

impl Rect {
    /// The rectangle at `origin` of `size`.
    pub const fn new(origin: Point, size: Size) -> Self {
        Self { origin, size }
    }

    /// The rectangle that has both points as corners.
    pub fn between(a: Point, b: Point) -> Self {
        let origin = Point::new(a.x.min(b.x), a.y.min(b.y));
        Self { origin, size: Size::new((a.x - b.x).abs(), (a.y - b.y).abs()) }
    }

    /// Right edge.
    pub const fn right(&self) -> f64 {
        self.origin.x + self.size.width
    }

    /// Lower edge.
    pub const fn bottom(&self) -> f64 {
        self.origin.y + self.size.height
    }

    /// The point in the middle.
    pub const fn center(&self) -> Point {
        Point::new(self.origin.x + self.size.width / 2.0, self.origin.y + self.size.height / 2.0)
    }

    /// True when the point lies inside or on the edge.
    pub fn contains(&self, point: Point) -> bool {
        (self.origin.x..=self.right()).contains(&point.x)
            && (self.origin.y..=self.bottom()).contains(&point.y)
    }

    /// True when the two share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.origin.x < other.right()
            && other.origin.x < self.right()
            && self.origin.y < other.bottom()
            && other.origin.y < self.bottom()
    }

    /// The rectangle larger by `margin` on every side.
    #[must_use]
    pub const fn grown(&self, margin: f64) -> Self {
        Self {
            origin: self.origin.moved(-margin, -margin),
            size: Size::new(self.size.width + 2.0 * margin, self.size.height + 2.0 * margin),
        }
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let origin = Point::new(self.origin.x.min(other.origin.x), self.origin.y.min(other.origin.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { origin, size: Size::new(right - origin.x, bottom - origin.y) }
    }
}

/// A side of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Towards smaller x.
    Left,
    /// Towards larger x.
    Right,
    /// Towards smaller y.
    Top,
    /// Towards larger y.
    Bottom,
}

impl Side {
    /// The unit vector that points away from the node.
    pub const fn outward(self) -> (f64, f64) {
        match self {
            Self::Left => (-1.0, 0.0),
            Self::Right => (1.0, 0.0),
            Self::Top => (0.0, -1.0),
            Self::Bottom => (0.0, 1.0),
        }
    }
}

/// A cubic Bezier: source port, its control point, the target's control point, target port.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Curve(pub [Point; 4]);

impl Curve {
    /// The curve from one port to another, leaving and entering at right angles to the nodes' sides.
    pub fn between(from: Point, from_side: Side, to: Point, to_side: Side) -> Self {
        let ((fx, fy), (tx, ty)) = (from_side.outward(), to_side.outward());
        // Where the way between two nodes is short, a longer reach would bend the wire back on itself.
        let ahead = (to.x - from.x) * fx + (to.y - from.y) * fy;
        let most = if ahead > 0.0 { ahead.clamp(24.0, 110.0) } else { 110.0 };
        let reach = (from.distance(to) * 0.5).clamp(24.0, most);
        Self([from, from.moved(fx * reach, fy * reach), to.moved(tx * reach, ty * reach), to])
    }

    /// The point at the parameter `t`, 0 to 1.
    pub fn at(&self, t: f64) -> Point {
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let mut point = Point::default();
        for (weight, control) in weights.iter().zip(&self.0) {
            point = point.moved(weight * control.x, weight * control.y);
        }
        point
    }

    /// The point at a share of the curve's length, about.
    pub fn along(&self, share: f64) -> Point {
        const PIECES: usize = 24;
        let points: Vec<Point> = (0..=PIECES).map(|place| self.at(place as f64 / PIECES as f64)).collect();
        let lengths = points.windows(2).map(|pair| pair[0].distance(pair[1]));
        let mut left = share.clamp(0.0, 1.0) * lengths.clone().sum::<f64>();
        for (place, length) in lengths.enumerate() {
            if left <= length && length > 0.0 {
                return self.at((place as f64 + left / length) / PIECES as f64);
            }
            left -= length;
        }
        self.at(1.0)
    }

    /// How long it is, about.
    pub fn length(&self) -> f64 {
        const PIECES: usize = 8;
        let points: Vec<Point> = (0..=PIECES).map(|place| self.at(place as f64 / PIECES as f64)).collect();
        points.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
    }

    /// The curve as the `d` of an SVG path.
    pub fn svg_path(&self) -> String {
        let [a, b, c, d] = self.0;
        format!("M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_begins_and_ends_at_its_ports() {
        let (from, to) = (Point::new(10.0, 20.0), Point::new(300.0, 80.0));
        let curve = Curve::between(from, Side::Right, to, Side::Left);
        assert_eq!((curve.at(0.0), curve.at(1.0)), (from, to));
        assert!(curve.0[1].x > from.x && curve.0[2].x < to.x);
    }

    #[test]
    fn rectangles_that_share_only_an_edge_do_not_overlap() {
        let a = Rect::new(Point::new(0.0, 0.0), Size::new(10.0, 10.0));
        let b = Rect::new(Point::new(10.0, 0.0), Size::new(10.0, 10.0));
        assert!(!a.overlaps(&b) && a.grown(0.5).overlaps(&b));
        assert_eq!(a.union(&b).size, Size::new(20.0, 10.0));
    }

    /// UI.md section 3: the grid has dots every 20 px.
    #[test]
    fn points_snap_to_the_nearest_dot() {
        assert_eq!(Point::new(29.9, -31.0).snapped(), Point::new(20.0, -40.0));
    }
}
