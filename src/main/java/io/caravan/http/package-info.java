/**
 * HTTP on both sides: the server's edge and the response to a client (Vert.x), and calls to
 * upstreams that can be aborted at any time (HttpClient 5).
 *
 * <p>All packages that know Camel use this one; it knows none of them. An integrator sets the
 * properties of {@code UpstreamHttp} and {@code ServerEdge} in {@code routes/beans.camel.yaml} and
 * of {@code HttpServers} in {@code application.properties}, and may call upstreams from a processor
 * through {@link io.caravan.http.UpstreamHttp}. The rest may change.
 */
package io.caravan.http;
