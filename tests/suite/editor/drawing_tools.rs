//! What makes drawing quick: copy and paste, alignment, groups, notes.

use editor::action::{Alignment, Axis};
use editor::clipboard::copied_text;
use editor::panels::Writing;

use super::*;

fn select(session: &mut Session, ids: &[&LogicalId]) {
    let nodes = ids.iter().map(|id| (*id).clone()).collect();
    session.act(Action::Select(Selection::Nodes(nodes)));
}

fn paste(session: &mut Session, text: &str, at: Option<Point>) {
    session.act(Action::Paste { text: text.into(), at });
}

fn names(session: &Session) -> Vec<&str> {
    session.state.scenario.resources.keys().map(LogicalId::as_str).collect()
}

#[test]
fn a_copy_has_the_links_inside_it_fresh_names_and_is_one_step_of_undo() {
    let (mut session, [producer, queue, consumer]) = drawn();
    select(&mut session, &[&producer, &queue]);
    let effects = session.command(Command::Copy);
    let text = copied_text(&session.state).unwrap();
    assert!(effects.contains(&Effect::CopyText(text.clone())));
    let copy = scenario::parse(&text).validated();
    assert!(!copy.diagnostics.has_errors(), "a copy is a document of its own: {:?}", copy.diagnostics);
    assert_eq!((copy.scenario.resources.len(), copy.scenario.links.len()), (2, 1));

    let before = session.state.scenario.clone();
    let pointer = Point::new(600.0, 500.0);
    paste(&mut session, &text, Some(pointer));
    assert_eq!(names(&session), ["producer", "queue", "consumer", "producer-2", "queue-2"]);
    let (a, b) = (LogicalId::from("producer-2"), LogicalId::from("queue-2"));
    assert!(session.state.scenario.link(&a, &b).is_some());
    assert!(session.state.scenario.link(&b, &consumer).is_none(), "links to others are not copied");
    let rects = [&a, &b].map(|id| view::node_rect(&session.state, id));
    let middle = rects[0].union(&rects[1]).center();
    assert!(
        middle.distance(session.state.viewport.to_world(pointer)) < 40.0,
        "under the pointer: {middle:?}"
    );
    let apart = |a: &LogicalId, b: &LogicalId| session.state.places[b].x - session.state.places[a].x;
    assert_eq!(apart(&a, &b), apart(&producer, &queue), "as they stood to each other");
    assert_eq!(session.state.selection, Selection::Nodes([a, b].into()));

    // At the same place again: beside the first, with the next names.
    paste(&mut session, &text, Some(pointer));
    assert!(names(&session).contains(&"queue-3"), "{:?}", names(&session));
    let places: std::collections::BTreeSet<[i32; 2]> =
        session.state.scenario.layout.values().copied().collect();
    assert_eq!(places.len(), 7, "no node stands on another");
    session.command(Command::Undo);
    session.command(Command::Undo);
    assert_eq!(session.state.scenario, before);
}

#[test]
fn duplicating_takes_the_links_along_and_finds_a_free_place() {
    let (mut session, [producer, queue, _]) = drawn();
    let ordered = LogicalId::from("orders.fifo");
    session.act(Action::Add {
        kind: ResourceKind::Queue,
        preset: Some(0),
        at: Some(Point::new(400.0, 700.0)),
    });
    let added = session.state.selection.single_node().cloned().unwrap();
    session.edit(Edit::Rename { from: added, to: ordered.clone() });
    select(&mut session, &[&producer, &queue, &ordered]);
    session.command(Command::Duplicate);
    let copies: Vec<&str> = names(&session).split_off(4);
    assert_eq!(copies, ["producer-2", "queue-2", "orders-2.fifo"]);
    assert!(session.state.scenario.link(&"producer-2".into(), &"queue-2".into()).is_some());
    let rects: Vec<_> =
        view::node_ids(&session.state).iter().map(|id| view::node_rect(&session.state, id)).collect();
    for (place, rect) in rects.iter().enumerate() {
        assert!(rects[..place].iter().all(|other| !other.overlaps(rect)), "{place} lies on another");
    }
}

#[test]
fn cutting_and_pasting_moves_and_keeps_the_names() {
    let (mut session, [producer, queue, _]) = drawn();
    select(&mut session, &[&producer, &queue]);
    let text = copied_text(&session.state).unwrap();
    session.command(Command::Cut);
    assert_eq!(names(&session), ["consumer"]);
    paste(&mut session, &text, None);
    assert_eq!(names(&session), ["consumer", "producer", "queue"], "free names stay");
}

