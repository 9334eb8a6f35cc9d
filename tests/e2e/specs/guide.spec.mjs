// Guided scenarios: steps with times, and questions to answer before the run does.
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

const guide = (playground) => playground.page.getByRole("region", { name: "Guide" });

test("by mouse: the steps go back and forth, and the run says whether the prediction was right", async ({ playground }) => {
  await playground.openScenario("poison-message");
  const bar = guide(playground);
  await expect(bar.getByText("1 of 3")).toBeVisible();
  await expect(bar.getByRole("button", { name: "Previous step" })).toBeDisabled();
  const run = bar.getByRole("button", { name: "Run to 1:30 and see" });
  await expect(run).toBeDisabled();
  await bar.getByRole("button", { name: "20", exact: true }).click();
  await run.click();
  await expect(bar.getByText("Not quite. It was 19.")).toBeVisible();
  await bar.getByRole("button", { name: "19 is right" }).click();
  await expect(bar.getByText("Right. It was 19.")).toBeVisible();
  await expect(bar.getByText("3 of 3")).toBeVisible();
  await bar.getByRole("button", { name: "Previous step" }).click();
  await expect(playground.clock).toHaveText("00:00:10.000");
  await expect(bar.getByText(/^The broken order is not deleted/)).toBeVisible();
  await bar.getByRole("button", { name: "Next step" }).click();
  await expect(playground.clock).toHaveText("00:00:40.000");
});

test("by keyboard, without accessibility violations", async ({ playground }) => {
  await playground.openScenario("long-polling");
  const bar = guide(playground);
  await bar.getByRole("button", { name: "3", exact: true }).press("Enter");
  await expect(bar.getByRole("button", { name: "3", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expectAccessible(playground.page, "a question");
  await bar.getByRole("button", { name: "Run to 1:00 and see" }).press("Enter");
  await expect(bar.getByText("Right. It was 3.")).toBeVisible();
  await expectAccessible(playground.page, "its answer");
});

test("a scenario of the gallery says which question it answers, its quota, and the number to find", async ({ playground }) => {
  await playground.openGallery();
  const card = playground.scenario("fifo-over-quota");
  await expect(card).toContainText("What happens when a FIFO queue gets more than 300 calls a second?");
  await expect(card).toContainText("300 calls/s per API action of a FIFO queue (SQS-161)");
  await expect(card).toContainText("How many messages 300 calls a second can carry");
});

// UI.md section 3: the dock is 216 px high, and pictures 01 and 03 show full cards.
test.describe("beside a question", () => {
  test.use({ viewport: { width: 1440, height: 900 } });
  for (const name of ["order-events", "hot-shard"]) {
    test(`${name} opens with full cards, and no label of a track is cut`, async ({ playground }) => {
      const { page } = playground;
      await playground.openScenario(name);
      await expect(guide(playground).getByText("Predict")).toBeVisible();
      expect((await page.locator(".dock").boundingBox()).height).toBe(216);
      await expect(page.locator("[data-node].compact, [data-node].glyph")).toHaveCount(0);
      const labels = page.locator(".tk-n:not(.axis)");
      await expect(labels).toHaveCount(4);
      const cut = () => labels.evaluateAll((all) => all.filter((label) => label.scrollHeight > label.clientHeight).length);
      expect(await cut()).toBe(0);
      // What is shortened hides what leaves its line: letters with a tail need a line that holds them.
      const tails = (all) => all.map((text) => getComputedStyle(text)).filter((style) => Number.parseFloat(style.lineHeight) < 1.2 * Number.parseFloat(style.fontSize)).length;
      expect(await page.locator(".tk-n:not(.axis) > :is(b, span)").evaluateAll(tails), "lines too low for their letters").toBe(0);
      // The last one is reached by scrolling, and the axis stays above it.
      await labels.last().scrollIntoViewIfNeeded();
      await expect(labels.last()).toBeInViewport({ ratio: 0.9 });
      await expect(page.locator(".tk-p.scrubber")).toBeInViewport({ ratio: 0.9 });
    });
  }
});
