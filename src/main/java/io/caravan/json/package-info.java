/**
 * JSON as bytes: values, strings and requests travel without being decoded, and are written into
 * one buffer.
 *
 * <p>Every package may use this one; it uses none of them. The only dependencies are Jackson's
 * streaming parser and its annotations. An integrator may use {@link io.caravan.json.RawJson},
 * {@link io.caravan.json.JsonText} and {@link io.caravan.json.JsonWriter} as they are. The scanners
 * behind them are on the path of every token and every request: change them only with the
 * benchmarks in view.
 */
package io.caravan.json;
