// What makes drawing quick: copy and paste, alignment, groups, notes; by mouse and by keyboard.
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const places = (playground) => playground.nodes().evaluateAll((nodes) =>
  Object.fromEntries(nodes.map((node) => [node.dataset.node, node.getBoundingClientRect().toJSON()])));

// Selects several nodes with Shift.
async function selectAll(playground, ...names) {
  await playground.page.keyboard.press("Escape");
  for (const name of names) {
    await playground.node(name).click({ position: { x: 18, y: 15 }, modifiers: ["Shift"] });
  }
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText(`${names.length} nodes`);
}

test("nodes are copied as JSON text and pasted with their links, here and in another diagram", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await selectAll(playground, "shop", "orders");
  await page.keyboard.press("Control+c");
  await expect(page.locator(".toast")).toContainText("Copied 2 nodes, 1 link.");
  const copy = JSON.parse(await clipboard(page));
  expect(Object.keys(copy.Resources)).toEqual(["shop", "orders"]);
  expect(copy.Links.map(({ From, To }) => [From, To])).toEqual([["shop", "orders"]]);

  // Under the pointer.
  const box = await playground.canvas.boundingBox();
  const pointer = { x: box.x + box.width * 0.3, y: box.y + box.height * 0.85 };
  await page.mouse.move(pointer.x, pointer.y);
  await page.keyboard.press("Control+v");
  await expect(playground.node("orders-2")).toBeVisible();
  await expect(playground.wire("shop-2", "orders-2")).toHaveCount(1);
  const all = await places(playground);
  const middle = (all["shop-2"].left + all["orders-2"].right) / 2;
  expect(Math.abs(middle - pointer.x)).toBeLessThan(60);
  await page.keyboard.press("Control+z");
  await expect(playground.node("orders-2")).toHaveCount(0);

  // In another diagram, from the menu.
  await page.getByRole("banner").getByRole("button", { name: "Inflight, all scenarios" }).click();
  await page.getByRole("button", { name: "Blank canvas" }).click();
  await playground.canvas.click({ button: "right", position: { x: 300, y: 300 } });
  await page.getByRole("menuitem", { name: "Paste" }).click();
  await expect(playground.node("orders")).toBeVisible();
  expect(await playground.nodeNames()).toEqual(["orders", "shop"]);
});

test("a link, a whole document and a bad document are pasted", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("filter-by-state");
  const link = `${new URL("./", page.url())}#${await playground.fragment()}`;
  const paste = async (text) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await playground.canvas.focus();
    await page.keyboard.press("Control+v");
  };
  const count = await playground.nodes().count();
  await paste(link);
  await expect(playground.nodes()).toHaveCount(2 * count);
  await page.keyboard.press("Control+z");
  await paste('{\n  "Version": 1,\n  "Resources": {\n    "q": { "Type": "AWS::SQS::Quee" }\n  }\n}');
  await expect(page.locator(".toast[role=alert]")).toContainText("Line 4: There is no type AWS::SQS::Quee.");
  await expect(playground.nodes()).toHaveCount(count);
  await paste("Ask the <b>shop</b> team");
  await expect(page.getByRole("note")).toHaveText("Ask the <b>shop</b> team");
});

test("cut, paste and duplicate by keys alone", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openScenario("fan-out");
  const count = await playground.nodes().count();
  await playground.canvas.focus();
  await keyboard.press("Control+a");
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText(`${count} nodes`);
  const wires = await playground.canvas.locator("svg.edges g").count();
  await keyboard.press("Control+d");
  await expect(playground.nodes()).toHaveCount(2 * count);
  await expect(playground.canvas.locator("svg.edges g")).toHaveCount(2 * wires);
  await keyboard.press("Control+x");
  await expect(playground.nodes()).toHaveCount(count);
  await keyboard.press("Control+v");
  await expect(playground.nodes()).toHaveCount(2 * count);
  for (let step = 0; step < 3; step += 1) await keyboard.press("Control+z");
  await expect(playground.nodes()).toHaveCount(count);
});

test("several nodes are aligned from the inspector and from the menu", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await selectAll(playground, "shop", "orders", "fraud");
  await expect(playground.inspector).toContainText("1 × SNS topic");
  await playground.inspector.getByRole("button", { name: "Align top" }).click();
  const tops = async () => {
    const all = await places(playground);
    return ["shop", "orders", "fraud"].map((name) => Math.round(all[name].top));
  };
  await playground.node("orders").click({ button: "right", position: { x: 18, y: 15 } });
  await expect(playground.inspector.getByRole("heading", { level: 2 }), "they stay selected").toHaveText("3 nodes");
  await page.getByRole("menuitem", { name: "Align left" }).click();
  const lefts = Object.entries(await places(playground)).filter(([name]) => ["shop", "orders", "fraud"].includes(name));
  expect(new Set(lefts.map(([, rect]) => Math.round(rect.left / 3))).size, "one line").toBeLessThanOrEqual(2);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  expect(new Set(await tops()).size).toBeGreaterThan(1);
});

