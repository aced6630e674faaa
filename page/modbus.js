// The Modbus terminal: "read kw_total", "read 21 4", "write 150 60", or a PDU in
// hexadecimal; answers in hexadecimal and by the names, formats and scales of the table of
// registers (tables/print_registers.c).

const exceptions = { 1: "illegal function", 2: "illegal data address", 3: "illegal data value", 4: "device failure", 6: "busy" };
const formatWords = { UInt: 1, SInt: 1, ULong: 2, SLong: 2, Float: 2 };
const exponentRegisters = { I: "sf_i", V: "sf_v", W: "sf_w", E: "sf_e" };

function makeModbus(app) {
  const log = $("traffic"), request = $("request");
  const tables = JSON.parse($("register-table").textContent);
  const hex = (n, digits) => n.toString(16).toUpperCase().padStart(digits, "0");
  const spaced = (text) => text.replace(/../g, "$& ").trim();
  let byName = new Map(), byNumber = new Map();

  // The names of this meter's model.
  function build(model) {
    const rows = tables[model].map(([name, reg, format, scale, units, text]) =>
      ({ name, reg, format, scale, units, text, words: formatWords[format] || 1 }));
    byName = new Map(rows.map((r) => [r.name, r]));
    byNumber = new Map(rows.map((r) => [r.reg, r]));
    $("registers").replaceChildren(...rows.map((r) => {
      const option = document.createElement("option");
      option.value = "read " + r.name;
      option.label = r.reg + (r.units ? ", " + r.units : "") + ": " + r.text;
      return option;
    }));
  }

  function number(word, max) {
    const n = /^-?\d+$/.test(word) ? Number(word) : NaN;
    return n >= -32768 && n <= max ? n & 0xffff : NaN;
  }

  // The PDU of what was typed, or null.
  function parse(text) {
    const [verb, which = "", ...rest] = text.trim().split(/\s+/);
    if (verb === "read" || verb === "write") {
      const row = byName.get(which) || { reg: Number(which), words: 1 };
      const value = number(rest[0] ?? (verb === "read" ? String(row.words) : ""), 65535);
      if (!(row.reg >= 1 && row.reg <= 65536) || Number.isNaN(value) || rest.length > 1) return null;
      return (verb === "read" ? "03" : "06") + hex(row.reg - 1, 4) + hex(value, 4);
    }
    const pdu = text.replace(/\s+/g, "").toUpperCase();
    return /^([0-9A-F]{2}){1,253}$/.test(pdu) ? pdu : null;
  }

  function value(row, words) {
    const both = words[0] * 65536 + words[1], view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, row.words === 2 ? both : words[0]);
    switch (row.format) {
      case "SInt": return view.getInt16(2);
      case "SLong": return view.getInt32(0);
      case "Float": return view.getFloat32(0);
      default: return view.getUint32(0);
    }
  }

  // The power of ten of a register's scale; scales by name are registers themselves.
  async function scaled(row, x) {
    const exponent = byName.get(exponentRegisters[row.scale]);
    if (!exponent) return row.scale && row.scale !== "1" ? Number((x * row.scale).toPrecision(9)) : x;
    const word = await app.register(exponent.reg - 1);
    return Number((x * 10 ** (word > 32767 ? word - 65536 : word)).toPrecision(9));
  }

  async function explainWords(first, words) {
    const parts = [];
    for (let k = 0; k < words.length;) {
      const row = byNumber.get(first + k);
      if (row && k + row.words <= words.length) {
        const raw = value(row, words.slice(k, k + row.words));
        const none = row.format === "SInt" && raw === -32768 || row.format === "Float" && Number.isNaN(raw);
        parts.push(row.name + " = " + (none ? "none" : await scaled(row, raw)) + (row.units && !none ? " " + row.units : ""));
        k += row.words;
      } else {
        parts.push(first + k + " = " + words[k]);
        k++;
      }
    }
    return parts.join("; ");
  }

  async function explain(asked, answer) {
    const byte = (text, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16);
    const word = (text, at) => 256 * byte(text, at) + byte(text, at + 1);
    if (!answer) return "no answer";
    const code = byte(answer, 0);
    if (code & 0x80) return "exception " + byte(answer, 1) + ", " + (exceptions[byte(answer, 1)] || "unknown");
    if (code === 6) return explainWords(word(answer, 1) + 1, [word(answer, 3)]);
    if (code === 16) return word(answer, 3) + " registers from " + (word(answer, 1) + 1) + " are written";
    if (code !== 3 && code !== 4) return "";
    const words = [];
    for (let at = 2; at + 1 < answer.length / 2; at += 2) words.push(word(answer, at));
    return explainWords(word(asked, 1) + 1, words);
  }

  function line(text, kind) {
    const p = document.createElement("p");
    p.textContent = text;
    if (kind) p.className = kind;
    log.append(p);
    while (log.childElementCount > 200) log.firstChild.remove();
    log.scrollTop = log.scrollHeight;
  }

  $("modbus").addEventListener("submit", async (e) => {
    e.preventDefault();
    const pdu = parse(request.value);
    if (!pdu) {
      line("This is no request: " + request.value, "wrong");
      return;
    }
    const answer = await app.ask(pdu);
    if (answer === null) return;
    const bad = !answer || parseInt(answer.slice(0, 2), 16) & 0x80, words = await explain(pdu, answer);
    line("→ " + spaced(pdu));
    if (answer) line("← " + spaced(answer));
    line(words, bad ? "wrong" : "answer");
  });
  return { build };
}
