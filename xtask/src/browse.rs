//! What people look at, or wait for: the contact sheet, and the soak.

use std::process::Command;

use anyhow::Result;

use crate::process::{root, run};
use crate::tools::{self, Browser};
use crate::{serve, site};

/// Photographs every screen and puts it beside its picture of the design: target/screens/index.html.
pub(crate) fn screens() -> Result<()> {
    let mut node = node()?;
    node.args(["node_modules/@playwright/test/cli.js", "test", "screens"]).env("INFLIGHT_SCREENS", "1");
    // A screen that cannot be reached is missing on the sheet, and said so here.
    let photographed = run(&mut node);
    let mut sheet = Command::new("node");
    sheet
        .arg("sheet.mjs")
        .current_dir(root().join("tests/e2e"))
        .env("CHROMIUM", Browser::install()?.chromium);
    run(&mut sheet)?;
    photographed
}

/// Half an hour of the busiest scenario at 100×; `INFLIGHT_SOAK_MINUTES` for another time.
pub(crate) fn soak() -> Result<()> {
    run(node()?.arg("soak.mjs"))
}

/// Node in the folder of the end-to-end tests, with the site and a browser.
fn node() -> Result<Command> {
    site::build()?;
    tools::install_end_to_end_packages()?;
    let mut node = Command::new("node");
    node.current_dir(root().join("tests/e2e"));
    node.env("INFLIGHT_URL", serve::serve_in_background()?).env("CHROMIUM", Browser::install()?.chromium);
    Ok(node)
}
