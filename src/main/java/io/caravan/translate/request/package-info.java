/**
 * Translation of requests: from Anthropic's Messages API into the chat completions of one upstream,
 * or through to an upstream that serves the Messages API itself.
 *
 * <p>The stages use {@link io.caravan.translate.request.RequestTranslator} and {@link
 * io.caravan.translate.request.PassThroughTranslator}. The package uses {@code anthropic}, {@code
 * provider}, {@code json} and the reasoning of earlier turns; it knows neither Camel nor HTTP.
 *
 * <p>An integrator sets a provider's quirks in YAML, which {@link io.caravan.provider.Dialect}
 * brings here. The same conversation must give the same bytes in every turn, since upstreams'
 * prompt caches depend on it. A part of a request that is lost is counted as a {@link
 * io.caravan.translate.request.Loss}, whose names are public.
 */
package io.caravan.translate.request;
