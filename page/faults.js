// Every fault of the table, as the machine lists it.

function makeFaults(app) {
  const box = $("faults"), found = $("found"), search = $("search"), active = $("active");
  let rows = [];

  const inForce = (f) => f.value.some((x) => x !== f.neutral);
  const units = (f) => (f.unit ? " " + f.unit : "");

  function say(f, phases, x) {
    app.act(["fault", f.name, phases, x].join(","));
    refresh();
  }

  // The controls of one fault, made when it is opened.
  function controls(f) {
    const set = document.createElement("div");
    set.className = "set";
    const number = document.createElement("input");
    Object.assign(number, { type: "number", min: f.min, max: f.max, step: "any", value: f.usual });
    number.setAttribute("aria-label", f.name + units(f));
    const phases = f.phases ? ["A", "B", "C"].map((name) => {
      const label = document.createElement("label"), check = document.createElement("input");
      Object.assign(check, { type: "checkbox", value: name, checked: name === "A" });
      label.append(check, " " + name);
      set.append(label);
      return check;
    }) : [];
    const chosen = () => phases.filter((c) => c.checked).map((c) => c.value).join("") || "all";
    const button = (text, act) => {
      const b = document.createElement("button");
      Object.assign(b, { type: "button", textContent: text });
      b.addEventListener("click", act);
      return b;
    };
    const unit = document.createElement("span");
    unit.textContent = (f.unit || "") + " (" + f.min + " to " + f.max + ")";
    set.append(number, unit, button("Set", () => number.checkValidity() && say(f, chosen(), number.value)),
      button("End", () => say(f, f.phases ? "all" : "all", f.neutral)));
    return set;
  }

  function open(f, details) {
    if (details.childElementCount > 1) return;
    const text = document.createElement("p");
    text.textContent = f.text;
    details.append(text);
    if (f.idle) {
      const idle = document.createElement("p");
      idle.className = "hint";
      idle.textContent = "It does nothing here: it " + f.idle + ".";
      details.append(idle);
    } else {
      details.append(controls(f));
    }
  }

  function build() {
    let family = "";
    box.replaceChildren();
    rows = app.machine.faults().map((f) => {
      if (f.family !== family) {
        const heading = document.createElement("h3");
        heading.textContent = family = f.family;
        box.append(heading);
      }
      const details = document.createElement("details"), summary = document.createElement("summary");
      summary.textContent = f.name;
      details.append(summary);
      details.classList.toggle("idle", f.idle !== "");
      details.addEventListener("toggle", () => open(f, details));
      box.append(details);
      return { f, details };
    });
    filter();
    refresh();
  }

  // Each word must stand in the name, the family or the text.
  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { f, details } of rows) {
      const text = (f.name + " " + f.name.replaceAll("_", " ") + " " + f.family + " " + f.text).toLowerCase();
      const hit = words.every((w) => text.includes(w));
      details.hidden = !hit;
      count += hit;
    }
    for (const h of box.querySelectorAll("h3")) {
      let next = h.nextElementSibling, any = false;
      for (; next && next.tagName !== "H3"; next = next.nextElementSibling) any ||= !next.hidden;
      h.hidden = !any;
    }
    found.textContent = count + " of " + rows.length;
  }

  // Which are in force now.
  function refresh() {
    const now = app.machine.faults();
    active.replaceChildren();
    now.forEach((f, k) => {
      rows[k].f.value = f.value;
      rows[k].details.classList.toggle("active", inForce(f));
      if (!inForce(f)) return;
      const item = document.createElement("li"), b = document.createElement("button");
      const on = f.phases ? " " + ["A", "B", "C"].filter((_, p) => f.value[p] !== f.neutral).join("") : "";
      b.type = "button";
      b.textContent = f.name + on + " " + f.value.find((x) => x !== f.neutral) + units(f) + " ✕";
      b.setAttribute("aria-label", "End " + f.name + on);
      b.addEventListener("click", () => say(f, "all", f.neutral));
      item.append(b);
      active.append(item);
    });
  }

  search.addEventListener("input", filter);
  $("clear").addEventListener("click", () => { app.act("clear"); refresh(); });
  return { build, refresh };
}
