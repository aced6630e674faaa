// Links, scenarios, exercises, new meters.

// An exercise begins with a session; one whose faults are to be found keeps them secret
// until it is asked.
const lessons = [
  { id: "reversed", name: "A reversed CT", secret: false,
    text: "The CT of phase B points the other way. See its phasor, its power and the totals. End the fault: what changes, " +
      "and which energy stays wrong?",
    session: "s4100,40,200,480,1;0,grid,60,277.1,277.1,277.1;0,load,80,80,80,23.1;0,fault,ct_reversed,B,1;5000,mark" },
  { id: "lost", name: "A lost phase", secret: false,
    text: "Phase B is dead. Lamp, alarm contact, wrench and register 146 (read alert_bits) say so. What do current and power do, " +
      "and when is the alarm over?",
    session: "s4100,40,200,480,1;0,grid,60,277.1,277.1,277.1;0,load,80,80,80,23.1;4000,fault,phase_loss,B,1;8000,mark" },
  { id: "demand", name: "Demand", secret: false,
    text: "The demand's sub-interval is one minute (write demand_subinterval_s 60). Let time pass at × 60 and change the load: " +
      "when does demand follow, and what is the maximum (read kw_demand_max_import)?",
    session: "s4100,40,200,480,1;0,grid,60,277.1,277.1,277.1;0,load,80,80,80,23.1;0,pdu,060095003C;5000,mark" },
  { id: "installer", name: "Five wiring faults", secret: true,
    text: "This meter was wired in a hurry. Its load is 80, 60 and 40 A at a power factor of 0.92 lagging, its CTs are to be of 200 A. " +
      "Find five mistakes by phasors, readings and registers.",
    session: "s4100,40,200,480,7;0,grid,60,277.1,277.1,277.1;0,load,80,60,40,23.1;0,fault,ct_reversed,A,1;0,fault,ct_loops,A,2;" +
      "0,fault,ct_swapped,B,3;0,fault,ct_wrong_ratio,C,2;0,fault,pt_swapped,B,3;0,fault,pt_swapped,C,2;5000,mark" },
];

function makeShare(app) {
  const kept = $("kept");
  const url = () => location.href.split("#")[0] + "#" + app.machine.session();

  $("link").addEventListener("click", async () => {
    app.act("mark");
    history.replaceState(null, "", url());
    try {
      await navigator.clipboard.writeText(url());
      kept.textContent = "The link is in the clipboard and in the address.";
    } catch {
      kept.textContent = "The link is in the address.";
    }
  });
  // The tape is that of a copy, which repeats the session.
  async function copy() {
    app.machine.copy();
    await app.inPieces((ms) => app.machine.copies(ms));
    return app.machine.hash();
  }

  $("hash").addEventListener("click", async () => { kept.textContent = "SHA-256 of the tape: " + (await copy()); });
  $("scenario").addEventListener("click", async () => {
    await copy();
    const a = document.createElement("a");
    a.href = URL.createObjectURL(new Blob([app.machine.scenario()], { type: "text/x-lua" }));
    a.download = "session.lua";
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 10000);
    kept.textContent = "session.lua; its first lines say how to run it.";
  });
  for (const lesson of lessons) {
    const b = document.createElement("button");
    Object.assign(b, { type: "button", textContent: lesson.name });
    b.addEventListener("click", () => app.begin(lesson.session, lesson));
    b.dataset.lesson = lesson.id;
    $("lessons").append(b);
  }
  $("new").addEventListener("submit", (e) => {
    e.preventDefault();
    app.begin(["model", "type", "ct", "volts", "seed"].map((id) => $(id).value).join(","), null);
  });
  $("model").append(...app.machine.models().map(([name, product]) => new Option(product, name)));

  function secret(is) {
    document.body.classList.toggle("secret", is);
    $("answer").hidden = !is;
  }
  $("answer").addEventListener("click", () => secret(false));

  function show(lesson) {
    for (const b of $("lessons").children) b.setAttribute("aria-current", lesson ? b.dataset.lesson === lesson.id : false);
    $("lesson-text").hidden = !lesson;
    $("lesson-text").textContent = lesson ? lesson.text : "";
    secret(lesson !== null && lesson.secret);
  }

  // A session or an exercise ("lesson=reversed") by the address; null: neither.
  function fromAddress() {
    const hash = decodeURIComponent(location.hash.slice(1));
    const lesson = lessons.find((l) => hash === "lesson=" + l.id) || null;
    return lesson ? [lesson.session, lesson] : hash ? [hash, null] : null;
  }
  return { show, fromAddress };
}
