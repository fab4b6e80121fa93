// The drawer's calls without a browser: what it does when a stream breaks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createApi } from "../../../django_app/ai_assistant/static/ai_assistant/drawer/api.js";

const EXCHANGE = { answer: { id: "42" } };
const TOKENS = { get: async () => "token", drop: () => {} };

function streamOf(...events) {
  const text = events.map(([id, event, data]) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  return new Response(text.join(""), { headers: { "Content-Type": "text/event-stream" } });
}

/** Asks with a server that answers so, one answer a call. */
async function ask(t, ...answers) {
  const calls = [];
  const heard = [];
  t.mock.method(globalThis, "fetch", async (url, { headers }) => {
    calls.push([url, headers["Last-Event-ID"]]);
    return answers.shift();
  });
  const api = createApi({ base: "/api", tokens: TOKENS });
  const onEvent = ({ event, data }) => heard.push([event, data]);
  const asked = api.ask("7", { text: "How many?", isSnippet: false }, { onEvent });
  return { outcome: await asked.catch((problem) => problem.name), calls, heard };
}

const THINKING = ["41:1", "phase", { phase: "thinking" }];
const RUNNING = ["41:2", "phase", { phase: "running" }];
const DONE = ["41:3", "done", EXCHANGE];

test("a stream that ends well is not asked for again", async (t) => {
  const { outcome, calls } = await ask(t, streamOf(THINKING, RUNNING, DONE));
  assert.deepEqual(outcome, EXCHANGE);
  assert.deepEqual(calls, [["/api/chats/7/message", undefined]]);
});

test("a stream that breaks goes on after the last event that was heard", async (t) => {
  const { outcome, calls, heard } = await ask(t, streamOf(THINKING), streamOf(RUNNING), streamOf(DONE));
  assert.deepEqual(outcome, EXCHANGE);
  assert.deepEqual(calls.slice(1), [
    ["/api/messages/41/events", "41:1"],
    ["/api/messages/41/events", "41:2"],
  ]);
  assert.deepEqual(
    heard.map(([event, data]) => data.phase ?? event),
    ["accepted", "thinking", "running"],
  );
});

test("a stream that brings nothing more is given up", async (t) => {
  assert.equal((await ask(t, streamOf(THINKING), streamOf())).outcome, "dropped");
  const gone = new Response(JSON.stringify({ name: "not-found" }), { status: 404 });
  assert.equal((await ask(t, streamOf(THINKING), gone)).outcome, "dropped");
  assert.equal((await ask(t, streamOf())).outcome, "dropped");
});

test("an error is told and not asked for again", async (t) => {
  const error = { name: "internal", title: "A defect" };
  const { outcome, calls } = await ask(t, streamOf(THINKING, ["41:2", "error", { error }]));
  assert.equal(outcome, "internal");
  assert.equal(calls.length, 1);
});
