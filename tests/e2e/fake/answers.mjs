// What the in-test server answers to which question: one entry a state of the drawer.

const NOW = "2026-11-22T11:04:05.123456+00:00";

export const STEP_MS = 40;

function number(value) {
  return { kind: "number", value, columns: [], rows: null, truncated: false, next_offset: null };
}

function nested(value) {
  return { ...number(value), kind: Array.isArray(value) ? "list" : "dict" };
}

function column(name, type, extra = {}) {
  return { name, label: name.replaceAll("_", " "), type, link: null, choices: false, masked: false, ...extra };
}

const ORDER_COLUMNS = [
  column("id", "integer", { label: "ID", link: "shop.Order" }),
  column("customer", "integer", { link: "shop.Customer" }),
  column("status", "text", { choices: true }),
  column("total", "decimal"),
  column("placed_at", "datetime"),
  column("gift", "boolean"),
  column("note", "text"),
];
const STATUSES = [
  ["new", "New"],
  ["paid", "Paid"],
  ["shipped", "Shipped"],
  ["done", "Done"],
];
const NOTES = [null, "Leave at the door", null, "Please call before delivery; the bell is broken…", null];
export const ORDERS = 137;

/** Rows `offset` to `offset + 100` of the table of orders, as RESULT. */
export function orders(offset) {
  const rows = [];
  for (let index = offset; index < Math.min(offset + 100, ORDERS); index += 1) {
    const [value, label] = STATUSES[index % STATUSES.length];
    rows.push([
      4200 - index,
      index % 9 === 4 ? null : 100 + ((index * 7) % 60),
      { value, label },
      `${((index * 3767) % 250000) + 990}`.replace(/(\d\d)$/, ".$1"),
      `2026-11-${String(22 - (index % 20)).padStart(2, "0")}T0${index % 9}:15:00.000000+00:00`,
      index % 3 === 0 ? null : index % 2 === 0,
      NOTES[index % NOTES.length],
    ]);
  }
  const truncated = offset + 100 < ORDERS;
  return { kind: "table", value: null, columns: ORDER_COLUMNS, rows, truncated, next_offset: truncated ? offset + 100 : null };
}

const REGISTRATIONS = {
  source: "verified",
  verified: true,
  content: "Registrations today, by the day they joined.",
  result: number(42),
  meaning: ["counts users whose `date_joined` is on 2026-11-22 (Europe/Berlin)"],
  snippet: "result = User.objects.filter(date_joined__date=timezone.localdate()).count()",
  sql: [
    {
      sql: "SELECT COUNT(*) AS \"c0\" FROM \"public\".\"auth_user\" \"t0\" WHERE (\"t0\".\"date_joined\" AT TIME ZONE 'Europe/Berlin')::date = $1",
      params: [{ type: "date", value: "2026-11-22" }],
      rows: 1,
      ms: 1.8,
    },
  ],
  tables: [{ label: "auth.User", table: "auth_user", columns: ["date_joined", "id"], implied: false }],
  permissions: ["auth.view_user"],
  duration_ms: 12.4,
};

const GENERATED = {
  source: "model",
  generated: true,
  model: { name: "gpt-4o-mini", calls: 1, prompt_tokens: 900, completion_tokens: 60 },
  permissions: ["shop.view_order"],
  tables: [{ label: "shop.Order", table: "shop_order", columns: ["customer_id", "id", "placed_at", "status", "total"], implied: false }],
  duration_ms: 1240.5,
};

const LATEST = {
  ...GENERATED,
  content: "The latest orders, newest first.",
  result: orders(0),
  meaning: ["lists orders, latest `placed_at` first"],
  snippet: "result = Order.objects.order_by('-placed_at').values('id', 'customer', 'status', 'total', 'placed_at', 'gift', 'note')",
  sql: [{ sql: 'SELECT "t0"."id" AS "c0", "t0"."customer_id" AS "c1" FROM "public"."shop_order" "t0" ORDER BY "t0"."placed_at" DESC LIMIT 101', params: [], rows: 101, ms: 3.1 }],
};

