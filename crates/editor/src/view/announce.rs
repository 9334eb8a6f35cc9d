//! What is said to whoever listens instead of looking.

use std::collections::BTreeMap;
use std::sync::Arc;

use messaging::LogicalId;
use messaging::node_state::Health;

use crate::effect::{Effect, Urgency};
use crate::run::NodeRun;

/// Real time between two routine announcements (UI.md section 10).
const APART_MICROS: u64 = 5_000_000;

/// Keeps routine announcements apart: at most one for each five seconds of real time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Announcer {
    /// Real time since the last one.
    since_last: Option<u64>,
    /// How each node was doing when it was looked at last.
    health: BTreeMap<LogicalId, Health>,
    /// What is to be said next, worst first.
    waiting: BTreeMap<LogicalId, (Health, String)>,
}

impl Announcer {
    /// Looks at how the nodes are doing now.
    pub(crate) fn look(&mut self, nodes: &BTreeMap<LogicalId, Arc<NodeRun>>) {
        self.health.retain(|id, _| nodes.contains_key(id));
        for (id, node) in nodes {
            let health = node.state.health;
            let before = self.health.insert(id.clone(), health).unwrap_or_default();
            match &node.state.problem {
                Some(problem) if health > before => {
                    self.waiting.insert(id.clone(), (health, format!("{id}: {}.", problem.title)));
                }
                _ if health < before => drop(self.waiting.remove(id)),
                _ => {}
            }
        }
    }

    /// Real time went by: the next thing to say, if it is time.
    pub(crate) fn elapse(&mut self, micros: u64) -> Option<Effect> {
        let since = self.since_last.map(|since| since.saturating_add(micros));
        self.since_last = since;
        if since.is_some_and(|since| since < APART_MICROS) {
            return None;
        }
        let worst = self.waiting.iter().max_by_key(|(_, (health, _))| *health).map(|(id, _)| id.clone())?;
        let (_, mut text) = self.waiting.remove(&worst)?;
        if !self.waiting.is_empty() {
            text.push_str(&format!(" {} more in trouble.", self.waiting.len()));
            self.waiting.clear();
        }
        self.since_last = Some(0);
        Some(Effect::Announce { text, urgency: Urgency::Polite })
    }
}

#[cfg(test)]
mod tests {
    use messaging::node_state::{NodeState, Problem};

    use super::*;

    fn nodes(health: Health) -> BTreeMap<LogicalId, Arc<NodeRun>> {
        let problem = Problem {
            title: "SendMessage is over its quota".into(),
            text: String::new(),
            error_code: None,
            remedies: Vec::new(),
        };
        let state =
            NodeState { health, problem: (health > Health::Ok).then_some(problem), ..NodeState::default() };
        BTreeMap::from([("ledger".into(), Arc::new(NodeRun { state, sparks: Vec::new() }))])
    }

    /// UI.md section 10: one polite region, at most one message per 5 s.
    #[test]
    fn trouble_is_said_once_and_not_too_often() {
        let mut announcer = Announcer::default();
        announcer.look(&nodes(Health::Throttled));
        let said = announcer.elapse(16_000);
        assert!(
            matches!(&said, Some(Effect::Announce { text, .. }) if text.starts_with("ledger: SendMessage"))
        );
        announcer.look(&nodes(Health::Throttled));
        assert_eq!(announcer.elapse(6_000_000), None, "it is no news");
        announcer.look(&nodes(Health::Ok));
        announcer.look(&nodes(Health::Throttled));
        assert!(announcer.elapse(16_000).is_some());
        announcer.look(&nodes(Health::Ok));
        announcer.look(&nodes(Health::Down));
        assert_eq!(announcer.elapse(4_000_000), None, "too soon");
        assert!(announcer.elapse(1_000_000).is_some());
    }
}
