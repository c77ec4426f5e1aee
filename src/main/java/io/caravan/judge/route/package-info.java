/**
 * The calls of a judge: through the routes of every call, with a model that is named as judge, or
 * through a route of the operator's own.
 *
 * <p>{@code stage} and {@code doctor} use this package.
 */
package io.caravan.judge.route;
