//! Finding things by name, the document as text, the timeline by hand, and two tabs.

use editor::edit::{rescheduled, scheduled, unscheduled};
use editor::text::{TextAction, TextDraft};
use editor::view::{InspectorView, command_entries, narrowed};

use super::*;

fn found(session: &Session, find: &str) -> Vec<(String, Action)> {
    let all = command_entries(&session.state);
    narrowed(&all, find).iter().map(|entry| (entry.title.clone(), entry.action.clone())).collect()
}

#[test]
fn everything_is_found_by_its_name() {
    let (mut session, [_, queue, _]) = drawn();
    session.act(Action::DraftsListed(vec![editor::DraftEntry {
        id: "7".into(),
        title: "Mine".into(),
        saved: "yesterday".into(),
    }]));
    assert_eq!(
        found(&session, "queue")[0],
        ("queue".into(), Action::GoTo(queue.clone())),
        "nodes come first"
    );
    assert_eq!(found(&session, "undo")[0].1, Action::Command(Command::Undo));
    assert_eq!(found(&session, "mine")[0].1, Action::ChooseDraft("7".into()));
    assert_eq!(found(&session, "fan-out")[0].1, Action::OpenGallery("fan-out".into()));
    let add = Action::Add { kind: ResourceKind::Topic, preset: None, at: None };
    assert_eq!(found(&session, "top sns add")[0].1, add, "words in any order, each from its beginning");
    assert_eq!(found(&session, "s")[0].0, "Step", "what begins so comes before what contains it");
    assert!(found(&session, "no such thing").is_empty());
    let offers = |session: &Session, title: &str| found(session, title).iter().any(|(name, _)| name == title);
    session.act(Action::Select(Selection::Nothing));
    assert!(!offers(&session, "Delete") && !offers(&session, "Align left"));
    session.act(Action::Select(Selection::node(queue.clone())));
    assert!(offers(&session, "Delete") && !offers(&session, "Align left"));
    session.command(Command::SelectAll);
    assert!(offers(&session, "Align left"));
    let effects = session.act(Action::GoTo(queue.clone()));
    assert_eq!(session.state.selection, Selection::node(queue.clone()));
    assert!(effects.contains(&Effect::Focus(editor::Focus::Node(queue))));
}

fn text(session: &Session) -> TextDraft {
    session.state.text.clone().expect("the text is shown")
}

fn write(session: &mut Session, text: &str) {
    session.act(Action::Text(TextAction::Type(text.into())));
}

#[test]
fn the_text_follows_the_drawing_and_the_drawing_the_text() {
    let (mut session, [producer, queue, _]) = drawn();
    session.act(Action::Text(TextAction::Open));
    assert_eq!(view::inspector(&session.state), InspectorView::Text(text(&session)));
    assert_eq!(text(&session).text, session.state.scenario.to_json());
    session.edit(Edit::Rename { from: queue, to: "orders".into() });
    assert!(text(&session).text.contains("\"orders\""), "it follows");

    let before = session.state.scenario.clone();
    let renamed = text(&session).text.replace("\"orders\"", "\"jobs\"");
    write(&mut session, &renamed);
    assert!(text(&session).changed && text(&session).can_apply());
    assert_eq!(session.state.scenario, before, "nothing happens before it is applied");
    session.act(Action::Text(TextAction::Apply));
    assert!(session.state.scenario.link(&producer, &"jobs".into()).is_some());
    assert!(!text(&session).changed);
    session.command(Command::Undo);
    assert_eq!(session.state.scenario, before, "one step of undo");
    assert!(text(&session).text.contains("\"orders\""), "and the text follows again");
}

