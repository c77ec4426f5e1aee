/**
 * Traces by OpenTelemetry: Camel's own component makes a span of each step, and this package one of
 * each call to an upstream, with the names of the conventions for generative AI. Off by default;
 * nothing of OpenTelemetry is loaded then.
 */
package io.caravan.trace;
