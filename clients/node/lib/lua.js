'use strict';
// Values of JavaScript as text of Lua, which the console of the program reads.

// Text that is Lua already, such as a function for `every`.
class Lua {
    constructor(text) {
        this.text = text;
    }
}

const quote = (text) => '"' + text.replace(/["\\]|[\x00-\x1f]/g, (c) =>
    c === '"' || c === '\\' ? '\\' + c
        : '\\' + String(c.charCodeAt(0)).padStart(3, '0')) + '"';

function number(value) {
    if (Number.isNaN(value))
        return '(0/0)';
    if (!Number.isFinite(value))
        return value > 0 ? 'math.huge' : '-math.huge';
    return String(value);
}

function table(value) {
    const parts = Array.isArray(value)
        ? value.map(literal)
        : Object.entries(value).map(([k, v]) => `[${quote(k)}] = ${literal(v)}`);
    return `{ ${parts.join(', ')} }`;
}

const isPlain = (value) => Array.isArray(value) ||
    Object.getPrototypeOf(value) === Object.prototype;

function literal(value) {
    if (value === null || value === undefined)
        return 'nil';
    if (typeof value === 'boolean')
        return String(value);
    if (typeof value === 'number')
        return number(value);
    if (typeof value === 'string')
        return quote(value);
    if (value instanceof Lua)
        return value.text;
    if (typeof value === 'object' && value.luaName)
        return value.luaName; // a meter
    if (typeof value === 'object' && isPlain(value))
        return table(value);
    throw new TypeError('this cannot be passed to metersim: it accepts numbers, texts ' +
        'such as "15 min", lists, plain objects, meters and new Lua("…")');
}

const call = (name, args) => `${name}(${args.map(literal).join(', ')})`;

module.exports = { Lua, literal, call };
