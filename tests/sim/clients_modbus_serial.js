// Reads the blocks "first count" of standard input with modbus-serial; prints "register
// word". Arguments: "tcp" and the port or "rtu" and the device, unit, function (3 or 4).
// Used by clients.sh.
const fs = require("fs");
const ModbusRTU = require("modbus-serial");

async function main() {
    const [kind, where, unit, code] = process.argv.slice(2);
    const client = new ModbusRTU();
    if (kind === "tcp")
        await client.connectTCP("127.0.0.1", { port: Number(where) });
    else
        await client.connectRTUBuffered(where, { baudRate: 38400 });
    client.setID(Number(unit));
    client.setTimeout(60000);
    for (const line of fs.readFileSync(0, "utf8").trim().split("\n")) {
        const [first, count] = line.split(" ").map(Number);
        const answer = code === "3"
            ? await client.readHoldingRegisters(first - 1, count)
            : await client.readInputRegisters(first - 1, count);
        if (answer.data.length !== count)
            throw new Error(`registers ${first}, ${count}: ${answer.data.length} came`);
        answer.data.forEach((word, k) =>
            console.log(first + k, word.toString(16).padStart(4, "0")));
    }
    client.close(() => {});
}

main().catch((error) => {
    console.error(error.message);
    process.exit(1);
});
