'use strict';
// The program metersim: where it is, and the names that it knows.
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { MetersimError } = require('./errors');

const HOW_TO_BUILD = 'Build it in the source tree with `./run version`, then set ' +
    'METERSIM=/path/to/build/metersim, put that folder on PATH, or pass program.';

function isProgram(file) {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

function find(program) {
    const name = program || process.env.METERSIM || 'metersim';
    const source = program ? 'program' : process.env.METERSIM ? '$METERSIM'
        : 'PATH ($METERSIM is not set)';
    const places = name.includes('/') ? [name]
        : (process.env.PATH || '').split(':').map((folder) => path.join(folder, name));
    const found = places.find(isProgram);
    if (!found)
        throw new MetersimError(`the program '${name}', by ${source}, is not there or ` +
            `cannot be executed. ${HOW_TO_BUILD}`);
    return found;
}

const tables = new Map();

// A table of the program, as a list of objects; read once.
function table(program, kind, ...more) {
    const key = [program, kind, ...more].join('\0');
    if (!tables.has(key))
        tables.set(key, JSON.parse(execFileSync(program, [kind, '--json', ...more],
                                                { stdio: ['ignore', 'pipe', 'pipe'],
                                                  maxBuffer: 1 << 26 })));
    return tables.get(key);
}

const named = (rows) => new Map(rows.map((row) => [row.name, row]));

// The words of the program, by what they belong to.
class Vocabulary {
    constructor(program) {
        this.program = program;
        const of = (...kinds) => named(table(program, 'verbs')
            .filter((row) => kinds.includes(row.kind)));
        this.verbs = of('verb', 'console');
        this.meterVerbs = new Map([...this.verbs].filter(
            ([, row]) => /^\[?meter\b/.test(row.arguments)));
        this.methods = of('meter method');
        this.fields = of('meter field');
        this.common = of('meter reading');
    }

    registers(model) {
        return named(table(this.program, 'registers', model));
    }

    isReading(name, model) {
        const row = this.registers(model).get(name);
        return this.common.has(name) || Boolean(row && row.reading);
    }
}

module.exports = { find, Vocabulary };
