// The drawer in Chromium against the in-test server: every part of it, and every state that the
// real stack reaches only by accident.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { audit } from "../support/audit.mjs";
import { launch, newPage } from "../support/browser.mjs";
import { adminStatic } from "../support/static.mjs";
import { startFake } from "./server.mjs";

const ADMIN_STATIC = adminStatic();

let browser;
let fake;
let page;
let context;
let complaints;

before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  fake = await startFake({ adminStatic: ADMIN_STATIC });
  ({ page, context, complaints } = await newPage(browser));
});
afterEach(async () => {
  await context.close();
  fake.close();
});

const drawer = () => page.getByRole("complementary", { name: "AI assistant" });
const launcher = () => page.getByRole("button", { name: "AI assistant", exact: true });
const thread = () => page.locator(".ai-thread");
const input = () => page.getByLabel("Your question");
const answers = () => page.getByRole("article", { name: "Answer" });

async function open(path = "/admin/") {
  await page.goto(fake.base + path);
  await launcher().click();
  await drawer().waitFor();
}

async function ask(text) {
  const count = await answers().count();
  await input().fill(text);
  await input().press("Enter");
  await answers().nth(count).waitFor();
  return answers().nth(count);
}

describe("opening and closing", () => {
  test("opens beside the page without a reload; Esc closes it and gives the focus back", async () => {
    await page.goto(`${fake.base}/admin/`);
    await page.evaluate(() => {
      window.untouched = true;
    });
    assert.equal(await drawer().count(), 0);
    await launcher().click();
    assert.equal(await launcher().getAttribute("aria-expanded"), "true");
    assert.equal(await input().evaluate((element) => element === document.activeElement), true);
    const [container, aside, links] = await Promise.all(
      ["#container", "#ai-assistant-drawer", "#user-tools"].map((selector) => page.locator(selector).boundingBox()),
    );
    assert.ok(container.x + container.width <= aside.x + 1, "the page gives way");
    assert.ok(links.x + links.width <= aside.x, "the user's links stay in view");
    await page.keyboard.press("Escape");
    assert.equal(await drawer().count(), 0);
    assert.equal(await launcher().evaluate((element) => element === document.activeElement), true);
    assert.equal(await page.evaluate(() => window.untouched), true);
  });

  test("is a sheet below the header on a narrow screen", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open();
    const header = await page.locator("#header").boundingBox();
    const aside = await page.locator("#ai-assistant-drawer").boundingBox();
    assert.ok(aside.y >= Math.floor(header.y + header.height) - 1);
    assert.equal(Math.round(aside.width), 320);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  });

  test("a record opened from the sheet is not hidden by it; the chat is kept", async () => {
    await page.setViewportSize({ width: 390, height: 760 });
    await open();
    const answer = await ask("Latest orders");
    await answer.getByRole("link", { name: "4200" }).click();
    await page.waitForURL("**/admin/shop/order/4200/change/");
    assert.equal(await drawer().count(), 0);
    await launcher().click();
    await page.locator(".ai-bubble", { hasText: "Latest orders" }).waitFor();
  });

  test("stands at the left in a right-to-left admin", async () => {
    fake.control.rtl = true;
    await open();
    assert.equal((await page.locator("#ai-assistant-drawer").boundingBox()).x, 0);
  });

  test("stays open with its chat on the next page, without taking the focus", async () => {
    await open();
    await ask("How many registrations today?");
    await page.goto(`${fake.base}/admin/auth/user/`);
    await thread().getByText("42").waitFor();
    await thread().getByText("How many registrations today?").first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
    await launcher().click();
    await page.reload();
    assert.equal(await drawer().count(), 0);
  });

  test("keeps a draft across pages", async () => {
    await open();
    await input().fill("half a question");
    await page.goto(`${fake.base}/admin/auth/user/`);
    assert.equal(await input().inputValue(), "half a question");
  });

  test("widens, and remembers it", async () => {
    await open();
    const before = (await page.locator("#ai-assistant-drawer").boundingBox()).width;
    await page.getByRole("button", { name: "Widen" }).click();
    await page.reload();
    assert.ok((await page.locator("#ai-assistant-drawer").boundingBox()).width > before + 100);
  });
});

