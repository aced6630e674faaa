// page.mjs CHROMIUM PAGE.html TAPES PICTURES FOLDER SESSION…: the page in a browser. TAPES:
// what page_session prints; PICTURES: a folder with what page_pictures prints of some of the
// sessions; pictures of the page go to FOLDER ("-": nowhere).
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { openBrowser } from "./browser.mjs";

const [path, file, tapes, pictures, folder, ...sessions] = process.argv.slice(2);
const lines = (name) => readFileSync(name, "utf8").trim().split("\n").map((line) => line.split(" "));
const hashOf = new Map(lines(tapes).map(([hash, session]) => [session, hash]));
let flaws = 0;
function expect(is, what) {
  if (is) return;
  console.log("not so: " + what);
  flaws++;
}

// Sizes, in bytes.
const html = readFileSync(file, "utf8");
const packed = Buffer.from(/id="machine">([^<]*)</.exec(html)[1], "base64");
expect(gzipSync(gunzipSync(packed), { level: 9 }).length <= 150000, "the machine has at most 150 KB, packed: " + packed.length);
expect(statSync(file).size <= 400000, "the page has at most 400 KB: " + html.length);
expect(!/https?:\/\/(?!www\.w3\.org)/.test(html), "it names no other place");

const browser = await openBrowser(path);
const ready = "!!(window.metersim && !metersim.busy && metersim.begin)";
const url = (hash) => "file://" + file + "#" + hash;
const open = async (hash, width = 1400, height = 900, dark = false) => {
  const page = await browser.openPage(url(hash), width, height, dark);
  await page.until(ready);
  return page;
};

// Tapes, of sessions that come by their link.
let page = await open(readFileSync(sessions[0], "utf8").trim() + ";");
await page.evaluate("document.getElementById('hold').click()");
for (const session of sessions) {
  const text = readFileSync(session, "utf8").trim();
  const hash = await page.evaluate(`(async () => { await metersim.begin(${JSON.stringify(text)}, null);
    metersim.machine.copy(); while (metersim.machine.copies(5000)); return metersim.machine.hash(); })()`);
  expect(hash === hashOf.get(session), session + ": " + hashOf.get(session) + ", in the browser " + hash);
  expect(await page.evaluate("document.getElementById('notice').hidden"), session + ": no notice");
}

