// The first visit: scenarios to choose from, and one of them at work (UI.md sections 4 and 8).
import { expect, test } from "../support/test.mjs";

test("the first visit shows at least eight scenarios", async ({ playground }) => {
  await playground.openGallery();
  const { page } = playground;
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const cards = page.locator("[data-scenario]");
  expect(await cards.count()).toBeGreaterThanOrEqual(8);
  for (const card of await cards.all()) await expect(card.getByRole("heading")).toHaveText(/\S/);
});

test("the scenarios can be narrowed by service and by text", async ({ playground }) => {
  await playground.openGallery();
  const { page } = playground;
  const filters = page.getByRole("navigation", { name: "Scenarios" });
  await filters.getByRole("button", { name: /Kinesis data stream/ }).click();
  await expect(playground.scenario("hot-shard")).toBeVisible();
  await expect(playground.scenario("fan-out")).toHaveCount(0);
  await filters.getByRole("button", { name: /All scenarios/ }).click();
  await page.getByRole("searchbox", { name: "Find a scenario" }).fill("poison");
  await expect(playground.scenario("poison-message")).toBeVisible();
  await expect(playground.scenario("fan-out")).toHaveCount(0);
});

// Picture 04: the learning path says how far one has come. Nothing is locked: what counts is what was played.
test("the learning path has twelve steps, and remembers those that were played", async ({ playground }) => {
  const { page } = playground;
  const filters = page.getByRole("navigation", { name: "Scenarios" });
  await playground.openGallery();
  await filters.getByRole("button", { name: "Learning path 0 of 12" }).click();
  await expect(page.locator("[data-scenario]")).toHaveCount(12);
  await expect(playground.scenario("fan-out")).toContainText("1 of 12 next");
  await playground.scenario("fan-out").click();
  await playground.isReady();
  await playground.play();
  await playground.openGallery();
  await filters.getByRole("button", { name: "Learning path 1 of 12" }).click();
  await expect(playground.scenario("fan-out")).toContainText("1 of 12 played");
  await expect(playground.scenario("filter-by-state")).toContainText("2 of 12 next");
});

// SQS-161: a FIFO queue takes 300 calls a second for each API action, and refuses the rest.
test("FIFO over quota: counts move and a refusal appears", async ({ playground }) => {
  await playground.openScenario("fifo-over-quota");
  await playground.play();
  await expect(playground.node("single.fifo")).toHaveAccessibleName(/[1-9][\d,]* visible.*refusing 200 SendMessage calls per second/);
  await expect(playground.node("batched.fifo")).toHaveAccessibleName(/[1-9][\d,]* visible/);
  await playground.pause();
  await playground.select("single.fifo");
  const problem = playground.inspector.getByRole("status");
  await expect(problem).toContainText("SendMessage is over its quota");
  await expect(problem).toContainText("one-by-one makes 500 calls/s");
  await expect(problem).toContainText("RequestThrottled");
});

// SP-49, SP-50: 300 messages a second one by one, 3,000 in batches of ten.
test("FIFO over quota: the numbers of the checklist, and expectations that hold", async ({ playground }) => {
  await playground.openScenario("fifo-over-quota");
  await playground.seekTo(10);
  await expect(playground.inspector.getByRole("listitem").filter({ hasText: "holds" })).toHaveCount(4);
  await expect(playground.inspector.getByText("does not hold")).toHaveCount(0);
  await playground.select("single.fifo");
  await playground.expectMetric("NumberOfMessagesSent", "3,000");
  await playground.select("batched.fifo");
  await playground.expectMetric("NumberOfMessagesSent", "30,000");
});
