//! What the pointer and the keyboard draw on the canvas.

use super::*;

#[test]
fn moving_a_node_does_not_bother_the_engine_and_is_one_step_of_undo() {
    let (mut session, [producer, ..]) = drawn();
    let before = session.state.places[&producer];
    let at = session.state.viewport.to_canvas(before).moved(20.0, 10.0);
    let node = HitTarget::Node(producer.clone());
    let effects = session.drag(at, node.clone(), at.moved(63.0, 41.0), node);
    assert!(!has_request(&effects, |request| matches!(request, EngineRequest::Edit { .. })));
    let zoom = session.state.viewport.zoom;
    let moved = session.state.places[&producer];
    assert_eq!(moved, moved.snapped(), "nodes snap to the grid");
    assert!((moved.x - before.x - 63.0 / zoom).abs() <= 20.0 && moved != before);
    session.command(Command::Undo);
    assert_eq!(session.state.places[&producer], before);
    session.command(Command::Redo);
    assert_eq!(session.state.places[&producer], moved);
}

#[test]
fn a_press_without_a_drag_selects() {
    let (mut session, [producer, queue, _]) = drawn();
    let at = Point::new(50.0, 50.0);
    let target = HitTarget::Node(producer.clone());
    session.drag(at, target.clone(), at.moved(1.0, 1.0), target);
    assert_eq!(session.state.selection, Selection::node(producer.clone()));
    let held = PointerState { shift: true, ..PointerState::default() };
    let target = HitTarget::Node(queue.clone());
    session.act(Action::Pointer(PointerInput::Down { at, target: target.clone(), state: held }));
    session.act(Action::Pointer(PointerInput::Up { at, target }));
    assert!(session.state.selection.has_node(&queue) && session.state.selection.has_node(&producer));
    session.drag(at, HitTarget::Ground, at, HitTarget::Ground);
    assert_eq!(session.state.selection, Selection::Nothing);
}

#[test]
fn a_palette_item_is_dropped_where_it_is_let_go_and_a_click_finds_a_free_place() {
    let (mut session, _) = drawn();
    let item = HitTarget::Palette { kind: ResourceKind::Topic, preset: None };
    let outside = Point::new(-100.0, 200.0);
    session.drag(outside, item.clone(), Point::new(500.0, 500.0), HitTarget::Ground);
    let dropped = session.state.selection.single_node().cloned().unwrap();
    let rect = view::node_rect(&session.state, &dropped);
    let wanted = session.state.viewport.to_world(Point::new(500.0, 500.0));
    assert!(rect.center().distance(wanted) < 40.0, "{rect:?} {wanted:?}");
    session.drag(outside, item.clone(), outside, item);
    let clicked = session.state.selection.single_node().cloned().unwrap();
    assert_ne!(clicked, dropped);
    let new = view::node_rect(&session.state, &clicked);
    for id in view::node_ids(&session.state).iter().filter(|id| **id != clicked) {
        assert!(!view::node_rect(&session.state, id).overlaps(&new), "{id}");
    }
}

/// A slow machine starts the engine late: the view is fitted to what was opened, never to what is being drawn.
#[test]
fn a_late_engine_moves_nothing_under_the_hand() {
    let mut session = Session::late();
    session.act(Action::NewDocument);
    session.add(ResourceKind::Queue, 120.0, 80.0);
    let viewport = session.state.viewport;
    session.act(Action::EngineStarted);
    assert_eq!(session.state.run.engine, EngineStatus::Ready);
    assert_eq!(session.state.viewport, viewport, "what was dropped stays where it was dropped");

    let mut session = Session::late();
    session.act(Action::OpenGallery("fan-out".into()));
    let opened = session.state.viewport;
    session.act(Action::Pan { dx: 5_000.0, dy: 0.0 });
    session.act(Action::EngineStarted);
    assert_eq!(session.state.viewport, opened.panned(5_000.0, 0.0), "who looks elsewhere stays there");

    let mut session = Session::late();
    session.act(Action::OpenGallery("fan-out".into()));
    let opened = session.state.viewport;
    session.act(Action::EngineStarted);
    assert_ne!(session.state.viewport, opened, "what was only opened is fitted to its cards' sizes");
}

