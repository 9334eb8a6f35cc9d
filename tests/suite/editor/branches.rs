//! Time travel that survives edits (UI.md screens 1 and 14): branches, their comparison, and the timeline.

use editor::branches::{BranchAction, unsaved};
use engine::BranchId;

use super::*;

/// What a node shows, in words.
fn summary(session: &Session, id: &LogicalId) -> String {
    session.state.run.nodes[id].state.summary.clone()
}

/// Runs to 4 s and looks at the second second.
fn in_the_past() -> (Session, [LogicalId; 3]) {
    let (mut session, ids) = drawn();
    session.run_for(4.0);
    session.act(Action::Pause);
    session.act(Action::SeekTo(SimTime::from_secs(2)));
    assert!(session.state.playback.transport.is_past());
    assert_eq!(view::transport_view(&session.state).chip, view::RunChip::Past);
    (session, ids)
}

fn branch(session: &mut Session, action: BranchAction) -> Vec<Effect> {
    session.act(Action::Branch(action))
}

/// UI.md section 8: any change in the past branches; what came after is another run, and stays.
#[test]
fn a_change_in_the_past_goes_on_as_a_branch_and_the_run_it_left_stays() {
    let (mut session, [producer, queue, _]) = in_the_past();
    let furthest = session.state.playback.transport.furthest;
    session.command(Command::ToLive);
    let live = summary(&session, &queue);
    session.act(Action::SeekTo(SimTime::from_secs(2)));
    let effects = session.act(Action::Intervene(Intervention::Stop(producer.clone())));
    assert!(has_request(&effects, |request| matches!(request, EngineRequest::Branch { id: BranchId(1) })));
    assert!(!session.state.playback.transport.is_past(), "the branch is live where it began");
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(2));
    session.run_for(3.0);
    assert_eq!(session.state.run.done.len(), 1);
    branch(&mut session, BranchAction::SwitchTo(BranchId(0)));
    assert_eq!(session.state.playback.transport.furthest, furthest, "as far as it had come");
    session.command(Command::ToLive);
    assert_eq!(summary(&session, &queue), live, "nothing of the first run is lost");
    assert!(session.state.run.done.is_empty(), "the producer was stopped in the other run");
}

/// An edit belongs to its branch: the document changes with the run, and so does what can be undone.
#[test]
fn each_branch_has_its_own_document_and_undo() {
    let (mut session, [_, queue, consumer]) = in_the_past();
    session.edit(Edit::Remove(vec![consumer.clone()]));
    assert!(!session.state.scenario.resources.contains_key(&consumer));
    session.run_for(1.0);
    let effects = branch(&mut session, BranchAction::SwitchTo(BranchId(0)));
    assert!(effects.contains(&Effect::SaveDraft) && effects.contains(&Effect::WriteLocation));
    assert!(session.state.scenario.resources.contains_key(&consumer));
    assert!(session.state.run.nodes.contains_key(&consumer), "the run has it too");
    branch(&mut session, BranchAction::SwitchTo(BranchId(1)));
    assert!(!session.state.scenario.resources.contains_key(&consumer));
    session.command(Command::Undo);
    assert!(session.state.scenario.resources.contains_key(&consumer));
    assert!(session.state.run.nodes.contains_key(&queue));
}

/// Undo in the past is a change like any other; a change that is refused or only moves nodes is none.
#[test]
fn only_what_changes_the_run_branches() {
    let (mut session, [producer, queue, _]) = in_the_past();
    let bad = JsonPointer::root().then("Resources").then(&queue).then("Properties").then("VisibilityTimeout");
    session.edit(Edit::SetProperty { pointer: bad, value: Some(json!("soon")) });
    session.edit(Edit::Move(vec![(producer, Point::new(20.0, 40.0))]));
    assert_eq!(session.state.branches.all.len(), 1);
    assert!(session.state.playback.transport.is_past());
    session.command(Command::Undo);
    session.command(Command::Undo);
    assert_eq!(session.state.branches.all.len(), 2);
    assert!(!session.state.playback.transport.is_past());
}

/// UI.md section 8: the run that was left is drawn beside the branch at once, also while time stands.
#[test]
fn an_edit_in_the_past_brings_what_the_first_run_recorded() {
    let (mut session, [producer, ..]) = in_the_past();
    let pointer =
        JsonPointer::root().then("Resources").then(&producer).then("Properties").then("PayloadBytes");
    session.edit(Edit::SetProperty { pointer, value: Some(json!(2048)) });
    assert_eq!(session.state.branches.all.len(), 2);
    assert!(view::tracks(&session.state).tracks.iter().any(|track| track.other.is_some()));
}

