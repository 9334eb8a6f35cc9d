//! What people and the timeline do to a running world, edits of the document among it.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{SecondCounter, SimTime};

use super::World;
use crate::context::{Context, Event};
use crate::cost::Meter;
use crate::identifiers::{ComponentId, LinkId, LogicalId};
use crate::intervention::{ComponentAction, Intervention, InterventionError};
use crate::link::{Link, LinkCounts};
use crate::metric::MetricTable;
use crate::registry::{Component, LinkProperties};
use crate::trace::TraceKind;
use crate::world_spec::WorldSpec;

impl World {
    /// Does something to the running world at this instant.
    ///
    /// # Errors
    /// What does not exist, or cannot do that; nothing was changed then.
    pub fn intervene(&mut self, intervention: &Intervention) -> Result<(), InterventionError> {
        self.note(0x1e_af);
        let result = match intervention {
            Intervention::Start(id) => self.act(id, ComponentAction::Start),
            Intervention::Stop(id) => self.act(id, ComponentAction::Stop),
            Intervention::Crash(id) => self.act(id, ComponentAction::Crash),
            Intervention::Slow { of, factor } => self.act(of, ComponentAction::Slow(*factor)),
            Intervention::Send { from, count } => self.act(from, ComponentAction::Send(*count)),
            Intervention::Poison(id) => self.act(id, ComponentAction::Poison),
            Intervention::Purge(id) => self.act(id, ComponentAction::Purge),
            Intervention::Redrive(id) => self.act(id, ComponentAction::Redrive),
            Intervention::Reboot(id) => self.act(id, ComponentAction::Reboot),
            Intervention::Throttle { of, calls_per_second } => self.throttle(of, *calls_per_second),
            Intervention::AvailabilityZoneOutage(zone) => self.act_on_all(ComponentAction::ZoneOutage(*zone)),
            Intervention::AvailabilityZoneRecovery(zone) => {
                self.act_on_all(ComponentAction::ZoneRecovery(*zone))
            }
            Intervention::CutLink { from, to } => self.set_cut(from, to, true),
            Intervention::RestoreLink { from, to } => self.set_cut(from, to, false),
            Intervention::Reconfigure(spec) => {
                self.reconfigure(spec);
                Ok(())
            }
        };
        self.drain();
        result
    }

    fn act(&mut self, id: &LogicalId, action: ComponentAction) -> Result<(), InterventionError> {
        let component = self.component(id).ok_or_else(|| InterventionError::NoSuchResource(id.clone()))?;
        self.changed_since_sample = true;
        let result = self.with(component, |component, cx| {
            cx.record(LinkId::NONE, None, TraceKind::Intervened { action: action.name() });
            component.on_action(action, cx)
        });
        match result {
            Some(Err(reason)) => Err(InterventionError::NotPossible { of: id.clone(), reason }),
            _ => Ok(()),
        }
    }

    /// What concerns a zone concerns everything that runs in it; the others do not care.
    fn act_on_all(&mut self, action: ComponentAction) -> Result<(), InterventionError> {
        self.changed_since_sample = true;
        for component in self.component_ids().collect::<Vec<_>>() {
            self.with(component, |component, cx| {
                if component.on_action(action, cx).is_ok() {
                    cx.record(LinkId::NONE, None, TraceKind::Intervened { action: action.name() });
                }
            });
        }
        Ok(())
    }

    fn throttle(&mut self, of: &LogicalId, limit: Option<u32>) -> Result<(), InterventionError> {
        let component = self.component(of).ok_or_else(|| InterventionError::NoSuchResource(of.clone()))?;
        let throttles = &mut self.core.throttles;
        throttles.retain(|(throttled, ..)| *throttled != component);
        if let Some(limit) = limit {
            throttles.push((component, limit, SecondCounter::default()));
        }
        self.changed_since_sample = true;
        Ok(())
    }

    fn set_cut(&mut self, from: &LogicalId, to: &LogicalId, cut: bool) -> Result<(), InterventionError> {
        let ends = self.component(from).zip(self.component(to));
        let link = ends.and_then(|(from, to)| {
            self.core.links.all.iter_mut().find(|link| !link.removed && link.from == from && link.to == to)
        });
        match link {
            Some(link) => {
                link.cut = cut;
                let ends = [link.from, link.to];
                // Those who keep connections notice.
                for end in ends {
                    self.with(end, Component::on_links_changed);
                }
                Ok(())
            }
            None => Err(InterventionError::NoSuchLink { from: from.clone(), to: to.clone() }),
        }
    }