#[test]
fn what_is_pasted_may_be_a_scenario_a_link_or_a_text() {
    let (mut session, _) = drawn();
    let link = {
        let mut other = Session::new();
        other.act(Action::OpenGallery("fan-out".into()));
        format!("https://example.org/#{}", other.state.fragment())
    };
    paste(&mut session, &link, None);
    assert_eq!(session.state.scenario.resources.len(), 3 + 8, "{}", session.notice());
    let json = scenario::gallery::find("fan-out").unwrap().json;
    session.act(Action::NewDocument);
    paste(&mut session, json, None);
    assert_eq!(
        session.state.scenario.title,
        scenario::parse(json).scenario.title,
        "a whole one on an empty canvas"
    );
    assert!(session.state.history.can_undo());
    paste(&mut session, "Remember <b>this</b>", Some(Point::new(300.0, 300.0)));
    assert_eq!(session.state.scenario.notes[0].text, "Remember <b>this</b>");
    assert_eq!(session.state.selection, Selection::Note(0));
}

#[test]
fn what_cannot_be_pasted_is_said_with_its_line_and_changes_nothing() {
    let (mut session, _) = drawn();
    let before = session.state.scenario.clone();
    let bad = [
        ("{\n  \"Version\": 1,\n  \"Resources\": { \"q\": { \"Type\": \"AWS::SQS::Quee\" } }\n}", "Line 3"),
        ("{\n  \"Version\": 1,\n  oops\n}", "Line 3"),
        ("{\"Version\": 1}", "nothing in it"),
        ("#s1.AAAAAAAAAA", "cut off"),
        ("", "no text"),
    ];
    for (text, expected) in bad {
        paste(&mut session, text, None);
        assert!(session.notice().contains(expected), "{text}: {}", session.notice());
        assert_eq!(session.state.scenario, before);
    }
}

#[test]
fn selected_nodes_come_into_a_line() {
    let (mut session, [producer, queue, consumer]) = drawn();
    let places = [(&producer, 0, 0), (&queue, 330, 70), (&consumer, 500, 250)];
    let places = places.map(|(id, x, y)| (id.clone(), Point::from([x, y])));
    session.edit(Edit::Move(places.to_vec()));
    select(&mut session, &[&producer, &queue, &consumer]);
    let before = session.state.scenario.clone();
    let rects = |session: &Session| [&producer, &queue, &consumer].map(|id| full_rect(session, id));
    for (alignment, of) in [
        (Alignment::Left, (|rect| rect.origin.x) as fn(&editor::Rect) -> f64),
        (Alignment::Centre, |rect| rect.center().x),
        (Alignment::Right, editor::Rect::right),
        (Alignment::Top, |rect| rect.origin.y),
        (Alignment::Middle, |rect| rect.center().y),
        (Alignment::Bottom, editor::Rect::bottom),
    ] {
        session.command(Command::Align(alignment));
        let [a, b, c] = rects(&session).map(|rect| of(&rect));
        assert!((a - b).abs() <= 1.0 && (b - c).abs() <= 1.0, "{alignment:?}: {a} {b} {c}");
        session.command(Command::Undo);
        assert_eq!(session.state.scenario, before, "one step of undo");
    }
    session.command(Command::Distribute(Axis::Across));
    let [a, b, c] = rects(&session);
    let gaps = [b.origin.x - a.right(), c.origin.x - b.right()];
    assert!((gaps[0] - gaps[1]).abs() <= 1.0, "{gaps:?}");
    assert_eq!((a.origin.x, c.origin.x), (0.0, 500.0), "the outermost stay");
    select(&mut session, &[&producer]);
    session.command(Command::Align(Alignment::Left));
    assert!(session.notice().contains("two nodes"));
}

/// Where a full card stands, at whatever zoom it is seen.
fn full_rect(session: &Session, id: &LogicalId) -> editor::Rect {
    let mut near = session.state.clone();
    near.viewport.zoom = 1.0;
    near.detail = editor::Detail::Full;
    view::node_rect(&near, id)
}

