// The page before a live plant: the machine only draws, what it draws comes by the wire,
// and what a user does goes there as Lua.

const listEveryMs = 5000, listRows = 50, logRows = 200;
const keyWords = [[1, "+"], [2, "-"], [4, "back"], [8, "select"]];
const liveViews = ["panel", "phasors", "waves"];

function logTo(id, text, kind) {
  const log = $(id), p = document.createElement("p");
  p.textContent = text;
  if (kind) p.className = kind;
  log.append(p);
  while (log.childElementCount > logRows) log.firstChild.remove();
  log.scrollTop = log.scrollHeight;
}

// An action of the page (action.h) in Lua. A grid keeps what is not moved: its angles,
// and a frequency that events may have moved.
function luaOf(action, meter, was) {
  const [verb, ...w] = action.split(","), m = "meters[" + meter + "]";
  if (verb === "keys") return `keys(${m}, "${keyWords.filter(([bit]) => w[0] & bit).map(([, word]) => word).join(" ")}")`;
  if (verb === "fault") return `fault(${m}, "${w[0]}"${w[1] === "all" ? "" : `, "${w[1]}"`}, ${w[2]})`;
  if (verb === "power") return `power(${m}, "${w[0] === "1" ? "on" : "off"}")`;
  if (verb === "load") return `load(${m}, { amps = { ${w.slice(0, 3)} }, lag_degrees = { ${w.slice(3)} } })`;
  if (verb === "grid") {
    const hz = Number(w[0]) === was.hz ? "" : `hz = ${w[0]}, `;
    return `grid(${m}, { ${hz}volts = { ${w.slice(1)} }, degrees = { ${was.degrees} } })`;
  }
  return `clear(${m})`;
}

function makeList(request, choose) {
  const body = $("plant").tBodies[0];
  let rows = [], chosen = 1;

  function cell(tr, text) {
    const td = document.createElement("td");
    td.textContent = text;
    tr.append(td);
    return td;
  }

  function mark(meter) {
    chosen = meter;
    rows.forEach((row, k) => body.rows[k].setAttribute("aria-current", row.meter === chosen));
  }

  function show(value) {
    const focused = document.activeElement?.dataset?.meter;
    rows = value.meters;
    const found = value.found > rows.length ? `first ${rows.length} of ${value.found}` : String(value.found);
    if ($("plant-found").textContent !== found) $("plant-found").textContent = found; // it is spoken
    body.replaceChildren(...rows.map((row) => {
      const tr = document.createElement("tr"), b = document.createElement("button");
      Object.assign(b, { type: "button", textContent: row.name });
      b.dataset.meter = row.meter;
      b.addEventListener("click", () => choose(row));
      cell(tr, "").append(b);
      cell(tr, row.model);
      cell(tr, row.port === null ? "–" : row.port + ", unit " + row.unit);
      cell(tr, !row.powered ? "off" : row.kw === null ? "–" : row.kw.toFixed(3));
      cell(tr, row.alerts ? "0x" + row.alerts.toString(16) : "");
      return tr;
    }));
    mark(chosen);
    if (focused) body.querySelector(`[data-meter="${focused}"]`)?.focus();
  }

  async function refresh() {
    const answer = await request({ meters: $("find").value.trim(), count: listRows });
    if (answer.ok) show(answer.value);
    return rows[0];
  }
  $("find").addEventListener("input", refresh);
  setInterval(() => { if (document.visibilityState === "visible") refresh(); }, listEveryMs);
  return { refresh, mark };
}

