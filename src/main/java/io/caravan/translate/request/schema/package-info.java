/**
 * Reduction of JSON schemas to the forms that upstreams accept.
 *
 * <p>Only the request translation uses this package; it uses {@code json} and the settings of
 * {@code provider}. An integrator chooses the form with a provider's {@code schema} in YAML. A form
 * keeps the keywords that its server's reference lists, and reports a loss for the others.
 */
package io.caravan.translate.request.schema;
