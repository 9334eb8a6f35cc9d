//! The border of a panel, by which it is made larger or smaller: with the pointer, or with the arrow keys.

use editor::panels::Panel;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::browser::{self, panel_memory};

/// CSS px for each press of an arrow key.
const STEP: f64 = 16.0;

/// Properties of [`ResizeHandle`].
#[derive(Clone, PartialEq, Properties)]
pub struct ResizeHandleProps {
    /// Whose border it is.
    pub panel: Panel,
    /// The inspector while a filter policy is edited: it has a width of its own then.
    #[prop_or_default]
    pub wide: bool,
}

/// What a border moves.
struct Border {
    name: &'static str,
    area: &'static str,
    property: &'static str,
    /// The panel, and where it ends.
    selector: &'static str,
    least: f64,
    most: f64,
}

fn border(panel: Panel, wide: bool) -> Border {
    let (name, area, property, selector, least, most) = match (panel, wide) {
        (Panel::Palette, _) => ("Width of the palette", "pal", "--w-palette", ".palette", 140.0, 360.0),
        (Panel::Inspector, false) => {
            ("Width of the inspector", "ins", "--w-inspector", ".inspector", 260.0, 560.0)
        }
        (Panel::Inspector, true) => {
            ("Width of the inspector", "ins", "--w-policy", ".inspector", 440.0, 900.0)
        }
        (Panel::Dock, _) => ("Height of the dock", "dock", "--h-dock-own", ".dock", 96.0, 520.0),
    };
    Border { name, area, property, selector, least, most }
}

impl Border {
    fn panel(&self) -> Option<Element> {
        browser::document()?.query_selector(self.selector).ok().flatten()
    }

    fn is_across(&self) -> bool {
        self.area == "dock"
    }

    fn size(&self) -> f64 {
        let rect = self.panel().map(|panel| panel.get_bounding_client_rect());
        rect.map_or(0.0, |rect| if self.is_across() { rect.height() } else { rect.width() })
    }

    /// The size with the border under the pointer.
    fn size_at(&self, event: &PointerEvent) -> f64 {
        let Some(rect) = self.panel().map(|panel| panel.get_bounding_client_rect()) else {
            return self.least;
        };
        match self.area {
            "pal" => f64::from(event.client_x()) - rect.left(),
            "ins" => rect.right() - f64::from(event.client_x()),
            _ => rect.bottom() - f64::from(event.client_y()),
        }
    }

    fn set(&self, size: f64) {
        let size = size.clamp(self.least, self.most).round();
        panel_memory::set_size(self.property, size);
        panel_memory::keep_size(self.property, size);
    }
}

/// The border.
#[component]
pub fn ResizeHandle(props: &ResizeHandleProps) -> Html {
    let (panel, wide) = (props.panel, props.wide);
    // Read when it is drawn again, and told to screen readers.
    let size = use_state_eq(|| 0.0);
    {
        let size = size.clone();
        use_effect_with((panel, wide), move |_| size.set(border(panel, wide).size().round()));
    }
    let onpointerdown = Callback::from(|event: PointerEvent| {
        let handle = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(handle) = handle.filter(|_| event.button() == 0) {
            let _ = handle.set_pointer_capture(event.pointer_id());
        }
    });
    let onpointermove = {
        let size = size.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 1 {
                let border = border(panel, wide);
                border.set(border.size_at(&event));
                size.set(border.size().round());
            }
        })
    };
    let onkeydown = {
        let size = size.clone();
        Callback::from(move |event: KeyboardEvent| {
            let border = border(panel, wide);
            let now = border.size();
            // Towards the diagram the panel grows.
            let to = match (event.key().as_str(), border.area) {
                ("ArrowRight", "pal") | ("ArrowLeft", "ins") | ("ArrowUp", "dock") => now + STEP,
                ("ArrowLeft", "pal") | ("ArrowRight", "ins") | ("ArrowDown", "dock") => now - STEP,
                ("Home", _) => border.least,
                ("End", _) => border.most,
                _ => return,
            };
            event.prevent_default();
            border.set(to);
            size.set(border.size().round());
        })
    };
    let border = border(panel, wide);
    let (class, orientation) = if border.is_across() { ("bar", "horizontal") } else { ("col", "vertical") };
    html! {
        <div class={classes!("resize", class, (!border.is_across()).then_some(border.area))} role="separator" tabindex="0" aria-label={border.name} aria-orientation={orientation}
            aria-valuemin={border.least.to_string()} aria-valuemax={border.most.to_string()} aria-valuenow={size.to_string()}
            {onpointerdown} {onpointermove} {onkeydown}/>
    }
}
