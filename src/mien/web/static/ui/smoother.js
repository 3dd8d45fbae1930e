/** From flickering readings to what is shown of a face. The port of mien's video/smoothing.py: films are read alike. */

import { CLEAR, DOUBT, FLOOR, GAP_MS, STAY_MS, TAU_MS, TRUST } from "../constants.js";

/** @typedef {Record<string, number>} Scores */
/** @typedef {{scores: Scores, expression: string, uncertain: boolean}} Shown */

/**
 * Follows one face's readings over time. Scores are averaged on the log scale with weights that fade with their age;
 * another expression is shown once it has been ahead for a while, or at once where it is far ahead.
 */
export class Smoother {
  constructor() {
    /** @type {Scores} */
    this.logs = {};
    this.doubt = 0;
    this.time = 0;
    this.expression = "";
    this.uncertain = false;
    this.ahead = { expression: "", since: 0 };
  }

  /**
   * Take in the reading of a moment and return what is shown at it. Times go up.
   * @param {number} time milliseconds
   * @param {Scores} scores
   * @param {boolean} uncertain
   * @returns {Shown}
   */
  update(time, scores, uncertain) {
    if (time - this.time > GAP_MS) [this.logs, this.expression] = [{}, ""];
    const averaged = this.#average(time, scores, uncertain);
    this.#decide(time, averaged);
    return { scores: averaged, expression: this.expression, uncertain: this.uncertain };
  }

  /**
   * @param {number} time
   * @param {Scores} scores
   * @param {boolean} uncertain
   */
  #average(time, scores, uncertain) {
    const first = !Object.keys(this.logs).length;
    const fresh = first ? 1 : 1 - Math.exp(-Math.max(0, time - this.time) / TAU_MS);
    for (const [label, score] of Object.entries(scores)) {
      const log = Math.log(Math.max(FLOOR, score));
      this.logs[label] = log + (1 - fresh) * ((this.logs[label] ?? log) - log);
    }
    this.doubt += fresh * (Number(uncertain) - this.doubt);
    this.time = time;
    return normalized(this.logs);
  }

  /**
   * @param {number} time
   * @param {Scores} averaged
   */
  #decide(time, averaged) {
    const [top, score] = Object.entries(averaged).reduce((most, next) => (next[1] > most[1] ? next : most));
    if (!this.expression) [this.expression, this.uncertain] = [top, this.doubt > 0.5];
    // Doubt comes and goes at different heights, so that it does not flicker.
    if (this.doubt > DOUBT || this.doubt < TRUST) this.uncertain = this.doubt > DOUBT;
    if (top === this.expression) {
      this.ahead = { expression: "", since: time };
      return;
    }
    if (this.ahead.expression !== top) this.ahead = { expression: top, since: time };
    if (score >= CLEAR * averaged[this.expression] || time - this.ahead.since >= STAY_MS) {
      [this.expression, this.ahead] = [top, { expression: "", since: time }];
    }
  }
}

/**
 * Return scores that sum to 1 from their logarithms up to a common constant.
 * @param {Scores} logs
 * @returns {Scores}
 */
function normalized(logs) {
  const top = Math.max(...Object.values(logs));
  const raised = Object.entries(logs).map(([label, log]) => /** @type {const} */ ([label, Math.exp(log - top)]));
  const total = raised.reduce((sum, [, value]) => sum + value, 0);
  return Object.fromEntries(raised.map(([label, value]) => [label, value / total]));
}
