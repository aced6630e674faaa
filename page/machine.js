// The machine: WebAssembly that stands in the page, packed. Strings go in through one
// buffer (machine.h).

// What wasi's libc asks for: messages of abort go to the notice, nothing else exists.
function systemCalls(memory, say) {
  const number = (at) => new DataView(memory().buffer).getUint32(at, true);
  return {
    proc_exit(code) { throw new Error("the machine has ended with " + code); },
    fd_close: () => 0,
    fd_seek: () => 0,
    fd_write(_fd, list, count, written) {
      let text = "", size = 0;
      for (let k = 0; k < count; k++) {
        const at = number(list + 8 * k), length = number(list + 8 * k + 4);
        text += new TextDecoder().decode(new Uint8Array(memory().buffer, at, length));
        size += length;
      }
      say(text.trim());
      new DataView(memory().buffer).setUint32(written, size, true);
      return 0;
    },
  };
}

// It is compiled while it is unpacked.
function unpack(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
}

async function openMachine(base64, say) {
  let x = null, read = null;
  const calls = systemCalls(() => x.memory, say);
  const { instance } = await WebAssembly.instantiateStreaming(unpack(base64), {
    wasi_snapshot_preview1: calls,
    env: { page_number: (at) => Number(read(at)) },
  });
  x = instance.exports;
  x._initialize();
  const decoder = new TextDecoder(), encoder = new TextEncoder();
  read = (at) => {
    const bytes = new Uint8Array(x.memory.buffer, at);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  };
  const write = (text) => {
    const bytes = encoder.encode(text + "\0");
    const at = x.machine_text(bytes.length);
    new Uint8Array(x.memory.buffer).set(bytes, at);
  };
  const area = (at) => {
    const [left, top, width, height] = new Int32Array(x.memory.buffer, at, 4);
    return { left, top, width, height };
  };
  return {
    open(text) { write(text); return x.machine_new() !== 0; },
    repeat: (ms) => read(x.machine_repeat(ms)),
    repeats: () => x.machine_repeats() !== 0,
    act(action) { write(action); return read(x.machine_do()); },
    advance: (ms) => x.machine_advance(ms),
    now: () => x.machine_now(),
    answer: () => read(x.machine_answer()),
    register: (addr) => x.machine_register(addr),
    session: () => read(x.machine_session()),
    copy: () => x.machine_copy(),
    copies: (ms) => x.machine_copies(ms) !== 0,
    hash: () => read(x.machine_hash()),
    scenario: () => read(x.machine_scenario()),
    state: () => JSON.parse(read(x.machine_state())),
    faults: () => JSON.parse(read(x.machine_faults())),
    models: () => JSON.parse(read(x.machine_models())),
    paint: (view, keys, percent) => x.machine_paint(view, keys, percent),
    damage: (count) => Array.from({ length: count }, (_, k) => area(x.machine_damage() + 16 * k)),
    frame: () => new Uint8Array(x.memory.buffer, x.machine_frame(), x.machine_frame_size()),
    frameState: () => JSON.parse(read(x.machine_frame_state())),
    quantity: (row, value) => read(x.machine_quantity(row, value)),
    repaint: (keys, percent) => x.machine_repaint(keys, percent),
    place: (place) => area(x.machine_place(place)),
    key: (key) => x.machine_key(key),
    picture(width, height) {
      const pixels = new Uint8ClampedArray(x.memory.buffer, x.machine_pixels(), 4 * width * height);
      return new ImageData(pixels, width, height);
    },
  };
}