/// UI.md section 8: a text that cannot be read is said line by line; the last valid version stays in force.
#[test]
fn a_text_that_cannot_be_read_has_its_faults_by_line_and_is_not_applied() {
    let (mut session, _) = drawn();
    session.act(Action::Text(TextAction::Open));
    let (good, before) = (text(&session).text, session.state.scenario.clone());
    let line = |needle: &str| 1 + good.lines().position(|line| line.contains(needle)).unwrap();
    for (bad, at) in [
        (good.replace("AWS::SQS::Queue", "AWS::SQS::Quee"), line("AWS::SQS::Queue")),
        (good.replace("\"queue\": {", "\"queue\" {"), line("\"queue\": {")),
    ] {
        write(&mut session, &bad);
        let faults = text(&session).faults;
        assert_eq!((faults[0].line, faults.len()), (at, 1), "and not what follows from it: {faults:?}");
        assert!(!text(&session).can_apply());
        session.act(Action::Text(TextAction::Apply));
        assert_eq!(session.state.scenario, before);
        assert!(session.notice().contains(&format!("Line {at}")), "{}", session.notice());
        assert_eq!(text(&session).text, bad, "what was typed stays");
    }
    // The drawing is changed while the text waits: it is said, and nothing typed is lost.
    session.edit(Edit::SetTitle("Other".into()));
    assert!(text(&session).behind && text(&session).text.contains("\"queue\" {"));
    session.act(Action::Text(TextAction::Discard));
    assert!(text(&session).text.contains("Other") && text(&session).faults.is_empty());
}

#[test]
fn a_fault_is_put_on_the_timeline_moved_and_taken_out() {
    let (mut session, [.., consumer]) = drawn();
    let at = SimTime::from_secs;
    let entries = |session: &Session| -> Vec<(String, String)> {
        let all = view::happenings(&session.state).into_iter();
        all.map(|entry| (entry.at, entry.text)).collect()
    };
    let edit = scheduled(&session.state.scenario, at(4), Intervention::Start(consumer.clone()));
    session.edit(edit);
    let edit = scheduled(&session.state.scenario, at(2), Intervention::Stop(consumer.clone()));
    session.edit(edit);
    let pair = |at: &str, text: &str| (at.to_owned(), text.to_owned());
    assert_eq!(entries(&session), [pair("2s", "consumer stops"), pair("4s", "consumer starts")]);
    session.run_for(3.0);
    let is_down = |session: &Session| {
        session.state.run.log.iter().any(|entry| entry.kind == engine::LogKind::Intervened)
    };
    assert!(is_down(&session), "it happens by itself");

    session.act(Action::Reset);
    let edit = rescheduled(&session.state.scenario, 0, at(60));
    session.edit(edit);
    assert_eq!(entries(&session), [pair("4s", "consumer starts"), pair("1m", "consumer stops")]);
    session.run_for(3.0);
    assert!(!is_down(&session), "it was moved");
    let edit = unscheduled(&session.state.scenario, 0);
    session.edit(edit);
    assert_eq!(entries(&session), [pair("1m", "consumer stops")]);
    session.command(Command::Undo);
    assert_eq!(entries(&session).len(), 2);
}

/// Two tabs with the same diagram: neither overwrites the other.
#[test]
fn a_diagram_changed_in_another_tab_is_kept_beside_it() {
    let (mut session, _) = drawn();
    session.act(Action::DraftSaved { id: "mine".into() });
    session.act(Action::KeptElsewhere("other".into()));
    assert_eq!(session.state.draft().id.as_deref(), Some("mine"), "another diagram is no news");
    session.act(Action::KeptElsewhere("mine".into()));
    assert_eq!(session.state.saving.status, SaveStatus::Elsewhere);
    let notice = session.state.panels.notice.clone().unwrap();
    assert!(notice.text.contains("another tab") && notice.open_draft.as_deref() == Some("mine"));
    session.edit(Edit::SetTitle("Ours".into()));
    assert_eq!(session.state.draft().id, None, "from here on it has an id of its own");
}

#[test]
fn an_imported_link_opens_what_it_holds() {
    let (mut session, _) = drawn();
    let link = format!("https://example.org/playground/#{}", session.state.fragment());
    let before = session.state.scenario.clone();
    session.act(Action::NewDocument);
    session.act(Action::Import(link));
    assert_eq!(session.state.scenario, before);
}

#[test]
fn the_minimap_is_there_only_where_not_everything_is_seen() {
    let (mut session, _) = drawn();
    session.command(Command::FitAll);
    assert_eq!(view::minimap(&session.state), None);
    session.act(Action::Pan { dx: -2_000.0, dy: 0.0 });
    let map = view::minimap(&session.state).expect("the diagram is out of sight");
    assert_eq!(map.extent.union(&map.seen), map.extent);
    for id in view::node_ids(&session.state) {
        assert!(map.extent.contains(view::node_rect(&session.state, &id).origin));
    }
    session.command(Command::Minimap);
    assert_eq!(view::minimap(&session.state), None, "it can be put away");
}
