// The WebSocket of a served plant (docs/http.md): requests and their answers, events.

const againMs = 1000, tokenKey = "metersim-token";

// The token comes with the link, behind its #, and stays with this tab.
function findToken() {
  const found = /^#token=([0-9a-f]+)$/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(tokenKey, found[1]);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(tokenKey);
}

// onEvent(message) for each event, onOpen(mayChange) and onClosed() for the connection.
function openWire(onEvent, onOpen, onClosed) {
  const token = findToken(), waiting = new Map();
  let socket = null, last = 0;

  function request(what) {
    return new Promise((resolve) => {
      if (!socket || socket.readyState !== WebSocket.OPEN) {
        resolve({ ok: false, error: "the plant cannot be reached" });
        return;
      }
      waiting.set(++last, resolve);
      socket.send(JSON.stringify({ id: last, ...what }));
    });
  }

  async function opened() {
    const answer = token ? await request({ token }) : { ok: false };
    onOpen(answer.ok);
  }

  function connect() {
    socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/ws");
    socket.addEventListener("open", opened);
    socket.addEventListener("message", (e) => {
      const message = JSON.parse(e.data), resolve = waiting.get(message.id);
      if (message.event) onEvent(message);
      if (!resolve) return;
      waiting.delete(message.id);
      resolve(message);
    });
    socket.addEventListener("close", () => {
      waiting.forEach((resolve) => resolve({ ok: false, error: "the plant has hung up" }));
      waiting.clear();
      onClosed();
      setTimeout(connect, againMs);
    });
  }
  setTimeout(connect, 0);
  return { request };
}
