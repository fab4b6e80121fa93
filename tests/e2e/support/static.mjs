// Where the installed Django keeps the admin's stylesheets.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const ROOT = new URL("../../../", import.meta.url).pathname;

export function adminStatic() {
  const own = join(ROOT, ".venv/bin/python");
  const python = process.env.PYTHON ?? (existsSync(own) ? own : "python3");
  const code = "import os, django.contrib.admin as a; print(os.path.join(os.path.dirname(a.__file__), 'static'))";
  return execFileSync(python, ["-c", code], { encoding: "utf8" }).trim();
}
