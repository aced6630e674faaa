// The meter's picture: the machine paints it; buttons without a look of their own lie
// over its keys and tabs, so that they can be reached by keyboard and screen reader.

const keyNames = ["−", "+", "← back", "→ select"];
const keyCodes = { "-": 0, "+": 1, "=": 1, ArrowLeft: 2, ArrowRight: 3 };
const viewNames = ["Readings", "Phasors", "Waves"];
const places = { front: 0, pane: 1, keys: 3, tabs: 7 };
const unitsWide = 900, unitsHigh = 600;

function makePicture(app) {
  const front = $("front"), pane = $("pane");
  const keyButtons = [], tabButtons = [];
  let view = 0, keys = 0, percent = 0, boxes = null;

  function down(key, is) {
    const bit = app.machine.key(key), next = is ? keys | bit : keys & ~bit;
    if (next === keys) return;
    keys = next;
    app.act("keys," + keys);
    app.keyed = true;
  }

  function show(next) {
    view = next;
    tabButtons.forEach((tab, k) => {
      tab.setAttribute("aria-selected", k === view);
      tab.tabIndex = k === view ? 0 : -1;
    });
    pane.setAttribute("aria-label", viewNames[view]);
    app.changed = true;
  }

  function button(parent, name, place) {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = name;
    b.dataset.place = place;
    parent.append(b);
    return b;
  }

  keyNames.forEach((name, key) => {
    const b = button($("keys"), name, places.keys + key);
    b.addEventListener("pointerdown", (e) => { b.setPointerCapture(e.pointerId); down(key, true); });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"])
      b.addEventListener(end, () => down(key, false));
    b.addEventListener("contextmenu", (e) => e.preventDefault());
    for (const [event, is] of [["keydown", true], ["keyup", false]])
      b.addEventListener(event, (e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        down(key, is);
      });
    keyButtons.push(b);
  });
  for (const [event, is] of [["keydown", true], ["keyup", false]])
    $("front-box").addEventListener(event, (e) => {
      if (!(e.key in keyCodes) || e.ctrlKey || e.altKey || e.metaKey) return;
      e.preventDefault();
      down(keyCodes[e.key], is);
    });
  viewNames.forEach((name, k) => {
    const b = button($("tabs"), name, places.tabs + k);
    b.setAttribute("role", "tab");
    b.addEventListener("click", () => show(k));
    b.addEventListener("keydown", (e) => {
      const by = { ArrowRight: 1, ArrowLeft: viewNames.length - 1 }[e.key];
      if (!by) return;
      e.preventDefault();
      const next = (k + by) % viewNames.length;
      show(next);
      tabButtons[next].focus();
    });
    tabButtons.push(b);
  });

  // The pictures' own pixels, as many as the display has for them.
  function fit(forced) {
    const dots = window.devicePixelRatio || 1;
    const wanted = Math.max(front.clientWidth / 560, pane.clientWidth / 348) * dots * 100;
    const next = forced || Math.min(300, Math.max(50, Math.ceil(wanted / 5) * 5));
    if (next === percent) return;
    percent = next;
    boxes = null;
    app.changed = true;
  }

  function lay(b, within) {
    const a = app.machine.place(+b.dataset.place);
    b.style.left = (100 * (a.left - within.left)) / within.width + "%";
    b.style.top = (100 * (a.top - within.top)) / within.height + "%";
    b.style.width = (100 * a.width) / within.width + "%";
    b.style.height = (100 * a.height) / within.height + "%";
  }

  function resize() {
    boxes = [[front, app.machine.place(places.front)], [pane, app.machine.place(places.pane)]];
    for (const [canvas, box] of boxes) {
      canvas.width = box.width;
      canvas.height = box.height;
    }
    keyButtons.forEach((b) => lay(b, boxes[0][1]));
    tabButtons.forEach((b) => lay(b, boxes[1][1]));
  }

  // At the size that fits, or at so many percent.
  function paint(forced = 0) {
    fit(forced);
    const count = app.machine.paint(view, keys, percent);
    const all = boxes === null;
    if (!count && !all) return;
    if (all) resize();
    const width = Math.floor((unitsWide * percent) / 100), height = Math.floor((unitsHigh * percent) / 100);
    const image = app.machine.picture(width, height);
    const damage = all ? [{ left: 0, top: 0, width, height }] : app.machine.damage(count);
    for (const [canvas, box] of boxes) {
      const context = canvas.getContext("2d");
      for (const d of damage)
        context.putImageData(image, -box.left, -box.top, d.left, d.top, d.width, d.height);
    }
  }

  show(0);
  return { paint, release() { keys = 0; boxes = null; } };
}
