//! The whole diagram, small, in a corner: drag in it to look elsewhere. By keyboard the arrows go from node to node.

use editor::view::{MinimapView, minimap, minimap_path};
use editor::{Action, Point, Viewport};
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::store::{Interest, use_selector, use_selector_for, use_store};

/// The minimap, where there is use for it.
#[component]
pub fn Minimap() -> Html {
    let view = use_selector_for(Interest::Drawing, minimap);
    html! { if let Some(view) = view { <Map {view}/> } }
}

#[derive(Clone, PartialEq, Properties)]
struct MapProps {
    view: MinimapView,
}

#[component]
fn Map(props: &MapProps) -> Html {
    let store = use_store();
    let nodes = use_selector(minimap_path);
    let map = use_node_ref();
    let MinimapView { extent, seen, size } = props.view;
    let look = {
        let (store, map) = (store, map.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(map) = map.cast::<Element>().filter(|_| event.buttons() == 1) else { return };
            if event.type_() == "pointerdown" {
                let _ = map.set_pointer_capture(event.pointer_id());
            }
            event.prevent_default();
            let rect = map.get_bounding_client_rect();
            let share = |at: i32, start: f64, length: f64| (f64::from(at) - start) / length.max(1.0);
            let (x, y) = (
                share(event.client_x(), rect.left(), rect.width()),
                share(event.client_y(), rect.top(), rect.height()),
            );
            let middle = extent.origin.moved(x * extent.size.width, y * extent.size.height);
            let viewport = store.read(|state| state.viewport);
            let origin = Point::new(middle.x - seen.size.width / 2.0, middle.y - seen.size.height / 2.0);
            store.dispatch(Action::MoveViewport(Viewport { origin, ..viewport }));
        })
    };
    let view_box = format!(
        "{:.0} {:.0} {:.0} {:.0}",
        extent.origin.x, extent.origin.y, extent.size.width, extent.size.height
    );
    html! {
        <svg ref={map} class="minimap" role="img" aria-label="Minimap" data-own="" viewBox={view_box} preserveAspectRatio="none"
            width={format!("{:.0}", size.width)} height={format!("{:.0}", size.height)} onpointerdown={look.clone()} onpointermove={look}>
            <path class="mm-nodes" d={nodes}/>
            <rect class="mm-seen" x={format!("{:.0}", seen.origin.x)} y={format!("{:.0}", seen.origin.y)}
                width={format!("{:.0}", seen.size.width)} height={format!("{:.0}", seen.size.height)}/>
        </svg>
    }
}