/// Other nodes' edges and middles draw what is dragged to them; elsewhere it comes to rest on the grid.
#[test]
fn what_is_dragged_snaps_to_the_lines_of_other_nodes() {
    let (mut session, [producer, queue, consumer]) = drawn();
    let places = [(&producer, 100, 100), (&queue, 407, 333), (&consumer, 700, 700)];
    let places = places.map(|(id, x, y)| (id.clone(), Point::from([x, y])));
    session.edit(Edit::Move(places.to_vec()));
    session.act(Action::MoveViewport(editor::Viewport::default()));
    assert_eq!(session.state.detail, editor::Detail::Full);
    let grip = session.state.viewport.to_canvas(Point::new(110.0, 110.0));
    let node = HitTarget::Node(producer.clone());
    let hold = |session: &mut Session, dx: f64, dy: f64| {
        let held = PointerState::default();
        session.act(Action::Pointer(PointerInput::Down { at: grip, target: node.clone(), state: held }));
        session.act(Action::Pointer(PointerInput::Move { at: grip.moved(dx, dy), target: node.clone() }));
        let guides = view::canvas_view(&session.state).guides;
        session.act(Action::Pointer(PointerInput::Up { at: grip.moved(dx, dy), target: node.clone() }));
        let place = session.state.places[&producer];
        session.command(Command::Undo);
        (place, guides)
    };
    // 303 px to the right its left edge is 4 px from the queue's.
    let (place, guides) = hold(&mut session, 303.0, 60.0);
    assert_eq!(place, Point::new(407.0, 160.0), "to the line across, to the grid down");
    let [guide] = guides[..] else { panic!("{guides:?}") };
    assert_eq!((guide.from.x, guide.to.x), (407.0, 407.0));
    assert!(guide.from.y <= 160.0 && guide.to.y >= full_rect(&session, &queue).bottom(), "{guide:?}");
    let (place, guides) = hold(&mut session, 245.0, 60.0);
    assert_eq!((place, guides.len()), (Point::new(340.0, 160.0), 0));
}

/// Smaller cards are brought into a line, and snap, as they are seen: all are of one size, whatever they hold.
#[test]
fn from_further_away_what_is_aligned_looks_aligned() {
    let (mut session, [producer, queue, consumer]) = drawn();
    let places = [(&producer, 100, 100), (&queue, 407, 333), (&consumer, 700, 600)];
    let places = places.map(|(id, x, y)| (id.clone(), Point::from([x, y])));
    session.edit(Edit::Move(places.to_vec()));
    let far = editor::Viewport { zoom: 0.7, ..editor::Viewport::default() };
    session.act(Action::MoveViewport(far));
    assert_eq!(session.state.detail, editor::Detail::Compact);
    let rects =
        |session: &Session| [&producer, &queue, &consumer].map(|id| view::node_rect(&session.state, id));
    let heights = [&producer, &queue, &consumer].map(|id| full_rect(&session, id).size.height);
    assert!(heights.iter().any(|height| *height != heights[0]), "full cards differ: {heights:?}");

    let grip = session.state.viewport.to_canvas(rects(&session)[0].center());
    let [from, to, _] = rects(&session);
    let (dx, dy) = (20.0, (to.origin.y - from.origin.y) * 0.7 + 3.0);
    let node = HitTarget::Node(producer.clone());
    let held = PointerState::default();
    session.act(Action::Pointer(PointerInput::Down { at: grip, target: node.clone(), state: held }));
    session.act(Action::Pointer(PointerInput::Move { at: grip.moved(dx, dy), target: node.clone() }));
    assert_eq!(view::canvas_view(&session.state).guides.len(), 1);
    session.act(Action::Pointer(PointerInput::Up { at: grip.moved(dx, dy), target: node }));
    let [a, b, _] = rects(&session);
    assert!((a.origin.y - b.origin.y).abs() <= 0.5, "{a:?} {b:?}");

    select(&mut session, &[&producer, &queue, &consumer]);
    session.command(Command::Align(Alignment::Top));
    let [a, b, c] = rects(&session).map(|rect| rect.origin.y);
    assert!((a - b).abs() <= 1.0 && (b - c).abs() <= 1.0, "{a} {b} {c}");
}

