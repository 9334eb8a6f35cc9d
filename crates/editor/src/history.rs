//! Undo and redo: whole documents, which are small and shared.

use std::sync::Arc;

use scenario::Scenario;

/// The most steps that can be undone. Ours.
pub const MAX_UNDO: usize = 100;

/// The documents before and after this one.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Arc<Scenario>>,
    future: Vec<Arc<Scenario>>,
    /// What a gesture began with: its steps become one.
    gesture: Option<Arc<Scenario>>,
}

impl History {
    /// Records that `before` was changed.
    pub fn record(&mut self, before: &Arc<Scenario>) {
        self.future.clear();
        if self.gesture.is_none() {
            self.push(before.clone());
        }
    }

    /// From here on all changes are one step.
    pub fn begin_gesture(&mut self, now: &Arc<Scenario>) {
        if self.gesture.is_none() {
            self.gesture = Some(now.clone());
        }
    }

    /// The gesture is over; if it changed nothing, there is no step.
    pub fn end_gesture(&mut self, now: &Arc<Scenario>) {
        if let Some(before) = self.gesture.take()
            && *before != **now
        {
            self.push(before);
        }
    }

    /// The document before the last step.
    pub fn undo(&mut self, now: &Arc<Scenario>) -> Option<Arc<Scenario>> {
        self.end_gesture(now);
        let before = self.past.pop()?;
        self.future.push(now.clone());
        Some(before)
    }

    /// The document that was undone last.
    pub fn redo(&mut self, now: &Arc<Scenario>) -> Option<Arc<Scenario>> {
        let after = self.future.pop()?;
        self.past.push(now.clone());
        Some(after)
    }

    /// True when there is a step to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// True when there is a step to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    fn push(&mut self, before: Arc<Scenario>) {
        if self.past.len() == MAX_UNDO {
            self.past.remove(0);
        }
        self.past.push(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(title: &str) -> Arc<Scenario> {
        Arc::new(Scenario { title: title.into(), ..Scenario::default() })
    }

    #[test]
    fn a_gesture_is_one_step() {
        let (a, b, c) = (titled("a"), titled("b"), titled("c"));
        let mut history = History::default();
        history.begin_gesture(&a);
        history.record(&a);
        history.record(&b);
        history.end_gesture(&c);
        assert_eq!(history.undo(&c), Some(a.clone()));
        assert_eq!(history.redo(&a), Some(c.clone()));
        history.begin_gesture(&c);
        history.end_gesture(&c);
        assert_eq!(history.undo(&c), Some(a));
        assert!(!history.can_undo());
    }

    #[test]
    fn only_so_many_steps_are_kept() {
        let mut history = History::default();
        for _ in 0..=MAX_UNDO {
            history.record(&titled("x"));
        }
        assert_eq!(history.past.len(), MAX_UNDO);
    }
}
