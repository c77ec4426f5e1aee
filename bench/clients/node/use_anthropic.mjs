// Anthropic's TypeScript SDK.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { ANSWER, GREETING, IMAGE, MODEL, run, SCHEMA, SEEN, streamed, WEATHER } from './checks.mjs';

const client = new Anthropic();
const ask = (content, more = {}) => ({ model: MODEL, max_tokens: 4000, messages: [{ role: 'user', content }], ...more });
const weather = betaTool({
  name: 'weather',
  description: 'Tells the weather of a city',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => `It rains in ${city}`,
});

run({
  async text() {
    assert.equal((await client.messages.create(ask('Hi'))).content[0].text, GREETING);
  },
  async stream() {
    const pieces = [];
    await client.messages.stream(ask('Hi')).on('text', (piece) => pieces.push(piece)).finalMessage();
    streamed(pieces);
  },
  async 'tool round trip'() {
    const message = await client.beta.messages.toolRunner(ask('WEATHER', { tools: [weather] }));
    assert.match(message.content[0].text, WEATHER);
  },
  async 'structured output'() {
    const message = await client.messages.parse(ask('SCHEMA', { output_config: { format: jsonSchemaOutputFormat(SCHEMA) } }));
    assert.deepEqual(message.parsed_output, ANSWER);
  },
  async image() {
    const source = { type: 'base64', media_type: 'image/png', data: IMAGE.toString('base64') };
    const message = await client.messages.create(ask([{ type: 'image', source }, { type: 'text', text: 'IMAGE' }]));
    assert.equal(message.content[0].text, SEEN);
  },
  async thinking() {
    const message = await client.messages.create(ask('THINK', { thinking: { type: 'enabled', budget_tokens: 1024 } }));
    assert.deepEqual(message.content.map((block) => block.type), ['thinking', 'text']);
  },
  async counting() {
    const { max_tokens, ...request } = ask('How many?');
    assert.ok((await client.messages.countTokens(request)).input_tokens > 3);
  },
});
