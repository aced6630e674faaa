'use strict';
// A plant: the program `metersim serve`, its meters, and its time.
const fs = require('fs');
const path = require('path');
const { Console } = require('./console');
const { MetersimError, UnknownName, hint } = require('./errors');
const lua = require('./lua');
const { makeMeter, handler } = require('./meter');
const { find, Vocabulary } = require('./names');
const { Process } = require('./process');

// What `serve` needs unless it is given: free ports, and no pty.
const USUAL = { '--tcp': '127.0.0.1:0', '--rtu': 'none' };
const FILES = { '--pcap': 'modbus.pcap', '--tape': 'meter.tape' };
const PICTURES_MAX = 4;

const vocabularies = new Map();

function vocabularyOf(program) {
    if (!vocabularies.has(program))
        vocabularies.set(program, new Vocabulary(program));
    return vocabularies.get(program);
}

// { count: 3, byAddress: true } as options of `serve`.
function optionsOf(named) {
    return Object.entries(named).flatMap(([name, value]) => {
        const option = '--' + name.replace(/_/g, '-').replace(/[A-Z]/g,
                                                              (c) => '-' + c.toLowerCase());
        return value === true ? [option]
            : value === false || value === undefined || value === null ? []
                : [value].flat().flatMap((item) => [option, String(item)]);
    });
}

class Plant {
    // args: a list of arguments of `serve`, such as a scenario; program, settle ('3 s' pass
    // at the start; null: none) and capture are this package's; all others are options.
    static async start({ args = [], program, settle = '3 s', capture = false,
                         ...named } = {}) {
        const found = find(program);
        const given = [...args.map(String), ...optionsOf(named)];
        for (const [option, value] of Object.entries(USUAL))
            if (!given.some((arg) => arg === option || arg.startsWith(option + '=')))
                given.push(option, value);
        const single = !given.some((arg) => arg.endsWith('.lua') || arg.startsWith('--count'));
        const files = !capture ? [] : single ? Object.keys(FILES) : ['--pcap'];
        const process = await Process.start([found, 'serve', ...given, '--hold'], files);
        const plant = new Proxy(new Plant(process, vocabularyOf(found)), handler(lookUp));
        plant.adopt(plant);
        if (settle === null)
            return plant;
        try {
            await plant.advance(settle);
        } catch (error) {
            await plant.close();
            throw error;
        }
        return plant;
    }

    constructor(process, vocabulary) {
        const { ready } = process;
        this.process = process;
        this.vocabulary = vocabulary;
        this.version = ready.version;
        this.tcp = ready.tcp;
        this.rtu = ready.rtu;
        this.host = ready.tcp[0].replace(/:\d+$/, '');
        this.port = Number(/\d+$/.exec(ready.tcp[0])[0]);
        this.pid = ready.pid;
        this.console = new Console(ready.console, () => process.lastWords());
        this.kept = [];
        this.late = 0;
    }

    // Meters are of the plant as users have it.
    adopt(plant) {
        this.meters = this.process.ready.meters.map(
            (facts, k) => makeMeter(plant, k + 1, facts));
        this.meter = this.meters[0];
    }

    // By number from 1 on, as on the console, or by name.
    find(key) {
        const found = this.meters.find((m) => m.number === key || m.name === key);
        if (!found)
            throw new UnknownName(`no meter '${key}'` +
                `${hint(String(key), this.meters.map((m) => m.name))}; the plant has 1 to ` +
                `${this.meters.length}`);
        return found;
    }

    get log() {
        return this.process.log();
    }

    lua(text) {
        return this.console.run(text);
    }

    async call(verb, ...args) {
        return this.lua(lua.call(verb, args));
    }

    now() {
        return this.lua('now()');
    }

    // Advances by steps until the condition, which may be a promise, is true.
    async until(condition, limit = '1 h', step = '1 s') {
        const start = await this.now();
        if (!this.late)
            await this.lua('metersim_late = 0');
        const mine = ++this.late;
        await this.call('after', limit, new lua.Lua(
            `function() metersim_late = math.max(metersim_late, ${mine}) end`));
        while (!await condition()) {
            if (await this.lua('metersim_late') >= mine)
                throw new MetersimError(`not true within ${limit} of simulated time`);
            await this.call('advance', step);
        }
        return await this.now() - start;
    }

    // Pictures now; the capture and the tape (capture: true) at the end. The paths.
    async keep(folder) {
        fs.mkdirSync(folder, { recursive: true });
        const paths = [];
        for (const meter of this.meters.slice(0, PICTURES_MAX)) {
            paths.push(path.join(folder, meter.name + '.png'));
            await meter.screenshot(paths[paths.length - 1]);
        }
        this.kept = [...this.process.files.keys()].map(
            (option) => [option, path.join(folder, FILES[option])]);
        return [...paths, ...this.kept.map(([, name]) => name)];
    }

    // Ends the program; a scenario that has failed is an error.
    async close() {
        this.console.close();
        const how = await this.process.end();
        if (typeof how === 'string')
            this.console.remove(); // a killed program could not
        for (const [option, name] of this.kept.splice(0))
            this.process.saveFile(option, name);
        this.process.dropFiles();
        if (how === 1)
            throw new MetersimError('the scenario failed:\n' + this.log.trim());
    }
}

function lookUp(plant, name) {
    const { verbs } = plant.vocabulary;
    if (verbs.has(name))
        return (...args) => plant.call(name, ...args);
    throw new UnknownName(`a plant has no '${name}'${hint(name, verbs.keys())}; ` +
        '`metersim verbs` lists what it has');
}

module.exports = { Plant };
