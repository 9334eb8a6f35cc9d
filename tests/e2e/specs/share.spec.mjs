// The address bar's fragment holds the whole scenario: the same diagram and the same run, anywhere.
import { readFileSync } from "node:fs";
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

  // Nor does any text become a link, whatever its protocol.
  for (const text of ["javascript:document.title='taken over'", "https://example.org/", "data:text/html,<p>"]) {
    await playground.page.goto("about:blank");
    await playground.importDocument({
      Version: 1, Title: text, Description: text, Resources: { q: { Type: "AWS::SQS::Queue" } },
      Captions: [{ At: "0s", Text: text }], Notes: [{ Text: text, At: [0, 200] }],
    });
    const links = await playground.page.locator("a[href]").evaluateAll((all) => all.map((link) => new URL(link.href).origin));
    expect(links.filter((origin) => origin !== new URL(playground.page.url()).origin)).toEqual([]);
  }
});

test("a link that people wrote opens what it names, changed as it says, and stays in the address bar", async ({ playground }) => {
  await playground.open("g=fan-out&producer.rate=5&seed=7&t=9s");
  await playground.isReady();
  await expect(playground.title).toHaveValue("Fan-out");
  await expect(playground.page.getByRole("timer", { name: "Simulation time" })).toHaveText(/^00:00:09/);
  expect(new URL(playground.page.url()).hash).toBe("#g=fan-out&producer.rate=5&seed=7&t=9s");
  await playground.title.fill("Mine");
  await playground.title.press("Enter");
  await expect.poll(() => playground.fragment()).toMatch(/^s1\./);
});

test("the share dialog has a link, a frame, a picture and a file", async ({ playground }) => {
  const { page, dialog } = playground;
  await playground.openScenario("fan-out");
  await page.getByRole("banner").getByRole("button", { name: "Share" }).click();
  await dialog.getByRole("tab", { name: "Embed" }).click();
  const code = dialog.getByRole("textbox", { name: "To copy" });
  await expect(code).toContainText('<iframe title="Fan-out"');
  await expect(code).toContainText("/e/v1/#s1.");
  await dialog.getByRole("switch", { name: "Colour legend" }).click();
  await dialog.getByRole("switch", { name: "Start when scrolled into view" }).click();
  await dialog.getByRole("tab", { name: "Dark" }).click();
  await expect(code).toContainText("hide=legend&amp;autoplay=visible&amp;theme=dark");
  await dialog.getByRole("tab", { name: "MDX" }).click();
  await expect(code).toContainText("width={800}");
  await dialog.getByRole("tab", { name: "Image" }).click();
  await expect(dialog.getByAltText("Fan-out, as it stands now")).toBeVisible();
  for (const [name, start, file] of [
    ["Save SVG", "<svg ", "fan-out.svg"],
    ["Save moving SVG", "<svg ", "fan-out-moving.svg"],
    ["Save PNG", "\u0089PNG", "fan-out.png"],
    ["Metrics as CSV", "Seconds,", "fan-out-metrics.csv"],
    ["Events as CSV", "Seconds,Node,Kind", "fan-out-events.csv"],
  ]) {
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe(file);
    const stream = await saved.createReadStream();
    const first = await new Promise((done) => stream.once("data", done));
    expect(first.toString("latin1").startsWith(start), name).toBe(true);
    stream.destroy();
  }
  await dialog.getByRole("tab", { name: "File" }).click();
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save file" }).click();
  const document = JSON.parse(readFileSync(await (await download).path(), "utf8"));
  expect([document.Version, document.Title]).toEqual([1, "Fan-out"]);
});

