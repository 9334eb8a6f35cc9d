//! Where nodes stand: as in the document, or where there is room.

use std::collections::BTreeMap;
use std::sync::Arc;

use messaging::LogicalId;
use scenario::Scenario;

use crate::geometry::{GRID, Point, Rect, Size};
use crate::view::card::UPRIGHT_SIZE;
use crate::view::links::drawn_links;

/// The top left corner of every node.
pub type Places = BTreeMap<LogicalId, Point>;

/// Space between two columns.
const COLUMN_GAP: f64 = 100.0;
/// Space between two nodes of a column.
const ROW_GAP: f64 = 40.0;
/// Where an arranged diagram begins.
const ORIGIN: Point = Point::new(60.0, 100.0);

/// Every node's place: the document's, or one of an arranged diagram for those that have none.
pub(crate) fn places(scenario: &Scenario, size: &dyn Fn(&LogicalId) -> Size) -> Arc<Places> {
    let mut places: Places = scenario
        .layout
        .iter()
        .filter(|(id, _)| scenario.resources.contains_key(*id))
        .map(|(id, at)| (id.clone(), Point::from(*at)))
        .collect();
    if places.len() < scenario.resources.len() {
        let mut taken = taken(&places, size);
        for (id, at) in arrange(scenario, size) {
            if places.contains_key(&id) {
                continue;
            }
            let size = size(&id);
            let free = free_place(&taken, size, at);
            taken.push(Rect::new(free, size).grown(CLEARANCE));
            places.insert(id, free);
        }
    }
    Arc::new(places)
}

/// All nodes in columns, in the direction of flow.
pub(crate) fn arrange(scenario: &Scenario, size: &dyn Fn(&LogicalId) -> Size) -> Places {
    let mut columns: Vec<Vec<&LogicalId>> = Vec::new();
    let depth = depths(scenario);
    for (place, id) in scenario.resources.keys().enumerate() {
        columns.resize(columns.len().max(depth[place] + 1), Vec::new());
        columns[depth[place]].push(id);
    }
    let mut places = Places::new();
    let mut x = ORIGIN.x;
    for column in &mut columns {
        order_column(scenario, column, &places);
        let mut y = ORIGIN.y;
        let mut widest: f64 = 0.0;
        for id in column {
            let size = size(id);
            places.insert((*id).clone(), Point::new(x, y).snapped());
            y += size.height + ROW_GAP;
            widest = widest.max(size.width);
        }
        x += widest + COLUMN_GAP;
    }
    places
}

/// Space between two rows of an upright diagram: room for the marks and a pill.
const UPRIGHT_ROW_GAP: f64 = 48.0;
/// Space between two cards of a row, and left and right of them.
const UPRIGHT_GAP: f64 = 12.0;
/// More cards than these in a row are too narrow to be read; the others stand in the next row.
const UPRIGHT_CARDS: usize = 4;
/// The narrowest card whose name can be read.
const UPRIGHT_LEAST_WIDTH: f64 = 88.0;

/// All nodes in rows, in the direction of flow, on a page so wide; and the size of their cards. The document's own
/// places are left as they are.
pub(crate) fn arrange_upright(scenario: &Scenario, width: f64) -> (Places, Size) {
    let depth = depths(scenario);
    let mut layers: Vec<Vec<&LogicalId>> = vec![Vec::new(); depth.iter().max().map_or(0, |most| most + 1)];
    for (place, id) in scenario.resources.keys().enumerate() {
        layers[depth[place]].push(id);
    }
    // A layer that needs several rows has about as many cards in each.
    let in_row = |layer: &Vec<_>| layer.len().div_ceil(layer.len().div_ceil(UPRIGHT_CARDS).max(1)).max(1);
    let widest = layers.iter().map(in_row).max().unwrap_or(1) as f64;
    let room = (width - UPRIGHT_GAP * (widest + 1.0)) / widest;
    let card = Size::new(room.clamp(UPRIGHT_LEAST_WIDTH, UPRIGHT_SIZE.width).floor(), UPRIGHT_SIZE.height);
    // Across and down are exchanged until the end: a row is ordered as a column is.
    let mut turned = Places::new();
    let mut top = 0.0;
    for layer in &mut layers {
        order_column(scenario, layer, &turned);
        for row in layer.chunks(in_row(layer)) {
            let pitch = card.width + UPRIGHT_GAP;
            let left = -(pitch * row.len() as f64 - UPRIGHT_GAP) / 2.0;
            for (place, id) in row.iter().enumerate() {
                turned.insert((*id).clone(), Point::new(top, left + pitch * place as f64));
            }
            top += card.height + UPRIGHT_ROW_GAP;
        }
    }
    (turned.into_iter().map(|(id, at)| (id, Point::new(at.y, at.x))).collect(), card)
}

