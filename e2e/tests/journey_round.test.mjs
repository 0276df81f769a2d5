// A yearly round from opening to closing by three people: the secretariat opens it, two officers of a ministry fill it in, both in
// one row at the same time. What is typed is kept while typing, by the button, in a conflict and over a reload.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { invite, setUp } from "../support/people.mjs";
import { FOLLOW_UP, start } from "../support/server.mjs";

let server, browser, office, sato, suzuki;
const said = [];

before(async () => {
  [server, browser] = await Promise.all([start({ data: [FOLLOW_UP] }), launch()]);
  office = await setUp(await windowOf(browser), server);
  sato = await invite(await windowOf(browser), server, "sato", "mhlw:ministry");
  suzuki = await invite(await windowOf(browser), server, "suzuki", "mhlw:ministry");
  for (const page of [office, sato, suzuki]) {
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && said.push(message.text()));
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const ROUND = "/round/2025";
const form = () => `${server.url}${ROUND}/${encodeURIComponent("厚生労働省")}`;
const row = (page, number) => page.locator(`#r${number}`);
const cell = (page, column, number) => page.locator(`[name="${column}.${number}"]`);
const kept = (page, number) => row(page, number).locator("[data-status]").filter({ hasText: "下書きを保存しました" }).waitFor();
const save = async (page, number) => {
  await Promise.all([page.waitForNavigation(), row(page, number).locator('button[name="row"]').click()]);
};

test("the secretariat opens the round and the ministry finds it on its desk", async () => {
  await office.goto(`${server.url}/round`);
  await office.fill("#fy", "令和7年度");
  await office.fill("#deadline", "令和9年3月31日");
  await office.getByRole("button", { name: "開く", exact: true }).click();
  await office.waitForURL(new RegExp(`${ROUND}$`));
  assert.match(await office.locator("main").innerText(), /2027-03-31/);

  await sato.goto(`${server.url}/desk`);
  await sato.locator("main a[href*='/round/2025/']").click();
  assert.match(await sato.locator("h1").innerText(), /厚生労働省/);
  await sato.goto(form());
  assert.ok((await sato.locator("section.ask").count()) >= 3, "the ministry has rows to answer");
  const foreign = await sato.goto(`${server.url}${ROUND}/${encodeURIComponent("経済産業省")}`);
  assert.equal(foreign.status(), 403, "another ministry's form is not theirs");
});

test("what is typed is kept while typing and is there after a reload", async () => {
  await sato.goto(form());
  await cell(sato, "results", 0).fill("佐藤が書いている途中の文");
  await kept(sato, 0);
  await sato.reload();
  assert.equal(await cell(sato, "results", 0).inputValue(), "佐藤が書いている途中の文");

  // Not even what was typed a moment before is lost: the browser asks, and it is kept meanwhile.
  let asked;
  sato.once("dialog", async (dialog) => {
    asked = dialog.type();
    await dialog.dismiss();
  });
  await cell(sato, "plans", 0).pressSequentially("続ける");
  await sato.reload({ timeout: 1_000 }).catch(() => undefined);
  assert.equal(asked, "beforeunload");
  await kept(sato, 0);
  await sato.reload();
  assert.equal(await cell(sato, "plans", 0).inputValue(), "続ける");
});

test("two people on one row are told of each other and the second sees both texts", async () => {
  await Promise.all([sato.goto(form()), suzuki.goto(form())]);
  assert.match(await row(suzuki, 0).locator(".others").innerText(), /satoさんがこの行を編集中/);
  assert.equal(await cell(suzuki, "results", 0).inputValue(), "", "a draft is its writer's alone");

  await cell(suzuki, "results", 0).fill("鈴木の実績");
  await cell(suzuki, "plans", 0).fill("鈴木の予定");
  await kept(suzuki, 0);
  await cell(sato, "results", 0).fill("佐藤の実績");
  await row(sato, 0).locator(".others").filter({ hasText: "suzukiさんがこの行を編集中" }).waitFor();
  await kept(sato, 0);
  await save(sato, 0);
  assert.match(await sato.locator("main").innerText(), /1行を保存しました/);
  assert.match(await row(sato, 0).innerText(), /回答済/);

  // The other is told while typing on, before any try to save.
  await cell(suzuki, "plans", 0).fill("鈴木の予定、書き足し");
  await row(suzuki, 0).locator(".others").filter({ hasText: "satoさんが先に保存しました" }).waitFor();
  await save(suzuki, 0);
  const beside = row(suzuki, 0).locator("fieldset.conflict");
  const texts = await beside.innerText();
  for (const text of ["佐藤の実績", "鈴木の実績", "続ける", "鈴木の予定、書き足し"]) assert.ok(texts.includes(text), text);
  assert.equal(await cell(suzuki, "results", 0).inputValue(), "鈴木の実績");

  // Leaving and coming back loses nothing, and both still stand side by side.
  await suzuki.goto(`${server.url}/desk`);
  await suzuki.locator(`main a[href*='/round/2025/']`).last().click();
  assert.ok((await row(suzuki, 0).locator("fieldset.conflict").innerText()).includes("佐藤の実績"));

  await cell(suzuki, "results", 0).fill("佐藤の実績と鈴木の実績");
  await beside.locator("input[value=mine]").check();
  await save(suzuki, 0);
  assert.equal(await row(suzuki, 0).locator("fieldset.conflict").count(), 0);
  assert.equal(await cell(suzuki, "results", 0).inputValue(), "佐藤の実績と鈴木の実績");
  assert.equal(await row(suzuki, 0).locator(".standing .caution").count(), 0, "no draft is left over");
});

test("what is wrong with a row is said at the row, and what was typed stays", async () => {
  await sato.goto(form());
  await cell(sato, "results", 1).fill("予定を書き忘れた行");
  await save(sato, 1);
  assert.match(await sato.locator("[role=alert]").innerText(), /保存できなかった行があります/);
  await sato.locator("[role=alert] a").first().click();
  assert.equal(new URL(sato.url()).hash, "#r1");
  assert.ok((await row(sato, 1).locator(".fault").count()) >= 1);
  assert.equal(await cell(sato, "results", 1).inputValue(), "予定を書き忘れた行");
});

test("one button saves every row that was filled in, without JavaScript", async () => {
  const context = await windowOf(browser, { script: false, width: 360 });
  await context.addCookies(await sato.context().cookies());
  const page = await context.newPage();
  await page.goto(form());
  await cell(page, "plans", 1).fill("未定");
  await cell(page, "results", 2).fill("三つ目の行の実績");
  await cell(page, "plans", 2).fill("該当なし");
  await page.locator(".acts.bar button[name=all]").click();
  assert.match(await page.locator("main").innerText(), /2行を保存しました/);
  assert.equal(await page.locator(".fault").count(), 0);
  await context.close();
});

test("the secretariat closes the round, by force where answers are missing, and the answers are rows", async () => {
  await office.goto(`${server.url}${ROUND}`);
  assert.match(await office.locator("main tr", { has: office.getByRole("rowheader", { name: "厚生労働省" }) }).innerText(), /3\/\d+/);
  await office.getByRole("button", { name: "閉じる", exact: true }).click();
  await office.waitForLoadState();
  assert.match(await office.locator("main").innerText(), /未回答|回答していない/, "it says whose answers are missing");
  await office.goto(`${server.url}${ROUND}`);
  await office.locator("[name=force]").check();
  await office.getByRole("button", { name: "閉じる", exact: true }).click();
  await office.waitForURL(new RegExp(`${ROUND}$`));
  assert.match(await office.locator("main").innerText(), /締切済/);

  await office.goto(`${server.url}/registers/follow-up-row?q=${encodeURIComponent("佐藤の実績と鈴木の実績")}`);
  await office.locator("main table a").first().click();
  assert.match(await office.locator("main").innerText(), /佐藤の実績と鈴木の実績/);
  await sato.goto(form());
  assert.equal(await sato.locator("main textarea").count(), 0, "a closed round takes no more answers");
  assert.deepEqual(said, [], "the browser has nothing to complain of");
});
