/**
 * Put onnxruntime-web and gifenc beside the page, and write what is large in compressed form too.
 *
 * node pack.mjs WEB_ROOM MODELS: WEB_ROOM/static/runtime/ gets the three files that run networks, the one that writes
 * GIFs, `.br` and `.gz` of what is large and of the models, and files.json, which says what each was made from.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const RUNTIME = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];
const STICKERS = "gifenc.esm.js";
const MODELS = ["mien-s.onnx", "yunet.onnx"];

/** Quality 11 takes minutes for the 14 MB of WebAssembly, and saves a tenth. */
const QUALITY = 9;

const [web, models] = process.argv.slice(2);
const here = import.meta.dirname;
const packages = join(here, "node_modules");
const target = join(web, "static", "runtime");
const fresh = `${target}.new`;

/** @param {string} path where the bytes are  @param {string} url what the page asks for */
function packed(path, url) {
  const data = readFileSync(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  };
  const forms = { br: brotliCompressSync(data, { params }), gz: gzipSync(data, { level: 9 }) };
  const name = url.split("/").at(-1);
  for (const [form, bytes] of Object.entries(forms)) writeFileSync(join(fresh, `${name}.${form}`), bytes);
  const sha256 = createHash("sha256").update(data).digest("hex");
  return [url, { bytes: data.length, br: forms.br.length, gz: forms.gz.length, sha256 }];
}

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
for (const name of RUNTIME) copyFileSync(join(packages, "onnxruntime-web", "dist", name), join(fresh, name));
copyFileSync(join(packages, "gifenc", "dist", STICKERS), join(fresh, STICKERS));
const { version, license } = JSON.parse(readFileSync(join(packages, "onnxruntime-web", "package.json"), "utf8"));
const files = Object.fromEntries([
  ...RUNTIME.map((name) => packed(join(fresh, name), `runtime/${name}`)),
  ...MODELS.map((name) => packed(join(models, name), `models/${name}`)),
]);
writeFileSync(join(fresh, "files.json"), `${JSON.stringify({ name: "onnxruntime-web", version, license, files }, null, 1)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
console.log(`onnxruntime-web ${version} is in ${target}`);
