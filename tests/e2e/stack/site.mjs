// The running stack as the tests see it: its pages, its users, and Django itself as the judge.
//
// ORMC_STACK_URL, ORMC_STACK_USER and ORMC_STACK_PASSWORD say where it is and who may enter
// (scripts/demo/with_stack.py sets them, and the database that manage.py needs).

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const ROOT = new URL("../../../", import.meta.url).pathname;
const { ORMC_STACK_URL, ORMC_STACK_USER, ORMC_STACK_PASSWORD } = process.env;
if (!ORMC_STACK_URL) throw new Error("no stack: run this by scripts/demo/with_stack.py");

export const SITE = ORMC_STACK_URL;

/** Runs Python in the site's shell; answers the JSON of its last line. */
export async function django(code) {
  const own = join(ROOT, ".venv/bin/python");
  const python = existsSync(own) ? own : "python3";
  const { stdout } = await promisify(execFile)(python, [join(ROOT, "django_app/example/manage.py"), "shell", "--verbosity=0", "--command", code]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** A user with these permissions and no others; answers a cookie of a session of theirs. */
export async function session(username, { staff = true, permissions = [] } = {}) {
  const key = await django(`
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import Permission
from importlib import import_module
user, _ = get_user_model().objects.get_or_create(username=${JSON.stringify(username)})
user.is_staff = ${staff ? "True" : "False"}
user.is_superuser = False
user.save()
user.user_permissions.set(Permission.objects.filter(codename__in=${JSON.stringify(permissions)}))
store = import_module(settings.SESSION_ENGINE).SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store.create()
print(json.dumps(store.session_key))
`);
  return { name: "sessionid", value: key, url: SITE };
}

export async function logIn(page) {
  page.setDefaultTimeout(60_000);
  await page.goto(`${SITE}/admin/login/?next=/admin/`);
  await page.getByLabel("Username").fill(ORMC_STACK_USER);
  await page.getByLabel("Password").fill(ORMC_STACK_PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${SITE}/admin/`);
}

/** Points the assistant at a model: settings hold from the next question, without a restart. */
export function useModel(baseUrl) {
  return django(`
from ai_assistant.models import AIConfig
config = AIConfig.load()
config.base_url = ${JSON.stringify(baseUrl)}
config.model = "scripted"
config.timeout_sec = 5
config.set_api_key(${baseUrl ? '"test-key"' : '""'})
config.save()
print("null")
`);
}
