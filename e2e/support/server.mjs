// A server of our own for one test file: a new database with the shipped plan and real data, on a free port of loopback.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const PROGRAM = process.env.SHIRUBE_BIN ?? path.join(ROOT, "target/debug/shirube");
const SHARED = process.env.SHIRUBE_SHARED ?? path.resolve(ROOT, "../shared");

/** A follow-up table as text, as a ministry's document was read by a machine. */
export const FOLLOW_UP = "seeds/002_68858178ce9f1934.txt";
const REAL = [FOLLOW_UP, "data/rs2024-meddev", "data/judgit-meddev"];

/** Where a real file is. */
export const real = (file) => path.join(SHARED, file);

/** The real files the site is tried on: a follow-up table as text, review sheets of two systems. */
export function realFiles(named = REAL) {
  const wanted = named.map(real);
  const there = wanted.filter(existsSync);
  if (there.length < wanted.length && process.env.CI) throw new Error(`not all of the real files are in ${SHARED}`);
  return there;
}

/** Starts a server; `stop()` ends it and removes its files. `data` names the files taken in before, or whether all are or none;
 * `args` are more flags of `serve`. */
export async function start({ args = [], data = true, folder, listen = "127.0.0.1:0", env = {} } = {}) {
  const home = folder ?? mkdtempSync(path.join(tmpdir(), "shirube-e2e-"));
  const db = process.env.SHIRUBE_E2E_DB ?? path.join(home, "shirube.db");
  const files = data ? realFiles(data === true ? REAL : data) : [];
  if (files.length > 0) execFileSync(PROGRAM, ["--db", db, "--quiet", "intake", ...files], { stdio: "pipe" });
  const server = spawn(
    PROGRAM,
    ["--db", db, "--lang", "en", "serve", "--listen", listen, ...args],
    // One browser asks more often than any person; the limit has a test of its own.
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, SHIRUBE_REQUESTS_PER_MINUTE: "0", ...env } },
  );
  const said = await announced(server);
  const url = /serving: (\S+)/.exec(said)[1].replace(/\/$/, "");
  const setup = /(https?:\/\/\S*\/setup\/\S+|\/\S*setup\/\S+)/.exec(said)?.[1];
  const log = [];
  server.stderr.on("data", (text) => log.push(String(text)));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  return {
    url,
    db,
    folder: home,
    log,
    process: server,
    setup: setup?.startsWith("/") ? url + setup : setup,
    async stop({ keep = false } = {}) {
      server.kill("SIGTERM");
      await ended;
      if (!keep) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** What the server says until pages can be asked for. */
function announced(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(() => reject(new Error(`the server did not start in time: ${said}`)), 60_000);
    server.stderr.on("data", (text) => {
      said += text;
      if (said.includes("Ctrl+C")) {
        clearTimeout(late);
        resolve(said);
      }
    });
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}
