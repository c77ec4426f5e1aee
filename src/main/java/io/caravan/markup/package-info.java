/**
 * Recovery of the tool calls that models write as text.
 *
 * <p>Two types are public: {@link io.caravan.markup.MarkupRecovery} for one message and {@link
 * io.caravan.markup.MarkupSettings} for its settings. Only the stage that recovers tool calls uses
 * them; the translation doesn't know this package. It uses {@code json} and the chunks of {@code
 * openai}.
 *
 * <p>An integrator switches families on and off by name, in YAML. A new family is one class beside
 * the others, an entry in {@code MarkupFamilies} and its cases in the corpus. The scanner decides
 * which text may be a call at all, for all families: its rules are held by properties over the
 * whole corpus, and change only with them.
 */
package io.caravan.markup;
