'use strict';
// One meter of a plant. Readings and fields are promises: await meter.kw_total. Verbs of
// scenarios that act on a meter are methods: await meter.fault('ct_open', 'B').
const fs = require('fs');
const { UnknownName, hint } = require('./errors');
const lua = require('./lua');

const FORMATS = { SInt: 's16', UInt: 'u16', SLong: 's32', ULong: 'u32', Float: 'f32' };

class Meter {
    constructor(plant, number, facts) {
        Object.assign(this, { plant, number, name: facts.name, model: facts.model,
                              host: plant.host, port: facts.port, unit: facts.unit,
                              serial: facts.serial, luaName: `meters[${number}]` });
    }

    names() {
        const v = this.plant.vocabulary;
        const own = [...v.registers(this.model)].filter(([, row]) => row.reading);
        return new Set([...Object.keys(this), 'register', 'read', 'write', 'truth', 'press',
                        'screenshot', ...v.fields.keys(), ...v.methods.keys(),
                        ...v.meterVerbs.keys(), ...v.common.keys(),
                        ...own.map(([name]) => name)]);
    }

    // The row of a register in the model's map, by its name.
    register(name) {
        const rows = this.plant.vocabulary.registers(this.model);
        if (!rows.has(name))
            throw new UnknownName(`model ${this.model} has no register '${name}'` +
                `${hint(name, rows.keys())}; \`metersim registers ${this.model}\` lists them`);
        return rows.get(name);
    }

    method(name, args) {
        return this.plant.lua(lua.call(`${this.luaName}:${name}`, args));
    }

    async get(name) {
        const value = await this.plant.lua(`${this.luaName}.${name}`);
        return value === null ? NaN : value;
    }

    // read(21), read(21, 8): words; read(21, 's16'): a number; read('kw_total'): the number
    // of the register of that name, as it stands there.
    async read(register, form) {
        if (typeof register === 'string') {
            const row = this.register(register);
            register = row.register;
            form = form || (row.words <= 2 ? FORMATS[row.format] : row.words);
        }
        const got = await this.method('read', form === undefined ? [register]
            : [register, form]);
        return form === undefined ? got[0] : got;
    }

    async write(register, ...values) {
        const number = typeof register === 'string' ? this.register(register).register
            : register;
        await this.method('write', [number, ...values]);
    }

    truth(accuracyClass) {
        return accuracyClass === undefined ? this.method('truth', [])
            : this.plant.call('truth', this, accuracyClass);
    }

    async screenshot(file, view = 'panel') {
        const picture = await this.plant.call('picture', this, view);
        fs.writeFileSync(file, Buffer.from(picture, 'base64'));
    }
}

function lookUp(meter, name) {
    const v = meter.plant.vocabulary;
    if (v.fields.has(name) || v.isReading(name, meter.model))
        return meter.get(name);
    if (v.meterVerbs.has(name))
        return (...args) => meter.plant.call(name, meter, ...args);
    if (v.methods.has(name))
        return (...args) => meter.method(name, args);
    throw new UnknownName(`meter '${meter.name}' (${meter.model}) has no '${name}'` +
        `${hint(name, meter.names())}; meter.names() lists what it has`);
}

// What language and tools ask any object for is not a name of a meter.
const isForeign = (name) => typeof name === 'symbol' ||
    ['then', 'toJSON', 'inspect', 'constructor', 'asymmetricMatch', 'nodeType'].includes(name);

const handler = (search) => ({
    get(target, name) {
        return name in target ? target[name]
            : isForeign(name) ? undefined : search(target, name);
    },
});

const makeMeter = (plant, number, facts) =>
    new Proxy(new Meter(plant, number, facts), handler(lookUp));

module.exports = { makeMeter, handler };