describe("asking", () => {
  test("a chat is created on the first message and not before", async () => {
    await open();
    await page.getByRole("button", { name: "How many registrations today?" }).waitFor();
    assert.ok(!fake.control.requests.includes("POST /ai-assistant/api/chats"));
    await ask("How many registrations today?");
    assert.equal(fake.control.requests.filter((call) => call === "POST /ai-assistant/api/chats").length, 1);
    await page.getByRole("button", { name: /^Chats: How many registrations today/ }).waitFor();
  });

  test("a number is large, with its unit, what it means, its badge and how it was made", async () => {
    await open();
    await page.getByRole("button", { name: "How many registrations today?" }).click();
    await answers().first().waitFor();
    const answer = answers().first();
    assert.equal(await answer.locator(".ai-figure").innerText(), "42\nusers");
    await answer.getByText("Counts users whose date_joined is on 2026-11-22 (Europe/Berlin).").waitFor();
    await answer.getByText("Verified").waitFor();
    await answer.getByText("How was this made?").click();
    await answer.getByText("User.objects.filter").waitFor();
    await answer.getByText("2026-11-22", { exact: true }).waitFor();
    await answer.getByText("auth.view_user").waitFor();
    assert.match(await answer.locator(".ai-how pre").nth(1).innerText(), /^SELECT[^\n]*\nFROM[^\n]*\nWHERE/);
  });

  test("Shift+Enter breaks the line, Enter sends", async () => {
    await open();
    await input().pressSequentially("one");
    await input().press("Shift+Enter");
    await input().pressSequentially("two");
    assert.equal(await input().inputValue(), "one\ntwo");
    await input().press("Enter");
    await answers().first().waitFor();
    assert.equal(await input().inputValue(), "");
  });

  test("phases are shown with a timer and each is announced once", async () => {
    fake.control.hold = true;
    await open();
    await page.evaluate(() => {
      window.heard = [];
      new MutationObserver(() => {
        const text = document.querySelector("[role=status][aria-live=polite]").textContent;
        if (text) window.heard.push(text);
      }).observe(document.querySelector("[role=status][aria-live=polite]"), { childList: true });
    });
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await page.locator("[aria-current=step]", { hasText: "Thinking" }).waitFor();
    const first = await page.locator(".ai-clock").innerText();
    await page.waitForFunction((text) => document.querySelector(".ai-clock").textContent !== text, first);
    fake.control.hold = false;
    await answers().first().waitFor();
    await page.waitForFunction(() => window.heard.length >= 2);
    const heard = await page.evaluate(() => window.heard);
    assert.equal(new Set(heard).size, heard.length);
    assert.match(heard.at(-1), /^Answer: 42 users/);
  });

  test("Stop ends the waiting; the question can be edited or asked again", async () => {
    fake.control.hold = true;
    await open();
    await input().fill("Latest orders");
    await input().press("Enter");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped.").waitFor();
    fake.control.hold = false;
    await page.getByRole("button", { name: "Edit question" }).last().click();
    assert.equal(await input().inputValue(), "Latest orders");
    assert.equal(await input().evaluate((element) => element === document.activeElement), true);
  });

  test("an answer whose stream broke is found in the history", async () => {
    fake.control.hold = "drop";
    await open();
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await thread().getByText("42").waitFor();
    assert.equal(await page.locator(".ai-failure").count(), 0);
  });

  test("a stream that breaks is taken up after the last event that was heard", async () => {
    fake.control.breakAfter = 2;
    await open();
    await ask("How many registrations today?");
    await thread().getByText("42").waitFor();
    assert.equal(fake.control.resumed.length, 1);
    assert.match(fake.control.resumed[0], /^\d+:2$/);
    assert.equal(fake.control.requests.filter((each) => each.endsWith("/message")).length, 1);
  });

  test("a question whose reply was lost is sent once more, and done once", async () => {
    fake.control.loseReply = true;
    await open();
    await ask("How many registrations today?");
    await thread().getByText("42").waitFor();
    assert.equal(fake.control.keys.length, 2);
    assert.equal(fake.control.keys[0], fake.control.keys[1]);
    assert.match(fake.control.keys[0], /^[0-9a-f]{32}$/);
    await ask("Latest orders");
    assert.notEqual(fake.control.keys[2], fake.control.keys[0]);
  });

  test("a question left on its way to another page is answered there", async () => {
    fake.control.hold = true;
    await open();
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await page.locator("[aria-current=step]").waitFor();
    await page.waitForTimeout(100);
    await page.goto(`${fake.base}/admin/auth/user/`);
    await page.locator(".ai-phases-unknown").waitFor({ state: "attached" });
    fake.control.hold = false;
    await thread().getByText("42").waitFor();
  });

  test("a question lost before its chat was made is a draft again on the next page", async () => {
    await open();
    await page.route("**/api/chats", () => {});
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await page.locator("[aria-current=step]").waitFor();
    await page.goto(`${fake.base}/admin/auth/user/`);
    await drawer().waitFor();
    assert.equal(await input().inputValue(), "How many registrations today?");
  });

  test("a pasted snippet goes to the compiler, not to the model", async () => {
    await open();
    await input().fill("result = User.objects.count()");
    await page.getByText("An ORM snippet:").waitFor();
    await input().press("Enter");
    await thread().getByText("1,204").waitFor();
    assert.equal(await answers().locator(".ai-figure-unit").innerText(), "users");
    await answers().getByText("Your snippet").waitFor();
    assert.ok(fake.control.requests.some((call) => /^POST .*\/snippet$/.test(call)));
  });

  test("too long a question is not sent", async () => {
    await open();
    await input().fill("x".repeat(4001));
    await input().press("Enter");
    await page.getByText("Too long by 1 bytes").waitFor();
    assert.ok(!fake.control.requests.includes("POST /ai-assistant/api/chats"));
  });
});

