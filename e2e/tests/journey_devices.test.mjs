// A maker gives a bill of materials, an advisory arrives, findings appear, the hospital is told by mail, the authority sees what it was shown
// and nothing else. Everything without JavaScript; every page is tried with axe-core and at 360 px.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { receive } from "../support/mail.mjs";
import { invite, setUp } from "../support/people.mjs";
import { PROGRAM, start } from "../support/server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

let server, browser, mail, office, maker, rival, hospital, authority;

/** What an operator writes on the machine. */
const shirube = (...args) => execFileSync(PROGRAM, ["--db", server.db, "--quiet", "--actor", "操作", ...args], { encoding: "utf8" });
const put = (record, values, ...more) =>
  shirube("set", record, ...Object.entries(values).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`), "--new", "--source", "test", "-r", "準備", ...more);

async function withAddress(page, address) {
  await page.goto(`${server.url}/me`);
  await page.fill("input[name=email]", address);
  await page.locator("form:has(input[name=email]) button").first().click();
  await page.waitForLoadState();
}

before(async () => {
  mail = await receive();
  const env = mail ? { SHIRUBE_MAIL_SERVER: `127.0.0.1:${mail.port}`, SHIRUBE_MAIL_FROM: "Shirube <shirube@example.jp>", SHIRUBE_MAIL_SECURITY: "none" } : {};
  [server, browser] = await Promise.all([start({ data: false, env }), launch()]);
  office = await setUp(await windowOf(browser), server);
  for (const [id, name, kind] of [["acme", "アクメ医療機器", "company"], ["rival", "ライバル", "company"], ["clinic", "第一病院", "hospital"], ["pmda", "PMDA", "agency"]]) {
    put(`organisation:${id}`, { name, kind });
  }
  const signedIn = async (login, member) => invite(await windowOf(browser, { script: false }), server, login, member);
  [maker, rival, hospital, authority] = [
    await signedIn("maker", "acme:company"),
    await signedIn("rival", "rival:company"),
    await signedIn("nurse", "clinic:company"),
    await signedIn("reviewer", "pmda:reviewer"),
  ];
  if (mail) {
    await withAddress(maker, "maker@acme.example.jp");
    await withAddress(rival, "rival@rival.example.jp");
    await withAddress(hospital, "nurse@clinic.example.jp");
  }
  put("device-product:pump", { holder: "organisation:acme", shown_to: ["organisation:pmda"], name: "輸液ポンプ", version: "2.1", classification: "iii", released_on: "2024-04-01" }, "--state", "development");
  put("device-use:pump-clinic", { holder: "organisation:acme", user: ["organisation:clinic"], product: "device-product:pump", name: "輸液ポンプ 2.1", support: "支援中", contact: "security@acme.example.jp" });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  mail?.stop();
});

/** A page is the site's own, fits into 360 px, and axe finds nothing on it. */
async function isFine(page) {
  const context = await windowOf(browser, { width: 360 });
  await context.addInitScript(AXE);
  await context.addCookies(await page.context().cookies());
  const narrow = await context.newPage();
  for (const prefix of ["", "/en"]) {
    const address = new URL(page.url());
    await narrow.goto(`${address.origin}${prefix}${address.pathname}${address.search}`);
    assert.equal(await narrow.locator("h1").count(), 1, narrow.url());
    const over = await narrow.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${narrow.url()} is ${over} px too wide`);
    const { violations } = await narrow.evaluate((rules) => globalThis.axe.run(document, rules), RULES);
    assert.deepEqual(violations.map(({ id, nodes }) => `${narrow.url()}: ${id} ${nodes[0].html.slice(0, 160)}`), []);
  }
  await context.close();
}

const file = (name, content) => {
  const place = path.join(server.folder, name);
  writeFileSync(place, JSON.stringify(content));
  return place;
};