    /// Takes a changed document: what stays the same keeps its state, what is new starts now, what is gone is gone.
    pub(super) fn reconfigure(&mut self, spec: &Arc<WorldSpec>) {
        let old = std::mem::replace(&mut self.core.spec, spec.clone());
        self.core.settings = spec.settings.clone();
        if old.timeline != spec.timeline {
            self.reschedule_timeline();
        }
        self.rename(&old, spec);
        let before: BTreeMap<_, _> =
            old.resources.iter().map(|resource| (&resource.id, &resource.properties)).collect();
        for (place, name) in self.core.names.iter().enumerate() {
            if !spec.resources.iter().any(|resource| resource.id == *name) {
                self.core.present[place] = false;
                self.components[place] = None;
            }
        }
        for resource in &spec.resources {
            match self.component(&resource.id) {
                Some(id) if self.core.kinds[id.index()] == resource.properties.kind() => {
                    if before.get(&resource.id).is_none_or(|old| **old != resource.properties) {
                        self.with(id, |component, cx| {
                            component.update(&resource.properties, cx);
                        });
                    }
                }
                existing => {
                    if let Some(id) = existing {
                        self.core.present[id.index()] = false;
                        self.components[id.index()] = None;
                    }
                    self.add_component(&resource.id, &resource.properties);
                }
            }
        }
        self.reconfigure_links(spec);
        for id in self.component_ids().collect::<Vec<_>>() {
            self.with(id, Component::on_links_changed);
        }
        self.changed_since_sample = true;
        self.drain();
    }

    /// What is still to come follows the new timeline; what has happened stays.
    fn reschedule_timeline(&mut self) {
        for key in std::mem::take(&mut self.timeline) {
            self.core.queue.cancel(key);
        }
        let now = self.now();
        for (place, (at, _)) in self.core.spec.timeline.iter().enumerate() {
            if *at > now || now == SimTime::ZERO {
                self.timeline.push(self.core.queue.schedule(*at, Event::Timeline(place as u32)));
            }
        }
    }

    /// A resource of the same kind at the same place under a new name is the same resource.
    fn rename(&mut self, old: &WorldSpec, new: &WorldSpec) {
        for (before, after) in old.resources.iter().zip(&new.resources) {
            let vanished = !new.resources.iter().any(|resource| resource.id == before.id);
            let appeared = !old.resources.iter().any(|resource| resource.id == after.id);
            let same = vanished && appeared && before.properties.kind() == after.properties.kind();
            if let Some(id) = self.component(&before.id).filter(|_| same) {
                self.core.names[id.index()] = after.id.clone();
            }
        }
    }

    fn add_component(&mut self, name: &LogicalId, properties: &crate::registry::Properties) {
        let id = ComponentId(self.components.len() as u32);
        self.core.names.push(name.clone());
        self.core.kinds.push(properties.kind());
        self.core.present.push(true);
        self.core.metrics.push(MetricTable::default());
        self.core.meters.push(Meter::default());
        self.core.random.push(self.seed.stream(name.as_str(), "behavior"));
        let component = Component::create(properties, &mut Context { id, core: &mut self.core });
        self.components.push(Some(component));
    }

    fn reconfigure_links(&mut self, spec: &WorldSpec) {
        let mut wanted: Vec<(ComponentId, ComponentId, LinkProperties)> = Vec::new();
        for link in &spec.links {
            if let (Some(from), Some(to)) = (self.component(&link.from), self.component(&link.to)) {
                wanted.push((from, to, link.properties.clone()));
            }
        }
        wanted.extend(self.ways_to_dead_letter_queues(spec));
        for link in &mut self.core.links.all {
            let kept = wanted.iter().find(|(from, to, new)| {
                *from == link.from && *to == link.to && new.kind() == link.properties.kind()
            });
            match kept {
                Some((_, _, new)) if !link.removed => link.properties = new.clone(),
                _ => link.removed = true,
            }
        }
        for (from, to, properties) in wanted {
            let same = |link: &Link| {
                link.from == from && link.to == to && link.properties.kind() == properties.kind()
            };
            if !self.core.links.iter().any(same) {
                let id = LinkId(self.core.links.all.len() as u32);
                let counts = LinkCounts::default();
                self.core.links.all.push(Link {
                    id,
                    from,
                    to,
                    properties,
                    cut: false,
                    removed: false,
                    counts,
                });
            }
        }
    }

    /// The links that no document draws: they come with the redrive policies of others.
    fn ways_to_dead_letter_queues(
        &self,
        spec: &WorldSpec,
    ) -> Vec<(ComponentId, ComponentId, LinkProperties)> {
        let mut ways: Vec<(ComponentId, ComponentId, LinkProperties)> = Vec::new();
        for link in &spec.links {
            let queue = link.properties.dead_letter_queue().map(LogicalId::from);
            let ends = self.component(&link.from).zip(queue.and_then(|queue| self.component(&queue)));
            let Some((from, to)) = ends else { continue };
            if !ways.iter().any(|way| (way.0, way.1) == (from, to)) {
                ways.push((from, to, LinkProperties::DeadLetters(crate::sns::DeadLetters {})));
            }
        }
        ways
    }
}