async function runLive(app, notice) {
  const machine = app.machine;
  let meter = 1, model = null, view = 0, held = false, force = {}, faults = null, list = null;
  let world = null, flows = null, acts = 0, alerts = [];
  document.body.classList.add("live");
  $("subtitle").textContent = "A plant that runs now.";

  async function run(lua) {
    const answer = await wire.request({ lua });
    notice(answer.ok ? "" : answer.error);
    return answer;
  }

  async function readFaults() {
    const answer = await wire.request({ faults: meter });
    if (!answer.ok) return;
    force = answer.value;
    faults.refresh();
  }

  // What flows, as far as nothing was done since it was asked for: the sliders follow.
  async function readWorld() {
    const before = acts, answer = await wire.request({ world: meter });
    if (!answer.ok || before !== acts || world.isMoved()) return;
    const { hz, volts, amps, lag_degrees: lag, closures, read, exact } = flows = answer.value, state = machine.frameState();
    if (view === 0) alerts = state.alerts; // the other views have none
    const texts = (of) => Object.entries(of).map(([name, x], k) => (x === null ? "–" : machine.quantity(k, name.startsWith("k") ? 1000 * x : x)));
    const lags = lag.map((x) => x - 360 * Math.round(x / 360));
    world.follow(["grid", hz, ...volts].join());
    world.follow(["load", ...amps, ...lags].join());
    world.show({ ...state, alerts, closures, readings: texts(read).map((text, k) => [compared[k], text, ""]), truth: texts(exact) });
  }

  const watchPanel = () => wire.request({ watch: "panel", meter, view: liveViews[view] });
  const none = (f) => (f.phases ? [f.neutral, f.neutral, f.neutral] : [f.neutral]);

  app.machine = { ...machine,
    paint(next, keys, percent) {
      if (next !== view) {
        view = next;
        watchPanel();
      }
      return machine.repaint(keys, percent);
    },
    faults: () => machine.faults().map((f) => ({ ...f, idle: "", value: force[f.name] || none(f) })),
  };
  app.act = (action) => {
    acts++;
    run(luaOf(action, meter, flows)).then(() => {
      if (action.startsWith("fault") || action === "clear") readFaults();
      readWorld();
    });
    return "";
  };
  app.ask = async (pdu) => {
    const answer = await run(`meters[${meter}]:request("${pdu}")`);
    return answer.ok ? answer.value.replaceAll(" ", "") : "";
  };
  app.register = async (addr) => parseInt((await app.ask("03" + addr.toString(16).padStart(4, "0") + "0001")).slice(4), 16);

  function tell() {
    const state = machine.frameState();
    const text = (state.top.trim() + " " + state.bottom.trim()).trim() || "dark";
    const label = "Glass: " + text + (state.red ? "; alarm lamp lit" : "");
    if ($("front").getAttribute("aria-label") !== label) $("front").setAttribute("aria-label", label);
    if (performance.now() < app.speakUntil && $("said").textContent !== text) $("said").textContent = text;
  }

  function onPanel(e) {
    const frame = machine.frame();
    if (e.meter !== meter) return;
    if (e.size !== frame.length) {
      notice("The program is another one than this page's: load it anew.");
      return;
    }
    for (const [at, hex] of e.at)
      for (let k = 0; k < hex.length; k += 2) frame[at + k / 2] = parseInt(hex.slice(k, k + 2), 16);
    app.changed = true;
    tell();
  }

  function onTime(e) {
    held = e.held;
    $("clock").textContent = clockText(1000 * e.time);
    $("hold").setAttribute("aria-pressed", held);
    if (document.visibilityState === "visible") readWorld();
    $("rate").textContent = held ? "held" : e.speed === 0 ? "as fast as it can" : "× " + e.speed;
  }

  function onTraffic(e) {
    logTo("frames", e.left_out ? e.left_out + " frames are left out" :
      clockText(1000 * e.time) + " " + e.way + ", unit " + e.unit + (e.request ? " → " : " ← ") + e.text);
  }

  function onEvent(e) {
    if (e.event === "panel") onPanel(e);
    if (e.event === "time") onTime(e);
    if (e.event === "traffic") onTraffic(e);
    if (e.event !== "event") return;
    logTo("events", clockText(1000 * e.time) + " " + e.name + ": " + e.text);
    if (e.meter === meter) readFaults();
  }

  async function choose(row) {
    ({ meter, model } = row);
    acts++;
    list.mark(meter);
    modbus.build(model);
    await watchPanel();
    await readFaults();
    await readWorld();
    if (flows) world.range(Math.max(80, ...flows.volts), Math.max(1, ...flows.amps));
  }

  async function onOpen(mayChange) {
    $("link-state").textContent = mayChange ? "" : "read only: the link that serve prints lets you change things";
    for (const element of document.querySelectorAll(".time button, .time select, #clear, #keys button, #console > *, " +
      "#world input, #together, #power, #modbus > *"))
      element.disabled = !mayChange;
    for (const topic of ["time", "events"]) await wire.request({ watch: topic });
    if ($("frames-on").checked) await wire.request({ watch: "traffic" });
    await choose(model ? { meter, model } : await list.refresh());
    app.connected = true;
  }

  function onClosed() {
    app.connected = false;
    $("link-state").textContent = "the plant cannot be reached";
  }

  async function runLine(e) {
    e.preventDefault();
    const lua = $("line").value;
    $("line").value = "";
    logTo("lines", "> " + lua);
    const answer = await wire.request({ lua });
    if (answer.printed) logTo("lines", answer.printed);
    if (!answer.ok) logTo("lines", answer.error, "wrong");
    else if ("value" in answer) logTo("lines", JSON.stringify(answer.value));
  }

  machine.open(usual); // whose table of faults has the texts
  const wire = openWire(onEvent, onOpen, onClosed), picture = makePicture(app);
  list = makeList(wire.request, choose);
  faults = makeFaults(app);
  faults.build();
  world = makeWorld(app);
  const modbus = makeModbus(app);
  $("hold").addEventListener("click", () => run(held ? "go()" : "hold()"));
  $("step").addEventListener("click", () => run('advance "1 s"'));
  $("speed").addEventListener("change", () => run("go(" + $("speed").value + ")"));
  $("frames-on").addEventListener("change", () => wire.request({ [$("frames-on").checked ? "watch" : "unwatch"]: "traffic" }));
  $("console").addEventListener("submit", runLine);
  window.addEventListener("resize", () => { app.changed = true; });
  Object.assign(app, { wire, choose });
  window.metersim = app;
  const draw = () => {
    if (app.changed) {
      app.changed = false;
      picture.paint();
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}
