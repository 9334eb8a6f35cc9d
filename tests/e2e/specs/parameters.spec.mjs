// Every word that says how the player shows a diagram, as a parameter of its address and as an attribute of the element.
import { expect, test } from "@playwright/test";

const clock = (player) => player.getByRole("timer", { name: "Simulation time" });
const open = (player) => player.getByRole("link", { name: "Open and edit" });

// What is said, and what follows. `plain` is the address of the copy that the player offers when nothing is said.
const WORDS = [
  ["mode=play&select=shop", (player) => expect(player.getByRole("complementary", { name: "shop" })).toBeVisible()],
  ["mode=tweak&select=shop", async (player) => {
    await player.getByRole("tab", { name: "Configure" }).click();
    await expect(player.locator(".inspector input:enabled").first()).toBeVisible();
  }],
  ["mode=edit&select=shop", async (player) => {
    await player.getByRole("group", { name: /^shop,/ }).focus();
    await player.getByRole("group", { name: /^shop,/ }).press("Delete");
    await expect(player.getByRole("group", { name: /^shop,/ })).toHaveCount(0);
  }],
  ["theme=dark", (player) => expect(player.locator("html")).toHaveAttribute("data-theme", "dark")],
  ["theme=light", (player) => expect(player.locator("html")).toHaveAttribute("data-theme", "light")],
  ["autoplay=1", (player) => expect(player.getByRole("button", { name: "Pause" })).toBeVisible()],
  ["autoplay=visible", (player) => expect(player.getByRole("button", { name: "Pause" })).toBeVisible()],
  ["autoplay=1&motion=off", async (player) => {
    await expect(player.getByRole("group", { name: /^shop,/ })).toBeVisible();
    await expect(player.getByRole("button", { name: "Play" })).toBeVisible();
  }],
  // More work than an old phone does in time waits for somebody.
  ["autoplay=1&shop.rate=100000", async (player) => {
    await expect(player.getByRole("button", { name: "Play" })).toBeVisible();
    await expect(clock(player)).toHaveText(/^0:00/);
  }],
  ["t=110s&autoplay=1&repeat=1&speed=20", async (player) => {
    // More than once: the run holds at its end the first time only.
    for (let round = 0; round < 2; round++) {
      await expect(clock(player)).toHaveText(/^1:/);
      await expect(clock(player)).toHaveText(/^0:/);
    }
    await expect(clock(player)).toHaveText(/ 2:0\d$/);
  }],
  ["speed=0.5", (player) => expect(player.getByRole("button", { name: /^Speed 0\.5/ })).toBeVisible()],
  ["t=30s", (player) => expect(clock(player)).toHaveText(/^0:30/)],
  ["seed=7", async (player, plain) => expect(await open(player).getAttribute("href")).not.toBe(plain)],
  ["profile=classic", async (player, plain) => expect(await open(player).getAttribute("href")).not.toBe(plain)],
  ["panels=metrics", (player) => expect(player.locator(".player.strip .dock")).toBeVisible()],
  ["panels=inspector&select=shop", (player) => expect(player.locator(".inspector")).toBeVisible()],
  ["controls=0", async (player) => {
    await expect(player.getByRole("group", { name: /^shop,/ })).toBeVisible();
    await expect(player.getByRole("button", { name: "Play" })).toHaveCount(0);
  }],
  ["controls=min", async (player) => {
    await expect(player.getByRole("button", { name: "Play" })).toBeVisible();
    await expect(player.getByRole("slider", { name: "Time" })).toHaveCount(0);
  }],
  // At 100 %, where a card is as wide as it is drawn.
  ["fit=0", async (player) => expect.poll(async () => (await player.getByRole("group", { name: /^orders,/ }).boundingBox()).width).toBeGreaterThan(149)],
  ["lang=de", (player) => expect(player.locator("html")).toHaveAttribute("lang", "de")],
  ["select=shop>orders&mode=tweak", (player) => expect(player.locator(".inspector")).toContainText("orders")],
  ["hide=title,legend,open,speed,captions", async (player) => {
    await expect(player.getByRole("button", { name: "Play" })).toBeVisible();
    await expect(player.getByText("Fan-out", { exact: true })).toHaveCount(0);
    await expect(player.locator(".player-legend .row")).toHaveCount(0);
    await expect(open(player)).toHaveCount(0);
    await expect(player.getByRole("button", { name: /^Speed/ })).toHaveCount(0);
    await expect(player.locator(".player-captions")).toHaveCount(0);
  }],
];

