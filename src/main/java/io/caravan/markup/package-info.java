/**
 * Recovery of the tool calls that models write as text.
 *
 * <p>Three types are public: {@link io.caravan.markup.MarkupRecovery} for one message, {@link
 * io.caravan.markup.MarkupSettings} for its settings, and {@link io.caravan.markup.MarkupDocument}
 * for a family that strings describe. Only stages use them, and the check at the start; the
 * translation doesn't know this package. It uses {@code json} and the chunks of {@code openai}.
 *
 * <p>An integrator switches families on and off by name, in YAML. A new family is a line of {@code
 * families.json}, or a class beside the others if it has a grammar of its own, and its cases in the
 * corpus. The scanner decides which text may be a call at all, for all families: its rules are held
 * by properties over the whole corpus, and change only with them.
 */
package io.caravan.markup;
