//! What a finger needs: several nodes one by one, notes and links where the diagram stands upright.

use editor::panels::{Sheet, Writing};
use editor::view::{InspectorView, MenuPart, command_entries, menu, tracks};

use super::*;

fn tap(session: &mut Session, target: HitTarget) {
    let at = Point::new(10.0, 10.0);
    let finger = PointerState { touch: true, ..PointerState::default() };
    session.act(Action::Pointer(PointerInput::Down { at, target: target.clone(), state: finger }));
    session.act(Action::Pointer(PointerInput::Up { at, target }));
}

fn names(session: &Session, target: &HitTarget) -> Vec<&'static str> {
    let items = menu(&session.state, target, Point::new(5.0, 5.0)).into_iter().flat_map(|part| match part {
        MenuPart::Item(item) => vec![item],
        MenuPart::Icons(items) => items,
        MenuPart::Line => Vec::new(),
    });
    items.map(|item| item.name).collect()
}

/// UI.md section 10: what Shift does with a mouse has a way without one.
#[test]
fn several_nodes_are_selected_by_taps() {
    let (mut session, [producer, queue, consumer]) = drawn();
    tap(&mut session, HitTarget::Node(queue.clone()));
    assert!(names(&session, &HitTarget::Node(queue.clone())).contains(&"Select several"));
    session.command(Command::SelectSeveral);
    tap(&mut session, HitTarget::Node(producer.clone()));
    tap(&mut session, HitTarget::Port(consumer.clone()));
    assert_eq!(session.state.selection.nodes().count(), 3, "a port is part of its node now");
    assert_eq!(session.state.tool, Tool::Idle);
    tap(&mut session, HitTarget::Ground);
    tap(&mut session, HitTarget::Node(consumer.clone()));
    assert_eq!(
        session.state.selection.nodes().count(),
        2,
        "the ground lets go of nothing, a second tap does"
    );
    session.command(Command::SelectSeveral);
    tap(&mut session, HitTarget::Node(consumer.clone()));
    assert_eq!(session.state.selection, Selection::node(consumer.clone()), "and then it is over");

    session.command(Command::SelectSeveral);
    session.command(Command::Back);
    assert_eq!((session.state.picks_several(), session.state.selection.has_node(&consumer)), (false, true));
    session.command(Command::SelectSeveral);
    tap(&mut session, HitTarget::Node(consumer));
    assert!(!session.state.picks_several(), "nothing is left to add to");
}

/// UI.md section 12: the saved layout is not changed by the upright arrangement; a note has its place in the saved one.
#[test]
fn a_note_is_written_where_the_diagram_stands_upright() {
    let (mut session, _) = drawn();
    session.act(Action::SetUpright(true));
    session.command(Command::AddNote);
    assert!(matches!(session.state.panels.writing, Some(Writing::NewNote(_))));
    session.act(Action::Written(Some("Ask the shop".into())));
    assert_eq!(session.state.scenario.notes[0].text, "Ask the shop");
    let lowest = session.state.scenario.layout.values().map(|[_, y]| *y).max().unwrap();
    assert!(session.state.scenario.notes[0].at[1] > lowest, "below every node of a wide page");
    assert!(command_entries(&session.state).iter().any(|entry| entry.title == "Ask the shop"));
    assert!(!names(&session, &HitTarget::Ground).contains(&"Arrange"), "it arranges itself");
    session.command(Command::SelectAll);
    let first = session.state.scenario.resources.keys().next().cloned().unwrap();
    let offered = names(&session, &HitTarget::Node(first));
    assert!(offered.contains(&"Group") && !offered.contains(&"Align left"));
}

/// UI.md section 12: the targets of a link are seen above the list of them.
#[test]
fn a_link_is_drawn_above_a_low_sheet() {
    let (mut session, [producer, queue, _]) = drawn();
    session.act(Action::SetUpright(true));
    tap(&mut session, HitTarget::Port(queue));
    assert_eq!(view::sheet(&session.state), Sheet::Peek);
    session.command(Command::Back);
    session.act(Action::Select(Selection::node(producer)));
    let effects = session.command(Command::Connect);
    assert_eq!(effects, Vec::new(), "a field with the keyboard would cover them");
}

/// Predict, then run: what is asked is not given away beside the question.
#[test]
fn the_answer_is_not_given_away() {
    let mut session = Session::new();
    session.act(Action::OpenGallery("poison-message".into()));
    let wanted = |session: &Session| match view::inspector(&session.state) {
        InspectorView::Document { expectations, .. } => {
            expectations.into_iter().map(|row| row.wanted).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let said = |session: &Session, text: &str| {
        tracks(&session.state)
            .flags
            .iter()
            .any(|flag| flag.text == format!("MessagesProcessed of billing: {text}"))
    };
    assert_eq!(wanted(&session), ["3", "1", "1", "?", "0"]);
    assert!(said(&session, "?") && !said(&session, "19"));
    session.act(Action::SeekTo(SimTime::from_secs(90)));
    assert_eq!(wanted(&session), ["3", "1", "1", "19", "0"]);
    assert!(said(&session, "19"));
}

/// Two runs are compared by keyboard alone: the list of commands has them.
#[test]
fn runs_are_found_among_the_commands() {
    let (mut session, _) = drawn();
    session.act(Action::SeekTo(SimTime::from_secs(10)));
    session.act(Action::SeekTo(SimTime::from_secs(5)));
    let titles = |session: &Session| -> Vec<String> {
        let all = command_entries(&session.state).into_iter().filter(|entry| entry.detail == "Run");
        all.map(|entry| entry.title).collect()
    };
    assert!(titles(&session).is_empty());
    session.command(Command::Branch);
    assert_eq!(titles(&session), ["Stop comparing with First run", "Switch to First run"]);
    let all = command_entries(&session.state);
    let stop = all.iter().find(|entry| entry.title.starts_with("Stop comparing")).unwrap().action.clone();
    session.act(stop);
    assert_eq!(titles(&session)[0], "Compare with First run");
}
