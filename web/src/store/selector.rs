//! Reading a slice of the state from a component.

use std::cell::RefCell;
use std::rc::Rc;

use editor::{Action, EditorState};
use yew::prelude::*;

use super::{Interest, StoreHandle};

/// Whether the slice of a state differs from the one drawn last.
type Differs = Rc<RefCell<Option<Box<dyn Fn(&EditorState) -> bool>>>>;

/// The page's store.
///
/// # Panics
/// The component stands outside the store's provider.
#[hook]
pub fn use_store() -> StoreHandle {
    use_context::<StoreHandle>().expect("every component stands below the store's provider")
}

/// A callback that takes an action in.
#[hook]
pub fn use_dispatch() -> Callback<Action> {
    let store = use_store();
    use_callback(store, |action, store| store.dispatch(action))
}

/// A slice of the state. The component draws itself again only when the slice is a different one.
#[hook]
pub fn use_selector<T, S>(select: S) -> T
where
    T: Clone + PartialEq + 'static,
    S: Fn(&EditorState) -> T + 'static,
{
    use_selector_for(Interest::Page, select)
}

/// The same for a slice that changes more often than the page, or less.
#[hook]
pub fn use_selector_for<T, S>(interest: Interest, select: S) -> T
where
    T: Clone + PartialEq + 'static,
    S: Fn(&EditorState) -> T + 'static,
{
    let store = use_store();
    let value = store.read(&select);
    let drawn = value.clone();
    use_listener(store, interest, Box::new(move |state| select(state) != drawn));
    value
}

/// Draws the component again when `differs` says so. Not generic, so that it is in the program once.
#[hook]
fn use_listener(store: StoreHandle, interest: Interest, differs: Box<dyn Fn(&EditorState) -> bool>) {
    let update = use_force_update();
    let latest = use_mut_ref(|| None);
    *latest.borrow_mut() = Some(differs);
    use_effect_with((store, interest), move |(store, interest)| {
        let latest: Differs = latest;
        let check = move |state: &EditorState| {
            let differs = latest.borrow().as_ref().is_some_and(|differs| differs(state));
            if differs {
                update.force_update();
            }
        };
        // Between drawing and this effect the state may have moved on.
        store.read(&check);
        let subscription = store.subscribe(interest.clone(), check);
        move || drop(subscription)
    });
}
