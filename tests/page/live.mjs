// live.mjs CHROMIUM LINK MODBUS_PORT: two browsers, one with the token and one without, and
// mbpoll see one meter of a plant whose time is held.
import { execFileSync } from "node:child_process";
import { openBrowser } from "./browser.mjs";

const [path, link, port] = process.argv.slice(2);
let flaws = 0;
function expect(is, what) {
  if (is) return;
  console.log("not so: " + what);
  flaws++;
}
// Register 92 is kw_b, 150 the sub-interval of demand.
const poll = (register) => Number(/\[\d+\]:\s*(-?\d+)/.exec(
  execFileSync("mbpoll", ["-m", "tcp", "-p", port, "-a", "2", "-r", String(register), "-1", "-o", "10", "127.0.0.1"]).toString())[1]);

const browsers = [await openBrowser(path), await openBrowser(path)];
const connected = "!!(window.metersim && metersim.connected)";
const owner = await browsers[0].openPage(link, 1400, 900);
const guest = await browsers[1].openPage(link.split("#")[0], 400, 900);
for (const page of [owner, guest]) {
  await page.until(connected);
  await page.evaluate(`document.querySelector('#plant [data-meter="2"]').click()`);
  await page.until(`document.querySelector('#plant tr[aria-current="true"]').rowIndex === 2`);
}
expect(await owner.evaluate("location.hash") === "", "the token does not stay in the address");
expect(await guest.evaluate("document.getElementById('hold').disabled && document.querySelector('#line').disabled"),
  "without the token nothing can be changed");
expect(!(await owner.evaluate("document.getElementById('hold').disabled")), "with it, it can");

// The same picture, and the same number in register 21 (0.1 kW, say) as in the list.
const glass = "document.getElementById('front').getAttribute('aria-label')";
const agree = async () => {
  while ((await owner.evaluate(glass)) !== (await guest.evaluate(glass))) await new Promise((next) => setTimeout(next, 50));
};
await agree();
const kw = "document.querySelector('#plant tr[aria-current=\"true\"]').cells[3].textContent";
expect(await owner.evaluate(kw) === await guest.evaluate(kw), "one power in both lists");

// A key that one presses is seen by both.
const before = await guest.evaluate(glass);
await owner.evaluate(`metersim.wire.request({ lua: 'press(meters[2], "+")' })`);
await guest.until(`${glass} !== ${JSON.stringify(before)}`);
await agree();

// A fault, by the page's own controls: an event for both, and another register for mbpoll.
const power = poll(21);
await owner.evaluate(`(() => { const f = [...document.querySelectorAll('#faults details')].find((d) => d.textContent.startsWith('ct_reversed'));
  f.open = true; })()`);
await owner.until(`!!document.querySelector('#faults details[open] .set button')`);
await owner.evaluate(`document.querySelector('#faults details[open] .set button').click()`);
for (const page of [owner, guest])
  await page.until(`document.getElementById('events').textContent.includes('meter2: ct_reversed A 1')`);
await guest.until(`document.getElementById('active').textContent.includes('ct_reversed')`);
await owner.evaluate(`document.getElementById('step').click()`);
await owner.evaluate(`metersim.wire.request({ lua: 'advance "3 s"' })`);
expect(poll(21) !== power, "the fault is in the register");

// Grid and load by the sliders, for both, and what flows.
const slider = (id, x) => owner.evaluate(`(() => { const i = document.getElementById("w-${id}"); i.value = ${x}; i.dispatchEvent(new Event("input")); })()`);
const moved = (page, id, x) => page.until(`document.getElementById("w-${id}").value === "${x}"`);
expect(await guest.evaluate(`[...document.querySelectorAll("#world input, #power, #request")].every((e) => e.disabled)`), "sliders are for the owner");
await slider("ampsb", 20);
await slider("voltsc", 250);
await moved(guest, "ampsb", 20);
await moved(guest, "voltsc", 250);
await moved(guest, "ampsa", 80);
await owner.evaluate(`metersim.wire.request({ lua: 'advance "3 s"' })`);
expect(poll(92) === 510, "20 A at 277.1 V and 0.92 are 5.10 kW: " + poll(92));
await owner.evaluate(`metersim.wire.request({ lua: 'load(meters[2], { amps = 12.5, pf = 1 })' })`);
for (const page of [owner, guest]) {
  await moved(page, "ampsb", 12.5);
  await page.until(`document.getElementById("compare").tBodies[0].rows[0].cells[2].textContent === "10.05 kW"`);
}

// The terminal, by name, in the live meter.
const send = (text) => owner.evaluate(`(() => { document.getElementById("request").value = "${text}"; document.querySelector("#modbus button").click(); })()`);
await send("write demand_subinterval_s 120");
await owner.until(`document.getElementById("traffic").textContent.includes("demand_subinterval_s = 120")`);
expect(poll(150) === 120, "what the terminal writes is in the register");
await send("read kw_b");
await owner.until(`/kw_b = -?[0-9.]+ kW/.test(document.getElementById("traffic").textContent)`);

// Traffic as it happens.
await guest.evaluate(`document.getElementById('frames-on').click()`);
await guest.evaluate(`metersim.wire.request({ meters: "" })`);
const word = poll(131);
await guest.until(`document.getElementById('frames').textContent.includes('unit 2 → read 131, 1')`);
await guest.until(`document.getElementById('frames').textContent.includes('1 registers: ${word.toString(16).toUpperCase().padStart(4, "0")}')`);
// A search, and a narrow page.
await guest.evaluate(`(() => { const f = document.getElementById('find'); f.value = 'meter3'; f.dispatchEvent(new Event('input')); })()`);
await guest.until(`document.querySelectorAll('#plant tbody tr').length === 1`);
expect(await guest.evaluate("document.documentElement.scrollWidth <= 400"), "nothing is wider than the display");
for (const page of [owner, guest]) expect(page.messages.length === 0, "no message on the console: " + page.messages);
if (process.env.SHOTS) {
  await owner.screenshot(process.env.SHOTS + "/live_1400.png");
  await guest.screenshot(process.env.SHOTS + "/live_400.png");
}
for (const browser of browsers) await browser.close();
if (!flaws) console.log("two browsers and mbpoll see one meter");
process.exit(flaws ? 1 : 0);
