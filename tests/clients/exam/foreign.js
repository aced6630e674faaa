// A recorder around modbus-serial or jsmodbus, for `metersim exam`: what is read is decoded
// and judged with care, so whatever is wrong is the client's own.
// node foreign.js modbus-serial|jsmodbus HOST PORT UNITS [--step]
const net = require("net");
const readline = require("readline");

const [, , kind, host, port, units] = process.argv;
const step = process.argv.includes("--step");
const SCALE = { A: 138, V: 139, W: 140, E: 141 };
const FIXED = { PF: 1e-4, HZ: 1e-2 };
const BLOCKS = [[1, 42], [43, 69], [129, 29]];
// name, register, words, signed, scale
const POINTS = [
    ["kwh_import", 3, 2, false, "E"], ["kwh_export", 5, 2, false, "E"],
    ["kvarh_q1", 7, 2, false, "E"], ["kvah_import", 17, 2, false, "E"],
    ["kw_total", 21, 1, true, "W"], ["kvar_total", 22, 1, true, "W"],
    ["kva_total", 23, 1, true, "W"], ["pf_total", 24, 1, true, "PF"],
    ["vll_avg", 25, 1, true, "V"], ["vln_avg", 26, 1, true, "V"], ["i_avg", 27, 1, true, "A"],
    ["freq", 28, 1, true, "HZ"], ["kwh_import_a", 43, 2, false, "E"], ["kw_a", 91, 1, true, "W"],
    ["kw_c", 93, 1, true, "W"], ["v_cn", 108, 1, true, "V"], ["i_a", 109, 1, true, "A"],
];

// As their documentation begins: a connection; a new one where it says that it is closed.
const kinds = {
    "modbus-serial": () => {
        const ModbusRTU = require("modbus-serial");
        const client = new ModbusRTU();
        client.on("error", () => {});
        return async (unit, reg, count) => {
            if (!client.isOpen)
                await client.connectTCP(host, { port: Number(port) });
            client.setID(unit);
            client.setTimeout(2000);
            return (await client.readHoldingRegisters(reg - 1, count)).data;
        };
    },
    jsmodbus: () => {
        const modbus = require("jsmodbus");
        const socket = new net.Socket();
        // Clients learn of the connection by its event.
        const clients = new Map(units.split(",").map((unit) =>
            [Number(unit), new modbus.client.TCP(socket, Number(unit), 2000)]));
        let open = false;
        socket.on("error", () => {});
        socket.on("close", () => { open = false; });
        const connect = () => new Promise((done, failed) => {
            socket.once("connect", () => { open = true; done(); });
            socket.once("error", failed);
            socket.connect({ host, port: Number(port) });
        });
        return async (unit, reg, count) => {
            if (!open)
                await connect();
            const { response } = await clients.get(unit).readHoldingRegisters(reg - 1, count);
            return response.body.valuesAsArray;
        };
    },
};

function number(words, reg, size, signed) {
    const value = size === 2 ? words[reg] * 65536 + words[reg + 1] : words[reg];
    if (value === (size === 2 ? 0x80008000 : 0x8000))
        return null;
    return signed && value >= 0x8000 ? value - 0x10000 : value;
}

function scale(words, how) {
    if (FIXED[how])
        return FIXED[how];
    const exponent = words[SCALE[how]];
    return 10 ** (exponent >= 0x8000 ? exponent - 0x10000 : exponent);
}

async function record(read, unit) {
    const words = {};
    try {
        for (const [reg, count] of BLOCKS)
            (await read(unit, reg, count)).forEach((word, k) => { words[reg + k] = word; });
    } catch (error) {
        return;
    }
    const values = {};
    for (const [name, reg, size, signed, how] of POINTS) {
        const count = number(words, reg, size, signed);
        values[name] = count === null ? null : count * scale(words, how);
    }
    console.log(JSON.stringify({ time: Date.now() / 1000, unit, values }));
}

const delay = (ms) => new Promise((done) => { setTimeout(done, ms); });

async function main() {
    const read = kinds[kind]();
    const list = units.split(",").map(Number);
    const lines = step ? readline.createInterface({ input: process.stdin }) : null;
    const polls = lines ? lines[Symbol.asyncIterator]() : null;
    for (;;) {
        if (polls && (await polls.next()).done)
            break;
        const start = Date.now();
        for (const unit of list)
            await record(read, unit); // eslint-disable-line no-await-in-loop
        if (polls)
            console.log("done");
        else
            await delay(Math.max(1000 - (Date.now() - start), 50));
    }
    process.exit(0);
}

main();
