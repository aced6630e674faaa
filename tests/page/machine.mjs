// machine.mjs PAGE.html SESSION…: the page's machine without a browser: the hash of each
// session's tape, as page_session prints it, and on the last line how much faster than
// real time, of processor time.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [page, ...files] = process.argv.slice(2);
const folder = dirname(fileURLToPath(import.meta.url));
const base64 = /id="machine">([^<]*)</.exec(readFileSync(page, "utf8"))[1];
const script = readFileSync(join(folder, "../../page/machine.js"), "utf8");
const open = new Function(script + "; return openMachine;")();
const machine = await open(base64, (text) => console.error(text));

let simulated = 0, spent = 0;
for (const file of files) {
  if (!machine.open(readFileSync(file, "utf8").trim())) throw new Error(file + ": no session");
  const before = process.cpuUsage();
  for (let wrong = ""; machine.repeats() && !wrong;) {
    wrong = machine.repeat(1000);
    if (wrong) throw new Error(file + ": " + wrong);
  }
  const used = process.cpuUsage(before);
  simulated += machine.now() / 1000;
  spent += (used.user + used.system) / 1e6;
  machine.copy();
  while (machine.copies(5000));
  console.log(machine.hash(), file);
}
console.log("# " + Math.round(simulated / spent) + " x real time");
