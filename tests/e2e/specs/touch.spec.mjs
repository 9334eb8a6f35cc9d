// Each point of the playground with fingers alone: on a telephone (UI.md section 12) and on a tablet.
// A long press is measured in real time by the page; nothing else here waits for a clock.
import { readFileSync } from "node:fs";
import { expectAccessible } from "../support/axe.mjs";
import { Fingers } from "../support/fingers.mjs";
import { expect, test } from "../support/test.mjs";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const tablet = { viewport: { width: 1366, height: 1024 }, hasTouch: true };

async function opened(playground, name) {
  await playground.openGallery();
  await playground.scenario(name).tap();
  await playground.isReady();
  return Fingers.of(playground.page);
}

const view = (playground, name) => playground.page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
const menuItem = (playground, name) => playground.page.getByRole("menu", { name: "Actions" }).getByRole("menuitem", { name });
// On a card, beside its ports and rows.
const onCard = async (node) => {
  const box = await node.boundingBox();
  return { x: box.x + 20, y: box.y + 15 };
};
// Below, in thumb reach; the tracks have one of their own above it.
const time = (page) => page.getByRole("slider", { name: "Simulation time" }).last();

async function runTo(playground, seconds) {
  await time(playground.page).fill(String(seconds));
  await expect(time(playground.page)).toHaveAttribute("aria-valuenow", String(seconds));
}

