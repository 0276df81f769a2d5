// Ways in: by password, by passkey (a virtual authenticator), by single sign-on (a real provider on loopback).
import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, windowOf } from "../support/browser.mjs";
import { PASSWORD, setUp, signIn } from "../support/people.mjs";
import { freePort, startProvider } from "../support/provider.mjs";
import { start } from "../support/server.mjs";

const SECRET = "a secret between the site and the provider";
let server, browser, provider, cookies;

before(async () => {
  browser = await launch();
  const port = await freePort();
  // Passkeys belong to a name, not to a number.
  const url = `http://localhost:${port}`;
  provider = await startProvider({ redirect: `${url}/sso/callback`, secret: SECRET });
  const folder = mkdtempSync(path.join(tmpdir(), "shirube-e2e-"));
  writeFileSync(path.join(folder, "secret"), SECRET);
  const config = path.join(folder, "shirube.toml");
  writeFileSync(
    config,
    `[single-sign-on]\nname = "GビズID"\nissuer = "${provider.issuer}"\nclient-id = "shirube"\nclient-secret-file = "${folder}/secret"\nwelcome = true\n`,
  );
  server = await start({ data: false, folder, listen: `127.0.0.1:${port}`, args: ["--config", config, "--public-url", url] });
  server.url = url;
  server.setup = server.setup.replace(/^https?:\/\/[^/]+/, url);
  const context = await windowOf(browser);
  await setUp(context, server);
  cookies = await context.cookies();
  await context.close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await provider?.stop();
});

const isSignedIn = (page) => page.locator("header.site form[action$='sign-out']").count();

test("by password, and out again", async () => {
  const context = await windowOf(browser, { script: false });
  const page = await signIn(context, server, "kanri");
  assert.equal(await isSignedIn(page), 1);
  await page.click("header.site form[action$='sign-out'] button");
  assert.equal(await isSignedIn(page), 0);
  await page.goto(`${server.url}/me`);
  assert.match(page.url(), /sign-in/);
  await context.close();
});

test("a wrong password and an unknown name are answered alike", async () => {
  const context = await windowOf(browser);
  const answers = [];
  for (const [login, password] of [["kanri", "Wrong-Wrong-2026"], ["nobody-here", PASSWORD]]) {
    const page = await signIn(context, server, login, password);
    answers.push((await page.locator("main").innerText()).replace(login, ""));
    assert.equal(await isSignedIn(page), 0);
  }
  assert.equal(answers[0], answers[1]);
  await context.close();
});

test("a page that needs somebody leads back to where they wanted to go, and nowhere else", async () => {
  const context = await windowOf(browser);
  const page = await context.newPage();
  await page.goto(`${server.url}/desk`);
  assert.match(page.url(), /sign-in\?next=/);
  await page.fill("#sign-in [name=login]", "kanri");
  await page.fill("#sign-in [name=password]", PASSWORD);
  await page.click("#sign-in button");
  await page.waitForURL(/\/desk/);
  await context.clearCookies();
  await page.goto(`${server.url}/sign-in?next=${encodeURIComponent("//evil.example/")}`);
  await page.fill("#sign-in [name=login]", "kanri");
  await page.fill("#sign-in [name=password]", PASSWORD);
  await page.click("#sign-in button");
  await page.waitForLoadState();
  assert.equal(new URL(page.url()).origin, server.url);
  await context.close();
});

test("by passkey, made on one's own page", async () => {
  const context = await windowOf(browser);
  await context.addCookies(cookies);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(`${server.url}/me`);
  await page.fill("#passkey-name", "試験の鍵");
  await page.click("#add-passkey");
  await page.waitForLoadState("networkidle");
  await page.goto(`${server.url}/me`);
  await page.click("header.site form[action$='sign-out'] button");
  await page.goto(`${server.url}/sign-in`);
  await page.click("#passkey-sign-in");
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  assert.equal(await isSignedIn(page), 1);
  await context.close();
});

test("whoever has chosen English comes in to English pages", async () => {
  const context = await windowOf(browser);
  const page = await signIn(context, server, "kanri");
  const choose = async (language, address) => {
    await page.goto(address);
    await page.selectOption("#language", language);
    await Promise.all([page.waitForNavigation(), page.locator("form:has(#language) button").click()]);
  };
  await choose("en", `${server.url}/me`);
  const other = await windowOf(browser);
  const entered = await signIn(other, server, "kanri");
  assert.match(new URL(entered.url()).pathname, /^\/en\//);
  await other.close();
  await choose("ja", `${server.url}/me`);
  await context.close();
});

test("a single sign-on that is broken off is told in the language it began in", async () => {
  for (const [start, lang] of [["/sign-in", "ja"], ["/en/sign-in", "en"]]) {
    const context = await windowOf(browser);
    const page = await context.newPage();
    await page.goto(server.url + start);
    await page.click("#sign-on-sign-in");
    await page.waitForURL((url) => url.href.startsWith(provider.issuer));
    const response = await page.goto(`${server.url}/sso/callback?error=access_denied&state=none`);
    assert.ok(response.status() >= 400 && response.status() < 500);
    assert.equal(await page.getAttribute("html", "lang"), lang);
    assert.equal(await isSignedIn(page), 0);
    await context.close();
  }
});

test("by single sign-on", async () => {
  const context = await windowOf(browser);
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.click("#sign-on-sign-in");
  await page.waitForURL((url) => url.href.startsWith(provider.issuer));
  await page.fill("[name=login]", "gbiz-tanaka");
  await page.fill("[name=password]", "anything");
  await page.click("button[type=submit]");
  await page.waitForLoadState();
  if (page.url().startsWith(provider.issuer)) await page.click("button[type=submit]");
  await page.waitForURL((url) => url.href.startsWith(server.url));
  assert.equal(await isSignedIn(page), 1);
  await context.close();
});
