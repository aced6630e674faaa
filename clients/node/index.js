'use strict';
// Simulated power meters, driven from Node:
//
//     const metersim = require('metersim');
//     await metersim.use({ ct: 200 }, async (plant) => {
//         await plant.meter.fault('ct_reversed', 'B');
//         await plant.advance('3 s');
//         assert(await plant.meter.kw_b < 0);
//     });
const { MetersimError, UnknownName } = require('./lib/errors');
const { Lua } = require('./lib/lua');
const { Plant } = require('./lib/plant');

const start = (options) => Plant.start(options);

// Starts a plant, awaits what the function does with it, and ends it whatever comes.
async function use(options, body) {
    const plant = await start(options);
    try {
        return await body(plant);
    } finally {
        await plant.close();
    }
}

module.exports = { start, use, Lua, MetersimError, UnknownName };
