//! The editor: scripts of actions, and the state and effects they lead to.

use editor::edit::{Edit, apply};
use editor::keymap::KeyInput;
use editor::panels::{Dialog, Screen};
use editor::playback::{HopDisplay, MarkStyle};
use editor::run::EngineStatus;
use editor::state::SaveStatus;
use editor::tool::{HitTarget, PointerInput, PointerState, Tool};
use editor::view;
use editor::{Action, Command, EditorState, Effect, LinkEnds, Point, Selection, Size, reduce};
use engine::{Engine, EngineRequest};
use kernel::{SimDuration, SimTime};
use messaging::{Intervention, LogicalId, ResourceKind};
use proptest::prelude::*;
use scenario::JsonPointer;
use serde_json::json;

/// The editor with a real engine that answers at once, as the page has it.
struct Session {
    state: EditorState,
    engine: Engine,
    effects: Vec<Effect>,
}

impl Session {
    fn new() -> Self {
        let mut session = Self::late();
        session.act(Action::EngineStarted);
        session
    }

    /// One whose engine has not started yet.
    fn late() -> Self {
        Self { state: EditorState::default(), engine: Engine::default(), effects: Vec::new() }
    }

    /// Acts, lets the engine answer, and returns the effects other than requests.
    fn act(&mut self, action: Action) -> Vec<Effect> {
        let mut seen = Vec::new();
        let mut waiting = reduce(&mut self.state, action);
        while !waiting.is_empty() {
            let effect = waiting.remove(0);
            if let Effect::Engine(request) = &effect {
                let reply = self.engine.handle(request.clone());
                waiting.extend(reduce(&mut self.state, Action::Engine(reply)));
            }
            seen.push(effect);
        }
        self.effects.extend(seen.clone());
        seen
    }

    fn add(&mut self, kind: ResourceKind, x: f64, y: f64) -> LogicalId {
        self.act(Action::Add { kind, preset: None, at: Some(Point::new(x, y)) });
        self.state.selection.single_node().cloned().expect("what is added is selected")
    }

    fn edit(&mut self, edit: Edit) -> Vec<Effect> {
        self.act(Action::Edit(edit))
    }

    fn connect(&mut self, from: &LogicalId, to: &LogicalId) {
        self.edit(Edit::Connect(LinkEnds::new(from.clone(), to.clone())));
    }

    fn run_for(&mut self, seconds: f64) {
        self.act(Action::Play);
        for _ in 0..(seconds * 50.0) as u32 {
            self.act(Action::AnimationFrame { elapsed: SimDuration::from_millis(20) });
        }
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        self.act(Action::Command(command))
    }

    fn marks(&self) -> impl Iterator<Item = &editor::playback::Mark> {
        self.effects.iter().flat_map(|effect| match effect {
            Effect::AddMarks(marks) => marks.as_slice(),
            _ => &[],
        })
    }

    fn notice(&self) -> &str {
        self.state.panels.notice.as_ref().map_or("", |notice| notice.text.as_str())
    }

    fn drag(&mut self, from: Point, target: HitTarget, to: Point, over: HitTarget) -> Vec<Effect> {
        let held = PointerState::default();
        self.act(Action::Pointer(PointerInput::Down { at: from, target: target.clone(), state: held }));
        let middle = Point::new((from.x + to.x) / 2.0, (from.y + to.y) / 2.0);
        self.act(Action::Pointer(PointerInput::Move { at: middle, target }));
        self.act(Action::Pointer(PointerInput::Move { at: to, target: over.clone() }));
        self.act(Action::Pointer(PointerInput::Up { at: to, target: over }))
    }
}

/// A producer, a queue and a consumer, drawn from nothing.
fn drawn() -> (Session, [LogicalId; 3]) {
    let mut session = Session::new();
    session.act(Action::NewDocument);
    let producer = session.add(ResourceKind::Producer, 100.0, 300.0);
    let queue = session.add(ResourceKind::Queue, 400.0, 300.0);
    let consumer = session.add(ResourceKind::Consumer, 700.0, 300.0);
    session.connect(&producer, &queue);
    session.connect(&queue, &consumer);
    (session, [producer, queue, consumer])
}