// Messages under way: paths of a category before the first card. Cards begin with their title.
const under_way = (svg) => svg.split(')"><title>')[0].match(/<path class="k\d[^>]* transform=/g)?.length ?? 0;

test("the picture of now shows what is under way", async ({ playground }) => {
  const { page, dialog } = playground;
  await playground.openScenario("fan-out");
  await expect(async () => {
    await playground.playButton.click();
    await page.waitForFunction(() => !/00:00:0[0-1]/.test(document.querySelector('[role="timer"]').textContent));
    await page.getByRole("button", { name: "Pause" }).first().click();
    await page.getByRole("banner").getByRole("button", { name: "Share" }).click();
    await dialog.getByRole("tab", { name: "Image" }).click();
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Save SVG" }).click();
    const svg = readFileSync(await (await download).path(), "utf8");
    await page.keyboard.press("Escape");
    expect(under_way(svg)).toBeGreaterThan(0);
  }).toPass();
});

test("paper has the diagram and nothing else", async ({ playground }) => {
  const { page } = playground;
  await playground.openScenario("fan-out");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  const sheet = page.locator("#print-sheet");
  await expect(sheet).toBeVisible();
  await expect(playground.node("fraud")).toBeHidden();
  const svg = decodeURIComponent((await sheet.getAttribute("src")).replace(/^[^,]*,/, ""));
  expect(svg).toContain(">fraud<");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(sheet).toHaveCount(0);
});

test("a document from elsewhere is asked for only after a click, and only as JSON", async ({ playground }) => {
  const { page, dialog } = playground;
  const asked = [];
  const document = { Version: 1, Title: "From elsewhere", Resources: { q: { Type: "AWS::SQS::Queue" } } };
  await page.route((address) => address.pathname.startsWith("/shared/"), (route) => {
    asked.push(route.request().url());
    const json = route.request().url().endsWith(".json");
    route.fulfill({ contentType: json ? "application/json" : "text/html", body: json ? JSON.stringify(document) : "<p>" });
  });
  await page.goto("./?src=./shared/page.html");
  await expect(dialog.getByText("./shared/page.html")).toBeVisible();
  expect(asked).toEqual([]);
  await dialog.getByRole("button", { name: "Open" }).click();
  await expect(page.getByText(/There is no JSON document/).first()).toBeVisible();
  await page.goto("./?src=./shared/a.json");
  await dialog.getByRole("button", { name: "Open" }).click();
  await expect(playground.title).toHaveValue("From elsewhere");
  expect(asked.length).toBe(2);
});

// Many apps keep 2,000 characters of a link, and many servers 8,000.
test("a link says its length, warns of what cuts it, and offers the file instead", async ({ playground }) => {
  const { page, dialog } = playground;
  // Text that nothing can be made shorter of, the same each time.
  const noise = (length) => {
    let state = 1;
    const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
    return Array.from({ length }, () => ((next() >>> 20) % 36).toString(36)).join("");
  };
  const share = async (length) => {
    const producer = { Type: "Playground::Producer" };
    await playground.importDocument({ Version: 1, Title: "Long", Description: noise(length), Resources: { producer } });
    await expect(playground.node("producer")).toBeVisible();
    await page.getByRole("banner").getByRole("button", { name: "Share" }).click();
    const characters = (await playground.fragment()).length;
    await expect(dialog).toContainText(characters < 1_024 ? `, ${characters} B after the #` : / KB after the #/);
    return characters;
  };
  expect(await share(10)).toBeLessThan(2_000);
  await expect(dialog.getByText("This link is long.")).toHaveCount(0);
  await page.keyboard.press("Escape");
  const long = await share(3_600);
  expect(long).toBeGreaterThan(2_000);
  expect(long).toBeLessThan(8_000);
  await expect(dialog).toContainText("Chat messages often hold 2,000 characters: there, send the file.");
  await page.keyboard.press("Escape");
  expect(await share(14_000)).toBeGreaterThan(8_000);
  await expect(dialog).toContainText("Some apps and servers cut it: send the file instead.");
  // The way out: the same diagram as a file.
  await dialog.getByRole("tab", { name: "File" }).click();
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save file" }).click();
  expect((await saved).suggestedFilename()).toMatch(/\.json$/);
});
