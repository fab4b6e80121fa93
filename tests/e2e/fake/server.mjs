// Django's pages and ormd's API in one small server: real admin HTML, docs/contract/http.md, answers
// from answers.mjs. It lets a test reach every state of the drawer, the rare ones too.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { ANSWERS, answerMessage, orders, questionMessage, snippetAnswer, STEP_MS } from "./answers.mjs";

const HERE = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const STATIC = join(HERE, "../../../django_app/ai_assistant/static");
const API = "/ai-assistant/api";
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html" };
// R21 of the security rules: what the drawer must live with.
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; require-trusted-types-for 'script'";

export async function startFake({ adminStatic }) {
  const chats = new Map();
  const streams = new Map(); // by idempotency key
  const control = {
    requests: [],
    keys: [],
    resumed: [],
    rejectToken: 0,
    unknownManifest: 0,
    tokenStatus: 200,
    problem: null,
    hold: false,
    breakAfter: null,
    loseReply: false,
    breakExport: false,
    rtl: false,
    suggestions: true,
  };
  let ids = 40;
  let tokens = 0;

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      response.writeHead(500).end(String(error.stack));
    });
  });

  async function handle(request, response) {
    const url = new URL(request.url, "http://localhost");
    control.requests.push(`${request.method} ${url.pathname}`);
    if (url.pathname.startsWith("/static/")) return file(url.pathname.slice(8), response);
    if (url.pathname === "/ai-assistant/token") return token(request, response);
    if (url.pathname.startsWith(API)) return api(request, response, url);
    return page(url, response);
  }

  async function page(url, response) {
    const name = url.pathname.startsWith("/admin/auth/user/") ? "users" : "index";
    let html = await readFile(join(HERE, "pages", `${name}.html`), "utf8");
    if (control.rtl) html = html.replace(/<html lang="en" dir="ltr">/, '<html lang="ar" dir="rtl">');
    html = html.replace("</head>", `${await sheets()}\n</head>`).replace("</body>", `${mount()}\n</body>`);
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP });
    response.end(html);
  }

  // The sheets that Django links, in its order.
  async function sheets() {
    const placement = await readFile(join(STATIC, "..", "placement.py"), "utf8");
    const names = placement.match(/^STYLES = \(([^)]*)\)/m)[1].match(/\w+/g);
    return names.map((name) => `<link rel="stylesheet" href="/static/ai_assistant/drawer/${name}.css">`).join("\n");
  }

  function mount() {
    const urls = JSON.stringify({
      "shop.Order": "/admin/shop/order/__pk__/change/",
      "shop.Customer": "/admin/shop/customer/__pk__/change/",
    }).replaceAll('"', "&quot;");
    return `<div id="ai-assistant" data-token-url="/ai-assistant/token" data-api-base="${API}" data-change-urls="${urls}"
      data-lang="${control.rtl ? "ar" : "en"}" data-time-zone="Europe/Berlin" data-user="1"></div>
      <script type="module" src="/static/ai_assistant/drawer/main.js"></script>`;
  }

  async function file(path, response) {
    const clean = normalize(path).replace(/^(\.\.[/\\])+/, "");
    for (const root of [STATIC, adminStatic]) {
      try {
        const content = await readFile(join(root, clean));
        response.writeHead(200, { "Content-Type": TYPES[extname(clean)] ?? "application/octet-stream" });
        return response.end(content);
      } catch {
        // Not in this folder.
      }
    }
    return response.writeHead(404).end();
  }

  function token(request, response) {
    if (control.tokenStatus !== 200) return problem(response, control.tokenStatus, control.tokenStatus === 401 ? "signed-out" : "not-staff");
    if (request.headers["x-csrftoken"] !== "fixture") return problem(response, 403, "csrf");
    tokens += 1;
    return json(response, 200, { token: `token-${tokens}`, expires_in: 300 });
  }

  async function api(request, response, url) {
    if (request.headers.authorization !== `Bearer token-${tokens}`) return problem(response, 401, "token-invalid");
    if (control.rejectToken > 0) {
      control.rejectToken -= 1;
      return problem(response, 401, "token-expired");
    }
    if (control.unknownManifest > 0) {
      control.unknownManifest -= 1;
      return problem(response, 409, "manifest-unknown");
    }
    const [, kind, id, part] = url.pathname.slice(API.length).split("/");
    const body = await bodyOf(request);
    if (kind === "suggestions") {
      const known = ["How many registrations today?", "Users with a six-digit username?", "How many users with and without avatar?"];
      return json(response, 200, { suggestions: control.suggestions ? known.map((question) => ({ question, verified: true })) : [] });
    }
    if (kind === "messages" && part === "events") return resume(request, response, id);
    if (kind === "messages" && part === "export") return exported(response, url.searchParams.get("format"));
    if (kind === "messages") {
      const offset = Number(url.searchParams.get("offset"));
      return json(response, 200, { message: id, offset, result: orders(offset) });
    }
    if (!id) return request.method === "POST" ? json(response, 201, create(body.title ?? "")) : listChats(response, url);
    const chat = chats.get(id);
    if (!chat) return problem(response, 404, "not-found");
    if (part) return ask(request, response, chat, part === "snippet" ? body.snippet : body.content, part === "snippet");
    if (request.method === "PATCH") {
      chat.head.title = body.title;
      return json(response, 200, chat.head);
    }
    if (request.method === "DELETE") {
      chats.delete(id);
      return response.writeHead(204).end();
    }
    return history(response, chat, url);
  }

  function listChats(response, url) {
    const all = [...chats.values()].map((chat) => chat.head).reverse();
    const from = Number(url.searchParams.get("before") ?? 0);
    const to = from + Number(url.searchParams.get("limit"));
    return json(response, 200, { chats: all.slice(from, to), next_before: to < all.length ? String(to) : null });
  }

  function history(response, chat, url) {
    const end = Number(url.searchParams.get("before") ?? chat.messages.length);
    const begin = Math.max(0, end - Number(url.searchParams.get("limit")));
    const messages = chat.messages.slice(begin, end).map((message) =>
      message.result?.kind === "table" ? { ...message, result: { ...message.result, rows: null } } : message);
    return json(response, 200, { chat: chat.head, messages, next_before: begin > 0 ? String(begin) : null });
  }

  function create(title) {
    ids += 1;
    const now = new Date().toISOString().replace("Z", "000+00:00");
    const head = { id: String(ids), title, created_at: now, updated_at: now };
    chats.set(head.id, { head, messages: [] });
    return head;
  }

  function exchange(chat, text, isSnippet) {
    ids += 2;
    const question = questionMessage(String(ids), chat.head.id, text);
    const parts = isSnippet ? snippetAnswer(text) : (ANSWERS[text] ?? { ...ANSWERS["How many registrations today?"], content: `About: ${text}` });
    const answer = answerMessage(String(ids + 1), chat.head.id, parts);
    if (!chat.head.title) chat.head.title = text.slice(0, 60);
    return { chat: chat.head, question, answer };
  }

  async function ask(request, response, chat, text, isSnippet) {
    if (control.problem) return problem(response, ...control.problem);
    const key = request.headers["idempotency-key"];
    control.keys.push(key);
    const known = streams.get(key);
    if (known) return play(response, known, 0);
    const done = exchange(chat, text, isSnippet);
    const stream = { question: done.question.id, events: [], ended: false };
    streams.set(key, stream);
    chat.messages.push(done.question);
    const work = answer(stream, chat, done, isSnippet);
    if (control.loseReply) {
      control.loseReply = false;
      return response.destroy();
    }
    const playing = play(response, stream, 0);
    await work;
    return playing;
  }

  async function answer(stream, chat, done, isSnippet) {
    const add = (event, data) => stream.events.push({ event, data });
    for (const phase of isSnippet ? ["compiling", "running"] : ["thinking", "compiling", "running"]) {
      add("phase", { phase });
      await sleep(STEP_MS);
      while (control.hold === true) await sleep(20);
    }
    chat.messages.push(done.answer);
    if (control.hold !== "drop") add("done", done);
    stream.ended = true;
  }

  /** Writes the events after number `from` as they come; breaks after `control.breakAfter` of them. */
  async function play(response, stream, from) {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store, private" });
    for (let at = from; ; at += 1) {
      if (at === control.breakAfter) {
        control.breakAfter = null;
        await sleep(50); // what was written is on its way
        return response.destroy();
      }
      while (at === stream.events.length && !stream.ended) await sleep(5);
      if (at === stream.events.length) return response.destroy();
      const { event, data } = stream.events[at];
      response.write(`id: ${stream.question}:${at + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (event === "done") return response.end();
    }
  }

  function resume(request, response, question) {
    const stream = [...streams.values()].find((each) => each.question === question);
    if (!stream || control.hold === "drop") return problem(response, 404, "not-found");
    control.resumed.push(request.headers["last-event-id"]);
    return play(response, stream, Number(request.headers["last-event-id"].split(":")[1]));
  }

  function exported(response, format) {
    response.writeHead(200, { "Content-Type": format === "csv" ? "text/csv" : "application/json", "Transfer-Encoding": "chunked" });
    response.write(format === "csv" ? "\ufeffID,total\r\n1,9.50\r\n" : '{"columns": [], "rows": []');
    if (control.breakExport) return sleep(50).then(() => response.destroy());
    return response.end(format === "csv" ? "2,10.00\r\n" : ', "truncated": false}');
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    control,
    create,
    /** A chat with `count` answered questions. */
    fill(title, count) {
      const head = create(title);
      const chat = chats.get(head.id);
      for (let index = 1; index <= count; index += 1) {
        const { question, answer } = exchange(chat, `Question ${index}`, false);
        chat.messages.push(question, answer);
      }
      return head;
    },
    forget: () => chats.clear(),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store, private" });
  response.end(JSON.stringify(body));
}

function problem(response, status, name) {
  response.writeHead(status, { "Content-Type": "application/problem+json", ...(status === 429 || status === 503 ? { "Retry-After": "7" } : {}) });
  response.end(JSON.stringify({ type: "about:blank", title: name, status, detail: "", code: "ORM799", name, request_id: "r-1" }));
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
