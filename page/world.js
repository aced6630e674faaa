// Grid, load, and what the meter makes of them.

// Three of a kind, one for each phase; "together" moves all three.
const ofPhases = (id, name, row) => ["a", "b", "c"].map((phase) => ({ ...row, id: id + phase, name: name + phase.toUpperCase(), kind: id }));
const sliders = [
  { id: "hz", kind: "hz", name: "Frequency", unit: "Hz", min: 45, max: 65, step: 0.01, value: 60 },
  ...ofPhases("volts", "Voltage ", { unit: "V", min: 0, max: 400, grows: true, step: 0.1, value: 277.1 }),
  ...ofPhases("amps", "Current ", { unit: "A", min: 0, max: 400, grows: true, step: 0.1, value: 80 }),
  ...ofPhases("lag", "Lag ", { unit: "°", min: -180, max: 180, step: 0.1, value: 23.1 }),
];
const alike = (kind) => sliders.filter((s) => s.kind === kind).map((s) => s.id);
const compared = ["Real power", "Reactive power", "Apparent power", "Power factor", "Frequency", "Energy import"];

function makeWorld(app) {
  const value = {}, ranges = {}, numbers = {};
  const together = $("together");
  let planned = new Set();

  function widen(kind, most) {
    for (const id of alike(kind)) {
      sliders.find((s) => s.id === id).max = most;
      ranges[id].max = most;
    }
  }

  // Ends of the sliders by what is usual at this meter.
  function range(volts, amps) {
    widen("volts", Math.ceil(volts * 0.15) * 10);
    widen("amps", Math.ceil(amps * 0.5) * 10);
  }

  function set(id, x, from) {
    const row = sliders.find((s) => s.id === id);
    if (x > row.max && row.grows) widen(row.kind, Math.ceil(x));
    value[id] = Number(x);
    const shown = Number(value[id].toFixed(3));
    if (from !== ranges[id]) ranges[id].value = shown;
    if (from !== numbers[id]) numbers[id].value = shown;
    ranges[id].setAttribute("aria-valuetext", shown + " " + row.unit);
  }

  // A slider that moves says so many times a second; the meter is given ten of them.
  function plan(kind) {
    if (!planned.size) setTimeout(() => { const now = planned; planned = new Set(); now.forEach(apply); }, 100);
    planned.add(kind);
  }

  const three = (kind) => alike(kind).map((id) => value[id]);
  const grid = () => ["grid", value.hz, ...three("volts")].join(",");
  const load = () => ["load", ...three("amps"), ...three("lag")].join(",");
  function apply(kind) {
    app.act(kind === "grid" ? grid() : load());
  }

  for (const s of sliders) {
    const row = document.createElement("div");
    row.className = "slider";
    row.innerHTML = `<label for="w-${s.id}">${s.name}</label><input id="w-${s.id}" type="range"><input type="number">`;
    const [range, number] = row.querySelectorAll("input");
    number.setAttribute("aria-label", s.name + ", " + s.unit);
    for (const input of [range, number]) {
      Object.assign(input, { min: s.min, max: s.max, step: s.step, value: s.value });
      input.addEventListener("input", () => {
        if (input.value === "" || input.validity.rangeUnderflow || input.validity.rangeOverflow) return;
        (together.checked ? alike(s.kind) : [s.id]).forEach((id) => set(id, input.value, input));
        plan(s.kind === "hz" || s.kind === "volts" ? "grid" : "load");
      });
    }
    if (s.grows) number.removeAttribute("max");
    ranges[s.id] = range;
    numbers[s.id] = number;
    value[s.id] = s.value;
    $("world").append(row);
  }
  const body = $("compare").tBodies[0];
  body.innerHTML = compared.map((name) => `<tr><th scope="row">${name}</th><td></td><td></td></tr>`).join("");
  const cells = Array.from(body.rows, (row) => [row.cells[1], row.cells[2]]);
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  function show(state) {
    compared.forEach((name, k) => {
      const reading = state.readings.find((r) => r[0] === name) || ["", "–", ""];
      put(cells[k][0], (reading[1] + " " + reading[2]).trim());
      put(cells[k][1], state.truth[k]);
    });
    put($("outputs"), "Energy contact " + (state.energy ? "closed" : "open") + ", " + state.closures +
      " closures; alarm contact " + (state.alarm ? "closed" : "open") + "; alerts: " + (state.alerts.join(", ") || "none"));
    $("power").setAttribute("aria-pressed", state.powered);
  }

  // What the sliders stand at, from an action of a session.
  function follow(action) {
    const w = action.split(",");
    if (w[0] === "grid") ["hz", ...alike("volts")].forEach((id, k) => set(id, w[1 + k]));
    if (w[0] === "load") alike("amps").forEach((id, k) => set(id, w[1 + k]));
    if (w[0] === "load") alike("lag").forEach((id, k) => set(id, w[4 + k] ?? w[4]));
  }

  function begin(volts, amps) {
    const usual = { hz: 60, volts, amps, lag: 23.1 };
    sliders.forEach((s) => set(s.id, usual[s.kind]));
    app.act(grid());
    app.act(load());
  }

  $("power").addEventListener("click", () => app.act("power," + ($("power").getAttribute("aria-pressed") === "true" ? 0 : 1)));
  return { show, follow, begin, range, isMoved: () => planned.size > 0 };
}
