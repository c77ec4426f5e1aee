// Claude Agent SDK for TypeScript, with the Claude Code that stands in its package.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSdkMcpServer, query, tool } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import { ANSWER, GREETING, IMAGE, MODEL, run, SCHEMA, streamed, WEATHER } from './checks.mjs';

async function ask(prompt, options = {}) {
  const messages = [];
  const always = { model: MODEL, permissionMode: 'bypassPermissions', allowDangerouslySkipPermissions: true, settingSources: [] };
  for await (const message of query({ prompt, options: { ...always, ...options } })) {
    messages.push(message);
  }
  return messages;
}
const result = (messages) => messages.find((message) => message.type === 'result');
async function* one(content) {
  yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, session_id: 'one' };
}

run({
  async text() {
    assert.equal(result(await ask('Hi')).result, GREETING);
  },
  async stream() {
    const events = (await ask('Hi', { includePartialMessages: true })).filter((message) => message.type === 'stream_event');
    streamed(events.map(({ event }) => event.delta?.text).filter(Boolean));
  },
  async 'tool round trip'() {
    const weather = tool('weather', 'Tells the weather of a city', { city: z.string() }, async ({ city }) => ({
      content: [{ type: 'text', text: `It rains in ${city}` }],
    }));
    const sky = createSdkMcpServer({ name: 'sky', tools: [weather] });
    assert.match(result(await ask('WEATHER', { mcpServers: { sky } })).result, WEATHER);
  },
  async 'structured output'() {
    const outputFormat = { type: 'json_schema', schema: SCHEMA };
    assert.deepEqual(result(await ask('SCHEMA', { outputFormat })).structured_output, ANSWER);
  },
  async image() {
    const source = { type: 'base64', media_type: 'image/png', data: IMAGE.toString('base64') };
    const asked = one([{ type: 'image', source }, { type: 'text', text: 'IMAGE' }]);
    assert.match(result(await ask(asked)).result, /An image of/);
  },
  async thinking() {
    const messages = (await ask('THINK', { maxThinkingTokens: 2000 })).filter((message) => message.type === 'assistant');
    assert.deepEqual(messages.flatMap(({ message }) => message.content.map((block) => block.type)), ['thinking', 'text']);
  },
  async 'a file written by a tool'() {
    const path = join(process.cwd(), 'proof.txt');
    await ask(`WRITE A FILE at ${path} please`);
    assert.match(readFileSync(path, 'utf8'), /made by/);
  },
});
