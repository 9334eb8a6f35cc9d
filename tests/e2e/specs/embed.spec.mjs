// The player inside pages of others: sandboxed frames of another origin, and the custom element in a plain page.
import http from "node:http";
import { pipeline } from "node:stream";
import { expect, test as base } from "@playwright/test";

// A server of its own is another origin. `pages` maps paths to HTML.
const test = base.extend({
  host: async ({}, use) => {
    const pages = {};
    const server = http.createServer((request, response) => {
      const html = pages[request.url.split("?")[0]];
      response.writeHead(html ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
      response.end(html ?? "");
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    await use({ pages, url: `http://127.0.0.1:${server.address().port}` });
    await new Promise((done) => server.close(done));
  },
});

const page_of = (body) => `<!doctype html><html><head><title>Docs</title><link rel="icon" href="data:," /></head>
<body style="margin:0;height:4000px">${body}<script>
window.heard = [];
addEventListener("message", ({ data, source }) => {
  const frames = [...document.querySelectorAll("iframe")];
  heard.push({ ...data, frame: frames.findIndex((frame) => frame.contentWindow === source) });
});
window.say = (frame, message) =>
  document.querySelectorAll("iframe")[frame].contentWindow.postMessage({ ns: "inflight", v: 1, ...message }, "*");
</script></body></html>`;

const heard = (page, frame, type, key) =>
  page.evaluate(([frame, type, key]) => {
    const all = window.heard.filter((said) => said.frame === frame && said.type === type);
    return key ? all.at(-1)?.[key] : all.length;
  }, [frame, type, key]);

const frame_of = (address, more = "") =>
  `<iframe sandbox="allow-scripts" width="800" height="450" src="${address}" ${more}></iframe>`;

test("two players in sandboxed frames of another origin work without storage and workers", async ({ page, host, baseURL }) => {
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  host.pages["/"] = page_of(
    frame_of(`${baseURL}e/v1/#g=fan-out&t=20s`) + frame_of(`${baseURL}e/v1/#g=fifo-groups&mode=tweak&theme=light`),
  );
  await page.goto(host.url);
  const [one, two] = [page.frameLocator("iframe >> nth=0"), page.frameLocator("iframe >> nth=1")];
  await expect(one.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  await expect(two.getByRole("group", { name: /^single\.fifo,/ })).toBeVisible();
  await expect.poll(() => heard(page, 0, "ready")).toBe(1);
  await expect.poll(() => heard(page, 1, "ready")).toBe(1);

  // Nothing is kept, and no worker can be started.
  const frame = page.frames()[1];
  const blocked = await frame.evaluate(() => {
    const refused = (attempt) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    };
    return [refused(() => localStorage), refused(() => new Worker("../engine_worker.js")), self.origin];
  });
  expect(blocked).toEqual([true, true, "null"]);

  // It stands where its link says, still, and moves when it is told to.
  await expect.poll(() => heard(page, 0, "state", "t")).toBe(20);
  expect(await heard(page, 0, "state", "playing")).toBe(false);
  await page.evaluate(() => say(0, { type: "play", id: 7 }));
  await expect.poll(() => heard(page, 0, "done", "id")).toBe(7);
  await expect.poll(() => heard(page, 0, "state", "t")).toBeGreaterThan(20.5);
  await page.evaluate(() => say(0, { type: "pause" }));
  await expect.poll(() => heard(page, 0, "state", "playing")).toBe(false);
  await page.evaluate(() => say(0, { type: "seek", t: "1m" }));
  await expect.poll(() => heard(page, 0, "state", "t")).toBe(60);
  await expect.poll(() => heard(page, 0, "assertion")).toBeGreaterThan(3);
  const resources = await heard(page, 0, "metrics", "resources");
  expect(resources.map((resource) => resource.name)).toContain("fraud");

  // Each hears only what is said to it: a theme, a change, and a picture.
  await page.evaluate(() => say(0, { type: "theme", theme: "dark" }));
  await expect(one.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(two.locator("html")).toHaveAttribute("data-theme", "light");
  await page.evaluate(() => say(0, { type: "set", path: "producer.rate", value: 5, id: 8 }));
  await expect.poll(() => heard(page, 0, "error", "message")).toMatch(/mode=tweak/);
  await page.evaluate(() => say(1, { type: "set", path: "single.fifo.VisibilityTimeout", value: 45, id: 9 }));
  await expect.poll(() => heard(page, 1, "changed", "hash")).toMatch(/^s1\./);
  await page.evaluate(() => say(1, { type: "snapshot", id: 10 }));
  await expect.poll(() => heard(page, 1, "snapshot", "svg")).toMatch(/^<svg /);
  expect(wrong).toEqual([]);
});

test("the wheel scrolls the page around, and the keyboard works inside", async ({ page, host, baseURL }) => {
  host.pages["/"] = page_of(`<p><a href="#">before</a></p>${frame_of(`${baseURL}e/v1/#g=fan-out`)}`);
  await page.goto(host.url);
  const player = page.frameLocator("iframe");
  await expect(player.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  await page.mouse.move(400, 250);
  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(200);
  await page.evaluate(() => scrollTo(0, 0));

  // Tab goes in, Space plays, and a node tells of itself without offering to change anything.
  await player.getByRole("button", { name: "Play" }).focus();
  await page.keyboard.press("Enter");
  await expect(player.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press("Enter");
  await player.getByRole("group", { name: /^fraud,/ }).click();
  await expect(player.getByRole("complementary", { name: "fraud" })).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(player.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  // Steps are buttons with times.
  await player.getByRole("button", { name: "Next step" }).click();
  await expect(player.getByText("2 of 3")).toBeVisible();
});

test("a message of anybody else, or of another kind, is passed over", async ({ page, host, baseURL }) => {
  const wanted = encodeURIComponent("https://example.org");
  host.pages["/"] = page_of(frame_of(`${baseURL}e/v1/#g=fan-out`) + frame_of(`${baseURL}e/v1/#g=fan-out&origin=${wanted}`));
  await page.goto(host.url);
  await expect.poll(() => heard(page, 0, "ready")).toBe(1);
  await expect(page.frameLocator("iframe >> nth=1").getByRole("group", { name: /^fraud,/ })).toBeVisible();
  await page.evaluate(() => {
    const frame = document.querySelector("iframe").contentWindow;
    for (const message of [null, 7, "play", {}, { ns: "inflight", v: 2, type: "play" }, { ns: "other", v: 1, type: "play" }]) {
      frame.postMessage(message, "*");
    }
    say(0, { type: "run", code: "alert(1)" });
    say(0, { type: "seek", t: -1, id: 1 });
    say(0, { type: "load", scenario: "s9.nonsense" });
    say(1, { type: "play" });
  });
  await expect.poll(() => heard(page, 0, "error")).toBeGreaterThan(1);
  expect(await heard(page, 0, "state", "playing")).toBe(false);
  // A player that was told its page hears and answers no other.
  expect(await page.evaluate(() => heard.filter((said) => said.frame === 1).length)).toBe(0);
});

test("the custom element shows its picture first and plays on request", async ({ page, host, baseURL }) => {
  host.pages["/"] = page_of(`
    <inflight-player id="one" scenario="fan-out" mode="tweak" t="10s" height="420" label="Fan-out" theme="dark">
      <img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='600' height='300'/%3E" alt="Three queues" />
    </inflight-player>
    <div style="height:2500px"></div>
    <inflight-player id="two" scenario="fifo-groups" load="visible" label="Groups"></inflight-player>
    <script type="module" src="${baseURL}player/inflight-player.js"></script>`);
  await page.goto(host.url);
  await expect(page.getByAltText("Three queues")).toBeVisible();
  const frames = () => page.evaluate(() => [...document.querySelectorAll("inflight-player")].map((player) => player.loaded));
  await expect.poll(frames).toEqual([false, false]);
  await page.evaluate(() => {
    window.told = [];
    for (const name of ["ready", "state", "changed", "error"]) {
      one.addEventListener(name, (event) => told.push([name, event.detail]));
    }
  });
  await page.getByRole("button", { name: "Play Fan-out" }).click();
  await expect.poll(frames).toEqual([true, false]);
  const last = (name) => page.evaluate((name) => told.filter((said) => said[0] === name).at(-1)?.[1], name);
  await expect.poll(async () => (await last("state"))?.playing).toBe(true);
  await page.evaluate(() => one.pause());
  await page.evaluate(() => one.seek(30));
  await expect.poll(async () => (await last("state"))?.t).toBe(30);
  await page.evaluate(() => one.set("producer.rate", 3));
  await expect.poll(async () => (await last("changed"))?.hash).toMatch(/^s1\./);
  expect(await page.evaluate(() => one.snapshot())).toMatch(/^<svg .*>fraud</s);
  expect(await page.evaluate(() => one.seek("soon").catch((error) => error.message))).toMatch(/A time is/);

  // Off the screen it holds; near the screen the other one loads by itself.
  await page.evaluate(() => one.play());
  await expect.poll(async () => (await last("state"))?.playing).toBe(true);
  await page.evaluate(() => two.scrollIntoView());
  await expect.poll(frames).toEqual([true, true]);
  // A player that runs reports four times a second.
  let before;
  const settled = async () => {
    const { t } = await last("state");
    const same = t === before;
    before = t;
    return same;
  };
  await expect.poll(settled, { intervals: [600] }).toBe(true);
});

test("many players of a page share one download, and no frame with an origin takes code from outside", async ({ page, host, baseURL }) => {
  // Asked of the server, not taken from a cache: the site's own server is behind one that counts.
  const asked = {};
  const site = http.createServer((request, response) => {
    const name = request.url.split("/").pop();
    asked[name] = (asked[name] ?? 0) + 1;
    http.get(new URL(request.url.slice(1), baseURL), (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      pipeline(answer, response, () => {});
    });
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  const folder = `http://127.0.0.1:${site.address().port}/`;
  const player = (name) => `<inflight-player scenario="${name}" mode="tweak" height="200" load="visible" base="${folder}"></inflight-player>`;
  host.pages["/"] = page_of(
    ["fan-out", "fifo-groups", "hot-shard"].map(player).join("") +
      `<script type="module" src="${baseURL}player/inflight-player.js"></script>`,
  );
  await page.goto(host.url);
  const frames = page.frameLocator("inflight-player iframe");
  for (const [nth, name] of [/^fraud,/, /^single\.fifo,/, /^trucks,/].entries()) {
    await expect(frames.nth(nth).getByRole("group", { name })).toBeVisible();
  }
  const binaries = () => Object.entries(asked).filter(([name]) => name.endsWith(".wasm"));
  await expect.poll(() => binaries().length, "both parts of the binary").toBe(2);
  for (const [name, times] of binaries()) expect(times, name).toBe(1);

  // The same name around a frame that has an origin changes nothing: it asks nobody.
  host.pages["/named"] = page_of(`<iframe name="inflight-player" width="800" height="450" src="${folder}e/v1/#g=fan-out"></iframe>`);
  await page.goto(`${host.url}/named`);
  await expect(page.frameLocator("iframe").getByRole("group", { name: /^fraud,/ })).toBeVisible();
  expect(await page.evaluate(() => heard.filter((said) => said.ns === "inflight-file"))).toEqual([]);
  site.closeAllConnections();
  await new Promise((done) => site.close(done));
});

for (const path of ["", "e/#g=fan-out", "e/v1/#g=fan-out"]) {
  test(`the policy of ${path || "the page"} has no unsafe-inline, no unsafe-eval, and is kept`, async ({ page, baseURL }) => {
    await page.addInitScript(() => {
      window.broken = [];
      document.addEventListener("securitypolicyviolation", (event) => broken.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    await page.goto(`${baseURL}${path}`);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    expect(policy).toContain("'wasm-unsafe-eval'");
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'/);
    if (path) await page.getByRole("button", { name: "Play" }).click();
    else await page.getByRole("button", { name: /Start with fan-out/ }).click();
    await expect(page.getByRole("group", { name: /^fraud,/ })).toBeVisible();
    expect(await page.evaluate(() => window.broken)).toEqual([]);
    // What the policy is for.
    const evaluated = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.taken = true";
      document.body.append(script);
      return [window.taken, window.broken.length];
    });
    expect(evaluated[0]).toBeUndefined();
  });
}

test("after the first visit the site opens without a network", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ serviceWorkers: "allow" });
  const page = await context.newPage();
  await page.goto(baseURL);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
  await context.setOffline(true);
  await page.goto(`${baseURL}#g=fan-out&t=5s`);
  await page.reload();
  await expect(page.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("timer", { name: "Simulation time" })).not.toHaveText(/^00:00:0[0-5]/);
  await page.goto(`${baseURL}e/v1/#g=fifo-groups`);
  await expect(page.getByRole("group", { name: /^single\.fifo,/ })).toBeVisible();
  const manifest = await page.evaluate(async () => (await fetch("../../manifest.webmanifest")).json());
  expect(manifest.icons.length).toBeGreaterThan(0);
  await context.close();
});
