// The scripted language model of the integration tests, as a process beside the stack.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const SERVER = new URL("../../integration/model_server.py", import.meta.url).pathname;

/** `script`: words of the question -> what the model says; anything else gets a provider's error. */
export async function startModel(script) {
  const folder = mkdtempSync(join(tmpdir(), "ormc-model-"));
  const file = join(folder, "script.json");
  writeFileSync(file, JSON.stringify(script));
  const child = spawn("python3", [SERVER, "--port", "0", "--script", file], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return {
    url: line.replace(/^serving /, ""),
    async close() {
      child.kill();
      await once(child, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}