test.describe("telephone", () => {
  test.use(phone);

  test("point 2, why: a message is followed from the Messages of a node, from the list, and to the next trouble", async ({ playground }) => {
    const { page, inspector } = playground;
    await opened(playground, "poison-message");
    await runTo(playground, 60);
    await playground.node("orders-dlq").tap();
    await page.getByRole("button", { name: "Show more" }).tap();
    await playground.tab("Messages").tap();
    await inspector.getByRole("button", { name: "#10" }).tap();
    await expect(inspector.getByRole("heading", { level: 2, name: "#10" })).toBeVisible();
    await expect(inspector.getByText(/moved it to orders-dlq\.$/)).toBeVisible();

    await view(playground, "Journeys").tap();
    const list = page.getByRole("listbox", { name: "Messages, latest first" });
    const chart = page.getByRole("group", { name: "Journey of #10" });
    await expect(chart).toBeVisible();
    await list.getByRole("option", { name: /^#12 / }).tap();
    await expect(page.getByRole("group", { name: "Journey of #12" })).toBeVisible();
    await page.getByRole("combobox", { name: "What to step to" }).selectOption("Dead-letter");
    await page.getByRole("button", { name: "Previous trouble" }).tap();
    await expect(chart).toBeVisible();
    await expectAccessible(page, "a journey on a telephone");
  });

  test("point 2: the list of messages has the room until one is chosen", async ({ playground }) => {
    const { page } = playground;
    await opened(playground, "poison-message");
    await runTo(playground, 60);
    await view(playground, "Journeys").tap();
    const rows = page.getByRole("listbox", { name: "Messages, latest first" }).getByRole("option");
    await expect(rows).toHaveCount(20);
    for (let row = 0; row < 7; row += 1) await expect(rows.nth(row)).toBeInViewport({ ratio: 1 });
    await rows.nth(1).tap();
    await expect(rows.nth(1)).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("group", { name: /^Journey of/ })).toBeInViewport();
  });

  test("point 3, time travel: back by thumb, a branch, both runs compared, and what was done is saved", async ({ playground }) => {
    const { page } = playground;
    await opened(playground, "fan-out");
    await runTo(playground, 30);
    await runTo(playground, 20);
    await expect(time(page)).toHaveAttribute("aria-valuetext", /past$/);
    await playground.canvas.getByRole("button", { name: "Branch" }).tap();
    await page.getByRole("button", { name: "Inject fault" }).tap();
    await playground.dialog.getByRole("button", { name: "Stop" }).first().tap();
    await runTo(playground, 28);
    await view(playground, "Metrics").tap();
    const runs = page.getByRole("group", { name: "Runs" });
    await expect(runs.getByRole("button", { name: /^Branch 1 / })).toHaveAttribute("aria-pressed", "true");
    await expect(page.locator(".series.other").first()).toBeVisible();
    await runs.getByRole("button", { name: "Compare with First run" }).tap();
    await expect(page.locator(".series.other")).toHaveCount(0);
    await page.getByRole("button", { name: "Save 1 intervention" }).tap();
    await expect(page.getByRole("button", { name: "Save 1 intervention" })).toHaveCount(0);
    await runs.getByRole("button", { name: /^First run / }).tap();
    await expect(runs.getByRole("button", { name: /^First run / })).toHaveAttribute("aria-pressed", "true");
  });

  test("point 4, tracks: scrubbed, put into another order, taken away, added, as a table and as a file", async ({ playground }) => {
    const { page } = playground;
    const fingers = await opened(playground, "fifo-over-quota");
    await runTo(playground, 10);
    await view(playground, "Metrics").tap();
    const names = page.locator(".tk-n:not(.axis) > span");
    const nodes = page.locator(".tk-n:not(.axis) > b");
    const before = await names.allTextContents();
    const owners = await nodes.allTextContents();
    const grips = page.getByRole("button", { name: /^Move the track / });
    const [first, third] = [await playground.place(grips.nth(0)), await playground.place(grips.nth(2))];
    await fingers.drag(first, third);
    const moved = (all) => [all[1], all[2], all[0], ...all.slice(3)];
    await expect(names).toHaveText(moved(before));
    await expect(nodes).toHaveText(moved(owners));
    await page.getByRole("button", { name: `Remove the track ${before[1]} of ${owners[1]}` }).tap();
    await expect(names).toHaveCount(before.length - 1);
    await page.getByRole("combobox", { name: "Pin a metric as track" }).selectOption({ label: "batched.fifo NumberOfMessagesReceived" });
    await expect(page.getByRole("button", { name: "Remove the track NumberOfMessagesReceived of batched.fifo" })).toBeVisible();
    const plot = await page.locator(".tk-p").nth(2).boundingBox();
    await fingers.tap({ x: plot.x + plot.width * 0.1, y: plot.y + plot.height / 2 });
    await expect(time(page)).toHaveAttribute("aria-valuetext", /past$/);
    await page.getByRole("group", { name: "Show tracks as" }).getByRole("button", { name: "Table" }).tap();
    await expect(page.getByRole("region", { name: "Tracks as a table" }).getByRole("row").first()).toBeVisible();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Tracks as CSV" }).tap();
    expect(readFileSync(await (await download).path(), "utf8")).toContain("per second");
  });

  test("point 5, editing: a link is drawn from port to target, by a drag and by two taps, and refused with the reason", async ({ playground }) => {
    const { page } = playground;
    await playground.openBlank();
    const fingers = await Fingers.of(page);
    const add = async (name, node) => {
      await page.getByRole("button", { name: "Add a component" }).tap();
      await playground.dialog.getByRole("option", { name }).tap();
      await expect(playground.node(node)).toBeVisible();
      await page.keyboard.press("Escape");
    };
    await add(/^Producer/, "producer");
    await add(/^SNS topic/, "topic");
    await add(/^SQS queue/, "queue");
    await add(/^SQS FIFO queue/, "queue.fifo");
    const fit = page.getByRole("button", { name: "Fit everything" });
    await fit.tap();
    await fingers.drag(await playground.place(playground.port("producer")), await playground.place(playground.node("topic")));
    await expect(playground.wire("producer", "topic")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await fit.tap();
    await fingers.tap(await playground.place(playground.port("topic")));
    await expect(page.getByRole("complementary", { name: "Connect topic to" })).toBeVisible();
    await expect(page.getByRole("group", { name: "Not possible" })).toContainText("FIFO");
    await fingers.tap(await onCard(playground.node("queue")));
    await expect(playground.wire("topic", "queue")).toHaveCount(1);
    await expect(playground.inspector.getByRole("heading", { name: "topic to queue", exact: true })).toBeVisible();
  });

  test("point 5: a long press opens the menu; what it offers is done, and undone", async ({ playground }) => {
    const { page } = playground;
    const fingers = await opened(playground, "fan-out");
    await fingers.press(await onCard(playground.node("packers")));
    await expect(page.getByRole("menu", { name: "Actions" })).toBeVisible();
    for (const item of await page.getByRole("menuitem").all()) {
      expect((await item.boundingBox()).height, "a finger's size").toBeGreaterThanOrEqual(44);
    }
    await expectAccessible(page, "a menu on a telephone");
    await menuItem(playground, "Duplicate").tap();
    await expect(playground.node("packers-2")).toHaveCount(1);
    await page.getByRole("banner").getByRole("button", { name: "Undo" }).tap();
    await expect(playground.node("packers-2")).toHaveCount(0);
    await fingers.press(await onCard(playground.node("packers")));
    await menuItem(playground, "Delete").tap();
    await expect(playground.node("packers")).toHaveCount(0);
    // A tap beside the menu closes it.
    await fingers.press(await onCard(playground.node("shop")));
    await fingers.tap({ x: 30, y: 140 });
    await expect(page.getByRole("menu", { name: "Actions" })).toHaveCount(0);
  });

  test("point 5: several nodes are chosen by taps and become a group with a title", async ({ playground }) => {
    const { page } = playground;
    const fingers = await opened(playground, "fan-out");
    await fingers.press(await onCard(playground.node("shop")));
    await menuItem(playground, "Select several").tap();
    await playground.node("orders").tap();
    await playground.node("fraud").tap();
    await playground.node("fraud").tap();
    await expect(playground.canvas.getByRole("status").getByText("2 nodes")).toBeVisible();
    await playground.canvas.getByRole("button", { name: "Done" }).tap();
    await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("2 nodes");
    await playground.inspector.getByRole("button", { name: "Group", exact: true }).tap();
    const title = page.getByRole("textbox", { name: "Title of the group" });
    await expect(title).toBeFocused();
    await title.fill("Front office");
    await expectAccessible(page, "a title is written");
    await page.getByRole("button", { name: "Done" }).tap();
    await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("Front office");
    await playground.inspector.getByRole("button", { name: "Ungroup" }).tap();
    await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText("2 nodes");
  });

  test("point 5: a note is written and found again in the outline", async ({ playground }) => {
    const { page, inspector } = playground;
    const fingers = await opened(playground, "fan-out");
    await fingers.press({ x: 330, y: 120 });
    await menuItem(playground, "Add a note").tap();
    const note = page.getByRole("textbox", { name: "Note" });
    await expect(note).toBeFocused();
    await note.fill("Ask the <b>shop</b> team");
    await page.getByRole("button", { name: "Done" }).tap();
    await expect(inspector.getByText("Ask the <b>shop</b> team")).toBeVisible();
    await page.locator(".grab").tap();
    await inspector.getByRole("button", { name: "Edit" }).tap();
    await note.fill("Only this");
    await page.getByRole("button", { name: "Done" }).tap();
    await expect(inspector.getByText("Only this")).toBeVisible();
    await page.getByRole("button", { name: /^Fan-out/ }).tap();
    await page.getByRole("button", { name: /^Fan-out/ }).tap();
    await inspector.getByRole("treeitem", { name: "Note: Only this" }).tap();
    await expect(inspector.getByRole("heading", { level: 2 })).toHaveText("Note");
    await inspector.getByRole("button", { name: "Delete" }).tap();
    await expect(page.locator(".toast")).toContainText("Deleted a note.");
  });

  test("point 5: one finger pans, two zoom", async ({ playground }) => {
    const { page } = playground;
    const fingers = await opened(playground, "fan-out");
    const box = () => playground.node("orders").boundingBox();
    const before = await box();
    await fingers.drag({ x: 60, y: 120 }, { x: 120, y: 200 });
    const panned = await box();
    expect(panned.x - before.x).toBeGreaterThan(30);
    expect(panned.y - before.y).toBeGreaterThan(40);
    await fingers.pinch([{ x: 150, y: 300 }, { x: 240, y: 300 }], [{ x: 60, y: 300 }, { x: 330, y: 300 }]);
    await expect.poll(async () => (await box()).width).toBeGreaterThan(panned.width * 1.4);
    await page.getByRole("button", { name: "Fit everything" }).tap();
    await expect.poll(async () => (await box()).width).toBeLessThan(panned.width * 1.2);
  });

  test("point 6, faults: now, and at a time on the timeline", async ({ playground }) => {
    const { page } = playground;
    await opened(playground, "fan-out");
    await runTo(playground, 4);
    await page.getByRole("button", { name: "Inject fault" }).tap();
    await expectAccessible(page, "faults on a telephone");
    await playground.dialog.getByRole("tab", { name: "At a time" }).tap();
    await playground.dialog.getByRole("textbox", { name: "Time on the timeline" }).fill("6s");
    await playground.dialog.getByRole("button", { name: /^Stop/ }).first().tap();
    await expect(playground.dialog.getByRole("listitem").filter({ hasText: "shop stops" })).toBeVisible();
    await playground.dialog.getByRole("button", { name: "Close" }).tap();
    await runTo(playground, 9);
    await view(playground, "Events").tap();
    await expect(page.getByRole("log", { name: "Events" })).toContainText("shop");
  });

  test("point 7, guided: the step stands over the diagram, its question is answered and folded away", async ({ playground }) => {
    const { page } = playground;
    await opened(playground, "poison-message");
    const guide = page.getByRole("region", { name: "Guide" });
    await expect(guide.getByText("1 of 3")).toBeVisible();
    for (const node of await playground.nodes().all()) await expect(node).toBeInViewport({ ratio: 1 });
    const [bar, last] = [await guide.boundingBox(), await playground.node("billing").boundingBox()];
    expect(last.y + last.height, "the diagram is not covered").toBeLessThanOrEqual(bar.y);
    // Picture 08: the diagram has the page. The question comes when it is wanted.
    expect(bar.height).toBeLessThanOrEqual(110);
    await guide.getByRole("button", { name: "Predict" }).tap();
    await guide.getByRole("button", { name: "19", exact: true }).tap();
    await guide.getByRole("button", { name: "Run to 1:30 and see" }).tap();
    await expect(guide.getByText("Right. It was 19.")).toBeVisible();
    await expectAccessible(page, "the guide on a telephone");
    await guide.getByRole("button", { name: "Previous step" }).tap();
    await expect(guide.getByText("2 of 3")).toBeVisible();
    await guide.getByRole("button", { name: "Fold the guide away" }).tap();
    await expect(guide.getByText("19", { exact: true })).toHaveCount(0);
    await guide.getByRole("button", { name: "Next step" }).tap();
    await expect(guide.getByText("3 of 3")).toBeVisible();
  });

  test("point 9, nothing lost: a pasted link, the list of kept diagrams, and an engine that stops", async ({ playground, faults }) => {
    const { page } = playground;
    await playground.watchEngine();
    await playground.openGallery();
    await page.getByRole("button", { name: "Import a file" }).tap();
    await playground.dialog.getByLabel("Or paste a document or a link").fill("g=poison-message&t=5s");
    await playground.dialog.getByRole("button", { name: "Open" }).tap();
    await playground.isReady();
    const fingers = await Fingers.of(page);
    await fingers.press(await onCard(playground.node("billing")));
    await menuItem(playground, "Delete").tap();
    await expect(playground.node("billing")).toHaveCount(0);
    await expect(page.getByText("Saved in this browser")).toBeVisible();
    await playground.stopEngine();
    await expect(playground.nodes()).toHaveCount(3);
    await page.getByRole("button", { name: "Restart" }).tap();
    await playground.playButton.tap();
    await expect(playground.pauseButton).toBeVisible();
    await page.getByRole("button", { name: "Inflight, all scenarios" }).tap();
    await page.getByRole("button", { name: /^Poison message/ }).first().tap();
    await expect(playground.nodes()).toHaveCount(3);
    faults.length = 0;
  });
});

test.describe("tablet", () => {
  test.use(tablet);

  test("point 5: a node is lifted by a long press, snaps to a line, and is let go", async ({ playground }) => {
    const { page } = playground;
    const fingers = await opened(playground, "fan-out");
    const before = await playground.node("shop").boundingBox();
    const target = await playground.node("fraud").boundingBox();
    const from = { x: before.x + 18, y: before.y + 15 };
    await fingers.carry(from, { x: from.x, y: from.y + target.y - before.y + 2 }, async () => {
      await expect(page.locator("path.guide").first()).toBeAttached();
    });
    const stops = ({ y, height }) => [y, y + height / 2, y + height];
    const apart = async () => {
      const now = stops(await playground.node("shop").boundingBox());
      return Math.min(...now.map((stop, place) => Math.abs(stop - stops(target)[place])));
    };
    await expect.poll(apart, "an edge or the middle is in line").toBeLessThan(1);
    await page.getByRole("banner").getByRole("button", { name: "Undo" }).tap();
    await expect.poll(async () => (await playground.node("shop").boundingBox()).y).toBeCloseTo(before.y, 0);
    // Without the long press the finger pans.
    await fingers.drag(from, { x: from.x + 60, y: from.y + 40 });
    const fraud = await playground.node("fraud").boundingBox();
    expect(fraud.x - target.x).toBeGreaterThan(40);
  });

  test("point 5: several nodes are chosen by taps and aligned", async ({ playground }) => {
    const fingers = await opened(playground, "fan-out");
    await fingers.press(await onCard(playground.node("shop")));
    await menuItem(playground, "Select several").tap();
    await fingers.tap(await onCard(playground.node("orders")));
    await fingers.tap(await onCard(playground.node("fraud")));
    await playground.canvas.getByRole("button", { name: "Done" }).tap();
    await playground.inspector.getByRole("button", { name: "Align top" }).tap();
    const top = async (name) => (await playground.node(name).boundingBox()).y;
    await expect.poll(async () => Math.abs((await top("shop")) - (await top("orders")))).toBeLessThan(1);
    expect(Math.abs((await top("shop")) - (await top("fraud")))).toBeLessThan(1);
  });

  test("point 5: a component is carried from the palette, a note written, a group moved by its title", async ({ playground }) => {
    const { page } = playground;
    const fingers = await opened(playground, "fan-out");
    const canvas = await playground.canvas.boundingBox();
    // The list is longer than the page: a finger that goes up or down scrolls it, one that goes across carries.
    const database = playground.paletteItem("Database");
    const palette = await page.getByRole("complementary", { name: "Components and outline" }).boundingBox();
    const [low, high] = [0.8, 0.2].map((share) => ({ x: palette.x + 60, y: palette.y + palette.height * share }));
    await expect(async () => {
      await fingers.drag(low, high);
      await expect(database).toBeInViewport({ ratio: 1, timeout: 1_000 });
    }).toPass();
    await expect(playground.nodes()).toHaveCount(8);
    const spot = { x: canvas.x + canvas.width * 0.5, y: canvas.y + canvas.height * 0.92 };
    await fingers.drag(await playground.place(database), spot);
    await expect(playground.node("database")).toBeVisible();
    await fingers.press({ x: canvas.x + 30, y: canvas.y + 60 });
    await menuItem(playground, "Add a note").tap();
    await page.getByRole("textbox", { name: "Note", exact: true }).fill("By finger");
    await fingers.tap({ x: canvas.x + 30, y: canvas.y + 200 });
    await expect(page.getByRole("note")).toHaveText("By finger");
    await fingers.press(await onCard(playground.node("shop")));
    await menuItem(playground, "Select several").tap();
    await fingers.tap(await onCard(playground.node("orders")));
    await playground.canvas.getByRole("button", { name: "Done" }).tap();
    await playground.inspector.getByRole("button", { name: "Group", exact: true }).tap();
    await page.getByRole("textbox", { name: "Title of the group" }).fill("Front");
    await page.keyboard.press("Enter");
    const group = page.getByRole("group", { name: "Front, group, 2 nodes" });
    const before = await playground.node("shop").boundingBox();
    const title = await group.boundingBox();
    const from = { x: title.x + 30, y: title.y + title.height / 2 };
    await fingers.carry(from, { x: from.x, y: from.y + 60 });
    await expect.poll(async () => (await playground.node("shop").boundingBox()).y).toBeGreaterThan(before.y + 30);
  });

  test("point 1: a filter policy is written and tested with fingers", async ({ playground }) => {
    await opened(playground, "filter-by-state");
    await playground.seekTo(12);
    await playground.node("orders").tap({ position: { x: 18, y: 15 } });
    await playground.tab("Configure").tap();
    await playground.inspector.getByRole("button", { name: /^to refunds\b/ }).tap();
    await playground.tester.getByRole("option", { name: /filtered out$/ }).first().tap();
    await expect(playground.tester).toContainText("cancelled");
    await playground.policy.fill('{ "state": ["placed"] }');
    await playground.applyButton.tap();
    await expect(playground.applyButton).toBeDisabled();
  });
});
