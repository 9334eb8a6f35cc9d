// From an empty canvas to messages that reach only the queues they are meant for, with a mouse.
import { count, messages } from "../support/orders.mjs";
import { expect, test } from "../support/test.mjs";

// A producer, a topic and two queues, not yet linked.
async function drawNodes(playground) {
  await playground.openBlank();
  await expect(playground.playButton).toBeDisabled();
  await playground.dragFromPalette("Producer", 0.12, 0.5);
  await playground.dragFromPalette("SNS topic", 0.42, 0.5);
  await playground.dragFromPalette("SQS queue", 0.8, 0.25);
  await expect(playground.nodes()).toHaveCount(3);
  await playground.dragFromPalette("SQS queue", 0.8, 0.75);
  await expect(playground.node("queue-2")).toBeVisible();
}

async function dragLink(playground, from, to) {
  await playground.drag(await playground.place(playground.port(from)), await playground.place(playground.node(to)));
  await expect(playground.wire(from, to)).toHaveCount(1);
}

// The whole way: links by drag, by two clicks and from the list; a filter policy on one subscription.
test("a drawn producer, topic and two queues: each queue gets only its share, here and by link", async ({ playground, visitor }) => {
  const { page } = playground;
  await drawNodes(playground);

  await dragLink(playground, "producer", "topic");
  await playground.port("topic").click();
  await playground.node("queue-2").locator("b").click();
  await expect(playground.wire("topic", "queue-2")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await playground.select("topic");
  await page.keyboard.press("c");
  await page.getByRole("combobox", { name: "Type a name" }).fill("queue");
  await page.keyboard.press("Enter");
  await expect(playground.wire("topic", "queue")).toHaveCount(1);

  // The new subscription is open, without a filter policy.
  await expect(playground.inspector.getByRole("heading", { name: "topic to queue", exact: true })).toBeVisible();
  await playground.policy.fill('{ "state": ["placed"] }');
  await playground.applyButton.click();
  await expect(playground.applyButton).toBeDisabled();

  await playground.select("producer");
  await playground.tab("Configure").click();
  await playground.setProperty("Messages", JSON.stringify(messages));
  await playground.setProperty("MaxMessages", String(count));
  await expect(playground.inspector.getByRole("alert")).toHaveCount(0);

  await playground.play();
  await expect(playground.node("queue")).toHaveAccessibleName(/, 30 visible, 0 in flight/);
  await expect(playground.node("queue-2")).toHaveAccessibleName(/, 60 visible, 0 in flight/);
  await playground.pause();

  const other = await visitor();
  await other.open(await playground.fragment());
  await other.isReady();
  expect(await other.nodeNames()).toEqual(["producer", "queue", "queue-2", "topic"]);
  for (const second of [3, 7]) {
    await other.seekTo(second);
    await playground.seekTo(second);
    await other.expectSameCounts(playground);
  }
  await expect(other.node("queue")).toHaveAccessibleName(/, 30 visible, 0 in flight/);
  await expect(other.node("queue-2")).toHaveAccessibleName(/, 60 visible, 0 in flight/);
});

test("a click in the palette adds a component where there is room", async ({ playground }) => {
  await playground.openBlank();
  await playground.paletteItem("Producer").click();
  await expect(playground.node("producer")).toBeVisible();
  await playground.paletteItem("SQS queue").click();
  await expect(playground.node("queue")).toBeVisible();
  const [a, b] = [await playground.node("producer").boundingBox(), await playground.node("queue").boundingBox()];
  const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  expect(apart, "nodes do not cover each other").toBe(true);
});

// A slow machine starts the engine late. The view is fitted to what was opened, never to what is being drawn.
test("what is drawn stays where it was put when the engine comes late", async ({ playground }) => {
  const { page } = playground;
  await page.addInitScript(() => {
    // The first message starts the worker. Without its hello the page would soon run the engine itself.
    const waiting = [];
    window.Worker = class extends window.Worker {
      started = false;
      postMessage(...message) {
        if (waiting.done || !this.started) super.postMessage(...message);
        else waiting.push(() => super.postMessage(...message));
        this.started = true;
      }
    };
    window.startEngine = () => {
      waiting.done = true;
      waiting.forEach((send) => send());
    };
  });
  await playground.openBlank();
  const box = await playground.canvas.boundingBox();
  await playground.dragFromPalette("Producer", 0.12, 0.3);
  const name = playground.node("producer").locator("b");
  await expect(name).toBeVisible();
  const [before, size] = [await name.boundingBox(), await playground.node("producer").boundingBox()];
  expect(size.x - box.x, "it stands where it was let go").toBeLessThan(0.12 * box.width);
  await expect(page.locator(".dock").getByText("Loading")).toBeVisible();
  await page.evaluate(() => window.startEngine());
  await expect(playground.node("producer").locator(".tag")).toBeVisible();
  const after = await name.boundingBox();
  expect([after.x, after.y], "and it stays there").toEqual([before.x, before.y]);
});

// SNS-43 and UI.md section 7: what AWS would refuse cannot be drawn, and the page says why.
test("a link that AWS would refuse is not made, and the reason is given", async ({ playground }) => {
  const { page } = playground;
  await playground.openBlank();
  await playground.dragFromPalette("SNS topic", 0.3, 0.3);
  await playground.dragFromPalette("SQS FIFO queue", 0.7, 0.3);
  await playground.dragFromPalette("SQS queue", 0.3, 0.7);
  await expect(playground.nodes()).toHaveCount(3);

  const reason = page.getByRole("tooltip");
  const target = await playground.place(playground.node("queue.fifo"));
  await playground.drag(await playground.place(playground.port("topic")), target, async () => {
    await expect(reason).toContainText("FIFO SQS Queues can not be subscribed to standard SNS topics");
    await expect(reason).toContainText("Make the topic FIFO, or the queue standard.");
  });
  await expect(playground.canvas.locator("svg.edges g")).toHaveCount(0);
  await page.keyboard.press("Escape");

  await playground.select("queue");
  await page.keyboard.press("c");
  const refused = page.getByRole("group", { name: "Not possible" }).getByRole("option", { name: /^topic/ });
  await expect(refused).toBeDisabled();
  await expect(refused).toContainText("A queue does not push. Put a consumer after it.");
  await refused.click({ force: true });
  await expect(playground.canvas.locator("svg.edges g")).toHaveCount(0);
});

test("nodes are renamed, moved and deleted, and every step can be undone", async ({ playground }) => {
  const { page } = playground;
  await playground.openBlank();
  await playground.dragFromPalette("SQS queue", 0.5, 0.5);
  await playground.node("queue").locator("b").dblclick();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("orders");
  await page.keyboard.press("Enter");
  await expect(playground.node("orders")).toBeVisible();

  const before = await playground.place(playground.node("orders"));
  await playground.drag(before, { x: before.x + 100, y: before.y + 60 });
  const after = await playground.place(playground.node("orders"));
  expect(after.x - before.x).toBeGreaterThan(80);

  await page.keyboard.press("Delete");
  await expect(playground.nodes()).toHaveCount(0);
  const undo = page.getByRole("banner").getByRole("button", { name: "Undo" });
  await undo.click();
  await expect(playground.node("orders")).toBeVisible();
  await undo.click();
  await expect.poll(async () => (await playground.place(playground.node("orders"))).x).toBeCloseTo(before.x, 0);
  await undo.click();
  await expect(playground.node("queue")).toBeVisible();
  await page.getByRole("banner").getByRole("button", { name: "Redo" }).click();
  await expect(playground.node("orders")).toBeVisible();
});

// Every element is its own node's, also after nodes came, went and got another name.
test("a dragged node moves alone and above the others, and no element is drawn at another's place", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const places = () => playground.nodes().evaluateAll((nodes) =>
    Object.fromEntries(nodes.map((node) => [node.dataset.node, [Math.round(node.getBoundingClientRect().x), Math.round(node.getBoundingClientRect().y)]])));
  const without = (name, all) => Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));
  const before = await places();
  const grip = async (name) => ({ x: (await playground.node(name).boundingBox()).x + 18, y: (await playground.node(name).boundingBox()).y + 15 });
  // Over another node and back beside it, while both are watched.
  const from = await grip("shipping");
  const over = await grip("packers");
  await playground.drag(from, over, async () => {
    expect(without("shipping", await places()), "the others stay").toEqual(without("shipping", before));
    const top = await page.evaluate(([x, y]) => document.elementFromPoint(x, y).closest("[data-node]").dataset.node, [over.x, over.y]);
    expect(top, "what is dragged is above").toBe("shipping");
  });
  const dropped = await places();
  expect(without("shipping", dropped)).toEqual(without("shipping", before));
  expect(Math.abs(dropped.shipping[0] - before.packers[0])).toBeLessThan(20);
  await expect(page.locator(".node.dragging"), "nothing of the drag stays behind").toHaveCount(0);

  await page.keyboard.press("Delete");
  await expect(playground.nodes()).toHaveCount(7);
  expect(await places(), "a node that goes moves no other").toEqual(without("shipping", before));
  await page.keyboard.press("Control+z");
  await expect(playground.nodes()).toHaveCount(8);
  expect(await places()).toEqual(dropped);
  await page.keyboard.press("Control+z");
  await expect.poll(places).toEqual(before);
  await playground.select("orders");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("events");
  await page.keyboard.press("Enter");
  await expect(playground.node("events")).toBeVisible();
  expect((await places()).events).toEqual(before.orders);
});

// Architecture: the run survives edits, undo and redo.
test("undo and redo while it runs keep the run", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("filter-by-state");
  await playground.play();
  await playground.passes(1);
  await playground.select("audit");
  await playground.tab("Configure").click();
  await playground.setProperty("VisibilityTimeout", "77");
  const edited = await playground.seconds();
  await page.getByRole("banner").getByRole("button", { name: "Undo" }).click();
  await expect(playground.property("VisibilityTimeout")).toHaveValue("30");
  await page.getByRole("banner").getByRole("button", { name: "Redo" }).click();
  await expect(playground.property("VisibilityTimeout")).toHaveValue("77");
  await expect(playground.pauseButton, "it still runs").toBeVisible();
  expect(await playground.seconds(), "and time went on").toBeGreaterThanOrEqual(edited);
  await playground.passes(edited + 1);
  // Counts after the edits are those of a run without them: the timeout changes nothing here.
  await playground.pause();
  await playground.seekTo(31);
  await expect(playground.node("audit")).toHaveAccessibleName(/, 60 visible/);
});
