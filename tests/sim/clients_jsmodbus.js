// Reads the blocks "first count" of standard input with jsmodbus; prints "register word".
// Arguments: "tcp", the port, unit, function (3 or 4). Used by clients_gateway.sh.
const fs = require("fs");
const net = require("net");
const modbus = require("jsmodbus");

const [, port, unit, code] = process.argv.slice(2); // the first is "tcp"
const socket = new net.Socket();
const client = new modbus.client.TCP(socket, Number(unit), 30000);

socket.on("error", (error) => {
    console.error(error.message);
    process.exit(1);
});
socket.on("connect", async () => {
    try {
        for (const line of fs.readFileSync(0, "utf8").trim().split("\n")) {
            const [first, count] = line.split(" ").map(Number);
            const { response } = code === "3"
                ? await client.readHoldingRegisters(first - 1, count)
                : await client.readInputRegisters(first - 1, count);
            response.body.valuesAsArray.forEach((word, k) =>
                console.log(first + k, word.toString(16).padStart(4, "0")));
        }
    } catch (error) {
        console.error(error.message || JSON.stringify(error));
        process.exit(1);
    }
    socket.end();
});
socket.connect({ host: "127.0.0.1", port: Number(port) });
