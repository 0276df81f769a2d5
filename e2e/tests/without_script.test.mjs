// Every kind of page works with JavaScript off, fits into 360 px, asks nobody else for anything, and says nothing in the
// browser's console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { walk } from "../support/pages.mjs";
import { start } from "../support/server.mjs";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("every page has its content, its one heading and its ways on without JavaScript", async () => {
  const context = await windowOf(browser, { script: false });
  const page = await context.newPage();
  for (const { address, status } of await walk(page, server.url)) {
    await page.goto(address);
    if (status === 404) continue;
    assert.equal(await page.locator("h1").count(), 1, address);
    const text = await page.locator("main").innerText();
    assert.ok(text.trim().length > 20, `${address} is empty`);
  }
  await context.close();
});

test("no page is wider than a phone", async () => {
  const context = await windowOf(browser, { width: 360 });
  const page = await context.newPage();
  const wide = [];
  for (const { address } of await walk(page, server.url)) {
    await page.goto(address);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) wide.push(`${address}: ${width} px`);
  }
  await context.close();
  assert.deepEqual(wide, []);
});

test("no page asks anybody else, and the browser has nothing to complain of", async () => {
  const context = await windowOf(browser);
  const page = await context.newPage();
  const others = [];
  const complaints = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) others.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 404/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  await walk(page, server.url);
  await context.close();
  assert.deepEqual(others, []);
  assert.deepEqual(complaints, []);
});

test("home is light: at most 150 KB without fonts", async () => {
  const context = await windowOf(browser);
  const page = await context.newPage();
  let bytes = 0;
  page.on("response", async (response) => {
    bytes += (await response.body().catch(() => Buffer.alloc(0))).length;
  });
  await page.goto(server.url, { waitUntil: "networkidle" });
  await context.close();
  assert.ok(bytes <= 150 * 1024, `${bytes} bytes before compression`);
});
