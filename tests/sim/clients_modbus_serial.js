// Reads the blocks "first count" of standard input with modbus-serial; prints "register
// word". Arguments: port, function (3 or 4). Used by clients.sh.
const fs = require("fs");
const ModbusRTU = require("modbus-serial");

async function main() {
    const [port, code] = process.argv.slice(2).map(Number);
    const client = new ModbusRTU();
    await client.connectTCP("127.0.0.1", { port });
    client.setID(1);
    client.setTimeout(5000);
    for (const line of fs.readFileSync(0, "utf8").trim().split("\n")) {
        const [first, count] = line.split(" ").map(Number);
        const answer = code === 3
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
