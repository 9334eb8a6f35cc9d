// The address bar's fragment holds the whole scenario: the same diagram and the same run, anywhere.
import { expect, test } from "../support/test.mjs";

test("the copied link opens the same diagram and the same run in a fresh profile", async ({ playground, visitor }) => {
  const { page } = playground;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await playground.openScenario("visibility-timeout");
  await page.getByRole("banner").getByRole("button", { name: "Share" }).click();
  await playground.dialog.getByRole("button", { name: "Copy" }).click();
  await expect(playground.dialog.getByRole("button", { name: "Copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash.slice(1), "the link is what the address bar says").toBe(await playground.fragment());
  await page.keyboard.press("Escape");
  await playground.seekTo(43);

  const other = await visitor();
  await other.page.goto(link);
  await other.isReady();
  expect(await other.nodeNames()).toEqual(await playground.nodeNames());
  await expect(other.title).toHaveValue(await playground.title.inputValue());
  await other.seekTo(43);
  await other.expectSameCounts(playground);
});

// A run that was edited and played is the same run when its link is opened and played through.
test("what was drawn and changed is in the link at once", async ({ playground, visitor }) => {
  await playground.openScenario("fan-out");
  const before = await playground.fragment();
  await playground.title.fill("Two tills");
  await playground.title.press("Enter");
  await expect.poll(() => playground.fragment()).not.toBe(before);
  const other = await visitor();
  await other.open(await playground.fragment());
  await expect(other.title).toHaveValue("Two tills");
});

test("opening a link never overwrites local work", async ({ playground }) => {
  const { page } = playground;
  await playground.openBlank();
  await playground.dragFromPalette("Producer", 0.5, 0.5);
  await playground.title.fill("My own work");
  await playground.title.press("Enter");
  await expect(page.getByText("Saved in this browser")).toBeVisible();
  const mine = await playground.fragment();

  await playground.openScenario("fifo-groups");
  const link = await playground.fragment();
  expect(link).not.toBe(mine);
  await page.goto("about:blank");
  await playground.open(link);
  await playground.isReady();
  await playground.title.fill("Changed after opening");
  await playground.title.press("Enter");
  await expect(page.getByText("Saved in this browser")).toBeVisible();

  await page.goto("about:blank");
  await playground.openGallery();
  const kept = page.getByRole("button", { name: /^My own work/ });
  await expect(kept).toBeVisible();
  await expect(page.getByRole("button", { name: /^Changed after opening/ })).toBeVisible();
  await kept.click();
  await expect(playground.node("producer")).toBeVisible();
  await expect(playground.nodes()).toHaveCount(1);
  expect(await playground.fragment()).toBe(mine);
});

// Each says what is wrong and leaves a page that works.
const huge = "s1." + "A".repeat(600_000);
let state = 1;
const random = () => (state = (state * 48_271) % 2_147_483_647);
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const noise = "s1." + Array.from({ length: 3_000 }, () => alphabet[random() % 64]).join("");
for (const [name, fragment, message] of [
  ["an unknown", "zz9.AbC", /begins with "zz9", which this release cannot read/],
  ["a bad", "s1.%3Cscript%3Ealert(1)%3C/script%3E", /characters that do not belong in it/],
  ["a huge", huge, /This link has 600,?003 characters; 524,?288 is the most/],
  ["a hostile", noise, /This link (is cut off|holds more)/],
]) {
  test(`${name} fragment gives a clear message and leaves a working page`, async ({ playground }) => {
    await playground.open(fragment);
    await expect(playground.page.getByRole("alert").filter({ hasText: message })).toBeVisible();
    await playground.scenario("fan-out").click();
    await playground.isReady();
    await playground.seekTo(2);
  });
}

test("texts of a stranger's document stay texts", async ({ playground, visitor }) => {
  const markup = '<img src=x onerror="document.title=\'taken over\'">';
  await playground.importDocument({
    Version: 1,
    Title: markup,
    Description: markup,
    Resources: { shop: { Type: "Playground::Producer", Properties: { Messages: [{ Body: markup }] } } },
  });
  const other = await visitor();
  await other.open(await playground.fragment());
  await expect(other.title).toHaveValue(markup);
  await expect(other.inspector.getByText(markup).first()).toBeVisible();
  await expect(other.page.locator("img")).toHaveCount(0);
  await expect(other.page).toHaveTitle("Inflight");
});
