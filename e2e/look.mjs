// Pictures of every kind of page at three widths, in both languages, for people to look at: npm run look [folder].
import { mkdirSync } from "node:fs";
import path from "node:path";
import { launch, windowOf } from "./support/browser.mjs";
import { walk } from "./support/pages.mjs";
import { setUp } from "./support/people.mjs";
import { start } from "./support/server.mjs";

const folder = path.resolve(process.argv[2] ?? "../target/look");
mkdirSync(folder, { recursive: true });
const [server, browser] = await Promise.all([start(), launch()]);
const first = await windowOf(browser);
let cookies = [];
if (server.setup) {
  await setUp(first, server);
  cookies = await first.cookies();
}
for (const lang of ["ja", "en"]) {
  const finder = await windowOf(browser, { lang });
  await finder.addCookies(cookies);
  const home = lang === "en" ? "/en/" : "/";
  const pages = await walk(await finder.newPage(), server.url, [home, lang === "en" ? "/en/desk" : "/desk"]);
  await finder.close();
  for (const [width, dark] of [[360, false], [768, false], [1440, false], [1440, true]]) {
    const context = await windowOf(browser, { lang, width, dark });
    await context.addCookies(cookies);
    const page = await context.newPage();
    for (const { address } of pages) {
      await page.goto(address);
      const name = new URL(address).pathname.replace(/^\/(en\/?)?/, "").replaceAll("/", "_").slice(0, 80) || "home";
      const file = `${lang}-${width}${dark ? "-dark" : ""}-${decodeURIComponent(name)}.png`;
      await page.screenshot({ path: path.join(folder, file), fullPage: true });
    }
    await context.close();
  }
  console.log(`${lang}: ${pages.length} kinds of pages`);
}
await browser.close();
await server.stop();
