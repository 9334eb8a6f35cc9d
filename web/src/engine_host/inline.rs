//! The engine inside the page: the same code, in small bites so that the page stays quick.

use engine::{Engine, EngineReply, EngineRequest};

/// The most events of one bite: a few milliseconds.
const EVENTS_PER_BITE: u64 = 20_000;

/// An engine that answers at once.
#[derive(Default)]
pub(super) struct InlineEngine {
    engine: Engine,
}

impl InlineEngine {
    /// Answers a request.
    pub(super) fn handle(&mut self, request: EngineRequest) -> EngineReply {
        let request = match request {
            EngineRequest::Advance { to, budget, with_status } => {
                EngineRequest::Advance { to, budget: budget.min(EVENTS_PER_BITE), with_status }
            }
            other => other,
        };
        self.engine.handle(request)
    }
}
