'use strict';
// The package clients/node, with node's own test runner. $METERSIM is the program.
const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { test } = require('node:test');
const PACKAGE = path.resolve(__dirname, '../../../clients/node');
const metersim = require(PACKAGE);

const near = (a, b, share = 1e-3) => assert.ok(Math.abs(a - b) <= share * Math.abs(b),
                                               `${a} is not near ${b}`);
const rejects = (promise, pattern) => assert.rejects(promise, pattern);

// A process that has ended may wait for init, which may be slow to collect it.
function runs(pid) {
    try {
        return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'ascii'));
    } catch {
        return false;
    }
}

function folder() {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'test-'));
}

test('the usual meter is that of serve', () => metersim.use({}, async ({ meter, now }) => {
    assert.strictEqual(meter.model, 's4100');
    near(await meter.kw_total, 61.19);
    near((await meter.truth()).kw_total, 61.19);
    assert.strictEqual(await meter.read('ct_primary'), 200);
    assert.strictEqual((await meter.lcd).top, '3 A');
}));

test('time, faults, registers, keys', () => metersim.use({}, async (plant) => {
    const { meter } = plant;
    assert.strictEqual(await plant.now(), 3);
    await meter.fault('ct_reversed', 'B');
    await plant.advance('15 min');
    assert.strictEqual(await plant.now(), 903);
    assert.ok(await meter.kw_b < 0 && await meter.read(92, 's16') < 0);
    await meter.clear();
    assert.ok(await plant.until(async () => await meter.kw_b > 0, '5 s') <= 3);
    await rejects(plant.until(() => false, '2 s'), /not true within 2 s/);
    await plant.grid({ hz: 50 });
    await meter.load({ amps: [10, 20, 30], pf: 0.9 });
    await plant.advance(3);
    near(await meter.freq, 50);
    near(await meter.i_c, 30);
    assert.strictEqual((await meter.read(21, 4)).length, 4);
    await meter.write('pt_ratio', 250);
    assert.strictEqual(await meter.read(133), 250);
    await meter.press('+');
    assert.notStrictEqual((await meter.lcd).top, '3 A');
    await plant.go(60);
    while (await plant.now() < 920);
    await plant.hold();
}));

test('names that are wrong', () => metersim.use({}, async (plant) => {
    assert.throws(() => plant.meter.kw_totla, /no 'kw_totla'; did you mean 'kw_total'\?/);
    assert.throws(() => plant.meter.fautl('x'), /did you mean 'fault'/);
    assert.throws(() => plant.gird({}), /did you mean 'grid'/);
    assert.throws(() => plant.find('metre1'), /did you mean 'meter1'/);
    await rejects(plant.meter.fault('ct_revers'), /did you mean 'ct_reversed'/);
    await rejects(plant.meter.read('kw_totl'), /did you mean 'kw_total'/);
    await rejects(plant.meter.write('system_type', 99), /exception 3/);
    await rejects(plant.call('load', new Set()), /accepts numbers, texts/);
    assert.strictEqual(await plant.lua(`string.len(${JSON.stringify('ä')})`), 2);
}));

test('several meters, and a client', () => metersim.use({ count: 3 }, async (plant) => {
    assert.deepStrictEqual(plant.meters.map((m) => m.unit), [1, 2, 3]);
    const meter = plant.find(3), socket = net.createConnection(meter.port, meter.host);
    socket.write(Buffer.from([0, 1, 0, 0, 0, 6, meter.unit, 3, 0, 20, 0, 1]));
    const answer = await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    assert.strictEqual(answer.readUInt16BE(9), await meter.read(21));
}));

test('what is kept', async () => {
    const kept = path.join(folder(), 'kept');
    await metersim.use({ capture: true }, (plant) => plant.keep(kept));
    assert.deepStrictEqual(fs.readdirSync(kept).sort(),
                           ['meter.tape', 'meter1.png', 'modbus.pcap']);
    for (const name of fs.readdirSync(kept))
        assert.ok(fs.statSync(path.join(kept, name)).size >= 24);
    fs.rmSync(path.dirname(kept), { recursive: true });
});

test('starts that fail', async () => {
    await rejects(metersim.start({ conut: 3 }), /Unknown option --conut/);
    await rejects(metersim.start({ program: '/nowhere' }), /by program, .*Build it/);
    await rejects(metersim.start({ settle: '3 apples' }), /apples/);
    const plant = await metersim.start();
    await plant.close();
    await plant.close();
    await rejects(plant.meter.kw_total, /The plant is closed/);
});

test('a program that is killed says so', async () => {
    const plant = await metersim.start();
    process.kill(plant.pid, 'SIGKILL');
    await rejects(plant.advance('1 s'), /did not answer.*SIGKILL/s);
    await plant.close();
    assert.ok(!fs.existsSync(plant.console.path));
});

for (const then of ['', 'process.exit(3)', 'process.abort()', 'throw new Error("x")',
                    'process.kill(process.pid, "SIGKILL")', 'plant.advance("1000 h"); process.exit(0)'])
    test(`nothing is left after: ${then || 'the end'}`, async () => {
        const work = folder();
        const script = spawn(process.execPath, ['-e', `
            require(${JSON.stringify(PACKAGE)}).start({ capture: true }).then((plant) => {
                require('fs').writeSync(1, plant.pid + ' ' + plant.console.path + '\\n');
                ${then};
            });`], { env: { ...process.env, TMPDIR: work, XDG_RUNTIME_DIR: work },
                     stdio: ['ignore', 'pipe', 'ignore'] });
        let text = '';
        script.stdout.on('data', (more) => { text += more; });
        await new Promise((resolve) => script.once('close', resolve));
        const [pid, socket] = text.trim().split(' ');
        while (runs(pid))
            await new Promise((resolve) => setTimeout(resolve, 5));
        assert.ok(!fs.existsSync(socket));
        assert.deepStrictEqual(fs.readdirSync(work), ['metersim']);
        assert.deepStrictEqual(fs.readdirSync(path.join(work, 'metersim')), []);
        fs.rmSync(work, { recursive: true });
    });
