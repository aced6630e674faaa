// The page: opens the machine and joins its parts.

const usual = "s4100,40,200,480,1";
const stateEveryMs = 200;
const speakMs = 1500; // after a key, what the glass says is spoken

async function main() {
  const app = { machine: null, changed: true, busy: false, keyed: false, speakUntil: 0, pictured: 0 };
  const notice = (text) => {
    $("notice").hidden = !text;
    $("notice").textContent = text;
  };
  app.machine = await openMachine($("machine").textContent, notice);
  if (document.documentElement.dataset.live !== undefined) {
    await runLive(app, notice);
    return;
  }
  app.act = (action) => {
    const wrong = app.machine.act(action);
    notice(wrong);
    app.changed = true;
    return wrong;
  };
  // The first picture comes before all that is beside it.
  if (!app.machine.open(decodeURIComponent(location.hash.slice(1)))) app.machine.open(usual);
  const picture = makePicture(app);
  picture.paint();
  performance.mark("first picture");
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
  app.pictured = performance.now();
  const time = makeTime(app), world = makeWorld(app);
  app.inPieces = time.inPieces;
  app.ask = async (pdu) => (app.act("pdu," + pdu) ? null : app.machine.answer());
  app.register = async (addr) => app.machine.register(addr);
  const faults = makeFaults(app), share = makeShare(app);
  const modbus = makeModbus(app);
  let shown = 0;

  function tell(state) {
    const glass = (state.top.trim() + " " + state.bottom.trim()).trim() || "dark";
    const text = glass + (state.icons.length ? ", " + state.icons.join(", ") : "");
    const label = "Glass: " + text + (state.red ? "; alarm lamp lit" : "") + (state.green ? "; energy lamp lit" : "");
    if ($("front").getAttribute("aria-label") !== label) $("front").setAttribute("aria-label", label);
    if (app.keyed) app.speakUntil = performance.now() + speakMs;
    app.keyed = false;
    if (performance.now() < app.speakUntil && $("said").textContent !== text) $("said").textContent = text;
  }

  app.frame = (now) => {
    if (!app.changed) return;
    app.changed = false;
    picture.paint();
    if (now - shown < stateEveryMs) {
      app.changed ||= true;
      return;
    }
    shown = now;
    const state = app.machine.state();
    world.show(state);
    tell(state);
  };

  app.begin = async (text, lesson) => {
    if (app.busy) return;
    if (!app.machine.open(text)) {
      notice("There is no such meter, or it refuses one of these settings.");
      return;
    }
    notice("");
    picture.release();
    share.show(lesson);
    const [model, type, ct, volts, seed] = text.split(";")[0].split(",");
    Object.entries({ model, type, ct, volts, seed }).forEach(([id, x]) => { $(id).value = x; });
    world.range(volts / Math.sqrt(3), ct * 0.4);
    if (text.includes(";")) {
      await app.inPieces((ms) => {
        const wrong = app.machine.repeat(ms);
        if (wrong) notice("This link holds no whole session: " + wrong);
        return !wrong && app.machine.repeats();
      });
      text.split(";").slice(1).forEach((item) => world.follow(item.slice(item.indexOf(",") + 1)));
    } else {
      world.begin(Math.round((volts / Math.sqrt(3)) * 10) / 10, ct * 0.4);
    }
    faults.build();
    modbus.build(model);
    app.changed = true;
  };

  app.paintAt = picture.paint;
  const open = async () => {
    const asked = share.fromAddress();
    await app.begin(...(asked || [usual, null]));
  };
  window.addEventListener("hashchange", open);
  window.addEventListener("resize", () => { app.changed = true; });
  window.metersim = app;
  await open();
  time.start();
}

main().catch((e) => {
  $("notice").hidden = false;
  $("notice").textContent = "The machine does not run: " + e.message;
});