fn has_request(effects: &[Effect], wanted: fn(&EngineRequest) -> bool) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Engine(request) if wanted(request)))
}

#[test]
fn a_diagram_drawn_from_nothing_runs_and_shows_marks() {
    let (mut session, [_, queue, _]) = drawn();
    session.run_for(3.0);
    assert_eq!(session.state.run.engine, EngineStatus::Ready);
    assert!(session.state.playback.playhead() >= SimTime::from_secs(2));
    assert!(session.marks().any(|mark| mark.style == MarkStyle::Travelling));
    let node = view::node_view(&session.state, &queue).unwrap();
    assert!(node.run.is_some() && node.rect.size.height > 40.0);
    let links = view::link_views(&session.state);
    assert!(links.iter().all(|link| link.pill.is_some()), "{links:?}");
    assert_eq!(view::wire_curves(&session.state).len(), 2);
}

/// UI.md section 6: a hop is shown for at least half a second, whatever the speed.
#[test]
fn every_mark_is_seen_for_half_a_second() {
    let (mut session, _) = drawn();
    session.run_for(2.0);
    let travelling = |mark: &&editor::playback::Mark| mark.style == MarkStyle::Travelling;
    assert!(session.marks().filter(travelling).count() > 10);
    assert!(session.marks().filter(travelling).all(|mark| mark.arrives - mark.departs >= 0.5 - 1e-9));
}

#[test]
fn less_motion_means_no_marks_but_counts() {
    let (mut session, _) = drawn();
    session.act(Action::SetReducedMotion(true));
    session.effects.clear();
    session.run_for(3.0);
    assert_eq!(session.marks().count(), 0);
    let links = view::link_views(&session.state);
    assert!(links.iter().all(|link| link.pill.as_ref().is_some_and(|pill| !pill.still.is_empty())));
    assert_eq!(view::transport_view(&session.state).hop, HopDisplay::Still);
}

/// Live edits: the engine takes the changed document at the instant reached, and the run goes on.
#[test]
fn edits_and_undo_keep_the_run_going() {
    let (mut session, [producer, queue, _]) = drawn();
    session.run_for(2.0);
    let before = session.state.playback.playhead();
    let pointer =
        JsonPointer::root().then("Resources").then(&queue).then("Properties").then("VisibilityTimeout");
    let effects = session.edit(Edit::SetProperty { pointer: pointer.clone(), value: Some(json!(77)) });
    assert!(has_request(&effects, |request| matches!(request, EngineRequest::Edit { .. })));
    assert!(effects.contains(&Effect::WriteLocation) && effects.contains(&Effect::SaveDraft));
    assert_eq!(session.state.playback.playhead(), before);
    let effects = session.command(Command::Undo);
    assert!(has_request(&effects, |request| matches!(request, EngineRequest::Edit { .. })));
    session.edit(Edit::Remove(vec![producer.clone()]));
    assert_eq!(session.state.scenario.links.len(), 1);
    assert!(session.notice().starts_with("Deleted"), "{}", session.notice());
    session.run_for(1.0);
    assert!(session.state.playback.playhead() > before);
    session.command(Command::Undo);
    assert_eq!(session.state.scenario.links.len(), 2);
    assert!(session.state.run.nodes.contains_key(&producer));
}

/// The link of what was drawn gives the same run elsewhere: nothing has happened before the first Play.
#[test]
fn edits_before_the_first_play_start_the_run_anew() {
    let (mut session, [_, queue, _]) = drawn();
    let pointer =
        JsonPointer::root().then("Resources").then(&queue).then("Properties").then("VisibilityTimeout");
    let effects = session.edit(Edit::SetProperty { pointer, value: Some(json!(77)) });
    assert!(has_request(&effects, |request| matches!(request, EngineRequest::Load { .. })));
    assert!(!has_request(&effects, |request| matches!(request, EngineRequest::Edit { .. })));
}

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

