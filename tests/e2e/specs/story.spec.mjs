// The points that other files show by mouse, by keyboard alone; and the whole story of a visit without a pointer.
import { readFileSync } from "node:fs";
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

// Tab by Tab takes its time.
test.describe.configure({ timeout: 120_000 });

// Presses Tab until something has the focus.
async function tabTo(playground, target, key = "Tab") {
  await expect(target).toBeVisible();
  for (let press = 0; press < 200; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await playground.page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

// What has the focus is seen, and so is its ring.
async function expectFocusSeen(page) {
  const focused = page.locator(":focus");
  await expect(focused).toHaveCount(1);
  await expect(focused).toBeInViewport();
}

const command = async (page, words) => {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Find" })).toBeFocused();
  await page.keyboard.type(words);
};

test("a visit by keyboard alone: a refused message and why, a change, a branch, its comparison, undo, share", async ({ playground }) => {
  const { page, inspector } = playground;
  const { keyboard } = page;
  // The gallery: narrowed by text, opened.
  await playground.openGallery();
  await tabTo(playground, page.getByRole("searchbox", { name: "Find a scenario" }));
  await keyboard.type("more than 300 calls");
  await expect(page.locator("[data-scenario]")).toHaveCount(1);
  await keyboard.press("Tab");
  await expect(playground.scenario("fifo-over-quota")).toBeFocused();
  await keyboard.press("Enter");
  await playground.isReady();

  // It runs, and the next problem says why it refuses.
  await expect(playground.canvas).toBeVisible();
  await keyboard.press("Space");
  await expect(playground.node("single.fifo")).toHaveAccessibleName(/refusing/);
  await keyboard.press("Space");
  await expect(playground.playButton).toBeVisible();
  await keyboard.press("n");
  const problem = inspector.locator(".call");
  await expect(problem).toContainText("RequestThrottled");
  await expectFocusSeen(page);

  // A refused message, by Shift and full stop where messages are listed.
  await keyboard.press("j");
  await page.getByRole("combobox", { name: "What to step to" }).selectOption("Throttle");
  await keyboard.press("Shift+.");
  await expect(inspector.getByRole("heading", { level: 2, name: /^#\d+/ })).toBeVisible();
  await expect(page.getByRole("group", { name: /^Journey of #\d+/ })).toContainText(/refused/i);

  // A property is changed in the past: a branch of its own, and the first run beside it.
  await keyboard.press("Escape");
  await keyboard.press("m");
  await playground.seekTo(8);
  await playground.seekTo(4);
  await command(page, "single.fifo");
  await keyboard.press("Enter");
  await expect(playground.node("single.fifo")).toBeFocused();
  await keyboard.press("Enter");
  await expect(inspector.getByRole("tab", { selected: true })).toBeFocused();
  await tabTo(playground, inspector.getByRole("tab", { selected: true }));
  while (!(await playground.tab("Configure").evaluate((tab) => tab === document.activeElement))) await keyboard.press("ArrowRight");
  const timeout = playground.property("VisibilityTimeout");
  await tabTo(playground, timeout);
  await keyboard.press("Control+a");
  await keyboard.type("45");
  await keyboard.press("Tab");
  const runs = page.getByRole("group", { name: "Runs" });
  await keyboard.press("Escape");
  await expect(runs.getByRole("button", { name: /^Branch 1 / })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".series.other").first()).toBeAttached();
  await command(page, "stop comparing");
  await keyboard.press("Enter");
  await expect(page.locator(".series.other")).toHaveCount(0);
  await command(page, "compare with first");
  await keyboard.press("Enter");
  await expect(page.locator(".series.other").first()).toBeAttached();
  await command(page, "switch to first");
  await keyboard.press("Enter");
  await expect(runs.getByRole("button", { name: /^First run / })).toHaveAttribute("aria-pressed", "true");
  await command(page, "switch to branch 1");
  await keyboard.press("Enter");

  // Undo, and share.
  await command(page, "undo");
  await keyboard.press("Enter");
  await expect(playground.clock).toHaveText(/^00:00:0/);
  await keyboard.press("Control+Shift+S");
  await expect(playground.dialog.getByRole("heading", { name: "Share" })).toBeVisible();
  await tabTo(playground, playground.dialog.getByRole("button", { name: "Copy" }));
  await expectFocusSeen(page);
  await keyboard.press("Escape");
  await expect(playground.dialog).toHaveCount(0);
});

test("point 4, tracks by keyboard: pinned, put into another order, as a table, as a file", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openScenario("order-events");
  await playground.seekTo(10);
  const names = page.locator(".tk-n:not(.axis) > b");
  const before = await names.allTextContents();
  expect(before.length).toBeGreaterThanOrEqual(3);
  const grip = (place) => page.locator(`#track-${place}`);
  await tabTo(playground, grip(0));
  await expect(grip(0)).toHaveAccessibleName(new RegExp(`^Move the track .* of ${before[0]}, 1 of ${before.length}$`));
  await keyboard.press("Alt+ArrowDown");
  await expect(names).toHaveText([before[1], before[0], ...before.slice(2)]);
  await expect(grip(1), "the keyboard goes with the track").toBeFocused();
  await keyboard.press("Alt+ArrowDown");
  await keyboard.press("Alt+ArrowUp");
  await keyboard.press("Alt+ArrowUp");
  await expect(names).toHaveText(before);
  await keyboard.press("Alt+ArrowUp");
  await expect(names, "the first stays the first").toHaveText(before);
  await expectFocusSeen(page);
  await expectAccessible(page, "tracks with their grips");

  await command(page, "fulfilment");
  await keyboard.press("Enter");
  const pinned = await names.count();
  await keyboard.press("p");
  await expect(names).toHaveCount(pinned + 1);
  await tabTo(playground, page.getByRole("group", { name: "Show tracks as" }).getByRole("button", { name: "Table" }));
  await keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Tracks as a table" })).toBeVisible();
  const waiting = page.waitForEvent("download");
  await tabTo(playground, page.getByRole("button", { name: "Tracks as CSV" }));
  await keyboard.press("Enter");
  expect(readFileSync(await (await waiting).path(), "utf8").split("\n").length).toBeGreaterThan(10);
});

test("point 4, tracks by mouse: a grip is dragged to another place", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("order-events");
  await playground.seekTo(10);
  const names = page.locator(".tk-n:not(.axis) > b");
  const before = await names.allTextContents();
  const place = (number) => playground.place(page.locator(`#track-${number}`));
  await playground.drag(await place(2), await place(0), async () => {
    await expect(page.locator(".tk-n.drop-before")).toHaveCount(1);
  });
  await expect(names).toHaveText([before[2], before[0], before[1], ...before.slice(3)]);
  await expect(page.locator(".tk-n.drop-before")).toHaveCount(0);
});

test("point 6, faults by keyboard: now, at a time, moved and taken out", async ({ playground }) => {
  const { page, dialog } = playground;
  const { keyboard } = page;
  await playground.openScenario("fan-out");
  await playground.canvas.focus();
  await keyboard.press("x");
  const stop = dialog.getByRole("button", { name: "Stop", exact: true }).first();
  await tabTo(playground, stop);
  await keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await keyboard.press("v");
  await expect(page.getByRole("log", { name: "Events" })).toContainText("shop");
  await playground.canvas.focus();
  await keyboard.press("x");
  await tabTo(playground, dialog.getByRole("tab", { name: "Now" }));
  await keyboard.press("ArrowRight");
  const time = dialog.getByRole("textbox", { name: "Time on the timeline" });
  await tabTo(playground, time);
  await keyboard.press("Control+a");
  await keyboard.type("20s");
  await tabTo(playground, stop);
  await keyboard.press("Enter");
  const row = dialog.getByRole("listitem").filter({ hasText: "shop stops" });
  await tabTo(playground, row.getByRole("textbox"));
  await keyboard.press("Control+a");
  await keyboard.type("30s");
  await keyboard.press("Tab");
  await expect(row.getByRole("textbox")).toHaveValue("30s");
  await tabTo(playground, row.getByRole("button", { name: /^Take out/ }));
  await keyboard.press("Enter");
  await expect(row).toHaveCount(0);
  await keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("point 5, alignment by keyboard: several nodes from the list of commands", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openScenario("fan-out");
  await playground.canvas.focus();
  await keyboard.press("Control+a");
  await command(page, "align top");
  await keyboard.press("Enter");
  const tops = () => playground.nodes().evaluateAll((nodes) => new Set(nodes.map((node) => Math.round(node.getBoundingClientRect().top))).size);
  await expect.poll(tops).toBe(1);
  await keyboard.press("Control+z");
  await expect.poll(tops).toBeGreaterThan(2);
});

test("point 9, nothing lost by keyboard: a pasted link, the kept diagrams, and an engine that stops", async ({ playground, faults }) => {
  const { page, dialog } = playground;
  const { keyboard } = page;
  await playground.watchEngine();
  await playground.openGallery();
  await tabTo(playground, page.getByRole("button", { name: "Import a file" }));
  await keyboard.press("Enter");
  await tabTo(playground, dialog.getByLabel("Or paste a document or a link"));
  await keyboard.insertText("g=poison-message");
  await tabTo(playground, dialog.getByRole("button", { name: "Open" }));
  await keyboard.press("Enter");
  await playground.isReady();
  await tabTo(playground, playground.title);
  await keyboard.press("Control+a");
  await keyboard.type("Kept by hand");
  await keyboard.press("Enter");
  await expect(page.getByText("Saved in this browser")).toBeVisible();
  await playground.stopEngine();
  await expect(playground.nodes()).toHaveCount(4);
  await tabTo(playground, page.getByRole("button", { name: "Restart" }));
  await keyboard.press("Enter");
  await playground.isReady();
  await command(page, "all scenarios");
  await keyboard.press("Enter");
  await tabTo(playground, page.getByRole("button", { name: /^Kept by hand/ }));
  await keyboard.press("Enter");
  await expect(playground.title).toHaveValue("Kept by hand");
  await expect(playground.nodes()).toHaveCount(4);
  faults.length = 0;
});
