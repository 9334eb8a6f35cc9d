//! Answering requests.

use std::sync::Arc;

use kernel::SimTime;
use messaging::trace::{TraceBatch, TraceSettings};
use messaging::{Intervention, LogicalId};
use scenario::{Scenario, compile, validate};

use crate::frame::Frame;
use crate::outbox::Outbox;
use crate::protocol::{BranchId, EngineError, EngineReply, EngineRequest, Revision};
use crate::run::Run;
use crate::status::{inspect, status};

/// Runs one scenario at a time.
#[derive(Clone, Debug)]
pub struct Engine {
    run: Option<Run>,
    /// The number of the run that goes on.
    current: BranchId,
    /// The runs that are kept, by their numbers.
    kept: Vec<(BranchId, Run)>,
    compared: Option<BranchId>,
    outbox: Outbox,
    trace: TraceSettings,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            run: None,
            current: BranchId::default(),
            kept: Vec::new(),
            compared: None,
            outbox: Outbox::default(),
            trace: TraceSettings::PAGE,
        }
    }
}

impl Engine {
    /// Answers a request.
    pub fn handle(&mut self, request: EngineRequest) -> EngineReply {
        match request {
            EngineRequest::Load { revision, scenario } => self.load(revision, &scenario),
            EngineRequest::Edit { revision, scenario } => self.edit(revision, &scenario),
            EngineRequest::SetTrace(trace) => {
                self.trace = trace;
                if let Some(run) = &mut self.run {
                    run.set_trace(trace);
                }
                EngineReply::Done
            }
            EngineRequest::Watch(metrics) => {
                self.outbox.watch(metrics);
                EngineReply::Done
            }
            EngineRequest::Advance { to, budget, with_status } => self.advance(to, budget, with_status),
            EngineRequest::Seek { to } => self.seek(to),
            EngineRequest::Step { of } => self.step(of.as_ref()),
            EngineRequest::Intervene { intervention } => self.intervene(intervention),
            EngineRequest::Branch { id } => self.branch(id),
            EngineRequest::SwitchTo { id, to } => self.switch_to(id, to),
            EngineRequest::Forget { id } => {
                self.kept.retain(|(other, _)| *other != id);
                EngineReply::Done
            }
            EngineRequest::Compare { with } => {
                self.compared = with;
                self.outbox.compare();
                EngineReply::Done
            }
            EngineRequest::Journeys { of, until } => match &self.run {
                Some(run) => EngineReply::Journeys(Box::new(run.journeys(of, until))),
                None => EngineReply::Rejected(EngineError::NothingLoaded),
            },
            EngineRequest::FindEvent { kinds, from, forward } => {
                let run = self.run.as_ref();
                EngineReply::Found(run.and_then(|run| run.find_event(&kinds, from, forward)))
            }
            EngineRequest::Inspect { resource } => match self.run.as_ref().map(|run| inspect(run, &resource))
            {
                None => EngineReply::Rejected(EngineError::NothingLoaded),
                Some(None) => EngineReply::Rejected(EngineError::NoSuchResource(resource)),
                Some(Some(inspection)) => EngineReply::Inspection(Box::new(inspection)),
            },
        }
    }

    /// The fingerprint of the run, for tests; nothing before one was loaded.
    pub fn fingerprint(&self) -> Option<u64> {
        self.run.as_ref().map(|run| run.world.fingerprint())
    }

    fn load(&mut self, revision: Revision, scenario: &Arc<Scenario>) -> EngineReply {
        let spec = match compile(scenario) {
            Ok(spec) => spec,
            Err(diagnostics) => return EngineReply::Loaded { revision, diagnostics, frame: None },
        };
        self.run = Some(Run::new(revision, scenario.clone(), spec, self.trace));
        self.kept.clear();
        (self.current, self.compared) = (BranchId::default(), None);
        self.outbox.reset();
        self.loaded(revision, scenario)
    }

