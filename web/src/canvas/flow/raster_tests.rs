//! The software painter writes the right pixels and takes them away again.

use super::super::geometry::Point;
use super::super::marks::MarkStyle;
use super::super::sprite::pack;
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CAMERA: Camera =
    Camera { x: 0.0, y: 0.0, scale: 1.0, width: 200.0, height: 60.0, device_pixel_ratio: 1.0 };

fn surface(capacity: usize) -> RasterSurface {
    let mut surface = RasterSurface::new(capacity);
    surface.set_curves(&[Curve { points: [20.0, 60.0, 140.0, 180.0].map(|x| Point { x, y: 30.0 }) }]);
    surface
}

fn mark(departs: f64, category: u8) -> Mark {
    Mark { link: 0, departs, arrives: departs + 1.0, category, style: MarkStyle::Travelling }
}

/// Mean place of all pixels that carry an ink.
fn centre(surface: &RasterSurface, ink: u32) -> Option<[f64; 2]> {
    let found: Vec<usize> =
        (0..surface.pixels().len()).filter(|place| surface.pixels()[*place] == ink | 0xff00_0000).collect();
    let mean = |part: fn(usize) -> usize| {
        found.iter().map(|place| part(*place) as f64 + 0.5).sum::<f64>() / found.len() as f64
    };
    (!found.is_empty()).then(|| [mean(|place| place % 200), mean(|place| place / 200)])
}

fn assert_near(found: Option<[f64; 2]>, expected: [f64; 2]) {
    let near = found.is_some_and(|[x, y]| (x - expected[0]).abs() < 0.6 && (y - expected[1]).abs() < 0.6);
    assert!(near, "{found:?} is not near {expected:?}");
}

#[test]
fn a_mark_is_where_the_clock_puts_it() {
    let mut surface = surface(10);
    let ink = pack(Palette::default().categories[0]);
    surface.add_marks(&[mark(0.0, 0)]);
    for (now, x) in [(0.25, 60.0), (0.5, 100.0), (0.75, 140.0)] {
        surface.paint(now, &CAMERA, 1.0);
        assert_near(centre(&surface, ink), [x, 30.0]);
    }
    surface.paint(1.0, &CAMERA, 1.0);
    assert!(surface.pixels().iter().all(|pixel| *pixel == 0), "nothing is left after arrival");
}

#[test]
fn only_what_changed_is_handed_on() {
    let mut surface = surface(10);
    assert_eq!(surface.paint(0.0, &CAMERA, 1.0), Some(Area { left: 0, top: 0, right: 200, bottom: 60 }));
    assert_eq!(surface.paint(0.1, &CAMERA, 1.0), None);
    surface.add_marks(&[mark(0.1, 0)]);
    surface.paint(0.35, &CAMERA, 1.0);
    let area = surface.paint(0.36, &CAMERA, 1.0).expect("a moving mark");
    assert!(area.left > 45 && area.right < 75 && area.top > 18 && area.bottom < 42, "{area:?}");
    assert!(surface.paint(1.2, &CAMERA, 1.0).is_some(), "its last picture is taken away");
    assert_eq!(surface.paint(1.3, &CAMERA, 1.0), None);
}

#[test]
fn pan_zoom_and_density_follow_the_camera() {
    let mut surface = surface(10);
    let ink = pack(Palette::default().categories[1]);
    surface.add_marks(&[mark(0.0, 1)]);
    let camera = Camera { x: 40.0, y: 10.0, scale: 0.5, width: 100.0, height: 30.0, ..CAMERA };
    surface.paint(0.5, &camera, 2.0);
    assert_near(centre(&surface, ink), [60.0, 20.0]);
}

/// UI.md section 1 rule 2: the refused mark is an outline below the wire.
#[test]
fn a_refused_mark_comes_back_below_the_wire() {
    let mut surface = surface(10);
    let palette = Palette::default();
    surface.add_marks(&[Mark { style: MarkStyle::Refused, ..mark(0.0, 0) }]);
    surface.paint(0.5, &CAMERA, 1.0);
    assert_near(centre(&surface, pack(palette.categories[0])), [100.0, 30.0]);
    surface.paint(1.0 + 0.155, &CAMERA, 1.0);
    assert_eq!(centre(&surface, pack(palette.categories[0])), None);
    let lowest = surface.pixels().iter().rposition(|pixel| *pixel != 0).expect("drawn") / 200;
    assert!((50..58).contains(&lowest), "{lowest}");
}

#[test]
fn many_marks_on_a_wire_cost_no_more_than_its_length() {
    let mut surface = surface(20_000);
    let marks: Vec<Mark> = (0..20_000).map(|index| mark(f64::from(index) / 20_000.0, 0)).collect();
    surface.add_marks(&marks);
    surface.paint(0.999_99, &CAMERA, 1.0);
    assert_eq!(surface.drawn.len(), 160);
    assert_eq!(surface.store.overflowed(), 0);
}

#[test]
fn marks_at_the_border_are_cut_off() {
    let mut surface = surface(10);
    surface.add_marks(&[mark(0.0, 0)]);
    let camera = Camera { x: 100.0, y: 30.0, ..CAMERA };
    surface.paint(0.5, &camera, 1.0);
    assert_ne!(surface.pixels()[0], 0);
    surface.paint(1.5, &camera, 1.0);
    assert!(surface.pixels().iter().all(|pixel| *pixel == 0));
}

#[test]
fn marks_on_unknown_wires_are_not_drawn() {
    let mut surface = surface(10);
    surface.add_marks(&[Mark { link: 7, ..mark(0.0, 0) }]);
    surface.paint(0.5, &CAMERA, 1.0);
    assert!(surface.pixels().iter().all(|pixel| *pixel == 0));
}

#[test]
fn a_band_is_redrawn_under_marks_and_gone_when_taken_away() {
    let mut surface = surface(10);
    let band = Band { link: 0, width: 8.0, shares: [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], notch_speed: 40.0 };
    surface.set_bands(&[band]);
    surface.add_marks(&[mark(0.0, 1)]);
    surface.paint(0.5, &CAMERA, 1.0);
    assert_ne!(surface.pixels()[30 * 200 + 50], 0);
    surface.paint(2.0, &CAMERA, 1.0);
    assert_ne!(surface.pixels()[30 * 200 + 100], 0, "the band closes behind the mark");
    surface.set_bands(&[]);
    surface.paint(2.1, &CAMERA, 1.0);
    assert!(surface.pixels().iter().all(|pixel| *pixel == 0));
}
