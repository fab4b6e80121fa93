// The drawer on the real stack: Chromium, Django, ormd, PostgreSQL; only the model is scripted.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { audit } from "../support/audit.mjs";
import { launch, newPage } from "../support/browser.mjs";
import { startModel } from "./model.mjs";
import { django, logIn, session, SITE, useModel } from "./site.mjs";

// R21 of the security rules.
const CSP =
  "script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; require-trusted-types-for 'script'";

let browser;
let staff;
let page;
let context;
let complaints;

before(async () => {
  browser = await launch();
  const first = await newPage(browser);
  await logIn(first.page);
  staff = await first.context.cookies();
  await first.context.close();
});
after(() => browser.close());
beforeEach(async () => {
  ({ page, context, complaints } = await newPage(browser));
  page.setDefaultTimeout(30_000);
});
afterEach(() => context.close());

const drawer = () => page.getByRole("complementary", { name: "AI assistant" });
const launcher = () => page.getByRole("button", { name: "AI assistant", exact: true });
const input = () => page.getByLabel("Your question");
const answers = () => page.getByRole("article", { name: "Answer" });

async function open() {
  await context.addCookies(staff);
  await page.goto(`${SITE}/admin/`);
  await launcher().click();
  await drawer().waitFor();
}

async function ask(text) {
  const count = await answers().count();
  await input().fill(text);
  await input().press("Enter");
  const answer = answers().nth(count);
  await answer.waitFor();
  return answer;
}

const figure = async (answer) => Number((await answer.locator(".ai-figure-value").innerText()).replaceAll(",", ""));
const tiles = (answer) =>
  answer.locator(".ai-tiles > div").evaluateAll((all) =>
    Object.fromEntries(all.map((each) => [each.firstChild.textContent, Number(each.lastChild.textContent.replace(/[%,\s]/g, ""))])));

describe("the three questions, as Django counts them", () => {
  test("registrations today", async () => {
    const expected = await django(`
from django.contrib.auth import get_user_model
from django.utils import timezone
today = timezone.localdate()
print(sum(timezone.localtime(user.date_joined).date() == today for user in get_user_model().objects.all()))
`);
    await open();
    const answer = await ask("How many registrations today?");
    assert.equal(await figure(answer), expected);
    await answer.getByText("Verified").waitFor();
    await answer.getByText("How was this made?").click();
    await answer.getByText(/SELECT/).first().waitFor();
    assert.match(await answer.locator(".ai-how-inside").innerText(), /User\.objects\.filter[^]*SELECT COUNT[^]*auth\.User/);
  });

  test("six-digit usernames: the count and at most 100 ids", async () => {
    const expected = await django(`
import json, re
from django.contrib.auth import get_user_model
ids = [user.id for user in get_user_model().objects.order_by("id") if re.fullmatch("[0-9]{6}", user.username)]
print(json.dumps({"count": len(ids), "ids": [str(one) for one in ids[:100]]}))
`);
    await open();
    const answer = await ask("Users with a six-digit username?");
    assert.equal((await tiles(answer)).count, expected.count);
    const ids = await answer.locator(".ai-chips li").allInnerTexts();
    assert.ok(ids.length <= 100);
    assert.deepEqual(ids, expected.ids);
  });

  test("with and without avatar: counts and percentages that sum", async () => {
    const total = await django("from django.contrib.auth import get_user_model\nprint(get_user_model().objects.count())");
    await open();
    const values = Object.values(await tiles(await ask("How many users with and without avatar?")));
    assert.equal(values[0] + values[1], total);
    assert.ok(values[0] > 0 && values[1] > 0);
    assert.equal(Math.round((values[2] + values[3]) * 10) / 10, 100);
  });
});

describe("reads only", () => {
  test("an update() is refused in PostgreSQL's words, and nothing changes", async () => {
    await open();
    const answer = await ask("User.objects.update(is_active=False)");
    await answer.getByText("cannot execute UPDATE in a read-only transaction").waitFor();
    assert.equal(await answer.locator("mark").count(), 1);
    assert.ok((await django("from django.contrib.auth import get_user_model\nprint(get_user_model().objects.filter(is_active=True).count())")) > 0);
  });
});

describe("tables", () => {
  test("links to records, labels of choices, Show more, and rows again after a reload", async () => {
    const total = await django("from shop.models import Order\nprint(Order.objects.count())");
    await open();
    const answer = await ask('result = Order.objects.order_by("-id").values("id", "customer", "status", "total", "placed_at")');
    const rows = answer.locator("tbody tr");
    await rows.first().waitFor();
    assert.equal(await rows.count(), Math.min(100, total));
    assert.match(await rows.first().getByRole("link").first().getAttribute("href"), /^\/admin\/shop\/order\/\d+\/change\/$/);
    assert.match(await rows.first().locator("td").nth(2).innerText(), /^(New|Paid|Shipped|Done|Cancelled)$/);
    if (total > 100) {
      await answer.getByText("Truncated").waitFor();
      await answer.getByRole("button", { name: "Show more" }).click();
      await rows.nth(100).waitFor();
      assert.equal(await rows.count(), Math.min(200, total));
    }
    await page.reload();
    await answers().first().locator("tbody tr").first().waitFor();
    const [response] = await Promise.all([
      page.waitForResponse((each) => /\/shop\/order\/\d+\/change\/$/.test(each.url())),
      answers().first().getByRole("link").first().click(),
    ]);
    assert.equal(response.status(), 200);
    await drawer().waitFor();
  });
});

