// A suggested join of a programme and a goal: accepted with a reason, seen on the pages of both as confirmed, undone again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { setUp } from "../support/people.mjs";
import { start } from "../support/server.mjs";

const REASON = "事業の目的がこのゴールの文と一致する";
let server, browser, page;

before(async () => {
  [server, browser] = await Promise.all([start(), launch()]);
  page = await setUp(await windowOf(browser), server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const joins = (more = "") => page.goto(`${server.url}/joins${more}`);
const count = async () => Number(/(\d+)件/.exec(await page.locator("main p.quiet").first().innerText())[1]);
/** The pages follow a change within a moment. */
async function until(address, says) {
  for (let tries = 0; tries < 40; tries++) {
    await page.goto(address);
    if (says(await page.locator("main").innerText())) return;
    await page.waitForTimeout(250);
  }
  assert.fail(`${address} does not say so: ${(await page.locator("main").innerText()).slice(0, 600)}`);
}

test("a suggested join is accepted with a reason, is confirmed on both pages, and the decision is undone", async () => {
  await page.goto(`${server.url}/desk`);
  await page.locator("main a[href$='/joins']").first().click();
  const open = await count();
  assert.ok(open > 0, "there are suggestions");

  const card = page.locator("main article").first();
  const name = await card.locator("h2 a").innerText();
  const programme = await card.locator("h2 a").getAttribute("href");
  const goal = await card.locator("[name=node]").inputValue();
  assert.ok((await card.locator("li").count()) > 0, "the reasons stand there");

  // Without a reason nothing is decided.
  await card.locator("button[value=accepted]").click();
  assert.equal(await count(), open);
  await card.locator("[name=reason]").fill(REASON);
  await card.locator("button[value=accepted]").click();
  await page.waitForLoadState();
  assert.match(await page.locator("main [role=status]").innerText(), /採用/);
  assert.equal(await count(), open - 1);

  const goalPage = `${server.url}/plan/plan-2/${goal}`;
  const confirmed = () => page.locator("main tr", { has: page.locator(`a[href='${programme}']`) }).filter({ hasText: "確認済" }).count();
  await until(server.url + programme, (text) => text.includes(REASON));
  assert.match(await page.locator("main").innerText(), /確認済/);
  await page.goto(goalPage);
  assert.equal(await confirmed(), 1, "the goal's page says that it is confirmed");

  await joins("?show=decided");
  const decided = page.locator("main article", { hasText: name }).filter({ hasText: REASON });
  assert.match(await decided.innerText(), /管理 花子/);
  await decided.getByRole("button", { name: "この判断を取り消す" }).click();
  await page.waitForLoadState();
  await joins();
  assert.equal(await count(), open);
  await until(server.url + programme, (text) => !text.includes(REASON));
  await page.goto(goalPage);
  assert.equal(await confirmed(), 0);
});

test("a join that is rejected is told as rejected and leaves the goal", async () => {
  await joins();
  const open = await count();
  const card = page.locator("main article").first();
  const programme = await card.locator("h2 a").getAttribute("href");
  const goal = await card.locator("[name=node]").inputValue();
  await card.locator("[name=reason]").fill("別の施策の事業である");
  await card.locator("button[value=rejected]").click();
  await page.waitForLoadState();
  assert.match(await page.locator("main [role=status]").innerText(), /不採用/);
  assert.equal(await count(), open - 1);
  await until(`${server.url}${programme}`, (text) => !text.includes("別の施策の事業である") || /退けた|不採用/.test(text));
  await joins(`?goal=${goal}&show=decided`);
  assert.match(await page.locator("main").innerText(), /不採用.*別の施策の事業である/s);
});
