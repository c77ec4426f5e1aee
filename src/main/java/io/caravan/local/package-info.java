/**
 * Responses to Claude Code's requests beside the conversation that need no model.
 *
 * <p>The stage {@link io.caravan.stage.AnswerLocally} uses this package; it uses {@code anthropic}
 * and {@code json} alone, and knows neither Camel nor HTTP.
 *
 * <p>An integrator chooses the kinds in YAML. A kind is one class here and an entry in {@link
 * io.caravan.local.LocalKind}. It must match the whole shape of a request as the client sends it: a
 * request that is answered wrongly is worse than one that reaches a model.
 */
package io.caravan.local;
