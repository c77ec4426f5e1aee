/**
 * Traces by OpenTelemetry: Camel's own component makes the span of a request, and this package
 * those of its stages, once it is over, and of its attempts and calls to upstreams, with the names
 * of the conventions for generative AI. Off by default; nothing of OpenTelemetry is loaded then.
 */
package io.caravan.trace;
