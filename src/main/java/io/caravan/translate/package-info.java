/**
 * The translation between Anthropic's Messages API and OpenAI's chat completions: {@code request},
 * {@code response}, {@code error} and {@code reasoning}, each a package of its own.
 *
 * <p>It is pure Java: no class in it knows Camel, HTTP, limits or token counts, and architecture
 * tests hold that. Stages may use it; it uses the two protocols, {@code json} and {@code provider}.
 */
package io.caravan.translate;
