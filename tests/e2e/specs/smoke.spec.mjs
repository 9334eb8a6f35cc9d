// The built site loads, without an error and without asking any other host for anything.
import { expect, test } from "@playwright/test";

test("the page starts", async ({ page, baseURL }) => {
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(baseURL) && !/^(blob|data):/.test(address)) faults.push(`asked for ${address}`);
  });
  const worker = page.waitForEvent("worker");
  await page.goto("./");
  await expect(page.locator("main")).toBeVisible();
  await worker;
  expect(faults).toEqual([]);
});
