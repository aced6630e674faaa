// start.mjs CHROMIUM PAGE.html [COUNT]: how long the page takes to its first picture, the
// median of COUNT browsers: time since the file was read, until the picture is on the
// display; and processor time of the page's thread, until it is painted.
import { openBrowser } from "./browser.mjs";

const [path, file, count = "9"] = process.argv.slice(2);
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

// By the clock of the thread on which the mark stands, from the navigation on.
function processorTime(events) {
  const mark = events.find((e) => e.name === "first picture");
  const own = events.filter((e) => e.pid === mark.pid && e.tid === mark.tid && e.ts <= mark.ts);
  const start = Math.max(...own.filter((e) => e.name === "navigationStart").map((e) => e.ts));
  return (mark.tts - Math.min(...own.filter((e) => e.ts >= start && e.tts).map((e) => e.tts))) / 1000;
}

const waits = [], works = [];
for (let k = 0; k < count; k++) {
  const browser = await openBrowser(path);
  const page = await browser.openPage("about:blank", 1400, 900);
  const events = [];
  const complete = new Promise((next) => browser.listen((m) => {
    if (m.method === "Tracing.dataCollected") events.push(...m.params.value);
    if (m.method === "Tracing.tracingComplete") next();
  }));
  await page.ask("Tracing.start", { transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "blink.user_timing"] } });
  await page.ask("Page.navigate", { url: "file://" + file });
  await page.until("!!(window.metersim && metersim.begin)");
  waits.push(await page.evaluate('metersim.pictured - performance.getEntriesByType("navigation")[0].responseEnd'));
  await page.ask("Tracing.end");
  await complete;
  works.push(processorTime(events));
  await browser.close();
}
console.log(`first picture after ${Math.round(median(waits))} ms, by ${Math.round(median(works))} ms of processor time (medians of ${count})`);
