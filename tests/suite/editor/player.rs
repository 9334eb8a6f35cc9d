//! A diagram inside another page: what its readers may do, by mode.

use editor::player::{Mode, Player};

use super::*;

fn player(words: &str) -> Player {
    let link = scenario::url::read(&format!("g=fan-out&{words}")).unwrap();
    assert!(link.parsed.diagnostics.is_empty(), "{words}: {:#?}", link.parsed.diagnostics);
    Player::from_options(&link.options)
}

/// The fan-out of the gallery, shown to readers.
fn shown(words: &str) -> Session {
    let mut session = Session::new();
    session.state.player = Some(player(words));
    session.act(Action::OpenFragment(format!("g=fan-out&{words}")));
    session
}

fn shop() -> LogicalId {
    LogicalId::from("shop")
}

fn rate(session: &mut Session, value: f64) -> bool {
    let before = session.state.scenario.clone();
    session.act(Action::Change(vec![("producer.rate".into(), value.to_string())]));
    before != session.state.scenario
}

#[test]
fn the_words_of_a_link_say_what_readers_may_do() {
    assert_eq!(player("theme=dark").mode, Mode::Play);
    assert_eq!((player("mode=tweak").mode, player("mode=edit").mode), (Mode::Tweak, Mode::Edit));
    assert_eq!(player("mode=nonsense").mode, Mode::Play);
    assert!(player("fit=0").as_drawn && !player("fit=1").as_drawn && !player("theme=dark").as_drawn);
    let hidden = player("hide=captions,Legend");
    assert!(!hidden.shows("captions") && !hidden.shows("legend") && hidden.shows("open"));
}

/// With `mode=play` nothing changes the document or the run, whatever is pressed.
#[test]
fn readers_who_may_only_watch_change_nothing() {
    let mut session = shown("mode=play");
    session.run_for(2.0);
    let (before, fingerprint) = (session.state.scenario.clone(), session.engine.fingerprint());
    session.act(Action::Pause);
    session.act(Action::Select(Selection::node(shop())));
    for command in [
        Command::Delete,
        Command::Duplicate,
        Command::Rename,
        Command::Connect,
        Command::AddComponent,
        Command::Arrange,
        Command::Undo,
        Command::Nudge(editor::action::Direction::Up),
    ] {
        session.command(command);
    }
    session.edit(Edit::SetTitle("Mine".into()));
    session.act(Action::Add { kind: ResourceKind::Queue, preset: None, at: None });
    session.act(Action::StartConnect(shop()));
    assert!(!matches!(session.state.tool, Tool::Connect(_)));
    session.act(Action::Intervene(Intervention::Crash("packers".into())));
    assert!(!rate(&mut session, 9.0));
    let target = HitTarget::Node(shop());
    session.drag(Point::new(100.0, 200.0), target.clone(), Point::new(300.0, 300.0), target);
    assert_eq!((&session.state.scenario, session.engine.fingerprint()), (&before, fingerprint));
    // Watching goes on.
    session.run_for(1.0);
    assert_ne!(session.engine.fingerprint(), fingerprint);
    session.act(Action::SeekTo(SimTime::from_secs(1)));
    assert_eq!(session.state.playback.playhead(), SimTime::from_secs(1));
    assert_eq!(session.state.scenario, before);
}

/// With `mode=tweak` properties change and faults happen; the drawing stays, and so does what is locked.
#[test]
fn readers_who_may_tweak_change_properties_only() {
    let mut session = shown("mode=tweak&lock=fraud,packers.Workers");
    assert!(rate(&mut session, 5.0));
    session.command(Command::Undo);
    session.act(Action::Select(Selection::node(shop())));
    session.command(Command::Delete);
    session.act(Action::Add { kind: ResourceKind::Queue, preset: None, at: None });
    assert_eq!(session.state.scenario.resources.len(), 8);
    let set = |session: &mut Session, pointer: &str, value: serde_json::Value| {
        let before = session.state.scenario.clone();
        session.edit(Edit::SetProperty { pointer: JsonPointer::from(pointer), value: Some(value) });
        before != session.state.scenario
    };
    assert!(!set(&mut session, "/Resources/fraud/Properties/VisibilityTimeout", json!(3)));
    assert!(!set(&mut session, "/Resources/packers/Properties/Workers", json!(3)));
    assert!(set(&mut session, "/Resources/shipping/Properties/VisibilityTimeout", json!(3)));
    let before = session.engine.fingerprint();
    session.act(Action::Intervene(Intervention::Crash("packers".into())));
    assert_ne!(session.engine.fingerprint(), before);
}

/// The same words as in a link, one step of undo, and the run goes on with it.
#[test]
fn a_change_by_words_is_an_edit_like_any_other() {
    let mut session = Session::new();
    session.act(Action::OpenFragment("g=fan-out".into()));
    session.run_for(2.0);
    let before = session.state.scenario.clone();
    let effects = session
        .act(Action::Change(vec![("shop.rate".into(), "4".into()), ("shop.maxmessages".into(), "7".into())]));
    assert!(has_request(&effects, |request| matches!(request, EngineRequest::Edit { .. })), "{effects:?}");
    session.command(Command::Undo);
    assert_eq!(session.state.scenario, before);
    session.act(Action::Change(vec![("shopp.rate".into(), "4".into())]));
    assert_eq!(
        (session.notice(), &session.state.scenario),
        ("There is no resource shopp in this document.", &before)
    );
    session.act(Action::Change(vec![("shop.rate".into(), "-4".into())]));
    assert!(session.notice().contains("0 to"), "{}", session.notice());
    assert_eq!(session.state.scenario, before);
}
