// The Modbus terminal: PDUs in hexadecimal, or "read 21 4" and "write 150 60".

const exceptions = { 1: "illegal function", 2: "illegal data address", 3: "illegal data value", 4: "device failure" };

function makeModbus(app) {
  const log = $("traffic"), request = $("request");
  const hex = (n, digits) => n.toString(16).toUpperCase().padStart(digits, "0");
  const spaced = (text) => text.replace(/../g, "$& ").trim();

  // The PDU of what was typed, or null.
  function parse(text) {
    const words = text.trim().split(/\s+/), [verb, reg, ...rest] = words;
    const number = (w) => (/^\d+$/.test(w) && w <= 65536 ? Number(w) : NaN);
    if (verb === "read") {
      const pdu = "03" + hex(number(reg) - 1, 4) + hex(rest.length ? number(rest[0]) : 1, 4);
      return rest.length < 2 && !pdu.includes("NAN") ? pdu : null;
    }
    if (verb === "write") {
      const pdu = "06" + hex(number(reg) - 1, 4) + hex(number(rest[0]), 4);
      return rest.length === 1 && !pdu.includes("NAN") ? pdu : null;
    }
    const pdu = words.join("").toUpperCase();
    return /^([0-9A-F]{2}){1,253}$/.test(pdu) ? pdu : null;
  }

  function explain(asked, answer) {
    const byte = (at) => parseInt(answer.slice(2 * at, 2 * at + 2), 16);
    if (!answer) return "no answer";
    if (byte(0) & 0x80) return "exception " + byte(1) + ", " + (exceptions[byte(1)] || "unknown");
    if (byte(0) !== 3 && byte(0) !== 4) return "";
    const first = parseInt(asked.slice(2, 6), 16) + 1, words = [];
    for (let at = 2; at + 1 < answer.length / 2; at += 2) words.push(byte(at) * 256 + byte(at + 1));
    return words.map((w, k) => first + k + ": " + w + (w > 32767 ? " (" + (w - 65536) + ")" : "")).join(", ");
  }

  function line(text, kind) {
    const p = document.createElement("p");
    p.textContent = text;
    if (kind) p.className = kind;
    log.append(p);
    while (log.childElementCount > 200) log.firstChild.remove();
    log.scrollTop = log.scrollHeight;
  }

  $("modbus").addEventListener("submit", (e) => {
    e.preventDefault();
    const pdu = parse(request.value);
    if (!pdu) {
      line("This is no request: " + request.value, "wrong");
      return;
    }
    if (app.act("pdu," + pdu) !== "") return;
    const answer = app.machine.answer(), text = explain(pdu, answer);
    line("→ " + spaced(pdu));
    line("← " + spaced(answer) + (text ? "   " + text : ""), answer ? "answer" : "wrong");
  });
  return {};
}
