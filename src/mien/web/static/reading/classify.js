/** From 48x48 crops to scores, and when a reading is not sure. The port of mien's classify.py and explain.py. */

import { BATCH, COVER_GRAY, EMOTIONS, FER2013, GRID, SHAPE, SIDE, THRESHOLDS } from "../constants.js";

/**
 * @typedef {{scores: Record<string, number>, fer2013: Record<string, number> | null, unknown: number | null,
 * not_a_face: number | null, reasons: string[], shape: Record<string, number> | null}} Reading
 */

/**
 * Readings that can be shown, apart from FER2013's own: as ten people would vote, and were all expressions equally
 * common.
 */
const OF_VOTES = ["votes", "balanced"];

export class Classifier {
  /** @param {import("./networks.js").Network} network @param {any} record */
  constructor(network, record) {
    this.network = network;
    this.record = record;
    this.thresholds = { ...THRESHOLDS, ...record.uncertain };
  }

  /**
   * The predictions for each crop.
   * @param {Uint8Array[]} crops
   * @param {string} labels
   * @returns {Promise<Reading[]>}
   */
  async read(crops, labels) {
    const rows = await this.#probabilities(crops);
    return rows.map((row) => this.#reading(row, this.#kind(labels)));
  }

  /**
   * By how much the shown score falls when each of 8x8 places is covered.
   * @param {Uint8Array} crop
   * @param {string} labels
   */
  async explain(crop, labels) {
    const kind = this.#kind(labels);
    const [row] = await this.#probabilities([crop]);
    const scores = this.#shown(row, kind);
    const at = scores.indexOf(Math.max(...scores));
    const covered = await this.#probabilities(
      Array.from({ length: GRID * GRID }, (_, place) => withCover(crop, place)),
    );
    const drops = covered.map((one) => scores[at] - this.#shown(one, kind)[at]);
    return { rows: GRID, columns: GRID, drops };
  }

  /** Each head's probabilities for each crop, and its shape where the model gives one. */
  async #probabilities(crops) {
    const heads = Object.entries(this.record.labels);
    const rows = [];
    for (let begin = 0; begin < crops.length; begin += BATCH) {
      const part = crops.slice(begin, begin + BATCH);
      const input = new Uint8Array(part.length * SIDE * SIDE);
      part.forEach((crop, i) => input.set(crop, i * SIDE * SIDE));
      const outputs = await this.network.run("faces", "uint8", input, [part.length, SIDE, SIDE]);
      const slice = (head, n, i) => Array.from(outputs[head].subarray(i * n, (i + 1) * n));
      const given = outputs.shape ? [...heads, ["shape", SHAPE]] : heads;
      part.forEach((_, i) =>
        rows.push(Object.fromEntries(given.map(([head, of]) => [head, slice(head, of.length, i)]))),
      );
    }
    return rows;
  }

  /** Which reading is shown; a model without votes shows the only one it has, one without a balance the votes. */
  #kind(labels) {
    if (![...OF_VOTES, "fer2013"].includes(labels))
      throw new RangeError(`labels are votes, balanced or fer2013, not ${labels}`);
    const head = OF_VOTES.includes(labels) ? "votes" : labels;
    if (!(head in this.record.labels)) return Object.keys(this.record.labels)[0];
    return labels === "balanced" && !this.record.balance ? "votes" : labels;
  }

  #shown(row, kind) {
    if (!OF_VOTES.includes(kind)) return row[kind];
    const votes = row.votes.slice(0, EMOTIONS.length);
    const total = sum(votes);
    // Where all votes go to "unknown" and "not a face", nothing is known of the emotions.
    const plain = votes.map((value) => (total > 1e-9 ? value / total : 1 / EMOTIONS.length));
    if (kind === "votes") return plain;
    const { shares, strength } = this.record.balance;
    const weighted = plain.map((value, i) => value * shares[EMOTIONS[i]] ** -strength);
    return weighted.map((value) => value / sum(weighted));
  }

  #reading(row, kind) {
    const votes = row.votes ?? null;
    const [unknown, notAFace] = votes ? votes.slice(EMOTIONS.length) : [null, null];
    return {
      scores: named(OF_VOTES.includes(kind) ? EMOTIONS : this.record.labels[kind], this.#shown(row, kind)),
      fer2013: row.fer2013 ? named(FER2013, row.fer2013) : null,
      unknown,
      not_a_face: notAFace,
      reasons: this.#reasons(this.#shown(row, kind === "balanced" ? "votes" : kind), unknown ?? 0, notAFace ?? 0),
      shape: row.shape ? Object.fromEntries(SHAPE.map((name, i) => [name, row.shape[i]])) : null,
    };
  }

  #reasons(scores, unknown, notAFace) {
    const [top, second] = [...scores].sort((a, b) => b - a);
    const marks = [
      ["low_score", top < this.thresholds.low_score],
      ["ambiguous", top - second < this.thresholds.ambiguous],
      ["unknown", unknown > this.thresholds.unknown],
      ["not_a_face", notAFace > this.thresholds.not_a_face],
    ];
    return marks.filter(([, marked]) => marked).map(([reason]) => String(reason));
  }
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

const named = (labels, values) => Object.fromEntries(labels.map((label, i) => [label, values[i] / sum(values)]));

/** A copy of the crop with one place covered, and half a place around it: features are wider than one place. */
function withCover(crop, place) {
  const copy = crop.slice();
  const step = SIDE / GRID;
  const [row, column] = [Math.floor(place / GRID), place % GRID];
  const from = (index) => Math.max(0, index * step - step / 2);
  const until = (index) => Math.min(SIDE, (index + 1) * step + step / 2);
  for (let y = from(row); y < until(row); y += 1)
    copy.fill(COVER_GRAY, y * SIDE + from(column), y * SIDE + until(column));
  return copy;
}