describe("answers", () => {
  test("a table: labels, links, choices, sorting, Show more", async () => {
    await open();
    const answer = await ask("Latest orders");
    assert.equal(await answer.getByRole("row").count(), 101);
    assert.equal(await answer.getByRole("link", { name: "4200" }).getAttribute("href"), "/admin/shop/order/4200/change/");
    await answer.getByText("Truncated").waitFor();
    assert.equal(await answer.getByRole("cell", { name: "Paid" }).first().getAttribute("title"), "paid");
    assert.equal(await answer.locator("thead th").first().evaluate((cell) => getComputedStyle(cell).position), "sticky");

    const total = answer.getByRole("columnheader", { name: "total" });
    await total.getByRole("button").click();
    assert.equal(await total.getAttribute("aria-sort"), "ascending");
    const cells = await answer.locator("tbody tr td:nth-child(4)").allInnerTexts();
    const numbers = cells.map((cell) => Number(cell.replaceAll(",", "")));
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));

    await answer.getByRole("button", { name: "Show more" }).click();
    await answer.getByText("137 rows").waitFor();
    assert.equal(await answer.getByRole("row").count(), 138);
  });

  test("the whole table is exported as a file; half a file never is", async () => {
    await open();
    const answer = await ask("Latest orders");
    const download = page.waitForEvent("download");
    await answer.getByRole("button", { name: "Export all rows as CSV" }).click();
    const file = await download;
    assert.equal(file.suggestedFilename(), "answer.csv");
    assert.equal(await readFile(await file.path(), "utf8"), "\ufeffID,total\r\n1,9.50\r\n2,10.00\r\n");
    fake.control.breakExport = true;
    await answer.getByRole("button", { name: "Export all rows as JSON" }).click();
    await answer.getByText("The export broke off.").waitFor();
  });

  test("rows of an earlier answer are looked up again", async () => {
    await open();
    await ask("Latest orders");
    await page.reload();
    await answers().first().getByRole("row").nth(100).waitFor();
  });

  test("values and shares of a dict, ids of a list", async () => {
    await open();
    const answer = await ask("How many users with and without avatar?");
    assert.deepEqual(await answer.locator("dd").allInnerTexts(), ["812", "188", "81.2 %", "18.8 %"]);
    const ids = await ask("Users with a six-digit username?");
    assert.equal(await ids.locator(".ai-chips li").count(), 64);
  });

  test("no rows is said, and is not an error", async () => {
    await open();
    await (await ask("Nobody at all")).getByText("No rows match.").waitFor();
    assert.equal(await page.locator(".ai-failure").count(), 0);
  });

  test("markup in values stays text", async () => {
    await open();
    const answer = await ask("Masked customers");
    await answer.getByText('<img src="x" onerror="document.title=1">').waitFor();
    await answer.getByText("Masked", { exact: true }).waitFor();
    assert.equal(await page.locator("#ai-assistant-drawer img").count(), 0);
  });

  test("a near question is offered, a choice of the model's too, and neither is run by itself", async () => {
    await open();
    const answer = await ask("How many registrations yesterday?");
    await answer.getByText("Did you mean one of these?").waitFor();
    await answer.getByText("No language model is configured.").waitFor();
    await answer.getByRole("button", { name: "How many registrations today?" }).click();
    await answers().nth(1).getByText("42").waitFor();
    await (await ask("Which orders?")).getByRole("button", { name: "Orders placed this month" }).waitFor();
  });
});

