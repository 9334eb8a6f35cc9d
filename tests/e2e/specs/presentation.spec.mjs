// What is drawn of a run, and when (UI.md sections 5, 6 and 8): levels of detail, and the end. Time stands unless it is
// told to go on, so that nothing is a matter of luck.
import { expect, test } from "../support/test.mjs";
import { Still } from "../support/still.mjs";
import { screens } from "../support/screens.mjs";

test.use({ bypassCSP: true });

const open = async (playground, at) => {
  const still = new Still(playground);
  await still.show({ at, show: async () => {} });
  return still;
};

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
