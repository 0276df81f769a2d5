// Pictures of the pages on the cybersecurity of devices, each as the person sees it whom it is for: a maker with products, bills, findings and a
// file, a hospital with a notice, an authority that was shown something, somebody of the secretariat. Each is tried with axe-core as well, narrow
// and dark. npm run look:devices [folder] [beginning of a picture's name].
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { launch, windowOf } from "./support/browser.mjs";
import { invite, setUp } from "./support/people.mjs";
import { PROGRAM, start } from "./support/server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const folder = path.resolve(process.argv[2] ?? "../target/look-devices");
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const sources = path.join(folder, "sources");
mkdirSync(sources, { recursive: true });

const osv = (id, cve, name, fixed, vector) => ({ id, aliases: cve ? [cve] : [], modified: "2026-11-01T00:00:00Z", summary: `${name}: memory is read past its end`, ...(vector ? { severity: [{ type: "CVSS_V3", score: vector }] } : {}), affected: [{ package: { ecosystem: "PyPI", name }, ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }] }] });
const HIGH = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const LOW = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
const csaf = { document: { csaf_version: "2.0", category: "csaf_security_advisory", title: "Acme Medical Infusion Pump", publisher: { name: "CISA", category: "coordinator", namespace: "https://www.cisa.gov/" }, tracking: { id: "ICSMA-26-301-01", status: "final", version: "1", initial_release_date: "2026-10-28T00:00:00Z", current_release_date: "2026-10-28T00:00:00Z", revision_history: [{ number: "1", date: "2026-10-28T00:00:00Z", summary: "Initial" }] } }, product_tree: { branches: [{ category: "vendor", name: "Acme Medical", branches: [{ category: "product_name", name: "Infusion Pump", branches: [{ category: "product_version_range", name: "< 3.0", product: { name: "Acme Medical Infusion Pump: <3.0", product_id: "P1" } }] }] }] }, vulnerabilities: [{ cve: "CVE-2026-1003", product_status: { known_affected: ["P1"] } }] };
for (const [name, content] of [
  ["PYSEC-2026-11.json", osv("PYSEC-2026-11", "CVE-2026-1001", "requests", "2.20.0", HIGH)],
  ["PYSEC-2026-12.json", osv("PYSEC-2026-12", "CVE-2026-1002", "urllib3", "2.0.0", LOW)],
  ["GHSA-aaaa-bbbb-cccc.json", osv("GHSA-aaaa-bbbb-cccc", undefined, "requests", "2.31.0")],
  ["icsma.json", csaf],
  ["kev.json", { title: "Known Exploited Vulnerabilities Catalog", catalogVersion: "2026.11.20", dateReleased: "2026-11-20T00:00:00Z", count: 1, vulnerabilities: [{ cveID: "CVE-2026-1001", vendorProject: "x", product: "requests", vulnerabilityName: "x", dateAdded: "2026-11-10", shortDescription: "x", requiredAction: "x", dueDate: "2026-12-01", knownRansomwareCampaignUse: "Known", notes: "" }] }],
]) writeFileSync(path.join(sources, name), JSON.stringify(content));
writeFileSync(path.join(sources, "epss.csv"), "#model_version:v2025.03.14,score_date:2026-11-20T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1001,0.912,0.997\nCVE-2026-1002,0.0004,0.11\n");
const index = path.join(folder, "vulns.index");
execFileSync(PROGRAM, ["--quiet", "vulns", "update", "--into", index, sources], { stdio: "pipe" });

