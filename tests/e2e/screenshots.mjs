// Pictures of the drawer's states for looking at: `node screenshots.mjs DIRECTORY [FILTER]`.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { startFake } from "./fake/server.mjs";
import { launch, newPage } from "./support/browser.mjs";
import { adminStatic } from "./support/static.mjs";

const [directory = "screenshots", filter = ""] = process.argv.slice(2);
const SIZES = [
  [320, 640],
  [768, 1024],
  [1440, 900],
];
const STATES = {
  empty: async () => {},
  number: async (page) => ask(page, "How many registrations today?"),
  tiles: async (page) => {
    await ask(page, "How many users with and without avatar?");
    await ask(page, "Users with a six-digit username?");
  },
  table: async (page) => ask(page, "Latest orders"),
  error: async (page) => {
    await ask(page, "Deactivate everybody");
    await ask(page, "Slow provider");
  },
  how: async (page) => {
    await ask(page, "How many registrations today?");
    await page.getByText("How was this made?").click();
    await page.locator(".ai-thread").evaluate((thread) => thread.scrollTo(0, thread.scrollHeight));
  },
  suggest: async (page) => {
    await ask(page, "How many registrations yesterday?");
    await ask(page, "Which orders?");
    await ask(page, "Masked customers");
  },
  chats: async (page, fake) => {
    for (const title of ["Registrations this week", "Orders without a payment in the last thirty days, by country", "VIP customers"]) fake.fill(title, 1);
    await page.getByRole("button", { name: /^Chats/ }).click();
    await page.getByText("VIP customers").waitFor();
  },
  pending: async (page, fake) => {
    fake.control.hold = true;
    await page.getByLabel("Your question").fill("How many registrations today?");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(700);
  },
  snippet: async (page) => {
    await page.getByLabel("Your question").fill("days = 7\nresult = User.objects.filter(\n    is_active=True,\n).count()");
  },
};

async function ask(page, text) {
  const answers = page.locator(".ai-answer:not(.ai-pending)");
  const before = await answers.count();
  await page.getByLabel("Your question").fill(text);
  await page.keyboard.press("Enter");
  await answers.nth(before).waitFor();
  await page.getByRole("button", { name: "Send" }).waitFor();
}

mkdirSync(directory, { recursive: true });
const browser = await launch();
const fake = await startFake({ adminStatic: adminStatic() });
for (const [state, reach] of Object.entries(STATES)) {
  for (const [width, height] of SIZES) {
    for (const colorScheme of ["light", "dark"]) {
      const name = `${state}-${width}-${colorScheme}.png`;
      if (!new RegExp(filter).test(name)) continue;
      fake.control.hold = false;
      fake.forget();
      const { context, page, complaints } = await newPage(browser, { viewport: { width, height }, colorScheme });
      await page.goto(`${fake.base}/admin/auth/user/`);
      await page.getByRole("button", { name: "AI" }).click();
      await page.getByRole("button", { name: "How many registrations today?" }).waitFor();
      await reach(page, fake);
      await page.screenshot({ path: join(directory, name) });
      if (complaints.length > 0) console.log(name, complaints);
      await context.close();
    }
  }
}
await browser.close();
fake.close();
