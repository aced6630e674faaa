'use strict';
// The process `metersim serve`: started, found ready, ended. Nothing of it stays, however
// this process ends: --parent ends it when its standard input does, and what it writes
// goes to files that have no name.
const { spawn } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { MetersimError } = require('./errors');

const END_MS = 30000, POLL_MS = 1;

function namelessFile() {
    const name = path.join(os.tmpdir(), 'metersim-' + crypto.randomBytes(8).toString('hex'));
    const fd = fs.openSync(name, 'wx+', 0o600);
    fs.unlinkSync(name);
    return fd;
}

function content(fd) {
    const bytes = Buffer.alloc(fs.fstatSync(fd).size);
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, 0));
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Process {
    // files: options that name a file each, which `file` has after the end.
    static async start(command, files) {
        const made = new Process(command, files);
        try {
            await made.awaitReady();
        } catch (error) {
            await made.end();
            made.dropFiles();
            throw error;
        }
        return made;
    }

    constructor(command, files) {
        this.command = command;
        this.logFd = namelessFile();
        this.readyFd = namelessFile();
        this.files = new Map(files.map((option) => [option, namelessFile()]));
        const extra = [...this.files].flatMap(([option], k) => [option, `/dev/fd/${4 + k}`]);
        this.child = spawn(command[0], [...command.slice(1), '--parent', '--ready',
                                        '/dev/fd/3', ...extra], {
            stdio: ['pipe', this.logFd, this.logFd, this.readyFd, ...this.files.values()],
            detached: true,
        });
        this.ended = new Promise((resolve) => {
            this.child.once('exit', (code, signal) => resolve(signal || code));
            this.child.once('error', (error) => resolve(error.message));
        });
        this.ended.then((how) => { this.how = how; });
        this.child.stdin.on('error', () => {});
        this.child.unref();
        this.child.stdin.unref();
    }

    async awaitReady() {
        for (;;) {
            if (this.how !== undefined)
                throw new MetersimError(
                    `\`${this.command.join(' ')}\` ended with ${this.how} before it was ` +
                    `ready:\n${this.log().trim()}\n\`${this.command[0]} serve --help\` ` +
                    'lists the options.');
            const text = content(this.readyFd).toString();
            if (text.endsWith('}\n')) {
                this.ready = JSON.parse(text);
                return;
            }
            await sleep(POLL_MS);
        }
    }

    log() {
        return this.logFd === null ? this.lastLog : content(this.logFd).toString();
    }

    async lastWords() {
        if (this.logFd === null)
            return 'The plant is closed.';
        let timer;
        const late = new Promise((resolve) => { timer = setTimeout(resolve, END_MS); });
        const how = await Promise.race([this.ended, late]);
        clearTimeout(timer); // or it would keep the test's process alive
        return how === undefined ? `The program still runs (process ${this.child.pid}).`
            : `The program has ended with ${how}; it last printed:\n${this.log().trim()}`;
    }

    async end() {
        if (this.logFd === null)
            return null;
        this.child.ref();
        this.child.stdin.end();
        const timer = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
        const how = await this.ended;
        clearTimeout(timer);
        this.lastLog = this.log();
        fs.closeSync(this.logFd);
        fs.closeSync(this.readyFd);
        this.logFd = null;
        return how;
    }

    saveFile(option, name) {
        fs.writeFileSync(name, content(this.files.get(option)));
    }

    dropFiles() {
        for (const fd of this.files.values())
            fs.closeSync(fd);
        this.files.clear();
    }
}

module.exports = { Process };
