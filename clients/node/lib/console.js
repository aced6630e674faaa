'use strict';
// The console of a running program: a line of JSON for each text of Lua. Answers come in
// the order of the requests.
const fs = require('fs');
const net = require('net');
const { MetersimError } = require('./errors');

class Console {
    constructor(path, lastWords) {
        this.path = path;
        this.lastWords = lastWords;
        this.waiting = [];
        this.rest = '';
        this.socket = null;
    }

    connect() {
        const socket = net.createConnection(this.path);
        socket.setEncoding('utf8');
        socket.on('data', (text) => this.receive(text));
        socket.on('error', () => {});
        socket.on('close', () => this.gone(socket));
        this.socket = socket;
    }

    receive(text) {
        const lines = (this.rest + text).split('\n');
        this.rest = lines.pop();
        for (const line of lines)
            this.waiting.shift().resolve(JSON.parse(line));
        if (!this.waiting.length)
            this.socket.unref(); // an open console keeps no test alive
    }

    async gone(socket) {
        if (this.socket === socket)
            this.socket = null;
        const waiting = this.waiting.splice(0);
        if (!waiting.length)
            return;
        const words = await this.lastWords();
        for (const one of waiting)
            one.reject(new MetersimError(`metersim did not answer on ${this.path}. ${words}`));
    }

    // The value of a text of Lua, or null.
    async run(lua) {
        if (!this.socket)
            this.connect();
        this.socket.ref();
        this.socket.write(JSON.stringify({ lua }) + '\n');
        const answer = await new Promise((resolve, reject) => {
            this.waiting.push({ resolve, reject });
        });
        if (!answer.ok)
            throw new MetersimError(answer.error.replace(/^console:\d+: /, ''));
        return answer.value === undefined ? null : answer.value;
    }

    // The socket's file.
    remove() {
        fs.rmSync(this.path, { force: true });
    }

    close() {
        if (this.socket)
            this.socket.destroy();
    }
}

module.exports = { Console };
