/**
 * Translation of completions: from the chunks of a stream into the events of one message.
 *
 * <p>The stages use {@link io.caravan.translate.response.StreamTranslator}. The package uses {@code
 * openai}, {@code anthropic}, {@code json} and the tool names and ids of the request; it knows
 * neither Camel nor HTTP.
 *
 * <p>An integrator sees its result as {@link io.caravan.anthropic.Event}s behind the stage. The
 * order of events and the ends of blocks follow the client SDKs, whose accumulators fail on any
 * other. The package is on the path of every token.
 */
package io.caravan.translate.response;