/// How far each node is from a source. Dead-letter queues stand beside what fills them.
fn depths(scenario: &Scenario) -> Vec<usize> {
    let count = scenario.resources.len();
    let steps: Vec<Step> = drawn_links(scenario)
        .iter()
        .filter_map(|link| {
            let (from, to) = scenario.place(&link.from).zip(scenario.place(&link.to))?;
            Some(Step { from, to, columns: usize::from(!link.properties.is_redrive()) })
        })
        .collect();
    let steps = without_circles(&steps, count);
    let mut depths = vec![0; count];
    // The longest way has fewer steps than there are nodes.
    for _ in 0..count {
        let before = depths.clone();
        for step in &steps {
            depths[step.to] = depths[step.to].max(depths[step.from] + step.columns);
        }
        if depths == before {
            break;
        }
    }
    depths
}

/// A link between two nodes, by their places in the document.
#[derive(Clone, Copy, Debug)]
struct Step {
    from: usize,
    to: usize,
    columns: usize,
}

/// The links but those that lead back to where they came from, seen from the sources.
fn without_circles(steps: &[Step], count: usize) -> Vec<Step> {
    fn visit(
        node: usize,
        steps: &[Step],
        on_way: &mut Vec<bool>,
        done: &mut Vec<bool>,
        kept: &mut Vec<Step>,
    ) {
        on_way[node] = true;
        for step in steps.iter().filter(|step| step.from == node && step.to != node) {
            if on_way[step.to] {
                continue;
            }
            kept.push(*step);
            if !done[step.to] {
                visit(step.to, steps, on_way, done, kept);
            }
        }
        on_way[node] = false;
        done[node] = true;
    }
    let (mut on_way, mut done, mut kept) = (vec![false; count], vec![false; count], Vec::new());
    let is_source = |node: &usize| !steps.iter().any(|step| step.to == *node);
    let (sources, others): (Vec<usize>, Vec<usize>) = (0..count).partition(is_source);
    for node in sources.into_iter().chain(others) {
        if !done[node] {
            visit(node, steps, &mut on_way, &mut done, &mut kept);
        }
    }
    kept
}

/// Nodes of a column stand in the order of what they are linked from.
fn order_column(scenario: &Scenario, column: &mut [&LogicalId], places: &Places) {
    let height = |id: &LogicalId| {
        let sources: Vec<f64> = scenario
            .links
            .iter()
            .filter(|link| link.to == *id)
            .filter_map(|link| places.get(&link.from))
            .map(|at| at.y)
            .collect();
        if sources.is_empty() { f64::INFINITY } else { sources.iter().sum::<f64>() / sources.len() as f64 }
    };
    column.sort_by(|a, b| height(a).total_cmp(&height(b)));
}

/// No node comes closer to another.
const CLEARANCE: f64 = GRID / 2.0;

/// What is taken by nodes at their places.
pub(crate) fn taken(places: &Places, size: &dyn Fn(&LogicalId) -> Size) -> Vec<Rect> {
    places.iter().map(|(id, at)| Rect::new(*at, size(id)).grown(CLEARANCE)).collect()
}

/// The free place nearest to `near`, on the grid.
pub(crate) fn free_place(taken: &[Rect], size: Size, near: Point) -> Point {
    let free = |at: Point| !taken.iter().any(|rect| rect.overlaps(&Rect::new(at, size)));
    let near = near.snapped();
    for ring in 0..200_i32 {
        let steps = (-ring..=ring).flat_map(|x| (-ring..=ring).map(move |y| (x, y)));
        let mut candidates: Vec<Point> = steps
            .filter(|(x, y)| x.abs().max(y.abs()) == ring)
            .map(|(x, y)| near.moved(f64::from(x) * GRID, f64::from(y) * GRID))
            .collect();
        candidates.sort_by(|a, b| near.distance(*a).total_cmp(&near.distance(*b)));
        if let Some(at) = candidates.into_iter().find(|at| free(*at)) {
            return at;
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(_: &LogicalId) -> Size {
        Size::new(180.0, 90.0)
    }

    #[test]
    fn a_free_place_overlaps_nothing() {
        let mut places = Places::new();
        for number in 0..30 {
            let taken = taken(&places, &size);
            let at = free_place(&taken, Size::new(180.0, 90.0), Point::new(33.0, 47.0));
            assert_eq!(at, at.snapped());
            let rect = Rect::new(at, Size::new(180.0, 90.0));
            for (id, other) in &places {
                assert!(!Rect::new(*other, size(id)).overlaps(&rect), "{at:?} and {other:?}");
            }
            places.insert(LogicalId::from(format!("n{number}").as_str()), at);
        }
    }

    #[test]
    fn an_arranged_diagram_flows_to_the_right_and_ends_also_in_circles() {
        let text = r#"{"Version":1,"Resources":{
            "c":{"Type":"Playground::Consumer"},"q":{"Type":"AWS::SQS::Queue"},
            "p":{"Type":"Playground::Producer"},"d":{"Type":"AWS::SQS::Queue"}},
            "Links":[{"Type":"Playground::Send","From":"p","To":"q"},
                     {"Type":"Playground::Poll","From":"q","To":"c"},
                     {"Type":"Playground::Send","From":"c","To":"q"},
                     {"Type":"AWS::SQS::RedrivePolicy","From":"q","To":"d"}]}"#;
        let places = arrange(&scenario::parse(text).scenario, &size);
        let x = |id: &str| places[&LogicalId::from(id)].x;
        assert_eq!(places.len(), 4);
        assert!(x("p") < x("q") && x("q") < x("c"));
    }
}
