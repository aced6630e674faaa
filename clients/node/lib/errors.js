'use strict';
// What goes wrong: each message says what, where, and what to do about it.

class MetersimError extends Error {
    constructor(message) {
        super(message);
        this.name = new.target.name;
    }
}

class UnknownName extends MetersimError {}

// Insertions, deletions, replacements and swaps that lead from one word to the other.
function distance(a, b) {
    const rows = [];
    for (let i = 0; i <= a.length; i++) {
        rows.push([i]);
        for (let j = 1; j <= b.length; j++) {
            if (i === 0) {
                rows[0].push(j);
                continue;
            }
            let best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1,
                                rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
                best = Math.min(best, rows[i - 2][j - 2] + 1);
            rows[i].push(best);
        }
    }
    return rows[a.length][b.length];
}

// "; did you mean 'x'?", or nothing when no known name is near.
function hint(name, known) {
    let near = null, least = Math.max(2, Math.floor(name.length / 3)) + 1;
    for (const word of [...known].sort()) {
        const steps = distance(name.toLowerCase(), word.toLowerCase());
        if (steps < least) {
            least = steps;
            near = word;
        }
    }
    return near ? `; did you mean '${near}'?` : '';
}

module.exports = { MetersimError, UnknownName, hint };
