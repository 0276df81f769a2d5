// axe-core finds no violation on any kind of page, in both languages, light and dark, for readers and for those at work.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { walk } from "../support/pages.mjs";
import { setUp } from "../support/people.mjs";
import { start } from "../support/server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

let server, browser, cookies;
before(async () => {
  [server, browser] = await Promise.all([start(), launch()]);
  const context = await windowOf(browser);
  await setUp(context, server);
  cookies = await context.cookies();
  await context.close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const lang of ["ja", "en"]) {
  for (const dark of [false, true]) {
    for (const signedIn of [false, true]) {
      const name = `${lang}, ${dark ? "dark" : "light"}, ${signedIn ? "at work" : "reading"}`;
      test(name, async (t) => {
        const context = await windowOf(browser, { lang, dark });
        // axe is put into the page by the browser itself, which the page's own policy would forbid a script to do.
        await context.addInitScript(AXE);
        if (signedIn) await context.addCookies(cookies);
        const page = await context.newPage();
        const home = lang === "en" ? "/en/" : "/";
        const desk = lang === "en" ? "/en/desk" : "/desk";
        const found = [];
        const each = async (address, status) => {
          if (status >= 400 && status !== 404) found.push(`${address} answered ${status}`);
          const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, rules), RULES);
          for (const { id, nodes } of violations) {
            found.push(`${address}: ${id} (${nodes.length}×) ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary.slice(0, 200)}`);
          }
        };
        const pages = await walk(page, server.url, signedIn ? [desk, home] : [home], { each });
        await context.close();
        t.diagnostic(`${pages.length} kinds of pages`);
        assert.ok(pages.length > 5, `only ${pages.length} kinds of pages were found`);
        assert.deepEqual(found, [], `${found.length} violations on ${pages.length} kinds of pages\n${found.slice(0, 30).join("\n")}`);
      });
    }
  }
}
