// A follow-up table that a machine has read comes in through the upload page, and a doubtful cell of it is corrected beside the
// line it was read from.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { setUp } from "../support/people.mjs";
import { FOLLOW_UP, real, start } from "../support/server.mjs";

let server, browser, page;

before(async () => {
  [server, browser] = await Promise.all([start({ data: false }), launch()]);
  page = await setUp(await windowOf(browser), server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function upload() {
  await page.goto(`${server.url}/desk`);
  await page.locator("main a[href$='/intake']").first().click();
  await page.setInputFiles("#file", real(FOLLOW_UP));
  await page.getByRole("button", { name: "読み取る" }).click();
  await page.waitForURL(/\/intake\/[0-9a-f]+$/);
}

test("the table is read, looked at, and taken over", async () => {
  await upload();
  const take = page.locator("form[action$='/take'] button");
  await take.waitFor({ timeout: 30_000 });
  const preview = await page.locator("main").innerText();
  assert.match(preview, /9行|9 rows/);
  assert.match(preview, /新規 10/);
  const rows = await page.context().newPage();
  await rows.goto(`${server.url}/registers/follow-up-row`);
  assert.equal(await rows.locator("main table tbody tr").count(), 0, "looking keeps nothing");

  await take.click();
  await page.getByText("取り込みました").waitFor({ timeout: 30_000 });
  await rows.reload();
  assert.equal(await rows.locator("main table tbody tr").count(), 9);
  await rows.close();
});

test("a doubtful cell is corrected beside its original line and is no longer in doubt", async () => {
  await page.goto(`${server.url}/cells`);
  const open = await page.locator("main article").count();
  assert.ok(open > 0, "some cells are in doubt");
  const card = page.locator("main article", { has: page.locator("textarea") }).first();
  const record = await card.locator("h2 a").getAttribute("href");
  assert.ok((await card.locator(".theirs p").count()) >= 2, "the lines of the original stand beside it");
  const text = card.locator("textarea");
  const corrected = `${await text.inputValue()}（原文と照合して修正）`;
  await text.fill(corrected);
  await card.locator("button[value=correct]").click();
  await page.waitForLoadState();
  assert.match(await page.locator("main [role=status]").innerText(), /修正/);
  assert.equal(await page.locator("main article").count(), open - 1);

  await page.goto(server.url + record);
  const shown = await page.locator("main").innerText();
  assert.ok(shown.includes("原文と照合して修正"), "the record says what was corrected");
  assert.ok(shown.includes("管理 花子"), "and who says so");
});

test("a cell that is right as read is confirmed", async () => {
  await page.goto(`${server.url}/cells`);
  const open = await page.locator("main article").count();
  await page.locator("main article button[value=confirm]").first().click();
  await page.waitForLoadState();
  assert.match(await page.locator("main [role=status]").innerText(), /確認/);
  assert.equal(await page.locator("main article").count(), open - 1);
});

test("the same table once more overwrites nothing that a person has said", async () => {
  await upload();
  await page.getByRole("heading", { name: "取り込むと" }).waitFor({ timeout: 30_000 });
  const preview = await page.locator("main").innerText();
  assert.match(preview, /新規 0\s*更新 0\s*変わりなし 10/);
  assert.match(preview, /人が確認・修正した行は、機械の読みで上書きしません：\s*[12]行/);
});
