# Reads the blocks "first count" of standard input with pymodbus; prints "register word".
# Arguments: "tcp" and the port or "rtu" and the device, unit, function (3 or 4). Used by
# clients.sh.
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient

kind, where, unit, function = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
if kind == "tcp":
    client = ModbusTcpClient("127.0.0.1", port=int(where))
else:
    client = ModbusSerialClient(where, baudrate=38400, timeout=60)
if not client.connect():
    sys.exit("no connection")
read = client.read_holding_registers if function == "3" else client.read_input_registers
for line in sys.stdin:
    first, count = map(int, line.split())
    answer = read(first - 1, count, slave=unit)
    if answer.isError() or len(answer.registers) != count:
        sys.exit(f"registers {first}, {count}: {answer}")
    for offset, word in enumerate(answer.registers):
        print(first + offset, f"{word:04X}")
client.close()
