//! The mark of the playground: two rails, and messages between them.

use yew::prelude::*;

/// The logo, `size` CSS px wide.
pub fn logo(size: u32) -> Html {
    let size = size.to_string();
    html! {
        <svg width={size.clone()} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
            <path d="M3 6.5h11M3 17.5h18M11.5 12H21"/>
            <circle cx="17.5" cy="6.5" r="2.1" fill="currentColor" stroke="none"/>
            <circle cx="8" cy="12" r="2.1" fill="currentColor" stroke="none"/>
        </svg>
    }
}