test("what everybody may read says what is a duty and what a proposal", async () => {
  const page = await (await windowOf(browser, { script: false })).newPage();
  await page.goto(`${server.url}/cyber`);
  const text = await page.locator("main").innerText();
  assert.match(text, /第12条第3項/);
  assert.match(text, /構想/);
  await isFine(page);
  await page.goto(`${server.url}/plan/plan-3/plan-3.issue-3-5`);
  assert.match(await page.locator("main").innerText(), /非公表|未満|まだデータがありません/);
});

test("the maker sees every deviation of a bill before giving it", async () => {
  await maker.goto(`${server.url}/cyber/products`);
  await isFine(maker);
  await maker.getByRole("link", { name: "輸液ポンプ 2.1" }).click();
  assert.match(await maker.locator("main").innerText(), /SBOMがないため、何も分かりません/);
  await maker.getByRole("link", { name: "SBOMを渡す" }).click();
  await isFine(maker);
  const bill = { bomFormat: "CycloneDX", specVersion: "1.5", version: 1, unknown: 1, components: [{ type: "library", name: "requests", version: "2.0.0", purl: "pkg:pypi/requests@2.0.0" }, { type: "library", name: "内製部品" }] };
  await maker.setInputFiles("#file", file("pump.cdx.json", bill));
  await maker.getByRole("button", { name: "調べる" }).click();
  const give = maker.locator("form[action$='/take'] button");
  for (let tries = 0; (await give.count()) === 0 && tries < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    await maker.reload();
  }
  const shown = await maker.locator("main").innerText();
  assert.match(shown, /規格との相違/);
  assert.match(shown, /\/unknown/);
  assert.match(shown, /照合できない部品/);
  await isFine(maker);
  await give.click();
  await maker.getByText("受け取りました").waitFor();
  await maker.getByRole("link", { name: "製品へ" }).click();
  assert.match(await maker.locator("main").innerText(), /pump\.cdx\.json/);
});

test("an advisory arrives, and the maker's finding is there, by mail as well", async () => {
  await office.goto(`${server.url}/cyber/advisories/new`);
  const advisory = { id: "PYSEC-2026-1", aliases: ["CVE-2026-1"], modified: "2026-01-01T00:00:00Z", summary: "credentials leak", severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }], affected: [{ package: { ecosystem: "PyPI", name: "requests" }, ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "2.20.0" }] }] }] };
  await office.setInputFiles("#file", file("advisory.json", advisory));
  await office.getByRole("button", { name: "照合する" }).click();
  await office.getByText("照合しました").first().waitFor();
  assert.doesNotMatch(await office.locator("main").innerText(), /輸液ポンプ|\d+製品/, "who brings an advisory is told of nobody's products");

  await maker.goto(`${server.url}/cyber/products`);
  assert.match(await maker.locator("main").innerText(), /重要以上/);
  await maker.goto(`${server.url}/cyber/advisories/PYSEC-2026-1`);
  assert.match(await maker.locator("main").innerText(), /輸液ポンプ 2\.1/);
  await isFine(maker);
  if (mail) {
    const letter = await mail.to("maker@acme.example.jp");
    assert.match(letter.subject, /PYSEC-2026-1/);
  }
});

