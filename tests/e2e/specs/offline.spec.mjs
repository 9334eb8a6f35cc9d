// The service worker: a new build takes the place of the old one whole, and works without a network.
import http from "node:http";
import { expect, test as base } from "@playwright/test";

// A server that hands out the built site as one of two builds: `build.txt` and the page's title say which.
const test = base.extend({
  host: async ({ baseURL }, use) => {
    const host = { build: "old", asked: [] };
    const server = http.createServer(async (request, response) => {
      const path = request.url.split(/[?#]/)[0];
      host.asked.push(path);
      if (path === "/build.txt") return response.writeHead(200, { "content-type": "text/plain" }).end(host.build);
      const answer = await fetch(`${baseURL}${path.slice(1)}`);
      let body = Buffer.from(await answer.arrayBuffer());
      if (path === "/") body = body.toString().replace(/<title>[^<]*/, `<title>${host.build}`);
      if (path === "/service_worker.js") {
        body = body.toString().replace(/"inflight-" \+ "\w+"/, `"inflight-" + "${host.build}"`).replace("const FILES = [", 'const FILES = ["./build.txt",');
      }
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") }).end(body);
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    host.url = `http://127.0.0.1:${server.address().port}/`;
    await use(host);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  },
});

const kept = (page) => page.evaluate(() => caches.keys());
const text_of = (page, file) => page.evaluate(async (file) => (await fetch(file)).text(), file);
// As it came from the server: the program writes its own title later.
const title_of = (page) => page.evaluate(async () => (await (await fetch("./")).text()).match(/<title>([^<]*)/)[1]);

test("a new build replaces the old one whole, and works offline", async ({ browser, host }) => {
  const context = await browser.newContext({ serviceWorkers: "allow" });
  const page = await context.newPage();
  await page.goto(host.url);
  await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
  expect(await kept(page)).toEqual(["inflight-old"]);
  expect([await title_of(page), await text_of(page, "build.txt")]).toEqual(["old", "old"]);

  // The next visit gets the page of the new build and every file of it, although the old worker still answers.
  host.build = "new";
  const loaded = await page.reload();
  expect(await loaded.text()).toContain("<title>new");
  expect(await text_of(page, "build.txt")).toBe("new");
  await expect.poll(() => kept(page)).toEqual(["inflight-new"]);
  await expect(page.getByRole("button", { name: /Start with fan-out/ })).toBeVisible();

  // What is named after its content is not asked for again.
  host.asked.length = 0;
  await page.reload();
  await expect(page.getByRole("button", { name: /Start with fan-out/ })).toBeVisible();
  expect(host.asked.filter((path) => /\.(wasm|css)$|-[0-9a-f]{12,16}\.js$/.test(path))).toEqual([]);

  await context.setOffline(true);
  await page.goto(`${host.url}#g=fan-out&t=5s`);
  await page.reload();
  await expect(page.getByRole("group", { name: /^fraud,/ })).toBeVisible();
  expect([await title_of(page), await text_of(page, "build.txt")]).toEqual(["new", "new"]);
  expect(await kept(page)).toEqual(["inflight-new"]);
  await context.close();
});
