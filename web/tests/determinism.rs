//! Every scenario of the gallery runs in wasm to the bit as it runs native: both are held against `tests/golden`.

use std::sync::Arc;

use kernel::SimTime;
use messaging::trace::TraceSettings;
use messaging::{EventBudget, World};
use scenario::gallery;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

macro_rules! golden {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../tests/golden/", $name, ".txt")))),+]
    };
}

/// The native runs, one file for each scenario of the gallery.
const GOLDEN: &[(&str, &str)] = scenario::gallery_names!(golden);

/// The golden files tell how the run stands at this time.
const UNTIL: SimTime = SimTime::from_secs(60);

#[wasm_bindgen_test]
fn wasm_runs_as_native_does() {
    for (name, golden) in GOLDEN {
        let entry = gallery::find(name).expect("a golden file has no scenario");
        let scenario = entry.scenario();
        let spec = Arc::new(scenario::compile(&scenario).expect("the gallery compiles"));
        let mut world = World::new(&spec, scenario.seed, TraceSettings::OFF);
        world.advance(UNTIL, EventBudget::UNLIMITED);
        let line = format!(
            "after {}: {} events, fingerprint {:016x}",
            world.now(),
            world.events(),
            world.fingerprint()
        );
        assert_eq!(golden.lines().next(), Some(line.as_str()), "{name}");
    }
}