#[test]
fn a_new_name_is_used_everywhere() {
    let (mut session, [producer, queue, _]) = drawn();
    session.run_for(1.0);
    session.act(Action::Select(Selection::node(queue.clone())));
    session.edit(Edit::Rename { from: queue.clone(), to: "orders".into() });
    let orders = LogicalId::from("orders");
    assert!(session.state.scenario.link(&producer, &orders).is_some());
    assert_eq!(session.state.selection, Selection::node(orders.clone()));
    assert!(session.state.places.contains_key(&orders) && !session.state.places.contains_key(&queue));
    session.edit(Edit::Rename { from: orders, to: producer.clone() });
    assert!(session.notice().contains("already"), "{}", session.notice());
    session.edit(Edit::Rename { from: "orders".into(), to: "bad name".into() });
    assert!(session.notice().contains("letters"), "{}", session.notice());
}

/// UI.md section 8: an invalid setting shows a message; the running value stays.
#[test]
fn a_value_that_does_not_fit_is_said_and_not_taken() {
    let (mut session, [_, queue, _]) = drawn();
    let pointer =
        JsonPointer::root().then("Resources").then(&queue).then("Properties").then("VisibilityTimeout");
    session.edit(Edit::SetProperty { pointer: pointer.clone(), value: Some(json!("soon")) });
    session.act(Action::Select(Selection::node(queue.clone())));
    let field = |session: &Session| {
        let view::InspectorView::Node(node) = view::inspector(&session.state) else { panic!() };
        node.fields.iter().find(|field| field.name == "VisibilityTimeout").cloned().unwrap()
    };
    assert_eq!((field(&session).text.as_str(), field(&session).error.is_some()), ("soon", true));
    assert_eq!(field(&session).value, json!(30), "SQS-60");
    session.edit(Edit::SetProperty { pointer: pointer.clone(), value: Some(json!(45)) });
    assert_eq!((field(&session).value, field(&session).error), (json!(45), None));
    session.edit(Edit::SetProperty { pointer, value: None });
    assert_eq!(field(&session).value, json!(30));
}

#[test]
fn a_change_of_variant_brings_values_that_fit() {
    let (mut session, [producer, ..]) = drawn();
    session.act(Action::Select(Selection::node(producer)));
    let field = |session: &Session| {
        let view::InspectorView::Node(node) = view::inspector(&session.state) else { panic!() };
        node.fields.iter().find(|field| field.name == "ArrivalProcess").cloned().unwrap()
    };
    for (name, value) in field(&session).choices {
        let pointer = field(&session).pointer;
        session.edit(Edit::SetProperty { pointer, value: Some(value) });
        assert_eq!(field(&session).chosen, name, "{}", session.notice());
        assert!(!field(&session).members.is_empty());
    }
}

/// The past: any change asks first, then what came after is forgotten.
#[test]
fn a_change_in_the_past_asks_to_branch() {
    let (mut session, [producer, ..]) = drawn();
    session.run_for(4.0);
    session.act(Action::Pause);
    session.act(Action::SeekTo(SimTime::from_secs(2)));
    assert!(session.state.playback.transport.is_past());
    assert_eq!(view::transport_view(&session.state).chip, view::RunChip::Past);
    session.act(Action::Intervene(Intervention::Stop(producer)));
    assert_eq!(session.state.panels.dialog, Some(Dialog::Branch));
    assert!(session.state.playback.transport.is_past());
    session.act(Action::Branch);
    assert_eq!(session.state.panels.dialog, None);
    assert!(!session.state.playback.transport.is_past());
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(2));
}

#[test]
fn seeking_clears_what_was_moving_and_live_returns() {
    let (mut session, _) = drawn();
    session.run_for(4.0);
    let furthest = session.state.playback.playhead();
    let effects = session.act(Action::SeekTo(SimTime::from_secs(1)));
    assert!(effects.contains(&Effect::ClearMarks));
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(1));
    session.command(Command::ToLive);
    assert_eq!(session.state.playback.playhead(), furthest);
}

