// Pictures of the screens of UI.md, to be held against the design by people: nothing is compared here.
// INFLIGHT_SCREENS=1 writes them to target/screens; otherwise they are left out.
import { expect, test } from "../support/test.mjs";

const screens = {
  "04-gallery": (playground) => playground.openGallery(),
  "01-editor": async (playground) => {
    await playground.openScenario("fan-out");
    await playground.play();
    await playground.passes(6);
    await playground.select((await playground.nodeNames())[0]);
  },
  "01-editor-throttled": async (playground) => {
    await playground.openScenario("fifo-over-quota");
    await playground.play();
    await playground.passes(5);
    await playground.node("single.fifo").focus();
    await playground.page.keyboard.press("Enter");
  },
  "02-filter-policy": async (playground) => {
    await playground.openScenario("filter-by-state");
    await playground.seekTo(12);
    await playground.openSubscription("orders", "refunds");
    await playground.tester.getByRole("option", { name: /filtered out$/ }).first().click();
    await playground.policy.fill('{\n  "state": "cancelled"\n}');
    await expect(playground.policy).toHaveAttribute("aria-invalid", "true");
  },
  "03-kinesis-ordering": async (playground) => {
    await playground.openScenario("hot-shard");
    await playground.play();
    await playground.passes(6);
  },
  "06-share": async (playground) => {
    await playground.openScenario("fan-out");
    await playground.page.getByRole("banner").getByRole("button", { name: "Share" }).click();
  },
  "12-connect": async (playground) => {
    await playground.openScenario("fan-out");
    await playground.canvas.focus();
    await playground.page.keyboard.press("ArrowRight");
    await playground.page.keyboard.press("c");
  },
  "14-empty": (playground) => playground.openBlank(),
  "14-past": async (playground) => {
    await playground.openScenario("visibility-timeout");
    await playground.seekTo(40);
    await playground.seekTo(20);
  },
};

for (const [size, viewport] of [["wide", { width: 1440, height: 900 }], ["narrow", { width: 390, height: 844 }]]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      for (const [name, show] of Object.entries(screens)) {
        test(name, async ({ playground }) => {
          await show(playground);
          await playground.page.screenshot({ path: `../../target/screens/${name}-${size}-${colorScheme}.png` });
        });
      }
    });
  }
}
