//! Tabs: one stop for Tab, arrows between them.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// A tab.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tab<T> {
    /// What it stands for.
    pub value: T,
    /// Its id in the page.
    pub id: &'static str,
    /// What it says.
    pub text: &'static str,
}

/// A row of tabs. `class` is `tabs` or `seg`.
pub fn tabs<T: Copy + PartialEq + 'static>(
    label: &'static str,
    list: &[Tab<T>],
    chosen: T,
    class: &'static str,
    choose: Callback<T>,
) -> Html {
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = focus_sibling(&event, "[role=tablist]", "[role=tab]", step) {
            tab.click();
        }
    });
    let one = |tab: &Tab<T>| {
        let (value, choose, selected) = (tab.value, choose.clone(), tab.value == chosen);
        html! {
            <button type="button" role="tab" id={tab.id} aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }}
                onclick={move |_| choose.emit(value)}>{ tab.text }</button>
        }
    };
    html! { <div {class} role="tablist" aria-label={label} {onkeydown}>{ for list.iter().map(one) }</div> }
}

/// Moves the focus among the elements of a kind inside a container, round and round.
pub fn focus_sibling(event: &KeyboardEvent, container: &str, kind: &str, step: i32) -> Option<HtmlElement> {
    let at: Element = event.target()?.dyn_into().ok()?;
    let all = at.closest(container).ok()??.query_selector_all(kind).ok()?;
    let count = i32::try_from(all.length()).ok().filter(|count| *count > 0)?;
    let here = (0..count).find(|place| all.item(*place as u32).as_ref() == Some(at.as_ref()))?;
    let next: HtmlElement = all.item((here + step).rem_euclid(count) as u32)?.dyn_into().ok()?;
    next.focus().ok()?;
    Some(next)
}
