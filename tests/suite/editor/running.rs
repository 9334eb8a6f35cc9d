//! The run as it is watched: time, marks, tracks, and what happens to it when the document changes.

use super::*;

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

#[test]
fn marks_have_the_colour_of_an_attribute_that_tells_them_apart() {
    let mut session = Session::new();
    let text = include_str!("../../../crates/scenario/gallery/filter-by-state.json");
    session.act(Action::Import(text.into()));
    session.run_for(3.0);
    let legend = view::legend(&session.state);
    assert!(legend.entries.len() >= 2, "{legend:?} {:?}", session.state.run.catalogue.payloads);
    assert!(session.marks().any(|mark| mark.category == 1));
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

/// KDS-8, KDS-89, KDS-42: which shard each key goes to, and which worker reads it, how far behind. Pictures 03 and 15.
#[test]
fn the_neighbours_of_a_stream_show_its_keys_and_its_workers() {
    let mut session = Session::new();
    session.act(Action::ResizeCanvas(Size::new(948.0, 636.0)));
    session.act(Action::OpenGallery("hot-shard".into()));
    session.run_for(3.0);
    let view = |session: &Session, id: &str| view::node_view(&session.state, &LogicalId::from(id)).unwrap();
    let keys = view(&session, "trucks").keys;
    let in_shard = |shard: u8| keys.iter().filter(|key| key.category == shard).count();
    assert_eq!([0, 1, 2, 3, 4].map(in_shard), [20, 19, 19, 24, 18]);
    assert!(keys.iter().all(|key| !key.hot), "no truck of a hundred is half of its shard");
    let map = view(&session, "map");
    assert_eq!(map.workers.iter().map(|row| row.worker).collect::<Vec<_>>(), [1, 2, 3, 4, 5].map(Some));
    assert!(map.workers.iter().all(|row| (1..1_000).contains(&row.behind_ms)), "{:?}", map.workers);
    assert_eq!(map.tag, "5 of 5");
    // The lane and the worker's row stand at the same height: the wire between them is straight.
    let curves = view::wire_curves(&session.state);
    assert!(curves[5..10].iter().all(|curve| (curve.0[0].y - curve.0[3].y).abs() < 0.5), "{curves:?}");
}

/// KDS-97: each application reads every shard. Where several do, none has a row for each shard: wires would cross.
#[test]
fn of_several_readers_none_has_a_row_for_each_shard() {
    let mut session = Session::new();
    session.act(Action::ResizeCanvas(Size::new(948.0, 636.0)));
    session.act(Action::OpenGallery("read-again".into()));
    session.run_for(1.0);
    let views = view::node_views(&session.state);
    assert!(views.iter().all(|node| node.workers.is_empty()), "{views:?}");
}

/// Picture 13: a diagram of many nodes begins with tracks of all of them, and a group's can be pinned: what its
/// members recorded, added up.
#[test]
fn tracks_of_many_nodes_are_what_each_recorded_added_up() {
    let names: Vec<String> = (1..=26).map(|number| format!("p{number}")).collect();
    let producer = json!({ "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": 10 } } });
    let mut resources: serde_json::Map<String, serde_json::Value> =
        names.iter().map(|name| (name.clone(), producer.clone())).collect();
    resources.insert("q".into(), json!({ "Type": "AWS::SQS::Queue" }));
    let links: Vec<_> =
        names.iter().map(|name| json!({ "Type": "Playground::Send", "From": name, "To": "q" })).collect();
    let document = json!({ "Version": 1, "Title": "Many", "Seed": 1, "Resources": resources, "Links": links,
        "Groups": [{ "Title": "Two", "Resources": ["p1", "p2"] }] });
    let mut session = Session::new();
    session.act(Action::Import(document.to_string()));
    let tracks = view::tracks(&session.state).tracks;
    assert_eq!(
        tracks.iter().map(|track| view::track_name(&track.of.of)).collect::<Vec<_>>(),
        ["Everything"; 4]
    );
    let offered = messaging::MetricName::MessagesOffered;
    let group = { view::track_choices(&session.state).into_iter() }
        .find(|choice| view::track_name(&choice.of) == "Two" && choice.metric == offered)
        .expect("a group's metrics can be pinned");
    session.act(Action::TogglePin { of: group.of.clone(), metric: group.metric });
    session.run_for(4.0);
    let tracks = view::tracks(&session.state).tracks;
    let at = |place: usize, second: usize| tracks[place].series.values[second];
    assert_eq!((at(0, 2), at(4, 2)), (260.0, 20.0));
    assert!(at(1, 3) > at(1, 2), "what waits in all queues grows: {:?}", tracks[1].series);
}
