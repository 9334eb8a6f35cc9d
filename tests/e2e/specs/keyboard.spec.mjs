// Everything without a pointer (UI.md sections 7 and 10).
import { count, messages } from "../support/orders.mjs";
import { expect, test } from "../support/test.mjs";

// Presses Tab until something has the focus.
async function tabTo(playground, target, key = "Tab") {
  await expect(target).toBeVisible();
  for (let press = 0; press < 120; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await playground.page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

async function add(playground, title, name) {
  const { keyboard } = playground.page;
  await keyboard.press("a");
  await expect(playground.dialog.getByRole("combobox", { name: "Type its name" })).toBeFocused();
  await keyboard.type(title);
  await keyboard.press("Enter");
  await expect(playground.node(name)).toBeFocused();
}

// From the node that has the focus.
async function connect(playground, from, to) {
  const { keyboard } = playground.page;
  await keyboard.press("c");
  await expect(playground.page.getByRole("combobox", { name: "Type a name" })).toBeFocused();
  await keyboard.type(to);
  await keyboard.press("Enter");
  await expect(playground.wire(from, to)).toHaveCount(1);
}

async function focusNode(playground, name) {
  const { keyboard } = playground.page;
  await keyboard.press("Escape");
  await tabTo(playground, playground.page.getByRole("tab", { name: "Outline" }).or(playground.page.getByRole("tab", { name: "Components" })).and(playground.page.locator("[aria-selected=true]")));
  if (!(await playground.page.getByRole("tree", { name: "Diagram" }).isVisible())) await keyboard.press("ArrowRight");
  await tabTo(playground, playground.page.getByRole("treeitem", { name: new RegExp(`^${name}, `) }));
  await keyboard.press("Enter");
}

test("a whole diagram is drawn, wired and run by keyboard alone", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openGallery();
  await tabTo(playground, page.getByRole("button", { name: "Blank canvas" }));
  await keyboard.press("Enter");
  await expect(playground.canvas).toBeVisible();

  await add(playground, "SQS queue", "queue");
  await add(playground, "SNS topic", "topic");
  await connect(playground, "topic", "queue");
  // The new subscription is open: its policy is next.
  await tabTo(playground, playground.policy);
  await keyboard.press("Control+a");
  await keyboard.type('{ "state": ["placed"] }');
  await expect(playground.applyButton).toBeEnabled();
  await tabTo(playground, playground.applyButton);
  await keyboard.press("Enter");
  await expect(playground.applyButton).toBeDisabled();

  await keyboard.press("Escape");
  await add(playground, "Producer", "producer");
  await connect(playground, "producer", "topic");
  await focusNode(playground, "producer");
  await tabTo(playground, playground.tab("Live"));
  await keyboard.press("ArrowRight");
  await expect(playground.tab("Configure")).toBeFocused();
  await tabTo(playground, playground.property("Messages"));
  await keyboard.press("Control+a");
  await keyboard.insertText(JSON.stringify(messages));
  await tabTo(playground, playground.property("MaxMessages"));
  await keyboard.type(String(count));
  await tabTo(playground, playground.playButton);
  await keyboard.press("Enter");
  await expect(playground.node("queue")).toHaveAccessibleName(/, 30 visible, 0 in flight/);
});

test("nodes are reached by arrows, moved, renamed and deleted by keys", async ({ playground }) => {
  const { keyboard } = playground.page;
  await playground.openScenario("fan-out");
  await playground.canvas.focus();
  await keyboard.press("ArrowRight");
  const first = playground.canvas.locator("[data-node]:focus");
  await expect(first).toHaveCount(1);
  const name = await first.getAttribute("data-node");
  await keyboard.press("ArrowRight");
  await expect(playground.canvas.locator("[data-node]:focus")).not.toHaveAttribute("data-node", name);
  await keyboard.press("ArrowLeft");
  await expect(playground.canvas.locator("[data-node]:focus")).toHaveAttribute("data-node", name);

  const before = await playground.node(name).boundingBox();
  await keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await playground.node(name).boundingBox()).y).toBeGreaterThan(before.y);
  await keyboard.press("F2");
  const field = playground.page.getByRole("textbox", { name: "Name", exact: true });
  await expect(field).toBeFocused();
  await field.fill("renamed");
  await keyboard.press("Enter");
  await expect(playground.node("renamed")).toBeVisible();
  await expect(playground.node("renamed"), "the focus comes back").toBeFocused();
  await keyboard.press("Delete");
  await expect(playground.node("renamed")).toHaveCount(0);
  await keyboard.press("Control+z");
  await expect(playground.node("renamed")).toBeVisible();
});

