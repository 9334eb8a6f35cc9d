// "Why?" on every message (UI.md screen 5): follow it by a click, by its number or by keyboard, and see its whole way.
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

const journeys = (playground) => playground.transport.getByRole("button", { name: "Journeys" });
const list = (playground) => playground.page.getByRole("listbox", { name: "Messages, latest first" });
const find = (playground) => playground.page.getByRole("searchbox", { name: "Find a message: ID, key or outcome" });

test("by mouse: a row of Messages leads to its journey, and a message of the list to another", async ({ playground }) => {
  const { page, inspector } = playground;
  await playground.openScenario("poison-message");
  await playground.speed.press("End");
  await playground.play();
  // At the end of the run it holds by itself.
  await expect(playground.playButton).toBeVisible();
  await playground.select("orders-dlq");
  await playground.tab("Messages").click();
  await inspector.getByRole("button", { name: "#10" }).click();
  await expect(inspector.getByRole("heading", { level: 2, name: "#10" })).toBeVisible();
  await expect(inspector.getByRole("row", { name: "orders to orders-dlq Dead-lettered" })).toBeVisible();
  await expect(inspector.getByText(/^billing failed 3 times\..*moved it to orders-dlq\.$/)).toBeVisible();
  await expect(inspector.getByRole("row", { name: /^Receive 3 0:29\.\d+, failed after 0\.30 s$/ })).toBeVisible();
  const chart = page.getByRole("group", { name: "Journey of #10" });
  await expect(chart.getByRole("listitem")).toHaveCount(5);
  await expect(chart.getByRole("listitem").last()).toHaveText(/^Step 5, after 30.*dead-lettered from orders to orders-dlq\.$/);
  await list(playground).getByRole("option", { name: /^#12 / }).click();
  await expect(inspector.getByRole("heading", { level: 2, name: "#12" })).toBeVisible();
  await expect(inspector.getByText("18 more")).toBeVisible();
  await inspector.getByRole("button", { name: "Show the 19 journeys" }).click();
  await expect(list(playground).getByRole("option")).toHaveCount(19);
  await page.getByRole("button", { name: "To scale" }).click();
  await expect(page.getByRole("button", { name: "To scale" })).toHaveAttribute("aria-pressed", "true");
  await inspector.getByRole("tab", { name: "API calls" }).click();
  await expect(inspector.getByText("SendMessage", { exact: true })).toBeVisible();
  await inspector.getByRole("button", { name: "Stop following" }).click();
  await expect(playground.canvas.getByText("Following")).toHaveCount(0);
});

test("by mouse: a click on a mark follows its message, and what is not on its way dims", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("filter-by-state");
  await playground.canvas.focus();
  for (let half = 0; half < 3; half += 1) await page.keyboard.press("[");
  await playground.play();
  // Somewhere on the first wire there is a mark, sooner or later.
  const from = await playground.port("shop").boundingBox();
  const to = await playground.node("orders").boundingBox();
  const following = playground.canvas.getByText("Following");
  await expect(async () => {
    for (let share = 0.2; share < 0.9; share += 0.2) {
      await page.mouse.click(from.x + 4 + share * (to.x - from.x), from.y + 4 + share * (to.y + to.height / 2 - from.y - 4));
      if (await following.isVisible()) return;
    }
    expect(await following.isVisible()).toBe(true);
  }).toPass();
  await playground.pause();
  await expect(playground.inspector.getByRole("row", { name: /Filtered out$/ }).first()).toBeVisible();
  await expect(playground.canvas.locator(".node.dim").first()).toBeVisible();
});

test("by keyboard: the next dead letter, a number, and the replay in elastic time", async ({ playground }) => {
  const { page, inspector } = playground;
  await playground.openScenario("poison-message");
  await playground.seekTo(3);
  await playground.canvas.focus();
  await page.keyboard.press("j");
  await expect(journeys(playground)).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Shift+.");
  await expect(inspector.getByRole("heading", { level: 2, name: "#10" })).toBeVisible();
  await expect(playground.clock).toHaveText(/^00:00:39\./);
  await page.keyboard.press("/");
  await expect(find(playground)).toBeFocused();
  await page.keyboard.type("#2");
  await page.keyboard.press("Enter");
  await expect(inspector.getByRole("heading", { level: 2, name: "#2" })).toBeVisible();
  await list(playground).focus();
  await page.keyboard.press("ArrowUp");
  await expect(inspector.getByRole("heading", { level: 2, name: "#3" })).toBeVisible();
  await playground.canvas.getByRole("button", { name: "Replay, elastic time" }).press("Enter");
  // It plays from the beginning of the message to its end, and holds.
  await expect(playground.clock).toHaveText(/^00:00:02\.3/);
  await expect(playground.playButton).toBeVisible();
  await playground.canvas.focus();
  await page.keyboard.press("f");
  await expect(playground.canvas.getByText("Following")).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test("no accessibility violations", async ({ playground }) => {
      await playground.openScenario("poison-message");
      await playground.seekTo(60);
      await playground.canvas.focus();
      await playground.page.keyboard.press("j");
      await list(playground).getByRole("option", { name: /^#10 / }).click();
      await expect(playground.inspector.getByRole("heading", { level: 2, name: "#10" })).toBeVisible();
      await expectAccessible(playground.page, "a journey");
    });
  });
}
