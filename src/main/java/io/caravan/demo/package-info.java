/**
 * The demonstration upstream: an OpenAI-compatible server within the gateway, used if neither a key
 * nor a base URL of NIM is set. Its route is {@code routes/demo.camel.yaml}.
 *
 * <p>Only that route uses this package. It accepts calls of its own process alone. An integrator
 * may replace the route, or remove it together with the provider that refers to it.
 */
package io.caravan.demo;