describe("failures", () => {
  test("a refused write quotes PostgreSQL and shows the place", async () => {
    await open();
    const answer = await ask("Deactivate everybody");
    await answer.getByText("cannot execute UPDATE in a read-only transaction").waitFor();
    assert.equal(await answer.locator("mark").innerText(), "update");
    await answer.getByText("Your move").waitFor();
  });

  test("the compiler's words become sentences", async () => {
    await open();
    const answer = await ask("The order without a number");
    await answer.getByText("No Order matches the query.").waitFor();
    await answer.getByText(".first() gives None where there is no row.").waitFor();
  });

  test("a provider's timeout can be retried", async () => {
    await open();
    const answer = await ask("Slow provider");
    await answer.getByText("Wait, then try again").waitFor();
    await answer.getByRole("button", { name: "Retry" }).click();
    await answers().nth(1).waitFor();
  });

  for (const [status, name, words] of [
    [429, "too-many-questions", "Try again in 7 seconds."],
    [503, "store-unavailable", "database does not answer"],
    [500, "internal", "A defect of the assistant"],
  ]) {
    test(`${status} ${name} says whose move it is, and Retry sends the question again`, async () => {
      fake.control.problem = [status, name];
      await open();
      await input().fill("How many registrations today?");
      await input().press("Enter");
      await thread().getByText(words).waitFor();
      fake.control.problem = null;
      await thread().getByRole("button", { name: "Retry" }).click();
      await thread().getByText("42").waitFor();
      assert.equal(await page.locator(".ai-bubble").count(), 1);
    });
  }

  test("what an administrator has to mend is told by its command, not by a time to wait", async () => {
    fake.control.problem = [503, "grants-missing"];
    await open();
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await thread().getByText("manage.py ormc_grants --apply").waitFor();
    await thread().getByText("For an administrator").waitFor();
    assert.equal(await thread().getByText("Try again in").count(), 0);
    fake.control.problem = null;
  });

  test("an expired token and a new manifest are met by one new token each, unseen", async () => {
    await open();
    await ask("How many registrations today?");
    fake.control.rejectToken = 1;
    await ask("Latest orders");
    fake.control.unknownManifest = 1;
    await ask("How many users with and without avatar?");
    assert.equal(await page.locator(".ai-failure").count(), 0);
    assert.equal(fake.control.requests.filter((call) => call === "POST /ai-assistant/token").length, 3);
  });

  test("a manifest that stays unknown is shown after one try", async () => {
    await open();
    fake.control.unknownManifest = 99;
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await thread().getByText("does not know this version of the site").waitFor();
  });

  test("signed out elsewhere: says so and keeps the question", async () => {
    await open();
    fake.control.tokenStatus = 401;
    fake.control.rejectToken = 1;
    await input().fill("How many registrations today?");
    await input().press("Enter");
    await thread().getByText("You are signed out.").waitFor();
    await page.getByRole("button", { name: "Edit question" }).last().click();
    assert.equal(await input().inputValue(), "How many registrations today?");
  });

  test("a chat that is gone gives a new one", async () => {
    await open();
    await ask("How many registrations today?");
    fake.forget();
    await page.reload();
    await page.getByText("Ask your database").waitFor();
  });
});

