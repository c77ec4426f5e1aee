// Anthropic's TypeScript SDK against a gateway: node typescript.mjs URL. claude-haiku is the scripted upstream of io.caravan.sdks,
// claude-sonnet the demonstration upstream.
import assert from 'node:assert/strict';
import Anthropic, * as sdk from '@anthropic-ai/sdk';
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';

const client = new Anthropic({ baseURL: process.argv[2], apiKey: 'any', maxRetries: 0 });
const ask = (text, more = {}) => ({
  model: 'claude-haiku',
  max_tokens: 2000,
  messages: [{ role: 'user', content: text }],
  ...more,
});
const weather = (cities) =>
  betaTool({
    name: 'weather',
    description: 'Tells the weather of a city',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
    run: ({ city }) => {
      cities.push(city);
      return `It rains in ${city}`;
    },
  });

const checks = {
  async 'a message'() {
    const message = await client.messages.create(ask('Hi'));
    assert.equal(message.content[0].text, 'Hello there');
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.model, 'claude-haiku');
    assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [10, 5]);
    assert.match(message._request_id, /^req_/);
  },
  async 'a stream, event by event'() {
    const types = [];
    for await (const event of await client.messages.create(ask('Hi', { stream: true }))) {
      types.push(event.type);
    }
    assert.deepEqual(types.filter((type, i) => type !== types[i - 1] && type !== 'ping'), [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  },
  async 'messages.stream() with its final message'() {
    let text = '';
    const stream = client.messages.stream(ask('Hi', { model: 'claude-sonnet' })).on('text', (piece) => (text += piece));
    const message = await stream.finalMessage();
    assert.match(text, /demonstration upstream/);
    assert.equal(message.content[0].text, text);
  },
  async 'thinking before text'() {
    const asked = ask('think', { thinking: { type: 'adaptive' } });
    const message = await client.messages.stream(asked).finalMessage();
    assert.deepEqual(message.content.map((block) => block.type), ['thinking', 'text']);
    const next = [...asked.messages, { role: 'assistant', content: message.content }, { role: 'user', content: 'Hi' }];
    assert.equal((await client.messages.create(ask('', { messages: next }))).content[0].text, 'Hello there');
  },
  async 'the tool runner, with two calls at once'() {
    const cities = [];
    const message = await client.beta.messages.toolRunner(ask('weather', { tools: [weather(cities)] }));
    assert.deepEqual(cities.sort(), ['Oslo', 'Rome']);
    assert.equal(message.content[0].text, 'It rains in Oslo, It rains in Rome');
  },
  // The runner asks for a conversation that the server keeps, and sends all messages once it is told that there is none.
  async 'a conversation that the server is to keep'() {
    const asked = ask('Hi', { thread: { type: 'create' } });
    await assert.rejects(client.beta.messages.create(asked), sdk.ThreadUnsupportedRequestError ?? sdk.BadRequestError);
  },
  async 'the tool runner, streamed'() {
    const cities = [];
    const runner = client.beta.messages.toolRunner(
      ask('weather', { model: 'claude-sonnet', tools: [weather(cities)], stream: true }),
    );
    let turns = 0;
    for await (const stream of runner) {
      await stream.finalMessage();
      turns++;
    }
    assert.equal(turns, 2);
    assert.deepEqual(cities, [undefined]);
  },
  async 'an answer by a schema'() {
    const format = jsonSchemaOutputFormat({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    });
    const message = await client.messages.parse(ask('schema', { output_config: { format } }));
    assert.deepEqual(message.parsed_output, { city: 'Oslo' });
  },
  async 'count_tokens'() {
    const { max_tokens, ...request } = ask('How many?');
    assert.ok((await client.messages.countTokens(request)).input_tokens > 3);
  },
  async 'the pages of models, and one by a name with slashes'() {
    const all = (await client.models.list({ limit: 1000 })).data.map((model) => model.id);
    const paged = [];
    for await (const model of client.models.list({ limit: 2 })) {
      paged.push(model.id);
    }
    assert.deepEqual(paged, all);
    assert.ok(all.length > 4);
    assert.equal((await client.models.retrieve('vllm/scripted/model')).id, 'vllm/scripted/model');
  },
  async 'errors of their own kind'() {
    await assert.rejects(client.messages.create(ask('Hi', { model: 'nobody/model' })), sdk.NotFoundError);
    await assert.rejects(client.messages.create(ask([{ type: 'text' }])), (e) => {
      assert.ok(e instanceof sdk.BadRequestError);
      assert.equal(e.type, 'invalid_request_error');
      assert.equal(e.error.error.message, 'messages.0.content.0.text.text: Field required');
      assert.equal(e.requestID, e.error.request_id);
      return true;
    });
    await assert.rejects(client.messages.create(ask('refuse')), /no such thing/);
    await assert.rejects(client.messages.batches.list(), sdk.NotFoundError);
    await assert.rejects(client.beta.files.list(), sdk.NotFoundError);
  },
  async 'an upstream that is busy once'() {
    await assert.rejects(client.messages.create(ask('busy typescript')), (e) => e.status === 529);
    const message = await client.messages.create(ask('busy typescript again'), { maxRetries: 2 });
    assert.equal(message.content[0].text, 'Hello there');
  },
  async 'an error in mid-stream'() {
    let text = '';
    const stream = client.messages.stream(ask('break')).on('text', (piece) => (text += piece));
    await assert.rejects(stream.finalMessage(), (e) => e instanceof sdk.APIError && /it died/.test(e.message));
    assert.equal(text, 'half');
  },
  async 'a stream that is left'() {
    const stream = client.messages.stream(ask('Hi', { model: 'claude-sonnet' }));
    stream.on('text', () => stream.abort());
    await assert.rejects(stream.finalMessage(), sdk.APIUserAbortError);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      TypeScript SDK ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAILED  TypeScript SDK ${name}\n${e.stack}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
