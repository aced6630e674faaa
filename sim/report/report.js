/* The cursor of a report: over any drawing of a scenario it shows the values of all of
 * them at that time. Without this script the page shows the last values. */
(function () {
  "use strict";
  const LEFT = 150, RIGHT = 1088, WIDTH = 1100;

  function clock(t) {
    const h = Math.floor(t / 3600), m = Math.floor(t / 60) % 60, s = t % 60;
    return h + ":" + String(m).padStart(2, "0") + ":" + s.toFixed(1).padStart(4, "0");
  }

  function text(x) {
    return x === null || x === undefined ? "–" : String(x);
  }

  function valueAt(trace, t) {
    const k = trace.s > 1 ? Math.floor(t / trace.s) : Math.round(t);
    const low = trace.a[k], high = trace.b ? trace.b[k] : low;
    return low === high ? text(low) : text(low) + " … " + text(high);
  }

  function plotOf(figure) {
    const data = figure.querySelector("script");
    const values = Array.from(figure.querySelectorAll(".key b"));
    return {
      cursor: figure.querySelector(".cursor"),
      traces: data ? JSON.parse(data.textContent) : [],
      values: values,
      last: values.map(function (b) { return b.textContent; })
    };
  }

  function show(plots, now, t, end) {
    const x = LEFT + (RIGHT - LEFT) * t / end;
    plots.forEach(function (p) {
      p.cursor.setAttribute("x1", x);
      p.cursor.setAttribute("x2", x);
      p.cursor.style.opacity = 0.6;
      p.traces.forEach(function (trace, k) { p.values[k].textContent = valueAt(trace, t); });
    });
    if (now) now.textContent = clock(t);
  }

  function hide(plots, now) {
    plots.forEach(function (p) {
      p.cursor.style.opacity = 0;
      p.values.forEach(function (b, k) { b.textContent = p.last[k]; });
    });
    if (now) now.textContent = "";
  }

  document.querySelectorAll("section").forEach(function (section) {
    const end = Number(section.dataset.end);
    const figures = Array.from(section.querySelectorAll("figure.plot"));
    const now = section.querySelector(".now");
    const plots = figures.map(plotOf);
    figures.forEach(function (figure) {
      const svg = figure.querySelector("svg");
      svg.addEventListener("pointermove", function (e) {
        const box = svg.getBoundingClientRect();
        const x = (e.clientX - box.left) / box.width * WIDTH;
        const t = (x - LEFT) / (RIGHT - LEFT) * end;
        if (t >= 0 && t <= end) show(plots, now, t, end);
        else hide(plots, now);
      });
      svg.addEventListener("pointerleave", function () { hide(plots, now); });
    });
  });
})();
