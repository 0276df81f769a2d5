// Debian's Chromium, driven without a download of its own.
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const { existsSync } = await import("node:fs");
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A window of one person: its own cookies. */
export async function windowOf(browser, { lang = "ja", dark = false, script = true, width = 1440 } = {}) {
  const context = await browser.newContext({
    locale: lang === "ja" ? "ja-JP" : "en-GB",
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: script,
    viewport: { width, height: 900 },
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  return context;
}
