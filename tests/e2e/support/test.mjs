// The `test` of every specification: a page object, and a watch over whatever a page may do wrong meanwhile.
import { test as base, expect } from "@playwright/test";
import { Playground } from "./playground.mjs";

export { expect };

// Collects errors of the console, uncaught errors, and requests to other hosts, of every page of a context.
function watch(context, faults, origin) {
  context.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error()}`));
  context.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !/^(blob|data):/.test(address)) faults.push(`asked for ${address}`);
  });
}

export const test = base.extend({
  // What went wrong in the pages of the test. A test that provokes an error empties it.
  faults: async ({}, use) => {
    const faults = [];
    await use(faults);
    expect(faults, "no page may report an error or ask another host").toEqual([]);
  },

  context: async ({ context, baseURL, faults }, use) => {
    watch(context, faults, baseURL);
    await use(context);
  },

  // The playground in the page of the test.
  playground: async ({ page }, use) => {
    await use(new Playground(page));
  },

  // Opens the playground as another person would: nothing is kept from before.
  visitor: async ({ browser, baseURL, faults }, use) => {
    const contexts = [];
    await use(async (options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      watch(context, faults, baseURL);
      return new Playground(await context.newPage());
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
