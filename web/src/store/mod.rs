//! The one store of the page: a state, a way in, and who wants to know.
//!
//! Every change goes through [`Store::dispatch`]: the reducer changes the state and asks for effects, the
//! effect runner carries them out, and whoever selected something that is different now draws itself again.

mod change;
pub mod effect_runner;
mod selector;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use editor::state::Changes;
use editor::{Action, EditorState, Effect, reduce};
use slab::Slab;

use crate::canvas::flow_canvas::FlowSlot;
use change::Change;
pub use change::Interest;
use effect_runner::EffectRunner;
pub use selector::{use_dispatch, use_selector, use_selector_for, use_store};

type Listener = (Interest, Rc<dyn Fn(&EditorState)>);

/// State, listeners and effects of one page.
pub struct Store {
    state: RefCell<EditorState>,
    waiting: RefCell<VecDeque<Action>>,
    busy: Cell<bool>,
    listeners: RefCell<Slab<Listener>>,
    effects: EffectRunner,
}

/// Compared by identity: there is one store.
#[derive(Clone)]
pub struct StoreHandle(Rc<Store>);

impl PartialEq for StoreHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for StoreHandle {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0
    }
}

/// As long as it lives, the listener is told of every change.
pub struct Subscription {
    store: Weak<Store>,
    key: usize,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(store) = self.store.upgrade() {
            store.listeners.borrow_mut().try_remove(self.key);
        }
    }
}

impl StoreHandle {
    /// A store that starts with a state.
    #[must_use]
    pub fn new(state: EditorState) -> Self {
        Self(Rc::new_cyclic(|store: &Weak<Store>| Store {
            state: RefCell::new(state),
            waiting: RefCell::default(),
            busy: Cell::new(false),
            listeners: RefCell::default(),
            effects: EffectRunner::new(store.clone()),
        }))
    }

    /// Calls `listener` after every change of interest until the subscription is dropped.
    #[must_use]
    pub fn subscribe(&self, interest: Interest, listener: impl Fn(&EditorState) + 'static) -> Subscription {
        let key = self.0.listeners.borrow_mut().insert((interest, Rc::new(listener)));
        Subscription { store: Rc::downgrade(&self.0), key }
    }
}

impl Store {
    /// The painter's place.
    pub fn flow(&self) -> &FlowSlot {
        &self.effects.flow
    }

    /// Carries out an effect that no action asked for, as at the start.
    pub fn run(&self, effect: Effect) {
        self.effects.run(effect);
    }

    /// Reads from the state.
    pub fn read<T>(&self, select: impl FnOnce(&EditorState) -> T) -> T {
        select(&self.state.borrow())
    }

    /// Takes an action in. What it causes while it is carried out waits for its turn.
    pub fn dispatch(&self, action: Action) {
        self.waiting.borrow_mut().push_back(action);
        if self.busy.replace(true) {
            return;
        }
        let before = self.state.borrow().changes;
        // Time alone changes no slice: what it brings comes as answers of the engine.
        let mut only_time = true;
        loop {
            let Some(action) = self.waiting.borrow_mut().pop_front() else { break };
            only_time &= matches!(action, Action::AnimationFrame { .. });
            let effects = reduce(&mut self.state.borrow_mut(), action);
            for effect in effects {
                self.effects.run(effect);
            }
        }
        self.busy.set(false);
        if !only_time {
            self.tell(before);
        }
    }

    fn tell(&self, before: Changes) {
        let state = self.state.borrow();
        let change = Change::since(before, &state);
        let concerned: Vec<_> = {
            let listeners = self.listeners.borrow();
            let all = listeners.iter().map(|(_, listener)| listener);
            all.filter(|(interest, _)| change.concerns(interest))
                .map(|(_, listener)| listener.clone())
                .collect()
        };
        for listener in concerned {
            listener(&state);
        }
    }
}
