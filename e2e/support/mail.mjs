// A real mail server on loopback (e2e/mail/receive.py), and what it has taken.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** A Python that has aiosmtpd; none where nobody has brought it, which under CI is a failure. */
function python() {
  const known = [process.env.SHIRUBE_TEST_PYTHON, path.join(ROOT, "target/python-mail/bin/python"), "python3"];
  const found = known.find((one) => one && (one === "python3" || existsSync(one)) && spawnSync(one, ["-c", "import aiosmtpd"]).status === 0);
  if (!found && process.env.CI) throw new Error("aiosmtpd is missing, and CI may skip nothing");
  return found;
}

/** Starts it; none where it cannot be started. */
export async function receive() {
  const program = python();
  if (!program) return undefined;
  const child = spawn(program, [path.join(ROOT, "e2e/mail/receive.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const letters = [];
  const port = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the mail server did not start")), 30_000);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = JSON.parse(line);
      if (said.port) {
        clearTimeout(late);
        resolve(said.port);
      } else if (said.text !== undefined) letters.push(said);
    });
  });
  return {
    port,
    letters,
    /** The first letter to an address; waited for. */
    async to(address, patience = 20_000) {
      const until = Date.now() + patience;
      while (Date.now() < until) {
        const letter = letters.find((one) => one.to.includes(address));
        if (letter) return letter;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no letter to ${address}; there are ${JSON.stringify(letters.map((one) => one.to))}`);
    },
    stop() {
      child.kill();
    },
  };
}