/// B branches without a change, and only in the past.
#[test]
fn b_branches_here_and_the_two_runs_are_drawn_on_one_axis() {
    let (mut session, [producer, ..]) = in_the_past();
    session.command(Command::Branch);
    assert_eq!(session.state.branches.all.len(), 2);
    session.command(Command::Branch);
    assert_eq!(session.state.branches.all.len(), 2, "there is no past to branch from");
    session.act(Action::Intervene(Intervention::Stop(producer)));
    session.run_for(2.2);
    let tracks = view::tracks(&session.state);
    assert_eq!(tracks.compared.as_deref(), Some("First run"));
    let both = tracks.tracks.iter().find(|track| track.other.is_some()).expect("two lines");
    let other = both.other.as_ref().unwrap();
    assert_eq!(both.series.values[..3], other.values[..3], "the same until they part");
    assert!(other.values.len() >= 4);
    let differs = tracks.tracks.iter().filter_map(|track| Some((&track.series, track.other.as_ref()?)));
    assert!(
        differs
            .clone()
            .any(|(this, other)| this.values[3..]
                != other.values[3..this.values.len().min(other.values.len())])
    );
    branch(&mut session, BranchAction::Compare(None));
    assert!(view::tracks(&session.state).tracks.iter().all(|track| track.other.is_none()));
    branch(&mut session, BranchAction::Forget(BranchId(0)));
    assert_eq!(session.state.branches.all.len(), 1);
}

/// The run's interventions can be saved into the scenario's timeline: the next run has them by itself.
#[test]
fn what_was_done_by_hand_becomes_part_of_the_timeline() {
    let (mut session, [producer, ..]) = drawn();
    session.run_for(1.0);
    session.act(Action::Intervene(Intervention::Stop(producer.clone())));
    session.run_for(3.0);
    session.act(Action::Pause);
    let at = session.state.run.done[0].0;
    let sent = session.state.run.nodes[&producer].clone();
    assert_eq!(unsaved(&session.state).len(), 1);
    let effects = branch(&mut session, BranchAction::SaveDone);
    assert!(!has_request(&effects, |_| true), "this run has had it already");
    assert_eq!(session.state.scenario.timeline[0].at, at);
    assert!(unsaved(&session.state).is_empty());
    let (there, json) = (session.state.playback.playhead(), session.state.scenario.to_json());
    session.act(Action::Import(json));
    session.act(Action::SeekTo(there));
    assert_eq!(session.state.run.nodes[&producer].state.summary, sent.state.summary);
    assert!(session.state.run.done.is_empty(), "nobody did it by hand this time");
}

/// CloudWatch's view: the Sum of each whole minute; and the same data as a table and as CSV.
#[test]
fn tracks_show_minutes_and_tables() {
    let mut session = Session::new();
    let text = include_str!("../../../crates/scenario/gallery/fifo-over-quota.json");
    session.act(Action::Import(text.into()));
    session.act(Action::SeekTo(SimTime::from_secs(130)));
    let seconds = view::tracks(&session.state).tracks[0].clone();
    session.act(Action::ShowMinutes(true));
    let minutes = view::tracks(&session.state).tracks[0].clone();
    assert_eq!((minutes.series.step_seconds, minutes.series.values.len()), (60, 2), "whole minutes only");
    let sum: f64 = seconds.series.values[1..=60].iter().sum();
    assert!((minutes.series.values[0] - sum).abs() < 1e-6);
    let table = view::track_table(&session.state);
    assert_eq!((table.columns[0].as_str(), table.rows.len()), ("Seconds", 2));
    let effects = session.act(Action::DownloadTracks);
    let Some(Effect::Download { name, text }) = effects.first() else { panic!("{effects:?}") };
    assert!(name.ends_with("-metrics.csv"), "{name}");
    assert_eq!(text.lines().count(), 3);
    assert!(text.lines().all(|line| line.split(',').count() == table.columns.len()));
    session.act(Action::ShowMinutes(false));
    // Also where nobody pinned what was refused.
    let queue = LogicalId::from("single.fifo");
    session.act(Action::TogglePin { of: queue.clone(), metric: messaging::MetricName::RefusedMessages });
    let text = include_str!("../../../crates/scenario/gallery/fifo-over-quota.json");
    session.act(Action::Import(text.replace("\"RefusedMessages\"", "\"ThrottledRequests\"")));
    session.act(Action::SeekTo(SimTime::from_secs(20)));
    let quota = view::tracks(&session.state).tracks.into_iter().find(|track| track.quota.is_some());
    let refused = quota.expect("a metric with a quota").refused.expect("what was refused beside it");
    assert!(refused.values.iter().any(|value| *value > 0.0));
}

#[test]
fn fields_with_commas_and_quotes_are_quoted() {
    let table = view::Table { columns: vec!["a".into()], rows: vec![vec!["one, \"two\"".into()]] };
    assert_eq!(view::csv(&table), "a\r\n\"one, \"\"two\"\"\"\r\n");
}

/// What was done after the instant of parting belongs to the run that had it.
#[test]
fn a_branch_knows_nothing_of_what_was_done_later() {
    let (mut session, [producer, ..]) = drawn();
    session.run_for(3.0);
    session.act(Action::Intervene(Intervention::Stop(producer)));
    session.run_for(2.0);
    session.act(Action::Pause);
    session.act(Action::SeekTo(SimTime::from_secs(2)));
    session.command(Command::Branch);
    session.run_for(3.0);
    assert_eq!(session.state.run.done.len(), 0);
    branch(&mut session, BranchAction::SwitchTo(BranchId(0)));
    assert_eq!(session.state.run.done.len(), 1);
}