const [server, browser] = await Promise.all([start({ data: false, args: ["--vulns", index] }), launch()]);
const shirube = (...args) => execFileSync(PROGRAM, ["--db", server.db, "--quiet", "--actor", "操作", ...args], { encoding: "utf8" });
const put = (record, values, ...more) => shirube("set", record, ...Object.entries(values).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`), "--new", "--source", "準備", "-r", "準備", ...more);

const office = await setUp(await windowOf(browser), server);
for (const [id, name, kind] of [["acme", "アクメ医療機器株式会社", "company"], ["clinic", "第一病院", "hospital"], ["pmda", "PMDA", "agency"]]) put(`organisation:${id}`, { name, kind });
const signedIn = async (login, member) => invite(await windowOf(browser, { script: false }), server, login, member);
const [maker, hospital, authority] = [await signedIn("maker", "acme:company"), await signedIn("nurse", "clinic:company"), await signedIn("reviewer", "pmda:reviewer")];
put("device-product:pump", { holder: "organisation:acme", shown_to: ["organisation:pmda"], name: "Infusion Pump", model: "IP-210", version: "2.1", maker_name: "Acme Medical", classification: "iii", released_on: "2024-04-01", eol_on: "2027-03-31", eos_on: "2028-03-31", uses_program: true, connects: true }, "--state", "supported");
put("device-product:monitor", { holder: "organisation:acme", name: "生体情報モニタ 長い販売名の例として集中治療室向け多項目監視装置シリーズ", version: "1.0.3-build.20260401", maker_name: "アクメ医療機器", classification: "ii" }, "--state", "development");
for (const [id, user] of [["pump-clinic", "clinic"]]) put(`device-use:${id}`, { holder: "organisation:acme", user: [`organisation:${user}`], product: "device-product:pump", name: "Infusion Pump 2.1", support: "支援中", eol_on: "2027-03-31", contact: "security@acme.example.jp" });

const file = (name, content) => {
  const place = path.join(folder, name);
  writeFileSync(place, typeof content === "string" ? content : JSON.stringify(content));
  return place;
};
const bill = (version, extra) => ({ bomFormat: "CycloneDX", specVersion: "1.5", serialNumber: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", version: 1, unknown: 1, metadata: { timestamp: "2026-11-01T09:00:00Z", authors: [{ name: "アクメ" }], component: { type: "device", "bom-ref": "pump", name: "Infusion Pump", version: "2.1" } }, components: [{ type: "library", "bom-ref": "a", name: "requests", version, purl: `pkg:pypi/requests@${version}` }, { type: "library", "bom-ref": "b", name: "urllib3", version: "1.26.0", purl: "pkg:pypi/urllib3@1.26.0" }, { type: "library", "bom-ref": "c", name: "内製部品" }, ...extra] });
const pictures = [];
const picture = (who, name, address) => pictures.push({ who, name, address: new URL(address, server.url).pathname + new URL(address, server.url).search });

async function give(product, name, content) {
  await maker.goto(`${server.url}/cyber/products/${product}/bills`);
  await maker.setInputFiles("#file", file(name, content));
  await maker.locator("main form button").first().click();
  for (let tries = 0; (await maker.locator("form[action$='/take'] button").count()) === 0 && tries < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    await maker.reload();
  }
}
await give("pump", "pump-2.0.cdx.json", bill("2.0.0", []));
await maker.locator("form[action$='/take'] button").click();
await maker.waitForLoadState();
await give("pump", "pump-2.1.cdx.json", bill("2.19.0", [{ type: "library", "bom-ref": "d", name: "flask", version: "3.0.0", purl: "pkg:pypi/flask@3.0.0" }]));
await maker.locator("form[action$='/take'] button").click();
await maker.waitForLoadState();
picture(maker, "upload-taken", maker.url());
// Checked and left, so that its page still asks.
await give("monitor", "monitor.cdx.json", bill("2.19.0", [{ type: "library", name: "broken", purl: "pkg:nothing" }]));
picture(maker, "upload", maker.url());

await maker.goto(`${server.url}/cyber/products/pump`);
const finding = await maker.locator("main a[href*='/cyber/findings/']").first().getAttribute("href");
await maker.goto(server.url + finding);
await maker.selectOption("#state", "affected");
await maker.fill("#reason", "外部に公開した口で使う部品に及ぶ。");
await maker.fill("#action", "更新が届くまで外部のネットワークから切り離してください。");
await maker.locator("main form button").first().click();
await maker.waitForLoadState();
const tell = maker.locator("form[action$='/tell'] button");
if (await tell.count()) await tell.click();
for (let times = 0; times < 2; times += 1) {
  await maker.goto(`${server.url}/cyber/products/pump/file`);
  if (times) {
    const text = await maker.inputValue("#statement");
    await maker.fill("#statement", text.replace('protectable = "unknown"', "protectable = true").replace('date = ""', 'date = "2026-11-28"'));
  }
  await maker.locator("button[value=record]").click();
  await maker.waitForLoadState();
  const files = JSON.parse(shirube("list", "premarket-file", "--format", "json").replace(/^[^[{]*/, ""));
  for (const one of files.records ?? files.items ?? files) {
    const id = one.id ?? one.record?.id;
    if (times === 0) shirube("set", `premarket-file:${id}`, 'shown_to=["organisation:pmda"]', "--state", "submitted", "-r", "提出");
  }
}
const vex = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example.jp/vex/1", author: "アクメ医療機器", timestamp: "2026-11-20T00:00:00Z", version: 1, statements: [
  { vulnerability: { name: "CVE-2026-1002" }, products: [{ "@id": "pkg:pypi/urllib3@1.26.0", identifiers: { purl: "pkg:pypi/urllib3@1.26.0" } }], status: "not_affected", justification: "vulnerable_code_not_in_execute_path", impact_statement: "該当の関数を呼ばない。" },
  { vulnerability: { name: "CVE-2020-1" }, products: [{ "@id": "pkg:pypi/nothing@1", identifiers: { purl: "pkg:pypi/nothing@1" } }], status: "fixed" },
] };
await maker.goto(`${server.url}/cyber/products/pump/statements`);
await maker.setInputFiles("#file", file("pump.openvex.json", vex));
await maker.locator("main form button").first().click();
await maker.waitForLoadState();
await maker.goto(`${server.url}/cyber/products/pump`);
const suggested = maker.locator("form[action$='/suggestions'] button");
let taken;
if (await suggested.count()) {
  await suggested.first().click();
  await maker.waitForLoadState();
  taken = maker.url();
}
const submitted = JSON.parse(shirube("list", "premarket-file", "--format", "json").replace(/^[^[{]*/, ""));
const files = (submitted.records ?? submitted.items ?? submitted).map((one) => one.id ?? one.record?.id);
const bills = JSON.parse(shirube("list", "device-bill", "--format", "json").replace(/^[^[{]*/, ""));
const ids = (bills.records ?? bills.items ?? bills).map((one) => one.id ?? one.record?.id);

const unknown = await (await windowOf(browser)).newPage();
picture(unknown, "start-public", "/cyber");
picture(unknown, "rubric", "/cyber/rubric");
picture(unknown, "rubric-begun", "/cyber/rubric?answers=XAVN:N/XAVW:U");
picture(unknown, "rubric-vector", "/cyber/rubric?vector=CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/XAVN:Y");
picture(maker, "start", "/cyber");
picture(maker, "products", "/cyber/products");
picture(maker, "product", "/cyber/products/pump");
picture(maker, "product-empty", "/cyber/products/monitor");
picture(maker, "give-bill", "/cyber/products/pump/bills");
picture(maker, "compare", `/cyber/products/pump/compare?older=${ids[0]}&newer=${ids[1]}`);
picture(maker, "bill", `/cyber/bills/${ids[0]}`);
picture(maker, "file", "/cyber/products/pump/file");
picture(maker, "statements", "/cyber/products/pump/statements");
for (const [at, id] of files.entries()) picture(maker, `changes-${at}`, `/cyber/files/${id}/changes`);
if (taken) picture(maker, "finding-suggested", taken);
picture(maker, "components", "/cyber/components");
picture(maker, "components-found", "/cyber/components?q=requests");
picture(maker, "components-none", "/cyber/components?q=nothing");
picture(maker, "finding", finding);
picture(maker, "advisories", "/cyber/advisories");
picture(maker, "advisory", "/cyber/advisories/PYSEC-2026-11");
picture(maker, "advisory-new", "/cyber/advisories/new");
picture(office, "advisory-new-office", "/cyber/advisories/new");
picture(office, "products-office", "/cyber/products");
picture(office, "advisories-office", "/cyber/advisories");
picture(hospital, "hospital", "/cyber/hospital");
picture(maker, "hospital-empty", "/cyber/hospital");
picture(authority, "authority", "/cyber/authority");
picture(maker, "authority-empty", "/cyber/authority");
picture(authority, "product-shown", "/cyber/products/pump");

const problems = [];
for (const lang of ["ja", "en"]) {
  for (const [width, dark] of [[360, false], [768, false], [1440, false], [1440, true]]) {
    const pages = new Map();
    for (const { who, name, address } of pictures) {
      if (only && !name.startsWith(only)) continue;
      if (!pages.has(who)) {
        const context = await windowOf(browser, { lang, width, dark });
        await context.addInitScript(AXE);
        await context.addCookies(await who.context().cookies());
        pages.set(who, await context.newPage());
      }
      const page = pages.get(who);
      const plain = address.replace(/^\/en(?=\/)/, "");
      const response = await page.goto(server.url + (lang === "en" ? "/en" : "") + plain);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (response.status() !== 200 || over > 0) problems.push(`${lang} ${width} ${name}: ${response.status()}, ${over} px too wide`);
      if (width === 360 || dark) {
        const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, rules), RULES);
        for (const { id, nodes } of violations) problems.push(`${lang} ${width} ${name}: ${id} ${nodes[0].html.slice(0, 160)}`);
      }
      await page.screenshot({ path: path.join(folder, `${name}-${lang}-${width}${dark ? "-dark" : ""}.png`), fullPage: true });
    }
    for (const page of pages.values()) await page.context().close();
  }
}
for (const lang of only ? [] : ["ja", "en"]) {
  for (const width of [360, 1440]) {
    const context = await windowOf(browser, { lang, width });
    await context.addCookies(await maker.context().cookies());
    const page = await context.newPage();
    await page.goto(`${server.url}${lang === "en" ? "/en" : ""}/cyber/products/pump/file`);
    await page.locator("button[value=judge]").click();
    await page.waitForLoadState();
    await page.screenshot({ path: path.join(folder, `judged-${lang}-${width}.png`), fullPage: true });
    await context.close();
  }
}
console.log(problems.join("\n") || "every page answered and fits");
console.log(server.log.join(""));
await browser.close();
await server.stop();
