// Vercel's AI SDK with @ai-sdk/anthropic.
import assert from 'node:assert/strict';
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import { ANSWER, GREETING, IMAGE, MODEL, run, SCHEMA, SEEN, streamed, URL, WEATHER } from './checks.mjs';

// It asks for the version in the URL.
const model = createAnthropic({ baseURL: `${URL}/v1` })(MODEL);
const weather = tool({
  description: 'Tells the weather of a city',
  inputSchema: jsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }),
  execute: async ({ city }) => `It rains in ${city}`,
});

run({
  async text() {
    assert.equal((await generateText({ model, prompt: 'Hi' })).text, GREETING);
  },
  async stream() {
    const pieces = [];
    for await (const piece of streamText({ model, prompt: 'Hi' }).textStream) {
      pieces.push(piece);
    }
    streamed(pieces);
  },
  async 'tool round trip'() {
    const { text } = await generateText({ model, prompt: 'WEATHER', tools: { weather }, stopWhen: stepCountIs(3) });
    assert.match(text, WEATHER);
  },
  async 'structured output'() {
    const output = Output.object({ schema: jsonSchema(SCHEMA) });
    assert.deepEqual((await generateText({ model, prompt: 'SCHEMA', output })).output, ANSWER);
  },
  async image() {
    const content = [{ type: 'text', text: 'IMAGE' }, { type: 'image', image: IMAGE, mediaType: 'image/png' }];
    assert.equal((await generateText({ model, messages: [{ role: 'user', content }] })).text, SEEN);
  },
  async thinking() {
    const providerOptions = { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } };
    const { reasoningText, text } = await generateText({ model, prompt: 'THINK', providerOptions });
    assert.deepEqual([reasoningText, text], ['Hm, so it is.', 'I have thought.']);
  },
});
