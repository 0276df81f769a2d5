// Every kind of page works with JavaScript off, fits into 360 px, asks nobody else for anything, and says nothing in the
// browser's console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { walk } from "../support/pages.mjs";
import { setUp } from "../support/people.mjs";
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
  const each = async (address, status) => {
    if (status === 404) return;
    assert.equal(await page.locator("h1").count(), 1, address);
    const text = await page.locator("main").innerText();
    assert.ok(text.trim().length > 20, `${address} is empty`);
  };
  await walk(page, server.url, ["/"], { each });
  await context.close();
});

for (const signedIn of [false, true]) {
  test(`no page is wider than a phone, ${signedIn ? "at work" : "reading"}`, async () => {
    const context = await windowOf(browser, { width: 360 });
    const page = signedIn ? await setUp(context, server) : await context.newPage();
    if (signedIn) await openRound(page);
    const wide = [];
    const each = async (address) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 360) wide.push(`${address}: ${width} px`);
    };
    await walk(page, server.url, signedIn ? ["/desk", "/round/2025"] : ["/"], { each });
    await context.close();
    assert.deepEqual(wide, []);
  });
}

async function openRound(page) {
  await page.goto(`${server.url}/round`);
  await page.fill("#fy", "2025");
  await page.locator("form[action$='/round'] button").click();
  await page.waitForURL(/\/round\/2025$/);
}

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
