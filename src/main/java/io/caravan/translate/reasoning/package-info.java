/**
 * Reasoning of earlier turns: in signatures that travel with the client, and in a bounded store of
 * this process.
 *
 * <p>The request and the response translation use this package, and the exchange holds the store.
 * It uses {@code json} alone, and knows neither Camel nor HTTP.
 *
 * <p>An integrator sets the store's size. The form of a signature is versioned by its mark, since
 * clients replay old ones: a new form needs a new mark.
 */
package io.caravan.translate.reasoning;