test("a group is made with G, named, moved by its title, and taken apart", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await selectAll(playground, "shop", "orders");
  await page.keyboard.press("g");
  const title = page.getByRole("textbox", { name: "Title of the group" });
  await expect(title).toBeFocused();
  await title.fill("Front office");
  await page.keyboard.press("Enter");
  const group = page.getByRole("group", { name: "Front office, group, 2 nodes" });
  await expect(group).toBeVisible();
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("Front office");

  const before = await places(playground);
  const box = await group.boundingBox();
  const from = { x: box.x + 60, y: box.y + 14 };
  await playground.drag(from, { x: from.x + 40, y: from.y + 60 });
  const after = await places(playground);
  for (const name of ["shop", "orders"]) expect(after[name].top - before[name].top, name).toBeGreaterThan(30);
  expect(after.packers.top).toBe(before.packers.top);

  // It goes with the link.
  await page.reload();
  await expect(page.getByRole("group", { name: "Front office, group, 2 nodes" })).toBeVisible();
  await group.click();
  await page.keyboard.press("g");
  await expect(group).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(group).toBeVisible();
});

test("a note is written where the menu was opened, edited, moved, deleted and undone", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await playground.canvas.click({ button: "right", position: { x: 120, y: 480 } });
  await page.getByRole("menuitem", { name: "Add a note" }).click();
  const field = page.getByRole("textbox", { name: "Note", exact: true });
  await expect(field).toBeFocused();
  await page.keyboard.type("First line");
  await page.keyboard.press("Enter");
  await page.keyboard.type("<i>second</i>");
  await page.keyboard.press("Control+Enter");
  const note = page.getByRole("note");
  await expect(note).toHaveText("First line\n<i>second</i>");
  await expect(note.locator("i"), "text, never markup").toHaveCount(0);

  const before = await note.boundingBox();
  await playground.drag({ x: before.x + 40, y: before.y + 12 }, { x: before.x + 140, y: before.y - 60 });
  expect((await note.boundingBox()).x).toBeGreaterThan(before.x + 60);
  await note.dblclick();
  await field.fill("Only this");
  await page.keyboard.press("Control+Enter");
  await expect(note).toHaveText("Only this");
  await note.dblclick();
  await field.fill("Not kept");
  await page.keyboard.press("Escape");
  await expect(note).toHaveText("Only this");
  await note.click();
  await page.keyboard.press("Delete");
  await expect(note).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(note).toHaveText("Only this");
});

test("what is dragged shows the line it has come to", async ({ playground }) => {
  const { page } = playground;
  await playground.openBlank();
  await playground.dragFromPalette("SQS queue", 0.2, 0.2);
  await playground.dragFromPalette("SNS topic", 0.6, 0.6);
  await expect(playground.nodes()).toHaveCount(2);
  const all = await places(playground);
  const from = { x: all.topic.x + 18, y: all.topic.y + 15 };
  const line = page.locator("path.guide");
  await playground.drag(from, { x: from.x + all.queue.left - all.topic.left + 3, y: from.y - 40 }, async () => {
    await expect(line).toHaveCount(1);
  });
  await expect(line).toHaveCount(0);
  const after = await places(playground);
  const stops = ({ left, right }) => [left, (left + right) / 2, right];
  const apart = stops(after.topic).map((stop, place) => Math.abs(stop - stops(after.queue)[place]));
  expect(Math.min(...apart), "an edge or the middle is in line").toBeLessThan(1);
});

test("groups and notes are reached, named and moved by keyboard alone", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openScenario("fan-out");
  await playground.canvas.focus();
  await keyboard.press("Control+a");
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("8 nodes");
  await keyboard.press("g");
  await expect(page.getByRole("textbox", { name: "Title of the group" })).toBeFocused();
  await keyboard.type("Everything");
  await keyboard.press("Enter");
  await keyboard.press("Control+k");
  await keyboard.type("add a note");
  await keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Note", exact: true })).toBeFocused();
  await keyboard.type("By hand");
  await keyboard.press("Control+Enter");
  await expect(page.getByRole("note")).toHaveText("By hand");

  await page.getByRole("tab", { name: "Outline" }).press("Enter");
  await page.getByRole("treeitem", { name: "Note: By hand" }).press("Enter");
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("Note");
  const before = await page.getByRole("note").boundingBox();
  await keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await page.getByRole("note").boundingBox()).y).toBeGreaterThan(before.y);
  await page.getByRole("treeitem", { name: "Everything, group, 8 nodes" }).press("Enter");
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("Everything");
  await expect(playground.canvas).toBeFocused();
  await keyboard.press("F2");
  await expect(page.getByRole("textbox", { name: "Title of the group" })).toBeFocused();
  await keyboard.press("Control+a");
  await keyboard.type("All of it");
  await keyboard.press("Enter");
  await expect(page.getByRole("group", { name: "All of it, group, 8 nodes" })).toBeVisible();
  await expectAccessible(page, "a group and a note");
});