    /// Keeps the run as it is; a copy goes on from here.
    fn branch(&mut self, id: BranchId) -> EngineReply {
        let Some(run) = &mut self.run else { return EngineReply::Rejected(EngineError::NothingLoaded) };
        self.kept.retain(|(other, _)| *other != self.current);
        self.kept.push((self.current, run.kept()));
        self.current = id;
        run.cut();
        self.outbox.branched(run);
        EngineReply::Done
    }

    fn switch_to(&mut self, id: BranchId, to: SimTime) -> EngineReply {
        let place = self.kept.iter().position(|(other, _)| *other == id);
        let (Some(place), Some(mut run)) = (place, self.run.take()) else {
            return EngineReply::Rejected(EngineError::NothingLoaded);
        };
        run.rest();
        let (_, mut other) = self.kept.swap_remove(place);
        other.set_trace(self.trace);
        self.kept.push((self.current, run));
        self.run = Some(other);
        self.current = id;
        self.outbox.reset();
        self.seek(to)
    }

    fn edit(&mut self, revision: Revision, scenario: &Arc<Scenario>) -> EngineReply {
        let Some(run) = &mut self.run else { return self.load(revision, scenario) };
        match compile(scenario) {
            Ok(spec) => run.edit(revision, scenario.clone(), spec),
            Err(diagnostics) => return EngineReply::Loaded { revision, diagnostics, frame: None },
        }
        self.outbox.branched(run);
        self.loaded(revision, scenario)
    }

    fn loaded(&mut self, revision: Revision, scenario: &Scenario) -> EngineReply {
        let jumped = self.run.as_ref().is_some_and(|run| run.world.now() == SimTime::ZERO);
        let from = self.run.as_ref().map_or(SimTime::ZERO, |run| run.world.now());
        let frame = self.run.as_mut().map(|run| {
            let batch = run.take_trace();
            let frame = self.outbox.frame(run, kept_run(&self.kept, self.compared), from, batch);
            Box::new(Frame { jumped, status: Some(status(run)), ..frame })
        });
        EngineReply::Loaded { revision, diagnostics: validate(scenario), frame }
    }

    fn advance(&mut self, to: SimTime, budget: u64, with_status: bool) -> EngineReply {
        self.frame(with_status, |run| {
            let reached = run.run_to(to.max(run.world.now()), budget);
            (run.take_trace(), false, !reached)
        })
    }

    fn seek(&mut self, to: SimTime) -> EngineReply {
        self.frame(true, |run| {
            let reached = run.seek(to);
            (TraceBatch { events: run.events(), ..TraceBatch::default() }, true, !reached)
        })
    }

    fn step(&mut self, of: Option<&LogicalId>) -> EngineReply {
        self.frame(true, |run| {
            let of = of.and_then(|id| run.component(id));
            (run.step(of), false, false)
        })
    }

    fn intervene(&mut self, intervention: Intervention) -> EngineReply {
        let Some(run) = &mut self.run else { return EngineReply::Rejected(EngineError::NothingLoaded) };
        let result = run.intervene(intervention);
        self.outbox.branched(run);
        match result {
            Ok(()) => self.frame(true, |run| (run.take_trace(), false, false)),
            Err(error) => EngineReply::Rejected(EngineError::Intervention(error)),
        }
    }

    /// Moves the run and says how it stands; `act` returns the trace, whether it jumped, and whether the budget was
    /// used up.
    fn frame(
        &mut self,
        with_status: bool,
        act: impl FnOnce(&mut Run) -> (TraceBatch, bool, bool),
    ) -> EngineReply {
        let Some(run) = &mut self.run else { return EngineReply::Rejected(EngineError::NothingLoaded) };
        let from = run.world.now();
        let (batch, jumped, budget_spent) = act(run);
        let frame = self.outbox.frame(run, kept_run(&self.kept, self.compared), from, batch);
        let status = with_status.then(|| status(run));
        EngineReply::Frame(Box::new(Frame { jumped, budget_spent, status, ..frame }))
    }
}

/// The run that is compared, if it is kept.
fn kept_run(kept: &[(BranchId, Run)], compared: Option<BranchId>) -> Option<&Run> {
    kept.iter().find(|(id, _)| Some(*id) == compared).map(|(_, run)| run)
}
