// The engine runs in a worker, or in the page where workers are blocked; the numbers are the same.
import { expect, test } from "../support/test.mjs";

test("the engine runs in a worker", async ({ playground }) => {
  const worker = playground.page.waitForEvent("worker");
  await playground.openGallery();
  await worker;
});

test("without workers the page runs all the same", async ({ playground, visitor }) => {
  await playground.page.addInitScript(() => delete window.Worker);
  const workers = [];
  playground.page.on("worker", (worker) => workers.push(worker.url()));
  await playground.openScenario("hot-shard");
  await playground.play();
  await playground.passes(1);
  await playground.pause();
  await playground.seekTo(12);
  expect(workers).toEqual([]);

  const other = await visitor();
  await other.openScenario("hot-shard");
  await other.seekTo(12);
  await other.expectSameCounts(playground);
});
