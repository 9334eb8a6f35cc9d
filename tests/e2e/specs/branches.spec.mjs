// Time travel that survives edits, and tracks (UI.md sections 3, 4 and 8): branches, comparison, minutes, tables, files.
import { readFileSync } from "node:fs";
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

const runs = (playground) => playground.page.getByRole("group", { name: "Runs" });
const run = (playground, name) => runs(playground).getByRole("button", { name: new RegExp(`^${name} `) });

async function saved(page, button) {
  const waiting = page.waitForEvent("download");
  await button.click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

test("by mouse: an edit in the past branches, and both runs are there to go back to", async ({ playground }) => {
  await playground.openScenario("visibility-timeout");
  await playground.seekTo(60);
  const live = await playground.nodeLabels();
  await playground.seekTo(20);
  const name = (await playground.nodeNames())[0];
  await playground.select(name);
  await playground.page.keyboard.press("Delete");
  await expect(playground.dialog).toHaveCount(0);
  await expect(playground.node(name)).toHaveCount(0);
  await expect(playground.transport.getByText("Past", { exact: true })).toHaveCount(0);
  await expect(run(playground, "Branch 1")).toHaveAttribute("aria-pressed", "true");
  await expect(run(playground, "Branch 1")).toContainText("0:20");
  await run(playground, "First run").click();
  await expect(playground.node(name)).toBeVisible();
  await expect(playground.clock).toHaveText("00:00:20.000");
  await playground.canvas.getByRole("button", { name: "Return to live" }).click();
  await expect(playground.clock).toHaveText("00:01:00.000");
  expect(await playground.nodeLabels()).toEqual(live);
  await run(playground, "Branch 1").click();
  await expect(playground.node(name)).toHaveCount(0);
});

test("by keyboard: B branches here, two runs are compared on one axis, and what was done is saved into the timeline", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await playground.seekTo(30);
  await playground.seekTo(20);
  await playground.canvas.focus();
  await page.keyboard.press("b");
  await expect(run(playground, "Branch 1")).toHaveAttribute("aria-pressed", "true");
  await playground.node("shop").focus();
  await page.keyboard.press("Enter");
  await playground.tab("Live").press("Enter");
  const stop = playground.inspector.getByRole("button", { name: "Stop", exact: true });
  await stop.focus();
  await page.keyboard.press("Enter");
  await playground.scrubber.press("PageUp");
  await expect(playground.clock).toHaveText("00:00:30.000");
  await expect(page.locator(".series.other").first()).toBeVisible();
  const compare = runs(playground).getByRole("button", { name: "Compare with First run" });
  await compare.press("Enter");
  await expect(page.locator(".series.other")).toHaveCount(0);
  await compare.press("Enter");
  await expect(page.locator(".series.other").first()).toBeVisible();
  const save = page.getByRole("button", { name: "Save 1 intervention" });
  await save.press("Enter");
  await expect(save).toHaveCount(0);
  // It stands on the axis now as what the scenario does by itself.
  await expect(page.getByTitle("shop stops")).toBeVisible();
});

test("tracks: any metric pinned, the minute as CloudWatch shows it, a table, and files", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fifo-over-quota");
  await playground.play();
  await playground.passes(2);
  await playground.pause();
  await playground.transport.getByRole("button", { name: "Events" }).click();
  const events = await saved(page, page.getByRole("button", { name: "Events as CSV" }));
  expect(events.text).toContain("RequestThrottled");
  await playground.transport.getByRole("button", { name: "Metrics" }).click();
  await playground.seekTo(70);
  await page.getByRole("combobox", { name: "Pin a metric as track" }).selectOption({ label: "batched.fifo ApproximateNumberOfMessagesVisible" });
  await expect(page.getByRole("button", { name: "Remove the track ApproximateNumberOfMessagesVisible of batched.fifo" })).toBeVisible();
  await expect(page.locator("path.quota").first()).toBeAttached();
  const values = page.getByRole("group", { name: "Values" });
  await values.getByRole("button", { name: "1 min" }).click();
  await page.getByRole("group", { name: "Show tracks as" }).getByRole("button", { name: "Table" }).click();
  const table = page.getByRole("region", { name: "Tracks as a table" });
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table.getByRole("columnheader", { name: "batched.fifo RefusedMessages per minute" })).toBeVisible();
  await values.getByRole("button", { name: "1 s" }).click();
  await expect(table.getByRole("row")).toHaveCount(72);
  await expectAccessible(page, "tracks as a table");
  const metrics = await saved(page, page.getByRole("button", { name: "Tracks as CSV" }));
  expect(metrics.name).toMatch(/-metrics\.csv$/);
  expect(metrics.text.split("\r\n")[0]).toContain("batched.fifo RefusedMessages per second");
});
