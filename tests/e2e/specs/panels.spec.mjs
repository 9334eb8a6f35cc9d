// Menus, and panels that fold away (UI.md sections 3, 7 and 10).
import { expect, test } from "../support/test.mjs";

const bar = (playground, name) => playground.page.getByRole("banner").getByRole("button", { name, exact: true });

test("a right click on a node offers what can be done with it", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const [name] = await playground.nodeNames();
  const menu = page.getByRole("menu", { name: "Actions" });
  await playground.node(name).click({ button: "right" });
  await expect(menu.getByRole("menuitem")).toHaveText([/^Inspect/, /^Connect to/, /^Inject fault/, /^Rename/, /^Select several/, /^Copy/, /^Duplicate/, /^Delete/]);
  await expect(menu.getByRole("menuitem", { name: "Inspect" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);

  await playground.node(name).click({ button: "right" });
  await page.keyboard.press("ArrowUp");
  await expect(menu.getByRole("menuitem", { name: "Delete" })).toBeFocused();
  for (const _ of [1, 2, 3, 4]) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await expect(menu).toHaveCount(0);
});

test("the menu opens by keyboard too, and gives the focus back", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const [name] = await playground.nodeNames();
  await playground.node(name).focus();
  await page.keyboard.press("Shift+F10");
  const menu = page.getByRole("menu", { name: "Actions" });
  await expect(menu.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(playground.node(name)).toBeFocused();
});

test("a right click beside the nodes offers what concerns them all", async ({ playground }) => {
  const { page } = playground;
  await playground.openBlank();
  const box = await playground.canvas.boundingBox();
  await page.mouse.click(box.x + box.width - 20, box.y + box.height - 80, { button: "right" });
  const menu = page.getByRole("menu", { name: "Actions" });
  await expect(menu.getByRole("menuitem")).toHaveText([/^Add a component/, /^Add a note/, /^Paste/, /^Select every node/, /^Arrange/, /^Fit everything/]);
  const place = await menu.boundingBox();
  expect(place.x + place.width, "all of it is on the canvas").toBeLessThanOrEqual(box.x + box.width);
  await menu.getByRole("menuitem", { name: "Add a component" }).click();
  await expect(playground.dialog.getByRole("combobox", { name: "Type its name" })).toBeFocused();
});

test("the side panels fold away and come back, and the diagram has their room", async ({ playground }) => {
  await playground.openScenario("fan-out");
  const wide = async () => (await playground.canvas.boundingBox()).width;
  const before = await wide();
  for (const [name, panel] of [["Components and outline", ".palette"], ["Inspector", ".inspector"]]) {
    const button = bar(playground, name);
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await button.click();
    await expect(button).toHaveAttribute("aria-expanded", "false");
    await expect(playground.page.locator(panel)).toHaveCount(0);
    await expect.poll(wide).toBeGreaterThan(before + 100);
    await button.press("Enter");
    await expect(playground.page.locator(panel)).toBeVisible();
    await expect.poll(wide).toBe(before);
  }
});

test("a screen reader is not told ten times a second what is wrong", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fifo-over-quota");
  await playground.play();
  await playground.passes(2);
  await playground.select("single.fifo");
  await expect(playground.inspector).toContainText("RequestThrottled");
  // All that is said by itself: polite and assertive regions that are not switched off.
  await page.evaluate(() => {
    window.said = 0;
    const regions = document.querySelectorAll("[role=status], [role=alert], [role=log], [aria-live]");
    for (const region of regions) {
      if (region.getAttribute("aria-live") === "off") continue;
      new MutationObserver(() => (window.said += 1)).observe(region, { subtree: true, childList: true, characterData: true });
    }
  });
  const from = await playground.seconds();
  await playground.passes(from + 3);
  expect(await page.evaluate(() => window.said)).toBeLessThanOrEqual(2);
});

test("at the end of a run it can be played again", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await playground.scrubber.press("End");
  for (let press = 0; press < 60 && !(await page.getByText("The run has ended.").first().isVisible()); press += 1) {
    await playground.scrubber.press("PageUp");
  }
  await page.getByRole("button", { name: "Play again" }).click();
  await expect(playground.pauseButton).toBeVisible();
  expect(await playground.seconds()).toBeLessThan(10);
});

test("panels are resized by their borders, with the pointer and by keyboard, and stay so", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  const border = (name) => page.getByRole("separator", { name });
  const width = async (panel) => Math.round((await page.locator(panel).boundingBox()).width);
  const from = await playground.place(border("Width of the inspector"));
  const before = await width(".inspector");
  await playground.drag(from, { x: from.x - 80, y: from.y });
  await expect.poll(() => width(".inspector")).toBeGreaterThan(before + 70);
  const dragged = await width(".inspector");
  await expect(border("Width of the inspector")).toHaveAttribute("aria-valuenow", String(dragged));

  await border("Width of the palette").press("ArrowRight");
  await expect.poll(() => width(".palette")).toBe(188 + 16);
  await border("Width of the palette").press("Home");
  await expect.poll(() => width(".palette")).toBe(140);
  const dock = page.locator(".dock");
  const height = (await dock.boundingBox()).height;
  await border("Height of the dock").press("ArrowUp");
  await expect.poll(async () => (await dock.boundingBox()).height).toBe(height + 16);
  await bar(playground, "Components and outline").click();

  await page.reload();
  await playground.isReady();
  await expect.poll(() => width(".inspector")).toBe(dragged);
  await expect(page.locator(".palette"), "folded as it was left").toHaveCount(0);
  await bar(playground, "Components and outline").click();
  await expect.poll(() => width(".palette")).toBe(140);
});

test("the button of the inspector closes what a selection opened", async ({ playground }) => {
  await playground.openScenario("fan-out");
  await bar(playground, "Inspector").click();
  await expect(playground.inspector).toHaveCount(0);
  await playground.select("orders");
  await expect(bar(playground, "Inspector")).toHaveAttribute("aria-expanded", "true");
  await bar(playground, "Inspector").click();
  await expect(playground.inspector).toHaveCount(0);
});