test("every word of the address does what it says", async ({ page, baseURL }) => {
  test.slow();
  const show = async (words) => {
    await page.goto("about:blank");
    await page.goto(`${baseURL}e/v1/#g=fan-out${words && `&${words}`}`);
    await expect(page.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  };
  await page.setViewportSize({ width: 800, height: 450 });
  await show("");
  const plain = await open(page).getAttribute("href");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  for (const [words, follows] of WORDS) {
    await test.step(words, async () => {
      await show(words);
      await follows(page, plain);
    });
  }
});

test("what is locked stays as it is", async ({ page, baseURL }) => {
  await page.evaluate((address) => {
    window.told = [];
    addEventListener("message", ({ data }) => window.told.push(data?.type));
    document.body.innerHTML = `<iframe width="800" height="450" src="${address}"></iframe>`;
  }, `${baseURL}e/v1/#g=fan-out&mode=tweak&lock=shop`);
  const told = (type) => page.evaluate((type) => window.told.filter((one) => one === type).length, type);
  const player = page.frameLocator("iframe");
  await expect(player.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  // Who is not ready hears nothing.
  await expect.poll(() => told("ready")).toBe(1);
  const set = (path, value) =>
    page.evaluate(([path, value]) => document.querySelector("iframe").contentWindow.postMessage({ ns: "inflight", v: 1, type: "set", path, value }, "*"), [path, value]);
  await set("shop.rate", 9);
  await set("fraud.VisibilityTimeout", 9);
  await expect.poll(() => told("changed")).toBe(1);
});

test("attributes of the element are the words of the address", async ({ page, baseURL }) => {
  await page.goto(baseURL);
  const said = {
    mode: "tweak", theme: "dark", autoplay: "visible", repeat: "1", speed: "2", t: "30s", seed: "7", profile: "classic",
    panels: "metrics", controls: "min", fit: "0", lang: "de", motion: "off", select: "shop", lock: "fraud", hide: "title",
  };
  const address = await page.evaluate(async ([base, said]) => {
    await import(`${base}player/inflight-player.js`);
    const player = document.createElement("inflight-player");
    player.setAttribute("scenario", "fan-out");
    for (const [name, value] of Object.entries(said)) player.setAttribute(name, value);
    return player.address;
  }, [baseURL, said]);
  expect(address.split("#")[0]).toBe(`${baseURL}e/v1/`);
  expect(Object.fromEntries(new URLSearchParams(address.split("#")[1]))).toEqual({ g: "fan-out", ...said });
});

test("a link of another version opens with a note", async ({ page, baseURL }) => {
  for (const path of ["", "e/v1/"]) {
    await page.goto("about:blank");
    await page.goto(`${baseURL}${path}#g=fan-out&v=9.0.0`);
    await expect(page.getByText(/made with version 9\.0\.0; this is version/).first()).toBeVisible();
    await expect(page.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  }
});

test("a frame as small as a picture shows names and Play", async ({ page, baseURL }) => {
  await page.setViewportSize({ width: 320, height: 180 });
  await page.goto(`${baseURL}e/v1/#g=fan-out`);
  const names = ["shop", "orders", "fraud", "shipping"];
  await expect(page.getByRole("button", { name: "Play" })).toBeInViewport({ ratio: 1 });
  for (const name of names) {
    const node = page.locator(`[data-node="${name}"]`);
    await expect(node).toBeInViewport();
    const shown = await node.evaluate((node) => node.innerText + getComputedStyle(node, "::after").content);
    expect(shown).toContain(name);
  }
});
