// The in-test server says what docs/contract says: a drawer that passes here meets the real one.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";

import { ANSWERS, answerMessage, orders, questionMessage, snippetAnswer } from "./answers.mjs";

const schema = JSON.parse(await readFile(new URL("../../../docs/contract/http.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(schema);

function check(name, value) {
  const validate = ajv.getSchema(`http.schema.json#/$defs/${name}`);
  assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`);
}

for (const [question, parts] of Object.entries(ANSWERS)) {
  test(question, () => check("answer", answerMessage("1", "2", parts)));
}

test("snippets", () => {
  check("answer", answerMessage("1", "2", snippetAnswer("User.objects.count()")));
  check("answer", answerMessage("1", "2", snippetAnswer("User.objects.update(a=1)")));
});

test("questions and pages", () => {
  check("question", questionMessage("1", "2", "How many?"));
  check("page", { message: "1", offset: 100, result: orders(100) });
});
