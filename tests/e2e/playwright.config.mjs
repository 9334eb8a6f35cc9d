// The suite drives the built site in Debian's Chromium (or the one named by CHROMIUM).
// `cargo xtask test --only e2e` serves the site and sets INFLIGHT_URL; without it, this file starts the server.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const port = 8181;
const url = process.env.INFLIGHT_URL ?? `http://127.0.0.1:${port}/`;
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "specs",
  // Screens are compared where there are pictures to compare them with, and photographed when they are asked for.
  testIgnore: process.env.INFLIGHT_SCREENS || existsSync("screens") || process.argv.includes("--update-snapshots") ? [] : ["screens.spec.mjs"],
  snapshotPathTemplate: "screens/{arg}{ext}",
  outputDir: "../../target/e2e",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: Number(process.env.INFLIGHT_E2E_WORKERS ?? 2),
  retries: 0,
  // Patience, not a measure: a loaded machine needs its time for a visit to every screen.
  timeout: 180_000,
  expect: {
    timeout: 15_000,
    // Edges of letters may differ a little from one build of the browser to another; a missing word may not.
    toHaveScreenshot: { maxDiffPixelRatio: 0.002, threshold: 0.2, animations: "disabled", scale: "device" },
  },
  reporter: [["list"]],
  use: {
    baseURL: url,
    actionTimeout: 15_000,
    // What a test answers itself must not come from a cache; the test of the cache says so.
    serviceWorkers: "block",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        ...(asRoot ? ["--no-sandbox"] : []),
        // Letters look the same whatever this machine thinks of hinting and colours.
        "--font-render-hinting=none",
        "--disable-lcd-text",
        "--force-color-profile=srgb",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: process.env.INFLIGHT_URL
    ? undefined
    : {
        command: `cargo xtask serve --port ${port}`,
        cwd: "../..",
        url,
        reuseExistingServer: true,
        timeout: 20 * 60_000,
      },
});
