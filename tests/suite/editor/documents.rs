//! Documents: opened, changed property by property, undone, shared.

use super::*;

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

/// SP-127: the limit of the account is a field of the document, as are its seed and its profile.
#[test]
fn sp_127_a_quota_of_the_account_is_set_in_the_inspector_and_undone() {
    let (mut session, _) = drawn();
    session.act(Action::Select(Selection::Nothing));
    let field = |session: &Session| {
        let view::InspectorView::Document { quotas, .. } = view::inspector(&session.state) else { panic!() };
        quotas.into_iter().find(|field| field.name == "InFlightMessages").expect("a queue is there")
    };
    assert_eq!((field(&session).value, field(&session).default), (json!(120_000), json!(120_000)));
    let pointer = field(&session).pointer;
    session.edit(Edit::SetProperty { pointer: pointer.clone(), value: Some(json!(500)) });
    assert_eq!((field(&session).value, field(&session).default), (json!(500), json!(120_000)));
    session.edit(Edit::SetProperty { pointer: pointer.clone(), value: Some(json!(0)) });
    assert!(field(&session).error.is_some_and(|error| error.contains("1 to 1200000")));
    session.edit(Edit::SetProperty { pointer, value: None });
    assert_eq!(field(&session).value, json!(120_000));
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

/// A link that people write stays in the address bar until the document is changed, and says where the run stands.
#[test]
fn a_link_that_people_wrote_opens_where_it_says() {
    let mut session = Session::late();
    let link = "#g=fan-out&producer.rate=4&t=12s&v=9.9.9";
    let effects = session.act(Action::OpenFragment(link.into()));
    assert!(!effects.contains(&Effect::WriteLocation));
    assert!(session.notice().contains("9.9.9"), "{}", session.notice());
    session.act(Action::EngineStarted);
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(12));
    assert_eq!(session.state.title(), "Fan-out");
    // A producer of 4/s has sent 49 messages by 12 s: the first one at the start.
    let sent = LinkEnds::new("shop".into(), "orders".into());
    assert_eq!(session.state.run.link(&sent).unwrap().messages, 49);
    let effects = session.edit(Edit::SetTitle("Mine".into()));
    assert!(effects.contains(&Effect::WriteLocation));
    // With an engine that is there already it goes there at once.
    session.act(Action::OpenFragment("g=fan-out&t=3s".into()));
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(3));
    session.act(Action::OpenFragment("g=fan-out".into()));
    assert_eq!(session.state.playback.playhead(), SimTime::ZERO);
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
    for find in [key("/"), KeyInput { control: true, in_text: true, ..key("k") }] {
        session.act(Action::Key(find));
        assert_eq!(session.state.panels.dialog, Some(Dialog::Commands));
        session.act(Action::Key(key("Escape")));
    }
    session.act(Action::SetSingleKeys(false));
    session.act(Action::Key(key("?")));
    assert_eq!(session.state.panels.dialog, None, "single keys can be switched off");
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
        1 => (name.clone(), at.clone()).prop_map(|(id, at)| {
            let plain = ResourceKind::Queue.default_properties();
            let resources = [(id.clone(), plain)].into_iter().collect();
            let layout = [(id, at.into())].into_iter().collect();
            Edit::Merge(Box::new(scenario::Scenario { resources, layout, ..Default::default() }))
        }),
        1 => prop::collection::vec(name.clone(), 0..4).prop_map(|members| {
            let group = |title: &str, resources: Vec<LogicalId>| scenario::Group { title: title.into(), resources };
            Edit::SetGroups(vec![group("a", members.clone()), group("b", members)])
        }),
        1 => ("[a-z<>]{0,5}", at.clone())
            .prop_map(|(text, at)| Edit::SetNotes(vec![scenario::Note { text, at: at.into() }])),
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
    session.act(Action::TakeRemedy { of: of.clone(), remedy: Box::new(remedy) });
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