export const ANSWERS = {
  "How many registrations today?": REGISTRATIONS,
  "Users with a six-digit username?": {
    ...REGISTRATIONS,
    content: "Users whose name is exactly six digits: how many, and up to 100 of their ids.",
    result: nested({ count: 64, ids: Array.from({ length: 64 }, (_, index) => 1007 + index * 13) }),
    meaning: ["counts users whose `username` matches `^\\d{6}$`", "lists up to 100 of their `id`"],
  },
  "How many users with and without avatar?": {
    ...REGISTRATIONS,
    content: "Users with an avatar and without, and their shares.",
    result: nested({ with_avatar: 812, without_avatar: 188, with_avatar_percent: 81.2, without_avatar_percent: 18.8 }),
    meaning: ["counts users by whether `profile.avatar` is set"],
  },
  "Latest orders": LATEST,
  "Masked customers": {
    ...GENERATED,
    content: "Customers and how to reach them.",
    result: {
      kind: "table",
      value: null,
      columns: [column("name", "text"), column("email", "text", { masked: true }), column("attributes", "json")],
      rows: [
        ["Ada <b>Lovelace</b>", "***@example.com", { tags: ["vip"] }],
        ['<img src="x" onerror="document.title=1">', "***@example.org", null],
      ],
      truncated: false,
      next_offset: null,
    },
    meaning: ["lists customers"],
    rules: ["`shop.Customer.email` is shown as its domain only"],
  },
  "Nobody at all": { ...LATEST, content: "Orders of the year 1900.", result: { ...orders(0), rows: [], truncated: false, next_offset: null } },
  "Which orders?": {
    ...GENERATED,
    status: "clarify",
    content: "Which orders do you mean?",
    suggestions: ["Orders placed this month", "Orders paid this month"],
    result: null,
  },
  "How many registrations yesterday?": {
    status: "suggest",
    content: "Did you mean one of these?",
    suggestions: ["How many registrations today?"],
    error: {
      code: "ORM751",
      name: "no-model",
      message: "No language model is configured.",
      hint: "Ask an administrator to set one in AI Assistant -> Settings.",
      whose_move: "admin",
      retry: false,
    },
  },
  "The order without a number": {
    status: "error",
    source: "model",
    content: "no `Order` matches the query",
    error: {
      code: "ORM601",
      name: "does-not-exist",
      message: "no `Order` matches the query",
      hint: "`.first()` gives None where there is no row",
      whose_move: "you",
      retry: false,
    },
  },
  "Deactivate everybody": refusedUpdate("User.objects.update(is_active=False)", "model"),
  "Slow provider": {
    status: "error",
    source: "model",
    content: "The model provider did not answer in time.",
    error: {
      code: "ORM752",
      name: "model-timeout",
      message: "The model provider did not answer in time.",
      hint: "Try again in a moment.",
      whose_move: "wait",
      retry: true,
    },
  },
};

/** What a pasted snippet gets: a write is refused, anything else counts. */
export function snippetAnswer(snippet) {
  if (/\.(update|delete|create|save)\(/.test(snippet)) return refusedUpdate(snippet, "snippet");
  return { ...REGISTRATIONS, source: "snippet", verified: false, content: "It counts users.", meaning: ["It counts users."], result: number(1204), snippet };
}

function refusedUpdate(snippet, source) {
  const begin = Math.max(0, snippet.indexOf("update"));
  return {
    status: "refused",
    source,
    generated: source === "model",
    content: "`update` writes: cannot execute UPDATE in a read-only transaction",
    snippet,
    diagnostics: [
      {
        code: "ORM401",
        name: "write-method",
        message: "`update` writes: cannot execute UPDATE in a read-only transaction",
        hint: "read with `filter()` and change the records in the admin",
        span: { begin, end: begin + 6, line: 1, column: begin + 1 },
        fixes: [],
      },
    ],
    error: { code: "ORM758", name: "snippet-refused", message: "The snippet was refused.", hint: "", whose_move: "you", retry: false },
  };
}

/** Every member of an answer (docs/contract/http.md), the given ones over the empty ones. */
export function answerMessage(id, chat, parts) {
  return {
    id,
    chat,
    role: "assistant",
    created_at: NOW,
    status: "ok",
    source: "none",
    content: "",
    verified: false,
    generated: false,
    snippet: null,
    sql: [],
    result: null,
    meaning: [],
    tables: [],
    permissions: [],
    rules: [],
    notes: [],
    duration_ms: 8.2,
    model: null,
    diagnostics: [],
    error: null,
    suggestions: [],
    ...parts,
  };
}

export function questionMessage(id, chat, content) {
  return { id, chat, role: "user", content, created_at: new Date().toISOString().replace("Z", "000+00:00") };
}
