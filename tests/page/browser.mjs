// A headless Chromium, driven by its own protocol over pipes: no package is needed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function openBrowser(path) {
  const profile = mkdtempSync(join(tmpdir(), "metersim-page-"));
  const child = spawn(path, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
    "--remote-debugging-pipe", "--user-data-dir=" + profile, "about:blank"],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const waiting = new Map(), listeners = [];
  let last = 0, rest = "";
  child.stdio[4].setEncoding("utf8");
  child.stdio[4].on("data", (chunk) => {
    const parts = (rest + chunk).split("\0");
    rest = parts.pop();
    for (const part of parts) {
      const m = JSON.parse(part);
      if (m.id) {
        const { resolve, reject } = waiting.get(m.id);
        waiting.delete(m.id);
        if (m.error) reject(new Error(m.error.message)); else resolve(m.result);
      } else {
        listeners.forEach((listener) => listener(m));
      }
    }
  });
  const send = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    child.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
  });
  child.on("exit", () => waiting.forEach(({ reject }) => reject(new Error("chromium has ended"))));

  // A page of its own: what it says on its console is collected in messages.
  async function openPage(url, width, height, dark = false, dots = 1) {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const ask = (method, params) => send(method, params, sessionId);
    const messages = [];
    listeners.push((m) => {
      if (m.sessionId !== sessionId) return;
      if (m.method === "Runtime.consoleAPICalled") messages.push(m.params.args.map((a) => a.value ?? a.description).join(" "));
      if (m.method === "Runtime.exceptionThrown") messages.push(m.params.exceptionDetails.exception?.description ?? m.params.exceptionDetails.text);
      if (m.method === "Log.entryAdded") messages.push(m.params.entry.text);
    });
    await ask("Runtime.enable");
    await ask("Log.enable");
    await ask("Page.enable");
    await ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: dots, mobile: width < 500 });
    await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    await ask("Page.navigate", { url });
    const evaluate = async (expression) => {
      const r = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      if (r.exceptionDetails) throw new Error(r.exceptionDetails.exception?.description ?? r.exceptionDetails.text);
      return r.result.value;
    };
    const until = async (expression) => {
      for (let k = 1; !(await evaluate(expression).catch(() => false)); k++) {
        if (k % 1000 === 0) console.log("still waits for " + expression);
        await new Promise((next) => setTimeout(next, 50));
      }
    };
    const key = async (name, code, vk, text = undefined) => {
      await ask("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key: name, code, windowsVirtualKeyCode: vk, text });
      return () => ask("Input.dispatchKeyEvent", { type: "keyUp", key: name, code, windowsVirtualKeyCode: vk });
    };
    const screenshot = async (file, whole = true) => {
      const { data } = await ask("Page.captureScreenshot", { captureBeyondViewport: whole });
      writeFileSync(file, Buffer.from(data, "base64"));
    };
    const close = () => send("Target.closeTarget", { targetId });
    return { evaluate, until, key, screenshot, messages, ask, close };
  }
  const close = async () => {
    await send("Browser.close").catch(() => {});
    if (child.exitCode === null) await new Promise((next) => child.on("exit", next));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const listen = (listener) => listeners.push(listener);
  return { openPage, listen, close };
}