describe("chats", () => {
  test("open, rename, delete", async () => {
    fake.fill("Old one", 1);
    fake.fill("Older one", 1);
    await open();
    const switcher = page.getByRole("button", { name: /^Chats:/ });
    await switcher.click();
    await page.getByRole("button", { name: "Rename Old one" }).click();
    await page.getByLabel("New title").fill("Renamed one");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Renamed one/ }).click();
    await answers().first().waitFor();
    await switcher.click();
    await page.getByRole("button", { name: "Delete Renamed one" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete Renamed one" }).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("button", { name: /^Older one/ }).count(), 1);
    await page.keyboard.press("Escape");
    await page.getByText("Ask your database").waitFor();
    assert.equal(await drawer().count(), 1);
  });

  test("older pages of a long history come on scrolling up, and the place is kept", async () => {
    const chat = fake.fill("Long", 40);
    await page.goto(`${fake.base}/admin/`);
    await page.evaluate((id) => sessionStorage.setItem("ai-assistant:1", JSON.stringify({ open: true, chat: id })), chat.id);
    await page.reload();
    await page.getByText("Question 40", { exact: true }).waitFor();
    assert.equal(await page.locator(".ai-bubble").count(), 15);
    await page.locator(".ai-thread").evaluate((thread) => thread.scrollTo(0, 0));
    await page.getByText("Question 11", { exact: true }).waitFor();
    assert.ok((await page.locator(".ai-thread").evaluate((thread) => thread.scrollTop)) > 100);
  });

  test("a long list has its older pages", async () => {
    for (let index = 0; index < 35; index += 1) fake.create(`Chat ${index}`);
    await open();
    await page.getByRole("button", { name: /^Chats:/ }).click();
    await page.getByRole("button", { name: "Older chats" }).click();
    await page.getByRole("button", { name: /^Chat 0/ }).waitFor();
  });
});

describe("for everybody", () => {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in ${colorScheme}`, async () => {
      await context.close();
      ({ page, context, complaints } = await newPage(browser, { colorScheme }));
      await open("/admin/auth/user/");
      await page.getByRole("button", { name: "How many registrations today?" }).waitFor();
      assert.deepEqual(await audit(page), []);
      for (const text of ["How many registrations today?", "Latest orders", "Deactivate everybody", "How many users with and without avatar?", "Slow provider"]) await ask(text);
      await page.getByText("How was this made?").first().click();
      assert.deepEqual(await audit(page), []);
      await page.getByRole("button", { name: /^Chats:/ }).click();
      await page.locator(".ai-chat-open").first().waitFor();
      assert.deepEqual(await audit(page), []);
    });
  }

  test("every control is at least 24 by 24 pixels", async () => {
    await open();
    await ask("Latest orders");
    const small = await page.locator("#ai-assistant-drawer").evaluate((root) =>
      [...root.querySelectorAll("button, summary, textarea, input")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ name: element.className || element.tagName, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ name, box }) => `${name} ${box.width}x${box.height}`));
    assert.deepEqual(small, []);
  });

  test("the strict content policy is kept: no script, style or link of others", async () => {
    await open();
    for (const text of ["How many registrations today?", "Latest orders", "Masked customers", "Deactivate everybody"]) await ask(text);
    assert.deepEqual(complaints, []);
  });

  test("all of it works by keyboard", async () => {
    await page.goto(`${fake.base}/admin/`);
    await launcher().focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Latest orders");
    await page.keyboard.press("Enter");
    await answers().first().waitFor();
    const reached = new Set();
    for (let step = 0; step < 400 && !reached.has("Close"); step += 1) {
      await page.keyboard.press("Shift+Tab");
      reached.add(await page.evaluate(() => document.activeElement.getAttribute("aria-label") || document.activeElement.textContent));
    }
    for (const name of ["Show more", "Copy answer", "Ask again", "How was this made?", "Edit question", "Close"]) {
      assert.ok(reached.has(name), `${name} is reached by Tab`);
    }
  });

  test("Copy puts the rows on the clipboard", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open();
    const answer = await ask("Latest orders");
    await answer.getByRole("button", { name: "Copy answer" }).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^ID\tcustomer\tstatus/);
    assert.equal(text.split("\n").length, 101);
  });
});