#[test]
fn a_group_moves_together_and_is_taken_apart_again() {
    let (mut session, [producer, queue, consumer]) = drawn();
    select(&mut session, &[&producer, &queue]);
    session.act(Action::Key(KeyInput { key: "g".into(), on_canvas: true, ..KeyInput::default() }));
    assert_eq!(session.state.panels.writing, Some(Writing::Group(0)));
    session.act(Action::Written(Some("Front".into())));
    let group = view::group_views(&session.state)[0].clone();
    assert_eq!((group.title.as_str(), group.count.as_str(), group.selected), ("Front", "2 nodes", true));
    for id in [&producer, &queue] {
        let rect = full_rect(&session, id);
        assert_eq!(group.rect.union(&rect), group.rect, "{id} lies inside");
    }
    assert!(!group.rect.overlaps(&full_rect(&session, &consumer)));

    // By its title it moves with all it holds; the engine is not bothered.
    let before = session.state.places.clone();
    session.act(Action::Select(Selection::Nothing));
    let title = HitTarget::Group(0);
    let zoom = session.state.viewport.zoom;
    let from = Point::new(200.0, 200.0);
    let effects = session.drag(from, title.clone(), from.moved(80.0 * zoom, 40.0 * zoom), title);
    assert!(!has_request(&effects, |request| matches!(
        request,
        EngineRequest::Edit { .. } | EngineRequest::Load { .. }
    )));
    for id in [&producer, &queue] {
        let moved = session.state.places[id];
        assert!(moved.x > before[id].x + 60.0 && moved.y > before[id].y + 20.0, "{moved:?}");
    }
    assert_eq!(session.state.places[&consumer], before[&consumer]);

    // A name or a node that goes, goes from the group too; the last one takes it along.
    session.edit(Edit::Rename { from: queue.clone(), to: "orders".into() });
    assert_eq!(session.state.scenario.groups[0].resources, [producer.clone(), "orders".into()]);
    session.edit(Edit::Remove(vec![producer]));
    assert_eq!(session.state.scenario.groups[0].resources, ["orders".into()]);
    session.edit(Edit::Remove(vec!["orders".into()]));
    assert!(session.state.scenario.groups.is_empty());
    session.command(Command::Undo);
    session.command(Command::Undo);
    select(&mut session, &[&"producer".into(), &"orders".into()]);
    session.command(Command::Group);
    assert!(session.state.scenario.groups.is_empty(), "G takes it apart");
    session.command(Command::Undo);
    assert_eq!(session.state.scenario.groups[0].title, "Front");
}

/// What is drawn around the nodes can be found, gone to and seen whole without a pointer.
#[test]
fn groups_and_notes_are_listed_found_and_fitted() {
    let (mut session, [producer, queue, _]) = drawn();
    select(&mut session, &[&producer, &queue]);
    session.command(Command::Group);
    session.act(Action::Written(Some("Front".into())));
    paste(&mut session, "Far away", Some(Point::new(5_000.0, 5_000.0)));
    session.command(Command::FitAll);
    let seen = session.state.viewport.seen();
    let (group, note) = (&view::group_views(&session.state)[0], &view::note_views(&session.state)[0]);
    assert!(seen.contains(group.rect.origin) && seen.contains(note.at));
    let items = view::drawing_items(&session.state);
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels, ["Front, group, 2 nodes", "Note: Far away"]);
    session.act(Action::Pan { dx: -9_000.0, dy: 0.0 });
    let all = view::command_entries(&session.state);
    let found = view::narrowed(&all, "far away")[0].action.clone();
    session.act(found);
    assert_eq!(session.state.selection, Selection::Note(0));
    assert!(
        session.state.viewport.seen().contains(view::note_views(&session.state)[0].at),
        "it is brought into view"
    );
    session.command(Command::Rename);
    assert_eq!(session.state.panels.writing, Some(Writing::Note(0)), "F2 writes it");
    session.act(Action::Written(None));
    session.act(Action::See(items[0].selection.clone()));
    session.command(Command::Rename);
    assert_eq!(session.state.panels.writing, Some(Writing::Group(0)));
}

#[test]
fn a_note_is_written_moved_rewritten_and_deleted() {
    let (mut session, _) = drawn();
    let before = session.state.scenario.clone();
    session.command(Command::AddNote);
    assert!(session.effects.contains(&Effect::Focus(editor::Focus::Writing)));
    session.act(Action::Written(Some("  ".into())));
    assert_eq!(session.state.scenario, before, "a note of nothing is none");
    session.command(Command::AddNote);
    session.act(Action::Written(Some("Two\nlines & <i>".into())));
    assert_eq!(session.state.scenario.notes[0].text, "Two\nlines & <i>");
    assert_eq!(session.state.selection, Selection::Note(0));
    let at = session.state.scenario.notes[0].at;
    session.act(Action::Key(KeyInput {
        key: "ArrowDown".into(),
        alt: true,
        on_canvas: true,
        ..KeyInput::default()
    }));
    assert_eq!(session.state.scenario.notes[0].at, [at[0], at[1] + 20]);
    let note = HitTarget::Note(0);
    let from = Point::new(100.0, 100.0);
    session.drag(from, note.clone(), from.moved(60.0, 0.0), note.clone());
    assert!(session.state.scenario.notes[0].at[0] > at[0], "dragged");
    session.act(Action::Pointer(PointerInput::Double { target: note }));
    session.act(Action::Written(Some("Other".into())));
    assert_eq!(session.state.scenario.notes[0].text, "Other");
    let copy = copied_text(&session.state).unwrap();
    paste(&mut session, &copy, None);
    assert_eq!(session.state.scenario.notes.len(), 2);
    session.command(Command::Delete);
    assert_eq!(session.state.scenario.notes.len(), 1);
    for _ in 0..6 {
        session.command(Command::Undo);
    }
    assert_eq!(session.state.scenario, before, "every step can be undone");
}
