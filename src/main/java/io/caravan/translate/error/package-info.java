/**
 * Translation of an upstream's failures into errors that clients act on, and into facts for retry,
 * circuit and learned quirks.
 *
 * <p>The stages and the failover use {@link io.caravan.translate.error.FailureTranslator}; the
 * response translation uses it for failures in a stream. The package knows neither Camel nor HTTP.
 *
 * <p>An integrator reads {@link io.caravan.translate.error.Failure}. The wordings are those that
 * Claude Code acts on: change none without a run of that client. A server's new wording is a
 * pattern here and a case in the corpus of errors. {@link io.caravan.translate.error.Secrets} must
 * see each text of an upstream before a client does.
 */
package io.caravan.translate.error;
