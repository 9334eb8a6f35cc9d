// The binary comes in two parts: what a usual scenario needs until its messages move, and the rest.
import { expect, test } from "../support/test.mjs";

const isRest = (url) => url.pathname.endsWith("_rest.wasm");

test("the first message moves before the second part is asked for, which comes by itself then", async ({ playground }) => {
  const { page } = playground;
  await page.goto("./?play=fan-out");
  const asked = () =>
    page.evaluate(() => {
      const rest = performance.getEntriesByType("resource").find((entry) => entry.name.endsWith("_rest.wasm"));
      const [message] = performance.getEntriesByName("first-message");
      return rest && message && rest.startTime > message.startTime;
    });
  await expect.poll(asked).toBe(true);
});

test("what is needed earlier brings the second part in at once", async ({ playground }) => {
  // It never comes by itself here.
  await playground.page.addInitScript(() => {
    window.fetch = ((fetch) => (address, ...rest) =>
      String(address).endsWith("_rest.wasm") ? new Promise(() => {}) : fetch(address, ...rest))(window.fetch);
  });
  await playground.openScenario("order-events");
  await playground.play();
  await playground.passes(2);
  await expect(playground.node("orders")).toBeVisible();
});

test("a second part that cannot be loaded is said, with a way to try again", async ({ playground, faults }) => {
  const { page } = playground;
  await page.route(isRest, (route) => route.abort());
  await page.goto("./?play=order-events");
  const stopped = page.getByRole("alertdialog", { name: "The page has stopped" });
  await expect(stopped).toContainText("A part of the page could not be loaded. Check the network, then reload.");
  await page.unroute(isRest);
  await stopped.getByRole("link", { name: "Reload" }).click();
  await playground.openScenario("order-events");
  faults.length = 0;
});
