// A reader finds a goal and walks, by links alone, to the money, the programme and the source of a figure.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { start } from "../support/server.mjs";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const [lang, home] of [["ja", "/"], ["en", "/en/"]]) {
  test(`from home to the source of a figure, ${lang}, without JavaScript`, async () => {
    const context = await windowOf(browser, { lang, script: false, width: 360 });
    const page = await context.newPage();
    await page.goto(server.url + home);
    const goal = page.locator("main a[href*='/plan/plan-2/plan-2.goal-']").first();
    await goal.click();
    assert.match(new URL(page.url()).pathname, /\/plan\/plan-2\/plan-2\.goal-/);
    assert.ok((await page.locator("main h1").innerText()).length > 1);

    const programme = page.locator("main a[href*='/programmes/']").first();
    await programme.click();
    assert.match(new URL(page.url()).pathname, /\/programmes\/./);
    assert.match(await page.locator("main").innerText(), /[0-9][0-9,.]*\s*(円|千円|百万円|億円|兆円)/, "money is on the page");

    const source = page.locator("main a[href*='/registers/document/'], main a[href*='/registers/programme-sheet/']").first();
    await source.click();
    assert.match(new URL(page.url()).pathname, /\/registers\//);
    assert.equal(await page.locator("h1").count(), 1);
    await context.close();
  });
}

test("one search finds a programme by another spelling of its year and name", async () => {
  const context = await windowOf(browser);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.fill("#seek", "ｽﾀｰﾄｱｯﾌﾟ");
  await page.press("#seek", "Enter");
  assert.match(await page.locator("main").innerText(), /スタートアップ/);
  await page.goto(`${server.url}/search?q=${encodeURIComponent("R6")}`);
  const byEra = await page.locator("main").innerText();
  assert.match(byEra, /令和6|2024|R6/);
  await context.close();
});
