// inline.mjs WASM REGISTERS OUTPUT VERSION: one HTML file of the page's parts in this
// folder, the table of registers, and the machine, which is packed by gzip.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const [wasm, registers, output, version] = process.argv.slice(2);
const folder = dirname(fileURLToPath(import.meta.url));
const part = (name) => readFileSync(join(folder, name), "utf8");
const scripts = ["machine", "picture", "time", "world", "faults", "modbus", "share", "wire", "live", "page"];
const parts = {
  "page.css": part("page.css"),
  script: ["const $ = (id) => document.getElementById(id);", ...scripts.map((name) => part(name + ".js"))].join("\n"),
  machine: gzipSync(readFileSync(wasm), { level: 9 }).toString("base64"),
  registers: JSON.stringify(JSON.parse(readFileSync(registers, "utf8"))).replaceAll("<", "\\u003c"),
  version: "metersim " + version,
};
writeFileSync(output, part("page.html").replace(/@(page\.css|script|machine|registers|version)@/g, (_, name) => parts[name]));
