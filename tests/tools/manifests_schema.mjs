// manifests_schema.mjs FOLDER: Kubernetes manifests against the API's own schema,
// without a cluster. The npm package kubernetes-models has validators made of that
// schema; they ignore fields that they do not know, so each document is read through a
// proxy, and a field that no validator asked for is unknown. That this is strict is
// tried every time: any field misspelt, and any value of a wrong type, must be refused.
//   npm install --prefix DIR kubernetes-models js-yaml
//   NODE_PATH=DIR/node_modules node tests/tools/manifests_schema.mjs deploy/kubernetes
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

// NODE_PATH does not count for import, and kubernetes-models can only be imported.
const models = (process.env.NODE_PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "kubernetes-models"))
    .find((folder) => existsSync(folder));

function yaml() {
    try {
        return createRequire(import.meta.url)("js-yaml");
    } catch {
        return null;
    }
}

const isObject = (value) => value !== null && typeof value === "object";

// Paths as in JSON pointers, where a name may contain slashes.
const below = (path, key) => `${path}/${key.replaceAll("/", "~1")}`;
const above = (path) => path.slice(0, path.lastIndexOf("/"));

// The value, and into `asked` the paths that were read of it.
function watched(value, path, asked) {
    if (!isObject(value)) return value;
    const get = (object, key) => {
        if (typeof key !== "string" || !Object.hasOwn(object, key))
            return Reflect.get(object, key);
        asked.add(below(path, key));
        return watched(object[key], below(path, key), asked);
    };
    return new Proxy(value, { get });
}

// Calls what(object, key, path) for all fields, not for the items of lists.
function eachField(value, path, what) {
    if (!isObject(value)) return;
    for (const key of Object.keys(value)) {
        eachField(value[key], below(path, key), what);
        if (!Array.isArray(value)) what(value, key, below(path, key));
    }
}

// Not asked for, in an object that was.
function unknownFields(document, asked) {
    const flaws = [];
    eachField(document, "", (_, key, path) => {
        if (!asked.has(path) && (asked.has(above(path)) || !above(path)))
            flaws.push(`${path}: the API knows no such field here`);
    });
    return flaws;
}

// What is wrong with the document, as lines; none: it is as the API wants it.
function flawsOf(document, validate) {
    const asked = new Set();
    try {
        validate.call(watched(document, "", asked));
    } catch (error) {
        if (!error.errors) throw error;
        return error.errors.map((e) => `${e.instancePath || "/"}: ${e.message}`);
    }
    return unknownFields(document, asked);
}

// The validator of a kind; null when the API has no such kind.
async function validatorOf(document) {
    const file = join(models, document.apiVersion ?? "", `${document.kind}.js`);
    if (!document.apiVersion || !document.kind || !existsSync(file)) return null;
    const module = await import(pathToFileURL(file));
    // Version 5 is made of modules, version 4 of CommonJS.
    return (module[document.kind] ?? module.default[document.kind]).prototype.validate;
}

// Where the names of fields are the user's own.
const isFree = (document, path) =>
    /\/(labels|annotations|matchLabels|requests|limits)$/.test(above(path)) ||
    (document.kind === "Service" && above(path) === "/spec/selector");

// A list where there was none, and where there was one, a number.
const ofWrongType = (value) => (Array.isArray(value) ? 7 : [[]]);

// Breaks every field in turn; what was broken and passed is returned.
function provenStrict(document, validate, count) {
    const passed = [];
    eachField(document, "", (object, key, path) => {
        const value = object[key];
        object[key] = ofWrongType(value);
        if (!flawsOf(document, validate).length) passed.push(`${path} of a wrong type`);
        count.tried++;
        if (!isFree(document, path)) {
            delete object[key];
            object[`${key}x`] = value;
            if (!flawsOf(document, validate).length) passed.push(`${path}x`);
            delete object[`${key}x`];
            count.tried++;
        }
        object[key] = value;
    });
    return passed;
}

async function check(where, document, count) {
    const validate = await validatorOf(document);
    if (!validate)
        return [`${where}: the API has no ${document.apiVersion} ${document.kind}`];
    count.documents++;
    const flaws = flawsOf(document, validate);
    const loose = flaws.length ? [] : provenStrict(document, validate, count);
    const passed = loose.map((what) => `${what}: broken on purpose, but passed`);
    return [...flaws, ...passed].map(
        (flaw) => `${where}: ${document.kind} ${document.metadata?.name}: ${flaw}`);
}

async function checkFolder(folder, parser) {
    const flaws = [], count = { documents: 0, tried: 0 };
    for (const name of readdirSync(folder).filter((n) => /\.ya?ml$/.test(n)).sort())
        try {
            const text = readFileSync(join(folder, name), "utf8");
            for (const document of parser.loadAll(text).filter(isObject))
                flaws.push(...(await check(name, document, count)));
        } catch (error) {
            if (!(error instanceof parser.YAMLException)) throw error;
            flaws.push(`${name}: ${error.message}`);
        }
    if (!count.documents) flaws.push(`${folder}: no document that the API knows`);
    const praise = `${count.documents} documents are as the API wants them; ` +
        `${count.tried} ways to break them were refused`;
    console.log(flaws.join("\n") || praise);
    return flaws.length ? 1 : 0;
}

const parser = yaml();
if (process.argv.length !== 3) {
    console.error("usage: manifests_schema.mjs FOLDER");
    process.exit(2);
}
if (!models || !parser) {
    console.log("kubernetes-models or js-yaml is not installed (NODE_PATH)");
    process.exit(77);
}
process.exit(await checkFolder(process.argv[2], parser));
