//! Guided scenarios: steps with times, and questions that the run answers.

use editor::guide::{GuideAction, guide};

use super::*;

fn poison() -> Session {
    let mut session = Session::new();
    session.act(Action::OpenGallery("poison-message".into()));
    session
}

fn act(session: &mut Session, action: GuideAction) {
    session.act(Action::Guide(action));
}

/// UI.md section 13: captions are steps with times; previous and next jump and pause.
#[test]
fn steps_follow_the_run_and_lead_it() {
    let mut session = poison();
    assert_eq!(
        guide(&session.state).map(|view| (view.step, view.steps, view.has_previous)),
        Some((1, 3, false))
    );
    session.act(Action::Play);
    act(&mut session, GuideAction::Step { forward: true });
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(10));
    assert!(!session.state.playback.transport.playing);
    act(&mut session, GuideAction::Step { forward: true });
    act(&mut session, GuideAction::Step { forward: true });
    let view = guide(&session.state).unwrap();
    assert_eq!((view.step, view.has_next), (3, false));
    act(&mut session, GuideAction::Step { forward: false });
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(10));
}

/// Predict, then run: the answer is the run's, and it is not given away before.
#[test]
fn a_question_is_answered_by_the_run() {
    let mut session = poison();
    let question = |session: &Session| guide(&session.state).unwrap().question.unwrap();
    assert_eq!(question(&session).result, None);
    act(&mut session, GuideAction::Choose { question: 0, choice: 2 });
    assert_eq!((question(&session).chosen, question(&session).result), (Some(2), None));
    act(&mut session, GuideAction::RunTo(0));
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(90));
    let result = question(&session).result.unwrap();
    assert_eq!((result.observed.as_str(), result.right, result.was_right), ("19", 1, Some(false)));
    // Another run may answer otherwise: going back takes the answer away.
    session.act(Action::SeekTo(SimTime::from_secs(5)));
    assert_eq!(question(&session).result, None);
}

/// A question follows the names of the diagram, and goes with its node.
#[test]
fn questions_are_about_nodes_that_exist() {
    let mut session = poison();
    session.edit(Edit::Rename { from: "billing".into(), to: "accounts".into() });
    let about =
        |session: &Session| session.state.scenario.questions().next().map(|asked| asked.about.of.clone());
    assert_eq!(about(&session), Some("accounts".into()));
    session.edit(Edit::Remove(vec!["accounts".into()]));
    assert_eq!(about(&session), None);
    assert_eq!(session.state.scenario.captions.len(), 3);
}
