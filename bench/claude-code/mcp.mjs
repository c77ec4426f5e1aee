// An MCP server on stdin and stdout with one tool, which writes its argument into a file: for the scenes of Claude Code.
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'notes', version: '1' },
  }),
  'tools/list': () => ({
    tools: [
      {
        name: 'note',
        description: 'Writes a note.',
        inputSchema: {
          $schema: 'http://json-schema.org/draft-07/schema#',
          type: 'object',
          properties: { text: { type: 'string' } },
          required: ['text'],
        },
      },
    ],
  }),
  'tools/call': ({ arguments: { text } }) => {
    writeFileSync('note.txt', text)
    return { content: [{ type: 'text', text: `noted ${text}` }] }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  const result = results[method]
  if (id === undefined) continue
  const answer = result ? { result: result(params ?? {}) } : { error: { code: -32601, message: 'unknown method' } }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`)
}
