// A telephone: watch, inspect, play (UI.md section 12).
import { expectAccessible } from "../support/axe.mjs";
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
  const { inspector, page } = playground;
  const height = async () => (await page.locator(".sheet").boundingBox()).height;
  // First a peek: the name, the trouble, how full it is.
  await expect(inspector.getByRole("heading", { name: "single.fifo" })).toBeInViewport();
  await expect(inspector).toContainText("visible");
  const peek = await height();
  await expectAccessible(page, "peek");
  await page.getByRole("button", { name: "Show more" }).tap();
  await expect(inspector).toContainText("RequestThrottled");
  const half = await height();
  expect(half).toBeGreaterThan(peek);
  await page.getByRole("button", { name: "Show more" }).tap();
  await expect(page.getByRole("button", { name: "Show less" })).toBeVisible();
  expect(await height()).toBeGreaterThan(half);
});

// UI.md section 12: the sheet follows the finger, and goes when it is pushed away.
test("the sheet is pulled up and pushed away", async ({ playground }) => {
  const { page } = playground;
  await playground.openGallery();
  await playground.scenario("fan-out").tap();
  await playground.isReady();
  await playground.node("fraud").tap();
  const sheet = page.locator(".sheet");
  const pull = async (by) => {
    const grab = await page.locator(".grab").boundingBox();
    const [x, y] = [grab.x + grab.width / 2, grab.y + grab.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + by, { steps: 4 });
    await page.mouse.up();
  };
  await expect(sheet).toHaveClass(/peek/);
  await pull(-120);
  await expect(sheet).toHaveClass(/half/);
  await pull(120);
  await expect(sheet).toHaveClass(/peek/);
  await pull(120);
  await expect(sheet).toHaveCount(0);
});

// UI.md section 12: five views, and play and scrub in thumb reach.
test("five views are a thumb away, and time is one line", async ({ playground }) => {
  const { page } = playground;
  await playground.openGallery();
  await playground.scenario("fan-out").tap();
  await playground.isReady();
  await playground.playButton.tap();
  await expect(page.getByText(/^Scenario 1 of \d+$/)).toBeVisible();
  const views = page.getByRole("navigation", { name: "Views" });
  await expect(views.getByRole("button")).toHaveText(["Diagram", "Metrics", "Journeys", "Events", "Add"]);
  await views.getByRole("button", { name: "Metrics" }).tap();
  await expect(page.getByRole("region", { name: "Metrics" })).toBeVisible();
  await expect(views.getByRole("button", { name: "Metrics" })).toHaveAttribute("aria-current", "page");
  await views.getByRole("button", { name: "Events" }).tap();
  await expect(page.getByRole("log", { name: "Events" })).toBeVisible();
  await expectAccessible(page, "events");
  await views.getByRole("button", { name: "Diagram" }).tap();
  await expect(playground.node("orders")).toBeInViewport();
  await playground.pauseButton.tap();
  const time = page.getByRole("slider", { name: "Simulation time" });
  await time.fill("0.5");
  await expect(time).toHaveAttribute("aria-valuetext", /past$/);
  await page.getByRole("combobox", { name: "Speed" }).selectOption("10×");
  await expect(page.getByRole("combobox", { name: "Speed" })).toHaveValue("10×");
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

// UI.md section 12: the diagram runs from top to bottom; what was saved for wide pages stays as it is.
test("the diagram stands upright, and its saved places are left alone", async ({ playground, visitor }) => {
  const { page } = playground;
  await playground.openGallery();
  await playground.scenario("fan-out").tap();
  await playground.isReady();
  const box = (name) => playground.node(name).boundingBox();
  const [shop, orders, queue, workers] = [await box("shop"), await box("orders"), await box("fraud"), await box("fraud-check")];
  expect(orders.y).toBeGreaterThan(shop.y + shop.height);
  expect(queue.y).toBeGreaterThan(orders.y + orders.height);
  expect(workers.y).toBeGreaterThan(queue.y + queue.height);
  expect(shop.x + shop.width).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "Add a component" }).tap();
  await playground.dialog.getByRole("option", { name: /^Database/ }).tap();
  await expect(playground.nodes()).toHaveCount(9);

  const wide = await visitor({ viewport: { width: 1440, height: 900 } });
  await wide.open(await playground.fragment());
  await wide.isReady();
  const there = async (name) => wide.node(name).boundingBox();
  expect((await there("orders")).x).toBeGreaterThan((await there("shop")).x + 100);
  // What was added upright has a place of its own beside the others.
  const boxes = await wide.nodes().evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON()));
  const overlap = (a, b) => a !== b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  expect(boxes.some((a) => boxes.some((b) => overlap(a, b)))).toBe(false);
});
