// The README's pictures: `node images.mjs DIRECTORY`, of the running stack where there is one
// (scripts/demo/with_stack.py), else of the in-test server.

import { join } from "node:path";
import process from "node:process";

import { startFake } from "./fake/server.mjs";
import { launch, newPage } from "./support/browser.mjs";
import { adminStatic } from "./support/static.mjs";

const directory = process.argv[2] ?? "../../docs/images";
const real = process.env.ORMC_STACK_URL ? await import("./stack/site.mjs") : null;
const fake = real ? null : await startFake({ adminStatic: adminStatic() });
const site = real ? real.SITE : fake.base;
const TABLE = 'result = Order.objects.order_by("-placed_at").values("id", "status", "total", "placed_at")';

const PICTURES = [
  ["drawer-light.png", { viewport: { width: 1440, height: 860 }, colorScheme: "light" }, ["How many registrations today?", real ? TABLE : "Latest orders"]],
  ["drawer-dark.png", { viewport: { width: 1440, height: 860 }, colorScheme: "dark" }, ["How many users with and without avatar?", "Users with a six-digit username?"]],
  ["mobile.png", { viewport: { width: 390, height: 760 }, colorScheme: "light" }, ["How many registrations today?"]],
];

const browser = await launch();
for (const [name, options, questions] of PICTURES) {
  const { context, page } = await newPage(browser, options);
  if (real) await real.logIn(page);
  await page.goto(`${site}/admin/`);
  await page.getByRole("button", { name: "AI assistant", exact: true }).click();
  for (const [index, question] of questions.entries()) {
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Answer" }).nth(index).waitFor();
  }
  if (name === "mobile.png") await page.getByText("How was this made?").click();
  await page.mouse.move(4, 700);
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(directory, name) });
  await context.close();
}
await browser.close();
fake?.close();
