/**
 * {@code java -jar caravan.jar replay}: runs recorded exchanges through the present routes, with
 * the recorded responses of the upstreams, and prints what has become different.
 */
package io.caravan.replay;
