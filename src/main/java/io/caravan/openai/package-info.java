/**
 * The wire of OpenAI-compatible servers: server-sent events, chunks, usage and errors, in all the
 * dialects that servers speak.
 *
 * <p>The translation, the recovery of tool calls and the stages may use this package; it uses
 * {@code json} alone and knows neither Anthropic's protocol nor Camel nor HTTP.
 *
 * <p>An integrator reads {@link io.caravan.openai.Chunk}s between the stages. A deviation of a
 * server is read here, in the reader of its field, with a case in the corpus. {@link
 * io.caravan.openai.SseFrames} and {@link io.caravan.openai.ChunkReader} are on the path of every
 * token: change them only with the benchmarks in view.
 */
package io.caravan.openai;
