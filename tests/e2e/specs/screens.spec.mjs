// The screens of UI.md, photographed: fixed seed, fixed simulated time, the same fonts everywhere (support/still.mjs).
// Each is compared with its picture in ../screens, in both themes, at half of its size.
//   after a change that is meant:  cargo xtask test --only e2e -- screens --update-snapshots
//   beside the design, full size:  cargo xtask screens
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "../support/test.mjs";
import { screens } from "../support/screens.mjs";
import { Still } from "../support/still.mjs";

const sizes = {
  wide: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 0.5 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 0.75, hasTouch: true, isMobile: true },
};
// A trace would be most of the work.
test.use({ trace: "off" });
const sheet = Boolean(process.env.INFLIGHT_SCREENS);

// Another version of the browser draws letters and edges a little otherwise: pictures are of one.
const taken_with = new URL("../screens/chromium.txt", import.meta.url);
test.beforeEach(({ browser }, { config }) => {
  if (sheet) return;
  if (["all", "changed"].includes(config.updateSnapshots)) return writeFileSync(taken_with, `${browser.version()}\n`);
  const version = readFileSync(taken_with, "utf8").trim();
  test.skip(browser.version() !== version, `the pictures were taken with Chromium ${version}, this is ${browser.version()}`);
});

// A new component in the palette, or a scenario in the gallery's list, is seen on the screen they belong to, and not on all.
const elsewhere = ".palette, .rail, .topbar .save";

async function photograph(page, name) {
  if (sheet) return page.screenshot({ path: `../../target/screens/${name}.png`, animations: "disabled" });
  const mask = name.startsWith("01-") ? [] : [page.locator(elsewhere)];
  return expect.soft(page).toHaveScreenshot(`${name}.png`, { mask, maskColor: "#888888" });
}

for (const [size, options] of Object.entries(sizes)) {
  test.describe(size, () => {
    // Fonts are put in from outside, which the page's own policy forbids.
    test.use({ ...options, ...(sheet && { deviceScaleFactor: size === "wide" ? 1 : 2 }), bypassCSP: true });
    const here = screens.filter((screen) => (screen.sizes ?? Object.keys(sizes)).includes(size));
    for (const screen of here.filter((screen) => sheet || screen.compared)) {
      test(screen.name, async ({ playground }) => {
        const { page } = playground;
        if (screen.viewport) await page.setViewportSize(screen.viewport);
        await page.emulateMedia({ colorScheme: "light", reducedMotion: screen.reducedMotion ? "reduce" : "no-preference" });
        const still = new Still(playground);
        await still.show(screen);
        await photograph(page, `${screen.name}-${size}-light`);
        await page.emulateMedia({ colorScheme: "dark" });
        await still.pass(100);
        await photograph(page, `${screen.name}-${size}-dark`);
      });
    }
  });
}
