// Time: play, hold, step, speed, back and forth (UI.md section 3, dock).
import { expect, test } from "../support/test.mjs";

test("play and pause", async ({ playground }) => {
  await playground.openScenario("filter-by-state");
  await playground.play();
  await expect(playground.transport.getByText("Live", { exact: true })).toBeVisible();
  await playground.passes(1);
  await playground.pause();
  await expect(playground.transport.getByText("Paused", { exact: true })).toBeVisible();
  // Held: once what would come next is named, another look at the clock finds the same time. Before that the clock may
  // still have to show the last frame.
  await expect(playground.canvas.getByText(/^Next event at/)).toBeVisible();
  const held = await playground.clock.textContent();
  await playground.select("audit");
  await expect(playground.clock).toHaveText(held);
});

test("step goes to the next event, which was named before", async ({ playground }) => {
  await playground.openScenario("filter-by-state");
  await playground.seekTo(2);
  const next = playground.canvas.getByText(/^Next event at/);
  const named = (await next.textContent()).match(/[\d:.]*\d/)[0];
  await playground.transport.getByRole("button", { name: "Step to the next event" }).click();
  await expect.poll(async () => (await playground.clock.textContent()).endsWith(named)).toBe(true);
});

test("start again goes back to zero with the same diagram", async ({ playground }) => {
  await playground.openScenario("filter-by-state");
  await playground.seekTo(12);
  await expect(playground.node("audit")).not.toHaveAccessibleName(/, 0 visible/);
  await playground.transport.getByRole("button", { name: "Start again" }).click();
  await expect(playground.clock).toHaveText("00:00:00.000");
  await expect(playground.node("audit")).toHaveAccessibleName(/, 0 visible/);
});

// Same document, same seed, same time: the same counts, whichever way time went.
test("seeking back and forth by keyboard shows what was there", async ({ playground }) => {
  await playground.openScenario("visibility-timeout");
  await playground.seekTo(33);
  const then = await playground.nodeLabels();
  await playground.seekTo(60);
  await playground.seekTo(33);
  await expect(playground.transport.getByText("Past", { exact: true })).toBeVisible();
  await expect(playground.scrubber).toHaveAttribute("aria-valuetext", "33 seconds, past");
  expect(await playground.nodeLabels()).toEqual(then);
  await playground.canvas.getByRole("button", { name: "Return to live" }).click();
  await expect(playground.scrubber).toHaveAttribute("aria-valuetext", "1 minute, live");
});

test("speed by keyboard, from a hundredth to a hundredfold", async ({ playground }) => {
  await playground.openScenario("fan-out");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "1×");
  await playground.canvas.focus();
  await playground.page.keyboard.press("]");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "2×");
  await playground.page.keyboard.press("[");
  await playground.page.keyboard.press("[");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "0.5×");
  await playground.speed.press("End");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "100×");
  await playground.play();
  await playground.passes(20);
  await playground.speed.press("Home");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "0.01×");
});

test("hops are stretched, to scale or still", async ({ playground }) => {
  await playground.openScenario("fan-out");
  const hops = playground.page.getByRole("combobox", { name: "How hops are shown" });
  for (const choice of ["Hops to scale", "No moving marks", "Hops shown for 0.5 s"]) {
    await hops.selectOption(choice);
    await expect(hops.locator("option:checked")).toHaveText(choice);
  }
});

test("metrics become tracks, and events are listed", async ({ playground }) => {
  await playground.openScenario("fifo-over-quota");
  await playground.play();
  await playground.passes(1);
  await playground.pause();
  await playground.select("single.fifo");
  const pin = playground.inspector.getByRole("button", { name: "Show NumberOfMessagesSent as a track" });
  const pinned = (await pin.getAttribute("aria-pressed")) === "true";
  await pin.click();
  await expect(pin).toHaveAttribute("aria-pressed", String(!pinned));
  await playground.transport.getByRole("button", { name: "Events" }).click();
  await expect(playground.page.getByRole("log", { name: "Events" })).toContainText("RequestThrottled");
});
