//! The inspector as a sheet that is pulled up and pushed down.

use editor::panels::{Panel, Sheet};
use editor::view::{InspectorView, inspector, sheet};
use editor::{Action, EditorState};
use web_sys::PointerEvent;
use yew::prelude::*;

use super::peek::Peek;
use crate::panels::inspector::Inspector;
use crate::store::{use_dispatch, use_selector};

/// A pull of so many CSS px changes the sheet; less is a press.
const PULL: i32 = 24;

#[component]
pub(super) fn InspectorSheet() -> Html {
    let height = use_selector(sheet);
    let peeked = use_selector(peeked);
    let class = match height {
        Sheet::Peek => "peek",
        Sheet::Half => "half",
        Sheet::Full => "full",
    };
    html! {
        <div class={classes!("sheet", class)}>
            <Grab {height}/>
            if let Some(view) = peeked { <aside class="inspector" aria-label="Inspector"><Peek {view}/></aside> } else { <Inspector/> }
        </div>
    }
}

/// The node, while the sheet shows no more than its state.
fn peeked(state: &EditorState) -> Option<Box<editor::view::NodeInspector>> {
    match (sheet(state), inspector(state)) {
        (Sheet::Peek, InspectorView::Node(view)) => Some(view),
        _ => None,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct GrabProps {
    height: Sheet,
}

/// The bar to pull: a press makes the sheet taller as long as it can be, then small again.
#[component]
fn Grab(props: &GrabProps) -> Html {
    let dispatch = use_dispatch();
    let from = use_mut_ref(|| None::<i32>);
    let height = props.height;
    let pressed = {
        let from = from.clone();
        Callback::from(move |event: PointerEvent| {
            *from.borrow_mut() = Some(event.client_y());
            let _ = event.target_unchecked_into::<web_sys::Element>().set_pointer_capture(event.pointer_id());
        })
    };
    let released = {
        let (dispatch, from) = (dispatch.clone(), from.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(start) = from.borrow_mut().take() else { return };
            let down = event.client_y() - start;
            let action = match height {
                _ if down.abs() < PULL => return,
                height if down < 0 => height.taller().map(Action::SetSheet),
                height => {
                    Some(height.shorter().map_or(Action::TogglePanel(Panel::Inspector), Action::SetSheet))
                }
            };
            // The click that follows a pull is not a press.
            *from.borrow_mut() = Some(i32::MAX);
            if let Some(action) = action {
                dispatch.emit(action);
            }
        })
    };
    let clicked = Callback::from(move |_: MouseEvent| {
        if from.borrow_mut().take().is_none() {
            dispatch.emit(Action::SetSheet(height.taller().unwrap_or(Sheet::Peek)));
        }
    });
    let name = if height.taller().is_some() { "Show more" } else { "Show less" };
    html! {
        <button type="button" class="grab" aria-label={name} onclick={clicked} onpointerdown={pressed} onpointerup={released}/>
    }
}