// How fast, by the processor time of the page's thread.
await page.ask("Performance.enable", { timeDomain: "threadTicks" });
const spent = async () => (await page.ask("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value;
await page.evaluate(`metersim.begin("s4100,40,200,480,1", null)`);
const start = await spent();
await page.evaluate("metersim.machine.advance(300000)");
const speed = Math.round(300 / ((await spent()) - start));

// Pictures: what the canvas holds at each action, pixel by pixel.
const seen = new Set();
let drawn = 0;
for (const name of readdirSync(pictures)) {
  const text = readFileSync(join(dirname(sessions[0]), name), "utf8").trim();
  const wanted = readFileSync(join(pictures, name), "utf8").trim().split("\n").map((line) => line.split(" ")[0]);
  const found = await page.evaluate(`(async () => {
    const [head, ...actions] = ${JSON.stringify(text)}.split(";"), hashes = [];
    await metersim.begin(head + ";", null);
    for (const item of actions) {
      const at = item.indexOf(",");
      metersim.machine.advance(Number(item.slice(0, at)));
      metersim.paintAt(100);
      const c = document.getElementById("front");
      const own = new OffscreenCanvas(c.width, c.height).getContext("2d", { willReadFrequently: true });
      own.drawImage(c, 0, 0);
      const hash = await crypto.subtle.digest("SHA-256", own.getImageData(0, 0, c.width, c.height).data);
      hashes.push(Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, "0")).join(""));
      metersim.machine.act(item.slice(at + 1));
    }
    return hashes; })()`);
  expect(found.length === wanted.length, name + ": " + wanted.length + " pictures, not " + found.length);
  wanted.forEach((hash, k) => expect(found[k] === hash, name + ": another picture at action " + (k + 1)));
  wanted.forEach((hash) => seen.add(hash));
  drawn += found.length;
}
expect(seen.size >= 140, "every screen was there: " + seen.size + " pictures");
expect(page.messages.length === 0, "the console is empty: " + page.messages.join("; "));
await page.close();

// By keyboard alone: to the key "select", a press, a fault, a request, a link.
page = await open("s4100,40,200,480,1;0,grid,60,277.1,277.1,277.1;0,load,80,80,80,23.1;3000,mark");
const active = () => page.evaluate("document.activeElement.id || document.activeElement.textContent");
const names = { Tab: ["Tab", 9], Enter: ["Enter", 13, "\r"], " ": ["Space", 32, " "], ArrowRight: ["ArrowRight", 39] };
const tap = async (name) => (await page.key(name, ...names[name]))();
const tabTo = async (what) => {
  for (let k = 0; k < 400 && (await active()) !== what; k++) await tap("Tab");
  expect((await active()) === what, "Tab leads to " + what);
};
const advance = (ms) => page.evaluate(`metersim.machine.advance(metersim.machine.now() + ${ms}); metersim.changed = true`);
await tabTo("hold");
await tap("Enter");
await tabTo("→ select");
const before = await page.evaluate("metersim.machine.state().top + metersim.machine.state().bottom");
const release = await page.key("Enter", ...names.Enter);
await advance(100);
await release();
await advance(300);
expect((await page.evaluate("metersim.machine.state().top + metersim.machine.state().bottom")) !== before, "the key select changes the glass");
await page.until("document.getElementById('said').textContent !== ''");
await tabTo("Readings");
await tap("ArrowRight");
expect((await active()) === "Phasors", "an arrow leads to the next tab");
await tabTo("search");
await page.ask("Input.insertText", { text: "CT points the other way" });
expect((await page.evaluate("document.getElementById('found').textContent")).startsWith("1 of "), "the search finds one fault, not " +
  (await page.evaluate("document.getElementById('found').textContent")));
await tap("Tab");
await tap("Tab");
expect((await active()) === "ct_reversed", "Tab leads to the fault that was found, not to " + (await active()));
await tap("Enter");
await tabTo("Set");
await tap("Enter");
expect((await page.evaluate("metersim.machine.session()")).includes(",fault,ct_reversed,A,1"), "the fault is set");
await tabTo("request");
await page.ask("Input.insertText", { text: "read kw_total" });
await tap("Enter");
expect(/kw_total = -?\d+(\.\d+)? kW/.test(await page.evaluate("document.getElementById('traffic').textContent")), "kw_total is read");
await tabTo("link");
await tap("Enter");
expect((await page.evaluate("location.hash")).includes(",fault,ct_reversed,A,1;"), "the link holds the fault");
const loud = await page.evaluate(`[...document.querySelectorAll("output, [aria-live], [role=status]")].map((e) => e.id).join(" ")`);
expect(loud === "said plant-found link-state found kept", "what is spoken: a key's glass, searches, the link, what was kept: " + loud);
const unnamed = await page.evaluate(`[...document.querySelectorAll("button, input, select, canvas")].filter((e) =>
  !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length)).length`);
expect(unnamed === 0, unnamed + " controls have no name");
expect(page.messages.length === 0, "the console is empty: " + page.messages.join("; "));
await page.close();

// Sliders reach what a large meter has.
page = await open("s4100,40,3000,600,1;0,grid,50,346.4,346.4,450;0,load,1200,1200,5000,23.1;1000,mark");
const sliders = await page.evaluate(`["hz", "voltsa", "ampsa", "ampsc", "lagb"].map((id) => document.getElementById("w-" + id).value).join(" ")`);
expect(sliders === "50 346.4 1200 5000 23.1", "sliders stand where the link says: " + sliders);
expect((await page.evaluate("document.getElementById('w-ampsa').max")) === "6000", "currents reach twice the CT, or what flows");
await page.close();

// On a phone and on a desk, light and dark; nothing is wider than the display.
for (const [width, height, dark] of [[400, 800, false], [400, 800, true], [1400, 900, false], [1400, 900, true]]) {
  page = await open("lesson=reversed", width, height, dark);
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  expect(wide <= width, `at ${width} pixels the page is ${wide} wide`);
  if (folder !== "-") await page.screenshot(`${folder}/page_${width}_${dark ? "dark" : "light"}.png`);
  expect(page.messages.length === 0, "the console is empty: " + page.messages.join("; "));
  await page.close();
}

// An exercise keeps its faults secret until it is asked.
page = await open("lesson=installer");
const visible = () => page.evaluate("document.getElementById('active').checkVisibility()");
expect(!(await visible()), "the faults of the exercise are hidden");
await page.evaluate("document.getElementById('answer').click()");
expect(await visible(), "the faults of the exercise are shown");
expect((await page.evaluate("document.getElementById('active').childElementCount")) === 5, "five kinds of fault are in force");
await page.close();

// The document that has the page in it: each exercise is there.
page = await browser.openPage("file://" + join(dirname(file), "exercises.html"), 1400, 5000);
await page.until(`document.readyState === "complete" && [...document.querySelectorAll("iframe")].every((f) =>
  f.contentDocument?.querySelector("#lessons [aria-current=true]"))`);
const shown = await page.evaluate(`[...document.querySelectorAll("iframe")].map((f) =>
  f.contentDocument.querySelector("#lessons [aria-current=true]").dataset.lesson).join(" ")`);
expect(shown === "reversed lost demand installer", "the exercises of the document are there: " + shown);
expect(page.messages.length === 0, "the console is empty: " + page.messages.join("; "));
if (folder !== "-") await page.screenshot(`${folder}/exercises.png`);
await page.close();

// A page with a mistake: would it be seen?
page = await open("s4100,40,200,480,1;9,jump");
expect(!(await page.evaluate("document.getElementById('notice').hidden")), "a wrong link is said to be one");
await page.evaluate("setTimeout(() => nothing.at.all(), 0)");
await page.until("true");
await new Promise((next) => setTimeout(next, 200));
expect(page.messages.length === 1, "mistakes in the console are seen");
const first = await page.evaluate("metersim.pictured");
const loaded = await page.evaluate('performance.getEntriesByType("navigation")[0].responseEnd');
await browser.close();
console.log(`${sessions.length} tapes and ${drawn} pictures, ${seen.size} different, as native; ${packed.length} bytes of machine, ${html.length} in all; ${speed} x real time; first picture ${Math.round(first - loaded)} ms after the file was read`);
process.exit(flaws ? 1 : 0);
