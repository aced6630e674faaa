// Prints a flow that reads each block "first count" of standard input once. Arguments: the
// port, unit, function (3 or 4). Used by clients_node_red.sh.
const fs = require("fs");

const [port, unit, code] = process.argv.slice(2);
const blocks = fs.readFileSync(0, "utf8").trim().split("\n").map((line) => line.split(" "));
const flow = [
    { id: "tab", type: "tab", label: "blocks" },
    {
        id: "client", type: "modbus-client", name: "meter", clienttype: "tcp", bufferCommands: true,
        tcpHost: "127.0.0.1", tcpPort: port, tcpType: "DEFAULT", unit_id: unit, commandDelay: "1",
        clientTimeout: "30000", reconnectOnTimeout: false, reconnectTimeout: "2000",
        parallelUnitIdsAllowed: true,
    },
    { // once, when the client has had the time to connect
        id: "once", type: "inject", z: "tab", props: [{ p: "payload" }], payload: "read", payloadType: "str",
        repeat: "", crontab: "", once: true, onceDelay: 10, wires: [blocks.map((_, k) => `read${k}`)],
    },
];
blocks.forEach(([first, count], k) => {
    flow.push({
        id: `read${k}`, type: "modbus-getter", z: "tab", name: first, unitid: unit,
        dataType: code === "3" ? "HoldingRegister" : "InputRegister", adr: String(first - 1),
        quantity: count, server: "client", showErrors: true, wires: [[`words${k}`], []],
    }, {
        id: `words${k}`, type: "function", z: "tab", outputs: 0, wires: [],
        func: `node.warn("words ${first} " + msg.payload.join(" "));`,
    });
});
// A node without a place would be one of configuration.
console.log(JSON.stringify(flow.map((node) => (node.z ? { ...node, x: 0, y: 0 } : node))));
