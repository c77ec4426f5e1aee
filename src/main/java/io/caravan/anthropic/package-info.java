/**
 * Anthropic's Messages API as Caravan serves it: the request, the events of a stream, whole
 * messages, errors and ids.
 *
 * <p>Every package may use this one; it uses {@code json} alone. It knows neither OpenAI's protocol
 * nor Camel nor HTTP.
 *
 * <p>An integrator reads {@link io.caravan.anthropic.MessagesRequest} in a stage of its own and
 * throws {@link io.caravan.anthropic.AnthropicException} to report a failure to the client. The
 * texts and types of errors are part of the protocol: clients act on them. {@link
 * io.caravan.anthropic.SseEncoder} is on the path of every token.
 */
package io.caravan.anthropic;
