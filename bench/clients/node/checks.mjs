// Runs a client's checks, and prints a line for each feature.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export const URL = process.env.ANTHROPIC_BASE_URL;
export const MODEL = process.env.MODEL;
export const IMAGE = readFileSync(process.env.IMAGE);
export const GREETING = 'Hello there, whoever you are';
export const WEATHER = /It rains in Oslo/;
export const SEEN = `An image of ${IMAGE.length} bytes`;
export const ANSWER = { city: 'Oslo', degrees: 7 };
export const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};

// Asserts that a greeting came in more than one piece.
export function streamed(pieces) {
  assert.equal(pieces.join(''), GREETING);
  assert.ok(pieces.length > 1, pieces);
}

export async function run(checks) {
  let failed = 0;
  for (const [feature, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok      ${feature}`);
    } catch (e) {
      failed++;
      console.log(`FAILED  ${feature}\n${e.stack}`);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
}
