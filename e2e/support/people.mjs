// People at the table: the first administrator by the printed link, others by invitation.
import assert from "node:assert/strict";

export const PASSWORD = "Kaede-to-Momiji-2026";

/** Opens the setup link and makes the first administrator, who is also of the secretariat. */
export async function setUp(context, server, login = "kanri") {
  const page = await context.newPage();
  await page.goto(server.setup);
  await page.fill("[name=login]", login);
  await page.fill("[name=name]", "管理 花子");
  await page.fill("[name=password]", PASSWORD);
  const again = page.locator("[name=password_again], [name=again]");
  if (await again.count()) await again.first().fill(PASSWORD);
  await page.locator("main form button").last().click();
  await page.waitForURL((url) => !url.pathname.includes("/setup/"));
  return page;
}

/** Signs in by password. */
export async function signIn(context, server, login, password = PASSWORD) {
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.locator("main form:has([name=password]) button[type=submit], main form:has([name=password]) button:not([type])").first().click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  return page;
}

/** Asserts that a page is the site's own and not a failure. */
export async function isFine(page, response) {
  assert.ok(response.ok(), `${response.url()} answered ${response.status()}`);
  assert.equal(await page.locator("h1").count(), 1, `${response.url()} has one h1`);
}
