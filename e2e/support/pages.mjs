// Every public page, found by walking: from home along the links of the site, one page of each kind.

/** The kind of a page: its path with what names one thing taken out. */
function kind(pathname) {
  const parts = pathname.replace(/^\/en(?=\/|$)/, "").split("/").filter(Boolean);
  const [room, ...rest] = parts;
  if (room === undefined) return "/";
  if (room === "registers") return rest.length === 0 ? "registers" : `registers/${rest.length === 1 ? rest[0] : [rest[0], "*", ...rest.slice(2)].join("/")}`;
  return [room, ...rest.map((part, at) => (at === 0 && !Number.isNaN(Number(part)) ? "#" : "*"))].join("/");
}

/** Walks from some paths and returns one address of each kind of page, HTML only. `each` looks at every page on the way. */
export async function walk(page, base, from = ["/"], { most = 250, each } = {}) {
  const seen = new Map();
  const waiting = from.map((path) => base + path);
  while (waiting.length > 0 && seen.size < most) {
    const address = waiting.shift();
    const at = new URL(address);
    const of = kind(at.pathname) + (at.search ? "?" : "");
    if (seen.has(of)) continue;
    const response = await page.goto(address, { waitUntil: "domcontentloaded" }).catch((error) => ({ failed: error }));
    if (response?.failed) {
      if (/Download is starting/.test(String(response.failed))) continue;
      throw response.failed;
    }
    if (!(response.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    seen.set(of, { address, status: response.status() });
    const links = await page.$$eval("a[href]", (all) => all.map((a) => new URL(a.getAttribute("href"), document.baseURI).href));
    await each?.(address, response.status());
    for (const link of new Set(links)) {
      if (!URL.canParse(link)) throw new Error(`${address} links to "${link}", which is no address`);
      const url = new URL(link);
      url.hash = "";
      const download = /\.(csv|xlsx|json|pdf|xml|atom)$/.test(url.pathname);
      if (url.origin === new URL(base).origin && !download && !url.pathname.startsWith("/assets/")) waiting.push(url.href);
    }
  }
  return [...seen.values()];
}