/// A link that AWS would refuse cannot be made and says why.
#[test]
fn a_refused_link_is_not_made_and_says_why() {
    let (mut session, [producer, queue, consumer]) = drawn();
    let links = session.state.scenario.links.len();
    let port = HitTarget::Port(producer.clone());
    session.act(Action::Pointer(PointerInput::Down {
        at: Point::new(0.0, 0.0),
        target: port.clone(),
        state: PointerState::default(),
    }));
    session.act(Action::Pointer(PointerInput::Move { at: Point::new(50.0, 0.0), target: HitTarget::Ground }));
    session.act(Action::Pointer(PointerInput::Move {
        at: Point::new(90.0, 0.0),
        target: HitTarget::Node(consumer.clone()),
    }));
    let canvas = view::canvas_view(&session.state);
    assert!(canvas.refusal.is_some_and(|(reason, hint, _)| reason.contains("producer") && hint.is_some()));
    let candidate = view::node_view(&session.state, &consumer).unwrap().candidate;
    assert!(matches!(candidate, view::CandidateMark::Refused(_)));
    session.act(Action::Pointer(PointerInput::Up {
        at: Point::new(90.0, 0.0),
        target: HitTarget::Node(consumer.clone()),
    }));
    assert_eq!(session.state.scenario.links.len(), links);
    assert!(session.state.panels.notice.as_ref().is_some_and(|notice| notice.is_error));
    // Onto a node it is linked to already: that link opens.
    session.drag(Point::new(0.0, 0.0), port, Point::new(60.0, 0.0), HitTarget::Node(queue.clone()));
    assert_eq!(session.state.selection, Selection::Link(LinkEnds::new(producer, queue)));
}

#[test]
fn a_link_can_be_made_by_click_and_click_and_by_keyboard() {
    let mut session = Session::new();
    session.act(Action::NewDocument);
    let producer = session.add(ResourceKind::Producer, 100.0, 100.0);
    let queue = session.add(ResourceKind::Queue, 400.0, 100.0);
    let database = session.add(ResourceKind::Database, 400.0, 300.0);
    let at = Point::new(10.0, 10.0);
    session.drag(at, HitTarget::Port(producer.clone()), at, HitTarget::Port(producer.clone()));
    assert!(matches!(session.state.tool, Tool::Connect(_)));
    session.drag(at, HitTarget::Node(queue.clone()), at, HitTarget::Node(queue.clone()));
    assert!(session.state.scenario.link(&producer, &queue).is_some());

    session.act(Action::Select(Selection::node(producer.clone())));
    let key = |key: &str| Action::Key(KeyInput { key: key.into(), on_canvas: true, ..KeyInput::default() });
    session.act(key("c"));
    let list = view::connect_view(&session.state).unwrap();
    assert_eq!(list.candidates[0].id, database, "what is linked already comes later");
    session.act(key("Enter"));
    assert!(session.state.scenario.link(&producer, &database).is_some());
    session.act(key("c"));
    session.act(key("Escape"));
    assert_eq!(session.state.tool, Tool::Idle);
}

/// UI.md section 7: Enter, C and F2 are about the node that has the keyboard, whichever was opened before.
#[test]
fn enter_opens_the_node_that_has_the_keyboard() {
    let (mut session, [producer, queue, _]) = drawn();
    let key = |on_canvas| Action::Key(KeyInput { key: "c".into(), on_canvas, ..KeyInput::default() });
    let enter = Action::Key(KeyInput { key: "Enter".into(), on_canvas: true, ..KeyInput::default() });
    for node in [&producer, &queue] {
        session.act(Action::FocusNode(Some(node.clone())));
        session.act(enter.clone());
        assert_eq!(session.state.selection, Selection::node(node.clone()));
    }
    session.act(Action::FocusNode(Some(producer.clone())));
    session.act(key(false));
    assert_eq!(view::connect_view(&session.state).unwrap().from, queue, "from its inspector");
    session.command(Command::Back);
    session.act(key(true));
    assert_eq!(view::connect_view(&session.state).unwrap().from, producer, "from the diagram");
}

#[test]
fn a_new_target_is_added_and_linked_as_one_step() {
    let (mut session, [producer, ..]) = drawn();
    session.drag(
        Point::new(0.0, 0.0),
        HitTarget::Port(producer.clone()),
        Point::new(300.0, 400.0),
        HitTarget::Ground,
    );
    let at = view::canvas_view(&session.state).new_target_at;
    assert!(at.is_some());
    let before = session.state.scenario.clone();
    session.act(Action::ConnectToNew { from: producer.clone(), kind: ResourceKind::Topic, preset: None, at });
    let topic = session.state.selection.single_node().cloned().unwrap();
    assert!(session.state.scenario.link(&producer, &topic).is_some());
    session.command(Command::Undo);
    assert_eq!(session.state.scenario, before);
}

