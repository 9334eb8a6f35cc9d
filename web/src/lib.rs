//! Yew components, canvas painting and browser glue.

pub mod app;
pub mod bench_drag;
pub mod bench_page;
pub mod browser;
pub mod canvas;
pub mod engine_host;
pub mod engine_worker;
pub mod icons;
pub mod panels;
pub mod parts;
pub mod player;
pub mod store;

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
