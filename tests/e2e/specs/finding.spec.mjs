// Finding things by name, the diagram as text, faults on the timeline, and nothing lost between two tabs.
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

const find = (playground) => playground.dialog.getByRole("combobox", { name: "Find" });
const json = (page) => page.getByRole("textbox", { name: "Diagram as JSON" });

test("everything is found and done by keyboard alone", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openScenario("fan-out");
  await playground.canvas.focus();
  await keyboard.press("/");
  await expect(find(playground)).toBeFocused();
  await keyboard.type("packers");
  const chosen = playground.dialog.getByRole("option", { selected: true });
  await expect(chosen).toContainText("packers");
  await expect(find(playground)).toHaveAttribute("aria-activedescendant", await chosen.getAttribute("id"));
  await expectAccessible(page, "find");
  await keyboard.press("Enter");
  await expect(playground.node("packers")).toBeFocused();
  await expect(playground.inspector.getByRole("heading", { level: 2, name: "packers", exact: true })).toBeVisible();

  // Works in a field too, and lists what the keys do.
  await playground.title.focus();
  await keyboard.press("Control+k");
  await keyboard.type("duplicate");
  await expect(chosen).toContainText("Ctrl D");
  await keyboard.press("Enter");
  await expect(playground.node("packers-2")).toBeVisible();

  await keyboard.press("Control+k");
  await keyboard.type("add sqs");
  await keyboard.press("ArrowDown");
  await expect(chosen).toContainText("Add SQS FIFO queue");
  await keyboard.press("Enter");
  await expect(playground.node("queue.fifo")).toBeFocused();

  await keyboard.press("Control+k");
  await keyboard.type("poison");
  await expect(playground.dialog.getByRole("option").first()).toContainText("Scenario");
  await keyboard.press("Escape");
  await expect(playground.dialog).toHaveCount(0);
});

test("the diagram is changed as text, with its faults by line", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("filter-by-state");
  await page.keyboard.press("Escape");
  await playground.inspector.getByRole("button", { name: "Edit as text" }).click();
  await expect(json(page)).toBeFocused();
  const text = await json(page).inputValue();
  expect(JSON.parse(text).Version).toBe(1);
  const apply = playground.inspector.getByRole("button", { name: "Apply", exact: true });
  await expect(apply).toBeDisabled();

  const line = 1 + text.split("\n").findIndex((line) => line.includes('"audit"'));
  await json(page).fill(text.replace(/("audit": \{ "Type": ")AWS::SQS::Queue"/, '$1AWS::SQS::Quee"'));
  const fault = playground.inspector.getByRole("button", { name: new RegExp(`Line ${line}$`) });
  await expect(fault.first()).toContainText("There is no type AWS::SQS::Quee. Did you mean AWS::SQS::Queue?");
  await expect(apply).toBeDisabled();
  await expect(playground.inspector).toContainText("The last valid version stays in force.");
  await expectAccessible(page, "text with a fault");
  await expect(playground.node("audit")).toBeVisible();

  await json(page).fill(text.replaceAll('"audit"', '"journal"'));
  await page.keyboard.press("Control+Enter");
  await expect(playground.node("journal")).toBeVisible();
  await expect(playground.node("audit")).toHaveCount(0);
  await page.getByRole("banner").getByRole("button", { name: "Undo" }).click();
  await expect(playground.node("audit")).toBeVisible();
  await expect(json(page), "the text follows the drawing").toHaveValue(text);
});

test("a fault is written down for a time, moved, and taken out", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("filter-by-state");
  await playground.node("orders").click({ button: "right", position: { x: 18, y: 15 } });
  await page.getByRole("menuitem", { name: "Inject fault" }).click();
  await playground.dialog.getByRole("tab", { name: "At a time" }).click();
  const time = playground.dialog.getByRole("textbox", { name: "Time on the timeline" });
  await time.fill("soon");
  await expect(playground.dialog.getByRole("status")).toContainText("is not a time");
  await time.fill("4s");
  await playground.dialog.getByRole("button", { name: /^Cut .* to orders/ }).click();
  await expect(playground.dialog.getByRole("listitem")).toContainText("to orders is cut");
  await page.keyboard.press("Escape");
  await expect(playground.dialog).toHaveCount(0);
  await page.keyboard.press("Escape");
  const row = playground.inspector.getByRole("listitem").filter({ hasText: "is cut" });
  await expect(row.getByRole("textbox")).toHaveValue("4s");

  await playground.seekTo(6);
  await expect(page.locator("path.edge.broken").first(), "it happens by itself").toBeAttached();
  await playground.seekTo(0);
  await row.getByRole("textbox").fill("20s");
  await row.getByRole("textbox").press("Tab");
  await expect(row.getByRole("textbox")).toHaveValue("20s");
  await row.getByRole("button", { name: /^Take out/ }).click();
  await expect(row).toHaveCount(0);
});