// Tab and screen readers come to a node without selecting it.
test("Enter and C act on the node that has the focus", async ({ playground }) => {
  const { keyboard } = playground.page;
  await playground.openScenario("filter-by-state");
  await playground.node("orders").focus();
  await keyboard.press("Enter");
  await expect(playground.inspector.getByRole("heading", { name: "orders", exact: true })).toBeVisible();
  await expect(playground.inspector.getByRole("tab", { selected: true })).toBeFocused();
  await keyboard.press("Escape");
  await playground.node("audit").focus();
  await keyboard.press("Escape");
  await playground.node("audit").focus();
  await keyboard.press("c");
  await expect(playground.page.getByRole("complementary", { name: "Connect audit to" })).toBeVisible();
});

// UI.md section 10: top bar, palette, canvas, inspector, dock.
test("Tab and F6 go through the regions in reading order", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const region = () => page.evaluate(() => {
    const regions = [".topbar", ".palette", ".canvas", ".inspector", ".dock"];
    return regions.find((region) => document.activeElement.closest(region)) ?? "";
  });
  const visited = [];
  for (let press = 0; press < 120 && visited.at(-1) !== ".dock"; press += 1) {
    await page.keyboard.press("Tab");
    const now = await region();
    if (now && now !== visited.at(-1)) visited.push(now);
  }
  const order = [".topbar", ".palette", ".canvas", ".inspector", ".dock"];
  expect(visited).toEqual(order.filter((region) => visited.includes(region)));
  expect(visited).toContain(".canvas");
  await page.locator(".topbar button").first().focus();
  for (const next of order.slice(1).filter((region) => visited.includes(region))) {
    await page.keyboard.press("F6");
    await expect.poll(region).toBe(next);
  }
});

test("dialogs keep the focus and give it back", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const share = page.getByRole("banner").getByRole("button", { name: "Share" });
  await share.focus();
  await page.keyboard.press("Enter");
  await expect(playground.dialog).toBeVisible();
  const inside = () => page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog") !== null);
  for (let press = 0; press < 12; press += 1) {
    expect(await inside()).toBe(true);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Escape");
  await expect(playground.dialog).toHaveCount(0);
  await expect(share).toBeFocused();
});

test("? opens the shortcuts, and single letters can be switched off", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await playground.canvas.focus();
  await page.keyboard.press("?");
  await expect(playground.dialog.getByRole("heading", { name: "Keyboard shortcuts" })).toBeVisible();
  await expect(playground.dialog.getByText("Play, pause")).toBeVisible();
  const single = playground.dialog.getByRole("switch", { name: "Single letters work" });
  await single.press("Space");
  await expect(single).not.toBeChecked();
  await page.keyboard.press("Escape");
  await playground.canvas.focus();
  await page.keyboard.press("a");
  await page.keyboard.press("Control+Shift+S");
  await expect(playground.dialog.getByRole("heading", { name: "Share" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Add a component" })).toHaveCount(0);
});

test("Space plays and pauses, and the run is announced politely", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fifo-over-quota");
  await playground.canvas.focus();
  await page.keyboard.press("Space");
  await expect(playground.pauseButton).toBeVisible();
  await expect(page.locator("#live-polite")).toContainText("single.fifo: SendMessage is over its quota.");
  await page.keyboard.press("Space");
  await expect(playground.playButton).toBeVisible();
});
