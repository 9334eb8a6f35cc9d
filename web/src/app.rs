//! The page's root component.

use yew::prelude::*;

/// The whole page.
#[function_component(App)]
pub fn app() -> Html {
    html! { <main><h1>{ "Inflight" }</h1></main> }
}
