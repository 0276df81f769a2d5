// People at the table: the first administrator by the printed link, others by invitation.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { PROGRAM } from "./server.mjs";

export const PASSWORD = "Kaede-to-Momiji-2026";

/** Opens the setup link and makes the first administrator, who is also of the secretariat. */
export async function setUp(context, server, login = "kanri") {
  const page = await context.newPage();
  await page.goto(server.setup);
  await page.fill("#setup [name=login]", login);
  await page.fill("#setup [name=name]", "管理 花子");
  await fillPasswords(page, "#setup");
  await page.click("#setup button");
  await page.waitForURL((url) => !url.pathname.includes("/setup/"));
  return page;
}

/** Adds somebody from the machine itself, as an operator would, and lets them in by their link. */
export async function invite(context, server, login, ...memberships) {
  const members = memberships.flatMap((membership) => ["--member", membership]);
  const said = execFileSync(PROGRAM, ["--db", server.db, "--quiet", "people", "add", login, "--name", login, ...members], { encoding: "utf8" });
  const page = await context.newPage();
  await page.goto(server.url + said.trim());
  await fillPasswords(page, "#choose-password");
  await page.click("#choose-password button");
  await page.waitForURL((url) => !url.pathname.includes("/invite/"));
  return page;
}

/** Signs in by password. */
export async function signIn(context, server, login, password = PASSWORD) {
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.fill("#sign-in [name=login]", login);
  await page.fill("#sign-in [name=password]", password);
  await page.click("#sign-in button");
  await page.waitForLoadState();
  return page;
}

async function fillPasswords(page, form) {
  for (const field of await page.locator(`${form} input[type=password]`).all()) await field.fill(PASSWORD);
}

/** Asserts that a page is the site's own and not a failure. */
export async function isFine(page, response) {
  assert.ok(response.ok(), `${response.url()} answered ${response.status()}`);
  assert.equal(await page.locator("h1").count(), 1, `${response.url()} has one h1`);
}
