// Draws, scales and cuts what comes on stdin as JSON lines, with the page's own modules; answers on stdout.
// node in_node.mjs SITE: the folder that holds the page.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// The page fetches its data; Node fetches no files.
globalThis.fetch = async (url) => ({ json: async () => JSON.parse(readFileSync(new URL(url), "utf8")) });

const site = pathToFileURL(`${process.argv[2]}/`);
const emoji = await import(new URL("emoji/index.js", site));
const pixels = await import(new URL("reading/pixels.js", site));
const { Smoother } = await import(new URL("ui/smoother.js", site));
const { relative, restOf } = await import(new URL("reading/rest.js", site));
const { ShapeFilter } = await import(new URL("reading/one-euro.js", site));
const { arranged } = await import(new URL("ui/arrangement.js", site));
const { align } = await import(new URL("reading/align.js", site));

const rasterOf = ({ width, height, channels, data }) => ({
  width,
  height,
  channels,
  data: Buffer.from(data, "base64"),
});
const sent = ({ width, height, data }) => ({ width, height, data: Buffer.from(data).toString("base64") });

const answers = {
  draw: ({ scores, options }) => emoji.draw(scores, options),
  nearest: ({ scores, options }) => emoji.nearestEmoji(scores, options),
  alive: ({ scores, options, time }) =>
    emoji.drawControls(emoji.alive(emoji.controlsOf(scores, options), time), options),
  halfway: ({ start, end, share }) => emoji.halfway(start, end, share),
  reduced: ({ raster, step }) => sent(pixels.reduced(rasterOf(raster), step)),
  scaled: ({ raster, width, height }) => sent(pixels.scaled(rasterOf(raster), width, height)),
  gray: ({ raster }) => sent(pixels.gray(rasterOf(raster))),
  turned: ({ raster, side, matrix }) => sent(pixels.turned(rasterOf(raster), side, matrix)),
  turnedSmoothly: ({ raster, side, matrix }) => sent(pixels.turnedSmoothly(rasterOf(raster), side, matrix)),
  align: ({ raster, landmarks }) => sent({ width: 48, height: 48, data: align(rasterOf(raster), landmarks) }),
  arranged: ({ count, size, reserved, caption }) => arranged(count, size, reserved, caption),
  smoothed: ({ readings }) => {
    const smoother = new Smoother();
    return readings.map(([time, scores, uncertain]) => structuredClone(smoother.update(time, scores, uncertain)));
  },
  filtered: ({ shapes }) => {
    const filter = new ShapeFilter();
    return shapes.map(([time, shape]) => filter.update(time, shape));
  },
  rested: ({ shapes, shape }) => {
    const rest = restOf(shapes);
    return rest && relative(shape, rest);
  },
  labels: () => ({
    emotions: emoji.EMOTIONS,
    fer2013: emoji.FER2013,
    votes: emoji.VOTES,
    looks: emoji.LOOKS,
    themes: emoji.THEMES,
    controls: emoji.NAMES,
  }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  let answer;
  try {
    answer = { value: answers[task.what](task) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
