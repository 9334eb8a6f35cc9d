// What is drawn of a run, and when (UI.md sections 5 and 6): levels of detail, pills, the three ways to show hops, and
// problems with the steps that will not help. Time stands unless it is told to go on, so that nothing is a matter of luck.
import { expect, test } from "../support/test.mjs";
import { Still } from "../support/still.mjs";
import { screens } from "../support/screens.mjs";

test.use({ bypassCSP: true });

const open = async (playground, at) => {
  const still = new Still(playground);
  await still.show({ at, show: async () => {} });
  return still;
};

// The boxes of all elements that match, in px of the page.
const boxes = (page, selector) =>
  page.locator(selector).evaluateAll((all) =>
    all.map((one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      return { name: one.dataset.node ?? one.textContent, left, top, right, bottom };
    }),
  );

const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;

const overlaps = (some, others) =>
  some.flatMap((a, place) => (some === others ? others.slice(place + 1) : others).filter((b) => overlap(a, b)).map((b) => `${a.name} over ${b.name}`));

test("from 100 % down to a quarter no card lies over another, and no pill over a card", async ({ playground }) => {
  const { page } = playground;
  const still = await open(playground, "g=order-events&t=134s");
  await page.getByRole("button", { name: "Journeys" }).click();
  await still.pass(500);
  await page.getByRole("button", { name: "Fit everything" }).click();
  const level = page.locator(".zoom .level");
  const zoom = async () => Number.parseInt(await level.textContent(), 10);
  const seen = new Set();
  for (; (await zoom()) > 25; await page.getByRole("button", { name: "Zoom out" }).click()) {
    await still.pass(100);
    const nodes = await boxes(page, "[data-node]");
    expect.soft(overlaps(nodes, nodes), `cards at ${await zoom()} %`).toEqual([]);
    expect.soft(overlaps(await boxes(page, ".elabel:not(.thr)"), nodes), `pills at ${await zoom()} %`).toEqual([]);
    for (const detail of ["compact", "glyph"]) if (await page.locator(`.node.${detail}`).count()) seen.add(detail);
  }
  expect([...seen]).toEqual(["compact", "glyph"]);
});

test("a node in trouble keeps one label when it is small, and is more than a dot from far away", async ({ playground }) => {
  const { page } = playground;
  const still = await open(playground, "g=fifo-over-quota&t=5s");
  const out = async (until) => {
    for (let press = 0; press < 12 && !(await page.locator(until).count()); press += 1) {
      await page.getByRole("button", { name: "Zoom out" }).click();
      await still.pass(100);
    }
  };
  await out(".node.glyph");
  await expect(playground.node("single.fifo").getByText("500 of 300/s")).toBeVisible();
  for (let press = 0; press < 6; press += 1) await page.getByRole("button", { name: "Zoom out" }).click();
  await still.pass(100);
  await expect(page.locator('.node.glyph[data-node="single.fifo"]')).toBeVisible();
});

// UI.md section 6: watching, a hop of 10 ms is seen for half a second; to scale it is over within a frame, and at 0.01×
// it takes its second; without motion each wire counts instead.
test("hops are shown for half a second, to scale, or as counts", async ({ playground }) => {
  const { page } = playground;
  const still = await open(playground, "g=filter-by-state&t=10s");
  const from = await playground.node("shop").boundingBox();
  const to = await playground.node("orders").boundingBox();
  // Between the ports and their arrowheads.
  const clip = { x: from.x + from.width + 24, y: Math.min(from.y, to.y) + 20, width: to.x - from.x - from.width - 48, height: 80 };
  // Rates change with time; marks are what is looked for.
  await page.addStyleTag({ content: ".elabel { display: none !important }" });
  const picture = async () => (await page.screenshot({ clip, animations: "disabled" })).toString("base64");
  const hops = page.getByRole("combobox", { name: "How hops are shown" });
  const jump = async () => {
    await playground.scrubber.press("Home");
    await still.pass(300);
    await playground.scrubber.press("PageUp");
    await still.pass(300);
  };
  const playUntil = async (second, step = 20) => {
    await playground.playButton.click();
    for (let turn = 0; turn < 100 && (await playground.seconds()) < second; turn += 1) await still.pass(step);
    expect(await playground.seconds()).toBeGreaterThanOrEqual(second);
  };
  const empty = await picture();

  // An order is sent every half second, and takes 10 ms.
  await playUntil(10.7);
  expect(await picture(), "watching: the order of 10.5 s is under way").not.toBe(empty);
  await still.pass(2_000);
  await playground.pauseButton.click();

  await hops.selectOption("Hops to scale");
  await jump();
  expect(await picture(), "nothing is under way after a jump").toBe(empty);
  await playUntil(10.7);
  expect(await picture(), "to scale: it has arrived long ago").toBe(empty);
  await playground.pauseButton.click();
  await jump();
  await playUntil(10.46);
  await playground.pauseButton.click();
  await playground.speed.press("Home");
  await still.pass(300);
  const slow = await picture();
  await playUntil(10.504, 100);
  expect(await picture(), "to scale at 0.01×: half of its way").not.toBe(slow);

  await hops.selectOption("No moving marks");
  await playground.speed.press("End");
  await still.pass(300);
  await expect(page.locator(".still").filter({ hasText: /^\d+ last s$/ }).first()).toBeVisible();
});

// UI.md section 9: what, how much, why, what next; and the steps that will not help, with why.
test("a problem says what to do, and what will not help", async ({ playground }) => {
  const { inspector } = playground;
  const still = await open(playground, "g=hot-shard&t=20s");
  await still.choose("telemetry");
  const callout = inspector.getByRole("status").filter({ hasText: /is over its limit|fills this shard/ });
  await expect(callout).toBeVisible();
  await expect(callout).toContainText("ProvisionedThroughputExceededException");
  await expect(inspector.getByText("Split this shard")).toBeVisible();
  await expect(inspector.getByText("Will not help: one key stays on one shard.")).toBeVisible();
  await expect(inspector.getByRole("button", { name: "Split this shard" })).toHaveCount(0);
  // A step that helps is taken by pressing it.
  await still.choose("positions");
  await inspector.getByRole("button", { name: /^Use 10 shards/ }).click();
  await still.pass(300);
  await expect(playground.node("positions")).toContainText("UPDATING");
  for (let press = 0; press < 6; press += 1) {
    await playground.scrubber.press("PageUp");
    await still.pass(300);
  }
  await expect(playground.node("positions")).toContainText("10 shards");
});

// UI.md section 8: a sum that adds up, and the next experiment.
test("the end of a run is a sum, with a way on", async ({ playground }) => {
  const still = await open(playground, "g=poison-message&t=1m58s");
  await still.playFor(6_000);
  await expect(playground.canvas.getByText("All 5 results as expected. 20 sent, 0 left in queues, 1 dead-lettered.")).toBeVisible();
  await playground.canvas.getByRole("button", { name: "Next scenario" }).click();
  await expect(playground.title).toHaveValue("FIFO message groups");
});

test("every picture of the design's list has its screen", () => {
  const drawn = new Set(screens.flatMap(({ design }) => design ?? []).filter(Boolean));
  for (const name of ["01-editor", "02-filter-policy", "03-kinesis-ordering", "04-gallery", "05-journey", "06-share", "08-mobile", "08b-mobile-inspect", "09-editor-dark", "10-node-anatomy", "11-edges-and-rates", "12-connect", "13-sixty-nodes", "14-states", "15-kinesis-dark", "16b-motion-reduced"])
    expect(drawn, name).toContain(name);
});
