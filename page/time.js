// Simulated time: so many milliseconds a frame as the speed asks for, or as the machine
// can make in its share of the frame.

const frameShareMs = 24, sliceMs = 50, longestFrameMs = 250, pieceMs = 2000;

function clockText(ms) {
  const s = Math.floor(ms / 1000), two = (n) => String(n).padStart(2, "0");
  return Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60) + "." + Math.floor((ms % 1000) / 100);
}

function makeTime(app) {
  const clock = $("clock"), hold = $("hold"), speed = $("speed"), rate = $("rate");
  let held = false, owed = 0, last = 0, made = 0, since = 0;

  // As far as `until` milliseconds of real time allow; how many were made.
  function run(ms, until) {
    const m = app.machine, first = m.now(), end = first + ms;
    while (m.now() < end && performance.now() < until) m.advance(Math.min(end, m.now() + sliceMs));
    return m.now() - first;
  }

  function show(now) {
    clock.textContent = clockText(app.machine.now());
    if (now - since < 1000) return;
    const reached = made / (now - since);
    rate.textContent = held ? "held" : "× " + (reached < 9.95 ? reached.toFixed(1) : Math.round(reached));
    made = 0;
    since = now;
  }

  function frame(now) {
    const passed = Math.min(longestFrameMs, last ? now - last : 0);
    last = now;
    if (!held && !app.busy) {
      owed += passed * speed.value;
      const whole = Math.floor(owed), done = run(whole, performance.now() + frameShareMs);
      owed = done < whole ? 0 : owed - done;
      made += done;
      if (done) app.changed = true;
    }
    show(now);
    app.frame(now);
    requestAnimationFrame(frame);
  }

  function setHeld(is) {
    held = is;
    hold.setAttribute("aria-pressed", held);
    rate.textContent = held ? "held" : "";
  }

  hold.addEventListener("click", () => setHeld(!held));
  speed.addEventListener("change", () => { owed = 0; });
  $("step").addEventListener("click", () => {
    setHeld(true);
    run(1000, Infinity);
    app.changed = true;
  });

  // Work in pieces of so many simulated milliseconds, without blocking the page: `piece`
  // is false when it is done.
  async function inPieces(piece) {
    app.busy = true;
    try {
      while (piece(pieceMs)) {
        clock.textContent = clockText(app.machine.now()) + " …";
        await new Promise((next) => setTimeout(next, 0));
      }
    } finally {
      app.busy = false;
      app.changed = true;
    }
  }

  return { start: () => requestAnimationFrame(frame), inPieces, hold: setHeld };
}
