/**
 * Put onnxruntime-web and gifenc beside the page, and write what is large in compressed form too.
 *
 * node pack.mjs WEB_ROOM: WEB_ROOM/static/runtime/ gets the three files that run networks, the one that writes GIFs,
 * `.br` and `.gz` of each, and files.json, which says how large they are. The models are packed when they are sent:
 * every form would be in the package once more.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** What is taken out of which package. */
const TAKEN = {
  "ort.wasm.min.mjs": "onnxruntime-web",
  "ort-wasm-simd-threaded.mjs": "onnxruntime-web",
  "ort-wasm-simd-threaded.wasm": "onnxruntime-web",
  "gifenc.esm.js": "gifenc",
};

/** Quality 11 takes a minute or two for the 14 MB of WebAssembly, and saves 0.4 MB of every first visit. */
const QUALITY = 11;

const [web] = process.argv.slice(2);
const packages = join(import.meta.dirname, "node_modules");
const target = join(web, "static", "runtime");
const fresh = `${target}.new`;

/** Copy one file with its compressed forms, and return its facts. @param {string} name @param {string} from */
function taken(name, from) {
  const data = readFileSync(join(packages, from, "dist", name));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  };
  const forms = { br: brotliCompressSync(data, { params }), gz: gzipSync(data, { level: 9 }) };
  writeFileSync(join(fresh, name), data);
  for (const [form, bytes] of Object.entries(forms)) writeFileSync(join(fresh, `${name}.${form}`), bytes);
  const sha256 = createHash("sha256").update(data).digest("hex");
  return { from: `${from} ${versionOf(from)}`, bytes: data.length, br: forms.br.length, gz: forms.gz.length, sha256 };
}

const versionOf = (name) => JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")).version;

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const files = Object.fromEntries(Object.entries(TAKEN).map(([name, from]) => [`runtime/${name}`, taken(name, from)]));
writeFileSync(join(fresh, "files.json"), `${JSON.stringify({ files }, null, 1)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
console.log(`what the page runs networks on is in ${target}`);