/// UI.md section 12: a narrow page has the diagram from top to bottom, and the saved places stay as they are.
#[test]
fn an_upright_diagram_leaves_the_saved_places_alone() {
    let mut session = Session::new();
    session.act(Action::ResizeCanvas(Size::new(390.0, 640.0)));
    for entry in scenario::gallery::ALL {
        session.act(Action::OpenGallery(entry.name.into()));
        let before = (session.state.scenario.clone(), session.state.places.clone());
        session.act(Action::SetUpright(true));
        let nodes = view::node_views(&session.state);
        let seen = session.state.viewport.seen();
        for node in &nodes {
            assert_eq!((node.detail, node.grows), (editor::Detail::Compact, true));
            assert!(
                node.rect.origin.x >= seen.origin.x && node.rect.right() <= seen.right(),
                "{}",
                entry.name
            );
            let others = nodes.iter().filter(|other| other.id != node.id);
            assert!(
                others.clone().all(|other| !other.rect.overlaps(&node.rect)),
                "{}: {}",
                entry.name,
                node.id
            );
        }
        let top = |id: &LogicalId| session.state.places[id].y;
        let onward = session.state.scenario.links.iter().filter(|link| !link.properties.is_redrive());
        assert!(onward.clone().all(|link| top(&link.to) > top(&link.from)), "{}", entry.name);

        // Neither a drag nor a key moves a node.
        let first = nodes[0].id.clone();
        session.act(Action::Select(Selection::node(first.clone())));
        session.drag(
            Point::new(50.0, 90.0),
            HitTarget::Node(first),
            Point::new(90.0, 190.0),
            HitTarget::Ground,
        );
        session.command(Command::Nudge(editor::action::Direction::Down));
        session.act(Action::SetUpright(false));
        assert!((session.state.scenario.clone(), session.state.places.clone()) == before, "{}", entry.name);
    }
}

/// SNS-148: the way to a subscription's dead-letter queue is drawn like any other of dead letters, but it comes with
/// the subscription and cannot be selected.
#[test]
fn sns_148_the_way_to_a_dead_letter_queue_is_drawn() {
    let mut session = Session::new();
    session.act(Action::OpenGallery("lost-or-kept".into()));
    let way = LinkEnds::new("orders".into(), "shipping-missed".into());
    assert_eq!(view::drawn_ends(&session.state).last(), Some(&way));
    let seen = view::link_view(&session.state, &way).expect("it is drawn");
    assert_eq!((seen.style, seen.in_document), (view::LinkStyle::Redrive, false));
    // Its marks have a wire to move along.
    assert!(view::wire_curves(&session.state).contains(&seen.curves[0]));
    // Without the policy there is no such way.
    let pointer = JsonPointer::root().then("Links").then(2).then("Properties").then("RedrivePolicy");
    session.edit(Edit::SetProperty { pointer, value: None });
    assert!(!view::drawn_ends(&session.state).contains(&way));
}

/// In an upright diagram a subscription's dead-letter queue stands beside its topic, as other dead-letter queues do beside
/// what fills them.
#[test]
fn a_dead_letter_queue_of_a_subscription_is_arranged_beside_its_topic() {
    let mut session = Session::new();
    session.act(Action::OpenGallery("lost-or-kept".into()));
    session.act(Action::SetUpright(true));
    let y = |id: &str| session.state.places[&LogicalId::from(id)].y;
    assert_eq!(y("shipping-missed"), y("orders"));
}

/// UI.md section 5: from 100 % down to a quarter no card lies over another, in any scenario of the gallery.
#[test]
fn cards_never_lie_over_each_other() {
    let mut session = Session::new();
    let mut smaller = std::collections::BTreeSet::new();
    for entry in scenario::gallery::ALL {
        session.act(Action::OpenGallery(entry.name.into()));
        for step in 0..8 {
            let zoom = 0.83_f64.powi(step);
            let viewport = editor::Viewport { zoom, ..session.state.viewport };
            session.act(Action::MoveViewport(viewport));
            let ids = view::node_ids(&session.state);
            let inner = |id: &LogicalId| {
                let rect = view::node_rect(&session.state, id);
                let size = editor::Size::new(rect.size.width - 1.0 / zoom, rect.size.height - 1.0 / zoom);
                editor::Rect::new(rect.origin, size)
            };
            for (place, id) in ids.iter().enumerate() {
                let detail = view::node_view(&session.state, id).unwrap().detail;
                if detail < session.state.detail {
                    smaller.insert(detail);
                }
                for other in &ids[place + 1..] {
                    assert!(
                        !inner(id).overlaps(&inner(other)),
                        "{}: {id} over {other} at {zoom}",
                        entry.name
                    );
                }
            }
        }
    }
    assert_eq!(smaller.into_iter().collect::<Vec<_>>(), [editor::Detail::Dot, editor::Detail::Glyph]);
}
