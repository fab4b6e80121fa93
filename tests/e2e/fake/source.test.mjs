// What no line of the drawer may contain: HTML as text, inline handlers or styles, other origins.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

const FOLDER = new URL("../../../django_app/ai_assistant/static/ai_assistant/drawer/", import.meta.url);
const SCRIPTS = {
  "HTML as text": /\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|document\.write)\b/,
  "code as text": /\beval\(|new Function|setTimeout\(\s*["'`]/,
  "an attribute that is script or style": /\bstyle:|setAttribute\(\s*["'](?:style|on)/,
  "another origin": /https?:\/\/(?!www\.w3\.org\/2000\/svg)/,
};
const STYLES = {
  "another origin": /https?:\/\/|url\(/,
  "a side that is not logical": /(?:margin|padding|border)-(?:left|right)\b|(?<!-)\b(?:left|right)\s*:\s*[-\d]/,
};

test("the drawer's source keeps its rules", async () => {
  for (const name of (await readdir(FOLDER)).filter((each) => /\.(js|css)$/.test(each))) {
    const text = await readFile(new URL(name, FOLDER), "utf8");
    for (const [what, pattern] of Object.entries(name.endsWith(".css") ? STYLES : SCRIPTS)) assert.doesNotMatch(text, pattern, `${name}: ${what}`);
    assert.ok(text.split("\n").length < 320, `${name} is too long`);
  }
});

test("the sheets have no colour of their own, but as the fallback of a variable of the admin", async () => {
  for (const name of (await readdir(FOLDER)).filter((each) => each.endsWith(".css"))) {
    const css = await readFile(new URL(name, FOLDER), "utf8");
    for (const line of css.split("\n").filter((each) => /#[0-9a-f]{3,8}\b/i.test(each) && each.includes(":"))) {
      assert.match(line, /var\(--[a-z-]+, (?:var\(--[a-z-]+, )?#[0-9a-f]{3,6}\)|^[:.#\s\w>-]+[{,]$/, `${name}: ${line}`);
    }
  }
});

test("every word has its German", async () => {
  const po = await readFile(new URL("../../../locale/de/LC_MESSAGES/djangojs.po", FOLDER), "utf8");
  for (const name of (await readdir(FOLDER)).filter((each) => each.endsWith(".js"))) {
    const text = await readFile(new URL(name, FOLDER), "utf8");
    for (const [, word] of text.matchAll(/\bn?gettext\(\s*"((?:[^"\\]|\\.)*)"/g)) {
      assert.ok(po.includes(`msgid "${word}"\nmsg`), `${name}: ${word}`);
    }
  }
});
