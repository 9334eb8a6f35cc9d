// A telephone: watch, inspect, play (UI.md section 12).
import { expect, test } from "../support/test.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("a scenario is opened, played and inspected by touch", async ({ playground }) => {
  await playground.openGallery();
  await playground.scenario("fifo-over-quota").tap();
  await playground.isReady();
  await playground.playButton.tap();
  await expect(playground.pauseButton).toBeVisible();
  await expect(playground.node("single.fifo")).toHaveAccessibleName(/refusing 200 SendMessage calls per second/);
  await playground.pauseButton.tap();
  await playground.node("single.fifo").tap();
  await expect(playground.inspector.getByRole("heading", { name: "single.fifo" })).toBeInViewport();
  await expect(playground.inspector).toContainText("RequestThrottled");
});

test("the page does not scroll sideways, and what is pressed is large enough", async ({ playground }) => {
  const sideways = () => playground.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await playground.openGallery();
  expect(await sideways()).toBe(0);
  await playground.scenario("fan-out").tap();
  await playground.isReady();
  expect(await sideways()).toBe(0);
  const play = await playground.playButton.boundingBox();
  expect(Math.min(play.width, play.height)).toBeGreaterThanOrEqual(44);
  for (const node of await playground.nodes().all()) await expect(node).toBeInViewport();
});

test("a component is added without a palette", async ({ playground }) => {
  await playground.openBlank();
  await playground.page.getByRole("button", { name: "Add a component" }).tap();
  await playground.dialog.getByRole("option", { name: /^SQS queue/ }).tap();
  await expect(playground.node("queue")).toBeInViewport();
});