#[test]
fn a_step_is_shown_while_the_run_is_held() {
    let (mut session, _) = drawn();
    session.run_for(0.1);
    session.act(Action::Pause);
    let (at, shown) = (session.state.playback.playhead(), session.state.playback.presentation_seconds());
    session.effects.clear();
    session.act(Action::Step);
    assert!(session.state.playback.playhead() >= at && session.marks().count() > 0);
    for _ in 0..100 {
        session.act(Action::AnimationFrame { elapsed: SimDuration::from_millis(20) });
    }
    let now = session.state.playback.presentation_seconds();
    assert!(now > shown && now - shown < 1.9, "the clock stops when the step was shown: {}", now - shown);
}

/// Share: the fragment holds everything; opening it elsewhere gives the same diagram and the same run.
#[test]
fn a_link_opened_elsewhere_gives_the_same_run() {
    let (mut here, [.., consumer]) = drawn();
    let fragment = here.state.fragment();
    let mut there = Session::new();
    there.act(Action::OpenFragment(format!("#{fragment}")));
    assert_eq!(there.state.scenario, here.state.scenario);
    assert_eq!(there.state.panels.screen, Screen::Editor);
    here.act(Action::Reset);
    here.act(Action::SeekTo(SimTime::from_secs(30)));
    there.act(Action::SeekTo(SimTime::from_secs(30)));
    let state = |session: &Session| session.state.run.nodes[&consumer].state.clone();
    assert_eq!(state(&here), state(&there));
    assert_eq!(here.engine.fingerprint(), there.engine.fingerprint());
}

/// A bad fragment gives a clear message and leaves a working page.
#[test]
fn a_hostile_fragment_changes_nothing() {
    let (mut session, _) = drawn();
    let before = session.state.scenario.clone();
    for fragment in ["#s9.abc", "#s1.%%%", "#s1.AAAA", "nonsense", &"#s1.".repeat(200_000)] {
        session.act(Action::OpenFragment(fragment.into()));
        assert!(session.state.panels.notice.as_ref().is_some_and(|notice| notice.is_error), "{fragment:.20}");
        assert_eq!(session.state.scenario, before);
    }
    session.act(Action::Import("{".into()));
    assert_eq!(session.state.scenario, before);
}

/// Autosave: kept from the first change on; opening a link never overwrites local work.
#[test]
fn opening_a_link_never_overwrites_what_is_kept() {
    let (mut session, _) = drawn();
    assert_eq!(session.state.draft().id, None);
    session.act(Action::DraftSaved { id: "mine".into() });
    assert_eq!(session.state.saving.status, SaveStatus::Saved);
    session.edit(Edit::SetTitle("Mine".into()));
    assert_eq!(session.state.draft().id.as_deref(), Some("mine"));
    let fragment = session.state.fragment();
    let mut other = Session::new();
    let effects = other.act(Action::OpenFragment(fragment));
    assert!(!effects.contains(&Effect::SaveDraft), "only a change is kept");
    let effects = other.edit(Edit::SetTitle("Theirs".into()));
    assert!(effects.contains(&Effect::SaveDraft));
    assert_eq!(other.state.draft().id, None, "under an id of its own");
}