test("the maker evaluates the finding and tells the hospital", async () => {
  await maker.goto(`${server.url}/cyber/products/pump`);
  await isFine(maker);
  await maker.getByRole("link", { name: "PYSEC-2026-1" }).first().click();
  await isFine(maker);
  await maker.selectOption("#state", "not-affected");
  await maker.getByRole("button", { name: "保存する" }).click();
  assert.match(await maker.locator("main").innerText(), /理由を書いてください/, "not affected needs its reason");
  await maker.goBack();
  await maker.selectOption("#state", "affected");
  await maker.fill("#reason", "外部に公開した口で使う。社外秘の構成。");
  await maker.fill("#action", "更新が届くまで外部のネットワークから切り離してください。");
  await maker.getByRole("button", { name: "保存する" }).click();
  await maker.getByRole("button", { name: "知らせる" }).click();
  assert.match(await maker.locator("main").innerText(), /知らせた日/);

  await hospital.goto(`${server.url}/cyber/hospital`);
  const told = await hospital.locator("main").innerText();
  assert.match(told, /切り離してください/);
  assert.doesNotMatch(told, /社外秘|requests/);
  await isFine(hospital);
  if (mail) {
    const letter = await mail.to("nurse@clinic.example.jp");
    assert.match(letter.text, /切り離してください/);
    assert.doesNotMatch(letter.text, /社外秘|requests/);
  }
  await hospital.getByRole("checkbox", { name: "対応した" }).check();
  await hospital.getByRole("button", { name: "返答する" }).click();
  assert.match(await hospital.locator("main").innerText(), /対応済み/);
});

test("the maker gives statements, and each tells where it applied or why not", async () => {
  await maker.goto(`${server.url}/cyber/products/pump/statements`);
  await isFine(maker);
  const of = (vulnerability, status, more) => ({ vulnerability: { name: vulnerability }, products: [{ "@id": "pkg:pypi/requests@2.0.0", identifiers: { purl: "pkg:pypi/requests@2.0.0" } }], status, ...more });
  const vex = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example.jp/vex/1", author: "アクメ", timestamp: "2026-03-01T00:00:00Z", version: 1, statements: [of("CVE-2026-1", "affected", { action_statement: "更新する" }), of("CVE-2020-1", "fixed")] };
  await maker.setInputFiles("#file", file("pump.openvex.json", vex));
  await maker.getByRole("button", { name: "適用する" }).click();
  const shown = await maker.locator("main").innerText();
  assert.match(shown, /Package URLで特定/);
  assert.match(shown, /適用せず/);
  await isFine(maker);
  await maker.getByRole("link", { name: /^PYSEC-2026-1/ }).first().click();
  assert.match(await maker.locator("main").innerText(), /この指摘で行うこと/);
  await isFine(maker);
});

test("a file on record tells what changed since the one before", async () => {
  await maker.goto(`${server.url}/cyber/products/pump/file`);
  await isFine(maker);
  await maker.getByRole("button", { name: "判定する" }).click();
  assert.match(await maker.locator("main").innerText(), /前回の提出からの変更/);
  await maker.getByRole("button", { name: "判定して記録する" }).click();
  await maker.getByRole("link", { name: "前回からの変更" }).first().click();
  assert.match(await maker.locator("main").innerText(), /比べられる提出済みのファイルはありません/);
  await isFine(maker);
  await maker.goto(`${server.url}/cyber/advisories`);
  assert.match(await maker.locator("main").innerText(), /照合に使うデータ/);
  await isFine(maker);
});

test("the authority sees what it was shown, a rival nothing", async () => {
  await authority.goto(`${server.url}/cyber/authority`);
  assert.match(await authority.locator("main").innerText(), /輸液ポンプ 2\.1/);
  assert.match(await authority.locator("main").innerText(), /構想/);
  await isFine(authority);
  await authority.goto(`${server.url}/cyber/products/pump`);
  assert.doesNotMatch(await authority.locator("main").innerText(), /PYSEC-2026-1|pump\.cdx\.json/, "findings and bills were not shown");
  await rival.goto(`${server.url}/cyber/products`);
  assert.match(await rival.locator("main").innerText(), /見られる製品がありません/);
  for (const address of ["/cyber/products/pump", "/cyber/authority", "/cyber/hospital", "/cyber/components?q=requests", "/cyber/advisories/PYSEC-2026-1"]) {
    await rival.goto(server.url + address);
    assert.doesNotMatch(await rival.locator("main").innerText(), /輸液ポンプ|2\.0\.0/, address);
  }
  if (mail) assert.ok(mail.letters.every((letter) => !letter.to.includes("rival@rival.example.jp")));
});