describe("who may ask", () => {
  test("anonymous: no button, no token, no API", async () => {
    await page.goto(`${SITE}/admin/`);
    assert.equal(await launcher().count(), 0);
    assert.equal(await page.locator("#ai-assistant").count(), 0);
    assert.equal(await tokenStatus(), 401);
    assert.equal((await page.request.get(`${SITE}/ai-assistant/api/chats`)).status(), 401);
  });

  test("signed in but no member of staff: no button, token 403", async () => {
    await page.goto(`${SITE}/admin/login/`);
    await context.addCookies([await session("e2e-nobody", { staff: false })]);
    await page.goto(`${SITE}/admin/`);
    assert.equal(await launcher().count(), 0);
    assert.equal(await tokenStatus(), 403);
  });

  test("a model that the user may not view does not exist", async () => {
    await context.addCookies([await session("e2e-orders-only", { permissions: ["view_order"] })]);
    await page.goto(`${SITE}/admin/`);
    await launcher().click();
    const hidden = await ask("result = Customer.objects.count()");
    const unknown = await ask("result = Custonobody.objects.count()");
    await hidden.locator(".ai-failure").waitFor();
    await unknown.locator(".ai-failure").waitFor();
    const code = (answer) => answer.locator(".ai-diagnostic .ai-quiet").first().innerText();
    assert.equal(await code(hidden), await code(unknown));
    assert.ok((await figure(await ask("result = Order.objects.count()"))) > 0);
    await page.getByRole("button", { name: "New chat" }).click();
    await page.getByText("Ask your database").waitFor();
    assert.equal(await page.getByRole("button", { name: "How many registrations today?" }).count(), 0);
  });

  async function tokenStatus() {
    const cookie = (await context.cookies()).find((each) => each.name === "csrftoken");
    const response = await page.request.post(`${SITE}/ai-assistant/token`, {
      headers: { "X-CSRFToken": cookie?.value ?? "", Referer: `${SITE}/admin/` },
    });
    return response.status();
  }
});

describe("a model, scripted", () => {
  let model;
  before(async () => {
    const says = (title, words, code) => `Title: ${title}\n${words}\n\`\`\`python\n${code}\n\`\`\`\n`;
    model = await startModel({
      "How many orders are paid?": says("Paid orders", "Orders whose status is paid.", 'result = Order.objects.filter(status="paid").count()'),
      "Deactivate everybody": says("Deactivation", "Sets every user inactive.", "result = User.objects.update(is_active=False)"),
    });
    await useModel(model.url);
  });
  after(async () => {
    await model.close();
    await useModel("");
  });

  test("its snippet is compiled and run, the badge says Generated, the chat takes its title", async () => {
    const expected = await django('from shop.models import Order\nprint(Order.objects.filter(status="paid").count())');
    await open();
    const answer = await ask("How many orders are paid?");
    assert.equal(await figure(answer), expected);
    await answer.getByText("Generated").waitFor();
    await page.getByRole("button", { name: /^Chats: Paid orders/ }).waitFor();
  });

  test("its update() is refused like anybody's", async () => {
    await open();
    await (await ask("Deactivate everybody")).getByText("cannot execute UPDATE in a read-only transaction").waitFor();
  });

  test("a provider's error is one to wait for, with a Retry", async () => {
    await open();
    const answer = await ask("Something unscripted");
    await answer.getByText("Wait, then try again").waitFor();
    await answer.getByRole("button", { name: "Retry" }).waitFor();
  });
});

describe("the drawer on Django's own pages", () => {
  test("opens and closes without a reload; Esc gives the focus back", async () => {
    await open();
    const before = await page.evaluate(() => performance.timeOrigin);
    await page.keyboard.press("Escape");
    assert.equal(await drawer().count(), 0);
    assert.equal(await launcher().evaluate((element) => element === document.activeElement), true);
    await page.keyboard.press("Enter");
    await drawer().waitFor();
    assert.equal(await page.evaluate(() => performance.timeOrigin), before);
  });

  test("the chat is there on the next page; rename and delete hold", async () => {
    await open();
    const value = await figure(await ask("How many registrations today?"));
    await page.goto(`${SITE}/admin/shop/order/`);
    assert.equal(await figure(answers().first()), value);
    await page.getByRole("button", { name: /^Chats:/ }).click();
    await page.getByRole("button", { name: /^Rename/ }).first().click();
    await page.getByLabel("New title").fill("My registrations");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete My registrations" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete My registrations" }).waitFor({ state: "detached" });
  });

  test("the header's links stay in reach at every width", async () => {
    await open();
    for (const width of [1440, 1024, 900, 768, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.getByRole("button", { name: "Log out" }).click({ trial: true });
      await page.getByRole("link", { name: "Change password" }).click({ trial: true });
    }
  });

  test("the content policy of R21 is kept", async () => {
    await context.route(`${SITE}/admin/`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": CSP } });
    });
    await open();
    await ask("How many registrations today?");
    await (await ask("result = Order.objects.order_by('id')")).locator("tbody tr").first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test("axe finds nothing serious", async () => {
    await open();
    await ask("How many registrations today?");
    await ask("result = Order.objects.order_by('id')");
    await ask("User.objects.update(is_active=False)");
    assert.deepEqual(await audit(page), []);
  });
});
