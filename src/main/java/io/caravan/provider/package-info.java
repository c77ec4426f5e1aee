/**
 * Providers and models as users describe them in YAML: addresses, keys, quirks and model cards.
 *
 * <p>The stages and the translation use this package; it uses {@code json} and the wire of {@code
 * openai}, and knows neither Camel nor HTTP.
 *
 * <p>{@link io.caravan.provider.Provider} and {@link io.caravan.provider.ModelCard} are beans of
 * YAML files: their setters are the settings of docs/providers.md, and a test compares both. A
 * further quirk is a property of {@link io.caravan.provider.Quirks}, a component of {@link
 * io.caravan.provider.Dialect} and a row of that document. No URL, model name or limit of a
 * provider is written in Java.
 */
package io.caravan.provider;
