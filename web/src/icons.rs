//! Icons of the interface: one sprite in the page, drawn by reference.

use yew::prelude::*;

/// An icon in the colour of the text around it. It says nothing to assistive tech: name the control itself.
///
/// `name` is a symbol of `web/assets/icons.svg` without its `i-`: a component kind such as `sqs-fifo`, or a control
/// such as `play`. `size` is its side in CSS px: 18 in nodes and the palette, 24 in panel titles, 15 to 17 in
/// buttons.
pub fn symbol(name: &str, size: u32) -> Html {
    let size = AttrValue::from(size.to_string());
    html! {
        <svg class="ico" width={size.clone()} height={size} aria-hidden="true" focusable="false">
            <use href={format!("#i-{name}")} />
        </svg>
    }
}
