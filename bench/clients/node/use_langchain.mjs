// LangChain JS with @langchain/anthropic.
import assert from 'node:assert/strict';
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage } from '@langchain/core/messages';
import { createAgent, tool } from 'langchain';
import { z } from 'zod';
import { ANSWER, GREETING, IMAGE, MODEL, run, SEEN, streamed, URL, WEATHER } from './checks.mjs';

const made = (more) => new ChatAnthropic({ model: MODEL, maxTokens: 4000, maxRetries: 0, anthropicApiUrl: URL, ...more });
const model = made({});
const weather = tool(({ city }) => `It rains in ${city}`, {
  name: 'weather',
  description: 'Tells the weather of a city',
  schema: z.object({ city: z.string() }),
});

run({
  async text() {
    assert.equal((await model.invoke('Hi')).text, GREETING);
  },
  async stream() {
    const pieces = [];
    for await (const chunk of await model.stream('Hi')) {
      if (chunk.text) pieces.push(chunk.text);
    }
    streamed(pieces);
  },
  async 'tool round trip'() {
    const state = await createAgent({ model, tools: [weather] }).invoke({ messages: [{ role: 'user', content: 'WEATHER' }] });
    assert.match(state.messages.at(-1).text, WEATHER);
  },
  async 'structured output'() {
    const schema = z.object({ city: z.string(), degrees: z.number() });
    for (const method of ['functionCalling', 'jsonSchema']) {
      assert.deepEqual(await model.withStructuredOutput(schema, { method }).invoke('SCHEMA'), ANSWER);
    }
  },
  async image() {
    const content = [
      { type: 'image', data: IMAGE.toString('base64'), mimeType: 'image/png' },
      { type: 'text', text: 'IMAGE' },
    ];
    assert.equal((await model.invoke([new HumanMessage({ contentBlocks: content })])).text, SEEN);
  },
  async thinking() {
    const message = await made({ thinking: { type: 'enabled', budget_tokens: 1024 } }).invoke('THINK');
    assert.deepEqual(message.contentBlocks.map((block) => block.type), ['reasoning', 'text']);
  },
});
