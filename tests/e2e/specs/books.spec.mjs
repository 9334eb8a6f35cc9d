// Books built by real tools with a copy of the site beside them: a figure shows its picture and then plays.
// `cargo xtask books` builds them and says where they are; without it there is nothing to look at.
import { createReadStream, existsSync, statSync } from "node:fs";
import http from "node:http";
import { extname, join, normalize } from "node:path";
import { expect, test as base } from "@playwright/test";

const books = process.env.INFLIGHT_BOOKS;
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

// A server with the book at its root, and the site below `inflight/`, handed through from where it is served.
const test = base.extend({
  shelf: async ({ baseURL }, use) => {
    const servers = [];
    await use(async (book) => {
      const server = http.createServer(async (request, response) => {
        const path = decodeURIComponent(request.url.split("?")[0]);
        const site = path.match(/^\/inflight\/(.*)/);
        if (site) {
          const answer = await fetch(`${baseURL}${site[1]}`);
          response.writeHead(answer.status, { "content-type": answer.headers.get("content-type"), "access-control-allow-origin": "*" });
          return response.end(Buffer.from(await answer.arrayBuffer()));
        }
        let file = join(books, book, normalize(path));
        if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
        if (!existsSync(file)) return response.writeHead(404).end();
        response.writeHead(200, { "content-type": KINDS[extname(file)] ?? "application/octet-stream" });
        createReadStream(file).pipe(response);
      });
      servers.push(server);
      await new Promise((done) => server.listen(0, "127.0.0.1", done));
      return `http://127.0.0.1:${server.address().port}`;
    });
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  },
});

for (const [book, path] of [["mdbook", "/fan-out.html"], ["mkdocs", "/"], ["docusaurus", "/"]]) {
  test(`a figure of a book made with ${book} plays`, async ({ page, shelf }) => {
    test.skip(!books, "only with books");
    await page.goto(`${await shelf(book)}${path}`);
    const figure = page.locator("inflight-player").first();
    await expect(figure.getByRole("img")).toBeVisible();
    await figure.getByRole("button", { name: /^Play/ }).click();
    const player = page.frameLocator("inflight-player iframe").first();
    await expect(player.getByRole("group", { name: /^fraud,/ })).toBeVisible();
    const clock = player.getByRole("timer", { name: "Simulation time" });
    const begin = await clock.textContent();
    await expect(clock).not.toHaveText(begin);
  });
}