test("two tabs with one diagram do not overwrite each other", async ({ playground, context }) => {
  const { Playground } = await import("../support/playground.mjs");
  await playground.openScenario("fan-out");
  await playground.title.fill("Ours");
  await playground.title.press("Enter");
  await expect(playground.page.getByText("Saved in this browser")).toBeVisible();
  const other = new Playground(await context.newPage());
  await other.openGallery();
  await other.page.getByRole("button", { name: /Ours/ }).first().click();
  await expect(other.title).toHaveValue("Ours");
  await other.title.fill("Theirs");
  await other.title.press("Enter");

  await expect(playground.page.locator(".toast")).toContainText("changed in another tab");
  await playground.title.fill("Ours still");
  await playground.title.press("Enter");
  await expect(playground.page.getByText("Saved in this browser")).toBeVisible();
  await other.page.reload();
  await other.openGallery();
  const titles = other.page.locator(".drafts");
  await expect(titles).toContainText("Theirs");
  await expect(titles).toContainText("Ours still");
});

test("a file that is dropped on the page is opened", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const drop = (text, name) => page.evaluate(([text, name]) => {
    const data = new DataTransfer();
    if (name) data.items.add(new File([text], name, { type: "application/json" }));
    else data.setData("text/plain", text);
    document.querySelector(".canvas").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  }, [text, name]);
  const link = `${page.url().split("#")[0]}#${await playground.fragment()}`;
  await drop('{ "Version": 1, "Title": "Dropped", "Resources": { "only": { "Type": "AWS::SQS::Queue" } } }', "dropped.json");
  await expect(playground.title).toHaveValue("Dropped");
  expect(await playground.nodeNames()).toEqual(["only"]);
  await drop("not a document", "notes.json");
  await expect(page.locator(".toast[role=alert]")).toContainText("Line 1");
  await expect(playground.node("only")).toBeVisible();
  await drop(link);
  await expect(playground.title).toHaveValue("Fan-out");
});

test("the minimap shows where we are in a diagram larger than the view", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const map = page.getByRole("img", { name: "Minimap" });
  await expect(map).toHaveCount(0);
  await playground.canvas.focus();
  for (let press = 0; press < 5; press += 1) await page.keyboard.press("+");
  await expect(map).toBeVisible();
  const box = await map.boundingBox();
  const before = await playground.node("shop").boundingBox();
  await playground.drag({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, { x: box.x + 4, y: box.y + box.height / 2 });
  expect((await playground.node("shop").boundingBox()).x).toBeGreaterThan(before.x + 100);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("minimap");
  await page.keyboard.press("Enter");
  await expect(map).toHaveCount(0);
});

test("Tab goes from a node to its links, then to the next node", async ({ playground }) => {
  const { page } = playground;
  const { keyboard } = page;
  await playground.openScenario("fan-out");
  await playground.node("shop").focus();
  await keyboard.press("Tab");
  await expect(playground.node("shop").getByRole("button", { name: /^to orders/ })).toBeFocused();
  await keyboard.press("Tab");
  await expect(playground.node("orders")).toBeFocused();
  await keyboard.press("Tab");
  await expect(playground.node("orders").getByRole("button").first()).toBeFocused();
  await keyboard.press("Shift+Tab");
  await keyboard.press("Shift+Tab");
  await expect(playground.node("shop")).toBeFocused();
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await expect(playground.inspector.getByRole("heading", { level: 2, name: "shop to orders" })).toBeVisible();
  // The last node lets go of the keyboard.
  await keyboard.press("Escape");
  await playground.nodes().last().focus();
  for (let press = 0; press < 4; press += 1) await keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.closest("[data-node]"))).toBeNull();
});

// UI.md section 8: the drawing is never lost; the engine can be started again.
test("an engine that stops leaves the drawing and can be started again", async ({ playground, faults }) => {
  const { page } = playground;
  await playground.watchEngine();
  await playground.openScenario("fan-out");
  await playground.play();
  await playground.passes(1);
  await playground.stopEngine();
  await expect(playground.nodes()).toHaveCount(8);
  await page.keyboard.press("Escape");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save file" }).click();
  expect((await download).suggestedFilename()).toBe("fan-out.json");
  await page.getByRole("button", { name: "Restart" }).click();
  await playground.play();
  await playground.passes(1);
  faults.length = 0;
});