#[test]
fn a_filter_policy_is_checked_as_it_is_typed_and_the_last_valid_one_stays_in_force() {
    use editor::filter_policy::{FilterAction, tester};
    let mut session = Session::new();
    session.act(Action::NewDocument);
    let producer = session.add(ResourceKind::Producer, 100.0, 100.0);
    let topic = session.add(ResourceKind::Topic, 400.0, 100.0);
    let queue = session.add(ResourceKind::Queue, 700.0, 100.0);
    session.connect(&producer, &topic);
    session.connect(&topic, &queue);
    let messages = JsonPointer::from("/Resources/producer/Properties/Messages");
    let message =
        |state: &str| json!({"Body": "{}", "Attributes": {"state": {"Type": "String", "Value": state}}});
    let value = Some(json!([message("placed"), message("refunded")]));
    session.edit(Edit::SetProperty { pointer: messages, value });
    let ends = LinkEnds::new(topic.clone(), queue.clone());
    session.act(Action::OpenLink(ends.clone()));
    let draft = |session: &Session| session.state.filter.clone().unwrap();
    session.act(Action::Filter(FilterAction::Type(r#"{"state": ["placed"]}"#.into())));
    assert!(draft(&session).error.is_none() && draft(&session).counters.keys == Some(1));
    session.act(Action::Filter(FilterAction::Apply));
    assert!(!draft(&session).changed);
    session.act(Action::Filter(FilterAction::Type(r#"{"state": ["placed""#.into())));
    assert!(draft(&session).error.is_some());
    let before = session.state.scenario.clone();
    session.act(Action::Filter(FilterAction::Apply));
    assert_eq!(session.state.scenario, before, "an invalid draft cannot be applied");

    session.run_for(3.0);
    let view = tester(&session.state);
    assert!(view.using_last_valid.is_some() && view.messages.len() > 5, "{view:?}");
    assert!(view.matching > 0 && view.matching < view.messages.len());
    let row = &view::node_view(&session.state, &topic).unwrap().rows[0];
    assert_eq!((row.key.as_deref(), row.text.as_str()), (Some("state"), "placed"));
    let share: u32 = row.share.trim_end_matches('%').parse().unwrap();
    assert!((40..=60).contains(&share), "about every second message passes: {share}");

    session.act(Action::Filter(FilterAction::Discard));
    let refused = view.messages.iter().find(|message| !message.matches).unwrap();
    session.act(Action::Filter(FilterAction::Choose(Some(refused.trace_id))));
    let explained = tester(&session.state).explanation;
    assert!(explained.is_some_and(|explanation| !explanation.rows[0].holds));
    let pasted = r#"{"attributes": {"state": {"Type": "String", "Value": "placed"}}}"#;
    session.act(Action::Filter(FilterAction::Paste(Some(pasted.into()))));
    assert!(tester(&session.state).explanation.is_some_and(|explanation| explanation.rows[0].holds));
    session.command(Command::Undo);
    assert_eq!(draft(&session).text, "{\n}", "undo takes the policy in force back");
}

#[test]
fn marks_have_the_colour_of_an_attribute_that_tells_them_apart() {
    let mut session = Session::new();
    let text = include_str!("../../crates/scenario/gallery/filter-by-state.json");
    session.act(Action::Import(text.into()));
    session.run_for(3.0);
    let legend = view::legend(&session.state);
    assert!(legend.entries.len() >= 2, "{legend:?} {:?}", session.state.run.catalogue.payloads);
    assert!(session.marks().any(|mark| mark.category == 1));
}

#[test]
fn keys_do_what_the_sheet_says() {
    let (mut session, [producer, queue, _]) = drawn();
    let key = |key: &str| KeyInput { key: key.into(), on_canvas: true, ..KeyInput::default() };
    session.act(Action::Key(key(" ")));
    assert!(session.state.playback.transport.playing);
    session.act(Action::Key(KeyInput { in_text: true, ..key(" ") }));
    assert!(session.state.playback.transport.playing, "a space in a text is a space");
    session.act(Action::Key(key("]")));
    assert_eq!(session.state.playback.transport.speed, 2.0);
    session.act(Action::Select(Selection::node(producer.clone())));
    session.act(Action::Key(key("ArrowRight")));
    assert_eq!(session.state.selection, Selection::node(queue.clone()));
    let before = session.state.places[&queue];
    session.act(Action::Key(KeyInput { alt: true, ..key("ArrowDown") }));
    assert_eq!(session.state.places[&queue].y, before.y + 20.0);
    session.act(Action::Key(key("Delete")));
    assert!(!session.state.scenario.resources.contains_key(&queue));
    session.act(Action::Key(KeyInput { control: true, ..key("z") }));
    assert!(session.state.scenario.resources.contains_key(&queue));
    session.act(Action::Key(key("?")));
    assert_eq!(session.state.panels.dialog, Some(Dialog::Shortcuts));
    session.act(Action::Key(key("Escape")));
    assert_eq!(session.state.panels.dialog, None);
    session.act(Action::SetSingleKeys(false));
    session.act(Action::Key(key("?")));
    assert_eq!(session.state.panels.dialog, None, "single keys can be switched off");
}

#[test]
fn a_lost_engine_loses_nothing_of_the_diagram() {
    let (mut session, _) = drawn();
    session.run_for(1.0);
    let before = session.state.scenario.clone();
    session.act(Action::EngineFailed("unreachable".into()));
    assert!(matches!(view::transport_view(&session.state).chip, view::RunChip::Stopped(_)));
    assert_eq!(session.state.scenario, before);
    let effects = session.act(Action::RestartEngine);
    assert!(effects.contains(&Effect::StartEngine));
    session.engine = Engine::default();
    session.act(Action::EngineStarted);
    session.run_for(1.0);
    assert!(session.state.playback.playhead() > SimTime::ZERO);
}

#[test]
fn every_gallery_scenario_opens_and_runs() {
    let mut session = Session::new();
    for entry in scenario::gallery::ALL {
        session.act(Action::OpenGallery(entry.name.into()));
        assert!(!session.state.diagnostics.has_errors(), "{}: {:?}", entry.name, session.state.diagnostics);
        session.run_for(0.5);
        assert!(session.state.playback.playhead() > SimTime::ZERO, "{}", entry.name);
        assert_eq!(view::node_views(&session.state).len(), session.state.scenario.resources.len());
        let cards = view::gallery(&session.state).cards;
        assert!(cards.iter().any(|card| card.name == entry.name));
    }
}

/// Any edit of a small diagram, sensible or not.
fn any_edit() -> impl Strategy<Value = Edit> {
    let names = ["producer", "queue", "topic", "queue-2", "consumer", "x"];
    let name = prop::sample::select(names.map(LogicalId::from).to_vec());
    let kind = prop::sample::select(ResourceKind::ALL.to_vec());
    let at = (-500_i32..500, -500_i32..500).prop_map(|(x, y)| Point::new(f64::from(x), f64::from(y)));
    let ends = (name.clone(), name.clone()).prop_map(|(from, to)| LinkEnds::new(from, to));
    let pointers = [
        "/Resources/queue/Properties/VisibilityTimeout",
        "/Links/0/Properties/RawMessageDelivery",
        "/No/Such",
    ];
    let value = prop::option::of(prop::sample::select(vec![json!(5), json!("x"), json!(true), json!(null)]));
    prop_oneof![
        4 => (name.clone(), kind, at.clone())
            .prop_map(|(id, kind, at)| Edit::AddResource { id, kind, preset: None, at }),
        4 => ends.clone().prop_map(Edit::Connect),
        1 => ends.prop_map(Edit::Disconnect),
        1 => name.clone().prop_map(|id| Edit::Remove(vec![id])),
        1 => (name.clone(), name.clone()).prop_map(|(from, to)| Edit::Rename { from, to }),
        1 => (name.clone(), name.clone(), at.clone()).prop_map(|(of, id, at)| Edit::Duplicate { of, id, at }),
        1 => (name, at).prop_map(|(id, at)| Edit::Move(vec![(id, at)])),
        2 => (prop::sample::select(pointers.to_vec()), value)
            .prop_map(|(pointer, value)| Edit::SetProperty { pointer: pointer.into(), value }),
        1 => "[a-z]{0,5}".prop_map(Edit::SetTitle),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Architecture: undo after any edit restores the document, and redo makes it again.
    #[test]
    fn undo_restores_and_redo_repeats(edits in prop::collection::vec(any_edit(), 1..40)) {
        let mut session = Session::new();
        session.act(Action::NewDocument);
        let mut documents = vec![session.state.scenario.clone()];
        for edit in edits {
            session.edit(edit);
            if *session.state.scenario != **documents.last().unwrap() {
                documents.push(session.state.scenario.clone());
            }
        }
        for before in documents.iter().rev().skip(1) {
            session.command(Command::Undo);
            prop_assert_eq!(&session.state.scenario, before);
        }
        prop_assert!(!session.state.history.can_undo());
        for after in documents.iter().skip(1) {
            session.command(Command::Redo);
            prop_assert_eq!(&session.state.scenario, after);
        }
    }

    /// An edit either is refused or leaves a document that reads back as it was written.
    #[test]
    fn edited_documents_read_back(edits in prop::collection::vec(any_edit(), 1..30)) {
        let mut document = scenario::Scenario::default();
        for edit in &edits {
            if let Ok(new) = apply(&document, edit) {
                document = new;
            }
        }
        prop_assert_eq!(scenario::parse(&document.to_json()).scenario, document);
    }
}

/// Undo in the past is a change like any other: it asks first.
#[test]
fn undo_in_the_past_asks_to_branch() {
    let (mut session, [_, queue, _]) = drawn();
    session.run_for(2.0);
    session.edit(Edit::Remove(vec![queue]));
    session.run_for(1.0);
    session.act(Action::Pause);
    session.act(Action::SeekTo(SimTime::from_secs(1)));
    let before = session.state.scenario.clone();
    session.command(Command::Undo);
    assert_eq!((&session.state.scenario, &session.state.panels.dialog), (&before, &Some(Dialog::Branch)));
    session.act(Action::Branch);
    assert_ne!(session.state.scenario, before);
}

/// Tracks: what is drawn is pinned until somebody pins something.
#[test]
fn metrics_are_recorded_second_by_second_and_pins_are_the_readers() {
    let (mut session, [_, queue, _]) = drawn();
    session.run_for(5.2);
    let view = view::tracks(&session.state);
    assert_eq!(view.tracks.len(), 3);
    assert!(view.tracks.iter().all(|track| track.series.values.len() >= 4), "{:?}", view.tracks);
    session.act(Action::Pause);
    let metric = messaging::MetricName::NumberOfMessagesDeleted;
    session.act(Action::TogglePin { of: queue.clone(), metric });
    let view = view::tracks(&session.state);
    let pinned = view.tracks.last().unwrap();
    assert!(pinned.of.metric == metric && pinned.series.values.len() >= 4, "recorded before it was pinned");
    session.act(Action::TogglePin { of: queue, metric });
    assert_eq!(view::tracks(&session.state).tracks.len(), 3);
}

/// A document that cannot run is drawn, says what is wrong, and never shows the run of the one before.
#[test]
fn a_document_that_cannot_run_is_drawn_all_the_same() {
    let (mut session, _) = drawn();
    session.run_for(1.0);
    let text = r#"{"Version":1,"Resources":{"q":{"Type":"AWS::SQS::Queue"},"p":{"Type":"Playground::Producer"}},
        "Links":[{"Type":"Playground::Send","From":"q","To":"p"}]}"#;
    session.act(Action::Import(text.into()));
    assert!(session.state.diagnostics.has_errors() && !view::hints(&session.state).is_empty());
    assert!(!view::transport_view(&session.state).enabled);
    assert_eq!(view::node_views(&session.state).len(), 2);
    session.act(Action::Play);
    session.act(Action::AnimationFrame { elapsed: SimDuration::from_millis(20) });
    assert_eq!(session.state.playback.playhead(), SimTime::ZERO);
    session.edit(Edit::Disconnect(LinkEnds::new("q".into(), "p".into())));
    session.run_for(1.0);
    assert!(session.state.playback.playhead() > SimTime::ZERO && !session.state.diagnostics.has_errors());
}

#[test]
fn sp_53_a_producer_linked_to_an_ordered_queue_gets_the_group_that_aws_asks_for() {
    let mut session = Session::new();
    session.act(Action::NewDocument);
    let producer = session.add(ResourceKind::Producer, 100.0, 100.0);
    session.act(Action::Add {
        kind: ResourceKind::Queue,
        preset: Some(0),
        at: Some(Point::new(400.0, 100.0)),
    });
    let queue = session.state.selection.single_node().cloned().expect("what is added is selected");
    assert!(queue.as_str().ends_with(".fifo"), "{queue}");
    session.connect(&producer, &queue);
    let keys = serde_json::to_value(&session.state.scenario.resources[&producer]).unwrap()["Keys"].clone();
    assert_eq!(keys, serde_json::json!({ "List": ["default"] }));
    session.run_for(2.0);
    let refusals: Vec<&str> = session.state.run.log.iter().map(|entry| entry.code.as_str()).collect();
    assert!(refusals.iter().all(|code| code.is_empty()), "{refusals:?}");
}

/// SQS-7, SQS-161: high throughput needs two properties; one press sets both, and one undo takes both back.
#[test]
fn a_remedy_of_two_properties_is_one_step() {
    let mut session = Session::new();
    session.act(Action::OpenGallery("fifo-over-quota".into()));
    session.run_for(3.0);
    let of = LogicalId::from("single.fifo");
    let problem = session.state.run.nodes[&of].state.problem.clone().expect("it is over its quota");
    let remedy = problem.remedies.into_iter().find(|remedy| remedy.label == "High throughput mode").unwrap();
    let before = session.state.scenario.clone();
    session.act(Action::TakeRemedy { of: of.clone(), remedy });
    let json = session.state.scenario.to_json();
    assert!(json.contains("perMessageGroupId") && json.contains("messageGroup\""), "{}", session.notice());
    session.run_for(3.0);
    let problem = session.state.run.nodes[&of].state.problem.clone();
    let offered =
        problem.is_some_and(|problem| problem.remedies.iter().any(|step| step.label.starts_with("High")));
    assert!(!offered, "it is in force");
    session.command(Command::Undo);
    assert_eq!(session.state.scenario, before);
}

/// SQS-161: the quota is 300 calls a second, which are 3,000 messages in batches of ten.
#[test]
fn a_track_of_messages_has_its_quota_in_messages() {
    let mut session = Session::new();
    session.act(Action::OpenGallery("fifo-over-quota".into()));
    session.run_for(4.0);
    let quota = |of: &str| {
        let tracks = view::tracks(&session.state).tracks;
        let track = tracks.iter().find(|track| {
            track.of.of.as_str() == of && track.of.metric == messaging::MetricName::NumberOfMessagesSent
        });
        track.unwrap_or_else(|| panic!("a track of {of}")).quota
    };
    assert_eq!(quota("single.fifo"), Some(300.0));
    assert_eq!(quota("batched.fifo"), Some(3_000.0));
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

/// UI.md section 4: the tester has the last messages, whether the run was watched or gone to.
#[test]
fn the_tester_has_as_many_messages_after_a_seek() {
    let tested = |session: &Session| -> Vec<_> {
        let view = editor::filter_policy::tester(&session.state);
        view.messages.iter().map(|message| (message.trace_id, message.matches)).collect()
    };
    let open = || {
        let mut session = Session::new();
        session.act(Action::OpenGallery("filter-by-state".into()));
        session.act(Action::OpenLink(LinkEnds::new("orders".into(), "refunds".into())));
        session
    };
    let mut watched = open();
    watched.run_for(31.0);
    watched.act(Action::Pause);
    watched.act(Action::SeekTo(SimTime::from_secs(30)));
    let mut gone_to = open();
    gone_to.act(Action::SeekTo(SimTime::from_secs(30)));
    assert!(tested(&gone_to).len() >= 50, "{}", tested(&gone_to).len());
    assert_eq!(tested(&watched), tested(&gone_to));
}
